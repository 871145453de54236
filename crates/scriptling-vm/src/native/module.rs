//! Registering natives: the public face of the ABI.
//!
//! ```text
//! impl NativeModule for Text {
//!     fn name(&self) -> &'static str { "text" }
//!     fn define(&self, m: &mut ModuleBuilder<'_>) {
//!         m.function("repeat(s, n=2)", "Repeat s n times.", |s: String, n: usize| s.repeat(n))
//!          .constant("VERSION", "1.0");
//!     }
//! }
//! ```

use std::borrow::Cow;
use std::sync::Arc;

use smol_str::SmolStr;

use super::{Cx, Declaration, DefaultValue, IntoNative, NativeCall, RawNative};
use crate::builtins::quick::Quick;
use crate::error::ExcClass;
use crate::heap::HostObject;
use crate::heap::class::{Attrs, Constructor, Dunders, Layout};
use crate::heap::data::HostData;
use crate::heap::{Class, ClassMethod, Gc, Heap, NativeFunction, StaticMethod, Str};
use crate::portable::HostHandle;
use crate::value::Value;

/// A module written in Rust.
pub trait NativeModule: Send + Sync {
    /// The name scripts import, dots included.
    fn name(&self) -> &'static str;

    /// What the module is for: its `help()` text.
    fn doc(&self) -> &'static str {
        ""
    }

    /// Functions in the language for what the module's natives leave to it, found by [`Cx::prelude`]: only comments and
    /// `def`s at the margin, with names that no other module's have. They may name builtins and each other.
    fn prelude(&self) -> &'static str {
        ""
    }

    /// Registers functions, classes and constants.
    fn define(&self, module: &mut ModuleBuilder<'_>);
}

/// Collects a module's members into a heap that will be frozen.
pub struct ModuleBuilder<'a> {
    pub(crate) heap: &'a mut Heap,
    pub(crate) module: &'static str,
    pub(crate) members: Attrs,
    /// The class `object`, base of the classes that the module defines.
    pub(crate) object: Gc<Class>,
    /// The builtin exception classes, bases of the exceptions that the module defines.
    pub(crate) exceptions: &'a [Gc<Class>],
    pub(crate) on_import: Option<OnImport>,
    /// What the next class's attributes are collected in: there are many classes, and most have few.
    scratch: Vec<(SmolStr, Value)>,
}

/// Makes the members that an isolate gets when it imports the module.
pub type OnImport = fn(&mut Cx<'_>) -> Vec<(SmolStr, Value)>;

impl<'a> ModuleBuilder<'a> {
    pub(crate) fn new(
        heap: &'a mut Heap,
        module: &'static str,
        object: Gc<Class>,
        exceptions: &'a [Gc<Class>],
    ) -> ModuleBuilder<'a> {
        let members = Attrs::default();
        ModuleBuilder { heap, module, members, object, exceptions, on_import: None, scratch: Vec::new() }
    }

    /// Registers a typed Rust function or closure under a signature.
    ///
    /// # Panics
    /// If the signature is malformed or has another number of parameters than the function: at the module's first import, or
    /// in [`Library::define_modules`](crate::library::Library::define_modules).
    pub fn function<M>(
        &mut self,
        signature: impl Into<Cow<'static, str>>,
        help: impl Into<Cow<'static, str>>,
        function: impl IntoNative<M>,
    ) -> &mut Self {
        let (parameters, call) = function.into_native();
        let declaration = Declaration::new(signature, help);
        check_parameters(&declaration, parameters);
        self.insert(declaration, call, false)
    }

    /// Registers a kernel-level native.
    pub fn raw(
        &mut self,
        signature: impl Into<Cow<'static, str>>,
        help: impl Into<Cow<'static, str>>,
        function: RawNative,
    ) -> &mut Self {
        self.insert(Declaration::new(signature, help), NativeCall::Raw(function), false)
    }

    fn insert(&mut self, declaration: Declaration, call: NativeCall, is_method: bool) -> &mut Self {
        let name = declaration.smol_name();
        let value = native_value(self.heap, declaration, call, is_method, self.module);
        self.members.insert(name, value);
        self
    }

    /// Gives the function just registered its common case.
    pub(crate) fn quick(&mut self, quick: Quick) -> &mut Self {
        let last = self.members.last().map(|(_, value)| *value);
        set_quick(self.heap, last, quick);
        self
    }

    /// Registers a constant.
    pub fn constant(&mut self, name: &str, value: impl IntoConstant) -> &mut Self {
        let value = value.into_constant(self.heap);
        self.members.insert(SmolStr::new(name), value);
        self
    }

    /// Registers an object of a class of this module, the same for all isolates.
    pub fn object(&mut self, name: &str, class: Gc<Class>, handle: Arc<dyn HostHandle>) -> &mut Self {
        let object = self.heap.value(HostObject { class, data: HostData::Shared(handle) });
        self.value(name, object)
    }

    /// Has members made when an isolate imports the module, for what is not the same for all or may be changed.
    pub fn on_import(&mut self, make: OnImport) -> &mut Self {
        self.on_import = Some(make);
        self
    }

    /// Registers a value that is already in the builder's heap (a class, a function defined before).
    pub(crate) fn value(&mut self, name: &str, value: Value) -> &mut Self {
        self.members.insert(SmolStr::new(name), value);
        self
    }

    /// Defines a class whose instances are host objects; its methods come through the returned builder.
    pub fn class(&mut self, name: &str, help: &str) -> ClassBuilder<'_, 'a> {
        let mut attrs = std::mem::take(&mut self.scratch);
        let doc = frozen_str(self.heap, help);
        attrs.push((SmolStr::new_static("__doc__"), doc));
        ClassBuilder { module: self, name: name.into(), attrs, exception: None }
    }

    /// Defines an exception class that inherits from a builtin one.
    pub fn exception(&mut self, name: &str, help: &str, base: ExcClass) -> ClassBuilder<'_, 'a> {
        let mut builder = self.class(name, help);
        builder.exception = Some(base);
        builder
    }
}

/// Collects a class's methods; the class is made when the builder is finished.
pub struct ClassBuilder<'b, 'a> {
    module: &'b mut ModuleBuilder<'a>,
    name: SmolStr,
    attrs: Vec<(SmolStr, Value)>,
    /// The base class, if instances are exceptions.
    exception: Option<ExcClass>,
}

impl ClassBuilder<'_, '_> {
    /// A method: the signature's first parameter is the receiver.
    pub fn method<M>(
        mut self,
        signature: impl Into<Cow<'static, str>>,
        help: impl Into<Cow<'static, str>>,
        function: impl IntoNative<M>,
    ) -> Self {
        let (parameters, call) = function.into_native();
        let declaration = Declaration::new(signature, help);
        check_parameters(&declaration, parameters);
        self.insert(declaration, call);
        self
    }

    /// A kernel-level method.
    pub fn raw(
        mut self,
        signature: impl Into<Cow<'static, str>>,
        help: impl Into<Cow<'static, str>>,
        function: RawNative,
    ) -> Self {
        self.insert(Declaration::new(signature, help), NativeCall::Raw(function));
        self
    }

    /// Gives the method just registered its common case.
    pub(crate) fn quick(self, quick: Quick) -> Self {
        let last = self.attrs.last().map(|(_, value)| *value);
        set_quick(self.module.heap, last, quick);
        self
    }

    /// A kernel-level static method; `__new__` makes instances: its first parameter is the class.
    pub fn raw_static(
        mut self,
        signature: impl Into<Cow<'static, str>>,
        help: impl Into<Cow<'static, str>>,
        function: RawNative,
    ) -> Self {
        let mut declaration = Declaration::new(signature, help);
        let name = declaration.smol_name();
        if matches!(name.as_str(), "__new__" | crate::library::MAKE) {
            declaration = declaration.owned_by(&self.name);
        }
        let heap = &mut *self.module.heap;
        let function = native_value(heap, declaration, NativeCall::Raw(function), false, self.module.module);
        let value = heap.value(StaticMethod { function });
        self.attrs.push((name, value));
        self
    }

    /// A kernel-level class method.
    pub fn raw_class(
        mut self,
        signature: impl Into<Cow<'static, str>>,
        help: impl Into<Cow<'static, str>>,
        function: RawNative,
    ) -> Self {
        let declaration = Declaration::new(signature, help).owned_by(&self.name);
        let name = declaration.smol_name();
        let heap = &mut *self.module.heap;
        let function = native_value(heap, declaration, NativeCall::Raw(function), true, self.module.module);
        let value = heap.value(ClassMethod { function });
        self.attrs.push((name, value));
        self
    }

    /// A read-only attribute computed by a kernel-level native that takes the receiver.
    pub fn raw_getter(mut self, name: &str, help: &'static str, function: RawNative) -> Self {
        let declaration = Declaration::new(format!("{name}(self, /)"), help);
        let heap = &mut *self.module.heap;
        let get = native_value(heap, declaration, NativeCall::Raw(function), true, self.module.module);
        let doc = frozen_str(heap, help);
        let name_value = frozen_str(heap, name);
        let property = crate::heap::Property { get, set: Value::NONE, delete: Value::NONE, doc, name: name_value };
        let value = heap.value(property);
        self.attrs.push((SmolStr::new(name), value));
        self
    }

    fn insert(&mut self, declaration: Declaration, call: NativeCall) {
        let declaration = declaration.owned_by(&self.name);
        let name = declaration.smol_name();
        let value = native_value(self.module.heap, declaration, call, true, self.module.module);
        self.attrs.push((name, value));
    }

    /// Moves the collected methods into an existing class (the builtin types are made before their methods).
    pub(crate) fn into_class(self, class: Gc<Class>) {
        let ClassBuilder { module, mut attrs, .. } = self;
        let known = &mut class.get_mut(module.heap).attrs;
        known.reserve_exact(attrs.len());
        known.extend(attrs.drain(..));
        module.scratch = attrs;
    }

    /// Makes the class and registers it in the module.
    pub fn finish(self) -> Gc<Class> {
        let ClassBuilder { module, name, attrs: mut collected, exception } = self;
        let mut attrs = Attrs::with_capacity_and_hasher(collected.len(), foldhash::fast::FixedState::default());
        attrs.extend(collected.drain(..));
        module.scratch = collected;
        let (base, layout) = match exception {
            Some(base) => (module.exceptions[base as usize], Layout::Exception),
            None => (module.object, Layout::Host),
        };
        let class = new_class(module.heap, &name, module.module, vec![base], attrs, layout);
        module.value(&name, Value::obj(class));
        class
    }
}

/// Makes a frozen-to-be class with a linear hierarchy.
pub(crate) fn new_class(
    heap: &mut Heap,
    name: &str,
    module: &str,
    bases: Vec<Gc<Class>>,
    attrs: Attrs,
    layout: Layout,
) -> Gc<Class> {
    let inherited = bases.first().map(|base| base.get(heap).mro.clone()).unwrap_or_default();
    let class = heap.alloc(Class {
        name: name.into(),
        qualname: name.into(),
        module: module.into(),
        bases,
        mro: Vec::new(),
        attrs,
        layout,
        base_value: None,
        dunders: Dunders::empty(),
        metaclass: None,
        slot_hint: std::cell::Cell::new(0),
        root_shape: std::cell::Cell::new(None),
        volatile: std::cell::Cell::new(false),
        constructor: std::cell::Cell::new(Constructor::Unknown),
        manager: std::cell::Cell::new(None),
    });
    class.get_mut(heap).mro = std::iter::once(class).chain(inherited).collect();
    class
}

/// A string in a heap that will be frozen: its hash is computed now, because frozen cells are never written again.
pub(crate) fn frozen_str(heap: &mut Heap, text: &str) -> Value {
    let value = heap.str(text);
    if let Some(text) = value.as_gc::<Str>() {
        text.get(heap).hash();
    }
    value
}

/// A native function object.
pub(crate) fn native_value(
    heap: &mut Heap,
    declaration: Declaration,
    call: NativeCall,
    is_method: bool,
    module: &'static str,
) -> Value {
    let outline = declaration.outline();
    // Direct calls copy the defaults of what is not given without looking how many there are.
    let complete = outline.required == outline.slots || outline.defaults.len() == outline.slots;
    let direct = if outline.simple && complete && outline.slots < 255 {
        (outline.required as u8, outline.positional as u8, outline.slots as u8)
    } else {
        (1, 0, 0)
    };
    let defaults = outline
        .defaults
        .into_iter()
        .map(|default| match default {
            DefaultValue::NotGiven => Value::UNDEFINED,
            DefaultValue::None => Value::NONE,
            DefaultValue::Bool(value) => Value::bool(value),
            DefaultValue::Int(value) => Value::int(value),
            DefaultValue::Float(value) => Value::float(value),
            DefaultValue::Str(text) => frozen_str(heap, &text),
            DefaultValue::EmptyTuple => heap.tuple(&[]),
        })
        .collect();
    heap.value(NativeFunction { declaration, defaults, call, is_method, module, direct, quick: None })
}

fn set_quick(heap: &mut Heap, native: Option<Value>, quick: Quick) {
    let native = native.and_then(Value::as_gc::<NativeFunction>).expect("a native was registered just before");
    native.get_mut(heap).quick = Some(quick);
}

/// Finds natives whose signature is not that of the Rust function.
fn check_parameters(declaration: &Declaration, parameters: usize) {
    let slots = declaration.outline().slots;
    assert_eq!(slots, parameters, "the signature and the Rust function of {} differ", declaration.name());
}

/// What [`ModuleBuilder::constant`] accepts.
pub trait IntoConstant {
    /// Makes the value in a heap that will be frozen.
    fn into_constant(self, heap: &mut Heap) -> Value;
}

impl IntoConstant for &str {
    fn into_constant(self, heap: &mut Heap) -> Value {
        frozen_str(heap, self)
    }
}

impl IntoConstant for i64 {
    fn into_constant(self, _heap: &mut Heap) -> Value {
        Value::int(self)
    }
}

impl IntoConstant for f64 {
    fn into_constant(self, _heap: &mut Heap) -> Value {
        Value::float(self)
    }
}

impl IntoConstant for bool {
    fn into_constant(self, _heap: &mut Heap) -> Value {
        Value::bool(self)
    }
}
