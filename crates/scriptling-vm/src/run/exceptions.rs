//! The statements about exceptions: `raise`, `except` matching, `with`.

use std::task::Waker;

use super::Next;
use crate::error::{ExcClass, Raise};
use crate::fiber::Deliver;
use crate::heap::{Class, Exception, Function, Gc, NativeFunction, Tuple};
use crate::isolate::Isolate;
use crate::native::{Cx, NativeResult, Outcome};
use crate::operate;
use crate::value::Value;

impl Isolate {
    /// `raise`, `raise exception`, `raise exception from cause`.
    pub(crate) fn raise_statement(&mut self, exception: Value, cause: Value, waker: &Waker) -> Next {
        if exception.is_undefined() {
            let handled = self.fiber.handling;
            if handled.is_none() {
                return self.unwind(Raise::runtime_error("No active exception to reraise"), waker);
            }
            return self.unwind(Raise::instance(handled), waker);
        }
        let mut cx = Cx { isolate: self };
        let result = raise_with_cause(&mut cx, exception, cause);
        self.drive_from_frame(result, Deliver::Drop, waker)
    }

    /// `except class`: also a tuple of classes.
    pub(crate) fn exception_matches(&mut self, exception: Value, class: Value) -> Result<bool, Raise> {
        let cx = Cx { isolate: self };
        let base = cx.exception_class(ExcClass::BaseException);
        let actual = cx.class_of(exception);
        let matches = |class: Value| match class.as_gc::<Class>() {
            Some(class) if cx.is_subclass(class, base) => Ok(cx.is_subclass(actual, class)),
            _ => Err(Raise::type_error("catching classes that do not inherit from BaseException is not allowed")),
        };
        match class.as_gc::<Tuple>() {
            Some(classes) => {
                for &class in classes.items(cx.heap()) {
                    if matches(class)? {
                        return Ok(true);
                    }
                }
                Ok(false)
            }
            None => matches(class),
        }
    }

    /// `with manager`: the bound `__exit__`, and `__enter__`.
    pub(crate) fn enter_with(&mut self, manager: Value) -> Result<(Value, Value), Raise> {
        let class = self.class_of(manager);
        let (enter, exit) = match class.get(&self.heap).manager.get() {
            Some(found) => found,
            None => self.find_manager(manager, class)?,
        };
        Ok((operate::attr::bind(&mut Cx { isolate: self }, exit, manager), enter))
    }

    /// `__enter__` and `__exit__` of a class, remembered in it.
    #[cold]
    fn find_manager(&mut self, manager: Value, class: Gc<Class>) -> Result<(Value, Value), Raise> {
        let cx = Cx { isolate: self };
        let find = |cx: &Cx<'_>, name: &str| {
            operate::attr::lookup(cx.heap(), class, name).ok_or_else(|| {
                let class = cx.type_name(manager);
                let hint = if name == "__exit__" { " (missed __exit__ method)" } else { "" };
                Raise::type_error(format!("'{class}' object does not support the context manager protocol{hint}"))
            })
        };
        let found = (find(&cx, "__enter__")?, find(&cx, "__exit__")?);
        if !class.is_frozen() {
            class.get(&self.heap).manager.set(Some(found));
        }
        Ok(found)
    }
}

/// Calls `__enter__`. A native (a lock's, most often) needs no call by the loop.
pub(crate) fn call_enter(cx: &mut Cx<'_>, enter: Value, manager: Value) -> NativeResult {
    if let Some(native) = enter.as_gc::<NativeFunction>()
        && let native = native.get(cx.heap())
        && native.direct == (1, 1, 1)
    {
        let call = native.call.clone();
        return call.invoke(cx, &[manager]);
    }
    if enter.is::<Function>() {
        return Ok(Outcome::tail_call(enter, &[manager]));
    }
    let bound = operate::attr::bind(cx, enter, manager);
    Ok(Outcome::tail_call(bound, &[]))
}

/// Calls `__exit__(type, exception, traceback)`; tracebacks are not objects here, so the third is `None`.
pub(crate) fn call_exit(cx: &mut Cx<'_>, exit: Value, exception: Value) -> NativeResult {
    let class = Value::obj(cx.class_of(exception));
    Ok(Outcome::tail_call(exit, &[class, exception, Value::NONE]))
}

fn raise_with_cause(cx: &mut Cx<'_>, exception: Value, cause: Value) -> NativeResult {
    // The cause is made first when both are classes; CPython makes the exception first, and nobody can tell.
    if cause.is::<Class>() {
        let kept = cx.keep(exception);
        return Ok(Outcome::call(cause, &[], move |cx, made| {
            let exception = cx.kept(kept);
            raise_with_cause(cx, exception, made?)
        }));
    }
    if !(cause.is_undefined() || cause.is_none() || cause.is::<Exception>()) {
        return Err(Raise::type_error("exception causes must derive from BaseException"));
    }
    if let Some(class) = exception.as_gc::<Class>() {
        let base = cx.exception_class(ExcClass::BaseException);
        if !cx.is_subclass(class, base) {
            return Err(Raise::type_error("exceptions must derive from BaseException"));
        }
        let kept = cx.keep(cause);
        return Ok(Outcome::call(exception, &[], move |cx, made| {
            let cause = cx.kept(kept);
            raise_instance(cx, made?, cause)
        }));
    }
    raise_instance(cx, exception, cause)
}

fn raise_instance(cx: &mut Cx<'_>, exception: Value, cause: Value) -> NativeResult {
    let Some(instance): Option<Gc<Exception>> = exception.as_gc() else {
        return Err(Raise::type_error("exceptions must derive from BaseException"));
    };
    if !cause.is_undefined() {
        let data = instance.get_mut(cx.heap_mut());
        data.cause = cause;
        data.suppress_context = true;
    }
    Err(Raise::instance(exception))
}
