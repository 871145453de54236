//! `list`: a vector of words that share one tag, until a store mixes tags.
//!
//! Most lists hold one sort of value. While they do, a list keeps the tag once and the payloads as plain words: half the
//! memory, and the collector skips lists of numbers. The first store of another tag turns the list into pairs for good.
#![expect(unsafe_code, reason = "rebuilds values from the tag and payload they were split into")]

use std::mem::ManuallyDrop;

use super::{Gc, Heap, Kind, Marker, Object};
use crate::operate::subscript::Selection;
use crate::value::{Tag, Value};

/// A list.
#[derive(Default, Clone)]
pub struct List {
    pub(crate) items: Items,
}

/// The two representations.
#[derive(Clone)]
pub(crate) enum Items {
    /// All elements have this tag.
    Uniform(Tag, Vec<u64>),
    /// Anything.
    Mixed(Vec<Value>),
}

impl Default for Items {
    fn default() -> Self {
        Items::Uniform(Tag::Undefined, Vec::new())
    }
}

fn join(tag: Tag, payload: u64) -> Value {
    // SAFETY: the two were split from one value by `List`, which the collector traces, so a reference is alive.
    unsafe { Value::from_parts(tag, payload) }
}

/// The tag that all of some values have, if there are any.
#[inline]
fn common_tag(values: &[Value]) -> Option<Tag> {
    let tag = values.first()?.tag();
    values.iter().all(|value| value.tag() == tag).then_some(tag)
}

impl List {
    /// An empty list.
    pub fn new() -> List {
        List::default()
    }

    /// An empty list with room.
    pub fn with_capacity(capacity: usize) -> List {
        List { items: Items::Uniform(Tag::Undefined, Vec::with_capacity(capacity)) }
    }

    /// A list of these values.
    pub fn from_values(values: &[Value]) -> List {
        let Some(tag) = common_tag(values) else {
            return if values.is_empty() { List::new() } else { List { items: Items::Mixed(values.to_vec()) } };
        };
        List { items: Items::Uniform(tag, values.iter().map(|value| value.payload()).collect()) }
    }

    /// A list of ints, which are given as the bits of `i64`s.
    pub(crate) fn from_ints(ints: Vec<u64>) -> List {
        List { items: Items::Uniform(Tag::Int, ints) }
    }

    /// A list of the elements at these positions; what is beyond the length is left out.
    pub(crate) fn permuted(&self, positions: impl Iterator<Item = usize>) -> List {
        let items = match &self.items {
            Items::Uniform(tag, words) => {
                Items::Uniform(*tag, positions.filter_map(|at| words.get(at).copied()).collect())
            }
            Items::Mixed(values) => Items::Mixed(positions.filter_map(|at| values.get(at).copied()).collect()),
        };
        List { items }
    }

    /// `count` times the same values, as `list * count`.
    pub fn repeat(&self, count: usize) -> List {
        let items = match &self.items {
            Items::Uniform(tag, words) => Items::Uniform(*tag, words.repeat(count)),
            Items::Mixed(values) => Items::Mixed(values.repeat(count)),
        };
        List { items }
    }

    /// The number of elements.
    #[inline]
    pub fn len(&self) -> usize {
        match &self.items {
            Items::Uniform(_, words) => words.len(),
            Items::Mixed(values) => values.len(),
        }
    }

    /// The number of elements there is room for.
    #[inline]
    pub fn capacity(&self) -> usize {
        match &self.items {
            Items::Uniform(_, words) => words.capacity(),
            Items::Mixed(values) => values.capacity() * 2,
        }
    }

    /// Whether there are no elements.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The element at `index`.
    #[inline]
    pub fn get(&self, index: usize) -> Option<Value> {
        match &self.items {
            Items::Uniform(tag, words) => words.get(index).map(|&word| join(*tag, word)),
            Items::Mixed(values) => values.get(index).copied(),
        }
    }

    /// Replaces the element at `index`; false if there is none.
    #[inline]
    pub fn set(&mut self, index: usize, value: Value) -> bool {
        match &mut self.items {
            Items::Uniform(tag, words) if *tag == value.tag() => match words.get_mut(index) {
                Some(word) => *word = value.payload(),
                None => return false,
            },
            _ => {
                let values = self.mixed();
                match values.get_mut(index) {
                    Some(slot) => *slot = value,
                    None => return false,
                }
            }
        }
        true
    }

    /// Appends an element.
    #[inline]
    pub fn push(&mut self, value: Value) {
        match &mut self.items {
            Items::Uniform(tag, words) if *tag == value.tag() => words.push(value.payload()),
            Items::Uniform(tag, words) if words.is_empty() => {
                *tag = value.tag();
                words.push(value.payload());
            }
            _ => self.mixed().push(value),
        }
    }

    /// Removes the last element.
    pub fn pop(&mut self) -> Option<Value> {
        match &mut self.items {
            Items::Uniform(tag, words) => words.pop().map(|word| join(*tag, word)),
            Items::Mixed(values) => values.pop(),
        }
    }

    /// Inserts before `index`, which must not exceed the length.
    pub fn insert(&mut self, index: usize, value: Value) {
        if self.is_empty() {
            return self.push(value);
        }
        match &mut self.items {
            Items::Uniform(tag, words) if *tag == value.tag() => words.insert(index, value.payload()),
            _ => self.mixed().insert(index, value),
        }
    }

    /// Removes and returns the element at `index`, which must exist.
    pub fn remove(&mut self, index: usize) -> Value {
        match &mut self.items {
            Items::Uniform(tag, words) => join(*tag, words.remove(index)),
            Items::Mixed(values) => values.remove(index),
        }
    }

    /// Replaces `range` (within the length) by `values`, as slice assignment and deletion do.
    pub fn splice(&mut self, range: std::ops::Range<usize>, values: &[Value]) {
        match &mut self.items {
            Items::Uniform(tag, words) if values.iter().all(|value| value.tag() == *tag) => {
                words.splice(range, values.iter().map(|value| value.payload()));
            }
            _ => {
                self.mixed().splice(range, values.iter().copied());
            }
        }
    }

    /// Replaces `range` (within the length) by the elements of another list, which is left as it is.
    #[inline]
    pub(crate) fn splice_copy(&mut self, range: std::ops::Range<usize>, source: &List) {
        match (&mut self.items, &source.items) {
            (Items::Uniform(tag, words), Items::Uniform(new_tag, new)) if *tag == *new_tag => {
                if range.len() == new.len() {
                    words[range].copy_from_slice(new);
                } else {
                    words.splice(range, new.iter().copied());
                }
            }
            _ => self.splice_list(range, source.clone()),
        }
    }

    /// Replaces `range` (within the length) by the elements of another list.
    pub fn splice_list(&mut self, range: std::ops::Range<usize>, values: List) {
        if range.len() == self.len() {
            self.items = values.items;
            return;
        }
        match (&mut self.items, values.items) {
            (Items::Uniform(_, words), Items::Uniform(_, new)) if new.is_empty() => drop(words.drain(range)),
            (Items::Uniform(tag, words), Items::Uniform(new_tag, new)) if *tag == new_tag => {
                if range.len() == new.len() {
                    words[range].copy_from_slice(&new);
                } else {
                    words.splice(range, new);
                }
            }
            (_, items) => {
                let values = List { items }.to_values();
                self.mixed().splice(range, values);
            }
        }
    }

    /// Appends all of `values`.
    pub fn extend(&mut self, values: &[Value]) {
        for &value in values {
            self.push(value);
        }
    }

    /// Shortens to `len` elements.
    pub fn truncate(&mut self, len: usize) {
        match &mut self.items {
            Items::Uniform(_, words) => words.truncate(len),
            Items::Mixed(values) => values.truncate(len),
        }
    }

    /// Removes all elements.
    pub fn clear(&mut self) {
        self.items = Items::default();
    }

    /// Reverses in place.
    pub fn reverse(&mut self) {
        match &mut self.items {
            Items::Uniform(_, words) => words.reverse(),
            Items::Mixed(values) => values.reverse(),
        }
    }

    /// The elements of a range within the length, as a list.
    pub fn slice(&self, range: std::ops::Range<usize>) -> List {
        let items = match &self.items {
            Items::Uniform(tag, words) => Items::Uniform(*tag, words[range].to_vec()),
            Items::Mixed(values) => Items::Mixed(values[range].to_vec()),
        };
        List { items }
    }

    /// The elements that a slice selects, as a list. The selection must have been resolved against this length.
    pub(crate) fn select(&self, selection: Selection) -> List {
        fn pick<T: Copy>(items: &[T], selection: Selection) -> Vec<T> {
            match selection.step {
                1 => items[selection.range()].to_vec(),
                -1 => {
                    let end = (selection.start + 1) as usize;
                    items[end - selection.count..end].iter().rev().copied().collect()
                }
                _ => selection.positions().map(|at| items[at]).collect(),
            }
        }
        if selection.count == 0 {
            return List::new();
        }
        let items = match &self.items {
            Items::Uniform(tag, words) => Items::Uniform(*tag, pick(words, selection)),
            Items::Mixed(values) => Items::Mixed(pick(values, selection)),
        };
        List { items }
    }

    /// All elements.
    pub fn iter(&self) -> impl DoubleEndedIterator<Item = Value> + ExactSizeIterator + '_ {
        (0..self.len()).map(|index| self.get(index).expect("index is below the length"))
    }

    /// All elements, copied out.
    pub fn to_values(&self) -> Vec<Value> {
        match &self.items {
            Items::Uniform(tag, words) => words.iter().map(|&word| join(*tag, word)).collect(),
            Items::Mixed(values) => values.clone(),
        }
    }

    /// The elements if all are ints.
    pub(crate) fn ints(&self) -> Option<&[u64]> {
        match &self.items {
            Items::Uniform(Tag::Int, words) => Some(words),
            _ => None,
        }
    }

    /// The elements if all are ints, for changing.
    pub(crate) fn as_ints(&mut self) -> Option<&mut Vec<u64>> {
        match &mut self.items {
            Items::Uniform(Tag::Int, words) => Some(words),
            _ => None,
        }
    }

    fn mixed(&mut self) -> &mut Vec<Value> {
        if let Items::Uniform(tag, words) = &self.items {
            self.items = Items::Mixed(words.iter().map(|&word| join(*tag, word)).collect());
        }
        match &mut self.items {
            Items::Mixed(values) => values,
            Items::Uniform(..) => unreachable!("converted just above"),
        }
    }
}

impl Heap {
    /// A list of these values.
    #[inline]
    pub fn list(&mut self, values: &[Value]) -> Value {
        match common_tag(values) {
            Some(tag) if values.len() <= SPARE_MOST => {
                // SAFETY: as many words are written as there are values.
                unsafe {
                    self.short_list(tag, values.len(), |mut to| {
                        for value in values {
                            to.write(value.payload());
                            to = to.add(1);
                        }
                    })
                }
            }
            _ => self.value(List::from_values(values)),
        }
    }

    /// A list of the elements that a slice selects of a list; see [`List::select`].
    #[inline(always)]
    pub(crate) fn list_selection(&mut self, list: Gc<List>, selection: Selection) -> Value {
        let Items::Uniform(tag, words) = &list.get(self).items else {
            let part = list.get(self).select(selection);
            return self.value(part);
        };
        let (tag, count, len) = (*tag, selection.count, words.len());
        if !(1..=SPARE_MOST).contains(&count) {
            let part = list.get(self).select(selection);
            return self.value(part);
        }
        let first = selection.start as usize;
        let last = (selection.start + (count as i64 - 1).wrapping_mul(selection.step)) as usize;
        assert!(first < len && last < len, "slices are resolved against the length");
        let from = words.as_ptr();
        // SAFETY: all positions are between the first and the last, which are within the list; its buffer stays where it is
        // while another list is made. As many words are written as there are positions.
        unsafe {
            self.short_list(tag, count, |mut to| {
                let mut from = from.add(first);
                for _ in 0..count {
                    to.write(from.read());
                    to = to.add(1);
                    from = from.wrapping_offset(selection.step as isize);
                }
            })
        }
    }

    /// A list of `count` words, at most [`SPARE_MOST`], that `fill` writes. It is made in its cell: a vector that is passed
    /// around is written in parts and read as a whole, which stalls.
    ///
    /// # Safety
    /// `fill` must write all of them, and they must be payloads of values that have this tag.
    #[inline(always)]
    unsafe fn short_list(&mut self, tag: Tag, count: usize, fill: impl FnOnce(*mut u64)) -> Value {
        let (buffer, capacity) = self.spare.take(count);
        fill(buffer);
        // SAFETY: the buffer is that of a vector of this capacity, and `count` words of it have been written.
        let words = unsafe { Vec::from_raw_parts(buffer, count, capacity) };
        self.value(List { items: Items::Uniform(tag, words) })
    }

    /// Appends to a list that has to grow or to change its representation, and counts its growth.
    #[inline(never)]
    pub(crate) fn list_push(&mut self, list: Gc<List>, value: Value) {
        let before = list.get(self).capacity();
        // SAFETY: lists are never frozen, this one is alive, and no other reference to it exists during this call.
        let target = unsafe { &mut *list.as_ptr() };
        if let Items::Uniform(tag, words) = &mut target.items
            && words.len() == words.capacity()
            && (words.is_empty() || *tag == value.tag())
        {
            self.spare.grow(words);
        }
        target.push(value);
        let grown = target.capacity().saturating_sub(before);
        if grown > 0 {
            self.charge(grown * 8);
        }
    }

    /// Replaces `range` (within the length) of a list by the elements of a list, which may be the same.
    #[inline(always)]
    pub(crate) fn list_splice(&mut self, list: Gc<List>, range: std::ops::Range<usize>, source: Gc<List>) {
        let before = list.get(self).capacity();
        if list == source {
            let copy = source.get(self).clone();
            list.get_mut(self).splice_list(range, copy);
        } else {
            // SAFETY: the source is alive and another cell than the list, to which alone the other reference gives access.
            let source = unsafe { &*source.as_ptr() };
            list.get_mut(self).splice_copy(range, source);
        }
        let grown = list.get(self).capacity().saturating_sub(before);
        if grown > 0 {
            self.charge(grown * 8);
        }
    }
}

/// Buffers of dead lists, for new ones: short lists come and go in numbers, and these are cheaper to get than memory from
/// the allocator. They are vectors' buffers like all others, of the capacities that short vectors grow through.
pub(super) struct Spare {
    /// One chain per capacity; the first word of a buffer is the address of the next one.
    chains: [*mut u64; SPARE_SIZES],
    /// How many words there may be more.
    room: usize,
}

/// Capacities of spare buffers: 2, 4, 8, 16, 32 words.
const SPARE_SIZES: usize = 5;
const SPARE_MOST: usize = 1 << SPARE_SIZES;
/// How many words are kept at most: about as much as dies between two collections of a small heap.
const SPARE_WORDS: usize = 64 * 1024;

impl Spare {
    pub(super) const EMPTY: Spare = Spare { chains: [std::ptr::null_mut(); SPARE_SIZES], room: SPARE_WORDS };

    /// The buffer of a vector with room for `count` words, at most [`SPARE_MOST`]; and its capacity.
    #[inline(always)]
    fn take(&mut self, count: usize) -> (*mut u64, usize) {
        // One word gets a buffer of two.
        let size = (usize::BITS - 1).saturating_sub((count.max(2) - 1).leading_zeros()) as usize;
        let (buffer, capacity) = (self.chains[size], 2 << size);
        if buffer.is_null() {
            return (ManuallyDrop::new(Vec::with_capacity(capacity)).as_mut_ptr(), capacity);
        }
        self.room += capacity;
        // SAFETY: what is in a chain is the buffer of a forgotten vector of this capacity, with the next one's address in it.
        self.chains[size] = unsafe { buffer.cast::<*mut u64>().read() };
        prefetch(self.chains[size]);
        (buffer, capacity)
    }

    /// Gives a full vector a buffer of twice the capacity, at least 4, if such buffers are kept.
    #[inline(always)]
    fn grow(&mut self, words: &mut Vec<u64>) {
        // The vector is read and written in parts: moved as a whole soon after it was written in parts, it stalls.
        let (from, len) = (words.as_mut_ptr(), words.len());
        let wanted = (2 * len).max(4);
        if !wanted.is_power_of_two() || wanted > SPARE_MOST {
            return;
        }
        let (buffer, capacity) = self.take(wanted);
        // SAFETY: the buffer is that of a vector of this capacity, at least `wanted`, and another one than that of `words`,
        // which is full and not used again: what it owned becomes another vector.
        unsafe {
            if len > 0 {
                std::ptr::copy_nonoverlapping(from, buffer, len);
            }
            std::ptr::from_mut(words).write(Vec::from_raw_parts(buffer, len, capacity));
            if len > 0 {
                self.give_words(Vec::from_raw_parts(from, 0, len));
            }
        }
    }

    /// Keeps the buffer of a list that is not used any more.
    pub(super) fn give(&mut self, list: &mut List) {
        if let Items::Uniform(_, words) = std::mem::take(&mut list.items) {
            self.give_words(words);
        }
    }

    #[inline(always)]
    fn give_words(&mut self, words: Vec<u64>) {
        let capacity = words.capacity();
        if !capacity.is_power_of_two() || !(2..=SPARE_MOST).contains(&capacity) || capacity > self.room {
            return;
        }
        self.room -= capacity;
        let size = capacity.trailing_zeros() as usize - 1;
        let buffer = ManuallyDrop::new(words).as_mut_ptr();
        // SAFETY: the buffer is ours now, and there is room for an address.
        unsafe { buffer.cast::<*mut u64>().write(self.chains[size]) };
        self.chains[size] = buffer;
    }
}

/// Asks for memory that will soon be read.
#[inline(always)]
fn prefetch(buffer: *mut u64) {
    #[cfg(target_arch = "x86_64")]
    // SAFETY: a prefetch may name any address.
    unsafe {
        std::arch::x86_64::_mm_prefetch::<{ std::arch::x86_64::_MM_HINT_T0 }>(buffer.cast());
    }
    #[cfg(not(target_arch = "x86_64"))]
    let _ = buffer;
}

impl Drop for Spare {
    fn drop(&mut self) {
        for size in 0..SPARE_SIZES {
            while !self.chains[size].is_null() {
                let (buffer, capacity) = self.take(2 << size);
                // SAFETY: as for `short_list`; nothing in it counts.
                drop(unsafe { Vec::from_raw_parts(buffer, 0, capacity) });
            }
        }
    }
}

// SAFETY: reports every element that is a reference; uniform lists of another tag hold none.
unsafe impl Object for List {
    const KIND: Kind = Kind::List;
    fn trace(&self, marker: &mut Marker) {
        match &self.items {
            Items::Uniform(Tag::Obj, words) => marker.references(words, |word| join(Tag::Obj, word)),
            Items::Uniform(..) => {}
            Items::Mixed(values) => marker.values(values),
        }
    }
    fn external_size(&self) -> usize {
        match &self.items {
            Items::Uniform(_, words) => words.capacity() * 8,
            Items::Mixed(values) => values.capacity() * 16,
        }
    }
}
