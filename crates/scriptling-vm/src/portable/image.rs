//! What a function can reach by global name, as a shared snapshot: so that spawning a task compiles and runs nothing.
//!
//! An [`Image`] holds the bound globals that some functions refer to, transitively: their code's global slots, the names
//! in class bodies, all of a module that is used as a value, and functions named by string constants (handlers are
//! passed as strings). A task's isolate materialises them one by one when it first touches them.
//!
//! # Reuse
//! An image is made once and used again until something in it has changed. There are no write barriers: with the image the
//! isolate keeps, for every mutable object that was captured, the words it contained, and compares. That is a few hundred
//! word comparisons for an ordinary program, and exact. The cache is dropped at each collection, so it retains nothing.
//!
//! # Invariant
//! What is unbound, or cannot cross, is recorded as such, and why: a task that touches it gets an error that says so.

use std::sync::Arc;

use rustc_hash::{FxHashMap, FxHashSet};

use super::capture::{Capture, Problem};
use super::small_map::SmallMap;
use super::{Atom, Node};
use crate::code::{Code, Unit};
use crate::heap::module::ModuleInfo;
use crate::heap::{CellBox, Class, Dict, Exception, Function, Gc, Instance, Kind, List, Marker, Module, Property, Str};
use crate::isolate::Isolate;
use crate::library::Library;
use crate::native::Cx;
use crate::op::{Field, Instruction, Op, Role};
use crate::value::Value;

/// Captured words beyond which comparing is no cheaper than capturing again.
const MAX_COMPARED: usize = 1 << 20;

/// A shared snapshot of a program's globals.
pub struct Image {
    pub(super) modules: Vec<Option<ImageModule>>,
    pub(super) nodes: Vec<Node>,
    pub(super) library: Arc<Library>,
}

/// One script module of an image.
pub(super) struct ImageModule {
    pub(super) info: Arc<ModuleInfo>,
    pub(super) slots: Vec<ImageSlot>,
    /// Whether every bound global was captured.
    pub(super) whole: bool,
}

/// What an image knows of one global.
pub(super) enum ImageSlot {
    /// Nothing: no captured code refers to it.
    Absent,
    /// It was not bound (a builtin's name, usually).
    Unbound,
    /// Its value.
    Value(Atom),
    /// It cannot cross, because.
    Refused(Arc<str>),
}

/// An image that this isolate fills unbound globals from.
pub(super) struct ImageState {
    pub(super) image: Arc<Image>,
    /// Nodes made so far.
    pub(super) memo: SmallMap<u32, Value>,
    /// Slots bound from it: a script that unbinds one must not see it again.
    pub(super) bound: SmallMap<(u32, u32), ()>,
}

/// An isolate's side of everything that crosses.
#[derive(Default)]
pub(crate) struct PortableState {
    /// Script modules in the order of their numbers in this isolate's images.
    numbers: Vec<Gc<Module>>,
    /// Most tasks have none.
    identities: Option<Box<Identities>>,
    /// Images that unbound globals are filled from; the task's own first.
    pub(super) images: Vec<ImageState>,
    cached: Option<Box<Cached>>,
}

/// Classes that are not globals, and what else few isolates know.
#[derive(Default)]
struct Identities {
    /// Modules of other programs, which the isolate has under no name.
    foreign: Vec<Gc<Module>>,
    /// Their identity across isolates.
    origins: FxHashMap<u64, Arc<()>>,
    /// The same, the other way round.
    by_origin: FxHashMap<usize, Gc<Class>>,
}

impl PortableState {
    /// The module's number in this isolate's images.
    pub(super) fn number_of(&mut self, module: Gc<Module>) -> u32 {
        let known = self.numbers.iter().position(|&known| known == module);
        known.unwrap_or_else(|| {
            self.numbers.push(module);
            self.numbers.len() - 1
        }) as u32
    }

    /// The units of its images, which keep them alive for it.
    pub(crate) fn units(&self) -> impl Iterator<Item = &Arc<Unit>> {
        let modules = self.images.iter().flat_map(|state| state.image.modules.iter().flatten());
        modules.flat_map(|module| &module.info.units)
    }

    /// The identity of a class across isolates.
    pub(super) fn origin_of(&mut self, class: Gc<Class>) -> Arc<()> {
        let identities = self.identities.get_or_insert_default();
        let origin = identities.origins.entry(Value::obj(class).payload()).or_default().clone();
        identities.by_origin.insert(Arc::as_ptr(&origin) as usize, class);
        origin
    }

    /// This isolate's class of that identity.
    pub(super) fn class_of_origin(&self, origin: &Arc<()>) -> Option<Gc<Class>> {
        self.identities.as_ref()?.by_origin.get(&(Arc::as_ptr(origin) as usize)).copied()
    }

    /// Notes that `class` is this isolate's copy.
    pub(super) fn set_origin(&mut self, origin: &Arc<()>, class: Gc<Class>) {
        let identities = self.identities.get_or_insert_default();
        identities.origins.insert(Value::obj(class).payload(), origin.clone());
        identities.by_origin.insert(Arc::as_ptr(origin) as usize, class);
    }

    /// The modules of other programs.
    pub(super) fn foreign(&self) -> impl Iterator<Item = Gc<Module>> {
        self.identities.iter().flat_map(|identities| identities.foreign.iter().copied())
    }

    /// Notes a module of another program.
    pub(super) fn add_foreign(&mut self, module: Gc<Module>) {
        self.identities.get_or_insert_default().foreign.push(module);
    }

    /// Reports what must stay alive; the cached image's values are not among it.
    pub(crate) fn trace(&self, marker: &mut Marker) {
        self.numbers.iter().copied().chain(self.foreign()).for_each(|module| marker.gc(module));
        self.identities.iter().flat_map(|known| known.by_origin.values()).for_each(|&class| marker.gc(class));
        self.images.iter().for_each(|state| state.memo.each_value(|value| marker.value(value)));
    }

    /// Drops the cached image, whose values the collector does not trace. To be called before each collection.
    pub(crate) fn before_collection(&mut self) {
        self.cached = None;
    }
}

/// Globals that something captured refers to.
#[derive(Default, Clone)]
pub(super) struct Reach {
    slots: Vec<(Gc<Module>, u32)>,
    seen: FxHashSet<(Gc<Module>, u32)>,
    /// Prefix of those that the message itself names: they must be portable.
    required: FxHashSet<(Gc<Module>, u32)>,
    whole: Vec<Gc<Module>>,
    modules: Vec<Gc<Module>>,
    scanned: FxHashSet<*const Code>,
}

impl Reach {
    pub(super) fn is_empty(&self) -> bool {
        self.slots.is_empty() && self.modules.is_empty()
    }

    /// A global that a value refers to by name.
    pub(super) fn add(&mut self, module: Gc<Module>, slot: u32) {
        self.required.insert((module, slot));
        self.add_optional(module, slot);
    }

    fn add_optional(&mut self, module: Gc<Module>, slot: u32) {
        self.add_module(module);
        if self.seen.insert((module, slot)) {
            self.slots.push((module, slot));
        }
    }

    /// A module whose code is used.
    pub(super) fn add_module(&mut self, module: Gc<Module>) {
        if !self.modules.contains(&module) {
            self.modules.push(module);
        }
    }

    /// A module that is used as a value: all of it.
    pub(super) fn add_whole(&mut self, module: Gc<Module>) {
        self.add_module(module);
        if !self.whole.contains(&module) {
            self.whole.push(module);
        }
    }

    /// What a code object and those inside it refer to in `globals`.
    pub(super) fn scan(&mut self, isolate: &Isolate, unit: &Arc<Unit>, code: u32, globals: Gc<Module>) {
        if globals.is_frozen() {
            return;
        }
        self.add_module(globals);
        let mut pending = vec![code];
        while let Some(index) = pending.pop() {
            let code = &unit.codes[index as usize];
            if !self.scanned.insert(std::ptr::from_ref(code)) {
                continue;
            }
            self.scan_ops(isolate, code, globals, &mut pending);
            let module = globals.get(&isolate.heap);
            for constant in &code.consts {
                // A string that names a function may be a task's handler.
                let Some(text) = constant.as_gc::<Str>() else { continue };
                let Some(slot) = module.info.names.get_index_of(text.get(&isolate.heap).as_str()) else { continue };
                let bound = module.slots.get(slot).copied().unwrap_or(Value::UNDEFINED);
                if bound.is::<Function>() || (bound.is_undefined() && module.image != 0) {
                    self.add_optional(globals, slot as u32);
                }
            }
        }
    }

    fn scan_ops(&mut self, isolate: &Isolate, code: &Code, globals: Gc<Module>, pending: &mut Vec<u32>) {
        let module = globals.get(&isolate.heap);
        let mut at = 0;
        while let Some(&word) = code.ops.get(at) {
            let instruction = Instruction(word);
            let op = instruction.op();
            at += op.words();
            for &(field, role) in op.info().operands {
                let operand = operand(instruction, field);
                match role {
                    Role::Global => {
                        self.add_optional(globals, operand);
                        let name = module.info.names.get_index(operand as usize).map(|(name, ())| name.as_str());
                        if matches!(name, Some("globals" | "eval" | "exec")) {
                            self.add_whole(globals);
                        }
                    }
                    Role::Code => pending.push(operand),
                    Role::Name if matches!(op, Op::LoadName | Op::LoadNameOrFree) => {
                        let name = &code.names[operand as usize].text;
                        if let Some(slot) = module.info.names.get_index_of(name) {
                            self.add_optional(globals, slot as u32);
                        }
                    }
                    _ => {}
                }
            }
        }
    }
}

fn operand(instruction: Instruction, field: Field) -> u32 {
    match field {
        Field::A => u32::from(instruction.a()),
        Field::B => u32::from(instruction.b()),
        Field::C => u32::from(instruction.c()),
        Field::Bx => u32::from(instruction.bx()),
        Field::Ax => instruction.ax(),
        Field::Word => 0,
    }
}

/// An image, and what must still be the same for it to be up to date.
struct Cached {
    image: Arc<Image>,
    /// What it was made for.
    roots: Reach,
    covered: FxHashSet<(Gc<Module>, u32)>,
    /// Globals and what they were bound to.
    slots: Vec<(Gc<Module>, u32, Value)>,
    /// Modules captured as a whole, and how many slots they had.
    whole: Vec<(Gc<Module>, usize)>,
    modules: Vec<Gc<Module>>,
    /// Captured objects, and how many of `contents` each had.
    objects: Vec<(Value, u32)>,
    contents: Vec<Value>,
    /// Whether comparing cannot tell.
    volatile: bool,
}

impl Cached {
    fn covers(&self, reach: &Reach) -> bool {
        reach.slots.iter().all(|slot| self.covered.contains(slot))
            && reach.modules.iter().all(|module| self.modules.contains(module))
            && reach.whole.iter().all(|module| self.whole.iter().any(|(known, _)| known == module))
    }

    fn is_current(&self, isolate: &Isolate) -> bool {
        let heap = &isolate.heap;
        let bound = |module: Gc<Module>, slot: u32| {
            module.get(heap).slots.get(slot as usize).copied().unwrap_or(Value::UNDEFINED)
        };
        if self.volatile
            || !self.slots.iter().all(|&(module, slot, value)| bound(module, slot).same(value))
            || !self.whole.iter().all(|&(module, slots)| module.get(heap).slots.len() == slots)
        {
            return false;
        }
        let mut rest = self.contents.as_slice();
        for &(object, count) in &self.objects {
            let (expected, after) = rest.split_at(count as usize);
            rest = after;
            let mut at = 0;
            let mut equal = true;
            contents(isolate, object, &mut |value| {
                equal &= expected.get(at).is_some_and(|expected| expected.same(value));
                at += 1;
            });
            if !equal || at != expected.len() {
                return false;
            }
        }
        true
    }
}

/// An image that contains all of `reach`.
pub(super) fn covering(cx: &mut Cx<'_>, reach: &Reach) -> Result<Arc<Image>, Problem> {
    let cached = cx.isolate.portable.cached.take();
    let current = cached.filter(|cached| cached.is_current(cx.isolate));
    let cached = match current {
        Some(cached) if cached.covers(reach) => cached,
        Some(cached) => {
            let mut roots = cached.roots.clone();
            for &(module, slot) in &reach.slots {
                roots.add_optional(module, slot);
            }
            reach.whole.iter().for_each(|&module| roots.add_whole(module));
            reach.modules.iter().for_each(|&module| roots.add_module(module));
            Box::new(make(cx, roots))
        }
        None => Box::new(make(cx, reach.clone())),
    };
    let image = cached.image.clone();
    cx.isolate.portable.cached = Some(cached);
    for &(module, slot) in &reach.required {
        let number = cx.isolate.portable.number_of(module);
        let module = image.modules[number as usize].as_ref();
        if let Some(ImageSlot::Refused(reason)) = module.and_then(|module| module.slots.get(slot as usize)) {
            return Err(Problem::new(reason.to_string()));
        }
    }
    Ok(image)
}

fn make(cx: &mut Cx<'_>, mut roots: Reach) -> Cached {
    // Functions among the roots must be scanned for this image even if their message scanned them.
    roots.scanned.clear();
    roots.required.clear();
    loop {
        match try_make(cx, &roots) {
            Ok(cached) => return cached,
            Err(missing) => {
                for (module, slot) in missing {
                    // In a task, globals are captured as the task would see them. One that cannot be made is left unbound,
                    // and is reported when somebody touches it.
                    if super::image_global(cx.isolate, module, slot).is_err() {
                        roots.add_optional(module, slot);
                    }
                }
            }
        }
    }
}

/// Captures; or says which globals of this isolate have to be materialised first.
fn try_make(cx: &mut Cx<'_>, roots: &Reach) -> Result<Cached, Vec<(Gc<Module>, u32)>> {
    let state = std::mem::take(&mut cx.isolate.portable);
    let isolate = &*cx.isolate;
    let mut capture = Capture::new(isolate, state);
    capture.reach = roots.clone();
    let mut captured: FxHashMap<(Gc<Module>, u32), ImageSlot> = FxHashMap::default();
    let mut slots = Vec::new();
    let mut missing = Vec::new();
    let mut volatile = false;
    let (mut next, mut expanded) = (0, 0);
    loop {
        while let Some(&module) = capture.reach.whole.get(expanded) {
            expanded += 1;
            for slot in 0..module.get(&isolate.heap).info.names.len() {
                capture.reach.add_optional(module, slot as u32);
            }
        }
        let Some(&(module, slot)) = capture.reach.slots.get(next) else { break };
        next += 1;
        let value = module.get(&isolate.heap).slots.get(slot as usize).copied().unwrap_or(Value::UNDEFINED);
        slots.push((module, slot, value));
        let entry = if value.is_undefined() {
            if super::restore::has_unbound(&capture.state, isolate, module, slot) {
                missing.push((module, slot));
            }
            ImageSlot::Unbound
        } else {
            let mark = capture.nodes.len();
            match capture.definition(value, module, slot) {
                Ok(atom) => ImageSlot::Value(atom),
                Err(problem) => {
                    capture.roll_back(mark);
                    volatile |= !problem.is_direct();
                    ImageSlot::Refused(problem.message().into())
                }
            }
        };
        captured.insert((module, slot), entry);
    }
    let Capture { nodes, origins, state, reach, .. } = capture;
    let mut objects = Vec::new();
    let mut words = Vec::new();
    for origin in &origins {
        let before = words.len();
        contents(isolate, origin.value, &mut |value| words.push(value));
        if words.len() > before {
            objects.push((origin.value, (words.len() - before) as u32));
        }
    }
    volatile |= words.len() > MAX_COMPARED;
    let modules = state.numbers.iter().map(|&module| image_module(isolate, module, &reach, &mut captured)).collect();
    let whole = reach.whole.iter().map(|&module| (module, module.get(&isolate.heap).slots.len())).collect();
    let image = Arc::new(Image { modules, nodes, library: isolate.library.clone() });
    cx.isolate.portable = state;
    cx.charge_work(words.len());
    if !missing.is_empty() {
        return Err(missing);
    }
    let covered = reach.seen;
    Ok(Cached {
        image,
        roots: roots.clone(),
        covered,
        slots,
        whole,
        modules: reach.modules,
        objects,
        contents: words,
        volatile,
    })
}

fn image_module(
    isolate: &Isolate,
    module: Gc<Module>,
    reach: &Reach,
    captured: &mut FxHashMap<(Gc<Module>, u32), ImageSlot>,
) -> Option<ImageModule> {
    if !reach.modules.contains(&module) {
        return None;
    }
    let data = module.get(&isolate.heap);
    let slots = (0..data.info.names.len() as u32)
        .map(|slot| captured.remove(&(module, slot)).unwrap_or(ImageSlot::Absent))
        .collect();
    Some(ImageModule { info: data.info.clone(), slots, whole: reach.whole.contains(&module) })
}

/// Reports the values that a mutable object contains, in a fixed order.
fn contents(isolate: &Isolate, object: Value, report: &mut impl FnMut(Value)) {
    let heap = &isolate.heap;
    match object.kind() {
        Some(Kind::List) => typed::<List>(object).get(heap).iter().for_each(report),
        Some(Kind::Dict) => {
            for entry in typed::<Dict>(object).get(heap).table.iter() {
                report(entry.key);
                report(entry.value);
            }
        }
        Some(Kind::Set) => {
            let table = crate::native::set_table(heap, object).expect("kind was checked");
            table.iter().for_each(|entry| report(entry.key));
        }
        Some(Kind::CellBox) => report(typed::<CellBox>(object).get(heap).value),
        Some(Kind::Instance) => {
            let instance = typed::<Instance>(object);
            report(Value::int(i64::from(instance.shape().0)));
            report(instance.get(heap).extra.map_or(Value::UNDEFINED, Value::obj));
            report(Value::obj(isolate.instance_class(instance)));
            instance.slots(heap).iter().copied().for_each(report);
        }
        Some(Kind::Class) if !typed::<Class>(object).is_frozen() => {
            for (name, &value) in &typed::<Class>(object).get(heap).attrs {
                report(Value::int(name.len() as i64));
                report(value);
            }
        }
        Some(Kind::Function) if !typed::<Function>(object).is_frozen() => {
            let function = typed::<Function>(object).get(heap);
            function.defaults.iter().chain(&function.kw_defaults).copied().for_each(&mut *report);
            [function.name, function.qualname, function.doc].into_iter().for_each(&mut *report);
            report(function.attrs.map_or(Value::UNDEFINED, Value::obj));
        }
        Some(Kind::Exception) => {
            let exception = typed::<Exception>(object).get(heap);
            [exception.args, exception.cause].into_iter().for_each(&mut *report);
            report(exception.attrs.map_or(Value::UNDEFINED, Value::obj));
        }
        Some(Kind::Property) => {
            let property = typed::<Property>(object).get(heap);
            [property.get, property.set, property.delete].into_iter().for_each(report);
        }
        _ => {}
    }
}

fn typed<T: crate::heap::Object>(value: Value) -> Gc<T> {
    value.as_gc().expect("the caller matched the kind")
}
