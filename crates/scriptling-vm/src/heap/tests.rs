//! The heap by itself: small enough for Miri, which checks each `unsafe` here against the memory model (`.ci/miri`).

use std::sync::Arc;

use super::data::HostData;
use super::dict::{Table, ViewKind, find_text};
use super::str::hash_text;
use super::*;
use crate::value::{Tag, Value};

fn text(heap: &mut Heap, text: &str) -> Value {
    heap.str(text)
}

fn read(heap: &Heap, value: Value) -> &str {
    value.as_gc::<Str>().expect("a string").get(heap).as_str()
}

/// Allocates a little of every size and kind.
fn litter(heap: &mut Heap) {
    for n in 0..40 {
        let items = vec![Value::int(n); n as usize];
        heap.tuple(&items);
        heap.value(List::from_values(&items));
        heap.str("a text that is too long to be inside the cell ".repeat(6));
        heap.str("a text inside the cell");
        heap.value(BigInteger(num_bigint::BigInt::from(n) << 100));
    }
}

#[test]
fn what_is_reachable_survives_and_the_rest_is_reused() {
    let mut heap = Heap::default();
    let word = text(&mut heap, "kept");
    let pair = heap.tuple(&[word, Value::int(1)]);
    let list = heap.value(List::from_values(&[pair, Value::NONE, Value::float(0.5)]));
    let mut used = 0;
    for round in 0..4 {
        litter(&mut heap);
        heap.collect(|marker| marker.value(list));
        let items = list.as_gc::<List>().expect("a list").get(&heap).to_values();
        let pair = items[0].as_gc::<Tuple>().expect("a tuple").items(&heap);
        assert_eq!((read(&heap, pair[0]), pair[1].as_int(), items.len()), ("kept", Some(1), 3));
        if round == 1 {
            used = heap.allocated();
        } else if round > 1 {
            assert_eq!(heap.allocated(), used, "nothing leaks from round to round");
        }
    }
    heap.collect(|_| {});
    assert_eq!(heap.allocated(), 0);
}

#[test]
fn cycles_are_collected_and_deep_chains_need_no_stack() {
    let mut heap = Heap::default();
    let length = if cfg!(miri) { 300 } else { 200_000 };
    let first = heap.alloc(List::new());
    let mut head = Value::obj(first);
    for _ in 0..length {
        head = heap.value(List::from_values(&[head]));
    }
    first.get_mut(&mut heap).push(head);
    heap.collect(|marker| marker.value(head));
    let before = heap.allocated();
    assert!(before > length * size_of::<GcBox<List>>());
    heap.collect(|marker| marker.value(head));
    assert_eq!(heap.allocated(), before, "all of the ring is alive");
    heap.collect(|_| {});
    assert_eq!(heap.allocated(), 0);
}

#[test]
fn large_cells_live_and_die_alone() {
    let mut heap = Heap::default();
    let items: Vec<Value> = (0..200).map(Value::int).collect();
    let large = heap.alloc_tuple(&items);
    let holder = heap.tuple(&[Value::obj(large)]);
    heap.tuple(&items);
    heap.collect(|marker| marker.value(holder));
    assert_eq!(large.items(&heap)[199].as_int(), Some(199));
    assert_eq!(large.count(), 200);
    heap.collect(|_| {});
    assert_eq!(heap.allocated(), 0);
}

#[test]
fn lists_change_between_compact_and_general() {
    let mut heap = Heap::default();
    let list = heap.alloc(List::new());
    for n in 0..20 {
        list.get_mut(&mut heap).push(Value::int(n));
    }
    assert_eq!(list.get(&heap).ints().map(<[u64]>::len), Some(20));
    let word = text(&mut heap, "w");
    list.get_mut(&mut heap).set(3, word);
    assert!(list.get(&heap).ints().is_none());
    list.get_mut(&mut heap).insert(0, Value::TRUE);
    list.get_mut(&mut heap).reverse();
    heap.collect(|marker| marker.gc(list));
    let items = list.get(&heap).to_values();
    assert_eq!((items.len(), items[20].as_bool(), items[0].as_int()), (21, Some(true), Some(19)));
    assert_eq!(read(&heap, items[16]), "w");
    let removed = list.get_mut(&mut heap).remove(16);
    assert_eq!(read(&heap, removed), "w");
    assert_eq!(list.get_mut(&mut heap).pop().and_then(Value::as_bool), Some(true));
    assert!(list.get(&heap).get(19).is_none());
}

#[test]
fn tables_keep_their_order_through_growth_and_deletion() {
    let mut heap = Heap::default();
    let dict = heap.alloc(Dict::default());
    let names: Vec<String> = (0..50).map(|n| format!("key {n}")).collect();
    for (n, name) in names.iter().enumerate() {
        let key = text(&mut heap, name);
        dict.get_mut(&mut heap).table.insert_new(hash_text(name), key, Value::int(n as i64));
    }
    for name in names.iter().step_by(3) {
        let at = find_text(&dict.get(&heap).table, &heap, hash_text(name), name).expect("it is there");
        dict.get_mut(&mut heap).table.remove(at);
    }
    heap.collect(|marker| marker.gc(dict));
    for (n, name) in names.iter().enumerate() {
        let at = find_text(&dict.get(&heap).table, &heap, hash_text(name), name);
        assert_eq!(at.is_some(), n % 3 != 0);
    }
    let values: Vec<i64> = dict.get(&heap).table.iter().filter_map(|entry| entry.value.as_int()).collect();
    assert!(values.is_sorted() && values.len() == 33);
    let view = heap.value(DictView { dict, show: ViewKind::Keys });
    let iter = heap.value(Iter::Dict { dict, show: ViewKind::Items, position: 0, len: 33 });
    let copy: Table<Value> = dict.get(&heap).table.clone();
    let other = heap.value(Dict { table: copy });
    heap.collect(|marker| marker.values(&[view, iter, other]));
    assert_eq!(dict.get(&heap).table.len(), 33);
}

#[test]
fn freed_stretches_are_carved_up_again() {
    let mut heap = Heap::default();
    // Cells of many sizes, so that extents end anywhere; some survive, so that short and long stretches are free.
    for round in 0..30_i64 {
        let mut kept = Vec::new();
        for n in 0..200 {
            let items = vec![Value::int(n); ((n + round) % 31) as usize];
            let tuple = heap.tuple(&items);
            if n % 20 < round % 3 {
                kept.push(tuple);
            }
        }
        let holder = heap.list(&kept);
        heap.collect(|marker| marker.value(holder));
        for &tuple in &kept {
            let items = tuple.as_gc::<Tuple>().expect("a tuple").items(&heap);
            assert!(items.iter().all(|item| item.same(items[0])));
        }
    }
    let size: usize = heap.chunks.iter().map(|chunk| chunk.size).sum::<usize>()
        + heap.blocks.as_ref().map_or(0, |blocks| blocks.list.len() * BLOCK);
    assert!(size < 512 * 1024, "memory is used again: {size}");
    heap.collect(|_| {});
    assert_eq!(heap.allocated(), 0);
    let pair = heap.tuple(&[Value::NONE, Value::TRUE]);
    let frozen = FrozenHeap::new(heap);
    assert_eq!(pair.as_gc::<Tuple>().expect("a tuple").items(frozen.heap()).len(), 2);
}

#[test]
fn buffers_of_dead_lists_serve_new_ones() {
    let mut heap = Heap::default();
    for round in 0..4 {
        let source = heap.alloc(List::from_ints((0..40).collect()));
        let mut kept = Vec::new();
        for n in 0..=40_i64 {
            let items: Vec<Value> = (0..n).map(|at| Value::int(at + round)).collect();
            let list = heap.list(&items);
            let slice = Slice { start: Value::int(n - 1), stop: Value::NONE, step: Value::int(-1) };
            let selection = crate::operate::subscript::resolve_plain(slice, 40).expect("plain");
            let part = heap.list_selection(source, selection);
            if n % 2 == 0 {
                kept.extend([list, part]);
            }
        }
        let holder = heap.list(&kept);
        heap.collect(|marker| marker.value(holder));
        for (at, pair) in kept.chunks(2).enumerate() {
            let [list, part] = [pair[0], pair[1]].map(|list| list.as_gc::<List>().expect("a list"));
            let list: Vec<i64> = list.get(&heap).iter().filter_map(Value::as_int).collect();
            assert_eq!(list, (0..2 * at as i64).map(|item| item + round).collect::<Vec<_>>());
            let part: Vec<i64> = part.get(&heap).iter().filter_map(Value::as_int).collect();
            let end = if at == 0 { 40 } else { 2 * at as i64 };
            assert_eq!(part, (0..end).rev().collect::<Vec<_>>());
        }
        let (first, second) = (kept[20].as_gc::<List>().expect("a list"), kept[40].as_gc::<List>().expect("a list"));
        heap.list_splice(first, 2..5, second);
        assert_eq!(first.get(&heap).len(), 20 - 3 + 40);
        heap.list_splice(first, 0..1, first);
        assert_eq!(first.get(&heap).len(), 2 * 57 - 1);
    }
    heap.collect(|_| {});
    assert_eq!(heap.allocated(), 0);
}

#[test]
fn tables_find_keys_whose_hashes_collide() {
    // The same slot for all, the same half hash for some.
    let hash = |n: i64| ((n % 3) as u64) << 40 | ((n % 5) as u64) << 20 | 7;
    let mut table: Table<i64> = Table::default();
    for n in 0..60 {
        table.insert_new(hash(n), Value::int(n), n);
    }
    let find = |table: &Table<i64>, n: i64| table.find(hash(n), |key| key.as_int() == Some(n));
    for n in (0..60).filter(|n| n % 4 != 1) {
        let at = find(&table, n).expect("it is there");
        assert_eq!(table.remove(at).value, n);
    }
    for n in 0..60 {
        assert_eq!(find(&table, n).map(|at| table.entry(at).value), (n % 4 == 1).then_some(n));
    }
    for n in 60..200 {
        table.insert_new(hash(n), Value::int(n), n);
        let first = table.next_entry(0).map(|(at, _)| at).expect("not empty");
        table.remove(first);
    }
    assert_eq!(table.len(), 15);
    assert!((185..200).all(|n| find(&table, n).is_some()));
    assert_eq!(table.candidates(hash(199)).len(), (185..200).filter(|&n| hash(n) == hash(199)).count());
}

#[test]
fn tuples_remember_their_hash_unless_they_are_shared() {
    let mut heap = Heap::default();
    let pair = heap.alloc_tuple(&[Value::int(1), Value::int(2)]);
    assert_eq!(pair.known_hash(&heap), None);
    pair.note_hash(&heap, 5);
    assert_eq!(pair.known_hash(&heap), Some(5));
    pair.init_item(&mut heap, 0, Value::int(3));
    assert_eq!(pair.known_hash(&heap), None);
    let frozen = FrozenHeap::new(heap);
    pair.note_hash(frozen.heap(), 5);
    assert_eq!(pair.known_hash(frozen.heap()), None);
    assert_eq!(pair.items(frozen.heap())[0].as_int(), Some(3));
}

#[test]
fn texts_index_by_code_point() {
    let mut heap = Heap::default();
    let long = "aé🎉".repeat(60);
    for sample in ["", "ascii", "é", "aé🎉b", &long] {
        let value = text(&mut heap, sample);
        let held = value.as_gc::<Str>().expect("a string").get(&heap);
        let chars: Vec<char> = sample.chars().collect();
        assert_eq!(held.char_len(), chars.len());
        for (at, &c) in chars.iter().enumerate() {
            assert_eq!(held.char_at(at), Some(c));
            assert_eq!(held.char_position(held.byte_offset(at)), at);
        }
        assert_eq!(held.char_at(chars.len()), None);
        assert_eq!(held.hash(), hash_text(sample));
    }
}

#[test]
fn texts_are_the_same_inside_and_outside_their_cells() {
    let mut heap = Heap::default();
    let gc = |value: Value| value.as_gc::<Str>().expect("a string");
    for unit in ["a", "é"] {
        for count in [0, 1, 2, 3, 5, 9, 17, 112, 113, 120, 121, 240, 241, 300] {
            let sample = unit.repeat(count);
            let (head, tail) =
                (heap.str(&sample[..count / 2 * unit.len()]), heap.str(&sample[count / 2 * unit.len()..]));
            let whole = heap.str(sample.as_str());
            let copies = [
                heap.str(sample.clone()),
                heap.str(smol_str::SmolStr::from(sample.as_str())),
                heap.concatenate(gc(head), gc(tail)),
                heap.joined_str("", 2, (sample.len(), count), |_, at| gc([head, tail][at]).view()),
            ];
            for copy in copies.map(gc) {
                let held = copy.get(&heap);
                assert_eq!((held.as_str(), held.char_len(), held.is_ascii()), (&*sample, count, sample.is_ascii()));
                assert_eq!(held.hash(), gc(whole).get(&heap).hash());
                assert_ne!(copy.glance(gc(whole)), Some(false));
            }
            let last = sample.bytes().last().filter(|_| sample.is_ascii() && count <= 240);
            assert_eq!((gc(whole).short_ascii_at(-1), gc(whole).short_ascii_at(count as i64)), (last, None));
            if let Some(reversed) = heap.reversed_ascii_str(gc(whole), count, count) {
                assert_eq!(read(&heap, reversed), sample);
            }
            heap.collect(|marker| marker.values(&[whole, head, tail]));
            assert_eq!(read(&heap, whole), sample);
        }
    }
    for int in [0, 9, 10, 99, 100, 12_345, i64::MAX, i64::MIN, -1, -10, -100] {
        let digits = heap.decimal_str(int);
        assert_eq!(read(&heap, digits), int.to_string());
    }
    heap.collect(|_| {});
    assert_eq!(heap.allocated(), 0);
}

#[test]
fn instances_have_slots_after_their_cell() {
    let mut heap = Heap::default();
    let word = text(&mut heap, "slot");
    let instance = heap.alloc_instance(instance::ShapeId(7), 5);
    assert!(instance.slots(&heap).iter().all(|slot| slot.is_undefined()));
    instance.slots_mut(&mut heap)[4] = word;
    litter(&mut heap);
    heap.collect(|marker| marker.gc(instance));
    assert_eq!(read(&heap, instance.slots(&heap)[4]), "slot");
    assert_eq!((instance.shape().0, instance.slots(&heap).len()), (7, 5));
}

#[test]
fn values_take_apart_and_together() {
    let mut heap = Heap::default();
    let word = text(&mut heap, "w");
    for value in [Value::NONE, Value::TRUE, Value::int(-1), Value::float(-0.0), word] {
        let (tag, payload) = (value.tag(), value.payload());
        // SAFETY: the parts come from one value, which is alive.
        let back = unsafe { Value::from_parts(tag, payload) };
        assert!(back.same(value));
        assert_eq!(back.is_obj(), tag == Tag::Obj);
    }
    assert!(word.is::<Str>() && !word.is::<List>() && word.as_gc::<List>().is_none());
    assert_eq!(word.kind(), Some(Kind::Str));
}

#[test]
fn frozen_heaps_are_shared_by_threads() {
    let mut heap = Heap::default();
    let word = text(&mut heap, "a frozen text, long enough to live outside its cell");
    word.as_gc::<Str>().expect("a string").get(&heap).hash();
    let pair = heap.tuple(&[word, Value::int(2)]);
    let frozen = Arc::new(FrozenHeap::new(heap));
    let carried = FrozenRef::new(pair).expect("it is frozen");
    let threads: Vec<_> = (0..2)
        .map(|_| {
            let frozen = frozen.clone();
            std::thread::spawn(move || {
                let mut own = Heap::default();
                let list = own.value(List::from_values(&[carried.value()]));
                own.collect(|marker| marker.value(list));
                let pair = carried.value().as_gc::<Tuple>().expect("a tuple");
                read(frozen.heap(), pair.items(frozen.heap())[0]).len()
            })
        })
        .collect();
    for thread in threads {
        assert_eq!(thread.join().expect("no panic"), 51);
    }
    assert!(std::panic::catch_unwind(|| Heap::default().limit()).is_ok());
}

#[test]
#[should_panic(expected = "mutation of a frozen object")]
fn frozen_objects_are_not_changed() {
    let mut heap = Heap::default();
    let list = heap.alloc(List::new());
    let mut frozen = FrozenHeap::new(heap);
    list.get_mut(&mut frozen.heap).push(Value::NONE);
}

/// Leaves a heap that has blocks already.
fn outgrow_small_chunks(heap: &mut Heap) {
    while heap.blocks.is_none() {
        heap.str("a text inside a cell, some words long");
    }
}

/// Data that counts how often it is dropped.
struct Counted(Arc<std::sync::atomic::AtomicUsize>);

impl Drop for Counted {
    fn drop(&mut self) {
        self.0.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
    }
}

#[test]
fn owners_in_blocks_are_dropped_once() {
    let drops = Arc::new(std::sync::atomic::AtomicUsize::new(0));
    let count = || drops.load(std::sync::atomic::Ordering::Relaxed);
    let mut heap = Heap::default();
    outgrow_small_chunks(&mut heap);
    let class =
        crate::native::new_class(&mut heap, "C", "m", Vec::new(), class::Attrs::default(), class::Layout::Class);
    let mut live = Vec::new();
    for round in 1..=4 {
        for n in 0..150 {
            let data = HostData::Local(Box::new(Counted(drops.clone())));
            let object = heap.value(HostObject { class, data });
            let long = heap.str("a text that is too long to be inside the cell ".repeat(6));
            if n % 3 == 0 {
                live.extend([object, long]);
            }
        }
        heap.collect(|marker| marker.values(&live));
        assert_eq!(count(), round * 100, "those that are dead, once each");
        let external: usize =
            live.iter().filter_map(|text| text.as_gc::<Str>()).map(|text| text.get(&heap).external_size()).sum();
        assert_eq!(heap.text, external);
    }
    heap.collect(|marker| marker.values(&live[..300]));
    assert_eq!(count(), 450);
    drop(heap);
    assert_eq!(count(), 600);
}

#[test]
fn holes_in_blocks_are_used_again_for_anything() {
    let mut heap = Heap::default();
    outgrow_small_chunks(&mut heap);
    let (rounds, cells) = if cfg!(miri) { (3, 100) } else { (40, 400) };
    let mut old: Vec<(Value, i64)> = Vec::new();
    for round in 0..rounds {
        // Strings and tuples of many sizes: each gets places where the other was, and what is known of a place must go too.
        for n in 0..cells {
            let size = (n * 7 + round) % 30;
            let value = if (n + round) % 2 == 0 {
                heap.str("x".repeat(size as usize * 8))
            } else {
                let inner = heap.tuple(&[Value::int(size)]);
                heap.tuple(&vec![inner; size as usize])
            };
            if (n * 31 + round * 17) % 5 < 2 {
                old.push((value, size));
            }
        }
        old.retain(|(_, size)| (size + round) % 7 != 0);
        if old.len() > 700 {
            old.drain(..300);
        }
        let values: Vec<Value> = old.iter().map(|&(value, _)| value).collect();
        let holder = heap.list(&values);
        heap.collect(|marker| marker.value(holder));
        let used = heap.allocated();
        heap.collect(|marker| marker.value(holder));
        assert_eq!(heap.allocated(), used, "known strings count like others");
        for &(value, size) in &old {
            match value.as_gc::<Tuple>() {
                Some(tuple) => {
                    let sizes =
                        tuple.items(&heap).iter().map(|item| item.as_gc::<Tuple>().expect("a tuple").items(&heap)[0]);
                    assert!(sizes.map(Value::as_int).eq((0..size).map(|_| Some(size))));
                }
                None => assert_eq!(read(&heap, value), "x".repeat(size as usize * 8)),
            }
        }
    }
    let blocks = heap.blocks.as_ref().expect("some").list.len();
    assert!(blocks < 12, "memory is used again: {blocks}");
    let holder = heap.list(&old.iter().map(|&(value, _)| value).collect::<Vec<_>>());
    heap.collect(|marker| marker.value(holder));
    let mut bytes = 0;
    for block in &heap.blocks.as_ref().expect("some").list {
        // SAFETY: alive.
        block.each_cell(|cell| bytes += usize::from(unsafe { cell.as_ref() }.units) * UNIT);
    }
    assert!(
        bytes > heap.allocated() / 2 && bytes <= heap.allocated(),
        "what is taken after a collection is what lives"
    );
    let frozen = FrozenHeap::new(heap);
    assert!(old.iter().all(|(value, _)| value.as_header().is_some_and(|cell| {
        // SAFETY: alive as long as the heap.
        unsafe { cell.as_ref() }.is_frozen()
    })));
    assert!(frozen.heap().allocated() > 0);
}

#[test]
fn heaps_without_much_in_them_have_no_blocks() {
    let mut heap = Heap::default();
    litter(&mut heap);
    assert!(heap.blocks.is_none() && heap.chunks.iter().map(|chunk| chunk.size).sum::<usize>() <= BLOCK);
    assert!(size_of::<Heap>() <= 264, "one of each parked task: {}", size_of::<Heap>());
}

#[test]
fn ints_become_their_digits() {
    let mut heap = Heap::default();
    let powers = (0..20).map(|n| 10_u64.pow(n));
    let samples =
        powers.flat_map(|power| [power - 1, power, power + 1]).chain((0..64).flat_map(|n| [(1 << n) - 1, 1 << n]));
    for sample in samples.filter_map(|sample| i64::try_from(sample).ok()).chain([i64::MAX, i64::MIN]) {
        for int in [sample, sample.wrapping_neg()] {
            let text = heap.decimal_str(int).as_gc::<Str>().expect("a string");
            assert_eq!(text.get(&heap).as_str(), int.to_string());
        }
    }
}
