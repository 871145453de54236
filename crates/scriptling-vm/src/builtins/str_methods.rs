//! `str` methods about case, sorts of characters, padding, and translation.

use smol_str::SmolStr;
use unicase::UniCase;

use super::receiver::{base_value, int_argument, retry_with_index, text_of};
use super::str_::{changed, receiver, text};
use super::unicode_text::{
    is_alnum, is_alpha, is_cased, is_decimal, is_digit, is_numeric, is_title, push_lower, push_title,
};
use crate::error::Raise;
use crate::heap::{Dict, Gc};
use crate::native::{ClassBuilder, Cx, NativeResult, Outcome, RawNative};
use crate::operate::lookup::{Lookup, dict_find};
use crate::operate::number_text::is_space;
use crate::operate::repr::is_printable;
use crate::operate::{lookup, number};
use crate::value::Value;

/// Adds the methods.
pub(super) fn define<'b, 'a>(builder: ClassBuilder<'b, 'a>) -> ClassBuilder<'b, 'a> {
    let builder = builder
        .raw("lower(self, /)", "A copy in lower case.", |cx, args| {
            ascii_case(cx, args, "lower", u8::is_ascii_uppercase, str::to_lowercase)
        })
        .raw("upper(self, /)", "A copy in upper case.", |cx, args| {
            ascii_case(cx, args, "upper", u8::is_ascii_lowercase, str::to_uppercase)
        })
        .raw("casefold(self, /)", "A copy for caseless comparison.", |cx, args| case(cx, args, "casefold", fold))
        .raw("swapcase(self, /)", "A copy with cases exchanged.", |cx, args| case(cx, args, "swapcase", swap_case))
        .raw("title(self, /)", "A copy with each word capitalised.", |cx, args| case(cx, args, "title", title))
        .raw("capitalize(self, /)", "A copy with the first character capitalised.", |cx, args| {
            case(cx, args, "capitalize", capitalize)
        })
        .raw("center(self, width, fillchar=' ', /)", "A copy centred in a field.", center)
        .raw("ljust(self, width, fillchar=' ', /)", "A copy at the left of a field.", left_justify)
        .raw("rjust(self, width, fillchar=' ', /)", "A copy at the right of a field.", right_justify)
        .raw("zfill(self, width, /)", "A copy with zeros after the sign.", zero_fill)
        .raw("expandtabs(self, /, tabsize=8)", "A copy with tabs replaced by spaces.", expand_tabs)
        .raw("translate(self, table, /)", "A copy with characters mapped by a table.", translate)
        .raw_static("maketrans(x, y=..., z=..., /)", "A table for translate.", make_table);
    predicates(builder)
}

fn predicates<'b, 'a>(builder: ClassBuilder<'b, 'a>) -> ClassBuilder<'b, 'a> {
    builder
        .raw("isalpha(self, /)", "Whether all characters are letters.", |cx, args| all(cx, args, "isalpha", is_alpha))
        .raw("isalnum(self, /)", "Whether all are letters or digits.", |cx, args| all(cx, args, "isalnum", is_alnum))
        .raw("isdecimal(self, /)", "Whether all are decimal digits.", |cx, args| all(cx, args, "isdecimal", is_decimal))
        .raw("isdigit(self, /)", "Whether all are digits.", |cx, args| all(cx, args, "isdigit", is_digit))
        .raw("isnumeric(self, /)", "Whether all are numerals.", |cx, args| all(cx, args, "isnumeric", is_numeric))
        .raw("isspace(self, /)", "Whether all are white space.", |cx, args| all(cx, args, "isspace", is_space))
        .raw("islower(self, /)", "Whether all cased characters are lower case.", |cx, args| {
            test(cx, args, "islower", |text| {
                text.chars().any(char::is_lowercase) && !text.chars().any(|c| c.is_uppercase() || is_title(c))
            })
        })
        .raw("isupper(self, /)", "Whether all cased characters are upper case.", |cx, args| {
            test(cx, args, "isupper", |text| {
                text.chars().any(char::is_uppercase) && !text.chars().any(|c| c.is_lowercase() || is_title(c))
            })
        })
        .raw("istitle(self, /)", "Whether each word is capitalised.", |cx, args| test(cx, args, "istitle", is_titled))
        .raw("isascii(self, /)", "Whether all characters are ASCII.", |cx, args| {
            test(cx, args, "isascii", str::is_ascii)
        })
        .raw("isprintable(self, /)", "Whether repr shows all characters as they are.", |cx, args| {
            test(cx, args, "isprintable", |text| text.chars().all(is_printable))
        })
        .raw("isidentifier(self, /)", "Whether it is a name.", |cx, args| test(cx, args, "isidentifier", is_identifier))
}

fn all(cx: &mut Cx<'_>, args: &[Value], method: &str, holds: fn(char) -> bool) -> NativeResult {
    let text = text(cx, args, method)?;
    cx.charge_work(text.len() / 8);
    Ok(Outcome::Return(Value::bool(!text.is_empty() && text.chars().all(holds))))
}

fn test(cx: &mut Cx<'_>, args: &[Value], method: &str, holds: fn(&str) -> bool) -> NativeResult {
    let text = text(cx, args, method)?;
    cx.charge_work(text.len() / 8);
    Ok(Outcome::Return(Value::bool(holds(&text))))
}

fn is_titled(text: &str) -> bool {
    let mut found = false;
    let mut after_cased = false;
    for c in text.chars() {
        if c.is_uppercase() || is_title(c) {
            if after_cased {
                return false;
            }
            (found, after_cased) = (true, true);
        } else if c.is_lowercase() {
            if !after_cased {
                return false;
            }
        } else {
            after_cased = false;
        }
    }
    found
}

fn is_identifier(text: &str) -> bool {
    let mut chars = text.chars();
    chars.next().is_some_and(|c| c == '_' || unicode_ident::is_xid_start(c))
        && chars.all(unicode_ident::is_xid_continue)
}

/// Lower or upper case: in ASCII text the letters that `changes` holds for change their case.
fn ascii_case(
    cx: &mut Cx<'_>,
    args: &[Value],
    method: &str,
    changes: fn(&u8) -> bool,
    convert: fn(&str) -> String,
) -> NativeResult {
    let original = text(cx, args, method)?;
    if !original.is_ascii_text() {
        return case(cx, args, method, convert);
    }
    cx.reserve(original.len())?;
    cx.charge_work(original.len() / 8);
    if !original.bytes().any(|byte| changes(&byte)) {
        return Ok(Outcome::Return(original.value()));
    }
    let changed = cx.heap_mut().ascii_str_with(original.len(), |bytes| {
        for (to, from) in bytes.iter_mut().zip(original.bytes()) {
            *to = if changes(&from) { from ^ 0x20 } else { from };
        }
    });
    Ok(Outcome::Return(changed))
}

fn case(cx: &mut Cx<'_>, args: &[Value], method: &str, convert: fn(&str) -> String) -> NativeResult {
    let original = text(cx, args, method)?;
    cx.reserve(original.len() * 2)?;
    cx.charge_work(original.len() / 8);
    let converted = convert(&original);
    changed(cx, original, converted)
}

fn fold(text: &str) -> String {
    if text.is_ascii() { text.to_ascii_lowercase() } else { UniCase::unicode(text).to_folded_case() }
}

fn swap_case(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for (offset, c) in text.char_indices() {
        if c.is_uppercase() {
            push_lower(&mut out, text, offset, c);
        } else {
            out.extend(c.to_uppercase());
        }
    }
    out
}

fn title(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut after_cased = false;
    for (offset, c) in text.char_indices() {
        if after_cased {
            push_lower(&mut out, text, offset, c);
        } else {
            push_title(&mut out, c);
        }
        after_cased = is_cased(c);
    }
    out
}

fn capitalize(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for (offset, c) in text.char_indices() {
        if offset == 0 {
            push_title(&mut out, c);
        } else {
            push_lower(&mut out, text, offset, c);
        }
    }
    out
}

/// The padding that a field of a given width needs (argument 1), and the fill character (argument 2).
fn field(cx: &mut Cx<'_>, args: &[Value], native: RawNative) -> Result<Result<(usize, usize, char), Outcome>, Raise> {
    let Some(width) = int_argument(cx, args[1])? else { return retry_with_index(cx, args, 1, native).map(Err) };
    let fill = match args.get(2) {
        None => '0',
        Some(&fill) => match text_of(cx, fill) {
            Some(text) => {
                let mut chars = text.get(cx.heap()).as_str().chars();
                match (chars.next(), chars.next()) {
                    (Some(fill), None) => fill,
                    _ => return Err(Raise::type_error("The fill character must be exactly one character long")),
                }
            }
            None => {
                let found = cx.type_name(fill);
                return Err(Raise::type_error(format!("The fill character must be a unicode character, not {found}")));
            }
        },
    };
    let length = receiver(cx, args, "center")?.get(cx.heap()).char_len();
    let width = usize::try_from(width).unwrap_or(0);
    let padding = width.saturating_sub(length);
    cx.reserve(padding.saturating_mul(fill.len_utf8()))?;
    Ok(Ok((padding, width, fill)))
}

fn padded(cx: &mut Cx<'_>, args: &[Value], before: usize, after: usize, fill: char) -> NativeResult {
    let original = text(cx, args, "center")?;
    let mut out = String::with_capacity(original.len() + (before + after) * fill.len_utf8());
    out.extend(std::iter::repeat_n(fill, before));
    out.push_str(&original);
    out.extend(std::iter::repeat_n(fill, after));
    changed(cx, original, out)
}

fn center(cx: &mut Cx<'_>, args: &[Value]) -> NativeResult {
    match field(cx, args, center)? {
        Err(later) => Ok(later),
        Ok((padding, width, fill)) => {
            // Of an odd padding the extra one goes to the left if the width is odd too.
            let before = padding / 2 + (padding & width & 1);
            padded(cx, args, before, padding - before, fill)
        }
    }
}

fn left_justify(cx: &mut Cx<'_>, args: &[Value]) -> NativeResult {
    match field(cx, args, left_justify)? {
        Err(later) => Ok(later),
        Ok((padding, _, fill)) => padded(cx, args, 0, padding, fill),
    }
}

fn right_justify(cx: &mut Cx<'_>, args: &[Value]) -> NativeResult {
    match field(cx, args, right_justify)? {
        Err(later) => Ok(later),
        Ok((padding, _, fill)) => padded(cx, args, padding, 0, fill),
    }
}

fn zero_fill(cx: &mut Cx<'_>, args: &[Value]) -> NativeResult {
    let padding = match field(cx, args, zero_fill)? {
        Err(later) => return Ok(later),
        Ok((padding, _, _)) => padding,
    };
    let original = text(cx, args, "zfill")?;
    let (sign, rest) = original.split_at(usize::from(original.starts_with(['+', '-'])));
    let mut out = String::with_capacity(original.len() + padding);
    out.push_str(sign);
    out.extend(std::iter::repeat_n('0', padding));
    out.push_str(rest);
    changed(cx, original, out)
}

fn expand_tabs(cx: &mut Cx<'_>, args: &[Value]) -> NativeResult {
    let original = text(cx, args, "expandtabs")?;
    let Some(size) = int_argument(cx, args[1])? else { return retry_with_index(cx, args, 1, expand_tabs) };
    let size = usize::try_from(size).unwrap_or(0);
    let tabs = original.bytes().filter(|&byte| byte == b'\t').count();
    cx.reserve(original.len().saturating_add(tabs.saturating_mul(size)))?;
    let mut out = String::with_capacity(original.len());
    let mut column = 0;
    for c in original.chars() {
        match c {
            '\t' if size > 0 => {
                let spaces = size - column % size;
                out.extend(std::iter::repeat_n(' ', spaces));
                column += spaces;
            }
            '\t' => {}
            '\n' | '\r' => {
                out.push(c);
                column = 0;
            }
            c => {
                out.push(c);
                column += 1;
            }
        }
    }
    changed(cx, original, out)
}

/// What a translation table says about a character.
enum Mapped {
    Same,
    Text(SmolStr),
    Script,
}

fn translate(cx: &mut Cx<'_>, args: &[Value]) -> NativeResult {
    let original = text(cx, args, "translate")?;
    if let Some(table) = args[1].as_gc::<Dict>() {
        let mut out = String::with_capacity(original.len());
        let mut complete = true;
        for c in original.chars() {
            match mapped(cx, table, c)? {
                Mapped::Same => out.push(c),
                Mapped::Text(text) => {
                    cx.reserve(out.len() + text.len())?;
                    out.push_str(&text);
                }
                Mapped::Script => {
                    complete = false;
                    break;
                }
            }
        }
        cx.charge_work(original.len());
        if complete {
            return changed(cx, original, out);
        }
    }
    Ok(Outcome::tail_call(cx.prelude("_translate"), &[original.value(), args[1]]))
}

fn mapped(cx: &mut Cx<'_>, table: Gc<Dict>, c: char) -> Result<Mapped, Raise> {
    let value = match dict_find(cx, table, Value::int(i64::from(c as u32)))? {
        Lookup::Found(at) => table.get(cx.heap()).table.entry(at).value,
        Lookup::Missing(_) => return Ok(Mapped::Same),
        Lookup::Script => return Ok(Mapped::Script),
    };
    replacement(cx, value).map(Mapped::Text)
}

/// The text that a table's value stands for.
fn replacement(cx: &Cx<'_>, value: Value) -> Result<SmolStr, Raise> {
    if value.is_none() {
        return Ok(SmolStr::default());
    }
    let base = base_value(cx, value);
    if let Some(text) = cx.as_str(base) {
        return Ok(text.into());
    }
    if let Some(code) = number::small(base) {
        return match u32::try_from(code).ok().and_then(char::from_u32) {
            Some(c) => Ok(SmolStr::from_iter([c])),
            None => Err(Raise::value_error("character mapping must be in range(0x110000)")),
        };
    }
    Err(Raise::type_error("character mapping must return integer, None or str"))
}

/// `str.maketrans`: from a dict, or from two or three strings.
fn make_table(cx: &mut Cx<'_>, args: &[Value]) -> NativeResult {
    let table = cx.dict();
    if args[1].is_undefined() {
        let Some(source) = base_value(cx, args[0]).as_gc::<Dict>() else {
            return Err(Raise::type_error("if you give only one argument to maketrans it must be a dict"));
        };
        let entries: Vec<(Value, Value)> =
            source.get(cx.heap()).table.iter().map(|entry| (entry.key, entry.value)).collect();
        for (key, value) in entries {
            let key = table_key(cx, key)?;
            lookup::dict_set_native(cx, table, key, value)?;
        }
        return Ok(Outcome::Return(Value::obj(table)));
    }
    let argument = |cx: &Cx<'_>, at: usize| match text_of(cx, args[at]) {
        Some(text) => Ok(text.get(cx.heap()).to_smol()),
        None if at == 0 => {
            Err(Raise::type_error("first maketrans argument must be a string if there is a second argument"))
        }
        None => {
            let found = cx.type_name(args[at]);
            Err(Raise::type_error(format!("maketrans() argument {} must be str, not {found}", at + 1)))
        }
    };
    let removed = if args[2].is_undefined() { None } else { Some(argument(cx, 2)?) };
    let (from, to) = (argument(cx, 0)?, argument(cx, 1)?);
    if from.chars().count() != to.chars().count() {
        return Err(Raise::value_error("the first two maketrans arguments must have equal length"));
    }
    let code = |c: char| Value::int(i64::from(c as u32));
    for (from, to) in from.chars().zip(to.chars()) {
        lookup::dict_set_native(cx, table, code(from), code(to))?;
    }
    for c in removed.iter().flat_map(|removed| removed.chars()) {
        lookup::dict_set_native(cx, table, code(c), Value::NONE)?;
    }
    Ok(Outcome::Return(Value::obj(table)))
}

fn table_key(cx: &Cx<'_>, key: Value) -> Result<Value, Raise> {
    let base = base_value(cx, key);
    if let Some(text) = cx.as_str(base) {
        let mut chars = text.chars();
        return match (chars.next(), chars.next()) {
            (Some(c), None) => Ok(Value::int(i64::from(c as u32))),
            _ => Err(Raise::value_error("string keys in translate table must be of length 1")),
        };
    }
    match number::small(base) {
        Some(code) => Ok(Value::int(code)),
        None => Err(Raise::type_error("keys in translate table must be strings or integers")),
    }
}

#[cfg(test)]
mod tests {
    use super::{capitalize, fold, is_titled, swap_case, title};

    #[test]
    fn case_follows_unicode() {
        assert_eq!(title("they're bill's ﬁne ǆ"), "They'Re Bill'S Fine ǅ");
        assert_eq!(capitalize("ßA ΑΣ"), "Ssa ας");
        assert_eq!(swap_case("Straße"), "sTRASSE");
        assert_eq!(fold("Straße"), "strasse");
        assert!(is_titled("Hello World") && !is_titled("HeLlo") && !is_titled("1"));
    }
}
