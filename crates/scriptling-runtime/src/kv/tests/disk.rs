//! What is particular to the store in a file: it is there again later, it is one store, and nobody else's file is touched.

use std::path::{Path, PathBuf};

use redb::ReadableDatabase;

use super::*;

struct Folder(tempfile::TempDir);

impl Folder {
    fn new() -> Folder {
        Folder(tempfile::tempdir().unwrap())
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }
}

fn open_at(path: &Path, clock: &ManualClock, durability: Durability) -> Result<DiskStore, StoreError> {
    DiskStore::open("test.db".into(), path.to_owned(), Arc::new(clock.clone()), durability)
}

fn open(path: &Path) -> Result<DiskStore, StoreError> {
    open_at(path, &ManualClock::default(), Durability::Immediate)
}

#[test]
fn what_was_written_is_there_again_with_its_expiry() {
    let folder = Folder::new();
    for durability in [Durability::Immediate, Durability::Eventual] {
        let (path, clock) = (folder.path(durability.name()), ManualClock::default());
        let store = open_at(&path, &clock, durability).unwrap();
        store.set("a", value("{'k': [1, (2, 3)]}"), None).unwrap();
        store.set("timed", Portable::int(1), Some(seconds(100))).unwrap();
        store.set("gone", Portable::int(1), Some(seconds(1))).unwrap();
        drop(store);
        // Another process has another monotonic clock; the calendar is what they share.
        clock.advance(seconds(40));
        let store = open_at(&path, &clock, durability).unwrap();
        assert_eq!(look(&store.get("a").unwrap().unwrap(), "x"), "{'k': [1, (2, 3)]}");
        assert_eq!((store.ttl("timed").unwrap(), store.ttl("gone").unwrap()), (Ttl::Left(seconds(60)), Ttl::Missing));
        assert_eq!(store.len().unwrap(), 2);
        store.close().unwrap();
    }
}

#[test]
fn a_file_that_is_open_is_refused() {
    let folder = Folder::new();
    let path = folder.path("x.db");
    let first = open(&path).unwrap();
    let Err(StoreError::Failed(message)) = open(&path) else { panic!("it is open") };
    assert_eq!(message, "store 'test.db': the file is open in another process, or in another runtime of this one");
    first.close().unwrap();
    open(&path).unwrap();
}

#[test]
fn files_of_others_are_refused_and_not_touched() {
    let folder = Folder::new();
    let texts: [&[u8]; 4] = [b"#!/bin/sh\n", b"x", &[0; 10_000], &[0xff; 4096]];
    for (n, text) in texts.into_iter().enumerate() {
        let path = folder.path(&n.to_string());
        std::fs::write(&path, text).unwrap();
        assert!(matches!(open(&path), Err(StoreError::Damaged(_))), "{n}");
        assert!(std::fs::read(&path).unwrap() == text, "{n}");
    }
    let path = folder.path("redb");
    let database = redb::Database::create(&path).unwrap();
    let write = database.begin_write().unwrap();
    write.open_table(redb::TableDefinition::<&str, u64>::new("users")).unwrap().insert("ann", 1).unwrap();
    write.commit().unwrap();
    drop(database);
    let Err(StoreError::Failed(message)) = open(&path) else { panic!("it is another's") };
    assert_eq!(message, "store 'test.db': the file is a redb database, but not a key-value store");
    let database = redb::Database::open(&path).unwrap();
    let table = database.begin_read().unwrap().open_table(redb::TableDefinition::<&str, u64>::new("users")).unwrap();
    assert_eq!(table.get("ann").unwrap().unwrap().value(), 1);
}

#[test]
fn an_empty_file_is_a_new_store() {
    let folder = Folder::new();
    let path = folder.path("x.db");
    std::fs::write(&path, b"").unwrap();
    open(&path).unwrap().set("a", Portable::int(1), None).unwrap();
    assert_eq!(open(&path).unwrap().len().unwrap(), 1);
}

/// Damages a file at every page, one after another: each time opening or reading reports it, or the value is right.
#[test]
fn a_damaged_file_is_reported_and_gives_no_wrong_values() {
    let folder = Folder::new();
    let path = folder.path("x.db");
    let store = open(&path).unwrap();
    for n in 0..200 {
        store.set(&key(n), Portable::str(format!("value {n} {}", "x".repeat(n))), None).unwrap();
    }
    store.close().unwrap();
    let whole = std::fs::read(&path).unwrap();
    let mut reported = 0;
    let step = whole.len() / 150 + 1;
    for at in (0..whole.len()).step_by(step) {
        let mut damaged = whole.clone();
        let end = (at + 64).min(damaged.len());
        damaged[at..end].iter_mut().for_each(|byte| *byte ^= 0x55);
        std::fs::write(&path, &damaged).unwrap();
        match open(&path) {
            Err(StoreError::Damaged(_) | StoreError::Failed(_)) => {
                assert!(std::fs::read(&path).unwrap() == damaged, "a damaged file stays as it is, at {at}");
                reported += 1;
            }
            Err(other) => panic!("{other:?} at {at}"),
            Ok(store) => {
                for n in 0..200 {
                    match store.get(&key(n)) {
                        Ok(Some(value)) => assert_eq!(value.as_str(), Some(&*format!("value {n} {}", "x".repeat(n)))),
                        Ok(None) => panic!("{n} is lost without a word, at {at}"),
                        Err(_) => reported += 1,
                    }
                }
            }
        }
    }
    assert!(reported > 0);
}

#[test]
fn a_file_that_was_cut_off_is_reported() {
    let folder = Folder::new();
    let path = folder.path("x.db");
    let store = open(&path).unwrap();
    store.set("a", Portable::bytes(vec![7; 100_000]), None).unwrap();
    store.close().unwrap();
    let whole = std::fs::read(&path).unwrap();
    for len in [100, 1000, 4096, 5000, whole.len() / 2] {
        std::fs::write(&path, &whole[..len]).unwrap();
        let result = open(&path).and_then(|store| store.get("a"));
        assert!(!matches!(result, Ok(None)), "{len}: a value is lost without a word");
    }
}

#[test]
fn many_writers_share_commits_and_each_gets_its_own_reply() {
    let folder = Folder::new();
    let store = open(&folder.path("x.db")).unwrap();
    store.set("text", Portable::str("x"), None).unwrap();
    std::thread::scope(|scope| {
        for thread in 0..8 {
            let store = &store;
            scope.spawn(move || {
                for n in 0..20 {
                    store.incr("n", &Portable::int(1)).unwrap();
                    assert_eq!(store.incr("text", &Portable::int(1)).unwrap_err(), StoreError::NotAnInt);
                    let own = key(thread * 100 + n);
                    assert!(store.set_if(&own, Portable::int(1), Expiry::Never, &Condition::Absent).unwrap());
                    assert!(!store.set_if(&own, Portable::int(2), Expiry::Never, &Condition::Absent).unwrap());
                    assert_eq!(store.take(&own).unwrap().unwrap().as_int(), Some(1));
                }
            });
        }
    });
    assert_eq!(store.get("n").unwrap().unwrap().as_int(), Some(160));
    assert_eq!(store.len().unwrap(), 2);
}

#[test]
fn eventual_writes_are_flushed_by_the_sweeper() {
    let folder = Folder::new();
    let path = folder.path("x.db");
    let clock = ManualClock::default();
    let store = open_at(&path, &clock, Durability::Eventual).unwrap();
    store.set("a", Portable::int(1), None).unwrap();
    let copy = folder.path("copy.db");
    // What a crash would leave behind.
    std::fs::copy(&path, &copy).unwrap();
    assert_eq!(open(&copy).unwrap().len().unwrap(), 0);
    store.sweep();
    std::fs::copy(&path, &copy).unwrap();
    assert_eq!(open(&copy).unwrap().len().unwrap(), 1);
}

#[test]
fn a_new_format_is_refused() {
    let folder = Folder::new();
    let path = folder.path("x.db");
    open(&path).unwrap().close().unwrap();
    let database = redb::Database::open(&path).unwrap();
    let write = database.begin_write().unwrap();
    let about = redb::TableDefinition::<&str, u64>::new("about");
    write.open_table(about).unwrap().insert("scriptling kv format", 99).unwrap();
    write.commit().unwrap();
    drop(database);
    let Err(StoreError::Failed(message)) = open(&path) else { panic!("it is too new") };
    assert_eq!(message, "store 'test.db': the file has format 99, which this program does not know");
}

/// What operations cost: `cargo test --release -p scriptling-runtime --lib -- --ignored --nocapture disk_figures`
#[test]
#[ignore = "a measurement"]
fn disk_figures() {
    let folder = Folder::new();
    for durability in [Durability::Immediate, Durability::Eventual] {
        let clock = Arc::new(crate::clock::SystemClock::default());
        let path = folder.path(durability.name());
        let store = DiskStore::open("x".into(), path, clock, durability).unwrap();
        for threads in [1, 2, 8] {
            let count = if durability == Durability::Immediate { 500 } else { 5_000 };
            let timed = |what: &str, work: &(dyn Fn(usize) + Sync)| {
                let start = std::time::Instant::now();
                std::thread::scope(|scope| {
                    for thread in 0..threads {
                        scope.spawn(move || (0..count).for_each(|n| work(thread * count + n)));
                    }
                });
                let each = start.elapsed().as_nanos() / (threads * count) as u128;
                println!("{} {what} from {threads} threads: {each} ns", durability.name());
            };
            timed("set", &|n| store.set(&key(n), Portable::int(n as i64), None).unwrap());
            timed("get", &|n| assert!(store.get(&key(n)).unwrap().is_some()));
            timed("incr", &|_| drop(store.incr("n", &Portable::int(1)).unwrap()));
        }
    }
}
