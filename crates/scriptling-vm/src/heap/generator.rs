//! Generators: a suspended frame.
//!
//! Some of those that the prelude's functions make are iterators of types of their own to scripts: `map`, `filter`, and `zip` and
//! `enumerate` of what Rust cannot iterate. An exception that comes out of one does not finish it, and StopIteration just comes
//! out; the next step starts its frame anew, with its parameters as they are.
//!
//! While it is suspended, the frame's slots (locals and operands) live here; resuming copies them onto the fiber's
//! stack, yielding copies them back. That is cheaper than a stack per generator and keeps frames contiguous.
#![expect(unsafe_code, reason = "implements the unsafe trait `Object`")]

use super::{Function, Gc, Heap, Kind, Marker, Object};
use crate::builtins::types::BuiltinType;
use crate::value::Value;

/// Where a generator is in its life.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum GeneratorState {
    /// Called, but not started: the slots hold the arguments.
    Created,
    /// Its frame is on the fiber's stack; the slots are empty.
    Running,
    /// Waiting at a `yield`.
    Suspended,
    /// Returned, raised or closed; the slots are empty.
    Finished,
}

impl Generator {
    /// The type, if it is not a generator to scripts.
    pub(crate) fn adapter_type(&self, heap: &Heap) -> Option<BuiltinType> {
        // Only functions of the prelude are frozen.
        if !self.function.is_frozen() {
            return None;
        }
        BuiltinType::of_adapter(&self.function.get(heap).code.get().name.text)
    }
}

/// A generator object.
pub struct Generator {
    /// The function whose frame this is.
    pub function: Gc<Function>,
    /// Where it is.
    pub state: GeneratorState,
    /// Index of the next instruction.
    pub ip: u32,
    /// Locals, then operands.
    pub slots: Vec<Value>,
    /// The exception being handled inside it (`None` if none), swapped with the fiber's on resume.
    pub handling: Value,
}

// SAFETY: reports the function, all slots and the handled exception.
unsafe impl Object for Generator {
    const KIND: Kind = Kind::Generator;
    fn trace(&self, marker: &mut Marker) {
        marker.gc(self.function);
        marker.values(&self.slots);
        marker.value(self.handling);
    }
    fn external_size(&self) -> usize {
        self.slots.capacity() * size_of::<Value>()
    }
}
