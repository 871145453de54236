//! How to embed Scriptling. The README's program is compiled and run as a test of this crate:
#![doc = include_str!("../../README.md")]
#![forbid(unsafe_code)]
