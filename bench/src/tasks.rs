//! Tasks and what they share: scripts in `bench/tasks` that measure themselves and print one number.
//!
//! They are scripts, so the numbers are what a script sees: the loop around the operation is included. Where the design
//! promises nothing, there is the same program for CPython in `bench/tasks/python`, run in turns with ours.

mod table;

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::interpreter::Interpreters;
use crate::measure::{Target, beside, compared, line, median, timed};
use crate::startup::waiting_memory;
use crate::{Options, folder};
use table::{BENCHES, Bench, FILE, PARKED};

/// As much faster than the same program in CPython is what we aim for where the design has no number.
const FASTER: f64 = 2.0;

/// Runs all of them.
pub(crate) fn run(options: &Options, interpreters: &Interpreters) -> Result<(), String> {
    let chosen: Vec<&Bench> = BENCHES.iter().filter(|bench| options.wants(bench.name)).collect();
    let memory = options.wants("parked_memory");
    if chosen.is_empty() && !memory {
        return Ok(());
    }
    println!("tasks (median of {})", runs(options));
    let scratch = Scratch::new()?;
    for bench in chosen {
        let name = bench.title();
        match measure(options, interpreters, bench, &scratch) {
            Ok((ours, Some(theirs))) => match bench.target {
                Target::None => compared(&name, ours, theirs, bench.unit, FASTER),
                target => beside(&name, ours, theirs, bench.unit, target),
            },
            Ok((ours, None)) => line(&name, ours, bench.unit, bench.target),
            Err(problem) => println!("  {name:<34} FAILED: {problem}"),
        }
    }
    if memory {
        match parked_memory(options, interpreters) {
            Ok(value) => line("parked task", value, "bytes", Target::AtMost(4096.0)),
            Err(problem) => println!("  {:<34} FAILED: {problem}", "parked task"),
        }
    }
    Ok(())
}

fn runs(options: &Options) -> usize {
    options.runs().div_ceil(3)
}

/// How often the operation is repeated.
fn repeat(options: &Options, bench: &Bench) -> u64 {
    let repeat = if bench.repeat == PARKED { options.parked } else { bench.repeat };
    if options.quick { repeat / 10 } else { repeat }
}

/// Our number, and CPython's if there is a program for it.
fn measure(
    options: &Options,
    interpreters: &Interpreters,
    bench: &Bench,
    scratch: &Scratch,
) -> Result<(f64, Option<f64>), String> {
    let file = format!("{}.py", bench.name);
    let script = folder().join("tasks").join(&file);
    let twin = folder().join("tasks/python").join(file);
    let python = interpreters.python.as_ref().filter(|_| bench.has_twin() && twin.exists());
    let repeat = repeat(options, bench);
    let (mut ours, mut theirs) = (Vec::new(), Vec::new());
    for _ in 0..runs(options) {
        ours.push(number(&interpreters.scriptling, &script, repeat, bench, scratch)?);
        if let Some(python) = python {
            theirs.push(number(python, &twin, repeat, bench, scratch)?);
        }
    }
    Ok((median(ours), python.map(|_| median(theirs))))
}

/// What one run prints.
fn number(program: &Path, script: &Path, repeat: u64, bench: &Bench, scratch: &Scratch) -> Result<f64, String> {
    let mut command = Command::new(program);
    command.arg(script).arg(repeat.to_string());
    for argument in bench.arguments {
        if *argument == FILE {
            command.arg(scratch.fresh()?);
        } else {
            command.arg(argument);
        }
    }
    let (_, printed) = timed(&mut command)?;
    printed.trim().parse().map_err(|_| format!("it printed {printed:?}"))
}

fn parked_memory(options: &Options, interpreters: &Interpreters) -> Result<f64, String> {
    let script = std::fs::read_to_string(folder().join("tasks/parked_tasks.py")).map_err(|error| error.to_string())?;
    let tasks = if options.quick { options.parked / 10 } else { options.parked };
    let with = |count: u64| waiting_memory(&interpreters.scriptling, &format!("COUNT = {count}\n{script}"));
    let (few, many) = (with(1)?, with(tasks)?);
    Ok(many.saturating_sub(few) as f64 / tasks as f64)
}

/// A folder for stores in files. It goes when this does.
struct Scratch(PathBuf);

impl Scratch {
    fn new() -> Result<Scratch, String> {
        let folder = std::env::temp_dir().join(format!("scriptling-bench-{}", std::process::id()));
        std::fs::create_dir(&folder).map_err(|error| format!("{}: {error}", folder.display()))?;
        Ok(Scratch(folder))
    }

    /// The path of a store, after removing those of earlier runs.
    fn fresh(&self) -> Result<PathBuf, String> {
        for entry in std::fs::read_dir(&self.0).map_err(|error| error.to_string())?.flatten() {
            std::fs::remove_file(entry.path()).map_err(|error| error.to_string())?;
        }
        Ok(self.0.join("store"))
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        // Left in the folder for temporary files if it cannot be removed: that is what it is for.
        let _ = std::fs::remove_dir_all(&self.0);
    }
}
