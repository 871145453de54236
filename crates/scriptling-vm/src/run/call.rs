//! Calls: from operands on the stack to a frame, a native's result, or an instance.
//!
//! The callee and its arguments lie on the stack, `[callee, arguments...]`; arguments become the locals of the new frame in
//! place. [`Isolate::invoke`] is the one place that knows how each kind of callable is called; the `Call*` ops and
//! natives that ask for a call (`outcome.rs`) both come through it.
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
use crate::heap::generator::GeneratorState;
use crate::heap::{BoundMethod, Class, Dict, Function, Gc, Generator, Kind, NativeFunction, StaticMethod, Str, Tuple};
use crate::isolate::Isolate;
use crate::limits;
use crate::native::{Cx, NativeResult, Outcome, bind_native};
use crate::operate;
use crate::value::Value;

/// What calling something came to.
pub(crate) enum Invoked {
    /// A frame was entered; the loop goes on there.
    Entered,
    /// A native ran (or an instance was made): its result. The callee and arguments are off the stack.
    Native(NativeResult),
}

/// Keyword arguments of a call: names, and as many values on top of the positional ones.
pub(crate) type Keywords = Vec<(Value, Value)>;

impl Isolate {
    /// Makes room for `count` more slots above the live height.
    pub(crate) fn reserve_stack(&mut self, count: usize) -> Result<(), Raise> {
        let needed = self.fiber.height + count;
        if needed > self.fiber.stack.len() {
            if needed > limits::MAX_STACK {
                return Err(Raise::new(ExcClass::RecursionError, "maximum recursion depth exceeded (operand stack)"));
            }
            let size = (self.fiber.stack.len() * 2).max(needed).max(16);
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
        self.fiber.frames.push(Frame { function, ip: code.ops.as_ptr(), base: base as u32, on_return });
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
        let count = names.count();
        let at = self.fiber.height - argc - 1;
        let values = &self.fiber.stack[self.fiber.height - count..self.fiber.height];
        let keywords = names.items(&self.heap).iter().copied().zip(values.iter().copied()).collect();
        self.fiber.height -= count;
        let invoked = self.invoke(argc - count, Some(keywords), OnReturn::Push);
        self.after_invoke(invoked, at, waker)
    }

    /// `Op::CallUnpacked`: callee, list or tuple of arguments, and maybe a dict of keywords.
    pub(crate) fn call_unpacked(&mut self, has_keywords: bool, waker: &Waker) -> Next {
        let keywords = has_keywords.then(|| {
            self.fiber.height -= 1;
            let dict = self.fiber.stack[self.fiber.height].as_gc::<Dict>().expect("the compiler built a dict");
            dict.get(&self.heap).table.iter().map(|entry| (entry.key, entry.value)).collect::<Keywords>()
        });
        self.fiber.height -= 1;
        let args = self.fiber.stack[self.fiber.height];
        let args = Cx { isolate: self }.sequence(args).expect("the compiler built a list");
        let at = self.fiber.height - 1;
        let invoked = match self.push_all(&args) {
            Ok(()) => self.invoke(args.len(), keywords, OnReturn::Push),
            Err(raise) => Err(raise),
        };
        self.after_invoke(invoked, at, waker)
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
                self.drive(result, Deliver::Push, at, kept_base, waker)
            }
            Err(raise) => self.unwind(raise, waker),
        }
    }

    /// Calls `[callee, argc arguments]` on top of the stack.
    pub(crate) fn invoke(
        &mut self,
        mut argc: usize,
        keywords: Option<Keywords>,
        on_return: OnReturn,
    ) -> Result<Invoked, Raise> {
        loop {
            let at = self.fiber.height - argc - 1;
            let callee = self.fiber.stack[at];
            match callee.kind() {
                Some(Kind::Function) => {
                    let function = callee.as_gc::<Function>().expect("kind was tested");
                    return self.invoke_function(function, argc, keywords, on_return);
                }
                Some(Kind::NativeFunction) => {
                    let native = callee.as_gc::<NativeFunction>().expect("kind was tested");
                    return Ok(Invoked::Native(self.invoke_native(native, argc, keywords.as_deref())));
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
                    return self.invoke_class(class, argc, keywords, on_return);
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
        keywords: Option<Keywords>,
        on_return: OnReturn,
    ) -> Result<Invoked, Raise> {
        let code = function.get(&self.heap).code.get();
        let mut bound = argc;
        if keywords.is_none() && code.fast_args as usize == argc {
            // Bound already.
        } else {
            let params = &code.params;
            let simple = params.keyword_only == 0 && !params.star && !params.star_star && keywords.is_none();
            let defaults = function.get(&self.heap).defaults.len();
            let positional = params.positional as usize;
            if simple && argc <= positional && argc + defaults >= positional {
                let missing = positional - argc;
                let values = function.get(&self.heap).defaults[defaults - missing..].to_vec();
                self.push_all(&values)?;
                bound = positional;
            } else {
                bound = self.bind_function(function, code, argc, keywords.unwrap_or_default())?;
            }
        }
        if code.is_generator {
            let start = self.fiber.height - bound;
            let mut slots = self.fiber.stack[start..self.fiber.height].to_vec();
            slots.resize(code.locals.len(), Value::UNDEFINED);
            slots.reserve_exact(code.max_stack as usize);
            let generator = self.heap.value(Generator {
                function,
                state: GeneratorState::Created,
                ip: 0,
                slots,
                handling: Value::NONE,
            });
            return Ok(Invoked::Native(Ok(Outcome::Return(generator))));
        }
        self.enter(function, code, bound, on_return)?;
        Ok(Invoked::Entered)
    }

    /// Binds arguments to parameters; afterwards the bound slots are on top of the stack. Returns their number.
    fn bind_function(
        &mut self,
        function: Gc<Function>,
        code: &Code,
        argc: usize,
        keywords: Keywords,
    ) -> Result<usize, Raise> {
        let params = &code.params;
        let (positional, keyword_only) = (params.positional as usize, params.keyword_only as usize);
        let start = self.fiber.height - argc;
        let args = self.fiber.stack[start..self.fiber.height].to_vec();
        let mut slots = vec![Value::UNDEFINED; params.slots() as usize];
        let taken = argc.min(positional);
        slots[..taken].copy_from_slice(&args[..taken]);
        let star_slot = positional + keyword_only;
        if params.star {
            slots[star_slot] = self.heap.tuple(&args[taken..]);
        }
        let extra = params.star_star.then(|| self.heap.alloc(Dict::default()));
        let texts = keywords.iter().filter_map(|(name, _)| name.as_gc::<Str>());
        let given: Vec<SmolStr> = texts.map(|name| name.get(&self.heap).to_smol()).collect();
        for (name, value) in keywords {
            let Some(text) = name.as_gc::<Str>() else { return Err(Raise::type_error("keywords must be strings")) };
            let text = text.get(&self.heap).to_smol();
            let named = code.locals[..star_slot].iter().position(|local| local.text == text);
            match named.filter(|&slot| slot >= params.positional_only as usize) {
                Some(slot) if !slots[slot].is_undefined() => {
                    let message = format!("{}() got multiple values for argument '{text}'", self.qualname(function));
                    return Err(Raise::type_error(message));
                }
                Some(slot) => slots[slot] = value,
                None => match extra {
                    Some(extra) => Cx { isolate: self }.dict_set_str(extra, &text, value),
                    None => return Err(self.unexpected_keyword(function, code, &text, &given)),
                },
            }
        }
        if argc > positional && !params.star {
            return Err(self.too_many_arguments(function, code, argc, &slots));
        }
        if let Some(extra) = extra {
            slots[star_slot + usize::from(params.star)] = Value::obj(extra);
        }
        let data = function.get(&self.heap);
        let first_default = positional - data.defaults.len();
        for (value, &default) in slots[first_default..positional].iter_mut().zip(&data.defaults) {
            if value.is_undefined() {
                *value = default;
            }
        }
        for index in 0..keyword_only {
            if slots[positional + index].is_undefined() {
                slots[positional + index] = data.kw_defaults.get(index).copied().unwrap_or(Value::UNDEFINED);
            }
        }
        self.check_bound(function, code, &slots)?;
        self.fiber.height = start;
        self.push_all(&slots)?;
        Ok(slots.len())
    }

    fn check_bound(&self, function: Gc<Function>, code: &Code, slots: &[Value]) -> Result<(), Raise> {
        let positional = code.params.positional as usize;
        let missing = |range: std::ops::Range<usize>| -> Vec<SmolStr> {
            range.filter(|&slot| slots[slot].is_undefined()).map(|slot| code.locals[slot].text.clone()).collect()
        };
        let (kind, names) = match missing(0..positional) {
            names if !names.is_empty() => ("positional", names),
            _ => ("keyword-only", missing(positional..positional + code.params.keyword_only as usize)),
        };
        if names.is_empty() {
            return Ok(());
        }
        let quoted: Vec<String> = names.iter().map(|name| format!("'{name}'")).collect();
        let list = match quoted.as_slice() {
            [one] => one.clone(),
            [one, two] => format!("{one} and {two}"),
            [most @ .., last] => format!("{}, and {last}", most.join(", ")),
            [] => String::new(),
        };
        let plural = if names.len() == 1 { "" } else { "s" };
        let message =
            format!("{}() missing {} required {kind} argument{plural}: {list}", self.qualname(function), names.len());
        Err(Raise::type_error(message))
    }

    #[cold]
    fn too_many_arguments(&self, function: Gc<Function>, code: &Code, given: usize, slots: &[Value]) -> Raise {
        let params = &code.params;
        let positional = params.positional as usize;
        let least = positional - function.get(&self.heap).defaults.len();
        let range = if least == positional { positional.to_string() } else { format!("from {least} to {positional}") };
        let plural = if positional == 1 && least == positional { "" } else { "s" };
        let keyword_only = &slots[positional..positional + params.keyword_only as usize];
        let keyword_given = keyword_only.iter().filter(|value| !value.is_undefined()).count();
        let given = if keyword_given > 0 {
            let kw_plural = if keyword_given == 1 { "" } else { "s" };
            let given_plural = if given == 1 { "" } else { "s" };
            format!(
                "{given} positional argument{given_plural} (and {keyword_given} keyword-only argument{kw_plural}) were given"
            )
        } else {
            let verb = if given == 1 { "was" } else { "were" };
            format!("{given} {verb} given")
        };
        let name = self.qualname(function);
        Raise::type_error(format!("{name}() takes {range} positional argument{plural} but {given}"))
    }

    #[cold]
    fn unexpected_keyword(&self, function: Gc<Function>, code: &Code, name: &str, given: &[SmolStr]) -> Raise {
        let params = &code.params;
        let function_name = self.qualname(function);
        let positional_only = &code.locals[..params.positional_only as usize];
        let misused = positional_only.iter().map(|local| local.text.as_str());
        let misused: Vec<&str> = misused.filter(|&local| given.iter().any(|name| name == local)).collect();
        if !misused.is_empty() {
            return Raise::type_error(format!(
                "{function_name}() got some positional-only arguments passed as keyword arguments: '{}'",
                misused.join(", ")
            ));
        }
        Raise::type_error(format!("{function_name}() got an unexpected keyword argument '{name}'"))
    }

    /// `__qualname__` of a function.
    pub(crate) fn qualname(&self, function: Gc<Function>) -> SmolStr {
        let function = function.get(&self.heap);
        match function.qualname.as_gc::<Str>() {
            Some(name) => name.get(&self.heap).to_smol(),
            None => function.code.get().qualname.text.clone(),
        }
    }

    /// Calls a native with its arguments on top of the stack.
    fn invoke_native(
        &mut self,
        native: Gc<NativeFunction>,
        argc: usize,
        keywords: Option<&[(Value, Value)]>,
    ) -> NativeResult {
        let data = native.get(&self.heap);
        let (least, most) = data.direct;
        if keywords.is_none() && argc >= least as usize && argc <= most as usize {
            let missing = most as usize - argc;
            if missing > 0 {
                let defaults = data.defaults[argc..].to_vec();
                self.push_all(&defaults)?;
            }
            let start = self.fiber.height - most as usize;
            // SAFETY: the slice lies below `height` in the fiber's stack. It is read while the native runs, which can neither
            // grow nor write the stack: natives reach the isolate only through `Cx`, which has no access to it.
            let args = unsafe { std::slice::from_raw_parts(self.fiber.stack.as_ptr().add(start), most as usize) };
            // SAFETY: the native's cell is alive: it is on the stack as the callee (or frozen). A raw pointer is used because
            // `Cx` borrows the isolate.
            let call = unsafe { &(*native.as_ptr()).call };
            return call.invoke(&mut Cx { isolate: self }, args);
        }
        let args = self.fiber.stack[self.fiber.height - argc..self.fiber.height].to_vec();
        let mut cx = Cx { isolate: self };
        let bound = bind_native(&mut cx, native, &args, keywords.unwrap_or(&[]))?;
        let call = native.get(cx.heap()).call.clone();
        call.invoke(&mut cx, &bound)
    }
}
