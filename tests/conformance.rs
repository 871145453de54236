//! Every script under `tests/scripts`, run by the `scriptling` binary: one test per script.
//!
//! `python/` is compared with CPython byte for byte, the rest with the directives in the script. Task scripts run twice,
//! on one worker and on two: nothing may depend on a second thread. `wishlist/` must fail: when a script there passes,
//! its test fails and asks to be promoted.
//!
//! A test of the command line's package, so that cargo builds the binary first and says where it is.

#![expect(clippy::print_stderr, reason = "a note for the person who runs the tests")]

use std::path::Path;
use std::process::Command;

use libtest_mimic::{Arguments, Failed, Trial};
use scriptling_tests::check;
use scriptling_tests::corpus::{Script, scripts};
use scriptling_tests::directives::Directives;
use scriptling_tests::oracle;
use scriptling_tests::process::run;

fn main() -> std::process::ExitCode {
    let arguments = Arguments::from_args();
    if oracle::python().is_none() && !arguments.list {
        eprintln!("note: there is no python3: the scripts of tests/scripts/python are not compared");
    }
    let trials = scripts().into_iter().flat_map(trials).collect();
    libtest_mimic::run(&arguments, trials).exit_code()
}

fn trials(script: Script) -> Vec<Trial> {
    let directives = Directives::parse(&script.text);
    let skip =
        directives.skip.is_some() || (script.has_oracle() && oracle::python().is_none() && !python_is_required());
    let variants: &[&[&str]] =
        if script.name.starts_with("tasks/") { &[&["--workers", "1"], &["--workers", "2"]] } else { &[&[]] };
    let trial = |flags: &'static [&'static str]| {
        let script = script.clone();
        let name = match flags {
            [] => script.name.clone(),
            flags => format!("{} {}", script.name, flags.join(" ")),
        };
        Trial::test(name, move || conforms(&script, flags).map_err(Failed::from)).with_ignored_flag(skip)
    };
    variants.iter().map(|flags| trial(flags)).collect()
}

fn python_is_required() -> bool {
    std::env::var_os(oracle::REQUIRED).is_some()
}

fn conforms(script: &Script, flags: &[&str]) -> Result<(), String> {
    match (script.is_wish(), compare(script, flags)) {
        (true, Ok(())) => Err("it passes: promote it out of wishlist/".into()),
        (true, Err(_)) => Ok(()),
        (false, result) => result,
    }
}

fn compare(script: &Script, flags: &[&str]) -> Result<(), String> {
    let directives = Directives::parse(&script.text);
    let mut command = Command::new(env!("CARGO_BIN_EXE_scriptling"));
    let folder = script.path.parent().unwrap_or(Path::new("."));
    command.current_dir(folder).args(flags).args(&directives.flags).arg(&script.path).args(&directives.args);
    let ran = run(&mut command, "");
    if !script.has_oracle() {
        return check::against_directives(&ran, &directives, &script.name);
    }
    let python = oracle::python().ok_or("there is no python3, and this machine requires one")?;
    let cache = Path::new(env!("CARGO_TARGET_TMPDIR")).join("python-output");
    check::against_oracle(&ran, &oracle::expected(python, script, &cache)?)
}
