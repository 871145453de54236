//! Entry point of the scalar types' methods: each type's file registers its own.

use crate::heap::{Class, Gc};
use crate::native::ModuleBuilder;

/// Registers the methods of `int`, `bool`, `float`, `str` and `bytes`, and the intrinsics their prelude functions use.
pub(crate) fn define(module: &mut ModuleBuilder<'_>, types: &[Gc<Class>]) {
    super::int::define(module, types);
}
