//! The in-memory store: shards of hash tables, each under its own lock.
//!
//! Values are portable copies, so reading one under the lock is a counter. Entries that have ended are invisible at once; the
//! next writes to their shard remove some, and [`Store::sweep`] the rest. What touches several shards locks them in the order
//! of their numbers.
//!
//! A store may have bounds. They hold for the whole store and exactly: what a write adds is reserved before it is added, and
//! where there is no room, an entry is evicted first, from the shard that is written to if that has any. So the choice is
//! exact in stores of one shard (small ones) and nearly so in others.

mod bounds;
mod shard;
mod slab;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::hash::BuildHasher;
use std::sync::Arc;
use std::time::Duration;

use scriptling_vm::portable::Portable;
use smol_str::SmolStr;

pub use bounds::{Bounds, Policy};

use self::bounds::Budget;
use self::shard::{Shard, entry};
use self::slab::Entry;
use super::sweeper::{Notice, Sweeper};
use super::{Condition, Expiry, Extent, Glob, Lane, Page, Read, Seen, Store, StoreError, Ttl, Write, add};
use crate::cap::{Account, OverCap};
use crate::clock::Clock;
use crate::primitives::RwLock;
use crate::primitives::atomic::{AtomicBool, Ordering};

/// Locks: more than the tasks that can run at once on the machines this is for.
const SHARDS: usize = 64;

/// Entries that have ended that one write removes at most, so that no single write pays for a million of them.
const DRAIN_PER_WRITE: usize = 16;

/// How many of them are removed, or entries looked at, before a lock is given up for a moment.
const BATCH: usize = 1024;

/// Entries beyond which going through all of a store is work for another thread.
const LARGE: usize = 20_000;

/// The store; see the module documentation.
pub struct MemoryStore {
    name: SmolStr,
    shards: Box<[RwLock<Shard>]>,
    /// Seeded at random: keys may come from anybody, and must not be made to collide.
    hasher: foldhash::quality::RandomState,
    clock: Arc<dyn Clock>,
    budget: Option<Budget>,
    /// Keeps the sweeper informed of the next deadline.
    notice: Notice,
    closed: AtomicBool,
    /// For what goes through all of it.
    long: Arc<Lane>,
}

/// What to do with a key after a look at its entry.
enum Decision<R> {
    Leave(R),
    Put(Portable, Expiry, R),
    Remove(R),
}

/// What a write to one key adds to a bounded store: entries and bytes.
type Growth = (isize, isize);

impl MemoryStore {
    /// An empty store without bounds, which removes what has ended by later writes and `sweep` only.
    pub fn new(clock: Arc<dyn Clock>) -> MemoryStore {
        MemoryStore::with(":memory:".into(), clock, None, None)
    }

    /// An empty store with bounds.
    pub fn bounded(name: SmolStr, clock: Arc<dyn Clock>, bounds: Bounds) -> MemoryStore {
        MemoryStore::with(name, clock, Some(bounds), None)
    }

    pub(crate) fn with(
        name: SmolStr,
        clock: Arc<dyn Clock>,
        bounds: Option<Bounds>,
        sweeper: Option<Arc<Sweeper>>,
    ) -> MemoryStore {
        let shards = bounds.map_or(SHARDS, |bounds| bounds.shards(SHARDS));
        MemoryStore {
            name,
            shards: (0..shards).map(|_| RwLock::default()).collect(),
            hasher: foldhash::quality::RandomState::default(),
            clock,
            budget: bounds.map(Budget::new),
            notice: Notice::new(sweeper),
            closed: AtomicBool::new(false),
            long: Lane::long(),
        }
    }

    /// What it holds, and what it takes when it is empty, counts from now on.
    pub(crate) fn counted(mut self, account: Option<Arc<Account>>) -> Result<MemoryStore, OverCap> {
        if let Some(account) = account {
            account.take(size_of::<MemoryStore>() + self.shards.len() * size_of::<RwLock<Shard>>())?;
            let unbounded = Bounds { max_entries: None, max_bytes: None, policy: Policy::Reject };
            self.budget.get_or_insert_with(|| Budget::new(unbounded)).account = Some(account);
        }
        Ok(self)
    }

    fn reserve(&self, growth: Growth) -> Result<bool, StoreError> {
        let Some(budget) = &self.budget else { return Ok(true) };
        budget.reserve(growth).map_err(|full| StoreError::OverCap(full.0))
    }

    fn now(&self) -> u64 {
        nanos(self.clock.now())
    }

    fn hash(&self, key: &str) -> u64 {
        self.hasher.hash_one(key)
    }

    /// The number of the shard, without a division: as far into the shards as the middle of the hash is into what it may be.
    /// The tables use the bits at its ends.
    fn number(&self, hash: u64) -> usize {
        let middle = u64::from((hash >> 16) as u32);
        ((middle * self.shards.len() as u64) >> 32) as usize
    }

    fn check_open(&self) -> Result<(), StoreError> {
        if self.closed.load(Ordering::Acquire) { Err(StoreError::Closed) } else { Ok(()) }
    }

    fn recency(&self) -> bool {
        self.budget.as_ref().is_some_and(|budget| budget.bounds.policy == Policy::Lru)
    }

    /// The time of a use, if that matters.
    fn used(&self) -> Option<u64> {
        self.recency().then(|| self.now())
    }

    /// A live entry, which is being used.
    fn look<'s>(&self, shard: &'s Shard, hash: u64, key: &str) -> Option<&'s Entry> {
        let place = shard.find(hash, key)?;
        let entry = shard.entry(place);
        if !entry.is_live(|| self.now()) {
            return None;
        }
        if let Some(now) = self.used() {
            shard.note_use(place, now);
        }
        Some(entry)
    }

    /// The deadline that an expiry means.
    fn deadline(&self, expiry: Expiry, old: u64) -> Result<u64, StoreError> {
        match expiry {
            Expiry::Keep => Ok(old),
            Expiry::Never => Ok(0),
            Expiry::After(ttl) => {
                let deadline = self.clock.now().checked_add(ttl).ok_or(StoreError::TtlTooLarge)?;
                u64::try_from(deadline.as_nanos()).map(|deadline| deadline.max(1)).map_err(|_| StoreError::TtlTooLarge)
            }
        }
    }

    fn cost(&self, key: &str, value: &Portable) -> usize {
        if self.budget.is_some() { bounds::cost(key, value) } else { 0 }
    }

    /// Removes some of what has ended.
    fn drain(&self, shard: &mut Shard, limit: usize, removed: &mut Vec<Entry>) -> bool {
        let Some(next) = shard.next_deadline() else { return false };
        let now = self.now();
        if next > now {
            return false;
        }
        let first = removed.len();
        let more = shard.drain(&self.hasher, now, limit, removed);
        removed[first..].iter().for_each(|entry| self.release(entry));
        more
    }

    fn release(&self, entry: &Entry) {
        if let Some(budget) = &self.budget {
            budget.release(1, bounds::cost(&entry.key, &entry.value));
        }
    }

    /// Looks at a key's entry and does what `decide` says. It is asked again if something had to be evicted first.
    fn write<R>(
        &self,
        key: &str,
        mut decide: impl FnMut(Option<&Entry>) -> Result<Decision<R>, StoreError>,
    ) -> Result<R, StoreError> {
        let hash = self.hash(key);
        let number = self.number(hash);
        loop {
            let mut removed = Vec::new();
            let mut shard = self.shards[number].write();
            self.check_open()?;
            self.drain(&mut shard, DRAIN_PER_WRITE, &mut removed);
            let place = shard.find(hash, key);
            let live = place.map(|place| shard.entry(place)).filter(|entry| entry.is_live(|| self.now()));
            match decide(live)? {
                Decision::Leave(reply) => return Ok(reply),
                Decision::Remove(reply) => {
                    let old = place.and_then(|place| shard.remove(hash, place));
                    // Under the lock: who finds the shard empty must find room as well.
                    old.iter().for_each(|entry| self.release(entry));
                    drop(shard);
                    // Large values are freed after it.
                    drop(old);
                    return Ok(reply);
                }
                Decision::Put(value, expiry, reply) => {
                    let deadline = self.deadline(expiry, live.map_or(0, |entry| entry.deadline))?;
                    let growth = self.growth(&shard, place, key, &value);
                    if self.reserve(growth)? {
                        let old = self.put(&mut shard, place, hash, key, value, deadline);
                        drop(shard);
                        drop(old);
                        self.notice.deadline(deadline);
                        return Ok(reply);
                    }
                    drop(shard);
                    let largest = self.cost(key, &value);
                    self.make_room(number, (1, largest))?;
                }
            }
        }
    }

    fn growth(&self, shard: &Shard, place: Option<u32>, key: &str, value: &Portable) -> Growth {
        if self.budget.is_none() {
            return (0, 0);
        }
        let new = self.cost(key, value) as isize;
        match place {
            Some(place) => (0, new - self.cost(key, &shard.entry(place).value) as isize),
            None => (1, new),
        }
    }

    fn put(
        &self,
        shard: &mut Shard,
        place: Option<u32>,
        hash: u64,
        key: &str,
        value: Portable,
        deadline: u64,
    ) -> Option<Portable> {
        let used = self.used();
        match place {
            Some(place) => Some(shard.replace(place, value, deadline, used)),
            None => {
                shard.insert(&self.hasher, hash, entry(key, value, deadline), used);
                None
            }
        }
    }

    /// Evicts an entry, so that something of this size (entries and bytes) can be tried again.
    fn make_room(&self, home: usize, size: (usize, usize)) -> Result<(), StoreError> {
        let budget = self.budget.as_ref().expect("there is always room without bounds");
        if !budget.bounds.can_hold(size) {
            return Err(StoreError::Full);
        }
        let count = self.shards.len();
        for number in (home..home + count).map(|number| number % count) {
            let mut removed = Vec::new();
            let mut shard = self.shards[number].write();
            self.drain(&mut shard, BATCH, &mut removed);
            if !removed.is_empty() {
                return Ok(());
            }
            let victim = match budget.bounds.policy {
                Policy::Lru => shard.evict_oldest(&self.hasher),
                Policy::Ttl => shard.evict_soonest(&self.hasher),
                Policy::Reject => None,
            };
            if let Some(victim) = victim {
                self.release(&victim);
                drop(shard);
                return Ok(());
            }
        }
        match budget.bounds.policy {
            // Everything may go, so others have been at it meanwhile: there is room, or will be.
            Policy::Lru => Ok(()),
            Policy::Ttl | Policy::Reject => Err(StoreError::Full),
        }
    }

    fn empty(&self) {
        // All locks first, so that nobody sees half of it cleared. In order: two clears cannot lock each other out.
        let mut shards: Vec<_> = self.shards.iter().map(RwLock::write).collect();
        let old: Vec<Shard> = shards.iter_mut().map(|shard| std::mem::take(&mut **shard)).collect();
        if let Some(budget) = &self.budget {
            budget.reset();
        }
        drop(shards);
        drop(old);
    }

    /// The shards of these keys, in the order in which they are locked.
    fn shards_of<'k>(&self, keys: impl Iterator<Item = &'k SmolStr>) -> BTreeSet<usize> {
        keys.map(|key| self.number(self.hash(key))).collect()
    }

    fn is_unchanged(&self, shard: &Shard, key: &str, seen: &Seen) -> bool {
        let hash = self.hash(key);
        let entry = shard.find(hash, key).map(|place| shard.entry(place));
        let live = entry.filter(|entry| entry.is_live(|| self.now()));
        match (seen, live) {
            (Seen::Absent, None) => true,
            (Seen::Value(value), Some(entry)) => entry.value.is_same(value),
            _ => false,
        }
    }

    #[cfg(test)]
    pub(super) fn physical_len(&self) -> (usize, usize) {
        let count = |(entries, deadlines), shard: &RwLock<Shard>| {
            let shard = shard.read();
            (entries + shard.len(), deadlines + shard.deadlines())
        };
        self.shards.iter().fold((0, 0), count)
    }

    #[cfg(test)]
    pub(crate) fn accounted(&self) -> Option<(usize, usize)> {
        self.budget.as_ref().map(Budget::taken)
    }
}

fn nanos(time: Duration) -> u64 {
    u64::try_from(time.as_nanos()).unwrap_or(u64::MAX)
}

/// Whether an entry lets a condition's write happen.
fn allows(condition: &Condition, entry: Option<&Entry>) -> bool {
    match (condition, entry) {
        (Condition::Always, _) => true,
        (Condition::Absent | Condition::Unchanged(Seen::Absent), entry) => entry.is_none(),
        (Condition::Unchanged(Seen::Value(value)), Some(entry)) => entry.value.is_same(value),
        (Condition::Unchanged(_), _) => false,
    }
}

impl Store for MemoryStore {
    fn name(&self) -> &str {
        &self.name
    }

    fn lane(&self, extent: Extent) -> Option<&Arc<Lane>> {
        let takes_time = || self.shards.iter().map(|shard| shard.read().len()).sum::<usize>() > LARGE;
        (extent == Extent::Whole && takes_time()).then_some(&self.long)
    }

    fn set_if(&self, key: &str, value: Portable, expiry: Expiry, condition: &Condition) -> Result<bool, StoreError> {
        self.write(key, |entry| {
            let allowed = allows(condition, entry);
            Ok(if allowed { Decision::Put(value.clone(), expiry, true) } else { Decision::Leave(false) })
        })
    }

    fn get(&self, key: &str) -> Result<Option<Portable>, StoreError> {
        self.check_open()?;
        let hash = self.hash(key);
        let shard = self.shards[self.number(hash)].read();
        Ok(self.look(&shard, hash, key).map(|entry| entry.value.clone()))
    }

    fn read(&self, keys: &[SmolStr], unchanged: &[(SmolStr, Seen)]) -> Result<Vec<Read>, StoreError> {
        let numbers = self.shards_of(keys.iter().chain(unchanged.iter().map(|(key, _)| key)));
        let shards: BTreeMap<usize, _> =
            numbers.into_iter().map(|number| (number, self.shards[number].read())).collect();
        self.check_open()?;
        for (key, seen) in unchanged {
            if !self.is_unchanged(&shards[&self.number(self.hash(key))], key, seen) {
                return Err(StoreError::Conflict);
            }
        }
        let read = |key: &SmolStr| {
            let hash = self.hash(key);
            match self.look(&shards[&self.number(hash)], hash, key) {
                Some(entry) => Read { value: Some(entry.value.clone()), seen: Seen::Value(entry.value.clone()) },
                None => Read { value: None, seen: Seen::Absent },
            }
        };
        Ok(keys.iter().map(read).collect())
    }

    fn commit(&self, unchanged: &[(SmolStr, Seen)], writes: Vec<(SmolStr, Write)>) -> Result<(), StoreError> {
        let keys = unchanged.iter().map(|(key, _)| key).chain(writes.iter().map(|(key, _)| key));
        let numbers = self.shards_of(keys);
        let Some(&home) = numbers.first() else { return Ok(()) };
        let mut old = Vec::new();
        let mut removed = Vec::new();
        loop {
            let mut shards: BTreeMap<usize, _> =
                numbers.iter().map(|&number| (number, self.shards[number].write())).collect();
            self.check_open()?;
            for shard in shards.values_mut() {
                self.drain(shard, DRAIN_PER_WRITE, &mut removed);
            }
            for (key, seen) in unchanged {
                if !self.is_unchanged(&shards[&self.number(self.hash(key))], key, seen) {
                    return Err(StoreError::Conflict);
                }
            }
            // Everything that can fail comes before the first change.
            let mut growth: Growth = (0, 0);
            let mut size = (0, 0);
            let mut deadlines = Vec::with_capacity(writes.len());
            for (key, write) in &writes {
                let hash = self.hash(key);
                let shard = &shards[&self.number(hash)];
                let place = shard.find(hash, key);
                let live = place.map(|place| shard.entry(place)).filter(|entry| entry.is_live(|| self.now()));
                let Write::Set(value, expiry) = write else {
                    deadlines.push(0);
                    continue;
                };
                deadlines.push(self.deadline(*expiry, live.map_or(0, |entry| entry.deadline))?);
                let one = self.growth(shard, place, key, value);
                growth = (growth.0 + one.0, growth.1 + one.1);
                size = (size.0 + 1, size.1 + self.cost(key, value));
            }
            if !self.reserve(growth)? {
                drop(shards);
                self.make_room(home, size)?;
                continue;
            }
            for ((key, write), &deadline) in writes.iter().zip(&deadlines) {
                let hash = self.hash(key);
                let shard = shards.get_mut(&self.number(hash)).expect("all are locked");
                let place = shard.find(hash, key);
                match write {
                    Write::Set(value, _) => old.extend(self.put(shard, place, hash, key, value.clone(), deadline)),
                    Write::Delete => {
                        let entry = place.and_then(|place| shard.remove(hash, place));
                        entry.iter().for_each(|entry| self.release(entry));
                        removed.extend(entry);
                    }
                }
            }
            drop(shards);
            deadlines.into_iter().for_each(|deadline| self.notice.deadline(deadline));
            return Ok(());
        }
    }

    fn incr(&self, key: &str, delta: &Portable) -> Result<Portable, StoreError> {
        self.write(key, |entry| {
            let sum = match entry {
                None => delta.clone(),
                Some(entry) => add(&entry.value, delta).ok_or(StoreError::NotAnInt)?,
            };
            Ok(Decision::Put(sum.clone(), Expiry::Keep, sum))
        })
    }

    fn incr_small(&self, key: &str, delta: i64) -> Result<Option<i64>, StoreError> {
        if self.budget.is_some() {
            return Ok(None);
        }
        let hash = self.hash(key);
        let mut shard = self.shards[self.number(hash)].write();
        self.check_open()?;
        let live = shard.find(hash, key).filter(|&place| shard.entry(place).is_live(|| self.now()));
        let Some(place) = live else { return Ok(None) };
        let value = shard.value_mut(place);
        let sum = value.as_int().and_then(|value| value.checked_add(delta));
        if let Some(sum) = sum {
            *value = Portable::int(sum);
        }
        Ok(sum)
    }

    fn take(&self, key: &str) -> Result<Option<Portable>, StoreError> {
        self.write(key, |entry| {
            Ok(match entry {
                Some(entry) => Decision::Remove(Some(entry.value.clone())),
                None => Decision::Leave(None),
            })
        })
    }

    fn delete(&self, key: &str) -> Result<bool, StoreError> {
        self.write(key, |entry| {
            Ok(match entry {
                Some(_) => Decision::Remove(true),
                None => Decision::Leave(false),
            })
        })
    }

    fn exists(&self, key: &str) -> Result<bool, StoreError> {
        self.check_open()?;
        let hash = self.hash(key);
        let shard = self.shards[self.number(hash)].read();
        Ok(shard.find(hash, key).is_some_and(|place| shard.entry(place).is_live(|| self.now())))
    }

    fn ttl(&self, key: &str) -> Result<Ttl, StoreError> {
        self.check_open()?;
        let hash = self.hash(key);
        let shard = self.shards[self.number(hash)].read();
        let Some(place) = shard.find(hash, key) else { return Ok(Ttl::Missing) };
        Ok(match shard.entry(place).deadline {
            0 => Ttl::Unlimited,
            deadline => match deadline.saturating_sub(self.now()) {
                0 => Ttl::Missing,
                left => Ttl::Left(Duration::from_nanos(left)),
            },
        })
    }

    fn expire(&self, key: &str, ttl: Option<Duration>) -> Result<bool, StoreError> {
        self.write(key, |entry| {
            Ok(match entry {
                Some(entry) => Decision::Put(entry.value.clone(), ttl.into(), true),
                None => Decision::Leave(false),
            })
        })
    }

    fn keys(&self, glob: &Glob) -> Result<Vec<SmolStr>, StoreError> {
        self.check_open()?;
        let now = self.now();
        let mut keys = Vec::new();
        for shard in &self.shards {
            let shard = shard.read();
            let live = shard.iter_from(0).filter(|(_, entry)| entry.is_live(|| now) && glob.matches(&entry.key));
            keys.extend(live.map(|(_, entry)| entry.key.clone()));
        }
        keys.sort_unstable();
        Ok(keys)
    }

    fn scan(&self, prefix: &str, cursor: Option<&str>, limit: usize) -> Result<Page, StoreError> {
        self.check_open()?;
        let (mut number, mut place) = match cursor {
            None => (0, 0),
            Some(cursor) => parse_cursor(cursor).ok_or(StoreError::BadCursor)?,
        };
        let now = self.now();
        let mut keys = Vec::new();
        while let Some(shard) = self.shards.get(number) {
            let shard = shard.read();
            // No lock is held for more than so many entries.
            let stop = place.saturating_add(BATCH as u32);
            for (at, entry) in shard.iter_from(place).take_while(|(at, _)| *at < stop) {
                if entry.key.starts_with(prefix) && entry.is_live(|| now) {
                    keys.push(entry.key.clone());
                    if keys.len() >= limit {
                        let mut next = String::new();
                        write!(next, "{number}.{}", at + 1).expect("writing to a String cannot fail");
                        return Ok(Page { keys, next: Some(next.into()) });
                    }
                }
            }
            (number, place) = if stop < shard.end() { (number, stop) } else { (number + 1, 0) };
        }
        Ok(Page { keys, next: None })
    }

    fn len(&self) -> Result<usize, StoreError> {
        self.check_open()?;
        let mut len = 0;
        for shard in &self.shards {
            let now = self.now();
            let read = shard.read();
            len += if read.next_deadline().is_none_or(|next| next > now) {
                read.len()
            } else {
                drop(read);
                let mut removed = Vec::new();
                while self.drain(&mut shard.write(), BATCH, &mut removed) {
                    removed.clear();
                }
                shard.read().len()
            };
        }
        Ok(len)
    }

    fn clear(&self) -> Result<(), StoreError> {
        self.check_open()?;
        self.empty();
        Ok(())
    }

    fn close(&self) -> Result<(), StoreError> {
        // Writers look under their lock, so nothing comes after what is removed here.
        self.closed.store(true, Ordering::Release);
        self.empty();
        Ok(())
    }

    fn sweep(&self) -> Option<Duration> {
        self.notice.start_over();
        let mut next: Option<u64> = None;
        for shard in &self.shards {
            let mut removed = Vec::new();
            while self.drain(&mut shard.write(), BATCH, &mut removed) {
                // Freed without the lock, and others get their turn.
                removed.clear();
            }
            let first = shard.read().next_deadline();
            next = next.into_iter().chain(first).min();
        }
        next.map(|next| {
            self.notice.note(next);
            Duration::from_nanos(next)
        })
    }
}

fn parse_cursor(cursor: &str) -> Option<(usize, u32)> {
    let (number, place) = cursor.split_once('.')?;
    Some((number.parse().ok()?, place.parse().ok()?))
}
