//! The examples, run by the `scriptling` binary: what they print is what they, or the README beside them, say.
//!
//! Scripts in `examples/scripts` carry `# expect:` comments. `examples/background/example.py` prints lines from tasks in any
//! order, all beginning with `[`; its other lines are the block in its README. Every example also runs on one worker.

use std::path::{Path, PathBuf};
use std::process::Command;

use libtest_mimic::{Arguments, Failed, Trial};
use scriptling_tests::check;
use scriptling_tests::corpus::{Script, files, root};
use scriptling_tests::directives::Directives;
use scriptling_tests::process::run;

fn main() -> std::process::ExitCode {
    let base = root().join("examples");
    let mut trials = Vec::new();
    for path in files(&base, "py") {
        let name = path.strip_prefix(&base).unwrap_or(&path).display().to_string();
        if name.ends_with("testlib.py") {
            continue;
        }
        for workers in ["1", "2"] {
            let path = path.clone();
            let trial = move || runs_as_described(&path, workers).map_err(Failed::from);
            trials.push(Trial::test(format!("{name} --workers {workers}"), trial));
        }
    }
    trials.push(Trial::test("README.md", || tour_is_true().map_err(Failed::from)));
    libtest_mimic::run(&Arguments::from_args(), trials).exit_code()
}

fn runs_as_described(path: &PathBuf, workers: &str) -> Result<(), String> {
    let script = Script::read(path.clone(), &root().join("examples"));
    // From the workspace's root, as the README says.
    let mut command = Command::new(env!("CARGO_BIN_EXE_scriptling"));
    let ran = run(command.current_dir(root()).args(["--workers", workers]).arg(path), "");
    if !script.name.ends_with("background/example.py") {
        return check::against_directives(&ran, &Directives::parse(&script.text), &script.name);
    }
    let readme = path.parent().unwrap_or(Path::new(".")).join("README.md");
    let wanted = described_output(&std::fs::read_to_string(readme).map_err(|error| error.to_string())?)?;
    let from_tasks = ran.stdout.lines().filter(|line| line.starts_with('[')).count();
    let mut steady = ran.clone();
    steady.stdout = ran.stdout.split_inclusive('\n').filter(|line| !line.starts_with('[')).collect();
    check::against_oracle(&steady, &wanted)?;
    if from_tasks < 3 { Err("the tasks logged nothing".into()) } else { Ok(()) }
}

/// The README's tour carries its output in `# expect:` comments.
fn tour_is_true() -> Result<(), String> {
    let readme = std::fs::read_to_string(root().join("README.md")).map_err(|error| error.to_string())?;
    let tour = readme.split("```python\n").nth(1).and_then(|rest| rest.split("```").next());
    let tour = tour.ok_or("the README has no tour")?;
    let ran = run(Command::new(env!("CARGO_BIN_EXE_scriptling")).arg("-c").arg(tour), "");
    check::against_directives(&ran, &Directives::parse(tour), "README.md")
}

/// The last block of the README that is no command line.
fn described_output(readme: &str) -> Result<String, String> {
    let blocks = readme.split("```\n").skip(1).step_by(2);
    let block = blocks.filter(|block| !block.starts_with("scriptling ")).last();
    block.map(str::to_owned).ok_or_else(|| "the README describes no output".into())
}
