//! The plain data kinds: big integers, bytes, ranges, slices, and objects of host types.
#![expect(unsafe_code, reason = "implements the unsafe trait `Object`")]

use std::any::Any;
use std::sync::Arc;

use num_bigint::BigInt;

use super::{Class, Gc, Kind, Marker, Object};
use crate::portable::HostHandle;
use crate::value::Value;

/// An `int` that does not fit `i64`. Always normalised: smaller numbers are inline values.
pub struct BigInteger(pub BigInt);

/// `bytes`; shared when it crosses isolates.
pub struct Bytes(pub Arc<[u8]>);

/// `range(start, stop, step)`, restricted to `i64` ends.
#[derive(Clone, Copy)]
pub struct Range {
    /// The first element.
    pub start: i64,
    /// One past the last, in the direction of `step`.
    pub stop: i64,
    /// Never zero.
    pub step: i64,
}

impl Range {
    /// The number of elements (up to 2^64 - 1).
    pub fn len(self) -> u64 {
        let (low, high, step) = if self.step > 0 {
            (self.start, self.stop, self.step.unsigned_abs())
        } else {
            (self.stop, self.start, self.step.unsigned_abs())
        };
        if low >= high { 0 } else { (high.wrapping_sub(low) as u64 - 1) / step + 1 }
    }

    /// Whether there are no elements.
    pub fn is_empty(self) -> bool {
        self.len() == 0
    }

    /// The element at `index`, which must be below the length.
    pub fn at(self, index: u64) -> i64 {
        self.start.wrapping_add((index as i64).wrapping_mul(self.step))
    }

    /// The index of `value`, if it is an element.
    pub fn index_of(self, value: i64) -> Option<u64> {
        let inside = if self.step > 0 {
            value >= self.start && value < self.stop
        } else {
            value <= self.start && value > self.stop
        };
        let distance = (i128::from(value) - i128::from(self.start)).unsigned_abs();
        let step = u128::from(self.step.unsigned_abs());
        (inside && distance % step == 0).then(|| (distance / step) as u64)
    }
}

/// `slice(start, stop, step)`.
#[derive(Clone, Copy)]
pub struct Slice {
    /// Any value; `None` when left out.
    pub start: Value,
    /// Any value; `None` when left out.
    pub stop: Value,
    /// Any value; `None` when left out.
    pub step: Value,
}

/// An object of a type that the host defines: a class for its methods, and the host's own data.
pub struct HostObject {
    /// Where the methods are.
    pub class: Gc<Class>,
    /// What the host stored.
    pub data: HostData,
}

/// The two sorts of host data.
pub enum HostData {
    /// Shared by reference between isolates (promises, queues, ...).
    Shared(Arc<dyn HostHandle>),
    /// Private to this isolate; it cannot cross.
    Local(Box<dyn Any + Send>),
}

// SAFETY: no references.
unsafe impl Object for BigInteger {
    const KIND: Kind = Kind::BigInteger;
    fn trace(&self, _marker: &mut Marker) {}
    fn external_size(&self) -> usize {
        self.0.bits() as usize / 8 + 8
    }
}

// SAFETY: no references.
unsafe impl Object for Bytes {
    const KIND: Kind = Kind::Bytes;
    fn trace(&self, _marker: &mut Marker) {}
    fn external_size(&self) -> usize {
        self.0.len() + 16
    }
}

// SAFETY: no references.
unsafe impl Object for Range {
    const KIND: Kind = Kind::Range;
    fn trace(&self, _marker: &mut Marker) {}
}

// SAFETY: reports all three.
unsafe impl Object for Slice {
    const KIND: Kind = Kind::Slice;
    fn trace(&self, marker: &mut Marker) {
        marker.values(&[self.start, self.stop, self.step]);
    }
}

// SAFETY: host data cannot hold values (it is `Send`).
unsafe impl Object for HostObject {
    const KIND: Kind = Kind::HostObject;
    fn trace(&self, marker: &mut Marker) {
        marker.gc(self.class);
    }
}
