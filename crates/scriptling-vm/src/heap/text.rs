//! `Text`: immutable UTF-8 that is cheap to clone and cheap to append to.
//!
//! Short text is inside, constants and what comes from other isolates is shared. Text made by concatenation or handed over
//! as a `String` is in a buffer with room behind it: a text is the first `len` bytes, and appending to a text that ends
//! where the used part ends writes behind it and makes a longer text of the same buffer. So `s += piece` in a loop costs
//! what the pieces cost, although every intermediate text stays what it was.
//!
//! Bytes that belong to a text are never written again, and room is claimed by one atomic exchange, so texts may be
//! shared between threads like any immutable data.
#![expect(unsafe_code, reason = "writes behind shared bytes; argued at each block")]

use std::mem::ManuallyDrop;
use std::ops::Deref;
use std::ptr::NonNull;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use smol_str::SmolStr;

/// What fits inside a text, in bytes: what fits inside a `SmolStr`.
const INLINE: usize = 23;
/// Owned text below this length is copied rather than kept in a buffer.
const COPIED: usize = 128;
/// A buffer holds at most twice the bytes of the shortest text in it, or this many.
const SMALL_BUFFER: usize = 64;

/// Immutable text; see the module documentation.
#[derive(Clone)]
pub enum Text {
    /// Inside, static, or shared.
    Shared(SmolStr),
    /// The first bytes of a buffer.
    Grown(Grown),
}

/// The first `len` bytes of a buffer.
#[derive(Clone)]
pub struct Grown {
    buffer: Arc<Buffer>,
    len: usize,
}

const _: () = assert!(size_of::<Text>() == size_of::<SmolStr>());

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

impl Text {
    /// The text.
    #[inline]
    pub fn as_str(&self) -> &str {
        match self {
            Text::Shared(text) => text,
            Text::Grown(grown) => grown.as_str(),
        }
    }

    /// The text as a `SmolStr`; a copy if it is in a buffer.
    pub fn to_smol(&self) -> SmolStr {
        match self {
            Text::Shared(text) => text.clone(),
            Text::Grown(grown) => SmolStr::new(grown.as_str()),
        }
    }

    /// This text followed by another one.
    pub fn append(&self, tail: &str) -> Text {
        let head = self.as_str();
        let len = head.len() + tail.len();
        if len <= INLINE {
            let mut inline = [0; INLINE];
            inline[..head.len()].copy_from_slice(head.as_bytes());
            inline[head.len()..len].copy_from_slice(tail.as_bytes());
            // SAFETY: two whole UTF-8 texts one after the other.
            return Text::Shared(SmolStr::new_inline(unsafe { std::str::from_utf8_unchecked(&inline[..len]) }));
        }
        let capacity = match self {
            Text::Grown(grown) if grown.buffer.append(grown.len, tail.as_bytes()) => {
                return Text::Grown(Grown { buffer: grown.buffer.clone(), len });
            }
            // Who appends twice appends often; a single concatenation needs no room.
            Text::Grown(_) => 2 * len,
            Text::Shared(_) => len,
        };
        let mut joined = String::with_capacity(capacity.max(SMALL_BUFFER));
        joined.push_str(head);
        joined.push_str(tail);
        Text::Grown(Grown::new(joined))
    }

    /// Whether appending to it took no new buffer: then it owns nothing that was not counted already.
    pub(crate) fn shares_buffer(&self, other: &Text) -> bool {
        match (self, other) {
            (Text::Grown(a), Text::Grown(b)) => Arc::ptr_eq(&a.buffer, &b.buffer),
            _ => false,
        }
    }

    /// Bytes outside the value.
    pub fn external_size(&self) -> usize {
        match self {
            Text::Shared(text) if text.is_heap_allocated() => text.len() + 16,
            Text::Shared(_) => 0,
            // Every text of a buffer is at least half as long as the buffer, so this covers it whichever of them live.
            Text::Grown(grown) => (2 * grown.len).max(SMALL_BUFFER) + size_of::<Buffer>(),
        }
    }
}

impl Deref for Text {
    type Target = str;
    #[inline]
    fn deref(&self) -> &str {
        self.as_str()
    }
}

impl AsRef<str> for Text {
    fn as_ref(&self) -> &str {
        self.as_str()
    }
}

impl std::fmt::Debug for Text {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.as_str().fmt(f)
    }
}

impl From<SmolStr> for Text {
    #[inline]
    fn from(text: SmolStr) -> Text {
        Text::Shared(text)
    }
}

impl From<&str> for Text {
    #[inline]
    fn from(text: &str) -> Text {
        Text::Shared(SmolStr::new(text))
    }
}

impl From<String> for Text {
    #[inline]
    fn from(text: String) -> Text {
        // Copying a little costs no more than the buffer's own cell.
        if text.len() < COPIED { Text::Shared(SmolStr::new(text)) } else { Text::Grown(Grown::new(text)) }
    }
}

impl From<&String> for Text {
    fn from(text: &String) -> Text {
        Text::from(text.as_str())
    }
}

impl From<&SmolStr> for Text {
    fn from(text: &SmolStr) -> Text {
        Text::Shared(text.clone())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn appending_leaves_earlier_texts_alone() {
        let mut texts = vec![Text::from("")];
        for n in 0..300 {
            let last = texts.last().expect("one to begin with");
            texts.push(last.append(["x", "yé", ""][n % 3]));
        }
        let mut expected = String::new();
        for (n, text) in texts.iter().enumerate() {
            assert_eq!(text.as_str(), expected);
            expected.push_str(["x", "yé", ""][n % 3]);
        }
    }

    #[test]
    fn two_texts_that_continue_the_same_one_differ() {
        let stem = Text::from("a".repeat(40)).append("b").append("c");
        let (left, right) = (stem.append("left"), stem.append("right"));
        assert!(left.ends_with("bcleft") && right.ends_with("bcright"));
        assert!(left.shares_buffer(&stem) && !right.shares_buffer(&stem));
    }

    #[test]
    fn appending_in_a_loop_copies_little() {
        let mut text = Text::from("");
        let mut buffers = 0;
        for _ in 0..100_000 {
            let longer = text.append("abc");
            buffers += usize::from(!longer.shares_buffer(&text));
            text = longer;
        }
        assert_eq!(text.len(), 300_000);
        assert!(buffers < 40, "{buffers} buffers");
    }
}
