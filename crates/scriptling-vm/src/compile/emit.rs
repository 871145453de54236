//! The emitter of one code object: words, labels, stack depth, spans, handlers, tables.
//!
//! It knows nothing of the syntax tree. Its state follows the flow of control: while no path reaches the current place
//! (after a jump, a return, a raise) everything emitted is dropped, and binding a label that somebody jumped to makes
//! the place reachable again, with that label's stack depth. The same mechanism carries definite assignment: a label
//! holds the intersection of the variables bound on all ways to it. Variables that are ever deleted never count as
//! bound, so the set only grows along a path, and a loop's back edge or a handler's entry cannot invalidate it.
//!
//! Operands that do not fit their field set `too_large`; the compiler reports that once per code object.

use indexmap::IndexSet;
use rustc_hash::{FxBuildHasher, FxHashMap};
use scriptling_syntax::Span;
use scriptling_syntax::ast::Name;

use crate::code::{Handler, SpanEntry};
use crate::op::{Instruction, Op, jump_effect, stack_effect};
use crate::value::Value;

/// A place in the code that jumps refer to.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Label(u32);

#[derive(Clone, Copy, Default)]
struct LabelState {
    at: Option<u32>,
    /// Depth and bound variables on arrival; `None` until something jumps here.
    arrival: Option<(u32, Bound)>,
}

/// The certainly bound variables among the first 128 slots. Later slots are always checked: functions with that many
/// variables are rare, and a plain word pair makes every jump cheap to compile.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Bound(u128);

impl Bound {
    fn contains(self, slot: u32) -> bool {
        slot < 128 && self.0 >> slot & 1 == 1
    }

    fn insert(&mut self, slot: u32) {
        if slot < 128 {
            self.0 |= 1 << slot;
        }
    }

    fn remove(&mut self, slot: u32) {
        if slot < 128 {
            self.0 &= !(1 << slot);
        }
    }
}

/// A handler whose target is not placed yet.
struct PendingHandler {
    start: u32,
    end: u32,
    target: Label,
    depth: u32,
    level: u32,
}

/// The largest value of a 24-bit operand.
const MAX_AX: u32 = (1 << 24) - 1;

/// What the emitter has made, for the code object.
pub(super) struct Emitted {
    pub(super) ops: Box<[u32]>,
    pub(super) consts: Box<[Value]>,
    pub(super) names: IndexSet<Name, FxBuildHasher>,
    pub(super) cache_sites: Box<[u32]>,
    pub(super) handlers: Box<[Handler]>,
    pub(super) spans: Box<[SpanEntry]>,
    pub(super) max_stack: u32,
    pub(super) too_large: bool,
}

/// The code object under construction; see the module documentation.
#[derive(Default)]
pub(super) struct Emitter {
    words: Vec<u32>,
    depth: u32,
    max_depth: u32,
    dead: bool,
    bound: Bound,
    /// Slots whose variable may become unbound again.
    unbindable: Vec<bool>,
    labels: Vec<LabelState>,
    /// Start words of jumps, with what they jump to.
    jumps: Vec<(u32, Label)>,
    handlers: Vec<PendingHandler>,
    spans: Vec<SpanEntry>,
    span: Span,
    anchor: Option<Span>,
    /// Words before this one must stay as they are: something refers to their position.
    barrier: usize,
    /// The last position that was handed out.
    pinned: u32,
    consts: Vec<Value>,
    const_index: FxHashMap<(u8, u64), u32>,
    names: IndexSet<Name, FxBuildHasher>,
    cache_sites: Vec<u32>,
    too_large: bool,
    /// Whether a `Pause` comes before what other tasks may notice.
    pub(super) pauses: bool,
}

/// Ops.
impl Emitter {
    /// Says where the following instructions come from.
    pub(super) fn at(&mut self, span: Span) {
        self.span = span;
        self.anchor = None;
    }

    /// The same, with the part that tracebacks mark.
    pub(super) fn at_anchor(&mut self, span: Span, anchor: Span) {
        self.span = span;
        self.anchor = Some(anchor);
    }

    /// Where the following instructions come from.
    pub(super) fn span(&self) -> Span {
        self.span
    }

    /// Appends an instruction that does not jump.
    pub(super) fn push(&mut self, instruction: Instruction) {
        if self.dead {
            return;
        }
        let op = instruction.op();
        if self.pauses && may_be_noticed(op) {
            self.op(Op::Pause);
        }
        if may_raise(op) {
            self.note_span();
        }
        let (pops, pushes) = stack_effect(instruction);
        debug_assert!(self.depth >= pops, "{op:?} pops {pops} of {}", self.depth);
        self.depth = self.depth.saturating_sub(pops) + pushes;
        self.max_depth = self.max_depth.max(self.depth);
        self.words.push(instruction.0);
        if op.ends_flow() {
            self.dead = true;
        }
    }

    /// Emits something that nothing may come in front of.
    pub(super) fn without_pauses(&mut self, emit: impl FnOnce(&mut Emitter)) {
        let pauses = std::mem::replace(&mut self.pauses, false);
        emit(self);
        self.pauses = pauses;
    }

    /// An op without operands.
    pub(super) fn op(&mut self, op: Op) {
        self.push(Instruction::with_ax(op, 0));
    }

    /// An op with a 24-bit operand.
    pub(super) fn op_ax(&mut self, op: Op, ax: u32) {
        if ax > MAX_AX {
            self.too_large = true;
            // Keeps the effects computable; the code is thrown away.
            return self.push(Instruction::with_ax(op, 0));
        }
        self.push(Instruction::with_ax(op, ax));
    }

    /// An op with up to three 8-bit operands.
    pub(super) fn op_abc(&mut self, op: Op, a: u8, b: u8, c: u8) {
        self.push(Instruction::abc(op, a, b, c));
    }

    /// An op with one 8-bit operand that counts something.
    pub(super) fn op_a(&mut self, op: Op, a: u32) {
        if a > 255 {
            self.too_large = true;
        }
        self.push(Instruction::abc(op, a as u8, 0, 0));
    }

    /// An op with an 8-bit and a 16-bit operand.
    pub(super) fn op_abx(&mut self, op: Op, a: u32, bx: u32) {
        if a > 255 || bx > 0xffff {
            self.too_large = true;
        }
        self.push(Instruction::abx(op, a as u8, bx as u16));
    }

    /// Pushes an int that fits 24 bits.
    pub(super) fn load_small_int(&mut self, value: i32) {
        self.push(Instruction::with_sax(Op::LoadInt, value));
    }

    /// Pushes a constant.
    pub(super) fn load_const(&mut self, value: Value) {
        if value.is_none() {
            return self.op(Op::LoadNone);
        }
        let index = self.constant(value);
        self.op_ax(Op::LoadConst, index);
    }

    /// Pushes a local, checked unless it is certainly bound.
    pub(super) fn load_local(&mut self, slot: u32) {
        if !self.is_bound(slot) {
            self.op_ax(Op::LoadLocalCheck, slot);
            // Whoever gets past the check knows it is bound.
            return self.mark_bound(slot);
        }
        let last = self.words.len().wrapping_sub(1);
        if !self.dead && slot < 256 && self.barrier <= last && last < self.words.len() {
            let previous = Instruction(self.words[last]);
            // The second word of a jump never looks like this: a barrier follows each.
            if previous.op() == Op::LoadLocal && previous.ax() < 256 {
                self.words.pop();
                self.depth -= 1;
                self.op_abc(Op::LoadLocal2, previous.ax() as u8, slot as u8, 0);
                return;
            }
        }
        self.op_ax(Op::LoadLocal, slot);
    }

    /// Pops into a local.
    pub(super) fn store_local(&mut self, slot: u32) {
        self.op_ax(Op::StoreLocal, slot);
        self.mark_bound(slot);
    }

    /// Notes that a local is bound from here on.
    pub(super) fn mark_bound(&mut self, slot: u32) {
        if !self.dead {
            self.bound.insert(slot);
        }
    }

    /// Notes that a local may be unbound from here on. Only for slots of inlined comprehensions, which are not looked at
    /// outside: whatever is known of them on the way round a loop does not matter.
    pub(super) fn forget_bound(&mut self, slot: u32) {
        self.bound.remove(slot);
    }

    /// Notes that a local may become unbound again after it was bound.
    pub(super) fn mark_unbindable(&mut self, slot: u32) {
        let slot = slot as usize;
        if self.unbindable.len() <= slot {
            self.unbindable.resize(slot + 1, false);
        }
        self.unbindable[slot] = true;
    }

    /// Whether a local is certainly bound here.
    pub(super) fn is_bound(&self, slot: u32) -> bool {
        self.bound.contains(slot) && !self.unbindable.get(slot as usize).copied().unwrap_or(false)
    }

    /// The certainly bound variables.
    pub(super) fn bound(&self) -> Bound {
        self.bound
    }

    fn note_span(&mut self) {
        let start = self.words.len() as u32;
        if let Some(last) = self.spans.last_mut() {
            if last.span == self.span && last.anchor == self.anchor {
                return;
            }
            if last.start == start {
                (last.span, last.anchor) = (self.span, self.anchor);
                return;
            }
        }
        self.spans.push(SpanEntry { start, span: self.span, anchor: self.anchor });
    }
}

/// Flow of control.
impl Emitter {
    /// A label, not placed yet.
    pub(super) fn label(&mut self) -> Label {
        self.labels.push(LabelState::default());
        Label(self.labels.len() as u32 - 1)
    }

    /// Appends an instruction that jumps to `label`; its distance is filled in at the end.
    pub(super) fn jump_with(&mut self, instruction: Instruction, label: Label) {
        if self.dead {
            return;
        }
        let op = instruction.op();
        let depth = (i64::from(self.depth) + jump_effect(instruction)) as u32;
        let (bound, here) = (self.bound, self.words.len() as u32);
        let state = &mut self.labels[label.0 as usize];
        match &mut state.arrival {
            Some((known, set)) => {
                debug_assert_eq!(*known, depth, "{op:?} arrives with another depth");
                set.0 &= bound.0;
            }
            None => state.arrival = Some((depth, bound)),
        }
        if state.at.is_some() {
            // A back edge is a safepoint, where limits raise.
            self.note_span();
        }
        self.jumps.push((here, label));
        self.push(instruction);
        if op.words() == 2 {
            self.words.push(0);
        }
        self.barrier = self.words.len();
    }

    /// Jumps always.
    pub(super) fn jump(&mut self, label: Label) {
        self.jump_with(Instruction::with_ax(Op::Jump, 0), label);
    }

    /// An op whose whole operand is the jump.
    pub(super) fn jump_op(&mut self, op: Op, label: Label) {
        self.jump_with(Instruction::with_ax(op, 0), label);
    }

    /// Places a label here.
    pub(super) fn bind(&mut self, label: Label) {
        self.drop_jump_to(label);
        self.barrier = self.words.len();
        let state = &mut self.labels[label.0 as usize];
        debug_assert!(state.at.is_none(), "a label is placed once");
        state.at = Some(self.words.len() as u32);
        match state.arrival {
            None if self.dead => {}
            None => state.arrival = Some((self.depth, self.bound)),
            Some((depth, bound)) if self.dead => {
                (self.depth, self.bound, self.dead) = (depth, bound, false);
            }
            Some((depth, bound)) => {
                debug_assert_eq!(depth, self.depth, "a label is reached with different depths");
                self.bound.0 &= bound.0;
            }
        }
    }

    /// Takes back a jump that was just emitted, if it goes to the label about to be placed.
    fn drop_jump_to(&mut self, label: Label) {
        if let Some(&(at, target)) = self.jumps.last()
            && self.dead
            && target == label
            && at >= self.pinned
            && at as usize + 1 == self.words.len()
            && Instruction(self.words[at as usize]).op() == Op::Jump
        {
            self.jumps.pop();
            self.words.pop();
            // Depth and bound variables are those of the jump: dead code changes neither.
            self.dead = false;
        }
    }

    /// Whether any path leads here.
    pub(super) fn is_reachable(&self) -> bool {
        !self.dead
    }

    /// Operands on the stack.
    pub(super) fn depth(&self) -> u32 {
        self.depth
    }

    /// The current position, which nothing emitted later will disturb.
    pub(super) fn here(&mut self) -> u32 {
        self.barrier = self.words.len();
        self.pinned = self.words.len() as u32;
        self.pinned
    }

    /// Makes `target` handle what is raised from word `start` up to here. `bound` is what was bound when the region
    /// began; `level` is its nesting depth: of two handlers for one place the more deeply nested comes first.
    pub(super) fn handle(&mut self, start: u32, target: Label, depth: u32, bound: Bound, level: u32) {
        let end = self.here();
        if start < end {
            let (known, set) = self.labels[target.0 as usize].arrival.get_or_insert((depth + 1, bound));
            debug_assert_eq!(*known, depth + 1, "a handler is reached with different depths");
            set.0 &= bound.0;
            self.handlers.push(PendingHandler { start, end, target, depth, level });
        }
    }
}

/// Tables and the end.
impl Emitter {
    /// The index of a constant; the values are interned, so identity means equality.
    pub(super) fn constant(&mut self, value: Value) -> u32 {
        let next = self.consts.len() as u32;
        *self.const_index.entry((value.tag() as u8, value.payload())).or_insert_with(|| {
            self.consts.push(value);
            next
        })
    }

    /// The index of a name.
    pub(super) fn name(&mut self, name: &Name) -> u32 {
        if let Some(index) = self.names.get_index_of(name) {
            return index as u32;
        }
        self.names.insert_full(name.clone()).0 as u32
    }

    /// A new inline-cache site for an attribute. Each site has its own cache: two places rarely see the same shapes.
    pub(super) fn cache_site(&mut self, name: &Name) -> u32 {
        let name = self.name(name);
        if !self.dead {
            self.cache_sites.push(name);
        }
        (self.cache_sites.len() as u32).saturating_sub(1)
    }

    /// The number of cache sites so far: the next one's index.
    pub(super) fn next_cache_site(&self) -> u32 {
        self.cache_sites.len() as u32
    }

    /// Words so far.
    pub(super) fn len(&self) -> usize {
        self.words.len()
    }

    /// Fills in the jumps and hands everything over.
    pub(super) fn finish(mut self) -> Emitted {
        for index in 0..self.jumps.len() {
            let (at, label) = self.jumps[index];
            self.patch(at, label);
        }
        // Stable: fragments of one region keep their order.
        self.handlers.sort_by_key(|handler| std::cmp::Reverse(handler.level));
        let handlers: Box<[Handler]> = (self.handlers.iter().map(|handler| Handler {
            start: handler.start,
            end: handler.end,
            target: self.position(handler.target),
            depth: handler.depth,
        }))
        .collect();
        Emitted {
            handlers,
            ops: self.words.into(),
            consts: self.consts.into(),
            names: self.names,
            cache_sites: self.cache_sites.into(),
            spans: self.spans.into(),
            max_stack: self.max_depth,
            too_large: self.too_large,
        }
    }

    fn patch(&mut self, at: u32, label: Label) {
        let target = self.final_target(label);
        let instruction = Instruction(self.words[at as usize]);
        let words = instruction.op().words() as u32;
        let distance = i64::from(target) - i64::from(at + words);
        if words == 2 {
            self.words[at as usize + 1] = distance as i32 as u32;
        } else if (-(1 << 23)..1 << 23).contains(&distance) {
            let again = instruction.op() == Op::Jump && distance < 0 && self.op_at(target) == Op::ForIterStore;
            let op = if again { Op::JumpFor } else { instruction.op() };
            self.words[at as usize] = Instruction::with_sax(op, distance as i32).0;
        } else {
            self.too_large = true;
        }
    }

    /// Where a jump to `label` ends up: jumps to jumps are followed, a bounded number of times because they can be cycles.
    fn final_target(&self, label: Label) -> u32 {
        let mut target = self.position(label);
        for _ in 0..4 {
            let next = self.jumps.binary_search_by_key(&target, |&(at, _)| at).map(|index| self.jumps[index].1);
            match next {
                Ok(label) if matches!(self.op_at(target), Op::Jump | Op::JumpFor) => target = self.position(label),
                _ => break,
            }
        }
        target
    }

    fn op_at(&self, at: u32) -> Op {
        Instruction(self.words[at as usize]).op()
    }

    fn position(&self, label: Label) -> u32 {
        self.labels[label.0 as usize].at.expect("every label that is jumped to is placed")
    }
}

/// Whether an op can do something that other tasks may notice, or look at what they do: it can call a native. Not the end of
/// a `with` block: nothing may be raised between the block and `__exit__`.
fn may_be_noticed(op: Op) -> bool {
    matches!(
        op,
        Op::Call
            | Op::CallMethod
            | Op::CallKeywords
            | Op::CallMethodKeywords
            | Op::CallUnpacked
            | Op::EnterWith
            | Op::Contains
            | Op::LoadSubscript
            | Op::LoadSubscriptLocal
            | Op::LoadSubscriptLocals
            | Op::LoadSubscriptInt
            | Op::StoreSubscript
            | Op::StoreSubscriptLocals
            | Op::DeleteSubscript
    )
}

/// Whether an op can raise or is a place where limits raise, so that its span must be right.
fn may_raise(op: Op) -> bool {
    !matches!(
        op,
        Op::Nop
            | Op::LoadConst
            | Op::LoadNone
            | Op::LoadInt
            | Op::LoadUndefined
            | Op::LoadCommon
            | Op::Pop
            | Op::Dup
            | Op::Dup2
            | Op::Swap
            | Op::Rot3
            | Op::Rot4
            | Op::Copy
            | Op::LoadLocal
            | Op::LoadLocal2
            | Op::StoreLocal
            | Op::MoveLocal
            | Op::ClearLocal
            | Op::MakeCell
            | Op::StoreCell
            | Op::LoadCellRef
            | Op::StoreFree
            | Op::LoadFreeRef
            | Op::StoreGlobal
            | Op::StoreName
            | Op::Jump
            | Op::JumpFor
            | Op::Return
            | Op::BuildList
            | Op::BuildTuple
            | Op::BuildString
            | Op::BuildSlice
            | Op::ListAppend
            | Op::ListToTuple
            | Op::MakeFunction
            | Op::Is
            | Op::NoneJump
            | Op::PushHandled
            | Op::PopHandled
            | Op::RestoreHandled
            | Op::Reraise
            | Op::MatchSequence
            | Op::MatchMapping
    )
}
