//! Key-value stores: transactions, eviction and expiry while others are at it, and groups of writers of a file.

use std::pin::Pin;
use std::sync::Arc;
use std::task::Context;
use std::time::Duration;

use async_task::Task;
use redb::backends::InMemoryBackend;
use scriptling_vm::portable::Portable;

use super::{RUNS, explore, join, settle, start};
use crate::clock::ManualClock;
use crate::kv::{
    Bounds, Condition, DiskStore, Durability, Expiry, Extent, Lane, MemoryStore, Policy, Store, StoreError,
    Transaction, Ttl, Write,
};
use crate::primitives::atomic::{AtomicUsize, Ordering};

/// Each operation of a store with 64 shards is many steps; small stores have one.
fn small(clock: &ManualClock, max_entries: usize, policy: Policy) -> Arc<MemoryStore> {
    let bounds = Bounds { max_entries: Some(max_entries), max_bytes: None, policy };
    Arc::new(MemoryStore::bounded("m".into(), Arc::new(clock.clone()), bounds))
}

fn set(store: &dyn Store, key: &str, value: i64, ttl: Option<u64>) -> Result<(), StoreError> {
    store.set(key, Portable::int(value), ttl.map(Duration::from_secs))
}

fn int(store: &dyn Store, key: &str) -> Option<i64> {
    store.get(key).expect("it is open")?.as_int()
}

/// Moves one from a key to another, until nobody is in between.
fn move_one(store: &Arc<dyn Store>, from: &str, to: &str) {
    loop {
        let mut t = Transaction::new(store.clone());
        let done = t.incr(&from.into(), &Portable::int(-1)).and_then(|_| t.incr(&to.into(), &Portable::int(1)));
        match done.and_then(|_| t.commit()) {
            Ok(()) => return,
            Err(error) => assert_eq!(error, StoreError::Conflict),
        }
    }
}

#[test]
fn transactions_are_as_if_one_came_after_the_other() {
    explore(RUNS, || {
        // In several shards: the order of their locks is what could go wrong.
        let store: Arc<dyn Store> = Arc::new(MemoryStore::new(Arc::new(ManualClock::default())));
        set(&*store, "a", 5, None).expect("there is room");
        set(&*store, "b", 5, None).expect("there is room");
        let moving = [("a", "b"), ("b", "a")].map(|(from, to)| {
            let store = store.clone();
            start(move || move_one(&store, from, to))
        });
        let reading = {
            let store = store.clone();
            start(move || {
                let read = store.read(&["b".into(), "a".into()], &[]).expect("nothing is expected");
                read.iter().filter_map(|read| read.value.as_ref()?.as_int()).sum::<i64>()
            })
        };
        join(moving);
        assert_eq!(join([reading]), [10], "no move is seen half done");
        assert_eq!((int(&*store, "a"), int(&*store, "b")), (Some(5), Some(5)));
    });
}

/// Several shards, and not so many that each operation is many steps.
fn some_shards() -> Arc<dyn Store> {
    let bounds = Bounds { max_entries: Some(4096), max_bytes: None, policy: Policy::Reject };
    Arc::new(MemoryStore::bounded("m".into(), Arc::new(ManualClock::default()), bounds))
}

#[test]
fn what_is_changed_and_changed_back_is_never_seen_half() {
    explore(RUNS, || {
        let store = some_shards();
        // `a` and `b` are equal at every moment, and take the same values again and again; `b` goes and comes back.
        set(&*store, "a", 0, None).expect("there is room");
        let changing = {
            let store = store.clone();
            start(move || {
                for value in [1, 0, 1, 0] {
                    let b = if value == 0 { Write::Delete } else { Write::Set(Portable::int(value), Expiry::Never) };
                    let a = Write::Set(Portable::int(value), Expiry::Never);
                    store.commit(&[], vec![("a".into(), a), ("b".into(), b)]).expect("nothing is expected");
                }
            })
        };
        let copying = [("a", "b"), ("b", "a")].map(|(first, second)| {
            let store = store.clone();
            start(move || {
                let mut t = Transaction::new(store);
                let mut read =
                    |key: &str| t.get(&key.into()).map(|value| value.map_or(0, |value| value.as_int().unwrap_or(9)));
                match read(first).and_then(|first| Ok((first, read(second)?))) {
                    Ok((first, second)) => {
                        assert_eq!(first, second, "they were never apart");
                        t.set("seen".into(), Portable::int(first), Expiry::Never);
                        assert!(matches!(t.commit(), Ok(()) | Err(StoreError::Conflict)));
                    }
                    Err(error) => assert_eq!(error, StoreError::Conflict),
                }
            })
        });
        join([changing]);
        join(copying);
    });
}

#[test]
fn of_two_that_read_what_the_other_writes_one_comes_first() {
    explore(RUNS, || {
        let store = some_shards();
        // Each takes what is its own only if both are there: one of them must find the other's gone. Meanwhile somebody
        // takes both away and puts them back.
        for key in ["a", "b"] {
            set(&*store, key, 1, None).expect("there is room");
        }
        let taking = ["a", "b"].map(|own| {
            let store = store.clone();
            start(move || {
                loop {
                    let mut t = Transaction::new(store.clone());
                    let both = t.get_many(&["a".into(), "b".into()]).map(|both| both.iter().all(Option::is_some));
                    let done = both.and_then(|both| {
                        if both {
                            t.delete(own.into());
                        }
                        t.commit().map(|()| both)
                    });
                    match done {
                        Ok(took) => return took,
                        Err(error) => assert_eq!(error, StoreError::Conflict),
                    }
                }
            })
        });
        let flickering = {
            let store = store.clone();
            start(move || {
                let Some(old) = store.take("a").expect("it is open") else { return };
                store.set("a", old, None).expect("there is room");
            })
        };
        join([flickering]);
        let took = join(taking).into_iter().filter(|took| *took).count();
        let left = ["a", "b"].iter().filter(|key| store.exists(key).expect("it is open")).count();
        assert!(took <= 1, "both took theirs, though after the first there were not both");
        assert_eq!(left, 2 - took);
    });
}

#[test]
fn one_of_those_who_set_what_is_absent_wins() {
    explore(RUNS, || {
        let store = small(&ManualClock::default(), 10, Policy::Reject);
        let setting = [1, 2, 3].map(|value| {
            let store = store.clone();
            start(move || store.set_if("k", Portable::int(value), Expiry::Never, &Condition::Absent))
        });
        let won = join(setting).into_iter().filter(|won| *won == Ok(true)).count();
        assert_eq!(won, 1);
    });
}

#[test]
fn bounds_hold_whatever_is_evicted_expired_and_removed() {
    explore(RUNS, || {
        let clock = ManualClock::default();
        let store = small(&clock, 2, Policy::Lru);
        set(&*store, "a", 1, Some(1)).expect("there is room");
        set(&*store, "b", 1, None).expect("there is room");
        let setting = ["c", "d"].map(|key| {
            let store = store.clone();
            start(move || set(&*store, key, 1, Some(5)).expect("something can go"))
        });
        let sweeping = {
            let (store, clock) = (store.clone(), clock.clone());
            start(move || {
                clock.advance(Duration::from_secs(1));
                store.sweep();
            })
        };
        let removing = {
            let store = store.clone();
            start(move || drop(store.delete("b")))
        };
        join(setting);
        join([sweeping, removing]);
        let len = store.len().expect("it is open");
        assert!(len <= 2);
        assert_eq!(store.accounted().map(|(entries, _)| entries), Some(len));
        clock.advance(Duration::from_secs(10));
        store.sweep();
        store.take("b").expect("it is open");
        assert_eq!((store.len(), store.accounted()), (Ok(0), Some((0, 0))));
    });
}

#[test]
fn what_is_refreshed_while_it_is_swept_stays() {
    explore(RUNS, || {
        let clock = ManualClock::default();
        let store = small(&clock, 5, Policy::Lru);
        set(&*store, "k", 1, Some(1)).expect("there is room");
        clock.advance(Duration::from_secs(1));
        let refreshing = {
            let store = store.clone();
            start(move || set(&*store, "k", 2, Some(5)).expect("there is room"))
        };
        let sweeping = {
            let store = store.clone();
            start(move || {
                store.sweep();
            })
        };
        join([refreshing, sweeping]);
        assert_eq!((int(&*store, "k"), store.ttl("k")), (Some(2), Ok(Ttl::Left(Duration::from_secs(5)))));
    });
}

#[test]
fn each_writer_of_a_group_gets_its_own_reply() {
    explore(200, || {
        let clock = Arc::new(ManualClock::default());
        let store = DiskStore::with_backend("d".into(), InMemoryBackend::new, clock, Durability::Immediate);
        let store = Arc::new(store.expect("it is in memory"));
        let counting = [(); 3].map(|()| {
            let store = store.clone();
            start(move || store.incr("n", &Portable::int(1)).expect("an int").as_int())
        });
        let mut values: Vec<i64> = join(counting).into_iter().flatten().collect();
        values.sort_unstable();
        assert_eq!(values, [1, 2, 3], "each sees a value of its own");
    });
}

/// Waits for work of a lane.
fn wait_for<T>(mut job: Task<T>) -> T {
    settle(|waker| Pin::new(&mut job).poll(&mut Context::from_waker(waker)))
}

#[test]
fn a_lane_does_all_work_though_its_threads_come_and_go() {
    explore(RUNS, || {
        let lane = Lane::new(2);
        let (at_once, most) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicUsize::new(0)));
        let asking = [(); 2].map(|()| {
            let (lane, at_once, most) = (lane.clone(), at_once.clone(), most.clone());
            start(move || {
                let jobs = [1, 2].map(|n| {
                    let (lane_of_it, at_once, most) = (lane.clone(), at_once.clone(), most.clone());
                    lane.run(move || {
                        most.fetch_max(at_once.fetch_add(1, Ordering::SeqCst) + 1, Ordering::SeqCst);
                        at_once.fetch_sub(1, Ordering::SeqCst);
                        lane_of_it.help(|| false);
                        n
                    })
                });
                jobs.into_iter().map(wait_for).sum::<i32>()
            })
        });
        assert_eq!(join(asking), [3, 3]);
        assert!(most.load(Ordering::SeqCst) <= 2, "threads at work at once");
    });
}

#[test]
fn each_writer_in_a_lane_gets_its_own_reply() {
    explore(200, || {
        let clock = Arc::new(ManualClock::default());
        let store = DiskStore::with_backend("d".into(), InMemoryBackend::new, clock, Durability::Immediate);
        let store: Arc<dyn Store> = Arc::new(store.expect("it is in memory"));
        let lane = store.lane(Extent::Keys).expect("it is a file's").clone();
        let counting = [(); 4].map(|()| {
            let store = store.clone();
            lane.run(move || store.incr("n", &Portable::int(1)).expect("an int").as_int())
        });
        let mut values: Vec<i64> = counting.into_iter().filter_map(wait_for).collect();
        values.sort_unstable();
        assert_eq!(values, [1, 2, 3, 4], "each sees a value of its own");
    });
}

#[test]
fn a_store_that_is_closed_while_it_is_used_ends_cleanly() {
    explore(200, || {
        let clock = Arc::new(ManualClock::default());
        let disk = DiskStore::with_backend("d".into(), InMemoryBackend::new, clock.clone(), Durability::Eventual);
        let stores: [Arc<dyn Store>; 2] = [small(&clock, 5, Policy::Lru), Arc::new(disk.expect("it is in memory"))];
        for store in stores {
            let writing = {
                let store = store.clone();
                start(move || set(&*store, "k", 1, None))
            };
            let closing = {
                let store = store.clone();
                start(move || store.close())
            };
            let results = join([writing, closing]);
            assert!(matches!(results[0], Ok(()) | Err(StoreError::Closed)) && results[1] == Ok(()));
            assert_eq!(store.get("k").map(drop), Err(StoreError::Closed));
        }
    });
}
