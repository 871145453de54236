//! Builtin types and functions.

pub(crate) mod int;
pub(crate) mod scalars;
pub mod types;
