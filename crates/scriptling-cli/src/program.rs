//! Script text from a file, the command line or standard input, checked to be text.

use std::ffi::OsStr;
use std::io::{IsTerminal, Read};
use std::path::Path;

use scriptling_syntax::Source;
use scriptling_syntax::render::render;

use crate::report::{Failure, reason};

/// A script to run.
#[derive(Debug, PartialEq)]
pub(crate) struct Program {
    /// What tracebacks call it.
    pub(crate) name: String,
    /// Its text.
    pub(crate) text: String,
}

impl Program {
    /// Reads a file; `-` is standard input.
    pub(crate) fn from_file(file: &OsStr) -> Result<Program, Failure> {
        if file == "-" {
            return Program::from_input();
        }
        let name = file.to_string_lossy().into_owned();
        let cannot = |why: &str| Failure::usage(format!("can't open file '{name}': {why}"));
        if Path::new(file).is_dir() {
            return Err(cannot("Is a directory"));
        }
        let bytes = std::fs::read(file).map_err(|error| cannot(&reason(&error)))?;
        Ok(Program { text: text_of(&name, bytes)?, name })
    }

    /// A text from the command line.
    pub(crate) fn from_code(code: &OsStr) -> Result<Program, Failure> {
        let bytes = code.as_encoded_bytes().to_vec();
        Ok(Program { name: "<string>".into(), text: text_of("<string>", bytes)? })
    }

    /// Standard input to its end.
    pub(crate) fn from_input() -> Result<Program, Failure> {
        let mut bytes = Vec::new();
        let read = std::io::stdin().read_to_end(&mut bytes);
        read.map_err(|error| Failure::usage(format!("can't read standard input: {}", reason(&error))))?;
        Ok(Program { name: "<stdin>".into(), text: text_of("<stdin>", bytes)? })
    }

    /// Whether somebody sits in front of standard input, so that reading a script from it would seem to hang.
    pub(crate) fn input_is_terminal() -> bool {
        std::io::stdin().is_terminal()
    }
}

fn text_of(name: &str, bytes: Vec<u8>) -> Result<String, Failure> {
    if let Some(at) = bytes.iter().position(|&byte| byte == 0) {
        return Err(Failure::usage(format!("can't run '{name}': not a script (null byte at offset {at})")));
    }
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&bytes);
    match Source::from_bytes(name, bytes) {
        Ok(source) => Ok(source.text().to_owned()),
        Err((source, error)) => Err(Failure::script(&render(&source, &error))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_text_is_a_script() {
        assert_eq!(text_of("x", b"\xef\xbb\xbfpass".to_vec()).as_deref(), Ok("pass"));
        assert!(text_of("x", b"a\0b".to_vec()).expect_err("null byte").message.contains("null byte at offset 1"));
        assert!(
            text_of("x", b"ab\xff".to_vec())
                .expect_err("not UTF-8")
                .message
                .contains("in position 2: invalid start byte")
        );
    }

    #[test]
    fn unreadable_files_are_usage_errors() {
        let missing = Program::from_file(OsStr::new("no such file.py")).expect_err("it is not there");
        assert_eq!(missing.message, "scriptling: can't open file 'no such file.py': No such file or directory");
        assert_eq!(missing.code, crate::report::USAGE);
        let directory = Program::from_file(OsStr::new("src")).expect_err("a directory");
        assert_eq!(directory.message, "scriptling: can't open file 'src': Is a directory");
    }
}
