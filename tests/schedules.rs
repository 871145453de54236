//! The task scripts under many schedules: the deterministic mode of the runtime with one seed after the other.
//!
//! Every script of `scripts/tasks` must do what its directives say, whoever runs when. A failure names the seed:
//! `scriptling --schedule-seed N` does the same again. `SCHEDULE_SEEDS=200` tries that many seeds for each script instead of a
//! few, and `SCHEDULE_SEEDS=17..18` those. A script that is about real time opts out with `# schedules: skip reason` in its
//! first lines.

use std::io::Write;
use std::ops::Range;
use std::sync::mpsc::{Sender, channel};
use std::sync::{Arc, LazyLock, Mutex};
use std::time::Duration;

use libtest_mimic::{Arguments, Failed, Trial};
use scriptling_runtime::{DEADLOCK, Directories, Output, Runtime};
use scriptling_tests::check;
use scriptling_tests::corpus::{Script, scripts};
use scriptling_tests::directives::Directives;
use scriptling_tests::process::{Ran, TIME_LIMIT};
use scriptling_vm::error::Error;
use scriptling_vm::isolate::{Isolate, Limits, NoHost};
use scriptling_vm::library::Library;

/// Seeds that each script is run with by default.
const FEW: u64 = 4;

/// How the line begins that tells the seed.
const SEED_LINE: &str = "scriptling: the schedule was that of seed";

static LIBRARY: LazyLock<Arc<Library>> = LazyLock::new(|| {
    let modules = scriptling_stdlib::modules().into_iter().chain(scriptling_runtime::modules::all());
    Library::builder().boxed_modules(modules).pauses(true).build()
});

fn main() -> std::process::ExitCode {
    let arguments = Arguments::from_args();
    let seeds = seeds();
    let mut trials = vec![
        Trial::test("a seed decides what a race ends with", || Ok(same_seed_same_output()?)),
        Trial::test("some seed finds a race within a line", || Ok(some_seed_finds_a_race_within_a_line()?)),
    ];
    for script in scripts().into_iter().filter(|script| script.name.starts_with("tasks/")) {
        let directives = Directives::parse(&script.text);
        let skip = directives.skip.is_some() || directives.skip_schedules.is_some();
        let seeds = seeds.clone();
        let trial = Trial::test(script.name.clone(), move || conforms(&script, seeds).map_err(Failed::from));
        trials.push(trial.with_ignored_flag(skip));
    }
    libtest_mimic::run(&arguments, trials).exit_code()
}

/// The seeds that the environment asks for.
fn seeds() -> Range<u64> {
    let Ok(text) = std::env::var("SCHEDULE_SEEDS") else { return 1..1 + FEW };
    let number =
        |text: &str| text.parse::<u64>().expect("SCHEDULE_SEEDS is a number of seeds, or a range a..b of them");
    match text.split_once("..") {
        Some((first, end)) => number(first)..number(end),
        None => 1..1 + number(&text),
    }
}

/// Runs a script with each seed, on a thread that may hang.
fn conforms(script: &Script, seeds: Range<u64>) -> Result<(), String> {
    let (done, results) = channel();
    let runner = (script.clone(), seeds.clone());
    std::thread::spawn(move || run_all(&runner.0, runner.1, &done));
    let directives = Directives::parse(&script.text);
    for seed in seeds {
        let ran = results.recv_timeout(TIME_LIMIT).map_err(|_| format!("with seed {seed} it hangs, or panics"))?;
        check::against_directives(&ran, &directives, &script.name)
            .map_err(|what| format!("with seed {seed} (scriptling --schedule-seed {seed}):\n{what}"))?;
    }
    Ok(())
}

fn run_all(script: &Script, seeds: Range<u64>, done: &Sender<Ran>) {
    for seed in seeds {
        if done.send(run(script, seed)).is_err() {
            // The one before was wrong.
            return;
        }
    }
}

/// What the command line does with a script.
fn run(script: &Script, seed: u64) -> Ran {
    let directives = Directives::parse(&script.text);
    let (out, err) = (Sink::default(), Sink::default());
    let output = Output::new(Box::new(out.clone()), Box::new(err.clone()), false);
    let folder = script.path.parent().map(Into::into).unwrap_or_default();
    let argv = std::iter::once(script.path.display().to_string()).chain(directives.args.iter().cloned());
    let builder =
        Runtime::builder().deterministic(seed).output(output).argv(argv).kv_files(true).detect_deadlocks(true);
    let builder = with_flags(builder.loader(Directories(vec![folder])), &directives.flags);
    let runtime = builder.build(LIBRARY.clone()).expect("it starts no threads");
    let compiler = Isolate::new(LIBRARY.clone(), Box::new(NoHost), Limits::default());
    let unit = compiler.compile(&script.path.display().to_string(), &script.text);
    let result = unit.and_then(|unit| runtime.run_main(unit));
    drop(runtime);
    let mut stderr: String = err.text().split_inclusive('\n').filter(|line| !line.starts_with(SEED_LINE)).collect();
    let code = match result {
        Ok(_) => 0,
        Err(error) => {
            stderr.push_str(&text_of(&error));
            error.exit_code().unwrap_or(if error.class() == DEADLOCK { 3 } else { 1 })
        }
    };
    Ran { stdout: out.text(), stderr, code: Some(code), timed_out: false }
}

fn text_of(error: &Error) -> String {
    match error.exit_code() {
        Some(1) if error.message() != "1" => error.message().to_owned(),
        Some(_) => String::new(),
        None => error.rendered().to_owned(),
    }
}

fn with_flags(builder: scriptling_runtime::Builder, flags: &[String]) -> scriptling_runtime::Builder {
    flags.chunks(2).fold(builder, |builder, flag| match flag {
        [name, value] if name == "--grace" => {
            let grace = value.parse().expect("it is a number of seconds");
            builder.grace(Duration::from_secs_f64(grace))
        }
        // The script is about time: it is to pass quickly, whoever runs when.
        [name, _] if name == "--schedule-seed" => builder,
        other => panic!("{other:?}: this test does not know that flag yet"),
    })
}

/// The tasks of this script lose updates and print in some order: another one for most seeds, and always the same for one.
fn same_seed_same_output() -> Result<(), String> {
    const RACE: &str = "
import scriptling.runtime as runtime
import scriptling.runtime.sync as sync
import time
count = sync.Atomic('count')
def work(name):
    for turn in range(5):
        seen = count.get()
        time.sleep(0.001 * (turn % 2))
        count.set(seen + 1)
        print(name, turn, seen, time.monotonic(), time.time_ns())
def fail():
    raise ValueError(str(count.get()))
tick = runtime.every(0.001, lambda: print('tick', count.add(1)), jitter=0.0005)
tasks = [runtime.run(work, name) for name in 'abcd']
runtime.run(fail)
print(list(runtime.map(lambda n: count.add(n), range(6), ordered=False)))
runtime.gather(*tasks)
print(count.get())
raise RuntimeError('the end')
";
    let folder = std::env::temp_dir();
    let script = Script { path: folder.join("race.py"), name: "race.py".into(), text: RACE.into() };
    let mut seen = std::collections::BTreeSet::new();
    for seed in 0..10 {
        let (once, again) = (run(&script, seed), run(&script, seed));
        if once != again {
            return Err(format!("seed {seed}: {}", check::difference(&again.stdout, &once.stdout)));
        }
        if !once.stderr.contains("RuntimeError: the end") || !once.stderr.contains("Exception in task 'fail'") {
            return Err(format!("seed {seed}: {}", once.stderr));
        }
        seen.insert(once.stdout);
    }
    if seen.len() < 5 { Err(format!("ten seeds give {} different outputs only", seen.len())) } else { Ok(()) }
}

/// Reading and writing are calls of natives side by side: no loop turns and nothing waits in between.
fn some_seed_finds_a_race_within_a_line() -> Result<(), String> {
    const RACES: &str = "
import scriptling.runtime as runtime
import scriptling.runtime.kv as kv
import scriptling.runtime.sync as sync
shared, atomic, lock, store = sync.Shared('s', 0), sync.Atomic('a'), sync.Lock('l'), kv.open(':memory:race')
def work():
    shared.set(shared.get() + 1)
    store.set('set', store.get('set', 0) + 1)
    store['item'] = store.get('item', 0) + 1
    store.incr('incr')
    atomic.add(1)
    with lock:
        store['locked'] = store.get('locked', 0) + 1
def last():
    queue = sync.Queue('one')
    return queue.get_nowait() if queue.size() == 1 else None
sync.Queue('one').put(1)
runtime.gather(*[runtime.run(work) for _ in range(4)])
lost = [name for name, value in [
    ('Shared', shared.get()), ('set', store['set']), ('item', store['item']), ('incr', store['incr']),
    ('Atomic', atomic.get()), ('locked', store['locked']),
] if value != 4]
try:
    runtime.gather(runtime.run(last), runtime.run(last))
except sync.Empty:
    lost.append('size')
print(*lost)
";
    let script = Script { path: std::env::temp_dir().join("races.py"), name: "races.py".into(), text: RACES.into() };
    let mut lost = std::collections::BTreeSet::new();
    for seed in 0..60 {
        let ran = run(&script, seed);
        if ran.code != Some(0) {
            return Err(format!("seed {seed}: {}", ran.stderr));
        }
        lost.extend(ran.stdout.split_whitespace().map(str::to_owned));
    }
    let expected = ["Shared", "item", "set", "size"];
    if lost.iter().map(String::as_str).eq(expected) {
        Ok(())
    } else {
        Err(format!("60 seeds find races in {lost:?}, not in {expected:?}"))
    }
}

/// Collects what is written.
#[derive(Clone, Default)]
struct Sink(Arc<Mutex<Vec<u8>>>);

impl Sink {
    fn text(&self) -> String {
        String::from_utf8_lossy(&self.0.lock().expect("nobody panics with it")).into_owned()
    }
}

impl Write for Sink {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().expect("nobody panics with it").extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}
