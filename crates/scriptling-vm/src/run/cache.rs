//! Inline caches: what attribute sites found last time.
//!
//! One table per code object and isolate, allocated at the code's first miss. An entry matches by shape (instances) or by
//! class (everything else). Changing a class after instances exist clears all tables of the isolate, so a match needs no
//! version check. Entries hold no references the collector needs: methods are kept alive by their classes, classes by the
//! isolate, and a cleared table is what happens when a class changes.

use crate::value::Value;

/// Entries per site, newest first: sites that see instances of a few classes (a base class's methods, a list of shapes to
/// draw) keep all of them.
pub(crate) const WAYS: usize = 4;

/// What a site found.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[repr(u8)]
pub enum CacheKind {
    /// Nothing yet.
    Empty,
    /// Instance attribute in slot `slot` of shape `shape`.
    Slot,
    /// A store that adds slot `slot` and moves the instance to shape `next`.
    Transition,
    /// A function found on the class of instances of shape `shape`.
    Method,
    /// A plain value found on the class of instances of shape `shape`.
    ClassValue,
    /// A method of the (non-instance) class `class`.
    TypeMethod,
    /// Slot `slot` of the module at `class` (an address).
    ModuleSlot,
    /// A value found on the class object at `class` (an address).
    StaticValue,
}

/// One site's entry.
#[derive(Clone, Copy)]
#[repr(C)]
pub struct Cache {
    /// What it says.
    pub kind: CacheKind,
    /// Shape that matches.
    pub shape: u32,
    /// Slot in the cell.
    pub slot: u32,
    /// Shape after a transition.
    pub next: u32,
    /// Address that matches, for kinds that go by address.
    pub class: usize,
    /// The method or value.
    pub value: Value,
}

impl Cache {
    /// Never matches.
    pub const EMPTY: Cache =
        Cache { kind: CacheKind::Empty, shape: u32::MAX, slot: 0, next: 0, class: 0, value: Value::UNDEFINED };
}

/// The entries of one code object; null before its first miss.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct CacheTable(pub(crate) *mut Cache);

impl CacheTable {
    /// No table yet.
    pub const NONE: CacheTable = CacheTable(std::ptr::null_mut());
}

#[expect(unsafe_code, reason = "tables are raw memory that the isolate owns; functions hold plain pointers to them")]
impl CacheTable {
    /// An empty table. The isolate frees it when it is dropped.
    pub(crate) fn allocate(sites: usize) -> CacheTable {
        let table: Box<[Cache]> = vec![Cache::EMPTY; sites * WAYS].into_boxed_slice();
        CacheTable(Box::into_raw(table).cast())
    }

    /// A fresh place for what a site has found; what it knew moves one place down, the oldest is forgotten.
    pub(crate) fn entry<'a>(self, site: usize, sites: usize) -> Option<&'a mut Cache> {
        if self == CacheTable::NONE || site >= sites {
            return None;
        }
        // SAFETY: allocated with `WAYS` entries per site, alive as long as the isolate; the caller holds `&mut Isolate`.
        let ways = unsafe { std::slice::from_raw_parts_mut(self.0.add(site * WAYS), WAYS) };
        ways.copy_within(..WAYS - 1, 1);
        Some(&mut ways[0])
    }

    /// Empties all entries.
    pub(crate) fn clear(self, sites: usize) {
        if self != CacheTable::NONE {
            // SAFETY: as in `entry`.
            unsafe { std::slice::from_raw_parts_mut(self.0, sites * WAYS) }.fill(Cache::EMPTY);
        }
    }

    /// Frees a table.
    ///
    /// # Safety
    /// It must come from `allocate(sites)`, and no function may use it any more.
    pub(crate) unsafe fn free(self, sites: usize) {
        if self != CacheTable::NONE {
            // SAFETY: by the contract, this is the box made in `allocate`.
            drop(unsafe { Box::from_raw(std::ptr::slice_from_raw_parts_mut(self.0, sites * WAYS)) });
        }
    }
}
