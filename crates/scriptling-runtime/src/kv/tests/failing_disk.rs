//! A disk that fails: every operation that was acknowledged is there afterwards, and no other half done.

use std::collections::HashMap;
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};

type BackendIoError = std::io::Error;

use super::*;

/// What is on the disk, and how long it goes on working.
#[derive(Debug, Default)]
struct Disk {
    bytes: Mutex<Vec<u8>>,
    /// Writing operations until it fails.
    left: AtomicU64,
    /// How large it may become.
    capacity: AtomicU64,
}

impl Disk {
    fn work(&self) -> std::io::Result<()> {
        let next = |left: u64| left.checked_sub(1);
        match self.left.fetch_update(Ordering::SeqCst, Ordering::SeqCst, next) {
            Ok(_) => Ok(()),
            Err(_) => Err(std::io::Error::from(std::io::ErrorKind::StorageFull)),
        }
    }
}

#[derive(Debug)]
struct Backend(Arc<Disk>);

fn out_of_range() -> BackendIoError {
    std::io::Error::from(std::io::ErrorKind::UnexpectedEof)
}

impl redb::StorageBackend for Backend {
    fn len(&self) -> Result<u64, BackendIoError> {
        Ok(self.0.bytes.lock().unwrap().len() as u64)
    }

    fn read(&self, offset: u64, out: &mut [u8]) -> Result<(), BackendIoError> {
        let bytes = self.0.bytes.lock().unwrap();
        let range = offset as usize..offset as usize + out.len();
        out.copy_from_slice(bytes.get(range).ok_or_else(out_of_range)?);
        Ok(())
    }

    fn set_len(&self, len: u64) -> Result<(), BackendIoError> {
        self.0.work()?;
        if len > self.0.capacity.load(Ordering::SeqCst) {
            return Err(std::io::Error::from(std::io::ErrorKind::StorageFull));
        }
        self.0.bytes.lock().unwrap().resize(len as usize, 0);
        Ok(())
    }

    fn sync_data(&self) -> Result<(), BackendIoError> {
        self.0.work()
    }

    fn write(&self, offset: u64, data: &[u8]) -> Result<(), BackendIoError> {
        self.0.work()?;
        let mut bytes = self.0.bytes.lock().unwrap();
        let range = offset as usize..offset as usize + data.len();
        bytes.get_mut(range).ok_or_else(out_of_range)?.copy_from_slice(data);
        Ok(())
    }
}

fn disk() -> Arc<Disk> {
    let disk = Disk::default();
    disk.left.store(u64::MAX, Ordering::SeqCst);
    disk.capacity.store(u64::MAX, Ordering::SeqCst);
    Arc::new(disk)
}

fn open(disk: &Arc<Disk>) -> Result<DiskStore, StoreError> {
    let disk = disk.clone();
    let clock = Arc::new(ManualClock::default());
    DiskStore::with_backend("test".into(), move || Backend(disk.clone()), clock, Durability::Immediate)
}

/// Checks that what is there is what was acknowledged; what failed may be there as well.
fn check(store: &DiskStore, known: &HashMap<SmolStr, i64>, doubtful: &HashMap<SmolStr, i64>) {
    for (key, value) in known {
        let found = store.get(key).unwrap().map(|value| value.as_int().unwrap());
        assert!(found == Some(*value) || (found.is_some() && found == doubtful.get(key).copied()), "{key}: {found:?}");
    }
    for key in store.keys(&Glob::new("*")).unwrap() {
        assert!(known.contains_key(&key) || doubtful.contains_key(&key), "{key} was never written");
    }
}

#[test]
fn a_disk_that_fails_at_any_moment_loses_nothing_that_was_acknowledged() {
    for moment in 0..120u64 {
        let disk = disk();
        let store = open(&disk).unwrap();
        let (mut known, mut doubtful) = (HashMap::new(), HashMap::new());
        let mut n = 0;
        let mut write = |known: &mut HashMap<SmolStr, i64>, doubtful: &mut HashMap<SmolStr, i64>| {
            n += 1;
            let key = key(n % 7);
            let result = store.set(&key, Portable::int(n as i64), None);
            match &result {
                Ok(()) => drop((known.insert(key.clone(), n as i64), doubtful.remove(&key))),
                Err(_) => drop(doubtful.insert(key, n as i64)),
            }
            result
        };
        for _ in 0..5 {
            write(&mut known, &mut doubtful).unwrap();
        }
        disk.left.store(moment, Ordering::SeqCst);
        let failure = (0..50).find_map(|_| write(&mut known, &mut doubtful).err());
        let Some(StoreError::Failed(message)) = failure else { panic!("{failure:?}") };
        assert!(message.starts_with("store 'test': "), "{message}");
        // It works again: the same store goes on, and so does a process that starts anew.
        disk.left.store(u64::MAX, Ordering::SeqCst);
        check(&store, &known, &doubtful);
        write(&mut known, &mut doubtful).unwrap();
        check(&store, &known, &doubtful);
        store.close().unwrap();
        check(&open(&disk).unwrap(), &known, &doubtful);
    }
}

#[test]
fn a_full_disk_raises_and_goes_on_when_there_is_room() {
    let disk = disk();
    let store = open(&disk).unwrap();
    let full = disk.bytes.lock().unwrap().len() as u64 + 200_000;
    disk.capacity.store(full, Ordering::SeqCst);
    let mut known = HashMap::new();
    let mut failed = 0;
    for n in 0..400 {
        match store.set(&key(n), Portable::bytes(vec![n as u8; 10_000]), None) {
            Ok(()) => drop(known.insert(key(n), n as u8)),
            Err(StoreError::Failed(_)) => failed += 1,
            Err(other) => panic!("{other:?}"),
        }
    }
    assert!(!known.is_empty() && failed > 0, "{} stored, {failed} refused", known.len());
    for (key, byte) in &known {
        assert!(encoded(&store, key) == encoded_bytes(*byte), "{key}");
    }
    disk.capacity.store(u64::MAX, Ordering::SeqCst);
    store.set("more", Portable::bytes(vec![1; 10_000]), None).unwrap();
    drop(store);
    let store = open(&disk).unwrap();
    for (key, byte) in &known {
        assert!(encoded(&store, key) == encoded_bytes(*byte), "{key}");
    }
}

fn encoded(store: &DiskStore, key: &str) -> Option<Vec<u8>> {
    crate::kv::codec::encode(&store.get(key).unwrap()?)
}

fn encoded_bytes(byte: u8) -> Option<Vec<u8>> {
    crate::kv::codec::encode(&Portable::bytes(vec![byte; 10_000]))
}

#[test]
fn all_of_a_failed_group_are_told() {
    let disk = disk();
    let store = open(&disk).unwrap();
    disk.left.store(0, Ordering::SeqCst);
    std::thread::scope(|scope| {
        for n in 0..8 {
            let store = &store;
            scope
                .spawn(move || assert!(matches!(store.set(&key(n), Portable::NONE, None), Err(StoreError::Failed(_)))));
        }
    });
    disk.left.store(u64::MAX, Ordering::SeqCst);
    store.set("k", Portable::NONE, None).unwrap();
    assert!(store.exists("k").unwrap());
}

/// A real full disk, where mounting is permitted.
#[test]
#[cfg(target_os = "linux")]
fn a_full_file_system_raises_and_loses_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let mount = |arguments: &[&str]| {
        let run = std::process::Command::new(arguments[0]).args(&arguments[1..]).arg(folder.path()).output();
        run.is_ok_and(|run| run.status.success())
    };
    if !mount(&["mount", "-t", "tmpfs", "-o", "size=2m", "tmpfs"]) {
        println!("skipped: a file system cannot be mounted here");
        return;
    }
    let result = std::panic::catch_unwind(|| {
        let open = || {
            let clock = Arc::new(ManualClock::default());
            DiskStore::open("test".into(), folder.path().join("x.db"), clock, Durability::Immediate)
        };
        let store = open().unwrap();
        let mut known = Vec::new();
        let mut failed = None;
        for n in 0..500 {
            match store.set(&key(n), Portable::bytes(vec![n as u8; 10_000]), None) {
                Ok(()) => known.push(n),
                Err(error) => failed = Some(error),
            }
        }
        let Some(StoreError::Failed(message)) = failed else { panic!("{failed:?}") };
        assert!(message.contains("No space left"), "{message}");
        assert!(!known.is_empty());
        let check = |store: &DiskStore| {
            for &n in &known {
                assert!(encoded(store, &key(n)) == encoded_bytes(n as u8), "{n}");
            }
        };
        check(&store);
        drop(store);
        check(&open().unwrap());
    });
    assert!(mount(&["umount"]), "it can be unmounted again");
    result.unwrap_or_else(|panic| std::panic::resume_unwind(panic));
}
