//! The `scriptling` command.
//!
//! `args` says what may be written, `program` reads the script, `run` and `dis` do the work, `report` prints failures and
//! owns the exit codes. Everything else is in the libraries: another front end needs nothing of this crate.
#![forbid(unsafe_code)]

mod args;
mod program;
mod report;

use clap::Parser;

fn main() {
    let _ = args::Args::parse().action();
}
