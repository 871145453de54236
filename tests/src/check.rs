//! Comparing what a script did with what it should have done; every mismatch is a text for the person who reads the failure.

use crate::directives::Directives;
use crate::process::Ran;

/// Compares with the directives of the script in the file `name`.
pub fn against_directives(ran: &Ran, directives: &Directives, name: &str) -> Result<(), String> {
    let mut problems = Vec::new();
    if ran.timed_out {
        problems.push("it did not end in time".to_owned());
    }
    let printed: Vec<&str> = ran.stdout.lines().map(str::trim_end).collect();
    let wanted: Vec<&str> = directives.stdout.iter().map(String::as_str).collect();
    // Blanks at the start of a line are cut too: directives are trimmed on both sides.
    if !printed.iter().map(|line| line.trim()).eq(wanted.iter().copied()) {
        problems.push(difference(&printed.join("\n"), &wanted.join("\n")));
    }
    if ran.code != Some(directives.exit) {
        problems.push(format!("exit code {:?} instead of {}", ran.code, directives.exit));
    }
    if let Some((text, line)) = &directives.raises {
        problems.extend(raised(&ran.stderr, text, *line, name));
    }
    problems.extend(stderr_lines(&ran.stderr, &directives.stderr));
    let is_quiet = directives.raises.is_none() && directives.stderr.is_empty() && directives.exit == 0;
    // The runtime's own remarks (which tasks the end of the program cut short) depend on timing.
    let complaints = ran.stderr.lines().filter(|line| !line.starts_with("scriptling: ")).count();
    if is_quiet && complaints > 0 {
        problems.push("it wrote to stderr".to_owned());
    }
    conclude(&problems, ran)
}

/// Compares with what CPython printed.
pub fn against_oracle(ran: &Ran, expected: &str) -> Result<(), String> {
    let mut problems = Vec::new();
    if ran.timed_out {
        problems.push("it did not end in time".to_owned());
    }
    if ran.stdout != expected {
        problems.push(difference(&ran.stdout, expected));
    }
    if ran.code != Some(0) || !ran.stderr.is_empty() {
        problems.push(format!("exit code {:?}", ran.code));
    }
    conclude(&problems, ran)
}

fn conclude(problems: &[String], ran: &Ran) -> Result<(), String> {
    if problems.is_empty() {
        return Ok(());
    }
    let tail: Vec<&str> = ran.stderr.lines().rev().take(25).collect();
    let stderr: Vec<&str> = tail.into_iter().rev().collect();
    Err(format!("{}\nstderr:\n{}", problems.join("\n"), stderr.join("\n")))
}

/// The first line that differs, with its neighbourhood.
pub fn difference(printed: &str, wanted: &str) -> String {
    let (printed, wanted): (Vec<&str>, Vec<&str>) = (printed.split('\n').collect(), wanted.split('\n').collect());
    let first = printed.iter().zip(&wanted).take_while(|(a, b)| a == b).count();
    let show = |lines: &[&str]| match lines.get(first) {
        Some(line) => format!("{:?}", line.chars().take(400).collect::<String>()),
        None => "nothing more".to_owned(),
    };
    format!("stdout differs in line {}:\n  printed {}\n  wanted  {}", first + 1, show(&printed), show(&wanted))
}

/// Whether `line` is `text`, or begins with it if that ends in dots.
fn matches_start(line: &str, text: &str) -> bool {
    match text.strip_suffix("...") {
        Some(start) => line.starts_with(start),
        None => line == text,
    }
}

fn raised(stderr: &str, text: &str, line: usize, name: &str) -> Vec<String> {
    let mut problems = Vec::new();
    let last = stderr.trim_end().lines().last().unwrap_or_default().trim();
    if !matches_start(last, text) {
        problems.push(format!("the last line of stderr is {last:?} instead of {text:?}"));
    }
    let file = name.rsplit('/').next().unwrap_or(name);
    let innermost = stderr.lines().rev().find_map(|entry| {
        let (path, rest) = entry.trim().strip_prefix("File \"")?.split_once("\", line ")?;
        let number = rest.split(',').next()?;
        if path.ends_with(file) { number.trim().parse::<usize>().ok() } else { None }
    });
    if innermost != Some(line) {
        problems.push(format!("the innermost frame of the script is on line {innermost:?} instead of {line}"));
    }
    problems
}

fn stderr_lines(stderr: &str, wanted: &[String]) -> Option<String> {
    let mut lines = stderr.lines();
    for text in wanted {
        let part = text.strip_suffix("...").unwrap_or(text);
        if !lines.any(|line| line.contains(part)) {
            return Some(format!("stderr has no line with {text:?} (in this order)"));
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ran(stdout: &str, stderr: &str, code: i32) -> Ran {
        Ran { stdout: stdout.into(), stderr: stderr.into(), code: Some(code), timed_out: false }
    }

    #[test]
    fn an_uncaught_exception_is_checked_with_its_line() {
        let directives = Directives::parse("print(1)  # expect: 1\nf()  # expect raises: ValueError: no");
        let stderr =
            "Traceback (most recent call last):\n  File \"a/x.py\", line 2, in <module>\n    f()\nValueError: no\n";
        assert_eq!(against_directives(&ran("1\n", stderr, 1), &directives, "a/x.py"), Ok(()));
        assert!(
            against_directives(&ran("1\n", &stderr.replace("line 2", "line 1"), 1), &directives, "a/x.py").is_err()
        );
        assert!(against_directives(&ran("1\n", &stderr.replace("no", "yes"), 1), &directives, "a/x.py").is_err());
        assert!(against_directives(&ran("2\n", stderr, 1), &directives, "a/x.py").is_err());
        assert!(against_directives(&ran("1\n", stderr, 0), &directives, "a/x.py").is_err());
    }

    #[test]
    fn stderr_lines_are_matched_in_order() {
        let wanted = ["first".to_owned(), "second...".to_owned()];
        assert_eq!(stderr_lines("a first\nb\nthe second one\n", &wanted), None);
        assert!(stderr_lines("the second\nfirst\n", &wanted).is_some());
    }

    #[test]
    fn silence_is_expected_unless_said_otherwise() {
        let quiet = Directives::parse("pass");
        assert!(against_directives(&ran("", "oops", 0), &quiet, "x.py").is_err());
        assert_eq!(against_directives(&ran("", "", 0), &quiet, "x.py"), Ok(()));
    }
}
