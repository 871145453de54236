//! `WaitGroup`, `Atomic` and the key-value store's `incr`: what is counted by several at once.

use std::sync::Arc;
use std::task::Waker;

use scriptling_vm::portable::Portable;

use super::{RUNS, explore, join, start, wait};
use crate::clock::ManualClock;
use crate::kv::{MemoryStore, Store};
use crate::sync::{Atomic, Overflow, WaitGroup, Zero};

#[test]
fn zero_releases_all_who_wait_even_if_the_counter_rises_again() {
    explore(RUNS, || {
        let group = Arc::new(WaitGroup::new("g".into()));
        group.add(2).expect("it fits");
        let mut waits: [Zero; 3] = std::array::from_fn(|_| Zero::new(group.clone()));
        assert!(waits.iter_mut().all(|wait| wait.poll(Waker::noop()).is_pending()));
        let [mut first, mut second, cancelled] = waits;
        let waiting = [start(move || wait(|waker| first.poll(waker))), start(move || wait(|waker| second.poll(waker)))];
        let cancelling = start(move || drop(cancelled));
        let done = [(); 2].map(|()| {
            let group = group.clone();
            start(move || group.add(-1).expect("it is above zero"))
        });
        join(done);
        group.add(1).expect("it fits");
        join(waiting);
        join([cancelling]);
        assert_eq!(group.count(), 1);
    });
}

#[test]
fn whoever_comes_to_a_wait_group_late_is_released_too() {
    explore(RUNS, || {
        let group = Arc::new(WaitGroup::new("g".into()));
        group.add(2).expect("it fits");
        let waiting = [(); 2].map(|()| {
            let mut zero = Zero::new(group.clone());
            start(move || wait(|waker| zero.poll(waker)))
        });
        let done = [(); 2].map(|()| {
            let group = group.clone();
            start(move || group.add(-1).expect("it is above zero"))
        });
        join(waiting);
        join(done);
        assert!(group.add(-1).is_err() && group.count() == 0);
    });
}

#[test]
fn an_atomic_counts_every_change_and_refuses_one_too_many() {
    explore(RUNS, || {
        let atomic = Arc::new(Atomic::new("a".into(), i64::MAX - 3));
        let adding = [(); 2].map(|()| {
            let atomic = atomic.clone();
            start(move || [atomic.add(1), atomic.add(1)])
        });
        let results = join(adding).concat();
        let refused = results.iter().filter(|result| **result == Err(Overflow)).count();
        assert_eq!((refused, atomic.get()), (1, i64::MAX));
        let mut values: Vec<i64> = results.into_iter().flatten().collect();
        values.sort_unstable();
        assert_eq!(values, [i64::MAX - 2, i64::MAX - 1, i64::MAX], "each sees a value of its own");
    });
}

#[test]
fn one_of_those_who_compare_and_set_wins() {
    explore(RUNS, || {
        let atomic = Arc::new(Atomic::new("a".into(), 0));
        let setting = [1, 2, 3].map(|value| {
            let atomic = atomic.clone();
            start(move || atomic.compare_and_set(0, value))
        });
        assert_eq!(join(setting).into_iter().filter(|won| *won).count(), 1);
    });
}

#[test]
fn the_stores_increments_are_all_counted() {
    explore(RUNS, || {
        let store = Arc::new(MemoryStore::new(Arc::new(ManualClock::default())));
        store.set("n", Portable::int(0), None).expect("it is in memory");
        let counting = [(); 3].map(|()| {
            let store = store.clone();
            start(move || [(); 2].map(|()| store.incr("n", &Portable::int(1)).expect("an int").as_int()))
        });
        let mut values: Vec<i64> = join(counting).concat().into_iter().flatten().collect();
        values.sort_unstable();
        assert_eq!(values, [1, 2, 3, 4, 5, 6], "each sees a value of its own");
    });
}

#[test]
fn clearing_the_store_twice_at_once_ends() {
    explore(50, || {
        let store = Arc::new(MemoryStore::new(Arc::new(ManualClock::default())));
        let busy = [(); 2].map(|()| {
            let store = store.clone();
            start(move || store.clear().and_then(|()| store.set("k", Portable::NONE, None)))
        });
        assert_eq!(join(busy), [Ok(()), Ok(())]);
        assert!(store.len().expect("it is in memory") <= 1);
    });
}
