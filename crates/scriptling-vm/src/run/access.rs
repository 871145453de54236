//! What the loop's attribute and name ops do when the inline case does not apply; instances and shapes; closures.

use std::cell::Cell;

use smol_str::SmolStr;

use super::cache::{Cache, CacheKind, host_subject, type_subject};
use crate::builtins::types::BuiltinType;
use crate::code::{CodeKind, CodeRef};
use crate::error::{ExcClass, Raise};
use crate::heap::class::{Constructor, Dunders};
use crate::heap::instance::{MAX_SLOTS, Shape, ShapeId};
use crate::heap::{CellBox, Class, Dict, Function, Gc, Instance, Kind, Module, NativeFunction, Property, Tuple};
use crate::isolate::Isolate;
use crate::native::{Cx, NativeResult, Outcome};
use crate::op::Common;
use crate::operate::attr;
use crate::portable;
use crate::value::Value;

/// Slots of an instance whose class gave no hint.
const DEFAULT_SLOTS: u32 = 4;
/// Name of the transition to the shape of instances that have a dict of their own as well.
const WITH_DICT: &str = "(with dict)";

impl Isolate {
    // --- names ---

    pub(super) fn current_function(&self) -> Gc<Function> {
        self.fiber.frames.last().expect("an op runs in a frame").function
    }

    /// The text of a name of the function's code.
    pub(crate) fn name_text(function: &Function, index: usize) -> SmolStr {
        function.code.get().names[index].text.clone()
    }

    #[cold]
    pub(crate) fn unbound_local(&self, slot: u32) -> Raise {
        let name = &self.current_function().get(&self.heap).code.get().locals[slot as usize].text;
        let message = format!("cannot access local variable '{name}' where it is not associated with a value");
        Raise::new(ExcClass::UnboundLocalError, message)
    }

    #[cold]
    pub(crate) fn unbound_free(&self, index: u32) -> Raise {
        let name = &self.current_function().get(&self.heap).code.get().free[index as usize].text;
        let message =
            format!("cannot access free variable '{name}' where it is not associated with a value in enclosing scope");
        Raise::new(ExcClass::NameError, message)
    }

    #[cold]
    fn undefined_name(&mut self, name: &str, globals: Gc<Module>) -> Raise {
        let module = globals.get(&self.heap);
        let known =
            module.iter().map(|(name, _)| name.as_str()).chain(self.library.builtins.keys().map(SmolStr::as_str));
        let known = known.filter(|name| !crate::library::is_intrinsic(name));
        let hint = crate::suggest::closest(name, known).map(SmolStr::new);
        let raise = Raise::new(ExcClass::NameError, format!("name '{name}' is not defined"));
        attr::with_hint(&mut Cx { isolate: self }, raise, name, hint)
    }

    /// `LoadGlobal` of a slot that is not bound: from the task's image, or a builtin.
    pub(crate) fn load_missing_global(&mut self, slot: usize) -> Result<Value, Raise> {
        let globals = self.current_function().get(&self.heap).globals;
        if globals.get(&self.heap).image != 0
            && let Some(value) = portable::image_global(self, globals, slot as u32)?
        {
            return Ok(value);
        }
        let module = globals.get(&self.heap);
        let name = module.info.names.get_index(slot).map(|(name, ())| name.clone()).unwrap_or_default();
        match self.library.builtin(&name) {
            Some(value) => {
                if !globals.is_frozen() {
                    let module = globals.get_mut(&mut self.heap);
                    if module.fallbacks.len() <= slot {
                        let count = module.slots.len();
                        module.fallbacks.resize(count, Value::UNDEFINED);
                    }
                    module.fallbacks[slot] = value;
                }
                Ok(value)
            }
            None => Err(self.undefined_name(&name, globals)),
        }
    }

    /// A module's variable by name, from the task's image if need be.
    pub(crate) fn module_get(&mut self, module: Gc<Module>, name: &str) -> Result<Option<Value>, Raise> {
        if let Some(value) = module.get(&self.heap).get(name) {
            return Ok(Some(value));
        }
        if module.get(&self.heap).image == 0 {
            return Ok(None);
        }
        let Some(slot) = module.get(&self.heap).info.names.get_index_of(name) else { return Ok(None) };
        portable::image_global(self, module, slot as u32)
    }

    pub(crate) fn delete_global(&mut self, slot: usize) -> Result<(), Raise> {
        let globals = self.current_function().get(&self.heap).globals;
        let name =
            globals.get(&self.heap).info.names.get_index(slot).map(|(name, ())| name.clone()).unwrap_or_default();
        // A name that is still in the image must be taken from there first, or it would come back.
        self.module_get(globals, &name)?;
        if globals.get_mut(&mut self.heap).delete(&name) { Ok(()) } else { Err(self.undefined_name(&name, globals)) }
    }

    /// Class bodies: the namespace dict, then a captured variable or the globals.
    pub(crate) fn load_name(&mut self, namespace: Value, name: usize, free: Option<usize>) -> Result<Value, Raise> {
        let function = self.current_function();
        let name = Isolate::name_text(function.get(&self.heap), name);
        let namespace = namespace.as_gc::<Dict>().expect("local 0 of a class body is its namespace");
        let cx = Cx { isolate: self };
        if let Some(value) = cx.dict_get_str(namespace, &name) {
            return Ok(value);
        }
        if let Some(free) = free {
            let cell = function.get(cx.heap()).closure[free];
            let value = cell.get(cx.heap()).value;
            return if value.is_undefined() { Err(self.unbound_free(free as u32)) } else { Ok(value) };
        }
        let globals = function.get(cx.heap()).globals;
        if let Some(value) = cx.isolate.module_get(globals, &name)? {
            return Ok(value);
        }
        match self.library.builtin(&name) {
            Some(value) => Ok(value),
            None => Err(self.undefined_name(&name, globals)),
        }
    }

    pub(crate) fn store_name(&mut self, namespace: Value, name: usize, value: Value) {
        let name = Isolate::name_text(self.current_function().get(&self.heap), name);
        let namespace = namespace.as_gc::<Dict>().expect("local 0 of a class body is its namespace");
        Cx { isolate: self }.dict_set_str(namespace, &name, value);
    }

    pub(crate) fn delete_name(&mut self, namespace: Value, name: usize) -> Result<(), Raise> {
        let function = self.current_function();
        let name = Isolate::name_text(function.get(&self.heap), name);
        let namespace = namespace.as_gc::<Dict>().expect("local 0 of a class body is its namespace");
        if crate::operate::special_attrs::delete_from(&mut Cx { isolate: self }, namespace, &name) {
            return Ok(());
        }
        Err(Raise::new(ExcClass::NameError, format!("name '{name}' is not defined")))
    }

    /// [`Common`] values.
    pub(crate) fn load_common(&mut self, which: u8) -> Value {
        if which == Common::AssertionError as u8 {
            return Value::obj(self.library.exceptions[ExcClass::AssertionError as usize]);
        }
        if which == Common::BuildClass as u8 {
            return self.library.builtins.get("__build_class__").copied().expect("the library defines it");
        }
        let globals = self.current_function().get(&self.heap).globals;
        if let Some(annotations) = globals.get(&self.heap).get("__annotations__") {
            return annotations;
        }
        let annotations = self.heap.value(Dict::default());
        self.set_module_attr(globals, "__annotations__", annotations);
        annotations
    }

    // --- attribute sites ---

    /// Remembers what a site of the current function has found, in this isolate's own table; not for frozen functions.
    pub(super) fn remember(&mut self, site: usize, found: Cache) {
        let function = self.current_function();
        if function.is_frozen() {
            return;
        }
        let data = function.get(&self.heap);
        let (table, grown) = self.caches.remember(data.code, site, found);
        data.caches.set(table);
        self.heap.charge(grown);
    }

    fn site_name(&self, site: usize) -> SmolStr {
        let code = self.current_function().get(&self.heap).code.get();
        code.names[code.cache_sites[site] as usize].text.clone()
    }

    /// `LoadAttr` that the cache did not answer.
    pub(crate) fn load_attr_miss(&mut self, site: usize, object: Value) -> NativeResult {
        if matches!(object.kind(), Some(Kind::Function | Kind::Exception))
            && let Some(value) = self.load_own_attr(site, object)
        {
            return Ok(Outcome::Return(value));
        }
        let name = self.site_name(site);
        match object.kind() {
            Some(Kind::Instance) => {
                let instance = object.as_gc::<Instance>().expect("kind was tested");
                if let Some(value) = self.load_instance_attr(site, instance, &name) {
                    return Ok(Outcome::Return(value));
                }
            }
            Some(Kind::Module) => {
                let module = object.as_gc::<Module>().expect("kind was tested");
                if let Some(value) = self.module_get(module, &name)? {
                    let slot = module.get(&self.heap).info.names.get_index_of(&name);
                    if let Some(slot) = slot.and_then(|slot| u16::try_from(slot).ok())
                        && self.is_imported(module)
                    {
                        self.remember(site, Cache::for_object(CacheKind::ModuleSlot, module).with_module_slot(slot));
                    }
                    return Ok(Outcome::Return(value));
                }
            }
            Some(Kind::Class) => {
                let class = object.as_gc::<Class>().expect("kind was tested");
                if let Some(value) = self.load_static_value(site, class, &name) {
                    return Ok(Outcome::Return(value));
                }
            }
            _ => {}
        }
        attr::get(&mut Cx { isolate: self }, object, &name)
    }

    /// Whether the isolate keeps the module alive, so that its address stays its own.
    fn is_imported(&self, module: Gc<Module>) -> bool {
        self.modules.get(&module.get(&self.heap).info.name) == Some(&module)
    }

    /// An instance attribute or plain class value, cached by shape.
    fn load_instance_attr(&mut self, site: usize, instance: Gc<Instance>, name: &str) -> Option<Value> {
        let class = self.instance_class(instance);
        if class.get(&self.heap).dunders.contains(Dunders::GETATTRIBUTE) {
            return None;
        }
        let type_attr = attr::lookup_owner(&self.heap, class, name);
        let shape = instance.shape();
        if let Some((_, found)) = type_attr
            && attr::is_data_descriptor(self, found)
        {
            if let Some(property) = found.as_gc::<Property>() {
                let value = property.get(&self.heap).get;
                if value.is::<Function>() {
                    self.remember(site, Cache::for_shape(CacheKind::Getter, shape).with_value(value));
                }
            }
            return None;
        }
        if let Some(slot) = self.shapes[shape.0 as usize].slot(name) {
            let value = instance.slots(&self.heap)[slot as usize];
            if value.is_undefined() {
                return None;
            }
            self.remember(site, Cache::for_shape(CacheKind::Slot, shape).with_slot(slot));
            return Some(value);
        }
        if instance.get(&self.heap).extra.is_some() {
            return self.instance_attr(instance, name);
        }
        let (owner, value) = type_attr?;
        if !attr::is_plain(self, value) || owner.get(&self.heap).volatile.get() {
            return None;
        }
        self.remember(site, Cache::for_shape(CacheKind::ClassValue, shape).with_value(value));
        Some(value)
    }

    /// A value or function read from a class object, cached by the class.
    fn load_static_value(&mut self, site: usize, class: Gc<Class>, name: &str) -> Option<Value> {
        if class.get(&self.heap).metaclass.is_some() || name.starts_with("__") {
            return None;
        }
        let (owner, value) = attr::lookup_owner(&self.heap, class, name)?;
        let direct = attr::is_plain(self, value) || matches!(value.kind(), Some(Kind::Function));
        if !direct || owner.get(&self.heap).volatile.get() {
            return None;
        }
        self.remember(site, Cache::for_object(CacheKind::StaticValue, class).with_value(value));
        Some(value)
    }

    /// `StoreAttr` that the cache did not answer.
    pub(crate) fn store_attr_miss(&mut self, site: usize, object: Value, value: Value) -> NativeResult {
        if matches!(object.kind(), Some(Kind::Function | Kind::Exception))
            && self.store_own_attr(site, object, value)?
        {
            return Ok(Outcome::Return(Value::NONE));
        }
        let name = self.site_name(site);
        let Some(instance) = object.as_gc::<Instance>().filter(|_| name != "__class__") else {
            return attr::set(&mut Cx { isolate: self }, object, &name, value);
        };
        let class = self.instance_class(instance);
        let overridden = class.get(&self.heap).dunders.contains(Dunders::SETATTR)
            || attr::lookup(&self.heap, class, &name).is_some_and(|found| attr::is_data_descriptor(self, found));
        if overridden {
            return attr::set(&mut Cx { isolate: self }, object, &name, value);
        }
        let before = instance.shape();
        if !self.set_instance_attr(instance, &name, value) {
            return Err(attr::missing(&mut Cx { isolate: self }, object, &name));
        }
        let after = instance.shape();
        if let Some(slot) = self.shapes[after.0 as usize].slot(&name) {
            let kind = if before == after { CacheKind::Slot } else { CacheKind::Transition };
            self.remember(site, Cache::for_shape(kind, before).with_slot(slot).with_shape(after));
        }
        Ok(Outcome::Return(Value::NONE))
    }

    /// `LoadMethod` that the cache did not answer: a function to call with the object first, or `None` (then the
    /// attribute is loaded in general).
    pub(crate) fn load_method_miss(&mut self, site: usize, object: Value) -> Result<Option<Value>, Raise> {
        let name = self.site_name(site);
        match object.kind() {
            Some(Kind::Instance) => {
                let instance = object.as_gc::<Instance>().expect("kind was tested");
                let class = self.instance_class(instance);
                if class.get(&self.heap).dunders.contains(Dunders::GETATTRIBUTE) {
                    return Ok(None);
                }
                let Some(method) = self.method_of(class, &name) else { return Ok(None) };
                if self.instance_attr(instance, &name).is_some() {
                    return Ok(None);
                }
                let cacheable = instance.get(&self.heap).extra.is_none();
                if cacheable {
                    self.remember(site, Cache::for_shape(CacheKind::Method, instance.shape()).with_value(method));
                }
                Ok(Some(method))
            }
            None | Some(Kind::Class | Kind::Module | Kind::Super | Kind::Function | Kind::Exception) => {
                if object.is_obj() {
                    return Ok(None);
                }
                let class = self.class_of(object);
                Ok(self.method_of(class, &name))
            }
            Some(kind) => {
                let class = self.class_of(object);
                let Some(method) = self.method_of(class, &name) else { return Ok(None) };
                let subject = match kind {
                    // The kind does not determine the class.
                    Kind::DictView => return Ok(Some(method)),
                    Kind::HostObject if !class.is_frozen() => return Ok(Some(method)),
                    Kind::HostObject => host_subject(class),
                    kind => type_subject(kind),
                };
                self.remember(site, Cache::new(CacheKind::TypeMethod, subject).with_value(method));
                Ok(Some(method))
            }
        }
    }

    /// A plain function or method native found on the class.
    fn method_of(&self, class: Gc<Class>, name: &str) -> Option<Value> {
        let found = attr::lookup(&self.heap, class, name)?;
        match found.kind() {
            Some(Kind::Function) => Some(found),
            Some(Kind::NativeFunction) => {
                let native = found.as_gc::<NativeFunction>().expect("kind was tested");
                native.get(&self.heap).is_method.then_some(found)
            }
            _ => None,
        }
    }

    /// `super().name(...)`: the function to call with the receiver.
    pub(crate) fn load_super_method(
        &mut self,
        site: usize,
        class: Value,
        receiver: Value,
    ) -> Result<Option<Value>, Raise> {
        let Some(class) = class.as_gc::<Class>() else {
            return Err(Raise::runtime_error("super(): __class__ is not a type"));
        };
        if receiver.is::<Class>() {
            return Ok(None);
        }
        let start = self.class_of(receiver);
        let found = attr::lookup_super(&self.heap, class, start, &self.site_name(site));
        let found = found.filter(|found| {
            found.is::<Function>()
                || found.as_gc::<NativeFunction>().is_some_and(|native| native.get(&self.heap).is_method)
        });
        if let (Some(value), Some(instance)) = (found, receiver.as_gc::<Instance>())
            && !class.is_frozen()
        {
            let found = Cache::for_object(CacheKind::SuperMethod, class).with_value(value);
            self.remember(site, found.with_shape(instance.shape()));
        }
        Ok(found)
    }

    /// The same in general: through a `super` object.
    pub(crate) fn load_super_attr(&mut self, site: usize, class: Value, receiver: Value) -> NativeResult {
        let name = self.site_name(site);
        let mut cx = Cx { isolate: self };
        let object = crate::builtins::classes::make_super(&mut cx, class, receiver)?;
        attr::get(&mut cx, object, &name)
    }

    /// Takes a module that could not be loaded off the list, after which its address is not its own for ever.
    pub(crate) fn forget_module(&mut self, name: &str) {
        self.modules.shift_remove(name);
        self.caches.clear();
    }

    /// Empties all inline caches and what classes remember: a class has changed.
    pub(crate) fn forget_class_lookups(&mut self) {
        self.caches.clear();
        let classes = self.classes.clone();
        for class in classes {
            let dunders = crate::builtins::classes::summarise(&self.heap, class);
            let data = class.get_mut(&mut self.heap);
            data.dunders = dunders;
            data.constructor.set(Constructor::Unknown);
            data.manager.set(None);
        }
    }

    // --- instances ---

    /// An instance of a script class, without attributes.
    pub(crate) fn new_instance(&mut self, class: Gc<Class>) -> Gc<Instance> {
        let data = class.get(&self.heap);
        let known = match data.root_shape.get() {
            None if class.is_frozen() => {
                let roots = self.frozen_roots.iter().flat_map(|roots| &roots.0);
                roots.copied().find(|(known, _)| *known == class).map(|(_, shape)| shape)
            }
            known => known,
        };
        let shape = match known {
            Some(shape) => shape,
            None => {
                let capacity = match data.slot_hint.get() {
                    0 => DEFAULT_SLOTS,
                    hint => hint.min(MAX_SLOTS),
                };
                let shape = self.add_shape(class, capacity, Vec::new());
                if class.is_frozen() {
                    self.frozen_roots.get_or_insert_default().0.push((class, shape));
                } else {
                    class.get(&self.heap).root_shape.set(Some(shape));
                }
                shape
            }
        };
        let capacity = self.shapes[shape.0 as usize].capacity;
        self.heap.alloc_instance(shape, capacity)
    }

    /// The class of an instance.
    #[inline]
    pub(crate) fn instance_class(&self, instance: Gc<Instance>) -> Gc<Class> {
        self.shapes[instance.shape().0 as usize].class
    }

    fn add_shape(&mut self, class: Gc<Class>, capacity: u32, names: Vec<SmolStr>) -> ShapeId {
        let id = ShapeId(self.shapes.len() as u32);
        self.shapes.push(Shape { class, capacity, names, next: hashbrown::HashMap::default() });
        id
    }

    /// An attribute in the instance's slots or dict.
    pub(crate) fn instance_attr(&self, instance: Gc<Instance>, name: &str) -> Option<Value> {
        if let Some(slot) = self.shapes[instance.shape().0 as usize].slot(name) {
            let value = instance.slots(&self.heap)[slot as usize];
            if !value.is_undefined() {
                return Some(value);
            }
        }
        let extra = instance.get(&self.heap).extra?;
        let hash = crate::heap::str::hash_text(name);
        let table = &extra.get(&self.heap).table;
        crate::heap::dict::find_text(table, &self.heap, hash, name).map(|at| table.entry(at).value)
    }

    /// Sets an attribute; false for bare `object()` instances, which have none.
    pub(crate) fn set_instance_attr(&mut self, instance: Gc<Instance>, name: &str, value: Value) -> bool {
        let id = instance.shape();
        let shape = &self.shapes[id.0 as usize];
        if let Some(slot) = shape.slot(name) {
            instance.slots_mut(&mut self.heap)[slot as usize] = value;
            return true;
        }
        let class = shape.class;
        if class == self.library.types[BuiltinType::Object as usize] {
            return false;
        }
        if class.get(&self.heap).dunders.contains(Dunders::SLOTS) && !self.slot_declared(class, name) {
            return false;
        }
        let shape = &self.shapes[id.0 as usize];
        let used = shape.names.len() as u32;
        let in_dict = |isolate: &Isolate| {
            instance.get(&isolate.heap).extra.is_some_and(|extra| {
                let hash = crate::heap::str::hash_text(name);
                crate::heap::dict::find_text(&extra.get(&isolate.heap).table, &isolate.heap, hash, name).is_some()
            })
        };
        if used < shape.capacity && !in_dict(self) {
            let next = match shape.next.get(name) {
                Some(&next) => next,
                None => {
                    let (capacity, mut names) = (shape.capacity, shape.names.clone());
                    names.push(name.into());
                    let next = self.add_shape(class, capacity, names);
                    self.shapes[id.0 as usize].next.insert(name.into(), next);
                    next
                }
            };
            instance.slots_mut(&mut self.heap)[used as usize] = value;
            instance.set_aux(next.0);
            return true;
        }
        // Later instances of the class get room for it.
        let hint = &class.get(&self.heap).slot_hint;
        if used < MAX_SLOTS && shape.capacity > 0 && !class.is_frozen() {
            hint.set((used + 1).max(hint.get()).min(MAX_SLOTS));
            class.get(&self.heap).root_shape.set(None);
        }
        let extra = self.extra_dict(instance);
        Cx { isolate: self }.dict_set_str(extra, name, value);
        true
    }

    /// Whether `__slots__` of the class or an ancestor names the attribute.
    fn slot_declared(&mut self, class: Gc<Class>, name: &str) -> bool {
        if name == crate::heap::class::BASE_VALUE {
            return true;
        }
        let mro = class.get(&self.heap).mro.clone();
        mro.into_iter().any(|owner| {
            let Some(slots) = owner.get(&self.heap).attrs.get("__slots__").copied() else { return false };
            let cx = Cx { isolate: self };
            match cx.sequence(slots) {
                Some(names) => names.iter().any(|&slot| cx.as_str(slot) == Some(name)),
                None => cx.as_str(slots) == Some(name),
            }
        })
    }

    /// The instance's own dict, made on first use. Its shape changes with it, because caches of the plain shape know that
    /// nothing but the slots can hide a method.
    fn extra_dict(&mut self, instance: Gc<Instance>) -> Gc<Dict> {
        if let Some(extra) = instance.get(&self.heap).extra {
            return extra;
        }
        let extra = self.heap.alloc(Dict::default());
        instance.get_mut(&mut self.heap).extra = Some(extra);
        let id = instance.shape();
        let shape = &self.shapes[id.0 as usize];
        let next = match shape.next.get(WITH_DICT) {
            Some(&next) => next,
            None => {
                let (class, names) = (shape.class, shape.names.clone());
                // No capacity: further attributes go to the dict, so that this shape stays the last.
                let next = self.add_shape(class, 0, names);
                self.shapes[id.0 as usize].next.insert(WITH_DICT.into(), next);
                next
            }
        };
        instance.set_aux(next.0);
        extra
    }

    pub(crate) fn delete_instance_attr(&mut self, instance: Gc<Instance>, name: &str) -> bool {
        if let Some(slot) = self.shapes[instance.shape().0 as usize].slot(name) {
            let value = &mut instance.slots_mut(&mut self.heap)[slot as usize];
            if !value.is_undefined() {
                *value = Value::UNDEFINED;
                return true;
            }
        }
        let extra = instance.get(&self.heap).extra;
        extra.is_some_and(|extra| crate::operate::special_attrs::delete_from(&mut Cx { isolate: self }, extra, name))
    }

    /// Attribute names of an instance, in order of definition.
    pub(crate) fn instance_names(&self, instance: Gc<Instance>) -> Vec<SmolStr> {
        let shape = &self.shapes[instance.shape().0 as usize];
        let slots = instance.slots(&self.heap);
        let in_slots = shape.names.iter().zip(slots).filter(|(_, value)| !value.is_undefined());
        let mut names: Vec<SmolStr> = in_slots.map(|(name, _)| name.clone()).collect();
        if let Some(extra) = instance.get(&self.heap).extra {
            let entries = extra.get(&self.heap).table.iter();
            names.extend(
                entries
                    .filter_map(|entry| entry.key.as_gc::<crate::heap::Str>())
                    .map(|key| key.get(&self.heap).to_smol()),
            );
        }
        names
    }

    /// `instance.__dict__`: from now on all attributes live in that dict.
    pub(crate) fn instance_dict(&mut self, instance: Gc<Instance>) -> Gc<Dict> {
        let id = instance.shape();
        let moved: Vec<(SmolStr, Value)> = {
            let shape = &self.shapes[id.0 as usize];
            let slots = instance.slots(&self.heap);
            shape.names.iter().cloned().zip(slots.iter().copied()).filter(|(_, value)| !value.is_undefined()).collect()
        };
        let old = instance.get(&self.heap).extra;
        if moved.is_empty()
            && let Some(old) = old
        {
            return old;
        }
        let dict = self.heap.alloc(Dict::default());
        let mut cx = Cx { isolate: self };
        for (name, value) in moved {
            cx.dict_set_str(dict, &name, value);
        }
        if let Some(old) = old {
            let rest: Vec<_> = old.get(cx.heap()).table.iter().copied().collect();
            for entry in rest {
                dict.get_mut(cx.heap_mut()).table.insert_new(entry.hash, entry.key, entry.value);
            }
        }
        instance.slots_mut(cx.heap_mut()).fill(Value::UNDEFINED);
        instance.get_mut(cx.heap_mut()).extra = Some(dict);
        let class = cx.isolate.instance_class(instance);
        let root = self.dict_shape(class);
        instance.set_aux(root.0);
        dict
    }

    /// Makes the instance one of another class; its attributes move to its dict, because slots belong to shapes of a class.
    pub(crate) fn change_class(&mut self, instance: Gc<Instance>, class: Gc<Class>) {
        self.instance_dict(instance);
        let shape = self.dict_shape(class);
        instance.set_aux(shape.0);
    }

    /// The shape of instances whose attributes are all in their dict.
    pub(crate) fn dict_shape(&mut self, class: Gc<Class>) -> ShapeId {
        let known =
            self.shapes.iter().position(|shape| shape.class == class && shape.capacity == 0 && shape.names.is_empty());
        match known {
            Some(index) => ShapeId(index as u32),
            None => self.add_shape(class, 0, Vec::new()),
        }
    }

    // --- closures ---

    /// `MakeFunction`; pops its parts off the fiber's stack.
    pub(crate) fn make_function(&mut self, maker: &Function, flags: u8, code: u16) -> Value {
        let globals = maker.globals;
        let mut pop = || {
            self.fiber.height -= 1;
            self.fiber.stack[self.fiber.height]
        };
        let closure = if flags & 8 != 0 { pop() } else { Value::UNDEFINED };
        let annotations = if flags & 4 != 0 { pop() } else { Value::UNDEFINED };
        let kw_defaults = if flags & 2 != 0 { pop() } else { Value::UNDEFINED };
        let defaults = if flags & 1 != 0 { pop() } else { Value::UNDEFINED };
        let module = globals.get(&self.heap);
        let maker_code = maker.code.as_ptr();
        let unit_index = module.info.units.iter().position(|unit| unit.codes.as_ptr_range().contains(&maker_code));
        let unit_index = unit_index.expect("a function's unit belongs to its module");
        let code_ref = CodeRef::new(&module.info.units[unit_index], code as usize);
        let caches = self.caches.get(code_ref);
        let code = code_ref.get();
        let items =
            |value: Value| value.as_gc::<Tuple>().map(|tuple| tuple.items(&self.heap).to_vec()).unwrap_or_default();
        let closure =
            items(closure).into_iter().map(|cell| cell.as_gc::<CellBox>().expect("cells were pushed")).collect();
        let defaults = items(defaults).into_boxed_slice();
        let kw_defaults = match kw_defaults.as_gc::<Dict>() {
            None => Box::default(),
            Some(dict) => {
                let first = code.params.positional as usize;
                let count = code.params.keyword_only as usize;
                let cx = Cx { isolate: self };
                code.locals[first..first + count]
                    .iter()
                    .map(|name| cx.dict_get_str(dict, &name.text).unwrap_or(Value::UNDEFINED))
                    .collect()
            }
        };
        debug_assert!(code.kind != CodeKind::Module, "module bodies are made by load_unit");
        self.heap.value(Function {
            code: code_ref,
            caches: Cell::new(caches),
            globals,
            closure,
            defaults,
            kw_defaults,
            name: Value::UNDEFINED,
            qualname: Value::UNDEFINED,
            doc: Value::UNDEFINED,
            annotations: annotations.as_gc(),
            attrs: None,
            module_name: Value::UNDEFINED,
        })
    }
}
