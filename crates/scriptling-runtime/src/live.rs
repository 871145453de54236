//! The tasks that have not ended.
//!
//! In several parts, each with a lock of its own. Tasks that were made one after the other are in the same part, because
//! they are where the memory is that goes with them; those that end at the same moment on different threads mostly are not.

use std::sync::Arc;

use crossbeam_utils::CachePadded;
use slab::Slab;

use crate::primitives::Mutex;
use crate::task::Task;

/// How many parts there are.
const PARTS: usize = 16;

/// How many tasks in a row go into the same part.
const NEIGHBOURS: u64 = 8;

/// Tasks that have not ended. Each knows its place in its part.
pub(crate) struct LiveTasks([CachePadded<Mutex<Slab<Arc<Task>>>>; PARTS]);

impl LiveTasks {
    /// None.
    pub(crate) fn new() -> LiveTasks {
        LiveTasks(std::array::from_fn(|_| CachePadded::new(Mutex::new(Slab::new()))))
    }

    fn part(&self, task: &Task) -> &Mutex<Slab<Arc<Task>>> {
        &self.0[(task.id() / NEIGHBOURS) as usize % PARTS]
    }

    /// Adds one. A later [`LiveTasks::all`] has it, or else what was written before that is seen after this.
    pub(crate) fn add(&self, task: &Arc<Task>) {
        let mut part = self.part(task).lock();
        task.set_place(part.insert(task.clone()));
    }

    /// Removes one, if it is there; whether its part is empty now.
    pub(crate) fn remove(&self, task: &Arc<Task>) -> bool {
        let mut part = self.part(task).lock();
        if part.get(task.place()).is_some_and(|known| Arc::ptr_eq(known, task)) {
            part.remove(task.place());
        }
        part.is_empty()
    }

    /// Whether there are none, if none is added meanwhile.
    pub(crate) fn is_empty(&self) -> bool {
        self.0.iter().all(|part| part.lock().is_empty())
    }

    /// All, oldest first.
    pub(crate) fn all(&self) -> Vec<Arc<Task>> {
        let mut all = Vec::new();
        for part in &self.0 {
            all.extend(part.lock().iter().map(|(_, task)| task.clone()));
        }
        all.sort_by_key(|task| task.id());
        all
    }
}
