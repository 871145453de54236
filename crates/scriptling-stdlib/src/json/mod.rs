//! `json`: text to values and back, with the rules, options and error texts of Python's module.
//!
//! Encoder and decoder keep their position in an explicit stack instead of recursing, so they can pause for a callback
//! (`default`, `object_hook`, ...) and are bounded by a depth of their own. `load` and `dump` do not exist: there are no
//! files yet.

mod decode;
mod encode;
mod error;

use scriptling_vm::native::{ModuleBuilder, NativeModule};

/// Containers inside containers, in both directions: what Python's recursion limit allows its own module.
const MAX_DEPTH: usize = scriptling_vm::limits::DEFAULT_CALL_DEPTH;

/// The module `json`.
pub(crate) struct Json;

impl NativeModule for Json {
    fn name(&self) -> &'static str {
        "json"
    }

    fn doc(&self) -> &'static str {
        "JSON text to values and back."
    }

    fn define(&self, module: &mut ModuleBuilder<'_>) {
        error::define(module);
        encode::define(module);
        decode::define(module);
    }
}
