//! Output: `print`, `input`, `help`.
//!
//! A `print` is one write to the host, so lines of parallel tasks are not torn. Arguments whose text a script defines are
//! turned into text in the prelude, which comes back with one string.

use std::fmt::Write;

use super::receiver::{given, text_of};
use crate::error::Raise;
use crate::heap::{Class, Function, HostObject, Module, NativeFunction};
use crate::isolate::Stream;
use crate::native::{Cx, ModuleBuilder, NativeResult, Outcome};
use crate::operate::{str_native, truth_native};
use crate::value::Value;

/// Registers the functions.
pub(crate) fn define(module: &mut ModuleBuilder<'_>) {
    module
        .raw(
            "print(*args, sep=None, end=None, file=None, flush=False)",
            "Print the arguments, separated by sep.",
            print,
        )
        .raw("input(prompt='', /)", "Read a line; not available to embedded scripts.", |_, _| {
            Err(Raise::runtime_error("input(): no standard input here"))
        })
        .raw("help(object=..., /)", "Print what an object is for.", help);
}

/// Arguments: sep, end, file, flush, `*args`.
fn print(cx: &mut Cx<'_>, args: &[Value]) -> NativeResult {
    let values = cx.sequence(args[4]).unwrap_or_default();
    let separator = text_option(cx, args[0], "sep", " ")?;
    let end = text_option(cx, args[1], "end", "\n")?;
    let flush = truth_native(cx, args[3]).unwrap_or(true);
    if let Some(file) = given(args[2]) {
        let name = if file.is::<HostObject>() { "_print_joined" } else { "_print_to" };
        let (separator, end) = (cx.str(separator), cx.str(end));
        let call = [file, args[4], separator, end, Value::bool(flush)];
        return Ok(Outcome::tail_call(cx.prelude(name), &call));
    }
    let mut text = String::new();
    for (at, &value) in values.iter().enumerate() {
        if at > 0 {
            text.push_str(&separator);
        }
        match str_native(cx, value)? {
            Some(part) => text.push_str(&part),
            None => {
                let (separator, end) = (cx.str(separator), cx.str(end));
                let call = [args[4], separator, end, Value::bool(flush)];
                return Ok(Outcome::tail_call(cx.prelude("_print"), &call));
            }
        }
        cx.reserve(text.len())?;
    }
    text.push_str(&end);
    cx.charge_work(text.len() / 16);
    write_out(cx, &text, flush);
    Ok(Outcome::Return(Value::NONE))
}

fn text_option(cx: &Cx<'_>, value: Value, name: &str, default: &str) -> Result<smol_str::SmolStr, Raise> {
    let Some(value) = given(value) else { return Ok(default.into()) };
    match text_of(cx, value) {
        Some(text) => Ok(text.get(cx.heap()).to_smol()),
        None => {
            let found = cx.type_name(value);
            Err(Raise::type_error(format!("{name} must be None or a string, not {found}")))
        }
    }
}

fn write_out(cx: &mut Cx<'_>, text: &str, flush: bool) {
    if !text.is_empty() {
        cx.host().write(Stream::Out, text);
    }
    if flush {
        cx.host().flush(Stream::Out);
    }
}

/// `_write(text, flush)`: what the prelude's `_print` ends with.
pub(crate) fn write(cx: &mut Cx<'_>, args: &[Value]) -> NativeResult {
    let text = cx.as_str(args[0]).unwrap_or_default().to_owned();
    write_out(cx, &text, args[1].same(Value::TRUE));
    Ok(Outcome::Return(Value::NONE))
}

fn help(cx: &mut Cx<'_>, args: &[Value]) -> NativeResult {
    let text = help_text(cx, args[0]);
    write_out(cx, &text, false);
    Ok(Outcome::Return(Value::NONE))
}

/// What `help` prints, ending with a newline.
fn help_text(cx: &Cx<'_>, object: Value) -> String {
    if object.is_undefined() {
        return String::from("help(object) prints what a function, class or module is for.\n");
    }
    let heap = cx.heap();
    if let Some(native) = object.as_gc::<NativeFunction>() {
        return format!("{}\n", native.get(heap).signature().help_line());
    }
    if let Some(function) = object.as_gc::<Function>() {
        return function_help(cx, function.get(heap));
    }
    if let Some(method) = object.as_gc::<crate::heap::BoundMethod>() {
        return help_text(cx, method.get(heap).function);
    }
    let mut text = String::new();
    if let Some(module) = object.as_gc::<Module>() {
        let module = module.get(heap);
        let _ = writeln!(text, "module {}", module.info.name);
        module.info.doc.iter().for_each(|doc| {
            let _ = writeln!(text, "{doc}");
        });
        member_lines(cx, &mut text, module.iter().map(|(name, value)| (name.as_str(), value)));
        return text;
    }
    let class = object.as_gc::<Class>().unwrap_or_else(|| cx.class_of(object)).get(heap);
    let _ = writeln!(text, "class {}", class.qualname);
    if let Some(doc) = class.attrs.get("__doc__").and_then(|doc| cx.as_str(*doc)) {
        let _ = writeln!(text, "{doc}");
    }
    member_lines(cx, &mut text, class.attrs.iter().map(|(name, value)| (name.as_str(), *value)));
    text
}

/// One line per public function.
fn member_lines<'a>(cx: &Cx<'_>, text: &mut String, members: impl Iterator<Item = (&'a str, Value)>) {
    for (name, value) in members.filter(|(name, _)| !name.starts_with(['_', '<', '('])) {
        let value = match value.as_gc::<crate::heap::ClassMethod>() {
            Some(method) => method.get(cx.heap()).function,
            None => value,
        };
        if let Some(native) = value.as_gc::<NativeFunction>() {
            let _ = writeln!(text, "  {}", native.get(cx.heap()).signature().help_line());
        } else if let Some(function) = value.as_gc::<Function>() {
            let help = function_help(cx, function.get(cx.heap()));
            let _ = writeln!(text, "  {}", help.lines().next().unwrap_or(name));
        }
    }
}

/// `name(parameters) - first line of the docstring`
fn function_help(cx: &Cx<'_>, function: &Function) -> String {
    let code = function.code.get();
    let params = &code.params;
    let mut names = code.locals.iter().map(|name| name.text.as_str());
    let mut parts: Vec<String> = Vec::new();
    let first_default = (params.positional as usize).saturating_sub(function.defaults.len());
    for at in 0..params.positional as usize {
        let name = names.next().unwrap_or_default();
        let default = at.checked_sub(first_default).and_then(|at| function.defaults.get(at));
        let default = default.and_then(|&value| crate::operate::repr_native(cx, value).ok().flatten());
        parts.push(default.map_or(name.to_owned(), |default| format!("{name}={default}")));
        if at + 1 == params.positional_only as usize {
            parts.push("/".into());
        }
    }
    let keyword_only: Vec<&str> = names.by_ref().take(params.keyword_only as usize).collect();
    if params.star {
        parts.push(format!("*{}", names.next().unwrap_or_default()));
    } else if !keyword_only.is_empty() {
        parts.push("*".into());
    }
    for (at, name) in keyword_only.into_iter().enumerate() {
        let default = function.kw_defaults.get(at).filter(|value| !value.is_undefined());
        let default = default.and_then(|&value| crate::operate::repr_native(cx, value).ok().flatten());
        parts.push(default.map_or(name.to_owned(), |default| format!("{name}={default}")));
    }
    if params.star_star {
        parts.push(format!("**{}", names.next().unwrap_or_default()));
    }
    let doc = if function.doc.is_undefined() { code.doc } else { function.doc };
    let signature = format!("{}({})", code.name.text, parts.join(", "));
    match cx.as_str(doc) {
        Some(doc) => format!("{signature} - {}\n", doc.trim()),
        None => format!("{signature}\n"),
    }
}
