//! A shard of the in-memory store: entries by key, and the heaps that say which of them ends or is evicted next.
//!
//! The heaps hold places. An entry's own deadline and time of use are what counts: what a heap says of a place is skipped if
//! the entry there says otherwise, and heaps are made anew when most of what they say is out of date.

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::hash::BuildHasher;

use hashbrown::HashTable;
use scriptling_vm::portable::Portable;
use smol_str::SmolStr;

use super::slab::{Entry, Slab};

/// Entries used since the heap noted them that one eviction passes over before it takes the oldest of those it has met: so
/// that no eviction pays for a million reads.
const PASSED_OVER: usize = 64;

/// Entries of some of the keys.
#[derive(Default)]
pub(super) struct Shard {
    table: HashTable<u32>,
    slab: Slab,
    /// `(deadline, place)`, soonest first.
    deadlines: BinaryHeap<Reverse<(u64, u32)>>,
    /// `(time of use, place)`, oldest first. Empty unless recency matters.
    uses: BinaryHeap<Reverse<(u64, u32)>>,
}

impl Entry {
    /// Whether it has not ended.
    pub(super) fn is_live(&self, now: impl FnOnce() -> u64) -> bool {
        self.deadline == 0 || self.deadline > now()
    }
}

impl Shard {
    /// The place of a key's entry, live or not.
    pub(super) fn find(&self, hash: u64, key: &str) -> Option<u32> {
        self.table.find(hash, |&place| self.entry(place).key == key).copied()
    }

    /// The entry at a place that the table knows.
    pub(super) fn entry(&self, place: u32) -> &Entry {
        self.slab.get(place).expect("the table knows used places only")
    }

    /// The value of the entry at a place that the table knows.
    pub(super) fn value_mut(&mut self, place: u32) -> &mut Portable {
        &mut self.slab.get_mut(place).expect("the table knows used places only").value
    }

    /// Notes that the entry at a place is used.
    pub(super) fn note_use(&self, place: u32, now: u64) {
        self.slab.note_use(place, now);
    }

    /// How many entries there are, live or not.
    pub(super) fn len(&self) -> usize {
        self.table.len()
    }

    /// All entries with their places, from a place on.
    pub(super) fn iter_from(&self, from: u32) -> impl Iterator<Item = (u32, &Entry)> {
        self.slab.iter_from(from)
    }

    /// The places there are.
    pub(super) fn end(&self) -> u32 {
        self.slab.end()
    }

    /// Adds an entry for a key that has none.
    /// `used`: when, if recency matters.
    pub(super) fn insert(&mut self, hasher: &impl BuildHasher, hash: u64, entry: Entry, used: Option<u64>) {
        let deadline = entry.deadline;
        let place = self.slab.insert(entry, used);
        let slab = &self.slab;
        self.table.insert_unique(hash, place, |&place| {
            hasher.hash_one(slab.get(place).expect("the table knows used places only").key.as_str())
        });
        self.note_deadline(deadline, place);
        if let Some(used) = used {
            self.uses.push(Reverse((used, place)));
            self.tidy_uses();
        }
    }

    /// Replaces value and deadline of an entry; the old value.
    pub(super) fn replace(&mut self, place: u32, value: Portable, deadline: u64, used: Option<u64>) -> Portable {
        let entry = self.slab.get_mut(place).expect("the table knows used places only");
        let changed = entry.deadline != deadline;
        entry.deadline = deadline;
        let old = std::mem::replace(&mut entry.value, value);
        if let Some(used) = used {
            self.slab.note_use(place, used);
        }
        if changed {
            self.note_deadline(deadline, place);
        }
        old
    }

    /// Removes the entry at a place.
    pub(super) fn remove(&mut self, hash: u64, place: u32) -> Option<Entry> {
        self.table.find_entry(hash, |&known| known == place).ok()?.remove();
        self.slab.remove(place)
    }

    fn note_deadline(&mut self, deadline: u64, place: u32) {
        if deadline == 0 {
            return;
        }
        self.deadlines.push(Reverse((deadline, place)));
        if self.deadlines.len() > 2 * self.len() + 64 {
            let live = self.slab.iter_from(0).filter(|(_, entry)| entry.deadline != 0);
            self.deadlines = live.map(|(place, entry)| Reverse((entry.deadline, place))).collect();
        }
    }

    fn tidy_uses(&mut self) {
        if self.uses.len() > 2 * self.len() + 64 {
            let all = self.slab.iter_from(0);
            self.uses = all.map(|(place, _)| Reverse((self.slab.used(place), place))).collect();
        }
    }

    /// The next deadline, if any. It may be one that no entry has any more.
    pub(super) fn next_deadline(&self) -> Option<u64> {
        self.deadlines.peek().map(|Reverse((deadline, _))| *deadline)
    }

    /// Removes up to `limit` entries that have ended, into `removed`; whether there may be more.
    pub(super) fn drain(
        &mut self,
        hasher: &impl BuildHasher,
        now: u64,
        limit: usize,
        removed: &mut Vec<Entry>,
    ) -> bool {
        for _ in 0..limit {
            match self.deadlines.peek() {
                Some(Reverse((deadline, place))) if *deadline <= now => {
                    let (deadline, place) = (*deadline, *place);
                    self.deadlines.pop();
                    if let Some(entry) = self.slab.get(place).filter(|entry| entry.deadline == deadline) {
                        let hash = hasher.hash_one(entry.key.as_str());
                        removed.extend(self.remove(hash, place));
                    }
                }
                _ => return false,
            }
        }
        true
    }

    /// Removes the entry that ends soonest.
    pub(super) fn evict_soonest(&mut self, hasher: &impl BuildHasher) -> Option<Entry> {
        while let Some(Reverse((deadline, place))) = self.deadlines.pop() {
            if let Some(entry) = self.slab.get(place).filter(|entry| entry.deadline == deadline) {
                let hash = hasher.hash_one(entry.key.as_str());
                return self.remove(hash, place);
            }
        }
        None
    }

    /// Removes the entry that has not been used for longest.
    pub(super) fn evict_oldest(&mut self, hasher: &impl BuildHasher) -> Option<Entry> {
        // What was used since the heap noted it goes back with its new time.
        let mut again: Vec<(u64, u32)> = Vec::new();
        let mut victim = None;
        while let Some(Reverse((noted, place))) = self.uses.pop() {
            if self.slab.get(place).is_none() {
                continue;
            }
            let used = self.slab.used(place);
            if used <= noted {
                victim = Some(place);
                break;
            }
            again.push((used, place));
            if again.len() == PASSED_OVER {
                break;
            }
            // Everything below is newer than what was met: no need to look further.
            let oldest = again.iter().min().copied().unwrap_or((u64::MAX, 0));
            if self.uses.peek().is_none_or(|Reverse((noted, _))| *noted > oldest.0) {
                break;
            }
        }
        if victim.is_none() {
            let oldest = again.iter().enumerate().min_by_key(|(_, entry)| **entry).map(|(at, _)| at);
            victim = oldest.map(|at| again.swap_remove(at).1);
        }
        self.uses.extend(again.into_iter().map(Reverse));
        let place = victim?;
        let hash = hasher.hash_one(self.entry(place).key.as_str());
        self.remove(hash, place)
    }

    #[cfg(test)]
    pub(super) fn deadlines(&self) -> usize {
        self.deadlines.len()
    }
}

/// A new entry.
pub(super) fn entry(key: &str, value: Portable, deadline: u64) -> Entry {
    Entry { key: SmolStr::new(key), value, deadline }
}
