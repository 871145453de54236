//! Copying values out: a worklist over the graph of objects, each visited once.
//!
//! Every object becomes one node; the memo keeps sharing and cycles. `sources` remembers from where each node was reached,
//! so that an object that cannot cross is reported with its path, and so that `image` can tell later whether anything
//! that it captured has changed.

use std::sync::Arc;

use rustc_hash::FxHashMap;
use smol_str::SmolStr;

use super::image::{PortableState, Reach};
use super::{Atom, ClassNode, ExceptionNode, FunctionNode, Graph, InstanceNode, Node, Portable};
use crate::code::Unit;
use crate::error::Raise;
use crate::heap::data::HostData;
use crate::heap::list::Items;
use crate::heap::{
    BigInteger, BigRange, BoundMethod, Bytes, CellBox, Class, ClassMethod, Dict, Exception, Function, Gc, Heap,
    HostObject, Instance, Kind, List, Module, Object, Property, Range, Slice, StaticMethod, Str, Tuple,
};
use crate::isolate::Isolate;
use crate::native::Cx;
use crate::value::{Tag, Value};

/// How often the memory limit is consulted, in nodes.
const CHECK_EVERY: usize = 1024;

/// The longest path that a message spells out; longer ones keep their ends.
const MAX_PATH: usize = 8;

/// Copies a value out of the isolate.
pub(super) fn capture(cx: &mut Cx<'_>, value: Value, what: Option<&dyn Fn() -> String>) -> Result<Portable, Raise> {
    capture_as(cx, value, what, false)
}

/// Copies a value out that must be data: no functions, classes, instances, exceptions, modules or host objects.
pub(super) fn capture_data(cx: &mut Cx<'_>, value: Value, what: &dyn Fn() -> String) -> Result<Portable, Raise> {
    capture_as(cx, value, Some(what), true)
}

fn capture_as(
    cx: &mut Cx<'_>,
    value: Value,
    what: Option<&dyn Fn() -> String>,
    data_only: bool,
) -> Result<Portable, Raise> {
    if let Some(root) = scalar(cx.heap(), value) {
        return Ok(Portable { root, graph: None });
    }
    let prefixed = |problem: Problem| match what {
        Some(what) => problem.into_raise(&what()),
        None => problem.into_raise(""),
    };
    let state = std::mem::take(&mut cx.isolate.portable);
    let mut capture = Capture::new(cx.isolate, state);
    capture.data_only = data_only;
    let result = capture.root(value);
    let Capture { nodes, state, reach, bytes, .. } = capture;
    cx.isolate.portable = state;
    let root = result.map_err(prefixed)?;
    let image = if reach.is_empty() { None } else { Some(super::image::covering(cx, &reach).map_err(prefixed)?) };
    cx.charge_work(nodes.len() * 4);
    let library = nodes.iter().any(|node| matches!(node, Node::Frozen(_))).then(|| cx.isolate.library.clone());
    Ok(Portable { root, graph: Some(Arc::new(Graph { nodes: nodes.into(), image, library, bytes })) })
}

/// The atom of a value that needs no node.
fn scalar(heap: &Heap, value: Value) -> Option<Atom> {
    Some(match value.tag() {
        Tag::Undefined => Atom::Undefined,
        Tag::None => Atom::None,
        Tag::NotImplemented => Atom::NotImplemented,
        Tag::Ellipsis => Atom::Ellipsis,
        Tag::Bool => Atom::Bool(value.payload() != 0),
        Tag::Int => Atom::Int(value.payload() as i64),
        Tag::Float => Atom::Float(f64::from_bits(value.payload())),
        Tag::Obj => match value.kind()? {
            Kind::Str => Atom::Str(value.as_gc::<Str>()?.get(heap).to_smol()),
            Kind::Bytes => Atom::Bytes(value.as_gc::<Bytes>()?.get(heap).0.clone()),
            Kind::BigInteger => Atom::Big(Arc::new(value.as_gc::<BigInteger>()?.get(heap).0.clone())),
            _ => return None,
        },
    })
}

/// Whether a container is one of those that data consists of.
fn is_data_kind(value: Value) -> bool {
    matches!(
        value.kind(),
        Some(Kind::List | Kind::Tuple | Kind::Dict | Kind::Set | Kind::FrozenSet | Kind::Range | Kind::BigRange)
    )
}

/// Whether the hash of such a key is the same in every isolate.
fn hash_travels(key: &Atom) -> bool {
    !matches!(key, Atom::Node(_) | Atom::Global(..) | Atom::Module(_))
}

/// Why something cannot cross, with the path to it, outermost step first.
pub(super) struct Problem {
    path: Vec<String>,
    text: String,
    memory: bool,
}

impl Problem {
    pub(super) fn new(text: String) -> Problem {
        Problem { path: Vec::new(), text, memory: false }
    }

    /// Whether the root itself is what cannot cross (not something in a container that may change).
    pub(super) fn is_direct(&self) -> bool {
        self.path.is_empty() && !self.memory
    }

    /// The message: `list[1]: dict["x"]: generator is not transferable`.
    pub(super) fn message(&self) -> String {
        let mut message = String::new();
        let hidden = self.path.len().saturating_sub(MAX_PATH);
        for (index, step) in self.path.iter().enumerate() {
            if hidden > 0 && index == MAX_PATH / 2 {
                message.push_str("...: ");
            }
            if hidden == 0 || index < MAX_PATH / 2 || index >= self.path.len() - MAX_PATH / 2 {
                message.push_str(step);
                message.push_str(": ");
            }
        }
        message.push_str(&self.text);
        message
    }

    #[cold]
    fn into_raise(self, what: &str) -> Raise {
        if self.memory {
            return Raise::memory_error();
        }
        let message = self.message();
        Raise::type_error(if what.is_empty() { message } else { format!("{what}: {message}") })
    }
}

/// From where a node was reached.
pub(super) struct Origin {
    pub(super) value: Value,
    /// The node that refers to it; `u32::MAX` for roots.
    parent: u32,
    /// Which of the parent's references it is, in the order of `fill`.
    step: u32,
}

/// A capture in progress.
pub(super) struct Capture<'i> {
    isolate: &'i Isolate,
    pub(super) state: PortableState,
    pub(super) nodes: Vec<Node>,
    pub(super) origins: Vec<Origin>,
    memo: FxHashMap<u64, u32>,
    filled: usize,
    shape_names: FxHashMap<u32, Arc<[SmolStr]>>,
    /// Globals that functions among the nodes can reach.
    pub(super) reach: Reach,
    pub(super) bytes: usize,
    /// Refuses what is not data.
    data_only: bool,
}

impl<'i> Capture<'i> {
    pub(super) fn new(isolate: &'i Isolate, state: PortableState) -> Capture<'i> {
        Capture {
            isolate,
            state,
            nodes: Vec::new(),
            origins: Vec::new(),
            memo: FxHashMap::default(),
            filled: 0,
            shape_names: FxHashMap::default(),
            reach: Reach::default(),
            bytes: 0,
            data_only: false,
        }
    }

    /// Captures a value and all it refers to.
    pub(super) fn root(&mut self, value: Value) -> Result<Atom, Problem> {
        let root = self.atom(value, u32::MAX, 0)?;
        self.drain()?;
        Ok(root)
    }

    /// Captures what a global is bound to: itself, where `root` would refer to it by name.
    pub(super) fn definition(&mut self, value: Value, module: Gc<Module>, slot: u32) -> Result<Atom, Problem> {
        let atom = match self.global_of(value) {
            Some(home) if home == (module, slot) => match scalar(&self.isolate.heap, value) {
                Some(atom) => atom,
                None => self.node(value, u32::MAX, 0)?,
            },
            _ => self.atom(value, u32::MAX, 0)?,
        };
        self.drain()?;
        Ok(atom)
    }

    /// Forgets the nodes from `mark` on: their capture failed half-way.
    pub(super) fn roll_back(&mut self, mark: usize) {
        self.nodes.truncate(mark);
        self.origins.truncate(mark);
        self.memo.retain(|_, node| (*node as usize) < mark);
        self.filled = mark;
    }

    fn drain(&mut self) -> Result<(), Problem> {
        while self.filled < self.nodes.len() {
            let index = self.filled;
            self.filled += 1;
            let node = self.fill(index as u32)?;
            self.bytes += size_of::<Node>() + node_bytes(&node);
            self.nodes[index] = node;
            if index.is_multiple_of(CHECK_EVERY) && !self.isolate.heap.has_room(self.bytes) {
                return Err(Problem { path: Vec::new(), text: String::new(), memory: true });
            }
        }
        Ok(())
    }

    /// The atom for a value that node `parent` refers to as its `step`th reference.
    fn atom(&mut self, value: Value, parent: u32, step: usize) -> Result<Atom, Problem> {
        if let Some(atom) = scalar(&self.isolate.heap, value) {
            return Ok(atom);
        }
        if self.data_only && !is_data_kind(value) {
            return Err(self.refuse(value, parent, step as u32));
        }
        if matches!(value.kind(), Some(Kind::Function | Kind::Class))
            && let Some((module, slot)) = self.global_of(value)
        {
            self.reach.add(module, slot);
            return Ok(Atom::Global(self.state.number_of(module), slot));
        }
        if let Some(module) = value.as_gc::<Module>().filter(|module| !module.is_frozen())
            && !module.get(&self.isolate.heap).info.units.is_empty()
        {
            self.reach.add_whole(module);
            return Ok(Atom::Module(self.state.number_of(module)));
        }
        self.node(value, parent, step)
    }

    fn node(&mut self, value: Value, parent: u32, step: usize) -> Result<Atom, Problem> {
        if let Some(&known) = self.memo.get(&value.payload()) {
            return Ok(Atom::Node(known));
        }
        let index = self.nodes.len() as u32;
        if !self.is_portable(value) {
            return Err(self.refuse(value, parent, step as u32));
        }
        self.memo.insert(value.payload(), index);
        self.nodes.push(Node::Pending);
        self.origins.push(Origin { value, parent, step: step as u32 });
        Ok(Atom::Node(index))
    }

    fn is_portable(&self, value: Value) -> bool {
        match value.kind() {
            Some(Kind::HostObject) => {
                let object = value.as_gc::<HostObject>().expect("kind was checked");
                matches!(object.get(&self.isolate.heap).data, HostData::Shared(_))
            }
            Some(Kind::NativeFunction) => crate::heap::FrozenRef::new(value).is_some(),
            Some(
                Kind::Free
                | Kind::DictView
                | Kind::RangeIter
                | Kind::ListIter
                | Kind::Iter
                | Kind::Super
                | Kind::Generator,
            )
            | None => false,
            Some(_) => true,
        }
    }

    fn atoms(&mut self, values: &[Value], parent: u32, first: usize) -> Result<Box<[Atom]>, Problem> {
        values.iter().enumerate().map(|(at, &value)| self.atom(value, parent, first + at)).collect()
    }

    fn fill(&mut self, index: u32) -> Result<Node, Problem> {
        let value = self.origins[index as usize].value;
        let isolate = self.isolate;
        let heap = &isolate.heap;
        if let Some(frozen) = crate::heap::FrozenRef::new(value)
            && !matches!(
                value.kind(),
                Some(Kind::Tuple | Kind::FrozenSet | Kind::HostObject | Kind::Range | Kind::BigRange | Kind::Slice)
            )
        {
            return Ok(Node::Frozen(frozen));
        }
        Ok(match value.kind().expect("nodes are heap objects") {
            Kind::List => self.list(value.as_gc().expect("kind was checked"), index)?,
            Kind::Tuple => {
                let items = typed::<Tuple>(value).items(heap);
                Node::Tuple(self.atoms(items, index, 0)?)
            }
            Kind::Dict => self.dict(typed(value), index)?,
            kind @ (Kind::Set | Kind::FrozenSet) => {
                let table = crate::native::set_table(heap, value).expect("kind was checked");
                let mut items = Vec::with_capacity(table.len());
                for (at, entry) in table.iter().enumerate() {
                    items.push((entry.hash, self.atom(entry.key, index, at)?));
                }
                let rehash = items.iter().any(|(_, key)| !hash_travels(key));
                Node::Set { items: items.into(), frozen: kind == Kind::FrozenSet, rehash }
            }
            Kind::Range => Node::Range(*typed::<Range>(value).get(heap)),
            Kind::BigRange => Node::BigRange(Box::new(typed::<BigRange>(value).get(heap).clone())),
            Kind::Slice => {
                let slice = *typed::<Slice>(value).get(heap);
                Node::Slice(Box::new(self.array([slice.start, slice.stop, slice.step], index)?))
            }
            Kind::Module => Node::NativeModule(typed::<Module>(value).get(heap).info.name.clone()),
            Kind::HostObject => match &typed::<HostObject>(value).get(heap).data {
                HostData::Shared(handle) => Node::Handle(handle.clone()),
                HostData::Local(_) => return Err(self.refuse(value, index, 0)),
            },
            Kind::CellBox => Node::Cell(self.atom(typed::<CellBox>(value).get(heap).value, index, 0)?),
            Kind::Function => self.function(typed(value), index)?,
            Kind::BoundMethod => {
                let method = typed::<BoundMethod>(value).get(heap);
                Node::BoundMethod(Box::new(self.array([method.function, method.receiver], index)?))
            }
            Kind::StaticMethod => {
                Node::StaticMethod(self.atom(typed::<StaticMethod>(value).get(heap).function, index, 0)?)
            }
            Kind::ClassMethod => {
                Node::ClassMethod(self.atom(typed::<ClassMethod>(value).get(heap).function, index, 0)?)
            }
            Kind::Property => {
                let property = typed::<Property>(value).get(heap);
                let parts = [property.get, property.set, property.delete, property.doc, property.name];
                Node::Property(Box::new(self.array(parts, index)?))
            }
            Kind::Class => self.class(typed(value), index)?,
            Kind::Instance => self.instance(typed(value), index)?,
            Kind::Exception => self.exception(typed(value), index)?,
            _ => return Err(self.refuse(value, index, 0)),
        })
    }

    fn array<const N: usize>(&mut self, values: [Value; N], parent: u32) -> Result<[Atom; N], Problem> {
        let mut atoms = [const { Atom::Undefined }; N];
        for (at, (atom, value)) in atoms.iter_mut().zip(values).enumerate() {
            *atom = self.atom(value, parent, at)?;
        }
        Ok(atoms)
    }

    fn list(&mut self, list: Gc<List>, index: u32) -> Result<Node, Problem> {
        let isolate = self.isolate;
        let list = list.get(&isolate.heap);
        if let Items::Uniform(tag @ (Tag::Int | Tag::Float | Tag::Bool), words) = &list.items {
            return Ok(Node::Words(*tag, words.as_slice().into()));
        }
        let mut atoms = Vec::with_capacity(list.len());
        for (at, value) in list.iter().enumerate() {
            atoms.push(self.atom(value, index, at)?);
        }
        Ok(Node::List(atoms.into()))
    }

    fn dict(&mut self, dict: Gc<Dict>, index: u32) -> Result<Node, Problem> {
        let isolate = self.isolate;
        let table = &dict.get(&isolate.heap).table;
        let mut items = Vec::with_capacity(table.len());
        let mut rehash = false;
        for (at, entry) in table.iter().enumerate() {
            let key = self.atom(entry.key, index, at * 2)?;
            rehash |= !hash_travels(&key);
            items.push((entry.hash, key, self.atom(entry.value, index, at * 2 + 1)?));
        }
        Ok(Node::Dict { items: items.into(), rehash })
    }

    fn function(&mut self, function: Gc<Function>, index: u32) -> Result<Node, Problem> {
        let isolate = self.isolate;
        let function = function.get(&isolate.heap);
        let Some(unit) = unit_of(isolate, &self.state, function) else {
            let text = "function whose code has no owner is not transferable".into();
            return Err(Problem { text, path: self.path(index), memory: false });
        };
        let code = function.code.get();
        self.reach.scan(isolate, &unit, code.index, function.globals);
        // Steps: cells, then defaults, then keyword defaults, as `step_name` reads them.
        let cells: Vec<Value> = function.closure.iter().map(|&cell| Value::obj(cell)).collect();
        let closure = self.atoms(&cells, index, 0)?;
        let defaults = self.atoms(&function.defaults, index, cells.len())?;
        let kw_defaults = self.atoms(&function.kw_defaults, index, cells.len() + defaults.len())?;
        let rest = cells.len() + defaults.len() + kw_defaults.len();
        let mut texts = [const { Atom::Undefined }; 4];
        for (text, value) in
            texts.iter_mut().zip([function.name, function.qualname, function.doc, function.module_name])
        {
            *text = self.atom(value, index, rest)?;
        }
        let attrs = match function.attrs {
            Some(attrs) => self.atom(Value::obj(attrs), index, rest + 1)?,
            None => Atom::Undefined,
        };
        // Annotations stay behind: nothing that runs needs them, and they may hold what cannot cross.
        let globals = self.globals_atom(function.globals, index)?;
        let function = FunctionNode { unit, code: code.index, globals, closure, defaults, kw_defaults, texts, attrs };
        Ok(Node::Function(Box::new(function)))
    }

    fn globals_atom(&mut self, module: Gc<Module>, index: u32) -> Result<Atom, Problem> {
        if module.is_frozen() {
            return self.node(Value::obj(module), index, 0);
        }
        self.reach.add_module(module);
        Ok(Atom::Module(self.state.number_of(module)))
    }

    fn class(&mut self, class: Gc<Class>, index: u32) -> Result<Node, Problem> {
        let origin = self.state.origin_of(class);
        let isolate = self.isolate;
        let class = class.get(&isolate.heap);
        let classes = |list: &[Gc<Class>]| list.iter().map(|&class| Value::obj(class)).collect::<Vec<_>>();
        // Steps: attributes first, because only they can fail.
        let mut attrs = Vec::with_capacity(class.attrs.len());
        for (at, (name, &value)) in class.attrs.iter().enumerate() {
            attrs.push((name.clone(), self.atom(value, index, at)?));
        }
        let rest = attrs.len();
        let bases = self.atoms(&classes(&class.bases), index, rest)?;
        // A class is the first of its own MRO: keep the memo's node, not the name.
        let mut mro = Vec::with_capacity(class.mro.len());
        for &ancestor in &class.mro {
            let own = self.origins[index as usize].value.same(Value::obj(ancestor));
            mro.push(if own { Atom::Node(index) } else { self.atom(Value::obj(ancestor), index, rest)? });
        }
        let metaclass = match class.metaclass {
            Some(metaclass) => self.atom(Value::obj(metaclass), index, rest)?,
            None => Atom::Undefined,
        };
        Ok(Node::Class(Box::new(ClassNode {
            origin,
            name: class.name.clone(),
            qualname: class.qualname.clone(),
            module: class.module.clone(),
            bases,
            mro: mro.into(),
            attrs: attrs.into(),
            layout: class.layout,
            base_value: class.base_value,
            dunders: class.dunders,
            metaclass,
            slot_hint: class.slot_hint.get(),
        })))
    }

    fn instance(&mut self, instance: Gc<Instance>, index: u32) -> Result<Node, Problem> {
        let isolate = self.isolate;
        let heap = &isolate.heap;
        let shape = instance.shape();
        let names = match self.shape_names.get(&shape.0) {
            Some(names) => names.clone(),
            None => {
                let names: Arc<[SmolStr]> = isolate.shapes[shape.0 as usize].names.as_slice().into();
                self.shape_names.insert(shape.0, names.clone());
                names
            }
        };
        let values = instance.slots(heap);
        let slots = self.atoms(&values[..names.len().min(values.len())], index, 0)?;
        let in_dict = names.is_empty() && isolate.shapes[shape.0 as usize].capacity == 0;
        let extra = match instance.get(heap).extra {
            Some(extra) => self.atom(Value::obj(extra), index, slots.len())?,
            None => Atom::Undefined,
        };
        let class = self.atom(Value::obj(isolate.instance_class(instance)), index, slots.len())?;
        Ok(Node::Instance(Box::new(InstanceNode { class, names, slots, in_dict, extra })))
    }

    fn exception(&mut self, exception: Gc<Exception>, index: u32) -> Result<Node, Problem> {
        let isolate = self.isolate;
        let exception = exception.get(&isolate.heap);
        let attrs = exception.attrs.map_or(Value::UNDEFINED, Value::obj);
        let [args, cause, attrs, class] =
            self.array([exception.args, exception.cause, attrs, Value::obj(exception.class)], index)?;
        Ok(Node::Exception(Box::new(ExceptionNode {
            class,
            args,
            cause,
            suppress_context: exception.suppress_context,
            attrs,
            remote: exception.traceback.remote.clone(),
        })))
    }

    /// The module and slot that a function or class is the global of, under its own name.
    fn global_of(&self, value: Value) -> Option<(Gc<Module>, u32)> {
        let heap = &self.isolate.heap;
        let (module, name) = if let Some(function) = value.as_gc::<Function>().filter(|function| !function.is_frozen())
        {
            let function = function.get(heap);
            (function.globals, &function.code.get().qualname.text)
        } else {
            let class = value.as_gc::<Class>().filter(|class| !class.is_frozen())?.get(heap);
            (*self.isolate.modules.get(&class.module)?, &class.qualname)
        };
        if module.is_frozen() {
            return None;
        }
        let module_data = module.get(heap);
        let slot = module_data.info.names.get_index_of(name)?;
        let bound = module_data.slots.get(slot)?;
        (bound.same(value) && !module_data.info.units.is_empty()).then_some((module, slot as u32))
    }

    /// The problem that `value`, the `step`th reference of `parent`, cannot cross.
    #[cold]
    fn refuse(&self, value: Value, parent: u32, step: u32) -> Problem {
        let mut path = if parent == u32::MAX { Vec::new() } else { self.path(parent) };
        if parent != u32::MAX {
            path.push(self.step_name(self.origins[parent as usize].value, step as usize));
        }
        let class = self.isolate.class_of(value);
        let verdict = if self.data_only { "is not data" } else { "is not transferable" };
        let text = format!("{} {verdict}", class.get(&self.isolate.heap).name);
        Problem { path, text, memory: false }
    }

    fn path(&self, index: u32) -> Vec<String> {
        let mut path = Vec::new();
        let mut at = &self.origins[index as usize];
        while at.parent != u32::MAX {
            let parent = &self.origins[at.parent as usize];
            path.push(self.step_name(parent.value, at.step as usize));
            at = parent;
        }
        path.reverse();
        path
    }

    /// What a reference is called in a path.
    fn step_name(&self, parent: Value, step: usize) -> String {
        let heap = &self.isolate.heap;
        match parent.kind() {
            Some(Kind::List) => format!("list[{step}]"),
            Some(Kind::Tuple) => format!("tuple[{step}]"),
            Some(Kind::Set | Kind::FrozenSet) => "set element".into(),
            Some(Kind::Dict) => {
                let entry = typed::<Dict>(parent).get(heap).table.iter().nth(step / 2);
                match entry.and_then(|entry| key_text(heap, entry.key)) {
                    _ if step.is_multiple_of(2) => "dict key".into(),
                    Some(key) => format!("dict[{key}]"),
                    None => "dict value".into(),
                }
            }
            Some(Kind::Instance) => {
                let instance = typed::<Instance>(parent);
                let class = &self.isolate.instance_class(instance).get(heap).name;
                match self.isolate.shapes[instance.shape().0 as usize].names.get(step) {
                    Some(name) => format!("{class}.{name}"),
                    None => format!("{class} attribute"),
                }
            }
            Some(Kind::Class) => {
                let class = typed::<Class>(parent).get(heap);
                match class.attrs.get_index(step) {
                    Some((name, _)) => format!("class {}.{name}", class.name),
                    None => format!("class {} base", class.name),
                }
            }
            Some(Kind::Function) => {
                let function = typed::<Function>(parent).get(heap);
                let code = function.code.get();
                match code.free.get(step) {
                    Some(name) => format!("{}() variable '{}'", code.name.text, name.text),
                    None => format!("{}() default", code.name.text),
                }
            }
            Some(Kind::CellBox) => "captured value".into(),
            Some(Kind::BoundMethod) => "bound method".into(),
            Some(Kind::Exception) => {
                let part = ["args", "__cause__", "attributes"].get(step).copied().unwrap_or("class");
                format!("{}.{part}", typed::<Exception>(parent).get(heap).class.get(heap).name)
            }
            _ => "value".into(),
        }
    }
}

fn typed<T: Object>(value: Value) -> Gc<T> {
    value.as_gc().expect("the caller matched the kind")
}

/// A key as a path shows it; long ones are cut.
fn key_text(heap: &Heap, key: Value) -> Option<String> {
    if let Some(int) = key.as_int() {
        return Some(int.to_string());
    }
    let text = key.as_gc::<Str>()?.get(heap).as_str();
    let shown: String = text.chars().take(40).collect();
    Some(format!("\"{shown}{}\"", if shown.len() < text.len() { "..." } else { "" }))
}

/// The unit that a function's code belongs to.
fn unit_of(isolate: &Isolate, state: &PortableState, function: &Function) -> Option<Arc<Unit>> {
    let code: *const crate::code::Code = function.code.get();
    let owns = |unit: &&Arc<Unit>| unit.codes.as_ptr_range().contains(&code);
    let module = function.globals.get(&isolate.heap);
    let mut units = module.info.units.iter().chain(state.units()).chain(&isolate.units);
    units.find(owns).or_else(|| isolate.library.prelude.unit_of(code)).cloned()
}

pub(super) fn node_bytes(node: &Node) -> usize {
    let atoms = match node {
        Node::Words(_, words) => return words.len() * 8,
        Node::List(items) | Node::Tuple(items) => items.len(),
        Node::Dict { items, .. } => items.len() * 2,
        Node::Set { items, .. } => items.len(),
        Node::Instance(instance) => instance.slots.len() + 2,
        Node::Function(function) => function.closure.len() + function.defaults.len() + 10,
        Node::Class(class) => class.attrs.len() * 2 + 10,
        Node::Exception(_) | Node::Property(_) => 5,
        _ => 0,
    };
    atoms * size_of::<Atom>()
}
