//! `str` methods that cut and join: `split`, `partition`, `strip`, `splitlines`, `join` and their relatives.

use hashbrown::HashSet;

use super::receiver::{base_value, given, int_argument, is_raise, retry_with_index, text_of};
use super::str_::{receiver, str_argument, text};
use crate::error::{ExcClass, Raise};
use crate::heap::str::View;
use crate::heap::{Gc, Heap, List, Str, Tuple};
use crate::native::{ClassBuilder, Cx, NativeResult, Outcome};
use crate::operate::number_text::is_space;
use crate::operate::{iterate, search};
use crate::value::Value;

/// Bytes that one part of a split costs: its cell, and its place in the list.
const PART_COST: usize = 64;

/// Adds the methods.
pub(super) fn define<'b, 'a>(builder: ClassBuilder<'b, 'a>) -> ClassBuilder<'b, 'a> {
    builder
        .raw("split(self, /, sep=None, maxsplit=-1)", "The words between separators, as a list.", split)
        .raw("rsplit(self, /, sep=None, maxsplit=-1)", "The same, splitting from the end.", rsplit)
        .raw("splitlines(self, /, keepends=False)", "The lines, as a list.", split_lines)
        .raw("partition(self, sep, /)", "What is before, at and after the first separator.", partition)
        .raw("rpartition(self, sep, /)", "What is before, at and after the last separator.", rpartition)
        .raw("strip(self, chars=None, /)", "A copy without leading and trailing characters.", |cx, args| {
            strip(cx, args, "strip", true, true)
        })
        .raw("lstrip(self, chars=None, /)", "A copy without leading characters.", |cx, args| {
            strip(cx, args, "lstrip", true, false)
        })
        .raw("rstrip(self, chars=None, /)", "A copy without trailing characters.", |cx, args| {
            strip(cx, args, "rstrip", false, true)
        })
        .raw("removeprefix(self, prefix, /)", "A copy without the prefix, if it is there.", |cx, args| {
            let original = text(cx, args, "removeprefix")?;
            let prefix = str_argument(cx, "removeprefix", 0, args[1])?;
            let rest = original.strip_prefix(&*prefix).unwrap_or(&original);
            Ok(Outcome::Return(part_of(cx, original, rest)))
        })
        .raw("removesuffix(self, suffix, /)", "A copy without the suffix, if it is there.", |cx, args| {
            let original = text(cx, args, "removesuffix")?;
            let suffix = str_argument(cx, "removesuffix", 0, args[1])?;
            let rest = original.strip_suffix(&*suffix).unwrap_or(&original);
            Ok(Outcome::Return(part_of(cx, original, rest)))
        })
        .raw("join(self, iterable, /)", "The strings of an iterable, with this one in between.", join)
}

/// A part of a text; the text itself if it is all of it.
#[inline(always)]
pub(super) fn part_of(cx: &mut Cx<'_>, original: View, part: &str) -> Value {
    match part.as_bytes() {
        // Single ASCII characters are the library's own.
        &[byte] => cx.char(char::from(byte)),
        _ if part.len() == original.len() => original.value(),
        _ if original.is_ascii_text() => cx.heap_mut().ascii_str(part),
        _ => cx.str(part),
    }
}

/// Parts of a text that are to be a list. As long as they are few there is none: it is made at once then, of the right size.
struct Parts {
    original: View,
    few: [Value; Parts::FEW],
    /// How many are in `few`.
    count: usize,
    /// Those before.
    list: List,
}

impl Parts {
    const FEW: usize = 16;

    #[inline(always)]
    fn of(original: View) -> Parts {
        Parts { original, few: [Value::UNDEFINED; Parts::FEW], count: 0, list: List::new() }
    }

    /// Parts are counted against the memory limit before they are made.
    #[inline(always)]
    fn push(&mut self, cx: &mut Cx<'_>, part: &str) -> Result<(), Raise> {
        if self.count == Parts::FEW {
            self.spill(cx)?;
        }
        self.few[self.count] = part_of(cx, self.original, part);
        self.count += 1;
        Ok(())
    }

    #[inline(never)]
    fn spill(&mut self, cx: &Cx<'_>) -> Result<(), Raise> {
        let known = self.list.len();
        if known.is_multiple_of(4096) && !cx.heap().has_room((known + 4096) * PART_COST) {
            return Err(Raise::memory_error());
        }
        self.few[..self.count].iter().for_each(|&part| self.list.push(part));
        self.count = 0;
        Ok(())
    }

    #[inline(always)]
    fn finish(&mut self, cx: &mut Cx<'_>, reversed: bool) -> NativeResult {
        cx.charge_work((self.list.len() + self.count) * 4);
        if self.list.is_empty() {
            let few = &mut self.few[..self.count];
            if reversed {
                few.reverse();
            }
            return Ok(Outcome::Return(cx.heap_mut().list(few)));
        }
        self.spill(cx)?;
        if reversed {
            self.list.reverse();
        }
        let list = std::mem::take(&mut self.list);
        Ok(Outcome::Return(cx.heap_mut().value(list)))
    }
}

/// A list of parts of a text.
fn list_of<'t>(cx: &mut Cx<'_>, original: View, parts: impl Iterator<Item = &'t str>, reversed: bool) -> NativeResult {
    let mut list = Parts::of(original);
    for part in parts {
        list.push(cx, part)?;
    }
    list.finish(cx, reversed)
}

/// The parts between bytes; after `limit` splits the rest is one part.
fn split_at_byte(cx: &mut Cx<'_>, original: View, separator: u8, limit: usize) -> NativeResult {
    let text = &*original;
    let (mut list, mut start) = (Parts::of(original), 0);
    for at in search::each_byte(separator, text.as_bytes()).take(limit) {
        list.push(cx, &text[start..at])?;
        start = at + 1;
    }
    list.push(cx, &text[start..])?;
    list.finish(cx, false)
}

/// All words of an ASCII text.
fn ascii_words(cx: &mut Cx<'_>, original: View) -> NativeResult {
    let text = &*original;
    let (mut list, mut start) = (Parts::of(original), 0);
    for at in search::each_blank(text.as_bytes()) {
        if is_space(char::from(text.as_bytes()[at])) {
            if at > start {
                list.push(cx, &text[start..at])?;
            }
            start = at + 1;
        }
    }
    if start < text.len() {
        list.push(cx, &text[start..])?;
    }
    list.finish(cx, false)
}

/// The separator (`None`: white space) and the most splits.
fn split_arguments(cx: &Cx<'_>, args: &[Value], limit: i64) -> Result<(Option<View>, usize), Raise> {
    let separator = match given(args[1]) {
        None => None,
        Some(value) => match text_of(cx, value) {
            Some(text) => Some(text.view()),
            None => return Err(Raise::type_error(format!("must be str or None, not {}", cx.type_name(value)))),
        },
    };
    if separator.as_ref().is_some_and(|separator| separator.is_empty()) {
        return Err(Raise::value_error("empty separator"));
    }
    Ok((separator, usize::try_from(limit).unwrap_or(usize::MAX)))
}

fn split(cx: &mut Cx<'_>, args: &[Value]) -> NativeResult {
    let original = text(cx, args, "split")?;
    let limit = match args[2].as_int() {
        Some(limit) => limit,
        None => match int_argument(cx, args[2])? {
            Some(limit) => limit,
            None => return retry_with_index(cx, args, 2, split),
        },
    };
    let (separator, limit) = split_arguments(cx, args, limit)?;
    match separator {
        Some(separator) => match *separator.as_bytes() {
            [byte] => split_at_byte(cx, original, byte, limit),
            _ => list_of(cx, original, search::split(&original, &separator, limit), false),
        },
        None if limit == usize::MAX && original.is_ascii_text() => ascii_words(cx, original),
        None => list_of(cx, original, words(&original, limit), false),
    }
}

fn rsplit(cx: &mut Cx<'_>, args: &[Value]) -> NativeResult {
    let original = text(cx, args, "rsplit")?;
    let Some(limit) = int_argument(cx, args[2])? else { return retry_with_index(cx, args, 2, rsplit) };
    let (separator, limit) = split_arguments(cx, args, limit)?;
    match separator {
        Some(separator) => list_of(cx, original, original.rsplitn(limit.saturating_add(1), &*separator), true),
        None => list_of(cx, original, words_from_end(&original, limit), true),
    }
}

/// The offset of the first white space.
fn find_space(text: &str) -> Option<usize> {
    let at = text.bytes().position(|byte| !byte.is_ascii_graphic())?;
    match text.as_bytes()[at] {
        b' ' => Some(at),
        // A control character, or the start of a wide one.
        _ => text[at..].find(is_space).map(|rest| at + rest),
    }
}

/// Words separated by white space; after `limit` splits the rest is one word.
fn words(text: &str, limit: usize) -> impl Iterator<Item = &str> {
    let mut rest = text.trim_start_matches(is_space);
    let mut made = 0;
    std::iter::from_fn(move || {
        if rest.is_empty() {
            return None;
        }
        let end = if made == limit { None } else { find_space(rest) };
        made += 1;
        let word = match end {
            Some(end) => {
                let word = &rest[..end];
                // Mostly one space and then the next word.
                let after = rest[end..].strip_prefix(' ').unwrap_or(&rest[end..]);
                let next = after.bytes().next();
                rest = if next.is_some_and(|byte| byte.is_ascii_graphic()) {
                    after
                } else {
                    after.trim_start_matches(is_space)
                };
                word
            }
            // Trailing space goes away only if the rest was reached by splitting.
            None => std::mem::take(&mut rest),
        };
        Some(word)
    })
}

/// The same from the end, last word first.
fn words_from_end(text: &str, limit: usize) -> impl Iterator<Item = &str> {
    let mut rest = text.trim_end_matches(is_space);
    let mut made = 0;
    std::iter::from_fn(move || {
        if rest.is_empty() {
            return None;
        }
        let space = if made == limit { None } else { rest.char_indices().rev().find(|&(_, c)| is_space(c)) };
        made += 1;
        let word = match space {
            Some((at, c)) => {
                let word = &rest[at + c.len_utf8()..];
                rest = rest[..at].trim_end_matches(is_space);
                word
            }
            None => std::mem::take(&mut rest),
        };
        Some(word)
    })
}

/// Whether a character ends a line.
fn is_line_end(c: char) -> bool {
    matches!(c, '\n' | '\r' | '\x0b' | '\x0c' | '\x1c'..='\x1e' | '\u{85}' | '\u{2028}' | '\u{2029}')
}

fn split_lines(cx: &mut Cx<'_>, args: &[Value]) -> NativeResult {
    let original = text(cx, args, "splitlines")?;
    let keep = crate::operate::truth_native(cx, args[1]).unwrap_or(true);
    let mut rest = &*original;
    let lines = std::iter::from_fn(|| {
        if rest.is_empty() {
            return None;
        }
        let Some((at, c)) = rest.char_indices().find(|&(_, c)| is_line_end(c)) else {
            return Some(std::mem::take(&mut rest));
        };
        let after = if rest[at..].starts_with("\r\n") { at + 2 } else { at + c.len_utf8() };
        let line = &rest[..if keep { after } else { at }];
        rest = &rest[after..];
        Some(line)
    });
    list_of(cx, original, lines, false)
}

fn partition_at(cx: &mut Cx<'_>, args: &[Value], method: &str, last: bool) -> NativeResult {
    let original = text(cx, args, method)?;
    let Some(separator) = text_of(cx, args[1]).map(Gc::<Str>::view) else {
        return Err(Raise::type_error(format!("must be str, not {}", cx.type_name(args[1]))));
    };
    if separator.is_empty() {
        return Err(Raise::value_error("empty separator"));
    }
    let found = if last { original.rsplit_once(&*separator) } else { original.split_once(&*separator) };
    let parts = match found {
        Some((before, after)) => [before, &*separator, after],
        None if last => ["", "", &*original],
        None => [&*original, "", ""],
    };
    let parts = parts.map(|part| part_of(cx, original, part));
    Ok(Outcome::Return(cx.tuple(&parts)))
}

fn partition(cx: &mut Cx<'_>, args: &[Value]) -> NativeResult {
    partition_at(cx, args, "partition", false)
}

fn rpartition(cx: &mut Cx<'_>, args: &[Value]) -> NativeResult {
    partition_at(cx, args, "rpartition", true)
}

fn strip(cx: &mut Cx<'_>, args: &[Value], method: &str, left: bool, right: bool) -> NativeResult {
    let original = text(cx, args, method)?;
    let rest = match given(args[1]) {
        None => trimmed(&original, left, right, is_space),
        Some(value) => {
            let Some(chars) = text_of(cx, value).map(Gc::<Str>::view) else {
                return Err(Raise::type_error(format!("{method} arg must be None or str")));
            };
            match *chars.as_bytes() {
                [byte] => trimmed(&original, left, right, |c| c == char::from(byte)),
                // Many characters as a set: the product of two long texts would take forever.
                ref many if many.len() > 16 => {
                    let many: HashSet<char, foldhash::fast::FixedState> = chars.chars().collect();
                    trimmed(&original, left, right, |c| many.contains(&c))
                }
                _ => trimmed(&original, left, right, |c| chars.contains(c)),
            }
        }
    };
    Ok(Outcome::Return(part_of(cx, original, rest)))
}

/// A text without what is unwanted at its ends.
#[inline]
fn trimmed(text: &str, left: bool, right: bool, unwanted: impl Fn(char) -> bool) -> &str {
    let mut rest = text;
    if left {
        rest = rest.trim_start_matches(&unwanted);
    }
    if right {
        rest = rest.trim_end_matches(&unwanted);
    }
    rest
}

fn join(cx: &mut Cx<'_>, args: &[Value]) -> NativeResult {
    let separator = receiver(cx, args, "join")?;
    if let Some(list) = args[1].as_gc::<List>() {
        let item = |heap: &Heap, at| list.get(heap).get(at).unwrap_or(Value::UNDEFINED);
        return join_items(cx, separator, list.get(cx.heap()).len(), item);
    }
    if let Some(tuple) = args[1].as_gc::<Tuple>() {
        return join_items(cx, separator, tuple.count(), |heap, at| tuple.items(heap)[at]);
    }
    let separator = cx.keep(Value::obj(separator));
    let joined = iterate::with_items(cx, args[1], move |cx, items| {
        let separator = cx.kept(separator).as_gc::<Str>().expect("a string was kept");
        join_items(cx, separator, items.len(), |_, at| items[at])
    });
    joined.map_err(|raise| {
        if !iterate::is_iterable(cx, args[1]) && is_raise(cx, &raise, ExcClass::TypeError) {
            Raise::type_error("can only join an iterable")
        } else {
            raise
        }
    })
}

#[inline(always)]
fn join_items(cx: &mut Cx<'_>, separator: Gc<Str>, count: usize, item: impl Fn(&Heap, usize) -> Value) -> NativeResult {
    let (mut length, mut chars, mut inherited) = (0usize, 0usize, false);
    for index in 0..count {
        let item = item(cx.heap(), index);
        let text = match item.as_gc::<Str>() {
            Some(text) => text,
            None => {
                inherited = true;
                inherited_text(cx, index, item)?
            }
        };
        let (bytes, points) = text.get(cx.heap()).lengths();
        length = length.saturating_add(bytes);
        chars = chars.saturating_add(points);
    }
    if count == 1 && !inherited {
        return Ok(Outcome::Return(item(cx.heap(), 0)));
    }
    let (bytes, points) = separator.get(cx.heap()).lengths();
    length = length.saturating_add(bytes.saturating_mul(count.saturating_sub(1)));
    chars = chars.saturating_add(points.saturating_mul(count.saturating_sub(1)));
    cx.reserve(length)?;
    cx.charge_work(count + length / 8);
    let separator = separator.view();
    if inherited {
        let texts: Vec<Value> = (0..count).map(|at| base_value(cx, item(cx.heap(), at))).collect();
        return Ok(Outcome::Return(joined(cx, &separator, count, (length, chars), |_, at| texts[at])));
    }
    Ok(Outcome::Return(joined(cx, &separator, count, (length, chars), item)))
}

/// Joins values that are all strings.
#[inline(always)]
fn joined(
    cx: &mut Cx<'_>,
    separator: &str,
    count: usize,
    lengths: (usize, usize),
    item: impl Fn(&Heap, usize) -> Value,
) -> Value {
    let part = |heap: &Heap, at: usize| item(heap, at).as_gc::<Str>().expect("all items are strings").view();
    cx.heap_mut().joined_str(separator, count, lengths, part)
}

/// The text of an item that is not just a string.
#[cold]
fn inherited_text(cx: &Cx<'_>, index: usize, item: Value) -> Result<Gc<Str>, Raise> {
    text_of(cx, item).ok_or_else(|| {
        let found = cx.type_name(item);
        Raise::type_error(format!("sequence item {index}: expected str instance, {found} found"))
    })
}

#[cfg(test)]
mod tests {
    use super::{words, words_from_end};

    #[test]
    fn words_keep_the_rest_after_the_last_split() {
        assert_eq!(words("  a b  c ", usize::MAX).collect::<Vec<_>>(), ["a", "b", "c"]);
        assert_eq!(words("  a b  c ", 1).collect::<Vec<_>>(), ["a", "b  c "]);
        assert_eq!(words("  a b ", 0).collect::<Vec<_>>(), ["a b "]);
        assert_eq!(words("   ", 3).count(), 0);
        assert_eq!(words_from_end(" a b  c ", 1).collect::<Vec<_>>(), ["c", " a b"]);
        assert_eq!(words_from_end(" a ", 0).collect::<Vec<_>>(), [" a"]);
    }
}
