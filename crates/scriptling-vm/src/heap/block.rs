//! Blocks: the chunks of a heap that has outgrown its small ones.
//!
//! A block is aligned to its size, and has two bit tables in it with a bit for each of its units. Where a cell is,
//! all its bits in the first are set by marking; so the holes between living cells are runs of zeros there, and a
//! collection need not look at a cell to find them. Allocation does, when it comes to a block ([`Blocks::next_hole`]):
//! the bits of a hole that is in use are set again. The second table says which cells have a destructor, so of the dead
//! cells only these are visited.
#![expect(unsafe_code, reason = "bit tables in raw memory; argued in heap/mod.rs")]

use std::alloc::{Layout, alloc, dealloc, handle_alloc_error};
use std::ops::Range;
use std::ptr::NonNull;

use super::gc::prefetch;
use super::{Header, Kind, MAX_SMALL, UNIT};

/// The size of a block, and its alignment.
pub(super) const BLOCK: usize = 64 * 1024;
const UNITS: usize = BLOCK / UNIT;
const WORDS: usize = UNITS / 64;
/// Holes of so many units are used first: every small cell fits in.
const LONG: usize = MAX_SMALL / UNIT;

const _: () = assert!(UNITS <= u16::MAX as usize && LONG <= 64);
/// The tables have so many words of bits to themselves.
const OWN_WORDS: usize = 2;
const _: () =
    assert!(size_of::<Tables>() <= OWN_WORDS * 64 * UNIT && OWN_WORDS < WORDS && WORDS.is_multiple_of(OWN_WORDS));

/// What a block knows about its units.
#[repr(C)]
struct Tables {
    /// Units that are not to be carved up: those of living cells, of the holes that are in use, of the tables themselves.
    taken: [u64; WORDS],
    /// Where cells begin that have a destructor.
    owners: [u64; WORDS],
    /// All units but the last of short strings that have been marked before: what the marker needs to know about them.
    texts: [u64; WORDS],
}

/// A block of a heap: a pointer to the tables that reaches all of it.
#[derive(Clone, Copy)]
pub(super) struct Block(NonNull<Tables>);

/// Where the tables of a block are, in words of bits: at the same place in all blocks, they would be in each other's way in
/// the processor's caches.
#[inline(always)]
fn place(address: usize) -> usize {
    (address / BLOCK + address / (2 * BLOCK)) * OWN_WORDS % WORDS
}

impl Block {
    /// A new block, all of which is free.
    fn new() -> Block {
        let layout = Block::layout();
        // SAFETY: the layout is not empty.
        let Some(start) = NonNull::new(unsafe { alloc(layout) }) else { handle_alloc_error(layout) };
        let place = place(start.addr().get());
        let mut taken = [0; WORDS];
        taken[place..place + OWN_WORDS].fill(u64::MAX);
        // SAFETY: fresh memory, and the tables are within it.
        unsafe {
            let tables = start.byte_add(place * 64 * UNIT).cast::<Tables>();
            tables.write(Tables { taken, owners: [0; WORDS], texts: [0; WORDS] });
            Block(tables)
        }
    }

    fn layout() -> Layout {
        Layout::from_size_align(BLOCK, BLOCK).expect("a power of two")
    }

    /// Gives the memory back.
    ///
    /// # Safety
    /// Nothing may refer to anything in the block.
    pub(super) unsafe fn free(self) {
        // SAFETY: allocated in `new` with this layout, and not used again, by the contract.
        unsafe { dealloc(self.start().as_ptr(), Block::layout()) };
    }

    /// The block of a cell, and which unit the cell begins with.
    ///
    /// # Safety
    /// The cell must be in a block.
    #[inline(always)]
    unsafe fn of(cell: NonNull<Header>) -> (Block, usize) {
        let address = cell.addr().get();
        // SAFETY: blocks are aligned to their size, so the tables are there in the cell's.
        let tables = unsafe { cell.byte_sub(address % BLOCK).byte_add(place(address) * 64 * UNIT) };
        (Block(tables.cast()), address % BLOCK / UNIT)
    }

    fn start(self) -> NonNull<u8> {
        // SAFETY: blocks are aligned to their size.
        unsafe { self.0.cast::<u8>().byte_sub(self.0.addr().get() % BLOCK) }
    }

    fn place(self) -> usize {
        place(self.0.addr().get())
    }

    #[inline(always)]
    fn taken(self) -> *mut u64 {
        // SAFETY: within the block.
        unsafe { (&raw mut (*self.0.as_ptr()).taken).cast() }
    }

    #[inline(always)]
    fn owners(self) -> *mut u64 {
        // SAFETY: within the block.
        unsafe { (&raw mut (*self.0.as_ptr()).owners).cast() }
    }

    /// The address of a unit.
    fn unit(self, unit: usize) -> NonNull<Header> {
        debug_assert!(unit < UNITS && unit / 64 / OWN_WORDS != self.place() / OWN_WORDS);
        // SAFETY: within the block.
        unsafe { self.start().byte_add(unit * UNIT).cast() }
    }

    #[inline(always)]
    fn texts(self) -> *mut u64 {
        // SAFETY: within the block.
        unsafe { (&raw mut (*self.0.as_ptr()).texts).cast() }
    }

    /// Marks a cell; false if it was.
    ///
    /// # Safety
    /// The cell must be in a block and consist of so many units, at most 64.
    #[inline(always)]
    pub(super) unsafe fn mark(cell: NonNull<Header>, units: usize) -> bool {
        // SAFETY: by the contract.
        unsafe {
            let (block, unit) = Block::of(cell);
            if *block.taken().add(unit / 64) >> (unit % 64) & 1 != 0 {
                return false;
            }
            set(block.taken(), unit, units);
            true
        }
    }

    /// Notes that a marked cell is a short string of so many units.
    ///
    /// # Safety
    /// As for `mark`.
    #[inline(always)]
    pub(super) unsafe fn note_text(cell: NonNull<Header>, units: usize) {
        // SAFETY: by the contract.
        unsafe {
            let (block, unit) = Block::of(cell);
            if units > 1 {
                set(block.texts(), unit, units - 1);
            }
        }
    }

    /// How many units a cell has if it is known to be a short string; 0 if it is not.
    ///
    /// # Safety
    /// The cell must be in a block.
    #[inline(always)]
    unsafe fn known_text(cell: NonNull<Header>) -> usize {
        // SAFETY: within the table: the last unit of a string is not set, so none reaches beyond it.
        unsafe {
            let (block, unit) = Block::of(cell);
            let word = block.texts().add(unit / 64);
            let here = (*word >> (unit % 64)).trailing_ones() as usize;
            if here == 0 {
                0
            } else if here + unit % 64 < 64 || unit / 64 + 1 == WORDS {
                here + 1
            } else {
                here + (*word.add(1)).trailing_ones() as usize + 1
            }
        }
    }

    /// Notes that a cell has a destructor.
    ///
    /// # Safety
    /// The cell must be in a block.
    #[inline(always)]
    pub(super) unsafe fn note_owner(cell: NonNull<Header>) {
        // SAFETY: the word is that of the cell's first unit.
        unsafe {
            let (block, unit) = Block::of(cell);
            *block.owners().add(unit / 64) |= 1 << (unit % 64);
        }
    }

    fn table(&self) -> &[u64; WORDS] {
        // SAFETY: initialised, and nobody writes to it during the borrow.
        unsafe { &(*self.0.as_ptr()).taken }
    }

    /// Whether there are no marks.
    fn is_empty(self) -> bool {
        self.table().iter().map(|word| word.count_ones()).sum::<u32>() == OWN_WORDS as u32 * 64
    }

    fn unmark(self) {
        // SAFETY: nobody else uses the table meanwhile.
        let taken = unsafe { &mut (*self.0.as_ptr()).taken };
        taken.fill(0);
        taken[self.place()..][..OWN_WORDS].fill(u64::MAX);
    }

    /// Visits the cells: those that live and those in holes that are in use.
    pub(super) fn each_cell(self, mut visit: impl FnMut(NonNull<Header>)) {
        let mut unit = 0;
        while unit < UNITS {
            if self.table()[unit / 64] >> (unit % 64) & 1 == 0 {
                unit += 1;
            } else if unit / 64 == self.place() {
                unit += OWN_WORDS * 64;
            } else {
                let cell = self.unit(unit);
                // SAFETY: what is taken consists of cells, which know their size.
                let (units, kind) = unsafe { (cell.as_ref().units, cell.as_ref().kind) };
                unit += usize::from(units);
                if kind != Kind::Free {
                    visit(cell);
                }
            }
        }
    }

    /// Hands out all cells that have a destructor and are not marked, each once in its life.
    pub(super) fn each_dead_owner(self, mut visit: impl FnMut(NonNull<Header>)) {
        let mut coming = self.dead_owners(0);
        for word in 0..WORDS {
            let dead = coming;
            coming = 0;
            if word + 1 < WORDS {
                coming = self.dead_owners(word + 1);
                each_bit(coming, |bit| prefetch(self.unit((word + 1) * 64 + bit).as_ptr().cast()));
            }
            if dead != 0 {
                // They are forgotten before they are visited: should a destructor panic, none runs twice.
                // SAFETY: within the table.
                unsafe { *self.owners().add(word) ^= dead };
                each_bit(dead, |bit| visit(self.unit(word * 64 + bit)));
            }
        }
    }

    #[inline(always)]
    fn dead_owners(self, word: usize) -> u64 {
        // SAFETY: `word` is below `WORDS`.
        unsafe { *self.owners().add(word) & !*self.taken().add(word) }
    }

    /// The first run of at least `least` units that are not taken, at or after a unit.
    #[inline(always)]
    fn hole(self, from: usize, least: usize) -> Option<Range<usize>> {
        debug_assert!((1..=64).contains(&least));
        let taken = self.table();
        let mut before = (1_u64 << (from % 64)) - 1;
        for word in from / 64..WORDS {
            let here = taken[word] | std::mem::take(&mut before);
            if here == u64::MAX {
                continue;
            }
            // Of each run of zeros, leave those bits that have `least - 1` more above them in the word.
            let mut free = !here;
            let mut length = 1;
            while length < least {
                let more = length.min(least - length);
                free &= free >> more;
                length += more;
            }
            if free != 0 {
                let start = free.trailing_zeros() as usize;
                let rest = here >> start;
                let start = word * 64 + start;
                let end = if rest != 0 { start + rest.trailing_zeros() as usize } else { end_of_hole(taken, word + 1) };
                return Some(start..end);
            }
            let above = here.leading_zeros() as usize;
            if above > 0 && word + 1 < WORDS && above + taken[word + 1].trailing_zeros() as usize >= least {
                return Some((word + 1) * 64 - above..end_of_hole(taken, word + 1));
            }
        }
        None
    }

    /// Fetches the start of the hole that is likely to be the next one.
    #[inline(always)]
    fn expect_hole(self, from: usize) {
        let word = self.table().get(from / 64).map_or(0, |word| !word >> (from % 64));
        if word != 0 {
            prefetch(self.unit(from + word.trailing_zeros() as usize).as_ptr().cast());
        }
    }

    /// Takes a hole.
    #[inline(always)]
    fn take(self, hole: &Range<usize>) {
        let mut unit = hole.start;
        while unit < hole.end {
            let count = (64 - unit % 64).min(hole.end - unit);
            // SAFETY: within the table.
            unsafe { *self.taken().add(unit / 64) |= u64::MAX >> (64 - count) << (unit % 64) };
            unit += count;
        }
    }
}

/// Sets so many bits of a table, at most 64.
///
/// # Safety
/// They must be within the table.
#[inline(always)]
unsafe fn set(table: *mut u64, unit: usize, count: usize) {
    let (shift, bits) = (unit % 64, u64::MAX >> (64 - count));
    // SAFETY: by the contract; so many bits reach into one more word at most.
    unsafe {
        let word = table.add(unit / 64);
        *word |= bits << shift;
        if shift + count > 64 {
            *word.add(1) |= bits >> (64 - shift);
        }
    }
}

/// Where a run of units ends that are not taken, from a word on.
fn end_of_hole(taken: &[u64; WORDS], word: usize) -> usize {
    match taken[word..].iter().position(|&word| word != 0) {
        Some(more) => (word + more) * 64 + taken[word + more].trailing_zeros() as usize,
        None => UNITS,
    }
}

#[inline(always)]
fn each_bit(mut bits: u64, mut visit: impl FnMut(usize)) {
    while bits != 0 {
        visit(bits.trailing_zeros() as usize);
        bits &= bits - 1;
    }
}

/// The blocks of a heap, and where holes have not been looked for yet.
#[derive(Default)]
pub(super) struct Blocks {
    pub(super) list: Vec<Block>,
    /// For long holes; then for each class of sizes: 1, 2, 3 to 4, ... 17 to 32 units. Units are counted through all blocks.
    cursors: [usize; CURSORS],
}

const CURSORS: usize = 2 + LONG.ilog2() as usize;

impl Blocks {
    /// Forgets the strings that are dead.
    pub(super) fn forget_texts(&mut self) {
        for block in &self.list {
            // SAFETY: nobody else uses the tables meanwhile.
            let tables = unsafe { &mut *block.0.as_ptr() };
            tables.texts.iter_mut().zip(&tables.taken).for_each(|(texts, taken)| *texts &= taken);
        }
    }

    /// Unmarks everything.
    pub(super) fn unmark(&mut self) {
        self.list.iter().for_each(|block| block.unmark());
    }

    /// Takes those out in which nothing is marked. Holes will be looked for from the beginning.
    pub(super) fn take_empty(&mut self) -> Vec<Block> {
        self.cursors = [0; CURSORS];
        self.list.extract_if(.., |block| block.is_empty()).collect()
    }

    /// Takes a hole that `units` fit in: a long one if there are any, or one of a new block if there are none at all.
    /// Returns its start and its size in bytes.
    pub(super) fn next_hole(&mut self, units: usize) -> (*mut u8, usize) {
        let class = 1 + units.next_power_of_two().ilog2() as usize;
        self.search(0, LONG).or_else(|| self.search(class, units)).unwrap_or_else(|| {
            self.list.push(Block::new());
            self.search(0, LONG).expect("a new block has long holes")
        })
    }

    fn search(&mut self, cursor: usize, least: usize) -> Option<(*mut u8, usize)> {
        let cursor = &mut self.cursors[cursor];
        while let Some(block) = self.list.get(*cursor / UNITS) {
            if let Some(hole) = block.hole(*cursor % UNITS, least) {
                *cursor = *cursor / UNITS * UNITS + hole.end;
                block.take(&hole);
                block.expect_hole(hole.end);
                return Some((block.unit(hole.start).as_ptr().cast(), hole.len() * UNIT));
            }
            *cursor = (*cursor / UNITS + 1) * UNITS;
        }
        None
    }
}

/// Tells the blocks of a heap from other memory by their addresses. May miss some.
pub(super) struct Known {
    /// Numbers of blocks, which are their addresses divided by their size; each where its low bits say.
    numbers: Box<[usize]>,
}

impl Known {
    pub(super) fn new(blocks: Option<&Blocks>) -> Known {
        let list = blocks.map_or(&[][..], |blocks| &blocks.list);
        let mut numbers = vec![0; (4 * list.len()).next_power_of_two()].into_boxed_slice();
        for block in list {
            let number = block.0.addr().get() / BLOCK;
            let mask = numbers.len() - 1;
            numbers[number & mask] = number;
        }
        Known { numbers }
    }

    /// How many units the cell at an address has, if that is known to be a short string; 0 if not. Reads no cell.
    #[inline(always)]
    pub(super) fn text(&self, cell: NonNull<Header>) -> usize {
        let number = cell.addr().get() / BLOCK;
        let mask = self.numbers.len() - 1;
        // SAFETY: the cell is in a block.
        if self.numbers[number & mask] == number { unsafe { Block::known_text(cell) } } else { 0 }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Words with runs of all lengths.
    fn words(seed: &mut u64) -> [u64; WORDS] {
        std::array::from_fn(|_| {
            *seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            match *seed >> 61 {
                0 => 0,
                1 => u64::MAX,
                2 => 1 << (*seed >> 40 & 63),
                3 => u64::MAX << (*seed >> 40 & 63),
                4 => u64::MAX >> (*seed >> 40 & 63),
                _ => *seed << 20 ^ *seed >> 11,
            }
        })
    }

    #[test]
    fn holes_are_the_runs_of_free_units() {
        let mut seed = 5;
        for _ in 0..if cfg!(miri) { 2 } else { 40 } {
            let block = Block::new();
            let place = block.place();
            // SAFETY: nobody else uses the table.
            let taken = unsafe { &mut (*block.0.as_ptr()).taken };
            *taken = words(&mut seed);
            taken[place..place + OWN_WORDS].fill(u64::MAX);
            let bits = *taken;
            let is_free = |unit: usize| unit < UNITS && bits[unit / 64] >> (unit % 64) & 1 == 0;
            for least in [1, 2, 3, 5, 17, 32] {
                let mut unit = 0;
                while let Some(hole) = block.hole(unit, least) {
                    assert!(hole.len() >= least && hole.clone().all(is_free) && !is_free(hole.end));
                    let passed = (unit..hole.start).collect::<Vec<_>>();
                    assert!(passed.windows(least).all(|run| !run.iter().all(|&unit| is_free(unit))));
                    unit = hole.end;
                }
                let passed = (unit..UNITS).collect::<Vec<_>>();
                assert!(passed.windows(least).all(|run| !run.iter().all(|&unit| is_free(unit))));
            }
            let hole = block.hole(0, 1).expect("there is one");
            block.take(&hole);
            assert!(block.table().iter().zip(bits).enumerate().all(|(word, (&now, before))| {
                (0..64)
                    .all(|bit| (now >> bit & 1 != 0) == (before >> bit & 1 != 0 || hole.contains(&(word * 64 + bit))))
            }));
            // SAFETY: nothing refers to it.
            unsafe { block.free() };
        }
    }
}
