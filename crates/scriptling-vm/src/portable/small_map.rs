//! A map that is a short list at first: most tasks touch a few globals of their image, and there may be very many tasks.

use std::hash::Hash;

use rustc_hash::FxHashMap;

/// Entries beyond which hashing beats searching.
const FEW: usize = 16;

/// Keys to values. Nothing is ever removed.
pub(super) enum SmallMap<K, V> {
    Few(Vec<(K, V)>),
    Many(FxHashMap<K, V>),
}

impl<K, V> Default for SmallMap<K, V> {
    fn default() -> Self {
        SmallMap::Few(Vec::new())
    }
}

impl<K: Copy + Eq + Hash, V: Copy> SmallMap<K, V> {
    /// The value of a key.
    pub(super) fn get(&self, key: K) -> Option<V> {
        match self {
            SmallMap::Few(list) => list.iter().find(|entry| entry.0 == key).map(|entry| entry.1),
            SmallMap::Many(table) => table.get(&key).copied(),
        }
    }

    /// Sets the value of a key; whether it is a new one.
    pub(super) fn insert(&mut self, key: K, value: V) -> bool {
        let list = match self {
            SmallMap::Many(table) => return table.insert(key, value).is_none(),
            SmallMap::Few(list) => list,
        };
        if let Some(entry) = list.iter_mut().find(|entry| entry.0 == key) {
            entry.1 = value;
            return false;
        }
        if list.len() == FEW {
            let mut table: FxHashMap<K, V> = list.drain(..).collect();
            table.insert(key, value);
            *self = SmallMap::Many(table);
            return true;
        }
        if list.is_empty() {
            list.reserve_exact(2);
        }
        list.push((key, value));
        true
    }

    /// Calls `visit` with all values.
    pub(super) fn each_value(&self, mut visit: impl FnMut(V)) {
        match self {
            SmallMap::Few(list) => list.iter().for_each(|entry| visit(entry.1)),
            SmallMap::Many(table) => table.values().for_each(|&value| visit(value)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::SmallMap;

    #[test]
    fn it_is_a_map_before_and_after_it_becomes_a_table() {
        let mut map = SmallMap::default();
        for key in 0..100 {
            assert_eq!((map.get(key), map.insert(key, 0), map.insert(key, key + 1)), (None, true, false));
            let mut sum = 0;
            map.each_value(|value| sum += value);
            assert_eq!(sum, (key + 1) * (key + 2) / 2);
        }
        assert!((0..100).all(|key| map.get(key) == Some(key + 1)) && matches!(map, SmallMap::Many(_)));
    }
}
