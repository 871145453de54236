//! When entries end: a heap of deadlines per shard, drained on writes, so that nothing is ever scanned.
//!
//! An entry's own deadline is what counts; the heap only says where to look. It may hold deadlines of entries that were
//! overwritten or deleted since: those are skipped, and swept out once they are most of the heap.

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::time::Duration;

use smol_str::SmolStr;

/// Deadlines of a shard's entries.
#[derive(Default)]
pub(super) struct Deadlines {
    heap: BinaryHeap<Reverse<(Duration, SmolStr)>>,
}

impl Deadlines {
    /// Notes that `key` ends at `deadline`.
    pub(super) fn add(&mut self, key: SmolStr, deadline: Duration) {
        self.heap.push(Reverse((deadline, key)));
    }

    /// A key whose deadline has passed, with that deadline. The caller checks that it is still the entry's.
    pub(super) fn pop_due(&mut self, now: Duration) -> Option<(Duration, SmolStr)> {
        if self.heap.peek()?.0.0 > now {
            return None;
        }
        self.heap.pop().map(|Reverse(due)| due)
    }

    /// Drops deadlines that are not their entry's any more, if there are many more of them than entries.
    pub(super) fn sweep(&mut self, entries: usize, is_current: impl Fn(&SmolStr, Duration) -> bool) {
        if self.heap.len() > 2 * entries + 64 {
            let mut heap = std::mem::take(&mut self.heap).into_sorted_vec();
            heap.dedup();
            self.heap = heap.into_iter().filter(|Reverse((deadline, key))| is_current(key, *deadline)).collect();
        }
    }

    /// Forgets all.
    pub(super) fn clear(&mut self) {
        self.heap.clear();
    }

    #[cfg(test)]
    pub(super) fn len(&self) -> usize {
        self.heap.len()
    }
}
