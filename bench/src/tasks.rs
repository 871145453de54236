//! Tasks and what they share: scripts in `bench/tasks` that measure themselves and print one number.
//!
//! They are scripts, so the numbers are what a script sees: the loop around the operation is included.

use std::process::Command;

use crate::interpreter::Interpreters;
use crate::measure::{Samples, Target, line, timed};
use crate::startup::waiting_memory;
use crate::{Options, folder};

/// One script: its name is the file's name.
struct Bench {
    name: &'static str,
    what: &'static str,
    unit: &'static str,
    target: Target,
    /// How often the operation is repeated.
    repeat: u64,
}

const fn bench(name: &'static str, what: &'static str, unit: &'static str, target: Target, repeat: u64) -> Bench {
    Bench { name, what, unit, target, repeat }
}

const BENCHES: [Bench; 12] = [
    bench("spawn_join", "spawn + join", "us", Target::AtMost(5.0), 50_000),
    bench("park_resume", "park + resume through the pool", "us", Target::AtMost(1.0), 300_000),
    bench("ping_pong", "queue ping-pong, per round trip", "us", Target::AtMost(1.0), 200_000),
    bench("token_ring", "token ring of 503, per hop", "us", Target::AtMost(0.5), 500_000),
    bench("queue_put_get", "Queue put + get, uncontended", "us", Target::AtMost(0.4), 300_000),
    bench("queue_throughput", "queue between two tasks, per item", "us", Target::None, 300_000),
    bench("atomic_add", "Atomic.add", "us", Target::AtMost(0.2), 500_000),
    bench("shared_get", "Shared.get", "us", Target::AtMost(0.2), 500_000),
    bench("kv_set_get", "kv set + get", "us", Target::AtMost(0.6), 300_000),
    bench("kv_incr", "kv incr", "us", Target::AtMost(0.3), 300_000),
    bench("two_cpu_tasks", "two CPU-bound tasks, times one", "x", Target::AtMost(1.25), 2_000_000),
    bench("echo_latency", "echo among hogs, p99", "ms", Target::AtMost(3.0), 1_000),
];

/// How many tasks are parked to measure their memory.
const PARKED: u64 = 100_000;

/// Runs all of them.
pub(crate) fn run(options: &Options, interpreters: &Interpreters) -> Result<(), String> {
    let chosen: Vec<&Bench> = BENCHES.iter().filter(|bench| options.wants(bench.name)).collect();
    let memory = options.wants("parked_memory");
    if chosen.is_empty() && !memory {
        return Ok(());
    }
    println!("tasks (best of {})", options.runs().div_ceil(3));
    for bench in chosen {
        match measure(options, interpreters, bench) {
            Ok(value) => line(bench.what, value, bench.unit, bench.target),
            Err(problem) => println!("  {:<34} FAILED: {problem}", bench.what),
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

fn measure(options: &Options, interpreters: &Interpreters, bench: &Bench) -> Result<f64, String> {
    let script = folder().join("tasks").join(format!("{}.py", bench.name));
    let repeat = if options.quick { bench.repeat / 10 } else { bench.repeat };
    let mut best = f64::INFINITY;
    let mut samples = Samples::default();
    for _ in 0..options.runs().div_ceil(3) {
        let (took, printed) = timed(Command::new(&interpreters.scriptling).arg(&script).arg(repeat.to_string()))?;
        samples.push(took);
        let value: f64 = printed.trim().parse().map_err(|_| format!("it printed {printed:?}"))?;
        best = best.min(value);
    }
    Ok(best)
}

fn parked_memory(options: &Options, interpreters: &Interpreters) -> Result<f64, String> {
    let script = std::fs::read_to_string(folder().join("tasks/parked_tasks.py")).map_err(|error| error.to_string())?;
    let tasks = if options.quick { PARKED / 10 } else { PARKED };
    let with = |count: u64| waiting_memory(&interpreters.scriptling, &format!("COUNT = {count}\n{script}"));
    let (few, many) = (with(1)?, with(tasks)?);
    Ok(many.saturating_sub(few) as f64 / tasks as f64)
}
