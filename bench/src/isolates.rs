//! Creating, running and dropping isolates in this process: what a task costs before any scheduling.

use std::hint::black_box;
use std::sync::Arc;
use std::task::Waker;
use std::time::Instant;

use scriptling_vm::code::Unit;
use scriptling_vm::isolate::{Isolate, Limits, NoHost, Slice};
use scriptling_vm::library::Library;

use crate::Options;
use crate::measure::{Target, line};

/// Measures a tiny program, and building the library that all isolates share.
pub(crate) fn run(options: &Options) {
    if !options.wants("isolate") && !options.wants("library") {
        return;
    }
    println!("isolates");
    let started = Instant::now();
    let library = Library::builder().boxed_modules(scriptling_stdlib::modules()).build();
    line("library, built once", started.elapsed().as_secs_f64() * 1e3, "ms", Target::None);
    let compiler = Isolate::new(library.clone(), Box::new(NoHost), Limits::default());
    match compiler.compile("bench.py", "def f(x):\n    return x + 1\nf(41)\n") {
        Ok(unit) => {
            let count = if options.quick { 20_000 } else { 200_000 };
            line("isolate create + run + drop", per_isolate(&library, &unit, count), "us", Target::AtMost(2.0));
        }
        Err(error) => println!("  isolate create + run + drop FAILED: {error}"),
    }
    println!();
}

/// Microseconds per isolate, after a warm-up.
fn per_isolate(library: &Arc<Library>, unit: &Arc<Unit>, count: u32) -> f64 {
    let once = || {
        let mut isolate = Isolate::new(library.clone(), Box::new(NoHost), Limits::default());
        let started = isolate.start_main(unit.clone()).is_ok();
        black_box(started && matches!(isolate.run(1000, Waker::noop()), Slice::Done(_)))
    };
    for _ in 0..1000 {
        once();
    }
    let started = Instant::now();
    for _ in 0..count {
        once();
    }
    started.elapsed().as_secs_f64() * 1e6 / f64::from(count)
}
