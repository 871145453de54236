//! `str`: immutable UTF-8 text with code-point semantics.
//!
//! Short text is in the cell itself, behind the hash: a string is one allocation of the heap and nothing to drop. Long text
//! is shared ([`Body`]), so copies to another isolate cost a counter, and appending in a loop does not copy what is there.
//! ASCII text (the usual case) is indexed directly; other text carries its code-point count and, if it is long and
//! somebody indexes it, the byte offset of every 64th code point. The hash is computed on first use.
//!
//! A [`Str`] is only ever seen by reference, in its cell: nothing makes one elsewhere. That is what lets it look at the
//! header before itself and at the bytes behind. Nothing changes one either.
#![expect(unsafe_code, reason = "text trails the hash in the cell; argued at each block")]

use std::hash::BuildHasher;
use std::ops::{Deref, Range};
use std::ptr::NonNull;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, OnceLock};

use smol_str::SmolStr;

use super::text::{Body, Text};
use super::{Gc, GcBox, Header, Heap, Kind, Marker, Object};
use crate::value::Value;

/// Every `STRIDE`th code point's byte offset is in the index.
const STRIDE: usize = 64;
/// Text of up to this many bytes is inside the cell.
pub(crate) const INLINE: usize = 240;
/// Appending to text of more than this many bytes expects more to be appended.
const GROWING: usize = 112;

/// Header word: how many bytes are in the cell.
const BYTES: u32 = 0xff;
/// Header word: how many code points these are, from this bit on.
const CHARS: u32 = 8;
/// Header word: the text is a [`Long`].
const LONG: u32 = 1 << 31;

const _: () = assert!(INLINE <= BYTES as usize && INLINE + OFFSET <= super::MAX_SMALL);

/// A string; the text, or a [`Long`], follows in memory, and the header's word says which.
#[repr(C)]
pub struct Str {
    /// 0: not computed yet.
    hash: AtomicU64,
}

/// The digits of the numbers below 100.
pub(crate) const PAIRS: [[u8; 2]; 100] = {
    let mut pairs = [[0; 2]; 100];
    let mut n = 0;
    while n < 100 {
        pairs[n] = [b'0' + n as u8 / 10, b'0' + n as u8 % 10];
        n += 1;
    }
    pairs
};

/// Where the text or the `Long` is in the cell.
const OFFSET: usize = size_of::<Header>() + size_of::<Str>();

const _: () = assert!(OFFSET == 16 && align_of::<Long>() <= OFFSET && size_of::<Long>() == 24);

/// Text that does not fit a cell.
enum Long {
    Ascii(Body),
    Wide(Arc<Wide>),
}

struct Wide {
    text: Body,
    chars: usize,
    index: OnceLock<Box<[u32]>>,
}

/// The hash of a string's text: the same in every isolate of a process (frozen strings carry it between them), and another
/// one in each process, so that nobody can prepare keys that all collide.
pub fn hash_text(text: &str) -> u64 {
    let seeded = foldhash::fast::SeedableRandomState::with_seed(0x5c21, foldhash::SharedSeed::global_random());
    // 0 means "not computed".
    seeded.hash_one(text).max(1)
}

impl Str {
    /// The cell around this string.
    #[inline(always)]
    fn cell(&self) -> *const Header {
        // A pointer derived from `self` reaches no further than `self`; the cell's own was exposed when it was allocated.
        let address = std::ptr::from_ref(self).addr() - size_of::<Header>();
        std::ptr::with_exposed_provenance(address)
    }

    #[inline(always)]
    fn word(&self) -> u32 {
        // SAFETY: every `Str` is in a live cell (module documentation), which starts with its header.
        unsafe { (*self.cell()).aux() }
    }

    /// The text in the cell.
    ///
    /// # Safety
    /// `word` must be the header's word, and say that the text is there.
    #[inline(always)]
    unsafe fn inline(&self, word: u32) -> &str {
        // SAFETY: by the contract; the bytes were copied from whole texts and never change.
        unsafe {
            let start = self.cell().cast::<u8>().add(OFFSET);
            std::str::from_utf8_unchecked(std::slice::from_raw_parts(start, (word & BYTES) as usize))
        }
    }

    /// The long text of the cell.
    ///
    /// # Safety
    /// The header's word must say that there is one.
    #[inline(always)]
    unsafe fn long(&self) -> &Long {
        // SAFETY: by the contract; it was written when the cell was made and never changes.
        unsafe { &*self.cell().cast::<u8>().add(OFFSET).cast::<Long>() }
    }

    /// The long text, if it is one.
    #[inline(always)]
    fn as_long(&self) -> Option<&Long> {
        // SAFETY: the word was looked at.
        if self.word() & LONG == 0 { None } else { Some(unsafe { self.long() }) }
    }

    /// The text.
    #[inline(always)]
    pub fn as_str(&self) -> &str {
        let word = self.word();
        if word & LONG == 0 {
            // SAFETY: the word was looked at.
            return unsafe { self.inline(word) };
        }
        // SAFETY: as above.
        unsafe { self.long() }.body().as_str()
    }

    /// The text as a `SmolStr`: a copy if it is in the cell or was made by appending.
    pub fn to_smol(&self) -> SmolStr {
        match self.as_long() {
            None => SmolStr::new(self.as_str()),
            Some(long) => long.body().to_smol(),
        }
    }

    /// Length in code points.
    #[inline]
    pub fn char_len(&self) -> usize {
        match self.as_long() {
            None => (self.word() >> CHARS) as usize,
            Some(Long::Ascii(text)) => text.as_str().len(),
            Some(Long::Wide(wide)) => wide.chars,
        }
    }

    /// Length in bytes and in code points.
    #[inline(always)]
    pub(crate) fn lengths(&self) -> (usize, usize) {
        let word = self.word();
        if word & LONG == 0 {
            return ((word & BYTES) as usize, (word >> CHARS) as usize);
        }
        (self.as_str().len(), self.char_len())
    }

    /// Whether all code points are ASCII, so that byte and code-point positions are the same.
    #[inline]
    pub fn is_ascii(&self) -> bool {
        let word = self.word();
        if word & LONG == 0 { word & BYTES == word >> CHARS } else { matches!(self.as_long(), Some(Long::Ascii(_))) }
    }

    /// The hash of the text; cached.
    #[inline]
    pub fn hash(&self) -> u64 {
        match self.hash.load(Ordering::Relaxed) {
            0 => {
                let hash = hash_text(self.as_str());
                self.hash.store(hash, Ordering::Relaxed);
                hash
            }
            hash => hash,
        }
    }

    /// Byte offset of the code point at `position` (which may be the length).
    pub fn byte_offset(&self, position: usize) -> usize {
        match self.as_long() {
            _ if self.is_ascii() => position,
            Some(Long::Wide(wide)) => wide.byte_offset(position),
            _ => nth_offset(self.as_str(), position),
        }
    }

    /// Code-point position of a byte offset that lies on a boundary.
    pub fn char_position(&self, offset: usize) -> usize {
        match self.as_long() {
            _ if self.is_ascii() => offset,
            Some(Long::Wide(wide)) => wide.char_position(offset),
            _ => self.as_str()[..offset].chars().count(),
        }
    }

    /// The text of a range of code points; both ends must be within the string.
    pub fn slice(&self, range: Range<usize>) -> &str {
        &self.as_str()[self.byte_offset(range.start)..self.byte_offset(range.end)]
    }

    /// The code point at a position below the length.
    pub fn char_at(&self, position: usize) -> Option<char> {
        self.as_str()[self.byte_offset(position)..].chars().next()
    }
}

/// The byte offset of a code point, by counting.
fn nth_offset(text: &str, position: usize) -> usize {
    text.char_indices().nth(position).map_or(text.len(), |(offset, _)| offset)
}

impl Long {
    fn new(text: Text<'_>) -> Long {
        let known = text.as_str();
        let chars = if known.is_ascii() { None } else { Some(known.chars().count()) };
        let body = Body::new(text);
        match chars {
            None => Long::Ascii(body),
            Some(chars) => Long::wide(body, chars),
        }
    }

    fn wide(text: Body, chars: usize) -> Long {
        Long::Wide(Arc::new(Wide { text, chars, index: OnceLock::new() }))
    }

    #[inline(always)]
    fn body(&self) -> &Body {
        match self {
            Long::Ascii(text) => text,
            Long::Wide(wide) => &wide.text,
        }
    }

    fn external_size(&self) -> usize {
        match self {
            Long::Ascii(text) => text.external_size(),
            Long::Wide(wide) => wide.text.external_size() + wide.text.as_str().len() / 8 + 64,
        }
    }
}

impl Wide {
    fn index(&self) -> &[u32] {
        let offsets = || self.text.as_str().char_indices().step_by(STRIDE).map(|(offset, _)| offset as u32).collect();
        self.index.get_or_init(offsets)
    }

    fn byte_offset(&self, position: usize) -> usize {
        let text = self.text.as_str();
        if position >= self.chars {
            return text.len();
        }
        let start = self.index()[position / STRIDE] as usize;
        start + nth_offset(&text[start..], position % STRIDE)
    }

    fn char_position(&self, offset: usize) -> usize {
        let block = self.index().partition_point(|&start| start as usize <= offset).saturating_sub(1);
        let start = self.index().get(block).map_or(0, |&start| start as usize);
        block * STRIDE + self.text.as_str()[start..offset].chars().count()
    }
}

// SAFETY: strings refer to nothing.
unsafe impl Object for Str {
    const KIND: Kind = Kind::Str;
    fn trace(&self, _marker: &mut Marker) {}
    fn external_size(&self) -> usize {
        self.as_long().map_or(0, Long::external_size)
    }
}

/// Whether the string in a cell owns anything that must be dropped.
#[inline(always)]
pub(super) fn is_long(header: &Header) -> bool {
    header.aux() & LONG != 0
}

/// Drops what a string owns.
///
/// # Safety
/// `cell` must be alive and not be used again.
pub(super) unsafe fn drop_text(cell: NonNull<GcBox<Str>>) {
    let header = cell.cast::<Header>();
    // SAFETY: by the contract; the word says whether there is a `Long`.
    unsafe {
        if is_long(header.as_ref()) {
            header.cast::<u8>().add(OFFSET).cast::<Long>().drop_in_place();
        }
    }
}

/// The text of a string, to be read while the heap is being changed: by a native, until it returns.
#[derive(Clone, Copy)]
pub(crate) struct View(Gc<Str>);

impl View {
    /// The string.
    pub(crate) fn value(self) -> Value {
        Value::obj(self.0)
    }

    /// Whether all code points are ASCII.
    #[inline]
    pub(crate) fn is_ascii_text(self) -> bool {
        // SAFETY: as for `deref`.
        unsafe { &*self.0.as_ptr() }.is_ascii()
    }
}

impl Deref for View {
    type Target = str;
    #[inline(always)]
    fn deref(&self) -> &str {
        // SAFETY: alive until the next safepoint (heap, "Liveness"), which whoever holds a `Gc` does not outlast; never
        // changed, so it does not take the heap to keep mutations away.
        unsafe { &*self.0.as_ptr() }.as_str()
    }
}

impl AsRef<str> for View {
    fn as_ref(&self) -> &str {
        self
    }
}

impl Gc<Str> {
    /// Whether two strings are equal, if that takes no more than a look at their headers and first bytes.
    #[inline(always)]
    pub(crate) fn glance(self, other: Gc<Str>) -> Option<bool> {
        if self == other {
            return Some(true);
        }
        let (word, other_word) = (self.aux(), other.aux());
        if (word | other_word) & LONG != 0 {
            return None;
        }
        if word != other_word || word == 0 {
            return Some(word == other_word);
        }
        // SAFETY: both are alive and have a first byte in their cells.
        let same = unsafe { *self.text_start() == *other.text_start() };
        if !same || word & BYTES == 1 { Some(same) } else { None }
    }

    /// The ASCII character at an index, which may count from the end, if all of the text is in the cell and ASCII.
    #[inline(always)]
    pub(crate) fn short_ascii_at(self, index: i64) -> Option<u8> {
        let word = self.aux();
        let len = word & BYTES;
        // Long text has the top bit set, so it differs too.
        if word >> CHARS != len {
            return None;
        }
        let at = if index < 0 { index + i64::from(len) } else { index };
        // SAFETY: the cell is alive and holds `len` bytes of text; a negative position is beyond every length.
        ((at as u64) < u64::from(len)).then(|| unsafe { *self.text_start().add(at as usize) })
    }

    /// The ASCII character at an index, which may count from the end, if the text is ASCII.
    #[inline(always)]
    pub(crate) fn ascii_at(self, index: i64) -> Option<u8> {
        // SAFETY: the cell is alive; nothing changes text.
        let text: &Str = unsafe { &*self.as_ptr() };
        match text.as_long() {
            None => self.short_ascii_at(index),
            Some(Long::Ascii(body)) => {
                let bytes = body.as_str().as_bytes();
                let at = if index < 0 { index + bytes.len() as i64 } else { index };
                bytes.get(usize::try_from(at).ok()?).copied()
            }
            Some(Long::Wide(_)) => None,
        }
    }

    #[inline(always)]
    fn text_start(self) -> *const u8 {
        self.header().as_ptr().cast::<u8>().wrapping_add(OFFSET)
    }

    /// The text, readable while the heap is being changed.
    #[inline(always)]
    pub(crate) fn view(self) -> View {
        View(self)
    }
}

/// Copies text most of which is a few bytes, without a call for these.
///
/// # Safety
/// As for `copy_nonoverlapping`.
#[inline(always)]
pub(super) unsafe fn copy_short(from: *const u8, to: *mut u8, len: usize) {
    // SAFETY: within `len` bytes on both sides; the two moves of a case overlap, or meet.
    unsafe {
        match len {
            0 => {}
            1 => to.write(from.read()),
            2..4 => {
                let (head, tail) =
                    (from.cast::<u16>().read_unaligned(), from.add(len - 2).cast::<u16>().read_unaligned());
                to.cast::<u16>().write_unaligned(head);
                to.add(len - 2).cast::<u16>().write_unaligned(tail);
            }
            4..8 => {
                let (head, tail) =
                    (from.cast::<u32>().read_unaligned(), from.add(len - 4).cast::<u32>().read_unaligned());
                to.cast::<u32>().write_unaligned(head);
                to.add(len - 4).cast::<u32>().write_unaligned(tail);
            }
            8..=16 => {
                let (head, tail) =
                    (from.cast::<u64>().read_unaligned(), from.add(len - 8).cast::<u64>().read_unaligned());
                to.cast::<u64>().write_unaligned(head);
                to.add(len - 8).cast::<u64>().write_unaligned(tail);
            }
            _ => std::ptr::copy_nonoverlapping(from, to, len),
        }
    }
}

/// How many decimal digits a number has.
#[inline(always)]
fn decimal_len(number: u64) -> usize {
    const POWERS: [u64; 20] = {
        let mut powers = [1; 20];
        let mut n = 1;
        while n < powers.len() {
            powers[n] = powers[n - 1] * 10;
            n += 1;
        }
        powers
    };
    // Zero has one digit, as one has; no other number has another length than the odd one above it.
    let number = number | 1;
    // 1233 / 4096 are the digits of a bit. The result is one too few at most.
    let least = (((u64::BITS - number.leading_zeros()) * 1233) >> 12) as usize;
    least + usize::from(number >= POWERS[least])
}

/// Copies bytes, the last one first.
///
/// # Safety
/// As for `copy_nonoverlapping`.
#[inline(always)]
unsafe fn copy_reversed(from: *const u8, to: *mut u8, len: usize) {
    // SAFETY: within `len` bytes on both sides; the two moves of a case overlap, or meet.
    unsafe {
        match len {
            4..8 => {
                let (head, tail) =
                    (from.cast::<u32>().read_unaligned(), from.add(len - 4).cast::<u32>().read_unaligned());
                to.cast::<u32>().write_unaligned(tail.swap_bytes());
                to.add(len - 4).cast::<u32>().write_unaligned(head.swap_bytes());
            }
            8..=16 => {
                let (head, tail) =
                    (from.cast::<u64>().read_unaligned(), from.add(len - 8).cast::<u64>().read_unaligned());
                to.cast::<u64>().write_unaligned(tail.swap_bytes());
                to.add(len - 8).cast::<u64>().write_unaligned(head.swap_bytes());
            }
            _ => {
                for at in 0..len {
                    to.add(at).write(from.add(len - 1 - at).read());
                }
            }
        }
    }
}

impl Heap {
    /// A new string.
    #[inline]
    pub fn str<'t>(&mut self, text: impl Into<Text<'t>>) -> Value {
        let text = text.into();
        let known = text.as_str();
        if known.len() > INLINE {
            return self.long_str(text);
        }
        let chars = if known.is_ascii() { known.len() } else { known.chars().count() };
        self.short_str(&[known], chars)
    }

    /// A new string of text that is known to be ASCII.
    #[inline]
    pub(crate) fn ascii_str(&mut self, text: &str) -> Value {
        debug_assert!(text.is_ascii(), "a part of ASCII text");
        if text.len() > INLINE { self.long_str(text.into()) } else { self.short_str(&[text], text.len()) }
    }

    /// A new string of one character.
    #[inline]
    pub(crate) fn char_str(&mut self, c: char) -> Value {
        self.short_str(&[c.encode_utf8(&mut [0; 4])], 1)
    }

    /// A new string of `len` bytes that `fill` writes, all of them ASCII.
    pub(crate) fn ascii_str_with(&mut self, len: usize, fill: impl FnOnce(&mut [u8])) -> Value {
        if len > INLINE {
            let mut bytes = vec![0; len];
            fill(&mut bytes);
            return self.long_str(String::from_utf8(bytes).expect("ASCII").into());
        }
        let (cell, start) = self.short_cell(len, len);
        // SAFETY: the cell has room for `len` bytes, which nobody else sees yet; zeros are ASCII too.
        let bytes = unsafe {
            start.write_bytes(0, len);
            std::slice::from_raw_parts_mut(start, len)
        };
        fill(bytes);
        assert!(bytes.is_ascii(), "the callers write ASCII");
        cell
    }

    /// The `count` texts that `part` names, with a separator in between; together they have so many bytes and code points.
    #[inline(always)]
    pub(crate) fn joined_str(
        &mut self,
        separator: &str,
        count: usize,
        (len, chars): (usize, usize),
        part: impl Fn(&Heap, usize) -> View,
    ) -> Value {
        if len > INLINE {
            let mut joined = String::with_capacity(len);
            for at in 0..count {
                if at > 0 {
                    joined.push_str(separator);
                }
                joined.push_str(&part(self, at));
            }
            let body = Body::new(joined.into());
            let long = if chars == len { Long::Ascii(body) } else { Long::wide(body, chars) };
            let external = long.external_size();
            return self.long_cell(long, external);
        }
        let (cell, mut to) = self.short_cell(len, chars);
        let mut left = len;
        let mut push = |text: &str| {
            left = left.checked_sub(text.len()).expect("the callers count the bytes");
            // SAFETY: not more than the `len` bytes that the cell has room for.
            unsafe {
                copy_short(text.as_ptr(), to, text.len());
                to = to.add(text.len());
            }
        };
        for at in 0..count {
            if at > 0 {
                push(separator);
            }
            push(&part(self, at));
        }
        assert!(left == 0, "the callers count the bytes");
        cell
    }

    /// The `count` characters of an ASCII string before `end`, backwards; `None` if it is not ASCII or they need no cell.
    pub(crate) fn reversed_ascii_str(&mut self, source: Gc<Str>, end: usize, count: usize) -> Option<Value> {
        let text = source.view();
        let part = text.as_bytes().get(end.checked_sub(count)?..end)?;
        if count > INLINE || !text.is_ascii_text() {
            return None;
        }
        let (cell, start) = self.short_cell(count, count);
        // SAFETY: the cell has room for `count` bytes.
        unsafe { copy_reversed(part.as_ptr(), start, count) };
        Some(cell)
    }

    /// The decimal digits of an int, with its sign.
    pub(crate) fn decimal_str(&mut self, int: i64) -> Value {
        let mut rest = int.unsigned_abs();
        let len = usize::from(int < 0) + decimal_len(rest);
        let (cell, start) = self.short_cell(len, len);
        // SAFETY: `len` bytes are written from the end: two for each division, one for what is left, one for the sign.
        unsafe {
            let mut at = start.add(len);
            while rest >= 100 {
                at = at.sub(2);
                at.copy_from_nonoverlapping(PAIRS.as_ptr().add((rest % 100) as usize).cast(), 2);
                rest /= 100;
            }
            if rest >= 10 {
                at = at.sub(2);
                at.copy_from_nonoverlapping(PAIRS.as_ptr().add(rest as usize).cast(), 2);
            } else {
                at = at.sub(1);
                at.write(b'0' + rest as u8);
            }
            if int < 0 {
                at = at.sub(1);
                at.write(b'-');
            }
            debug_assert_eq!(at, start);
        }
        cell
    }

    /// A string in a cell, from parts that together fit it.
    #[inline(always)]
    fn short_str(&mut self, parts: &[&str], chars: usize) -> Value {
        let (cell, mut at) = self.short_cell(parts.iter().map(|part| part.len()).sum(), chars);
        for part in parts {
            // SAFETY: the cell has room for the sum of the lengths.
            unsafe {
                copy_short(part.as_ptr(), at, part.len());
                at = at.add(part.len());
            }
        }
        cell
    }

    /// A string whose `len` bytes are to be written to the address that comes with it.
    #[inline(always)]
    fn short_cell(&mut self, len: usize, chars: usize) -> (Value, *mut u8) {
        debug_assert!(len <= INLINE && chars <= len);
        let cell = self.alloc_cell(Kind::Str, OFFSET + len, len as u32 | (chars as u32) << CHARS);
        // SAFETY: fresh memory of `OFFSET + len` bytes.
        let start = unsafe {
            cell.cast::<GcBox<Str>>().as_ptr().cast::<u8>().add(size_of::<Header>()).cast::<u64>().write(0);
            cell.as_ptr().cast::<u8>().add(OFFSET)
        };
        // Making a value exposes the address, which `Str::cell` relies on.
        (Value::from_header(cell), start)
    }

    #[cold]
    #[inline(never)]
    fn long_str(&mut self, text: Text<'_>) -> Value {
        let long = Long::new(text);
        let external = long.external_size();
        self.long_cell(long, external)
    }

    /// A string around long text of which `external` bytes are new.
    fn long_cell(&mut self, long: Long, external: usize) -> Value {
        let cell = self.alloc_cell(Kind::Str, OFFSET + size_of::<Long>(), LONG);
        // SAFETY: fresh memory with room for the hash and the `Long`, aligned to 16.
        unsafe {
            super::note_owner(cell);
            cell.as_ptr().cast::<u8>().add(size_of::<Header>()).cast::<u64>().write(0);
            cell.as_ptr().cast::<u8>().add(OFFSET).cast::<Long>().write(long);
        }
        self.charge(external);
        // As above.
        Value::from_header(cell)
    }

    /// `head + tail`. What a loop appends to the same string again and again costs only the pieces, in memory too.
    #[inline]
    pub(crate) fn concatenate(&mut self, head: Gc<Str>, tail: Gc<Str>) -> Value {
        let (first, second) = (head.view(), tail.view());
        if first.is_empty() {
            return Value::obj(tail);
        }
        if second.is_empty() {
            return Value::obj(head);
        }
        if first.len() <= GROWING && first.len() + second.len() <= INLINE {
            let chars = head.get(self).char_len() + tail.get(self).char_len();
            return self.short_str(&[&first, &second], chars);
        }
        self.append(head, tail)
    }

    #[inline(never)]
    fn append(&mut self, head: Gc<Str>, tail: Gc<Str>) -> Value {
        let (first, second) = (head.get(self), tail.get(self));
        let (body, shares) = match first.as_long() {
            Some(long) => long.body().append(second.as_str()),
            None => {
                let (first, second) = (first.as_str(), second.as_str());
                (Body::joined(first, second, first.len() + second.len()), false)
            }
        };
        let long = if first.is_ascii() && second.is_ascii() {
            Long::Ascii(body)
        } else {
            Long::wide(body, first.char_len() + second.char_len())
        };
        let external = if shares { 0 } else { long.external_size() };
        self.long_cell(long, external)
    }
}
