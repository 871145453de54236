//! What is particular to the store in a file: it is there again later, it is one store, and nobody else's file is touched.

use std::path::{Path, PathBuf};

use redb::{ReadableDatabase, ReadableTable};

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
    let expected = "the file is open in another process, or by another name (a hard link) in this one";
    assert_eq!(message, format!("store 'test.db': {expected}"));
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

/// The next of some numbers that look random.
fn random(state: &mut u64) -> u64 {
    *state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
    *state >> 24
}

#[test]
fn a_large_damaged_file_is_reported_and_gives_no_wrong_values() {
    const SMALL: usize = 10_000;
    let folder = Folder::new();
    let path = folder.path("x.db");
    let store = open_at(&path, &ManualClock::default(), Durability::Eventual).unwrap();
    let small: Vec<_> = (0..SMALL).map(|n| (key(n), Write::Set(Portable::int(n as i64), Expiry::Never))).collect();
    store.commit(&[], small).unwrap();
    let big = |n: usize| Portable::bytes(vec![n as u8; 60_000]);
    let many = (0..300).map(|n| (format!("big:{n}").into(), Write::Set(big(n), Expiry::Never))).collect();
    store.commit(&[], many).unwrap();
    store.close().unwrap();
    let whole = std::fs::read(&path).unwrap();
    assert!(whole.len() > 18_000_000);
    let (mut reported, mut state) = (0, 7);
    for round in 0..60 {
        let mut damaged = whole.clone();
        // Anywhere, or in the page at the front that everything hangs on.
        let room = if round % 4 == 0 { 4096 } else { whole.len() };
        for _ in 0..=random(&mut state) % 8 {
            let at = random(&mut state) as usize % room;
            damaged[at] ^= 1 << (random(&mut state) % 8);
        }
        std::fs::write(&path, &damaged).unwrap();
        match open(&path) {
            Err(StoreError::Damaged(_) | StoreError::Failed(_)) => {
                assert!(std::fs::read(&path).unwrap() == damaged, "a damaged file stays as it is: round {round}");
                reported += 1;
            }
            Err(other) => panic!("{other:?}"),
            Ok(store) => {
                // It was where nothing is.
                assert_eq!((store.len(), store.keys(&Glob::new("*")).unwrap().len()), (Ok(SMALL + 300), SMALL + 300));
                for n in (0..SMALL).step_by(7) {
                    assert_eq!(store.get(&key(n)).unwrap().unwrap().as_int(), Some(n as i64), "round {round}");
                }
                for n in 0..300 {
                    assert!(
                        store.get(&format!("big:{n}")).unwrap().unwrap().is_same(&big(n)) || {
                            store.get(&format!("big:{n}")).unwrap().unwrap().equals(&big(n)) == Ok(true)
                        }
                    );
                }
            }
        }
    }
    assert!(reported > 30, "{reported} of 60");
}

#[test]
fn an_entry_that_is_damaged_is_named_by_all_who_meet_it() {
    let folder = Folder::new();
    let path = folder.path("x.db");
    let entries = redb::TableDefinition::<&str, &[u8]>::new("entries");
    // Each byte of the record: version, checksum, deadline, value.
    for at in 0..15 {
        let _ = std::fs::remove_file(&path);
        let store = open(&path).unwrap();
        store.set("a", Portable::int(100), Some(seconds(9))).unwrap();
        store.set("b", Portable::int(1), None).unwrap();
        store.close().unwrap();
        let database = redb::Database::open(&path).unwrap();
        let write = database.begin_write().unwrap();
        let mut table = write.open_table(entries).unwrap();
        let mut record = table.get("a").unwrap().unwrap().value().to_vec();
        record[at] ^= 0x10;
        table.insert("a", record.as_slice()).unwrap();
        drop(table);
        write.commit().unwrap();
        drop(database);
        let store = open(&path).unwrap();
        let one = [SmolStr::from("a")];
        let failures = [
            store.get("a").map(drop),
            store.exists("a").map(drop),
            store.ttl("a").map(drop),
            store.take("a").map(drop),
            store.incr("a", &Portable::int(1)).map(drop),
            store.expire("a", None).map(drop),
            store.read(&one, &[]).map(drop),
            store.keys(&Glob::new("*")).map(drop),
            store.scan("", None, 10).map(drop),
            store.set_if("a", Portable::NONE, Expiry::Keep, &Condition::Always).map(drop),
            store.set_if("a", Portable::NONE, Expiry::Never, &Condition::Absent).map(drop),
            store.commit(&[("a".into(), Seen::Absent)], vec![("b".into(), Write::Delete)]),
        ];
        for (n, failure) in failures.into_iter().enumerate() {
            let Err(StoreError::Damaged(message)) = failure else { panic!("{failure:?}: operation {n}, byte {at}") };
            assert!(message.starts_with("store 'test.db': the entry 'a' is damaged ("), "{message}");
            assert!(message.ends_with("): set or delete the key, or restore the file from a copy"), "{message}");
        }
        assert_eq!(store.get("b").unwrap().unwrap().as_int(), Some(1), "the others are there");
        if at % 2 == 0 {
            store.set("a", Portable::int(5), None).unwrap();
        } else {
            store.delete("a").unwrap();
        }
        assert_eq!(store.keys(&Glob::new("*")).unwrap().len(), 2 - at % 2);
    }
}

/// What opening a large file costs: `cargo test --release -p scriptling-runtime --lib -- --ignored --nocapture opening`
#[test]
#[ignore = "a measurement"]
fn opening_figures() {
    let folder = Folder::new();
    for (entries, bytes) in [(4_000, 60_000), (1_000_000, 200)] {
        let path = folder.path(&entries.to_string());
        let store = open_at(&path, &ManualClock::default(), Durability::Eventual).unwrap();
        for from in (0..entries).step_by(2000) {
            let some = from..from + 2000;
            let writes = some.map(|n| (key(n), Write::Set(Portable::bytes(vec![n as u8; bytes]), Expiry::Never)));
            store.commit(&[], writes.collect()).unwrap();
        }
        store.close().unwrap();
        let start = std::time::Instant::now();
        drop(open(&path).unwrap());
        let size = std::fs::metadata(&path).unwrap().len() >> 20;
        println!("{entries} entries of {bytes} bytes, {size} MiB: open and close in {:?}", start.elapsed());
    }
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
