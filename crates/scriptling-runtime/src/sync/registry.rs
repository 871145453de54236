//! Names of sync objects: one namespace per kind, per runtime. Asking for a name gets the object or creates it.

use std::collections::HashMap;
use std::sync::Arc;

use smol_str::SmolStr;

use super::{Atomic, Queue, Shared, WaitGroup};
use crate::primitives::Mutex;

/// Objects of one kind by name.
pub struct Names<T> {
    known: Mutex<HashMap<SmolStr, Arc<T>>>,
}

impl<T> Default for Names<T> {
    fn default() -> Self {
        Names { known: Mutex::default() }
    }
}

impl<T> Names<T> {
    /// The object of that name, created if there is none.
    pub fn get_or_create(&self, name: &str, create: impl FnOnce(SmolStr) -> T) -> Arc<T> {
        let mut known = self.known.lock();
        if let Some(found) = known.get(name) {
            return found.clone();
        }
        let name = SmolStr::new(name);
        let created = Arc::new(create(name.clone()));
        known.insert(name, created.clone());
        created
    }

    /// The object of that name, if there is one.
    pub fn get(&self, name: &str) -> Option<Arc<T>> {
        self.known.lock().get(name).cloned()
    }

    /// All names, sorted.
    pub fn list(&self) -> Vec<SmolStr> {
        let mut names: Vec<SmolStr> = self.known.lock().keys().cloned().collect();
        names.sort();
        names
    }
}

/// All sync objects of a runtime.
#[derive(Default)]
pub struct Registry {
    /// Queues.
    pub queues: Names<Queue>,
    /// Wait groups.
    pub wait_groups: Names<WaitGroup>,
    /// Counters.
    pub atomics: Names<Atomic>,
    /// Shared values.
    pub shared: Names<Shared>,
}
