//! `Condition` for scripts.

use std::sync::Arc;

use scriptling_vm::error::Raise;
use scriptling_vm::heap::HostObject;
use scriptling_vm::heap::data::HostData;
use scriptling_vm::native::{Cx, Kept, ModuleBuilder, NativeResult, Outcome};
use scriptling_vm::value::Value;

use super::lock::{acquire, exit, raise_not_held, release};
use super::{
    Limit, MODULE, ask, bool, common, count, deleted, get_or_create, handle, hold, host_object, let_go, limit, none,
    optional, owner, park_until, repr, runtime_of, same, seconds, timed_out, using,
};
use crate::sync::{Condition, Deleted, Kind, Label, Lock, Notified, Object};

pub(super) fn define(module: &mut ModuleBuilder<'_>) {
    let class = module
        .class(
            "Condition",
            "Tasks that hold its lock wait for others to tell that something has changed. The lock is a Lock or RLock, or the \
             name of a Lock; without one it is an RLock of the condition's name. with condition: ... holds the lock.",
        )
        .raw_static("__new__(cls, name, lock=None)", "Get or create the condition of that name.", new)
        .raw(
            "wait(self, /, timeout=None)",
            "Release the lock, wait to be notified, and have the lock again; returns True. Also after a timeout, and when the \
             task is cancelled, the lock is had again first.",
            wait,
        )
        .raw(
            "wait_for(self, /, predicate, timeout=None)",
            "Wait until predicate() is true, asking it after each notification; returns what it returned.",
            wait_for,
        )
        .raw("notify(self, /, n=1)", "Tell the n tasks that have waited longest. The lock must be held.", notify)
        .raw("notify_all(self, /)", "Tell all tasks that wait. The lock must be held.", notify_all)
        .raw("acquire(self, /, timeout=None)", "Acquire the lock; returns True.", |cx, args| {
            let condition = using::<Condition>(cx, args[0])?;
            let timeout = seconds(cx, args[1], "timeout")?;
            acquire(cx, condition.lock().clone(), timeout, |_| bool(true))
        })
        .raw("release(self, /)", "Release the lock.", |cx, args| {
            let condition = handle::<Condition>(cx, args[0])?;
            release(cx, condition.lock())?;
            none()
        })
        .raw("__enter__(self, /)", "", |cx, args| {
            let condition = using::<Condition>(cx, args[0])?;
            let itself = cx.keep(args[0]);
            acquire(cx, condition.lock().clone(), None, move |cx| Ok(Outcome::Return(cx.kept(itself))))
        })
        .raw("__exit__(self, type, value, traceback, /)", "", |cx, args| {
            let condition = handle::<Condition>(cx, args[0])?;
            exit(cx, condition.lock(), args[1])
        })
        .raw_getter("lock", "Its lock.", |cx, args| {
            let lock = handle::<Condition>(cx, args[0])?.lock().clone();
            let class = cx.library_class(MODULE, lock.label().kind().name()).expect("`define` registered it");
            Ok(Outcome::Return(cx.heap_mut().value(HostObject { class, data: HostData::Shared(lock) })))
        })
        .raw("__repr__(self, /)", "", |cx, args| {
            let condition = handle::<Condition>(cx, args[0])?;
            repr(cx, &format!("<Condition '{}' of {}>", condition.label().name(), condition.lock().label()))
        });
    common::<Condition>(class).finish();
}

fn new(cx: &mut Cx<'_>, args: &[Value]) -> NativeResult {
    let wanted = optional(cx, args[2], |cx, value| match cx.as_str(value) {
        Some(_) => get_or_create(cx, Kind::Lock, value, |_, label| Ok(Lock::new(label))),
        None => handle::<Lock>(cx, value).map_err(|_| {
            let found = cx.type_name(value);
            Raise::type_error(format!("lock must be a Lock, an RLock or the name of a Lock, not {found}"))
        }),
    })?;
    let sync = runtime_of(cx)?;
    let condition = get_or_create(cx, Kind::Condition, args[1], |_, label| {
        let own = || sync.sync.get_or_insert(Lock::new(Label::new(Kind::RLock, label.name().clone())));
        let lock = wanted.clone().unwrap_or_else(own);
        Ok(Condition::new(label, lock))
    })?;
    if let Some(wanted) = wanted.filter(|wanted| !Arc::ptr_eq(wanted, condition.lock())) {
        same(condition.label(), "lock", condition.lock().label().to_string(), Some(wanted.label().to_string()))?;
        // Of the same name: one of them has been deleted since.
        return Err(deleted(cx, condition.lock().label()));
    }
    host_object(cx, args[0], condition)
}

/// Waits for a notification; `done` has the lock again.
fn park_for_notification<F>(cx: &mut Cx<'_>, condition: Arc<Condition>, limit: Limit, done: F) -> NativeResult
where
    F: FnOnce(&mut Cx<'_>, Limit) -> NativeResult + Send + 'static,
{
    let owner = owner(cx)?;
    let task = owner.id;
    let notified =
        Notified::new(condition.clone(), owner).map_err(|not_held| raise_not_held(condition.lock(), &not_held))?;
    let_go(cx, &**condition.lock())?;
    park_until(cx, limit, notified, move |cx, result, limit| {
        if condition.lock().is_held_by(task) {
            hold(cx, condition.lock().clone())?;
        }
        match result {
            Ok(true) => done(cx, limit),
            Ok(false) => Err(timed_out(&condition.label().to_string())),
            Err(Deleted) if condition.label().is_deleted() => Err(deleted(cx, condition.label())),
            Err(Deleted) => Err(deleted(cx, condition.lock().label())),
        }
    })
}

fn wait(cx: &mut Cx<'_>, args: &[Value]) -> NativeResult {
    let condition = using::<Condition>(cx, args[0])?;
    let timeout = seconds(cx, args[1], "timeout")?;
    let limit = limit(cx, timeout)?;
    park_for_notification(cx, condition, limit, |_, _| bool(true))
}

fn wait_for(cx: &mut Cx<'_>, args: &[Value]) -> NativeResult {
    let condition = using::<Condition>(cx, args[0])?;
    let timeout = seconds(cx, args[2], "timeout")?;
    let limit = limit(cx, timeout)?;
    must_hold(cx, &condition)?;
    let (predicate, answer) = (cx.keep(args[1]), cx.keep(Value::NONE));
    ask_again(cx, condition, predicate, answer, limit)
}

fn ask_again(cx: &mut Cx<'_>, condition: Arc<Condition>, predicate: Kept, answer: Kept, limit: Limit) -> NativeResult {
    ask(cx, predicate, &[], answer, move |cx, is_true| {
        if is_true {
            return Ok(Outcome::Return(cx.kept(answer)));
        }
        park_for_notification(cx, condition.clone(), limit, move |cx, limit| {
            ask_again(cx, condition, predicate, answer, limit)
        })
    })
}

fn must_hold(cx: &mut Cx<'_>, condition: &Condition) -> Result<(), Raise> {
    let owner = owner(cx)?;
    let lock = condition.lock();
    if lock.is_held_by(owner.id) {
        return Ok(());
    }
    Err(raise_not_held(lock, &crate::sync::NotHeld(lock.holder())))
}

fn notify(cx: &mut Cx<'_>, args: &[Value]) -> NativeResult {
    let condition = using::<Condition>(cx, args[0])?;
    let n = count(cx, args[1], "n", 0)?;
    must_hold(cx, &condition)?;
    condition.notify(usize::try_from(n).unwrap_or(usize::MAX));
    none()
}

fn notify_all(cx: &mut Cx<'_>, args: &[Value]) -> NativeResult {
    let condition = using::<Condition>(cx, args[0])?;
    must_hold(cx, &condition)?;
    condition.notify_all();
    none()
}
