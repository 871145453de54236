//! Running a script: library, compilation, runtime, and what its end means for the exit code.

use std::ffi::{OsStr, OsString};
use std::io::IsTerminal;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use scriptling_runtime::{DEADLOCK, Directories, Output, Runtime};
use scriptling_vm::code::Unit;
use scriptling_vm::error::Error;
use scriptling_vm::isolate::{Isolate, Limits, NoHost};
use scriptling_vm::library::Library;

use crate::args::Args;
use crate::program::Program;
use crate::report::{self, Failure};
use crate::signals;

/// Everything a script may import without having it beside itself. `pauses`: see [`LibraryBuilder::pauses`].
///
/// [`LibraryBuilder::pauses`]: scriptling_vm::library::LibraryBuilder::pauses
pub(crate) fn library(pauses: bool) -> Arc<Library> {
    let modules = scriptling_stdlib::modules().into_iter().chain(scriptling_runtime::modules::all());
    Library::builder().boxed_modules(modules).pauses(pauses).build()
}

/// Compiles a program; a syntax error is a failure, rendered.
pub(crate) fn compile(library: &Arc<Library>, program: &Program) -> Result<Arc<Unit>, Failure> {
    let compiler = Isolate::new(library.clone(), Box::new(NoHost), Limits::default());
    compiler.compile(&program.name, &program.text).map_err(|error| Failure::script(error.rendered()))
}

/// Runs a program. `argument` is what it sees as `sys.argv[0]`, `words` the rest.
pub(crate) fn run(args: &Args, program: Program, argument: OsString, words: Vec<OsString>) -> Result<i32, Failure> {
    // Who is next is chosen by a number: so is where that question comes up, as finely as there is a difference.
    let library = library(args.schedule_seed.is_some());
    let unit = compile(&library, &program)?;
    let defaults = Limits::default();
    let limits =
        Limits { memory: args.memory.unwrap_or(defaults.memory), fuel: args.fuel.unwrap_or(defaults.fuel), ..defaults };
    let at_end = report::AtEnd::default();
    let is_terminal = std::io::stdout().is_terminal();
    let output =
        Output::new(Box::new(report::standard_output(at_end.clone())), Box::new(std::io::stderr()), is_terminal);
    let argv = std::iter::once(&argument).chain(&words).map(|word| word.to_string_lossy().into_owned());
    // The main thread's stack is large enough where the system does not keep it small by default.
    let builder = Runtime::builder().run_main_here(cfg!(unix)).limits(limits).output(output);
    // A script that is run may do what its user may.
    let builder = builder.kv_files(true);
    // Nobody but the script has anything to do with its tasks.
    let builder = builder.detect_deadlocks(true);
    let mut builder = builder.argv(argv).loader(Directories(vec![folder_of(&argument)]));
    if let Some(workers) = args.workers {
        builder = builder.workers(workers.into());
    }
    if let Some(bytes) = args.shared_memory {
        builder = builder.shared_memory(bytes);
    }
    if let Some(grace) = args.grace {
        builder = builder.grace(Duration::from_secs_f64(grace));
    }
    if let Some(seed) = args.schedule_seed {
        builder = builder.deterministic(seed);
    }
    if let Some(seconds) = args.seconds {
        builder = builder.time_limit(Duration::from_secs_f64(seconds));
    }
    let runtime = builder.build(library).map_err(|error| Failure::script(error.rendered()))?;
    let runtime = Arc::new(runtime);
    let ending = Arc::downgrade(&runtime);
    let flush_stores = move || {
        if let Some(runtime) = ending.upgrade() {
            runtime.flush_stores();
        }
    };
    at_end.set(Box::new(flush_stores)).unwrap_or_else(|_| unreachable!("it is set once, here"));
    let interrupted = signals::watch(&runtime);
    let result = runtime.run_main(unit);
    runtime.flush();
    match result {
        Ok(_) => Ok(report::OK),
        Err(error) => Err(failure(&error, interrupted.was())),
    }
}

/// Where a script's own modules are: beside it, or in the current directory if it has no file.
fn folder_of(argument: &OsStr) -> PathBuf {
    let is_file = !["-c", "-", ""].iter().any(|other| argument == *other);
    let folder = if is_file { Path::new(argument).parent() } else { None };
    folder.filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new(".")).to_path_buf()
}

fn failure(error: &Error, interrupted: bool) -> Failure {
    let rendered = error.rendered().trim_end_matches('\n').to_owned();
    match error.exit_code() {
        // `sys.exit("message")` prints its message; `sys.exit(3)`, whose message is "3", prints nothing.
        Some(1) if error.message() != "1" => Failure { message: error.message().to_owned(), code: 1 },
        Some(code) => Failure { message: String::new(), code },
        None if interrupted && error.class() == "KeyboardInterrupt" => {
            Failure { message: rendered, code: report::INTERRUPTED }
        }
        None if error.class() == DEADLOCK => Failure { message: rendered, code: report::DEADLOCK },
        None => Failure::script(&rendered),
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn all_modules_can_be_defined() {
        super::library(false).define_modules();
    }
}
