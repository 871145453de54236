//! The hot loop: the common case of the ops that programs spend their time in, with the machine state in registers.
//!
//! Every op has a *handler*: a function of the machine state (isolate, instruction pointer, stack pointer, locals, frame,
//! instruction word: what the calling convention keeps in registers) that ends by calling the handler of the next instruction,
//! in tail position. Optimized, that call is one indirect jump: there is no loop, each handler has registers of its own, and a
//! path that needs many of them, or calls something, costs the other paths nothing. (Measured against the loop with one
//! `match` that this replaced: a dispatch was 13 instructions, most of them copies between registers, and is 5.)
//!
//! Rust does not promise that calls in tail position are jumps, so `build.rs` chooses: in optimized builds for processors
//! whose calling convention is known to do it, the cfg `threaded` is set (and a test runs a loop of millions of instructions
//! on a small stack); elsewhere a handler writes the state to the fiber and returns, and [`Isolate::execute`] calls the next.
//!
//! For that, a handler must not keep anything on the Rust stack whose address it hands out, nor anything to be dropped: the
//! call at its end would have to come back for it. What needs such things (results that are no plain words, arrays) is done
//! by functions of `&mut Isolate` that are not inlined and return words (`out_of_line.rs`).
//!
//! A handler finishes its instruction without raising, suspending or running other code, or gives up before it has
//! changed anything ([`Machine::general`]): then the state is saved and [`Isolate::step`] executes that same instruction in
//! general. Handlers come in two parts where it pays: the one in the table has the fast path, and what is rarer is a second
//! handler, `#[inline(never)]`, that it jumps to. `ip` points at the instruction being executed until a handler advances it,
//! so giving up needs no repair.
//!
//! See the module `run` for why the unchecked accesses are sound; what is added here: `frame` and the frames below it
//! are within `fiber.frames`' capacity, whose length is only set when the state is saved, and `frame_end` and `stack_end`
//! bound what a call may use.
#![expect(unsafe_code, reason = "verified code runs unchecked; argued in the module documentation of `run`")]
#![allow(
    clippy::undocumented_unsafe_blocks,
    clippy::missing_safety_doc,
    reason = "the handlers' blocks and contracts share one argument, in the module documentation"
)]

/// Defines handlers: functions of the machine state, which the body has as `$m`.
macro_rules! handlers {
    ($(
        $(#[$attribute:meta])*
        fn $name:ident $(<$($generic:ident: $bound:ident),*>)? ($iso:ident, $m:ident) $body:block
    )*) => { $(
        $(#[$attribute])*
        pub(super) unsafe fn $name $(<$($generic: $bound),*>)? (
            $iso: &mut Isolate,
            ip: *const u32,
            sp: *mut Value,
            base: *mut Value,
            frame: *mut Frame,
            word: Instruction,
        ) -> Leave {
            #[allow(unused_mut, reason = "some handlers only look")]
            let mut $m = Machine { ip, sp, base, frame, word };
            // SAFETY: see the module documentation of `run::hot`.
            unsafe { $body }
        }
    )* };
}

mod arith;
mod attrs;
mod build;
mod calls;
mod compare;
mod iter;
mod stack;
mod table;

use std::hint::black_box;
use std::task::Waker;

use super::{Exit, Next};
use crate::fiber::{Frame, HotState};
use crate::heap::Function;
use crate::isolate::Isolate;
use crate::op::Instruction;
use crate::run::call::Invoked;
use crate::value::Value;

/// Why the handlers returned to [`Isolate::execute`]. The state has been saved.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[repr(u8)]
pub(super) enum Leave {
    /// The instruction is to be executed in general.
    General,
    /// There is no fuel: a collection, the end of the slice, an interrupt.
    Safepoint,
    /// The exception in `fiber.pending` was raised.
    Raised,
    /// A native has returned something else than a value: it is in `fiber.pending`, and its result is due at `fiber.hot.at`.
    Returned,
    /// The next handler is to be called (not `threaded` only).
    #[cfg(not(threaded))]
    Next,
}

/// A handler.
pub(super) type Handler = unsafe fn(&mut Isolate, *const u32, *mut Value, *mut Value, *mut Frame, Instruction) -> Leave;

/// The machine state of a handler, but for the isolate.
#[derive(Clone, Copy)]
struct Machine {
    /// The instruction being executed.
    ip: *const u32,
    /// One beyond the top of the stack.
    sp: *mut Value,
    /// The first local.
    base: *mut Value,
    frame: *mut Frame,
    /// What is at `ip`.
    word: Instruction,
}

impl Machine {
    /// Goes on with the instruction at `ip`.
    #[inline(always)]
    unsafe fn go(self, iso: &mut Isolate) -> Leave {
        #[cfg(threaded)]
        unsafe {
            let Machine { ip, sp, base, frame, .. } = self;
            let word = Instruction(ip.read());
            (table::HANDLERS[usize::from(word.0 as u8)])(iso, ip, sp, base, frame, word)
        }
        #[cfg(not(threaded))]
        unsafe {
            (*self.frame).ip = self.ip;
            (iso.fiber.hot.frame, iso.fiber.hot.sp) = (self.frame, self.sp);
            Leave::Next
        }
    }

    /// Goes on behind this instruction of so many words.
    #[inline(always)]
    unsafe fn next(mut self, iso: &mut Isolate, words: usize) -> Leave {
        unsafe {
            self.ip = self.ip.add(words);
            self.go(iso)
        }
    }

    /// Goes on at `distance` words after the end of this instruction of `words` words.
    #[inline(always)]
    unsafe fn jump(mut self, iso: &mut Isolate, words: isize, distance: i32) -> Leave {
        unsafe {
            self.ip = self.ip.offset(distance as isize + words);
            if distance < 0 { self.charge(iso) } else { self.go(iso) }
        }
    }

    /// Takes a unit of fuel and goes on with the instruction at `ip`, or stops in front of it.
    #[inline(always)]
    unsafe fn charge(self, iso: &mut Isolate) -> Leave {
        iso.heap.fuel.left -= 1;
        if iso.heap.fuel.left <= 0 { unsafe { self.call(iso, leave_safepoint) } } else { unsafe { self.go(iso) } }
    }

    /// Jumps to another handler for the same instruction.
    #[inline(always)]
    unsafe fn call(self, iso: &mut Isolate, handler: Handler) -> Leave {
        let Machine { ip, sp, base, frame, word } = self;
        unsafe { handler(iso, ip, sp, base, frame, word) }
    }

    /// The same for a handler that has changed nothing: what it has not needed itself is read again, so that its own path
    /// need not keep it in registers.
    #[inline(always)]
    unsafe fn retry(mut self, iso: &mut Isolate, handler: Handler) -> Leave {
        unsafe {
            self.word = Instruction(self.ip.read());
            self.call(iso, handler)
        }
    }

    /// The same, also for the locals.
    #[inline(always)]
    unsafe fn retry_rebased(mut self, iso: &mut Isolate, handler: Handler) -> Leave {
        unsafe {
            self.base = iso.fiber.hot.stack.add((*self.frame).base as usize);
            self.retry(iso, handler)
        }
    }

    /// Leaves the instruction, of which nothing has been done, to [`Isolate::step`].
    #[inline(always)]
    unsafe fn general(self, iso: &mut Isolate) -> Leave {
        unsafe { self.call(iso, leave_general) }
    }

    /// The instruction, of so many words, has raised what is in `fiber.pending`.
    #[inline(always)]
    unsafe fn raised(mut self, iso: &mut Isolate, words: usize) -> Leave {
        unsafe {
            self.ip = self.ip.add(words);
            self.call(iso, leave_raised)
        }
    }

    /// Puts the state where the rest of the machine has it.
    #[inline(always)]
    unsafe fn save(self, iso: &mut Isolate) {
        unsafe {
            (*self.frame).ip = self.ip;
            iso.fiber.height = self.sp.offset_from(iso.fiber.hot.stack) as usize;
            iso.fiber.frames.set_len(self.frame.offset_from(iso.fiber.hot.frames) as usize + 1);
        }
    }

    #[inline(always)]
    unsafe fn push(&mut self, value: Value) {
        unsafe {
            self.sp.write(value);
            self.sp = self.sp.add(1);
        }
    }

    #[inline(always)]
    unsafe fn drop_top(&mut self, count: usize) {
        self.sp = unsafe { self.sp.sub(count) };
    }

    /// The value `n` below the top.
    #[inline(always)]
    unsafe fn peek(&self, n: usize) -> Value {
        unsafe { self.sp.sub(1 + n).read() }
    }

    #[inline(always)]
    unsafe fn set_top(&mut self, n: usize, value: Value) {
        unsafe { self.sp.sub(1 + n).write(value) }
    }

    #[inline(always)]
    unsafe fn local(&self, slot: impl Into<u32>) -> Value {
        let slot: u32 = slot.into();
        unsafe { self.base.add(slot as usize).read() }
    }

    #[inline(always)]
    unsafe fn set_local(&self, slot: impl Into<u32>, value: Value) {
        let slot: u32 = slot.into();
        unsafe { self.base.add(slot as usize).write(value) }
    }

    #[inline(always)]
    unsafe fn constant(&self, index: impl Into<u32>) -> Value {
        let index: u32 = index.into();
        unsafe { (*self.frame).consts.add(index as usize).read() }
    }

    #[inline(always)]
    unsafe fn function(&self) -> *mut Function {
        unsafe { (*self.frame).function.as_ptr() }
    }

    /// The second word, of an instruction that has one: a distance.
    #[inline(always)]
    unsafe fn second(&self) -> i32 {
        unsafe { self.ip.add(1).read() as i32 }
    }

    /// Pushes a value and goes on.
    #[inline(always)]
    unsafe fn push_next(mut self, iso: &mut Isolate, value: Value) -> Leave {
        unsafe {
            self.push(value);
            self.next(iso, 1)
        }
    }

    /// Replaces `pops + 1` operands by a value and goes on.
    #[inline(always)]
    unsafe fn replace_next(mut self, iso: &mut Isolate, pops: usize, value: Value) -> Leave {
        unsafe {
            self.drop_top(pops);
            self.set_top(0, value);
            self.next(iso, 1)
        }
    }

    /// Goes back to the frame below.
    #[inline(always)]
    unsafe fn pop_frame(&mut self, iso: &Isolate) {
        unsafe {
            self.frame = self.frame.sub(1);
            self.ip = (*self.frame).ip;
            self.base = iso.fiber.hot.stack.add((*self.frame).base as usize);
        }
    }
}

handlers! {
    #[cold]
    #[inline(never)]
    fn leave_general(iso, m) {
        m.save(iso);
        // Opaque: a caller that knew the result would call instead of jumping here.
        black_box(Leave::General)
    }

    #[cold]
    #[inline(never)]
    fn leave_safepoint(iso, m) {
        m.save(iso);
        black_box(Leave::Safepoint)
    }

    #[cold]
    #[inline(never)]
    fn leave_raised(iso, m) {
        m.save(iso);
        black_box(Leave::Raised)
    }
}

impl Isolate {
    /// Runs until the slice ends. The fiber must have a frame, or a continuation to resume.
    pub(crate) fn execute(&mut self, waker: &Waker) -> Exit {
        let mut next = self.safepoint_next(waker);
        loop {
            if let Next::Exit(exit) = next {
                return exit;
            }
            next = match self.run_handlers() {
                Leave::Safepoint => self.safepoint_next(waker),
                Leave::Raised => match self.fiber.pending.take().map(|pending| *pending) {
                    Some(Err(raise)) => self.unwind(raise, waker),
                    _ => unreachable!("a handler that raises says what"),
                },
                Leave::Returned => {
                    let result = self.fiber.pending.take().expect("a handler whose native returned says what");
                    self.after_invoke(Ok(Invoked::Native(*result)), self.fiber.hot.at, waker)
                }
                _ => self.step(waker),
            };
        }
    }

    /// Executes instructions from the state of the fiber, until one leaves.
    fn run_handlers(&mut self) -> Leave {
        let fiber = &mut self.fiber;
        let (frames, stack) = (fiber.frames.as_mut_ptr(), fiber.stack.as_mut_ptr());
        unsafe {
            let frame = frames.add(fiber.frames.len() - 1);
            fiber.hot = HotState {
                frame,
                sp: stack.add(fiber.height),
                frames,
                frame_end: frames.add(fiber.frames.capacity().min(self.limits.call_depth)),
                stack,
                stack_end: stack.add(fiber.stack.len()),
                at: 0,
            };
            loop {
                let HotState { frame, sp, stack, .. } = self.fiber.hot;
                let (ip, base) = ((*frame).ip, stack.add((*frame).base as usize));
                let word = Instruction(ip.read());
                let leave = (table::HANDLERS[usize::from(word.0 as u8)])(self, ip, sp, base, frame, word);
                #[cfg(not(threaded))]
                if leave == Leave::Next {
                    continue;
                }
                return leave;
            }
        }
    }
}
