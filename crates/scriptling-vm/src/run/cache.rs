//! Inline caches: what attribute sites found last time.
//!
//! One table per code object and isolate, allocated when a site of it misses for the second time (there may be very many
//! small tasks, which run most of their code once), with one entry per site. An entry matches by
//! shape (instances), by kind (methods of builtin types) or by address (modules and classes). A site that turns out to see
//! more than one shape gets a block of [`WAYS`] entries, newest first, and its own entry then only says where the block is:
//! most sites see one shape for ever, and there are many of them in every task.
//!
//! Changing a class after instances exist clears all tables of the isolate, so a match needs no version check. Entries
//! hold no references the collector needs: methods are kept alive by their classes, classes and imported modules by the isolate.
#![expect(unsafe_code, reason = "tables are raw memory that the isolate owns; functions hold plain pointers to them")]

use hashbrown::HashMap;
use rustc_hash::FxBuildHasher;

use crate::code::CodeRef;
use crate::heap::{Class, Gc, Kind};
use crate::value::Value;

/// Entries of a site that sees several shapes: instances of a few classes (a base class's methods, a list of figures to
/// draw) keep one each.
pub(crate) const WAYS: usize = 4;

/// What a site found.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[repr(u8)]
pub enum CacheKind {
    /// Nothing yet.
    Empty,
    /// Instance attribute in slot `slot`, by shape.
    Slot,
    /// A store that adds slot `slot` and moves the instance to shape `next`, by shape.
    Transition,
    /// A function found on the class, by shape.
    Method,
    /// A plain value found on the class, by shape.
    ClassValue,
    /// The getter of a property found on the class, by shape.
    Getter,
    /// A method that `super()` finds, by the class after which it looks; `next` is the receiver's shape.
    SuperMethod,
    /// A method of a builtin type, by [`type_key`].
    TypeMethod,
    /// Slot `slot` of a module, by its address.
    ModuleSlot,
    /// A value found on a class object, by its address.
    StaticValue,
    /// Functions or exceptions of a class have this attribute in their own dict, if at all, by [`own_dict_key`].
    OwnDict,
    /// `key` is the address of the site's block of entries.
    Several,
}

/// One site's entry.
#[derive(Clone, Copy)]
#[repr(C)]
pub struct Cache {
    /// What matches: see [`CacheKind`].
    pub key: u64,
    /// What it says.
    pub kind: CacheKind,
    /// Slot in the cell.
    pub slot: u16,
    /// Shape after a transition; the receiver's for `SuperMethod`.
    pub next: u32,
    /// The method or value.
    pub value: Value,
}

const _: () = assert!(size_of::<Cache>() == 32);

/// What methods of builtin types are found by: apart from all shapes, which are below 2^32.
#[inline(always)]
pub(crate) fn type_key(kind: Kind) -> u64 {
    1 << 32 | kind as u64
}

/// What [`CacheKind::OwnDict`] is found by: no address, because those are even.
pub(crate) fn own_dict_key(class: Gc<Class>) -> u64 {
    class.header().as_ptr().addr() as u64 | 1
}

impl Cache {
    /// Never matches.
    pub const EMPTY: Cache = Cache { key: u64::MAX, kind: CacheKind::Empty, slot: 0, next: 0, value: Value::UNDEFINED };

    /// The entry for `key` in the block of a site that has several; `None` also if it has only `self`.
    #[inline(always)]
    pub(super) fn other(&self, key: u64) -> Option<&Cache> {
        if self.kind != CacheKind::Several {
            return None;
        }
        // SAFETY: the block lives as long as this entry says so: both change only under `&mut Isolate`.
        unsafe { &*self.block() }.iter().find(|entry| entry.key == key)
    }

    fn has(&self, key: u64) -> bool {
        self.key == key || self.other(key).is_some()
    }

    fn block(&self) -> *mut [Cache; WAYS] {
        std::ptr::with_exposed_provenance_mut(self.key as usize)
    }

    /// Remembers `found`. What a site knew before stays in its block, except the oldest.
    fn remember(&mut self, found: Cache) {
        match self.kind {
            CacheKind::Empty => *self = found,
            // The same key again: what is there has changed (an attribute hidden or uncovered).
            _ if self.key == found.key => *self = found,
            CacheKind::Several => {
                // SAFETY: as in `other`; `&mut self` is the only way to the block.
                let block = unsafe { &mut *self.block() };
                let last = block.iter().position(|entry| entry.key == found.key).unwrap_or(WAYS - 1);
                block.copy_within(..last, 1);
                block[0] = found;
            }
            _ => {
                let mut block = Box::new([Cache::EMPTY; WAYS]);
                block[0] = found;
                block[1] = *self;
                let address = Box::into_raw(block).expose_provenance();
                *self = Cache { key: address as u64, kind: CacheKind::Several, ..Cache::EMPTY };
            }
        }
    }

    /// Forgets everything.
    fn clear(&mut self) {
        if self.kind == CacheKind::Several {
            // SAFETY: made by `remember`, and nothing refers to it after this.
            drop(unsafe { Box::from_raw(self.block()) });
        }
        *self = Cache::EMPTY;
    }
}

/// The entries of one code object, one per site; null before there are any.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct CacheTable(pub(super) *mut Cache);

impl CacheTable {
    /// No table yet.
    pub const NONE: CacheTable = CacheTable(std::ptr::null_mut());

    /// Whether a site, of the table's code, has an entry for the key.
    pub(super) fn knows(self, site: usize, key: u64) -> bool {
        // SAFETY: a table has an entry for each site of its code, and lives as long as the isolate.
        self != CacheTable::NONE && unsafe { &*self.0.add(site) }.has(key)
    }
}

/// All tables of an isolate.
#[derive(Default)]
pub(crate) struct CacheTables {
    by_code: HashMap<CodeRef, CacheTable, FxBuildHasher>,
    /// Sites that have missed while their code had no table, as bits at their hashes: once most are set, the isolate is none
    /// of the small ones.
    missed: u64,
}

impl CacheTables {
    /// The table of a code object, if it has one.
    pub(crate) fn get(&self, code: CodeRef) -> CacheTable {
        self.by_code.get(&code).copied().unwrap_or(CacheTable::NONE)
    }

    /// Remembers what a site of `code` has found, unless this is the first miss in a code without a table. The code's table,
    /// and the bytes that this took.
    pub(super) fn remember(&mut self, code: CodeRef, site: usize, found: Cache) -> (CacheTable, usize) {
        let sites = code.get().cache_sites.len();
        assert!(site < sites, "the verifier checks the numbers of sites");
        let mut grown = 0;
        if !self.by_code.contains_key(&code) && !self.has_missed(code, site) {
            return (CacheTable::NONE, 0);
        }
        let table = *self.by_code.entry(code).or_insert_with(|| {
            grown += sites * size_of::<Cache>();
            CacheTable(Box::into_raw(vec![Cache::EMPTY; sites].into_boxed_slice()).cast())
        });
        // SAFETY: the table was made for this code with an entry per site, and is alive as long as `self`.
        let entry = unsafe { &mut *table.0.add(site) };
        let had_block = entry.kind == CacheKind::Several;
        entry.remember(found);
        if entry.kind == CacheKind::Several && !had_block {
            grown += WAYS * size_of::<Cache>();
        }
        (table, grown)
    }

    /// Whether a site has missed before, or so it seems; from now on it has.
    fn has_missed(&mut self, code: CodeRef, site: usize) -> bool {
        let hash = (code.as_ptr().addr() as u64 + site as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        let bit = 1 << (hash >> 58);
        let before = self.missed & bit != 0;
        self.missed |= bit;
        before
    }

    /// Empties all entries.
    pub(super) fn clear(&mut self) {
        for (code, table) in &self.by_code {
            // SAFETY: as in `remember`.
            let entries = unsafe { std::slice::from_raw_parts_mut(table.0, code.get().cache_sites.len()) };
            entries.iter_mut().for_each(Cache::clear);
        }
    }
}

impl Drop for CacheTables {
    fn drop(&mut self) {
        self.clear();
        for (code, table) in self.by_code.drain() {
            let entries = std::ptr::slice_from_raw_parts_mut(table.0, code.get().cache_sites.len());
            // SAFETY: the box made in `remember`. The functions that point to it are dropped with the isolate, whose
            // code does not run any more.
            drop(unsafe { Box::from_raw(entries) });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn slot(key: u64, slot: u16) -> Cache {
        Cache { key, kind: CacheKind::Slot, slot, ..Cache::EMPTY }
    }

    #[test]
    fn a_site_keeps_its_newest_entries_and_one_per_key() {
        let mut site = Cache::EMPTY;
        site.remember(slot(7, 1));
        assert!(site.key == 7 && site.other(7).is_none(), "one shape needs no block");
        site.remember(slot(7, 2));
        assert!(site.key == 7 && site.slot == 2, "the same shape again replaces");
        for key in 8..12 {
            site.remember(slot(key, 3));
        }
        assert!(site.other(7).is_none(), "the oldest is forgotten");
        site.remember(slot(8, 4));
        let kept: Vec<Option<u16>> = (8..12).map(|key| site.other(key).map(|entry| entry.slot)).collect();
        assert_eq!(kept, [Some(4), Some(3), Some(3), Some(3)], "a known shape replaces its own entry");
        site.clear();
        assert!(site.kind == CacheKind::Empty && site.other(8).is_none());
    }
}
