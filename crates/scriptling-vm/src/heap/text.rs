//! Text outside of cells: how it gets into a string ([`Text`]), and where long strings keep it ([`Body`]).
//!
//! Constants and what comes from other isolates are shared. Text made by concatenation or handed over as a `String` is in
//! a buffer with room behind it: a text is the first `len` bytes, and appending to a text that ends where the used part
//! ends writes behind it and makes a longer text of the same buffer. So `s += piece` in a loop costs what the pieces cost,
//! although every intermediate text stays what it was.
//!
//! Bytes that belong to a text are never written again, and room is claimed by one atomic exchange, so texts may be
//! shared between threads like any immutable data.
#![expect(unsafe_code, reason = "writes behind shared bytes; argued at each block")]

use std::mem::ManuallyDrop;
use std::ptr::NonNull;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use smol_str::SmolStr;

/// A buffer holds at most twice the bytes of the shortest text in it, or this many.
const SMALL_BUFFER: usize = 64;

/// Text that is to become a string: copied into the cell if it is short, taken over or shared if it is long.
pub enum Text<'t> {
    /// To be copied.
    Borrowed(&'t str),
    /// To be taken over.
    Owned(String),
    /// To be shared.
    Shared(SmolStr),
}

impl Text<'_> {
    /// The text.
    #[inline]
    pub fn as_str(&self) -> &str {
        match self {
            Text::Borrowed(text) => text,
            Text::Owned(text) => text,
            Text::Shared(text) => text,
        }
    }
}

impl<'t> From<&'t str> for Text<'t> {
    #[inline]
    fn from(text: &'t str) -> Text<'t> {
        Text::Borrowed(text)
    }
}

impl From<String> for Text<'_> {
    #[inline]
    fn from(text: String) -> Self {
        Text::Owned(text)
    }
}

impl<'t> From<&'t String> for Text<'t> {
    #[inline]
    fn from(text: &'t String) -> Text<'t> {
        Text::Borrowed(text)
    }
}

impl From<SmolStr> for Text<'_> {
    #[inline]
    fn from(text: SmolStr) -> Self {
        Text::Shared(text)
    }
}

impl<'t> From<&'t SmolStr> for Text<'t> {
    #[inline]
    fn from(text: &'t SmolStr) -> Text<'t> {
        // A copy if it is short, which is when cloning copies too.
        if text.is_heap_allocated() { Text::Shared(text.clone()) } else { Text::Borrowed(text) }
    }
}

/// The text of a long string.
pub(super) enum Body {
    /// Shared as a whole.
    Shared(Arc<str>),
    /// The first bytes of a buffer.
    Grown(Grown),
}

/// The first `len` bytes of a buffer.
pub(super) struct Grown {
    buffer: Arc<Buffer>,
    len: usize,
}

/// Bytes that texts share, and room behind them.
struct Buffer {
    start: NonNull<u8>,
    capacity: usize,
    /// How many bytes belong to texts.
    used: AtomicUsize,
}

// SAFETY: the buffer owns its bytes; those below `used` are written by the one who claimed them, before a text that
// covers them exists, and only read afterwards.
unsafe impl Send for Buffer {}
// SAFETY: as above.
unsafe impl Sync for Buffer {}

impl Buffer {
    /// Takes over the bytes of a vector.
    fn new(bytes: Vec<u8>) -> Buffer {
        let mut bytes = ManuallyDrop::new(bytes);
        let start = NonNull::new(bytes.as_mut_ptr()).expect("a vector's pointer is never null");
        Buffer { start, capacity: bytes.capacity(), used: AtomicUsize::new(bytes.len()) }
    }

    /// Writes `tail` behind the first `len` bytes if they are all that is used and there is room.
    fn append(&self, len: usize, tail: &[u8]) -> bool {
        let Some(end) = len.checked_add(tail.len()).filter(|&end| end <= self.capacity) else { return false };
        if self.used.compare_exchange(len, end, Ordering::Relaxed, Ordering::Relaxed).is_err() {
            return false;
        }
        // SAFETY: the exchange gave `len..end`, which is within the allocation, to this call alone; no text covers it yet.
        unsafe { std::ptr::copy_nonoverlapping(tail.as_ptr(), self.start.as_ptr().add(len), tail.len()) };
        true
    }
}

impl Drop for Buffer {
    fn drop(&mut self) {
        // SAFETY: the parts of the vector that `new` took apart; its bytes need no destructor.
        drop(unsafe { Vec::from_raw_parts(self.start.as_ptr(), 0, self.capacity) });
    }
}

impl Grown {
    fn new(text: String) -> Grown {
        let mut bytes = text.into_bytes();
        if bytes.capacity() > (2 * bytes.len()).max(SMALL_BUFFER) {
            bytes.shrink_to_fit();
        }
        let len = bytes.len();
        Grown { buffer: Arc::new(Buffer::new(bytes)), len }
    }

    #[inline]
    fn as_str(&self) -> &str {
        // SAFETY: the first `len` bytes were written before this text was made, never change, and are whole UTF-8 texts one
        // after the other.
        unsafe { std::str::from_utf8_unchecked(std::slice::from_raw_parts(self.buffer.start.as_ptr(), self.len)) }
    }
}

impl Body {
    /// Text that is too long for a cell.
    pub(super) fn new(text: Text<'_>) -> Body {
        match text {
            Text::Borrowed(text) => Body::Shared(text.into()),
            Text::Owned(text) => Body::Grown(Grown::new(text)),
            Text::Shared(text) => Body::Shared(text.into()),
        }
    }

    /// The text.
    #[inline]
    pub(super) fn as_str(&self) -> &str {
        match self {
            Body::Shared(text) => text,
            Body::Grown(grown) => grown.as_str(),
        }
    }

    /// The text as a `SmolStr`; a copy if it is in a buffer.
    pub(super) fn to_smol(&self) -> SmolStr {
        match self {
            Body::Shared(text) => text.clone().into(),
            Body::Grown(grown) => SmolStr::new(grown.as_str()),
        }
    }

    /// The two texts one after the other, in a new buffer.
    pub(super) fn joined(head: &str, tail: &str, capacity: usize) -> Body {
        let mut joined = String::with_capacity(capacity.max(SMALL_BUFFER));
        joined.push_str(head);
        joined.push_str(tail);
        Body::Grown(Grown::new(joined))
    }

    /// This text followed by another one, and whether that took no new buffer: then it owns nothing that was not counted
    /// already.
    pub(super) fn append(&self, tail: &str) -> (Body, bool) {
        let head = self.as_str();
        let len = head.len() + tail.len();
        match self {
            Body::Grown(grown) if grown.buffer.append(grown.len, tail.as_bytes()) => {
                (Body::Grown(Grown { buffer: grown.buffer.clone(), len }), true)
            }
            // Who appends twice appends often; a single concatenation needs no room.
            Body::Grown(_) => (Body::joined(head, tail, 2 * len), false),
            Body::Shared(_) => (Body::joined(head, tail, len), false),
        }
    }

    /// Bytes outside the cell.
    pub(super) fn external_size(&self) -> usize {
        match self {
            Body::Shared(text) => text.len() + 16,
            // Every text of a buffer is at least half as long as the buffer, so this covers it whichever of them live.
            Body::Grown(grown) => (2 * grown.len).max(SMALL_BUFFER) + size_of::<Buffer>(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn appending_leaves_earlier_texts_alone() {
        let mut texts = vec![Body::new("".into())];
        for n in 0..300 {
            let last = texts.last().expect("one to begin with");
            texts.push(last.append(["x", "yé", ""][n % 3]).0);
        }
        let mut expected = String::new();
        for (n, text) in texts.iter().enumerate() {
            assert_eq!(text.as_str(), expected);
            expected.push_str(["x", "yé", ""][n % 3]);
        }
    }

    #[test]
    fn two_texts_that_continue_the_same_one_differ() {
        let (stem, _) = Body::new("a".repeat(40).into()).append("b").0.append("c");
        let ((left, left_shares), (right, right_shares)) = (stem.append("left"), stem.append("right"));
        assert!(left.as_str().ends_with("bcleft") && right.as_str().ends_with("bcright"));
        assert!(left_shares && !right_shares);
    }

    #[test]
    fn appending_in_a_loop_copies_little() {
        let mut text = Body::new("".into());
        let mut buffers = 0;
        for _ in 0..100_000 {
            let (longer, shares) = text.append("abc");
            buffers += usize::from(!shares);
            text = longer;
        }
        assert_eq!(text.as_str().len(), 300_000);
        assert!(buffers < 40, "{buffers} buffers");
    }
}
