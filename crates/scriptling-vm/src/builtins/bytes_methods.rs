//! `bytes` methods that cut, join, pad and change case. Case and white space are ASCII's.

use memchr::memmem;

use super::bytes::{bytes_argument, data};
use super::receiver::{base_value, given, int_argument, is_raise, retry_with_index};
use crate::error::{ExcClass, Raise};
use crate::native::{ClassBuilder, Cx, NativeResult, Outcome, RawNative};
use crate::operate::iterate;
use crate::value::Value;

/// Bytes that one part of a split costs: its cell, its data, and its place in the list.
const PART_COST: usize = 80;

/// Adds the methods.
pub(super) fn define<'b, 'a>(builder: ClassBuilder<'b, 'a>) -> ClassBuilder<'b, 'a> {
    let builder = builder
        .raw("split(self, /, sep=None, maxsplit=-1)", "The parts between separators, as a list.", split)
        .raw("rsplit(self, /, sep=None, maxsplit=-1)", "The same, splitting from the end.", rsplit)
        .raw("splitlines(self, /, keepends=False)", "The lines, as a list.", split_lines)
        .raw("partition(self, sep, /)", "What is before, at and after the first separator.", |cx, args| {
            partition(cx, args, false)
        })
        .raw("rpartition(self, sep, /)", "What is before, at and after the last separator.", |cx, args| {
            partition(cx, args, true)
        })
        .raw("strip(self, bytes=None, /)", "A copy without leading and trailing bytes.", |cx, args| {
            strip(cx, args, true, true)
        })
        .raw("lstrip(self, bytes=None, /)", "A copy without leading bytes.", |cx, args| strip(cx, args, true, false))
        .raw("rstrip(self, bytes=None, /)", "A copy without trailing bytes.", |cx, args| strip(cx, args, false, true))
        .raw("join(self, iterable_of_bytes, /)", "The elements of an iterable, with this in between.", join)
        .raw("replace(self, old, new, count=-1, /)", "A copy with old replaced by new.", replace)
        .raw("removeprefix(self, prefix, /)", "A copy without the prefix, if it is there.", |cx, args| {
            let bytes = data(cx, args, "removeprefix")?;
            let prefix = bytes_argument(cx, args[1])?;
            Ok(Outcome::Return(cx.bytes(bytes.strip_prefix(&*prefix).unwrap_or(&bytes))))
        })
        .raw("removesuffix(self, suffix, /)", "A copy without the suffix, if it is there.", |cx, args| {
            let bytes = data(cx, args, "removesuffix")?;
            let suffix = bytes_argument(cx, args[1])?;
            Ok(Outcome::Return(cx.bytes(bytes.strip_suffix(&*suffix).unwrap_or(&bytes))))
        })
        .raw("translate(self, table, /, delete=...)", "A copy with bytes mapped by a table.", translate)
        .raw_static("maketrans(frm, to, /)", "A table for translate.", make_table)
        .raw("center(self, width, fillchar=..., /)", "A copy centred in a field.", center)
        .raw("ljust(self, width, fillchar=..., /)", "A copy at the left of a field.", left_justify)
        .raw("rjust(self, width, fillchar=..., /)", "A copy at the right of a field.", right_justify)
        .raw("zfill(self, width, /)", "A copy with zeros after the sign.", zero_fill)
        .raw("expandtabs(self, /, tabsize=8)", "A copy with tabs replaced by spaces.", expand_tabs);
    case_and_predicates(builder)
}

fn case_and_predicates<'b, 'a>(builder: ClassBuilder<'b, 'a>) -> ClassBuilder<'b, 'a> {
    builder
        .raw("lower(self, /)", "A copy in lower case.", |cx, args| map(cx, args, <[u8]>::to_ascii_lowercase))
        .raw("upper(self, /)", "A copy in upper case.", |cx, args| map(cx, args, <[u8]>::to_ascii_uppercase))
        .raw("swapcase(self, /)", "A copy with cases exchanged.", |cx, args| map(cx, args, swap_case))
        .raw("title(self, /)", "A copy with each word capitalised.", |cx, args| map(cx, args, title))
        .raw("capitalize(self, /)", "A copy with the first byte capitalised.", |cx, args| {
            map(cx, args, |bytes| {
                let mut out = bytes.to_ascii_lowercase();
                if let Some(first) = out.first_mut() {
                    first.make_ascii_uppercase();
                }
                out
            })
        })
        .raw("isalpha(self, /)", "Whether all are letters.", |cx, args| all(cx, args, |b| b.is_ascii_alphabetic()))
        .raw("isdigit(self, /)", "Whether all are digits.", |cx, args| all(cx, args, |b| b.is_ascii_digit()))
        .raw("isalnum(self, /)", "Whether all are letters or digits.", |cx, args| {
            all(cx, args, |b| b.is_ascii_alphanumeric())
        })
        .raw("isspace(self, /)", "Whether all are white space.", |cx, args| all(cx, args, is_space))
        .raw("isascii(self, /)", "Whether all are ASCII.", |cx, args| test(cx, args, <[u8]>::is_ascii))
        .raw("islower(self, /)", "Whether all letters are lower case.", |cx, args| {
            test(cx, args, |bytes| {
                bytes.iter().any(u8::is_ascii_lowercase) && !bytes.iter().any(u8::is_ascii_uppercase)
            })
        })
        .raw("isupper(self, /)", "Whether all letters are upper case.", |cx, args| {
            test(cx, args, |bytes| {
                bytes.iter().any(u8::is_ascii_uppercase) && !bytes.iter().any(u8::is_ascii_lowercase)
            })
        })
        .raw("istitle(self, /)", "Whether each word is capitalised.", |cx, args| test(cx, args, is_titled))
}

fn is_space(byte: u8) -> bool {
    byte.is_ascii_whitespace() || byte == 0x0b
}

fn map(cx: &mut Cx<'_>, args: &[Value], convert: fn(&[u8]) -> Vec<u8>) -> NativeResult {
    let bytes = data(cx, args, "lower")?;
    cx.reserve(bytes.len())?;
    cx.charge_work(bytes.len() / 8);
    Ok(Outcome::Return(cx.bytes(&convert(&bytes))))
}

fn all(cx: &mut Cx<'_>, args: &[Value], holds: fn(u8) -> bool) -> NativeResult {
    let bytes = data(cx, args, "isalpha")?;
    Ok(Outcome::Return(Value::bool(!bytes.is_empty() && bytes.iter().all(|&byte| holds(byte)))))
}

fn test(cx: &mut Cx<'_>, args: &[Value], holds: fn(&[u8]) -> bool) -> NativeResult {
    let bytes = data(cx, args, "isascii")?;
    Ok(Outcome::Return(Value::bool(holds(&bytes))))
}

fn swap_case(bytes: &[u8]) -> Vec<u8> {
    bytes.iter().map(|byte| if byte.is_ascii_alphabetic() { byte ^ 0x20 } else { *byte }).collect()
}

fn title(bytes: &[u8]) -> Vec<u8> {
    let mut after_letter = false;
    let capital = |byte: &u8| {
        let out = if after_letter { byte.to_ascii_lowercase() } else { byte.to_ascii_uppercase() };
        after_letter = byte.is_ascii_alphabetic();
        out
    };
    bytes.iter().map(capital).collect()
}

fn is_titled(bytes: &[u8]) -> bool {
    let mut after_letter = false;
    for byte in bytes {
        if byte.is_ascii_alphabetic() && byte.is_ascii_lowercase() != after_letter {
            return false;
        }
        after_letter = byte.is_ascii_alphabetic();
    }
    bytes.iter().any(u8::is_ascii_uppercase)
}

/// A list of parts, given as ranges in order.
fn list_of(cx: &mut Cx<'_>, bytes: &[u8], parts: &[(usize, usize)]) -> NativeResult {
    cx.reserve(parts.len().saturating_mul(PART_COST).saturating_add(bytes.len()))?;
    cx.charge_work(parts.len() * 4);
    let values: Vec<Value> = parts.iter().map(|&(start, end)| cx.bytes(&bytes[start..end])).collect();
    Ok(Outcome::Return(cx.list(&values)))
}

fn split(cx: &mut Cx<'_>, args: &[Value]) -> NativeResult {
    let bytes = data(cx, args, "split")?;
    let Some(limit) = int_argument(cx, args[2])? else { return retry_with_index(cx, args, 2, split) };
    let limit = usize::try_from(limit).unwrap_or(usize::MAX);
    let parts = match given(args[1]) {
        Some(separator) => {
            let separator = nonempty(cx, separator)?;
            let mut parts = Vec::new();
            let mut start = 0;
            for at in memmem::find_iter(&bytes, &separator).take(limit) {
                parts.push((start, at));
                start = at + separator.len();
            }
            parts.push((start, bytes.len()));
            parts
        }
        None => words(&bytes, limit),
    };
    list_of(cx, &bytes, &parts)
}

fn rsplit(cx: &mut Cx<'_>, args: &[Value]) -> NativeResult {
    let bytes = data(cx, args, "rsplit")?;
    let Some(limit) = int_argument(cx, args[2])? else { return retry_with_index(cx, args, 2, rsplit) };
    let limit = usize::try_from(limit).unwrap_or(usize::MAX);
    let mut parts = Vec::new();
    match given(args[1]) {
        Some(separator) => {
            let separator = nonempty(cx, separator)?;
            let mut end = bytes.len();
            for at in memmem::rfind_iter(&bytes, &separator).take(limit) {
                parts.push((at + separator.len(), end));
                end = at;
            }
            parts.push((0, end));
        }
        None => {
            // Mirror the bytes, split from the front, mirror the ranges.
            let mirrored: Vec<u8> = bytes.iter().rev().copied().collect();
            parts.extend(
                words(&mirrored, limit).into_iter().map(|(start, end)| (bytes.len() - end, bytes.len() - start)),
            );
        }
    }
    parts.reverse();
    list_of(cx, &bytes, &parts)
}

fn nonempty(cx: &Cx<'_>, separator: Value) -> Result<std::sync::Arc<[u8]>, Raise> {
    let separator = bytes_argument(cx, separator)?;
    if separator.is_empty() { Err(Raise::value_error("empty separator")) } else { Ok(separator) }
}

/// Ranges of words separated by white space; after `limit` splits the rest is one word.
fn words(bytes: &[u8], limit: usize) -> Vec<(usize, usize)> {
    let skip = |from: usize| bytes[from..].iter().position(|&byte| !is_space(byte)).map_or(bytes.len(), |at| from + at);
    let mut parts = Vec::new();
    let mut start = skip(0);
    while start < bytes.len() {
        let end = match bytes[start..].iter().position(|&byte| is_space(byte)) {
            Some(length) if parts.len() < limit => start + length,
            _ => bytes.len(),
        };
        parts.push((start, end));
        start = skip(end);
    }
    parts
}

fn split_lines(cx: &mut Cx<'_>, args: &[Value]) -> NativeResult {
    let bytes = data(cx, args, "splitlines")?;
    let keep = crate::operate::truth_native(cx, args[1]).unwrap_or(true);
    let mut parts = Vec::new();
    let mut start = 0;
    while start < bytes.len() {
        let end =
            bytes[start..].iter().position(|byte| matches!(byte, b'\n' | b'\r')).map_or(bytes.len(), |at| start + at);
        let after = match bytes.get(end..end + 2) {
            Some(b"\r\n") => end + 2,
            _ => (end + 1).min(bytes.len()),
        };
        parts.push((start, if keep { after } else { end }));
        start = after;
    }
    list_of(cx, &bytes, &parts)
}

fn partition(cx: &mut Cx<'_>, args: &[Value], last: bool) -> NativeResult {
    let bytes = data(cx, args, "partition")?;
    let separator = nonempty(cx, args[1])?;
    let found = if last { memmem::rfind(&bytes, &separator) } else { memmem::find(&bytes, &separator) };
    let parts: [&[u8]; 3] = match found {
        Some(at) => [&bytes[..at], &separator, &bytes[at + separator.len()..]],
        None if last => [&[], &[], &bytes],
        None => [&bytes, &[], &[]],
    };
    let parts = parts.map(|part| cx.bytes(part));
    Ok(Outcome::Return(cx.tuple(&parts)))
}

fn strip(cx: &mut Cx<'_>, args: &[Value], left: bool, right: bool) -> NativeResult {
    let bytes = data(cx, args, "strip")?;
    let mut unwanted = [false; 256];
    match given(args[1]) {
        Some(chars) => bytes_argument(cx, chars)?.iter().for_each(|&byte| unwanted[usize::from(byte)] = true),
        None => (0..=255u8).for_each(|byte| unwanted[usize::from(byte)] = is_space(byte)),
    }
    let keep = |byte: &u8| !unwanted[usize::from(*byte)];
    let start = if left { bytes.iter().position(keep).unwrap_or(bytes.len()) } else { 0 };
    let end = if right { bytes.iter().rposition(keep).map_or(start, |at| at + 1) } else { bytes.len() };
    Ok(Outcome::Return(cx.bytes(&bytes[start..end.max(start)])))
}

fn join(cx: &mut Cx<'_>, args: &[Value]) -> NativeResult {
    let separator = data(cx, args, "join")?;
    let iterable = args[1];
    iterate::with_items(cx, iterable, move |cx, items| {
        let mut length = separator.len().saturating_mul(items.len());
        for (index, &item) in items.iter().enumerate() {
            match cx.as_bytes(base_value(cx, item)) {
                Some(bytes) => length = length.saturating_add(bytes.len()),
                None => {
                    let found = cx.type_name(item);
                    let message = format!("sequence item {index}: expected a bytes-like object, {found} found");
                    return Err(Raise::type_error(message));
                }
            }
        }
        cx.reserve(length)?;
        let mut out = Vec::with_capacity(length);
        for (index, &item) in items.iter().enumerate() {
            if index > 0 {
                out.extend_from_slice(&separator);
            }
            out.extend_from_slice(cx.as_bytes(base_value(cx, item)).unwrap_or_default());
        }
        Ok(Outcome::Return(cx.bytes(&out)))
    })
    .map_err(|raise| {
        if !iterate::is_iterable(cx, iterable) && is_raise(cx, &raise, ExcClass::TypeError) {
            Raise::type_error("can only join an iterable")
        } else {
            raise
        }
    })
}

fn replace(cx: &mut Cx<'_>, args: &[Value]) -> NativeResult {
    let bytes = data(cx, args, "replace")?;
    let (old, new) = (bytes_argument(cx, args[1])?, bytes_argument(cx, args[2])?);
    let Some(limit) = int_argument(cx, args[3])? else { return retry_with_index(cx, args, 3, replace) };
    let limit = usize::try_from(limit).unwrap_or(usize::MAX);
    cx.charge_work(bytes.len() / 8);
    // The empty pattern matches before every byte and at the end, which is what `find_iter` reports.
    let matches: Vec<usize> = memmem::find_iter(&bytes, &old).take(limit).collect();
    cx.reserve(bytes.len().saturating_add(matches.len().saturating_mul(new.len())))?;
    let mut out = Vec::with_capacity(bytes.len());
    let mut start = 0;
    for at in matches {
        out.extend_from_slice(&bytes[start..at]);
        out.extend_from_slice(&new);
        start = at + old.len();
    }
    out.extend_from_slice(&bytes[start..]);
    Ok(Outcome::Return(cx.bytes(&out)))
}

fn translate(cx: &mut Cx<'_>, args: &[Value]) -> NativeResult {
    let bytes = data(cx, args, "translate")?;
    let table = match given(args[1]) {
        Some(table) => Some(bytes_argument(cx, table)?),
        None => None,
    };
    if table.as_ref().is_some_and(|table| table.len() != 256) {
        return Err(Raise::value_error("translation table must be 256 characters long"));
    }
    let deleted = if args[2].is_undefined() { None } else { Some(bytes_argument(cx, args[2])?) };
    let mut drop = [false; 256];
    deleted.iter().flat_map(|deleted| deleted.iter()).for_each(|&byte| drop[usize::from(byte)] = true);
    let out: Vec<u8> = bytes
        .iter()
        .filter(|&&byte| !drop[usize::from(byte)])
        .map(|&byte| table.as_ref().map_or(byte, |table| table[usize::from(byte)]))
        .collect();
    Ok(Outcome::Return(cx.bytes(&out)))
}

fn make_table(cx: &mut Cx<'_>, args: &[Value]) -> NativeResult {
    let (from, to) = (bytes_argument(cx, args[0])?, bytes_argument(cx, args[1])?);
    if from.len() != to.len() {
        return Err(Raise::value_error("maketrans arguments must have same length"));
    }
    let mut table: Vec<u8> = (0..=255).collect();
    for (&from, &to) in from.iter().zip(&*to) {
        table[usize::from(from)] = to;
    }
    Ok(Outcome::Return(cx.bytes(&table)))
}

/// A padded copy; `place` says how much of the padding goes before, given padding and width.
fn padded(
    cx: &mut Cx<'_>,
    args: &[Value],
    method: &str,
    native: RawNative,
    place: fn(usize, usize) -> usize,
) -> NativeResult {
    let bytes = data(cx, args, method)?;
    let Some(width) = int_argument(cx, args[1])? else { return retry_with_index(cx, args, 1, native) };
    let fill = if args[2].is_undefined() {
        b' '
    } else {
        match cx.as_bytes(base_value(cx, args[2])) {
            Some(&[fill]) => fill,
            _ => {
                let found = cx.type_name(args[2]);
                let message = format!("{method}() argument 2 must be a byte string of length 1, not {found}");
                return Err(Raise::type_error(message));
            }
        }
    };
    let width = usize::try_from(width).unwrap_or(0);
    let padding = width.saturating_sub(bytes.len());
    cx.reserve(width)?;
    let before = place(padding, width);
    let mut out = vec![fill; before];
    out.extend_from_slice(&bytes);
    out.resize(bytes.len() + padding, fill);
    Ok(Outcome::Return(cx.bytes(&out)))
}

fn center(cx: &mut Cx<'_>, args: &[Value]) -> NativeResult {
    padded(cx, args, "center", center, |padding, width| padding / 2 + (padding & width & 1))
}

fn left_justify(cx: &mut Cx<'_>, args: &[Value]) -> NativeResult {
    padded(cx, args, "ljust", left_justify, |_, _| 0)
}

fn right_justify(cx: &mut Cx<'_>, args: &[Value]) -> NativeResult {
    padded(cx, args, "rjust", right_justify, |padding, _| padding)
}

fn zero_fill(cx: &mut Cx<'_>, args: &[Value]) -> NativeResult {
    let bytes = data(cx, args, "zfill")?;
    let Some(width) = int_argument(cx, args[1])? else { return retry_with_index(cx, args, 1, zero_fill) };
    let padding = usize::try_from(width).unwrap_or(0).saturating_sub(bytes.len());
    cx.reserve(padding)?;
    let sign = usize::from(matches!(bytes.first(), Some(b'+' | b'-')));
    let mut out = bytes[..sign].to_vec();
    out.resize(sign + padding, b'0');
    out.extend_from_slice(&bytes[sign..]);
    Ok(Outcome::Return(cx.bytes(&out)))
}

fn expand_tabs(cx: &mut Cx<'_>, args: &[Value]) -> NativeResult {
    let bytes = data(cx, args, "expandtabs")?;
    let Some(size) = int_argument(cx, args[1])? else { return retry_with_index(cx, args, 1, expand_tabs) };
    let size = usize::try_from(size).unwrap_or(0);
    let tabs = memchr::memchr_iter(b'\t', &bytes).count();
    cx.reserve(bytes.len().saturating_add(tabs.saturating_mul(size)))?;
    let mut out = Vec::with_capacity(bytes.len());
    let mut column = 0;
    for &byte in &*bytes {
        match byte {
            b'\t' if size > 0 => {
                let spaces = size - column % size;
                out.resize(out.len() + spaces, b' ');
                column += spaces;
            }
            b'\t' => {}
            byte => {
                out.push(byte);
                column = if matches!(byte, b'\n' | b'\r') { 0 } else { column + 1 };
            }
        }
    }
    Ok(Outcome::Return(cx.bytes(&out)))
}

#[cfg(test)]
mod tests {
    use super::{is_titled, title, words};

    #[test]
    fn words_and_title_case() {
        assert_eq!(words(b" a b ", usize::MAX), [(1, 2), (3, 4)]);
        assert_eq!(words(b" a b ", 1), [(1, 2), (3, 5)]);
        assert_eq!(title(b"hello wORLD"), b"Hello World");
        assert!(is_titled(b"A B") && !is_titled(b"AB") && !is_titled(b"a"));
    }
}
