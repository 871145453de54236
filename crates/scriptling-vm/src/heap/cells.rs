//! The closed list of what a heap cell can hold: one row per kind, from which the [`Kind`] enum and the collector's
//! dispatch derive. Adding a kind is one row here and one `Object` impl in the kind's own file.
#![expect(unsafe_code, reason = "dispatches on the kind of raw cells; argued in heap/mod.rs")]

use std::ptr::NonNull;

use super::gc::Marker;
use super::str::{drop_text, is_long};
use super::{GcBox, Header, Object};

pub use super::big_range::{BigRange, BigRangeIter};
pub use super::callable::{BoundMethod, CellBox, ClassMethod, Function, NativeFunction, Property, StaticMethod, Super};
pub use super::class::Class;
pub use super::data::{BigInteger, Bytes, HostObject, Range, Slice};
pub use super::dict::{Dict, DictView, FrozenSet, Set};
pub use super::exception::Exception;
pub use super::generator::Generator;
pub use super::instance::Instance;
pub use super::iter::{Iter, ListIter, RangeIter};
pub use super::list::List;
pub use super::module::Module;
pub use super::str::Str;
pub use super::tuple::Tuple;

macro_rules! kinds {
    ($($(#[$doc:meta])* $kind:ident),* $(,)?) => {
        /// What a heap cell holds.
        #[derive(Clone, Copy, PartialEq, Eq, Debug)]
        #[repr(u8)]
        pub enum Kind {
            /// Not in use.
            Free,
            $($(#[$doc])* $kind,)*
        }

        /// Reports what the object in `cell` refers to and what it owns.
        ///
        /// # Safety
        /// `cell` must be alive.
        pub(super) unsafe fn trace_cell(cell: NonNull<Header>, marker: &mut Marker) {
            // SAFETY: the header says which type the payload has.
            unsafe {
                match cell.as_ref().kind() {
                    Kind::Free => {}
                    Kind::Tuple => super::tuple::trace_items(cell.cast(), marker),
                    Kind::Instance => super::instance::trace_slots(cell.cast(), marker),
                    Kind::Generator => super::generator::trace_slots(cell.cast(), marker),
                    $(#[allow(unreachable_patterns, reason = "the kinds with trailing values are handled above")]
                    Kind::$kind => {
                        let object = &cell.cast::<GcBox<$kind>>().as_ref().data;
                        object.trace(marker);
                        if std::mem::needs_drop::<$kind>() {
                            marker.owned(object.external_size());
                        }
                    })*
                }
            }
        }

        /// A bit for each kind whose objects have a destructor.
        const OWNERS: u64 = $((std::mem::needs_drop::<$kind>() as u64) << Kind::$kind as u8 |)* 0;

        /// Whether all objects of a kind have a destructor. (Of strings only long ones do.)
        #[inline(always)]
        pub(super) const fn may_own(kind: Kind) -> bool {
            OWNERS >> kind as u8 & 1 != 0
        }

        /// Whether the object in a cell owns memory outside the cell, or anything else that has to be given back.
        #[inline(always)]
        pub(super) fn owns_memory(header: &Header) -> bool {
            // Most garbage is short strings, which own nothing.
            if header.kind == Kind::Str { is_long(header) } else { may_own(header.kind) }
        }

        /// Runs the destructor of the object in `cell`.
        ///
        /// # Safety
        /// `cell` must be initialised and not be used again.
        pub(super) unsafe fn drop_cell(cell: NonNull<Header>) {
            // SAFETY: the header says which type the payload has; the caller drops it once.
            unsafe {
                match cell.as_ref().kind() {
                    Kind::Free => {}
                    Kind::Str => drop_text(cell.cast()),
                    $(#[allow(unreachable_patterns, reason = "the kind with trailing text is handled above")]
                    Kind::$kind => std::ptr::drop_in_place(&raw mut (*cell.cast::<GcBox<$kind>>().as_ptr()).data),)*
                }
            }
        }
    };
}

kinds! {
    /// `str`
    Str,
    /// `bytes`
    Bytes,
    /// An `int` beyond 64 bits.
    BigInteger,
    /// `list`
    List,
    /// `tuple`
    Tuple,
    /// `dict`
    Dict,
    /// `dict.keys()`, `.values()`, `.items()`
    DictView,
    /// `set`
    Set,
    /// `frozenset`
    FrozenSet,
    /// `range`
    Range,
    /// `range` beyond 64 bits.
    BigRange,
    /// `slice`
    Slice,
    /// The iterator of a range.
    RangeIter,
    /// The iterator of a list.
    ListIter,
    /// Any other native iterator.
    Iter,
    /// A variable shared between a function and its inner functions.
    CellBox,
    /// A function written in the language.
    Function,
    /// A function written in Rust.
    NativeFunction,
    /// A function bound to its first argument.
    BoundMethod,
    /// `staticmethod`
    StaticMethod,
    /// `classmethod`
    ClassMethod,
    /// `property`
    Property,
    /// `super(...)`
    Super,
    /// A class, builtin or not.
    Class,
    /// An instance of a class written in the language (or of `object`).
    Instance,
    /// An exception instance, of builtin or script class.
    Exception,
    /// A module.
    Module,
    /// A generator.
    Generator,
    /// An object of a host type.
    HostObject,
}
