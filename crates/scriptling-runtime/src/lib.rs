//! Background tasks, sync primitives and the key-value store of Scriptling.
//!
//! The virtual machine knows no threads; this crate has them. A [`Runtime`] runs isolates as tasks on a pool of threads
//! (`pool`, `task`), parks those that wait (`timer`, `sync`), and gives scripts the modules for it (`modules`). Everything
//! reaches the machine through its public native API.

mod batch;
mod cap;
mod clock;
mod cron;
mod deadlock;
mod group;
pub mod kv;
mod limits;
mod live;
mod loader;
mod many;
pub mod modules;
mod offload;
mod output;
#[cfg(all(test, shuttle))]
mod permutations;
mod pool;
mod primitives;
mod ready;
mod repeat;
mod runtime;
mod schedule;
mod seeded;
pub mod sync;
mod task;
mod timer;

pub use cap::Item;
pub use clock::{Clock, ManualClock, SystemClock};
pub use deadlock::{DEADLOCK, Outside};
pub use limits::TaskLimits;
pub use loader::{Directories, Loader, NoModules};
pub use offload::{Failed, offload};
pub use output::Output;
pub use runtime::{Builder, Runtime};
pub use schedule::TaskContext;
pub use task::{Activity, Failure, Join, Task};
pub use timer::{Sleep, Timer};
