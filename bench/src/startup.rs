//! How long an empty script takes, and how much memory it needs.

use std::io::Read;
use std::path::Path;
use std::process::{Child, Command, Stdio};

use crate::Options;
use crate::interpreter::Interpreters;
use crate::measure::{Samples, Target, line, milliseconds, timed};

/// Measures `-c pass`, and the memory of a script that waits.
pub(crate) fn run(options: &Options, interpreters: &Interpreters) -> Result<(), String> {
    if !options.wants("startup") {
        return Ok(());
    }
    println!("start-up");
    let runs = options.runs() * 5;
    let (mut ours, mut theirs) = (Samples::default(), Samples::default());
    for _ in 0..runs {
        ours.push(timed(Command::new(&interpreters.scriptling).args(["-c", "pass"]))?.0);
        if let Some(python) = &interpreters.python {
            theirs.push(timed(Command::new(python).args(["-S", "-c", "pass"]))?.0);
        }
    }
    line("startup", milliseconds(ours.min()), "ms", Target::AtMost(2.0));
    if interpreters.python.is_some() {
        line("startup, python3 -S", milliseconds(theirs.min()), "ms", Target::None);
        let part = ours.min().as_secs_f64() / theirs.min().as_secs_f64();
        line("startup, part of python3's", part, "", Target::AtMost(0.2));
    }
    match waiting_memory(&interpreters.scriptling, "print('ready')") {
        Ok(bytes) => line("startup memory", bytes as f64 / (1 << 20) as f64, "MiB", Target::AtMost(8.0)),
        Err(problem) => println!("  startup memory: FAILED: {problem}"),
    }
    println!();
    Ok(())
}

/// Bytes of resident memory of a script that has run `setup` (which must print a line) and then sleeps.
pub(crate) fn waiting_memory(scriptling: &Path, setup: &str) -> Result<u64, String> {
    let script = format!("{setup}\nimport sys, time\nsys.stdout.flush()\ntime.sleep(600)\n");
    let mut command = Command::new(scriptling);
    command.args(["-c", &script]).stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().map_err(|error| error.to_string())?;
    let memory = ready_memory(&mut child);
    // It may have ended by itself: that is reported by `ready_memory`.
    let _ = child.kill();
    child.wait().map_err(|error| error.to_string())?;
    memory
}

fn ready_memory(child: &mut Child) -> Result<u64, String> {
    let mut stdout = child.stdout.take().ok_or("stdout is piped")?;
    let mut byte = [0; 1];
    if stdout.read(&mut byte).map_err(|error| error.to_string())? == 0 {
        let mut message = String::new();
        if let Some(mut stderr) = child.stderr.take() {
            stderr.read_to_string(&mut message).map_err(|error| error.to_string())?;
        }
        return Err(message.trim().lines().last().unwrap_or("it printed nothing").to_owned());
    }
    let status = std::fs::read_to_string(format!("/proc/{}/status", child.id())).map_err(|error| error.to_string())?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).ok_or("no VmRSS in the status")?;
    let kilobytes: u64 = line.trim().trim_end_matches(" kB").trim().parse().map_err(|_| "VmRSS is a number of kB")?;
    Ok(kilobytes * 1024)
}
