//! `loads`: text to values.
//!
//! A scanner over bytes (JSON's structure is ASCII) with an explicit stack of open containers. Positions are byte offsets
//! until an error is made, which counts code points as Python does. A hook (`object_hook`, `parse_float`, ...) pauses the
//! scanner: open containers go into one kept list and come back when it returns.

use num_bigint::BigInt;
use scriptling_vm::error::Raise;
use scriptling_vm::heap::List;
use scriptling_vm::limits::MAX_INT_DIGITS;
use scriptling_vm::native::{Cx, Kept, ModuleBuilder, NativeResult, Outcome};
use scriptling_vm::value::Value;
use smol_str::SmolStr;

use super::MAX_DEPTH;
use super::error::decode_error;

/// Registers `loads`.
pub(super) fn define(module: &mut ModuleBuilder<'_>) {
    module.raw(
        "loads(s, *, object_hook=None, parse_float=None, parse_int=None, parse_constant=None, object_pairs_hook=None)",
        "The value of a JSON text.",
        loads,
    );
}

/// The script functions that replace parts of the result.
#[derive(Clone, Copy, Default)]
struct Hooks {
    object: Option<Kept>,
    pairs: Option<Kept>,
    float: Option<Kept>,
    int: Option<Kept>,
    constant: Option<Kept>,
}

/// An open container; its list or dict is at the same height of the value stack.
enum Level {
    Array,
    /// The key whose value is being read.
    Object(SmolStr),
}

struct Decoder {
    text: SmolStr,
    at: usize,
    levels: Vec<Level>,
    hooks: Hooks,
}

/// What the scanner found.
enum Found {
    /// A complete value.
    Value(Value),
    /// A container was opened: its first element is next.
    Opened,
    /// A complete value that a hook replaces.
    Hooked(Kept, Value),
}

fn loads(cx: &mut Cx<'_>, args: &[Value]) -> NativeResult {
    let text = match (cx.as_str(args[0]), cx.as_bytes(args[0])) {
        (Some(text), _) => SmolStr::new(text),
        (None, Some(bytes)) => text_of(bytes)?,
        (None, None) => {
            let found = cx.type_name(args[0]);
            return Err(Raise::type_error(format!("the JSON object must be str, bytes or bytearray, not {found}")));
        }
    };
    if text.starts_with('\u{feff}') && cx.as_str(args[0]).is_some() {
        return Err(decode_error(cx, "Unexpected UTF-8 BOM (decode using utf-8-sig)", &text, 0));
    }
    let mut hook = |index: usize| if args[index].is_none() { None } else { Some(cx.keep(args[index])) };
    let hooks = Hooks { object: hook(1), float: hook(2), int: hook(3), constant: hook(4), pairs: hook(5) };
    cx.charge_work(text.len());
    Decoder { text, at: 0, levels: Vec::new(), hooks }.run(cx, Vec::new(), None)
}

/// Bytes as text; a byte order mark is dropped.
fn text_of(bytes: &[u8]) -> Result<SmolStr, Raise> {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let text = std::str::from_utf8(bytes).map_err(|error| {
        let at = error.valid_up_to();
        let byte = bytes.get(at).copied().unwrap_or(0);
        let message = format!("'utf-8' codec can't decode byte {byte:#04x} in position {at}: invalid start byte");
        Raise::new(scriptling_vm::error::ExcClass::UnicodeDecodeError, message)
    })?;
    Ok(SmolStr::new(text))
}

impl Decoder {
    /// Goes on, first storing `delivered` (a value a hook returned) where it belongs.
    fn run(mut self, cx: &mut Cx<'_>, mut open: Vec<Value>, delivered: Option<Value>) -> NativeResult {
        let mut complete = delivered;
        loop {
            let found = match complete.take() {
                None => self.value(cx, &mut open)?,
                Some(value) if self.levels.is_empty() => return self.finish(cx, value),
                Some(value) => self.store(cx, &mut open, value)?,
            };
            match found {
                Found::Value(value) => complete = Some(value),
                Found::Opened => {}
                Found::Hooked(hook, value) => {
                    let kept = cx.list(&open);
                    let kept = cx.keep(kept);
                    return Ok(Outcome::call(cx.kept(hook), &[value], move |cx, result| {
                        let open = cx.sequence(cx.kept(kept)).expect("a list was kept");
                        self.run(cx, open, Some(result?))
                    }));
                }
            }
        }
    }

    fn finish(mut self, cx: &mut Cx<'_>, value: Value) -> NativeResult {
        self.skip_blanks();
        if self.at < self.text.len() {
            return Err(self.error(cx, "Extra data", self.at));
        }
        Ok(value.into())
    }

    #[cold]
    fn error(&self, cx: &mut Cx<'_>, message: &str, at: usize) -> Raise {
        decode_error(cx, message, &self.text, at)
    }

    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    fn skip_blanks(&mut self) {
        while let Some(b' ' | b'\t' | b'\n' | b'\r') = self.peek() {
            self.at += 1;
        }
    }

    /// Reads a value at the current position, or opens a container.
    fn value(&mut self, cx: &mut Cx<'_>, open: &mut Vec<Value>) -> Result<Found, Raise> {
        if self.levels.is_empty() {
            self.skip_blanks();
        }
        match self.peek() {
            Some(b'"') => {
                let text = self.string(cx)?;
                Ok(Found::Value(cx.str(text)))
            }
            Some(b'{') => self.open_object(cx, open),
            Some(b'[') => self.open_array(cx, open),
            Some(b'-' | b'0'..=b'9') => self.number(cx),
            _ => self.constant(cx),
        }
    }

    fn constant(&mut self, cx: &mut Cx<'_>) -> Result<Found, Raise> {
        const CONSTANTS: [(&str, Value); 6] = [
            ("null", Value::NONE),
            ("true", Value::TRUE),
            ("false", Value::FALSE),
            ("NaN", Value::float(f64::NAN)),
            ("Infinity", Value::float(f64::INFINITY)),
            ("-Infinity", Value::float(f64::NEG_INFINITY)),
        ];
        let rest = &self.text[self.at..];
        let Some(&(name, value)) = CONSTANTS.iter().find(|(name, _)| rest.starts_with(name)) else {
            return Err(self.error(cx, "Expecting value", self.at));
        };
        self.at += name.len();
        match self.hooks.constant.filter(|_| value.as_float().is_some()) {
            Some(hook) => Ok(Found::Hooked(hook, cx.str(name))),
            None => Ok(Found::Value(value)),
        }
    }

    fn digits(&self, mut at: usize) -> usize {
        while self.text.as_bytes().get(at).is_some_and(u8::is_ascii_digit) {
            at += 1;
        }
        at
    }

    fn number(&mut self, cx: &mut Cx<'_>) -> Result<Found, Raise> {
        let bytes = self.text.as_bytes();
        let start = self.at;
        let first = start + usize::from(bytes[start] == b'-');
        // A leading zero stands alone: what follows is somebody else's problem.
        let whole = if bytes.get(first) == Some(&b'0') { first + 1 } else { self.digits(first) };
        if whole == first {
            return self.constant(cx);
        }
        let mut end = whole;
        if bytes.get(end) == Some(&b'.') && self.digits(end + 1) > end + 1 {
            end = self.digits(end + 1);
        }
        if matches!(bytes.get(end), Some(b'e' | b'E')) {
            let sign = usize::from(matches!(bytes.get(end + 1), Some(b'+' | b'-')));
            let exponent = self.digits(end + 1 + sign);
            if exponent > end + 1 + sign {
                end = exponent;
            }
        }
        self.at = end;
        let text = SmolStr::new(&self.text[start..end]);
        let hook = if end == whole { self.hooks.int } else { self.hooks.float };
        if let Some(hook) = hook {
            return Ok(Found::Hooked(hook, cx.str(text)));
        }
        if end > whole {
            return Ok(Found::Value(Value::float(text.parse().expect("JSON floats are Rust floats"))));
        }
        if let Ok(small) = text.parse::<i64>() {
            return Ok(Found::Value(Value::int(small)));
        }
        if whole - first > MAX_INT_DIGITS {
            return Err(too_many_digits(whole - first));
        }
        let big: BigInt = text.parse().expect("only digits");
        Ok(Found::Value(cx.int(big)))
    }

    fn push_level(&mut self, cx: &mut Cx<'_>, level: Level) -> Result<(), Raise> {
        if self.levels.len() >= MAX_DEPTH {
            let what = if matches!(level, Level::Array) { "array" } else { "object" };
            return Err(Raise::too_deep(&format!("while decoding a JSON {what} from a unicode string")));
        }
        // Any size above what is always granted: asks whether the heap is over its limit already.
        cx.reserve(4096)?;
        self.levels.push(level);
        Ok(())
    }

    fn open_array(&mut self, cx: &mut Cx<'_>, open: &mut Vec<Value>) -> Result<Found, Raise> {
        self.at += 1;
        self.skip_blanks();
        let list = cx.list(&[]);
        if self.peek() == Some(b']') {
            self.at += 1;
            return Ok(Found::Value(list));
        }
        self.push_level(cx, Level::Array)?;
        open.push(list);
        Ok(Found::Opened)
    }

    fn open_object(&mut self, cx: &mut Cx<'_>, open: &mut Vec<Value>) -> Result<Found, Raise> {
        self.at += 1;
        self.skip_blanks();
        // Pairs are collected in a list if a hook wants them.
        let container = if self.hooks.pairs.is_some() { cx.list(&[]) } else { Value::obj(cx.dict()) };
        if self.peek() == Some(b'}') {
            self.at += 1;
            return Ok(self.object(container));
        }
        let key = self.key(cx)?;
        self.push_level(cx, Level::Object(key))?;
        open.push(container);
        Ok(Found::Opened)
    }

    /// A complete object, for the hook if there is one.
    fn object(&self, container: Value) -> Found {
        match self.hooks.pairs.or(self.hooks.object) {
            Some(hook) => Found::Hooked(hook, container),
            None => Found::Value(container),
        }
    }

    /// Reads a key and its colon; the position is then at the value.
    fn key(&mut self, cx: &mut Cx<'_>) -> Result<SmolStr, Raise> {
        if self.peek() != Some(b'"') {
            return Err(self.error(cx, "Expecting property name enclosed in double quotes", self.at));
        }
        let key = self.string(cx)?;
        self.skip_blanks();
        if self.peek() != Some(b':') {
            return Err(self.error(cx, "Expecting ':' delimiter", self.at));
        }
        self.at += 1;
        self.skip_blanks();
        Ok(key)
    }

    /// Puts a complete value into the innermost container and reads on to the next element or the container's end.
    fn store(&mut self, cx: &mut Cx<'_>, open: &mut Vec<Value>, value: Value) -> Result<Found, Raise> {
        let &container = open.last().expect("every level has its container");
        let is_array = match self.levels.last_mut().expect("the caller checked") {
            Level::Array => {
                push(cx, container, value);
                true
            }
            Level::Object(key) => {
                let key = std::mem::take(key);
                store_pair(cx, container, key, value);
                false
            }
        };
        self.skip_blanks();
        match self.peek() {
            Some(b']') if is_array => {}
            Some(b'}') if !is_array => {}
            Some(b',') => {
                self.at += 1;
                self.skip_blanks();
                if !is_array {
                    let next = self.key(cx)?;
                    self.levels.pop();
                    self.levels.push(Level::Object(next));
                }
                return Ok(Found::Opened);
            }
            _ => return Err(self.error(cx, "Expecting ',' delimiter", self.at)),
        }
        self.at += 1;
        self.levels.pop();
        open.pop();
        Ok(if is_array { Found::Value(container) } else { self.object(container) })
    }

    /// Reads a string; the position is at its opening quote.
    fn string(&mut self, cx: &mut Cx<'_>) -> Result<SmolStr, Raise> {
        let start = self.at;
        self.at += 1;
        let mut text = String::new();
        loop {
            let rest = &self.text.as_bytes()[self.at..];
            let plain =
                rest.iter().position(|&byte| byte == b'"' || byte == b'\\' || byte < b' ').unwrap_or(rest.len());
            let piece = self.at..self.at + plain;
            self.at = piece.end;
            match self.peek() {
                Some(b'"') => {
                    self.at += 1;
                    if text.is_empty() {
                        return Ok(SmolStr::new(&self.text[piece]));
                    }
                    text.push_str(&self.text[piece]);
                    return Ok(text.into());
                }
                Some(b'\\') => {
                    text.push_str(&self.text[piece]);
                    let c = self.escape(cx, start)?;
                    text.push(c);
                }
                Some(_) => return Err(self.error(cx, "Invalid control character at", self.at)),
                None => return Err(self.error(cx, "Unterminated string starting at", start)),
            }
        }
    }

    /// Reads an escape; the position is at its backslash. `start` is the opening quote.
    fn escape(&mut self, cx: &mut Cx<'_>, start: usize) -> Result<char, Raise> {
        let backslash = self.at;
        self.at += 1;
        let Some(letter) = self.peek() else {
            return Err(self.error(cx, "Unterminated string starting at", start));
        };
        self.at += 1;
        Ok(match letter {
            b'"' | b'\\' | b'/' => letter as char,
            b'b' => '\u{8}',
            b'f' => '\u{c}',
            b'n' => '\n',
            b'r' => '\r',
            b't' => '\t',
            b'u' => return self.unicode_escape(cx),
            _ => return Err(self.error(cx, "Invalid \\escape", backslash)),
        })
    }

    /// Reads the digits of `\uXXXX`, and the second half of a pair; the position is after the `u`.
    fn unicode_escape(&mut self, cx: &mut Cx<'_>) -> Result<char, Raise> {
        let digits = self.at;
        let Some(unit) = self.four_digits(digits) else {
            return Err(self.error(cx, "Invalid \\uXXXX escape", digits - 1));
        };
        self.at += 4;
        if let Some(c) = char::from_u32(unit) {
            return Ok(c);
        }
        if unit < 0xdc00
            && self.text[self.at..].starts_with("\\u")
            && let Some(low @ 0xdc00..=0xdfff) = self.four_digits(self.at + 2)
        {
            self.at += 6;
            let c = char::from_u32(0x10000 + ((unit - 0xd800) << 10) + (low - 0xdc00));
            return Ok(c.expect("a surrogate pair is a code point"));
        }
        // Strings are UTF-8 here and cannot hold half a pair (docs/differences.md).
        Err(self.error(cx, "Unpaired surrogate in \\uXXXX escape", digits - 2))
    }

    fn four_digits(&self, at: usize) -> Option<u32> {
        let digits = self.text.as_bytes().get(at..at + 4)?;
        digits.iter().try_fold(0, |unit, &digit| Some(unit * 16 + (digit as char).to_digit(16)?))
    }
}

/// Python's refusal to convert very long texts to ints.
#[cold]
fn too_many_digits(digits: usize) -> Raise {
    Raise::value_error(format!(
        "Exceeds the limit ({MAX_INT_DIGITS} digits) for integer string conversion: value has {digits} digits; use \
         sys.set_int_max_str_digits() to increase the limit"
    ))
}

fn push(cx: &mut Cx<'_>, list: Value, value: Value) {
    let list = list.as_gc::<List>().expect("arrays and pairs are lists");
    list.get_mut(cx.heap_mut()).push(value);
    cx.heap_mut().charge(size_of::<Value>());
}

fn store_pair(cx: &mut Cx<'_>, container: Value, key: SmolStr, value: Value) {
    match cx.as_dict(container) {
        Some(dict) => {
            cx.dict_set_str(dict, &key, value);
            cx.heap_mut().charge(48);
        }
        None => {
            let key = cx.str(key);
            let pair = cx.tuple(&[key, value]);
            push(cx, container, pair);
        }
    }
}
