//! The threads of a store: few, however much there is to do, and what they do while they wait.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Barrier, Condvar, Mutex, mpsc};
use std::task::{Context, Poll, Wake, Waker};
use std::thread::{self, Thread};

use super::*;

struct Unpark(Thread);

impl Wake for Unpark {
    fn wake(self: Arc<Self>) {
        self.0.unpark();
    }
}

/// Waits for work of a lane.
fn wait<T>(job: impl Future<Output = T>) -> T {
    let waker = Waker::from(Arc::new(Unpark(thread::current())));
    let mut job = std::pin::pin!(job);
    loop {
        match job.as_mut().poll(&mut Context::from_waker(&waker)) {
            Poll::Ready(result) => return result,
            Poll::Pending => thread::park(),
        }
    }
}

/// Keeps the one thread of a lane at work until what is returned is dropped; everything else is queued behind it.
fn occupy(lane: &Arc<Lane>) -> mpsc::Sender<()> {
    let (release, released) = mpsc::channel::<()>();
    let (begun, has_begun) = mpsc::channel();
    lane.run(move || {
        begun.send(()).unwrap();
        let _ = released.recv();
    })
    .detach();
    has_begun.recv().unwrap();
    release
}

#[test]
fn a_lane_has_as_many_threads_as_it_may_and_no_more() {
    let lane = Lane::new(3);
    let (at_once, most) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicUsize::new(0)));
    // Three at a time: with fewer threads this does not end.
    let meeting = Arc::new(Barrier::new(3));
    let jobs = (0..300).map(|_| {
        let (at_once, most, meeting) = (at_once.clone(), most.clone(), meeting.clone());
        lane.run(move || {
            most.fetch_max(at_once.fetch_add(1, Ordering::SeqCst) + 1, Ordering::SeqCst);
            meeting.wait();
            at_once.fetch_sub(1, Ordering::SeqCst);
        })
    });
    for job in jobs.collect::<Vec<_>>() {
        wait(job);
    }
    assert_eq!(most.load(Ordering::SeqCst), 3);
}

#[test]
fn work_that_waits_does_what_is_queued_but_not_without_end() {
    let lane = Lane::new(1);
    let occupied = occupy(&lane);
    let (depth, deepest) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicUsize::new(0)));
    let job = |lane: &Arc<Lane>| {
        let (lane_of_it, depth, deepest) = (lane.clone(), depth.clone(), deepest.clone());
        lane.run(move || {
            deepest.fetch_max(depth.fetch_add(1, Ordering::SeqCst) + 1, Ordering::SeqCst);
            lane_of_it.help(|| false);
            depth.fetch_sub(1, Ordering::SeqCst);
        })
    };
    let jobs: Vec<_> = (0..1000).map(|_| job(&lane)).collect();
    drop(occupied);
    for job in jobs {
        wait(job);
    }
    let deepest = deepest.load(Ordering::SeqCst);
    assert!((2..=64).contains(&deepest), "{deepest} deep");
    // Elsewhere than in a lane's thread nothing is done.
    let occupied = occupy(&lane);
    let mut queued = lane.run(|| 1);
    lane.help(|| false);
    let waker = Waker::from(Arc::new(Unpark(thread::current())));
    assert!(std::pin::Pin::new(&mut queued).poll(&mut Context::from_waker(&waker)).is_pending());
    drop(occupied);
    assert_eq!(wait(queued), 1);
}

#[test]
fn what_nobody_waits_for_is_not_begun_unless_it_must() {
    let lane = Lane::new(1);
    let occupied = occupy(&lane);
    let (done, results) = mpsc::channel();
    let second = done.clone();
    drop(lane.run(move || done.send("given up").unwrap()));
    drop(lane.run_in_any_case(move || second.send("in any case").unwrap()));
    drop(occupied);
    assert_eq!(results.iter().collect::<Vec<_>>(), ["in any case"]);
}

#[test]
fn a_panic_is_told_to_who_waits_and_the_lane_goes_on() {
    let lane = Lane::new(1);
    let occupied = occupy(&lane);
    let failing = lane.run(|| std::panic::resume_unwind(Box::new("planned")));
    let after = lane.run(|| 1);
    drop(occupied);
    let failure = catch_unwind(AssertUnwindSafe(|| wait::<()>(failing))).unwrap_err();
    assert_eq!(failure.downcast_ref::<&str>(), Some(&"planned"));
    assert_eq!(wait(after), 1);
}

/// A disk that counts how often something is made to last.
#[derive(Debug)]
struct Counting(InMemoryBackend, Arc<AtomicUsize>);

impl redb::StorageBackend for Counting {
    fn len(&self) -> std::io::Result<u64> {
        self.0.len()
    }

    fn read(&self, offset: u64, out: &mut [u8]) -> std::io::Result<()> {
        self.0.read(offset, out)
    }

    fn set_len(&self, len: u64) -> std::io::Result<()> {
        self.0.set_len(len)
    }

    fn sync_data(&self) -> std::io::Result<()> {
        self.1.fetch_add(1, Ordering::SeqCst);
        self.0.sync_data()
    }

    fn write(&self, offset: u64, data: &[u8]) -> std::io::Result<()> {
        self.0.write(offset, data)
    }
}

#[test]
fn many_writes_at_once_are_few_commits_by_few_threads() {
    const WRITES: usize = 600;
    let syncs = Arc::new(AtomicUsize::new(0));
    let backend = syncs.clone();
    let clock = Arc::new(ManualClock::default());
    let open = move || Counting(InMemoryBackend::new(), backend.clone());
    let store = DiskStore::with_backend("test".into(), open, clock, Durability::Immediate).unwrap();
    let store: Arc<dyn Store> = Arc::new(store);
    let lane = store.lane(Extent::Keys).unwrap().clone();
    let before = syncs.load(Ordering::SeqCst);
    wait(lane.run({
        let store = store.clone();
        move || store.incr("n", &Portable::int(1)).unwrap()
    }));
    let of_one = syncs.load(Ordering::SeqCst) - before;
    // All of its threads are kept at work until everything is queued.
    let gate = Arc::new((Mutex::new(false), Condvar::new()));
    let holding: Vec<_> = (0..8)
        .map(|_| {
            let gate = gate.clone();
            lane.run(move || drop(gate.1.wait_while(gate.0.lock().unwrap(), |open| !*open).unwrap()))
        })
        .collect();
    let jobs: Vec<_> =
        (0..WRITES)
            .map(|i| {
                let store = store.clone();
                lane.run(move || {
                    if i % 3 == 0 { store.get("n").map(drop) } else { store.incr("n", &Portable::int(1)).map(drop) }
                })
            })
            .collect();
    let before = syncs.load(Ordering::SeqCst);
    *gate.0.lock().unwrap() = true;
    gate.1.notify_all();
    holding.into_iter().for_each(wait);
    for job in jobs {
        wait(job).unwrap();
    }
    let commits = (syncs.load(Ordering::SeqCst) - before) / of_one.max(1);
    assert_eq!(store.get("n").unwrap().and_then(|n| n.as_int()), Some(1 + (WRITES - WRITES / 3) as i64));
    assert!(commits <= WRITES / 10, "{commits} commits of {WRITES} operations");
}
