//! Parses files and prints their errors, or the time parsing takes.
//!
//! `cargo run --release -p scriptling-syntax --example parse -- FILES` checks files, `--time N FILE` measures,
//! `--dump FILE` prints the tree, one top-level statement per line.

#![expect(clippy::print_stdout, reason = "a command-line tool")]

use std::time::Instant;

use scriptling_syntax::{Source, dump, parse};

fn main() {
    let mut args = std::env::args().skip(1).peekable();
    if args.next_if_eq("--time").is_some() {
        let rounds: u32 = args.next().and_then(|n| n.parse().ok()).unwrap_or(5);
        for name in args {
            let text = std::fs::read_to_string(&name).unwrap_or_default();
            let best = (0..rounds).map(|_| {
                let start = Instant::now();
                let parsed = parse(&text);
                let time = start.elapsed();
                drop(parsed);
                time
            });
            println!("{name}: {:?}", best.min());
        }
        return;
    }
    if args.next_if_eq("--dump").is_some() {
        for name in args {
            let text = std::fs::read_to_string(&name).unwrap_or_default();
            print!("{}", dump::lines(&parse(&text).module));
        }
        return;
    }
    let (mut files, mut bad) = (0, 0);
    for name in args {
        files += 1;
        let bytes = std::fs::read(&name).unwrap_or_default();
        let (source, errors) = match Source::from_bytes(&*name, &bytes) {
            Ok(source) => {
                let errors = parse(source.text()).errors;
                (source, errors)
            }
            Err((source, error)) => (source, vec![error]),
        };
        bad += u32::from(!errors.is_empty());
        for error in errors {
            let place = source.location(error.span.start);
            println!("{name}:{}:{}: {error}", place.line, place.column);
        }
    }
    println!("{files} files, {bad} with errors");
}
