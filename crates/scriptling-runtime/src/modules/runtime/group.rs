//! `TaskGroup`: the block of the script around `crate::group`.
//!
//! Everything at the end of the block is done in Rust, where no safepoint is: an owner that is cancelled there is told by
//! the wait it is parked on, and only there, so that no child is ever left behind.

use std::sync::Arc;
use std::task::Waker;

use scriptling_vm::error::{ExcClass, Raise};
use scriptling_vm::heap::Exception;
use scriptling_vm::native::{Cx, Kept, ModuleBuilder, NativeResult, Outcome};
use scriptling_vm::portable::HostHandle;
use scriptling_vm::value::Value;

use super::super::{host_object, own_task, receiver, text, wait};
use super::promise::copied_exception;
use super::{INTERNAL, MODULE, start};
use crate::group::{Group, Leave};
use crate::task::Task;

impl HostHandle for Group {
    fn class(&self) -> (&'static str, &'static str) {
        (MODULE, "TaskGroup")
    }

    fn as_any(&self) -> &dyn std::any::Any {
        self
    }
}

/// The native that waits for a group's children.
const WAIT: &str = "wait_for_group";

/// What the exception group of a task group says, as in asyncio.
const TITLE: &str = "unhandled errors in a TaskGroup";

pub(super) fn define(module: &mut ModuleBuilder<'_>) {
    module
        .class(
            "TaskGroup",
            "Tasks that end together with a with block: leaving it waits for all. The first failure cancels the others and \
             the block, and is raised in an ExceptionGroup.",
        )
        .raw_static("__new__(cls)", "A group, to be used in a with statement.", |cx, args| {
            host_object(cx, args[0], Arc::new(Group::default()))
        })
        .raw("run(self, handler, /, *args, **kwargs)", "Start a task of the group; as runtime.run.", |cx, args| {
            let group = admitting(cx, args[0])?;
            start(cx, None, args[1], args[2], args[3], Some(group))
        })
        .raw(
            "background(self, name, handler, /, *args, **kwargs)",
            "Start a task of the group; as runtime.background.",
            |cx, args| {
                let group = admitting(cx, args[0])?;
                let name = text(cx, args[1], "background() name")?;
                start(cx, Some(name), args[2], args[3], args[4], Some(group))
            },
        )
        .raw("__enter__(self, /)", "", enter)
        .raw("__exit__(self, kind, error, trace, /)", "", exit)
        .raw("__len__(self, /)", "The number of its tasks that have not ended.", |cx, args| {
            Ok(Outcome::Return(Value::int(group_of(cx, args[0])?.len() as i64)))
        })
        .raw("__bool__(self, /)", "", |_, _| Ok(Outcome::Return(Value::TRUE)))
        .raw("__repr__(self, /)", "", |cx, args| {
            let text = format!("<TaskGroup running={}>", group_of(cx, args[0])?.len());
            Ok(Outcome::Return(cx.str(text)))
        })
        .finish();
}

pub(super) fn define_internal(module: &mut ModuleBuilder<'_>) {
    module.raw("wait_for_group(group, /)", "", wait_for_children);
}

fn group_of(cx: &Cx<'_>, value: Value) -> Result<Arc<Group>, Raise> {
    receiver(cx, value, "TaskGroup")
}

fn admitting(cx: &mut Cx<'_>, value: Value) -> Result<Arc<Group>, Raise> {
    let group = group_of(cx, value)?;
    check_admits(cx, &group)?;
    Ok(group)
}

/// Refuses to start a task in a group that takes none. If its block is to be ended and has not heard of it yet, that is it.
pub(super) fn check_admits(cx: &mut Cx<'_>, group: &Group) -> Result<(), Raise> {
    let Err(why) = group.admits() else { return Ok(()) };
    let own = own_task(cx)?;
    if group.is_stopping(&own) && own.withdraw_stop(cx) {
        return Err(Task::stop_raise());
    }
    Err(Raise::runtime_error(why))
}

fn enter(cx: &mut Cx<'_>, args: &[Value]) -> NativeResult {
    let owner = own_task(cx)?;
    group_of(cx, args[0])?.enter(&owner).map_err(Raise::runtime_error)?;
    Ok(Outcome::Return(args[0]))
}

/// One wait for the children; what is raised in it comes back to `leave`.
fn wait_for_children(cx: &mut Cx<'_>, args: &[Value]) -> NativeResult {
    let group = group_of(cx, args[0])?;
    let mut leave = Leave::new(group.clone());
    if leave.poll(Waker::noop()).is_ready() {
        return Ok(Outcome::Return(Value::NONE));
    }
    let what = move || {
        let (names, all) = (group.names(3), group.len());
        let more = if all > names.len() { format!(" and {} more", all - names.len()) } else { String::new() };
        format!("its task group: {}{more}", names.join(", "))
    };
    wait(cx, None, what, move |_, waker| leave.poll(waker).map(|()| Ok(Outcome::Return(Value::NONE))))
}

/// Leaving the block.
struct Leaving {
    group: Arc<Group>,
    owner: Arc<Task>,
    /// The group as a value.
    this: Kept,
    /// What the block raised, or `None`.
    error: Kept,
    /// What was raised in the owner while it waited, or `None`.
    stopped: Kept,
}

fn exit(cx: &mut Cx<'_>, args: &[Value]) -> NativeResult {
    let group = group_of(cx, args[0])?;
    let owner = own_task(cx)?;
    group.leave();
    owner.withdraw_stop(cx);
    if !args[2].is_none() {
        group.abort();
    }
    if group.outer_stops() {
        // That may have been withdrawn just now.
        owner.stop_block();
    }
    let (this, error, stopped) = (cx.keep(args[0]), cx.keep(args[2]), cx.keep(Value::NONE));
    Leaving { group, owner, this, error, stopped }.go_on(cx)
}

impl Leaving {
    fn go_on(self, cx: &mut Cx<'_>) -> NativeResult {
        if self.group.len() == 0 {
            return self.conclude(cx);
        }
        let Some(wait) = cx.library_member(INTERNAL, WAIT) else { return self.conclude(cx) };
        let this = cx.kept(self.this);
        Ok(Outcome::call(wait, &[this], move |cx, result| {
            if let Err(raise) = result {
                self.group.abort();
                let raised = cx.exception_instance(raise);
                // What ends more than the block wins over being cancelled.
                let known = cx.kept(self.stopped);
                if known.is_none() || cx.is_exception(known, ExcClass::CancelledError) {
                    cx.set_kept(self.stopped, raised);
                }
            }
            self.go_on(cx)
        }))
    }

    /// All children have ended.
    fn conclude(self, cx: &mut Cx<'_>) -> NativeResult {
        let outer_stops = self.group.outer_stops();
        let failures = self.group.left(&self.owner);
        let (error, stopped) = (cx.kept(self.error), cx.kept(self.stopped));
        let mut errors: Vec<Value> = failures.iter().map(|failure| copied_exception(cx, failure)).collect();
        let is_cancellation = |cx: &Cx<'_>, value: Value| cx.is_exception(value, ExcClass::CancelledError);
        if !error.is_none() {
            if cx.is_exception(error, ExcClass::Exception) {
                errors.push(error);
            } else if !is_cancellation(cx, error) {
                // KeyboardInterrupt, a limit, ...: the `with` statement goes on raising it.
                return Ok(Outcome::Return(Value::FALSE));
            }
        }
        if !stopped.is_none() && (errors.is_empty() || !is_cancellation(cx, stopped)) {
            return Err(Raise::instance(stopped));
        }
        // Unless the block is being left by a cancellation already.
        if outer_stops && (error.is_none() || !errors.is_empty()) {
            self.owner.stop_block();
        }
        if errors.is_empty() {
            return Ok(Outcome::Return(Value::FALSE));
        }
        let (title, errors) = (cx.str(TITLE), cx.list(&errors));
        let class = Value::obj(cx.exception_class(ExcClass::BaseExceptionGroup));
        Ok(Outcome::call(class, &[title, errors], |cx, made| {
            let made = made?;
            if let Some(made) = made.as_gc::<Exception>() {
                // `raise ... from None`: the block's own exception is in the group.
                made.get_mut(cx.heap_mut()).suppress_context = true;
            }
            Err(Raise::instance(made))
        }))
    }
}
