//! Where crossing meets the rest of the machine: shapes for instances, and names that natives look up for scripts.

use smol_str::SmolStr;

use crate::error::Raise;
use crate::heap::instance::{MAX_SLOTS, Shape, ShapeId};
use crate::heap::{Class, Gc, Module};
use crate::isolate::Isolate;
use crate::native::Cx;
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
            self.shapes.push(Shape { class, capacity, names: Vec::new(), next: hashbrown::HashMap::default() });
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
                    self.shapes.push(Shape { class, capacity, names: longer, next: hashbrown::HashMap::default() });
                    self.shapes[shape.0 as usize].next.insert(name.clone(), id);
                    id
                }
            };
        }
        (shape, capacity)
    }
}

impl Cx<'_> {
    /// A global of the module whose code called this native.
    pub fn caller_global(&mut self, name: &str) -> Result<Option<Value>, Raise> {
        let Some(frame) = self.isolate.fiber.frames.last() else { return Ok(None) };
        let globals = frame.function.get(&self.isolate.heap).globals;
        self.isolate.module_get(globals, name)
    }

    /// A member of a module.
    pub fn module_member(&mut self, module: Value, name: &str) -> Result<Option<Value>, Raise> {
        match module.as_gc::<Module>() {
            Some(module) => self.isolate.module_get(module, name),
            None => Ok(None),
        }
    }
}
