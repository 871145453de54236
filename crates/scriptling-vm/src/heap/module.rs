//! Modules: global variables in numbered slots.
//!
//! The compiler numbers the global names of a module (all units compiled into one module share the numbering), so code
//! reads `slots[n]`. Names that code never mentions by itself (`setattr`, `globals()`) get numbers as they come.
#![expect(unsafe_code, reason = "implements the unsafe trait `Object`")]

use std::sync::Arc;

use indexmap::IndexMap;
use smol_str::SmolStr;

use super::{Kind, Marker, Object};
use crate::code::Unit;
use crate::value::Value;

/// Names of a module's global variables; a name's position is its slot.
pub type GlobalNames = IndexMap<SmolStr, (), foldhash::fast::FixedState>;

/// A module.
pub struct Module {
    /// What it shares with its copies in other isolates, until one of them changes.
    pub info: Arc<ModuleInfo>,
    /// Values by slot; undefined where unbound. May be shorter than the names.
    pub slots: Vec<Value>,
    /// Builtins by slot, where code read one because the slot was not bound. May be shorter than `slots`.
    pub fallbacks: Vec<Value>,
    /// The image that unbound names are filled from in a task (see `portable`); 0 if none.
    pub image: u32,
}

/// What there is to a module but its values. Behind one reference: there may be very many tasks, and each counts its
/// references to what it shares with the others, which processors have to agree about.
#[derive(Clone, Default)]
pub struct ModuleInfo {
    /// `__name__`.
    pub name: SmolStr,
    /// Slot numbers.
    pub names: Arc<GlobalNames>,
    /// The compiled units whose code uses these globals.
    pub units: Vec<Arc<Unit>>,
    /// Whether it is a package (its submodules are looked up in its directory).
    pub is_package: bool,
    /// `__file__`, if it came from one.
    pub file: Option<SmolStr>,
    /// `__doc__`.
    pub doc: Option<SmolStr>,
}

impl Module {
    /// The same, to be changed.
    pub fn info_mut(&mut self) -> &mut ModuleInfo {
        Arc::make_mut(&mut self.info)
    }

    /// The value of a global name, if bound.
    pub fn get(&self, name: &str) -> Option<Value> {
        let slot = self.info.names.get_index_of(name)?;
        self.slots.get(slot).copied().filter(|value| !value.is_undefined())
    }

    /// Binds a global name.
    pub fn set(&mut self, name: &str, value: Value) {
        let slot = match self.info.names.get_index_of(name) {
            Some(slot) => slot,
            None => Arc::make_mut(&mut self.info_mut().names).insert_full(SmolStr::new(name), ()).0,
        };
        if self.slots.len() <= slot {
            self.slots.resize(slot + 1, Value::UNDEFINED);
        }
        self.slots[slot] = value;
    }

    /// Unbinds a global name; false if it was not bound.
    pub fn delete(&mut self, name: &str) -> bool {
        let slot = self.info.names.get_index_of(name).and_then(|slot| self.slots.get_mut(slot));
        match slot {
            Some(value) if !value.is_undefined() => {
                *value = Value::UNDEFINED;
                true
            }
            _ => false,
        }
    }

    /// All bound names with their values, in slot order.
    pub fn iter(&self) -> impl Iterator<Item = (&SmolStr, Value)> + '_ {
        self.info.names.keys().zip(self.slots.iter().copied()).filter(|(_, value)| !value.is_undefined())
    }
}

// SAFETY: reports all slots; units hold frozen values only.
unsafe impl Object for Module {
    const KIND: Kind = Kind::Module;
    fn trace(&self, marker: &mut Marker) {
        marker.values(&self.slots);
        marker.values(&self.fallbacks);
    }
    fn external_size(&self) -> usize {
        (self.slots.capacity() + self.fallbacks.capacity()) * size_of::<Value>()
    }
}
