//! The types `set` and `frozenset`.

use super::list::comparisons;
use super::quick;
use super::receiver::{base_value, made, receiver};
use super::types::BuiltinType;
use crate::error::Raise;
use crate::heap::{Class, FrozenSet, Gc, Object, Set};
use crate::native::{ClassBuilder, Cx, Kept, ModuleBuilder, NativeResult, Outcome};
use crate::op::BinaryOp;
use crate::operate::containers;
use crate::operate::{iterate, lookup};
use crate::value::Value;

/// Gives the classes their methods.
pub(crate) fn define(module: &mut ModuleBuilder<'_>, types: &[Gc<Class>]) {
    let builder = module
        .class("set", "A mutable collection of distinct elements.")
        .raw_static("__new__(cls, /, *args, **kwargs)", "An empty set, for `__init__` to fill.", new_set)
        .raw_static("<make>(cls, iterable=(), /)", "A set of the elements of an iterable.", |cx, args| {
            let set = cx.heap_mut().alloc(Set::default());
            containers::set_update(cx, set, args[1])
        })
        .raw("__init__(self, iterable=(), /)", "Replaces the elements by those of an iterable.", init)
        .raw("add(self, item, /)", "Add an element.", add)
        .quick(quick::set_add)
        .raw("remove(self, item, /)", "Remove an element; KeyError if it is not there.", |cx, args| {
            let set = this(cx, args, "remove")?;
            lookup::set_remove(cx, set, args[1], true)
        })
        .raw("discard(self, item, /)", "Remove an element if it is there.", |cx, args| {
            let set = this(cx, args, "discard")?;
            lookup::set_remove(cx, set, args[1], false)
        })
        .raw("pop(self, /)", "Remove and return some element.", pop)
        .raw("clear(self, /)", "Remove all elements.", clear)
        .raw("update(self, /, *others)", "Add the elements of all others.", |cx, args| {
            fold(cx, args, BinaryOp::BitOr, "update")
        })
        .raw("intersection_update(self, /, *others)", "Keep what is in all others too.", |cx, args| {
            fold(cx, args, BinaryOp::BitAnd, "intersection_update")
        })
        .raw("difference_update(self, /, *others)", "Remove what is in any of the others.", |cx, args| {
            fold(cx, args, BinaryOp::Sub, "difference_update")
        })
        .raw("symmetric_difference_update(self, other, /)", "Keep what is in exactly one.", |cx, args| {
            let set = this(cx, args, "symmetric_difference_update")?;
            containers::set_update_with(cx, BinaryOp::BitXor, set, args[1])?
                .and_then(cx, |_, _| Ok(Outcome::Return(Value::NONE)))
        })
        .raw("__ior__(self, other, /)", "", |cx, args| in_place(cx, BinaryOp::BitOr, args))
        .raw("__iand__(self, other, /)", "", |cx, args| in_place(cx, BinaryOp::BitAnd, args))
        .raw("__isub__(self, other, /)", "", |cx, args| in_place(cx, BinaryOp::Sub, args))
        .raw("__ixor__(self, other, /)", "", |cx, args| in_place(cx, BinaryOp::BitXor, args));
    common(builder).into_class(types[BuiltinType::Set as usize]);
    let builder = module
        .class("frozenset", "An immutable collection of distinct elements.")
        .raw_static("__new__(cls, iterable=(), /)", "A frozenset of the elements of an iterable.", new_frozen)
        .raw("__hash__(self, /)", "", |cx, args| {
            let base = base_value(cx, args[0]);
            crate::operate::hash(cx, base)
        });
    common(builder).into_class(types[BuiltinType::FrozenSet as usize]);
}

/// Methods of both.
fn common<'b, 'a>(builder: ClassBuilder<'b, 'a>) -> ClassBuilder<'b, 'a> {
    let builder = builder
        .raw("union(self, /, *others)", "All elements of all.", |cx, args| combine(cx, args, BinaryOp::BitOr))
        .raw("intersection(self, /, *others)", "What is in all.", |cx, args| combine(cx, args, BinaryOp::BitAnd))
        .raw("difference(self, /, *others)", "What is in none of the others.", |cx, args| {
            combine(cx, args, BinaryOp::Sub)
        })
        .raw("symmetric_difference(self, other, /)", "What is in exactly one.", |cx, args| {
            let left = base_value(cx, args[0]);
            containers::set_algebra(cx, BinaryOp::BitXor, left, args[1], left.is::<FrozenSet>())
        })
        .raw("isdisjoint(self, other, /)", "Whether there is no common element.", isdisjoint)
        .raw("issubset(self, other, /)", "Whether other has all elements.", |cx, args| subset(cx, args[0], args[1]))
        .raw("issuperset(self, other, /)", "Whether this has all elements of other.", |cx, args| {
            subset(cx, args[1], args[0])
        })
        .raw("copy(self, /)", "A shallow copy.", copy)
        .raw("__len__(self, /)", "", |cx, args| {
            let base = base_value(cx, args[0]);
            iterate::length(cx, base)
        })
        .raw("__contains__(self, item, /)", "", |cx, args| {
            let base = base_value(cx, args[0]);
            containers::contains(cx, base, args[1])
        })
        .raw("__iter__(self, /)", "", |cx, args| {
            let base = base_value(cx, args[0]);
            iterate::iter(cx, base)
        })
        .raw("__or__(self, other, /)", "", |cx, args| operator(cx, BinaryOp::BitOr, args[0], args[1]))
        .raw("__ror__(self, other, /)", "", |cx, args| operator(cx, BinaryOp::BitOr, args[1], args[0]))
        .raw("__and__(self, other, /)", "", |cx, args| operator(cx, BinaryOp::BitAnd, args[0], args[1]))
        .raw("__rand__(self, other, /)", "", |cx, args| operator(cx, BinaryOp::BitAnd, args[1], args[0]))
        .raw("__sub__(self, other, /)", "", |cx, args| operator(cx, BinaryOp::Sub, args[0], args[1]))
        .raw("__rsub__(self, other, /)", "", |cx, args| operator(cx, BinaryOp::Sub, args[1], args[0]))
        .raw("__xor__(self, other, /)", "", |cx, args| operator(cx, BinaryOp::BitXor, args[0], args[1]))
        .raw("__rxor__(self, other, /)", "", |cx, args| operator(cx, BinaryOp::BitXor, args[1], args[0]));
    comparisons(builder)
}

fn this(cx: &Cx<'_>, args: &[Value], method: &str) -> Result<Gc<Set>, Raise> {
    receiver(cx, args[0], "set", method)
}

/// A set operator as a method: `NotImplemented` where it does not apply.
pub(crate) fn operator(cx: &mut Cx<'_>, op: BinaryOp, left: Value, right: Value) -> NativeResult {
    let (left, right) = (base_value(cx, left), base_value(cx, right));
    let outcome = containers::binary(cx, op, left, right, false)?;
    Ok(outcome.unwrap_or(Outcome::Return(Value::NOT_IMPLEMENTED)))
}

fn in_place(cx: &mut Cx<'_>, op: BinaryOp, args: &[Value]) -> NativeResult {
    super::list::operator(cx, op, args[0], args[1], true)
}

fn new_set(cx: &mut Cx<'_>, args: &[Value]) -> NativeResult {
    let set = cx.heap_mut().value(Set::default());
    made(cx, args[0], BuiltinType::Set, set).map(Outcome::Return)
}

fn new_frozen(cx: &mut Cx<'_>, args: &[Value]) -> NativeResult {
    let exact = args[0].as_gc::<Class>() == Some(cx.builtin_class(BuiltinType::FrozenSet));
    if exact && args[1].is::<FrozenSet>() {
        return Ok(Outcome::Return(args[1]));
    }
    let class = cx.keep(args[0]);
    let set = cx.heap_mut().alloc(Set::default());
    containers::set_update(cx, set, args[1])?.and_then(cx, move |cx, filled| {
        let frozen = freeze(cx, filled);
        made(cx, cx.kept(class), BuiltinType::FrozenSet, frozen).map(Outcome::Return)
    })
}

/// Moves the elements of a set that nobody else knows into a frozenset.
pub(crate) fn freeze(cx: &mut Cx<'_>, set: Value) -> Value {
    match set.as_gc::<Set>() {
        Some(set) => {
            let table = std::mem::take(&mut set.get_mut(cx.heap_mut()).table);
            cx.heap_mut().value(FrozenSet { table })
        }
        None => set,
    }
}

fn init(cx: &mut Cx<'_>, args: &[Value]) -> NativeResult {
    let set = this(cx, args, "__init__")?;
    set.get_mut(cx.heap_mut()).table.clear();
    containers::set_update(cx, set, args[1])?.and_then(cx, |_, _| Ok(Outcome::Return(Value::NONE)))
}

fn add(cx: &mut Cx<'_>, args: &[Value]) -> NativeResult {
    let set = this(cx, args, "add")?;
    lookup::set_add(cx, set, args[1])
}

fn pop(cx: &mut Cx<'_>, args: &[Value]) -> NativeResult {
    let set = this(cx, args, "pop")?;
    let Some((at, _)) = set.get(cx.heap()).table.next_entry(0) else {
        let message = cx.str("pop from an empty set");
        return Err(lookup::key_error(message));
    };
    Ok(Outcome::Return(set.get_mut(cx.heap_mut()).table.remove(at).key))
}

fn clear(cx: &mut Cx<'_>, args: &[Value]) -> NativeResult {
    let set = this(cx, args, "clear")?;
    set.get_mut(cx.heap_mut()).table.clear();
    Ok(Outcome::Return(Value::NONE))
}

fn copy(cx: &mut Cx<'_>, args: &[Value]) -> NativeResult {
    let base = base_value(cx, args[0]);
    let Some(set) = base.as_gc::<Set>() else { return Ok(Outcome::Return(base)) };
    cx.reserve(set.get(cx.heap()).external_size())?;
    cx.charge_work(set.get(cx.heap()).table.len());
    let copy = set.get(cx.heap()).clone();
    Ok(Outcome::Return(cx.heap_mut().value(copy)))
}

/// `union` and its kin: a new set from this one and each of the others in turn.
fn combine(cx: &mut Cx<'_>, args: &[Value], op: BinaryOp) -> NativeResult {
    let left = base_value(cx, args[0]);
    let frozen = left.is::<FrozenSet>();
    if let [other] = cx.sequence(args[1]).unwrap_or_default()[..] {
        check_iterable(cx, other)?;
        return containers::set_algebra(cx, op, left, other, frozen);
    }
    let others = cx.keep(args[1]);
    let set = cx.heap_mut().alloc(Set::default());
    containers::set_update(cx, set, left)?.and_then(cx, move |cx, copy| {
        let copy = cx.keep(copy);
        fold_from(cx, copy, others, 0, op)?
            .and_then(cx, move |cx, result| Ok(Outcome::Return(if frozen { freeze(cx, result) } else { result })))
    })
}

/// `update` and its kin: changes this set by each of the others in turn.
fn fold(cx: &mut Cx<'_>, args: &[Value], op: BinaryOp, method: &str) -> NativeResult {
    let set = this(cx, args, method)?;
    let (set, others) = (cx.keep(Value::obj(set)), cx.keep(args[1]));
    fold_from(cx, set, others, 0, op)?.and_then(cx, |_, _| Ok(Outcome::Return(Value::NONE)))
}

/// Combines a set with the others from position `at` on; the result is the set.
fn fold_from(cx: &mut Cx<'_>, set: Kept, others: Kept, mut at: usize, op: BinaryOp) -> NativeResult {
    loop {
        let next = cx.sequence(cx.kept(others)).and_then(|others| others.get(at).copied());
        let (Some(other), Some(target)) = (next, cx.kept(set).as_gc::<Set>()) else {
            return Ok(Outcome::Return(cx.kept(set)));
        };
        check_iterable(cx, other)?;
        match containers::set_update_with(cx, op, target, other)? {
            Outcome::Return(_) => at += 1,
            pending => return pending.and_then(cx, move |cx, _| fold_from(cx, set, others, at + 1, op)),
        }
    }
}

fn check_iterable(cx: &Cx<'_>, value: Value) -> Result<(), Raise> {
    if iterate::is_iterable(cx, value) {
        return Ok(());
    }
    Err(Raise::type_error(format!("'{}' object is not iterable", cx.type_name(value))))
}

/// Whether two sets (or a set and an iterable) have no common element.
pub(crate) fn isdisjoint(cx: &mut Cx<'_>, args: &[Value]) -> NativeResult {
    check_iterable(cx, args[1])?;
    let left = base_value(cx, args[0]);
    containers::set_algebra(cx, BinaryOp::BitAnd, left, args[1], false)?
        .and_then(cx, |cx, common| Ok(Outcome::Return(Value::bool(iterate::length_native(cx, common) == Some(0)))))
}

/// Whether everything in `left` is in `right`; both may be any iterable.
fn subset(cx: &mut Cx<'_>, left: Value, right: Value) -> NativeResult {
    check_iterable(cx, left)?;
    check_iterable(cx, right)?;
    let (left, right) = (base_value(cx, left), base_value(cx, right));
    containers::set_algebra(cx, BinaryOp::Sub, left, right, false)?
        .and_then(cx, |cx, rest| Ok(Outcome::Return(Value::bool(iterate::length_native(cx, rest) == Some(0)))))
}
