//! Mark and sweep.
//!
//! Marking uses an explicit stack, so deep structures cost no Rust stack. Sweeping walks the chunks, drops what was not
//! marked, rebuilds the free lists in address order and gives back chunks that hold nothing. Not incremental: live heaps of
//! scripts are small (about 13 ns per live object); the door to lazy sweeping is that only `sweep` knows the free lists.
#![expect(unsafe_code, reason = "walks and frees raw cells; argued in heap/mod.rs")]

use std::alloc::{Layout, dealloc};
use std::ptr::NonNull;

use super::cells::{drop_cell, external_size_of, trace_cell};
use super::str::is_long;
use super::{CLASSES, FROZEN, Gc, Header, Heap, Kind, MARKED, MIN_THRESHOLD, Object, UNIT};
use crate::value::Value;

/// Collects the references that objects report while tracing.
pub struct Marker {
    /// What the flag `MARKED` of a marked cell is in this collection.
    mark: u8,
    pending: Vec<NonNull<Header>>,
}

impl Marker {
    /// Reports a value.
    #[inline]
    pub fn value(&mut self, value: Value) {
        if let Some(header) = value.as_header() {
            self.header(header);
        }
    }

    /// Reports several values.
    pub fn values(&mut self, values: &[Value]) {
        for &value in values {
            self.value(value);
        }
    }

    /// Reports a typed reference.
    #[inline]
    pub fn gc<T: Object>(&mut self, gc: Gc<T>) {
        self.header(gc.header());
    }

    fn header(&mut self, cell: NonNull<Header>) {
        // SAFETY: whoever reports a reference holds a live one.
        let header = unsafe { cell.as_ref() };
        let flags = header.flags.get();
        if flags & FROZEN == 0 && flags & MARKED != self.mark {
            header.flags.set(flags ^ MARKED);
            // Strings, most of what there is, refer to nothing.
            if header.kind != Kind::Str {
                self.pending.push(cell);
            }
        }
    }

    fn drain(&mut self) {
        while let Some(cell) = self.pending.pop() {
            // SAFETY: only live cells are pushed.
            unsafe { trace_cell(cell, self) };
        }
    }
}

/// How far ahead of the sweep memory is fetched: where a cell starts is known only when the one before it is read, and
/// the processor does not guess beyond a page.
const AHEAD: usize = 1024;

/// Asks for memory that is soon to be read.
#[inline(always)]
fn prefetch(address: *const u8) {
    #[cfg(all(target_arch = "x86_64", not(miri)))]
    // SAFETY: a hint, which may name any address.
    unsafe {
        std::arch::x86_64::_mm_prefetch::<{ std::arch::x86_64::_MM_HINT_T0 }>(address.cast());
    }
    #[cfg(not(all(target_arch = "x86_64", not(miri))))]
    let _ = address;
}

/// Heaps of up to this size may double between collections.
const LARGE_HEAP: usize = 16 * 1024 * 1024;

impl Heap {
    /// Frees everything that cannot be reached from what `roots` reports.
    ///
    /// Only for safepoints: nothing on the Rust stack may rely on an unreported reference.
    pub(crate) fn collect(&mut self, roots: impl FnOnce(&mut Marker)) {
        // The flag's meaning changes each time, so that what lives need not be unmarked: sweeping only reads it.
        self.mark ^= MARKED;
        let mut marker = Marker { mark: self.mark, pending: Vec::new() };
        roots(&mut marker);
        marker.drain();
        self.sweep();
        self.collections += 1;
        self.collect_wanted = false;
        // Marking costs what the cells cost, not what long text outside does. Large heaps grow by half: by then fresh
        // pages cost more than marking.
        let marked = self.allocated - self.text.min(self.allocated);
        let room = marked.min(LARGE_HEAP.max(marked / 2)).max(MIN_THRESHOLD / 2);
        self.threshold = (self.allocated + room).max(MIN_THRESHOLD).min(self.limit);
        if self.allocated >= self.threshold {
            // At the limit: leave room for the exception that says so, and collect again soon.
            self.threshold = self.allocated + MIN_THRESHOLD / 16;
        }
    }

    fn sweep(&mut self) {
        self.note_fill();
        self.free = [std::ptr::null_mut(); CLASSES];
        self.allocated = 0;
        self.text = 0;
        let chunks = std::mem::take(&mut self.chunks);
        for chunk in chunks {
            // The chunk that is still being carved stays.
            if self.sweep_chunk(&chunk) || self.is_current(&chunk) {
                self.chunks.push(chunk);
            } else {
                // SAFETY: nothing in the chunk is alive, and none of its cells is on a free list.
                unsafe { dealloc(chunk.start.as_ptr(), Layout::from_size_align_unchecked(chunk.size, UNIT)) };
            }
        }
        let large = std::mem::take(&mut self.large);
        for (cell, size) in large {
            // SAFETY: large cells live until they are removed from the list, which happens here.
            let header = unsafe { cell.as_ref() };
            if header.flags.get() & MARKED == self.mark {
                // SAFETY: the cell is alive.
                self.allocated += size + unsafe { external_size_of(cell) };
                self.large.push((cell, size));
            } else {
                // SAFETY: unreachable, so dropped once and given back with the layout it was allocated with.
                unsafe {
                    drop_cell(cell);
                    dealloc(cell.as_ptr().cast(), Layout::from_size_align_unchecked(size, UNIT));
                }
            }
        }
    }

    /// Sweeps one chunk; false if nothing in it is alive (then it has left no trace in the free lists).
    fn sweep_chunk(&mut self, chunk: &super::Chunk) -> bool {
        let saved = self.free;
        let mut alive = false;
        let mut offset = 0;
        while offset < chunk.filled {
            // SAFETY: `offset` is the start of a cell: cells are carved back to back and know their size.
            let cell = unsafe { NonNull::new_unchecked(chunk.start.as_ptr().add(offset).cast::<Header>()) };
            // SAFETY: as above.
            let header = unsafe { cell.as_ref() };
            let units = header.units as usize;
            offset += units * UNIT;
            prefetch(chunk.start.as_ptr().wrapping_add(offset + AHEAD));
            if header.kind != Kind::Free && header.flags.get() & MARKED == self.mark {
                alive = true;
                self.allocated += units * UNIT;
                if header.kind != Kind::Str || is_long(header) {
                    // SAFETY: the cell is alive.
                    let external = unsafe { external_size_of(cell) };
                    self.allocated += external;
                    if header.kind == Kind::Str {
                        self.text += external;
                    }
                }
            } else {
                // SAFETY: unreachable or already free; dropped once (free cells have no destructor).
                unsafe {
                    // Most garbage is short strings, which own nothing.
                    if header.kind != Kind::Free && (header.kind != Kind::Str || is_long(header)) {
                        drop_cell(cell);
                    }
                    self.push_free(cell.as_ptr(), units);
                }
            }
        }
        if !alive && !self.is_current(chunk) {
            self.free = saved;
        }
        alive
    }

    fn is_current(&self, chunk: &super::Chunk) -> bool {
        // SAFETY: one past the end of an allocation is a valid address to compare.
        self.end == unsafe { chunk.start.as_ptr().add(chunk.size) }
    }
}
