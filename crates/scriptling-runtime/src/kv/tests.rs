//! The conformance suite of stores, run against each; and what is particular to the in-memory one.

use std::sync::Arc;
use std::time::Duration;

use num_bigint::BigInt;
use scriptling_vm::portable::Portable;

use super::*;
use crate::clock::ManualClock;

fn seconds(n: u64) -> Duration {
    Duration::from_secs(n)
}

fn conformance(store: &dyn Store, clock: &ManualClock) {
    let one = BigInt::from(1);
    store.set("b", Portable::int(1), None).unwrap();
    store.set("a", Portable::str("x"), Some(seconds(10))).unwrap();
    store.set("", Portable::NONE, None).unwrap();
    assert_eq!(store.keys(&Glob::new("*")).unwrap(), ["", "a", "b"]);
    assert_eq!(store.get("b").unwrap().unwrap().as_int(), Some(1));
    assert_eq!((store.ttl("a").unwrap(), store.ttl("b").unwrap()), (Ttl::Left(seconds(10)), Ttl::Unlimited));
    assert_eq!(store.ttl("c").unwrap(), Ttl::Missing);

    clock.advance(seconds(9));
    assert!(store.exists("a").unwrap());
    clock.advance(seconds(1));
    assert!(!store.exists("a").unwrap() && store.get("a").unwrap().is_none());
    assert_eq!((store.ttl("a").unwrap(), store.len().unwrap()), (Ttl::Missing, 2));
    assert!(!store.delete("a").unwrap(), "an expired entry is not there to be deleted");

    assert_eq!(store.incr("b", &one).unwrap().as_int(), Some(2));
    assert_eq!(store.incr("n", &one).unwrap().as_int(), Some(1));
    store.set("big", Portable::int(i64::MAX), Some(seconds(5))).unwrap();
    assert_eq!(store.incr("big", &one).unwrap().as_big_int(), Some(BigInt::from(i64::MAX) + 1));
    assert_eq!(store.ttl("big").unwrap(), Ttl::Left(seconds(5)), "incr keeps the expiry");
    store.set("text", Portable::str("ten"), None).unwrap();
    assert_eq!(store.incr("text", &one).unwrap_err(), StoreError::NotAnInt);
    assert_eq!(store.get("text").unwrap().unwrap().as_str(), Some("ten"));
    clock.advance(seconds(5));
    assert_eq!(store.incr("big", &one).unwrap().as_int(), Some(1), "an expired counter starts again");
    assert_eq!(store.ttl("big").unwrap(), Ttl::Unlimited);

    store.set("t", Portable::int(1), Some(seconds(5))).unwrap();
    store.set("t", Portable::int(2), None).unwrap();
    clock.advance(seconds(6));
    assert_eq!(store.get("t").unwrap().unwrap().as_int(), Some(2), "overwriting without ttl clears the expiry");
    assert_eq!(store.set("t", Portable::NONE, Some(Duration::MAX)).unwrap_err(), StoreError::TtlTooLarge);

    assert!(store.delete("t").unwrap() && !store.delete("t").unwrap());
    store.clear().unwrap();
    assert!(store.is_empty().unwrap());
}

#[test]
fn memory_store_conforms() {
    let clock = ManualClock::default();
    conformance(&MemoryStore::new(Arc::new(clock.clone())), &clock);
}

#[test]
fn expired_entries_are_removed_by_writes() {
    let clock = ManualClock::default();
    let store = MemoryStore::new(Arc::new(clock.clone()));
    for n in 0..10_000 {
        store.set(&format!("k{n}"), Portable::int(n), Some(seconds(1))).unwrap();
    }
    clock.advance(seconds(2));
    assert_eq!((store.len().unwrap(), store.physical_len().0), (0, 10_000));
    for n in 0..10_000 {
        store.set(&format!("other{n}"), Portable::int(n), None).unwrap();
    }
    assert_eq!(store.physical_len(), (10_000, 0));
}

#[test]
fn rewriting_a_key_does_not_pile_up_deadlines() {
    let store = MemoryStore::new(Arc::new(ManualClock::default()));
    for n in 0..10_000 {
        store.set("k", Portable::int(n), Some(seconds(60))).unwrap();
    }
    assert!(store.physical_len().1 < 200);
}

#[test]
fn increments_from_many_threads_are_all_counted() {
    let store = MemoryStore::new(Arc::new(ManualClock::default()));
    std::thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| (0..5_000).for_each(|_| drop(store.incr("n", &BigInt::from(1)).unwrap())));
        }
    });
    assert_eq!(store.get("n").unwrap().unwrap().as_int(), Some(20_000));
}
