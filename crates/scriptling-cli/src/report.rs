//! Exit codes, and failures as text for the terminal.
//!
//! Script failures arrive rendered (a traceback, or a syntax error with its line and carets) and are printed as they are;
//! what this program has to say itself starts with its name.

use std::io::{ErrorKind, Write};
use std::sync::{Arc, OnceLock};

/// The script ended well.
pub(crate) const OK: i32 = 0;
/// The script failed.
pub(crate) const FAILED: i32 = 1;
/// Wrong usage, or the script cannot be read.
pub(crate) const USAGE: i32 = 2;
/// Every task waits for another one.
pub(crate) const DEADLOCK: i32 = 3;
/// Ctrl-C: 128 and the signal's number, as shells have it.
pub(crate) const INTERRUPTED: i32 = 130;
/// The reader of standard output went away.
pub(crate) const BROKEN_PIPE: i32 = 141;
/// SIGTERM.
pub(crate) const TERMINATED: i32 = 143;

/// Why a script was not run: a message for the user and the exit code.
#[derive(Debug, PartialEq)]
pub(crate) struct Failure {
    /// Ends without a line break.
    pub(crate) message: String,
    /// One of the codes above.
    pub(crate) code: i32,
}

impl Failure {
    /// Something that this program says itself.
    pub(crate) fn usage(message: impl AsRef<str>) -> Failure {
        Failure { message: format!("scriptling: {}", message.as_ref()), code: USAGE }
    }

    /// Something about the script, rendered already.
    pub(crate) fn script(rendered: &str) -> Failure {
        Failure { message: rendered.trim_end_matches('\n').to_owned(), code: FAILED }
    }

    /// Prints the message and gives the exit code.
    pub(crate) fn report(&self) -> i32 {
        if !self.message.is_empty() {
            // Nobody is left to tell if standard error is closed.
            let _ = writeln!(std::io::stderr(), "{}", self.message);
        }
        self.code
    }
}

/// Ends the process.
#[expect(clippy::exit, reason = "the one place where this program ends with a code")]
pub(crate) fn exit(code: i32) -> ! {
    std::process::exit(code)
}

/// What is to be done before the process ends because nobody reads its output any more, once there is something.
pub(crate) type AtEnd = Arc<OnceLock<Box<dyn Fn() + Send + Sync>>>;

/// Standard output; when its reader has gone away, writing ends the process silently.
pub(crate) fn standard_output(at_end: AtEnd) -> impl Write + Send {
    UntilClosed { stdout: std::io::stdout(), at_end }
}

struct UntilClosed {
    stdout: std::io::Stdout,
    at_end: AtEnd,
}

impl UntilClosed {
    fn check<T>(&self, result: std::io::Result<T>) -> std::io::Result<T> {
        match &result {
            Err(error) if error.kind() == ErrorKind::BrokenPipe => {
                self.at_end.get().into_iter().for_each(|act| act());
                exit(BROKEN_PIPE)
            }
            _ => result,
        }
    }
}

impl Write for UntilClosed {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        let result = self.stdout.write(bytes);
        self.check(result)
    }

    fn flush(&mut self) -> std::io::Result<()> {
        let result = self.stdout.flush();
        self.check(result)
    }
}

/// The operating system's words for an error, without the number that Rust adds.
pub(crate) fn reason(error: &std::io::Error) -> String {
    let text = error.to_string();
    match text.find(" (os error") {
        Some(end) => text[..end].to_owned(),
        None => text,
    }
}
