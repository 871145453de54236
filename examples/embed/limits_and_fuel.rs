//! Bound what a script may use, and drive it slice by slice from a loop of your own.

use std::task::Waker;

use scriptling_vm::error::{Error, ExcClass};
use scriptling_vm::isolate::{Isolate, Limits, NoHost, Slice};
use scriptling_vm::library::Library;

fn main() -> Result<(), Error> {
    let library = Library::builder().build();
    let limits = Limits { memory: 1 << 20, ..Limits::default() };

    // A script cannot take more memory than it was given.
    let mut greedy = Isolate::new(library.clone(), Box::new(NoHost), limits);
    let error = greedy.run_source("greedy.py", "[0] * 10**9").expect_err("a gigabyte is not a megabyte");
    assert_eq!(error.class(), "MemoryError");

    // Nor more time: after a hundred slices this one is told to end, whatever it catches.
    let mut endless = Isolate::new(library, Box::new(NoHost), limits);
    let text = "while True:\n    try:\n        while True: pass\n    except Exception:\n        pass\n";
    let unit = endless.compile("endless.py", text)?;
    endless.start_main(unit)?;
    let mut slices = 0;
    let error = loop {
        match endless.run(1_000, Waker::noop()) {
            Slice::OutOfFuel if slices == 100 => endless.interrupt(ExcClass::TimeLimitExceeded, "that was enough"),
            Slice::OutOfFuel => {}
            Slice::Failed(error) => break error,
            Slice::Done(_) | Slice::Parked => return Ok(()),
        }
        slices += 1;
    };
    assert_eq!(error.to_string(), "TimeLimitExceeded: that was enough");
    Ok(())
}
