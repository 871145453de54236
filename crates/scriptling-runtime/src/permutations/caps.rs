//! The cap on what is held outside of tasks: never exceeded, and everything is given back, whoever takes, drops or cancels.

use std::sync::Arc;
use std::task::Poll;

use scriptling_vm::portable::Portable;

use super::{RUNS, explore, join, settle, start};
use crate::cap::Cap;
use crate::clock::ManualClock;
use crate::kv::{Bounds, MemoryStore, Policy, Store, StoreError};
use crate::sync::{Get, Kind, Label, Object, Put, Queue, Waiting};

fn bytes(len: usize) -> Portable {
    Portable::bytes(vec![7; len])
}

#[test]
fn queues_and_stores_give_back_all_that_they_took() {
    explore(RUNS / 5, || {
        let cap = Cap::new(20_000);
        let label = Label::counted(Kind::Queue, "q", &cap).expect("there is room");
        let queue = Arc::new(Queue::new(label, 1));
        let bounds = Bounds { max_entries: Some(2), max_bytes: None, policy: Policy::Lru };
        let store = MemoryStore::bounded("m".into(), Arc::new(ManualClock::default()), bounds);
        let store = Arc::new(store.counted(Some(cap.account("store 'm'"))).expect("there is room"));
        let empty = cap.used();
        let putting = [(); 2].map(|()| {
            let queue = queue.clone();
            start(move || {
                // The second of them may wait until the queue is deleted.
                let Ok(item) = queue.label().item(bytes(5000)) else { return };
                let mut put = Put::new(queue, item);
                let _ = settle(|waker| put.poll(waker));
            })
        });
        let getting = {
            let queue = queue.clone();
            start(move || {
                // One that is cancelled, whatever it was granted.
                let mut get = Get::new(queue.clone());
                let got = matches!(get.poll(std::task::Waker::noop()), Poll::Ready(Ok(_)));
                drop(get);
                got
            })
        };
        let storing = ["a", "b"].map(|key| {
            let (store, cap) = (store.clone(), cap.clone());
            start(move || {
                let stored = store.set(key, bytes(8000), None);
                assert!(cap.used() <= 20_000);
                match stored {
                    Ok(()) => drop(store.delete(key)),
                    Err(error) => assert!(matches!(error, StoreError::OverCap(_)) && !store.exists(key).expect("open")),
                }
            })
        });
        join(storing);
        join([getting]);
        assert_eq!(store.len(), Ok(0));
        queue.delete();
        join(putting);
        assert_eq!(cap.used(), empty);
        drop((queue, store));
        assert_eq!(cap.used(), 0);
    });
}
