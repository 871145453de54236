//! `repr` and `str` of values.
//!
//! Everything whose text Rust can tell is written into one buffer, containers recursively. As soon as an element has a
//! script's `__repr__` the buffer is thrown away and the container goes to the prelude (`_repr_items`, `_repr_pairs`), which
//! asks for each element's repr in the language; [`enter`] and [`leave`] keep it from following cycles. A container that
//! contains itself shows as `[...]`; nesting is bounded, and so is the text (shared containers can make it exponential).

use std::fmt::Write;

use smol_str::SmolStr;
use unicode_properties::{GeneralCategoryGroup, UnicodeGeneralCategory};

use super::big_range;
use super::dispatch::{base_value, flagged};
use super::number_text;
use crate::builtins::groups;
use crate::error::{ExcClass, Raise};
use crate::heap::class::Dunders;
use crate::heap::dict::ViewKind;
use crate::heap::{
    BoundMethod, CellBox, Class, ClassMethod, Dict, DictView, Exception, Function, Gc, Generator, Kind, List, Module,
    NativeFunction, Range, Slice, StaticMethod, Str, Super, Tuple,
};
use crate::limits::MAX_NESTING;
use crate::native::{Cx, NativeResult, Outcome, set_table};
use crate::value::{Tag, Value};

/// Text of this size is written without asking for memory.
const FIRST_CHECK: usize = 64 * 1024;

/// `repr(value)`, or `None` if script code decides it.
pub(crate) fn repr_native(cx: &Cx<'_>, value: Value) -> Result<Option<SmolStr>, Raise> {
    let mut printer = Printer { cx, out: String::new(), active: Vec::new(), check_at: FIRST_CHECK };
    Ok(printer.value(value)?.then(|| printer.out.into()))
}

/// `str(value)`, or `None` if script code decides it.
pub(crate) fn str_native(cx: &Cx<'_>, value: Value) -> Result<Option<SmolStr>, Raise> {
    if let Some(text) = value.as_gc::<Str>() {
        return Ok(Some(text.get(cx.heap()).to_smol()));
    }
    if let Some(int) = value.as_int() {
        return Ok(Some(super::digits::Digits::decimal(int).as_str().into()));
    }
    if !matches!(value.kind(), Some(Kind::Instance | Kind::Exception | Kind::HostObject | Kind::Class)) {
        return repr_native(cx, value);
    }
    if flagged(cx, value, Dunders::STR, "__str__").is_some() {
        return Ok(None);
    }
    if let Some(exception) = value.as_gc::<Exception>() {
        return exception_text(cx, exception);
    }
    if flagged(cx, value, Dunders::REPR, "__repr__").is_some() {
        return Ok(None);
    }
    if let Some(text) = base_value(cx, value).as_gc::<Str>() {
        return Ok(Some(text.get(cx.heap()).to_smol()));
    }
    repr_native(cx, value)
}

/// `repr(value)` as a `str` value.
pub(crate) fn repr(cx: &mut Cx<'_>, value: Value) -> NativeResult {
    if let Some(text) = repr_native(cx, value)? {
        cx.reserve(text.len())?;
        return Ok(Outcome::Return(cx.str(text)));
    }
    if let Some(method) = flagged(cx, value, Dunders::REPR, "__repr__") {
        return Ok(Outcome::call(method, &[value], |cx, result| text_result(cx, result?, "__repr__")));
    }
    if let Some(exception) = value.as_gc::<Exception>() {
        let exception = exception.get(cx.heap());
        let (args, open) = (exception.args, format!("{}(", exception.class.get(cx.heap()).name));
        let items = cx.sequence(args).unwrap_or_default();
        return repr_items(cx, value, &items, &open, ")", "...");
    }
    repr_container(cx, base_value(cx, value), value)
}

/// `str(value)` as a `str` value (itself, if it is one).
pub(crate) fn str(cx: &mut Cx<'_>, value: Value) -> NativeResult {
    if value.is::<Str>() {
        return Ok(Outcome::Return(value));
    }
    if let Some(int) = value.as_int() {
        return Ok(Outcome::Return(super::digits::decimal(cx, int)));
    }
    if let Some(float) = value.as_float() {
        return Ok(Outcome::Return(number_text::float_text(cx.heap_mut(), float)));
    }
    if let Some(text) = str_native(cx, value)? {
        cx.reserve(text.len())?;
        return Ok(Outcome::Return(cx.str(text)));
    }
    if let Some(method) = flagged(cx, value, Dunders::STR, "__str__") {
        return Ok(Outcome::call(method, &[value], |cx, result| text_result(cx, result?, "__str__")));
    }
    if let Some(exception) = value.as_gc::<Exception>() {
        let args = exception.get(cx.heap()).args;
        let single = args.as_gc::<Tuple>().map(|args| args.items(cx.heap())).and_then(|items| match items {
            [single] => Some(*single),
            _ => None,
        });
        return match single {
            Some(single) if cx.is_exception(value, ExcClass::KeyError) => repr(cx, single),
            Some(single) => str(cx, single),
            None => repr(cx, args),
        };
    }
    repr(cx, value)
}

/// `ascii(value)` of a text that `repr` made.
pub(crate) fn escape_non_ascii(text: &str) -> SmolStr {
    if text.is_ascii() {
        return text.into();
    }
    let mut out = String::with_capacity(text.len() * 2);
    for c in text.chars() {
        if c.is_ascii() { out.push(c) } else { push_escape(&mut out, c) }
    }
    out.into()
}

/// What a special method returned, which must be a `str`.
pub(super) fn text_result(cx: &mut Cx<'_>, result: Value, method: &str) -> NativeResult {
    if base_value(cx, result).is::<Str>() {
        return Ok(Outcome::Return(result));
    }
    let found = cx.type_name(result);
    Err(Raise::type_error(format!("{method} returned non-string (type {found})")))
}

// --- containers whose elements script code shows ---

fn repr_container(cx: &mut Cx<'_>, container: Value, shown: Value) -> NativeResult {
    let heap = cx.heap();
    if let Some(items) = cx.sequence(container) {
        if container.is::<List>() {
            return repr_items(cx, container, &items, "[", "]", "[...]");
        }
        return repr_items(cx, container, &items, "(", if items.len() == 1 { ",)" } else { ")" }, "(...)");
    }
    if let Some(table) = set_table(heap, container) {
        let items: Vec<Value> = table.iter().map(|entry| entry.key).collect();
        let (open, close, cycle) = set_frame(cx, container, shown);
        return repr_items(cx, container, &items, &open, close, &cycle);
    }
    if let Some(dict) = container.as_gc::<Dict>() {
        let (keys, values): (Vec<_>, Vec<_>) =
            dict.get(heap).table.iter().map(|entry| (entry.key, entry.value)).unzip();
        let (keys, values) = (cx.list(&keys), cx.list(&values));
        return Ok(Outcome::tail_call(cx.prelude("_repr_pairs"), &[container, keys, values]));
    }
    if let Some(view) = container.as_gc::<DictView>() {
        let view = view.get(heap);
        let entries: Vec<(Value, Value)> =
            view.dict.get(heap).table.iter().map(|entry| (entry.key, entry.value)).collect();
        let show = view.show;
        let items: Vec<Value> = entries
            .into_iter()
            .map(|(key, value)| match show {
                ViewKind::Keys => key,
                ViewKind::Values => value,
                ViewKind::Items => cx.tuple(&[key, value]),
            })
            .collect();
        return repr_items(cx, container, &items, view_open(show), "])", "...");
    }
    if let Some(slice) = container.as_gc::<Slice>() {
        let slice = *slice.get(heap);
        return repr_items(cx, container, &[slice.start, slice.stop, slice.step], "slice(", ")", "...");
    }
    if let Some(method) = container.as_gc::<BoundMethod>() {
        let receiver = method.get(heap).receiver;
        let open = format!("<bound method {} of ", callable_name(cx, method.get(heap).function));
        return repr_items(cx, container, &[receiver], &open, ">", "...");
    }
    let text = object_text(cx, shown);
    Ok(Outcome::Return(cx.str(text)))
}

fn repr_items(cx: &mut Cx<'_>, guard: Value, items: &[Value], open: &str, close: &str, cycle: &str) -> NativeResult {
    let items = cx.list(items);
    let (open, close, cycle) = (cx.str(open), cx.str(close), cx.str(cycle));
    Ok(Outcome::tail_call(cx.prelude("_repr_items"), &[guard, items, open, close, cycle]))
}

/// Notes that the prelude starts showing a container; false if it is showing it already.
pub(crate) fn enter(cx: &mut Cx<'_>, container: Value) -> bool {
    let active = &mut cx.isolate.fiber.showing.get_or_insert_default().0;
    let new = !active.contains(&container.identity());
    if new {
        active.push(container.identity());
    }
    new
}

/// Notes that the prelude is done with a container.
pub(crate) fn leave(cx: &mut Cx<'_>, container: Value) {
    let Some(showing) = &mut cx.isolate.fiber.showing else { return };
    let active = &mut showing.0;
    if let Some(at) = active.iter().rposition(|&other| other == container.identity()) {
        active.remove(at);
    }
}

fn set_frame(cx: &Cx<'_>, set: Value, shown: Value) -> (String, &'static str, String) {
    let name = cx.type_name(shown);
    let plain = set.is::<crate::heap::Set>() && name == "set";
    let (open, close) = if plain { ("{".to_owned(), "}") } else { (format!("{name}({{"), "})") };
    (open, close, format!("{name}(...)"))
}

fn view_open(show: ViewKind) -> &'static str {
    match show {
        ViewKind::Keys => "dict_keys([",
        ViewKind::Values => "dict_values([",
        ViewKind::Items => "dict_items([",
    }
}

// --- exceptions ---

/// `str` of an exception without a script's `__str__`.
fn exception_text(cx: &Cx<'_>, gc: Gc<Exception>) -> Result<Option<SmolStr>, Raise> {
    let value = Value::obj(gc);
    let exception = gc.get(cx.heap());
    let Some(args) = exception.args.as_gc::<Tuple>() else { return Ok(Some(SmolStr::default())) };
    if let Some(text) = groups::text(cx, gc) {
        return Ok(Some(text.into()));
    }
    match args.items(cx.heap()) {
        [] => Ok(Some(SmolStr::default())),
        [key] if cx.is_exception(value, ExcClass::KeyError) => repr_native(cx, *key),
        [single] => str_native(cx, *single),
        [errno, text, rest @ ..] if cx.is_exception(value, ExcClass::OSError) => {
            let file = exception.attrs.and_then(|attrs| cx.dict_get_str(attrs, "filename"));
            let file = file.or(rest.first().copied()).filter(|file| !file.is_none());
            let (Some(errno), Some(text)) = (str_native(cx, *errno)?, str_native(cx, *text)?) else { return Ok(None) };
            let mut message = format!("[Errno {errno}] {text}");
            if let Some(file) = file {
                let Some(file) = repr_native(cx, file)? else { return Ok(None) };
                let _ = write!(message, ": {file}");
            }
            Ok(Some(message.into()))
        }
        _ => repr_native(cx, exception.args),
    }
}

// --- text of strings and bytes ---

/// Whether `repr` shows a character as it is.
pub(crate) fn is_printable(c: char) -> bool {
    if c.is_ascii() {
        return (' '..='~').contains(&c);
    }
    !matches!(c.general_category_group(), GeneralCategoryGroup::Other | GeneralCategoryGroup::Separator)
}

fn push_escape(out: &mut String, c: char) {
    let code = c as u32;
    let _ = match code {
        0..=0xff => write!(out, "\\x{code:02x}"),
        0x100..=0xffff => write!(out, "\\u{code:04x}"),
        _ => write!(out, "\\U{code:08x}"),
    };
}

/// `repr` of a text.
pub(crate) fn push_str_repr(out: &mut String, text: &str) {
    let quote = if text.contains('\'') && !text.contains('"') { '"' } else { '\'' };
    out.push(quote);
    for c in text.chars() {
        match c {
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            c if c == quote => {
                out.push('\\');
                out.push(c);
            }
            c if is_printable(c) => out.push(c),
            c => push_escape(out, c),
        }
    }
    out.push(quote);
}

/// `repr` of bytes.
pub(crate) fn push_bytes_repr(out: &mut String, bytes: &[u8]) {
    let quote = if bytes.contains(&b'\'') && !bytes.contains(&b'"') { '"' } else { '\'' };
    out.push('b');
    out.push(quote);
    for &byte in bytes {
        match byte {
            b'\\' => out.push_str("\\\\"),
            b'\n' => out.push_str("\\n"),
            b'\r' => out.push_str("\\r"),
            b'\t' => out.push_str("\\t"),
            byte if char::from(byte) == quote => {
                out.push('\\');
                out.push(quote);
            }
            b' '..=b'~' => out.push(char::from(byte)),
            byte => {
                let _ = write!(out, "\\x{byte:02x}");
            }
        }
    }
    out.push(quote);
}

// --- objects ---

/// `<module.Class object at 0x...>`, what `object.__repr__` answers.
pub(crate) fn object_text(cx: &Cx<'_>, value: Value) -> String {
    let class = cx.class_of(value);
    format!("<{} object at 0x{:x}>", qualified_name(cx, class), value.identity())
}

/// `module.Class`, without the module if that is `builtins`.
pub(crate) fn qualified_name(cx: &Cx<'_>, class: Gc<Class>) -> String {
    let class = class.get(cx.heap());
    if class.module.is_empty() || class.module == "builtins" {
        return class.qualname.to_string();
    }
    format!("{}.{}", class.module, class.qualname)
}

/// `__qualname__` of a function, native or not.
pub(crate) fn callable_name(cx: &Cx<'_>, callable: Value) -> SmolStr {
    if let Some(function) = callable.as_gc::<Function>() {
        let function = function.get(cx.heap());
        return match cx.as_str(function.qualname) {
            Some(name) => name.into(),
            None => function.code.get().qualname.text.clone(),
        };
    }
    match callable.as_gc::<NativeFunction>() {
        Some(native) => native.get(cx.heap()).signature().name.clone(),
        None => cx.type_name(callable),
    }
}

struct Printer<'c, 'i> {
    cx: &'c Cx<'i>,
    out: String,
    active: Vec<Value>,
    check_at: usize,
}

impl Printer<'_, '_> {
    /// Writes a value's repr; false if script code decides it.
    fn value(&mut self, value: Value) -> Result<bool, Raise> {
        if self.out.len() > self.check_at {
            if !self.cx.heap().has_room(self.out.len() * 2) {
                return Err(Raise::memory_error());
            }
            self.check_at = self.out.len() * 2;
        }
        match value.tag() {
            Tag::Int => {
                self.out.push_str(super::digits::Digits::decimal(value.payload() as i64).as_str());
            }
            Tag::Float => number_text::with_float_repr(f64::from_bits(value.payload()), |text| self.out.push_str(text)),
            Tag::Bool => self.out.push_str(if value.payload() != 0 { "True" } else { "False" }),
            Tag::None => self.out.push_str("None"),
            Tag::NotImplemented => self.out.push_str("NotImplemented"),
            Tag::Ellipsis => self.out.push_str("Ellipsis"),
            Tag::Undefined => self.out.push_str("<undefined>"),
            Tag::Obj => return self.object(value),
        }
        Ok(true)
    }

    fn object(&mut self, value: Value) -> Result<bool, Raise> {
        let heap = self.cx.heap();
        match value.kind() {
            Some(Kind::Str) => push_str_repr(&mut self.out, self.cx.as_str(value).unwrap_or_default()),
            Some(Kind::Bytes) => push_bytes_repr(&mut self.out, self.cx.as_bytes(value).unwrap_or_default()),
            Some(Kind::BigInteger) => {
                let text = number_text::int_text(self.cx, value)?.unwrap_or_default();
                self.out.push_str(&text);
            }
            Some(
                Kind::List | Kind::Tuple | Kind::Dict | Kind::Set | Kind::FrozenSet | Kind::DictView | Kind::Slice,
            ) => return self.container(value, value),
            Some(Kind::Range) => {
                let range = *value.as_gc::<Range>().expect("kind was checked").get(heap);
                let _ = match range.step {
                    1 => write!(self.out, "range({}, {})", range.start, range.stop),
                    step => write!(self.out, "range({}, {}, {step})", range.start, range.stop),
                };
            }
            Some(Kind::BigRange) => {
                let text = big_range::text(self.cx, value)?;
                self.out.push_str(&text);
            }
            Some(Kind::Instance | Kind::HostObject) => return self.instance(value),
            Some(Kind::Exception) => return self.exception(value),
            Some(Kind::Class) => {
                if flagged(self.cx, value, Dunders::REPR, "__repr__").is_some() {
                    return Ok(false);
                }
                let class = value.as_gc::<Class>().expect("kind was checked");
                let _ = write!(self.out, "<class '{}'>", qualified_name(self.cx, class));
            }
            Some(Kind::BoundMethod) => return self.bound_method(value),
            _ => return self.other(value),
        }
        Ok(true)
    }

    fn instance(&mut self, value: Value) -> Result<bool, Raise> {
        if flagged(self.cx, value, Dunders::REPR, "__repr__").is_some() {
            return Ok(false);
        }
        let base = base_value(self.cx, value);
        if base.same(value) {
            self.out.push_str(&object_text(self.cx, value));
            return Ok(true);
        }
        if set_table(self.cx.heap(), base).is_some() { self.container(base, value) } else { self.value(base) }
    }

    fn exception(&mut self, value: Value) -> Result<bool, Raise> {
        if flagged(self.cx, value, Dunders::REPR, "__repr__").is_some() {
            return Ok(false);
        }
        let heap = self.cx.heap();
        let exception = value.as_gc::<Exception>().expect("kind was checked").get(heap);
        let _ = write!(self.out, "{}(", exception.class.get(heap).name);
        let items = exception.args.as_gc::<Tuple>().map(|args| args.items(heap)).unwrap_or_default();
        self.active.push(value);
        self.check_depth()?;
        let complete = self.items(items.iter().copied())?;
        self.active.pop();
        self.out.push(')');
        Ok(complete)
    }

    fn bound_method(&mut self, value: Value) -> Result<bool, Raise> {
        let method = value.as_gc::<BoundMethod>().expect("kind was checked").get(self.cx.heap());
        let name = callable_name(self.cx, method.function);
        if method.function.is::<NativeFunction>() {
            let owner = self.cx.type_name(method.receiver);
            let _ =
                write!(self.out, "<built-in method {name} of {owner} object at 0x{:x}>", method.receiver.identity());
            return Ok(true);
        }
        let _ = write!(self.out, "<bound method {name} of ");
        self.active.push(value);
        self.check_depth()?;
        let complete = self.value(method.receiver)?;
        self.active.pop();
        self.out.push('>');
        Ok(complete)
    }

    fn check_depth(&self) -> Result<(), Raise> {
        if self.active.len() > MAX_NESTING {
            Err(Raise::too_deep("while getting the repr of an object"))
        } else {
            Ok(())
        }
    }

    /// Writes a container; `shown` is the instance that contains it, if its class inherits from the container's.
    fn container(&mut self, value: Value, shown: Value) -> Result<bool, Raise> {
        if self.active.iter().any(|active| active.same(value)) {
            let text = match value.kind() {
                Some(Kind::List) => "[...]".to_owned(),
                Some(Kind::Tuple) => "(...)".to_owned(),
                Some(Kind::Dict) => "{...}".to_owned(),
                Some(Kind::Set | Kind::FrozenSet) => set_frame(self.cx, value, shown).2,
                _ => "...".to_owned(),
            };
            self.out.push_str(&text);
            return Ok(true);
        }
        self.active.push(value);
        self.check_depth()?;
        let complete = self.container_body(value, shown)?;
        self.active.pop();
        Ok(complete)
    }

    fn container_body(&mut self, value: Value, shown: Value) -> Result<bool, Raise> {
        let heap = self.cx.heap();
        let (close, complete) = if let Some(list) = value.as_gc::<List>() {
            self.out.push('[');
            ("]", self.items(list.get(heap).iter())?)
        } else if let Some(tuple) = value.as_gc::<Tuple>() {
            self.out.push('(');
            (if tuple.count() == 1 { ",)" } else { ")" }, self.items(tuple.items(heap).iter().copied())?)
        } else if let Some(dict) = value.as_gc::<Dict>() {
            self.out.push('{');
            ("}", self.pairs(dict, "", ": ", "")?)
        } else if let Some(table) = set_table(heap, value) {
            if table.is_empty() {
                let _ = write!(self.out, "{}()", self.cx.type_name(shown));
                return Ok(true);
            }
            let (open, close, _) = set_frame(self.cx, value, shown);
            self.out.push_str(&open);
            (close, self.items(table.iter().map(|entry| entry.key))?)
        } else if let Some(view) = value.as_gc::<DictView>() {
            let view = view.get(heap);
            self.out.push_str(view_open(view.show));
            let table = &view.dict.get(heap).table;
            let complete = match view.show {
                ViewKind::Keys => self.items(table.iter().map(|entry| entry.key))?,
                ViewKind::Values => self.items(table.iter().map(|entry| entry.value))?,
                ViewKind::Items => self.pairs(view.dict, "(", ", ", ")")?,
            };
            ("])", complete)
        } else {
            let slice = *value.as_gc::<Slice>().expect("the last kind of container").get(heap);
            self.out.push_str("slice(");
            (")", self.items([slice.start, slice.stop, slice.step].into_iter())?)
        };
        self.out.push_str(close);
        Ok(complete)
    }

    fn items(&mut self, items: impl Iterator<Item = Value>) -> Result<bool, Raise> {
        for (index, item) in items.enumerate() {
            if index > 0 {
                self.out.push_str(", ");
            }
            if !self.value(item)? {
                return Ok(false);
            }
        }
        Ok(true)
    }

    fn pairs(&mut self, dict: Gc<Dict>, open: &str, between: &str, close: &str) -> Result<bool, Raise> {
        for (index, entry) in dict.get(self.cx.heap()).table.iter().enumerate() {
            if index > 0 {
                self.out.push_str(", ");
            }
            self.out.push_str(open);
            if !self.value(entry.key)? {
                return Ok(false);
            }
            self.out.push_str(between);
            if !self.value(entry.value)? {
                return Ok(false);
            }
            self.out.push_str(close);
        }
        Ok(true)
    }

    /// Functions, modules, descriptors, iterators.
    fn other(&mut self, value: Value) -> Result<bool, Raise> {
        let (cx, heap) = (self.cx, self.cx.heap());
        let address = value.identity();
        let text = match value.kind() {
            Some(Kind::Function) => format!("<function {} at 0x{address:x}>", callable_name(cx, value)),
            Some(Kind::NativeFunction) => native_text(cx, value),
            Some(Kind::Generator) => {
                let generator = value.as_gc::<Generator>().expect("kind was checked").get(heap);
                match generator.adapter_type(heap) {
                    Some(adapter) => format!("<{} object at 0x{address:x}>", adapter.name()),
                    None => {
                        let name = callable_name(cx, Value::obj(generator.function));
                        format!("<generator object {name} at 0x{address:x}>")
                    }
                }
            }
            Some(Kind::Module) => {
                let module = value.as_gc::<Module>().expect("kind was checked").get(heap);
                match &module.info.file {
                    Some(file) => format!("<module '{}' from '{file}'>", module.info.name),
                    None => format!("<module '{}' (built-in)>", module.info.name),
                }
            }
            Some(Kind::StaticMethod) => {
                let function = value.as_gc::<StaticMethod>().expect("kind was checked").get(heap).function;
                return self.wrapped("<staticmethod(", function);
            }
            Some(Kind::ClassMethod) => {
                let function = value.as_gc::<ClassMethod>().expect("kind was checked").get(heap).function;
                return self.wrapped("<classmethod(", function);
            }
            Some(Kind::CellBox) => {
                let content = value.as_gc::<CellBox>().expect("kind was checked").get(heap).value;
                if content.is_undefined() {
                    format!("<cell at 0x{address:x}: empty>")
                } else {
                    format!("<cell at 0x{address:x}: {} object at 0x{:x}>", cx.type_name(content), content.identity())
                }
            }
            Some(Kind::Super) => {
                let proxy = value.as_gc::<Super>().expect("kind was checked").get(heap);
                let owner = cx.type_name(proxy.receiver);
                format!("<super: <class '{}'>, <{owner} object>>", proxy.class.get(heap).name)
            }
            _ => object_text(cx, value),
        };
        self.out.push_str(&text);
        Ok(true)
    }

    fn wrapped(&mut self, open: &str, inner: Value) -> Result<bool, Raise> {
        self.out.push_str(open);
        self.active.push(inner);
        self.check_depth()?;
        let complete = self.value(inner)?;
        self.active.pop();
        self.out.push_str(")>");
        Ok(complete)
    }
}

fn native_text(cx: &Cx<'_>, value: Value) -> String {
    let native = value.as_gc::<NativeFunction>().expect("the caller checked the kind").get(cx.heap());
    let name = &native.signature().name;
    if native.is_method { format!("<method '{name}'>") } else { format!("<built-in function {name}>") }
}
