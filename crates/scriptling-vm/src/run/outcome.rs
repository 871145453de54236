//! Driving outcomes: what natives and operators asked for, one step after the other, without recursion.
//!
//! A native that needs a call leaves a [`Continuation`] on the fiber and the callee's frame runs; when that returns (or
//! raises) the continuation goes on and may ask for the next thing. `drive` is that loop. Where the final value goes is
//! a [`Deliver`].
#![expect(unsafe_code, reason = "moves the saved instruction pointer of the current frame")]

use std::task::{Poll, Waker};

use super::call::Invoked;
use super::{Exit, Next};
use crate::error::{ExcClass, Raise};
use crate::fiber::{Continuation, Deliver, OnReturn};
use crate::heap::generator::GeneratorState;
use crate::heap::{Gc, List, Tuple};
use crate::isolate::Isolate;
use crate::native::{CallRequest, Cx, GeneratorAction, GeneratorRequest, NativeResult, Outcome, returned};
use crate::op::Instruction;
use crate::operate;
use crate::value::Value;

impl Isolate {
    /// Drives an outcome of an op of the current frame: the operands are popped, the result goes to the live height.
    pub(crate) fn drive_from_frame(&mut self, result: NativeResult, deliver: Deliver, waker: &Waker) -> Next {
        let (at, kept_base) = (self.fiber.height, self.fiber.kept_base);
        self.drive(result, deliver, at, kept_base, waker)
    }

    /// Follows `result` until it is delivered, a frame was entered, the fiber parks, or an exception unwinds.
    pub(crate) fn drive(
        &mut self,
        mut result: NativeResult,
        mut deliver: Deliver,
        mut at: usize,
        mut kept_base: usize,
        waker: &Waker,
    ) -> Next {
        loop {
            match result {
                Ok(Outcome::Return(value)) => {
                    self.leave_native(at, kept_base);
                    if deliver != Deliver::Resume {
                        return self.deliver(value, deliver, waker);
                    }
                    (result, deliver, at, kept_base) = self.resume_continuation(Ok(value));
                }
                Err(raise) => {
                    self.leave_native(at, kept_base);
                    if deliver != Deliver::Resume {
                        return self.deliver_raise(raise, deliver, waker);
                    }
                    (result, deliver, at, kept_base) = self.resume_continuation(Err(raise));
                }
                Ok(Outcome::Call(_) | Outcome::Generator(_))
                    if self.fiber.continuations.len() > 2 * self.limits.call_depth =>
                {
                    result = Err(Raise::new(ExcClass::RecursionError, "maximum recursion depth exceeded"));
                }
                Ok(Outcome::Call(request)) => {
                    let CallRequest { callee, args, keywords, then } = *request;
                    let continuation =
                        Continuation { then, kept_base: kept_base as u32, result_at: at as u32, deliver };
                    self.fiber.continuations.push(continuation);
                    self.fiber.height = at;
                    self.fiber.kept_base = self.fiber.kept.len();
                    let invoked = match self.push_request(callee, &args, &keywords) {
                        Ok(names) => self.invoke(args.len() + keywords.len(), names, OnReturn::Continue),
                        Err(raise) => Err(raise),
                    };
                    let step = match invoked {
                        Ok(Invoked::Entered) => {
                            // A chain of native steps may not see a back-edge for long: calls charge fuel too.
                            return self.poll_safepoint(waker);
                        }
                        Err(raise) => Err(raise),
                        Ok(Invoked::Native(native)) => match returned(native) {
                            Ok(value) => Ok(value),
                            Err(Err(raise)) => Err(raise),
                            Err(more) => {
                                // The callee itself is not done: its result comes to our continuation through its own.
                                result = more;
                                deliver = Deliver::Resume;
                                at = self.fiber.continuations.last().expect("pushed above").result_at as usize;
                                kept_base = self.fiber.kept_base;
                                continue;
                            }
                        },
                    };
                    (result, deliver, at, kept_base) = self.resume_continuation(step);
                }
                Ok(Outcome::Generator(request)) => {
                    let GeneratorRequest { generator, action, then } = *request;
                    let continuation =
                        Continuation { then, kept_base: kept_base as u32, result_at: at as u32, deliver };
                    self.fiber.continuations.push(continuation);
                    self.fiber.height = at;
                    self.fiber.kept_base = self.fiber.kept.len();
                    let step = match generator.get(&self.heap).state {
                        GeneratorState::Finished => Err(match action {
                            GeneratorAction::Throw(raise) => raise,
                            _ => Raise::with_argument(ExcClass::StopIteration, Value::UNDEFINED),
                        }),
                        _ => match self.push_all(&[Value::obj(generator)]) {
                            Err(raise) => Err(raise),
                            Ok(()) => match self.resume_generator(action, OnReturn::GeneratorContinue) {
                                Ok(None) => return self.poll_safepoint(waker),
                                Ok(Some(raise)) => return self.unwind(raise, waker),
                                Err(raise) => Err(raise),
                            },
                        },
                    };
                    (result, deliver, at, kept_base) = self.resume_continuation(step);
                }
                Ok(Outcome::Wait(mut wait)) => {
                    self.fiber.height = at;
                    match wait.poll(&mut Cx { isolate: self }, waker) {
                        Poll::Ready(ready) => result = ready,
                        Poll::Pending => {
                            let continuation =
                                Continuation { then: None, kept_base: kept_base as u32, result_at: at as u32, deliver };
                            // Nearly always there is no other, and there may be very many parked tasks.
                            if self.fiber.continuations.capacity() == 0 {
                                self.fiber.continuations.reserve_exact(1);
                            }
                            self.fiber.continuations.push(continuation);
                            self.fiber.waiting = Some(wait);
                            return Next::Exit(Exit::Parked);
                        }
                    }
                }
            }
        }
    }

    /// Pushes what a native wants to be called; the names of the keyword arguments, if there are any.
    pub(super) fn push_request(
        &mut self,
        callee: Value,
        args: &[Value],
        keywords: &[(Value, Value)],
    ) -> Result<Option<Gc<Tuple>>, Raise> {
        self.reserve_stack(1 + args.len() + keywords.len())?;
        self.push_all(&[callee])?;
        self.push_all(args)?;
        if keywords.is_empty() {
            return Ok(None);
        }
        let (names, values): (Vec<Value>, Vec<Value>) = keywords.iter().copied().unzip();
        self.push_all(&values)?;
        Ok(Some(self.heap.alloc_tuple(&names)))
    }

    fn poll_safepoint(&mut self, waker: &Waker) -> Next {
        if self.heap.fuel.left > 0 {
            return Next::Continue;
        }
        match self.safepoint() {
            Ok(None) => Next::Continue,
            Ok(Some(exit)) => Next::Exit(exit),
            Err(raise) => self.unwind(raise, waker),
        }
    }

    fn leave_native(&mut self, at: usize, kept_base: usize) {
        self.fiber.kept.truncate(kept_base);
        self.fiber.kept_base = kept_base;
        self.fiber.height = at;
    }

    /// Pops the newest continuation and runs it; what comes of it, and where it goes.
    pub(crate) fn resume_continuation(&mut self, step: Result<Value, Raise>) -> (NativeResult, Deliver, usize, usize) {
        let Continuation { then, kept_base, result_at, deliver } =
            self.fiber.continuations.pop().expect("a frame that continues a native has a continuation");
        self.fiber.kept_base = kept_base as usize;
        self.fiber.height = result_at as usize;
        let result = match then {
            Some(then) => then.resume(&mut Cx { isolate: self }, step),
            None => step.map(Outcome::Return),
        };
        (result, deliver, result_at as usize, kept_base as usize)
    }

    /// The value that a frame with `OnReturn::Continue` returned (or the exception that left it) goes on here.
    pub(crate) fn continue_native(&mut self, step: Result<Value, Raise>, waker: &Waker) -> Next {
        let (result, deliver, at, kept_base) = self.resume_continuation(step);
        self.drive(result, deliver, at, kept_base, waker)
    }

    /// Polls what the fiber is parked on.
    pub(crate) fn poll_waiting(&mut self, waker: &Waker) -> Next {
        let Some(mut wait) = self.fiber.waiting.take() else { return Next::Continue };
        let newest = self.fiber.continuations.last().expect("parking pushed a continuation");
        self.fiber.kept_base = newest.kept_base as usize;
        match wait.poll(&mut Cx { isolate: self }, waker) {
            Poll::Pending => {
                self.fiber.waiting = Some(wait);
                Next::Exit(Exit::Parked)
            }
            Poll::Ready(result) => {
                let Continuation { kept_base, result_at, deliver, .. } =
                    self.fiber.continuations.pop().expect("parking pushed a continuation");
                self.drive(result, deliver, result_at as usize, kept_base as usize, waker)
            }
        }
    }

    /// Puts a final value where its op wants it. The stack is at the height that the op left.
    fn deliver(&mut self, value: Value, deliver: Deliver, waker: &Waker) -> Next {
        let pushed = match deliver {
            Deliver::Push | Deliver::ForStep(_) | Deliver::SendStep => self.push_all(&[value]),
            Deliver::Drop => Ok(()),
            Deliver::StoreLocal(slot) => {
                let base = self.fiber.frames.last().expect("the op's frame").base;
                self.fiber.stack[(base + slot) as usize] = value;
                Ok(())
            }
            Deliver::JumpIf { .. } | Deliver::JumpIfOrPop { .. } | Deliver::PushTruth { .. } => {
                return self.deliver_truth(value, deliver, waker);
            }
            Deliver::PushCallable => self.push_all(&[Value::UNDEFINED, value]),
            Deliver::Unpack(count) => self.deliver_unpacked(value, count as usize),
            Deliver::UnpackStar(before, after) => self.deliver_star(value, before as usize, after as usize),
            Deliver::Resume => unreachable!("drive resumes continuations itself"),
        };
        match pushed {
            Ok(()) => Next::Continue,
            Err(raise) => self.unwind(raise, waker),
        }
    }

    fn deliver_truth(&mut self, value: Value, deliver: Deliver, waker: &Waker) -> Next {
        let Some(truth) = operate::truth_native(&Cx { isolate: self }, value) else {
            let result = operate::truth(&mut Cx { isolate: self }, value);
            // `truth` ends with a bool, so this recurses once.
            return self.drive_from_frame(result, deliver, waker);
        };
        match deliver {
            Deliver::PushTruth { negate } => {
                if let Err(raise) = self.push_all(&[Value::bool(truth != negate)]) {
                    return self.unwind(raise, waker);
                }
            }
            Deliver::JumpIf { sense, distance } if truth == sense => self.jump_frame(distance),
            Deliver::JumpIfOrPop { sense, distance } => {
                if truth == sense {
                    self.jump_frame(distance);
                } else {
                    self.fiber.height -= 1;
                }
            }
            _ => {}
        }
        Next::Continue
    }

    /// Moves the current frame's saved instruction pointer.
    pub(crate) fn jump_frame(&mut self, distance: i32) {
        let frame = self.fiber.frames.last_mut().expect("the op's frame");
        // SAFETY: the distance comes from a verified jump of this frame's code.
        frame.ip = unsafe { frame.ip.offset(distance as isize) };
        if distance < 0 {
            self.heap.fuel.left -= 1;
        }
    }

    /// The jump distance of the op that the saved instruction pointer is just behind: `words` long.
    pub(crate) fn jump_behind(&self, words: u8) -> i32 {
        let frame = self.fiber.frames.last().expect("the op's frame");
        // SAFETY: the op was executed, so its last word is before the instruction pointer.
        let word = unsafe { frame.ip.sub(1).read() };
        if words == 2 { word as i32 } else { Instruction(word).sax() }
    }

    /// An exception instead of a value: loops over script iterators end by StopIteration.
    fn deliver_raise(&mut self, raise: Raise, deliver: Deliver, waker: &Waker) -> Next {
        match deliver {
            Deliver::ForStep(words) if self.is_stop_iteration(&raise) => {
                self.fiber.height -= 1;
                let distance = self.jump_behind(words);
                self.jump_frame(distance);
                Next::Continue
            }
            Deliver::SendStep if self.is_stop_iteration(&raise) => {
                let value = self.stop_iteration_value(raise);
                self.finish_send(value);
                Next::Continue
            }
            _ => self.unwind(raise, waker),
        }
    }

    /// `yield from` got its result: it replaces the iterator on top, and control leaves the loop.
    pub(crate) fn finish_send(&mut self, value: Value) {
        let top = self.fiber.height - 1;
        self.fiber.stack[top] = value;
        let distance = self.jump_behind(1);
        self.jump_frame(distance);
    }

    fn deliver_unpacked(&mut self, value: Value, count: usize) -> Result<(), Raise> {
        let mut items = value.as_gc::<List>().expect("unpack gives a list").get(&self.heap).to_values();
        if items.len() != count {
            return Err(unpack_error(count, items.len()));
        }
        items.reverse();
        self.push_all(&items)
    }

    fn deliver_star(&mut self, value: Value, before: usize, after: usize) -> Result<(), Raise> {
        let items = value.as_gc::<List>().expect("collect gives a list").get(&self.heap).to_values();
        if items.len() < before + after {
            let message =
                format!("not enough values to unpack (expected at least {}, got {})", before + after, items.len());
            return Err(Raise::value_error(message));
        }
        let rest_end = items.len() - after;
        let rest = self.heap.value(List::from_values(&items[before..rest_end]));
        let mut pushed: Vec<Value> = items[rest_end..].iter().rev().copied().collect();
        pushed.push(rest);
        pushed.extend(items[..before].iter().rev());
        self.push_all(&pushed)
    }

    /// `UnpackSequence` of anything but a list or tuple of the right length.
    pub(crate) fn unpack(&mut self, value: Value, count: usize, waker: &Waker) -> Next {
        let result = operate::iterate::unpack(&mut Cx { isolate: self }, value, count);
        self.fiber.height -= 1;
        self.drive_from_frame(result, Deliver::Unpack(count as u32), waker)
    }

    /// `UnpackStar`.
    pub(crate) fn unpack_star(&mut self, value: Value, before: u8, after: u8, waker: &Waker) -> Result<Next, Raise> {
        let result = operate::iterate::collect(&mut Cx { isolate: self }, value);
        self.fiber.height -= 1;
        Ok(self.drive_from_frame(result, Deliver::UnpackStar(before, after), waker))
    }

    /// Whether the exception ends an iteration.
    pub(crate) fn is_stop_iteration(&mut self, raise: &Raise) -> bool {
        match raise.builtin_class() {
            Some(class) => class == ExcClass::StopIteration,
            None => {
                let exception = raise.existing().expect("no builtin class, so an instance");
                Cx { isolate: self }.is_exception(exception, ExcClass::StopIteration)
            }
        }
    }
}

fn unpack_error(expected: usize, got: usize) -> Raise {
    Raise::value_error(if got > expected {
        format!("too many values to unpack (expected {expected})")
    } else {
        format!("not enough values to unpack (expected {expected}, got {got})")
    })
}
