//! Finding text in text, by the `memchr` crate: several times faster than the standard library's search, most of all where
//! the texts are short.

use memchr::{memchr, memchr_iter, memmem, memrchr};

/// Texts of up to so many bytes are searched here.
const NEAR: usize = 32;
/// Eight bytes of one.
const ONES: u64 = u64::from_ne_bytes([1; 8]);
/// The top bits of eight bytes.
const TOPS: u64 = ONES << 7;

/// The offset of the first such byte. In most texts that are searched for one it is near, which takes no call.
#[inline(always)]
pub(crate) fn find_byte(byte: u8, text: &[u8]) -> Option<usize> {
    let mut at = 0;
    while let Some(word) = text[at..].first_chunk() {
        if at >= NEAR {
            return memchr(byte, &text[at..]).map(|found| at + found);
        }
        // Zero where the byte is; the subtraction sets the top bit there, and nowhere before.
        let different = u64::from_le_bytes(*word) ^ (ONES * u64::from(byte));
        let found = different.wrapping_sub(ONES) & !different & TOPS;
        if found != 0 {
            return Some(at + found.trailing_zeros() as usize / 8);
        }
        at += 8;
    }
    text[at..].iter().position(|&other| other == byte).map(|found| at + found)
}

/// Where a text has a byte.
#[inline(always)]
pub(crate) fn each_byte(byte: u8, text: &[u8]) -> impl Iterator<Item = usize> {
    let matching = move |word: u64| {
        let different = word ^ (ONES * u64::from(byte));
        // The sum does not carry into the next byte.
        !((different & !TOPS).wrapping_add(!TOPS) | different) & TOPS
    };
    Matches { text, matching, start: 0, next: 0, left: 0 }
}

/// Where an ASCII text has spaces and control characters.
#[inline(always)]
pub(crate) fn each_blank(text: &[u8]) -> impl Iterator<Item = usize> {
    let matching = |word: u64| !(word & !TOPS).wrapping_add(ONES * u64::from(0x7f - b' ')) & TOPS;
    Matches { text, matching, start: 0, next: 0, left: 0 }
}

/// The positions of bytes that match. Eight are looked at at once.
struct Matches<'t, M> {
    text: &'t [u8],
    /// The top bits of the bytes in a word that match.
    matching: M,
    /// Where the word is that is being looked at.
    start: usize,
    /// Where the next one is.
    next: usize,
    /// What matches in the word, the first byte lowest, and has not been told yet.
    left: u64,
}

impl<M: Fn(u64) -> u64> Iterator for Matches<'_, M> {
    type Item = usize;

    #[inline(always)]
    fn next(&mut self) -> Option<usize> {
        while self.left == 0 {
            self.start = self.next;
            let rest = self.text.get(self.next..)?;
            if let Some(word) = rest.first_chunk() {
                self.next += 8;
                self.left = (self.matching)(u64::from_le_bytes(*word));
            } else {
                // Beyond the end, so that there is no more.
                self.next = self.text.len() + 1;
                let word = rest.iter().rev().fold(0, |word, &byte| word << 8 | u64::from(byte));
                self.left = (self.matching)(word) & ((1 << (8 * rest.len())) - 1);
            }
        }
        let at = self.start + self.left.trailing_zeros() as usize / 8;
        self.left &= self.left - 1;
        Some(at)
    }
}

/// The byte offset of the first occurrence.
pub(crate) fn find(text: &str, part: &str) -> Option<usize> {
    match part.as_bytes() {
        [] => Some(0),
        [byte] => find_byte(*byte, text.as_bytes()),
        part if text.len() <= NEAR => find_near(text.as_bytes(), part),
        part => memmem::find(text.as_bytes(), part),
    }
}

/// The byte offset of the last occurrence.
pub(crate) fn rfind(text: &str, part: &str) -> Option<usize> {
    match part.as_bytes() {
        [] => Some(text.len()),
        [byte] => memrchr(*byte, text.as_bytes()),
        part => memmem::rfind(text.as_bytes(), part),
    }
}

/// How often the part occurs without overlap; the empty one occurs between all characters.
pub(crate) fn count(text: &str, part: &str) -> usize {
    match part.as_bytes() {
        [] => text.chars().count() + 1,
        [byte] => memchr_iter(*byte, text.as_bytes()).count(),
        part => memmem::find_iter(text.as_bytes(), part).count(),
    }
}

/// The parts between separators, which must not be empty; after `limit` splits the rest is one part.
pub(crate) fn split<'t>(text: &'t str, separator: &'t str, limit: usize) -> impl Iterator<Item = &'t str> {
    // To prepare a search is worth it for long texts only.
    let finder = if text.len() > NEAR { Some(memmem::Finder::new(separator)) } else { None };
    split_where(text, separator.len(), limit, move |text| match &finder {
        Some(finder) => finder.find(text.as_bytes()),
        None => find_near(text.as_bytes(), separator.as_bytes()),
    })
}

/// The same for a separator of one byte.
#[inline(always)]
pub(crate) fn split_at_byte(text: &str, separator: u8, limit: usize) -> impl Iterator<Item = &str> {
    split_where(text, 1, limit, move |text| find_byte(separator, text.as_bytes()))
}

#[inline(always)]
fn split_where(
    text: &str,
    width: usize,
    limit: usize,
    find: impl Fn(&str) -> Option<usize>,
) -> impl Iterator<Item = &str> {
    let mut rest = Some(text);
    let mut left = limit;
    std::iter::from_fn(move || {
        let text = rest?;
        if left == 0 {
            return rest.take();
        }
        left -= 1;
        let Some(at) = find(text) else { return rest.take() };
        rest = Some(&text[at + width..]);
        Some(&text[..at])
    })
}

/// The first occurrence in a short text of a part that is not empty.
fn find_near(text: &[u8], part: &[u8]) -> Option<usize> {
    let mut at = 0;
    while at + part.len() <= text.len() {
        at += find_byte(part[0], &text[at..])?;
        if text[at..].starts_with(part) {
            return Some(at);
        }
        at += 1;
    }
    None
}

/// Hands out the text with up to `limit` occurrences of `old` (not empty) replaced, piece by piece; nothing and `false` if
/// there are none.
pub(crate) fn replace(text: &str, old: &str, new: &str, limit: usize, mut push: impl FnMut(&str)) -> bool {
    let Some(first) = find(text, old).filter(|_| limit > 0) else { return false };
    push(&text[..first]);
    push(new);
    let rest = &text[first + old.len()..];
    let mut hand_out = |mut parts: &mut dyn Iterator<Item = &str>| {
        push(parts.next().unwrap_or_default());
        for part in &mut parts {
            push(new);
            push(part);
        }
    };
    match *old.as_bytes() {
        [byte] => hand_out(&mut split_at_byte(rest, byte, limit - 1)),
        _ => hand_out(&mut split(rest, old, limit - 1)),
    }
    true
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_bytes_near_and_far() {
        for len in 0..70 {
            let mut text = vec![0x7f; len];
            assert_eq!(find_byte(0x80, &text), None);
            for at in (0..len).rev() {
                text[at] = 0x80;
                assert_eq!(find_byte(0x80, &text), Some(at));
                assert_eq!(find_byte(0x81, &text), None);
                assert_eq!(each_byte(0x80, &text).collect::<Vec<_>>(), (at..len).collect::<Vec<_>>());
            }
        }
    }

    #[test]
    fn finds_all_blanks() {
        for len in 0..20 {
            let text: Vec<u8> = (0..128).cycle().take(len * 13).collect();
            let blanks = (0..text.len()).filter(|&at| text[at] <= b' ');
            assert_eq!(each_blank(&text).collect::<Vec<_>>(), blanks.collect::<Vec<_>>());
        }
    }

    #[test]
    fn agrees_with_the_standard_library() {
        let texts = ["", "a", "aa", "aaa", "abcabcab", "é,ü,,ß", "x".repeat(100).leak(), "one, two, three"];
        let parts = ["a", "aa", "b", "abc", ",", ", ", "ü", "x", "xxx", "zz"];
        for text in texts {
            for part in parts {
                assert_eq!(find(text, part), text.find(part));
                assert_eq!(rfind(text, part), text.rfind(part));
                assert_eq!(count(text, part), text.matches(part).count());
                for limit in [0, 1, 2, usize::MAX] {
                    let expected: Vec<&str> = text.splitn(limit.saturating_add(1), part).collect();
                    assert_eq!(split(text, part, limit).collect::<Vec<_>>(), expected);
                    let mut replaced = String::new();
                    if !replace(text, part, "--", limit, |piece| replaced.push_str(piece)) {
                        replaced.push_str(text);
                    }
                    assert_eq!(replaced, text.replacen(part, "--", limit));
                }
            }
            assert_eq!(count(text, ""), text.matches("").count());
        }
    }
}
