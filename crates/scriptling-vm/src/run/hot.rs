//! The hot loop: the common case of the ops that programs spend their time in, with the machine state in registers.
//!
//! An arm here finishes its instruction without raising, suspending or running other code, or gives up before it has
//! changed anything (`break 'run`); then the state is saved and [`Isolate::step`] executes that same instruction in
//! general. So everything that is rare lives elsewhere, in a function of its own with its own registers: what a compiler
//! has to keep alive here is seven words. (Measured: with the general forms in the same function the loop executed half
//! as many instructions again, all of them spills and copies.)
//!
//! What an arm has to call on its way goes through `call_out!`: the state is put into the fiber before the call and taken
//! from there behind it, so that no register has to survive a call, and the arms that call nothing need not save any.
//! Such functions are never inlined and take `&mut Isolate`, or the compiler would keep the state in registers after all.
//!
//! `ip` points at the instruction being executed until the arm advances it, so giving up needs no repair.
//!
//! See the module `run` for why the unchecked accesses are sound; what is added here: `frame` and the frames below it
//! are within `fiber.frames`' capacity, whose length is only set when the state is saved, and `frame_end` and `stack_end`
//! bound what an inline call may use.
#![expect(unsafe_code, reason = "verified code runs unchecked; argued in the module documentation of `run`")]
#![allow(unused_assignments, reason = "`call_out!` restores all of the state, also what is set right behind it")]
#![allow(unused_unsafe, reason = "the loop's macros bring their own blocks, also into other blocks")]
#![allow(
    clippy::undocumented_unsafe_blocks,
    reason = "the loop's blocks share one argument, in the module documentation"
)]

use std::task::Waker;

use super::call::Invoked;
use super::quick::{
    QuickStep, cached_attr, cached_getter, cached_method, cached_store, cached_super, floor_divide, modulo,
    quick_binary, quick_compare, quick_push, quick_step, true_divide,
};
use super::step::{PairStep, quick_unpack};
use super::{Exit, Next};
use crate::code::Code;
use crate::fiber::{Frame, HotState, OnReturn};
use crate::heap::class::Constructor;
use crate::heap::generator::GeneratorState;
use crate::heap::list::List;
use crate::heap::{CellBox, Class, Function, Gc, Generator, Kind, NativeFunction, Set, Slice, Tuple};
use crate::isolate::Isolate;
use crate::native::{Cx, Outcome};
use crate::op::{BINARY_OPS, BinaryOp, COMPARE_OPS, CompareOp, Instruction, Op};
use crate::operate::iterate::Step;
use crate::value::{Tag, Value};

/// An int and a float, in any order, as two floats: what arithmetic does with them.
#[inline(always)]
fn mixed_floats(left: Value, right: Value) -> Option<(f64, f64)> {
    match (left.tag(), right.tag()) {
        (Tag::Int, Tag::Float) => Some((left.payload() as i64 as f64, f64::from_bits(right.payload()))),
        (Tag::Float, Tag::Int) => Some((f64::from_bits(left.payload()), right.payload() as i64 as f64)),
        _ => None,
    }
}

/// The cell behind a value that the compiler knows to be one.
#[inline(always)]
fn cell_of(value: Value) -> *mut CellBox {
    value.as_gc::<CellBox>().map_or(std::ptr::null_mut(), Gc::as_ptr)
}

/// The slots of two `StoreLocal`s that come next.
///
/// # Safety
/// `ip` must be an instruction of verified code.
#[inline(always)]
unsafe fn store_pair(ip: *const u32) -> Option<(u32, u32)> {
    // SAFETY: a store is not the last instruction: code ends with one that control does not fall through.
    unsafe {
        let first = Instruction(ip.read());
        let second = Instruction(if first.op() == Op::StoreLocal { ip.add(1).read() } else { return None });
        (second.op() == Op::StoreLocal).then(|| (first.ax(), second.ax()))
    }
}

impl Isolate {
    /// Runs until the slice ends. The fiber must have a frame, or a continuation to resume.
    #[expect(clippy::too_many_lines, reason = "the dispatch loop is one function so that its state stays in registers")]
    pub(crate) fn execute(&mut self, waker: &Waker) -> Exit {
        let mut next = self.safepoint_next(waker);
        'reload: loop {
            if let Next::Exit(exit) = next {
                return exit;
            }
            let frames: *mut Frame = self.fiber.frames.as_mut_ptr();
            let frame_end = unsafe { frames.add(self.fiber.frames.capacity().min(self.limits.call_depth)) };
            let stack: *mut Value = self.fiber.stack.as_mut_ptr();
            let stack_end = unsafe { stack.add(self.fiber.stack.len()) };
            let mut frame = unsafe { frames.add(self.fiber.frames.len() - 1) };
            let mut ip = unsafe { (*frame).ip };
            let mut base = unsafe { stack.add((*frame).base as usize) };
            let mut sp = unsafe { stack.add(self.fiber.height) };
            let mut consts = unsafe { (*(*frame).function.as_ptr()).code.get().consts.as_ptr() };

            macro_rules! save {
                () => {
                    unsafe {
                        (*frame).ip = ip;
                        self.fiber.height = sp.offset_from(stack) as usize;
                        self.fiber.frames.set_len(frame.offset_from(frames) as usize + 1);
                    }
                };
            }
            macro_rules! advance {
                ($words:expr) => {
                    ip = unsafe { ip.add($words) }
                };
            }
            macro_rules! push {
                ($value:expr) => {{
                    let value: Value = $value;
                    unsafe {
                        sp.write(value);
                        sp = sp.add(1);
                    }
                }};
            }
            macro_rules! drop_top {
                ($count:expr) => {
                    sp = unsafe { sp.sub($count) }
                };
            }
            // The value `n` below the top.
            macro_rules! peek {
                ($n:expr) => {
                    unsafe { sp.sub(1 + $n).read() }
                };
            }
            macro_rules! set_top {
                ($n:expr, $value:expr) => {{
                    let value: Value = $value;
                    unsafe { sp.sub(1 + $n).write(value) }
                }};
            }
            macro_rules! local {
                ($slot:expr) => {
                    unsafe { base.add($slot as usize).read() }
                };
            }
            macro_rules! set_local {
                ($slot:expr, $value:expr) => {{
                    let value: Value = $value;
                    unsafe { base.add($slot as usize).write(value) }
                }};
            }
            macro_rules! function {
                () => {
                    unsafe { (*frame).function.as_ptr() }
                };
            }
            // Calls a function that does not look at the machine state; see the module documentation.
            macro_rules! call_out {
                ($call:expr) => {{
                    self.fiber.hot = HotState { frame, ip, sp, base, consts };
                    let result = $call;
                    HotState { frame, ip, sp, base, consts } = self.fiber.hot;
                    result
                }};
            }
            // Stops for a collection, the end of the slice, an interrupt: the instruction at `ip` is the next one.
            macro_rules! safepoint {
                () => {{
                    save!();
                    next = self.safepoint_next(waker);
                    continue 'reload;
                }};
            }
            // To `distance` words after the end of this instruction of `words` words.
            macro_rules! jump {
                ($words:expr, $distance:expr) => {{
                    let distance: i32 = $distance;
                    ip = unsafe { ip.offset(distance as isize + $words) };
                    if distance < 0 {
                        self.heap.fuel.left -= 1;
                        if self.heap.fuel.left <= 0 {
                            safepoint!();
                        }
                    }
                }};
            }

            'run: loop {
                // What an arithmetic operator does to operands that are not numbers.
                macro_rules! other {
                    (checked_add, $left:expr, $right:expr) => {
                        call_out!(self.quick_concat($left, $right))
                    };
                    ($checked:ident, $left:expr, $right:expr) => {
                        None::<Value>
                    };
                }
                // An int, float or text result of an arithmetic operator, or the general form.
                macro_rules! arithmetic {
                    ($left:expr, $right:expr, $checked:ident, $float:tt) => {{
                        let (left, right): (Value, Value) = ($left, $right);
                        if left.tag() == Tag::Int && right.tag() == Tag::Int {
                            match (left.payload() as i64).$checked(right.payload() as i64) {
                                Some(result) => Value::int(result),
                                None => break 'run,
                            }
                        } else if left.tag() == Tag::Float && right.tag() == Tag::Float {
                            Value::float(f64::from_bits(left.payload()) $float f64::from_bits(right.payload()))
                        } else if let Some((left, right)) = mixed_floats(left, right) {
                            Value::float(left $float right)
                        } else if let Some(result) = other!($checked, left, right) {
                            result
                        } else {
                            break 'run;
                        }
                    }};
                }
                // A result of `/`, `//` or `%`, or the general form.
                macro_rules! division {
                    ($divide:ident, $left:expr, $right:expr) => {{
                        let Some(result) = $divide($left, $right) else { break 'run };
                        result
                    }};
                }
                macro_rules! replace_top {
                    ($pops:expr, $result:expr) => {{
                        let result: Value = $result;
                        drop_top!($pops);
                        set_top!(0, result);
                        advance!(1);
                    }};
                }
                macro_rules! constant {
                    ($instruction:expr) => {
                        unsafe { consts.add($instruction.bx() as usize).read() }
                    };
                }
                macro_rules! local_int {
                    ($instruction:expr, $checked:ident, $float:tt) => {
                        int_operand!(local!($instruction.b()), $instruction.sc(), $checked, $float)
                    };
                }
                macro_rules! int_operand {
                    ($left:expr, $right:expr, $checked:ident, $float:tt) => {{
                        let (left, right): (Value, i64) = ($left, $right);
                        if left.tag() == Tag::Int {
                            match (left.payload() as i64).$checked(right) {
                                Some(result) => Value::int(result),
                                None => break 'run,
                            }
                        } else if left.tag() == Tag::Float {
                            Value::float(f64::from_bits(left.payload()) $float right as f64)
                        } else {
                            break 'run;
                        }
                    }};
                }
                macro_rules! op_store {
                    ($instruction:expr, $checked:ident, $float:tt) => {{
                        let result = arithmetic!(peek!(1), peek!(0), $checked, $float);
                        drop_top!(2);
                        set_local!($instruction.a(), result);
                        advance!(1);
                    }};
                }
                macro_rules! locals {
                    ($instruction:expr, $checked:ident, $float:tt) => {
                        arithmetic!(local!($instruction.b()), local!($instruction.c()), $checked, $float)
                    };
                }
                macro_rules! push_and_advance {
                    ($value:expr) => {{
                        let value = $value;
                        push!(value);
                        advance!(1);
                    }};
                }
                macro_rules! store_and_advance {
                    ($instruction:expr, $value:expr) => {{
                        let value = $value;
                        set_local!($instruction.a(), value);
                        advance!(1);
                    }};
                }
                macro_rules! branch {
                    ($instruction:expr, $truth:expr) => {
                        if $truth == ($instruction.a() != 0) {
                            jump!(2, unsafe { ip.add(1).read() } as i32);
                        } else {
                            advance!(2);
                        }
                    };
                }
                macro_rules! op_of {
                    (<) => {
                        CompareOp::Lt
                    };
                    (<=) => {
                        CompareOp::Le
                    };
                    (>) => {
                        CompareOp::Gt
                    };
                    (>=) => {
                        CompareOp::Ge
                    };
                    (==) => {
                        CompareOp::Eq
                    };
                    (!=) => {
                        CompareOp::Ne
                    };
                }
                macro_rules! compare_jump {
                    ($instruction:expr, $test:tt, $pops:expr, $left:expr, $right:expr) => {{
                        let (left, right): (Value, Value) = ($left, $right);
                        let truth = if left.tag() == Tag::Int && right.tag() == Tag::Int {
                            (left.payload() as i64) $test (right.payload() as i64)
                        } else if left.tag() == Tag::Float && right.tag() == Tag::Float {
                            f64::from_bits(left.payload()) $test f64::from_bits(right.payload())
                        } else if let Some(truth) = call_out!(self.compare_out(op_of!($test), left, right)) {
                            truth
                        } else {
                            break 'run;
                        };
                        drop_top!($pops);
                        branch!($instruction, truth)
                    }};
                }
                macro_rules! compare_int_jump {
                    ($instruction:expr, $test:tt, $pops:expr, $left:expr) => {{
                        let left: Value = $left;
                        let truth = if left.tag() == Tag::Int {
                            (left.payload() as i64) $test $instruction.sc()
                        } else if left.tag() == Tag::Float {
                            f64::from_bits(left.payload()) $test $instruction.sc() as f64
                        } else {
                            break 'run;
                        };
                        drop_top!($pops);
                        branch!($instruction, truth)
                    }};
                }
                // The truth of a value whose class has nothing to say about it.
                macro_rules! truth {
                    ($value:expr) => {{
                        let value: Value = $value;
                        match value.tag() {
                            Tag::Bool | Tag::Int => value.payload() != 0,
                            Tag::None => false,
                            _ => match call_out!(self.truth_out(value)) {
                                Some(truth) => truth,
                                None => break 'run,
                            },
                        }
                    }};
                }

                // Enters a function whose `argc` arguments, the last ones named, start at `new_base`. `prepare` puts callee and
                // arguments in place once there is room; `undo` takes that back if the arguments need the general form.
                macro_rules! enter {
                    ($target:expr, $new_base:expr, $argc:expr, $names:expr) => {
                        enter!($target, $new_base, $argc, $names, OnReturn::Push, {}, {})
                    };
                    (
                        $target:expr,
                        $new_base:expr,
                        $argc:expr,
                        $names:expr,
                        $on_return:expr,
                        $prepare:block,
                        $undo:block
                    ) => {{
                        let (target, new_base): (Gc<Function>, *mut Value) = ($target, $new_base);
                        let (argc, names): (usize, Option<Gc<Tuple>>) = ($argc, $names);
                        let code: *const Code = unsafe { (*target.as_ptr()).code.as_ptr() };
                        let inner = unsafe { frame.add(1) };
                        unsafe {
                            if inner >= frame_end
                                || (*code).frame_size as usize > stack_end.offset_from(new_base) as usize
                            {
                                break 'run;
                            }
                            $prepare
                            if (*code).fast_args as usize == argc && names.is_none() {
                                sp = new_base.add(argc);
                            } else if call_out!(self.bind_quick(target, new_base, argc, names)) {
                                sp = new_base.add((*code).params.slots() as usize);
                            } else {
                                $undo
                                break 'run;
                            }
                            (*frame).ip = ip.add(1);
                            let locals_end = new_base.add((*code).local_count as usize);
                            while sp < locals_end {
                                push!(Value::UNDEFINED);
                            }
                            base = new_base;
                            frame = inner;
                            ip = (*code).ops.as_ptr();
                            consts = (*code).consts.as_ptr();
                            let base = base.offset_from(stack) as u32;
                            frame.write(Frame { function: target, ip, base, on_return: $on_return });
                        }
                        self.heap.fuel.left -= 1;
                        if self.heap.fuel.left <= 0 {
                            safepoint!();
                        }
                    }};
                }
                // Calls a native whose arguments end at `sp` and start at `first`; the result goes to `at`.
                macro_rules! call_native {
                    ($native:expr, $first:expr, $argc:expr, $at:expr) => {{
                        let (native, first, argc): (Gc<NativeFunction>, *mut Value, usize) = ($native, $first, $argc);
                        let (least, most) = unsafe { (*native.as_ptr()).direct };
                        let (least, most) = (usize::from(least), usize::from(most));
                        if argc != most {
                            let room = unsafe { stack_end.offset_from(first) } as usize;
                            if argc < least || argc > most || most > room {
                                break 'run;
                            }
                            unsafe {
                                let defaults = (*native.as_ptr()).defaults.as_ptr().add(argc);
                                std::ptr::copy_nonoverlapping(defaults, sp, most - argc);
                                sp = sp.add(most - argc);
                            }
                        } else if argc < least {
                            break 'run;
                        }
                        let at: *mut Value = $at;
                        advance!(1);
                        save!();
                        let args = unsafe { std::slice::from_raw_parts(first, most) };
                        let call = unsafe { &(*native.as_ptr()).call };
                        match call_out!(call.invoke(&mut Cx { isolate: self }, args)) {
                            Ok(Outcome::Return(value)) if self.fiber.kept.len() == self.fiber.kept_base => {
                                sp = at;
                                push!(value);
                            }
                            result => {
                                let at = unsafe { at.offset_from(stack) } as usize;
                                next = self.after_invoke(Ok(Invoked::Native(result)), at, waker);
                                continue 'reload;
                            }
                        }
                    }};
                }
                // Calls what is below `argc` arguments.
                macro_rules! call {
                    ($argc:expr) => {{
                        let argc: usize = $argc;
                        let callee = peek!(argc);
                        let first = unsafe { sp.sub(argc) };
                        match callee.kind() {
                            Some(Kind::Function) => {
                                let Some(target) = callee.as_gc::<Function>() else { unreachable!() };
                                enter!(target, first, argc, None);
                            }
                            Some(Kind::NativeFunction) => {
                                let Some(native) = callee.as_gc::<NativeFunction>() else { unreachable!() };
                                call_native!(native, first, argc, unsafe { first.sub(1) });
                            }
                            Some(Kind::Class) => {
                                let Some(class) = callee.as_gc::<Class>() else { unreachable!() };
                                match unsafe { (*class.as_ptr()).constructor.get() } {
                                    Constructor::Native(new) => {
                                        let Some(native) = new.as_gc::<NativeFunction>() else { break 'run };
                                        // The class itself, where the callee is, is the first argument.
                                        let first = unsafe { first.sub(1) };
                                        call_native!(native, first, argc + 1, first);
                                    }
                                    Constructor::Init(init) => {
                                        let Some(target) = init.as_gc::<Function>() else { break 'run };
                                        // [instance, instance as self, arguments...]: the lower one is the result.
                                        enter!(
                                            target,
                                            first,
                                            argc + 1,
                                            None,
                                            OnReturn::Init,
                                            {
                                                call_out!(self.instance_out(class, first, argc));
                                            },
                                            {
                                                std::ptr::copy(first.add(1), first, argc);
                                                first.sub(1).write(callee);
                                            }
                                        );
                                    }
                                    _ => break 'run,
                                }
                            }
                            _ => break 'run,
                        }
                    }};
                }

                // Enters the frame of the generator that is on the stack just below `new_base`.
                macro_rules! resume {
                    ($generator:expr, $new_base:expr, $sent:expr, $words:expr, $on_return:expr) => {{
                        let generator: Gc<Generator> = $generator;
                        let (new_base, sent): (*mut Value, Value) = (unsafe { $new_base }, $sent);
                        let inner = unsafe { frame.add(1) };
                        unsafe {
                            let data = generator.as_ptr();
                            let suspended = (*data).state == GeneratorState::Suspended;
                            let ready = suspended || (*data).state == GeneratorState::Created && sent.is_none();
                            let function = (*data).function;
                            let code: *const Code = (*function.as_ptr()).code.as_ptr();
                            if !ready
                                || inner >= frame_end
                                || (*code).frame_size as usize >= stack_end.offset_from(new_base) as usize
                            {
                                break 'run;
                            }
                            (*frame).ip = ip.add($words);
                            base = new_base;
                            sp = call_out!(self.wake(generator, base, sent));
                            frame = inner;
                            ip = (*code).ops.as_ptr().add((*data).ip as usize);
                            consts = (*code).consts.as_ptr();
                            let below = base.offset_from(stack) as u32;
                            frame.write(Frame { function, ip, base: below, on_return: $on_return });
                            // A `yield` statement at the end of a loop's body, as most are: on to the next round at once.
                            if suspended && Instruction(ip.read()).op() == Op::Pop {
                                drop_top!(1);
                                advance!(1);
                                let jump = Instruction(ip.read());
                                if jump.op() == Op::Jump {
                                    ip = ip.offset(1 + jump.sax() as isize);
                                }
                            }
                        }
                        self.heap.fuel.left -= 1;
                        if self.heap.fuel.left <= 0 {
                            safepoint!();
                        }
                    }};
                }
                // An arm whose instruction, of `words` words, has raised.
                macro_rules! raise {
                    ($words:expr, $raise:expr) => {{
                        advance!($words);
                        save!();
                        next = self.unwind($raise, waker);
                        continue 'reload;
                    }};
                }

                let instruction = Instruction(unsafe { ip.read() });
                match instruction.op() {
                    Op::Nop => advance!(1),
                    Op::LoadConst => push_and_advance!(unsafe { consts.add(instruction.ax() as usize).read() }),
                    Op::LoadNone => push_and_advance!(Value::NONE),
                    Op::LoadInt => push_and_advance!(Value::int(i64::from(instruction.sax()))),
                    Op::LoadUndefined => push_and_advance!(Value::UNDEFINED),
                    Op::Pop => {
                        drop_top!(1);
                        advance!(1);
                    }
                    Op::Dup => push_and_advance!(peek!(0)),
                    Op::Dup2 => {
                        let (below, top) = (peek!(1), peek!(0));
                        push!(below);
                        push_and_advance!(top);
                    }
                    Op::Swap => {
                        let (below, top) = (peek!(1), peek!(0));
                        set_top!(0, below);
                        set_top!(1, top);
                        advance!(1);
                    }
                    Op::Rot3 => {
                        let (c, b, a) = (peek!(2), peek!(1), peek!(0));
                        set_top!(2, a);
                        set_top!(1, c);
                        set_top!(0, b);
                        advance!(1);
                    }
                    Op::Rot4 => {
                        let (d, c, b, a) = (peek!(3), peek!(2), peek!(1), peek!(0));
                        set_top!(3, a);
                        set_top!(2, d);
                        set_top!(1, c);
                        set_top!(0, b);
                        advance!(1);
                    }
                    Op::Copy => push_and_advance!(peek!(instruction.a() as usize)),

                    Op::LoadLocal => push_and_advance!(local!(instruction.ax())),
                    Op::LoadLocalCheck => {
                        let value = local!(instruction.ax());
                        if value.is_undefined() {
                            break 'run;
                        }
                        push_and_advance!(value);
                    }
                    Op::LoadLocal2 => {
                        push!(local!(instruction.a()));
                        push_and_advance!(local!(instruction.b()));
                    }
                    Op::StoreLocal => {
                        set_local!(instruction.ax(), peek!(0));
                        drop_top!(1);
                        advance!(1);
                    }
                    Op::MoveLocal => store_and_advance!(instruction, local!(instruction.b())),
                    Op::ClearLocal => {
                        set_local!(instruction.ax(), Value::UNDEFINED);
                        advance!(1);
                    }
                    Op::MakeCell => {
                        let value = local!(instruction.ax());
                        let cell = call_out!(self.cell_out(value));
                        set_local!(instruction.ax(), cell);
                        advance!(1);
                    }
                    Op::LoadCell => {
                        let value = unsafe { (*cell_of(local!(instruction.ax()))).value };
                        if value.is_undefined() {
                            break 'run;
                        }
                        push_and_advance!(value);
                    }
                    Op::StoreCell => {
                        unsafe { (*cell_of(local!(instruction.ax()))).value = peek!(0) };
                        drop_top!(1);
                        advance!(1);
                    }
                    Op::LoadCellRef => push_and_advance!(local!(instruction.ax())),
                    Op::LoadFree => {
                        let cells = unsafe { (*function!()).closure.as_ptr() };
                        let value = unsafe { (*(*cells.add(instruction.ax() as usize)).as_ptr()).value };
                        if value.is_undefined() {
                            break 'run;
                        }
                        push_and_advance!(value);
                    }
                    Op::LoadFreeRef => {
                        let cells = unsafe { (*function!()).closure.as_ptr() };
                        push_and_advance!(Value::obj(unsafe { cells.add(instruction.ax() as usize).read() }));
                    }
                    Op::StoreFree => {
                        let cells = unsafe { (*function!()).closure.as_ptr() };
                        unsafe { (*(*cells.add(instruction.ax() as usize)).as_ptr()).value = peek!(0) };
                        drop_top!(1);
                        advance!(1);
                    }
                    Op::LoadGlobal => {
                        let slot = instruction.ax() as usize;
                        let globals = unsafe { (*function!()).globals.as_ptr() };
                        let mut value = unsafe { (*globals).slots.as_ptr().add(slot).read() };
                        if value.is_undefined() {
                            let fallbacks = unsafe { &(*globals).fallbacks };
                            value = fallbacks.get(slot).copied().unwrap_or(Value::UNDEFINED);
                            if value.is_undefined() {
                                break 'run;
                            }
                        }
                        push_and_advance!(value);
                    }
                    Op::StoreGlobal => {
                        let slot = instruction.ax() as usize;
                        unsafe { (*(*function!()).globals.as_ptr()).slots.as_mut_ptr().add(slot).write(peek!(0)) };
                        drop_top!(1);
                        advance!(1);
                    }

                    Op::LoadAttr => {
                        let (object, site) = (peek!(0), instruction.ax() as usize);
                        if let Some(value) = unsafe { cached_attr(function!(), site, object) } {
                            set_top!(0, value);
                            advance!(1);
                        } else {
                            let getter = unsafe { cached_getter(function!(), site, object) };
                            let Some(getter) = getter.filter(|_| sp < stack_end) else { break 'run };
                            enter!(
                                getter,
                                sp,
                                1,
                                None,
                                OnReturn::Push,
                                {
                                    sp.sub(1).write(Value::obj(getter));
                                    sp.write(object);
                                },
                                { sp.sub(1).write(object) }
                            );
                        }
                    }
                    Op::LoadAttrLocal => {
                        let (object, site) = (local!(instruction.a()), instruction.bx() as usize);
                        if let Some(value) = unsafe { cached_attr(function!(), site, object) } {
                            push_and_advance!(value);
                        } else {
                            let getter = unsafe { cached_getter(function!(), site, object) };
                            let first = unsafe { sp.add(1) };
                            let Some(getter) = getter.filter(|_| first < stack_end) else { break 'run };
                            enter!(
                                getter,
                                first,
                                1,
                                None,
                                OnReturn::Push,
                                {
                                    sp.write(Value::obj(getter));
                                    first.write(object);
                                },
                                {}
                            );
                        }
                    }
                    Op::StoreAttr => {
                        let site = instruction.ax() as usize;
                        if !unsafe { cached_store(function!(), site, peek!(0), peek!(1)) } {
                            break 'run;
                        }
                        drop_top!(2);
                        advance!(1);
                    }
                    Op::StoreAttrLocal => {
                        let object = local!(instruction.a());
                        if !unsafe { cached_store(function!(), instruction.bx() as usize, object, peek!(0)) } {
                            break 'run;
                        }
                        drop_top!(1);
                        advance!(1);
                    }
                    Op::LoadMethod => {
                        let object = peek!(0);
                        let Some(method) = (unsafe { cached_method(function!(), instruction.ax() as usize, object) })
                        else {
                            break 'run;
                        };
                        set_top!(0, method);
                        push_and_advance!(object);
                    }
                    Op::LoadMethodLocal => {
                        let object = local!(instruction.a());
                        let Some(method) = (unsafe { cached_method(function!(), instruction.bx() as usize, object) })
                        else {
                            break 'run;
                        };
                        push!(method);
                        push_and_advance!(object);
                    }
                    Op::LoadSuperMethod => {
                        let (class, receiver) = (peek!(1), peek!(0));
                        let site = instruction.ax() as usize;
                        let Some(method) = (unsafe { cached_super(function!(), site, class, receiver) }) else {
                            break 'run;
                        };
                        set_top!(1, method);
                        advance!(1);
                    }
                    Op::LoadSubscript => {
                        let (container, key) = (peek!(1), peek!(0));
                        let value = match self.quick_subscript(container, key) {
                            Some(value) => value,
                            None => match call_out!(self.quick_item(container, key)) {
                                Some(value) => value,
                                None => break 'run,
                            },
                        };
                        drop_top!(1);
                        set_top!(0, value);
                        advance!(1);
                    }
                    Op::StoreSubscript => {
                        let (value, container, key) = (peek!(2), peek!(1), peek!(0));
                        if !self.quick_store_subscript(container, key, value)
                            && !call_out!(self.quick_store_item(container, key, value))
                        {
                            break 'run;
                        }
                        drop_top!(3);
                        advance!(1);
                    }

                    Op::Add => replace_top!(1, arithmetic!(peek!(1), peek!(0), checked_add, +)),
                    Op::Sub => replace_top!(1, arithmetic!(peek!(1), peek!(0), checked_sub, -)),
                    Op::Mul => replace_top!(1, arithmetic!(peek!(1), peek!(0), checked_mul, *)),
                    Op::TrueDiv => replace_top!(1, division!(true_divide, peek!(1), peek!(0))),
                    Op::FloorDiv => replace_top!(1, division!(floor_divide, peek!(1), peek!(0))),
                    Op::Mod => replace_top!(1, division!(modulo, peek!(1), peek!(0))),
                    Op::AddLocal => {
                        replace_top!(0, arithmetic!(peek!(0), local!(instruction.b()), checked_add, +));
                    }
                    Op::SubLocal => {
                        replace_top!(0, arithmetic!(peek!(0), local!(instruction.b()), checked_sub, -));
                    }
                    Op::MulLocal => {
                        replace_top!(0, arithmetic!(peek!(0), local!(instruction.b()), checked_mul, *));
                    }
                    Op::TrueDivLocal => replace_top!(0, division!(true_divide, peek!(0), local!(instruction.b()))),
                    Op::FloorDivLocal => replace_top!(0, division!(floor_divide, peek!(0), local!(instruction.b()))),
                    Op::ModLocal => replace_top!(0, division!(modulo, peek!(0), local!(instruction.b()))),
                    Op::AddConst => replace_top!(0, arithmetic!(peek!(0), constant!(instruction), checked_add, +)),
                    Op::SubConst => replace_top!(0, arithmetic!(peek!(0), constant!(instruction), checked_sub, -)),
                    Op::MulConst => replace_top!(0, arithmetic!(peek!(0), constant!(instruction), checked_mul, *)),
                    Op::TrueDivConst => replace_top!(0, division!(true_divide, peek!(0), constant!(instruction))),
                    Op::FloorDivConst => replace_top!(0, division!(floor_divide, peek!(0), constant!(instruction))),
                    Op::ModConst => replace_top!(0, division!(modulo, peek!(0), constant!(instruction))),
                    Op::Binary => {
                        let op = BINARY_OPS[instruction.a() as usize];
                        let (left, right) = (peek!(1), peek!(0));
                        let result = if op == BinaryOp::Pow {
                            call_out!(self.power_out(left, right))
                        } else {
                            quick_binary(op, left, right)
                        };
                        let Some(result) = result else { break 'run };
                        drop_top!(1);
                        set_top!(0, result);
                        advance!(1);
                    }
                    Op::AddLocalInt => push_and_advance!(local_int!(instruction, checked_add, +)),
                    Op::SubLocalInt => push_and_advance!(local_int!(instruction, checked_sub, -)),
                    Op::MulLocalInt => push_and_advance!(local_int!(instruction, checked_mul, *)),
                    Op::AddLocals => push_and_advance!(locals!(instruction, checked_add, +)),
                    Op::SubLocals => push_and_advance!(locals!(instruction, checked_sub, -)),
                    Op::MulLocals => push_and_advance!(locals!(instruction, checked_mul, *)),
                    Op::AddLocalIntStore => store_and_advance!(instruction, local_int!(instruction, checked_add, +)),
                    Op::SubLocalIntStore => store_and_advance!(instruction, local_int!(instruction, checked_sub, -)),
                    Op::AddLocalsStore => store_and_advance!(instruction, locals!(instruction, checked_add, +)),
                    Op::SubLocalsStore => store_and_advance!(instruction, locals!(instruction, checked_sub, -)),
                    Op::MulLocalsStore => store_and_advance!(instruction, locals!(instruction, checked_mul, *)),
                    Op::AddAssign => {
                        let (a, b) = (local!(instruction.a()), local!(instruction.b()));
                        store_and_advance!(instruction, arithmetic!(a, b, checked_add, +));
                    }
                    Op::SubAssign => {
                        let (a, b) = (local!(instruction.a()), local!(instruction.b()));
                        store_and_advance!(instruction, arithmetic!(a, b, checked_sub, -));
                    }
                    Op::MulAssign => {
                        let (a, b) = (local!(instruction.a()), local!(instruction.b()));
                        store_and_advance!(instruction, arithmetic!(a, b, checked_mul, *));
                    }
                    Op::AddIntAssign => {
                        let (a, c) = (local!(instruction.a()), instruction.sc());
                        store_and_advance!(instruction, int_operand!(a, c, checked_add, +));
                    }
                    Op::SubIntAssign => {
                        let (a, c) = (local!(instruction.a()), instruction.sc());
                        store_and_advance!(instruction, int_operand!(a, c, checked_sub, -));
                    }
                    Op::AddStore => op_store!(instruction, checked_add, +),
                    Op::SubStore => op_store!(instruction, checked_sub, -),
                    Op::MulStore => op_store!(instruction, checked_mul, *),
                    Op::Negate => {
                        let value = peek!(0);
                        let negated = match value.tag() {
                            Tag::Int if value.payload() as i64 != i64::MIN => Value::int(-(value.payload() as i64)),
                            Tag::Float => Value::float(-f64::from_bits(value.payload())),
                            _ => break 'run,
                        };
                        set_top!(0, negated);
                        advance!(1);
                    }
                    Op::Not => {
                        let truth = truth!(peek!(0));
                        set_top!(0, Value::bool(!truth));
                        advance!(1);
                    }

                    Op::Compare => {
                        let op = COMPARE_OPS[instruction.a() as usize];
                        let (left, right) = (peek!(1), peek!(0));
                        let truth = match quick_compare(op, left, right) {
                            Some(truth) => truth,
                            None => match call_out!(self.compare_out(op, left, right)) {
                                Some(truth) => truth,
                                None => break 'run,
                            },
                        };
                        drop_top!(1);
                        set_top!(0, Value::bool(truth));
                        advance!(1);
                    }
                    Op::Contains => {
                        let Some(found) = call_out!(self.quick_contains(peek!(0), peek!(1))) else { break 'run };
                        drop_top!(1);
                        set_top!(0, Value::bool(found != (instruction.a() != 0)));
                        advance!(1);
                    }
                    Op::Is => {
                        let same = peek!(1).same(peek!(0));
                        drop_top!(1);
                        set_top!(0, Value::bool(same != (instruction.a() != 0)));
                        advance!(1);
                    }
                    Op::LtJump => compare_jump!(instruction, <, 2, peek!(1), peek!(0)),
                    Op::LeJump => compare_jump!(instruction, <=, 2, peek!(1), peek!(0)),
                    Op::GtJump => compare_jump!(instruction, >, 2, peek!(1), peek!(0)),
                    Op::GeJump => compare_jump!(instruction, >=, 2, peek!(1), peek!(0)),
                    Op::EqJump => compare_jump!(instruction, ==, 2, peek!(1), peek!(0)),
                    Op::NeJump => compare_jump!(instruction, !=, 2, peek!(1), peek!(0)),
                    Op::LtLocalsJump => {
                        compare_jump!(instruction, <, 0, local!(instruction.b()), local!(instruction.c()));
                    }
                    Op::LeLocalsJump => {
                        compare_jump!(instruction, <=, 0, local!(instruction.b()), local!(instruction.c()));
                    }
                    Op::GtLocalsJump => {
                        compare_jump!(instruction, >, 0, local!(instruction.b()), local!(instruction.c()));
                    }
                    Op::GeLocalsJump => {
                        compare_jump!(instruction, >=, 0, local!(instruction.b()), local!(instruction.c()));
                    }
                    Op::EqLocalsJump => {
                        compare_jump!(instruction, ==, 0, local!(instruction.b()), local!(instruction.c()));
                    }
                    Op::NeLocalsJump => {
                        compare_jump!(instruction, !=, 0, local!(instruction.b()), local!(instruction.c()));
                    }
                    Op::LtLocalIntJump => compare_int_jump!(instruction, <, 0, local!(instruction.b())),
                    Op::LeLocalIntJump => compare_int_jump!(instruction, <=, 0, local!(instruction.b())),
                    Op::GtLocalIntJump => compare_int_jump!(instruction, >, 0, local!(instruction.b())),
                    Op::GeLocalIntJump => compare_int_jump!(instruction, >=, 0, local!(instruction.b())),
                    Op::EqLocalIntJump => compare_int_jump!(instruction, ==, 0, local!(instruction.b())),
                    Op::NeLocalIntJump => compare_int_jump!(instruction, !=, 0, local!(instruction.b())),
                    Op::LtIntJump => compare_int_jump!(instruction, <, 1, peek!(0)),
                    Op::LeIntJump => compare_int_jump!(instruction, <=, 1, peek!(0)),
                    Op::GtIntJump => compare_int_jump!(instruction, >, 1, peek!(0)),
                    Op::GeIntJump => compare_int_jump!(instruction, >=, 1, peek!(0)),
                    Op::EqIntJump => compare_int_jump!(instruction, ==, 1, peek!(0)),
                    Op::NeIntJump => compare_int_jump!(instruction, !=, 1, peek!(0)),
                    Op::LtConstJump => compare_jump!(instruction, <, 1, peek!(0), constant!(instruction)),
                    Op::LeConstJump => compare_jump!(instruction, <=, 1, peek!(0), constant!(instruction)),
                    Op::GtConstJump => compare_jump!(instruction, >, 1, peek!(0), constant!(instruction)),
                    Op::GeConstJump => compare_jump!(instruction, >=, 1, peek!(0), constant!(instruction)),
                    Op::EqConstJump => compare_jump!(instruction, ==, 1, peek!(0), constant!(instruction)),
                    Op::NeConstJump => compare_jump!(instruction, !=, 1, peek!(0), constant!(instruction)),
                    Op::NoneJump => {
                        let truth = peek!(0).is_none();
                        drop_top!(1);
                        branch!(instruction, truth);
                    }

                    Op::Jump => jump!(1, instruction.sax()),
                    Op::JumpIfFalse => {
                        let truth = truth!(peek!(0));
                        drop_top!(1);
                        if truth {
                            advance!(1);
                        } else {
                            jump!(1, instruction.sax());
                        }
                    }
                    Op::JumpIfTrue => {
                        let truth = truth!(peek!(0));
                        drop_top!(1);
                        if truth {
                            jump!(1, instruction.sax());
                        } else {
                            advance!(1);
                        }
                    }
                    Op::JumpIfFalseOrPop => {
                        if truth!(peek!(0)) {
                            drop_top!(1);
                            advance!(1);
                        } else {
                            jump!(1, instruction.sax());
                        }
                    }
                    Op::JumpIfTrueOrPop => {
                        if truth!(peek!(0)) {
                            jump!(1, instruction.sax());
                        } else {
                            drop_top!(1);
                            advance!(1);
                        }
                    }
                    Op::ForIter => match unsafe { quick_step(peek!(0)) } {
                        QuickStep::Item(value) => push_and_advance!(value),
                        QuickStep::End => {
                            drop_top!(1);
                            jump!(1, instruction.sax());
                        }
                        QuickStep::Other => match peek!(0).as_gc::<Generator>() {
                            Some(generator) => {
                                resume!(generator, sp, Value::NONE, 1, OnReturn::GeneratorFor);
                            }
                            None => match call_out!(self.step_iter(peek!(0), 0)) {
                                Ok(Step::Item(value)) => push_and_advance!(value),
                                Ok(Step::End) => {
                                    drop_top!(1);
                                    jump!(1, instruction.sax());
                                }
                                Ok(Step::Script) => break 'run,
                                Err(error) => raise!(1, error),
                            },
                        },
                    },
                    Op::ForIterPair => match peek!(0).as_gc::<Generator>() {
                        Some(generator) => {
                            resume!(generator, sp, Value::NONE, 1, OnReturn::GeneratorFor);
                        }
                        None => match call_out!(unsafe { self.step_pair(peek!(0), sp) }) {
                            Ok(PairStep::Pair) => {
                                // Over the `UnpackSequence`.
                                advance!(2);
                                let stores = unsafe { store_pair(ip) };
                                if let Some((first, second)) = stores {
                                    set_local!(first, unsafe { sp.add(1).read() });
                                    set_local!(second, unsafe { sp.read() });
                                    advance!(2);
                                } else {
                                    sp = unsafe { sp.add(2) };
                                }
                            }
                            Ok(PairStep::Item(value)) => push_and_advance!(value),
                            Ok(PairStep::End) => {
                                drop_top!(1);
                                jump!(1, instruction.sax());
                            }
                            Ok(PairStep::Script) => break 'run,
                            Err(error) => raise!(1, error),
                        },
                    },
                    Op::ForIterStore => match unsafe { quick_step(peek!(0)) } {
                        QuickStep::Item(value) => {
                            set_local!(instruction.a(), value);
                            // Over the `StoreLocal` that stores what comes from a frame.
                            advance!(3);
                        }
                        QuickStep::End => {
                            drop_top!(1);
                            jump!(2, unsafe { ip.add(1).read() } as i32);
                        }
                        QuickStep::Other => match peek!(0).as_gc::<Generator>() {
                            Some(generator) => {
                                resume!(generator, sp, Value::NONE, 2, OnReturn::GeneratorForStore);
                            }
                            None => match call_out!(self.step_iter(peek!(0), 0)) {
                                Ok(Step::Item(value)) => {
                                    set_local!(instruction.a(), value);
                                    advance!(3);
                                }
                                Ok(Step::End) => {
                                    drop_top!(1);
                                    jump!(2, unsafe { ip.add(1).read() } as i32);
                                }
                                Ok(Step::Script) => break 'run,
                                Err(error) => raise!(2, error),
                            },
                        },
                    },
                    Op::UnpackSequence => {
                        let count = instruction.ax() as usize;
                        if !unsafe { quick_unpack(&self.heap, peek!(0), count, sp.sub(1)) } {
                            break 'run;
                        }
                        sp = unsafe { sp.add(count).sub(1) };
                        advance!(1);
                    }
                    Op::YieldValue => {
                        let generator = unsafe { base.sub(1).read() }.as_gc::<Generator>();
                        let (Some(generator), true) = (generator, unsafe { (*frame).on_return }.pushes_yielded())
                        else {
                            break 'run;
                        };
                        let value = peek!(0);
                        unsafe {
                            let start = (*(*frame).function.as_ptr()).code.get().ops.as_ptr();
                            call_out!(self.suspend(generator, base, sp.sub(1), ip.offset_from(start) as u32 + 1));
                            // A loop keeps the generator; for a call, the value takes its place.
                            sp = if (*frame).on_return == OnReturn::GeneratorCall { base.sub(1) } else { base };
                            frame = frame.sub(1);
                            ip = (*frame).ip;
                            base = stack.add((*frame).base as usize);
                            consts = (*(*frame).function.as_ptr()).code.get().consts.as_ptr();
                        }
                        let store = Instruction(unsafe { ip.read() });
                        if store.op() == Op::StoreLocal {
                            set_local!(store.ax(), value);
                            advance!(1);
                        } else {
                            push!(value);
                        }
                    }
                    Op::Send => {
                        let (Some(generator), value) = (peek!(1).as_gc::<Generator>(), peek!(0)) else { break 'run };
                        resume!(generator, sp.sub(1), value, 1, OnReturn::GeneratorSend);
                    }

                    Op::BuildList => {
                        let count = instruction.ax() as usize;
                        drop_top!(count);
                        let list = call_out!(unsafe { self.list_out(sp, count) });
                        push_and_advance!(list);
                    }
                    Op::BuildDict if instruction.ax() == 0 => {
                        let dict = call_out!(self.dict_out());
                        push_and_advance!(dict);
                    }
                    Op::BuildSet if instruction.ax() == 0 => {
                        let set = call_out!(self.set_out());
                        push_and_advance!(set);
                    }
                    Op::PushHandled => {
                        let exception = peek!(0);
                        set_top!(0, self.fiber.handling);
                        self.fiber.handling = exception;
                        push_and_advance!(exception);
                    }
                    Op::PopHandled => {
                        self.fiber.handling = peek!(0);
                        drop_top!(1);
                        advance!(1);
                    }
                    Op::ExceptionMatches => {
                        let matches = call_out!(self.exception_matches_out(peek!(1), peek!(0)));
                        let Some(truth) = matches else { break 'run };
                        set_top!(0, Value::bool(truth));
                        advance!(1);
                    }
                    Op::GetIter => {
                        let Some(iterator) = call_out!(self.iter_out(peek!(0))) else { break 'run };
                        set_top!(0, iterator);
                        advance!(1);
                    }
                    Op::BuildTuple => {
                        let count = instruction.ax() as usize;
                        drop_top!(count);
                        let tuple = call_out!(unsafe { self.tuple_out(sp, count) });
                        push_and_advance!(tuple);
                    }
                    Op::BuildSlice => {
                        // The slice of a subscript that follows at once need not become an object.
                        let count = instruction.a() as usize;
                        let step = if count == 3 { peek!(0) } else { Value::NONE };
                        let slice = Slice { start: peek!(count - 1), stop: peek!(count - 2), step };
                        match Instruction(unsafe { ip.add(1).read() }).op() {
                            Op::LoadSubscript => {
                                let Some(part) = call_out!(self.quick_slice(peek!(count), slice)) else { break 'run };
                                drop_top!(count);
                                set_top!(0, part);
                            }
                            Op::StoreSubscript => {
                                if !call_out!(self.quick_store_slice(peek!(count), slice, peek!(count + 1))) {
                                    break 'run;
                                }
                                drop_top!(count + 2);
                            }
                            _ => break 'run,
                        }
                        advance!(2);
                    }
                    Op::SetAdd => {
                        let Some(set) = peek!(1 + instruction.a() as usize).as_gc::<Set>() else { unreachable!() };
                        if !call_out!(self.quick_set_add(set, peek!(0))) {
                            break 'run;
                        }
                        drop_top!(1);
                        advance!(1);
                    }
                    Op::DictAdd => {
                        if !call_out!(self.quick_store_item(peek!(2 + instruction.a() as usize), peek!(1), peek!(0))) {
                            break 'run;
                        }
                        drop_top!(2);
                        advance!(1);
                    }
                    Op::FormatValue => {
                        let has_spec = instruction.b() != 0;
                        let (value, spec) = if has_spec { (peek!(1), peek!(0)) } else { (peek!(0), Value::UNDEFINED) };
                        let Some(text) = call_out!(self.quick_format(value, instruction.a(), spec)) else { break 'run };
                        drop_top!(usize::from(has_spec));
                        set_top!(0, text);
                        advance!(1);
                    }
                    Op::BuildString => {
                        let count = instruction.ax() as usize;
                        let parts = unsafe { std::slice::from_raw_parts(sp.sub(count), count) };
                        let Some(text) = call_out!(self.quick_build_string(parts)) else { break 'run };
                        drop_top!(count);
                        push_and_advance!(text);
                    }
                    Op::ListAppend => {
                        let value = peek!(0);
                        drop_top!(1);
                        let Some(list) = peek!(instruction.a() as usize).as_gc::<List>() else { unreachable!() };
                        if !unsafe { quick_push(list, value) } {
                            call_out!(self.push_out(list, value));
                        }
                        advance!(1);
                    }

                    Op::Call => call!(instruction.a() as usize),
                    Op::CallMethod => {
                        let argc = instruction.a() as usize + 1;
                        if peek!(argc).is_undefined() {
                            // [undefined, callable, arguments...] is left to the general form.
                            break 'run;
                        }
                        call!(argc);
                    }
                    Op::CallKeywords | Op::CallMethodKeywords => {
                        // Without a receiver, what a method call finds in the callee's place is undefined.
                        let argc = instruction.a() as usize + usize::from(instruction.op() == Op::CallMethodKeywords);
                        let names = unsafe { consts.add(instruction.bx() as usize).read() }.as_gc::<Tuple>();
                        let Some(target) = peek!(argc).as_gc::<Function>() else { break 'run };
                        enter!(target, unsafe { sp.sub(argc) }, argc, names);
                    }
                    Op::Return => {
                        let value = peek!(0);
                        match unsafe { (*frame).on_return } {
                            OnReturn::Push | OnReturn::NextFor | OnReturn::NextForStore => sp = unsafe { base.sub(1) },
                            // The instance is below the frame.
                            OnReturn::Init if value.is_none() => sp = base,
                            _ => break 'run,
                        }
                        unsafe {
                            if (*frame).on_return != OnReturn::Init {
                                sp.write(value);
                                sp = sp.add(1);
                            }
                            frame = frame.sub(1);
                            ip = (*frame).ip;
                            base = stack.add((*frame).base as usize);
                            consts = (*(*frame).function.as_ptr()).code.get().consts.as_ptr();
                        }
                    }
                    // Always in general. Named one by one: with a wildcard every dispatch would check the range.
                    Op::LoadCommon
                    | Op::DeleteLocal
                    | Op::DeleteCell
                    | Op::DeleteFree
                    | Op::DeleteGlobal
                    | Op::LoadName
                    | Op::StoreName
                    | Op::DeleteName
                    | Op::LoadNameOrFree
                    | Op::DeleteAttr
                    | Op::DeleteSubscript
                    | Op::Positive
                    | Op::Invert
                    | Op::BuildSet
                    | Op::BuildDict
                    | Op::ListExtend
                    | Op::SetUpdate
                    | Op::DictUpdate
                    | Op::DictMerge
                    | Op::ListToTuple
                    | Op::UnpackStar
                    | Op::MakeFunction
                    | Op::CallUnpacked
                    | Op::StarArguments
                    | Op::StarKeywords
                    | Op::Raise
                    | Op::Reraise
                    | Op::RestoreHandled
                    | Op::EnterWith
                    | Op::ExitWith
                    | Op::ImportName
                    | Op::ImportFrom
                    | Op::ImportStar
                    | Op::MatchLength
                    | Op::MatchSequence
                    | Op::MatchMapping
                    | Op::MatchKeys
                    | Op::MatchClass => break 'run,
                }
            }
            save!();
            next = self.step(waker);
        }
    }
}
