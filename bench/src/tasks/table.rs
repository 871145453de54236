//! What is measured: the scripts, how often they repeat their operation, and what was promised.

use crate::measure::Target;

/// An argument that stands for the path of a store that does not exist yet.
pub(super) const FILE: &str = "FILE";

/// As a `repeat`: as many tasks as `--parked` says.
pub(super) const PARKED: u64 = 0;

/// One number: what a script of this name prints.
pub(super) struct Bench {
    pub(super) name: &'static str,
    what: &'static str,
    pub(super) unit: &'static str,
    pub(super) target: Target,
    /// How often the operation is repeated: the script's first argument.
    pub(super) repeat: u64,
    /// Its other arguments.
    pub(super) arguments: &'static [&'static str],
}

impl Bench {
    /// `kv set, 2 tasks`
    pub(super) fn title(&self) -> String {
        match self.arguments {
            [operation, "1", ..] => format!("{} {operation}, 1 task", self.what),
            [operation, tasks @ ("2" | "8"), ..] => format!("{} {operation}, {tasks} tasks", self.what),
            [operation, ..] => format!("{} {operation}", self.what),
            [] => self.what.to_owned(),
        }
    }

    /// Whether CPython may be asked for the same: it has no such files.
    pub(super) fn has_twin(&self) -> bool {
        !self.arguments.contains(&FILE)
    }
}

const fn bench(name: &'static str, what: &'static str, unit: &'static str, target: Target, repeat: u64) -> Bench {
    Bench { name, what, unit, target, repeat, arguments: &[] }
}

/// With nothing promised but to be faster than CPython.
const fn faster(name: &'static str, what: &'static str, repeat: u64, arguments: &'static [&'static str]) -> Bench {
    Bench { name, what, unit: "us", target: Target::None, repeat, arguments }
}

const fn memory_store(arguments: &'static [&'static str]) -> Bench {
    faster("kv_tasks", "kv", 400_000, arguments)
}

const fn file_store(repeat: u64, arguments: &'static [&'static str]) -> Bench {
    faster("kv_tasks", "kv in a file,", repeat, arguments)
}

const fn growth(what: &'static str, repeat: u64, arguments: &'static [&'static str]) -> Bench {
    Bench { name: "kv_growth", what, unit: "x", target: Target::AtMost(1.5), repeat, arguments }
}

pub(super) const BENCHES: [Bench; 42] = [
    bench("spawn_join", "spawn + join", "us", Target::AtMost(5.0), 50_000),
    bench("park_resume", "park + resume through the pool", "us", Target::AtMost(1.0), 300_000),
    bench("ping_pong", "queue ping-pong, per round trip", "us", Target::AtMost(1.0), 200_000),
    bench("token_ring", "token ring of 503, per hop", "us", Target::AtMost(0.5), 500_000),
    bench("queue_put_get", "Queue put + get, uncontended", "us", Target::AtMost(0.4), 300_000),
    faster("queue_throughput", "queue between two tasks, per item", 300_000, &[]),
    faster("bounded_queue", "queue of 64 between 4 and 4 tasks", 200_000, &[]),
    bench("atomic_add", "Atomic.add", "us", Target::AtMost(0.2), 500_000),
    faster("atomic_contended", "Atomic.add from 8 tasks", 800_000, &[]),
    bench("shared_get", "Shared.get", "us", Target::AtMost(0.2), 500_000),
    faster("shared_contended", "Shared.update from 8 tasks", 400_000, &[]),
    faster("lock_contended", "with Lock from 8 tasks", 400_000, &[]),
    bench("kv_set_get", "kv set + get", "us", Target::AtMost(0.6), 300_000),
    bench("kv_incr", "kv incr", "us", Target::AtMost(0.3), 300_000),
    memory_store(&["set", "1"]),
    memory_store(&["set", "2"]),
    memory_store(&["set", "8"]),
    memory_store(&["get", "1"]),
    memory_store(&["get", "2"]),
    memory_store(&["get", "8"]),
    memory_store(&["incr", "1"]),
    memory_store(&["incr", "2"]),
    memory_store(&["incr", "8"]),
    file_store(2_000, &["set", "1", FILE]),
    file_store(2_000, &["set", "2", FILE]),
    file_store(4_000, &["set", "8", FILE]),
    file_store(20_000, &["get", "1", FILE]),
    file_store(20_000, &["get", "2", FILE]),
    file_store(20_000, &["get", "8", FILE]),
    file_store(2_000, &["incr", "1", FILE]),
    file_store(2_000, &["incr", "2", FILE]),
    file_store(4_000, &["incr", "8", FILE]),
    growth("1,000,000 keys, times 1,000: kv", 300_000, &["set"]),
    growth("1,000,000 keys, times 1,000: kv", 300_000, &["get"]),
    growth("the same in a file: kv", 1_000, &["set", FILE]),
    growth("the same in a file: kv", 20_000, &["get", FILE]),
    bench("two_cpu_tasks", "two CPU-bound tasks, times one", "x", Target::AtMost(1.25), 2_000_000),
    bench("map_cpu", "map on 2 workers, times faster", "x", Target::AtLeast(1.9), 6_400_000),
    bench("echo_latency", "echo among hogs, p99", "ms", Target::AtMost(3.0), 1_000),
    faster("many_tasks", "many parked tasks, each:", PARKED, &["create"]),
    faster("many_tasks", "many parked tasks, each:", PARKED, &["wake"]),
    Bench {
        name: "sleeping_tasks",
        what: "100,000 sleeping tasks, late p99",
        unit: "ms",
        target: Target::None,
        repeat: 100_000,
        arguments: &[],
    },
];
