//! `Value`: what every slot, stack cell and container element holds.
//!
//! Two 64-bit words, a tag and a payload; `Copy`, never dropped. Integers that fit `i64`, floats, booleans and the
//! singletons are inline; everything else is a reference to a cell of the isolate's heap (or of a frozen heap that
//! several isolates share, see `heap`). Not NaN-boxed, because 48-bit inline integers made hashing loops several times
//! slower; not a Rust enum, because the run loop wants to test tag and payload separately (design notes, §3).
//!
//! The tag is one byte and the payload eight on purpose: two fields of different width are always loaded and stored as
//! two scalars. Two equal words would be merged into one 16-byte move, which stalls on the two narrower stores before
//! it (measured: up to three times on a loop).
//!
//! A `Value` never leaves its isolate (it is `!Send`); what crosses is a `Portable` copy.

use std::marker::PhantomData;
use std::ptr::NonNull;

use crate::heap::{Gc, Header, Kind, Object};

/// What a [`Value`] is, before looking at the payload.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[repr(u8)]
pub enum Tag {
    /// Not a value: an unbound slot, a missing argument, the end of an iteration. Scripts never see it.
    Undefined,
    /// `None`.
    None,
    /// `NotImplemented`.
    NotImplemented,
    /// `...`.
    Ellipsis,
    /// `True` or `False`; the payload is 1 or 0.
    Bool,
    /// An integer that fits `i64`; others are heap `BigInt`s.
    Int,
    /// A float; the payload is its bits.
    Float,
    /// A reference to a heap cell.
    Obj,
}

/// One script value; see the module documentation.
#[derive(Clone, Copy)]
#[repr(C)]
pub struct Value {
    tag: Tag,
    payload: u64,
    /// Values are bound to their isolate: neither `Send` nor `Sync`.
    isolate_bound: PhantomData<*const ()>,
}

const _: () = assert!(size_of::<Value>() == 16);

impl Value {
    /// The absence of a value.
    pub const UNDEFINED: Value = Value::raw(Tag::Undefined, 0);
    /// `None`.
    pub const NONE: Value = Value::raw(Tag::None, 0);
    /// `NotImplemented`.
    pub const NOT_IMPLEMENTED: Value = Value::raw(Tag::NotImplemented, 0);
    /// `...`.
    pub const ELLIPSIS: Value = Value::raw(Tag::Ellipsis, 0);
    /// `True`.
    pub const TRUE: Value = Value::raw(Tag::Bool, 1);
    /// `False`.
    pub const FALSE: Value = Value::raw(Tag::Bool, 0);

    const fn raw(tag: Tag, payload: u64) -> Value {
        Value { tag, payload, isolate_bound: PhantomData }
    }

    /// An integer.
    #[inline(always)]
    pub const fn int(value: i64) -> Value {
        Value::raw(Tag::Int, value as u64)
    }

    /// A boolean.
    #[inline(always)]
    pub const fn bool(value: bool) -> Value {
        Value::raw(Tag::Bool, value as u64)
    }

    /// A float.
    #[inline(always)]
    pub const fn float(value: f64) -> Value {
        Value::raw(Tag::Float, value.to_bits())
    }

    /// A reference to a heap object.
    #[inline(always)]
    pub fn obj<T: Object>(gc: Gc<T>) -> Value {
        Value::from_header(gc.header())
    }

    /// A reference to a heap object of any kind.
    #[inline(always)]
    pub fn from_header(header: NonNull<Header>) -> Value {
        Value::raw(Tag::Obj, header.as_ptr().expose_provenance() as u64)
    }

    /// The tag.
    #[inline(always)]
    pub const fn tag(self) -> Tag {
        self.tag
    }

    /// The payload's bits: meaningful only together with the tag.
    #[inline(always)]
    pub const fn payload(self) -> u64 {
        self.payload
    }

    /// Rebuilds a value from the parts that [`Value::tag`] and [`Value::payload`] returned.
    ///
    /// # Safety
    /// The two must come from one value that is still alive.
    #[inline(always)]
    #[expect(unsafe_code, reason = "an arbitrary payload with tag Obj would be a wild pointer")]
    pub const unsafe fn from_parts(tag: Tag, payload: u64) -> Value {
        Value::raw(tag, payload)
    }

    /// Whether this is the absence of a value.
    #[inline(always)]
    pub fn is_undefined(self) -> bool {
        self.tag == Tag::Undefined
    }

    /// Whether this is `None`.
    #[inline(always)]
    pub fn is_none(self) -> bool {
        self.tag == Tag::None
    }

    /// Whether this is a reference to a heap cell.
    #[inline(always)]
    pub fn is_obj(self) -> bool {
        self.tag == Tag::Obj
    }

    /// The integer, if this is an inline int (not a bool).
    #[inline(always)]
    pub fn as_int(self) -> Option<i64> {
        if self.tag == Tag::Int { Some(self.payload as i64) } else { None }
    }

    /// The float, if this is one.
    #[inline(always)]
    pub fn as_float(self) -> Option<f64> {
        if self.tag == Tag::Float { Some(f64::from_bits(self.payload)) } else { None }
    }

    /// The boolean, if this is one.
    #[inline(always)]
    pub fn as_bool(self) -> Option<bool> {
        if self.tag == Tag::Bool { Some(self.payload != 0) } else { None }
    }

    /// The heap cell's header, if this is a reference.
    #[inline(always)]
    #[expect(unsafe_code, reason = "a null check here is two instructions in every access")]
    pub fn as_header(self) -> Option<NonNull<Header>> {
        if self.tag == Tag::Obj {
            let address = std::ptr::with_exposed_provenance_mut(self.payload as usize);
            // SAFETY: values with tag `Obj` are made from `NonNull` references only (`from_header`, or parts of such a value).
            Some(unsafe { NonNull::new_unchecked(address) })
        } else {
            None
        }
    }

    /// The heap cell's kind, if this is a reference.
    #[inline(always)]
    #[expect(unsafe_code, reason = "reads the header of a live cell")]
    pub fn kind(self) -> Option<Kind> {
        // SAFETY: a value with tag `Obj` refers to a cell that lives until the next safepoint at least (heap, "Liveness").
        self.as_header().map(|header| unsafe { header.as_ref() }.kind())
    }

    /// The reference as a typed one, if the cell is of that kind.
    #[inline(always)]
    pub fn as_gc<T: Object>(self) -> Option<Gc<T>> {
        if self.kind() == Some(T::KIND) { self.as_header().map(Gc::from_header) } else { None }
    }

    /// Whether the cell is of kind `T`.
    #[inline(always)]
    pub fn is<T: Object>(self) -> bool {
        self.kind() == Some(T::KIND)
    }

    /// Identity, as the `is` operator defines it: inline values by content, references by address.
    #[inline(always)]
    pub fn same(self, other: Value) -> bool {
        self.tag == other.tag && self.payload == other.payload
    }

    /// The number under `id()`: the address of a reference, a number derived from the content otherwise.
    pub fn identity(self) -> i64 {
        match self.tag {
            Tag::Obj => self.payload as i64,
            tag => ((self.payload << 4) as i64).wrapping_add(tag as i64) & i64::MAX,
        }
    }
}

impl std::fmt::Debug for Value {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self.tag {
            Tag::Int => write!(f, "Int({})", self.payload as i64),
            Tag::Float => write!(f, "Float({})", f64::from_bits(self.payload)),
            Tag::Bool => write!(f, "Bool({})", self.payload != 0),
            Tag::Obj => write!(f, "Obj({:?})", self.kind()),
            tag => write!(f, "{tag:?}"),
        }
    }
}
