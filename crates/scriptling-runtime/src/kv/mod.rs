//! Key-value stores: one trait, a store in memory and one in a file behind it, and what is built on the trait alone.
//!
//! Values are data ([`Portable`] without functions, instances or host objects), copied in and out. Keys are text. Every
//! operation of a [`Store`] is atomic, and what changes several keys at once is [`Store::commit`]: all of it or nothing, and
//! only if what it was based on ([`Seen`]) has not changed. Transactions ([`Transaction`]) and read-modify-write loops need
//! no more than that from a store, so no store has locks that scripts hold, and a task that parks in the middle of a
//! transaction is in nobody's way.
//!
//! `memory` is the store in memory, `disk` the one in a file, `registry` knows the open ones by name and path, `files` the
//! files that the process has open, `sweeper` is the thread that removes what has expired. `modules/kv` is the script's view of all this.

pub mod codec;
pub mod disk;
mod files;
mod glob;
mod lane;
mod memory;
pub(crate) mod registry;
pub(crate) mod sweeper;
#[cfg(test)]
mod tests;
mod transaction;

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use scriptling_vm::portable::Portable;
use smol_str::SmolStr;

pub use disk::{DiskStore, Durability};
pub use glob::Glob;
pub use lane::Lane;
pub use memory::{Bounds, MemoryStore, Policy};
pub use transaction::Transaction;

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
    /// Something that the operation was based on has changed; nothing was done.
    Conflict,
    /// There is no room, and nothing that may be evicted; nothing was done.
    Full,
    /// There is no room in what all stores and sync objects may hold: the message says more; nothing was done.
    OverCap(String),
    /// A cursor that no scan of this store has returned.
    BadCursor,
    /// The store was closed.
    Closed,
    /// What is stored is not what was written: the message says where.
    Damaged(String),
    /// The store failed: the message says how. What was to be changed may or may not have changed.
    Failed(String),
}

impl std::fmt::Display for StoreError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            StoreError::NotAnInt => "the value is not an int",
            StoreError::TtlTooLarge => "ttl is too large",
            StoreError::Conflict => "what the change was based on has changed",
            StoreError::Full => "the store is full",
            StoreError::BadCursor => "the cursor is not one that scan() of this store returned",
            StoreError::Closed => "the store is closed",
            StoreError::OverCap(message) | StoreError::Damaged(message) | StoreError::Failed(message) => message,
        })
    }
}

impl std::error::Error for StoreError {}

/// What a key was bound to when somebody looked.
#[derive(Clone, Debug)]
pub enum Seen {
    /// Nothing.
    Absent,
    /// This very value.
    Value(Portable),
    /// The value with this encoding, or the version with this number: the store knows.
    Bytes(Arc<[u8]>),
}

/// A value that was read, and what to compare it with later.
#[derive(Clone, Debug)]
pub struct Read {
    /// The value, if there is one.
    pub value: Option<Portable>,
    /// The same for the store.
    pub seen: Seen,
}

/// When a value is stored.
#[derive(Clone, Debug)]
pub enum Condition {
    /// In any case.
    Always,
    /// If the key is not there.
    Absent,
    /// If the key is still bound to this.
    Unchanged(Seen),
}

/// The expiry of a value that is stored.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Expiry {
    /// That of the value it replaces, if there is one.
    Keep,
    /// None.
    Never,
    /// After this.
    After(Duration),
}

impl From<Option<Duration>> for Expiry {
    fn from(ttl: Option<Duration>) -> Expiry {
        ttl.map_or(Expiry::Never, Expiry::After)
    }
}

/// One key's part of a commit.
#[derive(Clone, Debug)]
pub enum Write {
    /// Bind the key.
    Set(Portable, Expiry),
    /// Remove the key.
    Delete,
}

/// Keys of a scan.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Page {
    /// The keys, in no order that means anything.
    pub keys: Vec<SmolStr>,
    /// Where the next page starts; `None`: this was the last one.
    pub next: Option<SmolStr>,
}

/// How much of a store an operation touches.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Extent {
    /// Some keys.
    Keys,
    /// All of it.
    Whole,
}

/// A key-value store. Every method is atomic, and may be called from any thread.
pub trait Store: Send + Sync {
    /// What it is called: `:memory:name`, or the path as it was given.
    fn name(&self) -> &str;

    /// The file behind it.
    fn path(&self) -> Option<&Path> {
        None
    }

    /// Where to do an operation that may keep its thread waiting (for a disk, a network, or because there is so much of it).
    /// `None`: it does not, and is done at once.
    fn lane(&self, extent: Extent) -> Option<&Arc<Lane>>;

    /// Stores a value, replacing value and expiry of an entry that exists; whether the condition was met.
    fn set_if(&self, key: &str, value: Portable, expiry: Expiry, condition: &Condition) -> Result<bool, StoreError>;

    /// Stores a value, replacing value and expiry of an entry that exists.
    fn set(&self, key: &str, value: Portable, ttl: Option<Duration>) -> Result<(), StoreError> {
        self.set_if(key, value, ttl.into(), &Condition::Always).map(drop)
    }

    /// The value.
    fn get(&self, key: &str) -> Result<Option<Portable>, StoreError>;

    /// The values of several keys as of one moment, at which all `unchanged` were what they had been: otherwise a conflict.
    fn read(&self, keys: &[SmolStr], unchanged: &[(SmolStr, Seen)]) -> Result<Vec<Read>, StoreError>;

    /// Changes several keys at once if all `unchanged` are what they were: otherwise a conflict. A key is written once.
    fn commit(&self, unchanged: &[(SmolStr, Seen)], writes: Vec<(SmolStr, Write)>) -> Result<(), StoreError>;

    /// Adds to an int (missing: 0) and returns the new value; the expiry stays. `delta` is an int.
    fn incr(&self, key: &str, delta: &Portable) -> Result<Portable, StoreError>;

    /// As [`Store::incr`] where that takes a moment, as for most counters: the entry is there, and it and the sum are small.
    /// `None`: it is not so, nothing has happened, and `incr` does it.
    fn incr_small(&self, key: &str, delta: i64) -> Result<Option<i64>, StoreError> {
        let _ = (key, delta);
        Ok(None)
    }

    /// Removes an entry and returns its value.
    fn take(&self, key: &str) -> Result<Option<Portable>, StoreError>;

    /// Removes an entry; whether there was one.
    fn delete(&self, key: &str) -> Result<bool, StoreError>;

    /// Whether there is an entry.
    fn exists(&self, key: &str) -> Result<bool, StoreError>;

    /// How long an entry has left.
    fn ttl(&self, key: &str) -> Result<Ttl, StoreError>;

    /// Changes the expiry of an entry (`None`: it has none any more); whether there is one.
    fn expire(&self, key: &str, ttl: Option<Duration>) -> Result<bool, StoreError>;

    /// The keys that match, sorted.
    fn keys(&self, glob: &Glob) -> Result<Vec<SmolStr>, StoreError>;

    /// Up to `limit` keys that start with `prefix`, from `cursor` on (`None`: from the start). Following the cursors to their
    /// end gives every key that is there all the time exactly once, whatever else changes.
    fn scan(&self, prefix: &str, cursor: Option<&str>, limit: usize) -> Result<Page, StoreError>;

    /// The number of entries.
    fn len(&self) -> Result<usize, StoreError>;

    /// Whether there are no entries.
    fn is_empty(&self) -> Result<bool, StoreError> {
        Ok(self.len()? == 0)
    }

    /// Removes all entries.
    fn clear(&self) -> Result<(), StoreError>;

    /// Makes sure that what was written is where it survives.
    fn flush(&self) -> Result<(), StoreError> {
        Ok(())
    }

    /// As [`Store::flush`], for a process that is about to end: no change that is not flushed is acknowledged any more. Those
    /// who ask for one wait for the end.
    fn seal(&self) -> Result<(), StoreError> {
        self.flush()
    }

    /// Ends the store: what was written is flushed, and every later call fails with [`StoreError::Closed`].
    fn close(&self) -> Result<(), StoreError>;

    /// Removes what has expired and flushes what is due; when (on the store's clock) to do so again.
    fn sweep(&self) -> Option<Duration> {
        None
    }
}

/// The sum of two ints of any size; `None` if one is not an int.
pub(crate) fn add(left: &Portable, right: &Portable) -> Option<Portable> {
    if let (Some(left), Some(right)) = (left.as_int(), right.as_int())
        && let Some(sum) = left.checked_add(right)
    {
        return Some(Portable::int(sum));
    }
    Some(Portable::big_int(left.as_big_int()? + right.as_big_int()?))
}
