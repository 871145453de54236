//! Changes, and how those of many callers become one commit.
//!
//! Callers queue their change and then all try to lead. The one who gets the lock takes everything that is queued, makes one
//! commit of it and hands out the replies; the others find theirs when they get the lock. So nobody waits for more than the
//! commit under way and the next one, and the slower the disk, the larger the groups.
//!
//! Changes of a group are made one after another in one transaction. One that is refused (a conflict, not an int) has changed
//! nothing; if the commit fails, all of the group have failed.

use std::sync::Arc;

use redb::{Database, ReadableTable, Table, WriteTransaction};
use scriptling_vm::portable::Portable;
use smol_str::SmolStr;

use super::format::{self, DEADLINES, ENTRIES};
use super::{Durability, Fault, Live, is_live};
use crate::kv::{Condition, Lane, Seen, StoreError, add};
use crate::primitives::Mutex;

/// Changes that one commit takes at most.
const GROUP: usize = 1024;

/// Ended entries that one change removes at most.
const SWEEP: usize = 1024;

/// What a key must be bound to: a payload, or nothing.
pub(super) type Check = (SmolStr, Option<Arc<[u8]>>);

/// What a commit does to a key: a payload and a deadline (`None`: as before), or removing it.
pub(super) type Binding = (SmolStr, Option<(Vec<u8>, Option<u64>)>);

/// One caller's change.
pub(super) enum Change {
    Set {
        key: SmolStr,
        payload: Vec<u8>,
        deadline: Option<u64>,
        condition: When,
    },
    Incr {
        key: SmolStr,
        delta: Portable,
    },
    Take {
        key: SmolStr,
    },
    Delete {
        key: SmolStr,
    },
    Expire {
        key: SmolStr,
        deadline: u64,
    },
    Many {
        checks: Vec<Check>,
        writes: Vec<Binding>,
    },
    Clear,
    Sweep,
    /// Nothing, but what was committed before is on the disk afterwards.
    Flush,
}

/// When a value is stored.
pub(super) enum When {
    Always,
    /// The key is bound to this payload, or to nothing.
    Is(Option<Arc<[u8]>>),
}

/// What a caller gets.
pub(super) enum Reply {
    Truth(bool),
    Value(Option<Portable>),
}

impl Reply {
    pub(super) fn truth(&self) -> bool {
        matches!(self, Reply::Truth(true))
    }
}

/// A condition in terms of payloads.
pub(super) fn condition(condition: &Condition) -> Result<When, StoreError> {
    Ok(match condition {
        Condition::Always => When::Always,
        Condition::Absent => When::Is(None),
        Condition::Unchanged(seen) => When::Is(expected(seen)?),
    })
}

/// Expectations in terms of payloads.
pub(super) fn checks(unchanged: &[(SmolStr, Seen)]) -> Result<Vec<Check>, StoreError> {
    unchanged.iter().map(|(key, seen)| Ok((key.clone(), expected(seen)?))).collect()
}

fn expected(seen: &Seen) -> Result<Option<Arc<[u8]>>, StoreError> {
    Ok(match seen {
        Seen::Absent => None,
        Seen::Bytes(bytes) => Some(bytes.clone()),
        Seen::Value(value) => Some(format::payload(value)?.into()),
    })
}

/// A change with the place for its reply.
pub(super) struct Pending {
    change: Change,
    slot: Arc<Slot>,
}

type Slot = Mutex<Option<Result<Reply, StoreError>>>;

/// Callers' changes on the way into a commit.
#[derive(Default)]
pub(super) struct Group {
    queue: Mutex<Vec<Pending>>,
    leader: Mutex<()>,
}

impl Group {
    /// Has a change made, alone or with others, by `run`. A thread of `lane` adds what others want first.
    pub(super) fn submit(
        &self,
        change: Change,
        durability: Durability,
        lane: &Lane,
        run: impl Fn(&[Pending], Durability) -> Result<(), StoreError>,
    ) -> Result<Reply, StoreError> {
        let flush = matches!(change, Change::Flush);
        let slot = Arc::new(Slot::default());
        self.queue.lock().push(Pending { change, slot: slot.clone() });
        lane.help(|| slot.lock().is_some());
        loop {
            let _leads = self.leader.lock();
            if let Some(reply) = slot.lock().take() {
                return reply;
            }
            let batch: Vec<Pending> = {
                let mut queue = self.queue.lock();
                let count = queue.len().min(GROUP);
                queue.drain(..count).collect()
            };
            let flushes = flush || batch.iter().any(|pending| matches!(pending.change, Change::Flush));
            let durability = if flushes { Durability::Immediate } else { durability };
            if let Err(error) = run(&batch, durability) {
                for pending in &batch {
                    *pending.slot.lock() = Some(Err(error.clone()));
                }
            }
        }
    }
}

/// Makes changes in one commit, and their replies; whether anything has changed. `refuse` makes the caller's error of what
/// the tables refuse.
pub(super) fn run(
    database: &Database,
    batch: &[Pending],
    durability: Durability,
    now: u64,
    refuse: impl Fn(StoreError) -> StoreError,
) -> Result<bool, Fault> {
    let mut transaction = database.begin_write()?;
    transaction.set_durability(match durability {
        Durability::Immediate => redb::Durability::Immediate,
        Durability::Eventual => redb::Durability::None,
    })?;
    let mut changed = false;
    let mut replies = Vec::with_capacity(batch.len());
    for Pending { change, .. } in batch {
        let reply = if let Change::Clear = change {
            clear(&transaction)?;
            changed = true;
            Ok(Reply::Truth(true))
        } else {
            let mut tables = Tables::new(&transaction, now)?;
            let reply = tables.apply(change);
            changed |= tables.changed;
            match reply {
                Ok(reply) => Ok(reply),
                Err(Fault::Refused(error)) => Err(refuse(error)),
                Err(fault) => return Err(fault),
            }
        };
        replies.push(reply);
    }
    if changed {
        transaction.commit()?;
    } else {
        transaction.abort()?;
    }
    for (Pending { slot, .. }, reply) in batch.iter().zip(replies) {
        *slot.lock() = Some(reply);
    }
    Ok(changed)
}

fn clear(transaction: &WriteTransaction) -> Result<(), Fault> {
    transaction.delete_table(ENTRIES)?;
    transaction.delete_table(DEADLINES)?;
    transaction.open_table(ENTRIES)?;
    transaction.open_table(DEADLINES)?;
    Ok(())
}

/// The tables, while they are being changed.
struct Tables<'t> {
    entries: Table<'t, &'static str, &'static [u8]>,
    deadlines: Table<'t, (u64, &'static str), ()>,
    now: u64,
    changed: bool,
}

impl<'t> Tables<'t> {
    fn new(transaction: &'t WriteTransaction, now: u64) -> Result<Tables<'t>, Fault> {
        let (entries, deadlines) = (transaction.open_table(ENTRIES)?, transaction.open_table(DEADLINES)?);
        Ok(Tables { entries, deadlines, now, changed: false })
    }

    /// Payload and deadline of a live entry.
    fn live(&self, key: &str) -> Result<Option<Live>, Fault> {
        let Some(record) = self.entries.get(key)? else { return Ok(None) };
        let record = format::parse(key, record.value())?;
        Ok(is_live(record.deadline, self.now).then(|| (record.payload.into(), record.deadline)))
    }

    fn put(&mut self, key: &str, payload: &[u8], deadline: u64) -> Result<(), Fault> {
        let record = format::record(key, deadline, payload);
        let old = self.entries.insert(key, record.as_slice())?.map_or(0, |old| format::deadline(old.value()));
        self.changed = true;
        if old != deadline && old != 0 {
            self.deadlines.remove((old, key))?;
        }
        if old != deadline && deadline != 0 {
            self.deadlines.insert((deadline, key), ())?;
        }
        Ok(())
    }

    fn remove(&mut self, key: &str) -> Result<(), Fault> {
        let Some(old) = self.entries.remove(key)?.map(|old| format::deadline(old.value())) else { return Ok(()) };
        self.changed = true;
        if old != 0 {
            self.deadlines.remove((old, key))?;
        }
        Ok(())
    }

    fn apply(&mut self, change: &Change) -> Result<Reply, Fault> {
        match change {
            Change::Set { key, payload, deadline, condition } => {
                // An unconditional write without a look at what was there mends an entry that is damaged.
                if let (When::Always, Some(deadline)) = (condition, deadline) {
                    self.put(key, payload, *deadline)?;
                    return Ok(Reply::Truth(true));
                }
                let live = self.live(key)?;
                if let When::Is(expected) = condition
                    && live.as_ref().map(|(payload, _)| payload) != expected.as_ref()
                {
                    return Ok(Reply::Truth(false));
                }
                self.put(key, payload, deadline.unwrap_or(live.map_or(0, |(_, deadline)| deadline)))?;
                Ok(Reply::Truth(true))
            }
            Change::Incr { key, delta } => {
                let (sum, deadline) = match self.live(key)? {
                    None => (delta.clone(), 0),
                    Some((payload, deadline)) => {
                        let value = format::value(key, &payload)?;
                        (add(&value, delta).ok_or(StoreError::NotAnInt)?, deadline)
                    }
                };
                self.put(key, &format::payload(&sum)?, deadline)?;
                Ok(Reply::Value(Some(sum)))
            }
            Change::Take { key } => {
                let Some((payload, _)) = self.live(key)? else { return Ok(Reply::Value(None)) };
                let value = format::value(key, &payload)?;
                self.remove(key)?;
                Ok(Reply::Value(Some(value)))
            }
            Change::Delete { key } => {
                let record = self.entries.get(key.as_str())?.map(|record| format::deadline(record.value()));
                let live = record.is_some_and(|deadline| is_live(deadline, self.now));
                self.remove(key)?;
                Ok(Reply::Truth(live))
            }
            Change::Expire { key, deadline } => {
                let Some((payload, _)) = self.live(key)? else { return Ok(Reply::Truth(false)) };
                self.put(key, &payload, *deadline)?;
                Ok(Reply::Truth(true))
            }
            Change::Many { checks, writes } => self.many(checks, writes),
            Change::Sweep => self.sweep(),
            Change::Flush => {
                self.changed = true;
                Ok(Reply::Truth(true))
            }
            Change::Clear => Ok(Reply::Truth(true)),
        }
    }

    fn many(&mut self, checks: &[Check], writes: &[Binding]) -> Result<Reply, Fault> {
        for (key, expected) in checks {
            if self.live(key)?.map(|(payload, _)| payload) != *expected {
                return Err(StoreError::Conflict.into());
            }
        }
        // What may be refused comes before the first write.
        let mut deadlines = Vec::with_capacity(writes.len());
        for (key, write) in writes {
            deadlines.push(match write {
                Some((_, Some(deadline))) => *deadline,
                Some((_, None)) => self.live(key)?.map_or(0, |(_, deadline)| deadline),
                None => 0,
            });
        }
        for ((key, write), deadline) in writes.iter().zip(deadlines) {
            match write {
                Some((payload, _)) => self.put(key, payload, deadline)?,
                None => self.remove(key)?,
            }
        }
        Ok(Reply::Truth(true))
    }

    fn sweep(&mut self) -> Result<Reply, Fault> {
        let mut ended = Vec::new();
        for item in self.deadlines.range(..(self.now.saturating_add(1), ""))?.take(SWEEP) {
            let (key, _) = item?;
            let (deadline, key) = key.value();
            ended.push((deadline, SmolStr::new(key)));
        }
        for (deadline, key) in ended {
            self.deadlines.remove((deadline, key.as_str()))?;
            self.changed = true;
            let current = self.entries.get(key.as_str())?.map(|record| format::deadline(record.value()));
            if current == Some(deadline) {
                self.entries.remove(key.as_str())?;
            }
        }
        Ok(Reply::Truth(true))
    }
}
