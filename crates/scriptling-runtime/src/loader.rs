//! Finding script modules, and keeping what they compile to: all tasks of a runtime share one copy of the code.

use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::Arc;

use scriptling_vm::code::Unit;
use scriptling_vm::isolate::ModuleSource;
use smol_str::SmolStr;

use crate::primitives::RwLock;

/// Where script modules come from.
pub trait Loader: Send + Sync {
    /// Finds a module by its dotted name; `Err` is a failure to read one that exists.
    fn find(&self, name: &str) -> Result<Option<ModuleSource>, String>;
}

/// No script modules at all.
pub struct NoModules;

impl Loader for NoModules {
    fn find(&self, _name: &str) -> Result<Option<ModuleSource>, String> {
        Ok(None)
    }
}

/// Modules in directories, searched in order: `a.b` is `a/b/__init__.py` or `a/b.py`.
pub struct Directories(pub Vec<PathBuf>);

impl Loader for Directories {
    fn find(&self, name: &str) -> Result<Option<ModuleSource>, String> {
        // A name is identifiers and dots (the grammar says so), but handlers given as strings come here too.
        if name.split('.').any(|part| part.is_empty() || part.contains(['/', '\\', '\0'])) {
            return Ok(None);
        }
        let relative: PathBuf = name.split('.').collect();
        for directory in &self.0 {
            let package = directory.join(&relative).join("__init__.py");
            let module = directory.join(&relative).with_extension("py");
            for (path, is_package) in [(package, true), (module, false)] {
                if !path.is_file() {
                    continue;
                }
                let file = SmolStr::new(path.to_string_lossy());
                return match std::fs::read(&path).map(String::from_utf8) {
                    Ok(Ok(text)) => Ok(Some(ModuleSource { file, text, is_package })),
                    Ok(Err(_)) => Err(format!("cannot import '{name}': {file} is not UTF-8 text")),
                    Err(error) => Err(format!("cannot import '{name}': {file}: {error}")),
                };
            }
        }
        Ok(None)
    }
}

/// Compiled modules by name.
#[derive(Default)]
pub(crate) struct Units {
    known: RwLock<HashMap<SmolStr, Arc<Unit>>>,
}

impl Units {
    pub(crate) fn get(&self, name: &str) -> Option<Arc<Unit>> {
        self.known.read().get(name).cloned()
    }

    pub(crate) fn add(&self, name: &str, unit: &Arc<Unit>) {
        // Two tasks may have compiled the same module at once: whose came first stays, so that its classes have one identity.
        self.known.write().entry(name.into()).or_insert_with(|| unit.clone());
    }
}
