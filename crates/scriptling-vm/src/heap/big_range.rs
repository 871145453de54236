//! `range` whose bounds, step or elements need more than 64 bits.
//!
//! The same type to scripts, another kind of cell: loops over ordinary ranges keep their inline path, and this one can
//! afford an allocation per element.
#![expect(unsafe_code, reason = "implements the unsafe trait `Object`")]

use num_bigint::BigInt;
use num_integer::Integer;
use num_traits::{One, Signed, ToPrimitive, Zero};

use super::{Kind, Marker, Object, Range};

/// `range(start, stop, step)` of ints of any size. A [`Range`] that fits its 64 bits is never stored as this.
#[derive(Clone)]
pub struct BigRange {
    /// The first element.
    pub start: BigInt,
    /// One past the last, in the direction of `step`.
    pub stop: BigInt,
    /// Never zero.
    pub step: BigInt,
}

impl From<Range> for BigRange {
    fn from(range: Range) -> BigRange {
        BigRange { start: range.start.into(), stop: range.stop.into(), step: range.step.into() }
    }
}

impl BigRange {
    /// The number of elements.
    pub fn len(&self) -> BigInt {
        let distance = if self.step.is_positive() { &self.stop - &self.start } else { &self.start - &self.stop };
        if distance.is_positive() { (distance - 1) / self.step.abs() + 1 } else { BigInt::ZERO }
    }

    /// Whether there are no elements.
    pub fn is_empty(&self) -> bool {
        if self.step.is_positive() { self.start >= self.stop } else { self.start <= self.stop }
    }

    /// The element at `index`, which must be below the length.
    pub fn at(&self, index: &BigInt) -> BigInt {
        &self.start + index * &self.step
    }

    /// The index of `value`, if it is an element.
    pub fn index_of(&self, value: &BigInt) -> Option<BigInt> {
        let inside = if self.step.is_positive() {
            *value >= self.start && *value < self.stop
        } else {
            *value <= self.start && *value > self.stop
        };
        let (index, rest) = (value - &self.start).div_rem(&self.step);
        (inside && rest.is_zero()).then_some(index)
    }

    /// The same range with 64 bits, if it fits.
    pub fn to_small(&self) -> Option<Range> {
        Some(Range { start: self.start.to_i64()?, stop: self.stop.to_i64()?, step: self.step.to_i64()? })
    }

    /// Length, first element and step, as far as they matter: equal for ranges with the same elements.
    pub fn essence(&self) -> (BigInt, Option<BigInt>, Option<BigInt>) {
        let len = self.len();
        let start = (!len.is_zero()).then(|| self.start.clone());
        let step = (!len.is_zero() && !len.is_one()).then(|| self.step.clone());
        (len, start, step)
    }

    /// The elements from first to last.
    pub fn forward(&self) -> BigRangeIter {
        BigRangeIter { next: self.start.clone(), step: self.step.clone(), left: self.len() }
    }

    /// The elements from last to first.
    pub fn backward(&self) -> BigRangeIter {
        let left = self.len();
        BigRangeIter { next: self.at(&(&left - 1)), step: -&self.step, left }
    }
}

/// Steps a [`BigRange`].
pub struct BigRangeIter {
    next: BigInt,
    step: BigInt,
    left: BigInt,
}

impl BigRangeIter {
    /// How many elements are left.
    pub fn left(&self) -> &BigInt {
        &self.left
    }
}

impl Iterator for BigRangeIter {
    type Item = BigInt;

    fn next(&mut self) -> Option<BigInt> {
        if !self.left.is_positive() {
            return None;
        }
        self.left -= 1;
        let following = &self.next + &self.step;
        Some(std::mem::replace(&mut self.next, following))
    }
}

// SAFETY: no references.
unsafe impl Object for BigRange {
    const KIND: Kind = Kind::BigRange;
    fn trace(&self, _marker: &mut Marker) {}
    fn external_size(&self) -> usize {
        (self.start.bits() + self.stop.bits() + self.step.bits()) as usize / 8 + 24
    }
}
