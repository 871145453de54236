//! Benchmarks: `cargo run --release -p scriptling-bench`.
//!
//! Runs the scripts of `bench/scripts` under the release `scriptling` and CPython, interleaved, and measures start-up, the
//! front end, isolates and tasks. Every number stands beside its target from the design; nothing here fails, because
//! tests do not assert on time. `--quick` runs less, `--only NAME` filters, `--parked COUNT`
//! parks more tasks, `--no-python` leaves CPython out.
#![forbid(unsafe_code)]
#![expect(clippy::print_stdout, reason = "a program that prints a report")]

mod frontend;
mod interpreter;
mod isolates;
mod measure;
mod scripts;
mod startup;
mod tasks;

use std::path::{Path, PathBuf};

use clap::Parser;
use interpreter::Interpreters;

/// Measures Scriptling against CPython and against its own targets.
#[derive(Parser, Debug)]
struct Options {
    /// Fewer and shorter runs
    #[arg(long)]
    quick: bool,
    /// Only what has this in its name
    #[arg(long, value_name = "NAME")]
    only: Option<String>,
    /// How many tasks to park; the design speaks of 1000000, which take 3.5 GiB
    #[arg(long, value_name = "COUNT", default_value_t = 100_000)]
    parked: u64,
    /// Do not run CPython
    #[arg(long)]
    no_python: bool,
}

impl Options {
    /// Whether something of this name is wanted.
    fn wants(&self, name: &str) -> bool {
        self.only.as_ref().is_none_or(|part| name.contains(part.as_str()))
    }

    /// How often a whole process is measured.
    fn runs(&self) -> usize {
        if self.quick { 3 } else { 9 }
    }
}

fn main() -> Result<(), String> {
    let options = Options::parse();
    let interpreters = Interpreters::find(options.no_python)?;
    println!("scriptling: {}", interpreters.scriptling.display());
    match &interpreters.python {
        Some(python) => println!("python:     {} ({})", python.display(), interpreter::version(python)),
        None => println!("python:     not run"),
    }
    println!("times are minimum / median of {} runs\n", options.runs());
    scripts::run(&options, &interpreters)?;
    startup::run(&options, &interpreters)?;
    frontend::run(&options, &interpreters)?;
    isolates::run(&options);
    tasks::run(&options, &interpreters)
}

/// The folder of this package.
fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).to_path_buf()
}
