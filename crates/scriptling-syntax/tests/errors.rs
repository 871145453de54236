//! Every file of `tests/syntax/err` must produce exactly the errors that its first lines list.
//!
//! The format is described in `tests/syntax/README.md`. One test walks all files, so that a failure shows every
//! difference at once.

use std::{fmt::Write as _, fs, path::Path};

use scriptling_syntax::{Source, parse};

/// The `# error:` lines at the top of a case.
fn wanted(text: &str) -> String {
    text.lines().map_while(|line| line.strip_prefix("# error: ")).fold(String::new(), |out, line| out + line + "\n")
}

fn found(text: &str) -> String {
    let source = Source::new("case", text);
    let mut out = String::new();
    for error in parse(text).errors {
        let place = source.location(error.span.start);
        writeln!(out, "{}:{}: {error}", place.line, place.column).expect("strings do not fail");
        assert!(error.span.start <= error.span.end, "{error:?}");
        assert!(error.span.end as usize <= text.len(), "{error:?}");
    }
    out
}

#[test]
fn every_case_has_its_messages() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/syntax/err");
    let mut names: Vec<_> = fs::read_dir(folder).expect("the folder").map(|e| e.expect("an entry").path()).collect();
    names.sort();
    assert!(names.len() >= 60);
    let mut differences = String::new();
    for name in &names {
        let text = fs::read_to_string(name).expect("a readable case");
        let (wanted, found) = (wanted(&text), found(&text));
        if wanted != found {
            let case = name.file_stem().expect("a file").to_string_lossy();
            write!(differences, "\n{case}\nwanted:\n{wanted}found:\n{found}").expect("strings do not fail");
        }
    }
    assert!(differences.is_empty(), "{differences}");
}
