//! Tests of the stores: one suite for all of them (`conformance`), and what is particular to each.

#![allow(clippy::print_stdout, reason = "measurements print, and a test that is skipped says so")]

mod codec;
mod conformance;
mod disk;
mod failing_disk;
mod lane;
mod memory;
mod registry;

use std::sync::Arc;
use std::time::Duration;

use redb::backends::InMemoryBackend;
use scriptling_vm::isolate::{Isolate, Limits, NoHost};
use scriptling_vm::library::Library;
use scriptling_vm::portable::Portable;

use super::*;
use crate::clock::{Clock, ManualClock};

fn seconds(n: u64) -> Duration {
    Duration::from_secs(n)
}

/// A store of each kind, and the clock that it goes by.
fn each_store(test: impl Fn(Arc<dyn Store>, &ManualClock)) {
    let clock = ManualClock::default();
    test(Arc::new(MemoryStore::new(Arc::new(clock.clone()))), &clock);
    let bounds = Bounds { max_entries: Some(1_000_000), max_bytes: Some(1 << 30), policy: Policy::Lru };
    let clock = ManualClock::default();
    test(Arc::new(MemoryStore::bounded("bounded".into(), Arc::new(clock.clone()), bounds)), &clock);
    for durability in [Durability::Immediate, Durability::Eventual] {
        let clock = ManualClock::default();
        let store = DiskStore::with_backend("test".into(), InMemoryBackend::new, Arc::new(clock.clone()), durability);
        test(Arc::new(store.unwrap()), &clock);
    }
}

/// The value of an expression.
fn value(text: &str) -> Portable {
    let library = Library::builder().build();
    Isolate::new(library, Box::new(NoHost), Limits::default()).run_source("test.py", text).unwrap()
}

/// What `expression` makes of `x`.
fn look(x: &Portable, expression: &str) -> String {
    let library = Library::builder().build();
    let mut isolate = Isolate::new(library, Box::new(NoHost), Limits::default());
    isolate.run_source("test.py", &format!("def look(x): return repr({expression})")).unwrap();
    isolate.call_function("look", std::slice::from_ref(x)).unwrap().as_str().unwrap().to_owned()
}

fn key(n: usize) -> SmolStr {
    format!("key:{n:05}").into()
}
