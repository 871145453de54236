//! Classes: `type`, `object`, `super`, `property` and the other wrappers, and what the `class` statement does.
//!
//! The `class` statement calls `__build_class__(body, name, *bases, **keywords)`: the body runs with a fresh namespace dict,
//! the metaclass makes the class from it (`type.__new__`, or the script's), `__set_name__` and `__init_subclass__` are
//! called. The method resolution order is C3, as in Python.

use smol_str::SmolStr;

use super::build_class::{build_class, type_new};
use super::types::BuiltinType;
use crate::error::Raise;
use crate::heap::class::Dunders;
use crate::heap::{Class, ClassMethod, Dict, Function, Gc, Heap, Kind, Property, StaticMethod, Str, Super};
use crate::native::{Cx, ModuleBuilder, NativeResult, Outcome};
use crate::operate::attr;
use crate::run::{class_call, generator};
use crate::value::Value;

/// Gives the class-related builtin types their methods and registers `__build_class__`.
pub(crate) fn define(module: &mut ModuleBuilder<'_>, types: &[Gc<Class>]) {
    let class = |builtin: BuiltinType| types[builtin as usize];
    module.raw(
        "__build_class__(body, name, /, *bases, **keywords)",
        "Make a class; what `class` statements call.",
        build_class,
    );
    module
        .class("object", "The base of all classes.")
        .raw_static("__new__(cls, /, *args, **kwargs)", "Make a bare instance.", object_new)
        .raw("__init__(self, /, *args, **kwargs)", "Initialize self.", object_init)
        .raw("__getattribute__(self, name, /)", "Return getattr(self, name).", object_getattribute)
        .raw("__setattr__(self, name, value, /)", "Implement setattr(self, name, value).", object_setattr)
        .raw("__delattr__(self, name, /)", "Implement delattr(self, name).", object_delattr)
        .raw("__repr__(self, /)", "Return repr(self).", |cx, args| Ok(Outcome::Return(default_repr(cx, args[0]))))
        .raw("__str__(self, /)", "Return str(self).", |cx, args| crate::operate::repr(cx, args[0]))
        .raw("__eq__(self, value, /)", "Return self==value.", |_, args| Ok(Outcome::Return(identity_eq(args))))
        .raw("__ne__(self, value, /)", "Return self!=value.", object_ne)
        .raw("__hash__(self, /)", "Return hash(self).", |_, args| {
            Ok(Outcome::Return(Value::int(args[0].identity() >> 4)))
        })
        .raw("__format__(self, format_spec, /)", "Default object formatter.", object_format)
        .raw("__dir__(self, /)", "Names of the object's attributes.", object_dir)
        .raw_class("__init_subclass__(cls, /)", "Called when a class is subclassed.", |_, _| Ok(Value::NONE.into()))
        .into_class(class(BuiltinType::Object));
    module
        .class("type", "type(object) -> the object's class\ntype(name, bases, dict, **kwds) -> a new class")
        .raw_static(
            "__new__(cls, object, bases=..., dict=..., /, **kwds)",
            "The class of an object, or a new class.",
            type_new,
        )
        .raw("__init__(self, /, *args, **kwargs)", "Initialize self.", |_, _| Ok(Value::NONE.into()))
        .raw("__call__(self, /, *args, **kwargs)", "Make an instance.", type_call)
        .raw("mro(self, /)", "The class and its ancestors in method resolution order.", type_mro)
        .raw("__subclasses__(self, /)", "Immediate subclasses.", type_subclasses)
        .raw("__instancecheck__(self, instance, /)", "Check if an object is an instance.", instancecheck)
        .raw("__subclasscheck__(self, subclass, /)", "Check if a class is a subclass.", subclasscheck)
        .into_class(class(BuiltinType::Type));
    module
        .class("super", "The attributes of the classes after one in the MRO.")
        .raw_static("__new__(cls, type, object=..., /)", "super(type, object)", super_new)
        .into_class(class(BuiltinType::Super));
    define_wrappers(module, types);
    define_callables(module, types);
}

fn define_wrappers(module: &mut ModuleBuilder<'_>, types: &[Gc<Class>]) {
    let class = |builtin: BuiltinType| types[builtin as usize];
    module
        .class("property", "An attribute computed by functions.")
        .raw_static(
            "__new__(cls, fget=None, fset=None, fdel=None, doc=None)",
            "property(fget, fset, fdel, doc)",
            property_new,
        )
        .raw("getter(self, fget, /)", "The property with another getter.", |cx, args| property_with(cx, args, 0))
        .raw("setter(self, fset, /)", "The property with another setter.", |cx, args| property_with(cx, args, 1))
        .raw("deleter(self, fdel, /)", "The property with another deleter.", |cx, args| property_with(cx, args, 2))
        .into_class(class(BuiltinType::Property));
    module
        .class("staticmethod", "A function that does not receive the instance.")
        .raw_static("__new__(cls, function, /)", "staticmethod(function)", |cx, args| {
            Ok(cx.heap_mut().value(StaticMethod { function: args[1] }).into())
        })
        .into_class(class(BuiltinType::StaticMethod));
    module
        .class("classmethod", "A function that receives the class.")
        .raw_static("__new__(cls, function, /)", "classmethod(function)", |cx, args| {
            Ok(cx.heap_mut().value(ClassMethod { function: args[1] }).into())
        })
        .into_class(class(BuiltinType::ClassMethod));
}

fn define_callables(module: &mut ModuleBuilder<'_>, types: &[Gc<Class>]) {
    let class = |builtin: BuiltinType| types[builtin as usize];
    module
        .class("generator", "A suspended function.")
        .raw("__iter__(self, /)", "The generator itself.", |_, args| Ok(args[0].into()))
        .raw("__next__(self, /)", "Resume, and return the next value.", generator::next)
        .raw("send(self, value, /)", "Resume with a value for the yield expression.", generator::send)
        .raw("throw(self, exception, value=..., traceback=..., /)", "Raise at the yield.", generator::throw)
        .raw("close(self, /)", "Raise GeneratorExit at the yield.", generator::close)
        .into_class(class(BuiltinType::Generator));
    for callable in [BuiltinType::Function, BuiltinType::NativeFunction, BuiltinType::Method] {
        module
            .class(callable.name(), "A callable.")
            .raw("__call__(self, /, *args, **kwargs)", "Call self.", forward_call)
            .raw("__get__(self, instance, owner=None, /)", "Bind to an instance.", function_get)
            .into_class(class(callable));
    }
}

fn receiver_class(cx: &Cx<'_>, value: Value, what: &str) -> Result<Gc<Class>, Raise> {
    value.as_gc().ok_or_else(|| {
        let name = cx.type_name(value);
        Raise::type_error(format!("{what}: expected a type, not '{name}'"))
    })
}

// --- object ---

fn object_new(cx: &mut Cx<'_>, args: &[Value]) -> NativeResult {
    let class = receiver_class(cx, args[0], "object.__new__(X)")?;
    let rest = cx.sequence(args[1]).expect("*args is a tuple");
    let keywords = cx.as_dict(args[2]).is_some_and(|keywords| !keywords.get(cx.heap()).table.is_empty());
    if (!rest.is_empty() || keywords) && !class_call::is_exception_class(cx, class) {
        let object = cx.builtin_class(BuiltinType::Object);
        let own_init = attr::lookup_owner(cx.heap(), class, "__init__").is_some_and(|(owner, _)| owner != object);
        let own_new = attr::lookup_owner(cx.heap(), class, "__new__").is_some_and(|(owner, _)| owner != object);
        let name = class.get(cx.heap()).name.clone();
        if own_new {
            return Err(Raise::type_error("object.__new__() takes exactly one argument (the type to instantiate)"));
        }
        if !own_init {
            return Err(Raise::type_error(format!("{name}() takes no arguments")));
        }
    }
    Ok(class_call::new_bare(cx, class, &rest)?.into())
}

fn object_init(cx: &mut Cx<'_>, args: &[Value]) -> NativeResult {
    let rest = cx.sequence(args[1]).expect("*args is a tuple");
    if !rest.is_empty() && !args[0].is::<crate::heap::Exception>() {
        let class = cx.class_of(args[0]);
        let object = cx.builtin_class(BuiltinType::Object);
        let own_new = attr::lookup_owner(cx.heap(), class, "__new__").is_some_and(|(owner, _)| owner != object);
        if !own_new {
            return Err(Raise::type_error("object.__init__() takes exactly one argument (the instance to initialize)"));
        }
    }
    Ok(Value::NONE.into())
}

fn name_argument(cx: &Cx<'_>, value: Value) -> Result<SmolStr, Raise> {
    match cx.as_str(value) {
        Some(name) => Ok(SmolStr::new(name)),
        None => {
            let class = cx.type_name(value);
            Err(Raise::type_error(format!("attribute name must be string, not '{class}'")))
        }
    }
}

fn object_getattribute(cx: &mut Cx<'_>, args: &[Value]) -> NativeResult {
    let name = name_argument(cx, args[1])?;
    attr::get_default(cx, args[0], &name)
}

fn object_setattr(cx: &mut Cx<'_>, args: &[Value]) -> NativeResult {
    let name = name_argument(cx, args[1])?;
    attr::set_default(cx, args[0], &name, args[2])
}

fn object_delattr(cx: &mut Cx<'_>, args: &[Value]) -> NativeResult {
    let name = name_argument(cx, args[1])?;
    attr::delete_default(cx, args[0], &name)
}

/// `<module.Class object at 0x...>`
pub(crate) fn default_repr(cx: &mut Cx<'_>, value: Value) -> Value {
    let class = cx.class_of(value).get(cx.heap());
    let name = match class.module.as_str() {
        "builtins" => class.qualname.to_string(),
        module => format!("{module}.{}", class.qualname),
    };
    cx.str(format!("<{name} object at {:#x}>", value.payload()))
}

fn identity_eq(args: &[Value]) -> Value {
    if args[0].same(args[1]) { Value::TRUE } else { Value::NOT_IMPLEMENTED }
}

fn object_ne(cx: &mut Cx<'_>, args: &[Value]) -> NativeResult {
    let Some(eq) = attr::special(cx, args[0], "__eq__") else { return Ok(Value::NOT_IMPLEMENTED.into()) };
    Outcome::tail_call(eq, &[args[0], args[1]]).and_then(cx, |cx, result| {
        if result.same(Value::NOT_IMPLEMENTED) {
            return Ok(result.into());
        }
        crate::operate::truth(cx, result)?.and_then(cx, |_, truth| Ok(Value::bool(truth.same(Value::FALSE)).into()))
    })
}

fn object_format(cx: &mut Cx<'_>, args: &[Value]) -> NativeResult {
    if cx.as_str(args[1]).is_some_and(|spec| !spec.is_empty()) {
        let class = cx.type_name(args[0]);
        return Err(Raise::type_error(format!("unsupported format string passed to {class}.__format__")));
    }
    crate::operate::str(cx, args[0])
}

fn object_dir(cx: &mut Cx<'_>, args: &[Value]) -> NativeResult {
    let mut names = crate::operate::special_attrs::names(cx, args[0]);
    names.sort();
    names.dedup();
    let names: Vec<Value> = names.into_iter().map(|name| cx.str(name)).collect();
    Ok(cx.list(&names).into())
}

// --- type ---

fn type_call(cx: &mut Cx<'_>, args: &[Value]) -> NativeResult {
    let class = receiver_class(cx, args[0], "type.__call__")?;
    let positional = cx.sequence(args[1]).expect("*args is a tuple");
    let keywords = keyword_pairs(cx, args[2]);
    class_call::construct_default(cx, class, &positional, keywords)
}

/// The entries of a `**kwargs` dict.
pub(crate) fn keyword_pairs(cx: &Cx<'_>, value: Value) -> Vec<(Value, Value)> {
    let Some(dict) = value.as_gc::<Dict>() else { return Vec::new() };
    dict.get(cx.heap()).table.iter().map(|entry| (entry.key, entry.value)).collect()
}

fn type_mro(cx: &mut Cx<'_>, args: &[Value]) -> NativeResult {
    let class = receiver_class(cx, args[0], "type.mro")?;
    let mro: Vec<Value> = class.get(cx.heap()).mro.iter().map(|&class| Value::obj(class)).collect();
    Ok(cx.list(&mro).into())
}

fn type_subclasses(cx: &mut Cx<'_>, args: &[Value]) -> NativeResult {
    let class = receiver_class(cx, args[0], "type.__subclasses__")?;
    let all = cx.isolate.classes.iter();
    let direct = all.filter(|other| other.get(&cx.isolate.heap).bases.contains(&class));
    let direct: Vec<Value> = direct.map(|&other| Value::obj(other)).collect();
    Ok(cx.list(&direct).into())
}

fn instancecheck(cx: &mut Cx<'_>, args: &[Value]) -> NativeResult {
    let class = receiver_class(cx, args[0], "__instancecheck__")?;
    Ok(Value::bool(cx.is_subclass(cx.class_of(args[1]), class)).into())
}

fn subclasscheck(cx: &mut Cx<'_>, args: &[Value]) -> NativeResult {
    let class = receiver_class(cx, args[0], "__subclasscheck__")?;
    let other = receiver_class(cx, args[1], "issubclass() arg 1 must be a class")?;
    Ok(Value::bool(cx.is_subclass(other, class)).into())
}

/// Which special methods the script classes of the MRO define.
pub(crate) fn summarise(heap: &Heap, class: Gc<Class>) -> Dunders {
    let mut found = Dunders::empty();
    let table = [
        ("__getattr__", Dunders::GETATTR),
        ("__getattribute__", Dunders::GETATTRIBUTE),
        ("__setattr__", Dunders::SETATTR),
        ("__delattr__", Dunders::DELATTR),
        ("__eq__", Dunders::EQ),
        ("__bool__", Dunders::BOOL),
        ("__len__", Dunders::LEN),
        ("__repr__", Dunders::REPR),
        ("__str__", Dunders::STR),
        ("__format__", Dunders::FORMAT),
        ("__new__", Dunders::NEW),
    ];
    let mut hash_decided = false;
    let scripted = || class.get(heap).mro.iter().filter(|owner| !owner.is_frozen());
    let slotted = |owner: &Gc<Class>| {
        let slots = owner.get(heap).attrs.get("__slots__");
        slots.is_some_and(|&slots| !slots_include_dict(heap, slots))
    };
    let bare_root = class.get(heap).mro.iter().filter(|owner| owner.is_frozen()).count() == 1;
    if bare_root && scripted().all(slotted) && scripted().next().is_some() {
        found |= Dunders::SLOTS;
    }
    for owner in &class.get(heap).mro {
        if owner.is_frozen() {
            continue;
        }
        let attrs = &owner.get(heap).attrs;
        for (name, flag) in table {
            if attrs.contains_key(name) {
                found |= flag;
            }
        }
        if !hash_decided {
            match attrs.get("__hash__") {
                Some(hash) if hash.is_none() => {
                    found |= Dunders::NO_HASH;
                    hash_decided = true;
                }
                Some(_) => {
                    found |= Dunders::HASH;
                    hash_decided = true;
                }
                None if attrs.contains_key("__eq__") => {
                    found |= Dunders::NO_HASH;
                    hash_decided = true;
                }
                None => {}
            }
        }
    }
    found
}

/// Whether `__slots__` asks for a `__dict__` after all.
fn slots_include_dict(heap: &Heap, slots: Value) -> bool {
    let is_dict = |value: Value| value.as_gc::<Str>().is_some_and(|text| text.get(heap).as_str() == "__dict__");
    match slots.kind() {
        Some(Kind::Tuple) => {
            let tuple = slots.as_gc::<crate::heap::Tuple>().expect("kind was tested");
            tuple.items(heap).iter().any(|&slot| is_dict(slot))
        }
        Some(Kind::List) => {
            let list = slots.as_gc::<crate::heap::List>().expect("kind was tested");
            list.get(heap).iter().any(is_dict)
        }
        _ => is_dict(slots),
    }
}

// --- super ---

fn super_new(cx: &mut Cx<'_>, args: &[Value]) -> NativeResult {
    if args[2].is_undefined() {
        return Err(Raise::type_error(
            "super() with one argument is not supported; use super() or super(type, object)",
        ));
    }
    Ok(make_super(cx, args[1], args[2])?.into())
}

/// `super(class, receiver)`
pub(crate) fn make_super(cx: &mut Cx<'_>, class: Value, receiver: Value) -> Result<Value, Raise> {
    let class = receiver_class(cx, class, "super() argument 1 must be a type")?;
    let start = match receiver.as_gc::<Class>() {
        Some(other) if cx.is_subclass(other, class) => other,
        _ => cx.class_of(receiver),
    };
    if !cx.is_subclass(start, class) {
        return Err(Raise::type_error("super(type, obj): obj must be an instance or subtype of type"));
    }
    Ok(cx.heap_mut().value(Super { class, receiver, start }))
}

// --- property ---

fn property_new(cx: &mut Cx<'_>, args: &[Value]) -> NativeResult {
    let (get, set, delete, mut doc) = (args[1], args[2], args[3], args[4]);
    if doc.is_none()
        && let Some(function) = get.as_gc::<Function>()
    {
        let data = function.get(cx.heap());
        doc = if data.doc.is_undefined() { data.code.get().doc } else { data.doc };
    }
    Ok(cx.heap_mut().value(Property { get, set, delete, doc, name: Value::UNDEFINED }).into())
}

/// The property with its getter (0), setter (1) or deleter (2) replaced.
fn property_with(cx: &mut Cx<'_>, args: &[Value], which: usize) -> NativeResult {
    let Some(property) = args[0].as_gc::<Property>() else {
        return Err(Raise::type_error("descriptor requires a 'property' object"));
    };
    let old = property.get(cx.heap());
    let mut new = Property { get: old.get, set: old.set, delete: old.delete, doc: old.doc, name: old.name };
    match which {
        0 => new.get = args[1],
        1 => new.set = args[1],
        _ => new.delete = args[1],
    }
    Ok(cx.heap_mut().value(new).into())
}

/// Gives a property its attribute name, for messages (what `property.__set_name__` does).
pub(crate) fn name_property(cx: &mut Cx<'_>, property: Value, name: &str) {
    if let Some(property) = property.as_gc::<Property>()
        && !property.is_frozen()
        && property.get(cx.heap()).name.is_undefined()
    {
        let name = cx.str(name);
        property.get_mut(cx.heap_mut()).name = name;
    }
}

// --- functions ---

fn forward_call(cx: &mut Cx<'_>, args: &[Value]) -> NativeResult {
    let positional = cx.sequence(args[1]).expect("*args is a tuple");
    let keywords = keyword_pairs(cx, args[2]);
    Ok(Outcome::Call(Box::new(crate::native::CallRequest { callee: args[0], args: positional, keywords, then: None })))
}

fn function_get(cx: &mut Cx<'_>, args: &[Value]) -> NativeResult {
    if args[1].is_none() { Ok(args[0].into()) } else { Ok(attr::bind(cx, args[0], args[1]).into()) }
}

/// The text of a name argument such as `type("Name", ...)`.
pub(crate) fn class_name_argument(cx: &Cx<'_>, value: Value) -> Result<SmolStr, Raise> {
    match value.as_gc::<Str>() {
        Some(text) => Ok(text.get(cx.heap()).to_smol()),
        None => {
            let class = cx.type_name(value);
            Err(Raise::type_error(format!("type.__new__() argument 1 must be str, not {class}")))
        }
    }
}

/// Whether a value is a class.
pub(crate) fn is_class(value: Value) -> bool {
    value.kind() == Some(Kind::Class)
}
