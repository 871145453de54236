//! Bytecode compiler and virtual machine of the Scriptling language.
//!
//! Knows no threads, files, clocks or executors: an [`Isolate`](isolate::Isolate) runs a slice when somebody calls it, and
//! everything outside is reached through natives and the [`Host`](isolate::Host) trait. Read `docs/ARCHITECTURE.md` first.

pub mod builtins;
pub mod code;
pub mod compile;
pub mod disasm;
pub mod error;
pub mod fiber;
pub mod heap;
pub mod isolate;
pub mod library;
pub mod limits;
pub mod native;
pub mod op;
pub mod operate;
pub mod portable;
mod prelude;
pub mod run;
pub mod suggest;
pub mod value;
pub mod verify;
