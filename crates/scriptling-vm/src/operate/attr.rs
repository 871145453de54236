//! Attributes: lookup along the MRO, descriptors, instance slots, and what each builtin kind has.
//!
//! `get`, `set` and `delete` are the whole protocol (`__getattribute__`, `__getattr__`, `__setattr__`, properties, user
//! descriptors). The run loop's inline caches remember what the pieces here find; whatever changes a class goes through
//! [`set_class_attr`], which forgets them.

use smol_str::SmolStr;

use crate::error::Raise;
use crate::heap::class::Dunders;
use crate::heap::{
    BoundMethod, Class, ClassMethod, Exception, Function, Gc, Heap, Instance, Kind, Module, NativeFunction, Property,
    StaticMethod, Super,
};
use crate::isolate::Isolate;
use crate::native::{Cx, NativeResult, Outcome};
use crate::value::Value;

use super::special_attrs;

/// The attribute `name` found along the class's MRO, unbound.
pub fn lookup(heap: &Heap, class: Gc<Class>, name: &str) -> Option<Value> {
    lookup_owner(heap, class, name).map(|(_, value)| value)
}

/// The attribute `name` along the class's MRO, with the class that has it.
pub(crate) fn lookup_owner(heap: &Heap, class: Gc<Class>, name: &str) -> Option<(Gc<Class>, Value)> {
    class.get(heap).mro.iter().find_map(|&owner| owner.get(heap).attrs.get(name).map(|&value| (owner, value)))
}

/// The special method `name` of the value's type (never of the instance itself), to be called with the value first.
pub fn special(cx: &Cx<'_>, value: Value, name: &str) -> Option<Value> {
    let found = lookup(cx.heap(), cx.class_of(value), name)?;
    match found.as_gc::<StaticMethod>() {
        Some(wrapper) => Some(wrapper.get(cx.heap()).function),
        None => Some(found),
    }
}

/// Whether a class attribute takes part in attribute access on instances (functions, properties, descriptors).
pub(crate) fn is_plain(isolate: &Isolate, value: Value) -> bool {
    match value.kind() {
        Some(Kind::Function | Kind::NativeFunction | Kind::StaticMethod | Kind::ClassMethod | Kind::Property) => false,
        Some(Kind::Instance) => {
            let class = isolate.class_of(value);
            lookup(&isolate.heap, class, "__get__").is_none() && lookup(&isolate.heap, class, "__set__").is_none()
        }
        _ => true,
    }
}

/// Whether a class attribute wins over instance attributes: properties and descriptors with `__set__` or `__delete__`.
pub(crate) fn is_data_descriptor(isolate: &Isolate, value: Value) -> bool {
    match value.kind() {
        Some(Kind::Property) => true,
        Some(Kind::Instance) => {
            let class = isolate.class_of(value);
            lookup(&isolate.heap, class, "__set__").is_some() || lookup(&isolate.heap, class, "__delete__").is_some()
        }
        _ => false,
    }
}

/// What is neither a native-kind wrapper nor needs a call: binds functions to the receiver.
pub(crate) fn bind(cx: &mut Cx<'_>, attr: Value, receiver: Value) -> Value {
    match attr.kind() {
        Some(Kind::Function) => cx.heap_mut().value(BoundMethod { function: attr, receiver }),
        Some(Kind::NativeFunction) => {
            let native = attr.as_gc::<NativeFunction>().expect("kind was tested");
            if native.get(cx.heap()).is_method {
                cx.heap_mut().value(BoundMethod { function: attr, receiver })
            } else {
                attr
            }
        }
        Some(Kind::StaticMethod) => attr.as_gc::<StaticMethod>().expect("kind was tested").get(cx.heap()).function,
        Some(Kind::ClassMethod) => {
            let function = attr.as_gc::<ClassMethod>().expect("kind was tested").get(cx.heap()).function;
            let receiver = Value::obj(cx.class_of(receiver));
            cx.heap_mut().value(BoundMethod { function, receiver })
        }
        _ => attr,
    }
}

/// A class attribute as seen through an instance: bound, or its descriptor called.
fn bind_outcome(cx: &mut Cx<'_>, attr: Value, receiver: Value) -> NativeResult {
    match attr.kind() {
        Some(Kind::Property) => {
            let property = attr.as_gc::<Property>().expect("kind was tested").get(cx.heap());
            if property.get.is_none() {
                let name = property_name(cx, attr);
                let class = cx.type_name(receiver);
                return Err(Raise::attribute_error(format!("property{name} of '{class}' object has no getter")));
            }
            Ok(Outcome::tail_call(property.get, &[receiver]))
        }
        Some(Kind::Instance) => match special(cx, attr, "__get__") {
            Some(get) => {
                let class = Value::obj(cx.class_of(receiver));
                Ok(Outcome::tail_call(get, &[attr, receiver, class]))
            }
            None => Ok(Outcome::Return(attr)),
        },
        _ => Ok(Outcome::Return(bind(cx, attr, receiver))),
    }
}

fn property_name(cx: &Cx<'_>, property: Value) -> String {
    let name = property.as_gc::<Property>().map(|property| property.get(cx.heap()).name);
    name.and_then(|name| cx.as_str(name)).map_or(String::new(), |name| format!(" '{name}'"))
}

/// `object.name`
pub fn get(cx: &mut Cx<'_>, object: Value, name: &str) -> NativeResult {
    let class = cx.class_of(object);
    let dunders = class.get(cx.heap()).dunders;
    if dunders.intersects(Dunders::GETATTR | Dunders::GETATTRIBUTE) && !object.is::<Class>() {
        return get_overridden(cx, object, name, dunders);
    }
    match find(cx, object, name)? {
        Some(outcome) => Ok(outcome),
        None => Err(missing(cx, object, name)),
    }
}

/// `getattr` for classes that define `__getattribute__` or `__getattr__`.
fn get_overridden(cx: &mut Cx<'_>, object: Value, name: &str, dunders: Dunders) -> NativeResult {
    let name_value = cx.str(name);
    let fallback = dunders.contains(Dunders::GETATTR).then(|| (cx.keep(object), cx.keep(name_value)));
    let call_fallback = move |cx: &mut Cx<'_>, raise: Raise| -> NativeResult {
        let Some((object, name)) = fallback else { return Err(raise) };
        let exception = Value::obj(cx.isolate.exception_instance(raise));
        if !cx.is_exception(exception, crate::error::ExcClass::AttributeError) {
            return Err(Raise::instance(exception));
        }
        let (object, name) = (cx.kept(object), cx.kept(name));
        let getattr = special(cx, object, "__getattr__").expect("the class's flags say so");
        Ok(Outcome::tail_call(getattr, &[object, name]))
    };
    if dunders.contains(Dunders::GETATTRIBUTE) {
        let getattribute = special(cx, object, "__getattribute__").expect("the class's flags say so");
        return Ok(Outcome::call(getattribute, &[object, name_value], move |cx, result| match result {
            Ok(value) => Ok(Outcome::Return(value)),
            Err(raise) => call_fallback(cx, raise),
        }));
    }
    match find(cx, object, name) {
        Ok(Some(Outcome::Return(value))) => Ok(Outcome::Return(value)),
        Ok(Some(Outcome::Call(mut request))) if request.then.is_none() => {
            // A property whose getter raises AttributeError falls back too.
            request.then = Some(Box::new(move |cx: &mut Cx<'_>, result: Result<Value, Raise>| match result {
                Ok(value) => Ok(Outcome::Return(value)),
                Err(raise) => call_fallback(cx, raise),
            }));
            Ok(Outcome::Call(request))
        }
        Ok(Some(outcome)) => Ok(outcome),
        Ok(None) => {
            let raise = missing(cx, object, name);
            call_fallback(cx, raise)
        }
        Err(raise) => call_fallback(cx, raise),
    }
}

/// `object.__getattribute__(name)`: the default lookup, without `__getattr__`.
pub(crate) fn get_default(cx: &mut Cx<'_>, object: Value, name: &str) -> NativeResult {
    match find(cx, object, name)? {
        Some(outcome) => Ok(outcome),
        None => Err(missing(cx, object, name)),
    }
}

/// The default lookup; `None` if there is no such attribute.
pub(crate) fn find(cx: &mut Cx<'_>, object: Value, name: &str) -> Result<Option<Outcome>, Raise> {
    match object.kind() {
        Some(Kind::Class) => find_on_class(cx, object.as_gc().expect("kind was tested"), name),
        Some(Kind::Super) => find_on_super(cx, object.as_gc().expect("kind was tested"), name),
        Some(Kind::Module) => {
            let module = object.as_gc::<Module>().expect("kind was tested");
            if let Some(value) = cx.isolate.module_get(module, name)? {
                return Ok(Some(Outcome::Return(value)));
            }
            find_by_class(cx, object, name)
        }
        _ => find_by_class(cx, object, name),
    }
}

fn find_by_class(cx: &mut Cx<'_>, object: Value, name: &str) -> Result<Option<Outcome>, Raise> {
    let class = cx.class_of(object);
    let type_attr = lookup(cx.heap(), class, name);
    if let Some(attr) = type_attr
        && is_data_descriptor(cx.isolate, attr)
    {
        return bind_outcome(cx, attr, object).map(Some);
    }
    if let Some(value) = own_attr(cx, object, name) {
        return Ok(Some(Outcome::Return(value)));
    }
    if let Some(attr) = type_attr {
        // `object` defines what every value has; kinds may know better (`__doc__` of a function, `__name__`...).
        if let Some(value) = special_attrs::get(cx, object, name) {
            return Ok(Some(Outcome::Return(value)));
        }
        return bind_outcome(cx, attr, object).map(Some);
    }
    Ok(special_attrs::get(cx, object, name).map(Outcome::Return))
}

/// An attribute in the object's own storage.
pub(crate) fn own_attr(cx: &Cx<'_>, object: Value, name: &str) -> Option<Value> {
    match object.kind()? {
        Kind::Instance => cx.isolate.instance_attr(object.as_gc().expect("kind was tested"), name),
        Kind::Exception => {
            let attrs = object.as_gc::<Exception>().expect("kind was tested").get(cx.heap()).attrs?;
            cx.dict_get_str(attrs, name)
        }
        Kind::Function => {
            let attrs = object.as_gc::<Function>().expect("kind was tested").get(cx.heap()).attrs?;
            cx.dict_get_str(attrs, name)
        }
        _ => None,
    }
}

fn find_on_class(cx: &mut Cx<'_>, class: Gc<Class>, name: &str) -> Result<Option<Outcome>, Raise> {
    let object = Value::obj(class);
    let metaclass = cx.class_of(object);
    let meta_attr = lookup(cx.heap(), metaclass, name);
    if let Some(attr) = meta_attr
        && is_data_descriptor(cx.isolate, attr)
    {
        return bind_outcome(cx, attr, object).map(Some);
    }
    if let Some(value) = special_attrs::get_class(cx, class, name) {
        return Ok(Some(Outcome::Return(value)));
    }
    if let Some(attr) = lookup(cx.heap(), class, name) {
        return Ok(Some(match attr.kind() {
            Some(Kind::StaticMethod | Kind::ClassMethod) => Outcome::Return(bind_to_class(cx, attr, class)),
            Some(Kind::Instance) => match special(cx, attr, "__get__") {
                Some(get) => Outcome::tail_call(get, &[attr, Value::NONE, object]),
                None => Outcome::Return(attr),
            },
            _ => Outcome::Return(attr),
        }));
    }
    if let Some(attr) = meta_attr {
        return bind_outcome(cx, attr, object).map(Some);
    }
    let metaclass_data = metaclass.get(cx.heap());
    if metaclass_data.dunders.contains(Dunders::GETATTR) {
        let getattr = lookup(cx.heap(), metaclass, "__getattr__").expect("the class's flags say so");
        let name = cx.str(name);
        return Ok(Some(Outcome::tail_call(getattr, &[object, name])));
    }
    Ok(None)
}

/// A static or class method seen through the class.
fn bind_to_class(cx: &mut Cx<'_>, attr: Value, class: Gc<Class>) -> Value {
    if let Some(wrapper) = attr.as_gc::<StaticMethod>() {
        return wrapper.get(cx.heap()).function;
    }
    match attr.as_gc::<ClassMethod>() {
        Some(wrapper) => {
            let function = wrapper.get(cx.heap()).function;
            cx.heap_mut().value(BoundMethod { function, receiver: Value::obj(class) })
        }
        None => attr,
    }
}

/// The attribute that follows `class` in the receiver's MRO.
pub(crate) fn lookup_super(heap: &Heap, class: Gc<Class>, start: Gc<Class>, name: &str) -> Option<Value> {
    let mro = &start.get(heap).mro;
    let after = mro.iter().position(|&ancestor| ancestor == class)? + 1;
    mro[after..].iter().find_map(|ancestor| ancestor.get(heap).attrs.get(name).copied())
}

fn find_on_super(cx: &mut Cx<'_>, object: Gc<Super>, name: &str) -> Result<Option<Outcome>, Raise> {
    let data = object.get(cx.heap());
    let (class, receiver, start) = (data.class, data.receiver, data.start);
    let Some(attr) = lookup_super(cx.heap(), class, start, name) else {
        return Ok(match name {
            "__class__" => Some(Outcome::Return(Value::obj(cx.class_of(Value::obj(object))))),
            _ => None,
        });
    };
    bind_super(cx, attr, receiver, start).map(Some)
}

/// Binds what `super` found: to the instance, or to the class inside class methods.
pub(crate) fn bind_super(cx: &mut Cx<'_>, attr: Value, receiver: Value, start: Gc<Class>) -> NativeResult {
    let through_class = receiver.as_gc::<Class>() == Some(start);
    match attr.kind() {
        Some(Kind::ClassMethod | Kind::StaticMethod) => Ok(Outcome::Return(bind_to_class(cx, attr, start))),
        _ if through_class => Ok(Outcome::Return(attr)),
        _ => bind_outcome(cx, attr, receiver),
    }
}

/// The AttributeError for a missing attribute, in CPython's words.
#[cold]
pub(crate) fn missing(cx: &mut Cx<'_>, object: Value, name: &str) -> Raise {
    let message = match object.kind() {
        Some(Kind::Class) => {
            let class = object.as_gc::<Class>().expect("kind was tested");
            format!("type object '{}' has no attribute '{name}'", class.get(cx.heap()).name)
        }
        Some(Kind::Module) => {
            let module = object.as_gc::<Module>().expect("kind was tested");
            format!("module '{}' has no attribute '{name}'", module.get(cx.heap()).info.name)
        }
        Some(Kind::Super) => format!("'super' object has no attribute '{name}'"),
        _ => format!("'{}' object has no attribute '{name}'", cx.type_name(object)),
    };
    let known = special_attrs::names(cx, object);
    let hint = crate::suggest::closest(name, known.iter().map(SmolStr::as_str)).map(SmolStr::new);
    with_hint(cx, Raise::attribute_error(message), name, hint)
}

/// The exception with its `name` attribute, and a suggestion that is shown when it is printed but is not part of its text
/// (as in CPython).
#[cold]
pub(crate) fn with_hint(cx: &mut Cx<'_>, raise: Raise, name: &str, hint: Option<SmolStr>) -> Raise {
    let exception = cx.isolate.exception_instance(raise);
    let attrs = cx.dict();
    let name = cx.str(name);
    cx.dict_set_str(attrs, "name", name);
    if let Some(hint) = hint {
        let hint = cx.str(format!(". Did you mean: '{hint}'?"));
        cx.dict_set_str(attrs, HINT, hint);
    }
    exception.get_mut(cx.heap_mut()).attrs = Some(attrs);
    Raise::instance(Value::obj(exception))
}

/// Hidden attribute of an exception: text that is shown behind its message when it is printed.
pub(crate) const HINT: &str = "(hint)";

/// `object.name = value`
pub fn set(cx: &mut Cx<'_>, object: Value, name: &str, value: Value) -> NativeResult {
    let class = cx.class_of(object);
    if class.get(cx.heap()).dunders.contains(Dunders::SETATTR) && !object.is::<Class>() {
        let setattr = special(cx, object, "__setattr__").expect("the class's flags say so");
        let name = cx.str(name);
        return Ok(Outcome::tail_call(setattr, &[object, name, value]));
    }
    set_default(cx, object, name, value)
}

/// `object.__setattr__(name, value)`: the default.
pub(crate) fn set_default(cx: &mut Cx<'_>, object: Value, name: &str, value: Value) -> NativeResult {
    let class = cx.class_of(object);
    if let Some(attr) = lookup(cx.heap(), class, name) {
        if let Some(property) = attr.as_gc::<Property>() {
            let setter = property.get(cx.heap()).set;
            if !setter.is_none() {
                return Ok(Outcome::tail_call(setter, &[object, value]));
            }
            // Other kinds keep some of their own fields behind getters; exceptions take any name, so a property hides it.
            if !object.is::<Exception>() && special_attrs::set(cx, object, name, value)? {
                return Ok(Outcome::Return(Value::NONE));
            }
            let (quoted, class) = (property_name(cx, attr), cx.type_name(object));
            return Err(Raise::attribute_error(format!("property{quoted} of '{class}' object has no setter")));
        }
        if attr.is::<Instance>()
            && let Some(set) = special(cx, attr, "__set__")
        {
            return Ok(Outcome::tail_call(set, &[attr, object, value]));
        }
    }
    match object.kind() {
        Some(Kind::Instance) if name == "__class__" => set_class(cx, object, value)?,
        Some(Kind::Instance) => {
            let instance = object.as_gc().expect("kind was tested");
            if !cx.isolate.set_instance_attr(instance, name, value) {
                return Err(missing(cx, object, name));
            }
        }
        Some(Kind::Class) => {
            let class = object.as_gc::<Class>().expect("kind was tested");
            set_class_attr(cx, class, name, Some(value))?;
        }
        Some(Kind::Module) => {
            let module = object.as_gc::<Module>().expect("kind was tested");
            cx.isolate.set_module_attr(module, name, value);
        }
        _ => {
            if !special_attrs::set(cx, object, name, value)? {
                let known = own_attr(cx, object, name).is_some() || lookup(cx.heap(), class, name).is_some();
                let class = cx.type_name(object);
                return Err(if known {
                    Raise::attribute_error(format!("'{class}' object attribute '{name}' is read-only"))
                } else {
                    missing(cx, object, name)
                });
            }
        }
    }
    Ok(Outcome::Return(Value::NONE))
}

/// `object.__class__ = class`, between classes whose instances are alike.
fn set_class(cx: &mut Cx<'_>, object: Value, value: Value) -> Result<(), Raise> {
    let Some(class) = value.as_gc::<Class>() else {
        let found = cx.type_name(value);
        return Err(Raise::type_error(format!("__class__ must be set to a class, not '{found}' object")));
    };
    let instance = object.as_gc::<Instance>().expect("callers test the kind");
    let (old, new) = (cx.isolate.instance_class(instance).get(cx.heap()), class.get(cx.heap()));
    if class.is_frozen() || old.layout != new.layout || old.base_value != new.base_value {
        return Err(Raise::type_error(format!(
            "__class__ assignment: '{}' object layout differs from '{}'",
            new.name, old.name
        )));
    }
    cx.isolate.change_class(instance, class);
    Ok(())
}

/// `del object.name`
pub fn delete(cx: &mut Cx<'_>, object: Value, name: &str) -> NativeResult {
    let class = cx.class_of(object);
    if class.get(cx.heap()).dunders.contains(Dunders::DELATTR) && !object.is::<Class>() {
        let delattr = special(cx, object, "__delattr__").expect("the class's flags say so");
        let name = cx.str(name);
        return Ok(Outcome::tail_call(delattr, &[object, name]));
    }
    delete_default(cx, object, name)
}

/// `object.__delattr__(name)`: the default.
pub(crate) fn delete_default(cx: &mut Cx<'_>, object: Value, name: &str) -> NativeResult {
    let class = cx.class_of(object);
    if let Some(attr) = lookup(cx.heap(), class, name) {
        if let Some(property) = attr.as_gc::<Property>() {
            let deleter = property.get(cx.heap()).delete;
            if deleter.is_none() {
                let (quoted, class) = (property_name(cx, attr), cx.type_name(object));
                return Err(Raise::attribute_error(format!("property{quoted} of '{class}' object has no deleter")));
            }
            return Ok(Outcome::tail_call(deleter, &[object]));
        }
        if attr.is::<Instance>()
            && let Some(delete) = special(cx, attr, "__delete__")
        {
            return Ok(Outcome::tail_call(delete, &[attr, object]));
        }
    }
    let done = match object.kind() {
        Some(Kind::Instance) => cx.isolate.delete_instance_attr(object.as_gc().expect("kind was tested"), name),
        Some(Kind::Class) => {
            let class = object.as_gc::<Class>().expect("kind was tested");
            if class.get(cx.heap()).attrs.contains_key(name) {
                set_class_attr(cx, class, name, None)?;
                true
            } else {
                false
            }
        }
        Some(Kind::Module) => object.as_gc::<Module>().expect("kind was tested").get_mut(cx.heap_mut()).delete(name),
        Some(Kind::Function) => {
            let attrs = object.as_gc::<Function>().expect("kind was tested").get(cx.heap()).attrs;
            attrs.is_some_and(|attrs| special_attrs::delete_from(cx, attrs, name))
        }
        Some(Kind::Exception) => {
            let attrs = object.as_gc::<Exception>().expect("kind was tested").get(cx.heap()).attrs;
            attrs.is_some_and(|attrs| special_attrs::delete_from(cx, attrs, name))
        }
        _ => false,
    };
    if done { Ok(Outcome::Return(Value::NONE)) } else { Err(missing(cx, object, name)) }
}

/// Changes (or with `None` deletes) an attribute of a class, and forgets what was cached about it.
pub(crate) fn set_class_attr(cx: &mut Cx<'_>, class: Gc<Class>, name: &str, value: Option<Value>) -> Result<(), Raise> {
    if class.is_frozen() {
        let class_name = class.get(cx.heap()).name.clone();
        return Err(Raise::type_error(format!("cannot set '{name}' attribute of immutable type '{class_name}'")));
    }
    let old = class.get(cx.heap()).attrs.get(name).copied();
    let plain_before = old.is_some_and(|old| is_plain(cx.isolate, old));
    let plain_after = value.is_some_and(|value| is_plain(cx.isolate, value));
    let data = class.get_mut(cx.heap_mut());
    match value {
        Some(value) => {
            data.attrs.insert(name.into(), value);
        }
        None => {
            data.attrs.shift_remove(name);
        }
    }
    // A counter on a class must not empty all caches each time it counts: after the first overwrite the class's plain
    // values are not cached any more.
    if plain_before && plain_after {
        if data.volatile.replace(true) {
            return Ok(());
        }
    } else if old.is_none() && value.is_some() {
        cx.heap_mut().charge(64);
    }
    cx.isolate.forget_class_lookups();
    Ok(())
}
