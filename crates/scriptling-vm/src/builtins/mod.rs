//! Builtin types and functions.
//!
//! One file per type or theme; each registers natives with a signature, and none of them runs script code: what has to
//! call back is written in the language, in the prelude. `types` is the list of builtin types.

use crate::heap::{Class, Gc};
use crate::native::ModuleBuilder;

pub mod types;

pub(crate) mod build_class;
pub(crate) mod bytes;
mod bytes_methods;
pub(crate) mod classes;
mod dict;
pub(crate) mod exceptions;
pub(crate) mod float;
mod folds;
pub(crate) mod functions;
pub(crate) mod groups;
pub(crate) mod int;
mod intrinsics;
mod iterators;
mod list;
mod numbers;
mod print;
pub(crate) mod quick;
mod range;
pub(crate) mod receiver;
mod reflection;
pub(crate) mod scalars;
mod set;
pub(crate) mod sort;
mod special;
mod str_;
mod str_format;
mod str_methods;
mod str_split;
mod text_codec;
mod tuple;
mod unicode_text;

use types::BuiltinType;

/// Registers the container types and the functions on iterators.
pub(crate) fn define_containers(module: &mut ModuleBuilder<'_>, types: &[Gc<Class>]) {
    list::define(module, types[BuiltinType::List as usize]);
    tuple::define(module, types[BuiltinType::Tuple as usize]);
    dict::define(module, types);
    set::define(module, types);
    range::define(module, types);
    iterators::define(module, types);
}

/// Registers the builtin functions and the prelude's intrinsics.
pub(crate) fn define_functions(module: &mut ModuleBuilder<'_>) {
    functions::define(module);
    folds::define(module);
    numbers::define(module);
    print::define(module);
    reflection::define(module);
    intrinsics::define(module);
}
