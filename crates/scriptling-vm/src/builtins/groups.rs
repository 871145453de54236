//! `BaseExceptionGroup` and `ExceptionGroup`: making them; splitting is the prelude's work.

use super::exceptions::store;
use crate::error::{ExcClass, Raise};
use crate::heap::{Class, Exception, Gc, Str};
use crate::native::{Cx, ModuleBuilder, NativeResult, Outcome};
use crate::operate::iterate::native_items;
use crate::value::Value;

/// Hidden attribute of a group: the tuple of its exceptions (`args` has what the constructor was given).
const MEMBERS: &str = "(exceptions)";

/// Gives the classes their methods, and registers what the prelude and the compiled code of `except*` use. The names of
/// the latter are no identifiers, so scripts cannot call them.
pub(crate) fn define(module: &mut ModuleBuilder<'_>, classes: &[Gc<Class>]) {
    let base = classes[ExcClass::BaseExceptionGroup as usize];
    module
        .class("BaseExceptionGroup", "A combination of multiple unrelated exceptions.")
        .raw("split(self, condition, /)", "The parts that do and do not match.", |cx, args| {
            Ok(Outcome::tail_call(cx.prelude("_group_split"), args))
        })
        .raw("subgroup(self, condition, /)", "The part that matches, or None.", |cx, args| {
            Ok(Outcome::tail_call(cx.prelude("_group_subgroup"), args))
        })
        .raw("derive(self, excs, /)", "A group with the same message over other exceptions.", |cx, args| {
            let message = message(cx, args[0]);
            let class = Value::obj(cx.exception_class(ExcClass::BaseExceptionGroup));
            Ok(Outcome::tail_call(class, &[message, args[1]]))
        })
        .raw_getter("message", "The message.", |cx, args| Ok(Outcome::Return(message(cx, args[0]))))
        .raw_getter("exceptions", "The exceptions, in a tuple.", |cx, args| {
            let members = args[0].as_gc::<Exception>().and_then(|group| members(cx, group)).unwrap_or_default();
            Ok(Outcome::Return(cx.tuple(&members)))
        })
        .into_class(base);
    module
        .raw("_copy_history(source, target, /)", "", copy_history)
        .raw("begin-group(error, /)", "", |cx, args| Ok(Outcome::tail_call(cx.prelude("_star_begin"), args)))
        .raw("match-group(state, types, /)", "", |cx, args| Ok(Outcome::tail_call(cx.prelude("_star_match"), args)))
        .raw("add-to-group(error, state, /)", "", |cx, args| Ok(Outcome::tail_call(cx.prelude("_star_add"), args)))
        .raw("end-group(state, /)", "", |cx, args| Ok(Outcome::tail_call(cx.prelude("_star_end"), args)));
}

fn message(cx: &Cx<'_>, group: Value) -> Value {
    let args = group.as_gc::<Exception>().map(|group| group.get(cx.heap()).args);
    let args = args.and_then(|args| cx.sequence(args)).unwrap_or_default();
    args.first().copied().unwrap_or(Value::NONE)
}

/// The exceptions of a group.
pub(crate) fn members(cx: &Cx<'_>, group: Gc<Exception>) -> Option<Vec<Value>> {
    if !cx.is_exception(Value::obj(group), ExcClass::BaseExceptionGroup) {
        return None;
    }
    let attrs = group.get(cx.heap()).attrs?;
    cx.sequence(cx.dict_get_str(attrs, MEMBERS)?)
}

/// `str(group)`: the message and how many there are. `None` if it is no group.
pub(crate) fn text(cx: &Cx<'_>, group: Gc<Exception>) -> Option<String> {
    let count = members(cx, group)?.len();
    let message = message(cx, Value::obj(group));
    let plural = if count == 1 { "" } else { "s" };
    Some(format!("{} ({count} sub-exception{plural})", cx.as_str(message).unwrap_or_default()))
}

/// Checks the arguments of a group's constructor; the class that the group will have, and its exceptions.
pub(crate) fn check(cx: &mut Cx<'_>, class: Gc<Class>, args: Value) -> Result<(Gc<Class>, Value), Raise> {
    let args = cx.sequence(args).unwrap_or_default();
    let [message, errors] = args[..] else {
        let given = args.len();
        let text = format!("BaseExceptionGroup.__new__() takes exactly 2 arguments ({given} given)");
        return Err(Raise::type_error(text));
    };
    if !message.is::<Str>() {
        let found = cx.type_name(message);
        return Err(Raise::type_error(format!("BaseExceptionGroup.__new__() argument 1 must be str, not {found}")));
    }
    let is_sequence = cx.sequence(errors).is_some() || errors.is::<Str>();
    let Some(errors) = native_items(cx, errors)?.filter(|_| is_sequence) else {
        return Err(Raise::type_error("second argument (exceptions) must be a sequence"));
    };
    if errors.is_empty() {
        return Err(Raise::value_error("second argument (exceptions) must be a non-empty sequence"));
    }
    if let Some(at) = errors.iter().position(|error| !error.is::<Exception>()) {
        let text = format!("Item {at} of second argument (exceptions) is not an exception");
        return Err(Raise::value_error(text));
    }
    let exception = cx.exception_class(ExcClass::Exception);
    let nested_base = errors.iter().any(|&error| !cx.is_exception(error, ExcClass::Exception));
    let (base_group, group) =
        (cx.exception_class(ExcClass::BaseExceptionGroup), cx.exception_class(ExcClass::ExceptionGroup));
    let class = match class {
        class if class == base_group && !nested_base => group,
        class if class == group && nested_base => {
            return Err(Raise::type_error("Cannot nest BaseExceptions in an ExceptionGroup"));
        }
        class if nested_base && cx.is_subclass(class, exception) => {
            let name = class.get(cx.heap()).name.clone();
            return Err(Raise::type_error(format!("Cannot nest BaseExceptions in '{name}'")));
        }
        class => class,
    };
    Ok((class, cx.tuple(&errors)))
}

/// Notes the exceptions in a group that has just been made.
pub(crate) fn keep_members(cx: &mut Cx<'_>, group: Gc<Exception>, errors: Value) {
    store(cx, group, MEMBERS, errors);
}

/// `_copy_history(source, target)`: traceback, cause, context and notes.
fn copy_history(cx: &mut Cx<'_>, args: &[Value]) -> NativeResult {
    if let (Some(source), Some(target)) = (args[0].as_gc::<Exception>(), args[1].as_gc::<Exception>())
        && source != target
    {
        let from = source.get(cx.heap());
        let (traceback, cause, context) = (from.traceback.clone(), from.cause, from.context);
        let suppress = from.suppress_context;
        let notes = from.attrs.and_then(|attrs| cx.dict_get_str(attrs, "__notes__"));
        let to = target.get_mut(cx.heap_mut());
        to.traceback = traceback;
        to.cause = cause;
        to.context = context;
        to.suppress_context = suppress;
        if let Some(notes) = notes.and_then(|notes| cx.sequence(notes)) {
            let notes = cx.list(&notes);
            store(cx, target, "__notes__", notes);
        }
    }
    Ok(Outcome::Return(Value::NONE))
}
