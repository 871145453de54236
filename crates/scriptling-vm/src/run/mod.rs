//! The run loop.

pub mod cache;
