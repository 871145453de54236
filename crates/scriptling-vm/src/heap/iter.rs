//! Native iterators. Ranges and lists have kinds of their own, because `for` steps them inline; the others share one.
//!
//! A native iterator steps without running script code. Iterating what a script defines (`__iter__`, generators) is the
//! run loop's work, and adapters over such things (`map`, `zip` of a generator, ...) are written in the prelude.
#![expect(unsafe_code, reason = "implements the unsafe trait `Object`")]

use super::dict::ViewKind;
use super::{BigRangeIter, Bytes, Dict, FrozenSet, Gc, Kind, List, Marker, Object, Range, Set, Str, Tuple};
use crate::value::Value;

/// Steps a range.
pub struct RangeIter {
    /// The next element.
    pub next: i64,
    /// The distance between elements.
    pub step: i64,
    /// How many are left.
    pub left: u64,
}

impl RangeIter {
    /// An iterator at the start of `range`.
    pub fn new(range: Range) -> RangeIter {
        RangeIter { next: range.start, step: range.step, left: range.len() }
    }

    /// The next element.
    #[inline(always)]
    pub fn step(&mut self) -> Option<i64> {
        if self.left == 0 {
            return None;
        }
        self.left -= 1;
        let value = self.next;
        self.next = value.wrapping_add(self.step);
        Some(value)
    }
}

/// Steps a list, seeing elements that are appended meanwhile.
pub struct ListIter {
    /// The list; `None` once exhausted, for good.
    pub list: Option<Gc<List>>,
    /// The next index.
    pub index: usize,
}

/// The other native iterators. Stepping them is `run::step`.
pub enum Iter {
    /// Over a tuple.
    Tuple {
        /// What is iterated.
        tuple: Gc<Tuple>,
        /// The next index.
        index: usize,
    },
    /// Over the code points of a string.
    Str {
        /// What is iterated.
        text: Gc<Str>,
        /// The next byte.
        offset: usize,
    },
    /// Over bytes, as ints.
    Bytes {
        /// What is iterated.
        bytes: Gc<Bytes>,
        /// The next index.
        index: usize,
    },
    /// Over a dict or one of its views.
    Dict {
        /// What is iterated.
        dict: Gc<Dict>,
        /// What is produced.
        show: ViewKind,
        /// The next entry position.
        position: usize,
        /// The size at the start: a change raises RuntimeError.
        len: usize,
    },
    /// Over a dict, backwards.
    DictReversed {
        /// What is iterated.
        dict: Gc<Dict>,
        /// What is produced.
        show: ViewKind,
        /// One past the next entry position.
        position: usize,
        /// The size at the start: a change raises RuntimeError.
        len: usize,
    },
    /// Over a set.
    Set {
        /// What is iterated.
        set: Gc<Set>,
        /// The next entry position.
        position: usize,
        /// The size at the start: a change raises RuntimeError.
        len: usize,
    },
    /// Over a frozen set.
    FrozenSet {
        /// What is iterated.
        set: Gc<FrozenSet>,
        /// The next entry position.
        position: usize,
    },
    /// Over a list, backwards.
    ListReversed {
        /// What is iterated.
        list: Gc<List>,
        /// One past the next index.
        index: usize,
    },
    /// Over a range beyond 64 bits.
    BigRange(Box<BigRangeIter>),
    /// `enumerate` over a native iterator.
    Enumerate {
        /// Yields the elements; a native iterator.
        inner: Value,
        /// The next number (an int, big or small).
        count: Value,
    },
    /// `zip` over native iterators.
    Zip {
        /// Native iterators.
        inners: Vec<Value>,
        /// Whether unequal lengths raise.
        strict: bool,
    },
    /// Over values computed beforehand (`reversed` of a tuple, `str.split` parts, ...).
    Values {
        /// What is produced.
        values: Vec<Value>,
        /// The next index.
        index: usize,
    },
    /// Exhausted, for good.
    Done,
}

// SAFETY: no references.
unsafe impl Object for RangeIter {
    const KIND: Kind = Kind::RangeIter;
    fn trace(&self, _marker: &mut Marker) {}
}

// SAFETY: reports the list.
unsafe impl Object for ListIter {
    const KIND: Kind = Kind::ListIter;
    fn trace(&self, marker: &mut Marker) {
        if let Some(list) = self.list {
            marker.gc(list);
        }
    }
}

// SAFETY: reports what each variant holds.
unsafe impl Object for Iter {
    const KIND: Kind = Kind::Iter;
    fn trace(&self, marker: &mut Marker) {
        match self {
            Iter::Tuple { tuple, .. } => marker.gc(*tuple),
            Iter::Str { text, .. } => marker.gc(*text),
            Iter::Bytes { bytes, .. } => marker.gc(*bytes),
            Iter::Dict { dict, .. } | Iter::DictReversed { dict, .. } => marker.gc(*dict),
            Iter::Set { set, .. } => marker.gc(*set),
            Iter::FrozenSet { set, .. } => marker.gc(*set),
            Iter::ListReversed { list, .. } => marker.gc(*list),
            Iter::Enumerate { inner, count } => marker.values(&[*inner, *count]),
            Iter::Zip { inners, .. } => marker.values(inners),
            Iter::Values { values, .. } => marker.values(values),
            Iter::BigRange(_) | Iter::Done => {}
        }
    }
    fn external_size(&self) -> usize {
        match self {
            Iter::Zip { inners: values, .. } | Iter::Values { values, .. } => values.capacity() * size_of::<Value>(),
            _ => 0,
        }
    }
}
