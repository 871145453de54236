//! Background tasks, sync primitives and the key-value store of Scriptling.

pub mod clock;
pub mod kv;
pub mod sync;
