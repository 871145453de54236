//! The command line: bad input is one clear error and a documented exit code, never a crash; output and signals behave.

use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::time::Duration;

use scriptling_tests::process::{Ran, finish, run};

fn scriptling(args: &[&str]) -> Ran {
    run(Command::new(env!("CARGO_BIN_EXE_scriptling")).args(args), "")
}

/// A file in this test's own folder.
fn file(name: &str, contents: &[u8]) -> PathBuf {
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("cli");
    std::fs::create_dir_all(&folder).expect("the target folder is writable");
    let path = folder.join(name);
    std::fs::write(&path, contents).expect("the target folder is writable");
    path
}

fn assert_fails(ran: &Ran, code: i32, message: &str) {
    assert_eq!(ran.code, Some(code), "{ran:?}");
    assert!(ran.stderr.contains(message), "no {message:?} in:\n{}", ran.stderr);
    assert!(!ran.stderr.contains("panicked"), "{}", ran.stderr);
    assert!(!ran.timed_out);
}

/// A script given by `-c` that ends with an uncaught exception.
fn assert_raises(code: &str, message: &str) {
    let ran = scriptling(&["--seconds", "60", "-c", code]);
    assert_fails(&ran, 1, message);
    assert!(ran.stderr.starts_with("Traceback (most recent call last):\n"), "{}", ran.stderr);
}

#[test]
fn a_missing_file_is_a_usage_error() {
    let ran = scriptling(&["not_there.py"]);
    assert_fails(&ran, 2, "scriptling: can't open file 'not_there.py': No such file or directory");
    assert_eq!(ran.stderr.lines().count(), 1);
}

#[test]
fn a_directory_is_a_usage_error() {
    let folder = env!("CARGO_TARGET_TMPDIR");
    assert_fails(&scriptling(&[folder]), 2, &format!("scriptling: can't open file '{folder}': Is a directory"));
}

#[test]
fn a_binary_file_is_a_usage_error() {
    let path = file("binary", b"\x7fELF\x02\x01\x01\0\0\0\0");
    let ran = scriptling(&[&path.to_string_lossy()]);
    assert_fails(&ran, 2, "not a script (null byte at offset 7)");
    assert_eq!(ran.stderr.lines().count(), 1);
}

#[test]
fn text_in_another_encoding_is_a_syntax_error_with_its_line() {
    let path = file("latin1.py", b"x = 1\ny = 'caf\xe9'\n");
    let ran = scriptling(&[&path.to_string_lossy()]);
    assert_fails(&ran, 1, "SyntaxError");
    assert!(ran.stderr.contains("line 2"), "{}", ran.stderr);
}

#[test]
fn an_unknown_option_is_a_usage_error() {
    assert_fails(&scriptling(&["--unknown"]), 2, "unexpected argument '--unknown'");
    assert_fails(&scriptling(&["--seconds", "soon", "x.py"]), 2, "expected a positive number of seconds");
    assert_fails(&scriptling(&["dis"]), 2, "dis takes one file");
}

#[test]
fn syntax_errors_are_rendered_like_cpython_s() {
    let path = file("broken.py", b"def f(:\n    pass\n");
    let ran = scriptling(&[&path.to_string_lossy()]);
    assert_fails(&ran, 1, "SyntaxError");
    assert!(ran.stderr.contains("line 1\n    def f(:\n"), "{}", ran.stderr);
    assert_eq!(ran.stdout, "");
}

#[test]
fn several_syntax_errors_are_all_shown() {
    let ran = scriptling(&["-c", "x = = 1\ny = 2\nif y\n    pass\n"]);
    assert_fails(&ran, 1, "invalid syntax");
    assert!(ran.stderr.contains("expected ':'"), "{}", ran.stderr);
}

#[test]
fn misuse_of_the_runtime_is_an_exception() {
    assert_raises("import scriptling.runtime as r\nr.background('t', 'nope')", "nope");
    let generator = "import scriptling.runtime as r\ndef f(x): pass\nr.background('t', f, (i for i in [1]))";
    assert_raises(generator, "TypeError: background arg 0: generator");
    assert_raises("import scriptling.runtime.kv as kv\nkv.set([1], 2)", "TypeError");
    assert_raises("import scriptling.runtime.kv as kv\nkv.set('k', 2, ttl=-1)", "ValueError");
    assert_raises("import scriptling.runtime.sync as s\ns.WaitGroup('w').done()", "ValueError");
    assert_raises("import scriptling.runtime.sync as s\nq = s.Queue('q')\nq.close()\nq.put(1)", "closed");
}

#[test]
fn limits_are_exceptions() {
    assert_raises("def f(): f()\nf()", "RecursionError: maximum recursion depth exceeded");
    assert_raises("'a' * 10**14", "MemoryError");
    assert_raises("[0] * 10**12", "MemoryError");
    assert_raises("10**10**10", "Error");
}

#[test]
fn an_infinite_loop_ends_at_its_time_limit() {
    let ran = scriptling(&["--seconds", "0.3", "-c", "while True: pass"]);
    assert_fails(&ran, 1, "time limit");
    let ran = scriptling(&["--fuel", "10000", "-c", "while True: pass"]);
    assert_fails(&ran, 1, "FuelExhausted");
}

#[test]
fn a_list_that_contains_itself_prints() {
    let ran = scriptling(&["-c", "x = [1]\nx.append(x)\nprint(x)"]);
    assert_eq!((ran.stdout.as_str(), ran.code), ("[1, [...]]\n", Some(0)));
}

#[test]
fn exit_codes_are_the_script_s() {
    assert_eq!(scriptling(&["-c", "import sys; sys.exit(7)"]).code, Some(7));
    assert_eq!(scriptling(&["-c", "import sys; sys.exit()"]).code, Some(0));
    let ran = scriptling(&["-c", "import sys; sys.exit('bad luck')"]);
    assert_eq!((ran.code, ran.stderr.as_str()), (Some(1), "bad luck\n"));
}

#[test]
fn a_script_may_come_from_standard_input() {
    let mut command = Command::new(env!("CARGO_BIN_EXE_scriptling"));
    assert_eq!(run(&mut command, "print(6 * 7)").stdout, "42\n");
    let ran = run(Command::new(env!("CARGO_BIN_EXE_scriptling")).args(["-", "a"]), "import sys; print(sys.argv)");
    assert_eq!(ran.stdout, "['-', 'a']\n");
    let ran = run(Command::new(env!("CARGO_BIN_EXE_scriptling")).args(["-c", "import sys; print(sys.argv)", "-x"]), "");
    assert_eq!(ran.stdout, "['-c', '-x']\n");
}

#[test]
fn version_and_help_describe_the_command() {
    assert_eq!(scriptling(&["--version"]).stdout, format!("scriptling {}\n", env!("CARGO_PKG_VERSION")));
    let help = scriptling(&["--help"]);
    assert_eq!(help.code, Some(0));
    assert!(help.stdout.contains("Exit codes:"), "{}", help.stdout);
}

#[test]
fn dis_prints_bytecode() {
    let path = file("dis.py", b"def add(a, b):\n    return a + b\n");
    let ran = scriptling(&["dis", &path.to_string_lossy()]);
    assert_eq!(ran.code, Some(0), "{}", ran.stderr);
    assert!(ran.stdout.contains("add") && ran.stdout.contains("Return"), "{}", ran.stdout);
    assert_fails(&scriptling(&["dis", "not_there.py"]), 2, "No such file or directory");
}

#[test]
fn a_reader_that_goes_away_ends_the_script_silently() {
    let mut command = Command::new(env!("CARGO_BIN_EXE_scriptling"));
    command.args(["-c", "while True: print('line')"]);
    let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("the binary was built");
    // Dropping our end closes the pipe; `finish` gets an empty one in its place.
    drop(child.stdout.take());
    let mut echo = Command::new("true").stdout(Stdio::piped()).spawn().expect("`true` exists");
    child.stdout = echo.stdout.take();
    echo.wait().expect("`true` ends");
    let ran = finish(child, Duration::from_secs(30));
    assert_eq!((ran.code, ran.stderr.as_str(), ran.timed_out), (Some(141), "", false));
}

#[cfg(unix)]
#[test]
fn signals_end_the_script_with_their_code_and_flush_output() {
    for (signal, code) in [("INT", 130), ("TERM", 143)] {
        // The second script waits in a park, the first one runs.
        for script in ["print('before')\nwhile True: pass", "import time\nprint('before')\ntime.sleep(100)"] {
            let mut command = Command::new(env!("CARGO_BIN_EXE_scriptling"));
            command.args(["-c", script]).stdout(Stdio::piped()).stderr(Stdio::piped());
            let child = command.spawn().expect("the binary was built");
            std::thread::sleep(Duration::from_millis(500));
            let kill = Command::new("kill").args([&format!("-{signal}"), &child.id().to_string()]).status();
            assert!(kill.expect("`kill` exists").success());
            let ran = finish(child, Duration::from_secs(30));
            assert_eq!(
                (ran.code, ran.stdout.as_str(), ran.timed_out),
                (Some(code), "before\n", false),
                "{}",
                ran.stderr
            );
            assert_eq!(ran.stderr.contains("KeyboardInterrupt"), signal == "INT", "{}", ran.stderr);
        }
    }
}

#[test]
fn string_hashes_differ_between_processes() {
    let hash = || scriptling(&["-c", "print([hash('a'), hash('b'), hash('c')])"]).stdout;
    let first = hash();
    assert!(first.starts_with('['), "{first}");
    // All three the same twice by chance: once in 2^192 runs.
    assert_ne!(first, hash());
}

/// Values outside of tasks, with a cap of a megabyte on them.
#[test]
fn what_tasks_share_has_a_cap_of_its_own_and_is_given_back() {
    let code = "import scriptling.runtime as runtime
import scriptling.runtime.kv as kv
import scriptling.runtime.sync as sync

def refused(function):
    try:
        function()
    except MemoryError as e:
        return str(e)
    return None

queue = sync.Queue('jobs')
def fill():
    while True: queue.put('x' * 1000)
print(900 < len(queue) if refused(fill) else 'no cap')
text = refused(lambda: kv.set('k', 'y' * 100_000))
print(text.split(' bytes')[0][:35], '|', text.split('; ')[1].split(': ')[0])
for _ in range(20): queue.get()
status, topic = sync.Shared('status', 'old'), sync.Topic('news')
subscription = topic.subscribe()
store = kv.open(':memory:m', max_entries=100)
kv.set('n', 1)
def transfer():
    with kv.default.transaction() as t:
        t['n'] = 2
        t['big'] = 'z' * 100_000
big = 'z' * 100_000
attempts = {
    'set': lambda: status.set(big),
    'shared update': lambda: status.update(lambda old: big),
    'publish': lambda: topic.publish(big),
    'transaction': transfer,
    'mset': lambda: kv.default.mset({'n': 3, 'big': big}),
    'update': lambda: kv.default.update('n', lambda n: big),
    'bounded': lambda: store.set('k', big),
    'task': lambda: runtime.run(lambda: store.set('k', 'z' * 100_000)).get(),
}
print([name for name, attempt in attempts.items() if not refused(attempt)])
print(status.get(), subscription.size(), kv.get('n'), kv.exists('big'), kv.exists('k'), len(store))
for _ in range(len(queue)): queue.get()
print([name for name, attempt in attempts.items() if refused(attempt)], subscription.get() == big, kv.get('n') == big)
queue.delete()
status.set(None)
kv.clear()
store.close()

def stage():
    with kv.default.transaction() as t:
        for n in range(100_000): t[str(n)] = 'w' * 1000
print(refused(stage).split(' for ')[0], kv.default.count())

# A hundred times what there is room for, one after the other.
for turn in range(500):
    name = str(turn)
    kv.set(name, big); kv.delete(name)
    sync.Queue(name).put(big); sync.delete('Queue', name)
    status.set(big); status.set(None)
    topic.publish(big); subscription.get()
    with kv.open(':memory:' + name) as other: other['k'] = big
sync.Atomic('small').set(2 ** 70)
numbers = refused(lambda: [sync.Atomic(str(n), 1 << 900_000).add() for n in range(100)])
print(numbers is not None, len(sync.list('Atomic')) < 7, sync.Atomic('small').add())
for _, name in sync.list('Atomic'): sync.delete('Atomic', name)
many = refused(lambda: [sync.Event(str(n)) for n in range(100_000)])
print(many is not None, len(sync.list('Event')) < 3000)
";
    let ran = run(
        Command::new(env!("CARGO_BIN_EXE_scriptling")).args(["--shared-memory", "1M", "--seconds", "60", "-c", code]),
        "",
    );
    let expected = "True\nstore 'default' has no room for 100 | most is held by queue 'jobs'\n[]\nold 0 1 False False 0\n\
                    [] True True\na transaction of store 'default' has no room 0\nTrue True 1180591620717411303425\nTrue True\n";
    assert_eq!((ran.stdout.as_str(), ran.stderr.as_str(), ran.code), (expected, "", Some(0)));
    assert_fails(&scriptling(&["--shared-memory", "64K", "-c", "pass"]), 0, "");
}

#[test]
fn a_schedule_seed_makes_time_jump_and_is_told_when_the_script_fails() {
    let code = "import time; time.sleep(1e7); print('slept'); raise ValueError(1)";
    let ran = scriptling(&["--schedule-seed", "5", "-c", code]);
    assert_fails(&ran, 1, "ValueError: 1");
    assert_eq!(ran.stdout, "slept\n");
    assert!(ran.stderr.starts_with("scriptling: the schedule was that of seed 5 (again: --schedule-seed 5)\n"));
    let stuck = "import scriptling.runtime.sync as s; s.Queue('q').get()";
    assert_fails(&scriptling(&["--schedule-seed", "6", "-c", stuck]), 3, "--schedule-seed 6");
}
