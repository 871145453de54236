//! `tuple`: immutable, its values inside the cell. Between the header and them is the tuple's hash, once it is known: keys
//! are looked up more than once, and cells are multiples of 16 bytes, so the word would be padding.
#![expect(unsafe_code, reason = "values trail the header; their number is in the header's aux word")]

use std::cell::Cell;
use std::ptr::NonNull;

use super::{Gc, GcBox, Header, Heap, Kind, Marker, Object};
use crate::value::Value;

/// A tuple; the items follow in memory, `aux` counts them.
#[repr(C)]
pub struct Tuple {
    /// The table hash, or zero if it is unknown.
    hash: Cell<u64>,
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
    marker.values(unsafe { std::slice::from_raw_parts(first_item(gc), gc.aux() as usize) });
}

/// The address of the first item.
#[inline(always)]
fn first_item(tuple: Gc<Tuple>) -> *mut Value {
    // SAFETY: the items start where the fixed part ends, within the cell. The pointer derives from the whole cell, not from
    // a reference to the empty `items`.
    unsafe { tuple.as_ptr().add(1).cast() }
}

/// Makes a fresh cell a tuple.
///
/// # Safety
/// The cell must have room for the fixed part and the items, whose number its header has.
#[inline(always)]
unsafe fn fill(cell: NonNull<Header>, items: &[Value]) -> Gc<Tuple> {
    let tuple = Gc::<Tuple>::from_header(cell);
    // SAFETY: by the contract. Items are copied one by one: most tuples are short, and each of them may just have been
    // stored as two words, for which wider loads would wait.
    unsafe {
        (&raw mut (*tuple.as_ptr()).hash).write(Cell::new(0));
        let mut to = first_item(tuple);
        for &item in items {
            to.write(item);
            to = to.add(1);
        }
    }
    tuple
}

impl Gc<Tuple> {
    /// The table hash, if it has been noted.
    #[inline(always)]
    pub(crate) fn known_hash(self, heap: &Heap) -> Option<u64> {
        match self.get(heap).hash.get() {
            0 => None,
            hash => Some(hash),
        }
    }

    /// Notes the table hash, which must depend on nothing that can change. Frozen tuples are shared by threads: not theirs.
    #[inline]
    pub(crate) fn note_hash(self, heap: &Heap, hash: u64) {
        if !self.is_frozen() {
            self.get(heap).hash.set(hash);
        }
    }

    /// The items.
    #[inline]
    pub fn items(self, _heap: &Heap) -> &[Value] {
        // SAFETY: the cell is alive and immutable; `aux` counts the values that `alloc_tuple` wrote.
        unsafe { std::slice::from_raw_parts(first_item(self), self.aux() as usize) }
    }

    /// Writes an item of a tuple that no script has seen yet: `alloc_tuple` needs all items, a cycle has them later.
    pub(crate) fn init_item(self, _heap: &mut Heap, index: usize, value: Value) {
        assert!(index < self.count() && !self.is_frozen(), "within a tuple that is being made");
        // SAFETY: alive, within the items, and `&mut Heap` excludes readers.
        unsafe {
            (*self.as_ptr()).hash.set(0);
            first_item(self).add(index).write(value);
        }
    }

    /// A tuple of the items of a range, which must be within the length.
    pub(crate) fn part(self, heap: &mut Heap, range: std::ops::Range<usize>) -> Gc<Tuple> {
        assert!(range.start <= range.end && range.end <= self.count(), "slices are resolved against the length");
        // SAFETY: alive and immutable, and allocating moves and frees no cell.
        let items = unsafe { std::slice::from_raw_parts(first_item(self).add(range.start), range.len()) };
        heap.alloc_tuple(items)
    }

    /// The number of items.
    #[inline]
    pub fn count(self) -> usize {
        self.aux() as usize
    }
}

impl Heap {
    /// A tuple with these items.
    #[inline]
    pub fn alloc_tuple(&mut self, items: &[Value]) -> Gc<Tuple> {
        if let Some(tuple) = self.bump_tuple(items) {
            return tuple;
        }
        let cell = self.alloc_cell(Kind::Tuple, size_of::<GcBox<Tuple>>() + size_of_val(items), items.len() as u32);
        // SAFETY: the cell has room for the fixed part and the items.
        unsafe { fill(cell, items) }
    }

    /// The same as long as that takes no more than carving the cell off the extent in use. For the run loop: calls nothing.
    #[inline(always)]
    pub(crate) fn bump_tuple(&mut self, items: &[Value]) -> Option<Gc<Tuple>> {
        let size = size_of::<GcBox<Tuple>>() + size_of_val(items);
        let cell = self.bump_cell(Kind::Tuple, size, items.len() as u32)?;
        // SAFETY: as above.
        Some(unsafe { fill(cell, items) })
    }

    /// A tuple value with these items.
    pub fn tuple(&mut self, items: &[Value]) -> Value {
        Value::obj(self.alloc_tuple(items))
    }
}
