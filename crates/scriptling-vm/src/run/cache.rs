//! Inline caches: what attribute sites found last time.
//!
//! One table per code object and isolate, allocated when a site of it misses for the second time (there may be very many
//! small tasks, which run most of their code once), with one entry per site. An entry matches by
//! shape (instances), by kind (methods of builtin types) or by address (modules and classes). A site that turns out to see
//! more than one shape gets a block of [`WAYS`] entries, newest first. Its own entry is then a copy of one of them while
//! that is found many times in a row, as in loops over objects of one class, and empty while shapes alternate: looking at an
//! entry that is right now and then costs more, in branches predicted wrongly, than never looking at one.
//!
//! Changing a class after instances exist clears all tables of the isolate, so a match needs no version check. Entries
//! hold no references the collector needs: methods are kept alive by their classes, classes and imported modules by the isolate.
#![expect(unsafe_code, reason = "tables are raw memory that the isolate owns; functions hold plain pointers to them")]

use hashbrown::HashMap;
use rustc_hash::FxBuildHasher;

use crate::code::CodeRef;
use crate::heap::instance::{ShapeId, offset_of_slot};
use crate::heap::{Class, Gc, Kind};
use crate::value::{Tag, Value};

/// Entries of a site that sees several shapes: instances of a few classes (a base class's methods, a list of figures to
/// draw) keep one each.
pub(crate) const WAYS: usize = 4;

/// How often in a row an entry of the block is found before it is copied to the site's own: below 64.
const STREAK: u8 = 8;

/// What a site found.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[repr(u8)]
pub enum CacheKind {
    /// Nothing yet.
    Empty = 0,
    /// Instance attribute in a slot, by shape. A power of two, like `Method`: the key of the most frequent ones is then made
    /// in one instruction.
    Slot = 1,
    /// A function found on the class, by shape.
    Method = 2,
    /// A store that adds a slot and moves the instance to shape `next`, by shape.
    Transition = 3,
    /// A method of a builtin type, by kind; of a host object, by its class.
    TypeMethod = 4,
    /// A plain value found on the class, by shape.
    ClassValue = 5,
    /// The getter of a property found on the class, by shape.
    Getter = 6,
    /// A method that `super()` finds, by the class after which it looks; `next` is the receiver's shape.
    SuperMethod = 7,
    /// Slot of a module, by its address.
    ModuleSlot = 8,
    /// A value found on a class object, by its address.
    StaticValue = 9,
    /// Functions or exceptions of a class have this attribute in their own dict, if at all, by the class's address.
    OwnDict = 10,
}

/// The kind is in the top byte of an entry's key, and what it is found by in the rest: no address reaches that byte.
const KIND_SHIFT: u32 = 56;
const SUBJECT: u64 = (1 << KIND_SHIFT) - 1;

/// The key of an entry of this kind for instances of a shape, methods of a kind, or a class or module at an address.
#[inline(always)]
pub(crate) const fn key(kind: CacheKind, subject: u64) -> u64 {
    (kind as u64) << KIND_SHIFT | subject
}

/// One site's entry.
#[derive(Clone, Copy)]
#[repr(C)]
pub struct Cache {
    /// What matches: see [`key`].
    key: u64,
    /// The payload of the method or value.
    payload: u64,
    /// The site's block; null in the block's entries, and as long as there is none.
    block: *mut Block,
    /// The tag of the method or value.
    tag: Tag,
    /// If there is a block: which of its entries was found last (lower bits), and how often in a row (upper bits).
    run: u8,
    /// Where in the instance's cell the value is, in bytes; or the module's slot.
    place: u16,
    /// Shape after a transition; the receiver's for `SuperMethod`.
    next: u32,
}

type Block = [Cache; WAYS];

const _: () = assert!(size_of::<Cache>() == 32);

impl Cache {
    /// Never matches.
    const EMPTY: Cache = Cache {
        key: key(CacheKind::Empty, SUBJECT),
        payload: 0,
        block: std::ptr::null_mut(),
        tag: Tag::Undefined,
        run: 0,
        place: 0,
        next: 0,
    };

    /// What was found for a subject, as in [`key`]. An address that reaches into the byte of the kind is not remembered.
    pub(crate) fn new(kind: CacheKind, subject: u64) -> Cache {
        let key = if subject <= SUBJECT { key(kind, subject) } else { Cache::EMPTY.key };
        Cache { key, ..Cache::EMPTY }
    }

    /// What was found for a class or module.
    pub(crate) fn for_object<T: crate::heap::Object>(kind: CacheKind, object: Gc<T>) -> Cache {
        Cache::new(kind, object.header().as_ptr().addr() as u64)
    }

    /// What was found for a shape.
    pub(crate) fn for_shape(kind: CacheKind, shape: ShapeId) -> Cache {
        Cache::new(kind, u64::from(shape.0))
    }

    /// With a method or value.
    pub(crate) fn with_value(self, value: Value) -> Cache {
        Cache { tag: value.tag(), payload: value.payload(), ..self }
    }

    /// With a slot of an instance.
    pub(crate) fn with_slot(self, slot: u32) -> Cache {
        Cache { place: offset_of_slot(slot), ..self }
    }

    /// With a slot of a module.
    pub(crate) fn with_module_slot(self, slot: u16) -> Cache {
        Cache { place: slot, ..self }
    }

    /// With a shape.
    pub(crate) fn with_shape(self, shape: ShapeId) -> Cache {
        Cache { next: shape.0, ..self }
    }

    /// Whether this is what was found for a key.
    #[inline(always)]
    pub(super) fn matches(&self, key: u64) -> bool {
        self.key == key
    }

    /// What kind of entry this is.
    #[inline(always)]
    pub(super) fn is(&self, kind: CacheKind) -> bool {
        self.key >> KIND_SHIFT == kind as u64
    }

    /// The value found.
    ///
    /// # Safety
    /// It must be alive still: see the module documentation.
    #[inline(always)]
    pub(super) unsafe fn value(&self) -> Value {
        // SAFETY: by the contract; the parts come from `with_value`, or are those of the undefined value.
        unsafe { Value::from_parts(self.tag, self.payload) }
    }

    /// The function or method found.
    ///
    /// # Safety
    /// As for [`Cache::value`], and there must be one.
    #[inline(always)]
    pub(super) unsafe fn method(&self) -> Value {
        // SAFETY: by the contract; functions are objects.
        unsafe { Value::from_parts(Tag::Obj, self.payload) }
    }

    /// The offset of an instance's slot, in bytes from the start of its cell.
    #[inline(always)]
    pub(super) fn offset(&self) -> usize {
        usize::from(self.place)
    }

    /// The slot of a module.
    #[inline(always)]
    pub(super) fn module_slot(&self) -> usize {
        usize::from(self.place)
    }

    /// The shape: see `next`.
    #[inline(always)]
    pub(super) fn shape(&self) -> u32 {
        self.next
    }

    /// What a site has found for a subject, as in [`key`], of whatever kind.
    ///
    /// # Safety
    /// `entry` must be a site's, of a table that is alive.
    #[inline(always)]
    pub(super) unsafe fn find<'c>(entry: *mut Cache, subject: u64) -> Option<&'c Cache> {
        // SAFETY: by the contract; entries and blocks are only reached from the isolate's own thread, and no reference to one
        // is kept beyond an instruction.
        unsafe {
            if (*entry).key & SUBJECT == subject {
                return Some(&*entry);
            }
            let block = (*entry).block;
            if block.is_null() {
                return None;
            }
            let at = (*block).iter().position(|other| other.key & SUBJECT == subject)?;
            let found = block.cast::<Cache>().add(at);
            if (*entry).run as usize % WAYS != at {
                (*entry).run = at as u8;
                (*entry).key = Cache::EMPTY.key;
            } else if (*entry).run < STREAK * WAYS as u8 {
                (*entry).run += WAYS as u8;
            } else {
                let run = (*entry).run;
                *entry = Cache { block, run, ..*found };
            }
            Some(&*found)
        }
    }

    /// Whether the site has found anything for a key.
    fn has(&self, key: u64) -> bool {
        // SAFETY: a block lives as long as the entry that it belongs to.
        self.key == key || unsafe { self.block.as_ref() }.is_some_and(|block| block.iter().any(|it| it.key == key))
    }

    /// Remembers `found`. What a site knew before stays in its block, except the oldest.
    fn remember(&mut self, found: Cache) {
        if found.is(CacheKind::Empty) {
            return;
        }
        let subject = found.key & SUBJECT;
        if self.block.is_null() {
            // The same subject again: what is there has changed (an attribute hidden or uncovered).
            if self.is(CacheKind::Empty) || self.key & SUBJECT == subject {
                *self = found;
                return;
            }
            let mut block = Box::new([Cache::EMPTY; WAYS]);
            block[0] = found;
            block[1] = *self;
            *self = Cache { block: Box::into_raw(block), ..Cache::EMPTY };
            return;
        }
        // SAFETY: made above; `&mut self` is the only way to it.
        let block = unsafe { &mut *self.block };
        let last = block.iter().position(|entry| entry.key & SUBJECT == subject).unwrap_or(WAYS - 1);
        block.copy_within(..last, 1);
        block[0] = found;
        *self = Cache { block: self.block, ..Cache::EMPTY };
    }

    /// Forgets everything.
    fn clear(&mut self) {
        if !self.block.is_null() {
            // SAFETY: made by `remember`, and nothing refers to it after this.
            drop(unsafe { Box::from_raw(self.block) });
        }
        *self = Cache::EMPTY;
    }
}

/// What methods of builtin types are found by.
#[inline(always)]
pub(crate) fn type_subject(kind: Kind) -> u64 {
    // Apart from shapes, which are below 2^32, and addresses, which are larger and even.
    1 << 32 | (kind as u64) << 1 | 1
}

/// What methods of host objects are found by: their class, which is the library's and never goes. Apart from what is found on
/// the class's own address and by [`own_dict_subject`]; cells are aligned to more than these bits.
#[inline(always)]
pub(crate) fn host_subject(class: Gc<Class>) -> u64 {
    class.header().as_ptr().addr() as u64 | 2
}

/// What [`CacheKind::OwnDict`] is found by: apart from the class's own address, which is even.
pub(crate) fn own_dict_subject(class: Gc<Class>) -> u64 {
    class.header().as_ptr().addr() as u64 | 1
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
        let alone = entry.block.is_null();
        entry.remember(found);
        if alone && !entry.block.is_null() {
            grown += size_of::<Block>();
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

    fn slot(shape: u32, slot: u32) -> Cache {
        Cache::for_shape(CacheKind::Slot, ShapeId(shape)).with_slot(slot)
    }

    /// The slot that the site has for a shape.
    fn known(site: &mut Cache, shape: u32) -> Option<usize> {
        // SAFETY: the site is alive.
        unsafe { Cache::find(site, u64::from(shape)) }.map(Cache::offset)
    }

    #[test]
    fn a_site_keeps_its_newest_entries_and_one_per_subject() {
        let mut site = Cache::EMPTY;
        let at = |slot| Some(usize::from(offset_of_slot(slot)));
        site.remember(slot(0, 1));
        assert!(site.block.is_null() && known(&mut site, 0) == at(1), "one shape needs no block");
        site.remember(slot(0, 2));
        assert!(site.block.is_null() && known(&mut site, 0) == at(2), "the same shape again replaces");
        for shape in 1..WAYS as u32 {
            site.remember(slot(shape, 3));
        }
        assert_eq!(known(&mut site, 0), at(2), "the oldest is still there");
        site.remember(slot(20, 4));
        assert_eq!(known(&mut site, 0), None, "the oldest is forgotten");
        site.remember(slot(2, 5));
        let kept: Vec<Option<usize>> = [1, 2, 3, 20].iter().map(|&shape| known(&mut site, shape)).collect();
        assert_eq!(kept, [at(3), at(5), at(3), at(4)], "a known shape replaces its own entry");
        site.clear();
        assert!(site.is(CacheKind::Empty) && site.block.is_null());
    }

    #[test]
    fn what_is_found_in_a_row_becomes_the_sites_own_until_the_next_change() {
        let mut site = Cache::EMPTY;
        site.remember(slot(7, 1));
        site.remember(slot(8, 2));
        for _ in 0..100 {
            for shape in [7, 8] {
                assert!(known(&mut site, shape).is_some() && site.is(CacheKind::Empty), "shapes alternate");
            }
        }
        let needed = (1..100).find(|_| known(&mut site, 7).is_some() && site.matches(key(CacheKind::Slot, 7)));
        assert!(needed.is_some_and(|needed| needed > usize::from(STREAK)), "{needed:?}");
        assert_eq!(known(&mut site, 7), Some(usize::from(offset_of_slot(1))));
        assert_eq!(known(&mut site, 8), Some(usize::from(offset_of_slot(2))));
        assert!(site.is(CacheKind::Empty), "another shape has come");
        site.clear();
    }

    #[test]
    fn an_address_that_reaches_into_the_kind_is_not_remembered() {
        let mut site = Cache::EMPTY;
        site.remember(Cache::new(CacheKind::ModuleSlot, SUBJECT + 1));
        assert!(site.is(CacheKind::Empty));
    }
}
