//! Generators: a suspended frame.
//!
//! Some of those that the prelude's functions make are iterators of types of their own to scripts: `map`, `filter`, and `zip` and
//! `enumerate` of what Rust cannot iterate. An exception that comes out of one does not finish it, and StopIteration just comes
//! out; the next step starts its frame anew, with its parameters as they are.
//!
//! While it is suspended, the frame's slots (locals and operands) live here, inside the cell, which has room for all that
//! the frame can have; resuming copies them onto the fiber's stack, yielding copies them back. That is cheaper than a stack
//! per generator and keeps frames contiguous.
#![expect(unsafe_code, reason = "slots trail the fixed part of the cell; how many there are is in `count`")]

use std::ptr::NonNull;

use super::{Function, Gc, GcBox, Heap, Kind, Marker, Object};
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

/// A generator object; its slots (locals, then operands) follow in memory.
#[repr(C)]
pub struct Generator {
    /// The function whose frame this is.
    pub function: Gc<Function>,
    /// The exception being handled inside it (`None` if none), swapped with the fiber's on resume.
    pub handling: Value,
    /// Index of the next instruction.
    pub ip: u32,
    /// Slots in use.
    count: u32,
    /// Slots that there is room for.
    capacity: u32,
    /// Where it is.
    pub state: GeneratorState,
    slots: [Value; 0],
}

// SAFETY: everything is traced by `trace_slots`, which `trace_cell` calls instead of `trace`.
unsafe impl Object for Generator {
    const KIND: Kind = Kind::Generator;
    fn trace(&self, _marker: &mut Marker) {}
}

/// Reports everything a generator cell refers to: the function, the slots in use and the handled exception.
///
/// # Safety
/// `cell` must be alive.
pub(super) unsafe fn trace_slots(cell: NonNull<GcBox<Generator>>, marker: &mut Marker) {
    let gc = Gc::<Generator>::from_header(cell.cast());
    // SAFETY: a live generator has `count` initialised slots.
    unsafe {
        let generator = gc.as_ptr();
        marker.gc((*generator).function);
        marker.value((*generator).handling);
        marker.values(std::slice::from_raw_parts(first_slot(gc), (*generator).count as usize));
    }
}

/// The address of the first slot.
#[inline(always)]
fn first_slot(generator: Gc<Generator>) -> *mut Value {
    // SAFETY: slots start where the fixed part ends, within the cell.
    unsafe { generator.as_ptr().add(1).cast() }
}

impl Gc<Generator> {
    /// The slots of a generator that is not running.
    pub fn slots(self, heap: &Heap) -> &[Value] {
        // SAFETY: alive, `count` of them are initialised, and `&Heap` excludes writers.
        unsafe { std::slice::from_raw_parts(first_slot(self), self.get(heap).count as usize) }
    }

    /// Forgets the slots: they are on the stack now, or not needed any more.
    pub(crate) fn clear_slots(self, heap: &mut Heap) {
        self.get_mut(heap).count = 0;
    }

    /// Copies the slots to `to` and forgets them. Returns the address behind the last.
    ///
    /// # Safety
    /// The generator must be alive, nothing else refers to it during the call, and there must be room at `to`, outside of it.
    #[inline(always)]
    pub(crate) unsafe fn move_slots(self, mut to: *mut Value) -> *mut Value {
        // SAFETY: by the contract. Values are copied one by one: the last of them may just have been stored as two words each,
        // and wider loads would wait for that.
        unsafe {
            let mut from = first_slot(self).cast_const();
            for _ in 0..(*self.as_ptr()).count {
                to.write(from.read());
                (from, to) = (from.add(1), to.add(1));
            }
            (*self.as_ptr()).count = 0;
        }
        to
    }

    /// Copies `count` values from `from` into the slots.
    ///
    /// # Safety
    /// The generator must be alive, nothing else refers to it during the call, and the values must be outside of it.
    #[inline(always)]
    pub(crate) unsafe fn set_slots(self, mut from: *const Value, count: usize) {
        // SAFETY: by the contract, and there is room for the count that is checked here.
        unsafe {
            assert!(count <= (*self.as_ptr()).capacity as usize, "generators are made with room for a whole frame");
            let mut to = first_slot(self);
            for _ in 0..count {
                to.write(from.read());
                (from, to) = (from.add(1), to.add(1));
            }
            (*self.as_ptr()).count = count as u32;
        }
    }
}

impl Heap {
    /// A generator whose frame has up to `capacity` slots: the parameters, and as many undefined ones as make `locals`.
    pub(crate) fn alloc_generator(
        &mut self,
        function: Gc<Function>,
        capacity: usize,
        parameters: &[Value],
        locals: usize,
    ) -> Gc<Generator> {
        assert!(
            parameters.len() <= locals && locals <= capacity,
            "parameters are locals, and frames have room for these"
        );
        let size = size_of::<GcBox<Generator>>() + capacity * size_of::<Value>();
        let generator = Gc::<Generator>::from_header(self.alloc_cell(Kind::Generator, size, 0));
        // SAFETY: the cell has room for the fixed part and `capacity` slots.
        unsafe {
            generator.as_ptr().write(Generator {
                function,
                handling: Value::NONE,
                ip: 0,
                count: 0,
                capacity: capacity as u32,
                state: GeneratorState::Created,
                slots: [],
            });
        }
        generator.start_anew(self, parameters, locals);
        generator
    }
}

impl Gc<Generator> {
    /// Fills the slots with the parameters, and undefined ones up to `locals`, as for a frame that starts.
    pub(crate) fn start_anew(self, heap: &mut Heap, parameters: &[Value], locals: usize) {
        assert!(parameters.len() <= locals && locals <= self.get(heap).capacity as usize, "within the frame");
        // SAFETY: alive, `&mut Heap` excludes other references, and the slots are within the capacity.
        unsafe {
            self.set_slots(parameters.as_ptr(), parameters.len());
            for at in parameters.len()..locals {
                first_slot(self).add(at).write(Value::UNDEFINED);
            }
        }
        let data = self.get_mut(heap);
        (data.count, data.state, data.ip) = (locals as u32, GeneratorState::Created, 0);
    }
}
