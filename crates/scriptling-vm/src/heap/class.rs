//! Classes, builtin and script-defined.
#![expect(unsafe_code, reason = "implements the unsafe trait `Object`")]

use std::cell::Cell;

use indexmap::IndexMap;
use smol_str::SmolStr;

use super::instance::ShapeId;
use super::{Gc, Kind, Marker, Object};
use crate::builtins::types::BuiltinType;
use crate::value::Value;

/// Attribute names to values, in definition order.
pub type Attrs = IndexMap<SmolStr, Value, foldhash::fast::FixedState>;

/// What the instances of a class are made of.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Layout {
    /// An [`Instance`](super::Instance) with slots.
    Instance,
    /// An [`Exception`](super::Exception).
    Exception,
    /// Instances of a builtin type: made by its own constructor, no attributes. A script class that inherits from one has
    /// layout `Instance` and keeps the builtin value in the attribute [`BASE_VALUE`].
    Builtin(BuiltinType),
    /// A class (a metaclass's instances).
    Class,
    /// A host type's object.
    Host,
}

/// The hidden attribute of instances of script classes that inherit from a builtin value type (`class Stack(list)`).
pub const BASE_VALUE: &str = "(base value)";

bitflags::bitflags! {
    /// Which special methods script classes of the MRO define, so that the common case asks no dictionary.
    #[derive(Clone, Copy, PartialEq, Eq, Debug)]
    pub struct Dunders: u32 {
        /// `__getattr__`
        const GETATTR = 1;
        /// `__getattribute__`
        const GETATTRIBUTE = 1 << 1;
        /// `__setattr__`
        const SETATTR = 1 << 2;
        /// `__delattr__`
        const DELATTR = 1 << 3;
        /// `__eq__`
        const EQ = 1 << 4;
        /// `__hash__` (a function)
        const HASH = 1 << 5;
        /// `__bool__`
        const BOOL = 1 << 6;
        /// `__len__`
        const LEN = 1 << 7;
        /// `__repr__`
        const REPR = 1 << 8;
        /// `__str__`
        const STR = 1 << 9;
        /// `__format__`
        const FORMAT = 1 << 10;
        /// `__new__`
        const NEW = 1 << 11;
        /// `__hash__ = None`, or `__eq__` without `__hash__`
        const NO_HASH = 1 << 12;
        /// Every script class of the MRO declares `__slots__`: other attributes are refused.
        const SLOTS = 1 << 13;
    }
}

/// A class.
pub struct Class {
    /// `__name__`.
    pub name: SmolStr,
    /// `__qualname__`.
    pub qualname: SmolStr,
    /// `__module__`.
    pub module: SmolStr,
    /// Direct bases.
    pub bases: Vec<Gc<Class>>,
    /// This class and its ancestors in C3 order.
    pub mro: Vec<Gc<Class>>,
    /// Its own attributes.
    pub attrs: Attrs,
    /// What instances are.
    pub layout: Layout,
    /// The builtin type whose values instances wrap, if it inherits from one (`BASE_VALUE`).
    pub base_value: Option<BuiltinType>,
    /// Special methods defined by script classes of the MRO.
    pub dunders: Dunders,
    /// The metaclass; `None` means `type`.
    pub metaclass: Option<Gc<Class>>,
    /// Slots that instances are expected to need.
    pub slot_hint: Cell<u32>,
    /// The shape of a new instance in this isolate; `None` before the first.
    pub root_shape: Cell<Option<ShapeId>>,
    /// Set once a plain class attribute was overwritten: its values are not cached any more.
    pub volatile: Cell<bool>,
    /// What calling the class does; forgotten whenever a class changes.
    pub constructor: Cell<Constructor>,
    /// `__enter__` and `__exit__`, once looked up together; forgotten whenever a class changes.
    pub manager: Cell<Option<(Value, Value)>>,
}

/// What calling a class does, once looked up.
#[derive(Clone, Copy, Debug)]
pub enum Constructor {
    /// Not looked up yet.
    Unknown,
    /// A plain instance, then this `__init__` function written in the language.
    Init(Value),
    /// A plain instance that takes no arguments.
    Plain,
    /// This native makes the instance; the class is its first argument.
    Native(Value),
    /// An exception with the arguments as `args`, then this `__init__` function written in the language, unless it is `None`.
    Exception(Value),
    /// Anything else: `__new__`, metaclasses, some exceptions, classes over builtin values.
    General,
}

// SAFETY: reports bases, MRO, metaclass and attributes.
unsafe impl Object for Class {
    const KIND: Kind = Kind::Class;
    fn trace(&self, marker: &mut Marker) {
        self.bases.iter().chain(&self.mro).chain(&self.metaclass).for_each(|&class| marker.gc(class));
        self.attrs.values().for_each(|&value| marker.value(value));
    }
    fn external_size(&self) -> usize {
        self.attrs.len() * 64 + self.mro.len() * 8 + 64
    }
}
