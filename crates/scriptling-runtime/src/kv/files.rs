//! The files that this process has open as stores: one store per file, whichever runtimes have it.
//!
//! The lock on a file that keeps other processes out would keep out a second runtime of this one as well, though the two could
//! share what is in memory just as tasks do. So this list is the process's, the only one that is: a runtime that opens a file
//! gets a [`Lease`] of the store, and the store is closed with the last of them.
//!
//! A place in the list is locked while its file is opened or closed, which takes time; the list itself only for a moment.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, PoisonError, Weak};

use smol_str::SmolStr;

use super::registry::{Options, Refused};
use super::sweeper::Sweeper;
use super::{DiskStore, Durability, Store, StoreError};
use crate::clock::Clock;
use crate::primitives::Mutex;

/// By where they really are. Not of `primitives`: its locks are those of one run of a permutation test, and this outlives it.
static FILES: std::sync::Mutex<BTreeMap<PathBuf, Weak<Place>>> = std::sync::Mutex::new(BTreeMap::new());

/// A file's place in the list; empty before it is opened and once it is closed.
type Place = Mutex<Option<File>>;

struct File {
    store: Arc<dyn Store>,
    options: Options,
    /// Looks after this file alone: it must not end with the runtime that happened to open it.
    sweeper: Arc<Sweeper>,
    leases: usize,
}

/// A runtime's share in an open file.
pub(super) struct Lease {
    place: Arc<Place>,
    pub(super) store: Arc<dyn Store>,
    /// What it was opened with.
    pub(super) options: Options,
}

fn place(path: &Path) -> Arc<Place> {
    let mut files = FILES.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(known) = files.get(path).and_then(Weak::upgrade) {
        return known;
    }
    files.retain(|_, place| place.strong_count() > 0);
    let place = Arc::new(Place::default());
    files.insert(path.to_owned(), Arc::downgrade(&place));
    place
}

impl Lease {
    /// Opens the file at `path`, where it really is, or shares in the open one. `name` is what the user calls it.
    pub(super) fn new(path: PathBuf, name: &str, asked: Options, clock: Arc<dyn Clock>) -> Result<Lease, Refused> {
        let place = place(&path);
        let mut file = place.lock();
        let durability = asked.durability.unwrap_or(Durability::Immediate);
        if let Some(known) = &mut *file {
            // Who asks for nothing is promised the default, whatever a program that it knows nothing of has chosen.
            known.options.check(name, &Options { durability: Some(durability), ..asked })?;
            known.leases += 1;
            return Ok(Lease { place: place.clone(), store: known.store.clone(), options: known.options });
        }
        let sweeper = Arc::new(Sweeper::new(clock.clone()));
        let store = DiskStore::with(SmolStr::new(name), path, clock, durability, Some(sweeper.clone()));
        let store: Arc<dyn Store> = Arc::new(store.map_err(Refused::Store)?);
        sweeper.add(&store);
        *file = Some(File { store: store.clone(), options: asked, sweeper, leases: 1 });
        Ok(Lease { place: place.clone(), store, options: asked })
    }

    /// Ends it: the file is closed if it was the last, and flushed if not.
    pub(super) fn end(self) -> Result<(), StoreError> {
        let mut place = self.place.lock();
        let Some(file) = &mut *place else { return Ok(()) };
        file.leases -= 1;
        if file.leases > 0 {
            let store = file.store.clone();
            drop(place);
            return store.flush();
        }
        let file = place.take();
        // With the place locked: who opens the file next waits until it is closed.
        file.map_or(Ok(()), |file| {
            file.sweeper.stop();
            file.store.close()
        })
    }
}
