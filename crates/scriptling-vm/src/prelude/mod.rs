//! The prelude: what of the builtins is written in the language, because it calls back into scripts.
//!
//! Its files are compiled once per library as one unit and run in an isolate whose heap is then frozen: the functions are
//! shared by all isolates like native ones. So they must not write globals, and attribute sites in them are not cached.
//! Functions whose names start with an underscore, and classes, are for the virtual machine and natives; the other functions
//! are builtins.

use std::sync::Arc;

use scriptling_syntax::Source;
use smol_str::SmolStr;

use crate::heap::{Class, FrozenHeap, Function};
use crate::isolate::{Isolate, Limits, NoHost};
use crate::library::Library;
use crate::run::cache::CacheTable;
use crate::run::start::compile_source;
use crate::run::traceback::PRELUDE_NAME;
use crate::value::Value;

/// The files, in no particular order.
const FILES: &[&str] = &[
    include_str!("compare.py"),
    include_str!("containers.py"),
    include_str!("groups.py"),
    include_str!("iteration.py"),
    include_str!("kernel.py"),
    include_str!("objects.py"),
    include_str!("repr.py"),
];

/// Compiles the prelude and adds its functions to the library.
///
/// # Panics
/// If it does not compile or run: an error in the program, which every test finds.
pub(crate) fn install(library: Library) -> Library {
    let library = Arc::new(library);
    let source = Arc::new(Source::new(PRELUDE_NAME, FILES.join("\n")));
    let unit = match compile_source(&library, source, None, false) {
        Ok(unit) => Arc::new(unit),
        Err(errors) => panic!("the prelude does not compile:\n{}", errors.rendered),
    };
    let mut isolate = Isolate::new(library.clone(), Box::new(NoHost), Limits::default());
    isolate.start_main(unit.clone()).and_then(|()| isolate.run_to_end()).expect("the prelude only defines functions");
    let module = isolate.modules["__main__"];
    let mut heap = std::mem::take(&mut isolate.heap);
    let data = module.get_mut(&mut heap);
    data.name = "builtins".into();
    // Frozen modules cannot remember builtins as they are asked for them.
    data.fallbacks =
        data.names.keys().map(|name| library.builtins.get(name).copied().unwrap_or(Value::UNDEFINED)).collect();
    let functions: Vec<(SmolStr, Value)> = module
        .get(&heap)
        .iter()
        .filter(|(_, value)| value.is::<Function>() || value.is::<Class>())
        .map(|(name, value)| (name.clone(), value))
        .collect();
    // The caches went with the isolate.
    let methods = functions.iter().filter_map(|(_, value)| value.as_gc::<Class>());
    let methods = methods.flat_map(|class| class.get(&heap).attrs.values());
    for value in functions.iter().map(|(_, value)| value).chain(methods) {
        if let Some(function) = value.as_gc::<Function>() {
            function.get(&heap).caches.set(CacheTable::NONE);
        }
    }
    drop(isolate);
    let mut library = Arc::into_inner(library).expect("the isolate was the only other owner");
    for (name, value) in functions {
        if !name.starts_with('_') && value.is::<Function>() {
            library.builtins.insert(name.clone(), value);
        }
        library.prelude.insert(name, value);
    }
    library.prelude_unit = Some(unit);
    library.prelude_heap = FrozenHeap::new(heap);
    library
}
