//! Copying values in: shells first, contents afterwards, from a worklist.
//!
//! `make` turns an atom into a value, allocating an empty shell for a node that is met for the first time; the worklist
//! fills shells later, so cycles and long chains need no recursion. (A shell needs its class's shell, and a function its
//! cells': a constant depth.) Tables whose keys may hash by address are hashed last, when everything is in place.
//!
//! A `Global` atom is resolved in this order: what this isolate's own module has bound; the images the isolate already
//! fills globals from, its own program's first; the image that came with the message.

use std::sync::Arc;

use rustc_hash::FxHashMap;
use smol_str::SmolStr;

use super::image::{ImageModule, ImageSlot, ImageState, PortableState};
use super::small_map::SmallMap;
use super::{Atom, ClassNode, ExceptionNode, FunctionNode, Graph, Image, InstanceNode, Node, Portable};
use crate::code::{CodeRef, Unit};
use crate::error::{ExcClass, Raise, Traceback};
use crate::heap::callable::{BoundMethod, CellBox, ClassMethod, Function, Property, StaticMethod};
use crate::heap::class::{Attrs, Constructor};
use crate::heap::data::{BigInteger, Bytes, HostData, HostObject};
use crate::heap::dict::Table;
use crate::heap::instance::ShapeId;
use crate::heap::list::{Items, List};
use crate::heap::{BigRange, Class, Dict, Exception, FrozenSet, Gc, Instance, Module, Set, Slice, Tuple};
use crate::isolate::Isolate;
use crate::native::Cx;
use crate::operate;
use crate::run::cache::CacheTable;
use crate::value::Value;

/// Makes the value in the isolate.
pub(super) fn restore(cx: &mut Cx<'_>, portable: &Portable) -> Result<Value, Raise> {
    let Some(graph) = &portable.graph else {
        return scalar(cx.isolate, &portable.root).ok_or_else(broken);
    };
    cx.reserve(graph.bytes)?;
    cx.charge_work(graph.nodes.len() * 4);
    let mut restore = Restore::new(cx.isolate, Some(graph));
    let result = restore.check_library().and_then(|()| restore.all(Source::Message, &portable.root));
    restore.finish();
    result
}

/// Binds an unbound global of a task from its image. `None`: no image knows the name, or it was not bound either.
///
/// The run loop calls this when a global is unbound and its module says that it has an image.
pub(crate) fn image_global(isolate: &mut Isolate, module: Gc<Module>, slot: u32) -> Result<Option<Value>, Raise> {
    if module.get(&isolate.heap).image == 0 {
        return Ok(None);
    }
    let mut restore = Restore::new(isolate, None);
    let result = restore.bind_from_images(module, slot).and_then(|value| restore.fill_all().map(|()| value));
    restore.finish();
    result
}

/// A script module that one of the isolate's images holds as a whole, made now: what `import` asks before it loads source.
pub(crate) fn image_module(isolate: &mut Isolate, name: &str) -> Option<Gc<Module>> {
    let known = isolate.portable.images.iter().find_map(|state| {
        let wanted = |module: &Option<ImageModule>| {
            module.as_ref().is_some_and(|module| module.whole && module.info.name == name)
        };
        state.image.modules.iter().position(wanted).map(|number| (state.image.clone(), number as u32))
    });
    let (image, number) = known?;
    let mut restore = Restore::new(isolate, None);
    let module = restore.module(&image, number).ok();
    restore.finish();
    module
}

/// Whether an image has a value for a global that was never bound from it.
pub(super) fn has_unbound(state: &PortableState, isolate: &Isolate, module: Gc<Module>, slot: u32) -> bool {
    state.images.iter().any(|known| {
        find(&known.image, isolate, module).is_some_and(|number| {
            let data = known.image.modules[number as usize].as_ref().expect("found just now");
            matches!(data.slots.get(slot as usize), Some(ImageSlot::Value(_)))
                && known.bound.get((number, slot)).is_none()
        })
    })
}

/// The number that `module` has in `image`, if the image is of the same program text.
fn find(image: &Image, isolate: &Isolate, module: Gc<Module>) -> Option<u32> {
    let data = module.get(&isolate.heap);
    let same = |known: &Option<ImageModule>| {
        known
            .as_ref()
            .is_some_and(|known| known.info.name == data.info.name && is_same_text(&known.info.units, &data.info.units))
    };
    image.modules.iter().position(same).map(|number| number as u32)
}

fn is_same_text(left: &[Arc<Unit>], right: &[Arc<Unit>]) -> bool {
    matches!((left.first(), right.first()), (Some(left), Some(right)) if Arc::ptr_eq(left, right))
}

fn scalar(isolate: &mut Isolate, atom: &Atom) -> Option<Value> {
    Some(match atom {
        Atom::Undefined => Value::UNDEFINED,
        Atom::None => Value::NONE,
        Atom::NotImplemented => Value::NOT_IMPLEMENTED,
        Atom::Ellipsis => Value::ELLIPSIS,
        Atom::Bool(value) => Value::bool(*value),
        Atom::Int(value) => Value::int(*value),
        Atom::Float(value) => Value::float(*value),
        Atom::Str(text) => isolate.heap.str(text),
        Atom::Bytes(bytes) => isolate.heap.value(Bytes(bytes.clone())),
        Atom::Big(big) => isolate.heap.value(BigInteger((**big).clone())),
        Atom::Node(_) | Atom::Global(..) | Atom::Module(_) => return None,
    })
}

#[cold]
fn broken() -> Raise {
    Raise::new(ExcClass::SystemError, "a value in transit is inconsistent")
}

#[cold]
fn refused(module: &ImageModule, slot: u32, reason: &str) -> Raise {
    let name = module.info.names.get_index(slot as usize).map_or("?", |(name, ())| name.as_str());
    Raise::new(ExcClass::NameError, format!("name '{name}' is not available in this task: {reason}"))
}

/// Which graph an atom indexes.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Source {
    Message,
    /// An image of the isolate's state, by index.
    Image(usize),
}

struct Restore<'i> {
    isolate: &'i mut Isolate,
    state: PortableState,
    graph: Option<&'i Graph>,
    /// The message's nodes made so far.
    memo: Vec<Value>,
    work: Vec<(Source, u32)>,
    /// Tables to be hashed last.
    rehash: Vec<Value>,
    shapes: FxHashMap<(Gc<Class>, *const SmolStr), (ShapeId, u32)>,
}

impl<'i> Restore<'i> {
    fn new(isolate: &'i mut Isolate, graph: Option<&'i Graph>) -> Restore<'i> {
        let state = std::mem::take(&mut isolate.portable);
        let memo = vec![Value::UNDEFINED; graph.map_or(0, |graph| graph.nodes.len())];
        Restore { isolate, state, graph, memo, work: Vec::new(), rehash: Vec::new(), shapes: FxHashMap::default() }
    }

    /// Gives the isolate its state back.
    fn finish(self) {
        self.isolate.portable = self.state;
    }

    /// Builtins are shared cells: they may only be used in isolates that share their owner.
    fn check_library(&self) -> Result<(), Raise> {
        let graph = self.graph.ok_or_else(broken)?;
        let mut owners = graph.library.iter().chain(graph.image.iter().map(|image| &image.library));
        if owners.all(|library| Arc::ptr_eq(library, &self.isolate.library)) {
            Ok(())
        } else {
            Err(Raise::type_error("the value refers to builtins of a program with another library"))
        }
    }

    fn all(&mut self, source: Source, root: &Atom) -> Result<Value, Raise> {
        let value = self.make(source, root)?;
        self.fill_all()?;
        Ok(value)
    }

    fn fill_all(&mut self) -> Result<(), Raise> {
        while let Some((source, index)) = self.work.pop() {
            match source {
                Source::Message => {
                    let node = &self.graph.ok_or_else(broken)?.nodes[index as usize];
                    let shell = self.memo[index as usize];
                    self.fill(source, node, shell)?;
                }
                Source::Image(at) => {
                    let image = self.state.images[at].image.clone();
                    let shell = self.state.images[at].memo.get(index).ok_or_else(broken)?;
                    self.fill(source, &image.nodes[index as usize], shell)?;
                }
            }
        }
        // Inner tables come after the outer ones that refer to them: hash them first.
        while let Some(table) = self.rehash.pop() {
            self.hash_again(table);
        }
        Ok(())
    }

    /// The value of an atom; a node's may be an empty shell for now.
    fn make(&mut self, source: Source, atom: &Atom) -> Result<Value, Raise> {
        match atom {
            Atom::Node(index) => self.node(source, *index),
            Atom::Global(number, slot) => {
                let image = self.image_of(source)?;
                self.global(&image, *number, *slot)
            }
            Atom::Module(number) => {
                let image = self.image_of(source)?;
                Ok(Value::obj(self.module(&image, *number)?))
            }
            scalar_atom => scalar(self.isolate, scalar_atom).ok_or_else(broken),
        }
    }

    fn make_all(&mut self, source: Source, atoms: &[Atom]) -> Result<Vec<Value>, Raise> {
        atoms.iter().map(|atom| self.make(source, atom)).collect()
    }

    fn make_gc<T: crate::heap::Object>(&mut self, source: Source, atom: &Atom) -> Result<Gc<T>, Raise> {
        self.make(source, atom)?.as_gc().ok_or_else(broken)
    }

    fn image_of(&self, source: Source) -> Result<Arc<Image>, Raise> {
        match source {
            Source::Message => self.graph.and_then(|graph| graph.image.clone()).ok_or_else(broken),
            Source::Image(at) => Ok(self.state.images[at].image.clone()),
        }
    }

    fn node(&mut self, source: Source, index: u32) -> Result<Value, Raise> {
        let known = match source {
            Source::Message => Some(self.memo[index as usize]).filter(|value| !value.is_undefined()),
            Source::Image(at) => self.state.images[at].memo.get(index),
        };
        if let Some(known) = known {
            return Ok(known);
        }
        match source {
            Source::Message => {
                let node = &self.graph.ok_or_else(broken)?.nodes[index as usize];
                let (shell, fill) = self.shell(source, node)?;
                self.memo[index as usize] = shell;
                if fill {
                    self.work.push((source, index));
                }
                Ok(shell)
            }
            Source::Image(at) => {
                let image = self.state.images[at].image.clone();
                let (shell, fill) = self.shell(source, &image.nodes[index as usize])?;
                self.state.images[at].memo.insert(index, shell);
                if fill {
                    self.work.push((source, index));
                }
                Ok(shell)
            }
        }
    }

    /// An object for a node, without what it refers to, and whether there is anything to fill in.
    fn shell(&mut self, source: Source, node: &Node) -> Result<(Value, bool), Raise> {
        let heap = &mut self.isolate.heap;
        Ok(match node {
            Node::Pending => return Err(broken()),
            Node::Words(tag, words) => (heap.value(List { items: Items::Uniform(*tag, words.to_vec()) }), false),
            Node::List(items) => (heap.value(List::with_capacity(items.len())), true),
            Node::Tuple(items) => (heap.tuple(&vec![Value::UNDEFINED; items.len()]), !items.is_empty()),
            Node::Dict { .. } => (heap.value(Dict::default()), true),
            Node::Set { frozen: false, .. } => (heap.value(Set::default()), true),
            Node::Set { frozen: true, .. } => (heap.value(FrozenSet::default()), true),
            Node::Range(range) => (heap.value(*range), false),
            Node::BigRange(range) => (heap.value(BigRange::clone(range)), false),
            Node::Slice(_) => (heap.value(Slice { start: Value::NONE, stop: Value::NONE, step: Value::NONE }), true),
            Node::Frozen(frozen) => (frozen.value(), false),
            Node::NativeModule(name) => (self.native_module(name)?, false),
            Node::Handle(handle) => {
                let (module, name) = handle.class();
                let class = host_class(self.isolate, module, name)?;
                (self.isolate.heap.value(HostObject { class, data: HostData::Shared(handle.clone()) }), false)
            }
            Node::Cell(_) => (heap.value(CellBox { value: Value::UNDEFINED }), true),
            Node::Function(function) => (self.function_shell(source, function)?, true),
            Node::BoundMethod(_) => (heap.value(BoundMethod { function: Value::NONE, receiver: Value::NONE }), true),
            Node::StaticMethod(_) => (heap.value(StaticMethod { function: Value::NONE }), true),
            Node::ClassMethod(_) => (heap.value(ClassMethod { function: Value::NONE }), true),
            Node::Property(_) => {
                let none = Value::NONE;
                (heap.value(Property { get: none, set: none, delete: none, doc: none, name: none }), true)
            }
            Node::Class(class) => self.class_shell(class),
            Node::Instance(instance) => (self.instance_shell(source, instance)?, true),
            Node::Exception(exception) => (self.exception_shell(source, exception)?, true),
        })
    }

    fn native_module(&mut self, name: &SmolStr) -> Result<Value, Raise> {
        match self.native_module_here(name) {
            Some(module) => Ok(Value::obj(module)),
            None => Err(Raise::new(ExcClass::ModuleNotFoundError, format!("No module named '{name}'"))),
        }
    }

    fn native_module_here(&mut self, name: &SmolStr) -> Option<Gc<Module>> {
        let known = self.isolate.modules.get(name).copied();
        known.or_else(|| self.isolate.native_module(name))
    }

    fn function_shell(&mut self, source: Source, node: &FunctionNode) -> Result<Value, Raise> {
        let globals = self.make_gc::<Module>(source, &node.globals)?;
        let mut closure = Vec::with_capacity(node.closure.len());
        for cell in &node.closure {
            closure.push(self.make_gc::<CellBox>(source, cell)?);
        }
        self.attach_unit(globals, &node.unit)?;
        Ok(self.isolate.heap.value(Function {
            code: CodeRef::new(&node.unit, node.code as usize),
            caches: std::cell::Cell::new(CacheTable::NONE),
            globals,
            closure: closure.into(),
            defaults: Box::default(),
            kw_defaults: Box::default(),
            name: Value::UNDEFINED,
            qualname: Value::UNDEFINED,
            doc: Value::UNDEFINED,
            annotations: None,
            attrs: None,
            module_name: Value::UNDEFINED,
        }))
    }

    /// Makes sure that a module has the slots and the unit that a function's code relies on.
    fn attach_unit(&mut self, globals: Gc<Module>, unit: &Arc<Unit>) -> Result<(), Raise> {
        self.keep_unit(unit);
        if globals.is_frozen()
            || globals.get(&self.isolate.heap).info.units.iter().any(|known| Arc::ptr_eq(known, unit))
        {
            return Ok(());
        }
        // A unit that was added to the program's module after this copy was made (a REPL's next input).
        let module = globals.get_mut(&mut self.isolate.heap);
        if !module.info.names.keys().zip(unit.global_names.keys()).all(|(own, theirs)| own == theirs) {
            return Err(Raise::type_error("the function belongs to another version of its module"));
        }
        let info = module.info_mut();
        if info.names.len() < unit.global_names.len() {
            info.names = unit.global_names.clone();
        }
        info.units.push(unit.clone());
        let count = info.names.len().max(module.slots.len());
        module.slots.resize(count, Value::UNDEFINED);
        Ok(())
    }

    fn class_shell(&mut self, node: &ClassNode) -> (Value, bool) {
        if let Some(known) = self.state.class_of_origin(&node.origin) {
            return (Value::obj(known), false);
        }
        let class = self.isolate.heap.alloc(Class {
            name: node.name.clone(),
            qualname: node.qualname.clone(),
            module: node.module.clone(),
            bases: Vec::new(),
            mro: Vec::new(),
            attrs: Attrs::default(),
            layout: node.layout,
            base_value: node.base_value,
            dunders: node.dunders,
            metaclass: None,
            slot_hint: std::cell::Cell::new(node.slot_hint),
            root_shape: std::cell::Cell::new(None),
            volatile: std::cell::Cell::new(false),
            constructor: std::cell::Cell::new(Constructor::Unknown),
            manager: std::cell::Cell::new(None),
        });
        self.isolate.classes.push(class);
        self.state.set_origin(&node.origin, class);
        (Value::obj(class), true)
    }

    fn instance_shell(&mut self, source: Source, node: &InstanceNode) -> Result<Value, Raise> {
        let class = self.make_gc::<Class>(source, &node.class)?;
        if node.in_dict {
            let shape = self.isolate.dict_shape(class);
            return Ok(Value::obj(self.isolate.heap.alloc_instance(shape, 0)));
        }
        let key = (class, node.names.as_ptr());
        let (shape, capacity) = match self.shapes.get(&key) {
            Some(&known) => known,
            None => {
                let found = self.isolate.shape_with(class, &node.names);
                self.shapes.insert(key, found);
                found
            }
        };
        Ok(Value::obj(self.isolate.heap.alloc_instance(shape, capacity)))
    }

    fn exception_shell(&mut self, source: Source, node: &ExceptionNode) -> Result<Value, Raise> {
        let class = self.make_gc::<Class>(source, &node.class)?;
        Ok(self.isolate.heap.value(Exception {
            class,
            args: Value::NONE,
            cause: Value::NONE,
            context: Value::NONE,
            suppress_context: node.suppress_context,
            traceback: Traceback { points: Vec::new(), remote: node.remote.clone() },
            attrs: None,
        }))
    }

    /// Puts in what the node refers to.
    fn fill(&mut self, source: Source, node: &Node, shell: Value) -> Result<(), Raise> {
        match node {
            Node::List(items) => {
                let values = self.make_all(source, items)?;
                *typed::<List>(shell)?.get_mut(&mut self.isolate.heap) = List::from_values(&values);
            }
            Node::Tuple(items) => {
                let tuple = typed::<Tuple>(shell)?;
                for (at, item) in items.iter().enumerate() {
                    let value = self.make(source, item)?;
                    tuple.init_item(&mut self.isolate.heap, at, value);
                }
            }
            Node::Dict { items, rehash } => {
                let mut table = Table::default();
                for (hash, key, value) in items {
                    table.insert_new(*hash, self.make(source, key)?, self.make(source, value)?);
                }
                typed::<Dict>(shell)?.get_mut(&mut self.isolate.heap).table = table;
                self.rehash.extend(rehash.then_some(shell));
            }
            Node::Set { items, frozen, rehash } => {
                let mut table = Table::default();
                for (hash, key) in items {
                    table.insert_new(*hash, self.make(source, key)?, ());
                }
                let heap = &mut self.isolate.heap;
                if *frozen {
                    typed::<FrozenSet>(shell)?.get_mut(heap).table = table;
                } else {
                    typed::<Set>(shell)?.get_mut(heap).table = table;
                }
                self.rehash.extend(rehash.then_some(shell));
            }
            Node::Slice(parts) => {
                let [start, stop, step] = self.array(source, parts)?;
                *typed::<Slice>(shell)?.get_mut(&mut self.isolate.heap) = Slice { start, stop, step };
            }
            Node::Cell(atom) => {
                let value = self.make(source, atom)?;
                typed::<CellBox>(shell)?.get_mut(&mut self.isolate.heap).value = value;
            }
            Node::Function(function) => self.fill_function(source, function, shell)?,
            Node::BoundMethod(parts) => {
                let [function, receiver] = self.array(source, parts)?;
                *typed::<BoundMethod>(shell)?.get_mut(&mut self.isolate.heap) = BoundMethod { function, receiver };
            }
            Node::StaticMethod(atom) => {
                let function = self.make(source, atom)?;
                typed::<StaticMethod>(shell)?.get_mut(&mut self.isolate.heap).function = function;
            }
            Node::ClassMethod(atom) => {
                let function = self.make(source, atom)?;
                typed::<ClassMethod>(shell)?.get_mut(&mut self.isolate.heap).function = function;
            }
            Node::Property(parts) => {
                let [get, set, delete, doc, name] = self.array(source, parts)?;
                *typed::<Property>(shell)?.get_mut(&mut self.isolate.heap) = Property { get, set, delete, doc, name };
            }
            Node::Class(class) => self.fill_class(source, class, shell)?,
            Node::Instance(instance) => self.fill_instance(source, instance, shell)?,
            Node::Exception(exception) => {
                let [args, cause] = self.array(source, &[exception.args.clone(), exception.cause.clone()])?;
                let attrs = self.optional::<Dict>(source, &exception.attrs)?;
                let object = typed::<Exception>(shell)?.get_mut(&mut self.isolate.heap);
                (object.args, object.cause, object.attrs) = (args, cause, attrs);
            }
            _ => return Err(broken()),
        }
        Ok(())
    }

    fn array<const N: usize>(&mut self, source: Source, atoms: &[Atom; N]) -> Result<[Value; N], Raise> {
        let mut values = [Value::UNDEFINED; N];
        for (value, atom) in values.iter_mut().zip(atoms) {
            *value = self.make(source, atom)?;
        }
        Ok(values)
    }

    fn optional<T: crate::heap::Object>(&mut self, source: Source, atom: &Atom) -> Result<Option<Gc<T>>, Raise> {
        if matches!(atom, Atom::Undefined) { Ok(None) } else { self.make_gc(source, atom).map(Some) }
    }

    fn fill_function(&mut self, source: Source, node: &FunctionNode, shell: Value) -> Result<(), Raise> {
        let defaults = self.make_all(source, &node.defaults)?.into();
        let kw_defaults = self.make_all(source, &node.kw_defaults)?.into();
        let [name, qualname, doc, module_name] = self.array(source, &node.texts)?;
        let attrs = self.optional(source, &node.attrs)?;
        let function = typed::<Function>(shell)?.get_mut(&mut self.isolate.heap);
        (function.defaults, function.kw_defaults, function.attrs) = (defaults, kw_defaults, attrs);
        (function.name, function.qualname, function.doc, function.module_name) = (name, qualname, doc, module_name);
        Ok(())
    }

    fn fill_class(&mut self, source: Source, node: &ClassNode, shell: Value) -> Result<(), Raise> {
        let mut classes = |atoms: &[Atom]| -> Result<Vec<Gc<Class>>, Raise> {
            atoms.iter().map(|atom| self.make_gc(source, atom)).collect()
        };
        let (bases, mro) = (classes(&node.bases)?, classes(&node.mro)?);
        let mut attrs = Attrs::default();
        for (name, atom) in &node.attrs {
            attrs.insert(name.clone(), self.make(source, atom)?);
        }
        let metaclass = self.optional(source, &node.metaclass)?;
        let class = typed::<Class>(shell)?.get_mut(&mut self.isolate.heap);
        (class.bases, class.mro, class.attrs, class.metaclass) = (bases, mro, attrs, metaclass);
        Ok(())
    }

    fn fill_instance(&mut self, source: Source, node: &InstanceNode, shell: Value) -> Result<(), Raise> {
        let instance = typed::<Instance>(shell)?;
        let values = self.make_all(source, &node.slots)?;
        let mut extra = self.optional::<Dict>(source, &node.extra)?;
        let inside = self.isolate.shapes[instance.shape().0 as usize].names.len().min(values.len());
        instance.slots_mut(&mut self.isolate.heap)[..inside].copy_from_slice(&values[..inside]);
        for (name, &value) in node.names.iter().zip(&values).skip(inside).filter(|(_, value)| !value.is_undefined()) {
            // This isolate's copy of the class has fewer slots than the sender's.
            let dict = match extra {
                Some(dict) => dict,
                None => *extra.insert(self.isolate.heap.alloc(Dict::default())),
            };
            Cx { isolate: self.isolate }.dict_set_str(dict, name, value);
        }
        instance.get_mut(&mut self.isolate.heap).extra = extra;
        Ok(())
    }

    /// What a global is bound to in this isolate; bound from an image if it is not yet.
    fn global(&mut self, image: &Arc<Image>, number: u32, slot: u32) -> Result<Value, Raise> {
        let module = self.module(image, number)?;
        let bound = module.get(&self.isolate.heap).slots.get(slot as usize).copied();
        if let Some(value) = bound.filter(|value| !value.is_undefined()) {
            return Ok(value);
        }
        if let Some(value) = self.bind_from_images(module, slot)? {
            return Ok(value);
        }
        self.register(image);
        match self.bind_from_images(module, slot)? {
            Some(value) => Ok(value),
            None => Err(broken()),
        }
    }

    /// Binds a global from the first image that has a value for it.
    fn bind_from_images(&mut self, module: Gc<Module>, slot: u32) -> Result<Option<Value>, Raise> {
        for at in 0..self.state.images.len() {
            let image = self.state.images[at].image.clone();
            let Some(number) = find(&image, self.isolate, module) else { continue };
            let data = image.modules[number as usize].as_ref().ok_or_else(broken)?;
            match data.slots.get(slot as usize) {
                Some(ImageSlot::Value(atom)) => {
                    if !self.state.images[at].bound.insert((number, slot), ()) {
                        continue;
                    }
                    let value = self.make(Source::Image(at), atom)?;
                    let slots = &mut module.get_mut(&mut self.isolate.heap).slots;
                    if slots.len() <= slot as usize {
                        slots.resize(slot as usize + 1, Value::UNDEFINED);
                    }
                    slots[slot as usize] = value;
                    return Ok(Some(value));
                }
                Some(ImageSlot::Refused(reason)) => return Err(refused(data, slot, reason)),
                _ => {}
            }
        }
        Ok(None)
    }

    /// Makes the image one of those that unbound globals are filled from.
    fn register(&mut self, image: &Arc<Image>) {
        if !self.state.images.iter().any(|known| Arc::ptr_eq(&known.image, image)) {
            let (memo, bound) = (SmallMap::default(), SmallMap::default());
            // Nearly all tasks have one, and there may be very many tasks.
            self.state.images.reserve_exact(1);
            self.state.images.push(ImageState { image: image.clone(), memo, bound });
        }
    }

    /// Keeps a unit alive for as long as the isolate lives.
    fn keep_unit(&mut self, unit: &Arc<Unit>) {
        if !self.state.units().chain(&self.isolate.units).any(|known| Arc::ptr_eq(known, unit)) {
            self.isolate.units.push(unit.clone());
        }
    }

    /// This isolate's copy of an image's module; an empty one to be filled from the image if there is none.
    fn module(&mut self, image: &Arc<Image>, number: u32) -> Result<Gc<Module>, Raise> {
        let data = image.modules.get(number as usize).and_then(Option::as_ref).ok_or_else(broken)?;
        let named = self.isolate.modules.get(&data.info.name).copied();
        for module in named.into_iter().chain(self.state.foreign()) {
            if is_same_text(&module.get(&self.isolate.heap).info.units, &data.info.units) {
                return Ok(module);
            }
        }
        self.register(image);
        let module = self.isolate.heap.alloc(Module {
            info: data.info.clone(),
            // Code reads its globals by slot without asking for the length.
            slots: vec![Value::UNDEFINED; data.info.names.len()],
            fallbacks: Vec::new(),
            image: 1,
        });
        match named {
            Some(_) => self.state.add_foreign(module),
            None => {
                self.isolate.modules.insert(data.info.name.clone(), module);
            }
        }
        Ok(module)
    }

    /// Hashes the keys of a dict or set again, those whose hash depends on their address.
    fn hash_again(&mut self, table: Value) {
        let isolate = &mut *self.isolate;
        if let Some(dict) = table.as_gc::<Dict>() {
            let old = std::mem::take(&mut dict.get_mut(&mut isolate.heap).table);
            let new = hashed(isolate, &old);
            dict.get_mut(&mut isolate.heap).table = new;
        } else if let Some(set) = table.as_gc::<Set>() {
            let old = std::mem::take(&mut set.get_mut(&mut isolate.heap).table);
            let new = hashed(isolate, &old);
            set.get_mut(&mut isolate.heap).table = new;
        } else if let Some(set) = table.as_gc::<FrozenSet>() {
            let old = std::mem::take(&mut set.get_mut(&mut isolate.heap).table);
            let new = hashed(isolate, &old);
            set.get_mut(&mut isolate.heap).table = new;
        }
    }
}

/// The same entries under hashes of this isolate. Keys that hash by a script's `__hash__` keep the hash they came with.
fn hashed<V: Copy>(isolate: &mut Isolate, old: &Table<V>) -> Table<V> {
    let mut table = Table::default();
    for entry in old.iter() {
        let hash = operate::hash_native(&Cx { isolate }, entry.key).ok().flatten();
        table.insert_new(hash.unwrap_or(entry.hash), entry.key, entry.value);
    }
    table
}

fn typed<T: crate::heap::Object>(value: Value) -> Result<Gc<T>, Raise> {
    value.as_gc().ok_or_else(broken)
}

/// The class that host objects of this sort have.
fn host_class(isolate: &Isolate, module: &str, name: &str) -> Result<Gc<Class>, Raise> {
    let member = isolate.library.module(module).and_then(|module| module.members.get(name));
    member
        .and_then(|class| class.as_gc())
        .ok_or_else(|| Raise::type_error(format!("this program has no module '{module}' with a class {name}")))
}
