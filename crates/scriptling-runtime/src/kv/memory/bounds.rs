//! How large a store may become, and what goes when it is full.

use std::sync::Arc;

use scriptling_vm::portable::Portable;
use smol_str::SmolStr;

use crate::cap::{Account, OverCap};
use crate::primitives::atomic::{AtomicUsize, Ordering};

/// What an entry costs beside its key's and value's own memory: its place, its share of the table and the heaps.
const ENTRY: usize = 64;

/// Entries that one shard of a bounded store should have room for at least.
const ENTRIES_PER_SHARD: usize = 1024;

/// The same in bytes.
const BYTES_PER_SHARD: usize = 256 * 1024;

/// What is evicted when a store is full.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Policy {
    /// What has not been read or written for longest.
    Lru,
    /// What ends soonest. If nothing ends, the write is refused.
    Ttl,
    /// Nothing: the write is refused.
    Reject,
}

/// How large a store may become.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Bounds {
    /// Entries it may have.
    pub max_entries: Option<usize>,
    /// Bytes it may take, as far as they can be told: keys, values, and what each entry costs.
    pub max_bytes: Option<usize>,
    /// What goes when there is no room.
    pub policy: Policy,
}

impl Bounds {
    /// How many shards a store with these bounds has: one if it is small, because eviction is exact within one.
    pub(super) fn shards(&self, most: usize) -> usize {
        let by_entries = self.max_entries.map(|entries| entries / ENTRIES_PER_SHARD);
        let by_bytes = self.max_bytes.map(|bytes| bytes / BYTES_PER_SHARD);
        by_entries.into_iter().chain(by_bytes).min().unwrap_or(most).clamp(1, most)
    }

    /// Whether this many entries and bytes fit at all.
    pub(super) fn can_hold(&self, (entries, bytes): (usize, usize)) -> bool {
        self.max_entries.is_none_or(|most| entries <= most) && self.max_bytes.is_none_or(|most| bytes <= most)
    }
}

/// What an entry is counted as.
pub(super) fn cost(key: &str, value: &Portable) -> usize {
    let key_heap = if SmolStr::new(key).is_heap_allocated() { key.len() } else { 0 };
    ENTRY + size_of::<SmolStr>() + key_heap + value.deep_size()
}

/// What a bounded store has and may have.
pub(super) struct Budget {
    pub(super) bounds: Bounds,
    entries: AtomicUsize,
    bytes: AtomicUsize,
    /// Its part of what is held outside of tasks, if that has a cap: `bytes`, and what the store itself takes.
    pub(super) account: Option<Arc<Account>>,
}

impl Budget {
    pub(super) fn new(bounds: Bounds) -> Budget {
        Budget { bounds, entries: AtomicUsize::new(0), bytes: AtomicUsize::new(0), account: None }
    }

    /// Takes so much more (or, if negative, less); false, and nothing, if there is no room. Shrinking always works. An error
    /// if it is the cap on everything that has no room: evicting something here is no business of those others.
    pub(super) fn reserve(&self, (entries, bytes): (isize, isize)) -> Result<bool, OverCap> {
        if !grow(&self.entries, entries, self.bounds.max_entries) {
            return Ok(false);
        }
        let done = if grow(&self.bytes, bytes, self.bounds.max_bytes) {
            let charged = self.charge(bytes);
            if charged.is_ok() {
                return Ok(true);
            }
            grow(&self.bytes, -bytes, None);
            charged.map(|()| true)
        } else {
            Ok(false)
        };
        grow(&self.entries, -entries, None);
        done
    }

    fn charge(&self, bytes: isize) -> Result<(), OverCap> {
        match &self.account {
            Some(account) if bytes > 0 => account.take(bytes.unsigned_abs()),
            Some(account) => {
                account.give(bytes.unsigned_abs());
                Ok(())
            }
            None => Ok(()),
        }
    }

    /// Gives back what an entry took.
    pub(super) fn release(&self, entries: usize, bytes: usize) {
        grow(&self.entries, -(entries as isize), None);
        grow(&self.bytes, -(bytes as isize), None);
        self.account.iter().for_each(|account| account.give(bytes));
    }

    /// Everything is gone. Under all locks.
    pub(super) fn reset(&self) {
        self.entries.store(0, Ordering::Relaxed);
        let bytes = self.bytes.swap(0, Ordering::Relaxed);
        self.account.iter().for_each(|account| account.give(bytes));
    }

    #[cfg(test)]
    pub(super) fn taken(&self) -> (usize, usize) {
        (self.entries.load(Ordering::Relaxed), self.bytes.load(Ordering::Relaxed))
    }
}

fn grow(counter: &AtomicUsize, by: isize, most: Option<usize>) -> bool {
    let grown = |now: usize| {
        let new = now.saturating_add_signed(by);
        (by <= 0 || most.is_none_or(|most| new <= most)).then_some(new)
    };
    counter.fetch_update(Ordering::Relaxed, Ordering::Relaxed, grown).is_ok()
}
