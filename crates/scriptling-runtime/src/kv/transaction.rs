//! Transactions: reads and writes of several keys that happen at one moment, or not at all.
//!
//! Optimistic: writes are collected, and what was read is remembered. Each read checks that everything read before is still as
//! it was, so the values that a transaction sees together were in the store together. [`Transaction::commit`] checks once more
//! and writes, in one step of the store. If something had changed it is a conflict, nothing is written, and the caller starts
//! over.
//!
//! What is compared are values, not versions, so a key that was changed and changed back counts as unchanged. Transactions are
//! serializable all the same: all that one has seen are values (it cannot ask for the time a key has left), and at the moment
//! of its commit the store holds every one of them, so had it run at that moment alone, it would have read the same and
//! written the same. For one that only reads that moment is its last read. Versions would add conflicts, not correctness.
//!
//! Nothing is locked in between: a task that parks, dies or is cancelled in the middle is in nobody's way, and there is
//! nothing to deadlock on.

use std::sync::Arc;
use std::time::Duration;

use indexmap::IndexMap;
use scriptling_vm::portable::Portable;
use smol_str::SmolStr;

use super::{Expiry, Read, Seen, Store, StoreError, Write, add};
use crate::cap::Item;

/// A transaction; see the module documentation.
pub struct Transaction {
    store: Arc<dyn Store>,
    seen: Vec<(SmolStr, Seen)>,
    /// What was read, and what the transaction has made of it.
    values: IndexMap<SmolStr, Cell>,
}

#[derive(Clone)]
struct Cell {
    value: Option<Item>,
    write: Option<Change>,
}

#[derive(Clone, Copy)]
enum Change {
    Set(Expiry),
    Delete,
}

impl Transaction {
    /// Begins one.
    pub fn new(store: Arc<dyn Store>) -> Transaction {
        Transaction { store, seen: Vec::new(), values: IndexMap::new() }
    }

    /// The store.
    pub fn store(&self) -> &Arc<dyn Store> {
        &self.store
    }

    /// Reads those of the keys that are not known yet. An error is final: the transaction can only be dropped.
    fn load(&mut self, keys: &[SmolStr]) -> Result<(), StoreError> {
        let unknown: Vec<SmolStr> = keys.iter().filter(|key| !self.values.contains_key(*key)).cloned().collect();
        if unknown.is_empty() {
            return Ok(());
        }
        let reads = self.store.read(&unknown, &self.seen)?;
        for (key, Read { value, seen }) in unknown.into_iter().zip(reads) {
            let value = value.map(Item::from);
            if self.values.insert(key.clone(), Cell { value, write: None }).is_none() {
                self.seen.push((key, seen));
            }
        }
        Ok(())
    }

    /// The value, once it is loaded.
    fn known(&self, key: &SmolStr) -> Option<Portable> {
        self.values[key].value.as_ref().map(|item| item.value().clone())
    }

    /// The value.
    pub fn get(&mut self, key: &SmolStr) -> Result<Option<Portable>, StoreError> {
        self.load(std::slice::from_ref(key))?;
        Ok(self.known(key))
    }

    /// The values of several keys.
    pub fn get_many(&mut self, keys: &[SmolStr]) -> Result<Vec<Option<Portable>>, StoreError> {
        self.load(keys)?;
        Ok(keys.iter().map(|key| self.known(key)).collect())
    }

    /// Binds a key.
    pub fn set(&mut self, key: SmolStr, value: impl Into<Item>, expiry: Expiry) {
        let expiry = match (expiry, self.values.get(&key).and_then(|cell| cell.write)) {
            (Expiry::Keep, Some(Change::Set(before))) => before,
            (Expiry::Keep, Some(Change::Delete)) => Expiry::Never,
            (expiry, _) => expiry,
        };
        self.values.insert(key, Cell { value: Some(value.into()), write: Some(Change::Set(expiry)) });
    }

    /// Removes a key; the value it had.
    pub fn take(&mut self, key: &SmolStr) -> Result<Option<Portable>, StoreError> {
        let old = self.get(key)?;
        if old.is_some() {
            self.delete(key.clone());
        }
        Ok(old)
    }

    /// Removes a key, if it is there.
    pub fn delete(&mut self, key: SmolStr) {
        self.values.insert(key, Cell { value: None, write: Some(Change::Delete) });
    }

    /// Adds to an int (missing: 0) and returns the new value; the expiry stays.
    pub fn incr(&mut self, key: &SmolStr, delta: &Portable) -> Result<Portable, StoreError> {
        let sum = match self.get(key)? {
            None => delta.clone(),
            Some(value) => add(&value, delta).ok_or(StoreError::NotAnInt)?,
        };
        self.set(key.clone(), sum.clone(), Expiry::Keep);
        Ok(sum)
    }

    /// Changes the expiry of an entry; whether there is one.
    pub fn expire(&mut self, key: &SmolStr, ttl: Option<Duration>) -> Result<bool, StoreError> {
        self.load(std::slice::from_ref(key))?;
        match self.values[key].value.clone() {
            Some(value) => {
                self.set(key.clone(), value, ttl.into());
                Ok(true)
            }
            None => Ok(false),
        }
    }

    /// The keys that it writes.
    pub fn written(&self) -> Vec<SmolStr> {
        let written = self.values.iter().filter(|(_, cell)| cell.write.is_some());
        written.map(|(key, _)| key.clone()).collect()
    }

    /// Writes everything at once. A transaction that only reads has nothing to do: what it saw was there at one moment.
    pub fn commit(self) -> Result<(), StoreError> {
        let mut writes = Vec::new();
        for (key, cell) in self.values {
            match (cell.write, cell.value) {
                (Some(Change::Set(expiry)), Some(value)) => writes.push((key, Write::Set(value.into_value(), expiry))),
                (Some(_), _) => writes.push((key, Write::Delete)),
                (None, _) => {}
            }
        }
        if writes.is_empty() {
            return Ok(());
        }
        self.store.commit(&self.seen, writes)
    }
}
