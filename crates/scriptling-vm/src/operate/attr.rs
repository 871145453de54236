//! Attribute lookup: classes, instances, descriptors.

use crate::heap::{Class, Gc, Heap};
use crate::native::Cx;
use crate::value::Value;

/// The attribute `name` found along the class's MRO, unbound.
pub fn lookup(heap: &Heap, class: Gc<Class>, name: &str) -> Option<Value> {
    class.get(heap).mro.iter().find_map(|ancestor| ancestor.get(heap).attrs.get(name).copied())
}

/// The special method `name` of the value's type (never of the instance itself), to be called with the value first.
pub fn special(cx: &Cx<'_>, value: Value, name: &str) -> Option<Value> {
    lookup(cx.heap(), cx.class_of(value), name)
}
