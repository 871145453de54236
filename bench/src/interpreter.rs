//! Finding the two interpreters: the release binary of this workspace, and a CPython that is not a version manager's shim.

use std::path::{Path, PathBuf};
use std::process::Command;

/// What scripts are run with.
pub(crate) struct Interpreters {
    /// The release binary.
    pub(crate) scriptling: PathBuf,
    /// CPython, unless it is absent or not wanted.
    pub(crate) python: Option<PathBuf>,
    /// Lua 5.4, if it is there: some scripts have a twin in Lua.
    pub(crate) lua: Option<PathBuf>,
}

impl Interpreters {
    /// Builds the binary if cargo runs us, and finds CPython.
    pub(crate) fn find(no_python: bool) -> Result<Interpreters, String> {
        if let Some(cargo) = std::env::var_os("CARGO") {
            let built = Command::new(cargo).args(["--quiet", "release"]).status();
            if !built.is_ok_and(|status| status.success()) {
                return Err("cannot build the scriptling binary".into());
            }
        }
        let own = std::env::current_exe().map_err(|error| error.to_string())?;
        let beside = own.with_file_name(format!("scriptling{}", std::env::consts::EXE_SUFFIX));
        // A debug build of this program still measures the release binary.
        let release = own.parent().and_then(Path::parent).map(|target| target.join("release").join("scriptling"));
        let scriptling = [release, Some(beside)].into_iter().flatten().find(|file| file.exists());
        let scriptling = scriptling.ok_or("there is no scriptling binary: cargo release")?;
        Ok(Interpreters { scriptling, python: if no_python { None } else { real_python() }, lua: lua() })
    }
}

/// The interpreter behind whatever `python3` is: Debian's if there, otherwise what the one on the path calls itself.
fn real_python() -> Option<PathBuf> {
    let system = PathBuf::from("/usr/bin/python3");
    let found = if system.exists() { system } else { PathBuf::from("python3") };
    let output = Command::new(found).args(["-c", "import sys; print(sys.executable)"]).output().ok()?;
    let path = PathBuf::from(String::from_utf8_lossy(&output.stdout).trim());
    path.canonicalize().ok().filter(|path| path.is_file())
}

fn lua() -> Option<PathBuf> {
    let lua = PathBuf::from("lua5.4");
    Command::new(&lua).arg("-v").output().ok().filter(|output| output.status.success()).map(|_| lua)
}

/// `Python 3.11.2`
pub(crate) fn version(python: &Path) -> String {
    let output = Command::new(python).arg("--version").output();
    output.map(|output| String::from_utf8_lossy(&output.stdout).trim().to_owned()).unwrap_or_default()
}
