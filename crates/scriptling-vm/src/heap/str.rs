//! `str`: immutable UTF-8 text with code-point semantics.
//!
//! ASCII text (the usual case) is indexed directly; other text carries its code-point count and, once somebody indexes it,
//! the byte offset of every 64th code point. Short text is inside the cell, long text is shared by `Arc`, so copies to
//! another isolate cost a counter. The hash is computed on first use.
#![expect(unsafe_code, reason = "implements the unsafe trait `Object`")]

use std::hash::BuildHasher;
use std::ops::Range;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, OnceLock};

use smol_str::SmolStr;

use super::{Kind, Marker, Object};

/// Every `STRIDE`th code point's byte offset is in the index.
const STRIDE: usize = 64;

/// A string.
pub struct Str {
    /// 0: not computed yet.
    hash: AtomicU64,
    text: Text,
}

enum Text {
    Ascii(SmolStr),
    Wide(Arc<Wide>),
}

struct Wide {
    text: SmolStr,
    chars: usize,
    index: OnceLock<Box<[u32]>>,
}

/// The hash of a string's text, the same in every isolate (frozen strings carry it between them).
pub fn hash_text(text: &str) -> u64 {
    // 0 means "not computed".
    foldhash::fast::FixedState::with_seed(0x5c21).hash_one(text).max(1)
}

impl Str {
    /// Wraps text.
    pub fn new(text: impl Into<SmolStr>) -> Str {
        let text = text.into();
        let text = if text.is_ascii() {
            Text::Ascii(text)
        } else {
            Text::Wide(Arc::new(Wide { chars: text.chars().count(), text, index: OnceLock::new() }))
        };
        Str { hash: AtomicU64::new(0), text }
    }

    /// The text.
    #[inline]
    pub fn as_str(&self) -> &str {
        match &self.text {
            Text::Ascii(text) => text,
            Text::Wide(wide) => &wide.text,
        }
    }

    /// The text, shared.
    pub fn to_smol(&self) -> SmolStr {
        match &self.text {
            Text::Ascii(text) => text.clone(),
            Text::Wide(wide) => wide.text.clone(),
        }
    }

    /// A second string with the same text (no copy of long text).
    pub fn share(&self) -> Str {
        let text = match &self.text {
            Text::Ascii(text) => Text::Ascii(text.clone()),
            Text::Wide(wide) => Text::Wide(wide.clone()),
        };
        Str { hash: AtomicU64::new(self.hash.load(Ordering::Relaxed)), text }
    }

    /// Length in code points.
    #[inline]
    pub fn char_len(&self) -> usize {
        match &self.text {
            Text::Ascii(text) => text.len(),
            Text::Wide(wide) => wide.chars,
        }
    }

    /// Whether all code points are ASCII, so that byte and code-point positions are the same.
    #[inline]
    pub fn is_ascii(&self) -> bool {
        matches!(self.text, Text::Ascii(_))
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
        match &self.text {
            Text::Ascii(_) => position,
            Text::Wide(wide) => wide.byte_offset(position),
        }
    }

    /// Code-point position of a byte offset that lies on a boundary.
    pub fn char_position(&self, offset: usize) -> usize {
        match &self.text {
            Text::Ascii(_) => offset,
            Text::Wide(wide) => wide.char_position(offset),
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
        match &self.text {
            Text::Ascii(text) if text.is_heap_allocated() => text.len() + 16,
            Text::Ascii(_) => 0,
            Text::Wide(wide) => wide.text.len() * 2 + 64,
        }
    }
}
