//! `Queue` for scripts.

use std::sync::Arc;
use std::task::Poll;
use std::time::Duration;

use scriptling_vm::error::{ExcClass, Raise};
use scriptling_vm::native::{Cx, ModuleBuilder, NativeResult, Outcome};
use scriptling_vm::portable::Portable;
use scriptling_vm::value::Value;

use super::{
    bool, common, deleted, get_or_create, handle, host_object, int, itself, none, optional, park, raise, repr, same,
    seconds, using,
};
use crate::cap::Item;
use crate::sync::{Ended, Finished, Get, Kind, Label, Object, Put, Queue};

pub(super) fn define(module: &mut ModuleBuilder<'_>) {
    let class = module
        .class("Queue", "A first-in-first-out queue. maxsize 0: no bound; else put waits while it is full.")
        .raw_static(
            "__new__(cls, name, maxsize=None)",
            "Get or create the queue of that name; without maxsize there is no bound.",
            new,
        )
        .raw("put(self, /, item, timeout=None)", "Add an item; wait while the queue is full.", put)
        .raw("put_nowait(self, /, item)", "Add an item; raise sync.Full if there is no room.", put_nowait)
        .raw("get(self, /, timeout=None)", "Take the oldest item; wait while there is none.", get)
        .raw("get_nowait(self, /)", "Take the oldest item; raise sync.Empty if there is none.", get_nowait)
        .raw("size(self, /)", "The number of items.", size)
        .raw("__len__(self, /)", "The number of items.", size)
        .raw("empty(self, /)", "Whether there is no item.", |cx, args| bool(using::<Queue>(cx, args[0])?.size() == 0))
        .raw("full(self, /)", "Whether there is no room.", |cx, args| bool(using::<Queue>(cx, args[0])?.is_full()))
        .raw("task_done(self, /)", "Report that an item taken is done with, for join().", task_done)
        .raw("join(self, /, timeout=None)", "Wait until task_done() was called for every item that was put.", join)
        .raw("close(self, /)", "No more items: get drains what is there and then raises sync.Closed.", |cx, args| {
            using::<Queue>(cx, args[0])?.close();
            none()
        })
        .raw("closed(self, /)", "Whether it was closed.", |cx, args| bool(using::<Queue>(cx, args[0])?.is_closed()))
        .raw("__iter__(self, /)", "", itself)
        .raw("__next__(self, /)", "", |cx, args| {
            let queue = using::<Queue>(cx, args[0])?;
            next(cx, queue)
        })
        .raw("__repr__(self, /)", "", |cx, args| {
            let queue = handle::<Queue>(cx, args[0])?;
            let name = queue.label().name();
            repr(cx, &format!("<Queue '{name}' size={} maxsize={}>", queue.size(), queue.maxsize()))
        })
        .raw_getter("maxsize", "The most items that it holds; 0: any number.", |cx, args| {
            let maxsize = handle::<Queue>(cx, args[0])?.maxsize();
            Ok(Outcome::Return(cx.int(maxsize)))
        });
    common::<Queue>(class).finish();
}

fn new(cx: &mut Cx<'_>, args: &[Value]) -> NativeResult {
    // As in Python's queue module: zero and below mean no bound.
    let maxsize = optional(cx, args[2], |cx, value| int(cx, value, "maxsize"))?;
    let maxsize = maxsize.map(|size| usize::try_from(size).unwrap_or(0));
    let queue = get_or_create(cx, Kind::Queue, args[1], |_, label| Ok(Queue::new(label, maxsize.unwrap_or(0))))?;
    same(queue.label(), "maxsize", queue.maxsize(), maxsize)?;
    host_object(cx, args[0], queue)
}

#[cold]
pub(super) fn ended(cx: &mut Cx<'_>, label: &Label, ended: Ended) -> Raise {
    match ended {
        Ended::Closed => raise(cx, "Closed", &format!("{} is closed", label.kind().noun())),
        Ended::Deleted => deleted(cx, label),
    }
}

fn item(cx: &mut Cx<'_>, queue: &Queue, value: Value) -> Result<Item, Raise> {
    let value = Portable::from_argument(cx, value, &|| "queue item".into())?;
    super::item(queue.label(), value)
}

fn put(cx: &mut Cx<'_>, args: &[Value]) -> NativeResult {
    let queue = using::<Queue>(cx, args[0])?;
    let timeout = seconds(cx, args[2], "timeout")?;
    let put = Put::new(queue.clone(), item(cx, &queue, args[1])?);
    park(cx, timeout, put, move |cx, result| match result {
        Ok(()) => none(),
        Err(why) => Err(ended(cx, queue.label(), why)),
    })
}

fn put_nowait(cx: &mut Cx<'_>, args: &[Value]) -> NativeResult {
    let queue = using::<Queue>(cx, args[0])?;
    match queue.try_put(item(cx, &queue, args[1])?) {
        Ok(Ok(())) => none(),
        Ok(Err(why)) => Err(ended(cx, queue.label(), why)),
        Err(_) => Err(raise(cx, "Full", &format!("{} is full", queue.label()))),
    }
}

fn get(cx: &mut Cx<'_>, args: &[Value]) -> NativeResult {
    let queue = using::<Queue>(cx, args[0])?;
    let timeout = seconds(cx, args[1], "timeout")?;
    take(cx, queue, timeout)
}

/// Takes an item, or waits for one.
pub(super) fn take(cx: &mut Cx<'_>, queue: Arc<Queue>, timeout: Option<Duration>) -> NativeResult {
    park(cx, timeout, Get::new(queue.clone()), move |cx, result| match result {
        Ok(item) => Ok(Outcome::Return(item.to_value(cx)?)),
        Err(why) => Err(ended(cx, queue.label(), why)),
    })
}

/// The same for `for`: its end is no error.
pub(super) fn next(cx: &mut Cx<'_>, queue: Arc<Queue>) -> NativeResult {
    park(cx, None, Get::new(queue.clone()), move |cx, result| match result {
        Ok(item) => Ok(Outcome::Return(item.to_value(cx)?)),
        Err(Ended::Closed) => Err(Raise::new(ExcClass::StopIteration, "")),
        Err(why) => Err(ended(cx, queue.label(), why)),
    })
}

fn get_nowait(cx: &mut Cx<'_>, args: &[Value]) -> NativeResult {
    let queue = using::<Queue>(cx, args[0])?;
    take_nowait(cx, &queue)
}

/// Takes an item if there is one.
pub(super) fn take_nowait(cx: &mut Cx<'_>, queue: &Queue) -> NativeResult {
    match queue.try_get() {
        Poll::Ready(Ok(item)) => Ok(Outcome::Return(item.to_value(cx)?)),
        Poll::Ready(Err(why)) => Err(ended(cx, queue.label(), why)),
        Poll::Pending => Err(raise(cx, "Empty", &format!("{} is empty", queue.label()))),
    }
}

fn size(cx: &mut Cx<'_>, args: &[Value]) -> NativeResult {
    let size = using::<Queue>(cx, args[0])?.size();
    Ok(Outcome::Return(cx.int(size)))
}

fn task_done(cx: &mut Cx<'_>, args: &[Value]) -> NativeResult {
    if using::<Queue>(cx, args[0])?.task_done() {
        return none();
    }
    Err(Raise::value_error("task_done() called too many times"))
}

fn join(cx: &mut Cx<'_>, args: &[Value]) -> NativeResult {
    let queue = using::<Queue>(cx, args[0])?;
    let timeout = seconds(cx, args[1], "timeout")?;
    park(cx, timeout, Finished::new(queue.clone()), move |cx, result| match result {
        Ok(()) => none(),
        Err(_) => Err(deleted(cx, queue.label())),
    })
}
