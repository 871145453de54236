//! Runs a script file under the runtime: the smallest embedder. `run_script [-w WORKERS] FILE [ARGS]`
#![expect(clippy::print_stderr, reason = "a command-line program")]

use std::path::Path;
use std::process::ExitCode;
use std::sync::Arc;

use scriptling_runtime::{Directories, Runtime, modules};
use scriptling_syntax::Source;
use scriptling_vm::library::Library;

fn main() -> ExitCode {
    let mut args: Vec<String> = std::env::args().skip(1).collect();
    let mut builder = Runtime::builder();
    if args.first().is_some_and(|arg| arg == "-w") {
        let workers = args.get(1).and_then(|arg| arg.parse().ok()).unwrap_or(1);
        args.drain(..2);
        builder = builder.workers(workers);
    }
    let Some(file) = args.first().cloned() else {
        eprintln!("usage: run_script [-w WORKERS] FILE [ARGS]");
        return ExitCode::from(2);
    };
    let text = match std::fs::read_to_string(&file) {
        Ok(text) => text,
        Err(error) => {
            eprintln!("{file}: {error}");
            return ExitCode::from(2);
        }
    };
    let directory = Path::new(&file).parent().unwrap_or(Path::new(".")).to_owned();
    let library = Library::builder().boxed_modules(modules::all()).build();
    let compiled =
        scriptling_vm::run::start::compile_source(&library, Arc::new(Source::new(file.as_str(), text)), None, false);
    let unit = match compiled {
        Ok(unit) => Arc::new(unit),
        Err(errors) => {
            eprint!("{}", errors.rendered);
            return ExitCode::FAILURE;
        }
    };
    let runtime = match builder.argv(args).loader(Directories(vec![directory])).build(library) {
        Ok(runtime) => runtime,
        Err(error) => {
            eprintln!("{error}");
            return ExitCode::FAILURE;
        }
    };
    match runtime.run_main(unit) {
        Ok(_) => ExitCode::SUCCESS,
        Err(error) => {
            let code = error.exit_code();
            if code.is_none() {
                eprint!("{}", error.rendered());
            }
            ExitCode::from(code.unwrap_or(1) as u8)
        }
    }
}
