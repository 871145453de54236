//! Stepping native iterators: for the `for` ops, and for natives that consume an iterable (`operate::iterate::step`).
//!
//! One step is a handful of loads and a store, so the state is read and written in place. Nothing here runs script code.
//! Adapters (`enumerate`, `zip`) recurse into the iterators they hold, whose nesting a script can make deep: hence `depth`.
#![expect(unsafe_code, reason = "reads and writes iterators in place; argued at each block")]

use super::quick::{QuickStep, quick_char, quick_step};
use crate::error::Raise;
use crate::heap::dict::ViewKind;
use crate::heap::list::List;
use crate::heap::{Dict, Gc, Heap, Iter, Kind, Tuple};
use crate::isolate::Isolate;
use crate::limits;
use crate::native::Cx;
use crate::operate::iterate::Step;
use crate::value::Value;

/// What [`Isolate::step_pair`] did.
pub(super) enum PairStep {
    /// Wrote both elements.
    Pair,
    /// The next value, which is no pair, or none that can be taken apart at once.
    Item(Value),
    /// Exhausted.
    End,
    /// Not a native iterator.
    Script,
}

/// A zip of up to this many iterables collects its items without allocating.
const FEW: usize = 8;

impl Isolate {
    /// The next element of an iterator of a range, a list, a tuple or ASCII text, which are most of those that adapters hold.
    ///
    /// # Safety
    /// As for [`quick_step`].
    #[inline(always)]
    unsafe fn step_sequence(&self, iterator: Value) -> QuickStep {
        // SAFETY: by the contract; nothing else refers to the iterator during this call.
        unsafe {
            match quick_step(iterator) {
                QuickStep::Other => {}
                known => return known,
            }
            if let Some(char) = quick_char(self, iterator) {
                return QuickStep::Item(char);
            }
            let Some(iter) = iterator.as_gc::<Iter>() else { return QuickStep::Other };
            let Iter::Tuple { tuple, index } = &mut *iter.as_ptr() else { return QuickStep::Other };
            let item = tuple.items(&self.heap).get(*index).copied();
            *index += 1;
            match item {
                Some(item) => QuickStep::Item(item),
                None => {
                    *iter.as_ptr() = Iter::Done;
                    QuickStep::End
                }
            }
        }
    }

    /// The next element of a native iterator.
    #[inline]
    pub(crate) fn step_native(&mut self, iterator: Value, depth: usize) -> Result<Step, Raise> {
        // SAFETY: what callers hold is alive.
        match unsafe { quick_step(iterator) } {
            QuickStep::Item(item) => Ok(Step::Item(item)),
            QuickStep::End => Ok(Step::End),
            QuickStep::Generator => Ok(Step::Script),
            QuickStep::Other => self.step_iter(iterator, depth),
        }
    }

    /// The same for kinds of iterators other than those of ranges and lists.
    #[inline(never)]
    pub(super) fn step_iter(&mut self, iterator: Value, depth: usize) -> Result<Step, Raise> {
        let Some(iter) = iterator.as_gc::<Iter>() else { return Ok(Step::Script) };
        // SAFETY: alive and never frozen; no other reference into the cell exists while this one is used: the arms that
        // step other iterators do not use it again.
        let state = unsafe { &mut *iter.as_ptr() };
        let item = match state {
            Iter::Done => return Ok(Step::End),
            Iter::Tuple { tuple, index } => next_at(index, |at| tuple.items(&self.heap).get(at).copied()),
            Iter::Values { values, index } => next_at(index, |at| values.get(at).copied()),
            Iter::Bytes { bytes, index } => {
                let bytes = &bytes.get(&self.heap).0;
                next_at(index, |at| bytes.get(at).map(|&byte| Value::int(i64::from(byte))))
            }
            Iter::Str { text, offset } => {
                let text = text.get(&self.heap).as_str();
                let ascii = text.as_bytes().get(*offset).and_then(|&byte| self.library.ascii.get(usize::from(byte)));
                if let Some(&char) = ascii {
                    *offset += 1;
                    return Ok(Step::Item(char));
                }
                let next = text[*offset..].chars().next();
                next.map(|c| {
                    *offset += c.len_utf8();
                    self.heap.char_str(c)
                })
            }
            Iter::ListReversed { list, index } => {
                let item = index.checked_sub(1).and_then(|at| list.get(&self.heap).get(at));
                *index = index.wrapping_sub(1);
                item
            }
            Iter::Set { set, position, len } => {
                let table = &set.get(&self.heap).table;
                if table.len() != *len {
                    return Err(Raise::runtime_error("Set changed size during iteration"));
                }
                table.next_entry(*position).map(|(at, entry)| {
                    *position = at + 1;
                    entry.key
                })
            }
            Iter::FrozenSet { set, position } => {
                let next = set.get(&self.heap).table.next_entry(*position);
                next.map(|(at, entry)| {
                    *position = at + 1;
                    entry.key
                })
            }
            Iter::Dict { dict, show, position, len } => {
                let show = *show;
                self.next_entry(*dict, position, *len)?.map(|(key, value)| self.shown(show, key, value))
            }
            Iter::DictReversed { dict, show, position, len } => {
                let table = &dict.get(&self.heap).table;
                check_size(table.len(), *len)?;
                let found = table.previous_entry(*position).map(|(at, entry)| (at, entry.key, entry.value));
                let show = *show;
                found.map(|(at, key, value)| {
                    *position = at;
                    self.shown(show, key, value)
                })
            }
            Iter::BigRange(range) => range.next().map(|number| Cx { isolate: self }.int(number)),
            Iter::Enumerate { .. } => {
                let pair = self.step_enumerate(iter, depth)?;
                return Ok(pair.map_or(Step::End, |(number, item)| Step::Item(self.heap.tuple(&[number, item]))));
            }
            Iter::Zip { inners, strict } => {
                if let (&[left, right], false) = (inners.as_slice(), *strict) {
                    let pair = self.step_both(left, right, depth)?;
                    return Ok(pair.map_or(Step::End, |(first, second)| Step::Item(self.heap.tuple(&[first, second]))));
                }
                return self.step_zip(iter, depth);
            }
        };
        Ok(match item {
            Some(item) => Step::Item(item),
            None => {
                *state = Iter::Done;
                Step::End
            }
        })
    }

    /// The next entry of a dict that still has `len` entries.
    fn next_entry(&self, dict: Gc<Dict>, position: &mut usize, len: usize) -> Result<Option<(Value, Value)>, Raise> {
        let table = &dict.get(&self.heap).table;
        check_size(table.len(), len)?;
        Ok(table.next_entry(*position).map(|(at, entry)| {
            *position = at + 1;
            (entry.key, entry.value)
        }))
    }

    /// What a view shows of an entry.
    pub(crate) fn shown(&mut self, show: ViewKind, key: Value, value: Value) -> Value {
        match show {
            ViewKind::Keys => key,
            ViewKind::Values => value,
            ViewKind::Items => self.heap.tuple(&[key, value]),
        }
    }

    /// Steps an iterator that an adapter holds.
    #[inline(always)]
    fn step_inner(&mut self, inner: Value, depth: usize) -> Result<Option<Value>, Raise> {
        // SAFETY: what an adapter holds is alive.
        match unsafe { self.step_sequence(inner) } {
            QuickStep::Item(item) => Ok(Some(item)),
            QuickStep::End => Ok(None),
            QuickStep::Generator | QuickStep::Other => self.step_nested(inner, depth),
        }
    }

    #[inline(never)]
    fn step_nested(&mut self, inner: Value, depth: usize) -> Result<Option<Value>, Raise> {
        if depth >= limits::MAX_NESTING {
            return Err(Raise::too_deep("while iterating"));
        }
        match self.step_iter(inner, depth + 1)? {
            Step::Item(item) => Ok(Some(item)),
            // Adapters are made over native iterators only (`builtins::iterators`), so `Script` does not happen.
            Step::End | Step::Script => Ok(None),
        }
    }

    fn step_both(&mut self, left: Value, right: Value, depth: usize) -> Result<Option<(Value, Value)>, Raise> {
        let Some(first) = self.step_inner(left, depth)? else { return Ok(None) };
        Ok(self.step_inner(right, depth)?.map(|second| (first, second)))
    }

    fn step_enumerate(&mut self, iter: Gc<Iter>, depth: usize) -> Result<Option<(Value, Value)>, Raise> {
        let Iter::Enumerate { inner, count } = *iter.get(&self.heap) else { return Ok(None) };
        let Some(item) = self.step_inner(inner, depth)? else { return Ok(None) };
        let next = match count.as_int().and_then(|small| small.checked_add(1)) {
            Some(small) => Value::int(small),
            None => {
                let mut cx = Cx { isolate: self };
                let big = cx.to_big(count).unwrap_or_default() + 1;
                cx.int(big)
            }
        };
        if let Iter::Enumerate { count, .. } = iter.get_mut(&mut self.heap) {
            *count = next;
        }
        Ok(Some((count, item)))
    }

    fn step_zip(&mut self, iter: Gc<Iter>, depth: usize) -> Result<Step, Raise> {
        let Iter::Zip { inners, strict } = iter.get(&self.heap) else { return Ok(Step::End) };
        let (count, strict) = (inners.len(), *strict);
        let inner_at = |isolate: &Isolate, at: usize| match iter.get(&isolate.heap) {
            Iter::Zip { inners, .. } => inners[at],
            _ => Value::NONE,
        };
        let (mut few, mut many) = ([Value::UNDEFINED; FEW], Vec::new());
        let items: &mut [Value] = if count <= FEW {
            &mut few[..count]
        } else {
            many.resize(count, Value::UNDEFINED);
            &mut many
        };
        for (at, place) in items.iter_mut().enumerate() {
            let inner = inner_at(self, at);
            match self.step_inner(inner, depth)? {
                Some(item) => *place = item,
                None if !strict => return Ok(Step::End),
                None if at > 0 => return Err(zip_length(at, "shorter")),
                None => {
                    for other in 1..count {
                        let inner = inner_at(self, other);
                        if self.step_inner(inner, depth)?.is_some() {
                            return Err(zip_length(other, "longer"));
                        }
                    }
                    return Ok(Step::End);
                }
            }
        }
        Ok(if count == 0 { Step::End } else { Step::Item(self.heap.tuple(items)) })
    }

    /// Steps the iterator of `for a, b in ...` and writes the second, then the first element of a pair to `out`. Adapters
    /// and dict items do not make the tuple first.
    ///
    /// # Safety
    /// `out` must be two slots of the fiber's stack.
    #[inline(never)]
    pub(super) unsafe fn step_pair(&mut self, iterator: Value, out: *mut Value) -> Result<PairStep, Raise> {
        if let Some(iter) = iterator.as_gc::<Iter>() {
            // SAFETY: alive, never frozen; not used again behind a step of another iterator.
            match unsafe { &mut *iter.as_ptr() } {
                // Pairs in a tuple or a set are taken apart where they are.
                Iter::Tuple { tuple, index } => {
                    if let Some(&item) = tuple.items(&self.heap).get(*index) {
                        *index += 1;
                        return Ok(Step::Item(item).into_pair(&self.heap, out));
                    }
                }
                Iter::Set { set, position, len } => {
                    let table = &set.get(&self.heap).table;
                    if let Some((at, entry)) = table.next_entry(*position)
                        && table.len() == *len
                    {
                        *position = at + 1;
                        return Ok(Step::Item(entry.key).into_pair(&self.heap, out));
                    }
                }
                _ => {}
            }
            // SAFETY: as above.
            let pair = match unsafe { &mut *iter.as_ptr() } {
                Iter::Enumerate { .. } => self.step_enumerate(iter, 0)?,
                Iter::Zip { inners, strict: false } if inners.len() == 2 => {
                    let (left, right) = (inners[0], inners[1]);
                    self.step_both(left, right, 0)?
                }
                state @ Iter::Dict { show: ViewKind::Items, .. } => {
                    let Iter::Dict { dict, position, len, .. } = state else { return Ok(PairStep::Script) };
                    let next = self.next_entry(*dict, position, *len)?;
                    if next.is_none() {
                        *state = Iter::Done;
                    }
                    next
                }
                _ => return Ok(self.step_iter(iterator, 0)?.into_pair(&self.heap, out)),
            };
            let Some((first, second)) = pair else { return Ok(PairStep::End) };
            // SAFETY: by the contract.
            unsafe {
                out.write(second);
                out.add(1).write(first);
            }
            return Ok(PairStep::Pair);
        }
        Ok(self.step_native(iterator, 0)?.into_pair(&self.heap, out))
    }
}

impl Step {
    #[inline(always)]
    fn into_pair(self, heap: &Heap, out: *mut Value) -> PairStep {
        match self {
            // SAFETY: `step_pair` passes its own `out`.
            Step::Item(item) if unsafe { quick_unpack(heap, item, 2, out) } => PairStep::Pair,
            Step::Item(item) => PairStep::Item(item),
            Step::End => PairStep::End,
            Step::Script => PairStep::Script,
        }
    }
}

/// Writes the elements of a list or tuple of `count` elements to `out`, the last one first; false for anything else.
///
/// # Safety
/// `value` must be alive, `out` must be `count` slots of the fiber's stack.
#[inline(always)]
pub(super) unsafe fn quick_unpack(heap: &Heap, value: Value, count: usize, out: *mut Value) -> bool {
    match value.kind() {
        Some(Kind::Tuple) => {
            let tuple = value.as_gc::<Tuple>().expect("kind was tested");
            if tuple.count() != count {
                return false;
            }
            for (at, &item) in tuple.items(heap).iter().enumerate() {
                // SAFETY: by the contract.
                unsafe { out.add(count - 1 - at).write(item) };
            }
            true
        }
        Some(Kind::List) => {
            let list = value.as_gc::<List>().expect("kind was tested").get(heap);
            if list.len() != count {
                return false;
            }
            for (at, item) in list.iter().enumerate() {
                // SAFETY: by the contract.
                unsafe { out.add(count - 1 - at).write(item) };
            }
            true
        }
        _ => false,
    }
}

/// The element at `index`, which moves on.
#[inline(always)]
fn next_at(index: &mut usize, get: impl FnOnce(usize) -> Option<Value>) -> Option<Value> {
    let item = get(*index);
    *index += 1;
    item
}

#[inline]
fn check_size(size: usize, expected: usize) -> Result<(), Raise> {
    if size == expected { Ok(()) } else { Err(Raise::runtime_error("dictionary changed size during iteration")) }
}

#[cold]
fn zip_length(at: usize, how: &str) -> Raise {
    let others = if at == 1 { "argument 1".into() } else { format!("arguments 1-{at}") };
    Raise::value_error(format!("zip() argument {} is {how} than {others}", at + 1))
}
