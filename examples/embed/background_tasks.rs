//! Run a program with background tasks on a pool of threads, and catch what it prints.

use std::io::Write;
use std::sync::{Arc, Mutex};

use scriptling_runtime::{Output, Runtime};
use scriptling_vm::error::Error;
use scriptling_vm::isolate::{Isolate, Limits, NoHost};
use scriptling_vm::library::Library;

const PROGRAM: &str = "
import scriptling.runtime as runtime

def square(n):
    return n * n

print(sum(promise.get() for promise in [runtime.run(square, n) for n in range(10)]))
";

#[derive(Clone, Default)]
struct Captured(Arc<Mutex<Vec<u8>>>);

impl Write for Captured {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().expect("nothing panics while it writes").extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

fn main() -> Result<(), Error> {
    let library = Library::builder().boxed_modules(scriptling_runtime::modules::all()).build();
    let unit = Isolate::new(library.clone(), Box::new(NoHost), Limits::default()).compile("squares.py", PROGRAM)?;
    let captured = Captured::default();
    let output = Output::new(Box::new(captured.clone()), Box::new(std::io::stderr()), false);
    let runtime = Runtime::builder().workers(2).output(output).build(library)?;
    runtime.run_main(unit)?;
    assert_eq!(*captured.0.lock().expect("nothing panics while it writes"), b"285\n");
    Ok(())
}
