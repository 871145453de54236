//! The micro benches and the larger programs: whole processes, the interpreters in turn, outputs compared.
//!
//! Micro benches that do not depend on Python's own data types have a twin in Lua (`bench/scripts/lua`).

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
    println!("scripts{:>37} {:>22} {:>8} {:>10}", "scriptling", "python", "ratio", "to Lua");
    let (mut micro, mut larger, mut lua) = (Vec::new(), Vec::new(), Vec::new());
    for script in &scripts {
        let name = name(script);
        match compare(options, interpreters, script) {
            Ok(ratios) => {
                lua.extend(ratios.lua);
                if LARGER.contains(&name.as_str()) { &mut larger } else { &mut micro }.extend(ratios.python);
            }
            Err(problem) => println!("  {name:<20} FAILED: {problem}"),
        }
    }
    summary("micro benches", &micro, 2.5, 1.3);
    if !lua.is_empty() {
        let mean = geomean(&lua);
        println!("  to Lua 5.4: geomean {mean:.2}x  {}", Target::AtLeast(1.2).verdict(mean));
    }
    summary("larger programs", &larger, 2.0, 1.2);
    println!();
    Ok(())
}

fn name(path: &Path) -> String {
    path.file_stem().unwrap_or_default().to_string_lossy().into_owned()
}

/// How many times faster than others a script ran.
struct Ratios {
    python: Option<f64>,
    lua: Option<f64>,
}

/// Prints one line.
fn compare(options: &Options, interpreters: &Interpreters, script: &Path) -> Result<Ratios, String> {
    let (mut ours, mut theirs, mut twins) = (Samples::default(), Samples::default(), Samples::default());
    let twin = script.with_file_name("lua").join(format!("{}.lua", name(script)));
    let lua = interpreters.lua.as_ref().filter(|_| twin.exists());
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
        if let Some(lua) = lua {
            let (took, expected) = timed(Command::new(lua).arg(&twin))?;
            twins.push(took);
            if printed != expected {
                return Err(format!("printed {:?} where Lua printed {:?}", printed.trim(), expected.trim()));
            }
        }
    }
    let ratio = |samples: &Samples| samples.min().as_secs_f64() / ours.min().as_secs_f64();
    let lua = lua.map(|_| ratio(&twins));
    let lua_text = lua.map(|ratio| format!("{ratio:9.2}x")).unwrap_or_default();
    if interpreters.python.is_none() {
        println!("  {:<20} {} {lua_text}", name(script), ours.text());
        return Ok(Ratios { python: None, lua });
    }
    let python = ratio(&theirs);
    println!("  {:<20} {} {} {python:7.2}x {lua_text}", name(script), ours.text(), theirs.text());
    Ok(Ratios { python: Some(python), lua })
}

fn geomean(ratios: &[f64]) -> f64 {
    (ratios.iter().map(|ratio| ratio.ln()).sum::<f64>() / ratios.len() as f64).exp()
}

fn summary(what: &str, ratios: &[f64], mean_target: f64, least_target: f64) {
    if ratios.is_empty() {
        return;
    }
    let mean = geomean(ratios);
    let least = ratios.iter().copied().fold(f64::INFINITY, f64::min);
    println!("  {what}: geomean {mean:.2}x  {}", Target::AtLeast(mean_target).verdict(mean));
    println!("  {what}: least   {least:.2}x  {}", Target::AtLeast(least_target).verdict(least));
}
