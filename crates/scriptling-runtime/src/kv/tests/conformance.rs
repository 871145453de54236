//! What every store must do.

use std::collections::HashSet;

use super::*;

fn int(store: &dyn Store, key: &str) -> Option<i64> {
    store.get(key).unwrap().map(|value| value.as_int().unwrap())
}

#[test]
fn values_expire_and_counters_count() {
    each_store(|store, clock| {
        let one = Portable::int(1);
        store.set("b", Portable::int(1), None).unwrap();
        store.set("a", Portable::str("x"), Some(seconds(10))).unwrap();
        store.set("", Portable::NONE, None).unwrap();
        assert_eq!(store.keys(&Glob::new("*")).unwrap(), ["", "a", "b"]);
        assert_eq!((store.ttl("a").unwrap(), store.ttl("b").unwrap()), (Ttl::Left(seconds(10)), Ttl::Unlimited));
        assert_eq!(store.ttl("c").unwrap(), Ttl::Missing);

        clock.advance(seconds(9));
        assert!(store.exists("a").unwrap());
        clock.advance(seconds(1));
        assert!(!store.exists("a").unwrap() && store.get("a").unwrap().is_none());
        assert_eq!((store.ttl("a").unwrap(), store.len().unwrap()), (Ttl::Missing, 2));
        assert!(!store.delete("a").unwrap(), "an expired entry is not there to be deleted");
        assert!(!store.expire("a", None).unwrap() && store.take("a").unwrap().is_none());

        assert_eq!(store.incr("b", &one).unwrap().as_int(), Some(2));
        assert_eq!(store.incr("n", &one).unwrap().as_int(), Some(1));
        store.set("big", Portable::int(i64::MAX), Some(seconds(5))).unwrap();
        assert_eq!(format!("{:?}", store.incr("big", &one).unwrap()), "9223372036854775808");
        assert_eq!(store.ttl("big").unwrap(), Ttl::Left(seconds(5)), "incr keeps the expiry");
        store.set("text", Portable::str("ten"), None).unwrap();
        assert_eq!(store.incr("text", &one).unwrap_err(), StoreError::NotAnInt);
        store.set("flag", Portable::bool(true), None).unwrap();
        assert_eq!(store.incr("flag", &one).unwrap_err(), StoreError::NotAnInt);
        assert_eq!(store.get("text").unwrap().unwrap().as_str(), Some("ten"));
        clock.advance(seconds(5));
        assert_eq!(store.incr("big", &one).unwrap().as_int(), Some(1), "an expired counter starts again");
        assert_eq!(store.ttl("big").unwrap(), Ttl::Unlimited);

        store.set("t", Portable::int(1), Some(seconds(5))).unwrap();
        store.set("t", Portable::int(2), None).unwrap();
        clock.advance(seconds(6));
        assert_eq!(int(&*store, "t"), Some(2), "overwriting without ttl clears the expiry");
        assert_eq!(store.set("t", Portable::NONE, Some(Duration::MAX)).unwrap_err(), StoreError::TtlTooLarge);

        assert!(store.delete("t").unwrap() && !store.delete("t").unwrap());
        store.clear().unwrap();
        assert!(store.is_empty().unwrap());
    });
}

#[test]
fn conditions_decide_whether_a_value_is_stored() {
    each_store(|store, clock| {
        let set =
            |value, condition: &Condition| store.set_if("k", Portable::int(value), Expiry::Never, condition).unwrap();
        assert!(set(1, &Condition::Absent) && !set(2, &Condition::Absent));
        let seen = store.read(&["k".into()], &[]).unwrap().remove(0).seen;
        assert!(set(3, &Condition::Unchanged(seen.clone())) && !set(4, &Condition::Unchanged(seen)));
        assert!(!set(4, &Condition::Unchanged(Seen::Absent)));
        assert_eq!(int(&*store, "k"), Some(3));
        store.expire("k", Some(seconds(1))).unwrap();
        clock.advance(seconds(1));
        assert!(set(5, &Condition::Unchanged(Seen::Absent)), "what has expired is absent");
        assert_eq!(store.ttl("k").unwrap(), Ttl::Unlimited);
    });
}

#[test]
fn an_expiry_can_be_kept_changed_and_removed() {
    each_store(|store, clock| {
        store.set("k", Portable::int(1), Some(seconds(10))).unwrap();
        store.set_if("k", Portable::int(2), Expiry::Keep, &Condition::Always).unwrap();
        assert_eq!(store.ttl("k").unwrap(), Ttl::Left(seconds(10)));
        assert!(store.expire("k", Some(seconds(3))).unwrap());
        assert_eq!(store.ttl("k").unwrap(), Ttl::Left(seconds(3)));
        assert!(store.expire("k", None).unwrap());
        clock.advance(seconds(100));
        assert_eq!((store.ttl("k").unwrap(), int(&*store, "k")), (Ttl::Unlimited, Some(2)));
        store.set("short", Portable::int(1), Some(Duration::from_nanos(1))).unwrap();
        clock.advance(Duration::from_micros(2));
        assert!(!store.exists("short").unwrap(), "however short, it is not for ever");
    });
}

#[test]
fn taking_is_for_one() {
    each_store(|store, _| {
        store.set("k", value("[1, {'a': 2}]"), None).unwrap();
        assert_eq!(look(&store.take("k").unwrap().unwrap(), "x"), "[1, {'a': 2}]");
        assert!(store.take("k").unwrap().is_none() && store.is_empty().unwrap());
    });
}

#[test]
fn a_commit_happens_as_a_whole_or_not_at_all() {
    each_store(|store, clock| {
        let keys: Vec<SmolStr> = (0..100).map(key).collect();
        let writes = |value: i64| -> Vec<(SmolStr, Write)> {
            keys.iter().map(|key| (key.clone(), Write::Set(Portable::int(value), Expiry::Never))).collect()
        };
        store.commit(&[], writes(1)).unwrap();
        assert_eq!(store.len().unwrap(), 100);
        let seen: Vec<(SmolStr, Seen)> =
            keys.iter().cloned().zip(store.read(&keys, &[]).unwrap().into_iter().map(|read| read.seen)).collect();
        store.commit(&seen, writes(2)).unwrap();
        assert_eq!(store.commit(&seen, writes(3)).unwrap_err(), StoreError::Conflict);
        assert_eq!(store.read(&keys[..1], &seen).unwrap_err(), StoreError::Conflict);
        assert!(keys.iter().all(|key| int(&*store, key) == Some(2)));
        let mut bad = writes(4);
        bad[99].1 = Write::Set(Portable::NONE, Expiry::After(Duration::MAX));
        assert_eq!(store.commit(&[], bad).unwrap_err(), StoreError::TtlTooLarge);
        assert!(keys.iter().all(|key| int(&*store, key) == Some(2)), "nothing of it was done");
        let mixed = vec![
            (keys[0].clone(), Write::Delete),
            (keys[1].clone(), Write::Set(Portable::int(9), Expiry::After(seconds(5)))),
            ("missing".into(), Write::Delete),
        ];
        store.commit(&[("missing".into(), Seen::Absent)], mixed).unwrap();
        assert_eq!((store.len().unwrap(), int(&*store, &keys[1])), (99, Some(9)));
        clock.advance(seconds(5));
        assert_eq!(store.len().unwrap(), 98);
        store.commit(&[], Vec::new()).unwrap();
    });
}

#[test]
fn transactions_see_their_own_writes_and_nobody_else_does() {
    each_store(|store, _| {
        store.set("a", Portable::int(1), None).unwrap();
        let mut t = Transaction::new(store.clone());
        assert_eq!(t.incr(&"a".into(), &Portable::int(5)).unwrap().as_int(), Some(6));
        t.set("b".into(), Portable::int(7), Expiry::Never);
        t.set("c".into(), Portable::int(8), Expiry::Never);
        t.delete("c".into());
        assert_eq!(t.get(&"b".into()).unwrap().unwrap().as_int(), Some(7));
        assert!(t.get(&"c".into()).unwrap().is_none() && t.take(&"nope".into()).unwrap().is_none());
        assert_eq!((int(&*store, "a"), int(&*store, "b")), (Some(1), None));
        t.commit().unwrap();
        assert_eq!((int(&*store, "a"), int(&*store, "b"), int(&*store, "c")), (Some(6), Some(7), None));
        drop(Transaction::new(store.clone()));

        // A value that was read has changed: at the end, and at the next read.
        let mut t = Transaction::new(store.clone());
        t.get(&"a".into()).unwrap();
        t.set("b".into(), Portable::int(0), Expiry::Never);
        store.set("a", Portable::int(100), None).unwrap();
        assert_eq!(t.get(&"d".into()).unwrap_err(), StoreError::Conflict);
        assert_eq!(t.commit().unwrap_err(), StoreError::Conflict);
        assert_eq!(int(&*store, "b"), Some(7));

        // Writing what was not read depends on nothing.
        let mut t = Transaction::new(store.clone());
        t.set("a".into(), Portable::int(1), Expiry::Never);
        store.set("a", Portable::int(2), None).unwrap();
        t.commit().unwrap();
        assert_eq!(int(&*store, "a"), Some(1));
    });
}

#[test]
fn a_key_that_was_changed_and_changed_back_is_unchanged_and_one_that_was_not_is_a_conflict() {
    each_store(|store, _| {
        let set = |key: &str, value: i64| store.set(key, Portable::int(value), None).unwrap();
        for (back, expected) in [(1, Ok(())), (2, Err(StoreError::Conflict))] {
            set("a", 1);
            let mut t = Transaction::new(store.clone());
            let seen = t.get(&"a".into()).unwrap().unwrap();
            assert!(t.get(&"none".into()).unwrap().is_none());
            t.set("copy".into(), seen, Expiry::Never);
            set("a", 5);
            set("none", 1);
            store.delete("a").unwrap();
            store.delete("none").unwrap();
            set("a", back);
            assert_eq!(t.commit(), expected);
            // As if it had run just now.
            assert_eq!((int(&*store, "a"), int(&*store, "copy")), (Some(back), Some(1)));
        }
    });
}

#[test]
fn money_moved_by_many_threads_is_neither_made_nor_lost() {
    each_store(|store, _| {
        const ACCOUNTS: usize = 5;
        for n in 0..ACCOUNTS {
            store.set(&key(n), Portable::int(100), None).unwrap();
        }
        std::thread::scope(|scope| {
            for thread in 0..4 {
                let store = &store;
                scope.spawn(move || {
                    let mut moved = 0;
                    while moved < 50 {
                        let (from, to) = (key((thread + moved) % ACCOUNTS), key((thread + moved * 3 + 1) % ACCOUNTS));
                        let mut t = Transaction::new(store.clone());
                        let done = t.incr(&from, &Portable::int(-1)).and_then(|_| t.incr(&to, &Portable::int(1)));
                        match done.and_then(|_| t.commit()) {
                            Ok(()) => moved += 1,
                            Err(error) => assert_eq!(error, StoreError::Conflict),
                        }
                    }
                });
            }
            // Whoever reads all of them at once sees no move half done.
            let keys: Vec<SmolStr> = (0..ACCOUNTS).map(key).collect();
            for _ in 0..50 {
                let reads = store.read(&keys, &[]).unwrap();
                let sum: i64 = reads.iter().map(|read| read.value.as_ref().unwrap().as_int().unwrap()).sum();
                assert_eq!(sum, 100 * ACCOUNTS as i64);
            }
        });
        let sum: i64 = (0..ACCOUNTS).map(|n| int(&*store, &key(n)).unwrap()).sum();
        assert_eq!(sum, 100 * ACCOUNTS as i64);
    });
}

#[test]
fn increments_from_many_threads_are_all_counted() {
    each_store(|store, _| {
        std::thread::scope(|scope| {
            for _ in 0..4 {
                scope.spawn(|| (0..500).for_each(|_| drop(store.incr("n", &Portable::int(1)).unwrap())));
            }
        });
        assert_eq!(int(&*store, "n"), Some(2_000));
    });
}

/// Scans to the end, with something done between pages.
fn scan(store: &dyn Store, prefix: &str, limit: usize, mut between: impl FnMut(usize)) -> Vec<SmolStr> {
    let (mut all, mut cursor, mut pages) = (Vec::new(), None::<SmolStr>, 0);
    loop {
        let page = store.scan(prefix, cursor.as_deref(), limit).unwrap();
        assert!(page.keys.len() <= limit);
        all.extend(page.keys);
        match page.next {
            Some(next) => cursor = Some(next),
            None => return all,
        }
        between(pages);
        pages += 1;
        assert!(pages < 100_000, "a scan ends");
    }
}

#[test]
fn a_scan_gives_every_key_once() {
    each_store(|store, _| {
        assert_eq!(store.scan("", None, 10).unwrap(), Page { keys: Vec::new(), next: None });
        for n in 0..1000 {
            store.set(&key(n), Portable::int(0), None).unwrap();
        }
        store.set("other", Portable::int(0), None).unwrap();
        for limit in [1, 7, 1000, 5000] {
            let mut keys = scan(&*store, "key:", limit, |_| ());
            keys.sort_unstable();
            assert_eq!(keys, (0..1000).map(key).collect::<Vec<_>>());
        }
        assert_eq!(scan(&*store, "key:0001", 3, |_| ()).len(), 10);
        assert!(scan(&*store, "none", 3, |_| ()).is_empty());
    });
}

#[test]
fn a_scan_is_stable_while_keys_come_go_and_change() {
    each_store(|store, clock| {
        for n in 0..600 {
            store.set(&key(n), Portable::int(0), None).unwrap();
        }
        let keys = scan(&*store, "", 10, |page| {
            // Even keys stay, and are written to; odd ones go and come; others come, so that tables grow.
            for n in 0..20 {
                let odd = key((page * 20 + n) * 2 % 600 + 1);
                if page % 2 == 0 {
                    store.delete(&odd).unwrap();
                } else {
                    store.set(&odd, Portable::int(2), Some(seconds(1))).unwrap();
                }
                store.set(&format!("new:{page}:{n}"), Portable::int(3), None).unwrap();
                let even = key((page * 20 + n) * 2 % 600);
                store.incr(&even, &Portable::int(1)).unwrap();
                store.expire(&even, Some(seconds(1_000_000))).unwrap();
            }
            clock.advance(Duration::from_millis(300));
            store.sweep();
        });
        let even: HashSet<SmolStr> = (0..300).map(|n| key(n * 2)).collect();
        let found: Vec<&SmolStr> = keys.iter().filter(|key| even.contains(*key)).collect();
        assert_eq!(found.len(), even.len());
        assert_eq!(found.into_iter().collect::<HashSet<_>>().len(), even.len());
    });
}

#[test]
fn sweeping_removes_what_has_expired_and_says_when_to_come_back() {
    each_store(|store, clock| {
        for n in 0..5000u64 {
            store.set(&key(n as usize), Portable::int(0), Some(seconds(1 + n % 3))).unwrap();
        }
        store.set("stays", Portable::NONE, None).unwrap();
        // Moved and removed deadlines do not count any more.
        store.expire(&key(0), Some(seconds(50))).unwrap();
        store.delete(&key(1)).unwrap();
        let start = clock.now();
        assert_eq!(store.sweep(), Some(start + seconds(1)));
        clock.advance(seconds(3));
        assert_eq!(store.sweep(), Some(start + seconds(50)));
        assert_eq!(store.len().unwrap(), 2);
        clock.advance(seconds(50));
        assert_eq!((store.sweep(), store.len().unwrap()), (None, 1));
    });
}

#[test]
fn a_closed_store_says_so() {
    each_store(|store, _| {
        store.set("k", Portable::int(1), None).unwrap();
        store.close().unwrap();
        store.close().unwrap();
        let closed = StoreError::Closed;
        assert_eq!(store.get("k").unwrap_err(), closed);
        assert_eq!(store.set("k", Portable::NONE, None).unwrap_err(), closed);
        assert_eq!(store.incr("k", &Portable::int(1)).unwrap_err(), closed);
        assert_eq!(store.take("k").unwrap_err(), closed);
        assert_eq!(store.delete("k").unwrap_err(), closed);
        assert_eq!(store.exists("k").unwrap_err(), closed);
        assert_eq!(store.ttl("k").unwrap_err(), closed);
        assert_eq!(store.expire("k", None).unwrap_err(), closed);
        assert_eq!(store.len().unwrap_err(), closed);
        assert_eq!(store.clear().unwrap_err(), closed);
        assert_eq!(store.keys(&Glob::new("*")).unwrap_err(), closed);
        assert_eq!(store.scan("", None, 1).unwrap_err(), closed);
        assert_eq!(store.read(&["k".into()], &[]).unwrap_err(), closed);
        assert_eq!(store.commit(&[], vec![("k".into(), Write::Delete)]).unwrap_err(), closed);
        assert_eq!(store.sweep(), None);
    });
}

#[test]
fn every_kind_of_data_comes_back_as_it_was() {
    let text =
        "[None, True, False, 0, -1, 2**63 - 1, -2**63, 2**200, -2**200, 1.5, -0.0, float('inf'), '', 'é' * 40, b'',
        b'\\x00' * 40, [], (), {}, set(), frozenset(), [1, 2], [1.5, float('-inf')], [True, False], (1, (2, [3])),
        {'b': 1, 'a': {'x': None}, 3: 'three', (1, 'k'): b'', frozenset([1]): {5}}, {1, 'x', (2, 3)},
        frozenset(['a', 2.5]), range(1, 10, 3), range(2**70), ..., NotImplemented]";
    each_store(|store, _| {
        let original = value(text);
        store.set("k", original.clone(), None).unwrap();
        let back = store.get("k").unwrap().unwrap();
        assert_eq!(look(&back, "x"), look(&original, "x"));
        let types = "[type(y).__name__ for y in x]";
        assert_eq!(look(&back, types), look(&original, types));
        assert_eq!(
            look(&back, "(x[25][1, 'k'], x[25][3], x[25]['a'], (2, 3) in x[26])"),
            "(b'', 'three', {'x': None}, True)"
        );
        store.set("nan", value("float('nan')"), None).unwrap();
        assert_eq!(look(&store.get("nan").unwrap().unwrap(), "x != x"), "True");
    });
}

#[test]
fn sharing_and_cycles_come_back() {
    each_store(|store, _| {
        let text = "a = []\nx = [a, a, (a,), {'self': None}]\nx.append(x)\nx[3]['self'] = x\nx";
        store.set("k", value(text), None).unwrap();
        let back = store.get("k").unwrap().unwrap();
        assert_eq!(look(&back, "(x[0] is x[1] is x[2][0], x[4] is x, x[3]['self'] is x)"), "(True, True, True)");
    });
}

#[test]
fn keys_are_any_text() {
    each_store(|store, _| {
        let keys = ["", " ", "a/b", "ключ", "\u{0}", "\u{10ffff}", &"long".repeat(1000)];
        for (n, key) in keys.iter().enumerate() {
            store.set(key, Portable::int(n as i64), None).unwrap();
        }
        for (n, key) in keys.iter().enumerate() {
            assert_eq!(int(&*store, key), Some(n as i64));
        }
        let mut sorted = keys;
        sorted.sort_unstable();
        assert_eq!(store.keys(&Glob::new("*")).unwrap(), sorted);
        assert_eq!(store.keys(&Glob::new("a*")).unwrap(), ["a/b"]);
    });
}
