//! `JSONDecodeError`: a `ValueError` that knows where in the text the mistake is.

use scriptling_vm::error::{ExcClass, Raise};
use scriptling_vm::native::{Cx, ModuleBuilder, NativeResult};
use scriptling_vm::value::Value;

/// Registers the class.
pub(super) fn define(module: &mut ModuleBuilder<'_>) {
    module
        .exception(
            "JSONDecodeError",
            "Text that is not JSON; `pos`, `lineno` and `colno` say where.",
            ExcClass::ValueError,
        )
        .raw("__init__(self, msg, doc, pos, /)", "Makes the error.", init)
        .finish();
}

/// Raises the error for byte offset `at` of `text`.
#[cold]
pub(super) fn decode_error(cx: &mut Cx<'_>, message: &str, text: &str, at: usize) -> Raise {
    let position = text[..at].chars().count();
    let class = cx.library_class("json", "JSONDecodeError").expect("`define` registered it");
    let exception = cx.exception(class, &[]);
    let (message, doc) = (cx.str(message), cx.str(text));
    match describe(cx, exception, message, doc, position) {
        Ok(()) => Raise::instance(exception),
        Err(raise) => raise,
    }
}

fn init(cx: &mut Cx<'_>, args: &[Value]) -> NativeResult {
    let position = args[3].as_int().and_then(|position| usize::try_from(position).ok());
    let position = position.ok_or_else(|| Raise::type_error("pos must be a non-negative int"))?;
    describe(cx, args[0], args[1], args[2], position)?;
    Ok(Value::NONE.into())
}

/// Sets the message and the attributes; `position` counts code points.
fn describe(cx: &mut Cx<'_>, exception: Value, message: Value, doc: Value, position: usize) -> Result<(), Raise> {
    let (Some(text), Some(document)) = (cx.as_str(message), cx.as_str(doc)) else {
        return Err(Raise::type_error("msg and doc must be str"));
    };
    let (mut line, mut column) = (1, position + 1);
    for (index, c) in document.chars().take(position).enumerate() {
        if c == '\n' {
            line += 1;
            column = position - index;
        }
    }
    let full = format!("{text}: line {line} column {column} (char {position})");
    let full = cx.str(full);
    cx.set_exception_args(exception, &[full]);
    let place = [("pos", position), ("lineno", line), ("colno", column)];
    cx.set_exception_attr(exception, "msg", message);
    cx.set_exception_attr(exception, "doc", doc);
    for (name, number) in place {
        cx.set_exception_attr(exception, name, Value::int(number as i64));
    }
    Ok(())
}
