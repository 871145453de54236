//! What all sync objects have in common: a kind, a name, an end, and sometimes a task that has to give them back.

use std::any::Any;
use std::fmt;
use std::sync::Arc;

use scriptling_vm::portable::Portable;
use smol_str::SmolStr;

use crate::cap::{Account, Cap, Charge, Item, OverCap};
use crate::primitives::atomic::{AtomicBool, Ordering};

/// Identifies a task.
pub type TaskId = u64;

/// The object was deleted: nothing will come of waiting for it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Deleted;

/// A task that holds something or asks for it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Owner {
    /// Its number.
    pub id: TaskId,
    /// Its name, for whoever waits for it.
    pub name: SmolStr,
}

macro_rules! kinds {
    ($($kind:ident $noun:literal)*) => {
        /// The kinds of sync objects. Each has its own names.
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
        pub enum Kind {
            $(#[doc = $noun] $kind,)*
        }

        impl Kind {
            /// All of them, by name.
            pub const ALL: &[Kind] = &[$(Kind::$kind),*];

            /// What scripts call it.
            pub const fn name(self) -> &'static str {
                match self {
                    $(Kind::$kind => stringify!($kind),)*
                }
            }

            /// What messages call it.
            pub const fn noun(self) -> &'static str {
                match self {
                    $(Kind::$kind => $noun,)*
                }
            }
        }
    };
}

kinds! {
    Atomic "atomic"
    Barrier "barrier"
    Condition "condition"
    Event "event"
    Lock "lock"
    Once "once"
    Queue "queue"
    RLock "rlock"
    RateLimiter "rate limiter"
    Semaphore "semaphore"
    Shared "shared value"
    Topic "topic"
    WaitGroup "wait group"
}

impl Kind {
    /// The kind that scripts call so.
    pub fn from_name(name: &str) -> Option<Kind> {
        Kind::ALL.iter().copied().find(|kind| kind.name() == name)
    }
}

/// What an object is called, and whether it still is one. Displayed as messages name it: `queue 'jobs'`.
pub struct Label {
    kind: Kind,
    name: SmolStr,
    deleted: AtomicBool,
    /// Who pays for what the object holds, and for the object itself; `None`: nobody counts.
    paid_by: Option<(Arc<Account>, Charge)>,
}

impl Label {
    /// The label of a new object.
    pub fn new(kind: Kind, name: impl Into<SmolStr>) -> Label {
        Label { kind, name: name.into(), deleted: AtomicBool::new(false), paid_by: None }
    }

    /// The label of a new object that counts as held outside of tasks, as what it holds does.
    pub(crate) fn counted(kind: Kind, name: impl Into<SmolStr>, cap: &Arc<Cap>) -> Result<Label, OverCap> {
        let mut label = Label::new(kind, name);
        let account = cap.account(label.to_string());
        let charge = Charge::object(&account, &label.name)?;
        label.paid_by = Some((account, charge));
        Ok(label)
    }

    /// So many bytes that the object holds, if anybody counts.
    pub(crate) fn charge(&self, bytes: usize) -> Result<Option<Charge>, OverCap> {
        self.paid_by.as_ref().map(|(account, _)| Charge::new(account, bytes)).transpose()
    }

    /// A value for the object to hold.
    pub(crate) fn item(&self, value: Portable) -> Result<Item, OverCap> {
        Item::new(value, self.paid_by.as_ref().map(|(account, _)| account))
    }

    /// Its kind.
    pub fn kind(&self) -> Kind {
        self.kind
    }

    /// Its name.
    pub fn name(&self) -> &SmolStr {
        &self.name
    }

    /// Whether it was deleted.
    pub fn is_deleted(&self) -> bool {
        self.deleted.load(Ordering::SeqCst)
    }

    /// Notes that it is deleted; before those who wait are told.
    pub(crate) fn mark_deleted(&self) {
        self.deleted.store(true, Ordering::SeqCst);
    }
}

impl fmt::Display for Label {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} '{}'", self.kind.noun(), self.name)
    }
}

/// A named object.
pub trait Object: Any + Send + Sync {
    /// What it is called.
    fn label(&self) -> &Label;

    /// Ends it: whoever waits for it is woken and told. To be called by the registry, which forgets its name first.
    fn delete(&self);
}

/// An object that belongs to a task for a while.
pub trait Owned: Object {
    /// Gives back once what the task has and will not give back itself, because it has ended. Whether that is worth telling.
    fn abandon(&self, owner: TaskId) -> bool;

    /// A slice of the task is over, and it has it still.
    fn slice_over(&self) {}
}

/// What a task has to give back. Whatever becomes of the task, this is dropped with its isolate, and gives it back then.
pub struct Holdings {
    owner: TaskId,
    held: Vec<Arc<dyn Owned>>,
}

impl Holdings {
    /// Those of a new task: none.
    pub fn new(owner: TaskId) -> Holdings {
        Holdings { owner, held: Vec::new() }
    }

    /// The task has taken `object`.
    pub fn add(&mut self, object: Arc<dyn Owned>) {
        self.held.push(object);
    }

    /// The task has given `object` back, as often as it is told here. Most are given back in the opposite order.
    pub fn remove(&mut self, object: &dyn Owned) {
        let same = |held: &Arc<dyn Owned>| std::ptr::addr_eq(Arc::as_ptr(held), object);
        if let Some(at) = self.held.iter().rposition(same) {
            self.held.remove(at);
        }
    }

    /// A slice of the task is over.
    pub fn slice_over(&self) {
        self.held.iter().for_each(|object| object.slice_over());
    }

    /// Gives everything back, the last first; what is worth telling.
    pub fn abandon(&mut self) -> Vec<Arc<dyn Owned>> {
        let mut held = std::mem::take(&mut self.held);
        held.reverse();
        held.retain(|object| object.abandon(self.owner));
        held
    }
}

impl Drop for Holdings {
    fn drop(&mut self) {
        self.abandon();
    }
}
