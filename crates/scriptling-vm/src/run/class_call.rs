//! Calling a class: making instances.
//!
//! The usual class (`__init__` in the language, nothing else special) is remembered as such and costs one frame. The
//! rest follows `type.__call__`: metaclass `__call__`, `__new__`, `__init__` of what came back.

use super::call::Invoked;
use crate::builtins::types::BuiltinType;
use crate::error::{ExcClass, Raise};
use crate::fiber::OnReturn;
use crate::heap::class::{BASE_VALUE, Constructor, Layout};
use crate::heap::{Class, Function, Gc, Heap, NativeFunction, StaticMethod, Tuple};
use crate::isolate::Isolate;
use crate::native::{CallRequest, Cx, NativeResult, Outcome, Resume};
use crate::operate::attr;
use crate::value::Value;

/// Keyword arguments that a native passes on.
type Keywords = Vec<(Value, Value)>;

impl Isolate {
    /// Calls the class at the callee's place; the last arguments have these names.
    pub(crate) fn invoke_class(
        &mut self,
        class: Gc<Class>,
        argc: usize,
        names: Option<Gc<Tuple>>,
        on_return: OnReturn,
    ) -> Result<Invoked, Raise> {
        let at = self.fiber.height - argc - 1;
        let constructor = match class.get(&self.heap).constructor.get() {
            Constructor::Unknown => self.find_constructor(class),
            known => known,
        };
        match constructor {
            Constructor::Init(init) if on_return == OnReturn::Push => {
                let instance = Value::obj(self.new_instance(class));
                self.invoke_init(init, instance, argc, names)
            }
            Constructor::Exception(init) if init.is_none() && names.is_none() => {
                let args = self.heap.tuple(&self.fiber.stack[at + 1..at + 1 + argc]);
                let exception = Value::obj(self.new_exception(class, args));
                Ok(Invoked::Native(Ok(Outcome::Return(exception))))
            }
            Constructor::Exception(init) if !init.is_none() && on_return == OnReturn::Push => {
                let positional = argc - names.map_or(0, Gc::<Tuple>::count);
                let args = self.heap.tuple(&self.fiber.stack[at + 1..at + 1 + positional]);
                let exception = Value::obj(self.new_exception(class, args));
                self.invoke_init(init, exception, argc, names)
            }
            Constructor::Plain => {
                if argc > 0 {
                    let name = class.get(&self.heap).name.clone();
                    return Err(Raise::type_error(format!("{name}() takes no arguments")));
                }
                let instance = Value::obj(self.new_instance(class));
                Ok(Invoked::Native(Ok(Outcome::Return(instance))))
            }
            Constructor::Native(new) => {
                self.insert_argument(at, Value::obj(class))?;
                self.fiber.stack[at] = new;
                self.invoke(argc + 1, names, on_return)
            }
            _ => {
                let mut args = self.fiber.stack[at + 1..self.fiber.height].to_vec();
                let names = names.map_or(&[] as &[Value], |names| names.items(&self.heap));
                let values = args.split_off(argc - names.len());
                let keywords = names.iter().copied().zip(values).collect();
                Ok(Invoked::Native(construct(&mut Cx { isolate: self }, class, &args, keywords)))
            }
        }
    }

    /// Calls an `__init__` written in the language; the arguments are on top of the stack, with the class below them.
    fn invoke_init(
        &mut self,
        init: Value,
        instance: Value,
        argc: usize,
        names: Option<Gc<Tuple>>,
    ) -> Result<Invoked, Raise> {
        let at = self.fiber.height - argc - 1;
        // [instance, instance as self, arguments...]: the lower one is what remains when `__init__` returns.
        self.fiber.stack[at] = instance;
        self.insert_argument(at, instance)?;
        let function = init.as_gc::<Function>().expect("found as a function");
        match self.invoke_function(function, argc + 1, names, OnReturn::Init)? {
            Invoked::Entered => Ok(Invoked::Entered),
            Invoked::Native(_) => Err(Raise::type_error("__init__() should return None, not 'generator'")),
        }
    }

    /// What calling the class does, remembered in it.
    fn find_constructor(&self, class: Gc<Class>) -> Constructor {
        let data = class.get(&self.heap);
        let new = attr::lookup_owner(&self.heap, class, "__new__");
        let init = attr::lookup_owner(&self.heap, class, "__init__");
        let object = self.library.types[BuiltinType::Object as usize];
        let custom_new = new.is_some_and(|(owner, _)| owner != object);
        let plain_layout = data.layout == Layout::Instance && data.base_value.is_none() && data.metaclass.is_none();
        let constructor =
            if matches!(data.layout, Layout::Builtin(_) | Layout::Host | Layout::Class) && class.is_frozen() {
                match new.and_then(|(_, new)| new.as_gc::<StaticMethod>()) {
                    Some(wrapper) => Constructor::Native(wrapper.get(&self.heap).function),
                    None => Constructor::General,
                }
            } else if data.layout == Layout::Exception {
                exception_constructor(&self.heap, &self.library.exceptions, class)
            } else if !plain_layout || custom_new {
                Constructor::General
            } else {
                match init {
                    Some((_, init)) if init.is::<Function>() => Constructor::Init(init),
                    Some((owner, _)) if owner != object => Constructor::General,
                    _ => Constructor::Plain,
                }
            };
        if !class.is_frozen() {
            data.constructor.set(constructor);
        }
        constructor
    }
}

/// What calling an exception class does. `OSError` and the groups look at their arguments.
pub(crate) fn exception_constructor(heap: &Heap, exceptions: &[Gc<Class>], class: Gc<Class>) -> Constructor {
    let data = class.get(heap);
    let base = exceptions[ExcClass::BaseException as usize];
    let is_base = |name: &str| attr::lookup_owner(heap, class, name).is_some_and(|(owner, _)| owner == base);
    let looks_at_arguments = [ExcClass::OSError, ExcClass::BaseExceptionGroup]
        .iter()
        .any(|&special| data.mro.contains(&exceptions[special as usize]));
    if data.metaclass.is_some() || looks_at_arguments || !is_base("__new__") {
        return Constructor::General;
    }
    match attr::lookup(heap, class, "__init__") {
        Some(init) if init.is::<Function>() => Constructor::Exception(init),
        _ if is_base("__init__") => Constructor::Exception(Value::NONE),
        _ => Constructor::General,
    }
}

/// `type.__call__(class, *args, **keywords)`
pub(crate) fn construct(cx: &mut Cx<'_>, class: Gc<Class>, args: &[Value], keywords: Keywords) -> NativeResult {
    if let Some(metaclass) = class.get(cx.heap()).metaclass
        && let Some(call) = attr::lookup(cx.heap(), metaclass, "__call__")
        && call.is::<Function>()
    {
        return Ok(call_outcome(call, Value::obj(class), args, keywords, None));
    }
    construct_default(cx, class, args, keywords)
}

/// The default of `type.__call__`: `__new__`, then `__init__` if an instance of the class came back.
pub(crate) fn construct_default(cx: &mut Cx<'_>, class: Gc<Class>, args: &[Value], keywords: Keywords) -> NativeResult {
    let new = attr::lookup(cx.heap(), class, "__new__");
    let Some(new) =
        new.and_then(|new| new.as_gc::<StaticMethod>().map(|wrapper| wrapper.get(cx.heap()).function).or(Some(new)))
    else {
        return Err(no_constructor(cx, class));
    };
    let kept_class = cx.keep(Value::obj(class));
    let kept_args: Vec<_> = args.iter().map(|&arg| cx.keep(arg)).collect();
    let kept_keywords: Vec<_> = keywords.iter().map(|&(name, value)| (cx.keep(name), cx.keep(value))).collect();
    let is_script_new = new.is::<Function>();
    let initialise = move |cx: &mut Cx<'_>, result: Result<Value, Raise>| -> NativeResult {
        let made = result?;
        let class = cx.kept(kept_class).as_gc::<Class>().expect("kept as a class");
        let mut made = made;
        if class.get(cx.heap()).base_value.is_some() && !cx.is_subclass(cx.class_of(made), class) && !is_script_new {
            made = wrap_base_value(cx, class, made);
        }
        if !cx.is_subclass(cx.class_of(made), class) {
            return Ok(Outcome::Return(made));
        }
        let Some(init) = initialiser(cx, made) else { return Ok(Outcome::Return(made)) };
        let instance = cx.keep(made);
        let args: Vec<Value> = kept_args.iter().map(|&arg| cx.kept(arg)).collect();
        let keywords = kept_keywords.iter().map(|&(name, value)| (cx.kept(name), cx.kept(value))).collect();
        let finish = move |cx: &mut Cx<'_>, result: Result<Value, Raise>| -> NativeResult {
            let returned = result?;
            if returned.is_none() {
                return Ok(Outcome::Return(cx.kept(instance)));
            }
            let name = cx.type_name(returned);
            Err(Raise::type_error(format!("__init__() should return None, not '{name}'")))
        };
        Ok(call_outcome(init, made, &args, keywords, Some(Box::new(finish))))
    };
    // `object.__new__` takes the arguments that `__init__` will look at.
    let object_new = is_object_new(cx, new);
    let (new_args, new_keywords): (&[Value], Keywords) =
        if object_new && has_own_init(cx, class) && !is_exception_class(cx, class) {
            (&[], Vec::new())
        } else {
            (args, keywords)
        };
    Ok(call_outcome(new, Value::obj(class), new_args, new_keywords, Some(Box::new(initialise))))
}

fn is_object_new(cx: &Cx<'_>, new: Value) -> bool {
    new.as_gc::<NativeFunction>().is_some_and(|native| {
        let object = cx.builtin_class(BuiltinType::Object);
        let own = object.get(cx.heap()).attrs.get("__new__").and_then(|new| new.as_gc::<StaticMethod>());
        own.is_some_and(|own| own.get(cx.heap()).function.same(Value::obj(native)))
    })
}

fn has_own_init(cx: &Cx<'_>, class: Gc<Class>) -> bool {
    let object = cx.builtin_class(BuiltinType::Object);
    attr::lookup_owner(cx.heap(), class, "__init__").is_some_and(|(owner, _)| owner != object)
}

/// The `__init__` to run on a fresh instance, if it is more than `object`'s.
fn initialiser(cx: &Cx<'_>, instance: Value) -> Option<Value> {
    let class = cx.class_of(instance);
    let object = cx.builtin_class(BuiltinType::Object);
    let (owner, init) = attr::lookup_owner(cx.heap(), class, "__init__")?;
    (owner != object).then_some(init)
}

fn call_outcome(
    callee: Value,
    first: Value,
    args: &[Value],
    keywords: Keywords,
    then: Option<Box<dyn Resume>>,
) -> Outcome {
    let args = std::iter::once(first).chain(args.iter().copied()).collect();
    Outcome::Call(Box::new(CallRequest { callee, args, keywords, then }))
}

fn no_constructor(cx: &Cx<'_>, class: Gc<Class>) -> Raise {
    let name = class.get(cx.heap()).name.clone();
    Raise::type_error(format!("cannot create '{name}' instances"))
}

/// An instance of a script class over a builtin value: `class Stack(list)`.
pub(crate) fn wrap_base_value(cx: &mut Cx<'_>, class: Gc<Class>, value: Value) -> Value {
    let instance = cx.isolate.new_instance(class);
    cx.isolate.set_instance_attr(instance, BASE_VALUE, value);
    Value::obj(instance)
}

/// `object.__new__(class, ...)` and `BaseException.__new__`: a bare instance of the class's layout.
pub(crate) fn new_bare(cx: &mut Cx<'_>, class: Gc<Class>, args: &[Value]) -> Result<Value, Raise> {
    let data = class.get(cx.heap());
    match data.layout {
        Layout::Exception => {
            let args = cx.tuple(args);
            Ok(Value::obj(cx.isolate.new_exception(class, args)))
        }
        Layout::Instance => Ok(Value::obj(cx.isolate.new_instance(class))),
        _ => Err(no_constructor(cx, class)),
    }
}

/// Whether the class makes exceptions.
pub(crate) fn is_exception_class(cx: &Cx<'_>, class: Gc<Class>) -> bool {
    class.get(cx.heap()).layout == Layout::Exception
}
