//! The `scriptling` command.
//!
//! `args` says what may be written, `program` reads the script, `run` and `dis` do the work, `signals` ends it early,
//! `report` prints failures and owns the exit codes. Everything else is in the libraries: another front end needs nothing
//! of this crate.
#![forbid(unsafe_code)]

mod args;
mod dis;
mod program;
mod report;
mod run;
mod signals;

use args::{Action, Args};
use clap::{CommandFactory, Parser};
use program::Program;
use report::Failure;
use scriptling_vm::heap::allocator::Allocator;

/// Scripts allocate many small texts and tables; the system's allocator spent a fifth of such programs' time.
#[global_allocator]
static ALLOCATOR: Allocator = Allocator;

fn main() {
    let code = execute().unwrap_or_else(|failure| failure.report());
    // Not by returning: threads may still wait for something, and their memory needs no tidying.
    report::exit(code);
}

/// Does what the command line asks for; the exit code if that worked.
fn execute() -> Result<i32, Failure> {
    let mut args = Args::parse();
    match args.action().map_err(Failure::usage)? {
        Action::RunCode { code, args: words } => run::run(&args, Program::from_code(&code)?, "-c".into(), words),
        Action::RunFile { file, args: words } => run::run(&args, Program::from_file(&file)?, file, words),
        Action::RunInput if Program::input_is_terminal() => {
            let usage = Args::command().render_usage().to_string();
            Err(Failure::usage(format!("no script given\n\n{usage}\n\nFor more information, try '--help'.")))
        }
        Action::RunInput => run::run(&args, Program::from_input()?, "".into(), Vec::new()),
        Action::Disassemble { file } => dis::dis(&Program::from_file(&file)?),
    }
}
