//! What can be called, and the small wrappers around it.
#![expect(unsafe_code, reason = "implements the unsafe trait `Object`")]

use std::cell::Cell;
use std::sync::Arc;

use super::{Class, Dict, Gc, Kind, Marker, Module, Object};
use crate::builtins::quick::Quick;
use crate::code::CodeRef;
use crate::native::{Declaration, NativeCall, Signature};
use crate::run::cache::CacheTable;
use crate::value::Value;

/// A variable that an inner function captured.
pub struct CellBox {
    /// The variable's value; undefined while unbound.
    pub value: Value,
}

/// A function written in the language.
pub struct Function {
    /// The compiled body; its unit is kept alive by the isolate.
    pub code: CodeRef,
    /// The inline caches of the code in this isolate (the shared never-matching table until the first miss).
    pub caches: Cell<CacheTable>,
    /// Where global names live.
    pub globals: Gc<Module>,
    /// Captured variables, in the order of the code's free variables.
    pub closure: Box<[Gc<CellBox>]>,
    /// Defaults of the last positional parameters.
    pub defaults: Box<[Value]>,
    /// Defaults of keyword-only parameters, in the order of the code's; undefined where there is none. Empty if none has one.
    pub kw_defaults: Box<[Value]>,
    /// `__name__`, `__qualname__`, `__doc__`: undefined while they are the code's own.
    pub name: Value,
    /// See `name`.
    pub qualname: Value,
    /// See `name`.
    pub doc: Value,
    /// `__annotations__`, once there are any.
    pub annotations: Option<Gc<Dict>>,
    /// Other attributes, once there are any.
    pub attrs: Option<Gc<Dict>>,
    /// The class whose body defined it: what zero-argument `super()` needs is in the `__class__` cell; this is for messages only.
    pub module_name: Value,
}

/// A function written in Rust.
pub struct NativeFunction {
    /// Name, parameters, defaults, help; see [`NativeFunction::signature`].
    pub(crate) declaration: Declaration,
    /// Defaults, as frozen or isolate values, of all parameters up to the last that has one.
    pub defaults: Box<[Value]>,
    /// What is called.
    pub call: NativeCall,
    /// Whether it binds like a method when looked up on an instance through its class.
    pub is_method: bool,
    /// `__module__`, for help and repr.
    pub module: &'static str,
    /// Positional arguments that need no binding beyond filling in defaults, `min..=max` (empty if every call needs it), and
    /// how many values there are with them.
    pub direct: (u8, u8, u8),
    /// What is tried before `call`.
    pub(crate) quick: Option<Quick>,
}

impl NativeFunction {
    /// Name, parameters, defaults, help.
    pub fn signature(&self) -> &Arc<Signature> {
        self.declaration.signature()
    }
}

/// A function and its first argument.
pub struct BoundMethod {
    /// A function, native or not (or any callable).
    pub function: Value,
    /// The first argument.
    pub receiver: Value,
}

/// `staticmethod(f)`.
pub struct StaticMethod {
    /// The wrapped callable.
    pub function: Value,
}

/// `classmethod(f)`.
pub struct ClassMethod {
    /// The wrapped callable.
    pub function: Value,
}

/// `property(fget, fset, fdel, doc)`.
pub struct Property {
    /// Getter or `None`.
    pub get: Value,
    /// Setter or `None`.
    pub set: Value,
    /// Deleter or `None`.
    pub delete: Value,
    /// Docstring or `None`.
    pub doc: Value,
    /// The attribute's name once known, for messages.
    pub name: Value,
}

/// `super(class, object)`.
pub struct Super {
    /// The class after which the search starts.
    pub class: Gc<Class>,
    /// Instance or class that methods bind to.
    pub receiver: Value,
    /// Whose MRO is searched.
    pub start: Gc<Class>,
}

// SAFETY: reports the value.
unsafe impl Object for CellBox {
    const KIND: Kind = Kind::CellBox;
    fn trace(&self, marker: &mut Marker) {
        marker.value(self.value);
    }
}

// SAFETY: reports every field that is a value or a reference.
unsafe impl Object for Function {
    const KIND: Kind = Kind::Function;
    fn trace(&self, marker: &mut Marker) {
        marker.gc(self.globals);
        self.closure.iter().for_each(|&cell| marker.gc(cell));
        marker.values(&self.defaults);
        marker.values(&self.kw_defaults);
        marker.values(&[self.name, self.qualname, self.doc, self.module_name]);
        if let Some(dict) = self.annotations {
            marker.gc(dict);
        }
        if let Some(dict) = self.attrs {
            marker.gc(dict);
        }
    }
    fn external_size(&self) -> usize {
        self.closure.len() * 8 + (self.defaults.len() + self.kw_defaults.len()) * 16
    }
}

// SAFETY: reports the defaults; native closures cannot hold values (they are `Send`).
unsafe impl Object for NativeFunction {
    const KIND: Kind = Kind::NativeFunction;
    fn trace(&self, marker: &mut Marker) {
        marker.values(&self.defaults);
    }
}

// SAFETY: reports both.
unsafe impl Object for BoundMethod {
    const KIND: Kind = Kind::BoundMethod;
    fn trace(&self, marker: &mut Marker) {
        marker.values(&[self.function, self.receiver]);
    }
}

// SAFETY: reports the function.
unsafe impl Object for StaticMethod {
    const KIND: Kind = Kind::StaticMethod;
    fn trace(&self, marker: &mut Marker) {
        marker.value(self.function);
    }
}

// SAFETY: reports the function.
unsafe impl Object for ClassMethod {
    const KIND: Kind = Kind::ClassMethod;
    fn trace(&self, marker: &mut Marker) {
        marker.value(self.function);
    }
}

// SAFETY: reports all fields.
unsafe impl Object for Property {
    const KIND: Kind = Kind::Property;
    fn trace(&self, marker: &mut Marker) {
        marker.values(&[self.get, self.set, self.delete, self.doc, self.name]);
    }
}

// SAFETY: reports all fields.
unsafe impl Object for Super {
    const KIND: Kind = Kind::Super;
    fn trace(&self, marker: &mut Marker) {
        marker.gc(self.class);
        marker.gc(self.start);
        marker.value(self.receiver);
    }
}
