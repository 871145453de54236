//! What a runtime holds outside of its tasks, and a cap on it: values in stores in memory and in sync objects.
//!
//! Such values are in no task's heap, so no task's limit counts them, and a script could fill the machine with one queue. A
//! [`Cap`] is shared by everything that holds values. Each holder has an [`Account`], so that a refusal can say who holds most,
//! and each value that is not part of a store has a [`Charge`] that gives back what it takes when the value goes, by whatever
//! way: taken, replaced, dropped with its queue, with a task that waited to put it, or with a transaction.
//!
//! Without a cap there are no accounts and no charges, and nothing is counted.

use std::fmt;
use std::sync::{Arc, Weak};

use scriptling_vm::portable::Portable;

use crate::primitives::Mutex;
use crate::primitives::atomic::{AtomicUsize, Ordering};

/// What a sync object costs beside its name and values: the object, its handle, its places in tables.
const OBJECT: usize = 512;

/// What an item costs beside its value: its place in a queue, and its charge.
const ITEM: usize = 64;

/// How much values may take in all.
pub(crate) struct Cap {
    limit: usize,
    used: AtomicUsize,
    accounts: Mutex<Accounts>,
}

#[derive(Default)]
struct Accounts {
    all: Vec<Weak<Account>>,
    /// How long the list may get before those that are gone are removed from it.
    tidy_at: usize,
}

/// There is no room: the message says of what, and who holds most.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct OverCap(pub(crate) String);

impl Cap {
    pub(crate) fn new(limit: usize) -> Arc<Cap> {
        Arc::new(Cap { limit, used: AtomicUsize::new(0), accounts: Mutex::default() })
    }

    /// An account for a new holder. `name` is how messages call it.
    pub(crate) fn account(self: &Arc<Cap>, name: impl Into<String>) -> Arc<Account> {
        let account = Arc::new(Account { cap: self.clone(), name: name.into(), bytes: AtomicUsize::new(0) });
        let mut accounts = self.accounts.lock();
        if accounts.all.len() >= accounts.tidy_at {
            accounts.all.retain(|account| account.strong_count() > 0);
            accounts.tidy_at = 2 * accounts.all.len() + 64;
        }
        accounts.all.push(Arc::downgrade(&account));
        account
    }

    /// What is taken of it.
    #[cfg(test)]
    pub(crate) fn used(&self) -> usize {
        self.used.load(Ordering::Relaxed)
    }

    #[cold]
    fn refuse(&self, asked: usize, by: &str) -> OverCap {
        let accounts: Vec<Arc<Account>> = self.accounts.lock().all.iter().filter_map(Weak::upgrade).collect();
        let most = accounts.iter().max_by_key(|account| account.bytes.load(Ordering::Relaxed));
        let most = most.map_or(String::new(), |most| {
            format!("; most is held by {}: {}", most.name, most.bytes.load(Ordering::Relaxed))
        });
        let (limit, used) = (self.limit, self.used.load(Ordering::Relaxed));
        OverCap(format!(
            "{by} has no room for {asked} bytes: values outside of tasks may take {limit} bytes in all and take {used}{most}"
        ))
    }
}

/// What one holder of values has.
pub(crate) struct Account {
    cap: Arc<Cap>,
    name: String,
    bytes: AtomicUsize,
}

impl Account {
    /// Takes so much more, or nothing if there is no room.
    pub(crate) fn take(&self, bytes: usize) -> Result<(), OverCap> {
        let grown = |used: usize| used.checked_add(bytes).filter(|used| *used <= self.cap.limit);
        // No order with anything else is needed: the number alone counts.
        match self.cap.used.fetch_update(Ordering::Relaxed, Ordering::Relaxed, grown) {
            Ok(_) => {
                self.bytes.fetch_add(bytes, Ordering::Relaxed);
                Ok(())
            }
            Err(_) => Err(self.cap.refuse(bytes, &self.name)),
        }
    }

    /// Gives so much back.
    pub(crate) fn give(&self, bytes: usize) {
        self.bytes.fetch_sub(bytes, Ordering::Relaxed);
        self.cap.used.fetch_sub(bytes, Ordering::Relaxed);
    }
}

impl Drop for Account {
    fn drop(&mut self) {
        // What a store has is not given back entry by entry.
        self.cap.used.fetch_sub(self.bytes.load(Ordering::Relaxed), Ordering::Relaxed);
    }
}

/// So many bytes of an account, given back when it is dropped.
pub(crate) struct Charge {
    account: Arc<Account>,
    bytes: usize,
}

impl Charge {
    pub(crate) fn new(account: &Arc<Account>, bytes: usize) -> Result<Charge, OverCap> {
        account.take(bytes)?;
        Ok(Charge { account: account.clone(), bytes })
    }

    /// That of a sync object.
    pub(crate) fn object(account: &Arc<Account>, name: &str) -> Result<Charge, OverCap> {
        Charge::new(account, OBJECT + name.len())
    }
}

impl Drop for Charge {
    fn drop(&mut self) {
        self.account.give(self.bytes);
    }
}

/// A value that a sync object holds, with its charge if there is a cap. Copies share the value, and the charge with it.
#[derive(Clone)]
pub struct Item {
    value: Portable,
    _charge: Option<Arc<Charge>>,
}

impl Item {
    /// A value that is charged to `account`, if there is one.
    pub(crate) fn new(value: Portable, account: Option<&Arc<Account>>) -> Result<Item, OverCap> {
        let charge = account.map(|account| Charge::new(account, ITEM + value.deep_size()).map(Arc::new)).transpose()?;
        Ok(Item { value, _charge: charge })
    }

    /// The value.
    pub fn value(&self) -> &Portable {
        &self.value
    }

    /// The value, which is nobody's concern here any more.
    pub fn into_value(self) -> Portable {
        self.value
    }
}

impl fmt::Debug for Item {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.value.fmt(f)
    }
}

/// A value that is not counted.
impl From<Portable> for Item {
    fn from(value: Portable) -> Item {
        Item { value, _charge: None }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_cap_is_met_exactly_and_everything_is_given_back() {
        let cap = Cap::new(1000);
        let (one, two) = (cap.account("queue 'one'"), cap.account("store 'two'"));
        two.take(600).unwrap();
        let charge = Charge::new(&one, 400).unwrap();
        let refused = Charge::new(&one, 1).err().unwrap();
        assert_eq!(
            refused.0,
            "queue 'one' has no room for 1 bytes: values outside of tasks may take 1000 bytes in all and take 1000; most is \
             held by store 'two': 600"
        );
        assert!(two.take(usize::MAX).is_err());
        drop(charge);
        assert_eq!(cap.used(), 600);
        drop(two);
        assert_eq!(cap.used(), 0);
    }

    #[test]
    fn copies_of_an_item_are_counted_once_and_until_the_last() {
        let cap = Cap::new(10_000);
        let account = cap.account("x");
        let item = Item::new(Portable::bytes(vec![1; 5000]), Some(&account)).unwrap();
        let copies = [item.clone(), item.clone()];
        let used = cap.used();
        assert!((5000..6000).contains(&used));
        drop(item);
        assert_eq!(cap.used(), used);
        drop(copies);
        assert_eq!(cap.used(), 0);
    }

    #[test]
    fn accounts_that_are_gone_do_not_pile_up() {
        let cap = Cap::new(1);
        (0..10_000).for_each(|n| drop(cap.account(n.to_string())));
        assert!(cap.accounts.lock().all.len() < 100);
    }
}
