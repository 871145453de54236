//! Run a script, call one of its functions, read the result.

use scriptling_vm::error::Error;
use scriptling_vm::isolate::{Isolate, Limits, NoHost};
use scriptling_vm::library::Library;
use scriptling_vm::portable::Portable;

fn main() -> Result<(), Error> {
    // Made once and shared by all isolates.
    let library = Library::builder().build();
    let mut isolate = Isolate::new(library, Box::new(NoHost), Limits::default());
    isolate.run_source("hello.py", "def greet(name):\n    return f'hello, {name}'\n")?;
    let greeting = isolate.call_function("greet", &[Portable::str("world")])?;
    assert_eq!(greeting.as_str(), Some("hello, world"));
    Ok(())
}
