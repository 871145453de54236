//! `Event` for scripts.

use scriptling_vm::native::{Cx, ModuleBuilder, NativeResult};
use scriptling_vm::value::Value;

use super::{bool, common, deleted, get_or_create, handle, host_object, none, park, repr, seconds, using};
use crate::sync::{Event, IsSet, Kind, Object};

pub(super) fn define(module: &mut ModuleBuilder<'_>) {
    let class = module
        .class("Event", "A flag that tasks wait for. It is not set in the beginning.")
        .raw_static("__new__(cls, name)", "Get or create the event of that name.", new)
        .raw("set(self, /)", "Set it; everybody who waits goes on.", |cx, args| {
            using::<Event>(cx, args[0])?.set();
            none()
        })
        .raw("clear(self, /)", "Clear it.", |cx, args| {
            using::<Event>(cx, args[0])?.clear();
            none()
        })
        .raw("is_set(self, /)", "Whether it is set.", |cx, args| bool(using::<Event>(cx, args[0])?.is_set()))
        .raw("wait(self, /, timeout=None)", "Wait until it is set; returns True.", wait)
        .raw("__repr__(self, /)", "", |cx, args| {
            let event = handle::<Event>(cx, args[0])?;
            let state = if event.is_set() { "set" } else { "not set" };
            repr(cx, &format!("<Event '{}' {state}>", event.label().name()))
        });
    common::<Event>(class).finish();
}

fn new(cx: &mut Cx<'_>, args: &[Value]) -> NativeResult {
    let event = get_or_create(cx, Kind::Event, args[1], |_, label| Ok(Event::new(label)))?;
    host_object(cx, args[0], event)
}

fn wait(cx: &mut Cx<'_>, args: &[Value]) -> NativeResult {
    let event = using::<Event>(cx, args[0])?;
    let timeout = seconds(cx, args[1], "timeout")?;
    park(cx, timeout, IsSet::new(event.clone()), move |cx, result| match result {
        Ok(()) => bool(true),
        Err(_) => Err(deleted(cx, event.label())),
    })
}
