//! Displays, comprehension steps and formatting: building containers from operands.

use smol_str::SmolStr;

use crate::error::Raise;
use crate::heap::{BoundMethod, Dict, List, Set, Str, Tuple};
use crate::native::{Cx, NativeResult, Outcome};
use crate::operate;
use crate::operate::lookup;
use crate::value::Value;

/// Goes on with `next` for each index up to `count`, without recursion for results that come at once.
fn each(
    cx: &mut Cx<'_>,
    mut index: usize,
    count: usize,
    step: impl Fn(&mut Cx<'_>, usize) -> NativeResult + Send + Clone + 'static,
    done: crate::native::Kept,
) -> NativeResult {
    while index < count {
        match step(cx, index)? {
            Outcome::Return(_) => index += 1,
            other => return other.and_then(cx, move |cx, _| each(cx, index + 1, count, step, done)),
        }
    }
    Ok(Outcome::Return(cx.kept(done)))
}

/// `{a, b, c}`
pub(crate) fn build_set(cx: &mut Cx<'_>, items: &[Value]) -> NativeResult {
    let set = cx.heap_mut().alloc(Set::default());
    let mut added = 0;
    while added < items.len() && lookup::set_add_native(cx, set, items[added])? {
        added += 1;
    }
    if added == items.len() {
        return Ok(Outcome::Return(Value::obj(set)));
    }
    let done = cx.keep(Value::obj(set));
    let kept: Vec<_> = items.iter().map(|&item| cx.keep(item)).collect();
    let step = move |cx: &mut Cx<'_>, index: usize| {
        let set = cx.kept(done).as_gc::<Set>().expect("kept above");
        let item = cx.kept(kept[index]);
        lookup::set_add(cx, set, item)
    };
    each(cx, added, items.len(), step, done)
}

/// `{k: v, ...}`: keys and values alternate.
pub(crate) fn build_dict(cx: &mut Cx<'_>, items: &[Value]) -> NativeResult {
    let dict = cx.dict();
    let mut added = 0;
    while added < items.len() / 2 && lookup::dict_set_native(cx, dict, items[2 * added], items[2 * added + 1])? {
        added += 1;
    }
    if added == items.len() / 2 {
        return Ok(Outcome::Return(Value::obj(dict)));
    }
    let done = cx.keep(Value::obj(dict));
    let kept: Vec<_> = items.iter().map(|&item| cx.keep(item)).collect();
    let step = move |cx: &mut Cx<'_>, index: usize| {
        let dict = cx.kept(done).as_gc::<Dict>().expect("kept above");
        let (key, value) = (cx.kept(kept[2 * index]), cx.kept(kept[2 * index + 1]));
        lookup::dict_set(cx, dict, key, value)
    };
    each(cx, added, items.len() / 2, step, done)
}

/// Joins the parts of an f-string.
pub(crate) fn build_string(cx: &mut Cx<'_>, parts: &[Value]) -> NativeResult {
    let texts = || parts.iter().map(|&part| cx.as_str(part).expect("FormatValue gives strings"));
    let length = texts().map(str::len).sum();
    let mut text = String::with_capacity(length);
    texts().for_each(|part| text.push_str(part));
    cx.reserve(length)?;
    Ok(Outcome::Return(cx.str(text)))
}

/// `[*iterable]`: `list` grows by the items; the list is the result.
pub(crate) fn list_extend(cx: &mut Cx<'_>, list: Value, iterable: Value, callee: Value) -> NativeResult {
    if let (Some(target), Some(tuple)) = (list.as_gc::<List>(), iterable.as_gc::<Tuple>()) {
        cx.reserve(tuple.count() * size_of::<Value>())?;
        for at in 0..tuple.count() {
            let item = tuple.items(cx.heap())[at];
            cx.isolate.list_push(target, item);
        }
        return Ok(Outcome::Return(list));
    }
    if !operate::iterate::is_iterable(cx, iterable) {
        let found = cx.type_name(iterable);
        if callee.is_undefined() {
            return Err(Raise::type_error(format!("Value after * must be an iterable, not {found}")));
        }
        let name = callee_name(cx, callee);
        return Err(Raise::type_error(format!("{name}() argument after * must be an iterable, not {found}")));
    }
    let kept = cx.keep(list);
    operate::iterate::collect(cx, iterable)?.and_then(cx, move |cx, items| {
        let list = cx.kept(kept);
        let items = cx.sequence(items).expect("collect gives a list");
        cx.reserve(items.len() * 16)?;
        let target = list.as_gc::<List>().expect("the compiler built a list");
        target.get_mut(cx.heap_mut()).extend(&items);
        cx.heap_mut().charge(items.len() * 8);
        Ok(Outcome::Return(list))
    })
}

/// `f(*iterable)`: a tuple or list stays as it is; the call only reads it.
pub(crate) fn star_arguments(cx: &mut Cx<'_>, iterable: Value, callee: Value) -> NativeResult {
    if iterable.is::<Tuple>() || iterable.is::<List>() {
        return Ok(Outcome::Return(iterable));
    }
    let list = cx.list(&[]);
    list_extend(cx, list, iterable, callee)
}

/// `f(**mapping)`: a dict whose keys are strings stays as it is; the call only reads it.
pub(crate) fn star_keywords(cx: &mut Cx<'_>, mapping: Value, callee: Value) -> NativeResult {
    let dict = mapping.as_gc::<Dict>().map(|dict| dict.get(cx.heap()));
    if dict.is_some_and(|dict| dict.table.iter().all(|entry| entry.key.is::<Str>())) {
        return Ok(Outcome::Return(mapping));
    }
    let dict = Value::obj(cx.dict());
    merge(cx, dict, mapping, Some(callee))
}

/// `{*iterable}`
pub(crate) fn set_update(cx: &mut Cx<'_>, set: Value, iterable: Value) -> NativeResult {
    let done = cx.keep(set);
    operate::iterate::collect(cx, iterable)?.and_then(cx, move |cx, items| {
        let count = cx.sequence(items).map_or(0, |items| items.len());
        let items = cx.keep(items);
        let step = move |cx: &mut Cx<'_>, index: usize| {
            let set = cx.kept(done).as_gc::<Set>().expect("the compiler built a set");
            let item = cx.kept(items).as_gc::<List>().and_then(|list| list.get(cx.heap()).get(index));
            lookup::set_add(cx, set, item.unwrap_or(Value::NONE))
        };
        each(cx, 0, count, step, done)
    })
}

/// `{**mapping}`: later keys win.
pub(crate) fn dict_update(cx: &mut Cx<'_>, dict: Value, mapping: Value) -> NativeResult {
    merge(cx, dict, mapping, None)
}

/// `f(**mapping)`: a key given twice is an error.
pub(crate) fn dict_merge(cx: &mut Cx<'_>, dict: Value, mapping: Value, callee: Value) -> NativeResult {
    merge(cx, dict, mapping, Some(callee))
}

fn callee_name(cx: &mut Cx<'_>, callee: Value) -> SmolStr {
    let callee = callee.as_gc::<BoundMethod>().map_or(callee, |method| method.get(cx.heap()).function);
    match callee.as_gc::<crate::heap::Function>() {
        Some(function) => {
            let name = cx.isolate.qualname(function);
            let module = &function.get(cx.heap()).globals.get(cx.heap()).info.name;
            if module == "builtins" { name } else { format!("{module}.{name}").into() }
        }
        None => match callee.as_gc::<crate::heap::Class>() {
            Some(class) => class.get(cx.heap()).qualname.clone(),
            None => cx.type_name(callee),
        },
    }
}

fn merge(cx: &mut Cx<'_>, dict: Value, mapping: Value, callee: Option<Value>) -> NativeResult {
    let target = dict.as_gc::<Dict>().expect("the compiler built a dict");
    let done = cx.keep(dict);
    let Some(source) = mapping.as_gc::<Dict>() else {
        if operate::attr::special(cx, mapping, "keys").is_none() {
            let class = cx.type_name(mapping);
            return Err(Raise::type_error(match callee.map(|callee| callee_name(cx, callee)) {
                Some(name) => format!("{name}() argument after ** must be a mapping, not {class}"),
                None => format!("'{class}' object is not a mapping"),
            }));
        }
        let convert = cx.prelude("_mapping_to_dict");
        let callee = callee.map(|callee| cx.keep(callee));
        return Outcome::tail_call(convert, &[mapping]).and_then(cx, move |cx, converted| {
            let (dict, callee) = (cx.kept(done), callee.map(|callee| cx.kept(callee)));
            merge(cx, dict, converted, callee)
        });
    };
    let entries: Vec<(Value, Value)> = source.get(cx.heap()).table.iter().map(|e| (e.key, e.value)).collect();
    let all_strings = entries.iter().all(|(key, _)| key.is::<Str>());
    if let Some(callee) = callee {
        if !all_strings {
            return Err(Raise::type_error("keywords must be strings"));
        }
        if !target.get(cx.heap()).table.is_empty() {
            for (key, _) in &entries {
                let text = cx.as_str(*key).unwrap_or_default().to_owned();
                if cx.dict_get_str(target, &text).is_some() {
                    let name = callee_name(cx, callee);
                    let message = format!("{name}() got multiple values for keyword argument '{text}'");
                    return Err(Raise::type_error(message));
                }
            }
        }
    }
    // Strings are compared without calling anything: no need to keep the entries.
    if all_strings {
        for (key, value) in entries {
            lookup::dict_set_native(cx, target, key, value)?;
        }
        return Ok(Outcome::Return(dict));
    }
    let kept: Vec<_> = entries.iter().map(|(key, value)| (cx.keep(*key), cx.keep(*value))).collect();
    let step = move |cx: &mut Cx<'_>, index: usize| {
        let dict = cx.kept(done).as_gc::<Dict>().expect("the compiler built a dict");
        let (key, value) = (cx.kept(kept[index].0), cx.kept(kept[index].1));
        lookup::dict_set(cx, dict, key, value)
    };
    each(cx, 0, entries.len(), step, done)
}

/// A replacement field of an f-string.
pub(crate) fn format_value(cx: &mut Cx<'_>, value: Value, conversion: u8, spec: Value) -> NativeResult {
    let spec = if spec.is_undefined() { SmolStr::default() } else { SmolStr::new(cx.as_str(spec).unwrap_or_default()) };
    if conversion == 0 && spec.is_empty() && value.is::<Str>() {
        return Ok(Outcome::Return(value));
    }
    let converted = match conversion {
        0 => return operate::format(cx, value, &spec),
        1 => operate::str(cx, value)?,
        2 => operate::repr(cx, value)?,
        _ => operate::ascii(cx, value)?,
    };
    converted.and_then(
        cx,
        move |cx, text| if spec.is_empty() { Ok(Outcome::Return(text)) } else { operate::format(cx, text, &spec) },
    )
}
