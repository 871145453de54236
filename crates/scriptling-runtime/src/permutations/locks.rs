//! `Lock`, `RLock`, `Condition`, `Once` and `Semaphore`: one at a time (or as many as there are permits), nobody forgotten,
//! whoever gives up when.

use std::sync::Arc;
use std::task::{Poll, Waker};

use scriptling_vm::portable::Portable;

use super::{RUNS, explore, join, owner, settle, start, wait};
use crate::primitives::Mutex;
use crate::primitives::atomic::{AtomicUsize, Ordering};
use crate::sync::{
    Acquire, AcquirePermits, Condition, Deleted, Denied, Holdings, Kind, Label, Lock, Notified, Object, Once, Owned,
    Released, Run, Semaphore, TaskId, Turned, Waiting,
};

fn lock(kind: Kind) -> Arc<Lock> {
    Arc::new(Lock::new(Label::new(kind, "l")))
}

fn acquire(lock: &Arc<Lock>, task: TaskId) -> Result<bool, Denied> {
    let mut acquire = Acquire::new(lock.clone(), owner(task));
    wait(|waker| acquire.poll(waker))
}

/// Whether anybody can have it.
fn is_free(lock: &Arc<Lock>) -> bool {
    lock.try_acquire(&owner(99)) == Ok(Some(true))
}

/// A wait that has been polled and found nothing.
fn parked<W: Waiting>(mut waiting: W) -> W {
    assert!(waiting.poll(Waker::noop()).is_pending());
    waiting
}

/// Notices when two are where only one may be.
#[derive(Clone, Default)]
struct Inside(Arc<AtomicUsize>);

impl Inside {
    fn visit(&self, most: usize) {
        assert!(self.0.fetch_add(1, Ordering::SeqCst) < most);
        self.0.fetch_sub(1, Ordering::SeqCst);
    }
}

#[test]
fn holders_of_a_lock_do_not_overlap() {
    for kind in [Kind::Lock, Kind::RLock] {
        explore(RUNS, move || {
            let (lock, inside) = (lock(kind), Inside::default());
            let visiting = [1, 2, 3].map(|task| {
                let (lock, inside) = (lock.clone(), inside.clone());
                start(move || {
                    for _ in 0..2 {
                        assert_eq!(acquire(&lock, task), Ok(true));
                        inside.visit(1);
                        assert_eq!(lock.release(task), Ok(true));
                    }
                })
            });
            join(visiting);
            assert!(is_free(&lock));
        });
    }
}

/// Takes it and ends the turn lightly, `times`; and settles then, if that is owed.
fn visit_lightly(lock: &Arc<Lock>, task: TaskId, times: usize, inside: &Inside) {
    let mut owing = false;
    for _ in 0..times {
        let mut acquire = Acquire::new(lock.clone(), owner(task));
        assert_eq!(settle(|waker| acquire.poll(waker)), Ok(true));
        inside.visit(1);
        owing |= lock.release_lightly(task) == Ok(Released::Owing);
    }
    if owing {
        lock.settle();
    }
}

#[test]
fn who_is_overtaken_gets_the_lock_all_the_same() {
    explore(RUNS, || {
        let (lock, inside) = (lock(Kind::Lock), Inside::default());
        let visiting = [1, 2, 3].map(|task| {
            let (lock, inside) = (lock.clone(), inside.clone());
            start(move || visit_lightly(&lock, task, 2, &inside))
        });
        join(visiting);
        assert!(is_free(&lock));
    });
}

#[test]
fn who_is_overtaken_and_gives_up_leaves_the_lock_to_the_next() {
    explore(RUNS, || {
        let (lock, inside) = (lock(Kind::Lock), Inside::default());
        let first = Acquire::new(lock.clone(), owner(1));
        let visiting = [2, 3].map(|task| {
            let (lock, inside) = (lock.clone(), inside.clone());
            start(move || visit_lightly(&lock, task, 2, &inside))
        });
        let giving_up = lock.clone();
        let giving_up = start(move || {
            let mut first = first;
            if let Poll::Ready(taken) = first.poll(Waker::noop()) {
                assert_eq!((taken, giving_up.release(1)), (Ok(true), Ok(true)));
            }
            drop(first);
        });
        join(visiting);
        join([giving_up]);
        assert!(is_free(&lock));
    });
}

#[test]
fn nobody_overtakes_after_a_long_turn_or_a_settled_one() {
    explore(1, || {
        let lock = lock(Kind::Lock);
        let taken = |task| Acquire::new(lock.clone(), owner(task)).poll(Waker::noop());
        assert_eq!(taken(1), Poll::Ready(Ok(true)));
        let mut second = parked(Acquire::new(lock.clone(), owner(2)));
        assert_eq!(lock.release_lightly(1), Ok(Released::Owing));
        assert_eq!(taken(1), Poll::Ready(Ok(true)), "the same slice");
        lock.slice_over();
        assert_eq!(lock.release_lightly(1), Ok(Released::Fully), "another one");
        assert!(!is_free(&lock), "it is the second one's");
        assert_eq!(second.poll(Waker::noop()), Poll::Ready(Ok(true)));

        let mut third = parked(Acquire::new(lock.clone(), owner(3)));
        assert_eq!(lock.release_lightly(2), Ok(Released::Owing));
        assert_eq!(taken(4), Poll::Ready(Ok(true)), "somebody else who runs");
        lock.settle();
        assert_eq!(lock.release_lightly(4), Ok(Released::Fully), "the second one's slice is over");
        assert_eq!(third.poll(Waker::noop()), Poll::Ready(Ok(true)));
    });
}

#[test]
fn a_lock_granted_to_one_that_gives_up_goes_to_the_next() {
    explore(RUNS, || {
        let lock = lock(Kind::Lock);
        assert_eq!(acquire(&lock, 1), Ok(true));
        let cancelled = parked(Acquire::new(lock.clone(), owner(2)));
        let mut next = parked(Acquire::new(lock.clone(), owner(3)));
        let cancelling = start(move || drop(cancelled));
        let releasing = lock.clone();
        let releasing = start(move || releasing.release(1).map(drop));
        let next = start(move || wait(|waker| next.poll(waker)));
        assert_eq!(join([next]), [Ok(true)]);
        join([cancelling]);
        assert_eq!(join([releasing]), [Ok(())]);
        assert_eq!((lock.release(3), is_free(&lock)), (Ok(true), true));
    });
}

#[test]
fn a_lock_whose_owner_ends_goes_to_the_next() {
    explore(RUNS, || {
        let lock = lock(Kind::RLock);
        assert_eq!((acquire(&lock, 1), acquire(&lock, 1)), (Ok(true), Ok(false)));
        let mut held = Holdings::new(1);
        held.add(lock.clone());
        let ending = start(move || drop(held));
        let waiting = [2, 3].map(|task| {
            let lock = lock.clone();
            start(move || {
                assert_eq!(acquire(&lock, task), Ok(true));
                assert_eq!(lock.release(task), Ok(true));
            })
        });
        join(waiting);
        join([ending]);
        assert!(is_free(&lock));
    });
}

#[test]
fn a_deleted_lock_tells_all_who_wait_and_all_who_come() {
    explore(RUNS, || {
        let lock = lock(Kind::Lock);
        assert_eq!(acquire(&lock, 1), Ok(true));
        let waiting = [2, 3].map(|task| {
            let lock = lock.clone();
            start(move || acquire(&lock, task))
        });
        let deleting = lock.clone();
        let deleting = start(move || deleting.delete());
        assert_eq!(join(waiting), [Err(Denied::Deleted); 2]);
        join([deleting]);
        assert_eq!(lock.release(1), Ok(true), "its owner can still release it");
    });
}

/// A box that holds one item or none, guarded by a condition.
struct Slot {
    condition: Arc<Condition>,
    items: Mutex<usize>,
}

fn slot(items: usize) -> Arc<Slot> {
    let condition = Condition::new(Label::new(Kind::Condition, "c"), lock(Kind::RLock));
    Arc::new(Slot { condition: Arc::new(condition), items: Mutex::new(items) })
}

impl Slot {
    fn take(&self, task: TaskId) {
        let lock = self.condition.lock();
        assert_eq!(acquire(lock, task), Ok(true));
        while *self.items.lock() == 0 {
            let mut notified = Notified::new(self.condition.clone(), owner(task)).expect("the lock is held");
            assert_eq!(settle(|waker| notified.poll(waker)), Ok(true));
            assert!(lock.is_held_by(task));
        }
        *self.items.lock() -= 1;
        assert_eq!(lock.release(task), Ok(true));
    }

    fn put(&self, task: TaskId) {
        let lock = self.condition.lock();
        assert_eq!(acquire(lock, task), Ok(true));
        *self.items.lock() += 1;
        self.condition.notify(1);
        assert_eq!(lock.release(task), Ok(true));
    }
}

#[test]
fn a_notification_is_never_missed() {
    explore(RUNS, || {
        let slot = slot(0);
        let taking = [1, 2].map(|task| {
            let slot = slot.clone();
            start(move || slot.take(task))
        });
        let putting = [3, 4].map(|task| {
            let slot = slot.clone();
            start(move || slot.put(task))
        });
        join(taking);
        join(putting);
        assert!(*slot.items.lock() == 0 && is_free(slot.condition.lock()));
    });
}

/// One that is cancelled when it has been notified, before it has the lock again, or before that, leaves the notification to
/// the other.
#[test]
fn a_notification_of_one_that_gives_up_goes_to_the_next() {
    for polls in 0..3 {
        explore(RUNS / 2, move || {
            let slot = slot(0);
            let lock = slot.condition.lock().clone();
            assert_eq!(acquire(&lock, 1), Ok(true));
            let cancelled = Notified::new(slot.condition.clone(), owner(1)).expect("the lock is held");
            let mut cancelled = parked(cancelled);
            let taking = slot.clone();
            let taking = start(move || taking.take(2));
            let cancelling = start(move || {
                for _ in 0..polls {
                    if let Poll::Ready(result) = cancelled.poll(Waker::noop()) {
                        // It has come back with the notification: it uses it for the other.
                        assert_eq!(result, Ok(true));
                        cancelled_in_time(&lock);
                        return true;
                    }
                }
                false
            });
            let putting = slot.clone();
            let putting = start(move || putting.put(3));
            let came_back = join([cancelling])[0];
            if came_back {
                slot.condition.notify(1);
            }
            join([taking]);
            join([putting]);
            assert!(is_free(slot.condition.lock()));
        });
    }
}

fn cancelled_in_time(lock: &Lock) {
    assert_eq!(lock.release(1), Ok(true));
}

#[test]
fn a_wait_that_expires_has_the_lock_again_or_was_notified() {
    explore(RUNS, || {
        let slot = slot(0);
        let lock = slot.condition.lock().clone();
        assert_eq!(acquire(&lock, 1), Ok(true));
        let mut notified = parked(Notified::new(slot.condition.clone(), owner(1)).expect("the lock is held"));
        let expiring = start(move || {
            assert!(!notified.expire(), "it has to take the lock again");
            let result = settle(|waker| notified.poll(waker));
            assert!(lock.is_held_by(1));
            assert_eq!(lock.release(1), Ok(true));
            result
        });
        let putting = slot.clone();
        let putting = start(move || putting.put(2));
        let was_notified = join([expiring])[0] == Ok(true);
        join([putting]);
        // What it was not told is there for whoever looks.
        slot.take(3);
        assert!(is_free(slot.condition.lock()), "{was_notified}");
    });
}

#[test]
fn a_deleted_condition_gives_its_waiters_the_lock_again() {
    explore(RUNS, || {
        let slot = slot(0);
        let waiting = [1, 2].map(|task| {
            let slot = slot.clone();
            start(move || {
                assert_eq!(acquire(slot.condition.lock(), task), Ok(true));
                let mut notified = Notified::new(slot.condition.clone(), owner(task)).expect("the lock is held");
                let result = settle(|waker| notified.poll(waker));
                slot.condition.lock().release(task).expect("it was taken again");
                result
            })
        });
        slot.condition.delete();
        assert_eq!(join(waiting), [Err(Deleted); 2]);
        assert!(is_free(slot.condition.lock()));
    });
}

#[test]
fn one_does_it_and_all_get_the_result() {
    explore(RUNS, || {
        let (once, made) = (Arc::new(Once::new(Label::new(Kind::Once, "o"))), Arc::new(AtomicUsize::new(0)));
        let calling = [1, 2, 3].map(|task| {
            let (once, made) = (once.clone(), made.clone());
            start(move || {
                let mut run = Run::new(once, owner(task));
                match wait(|waker| run.poll(waker)).expect("nobody deletes it") {
                    Turned::Done(result) => result.as_int(),
                    Turned::Run(running) => {
                        made.fetch_add(1, Ordering::SeqCst);
                        running.finish(Portable::int(7));
                        Some(7)
                    }
                }
            })
        });
        assert_eq!(join(calling), [Some(7); 3]);
        assert_eq!(made.load(Ordering::SeqCst), 1);
    });
}

#[test]
fn when_one_fails_or_gives_up_the_next_tries() {
    explore(RUNS, || {
        let once = Arc::new(Once::new(Label::new(Kind::Once, "o")));
        let mut first = Run::new(once.clone(), owner(1));
        let Poll::Ready(Ok(Turned::Run(failing))) = first.poll(Waker::noop()) else { panic!("nobody was there") };
        let cancelled = parked(Run::new(once.clone(), owner(2)));
        let calling = [3, 4].map(|task| {
            let mut run = Run::new(once.clone(), owner(task));
            start(move || match wait(|waker| run.poll(waker)).expect("nobody deletes it") {
                Turned::Done(result) => result.as_int(),
                Turned::Run(running) => {
                    running.finish(Portable::int(7));
                    Some(7)
                }
            })
        });
        let failing = start(move || drop(failing));
        let cancelling = start(move || drop(cancelled));
        assert_eq!(join(calling), [Some(7); 2]);
        join([failing, cancelling]);
    });
}

fn semaphore(permits: u64) -> Arc<Semaphore> {
    Arc::new(Semaphore::new(Label::new(Kind::Semaphore, "s"), permits, true))
}

#[test]
fn there_are_never_more_holders_than_permits() {
    explore(RUNS, || {
        let (semaphore, inside) = (semaphore(2), Inside::default());
        let visiting = [1, 2, 1].map(|n| {
            let (semaphore, inside) = (semaphore.clone(), inside.clone());
            start(move || {
                for _ in 0..2 {
                    let mut acquire = AcquirePermits::new(semaphore.clone(), n);
                    wait(|waker| acquire.poll(waker)).expect("nobody deletes it");
                    inside.visit(2);
                    semaphore.release(n).expect("they were taken");
                }
            })
        });
        join(visiting);
        assert_eq!(semaphore.available(), 2);
    });
}

#[test]
fn permits_of_those_who_give_up_are_there_for_the_others() {
    explore(RUNS, || {
        let semaphore = semaphore(2);
        assert!(semaphore.try_acquire(2));
        // The first wants more than there will be for a while, and stands in the way of the others until it gives up.
        let first = parked(AcquirePermits::new(semaphore.clone(), 2));
        let second = parked(AcquirePermits::new(semaphore.clone(), 1));
        let mut third = parked(AcquirePermits::new(semaphore.clone(), 1));
        let cancelling = [start(move || drop(first)), start(move || drop(second))];
        let third = start(move || wait(|waker| third.poll(waker)));
        semaphore.release(1).expect("two were taken");
        assert_eq!(join([third]), [Ok(())]);
        join(cancelling);
        assert_eq!(semaphore.available(), 0);
    });
}
