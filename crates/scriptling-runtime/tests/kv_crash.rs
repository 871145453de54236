//! `kill -9`: a child writes to a store and says what was acknowledged; it is killed at some moment, again and again, on the
//! same file.
//!
//! Each of the child's threads makes a fixed sequence of changes on keys of its own, so that after `n` of them there is
//! exactly one state that its keys can be in. What was acknowledged must be there, at most the one change under way besides,
//! and never a part of one. A few dozen kills ordinarily; `KV_KILLS=5000 cargo test --test kv_crash` for more, and
//! `KV_SEED=n` for other moments.

#![cfg(unix)]
#![allow(clippy::print_stdout, reason = "how many kills there were")]

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::time::Duration;

use scriptling_runtime::SystemClock;
use scriptling_runtime::kv::{DiskStore, Durability, Expiry, Glob, Store, StoreError, Write};
use scriptling_vm::portable::Portable;
use smol_str::{SmolStr, format_smolstr};

const THREADS: usize = 3;

/// What the child is asked to do: path, durability, and the number of the first change of each thread.
const TASK: &str = "KV_CRASH_CHILD";

/// A state: keys with what their values look like.
type Model = BTreeMap<SmolStr, String>;

/// A change, as a store makes it and as it changes a state.
enum Change {
    Set(SmolStr, Portable, Option<Duration>),
    Pair([SmolStr; 2], Portable),
    Incr(SmolStr),
    Delete(SmolStr),
}

/// The `n`th change of a thread.
fn change(thread: usize, n: u64) -> Change {
    let key = |name: &str, number: u64| format_smolstr!("{thread}:{name}:{number}");
    let size = (n * n % 3_000) as usize;
    let value = Portable::list([Portable::int(n as i64), Portable::str("x".repeat(size))]);
    match n % 5 {
        0 => Change::Set(key("value", n % 13), value, None),
        1 => Change::Pair([key("left", n % 7), key("right", n % 7)], Portable::int(n as i64)),
        2 => Change::Incr(key("count", 0)),
        3 => Change::Set(key("value", n % 13), value, Some(Duration::from_secs(1_000_000))),
        _ => Change::Delete(key("value", n % 11)),
    }
}

fn make(store: &DiskStore, change: Change) -> Result<(), StoreError> {
    match change {
        Change::Set(key, value, ttl) => store.set(&key, value, ttl),
        Change::Pair(keys, value) => {
            store.commit(&[], keys.map(|key| (key, Write::Set(value.clone(), Expiry::Never))).into())
        }
        Change::Incr(key) => store.incr(&key, &Portable::int(1)).map(drop),
        Change::Delete(key) => store.delete(&key).map(drop),
    }
}

fn shown(value: &Portable) -> String {
    format!("{:?}", value.to_data().expect("only data is stored"))
}

fn imagine(model: &mut Model, change: Change) {
    match change {
        Change::Set(key, value, _) => drop(model.insert(key, shown(&value))),
        Change::Pair(keys, value) => model.extend(keys.map(|key| (key, shown(&value)))),
        Change::Incr(key) => {
            let count = model.get(&key).map_or(0, |text| digits(text));
            model.insert(key, shown(&Portable::int(count + 1)));
        }
        Change::Delete(key) => drop(model.remove(&key)),
    }
}

fn digits(text: &str) -> i64 {
    text.chars().filter(char::is_ascii_digit).collect::<String>().parse().expect("a counter")
}

fn open(path: &Path, durability: Durability) -> Result<DiskStore, StoreError> {
    DiskStore::open("crash".into(), path.to_owned(), Arc::new(SystemClock::default()), durability)
}

/// Not a test by itself: what the child runs.
#[test]
fn child() {
    let Ok(task) = std::env::var(TASK) else { return };
    let mut words = task.split('|');
    let path = PathBuf::from(words.next().expect("a path"));
    let durability = words.next().and_then(Durability::from_name).expect("a durability");
    let starts: Vec<u64> = words.map(|word| word.parse().expect("a number")).collect();
    let store = open(&path, durability).expect("it opens after any crash");
    std::thread::scope(|scope| {
        for (thread, &start) in starts.iter().enumerate() {
            let store = &store;
            scope.spawn(move || {
                for n in start.. {
                    make(store, change(thread, n)).expect("the disk works");
                    // One write, so that lines are not torn.
                    let told = std::io::stderr().write_all(format!("{thread} {n}\n").as_bytes());
                    if told.is_err() {
                        std::process::abort();
                    }
                    if n % 50 == 0 {
                        store.sweep();
                    }
                }
            });
        }
    });
}

fn start(path: &Path, durability: Durability, next: &[u64]) -> Child {
    let numbers: Vec<String> = next.iter().map(u64::to_string).collect();
    let task = format!("{}|{}|{}", path.display(), durability.name(), numbers.join("|"));
    Command::new(std::env::current_exe().expect("a test has a binary"))
        .args(["--exact", "child", "--nocapture", "--test-threads=1"])
        .env(TASK, task)
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .expect("a child can be started")
}

/// Numbers that look random.
struct Random(u64);

impl Random {
    fn below(&mut self, limit: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % limit
    }
}

/// Lets a child write until some acknowledgement and a little longer, kills it, and says what was acknowledged.
fn kill_one(path: &Path, durability: Durability, next: &[u64], random: &mut Random) -> Vec<u64> {
    let mut child = start(path, durability, next);
    let mut lines = BufReader::new(child.stderr.take().expect("it is piped")).lines();
    let mut acknowledged = next.to_vec();
    let mut note = |line: std::io::Result<String>| {
        let line = line.expect("a pipe can be read");
        let mut words = line.split(' ');
        let (thread, n) =
            (words.next().and_then(|word| word.parse().ok()), words.next().and_then(|word| word.parse().ok()));
        let (Some(thread), Some(n)) = (thread, n) else { panic!("the child failed: {line}") };
        let thread: usize = thread;
        let n: u64 = n;
        assert_eq!(acknowledged[thread], n, "changes come in order");
        acknowledged[thread] = n + 1;
    };
    for _ in 0..random.below(60) {
        note(lines.next().expect("the child writes until it is killed"));
    }
    // Somewhere inside of a commit.
    for _ in 0..random.below(400_000) {
        std::hint::spin_loop();
    }
    child.kill().expect("it runs");
    child.wait().expect("it has been killed");
    // What it said before it died.
    lines.for_each(note);
    acknowledged
}

/// Everything in the store, by thread.
fn found(store: &DiskStore) -> Vec<Model> {
    let model = |thread: usize| {
        let keys = store.keys(&Glob::new(&format!("{thread}:*"))).expect("it can be read");
        let value = |key: &SmolStr| shown(&store.get(key).expect("no value is torn").expect("it was listed just now"));
        keys.iter().map(|key| (key.clone(), value(key))).collect()
    };
    let models: Vec<Model> = (0..THREADS).map(model).collect();
    let all: usize = models.iter().map(BTreeMap::len).sum();
    assert_eq!(store.len().expect("it can be read"), all);
    models
}

fn kills(durability: Durability, default: u64) {
    let number = |name: &str, default| std::env::var(name).map_or(default, |text| text.parse().expect("a number"));
    let (count, seed) = (number("KV_KILLS", default), number("KV_SEED", 7));
    let folder = tempfile::tempdir().expect("there is a place for files");
    let path = folder.path().join("crash.db");
    let mut random = Random(seed);
    let mut next = vec![0; THREADS];
    let mut models = vec![Model::new(); THREADS];
    let mut changes = 0;
    for round in 0..count {
        let acknowledged = kill_one(&path, durability, &next, &mut random);
        let store = open(&path, durability).unwrap_or_else(|error| panic!("round {round} of seed {seed}: {error}"));
        for (thread, found) in found(&store).into_iter().enumerate() {
            // With "eventual" any earlier state will do, but one it must be.
            let acknowledged = acknowledged[thread];
            let mut n = next[thread];
            loop {
                let matches = models[thread] == found && (durability == Durability::Eventual || n >= acknowledged);
                if matches {
                    break;
                }
                assert!(
                    n <= acknowledged,
                    "round {round} of seed {seed}: thread {thread} after {acknowledged}: {found:?}"
                );
                imagine(&mut models[thread], change(thread, n));
                n += 1;
            }
            changes += n - next[thread];
            next[thread] = n;
        }
        store.close().expect("the disk works");
    }
    println!("{count} kills, {changes} changes survived");
    assert!(changes > 0);
}

#[test]
fn what_was_acknowledged_survives_any_kill() {
    kills(Durability::Immediate, 40);
}

#[test]
fn what_survives_of_eventual_writes_is_a_beginning_of_them() {
    kills(Durability::Eventual, 20);
}
