//! Entry point of the scalar types' methods: each type's file registers its own.

use super::receiver::base_value;
use crate::heap::{Class, Gc};
use crate::native::{ModuleBuilder, Outcome};
use crate::operate::{hash, repr};
use crate::value::Value;

/// Registers the methods of `int`, `bool`, `float`, `str` and `bytes`, and the intrinsics of their prelude functions.
pub(crate) fn define(module: &mut ModuleBuilder<'_>, types: &[Gc<Class>]) {
    super::int::define(module, types);
    super::float::define(module, types);
    super::str_::define(module, types);
    super::bytes::define(module, types);
    module
        .raw("_repr_enter(container, /)", "", |cx, args| Ok(Outcome::Return(Value::bool(repr::enter(cx, args[0])))))
        .raw("_repr_leave(container, /)", "", |cx, args| {
            repr::leave(cx, args[0]);
            Ok(Outcome::Return(Value::NONE))
        })
        .raw("_combine_hashes(hashes, ordered, /)", "", |cx, args| {
            let hashes = cx.sequence(args[0]).unwrap_or_default();
            let visible = hashes.iter().map(|&hash| base_value(cx, hash).as_int().unwrap_or(0));
            let combined = hash::combine_visible(visible, args[1].as_bool() == Some(true));
            Ok(Outcome::Return(Value::int(combined)))
        });
}
