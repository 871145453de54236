//! Generators: resuming, yielding, returning, and the natives `send`, `throw`, `close`.
#![expect(unsafe_code, reason = "sets saved instruction pointers within the generator's verified code")]

use std::task::Waker;

use super::{Exit, Next, Stepped};
use crate::error::{ExcClass, Raise};
use crate::fiber::{Deliver, Frame, OnReturn};
use crate::heap::generator::GeneratorState;
use crate::heap::{Exception, Function, Gc, Generator, Kind};
use crate::isolate::Isolate;
use crate::native::{Cx, GeneratorAction, GeneratorRequest, NativeResult, Outcome};
use crate::op::{Instruction, Op};
use crate::operate;
use crate::operate::iterate::Step;
use crate::value::Value;

impl Isolate {
    /// Enters the frame of the generator on top of the stack. `Ok(Some(raise))`: the frame is entered and the exception
    /// shall be raised in it.
    pub(crate) fn resume_generator(
        &mut self,
        action: GeneratorAction,
        on_return: OnReturn,
    ) -> Result<Option<Raise>, Raise> {
        let top = self.fiber.stack[self.fiber.height - 1];
        let generator = top.as_gc::<Generator>().expect("callers push the generator");
        let state = generator.get(&self.heap).state;
        match (state, &action) {
            (GeneratorState::Running, _) => return Err(Raise::value_error("generator already executing")),
            (GeneratorState::Created, GeneratorAction::Send(value)) if !value.is_none() => {
                return Err(Raise::type_error("can't send non-None value to a just-started generator"));
            }
            _ => {}
        }
        if self.fiber.frames.len() >= self.limits.call_depth {
            return Err(Raise::new(ExcClass::RecursionError, "maximum recursion depth exceeded"));
        }
        let base = self.fiber.height;
        let function = generator.get(&self.heap).function;
        let code = function.get(&self.heap).code.get();
        self.reserve_stack(code.frame_size as usize + 1)?;
        let handling = self.fiber.handling;
        let slots = generator.slots(&self.heap);
        let count = slots.len();
        self.fiber.stack[base..base + count].copy_from_slice(slots);
        generator.clear_slots(&mut self.heap);
        let data = generator.get_mut(&mut self.heap);
        data.state = GeneratorState::Running;
        self.fiber.handling = std::mem::replace(&mut data.handling, handling);
        let mut ip = data.ip;
        self.fiber.height = base + count;
        let mut raised = None;
        match action {
            GeneratorAction::Send(value) => {
                if state == GeneratorState::Suspended {
                    self.fiber.stack[base + count] = value;
                    self.fiber.height += 1;
                }
            }
            GeneratorAction::Throw(raise) => raised = Some(raise),
            GeneratorAction::Delegated(value) => {
                // At `YieldValue` of `yield from`: [iterator]; behind it `Jump Send`, and Send's jump is the way out.
                self.fiber.stack[self.fiber.height - 1] = value;
                let back = Instruction(code.ops[ip as usize]);
                let send = (ip as i32 + 1 + back.sax()) as usize;
                ip = (send as i32 + 1 + Instruction(code.ops[send]).sax()) as u32;
            }
        }
        // SAFETY: `ip` is an instruction start of this code: saved at a yield, or reached through verified jumps.
        let ip = unsafe { code.ops.as_ptr().add(ip as usize) };
        self.fiber.frames.push(Frame { function, ip, consts: code.consts.as_ptr(), base: base as u32, on_return });
        self.heap.fuel.left -= 1;
        Ok(raised)
    }

    /// Copies the slots of a generator that is `Created` or `Suspended` to `base`, where its frame will be, with what is
    /// sent on top in the latter case. Returns the top.
    ///
    /// # Safety
    /// The generator must be alive, with room for its frame and one more value from `base` on.
    #[inline(always)]
    pub(super) unsafe fn wake(&mut self, generator: Gc<Generator>, base: *mut Value, sent: Value) -> *mut Value {
        // SAFETY: by the contract; no other reference to the generator exists during this call.
        unsafe {
            let mut to = generator.move_slots(base);
            let data = &mut *generator.as_ptr();
            if data.state == GeneratorState::Suspended {
                to.write(sent);
                to = to.add(1);
            }
            data.state = GeneratorState::Running;
            std::mem::swap(&mut self.fiber.handling, &mut data.handling);
            to
        }
    }

    /// Puts the slots from `base` to `top` back into a generator, to go on at the word `ip`.
    ///
    /// # Safety
    /// The generator must be alive, and the range part of the stack.
    #[inline(always)]
    pub(super) unsafe fn suspend(&mut self, generator: Gc<Generator>, base: *const Value, top: *const Value, ip: u32) {
        // SAFETY: by the contract; no other reference to the generator exists during this call.
        unsafe {
            generator.set_slots(base, top.offset_from(base) as usize);
            let data = &mut *generator.as_ptr();
            data.ip = ip;
            data.state = GeneratorState::Suspended;
            std::mem::swap(&mut self.fiber.handling, &mut data.handling);
        }
    }

    /// `YieldValue`: the current frame goes back into its generator.
    pub(crate) fn yield_value(&mut self, value: Value, waker: &Waker) -> Next {
        let frame = self.fiber.frames.pop().expect("the yielding frame");
        let base = frame.base as usize;
        let ip = self.frame_word(&frame) + 1;
        let generator = self.fiber.stack[base - 1].as_gc::<Generator>().expect("a generator is under its frame");
        let slots = &self.fiber.stack[base..self.fiber.height];
        let (from, to) = (slots.as_ptr(), slots.as_ptr_range().end);
        // SAFETY: the generator is on the stack, and so are the slots of its frame.
        unsafe { self.suspend(generator, from, to, ip) };
        self.fiber.height = base;
        match frame.on_return {
            OnReturn::GeneratorContinue => {
                self.fiber.height = base - 1;
                return self.continue_native(Ok(value), waker);
            }
            OnReturn::GeneratorCall => self.fiber.height = base - 1,
            _ => {}
        }
        // `for` and `yield from` keep the generator below; the slot above it held a local, so there is room.
        match self.push_all(&[value]) {
            Ok(()) => Next::Continue,
            Err(raise) => self.unwind(raise, waker),
        }
    }

    /// `Return` from a frame that was not entered by an ordinary call.
    pub(crate) fn return_from(&mut self, value: Value, waker: &Waker) -> Next {
        let frame = self.fiber.frames.pop().expect("the returning frame");
        let below = frame.base as usize - 1;
        match frame.on_return {
            OnReturn::Push | OnReturn::NextFor | OnReturn::NextForStore => unreachable!("the loop handles it"),
            OnReturn::Finish => {
                self.fiber.height = below;
                Next::Exit(Exit::Finished(value))
            }
            OnReturn::Init => {
                self.fiber.height = below + 1;
                if value.is_none() {
                    return Next::Continue;
                }
                let name = Cx { isolate: self }.type_name(value);
                self.unwind(Raise::type_error(format!("__init__() should return None, not '{name}'")), waker)
            }
            OnReturn::Continue => {
                self.fiber.height = below;
                self.continue_native(Ok(value), waker)
            }
            OnReturn::GeneratorFor | OnReturn::GeneratorForStore => {
                self.finish_generator(below);
                self.fiber.height = below;
                let words = if frame.on_return == OnReturn::GeneratorFor { 1 } else { 2 };
                let distance = self.jump_behind(words);
                self.jump_frame(distance);
                Next::Continue
            }
            OnReturn::GeneratorSend => {
                self.finish_generator(below);
                self.fiber.height = below + 1;
                self.finish_send(value);
                Next::Continue
            }
            OnReturn::GeneratorCall => {
                self.finish_generator(below);
                self.fiber.height = below;
                let argument = if value.is_none() { Value::UNDEFINED } else { value };
                self.unwind(Raise::with_argument(ExcClass::StopIteration, argument), waker)
            }
            OnReturn::GeneratorContinue => {
                self.finish_generator(below);
                self.fiber.height = below;
                let argument = if value.is_none() { Value::UNDEFINED } else { value };
                self.continue_native(Err(Raise::with_argument(ExcClass::StopIteration, argument)), waker)
            }
        }
    }

    /// A call whose native wants a generator to be resumed and has nothing to do with the result: the generator takes the
    /// callee's place at `at`, and its frame is entered without a continuation.
    pub(super) fn call_generator(&mut self, request: GeneratorRequest, at: usize, waker: &Waker) -> Next {
        let GeneratorRequest { generator, action, .. } = request;
        self.fiber.stack[at] = Value::obj(generator);
        self.fiber.height = at + 1;
        if generator.get(&self.heap).state == GeneratorState::Finished {
            return self.unwind(Raise::with_argument(ExcClass::StopIteration, Value::UNDEFINED), waker);
        }
        match self.resume_generator(action, OnReturn::GeneratorCall) {
            Ok(_) => self.safepoint_next(waker),
            Err(raise) => self.unwind(raise, waker),
        }
    }

    fn finish_generator(&mut self, at: usize) {
        let generator = self.fiber.stack[at].as_gc::<Generator>().expect("a generator is under its frame");
        let handling = self.fiber.handling;
        generator.clear_slots(&mut self.heap);
        let data = generator.get_mut(&mut self.heap);
        data.state = GeneratorState::Finished;
        self.fiber.handling = std::mem::replace(&mut data.handling, handling);
    }

    /// `ForIter` of anything but the inline cases; the iterator is on top of the stack.
    pub(crate) fn step_iterator(
        &mut self,
        iterator: Value,
        on_return: OnReturn,
        waker: &Waker,
    ) -> Result<Stepped, Raise> {
        if let Some(generator) = iterator.as_gc::<Generator>() {
            if generator.get(&self.heap).state == GeneratorState::Finished {
                return Ok(Stepped::End);
            }
            self.resume_generator(GeneratorAction::Send(Value::NONE), on_return)?;
            return Ok(Stepped::Next(self.safepoint_next(waker)));
        }
        match self.step_native(iterator, 0)? {
            Step::Item(value) => Ok(Stepped::Item(value)),
            Step::End => Ok(Stepped::End),
            Step::Script => {
                let cx = Cx { isolate: self };
                let Some(method) = operate::attr::special(&cx, iterator, "__next__") else {
                    let name = cx.type_name(iterator);
                    return Err(Raise::type_error(format!("'{name}' object is not an iterator")));
                };
                if let Some(function) = method.as_gc::<Function>()
                    && let code = function.get(&self.heap).code.get()
                    && code.fast_args == 1
                {
                    let short = on_return == OnReturn::GeneratorFor;
                    self.push_all(&[method, iterator])?;
                    self.enter(function, code, 1, if short { OnReturn::NextFor } else { OnReturn::NextForStore })?;
                    return Ok(Stepped::Next(self.safepoint_next(waker)));
                }
                let outcome = Outcome::tail_call(method, &[iterator]);
                let words = if on_return == OnReturn::GeneratorFor { 1 } else { 2 };
                Ok(Stepped::Next(self.drive_from_frame(Ok(outcome), Deliver::ForStep(words), waker)))
            }
        }
    }

    pub(super) fn safepoint_next(&mut self, waker: &Waker) -> Next {
        if self.heap.fuel.left > 0 {
            return Next::Continue;
        }
        match self.safepoint() {
            Ok(None) => Next::Continue,
            Ok(Some(exit)) => Next::Exit(exit),
            Err(raise) => self.unwind(raise, waker),
        }
    }

    /// `Send`: `[iterator, value]` on top.
    pub(crate) fn send_step(&mut self, waker: &Waker) -> Result<Stepped, Raise> {
        let height = self.fiber.height;
        let (iterator, value) = (self.fiber.stack[height - 2], self.fiber.stack[height - 1]);
        if let Some(generator) = iterator.as_gc::<Generator>() {
            self.fiber.height -= 1;
            if generator.get(&self.heap).state == GeneratorState::Finished {
                self.finish_send(Value::NONE);
                return Ok(Stepped::Next(Next::Continue));
            }
            self.resume_generator(GeneratorAction::Send(value), OnReturn::GeneratorSend)?;
            return Ok(Stepped::Next(self.safepoint_next(waker)));
        }
        if value.is_none() {
            match self.step_native(iterator, 0)? {
                Step::Item(value) => return Ok(Stepped::Item(value)),
                Step::End => {
                    self.fiber.height -= 1;
                    self.finish_send(Value::NONE);
                    return Ok(Stepped::Next(Next::Continue));
                }
                Step::Script => {}
            }
        }
        let name = if value.is_none() { "__next__" } else { "send" };
        let cx = Cx { isolate: self };
        let Some(method) = operate::attr::special(&cx, iterator, name) else {
            let class = cx.type_name(iterator);
            return Err(Raise::attribute_error(format!("'{class}' object has no attribute '{name}'")));
        };
        let args: &[Value] = if value.is_none() { &[iterator] } else { &[iterator, value] };
        let outcome = Outcome::tail_call(method, args);
        self.fiber.height -= 1;
        Ok(Stepped::Next(self.drive_from_frame(Ok(outcome), Deliver::SendStep, waker)))
    }

    /// The result that a StopIteration carries.
    pub(crate) fn stop_iteration_value(&mut self, raise: Raise) -> Value {
        let exception = self.exception_instance(raise);
        stop_value(&Cx { isolate: self }, exception)
    }
}

/// `StopIteration.value`.
pub(crate) fn stop_value(cx: &Cx<'_>, exception: Gc<Exception>) -> Value {
    let args = exception.get(cx.heap()).args;
    cx.sequence(args).and_then(|args| args.first().copied()).unwrap_or(Value::NONE)
}

pub(crate) fn request(generator: Gc<Generator>, action: GeneratorAction) -> Outcome {
    Outcome::Generator(Box::new(GeneratorRequest { generator, action, then: None }))
}

fn receiver(cx: &Cx<'_>, value: Value) -> Result<Gc<Generator>, Raise> {
    value.as_gc().ok_or_else(|| {
        let name = cx.type_name(value);
        Raise::type_error(format!("descriptor requires a 'generator' object but received '{name}'"))
    })
}

/// The receiver of a method that only generators have. (Sites remember methods by kind, which adapters share.)
fn true_generator(cx: &Cx<'_>, value: Value, method: &str) -> Result<Gc<Generator>, Raise> {
    let generator = receiver(cx, value)?;
    match generator.get(cx.heap()).adapter_type(cx.heap()) {
        Some(adapter) => {
            Err(Raise::attribute_error(format!("'{}' object has no attribute '{method}'", adapter.name())))
        }
        None => Ok(generator),
    }
}

/// `generator.__next__()`
pub(crate) fn next(cx: &mut Cx<'_>, args: &[Value]) -> NativeResult {
    Ok(request(receiver(cx, args[0])?, GeneratorAction::Send(Value::NONE)))
}

/// `generator.send(value)`
pub(crate) fn send(cx: &mut Cx<'_>, args: &[Value]) -> NativeResult {
    Ok(request(true_generator(cx, args[0], "send")?, GeneratorAction::Send(args[1])))
}

/// `generator.throw(exception)` (also the deprecated form with type and value).
pub(crate) fn throw(cx: &mut Cx<'_>, args: &[Value]) -> NativeResult {
    let generator = true_generator(cx, args[0], "throw")?;
    let (exception, value) = (args[1], args[2]);
    if exception.is::<crate::heap::Class>() {
        let kept = cx.keep(args[0]);
        let arguments: &[Value] = if value.is_undefined() || value.is_none() { &[] } else { &[value] };
        return Ok(Outcome::call(exception, arguments, move |cx, made| {
            let generator = receiver(cx, cx.kept(kept))?;
            throw_instance(cx, generator, made?)
        }));
    }
    throw_instance(cx, generator, exception)
}

fn throw_instance(cx: &mut Cx<'_>, generator: Gc<Generator>, exception: Value) -> NativeResult {
    if exception.kind() != Some(Kind::Exception) {
        return Err(Raise::type_error("exceptions must be classes or instances deriving from BaseException"));
    }
    let Some(inner) = delegate(cx, generator) else {
        return Ok(request(generator, GeneratorAction::Throw(Raise::instance(exception))));
    };
    // `yield from`: the exception goes to the inner iterator first.
    let outer = cx.keep(Value::obj(generator));
    let thrown = cx.keep(exception);
    let closing = cx.is_exception(exception, ExcClass::GeneratorExit);
    let method = operate::attr::special(cx, inner, if closing { "close" } else { "throw" });
    let Some(method) = method else {
        return Ok(request(generator, GeneratorAction::Throw(Raise::instance(exception))));
    };
    let args: &[Value] = if closing { &[inner] } else { &[inner, exception] };
    Ok(Outcome::call(method, args, move |cx, result| {
        let generator = receiver(cx, cx.kept(outer))?;
        match result {
            Ok(_) if closing => {
                let exception = cx.kept(thrown);
                Ok(request(generator, GeneratorAction::Throw(Raise::instance(exception))))
            }
            Ok(yielded) => Ok(Outcome::Return(yielded)),
            Err(raise) if cx.isolate.is_stop_iteration(&raise) => {
                let value = cx.isolate.stop_iteration_value(raise);
                Ok(request(generator, GeneratorAction::Delegated(value)))
            }
            Err(raise) => Ok(request(generator, GeneratorAction::Throw(raise))),
        }
    }))
}

/// The iterator that a suspended generator delegates to by `yield from`.
fn delegate(cx: &Cx<'_>, generator: Gc<Generator>) -> Option<Value> {
    let data = generator.get(cx.heap());
    if data.state != GeneratorState::Suspended {
        return None;
    }
    let code = data.function.get(cx.heap()).code.get();
    let yielded = Instruction(code.ops[data.ip as usize - 1]);
    (yielded.op() == Op::YieldValue && yielded.a() == 1).then(|| generator.slots(cx.heap()).last().copied()).flatten()
}

/// `generator.close()`
pub(crate) fn close(cx: &mut Cx<'_>, args: &[Value]) -> NativeResult {
    let generator = true_generator(cx, args[0], "close")?;
    match generator.get(cx.heap()).state {
        GeneratorState::Finished => return Ok(Outcome::Return(Value::NONE)),
        GeneratorState::Created => {
            generator.clear_slots(cx.heap_mut());
            generator.get_mut(cx.heap_mut()).state = GeneratorState::Finished;
            return Ok(Outcome::Return(Value::NONE));
        }
        GeneratorState::Running => return Err(Raise::value_error("generator already executing")),
        GeneratorState::Suspended => {}
    }
    let exit = cx.isolate.exception_instance(Raise::new(ExcClass::GeneratorExit, ""));
    let throw = operate::attr::special(cx, args[0], "throw").expect("generators have throw");
    Ok(Outcome::call(throw, &[args[0], Value::obj(exit)], |cx, result| match result {
        Ok(_) => Err(Raise::runtime_error("generator ignored GeneratorExit")),
        Err(raise) => {
            let exception = Value::obj(cx.isolate.exception_instance(raise));
            let ended = cx.is_exception(exception, ExcClass::GeneratorExit)
                || cx.is_exception(exception, ExcClass::StopIteration);
            if ended { Ok(Outcome::Return(Value::NONE)) } else { Err(Raise::instance(exception)) }
        }
    }))
}
