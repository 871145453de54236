//! `Queue`: no item and no wake-up is lost, whoever is cancelled when, and the order is kept.

use std::sync::Arc;
use std::task::{Poll, Waker};

use scriptling_vm::portable::Portable;

use super::{RUNS, explore, join, start, wait};
use crate::primitives::atomic::{AtomicBool, Ordering};
use crate::sync::{Ended, Get, Kind, Label, Put, Queue, Waiting};

fn queue(maxsize: usize) -> Arc<Queue> {
    Arc::new(Queue::new(Label::new(Kind::Queue, "q"), maxsize))
}

fn int(item: &Portable) -> i64 {
    item.as_int().expect("the tests queue ints")
}

fn put(queue: &Arc<Queue>, item: i64) -> Result<(), Ended> {
    let mut put = Put::new(queue.clone(), Portable::int(item));
    wait(|waker| put.poll(waker))
}

fn get(queue: &Arc<Queue>) -> Result<i64, Ended> {
    let mut get = Get::new(queue.clone());
    wait(|waker| get.poll(waker)).map(|item| int(&item))
}

/// What is queued, in order.
fn drain(queue: &Queue) -> Vec<i64> {
    let next = || match queue.try_get() {
        Poll::Ready(Ok(item)) => Some(int(&item)),
        _ => None,
    };
    std::iter::from_fn(next).collect()
}

/// Waits that have been polled and found nothing.
fn parked_gets<const N: usize>(queue: &Arc<Queue>) -> [Get; N] {
    std::array::from_fn(|_| {
        let mut get = Get::new(queue.clone());
        assert!(get.poll(Waker::noop()).is_pending());
        get
    })
}

/// The same for producers, with the items 1, 2, ...
fn parked_puts<const N: usize>(queue: &Arc<Queue>) -> [Put; N] {
    std::array::from_fn(|at| {
        let mut put = Put::new(queue.clone(), Portable::int(at as i64 + 1));
        assert!(put.poll(Waker::noop()).is_pending());
        put
    })
}

fn every_item_comes_out_once_and_in_its_producers_order(maxsize: usize) {
    let queue = queue(maxsize);
    let producers = [10, 20].map(|first| {
        let queue = queue.clone();
        start(move || (first..first + 3).for_each(|item| put(&queue, item).expect("it is open")))
    });
    let consumers = [2, 4].map(|count| {
        let queue = queue.clone();
        start(move || (0..count).map(|_| get(&queue).expect("it is open")).collect::<Vec<i64>>())
    });
    join(producers);
    let seen = join(consumers);
    for items in &seen {
        for producer in [10..20_i64, 20..30] {
            assert!(items.iter().filter(|item| producer.contains(*item)).is_sorted(), "{seen:?}");
        }
    }
    let mut all = seen.concat();
    all.sort_unstable();
    assert_eq!(all, [10, 11, 12, 20, 21, 22]);
}

#[test]
fn an_unbounded_queue_loses_nothing() {
    explore(RUNS, || every_item_comes_out_once_and_in_its_producers_order(0));
}

#[test]
fn a_queue_for_one_loses_nothing() {
    explore(RUNS, || every_item_comes_out_once_and_in_its_producers_order(1));
}

#[test]
fn a_queue_for_two_loses_nothing() {
    explore(RUNS, || every_item_comes_out_once_and_in_its_producers_order(2));
}

#[test]
fn producers_that_do_not_wait_wake_consumers_that_do() {
    explore(RUNS, || {
        let queue = queue(1);
        let consumers = [(); 2].map(|()| {
            let queue = queue.clone();
            start(move || get(&queue).expect("it is open"))
        });
        let mut accepted: Vec<i64> = (1..=3).filter(|&item| queue.try_put(Portable::int(item)).is_ok()).collect();
        // Refused for want of room: the consumers have not come yet.
        while accepted.len() < 2 {
            put(&queue, 9).expect("it is open");
            accepted.push(9);
        }
        let mut seen = join(consumers);
        seen.extend(drain(&queue));
        seen.sort_unstable();
        assert_eq!(seen, accepted);
    });
}

#[test]
fn an_item_granted_to_a_cancelled_consumer_goes_to_the_next() {
    explore(RUNS, || {
        let queue = queue(0);
        let [cancelled] = parked_gets(&queue);
        let next = queue.clone();
        let next = start(move || get(&next));
        let cancelling = start(move || drop(cancelled));
        put(&queue, 7).expect("it is open");
        join([cancelling]);
        assert_eq!(join([next]), [Ok(7)]);
        assert!(drain(&queue).is_empty());
    });
}

#[test]
fn items_of_cancelled_consumers_go_back_in_order() {
    explore(RUNS, || {
        let queue = queue(0);
        let cancelled: [Get; 3] = parked_gets(&queue);
        let cancelling = cancelled.map(|get| start(move || drop(get)));
        (1..=4).for_each(|item| put(&queue, item).expect("it is open"));
        join(cancelling);
        assert_eq!(drain(&queue), [1, 2, 3, 4]);
    });
}

#[test]
fn a_consumer_that_may_be_cancelled_either_has_the_item_or_leaves_it() {
    explore(RUNS, || {
        let queue = queue(1);
        let hesitant = queue.clone();
        // Polled twice at whatever time, then cancelled.
        let hesitant = start(move || {
            let mut get = Get::new(hesitant);
            let first = get.poll(Waker::noop());
            let second = if first.is_pending() { get.poll(Waker::noop()) } else { first };
            match second {
                Poll::Ready(item) => Some(int(&item.expect("it is open"))),
                Poll::Pending => None,
            }
        });
        let steady = queue.clone();
        let steady = start(move || get(&steady).expect("it is open"));
        let producer = queue.clone();
        let producer = start(move || (1..=2).for_each(|item| put(&producer, item).expect("it is open")));
        let mut seen = join([steady]);
        seen.extend(join([hesitant]).into_iter().flatten());
        join([producer]);
        seen.extend(drain(&queue));
        seen.sort_unstable();
        assert_eq!(seen, [1, 2]);
    });
}

#[test]
fn a_cancelled_producer_leaves_its_item_or_nothing_and_the_next_gets_in() {
    explore(RUNS, || {
        let queue = queue(1);
        queue.try_put(Portable::int(0)).expect("there is room").expect("it is open");
        let [cancelled] = parked_puts(&queue);
        let next = queue.clone();
        let next = start(move || put(&next, 2));
        let gone = Arc::new(AtomicBool::new(false));
        let cancelling = start({
            let gone = gone.clone();
            move || {
                drop(cancelled);
                gone.store(true, Ordering::SeqCst);
            }
        });
        let was_gone = gone.load(Ordering::SeqCst);
        let mut seen = vec![get(&queue).expect("it is open"), get(&queue).expect("it is open")];
        join([cancelling]);
        assert_eq!(join([next]), [Ok(())]);
        seen.extend(drain(&queue));
        assert!(seen == [0, 2] || (!was_gone && seen == [0, 1, 2]), "{seen:?}");
    });
}

#[test]
fn close_wakes_all_consumers() {
    explore(RUNS, || {
        let queue = queue(0);
        let consumers = [(); 3].map(|()| {
            let queue = queue.clone();
            start(move || get(&queue))
        });
        let closing = queue.clone();
        let closing = start(move || closing.close());
        let accepted = matches!(queue.try_put(Portable::int(1)), Ok(Ok(())));
        join([closing]);
        let mut seen: Vec<i64> = join(consumers).into_iter().flatten().collect();
        seen.extend(drain(&queue));
        assert_eq!(seen.len(), usize::from(accepted));
    });
}

#[test]
fn close_wakes_all_producers_and_what_they_were_told_is_true() {
    explore(RUNS, || {
        let queue = queue(1);
        let producers = [1, 2, 3].map(|item| {
            let queue = queue.clone();
            start(move || put(&queue, item).map(|()| item))
        });
        let closing = queue.clone();
        let closing = start(move || closing.close());
        let mut seen: Vec<i64> = get(&queue).into_iter().collect();
        join([closing]);
        let mut accepted: Vec<i64> = join(producers).into_iter().flatten().collect();
        seen.extend(drain(&queue));
        seen.sort_unstable();
        accepted.sort_unstable();
        assert_eq!(seen, accepted);
    });
}

#[test]
fn consumers_are_served_in_order_of_arrival() {
    explore(RUNS, || {
        let queue = queue(0);
        let [mut first, mut second] = parked_gets(&queue);
        let served = [start(move || wait(|waker| first.poll(waker))), start(move || wait(|waker| second.poll(waker)))];
        let late = queue.clone();
        let late = start(move || get(&late));
        (1..=3).for_each(|item| put(&queue, item).expect("it is open"));
        let served: Vec<i64> = join(served).into_iter().map(|item| int(&item.expect("it is open"))).collect();
        assert_eq!((served, join([late])), (vec![1, 2], vec![Ok(3)]));
    });
}
