//! `Shared`: one writer at a time, in order of arrival, and the turn goes on whatever becomes of its holder.

use std::sync::Arc;
use std::task::{Poll, Waker};

use scriptling_vm::portable::Portable;

use super::{RUNS, explore, join, owner, start, wait};
use crate::primitives::Mutex;
use crate::sync::{Kind, Label, Permit, Shared, TaskId, Waiting, Write};

fn shared() -> Arc<Shared> {
    Arc::new(Shared::new(Label::new(Kind::Shared, "s"), Portable::int(0)))
}

fn permit(mut lock: Write) -> Permit {
    wait(|waker| lock.poll(waker)).expect("no task of these tests asks twice")
}

/// What `Shared.update(lambda v: v + 1)` does.
fn increment(permit: &Permit) {
    permit.set(Portable::int(permit.value().as_int().expect("an int") + 1));
}

fn value(shared: &Shared) -> Option<i64> {
    shared.get().as_int()
}

/// The permit, and tasks that have asked for the turn after it.
fn held<const N: usize>(shared: &Arc<Shared>) -> (Permit, [Write; N]) {
    let permit = permit(Write::new(shared.clone(), owner(0)));
    let locks = std::array::from_fn(|at| {
        let mut lock = Write::new(shared.clone(), owner(at as TaskId + 1));
        assert!(lock.poll(Waker::noop()).is_pending());
        lock
    });
    (permit, locks)
}

#[test]
fn updates_do_not_overlap() {
    explore(RUNS, || {
        let shared = shared();
        let updating = [1, 2, 3].map(|task| {
            let shared = shared.clone();
            start(move || (0..2).for_each(|_| increment(&permit(Write::new(shared.clone(), owner(task))))))
        });
        join(updating);
        assert_eq!(value(&shared), Some(6));
    });
}

#[test]
fn turns_are_taken_in_order_of_arrival() {
    explore(RUNS, || {
        let shared = shared();
        let (first, locks) = held::<3>(&shared);
        let order = Arc::new(Mutex::new(Vec::new()));
        let mut task = 0;
        let waiting = locks.map(|lock| {
            task += 1;
            let (order, task) = (order.clone(), task);
            start(move || {
                let permit = permit(lock);
                order.lock().push(task);
                increment(&permit);
            })
        });
        let late = start({
            let shared = shared.clone();
            move || increment(&permit(Write::new(shared, owner(9))))
        });
        drop(first);
        join(waiting);
        join([late]);
        assert_eq!((&*order.lock(), value(&shared)), (&vec![1, 2, 3], Some(4)));
    });
}

#[test]
fn the_turn_of_a_cancelled_waiter_goes_to_the_next() {
    explore(RUNS, || {
        let shared = shared();
        let (first, [cancelled, next]) = held(&shared);
        let next = start(move || increment(&permit(next)));
        let cancelling = start(move || drop(cancelled));
        drop(first);
        join([next, cancelling]);
        assert_eq!(value(&shared), Some(1));
        assert!(matches!(Write::new(shared, owner(9)).poll(Waker::noop()), Poll::Ready(Ok(_))), "it is free");
    });
}

#[test]
fn an_update_that_fails_ends_its_turn_and_changes_nothing() {
    explore(RUNS, || {
        let shared = shared();
        let failing = [1, 2].map(|task| {
            let shared = shared.clone();
            start(move || {
                let permit = permit(Write::new(shared, owner(task)));
                permit.value().as_int()
            })
        });
        let updating = shared.clone();
        let updating = start(move || increment(&permit(Write::new(updating, owner(3)))));
        let seen = join(failing);
        join([updating]);
        assert!(seen.iter().all(|seen| matches!(seen, Some(0 | 1))) && value(&shared) == Some(1));
    });
}
