//! `WaitGroup`, `Atomic` and the key-value store's `incr`: what is counted by several at once.

use std::sync::Arc;
use std::task::Waker;

use num_bigint::BigInt;
use scriptling_vm::portable::Portable;

use super::{RUNS, explore, join, start, wait};
use crate::clock::ManualClock;
use crate::kv::{MemoryStore, Store};
use crate::sync::{Atomic, Kind, Label, Number, WaitGroup, Waiting, Zero};

#[test]
fn zero_releases_all_who_wait_even_if_the_counter_rises_again() {
    explore(RUNS, || {
        let group = Arc::new(WaitGroup::new(Label::new(Kind::WaitGroup, "g")));
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
        let group = Arc::new(WaitGroup::new(Label::new(Kind::WaitGroup, "g")));
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

fn atomic(initial: i64) -> Arc<Atomic> {
    Arc::new(Atomic::new(Label::new(Kind::Atomic, "a"), initial.into()).expect("it is small"))
}

#[test]
fn an_atomic_counts_every_change_also_where_it_outgrows_a_word() {
    explore(RUNS, || {
        let atomic = atomic(i64::MAX - 2);
        let adding = [(); 2].map(|()| {
            let atomic = atomic.clone();
            start(move || [(); 2].map(|()| atomic.add(&Number::Small(1)).expect("it is not too large").to_big()))
        });
        let reading = atomic.clone();
        let reading = start(move || [reading.get().to_big(), reading.get().to_big()]);
        let mut values = join(adding).concat();
        values.sort_unstable();
        let expected: Vec<BigInt> = (-1..=2).map(|n| BigInt::from(i64::MAX) + n).collect();
        assert_eq!(values, expected, "each sees a value of its own");
        let read = join([reading]).concat();
        assert!(read.is_sorted() && read.iter().all(|value| value + 1 >= expected[0] && value <= &expected[3]));
        assert_eq!(atomic.get().to_big(), expected[3]);
    });
}

#[test]
fn an_atomic_that_crosses_the_border_both_ways_loses_nothing() {
    explore(RUNS, || {
        let atomic = atomic(i64::MAX);
        let changing = [1, -1].map(|delta| {
            let atomic = atomic.clone();
            start(move || {
                atomic.add(&Number::Small(delta)).expect("it is not too large");
                atomic.add(&Number::Small(2 * delta)).expect("it is not too large");
                atomic.add(&Number::Small(-delta)).expect("it is not too large");
            })
        });
        join(changing);
        assert_eq!(atomic.get(), Number::Small(i64::MAX));
    });
}

#[test]
fn one_of_those_who_compare_and_set_wins() {
    explore(RUNS, || {
        let atomic = atomic(0);
        let setting = [1.into(), 2.into(), Number::from(BigInt::from(i64::MAX) + 1)].map(|value| {
            let atomic = atomic.clone();
            start(move || atomic.compare_and_set(&Number::Small(0), value) == Ok(true))
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
