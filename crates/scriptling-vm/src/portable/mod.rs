//! Crossing isolates: [`Portable`], an owned, `Send` copy of a value, and [`Image`], a shared snapshot of a program.
//!
//! A `Value` never leaves its isolate. What crosses is a graph of plain Rust nodes: data is copied with its sharing and
//! cycles, text and bytes are shared by `Arc`, host objects (promises, queues) by reference, builtins by identity (they are
//! frozen and the isolates share one library). Functions and classes that are globals of a module cross *by name*, together
//! with an image of what they can reach; so a class has one identity per isolate however often its instances travel.
//!
//! Capturing (`capture`) and restoring (`restore`) use explicit worklists: a linked list of a million instances needs no
//! Rust stack. `image` decides what a function can reach and reuses a snapshot until something in it has changed.
//!
//! # Invariants
//! A graph is immutable once made. Atoms are indices into the graph they are in; `Global` and `Module` atoms index the
//! modules of the graph's image. Nothing here runs script code, so special methods (`__reduce__`, `__hash__`) are not asked.

mod capture;
mod data;
mod image;
mod link;
mod restore;
mod small_map;
#[cfg(test)]
mod tests;

use std::any::Any;
use std::sync::Arc;

use num_bigint::BigInt;
use smol_str::SmolStr;

use crate::builtins::types::BuiltinType;
use crate::code::Unit;
use crate::error::Raise;
use crate::heap::class::{Dunders, Layout};
use crate::heap::{BigRange, FrozenRef, Range};
use crate::library::Library;
use crate::native::Cx;
use crate::value::{Tag, Value};

pub use data::{Data, DataNode, InvalidData, Part, TooDeep};
pub use image::Image;
pub(crate) use image::PortableState;
pub(crate) use restore::{image_global, image_module};

/// A host object that isolates share by reference (a promise, a queue, ...).
pub trait HostHandle: Any + Send + Sync {
    /// Module and name of the class that its script-side object has, as registered in the library.
    fn class(&self) -> (&'static str, &'static str);

    /// For downcasting.
    fn as_any(&self) -> &dyn Any;
}

/// A value in transit: cheap to clone, may be restored any number of times.
#[derive(Clone)]
pub struct Portable {
    root: Atom,
    graph: Option<Arc<Graph>>,
}

impl Portable {
    /// `None`.
    pub const NONE: Portable = Portable { root: Atom::None, graph: None };

    /// A bool.
    pub const fn bool(value: bool) -> Portable {
        Portable { root: Atom::Bool(value), graph: None }
    }

    /// An int.
    pub const fn int(value: i64) -> Portable {
        Portable { root: Atom::Int(value), graph: None }
    }

    /// A float.
    pub const fn float(value: f64) -> Portable {
        Portable { root: Atom::Float(value), graph: None }
    }

    /// An int of any size.
    pub fn big_int(value: BigInt) -> Portable {
        match i64::try_from(&value) {
            Ok(small) => Portable::int(small),
            Err(_) => Portable { root: Atom::Big(Arc::new(value)), graph: None },
        }
    }

    /// A string.
    pub fn str(text: impl Into<SmolStr>) -> Portable {
        Portable { root: Atom::Str(text.into()), graph: None }
    }

    /// Bytes.
    pub fn bytes(bytes: impl Into<Arc<[u8]>>) -> Portable {
        Portable { root: Atom::Bytes(bytes.into()), graph: None }
    }

    /// A list.
    pub fn list(items: impl IntoIterator<Item = Portable>) -> Portable {
        Portable::compound(items, |atoms| Node::List(atoms.into()))
    }

    /// A tuple.
    pub fn tuple(items: impl IntoIterator<Item = Portable>) -> Portable {
        Portable::compound(items, |atoms| Node::Tuple(atoms.into()))
    }

    /// A reference to a host object.
    pub fn handle(handle: Arc<dyn HostHandle>) -> Portable {
        let graph =
            Graph { nodes: Box::new([Node::Handle(handle)]), image: None, library: None, bytes: size_of::<Node>() };
        Portable { root: Atom::Node(0), graph: Some(Arc::new(graph)) }
    }

    /// Scalars only: what needs a graph of its own becomes `None`, which no caller of `list` and `tuple` passes.
    fn compound(items: impl IntoIterator<Item = Portable>, node: fn(Vec<Atom>) -> Node) -> Portable {
        let atoms: Vec<Atom> =
            items.into_iter().map(|item| if item.graph.is_none() { item.root } else { Atom::None }).collect();
        let bytes = atoms.len() * size_of::<Atom>() + size_of::<Node>();
        let graph = Graph { nodes: Box::new([node(atoms)]), image: None, library: None, bytes };
        Portable { root: Atom::Node(0), graph: Some(Arc::new(graph)) }
    }

    /// Copies a value out of the isolate. What cannot cross is a `TypeError` that says where in the value it is.
    pub fn from_value(cx: &mut Cx<'_>, value: Value) -> Result<Portable, Raise> {
        capture::capture(cx, value, None)
    }

    /// As [`Portable::from_value`], for an argument: messages start with `what` (`background arg 0`).
    pub fn from_argument(cx: &mut Cx<'_>, value: Value, what: &dyn Fn() -> String) -> Result<Portable, Raise> {
        capture::capture(cx, value, Some(what))
    }

    /// Makes the value in the isolate: a fresh copy each time.
    pub fn to_value(&self, cx: &mut Cx<'_>) -> Result<Value, Raise> {
        restore::restore(cx, self)
    }

    /// Makes the value in the isolate.
    pub fn into_value(self, cx: &mut Cx<'_>) -> Result<Value, Raise> {
        self.to_value(cx)
    }

    /// Whether it is `None`.
    pub fn is_none(&self) -> bool {
        matches!(self.root, Atom::None)
    }

    /// The bool, if it is one.
    pub fn as_bool(&self) -> Option<bool> {
        if let Atom::Bool(value) = self.root { Some(value) } else { None }
    }

    /// The int, if it is one that fits.
    pub fn as_int(&self) -> Option<i64> {
        if let Atom::Int(value) = self.root { Some(value) } else { None }
    }

    /// The int, if it is one of any size (a bool is not).
    pub fn as_big_int(&self) -> Option<BigInt> {
        match &self.root {
            Atom::Int(value) => Some(BigInt::from(*value)),
            Atom::Big(value) => Some((**value).clone()),
            _ => None,
        }
    }

    /// The float, if it is one.
    pub fn as_float(&self) -> Option<f64> {
        if let Atom::Float(value) = self.root { Some(value) } else { None }
    }

    /// The text, if it is a string.
    pub fn as_str(&self) -> Option<&str> {
        if let Atom::Str(text) = &self.root { Some(text) } else { None }
    }

    /// The host object, if it is one.
    pub fn as_handle(&self) -> Option<&Arc<dyn HostHandle>> {
        match (&self.root, self.graph.as_deref()) {
            (Atom::Node(index), Some(graph)) => match &graph.nodes[*index as usize] {
                Node::Handle(handle) => Some(handle),
                _ => None,
            },
            _ => None,
        }
    }

    /// Whether it is data only: no functions, classes, instances, exceptions, modules or host objects.
    pub fn is_data(&self) -> bool {
        let data = |node: &Node| {
            matches!(
                node,
                Node::Words(..)
                    | Node::List(_)
                    | Node::Tuple(_)
                    | Node::Dict { .. }
                    | Node::Set { .. }
                    | Node::Range(_)
                    | Node::BigRange(_)
            )
        };
        match (&self.root, &self.graph) {
            (Atom::Global(..) | Atom::Module(_), _) => false,
            (_, Some(graph)) => graph.nodes.iter().all(data),
            (_, None) => true,
        }
    }

    /// About how many bytes it occupies.
    pub fn size(&self) -> usize {
        let own = match &self.root {
            Atom::Str(text) if text.is_heap_allocated() => text.len(),
            Atom::Bytes(bytes) => bytes.len(),
            _ => 0,
        };
        size_of::<Portable>() + own + self.graph.as_ref().map_or(0, |graph| graph.bytes)
    }
}

impl std::fmt::Debug for Portable {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match &self.root {
            Atom::None => f.write_str("None"),
            Atom::Bool(value) => write!(f, "{}", if *value { "True" } else { "False" }),
            Atom::Int(value) => write!(f, "{value}"),
            Atom::Float(value) => write!(f, "{value:?}"),
            Atom::Str(text) => write!(f, "{text:?}"),
            Atom::Big(value) => write!(f, "{value}"),
            _ => write!(f, "<portable of {} nodes>", self.graph.as_ref().map_or(0, |graph| graph.nodes.len())),
        }
    }
}

/// A node reference or a scalar.
#[derive(Clone)]
pub(crate) enum Atom {
    Undefined,
    None,
    NotImplemented,
    Ellipsis,
    Bool(bool),
    Int(i64),
    Float(f64),
    Str(SmolStr),
    Bytes(Arc<[u8]>),
    Big(Arc<BigInt>),
    /// A node of the same graph.
    Node(u32),
    /// What the slot of the image's module is bound to.
    Global(u32, u32),
    /// The image's script module.
    Module(u32),
}

/// The nodes of one message, and what their `Global` and `Module` atoms refer to.
pub(crate) struct Graph {
    pub(crate) nodes: Box<[Node]>,
    pub(crate) image: Option<Arc<Image>>,
    /// The owner of `Node::Frozen` cells, if there are any.
    pub(crate) library: Option<Arc<Library>>,
    pub(crate) bytes: usize,
}

/// One object.
pub(crate) enum Node {
    /// Only while its graph is being made.
    Pending,
    /// A list whose elements all have this (inline) tag.
    Words(Tag, Box<[u64]>),
    List(Box<[Atom]>),
    Tuple(Box<[Atom]>),
    Dict {
        items: Box<[(u64, Atom, Atom)]>,
        /// Whether some key's hash may depend on its address.
        rehash: bool,
    },
    Set {
        items: Box<[(u64, Atom)]>,
        frozen: bool,
        rehash: bool,
    },
    Range(Range),
    BigRange(Box<BigRange>),
    Slice(Box<[Atom; 3]>),
    /// A builtin: the same cell in every isolate of the library.
    Frozen(FrozenRef),
    NativeModule(SmolStr),
    Handle(Arc<dyn HostHandle>),
    Cell(Atom),
    Function(Box<FunctionNode>),
    BoundMethod(Box<[Atom; 2]>),
    StaticMethod(Atom),
    ClassMethod(Atom),
    /// Getter, setter, deleter, doc, name.
    Property(Box<[Atom; 5]>),
    Class(Box<ClassNode>),
    Instance(Box<InstanceNode>),
    Exception(Box<ExceptionNode>),
}

pub(crate) struct FunctionNode {
    unit: Arc<Unit>,
    code: u32,
    globals: Atom,
    closure: Box<[Atom]>,
    defaults: Box<[Atom]>,
    kw_defaults: Box<[Atom]>,
    /// `name`, `qualname`, `doc`, `module_name`.
    texts: [Atom; 4],
    /// Undefined if absent.
    attrs: Atom,
}

pub(crate) struct ClassNode {
    /// The same `Arc` wherever this class has been copied to.
    origin: Arc<()>,
    name: SmolStr,
    qualname: SmolStr,
    module: SmolStr,
    bases: Box<[Atom]>,
    mro: Box<[Atom]>,
    attrs: Box<[(SmolStr, Atom)]>,
    layout: Layout,
    base_value: Option<BuiltinType>,
    dunders: Dunders,
    /// Undefined: `type`.
    metaclass: Atom,
    slot_hint: u32,
}

pub(crate) struct InstanceNode {
    class: Atom,
    /// Shared by all instances of one shape.
    names: Arc<[SmolStr]>,
    slots: Box<[Atom]>,
    /// Whether all attributes are in its dict, because somebody asked for `__dict__`.
    in_dict: bool,
    /// The instance's own dict; undefined if absent.
    extra: Atom,
}

pub(crate) struct ExceptionNode {
    class: Atom,
    args: Atom,
    cause: Atom,
    suppress_context: bool,
    /// Undefined if absent.
    attrs: Atom,
    /// The traceback, rendered.
    remote: Option<Arc<str>>,
}
