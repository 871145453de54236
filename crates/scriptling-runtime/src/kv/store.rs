//! The in-memory store: shards of hash tables, each under its own lock.
//!
//! Values are portable copies, so reading one under the lock is a counter. Expired entries are invisible at once and are
//! removed by the next writes to their shard.

use std::collections::HashMap;
use std::hash::BuildHasher;
use std::sync::Arc;
use std::time::Duration;

use num_bigint::BigInt;
use scriptling_vm::portable::Portable;
use smol_str::SmolStr;

use super::expire::Deadlines;
use super::{Glob, Store, StoreError, Ttl};
use crate::clock::Clock;
use crate::primitives::RwLock;

/// Locks: more than the tasks that can run at once on the machines this is for.
const SHARDS: usize = 64;

/// Expired entries that one write removes at most, so that no single write pays for a million of them.
const DRAIN_PER_WRITE: usize = 16;

/// The store; see the module documentation.
pub struct MemoryStore {
    shards: Box<[RwLock<Shard>]>,
    hasher: std::hash::RandomState,
    clock: Arc<dyn Clock>,
}

#[derive(Default)]
struct Shard {
    entries: HashMap<SmolStr, Entry>,
    deadlines: Deadlines,
}

struct Entry {
    value: Portable,
    deadline: Option<Duration>,
}

impl Entry {
    fn is_live(&self, now: Duration) -> bool {
        self.deadline.is_none_or(|deadline| deadline > now)
    }
}

impl Shard {
    fn live(&self, key: &str, now: Duration) -> Option<&Entry> {
        self.entries.get(key).filter(|entry| entry.is_live(now))
    }

    /// Removes some entries that have expired.
    fn drain(&mut self, now: Duration) {
        for _ in 0..DRAIN_PER_WRITE {
            let Some((deadline, key)) = self.deadlines.pop_due(now) else { break };
            if self.entries.get(&key).is_some_and(|entry| entry.deadline == Some(deadline)) {
                self.entries.remove(&key);
            }
        }
    }

    fn insert(&mut self, key: SmolStr, value: Portable, deadline: Option<Duration>) -> Option<Entry> {
        if let Some(deadline) = deadline {
            self.deadlines.add(key.clone(), deadline);
            let entries = &self.entries;
            self.deadlines
                .sweep(entries.len(), |key, due| entries.get(key).is_some_and(|entry| entry.deadline == Some(due)));
        }
        self.entries.insert(key, Entry { value, deadline })
    }
}

impl MemoryStore {
    /// An empty store.
    pub fn new(clock: Arc<dyn Clock>) -> MemoryStore {
        let shards = (0..SHARDS).map(|_| RwLock::default()).collect();
        MemoryStore { shards, hasher: std::hash::RandomState::new(), clock }
    }

    fn shard(&self, key: &str) -> &RwLock<Shard> {
        // The upper bits: the tables use the lower ones, with a hasher of their own.
        &self.shards[(self.hasher.hash_one(key) >> 32) as usize % SHARDS]
    }

    #[cfg(test)]
    pub(super) fn physical_len(&self) -> (usize, usize) {
        let count = |(entries, deadlines), shard: &RwLock<Shard>| {
            let shard = shard.read();
            (entries + shard.entries.len(), deadlines + shard.deadlines.len())
        };
        self.shards.iter().fold((0, 0), count)
    }
}

impl Store for MemoryStore {
    fn set(&self, key: &str, value: Portable, ttl: Option<Duration>) -> Result<(), StoreError> {
        let now = self.clock.now();
        let deadline = match ttl {
            Some(ttl) => Some(now.checked_add(ttl).ok_or(StoreError::TtlTooLarge)?),
            None => None,
        };
        let mut shard = self.shard(key).write();
        shard.drain(now);
        let old = shard.insert(key.into(), value, deadline);
        drop(shard);
        // A large value is freed after the lock.
        drop(old);
        Ok(())
    }

    fn get(&self, key: &str) -> Result<Option<Portable>, StoreError> {
        let now = self.clock.now();
        Ok(self.shard(key).read().live(key, now).map(|entry| entry.value.clone()))
    }

    fn incr(&self, key: &str, delta: &BigInt) -> Result<Portable, StoreError> {
        let now = self.clock.now();
        let mut shard = self.shard(key).write();
        shard.drain(now);
        let (old, deadline) = match shard.live(key, now) {
            None => (BigInt::ZERO, None),
            Some(entry) => (entry.value.as_big_int().ok_or(StoreError::NotAnInt)?, entry.deadline),
        };
        let value = Portable::big_int(old + delta);
        match shard.entries.get_mut(key) {
            Some(entry) => (entry.value, entry.deadline) = (value.clone(), deadline),
            None => {
                shard.insert(key.into(), value.clone(), None);
            }
        }
        Ok(value)
    }

    fn delete(&self, key: &str) -> Result<bool, StoreError> {
        let now = self.clock.now();
        let mut shard = self.shard(key).write();
        shard.drain(now);
        Ok(shard.entries.remove(key).is_some_and(|entry| entry.is_live(now)))
    }

    fn exists(&self, key: &str) -> Result<bool, StoreError> {
        let now = self.clock.now();
        Ok(self.shard(key).read().live(key, now).is_some())
    }

    fn ttl(&self, key: &str) -> Result<Ttl, StoreError> {
        let now = self.clock.now();
        let shard = self.shard(key).read();
        Ok(match shard.live(key, now) {
            None => Ttl::Missing,
            Some(Entry { deadline: None, .. }) => Ttl::Unlimited,
            Some(Entry { deadline: Some(deadline), .. }) => Ttl::Left(deadline.saturating_sub(now)),
        })
    }

    fn keys(&self, glob: &Glob) -> Result<Vec<SmolStr>, StoreError> {
        let now = self.clock.now();
        let mut keys = Vec::new();
        for shard in &self.shards {
            let shard = shard.read();
            let live = shard.entries.iter().filter(|(key, entry)| entry.is_live(now) && glob.matches(key));
            keys.extend(live.map(|(key, _)| key.clone()));
        }
        keys.sort_unstable();
        Ok(keys)
    }

    fn len(&self) -> Result<usize, StoreError> {
        let now = self.clock.now();
        let live = |shard: &RwLock<Shard>| shard.read().entries.values().filter(|entry| entry.is_live(now)).count();
        Ok(self.shards.iter().map(live).sum())
    }

    fn clear(&self) -> Result<(), StoreError> {
        // All locks first, so that nobody sees half of it cleared. In order: two clears cannot lock each other out.
        let mut shards: Vec<_> = self.shards.iter().map(RwLock::write).collect();
        let old: Vec<_> = shards.iter_mut().map(|shard| std::mem::take(&mut shard.entries)).collect();
        for shard in &mut shards {
            shard.deadlines.clear();
        }
        drop(shards);
        drop(old);
        Ok(())
    }
}
