//! Mark and sweep.
//!
//! Marking uses an explicit stack, so deep structures cost no Rust stack. It also counts what lives, and notes where short
//! strings are in blocks: next time, they are marked without being read, and most of what lives long is strings in lists.
//! What costs is memory that is not in the caches, so nothing is read that can be known otherwise.
//!
//! Sweeping leaves blocks alone but for dead cells that have a destructor: allocation finds the holes, when it needs them
//! ([`block`](super::block)). Of the blocks that hold nothing, those beyond what is allocated until the next collection are
//! given back. The small chunks of a heap that has no blocks are walked: what was not marked is dropped, long stretches of
//! it are carved up again as if they were new, short ones go to the free lists. Once there are blocks, what becomes free in
//! small chunks is not used again, and a chunk that holds nothing is given back. Not incremental: live heaps of scripts are
//! small.
#![expect(unsafe_code, reason = "walks and frees raw cells; argued in heap/mod.rs")]

use std::alloc::{Layout, dealloc};
use std::ptr::NonNull;

use super::block::{BLOCK, Block, Known};
use super::cells::{drop_cell, owns_memory, trace_cell};
use super::str::is_long;
use super::{
    Chunk, FROZEN, Gc, GcBox, Header, Heap, IN_BLOCK, Kind, List, MARKED, MAX_SMALL, MIN_THRESHOLD, Object, Str, UNIT,
    write_free,
};
use crate::value::Value;

/// Free stretches of this size are carved up anew: every small cell fits in. Shorter ones stay cells of the sizes that they
/// have, which all have a free list then.
const EXTENT: usize = MAX_SMALL;

/// Collects the references that objects report while tracing.
pub struct Marker {
    /// What the flag `MARKED` of a marked cell is in this collection.
    mark: u8,
    pending: Vec<NonNull<Header>>,
    known: Known,
    /// Bytes of the marked cells, but for those allocated on their own, and of what they own outside.
    bytes: usize,
    /// How much of that is long text.
    text: usize,
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
        self.cells(values.len(), |at| values[at].as_header());
    }

    /// Reports several references, as the payloads of their values.
    pub(super) fn references(&mut self, payloads: &[u64], value: impl Fn(u64) -> Value) {
        self.cells(payloads.len(), |at| value(payloads[at]).as_header());
    }

    /// Reports so many cells, and fetches what is to be read of them ahead of that.
    #[inline(always)]
    fn cells(&mut self, count: usize, cell: impl Fn(usize) -> Option<NonNull<Header>>) {
        if count <= LATER {
            // Instances and tuples, most of them: it does not pay to look ahead.
            return (0..count).filter_map(cell).for_each(|cell| self.reach(cell, 0));
        }
        // What is known of those ahead. Nothing of the first ones, which is no harm.
        let mut known = [0; LATER.next_power_of_two()];
        let slot = |at: usize| at % LATER.next_power_of_two();
        for at in 0..count {
            let this = known[slot(at)];
            if at + LATER < count {
                known[slot(at + LATER)] = cell(at + LATER).map_or(0, |later| self.expect(later));
            }
            if let Some(cell) = cell(at) {
                self.reach(cell, this);
            }
        }
    }

    /// Looks at what is known of a cell that will be reported, and fetches it if that is nothing.
    #[inline(always)]
    fn expect(&self, cell: NonNull<Header>) -> usize {
        let known = self.known.text(cell);
        if known == 0 {
            prefetch(cell.as_ptr().cast());
        }
        known
    }

    /// Reports a typed reference.
    #[inline]
    pub fn gc<T: Object>(&mut self, gc: Gc<T>) {
        self.reach(gc.header(), 0);
    }

    /// Reports how much the object that is being traced owns outside its cell.
    #[inline]
    pub(super) fn owned(&mut self, bytes: usize) {
        self.bytes += bytes;
    }

    #[inline(never)]
    fn header(&mut self, cell: NonNull<Header>) {
        let known = self.known.text(cell);
        self.reach(cell, known);
    }

    #[inline(always)]
    fn reach(&mut self, cell: NonNull<Header>, known: usize) {
        if known > 0 {
            // SAFETY: in a block, and of this size.
            if unsafe { Block::mark(cell, known) } {
                self.bytes += known * UNIT;
            }
            return;
        }
        // SAFETY: whoever reports a reference holds a live one.
        let header = unsafe { cell.as_ref() };
        let flags = header.flags.get();
        if flags & IN_BLOCK != 0 {
            // SAFETY: the flag says so.
            if flags & FROZEN != 0 || !unsafe { Block::mark(cell, header.units.into()) } {
                return;
            }
        } else {
            if flags & FROZEN != 0 || flags & MARKED == self.mark {
                return;
            }
            header.flags.set(flags ^ MARKED);
        }
        self.bytes += usize::from(header.units) * UNIT;
        // Strings, most of what there is, refer to nothing.
        if header.kind != Kind::Str {
            self.pending.push(cell);
        } else if is_long(header) {
            // SAFETY: alive, and a string.
            let external = unsafe { cell.cast::<GcBox<Str>>().as_ref() }.data.external_size();
            self.bytes += external;
            self.text += external;
        } else if flags & IN_BLOCK != 0 {
            // SAFETY: the flag says so.
            unsafe { Block::note_text(cell, header.units.into()) };
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
pub(super) fn prefetch(address: *const u8) {
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
        self.close_extent();
        // The flag's meaning changes each time, so that what lives need not be unmarked: sweeping only reads it.
        self.mark ^= MARKED;
        if let Some(blocks) = &mut self.blocks {
            blocks.unmark();
        }
        let known = Known::new(self.blocks.as_deref());
        let mut marker = Marker { mark: self.mark, pending: Vec::new(), known, bytes: 0, text: 0 };
        roots(&mut marker);
        marker.drain();
        (self.allocated, self.text) = (self.outside + marker.bytes, marker.text);
        self.sweep_chunks();
        self.sweep_large();
        let empty = self.sweep_blocks();
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

    /// Sweeps what is outside of blocks. Once there are blocks, free space here is not used again.
    fn sweep_chunks(&mut self) {
        self.free.clear();
        self.extents = std::ptr::null_mut();
        // The chunks are out of reach meanwhile: should a destructor panic, nothing is dropped a second time.
        let chunks = std::mem::take(&mut self.chunks);
        self.chunks.reserve(chunks.len());
        for chunk in chunks {
            let alive = self.sweep_chunk(&chunk);
            if alive || self.blocks.is_none() {
                if !alive {
                    // SAFETY: nothing in the chunk is alive.
                    unsafe { self.push_extent(chunk.start.as_ptr().cast(), chunk.size) };
                }
                self.chunks.push(chunk);
            } else {
                // SAFETY: nothing in the chunk is alive, and none of its cells is on a list.
                unsafe { dealloc(chunk.start.as_ptr(), Layout::from_size_align_unchecked(chunk.size, UNIT)) };
            }
        }
    }

    fn sweep_large(&mut self) {
        let large = std::mem::take(&mut self.large);
        for (cell, size) in large {
            // SAFETY: large cells live until they are removed from the list, which happens here.
            let header = unsafe { cell.as_ref() };
            if header.flags.get() & MARKED == self.mark {
                self.allocated += size;
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

    /// Drops what is dead in blocks; takes out those that are empty.
    fn sweep_blocks(&mut self) -> Vec<Block> {
        let Some(mut blocks) = self.blocks.take() else { return Vec::new() };
        for block in &blocks.list {
            // SAFETY: not marked, so unreachable; each is passed once.
            block.each_dead_owner(|cell| unsafe { self.drop_owner(cell) });
        }
        blocks.forget_texts();
        let empty = blocks.take_empty();
        self.blocks = Some(blocks);
        empty
    }

    /// Drops an object that owns memory.
    ///
    /// # Safety
    /// As for `drop_cell`.
    unsafe fn drop_owner(&mut self, cell: NonNull<Header>) {
        // SAFETY: by the contract.
        unsafe {
            if cell.as_ref().kind == Kind::List {
                self.spare.give(&mut *Gc::<List>::from_header(cell).as_ptr());
            } else {
                drop_cell(cell);
            }
        }
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
                offset += header.units as usize * UNIT;
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
                if owns_memory(header) {
                    self.drop_owner(cell);
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
            if self.blocks.is_some() {
                return write_free(chunk.start.add(start).as_ptr().cast(), (end - start) / UNIT);
            }
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

    /// Keeps empty blocks for what will be allocated until the next collection, and gives back the others.
    fn keep_some(&mut self, empty: Vec<Block>) {
        let mut wanted = self.threshold.saturating_sub(self.allocated);
        for block in empty {
            match &mut self.blocks {
                Some(blocks) if wanted > 0 => {
                    wanted = wanted.saturating_sub(BLOCK);
                    blocks.list.push(block);
                }
                // SAFETY: nothing in the block is alive.
                _ => unsafe { block.free() },
            }
        }
    }
}
