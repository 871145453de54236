//! Harness of the conformance tests: finds scripts, reads what they expect, runs them, compares.
//!
//! `directives` reads the comments described in `tests/scripts/README.md`, `process` runs a command with a time limit,
//! `oracle` asks CPython, `check` compares, `corpus` lists the scripts. The test programs beside this package's sources
//! (`tests/*.rs`) only say which scripts run in which way.
#![forbid(unsafe_code)]

pub mod check;
pub mod corpus;
pub mod directives;
pub mod oracle;
pub mod process;
