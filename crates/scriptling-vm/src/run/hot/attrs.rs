//! Handlers of attributes, methods and subscripts.
#![expect(unsafe_code, reason = "verified code runs unchecked; argued in the module documentation of `run`")]
#![allow(
    clippy::undocumented_unsafe_blocks,
    clippy::missing_safety_doc,
    reason = "the handlers share one argument, in the module documentation"
)]

use super::{Leave, Machine};
use crate::fiber::{Frame, OnReturn};
use crate::heap::instance::slots_of;
use crate::heap::{Gc, Instance, Kind};
use crate::isolate::Isolate;
use crate::op::Instruction;
use crate::run::cache::{Cache, CacheKind};
use crate::run::quick::{cached_attr, cached_getter, cached_method, cached_store, cached_super};
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

handlers! {
    fn load_attr<R: Receiver>(iso, m) {
        let object = R::object(&m);
        if let Some((instance, cache)) = shaped(&m, R::site(m.word), object)
            && (*cache).kind == CacheKind::Slot
        {
            let value = slots_of(instance).add(usize::from((*cache).slot)).read();
            if !value.is_undefined() {
                m.drop_top(R::POPS);
                return m.push_next(iso, value);
            }
        }
        m.call(iso, load_attr_rare::<R>)
    }

    #[inline(never)]
    fn load_attr_rare<R: Receiver>(iso, m) {
        let object = R::object(&m);
        if let Some(value) = cached_attr(m.function(), R::site(m.word), object) {
            m.drop_top(R::POPS);
            return m.push_next(iso, value);
        }
        let Some(getter) = cached_getter(m.function(), R::site(m.word), object) else { return m.general(iso) };
        // A property: its getter is called with the object.
        let first = m.sp.add(1 - R::POPS);
        if first >= iso.fiber.hot.stack_end || !m.enters_plainly(iso, getter, first, 1) {
            return m.general(iso);
        }
        first.sub(1).write(Value::obj(getter));
        first.write(object);
        m.enter(iso, getter, first, 1, OnReturn::Push)
    }

    fn store_attr<R: Receiver>(iso, m) {
        let object = R::object(&m);
        if let Some((instance, cache)) = shaped(&m, R::site(m.word), object)
            && (*cache).kind == CacheKind::Slot
        {
            slots_of(instance).add(usize::from((*cache).slot)).write(m.peek(R::POPS));
            m.drop_top(1 + R::POPS);
            return m.next(iso, 1);
        }
        m.call(iso, store_attr_rare::<R>)
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
        m.call(iso, load_method_rare::<R>)
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

    fn load_subscript(iso, m) {
        match iso.quick_subscript(m.peek(1), m.peek(0)) {
            Some(value) => m.replace_next(iso, 1, value),
            None => m.call(iso, load_subscript_rare),
        }
    }

    #[inline(never)]
    fn load_subscript_rare(iso, m) {
        match iso.quick_item(m.peek(1), m.peek(0)) {
            Some(value) => m.replace_next(iso, 1, value),
            None => m.general(iso),
        }
    }

    fn store_subscript(iso, m) {
        if !iso.quick_store_subscript(m.peek(1), m.peek(0), m.peek(2)) {
            return m.call(iso, store_subscript_rare);
        }
        m.drop_top(3);
        m.next(iso, 1)
    }

    #[inline(never)]
    fn store_subscript_rare(iso, m) {
        if !iso.quick_store_item(m.peek(1), m.peek(0), m.peek(2)) {
            return m.general(iso);
        }
        m.drop_top(3);
        m.next(iso, 1)
    }
}
