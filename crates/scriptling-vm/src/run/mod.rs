//! The run loop: executes one fiber until its slice ends.
//!
//! [`Isolate::execute`](hot) runs the handlers: the common case of each op, with instruction pointer, stack pointer and frame
//! in registers. What they do not do inline they leave, unchanged, to [`Isolate::step`] below, which executes one
//! instruction in general from the state saved in the fiber. `step`'s arms leave the semantics to functions in the sibling
//! files and in `operate`, which answer with a `NativeResult`:
//!
//! - `Ok(Outcome::Return(v))`: delivered at once.
//! - any other outcome: [`Isolate::drive`](outcome) pushes frames and continuations; the loop reloads and goes on.
//! - `Err(raise)`: [`Isolate::unwind`](unwind) finds a handler or ends the fiber.
//!
//! # Why the unchecked accesses are sound
//! Instructions, operands and jump targets were checked by the verifier when the unit was loaded (`verify`), which also
//! proves that the operand stack stays within the frame's `max_stack`; calls make room for a whole frame before entering
//! it. So reading operands, locals and stack slots through raw pointers stays in bounds. Values are alive because the
//! stack up to `height` is traced, and collections happen only in `safepoint`, between instructions.
//!
//! # Fuel
//! Every jump that is taken backwards and every call takes one unit of fuel. At zero the loop stops at a safepoint; see
//! `isolate.rs` for what else asks for one.
#![expect(unsafe_code, reason = "verified code runs unchecked; argued in the module documentation")]
#![allow(
    clippy::undocumented_unsafe_blocks,
    reason = "the loop's blocks share one argument, in the module documentation"
)]

pub mod cache;

mod access;
pub(crate) mod bind;
mod call;
pub(crate) mod class_call;
mod construct;
mod exceptions;
pub(crate) mod generator;
mod hot;
pub mod import;
mod out_of_line;
mod outcome;
mod own_dict;
mod patterns;
mod quick;
mod quick_data;
pub mod start;
mod step;
pub mod strands;
pub(crate) mod traceback;
mod unwind;

use std::task::Waker;

use quick::cell_in;

use crate::error::Raise;
use crate::fiber::{Deliver, Frame, OnReturn};
use crate::heap::list::List;
use crate::heap::{Dict, Function, Set};
use crate::isolate::Isolate;
use crate::native::{Cx, NativeResult, Outcome};
use crate::op::{BINARY_OPS, BinaryOp, COMPARE_OPS, CompareOp, Instruction, Op};
use crate::operate;
use crate::operate::UnaryOp;
use crate::value::{Tag, Value};

/// Why the loop stopped.
pub(crate) enum Exit {
    /// The fiber's first frame returned this.
    Finished(Value),
    /// Out of fuel.
    OutOfFuel,
    /// Waiting.
    Parked,
    /// An exception instance that nobody handled.
    Uncaught(Value),
}

/// What the loop does after a slow path.
pub(crate) enum Next {
    /// Reload the hot state and go on.
    Continue,
    /// Leave the loop.
    Exit(Exit),
}

impl Isolate {
    /// Executes one instruction of the current frame, whatever it takes: the general form of every op.
    #[expect(clippy::too_many_lines, reason = "one arm per op")]
    #[inline(never)]
    fn step(&mut self, waker: &Waker) -> Next {
        // SAFETY (all blocks of this function): see the module documentation. Each macro and arm touches only operands of
        // verified instructions, slots of the current frame, and cells whose kind was just tested.
        let frame: *mut Frame = self.fiber.frames.last_mut().expect("the loop runs while there is a frame");
        let stack = self.fiber.stack.as_mut_ptr();
        let mut sp = unsafe { stack.add(self.fiber.height) };
        let mut ip = unsafe { (*frame).ip };
        let base = unsafe { stack.add((*frame).base as usize) };
        let function: *mut Function = unsafe { (*frame).function.as_ptr() };
        let consts = unsafe { (*function).code.get().consts.as_ptr() };

        macro_rules! save {
            () => {
                unsafe {
                    (*frame).ip = ip;
                    self.fiber.height = sp.offset_from(self.fiber.stack.as_ptr()) as usize;
                }
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
        macro_rules! pop {
            () => {
                unsafe {
                    sp = sp.sub(1);
                    sp.read()
                }
            };
        }
        // The value `n` below the top.
        macro_rules! peek {
            ($n:expr) => {
                unsafe { sp.sub(1 + $n).read() }
            };
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
        macro_rules! done {
            () => {{
                save!();
                return Next::Continue;
            }};
        }
        macro_rules! after {
            ($next:expr) => {
                return $next
            };
        }
        macro_rules! raise {
            ($raise:expr) => {{
                let raise: Raise = $raise;
                save!();
                after!(self.unwind(raise, waker))
            }};
        }
        macro_rules! safepoint {
            () => {{
                save!();
                return self.safepoint_next(waker);
            }};
        }
        macro_rules! jump {
            ($distance:expr) => {{
                let distance: i32 = $distance;
                ip = unsafe { ip.offset(distance as isize) };
                if distance < 0 {
                    self.heap.fuel.left -= 1;
                    if self.heap.fuel.left <= 0 {
                        safepoint!();
                    }
                }
            }};
        }
        // Pops `pops` operands and delivers the result of a slow path.
        macro_rules! deliver {
            ($pops:expr, $result:expr, $deliver:expr, |$value:ident| $fast:expr) => {{
                save!();
                let result: NativeResult = $result;
                sp = unsafe { sp.sub($pops) };
                match result {
                    Ok(Outcome::Return($value)) => {
                        // What it has kept is not needed any more.
                        let kept_base = self.fiber.kept_base;
                        self.fiber.kept.truncate(kept_base);
                        $fast
                    }
                    other => {
                        self.fiber.height = unsafe { sp.offset_from(self.fiber.stack.as_ptr()) as usize };
                        after!(self.drive_from_frame(other, $deliver, waker))
                    }
                }
            }};
        }
        // Pushes method and receiver, or undefined and callable.
        macro_rules! load_method {
            ($pops:expr, $site:expr, $object:expr) => {{
                let (site, object): (usize, Value) = ($site, $object);
                save!();
                match self.load_method_miss(site, object) {
                    Ok(Some(method)) => {
                        sp = unsafe { sp.sub($pops) };
                        push!(method);
                        push!(object);
                    }
                    Ok(None) => {
                        deliver!($pops, self.load_attr_miss(site, object), Deliver::PushCallable, |value| {
                            push!(Value::UNDEFINED);
                            push!(value);
                        });
                    }
                    Err(raise) => raise!(raise),
                }
            }};
        }
        // Pushes the next value of an iterator that the handlers do not step, or ends the loop.
        macro_rules! for_step {
            ($iterator:expr, $on_return:expr, $distance:expr) => {{
                save!();
                match self.step_iterator($iterator, $on_return, waker) {
                    Ok(Stepped::Item(value)) => push!(value),
                    Ok(Stepped::End) => {
                        sp = unsafe { sp.sub(1) };
                        jump!($distance);
                    }
                    Ok(Stepped::Next(next)) => after!(next),
                    Err(raise) => raise!(raise),
                }
            }};
        }
        macro_rules! slow {
            ($pops:expr, |$cx:ident| $result:expr) => {
                deliver!(
                    $pops,
                    {
                        let $cx = &mut Cx { isolate: self };
                        $result
                    },
                    Deliver::Push,
                    |value| push!(value)
                )
            };
        }
        macro_rules! slow_drop {
            ($pops:expr, |$cx:ident| $result:expr) => {
                deliver!(
                    $pops,
                    {
                        let $cx = &mut Cx { isolate: self };
                        $result
                    },
                    Deliver::Drop,
                    |_value| {}
                )
            };
        }
        macro_rules! slow_store {
            ($pops:expr, $slot:expr, |$cx:ident| $result:expr) => {
                deliver!(
                    $pops,
                    {
                        let $cx = &mut Cx { isolate: self };
                        $result
                    },
                    Deliver::StoreLocal(u32::from($slot)),
                    |value| set_local!($slot, value)
                )
            };
        }
        macro_rules! binary_op {
            ($instruction:expr, $op:ident) => {{
                let (left, right, inplace) = (peek!(1), peek!(0), $instruction.a() != 0);
                slow!(2, |cx| operate::binary(cx, BinaryOp::$op, left, right, inplace));
            }};
        }
        macro_rules! top_op {
            ($instruction:expr, $op:ident, $right:expr) => {{
                let (left, right, inplace) = (peek!(0), $right, $instruction.a() != 0);
                slow!(1, |cx| operate::binary(cx, BinaryOp::$op, left, right, inplace));
            }};
        }
        macro_rules! constant {
            ($instruction:expr) => {
                unsafe { consts.add($instruction.bx() as usize).read() }
            };
        }
        macro_rules! local_int_op {
            ($instruction:expr, $op:ident) => {{
                let (left, right) = (local!($instruction.b()), Value::int($instruction.sc()));
                slow!(0, |cx| operate::binary(cx, BinaryOp::$op, left, right, false));
            }};
        }
        macro_rules! locals_op {
            ($instruction:expr, $op:ident) => {{
                let (left, right) = (local!($instruction.b()), local!($instruction.c()));
                slow!(0, |cx| operate::binary(cx, BinaryOp::$op, left, right, false));
            }};
        }
        macro_rules! store_op {
            ($slot:expr, $op:ident, $left:expr, $right:expr, $inplace:expr) => {{
                let (left, right): (Value, Value) = ($left, $right);
                slow_store!(0, $slot, |cx| operate::binary(cx, BinaryOp::$op, left, right, $inplace));
            }};
        }
        macro_rules! local_int_store {
            ($instruction:expr, $op:ident) => {{
                let right = Value::int($instruction.sc());
                store_op!($instruction.a(), $op, local!($instruction.b()), right, false)
            }};
        }
        macro_rules! locals_store {
            ($instruction:expr, $op:ident) => {
                store_op!($instruction.a(), $op, local!($instruction.b()), local!($instruction.c()), false)
            };
        }
        macro_rules! assign {
            ($instruction:expr, $op:ident, $right:expr) => {
                store_op!($instruction.a(), $op, local!($instruction.a()), $right, true)
            };
        }
        macro_rules! op_store {
            ($instruction:expr, $op:ident) => {{
                let (left, right, inplace) = (peek!(1), peek!(0), $instruction.b() != 0);
                slow_store!(2, $instruction.a(), |cx| operate::binary(cx, BinaryOp::$op, left, right, inplace));
            }};
        }
        macro_rules! compare_jump {
            ($instruction:expr, $op:ident, $pops:expr, $left:expr, $right:expr) => {
                compare_jump!($instruction.a() != 0 => $op, $pops, $left, $right)
            };
            ($sense:expr => $op:ident, $pops:expr, $left:expr, $right:expr) => {{
                let (sense, left, right): (bool, Value, Value) = ($sense, $left, $right);
                let distance = unsafe { ip.read() } as i32;
                ip = unsafe { ip.add(1) };
                deliver!(
                    $pops,
                    operate::compare(&mut Cx { isolate: self }, CompareOp::$op, left, right),
                    Deliver::JumpIf { sense, distance },
                    |value| match operate::truth_native(&Cx { isolate: self }, value) {
                        Some(truth) => {
                            if truth == sense {
                                jump!(distance);
                            }
                        }
                        None => deliver!(
                            0,
                            operate::truth(&mut Cx { isolate: self }, value),
                            Deliver::JumpIf { sense, distance },
                            |value| if (value.payload() != 0) == sense {
                                jump!(distance)
                            }
                        ),
                    }
                );
            }};
        }
        macro_rules! truth_of {
            ($value:expr, $pops:expr, $deliver:expr, |$truth:ident| $then:expr) => {{
                let value: Value = $value;
                let quick = if value.tag() == Tag::Bool {
                    Some(value.payload() != 0)
                } else {
                    operate::truth_native(&Cx { isolate: self }, value)
                };
                match quick {
                    Some($truth) => {
                        sp = unsafe { sp.sub($pops) };
                        $then
                    }
                    None => deliver!($pops, operate::truth(&mut Cx { isolate: self }, value), $deliver, |value| {
                        let $truth = value.payload() != 0;
                        $then
                    }),
                }
            }};
        }

        {
            let instruction = Instruction(unsafe { ip.read() });
            ip = unsafe { ip.add(1) };
            match instruction.op() {
                // Finished by its handler in every case.
                Op::Nop
                | Op::LoadConst
                | Op::LoadNone
                | Op::LoadInt
                | Op::LoadUndefined
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
                | Op::LoadFreeRef
                | Op::StoreFree
                | Op::StoreGlobal
                | Op::Is
                | Op::NoneJump
                | Op::Jump
                | Op::JumpFor
                | Op::Pause
                | Op::BuildList
                | Op::BuildTuple
                | Op::ListAppend => unreachable!("its handler executes it"),
                Op::LoadCommon => {
                    save!();
                    push!(self.load_common(instruction.a()));
                }
                Op::LoadLocalCheck => raise!(self.unbound_local(instruction.ax())),
                Op::DeleteLocal => {
                    if local!(instruction.ax()).is_undefined() {
                        raise!(self.unbound_local(instruction.ax()));
                    }
                    set_local!(instruction.ax(), Value::UNDEFINED);
                }
                Op::LoadCell => raise!(self.unbound_local(instruction.ax())),
                Op::DeleteCell => {
                    let cell = cell_in(local!(instruction.ax()));
                    if unsafe { (*cell).value }.is_undefined() {
                        raise!(self.unbound_local(instruction.ax()));
                    }
                    unsafe { (*cell).value = Value::UNDEFINED };
                }
                Op::LoadFree => raise!(self.unbound_free(instruction.ax())),
                Op::DeleteFree => {
                    let cell = unsafe { (&(*function).closure)[instruction.ax() as usize].as_ptr() };
                    if unsafe { (*cell).value }.is_undefined() {
                        raise!(self.unbound_free(instruction.ax()));
                    }
                    unsafe { (*cell).value = Value::UNDEFINED };
                }
                Op::LoadGlobal => {
                    save!();
                    match self.load_missing_global(instruction.ax() as usize) {
                        Ok(value) => push!(value),
                        Err(raise) => raise!(raise),
                    }
                }
                Op::DeleteGlobal => {
                    save!();
                    if let Err(raise) = self.delete_global(instruction.ax() as usize) {
                        raise!(raise);
                    }
                }
                Op::LoadName => {
                    let namespace = local!(0);
                    save!();
                    match self.load_name(namespace, instruction.ax() as usize, None) {
                        Ok(value) => push!(value),
                        Err(raise) => raise!(raise),
                    }
                }
                Op::LoadNameOrFree => {
                    let namespace = local!(0);
                    let free = Some(instruction.a() as usize);
                    save!();
                    match self.load_name(namespace, instruction.bx() as usize, free) {
                        Ok(value) => push!(value),
                        Err(raise) => raise!(raise),
                    }
                }
                Op::StoreName => {
                    let (namespace, value) = (local!(0), peek!(0));
                    save!();
                    self.store_name(namespace, instruction.ax() as usize, value);
                    sp = unsafe { sp.sub(1) };
                }
                Op::DeleteName => {
                    let namespace = local!(0);
                    save!();
                    if let Err(raise) = self.delete_name(namespace, instruction.ax() as usize) {
                        raise!(raise);
                    }
                }

                Op::LoadAttr => {
                    let object = peek!(0);
                    let result = self.load_attr_miss(instruction.ax() as usize, object);
                    deliver!(1, result, Deliver::Push, |value| push!(value));
                }
                Op::LoadAttrLocal => {
                    let object = local!(instruction.a());
                    let result = self.load_attr_miss(instruction.bx() as usize, object);
                    deliver!(0, result, Deliver::Push, |value| push!(value));
                }
                Op::StoreAttr => {
                    let (value, object) = (peek!(1), peek!(0));
                    let result = self.store_attr_miss(instruction.ax() as usize, object, value);
                    deliver!(2, result, Deliver::Drop, |_value| {});
                }
                Op::StoreAttrLocal => {
                    let (value, object) = (peek!(0), local!(instruction.a()));
                    let result = self.store_attr_miss(instruction.bx() as usize, object, value);
                    deliver!(1, result, Deliver::Drop, |_value| {});
                }
                Op::DeleteAttr => {
                    let object = peek!(0);
                    let name = Isolate::name_text(unsafe { &*function }, instruction.ax() as usize);
                    slow_drop!(1, |cx| operate::attr::delete(cx, object, &name));
                }
                Op::LoadMethod => {
                    let object = peek!(0);
                    load_method!(1, instruction.ax() as usize, object);
                }
                Op::LoadMethodLocal => {
                    let object = local!(instruction.a());
                    load_method!(0, instruction.bx() as usize, object);
                }
                Op::LoadSuperMethod => {
                    let (class, receiver) = (peek!(1), peek!(0));
                    let site = instruction.ax() as usize;
                    save!();
                    match self.load_super_method(site, class, receiver) {
                        Ok(Some(method)) => unsafe { sp.sub(2).write(method) },
                        Ok(None) => {
                            deliver!(2, self.load_super_attr(site, class, receiver), Deliver::PushCallable, |value| {
                                push!(Value::UNDEFINED);
                                push!(value);
                            });
                        }
                        Err(raise) => raise!(raise),
                    }
                }
                Op::LoadSubscript => {
                    let (container, key) = (peek!(1), peek!(0));
                    slow!(2, |cx| operate::subscript::get_item(cx, container, key));
                }
                Op::LoadSubscriptLocal => {
                    let (container, key) = (peek!(0), local!(instruction.b()));
                    slow!(1, |cx| operate::subscript::get_item(cx, container, key));
                }
                Op::LoadSubscriptLocals => {
                    let (container, key) = (local!(instruction.b()), local!(instruction.c()));
                    slow!(0, |cx| operate::subscript::get_item(cx, container, key));
                }
                Op::LoadSubscriptInt => {
                    let (container, key) = (peek!(0), Value::int(i64::from(instruction.sax())));
                    slow!(1, |cx| operate::subscript::get_item(cx, container, key));
                }
                Op::StoreSubscript => {
                    let (value, container, key) = (peek!(2), peek!(1), peek!(0));
                    slow_drop!(3, |cx| operate::subscript::set_item(cx, container, key, value));
                }
                Op::StoreSubscriptLocals => {
                    let (value, container, key) = (peek!(0), local!(instruction.b()), local!(instruction.c()));
                    slow_drop!(1, |cx| operate::subscript::set_item(cx, container, key, value));
                }
                Op::DeleteSubscript => {
                    let (container, key) = (peek!(1), peek!(0));
                    slow_drop!(2, |cx| operate::subscript::delete_item(cx, container, key));
                }

                Op::Add => binary_op!(instruction, Add),
                Op::Sub => binary_op!(instruction, Sub),
                Op::Mul => binary_op!(instruction, Mul),
                Op::TrueDiv => binary_op!(instruction, TrueDiv),
                Op::FloorDiv => binary_op!(instruction, FloorDiv),
                Op::Mod => binary_op!(instruction, Mod),
                Op::AddLocal => top_op!(instruction, Add, local!(instruction.b())),
                Op::SubLocal => top_op!(instruction, Sub, local!(instruction.b())),
                Op::MulLocal => top_op!(instruction, Mul, local!(instruction.b())),
                Op::TrueDivLocal => top_op!(instruction, TrueDiv, local!(instruction.b())),
                Op::FloorDivLocal => top_op!(instruction, FloorDiv, local!(instruction.b())),
                Op::ModLocal => top_op!(instruction, Mod, local!(instruction.b())),
                Op::AddConst => top_op!(instruction, Add, constant!(instruction)),
                Op::SubConst => top_op!(instruction, Sub, constant!(instruction)),
                Op::MulConst => top_op!(instruction, Mul, constant!(instruction)),
                Op::TrueDivConst => top_op!(instruction, TrueDiv, constant!(instruction)),
                Op::FloorDivConst => top_op!(instruction, FloorDiv, constant!(instruction)),
                Op::ModConst => top_op!(instruction, Mod, constant!(instruction)),
                Op::Binary => {
                    let (left, right) = (peek!(1), peek!(0));
                    let (op, inplace) = (BINARY_OPS[instruction.a() as usize], instruction.b() != 0);
                    slow!(2, |cx| operate::binary(cx, op, left, right, inplace));
                }
                Op::AddLocalInt => local_int_op!(instruction, Add),
                Op::SubLocalInt => local_int_op!(instruction, Sub),
                Op::MulLocalInt => local_int_op!(instruction, Mul),
                Op::AddLocals => locals_op!(instruction, Add),
                Op::SubLocals => locals_op!(instruction, Sub),
                Op::MulLocals => locals_op!(instruction, Mul),
                Op::AddLocalIntStore => local_int_store!(instruction, Add),
                Op::SubLocalIntStore => local_int_store!(instruction, Sub),
                Op::AddLocalsStore => locals_store!(instruction, Add),
                Op::SubLocalsStore => locals_store!(instruction, Sub),
                Op::MulLocalsStore => locals_store!(instruction, Mul),
                Op::AddAssign => assign!(instruction, Add, local!(instruction.b())),
                Op::SubAssign => assign!(instruction, Sub, local!(instruction.b())),
                Op::MulAssign => assign!(instruction, Mul, local!(instruction.b())),
                Op::AddIntAssign => assign!(instruction, Add, Value::int(instruction.sc())),
                Op::SubIntAssign => assign!(instruction, Sub, Value::int(instruction.sc())),
                Op::AddStore => op_store!(instruction, Add),
                Op::SubStore => op_store!(instruction, Sub),
                Op::MulStore => op_store!(instruction, Mul),
                Op::Negate => {
                    let value = peek!(0);
                    slow!(1, |cx| operate::unary(cx, UnaryOp::Neg, value));
                }
                Op::Positive => {
                    let value = peek!(0);
                    slow!(1, |cx| operate::unary(cx, UnaryOp::Pos, value));
                }
                Op::Invert => {
                    let value = peek!(0);
                    slow!(1, |cx| operate::unary(cx, UnaryOp::Invert, value));
                }
                Op::Not => {
                    truth_of!(peek!(0), 1, Deliver::PushTruth { negate: true }, |truth| push!(Value::bool(!truth)));
                }

                Op::Compare => {
                    let (left, right) = (peek!(1), peek!(0));
                    slow!(2, |cx| operate::compare(cx, COMPARE_OPS[instruction.a() as usize], left, right));
                }
                Op::Contains => {
                    let (item, container) = (peek!(1), peek!(0));
                    let negate = instruction.a() != 0;
                    deliver!(
                        2,
                        operate::iterate::contains(&mut Cx { isolate: self }, container, item),
                        Deliver::PushTruth { negate },
                        |value| push!(Value::bool((value.payload() != 0) != negate))
                    );
                }
                Op::LtJump => compare_jump!(instruction, Lt, 2, peek!(1), peek!(0)),
                Op::LeJump => compare_jump!(instruction, Le, 2, peek!(1), peek!(0)),
                Op::GtJump => compare_jump!(instruction, Gt, 2, peek!(1), peek!(0)),
                Op::GeJump => compare_jump!(instruction, Ge, 2, peek!(1), peek!(0)),
                Op::EqJump => compare_jump!(instruction, Eq, 2, peek!(1), peek!(0)),
                Op::NeJump => compare_jump!(instruction, Ne, 2, peek!(1), peek!(0)),
                Op::LtLocalsJump => {
                    compare_jump!(instruction, Lt, 0, local!(instruction.b()), local!(instruction.c()));
                }
                Op::LeLocalsJump => {
                    compare_jump!(instruction, Le, 0, local!(instruction.b()), local!(instruction.c()));
                }
                Op::GtLocalsJump => {
                    compare_jump!(instruction, Gt, 0, local!(instruction.b()), local!(instruction.c()));
                }
                Op::GeLocalsJump => {
                    compare_jump!(instruction, Ge, 0, local!(instruction.b()), local!(instruction.c()));
                }
                Op::EqLocalsJump => {
                    compare_jump!(instruction, Eq, 0, local!(instruction.b()), local!(instruction.c()));
                }
                Op::NeLocalsJump => {
                    compare_jump!(instruction, Ne, 0, local!(instruction.b()), local!(instruction.c()));
                }
                Op::LtLocalIntJump => {
                    compare_jump!(instruction, Lt, 0, local!(instruction.b()), Value::int(instruction.sc()));
                }
                Op::LeLocalIntJump => {
                    compare_jump!(instruction, Le, 0, local!(instruction.b()), Value::int(instruction.sc()));
                }
                Op::GtLocalIntJump => {
                    compare_jump!(instruction, Gt, 0, local!(instruction.b()), Value::int(instruction.sc()));
                }
                Op::GeLocalIntJump => {
                    compare_jump!(instruction, Ge, 0, local!(instruction.b()), Value::int(instruction.sc()));
                }
                Op::EqLocalIntJump => {
                    compare_jump!(instruction, Eq, 0, local!(instruction.b()), Value::int(instruction.sc()));
                }
                Op::NeLocalIntJump => {
                    compare_jump!(instruction, Ne, 0, local!(instruction.b()), Value::int(instruction.sc()));
                }
                Op::LtIntJump => compare_jump!(instruction, Lt, 1, peek!(0), Value::int(instruction.sc())),
                Op::LeIntJump => compare_jump!(instruction, Le, 1, peek!(0), Value::int(instruction.sc())),
                Op::GtIntJump => compare_jump!(instruction, Gt, 1, peek!(0), Value::int(instruction.sc())),
                Op::GeIntJump => compare_jump!(instruction, Ge, 1, peek!(0), Value::int(instruction.sc())),
                Op::EqIntJump => compare_jump!(instruction, Eq, 1, peek!(0), Value::int(instruction.sc())),
                Op::NeIntJump => compare_jump!(instruction, Ne, 1, peek!(0), Value::int(instruction.sc())),
                Op::LtConstJump => compare_jump!(instruction, Lt, 1, peek!(0), constant!(instruction)),
                Op::LeConstJump => compare_jump!(instruction, Le, 1, peek!(0), constant!(instruction)),
                Op::GtConstJump => compare_jump!(instruction, Gt, 1, peek!(0), constant!(instruction)),
                Op::GeConstJump => compare_jump!(instruction, Ge, 1, peek!(0), constant!(instruction)),
                Op::EqConstJump => compare_jump!(instruction, Eq, 1, peek!(0), constant!(instruction)),
                Op::NeConstJump => compare_jump!(instruction, Ne, 1, peek!(0), constant!(instruction)),
                op @ (Op::LocalEqConstJumpIfTrue | Op::LocalEqConstJumpIfFalse) => {
                    let sense = op == Op::LocalEqConstJumpIfTrue;
                    compare_jump!(sense => Eq, 0, local!(instruction.a()), constant!(instruction));
                }
                Op::LocalJump => {
                    let (sense, distance) = (instruction.a() != 0, unsafe { ip.read() } as i32);
                    ip = unsafe { ip.add(1) };
                    let value = local!(instruction.b());
                    truth_of!(value, 0, Deliver::JumpIf { sense, distance }, |truth| if truth == sense {
                        jump!(distance);
                    });
                }
                Op::JumpIfFalse => {
                    let distance = instruction.sax();
                    truth_of!(peek!(0), 1, Deliver::JumpIf { sense: false, distance }, |truth| if !truth {
                        jump!(distance);
                    });
                }
                Op::JumpIfTrue => {
                    let distance = instruction.sax();
                    truth_of!(peek!(0), 1, Deliver::JumpIf { sense: true, distance }, |truth| if truth {
                        jump!(distance);
                    });
                }
                Op::JumpIfFalseOrPop => {
                    let distance = instruction.sax();
                    truth_of!(peek!(0), 0, Deliver::JumpIfOrPop { sense: false, distance }, |truth| if truth {
                        sp = unsafe { sp.sub(1) };
                    } else {
                        jump!(distance);
                    });
                }
                Op::JumpIfTrueOrPop => {
                    let distance = instruction.sax();
                    truth_of!(peek!(0), 0, Deliver::JumpIfOrPop { sense: true, distance }, |truth| if truth {
                        jump!(distance);
                    } else {
                        sp = unsafe { sp.sub(1) };
                    });
                }
                Op::GetIter => {
                    let value = peek!(0);
                    slow!(1, |cx| operate::iterate::iter(cx, value));
                }
                // A pair that is not at hand is taken apart by the `UnpackSequence` that follows.
                Op::ForIter | Op::ForIterPair => {
                    let iterator = peek!(0);
                    for_step!(iterator, OnReturn::GeneratorFor, instruction.sax());
                }
                Op::ForIterStore => {
                    let iterator = peek!(0);
                    let distance = unsafe { ip.read() } as i32;
                    ip = unsafe { ip.add(1) };
                    for_step!(iterator, OnReturn::GeneratorForStore, distance);
                }

                Op::BuildSet => {
                    let count = instruction.ax() as usize;
                    let items = unsafe { std::slice::from_raw_parts(sp.sub(count), count) };
                    slow!(count, |cx| construct::build_set(cx, items));
                }
                Op::BuildDict => {
                    let count = 2 * instruction.ax() as usize;
                    let items = unsafe { std::slice::from_raw_parts(sp.sub(count), count) };
                    slow!(count, |cx| construct::build_dict(cx, items));
                }
                Op::BuildString => {
                    let count = instruction.ax() as usize;
                    let parts = unsafe { std::slice::from_raw_parts(sp.sub(count), count) };
                    slow!(count, |cx| construct::build_string(cx, parts));
                }
                Op::BuildSlice => {
                    let count = instruction.a() as usize;
                    let parts = unsafe { std::slice::from_raw_parts(sp.sub(count), count) };
                    let step = parts.get(2).copied().unwrap_or(Value::NONE);
                    let slice = self.heap.value(crate::heap::Slice { start: parts[0], stop: parts[1], step });
                    sp = unsafe { sp.sub(count) };
                    push!(slice);
                }
                Op::SetAdd => {
                    let (value, set) = (peek!(0), peek!(1 + instruction.a() as usize));
                    let set = set.as_gc::<Set>().expect("the compiler built a set");
                    slow_drop!(1, |cx| operate::lookup::set_add(cx, set, value));
                }
                Op::DictAdd => {
                    let (key, value, dict) = (peek!(1), peek!(0), peek!(2 + instruction.a() as usize));
                    let dict = dict.as_gc::<Dict>().expect("the compiler built a dict");
                    slow_drop!(2, |cx| operate::lookup::dict_set(cx, dict, key, value));
                }
                Op::ListExtend => {
                    let (list, iterable) = (peek!(1), peek!(0));
                    let callee = if instruction.a() == 0 { Value::UNDEFINED } else { peek!(2) };
                    slow!(2, |cx| construct::list_extend(cx, list, iterable, callee));
                }
                Op::SetUpdate => {
                    let (set, iterable) = (peek!(1), peek!(0));
                    slow!(2, |cx| construct::set_update(cx, set, iterable));
                }
                Op::DictUpdate => {
                    let (dict, mapping) = (peek!(1), peek!(0));
                    slow!(2, |cx| construct::dict_update(cx, dict, mapping));
                }
                Op::StarArguments => {
                    let (callee, iterable) = (peek!(1), peek!(0));
                    slow!(1, |cx| construct::star_arguments(cx, iterable, callee));
                }
                Op::StarKeywords => {
                    let (callee, mapping) = (peek!(2), peek!(0));
                    slow!(1, |cx| construct::star_keywords(cx, mapping, callee));
                }
                Op::DictMerge => {
                    let (dict, mapping) = (peek!(1), peek!(0));
                    let callee = peek!(1 + instruction.a() as usize);
                    slow!(2, |cx| construct::dict_merge(cx, dict, mapping, callee));
                }
                Op::ListToTuple => {
                    let list = peek!(0);
                    let items = list.as_gc::<List>().expect("the compiler built a list").get(&self.heap).to_values();
                    unsafe { sp.sub(1).write(self.heap.tuple(&items)) };
                }
                Op::UnpackSequence => {
                    let (value, count) = (peek!(0), instruction.ax() as usize);
                    save!();
                    after!(self.unpack(value, count, waker));
                }
                Op::UnpackStar => {
                    let value = peek!(0);
                    save!();
                    match self.unpack_star(value, instruction.a(), instruction.b(), waker) {
                        Ok(next) => after!(next),
                        Err(raise) => raise!(raise),
                    }
                }
                Op::FormatValue => {
                    let has_spec = instruction.b() != 0;
                    let pops = 1 + usize::from(has_spec);
                    let (value, spec) = if has_spec { (peek!(1), peek!(0)) } else { (peek!(0), Value::UNDEFINED) };
                    slow!(pops, |cx| construct::format_value(cx, value, instruction.a(), spec));
                }

                Op::MakeFunction => {
                    save!();
                    let value = self.make_function(unsafe { &*function }, instruction.a(), instruction.bx());
                    sp = unsafe { self.fiber.stack.as_mut_ptr().add(self.fiber.height) };
                    push!(value);
                }
                Op::Call => {
                    save!();
                    after!(self.call_positional(instruction.a() as usize, waker));
                }
                Op::CallMethod => {
                    let mut argc = instruction.a() as usize + 1;
                    if peek!(argc).is_undefined() {
                        // [undefined, callable, args...]: drop the hole by moving the callable into it.
                        unsafe {
                            let hole = sp.sub(argc + 1);
                            std::ptr::copy(hole.add(1), hole, argc);
                            sp = sp.sub(1);
                        }
                        argc -= 1;
                    }
                    save!();
                    after!(self.call_positional(argc, waker));
                }
                Op::CallKeywords | Op::CallMethodKeywords => {
                    let mut argc = instruction.a() as usize;
                    if instruction.op() == Op::CallMethodKeywords {
                        argc += 1;
                        if peek!(argc).is_undefined() {
                            unsafe {
                                let hole = sp.sub(argc + 1);
                                std::ptr::copy(hole.add(1), hole, argc);
                                sp = sp.sub(1);
                            }
                            argc -= 1;
                        }
                    }
                    let names = unsafe { consts.add(instruction.bx() as usize).read() };
                    save!();
                    after!(self.call_keywords(argc, names, waker));
                }
                Op::CallUnpacked => {
                    save!();
                    after!(self.call_unpacked(instruction.a() != 0, waker));
                }
                Op::Return => {
                    let value = pop!();
                    save!();
                    after!(self.return_from(value, waker));
                }
                Op::YieldValue => {
                    let value = pop!();
                    save!();
                    after!(self.yield_value(value, waker));
                }
                Op::Send => {
                    save!();
                    match self.send_step(waker) {
                        Ok(Stepped::Item(value)) => unsafe { sp.sub(1).write(value) },
                        Ok(Stepped::End) => unreachable!("send_step pushes the result itself"),
                        Ok(Stepped::Next(next)) => after!(next),
                        Err(raise) => raise!(raise),
                    }
                }

                Op::Raise => {
                    let count = instruction.a() as usize;
                    let (exception, cause) = match count {
                        0 => (Value::UNDEFINED, Value::UNDEFINED),
                        1 => (peek!(0), Value::UNDEFINED),
                        _ => (peek!(1), peek!(0)),
                    };
                    save!();
                    after!(self.raise_statement(exception, cause, waker));
                }
                Op::Reraise => {
                    let exception = pop!();
                    save!();
                    after!(self.unwind_again(exception, waker));
                }
                Op::PushHandled => {
                    let exception = peek!(0);
                    unsafe { sp.sub(1).write(self.fiber.handling) };
                    push!(exception);
                    self.fiber.handling = exception;
                }
                Op::PopHandled => self.fiber.handling = pop!(),
                Op::RestoreHandled => {
                    let exception = pop!();
                    self.fiber.handling = peek!(0);
                    unsafe { sp.sub(1).write(exception) };
                }
                Op::ExceptionMatches => {
                    let (exception, class) = (peek!(1), peek!(0));
                    save!();
                    match self.exception_matches(exception, class) {
                        Ok(truth) => unsafe { sp.sub(1).write(Value::bool(truth)) },
                        Err(raise) => raise!(raise),
                    }
                }
                Op::EnterWith => {
                    save!();
                    let manager = peek!(0);
                    let (exit, enter) = match self.enter_with(manager) {
                        Ok(found) => found,
                        Err(raise) => raise!(raise),
                    };
                    unsafe { sp.sub(1).write(exit) };
                    slow!(0, |cx| exceptions::call_enter(cx, enter, manager));
                }
                Op::ExitWith => {
                    let (exit, exception) = (peek!(2), peek!(0));
                    slow!(0, |cx| exceptions::call_exit(cx, exit, exception));
                }

                Op::ImportName => {
                    let (level, names) = (peek!(1), peek!(0));
                    let name = Isolate::name_text(unsafe { &*function }, instruction.ax() as usize);
                    slow!(2, |cx| import::import_name(cx, &name, level, names));
                }
                Op::ImportFrom => {
                    let module = peek!(0);
                    let name = Isolate::name_text(unsafe { &*function }, instruction.ax() as usize);
                    slow!(0, |cx| import::import_from(cx, module, &name));
                }
                Op::ImportStar => {
                    let module = peek!(0);
                    save!();
                    if let Err(raise) = self.import_star(module) {
                        raise!(raise);
                    }
                    sp = unsafe { sp.sub(1) };
                }

                Op::MatchLength => {
                    let value = peek!(0);
                    slow!(0, |cx| operate::iterate::length(cx, value));
                }
                Op::MatchSequence => {
                    let value = peek!(0);
                    push!(Value::bool(self.is_pattern_sequence(value)));
                }
                Op::MatchMapping => {
                    let value = peek!(0);
                    push!(Value::bool(self.is_pattern_mapping(value)));
                }
                Op::MatchKeys => {
                    let (subject, keys) = (peek!(1), peek!(0));
                    slow!(0, |cx| patterns::match_keys(cx, subject, keys));
                }
                Op::MatchClass => {
                    let (subject, class, names) = (peek!(2), peek!(1), peek!(0));
                    let positional = instruction.a() as usize;
                    slow!(3, |cx| patterns::match_class(cx, subject, class, names, positional));
                }
            }
        }
        done!()
    }
}

/// The result of stepping an iterator from `for`.
pub(crate) enum Stepped {
    /// The next value.
    Item(Value),
    /// Exhausted.
    End,
    /// Frames were entered: reload.
    Next(Next),
}
