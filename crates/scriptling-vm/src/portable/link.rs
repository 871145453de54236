//! The few things that crossing needs from the rest of the machine: shapes for instances, hashes, rendered tracebacks.

use std::sync::Arc;

use smol_str::SmolStr;

use crate::heap::instance::{MAX_SLOTS, Shape, ShapeId};
use crate::heap::{Class, Exception, Gc, Module};
use crate::isolate::Isolate;
use crate::value::Value;

impl Isolate {
    /// The shape of instances of `class` with these attributes in this order, and the slots of their cells. Attributes
    /// beyond the capacity are not part of it.
    pub(super) fn shape_with(&mut self, class: Gc<Class>, names: &[SmolStr]) -> (ShapeId, u32) {
        let data = class.get(&self.heap);
        let root = data.root_shape.get().unwrap_or_else(|| {
            let capacity = data.slot_hint.get().max(names.len() as u32).min(MAX_SLOTS);
            let id = ShapeId(self.shapes.len() as u32);
            data.root_shape.set(Some(id));
            self.shapes.push(Shape { class, capacity, names: Vec::new(), next: Default::default() });
            id
        });
        let capacity = self.shapes[root.0 as usize].capacity;
        let mut shape = root;
        for name in &names[..names.len().min(capacity as usize)] {
            let here = &self.shapes[shape.0 as usize];
            shape = match here.next.get(name) {
                Some(&next) => next,
                None => {
                    let mut longer = here.names.clone();
                    longer.push(name.clone());
                    let id = ShapeId(self.shapes.len() as u32);
                    self.shapes.push(Shape { class, capacity, names: longer, next: Default::default() });
                    self.shapes[shape.0 as usize].next.insert(name.clone(), id);
                    id
                }
            };
        }
        (shape, capacity)
    }
}

/// This isolate's copy of a native module.
pub(super) fn native_module(isolate: &mut Isolate, name: &SmolStr) -> Option<Gc<Module>> {
    isolate.modules.get(name).copied()
}

/// The table hash of a key, if it can be told without running script code.
pub(super) fn hash_here(_isolate: &mut Isolate, _key: Value) -> Option<u64> {
    None
}

/// An exception's traceback as text, to be shown above what the receiving isolate adds.
pub(super) fn rendered_traceback(_isolate: &Isolate, exception: &Exception) -> Option<Arc<str>> {
    exception.traceback.remote.clone()
}
