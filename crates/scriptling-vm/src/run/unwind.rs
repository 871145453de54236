//! Raising: making exception instances, finding handlers, leaving frames.
#![expect(unsafe_code, reason = "sets the saved instruction pointer of a frame to a verified handler")]

use std::task::Waker;

use super::generator::stop_value;
use super::{Exit, Next};
use crate::error::{ExcClass, Raise, RaiseKind, TracePoint, Traceback};
use crate::fiber::{Frame, OnReturn};
use crate::heap::generator::GeneratorState;
use crate::heap::{Exception, Gc, Generator};
use crate::isolate::Isolate;
use crate::native::Cx;
use crate::value::Value;

impl Isolate {
    /// The instance of what is raised, with its context set.
    pub(crate) fn materialise(&mut self, raise: Raise) -> Gc<Exception> {
        let exception = self.exception_instance(raise);
        let handling = self.fiber.handling;
        let data = exception.get(&self.heap);
        if !handling.is_none() && data.context.is_none() && !handling.same(Value::obj(exception)) {
            self.set_context(exception, handling);
        }
        exception
    }

    /// Sets `__context__`, cutting the chain where it would become a cycle.
    fn set_context(&mut self, exception: Gc<Exception>, context: Value) {
        let mut at = context;
        while let Some(link) = at.as_gc::<Exception>() {
            let next = link.get(&self.heap).context;
            if next.same(Value::obj(exception)) {
                link.get_mut(&mut self.heap).context = Value::NONE;
                break;
            }
            at = next;
        }
        exception.get_mut(&mut self.heap).context = context;
    }

    /// The instance of what is raised.
    pub(crate) fn exception_instance(&mut self, raise: Raise) -> Gc<Exception> {
        match *raise.0 {
            RaiseKind::Instance(exception) => exception.as_gc().expect("only exception instances are raised"),
            RaiseKind::New { class, message, argument } => {
                let class = self.library.exceptions[class as usize];
                let args = match argument {
                    Some(argument) if argument.is_undefined() => self.heap.tuple(&[]),
                    Some(argument) => self.heap.tuple(&[argument]),
                    None if message.is_empty() => self.heap.tuple(&[]),
                    None => {
                        let message = Cx { isolate: self }.str(message);
                        self.heap.tuple(&[message])
                    }
                };
                self.new_exception(class, args)
            }
        }
    }

    /// A fresh exception instance.
    pub(crate) fn new_exception(&mut self, class: Gc<crate::heap::Class>, args: Value) -> Gc<Exception> {
        self.heap.alloc(Exception {
            class,
            args,
            cause: Value::NONE,
            context: Value::NONE,
            suppress_context: false,
            traceback: Traceback::default(),
            attrs: None,
        })
    }

    /// Raises: control goes to the innermost handler, or leaves frames until there is one.
    #[cold]
    pub(crate) fn unwind(&mut self, raise: Raise, waker: &Waker) -> Next {
        let exception = self.materialise(raise);
        self.unwind_frames(exception, true, waker)
    }

    /// Goes on raising an exception that a handler had caught.
    #[cold]
    pub(crate) fn unwind_again(&mut self, exception: Value, waker: &Waker) -> Next {
        let exception = exception.as_gc().expect("handlers re-raise what they were given");
        self.unwind_frames(exception, false, waker)
    }

    fn unwind_frames(&mut self, mut exception: Gc<Exception>, mut add_point: bool, waker: &Waker) -> Next {
        loop {
            let Some(frame) = self.fiber.frames.last().copied() else {
                return Next::Exit(Exit::Uncaught(Value::obj(exception)));
            };
            let code_ref = frame.function.get(&self.heap).code;
            let code = code_ref.get();
            let ip = self.frame_word(&frame);
            if add_point {
                exception.get_mut(&mut self.heap).traceback.points.push(TracePoint { code: code_ref, ip });
            }
            add_point = true;
            if let Some(handler) = code.handler_at(ip)
                && !self.terminating()
            {
                self.fiber.height = frame.base as usize + code.locals.len() + handler.depth as usize;
                let top = self.fiber.frames.last_mut().expect("just looked at");
                // SAFETY: handler targets are verified instruction starts of this code.
                top.ip = unsafe { code.ops.as_ptr().add(handler.target as usize) };
                let height = self.fiber.height;
                // The verifier counted the exception into max_stack, so there is room.
                self.fiber.stack[height] = Value::obj(exception);
                self.fiber.height += 1;
                return Next::Continue;
            }
            self.fiber.frames.pop();
            let below = frame.base as usize - 1;
            match frame.on_return {
                OnReturn::Push | OnReturn::Init => self.fiber.height = below,
                OnReturn::NextFor | OnReturn::NextForStore => {
                    self.fiber.height = below;
                    if (Cx { isolate: self }).is_exception(Value::obj(exception), ExcClass::StopIteration) {
                        self.end_iteration(frame.on_return, exception);
                        return Next::Continue;
                    }
                }
                OnReturn::Finish => {
                    self.fiber.height = below;
                    return Next::Exit(Exit::Uncaught(Value::obj(exception)));
                }
                OnReturn::Continue => {
                    self.fiber.height = below;
                    return self.continue_native(Err(Raise::instance(Value::obj(exception))), waker);
                }
                OnReturn::GeneratorFor | OnReturn::GeneratorForStore | OnReturn::GeneratorSend => {
                    exception = self.fail_generator(below, exception);
                    self.fiber.height = below + 1;
                    // A generator's own cannot come out of it; an adapter's ends the loop.
                    if (Cx { isolate: self }).is_exception(Value::obj(exception), ExcClass::StopIteration) {
                        self.end_iteration(frame.on_return, exception);
                        return Next::Continue;
                    }
                }
                OnReturn::GeneratorCall => {
                    exception = self.fail_generator(below, exception);
                    self.fiber.height = below;
                }
                OnReturn::GeneratorContinue => {
                    exception = self.fail_generator(below, exception);
                    self.fiber.height = below;
                    return self.continue_native(Err(Raise::instance(Value::obj(exception))), waker);
                }
            }
        }
    }

    /// The word of the instruction that a frame is executing.
    pub(crate) fn frame_word(&self, frame: &Frame) -> u32 {
        let start = frame.function.get(&self.heap).code.get().ops.as_ptr();
        let next = (frame.ip.addr() - start.addr()) / size_of::<u32>();
        // A frame that has not started yet (an exception thrown into a fresh generator) stands before word 0.
        next.saturating_sub(1) as u32
    }

    /// What a loop or `yield from` does when the iterator on top of the stack has raised StopIteration.
    fn end_iteration(&mut self, on_return: OnReturn, exception: Gc<Exception>) {
        if on_return == OnReturn::GeneratorSend {
            let value = stop_value(&Cx { isolate: self }, exception);
            return self.finish_send(value);
        }
        self.fiber.height -= 1;
        let one_word = matches!(on_return, OnReturn::GeneratorFor | OnReturn::NextFor);
        let distance = self.jump_behind(if one_word { 1 } else { 2 });
        self.jump_frame(distance);
    }

    /// A generator's frame is left by an exception: it is finished, and StopIteration must not leak out of it. An adapter's
    /// frame is made ready to start again.
    fn fail_generator(&mut self, at: usize, exception: Gc<Exception>) -> Gc<Exception> {
        let generator = self.fiber.stack[at].as_gc::<Generator>().expect("a generator is under its frame");
        let handling = self.fiber.handling;
        let adapter = generator.get(&self.heap).adapter_type(&self.heap).is_some();
        let code = generator.get(&self.heap).function.get(&self.heap).code.get();
        let data = generator.get_mut(&mut self.heap);
        data.state = GeneratorState::Finished;
        self.fiber.handling = std::mem::replace(&mut data.handling, handling);
        if adapter {
            // The frame's slots are still where they were.
            let parameters = code.params.slots() as usize;
            let parameters = &self.fiber.stack[at + 1..at + 1 + parameters];
            generator.start_anew(&mut self.heap, parameters, code.local_count as usize);
            return exception;
        }
        if !(Cx { isolate: self }).is_exception(Value::obj(exception), ExcClass::StopIteration) {
            return exception;
        }
        let error = self.exception_instance(Raise::runtime_error("generator raised StopIteration"));
        let data = error.get_mut(&mut self.heap);
        data.cause = Value::obj(exception);
        data.context = Value::obj(exception);
        data.suppress_context = true;
        error
    }
}
