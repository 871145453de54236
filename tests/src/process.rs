//! Running a command to its end, or until its time is up.

use std::io::{Read, Write};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// Far more than any script needs, even in a debug build on a busy machine.
pub const TIME_LIMIT: Duration = Duration::from_mins(2);

/// What a command did.
#[derive(Debug, Clone, PartialEq)]
pub struct Ran {
    /// Standard output.
    pub stdout: String,
    /// Standard error.
    pub stderr: String,
    /// The exit code; `None` if a signal ended it or its time was up.
    pub code: Option<i32>,
    /// Whether it was killed because its time was up.
    pub timed_out: bool,
}

/// Runs a command with this text as its standard input.
///
/// # Panics
/// If the command cannot be started.
pub fn run(command: &mut Command, input: &str) -> Ran {
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().unwrap_or_else(|error| panic!("{command:?}: {error}"));
    let mut stdin = child.stdin.take().expect("it is piped");
    // A command that does not read its input closes the pipe: not our problem.
    let _ = stdin.write_all(input.as_bytes());
    drop(stdin);
    finish(child, TIME_LIMIT)
}

/// Collects the output of a started command.
///
/// # Panics
/// If its pipes were taken already.
pub fn finish(mut child: Child, limit: Duration) -> Ran {
    let stdout = collect(child.stdout.take().expect("it is piped"));
    let stderr = collect(child.stderr.take().expect("it is piped"));
    let started = Instant::now();
    let mut pause = Duration::from_millis(1);
    let (status, timed_out) = loop {
        match child.try_wait().expect("the child is ours") {
            Some(status) => break (status, false),
            None if started.elapsed() > limit => {
                // It may have ended by itself in between.
                let _ = child.kill();
                break (child.wait().expect("the child is ours"), true);
            }
            None => std::thread::sleep(pause),
        }
        pause = (pause * 2).min(Duration::from_millis(20));
    };
    let text = |reader: std::thread::JoinHandle<Vec<u8>>| {
        String::from_utf8_lossy(&reader.join().expect("readers do not panic")).into_owned()
    };
    Ran { stdout: text(stdout), stderr: text(stderr), code: status.code(), timed_out }
}

fn collect(mut pipe: impl Read + Send + 'static) -> std::thread::JoinHandle<Vec<u8>> {
    std::thread::spawn(move || {
        let mut bytes = Vec::new();
        // What was read before an error is what there is.
        let _ = pipe.read_to_end(&mut bytes);
        bytes
    })
}
