//! Key-value stores in files, as scripts have them: from process to process.

use std::path::{Path, PathBuf};
use std::process::Command;

use scriptling_tests::process::{Ran, run};

/// An empty folder of the test's own.
fn folder(name: &str) -> PathBuf {
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("kv").join(name);
    let _ = std::fs::remove_dir_all(&folder);
    std::fs::create_dir_all(&folder).expect("the target folder is writable");
    folder
}

fn script(folder: &Path, code: &str) -> Ran {
    let code = format!("import scriptling.runtime as runtime\nimport scriptling.runtime.kv as kv\n{code}");
    let mut command = Command::new(env!("CARGO_BIN_EXE_scriptling"));
    run(command.current_dir(folder).args(["--seconds", "60", "-c", &code]), "")
}

fn script_output(folder: &Path, code: &str) -> String {
    let ran = script(folder, code);
    assert_eq!((ran.stderr.as_str(), ran.code), ("", Some(0)));
    ran.stdout
}

#[track_caller]
fn prints(folder: &Path, code: &str, expected: &str) {
    let ran = script(folder, code);
    assert_eq!((ran.stdout.as_str(), ran.stderr.as_str(), ran.code), (expected, "", Some(0)));
}

#[test]
fn what_a_script_stores_is_there_for_the_next_one() {
    let folder = folder("next");
    for durability in ["immediate", "eventual"] {
        let open = format!("s = kv.open('{durability}.db', durability='{durability}')\n");
        prints(
            &folder,
            &format!(
                "{open}s['a'] = (1, {{2: {{'x'}}}}, 2 ** 70)\ns.set('t', None, ttl=1000)\nprint(s.incr('n'), len(s))"
            ),
            "1 3\n",
        );
        prints(
            &folder,
            &format!("{open}print(s['a'], 990 < s.ttl('t') <= 1000, s.incr('n'), s.keys(), sorted(s))"),
            "(1, {2: {'x'}}, 1180591620717411303424) True 2 ['a', 'n', 't'] ['a', 'n', 't']\n",
        );
    }
}

#[test]
fn everything_is_flushed_however_a_script_ends() {
    let folder = folder("ends");
    let begin = "s = kv.open('x.db', durability='eventual')\ns.incr('n')\n";
    assert_eq!(script(&folder, &format!("{begin}raise ValueError")).code, Some(1));
    assert_eq!(script(&folder, &format!("{begin}import sys\nsys.exit(3)")).code, Some(3));
    let ran = script(&folder, &format!("{begin}runtime.run(lambda: [s.incr('n') for _ in range(100)]).get()\n"));
    assert_eq!(ran.code, Some(0), "{ran:?}");
    // A task that writes until the end of the program cancels it.
    let endless = "def endless():\n    while True: s.incr('m')\nruntime.run(endless)\nwhile 'm' not in s: pass\n";
    assert_eq!(script(&folder, &format!("{begin}{endless}")).code, Some(0));
    prints(&folder, "s = kv.open('x.db')\nprint(s['n'], s['m'] > 0)", "104 True\n");
}

/// Starts a script that counts in a file and prints each number that it was given, and ends it by signals, one after the
/// other, or by not reading any more if there are none; its exit code, and the last number that came out.
#[cfg(unix)]
fn count_until(folder: &Path, script: &str, signals: &[&str]) -> (Option<i32>, u64) {
    use std::io::{BufRead, BufReader};

    let open = "import scriptling.runtime.kv as kv\ns = kv.open('x.db', durability='eventual')\n";
    let mut child = Command::new(env!("CARGO_BIN_EXE_scriptling"))
        .current_dir(folder)
        .args(["-c", &format!("{open}{script}")])
        .stdout(std::process::Stdio::piped())
        .stderr(std::process::Stdio::null())
        .spawn()
        .expect("the command can be started");
    let mut lines = BufReader::new(child.stdout.take().expect("it is piped")).lines().map_while(Result::ok);
    let mut last = lines.by_ref().nth(200).expect("it counts");
    for signal in signals {
        let kill = Command::new("kill").args([&format!("-{signal}"), &child.id().to_string()]).status();
        assert!(kill.expect("`kill` exists").success());
        last = lines.by_ref().nth(50).unwrap_or(last);
    }
    if signals.is_empty() {
        drop(lines);
    } else {
        last = lines.last().unwrap_or(last);
    }
    (child.wait().expect("it ends").code(), last.parse().expect("a number"))
}

#[cfg(unix)]
#[test]
fn what_was_acknowledged_survives_signals_and_a_reader_that_goes_away() {
    let count = "while True: print(s.incr('n'), flush=True)\n";
    let stubborn = "while True:
    try:
        while True: print(s.incr('n'), flush=True)
    except KeyboardInterrupt: pass
";
    let in_tasks = "import scriptling.runtime as runtime
import time
def count():
    while True: print(s.incr('n'), flush=True)
runtime.run(count)
time.sleep(1000)
";
    let cases: [(&str, &[&str], i32); 5] = [
        (count, &["TERM"], 143),
        (in_tasks, &["TERM"], 143),
        (count, &["INT"], 130),
        (stubborn, &["INT", "INT"], 130),
        (count, &[], 141),
    ];
    for (n, (script, signals, code)) in cases.into_iter().enumerate() {
        let folder = folder(&format!("signals{n}"));
        let (ended, last) = count_until(&folder, script, signals);
        assert_eq!(ended, Some(code), "{signals:?}");
        let stored: u64 = script_output(&folder, "print(kv.open('x.db')['n'])").trim().parse().expect("a number");
        assert!(stored >= last, "{last} was acknowledged and {stored} is there: {signals:?}, {script}");
    }
}

#[cfg(unix)]
#[test]
fn what_many_tasks_were_told_survives_a_kill() {
    use std::collections::BTreeMap;
    use std::io::{BufRead, BufReader};

    // They are served by few threads, which answer one task in the middle of working for others.
    let code = "import scriptling.runtime as runtime
import scriptling.runtime.kv as kv
s = kv.open('x.db')
def count(key):
    while True: print(key, s.incr(key), flush=True)
runtime.gather(*[runtime.run(count, str(i)) for i in range(60)])
";
    let folder = folder("kill");
    let mut told: BTreeMap<String, u64> = BTreeMap::new();
    for round in 0..8 {
        let mut child = Command::new(env!("CARGO_BIN_EXE_scriptling"))
            .current_dir(&folder)
            .args(["-c", code])
            .stdout(std::process::Stdio::piped())
            .spawn()
            .expect("the command can be started");
        let mut lines = BufReader::new(child.stdout.take().expect("it is piped")).lines().map_while(Result::ok);
        let mut note = |line: String| {
            let Some((key, n)) = line.split_once(' ') else { return };
            told.insert(key.into(), n.parse().unwrap_or(0));
        };
        lines.by_ref().take(100 + 173 * round).for_each(&mut note);
        child.kill().expect("it runs");
        lines.for_each(&mut note);
        child.wait().expect("it was killed");
        let stored = script_output(&folder, "s = kv.open('x.db')\nfor key in s: print(key, s[key])");
        let stored: BTreeMap<&str, u64> = stored
            .lines()
            .filter_map(|line| line.split_once(' '))
            .map(|(key, n)| (key, n.parse().unwrap_or(0)))
            .collect();
        for (key, n) in &told {
            let there = stored.get(key.as_str()).copied().unwrap_or(0);
            assert!(there >= *n, "{key}: {n} was acknowledged and {there} is there");
        }
    }
}

#[test]
fn another_process_is_told_that_the_file_is_open() {
    let folder = folder("open");
    let code = "import scriptling.runtime.kv as kv
import scriptling.runtime.sync as sync
kv.open('x.db')['k'] = 1
print('ready', flush=True)
sync.Queue('never').get(timeout=3600)
";
    let mut child = Command::new(env!("CARGO_BIN_EXE_scriptling"))
        .current_dir(&folder)
        .args(["-c", code])
        .stdout(std::process::Stdio::piped())
        .spawn()
        .expect("the command can be started");
    let mut line = String::new();
    let stdout = child.stdout.take().expect("it is piped");
    std::io::BufRead::read_line(&mut std::io::BufReader::new(stdout), &mut line).expect("a pipe can be read");
    assert_eq!(line, "ready\n");
    let open = "try:\n    kv.open('./../open/x.db')\nexcept OSError as e:\n    print(e)";
    let message = "the file is open in another process, or by another name (a hard link) in this one";
    prints(&folder, open, &format!("store './../open/x.db': {message}\n"));
    child.kill().expect("it runs");
    child.wait().expect("it was killed");
    prints(&folder, "print(kv.open('x.db')['k'])", "1\n");
}

#[test]
fn spellings_of_a_path_are_one_store() {
    let folder = folder("spellings");
    std::fs::create_dir(folder.join("sub")).expect("the target folder is writable");
    let code = "a, b, c = kv.open('x.db'), kv.open('sub/../x.db'), kv.open('./x.db')
a['k'] = 1
print(b['k'], c.incr('k'), b.name, a.path == b.path and a.path.endswith('spellings/x.db'))
a.close()
b.close()
try:
    a['k']
except RuntimeError as e:
    print(e)
print(c['k'], a)
with c: c['k'] = 3
with kv.open('x.db', durability='eventual') as d: print(d['k'])
try:
    kv.open('x.db'), kv.open('x.db', durability='eventual')
except ValueError as e:
    print(e)
";
    let expected = "1 2 sub/../x.db True\nstore 'x.db' is closed\n2 <Store 'x.db' closed>\n3\n\
                    store 'x.db' is open with durability='immediate', not 'eventual'\n";
    // The name is that of the first who opened it.
    prints(&folder, code, &expected.replace("1 2 sub/../x.db", "1 2 x.db"));
}

#[test]
fn what_cannot_be_opened_is_an_error_and_left_alone() {
    let folder = folder("errors");
    std::fs::write(folder.join("text.txt"), "not a store\n").expect("the target folder is writable");
    std::fs::create_dir(folder.join("sub")).expect("the target folder is writable");
    let code = "for path in ('text.txt', 'sub', 'none/x.db', 'text.txt/x.db', 'a\\0b'):
    try:
        kv.open(path)
    except (OSError, ValueError) as e:
        print(type(e).__name__, e)
print(issubclass(kv.Damaged, OSError))
";
    prints(
        &folder,
        code,
        "Damaged store 'text.txt': the file is not a key-value store, or is damaged: use another path, or restore it from \
         a copy\n\
         IsADirectoryError kv.open: cannot open 'sub': is a directory\n\
         FileNotFoundError kv.open: cannot open 'none/x.db': No such file or directory (os error 2)\n\
         NotADirectoryError kv.open: cannot open 'text.txt/x.db': Not a directory (os error 20)\n\
         ValueError kv.open: embedded null character in path\n\
         True\n",
    );
    assert_eq!(std::fs::read_to_string(folder.join("text.txt")).expect("it is there"), "not a store\n");
}

#[test]
fn tasks_share_a_file_and_park_while_it_is_busy() {
    let folder = folder("tasks");
    let code = "
s = kv.open('x.db')
def work(store, n):
    other = kv.open('x.db')
    for i in range(20):
        store.incr('n')
        other.update('u', lambda v: v + 1, default=0)
        while True:
            try:
                with store.transaction() as t:
                    t['left'] = t.get('left', 0) - 1
                    t['right'] = t.get('right', 0) + 1
                break
            except kv.Conflict:
                pass
for task in [runtime.run(work, s, n) for n in range(6)]:
    task.wait()
print(s.mget(['n', 'u', 'left', 'right']))
ticks = 0
task = runtime.run(lambda: [s.incr('n') for _ in range(50)])
while not task.done():
    ticks += 1
print(ticks > 0, s['n'], s.get_or_set('g', lambda: [1]), s.pop('g'), s.scan(prefix='l'))
";
    prints(&folder, code, "[120, 120, -120, 120]\nTrue 170 [1] [1] (['left'], None)\n");
}

/// A child that writes and says so is killed; what it has said is there.
#[test]
#[cfg(unix)]
fn what_a_script_has_said_survives_its_kill() {
    use std::io::{BufRead, BufReader};

    let folder = folder("kill");
    let code = "import scriptling.runtime.kv as kv
s = kv.open('x.db')
while True:
    print(s.incr('n'), flush=True)
";
    let mut last = 0;
    for round in 0..5u64 {
        let mut child = Command::new(env!("CARGO_BIN_EXE_scriptling"))
            .current_dir(&folder)
            .args(["-c", code])
            .stdout(std::process::Stdio::piped())
            .spawn()
            .expect("the command can be started");
        let mut lines = BufReader::new(child.stdout.take().expect("it is piped")).lines();
        for _ in 0..round * 7 + 3 {
            lines.next();
        }
        child.kill().expect("it runs");
        child.wait().expect("it was killed");
        let said: Option<u64> = lines.filter_map(|line| line.ok()?.parse().ok()).last();
        last = said.unwrap_or(last).max(last);
        let ran = script(&folder, "print(kv.open('x.db')['n'])");
        let found: u64 = ran.stdout.trim().parse().unwrap_or_else(|_| panic!("{ran:?}"));
        assert!(found == last || found == last + 1 || said.is_none(), "{last} was said, {found} is there");
        last = found;
    }
}
