//! `Library`: everything builtin, made once, frozen, shared by all isolates: types, functions, native modules, prelude.
//!
//! Building one is cheap enough to do per process, not per isolate: isolates hold it by `Arc` and read its frozen heap.
//! Native modules are defined when a script first imports them, each in a frozen heap of its own.
//! Compiled code refers to builtin names by position, so a unit may run only under the library it was compiled for.
//! Members of native modules are kept as templates, because a script may rebind them in its own isolate.

use std::sync::{Arc, OnceLock};

use indexmap::IndexMap;
use smol_str::SmolStr;

use crate::builtins::types::{BUILTIN_TYPES, BuiltinType};
use crate::error::{EXCEPTIONS, ExcClass};
use crate::heap::class::{Attrs, Constructor, Layout};
use crate::heap::module::{GlobalNames, ModuleInfo};
use crate::heap::{Class, FrozenHeap, Gc, Heap, NativeFunction, StaticMethod};
use crate::native::{ModuleBuilder, NativeModule, OnImport, frozen_str, new_class};
use crate::prelude::Prelude;
use crate::run::class_call::exception_constructor;
use crate::value::Value;

/// A native module, defined when a script first imports it: most scripts import few.
pub(crate) struct ModuleEntry {
    module: Box<dyn NativeModule>,
    template: OnceLock<ModuleTemplate>,
}

/// A native module's members, to be copied into each isolate that imports it.
pub(crate) struct ModuleTemplate {
    pub(crate) doc: &'static str,
    /// Makes members that every isolate has its own of.
    pub(crate) on_import: Option<OnImport>,
    pub(crate) members: Attrs,
    /// What all isolates' copies begin with, once there is one: see [`Library::native_info`].
    pub(crate) info: OnceLock<Arc<ModuleInfo>>,
    /// Owner of the members that are not builtins.
    #[expect(dead_code, reason = "owns the cells that the members refer to")]
    frozen: FrozenHeap,
}

/// Everything builtin; see the module documentation.
// Apart from the count of references to it, which tasks that start and end on other threads change all the time.
#[repr(align(128))]
pub struct Library {
    /// Classes of builtin types, by `BuiltinType`.
    pub(crate) types: Vec<Gc<Class>>,
    /// Builtin exception classes, by `ExcClass`.
    pub(crate) exceptions: Vec<Gc<Class>>,
    /// The builtin names, in a fixed order: compiled code refers to them by position.
    pub(crate) builtins: IndexMap<SmolStr, Value, foldhash::fast::FixedState>,
    pub(crate) modules: IndexMap<SmolStr, ModuleEntry, foldhash::fast::FixedState>,
    pub(crate) prelude: Prelude,
    /// See [`LibraryBuilder::pauses`].
    pub(crate) pauses: bool,
    /// The strings of one ASCII character, by character.
    pub(crate) ascii: Vec<Value>,
    /// Owner of these values, except those of the prelude and of modules.
    #[expect(dead_code, reason = "owns the cells that the classes and builtins refer to")]
    pub(crate) frozen: FrozenHeap,
}

#[expect(unsafe_code, reason = "shared by all isolates of all threads")]
// SAFETY: all values belong to `frozen` or to a frozen heap of the prelude or a module, and nothing is written after
// construction except, once and under their own synchronisation, the prelude's items and the modules.
unsafe impl Send for Library {}
#[expect(unsafe_code, reason = "shared by all isolates of all threads")]
// SAFETY: as above.
unsafe impl Sync for Library {}

impl Library {
    /// Starts a library with the builtins and no modules.
    pub fn builder() -> LibraryBuilder {
        LibraryBuilder { modules: Vec::new(), pauses: false }
    }

    /// The position of a builtin name, for compiled code. Intrinsics have none: only the prelude finds them, by name.
    pub fn builtin_index(&self, name: &str) -> Option<u16> {
        self.builtins.get_index_of(name).filter(|_| !is_intrinsic(name)).map(|index| index as u16)
    }

    /// A native module, by its full name.
    ///
    /// # Panics
    /// If a signature of it is malformed: an error in the program, which the tests find.
    pub(crate) fn module(&self, name: &str) -> Option<&ModuleTemplate> {
        let entry = self.modules.get(name)?;
        Some(entry.template.get_or_init(|| self.define(&*entry.module)))
    }

    /// Defines all native modules now. For tests: a module that is wrong is found without being imported.
    ///
    /// # Panics
    /// If a signature is malformed or does not fit its function.
    pub fn define_modules(&self) {
        self.modules.keys().for_each(|name| {
            self.module(name);
        });
    }

    fn define(&self, module: &dyn NativeModule) -> ModuleTemplate {
        let mut heap = Heap::new(usize::MAX);
        let object = self.types[BuiltinType::Object as usize];
        let mut builder = ModuleBuilder::new(&mut heap, module.name(), object, &self.exceptions);
        module.define(&mut builder);
        let (members, on_import) = (builder.members, builder.on_import);
        for class in members.values().filter_map(|member| member.as_gc::<Class>()).filter(|class| !class.is_frozen()) {
            prepare_class(&heap, &self.exceptions, class);
        }
        let frozen = FrozenHeap::new(heap);
        ModuleTemplate { doc: module.doc(), on_import, members, info: OnceLock::new(), frozen }
    }

    /// What copies of a native module share. Their names are `__name__`, the members, the modules under it.
    pub(crate) fn native_info(&self, name: &SmolStr, template: &ModuleTemplate) -> Arc<ModuleInfo> {
        let under = self.modules.keys().filter_map(|other| other.strip_prefix(name.as_str())?.strip_prefix('.'));
        let under = under.filter(|rest| !rest.contains('.')).map(SmolStr::new);
        let names = [SmolStr::new_static("__name__")].into_iter().chain(template.members.keys().cloned()).chain(under);
        let names: GlobalNames = names.map(|name| (name, ())).collect();
        Arc::new(ModuleInfo {
            name: name.clone(),
            names: Arc::new(names),
            units: Vec::new(),
            is_package: self.has_modules_under(name),
            file: None,
            doc: Some(SmolStr::new_static(template.doc)),
        })
    }

    /// A builtin by its name, for scripts: not an intrinsic.
    pub(crate) fn builtin(&self, name: &str) -> Option<Value> {
        self.builtins.get(name).copied().filter(|_| !is_intrinsic(name))
    }
}

/// Whether a builtin is for the prelude only.
pub(crate) fn is_intrinsic(name: &str) -> bool {
    name.starts_with('_') && !name.starts_with("__")
}

/// Collects native modules.
pub struct LibraryBuilder {
    modules: Vec<Box<dyn NativeModule>>,
    pauses: bool,
}

impl LibraryBuilder {
    /// Adds a module.
    #[must_use]
    pub fn module(mut self, module: impl NativeModule + 'static) -> LibraryBuilder {
        self.modules.push(Box::new(module));
        self
    }

    /// Adds modules chosen at run time.
    #[must_use]
    pub fn boxed_modules(mut self, modules: impl IntoIterator<Item = Box<dyn NativeModule>>) -> LibraryBuilder {
        self.modules.extend(modules);
        self
    }

    /// Whether what is compiled for this library can be interrupted before every call, subscript, `in` and `with`, and not
    /// only at jumps backwards and in front of the first instruction of functions: any two things that a native does can then
    /// have another task's between them. For runs that look for mistakes in how tasks work together; others only become
    /// slower. Off by default.
    #[must_use]
    pub fn pauses(mut self, pauses: bool) -> LibraryBuilder {
        self.pauses = pauses;
        self
    }

    /// Makes the library.
    ///
    /// # Panics
    /// If a signature of a builtin is malformed: an error in the program, which the tests find.
    pub fn build(self) -> Arc<Library> {
        // What a library holds is bounded by the program, not by a script.
        let mut heap = Heap::new(usize::MAX);
        let types = make_types(&mut heap);
        let exceptions = make_exceptions(&mut heap, types[BuiltinType::Object as usize]);
        let ascii = (0..128_u8).map(|byte| frozen_str(&mut heap, char::from(byte).encode_utf8(&mut [0; 4]))).collect();
        let builtins = define_builtins(&mut heap, &types, &exceptions);
        for class in types.iter().chain(&exceptions).copied() {
            prepare_class(&heap, &exceptions, class);
        }
        let added = self
            .modules
            .iter()
            .map(|module| NativeModule::prelude(&**module))
            .filter(|text| !text.is_empty())
            .collect();
        let modules = self
            .modules
            .into_iter()
            .map(|module| (SmolStr::new_static(module.name()), ModuleEntry { module, template: OnceLock::new() }));
        let modules = modules.collect();
        Arc::new(Library {
            types,
            exceptions,
            builtins,
            modules,
            prelude: Prelude::new(added),
            pauses: self.pauses,
            ascii,
            frozen: FrozenHeap::new(heap),
        })
    }
}

/// The classes of builtin types, in order of their numbers; methods come later.
fn make_types(heap: &mut Heap) -> Vec<Gc<Class>> {
    let mut types: Vec<Gc<Class>> = Vec::with_capacity(BUILTIN_TYPES.len());
    for &builtin in BUILTIN_TYPES {
        let bases = match builtin {
            BuiltinType::Object => Vec::new(),
            BuiltinType::Bool => vec![types[BuiltinType::Int as usize]],
            _ => vec![types[BuiltinType::Object as usize]],
        };
        let layout = match builtin {
            BuiltinType::Object => Layout::Instance,
            BuiltinType::Type => Layout::Class,
            other => Layout::Builtin(other),
        };
        types.push(new_class(heap, builtin.name(), "builtins", bases, Attrs::default(), layout));
    }
    types
}

/// The builtin exception classes, in order of their numbers.
fn make_exceptions(heap: &mut Heap, object: Gc<Class>) -> Vec<Gc<Class>> {
    let mut classes: Vec<Gc<Class>> = Vec::with_capacity(EXCEPTIONS.len());
    for &(class, parent) in EXCEPTIONS {
        let base = parent.map_or(object, |parent| classes[parent as usize]);
        classes.push(new_class(heap, class.name(), "builtins", vec![base], Attrs::default(), Layout::Exception));
    }
    // The one class with two bases.
    let [group, base_group, exception, base] =
        [ExcClass::ExceptionGroup, ExcClass::BaseExceptionGroup, ExcClass::Exception, ExcClass::BaseException]
            .map(|class| classes[class as usize]);
    let data = group.get_mut(heap);
    data.bases = vec![base_group, exception];
    data.mro = vec![group, base_group, exception, base, object];
    classes
}

/// Types whose names scripts can use without an import.
const PUBLIC_TYPES: &[BuiltinType] = &[
    BuiltinType::Object,
    BuiltinType::Type,
    BuiltinType::Int,
    BuiltinType::Bool,
    BuiltinType::Float,
    BuiltinType::Str,
    BuiltinType::Bytes,
    BuiltinType::List,
    BuiltinType::Tuple,
    BuiltinType::Dict,
    BuiltinType::Set,
    BuiltinType::FrozenSet,
    BuiltinType::Range,
    BuiltinType::Slice,
    BuiltinType::StaticMethod,
    BuiltinType::ClassMethod,
    BuiltinType::Property,
    BuiltinType::Super,
];

/// Gives the builtin classes their methods and collects the builtin names.
fn define_builtins(
    heap: &mut Heap,
    types: &[Gc<Class>],
    exceptions: &[Gc<Class>],
) -> IndexMap<SmolStr, Value, foldhash::fast::FixedState> {
    let mut module = ModuleBuilder::new(heap, "builtins", types[BuiltinType::Object as usize], exceptions);
    for &builtin in PUBLIC_TYPES {
        module.value(builtin.name(), Value::obj(types[builtin as usize]));
    }
    for &(class, _) in EXCEPTIONS {
        module.value(class.name(), Value::obj(exceptions[class as usize]));
    }
    module.value("IOError", Value::obj(exceptions[ExcClass::OSError as usize]));
    module.value("EnvironmentError", Value::obj(exceptions[ExcClass::OSError as usize]));
    module.value("NotImplemented", Value::NOT_IMPLEMENTED);
    module.value("Ellipsis", Value::ELLIPSIS);
    module.value("__debug__", Value::TRUE);
    crate::builtins::classes::define(&mut module, types);
    crate::builtins::scalars::define(&mut module, types);
    crate::builtins::define_containers(&mut module, types);
    crate::builtins::define_functions(&mut module);
    crate::builtins::exceptions::define(&mut module, exceptions);
    crate::builtins::groups::define(&mut module, exceptions);
    module.members
}

/// The hidden static method by which calling exactly this class makes an instance, where `__new__` (which subclasses share)
/// would need `__init__` after it.
pub(crate) const MAKE: &str = "<make>";

/// Says what calling a builtin class does, and what `with` does with its instances, before the class is frozen: frozen cells
/// are never written again.
fn prepare_class(heap: &Heap, exceptions: &[Gc<Class>], class: Gc<Class>) {
    let object = class.get(heap);
    let inherited = |name: &str| object.mro.iter().find_map(|ancestor| ancestor.get(heap).attrs.get(name).copied());
    let is_method = |found: &Value| found.is::<NativeFunction>();
    let manager = inherited("__enter__").filter(is_method).zip(inherited("__exit__").filter(is_method));
    object.manager.set(manager);
    if object.layout == Layout::Instance {
        return object.constructor.set(Constructor::General);
    }
    let found = match object.layout {
        Layout::Exception => inherited(MAKE),
        _ => object.attrs.get(MAKE).copied().or_else(|| inherited("__new__")),
    };
    let simple = (object.layout == Layout::Exception).then(|| exception_constructor(heap, exceptions, class));
    let constructor = match (simple, found.and_then(Value::as_gc::<StaticMethod>)) {
        (Some(simple @ Constructor::Exception(_)), _) => simple,
        (_, Some(new)) => Constructor::Native(new.get(heap).function),
        (_, None) => Constructor::General,
    };
    object.constructor.set(constructor);
}

#[cfg(test)]
mod tests {
    use super::Library;
    use crate::heap::Class;
    use crate::native::{ModuleBuilder, NativeModule};

    #[test]
    fn intrinsics_are_for_the_prelude_alone() {
        let library = Library::builder().build();
        assert!(library.builtins.contains_key("_insert"));
        assert_eq!(library.builtin_index("_insert"), None);
        assert!(library.builtin("_insert").is_none());
        assert!(library.builtin_index("len").is_some());
        assert!(library.builtin("__build_class__").is_some());
    }

    struct Counted;

    impl NativeModule for Counted {
        fn name(&self) -> &'static str {
            "counted"
        }
        fn define(&self, module: &mut ModuleBuilder<'_>) {
            module.constant("one", 1).class("Thing", "").finish();
        }
    }

    #[test]
    fn modules_are_defined_once_and_late() {
        let library = Library::builder().module(Counted).build();
        assert!(library.modules["counted"].template.get().is_none());
        let members = || &library.module("counted").expect("it was added").members;
        let class = members()["Thing"].as_gc::<Class>().expect("it is a class");
        assert!(class.is_frozen() && members()["Thing"].as_gc::<Class>() == Some(class));
        assert!(library.module("other").is_none());
    }
}
