//! Opening and closing stores, and what they are called.

use std::path::PathBuf;
use std::sync::Arc;

use scriptling_vm::error::{ExcClass, Raise};
use scriptling_vm::heap::HostObject;
use scriptling_vm::heap::data::HostData;
use scriptling_vm::native::{Cx, FromValue, NativeResult, Outcome};
use scriptling_vm::value::Value;
use smol_str::SmolStr;

use super::super::{context, receiver as host, runtime_of, text};
use super::access::{failed, offloaded, with_store};
use super::{DefaultStore, MODULE, OpenStore, none};
use crate::kv::registry::{Handle, MEMORY, Options, Refused};
use crate::kv::{Durability, Policy};

/// A positive number, or `None`.
fn bound(cx: &mut Cx<'_>, value: Value, what: &str) -> Result<Option<usize>, Raise> {
    if value.is_none() {
        return Ok(None);
    }
    let number = if value.as_bool().is_some() { None } else { i64::from_value(cx, value)? };
    let Some(number) = number else {
        return Err(Raise::type_error(format!("{what} must be an int or None, not {}", cx.type_name(value))));
    };
    match usize::try_from(number) {
        Ok(number) if number > 0 => Ok(Some(number)),
        _ => Err(Raise::value_error(format!("{what} must be more than 0"))),
    }
}

/// One of several words, or `None`.
fn word<T>(
    cx: &mut Cx<'_>,
    value: Value,
    what: &str,
    words: &str,
    parse: fn(&str) -> Option<T>,
) -> Result<Option<T>, Raise> {
    if value.is_none() {
        return Ok(None);
    }
    let text = text(cx, value, what)?;
    match parse(&text) {
        Some(parsed) => Ok(Some(parsed)),
        None => Err(Raise::value_error(format!("{what} must be {words}, not '{text}'"))),
    }
}

pub(super) fn open(cx: &mut Cx<'_>, args: &[Value]) -> NativeResult {
    let name = text(cx, args[0], "kv.open() name")?;
    if name.is_empty() {
        let message = "kv.open: store name must not be empty; use \":memory:name\" for in-memory stores";
        return Err(Raise::value_error(message));
    }
    let options = Options {
        max_entries: bound(cx, args[1], "max_entries")?,
        max_bytes: bound(cx, args[2], "max_bytes")?,
        policy: word(cx, args[3], "policy", "'lru', 'ttl' or 'reject'", Policy::from_name)?,
        durability: word(cx, args[4], "durability", "'immediate' or 'eventual'", Durability::from_name)?,
    };
    let runtime = runtime_of(cx)?;
    if name.starts_with(MEMORY) {
        if options.durability.is_some() {
            return Err(Raise::value_error("durability is for stores in files"));
        }
        if options.policy.is_some() && options.max_entries.is_none() && options.max_bytes.is_none() {
            return Err(Raise::value_error("policy needs max_entries or max_bytes"));
        }
        let opened = runtime.kv.open_memory(&name, options);
        return finish(cx, &name, opened);
    }
    if options.max_entries.is_some() || options.max_bytes.is_some() || options.policy.is_some() {
        return Err(Raise::value_error("max_entries, max_bytes and policy are for stores in memory"));
    }
    if !runtime.kv_files {
        let message = format!("kv.open: access denied: this program may not open files ('{name}')");
        return Err(Raise::new(ExcClass::PermissionError, message));
    }
    if name.contains('\0') {
        return Err(Raise::value_error("kv.open: embedded null character in path"));
    }
    let what = format!("store '{name}' (open)");
    let (stores, path) = (runtime.kv.clone(), name.clone());
    let job = runtime.kv.files_lane().run(move || stores.open_file(&path, options));
    offloaded(what, job, move |cx, opened| finish(cx, &name, opened))
}

fn finish(cx: &mut Cx<'_>, name: &SmolStr, opened: Result<Handle, Refused>) -> NativeResult {
    match opened {
        Ok(handle) => {
            let class = cx.library_class(MODULE, "Store").ok_or_else(|| Raise::runtime_error("there are no stores"))?;
            let data = HostData::Shared(Arc::new(OpenStore(handle)));
            Ok(Outcome::Return(cx.heap_mut().value(HostObject { class, data })))
        }
        Err(Refused::Differs(message)) => Err(Raise::value_error(message)),
        Err(Refused::Store(error)) => Err(failed(cx, error, name, "")),
        Err(Refused::Io(error)) => {
            let class = match error.kind() {
                std::io::ErrorKind::NotFound => ExcClass::FileNotFoundError,
                std::io::ErrorKind::PermissionDenied => ExcClass::PermissionError,
                std::io::ErrorKind::IsADirectory => ExcClass::IsADirectoryError,
                std::io::ErrorKind::NotADirectory => ExcClass::NotADirectoryError,
                _ => ExcClass::OSError,
            };
            Err(Raise::new(class, format!("kv.open: cannot open '{name}': {error}")))
        }
    }
}

pub(super) fn close(cx: &mut Cx<'_>, args: &[Value]) -> NativeResult {
    // Closing the default store does nothing, and closing twice neither.
    let Ok(store) = host::<OpenStore>(cx, args[0], "Store") else {
        host::<DefaultStore>(cx, args[0], "Store")?;
        return none();
    };
    let name = SmolStr::new(store.0.store().name());
    if store.0.store().path().is_none() {
        return match store.0.close() {
            Ok(()) => none(),
            Err(error) => Err(failed(cx, error, &name, "")),
        };
    }
    let what = format!("store '{name}' (close)");
    let job = runtime_of(cx)?.kv.files_lane().run_in_any_case(move || store.0.close());
    offloaded(what, job, move |cx, closed| match closed {
        Ok(()) => none(),
        Err(error) => Err(failed(cx, error, &name, "")),
    })
}

pub(super) fn enter(cx: &mut Cx<'_>, args: &[Value]) -> NativeResult {
    with_store(cx, Some(args[0]), |_| ())?;
    Ok(Outcome::Return(args[0]))
}

pub(super) fn exit(cx: &mut Cx<'_>, args: &[Value]) -> NativeResult {
    close(cx, &args[..1])
}

/// Name and path, which closed stores have too.
fn identity(cx: &mut Cx<'_>, value: Value) -> Result<(SmolStr, Option<PathBuf>), Raise> {
    if let Ok(store) = host::<OpenStore>(cx, value, "Store") {
        let store = store.0.store();
        return Ok((store.name().into(), store.path().map(PathBuf::from)));
    }
    host::<DefaultStore>(cx, value, "Store")?;
    Ok((context(cx)?.live.runtime.kv.default_store().name().into(), None))
}

pub(super) fn name(cx: &mut Cx<'_>, args: &[Value]) -> NativeResult {
    let (name, _) = identity(cx, args[0])?;
    Ok(Outcome::Return(cx.str(name)))
}

pub(super) fn path(cx: &mut Cx<'_>, args: &[Value]) -> NativeResult {
    let (_, path) = identity(cx, args[0])?;
    Ok(Outcome::Return(path.map_or(Value::NONE, |path| cx.str(path.to_string_lossy().into_owned()))))
}

pub(super) fn repr(cx: &mut Cx<'_>, args: &[Value]) -> NativeResult {
    let (name, _) = identity(cx, args[0])?;
    let is_closed = host::<OpenStore>(cx, args[0], "Store").is_ok_and(|store| store.0.opened().is_err());
    let closed = if is_closed { " closed" } else { "" };
    Ok(Outcome::Return(cx.str(format!("<Store '{name}'{closed}>"))))
}
