//! Where a shard keeps its entries: places in chunks that never move.
//!
//! An entry keeps its place for as long as it exists, which is what makes scans stable: their order is that of places. Chunks
//! are allocated one by one and freed when they are empty, so a growing store never copies and a shrinking one shrinks. The
//! first are small, for small stores; later ones are large, so that where they are is known without a miss of the cache
//! however many entries there are.

use std::sync::atomic::{AtomicU64, Ordering};

use scriptling_vm::portable::Portable;
use smol_str::SmolStr;

/// Places of a small chunk.
const SMALL: u32 = 32;

/// How many small chunks come first.
const SMALL_CHUNKS: u32 = 32;

/// Places of a large chunk.
const LARGE: u32 = 512;

/// An entry, in a cache line of its own: in a store that is in no cache, finding one is waiting for its line.
#[repr(align(64))]
pub(super) struct Entry {
    pub(super) key: SmolStr,
    pub(super) value: Portable,
    /// When it ends, in nanoseconds on the store's clock; 0: it does not.
    pub(super) deadline: u64,
}

/// What is known of a chunk without looking into it.
#[derive(Default)]
struct State {
    /// A bit for each place; none while the chunk is not allocated.
    used: Box<[u32]>,
    /// Whether it is in `Slab::open`.
    listed: bool,
}

/// Entries by place.
#[derive(Default)]
pub(super) struct Slab {
    /// Empty while no place is used.
    chunks: Vec<Box<[Option<Entry>]>>,
    states: Vec<State>,
    /// When each entry was last used, in nanoseconds, where that matters; otherwise empty. No order with anything else is
    /// needed.
    uses: Vec<Box<[AtomicU64]>>,
    /// Chunks that may have an unused place.
    open: Vec<u32>,
}

/// The number of a place's chunk, and where it is in there.
fn locate(place: u32) -> (usize, usize) {
    let (number, at) = match place.checked_sub(SMALL * SMALL_CHUNKS) {
        None => (place / SMALL, place % SMALL),
        Some(beyond) => (SMALL_CHUNKS + beyond / LARGE, beyond % LARGE),
    };
    (number as usize, at as usize)
}

/// The first place of a chunk, and how many it has.
fn extent(number: u32) -> (u32, u32) {
    match number.checked_sub(SMALL_CHUNKS) {
        None => (number * SMALL, SMALL),
        Some(beyond) => (SMALL * SMALL_CHUNKS + beyond * LARGE, LARGE),
    }
}

impl Slab {
    /// Puts an entry into an unused place. `used`: when, if that matters.
    pub(super) fn insert(&mut self, entry: Entry, used: Option<u64>) -> u32 {
        loop {
            let Some(&number) = self.open.last() else {
                self.open.push(self.chunks.len() as u32);
                self.chunks.push(Box::default());
                self.states.push(State { listed: true, ..State::default() });
                continue;
            };
            let (first, len) = extent(number);
            let (chunk, state) = (&mut self.chunks[number as usize], &mut self.states[number as usize]);
            if chunk.is_empty() {
                *chunk = (0..len).map(|_| None).collect();
                state.used = vec![0; (len / u32::BITS) as usize].into();
            }
            let Some(word) = state.used.iter().position(|&word| word != u32::MAX) else {
                state.listed = false;
                self.open.pop();
                continue;
            };
            let bit = state.used[word].trailing_ones();
            state.used[word] |= 1 << bit;
            let at = word as u32 * u32::BITS + bit;
            chunk[at as usize] = Some(entry);
            if let Some(used) = used {
                self.note_use_of(number, at, len, used);
            }
            return first + at;
        }
    }

    fn note_use_of(&mut self, number: u32, at: u32, len: u32, used: u64) {
        if self.uses.len() <= number as usize {
            self.uses.resize_with(number as usize + 1, Box::default);
        }
        let uses = &mut self.uses[number as usize];
        if uses.is_empty() {
            *uses = (0..len).map(|_| AtomicU64::new(0)).collect();
        }
        *uses[at as usize].get_mut() = used;
    }

    /// Takes an entry out.
    pub(super) fn remove(&mut self, place: u32) -> Option<Entry> {
        let (number, at) = locate(place);
        let entry = self.chunks.get_mut(number)?.get_mut(at)?.take()?;
        let state = &mut self.states[number];
        state.used[at / u32::BITS as usize] &= !(1 << (at as u32 % u32::BITS));
        if state.used.iter().all(|&word| word == 0) {
            self.chunks[number] = Box::default();
            state.used = Box::default();
            self.uses.get_mut(number).into_iter().for_each(|uses| *uses = Box::default());
        }
        if !state.listed {
            state.listed = true;
            self.open.push(number as u32);
        }
        Some(entry)
    }

    /// The entry at a place.
    pub(super) fn get(&self, place: u32) -> Option<&Entry> {
        let (number, at) = locate(place);
        self.chunks.get(number)?.get(at)?.as_ref()
    }

    /// The entry at a place.
    pub(super) fn get_mut(&mut self, place: u32) -> Option<&mut Entry> {
        let (number, at) = locate(place);
        self.chunks.get_mut(number)?.get_mut(at)?.as_mut()
    }

    /// When the entry at a place was last used; 0 if nobody notes that.
    pub(super) fn used(&self, place: u32) -> u64 {
        let (number, at) = locate(place);
        self.uses.get(number).and_then(|uses| uses.get(at)).map_or(0, |used| used.load(Ordering::Relaxed))
    }

    /// Notes that the entry at a place is used.
    pub(super) fn note_use(&self, place: u32, now: u64) {
        let (number, at) = locate(place);
        if let Some(used) = self.uses.get(number).and_then(|uses| uses.get(at)) {
            used.store(now, Ordering::Relaxed);
        }
    }

    /// The places there are.
    pub(super) fn end(&self) -> u32 {
        extent(self.chunks.len() as u32).0
    }

    /// All entries with their places, from a place on.
    pub(super) fn iter_from(&self, from: u32) -> impl Iterator<Item = (u32, &Entry)> {
        let chunks = self.chunks.iter().enumerate().skip(locate(from).0);
        let all = chunks.flat_map(|(number, chunk)| {
            let (first, _) = extent(number as u32);
            chunk.iter().enumerate().filter_map(move |(at, entry)| Some((first + at as u32, entry.as_ref()?)))
        });
        all.skip_while(move |(place, _)| *place < from)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(n: usize) -> Entry {
        Entry { key: n.to_string().into(), value: Portable::NONE, deadline: 0 }
    }

    #[test]
    fn places_are_used_again_and_empty_chunks_are_freed() {
        let mut slab = Slab::default();
        let places: Vec<u32> = (0..100).map(|n| slab.insert(entry(n), None)).collect();
        assert_eq!(slab.end(), 128);
        for &place in &places[..64] {
            assert!(slab.remove(place).is_some() && slab.remove(place).is_none() && slab.get(place).is_none());
        }
        assert_eq!(slab.chunks.iter().filter(|chunk| chunk.is_empty()).count(), 2);
        let left: Vec<u32> = slab.iter_from(70).map(|(place, _)| place).collect();
        assert_eq!(left, (70..100).collect::<Vec<u32>>());
        (0..92).for_each(|n| assert!(slab.insert(entry(n), None) < 128, "no place beyond is needed"));
        assert_eq!((slab.insert(entry(0), None), slab.end()), (128, 160));
    }

    #[test]
    fn places_are_numbered_across_small_and_large_chunks() {
        let mut slab = Slab::default();
        let count = SMALL * SMALL_CHUNKS + 2 * LARGE + 1;
        for n in 0..count {
            assert_eq!(slab.insert(entry(n as usize), Some(u64::from(n))), n);
        }
        assert_eq!(slab.end(), SMALL * SMALL_CHUNKS + 3 * LARGE);
        for n in 0..count {
            assert_eq!(slab.get(n).map(|entry| entry.key.as_str()), Some(n.to_string().as_str()));
            assert_eq!(slab.used(n), u64::from(n));
        }
        let all: Vec<u32> = slab.iter_from(1000).map(|(place, _)| place).collect();
        assert_eq!(all, (1000..count).collect::<Vec<u32>>());
        for n in (0..count).rev() {
            slab.note_use(n, 7);
            assert_eq!(slab.used(n), 7);
            assert_eq!(slab.remove(n).map(|entry| entry.key), Some(n.to_string().into()));
        }
        assert!(slab.chunks.iter().all(|chunk| chunk.is_empty()) && slab.uses.iter().all(|uses| uses.is_empty()));
    }

    #[test]
    fn an_entry_is_a_cache_line() {
        assert_eq!(size_of::<Option<Entry>>(), 64);
    }
}
