//! `Atomic`: a 64-bit counter shared by tasks. It never wraps: what does not fit is refused and leaves it unchanged.

use smol_str::SmolStr;

use crate::primitives::atomic::{AtomicI64, Ordering};

/// The result would not fit 64 bits.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Overflow;

/// A counter; see the module documentation.
pub struct Atomic {
    name: SmolStr,
    value: AtomicI64,
}

impl Atomic {
    /// A counter that starts at `initial`.
    pub fn new(name: SmolStr, initial: i64) -> Atomic {
        Atomic { name, value: AtomicI64::new(initial) }
    }

    /// Its name.
    pub fn name(&self) -> &SmolStr {
        &self.name
    }

    /// The value.
    pub fn get(&self) -> i64 {
        self.value.load(Ordering::SeqCst)
    }

    /// Replaces the value.
    pub fn set(&self, value: i64) {
        self.value.store(value, Ordering::SeqCst);
    }

    /// Replaces the value and returns the old one.
    pub fn exchange(&self, value: i64) -> i64 {
        self.value.swap(value, Ordering::SeqCst)
    }

    /// Adds and returns the new value.
    pub fn add(&self, delta: i64) -> Result<i64, Overflow> {
        self.change(|value| value.checked_add(delta))
    }

    /// Subtracts and returns the new value.
    pub fn sub(&self, delta: i64) -> Result<i64, Overflow> {
        self.change(|value| value.checked_sub(delta))
    }

    /// Replaces the value if it is `expected`; whether it was.
    pub fn compare_and_set(&self, expected: i64, new: i64) -> bool {
        self.value.compare_exchange(expected, new, Ordering::SeqCst, Ordering::SeqCst).is_ok()
    }

    fn change(&self, step: impl Fn(i64) -> Option<i64>) -> Result<i64, Overflow> {
        let old = self.value.fetch_update(Ordering::SeqCst, Ordering::SeqCst, &step).map_err(|_| Overflow)?;
        step(old).ok_or(Overflow)
    }
}
