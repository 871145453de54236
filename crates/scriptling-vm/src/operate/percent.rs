//! `%` formatting of `str` and `bytes`.
//!
//! One pass over the template fills in what Rust can convert. If a field's value needs script code (`__str__`, `__repr__`,
//! `__int__`, ...), the pass notes it and goes on; then the prelude converts all noted values at once and a second pass
//! takes its results. Bytes are formatted as Latin-1 text, which maps bytes to characters one to one.

use std::ops::Deref;

use num_bigint::BigInt;
use num_traits::{Signed, ToPrimitive};
use smol_str::SmolStr;

use super::digits::Digits;
use super::dispatch::{base_value, custom, is_custom};
use super::field::Field;
use super::format::{Spec, float_text, is_int};
use super::{number, number_text, repr, search};
use crate::error::{ExcClass, Raise};
use crate::heap::builder::Builder;
use crate::heap::str::View;
use crate::heap::{Bytes, Dict, Gc, Heap, Kind, Str, Tuple};
use crate::native::{Cx, NativeResult, Outcome};
use crate::value::{Tag, Value};

/// Longer templates are not usual.
const LONGEST: usize = 240;

/// `template % right`.
pub(crate) fn percent(cx: &mut Cx<'_>, template: Value, right: Value) -> NativeResult {
    let needs_lookup = !right.is::<Dict>() && !right.is::<Tuple>() && is_mapping(cx, right);
    let Some(text) = Template::of(cx, template) else { return Ok(Outcome::Return(Value::NOT_IMPLEMENTED)) };
    let keys = if needs_lookup { keys_of(&text) } else { Vec::new() };
    if keys.is_empty() {
        return fill(cx, template, right, Value::UNDEFINED);
    }
    // The mapping is not a plain dict: the language looks the keys up.
    let keys: Vec<Value> = keys.into_iter().map(|key| cx.str(key)).collect();
    let keys = cx.list(&keys);
    let (template, kept_right) = (cx.keep(template), cx.keep(right));
    Ok(Outcome::call(cx.prelude("_get_all"), &[right, keys], move |cx, values| {
        let values = values?;
        let (template, right) = (cx.kept(template), cx.kept(kept_right));
        fill(cx, template, right, values)
    }))
}

/// `template % right` of text and fields that are usual, without an error; `None` if it takes more to tell.
pub(crate) fn percent_plain(heap: &mut Heap, template: Gc<Str>, right: Value) -> Option<Value> {
    let text = template.view();
    if text.len() > LONGEST {
        return None;
    }
    let args = match right.as_gc::<Tuple>() {
        Some(tuple) => tuple.items(heap),
        None if right.tag() == Tag::Obj && !right.is::<Str>() => return None,
        None => std::slice::from_ref(&right),
    };
    let mut args = args.iter();
    let mut out = Builder::new();
    let mut rest = &*text;
    while let Some(at) = search::find_byte(b'%', rest.as_bytes()) {
        out.push_str(&rest[..at]);
        rest = &rest[at + 1..];
        if let Some(after) = rest.strip_prefix('%') {
            out.push_str("%");
            rest = after;
            continue;
        }
        let (field, length) = Field::of_percent(rest.as_bytes())?;
        rest = &rest[length..];
        field.put(heap, &mut out, *args.next()?)?;
    }
    out.push_str(rest);
    let complete = args.next().is_none() && heap.has_room(out.as_str().len());
    complete.then(|| out.finish(heap))
}

/// Formats; if values were noted, has them converted and formats again.
fn fill(cx: &mut Cx<'_>, template: Value, right: Value, looked_up: Value) -> NativeResult {
    let mut filler = Filler::new(cx, template, right, looked_up);
    filler.run(cx, template)?;
    if filler.noted.is_empty() {
        return filler.finish(cx);
    }
    let kinds: Vec<Value> =
        filler.noted.iter().map(|(kind, _)| cx.str(kind.encode_utf8(&mut [0; 4]) as &str)).collect();
    let values: Vec<Value> = filler.noted.iter().map(|(_, value)| *value).collect();
    let (kinds, values) = (cx.list(&kinds), cx.list(&values));
    let (template, right, looked_up) = (cx.keep(template), cx.keep(right), cx.keep(looked_up));
    Ok(Outcome::call(cx.prelude("_convert_all"), &[kinds, values], move |cx, converted| {
        let converted = converted?;
        let (template, right, looked_up) = (cx.kept(template), cx.kept(right), cx.kept(looked_up));
        let mut filler = Filler::new(cx, template, right, looked_up);
        filler.converted = Some(cx.sequence(converted).unwrap_or_default().into_iter());
        filler.run(cx, template)?;
        filler.finish(cx)
    }))
}

/// The template's text.
enum Template {
    Str(View),
    Bytes(String),
}

impl Template {
    fn of(cx: &Cx<'_>, template: Value) -> Option<Template> {
        match template.as_gc::<Str>() {
            Some(text) => Some(Template::Str(text.view())),
            None => cx.as_bytes(template).map(|bytes| Template::Bytes(latin1(bytes))),
        }
    }
}

impl Deref for Template {
    type Target = str;
    fn deref(&self) -> &str {
        match self {
            Template::Str(text) => text,
            Template::Bytes(text) => text,
        }
    }
}

/// What is formatted.
enum Args {
    Tuple(Gc<Tuple>),
    One(Value),
}

impl Args {
    fn get(&self, cx: &Cx<'_>, index: usize) -> Option<Value> {
        match self {
            Args::Tuple(tuple) => tuple.items(cx.heap()).get(index).copied(),
            Args::One(value) => (index == 0).then_some(*value),
        }
    }

    fn len(&self) -> usize {
        match self {
            Args::Tuple(tuple) => tuple.count(),
            Args::One(_) => 1,
        }
    }
}

fn latin1(bytes: &[u8]) -> String {
    bytes.iter().map(|&byte| char::from(byte)).collect()
}

/// Whether `%(key)s` may look into it, and leftover arguments are no error.
fn is_mapping(cx: &Cx<'_>, value: Value) -> bool {
    match base_value(cx, value).kind() {
        Some(Kind::Dict | Kind::List | Kind::Range | Kind::BigRange | Kind::Bytes) => true,
        Some(Kind::Instance | Kind::HostObject) => custom(cx, value, "__getitem__").is_some(),
        _ => false,
    }
}

/// All keys in the template, in order; malformed ones are reported by the formatting itself.
fn keys_of(text: &str) -> Vec<String> {
    let mut keys = Vec::new();
    let mut rest = text;
    while let Some(at) = rest.find('%') {
        rest = &rest[at + 1..];
        if let Some(next) = rest.strip_prefix('%') {
            rest = next;
        } else if let Some((key, after)) = rest.strip_prefix('(').and_then(split_key) {
            keys.push(key.to_owned());
            rest = after;
        }
    }
    keys
}

/// The key before the closing parenthesis (inner pairs are part of it), and what follows.
fn split_key(text: &str) -> Option<(&str, &str)> {
    let mut depth = 1;
    for (offset, c) in text.char_indices() {
        match c {
            '(' => depth += 1,
            ')' => depth -= 1,
            _ => {}
        }
        if depth == 0 {
            return Some((&text[..offset], &text[offset + 1..]));
        }
    }
    None
}

/// One `%` field of any kind.
#[derive(Default)]
struct AnyField {
    alternate: bool,
    zero: bool,
    left: bool,
    sign: Option<char>,
    width: usize,
    precision: Option<usize>,
}

struct Filler {
    bytes: bool,
    right: Value,
    /// The arguments of a tuple, or the one argument.
    args: Args,
    next: usize,
    mapping: bool,
    /// Values of the keys, in order, if the mapping is not a plain dict.
    looked_up: Option<std::vec::IntoIter<Value>>,
    out: Builder,
    /// Values that need script code, with what is wanted of each.
    noted: Vec<(char, Value)>,
    converted: Option<std::vec::IntoIter<Value>>,
}

impl Filler {
    fn new(cx: &Cx<'_>, template: Value, right: Value, looked_up: Value) -> Filler {
        let tuple = base_value(cx, right).as_gc::<Tuple>();
        Filler {
            bytes: template.is::<Bytes>(),
            right,
            args: tuple.map_or(Args::One(right), Args::Tuple),
            next: 0,
            mapping: tuple.is_none() && is_mapping(cx, right),
            looked_up: cx.sequence(looked_up).map(Vec::into_iter),
            out: Builder::with_capacity(0),
            noted: Vec::new(),
            converted: None,
        }
    }

    fn run(&mut self, cx: &mut Cx<'_>, template: Value) -> Result<(), Raise> {
        let Some(text) = Template::of(cx, template) else { return Ok(()) };
        let mut rest = &*text;
        while let Some(at) = memchr::memchr(b'%', rest.as_bytes()) {
            self.out.push_str(&rest[..at]);
            rest = self.field(cx, &text, &rest[at + 1..])?;
        }
        self.out.push_str(rest);
        if self.next < self.args.len() && !self.mapping {
            let what = if self.bytes { "bytes" } else { "string" };
            return Err(Raise::type_error(format!("not all arguments converted during {what} formatting")));
        }
        Ok(())
    }

    fn finish(&mut self, cx: &mut Cx<'_>) -> NativeResult {
        cx.reserve(self.out.as_str().len())?;
        if !self.bytes {
            return Ok(Outcome::Return(self.out.finish(cx.heap_mut())));
        }
        let bytes: Vec<u8> = self.out.as_str().chars().map(|c| u8::try_from(c as u32).unwrap_or(b'?')).collect();
        Ok(Outcome::Return(cx.bytes(&bytes)))
    }

    fn argument(&mut self, cx: &Cx<'_>) -> Result<Value, Raise> {
        let value = self.args.get(cx, self.next);
        self.next += 1;
        value.ok_or_else(|| Raise::type_error("not enough arguments for format string"))
    }

    /// Handles one field; `rest` starts after the `%`. Returns what follows the field.
    fn field<'t>(&mut self, cx: &mut Cx<'_>, whole: &'t str, rest: &'t str) -> Result<&'t str, Raise> {
        if let Some(after) = rest.strip_prefix('%') {
            self.out.push_str("%");
            return Ok(after);
        }
        let mut rest = rest;
        let mut field = AnyField::default();
        if let Some(keyed) = rest.strip_prefix('(') {
            let Some((key, after)) = split_key(keyed) else { return Err(Raise::value_error("incomplete format key")) };
            let value = self.look_up(cx, key)?;
            (self.args, self.next) = (Args::One(value), 0);
            rest = after;
        }
        let mut chars = rest.chars();
        let incomplete = || Raise::value_error("incomplete format");
        let mut c = chars.next().ok_or_else(incomplete)?;
        loop {
            match c {
                '#' => field.alternate = true,
                '0' => field.zero = true,
                '-' => field.left = true,
                '+' => field.sign = Some('+'),
                ' ' => field.sign = field.sign.or(Some(' ')),
                _ => break,
            }
            c = chars.next().ok_or_else(incomplete)?;
        }
        if let Some(width) = self.size(cx, &mut chars, &mut c, "width too big")? {
            field.left |= width < 0;
            field.width = width.unsigned_abs() as usize;
        }
        if c == '.' {
            c = chars.next().ok_or_else(incomplete)?;
            let precision = self.size(cx, &mut chars, &mut c, "precision too big")?.unwrap_or(0);
            field.precision = Some(precision.max(0) as usize);
        }
        if matches!(c, 'h' | 'l' | 'L') {
            c = chars.next().ok_or_else(incomplete)?;
        }
        let position = whole.len() - chars.as_str().len() - c.len_utf8();
        self.convert(cx, c, &whole[..position], &field)?;
        Ok(chars.as_str())
    }

    /// A width or precision: digits, or `*` for the next argument. `c` becomes the character after it.
    fn size(
        &mut self,
        cx: &Cx<'_>,
        chars: &mut std::str::Chars<'_>,
        c: &mut char,
        too_big: &'static str,
    ) -> Result<Option<i64>, Raise> {
        let incomplete = || Raise::value_error("incomplete format");
        if *c == '*' {
            let value = base_value(cx, self.argument(cx)?);
            let size = match (number::small(value), cx.as_big(value)) {
                (Some(size), _) => size,
                (None, Some(_)) => return Err(Raise::overflow_error("Python int too large to convert to C ssize_t")),
                (None, None) => return Err(Raise::type_error("* wants int")),
            };
            *c = chars.next().ok_or_else(incomplete)?;
            return Ok(Some(size));
        }
        let mut size = None;
        while let Some(digit) = c.to_digit(10) {
            let next = size.unwrap_or(0i64).checked_mul(10).and_then(|size| size.checked_add(i64::from(digit)));
            size = Some(next.ok_or_else(|| Raise::value_error(too_big))?);
            *c = chars.next().ok_or_else(incomplete)?;
        }
        Ok(size)
    }

    fn look_up(&mut self, cx: &Cx<'_>, key: &str) -> Result<Value, Raise> {
        if let Some(values) = &mut self.looked_up {
            return values.next().ok_or_else(|| Raise::type_error("not enough arguments for format string"));
        }
        let Some(dict) = base_value(cx, self.right).as_gc::<Dict>().filter(|_| self.mapping) else {
            return Err(Raise::type_error("format requires a mapping"));
        };
        self.dict_value(cx, dict, key)
    }

    fn dict_value(&self, cx: &Cx<'_>, dict: Gc<Dict>, key: &str) -> Result<Value, Raise> {
        if !self.bytes {
            return cx.dict_get_str(dict, key).ok_or_else(|| Raise::new(ExcClass::KeyError, key));
        }
        let entries = &dict.get(cx.heap()).table;
        let wanted: Vec<u8> = key.chars().map(|c| c as u8).collect();
        let found = entries.iter().find(|entry| cx.as_bytes(entry.key) == Some(&wanted)).map(|entry| entry.value);
        found.ok_or_else(|| Raise::new(ExcClass::KeyError, key))
    }

    /// Converts an argument; `before` is the template up to the conversion's letter.
    fn convert(&mut self, cx: &mut Cx<'_>, kind: char, before: &str, field: &AnyField) -> Result<(), Raise> {
        match kind {
            's' | 'r' | 'a' | 'b' if kind != 'b' || self.bytes => {
                let value = self.argument(cx)?;
                if kind == 's' && !self.bytes && field.precision.is_none() {
                    if let Some(text) = value.as_gc::<Str>() {
                        return self.put(cx, "", &text.view(), field, false);
                    }
                    if let Some(int) = value.as_int() {
                        return self.put(cx, "", Digits::decimal(int).as_str(), field, false);
                    }
                }
                let Some(text) = self.text_of(cx, kind, value)? else { return Ok(()) };
                let shown = match field.precision {
                    Some(limit) => text.char_indices().nth(limit).map_or(&text[..], |(offset, _)| &text[..offset]),
                    None => &text,
                };
                self.put(cx, "", shown, field, false)
            }
            'd' | 'i' | 'u' | 'x' | 'X' | 'o' => {
                let value = self.argument(cx)?;
                if let Some(small) = value.as_int() {
                    let digits = Digits::new(small.unsigned_abs(), radix(kind).into(), kind == 'X');
                    return self.put_int(cx, kind, small < 0, digits.as_str(), field);
                }
                let Some(int) = self.int_of(cx, kind, value)? else { return Ok(()) };
                if radix(kind) == 10 {
                    number_text::check_digits(&int)?;
                }
                let mut digits = int.magnitude().to_str_radix(radix(kind));
                if kind == 'X' {
                    digits.make_ascii_uppercase();
                }
                self.put_int(cx, kind, int.is_negative(), &digits, field)
            }
            'e' | 'E' | 'f' | 'F' | 'g' | 'G' => {
                let value = self.argument(cx)?;
                let Some(float) = self.float_of(cx, value)? else { return Ok(()) };
                let spec = Spec::plain(kind, field.precision, field.alternate);
                let text = float_text(cx, Value::float(float), float, &spec)?;
                let (sign, digits) = split_sign(&text, field);
                let zeros = field.zero && !field.left;
                self.put(cx, sign, digits, field, zeros)
            }
            'c' => {
                let value = self.argument(cx)?;
                let text = self.char_of(cx, value)?;
                self.put(cx, "", &text, field, false)
            }
            _ => {
                let index = before.chars().count();
                let message = format!("unsupported format character '{kind}' (0x{:x}) at index {index}", kind as u32);
                Err(Raise::value_error(message))
            }
        }
    }

    /// Notes a value for the prelude, or takes what the prelude made of it.
    fn by_script(&mut self, kind: char, value: Value) -> Option<Value> {
        match &mut self.converted {
            Some(converted) => converted.next(),
            None => {
                self.noted.push((kind, value));
                None
            }
        }
    }

    fn text_of(&mut self, cx: &Cx<'_>, kind: char, value: Value) -> Result<Option<SmolStr>, Raise> {
        if self.bytes && matches!(kind, 's' | 'b') {
            return match cx.as_bytes(base_value(cx, value)) {
                Some(bytes) => Ok(Some(latin1(bytes).into())),
                None => Err(Raise::type_error(format!(
                    "%b requires a bytes-like object, or an object that implements __bytes__, not '{}'",
                    cx.type_name(value)
                ))),
            };
        }
        let ascii = kind == 'a' || self.bytes;
        let text = if kind == 's' { repr::str_native(cx, value)? } else { repr::repr_native(cx, value)? };
        let text = match text {
            Some(text) => Some(text),
            None => match self.by_script(if kind == 's' { 's' } else { 'r' }, value) {
                Some(made) => base_value(cx, made).as_gc::<Str>().map(|text| text.get(cx.heap()).to_smol()),
                None => None,
            },
        };
        Ok(text.map(|text| if ascii { repr::escape_non_ascii(&text) } else { text }))
    }

    fn int_of(&mut self, cx: &Cx<'_>, kind: char, value: Value) -> Result<Option<BigInt>, Raise> {
        let base = base_value(cx, value);
        if is_int(base) {
            return Ok(cx.to_big(base));
        }
        let decimal = matches!(kind, 'd' | 'i' | 'u');
        if let Some(float) = base.as_float().filter(|_| decimal) {
            return crate::builtins::int::float_to_int(float).map(Some);
        }
        if is_custom(base) {
            return Ok(self.by_script(if decimal { 'd' } else { 'x' }, value).and_then(|int| cx.to_big(int)));
        }
        let wanted = if decimal { "a real number" } else { "an integer" };
        Err(Raise::type_error(format!("%{kind} format: {wanted} is required, not {}", cx.type_name(value))))
    }

    fn float_of(&mut self, cx: &Cx<'_>, value: Value) -> Result<Option<f64>, Raise> {
        let base = base_value(cx, value);
        if let Some(float) = number::to_float(cx, base)? {
            return Ok(Some(float));
        }
        if is_custom(base) {
            return Ok(self.by_script('f', value).and_then(Value::as_float));
        }
        Err(Raise::type_error(format!("must be real number, not {}", cx.type_name(value))))
    }

    fn char_of(&self, cx: &Cx<'_>, value: Value) -> Result<String, Raise> {
        let base = base_value(cx, value);
        if self.bytes {
            if let Some([byte]) = cx.as_bytes(base) {
                return Ok(latin1(&[*byte]));
            }
            return match number::small(base) {
                Some(code @ 0..=255) => Ok(latin1(&[code as u8])),
                Some(_) => Err(Raise::overflow_error("%c arg not in range(256)")),
                None => Err(Raise::type_error("%c requires an integer in range(256) or a single byte")),
            };
        }
        if is_int(base) {
            let code = cx.to_big(base).and_then(|code| code.to_u32());
            let Some(c) = code.and_then(char::from_u32) else {
                return Err(Raise::overflow_error("%c arg not in range(0x110000)"));
            };
            return Ok(c.to_string());
        }
        match cx.as_str(base) {
            Some(text) if text.chars().count() == 1 => Ok(text.to_owned()),
            _ => Err(Raise::type_error("%c requires int or char")),
        }
    }

    fn put_int(
        &mut self,
        cx: &mut Cx<'_>,
        kind: char,
        negative: bool,
        digits: &str,
        field: &AnyField,
    ) -> Result<(), Raise> {
        let missing = field.precision.unwrap_or(0).saturating_sub(digits.len());
        cx.reserve(missing)?;
        let sign = match (negative, field.sign) {
            (true, _) => "-",
            (false, Some('+')) => "+",
            (false, Some(_)) => " ",
            (false, None) => "",
        };
        let zeros = field.zero && !field.left;
        if missing == 0 && !field.alternate {
            return self.put(cx, sign, digits, field, zeros);
        }
        let prefix = match kind {
            'x' if field.alternate => "0x",
            'X' if field.alternate => "0X",
            'o' if field.alternate => "0o",
            _ => "",
        };
        self.put(cx, &format!("{sign}{prefix}"), &format!("{}{digits}", "0".repeat(missing)), field, zeros)
    }

    /// Writes a field with its padding; zeros go between `lead` (sign and prefix) and `body`.
    fn put(&mut self, cx: &mut Cx<'_>, lead: &str, body: &str, field: &AnyField, zeros: bool) -> Result<(), Raise> {
        cx.reserve(self.out.as_str().len().saturating_add(field.width))?;
        let length = if body.is_ascii() { body.len() } else { body.chars().count() };
        let padding = field.width.saturating_sub(lead.len() + length);
        let fill = if zeros { b'0' } else { b' ' };
        if field.left {
            self.out.push_str(lead);
            self.out.push_str(body);
            self.out.fill(fill, padding);
        } else if zeros {
            self.out.push_str(lead);
            self.out.fill(fill, padding);
            self.out.push_str(body);
        } else {
            self.out.fill(fill, padding);
            self.out.push_str(lead);
            self.out.push_str(body);
        }
        Ok(())
    }
}

/// The radix of an int conversion.
fn radix(kind: char) -> u32 {
    match kind {
        'x' | 'X' => 16,
        'o' => 8,
        _ => 10,
    }
}

fn split_sign<'t>(text: &'t str, field: &AnyField) -> (&'static str, &'t str) {
    match (text.strip_prefix('-'), field.sign) {
        (Some(digits), _) => ("-", digits),
        (None, Some('+')) => ("+", text),
        (None, Some(_)) => (" ", text),
        (None, None) => ("", text),
    }
}
