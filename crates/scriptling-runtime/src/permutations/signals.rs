//! `Event`, `Barrier`, `RateLimiter`, `Topic`, `Shared.wait_for` and `Queue.join`: everybody is told, whoever gives up when.

use std::sync::Arc;
use std::task::{Poll, Waker};
use std::time::Duration;

use scriptling_vm::portable::Portable;

use super::{RUNS, explore, join, owner, settle, start, wait};
use crate::clock::ManualClock;
use crate::primitives::thread::JoinHandle;
use crate::sync::{
    Arrive, Barrier, Changed, Deleted, Ended, Event, Finished, Get, IsSet, Kind, Label, NotPassed, NotPublished,
    Object, Publish, Queue, RateLimiter, Shared, Subscription, Take, TaskId, Topic, Waiting, WhenFull, Write,
};
use crate::timer::Timer;

fn parked<W: Waiting>(mut waiting: W) -> W {
    assert!(waiting.poll(Waker::noop()).is_pending());
    waiting
}

/// An event, and two who wait for it already.
fn event_with_two() -> (Arc<Event>, [JoinHandle<Result<(), Deleted>>; 2]) {
    let event = Arc::new(Event::new(Label::new(Kind::Event, "e")));
    let waiting = [(); 2].map(|()| {
        let mut is_set = parked(IsSet::new(event.clone()));
        start(move || wait(|waker| is_set.poll(waker)))
    });
    (event, waiting)
}

#[test]
fn an_event_releases_all_who_wait_even_if_it_is_cleared_again() {
    explore(RUNS, || {
        let (event, waiting) = event_with_two();
        let cancelled = parked(IsSet::new(event.clone()));
        let cancelling = start(move || drop(cancelled));
        event.set();
        event.clear();
        assert_eq!(join(waiting), [Ok(()); 2]);
        join([cancelling]);
    });
}

#[test]
fn deleting_an_event_tells_those_who_were_not_released() {
    explore(RUNS, || {
        let event = Arc::new(Event::new(Label::new(Kind::Event, "e")));
        let waiting = [(); 2].map(|()| {
            let mut is_set = IsSet::new(event.clone());
            start(move || wait(|waker| is_set.poll(waker)))
        });
        event.delete();
        assert_eq!(join(waiting), [Err(Deleted); 2]);
    });
}

#[test]
fn who_waits_for_an_event_that_is_set_and_deleted_at_once_is_told_what_came_first() {
    explore(RUNS, || {
        let (event, waiting) = event_with_two();
        let setting = {
            let event = event.clone();
            start(move || event.set())
        };
        event.delete();
        join([setting]);
        let told = join(waiting);
        assert_eq!(told[0], told[1], "both were there before either happened");
    });
}

#[test]
fn who_was_released_by_an_event_is_told_so_whatever_happens_to_it_afterwards() {
    explore(RUNS, || {
        let (event, waiting) = event_with_two();
        event.set();
        event.delete();
        assert_eq!(join(waiting), [Ok(()); 2]);
    });
}

fn barrier(parties: usize) -> Arc<Barrier> {
    Arc::new(Barrier::new(Label::new(Kind::Barrier, "b"), parties))
}

fn arrive(barrier: &Arc<Barrier>) -> Result<usize, NotPassed> {
    let mut arrive = Arrive::new(barrier.clone());
    wait(|waker| arrive.poll(waker))
}

#[test]
fn a_barrier_lets_all_pass_in_each_round_and_numbers_them() {
    explore(RUNS, || {
        let barrier = barrier(3);
        let arriving = [(); 3].map(|()| {
            let barrier = barrier.clone();
            start(move || [arrive(&barrier), arrive(&barrier)])
        });
        let seen = join(arriving);
        for round in 0..2 {
            let mut indexes: Vec<usize> = seen.iter().map(|seen| seen[round].expect("nobody breaks it")).collect();
            indexes.sort_unstable();
            assert_eq!(indexes, [0, 1, 2]);
        }
    });
}

#[test]
fn one_that_gives_up_breaks_the_barrier_for_all_or_for_nobody() {
    explore(RUNS, || {
        let barrier = barrier(3);
        let cancelled = parked(Arrive::new(barrier.clone()));
        let arriving = [(); 2].map(|()| {
            let barrier = barrier.clone();
            start(move || arrive(&barrier))
        });
        let cancelling = start(move || drop(cancelled));
        let results = join(arriving);
        join([cancelling]);
        let broken = results.iter().filter(|result| **result == Err(NotPassed::Broken)).count();
        assert!(broken == 0 || broken == 2, "{results:?}");
        assert_eq!(barrier.is_broken(), broken == 2);
        barrier.reset();
        assert!(!barrier.is_broken());
    });
}

fn limiter(clock: &ManualClock, burst: u64) -> (Arc<Timer>, Arc<RateLimiter>) {
    let timer = Arc::new(Timer::new(Arc::new(clock.clone())));
    let limiter = RateLimiter::new(Label::new(Kind::RateLimiter, "r"), 1.0, burst, timer.clone());
    (timer, Arc::new(limiter))
}

fn take(limiter: &Arc<RateLimiter>, task: TaskId) -> Take {
    Take::new(limiter.clone(), owner(task), 1)
}

#[test]
fn tokens_come_to_those_who_wait_in_order_and_no_token_is_lost() {
    explore(RUNS / 5, || {
        let clock = ManualClock::default();
        let (timer, limiter) = limiter(&clock, 1);
        assert!(limiter.try_take(1) && !limiter.try_take(1));
        let mut first = parked(take(&limiter, 1));
        let cancelled = parked(take(&limiter, 2));
        let mut last = parked(take(&limiter, 3));
        let cancelling = start(move || drop(cancelled));
        let first = start(move || settle(|waker| first.poll(waker)));
        clock.advance(Duration::from_secs(1));
        timer.fire();
        assert_eq!(join([first]), [Ok(())]);
        join([cancelling]);
        assert!(last.poll(Waker::noop()).is_pending(), "the bucket is empty again");
        clock.advance(Duration::from_secs(1));
        assert_eq!(last.poll(Waker::noop()), Poll::Ready(Ok(())), "the cancelled one has taken nothing");
        timer.stop();
    });
}

#[test]
fn the_first_in_the_line_may_give_up_while_the_others_come() {
    explore(RUNS / 5, || {
        let clock = ManualClock::default();
        let (timer, limiter) = limiter(&clock, 1);
        assert!(limiter.try_take(1));
        let first = parked(take(&limiter, 1));
        clock.advance(Duration::from_secs(1));
        let cancelling = start(move || drop(first));
        let mut second = take(&limiter, 2);
        let second = start(move || settle(|waker| second.poll(waker)));
        assert_eq!(join([second]), [Ok(())]);
        join([cancelling]);
        timer.stop();
    });
}

fn topic() -> Arc<Topic> {
    Arc::new(Topic::new(Label::new(Kind::Topic, "t")))
}

fn publish(topic: &Arc<Topic>, task: TaskId, item: i64) -> Result<usize, NotPublished> {
    let mut publish = Publish::new(topic.clone(), owner(task), Portable::int(item));
    settle(|waker| publish.poll(waker))
}

/// All items until the subscription ends.
fn drain(subscription: &Subscription) -> Vec<i64> {
    let next = || {
        let mut get = Get::new(subscription.queue().clone());
        wait(|waker| get.poll(waker)).ok().and_then(|item| item.as_int())
    };
    std::iter::from_fn(next).collect()
}

#[test]
fn all_subscribers_see_the_same_order_and_lose_nothing() {
    explore(RUNS, || {
        let topic = topic();
        let subscribers = [(); 2].map(|()| topic.subscribe(1, WhenFull::Block).expect("it is open"));
        let draining = subscribers.map(|subscription| start(move || drain(&subscription)));
        let publishing = [1, 2].map(|task| {
            let topic = topic.clone();
            start(move || [publish(&topic, task, task as i64 * 10), publish(&topic, task, task as i64 * 10 + 1)])
        });
        assert_eq!(join(publishing), [[Ok(2); 2]; 2]);
        topic.close();
        let seen = join(draining);
        assert_eq!(seen[0], seen[1]);
        let mut sorted = seen[0].clone();
        sorted.sort_unstable();
        assert_eq!(sorted, [10, 11, 20, 21]);
    });
}

#[test]
fn a_publisher_that_gives_up_has_published_to_all_or_to_none_and_the_next_goes_on() {
    explore(RUNS, || {
        let topic = topic();
        let slow = topic.subscribe(1, WhenFull::Block).expect("it is open");
        let fast = topic.subscribe(9, WhenFull::Raise).expect("it is open");
        assert_eq!(publish(&topic, 1, 1), Ok(2));
        let cancelled = parked(Publish::new(topic.clone(), owner(2), Portable::int(2)));
        let cancelling = start(move || drop(cancelled));
        let next = topic.clone();
        let next = start(move || publish(&next, 3, 3));
        let slow = start(move || drain(&slow));
        join([cancelling]);
        assert_eq!(join([next]), [Ok(2)]);
        topic.close();
        let seen = join([slow]);
        assert_eq!((&seen[0], drain(&fast)), (&vec![1, 3], vec![1, 3]));
    });
}

#[test]
fn a_subscriber_that_goes_away_holds_nobody_up() {
    explore(RUNS, || {
        let topic = topic();
        let gone = topic.subscribe(1, WhenFull::Block).expect("it is open");
        assert_eq!(publish(&topic, 1, 1), Ok(1));
        let publishing = topic.clone();
        let publishing = start(move || publish(&publishing, 2, 2));
        let leaving = start(move || drop(gone));
        assert_eq!(join([publishing]), [Ok(0)]);
        join([leaving]);
        assert_eq!(topic.subscribers(), 0);
    });
}

#[test]
fn deleting_a_topic_tells_publishers_who_wait() {
    explore(RUNS, || {
        let topic = topic();
        let full = topic.subscribe(1, WhenFull::Block).expect("it is open");
        assert_eq!(publish(&topic, 1, 1), Ok(1));
        let publishing = [2, 3].map(|task| {
            let topic = topic.clone();
            start(move || publish(&topic, task, 2))
        });
        topic.delete();
        assert_eq!(join(publishing), [Err(NotPublished::Ended(Ended::Deleted)); 2]);
        assert_eq!(drain(&full), [1]);
    });
}

#[test]
fn who_watches_a_value_sees_it_change() {
    explore(RUNS, || {
        let shared = Arc::new(Shared::new(Label::new(Kind::Shared, "s"), Portable::int(0)));
        let watching = shared.clone();
        let watching = start(move || {
            loop {
                let (value, version) = watching.version();
                if value.as_int() == Some(4) {
                    return;
                }
                let mut changed = Changed::new(watching.clone(), version);
                wait(|waker| changed.poll(waker)).expect("nobody deletes it");
            }
        });
        let cancelled = parked(Changed::new(shared.clone(), 0));
        let cancelling = start(move || drop(cancelled));
        let updating = [1, 2].map(|task| {
            let shared = shared.clone();
            start(move || {
                for _ in 0..2 {
                    let mut write = Write::new(shared.clone(), owner(task));
                    let permit = wait(|waker| write.poll(waker)).expect("it is not taken twice");
                    permit.set(Portable::int(permit.value().as_int().expect("an int") + 1));
                }
            })
        });
        join(updating);
        join([watching, cancelling]);
    });
}

#[test]
fn joining_a_queue_ends_when_all_items_are_done() {
    explore(RUNS, || {
        let queue = Arc::new(Queue::new(Label::new(Kind::Queue, "q"), 1));
        queue.force_put(Portable::int(1)).expect("it is open");
        queue.force_put(Portable::int(2)).expect("it is open");
        let joining = [(); 2].map(|()| {
            let mut finished = Finished::new(queue.clone());
            start(move || wait(|waker| finished.poll(waker)))
        });
        let working = [(); 2].map(|()| {
            let queue = queue.clone();
            start(move || queue.try_get().is_ready() && queue.task_done())
        });
        assert_eq!((join(working), join(joining)), (vec![true; 2], vec![Ok(()); 2]));
        assert!(!queue.task_done());
    });
}
