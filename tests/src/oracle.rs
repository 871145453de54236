//! CPython, and what it printed for a script.
//!
//! Output is cached by the contents of the script and its neighbours, because starting `python3` hundreds of times costs
//! more than all other tests of the scripts together.

use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

use crate::corpus::{Script, files};
use crate::process::run;

/// If this variable is set, a missing `python3` is a failure and not a reason to skip.
pub const REQUIRED: &str = "SCRIPTLING_REQUIRE_PYTHON";

/// The interpreter: the system's own is preferred, because a version manager's shim costs 80 ms per start.
pub fn python() -> Option<&'static Path> {
    static FOUND: OnceLock<Option<PathBuf>> = OnceLock::new();
    FOUND
        .get_or_init(|| {
            let system = PathBuf::from("/usr/bin/python3");
            let on_path = || {
                let path = std::env::var_os("PATH")?;
                std::env::split_paths(&path).map(|folder| folder.join("python3")).find(|file| file.exists())
            };
            if system.exists() { Some(system) } else { on_path() }
        })
        .as_deref()
}

/// What CPython prints for a script, from the cache if possible; the error says what is wrong with the script.
///
/// # Panics
/// If the cache folder cannot be made.
pub fn expected(python: &Path, script: &Script, cache: &Path) -> Result<String, String> {
    std::fs::create_dir_all(cache).expect("the target folder is writable");
    let file = cache.join(format!("{:016x}.txt", fingerprint(python, script)));
    if let Ok(text) = std::fs::read_to_string(&file) {
        return Ok(text);
    }
    let folder = script.path.parent().unwrap_or(Path::new("."));
    let ran = run(Command::new(python).arg("-B").arg(&script.path).current_dir(folder).env("PYTHONHASHSEED", "0"), "");
    if ran.code != Some(0) || !ran.stderr.is_empty() {
        return Err(format!("python3 does not accept this script (exit {:?}):\n{}", ran.code, ran.stderr));
    }
    // A cache that cannot be written is only slow.
    let _ = std::fs::write(&file, &ran.stdout);
    Ok(ran.stdout)
}

/// Depends on the interpreter, the script, and everything that it may import.
fn fingerprint(python: &Path, script: &Script) -> u64 {
    let mut hasher = DefaultHasher::new();
    python.hash(&mut hasher);
    version(python).hash(&mut hasher);
    script.name.hash(&mut hasher);
    script.text.hash(&mut hasher);
    if script.text.contains("import") {
        for file in files(script.path.parent().unwrap_or(Path::new(".")), "py") {
            std::fs::read(file).unwrap_or_default().hash(&mut hasher);
        }
    }
    hasher.finish()
}

fn version(python: &Path) -> &'static str {
    static VERSION: OnceLock<String> = OnceLock::new();
    VERSION.get_or_init(|| run(Command::new(python).arg("--version"), "").stdout)
}
