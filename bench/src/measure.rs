//! Samples of a duration, and how numbers are printed beside their targets.

use std::process::Command;
use std::time::{Duration, Instant};

/// Several measurements of the same thing.
#[derive(Default)]
pub(crate) struct Samples(Vec<Duration>);

impl Samples {
    /// Adds one.
    pub(crate) fn push(&mut self, sample: Duration) {
        self.0.push(sample);
        self.0.sort();
    }

    /// The smallest: the machine's other work only ever adds.
    pub(crate) fn min(&self) -> Duration {
        self.0.first().copied().unwrap_or_default()
    }

    /// The middle one.
    pub(crate) fn median(&self) -> Duration {
        self.0.get(self.0.len() / 2).copied().unwrap_or_default()
    }

    /// `12.3 / 12.9 ms`
    pub(crate) fn text(&self) -> String {
        format!("{:8.2} /{:8.2} ms", milliseconds(self.min()), milliseconds(self.median()))
    }
}

/// As a fraction of milliseconds.
pub(crate) fn milliseconds(duration: Duration) -> f64 {
    duration.as_secs_f64() * 1e3
}

/// Runs a command to its end: how long it took and what it printed.
pub(crate) fn timed(command: &mut Command) -> Result<(Duration, String), String> {
    let started = Instant::now();
    let output = command.output().map_err(|error| format!("{command:?}: {error}"))?;
    let took = started.elapsed();
    if !output.status.success() {
        let stderr = String::from_utf8_lossy(&output.stderr);
        let last = stderr.trim().lines().last().unwrap_or("no message");
        return Err(format!("{}: {last}", output.status));
    }
    Ok((took, String::from_utf8_lossy(&output.stdout).into_owned()))
}

/// The smallest time of `runs` calls.
pub(crate) fn best_of(runs: usize, mut action: impl FnMut()) -> Duration {
    let mut samples = Samples::default();
    for _ in 0..runs {
        let started = Instant::now();
        action();
        samples.push(started.elapsed());
    }
    samples.min()
}

/// A target of the design.
#[derive(Clone, Copy)]
pub(crate) enum Target {
    /// The number must not be above this.
    AtMost(f64),
    /// The number must not be below this.
    AtLeast(f64),
    /// Nothing was promised.
    None,
}

impl Target {
    /// `target <= 2.0   PASS`
    pub(crate) fn verdict(self, value: f64) -> String {
        let (text, passed) = match self {
            Target::AtMost(limit) => (format!("<= {limit}"), value <= limit),
            Target::AtLeast(limit) => (format!(">= {limit}"), value >= limit),
            Target::None => return String::new(),
        };
        format!("target {text:<8} {}", if passed { "PASS" } else { "MISS" })
    }
}

/// Prints one measured number beside its target.
pub(crate) fn line(name: &str, value: f64, unit: &str, target: Target) {
    println!("  {name:<34} {value:10.3} {unit:<10} {}", target.verdict(value));
}

/// Prints a number beside CPython's for the same program, and how many times faster it is, which should be `least`.
pub(crate) fn compared(name: &str, ours: f64, theirs: f64, unit: &str, least: f64) {
    let faster = theirs / ours;
    let verdict = Target::AtLeast(least).verdict(faster);
    println!("  {name:<34} {ours:10.3} {unit:<10} python {theirs:9.3} {unit:<2} {faster:6.2} x  {verdict}");
}

/// Prints a number with its target, and CPython's beside it.
pub(crate) fn beside(name: &str, ours: f64, theirs: f64, unit: &str, target: Target) {
    println!("  {name:<34} {ours:10.3} {unit:<10} python {theirs:9.3} {unit:<10} {}", target.verdict(ours));
}

/// The middle one of several numbers.
pub(crate) fn median(mut numbers: Vec<f64>) -> f64 {
    numbers.sort_by(f64::total_cmp);
    numbers.get(numbers.len() / 2).copied().unwrap_or(f64::NAN)
}
