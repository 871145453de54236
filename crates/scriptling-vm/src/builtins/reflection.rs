//! Functions about objects and names: `isinstance`, `issubclass`, `getattr` and its kin, `dir`, `vars`, `globals`, `locals`.
//!
//! `globals()`, `locals()` and a module's `vars()` are copies: variables live in slots, not in dicts.

use super::quick;
use smol_str::SmolStr;

use super::receiver::{is_raise, text_of};
use crate::error::{ExcClass, Raise};
use crate::heap::{CellBox, Class, Gc, Instance, Module, Tuple};
use crate::native::{Cx, ModuleBuilder, NativeResult, Outcome};
use crate::operate::{attr, custom, special_attrs};
use crate::value::Value;

/// Classes that one `isinstance` may name, nested tuples included: shared tuples can nest into exponentially many.
const MOST_CLASSES: usize = 1 << 16;

/// Registers the functions.
pub(crate) fn define(module: &mut ModuleBuilder<'_>) {
    module
        .raw("isinstance(obj, class_or_tuple, /)", "Whether an object is an instance of a class.", isinstance)
        .quick(quick::isinstance)
        .raw("issubclass(cls, class_or_tuple, /)", "Whether a class inherits from another.", issubclass)
        .raw("getattr(object, name, default=..., /)", "object.name, or default if there is no such attribute.", getattr)
        .raw("setattr(obj, name, value, /)", "obj.name = value", setattr)
        .raw("hasattr(obj, name, /)", "Whether an object has an attribute.", hasattr)
        .raw("delattr(obj, name, /)", "del obj.name", delattr)
        .raw("dir(object=..., /)", "The names of an object's attributes, or those in scope.", dir)
        .raw("vars(object=..., /)", "The attributes of an object, or the local variables.", vars)
        .raw("globals()", "A copy of the module's variables.", globals)
        .raw("locals()", "A copy of the local variables.", locals);
}

/// The classes in a class or nested tuple of classes.
fn classes_in(info: Value, cx: &Cx<'_>, message: &str) -> Result<Vec<Gc<Class>>, Raise> {
    if let Some(class) = info.as_gc::<Class>() {
        return Ok(vec![class]);
    }
    let (mut found, mut pending) = (Vec::new(), vec![info]);
    while let Some(next) = pending.pop() {
        if let Some(class) = next.as_gc::<Class>() {
            found.push(class);
        } else if let Some(tuple) = next.as_gc::<Tuple>() {
            pending.extend(tuple.items(cx.heap()).iter().rev());
        } else if let Some(args) = union_args(cx, next) {
            pending.push(args);
        } else {
            return Err(Raise::type_error(message));
        }
        if found.len() + pending.len() > MOST_CLASSES {
            return Err(Raise::too_deep("in __instancecheck__"));
        }
    }
    Ok(found)
}

/// The classes of `int | str`, in a tuple.
fn union_args(cx: &Cx<'_>, value: Value) -> Option<Value> {
    let instance = value.as_gc::<Instance>()?;
    // Without the class there is no instance of it.
    let union = cx.isolate.library.prelude.loaded("UnionType")?.as_gc::<Class>()?;
    if cx.class_of(value) != union {
        return None;
    }
    cx.isolate.instance_attr(instance, "__args__")
}

fn isinstance(cx: &mut Cx<'_>, args: &[Value]) -> NativeResult {
    let class = cx.class_of(args[0]);
    if let Some(wanted) = args[1].as_gc::<Class>()
        && wanted == class
    {
        return Ok(Outcome::Return(Value::TRUE));
    }
    let message = "isinstance() arg 2 must be a type, a tuple of types, or a union";
    let wanted = classes_in(args[1], cx, message)?;
    any_class(cx, args[0], class, &wanted, "__instancecheck__")
}

fn issubclass(cx: &mut Cx<'_>, args: &[Value]) -> NativeResult {
    let Some(class) = args[0].as_gc::<Class>() else {
        return Err(Raise::type_error("issubclass() arg 1 must be a class"));
    };
    let message = "issubclass() arg 2 must be a class, a tuple of classes, or a union";
    let wanted = classes_in(args[1], cx, message)?;
    any_class(cx, args[0], class, &wanted, "__subclasscheck__")
}

/// Whether `class` inherits from one of the wanted ones, or the hook of a metaclass says so about `object`.
fn any_class(cx: &mut Cx<'_>, object: Value, class: Gc<Class>, wanted: &[Gc<Class>], hook: &str) -> NativeResult {
    for (at, &candidate) in wanted.iter().enumerate() {
        if candidate.get(cx.heap()).metaclass.is_some() && custom(cx, Value::obj(candidate), hook).is_some() {
            let rest: Vec<Value> = wanted[at..].iter().map(|&class| Value::obj(class)).collect();
            let (rest, hook) = (cx.tuple(&rest), cx.str(hook));
            return Ok(Outcome::tail_call(cx.prelude("_any_class"), &[object, rest, hook]));
        }
        if cx.is_subclass(class, candidate) {
            return Ok(Outcome::Return(Value::TRUE));
        }
    }
    Ok(Outcome::Return(Value::FALSE))
}

fn attribute_name(cx: &Cx<'_>, name: Value) -> Result<SmolStr, Raise> {
    match text_of(cx, name) {
        Some(name) => Ok(name.get(cx.heap()).to_smol()),
        None => {
            let found = cx.type_name(name);
            Err(Raise::type_error(format!("attribute name must be string, not '{found}'")))
        }
    }
}

fn getattr(cx: &mut Cx<'_>, args: &[Value]) -> NativeResult {
    let name = attribute_name(cx, args[1])?;
    let default = args[2];
    if default.is_undefined() {
        return attr::get(cx, args[0], &name);
    }
    match attr::get(cx, args[0], &name) {
        Err(raise) if is_raise(cx, &raise, ExcClass::AttributeError) => Ok(Outcome::Return(default)),
        Err(raise) => Err(raise),
        Ok(Outcome::Return(value)) => Ok(Outcome::Return(value)),
        Ok(pending) => {
            let default = cx.keep(default);
            pending.settle(cx, move |cx, result| match result {
                Err(raise) if is_raise(cx, &raise, ExcClass::AttributeError) => Ok(Outcome::Return(cx.kept(default))),
                other => other.map(Outcome::Return),
            })
        }
    }
}

fn hasattr(cx: &mut Cx<'_>, args: &[Value]) -> NativeResult {
    let name = attribute_name(cx, args[1])?;
    let answer = |cx: &mut Cx<'_>, result: Result<Value, Raise>| match result {
        Ok(_) => Ok(Outcome::Return(Value::TRUE)),
        Err(raise) if is_raise(cx, &raise, ExcClass::AttributeError) => Ok(Outcome::Return(Value::FALSE)),
        Err(raise) => Err(raise),
    };
    match attr::get(cx, args[0], &name) {
        Ok(outcome) => outcome.settle(cx, answer),
        Err(raise) => answer(cx, Err(raise)),
    }
}

fn setattr(cx: &mut Cx<'_>, args: &[Value]) -> NativeResult {
    let name = attribute_name(cx, args[1])?;
    attr::set(cx, args[0], &name, args[2])?.and_then(cx, |_, _| Ok(Outcome::Return(Value::NONE)))
}

fn delattr(cx: &mut Cx<'_>, args: &[Value]) -> NativeResult {
    let name = attribute_name(cx, args[1])?;
    attr::delete(cx, args[0], &name)?.and_then(cx, |_, _| Ok(Outcome::Return(Value::NONE)))
}

fn dir(cx: &mut Cx<'_>, args: &[Value]) -> NativeResult {
    let object = args[0];
    if object.is_undefined() {
        let names = variables(cx).into_iter().map(|(name, _)| name).collect();
        return Ok(Outcome::Return(name_list(cx, names)));
    }
    if let Some(method) = custom(cx, object, "__dir__") {
        return Outcome::tail_call(method, &[object])
            .and_then(cx, |cx, names| Ok(Outcome::tail_call(cx.prelude("_sorted_list"), &[names])));
    }
    let mut names = match object.as_gc::<Class>() {
        // Not those of the metaclass.
        Some(class) => {
            let mro = class.get(cx.heap()).mro.iter();
            mro.flat_map(|owner| owner.get(cx.heap()).attrs.keys().cloned()).collect()
        }
        None => special_attrs::names(cx, object),
    };
    if object.kind() != Some(crate::heap::Kind::Module) {
        names.push("__class__".into());
        names.push("__doc__".into());
    }
    Ok(Outcome::Return(name_list(cx, names)))
}

fn name_list(cx: &mut Cx<'_>, mut names: Vec<SmolStr>) -> Value {
    names.retain(|name| !name.starts_with(['(', '<']));
    names.sort_unstable();
    names.dedup();
    let names: Vec<Value> = names.into_iter().map(|name| cx.str(name)).collect();
    cx.list(&names)
}

fn vars(cx: &mut Cx<'_>, args: &[Value]) -> NativeResult {
    if args[0].is_undefined() {
        return locals(cx, &[]);
    }
    let dict = attr::get(cx, args[0], "__dict__");
    let answer = |cx: &mut Cx<'_>, result: Result<Value, Raise>| match result {
        Err(raise) if is_raise(cx, &raise, ExcClass::AttributeError) => {
            Err(Raise::type_error("vars() argument must have __dict__ attribute"))
        }
        other => other.map(Outcome::Return),
    };
    match dict {
        Ok(outcome) => outcome.settle(cx, answer),
        Err(raise) => answer(cx, Err(raise)),
    }
}

/// The module whose code called.
fn calling_module(cx: &Cx<'_>) -> Option<Gc<Module>> {
    let frame = cx.isolate.fiber.frames.last()?;
    Some(frame.function.get(cx.heap()).globals)
}

fn globals(cx: &mut Cx<'_>, _args: &[Value]) -> NativeResult {
    match calling_module(cx) {
        Some(module) => Ok(Outcome::Return(special_attrs::module_dict(cx, module))),
        None => Ok(Outcome::Return(Value::obj(cx.dict()))),
    }
}

fn locals(cx: &mut Cx<'_>, _args: &[Value]) -> NativeResult {
    let dict = cx.dict();
    for (name, value) in variables(cx) {
        cx.dict_set_str(dict, &name, value);
    }
    Ok(Outcome::Return(Value::obj(dict)))
}

/// The bound variables of the frame that called: the module's, if that is module code.
fn variables(cx: &Cx<'_>) -> Vec<(SmolStr, Value)> {
    let heap = cx.heap();
    let Some(frame) = cx.isolate.fiber.frames.last() else { return Vec::new() };
    let function = frame.function.get(heap);
    let code = function.code.get();
    if code.kind == crate::code::CodeKind::Module {
        return function.globals.get(heap).iter().map(|(name, value)| (name.clone(), value)).collect();
    }
    let inside = |value: Value| value.as_gc::<CellBox>().map_or(value, |cell| cell.get(heap).value);
    let slots = cx.isolate.fiber.stack.get(frame.base as usize..).unwrap_or_default();
    let own = code.locals.iter().zip(slots).map(|(name, &value)| (name.text.clone(), inside(value)));
    let captured = function.closure.iter().map(|cell| cell.get(heap).value);
    let captured = code.free.iter().map(|name| name.text.clone()).zip(captured);
    // Names with a dot or bracket are the compiler's own.
    own.chain(captured)
        .filter(|(name, value)| !value.is_undefined() && name.chars().all(|c| c == '_' || c.is_alphanumeric()))
        .collect()
}
