//! What the hot loop calls on its way (`call_out!` in `hot`): never inlined, and with `&mut Isolate` even where less would
//! do, so that the loop's state is in memory, not in registers, while they run.
#![expect(unsafe_code, reason = "reads operands in place; contracts at each function")]

use crate::heap::list::List;
use crate::heap::{CellBox, Class, Dict, Gc, Set};
use crate::isolate::Isolate;
use crate::native::Cx;
use crate::op::CompareOp;
use crate::operate;
use crate::operate::iterate::iter_native;
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
        let list = List::from_values(unsafe { std::slice::from_raw_parts(first, count) });
        self.heap.value(list)
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

    /// `iter(value)`, unless that takes script code or cannot be done.
    #[inline(never)]
    pub(super) fn iter_out(&mut self, value: Value) -> Option<Value> {
        iter_native(&mut Cx { isolate: self }, value)
    }
}
