//! `container[key]`, `container[key] = value`, `del container[key]`: indexing, slicing, and their special methods.
//!
//! Slice bounds and indices that are instances with `__index__` are turned into ints in the prelude, which then does the
//! same operation again; everything else about builtin containers happens here without script code.

use crate::builtins::receiver::{base_value, mutate};
use crate::builtins::types::BuiltinType;
use crate::error::Raise;
use crate::heap::class::Layout;
use crate::heap::{BigInteger, Bytes, Class, Dict, Gc, Heap, Instance, Kind, List, Range, Slice, Str, Tuple};
use crate::native::{Cx, NativeResult, Outcome};
use crate::operate::attr::special;
use crate::operate::big_range;
use crate::operate::iterate::{new_tuple, with_items};
use crate::operate::lookup;
use crate::value::Value;
use num_traits::Signed;

/// An index or slice bound.
pub(crate) enum Index {
    /// It fits 64 bits.
    Int(i64),
    /// An int that does not; whether it is negative.
    Huge(bool),
    /// An instance with `__index__`.
    Script,
    /// Something else.
    Other,
}

/// Looks at an index.
#[inline]
pub(crate) fn index_of(cx: &Cx<'_>, key: Value) -> Index {
    if let Some(index) = key.as_int().or(key.as_bool().map(i64::from)) {
        return Index::Int(index);
    }
    if let Some(big) = key.as_gc::<BigInteger>() {
        return Index::Huge(big.get(cx.heap()).0.sign() == num_bigint::Sign::Minus);
    }
    if !matches!(key.kind(), Some(Kind::Instance | Kind::HostObject | Kind::Exception | Kind::Class)) {
        return Index::Other;
    }
    let base = base_value(cx, key);
    if !base.same(key) && !matches!(index_of(cx, base), Index::Other) {
        return index_of(cx, base);
    }
    if special(cx, key, "__index__").is_some() { Index::Script } else { Index::Other }
}

/// The positions that a slice selects.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Selection {
    /// The first position.
    pub(crate) start: i64,
    /// The end as resolved, for `slice.indices`.
    pub(crate) stop: i64,
    /// The distance; never zero.
    pub(crate) step: i64,
    /// How many positions.
    pub(crate) count: usize,
}

impl Selection {
    /// The positions, in order. All are below the length that the slice was resolved against.
    pub(crate) fn positions(self) -> impl Iterator<Item = usize> {
        // The last position plus one step may leave i64, but it is never used.
        (0..self.count as i64).map(move |n| self.start.wrapping_add(n.wrapping_mul(self.step)) as usize)
    }

    /// Whether the positions are a range without gaps, in order.
    pub(crate) fn is_range(self) -> bool {
        self.step == 1
    }

    /// The range of positions, for step 1.
    pub(crate) fn range(self) -> std::ops::Range<usize> {
        self.start as usize..self.start as usize + self.count
    }
}

/// Resolves a slice against a length if its bounds are ints or left out, as they nearly always are. Inlined because the
/// selection would be returned through memory, in parts of other sizes than those it is read in.
#[inline(always)]
pub(crate) fn resolve_plain(slice: Slice, len: usize) -> Option<Selection> {
    let bound = |value: Value| match value.as_int() {
        Some(int) => Some(Some(int)),
        None => value.is_none().then_some(None),
    };
    let step = bound(slice.step)?.unwrap_or(1);
    if step == 0 || step == i64::MIN {
        return None;
    }
    Some(select(bound(slice.start)?, bound(slice.stop)?, step, len as i64))
}

/// Resolves a slice against a length; `None` if a bound takes script code.
pub(crate) fn resolve(cx: &Cx<'_>, slice: Slice, len: usize) -> Result<Option<Selection>, Raise> {
    if let Some(selection) = resolve_plain(slice, len) {
        return Ok(Some(selection));
    }
    let bound = |value: Value| -> Result<Option<Option<i64>>, Raise> {
        if value.is_none() {
            return Ok(Some(None));
        }
        match index_of(cx, value) {
            Index::Int(index) => Ok(Some(Some(index))),
            Index::Huge(negative) => Ok(Some(Some(if negative { i64::MIN } else { i64::MAX }))),
            Index::Script => Ok(None),
            Index::Other => {
                Err(Raise::type_error("slice indices must be integers or None or have an __index__ method"))
            }
        }
    };
    let (Some(step), Some(start), Some(stop)) = (bound(slice.step)?, bound(slice.start)?, bound(slice.stop)?) else {
        return Ok(None);
    };
    let step = step.unwrap_or(1).max(-i64::MAX);
    if step == 0 {
        return Err(Raise::value_error("slice step cannot be zero"));
    }
    Ok(Some(select(start, stop, step, len as i64)))
}

/// What `start:stop:step` selects of `len` elements.
#[inline(always)]
fn select(start: Option<i64>, stop: Option<i64>, step: i64, len: i64) -> Selection {
    let (lowest, highest) = if step > 0 { (0, len) } else { (-1, len - 1) };
    let clamp = |bound: i64| {
        let bound = if bound < 0 { bound.saturating_add(len) } else { bound };
        bound.clamp(lowest, highest)
    };
    let start = start.map_or(if step > 0 { lowest } else { highest }, clamp);
    let stop = stop.map_or(if step > 0 { highest } else { lowest }, clamp);
    let distance = if step > 0 { stop - start } else { start - stop };
    let count = match step {
        _ if distance <= 0 => 0,
        1 | -1 => distance as u64,
        // A division is worth avoiding where slices are short.
        _ => (distance as u64 - 1) / step.unsigned_abs() + 1,
    };
    Selection { start, stop, step, count: count as usize }
}

/// The position of an index, which may count from the end.
#[inline]
fn position(index: i64, len: usize) -> Option<usize> {
    let at = if index < 0 { index.checked_add(len as i64)? } else { index };
    usize::try_from(at).ok().filter(|&at| at < len)
}

/// What a key means for a sequence of `len` elements.
enum Place {
    At(usize),
    Slice(Selection),
    /// Only the prelude can tell.
    Script,
}

/// Finds the place of a key; `what` names the type in messages.
fn place(cx: &Cx<'_>, key: Value, len: usize, what: &str, out_of_range: &str) -> Result<Place, Raise> {
    if let Some(slice) = key.as_gc::<Slice>() {
        let slice = *slice.get(cx.heap());
        return Ok(resolve(cx, slice, len)?.map_or(Place::Script, Place::Slice));
    }
    match index_of(cx, key) {
        Index::Int(index) => position(index, len).map(Place::At).ok_or_else(|| Raise::index_error(out_of_range)),
        Index::Huge(_) => Err(Raise::index_error("cannot fit 'int' into an index-sized integer")),
        Index::Script => Ok(Place::Script),
        Index::Other => {
            let found = cx.type_name(key);
            Err(Raise::type_error(if what == "string" {
                format!("string indices must be integers, not '{found}'")
            } else {
                format!("{what} indices must be integers or slices, not {found}")
            }))
        }
    }
}

fn get_by_script(cx: &mut Cx<'_>, container: Value, key: Value) -> Outcome {
    Outcome::tail_call(cx.prelude("_get_plain"), &[container, key])
}

/// `container[key]`.
pub fn get_item(cx: &mut Cx<'_>, container: Value, key: Value) -> NativeResult {
    match container.kind() {
        Some(Kind::List) => {
            let Some(list) = container.as_gc::<List>() else { return unsubscriptable(cx, container) };
            if let Some(item) = key.as_int().and_then(|index| {
                let list = list.get(cx.heap());
                position(index, list.len()).and_then(|at| list.get(at))
            }) {
                return Ok(Outcome::Return(item));
            }
            get_of_list(cx, list, key)
        }
        Some(Kind::Dict) => match container.as_gc::<Dict>() {
            Some(dict) => lookup::dict_get(cx, dict, key),
            None => unsubscriptable(cx, container),
        },
        Some(Kind::Tuple) => get_of_tuple(cx, container, key),
        Some(Kind::Str) => get_of_str(cx, container, key),
        Some(Kind::Bytes) => get_of_bytes(cx, container, key),
        Some(Kind::Range) => get_of_range(cx, container, key),
        Some(Kind::BigRange) => get_of_big_range(cx, container, key),
        _ => get_of_other(cx, container, key),
    }
}

fn get_of_list(cx: &mut Cx<'_>, list: Gc<List>, key: Value) -> NativeResult {
    let len = list.get(cx.heap()).len();
    match place(cx, key, len, "list", "list index out of range")? {
        Place::At(at) => Ok(Outcome::Return(list.get(cx.heap()).get(at).unwrap_or(Value::NONE))),
        Place::Script => Ok(get_by_script(cx, Value::obj(list), key)),
        Place::Slice(selection) => {
            cx.reserve(selection.count * size_of::<Value>())?;
            cx.charge_work(selection.count);
            let source = list.get(cx.heap());
            let part = source.select(selection);
            Ok(Outcome::Return(cx.heap_mut().value(part)))
        }
    }
}

fn get_of_tuple(cx: &mut Cx<'_>, container: Value, key: Value) -> NativeResult {
    let Some(tuple) = container.as_gc::<Tuple>() else { return unsubscriptable(cx, container) };
    match place(cx, key, tuple.count(), "tuple", "tuple index out of range")? {
        Place::At(at) => Ok(Outcome::Return(tuple.items(cx.heap())[at])),
        Place::Script => Ok(get_by_script(cx, container, key)),
        Place::Slice(selection) if selection.is_range() && selection.count == tuple.count() => {
            Ok(Outcome::Return(container))
        }
        Place::Slice(selection) => {
            cx.charge_work(selection.count);
            let source = tuple.items(cx.heap());
            let items: Vec<Value> = selection.positions().map(|at| source[at]).collect();
            new_tuple(cx, &items).map(Outcome::Return)
        }
    }
}

fn get_of_str(cx: &mut Cx<'_>, container: Value, key: Value) -> NativeResult {
    let Some(text) = container.as_gc::<Str>() else { return unsubscriptable(cx, container) };
    let len = text.get(cx.heap()).char_len();
    match place(cx, key, len, "string", "string index out of range")? {
        Place::At(at) => {
            let c = text.get(cx.heap()).char_at(at).unwrap_or('\0');
            Ok(Outcome::Return(cx.char(c)))
        }
        Place::Script => Ok(get_by_script(cx, container, key)),
        Place::Slice(selection) if selection.is_range() && selection.count == len => Ok(Outcome::Return(container)),
        Place::Slice(selection) => {
            cx.reserve(selection.count)?;
            cx.charge_work(selection.count / 8);
            Ok(Outcome::Return(select_text(cx.heap_mut(), text, selection)))
        }
    }
}

/// The selected code points of a string.
pub(crate) fn select_text(heap: &mut Heap, source: Gc<Str>, selection: Selection) -> Value {
    if selection.step == -1
        && let Some(part) = heap.reversed_ascii_str(source, (selection.start + 1) as usize, selection.count)
    {
        return part;
    }
    let text = source.view();
    let str = source.get(heap);
    match (str.is_ascii(), selection.is_range()) {
        (true, true) => heap.ascii_str(&text[selection.range()]),
        (false, true) => {
            let (start, stop) = (str.byte_offset(selection.range().start), str.byte_offset(selection.range().end));
            heap.str(&text[start..stop])
        }
        (true, false) => heap.ascii_str_with(selection.count, |part| {
            let bytes = text.as_bytes();
            part.iter_mut().zip(selection.positions()).for_each(|(byte, at)| *byte = bytes[at]);
        }),
        (false, false) => {
            let chars: Vec<char> = text.chars().collect();
            heap.str(selection.positions().map(|at| chars[at]).collect::<String>())
        }
    }
}

fn get_of_bytes(cx: &mut Cx<'_>, container: Value, key: Value) -> NativeResult {
    let Some(bytes) = container.as_gc::<Bytes>() else { return unsubscriptable(cx, container) };
    let source = bytes.get(cx.heap()).0.clone();
    match place(cx, key, source.len(), "byte", "index out of range")? {
        Place::At(at) => Ok(Outcome::Return(Value::int(i64::from(source[at])))),
        Place::Script => Ok(get_by_script(cx, container, key)),
        Place::Slice(selection) => {
            cx.reserve(selection.count)?;
            let part: Vec<u8> = selection.positions().map(|at| source[at]).collect();
            Ok(Outcome::Return(cx.bytes(&part)))
        }
    }
}

fn get_of_range(cx: &mut Cx<'_>, container: Value, key: Value) -> NativeResult {
    let Some(range) = container.as_gc::<Range>() else { return unsubscriptable(cx, container) };
    let range = *range.get(cx.heap());
    let Ok(len) = i64::try_from(range.len()).map(|len| len as usize) else {
        return get_of_big_range(cx, container, key);
    };
    match place(cx, key, len, "range", "range object index out of range")? {
        Place::At(at) => Ok(Outcome::Return(Value::int(range.at(at as u64)))),
        Place::Script => Ok(get_by_script(cx, container, key)),
        Place::Slice(selection) => {
            let at = |index: i64| i64::try_from(i128::from(range.start) + i128::from(index) * i128::from(range.step));
            match (at(selection.start), at(selection.stop), range.step.checked_mul(selection.step)) {
                (Ok(start), Ok(stop), Some(step)) => {
                    Ok(Outcome::Return(cx.heap_mut().value(Range { start, stop, step })))
                }
                _ => get_of_big_range(cx, container, key),
            }
        }
    }
}

/// Indexing a range where 64 bits may not be enough.
#[cold]
fn get_of_big_range(cx: &mut Cx<'_>, container: Value, key: Value) -> NativeResult {
    let Some(range) = big_range::of(cx.heap(), container) else { return unsubscriptable(cx, container) };
    if let Some(slice) = key.as_gc::<Slice>() {
        let slice = *slice.get(cx.heap());
        return Ok(match big_range::select(cx, &range, slice)? {
            Some(selected) => Outcome::Return(selected),
            None => get_by_script(cx, container, key),
        });
    }
    let base = base_value(cx, key);
    match (cx.to_big(base), index_of(cx, key)) {
        (Some(index), _) => {
            let len = range.len();
            let index = if index.is_negative() { index + &len } else { index };
            if index.is_negative() || index >= len {
                return Err(Raise::index_error("range object index out of range"));
            }
            Ok(Outcome::Return(cx.int(range.at(&index))))
        }
        (None, Index::Script) => Ok(get_by_script(cx, container, key)),
        _ => {
            let found = cx.type_name(key);
            Err(Raise::type_error(format!("range indices must be integers or slices, not {found}")))
        }
    }
}

fn get_of_other(cx: &mut Cx<'_>, container: Value, key: Value) -> NativeResult {
    if let Some(method) = special(cx, container, "__getitem__") {
        return Ok(Outcome::tail_call(method, &[container, key]));
    }
    let Some(class) = container.as_gc::<Class>() else { return unsubscriptable(cx, container) };
    // `list[int]` and `Box[int]` are the class itself: annotations are not enforced, so nothing needs to be remembered.
    if let Layout::Builtin(
        BuiltinType::List
        | BuiltinType::Dict
        | BuiltinType::Tuple
        | BuiltinType::Set
        | BuiltinType::FrozenSet
        | BuiltinType::Type,
    )
    | Layout::Class = class.get(cx.heap()).layout
    {
        return Ok(Outcome::Return(container));
    }
    match crate::operate::attr::lookup(cx.heap(), class, "__class_getitem__") {
        // It is a class method whether it is marked as one or not.
        Some(method) => {
            let method = method.as_gc::<crate::heap::ClassMethod>().map_or(method, |m| m.get(cx.heap()).function);
            Ok(Outcome::tail_call(method, &[container, key]))
        }
        None => {
            let name = class.get(cx.heap()).name.clone();
            Err(Raise::type_error(format!("type '{name}' is not subscriptable")))
        }
    }
}

#[cold]
fn unsubscriptable(cx: &mut Cx<'_>, container: Value) -> NativeResult {
    Err(Raise::type_error(format!("'{}' object is not subscriptable", cx.type_name(container))))
}

/// The value of a key of a dict or of an instance of a dict subclass, with `__missing__` honoured: `dict.__getitem__`.
pub(crate) fn get_of_dict(cx: &mut Cx<'_>, receiver: Value, dict: Gc<Dict>, key: Value) -> NativeResult {
    if receiver.is::<Instance>()
        && let Some(missing) = special(cx, receiver, "__missing__")
    {
        return match lookup::find(cx, dict, key)? {
            lookup::Lookup::Found(at) => Ok(Outcome::Return(dict.get(cx.heap()).table.entry(at).value)),
            lookup::Lookup::Missing(_) => Ok(Outcome::tail_call(missing, &[receiver, key])),
            lookup::Lookup::Script => {
                let args = [Value::obj(dict), key, receiver, missing];
                Ok(Outcome::tail_call(cx.prelude("_dict_getitem_or_missing"), &args))
            }
        };
    }
    lookup::dict_get(cx, dict, key)
}

/// `container[key] = value`; the result is to be dropped.
pub fn set_item(cx: &mut Cx<'_>, container: Value, key: Value, value: Value) -> NativeResult {
    if let Some(list) = container.as_gc::<List>() {
        return set_of_list(cx, list, key, value);
    }
    if let Some(dict) = container.as_gc::<Dict>() {
        return lookup::dict_set(cx, dict, key, value);
    }
    match special(cx, container, "__setitem__") {
        Some(method) => Ok(Outcome::tail_call(method, &[container, key, value])),
        None => {
            let found = cx.type_name(container);
            Err(Raise::type_error(format!("'{found}' object does not support item assignment")))
        }
    }
}

/// `list[key] = value`.
pub(crate) fn set_of_list(cx: &mut Cx<'_>, list: Gc<List>, key: Value, value: Value) -> NativeResult {
    let len = list.get(cx.heap()).len();
    match place(cx, key, len, "list", "list assignment index out of range")? {
        Place::At(at) => {
            // A store of another tag turns the list into pairs: it grows.
            mutate(cx, list, |list| list.set(at, value));
            Ok(Outcome::Return(Value::NONE))
        }
        Place::Script => Ok(Outcome::tail_call(cx.prelude("_set_plain"), &[Value::obj(list), key, value])),
        Place::Slice(selection) => set_slice(cx, list, key, selection, value),
    }
}

fn set_slice(cx: &mut Cx<'_>, list: Gc<List>, key: Value, selection: Selection, value: Value) -> NativeResult {
    if selection.is_range()
        && let Some(source) = value.as_gc::<List>()
    {
        // The usual case. The source is copied first: it may be the list itself.
        let source = source.get(cx.heap()).clone();
        cx.reserve(source.len() * size_of::<Value>())?;
        cx.charge_work(source.len() + list.get(cx.heap()).len() / 8);
        mutate(cx, list, |list| list.splice_list(selection.range(), source));
        return Ok(Outcome::Return(Value::NONE));
    }
    if !crate::operate::iterate::is_iterable(cx, value) {
        return Err(Raise::type_error(if selection.is_range() {
            "can only assign an iterable"
        } else {
            "must assign iterable to extended slice"
        }));
    }
    let (list, key) = (cx.keep(Value::obj(list)), cx.keep(key));
    with_items(cx, value, move |cx, items| {
        let (Some(list), Some(slice)) = (cx.kept(list).as_gc::<List>(), cx.kept(key).as_gc::<Slice>()) else {
            return Ok(Outcome::Return(Value::NONE));
        };
        // Getting the items may have changed the list.
        let len = list.get(cx.heap()).len();
        let slice = *slice.get(cx.heap());
        let Some(selection) = resolve(cx, slice, len)? else { return Ok(Outcome::Return(Value::NONE)) };
        cx.reserve(size_of_val(items.as_slice()))?;
        cx.charge_work(items.len() + len / 8);
        if selection.is_range() {
            mutate(cx, list, |list| list.splice(selection.range(), &items));
        } else if items.len() == selection.count {
            mutate(cx, list, |list| {
                for (at, &item) in selection.positions().zip(&items) {
                    list.set(at, item);
                }
            });
        } else {
            let (given, count) = (items.len(), selection.count);
            let message = format!("attempt to assign sequence of size {given} to extended slice of size {count}");
            return Err(Raise::value_error(message));
        }
        Ok(Outcome::Return(Value::NONE))
    })
}

/// `del container[key]`; the result is to be dropped.
pub fn delete_item(cx: &mut Cx<'_>, container: Value, key: Value) -> NativeResult {
    if let Some(list) = container.as_gc::<List>() {
        return delete_of_list(cx, list, key);
    }
    if let Some(dict) = container.as_gc::<Dict>() {
        return lookup::dict_delete(cx, dict, key);
    }
    match special(cx, container, "__delitem__") {
        Some(method) => Ok(Outcome::tail_call(method, &[container, key])),
        None => {
            let found = cx.type_name(container);
            let sequence = crate::operate::iterate::length_native(cx, container).is_some();
            let does_not = if sequence { "doesn't" } else { "does not" };
            Err(Raise::type_error(format!("'{found}' object {does_not} support item deletion")))
        }
    }
}

/// `del list[key]`.
pub(crate) fn delete_of_list(cx: &mut Cx<'_>, list: Gc<List>, key: Value) -> NativeResult {
    let len = list.get(cx.heap()).len();
    match place(cx, key, len, "list", "list assignment index out of range")? {
        Place::At(at) => {
            cx.charge_work((len - at) / 8);
            list.get_mut(cx.heap_mut()).remove(at);
        }
        Place::Script => return Ok(Outcome::tail_call(cx.prelude("_delete_plain"), &[Value::obj(list), key])),
        Place::Slice(selection) => {
            cx.charge_work(len / 8);
            let list = list.get_mut(cx.heap_mut());
            if selection.is_range() {
                list.splice(selection.range(), &[]);
            } else if selection.count > 0 {
                let mut doomed = selection.positions().collect::<Vec<_>>();
                doomed.sort_unstable();
                let mut next = doomed.iter().peekable();
                let kept: Vec<Value> = list
                    .iter()
                    .enumerate()
                    .filter(|(at, _)| next.next_if(|&&d| d == *at).is_none())
                    .map(|(_, v)| v)
                    .collect();
                *list = List::from_values(&kept);
            }
        }
    }
    Ok(Outcome::Return(Value::NONE))
}

#[cfg(test)]
mod tests {
    use super::{Selection, select};

    fn positions(start: Option<i64>, stop: Option<i64>, step: i64, len: i64) -> Vec<usize> {
        select(start, stop, step, len).positions().collect()
    }

    #[test]
    fn slices_select_what_python_selects() {
        assert_eq!(positions(None, None, 1, 3), [0, 1, 2]);
        assert_eq!(positions(None, None, -1, 3), [2, 1, 0]);
        assert_eq!(positions(Some(-2), None, 1, 5), [3, 4]);
        assert_eq!(positions(Some(10), Some(0), -2, 5), [4, 2]);
        assert_eq!(positions(Some(3), Some(1), 1, 5), Vec::<usize>::new());
        assert_eq!(positions(Some(0), Some(i64::MAX), i64::MAX, 5), [0]);
        assert_eq!(positions(None, None, -i64::MAX, 5), [4]);
        assert_eq!(positions(Some(i64::MIN), Some(i64::MAX), 2, 0), Vec::<usize>::new());
    }

    #[test]
    fn resolved_ends_are_those_of_slice_indices() {
        // slice(None, None, -1).indices(5) == (4, -1, -1)
        assert_eq!(select(None, None, -1, 5), Selection { start: 4, stop: -1, step: -1, count: 5 });
    }
}
