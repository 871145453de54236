//! The micro benches and the larger programs: whole processes, both interpreters in turn, outputs compared.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::interpreter::Interpreters;
use crate::measure::{Samples, Target, timed};
use crate::{Options, folder};

/// The larger, object-oriented programs, with a target of their own.
const LARGER: [&str; 3] = ["scheduler", "constraints", "json_codec"];

/// Runs all scripts and prints ratios and their geometric means.
pub(crate) fn run(options: &Options, interpreters: &Interpreters) -> Result<(), String> {
    let mut scripts: Vec<PathBuf> = std::fs::read_dir(folder().join("scripts"))
        .map_err(|error| error.to_string())?
        .filter_map(|entry| Some(entry.ok()?.path()))
        .filter(|path| path.extension().is_some_and(|extension| extension == "py") && options.wants(&name(path)))
        .collect();
    scripts.sort_by_key(|path| (LARGER.contains(&name(path).as_str()), path.clone()));
    if scripts.is_empty() {
        return Ok(());
    }
    println!("scripts{:>37} {:>22} {:>8}", "scriptling", "python", "ratio");
    let (mut micro, mut larger) = (Vec::new(), Vec::new());
    for script in &scripts {
        let name = name(script);
        match compare(options, interpreters, script) {
            Ok(Some(ratio)) if LARGER.contains(&name.as_str()) => larger.push(ratio),
            Ok(Some(ratio)) => micro.push(ratio),
            Ok(None) => {}
            Err(problem) => println!("  {name:<20} FAILED: {problem}"),
        }
    }
    summary("micro benches", &micro, 2.5, 1.3);
    summary("larger programs", &larger, 2.0, 1.2);
    println!();
    Ok(())
}

fn name(path: &Path) -> String {
    path.file_stem().unwrap_or_default().to_string_lossy().into_owned()
}

/// Prints one line and gives how many times faster than CPython the script ran.
fn compare(options: &Options, interpreters: &Interpreters, script: &Path) -> Result<Option<f64>, String> {
    let (mut ours, mut theirs) = (Samples::default(), Samples::default());
    for _ in 0..options.runs() {
        let (took, printed) = timed(Command::new(&interpreters.scriptling).arg(script))?;
        ours.push(took);
        if let Some(python) = &interpreters.python {
            let (took, expected) = timed(Command::new(python).arg(script))?;
            theirs.push(took);
            if printed != expected {
                return Err(format!("printed {:?} where python printed {:?}", printed.trim(), expected.trim()));
            }
        }
    }
    if interpreters.python.is_none() {
        println!("  {:<20} {}", name(script), ours.text());
        return Ok(None);
    }
    let ratio = theirs.min().as_secs_f64() / ours.min().as_secs_f64();
    println!("  {:<20} {} {} {ratio:7.2}x", name(script), ours.text(), theirs.text());
    Ok(Some(ratio))
}

fn summary(what: &str, ratios: &[f64], mean_target: f64, least_target: f64) {
    if ratios.is_empty() {
        return;
    }
    let mean = (ratios.iter().map(|ratio| ratio.ln()).sum::<f64>() / ratios.len() as f64).exp();
    let least = ratios.iter().copied().fold(f64::INFINITY, f64::min);
    println!("  {what}: geomean {mean:.2}x  {}", Target::AtLeast(mean_target).verdict(mean));
    println!("  {what}: least   {least:.2}x  {}", Target::AtLeast(least_target).verdict(least));
}
