//! Making classes: `__build_class__`, `type.__new__`, C3, `__set_name__`, `__init_subclass__`.

use std::cell::Cell;

use smol_str::SmolStr;

use super::classes::{class_name_argument, is_class, keyword_pairs, name_property, summarise};
use super::types::BuiltinType;
use crate::error::Raise;
use crate::heap::class::{Attrs, Constructor, Dunders, Layout};
use crate::heap::instance::MAX_SLOTS;
use crate::heap::{CellBox, Class, ClassMethod, Dict, Function, Gc, Instance, StaticMethod, Str};
use crate::native::{CallRequest, Cx, Kept, NativeResult, Outcome};
use crate::operate::attr;
use crate::value::Value;

/// `__build_class__(body, name, *bases, **keywords)`
pub(crate) fn build_class(cx: &mut Cx<'_>, args: &[Value]) -> NativeResult {
    let (body, name) = (args[0], args[1]);
    let bases = cx.sequence(args[2]).expect("*bases is a tuple");
    let mut keywords = keyword_pairs(cx, args[3]);
    let explicit = keywords.iter().position(|(key, _)| cx.as_str(*key) == Some("metaclass"));
    let explicit = explicit.map(|at| keywords.remove(at).1);
    let metaclass = pick_metaclass(cx, explicit, &bases)?;
    let namespace = cx.dict();
    let bases = cx.tuple(&bases);
    let kept = [body, name, bases, metaclass, Value::obj(namespace)].map(|value| cx.keep(value));
    let kept_keywords: Vec<(Kept, Kept)> =
        keywords.iter().map(|&(name, value)| (cx.keep(name), cx.keep(value))).collect();
    Ok(Outcome::call(body, &[Value::obj(namespace)], move |cx, result| {
        let cell = cx.keep(result?);
        let [body, name, bases, metaclass, namespace] = kept.map(|kept| cx.kept(kept));
        let hint = body.as_gc::<Function>().map_or(0, |body| body.get(cx.heap()).code.get().slot_hint);
        let keywords = kept_keywords.iter().map(|&(name, value)| (cx.kept(name), cx.kept(value))).collect();
        let make = Outcome::Call(Box::new(CallRequest {
            callee: metaclass,
            args: vec![name, bases, namespace],
            keywords,
            then: None,
        }));
        make.and_then(cx, move |cx, class| {
            if let Some(made) = class.as_gc::<Class>() {
                let inherited = made.get(cx.heap()).slot_hint.get();
                made.get(cx.heap()).slot_hint.set((inherited + hint).min(MAX_SLOTS));
            }
            if let Some(cell) = cx.kept(cell).as_gc::<CellBox>() {
                cell.get_mut(cx.heap_mut()).value = class;
            }
            Ok(Outcome::Return(class))
        })
    }))
}

/// The most derived metaclass of the explicit one and the bases'.
fn pick_metaclass(cx: &Cx<'_>, explicit: Option<Value>, bases: &[Value]) -> Result<Value, Raise> {
    let type_class = cx.builtin_class(BuiltinType::Type);
    let mut winner = match explicit {
        Some(explicit) if !is_class(explicit) => return Ok(explicit),
        Some(explicit) => explicit.as_gc::<Class>().expect("tested above"),
        None => type_class,
    };
    for &base in bases {
        let metaclass = cx.class_of(base);
        if cx.is_subclass(winner, metaclass) {
            continue;
        }
        if !cx.is_subclass(metaclass, winner) {
            return Err(Raise::type_error(
                "metaclass conflict: the metaclass of a derived class must be a (non-strict) subclass of the metaclasses \
                 of all its bases",
            ));
        }
        winner = metaclass;
    }
    Ok(Value::obj(winner))
}

/// `type(object)`, or `type(name, bases, dict, **keywords)`.
pub(crate) fn type_new(cx: &mut Cx<'_>, args: &[Value]) -> NativeResult {
    let [metaclass, object, bases, namespace, keywords] = args else { unreachable!("the signature has five slots") };
    let metaclass =
        metaclass.as_gc::<Class>().ok_or_else(|| Raise::type_error("type.__new__(X): X is not a type object"))?;
    if bases.is_undefined() {
        if metaclass == cx.builtin_class(BuiltinType::Type) {
            return Ok(Value::obj(cx.class_of(*object)).into());
        }
        return Err(Raise::type_error("type.__new__() takes exactly 3 arguments (1 given)"));
    }
    let name = class_name_argument(cx, *object)?;
    let Some(bases) = cx.sequence(*bases) else {
        let class = cx.type_name(*bases);
        return Err(Raise::type_error(format!("type.__new__() argument 2 must be tuple, not {class}")));
    };
    let Some(namespace) = namespace.as_gc::<Dict>() else {
        let class = cx.type_name(*namespace);
        return Err(Raise::type_error(format!("type.__new__() argument 3 must be dict, not {class}")));
    };
    let class = make_class(cx, metaclass, name, &bases, namespace)?;
    let keywords = keyword_pairs(cx, *keywords);
    announce(cx, class, keywords)
}

fn make_class(
    cx: &mut Cx<'_>,
    metaclass: Gc<Class>,
    name: SmolStr,
    bases: &[Value],
    namespace: Gc<Dict>,
) -> Result<Gc<Class>, Raise> {
    let mut base_classes = Vec::with_capacity(bases.len().max(1));
    for &base in bases {
        let Some(base) = base.as_gc::<Class>() else {
            let class = cx.type_name(base);
            return Err(Raise::type_error(format!("bases must be types, not '{class}'")));
        };
        check_base(cx, base)?;
        base_classes.push(base);
    }
    if base_classes.is_empty() {
        base_classes.push(cx.builtin_class(BuiltinType::Object));
    }
    let (layout, base_value) = layout_of(cx, &base_classes)?;
    let mut attrs = Attrs::default();
    let entries: Vec<(Value, Value)> = namespace.get(cx.heap()).table.iter().map(|e| (e.key, e.value)).collect();
    let mut qualname = name.clone();
    let mut module = SmolStr::new_static("__main__");
    for (key, value) in entries {
        let Some(key) = key.as_gc::<Str>().map(|key| key.get(cx.heap()).to_smol()) else { continue };
        match key.as_str() {
            "__qualname__" => qualname = cx.as_str(value).map_or(qualname, SmolStr::new),
            "__module__" => module = cx.as_str(value).map_or(module, SmolStr::new),
            _ => {
                let value = implicit_wrapper(cx, &key, value);
                attrs.insert(key, value);
            }
        }
    }
    if attrs.contains_key("__eq__") && !attrs.contains_key("__hash__") {
        attrs.insert("__hash__".into(), Value::NONE);
    }
    let hint = base_classes.iter().map(|base| base.get(cx.heap()).slot_hint.get()).max().unwrap_or(0);
    let type_class = cx.builtin_class(BuiltinType::Type);
    let class = cx.heap_mut().alloc(Class {
        name,
        qualname,
        module,
        bases: base_classes.clone(),
        mro: Vec::new(),
        attrs,
        layout,
        base_value,
        dunders: Dunders::empty(),
        metaclass: (metaclass != type_class).then_some(metaclass),
        slot_hint: Cell::new(hint),
        root_shape: Cell::new(None),
        volatile: Cell::new(false),
        constructor: Cell::new(Constructor::Unknown),
        manager: Cell::new(None),
    });
    let mro = linearise(cx, class, &base_classes)?;
    class.get_mut(cx.heap_mut()).mro = mro;
    let dunders = summarise(cx.heap(), class);
    class.get_mut(cx.heap_mut()).dunders = dunders;
    cx.isolate.classes.push(class);
    cx.heap_mut().charge(512);
    Ok(class)
}

/// `__new__` is a static method and `__init_subclass__`, `__class_getitem__` are class methods even when not declared so.
fn implicit_wrapper(cx: &mut Cx<'_>, name: &str, value: Value) -> Value {
    if !value.is::<Function>() {
        return value;
    }
    match name {
        "__new__" => cx.heap_mut().value(StaticMethod { function: value }),
        "__init_subclass__" | "__class_getitem__" => cx.heap_mut().value(ClassMethod { function: value }),
        _ => value,
    }
}

fn check_base(cx: &Cx<'_>, base: Gc<Class>) -> Result<(), Raise> {
    use BuiltinType::{Bytes, Dict, Float, FrozenSet, Int, List, Set, Str, Tuple};
    let data = base.get(cx.heap());
    let acceptable = match data.layout {
        Layout::Builtin(builtin) => {
            matches!(builtin, Bytes | Dict | Float | FrozenSet | Int | List | Set | Str | Tuple)
        }
        Layout::Host => false,
        Layout::Instance | Layout::Exception | Layout::Class => true,
    };
    if acceptable {
        return Ok(());
    }
    Err(Raise::type_error(format!("type '{}' is not an acceptable base type", data.name)))
}

/// What instances of a class with these bases are made of.
fn layout_of(cx: &Cx<'_>, bases: &[Gc<Class>]) -> Result<(Layout, Option<BuiltinType>), Raise> {
    let mut layout = Layout::Instance;
    let mut base_value = None;
    for base in bases {
        let data = base.get(cx.heap());
        let (wanted, value) = match data.layout {
            Layout::Builtin(builtin) => (Layout::Instance, Some(builtin)),
            other => (other, data.base_value),
        };
        let conflict = (wanted != Layout::Instance && layout != Layout::Instance && wanted != layout)
            || (value.is_some() && base_value.is_some() && value != base_value)
            || (value.is_some() && layout != Layout::Instance);
        if conflict {
            return Err(Raise::type_error("multiple bases have instance lay-out conflict"));
        }
        if wanted != Layout::Instance {
            layout = wanted;
        }
        base_value = base_value.or(value);
    }
    Ok((layout, base_value))
}

/// C3 linearisation.
fn linearise(cx: &Cx<'_>, class: Gc<Class>, bases: &[Gc<Class>]) -> Result<Vec<Gc<Class>>, Raise> {
    let heap = cx.heap();
    for (index, base) in bases.iter().enumerate() {
        if bases[..index].contains(base) {
            return Err(Raise::type_error(format!("duplicate base class {}", base.get(heap).name)));
        }
    }
    let mut pending: Vec<Vec<Gc<Class>>> = bases.iter().map(|base| base.get(heap).mro.clone()).collect();
    pending.push(bases.to_vec());
    let mut order = vec![class];
    loop {
        pending.retain(|list| !list.is_empty());
        if pending.is_empty() {
            return Ok(order);
        }
        let next = pending.iter().map(|list| list[0]).find(|head| !pending.iter().any(|list| list[1..].contains(head)));
        let Some(next) = next else {
            let names: Vec<&str> = bases.iter().map(|base| base.get(heap).name.as_str()).collect();
            return Err(Raise::type_error(format!(
                "Cannot create a consistent method resolution\norder (MRO) for bases {}",
                names.join(", ")
            )));
        };
        order.push(next);
        for list in &mut pending {
            if list[0] == next {
                list.remove(0);
            }
        }
    }
}

/// Calls `__set_name__` of the attributes and `__init_subclass__` of the parent; the class is the result.
fn announce(cx: &mut Cx<'_>, class: Gc<Class>, keywords: Vec<(Value, Value)>) -> NativeResult {
    let attrs: Vec<(SmolStr, Value)> =
        class.get(cx.heap()).attrs.iter().map(|(name, &value)| (name.clone(), value)).collect();
    let mut calls: Vec<(Kept, Kept, Kept)> = Vec::new();
    for (name, value) in attrs {
        name_property(cx, value, &name);
        if value.is::<Instance>()
            && let Some(set_name) = attr::special(cx, value, "__set_name__")
        {
            let name = cx.str(name);
            calls.push((cx.keep(set_name), cx.keep(value), cx.keep(name)));
        }
    }
    let kept_class = cx.keep(Value::obj(class));
    let keywords: Vec<(Kept, Kept)> = keywords.iter().map(|&(name, value)| (cx.keep(name), cx.keep(value))).collect();
    set_names(cx, kept_class, calls, 0, keywords)
}

fn set_names(
    cx: &mut Cx<'_>,
    class: Kept,
    calls: Vec<(Kept, Kept, Kept)>,
    at: usize,
    keywords: Vec<(Kept, Kept)>,
) -> NativeResult {
    let Some(&(set_name, value, name)) = calls.get(at) else { return init_subclass(cx, class, &keywords) };
    let args = [cx.kept(value), cx.kept(class), cx.kept(name)];
    Ok(Outcome::call(cx.kept(set_name), &args, move |cx, result| {
        result?;
        set_names(cx, class, calls, at + 1, keywords)
    }))
}

fn init_subclass(cx: &mut Cx<'_>, class: Kept, keywords: &[(Kept, Kept)]) -> NativeResult {
    let made = cx.kept(class).as_gc::<Class>().expect("kept as a class");
    let found = attr::lookup_super(cx.heap(), made, made, "__init_subclass__");
    let script = found.and_then(Value::as_gc::<ClassMethod>).map(|method| method.get(cx.heap()).function);
    let Some(function) = script.filter(|function| function.is::<Function>()) else {
        if keywords.is_empty() {
            return Ok(Outcome::Return(cx.kept(class)));
        }
        let name = made.get(cx.heap()).name.clone();
        return Err(Raise::type_error(format!("{name}.__init_subclass__() takes no keyword arguments")));
    };
    let keywords = keywords.iter().map(|&(name, value)| (cx.kept(name), cx.kept(value))).collect();
    Outcome::Call(Box::new(CallRequest { callee: function, args: vec![Value::obj(made)], keywords, then: None }))
        .and_then(cx, move |cx, _| Ok(Outcome::Return(cx.kept(class))))
}
