//! What is particular to the store in memory: that memory is freed, and bounds.

use super::*;
use crate::kv::sweeper::Sweeper;

fn bounded(bounds: Bounds, clock: &ManualClock) -> MemoryStore {
    MemoryStore::bounded("bounded".into(), Arc::new(clock.clone()), bounds)
}

fn entries(max_entries: usize, policy: Policy) -> Bounds {
    Bounds { max_entries: Some(max_entries), max_bytes: None, policy }
}

#[test]
fn expired_entries_are_removed_by_writes() {
    let clock = ManualClock::default();
    let store = MemoryStore::new(Arc::new(clock.clone()));
    for n in 0..10_000 {
        store.set(&format!("k{n}"), Portable::int(n), Some(seconds(1))).unwrap();
    }
    clock.advance(seconds(2));
    assert_eq!(store.physical_len().0, 10_000);
    for n in 0..10_000 {
        store.set(&format!("other{n}"), Portable::int(n), None).unwrap();
    }
    assert_eq!(store.physical_len(), (10_000, 0));
}

#[test]
fn what_is_no_small_counter_is_left_to_the_general_increment() {
    let clock = ManualClock::default();
    let store = MemoryStore::new(Arc::new(clock.clone()));
    assert_eq!(store.incr_small("missing", 1), Ok(None));
    store.set("text", Portable::str("1"), None).unwrap();
    assert_eq!(store.incr_small("text", 1), Ok(None));
    store.set("limit", Portable::int(i64::MAX), None).unwrap();
    assert_eq!((store.incr_small("limit", 1), store.incr_small("limit", -1)), (Ok(None), Ok(Some(i64::MAX - 1))));
    store.set("short", Portable::int(1), Some(seconds(1))).unwrap();
    assert_eq!(store.incr_small("short", 4), Ok(Some(5)));
    assert_eq!(store.ttl("short"), Ok(Ttl::Left(seconds(1))), "the expiry stays");
    clock.advance(seconds(1));
    assert_eq!(store.incr_small("short", 4), Ok(None));
    let bounded = bounded(entries(5, Policy::Reject), &clock);
    bounded.set("n", Portable::int(1), None).unwrap();
    assert_eq!(bounded.incr_small("n", 1), Ok(None));
    store.close().unwrap();
    assert_eq!(store.incr_small("limit", 1), Err(StoreError::Closed));
}

#[test]
fn expired_entries_are_removed_though_nobody_asks() {
    let clock = ManualClock::default();
    let sweeper = Arc::new(Sweeper::new(Arc::new(clock.clone())));
    let memory = Arc::new(MemoryStore::with("m".into(), Arc::new(clock.clone()), None, Some(sweeper.clone())));
    let store: Arc<dyn Store> = memory.clone();
    sweeper.add(&store);
    sweeper.pretend_to_run();
    store.set("a", Portable::NONE, Some(seconds(60))).unwrap();
    assert_eq!(sweeper.due().map(|due| due.as_secs()), Some(60));
    store.set("b", Portable::NONE, Some(seconds(10))).unwrap();
    store.set("c", Portable::NONE, Some(seconds(30))).unwrap();
    assert_eq!(sweeper.due().map(|due| due.as_secs()), Some(10), "the first counts");
    clock.advance(seconds(11));
    sweeper.run_round();
    assert_eq!((memory.physical_len().0, sweeper.due().map(|due| due.as_secs())), (2, Some(30)));
    clock.advance(seconds(60));
    sweeper.run_round();
    assert_eq!((memory.physical_len(), sweeper.due()), ((0, 0), None));
    store.set("d", Portable::NONE, Some(seconds(1))).unwrap();
    assert!(sweeper.due().is_some(), "it is told again");
}

#[test]
fn the_sweepers_thread_sweeps() {
    let clock = Arc::new(crate::clock::SystemClock::default());
    let sweeper = Arc::new(Sweeper::new(clock.clone()));
    let memory = Arc::new(MemoryStore::with("m".into(), clock, None, Some(sweeper.clone())));
    let store: Arc<dyn Store> = memory.clone();
    sweeper.add(&store);
    store.set("a", Portable::NONE, Some(Duration::from_millis(1))).unwrap();
    while memory.physical_len().0 > 0 {
        std::thread::yield_now();
    }
    sweeper.stop();
}

#[test]
fn rewriting_a_key_does_not_pile_up_deadlines() {
    let store = MemoryStore::new(Arc::new(ManualClock::default()));
    let clock = ManualClock::default();
    let limited = bounded(entries(10, Policy::Lru), &clock);
    for n in 0..10_000 {
        store.set("k", Portable::int(n), Some(Duration::from_secs(60 + n as u64))).unwrap();
        limited.set(&format!("k{}", n % 100), Portable::int(n), None).unwrap();
    }
    assert!(store.physical_len().1 < 200);
    assert_eq!(limited.len().unwrap(), 10);
}

#[test]
fn the_least_recently_used_goes_first() {
    let clock = ManualClock::default();
    let store = bounded(entries(3, Policy::Lru), &clock);
    let tick = || clock.advance(seconds(1));
    for key in ["a", "b", "c"] {
        store.set(key, Portable::NONE, None).unwrap();
        tick();
    }
    store.get("a").unwrap();
    tick();
    store.set("d", Portable::NONE, None).unwrap();
    assert_eq!(store.keys(&Glob::new("*")).unwrap(), ["a", "c", "d"], "b was used longest ago");
    tick();
    store.set("c", Portable::int(1), None).unwrap();
    tick();
    store.set("e", Portable::NONE, None).unwrap();
    assert_eq!(store.keys(&Glob::new("*")).unwrap(), ["c", "d", "e"]);
    tick();
    let many = (0..3).map(|n| (key(n), Write::Set(Portable::int(1), Expiry::Never))).collect();
    store.commit(&[], many).unwrap();
    assert_eq!(store.keys(&Glob::new("*")).unwrap(), [key(0), key(1), key(2)]);
    let too_many = (0..4).map(|n| (key(n), Write::Set(Portable::int(2), Expiry::Never))).collect();
    assert_eq!(store.commit(&[], too_many).unwrap_err(), StoreError::Full);
    assert_eq!(store.get(&key(0)).unwrap().unwrap().as_int(), Some(1));
}

#[test]
fn eviction_is_exact_in_a_small_store_whatever_was_read() {
    let clock = ManualClock::default();
    let store = bounded(entries(500, Policy::Lru), &clock);
    let mut order: Vec<usize> = Vec::new();
    let mut random = 12345usize;
    for round in 0..5_000 {
        random = random.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        let n = (random >> 33) % 800;
        clock.advance(Duration::from_nanos(1));
        let known = order.iter().position(|&known| known == n);
        if round % 3 == 0 {
            // A read, of which at most a few come between two evictions.
            assert_eq!(store.get(&key(n)).unwrap().is_some(), known.is_some());
            if known.is_none() {
                continue;
            }
        } else {
            store.set(&key(n), Portable::NONE, None).unwrap();
        }
        order.retain(|&known| known != n);
        order.push(n);
        if order.len() > 500 {
            order.remove(0);
        }
        assert_eq!(store.len().unwrap(), order.len());
    }
    assert!(order.iter().all(|&n| store.exists(&key(n)).unwrap()));
}

#[test]
fn what_ends_soonest_goes_first_or_nothing_does() {
    let clock = ManualClock::default();
    let store = bounded(entries(3, Policy::Ttl), &clock);
    store.set("never", Portable::NONE, None).unwrap();
    store.set("late", Portable::NONE, Some(seconds(100))).unwrap();
    store.set("soon", Portable::NONE, Some(seconds(10))).unwrap();
    store.set("new", Portable::NONE, None).unwrap();
    assert_eq!(store.keys(&Glob::new("*")).unwrap(), ["late", "never", "new"]);
    store.set("newer", Portable::NONE, None).unwrap();
    assert_eq!(store.set("newest", Portable::NONE, None).unwrap_err(), StoreError::Full);
    store.set("new", Portable::int(1), None).unwrap();

    let store = bounded(entries(2, Policy::Reject), &clock);
    store.set("a", Portable::NONE, Some(seconds(1))).unwrap();
    store.set("b", Portable::NONE, None).unwrap();
    assert_eq!(store.incr("c", &Portable::int(1)).unwrap_err(), StoreError::Full);
    clock.advance(seconds(1));
    assert_eq!(store.incr("c", &Portable::int(1)).unwrap().as_int(), Some(1), "what has expired is in nobody's way");
    assert_eq!(store.keys(&Glob::new("*")).unwrap(), ["b", "c"]);
    store.delete("b").unwrap();
    store.set("d", Portable::NONE, None).unwrap();
}

#[test]
fn bytes_are_counted() {
    let clock = ManualClock::default();
    let store = bounded(Bounds { max_entries: None, max_bytes: Some(100_000), policy: Policy::Lru }, &clock);
    for n in 0..1000 {
        clock.advance(seconds(1));
        store.set(&key(n), Portable::bytes(vec![0; 1000]), None).unwrap();
        assert!(store.accounted().unwrap().1 <= 100_000);
    }
    let len = store.len().unwrap();
    assert!((80..100).contains(&len), "{len} entries of a little over 1000 bytes");
    assert!(store.exists(&key(999)).unwrap());
    let huge = value("['x' * 50_000, 'y' * 60_000]");
    assert_eq!(store.set("huge", huge, None).unwrap_err(), StoreError::Full);
    assert_eq!(store.len().unwrap(), len, "what cannot fit evicts nothing");
    // Growing a value counts, and so does shrinking it.
    store.set(&key(999), Portable::bytes(vec![0; 50_000]), None).unwrap();
    assert!(store.accounted().unwrap().1 <= 100_000 && store.exists(&key(999)).unwrap());
    store.set(&key(999), Portable::NONE, None).unwrap();
    assert!(store.accounted().unwrap().1 < 60_000);
    for key in store.keys(&Glob::new("*")).unwrap() {
        store.take(&key).unwrap();
    }
    assert_eq!(store.accounted(), Some((0, 0)));
    store.set("k", Portable::NONE, Some(seconds(1))).unwrap();
    clock.advance(seconds(2));
    store.sweep();
    assert_eq!(store.accounted(), Some((0, 0)));
}

#[test]
fn bounds_hold_among_many_threads() {
    let clock = Arc::new(crate::clock::SystemClock::default());
    let store = MemoryStore::bounded("m".into(), clock, entries(10_000, Policy::Lru));
    std::thread::scope(|scope| {
        for thread in 0..4 {
            let store = &store;
            scope.spawn(move || {
                for n in 0..10_000 {
                    store.set(&key(thread * 5_000 + n), Portable::NONE, None).unwrap();
                    store.get(&key(n)).unwrap();
                    if n % 500 == 0 {
                        assert!(store.accounted().unwrap().0 <= 10_000);
                    }
                }
            });
        }
    });
    assert_eq!((store.len().unwrap(), store.accounted().unwrap().0), (10_000, 10_000));
}

#[test]
fn cursors_of_others_are_refused() {
    let store = MemoryStore::new(Arc::new(ManualClock::default()));
    for cursor in ["", "x", "1", "1.", ".1", "1.x", "-1.0", "99999999999999999999.1"] {
        assert_eq!(store.scan("", Some(cursor), 1).unwrap_err(), StoreError::BadCursor, "{cursor}");
    }
    assert_eq!(store.scan("", Some("1000.4294967295"), 1).unwrap().next, None);
    assert_eq!(store.scan("", Some("0.4294967295"), 1).unwrap().next, None);
}

/// Bytes that an entry costs beyond its key and value. Run it by itself: what the process has allocated is what it measures.
/// `KV_ENTRIES=10000000 cargo test --release -p scriptling-runtime --lib -- --ignored --nocapture entries_are_small`
#[test]
#[ignore = "a measurement"]
fn entries_are_small() {
    let resident = || -> usize {
        let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).unwrap_or("0 kB");
        line.trim().trim_end_matches(" kB").trim().parse::<usize>().unwrap() * 1024
    };
    let count: usize = std::env::var("KV_ENTRIES").map_or(1_000_000, |text| text.parse().unwrap());
    let before = resident();
    let store = MemoryStore::new(Arc::new(ManualClock::default()));
    let start = std::time::Instant::now();
    for n in 0..count {
        store.set(&format!("key:{n:09}"), Portable::int(n as i64), None).unwrap();
    }
    let took = start.elapsed();
    let bytes = (resident() - before) / count;
    let start = std::time::Instant::now();
    for n in 0..count {
        assert!(store.exists(&format!("key:{n:09}")).unwrap());
    }
    let read = start.elapsed();
    println!(
        "{count} entries of a 13-byte key and an int: {bytes} bytes each, {} ns to set, {} ns to find",
        took.as_nanos() / count as u128,
        read.as_nanos() / count as u128
    );
    // The key's 13 bytes and the int's 8 are payload.
    assert!(bytes <= 150 + 21, "{bytes}");
}
