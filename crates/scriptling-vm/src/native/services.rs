//! What natives may ask the virtual machine for beyond reading and making values: whole iterables, operators, exceptions.
//!
//! Part of the public native API. Nothing here runs script code: where it takes some, the result is an `Outcome` for the
//! run loop to carry out.

use super::{Cx, NativeResult};
use crate::error::{ExcClass, Raise, Traceback};
use crate::heap::{Class, Exception, Gc};
use crate::op::BinaryOp;
use crate::operate::{base_value, binary, iterate, number_text};
use crate::value::Value;

/// `repr` of a float: the shortest text that reads back as the same number.
pub fn float_text(value: f64) -> String {
    number_text::float_repr(value)
}

impl Cx<'_> {
    /// All elements of any iterable, as a new list.
    pub fn collect(&mut self, iterable: Value) -> NativeResult {
        iterate::collect(self, iterable)
    }

    /// `left * right`.
    pub fn multiply(&mut self, left: Value, right: Value) -> NativeResult {
        binary(self, BinaryOp::Mul, left, right, false)
    }

    /// The builtin value behind an instance of a script class that inherits from a builtin type; other values as they are.
    pub fn base_value(&self, value: Value) -> Value {
        base_value(self, value)
    }

    /// The truth of a value, as a bool.
    pub fn truth(&mut self, value: Value) -> NativeResult {
        crate::operate::truth::truth(self, value)
    }

    /// `repr` of a value, if it takes no script code and fits the memory.
    pub fn data_text(&self, value: Value) -> Option<smol_str::SmolStr> {
        crate::operate::repr::repr_native(self, value).ok().flatten()
    }

    /// Whether a value can be called.
    pub fn is_callable(&self, value: Value) -> bool {
        crate::builtins::functions::is_callable(self, value)
    }

    /// `repr` of an int of any size; `None` if the value is no int.
    pub fn int_text(&self, value: Value) -> Result<Option<String>, Raise> {
        number_text::int_text(self, value)
    }

    /// A class that a native module registered.
    pub fn library_class(&self, module: &str, name: &str) -> Option<Gc<Class>> {
        self.isolate.library.module(module)?.members.get(name)?.as_gc()
    }

    /// A member of a native module.
    pub fn library_member(&self, module: &str, name: &str) -> Option<Value> {
        self.isolate.library.module(module)?.members.get(name).copied()
    }

    /// The exception instance of what is raised.
    pub fn exception_instance(&mut self, raise: Raise) -> Value {
        Value::obj(self.isolate.exception_instance(raise))
    }

    /// Withdraws what [`Isolate::interrupt`](crate::isolate::Isolate::interrupt) was asked to raise and has not raised yet,
    /// if it has this class and message; whether it had.
    pub fn withdraw_interrupt(&mut self, class: ExcClass, message: &str) -> bool {
        let interrupt = &mut self.isolate.fiber.interrupt;
        let asked = interrupt.as_ref().is_some_and(|asked| asked.class == class && asked.message == message);
        if asked {
            *interrupt = None;
        }
        asked
    }

    /// A new exception of any class, without running the class's `__init__`.
    pub fn exception(&mut self, class: Gc<Class>, args: &[Value]) -> Value {
        let args = self.tuple(args);
        self.heap_mut().value(Exception {
            class,
            args,
            cause: Value::NONE,
            context: Value::NONE,
            suppress_context: false,
            traceback: Traceback::default(),
            attrs: None,
        })
    }

    /// Replaces `args` of an exception; false if `exception` is none.
    pub fn set_exception_args(&mut self, exception: Value, args: &[Value]) -> bool {
        let args = self.tuple(args);
        let Some(exception) = exception.as_gc::<Exception>() else { return false };
        exception.get_mut(self.heap_mut()).args = args;
        true
    }

    /// Sets an attribute of an exception; false if `exception` is none.
    pub fn set_exception_attr(&mut self, exception: Value, name: &str, value: Value) -> bool {
        let Some(exception) = exception.as_gc::<Exception>() else { return false };
        let attrs = match exception.get(self.heap()).attrs {
            Some(attrs) => attrs,
            None => {
                let attrs = self.dict();
                exception.get_mut(self.heap_mut()).attrs = Some(attrs);
                attrs
            }
        };
        self.dict_set_str(attrs, name, value);
        true
    }
}
