//! Exception instances, of builtin and script classes alike.
#![expect(unsafe_code, reason = "implements the unsafe trait `Object`")]

use super::{Class, Dict, Gc, Kind, Marker, Object};
use crate::error::Traceback;
use crate::value::Value;

/// An exception.
pub struct Exception {
    /// Its class.
    pub class: Gc<Class>,
    /// `args`: always a tuple.
    pub args: Value,
    /// `__cause__`: `None` or an exception.
    pub cause: Value,
    /// `__context__`: `None` or an exception.
    pub context: Value,
    /// `__suppress_context__`: set by `raise ... from ...`.
    pub suppress_context: bool,
    /// Where it has passed, innermost last; no values, so a plain Rust structure.
    pub traceback: Traceback,
    /// Attributes set by scripts, once there are any; also `__notes__`.
    pub attrs: Option<Gc<Dict>>,
}

// SAFETY: reports every field that is a value or a reference.
unsafe impl Object for Exception {
    const KIND: Kind = Kind::Exception;
    fn trace(&self, marker: &mut Marker) {
        marker.gc(self.class);
        marker.values(&[self.args, self.cause, self.context]);
        if let Some(attrs) = self.attrs {
            marker.gc(attrs);
        }
    }
    fn external_size(&self) -> usize {
        self.traceback.size()
    }
}
