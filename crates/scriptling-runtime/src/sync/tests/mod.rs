//! Unit tests of the primitives, and stress tests that permute the order in which parked tasks run.

mod stress;

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::task::{Poll, Wake, Waker};

use scriptling_vm::portable::Portable;

use super::*;

/// Counts wake-ups.
#[derive(Default)]
struct Bell(AtomicUsize);

impl Wake for Bell {
    fn wake(self: Arc<Self>) {
        self.0.fetch_add(1, Ordering::SeqCst);
    }
}

fn bell() -> (Arc<Bell>, Waker) {
    let bell = Arc::new(Bell::default());
    (bell.clone(), Waker::from(bell))
}

/// A small generator with a printable seed.
struct Random(u64);

impl Random {
    fn below(&mut self, n: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 % n as u64) as usize
    }
}

fn make_queue(maxsize: usize) -> Queue {
    Queue::new(Label::new(Kind::Queue, "q"), maxsize)
}

/// A task with that number.
fn task_of(id: TaskId) -> Owner {
    Owner { id, name: smol_str::format_smolstr!("task {id}") }
}

fn int(result: Poll<Result<Portable, Ended>>) -> Option<i64> {
    match result {
        Poll::Ready(Ok(value)) => value.as_int(),
        _ => None,
    }
}

#[test]
fn consumers_are_served_in_order_of_arrival() {
    let queue = Arc::new(make_queue(0));
    let (first_bell, first_waker) = bell();
    let (mut first, mut second) = (Get::new(queue.clone()), Get::new(queue.clone()));
    assert!(first.poll(&first_waker).is_pending() && second.poll(Waker::noop()).is_pending());
    assert!(queue.try_put(Portable::int(1)).is_ok());
    assert_eq!(first_bell.0.load(Ordering::SeqCst), 1);
    // A newcomer does not overtake: the item belongs to the first.
    assert!(queue.try_get().is_pending() && second.poll(Waker::noop()).is_pending());
    assert_eq!(int(first.poll(&first_waker)), Some(1));
}

#[test]
fn a_cancelled_consumer_passes_its_item_on() {
    let queue = Arc::new(make_queue(0));
    let (mut first, mut second) = (Get::new(queue.clone()), Get::new(queue.clone()));
    assert!(first.poll(Waker::noop()).is_pending() && second.poll(Waker::noop()).is_pending());
    assert!(queue.try_put(Portable::int(7)).is_ok());
    drop(first);
    assert_eq!(int(second.poll(Waker::noop())), Some(7));
    let mut third = Get::new(queue.clone());
    assert!(third.poll(Waker::noop()).is_pending());
    assert!(queue.try_put(Portable::int(8)).is_ok());
    assert!(queue.try_put(Portable::int(9)).is_ok());
    drop(third);
    assert_eq!((int(queue.try_get()), int(queue.try_get())), (Some(8), Some(9)), "back to the front");
}

#[test]
fn items_of_consumers_cancelled_in_any_order_keep_theirs() {
    for order in [[0, 0, 0], [2, 1, 0], [1, 1, 0]] {
        let queue = Arc::new(make_queue(2));
        let mut gets: Vec<Get> = (0..3).map(|_| Get::new(queue.clone())).collect();
        assert!(gets.iter_mut().all(|get| get.poll(Waker::noop()).is_pending()));
        assert!((1..=4).all(|item| queue.try_put(Portable::int(item)).is_ok()));
        order.into_iter().for_each(|next| drop(gets.remove(next)));
        assert_eq!(queue.size(), 4, "more than fits, but none is lost");
        assert!(queue.try_put(Portable::NONE).is_err());
        let items: Vec<i64> = std::iter::from_fn(|| int(queue.try_get())).collect();
        assert_eq!(items, [1, 2, 3, 4], "{order:?}");
    }
}

#[test]
fn an_item_left_by_a_cancelled_consumer_of_a_closed_queue_is_still_taken() {
    let queue = Arc::new(make_queue(0));
    let (mut first, mut second) = (Get::new(queue.clone()), Get::new(queue.clone()));
    assert!(first.poll(Waker::noop()).is_pending() && second.poll(Waker::noop()).is_pending());
    assert!(queue.try_put(Portable::int(1)).is_ok());
    queue.close();
    drop(first);
    assert_eq!(int(second.poll(Waker::noop())), Some(1), "closed, but not drained");
}

#[test]
fn producers_wait_for_room_and_a_cancelled_one_leaves_nothing_behind() {
    let queue = Arc::new(make_queue(1));
    assert!(queue.try_put(Portable::int(1)).is_ok() && queue.try_put(Portable::int(2)).is_err());
    let mut puts: Vec<Put> = (2..5).map(|n| Put::new(queue.clone(), Portable::int(n))).collect();
    assert!(puts.iter_mut().all(|put| put.poll(Waker::noop()).is_pending()));
    puts.remove(1);
    assert_eq!(int(queue.try_get()), Some(1));
    assert!(puts[0].poll(Waker::noop()).is_ready() && puts[1].poll(Waker::noop()).is_pending());
    assert_eq!((int(queue.try_get()), int(queue.try_get()), queue.size()), (Some(2), Some(4), 0));
}

#[test]
fn close_wakes_everybody_and_lets_consumers_drain() {
    let queue = Arc::new(make_queue(1));
    assert!(queue.try_put(Portable::int(1)).is_ok());
    let (bell, waker) = bell();
    let mut puts: Vec<Put> = (0..3).map(|n| Put::new(queue.clone(), Portable::int(n))).collect();
    assert!(puts.iter_mut().all(|put| put.poll(&waker).is_pending()));
    queue.close();
    queue.close();
    assert_eq!(bell.0.load(Ordering::SeqCst), 3);
    assert!(puts.iter_mut().all(|put| put.poll(&waker) == Poll::Ready(Err(Ended::Closed))));
    assert_eq!(int(queue.try_get()), Some(1));
    assert!(matches!(queue.try_get(), Poll::Ready(Err(Ended::Closed))));
    assert!(matches!(queue.try_put(Portable::NONE), Ok(Err(Ended::Closed))));

    let queue = Arc::new(make_queue(0));
    let mut gets: Vec<Get> = (0..3).map(|_| Get::new(queue.clone())).collect();
    assert!(gets.iter_mut().all(|get| get.poll(&waker).is_pending()));
    queue.close();
    assert!(gets.iter_mut().all(|get| matches!(get.poll(&waker), Poll::Ready(Err(Ended::Closed)))));
}

#[test]
fn wait_group_releases_all_at_zero_and_refuses_to_go_below() {
    let group = Arc::new(WaitGroup::new(Label::new(Kind::WaitGroup, "g")));
    assert_eq!(group.add(-1), Err(Refused::Negative));
    assert!(Zero::new(group.clone()).poll(Waker::noop()).is_ready());
    group.add(2).unwrap();
    assert_eq!(group.add(i64::MAX), Err(Refused::Overflow));
    let (bell, waker) = bell();
    let mut waits: Vec<Zero> = (0..10).map(|_| Zero::new(group.clone())).collect();
    assert!(waits.iter_mut().all(|wait| wait.poll(&waker).is_pending()));
    group.add(-1).unwrap();
    assert_eq!(bell.0.load(Ordering::SeqCst), 0);
    group.add(-1).unwrap();
    group.add(1).unwrap();
    assert_eq!(bell.0.load(Ordering::SeqCst), 10);
    assert!(waits.iter_mut().all(|wait| wait.poll(&waker).is_ready()), "zero was reached, whatever came after");
}

#[test]
fn atomic_grows_beyond_a_word_and_shrinks_again() {
    let small = Number::Small;
    let atomic = Atomic::new(Label::new(Kind::Atomic, "a"), small(i64::MAX)).unwrap();
    let next: num_bigint::BigInt = num_bigint::BigInt::from(i64::MAX) + 1;
    assert_eq!(atomic.add(&small(1)), Ok(Number::Large(next.clone())));
    assert_eq!((atomic.get(), atomic.initial()), (Number::Large(next.clone()), &small(i64::MAX)));
    assert_eq!(atomic.add(&small(-1)), Ok(small(i64::MAX)));
    // The word that stands for large values is a value as well.
    atomic.set(small(i64::MIN)).unwrap();
    assert_eq!((atomic.get(), atomic.add(&small(0))), (small(i64::MIN), Ok(small(i64::MIN))));
    assert_eq!(atomic.compare_and_set(&small(i64::MIN), Number::Large(next.clone())), Ok(true));
    assert_eq!(atomic.compare_and_set(&small(4), small(6)), Ok(false));
    assert_eq!(atomic.compare_and_set(&Number::Large(next), small(5)), Ok(true));
    assert_eq!((atomic.exchange(small(9)), atomic.get()), (Ok(small(5)), small(9)));
    assert_eq!(-small(i64::MIN), Number::from(-num_bigint::BigInt::from(i64::MIN)));
}

#[test]
fn atomic_refuses_what_is_too_large_and_keeps_its_value() {
    let huge = Number::from(num_bigint::BigInt::from(1) << (1 << 20));
    let atomic = Atomic::new(Label::new(Kind::Atomic, "a"), Number::Small(1)).unwrap();
    assert!(atomic.add(&huge).is_err() && atomic.set(huge.clone()).is_err() && atomic.exchange(huge.clone()).is_err());
    assert!(atomic.compare_and_set(&Number::Small(1), huge.clone()).is_err());
    assert_eq!(atomic.get(), Number::Small(1));
    assert!(Atomic::new(Label::new(Kind::Atomic, "b"), huge).is_err());
}

#[test]
fn shared_turns_pass_on_from_dropped_permits_and_cancelled_waiters() {
    let shared = Arc::new(Shared::new(Label::new(Kind::Shared, "s"), Portable::int(0)));
    let mut locks: Vec<Write> = (1..=3).map(|task| Write::new(shared.clone(), task_of(task))).collect();
    let Poll::Ready(Ok(permit)) = locks[0].poll(Waker::noop()) else { panic!("free") };
    assert!(matches!(Write::new(shared.clone(), task_of(1)).poll(Waker::noop()), Poll::Ready(Err(Denied::Reentered))));
    assert!(locks[1].poll(Waker::noop()).is_pending() && locks[2].poll(Waker::noop()).is_pending());
    permit.set(Portable::int(1));
    drop(permit);
    // The second was granted and is cancelled before it runs.
    locks.remove(1);
    let Poll::Ready(Ok(permit)) = locks[1].poll(Waker::noop()) else { panic!("passed on") };
    assert_eq!(permit.value().as_int(), Some(1));
    drop(permit);
    assert!(matches!(Write::new(shared, task_of(9)).poll(Waker::noop()), Poll::Ready(Ok(_))));
}

/// Producers and consumers that are polled, cancelled and started again in random order: every item comes out once, in
/// the order of its producer, and nobody is left waiting.
#[test]
fn queue_survives_random_schedules_with_cancellation() {
    for seed in 1..200u64 {
        let mut random = Random(seed * 0x9e37_79b9);
        let maxsize = random.below(4);
        let queue = Arc::new(make_queue(maxsize));
        let mut gets: HashMap<usize, Get> = HashMap::new();
        let mut puts: HashMap<usize, (Put, i64)> = HashMap::new();
        let (mut sent, mut accepted, mut seen) = (0, Vec::new(), Vec::new());
        for _ in 0..500 {
            let slot = random.below(4);
            match random.below(8) {
                0 => drop(gets.remove(&slot)),
                1..=3 => {
                    let get = gets.entry(slot).or_insert_with(|| Get::new(queue.clone()));
                    if let Poll::Ready(Ok(item)) = get.poll(Waker::noop()) {
                        seen.push(item.as_int().unwrap());
                        gets.remove(&slot);
                    }
                }
                _ => {
                    let (put, item) = puts.entry(slot).or_insert_with(|| {
                        sent += 1;
                        (Put::new(queue.clone(), Portable::int(sent)), sent)
                    });
                    if put.poll(Waker::noop()).is_ready() {
                        accepted.push(*item);
                        puts.remove(&slot);
                    }
                }
            }
        }
        gets.clear();
        // What is still offered is either accepted while we drain, or never was.
        while let Poll::Ready(Ok(item)) = queue.try_get() {
            seen.push(item.as_int().unwrap());
        }
        for (mut put, item) in puts.into_values() {
            if put.poll(Waker::noop()).is_ready() {
                accepted.push(item);
            }
        }
        while let Poll::Ready(Ok(item)) = queue.try_get() {
            seen.push(item.as_int().unwrap());
        }
        accepted.sort_unstable();
        seen.sort_unstable();
        assert_eq!(seen, accepted, "seed {seed}");
    }
}

/// Polls until it is ready, asleep in between.
fn wait<T>(mut poll: impl FnMut(&Waker) -> Poll<T>) -> T {
    let waker = Waker::from(Arc::new(Unpark(std::thread::current())));
    loop {
        match poll(&waker) {
            Poll::Ready(result) => return result,
            Poll::Pending => std::thread::park(),
        }
    }
}

struct Unpark(std::thread::Thread);

impl Wake for Unpark {
    fn wake(self: Arc<Self>) {
        self.0.unpark();
    }
}

/// Runs `body` on four threads at once, each with its number and random choices of its own.
fn on_threads<T: Send>(seed: u64, body: impl Fn(u64, &mut Random) -> T + Sync) -> Vec<T> {
    std::thread::scope(|scope| {
        let body = &body;
        let threads: Vec<_> =
            (1..=4).map(|n| scope.spawn(move || body(n, &mut Random((seed * 4 + n) * 0x9e37_79b9)))).collect();
        threads.into_iter().map(|thread| thread.join().unwrap()).collect()
    })
}

#[test]
fn shared_updates_from_threads_lose_nothing() {
    let shared = Arc::new(Shared::new(Label::new(Kind::Shared, "s"), Portable::int(0)));
    let updates = on_threads(1, |task, random| {
        let mut updates = 0;
        for _ in 0..2_000 {
            let mut lock = Write::new(shared.clone(), task_of(task));
            if random.below(4) == 0 && lock.poll(Waker::noop()).is_pending() {
                // Cancelled while it waits.
                continue;
            }
            drop(lock);
            let mut lock = Write::new(shared.clone(), task_of(task));
            let permit = wait(|waker| lock.poll(waker)).unwrap();
            let value = permit.value().as_int().unwrap();
            if random.below(4) == 0 {
                // The function has raised.
                continue;
            }
            permit.set(Portable::int(value + 1));
            updates += 1;
        }
        updates
    });
    assert_eq!(shared.get().as_int(), Some(updates.into_iter().sum()));
}

/// Two producers and two consumers, of which the consumers give up at random; what they leave is drained at the end.
#[test]
fn queue_loses_nothing_between_threads_that_give_up_at_random() {
    const ITEMS: i64 = 500;
    for seed in 1..20 {
        let queue = Arc::new(make_queue(seed as usize % 4));
        let producing = AtomicUsize::new(2);
        let seen = on_threads(seed, |thread, random| {
            let mut seen = Vec::new();
            if thread <= 2 {
                for n in 0..ITEMS {
                    let mut put = Put::new(queue.clone(), Portable::int(thread as i64 * ITEMS + n));
                    wait(|waker| put.poll(waker)).unwrap();
                }
                if producing.fetch_sub(1, Ordering::SeqCst) == 1 {
                    queue.close();
                }
                return seen;
            }
            loop {
                let mut get = Get::new(queue.clone());
                if random.below(3) == 0 {
                    // Cancelled at once, while it waits or when it has just been given an item.
                    seen.extend(int(get.poll(Waker::noop())));
                    continue;
                }
                match wait(|waker| get.poll(waker)) {
                    Ok(item) => seen.push(item.as_int().unwrap()),
                    Err(_) => return seen,
                }
            }
        });
        let mut seen = seen.concat();
        seen.extend(std::iter::from_fn(|| int(queue.try_get())));
        seen.sort_unstable();
        assert!(seen.into_iter().eq(ITEMS..3 * ITEMS), "seed {seed}");
    }
}

#[test]
fn wait_group_releases_threads_that_wait_while_others_count() {
    for seed in 1..50 {
        let group = Arc::new(WaitGroup::new(Label::new(Kind::WaitGroup, "g")));
        group.add(200).unwrap();
        on_threads(seed, |_, random| {
            let mut left = 50;
            while left > 0 {
                if random.below(4) == 0 {
                    let _cancelled = Zero::new(group.clone()).poll(Waker::noop());
                }
                let step = 1 + random.below(left) as i64;
                group.add(-step).unwrap();
                left -= step as usize;
            }
            let mut zero = Zero::new(group.clone());
            wait(|waker| zero.poll(waker)).unwrap();
        });
        assert_eq!(group.count(), 0, "seed {seed}");
    }
}

#[test]
fn atomic_counts_what_threads_add_in_different_ways() {
    let atomic = Atomic::new(Label::new(Kind::Atomic, "a"), 0.into()).unwrap();
    let sums = on_threads(1, |_, random| {
        let mut sum = 0;
        for _ in 0..100_000 {
            let delta = random.below(100) as i64;
            match random.below(3) {
                0 | 1 => assert!(atomic.add(&delta.into()).is_ok()),
                _ => {
                    let old = atomic.get();
                    let Number::Small(small) = old else { panic!("the sums are small") };
                    if atomic.compare_and_set(&old, (small + delta).into()) != Ok(true) {
                        continue;
                    }
                }
            }
            sum += delta;
        }
        sum
    });
    assert_eq!(atomic.get(), sums.into_iter().sum::<i64>().into());
}

#[test]
fn a_closed_queue_ends_only_when_what_was_handed_over_is_taken() {
    for cancelled in [true, false] {
        let queue = Arc::new(make_queue(0));
        let [mut first, mut second] = [(); 2].map(|()| Get::new(queue.clone()));
        assert!(first.poll(Waker::noop()).is_pending() && second.poll(Waker::noop()).is_pending());
        assert!(matches!(queue.try_put(Portable::int(1)), Ok(Ok(()))));
        queue.close();
        assert!(second.poll(Waker::noop()).is_pending(), "the first may yet be cancelled");
        assert!(queue.try_get().is_pending());
        if cancelled {
            drop(first);
            assert!(matches!(second.poll(Waker::noop()), Poll::Ready(Ok(item)) if item.as_int() == Some(1)));
        } else {
            assert!(matches!(first.poll(Waker::noop()), Poll::Ready(Ok(item)) if item.as_int() == Some(1)));
            assert!(matches!(second.poll(Waker::noop()), Poll::Ready(Err(_))));
        }
        assert!(matches!(queue.try_get(), Poll::Ready(Err(_))));
    }
}
