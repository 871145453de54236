//! Standard modules that compute: `math` and `json`.
//!
//! They use only the public native API of `scriptling-vm`, as a third party would, and need nothing from the outside: no
//! files, clocks, threads. Modules that do (`sys`, `time`, `scriptling.*`) are in `scriptling-runtime`.
//!
//! A native never runs script code: where Python calls `__float__`, `__index__` or a `default` function, these modules
//! return an `Outcome::Call` and go on in its continuation.
#![forbid(unsafe_code)]

mod convert;
mod json;
mod math;

use scriptling_vm::native::NativeModule;

/// All modules of this crate, to be added to a library.
pub fn modules() -> Vec<Box<dyn NativeModule>> {
    vec![Box::new(math::Math), Box::new(json::Json)]
}
