//! Handlers of attributes, methods and subscripts.
#![expect(unsafe_code, reason = "verified code runs unchecked; argued in the module documentation of `run`")]
#![allow(
    clippy::undocumented_unsafe_blocks,
    clippy::missing_safety_doc,
    reason = "the handlers share one argument, in the module documentation"
)]

use super::arith::Addressing;
use super::{Leave, Machine};
use crate::fiber::{Frame, OnReturn};
use crate::heap::instance::slots_of;
use crate::heap::{Function, Gc, Instance, Kind, Str};
use crate::isolate::Isolate;
use crate::op::Instruction;
use crate::run::cache::{Cache, CacheKind};
use crate::run::quick::{cached_attr, cached_method, cached_store, cached_super};
use crate::value::Value;

/// Where the object is whose attribute is meant, and which cache site the instruction has.
pub(super) trait Receiver {
    /// Operands that the object takes on the stack.
    const POPS: usize;
    unsafe fn object(m: &Machine) -> Value;
    fn site(word: Instruction) -> usize;
}

/// The top of the stack.
pub(super) struct Top;
/// A local.
pub(super) struct Local;

impl Receiver for Top {
    const POPS: usize = 1;
    #[inline(always)]
    unsafe fn object(m: &Machine) -> Value {
        unsafe { m.peek(0) }
    }
    #[inline(always)]
    fn site(word: Instruction) -> usize {
        word.ax() as usize
    }
}

impl Receiver for Local {
    const POPS: usize = 0;
    #[inline(always)]
    unsafe fn object(m: &Machine) -> Value {
        unsafe { m.local(m.word.a()) }
    }
    #[inline(always)]
    fn site(word: Instruction) -> usize {
        word.bx() as usize
    }
}

/// Subscripts by a small int.
pub(super) struct TopSmall;

impl Addressing for TopSmall {
    #[inline(always)]
    unsafe fn operands(m: &Machine) -> (Value, Value) {
        unsafe { (m.peek(0), Value::int(i64::from(m.word.sax()))) }
    }
    #[inline(always)]
    unsafe fn finish(m: Machine, iso: &mut Isolate, result: Value) -> Leave {
        unsafe { m.replace_next(iso, 0, result) }
    }
}

/// Where a subscript store has its operands.
pub(super) trait Element {
    /// How many of them are on the stack.
    const POPS: usize;
    /// Container, key, value.
    unsafe fn operands(m: &Machine) -> (Value, Value, Value);
}

/// All on the stack.
pub(super) struct StackKey;
/// Container and key in locals.
pub(super) struct LocalKey;

impl Element for StackKey {
    const POPS: usize = 3;
    #[inline(always)]
    unsafe fn operands(m: &Machine) -> (Value, Value, Value) {
        unsafe { (m.peek(1), m.peek(0), m.peek(2)) }
    }
}

impl Element for LocalKey {
    const POPS: usize = 1;
    #[inline(always)]
    unsafe fn operands(m: &Machine) -> (Value, Value, Value) {
        unsafe { (m.local(m.word.b()), m.local(m.word.c()), m.peek(0)) }
    }
}

/// The instance and the first entry of the site's cache, if that entry is for the instance's shape.
#[inline(always)]
unsafe fn shaped(m: &Machine, site: usize, object: Value) -> Option<(Gc<Instance>, *const Cache)> {
    unsafe {
        let table = (*m.function()).caches.get().0;
        let header = object.as_header()?;
        if header.as_ref().kind() != Kind::Instance || table.is_null() {
            return None;
        }
        let cache: *const Cache = table.add(site);
        ((*cache).key == u64::from(header.as_ref().aux())).then(|| (Gc::from_header(header), cache))
    }
}

/// The instance and the entry for its shape, whichever of the site's it is.
#[inline(always)]
unsafe fn found(m: &Machine, site: usize, object: Value) -> Option<(Gc<Instance>, *const Cache)> {
    unsafe {
        let table = (*m.function()).caches.get().0;
        let header = object.as_header()?;
        if header.as_ref().kind() != Kind::Instance || table.is_null() {
            return None;
        }
        let (cache, key) = (&*table.add(site), u64::from(header.as_ref().aux()));
        let entry = if cache.key == key { cache } else { cache.other(key)? };
        Some((Gc::from_header(header), entry))
    }
}

handlers! {
    fn load_attr<R: Receiver>(iso, m) {
        if let Some((instance, cache)) = shaped(&m, R::site(m.word), R::object(&m))
            && (*cache).kind == CacheKind::Slot
        {
            let value = slots_of(instance).add(usize::from((*cache).slot)).read();
            if !value.is_undefined() {
                m.drop_top(R::POPS);
                return m.push_next(iso, value);
            }
        }
        m.retry(iso, load_attr_rare::<R>)
    }

    /// Of an instance whose shape is not the first that the site has seen, or what is not in its slots.
    #[inline(never)]
    fn load_attr_rare<R: Receiver>(iso, m) {
        let Some((instance, cache)) = found(&m, R::site(m.word), R::object(&m)) else {
            return m.retry(iso, load_attr_other::<R>);
        };
        let value = match (*cache).kind {
            CacheKind::Slot => slots_of(instance).add(usize::from((*cache).slot)).read(),
            CacheKind::ClassValue => (*cache).value,
            CacheKind::Getter => return m.retry(iso, load_property::<R>),
            _ => Value::UNDEFINED,
        };
        if value.is_undefined() {
            return m.general(iso);
        }
        m.drop_top(R::POPS);
        m.push_next(iso, value)
    }

    /// Of a module or a class.
    #[inline(never)]
    fn load_attr_other<R: Receiver>(iso, m) {
        match cached_attr(m.function(), R::site(m.word), R::object(&m)) {
            Some(value) => {
                m.drop_top(R::POPS);
                m.push_next(iso, value)
            }
            None => m.general(iso),
        }
    }

    /// A property: its getter is called with the object.
    #[inline(never)]
    fn load_property<R: Receiver>(iso, m) {
        let object = R::object(&m);
        let cache = found(&m, R::site(m.word), object).map(|(_, cache)| (*cache).value);
        let Some(getter) = cache.and_then(Value::as_gc::<Function>) else { return m.general(iso) };
        let first = m.sp.add(1).sub(R::POPS);
        if first >= iso.fiber.hot.stack_end || !m.enters_plainly(iso, getter, first, 1) {
            return m.general(iso);
        }
        first.sub(1).write(Value::obj(getter));
        first.write(object);
        m.sp = first.add(1);
        m.enter(iso, getter, first, OnReturn::Push)
    }

    fn store_attr<R: Receiver>(iso, m) {
        if let Some((instance, cache)) = shaped(&m, R::site(m.word), R::object(&m))
            && (*cache).kind == CacheKind::Slot
        {
            slots_of(instance).add(usize::from((*cache).slot)).write(m.peek(R::POPS));
            m.drop_top(1 + R::POPS);
            return m.next(iso, 1);
        }
        m.retry(iso, store_attr_rare::<R>)
    }

    #[inline(never)]
    fn store_attr_rare<R: Receiver>(iso, m) {
        if !cached_store(m.function(), R::site(m.word), R::object(&m), m.peek(R::POPS)) {
            return m.general(iso);
        }
        m.drop_top(1 + R::POPS);
        m.next(iso, 1)
    }

    fn load_method<R: Receiver>(iso, m) {
        let object = R::object(&m);
        if let Some((_, cache)) = shaped(&m, R::site(m.word), object)
            && (*cache).kind == CacheKind::Method
        {
            m.drop_top(R::POPS);
            m.push((*cache).value);
            return m.push_next(iso, object);
        }
        m.retry(iso, load_method_rare::<R>)
    }

    #[inline(never)]
    fn load_method_rare<R: Receiver>(iso, m) {
        let object = R::object(&m);
        let Some(method) = cached_method(m.function(), R::site(m.word), object) else { return m.general(iso) };
        m.drop_top(R::POPS);
        m.push(method);
        m.push_next(iso, object)
    }

    fn load_super_method(iso, m) {
        let (class, receiver) = (m.peek(1), m.peek(0));
        let Some(method) = cached_super(m.function(), m.word.ax() as usize, class, receiver) else {
            return m.general(iso);
        };
        m.set_top(1, method);
        m.next(iso, 1)
    }

    fn load_subscript<A: Addressing>(iso, m) {
        let (container, key) = A::operands(&m);
        match iso.quick_subscript(container, key) {
            Some(value) => A::finish(m, iso, value),
            None => m.retry(iso, load_subscript_text::<A>),
        }
    }

    /// A character of a short string.
    #[inline(never)]
    fn load_subscript_text<A: Addressing>(iso, m) {
        let (container, key) = A::operands(&m);
        if let Some(text) = container.as_gc::<Str>()
            && let Some(index) = key.as_int()
            && let Some(byte) = text.short_ascii_at(index)
            && let Some(&char) = iso.library.ascii.get(usize::from(byte))
        {
            return A::finish(m, iso, char);
        }
        m.retry(iso, load_subscript_rare::<A>)
    }

    #[inline(never)]
    fn load_subscript_rare<A: Addressing>(iso, m) {
        let (container, key) = A::operands(&m);
        match iso.quick_item(container, key) {
            Some(value) => A::finish(m, iso, value),
            None => m.general(iso),
        }
    }

    fn store_subscript<K: Element>(iso, m) {
        let (container, key, value) = K::operands(&m);
        if !iso.quick_store_subscript(container, key, value) {
            return m.retry(iso, store_subscript_rare::<K>);
        }
        m.drop_top(K::POPS);
        m.next(iso, 1)
    }

    #[inline(never)]
    fn store_subscript_rare<K: Element>(iso, m) {
        let (container, key, value) = K::operands(&m);
        if !iso.quick_store_item(container, key, value) {
            return m.general(iso);
        }
        m.drop_top(K::POPS);
        m.next(iso, 1)
    }
}
