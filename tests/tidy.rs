//! House rules that no other tool checks: file sizes, file headers, leftovers, generated documents.

use std::collections::HashSet;
use std::fmt::Write;
use std::path::{Path, PathBuf};

use scriptling_tests::corpus::{files, root};

/// Beyond this nobody reviews a file properly.
const MAX_LINES: usize = 1000;

fn rust_files() -> Vec<PathBuf> {
    let mut found = files(&root(), "rs");
    // By folder, then by name.
    found.sort_by_key(|path| (path.parent().map(Path::to_path_buf), path.clone()));
    found
}

fn read(path: &Path) -> String {
    std::fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

fn short(path: &Path) -> String {
    path.strip_prefix(root()).unwrap_or(path).display().to_string()
}

fn assert_none(problems: &[String], rule: &str) {
    assert!(problems.is_empty(), "{rule}:\n{}", problems.join("\n"));
}

#[test]
fn files_are_short() {
    let problems: Vec<String> = rust_files()
        .iter()
        .map(|path| (read(path).lines().count(), path))
        .filter(|(lines, _)| *lines > MAX_LINES)
        .map(|(lines, path)| format!("{}: {lines} lines", short(path)))
        .collect();
    assert_none(&problems, "a file has at most 1000 lines");
}

#[test]
fn files_say_what_they_are() {
    let problems: Vec<String> =
        rust_files().iter().filter(|path| !read(path).starts_with("//!")).map(|path| short(path)).collect();
    assert_none(&problems, "a file starts with a `//!` comment: what it is, what it is not, the invariant");
}

#[test]
fn leftovers_name_an_issue() {
    let mut problems = Vec::new();
    for path in rust_files().iter().filter(|path| !path.ends_with("tidy.rs")) {
        for (number, line) in read(path).lines().enumerate() {
            let leftover = line.contains("FIXME") || (line.contains("TODO") && !line.contains("TODO(#"));
            if leftover && line.contains("//") {
                problems.push(format!("{}:{}: {}", short(path), number + 1, line.trim()));
            }
            if line.contains("todo!(") || line.contains("unimplemented!(") {
                problems.push(format!("{}:{}: {}", short(path), number + 1, line.trim()));
            }
        }
    }
    assert_none(&problems, "write TODO(#issue), and nothing that panics instead of working");
}

#[test]
fn every_file_is_part_of_a_crate() {
    let sources: HashSet<PathBuf> = rust_files().into_iter().collect();
    let mut problems = Vec::new();
    for path in &sources {
        let name = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        let Some(folder) = path.parent() else { continue };
        if !path.components().any(|part| part.as_os_str() == "src") || ["main", "lib"].contains(&name.as_str()) {
            continue;
        }
        // `x/mod.rs` is declared beside `x`, `x/y.rs` in `x/mod.rs`, `x.rs` or the crate root.
        let (module, near) = match (name.as_str(), folder.parent()) {
            ("mod", Some(above)) => {
                (folder.file_name().unwrap_or_default().to_string_lossy().into_owned(), above.to_path_buf())
            }
            _ => (name.clone(), folder.to_path_buf()),
        };
        let parents = ["mod.rs", "lib.rs", "main.rs"].map(|file| near.join(file));
        let declared =
            parents.iter().chain([&near.with_extension("rs")]).filter(|parent| sources.contains(*parent)).any(
                |parent| {
                    read(parent).lines().any(|line| {
                        let line = line.trim();
                        line.ends_with(&format!("mod {module};")) || line.starts_with(&format!("mod {module};"))
                    })
                },
            );
        if !declared {
            problems.push(short(path));
        }
    }
    assert_none(&problems, "a source file is declared with `mod`");
}

#[test]
fn snapshots_belong_to_tests() {
    let mut problems = Vec::new();
    for path in files(&root(), "snap") {
        // insta names them `module__test.snap` after the test's file and function.
        let text = read(&path);
        let source = text.lines().find_map(|line| line.strip_prefix("source: "));
        if source.is_none_or(|source| !root().join(source.trim_matches('"')).exists()) {
            problems.push(short(&path));
        }
    }
    problems.extend(files(&root(), "new").iter().map(|path| short(path)));
    assert_none(&problems, "a snapshot has a test, and none waits for review");
}

#[test]
fn every_limit_is_tested_or_explained() {
    let limits = read(&root().join("crates/scriptling-vm/src/limits.rs"));
    let mut documented = false;
    let mut problems = Vec::new();
    for line in limits.lines() {
        if let Some(rest) = line.strip_prefix("pub const ") {
            if !documented {
                problems.push(rest.to_owned());
            }
            documented = false;
        } else if line.starts_with("///") {
            documented = true;
        }
    }
    assert_none(&problems, "a limit says where its number comes from");
}

#[test]
fn scripts_are_where_the_readme_says() {
    let readme = read(&root().join("tests/scripts/README.md"));
    let mut problems = Vec::new();
    for entry in std::fs::read_dir(root().join("tests/scripts/python")).expect("the folder is there").flatten() {
        let name = entry.file_name().to_string_lossy().into_owned();
        if !readme.contains(&format!("`{name}`")) && !readme.contains(&format!("python/{name}`")) {
            problems.push(name);
        }
    }
    assert_none(&problems, "tests/scripts/README.md has a row for every folder");
}

/// The first paragraph of a file's header, up to its first full stop.
fn headline(path: &Path) -> String {
    let text = read(path);
    let header = text.lines().map_while(|line| line.strip_prefix("//!")).map(str::trim);
    let paragraph = header.take_while(|line| !line.is_empty()).collect::<Vec<_>>().join(" ");
    let end = paragraph.find(". ").map_or(paragraph.len(), |at| at + 1);
    paragraph[..end].replace('|', "\\|")
}

#[test]
fn the_code_map_is_fresh() {
    let mut map = String::from(
        "# Code map\n\nEvery source file in one line: the first sentence of its own header. Written by `BLESS=1 cargo tidy`; do not edit.\n",
    );
    let mut folder = PathBuf::new();
    for path in rust_files() {
        let relative = path.strip_prefix(root()).unwrap_or(&path).to_path_buf();
        let parent = relative.parent().unwrap_or(Path::new("")).to_path_buf();
        if parent != folder {
            writeln!(map, "\n## {}\n\n| file | what |\n|---|---|", parent.display())
                .expect("writing to a String cannot fail");
            folder = parent;
        }
        let name = relative.file_name().unwrap_or_default().to_string_lossy();
        writeln!(map, "| `{name}` | {} |", headline(&path)).expect("writing to a String cannot fail");
    }
    let file = root().join("docs/code-map.md");
    if std::env::var_os("BLESS").is_some() {
        std::fs::write(&file, &map).expect("docs is writable");
    }
    assert!(std::fs::read_to_string(&file).unwrap_or_default() == map, "docs/code-map.md is stale: BLESS=1 cargo tidy");
}

#[test]
fn rust_runs_script_code_only_where_the_list_says() {
    let list = read(&root().join("docs/ARCHITECTURE.md"));
    let list = list.split("## The closed list").nth(1).expect("the section is there");
    let asks = ["Outcome::call(", "Outcome::tail_call(", "Outcome::Call(", "Outcome::Generator(", ".prelude("];
    let mut problems = Vec::new();
    for path in rust_files().iter().filter(|path| path.components().any(|part| part.as_os_str() == "src")) {
        let text = read(path);
        let code = text.lines().filter(|line| !line.trim_start().starts_with("//"));
        if !code.into_iter().any(|line| asks.iter().any(|ask| line.contains(ask))) {
            continue;
        }
        let relative = short(path);
        let inside = relative.split("/src/").nth(1).unwrap_or(&relative).to_owned();
        if !list.contains(&format!("`{inside}`")) {
            problems.push(relative);
        }
    }
    assert_none(&problems, "what makes script code run is on the closed list in docs/ARCHITECTURE.md");
}
