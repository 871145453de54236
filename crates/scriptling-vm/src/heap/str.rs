//! `str`: immutable UTF-8 text with code-point semantics.
//!
//! ASCII text (the usual case) is indexed directly; other text carries its code-point count and, once somebody indexes it,
//! the byte offset of every 64th code point. Short text is inside the cell, long text is shared ([`Text`]), so copies to
//! another isolate cost a counter, and appending in a loop does not copy what is there. The hash is computed on first use.
#![expect(unsafe_code, reason = "implements the unsafe trait `Object`")]

use std::hash::BuildHasher;
use std::ops::Range;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, OnceLock};

use smol_str::SmolStr;

use super::text::Text;
use super::{Gc, Heap, Kind, Marker, Object};
use crate::value::Value;

/// Every `STRIDE`th code point's byte offset is in the index.
const STRIDE: usize = 64;

/// A string.
pub struct Str {
    /// 0: not computed yet.
    hash: AtomicU64,
    content: Content,
}

enum Content {
    Ascii(Text),
    Wide(Arc<Wide>),
}

const _: () = assert!(size_of::<Str>() == 32);

struct Wide {
    text: Text,
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
    /// Wraps text.
    #[inline]
    pub fn new(text: impl Into<Text>) -> Str {
        let text = text.into();
        if text.is_ascii() {
            return Str { hash: AtomicU64::new(0), content: Content::Ascii(text) };
        }
        let chars = text.chars().count();
        Str::wide(text, chars)
    }

    fn wide(text: Text, chars: usize) -> Str {
        let content = Content::Wide(Arc::new(Wide { chars, text, index: OnceLock::new() }));
        Str { hash: AtomicU64::new(0), content }
    }

    /// Wraps text that is known to be ASCII.
    #[inline]
    pub fn ascii(text: impl Into<Text>) -> Str {
        let text = text.into();
        debug_assert!(text.is_ascii(), "a part of ASCII text");
        Str { hash: AtomicU64::new(0), content: Content::Ascii(text) }
    }

    /// This string followed by another one.
    fn append(&self, tail: &Str) -> Str {
        let text = self.text().append(tail.as_str());
        match (&self.content, &tail.content) {
            (Content::Ascii(_), Content::Ascii(_)) => Str { hash: AtomicU64::new(0), content: Content::Ascii(text) },
            _ => Str::wide(text, self.char_len() + tail.char_len()),
        }
    }

    /// The text.
    #[inline]
    pub fn as_str(&self) -> &str {
        self.text().as_str()
    }

    /// The text, to be cloned at no cost.
    #[inline]
    pub fn text(&self) -> &Text {
        match &self.content {
            Content::Ascii(text) => text,
            Content::Wide(wide) => &wide.text,
        }
    }

    /// The text as a `SmolStr`: a copy if it was made by appending.
    pub fn to_smol(&self) -> SmolStr {
        self.text().to_smol()
    }

    /// A second string with the same text (no copy of long text).
    pub fn share(&self) -> Str {
        let content = match &self.content {
            Content::Ascii(text) => Content::Ascii(text.clone()),
            Content::Wide(wide) => Content::Wide(wide.clone()),
        };
        Str { hash: AtomicU64::new(self.hash.load(Ordering::Relaxed)), content }
    }

    /// Length in code points.
    #[inline]
    pub fn char_len(&self) -> usize {
        match &self.content {
            Content::Ascii(text) => text.len(),
            Content::Wide(wide) => wide.chars,
        }
    }

    /// Whether all code points are ASCII, so that byte and code-point positions are the same.
    #[inline]
    pub fn is_ascii(&self) -> bool {
        matches!(self.content, Content::Ascii(_))
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
        match &self.content {
            Content::Ascii(_) => position,
            Content::Wide(wide) => wide.byte_offset(position),
        }
    }

    /// Code-point position of a byte offset that lies on a boundary.
    pub fn char_position(&self, offset: usize) -> usize {
        match &self.content {
            Content::Ascii(_) => offset,
            Content::Wide(wide) => wide.char_position(offset),
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

impl Wide {
    fn index(&self) -> &[u32] {
        self.index.get_or_init(|| self.text.char_indices().step_by(STRIDE).map(|(offset, _)| offset as u32).collect())
    }

    fn byte_offset(&self, position: usize) -> usize {
        if position >= self.chars {
            return self.text.len();
        }
        let start = self.index()[position / STRIDE] as usize;
        let rest = &self.text[start..];
        start + rest.char_indices().nth(position % STRIDE).map_or(rest.len(), |(offset, _)| offset)
    }

    fn char_position(&self, offset: usize) -> usize {
        let block = self.index().partition_point(|&start| start as usize <= offset).saturating_sub(1);
        let start = self.index().get(block).map_or(0, |&start| start as usize);
        block * STRIDE + self.text[start..offset].chars().count()
    }
}

// SAFETY: strings refer to nothing.
unsafe impl Object for Str {
    const KIND: Kind = Kind::Str;
    fn trace(&self, _marker: &mut Marker) {}
    fn external_size(&self) -> usize {
        match &self.content {
            Content::Ascii(text) => text.external_size(),
            Content::Wide(wide) => wide.text.external_size() + wide.text.len() / 8 + 64,
        }
    }
}

impl Heap {
    /// `head + tail`. What a loop appends to the same string again and again costs only the pieces, in memory too.
    pub(crate) fn concatenate(&mut self, head: Gc<Str>, tail: Gc<Str>) -> Value {
        let (head_str, tail) = (head.get(self), tail.get(self));
        let joined = head_str.append(tail);
        if joined.text().shares_buffer(head_str.text()) {
            return Value::obj(self.alloc_counted(joined, 0));
        }
        self.value(joined)
    }
}
