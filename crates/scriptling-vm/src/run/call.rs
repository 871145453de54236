//! Calls: from operands on the stack to a frame, a native's result, or an instance.
//!
//! The callee and its arguments lie on the stack, `[callee, arguments...]`; arguments become the locals of the new frame in
//! place. [`Isolate::invoke`] is the one place that knows how each kind of callable is called; the `Call*` ops and
//! natives that ask for a call (`outcome.rs`) both come through it. How arguments find their parameters is `bind.rs`.
#![expect(
    unsafe_code,
    reason = "arguments are read and moved within the fiber's stack; bounds are argued at each block"
)]

use std::task::Waker;

use smol_str::SmolStr;

use super::Next;
use crate::code::Code;
use crate::error::{ExcClass, Raise};
use crate::fiber::{Deliver, Frame, OnReturn};
use crate::heap::{BoundMethod, Class, Dict, Function, Gc, Kind, List, NativeFunction, StaticMethod, Str, Tuple};
use crate::isolate::Isolate;
use crate::limits;
use crate::native::{CallRequest, Cx, NativeResult, Outcome};
use crate::operate;
use crate::value::Value;

/// Slots of a fiber's first stack: enough for a small task that waits.
const FIRST_STACK: usize = 8;

/// What calling something came to.
pub(crate) enum Invoked {
    /// A frame was entered; the loop goes on there.
    Entered,
    /// A native ran (or an instance was made): its result. The callee and arguments are off the stack.
    Native(NativeResult),
}

impl Isolate {
    /// Makes room for `count` more slots above the live height.
    pub(crate) fn reserve_stack(&mut self, count: usize) -> Result<(), Raise> {
        let needed = self.fiber.height + count;
        if needed > self.fiber.stack.len() {
            if needed > limits::MAX_STACK {
                return Err(Raise::new(ExcClass::RecursionError, "maximum recursion depth exceeded (operand stack)"));
            }
            let size = (self.fiber.stack.len() * 2).max(needed).max(FIRST_STACK);
            if self.strands.is_some() {
                self.heap.charge((size - self.fiber.stack.len()) * size_of::<Value>());
            }
            self.fiber.stack.resize(size, Value::UNDEFINED);
        }
        Ok(())
    }

    /// Enters a function whose `argc` arguments are on top of the stack, already bound to its first slots.
    #[inline]
    pub(crate) fn enter(
        &mut self,
        function: Gc<Function>,
        code: &Code,
        argc: usize,
        on_return: OnReturn,
    ) -> Result<(), Raise> {
        if self.fiber.frames.len() >= self.limits.call_depth {
            return Err(Raise::new(ExcClass::RecursionError, "maximum recursion depth exceeded"));
        }
        let locals = code.locals.len();
        let base = self.fiber.height - argc;
        let needed = base + locals + code.max_stack as usize;
        if needed > self.fiber.stack.len() {
            self.reserve_stack(needed - self.fiber.height)?;
        }
        // SAFETY: `needed` slots were just made sure of, and `argc <= locals`.
        unsafe {
            let stack = self.fiber.stack.as_mut_ptr();
            for slot in base + argc..base + locals {
                stack.add(slot).write(Value::UNDEFINED);
            }
        }
        self.fiber.height = base + locals;
        self.fiber.frames.push(Frame {
            function,
            ip: code.ops.as_ptr(),
            consts: code.consts.as_ptr(),
            base: base as u32,
            on_return,
        });
        self.heap.fuel.left -= 1;
        Ok(())
    }

    /// `Op::Call` in general: `argc` positional arguments.
    pub(crate) fn call_positional(&mut self, argc: usize, waker: &Waker) -> Next {
        let at = self.fiber.height - argc - 1;
        let invoked = self.invoke(argc, None, OnReturn::Push);
        self.after_invoke(invoked, at, waker)
    }

    /// `Op::CallKeywords`: the last of `argc` arguments are named by the tuple `names`.
    pub(crate) fn call_keywords(&mut self, argc: usize, names: Value, waker: &Waker) -> Next {
        let names = names.as_gc::<Tuple>().expect("the compiler passes a tuple of names");
        let at = self.fiber.height - argc - 1;
        let invoked = self.invoke(argc, Some(names), OnReturn::Push);
        self.after_invoke(invoked, at, waker)
    }

    /// `Op::CallUnpacked`: callee, list or tuple of arguments, and maybe a dict of keywords.
    pub(crate) fn call_unpacked(&mut self, has_keywords: bool, waker: &Waker) -> Next {
        let keywords = has_keywords.then(|| {
            self.fiber.height -= 1;
            self.fiber.stack[self.fiber.height].as_gc::<Dict>().expect("the compiler built a dict")
        });
        self.fiber.height -= 1;
        let at = self.fiber.height - 1;
        let invoked = self.push_unpacked(self.fiber.stack[at + 1], keywords);
        let invoked = invoked.and_then(|(argc, names)| self.invoke(argc, names, OnReturn::Push));
        self.after_invoke(invoked, at, waker)
    }

    /// Pushes the arguments of `CallUnpacked`: how many they are, and the names of the last of them.
    fn push_unpacked(&mut self, args: Value, keywords: Option<Gc<Dict>>) -> Result<(usize, Option<Gc<Tuple>>), Raise> {
        let mut argc = 0;
        if let Some(tuple) = args.as_gc::<Tuple>() {
            argc = tuple.count();
            self.reserve_stack(argc)?;
            let height = self.fiber.height;
            self.fiber.stack[height..height + argc].copy_from_slice(tuple.items(&self.heap));
        } else if let Some(list) = args.as_gc::<List>() {
            argc = list.get(&self.heap).len();
            self.reserve_stack(argc)?;
            let places = self.fiber.stack[self.fiber.height..].iter_mut();
            places.zip(list.get(&self.heap).iter()).for_each(|(place, item)| *place = item);
        }
        self.fiber.height += argc;
        let Some(keywords) = keywords.filter(|keywords| !keywords.get(&self.heap).table.is_empty()) else {
            return Ok((argc, None));
        };
        let count = keywords.get(&self.heap).table.len();
        self.reserve_stack(count)?;
        let (mut few, mut many) = ([Value::UNDEFINED; 8], Vec::new());
        let names: &mut [Value] = if count <= few.len() {
            &mut few[..count]
        } else {
            many.resize(count, Value::UNDEFINED);
            &mut many
        };
        let places = names.iter_mut().zip(&mut self.fiber.stack[self.fiber.height..]);
        for ((name, place), entry) in places.zip(keywords.get(&self.heap).table.iter()) {
            (*name, *place) = (entry.key, entry.value);
        }
        self.fiber.height += count;
        Ok((argc + count, Some(self.heap.alloc_tuple(names))))
    }

    /// Pushes values, making room.
    pub(crate) fn push_all(&mut self, values: &[Value]) -> Result<(), Raise> {
        self.reserve_stack(values.len())?;
        let height = self.fiber.height;
        self.fiber.stack[height..height + values.len()].copy_from_slice(values);
        self.fiber.height += values.len();
        Ok(())
    }

    pub(super) fn after_invoke(&mut self, invoked: Result<Invoked, Raise>, at: usize, waker: &Waker) -> Next {
        match invoked {
            Ok(Invoked::Entered) => {
                if self.heap.fuel.left <= 0 {
                    return match self.safepoint() {
                        Ok(None) => Next::Continue,
                        Ok(Some(exit)) => Next::Exit(exit),
                        Err(raise) => self.unwind(raise, waker),
                    };
                }
                Next::Continue
            }
            Ok(Invoked::Native(Ok(Outcome::Return(value)))) => {
                let kept_base = self.fiber.kept_base;
                self.fiber.kept.truncate(kept_base);
                self.fiber.stack[at] = value;
                self.fiber.height = at + 1;
                Next::Continue
            }
            Ok(Invoked::Native(result)) => {
                let kept_base = self.fiber.kept_base;
                match result.map(Outcome::into_sending) {
                    Ok(Ok(request)) => {
                        self.fiber.kept.truncate(kept_base);
                        self.call_generator(request, at, waker)
                    }
                    Ok(Err(outcome)) => match outcome.into_tail_call() {
                        Ok(request) => self.call_instead(&request, at, waker),
                        Err(outcome) => self.drive(Ok(outcome), Deliver::Push, at, kept_base, waker),
                    },
                    Err(raise) => self.drive(Err(raise), Deliver::Push, at, kept_base, waker),
                }
            }
            Err(raise) => self.unwind(raise, waker),
        }
    }

    /// A call whose native wants another call to be made in its place: the callee and arguments are replaced, so that no
    /// continuation is needed. If that asks for more again, it is left to `drive`, which bounds such chains.
    fn call_instead(&mut self, request: &CallRequest, at: usize, waker: &Waker) -> Next {
        let kept_base = self.fiber.kept_base;
        self.fiber.kept.truncate(kept_base);
        self.fiber.height = at;
        let CallRequest { callee, args, keywords, .. } = request;
        let invoked = self.push_request(*callee, args, keywords);
        match invoked.and_then(|names| self.invoke(args.len() + keywords.len(), names, OnReturn::Push)) {
            Ok(Invoked::Native(result)) => self.drive(result, Deliver::Push, at, kept_base, waker),
            invoked => self.after_invoke(invoked, at, waker),
        }
    }

    /// Calls `[callee, argc arguments]` on top of the stack. The last arguments have these names.
    pub(crate) fn invoke(
        &mut self,
        mut argc: usize,
        names: Option<Gc<Tuple>>,
        on_return: OnReturn,
    ) -> Result<Invoked, Raise> {
        loop {
            let at = self.fiber.height - argc - 1;
            let callee = self.fiber.stack[at];
            match callee.kind() {
                Some(Kind::Function) => {
                    let function = callee.as_gc::<Function>().expect("kind was tested");
                    return self.invoke_function(function, argc, names, on_return);
                }
                Some(Kind::NativeFunction) => {
                    let native = callee.as_gc::<NativeFunction>().expect("kind was tested");
                    return Ok(Invoked::Native(self.invoke_native(native, argc, names)));
                }
                Some(Kind::BoundMethod) => {
                    let method = callee.as_gc::<BoundMethod>().expect("kind was tested").get(&self.heap);
                    let (function, receiver) = (method.function, method.receiver);
                    self.insert_argument(at, receiver)?;
                    self.fiber.stack[at] = function;
                    argc += 1;
                }
                Some(Kind::Class) => {
                    let class = callee.as_gc::<Class>().expect("kind was tested");
                    return self.invoke_class(class, argc, names, on_return);
                }
                Some(Kind::StaticMethod) => {
                    self.fiber.stack[at] =
                        callee.as_gc::<StaticMethod>().expect("kind was tested").get(&self.heap).function;
                }
                _ => {
                    let cx = Cx { isolate: self };
                    let Some(method) = operate::attr::special(&cx, callee, "__call__") else {
                        let name = cx.type_name(callee);
                        return Err(Raise::type_error(format!("'{name}' object is not callable")));
                    };
                    self.insert_argument(at, callee)?;
                    self.fiber.stack[at] = method;
                    argc += 1;
                }
            }
        }
    }

    /// Inserts a first argument behind the callee at `at`.
    pub(crate) fn insert_argument(&mut self, at: usize, value: Value) -> Result<(), Raise> {
        self.reserve_stack(1)?;
        let height = self.fiber.height;
        self.fiber.stack.copy_within(at + 1..height, at + 2);
        self.fiber.stack[at + 1] = value;
        self.fiber.height += 1;
        Ok(())
    }

    pub(crate) fn invoke_function(
        &mut self,
        function: Gc<Function>,
        argc: usize,
        names: Option<Gc<Tuple>>,
        on_return: OnReturn,
    ) -> Result<Invoked, Raise> {
        let code = function.get(&self.heap).code.get();
        let bound = self.bind_function(function, code, argc, names)?;
        if code.is_generator {
            let start = self.fiber.height - bound;
            let parameters = &self.fiber.stack[start..self.fiber.height];
            let generator =
                self.heap.alloc_generator(function, code.frame_size as usize, parameters, code.locals.len());
            let generator = Value::obj(generator);
            return Ok(Invoked::Native(Ok(Outcome::Return(generator))));
        }
        self.enter(function, code, bound, on_return)?;
        Ok(Invoked::Entered)
    }

    /// `__qualname__` of a function.
    pub(crate) fn qualname(&self, function: Gc<Function>) -> SmolStr {
        let function = function.get(&self.heap);
        match function.qualname.as_gc::<Str>() {
            Some(name) => name.get(&self.heap).to_smol(),
            None => function.code.get().qualname.text.clone(),
        }
    }
}
