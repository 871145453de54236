//! `list`: a vector of words that share one tag, until a store mixes tags.
//!
//! Most lists hold one sort of value. While they do, a list keeps the tag once and the payloads as plain words: half the
//! memory, and the collector skips lists of numbers. The first store of another tag turns the list into pairs for good.
#![expect(unsafe_code, reason = "rebuilds values from the tag and payload they were split into")]

use super::{Kind, Marker, Object};
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
        let Some(first) = values.first() else { return List::new() };
        let tag = first.tag();
        if values.iter().all(|value| value.tag() == tag) {
            List { items: Items::Uniform(tag, values.iter().map(|value| value.payload()).collect()) }
        } else {
            List { items: Items::Mixed(values.to_vec()) }
        }
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

// SAFETY: reports every element that is a reference; uniform lists of another tag hold none.
unsafe impl Object for List {
    const KIND: Kind = Kind::List;
    fn trace(&self, marker: &mut Marker) {
        match &self.items {
            Items::Uniform(Tag::Obj, words) => {
                for &word in words {
                    marker.value(join(Tag::Obj, word));
                }
            }
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
