//! The heap of one isolate: a non-moving mark-sweep heap of small cells.
//!
//! # Shape
//! Memory comes in chunks that start at 512 bytes and double in sum, so that an isolate that does little costs little; from
//! 64 KiB on they are [blocks](block), which have bit tables. Cells are carved off the current *extent* by bumping a pointer:
//! a new chunk, a long stretch of one that a collection has freed, or a hole between the living cells of a block. Each
//! starts with a [`Header`] that holds its size in 16-byte units, which makes a chunk walkable. Shorter stretches of small chunks'
//! cells go to one free list per size, which are used once the extents are. What can be large (list elements, string
//! bytes, hash tables) is owned by the cell and lives outside; tuples and instances keep their values inside the cell
//! and are allocated on their own once they exceed [`MAX_SMALL`].
//!
//! # Liveness
//! The collector runs only at safepoints of the run loop (back-edges, calls, resume), never while a native or an
//! operation is on the Rust stack; allocation never collects. So a [`Gc`] or a `Value` that somebody obtained is valid
//! until that somebody returns to the loop. Nothing keeps one for longer except places the collector traces: cells, the
//! fiber's stack, the isolate's roots. The types say so: `Value` and `Gc` are `!Send`, and what natives keep across a
//! suspension must be `Send`. This is what makes [`Gc::get`] sound, and it is the one argument of all `unsafe` here.
//!
//! # Frozen cells
//! Constants of compiled code and the builtins live in frozen heaps: filled once, then immutable and shared by all
//! isolates through an `Arc`. Frozen cells carry a flag; the marker skips them, and [`Gc::get_mut`] refuses them. An
//! isolate keeps every frozen heap it has ever seen alive until it is dropped.
//!
//! # Accounting
//! `allocated` counts cells and what they own outside (re-counted exactly at each collection, estimated upwards in
//! between through [`Heap::charge`]). Crossing the threshold requests a safepoint by withholding the fuel; the loop then
//! collects, and raises `MemoryError` if the limit is still exceeded.
#![expect(unsafe_code, reason = "the allocator and typed access to cells; argued in the module documentation")]
#![allow(clippy::cast_ptr_alignment, reason = "chunks are aligned to 16 and cells are multiples of 16 bytes")]

#[cfg(feature = "mimalloc")]
pub mod allocator;
pub mod big_range;
mod block;
pub(crate) mod builder;
pub mod callable;
mod cells;
pub mod class;
pub mod data;
pub mod dict;
pub mod exception;
mod gc;
pub mod generator;
pub mod instance;
pub mod iter;
pub mod list;
pub mod module;
pub mod str;
#[cfg(test)]
mod tests;
pub mod text;
pub mod tuple;

use std::alloc::{Layout, alloc, dealloc, handle_alloc_error};
use std::cell::Cell;
use std::marker::PhantomData;
use std::ptr::NonNull;

use block::{BLOCK, Block, Blocks};
pub use cells::*;
use cells::{may_own, owns_memory};
pub use gc::Marker;

use crate::limits;
use crate::value::Value;

/// The first word of every cell.
#[repr(C)]
pub struct Header {
    kind: Kind,
    flags: Cell<u8>,
    /// Size of the whole cell in units of 16 bytes; 0 for a cell allocated on its own.
    units: u16,
    /// Free for the kind: the length of a tuple, the shape of an instance.
    aux: Cell<u32>,
}

const MARKED: u8 = 1;
const FROZEN: u8 = 2;
/// The cell is in a block, which has the mark too.
const IN_BLOCK: u8 = 4;
const UNIT: usize = 16;
/// Cells above this size are allocated one by one: 32 size classes keep the free lists in two cache lines.
pub const MAX_SMALL: usize = 512;
const CLASSES: usize = MAX_SMALL / UNIT + 1;

const _: () = assert!(size_of::<Header>() == 8);

impl Header {
    /// The kind of object in this cell.
    #[inline(always)]
    pub fn kind(&self) -> Kind {
        self.kind
    }

    /// The kind's own 32 bits.
    #[inline(always)]
    pub fn aux(&self) -> u32 {
        self.aux.get()
    }

    /// Sets the kind's own 32 bits.
    #[inline(always)]
    pub fn set_aux(&self, aux: u32) {
        self.aux.set(aux);
    }

    /// Whether the cell is immutable and shared between isolates.
    #[inline(always)]
    pub fn is_frozen(&self) -> bool {
        self.flags.get() & FROZEN != 0
    }
}

/// A type that lives in heap cells.
///
/// # Safety
/// `KIND` must be unique to the type, and `trace` must report every `Value` and `Gc` that the object holds.
pub unsafe trait Object: Sized {
    /// The kind stored in the header.
    const KIND: Kind;
    /// Reports all references to the marker.
    fn trace(&self, marker: &mut Marker);
    /// Bytes that the object owns outside its cell.
    fn external_size(&self) -> usize {
        0
    }
}

/// Header and payload, as laid out in memory.
#[repr(C)]
pub struct GcBox<T> {
    header: Header,
    data: T,
}

/// A typed reference to a cell; valid until the next safepoint unless something traced holds it.
#[repr(transparent)]
pub struct Gc<T> {
    cell: NonNull<GcBox<T>>,
    isolate_bound: PhantomData<*const T>,
}

impl<T> Clone for Gc<T> {
    fn clone(&self) -> Self {
        *self
    }
}
impl<T> Copy for Gc<T> {}
impl<T> PartialEq for Gc<T> {
    fn eq(&self, other: &Self) -> bool {
        self.cell == other.cell
    }
}
impl<T> Eq for Gc<T> {}
impl<T> std::hash::Hash for Gc<T> {
    fn hash<H: std::hash::Hasher>(&self, state: &mut H) {
        self.cell.hash(state);
    }
}
impl<T> std::fmt::Debug for Gc<T> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Gc({:p})", self.cell)
    }
}

impl<T: Object> Gc<T> {
    #[inline(always)]
    pub(crate) fn from_header(header: NonNull<Header>) -> Gc<T> {
        Gc { cell: header.cast(), isolate_bound: PhantomData }
    }

    /// The untyped reference.
    #[inline(always)]
    pub fn header(self) -> NonNull<Header> {
        self.cell.cast()
    }

    /// Reads the object. The borrow of the heap keeps collections and mutations away meanwhile.
    #[inline(always)]
    pub fn get(self, _heap: &Heap) -> &T {
        // SAFETY: the cell is alive (module documentation, "Liveness") and `&Heap` excludes `get_mut`.
        unsafe { &self.cell.as_ref().data }
    }

    /// Changes the object.
    ///
    /// # Panics
    /// If the cell is frozen: callers raise a TypeError before it comes to that.
    #[inline(always)]
    pub fn get_mut(mut self, _heap: &mut Heap) -> &mut T {
        assert!(!self.is_frozen(), "mutation of a frozen object");
        // SAFETY: alive as above; `&mut Heap` makes the borrow unique.
        unsafe { &mut self.cell.as_mut().data }
    }

    /// The address of the object itself, for the run loop's own accesses.
    #[inline(always)]
    pub(crate) fn as_ptr(self) -> *mut T {
        // SAFETY: projects within the live cell; no reference is made.
        unsafe { &raw mut (*self.cell.as_ptr()).data }
    }

    /// Whether the cell is immutable and shared.
    #[inline(always)]
    pub fn is_frozen(self) -> bool {
        // SAFETY: the header of a live cell.
        unsafe { self.header().as_ref() }.is_frozen()
    }

    /// The kind's own 32 bits of the header.
    #[inline(always)]
    pub fn aux(self) -> u32 {
        // SAFETY: the header of a live cell.
        unsafe { self.header().as_ref() }.aux()
    }

    /// Sets the kind's own 32 bits of the header.
    #[inline(always)]
    pub fn set_aux(self, aux: u32) {
        // SAFETY: the header of a live cell.
        unsafe { self.header().as_ref() }.set_aux(aux);
    }
}

/// How much longer a slice may run; see [`Heap::request_safepoint`].
#[derive(Debug, Default)]
pub struct Fuel {
    /// What the loop decrements: at zero or below it stops at the next safepoint.
    pub left: i64,
    /// What was taken away from `left` to make the loop stop early, to be given back.
    pub withheld: i64,
}

/// Memory that consists of cells and free stretches, back to back (but for the rest of the extent in use).
struct Chunk {
    start: NonNull<u8>,
    size: usize,
}

/// Notes that a cell has a destructor, where that is not found by walking.
///
/// # Safety
/// The cell must be alive.
#[inline(always)]
unsafe fn note_owner(cell: NonNull<Header>) {
    // SAFETY: by the contract; the flag says where the cell is.
    unsafe {
        if cell.as_ref().flags.get() & IN_BLOCK != 0 {
            Block::note_owner(cell);
        }
    }
}

/// Marks a stretch of memory as free.
///
/// # Safety
/// `cell` must be `units * 16` bytes of a chunk that nothing refers to.
unsafe fn write_free(cell: *mut Header, units: usize) {
    // SAFETY: by the contract there is room for the header.
    unsafe { cell.write(Header { kind: Kind::Free, flags: Cell::new(0), units: units as u16, aux: Cell::new(0) }) };
}

/// The free cells of a heap, one list per size. No table before there is one: most tasks end without a free cell, and there
/// may be very many of them.
#[derive(Clone, Default)]
struct FreeLists(Option<Box<[*mut Header; CLASSES]>>);

impl FreeLists {
    /// Takes a cell of that size off its list; null if there is none.
    #[inline]
    fn take(&mut self, units: usize) -> *mut Header {
        let Some(lists) = &mut self.0 else { return std::ptr::null_mut() };
        let cell = lists[units];
        if !cell.is_null() {
            // SAFETY: cells on a free list hold the next pointer after their header.
            lists[units] = unsafe { cell.add(1).cast::<*mut Header>().read() };
        }
        cell
    }

    /// Puts a cell of that size on its list.
    ///
    /// # Safety
    /// The cell must be a header with room for one pointer after it, and nothing may refer to it.
    unsafe fn put(&mut self, units: usize, cell: *mut Header) {
        let lists = self.0.get_or_insert_with(|| Box::new([std::ptr::null_mut(); CLASSES]));
        // SAFETY: by the contract.
        unsafe { cell.add(1).cast::<*mut Header>().write(lists[units]) };
        lists[units] = cell;
    }

    /// Forgets all cells.
    fn clear(&mut self) {
        self.0 = None;
    }
}

/// One isolate's memory; see the module documentation.
pub struct Heap {
    /// The extent in use: where the next cell goes, and the end.
    bump: *mut u8,
    end: *mut u8,
    /// The flags of cells that are carved off it.
    flags: u8,
    /// Free cells, by size.
    free: FreeLists,
    /// Free stretches that every small cell fits into.
    extents: *mut Header,
    /// Buffers for lists.
    spare: list::Spare,
    chunks: Vec<Chunk>,
    /// Once the small chunks are used up.
    blocks: Option<Box<Blocks>>,
    large: Vec<(NonNull<Header>, usize)>,
    next_chunk: usize,
    allocated: usize,
    /// How much of that is none of the heap's, but counts as its memory all the same.
    pub(crate) outside: usize,
    /// How much of that was long text, outside the cells, after the last collection.
    text: usize,
    threshold: usize,
    limit: usize,
    collect_wanted: bool,
    /// What the flag `MARKED` of a live cell is between collections.
    mark: u8,
    /// Collect at every safepoint (a test mode that finds untraced references).
    pub(crate) stress: bool,
    /// The slice's fuel lives here so that allocation can ask for a safepoint.
    pub fuel: Fuel,
    collections: u64,
}

impl Default for Heap {
    fn default() -> Self {
        Heap::new(limits::DEFAULT_MEMORY)
    }
}

const FIRST_CHUNK: usize = 512;
const _: () = assert!(FIRST_CHUNK >= MAX_SMALL && FIRST_CHUNK < BLOCK);
/// No collection before this much is allocated: below it, collecting costs more than the memory is worth.
const MIN_THRESHOLD: usize = 1024 * 1024;

impl Heap {
    /// An empty heap that may hold up to `limit` bytes.
    pub fn new(limit: usize) -> Heap {
        Heap {
            bump: std::ptr::null_mut(),
            end: std::ptr::null_mut(),
            flags: 0,
            free: FreeLists::default(),
            extents: std::ptr::null_mut(),
            spare: list::Spare::EMPTY,
            chunks: Vec::new(),
            blocks: None,
            large: Vec::new(),
            next_chunk: FIRST_CHUNK,
            allocated: 0,
            outside: 0,
            text: 0,
            threshold: MIN_THRESHOLD.min(limit),
            limit,
            collect_wanted: false,
            mark: 0,
            stress: false,
            fuel: Fuel::default(),
            collections: 0,
        }
    }

    /// Bytes in use, garbage included.
    pub fn allocated(&self) -> usize {
        self.allocated
    }

    /// The most bytes this heap may hold.
    pub fn limit(&self) -> usize {
        self.limit
    }

    /// Changes the memory limit, in bytes.
    pub fn set_limit(&mut self, limit: usize) {
        self.limit = limit;
        self.threshold = self.threshold.min(limit);
    }

    /// How many times the collector ran.
    pub fn collections(&self) -> u64 {
        self.collections
    }

    /// Puts `data` into a new cell. Never collects.
    #[inline]
    pub fn alloc<T: Object>(&mut self, data: T) -> Gc<T> {
        let external = data.external_size();
        self.alloc_counted(data, external)
    }

    /// The same for an object that owns what other objects own too: only `external` bytes of it are new.
    #[inline]
    pub(crate) fn alloc_counted<T: Object>(&mut self, data: T, external: usize) -> Gc<T> {
        let cell = self.alloc_cell(T::KIND, size_of::<GcBox<T>>(), 0).cast::<GcBox<T>>();
        // SAFETY: the cell is fresh and large enough for header and payload.
        unsafe { (&raw mut (*cell.as_ptr()).data).write(data) };
        if external > 0 {
            self.charge(external);
        }
        Gc { cell, isolate_bound: PhantomData }
    }

    /// A new value around `data`.
    #[inline]
    pub fn value<T: Object>(&mut self, data: T) -> Value {
        Value::obj(self.alloc(data))
    }

    /// Counts `bytes` that an object has come to own outside its cell.
    #[inline]
    pub fn charge(&mut self, bytes: usize) {
        self.allocated += bytes;
        if self.allocated > self.threshold {
            self.want_collection();
        }
    }

    /// Whether `bytes` more would fit under the limit. What allocates in proportion to an argument asks first.
    pub fn has_room(&self, bytes: usize) -> bool {
        self.allocated.saturating_add(bytes) <= self.limit || bytes <= FIRST_CHUNK
    }

    #[cold]
    fn want_collection(&mut self) {
        if !self.collect_wanted {
            self.collect_wanted = true;
            self.request_safepoint();
        }
    }

    /// Makes the run loop stop at its next safepoint without losing count of the fuel.
    pub fn request_safepoint(&mut self) {
        if self.fuel.left > 0 {
            self.fuel.withheld += self.fuel.left;
            self.fuel.left = 0;
        }
    }

    /// Charges bulk work of a native, in back-edges.
    #[inline]
    pub fn consume_fuel(&mut self, amount: u64) {
        self.fuel.left = self.fuel.left.saturating_sub(amount.min(i64::MAX as u64) as i64);
    }

    /// Whether the loop should collect at this safepoint.
    pub(crate) fn collection_due(&self) -> bool {
        self.collect_wanted || self.stress
    }

    /// Whether the limit is exceeded (meaningful after a collection).
    pub(crate) fn over_limit(&self) -> bool {
        self.allocated > self.limit
    }

    /// Whether it is exceeded by so much that a script must be ignoring the exceptions that say so.
    pub(crate) fn far_over_limit(&self) -> bool {
        self.allocated > self.limit.saturating_add(self.limit / 8 + MIN_THRESHOLD)
    }

    /// Allocates an uninitialised cell of `size` bytes with its header written.
    #[inline]
    pub(crate) fn alloc_cell(&mut self, kind: Kind, size: usize, aux: u32) -> NonNull<Header> {
        let cell = match self.bump_cell(kind, size, aux) {
            Some(cell) => cell,
            None => self.alloc_any(kind, size, aux),
        };
        if may_own(kind) {
            // SAFETY: the cell is alive.
            unsafe { note_owner(cell) };
        }
        cell
    }

    /// The same, as long as that takes no more than carving the cell off the extent in use. Calls nothing.
    #[inline(always)]
    pub(crate) fn bump_cell(&mut self, kind: Kind, size: usize, aux: u32) -> Option<NonNull<Header>> {
        let units = size.div_ceil(UNIT);
        let bytes = units * UNIT;
        let allocated = self.allocated + bytes;
        if units >= CLASSES || (self.end as usize) - (self.bump as usize) < bytes || allocated > self.threshold {
            return None;
        }
        self.allocated = allocated;
        let cell = self.bump;
        // SAFETY: `bytes` fit before `end`, so there is an extent; everything in it is aligned to 16.
        unsafe {
            self.bump = cell.add(bytes);
            let cell = NonNull::new_unchecked(cell.cast::<Header>());
            cell.write(Header { kind, flags: Cell::new(self.flags), units: units as u16, aux: Cell::new(aux) });
            Some(cell)
        }
    }

    /// The same in all other cases.
    #[inline(never)]
    fn alloc_any(&mut self, kind: Kind, size: usize, aux: u32) -> NonNull<Header> {
        let units = size.div_ceil(UNIT);
        if units >= CLASSES {
            return self.alloc_large(kind, size, aux);
        }
        let bytes = units * UNIT;
        self.charge(bytes);
        let (cell, flags) = if (self.end as usize) - (self.bump as usize) >= bytes {
            let cell = self.bump;
            // SAFETY: `bytes` more fit before `end`.
            self.bump = unsafe { cell.add(bytes) };
            (cell.cast(), self.flags)
        } else {
            let free = self.free.take(units);
            if free.is_null() { (self.refill(units), self.flags) } else { (free, self.mark) }
        };
        // SAFETY: `cell` points to `bytes` free bytes, aligned to 16.
        unsafe {
            cell.write(Header { kind, flags: Cell::new(flags), units: units as u16, aux: Cell::new(aux) });
            NonNull::new_unchecked(cell)
        }
    }

    /// Takes up the next extent, or a new chunk, and carves the first cell off it.
    #[cold]
    fn refill(&mut self, units: usize) -> *mut Header {
        let rest = (self.end as usize - self.bump as usize) / UNIT;
        if rest > 0 {
            // Without a table, it is left for the first collection to find.
            // SAFETY: the rest of the extent is unused; it is smaller than the cell that did not fit.
            unsafe {
                match self.free.0 {
                    Some(_) if self.flags & IN_BLOCK == 0 => self.push_free(self.bump.cast(), rest),
                    _ => write_free(self.bump.cast(), rest),
                }
            }
        }
        self.flags = self.mark;
        let (start, size) = if !self.extents.is_null() {
            let extent = self.extents;
            // SAFETY: extents hold their size and, after the header, the next pointer.
            unsafe {
                self.extents = extent.add(1).cast::<*mut Header>().read();
                (extent.cast::<u8>(), usize::from((*extent).units) * UNIT)
            }
        } else if self.next_chunk == BLOCK {
            self.flags = IN_BLOCK;
            self.blocks.get_or_insert_default().next_hole(units)
        } else {
            self.new_chunk()
        };
        // SAFETY: the cell fits: extents and chunks are larger than every small one, and the hole was looked for.
        unsafe {
            self.bump = start.add(units * UNIT);
            self.end = start.add(size);
        }
        start.cast()
    }

    fn new_chunk(&mut self) -> (*mut u8, usize) {
        let size = self.next_chunk;
        // All chunks together double: the second is as small as the first.
        self.next_chunk = if self.chunks.is_empty() { size } else { size * 2 };
        if self.chunks.is_empty() {
            self.chunks.reserve_exact(2);
        }
        let layout = Layout::from_size_align(size, UNIT).expect("a chunk size is a small power of two");
        // SAFETY: the layout is not empty.
        let Some(start) = NonNull::new(unsafe { alloc(layout) }) else { handle_alloc_error(layout) };
        self.chunks.push(Chunk { start, size });
        (start.as_ptr(), size)
    }

    /// Turns the rest of the extent in use into a free stretch that is on no list, so that its chunk can be walked.
    fn close_extent(&mut self) {
        let rest = (self.end as usize - self.bump as usize) / UNIT;
        if rest > 0 {
            // SAFETY: the rest is unused and holds at least one unit.
            unsafe { write_free(self.bump.cast(), rest) };
        }
        self.bump = std::ptr::null_mut();
        self.end = std::ptr::null_mut();
    }

    /// Puts a cell on its free list.
    ///
    /// # Safety
    /// `cell` must be `units * 16` bytes of this heap that nothing refers to.
    unsafe fn push_free(&mut self, cell: *mut Header, units: usize) {
        // SAFETY: by the contract there is room for the header and, after it, one pointer.
        unsafe {
            write_free(cell, units);
            self.free.put(units, cell);
        }
    }

    #[cold]
    fn alloc_large(&mut self, kind: Kind, size: usize, aux: u32) -> NonNull<Header> {
        let layout = Layout::from_size_align(size, UNIT).expect("callers bound sizes by the memory limit");
        // SAFETY: the layout is not empty.
        let Some(start) = NonNull::new(unsafe { alloc(layout) }) else { handle_alloc_error(layout) };
        let cell = start.cast::<Header>();
        // SAFETY: fresh memory of at least a header.
        unsafe { cell.as_ptr().write(Header { kind, flags: Cell::new(self.mark), units: 0, aux: Cell::new(aux) }) };
        self.large.push((cell, size));
        self.charge(size);
        cell
    }

    /// Marks every cell as frozen: immutable and never collected. Only for heaps that no isolate uses.
    pub(crate) fn freeze(&mut self) {
        self.close_extent();
        let freeze = |cell: NonNull<Header>| {
            // SAFETY: the header of a cell of this heap.
            let header = unsafe { cell.as_ref() };
            header.flags.set(header.flags.get() | FROZEN);
        };
        self.each_cell(freeze);
        self.blocks.iter().flat_map(|blocks| &blocks.list).for_each(|block| block.each_cell(freeze));
    }

    /// Visits the cells outside blocks that hold something. They are passed as pointers to whole cells: a `&Header` would
    /// only give access to the header.
    fn each_cell(&self, mut visit: impl FnMut(NonNull<Header>)) {
        for chunk in &self.chunks {
            let mut offset = 0;
            while offset < chunk.size {
                // SAFETY: `offset` is the start of a cell: cells are carved back to back and know their size.
                let cell = unsafe { chunk.start.add(offset).cast::<Header>() };
                // SAFETY: as above.
                let (units, kind) = unsafe { (cell.as_ref().units, cell.as_ref().kind) };
                offset += units as usize * UNIT;
                if kind != Kind::Free {
                    visit(cell);
                }
            }
        }
        self.large.iter().for_each(|&(cell, _)| visit(cell));
    }
}

impl Drop for Heap {
    fn drop(&mut self) {
        self.close_extent();
        // Cells own memory outside (strings, tables); a frozen heap's cells are dropped with their last owner too.
        self.each_cell(|cell| {
            // SAFETY: alive, so its header is initialised.
            if !owns_memory(unsafe { cell.as_ref() }) {
                return;
            }
            // SAFETY: the heap is going away: each live cell is dropped exactly once and not used again.
            unsafe { drop_cell(cell) };
        });
        if let Some(blocks) = &mut self.blocks {
            blocks.unmark();
            for block in &blocks.list {
                // SAFETY: as above; nothing is marked, so these are all cells that own memory.
                block.each_dead_owner(|cell| unsafe { drop_cell(cell) });
                // SAFETY: the heap is going away.
                unsafe { block.free() };
            }
        }
        for chunk in &self.chunks {
            // SAFETY: allocated in `new_chunk` with this layout.
            unsafe { dealloc(chunk.start.as_ptr(), Layout::from_size_align_unchecked(chunk.size, UNIT)) };
        }
        for (cell, size) in &self.large {
            // SAFETY: allocated in `alloc_large` with this layout.
            unsafe { dealloc(cell.as_ptr().cast(), Layout::from_size_align_unchecked(*size, UNIT)) };
        }
    }
}

/// A heap that is complete and immutable; its values may be used by every isolate that keeps it alive.
pub struct FrozenHeap {
    heap: Heap,
}

// SAFETY: frozen cells are never written again (flags and caches included), so sharing them is reading constants. The
// kinds that may be frozen hold no interior mutability that is used after freezing (`Str` computes its hash on creation),
// except under its own synchronisation (what is parsed of a native's declaration).
unsafe impl Send for FrozenHeap {}
// SAFETY: as above.
unsafe impl Sync for FrozenHeap {}

impl FrozenHeap {
    /// Freezes a heap that no isolate has used.
    pub(crate) fn new(mut heap: Heap) -> FrozenHeap {
        heap.freeze();
        FrozenHeap { heap }
    }

    /// Read access, for [`Gc::get`].
    pub fn heap(&self) -> &Heap {
        &self.heap
    }
}

/// A reference to a frozen cell, to be carried between isolates that share the frozen heap.
///
/// Whoever carries one also carries a share of the heap's owner, and turns it back into a value only in an isolate that
/// keeps the same owner alive (`portable` checks it).
#[derive(Clone, Copy)]
pub(crate) struct FrozenRef(NonNull<Header>);

// SAFETY: it refers to an immutable cell that all threads may read (see `FrozenHeap`); the carrier keeps it alive.
unsafe impl Send for FrozenRef {}
// SAFETY: as above.
unsafe impl Sync for FrozenRef {}

impl FrozenRef {
    /// The reference behind a value, if that is a frozen cell.
    pub(crate) fn new(value: Value) -> Option<FrozenRef> {
        // SAFETY: a value with tag `Obj` refers to a live cell.
        value.as_header().filter(|header| unsafe { header.as_ref() }.is_frozen()).map(FrozenRef)
    }

    /// The value, in an isolate that shares the owner.
    pub(crate) fn value(self) -> Value {
        Value::from_header(self.0)
    }
}
