//! `scriptling dis FILE`: the bytecode of a script.

use std::io::Write;

use scriptling_vm::disasm::disassemble;

use crate::program::Program;
use crate::report::{self, Failure};
use crate::run::{compile, library};

/// Prints the listing of all code objects.
pub(crate) fn dis(program: &Program) -> Result<i32, Failure> {
    let unit = compile(&library(false), program)?;
    // A reader that goes away (`| head`) has seen enough.
    let _ = report::standard_output(report::AtEnd::default()).write_all(disassemble(&unit).as_bytes());
    Ok(report::OK)
}
