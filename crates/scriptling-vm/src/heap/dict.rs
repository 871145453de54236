//! `dict`, `set`, `frozenset` and the dict views: insertion-ordered hash tables.
//!
//! Entries are a vector in insertion order; beyond eight of them an index maps hashes to positions (below, a linear scan
//! over the stored hashes is faster and the index costs nothing). Deleted entries become tombstones until the next growth.
//! The table never compares keys itself: equality of script values may need the language (a user's `__eq__`), so callers
//! pass a closure, and the candidates' positions are visible to those who must leave Rust to compare.
#![expect(unsafe_code, reason = "implements the unsafe trait `Object`; the index is probed unchecked")]

use super::{Gc, Heap, Kind, Marker, Object, Str};
use crate::value::Value;

/// Tables of up to this many entries are scanned instead of hashed.
const SCAN_LIMIT: usize = 8;
/// A table that becomes empty keeps its memory up to this many entries.
const KEPT_ROOM: usize = 64;

/// One entry; `key` is undefined once it is deleted.
#[derive(Clone, Copy)]
pub struct Entry<V> {
    /// The key's hash.
    pub hash: u64,
    /// The key.
    pub key: Value,
    /// The value.
    pub value: V,
}

/// Where the entries are, by hash: open addressing with linear probing, at most half full.
///
/// A slot is a position plus one under the low half of the entry's hash, or zero. The half hash picks the slot where the
/// search begins and nearly always tells entries apart, so a search looks at one entry, and moving slots around looks at
/// none. Removal shifts back what follows, which keeps searches short in tables that live long.
#[derive(Clone, Default)]
struct Index {
    /// Their number is zero or a power of two.
    slots: Box<[u64]>,
}

impl Index {
    #[inline(always)]
    fn is_empty(&self) -> bool {
        self.slots.is_empty()
    }

    #[inline(always)]
    fn mask(&self) -> usize {
        self.slots.len() - 1
    }

    /// Adds a position. There must be a free slot.
    #[inline]
    fn insert(&mut self, hash: u64, position: usize) {
        let mask = self.mask();
        let mut at = hash as u32 as usize & mask;
        while self.slots[at & mask] != 0 {
            at = (at + 1) & mask;
        }
        self.slots[at & mask] = hash << 32 | (position as u64 + 1);
    }

    /// Removes a position that `insert` was given with this hash.
    fn remove(&mut self, hash: u64, position: usize) {
        let mask = self.mask();
        let wanted = hash << 32 | (position as u64 + 1);
        let mut hole = hash as u32 as usize & mask;
        while self.slots[hole] != wanted {
            if self.slots[hole] == 0 {
                return;
            }
            hole = (hole + 1) & mask;
        }
        let mut next = hole;
        loop {
            next = (next + 1) & mask;
            let slot = self.slots[next];
            if slot == 0 {
                break;
            }
            let home = (slot >> 32) as usize & mask;
            // It may move back to the hole unless its search begins behind that.
            if next.wrapping_sub(home) & mask >= next.wrapping_sub(hole) & mask {
                self.slots[hole] = slot;
                hole = next;
            }
        }
        self.slots[hole] = 0;
    }
}

/// An insertion-ordered hash table keyed by script values.
#[derive(Clone)]
pub struct Table<V> {
    entries: Vec<Entry<V>>,
    /// Empty, or it has all live entries and at least twice as many slots.
    index: Index,
    live: usize,
    /// All entries before this position are deleted: a table used as a queue must not search its front again and again.
    front: usize,
}

impl<V> Default for Table<V> {
    fn default() -> Self {
        Table { entries: Vec::new(), index: Index::default(), live: 0, front: 0 }
    }
}

impl<V: Copy> Table<V> {
    /// The number of entries.
    #[inline]
    pub fn len(&self) -> usize {
        self.live
    }

    /// Whether there are no entries.
    pub fn is_empty(&self) -> bool {
        self.live == 0
    }

    /// The position of the entry whose hash is `hash` and whose key satisfies `eq`.
    #[inline]
    pub fn find(&self, hash: u64, mut eq: impl FnMut(Value) -> bool) -> Option<usize> {
        if self.index.is_empty() {
            return self
                .entries
                .iter()
                .position(|entry| entry.hash == hash && !entry.key.is_undefined() && eq(entry.key));
        }
        let mask = self.index.mask();
        let mut at = hash as u32 as usize & mask;
        loop {
            // SAFETY: the mask is one less than the number of slots, a power of two.
            let slot = unsafe { *self.index.slots.get_unchecked(at) };
            if slot == 0 {
                return None;
            }
            if (slot >> 32) as u32 == hash as u32 {
                let position = (slot as u32 - 1) as usize;
                let entry = &self.entries[position];
                if entry.hash == hash && eq(entry.key) {
                    return Some(position);
                }
            }
            at = (at + 1) & mask;
        }
    }

    /// The keys whose hash is `hash`, for those who must compare them in the language.
    pub fn candidates(&self, hash: u64) -> Vec<Value> {
        let mut found = Vec::new();
        let _ = self.find(hash, |key| {
            found.push(key);
            false
        });
        found
    }

    /// The entry at a position that `find` returned.
    #[inline]
    pub fn entry(&self, position: usize) -> &Entry<V> {
        &self.entries[position]
    }

    /// The value at a position that `find` returned, for changing.
    #[inline]
    pub fn value_mut(&mut self, position: usize) -> &mut V {
        &mut self.entries[position].value
    }

    /// Appends an entry whose key is known to be absent. Returns the bytes that the table has grown by.
    #[inline]
    pub fn insert_new(&mut self, hash: u64, key: Value, value: V) -> usize {
        let grown = if self.entries.len() == self.entries.capacity() { self.make_room() } else { 0 };
        let position = self.entries.len();
        self.entries.push(Entry { hash, key, value });
        self.live += 1;
        if !self.index.is_empty() {
            self.index.insert(hash, position);
        }
        grown
    }

    /// Makes room for another entry, and in the index too. Deleted ones are only dropped when they are many: each time costs
    /// a new index, so there must be as much work behind it. Otherwise the vector grows. Returns the growth in bytes.
    #[cold]
    fn make_room(&mut self) -> usize {
        let before = self.size();
        if self.live + self.live / 4 < self.entries.len() {
            self.entries.retain(|entry| !entry.key.is_undefined());
            self.front = 0;
        }
        if self.entries.len() == self.entries.capacity() {
            self.entries.reserve(self.entries.len().max(4));
        }
        self.rebuild_index();
        self.size().saturating_sub(before)
    }

    /// Removes the entry at a position that `find` returned.
    pub fn remove(&mut self, position: usize) -> Entry<V> {
        let entry = self.entries[position];
        if !self.index.is_empty() {
            self.index.remove(entry.hash, position);
        }
        self.live -= 1;
        if self.live == 0 {
            self.entries.clear();
            self.front = 0;
            if self.entries.capacity() > KEPT_ROOM {
                self.clear();
            }
        } else if position + 1 == self.entries.len() {
            self.entries.pop();
            // Deleted ones that are now at the end go too, so that popping the last entry finds it at once.
            while self.entries.last().is_some_and(|last| last.key.is_undefined()) {
                self.entries.pop();
            }
        } else {
            self.entries[position].key = Value::UNDEFINED;
            if position == self.front {
                let rest = self.entries[position..].iter();
                self.front += rest.take_while(|entry| entry.key.is_undefined()).count();
            }
            if self.entries.len() > 32 && self.live < self.entries.len() / 4 {
                self.compact();
            }
        }
        entry
    }

    /// Removes everything.
    pub fn clear(&mut self) {
        self.entries = Vec::new();
        self.index = Index::default();
        self.live = 0;
        self.front = 0;
    }

    /// The first live entry at or after `position`, with its position. Iterators step with this.
    #[inline]
    pub fn next_entry(&self, position: usize) -> Option<(usize, &Entry<V>)> {
        let position = position.max(self.front);
        let rest = self.entries.get(position..)?;
        rest.iter().position(|entry| !entry.key.is_undefined()).map(|offset| (position + offset, &rest[offset]))
    }

    /// The last live entry before `position`, with its position.
    pub fn previous_entry(&self, position: usize) -> Option<(usize, &Entry<V>)> {
        let front = self.entries.get(..position.min(self.entries.len()))?;
        front.iter().rposition(|entry| !entry.key.is_undefined()).map(|at| (at, &front[at]))
    }

    /// The number of positions, deleted ones included: where `previous_entry` starts.
    pub fn positions(&self) -> usize {
        self.entries.len()
    }

    /// All live entries in insertion order.
    pub fn iter(&self) -> impl DoubleEndedIterator<Item = &Entry<V>> + '_ {
        self.entries.iter().filter(|entry| !entry.key.is_undefined())
    }

    fn compact(&mut self) {
        self.front = 0;
        self.entries.retain(|entry| !entry.key.is_undefined());
        self.rebuild_index();
    }

    /// Indexes all entries, with slots for as many as there is room for.
    fn rebuild_index(&mut self) {
        if self.entries.capacity() <= SCAN_LIMIT {
            self.index = Index::default();
            return;
        }
        assert!(self.entries.capacity() < u32::MAX as usize, "positions have 32 bits");
        let slots = (2 * self.entries.capacity()).next_power_of_two();
        if self.index.slots.len() == slots {
            self.index.slots.fill(0);
        } else {
            self.index.slots = vec![0; slots].into_boxed_slice();
        }
        for (position, entry) in self.entries.iter().enumerate() {
            if !entry.key.is_undefined() {
                self.index.insert(entry.hash, position);
            }
        }
    }

    fn size(&self) -> usize {
        self.entries.capacity() * size_of::<Entry<V>>() + self.index.slots.len() * size_of::<u64>()
    }
}

/// Finds a string key by text.
#[inline]
pub fn find_text<V: Copy>(table: &Table<V>, heap: &Heap, hash: u64, text: &str) -> Option<usize> {
    table.find(hash, |key| key.as_gc::<Str>().is_some_and(|key| key.get(heap).as_str() == text))
}

/// A dictionary.
#[derive(Default, Clone)]
pub struct Dict {
    /// The entries.
    pub table: Table<Value>,
}

/// A set.
#[derive(Default, Clone)]
pub struct Set {
    /// The elements.
    pub table: Table<()>,
}

/// A frozen set.
#[derive(Default, Clone)]
pub struct FrozenSet {
    /// The elements.
    pub table: Table<()>,
}

/// What a [`DictView`] shows.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum ViewKind {
    /// `dict.keys()`
    Keys,
    /// `dict.values()`
    Values,
    /// `dict.items()`
    Items,
}

/// A live view of a dict.
pub struct DictView {
    /// The dict.
    pub dict: Gc<Dict>,
    /// What it shows.
    pub show: ViewKind,
}

// SAFETY: reports keys and values of all entries (tombstones hold an undefined key and a stale value, which is dropped
// from reporting because it may be dead).
unsafe impl Object for Dict {
    const KIND: Kind = Kind::Dict;
    fn trace(&self, marker: &mut Marker) {
        for entry in self.table.iter() {
            marker.value(entry.key);
            marker.value(entry.value);
        }
    }
    fn external_size(&self) -> usize {
        self.table.size()
    }
}

// SAFETY: reports all elements.
unsafe impl Object for Set {
    const KIND: Kind = Kind::Set;
    fn trace(&self, marker: &mut Marker) {
        self.table.iter().for_each(|entry| marker.value(entry.key));
    }
    fn external_size(&self) -> usize {
        self.table.size()
    }
}

// SAFETY: reports all elements.
unsafe impl Object for FrozenSet {
    const KIND: Kind = Kind::FrozenSet;
    fn trace(&self, marker: &mut Marker) {
        self.table.iter().for_each(|entry| marker.value(entry.key));
    }
    fn external_size(&self) -> usize {
        self.table.size()
    }
}

// SAFETY: reports the dict.
unsafe impl Object for DictView {
    const KIND: Kind = Kind::DictView;
    fn trace(&self, marker: &mut Marker) {
        marker.gc(self.dict);
    }
}
