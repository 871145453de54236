//! The types `dict`, `dict_keys`, `dict_values` and `dict_items`.

use super::list::comparisons;
use super::quick;
use super::receiver::{base_value, made, receiver};
use super::types::BuiltinType;
use crate::error::Raise;
use crate::heap::dict::ViewKind;
use crate::heap::{Class, Dict, DictView, Gc, Iter};
use crate::native::{ClassBuilder, Cx, ModuleBuilder, NativeResult, Outcome};
use crate::op::BinaryOp;
use crate::operate::lookup::{self, Lookup};
use crate::operate::{containers, iterate, plain, subscript};
use crate::value::Value;

/// Gives the classes their methods.
pub(crate) fn define(module: &mut ModuleBuilder<'_>, types: &[Gc<Class>]) {
    let builder = module
        .class("dict", "A mapping that keeps insertion order.")
        .raw_static("__new__(cls, /, *args, **kwargs)", "An empty dict, for `__init__` to fill.", |cx, args| {
            let dict = Value::obj(cx.dict());
            made(cx, args[0], BuiltinType::Dict, dict).map(Outcome::Return)
        })
        .raw_static("<make>(cls, /, *args, **kwargs)", "A dict of a mapping, pairs, or keyword arguments.", make)
        .raw("__init__(self, /, *args, **kwargs)", "Adds a mapping, pairs, or keyword arguments.", init)
        .raw("get(self, key, default=None, /)", "The value of key, or default.", get)
        .quick(quick::dict_get)
        .raw(
            "setdefault(self, key, default=None, /)",
            "The value of key; sets it to default if there is none.",
            setdefault,
        )
        .raw("pop(self, key, default=..., /)", "Remove key and return its value, or default.", pop)
        .raw("popitem(self, /)", "Remove and return the last (key, value) pair.", popitem)
        .raw("update(self, /, *args, **kwargs)", "Add a mapping, pairs, or keyword arguments.", update)
        .raw("keys(self, /)", "A view of the keys.", |cx, args| view(cx, args, ViewKind::Keys))
        .raw("values(self, /)", "A view of the values.", |cx, args| view(cx, args, ViewKind::Values))
        .raw("items(self, /)", "A view of the (key, value) pairs.", |cx, args| view(cx, args, ViewKind::Items))
        .raw("copy(self, /)", "A shallow copy.", copy)
        .raw("clear(self, /)", "Remove all items.", clear)
        .raw_class(
            "fromkeys(cls, iterable, value=None, /)",
            "A dict with keys from iterable, all with value.",
            fromkeys,
        )
        .raw("__len__(self, /)", "", len)
        .raw("__getitem__(self, key, /)", "", get_item)
        .raw("__setitem__(self, key, value, /)", "", set_item)
        .raw("__delitem__(self, key, /)", "", delete_item)
        .raw("__contains__(self, key, /)", "", contains)
        .raw("__iter__(self, /)", "", iter)
        .raw("__reversed__(self, /)", "", |cx, args| reversed(cx, args[0]))
        .raw("__or__(self, other, /)", "", |cx, args| merged(cx, args[0], args[1], false))
        .raw("__ror__(self, other, /)", "", |cx, args| merged(cx, args[1], args[0], false))
        .raw("__ior__(self, other, /)", "", |cx, args| merged(cx, args[0], args[1], true));
    comparisons(builder).into_class(types[BuiltinType::Dict as usize]);
    for builtin in [BuiltinType::DictKeys, BuiltinType::DictValues, BuiltinType::DictItems] {
        let builder = module.class(builtin.name(), "A live view of a dict.");
        let builder = builder
            .raw("__len__(self, /)", "", view_len)
            .raw("__iter__(self, /)", "", |cx, args| iterate::iter(cx, args[0]))
            .raw("__reversed__(self, /)", "", |cx, args| reversed(cx, args[0]))
            .raw_getter("mapping", "The dict.", view_mapping);
        let builder = if builtin == BuiltinType::DictValues { builder } else { view_algebra(builder) };
        builder.into_class(types[builtin as usize]);
    }
}

/// What views of keys and items have in common with sets.
fn view_algebra<'b, 'a>(builder: ClassBuilder<'b, 'a>) -> ClassBuilder<'b, 'a> {
    let builder = builder
        .raw("isdisjoint(self, other, /)", "Whether there is no common element.", super::set::isdisjoint)
        .raw("__contains__(self, item, /)", "", |cx, args| containers::contains(cx, args[0], args[1]))
        .raw("__and__(self, other, /)", "", |cx, args| super::set::operator(cx, BinaryOp::BitAnd, args[0], args[1]))
        .raw("__rand__(self, other, /)", "", |cx, args| super::set::operator(cx, BinaryOp::BitAnd, args[1], args[0]))
        .raw("__or__(self, other, /)", "", |cx, args| super::set::operator(cx, BinaryOp::BitOr, args[0], args[1]))
        .raw("__ror__(self, other, /)", "", |cx, args| super::set::operator(cx, BinaryOp::BitOr, args[1], args[0]))
        .raw("__xor__(self, other, /)", "", |cx, args| super::set::operator(cx, BinaryOp::BitXor, args[0], args[1]))
        .raw("__rxor__(self, other, /)", "", |cx, args| super::set::operator(cx, BinaryOp::BitXor, args[1], args[0]))
        .raw("__sub__(self, other, /)", "", |cx, args| super::set::operator(cx, BinaryOp::Sub, args[0], args[1]))
        .raw("__rsub__(self, other, /)", "", |cx, args| super::set::operator(cx, BinaryOp::Sub, args[1], args[0]));
    comparisons(builder)
}

fn this(cx: &Cx<'_>, args: &[Value], method: &str) -> Result<Gc<Dict>, Raise> {
    receiver(cx, args[0], "dict", method)
}

fn none() -> NativeResult {
    Ok(Outcome::Return(Value::NONE))
}

fn make(cx: &mut Cx<'_>, args: &[Value]) -> NativeResult {
    let dict = cx.dict();
    fill(cx, dict, args[1], args[2], "dict")?
        .and_then_with(cx, Value::obj(dict), |_, _, dict| Ok(Outcome::Return(dict)))
}

fn init(cx: &mut Cx<'_>, args: &[Value]) -> NativeResult {
    let dict = this(cx, args, "__init__")?;
    fill(cx, dict, args[1], args[2], "dict")?.and_then(cx, |_, _| none())
}

fn update(cx: &mut Cx<'_>, args: &[Value]) -> NativeResult {
    let dict = this(cx, args, "update")?;
    fill(cx, dict, args[1], args[2], "update")?.and_then(cx, |_, _| none())
}

/// Adds what `dict(...)` and `update(...)` take: at most one mapping or iterable of pairs, then keyword arguments.
fn fill(cx: &mut Cx<'_>, dict: Gc<Dict>, args: Value, keywords: Value, function: &str) -> NativeResult {
    let args = cx.sequence(args).unwrap_or_default();
    if args.len() > 1 {
        return Err(Raise::type_error(format!("{function} expected at most 1 argument, got {}", args.len())));
    }
    let (kept, keywords) = (cx.keep(Value::obj(dict)), cx.keep(keywords));
    let first = match args.first() {
        Some(&other) => containers::dict_update(cx, dict, other)?,
        None => Outcome::Return(Value::NONE),
    };
    first.and_then(cx, move |cx, _| match (cx.kept(kept).as_gc::<Dict>(), cx.kept(keywords)) {
        (Some(dict), keywords) if !keywords.is_none() => containers::dict_update(cx, dict, keywords),
        _ => none(),
    })
}

fn get(cx: &mut Cx<'_>, args: &[Value]) -> NativeResult {
    // Written out, because no method is called more: a plain dict and a plain key.
    if let Some(dict) = args[0].as_gc::<Dict>() {
        match plain::find(cx.heap(), dict, args[1]) {
            Some(Lookup::Found(at)) => return Ok(Outcome::Return(dict.get(cx.heap()).table.entry(at).value)),
            Some(Lookup::Missing(_)) => return Ok(Outcome::Return(args[2])),
            _ => {}
        }
    }
    let dict = this(cx, args, "get")?;
    lookup::dict_get_or(cx, dict, args[1], args[2])
}

fn setdefault(cx: &mut Cx<'_>, args: &[Value]) -> NativeResult {
    let dict = this(cx, args, "setdefault")?;
    match lookup::find(cx, dict, args[1])? {
        Lookup::Found(at) => Ok(Outcome::Return(dict.get(cx.heap()).table.entry(at).value)),
        Lookup::Missing(hash) => {
            lookup::insert(cx.heap_mut(), dict, hash, args[1], args[2]);
            Ok(Outcome::Return(args[2]))
        }
        Lookup::Script => Ok(Outcome::tail_call(cx.prelude("_dict_setdefault"), &[Value::obj(dict), args[1], args[2]])),
    }
}

fn pop(cx: &mut Cx<'_>, args: &[Value]) -> NativeResult {
    let dict = this(cx, args, "pop")?;
    lookup::dict_pop(cx, dict, args[1], args[2])
}

fn popitem(cx: &mut Cx<'_>, args: &[Value]) -> NativeResult {
    let dict = this(cx, args, "popitem")?;
    let table = &dict.get(cx.heap()).table;
    let Some((at, _)) = table.previous_entry(table.positions()) else {
        let message = cx.str("popitem(): dictionary is empty");
        return Err(lookup::key_error(message));
    };
    let entry = dict.get_mut(cx.heap_mut()).table.remove(at);
    Ok(Outcome::Return(cx.tuple(&[entry.key, entry.value])))
}

fn view(cx: &mut Cx<'_>, args: &[Value], show: ViewKind) -> NativeResult {
    let method = match show {
        ViewKind::Keys => "keys",
        ViewKind::Values => "values",
        ViewKind::Items => "items",
    };
    let dict = this(cx, args, method)?;
    Ok(Outcome::Return(cx.heap_mut().value(DictView { dict, show })))
}

fn copy(cx: &mut Cx<'_>, args: &[Value]) -> NativeResult {
    let dict = this(cx, args, "copy")?;
    containers::copy_dict(cx, dict).map(|copy| Outcome::Return(Value::obj(copy)))
}

fn clear(cx: &mut Cx<'_>, args: &[Value]) -> NativeResult {
    let dict = this(cx, args, "clear")?;
    dict.get_mut(cx.heap_mut()).table.clear();
    none()
}

fn fromkeys(cx: &mut Cx<'_>, args: &[Value]) -> NativeResult {
    if args[0].as_gc::<Class>() != Some(cx.builtin_class(BuiltinType::Dict)) {
        return Ok(Outcome::tail_call(cx.prelude("_dict_fromkeys"), &[args[0], args[1], args[2]]));
    }
    let value = cx.keep(args[2]);
    iterate::with_items(cx, args[1], move |cx, items| {
        let (dict, value) = (cx.dict(), cx.kept(value));
        cx.reserve(items.len() * 40)?;
        for (at, &key) in items.iter().enumerate() {
            if !lookup::dict_set_native(cx, dict, key, value)? {
                let rest = iterate::new_list(cx, &items[at..])?;
                return Ok(Outcome::tail_call(cx.prelude("_dict_set_all"), &[Value::obj(dict), rest, value]));
            }
        }
        Ok(Outcome::Return(Value::obj(dict)))
    })
}

fn len(cx: &mut Cx<'_>, args: &[Value]) -> NativeResult {
    let dict = this(cx, args, "__len__")?;
    Ok(Outcome::Return(Value::int(dict.get(cx.heap()).table.len() as i64)))
}

fn get_item(cx: &mut Cx<'_>, args: &[Value]) -> NativeResult {
    let dict = this(cx, args, "__getitem__")?;
    subscript::get_of_dict(cx, args[0], dict, args[1])
}

fn set_item(cx: &mut Cx<'_>, args: &[Value]) -> NativeResult {
    let dict = this(cx, args, "__setitem__")?;
    lookup::dict_set(cx, dict, args[1], args[2])
}

fn delete_item(cx: &mut Cx<'_>, args: &[Value]) -> NativeResult {
    let dict = this(cx, args, "__delitem__")?;
    lookup::dict_delete(cx, dict, args[1])
}

fn contains(cx: &mut Cx<'_>, args: &[Value]) -> NativeResult {
    let dict = this(cx, args, "__contains__")?;
    lookup::has_key(cx, dict, args[1])
}

fn iter(cx: &mut Cx<'_>, args: &[Value]) -> NativeResult {
    let dict = this(cx, args, "__iter__")?;
    iterate::iter(cx, Value::obj(dict))
}

/// `reversed` of a dict or a view.
pub(crate) fn reversed(cx: &mut Cx<'_>, value: Value) -> NativeResult {
    let value = base_value(cx, value);
    let (dict, show) = match value.as_gc::<DictView>() {
        Some(view) => (view.get(cx.heap()).dict, view.get(cx.heap()).show),
        None => (receiver::<Dict>(cx, value, "dict", "__reversed__")?, ViewKind::Keys),
    };
    let table = &dict.get(cx.heap()).table;
    let (position, len) = (table.positions(), table.len());
    Ok(Outcome::Return(cx.heap_mut().value(Iter::DictReversed { dict, show, position, len })))
}

fn merged(cx: &mut Cx<'_>, left: Value, right: Value, inplace: bool) -> NativeResult {
    let base = base_value(cx, left);
    if !base.is::<Dict>() {
        return Ok(Outcome::Return(Value::NOT_IMPLEMENTED));
    }
    super::list::operator(cx, BinaryOp::BitOr, left, right, inplace)
}

fn view_len(cx: &mut Cx<'_>, args: &[Value]) -> NativeResult {
    iterate::length(cx, args[0])
}

fn view_mapping(cx: &mut Cx<'_>, args: &[Value]) -> NativeResult {
    let view = receiver::<DictView>(cx, args[0], "dict_keys", "mapping")?;
    Ok(Outcome::Return(Value::obj(view.get(cx.heap()).dict)))
}
