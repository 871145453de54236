//! Builtin types and functions.

pub mod types;
