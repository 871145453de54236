//! Every limit with its reason. What a script can exhaust is bounded here or by [`Limits`](crate::isolate::Limits).

/// Bytes a heap may hold unless the host says otherwise: room for real programs, small next to a server's memory.
pub const DEFAULT_MEMORY: usize = 512 * 1024 * 1024;

/// Script frames on a fiber: CPython's default recursion limit.
pub const DEFAULT_CALL_DEPTH: usize = 1000;

/// Recursion of Rust code over nested values (repr, compare, hash, copy): well within a 2 MiB thread stack in a debug
/// build, and deeper than data written by hand. Beyond it: RecursionError.
pub const MAX_NESTING: usize = 200;

/// Operand stack slots of one fiber (16 bytes each). Reached only through huge argument lists, because call depth is limited.
pub const MAX_STACK: usize = 1 << 20;

/// Fibers of one isolate, besides its main one: each takes about a kilobyte, and what it grows to counts as memory.
pub const MAX_FIBERS: usize = 100_000;

/// Digits in int <-> str conversions, as CPython's `sys.int_info.default_max_str_digits`.
pub const MAX_INT_DIGITS: usize = 4300;

/// Words of work charged as one back-edge when a native does bulk work.
pub const BULK_PER_FUEL: usize = 32;

/// Bits of an int result that a single operation may produce without asking for memory.
pub const CHEAP_INT_BITS: u64 = 1 << 16;
