//! Opening stores: one per name or file, whatever the spelling, for as long as somebody has it.

use super::super::registry::{Options, Refused, Stores};
use super::*;

fn stores() -> Arc<Stores> {
    Arc::new(Stores::new(Arc::new(ManualClock::default())))
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
    let path = folder.path().join("x.db").to_string_lossy().into_owned();
    let (one, two) = (stores(), stores());
    let open = |stores: &Arc<Stores>| stores.open_file(&path, Options::default());
    let (first, second) = (open(&one).unwrap(), open(&one).unwrap());
    first.opened().unwrap().set("k", Portable::int(1), None).unwrap();
    first.close().unwrap();
    assert!(matches!(open(&two), Err(Refused::Store(StoreError::Failed(_)))));
    second.close().unwrap();
    let third = open(&two).unwrap();
    assert!(third.opened().unwrap().exists("k").unwrap());
    assert!(two.close_files().is_empty());
    assert_eq!(third.opened().unwrap().get("k").unwrap_err(), StoreError::Closed);
    assert!(open(&one).unwrap().opened().unwrap().exists("k").unwrap());
}
