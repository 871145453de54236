//! What is in the file: three tables, and the few bytes in front of each value.
//!
//! `entries` has a record per key: version, checksum, deadline, value (`codec`). `deadlines` has the keys that end, by
//! deadline, so that what has ended is found without looking at anything else. `about` says whose file it is. Deadlines are
//! microseconds since 1970; 0: none.
//!
//! The checksum covers key, deadline and value. redb vouches for all pages of a file when it is opened, and not for those that
//! it reads again later; a bit that flips meanwhile must not come out as another number.

use redb::TableDefinition;
use scriptling_vm::portable::Portable;

use crate::kv::{StoreError, codec};

pub(super) const ENTRIES: TableDefinition<'static, &str, &[u8]> = TableDefinition::new("entries");
pub(super) const DEADLINES: TableDefinition<'static, (u64, &str), ()> = TableDefinition::new("deadlines");
pub(super) const ABOUT: TableDefinition<'static, &str, u64> = TableDefinition::new("about");

/// The key in `about` under which the version of the tables is.
pub(super) const FORMAT: &str = "scriptling kv format";

/// The version of the tables.
pub(super) const FORMAT_VERSION: u64 = 1;

/// The version of records.
const RECORD_VERSION: u8 = 1;

/// Version, checksum and deadline.
const HEADER: usize = 1 + 4 + 8;

/// A record's parts.
pub(super) struct Record<'b> {
    pub(super) deadline: u64,
    pub(super) payload: &'b [u8],
}

fn checksum(key: &str, deadline: u64, payload: &[u8]) -> u32 {
    let mut hasher = crc32fast::Hasher::new();
    hasher.update(&(key.len() as u64).to_le_bytes());
    hasher.update(key.as_bytes());
    hasher.update(&deadline.to_le_bytes());
    hasher.update(payload);
    hasher.finalize()
}

/// A record.
pub(super) fn record(key: &str, deadline: u64, payload: &[u8]) -> Vec<u8> {
    let mut record = Vec::with_capacity(HEADER + payload.len());
    record.push(RECORD_VERSION);
    record.extend_from_slice(&checksum(key, deadline, payload).to_le_bytes());
    record.extend_from_slice(&deadline.to_le_bytes());
    record.extend_from_slice(payload);
    record
}

/// The deadline of a record, unchecked: 0 if it is too short to have one.
pub(super) fn deadline(record: &[u8]) -> u64 {
    let bytes = record.get(HEADER - 8..HEADER).and_then(|bytes| bytes.try_into().ok());
    bytes.map_or(0, u64::from_le_bytes)
}

/// What an entry that is damaged is refused with.
fn damaged(key: &str, what: &str) -> StoreError {
    let cure = "set or delete the key, or restore the file from a copy";
    StoreError::Damaged(format!("the entry '{key}' is damaged ({what}): {cure}"))
}

/// A record taken apart, if it is what was written for this key.
pub(super) fn parse<'b>(key: &str, record: &'b [u8]) -> Result<Record<'b>, StoreError> {
    let (Some(&version), Some(sum), Some(payload)) = (record.first(), record.get(1..5), record.get(HEADER..)) else {
        return Err(damaged(key, "it is too short"));
    };
    if version != RECORD_VERSION {
        return Err(damaged(key, "it is of a version that this program does not know"));
    }
    let deadline = deadline(record);
    if sum != checksum(key, deadline, payload).to_le_bytes() {
        return Err(damaged(key, "its checksum does not match"));
    }
    Ok(Record { deadline, payload })
}

/// The value of a payload.
pub(super) fn value(key: &str, payload: &[u8]) -> Result<Portable, StoreError> {
    codec::decode(payload).map_err(|problem| damaged(key, &problem.0))
}

/// The payload of a value.
pub(super) fn payload(value: &Portable) -> Result<Vec<u8>, StoreError> {
    codec::encode(value).ok_or_else(|| StoreError::Failed("only data can be stored".into()))
}
