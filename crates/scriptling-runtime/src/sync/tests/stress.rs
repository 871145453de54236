//! Stress tests on threads, with seeds: whoever waits may give up at any moment, and nothing is lost by it.

use std::sync::Mutex;
use std::time::Duration;

use super::*;
use crate::clock::ManualClock;
use crate::timer::Timer;

/// Waits, or gives up: at once, or after a second look.
fn maybe<W: Waiting>(random: &mut Random, mut waiting: W) -> Option<W::Output> {
    if random.below(3) > 0 {
        return Some(wait(|waker| waiting.poll(waker)));
    }
    for _ in 0..=random.below(2) {
        if let Poll::Ready(output) = waiting.poll(Waker::noop()) {
            return Some(output);
        }
        std::thread::yield_now();
    }
    None
}

/// A lock of that kind, and a counter that only its holder changes.
fn guarded(kind: Kind) -> (Arc<Lock>, Mutex<u64>) {
    (Arc::new(Lock::new(Label::new(kind, "l"))), Mutex::new(0))
}

#[test]
fn locks_exclude_each_other_whoever_gives_up_or_ends_without_releasing() {
    for (seed, kind) in [(1, Kind::Lock), (2, Kind::RLock), (3, Kind::Lock), (4, Kind::RLock)] {
        let (lock, counter) = guarded(kind);
        let counted: u64 = on_threads(seed, |task, random| {
            let mut counted = 0;
            for _ in 0..3_000 {
                if maybe(random, Acquire::new(lock.clone(), task_of(task))).is_none() {
                    continue;
                }
                let seen = *counter.try_lock().expect("nobody else is here");
                let again = kind == Kind::RLock && random.below(2) == 0;
                assert_eq!(lock.try_acquire(&task_of(task)).is_ok(), kind == Kind::RLock);
                if kind == Kind::RLock {
                    assert_eq!(lock.release(task), Ok(false));
                }
                if again {
                    assert_eq!(lock.try_acquire(&task_of(task)), Ok(Some(false)));
                }
                *counter.try_lock().expect("nobody else is here") = seen + 1;
                counted += 1;
                if random.below(4) == 0 || again {
                    // The task ends here.
                    let mut held = Holdings::new(task);
                    held.add(lock.clone());
                } else {
                    assert_eq!(lock.release(task), Ok(true));
                }
            }
            counted
        })
        .into_iter()
        .sum();
        assert_eq!((*counter.lock().unwrap(), lock.is_held()), (counted, false), "seed {seed}");
    }
}

#[test]
fn semaphores_count_whoever_gives_up() {
    for seed in 1..5 {
        let semaphore = Arc::new(Semaphore::new(Label::new(Kind::Semaphore, "s"), 3, true));
        let inside = AtomicUsize::new(0);
        on_threads(seed, |_, random| {
            for _ in 0..3_000 {
                let n = 1 + random.below(3);
                if maybe(random, AcquirePermits::new(semaphore.clone(), n as u64)).is_none() {
                    continue;
                }
                assert!(inside.fetch_add(n, Ordering::SeqCst) + n <= 3);
                inside.fetch_sub(n, Ordering::SeqCst);
                semaphore.release(n as u64).unwrap();
            }
        });
        assert_eq!((semaphore.available(), semaphore.release(1)), (3, Err(TooMany)), "seed {seed}");
    }
}

/// A bounded buffer made of a lock and two conditions, the textbook way; who waits may give up.
#[test]
fn conditions_lose_no_notification_whoever_gives_up() {
    for seed in 1..5 {
        let (lock, items) = guarded(Kind::RLock);
        let condition = |name: &str| Arc::new(Condition::new(Label::new(Kind::Condition, name), lock.clone()));
        let (filled, emptied) = (condition("filled"), condition("emptied"));
        // Waits until `ready`, and goes on with the lock; or gives up, without.
        let enter = |task, random: &mut Random, condition: &Arc<Condition>, ready: &dyn Fn(u64) -> bool| {
            let mut acquire = Acquire::new(lock.clone(), task_of(task));
            wait(|waker| acquire.poll(waker)).unwrap();
            while !ready(*items.lock().unwrap()) {
                let notified = Notified::new(condition.clone(), task_of(task)).unwrap();
                if maybe(random, notified).is_none() {
                    return false;
                }
                assert!(lock.is_held_by(task));
            }
            true
        };
        on_threads(seed, |task, random| {
            let (wanted, told) = if task <= 2 { (&emptied, &filled) } else { (&filled, &emptied) };
            let mut left = 1_000;
            while left > 0 {
                let ready = move |items: u64| if task <= 2 { items < 2 } else { items > 0 };
                if !enter(task, random, wanted, &ready) {
                    continue;
                }
                let mut items = items.lock().unwrap();
                *items = if task <= 2 { *items + 1 } else { *items - 1 };
                drop(items);
                told.notify(1);
                lock.release(task).unwrap();
                left -= 1;
            }
        });
        assert_eq!((*items.lock().unwrap(), lock.is_held()), (0, false), "seed {seed}");
    }
}

#[test]
fn barriers_bring_all_together_in_every_round() {
    for seed in 1..5 {
        let barrier = Arc::new(Barrier::new(Label::new(Kind::Barrier, "b"), 4));
        let arrived = AtomicUsize::new(0);
        on_threads(seed, |_, _| {
            for round in 0..500 {
                arrived.fetch_add(1, Ordering::SeqCst);
                let mut arrive = Arrive::new(barrier.clone());
                assert!(wait(|waker| arrive.poll(waker)).unwrap() < 4);
                assert!(arrived.load(Ordering::SeqCst) >= 4 * (round + 1));
            }
        });
    }
}

#[test]
fn events_release_all_who_wait() {
    let event = Arc::new(Event::new(Label::new(Kind::Event, "e")));
    let waiting = AtomicUsize::new(3);
    on_threads(1, |task, random| {
        if task == 1 {
            // Set and cleared until everybody has seen it often enough.
            while waiting.load(Ordering::SeqCst) > 0 {
                event.set();
                event.clear();
                std::thread::yield_now();
            }
            return;
        }
        for _ in 0..500 {
            maybe(random, IsSet::new(event.clone()));
        }
        waiting.fetch_sub(1, Ordering::SeqCst);
    });
}

#[test]
fn what_is_done_once_is_done_by_one() {
    for seed in 1..100 {
        let once = Arc::new(Once::new(Label::new(Kind::Once, "o")));
        let made = AtomicUsize::new(0);
        let results = on_threads(seed, |task, random| {
            loop {
                let Some(turn) = maybe(random, Run::new(once.clone(), task_of(task))) else { continue };
                match turn.unwrap() {
                    Turned::Done(result) => return result.as_int(),
                    // It fails now and then.
                    Turned::Run(running) if random.below(2) == 0 => drop(running),
                    Turned::Run(running) => {
                        made.fetch_add(1, Ordering::SeqCst);
                        running.finish(Portable::int(task as i64));
                    }
                }
            }
        });
        assert!(results.iter().all(|result| *result == results[0]) && made.load(Ordering::SeqCst) == 1, "seed {seed}");
    }
}

#[test]
fn topics_deliver_everything_to_everybody_in_one_order() {
    for seed in 1..10 {
        let topic = Arc::new(Topic::new(Label::new(Kind::Topic, "t")));
        let subscriptions = [1, 2].map(|maxsize| topic.subscribe(maxsize, WhenFull::Block).unwrap());
        let lossy = topic.subscribe(1, WhenFull::DropOldest).unwrap();
        let publishing = AtomicUsize::new(2);
        let seen = on_threads(seed, |task, random| {
            let mut items = Vec::new();
            if task <= 2 {
                for n in 0..300 {
                    let item = task as i64 * 1_000 + n;
                    let publish = Publish::new(topic.clone(), task_of(task), Portable::int(item));
                    if let Some(result) = maybe(random, publish) {
                        assert_eq!(result, Ok(3));
                        items.push(item);
                    }
                }
                if publishing.fetch_sub(1, Ordering::SeqCst) == 1 {
                    topic.close();
                }
                return items;
            }
            let queue = subscriptions[task as usize - 3].queue();
            loop {
                match maybe(random, Get::new(queue.clone())) {
                    Some(Ok(item)) => items.extend(item.as_int()),
                    Some(Err(_)) => return items,
                    None => {}
                }
            }
        });
        let mut published = [seen[0].clone(), seen[1].clone()].concat();
        published.sort_unstable();
        assert_eq!(seen[2], seen[3], "seed {seed}");
        let mut received = seen[2].clone();
        received.sort_unstable();
        assert_eq!(received, published, "seed {seed}");
        let left = lossy.queue().size() as u64;
        assert_eq!(lossy.dropped() + left, published.len() as u64, "seed {seed}");
    }
}

#[test]
fn deleting_releases_everybody() {
    for seed in 1..50 {
        let lock = Arc::new(Lock::new(Label::new(Kind::Lock, "l")));
        let ended = AtomicUsize::new(0);
        on_threads(seed, |task, random| {
            if task == 1 {
                (0..random.below(200)).for_each(|_| std::thread::yield_now());
                lock.delete();
            }
            loop {
                match maybe(random, Acquire::new(lock.clone(), task_of(task))) {
                    Some(Ok(_)) => assert_eq!(lock.release(task), Ok(true)),
                    Some(Err(denied)) => {
                        assert_eq!(denied, Denied::Deleted);
                        ended.fetch_add(1, Ordering::SeqCst);
                        return;
                    }
                    None => {}
                }
            }
        });
        assert_eq!(ended.load(Ordering::SeqCst), 4, "seed {seed}");
    }
}

/// Virtual time: tasks come at random moments and ask for random numbers of tokens, some give up. In no stretch of time do
/// more tokens go than came in it and a bucket held; order is kept; and those who wait longest wait no longer than they must.
#[test]
fn rate_limiters_keep_the_rate_and_the_order() {
    for seed in 1..100u64 {
        let mut random = Random(seed * 0x9e37_79b9);
        let (rate, burst) = (1 + random.below(1_000) as u64, 1 + random.below(5) as u64);
        let clock = ManualClock::default();
        let timer = Arc::new(Timer::new(Arc::new(clock.clone())));
        let label = Label::new(Kind::RateLimiter, "r");
        let limiter = Arc::new(RateLimiter::new(label, rate as f64, burst, timer.clone()));
        let mut waiting: Vec<(u64, Take)> = Vec::new();
        let mut taken: Vec<(Duration, u64)> = Vec::new();
        for step in 0..300 {
            match random.below(4) {
                0 if !waiting.is_empty() => drop(waiting.remove(random.below(waiting.len()))),
                1 | 2 => {
                    let n = 1 + random.below(burst as usize) as u64;
                    let mut take = Take::new(limiter.clone(), task_of(step), n);
                    match take.poll(Waker::noop()) {
                        Poll::Ready(_) => taken.push((timer.now(), n)),
                        Poll::Pending => waiting.push((n, take)),
                    }
                }
                _ => clock.advance(Duration::from_micros(random.below(3_000_000 / rate as usize + 1) as u64)),
            }
            // First come, first served: nobody is ready before those ahead of it.
            while let Some((n, take)) = waiting.first_mut() {
                if take.poll(Waker::noop()).is_pending() {
                    break;
                }
                taken.push((timer.now(), *n));
                waiting.remove(0);
            }
            assert!(waiting.iter_mut().all(|(_, take)| take.poll(Waker::noop()).is_pending()), "seed {seed}");
        }
        for (first, (begin, _)) in taken.iter().enumerate() {
            let mut sum = 0;
            for (moment, n) in &taken[first..] {
                sum += n;
                let most = burst as f64 + moment.saturating_sub(*begin).as_secs_f64() * rate as f64;
                assert!(sum as f64 <= most + 1e-6, "seed {seed}: {sum} tokens where {most} were allowed");
            }
        }
        timer.stop();
    }
}

#[test]
fn a_rate_limiter_does_not_drift() {
    let clock = ManualClock::default();
    let timer = Arc::new(Timer::new(Arc::new(clock.clone())));
    let limiter = RateLimiter::new(Label::new(Kind::RateLimiter, "r"), 3.0, 1, timer);
    // Asked every millisecond for a thousand seconds, of which the first needs no waiting.
    let taken = (0..1_000_000).filter(|_| {
        clock.advance(Duration::from_millis(1));
        limiter.try_take(1)
    });
    // Each third of a second is found out at the next millisecond: 334 of them.
    assert_eq!(taken.count(), 1 + 999_999 / 334);
}
