//! Handlers of comparisons, truth and jumps.
#![expect(unsafe_code, reason = "verified code runs unchecked; argued in the module documentation of `run`")]
#![allow(
    clippy::undocumented_unsafe_blocks,
    clippy::missing_safety_doc,
    reason = "the handlers share one argument, in the module documentation"
)]

use super::arith::{Addressing, LocalInt, Locals, Stack, TopConst};
use super::{Leave, Machine};
use crate::fiber::Frame;
use crate::heap::{List, Str};
use crate::isolate::Isolate;
use crate::op::{COMPARE_OPS, CompareOp, Instruction, Op};
use crate::run::quick::quick_compare;
use crate::value::{Tag, Value};

/// A comparison.
pub(super) trait Comparison {
    /// Which.
    const OP: CompareOp;
    /// Of ints or floats.
    fn test<T: PartialOrd>(left: T, right: T) -> bool;
}

macro_rules! comparisons {
    ($($name:ident $test:tt),*) => { $(
        /// The comparison.
        pub(super) struct $name;

        impl Comparison for $name {
            const OP: CompareOp = CompareOp::$name;
            #[inline(always)]
            fn test<T: PartialOrd>(left: T, right: T) -> bool {
                left $test right
            }
        }
    )* };
}

comparisons!(Lt <, Le <=, Gt >, Ge >=, Eq ==, Ne !=);

/// Where the operands of a comparison that jumps are, and how many of them are on the stack.
pub(super) trait Operands {
    const POPS: usize;
    unsafe fn get(m: &Machine) -> (Value, Value);
}

/// The top and a small int.
pub(super) struct TopInt;

impl Operands for TopInt {
    const POPS: usize = 1;
    #[inline(always)]
    unsafe fn get(m: &Machine) -> (Value, Value) {
        unsafe { (m.peek(0), Value::int(m.word.sc())) }
    }
}

macro_rules! operands {
    ($($name:ident $pops:literal),*) => { $(
        impl Operands for $name {
            const POPS: usize = $pops;
            #[inline(always)]
            unsafe fn get(m: &Machine) -> (Value, Value) {
                unsafe { <$name as Addressing>::operands(m) }
            }
        }
    )* };
}

operands!(Stack 2, TopConst 1, LocalInt 0, Locals 0);

impl Machine {
    /// Jumps by the second word if `truth` is what operand `a` says.
    #[inline(always)]
    unsafe fn branch(self, iso: &mut Isolate, truth: bool) -> Leave {
        unsafe { if truth == (self.word.a() != 0) { self.jump(iso, 2, self.second()) } else { self.next(iso, 2) } }
    }
}

/// What a comparison of a local with a constant jumps on.
pub(super) trait Sense {
    const SENSE: bool;
}

pub(super) struct IfTrue;
pub(super) struct IfFalse;

impl Sense for IfTrue {
    const SENSE: bool = true;
}

impl Sense for IfFalse {
    const SENSE: bool = false;
}

impl Machine {
    /// Replaces `pops` operands by a truth value; if a jump on it is next, as it is in conditions, that is done at once.
    #[inline(always)]
    unsafe fn decided(mut self, iso: &mut Isolate, pops: usize, truth: bool) -> Leave {
        unsafe {
            self.drop_top(pops);
            let next = Instruction(self.ip.add(1).read());
            match next.op() {
                Op::JumpIfFalse if truth => self.next(iso, 2),
                Op::JumpIfFalse => self.jump(iso, 2, next.sax()),
                Op::JumpIfTrue if truth => self.jump(iso, 2, next.sax()),
                Op::JumpIfTrue => self.next(iso, 2),
                _ => self.push_next(iso, Value::bool(truth)),
            }
        }
    }
}

/// Whether two values are equal, if both are strings and that can be told at a glance.
#[inline(always)]
fn glance(left: Value, right: Value) -> Option<bool> {
    left.as_gc::<Str>()?.glance(right.as_gc::<Str>()?)
}

/// The truth of a value that has one by itself.
#[inline(always)]
fn plain_truth(value: Value) -> Option<bool> {
    match value.tag() {
        Tag::Bool | Tag::Int => Some(value.payload() != 0),
        Tag::None => Some(false),
        _ => None,
    }
}

/// The truth of other values, unless script code has a say in it: a list, as in `while todo`, without a call.
#[inline(always)]
fn other_truth(iso: &mut Isolate, value: Value) -> Option<bool> {
    match value.as_gc::<List>() {
        Some(list) => Some(!list.get(&iso.heap).is_empty()),
        None => iso.truth_out(value),
    }
}

handlers! {
    fn compare_jump<C: Comparison, O: Operands>(iso, m) {
        let (left, right) = O::get(&m);
        let truth = if left.tag() == Tag::Int && right.tag() == Tag::Int {
            C::test(left.payload() as i64, right.payload() as i64)
        } else if left.tag() == Tag::Float && right.tag() == Tag::Float {
            C::test(f64::from_bits(left.payload()), f64::from_bits(right.payload()))
        } else {
            return match C::OP {
                CompareOp::Eq | CompareOp::Ne => m.retry(iso, compare_jump_text::<C, O>),
                _ => m.retry(iso, compare_jump_rare::<C, O>),
            };
        };
        m.drop_top(O::POPS);
        m.branch(iso, truth)
    }

    /// `==` or `!=` of two strings that differ at a glance, or do not.
    #[inline(never)]
    fn compare_jump_text<C: Comparison, O: Operands>(iso, m) {
        let (left, right) = O::get(&m);
        match glance(left, right) {
            Some(equal) => {
                m.drop_top(O::POPS);
                m.branch(iso, equal == (C::OP == CompareOp::Eq))
            }
            None => m.retry(iso, compare_jump_rare::<C, O>),
        }
    }

    /// Of values other than two ints or two floats.
    #[inline(never)]
    fn compare_jump_rare<C: Comparison, O: Operands>(iso, m) {
        let (left, right) = O::get(&m);
        match iso.compare_out(C::OP, left, right) {
            Some(truth) => {
                m.drop_top(O::POPS);
                m.branch(iso, truth)
            }
            None => m.general(iso),
        }
    }

    /// `local == constant`.
    fn local_eq_jump<S: Sense>(iso, m) {
        let (left, right) = (m.local(m.word.a()), m.constant(m.word.bx()));
        let equal = match (left.as_gc::<Str>(), right.as_gc::<Str>()) {
            (Some(left), Some(right)) => left.glance(right),
            _ if left.tag() == Tag::Int && right.tag() == Tag::Int => Some(left.payload() == right.payload()),
            _ => None,
        };
        match equal {
            Some(equal) if equal == S::SENSE => m.jump(iso, 2, m.second()),
            Some(_) => m.next(iso, 2),
            None => m.retry(iso, local_eq_jump_rare::<S>),
        }
    }

    #[inline(never)]
    fn local_eq_jump_rare<S: Sense>(iso, m) {
        match iso.compare_out(CompareOp::Eq, m.local(m.word.a()), m.constant(m.word.bx())) {
            Some(equal) if equal == S::SENSE => m.jump(iso, 2, m.second()),
            Some(_) => m.next(iso, 2),
            None => m.general(iso),
        }
    }

    fn compare(iso, m) {
        match quick_compare(COMPARE_OPS[m.word.a() as usize], m.peek(1), m.peek(0)) {
            Some(truth) => m.replace_next(iso, 1, Value::bool(truth)),
            None => m.retry(iso, compare_rare),
        }
    }

    #[inline(never)]
    fn compare_rare(iso, m) {
        let op = COMPARE_OPS[m.word.a() as usize];
        if matches!(op, CompareOp::Eq | CompareOp::Ne)
            && let Some(equal) = glance(m.peek(1), m.peek(0))
        {
            return m.replace_next(iso, 1, Value::bool(equal == (op == CompareOp::Eq)));
        }
        match iso.compare_out(op, m.peek(1), m.peek(0)) {
            Some(truth) => m.replace_next(iso, 1, Value::bool(truth)),
            None => m.general(iso),
        }
    }

    fn contains(iso, m) {
        match iso.quick_contains(m.peek(0), m.peek(1)) {
            Some(found) => m.decided(iso, 2, found != (m.word.a() != 0)),
            None => m.general(iso),
        }
    }

    fn is(iso, m) {
        let same = m.peek(1).same(m.peek(0));
        m.decided(iso, 2, same != (m.word.a() != 0))
    }

    fn not(iso, m) {
        match plain_truth(m.peek(0)) {
            Some(truth) => m.replace_next(iso, 0, Value::bool(!truth)),
            None => m.retry(iso, not_rare),
        }
    }

    #[inline(never)]
    fn not_rare(iso, m) {
        match other_truth(iso, m.peek(0)) {
            Some(truth) => m.replace_next(iso, 0, Value::bool(!truth)),
            None => m.general(iso),
        }
    }

    fn none_jump(iso, m) {
        let truth = m.peek(0).is_none();
        m.drop_top(1);
        m.branch(iso, truth)
    }

    fn local_jump(iso, m) {
        match plain_truth(m.local(m.word.b())) {
            Some(truth) => m.branch(iso, truth),
            None => m.retry(iso, local_jump_rare),
        }
    }

    #[inline(never)]
    fn local_jump_rare(iso, m) {
        match other_truth(iso, m.local(m.word.b())) {
            Some(truth) => m.branch(iso, truth),
            None => m.general(iso),
        }
    }

    fn jump(iso, m) {
        m.jump(iso, 1, m.word.sax())
    }
}

/// The four jumps on the truth of the top: for the truth `SENSE` they jump, and then keep the value if `KEEP`.
macro_rules! truth_jumps {
    ($($name:ident, $rare:ident: $sense:literal, $keep:literal;)*) => {
        handlers! { $(
            fn $name(iso, m) {
                match plain_truth(m.peek(0)) {
                    Some(truth) if truth == $sense => {
                        m.drop_top(usize::from(!$keep));
                        m.jump(iso, 1, m.word.sax())
                    }
                    Some(_) => {
                        m.drop_top(1);
                        m.next(iso, 1)
                    }
                    None => m.retry(iso, $rare),
                }
            }

            #[inline(never)]
            fn $rare(iso, m) {
                match other_truth(iso, m.peek(0)) {
                    Some(truth) if truth == $sense => {
                        m.drop_top(usize::from(!$keep));
                        m.jump(iso, 1, m.word.sax())
                    }
                    Some(_) => {
                        m.drop_top(1);
                        m.next(iso, 1)
                    }
                    None => m.general(iso),
                }
            }
        )* }
    };
}

truth_jumps! {
    jump_if_false, jump_if_false_rare: false, false;
    jump_if_true, jump_if_true_rare: true, false;
    jump_if_false_or_pop, jump_if_false_or_pop_rare: false, true;
    jump_if_true_or_pop, jump_if_true_or_pop_rare: true, true;
}
