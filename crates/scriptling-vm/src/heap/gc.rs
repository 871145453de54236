//! Mark and sweep.
//!
//! Marking uses an explicit stack, so deep structures cost no Rust stack. Sweeping walks the chunks, drops what was not
//! marked and finds the free stretches anew: most objects die young and side by side, so most of the memory becomes long
//! stretches that allocation carves up again as if they were new. Of the chunks that hold nothing, those beyond what is
//! allocated until the next collection are given back. Not incremental: live heaps of scripts are small (about 13 ns per
//! live object); the door to lazy sweeping is that only `sweep` knows the free lists.
#![expect(unsafe_code, reason = "walks and frees raw cells; argued in heap/mod.rs")]

use std::alloc::{Layout, dealloc};
use std::ptr::NonNull;

use super::cells::{drop_cell, external_size_of, owns_memory, trace_cell};
use super::{Chunk, FROZEN, Gc, Header, Heap, Kind, List, MARKED, MAX_SMALL, MIN_THRESHOLD, Object, UNIT, write_free};
use crate::value::Value;

/// Free stretches of this size are carved up anew: every small cell fits in. Shorter ones stay cells of the sizes that they
/// have, which all have a free list then.
const EXTENT: usize = MAX_SMALL;

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
        for (at, &value) in values.iter().enumerate() {
            if let Some(later) = values.get(at + LATER) {
                // Whatever is no reference is no address to read either, but a hint may name any.
                prefetch(std::ptr::without_provenance(later.payload() as usize));
            }
            self.value(value);
        }
    }

    /// Reports several references, as the payloads of their values.
    pub(super) fn references(&mut self, payloads: &[u64], value: impl Fn(u64) -> Value) {
        for (at, &payload) in payloads.iter().enumerate() {
            if let Some(&later) = payloads.get(at + LATER) {
                prefetch(std::ptr::without_provenance(later as usize));
            }
            self.value(value(payload));
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

/// How many references ahead of marking memory is fetched: in large heaps nearly each is a cache miss.
const LATER: usize = 12;

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
        let empty = self.sweep();
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
        self.keep_some(empty);
    }

    /// Sweeps everything; returns the chunks in which nothing is alive.
    fn sweep(&mut self) -> Vec<Chunk> {
        self.close_extent();
        self.free.clear();
        self.extents = std::ptr::null_mut();
        self.allocated = self.outside;
        self.text = 0;
        let mut empty = Vec::new();
        // The chunks are out of reach meanwhile: should a destructor panic, nothing is dropped a second time.
        let chunks = std::mem::take(&mut self.chunks);
        self.chunks.reserve(chunks.len());
        for chunk in chunks {
            if self.sweep_chunk(&chunk) { self.chunks.push(chunk) } else { empty.push(chunk) }
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
        empty
    }

    /// Whether the collection has reached a cell.
    #[inline(always)]
    fn lives(&self, header: &Header) -> bool {
        header.kind != Kind::Free && header.flags.get() & MARKED == self.mark
    }

    /// Sweeps one chunk; false if nothing in it is alive (then it has left no trace in the free lists).
    fn sweep_chunk(&mut self, chunk: &Chunk) -> bool {
        let mut offset = 0;
        while offset < chunk.size {
            // SAFETY: `offset` is the start of a cell: chunks consist of cells and stretches that know their size.
            let cell = unsafe { chunk.start.add(offset).cast::<Header>() };
            // SAFETY: as above.
            let header = unsafe { cell.as_ref() };
            prefetch(chunk.start.as_ptr().wrapping_add(offset + AHEAD));
            if self.lives(header) {
                let size = header.units as usize * UNIT;
                offset += size;
                self.allocated += size;
                if owns_memory(header) {
                    // SAFETY: the cell is alive.
                    let external = unsafe { external_size_of(cell) };
                    self.allocated += external;
                    if header.kind == Kind::Str {
                        self.text += external;
                    }
                }
                continue;
            }
            // SAFETY: `offset` is the start of a cell that is not alive.
            let end = unsafe { self.drop_dead(chunk, offset) };
            if end - offset == chunk.size {
                return false;
            }
            // SAFETY: what is between holds nothing any more.
            unsafe { self.note_free(chunk, offset, end) };
            offset = end;
        }
        true
    }

    /// Drops all dead cells from an offset up to the next live one, or to the end; returns where that is.
    ///
    /// # Safety
    /// `offset` must be the start of a cell, and what is not marked must be unreachable.
    unsafe fn drop_dead(&mut self, chunk: &Chunk, mut offset: usize) -> usize {
        while offset < chunk.size {
            // SAFETY: the start of a cell; each is unreachable and dropped once: what follows makes it free.
            unsafe {
                prefetch(chunk.start.as_ptr().wrapping_add(offset + AHEAD));
                let cell = chunk.start.add(offset).cast::<Header>();
                let header = cell.as_ref();
                if self.lives(header) {
                    break;
                }
                offset += header.units as usize * UNIT;
                if header.kind == Kind::List {
                    self.spare.give(&mut *Gc::<List>::from_header(cell).as_ptr());
                } else if owns_memory(header) {
                    drop_cell(cell);
                }
            }
        }
        offset
    }

    /// Notes as free what is between two offsets.
    ///
    /// # Safety
    /// These must be the starts of cells, and none between may hold anything.
    unsafe fn note_free(&mut self, chunk: &Chunk, start: usize, end: usize) {
        // SAFETY: all cells here are within the chunk and free, by the contract.
        unsafe {
            if end - start >= EXTENT {
                return self.push_extent(chunk.start.add(start).as_ptr().cast(), end - start);
            }
            let mut offset = start;
            while offset < end {
                let cell = chunk.start.add(offset).cast::<Header>();
                let units = cell.as_ref().units as usize;
                self.push_free(cell.as_ptr(), units);
                offset += units * UNIT;
            }
        }
    }

    /// Keeps a long stretch to be carved up.
    ///
    /// # Safety
    /// It must be part of a chunk that this heap has, and nothing may refer to it.
    unsafe fn push_extent(&mut self, start: *mut Header, size: usize) {
        // SAFETY: by the contract; there is room for a header and a pointer.
        unsafe {
            write_free(start, size / UNIT);
            start.add(1).cast::<*mut Header>().write(self.extents);
        }
        self.extents = start;
    }

    /// Keeps empty chunks for what will be allocated until the next collection, and gives back the others.
    fn keep_some(&mut self, empty: Vec<Chunk>) {
        let mut wanted = self.threshold.saturating_sub(self.allocated);
        for chunk in empty {
            if chunk.size >= EXTENT && wanted > 0 {
                wanted = wanted.saturating_sub(chunk.size);
                // SAFETY: nothing in the chunk is alive, and it becomes one of the heap's again.
                unsafe { self.push_extent(chunk.start.as_ptr().cast(), chunk.size) };
                self.chunks.push(chunk);
            } else {
                // SAFETY: nothing in the chunk is alive, and none of its cells is on a list.
                unsafe { dealloc(chunk.start.as_ptr(), Layout::from_size_align_unchecked(chunk.size, UNIT)) };
            }
        }
    }
}
