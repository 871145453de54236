//! The runner matrix: the proof that a script can stop and go on anywhere.
//!
//! Every script that needs no runtime runs four times in this process: plainly; with fuel for one step per slice; with
//! seven steps per slice and another thread for each slice; with a collection at every safepoint. Output and traceback
//! must be the same to the byte. The special treatment ends after a while, so that long programs stay affordable; what
//! they do by then they do all the time. A script opts out with `# matrix: skip reason` in its first lines.

use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, LazyLock, Mutex};
use std::task::{Wake, Waker};

use libtest_mimic::{Arguments, Failed, Trial};
use scriptling_runtime::{Directories, Loader};
use scriptling_tests::check::difference;
use scriptling_tests::corpus::{Script, scripts};
use scriptling_tests::directives::Directives;
use scriptling_vm::error::ExcClass;
use scriptling_vm::isolate::{Host, Isolate, Limits, ModuleSource, Slice, Stream};
use scriptling_vm::library::Library;

/// How a script is run.
#[derive(Clone, Copy, Debug)]
struct Mode {
    name: &'static str,
    /// Fuel of a slice under special treatment.
    fuel: u64,
    /// Slices under special treatment.
    slices: usize,
    /// Whether each of them runs on another thread than the one before.
    moves: bool,
    /// Whether each of their safepoints collects.
    collects: bool,
}

const PLAIN: Mode = Mode { name: "plain", fuel: 1 << 20, slices: 0, moves: false, collects: false };
const SPECIAL: [Mode; 3] = [
    Mode { name: "one step per slice", fuel: 1, slices: 50_000, moves: false, collects: false },
    Mode { name: "another thread for each slice", fuel: 7, slices: 2_000, moves: true, collects: false },
    Mode { name: "a collection at every safepoint", fuel: 100, slices: 300, moves: false, collects: true },
];

fn main() -> std::process::ExitCode {
    let arguments = Arguments::from_args();
    let trials = scripts().into_iter().filter(is_candidate).map(|script| {
        let skip = Directives::parse(&script.text).skip_matrix.is_some();
        let trial = Trial::test(script.name.clone(), move || agrees(&script).map_err(Failed::from));
        trial.with_ignored_flag(skip)
    });
    libtest_mimic::run(&arguments, trials.collect()).exit_code()
}

/// Whether a script runs without a scheduler, clocks and command line.
fn is_candidate(script: &Script) -> bool {
    let needs_runtime = ["scriptling", "sys", "time"].iter().any(|module| {
        script.text.contains(&format!("import {module}")) || script.text.contains(&format!("from {module}"))
    });
    let directives = Directives::parse(&script.text);
    !needs_runtime && !script.is_wish() && directives.skip.is_none() && directives.flags.is_empty()
}

fn agrees(script: &Script) -> Result<(), String> {
    let plain = run(script, PLAIN)?;
    for mode in SPECIAL {
        let other = run(script, mode)?;
        if other != plain {
            return Err(format!("with {}: {}", mode.name, difference(&other, &plain)));
        }
    }
    Ok(())
}

/// Runs a script: everything it printed, then its traceback if it failed.
fn run(script: &Script, mode: Mode) -> Result<String, String> {
    static LIBRARY: LazyLock<Arc<Library>> = LazyLock::new(|| {
        let modules = scriptling_stdlib::modules().into_iter().chain(scriptling_runtime::modules::all());
        Library::builder().boxed_modules(modules).build()
    });
    let output = Arc::new(Mutex::new(String::new()));
    let folder = script.path.parent().map(PathBuf::from).unwrap_or_default();
    let host = Recorder { output: output.clone(), loader: Directories(vec![folder]) };
    let mut isolate = Isolate::new(LIBRARY.clone(), Box::new(host), Limits::default());
    let failure = match isolate.compile(&script.name, &script.text).and_then(|unit| isolate.start_main(unit)) {
        Ok(()) => drive(isolate, mode)?,
        Err(error) => Some(error.rendered().to_owned()),
    };
    let mut text = output.lock().map_err(|_| "a run panicked")?.clone();
    text.push_str(&failure.unwrap_or_default());
    Ok(text)
}

/// Runs slices until the end; the rendered traceback if that is a failure.
fn drive(isolate: Isolate, mode: Mode) -> Result<Option<String>, String> {
    let mut threads = Threads::start(if mode.moves { 2 } else { 1 });
    let mut isolate = isolate;
    isolate.set_gc_stress(mode.collects);
    let woken = Arc::new(Woken::default());
    for slice in 0.. {
        let special = slice < mode.slices;
        if !special {
            isolate.set_gc_stress(false);
        }
        let fuel = if special { mode.fuel } else { PLAIN.fuel };
        let ended;
        (isolate, ended) = threads.run(isolate, fuel, Waker::from(woken.clone()))?;
        match ended {
            Slice::Done(_) => return Ok(None),
            Slice::Failed(error) => return Ok(Some(error.rendered().to_owned())),
            Slice::OutOfFuel => {}
            Slice::Parked if woken.0.swap(false, Ordering::SeqCst) => {}
            Slice::Parked => isolate.interrupt(ExcClass::RuntimeError, "it waits for ever"),
        }
    }
    Ok(None)
}

/// A slice to run.
struct Job {
    isolate: Isolate,
    fuel: u64,
    waker: Waker,
}

/// Threads that take slices in turn.
struct Threads {
    jobs: Vec<Sender<Job>>,
    results: Receiver<(Isolate, Slice)>,
    next: usize,
}

impl Threads {
    fn start(count: usize) -> Threads {
        let (done, results) = channel();
        let jobs = (0..count).map(|_| {
            let (job, inbox) = channel::<Job>();
            let done = done.clone();
            std::thread::spawn(move || {
                for Job { mut isolate, fuel, waker } in inbox {
                    let slice = isolate.run(fuel, &waker);
                    if done.send((isolate, slice)).is_err() {
                        return;
                    }
                }
            });
            job
        });
        Threads { jobs: jobs.collect(), results, next: 0 }
    }

    fn run(&mut self, isolate: Isolate, fuel: u64, waker: Waker) -> Result<(Isolate, Slice), String> {
        self.next = (self.next + 1) % self.jobs.len();
        // A thread is gone only if the run panicked on it.
        let panicked = |()| "the virtual machine panicked".to_owned();
        self.jobs[self.next].send(Job { isolate, fuel, waker }).map_err(|_| panicked(()))?;
        if self.jobs.len() == 1 {
            return self.results.recv().map_err(|_| panicked(()));
        }
        // With two threads the other one keeps the channel open: give up after a time no slice takes.
        self.results.recv_timeout(scriptling_tests::process::TIME_LIMIT).map_err(|_| panicked(()))
    }
}

#[derive(Default)]
struct Woken(AtomicBool);

impl Wake for Woken {
    fn wake(self: Arc<Self>) {
        self.0.store(true, Ordering::SeqCst);
    }
}

/// A host that records output and finds modules beside the script.
struct Recorder {
    output: Arc<Mutex<String>>,
    loader: Directories,
}

impl Host for Recorder {
    fn write(&mut self, _stream: Stream, text: &str) {
        if let Ok(mut output) = self.output.lock() {
            output.push_str(text);
        }
    }

    fn find_module(&mut self, name: &str) -> Result<Option<ModuleSource>, String> {
        self.loader.find(name)
    }
}
