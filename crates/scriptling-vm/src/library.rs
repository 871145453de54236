//! `Library`: everything builtin, made once, frozen, shared by all isolates: types, functions, native modules, prelude.

use std::sync::Arc;

use indexmap::IndexMap;
use smol_str::SmolStr;

use crate::code::Unit;
use crate::heap::class::Attrs;
use crate::heap::{Class, FrozenHeap, Gc};
use crate::value::Value;

/// A native module's members, to be copied into each isolate that imports it.
pub(crate) struct ModuleTemplate {
    pub(crate) doc: &'static str,
    pub(crate) members: Attrs,
}

/// Everything builtin; see the module documentation.
pub struct Library {
    /// Classes of builtin types, by `BuiltinType`.
    pub(crate) types: Vec<Gc<Class>>,
    /// Builtin exception classes, by `ExcClass`.
    pub(crate) exceptions: Vec<Gc<Class>>,
    /// The builtin names, in a fixed order: compiled code refers to them by position.
    pub(crate) builtins: IndexMap<SmolStr, Value, foldhash::fast::FixedState>,
    pub(crate) modules: IndexMap<SmolStr, ModuleTemplate, foldhash::fast::FixedState>,
    /// Functions of the prelude, public or not.
    pub(crate) prelude: Attrs,
    pub(crate) prelude_unit: Option<Arc<Unit>>,
    pub(crate) frozen: FrozenHeap,
}

#[expect(unsafe_code, reason = "shared by all isolates of all threads")]
// SAFETY: all values belong to `frozen` (or to the prelude unit's frozen heap) and nothing is written after construction.
unsafe impl Send for Library {}
#[expect(unsafe_code, reason = "shared by all isolates of all threads")]
// SAFETY: as above.
unsafe impl Sync for Library {}

impl Library {
    /// The position of a builtin name, for compiled code.
    pub fn builtin_index(&self, name: &str) -> Option<u16> {
        self.builtins.get_index_of(name).map(|index| index as u16)
    }

    /// A prelude function by name.
    ///
    /// # Panics
    /// If there is none: names in the program, checked by the tests.
    pub(crate) fn prelude_function(&self, name: &str) -> Value {
        *self.prelude.get(name).unwrap_or_else(|| panic!("the prelude defines no {name}"))
    }
}
