//! What handlers of the hot loop call on their way: never inlined, and returning plain words. See `hot` for why.
#![expect(unsafe_code, reason = "reads operands in place; contracts at each function")]

use super::step::PairStep;
use crate::error::Raise;
use crate::heap::list::List;
use crate::heap::{CellBox, Class, Dict, Gc, ListIter, Set, Slice};
use crate::isolate::Isolate;
use crate::native::Cx;
use crate::op::CompareOp;
use crate::operate;
use crate::operate::iterate::{Step, iter_native};
use crate::operate::plain;
use crate::value::Value;

impl Isolate {
    /// The truth of a value, unless script code has a say in it.
    #[inline(never)]
    pub(super) fn truth_out(&mut self, value: Value) -> Option<bool> {
        operate::truth_native(&Cx { isolate: self }, value)
    }

    /// A new cell for a captured variable.
    #[inline(never)]
    pub(super) fn cell_out(&mut self, value: Value) -> Value {
        self.heap.value(CellBox { value })
    }

    /// Makes an instance and puts it where the callee is and, moving the `argc` arguments up, in front of the first of them.
    ///
    /// # Safety
    /// `first` must be where the arguments start on the stack, with room for one more.
    #[inline(never)]
    pub(super) unsafe fn instance_out(&mut self, class: Gc<Class>, first: *mut Value, argc: usize) {
        let instance = Value::obj(self.new_instance(class));
        // SAFETY: by the contract.
        unsafe {
            std::ptr::copy(first, first.add(1), argc);
            first.sub(1).write(instance);
            first.write(instance);
        }
    }

    /// A list of the `count` values from `first` on.
    ///
    /// # Safety
    /// They must be part of the stack.
    #[inline(never)]
    pub(super) unsafe fn list_out(&mut self, first: *const Value, count: usize) -> Value {
        // SAFETY: by the contract.
        self.heap.list(unsafe { std::slice::from_raw_parts(first, count) })
    }

    /// A tuple of the `count` values from `first` on.
    ///
    /// # Safety
    /// They must be part of the stack.
    #[inline(never)]
    pub(super) unsafe fn tuple_out(&mut self, first: *const Value, count: usize) -> Value {
        // SAFETY: by the contract.
        self.heap.tuple(unsafe { std::slice::from_raw_parts(first, count) })
    }

    /// Appends to a list that has to grow or to change its representation.
    #[inline(never)]
    pub(super) fn push_out(&mut self, list: Gc<List>, value: Value) {
        self.list_push(list, value);
    }

    /// `left ** right` of floats where the result is finite and needs no special rule.
    #[inline(never)]
    #[expect(clippy::unused_self, reason = "see the module documentation")]
    pub(super) fn power_out(&mut self, left: Value, right: Value) -> Option<Value> {
        let power = match (left.as_float(), right.as_float()) {
            (Some(left), Some(right)) if left > 0.0 => left.powf(right),
            _ => return None,
        };
        power.is_finite().then(|| Value::float(power))
    }

    /// A new, empty dict.
    #[inline(never)]
    pub(super) fn dict_out(&mut self) -> Value {
        self.heap.value(Dict::default())
    }

    /// A new, empty set.
    #[inline(never)]
    pub(super) fn set_out(&mut self) -> Value {
        self.heap.value(Set::default())
    }

    /// A comparison of builtin values other than two ints or two floats, if it needs no script code.
    #[inline(never)]
    pub(super) fn compare_out(&mut self, op: CompareOp, left: Value, right: Value) -> Option<bool> {
        plain::compare(&self.heap, op, left, right)
    }

    /// Whether `except class` catches an exception, if `class` is one.
    #[inline(never)]
    pub(super) fn exception_matches_out(&mut self, exception: Value, class: Value) -> Option<bool> {
        self.exception_matches(exception, class).ok()
    }

    /// `iter(list)`
    #[inline(never)]
    pub(super) fn list_iter_out(&mut self, list: Gc<List>) -> Value {
        self.heap.value(ListIter { list: Some(list), index: 0 })
    }

    /// `iter(value)`, unless that takes script code or cannot be done.
    #[inline(never)]
    pub(super) fn iter_out(&mut self, value: Value) -> Option<Value> {
        iter_native(&mut Cx { isolate: self }, value)
    }

    /// The slice whose `count` parts are below `sp`.
    ///
    /// # Safety
    /// They must be part of the stack.
    #[inline(always)]
    unsafe fn parts(sp: *const Value, count: usize) -> Slice {
        // SAFETY: by the contract.
        unsafe {
            let step = if count == 3 { sp.sub(1).read() } else { Value::NONE };
            Slice { start: sp.sub(count).read(), stop: sp.sub(count - 1).read(), step }
        }
    }

    /// What `container[start:stop:step]` selects, with the `count` parts of the slice and, under them, the container below `sp`;
    /// `None` for what is not a list, tuple or string, or takes script code.
    ///
    /// # Safety
    /// They must be part of the stack.
    #[inline(never)]
    pub(super) unsafe fn slice_out(&mut self, sp: *const Value, count: usize) -> Option<Value> {
        // SAFETY: by the contract.
        unsafe { self.quick_slice(sp.sub(count + 1).read(), Self::parts(sp, count)) }
    }

    /// `container[start:stop:step] = value`, the value being under the container. False if it has not been done.
    ///
    /// # Safety
    /// As for [`Isolate::slice_out`].
    #[inline(never)]
    pub(super) unsafe fn store_slice_out(&mut self, sp: *const Value, count: usize) -> bool {
        // SAFETY: by the contract.
        unsafe {
            let (container, value) = (sp.sub(count + 1).read(), sp.sub(count + 2).read());
            self.quick_store_slice(container, Self::parts(sp, count), value)
        }
    }

    /// Steps a native iterator and writes its next value to `to`.
    ///
    /// # Safety
    /// `to` must be a slot of the stack.
    #[inline(never)]
    pub(super) unsafe fn step_out(&mut self, iterator: Value, to: *mut Value) -> Stepping {
        match self.step_iter(iterator, 0) {
            Ok(Step::Item(value)) => {
                // SAFETY: by the contract.
                unsafe { to.write(value) };
                Stepping::Item
            }
            Ok(Step::End) => Stepping::End,
            Ok(Step::Script) => Stepping::Script,
            Err(raise) => self.step_raised(raise),
        }
    }

    /// The same for an iterator of pairs: writes the second, then the first element, or an item that is no pair.
    ///
    /// # Safety
    /// `to` and the slot behind it must be part of the stack.
    #[inline(never)]
    pub(super) unsafe fn step_pair_out(&mut self, iterator: Value, to: *mut Value) -> Stepping {
        // SAFETY: by the contract.
        match unsafe { self.step_pair(iterator, to) } {
            Ok(PairStep::Pair) => Stepping::Pair,
            Ok(PairStep::Item(value)) => {
                // SAFETY: by the contract.
                unsafe { to.write(value) };
                Stepping::Item
            }
            Ok(PairStep::End) => Stepping::End,
            Ok(PairStep::Script) => Stepping::Script,
            Err(raise) => self.step_raised(raise),
        }
    }

    #[cold]
    fn step_raised(&mut self, raise: Raise) -> Stepping {
        self.fiber.pending = Some(Box::new(Err(raise)));
        Stepping::Raised
    }
}

/// What a step of an iterator came to.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[repr(u8)]
pub(super) enum Stepping {
    /// A value was written.
    Item,
    /// Both elements of a pair were written.
    Pair,
    /// Exhausted.
    End,
    /// It is not a native iterator.
    Script,
    /// It raised: see `fiber.pending`.
    Raised,
}
