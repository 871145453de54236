//! `bytes`: constructor, searching, decoding. Cutting, joining and ASCII case are in `bytes_methods`.

use std::ops::Range;

use memchr::memmem;
use num_traits::Signed;
use smol_str::SmolStr;

use super::receiver::{base_value, bound_argument, int_argument, made, retry_with_index, text_of};
use super::special::{comparisons, text_operator};
use super::types::BuiltinType;
use super::{bytes_methods, text_codec};
use crate::error::Raise;
use crate::heap::{Bytes, Class, Gc, Tuple};
use crate::native::{ClassBuilder, Cx, ModuleBuilder, NativeResult, Outcome, RawNative};
use crate::op::BinaryOp;
use crate::operate::{self, iterate, number};
use crate::value::Value;

/// Registers the methods.
pub(crate) fn define(module: &mut ModuleBuilder<'_>, types: &[Gc<Class>]) {
    let builder = module
        .class("bytes", "An immutable sequence of bytes.")
        .raw_static("__new__(cls, source=..., encoding=..., errors=...)", "Bytes of ints, of a count, or of text.", new)
        .raw_class("fromhex(type, string, /)", "The bytes written in hexadecimal.", from_hex)
        .raw("hex(self, /, sep=..., bytes_per_sep=1)", "The bytes in hexadecimal.", hex)
        .raw("decode(self, /, encoding='utf-8', errors='strict')", "The text in an encoding.", decode)
        .raw("find(self, sub, start=None, end=None, /)", "The first position of sub, or -1.", find)
        .raw("rfind(self, sub, start=None, end=None, /)", "The last position of sub, or -1.", rfind)
        .raw("index(self, sub, start=None, end=None, /)", "The first position of sub; ValueError if absent.", index)
        .raw("rindex(self, sub, start=None, end=None, /)", "The last position of sub; ValueError if absent.", rindex)
        .raw("count(self, sub, start=None, end=None, /)", "How often sub occurs, not overlapping.", count)
        .raw("startswith(self, prefix, start=None, end=None, /)", "Whether it starts with a prefix.", starts_with)
        .raw("endswith(self, suffix, start=None, end=None, /)", "Whether it ends with a suffix.", ends_with);
    let builder = bytes_methods::define(sequence_protocol(builder));
    comparisons(builder).into_class(types[BuiltinType::Bytes as usize]);
}

fn sequence_protocol<'b, 'a>(builder: ClassBuilder<'b, 'a>) -> ClassBuilder<'b, 'a> {
    builder
        .raw("__len__(self, /)", "", |cx, args| {
            let length = receiver(cx, args, "__len__")?.get(cx.heap()).0.len();
            Ok(Outcome::Return(cx.int(length)))
        })
        .raw("__getitem__(self, key, /)", "", |cx, args| {
            let bytes = receiver(cx, args, "__getitem__")?;
            operate::subscript::get_item(cx, Value::obj(bytes), args[1])
        })
        .raw("__contains__(self, key, /)", "", |cx, args| {
            let bytes = receiver(cx, args, "__contains__")?;
            operate::containers::contains(cx, Value::obj(bytes), args[1])
        })
        .raw("__iter__(self, /)", "", |cx, args| {
            let bytes = receiver(cx, args, "__iter__")?;
            iterate::iter(cx, Value::obj(bytes))
        })
        .raw("__bytes__(self, /)", "", |cx, args| {
            let bytes = receiver(cx, args, "__bytes__")?;
            Ok(Outcome::Return(Value::obj(bytes)))
        })
        .raw("__add__(self, value, /)", "", text_operator::<{ BinaryOp::Add as usize }>)
        .raw("__mul__(self, value, /)", "", text_operator::<{ BinaryOp::Mul as usize }>)
        .raw("__rmul__(self, value, /)", "", text_operator::<{ BinaryOp::Mul as usize }>)
        .raw("__mod__(self, value, /)", "", text_operator::<{ BinaryOp::Mod as usize }>)
}

fn receiver(cx: &Cx<'_>, args: &[Value], method: &str) -> Result<Gc<Bytes>, Raise> {
    super::receiver::receiver(cx, args[0], "bytes", method)
}

/// The receiver's bytes, shared.
pub(super) fn data(cx: &Cx<'_>, args: &[Value], method: &str) -> Result<std::sync::Arc<[u8]>, Raise> {
    receiver(cx, args, method).map(|bytes| bytes.get(cx.heap()).0.clone())
}

/// A bytes parameter.
pub(super) fn bytes_argument(cx: &Cx<'_>, value: Value) -> Result<std::sync::Arc<[u8]>, Raise> {
    match base_value(cx, value).as_gc::<Bytes>() {
        Some(bytes) => Ok(bytes.get(cx.heap()).0.clone()),
        None => Err(Raise::type_error(format!("a bytes-like object is required, not '{}'", cx.type_name(value)))),
    }
}

// --- making ---

fn new(cx: &mut Cx<'_>, args: &[Value]) -> NativeResult {
    let [class, source, encoding, errors] = *args else {
        return Err(Raise::type_error("bytes() takes at most 3 arguments"));
    };
    let option = |cx: &Cx<'_>, value: Value, name: &str, default: &str| {
        if value.is_undefined() {
            return Ok(SmolStr::new(default));
        }
        let message = format!("bytes() argument '{name}' must be str, not {}", cx.type_name(value));
        text_of(cx, value).map(|text| text.get(cx.heap()).to_smol()).ok_or_else(|| Raise::type_error(message))
    };
    let codec = option(cx, encoding, "encoding", "utf-8")?;
    let handler = option(cx, errors, "errors", "strict")?;
    let text = text_of(cx, source).map(|text| text.get(cx.heap()).to_smol());
    let class = cx.keep(class);
    let outcome = match text {
        Some(_) if encoding.is_undefined() => {
            return Err(Raise::type_error("string argument without an encoding"));
        }
        Some(text) => {
            let bytes = text_codec::encode(cx, &text, &codec, &handler)?;
            Outcome::Return(cx.bytes(&bytes))
        }
        None if !encoding.is_undefined() || !errors.is_undefined() => {
            return Err(Raise::type_error("encoding without a string argument"));
        }
        None if source.is_undefined() => Outcome::Return(cx.bytes(&[])),
        None => from_source(cx, source)?,
    };
    outcome.and_then(cx, move |cx, bytes| {
        let class = cx.kept(class);
        made(cx, class, BuiltinType::Bytes, bytes).map(Outcome::Return)
    })
}

/// Bytes of a count, of a bytes-like object, or of an iterable of ints.
fn from_source(cx: &mut Cx<'_>, source: Value) -> NativeResult {
    if let Some(method) = operate::custom(cx, source, "__bytes__") {
        return Ok(Outcome::call(method, &[source], |cx, result| {
            let result = result?;
            if base_value(cx, result).is::<Bytes>() {
                return Ok(Outcome::Return(result));
            }
            let found = cx.type_name(result);
            Err(Raise::type_error(format!("__bytes__ returned non-bytes (type {found})")))
        }));
    }
    if operate::custom(cx, source, "__index__").is_some() {
        return operate::index(cx, source)?.and_then(cx, zeros);
    }
    if operate::arith::index_native(cx, source).is_some() {
        return zeros(cx, source);
    }
    bytes_of(cx, source)
}

fn zeros(cx: &mut Cx<'_>, count: Value) -> NativeResult {
    let base = base_value(cx, count);
    let count = match (number::small(base), cx.as_big(base)) {
        (Some(count), _) => usize::try_from(count).map_err(|_| Raise::value_error("negative count"))?,
        (None, Some(big)) if big.is_negative() => return Err(Raise::value_error("negative count")),
        _ => return Err(Raise::overflow_error("cannot fit 'int' into an index-sized integer")),
    };
    cx.reserve(count)?;
    let bytes = vec![0; count];
    Ok(Outcome::Return(cx.bytes(&bytes)))
}

/// The bytes of a bytes-like object or of an iterable of ints, as a `bytes` value.
pub(crate) fn bytes_of(cx: &mut Cx<'_>, source: Value) -> NativeResult {
    let base = base_value(cx, source);
    if base.is::<Bytes>() {
        return Ok(Outcome::Return(base));
    }
    if text_of(cx, source).is_some() || !iterate::is_iterable(cx, source) {
        return Err(Raise::type_error(format!("cannot convert '{}' object to bytes", cx.type_name(source))));
    }
    iterate::with_items(cx, source, |cx, items| {
        let mut bytes = Vec::with_capacity(items.len());
        for item in items {
            let Some(int) = operate::arith::index_native(cx, item) else {
                let found = cx.type_name(item);
                return Err(Raise::type_error(format!("'{found}' object cannot be interpreted as an integer")));
            };
            let byte = int.as_int().and_then(|int| u8::try_from(int).ok());
            bytes.push(byte.ok_or_else(|| Raise::value_error("bytes must be in range(0, 256)"))?);
        }
        Ok(Outcome::Return(cx.bytes(&bytes)))
    })
}

fn from_hex(cx: &mut Cx<'_>, args: &[Value]) -> NativeResult {
    let Some(text) = text_of(cx, args[1]).map(|text| text.get(cx.heap()).to_smol()) else {
        return Err(Raise::type_error(format!("fromhex() argument must be str, not {}", cx.type_name(args[1]))));
    };
    let bytes = match parse_hex(&text) {
        Ok(bytes) => cx.bytes(&bytes),
        Err(at) => {
            let message = format!("non-hexadecimal number found in fromhex() arg at position {at}");
            return Err(Raise::value_error(message));
        }
    };
    if args[0].as_gc::<Class>() == Some(cx.builtin_class(BuiltinType::Bytes)) {
        return Ok(Outcome::Return(bytes));
    }
    Ok(Outcome::tail_call(args[0], &[bytes]))
}

/// Pairs of hexadecimal digits with white space between pairs; an error is the position of what is neither.
fn parse_hex(text: &str) -> Result<Vec<u8>, usize> {
    let mut bytes = Vec::with_capacity(text.len() / 2);
    let mut chars = text.chars().enumerate();
    while let Some((at, c)) = chars.next() {
        if c.is_ascii_whitespace() || c == '\x0b' {
            continue;
        }
        let high = c.to_digit(16).ok_or(at)?;
        let low = chars.next().and_then(|(_, c)| c.to_digit(16)).ok_or(at + 1)?;
        bytes.push((high << 4 | low) as u8);
    }
    Ok(bytes)
}

fn hex(cx: &mut Cx<'_>, args: &[Value]) -> NativeResult {
    let bytes = data(cx, args, "hex")?;
    let Some(group) = int_argument(cx, args[2])? else { return retry_with_index(cx, args, 2, hex) };
    let separator = if args[1].is_undefined() {
        None
    } else {
        let base = base_value(cx, args[1]);
        let text = match (cx.as_str(base), cx.as_bytes(base)) {
            (Some(text), _) => SmolStr::new(text),
            (None, Some(bytes)) => bytes.iter().map(|&byte| char::from(byte)).collect(),
            (None, None) => return Err(Raise::type_error("sep must be str or bytes.")),
        };
        let mut chars = text.chars();
        match (chars.next(), chars.next()) {
            (Some(c), None) if c.is_ascii() => Some(c),
            (Some(_), None) => return Err(Raise::value_error("sep must be ASCII.")),
            _ => return Err(Raise::value_error("sep must be length 1.")),
        }
    };
    cx.reserve(bytes.len().saturating_mul(3))?;
    let group_size = usize::try_from(group.unsigned_abs()).unwrap_or(usize::MAX);
    let mut out = String::with_capacity(bytes.len() * 3);
    for (index, byte) in bytes.iter().enumerate() {
        if let Some(separator) = separator
            && index > 0
            && group_size > 0
        {
            // Positive groups are counted from the right.
            let position = if group > 0 { bytes.len() - index } else { index };
            if position % group_size == 0 {
                out.push(separator);
            }
        }
        for digit in [byte >> 4, byte & 15] {
            out.push(char::from_digit(u32::from(digit), 16).expect("four bits"));
        }
    }
    Ok(Outcome::Return(cx.str(out)))
}

fn decode(cx: &mut Cx<'_>, args: &[Value]) -> NativeResult {
    let bytes = data(cx, args, "decode")?;
    let option = |cx: &Cx<'_>, at: usize, name: &str| match text_of(cx, args[at]) {
        Some(text) => Ok(text.get(cx.heap()).to_smol()),
        None => {
            let found = cx.type_name(args[at]);
            Err(Raise::type_error(format!("decode() argument '{name}' must be str, not {found}")))
        }
    };
    let (encoding, errors) = (option(cx, 1, "encoding")?, option(cx, 2, "errors")?);
    let text = text_codec::decode(cx, &bytes, &encoding, &errors)?;
    Ok(Outcome::Return(cx.str(text)))
}

// --- searching ---

/// What is searched: bytes, or one byte given as an int.
fn needle(cx: &Cx<'_>, value: Value) -> Result<Vec<u8>, Raise> {
    let base = base_value(cx, value);
    if let Some(bytes) = cx.as_bytes(base) {
        return Ok(bytes.to_vec());
    }
    match number::small(base) {
        Some(byte) => match u8::try_from(byte) {
            Ok(byte) => Ok(vec![byte]),
            Err(_) => Err(Raise::value_error("byte must be in range(0, 256)")),
        },
        None if cx.as_big(base).is_some() => Err(Raise::value_error("byte must be in range(0, 256)")),
        None => {
            let found = cx.type_name(value);
            Err(Raise::type_error(format!("argument should be integer or bytes-like object, not '{found}'")))
        }
    }
}

/// The range that arguments 2 and 3 select; `Ok(None)` if the start is beyond the end; `Err` names an argument whose
/// `__index__` must be called.
fn window(cx: &Cx<'_>, length: usize, args: &[Value]) -> Result<Result<Option<Range<usize>>, usize>, Raise> {
    let mut bounds = [0, length];
    for (bound, at) in bounds.iter_mut().zip([2, 3]) {
        if args[at].is_none() {
            continue;
        }
        let Some(position) = bound_argument(cx, args[at])? else { return Ok(Err(at)) };
        *bound = if position < 0 { position.saturating_add(length as i64).max(0) as usize } else { position as usize };
    }
    let end = bounds[1].min(length);
    Ok(Ok((bounds[0] <= end).then_some(bounds[0]..end)))
}

fn locate(
    cx: &mut Cx<'_>,
    args: &[Value],
    last: bool,
    native: RawNative,
) -> Result<Result<Option<usize>, Outcome>, Raise> {
    let bytes = data(cx, args, "find")?;
    let needle = needle(cx, args[1])?;
    cx.charge_work(bytes.len() / 8);
    let range = match window(cx, bytes.len(), args)? {
        Ok(Some(range)) => range,
        Ok(None) => return Ok(Ok(None)),
        Err(at) => return retry_with_index(cx, args, at, native).map(Err),
    };
    let haystack = &bytes[range.clone()];
    let found = if last { memmem::rfind(haystack, &needle) } else { memmem::find(haystack, &needle) };
    Ok(Ok(found.map(|at| range.start + at)))
}

fn position_or(cx: &mut Cx<'_>, args: &[Value], last: bool, strict: bool, native: RawNative) -> NativeResult {
    match locate(cx, args, last, native)? {
        Ok(Some(position)) => Ok(Outcome::Return(cx.int(position))),
        Ok(None) if strict => Err(Raise::value_error("subsection not found")),
        Ok(None) => Ok(Outcome::Return(Value::int(-1))),
        Err(later) => Ok(later),
    }
}

fn find(cx: &mut Cx<'_>, args: &[Value]) -> NativeResult {
    position_or(cx, args, false, false, find)
}

fn rfind(cx: &mut Cx<'_>, args: &[Value]) -> NativeResult {
    position_or(cx, args, true, false, rfind)
}

fn index(cx: &mut Cx<'_>, args: &[Value]) -> NativeResult {
    position_or(cx, args, false, true, index)
}

fn rindex(cx: &mut Cx<'_>, args: &[Value]) -> NativeResult {
    position_or(cx, args, true, true, rindex)
}

fn count(cx: &mut Cx<'_>, args: &[Value]) -> NativeResult {
    let bytes = data(cx, args, "count")?;
    let needle = needle(cx, args[1])?;
    cx.charge_work(bytes.len() / 8);
    let found = match window(cx, bytes.len(), args)? {
        Ok(Some(range)) if needle.is_empty() => range.len() + 1,
        Ok(Some(range)) => memmem::find_iter(&bytes[range], &needle).count(),
        Ok(None) => 0,
        Err(at) => return retry_with_index(cx, args, at, count),
    };
    Ok(Outcome::Return(cx.int(found)))
}

fn starts_with(cx: &mut Cx<'_>, args: &[Value]) -> NativeResult {
    affix(cx, args, "startswith", starts_with, <[u8]>::starts_with)
}

fn ends_with(cx: &mut Cx<'_>, args: &[Value]) -> NativeResult {
    affix(cx, args, "endswith", ends_with, <[u8]>::ends_with)
}

fn affix(
    cx: &mut Cx<'_>,
    args: &[Value],
    method: &str,
    native: RawNative,
    matches: fn(&[u8], &[u8]) -> bool,
) -> NativeResult {
    let bytes = data(cx, args, method)?;
    let candidates = match base_value(cx, args[1]).as_gc::<Tuple>() {
        Some(tuple) => tuple.items(cx.heap()).to_vec(),
        None if base_value(cx, args[1]).is::<Bytes>() => vec![args[1]],
        None => {
            let found = cx.type_name(args[1]);
            let message = format!("{method} first arg must be bytes or a tuple of bytes, not {found}");
            return Err(Raise::type_error(message));
        }
    };
    let range = match window(cx, bytes.len(), args)? {
        Ok(range) => range,
        Err(at) => return retry_with_index(cx, args, at, native),
    };
    for candidate in candidates {
        let candidate = bytes_argument(cx, candidate)?;
        if let Some(range) = &range
            && matches(&bytes[range.clone()], &candidate)
        {
            return Ok(Outcome::Return(Value::TRUE));
        }
    }
    Ok(Outcome::Return(Value::FALSE))
}

#[cfg(test)]
mod tests {
    use super::parse_hex;

    #[test]
    fn hexadecimal_pairs_may_be_spaced() {
        assert_eq!(parse_hex("ab cd\n EF"), Ok(vec![0xab, 0xcd, 0xef]));
        assert_eq!(parse_hex("a b"), Err(1));
        assert_eq!(parse_hex("z"), Err(0));
        assert_eq!(parse_hex("1"), Err(1));
    }
}
