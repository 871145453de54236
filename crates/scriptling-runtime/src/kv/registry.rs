//! The stores of a runtime, by name and by file: asking for one gets the open one or opens it.
//!
//! Files are known by where they really are, so all spellings of a path are one store, in all runtimes of a process (`files`).
//! What scripts hold is a [`Handle`]; each can be closed, and a store ends with the last of its handles: a file's store when the last one is closed or gone, a
//! store in memory only when the last one is closed, because its content would be gone with it. The end of the program closes
//! all files.
//!
//! `files` is locked while a file is opened or closed, which takes time, so that is done on a thread of its own: two would
//! wait for each other.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Weak};

use smol_str::SmolStr;

use super::files::Lease;
use super::sweeper::Sweeper;
use super::{Bounds, Durability, Lane, MemoryStore, Policy, Store, StoreError};
use crate::cap::{Cap, OverCap};
use crate::clock::Clock;
use crate::primitives::Mutex;
use crate::primitives::atomic::{AtomicBool, Ordering};

/// What the names of stores in memory start with.
pub(crate) const MEMORY: &str = ":memory:";

/// What somebody who opens a store asks for; `None`: as it is, or the default.
#[derive(Clone, Copy, Default, PartialEq, Eq, Debug)]
pub(crate) struct Options {
    pub(crate) max_entries: Option<usize>,
    pub(crate) max_bytes: Option<usize>,
    pub(crate) policy: Option<Policy>,
    pub(crate) durability: Option<Durability>,
}

/// Why a store was not opened.
#[derive(Debug)]
pub(crate) enum Refused {
    /// It exists with other parameters: the message says which.
    Differs(String),
    /// The file cannot be opened.
    Io(std::io::Error),
    Store(StoreError),
}

impl Options {
    fn bounds(&self) -> Option<Bounds> {
        let (max_entries, max_bytes) = (self.max_entries, self.max_bytes);
        (max_entries.is_some() || max_bytes.is_some()).then(|| Bounds {
            max_entries,
            max_bytes,
            policy: self.policy.unwrap_or(Policy::Lru),
        })
    }

    /// Whether a store that was opened with `self` is what `asked` asks for.
    pub(super) fn check(&self, name: &str, asked: &Options) -> Result<(), Refused> {
        let differs = |what: &str, is: String, asked: String| {
            Err(Refused::Differs(format!("store '{name}' is open with {what}={is}, not {asked}")))
        };
        let number = |value: Option<usize>| value.map_or("None".to_owned(), |value| value.to_string());
        for (what, is, asked) in
            [("max_entries", self.max_entries, asked.max_entries), ("max_bytes", self.max_bytes, asked.max_bytes)]
        {
            if asked.is_some() && is != asked {
                return differs(what, number(is), number(asked));
            }
        }
        let policy = self.bounds().map(|bounds| bounds.policy);
        if asked.policy.is_some() && policy != asked.policy {
            let text =
                |policy: Option<Policy>| policy.map_or("None".to_owned(), |policy| format!("'{}'", policy.name()));
            return differs("policy", text(policy), text(asked.policy));
        }
        let durability = self.durability.unwrap_or(Durability::Immediate);
        match asked.durability {
            Some(asked) if asked != durability => {
                differs("durability", format!("'{}'", durability.name()), format!("'{}'", asked.name()))
            }
            _ => Ok(()),
        }
    }
}

impl Policy {
    /// What scripts call it.
    pub fn name(self) -> &'static str {
        match self {
            Policy::Lru => "lru",
            Policy::Ttl => "ttl",
            Policy::Reject => "reject",
        }
    }

    /// The one that scripts call this.
    pub fn from_name(name: &str) -> Option<Policy> {
        [Policy::Lru, Policy::Ttl, Policy::Reject].into_iter().find(|policy| policy.name() == name)
    }
}

impl Durability {
    /// What scripts call it.
    pub fn name(self) -> &'static str {
        match self {
            Durability::Immediate => "immediate",
            Durability::Eventual => "eventual",
        }
    }

    /// The one that scripts call this.
    pub fn from_name(name: &str) -> Option<Durability> {
        [Durability::Immediate, Durability::Eventual].into_iter().find(|durability| durability.name() == name)
    }
}

/// A store that is open.
struct Opened {
    store: Arc<dyn Store>,
    options: Options,
    /// Handles that are neither closed nor gone.
    handles: usize,
}

/// A file that this runtime has open.
struct OpenFile {
    lease: Lease,
    /// Handles that are neither closed nor gone.
    handles: usize,
}

/// All stores of a runtime.
pub(crate) struct Stores {
    default: Arc<dyn Store>,
    clock: Arc<dyn Clock>,
    sweeper: Arc<Sweeper>,
    /// On what is in memory.
    cap: Option<Arc<Cap>>,
    memory: Mutex<HashMap<SmolStr, Opened>>,
    files: Mutex<HashMap<PathBuf, OpenFile>>,
    /// The stores of `files`, to be had while a file is being opened or closed, which takes as long as it takes.
    open_files: Mutex<Vec<Weak<dyn Store>>>,
    files_lane: Arc<Lane>,
}

impl Stores {
    /// `cap` is on what is in memory; an error if there is no room for nothing at all.
    pub(crate) fn new(clock: Arc<dyn Clock>, cap: Option<Arc<Cap>>) -> Result<Stores, OverCap> {
        let sweeper = Arc::new(Sweeper::new(clock.clone()));
        let default = MemoryStore::with("default".into(), clock.clone(), None, Some(sweeper.clone()));
        let account = cap.as_ref().map(|cap| cap.account("store 'default'"));
        let default: Arc<dyn Store> = Arc::new(default.counted(account)?);
        sweeper.add(&default);
        Ok(Stores {
            default,
            clock,
            sweeper,
            cap,
            memory: Mutex::default(),
            files: Mutex::default(),
            open_files: Mutex::default(),
            files_lane: Lane::new(1),
        })
    }

    /// The default store.
    pub(crate) fn default_store(&self) -> &Arc<dyn Store> {
        &self.default
    }

    /// Where files are opened and closed.
    pub(crate) fn files_lane(&self) -> &Arc<Lane> {
        &self.files_lane
    }

    /// The store in memory of that name.
    pub(crate) fn open_memory(self: &Arc<Self>, name: &str, asked: Options) -> Result<Handle, Refused> {
        let mut memory = self.memory.lock();
        if let Some(known) = memory.get_mut(name) {
            known.options.check(name, &asked)?;
            known.handles += 1;
            return Ok(Handle::new(self, known.store.clone(), Key::Memory(name.into())));
        }
        let sweeper = Some(self.sweeper.clone());
        let store = MemoryStore::with(name.into(), self.clock.clone(), asked.bounds(), sweeper);
        let account = self.cap.as_ref().map(|cap| cap.account(format!("store '{name}'")));
        let store = store.counted(account).map_err(|full| Refused::Store(StoreError::OverCap(full.0)))?;
        let store: Arc<dyn Store> = Arc::new(store);
        self.sweeper.add(&store);
        memory.insert(name.into(), Opened { store: store.clone(), options: asked, handles: 1 });
        Ok(Handle::new(self, store, Key::Memory(name.into())))
    }

    /// The store in that file. Takes time.
    pub(crate) fn open_file(self: &Arc<Self>, name: &str, asked: Options) -> Result<Handle, Refused> {
        let mut files = self.files.lock();
        let path = locate(Path::new(name)).map_err(Refused::Io)?;
        if let Some(known) = files.get_mut(&path) {
            known.lease.options.check(name, &asked)?;
            known.handles += 1;
            return Ok(Handle::new(self, known.lease.store.clone(), Key::File(path)));
        }
        let lease = Lease::new(path.clone(), name, asked, self.clock.clone())?;
        let store = lease.store.clone();
        let mut open_files = self.open_files.lock();
        open_files.retain(|known| known.strong_count() > 0);
        open_files.push(Arc::downgrade(&store));
        drop(open_files);
        files.insert(path.clone(), OpenFile { lease, handles: 1 });
        Ok(Handle::new(self, store, Key::File(path)))
    }

    /// A handle is closed. Takes time if it is a file's.
    fn release(&self, key: &Key, closed: bool) -> Result<(), StoreError> {
        match key {
            Key::Memory(name) => {
                let mut memory = self.memory.lock();
                let Some(known) = memory.get_mut(name) else { return Ok(()) };
                known.handles -= 1;
                if known.handles > 0 || !closed {
                    return Ok(());
                }
                let ended = memory.remove(name);
                drop(memory);
                ended.map_or(Ok(()), |ended| ended.store.close())
            }
            Key::File(path) => {
                let mut files = self.files.lock();
                let Some(known) = files.get_mut(path) else { return Ok(()) };
                known.handles -= 1;
                if known.handles > 0 {
                    return Ok(());
                }
                // Under the lock: who opens the file next waits until it is closed.
                files.remove(path).map_or(Ok(()), |known| known.lease.end())
            }
        }
    }

    /// Closes all files, as far as this runtime is concerned; what went wrong.
    pub(crate) fn close_files(&self) -> Vec<StoreError> {
        let mut files = self.files.lock();
        files.drain().filter_map(|(_, known)| known.lease.end().err()).collect()
    }

    /// Flushes all files, for a process that is about to end; what went wrong. See [`Store::seal`].
    pub(crate) fn seal_files(&self) -> Vec<StoreError> {
        let open: Vec<Arc<dyn Store>> = self.open_files.lock().iter().filter_map(Weak::upgrade).collect();
        let failed = open.iter().filter_map(|store| store.seal().err());
        // Closed ones are flushed.
        failed.filter(|error| *error != StoreError::Closed).collect()
    }

    /// Ends the thread that sweeps.
    pub(crate) fn stop(&self) {
        self.sweeper.stop();
    }
}

/// Where a file really is. It is made if it does not exist, empty, so that it is somewhere.
fn locate(path: &Path) -> std::io::Result<PathBuf> {
    match path.canonicalize() {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
            std::fs::OpenOptions::new().read(true).append(true).create(true).open(path)?;
            let found = path.canonicalize()?;
            // The folder's entry for it must survive as well as what will be in it.
            if let Some(folder) = found.parent()
                && cfg!(unix)
            {
                std::fs::File::open(folder)?.sync_all()?;
            }
            Ok(found)
        }
        Ok(found) if found.is_dir() => Err(std::io::Error::from(std::io::ErrorKind::IsADirectory)),
        found => found,
    }
}

#[derive(Clone)]
enum Key {
    Memory(SmolStr),
    File(PathBuf),
}

/// An open store, as one who has opened it holds it.
pub(crate) struct Handle {
    store: Arc<dyn Store>,
    stores: Weak<Stores>,
    key: Key,
    closed: AtomicBool,
}

impl Handle {
    fn new(stores: &Arc<Stores>, store: Arc<dyn Store>, key: Key) -> Handle {
        Handle { store, stores: Arc::downgrade(stores), key, closed: AtomicBool::new(false) }
    }

    /// The store, open or not.
    pub(crate) fn store(&self) -> &Arc<dyn Store> {
        &self.store
    }

    /// The store, unless this handle was closed.
    pub(crate) fn opened(&self) -> Result<&Arc<dyn Store>, StoreError> {
        if self.closed.load(Ordering::Acquire) { Err(StoreError::Closed) } else { Ok(&self.store) }
    }

    /// Closes the handle; and the store, if it was the last. Takes time if it is a file's.
    pub(crate) fn close(&self) -> Result<(), StoreError> {
        if self.closed.swap(true, Ordering::AcqRel) {
            return Ok(());
        }
        self.stores.upgrade().map_or(Ok(()), |stores| stores.release(&self.key, true))
    }
}

impl Drop for Handle {
    fn drop(&mut self) {
        if self.closed.swap(true, Ordering::AcqRel) {
            return;
        }
        let Some(stores) = self.stores.upgrade() else { return };
        match &self.key {
            // A lock for a moment.
            Key::Memory(_) => drop(stores.release(&self.key, false)),
            // A collection drops handles, on a thread that must not wait. What is acknowledged is on the disk, or will be: the
            // end of the program waits for this.
            Key::File(_) => {
                let key = self.key.clone();
                let lane = stores.files_lane.clone();
                drop(lane.run_in_any_case(move || drop(stores.release(&key, false))));
            }
        }
    }
}
