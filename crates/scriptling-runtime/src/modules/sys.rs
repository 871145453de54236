//! `sys`: arguments, exit, standard streams and facts about the interpreter.

use std::io::IsTerminal;
use std::sync::Arc;

use scriptling_vm::error::{ExcClass, Raise};
use scriptling_vm::isolate::Stream;
use scriptling_vm::native::{Cx, ModuleBuilder, NativeModule, NativeResult, Outcome};
use scriptling_vm::portable::HostHandle;
use scriptling_vm::value::Value;
use smol_str::SmolStr;

use super::{receiver, runtime_of};

/// The module.
pub(super) struct Sys;

/// `sys.stdout`, `sys.stderr`.
struct TextStream {
    stream: Stream,
}

impl HostHandle for TextStream {
    fn class(&self) -> (&'static str, &'static str) {
        ("sys", "TextStream")
    }
    fn as_any(&self) -> &dyn std::any::Any {
        self
    }
}

/// The language version that scripts see: the one whose grammar and library we follow.
const VERSION: (i64, i64, i64) = (3, 12, 0);

impl NativeModule for Sys {
    fn name(&self) -> &'static str {
        "sys"
    }

    fn doc(&self) -> &'static str {
        "Arguments, exit and standard streams."
    }

    fn define(&self, module: &mut ModuleBuilder<'_>) {
        let class = module
            .class("TextStream", "A text stream of the program.")
            .raw("write(self, text, /)", "Write text; returns its length.", write)
            .raw("flush(self, /)", "Write out what is buffered.", flush)
            .raw("isatty(self, /)", "Whether it is a terminal.", isatty)
            .raw("writable(self, /)", "", |_, _| Ok(Outcome::Return(Value::TRUE)))
            .finish();
        module.object("stdout", class, Arc::new(TextStream { stream: Stream::Out }));
        module.object("stderr", class, Arc::new(TextStream { stream: Stream::Err }));
        let (major, minor, micro) = VERSION;
        module
            .raw("exit(status=None, /)", "End the program (or the task) by raising SystemExit(status).", exit)
            .constant("version", format!("{major}.{minor}.{micro} (Scriptling {})", env!("CARGO_PKG_VERSION")).as_str())
            .constant("platform", if cfg!(target_os = "windows") { "win32" } else { std::env::consts::OS })
            .constant("byteorder", if cfg!(target_endian = "little") { "little" } else { "big" })
            .constant("maxsize", i64::MAX)
            .constant("maxunicode", 0x0010_ffff_i64)
            .on_import(members);
    }
}

/// Members that differ from program to program, or that scripts change.
fn members(cx: &mut Cx<'_>) -> Vec<(SmolStr, Value)> {
    // Without a runtime (an embedder that runs a text by itself) there are no arguments.
    let argv = runtime_of(cx).map_or_else(|_| vec![SmolStr::default()], |runtime| runtime.argv.clone());
    let argv: Vec<Value> = argv.into_iter().map(|argument| cx.str(argument)).collect();
    let (major, minor, micro) = VERSION;
    let level = cx.str("final");
    let version = cx.tuple(&[Value::int(major), Value::int(minor), Value::int(micro), level, Value::int(0)]);
    vec![("argv".into(), cx.list(&argv)), ("path".into(), cx.list(&[])), ("version_info".into(), version)]
}

fn stream(cx: &Cx<'_>, value: Value) -> Result<Stream, Raise> {
    Ok(receiver::<TextStream>(cx, value, "TextStream")?.stream)
}

fn write(cx: &mut Cx<'_>, args: &[Value]) -> NativeResult {
    let stream = stream(cx, args[0])?;
    let Some(text) = cx.as_str(args[1]).map(SmolStr::new) else {
        let found = cx.type_name(args[1]);
        return Err(Raise::type_error(format!("write() argument must be str, not {found}")));
    };
    cx.host().write(stream, &text);
    Ok(Outcome::Return(Value::int(text.chars().count() as i64)))
}

fn flush(cx: &mut Cx<'_>, args: &[Value]) -> NativeResult {
    let stream = stream(cx, args[0])?;
    cx.host().flush(stream);
    Ok(Outcome::Return(Value::NONE))
}

fn isatty(cx: &mut Cx<'_>, args: &[Value]) -> NativeResult {
    let terminal = match stream(cx, args[0])? {
        Stream::Out => std::io::stdout().is_terminal(),
        Stream::Err => std::io::stderr().is_terminal(),
    };
    Ok(Outcome::Return(Value::bool(terminal)))
}

fn exit(cx: &mut Cx<'_>, args: &[Value]) -> NativeResult {
    let _ = cx;
    Err(if args[0].is_none() {
        Raise::new(ExcClass::SystemExit, "")
    } else {
        Raise::with_argument(ExcClass::SystemExit, args[0])
    })
}
