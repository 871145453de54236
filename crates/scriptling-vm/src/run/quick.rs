//! The common cases that handlers do inline: cached attributes, int and float operators, stepping ranges and lists,
//! list subscripts. Each answers "not mine" for everything else; nothing here calls, raises or runs script code.
#![expect(unsafe_code, reason = "reads cells whose kind was just tested; contracts at each function")]

use super::cache::{Cache, CacheKind, host_subject, key, type_subject};
use crate::heap::instance::slot_at;
use crate::heap::list::{Items, List};
use crate::heap::{CellBox, Function, Gc, Heap, HostObject, Instance, Iter, Kind, ListIter, RangeIter, Tuple};
use crate::isolate::Isolate;
use crate::op::{BinaryOp, CompareOp};
use crate::value::{Tag, Value};

/// The result of [`quick_step`].
pub(super) enum QuickStep {
    /// The next value.
    Item(Value),
    /// Exhausted.
    End,
    /// A generator, to be entered.
    Generator,
    /// Another iterator, to be stepped in general.
    Other,
}

/// Steps the two iterators that most loops use.
///
/// # Safety
/// `iterator` must be alive.
#[inline(always)]
pub(super) unsafe fn quick_step(iterator: Value) -> QuickStep {
    match iterator.kind() {
        Some(Kind::RangeIter) => {
            let range = iterator.as_gc::<RangeIter>().expect("kind was tested").as_ptr();
            // SAFETY: alive, of that kind, and nothing else refers to it during this call.
            match unsafe { (*range).step() } {
                Some(value) => QuickStep::Item(Value::int(value)),
                None => QuickStep::End,
            }
        }
        Some(Kind::ListIter) => {
            // SAFETY: as above; the list it holds is traced through it.
            unsafe {
                let iter = iterator.as_gc::<ListIter>().expect("kind was tested").as_ptr();
                let Some(list) = (*iter).list else { return QuickStep::End };
                match (*list.as_ptr()).get((*iter).index) {
                    Some(value) => {
                        (*iter).index += 1;
                        QuickStep::Item(value)
                    }
                    None => {
                        (*iter).list = None;
                        QuickStep::End
                    }
                }
            }
        }
        Some(Kind::Generator) => QuickStep::Generator,
        _ => QuickStep::Other,
    }
}

/// The next element of the iterator of a list or tuple, and where it counts: one more, and the element is taken.
///
/// # Safety
/// `iterator` must be alive.
#[inline(always)]
unsafe fn upcoming(heap: &Heap, iterator: Value) -> Option<(Value, *mut usize)> {
    // SAFETY: alive, of that kind, and nothing else refers to it during this call.
    unsafe {
        if let Some(iter) = iterator.as_gc::<ListIter>() {
            let iter = iter.as_ptr();
            return Some(((*(*iter).list?.as_ptr()).get((*iter).index)?, &raw mut (*iter).index));
        }
        match &mut *iterator.as_gc::<Iter>()?.as_ptr() {
            Iter::Tuple { tuple, index } => Some((*tuple.items(heap).get(*index)?, index)),
            _ => None,
        }
    }
}

/// The elements of the pair that comes next from the iterators that most loops over pairs use: `zip` and `enumerate` of
/// lists and tuples, and lists and tuples of pairs.
///
/// # Safety
/// `iterator` must be alive.
#[inline(always)]
pub(super) unsafe fn quick_pair(heap: &Heap, iterator: Value) -> Option<(Value, Value)> {
    // SAFETY: as for `upcoming`; what an adapter holds is alive, and no reference to either is kept over the other's step.
    unsafe {
        if let Some(iter) = iterator.as_gc::<Iter>() {
            match &mut *iter.as_ptr() {
                // One iterator on both sides yields two elements in a row.
                Iter::Zip { inners, strict: false } if inners.len() == 2 && !inners[0].same(inners[1]) => {
                    let (first, second) = (upcoming(heap, inners[0])?, upcoming(heap, inners[1])?);
                    *first.1 += 1;
                    *second.1 += 1;
                    return Some((first.0, second.0));
                }
                Iter::Enumerate { inner, count } => {
                    let (number, next) = (*count, count.as_int()?.checked_add(1)?);
                    let (item, at) = upcoming(heap, *inner)?;
                    *at += 1;
                    *count = Value::int(next);
                    return Some((number, item));
                }
                _ => {}
            }
        }
        let (item, at) = upcoming(heap, iterator)?;
        let &[first, second] = item.as_gc::<Tuple>()?.items(heap) else { return None };
        *at += 1;
        Some((first, second))
    }
}

/// Steps over an ASCII character of a string; `None` for other characters, at the end, and for other iterators.
///
/// # Safety
/// `iterator` must be alive.
#[inline(always)]
pub(super) unsafe fn quick_char(iso: &Isolate, iterator: Value) -> Option<Value> {
    let iter = iterator.as_gc::<Iter>()?;
    // SAFETY: alive, of that kind, and nothing else refers to it during this call.
    let Iter::Str { text, offset } = (unsafe { &mut *iter.as_ptr() }) else { return None };
    let byte = *text.get(&iso.heap).as_str().as_bytes().get(*offset)?;
    let char = *iso.library.ascii.get(usize::from(byte))?;
    *offset += 1;
    Some(char)
}

/// The cell that a local slot holds (the compiler emits `MakeCell` before any use).
#[inline(always)]
pub(super) fn cell_in(value: Value) -> *mut CellBox {
    value.as_gc::<CellBox>().expect("MakeCell ran at function entry").as_ptr()
}

/// The site's own entry, if there are any.
///
/// # Safety
/// `function` must be alive, and `site` one of the function's sites.
#[inline(always)]
pub(super) unsafe fn cache_of(function: *mut Function, site: usize) -> Option<*mut Cache> {
    // SAFETY: by the contract; a non-null table has one entry per site.
    unsafe {
        let table = (*function).caches.get().0;
        if table.is_null() { None } else { Some(table.add(site)) }
    }
}

/// What a cache says about an attribute of a module or a class.
///
/// # Safety
/// `entry` must be a site's of a living table, and `object` alive.
#[inline(always)]
pub(super) unsafe fn cached_attr(entry: *mut Cache, object: Value) -> Option<Value> {
    let header = object.as_header()?;
    // SAFETY: by the contract.
    unsafe {
        let cache = Cache::find(entry, header.as_ptr().addr() as u64)?;
        match header.as_ref().kind() {
            Kind::Module if cache.is(CacheKind::ModuleSlot) => {
                let module = Gc::<crate::heap::Module>::from_header(header);
                let value = *(*module.as_ptr()).slots.as_ptr().add(cache.module_slot());
                if value.is_undefined() { None } else { Some(value) }
            }
            Kind::Class if cache.is(CacheKind::StaticValue) => Some(cache.value()),
            _ => None,
        }
    }
}

/// The object as an instance, with its shape.
///
/// # Safety
/// It must be alive.
#[inline(always)]
pub(super) unsafe fn instance_of(object: Value) -> Option<(Gc<Instance>, u64)> {
    let header = object.as_header()?;
    // SAFETY: by the contract.
    let header_ref = unsafe { header.as_ref() };
    (header_ref.kind() == Kind::Instance).then(|| (Gc::from_header(header), u64::from(header_ref.aux())))
}

/// Stores through a cache; false if it does not apply.
///
/// # Safety
/// As for [`cached_attr`].
#[inline(always)]
pub(super) unsafe fn cached_store(entry: *mut Cache, object: Value, value: Value) -> bool {
    // SAFETY: by the contract; the shape says that the slot exists in this cell.
    unsafe {
        let Some((instance, shape)) = instance_of(object) else { return false };
        let Some(cache) = Cache::find(entry, shape) else { return false };
        if cache.is(CacheKind::Transition) {
            instance.set_aux(cache.shape());
        } else if !cache.is(CacheKind::Slot) {
            return false;
        }
        slot_at(instance, cache.offset()).write(value);
        true
    }
}

/// The method that a cache found for an instance, to be called with `object` first.
///
/// # Safety
/// As for [`cached_attr`].
#[inline(always)]
pub(super) unsafe fn cached_method(entry: *mut Cache, object: Value) -> Option<Value> {
    // SAFETY: by the contract.
    unsafe {
        let (_, shape) = instance_of(object)?;
        let cache = Cache::find(entry, shape)?;
        cache.is(CacheKind::Method).then(|| cache.method())
    }
}

/// What `LoadMethod` leaves, of what is no instance, according to a cache: a method and the object, or undefined and what a
/// module or class has.
///
/// # Safety
/// As for [`cached_attr`].
#[inline(always)]
pub(super) unsafe fn cached_callee(entry: *mut Cache, object: Value) -> Option<(Value, Value)> {
    // SAFETY: by the contract.
    unsafe {
        let subject = match object.kind()? {
            Kind::Module | Kind::Class => return Some((Value::UNDEFINED, cached_attr(entry, object)?)),
            Kind::HostObject => host_subject((*object.as_gc::<HostObject>()?.as_ptr()).class),
            kind => type_subject(kind),
        };
        let cache = Cache::find(entry, subject)?;
        cache.is(CacheKind::TypeMethod).then(|| (cache.method(), object))
    }
}

/// The method that `super()` in methods of `class` finds for `receiver`, according to a cache.
///
/// # Safety
/// As for [`cached_attr`].
#[inline(always)]
pub(super) unsafe fn cached_super(entry: *mut Cache, class: Value, receiver: Value) -> Option<Value> {
    // SAFETY: by the contract.
    unsafe {
        let (_, shape) = instance_of(receiver)?;
        let hit =
            (*entry).matches(key(CacheKind::SuperMethod, class.payload())) && u64::from((*entry).shape()) == shape;
        hit.then(|| (*entry).method())
    }
}

/// `left / right` of ints that floats hold exactly, and of floats.
#[inline(always)]
pub(super) fn true_divide(left: Value, right: Value) -> Option<Value> {
    const EXACT: u64 = 1 << 53;
    let (left, right) = match (left.tag(), right.tag()) {
        (Tag::Float, Tag::Float) => (f64::from_bits(left.payload()), f64::from_bits(right.payload())),
        (Tag::Int, Tag::Int) => {
            let (left, right) = (left.payload() as i64, right.payload() as i64);
            // Both sides are exact as floats, so one division rounds correctly.
            if left.unsigned_abs() > EXACT || right.unsigned_abs() > EXACT {
                return None;
            }
            (left as f64, right as f64)
        }
        (Tag::Int, Tag::Float) => (left.payload() as i64 as f64, f64::from_bits(right.payload())),
        (Tag::Float, Tag::Int) => (f64::from_bits(left.payload()), right.payload() as i64 as f64),
        _ => return None,
    };
    if right == 0.0 { None } else { Some(Value::float(left / right)) }
}

/// Quotient and remainder, rounded towards negative infinity, of what a machine division can do.
#[inline(always)]
fn divide_ints(left: Value, right: Value) -> Option<(i64, i64)> {
    let (Some(left), Some(right)) = (left.as_int(), right.as_int()) else { return None };
    // Narrow divisions take a fraction of the time of wide ones on many processors.
    if let (Ok(left), Ok(right)) = (u32::try_from(left), u32::try_from(right))
        && right != 0
    {
        return Some((i64::from(left / right), i64::from(left % right)));
    }
    if right > 0 { Some((left.div_euclid(right), left.rem_euclid(right))) } else { None }
}

/// `left // right` of ints.
#[inline(always)]
pub(super) fn floor_divide(left: Value, right: Value) -> Option<Value> {
    divide_ints(left, right).map(|(quotient, _)| Value::int(quotient))
}

/// `left % right` of ints.
#[inline(always)]
pub(super) fn modulo(left: Value, right: Value) -> Option<Value> {
    divide_ints(left, right).map(|(_, remainder)| Value::int(remainder))
}

/// int cases of the operators on bits.
#[inline(always)]
pub(super) fn quick_binary(op: BinaryOp, left: Value, right: Value) -> Option<Value> {
    if let (Some(left), Some(right)) = (left.as_int(), right.as_int()) {
        return Some(Value::int(match op {
            BinaryOp::BitAnd => left & right,
            BinaryOp::BitOr => left | right,
            BinaryOp::BitXor => left ^ right,
            BinaryOp::RShift if (0..64).contains(&right) => left >> right,
            BinaryOp::LShift if (0..63).contains(&right) && (left << right) >> right == left => left << right,
            _ => return None,
        }));
    }
    None
}

/// int and float cases of comparisons.
#[inline(always)]
pub(super) fn quick_compare(op: CompareOp, left: Value, right: Value) -> Option<bool> {
    fn test<T: PartialOrd>(op: CompareOp, left: T, right: T) -> bool {
        match op {
            CompareOp::Lt => left < right,
            CompareOp::Le => left <= right,
            CompareOp::Gt => left > right,
            CompareOp::Ge => left >= right,
            CompareOp::Eq => left == right,
            CompareOp::Ne => left != right,
        }
    }
    match (left.tag(), right.tag()) {
        (Tag::Int, Tag::Int) => Some(test(op, left.payload() as i64, right.payload() as i64)),
        (Tag::Float, Tag::Float) => Some(test(op, f64::from_bits(left.payload()), f64::from_bits(right.payload()))),
        _ => None,
    }
}

/// Appends to a list that has room, and elements of the same tag or of several; false for any other.
///
/// # Safety
/// `list` must be alive.
#[inline(always)]
pub(super) unsafe fn quick_push(list: Gc<List>, value: Value) -> bool {
    // SAFETY: alive, never frozen, and nothing else refers to it during this call; one more element fits.
    unsafe {
        match &mut (*list.as_ptr()).items {
            Items::Uniform(tag, words) if *tag == value.tag() && words.len() < words.capacity() => {
                words.as_mut_ptr().add(words.len()).write(value.payload());
                words.set_len(words.len() + 1);
                true
            }
            Items::Mixed(values) if values.len() < values.capacity() => {
                values.as_mut_ptr().add(values.len()).write(value);
                values.set_len(values.len() + 1);
                true
            }
            _ => false,
        }
    }
}

impl Isolate {
    /// `list[int]` within bounds, and `dict[str]`.
    #[inline(always)]
    pub(super) fn quick_subscript(&self, container: Value, key: Value) -> Option<Value> {
        let list = container.as_gc::<List>()?.get(&self.heap);
        let index = key.as_int()?;
        let index = if index < 0 { index + list.len() as i64 } else { index };
        list.get(usize::try_from(index).ok()?)
    }

    /// `list[int] = value` within bounds.
    #[inline(always)]
    pub(super) fn quick_store_subscript(&mut self, container: Value, key: Value, value: Value) -> bool {
        let (Some(list), Some(index)) = (container.as_gc::<List>(), key.as_int()) else { return false };
        let list = list.get_mut(&mut self.heap);
        let index = if index < 0 { index + list.len() as i64 } else { index };
        match &mut list.items {
            Items::Uniform(tag, words) if *tag == value.tag() => match words.get_mut(index as usize) {
                Some(word) if index >= 0 => *word = value.payload(),
                _ => return false,
            },
            Items::Mixed(values) => match values.get_mut(index as usize) {
                Some(slot) if index >= 0 => *slot = value,
                _ => return false,
            },
            Items::Uniform(..) => return false,
        }
        true
    }

    /// Appends to a list, counting its growth.
    #[inline(always)]
    pub(crate) fn list_push(&mut self, list: Gc<List>, value: Value) {
        // SAFETY: the caller has the list, so it is alive.
        if !unsafe { quick_push(list, value) } {
            self.heap.list_push(list, value);
        }
    }
}
