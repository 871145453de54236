//! What natives of builtin types do with their receiver: unwrap it, change it, and account for its growth.
//!
//! A method of `list` is also called with an instance of a script class that inherits from `list`; such an instance holds
//! the list in a hidden attribute. So every method asks for its receiver here instead of looking at the value's kind.

use std::task::Poll;

use crate::builtins::types::BuiltinType;
use crate::error::{ExcClass, Raise, RaiseKind};
use crate::heap::{Class, Gc, Object, Str};
use crate::native::{Cx, Kept, NativeResult, Outcome, RawNative, Resume};
pub(crate) use crate::operate::base_value;
use crate::operate::subscript::{Index, index_of};
use crate::value::Value;

/// The receiver of method `method` of the builtin type `type_name`.
#[inline]
pub(crate) fn receiver<T: Object>(cx: &Cx<'_>, value: Value, type_name: &str, method: &str) -> Result<Gc<T>, Raise> {
    match value.as_gc::<T>() {
        Some(gc) => Ok(gc),
        None => inherited(cx, value, type_name, method),
    }
}

#[cold]
fn inherited<T: Object>(cx: &Cx<'_>, value: Value, type_name: &str, method: &str) -> Result<Gc<T>, Raise> {
    base_value(cx, value).as_gc::<T>().ok_or_else(|| {
        let found = cx.type_name(value);
        Raise::type_error(format!(
            "descriptor '{method}' for '{type_name}' objects doesn't apply to a '{found}' object"
        ))
    })
}

/// Changes an object and charges the heap for what it has come to own.
#[inline]
pub(crate) fn mutate<T: Object, R>(cx: &mut Cx<'_>, gc: Gc<T>, change: impl FnOnce(&mut T) -> R) -> R {
    let before = gc.get(cx.heap()).external_size();
    let result = change(gc.get_mut(cx.heap_mut()));
    let after = gc.get(cx.heap()).external_size();
    if after > before {
        cx.heap_mut().charge(after - before);
    }
    result
}

/// The text of a `str` or of an instance of a subclass of it.
pub(crate) fn text_of(cx: &Cx<'_>, value: Value) -> Option<Gc<Str>> {
    value.as_gc::<Str>().or_else(|| base_value(cx, value).as_gc::<Str>())
}

/// An argument that was given: neither left out nor `None`.
pub(crate) fn given(value: Value) -> Option<Value> {
    (!value.is_undefined() && !value.is_none()).then_some(value)
}

/// An int argument that must fit 64 bits; `None` if its `__index__` must be called first ([`retry_with_index`]).
pub(crate) fn int_argument(cx: &Cx<'_>, value: Value) -> Result<Option<i64>, Raise> {
    match index_of(cx, value) {
        Index::Int(int) => Ok(Some(int)),
        Index::Huge(_) => Err(Raise::overflow_error("Python int too large to convert to C ssize_t")),
        Index::Script => Ok(None),
        Index::Other => {
            let found = cx.type_name(value);
            Err(Raise::type_error(format!("'{found}' object cannot be interpreted as an integer")))
        }
    }
}

/// The same for a bound such as `list.index`'s: huge ints are clamped.
pub(crate) fn bound_argument(cx: &Cx<'_>, value: Value) -> Result<Option<i64>, Raise> {
    match index_of(cx, value) {
        Index::Int(int) => Ok(Some(int)),
        Index::Huge(negative) => Ok(Some(if negative { i64::MIN } else { i64::MAX })),
        Index::Script => Ok(None),
        Index::Other => Err(Raise::type_error("slice indices must be integers or have an __index__ method")),
    }
}

/// Calls the `__index__` of argument `at`, then `native` again with the int in its place.
pub(crate) fn retry_with_index(cx: &mut Cx<'_>, args: &[Value], at: usize, native: RawNative) -> NativeResult {
    let value = args[at];
    let kept: Vec<Kept> = args.iter().map(|&arg| cx.keep(arg)).collect();
    crate::operate::index(cx, value)?.and_then(cx, move |cx, index| {
        let mut args: Vec<Value> = kept.iter().map(|&arg| cx.kept(arg)).collect();
        args[at] = index;
        native(cx, &args)
    })
}

/// What `__new__` of a builtin type returns: the value, or an instance of the script class over it.
pub(crate) fn made(cx: &mut Cx<'_>, class: Value, builtin: BuiltinType, value: Value) -> Result<Value, Raise> {
    let exact = cx.builtin_class(builtin);
    match class.as_gc::<Class>() {
        Some(class) if class == exact => Ok(value),
        Some(class) if cx.is_subclass(class, exact) => Ok(crate::run::class_call::wrap_base_value(cx, class, value)),
        Some(class) => {
            let (name, builtin) = (class.get(cx.heap()).name.clone(), builtin.name());
            Err(Raise::type_error(format!("{builtin}.__new__({name}): {name} is not a subtype of {builtin}")))
        }
        None => {
            let (found, builtin) = (cx.type_name(class), builtin.name());
            Err(Raise::type_error(format!("{builtin}.__new__(X): X is not a type object ({found})")))
        }
    }
}

impl Outcome {
    /// Goes on with the outcome's value and `value`, which is kept only if it takes a while.
    pub(crate) fn and_then_with<F>(self, cx: &mut Cx<'_>, value: Value, next: F) -> NativeResult
    where
        F: FnOnce(&mut Cx<'_>, Value, Value) -> NativeResult + Send + 'static,
    {
        if let Outcome::Return(result) = self {
            return next(cx, result, value);
        }
        let kept = cx.keep(value);
        self.and_then(cx, move |cx, result| {
            let value = cx.kept(kept);
            next(cx, result, value)
        })
    }

    /// Goes on with the outcome's value or the exception that it ends with.
    pub(crate) fn settle<F>(self, cx: &mut Cx<'_>, next: F) -> NativeResult
    where
        F: FnOnce(&mut Cx<'_>, Result<Value, Raise>) -> NativeResult + Send + 'static,
    {
        match self {
            Outcome::Return(value) => next(cx, Ok(value)),
            Outcome::Call(mut request) => {
                request.then = Some(settle_after(request.then.take(), next));
                Ok(Outcome::Call(request))
            }
            Outcome::Generator(mut request) => {
                request.then = Some(settle_after(request.then.take(), next));
                Ok(Outcome::Generator(request))
            }
            Outcome::Wait(mut wait) => {
                let mut next = Some(next);
                Ok(Outcome::wait(move |cx, waker| match wait.poll(cx, waker) {
                    Poll::Pending => Poll::Pending,
                    Poll::Ready(result) => {
                        let next = next.take().expect("a wait is not polled again after it was ready");
                        Poll::Ready(match result {
                            Ok(outcome) => outcome.settle(cx, next),
                            Err(raise) => next(cx, Err(raise)),
                        })
                    }
                }))
            }
        }
    }
}

fn settle_after<F>(first: Option<Box<dyn Resume>>, next: F) -> Box<dyn Resume>
where
    F: FnOnce(&mut Cx<'_>, Result<Value, Raise>) -> NativeResult + Send + 'static,
{
    Box::new(move |cx: &mut Cx<'_>, result: Result<Value, Raise>| match first {
        Some(first) => match first.resume(cx, result) {
            Ok(outcome) => outcome.settle(cx, next),
            Err(raise) => next(cx, Err(raise)),
        },
        None => next(cx, result),
    })
}

/// Whether an exception is of a builtin class or a subclass of it.
pub(crate) fn is_raise(cx: &Cx<'_>, raise: &Raise, class: ExcClass) -> bool {
    let raised = match &*raise.0 {
        RaiseKind::New { class, .. } => cx.exception_class(*class),
        RaiseKind::Instance(exception) => cx.class_of(*exception),
    };
    cx.is_subclass(raised, cx.exception_class(class))
}
