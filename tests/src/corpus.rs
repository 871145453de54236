//! The scripts under `tests/scripts`, and paths in the workspace.

use std::path::{Path, PathBuf};

/// The root of the workspace.
pub fn root() -> PathBuf {
    let tests = Path::new(env!("CARGO_MANIFEST_DIR"));
    tests.parent().expect("the tests package is in the workspace").to_path_buf()
}

/// One script.
#[derive(Clone, Debug)]
pub struct Script {
    /// Where it is.
    pub path: PathBuf,
    /// Its name in test output: the path below `tests/scripts`, with `/`.
    pub name: String,
    /// Its text.
    pub text: String,
}

impl Script {
    /// Reads one.
    ///
    /// # Panics
    /// If it cannot be read.
    pub fn read(path: PathBuf, base: &Path) -> Script {
        let text = std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        let relative = path.strip_prefix(base).unwrap_or(&path);
        let name = relative.iter().map(|part| part.to_string_lossy()).collect::<Vec<_>>().join("/");
        Script { path, name, text }
    }

    /// Whether it is compared with CPython.
    pub fn has_oracle(&self) -> bool {
        self.name.strip_prefix("wishlist/").unwrap_or(&self.name).starts_with("python/")
    }

    /// Whether it must fail until somebody makes it work.
    pub fn is_wish(&self) -> bool {
        self.name.starts_with("wishlist/")
    }

    /// Whether it is only imported by others.
    pub fn is_library(&self) -> bool {
        self.text.starts_with("# library")
    }
}

/// All scripts that are run by themselves, by name.
pub fn scripts() -> Vec<Script> {
    let base = root().join("tests/scripts");
    let mut found = Vec::new();
    for path in files(&base, "py") {
        let script = Script::read(path, &base);
        if !script.is_library() {
            found.push(script);
        }
    }
    found
}

/// All files below a folder with an extension, sorted; build output and hidden folders are left out.
pub fn files(folder: &Path, extension: &str) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut folders = vec![folder.to_path_buf()];
    while let Some(folder) = folders.pop() {
        let Ok(entries) = std::fs::read_dir(&folder) else { continue };
        for entry in entries.flatten() {
            let path = entry.path();
            let name = entry.file_name();
            let name = name.to_string_lossy();
            if path.is_dir() {
                if !name.starts_with('.') && name != "target" && name != "__pycache__" {
                    folders.push(path);
                }
            } else if path.extension().is_some_and(|found| found == extension) {
                found.push(path);
            }
        }
    }
    found.sort();
    found
}
