//! The store in a file, on redb.
//!
//! Reads are redb's read transactions: each sees one moment and none waits for a writer. Writes are grouped (`commit`):
//! whoever comes while a commit is under way is part of the next one, so many tasks that write at once share the time that
//! the disk takes. With [`Durability::Immediate`] a write returns when it is on the disk; with [`Durability::Eventual`] when
//! it can be read, and the sweeper's thread puts it on the disk soon.
//!
//! After a failure of the disk redb refuses to go on, rightly: what it has in memory may not be what is in the file. Then the
//! database is opened again, which goes back to the last commit that is complete. Whoever was told of a success is in it.
//! Whoever was told of a failure may be: a disk that fails does not always say what it has done.
//!
//! Panics inside of redb, which a damaged file may cause, are such failures too.

mod commit;
mod format;

use std::ops::Bound;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use redb::{Database, DatabaseError, ReadableDatabase, ReadableTable, ReadableTableMetadata, StorageBackend};
use scriptling_vm::portable::Portable;
use smol_str::SmolStr;

use self::commit::{Change, Group, Reply};
use self::format::{ABOUT, DEADLINES, ENTRIES, FORMAT, FORMAT_VERSION};
use super::sweeper::Sweeper;
use super::{Condition, Expiry, Extent, Glob, Lane, Page, Read, Seen, Store, StoreError, Ttl, Write};
use crate::clock::Clock;
use crate::primitives::atomic::{AtomicBool, Ordering};
use crate::primitives::{RwLock, thread};

/// Memory for pages of the file.
const CACHE: usize = 64 * 1024 * 1024;

/// How long a write may be only in memory with [`Durability::Eventual`].
const FLUSH_AFTER: Duration = Duration::from_millis(200);

/// When a write is on the disk.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Durability {
    /// Before it returns.
    Immediate,
    /// Soon after.
    Eventual,
}

/// The store; see the module documentation.
pub struct DiskStore {
    name: SmolStr,
    path: PathBuf,
    open: Box<dyn Fn() -> Result<Database, StoreError> + Send + Sync>,
    database: RwLock<State>,
    group: Group,
    clock: Arc<dyn Clock>,
    durability: Durability,
    /// There are commits that are in memory only.
    dirty: AtomicBool,
    /// The process is about to end: see [`Store::seal`].
    sealed: AtomicBool,
    sweeper: Option<Arc<Sweeper>>,
    short: Arc<Lane>,
    long: Arc<Lane>,
}

enum State {
    Open(Box<Database>),
    /// It failed; the next operation opens it again.
    Failed,
    Closed,
}

/// Payload and deadline of an entry that has not ended.
type Live = (Arc<[u8]>, u64);

/// What an operation on the database ends with, if not well.
pub(super) enum Fault {
    /// The operation was refused; the database is as it was.
    Refused(StoreError),
    /// The database must be opened again.
    Fatal(StoreError),
    /// As before, but it is an earlier failure that is being reported: once it is open again, the operation can be tried.
    Earlier,
}

impl From<StoreError> for Fault {
    fn from(error: StoreError) -> Fault {
        Fault::Refused(error)
    }
}

macro_rules! faults {
    ($($error:ty)*) => {$(
        impl From<$error> for Fault {
            fn from(error: $error) -> Fault {
                fault(error.into())
            }
        }
    )*};
}

faults! { redb::StorageError redb::TransactionError redb::TableError redb::CommitError redb::SetDurabilityError }

fn fault(error: redb::Error) -> Fault {
    match error {
        redb::Error::Corrupted(what) => Fault::Fatal(damaged(&what)),
        redb::Error::ValueTooLarge(size) => {
            Fault::Refused(StoreError::Failed(format!("a value of {size} bytes is too large")))
        }
        redb::Error::PreviousIo | redb::Error::DatabaseClosed | redb::Error::TransactionPoisoned => Fault::Earlier,
        error => Fault::Fatal(StoreError::Failed(error.to_string())),
    }
}

impl DiskStore {
    /// Opens a file, or makes it if it does not exist. `path` is where it is, `name` what the user calls it.
    ///
    /// Fails if the file is open elsewhere, is not a store's, or is damaged; it is not touched then.
    pub fn open(
        name: SmolStr,
        path: PathBuf,
        clock: Arc<dyn Clock>,
        durability: Durability,
    ) -> Result<DiskStore, StoreError> {
        DiskStore::with(name, path, clock, durability, None)
    }

    pub(crate) fn with(
        name: SmolStr,
        path: PathBuf,
        clock: Arc<dyn Clock>,
        durability: Durability,
        sweeper: Option<Arc<Sweeper>>,
    ) -> Result<DiskStore, StoreError> {
        let file = path.clone();
        let open = move || open_file(&file);
        DiskStore::from_opener(name, path, Box::new(open), clock, durability, sweeper)
    }

    /// A store on anything that redb can use. `backend` is asked again after a failure, and must then give the same content.
    pub fn with_backend<B: StorageBackend>(
        name: SmolStr,
        backend: impl Fn() -> B + Send + Sync + 'static,
        clock: Arc<dyn Clock>,
        durability: Durability,
    ) -> Result<DiskStore, StoreError> {
        let open = move || Database::builder().set_cache_size(CACHE).create_with_backend(backend()).map_err(open_error);
        DiskStore::from_opener(name, PathBuf::new(), Box::new(open), clock, durability, None)
    }

    fn from_opener(
        name: SmolStr,
        path: PathBuf,
        open: Box<dyn Fn() -> Result<Database, StoreError> + Send + Sync>,
        clock: Arc<dyn Clock>,
        durability: Durability,
        sweeper: Option<Arc<Sweeper>>,
    ) -> Result<DiskStore, StoreError> {
        let store = DiskStore {
            name,
            path,
            open,
            database: RwLock::new(State::Failed),
            group: Group::default(),
            clock,
            durability,
            dirty: AtomicBool::new(false),
            sealed: AtomicBool::new(false),
            sweeper,
            short: Lane::short(),
            long: Lane::long(),
        };
        store.reopen()?;
        store.with_database(prepare)?;
        // What ended while nobody had the file open.
        if let Some(sweeper) = &store.sweeper {
            sweeper.wake_at(store.clock.now() + FLUSH_AFTER);
        }
        Ok(store)
    }

    /// Opens the database if it is not.
    fn reopen(&self) -> Result<(), StoreError> {
        let mut state = self.database.write();
        if matches!(*state, State::Failed) {
            *state = State::Open(Box::new(guarded(|| (self.open)()).map_err(|error| self.located(error))?));
        }
        Ok(())
    }

    /// Drops the database: the next operation opens it again.
    fn fail(&self) {
        let mut state = self.database.write();
        if matches!(*state, State::Open(_)) {
            let old = std::mem::replace(&mut *state, State::Failed);
            // It has failed already; that it fails once more on the way out is nobody's concern.
            let _ = catch_unwind(AssertUnwindSafe(move || drop(old)));
        }
    }

    fn located(&self, error: StoreError) -> StoreError {
        match error {
            StoreError::Failed(message) => StoreError::Failed(format!("store '{}': {message}", self.name)),
            StoreError::Damaged(message) => StoreError::Damaged(format!("store '{}': {message}", self.name)),
            other => other,
        }
    }

    /// Does something with the database, which is opened again if it has failed before.
    fn with_database<R>(&self, mut work: impl FnMut(&Database) -> Result<R, Fault>) -> Result<R, StoreError> {
        for _ in 0..3 {
            let state = self.database.read();
            let database = match &*state {
                State::Open(database) => database,
                State::Closed => return Err(StoreError::Closed),
                State::Failed => {
                    drop(state);
                    self.reopen()?;
                    continue;
                }
            };
            let result = catch_unwind(AssertUnwindSafe(|| work(database)));
            drop(state);
            let error = match result {
                Ok(Ok(result)) => return Ok(result),
                Ok(Err(Fault::Refused(error))) => return Err(self.located(error)),
                Ok(Err(Fault::Earlier)) => {
                    self.fail();
                    continue;
                }
                Ok(Err(Fault::Fatal(error))) => error,
                Err(_) => damaged("it cannot be made sense of"),
            };
            self.fail();
            return Err(self.located(error));
        }
        Err(self.located(StoreError::Failed("the disk fails again and again".into())))
    }

    fn now(&self) -> u64 {
        micros(self.clock.wall())
    }

    /// The deadline that an expiry means, as far as it does not depend on the entry.
    fn deadline(&self, expiry: Expiry) -> Result<Option<u64>, StoreError> {
        match expiry {
            Expiry::Keep => Ok(None),
            Expiry::Never => Ok(Some(0)),
            Expiry::After(ttl) => {
                let end = self.clock.wall().checked_add(ttl).ok_or(StoreError::TtlTooLarge)?;
                // Rounded up: what is stored for a nanosecond is not stored for ever.
                u64::try_from(end.as_nanos().div_ceil(1000)).map(Some).map_err(|_| StoreError::TtlTooLarge)
            }
        }
    }

    /// Has a change made by the next commit, and waits for it.
    fn change(&self, change: Change) -> Result<Reply, StoreError> {
        let durability = match (&change, self.durability) {
            (Change::Flush, _) => Durability::Immediate,
            (_, durability) => durability,
        };
        let ends_unflushed = !matches!(change, Change::Flush) && durability == Durability::Eventual;
        let reply = self.group.submit(change, durability, &self.short, |batch, durability| {
            let refuse = |error| self.located(error);
            let done = self.with_database(|database| commit::run(database, batch, durability, self.now(), refuse));
            if let Ok(changed) = &done {
                self.committed(*changed, durability);
            }
            done.map(drop)
        });
        // A change whose caller finds the store not sealed here was committed before the flush that follows the seal.
        while ends_unflushed && self.sealed.load(Ordering::SeqCst) {
            thread::park();
        }
        reply
    }

    /// A commit has happened.
    fn committed(&self, changed: bool, durability: Durability) {
        match durability {
            Durability::Immediate => self.dirty.store(false, Ordering::Release),
            Durability::Eventual if changed && !self.dirty.swap(true, Ordering::AcqRel) => {
                if let Some(sweeper) = &self.sweeper {
                    sweeper.wake_at(self.clock.now() + FLUSH_AFTER);
                }
            }
            Durability::Eventual => {}
        }
    }

    /// Tells the sweeper of a deadline.
    fn notice(&self, deadline: Option<u64>) {
        if let (Some(sweeper), Some(deadline)) = (&self.sweeper, deadline.filter(|deadline| *deadline != 0)) {
            let left = Duration::from_micros(deadline.saturating_sub(self.now()));
            sweeper.wake_at(self.clock.now().saturating_add(left).saturating_add(FLUSH_AFTER));
        }
    }

    fn read_entries<R>(
        &self,
        read: impl Fn(&redb::ReadOnlyTable<&'static str, &'static [u8]>) -> Result<R, Fault>,
    ) -> Result<R, StoreError> {
        self.with_database(|database| read(&database.begin_read()?.open_table(ENTRIES)?))
    }

    /// The payload and deadline of a live entry.
    fn live(
        table: &impl ReadableTable<&'static str, &'static [u8]>,
        key: &str,
        now: u64,
    ) -> Result<Option<Live>, Fault> {
        let Some(record) = table.get(key)? else { return Ok(None) };
        let record = format::parse(key, record.value())?;
        Ok(is_live(record.deadline, now).then(|| (record.payload.into(), record.deadline)))
    }
}

pub(super) fn is_live(deadline: u64, now: u64) -> bool {
    deadline == 0 || deadline > now
}

fn micros(time: Duration) -> u64 {
    u64::try_from(time.as_micros()).unwrap_or(u64::MAX)
}

/// Runs something of redb's that may meet a damaged file.
fn guarded<R>(work: impl FnOnce() -> Result<R, StoreError>) -> Result<R, StoreError> {
    catch_unwind(AssertUnwindSafe(work)).unwrap_or_else(|_| Err(damaged("it cannot be made sense of")))
}

/// What a file that is damaged is refused with.
fn damaged(what: &str) -> StoreError {
    StoreError::Damaged(format!("the file is damaged ({what}): restore it from a copy"))
}

fn open_error(error: DatabaseError) -> StoreError {
    match error {
        DatabaseError::DatabaseAlreadyOpen | DatabaseError::LockProtocolMismatch => StoreError::Failed(
            "the file is open in another process, or by another name (a hard link) in this one".into(),
        ),
        DatabaseError::UpgradeRequired(version) => {
            StoreError::Failed(format!("the file has the old format {version} of redb"))
        }
        DatabaseError::Storage(redb::StorageError::Corrupted(what)) => damaged(&what),
        DatabaseError::Storage(redb::StorageError::Io(error)) if error.kind() == std::io::ErrorKind::InvalidData => {
            StoreError::Damaged(
                "the file is not a key-value store, or is damaged: use another path, or restore it from a copy".into(),
            )
        }
        DatabaseError::Storage(redb::StorageError::Io(error)) => StoreError::Failed(error.to_string()),
        error => StoreError::Failed(error.to_string()),
    }
}

fn open_file(path: &Path) -> Result<Database, StoreError> {
    let mut builder = Database::builder();
    // All of it, however large. The checksums of records vouch for what is found, but a page that was damaged can also make
    // an entry not be found, or an older one be found in its place, and only redb's tree of checksums tells.
    builder.set_cache_size(CACHE).set_check_integrity_on_open(true);
    builder.create(path).map_err(open_error)
}

/// Makes the tables of a new database; refuses one that is not a store's.
fn prepare(database: &Database) -> Result<(), Fault> {
    let foreign = || StoreError::Failed("the file is a redb database, but not a key-value store".into());
    let read = database.begin_read()?;
    if read.list_tables()?.next().is_some() || read.list_multimap_tables()?.next().is_some() {
        let about = read.open_table(ABOUT).map_err(|error| match error {
            redb::TableError::Storage(error) => Fault::from(error),
            _ => foreign().into(),
        })?;
        return match about.get(FORMAT)?.map(|version| version.value()) {
            Some(FORMAT_VERSION) => Ok(()),
            Some(version) => {
                Err(StoreError::Failed(format!("the file has format {version}, which this program does not know"))
                    .into())
            }
            None => Err(foreign().into()),
        };
    }
    drop(read);
    let write = database.begin_write()?;
    write.open_table(ABOUT)?.insert(FORMAT, FORMAT_VERSION)?;
    write.open_table(ENTRIES)?;
    write.open_table(DEADLINES)?;
    Ok(write.commit()?)
}

impl Store for DiskStore {
    fn name(&self) -> &str {
        &self.name
    }

    fn path(&self) -> Option<&Path> {
        Some(&self.path)
    }

    fn lane(&self, extent: Extent) -> Option<&Arc<Lane>> {
        Some(match extent {
            Extent::Keys => &self.short,
            Extent::Whole => &self.long,
        })
    }

    fn set_if(&self, key: &str, value: Portable, expiry: Expiry, condition: &Condition) -> Result<bool, StoreError> {
        let deadline = self.deadline(expiry)?;
        let change = Change::Set {
            key: key.into(),
            payload: format::payload(&value)?,
            deadline,
            condition: commit::condition(condition)?,
        };
        let done = self.change(change)?.truth();
        self.notice(deadline);
        Ok(done)
    }

    fn get(&self, key: &str) -> Result<Option<Portable>, StoreError> {
        let now = self.now();
        let payload = self.read_entries(|entries| DiskStore::live(entries, key, now))?;
        let value = payload.map(|(payload, _)| format::value(key, &payload)).transpose();
        value.map_err(|error| self.located(error))
    }

    fn read(&self, keys: &[SmolStr], unchanged: &[(SmolStr, Seen)]) -> Result<Vec<Read>, StoreError> {
        let now = self.now();
        let checks = commit::checks(unchanged)?;
        self.read_entries(|entries| {
            for (key, expected) in &checks {
                let payload = DiskStore::live(entries, key, now)?.map(|(payload, _)| payload);
                if payload != *expected {
                    return Err(StoreError::Conflict.into());
                }
            }
            let read = |key: &SmolStr| -> Result<Read, Fault> {
                Ok(match DiskStore::live(entries, key, now)? {
                    Some((payload, _)) => {
                        Read { value: Some(format::value(key, &payload)?), seen: Seen::Bytes(payload) }
                    }
                    None => Read { value: None, seen: Seen::Absent },
                })
            };
            keys.iter().map(read).collect()
        })
    }

    fn commit(&self, unchanged: &[(SmolStr, Seen)], writes: Vec<(SmolStr, Write)>) -> Result<(), StoreError> {
        let checks = commit::checks(unchanged)?;
        let mut earliest = None;
        let mut encoded = Vec::with_capacity(writes.len());
        for (key, write) in writes {
            encoded.push((
                key,
                match write {
                    Write::Delete => None,
                    Write::Set(value, expiry) => {
                        let deadline = self.deadline(expiry)?;
                        let ends = deadline.filter(|deadline| *deadline != 0);
                        earliest = earliest.into_iter().chain(ends).min();
                        Some((format::payload(&value)?, deadline))
                    }
                },
            ));
        }
        self.change(Change::Many { checks, writes: encoded })?;
        self.notice(earliest);
        Ok(())
    }

    fn incr(&self, key: &str, delta: &Portable) -> Result<Portable, StoreError> {
        match self.change(Change::Incr { key: key.into(), delta: delta.clone() })? {
            Reply::Value(Some(value)) => Ok(value),
            _ => Err(StoreError::Failed("there is no sum".into())),
        }
    }

    fn take(&self, key: &str) -> Result<Option<Portable>, StoreError> {
        match self.change(Change::Take { key: key.into() })? {
            Reply::Value(value) => Ok(value),
            Reply::Truth(_) => Ok(None),
        }
    }

    fn delete(&self, key: &str) -> Result<bool, StoreError> {
        Ok(self.change(Change::Delete { key: key.into() })?.truth())
    }

    fn exists(&self, key: &str) -> Result<bool, StoreError> {
        let now = self.now();
        self.read_entries(|entries| Ok(DiskStore::live(entries, key, now)?.is_some()))
    }

    fn ttl(&self, key: &str) -> Result<Ttl, StoreError> {
        let now = self.now();
        self.read_entries(|entries| {
            Ok(match DiskStore::live(entries, key, now)? {
                None => Ttl::Missing,
                Some((_, 0)) => Ttl::Unlimited,
                Some((_, deadline)) => Ttl::Left(Duration::from_micros(deadline - now)),
            })
        })
    }

    fn expire(&self, key: &str, ttl: Option<Duration>) -> Result<bool, StoreError> {
        let deadline = self.deadline(ttl.into())?.unwrap_or(0);
        let done = self.change(Change::Expire { key: key.into(), deadline })?.truth();
        self.notice(Some(deadline));
        Ok(done)
    }

    fn keys(&self, glob: &Glob) -> Result<Vec<SmolStr>, StoreError> {
        let (now, prefix) = (self.now(), glob.prefix());
        self.read_entries(|entries| {
            let mut keys = Vec::new();
            for item in entries.range(prefix.as_str()..)? {
                let (key, record) = item?;
                let key = key.value();
                if !key.starts_with(&prefix) {
                    break;
                }
                if is_live(format::parse(key, record.value())?.deadline, now) && glob.matches(key) {
                    keys.push(SmolStr::new(key));
                }
            }
            Ok(keys)
        })
    }

    fn scan(&self, prefix: &str, cursor: Option<&str>, limit: usize) -> Result<Page, StoreError> {
        let now = self.now();
        self.read_entries(|entries| {
            let start = match cursor {
                // The cursor is the last key of the page before.
                Some(last) if last >= prefix => Bound::Excluded(last),
                _ => Bound::Included(prefix),
            };
            let mut keys = Vec::new();
            for item in entries.range::<&str>((start, Bound::Unbounded))? {
                let (key, record) = item?;
                let key = key.value();
                if !key.starts_with(prefix) {
                    break;
                }
                if !is_live(format::parse(key, record.value())?.deadline, now) {
                    continue;
                }
                if keys.len() >= limit.max(1) {
                    return Ok(Page { next: keys.last().cloned(), keys });
                }
                keys.push(SmolStr::new(key));
            }
            Ok(Page { keys, next: None })
        })
    }

    fn len(&self) -> Result<usize, StoreError> {
        let now = self.now();
        self.with_database(|database| {
            let read = database.begin_read()?;
            let ended = read.open_table(DEADLINES)?.range(..(now.saturating_add(1), ""))?.count();
            Ok((read.open_table(ENTRIES)?.len()? as usize).saturating_sub(ended))
        })
    }

    fn clear(&self) -> Result<(), StoreError> {
        self.change(Change::Clear).map(drop)
    }

    fn flush(&self) -> Result<(), StoreError> {
        if self.dirty.load(Ordering::Acquire) {
            self.change(Change::Flush)?;
        }
        Ok(())
    }

    fn seal(&self) -> Result<(), StoreError> {
        self.sealed.store(true, Ordering::SeqCst);
        self.change(Change::Flush).map(drop)
    }

    fn close(&self) -> Result<(), StoreError> {
        let flushed = self.flush();
        let mut state = self.database.write();
        if let State::Open(database) = std::mem::replace(&mut *state, State::Closed) {
            let closed = guarded(move || database.close().map_err(open_error));
            closed.map_err(|error| self.located(error))?;
        }
        match flushed {
            Err(StoreError::Closed) => Ok(()),
            other => other,
        }
    }

    fn sweep(&self) -> Option<Duration> {
        // A disk that fails is reported by those who read and write; this comes again.
        let again = Some(self.clock.now() + Duration::from_secs(1));
        let now = self.now();
        let next = |database: &Database| -> Result<Option<u64>, Fault> {
            let deadlines = database.begin_read()?.open_table(DEADLINES)?;
            Ok(deadlines.first()?.map(|(key, _)| key.value().0))
        };
        loop {
            match self.with_database(|database| next(database)) {
                Err(StoreError::Closed) => return None,
                Err(_) => return again,
                Ok(Some(deadline)) if deadline <= now => {
                    if self.change(Change::Sweep).is_err() {
                        return again;
                    }
                }
                Ok(deadline) => {
                    if self.flush().is_err() {
                        return again;
                    }
                    let left = Duration::from_micros(deadline?.saturating_sub(now));
                    return Some(self.clock.now().saturating_add(left));
                }
            }
        }
    }
}

impl Drop for DiskStore {
    fn drop(&mut self) {
        // Whoever wants to know of failures closes it.
        let _ = self.close();
    }
}
