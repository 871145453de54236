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
use crate::heap::instance::slot_at;
use crate::heap::{Function, Gc, Instance, Kind, Str};
use crate::isolate::Isolate;
use crate::op::Instruction;
use crate::run::cache::{Cache, CacheKind, key};
use crate::run::quick::{cache_of, cached_attr, cached_callee, cached_method, cached_store, cached_super, instance_of};
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

/// The instance and the site's own entry, if that is of this kind and for the instance's shape.
#[inline(always)]
unsafe fn shaped(m: &Machine, site: usize, object: Value, kind: CacheKind) -> Option<(Gc<Instance>, *const Cache)> {
    unsafe {
        let entry = cache_of(m.function(), site)?;
        let (instance, shape) = instance_of(object)?;
        (*entry).matches(key(kind, shape)).then_some((instance, entry.cast_const()))
    }
}

handlers! {
    fn load_attr<R: Receiver>(iso, m) {
        if let Some((instance, cache)) = shaped(&m, R::site(m.word), R::object(&m), CacheKind::Slot) {
            let value = slot_at(instance, (*cache).offset()).read();
            if !value.is_undefined() {
                m.drop_top(R::POPS);
                return m.push_next(iso, value);
            }
        }
        m.retry(iso, load_attr_rare::<R>)
    }

    /// Of an instance whose shape is not that of the site's own entry, or what is not in its slots.
    #[inline(never)]
    fn load_attr_rare<R: Receiver>(iso, m) {
        let Some(entry) = cache_of(m.function(), R::site(m.word)) else { return m.general(iso) };
        let Some((instance, shape)) = instance_of(R::object(&m)) else { return m.retry(iso, load_attr_other::<R>) };
        let Some(cache) = Cache::find(entry, shape) else { return m.general(iso) };
        let value = if cache.is(CacheKind::Slot) {
            slot_at(instance, cache.offset()).read()
        } else if cache.is(CacheKind::ClassValue) {
            cache.value()
        } else if cache.is(CacheKind::Getter) {
            return m.retry(iso, load_property::<R>);
        } else {
            Value::UNDEFINED
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
        let Some(entry) = cache_of(m.function(), R::site(m.word)) else { return m.general(iso) };
        match cached_attr(entry, R::object(&m)) {
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
        let Some(entry) = cache_of(m.function(), R::site(m.word)) else { return m.general(iso) };
        let object = R::object(&m);
        let Some((_, shape)) = instance_of(object) else { return m.general(iso) };
        let getter = Cache::find(entry, shape).filter(|cache| cache.is(CacheKind::Getter));
        let Some(getter) = getter.and_then(|cache| cache.method().as_gc::<Function>()) else { return m.general(iso) };
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
        if let Some((instance, cache)) = shaped(&m, R::site(m.word), R::object(&m), CacheKind::Slot) {
            slot_at(instance, (*cache).offset()).write(m.peek(R::POPS));
            m.drop_top(1 + R::POPS);
            return m.next(iso, 1);
        }
        m.retry(iso, store_attr_rare::<R>)
    }

    #[inline(never)]
    fn store_attr_rare<R: Receiver>(iso, m) {
        let Some(entry) = cache_of(m.function(), R::site(m.word)) else { return m.general(iso) };
        if !cached_store(entry, R::object(&m), m.peek(R::POPS)) {
            return m.general(iso);
        }
        m.drop_top(1 + R::POPS);
        m.next(iso, 1)
    }

    fn load_method<R: Receiver>(iso, m) {
        let object = R::object(&m);
        if let Some((_, cache)) = shaped(&m, R::site(m.word), object, CacheKind::Method) {
            m.drop_top(R::POPS);
            m.push((*cache).method());
            return m.push_next(iso, object);
        }
        if object.kind() == Some(Kind::Instance) {
            return m.retry(iso, load_method_rare::<R>);
        }
        m.retry(iso, load_method_type::<R>)
    }

    /// Of a builtin type, or what a module or class has.
    #[inline(never)]
    fn load_method_type<R: Receiver>(iso, m) {
        let Some(entry) = cache_of(m.function(), R::site(m.word)) else { return m.general(iso) };
        let object = R::object(&m);
        let Some((callee, first)) = cached_callee(entry, object) else { return m.general(iso) };
        m.drop_top(R::POPS);
        m.push(callee);
        m.push_next(iso, first)
    }

    /// Of an instance whose shape is not that of the site's own entry.
    #[inline(never)]
    fn load_method_rare<R: Receiver>(iso, m) {
        let Some(entry) = cache_of(m.function(), R::site(m.word)) else { return m.general(iso) };
        let object = R::object(&m);
        let Some(method) = cached_method(entry, object) else { return m.general(iso) };
        m.drop_top(R::POPS);
        m.push(method);
        m.push_next(iso, object)
    }

    fn load_super_method(iso, m) {
        let Some(entry) = cache_of(m.function(), m.word.ax() as usize) else { return m.general(iso) };
        let Some(method) = cached_super(entry, m.peek(1), m.peek(0)) else { return m.general(iso) };
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

    /// A character of ASCII text.
    #[inline(never)]
    fn load_subscript_text<A: Addressing>(iso, m) {
        let (container, key) = A::operands(&m);
        if let Some(text) = container.as_gc::<Str>()
            && let Some(index) = key.as_int()
            && let Some(byte) = text.ascii_at(index)
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
