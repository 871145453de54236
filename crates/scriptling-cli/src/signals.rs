//! Ctrl-C and SIGTERM.
//!
//! The first Ctrl-C raises `KeyboardInterrupt` in the script, so that `finally` blocks run; a second one, and SIGTERM, end
//! the process at once. Buffered output is written in all cases, and so is what stores in files have acknowledged.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use scriptling_runtime::Runtime;

use crate::report;

/// Whether Ctrl-C was pressed.
#[derive(Clone, Default)]
pub(crate) struct Interrupted(Arc<AtomicBool>);

impl Interrupted {
    /// Whether it was.
    pub(crate) fn was(&self) -> bool {
        self.0.load(Ordering::SeqCst)
    }

    fn ctrl_c(&self, runtime: &Runtime) {
        if self.0.swap(true, Ordering::SeqCst) {
            end(runtime, report::INTERRUPTED);
        }
        runtime.interrupt();
    }
}

/// Ends the process in the middle of a script.
fn end(runtime: &Runtime, code: i32) -> ! {
    // First: whatever is printed of a change that was made comes after the change is safe.
    runtime.flush_stores();
    runtime.flush();
    report::exit(code)
}

/// Will watch once the program takes time: starting a thread is a large part of what the shortest ones take. Until then the
/// system's default holds: the process just ends.
#[cfg(unix)]
pub(crate) fn watch(runtime: &Arc<Runtime>) -> Interrupted {
    let interrupted = Interrupted::default();
    let (runtime_of_watch, seen) = (runtime.clone(), interrupted.clone());
    runtime.on_first_pause(move || start(runtime_of_watch, seen));
    interrupted
}

/// Starts to watch. A system that allows no handlers leaves the default.
#[cfg(unix)]
fn start(runtime: Arc<Runtime>, interrupted: Interrupted) {
    use signal_hook::consts::{SIGINT, SIGTERM};

    let Ok(mut signals) = signal_hook::iterator::Signals::new([SIGINT, SIGTERM]) else { return };
    let watch = move || {
        for signal in signals.forever() {
            if signal == SIGINT {
                interrupted.ctrl_c(&runtime);
            } else {
                end(&runtime, report::TERMINATED);
            }
        }
    };
    // Without the thread signals would be caught and ignored, so failing to start it must not be silent.
    std::thread::Builder::new().name("signals".into()).spawn(watch).expect("one more thread can be started");
}

/// Starts to watch. A system that allows no handlers leaves the default: the process just ends.
#[cfg(not(unix))]
pub(crate) fn watch(runtime: &Arc<Runtime>) -> Interrupted {
    let interrupted = Interrupted::default();
    let (runtime, seen) = (runtime.clone(), interrupted.clone());
    // An error means that there is a handler already: there is none in this program.
    let _ = ctrlc::set_handler(move || seen.ctrl_c(&runtime));
    interrupted
}
