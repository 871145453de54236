//! Instances and shapes (hidden classes).
//!
//! A shape says which attribute is in which slot for all instances of one class that got the same attributes in the same
//! order; its number is in the instance's header, so that an inline cache compares one word. Slots are inside the cell; a
//! class knows how many its instances want (from its body's `self.x = ...` statements, and from instances seen). What
//! does not fit goes to a dict of the instance's own, which is also where attributes go once someone asks for
//! `__dict__`.
#![expect(unsafe_code, reason = "slots trail the fixed part of the cell; their number is in `capacity`")]

use std::ptr::NonNull;

use hashbrown::HashMap;
use smol_str::SmolStr;

use super::{CLASSES, Class, Dict, Gc, GcBox, Heap, Kind, Marker, Object, UNIT};
use crate::value::Value;

/// The number of a shape in its isolate.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct ShapeId(pub u32);

/// Which attribute is in which slot.
pub struct Shape {
    /// The class of all instances of this shape.
    pub class: Gc<Class>,
    /// Slots in the cells of instances of this shape.
    pub capacity: u32,
    /// Attribute names in slot order.
    pub names: Vec<SmolStr>,
    /// Where adding an attribute leads.
    pub next: HashMap<SmolStr, ShapeId, foldhash::fast::FixedState>,
}

impl Shape {
    /// The slot of `name`.
    pub fn slot(&self, name: &str) -> Option<u32> {
        self.names.iter().position(|known| known == name).map(|slot| slot as u32)
    }
}

/// More slots than this are never inside the cell: shapes are searched linearly.
pub const MAX_SLOTS: u32 = 28;

/// An instance of a class written in the language; its slots follow in memory. `aux` is its [`ShapeId`], which knows the
/// class; the size of the cell says how many slots there are. Programs hold many instances, and each word less brings
/// the slots closer to the header, which is read with them.
#[repr(C)]
pub struct Instance {
    /// Attributes that are not in slots.
    pub extra: Option<Gc<Dict>>,
    slots: [Value; 0],
}

const FIXED: usize = size_of::<GcBox<Instance>>();
const _: () = assert!(FIXED == UNIT && size_of::<Value>() == UNIT && MAX_SLOTS < (CLASSES - 1) as u32);

// SAFETY: the rest is traced by `trace_slots`, which `trace_cell` calls instead of `trace`.
unsafe impl Object for Instance {
    const KIND: Kind = Kind::Instance;
    fn trace(&self, _marker: &mut Marker) {}
}

/// Reports everything an instance cell refers to.
///
/// # Safety
/// `cell` must be alive.
pub(super) unsafe fn trace_slots(cell: NonNull<GcBox<Instance>>, marker: &mut Marker) {
    let gc = Gc::<Instance>::from_header(cell.cast());
    // SAFETY: a live instance has that many initialised slots. Classes are kept alive by the shapes.
    unsafe {
        if let Some(extra) = (*gc.as_ptr()).extra {
            marker.gc(extra);
        }
        marker.values(std::slice::from_raw_parts(slots_of(gc), gc.capacity()));
    }
}

/// Where a slot is, in bytes from the start of the cell.
pub(crate) const fn offset_of_slot(slot: u32) -> u16 {
    assert!(slot < MAX_SLOTS);
    (FIXED + slot as usize * size_of::<Value>()) as u16
}

/// The address of the slot at an offset from the start of the cell.
#[inline(always)]
pub(crate) fn slot_at(instance: Gc<Instance>, offset: usize) -> *mut Value {
    instance.header().as_ptr().cast::<u8>().wrapping_add(offset).cast()
}

/// The address of the first slot.
#[inline(always)]
pub(crate) fn slots_of(instance: Gc<Instance>) -> *mut Value {
    // SAFETY: slots start where the fixed part ends, within the cell.
    unsafe { instance.as_ptr().add(1).cast() }
}

impl Gc<Instance> {
    /// How many slots there are.
    #[inline]
    fn capacity(self) -> usize {
        // SAFETY: the header of a live cell. Instances are always small cells, so it holds their size.
        usize::from(unsafe { self.header().as_ref() }.units) - FIXED / UNIT
    }

    /// The slots; undefined where an attribute is missing.
    #[inline]
    pub fn slots(self, _heap: &Heap) -> &[Value] {
        // SAFETY: alive, and `&Heap` excludes writers.
        unsafe { std::slice::from_raw_parts(slots_of(self), self.capacity()) }
    }

    /// The slots, for changing.
    #[inline]
    pub fn slots_mut(self, _heap: &mut Heap) -> &mut [Value] {
        // SAFETY: alive, and `&mut Heap` makes the borrow unique.
        unsafe { std::slice::from_raw_parts_mut(slots_of(self), self.capacity()) }
    }

    /// The shape.
    #[inline]
    pub fn shape(self) -> ShapeId {
        ShapeId(self.aux())
    }
}

impl Heap {
    /// An instance with empty slots: at most [`MAX_SLOTS`].
    #[inline]
    pub fn alloc_instance(&mut self, shape: ShapeId, capacity: u32) -> Gc<Instance> {
        let size = FIXED + capacity.min(MAX_SLOTS) as usize * size_of::<Value>();
        let cell = self.alloc_cell(Kind::Instance, size, shape.0);
        let gc = Gc::<Instance>::from_header(cell);
        // SAFETY: the cell has room for the fixed part and the slots.
        unsafe {
            gc.as_ptr().write(Instance { extra: None, slots: [] });
            for slot in 0..gc.capacity() {
                slots_of(gc).add(slot).write(Value::UNDEFINED);
            }
        }
        gc
    }
}
