//! The prelude: what of the builtins is written in the language, because it calls back into scripts.
//!
//! A library loads its functions and classes one by one, when the virtual machine or a native first asks for one: a program
//! that uses few of them starts without compiling the others. What an item names is loaded with it, in the same frozen heap
//! unless it was loaded before, so that items may name each other in circles. Loaded items are shared by all isolates like
//! native functions. So they must not write globals, and attribute sites in them are not cached.
//!
//! Only the virtual machine and natives can name what is in here. Native modules add items of their own
//! ([`NativeModule::prelude`](crate::native::NativeModule::prelude)).

use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use indexmap::IndexMap;
use scriptling_syntax::Source;

use crate::code::{Code, Unit};
use crate::heap::FrozenHeap;
use crate::heap::module::GlobalNames;
use crate::isolate::{Isolate, Limits, NoHost};
use crate::library::Library;
use crate::run::start::compile_source;
use crate::run::traceback::PRELUDE_NAME;
use crate::value::Value;

/// The files, in no particular order: comments, functions and classes.
const FILES: &[&str] = &[
    include_str!("compare.py"),
    include_str!("containers.py"),
    include_str!("groups.py"),
    include_str!("iteration.py"),
    include_str!("kernel.py"),
    include_str!("objects.py"),
    include_str!("repr.py"),
];

/// A library's share of the prelude.
pub(crate) struct Prelude {
    items: OnceLock<Items>,
    /// What native modules add to the files.
    added: Vec<&'static str>,
    /// Held while items are loaded, so that each is loaded once.
    loading: Mutex<()>,
}

type Items = IndexMap<&'static str, Item, foldhash::fast::FixedState>;

/// A function or class.
struct Item {
    text: &'static str,
    loaded: OnceLock<Loaded>,
}

struct Loaded {
    value: Value,
    group: Arc<Group>,
}

/// What was loaded together.
struct Group {
    units: Vec<Arc<Unit>>,
    #[expect(dead_code, reason = "owns the values of its items")]
    heap: FrozenHeap,
}

impl Prelude {
    /// A prelude with the items of `added` besides its own.
    pub(crate) fn new(added: Vec<&'static str>) -> Prelude {
        Prelude { items: OnceLock::new(), added, loading: Mutex::new(()) }
    }

    fn items(&self) -> &Items {
        self.items.get_or_init(|| items(FILES.iter().chain(&self.added).copied()))
    }

    /// An item, if it has been loaded.
    pub(crate) fn loaded(&self, name: &str) -> Option<Value> {
        self.items().get(name).and_then(Item::value)
    }

    /// The unit of an item that has been loaded, by one of its code objects.
    pub(crate) fn unit_of(&self, code: *const Code) -> Option<&Arc<Unit>> {
        let groups = self.items().values().filter_map(|item| item.loaded.get());
        groups.flat_map(|loaded| &loaded.group.units).find(|unit| unit.codes.as_ptr_range().contains(&code))
    }
}

impl Item {
    fn value(&self) -> Option<Value> {
        self.loaded.get().map(|loaded| loaded.value)
    }
}

impl Library {
    /// A function or class of the prelude.
    ///
    /// # Panics
    /// If there is none, or it does not compile or run: errors in the program, which the tests find.
    pub(crate) fn prelude_item(self: &Arc<Library>, name: &str) -> Value {
        match self.prelude.loaded(name) {
            Some(value) => value,
            None => self.load_prelude_item(name),
        }
    }

    #[cold]
    fn load_prelude_item(self: &Arc<Library>, name: &str) -> Value {
        let items = self.prelude.items();
        let item = items.get_index_of(name).unwrap_or_else(|| panic!("the prelude defines no {name}"));
        let guard = self.prelude.loading.lock().unwrap_or_else(PoisonError::into_inner);
        if items[item].value().is_none() {
            self.load_group(item);
        }
        drop(guard);
        items[item].value().expect("it was loaded")
    }

    /// Loads an item with everything that it names. No other thread is loading meanwhile.
    fn load_group(self: &Arc<Library>, first: usize) {
        let items = self.prelude.items();
        let mut group = vec![first];
        let mut units: Vec<Arc<Unit>> = Vec::new();
        let mut names: Option<Arc<GlobalNames>> = None;
        while let Some(&item) = group.get(units.len()) {
            let unit = self.compile_item(&items[item], names.take());
            // Names that earlier units of the group have are in here again.
            for item in unit.global_names.keys().filter_map(|name| items.get_index_of(name.as_str())) {
                if items[item].loaded.get().is_none() && !group.contains(&item) {
                    group.push(item);
                }
            }
            names = Some(unit.global_names.clone());
            units.push(unit);
        }
        let mut isolate = Isolate::new(self.clone(), Box::new(NoHost), Limits::default());
        // The last one's names are those of all.
        units.last().map(|unit| isolate.main_module(unit));
        for unit in &units {
            let started = isolate.start_main(unit.clone());
            started.and_then(|()| isolate.run_to_end()).expect("the prelude only defines functions and classes");
        }
        let module = isolate.modules["__main__"];
        let mut heap = std::mem::take(&mut isolate.heap);
        // No function has run, so none refers to inline caches, which end with the isolate.
        drop(isolate);
        let data = module.get_mut(&mut heap);
        data.info_mut().name = "builtins".into();
        let names = data.info.names.clone();
        for name in names.keys() {
            if let Some(value) = items.get(name.as_str()).and_then(Item::value) {
                data.set(name, value);
            }
        }
        // Frozen modules cannot remember builtins as they are asked for them.
        data.fallbacks =
            names.keys().map(|name| self.builtins.get(name).copied().unwrap_or(Value::UNDEFINED)).collect();
        let values: Vec<Value> = group
            .iter()
            .map(|&item| data.get(items.get_index(item).expect("it is an item").0).expect("its text defines it"))
            .collect();
        let heap = Arc::new(Group { units, heap: FrozenHeap::new(heap) });
        for (item, value) in group.into_iter().zip(values) {
            let loaded = items[item].loaded.set(Loaded { value, group: heap.clone() });
            assert!(loaded.is_ok(), "items are loaded by one thread at a time");
        }
    }

    fn compile_item(&self, item: &Item, names: Option<Arc<GlobalNames>>) -> Arc<Unit> {
        let source = Arc::new(Source::new(PRELUDE_NAME, item.text));
        match compile_source(self, source, names, false) {
            Ok(unit) => Arc::new(unit),
            Err(errors) => panic!("the prelude does not compile:\n{}", errors.rendered),
        }
    }
}

/// Finds the items in the files: what starts with `def` or `class` at the margin, up to the next of those.
fn items(files: impl Iterator<Item = &'static str>) -> Items {
    let mut items = Items::default();
    for file in files {
        let starts = memchr::memchr_iter(b'\n', file.as_bytes()).map(|at| at + 1);
        let mut starts = starts.filter_map(|at| Some((at, item_name(&file[at..])?))).peekable();
        while let Some((start, name)) = starts.next() {
            let end = starts.peek().map_or(file.len(), |next| next.0);
            let before = items.insert(name, Item { text: &file[start..end], loaded: OnceLock::new() });
            assert!(before.is_none(), "the prelude defines {name} twice");
        }
    }
    items
}

/// The name that a line defines, if it is at the margin.
fn item_name(line: &str) -> Option<&str> {
    let rest = line.strip_prefix("def ").or_else(|| line.strip_prefix("class "))?;
    rest.find(['(', ':']).map(|end| &rest[..end])
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::path::Path;

    use super::{FILES, item_name, items};
    use crate::library::Library;

    /// Names in `prelude("...")` and `prelude_item("...")` of all source files.
    fn names_in(folder: &Path, found: &mut Vec<String>) {
        for entry in fs::read_dir(folder).expect("the sources are there") {
            let path = entry.expect("readable").path();
            if path.is_dir() {
                names_in(&path, found);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                let text = fs::read_to_string(&path).expect("sources are UTF-8");
                for call in ["prelude(\"", "prelude_item(\""] {
                    found.extend(text.split(call).skip(1).filter_map(|rest| rest.split('"').next()).map(str::to_owned));
                }
            }
        }
    }

    #[test]
    fn natives_name_only_prelude_items_that_exist() {
        let mut names = Vec::new();
        names_in(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"), &mut names);
        // The first lines of this test itself look like calls of nothing.
        names.retain(|name| name.starts_with(|c: char| c == '_' || c.is_alphabetic()));
        let items = items(FILES.iter().copied());
        let missing: Vec<_> = names.iter().filter(|name| !items.contains_key(name.as_str())).collect();
        assert!(names.len() > 20, "found only {names:?}");
        assert!(missing.is_empty(), "{missing:?}");
    }

    #[test]
    fn files_have_nothing_but_items_at_the_margin() {
        for line in FILES.iter().flat_map(|file| file.lines()) {
            let allowed = line.is_empty() || line.starts_with([' ', '#']) || item_name(line).is_some();
            assert!(allowed, "{line}");
        }
    }

    #[test]
    fn every_item_loads_alone_and_names_only_what_there_is() {
        let shared = Library::builder().build();
        for name in items(FILES.iter().copied()).keys() {
            // In a library of its own it is the first; in the shared one, some of what it names is there already.
            for library in [Library::builder().build(), shared.clone()] {
                library.prelude_item(name);
                let item = &library.prelude.items()[*name];
                let group = &item.loaded.get().expect("it was just loaded").group;
                for global in group.units.iter().flat_map(|unit| unit.global_names.keys()) {
                    let known = library.prelude.items().contains_key(global.as_str())
                        || library.builtins.contains_key(global.as_str())
                        || global.starts_with("__");
                    assert!(known, "{name} names {global}, which is nothing");
                }
            }
        }
    }

    #[test]
    fn items_name_each_other_across_groups() {
        let library = Library::builder().build();
        library.prelude_item("_type_text");
        assert!(library.prelude.loaded("UnionType").is_none());
        let union = library.prelude_item("UnionType");
        assert!(
            library.prelude.loaded("_make_union").is_some(),
            "methods of UnionType name it, and it names UnionType"
        );
        assert!(library.prelude.loaded("UnionType").is_some_and(|loaded| loaded.payload() == union.payload()));
    }

    #[test]
    fn threads_that_ask_for_the_same_item_get_the_same() {
        let library = Library::builder().build();
        let ask = || library.prelude_item("_sort_by_key").payload();
        let found = std::thread::scope(|scope| {
            let threads: Vec<_> = (0..4).map(|_| scope.spawn(ask)).collect();
            threads.into_iter().map(|thread| thread.join().expect("it loads")).collect::<Vec<_>>()
        });
        assert!(found.iter().all(|value| *value == found[0]));
    }
}
