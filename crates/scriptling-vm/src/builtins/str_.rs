//! `str`: constructor, searching and replacing. Case, predicates and padding are in `str_methods`, cutting and joining in
//! `str_split`, `format` in `str_format`, codecs in `text_codec`.
//!
//! Positions are code points. Receivers may be instances of script classes that inherit from `str`.

use smol_str::SmolStr;

use super::receiver::{base_value, bound_argument, int_argument, made, retry_with_index, text_of};
use super::special::{comparisons, text_operator};
use super::types::BuiltinType;
use super::{str_format, str_methods, str_split, text_codec};
use crate::error::Raise;
use crate::heap::builder::Builder;
use crate::heap::str::View;
use crate::heap::text::Text;
use crate::heap::{Class, Gc, Str};
use crate::native::{ClassBuilder, Cx, ModuleBuilder, NativeResult, Outcome, RawNative};
use crate::op::BinaryOp;
use crate::operate::{self, search};
use crate::value::Value;

/// Registers the methods.
pub(crate) fn define(module: &mut ModuleBuilder<'_>, types: &[Gc<Class>]) {
    let builder = module
        .class("str", "Text: an immutable sequence of Unicode code points.")
        .raw_static(
            "__new__(cls, object=..., encoding=..., errors=...)",
            "The text of an object, or decoded bytes.",
            new,
        )
        .raw("find(self, sub, start=None, end=None, /)", "The first position of sub, or -1.", find)
        .raw("rfind(self, sub, start=None, end=None, /)", "The last position of sub, or -1.", rfind)
        .raw("index(self, sub, start=None, end=None, /)", "The first position of sub; ValueError if absent.", index)
        .raw("rindex(self, sub, start=None, end=None, /)", "The last position of sub; ValueError if absent.", rindex)
        .raw("count(self, sub, start=None, end=None, /)", "How often sub occurs, not overlapping.", count)
        .raw("startswith(self, prefix, start=None, end=None, /)", "Whether it starts with a prefix.", starts_with)
        .raw("endswith(self, suffix, start=None, end=None, /)", "Whether it ends with a suffix.", ends_with)
        .raw("replace(self, old, new, count=-1, /)", "A copy with old replaced by new.", replace)
        .raw(
            "encode(self, /, encoding='utf-8', errors='strict')",
            "The bytes in an encoding.",
            text_codec::encode_method,
        );
    let builder = sequence_protocol(builder);
    let builder = str_methods::define(str_split::define(str_format::define(builder)));
    comparisons(builder).into_class(types[BuiltinType::Str as usize]);
}

fn sequence_protocol<'b, 'a>(builder: ClassBuilder<'b, 'a>) -> ClassBuilder<'b, 'a> {
    builder
        .raw("__len__(self, /)", "", |cx, args| {
            let length = receiver(cx, args, "__len__")?.get(cx.heap()).char_len();
            Ok(Outcome::Return(cx.int(length)))
        })
        .raw("__getitem__(self, key, /)", "", |cx, args| {
            let text = receiver(cx, args, "__getitem__")?;
            operate::subscript::get_item(cx, Value::obj(text), args[1])
        })
        .raw("__contains__(self, key, /)", "", |cx, args| {
            let text = receiver(cx, args, "__contains__")?;
            operate::containers::contains(cx, Value::obj(text), args[1])
        })
        .raw("__iter__(self, /)", "", |cx, args| {
            let text = receiver(cx, args, "__iter__")?;
            operate::iterate::iter(cx, Value::obj(text))
        })
        .raw("__add__(self, value, /)", "", text_operator::<{ BinaryOp::Add as usize }>)
        .raw("__mul__(self, value, /)", "", text_operator::<{ BinaryOp::Mul as usize }>)
        .raw("__rmul__(self, value, /)", "", text_operator::<{ BinaryOp::Mul as usize }>)
        .raw("__mod__(self, value, /)", "", text_operator::<{ BinaryOp::Mod as usize }>)
}

/// The string inside a receiver.
pub(super) fn receiver(cx: &Cx<'_>, args: &[Value], method: &str) -> Result<Gc<Str>, Raise> {
    super::receiver::receiver(cx, args[0], "str", method)
}

/// The receiver's text.
#[inline]
pub(super) fn text(cx: &Cx<'_>, args: &[Value], method: &str) -> Result<View, Raise> {
    receiver(cx, args, method).map(Gc::<Str>::view)
}

/// A text result; the receiver itself if nothing changed.
pub(super) fn changed<'t>(cx: &mut Cx<'_>, original: View, result: impl Into<Text<'t>>) -> NativeResult {
    let result = result.into();
    if result.as_str() == &*original {
        return Ok(Outcome::Return(original.value()));
    }
    Ok(Outcome::Return(cx.str(result)))
}

fn new(cx: &mut Cx<'_>, args: &[Value]) -> NativeResult {
    let [class, object, encoding, errors] = *args else {
        return Err(Raise::type_error("str() takes at most 3 arguments"));
    };
    let plain = encoding.is_undefined() && errors.is_undefined() && !object.is_undefined();
    if plain && class.same(Value::obj(cx.builtin_class(BuiltinType::Str))) {
        return operate::str(cx, object);
    }
    let class = cx.keep(class);
    let outcome = if object.is_undefined() {
        Outcome::Return(cx.str(""))
    } else if encoding.is_undefined() && errors.is_undefined() {
        operate::str(cx, object)?
    } else {
        decode_argument(cx, object, encoding, errors)?
    };
    outcome.and_then(cx, move |cx, text| {
        let class = cx.kept(class);
        made(cx, class, BuiltinType::Str, text).map(Outcome::Return)
    })
}

fn decode_argument(cx: &mut Cx<'_>, object: Value, encoding: Value, errors: Value) -> NativeResult {
    let option = |cx: &Cx<'_>, value: Value, name: &str, default: &str| {
        if value.is_undefined() {
            return Ok(SmolStr::new(default));
        }
        let found = cx.type_name(value);
        let message = format!("str() argument '{name}' must be str, not {found}");
        text_of(cx, value).map(|text| text.get(cx.heap()).to_smol()).ok_or_else(|| Raise::type_error(message))
    };
    let encoding = option(cx, encoding, "encoding", "utf-8")?;
    let errors = option(cx, errors, "errors", "strict")?;
    let base = base_value(cx, object);
    let Some(bytes) = cx.as_bytes(base).map(<[u8]>::to_vec) else {
        if base.is::<Str>() {
            return Err(Raise::type_error("decoding str is not supported"));
        }
        let found = cx.type_name(object);
        return Err(Raise::type_error(format!("decoding to str: need a bytes-like object, {found} found")));
    };
    let text = text_codec::decode(cx, &bytes, &encoding, &errors)?;
    Ok(Outcome::Return(cx.str(text)))
}

/// What the arguments `start` and `end` (2 and 3) select of a receiver.
pub(super) enum Window {
    /// This byte range.
    Range(std::ops::Range<usize>),
    /// Nothing is selected, not even the empty text.
    Nothing,
    /// This argument's `__index__` is a script's.
    Script(usize),
}

/// See [`Window`].
pub(super) fn window(cx: &Cx<'_>, text: &Str, args: &[Value]) -> Result<Window, Raise> {
    let length = text.char_len();
    let mut bounds = [0, length];
    for (bound, at) in bounds.iter_mut().zip([2, 3]) {
        if args[at].is_none() {
            continue;
        }
        let Some(position) = bound_argument(cx, args[at])? else { return Ok(Window::Script(at)) };
        *bound =
            if position < 0 { (position.saturating_add(length as i64)).max(0) as usize } else { position as usize };
    }
    let [start, end] = bounds;
    let end = end.min(length);
    if start > end {
        return Ok(Window::Nothing);
    }
    Ok(Window::Range(text.byte_offset(start)..text.byte_offset(end)))
}

fn needle(cx: &Cx<'_>, value: Value) -> Result<View, Raise> {
    match text_of(cx, value) {
        Some(text) => Ok(text.view()),
        None => Err(Raise::type_error(format!("must be str, not {}", cx.type_name(value)))),
    }
}

/// Where the needle is, in code points.
fn locate(
    cx: &mut Cx<'_>,
    args: &[Value],
    last: bool,
    native: RawNative,
) -> Result<Result<Option<usize>, Outcome>, Raise> {
    let text = receiver(cx, args, "find")?;
    let needle = needle(cx, args[1])?;
    let text = text.get(cx.heap());
    let range = match window(cx, text, args)? {
        Window::Range(range) => range,
        Window::Nothing => return Ok(Ok(None)),
        Window::Script(at) => return retry_with_index(cx, args, at, native).map(Err),
    };
    let haystack = &text.as_str()[range.clone()];
    let found = if last { search::rfind(haystack, &needle) } else { search::find(haystack, &needle) };
    let position = found.map(|offset| text.char_position(range.start + offset));
    let work = haystack.len() / 8;
    cx.charge_work(work);
    Ok(Ok(position))
}

fn position_or_minus_one(cx: &mut Cx<'_>, args: &[Value], last: bool, native: RawNative) -> NativeResult {
    Ok(match locate(cx, args, last, native)? {
        Ok(Some(position)) => Outcome::Return(Value::int(position as i64)),
        Ok(None) => Outcome::Return(Value::int(-1)),
        Err(later) => later,
    })
}

fn position_or_raise(cx: &mut Cx<'_>, args: &[Value], last: bool, native: RawNative) -> NativeResult {
    match locate(cx, args, last, native)? {
        Ok(Some(position)) => Ok(Outcome::Return(Value::int(position as i64))),
        Ok(None) => Err(Raise::value_error("substring not found")),
        Err(later) => Ok(later),
    }
}

fn find(cx: &mut Cx<'_>, args: &[Value]) -> NativeResult {
    position_or_minus_one(cx, args, false, find)
}

fn rfind(cx: &mut Cx<'_>, args: &[Value]) -> NativeResult {
    position_or_minus_one(cx, args, true, rfind)
}

fn index(cx: &mut Cx<'_>, args: &[Value]) -> NativeResult {
    position_or_raise(cx, args, false, index)
}

fn rindex(cx: &mut Cx<'_>, args: &[Value]) -> NativeResult {
    position_or_raise(cx, args, true, rindex)
}

fn count(cx: &mut Cx<'_>, args: &[Value]) -> NativeResult {
    let text = receiver(cx, args, "count")?;
    let needle = needle(cx, args[1])?;
    let text = text.get(cx.heap());
    let range = match window(cx, text, args)? {
        Window::Range(range) => range,
        Window::Nothing => return Ok(Outcome::Return(Value::int(0))),
        Window::Script(at) => return retry_with_index(cx, args, at, count),
    };
    let haystack = &text.as_str()[range];
    let found = search::count(haystack, &needle);
    let work = haystack.len() / 8;
    cx.charge_work(work);
    Ok(Outcome::Return(Value::int(found as i64)))
}

fn starts_with(cx: &mut Cx<'_>, args: &[Value]) -> NativeResult {
    affix(cx, args, "startswith", starts_with, |text, affix| text.starts_with(affix))
}

fn ends_with(cx: &mut Cx<'_>, args: &[Value]) -> NativeResult {
    affix(cx, args, "endswith", ends_with, |text, affix| text.ends_with(affix))
}

/// A start that is left out or counts from the front.
fn plain_start(start: Value) -> Option<usize> {
    if start.is_none() { Some(0) } else { usize::try_from(start.as_int()?).ok() }
}

fn affix(
    cx: &mut Cx<'_>,
    args: &[Value],
    method: &str,
    native: RawNative,
    matches: fn(&str, &str) -> bool,
) -> NativeResult {
    let text = receiver(cx, args, method)?;
    if let (Some(affix), true, Some(start)) = (args[1].as_gc::<Str>(), args[3].is_none(), plain_start(args[2])) {
        // The usual call: one string, at most a start within ASCII text.
        let string = text.get(cx.heap());
        if start == 0 || string.is_ascii() {
            let rest = text.view();
            let holds = rest.get(start..).is_some_and(|rest| matches(rest, &affix.view()));
            return Ok(Outcome::Return(Value::bool(holds)));
        }
    }
    let (candidates, is_tuple) = match base_value(cx, args[1]).as_gc::<crate::heap::Tuple>() {
        Some(tuple) => (tuple.items(cx.heap()).to_vec(), true),
        None => (vec![args[1]], false),
    };
    let text = text.get(cx.heap());
    let window = window(cx, text, args)?;
    if let Window::Script(at) = window {
        return retry_with_index(cx, args, at, native);
    }
    for candidate in candidates {
        let Some(candidate_text) = text_of(cx, candidate) else {
            let found = cx.type_name(candidate);
            return Err(Raise::type_error(if is_tuple {
                format!("tuple for {method} must only contain str, not {found}")
            } else {
                format!("{method} first arg must be str or a tuple of str, not {found}")
            }));
        };
        if let Window::Range(range) = &window
            && matches(&text.as_str()[range.clone()], candidate_text.get(cx.heap()).as_str())
        {
            return Ok(Outcome::Return(Value::TRUE));
        }
    }
    Ok(Outcome::Return(Value::FALSE))
}

/// A `str` parameter, with CPython's wording for others; position 0 if the method has only one.
pub(super) fn str_argument(cx: &Cx<'_>, method: &str, position: usize, value: Value) -> Result<View, Raise> {
    match text_of(cx, value) {
        Some(text) => Ok(text.view()),
        None => {
            let found = cx.type_name(value);
            let found = if value.is_none() { SmolStr::new("None") } else { found };
            let position = if position == 0 { String::new() } else { format!(" {position}") };
            Err(Raise::type_error(format!("{method}() argument{position} must be str, not {found}")))
        }
    }
}

fn replace(cx: &mut Cx<'_>, args: &[Value]) -> NativeResult {
    let original = text(cx, args, "replace")?;
    let old = str_argument(cx, "replace", 1, args[1])?;
    let new = str_argument(cx, "replace", 2, args[2])?;
    let Some(limit) = int_argument(cx, args[3])? else { return retry_with_index(cx, args, 3, replace) };
    let limit = usize::try_from(limit).unwrap_or(usize::MAX);
    cx.charge_work(original.len() / 8);
    if new.len() > old.len() {
        let found = search::count(&original, &old).min(limit);
        cx.reserve(original.len().saturating_add(found.saturating_mul(new.len() - old.len())))?;
    }
    if old.is_empty() {
        return changed(cx, original, original.replacen("", &new, limit));
    }
    let mut out = Builder::with_capacity(original.len() + new.len().saturating_sub(old.len()) * 4);
    if search::replace(&original, &old, &new, limit, |part| out.push_str(part)) && out.as_str() != &*original {
        return Ok(Outcome::Return(out.finish(cx.heap_mut())));
    }
    Ok(Outcome::Return(original.value()))
}
