//! Methods of the builtin exception classes: making instances, and the attributes that some classes derive from `args`.
//!
//! `args`, `__cause__`, `__context__` and `__suppress_context__` are fields of the object (`operate::special_attrs`). What is
//! here are the constructors, `add_note` and `with_traceback`, and attributes such as `value`, `errno` or `name`, which are
//! computed from `args` until a script or a constructor's keyword sets them.

use std::sync::Arc;

use super::groups;
use super::receiver::receiver;
use crate::error::{ExcClass, Raise, Traceback};
use crate::heap::{Class, Exception, Gc, Property, Str};
use crate::library::MAKE;
use crate::native::{Cx, Declaration, ModuleBuilder, NativeCall, NativeResult, Outcome, frozen_str, native_value};
use crate::value::Value;

/// Computes an attribute that has not been set, from the exception's arguments.
type Derive = fn(&mut Cx<'_>, &[Value]) -> Value;

/// Gives the exception classes their methods.
pub(crate) fn define(module: &mut ModuleBuilder<'_>, classes: &[Gc<Class>]) {
    let class = |class: ExcClass| classes[class as usize];
    module
        .class("BaseException", "The root of all exceptions.")
        .raw_static("__new__(cls, /, *args, **kwargs)", "", new)
        .raw_static(format!("{MAKE}(cls, /, *args, **kwargs)"), "", make)
        .raw("__init__(self, /, *args, **kwargs)", "", init)
        .raw("__str__(self, /)", "", |cx, args| crate::operate::str(cx, args[0]))
        .raw("__repr__(self, /)", "", |cx, args| crate::operate::repr(cx, args[0]))
        .raw("add_note(self, note, /)", "Add a note that the traceback shows.", add_note)
        .raw("with_traceback(self, tb, /)", "The exception itself: the interpreter keeps the traceback.", |_, args| {
            Ok(Outcome::Return(args[0]))
        })
        .into_class(class(ExcClass::BaseException));
    attribute(module, class(ExcClass::StopIteration), "value", |_, args| part(args, 0));
    attribute(module, class(ExcClass::SystemExit), "code", |cx, args| match args {
        [] => Value::NONE,
        [code] => *code,
        several => cx.tuple(several),
    });
    let os_error = class(ExcClass::OSError);
    attribute(module, os_error, "errno", |_, args| if args.len() > 1 { args[0] } else { Value::NONE });
    attribute(module, os_error, "strerror", |_, args| part(args, 1));
    attribute(module, os_error, "filename", |_, args| part(args, 2));
    attribute(
        module,
        class(ExcClass::ImportError),
        "msg",
        |_, args| if args.len() == 1 { args[0] } else { Value::NONE },
    );
    for &(class_of, names) in KEYWORDS {
        for name in names {
            attribute(module, class(class_of), name, |_, _| Value::NONE);
        }
    }
    let parts: [(&str, Derive); 5] = [
        ("encoding", |_, args| part(args, 0)),
        ("object", |_, args| part(args, 1)),
        ("start", |_, args| part(args, 2)),
        ("end", |_, args| part(args, 3)),
        ("reason", |_, args| part(args, 4)),
    ];
    for (name, derive) in parts {
        attribute(module, class(ExcClass::UnicodeDecodeError), name, derive);
        attribute(module, class(ExcClass::UnicodeEncodeError), name, derive);
    }
}

/// Keyword arguments that a class's constructor takes, as attributes.
const KEYWORDS: &[(ExcClass, &[&str])] = &[
    (ExcClass::AttributeError, &["name", "obj"]),
    (ExcClass::NameError, &["name"]),
    (ExcClass::ImportError, &["name", "path"]),
];

fn part(args: &[Value], at: usize) -> Value {
    args.get(at).copied().unwrap_or(Value::NONE)
}

/// Defines an attribute that is computed until it is set.
fn attribute(module: &mut ModuleBuilder<'_>, class: Gc<Class>, name: &'static str, derive: Derive) {
    let get = move |cx: &mut Cx<'_>, args: &[Value]| -> NativeResult {
        let exception = this(cx, args, name)?;
        let data = exception.get(cx.heap());
        if let Some(value) = data.attrs.and_then(|attrs| cx.dict_get_str(attrs, name)) {
            return Ok(Outcome::Return(value));
        }
        let args = cx.sequence(data.args).unwrap_or_default();
        Ok(Outcome::Return(derive(cx, &args)))
    };
    let set = move |cx: &mut Cx<'_>, args: &[Value]| -> NativeResult {
        let exception = this(cx, args, name)?;
        store(cx, exception, name, args[1]);
        Ok(Outcome::Return(Value::NONE))
    };
    let heap = &mut *module.heap;
    let getter = Declaration::new(format!("{name}(self, /)"), "");
    let get = native_value(heap, getter, NativeCall::Closure(Arc::new(get)), true, "builtins");
    let setter = Declaration::new(format!("{name}(self, value, /)"), "");
    let set = native_value(heap, setter, NativeCall::Closure(Arc::new(set)), true, "builtins");
    let name_value = frozen_str(heap, name);
    let property = heap.value(Property { get, set, delete: Value::NONE, doc: Value::NONE, name: name_value });
    class.get_mut(heap).attrs.insert(name.into(), property);
}

fn this(cx: &Cx<'_>, args: &[Value], method: &str) -> Result<Gc<Exception>, Raise> {
    receiver(cx, args[0], "BaseException", method)
}

/// Sets an attribute of an exception.
pub(crate) fn store(cx: &mut Cx<'_>, exception: Gc<Exception>, name: &str, value: Value) {
    let attrs = match exception.get(cx.heap()).attrs {
        Some(attrs) => attrs,
        None => {
            let attrs = cx.dict();
            exception.get_mut(cx.heap_mut()).attrs = Some(attrs);
            attrs
        }
    };
    cx.dict_set_str(attrs, name, value);
}

/// `BaseException.__new__(cls, *args)`: the arguments become `args`.
fn new(cx: &mut Cx<'_>, args: &[Value]) -> NativeResult {
    let base = cx.exception_class(ExcClass::BaseException);
    let class = args[0].as_gc::<Class>().filter(|&class| cx.is_subclass(class, base));
    let Some(class) = class else {
        return Err(Raise::type_error("BaseException.__new__(X): X is not an exception class"));
    };
    let class = if class == cx.exception_class(ExcClass::OSError) { os_error_class(cx, class, args[1]) } else { class };
    let is_group = cx.is_subclass(class, cx.exception_class(ExcClass::BaseExceptionGroup));
    let (class, members) = if is_group { groups::check(cx, class, args[1])? } else { (class, Value::UNDEFINED) };
    let exception = cx.heap_mut().alloc(Exception {
        class,
        args: args[1],
        cause: Value::NONE,
        context: Value::NONE,
        suppress_context: false,
        traceback: Traceback::default(),
        attrs: None,
    });
    if is_group {
        groups::keep_members(cx, exception, members);
    }
    Ok(Outcome::Return(Value::obj(exception)))
}

/// Calling a builtin exception class: `__new__` and `__init__` at once.
fn make(cx: &mut Cx<'_>, args: &[Value]) -> NativeResult {
    new(cx, args)?.and_then_with(cx, args[2], |cx, made, keywords| {
        if let Some(exception) = made.as_gc::<Exception>() {
            fill(cx, exception, keywords)?;
        }
        Ok(Outcome::Return(made))
    })
}

/// `BaseException.__init__(self, *args)`
fn init(cx: &mut Cx<'_>, args: &[Value]) -> NativeResult {
    let exception = this(cx, args, "__init__")?;
    exception.get_mut(cx.heap_mut()).args = args[1];
    fill(cx, exception, args[2])?;
    Ok(Outcome::Return(Value::NONE))
}

/// Takes the keyword arguments that the exception's class knows, and an `OSError`'s file name out of `args`.
fn fill(cx: &mut Cx<'_>, exception: Gc<Exception>, keywords: Value) -> Result<(), Raise> {
    let value = Value::obj(exception);
    if cx.is_exception(value, ExcClass::OSError) {
        let args = cx.sequence(exception.get(cx.heap()).args).unwrap_or_default();
        if let [_, _, filename, ..] = args[..] {
            store(cx, exception, "filename", filename);
            let args = cx.tuple(&args[..2]);
            exception.get_mut(cx.heap_mut()).args = args;
        }
    }
    let Some(keywords) = cx.as_dict(keywords) else { return Ok(()) };
    let given: Vec<(Value, Value)> =
        keywords.get(cx.heap()).table.iter().map(|entry| (entry.key, entry.value)).collect();
    if given.is_empty() {
        return Ok(());
    }
    let known: Vec<&str> = KEYWORDS
        .iter()
        .filter(|(class, _)| cx.is_exception(value, *class))
        .flat_map(|(_, names)| names.iter().copied())
        .collect();
    let name = cx.type_name(value);
    if known.is_empty() {
        return Err(Raise::type_error(format!("{name}() takes no keyword arguments")));
    }
    for (key, given) in given {
        let text = cx.as_str(key).unwrap_or_default();
        match known.iter().find(|known| **known == text) {
            Some(known) => store(cx, exception, known, given),
            None => {
                let message = format!("'{text}' is an invalid keyword argument for {name}()");
                return Err(Raise::type_error(message));
            }
        }
    }
    Ok(())
}

/// `OSError(errno, text)` makes the subclass that stands for the number.
fn os_error_class(cx: &Cx<'_>, class: Gc<Class>, args: Value) -> Gc<Class> {
    let args = cx.sequence(args).unwrap_or_default();
    let [errno, _, ..] = args[..] else { return class };
    // Linux's numbers, which scripts that test for `e.errno == 2` expect everywhere.
    let subclass = match errno.as_int() {
        Some(1 | 13) => ExcClass::PermissionError,
        Some(2) => ExcClass::FileNotFoundError,
        Some(3) => ExcClass::ProcessLookupError,
        Some(4) => ExcClass::InterruptedError,
        Some(11 | 114 | 115) => ExcClass::BlockingIOError,
        Some(17) => ExcClass::FileExistsError,
        Some(20) => ExcClass::NotADirectoryError,
        Some(21) => ExcClass::IsADirectoryError,
        Some(32 | 108) => ExcClass::BrokenPipeError,
        Some(103) => ExcClass::ConnectionAbortedError,
        Some(104) => ExcClass::ConnectionResetError,
        Some(110) => ExcClass::TimeoutError,
        Some(111) => ExcClass::ConnectionRefusedError,
        _ => return class,
    };
    cx.exception_class(subclass)
}

fn add_note(cx: &mut Cx<'_>, args: &[Value]) -> NativeResult {
    let exception = this(cx, args, "add_note")?;
    if !args[1].is::<Str>() {
        let found = cx.type_name(args[1]);
        return Err(Raise::type_error(format!("note must be a str, not '{found}'")));
    }
    let notes = exception.get(cx.heap()).attrs.and_then(|attrs| cx.dict_get_str(attrs, "__notes__"));
    match notes.and_then(|notes| cx.as_list(notes)) {
        Some(notes) => super::receiver::mutate(cx, notes, |notes| notes.push(args[1])),
        None => {
            let notes = cx.list(&[args[1]]);
            store(cx, exception, "__notes__", notes);
        }
    }
    Ok(Outcome::Return(Value::NONE))
}
