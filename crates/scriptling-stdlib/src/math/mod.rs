//! `math`: functions of real numbers and integers, as Python 3.11 has them.
//!
//! Elementary functions come from the platform's C library through `std`, as CPython's do, so results agree to the last
//! digit; `erf`, `erfc`, `gamma` and `lgamma` come from the `libm` crate. What can grow with its argument (`factorial`,
//! `comb`, `perm`, `prod`) is in `integer` and `sums` and asks for memory first.

mod integer;
mod real;
mod rounding;
mod sums;

use scriptling_vm::native::{ModuleBuilder, NativeModule};

/// The module `math`.
pub(crate) struct Math;

impl NativeModule for Math {
    fn name(&self) -> &'static str {
        "math"
    }

    fn doc(&self) -> &'static str {
        "Functions of real numbers and integers."
    }

    fn define(&self, module: &mut ModuleBuilder<'_>) {
        module
            .constant("pi", std::f64::consts::PI)
            .constant("e", std::f64::consts::E)
            .constant("tau", std::f64::consts::TAU)
            .constant("inf", f64::INFINITY)
            .constant("nan", f64::NAN);
        real::define(module);
        rounding::define(module);
        integer::define(module);
        sums::define(module);
    }
}
