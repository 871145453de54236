//! `Portable`: an owned, `Send` deep copy of a value, in transit between isolates.

use std::any::Any;

use crate::error::Raise;
use crate::native::Cx;
use crate::value::Value;

/// A host object that isolates share by reference (a promise, a queue, ...).
pub trait HostHandle: Any + Send + Sync {
    /// Module and name of the class that its script-side object has, as registered in the library.
    fn class(&self) -> (&'static str, &'static str);

    /// For downcasting.
    fn as_any(&self) -> &dyn Any;
}

/// A value in transit.
#[derive(Debug)]
pub struct Portable;

impl Portable {
    /// Makes the value in the isolate.
    pub fn into_value(self, cx: &mut Cx<'_>) -> Result<Value, Raise> {
        let _ = cx;
        Ok(Value::NONE)
    }
}
