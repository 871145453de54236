//! `dumps`: values to text.
//!
//! The encoder walks containers with a stack of its own. The values on it are script values, which must not outlive a
//! pause, so when `default` has to be called they are put into one kept list and taken out again when it returns.

use std::fmt::Write;

use scriptling_vm::error::Raise;
use scriptling_vm::heap::{Dict, List, Tuple};
use scriptling_vm::native::{Cx, Kept, ModuleBuilder, NativeResult, Outcome, float_text};
use scriptling_vm::value::Value;

use super::MAX_DEPTH;

/// Registers `dumps`.
pub(super) fn define(module: &mut ModuleBuilder<'_>) {
    module.raw(
        "dumps(obj, *, skipkeys=False, ensure_ascii=True, check_circular=True, allow_nan=True, indent=None, \
         separators=None, default=None, sort_keys=False)",
        "The JSON text of a value.",
        dumps,
    );
}

#[expect(clippy::struct_excessive_bools, reason = "these are the options of Python's function")]
struct Options {
    skip_keys: bool,
    ascii: bool,
    check_circular: bool,
    allow_nan: bool,
    sort_keys: bool,
    indent: Option<String>,
    item_separator: String,
    key_separator: String,
    default: Option<Kept>,
}

/// Where the encoder is in one container; the container itself is at the same height of the value stack.
struct Level {
    container: Container,
    /// The next element.
    next: usize,
    /// Whether an element has been written.
    started: bool,
}

#[derive(Clone, Copy, PartialEq)]
enum Container {
    List,
    Dict,
    /// Keys and values in turn, of a dict whose keys are to be sorted; the dict itself comes last.
    Sorted,
    /// Not a container: an object that `default` replaced, there to notice cycles.
    Replaced,
}

struct Encoder {
    options: Options,
    out: String,
    levels: Vec<Level>,
}

fn dumps(cx: &mut Cx<'_>, args: &[Value]) -> NativeResult {
    let options = options(cx, args)?;
    let encoder = Encoder { options, out: String::new(), levels: Vec::new() };
    encoder.run(cx, Vec::new(), args[0])
}

fn options(cx: &mut Cx<'_>, args: &[Value]) -> Result<Options, Raise> {
    let flag = |index: usize| {
        args[index].as_bool().unwrap_or_else(|| args[index].as_int() != Some(0) && !args[index].is_none())
    };
    let indent = match args[5] {
        value if value.is_none() => None,
        value => match (value.as_int().or(value.as_bool().map(i64::from)), cx.as_str(value)) {
            (Some(width), _) => {
                let width = usize::try_from(width).unwrap_or(0);
                cx.reserve(width)?;
                Some(" ".repeat(width))
            }
            (None, Some(text)) => Some(text.to_owned()),
            (None, None) => {
                let found = cx.type_name(value);
                return Err(Raise::type_error(format!("indent must be None, int or str, not {found}")));
            }
        },
    };
    let (item_separator, key_separator) = separators(cx, args[6], indent.is_some())?;
    let default = if args[7].is_none() { None } else { Some(cx.keep(args[7])) };
    Ok(Options {
        skip_keys: flag(1),
        ascii: flag(2),
        check_circular: flag(3),
        allow_nan: flag(4),
        sort_keys: flag(8),
        indent,
        item_separator,
        key_separator,
        default,
    })
}

fn separators(cx: &Cx<'_>, value: Value, indented: bool) -> Result<(String, String), Raise> {
    if value.is_none() {
        return Ok((if indented { "," } else { ", " }.into(), ": ".into()));
    }
    let wrong = || Raise::type_error("separators must be a pair of str");
    let pair = cx.sequence(value).ok_or_else(wrong)?;
    match pair[..] {
        [item, key] => match (cx.as_str(item), cx.as_str(key)) {
            (Some(item), Some(key)) => Ok((item.into(), key.into())),
            _ => Err(wrong()),
        },
        _ => Err(wrong()),
    }
}

impl Encoder {
    /// Writes `value`, then whatever is still open on the stack.
    fn run(mut self, cx: &mut Cx<'_>, mut values: Vec<Value>, value: Value) -> NativeResult {
        let mut current = Some(value);
        loop {
            match current.take() {
                Some(value) => {
                    let value = cx.base_value(value);
                    if !self.scalar(cx, value)? && !self.open(cx, &mut values, value)? {
                        return self.replace(cx, values, value);
                    }
                }
                None => match self.levels.last().map(|level| level.container) {
                    None => return Ok(cx.str(self.out).into()),
                    Some(_) => current = self.step(cx, &mut values)?,
                },
            }
        }
    }

    /// Writes what is not a container; false for everything else.
    fn scalar(&mut self, cx: &Cx<'_>, value: Value) -> Result<bool, Raise> {
        if let Some(text) = cx.as_str(value) {
            write_string(&mut self.out, text, self.options.ascii);
        } else if let Some(int) = value.as_int() {
            write!(self.out, "{int}").expect("writing to a String cannot fail");
        } else if value.is_none() {
            self.out.push_str("null");
        } else if let Some(flag) = value.as_bool() {
            self.out.push_str(if flag { "true" } else { "false" });
        } else if let Some(float) = value.as_float() {
            let text = self.float(float)?;
            self.out.push_str(&text);
        } else if let Some(text) = cx.int_text(value)? {
            self.out.push_str(&text);
        } else {
            return Ok(false);
        }
        Ok(true)
    }

    fn float(&self, value: f64) -> Result<String, Raise> {
        if value.is_finite() {
            return Ok(float_text(value));
        }
        if !self.options.allow_nan {
            return Err(Raise::value_error("Out of range float values are not JSON compliant"));
        }
        Ok(if value.is_nan() {
            "NaN"
        } else if value > 0.0 {
            "Infinity"
        } else {
            "-Infinity"
        }
        .into())
    }

    /// Starts a list, tuple or dict; false if `value` is none of them.
    fn open(&mut self, cx: &mut Cx<'_>, values: &mut Vec<Value>, value: Value) -> Result<bool, Raise> {
        let container = if value.is::<List>() || value.is::<Tuple>() {
            Container::List
        } else if value.is::<Dict>() {
            if self.options.sort_keys { Container::Sorted } else { Container::Dict }
        } else {
            return Ok(false);
        };
        if length(cx, value) == 0 {
            self.out.push_str(if container == Container::List { "[]" } else { "{}" });
            return Ok(true);
        }
        self.check(cx, values, value)?;
        let walked = if container == Container::Sorted { sorted_items(cx, value)? } else { value };
        self.out.push(if container == Container::List { '[' } else { '{' });
        values.push(walked);
        self.levels.push(Level { container, next: 0, started: false });
        Ok(true)
    }

    /// Refuses cycles, too deep nesting, and text that outgrows the memory.
    fn check(&self, cx: &mut Cx<'_>, values: &[Value], value: Value) -> Result<(), Raise> {
        let is_open = |(&open, level): (&Value, &Level)| match level.container {
            Container::Sorted => sorted_dict(cx, open).same(value),
            _ => open.same(value),
        };
        if self.options.check_circular && values.iter().zip(&self.levels).any(is_open) {
            return Err(Raise::value_error("Circular reference detected"));
        }
        if self.levels.len() >= MAX_DEPTH {
            return Err(Raise::too_deep("while encoding a JSON object"));
        }
        cx.charge_work(length(cx, value) * 4);
        cx.reserve(self.out.len() * 2)
    }

    /// Calls `default` for a value of no known type and goes on with what it returns.
    fn replace(mut self, cx: &mut Cx<'_>, mut values: Vec<Value>, value: Value) -> NativeResult {
        let Some(default) = self.options.default else {
            let found = cx.type_name(value);
            return Err(Raise::type_error(format!("Object of type {found} is not JSON serializable")));
        };
        self.check(cx, &values, value)?;
        values.push(value);
        self.levels.push(Level { container: Container::Replaced, next: 0, started: false });
        let open = cx.list(&values);
        let open = cx.keep(open);
        Ok(Outcome::call(cx.kept(default), &[value], move |cx, result| {
            let values = cx.sequence(cx.kept(open)).expect("a list was kept");
            self.run(cx, values, result?)
        }))
    }

    /// Goes on in the innermost container: writes what is before its next element and returns that, or closes it.
    fn step(&mut self, cx: &mut Cx<'_>, values: &mut Vec<Value>) -> Result<Option<Value>, Raise> {
        let (Some(level), Some(&container)) = (self.levels.last(), values.last()) else { return Ok(None) };
        let (kind, at) = (level.container, level.next);
        let found = match kind {
            Container::Replaced => None,
            Container::List => element(cx, container, at).map(|value| (at + 1, None, value)),
            Container::Sorted => match (element(cx, container, at), element(cx, container, at + 1)) {
                (Some(key), Some(value)) => Some((at + 2, Some(key), value)),
                _ => None,
            },
            Container::Dict => {
                let dict = cx.as_dict(container).expect("a dict was opened");
                let entry = dict.get(cx.heap()).table.next_entry(at);
                entry.map(|(position, entry)| (position + 1, Some(entry.key), entry.value))
            }
        };
        let Some((next, key, value)) = found else {
            self.close(cx, kind)?;
            values.pop();
            return Ok(None);
        };
        self.levels.last_mut().expect("a level is open").next = next;
        let key = match key {
            Some(key) => match self.key(cx, key)? {
                Some(text) => Some(text),
                None => return Ok(None),
            },
            None => None,
        };
        self.separate(cx)?;
        if let Some(key) = key {
            write_string(&mut self.out, &key, self.options.ascii);
            self.out.push_str(&self.options.key_separator);
        }
        Ok(Some(value))
    }

    /// Writes the separator and line break before an element.
    fn separate(&mut self, cx: &mut Cx<'_>) -> Result<(), Raise> {
        let level = self.levels.last_mut().expect("a level is open");
        if std::mem::replace(&mut level.started, true) {
            self.out.push_str(&self.options.item_separator);
        }
        self.new_line(cx, 0)
    }

    fn close(&mut self, cx: &mut Cx<'_>, kind: Container) -> Result<(), Raise> {
        let started = self.levels.last().is_some_and(|level| level.started);
        if kind != Container::Replaced {
            if started {
                self.new_line(cx, 1)?;
            }
            self.out.push(if kind == Container::List { ']' } else { '}' });
        }
        self.levels.pop();
        Ok(())
    }

    fn new_line(&mut self, cx: &mut Cx<'_>, outwards: usize) -> Result<(), Raise> {
        if let Some(indent) = &self.options.indent {
            let depth = self.levels.iter().filter(|level| level.container != Container::Replaced).count() - outwards;
            cx.reserve(self.out.len() + depth * indent.len())?;
            self.out.push('\n');
            for _ in 0..depth {
                self.out.push_str(indent);
            }
        }
        Ok(())
    }

    /// A dict key as text; `None` if it is to be skipped.
    fn key(&self, cx: &Cx<'_>, key: Value) -> Result<Option<String>, Raise> {
        let key = cx.base_value(key);
        Ok(Some(if let Some(text) = cx.as_str(key) {
            text.to_owned()
        } else if let Some(int) = key.as_int() {
            int.to_string()
        } else if let Some(flag) = key.as_bool() {
            if flag { "true" } else { "false" }.to_owned()
        } else if key.is_none() {
            "null".to_owned()
        } else if let Some(float) = key.as_float() {
            self.float(float)?
        } else if let Some(text) = cx.int_text(key)? {
            text
        } else if self.options.skip_keys {
            return Ok(None);
        } else {
            let found = cx.type_name(key);
            return Err(Raise::type_error(format!("keys must be str, int, float, bool or None, not {found}")));
        }))
    }
}

fn length(cx: &Cx<'_>, value: Value) -> usize {
    if let Some(list) = value.as_gc::<List>() {
        list.get(cx.heap()).len()
    } else if let Some(tuple) = value.as_gc::<Tuple>() {
        tuple.items(cx.heap()).len()
    } else {
        cx.as_dict(value).map_or(0, |dict| dict.get(cx.heap()).table.len())
    }
}

fn element(cx: &Cx<'_>, container: Value, at: usize) -> Option<Value> {
    match container.as_gc::<List>() {
        Some(list) => list.get(cx.heap()).get(at),
        None => container.as_gc::<Tuple>().and_then(|tuple| tuple.items(cx.heap()).get(at).copied()),
    }
}

/// The dict that [`sorted_items`] were made from.
fn sorted_dict(cx: &Cx<'_>, items: Value) -> Value {
    let items = items.as_gc::<List>().expect("sorted items are a list").get(cx.heap());
    items.get(items.len() - 1).expect("the dict is there")
}

/// The keys and values of a dict in turn, by ascending key, then the dict itself, as a list.
fn sorted_items(cx: &mut Cx<'_>, value: Value) -> Result<Value, Raise> {
    let dict = cx.as_dict(value).expect("the caller checked");
    cx.reserve(dict.get(cx.heap()).table.len() * 32)?;
    let mut items: Vec<(SortKey, Value, Value)> = Vec::new();
    let mut other = None;
    for entry in dict.get(cx.heap()).table.iter() {
        match sort_key(cx, entry.key) {
            Some(key) => items.push((key, entry.key, entry.value)),
            None => other = Some(entry.key),
        }
    }
    let text = items.iter().find(|(key, ..)| matches!(key, SortKey::Text(_)));
    let number = items.iter().find(|(key, ..)| matches!(key, SortKey::Number(_)));
    let pair = match (text, number, other, items.first()) {
        (Some(text), Some(number), ..) => Some((text.1, number.1)),
        (_, _, Some(other), Some(first)) => Some((first.1, other)),
        (_, _, Some(other), None) if dict.get(cx.heap()).table.len() > 1 => Some((other, other)),
        _ => None,
    };
    if let Some((left, right)) = pair {
        let (left, right) = (cx.type_name(left), cx.type_name(right));
        return Err(Raise::type_error(format!("'<' not supported between instances of '{left}' and '{right}'")));
    }
    items.sort_by(|(a, ..), (b, ..)| a.compare(b));
    let mut flat: Vec<Value> = items.iter().flat_map(|&(_, key, value)| [key, value]).collect();
    if let (Some(key), true) = (other, flat.is_empty()) {
        flat.extend([key, dict.get(cx.heap()).table.iter().next().map_or(Value::NONE, |entry| entry.value)]);
    }
    flat.push(value);
    Ok(cx.list(&flat))
}

enum SortKey {
    Text(String),
    Number(f64),
}

impl SortKey {
    fn compare(&self, other: &SortKey) -> std::cmp::Ordering {
        match (self, other) {
            // UTF-8 sorts as code points do.
            (SortKey::Text(a), SortKey::Text(b)) => a.cmp(b),
            (SortKey::Number(a), SortKey::Number(b)) => a.total_cmp(b),
            (SortKey::Text(_), SortKey::Number(_)) => std::cmp::Ordering::Greater,
            (SortKey::Number(_), SortKey::Text(_)) => std::cmp::Ordering::Less,
        }
    }
}

fn sort_key(cx: &Cx<'_>, key: Value) -> Option<SortKey> {
    let key = cx.base_value(key);
    if let Some(text) = cx.as_str(key) {
        return Some(SortKey::Text(text.to_owned()));
    }
    let number =
        key.as_float().or(key.as_int().map(|int| int as f64)).or(key.as_bool().map(|flag| f64::from(u8::from(flag))));
    number.or_else(|| num_traits::ToPrimitive::to_f64(cx.as_big(key)?)).map(SortKey::Number)
}

/// Writes `text` in quotes.
fn write_string(out: &mut String, text: &str, ascii: bool) {
    out.reserve(text.len() + 2);
    out.push('"');
    let mut plain = 0;
    for (at, c) in text.char_indices() {
        let short = match c {
            '"' => "\\\"",
            '\\' => "\\\\",
            '\n' => "\\n",
            '\r' => "\\r",
            '\t' => "\\t",
            '\u{8}' => "\\b",
            '\u{c}' => "\\f",
            c if c < ' ' || (ascii && c > '~') => "",
            _ => continue,
        };
        out.push_str(&text[plain..at]);
        plain = at + c.len_utf8();
        out.push_str(short);
        if short.is_empty() {
            for unit in c.encode_utf16(&mut [0; 2]) {
                write!(out, "\\u{unit:04x}").expect("writing to a String cannot fail");
            }
        }
    }
    out.push_str(&text[plain..]);
    out.push('"');
}
