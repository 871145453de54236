//! The loop's inline cases of subscripts, membership and slices of the builtin containers, where neither an error nor script
//! code is involved. Each answers "not mine" for everything else. None is inlined into a handler: see `hot` for why.

use crate::heap::{Dict, FrozenSet, Gc, Heap, Kind, List, Set, Slice, Str, Tuple};
use crate::isolate::Isolate;
use crate::native::Cx;
use crate::operate;
use crate::operate::lookup::{self, Keyed, Lookup};
use crate::operate::plain;
use crate::operate::subscript::{resolve_plain, select_text};
use crate::value::Value;

/// Sequences of up to this many elements are searched without charging for the work.
const SEARCHED: usize = 32;
/// Results of up to this many bytes are made without charging for the work.
const SMALL: usize = 4096;
/// Text of up to this many bytes is searched without charging for the work.
const SEARCHED_TEXT: usize = 256;

/// The position of an index, which may count from the end.
#[inline(always)]
fn position(index: i64, len: usize) -> Option<usize> {
    let at = if index < 0 { index + len as i64 } else { index };
    // A negative position is beyond every length.
    Some(at as usize).filter(|&at| at < len)
}

impl Isolate {
    /// `container[key]`, for what is not a list indexed by an int.
    #[inline(never)]
    pub(super) fn quick_item(&mut self, container: Value, key: Value) -> Option<Value> {
        match container.kind()? {
            Kind::Dict => {
                let dict = container.as_gc::<Dict>()?;
                match plain::find(&self.heap, dict, key)? {
                    Lookup::Found(at) => Some(dict.get(&self.heap).table.entry(at).value),
                    _ => None,
                }
            }
            Kind::Tuple => {
                let items = container.as_gc::<Tuple>()?.items(&self.heap);
                items.get(position(key.as_int()?, items.len())?).copied()
            }
            Kind::Str => {
                let text = container.as_gc::<Str>()?;
                let index = key.as_int()?;
                self.library.ascii.get(usize::from(text.ascii_at(index)?)).copied()
            }
            _ => None,
        }
    }

    /// `dict[key] = value`; false if it is not that, or if only the general path can tell where the key belongs.
    #[inline(never)]
    pub(super) fn quick_store_item(&mut self, container: Value, key: Value, value: Value) -> bool {
        let Some(dict) = container.as_gc::<Dict>() else { return false };
        match plain::find(&self.heap, dict, key) {
            Some(Lookup::Found(at)) => *dict.get_mut(&mut self.heap).table.value_mut(at) = value,
            Some(Lookup::Missing(hash)) => lookup::insert(&mut self.heap, dict, hash, key, value),
            _ => return false,
        }
        true
    }

    /// Adds to a set; false if only the general path can tell whether it is there.
    #[inline(never)]
    pub(super) fn quick_set_add(&mut self, set: Gc<Set>, item: Value) -> bool {
        match plain::find(&self.heap, set, item) {
            Some(Lookup::Found(_)) => {}
            Some(Lookup::Missing(hash)) => lookup::insert(&mut self.heap, set, hash, item, ()),
            _ => return false,
        }
        true
    }

    /// `str + str`.
    #[inline(never)]
    pub(super) fn quick_concat(&mut self, left: Value, right: Value) -> Option<Value> {
        let (head, tail) = (left.as_gc::<Str>()?, right.as_gc::<Str>()?);
        let length = head.get(&self.heap).as_str().len() + tail.get(&self.heap).as_str().len();
        self.heap.has_room(length).then(|| self.heap.concatenate(head, tail))
    }

    /// `str % value` of a usual template.
    #[inline(never)]
    pub(super) fn quick_percent(&mut self, left: Value, right: Value) -> Option<Value> {
        operate::percent::percent_plain(&mut self.heap, left.as_gc::<Str>()?, right)
    }

    /// A replacement field of an f-string: strings and numbers without a conversion, or with a usual spec.
    #[inline(never)]
    pub(super) fn quick_format(&mut self, value: Value, conversion: u8, spec: Value) -> Option<Value> {
        if !spec.is_undefined() {
            let spec = spec.as_gc::<Str>().filter(|_| conversion == 0)?.view();
            return operate::field::format(&mut self.heap, value, &spec);
        }
        if conversion > 1 {
            return None;
        }
        if value.is::<Str>() {
            return Some(value);
        }
        if let Some(float) = value.as_float() {
            return Some(operate::number_text::float_text(&mut self.heap, float));
        }
        Some(operate::digits::decimal(&mut Cx { isolate: self }, value.as_int()?))
    }

    /// Joins the parts of an f-string.
    #[inline(never)]
    pub(super) fn quick_build_string(&mut self, parts: &[Value]) -> Option<Value> {
        let (mut length, mut chars) = (0, 0);
        for part in parts {
            let (bytes, points) = part.as_gc::<Str>()?.get(&self.heap).lengths();
            length += bytes;
            chars += points;
        }
        if length > SMALL || !self.heap.has_room(length) {
            return None;
        }
        let part = |_: &Heap, at: usize| parts[at].as_gc::<Str>().expect("all parts are text").view();
        Some(self.heap.joined_str("", parts.len(), (length, chars), part))
    }

    /// `item in container`.
    #[inline(never)]
    pub(super) fn quick_contains(&mut self, container: Value, item: Value) -> Option<bool> {
        match container.kind()? {
            Kind::Dict => self.has_key(container.as_gc::<Dict>()?, item),
            Kind::Set => self.has_key(container.as_gc::<Set>()?, item),
            Kind::FrozenSet => self.has_key(container.as_gc::<FrozenSet>()?, item),
            Kind::Str => {
                let (text, part) = (container.as_gc::<Str>()?.get(&self.heap), item.as_gc::<Str>()?.get(&self.heap));
                let (text, part) = (text.as_str().as_bytes(), part.as_str().as_bytes());
                if text.len() > SEARCHED_TEXT {
                    return None;
                }
                Some(match part {
                    [byte] => memchr::memchr(*byte, text).is_some(),
                    _ => memchr::memmem::find(text, part).is_some(),
                })
            }
            Kind::Tuple => self.is_among(container.as_gc::<Tuple>()?.items(&self.heap).iter().copied(), item),
            Kind::List => self.is_among(container.as_gc::<List>()?.get(&self.heap).iter(), item),
            _ => None,
        }
    }

    #[inline]
    fn has_key<T: Keyed>(&self, object: Gc<T>, key: Value) -> Option<bool> {
        match plain::find(&self.heap, object, key)? {
            Lookup::Found(_) => Some(true),
            Lookup::Missing(_) => Some(false),
            Lookup::Script => None,
        }
    }

    #[inline]
    fn is_among(&self, items: impl ExactSizeIterator<Item = Value>, wanted: Value) -> Option<bool> {
        if items.len() > SEARCHED {
            return None;
        }
        for item in items {
            if item.same(wanted) || plain::equal(&self.heap, item, wanted)? {
                return Some(true);
            }
        }
        Some(false)
    }

    /// `container[start:stop:step]` of a list, tuple or string.
    #[inline(never)]
    pub(super) fn quick_slice(&mut self, container: Value, slice: Slice) -> Option<Value> {
        match container.kind()? {
            Kind::List => {
                let list = container.as_gc::<List>()?;
                let selection = resolve_plain(slice, list.get(&self.heap).len())?;
                self.affords(selection.count * 8)?;
                Some(self.heap.list_selection(list, selection))
            }
            Kind::Tuple => {
                let items = container.as_gc::<Tuple>()?.items(&self.heap);
                let selection = resolve_plain(slice, items.len())?;
                self.affords(selection.count * size_of::<Value>())?;
                if selection.is_range() && selection.count == items.len() {
                    return Some(container);
                }
                if !selection.is_range() {
                    let part: Vec<Value> = selection.positions().map(|at| items[at]).collect();
                    return Some(self.heap.tuple(&part));
                }
                // The items are where they are whatever is allocated, so they need not be copied out first.
                let part = container.as_gc::<Tuple>()?.part(&mut self.heap, selection.range());
                Some(Value::obj(part))
            }
            Kind::Str => {
                let string = container.as_gc::<Str>()?;
                let text = string.get(&self.heap);
                let selection = resolve_plain(slice, text.char_len())?;
                self.affords(selection.count)?;
                if selection.is_range() && selection.count == text.char_len() {
                    return Some(container);
                }
                if selection.count == 1 && text.is_ascii() {
                    let byte = text.as_str().as_bytes()[selection.start as usize];
                    return self.library.ascii.get(byte as usize).copied();
                }
                Some(select_text(&mut self.heap, string, selection))
            }
            _ => None,
        }
    }

    /// Whether a result of so many bytes needs neither a check of the limit nor a charge for the work.
    #[inline]
    fn affords(&self, bytes: usize) -> Option<()> {
        (bytes <= SMALL && self.heap.has_room(bytes)).then_some(())
    }

    /// `list[start:stop] = list`; false if it is not that.
    #[inline(never)]
    pub(super) fn quick_store_slice(&mut self, container: Value, slice: Slice, value: Value) -> bool {
        let (Some(list), Some(source)) = (container.as_gc::<List>(), value.as_gc::<List>()) else { return false };
        let (len, count) = (list.get(&self.heap).len(), source.get(&self.heap).len());
        let Some(selection) = resolve_plain(slice, len).filter(|selection| selection.is_range()) else { return false };
        if self.affords((len + count) * 8).is_none() {
            return false;
        }
        self.heap.list_splice(list, selection.range(), source);
        true
    }
}
