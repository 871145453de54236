//! The command line: what may be written after `scriptling`, and what `--help` says about it.
//!
//! Options come first. The first word that is not one is the script (or the word `dis`), and everything after it belongs to
//! the script, as everything after `-c CODE` does.

use std::ffi::OsString;

use clap::Parser;

const EXIT_CODES: &str = "\
Exit codes:
  0    the script ended well
  1    an uncaught exception, a syntax error, or a limit was met
  2    wrong usage, or the script cannot be read
  3    deadlock: every task waits for another one
  n    the script called sys.exit(n)
  130  interrupted (Ctrl-C)
  141  the reader of the output went away
  143  terminated (SIGTERM)

Without FILE the script is read from standard input, unless that is a terminal. FILE `-` is standard input, too.
Limits that a script meets raise exceptions that `except Exception` does not catch.";

/// Runs Scriptling scripts.
#[derive(Parser, Debug)]
#[command(
    name = "scriptling",
    version,
    about = "Runs Scriptling scripts: Python-like, with background tasks.",
    override_usage = "scriptling [OPTIONS] FILE [ARGS]...\n       scriptling [OPTIONS] -c CODE [ARGS]...\n       scriptling dis FILE",
    after_help = EXIT_CODES,
    disable_help_subcommand = true
)]
pub(crate) struct Args {
    /// Run this text; what follows are its arguments
    #[arg(short = 'c', num_args = 1.., allow_hyphen_values = true, value_names = ["CODE", "ARGS"])]
    code: Option<Vec<OsString>>,

    /// End the script after this many seconds
    #[arg(long, value_name = "N", value_parser = seconds)]
    pub(crate) seconds: Option<f64>,

    /// Threads that run tasks [default: one per processor]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=1024))]
    pub(crate) workers: Option<u16>,

    /// Memory of the script and of each of its tasks, with K, M or G [default: 512M]
    #[arg(long, value_name = "BYTES", value_parser = bytes)]
    pub(crate) memory: Option<usize>,

    /// Memory of what no task holds, with K, M or G: values in queues, topics, shared values and key-value stores in memory
    /// [default: no limit]
    #[arg(long, value_name = "BYTES", value_parser = bytes)]
    pub(crate) shared_memory: Option<usize>,

    /// Steps (loop turns and calls) the script and each of its tasks may make
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(1..))]
    pub(crate) fuel: Option<u64>,

    /// Seconds that tasks may clean up when they are cancelled, by the end of the script for instance [default: 2]
    #[arg(long, value_name = "N", value_parser = grace)]
    pub(crate) grace: Option<f64>,

    /// Run all tasks in turns that follow from this number, with a clock that jumps instead of waiting: the same each time
    #[arg(long, value_name = "N")]
    pub(crate) schedule_seed: Option<u64>,

    /// The script, then its arguments; or `dis` and a script, to print its bytecode
    #[arg(value_name = "FILE", trailing_var_arg = true)]
    rest: Vec<OsString>,
}

/// What to do.
#[derive(Debug, PartialEq)]
pub(crate) enum Action {
    /// Run a text given on the command line.
    RunCode {
        /// The text.
        code: OsString,
        /// What the script sees after `-c`.
        args: Vec<OsString>,
    },
    /// Run a file, or standard input if it is `-`.
    RunFile {
        /// Its path as given.
        file: OsString,
        /// What the script sees after its name.
        args: Vec<OsString>,
    },
    /// Run standard input because nothing else was said.
    RunInput,
    /// Print the bytecode of a file.
    Disassemble {
        /// Its path as given.
        file: OsString,
    },
}

impl Args {
    /// What the words after the options ask for; the error is for the user.
    pub(crate) fn action(&mut self) -> Result<Action, String> {
        if let Some(code) = self.code.take() {
            let mut words = code.into_iter();
            let code = words.next().unwrap_or_default();
            return Ok(Action::RunCode { code, args: words.collect() });
        }
        let mut words = std::mem::take(&mut self.rest).into_iter();
        let Some(file) = words.next() else { return Ok(Action::RunInput) };
        let mut args: Vec<OsString> = words.collect();
        if file == "dis" {
            return match (args.pop(), args.is_empty()) {
                (Some(file), true) => Ok(Action::Disassemble { file }),
                _ => Err("dis takes one file (a script of that name is run by ./dis)".into()),
            };
        }
        Ok(Action::RunFile { file, args })
    }
}

fn seconds(text: &str) -> Result<f64, String> {
    match text.parse::<f64>() {
        Ok(seconds) if seconds > 0.0 && seconds <= 1e9 => Ok(seconds),
        _ => Err("expected a positive number of seconds".into()),
    }
}

fn grace(text: &str) -> Result<f64, String> {
    match text.parse::<f64>() {
        Ok(seconds) if (0.0..=1e9).contains(&seconds) => Ok(seconds),
        _ => Err("expected a number of seconds".into()),
    }
}

fn bytes(text: &str) -> Result<usize, String> {
    let upper = text.to_ascii_uppercase();
    let plain = upper.trim_end_matches('B');
    let (digits, shift) = match plain.as_bytes().last() {
        Some(b'K') => (&plain[..plain.len() - 1], 10),
        Some(b'M') => (&plain[..plain.len() - 1], 20),
        Some(b'G') => (&plain[..plain.len() - 1], 30),
        _ => (plain, 0),
    };
    let number = digits.parse::<usize>().ok().and_then(|number| number.checked_mul(1 << shift));
    number.filter(|&bytes| bytes >= 1 << 16).ok_or_else(|| "expected a size of at least 64K, such as 512M".into())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(words: &[&str]) -> Result<Action, String> {
        let mut args = Args::try_parse_from([&["scriptling"], words].concat()).map_err(|error| error.to_string())?;
        args.action()
    }

    fn words(words: &[&str]) -> Vec<OsString> {
        words.iter().map(OsString::from).collect()
    }

    #[test]
    fn everything_after_the_file_belongs_to_the_script() {
        let expected = Action::RunFile { file: "x.py".into(), args: words(&["--seconds", "3", "-c", "--", "-x"]) };
        assert_eq!(parse(&["--seconds", "1", "x.py", "--seconds", "3", "-c", "--", "-x"]), Ok(expected));
        let expected = Action::RunCode { code: "pass".into(), args: words(&["--version", "a"]) };
        assert_eq!(parse(&["-c", "pass", "--version", "a"]), Ok(expected));
        assert_eq!(parse(&["-"]), Ok(Action::RunFile { file: "-".into(), args: vec![] }));
        assert_eq!(parse(&[]), Ok(Action::RunInput));
        assert_eq!(parse(&["dis", "x.py"]), Ok(Action::Disassemble { file: "x.py".into() }));
    }

    #[test]
    fn wrong_usage_is_refused() {
        for wrong in [
            &["--unknown"][..],
            &["-c"],
            &["--seconds", "0"],
            &["--seconds", "x"],
            &["--memory", "12"],
            &["--memory", "99999999999G"],
            &["--shared-memory", "12"],
            &["--workers", "0"],
            &["--fuel", "-1"],
            &["--grace", "-1"],
            &["--schedule-seed", "-1"],
            &["--schedule-seed", "x"],
            &["--grace", "x"],
            &["dis"],
            &["dis", "a", "b"],
        ] {
            assert!(parse(wrong).is_err(), "{wrong:?}");
        }
    }

    #[test]
    fn sizes_have_units() {
        assert_eq!(bytes("512M"), Ok(512 << 20));
        assert_eq!(bytes("64k"), Ok(64 << 10));
        assert_eq!(bytes("1GB"), Ok(1 << 30));
        assert_eq!(bytes("100000"), Ok(100_000));
    }
}
