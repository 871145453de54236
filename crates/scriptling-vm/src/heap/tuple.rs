//! `tuple`: immutable, its values inside the cell, right after the header.
#![expect(unsafe_code, reason = "values trail the header; their number is in the header's aux word")]

use std::ptr::NonNull;

use super::{Gc, GcBox, Header, Heap, Kind, Marker, Object};
use crate::value::Value;

/// A tuple; the items follow in memory, `aux` counts them.
#[repr(C)]
pub struct Tuple {
    items: [Value; 0],
}

// SAFETY: the trailing values are traced by `trace_items`, which `trace_cell` calls instead of `trace`.
unsafe impl Object for Tuple {
    const KIND: Kind = Kind::Tuple;
    fn trace(&self, _marker: &mut Marker) {}
}

/// Reports the items of a tuple cell.
///
/// # Safety
/// `cell` must be alive.
pub(super) unsafe fn trace_items(cell: NonNull<GcBox<Tuple>>, marker: &mut Marker) {
    let gc = Gc::<Tuple>::from_header(cell.cast());
    // SAFETY: a live tuple has `aux` initialised values after its header.
    marker.values(unsafe { std::slice::from_raw_parts(gc.as_ptr().cast::<Value>(), gc.aux() as usize) });
}

impl Gc<Tuple> {
    /// The items.
    #[inline]
    pub fn items(self, _heap: &Heap) -> &[Value] {
        // SAFETY: the cell is alive and immutable; `aux` counts the values that `alloc_tuple` wrote. The pointer derives from
        // the whole cell, not from a reference to the empty `items`.
        unsafe { std::slice::from_raw_parts(self.header().as_ptr().add(1).cast::<Value>(), self.aux() as usize) }
    }

    /// Writes an item of a tuple that no script has seen yet: `alloc_tuple` needs all items, a cycle has them later.
    pub(crate) fn init_item(self, _heap: &mut Heap, index: usize, value: Value) {
        assert!(index < self.count() && !self.is_frozen(), "within a tuple that is being made");
        // SAFETY: alive, within the items, and `&mut Heap` excludes readers.
        unsafe { self.header().as_ptr().add(1).cast::<Value>().add(index).write(value) };
    }

    /// The number of items.
    #[inline]
    pub fn count(self) -> usize {
        self.aux() as usize
    }
}

impl Heap {
    /// A tuple with these items.
    pub fn alloc_tuple(&mut self, items: &[Value]) -> Gc<Tuple> {
        let size = size_of::<Header>() + size_of_val(items);
        let cell = self.alloc_cell(Kind::Tuple, size, items.len() as u32);
        // SAFETY: the cell has room for the items after its header.
        unsafe {
            let start = cell.as_ptr().add(1).cast::<Value>();
            std::ptr::copy_nonoverlapping(items.as_ptr(), start, items.len());
        }
        Gc::from_header(cell)
    }

    /// A tuple value with these items.
    pub fn tuple(&mut self, items: &[Value]) -> Value {
        Value::obj(self.alloc_tuple(items))
    }
}
