//! Where a shard keeps its entries: places in small chunks that never move.
//!
//! An entry keeps its place for as long as it exists, which is what makes scans stable: their order is that of places. Chunks
//! are allocated one by one and freed when they are empty, so a growing store never copies and a shrinking one shrinks.

use std::sync::atomic::AtomicU64;

use scriptling_vm::portable::Portable;
use smol_str::SmolStr;

/// Places of a chunk: one bit each in `Chunk::used`.
const CHUNK: u32 = u32::BITS;

/// An entry.
pub(super) struct Entry {
    pub(super) key: SmolStr,
    pub(super) value: Portable,
    /// When it ends, in nanoseconds on the store's clock; 0: it does not.
    pub(super) deadline: u64,
    /// When it was last used, in nanoseconds; kept only where the policy asks. No order with anything else is needed.
    pub(super) used: AtomicU64,
}

#[derive(Default)]
struct Chunk {
    /// Empty while no place is used.
    places: Box<[Option<Entry>]>,
    used: u32,
    /// Whether it is in `Slab::open`.
    listed: bool,
}

/// Entries by place.
#[derive(Default)]
pub(super) struct Slab {
    chunks: Vec<Chunk>,
    /// Chunks that may have an unused place.
    open: Vec<u32>,
}

impl Slab {
    /// Puts an entry into an unused place.
    pub(super) fn insert(&mut self, entry: Entry) -> u32 {
        loop {
            let Some(&number) = self.open.last() else {
                self.open.push(self.chunks.len() as u32);
                self.chunks.push(Chunk { listed: true, ..Chunk::default() });
                continue;
            };
            let chunk = &mut self.chunks[number as usize];
            let free = chunk.used.trailing_ones();
            if free == CHUNK {
                chunk.listed = false;
                self.open.pop();
                continue;
            }
            if chunk.places.is_empty() {
                chunk.places = (0..CHUNK).map(|_| None).collect();
            }
            chunk.used |= 1 << free;
            chunk.places[free as usize] = Some(entry);
            return number * CHUNK + free;
        }
    }

    /// Takes an entry out.
    pub(super) fn remove(&mut self, place: u32) -> Option<Entry> {
        let number = place / CHUNK;
        let chunk = self.chunks.get_mut(number as usize)?;
        let entry = chunk.places.get_mut((place % CHUNK) as usize)?.take()?;
        chunk.used &= !(1 << (place % CHUNK));
        if chunk.used == 0 {
            chunk.places = Box::default();
        }
        if !chunk.listed {
            chunk.listed = true;
            self.open.push(number);
        }
        Some(entry)
    }

    /// The entry at a place.
    pub(super) fn get(&self, place: u32) -> Option<&Entry> {
        self.chunks.get((place / CHUNK) as usize)?.places.get((place % CHUNK) as usize)?.as_ref()
    }

    /// The entry at a place.
    pub(super) fn get_mut(&mut self, place: u32) -> Option<&mut Entry> {
        self.chunks.get_mut((place / CHUNK) as usize)?.places.get_mut((place % CHUNK) as usize)?.as_mut()
    }

    /// The places there are.
    pub(super) fn end(&self) -> u32 {
        self.chunks.len() as u32 * CHUNK
    }

    /// All entries with their places, from a place on.
    pub(super) fn iter_from(&self, from: u32) -> impl Iterator<Item = (u32, &Entry)> {
        let first = (from / CHUNK) as usize;
        let chunks = self.chunks.iter().enumerate().skip(first);
        let all = chunks.flat_map(|(number, chunk)| {
            let base = number as u32 * CHUNK;
            chunk.places.iter().enumerate().filter_map(move |(at, entry)| Some((base + at as u32, entry.as_ref()?)))
        });
        all.skip_while(move |(place, _)| *place < from)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(n: usize) -> Entry {
        Entry { key: n.to_string().into(), value: Portable::NONE, deadline: 0, used: AtomicU64::new(0) }
    }

    #[test]
    fn places_are_used_again_and_empty_chunks_are_freed() {
        let mut slab = Slab::default();
        let places: Vec<u32> = (0..100).map(|n| slab.insert(entry(n))).collect();
        assert_eq!(slab.end(), 128);
        for &place in &places[..64] {
            assert!(slab.remove(place).is_some() && slab.remove(place).is_none() && slab.get(place).is_none());
        }
        assert_eq!(slab.chunks.iter().filter(|chunk| chunk.places.is_empty()).count(), 2);
        let left: Vec<u32> = slab.iter_from(70).map(|(place, _)| place).collect();
        assert_eq!(left, (70..100).collect::<Vec<u32>>());
        (0..92).for_each(|n| assert!(slab.insert(entry(n)) < 128, "no place beyond is needed"));
        assert_eq!((slab.insert(entry(0)), slab.end()), (128, 160));
    }
}
