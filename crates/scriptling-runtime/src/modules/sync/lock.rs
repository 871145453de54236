//! `Lock` and `RLock` for scripts.

use std::sync::Arc;

use scriptling_vm::error::Raise;
use scriptling_vm::native::{ClassBuilder, Cx, ModuleBuilder, NativeResult, Outcome};
use scriptling_vm::value::Value;

use super::{
    bool, common, denied, get_or_create, handle, hold, host_object, none, owner, park, repr, seconds, using,
    with_duties, with_own_task,
};
use crate::sync::{Acquire, Denied, Kind, Lock, NotHeld, Object, Released};

pub(super) fn define(module: &mut ModuleBuilder<'_>) {
    let class = module.class(
        "Lock",
        "Held by one task at a time, which must release it: with lock: ... does. Acquiring what one holds is an error. When a \
         task ends while it holds a lock, the lock is released, and a line on standard error says so.",
    );
    members(class.raw_static("__new__(cls, name)", "Get or create the lock of that name.", new_lock)).finish();
    let class =
        module.class("RLock", "A lock that the task that holds it can acquire again, and must release as often.");
    members(class.raw_static("__new__(cls, name)", "Get or create the lock of that name.", new_rlock)).finish();
}

fn members<'b, 'a>(class: ClassBuilder<'b, 'a>) -> ClassBuilder<'b, 'a> {
    let class = class
        .raw("acquire(self, /, timeout=None)", "Wait until it is this task's; returns True.", |cx, args| {
            let lock = using::<Lock>(cx, args[0])?;
            let timeout = seconds(cx, args[1], "timeout")?;
            acquire(cx, lock, timeout, |_| bool(true))
        })
        .raw("try_acquire(self, /)", "Acquire it if nobody holds it; whether it is this task's now.", try_acquire)
        .raw("release(self, /)", "Release it; only the task that holds it can.", |cx, args| {
            let lock = handle::<Lock>(cx, args[0])?;
            release(cx, &lock)?;
            none()
        })
        .raw("locked(self, /)", "Whether a task holds it.", |cx, args| bool(using::<Lock>(cx, args[0])?.is_held()))
        .raw("__enter__(self, /)", "", |cx, args| {
            let lock = using::<Lock>(cx, args[0])?;
            let itself = cx.keep(args[0]);
            acquire(cx, lock, None, move |cx| Ok(Outcome::Return(cx.kept(itself))))
        })
        .raw("__exit__(self, type, value, traceback, /)", "", |cx, args| {
            let lock = handle::<Lock>(cx, args[0])?;
            exit(cx, &lock, args[1])
        })
        .raw("__repr__(self, /)", "", |cx, args| {
            let lock = handle::<Lock>(cx, args[0])?;
            let label = lock.label();
            let state = lock.holder().map_or_else(|| "free".to_owned(), |holder| format!("held by task '{holder}'"));
            repr(cx, &format!("<{} '{}' {state}>", label.kind().name(), label.name()))
        });
    common::<Lock>(class)
}

fn new_lock(cx: &mut Cx<'_>, args: &[Value]) -> NativeResult {
    let lock = get_or_create(cx, Kind::Lock, args[1], |_, label| Ok(Lock::new(label)))?;
    host_object(cx, args[0], lock)
}

fn new_rlock(cx: &mut Cx<'_>, args: &[Value]) -> NativeResult {
    let lock = get_or_create(cx, Kind::RLock, args[1], |_, label| Ok(Lock::new(label)))?;
    host_object(cx, args[0], lock)
}

/// Waits for a lock and goes on with it.
pub(super) fn acquire<F>(
    cx: &mut Cx<'_>,
    lock: Arc<Lock>,
    timeout: Option<std::time::Duration>,
    done: F,
) -> NativeResult
where
    F: FnOnce(&mut Cx<'_>) -> NativeResult + Send + 'static,
{
    let owner = owner(cx)?;
    park(cx, timeout, Acquire::new(lock.clone(), owner), move |cx, result| {
        taken(cx, &lock, result)?;
        done(cx)
    })
}

fn try_acquire(cx: &mut Cx<'_>, args: &[Value]) -> NativeResult {
    let lock = using::<Lock>(cx, args[0])?;
    let owner = owner(cx)?;
    match lock.try_acquire(&owner) {
        Ok(None) | Err(Denied::Reentered) => bool(false),
        Ok(Some(newly)) => {
            taken(cx, &lock, Ok(newly))?;
            bool(true)
        }
        Err(denied) => Err(refused(cx, &lock, denied)),
    }
}

/// Notes that this task holds the lock, or says why it does not.
fn taken(cx: &mut Cx<'_>, lock: &Arc<Lock>, result: Result<bool, Denied>) -> Result<(), Raise> {
    match result {
        Ok(true) => hold(cx, lock.clone()),
        Ok(false) => Ok(()),
        Err(denied) => Err(refused(cx, lock, denied)),
    }
}

fn refused(cx: &mut Cx<'_>, lock: &Lock, why: Denied) -> Raise {
    let label = lock.label();
    denied(cx, label, why, &format!("this task holds {label} already: a Lock does not nest, an RLock does"))
}

pub(super) fn release(cx: &mut Cx<'_>, lock: &Arc<Lock>) -> Result<(), Raise> {
    let (task, is_shared) = with_own_task(cx, |task| (task.id(), task.is_shared()))?;
    // Fibers of an isolate take turns within its slice.
    let released = if is_shared {
        lock.release(task).map(|released| if released { Released::Fully } else { Released::Not })
    } else {
        lock.release_lightly(task)
    };
    match released {
        Ok(Released::Not) => Ok(()),
        Ok(released) => with_duties(cx, |duties| {
            duties.held.remove(&**lock);
            if released == Released::Owing {
                duties.owe(lock);
            }
        }),
        Err(not_held) => Err(raise_not_held(lock, &not_held)),
    }
}

pub(super) fn raise_not_held(lock: &Lock, NotHeld(holder): &NotHeld) -> Raise {
    let label = lock.label();
    Raise::runtime_error(match holder {
        Some(holder) => format!("{label} is held by task '{holder}', not by this one"),
        None => format!("{label} is not held"),
    })
}

/// The end of a `with` block.
pub(super) fn exit(cx: &mut Cx<'_>, lock: &Arc<Lock>, exception: Value) -> NativeResult {
    match release(cx, lock) {
        // A limit that was exceeded in `Condition.wait` has not waited for the lock: that is what is to be told.
        Err(_) if !exception.is_none() => bool(false),
        Err(raise) => Err(raise),
        Ok(()) => bool(false),
    }
}
