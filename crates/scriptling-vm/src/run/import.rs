//! `import`: native modules of the library, script modules of the host.

use std::sync::Arc;

use scriptling_syntax::Source;
use smol_str::SmolStr;

use crate::code::{CodeRef, Unit};
use crate::error::{ExcClass, Raise};
use crate::heap::module::{GlobalNames, ModuleInfo};
use crate::heap::{Function, Gc, Module};
use crate::isolate::Isolate;
use crate::native::{Cx, Kept, NativeResult, Outcome};
use crate::operate;
use crate::run::cache::CacheTable;
use crate::value::Value;

/// `import name` with its level and from-list: the module that the statement binds or takes names from.
pub(crate) fn import_name(cx: &mut Cx<'_>, name: &str, level: Value, names: Value) -> NativeResult {
    let level = level.as_int().unwrap_or(0) as usize;
    let full = resolve_relative(cx, name, level)?;
    let wants_leaf = !names.is_none();
    let from: Vec<SmolStr> =
        cx.sequence(names).unwrap_or_default().iter().filter_map(|&name| cx.as_str(name).map(SmolStr::new)).collect();
    let top = SmolStr::new(full.split('.').next().unwrap_or_default());
    import_chain(cx, full.clone(), 0)?.and_then(cx, move |cx, leaf| {
        if !wants_leaf {
            let top = cx.isolate.modules.get(&top).copied();
            return Ok(Outcome::Return(top.map_or(leaf, Value::obj)));
        }
        let leaf = cx.keep(leaf);
        import_submodules(cx, full, leaf, from, 0)
    })
}

/// `from package import submodule`: names that are not attributes may be modules of the package.
fn import_submodules(cx: &mut Cx<'_>, package: SmolStr, leaf: Kept, from: Vec<SmolStr>, mut at: usize) -> NativeResult {
    let module = cx.kept(leaf).as_gc::<Module>().expect("imports give modules");
    while let Some(name) = from.get(at) {
        at += 1;
        let data = module.get(cx.heap());
        if name == "*" || !data.info.is_package || data.get(name).is_some() {
            continue;
        }
        let full = SmolStr::from(format!("{package}.{name}"));
        if let Some(outcome) = find_and_load(cx, &full)? {
            return outcome.and_then(cx, move |cx, submodule| {
                bind_submodule(cx, &full, submodule);
                import_submodules(cx, package, leaf, from, at)
            });
        }
    }
    Ok(Outcome::Return(cx.kept(leaf)))
}

fn resolve_relative(cx: &mut Cx<'_>, name: &str, level: usize) -> Result<SmolStr, Raise> {
    if level == 0 {
        return Ok(name.into());
    }
    let frame = cx.isolate.fiber.frames.last().expect("an import statement runs in a frame");
    let module = frame.function.get(&cx.isolate.heap).globals.get(&cx.isolate.heap);
    let mut package = module.info.name.as_str();
    let up = if module.info.is_package { level - 1 } else { level };
    for _ in 0..up {
        package = package.rsplit_once('.').map_or("", |(parent, _)| parent);
    }
    if package.is_empty() && (up > 0 || !module.info.is_package) {
        return Err(Raise::new(ExcClass::ImportError, "attempted relative import with no known parent package"));
    }
    Ok(if name.is_empty() { package.into() } else { format!("{package}.{name}").into() })
}

/// Imports `a`, `a.b`, `a.b.c` in turn; the result is the last.
fn import_chain(cx: &mut Cx<'_>, full: SmolStr, mut from: usize) -> NativeResult {
    loop {
        let end = full[from..].find('.').map_or(full.len(), |dot| from + dot);
        let prefix = SmolStr::new(&full[..end]);
        let outcome = match find_and_load(cx, &prefix)? {
            Some(outcome) => outcome,
            None if end < full.len() && cx.isolate.library.has_modules_under(&prefix) => {
                let module = cx.isolate.namespace_module(&prefix);
                Outcome::Return(Value::obj(module))
            }
            None => return Err(not_found(cx, &prefix)),
        };
        match outcome {
            Outcome::Return(module) => {
                bind_submodule(cx, &prefix, module);
                if end == full.len() {
                    return Ok(Outcome::Return(module));
                }
                from = end + 1;
            }
            other => {
                return other.and_then(cx, move |cx, module| {
                    bind_submodule(cx, &prefix, module);
                    if end == full.len() { Ok(Outcome::Return(module)) } else { import_chain(cx, full, end + 1) }
                });
            }
        }
    }
}

fn not_found(cx: &mut Cx<'_>, name: &str) -> Raise {
    let message = match name.rsplit_once('.') {
        Some((parent, _))
            if cx.isolate.modules.get(parent).is_some_and(|m| !m.get(&cx.isolate.heap).info.is_package) =>
        {
            format!("No module named '{name}'; '{parent}' is not a package")
        }
        _ => format!("No module named '{name}'"),
    };
    operate::attr::with_hint(cx, Raise::new(ExcClass::ModuleNotFoundError, message), name, None)
}

/// A submodule becomes an attribute of its package.
fn bind_submodule(cx: &mut Cx<'_>, full: &str, module: Value) {
    let Some((parent, name)) = full.rsplit_once('.') else { return };
    if let Some(parent) = cx.isolate.modules.get(parent).copied()
        && parent.get(cx.heap()).get(name).is_none()
    {
        cx.isolate.set_module_attr(parent, name, module);
    }
}

/// Loaded already, native, or a script: the module; `None` if there is none of that name.
fn find_and_load(cx: &mut Cx<'_>, name: &SmolStr) -> Result<Option<Outcome>, Raise> {
    if let Some(module) = cx.isolate.modules.get(name) {
        return Ok(Some(Outcome::Return(Value::obj(*module))));
    }
    if let Some(module) = cx.isolate.native_module(name) {
        return Ok(Some(Outcome::Return(Value::obj(module))));
    }
    // In a task, a module that the program has loaded already is there as the program left it.
    if let Some(module) = crate::portable::image_module(cx.isolate, name) {
        return Ok(Some(Outcome::Return(Value::obj(module))));
    }
    let unit = match cx.host().cached_unit(name) {
        Some(unit) => unit,
        None => {
            let source = cx.host().find_module(name).map_err(|text| Raise::new(ExcClass::ImportError, text))?;
            let Some(source) = source else { return Ok(None) };
            let library = cx.isolate.library.clone();
            let source = Arc::new(Source::new(source.file.as_str(), source.text));
            let unit = Arc::new(compile_module(&library, source, None).map_err(Raise::syntax)?);
            cx.host().cache_unit(name, &unit);
            unit
        }
    };
    let is_package = unit.source.name().ends_with("__init__.py");
    let names = unit.global_names.clone();
    let info = ModuleInfo { name: name.clone(), names, is_package, ..ModuleInfo::default() };
    let module = cx.isolate.new_module(Arc::new(info));
    cx.isolate.modules.insert(name.clone(), module);
    let body = cx.isolate.load_unit(module, unit);
    let name = name.clone();
    Ok(Some(Outcome::call(Value::obj(body), &[], move |cx, result| match result {
        Ok(_) => {
            let module = cx.isolate.modules.get(&name).copied();
            Ok(Outcome::Return(module.map_or(Value::NONE, Value::obj)))
        }
        Err(raise) => {
            // A module that failed half-way is not there: the next import tries again.
            cx.isolate.forget_module(&name);
            Err(raise)
        }
    })))
}

/// Parses and compiles a module's text; all errors of the text together.
pub(crate) fn compile_module(
    library: &crate::library::Library,
    source: Arc<Source>,
    names: Option<Arc<GlobalNames>>,
) -> Result<Unit, super::start::SyntaxErrors> {
    super::start::compile_source(library, source, names, false)
}

/// `from module import name`.
pub(crate) fn import_from(cx: &mut Cx<'_>, module: Value, name: &str) -> NativeResult {
    let module = module.as_gc::<Module>().expect("ImportName pushed a module");
    let data = module.get(cx.heap());
    if let Some(value) = data.get(name) {
        return Ok(Outcome::Return(value));
    }
    let full = format!("{}.{name}", data.info.name);
    if let Some(submodule) = cx.isolate.modules.get(full.as_str()) {
        return Ok(Outcome::Return(Value::obj(*submodule)));
    }
    let module_name = data.info.name.clone();
    let place = data.info.file.clone().unwrap_or_else(|| "unknown location".into());
    let hint = crate::suggest::closest(name, data.iter().map(|(known, _)| known.as_str()));
    let hint = hint.map_or(String::new(), |hint| format!(". Did you mean: '{hint}'?"));
    Err(Raise::new(ExcClass::ImportError, format!("cannot import name '{name}' from '{module_name}' ({place}){hint}")))
}

impl Isolate {
    /// `from module import *`: the names in `__all__`, or all that do not start with an underscore.
    pub(crate) fn import_star(&mut self, module: Value) -> Result<(), Raise> {
        let module = module.as_gc::<Module>().expect("ImportName pushed a module");
        let all = module.get(&self.heap).get("__all__").and_then(|all| Cx { isolate: self }.sequence(all));
        let mut found: Vec<(SmolStr, Value)> = Vec::new();
        match all {
            Some(names) => {
                for name in names {
                    let name = SmolStr::new(Cx { isolate: self }.as_str(name).unwrap_or_default());
                    let Some(value) = module.get(&self.heap).get(&name) else {
                        let module_name = &module.get(&self.heap).info.name;
                        let message = format!("module '{module_name}' has no attribute '{name}'");
                        return Err(Raise::attribute_error(message));
                    };
                    found.push((name, value));
                }
            }
            None => {
                let public = module.get(&self.heap).iter().filter(|(name, _)| !name.starts_with('_'));
                found.extend(public.map(|(name, value)| (name.clone(), value)));
            }
        }
        let frame = self.fiber.frames.last().expect("an import statement runs in a frame");
        let globals = frame.function.get(&self.heap).globals;
        for (name, value) in found {
            self.set_module_attr(globals, &name, value);
        }
        Ok(())
    }

    /// Binds a name in a module, growing its table if it is new.
    pub(crate) fn set_module_attr(&mut self, module: Gc<Module>, name: &str, value: Value) {
        module.get_mut(&mut self.heap).set(name, value);
    }

    /// A module object with room for its units' globals.
    pub(crate) fn new_module(&mut self, info: Arc<ModuleInfo>) -> Gc<Module> {
        let slots = vec![Value::UNDEFINED; info.names.len()];
        let name = Cx { isolate: self }.str(info.name.clone());
        let module = self.heap.alloc(Module { info, slots, fallbacks: Vec::new(), image: 0 });
        self.set_module_attr(module, "__name__", name);
        module
    }

    /// A package that exists only because native modules live under its name.
    fn namespace_module(&mut self, name: &SmolStr) -> Gc<Module> {
        let info = ModuleInfo { name: name.clone(), is_package: true, ..ModuleInfo::default() };
        let module = self.new_module(Arc::new(info));
        self.modules.insert(name.clone(), module);
        module
    }

    /// This isolate's copy of a native module.
    pub(crate) fn native_module(&mut self, name: &SmolStr) -> Option<Gc<Module>> {
        let library = self.library.clone();
        let template = library.module(name)?;
        let info = template.info.get_or_init(|| library.native_info(name, template));
        let module = self.new_module(info.clone());
        for (slot, (_, value)) in module.get_mut(&mut self.heap).slots[1..].iter_mut().zip(&template.members) {
            *slot = *value;
        }
        for (member, value) in template.on_import.map(|make| make(&mut Cx { isolate: self })).unwrap_or_default() {
            self.set_module_attr(module, &member, value);
        }
        self.modules.insert(name.clone(), module);
        // Submodules of a native package are its attributes whether imported or not: `runtime.kv` after
        // `import scriptling.runtime as runtime`.
        let prefix = format!("{name}.");
        let submodules: Vec<SmolStr> = library
            .modules
            .keys()
            .filter(|other| other.strip_prefix(prefix.as_str()).is_some_and(|rest| !rest.contains('.')))
            .cloned()
            .collect();
        for full in submodules {
            let submodule = match self.modules.get(&full).copied() {
                Some(submodule) => Some(submodule),
                None => self.native_module(&full),
            };
            if let Some(submodule) = submodule {
                self.set_module_attr(module, &full[prefix.len()..], Value::obj(submodule));
            }
        }
        Some(module)
    }

    /// Attaches a unit to a module and makes the function that runs its body.
    pub(crate) fn load_unit(&mut self, module: Gc<Module>, unit: Arc<Unit>) -> Gc<Function> {
        let code = CodeRef::new(&unit, 0);
        let file = SmolStr::new(unit.source.name());
        let doc = unit.codes[0].doc;
        let builtin_names = unit.global_names.len();
        let data = module.get_mut(&mut self.heap);
        let info = data.info_mut();
        info.names = merge_names(&info.names, &unit.global_names);
        let count = info.names.len().max(builtin_names);
        info.units.push(unit.clone());
        let file = Some(file).filter(|file| info.file.is_none() && !file.starts_with('<'));
        info.file = info.file.take().or_else(|| file.clone());
        if data.slots.len() < count {
            data.slots.resize(count, Value::UNDEFINED);
        }
        if let Some(file) = file {
            let file = Cx { isolate: self }.str(file);
            self.set_module_attr(module, "__file__", file);
        }
        self.units.push(unit);
        self.set_module_attr(module, "__doc__", doc);
        self.module_function(module, code)
    }

    /// The function object of a module body.
    fn module_function(&mut self, module: Gc<Module>, code: CodeRef) -> Gc<Function> {
        self.heap.alloc(Function {
            code,
            caches: std::cell::Cell::new(CacheTable::NONE),
            globals: module,
            closure: Box::default(),
            defaults: Box::default(),
            kw_defaults: Box::default(),
            name: Value::UNDEFINED,
            qualname: Value::UNDEFINED,
            doc: Value::UNDEFINED,
            annotations: None,
            attrs: None,
            module_name: Value::UNDEFINED,
        })
    }
}

/// The numbering that code of the unit relies on, extended by names the module has beyond it.
fn merge_names(module: &Arc<GlobalNames>, unit: &Arc<GlobalNames>) -> Arc<GlobalNames> {
    if module.iter().zip(unit.iter()).all(|(left, right)| left.0 == right.0) {
        return if module.len() >= unit.len() { module.clone() } else { unit.clone() };
    }
    unreachable!("a unit is compiled with the names of the module it is loaded into")
}

/// `import_module(name)`, for natives that resolve handlers such as `"lib.function"`.
pub fn import_module(cx: &mut Cx<'_>, name: &str) -> NativeResult {
    import_chain(cx, name.into(), 0)
}

/// The attribute of a module, or AttributeError.
pub fn module_attr(cx: &mut Cx<'_>, module: Value, name: &str) -> NativeResult {
    operate::attr::get(cx, module, name)
}

impl crate::library::Library {
    /// Whether native modules live under the name: `scriptling` for `scriptling.runtime`.
    pub(crate) fn has_modules_under(&self, name: &str) -> bool {
        self.modules.keys().any(|module| module.strip_prefix(name).is_some_and(|rest| rest.starts_with('.')))
    }
}
