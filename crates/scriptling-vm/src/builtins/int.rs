//! `int`.

use num_bigint::BigInt;

use crate::error::Raise;
use crate::heap::{Class, Gc};
use crate::native::ModuleBuilder;
use crate::operate::percent::truncate;

/// Registers the methods.
pub(crate) fn define(module: &mut ModuleBuilder<'_>, types: &[Gc<Class>]) {
    let _ = (module, types);
}

/// `int(float)`: cut towards zero.
pub(crate) fn float_to_int(float: f64) -> Result<BigInt, Raise> {
    truncate(float).ok_or_else(|| {
        if float.is_nan() {
            Raise::value_error("cannot convert float NaN to integer")
        } else {
            Raise::overflow_error("cannot convert float infinity to integer")
        }
    })
}
