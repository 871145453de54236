//! `dict`, `set`, `frozenset` and the dict views: insertion-ordered hash tables.
//!
//! Entries are a vector in insertion order; beyond eight of them a hash table maps hashes to positions (below, a linear
//! scan over the stored hashes is faster and the table costs nothing). Deleted entries become tombstones until the next
//! growth. The table never compares keys itself: equality of script values may need the language (a user's `__eq__`), so
//! callers pass a closure, and the candidates' positions are visible to those who must leave Rust to compare.
#![expect(unsafe_code, reason = "implements the unsafe trait `Object`")]

use hashbrown::HashTable;

use super::{Gc, Heap, Kind, Marker, Object, Str};
use crate::value::Value;

/// Tables of up to this many entries are scanned instead of hashed.
const SCAN_LIMIT: usize = 8;
/// Bytes of the index per entry there is room for, about.
const INDEX_SHARE: usize = 8;
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

/// An insertion-ordered hash table keyed by script values.
#[derive(Clone)]
pub struct Table<V> {
    entries: Vec<Entry<V>>,
    index: HashTable<u32>,
    live: usize,
    /// All entries before this position are deleted: a table used as a queue must not search its front again and again.
    front: usize,
}

impl<V> Default for Table<V> {
    fn default() -> Self {
        Table { entries: Vec::new(), index: HashTable::new(), live: 0, front: 0 }
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
            self.entries.iter().position(|entry| entry.hash == hash && !entry.key.is_undefined() && eq(entry.key))
        } else {
            let entries = &self.entries;
            self.index
                .find(hash, |&position| {
                    let entry = &entries[position as usize];
                    entry.hash == hash && eq(entry.key)
                })
                .map(|&position| position as usize)
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
        let room = self.entries.capacity();
        if self.entries.len() == room {
            self.make_room();
        }
        let position = self.entries.len();
        self.entries.push(Entry { hash, key, value });
        self.live += 1;
        if !self.index.is_empty() {
            let entries = &self.entries;
            self.index.insert_unique(hash, position as u32, |&other| entries[other as usize].hash);
        } else if self.entries.len() > SCAN_LIMIT {
            self.rebuild_index();
        }
        (self.entries.capacity() - room.min(self.entries.capacity())) * (size_of::<Entry<V>>() + INDEX_SHARE)
    }

    /// Makes room for another entry. Deleted ones are only dropped when they are many: each time costs a new index, so
    /// there must be as much work behind it. Otherwise the vector grows.
    #[cold]
    fn make_room(&mut self) {
        if self.live + self.live / 4 < self.entries.len() {
            self.compact();
        }
        if self.entries.len() == self.entries.capacity() {
            self.entries.reserve(self.entries.len().max(4));
        }
    }

    /// Removes the entry at a position that `find` returned.
    pub fn remove(&mut self, position: usize) -> Entry<V> {
        let entry = self.entries[position];
        if !self.index.is_empty()
            && let Ok(found) = self.index.find_entry(entry.hash, |&other| other as usize == position)
        {
            found.remove();
        }
        self.live -= 1;
        if self.live == 0 {
            self.entries.clear();
            self.index.clear();
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
            if self.entries.len() <= SCAN_LIMIT {
                self.index.clear();
            }
        } else {
            self.entries[position].key = Value::UNDEFINED;
            if position == self.front {
                self.front += 1;
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
        self.index = HashTable::new();
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

    fn rebuild_index(&mut self) {
        self.index.clear();
        if self.entries.len() > SCAN_LIMIT {
            let entries = &self.entries;
            self.index.reserve(entries.len(), |&other| entries[other as usize].hash);
            for (position, entry) in entries.iter().enumerate() {
                self.index.insert_unique(entry.hash, position as u32, |&other| entries[other as usize].hash);
            }
        }
    }

    fn size(&self) -> usize {
        self.entries.capacity() * (size_of::<Entry<V>>() + INDEX_SHARE)
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
