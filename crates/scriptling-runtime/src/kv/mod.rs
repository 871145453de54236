//! The key-value store: a trait, and the in-memory store behind it.
//!
//! Values are data ([`Portable`] without functions, instances or host objects), copied in and out. A persistent store goes
//! behind the same trait; `modules/kv.rs` is the script's view of it.

mod expire;
mod glob;
mod store;
#[cfg(test)]
mod tests;

use std::time::Duration;

use num_bigint::BigInt;
use scriptling_vm::portable::Portable;
use smol_str::SmolStr;

pub use glob::Glob;
pub use store::MemoryStore;

/// How long an entry has left.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Ttl {
    /// There is no such entry.
    Missing,
    /// It does not expire.
    Unlimited,
    /// It expires after this.
    Left(Duration),
}

/// What a store refuses.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum StoreError {
    /// `incr` of a value that is not an int.
    NotAnInt,
    /// The time to live does not fit the clock.
    TtlTooLarge,
    /// The store failed: the message says how.
    Failed(String),
}

/// A key-value store. Every method is atomic.
pub trait Store: Send + Sync {
    /// Stores a value, replacing value and expiry of an entry that exists.
    fn set(&self, key: &str, value: Portable, ttl: Option<Duration>) -> Result<(), StoreError>;

    /// The value.
    fn get(&self, key: &str) -> Result<Option<Portable>, StoreError>;

    /// Adds to an int (missing: 0) and returns the new value; the expiry stays.
    fn incr(&self, key: &str, delta: &BigInt) -> Result<Portable, StoreError>;

    /// Removes an entry; whether there was one.
    fn delete(&self, key: &str) -> Result<bool, StoreError>;

    /// Whether there is an entry.
    fn exists(&self, key: &str) -> Result<bool, StoreError>;

    /// How long an entry has left.
    fn ttl(&self, key: &str) -> Result<Ttl, StoreError>;

    /// The keys that match, sorted.
    fn keys(&self, glob: &Glob) -> Result<Vec<SmolStr>, StoreError>;

    /// The number of entries.
    fn len(&self) -> Result<usize, StoreError>;

    /// Whether there are no entries.
    fn is_empty(&self) -> Result<bool, StoreError> {
        Ok(self.len()? == 0)
    }

    /// Removes all entries.
    fn clear(&self) -> Result<(), StoreError>;
}
