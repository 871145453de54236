//! Binding: arguments on the stack become the slots of a callee's parameters, in place.
//!
//! Parameters have their slots in the order positional, keyword-only, `*args`, `**kwargs`, for functions of the language and
//! natives alike. Positional arguments are where they belong already; only the values of keyword arguments, which lie on
//! top of them, have to be moved out of the way. Names are compared by address first: those in a call and those of the
//! parameters are mostly interned in the same unit.
#![expect(unsafe_code, reason = "natives read their arguments on the stack; argued at the block")]

use smol_str::SmolStr;

use crate::code::Code;
use crate::error::Raise;
use crate::heap::{Dict, Function, Gc, Heap, NativeFunction, Str, Tuple};
use crate::isolate::Isolate;
use crate::native::{Cx, NativeResult, Signature, argument_error};
use crate::operate::lookup;
use crate::value::Value;

/// The values of up to this many keyword arguments are moved without allocating.
const FEW: usize = 8;

/// A parameter list, in slot order.
struct Shape {
    positional: usize,
    keyword_only: usize,
    star: bool,
    star_star: bool,
}

impl Shape {
    fn slots(&self) -> usize {
        self.positional + self.keyword_only + usize::from(self.star) + usize::from(self.star_star)
    }
}

/// Why arguments do not fit.
pub(crate) enum Misfit {
    /// This parameter has two values.
    Multiple(SmolStr),
    /// There is no such parameter.
    Unexpected(SmolStr),
    /// More positional arguments than parameters.
    TooMany(usize),
    /// Parameters without a value.
    Missing,
}

impl Isolate {
    /// Moves `argc` arguments, the last ones named, to the slots of parameters, which are then on top of the stack; a slot
    /// that got nothing is undefined.
    fn spread(
        &mut self,
        argc: usize,
        names: Option<Gc<Tuple>>,
        shape: &Shape,
        slot_of: impl Fn(&Heap, Value) -> Option<usize>,
    ) -> Result<Result<(), Misfit>, Raise> {
        let named = names.map_or(0, Gc::<Tuple>::count);
        let (given, start) = (argc - named, self.fiber.height - argc);
        let taken = given.min(shape.positional);
        let (mut few, many);
        let values: &[Value] = if named <= FEW {
            few = [Value::UNDEFINED; FEW];
            few[..named].copy_from_slice(&self.fiber.stack[start + given..start + argc]);
            &few[..named]
        } else {
            many = self.fiber.stack[start + given..start + argc].to_vec();
            &many
        };
        let rest = shape.star.then(|| self.heap.tuple(&self.fiber.stack[start + taken..start + given]));
        let extra = shape.star_star.then(|| self.heap.alloc(Dict::default()));
        self.reserve_stack(shape.slots().saturating_sub(argc))?;
        self.fiber.height = start + shape.slots();
        self.fiber.stack[start + taken..start + shape.slots()].fill(Value::UNDEFINED);
        for (at, &value) in values.iter().enumerate() {
            let Some(name) = names.map(|names| names.items(&self.heap)[at]).filter(|name| name.is::<Str>()) else {
                return Err(Raise::type_error("keywords must be strings"));
            };
            match (slot_of(&self.heap, name), extra) {
                (Some(slot), _) if !self.fiber.stack[start + slot].is_undefined() => {
                    return Ok(Err(Misfit::Multiple(self.text_of(name))));
                }
                (Some(slot), _) => self.fiber.stack[start + slot] = value,
                // Strings are compared without calling anything.
                (None, Some(extra)) => drop(lookup::dict_set_native(&mut Cx { isolate: self }, extra, name, value)?),
                (None, None) => return Ok(Err(Misfit::Unexpected(self.text_of(name)))),
            }
        }
        if given > shape.positional && !shape.star {
            return Ok(Err(Misfit::TooMany(given)));
        }
        let collected = [rest, extra.map(Value::obj)];
        for (slot, value) in (start + shape.positional + shape.keyword_only..).zip(collected.into_iter().flatten()) {
            self.fiber.stack[slot] = value;
        }
        Ok(Ok(()))
    }

    fn text_of(&self, name: Value) -> SmolStr {
        name.as_gc::<Str>().map(|name| name.get(&self.heap).to_smol()).unwrap_or_default()
    }

    /// Binds arguments in place where nothing has to be made and nothing can be wrong: every parameter gets a value, none is
    /// `*args` or `**kwargs`, and names are the very strings that the function's code has. False, with the arguments as they
    /// were, for everything else.
    ///
    /// # Safety
    /// `function` must be alive, and `args` the first of `argc` arguments on the stack, with room for its frame.
    #[inline(never)]
    pub(super) unsafe fn bind_quick(
        &mut self,
        function: Gc<Function>,
        args: *mut Value,
        argc: usize,
        names: Option<Gc<Tuple>>,
    ) -> bool {
        let data = function.get(&self.heap);
        let code = data.code.get();
        let params = &code.params;
        let (positional, first_named) = (params.positional as usize, params.positional_only as usize);
        let parameters = positional + params.keyword_only as usize;
        let names = names.map_or(&[] as &[Value], |names| names.items(&self.heap));
        let given = argc - names.len();
        if params.star || params.star_star || code.is_generator || given > positional || names.len() > FEW {
            return false;
        }
        let mut values = [Value::UNDEFINED; FEW];
        let values = &mut values[..names.len()];
        // SAFETY: by the contract, all of it within the arguments or the frame to be.
        unsafe {
            values.copy_from_slice(std::slice::from_raw_parts(args.add(given), names.len()));
            let slots = std::slice::from_raw_parts_mut(args, parameters);
            slots[given..].fill(Value::UNDEFINED);
            let placed = names.iter().zip(&*values).all(|(&name, &value)| {
                let slot = code.locals[..parameters].iter().position(|parameter| parameter.value.same(name));
                slot.filter(|&slot| slot >= given.max(first_named)).is_some_and(|slot| {
                    slots[slot] = value;
                    true
                })
            });
            let first_default = positional - data.defaults.len();
            let complete = placed
                && (given..parameters).all(|at| {
                    if slots[at].is_undefined() {
                        let default = match at.checked_sub(positional) {
                            Some(at) => data.kw_defaults.get(at),
                            None => at.checked_sub(first_default).and_then(|at| data.defaults.get(at)),
                        };
                        slots[at] = default.copied().unwrap_or(Value::UNDEFINED);
                    }
                    !slots[at].is_undefined()
                });
            if !complete {
                std::slice::from_raw_parts_mut(args.add(given), names.len()).copy_from_slice(values);
            }
            complete
        }
    }

    /// Binds arguments to the parameters of a function; afterwards the bound slots are on top of the stack. Returns their
    /// number.
    pub(super) fn bind_function(
        &mut self,
        function: Gc<Function>,
        code: &Code,
        argc: usize,
        names: Option<Gc<Tuple>>,
    ) -> Result<usize, Raise> {
        let params = &code.params;
        let (positional, keyword_only) = (params.positional as usize, params.keyword_only as usize);
        let simple = names.is_none() && !params.star && !params.star_star && argc <= positional;
        if simple && keyword_only == 0 && argc == positional {
            return Ok(argc);
        }
        let slots = params.slots() as usize;
        if simple {
            self.reserve_stack(slots - argc)?;
            let height = self.fiber.height;
            self.fiber.stack[height..height + slots - argc].fill(Value::UNDEFINED);
            self.fiber.height += slots - argc;
        } else {
            let shape = Shape { positional, keyword_only, star: params.star, star_star: params.star_star };
            let first = params.positional_only as usize;
            let parameters = &code.locals[first..positional + keyword_only];
            let slot_of = |heap: &Heap, name: Value| {
                let same = parameters.iter().position(|parameter| parameter.value.same(name));
                let text = || name.as_gc::<Str>().map(|name| name.get(heap).as_str());
                let slot = same.or_else(|| parameters.iter().position(|parameter| Some(&*parameter.text) == text()));
                slot.map(|slot| first + slot)
            };
            if let Err(misfit) = self.spread(argc, names, &shape, slot_of)? {
                return Err(self.function_error(function, code, names, misfit));
            }
        }
        let bound = &mut self.fiber.stack[self.fiber.height - slots..self.fiber.height];
        let data = function.get(&self.heap);
        let first_default = positional - data.defaults.len();
        let mut complete = true;
        for (at, slot) in bound[..positional + keyword_only].iter_mut().enumerate() {
            if slot.is_undefined() {
                let default = match at.checked_sub(positional) {
                    Some(at) => data.kw_defaults.get(at),
                    None => at.checked_sub(first_default).and_then(|at| data.defaults.get(at)),
                };
                *slot = default.copied().unwrap_or(Value::UNDEFINED);
                complete &= !slot.is_undefined();
            }
        }
        if complete { Ok(slots) } else { Err(self.function_error(function, code, names, Misfit::Missing)) }
    }

    /// Says what is wrong; the slots, as far as they got values, are on top of the stack.
    #[cold]
    fn function_error(&self, function: Gc<Function>, code: &Code, names: Option<Gc<Tuple>>, misfit: Misfit) -> Raise {
        let slots = &self.fiber.stack[self.fiber.height - code.params.slots() as usize..self.fiber.height];
        match misfit {
            Misfit::Multiple(name) => {
                let function = self.qualname(function);
                Raise::type_error(format!("{function}() got multiple values for argument '{name}'"))
            }
            Misfit::Unexpected(name) => {
                let given = names.map_or(&[] as &[Value], |names| names.items(&self.heap));
                let given: Vec<SmolStr> = given.iter().map(|&name| self.text_of(name)).collect();
                self.unexpected_keyword(function, code, &name, &given)
            }
            Misfit::TooMany(given) => self.too_many_arguments(function, code, given, slots),
            Misfit::Missing => self.missing_arguments(function, code, slots),
        }
    }

    #[cold]
    fn missing_arguments(&self, function: Gc<Function>, code: &Code, slots: &[Value]) -> Raise {
        let positional = code.params.positional as usize;
        let missing = |range: std::ops::Range<usize>| -> Vec<SmolStr> {
            range.filter(|&slot| slots[slot].is_undefined()).map(|slot| code.locals[slot].text.clone()).collect()
        };
        let (kind, names) = match missing(0..positional) {
            names if !names.is_empty() => ("positional", names),
            _ => ("keyword-only", missing(positional..positional + code.params.keyword_only as usize)),
        };
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
        Raise::type_error(message)
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
}

/// Natives.
impl Isolate {
    /// Calls a native with its arguments on top of the stack.
    pub(super) fn invoke_native(
        &mut self,
        native: Gc<NativeFunction>,
        argc: usize,
        names: Option<Gc<Tuple>>,
    ) -> NativeResult {
        let data = native.get(&self.heap);
        let (least, most, slots) = data.direct;
        let slots = if names.is_none() && argc >= least as usize && argc <= most as usize {
            let slots = slots as usize;
            if argc < slots {
                self.reserve_stack(slots - argc)?;
                let data = native.get(&self.heap);
                let height = self.fiber.height;
                self.fiber.stack[height..height + slots - argc].copy_from_slice(&data.defaults[argc..slots]);
                self.fiber.height += slots - argc;
            }
            slots
        } else {
            self.bind_native(native, argc, names)?
        };
        let start = self.fiber.height - slots;
        // SAFETY: the slice lies below `height` in the fiber's stack. It is read while the native runs, which can neither
        // grow nor write the stack: natives reach the isolate only through `Cx`, which has no access to it.
        let args = unsafe { std::slice::from_raw_parts(self.fiber.stack.as_ptr().add(start), slots) };
        // SAFETY: the native's cell is alive: it is on the stack as the callee (or frozen). A raw pointer is used because
        // `Cx` borrows the isolate.
        let call = unsafe { &(*native.as_ptr()).call };
        call.invoke(&mut Cx { isolate: self }, args)
    }

    /// Binds arguments to the parameters of a native; afterwards the bound slots are on top of the stack. Returns their
    /// number.
    fn bind_native(
        &mut self,
        native: Gc<NativeFunction>,
        argc: usize,
        names: Option<Gc<Tuple>>,
    ) -> Result<usize, Raise> {
        // SAFETY: natives are immutable, and the cell is alive as long as the callee is on the stack (or frozen). A raw pointer
        // is used because the stack is changed meanwhile.
        let data = unsafe { &*native.as_ptr() };
        let signature: &Signature = data.signature();
        let (positional, keyword_only) = (signature.positional.len(), signature.keyword_only.len());
        let (star, star_star) = (signature.star.is_some(), signature.star_star.is_some());
        let given = argc - names.map_or(0, Gc::<Tuple>::count);
        if given > positional && !star {
            return Err(argument_error(signature, Misfit::TooMany(given), &[]));
        }
        let slot_of = |heap: &Heap, name: Value| {
            let name = name.as_gc::<Str>()?.get(heap).as_str();
            let mut parameters = signature.positional.iter().chain(&signature.keyword_only);
            let slot = parameters.position(|parameter| parameter.name == name)?;
            (slot >= signature.positional_only).then_some(slot)
        };
        let shape = Shape { positional, keyword_only, star, star_star };
        if let Err(misfit) = self.spread(argc, names, &shape, slot_of)? {
            return Err(argument_error(signature, misfit, &[]));
        }
        let start = self.fiber.height - shape.slots();
        let parameters = signature.positional.iter().chain(&signature.keyword_only);
        for (at, parameter) in parameters.enumerate() {
            if self.fiber.stack[start + at].is_undefined() {
                if parameter.default.is_none() {
                    return Err(argument_error(
                        signature,
                        Misfit::Missing,
                        &self.fiber.stack[start..start + positional + keyword_only],
                    ));
                }
                self.fiber.stack[start + at] = data.defaults[at];
            }
        }
        Ok(shape.slots())
    }
}
