//! Opening stores: one per name or file, whatever the spelling, for as long as somebody has it.

use super::super::registry::{Options, Refused, Stores};
use super::*;

fn stores() -> Arc<Stores> {
    Arc::new(Stores::new(Arc::new(ManualClock::default()), None).unwrap())
}

#[test]
fn a_name_in_memory_is_one_store_until_its_last_handle_is_closed() {
    let stores = stores();
    let open = |name: &str| stores.open_memory(name, Options::default()).unwrap();
    let (first, second, other) = (open(":memory:a"), open(":memory:a"), open(":memory:b"));
    first.opened().unwrap().set("k", Portable::int(1), None).unwrap();
    assert!(second.opened().unwrap().exists("k").unwrap() && !other.opened().unwrap().exists("k").unwrap());
    first.close().unwrap();
    assert_eq!(first.opened().map(drop), Err(StoreError::Closed));
    assert!(second.opened().unwrap().exists("k").unwrap());
    drop(second);
    let third = open(":memory:a");
    assert!(third.opened().unwrap().exists("k").unwrap(), "a handle that is forgotten closes nothing");
    third.close().unwrap();
    third.close().unwrap();
    assert!(!open(":memory:a").opened().unwrap().exists("k").unwrap());
}

#[test]
fn other_parameters_are_refused() {
    let stores = stores();
    let options = Options { max_entries: Some(5), ..Options::default() };
    let _handle = stores.open_memory(":memory:a", options).unwrap();
    assert!(
        stores.open_memory(":memory:a", Options::default()).is_ok() && stores.open_memory(":memory:a", options).is_ok()
    );
    let lru = Options { policy: Some(Policy::Lru), ..options };
    assert!(stores.open_memory(":memory:a", lru).is_ok(), "that is the default");
    for (asked, expected) in [
        (Options { max_entries: Some(6), ..options }, "store ':memory:a' is open with max_entries=5, not 6"),
        (Options { max_bytes: Some(6), ..options }, "store ':memory:a' is open with max_bytes=None, not 6"),
        (Options { policy: Some(Policy::Ttl), ..options }, "store ':memory:a' is open with policy='lru', not 'ttl'"),
    ] {
        match stores.open_memory(":memory:a", asked) {
            Err(Refused::Differs(message)) => assert_eq!(message, expected),
            _ => panic!("it differs: {expected}"),
        }
    }
}

#[test]
fn all_spellings_of_a_path_are_one_store() {
    let folder = tempfile::tempdir().unwrap();
    let at = |text: &str| folder.path().join(text).to_string_lossy().into_owned();
    std::fs::create_dir(at("sub")).unwrap();
    let stores = stores();
    let open = |path: &str| stores.open_file(path, Options::default());
    let first = open(&at("x.db")).unwrap();
    first.opened().unwrap().set("k", Portable::int(1), None).unwrap();
    let mut spellings = vec![at("sub/../x.db"), at("./x.db")];
    #[cfg(unix)]
    for (target, link) in [("x.db", "link.db"), ("sub", "folder"), ("new.db", "dangling.db")] {
        std::os::unix::fs::symlink(at(target), at(link)).unwrap();
    }
    if cfg!(unix) {
        spellings.extend([at("link.db"), at("folder/../x.db")]);
    }
    for path in &spellings {
        assert!(open(path).unwrap().opened().unwrap().exists("k").unwrap(), "{path}");
    }
    if cfg!(unix) {
        let (through, direct) = (open(&at("dangling.db")).unwrap(), open(&at("new.db")).unwrap());
        through.opened().unwrap().set("n", Portable::int(1), None).unwrap();
        assert!(direct.opened().unwrap().exists("n").unwrap());
    }
    let eventual = Options { durability: Some(Durability::Eventual), ..Options::default() };
    match stores.open_file(&at("x.db"), eventual) {
        Err(Refused::Differs(message)) => {
            assert!(message.ends_with("durability='immediate', not 'eventual'"), "{message}");
        }
        _ => panic!("it differs"),
    }
    for bad in [at("missing/x.db"), at("sub"), at("x.db/y.db")] {
        assert!(matches!(open(&bad), Err(Refused::Io(_))), "{bad}");
    }
}

#[test]
fn a_file_is_free_when_its_last_handle_is_closed_and_at_the_end() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("x.db");
    let stores = stores();
    let open = || stores.open_file(&path.to_string_lossy(), Options::default()).unwrap();
    // What another process would be told.
    let is_free = || {
        let clock = Arc::new(ManualClock::default());
        DiskStore::open("other".into(), path.clone(), clock, Durability::Immediate).is_ok()
    };
    let (first, second) = (open(), open());
    first.opened().unwrap().set("k", Portable::int(1), None).unwrap();
    first.close().unwrap();
    assert!(!is_free());
    second.close().unwrap();
    assert!(is_free());
    let third = open();
    assert!(third.opened().unwrap().exists("k").unwrap() && !is_free());
    assert!(stores.close_files().is_empty());
    assert!(is_free());
    assert_eq!(third.opened().unwrap().get("k").unwrap_err(), StoreError::Closed);
    assert!(open().opened().unwrap().exists("k").unwrap());
}

#[test]
fn a_file_is_one_store_in_all_runtimes_of_a_process() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::create_dir(folder.path().join("sub")).unwrap();
    let at = |text: &str| folder.path().join(text).to_string_lossy().into_owned();
    let eventual = Options { durability: Some(Durability::Eventual), ..Options::default() };
    let (one, two) = (stores(), stores());
    let first = one.open_file(&at("x.db"), eventual).unwrap();
    let second = two.open_file(&at("sub/../x.db"), Options { durability: None, ..eventual });
    assert!(matches!(second, Err(Refused::Differs(_))), "one default is another's durability");
    let second = two.open_file(&at("sub/../x.db"), eventual).unwrap();
    first.opened().unwrap().set("k", Portable::int(1), None).unwrap();
    assert_eq!(second.opened().unwrap().incr("k", &Portable::int(1)).unwrap().as_int(), Some(2));
    // The end of the program that had opened it first is not the end of the other's store.
    assert!(one.close_files().is_empty());
    one.stop();
    drop((first, one));
    assert_eq!(second.opened().unwrap().incr("k", &Portable::int(1)).unwrap().as_int(), Some(3));
    second.close().unwrap();
    let again = stores().open_file(&at("x.db"), Options::default()).unwrap();
    assert_eq!(again.opened().unwrap().get("k").unwrap().unwrap().as_int(), Some(3));
}

#[test]
fn runtimes_that_open_and_close_a_file_at_once_never_refuse_each_other() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("x.db").to_string_lossy().into_owned();
    std::thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| {
                let stores = stores();
                for _ in 0..10 {
                    let handle = stores.open_file(&path, Options::default()).unwrap();
                    handle.opened().unwrap().incr("n", &Portable::int(1)).unwrap();
                    handle.close().unwrap();
                }
            });
        }
    });
    let handle = stores().open_file(&path, Options::default()).unwrap();
    assert_eq!(handle.opened().unwrap().get("n").unwrap().unwrap().as_int(), Some(40));
}

#[test]
fn what_another_runtime_goes_on_with_is_flushed_by_the_thread_of_the_file() {
    let folder = tempfile::tempdir().unwrap();
    let (path, copy) = (folder.path().join("x.db"), folder.path().join("copy.db"));
    let eventual = Options { durability: Some(Durability::Eventual), ..Options::default() };
    let system = || Arc::new(Stores::new(Arc::new(crate::clock::SystemClock::default()), None).unwrap());
    let (one, two) = (system(), system());
    let _first = one.open_file(&path.to_string_lossy(), eventual).unwrap();
    let second = two.open_file(&path.to_string_lossy(), eventual).unwrap();
    one.close_files();
    one.stop();
    second.opened().unwrap().set("k", Portable::int(1), None).unwrap();
    let is_there = || {
        std::fs::copy(&path, &copy).unwrap();
        let clock = Arc::new(ManualClock::default());
        let store = DiskStore::open("copy".into(), copy.clone(), clock, Durability::Immediate);
        store.is_ok_and(|store| store.exists("k").unwrap())
    };
    let end = std::time::Instant::now() + seconds(20);
    while !is_there() {
        assert!(std::time::Instant::now() < end, "nobody flushes it");
    }
}
