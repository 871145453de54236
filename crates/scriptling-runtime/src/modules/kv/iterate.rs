//! `scan`, and iterating over a store's keys, which is scanning.

use std::collections::VecDeque;
use std::sync::Arc;

use scriptling_vm::error::{ExcClass, Raise};
use scriptling_vm::heap::HostObject;
use scriptling_vm::heap::data::HostData;
use scriptling_vm::native::{Cx, FromValue, ModuleBuilder, NativeResult, Outcome};
use scriptling_vm::value::Value;
use smol_str::SmolStr;

use super::super::{receiver as host, text};
use super::access::{About, run, run_on, split, with_store};
use super::{MODULE, ops};
use crate::kv::Store;
use crate::primitives::Mutex;

/// Keys that an iterator asks for at once.
const PAGE: usize = 256;

/// The largest page that a script may ask for: more than anybody wants in memory.
const MAX_PAGE: i64 = 1_000_000;

pub(super) fn define(module: &mut ModuleBuilder<'_>) {
    module
        .class("KeyIterator", "Goes through the keys of a store.")
        .raw("__iter__(self, /)", "", |_, args| Ok(Outcome::Return(args[0])))
        .raw("__next__(self, /)", "", next)
        .finish();
}

pub(super) fn scan(cx: &mut Cx<'_>, args: &[Value]) -> NativeResult {
    let (receiver, &[prefix, cursor, limit]) = split(args)?;
    let prefix = text(cx, prefix, "prefix")?;
    let cursor = if cursor.is_none() { None } else { Some(text(cx, cursor, "cursor")?) };
    let count = if limit.as_bool().is_some() { None } else { i64::from_value(cx, limit)? };
    let Some(count) = count else {
        return Err(Raise::type_error(format!("limit must be an int, not {}", cx.type_name(limit))));
    };
    if !(1..=MAX_PAGE).contains(&count) {
        return Err(Raise::value_error(format!("limit must be from 1 to {MAX_PAGE}")));
    }
    let work = move |store: &Arc<dyn Store>| store.scan(&prefix, cursor.as_deref(), count as usize);
    run(cx, receiver, About::whole("scan"), work, |cx, page| {
        let keys = ops::list_of(cx, page.keys)?;
        let next = page.next.map_or(Value::NONE, |next| cx.str(next));
        Ok(Outcome::Return(cx.tuple(&[keys, next])))
    })
}

/// An iteration.
pub(super) struct Keys {
    store: Arc<dyn Store>,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    keys: VecDeque<SmolStr>,
    cursor: Option<SmolStr>,
    ended: bool,
}

pub(super) fn iter(cx: &mut Cx<'_>, args: &[Value]) -> NativeResult {
    let store = with_store(cx, args.first().copied(), Arc::clone)?;
    let class = cx.library_class(MODULE, "KeyIterator").ok_or_else(|| Raise::runtime_error("there is no iterator"))?;
    let data = HostData::Shared(Arc::new(Keys { store, state: Mutex::default() }));
    Ok(Outcome::Return(cx.heap_mut().value(HostObject { class, data })))
}

fn next(cx: &mut Cx<'_>, args: &[Value]) -> NativeResult {
    let keys: Arc<Keys> = host(cx, args[0], "KeyIterator")?;
    let mut state = keys.state.lock();
    if let Some(key) = state.keys.pop_front() {
        drop(state);
        return Ok(Outcome::Return(cx.str(key)));
    }
    if state.ended {
        return Err(Raise::new(ExcClass::StopIteration, ""));
    }
    let cursor = state.cursor.clone();
    drop(state);
    let store = keys.store.clone();
    let work = move |store: &Arc<dyn Store>| {
        let mut page = store.scan("", cursor.as_deref(), PAGE)?;
        while page.keys.is_empty()
            && let Some(next) = page.next.take()
        {
            page = store.scan("", Some(&next), PAGE)?;
        }
        Ok(page)
    };
    run_on(cx, &store, About::keys("scan"), work, move |cx, page| {
        let mut state = keys.state.lock();
        state.ended = page.next.is_none();
        state.cursor = page.next;
        state.keys = page.keys.into();
        let first = state.keys.pop_front();
        drop(state);
        match first {
            Some(key) => Ok(Outcome::Return(cx.str(key))),
            None => Err(Raise::new(ExcClass::StopIteration, "")),
        }
    })
}
