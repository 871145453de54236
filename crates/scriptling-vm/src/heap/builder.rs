//! `Builder`: text that is being put together, on the Rust stack as long as it would fit a string's cell.
#![expect(
    unsafe_code,
    reason = "bytes on the stack that are initialised as far as they are used; argued at each block"
)]

use std::mem::MaybeUninit;

use super::Heap;
use super::str::{INLINE, copy_short};
use crate::value::Value;

/// As much is filled at once.
const BLOCK: usize = 16;

/// Text under construction. Nothing is allocated for short text; the string's own cell comes with [`Builder::finish`].
pub(crate) struct Builder {
    /// How much of `inline` is used; nothing once the text is in `long`.
    len: usize,
    inline: [MaybeUninit<u8>; INLINE],
    long: Option<String>,
}

impl Builder {
    /// No text.
    #[inline]
    pub(crate) fn new() -> Builder {
        Builder::with_capacity(0)
    }

    /// Room for so many bytes; more will be made.
    #[inline]
    pub(crate) fn with_capacity(bytes: usize) -> Builder {
        let long = if bytes > INLINE { Some(String::with_capacity(bytes)) } else { None };
        Builder { len: 0, inline: [const { MaybeUninit::uninit() }; INLINE], long }
    }

    /// The text so far.
    #[inline]
    pub(crate) fn as_str(&self) -> &str {
        if let Some(long) = &self.long {
            return long;
        }
        // SAFETY: the first `len` bytes were copied from whole texts.
        unsafe { std::str::from_utf8_unchecked(std::slice::from_raw_parts(self.inline.as_ptr().cast(), self.len)) }
    }

    /// Appends text.
    #[inline]
    pub(crate) fn push_str(&mut self, text: &str) {
        if self.long.is_some() || text.len() > INLINE - self.len {
            return self.push_long(text);
        }
        // SAFETY: that many bytes are left.
        unsafe {
            let at = self.inline.as_mut_ptr().add(self.len).cast::<u8>();
            copy_short(text.as_ptr(), at, text.len());
        }
        self.len += text.len();
    }

    /// Appends text that is ASCII.
    #[inline]
    pub(crate) fn push_ascii(&mut self, text: &[u8]) {
        assert!(text.is_ascii(), "the callers write ASCII");
        // SAFETY: ASCII is UTF-8.
        self.push_str(unsafe { std::str::from_utf8_unchecked(text) });
    }

    #[inline(never)]
    fn push_long(&mut self, text: &str) {
        if self.long.is_none() {
            let mut long = String::with_capacity(2 * (self.len + text.len()));
            long.push_str(self.as_str());
            self.long = Some(long);
        }
        if let Some(long) = &mut self.long {
            long.push_str(text);
        }
    }

    /// Appends an ASCII character so many times.
    #[inline]
    pub(crate) fn fill(&mut self, c: u8, count: usize) {
        debug_assert!(c.is_ascii());
        if self.long.is_none() && count <= BLOCK && INLINE - self.len >= BLOCK {
            // SAFETY: that many bytes are left; those beyond `count` are not counted.
            unsafe { self.inline.as_mut_ptr().add(self.len).cast::<[u8; BLOCK]>().write([c & 0x7f; BLOCK]) };
            self.len += count;
            return;
        }
        if self.long.is_some() || count > INLINE - self.len {
            return self.push_long(&char::from(c).to_string().repeat(count));
        }
        // SAFETY: that many bytes are left, and one of ASCII is a whole text.
        unsafe { self.inline.as_mut_ptr().add(self.len).cast::<u8>().write_bytes(c & 0x7f, count) };
        self.len += count;
    }

    /// The string. The builder is empty then.
    #[inline]
    pub(crate) fn finish(&mut self, heap: &mut Heap) -> Value {
        match self.long.take() {
            Some(long) => heap.str(long),
            None => {
                let text = heap.str(self.as_str());
                self.len = 0;
                text
            }
        }
    }
}

impl std::fmt::Write for Builder {
    #[inline]
    fn write_str(&mut self, text: &str) -> std::fmt::Result {
        self.push_str(text);
        Ok(())
    }
}
