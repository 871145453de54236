//! Hostile input gives an error or works: in bounded time and memory, without a crash.
//!
//! Tests run on threads with 2 MiB of stack, which is what the limits are chosen for.

use std::time::{Duration, Instant};

use scriptling_syntax::{MAX_EXPR_DEPTH, Source, dump, parse, render};

/// Parse, and return the messages.
fn messages(text: &str) -> Vec<String> {
    let start = Instant::now();
    let messages = parse(text).errors.into_iter().map(|error| error.message).collect();
    // Far above what any case needs, even unoptimised on a busy machine; quadratic behaviour exceeds it.
    assert!(start.elapsed() < Duration::from_secs(30), "{:?} for {} bytes", start.elapsed(), text.len());
    messages
}

const TOO_DEEP: &str = "expression is too deeply nested";
const MANY: usize = 100_000;

#[test]
fn open_brackets() {
    for bracket in ["(", "[", "{", "f(", "a["] {
        assert_eq!(messages(&bracket.repeat(MANY)), ["too many nested parentheses"], "{bracket}");
    }
    assert_eq!(messages(&"(".repeat(150)), ["'(' was never closed"]);
    assert_eq!(messages(&")".repeat(MANY)).len(), 100);
    assert_eq!(messages(&format!("{}1{}", "(".repeat(200), ")".repeat(200))), [""; 0]);
}

#[test]
fn deep_chains_are_refused() {
    let chain = |start: &str, link: &str, end: &str| format!("x = {start}{}{end}\n", link.repeat(MANY));
    let cases = [
        chain("", "-", "1"),
        chain("", "~", "1"),
        chain("", "not ", "1"),
        chain("a", "+a", ""),
        chain("a", "**a", ""),
        chain("a", ".y", ""),
        chain("f", "()", ""),
        chain("f", "[0]", ""),
        chain("", "a if b else ", "c"),
        chain("", "lambda: ", "c"),
        chain("", "lambda a=", "c: 0"),
    ];
    for case in &cases[..10] {
        assert_eq!(messages(case), [TOO_DEEP], "{}", &case[..40]);
    }
    assert!(!messages(&cases[10]).is_empty());
    assert!(!messages(&chain("", "await ", "c")).is_empty());
    assert!(!messages(&chain("", "yield ", "c")).is_empty());
    assert!(!messages(&chain("", "*", "c")).is_empty());
    assert!(!messages(&"f'{".repeat(MANY)).is_empty());
    assert!(!messages(&"f\"{x:{f\"{".repeat(MANY)).is_empty());
    assert!(!messages(&"match x:\n case (".repeat(1000)).is_empty());
}

#[test]
fn flat_chains_work() {
    for (start, link) in [("a", " < a"), ("a", " and a"), ("a", " or a"), ("a", ", a"), ("'a'", " 'a'"), ("b", " = b")]
    {
        assert_eq!(messages(&format!("{start}{}\n", link.repeat(MANY))), [""; 0], "{link}");
    }
    let elifs = "elif b:\n    pass\n".repeat(3000);
    assert_eq!(messages(&format!("if a:\n    pass\n{elifs}else:\n    pass\n")), [""; 0]);
    assert_eq!(messages(&"pass;".repeat(MANY)), [""; 0]);
}

/// A tree of the greatest depth survives everything that recurses over it.
#[test]
fn the_deepest_tree_fits_the_stack() {
    let terms = usize::from(MAX_EXPR_DEPTH) - 1;
    let text = format!("x = {}", vec!["a"; terms].join("+"));
    let deepest = format!("{text}+a+a");
    let parsed = parse(&text);
    assert_eq!(parsed.errors, []);
    assert_eq!(parsed.clone(), parsed);
    assert!(!dump::tree(&parsed.module).is_empty());
    assert!(!format!("{parsed:?}").is_empty());
    assert_eq!(messages(&deepest), [TOO_DEEP]);
    assert_eq!(messages(&format!("x = {}a", "-".repeat(terms))), [""; 0]);
    assert_eq!(messages(&format!("x = {}a", "lambda: ".repeat(terms))), [""; 0]);
}

/// The deepest expression inside the deepest block, of kinds whose frames are large.
#[test]
fn the_deepest_blocks_and_expressions_fit_the_stack() {
    let headers = ["if a:", "while a:", "def f():", "class A:", "for a in b:"];
    let blocks = (0..99).fold(String::new(), |out, level| out + &" ".repeat(level) + headers[level % 5] + "\n");
    let indent = " ".repeat(99);
    let comprehensions = format!("{}a{}", "[".repeat(150), " for a in b]".repeat(150));
    let calls = format!("{}a{}", "f(b, *c, d=".repeat(199), ")".repeat(199));
    let ternaries = format!("{}a", "a if b else ".repeat(900));
    let lambdas = format!("{}a", "lambda b=1: ".repeat(900));
    let fstrings = format!("{}a{}", "f'{".repeat(190), "}'".repeat(190));
    let displays = format!("{}a{}", "{a: [(".repeat(66), ",)]}".repeat(66));
    for deep in [comprehensions, calls, ternaries, lambdas, fstrings, displays] {
        let parsed = parse(&format!("{blocks}{indent}x = {deep}\n"));
        assert_eq!(parsed.errors, [], "{deep}");
        assert_eq!(parsed.clone(), parsed);
        assert!(!dump::tree(&parsed.module).is_empty());
    }
    let patterns = format!("{}a{}", "[A(b=".repeat(99), ")]".repeat(99));
    assert_eq!(messages(&format!("match x:\n case {patterns}: pass\n")), [""; 0]);
}

#[test]
fn deep_blocks() {
    let blocks = |levels: usize| (0..levels).fold(String::new(), |out, n| out + &" ".repeat(n) + "if a:\n");
    let text = format!("{}{}pass\n", blocks(99), " ".repeat(99));
    assert_eq!(messages(&text), [""; 0]);
    let text = format!("{}{}pass\n", blocks(100), " ".repeat(100));
    assert!(messages(&text).contains(&"too many levels of indentation".to_owned()));
    let text = blocks(2000);
    assert!(messages(&text).contains(&"too many levels of indentation".to_owned()));
}

#[test]
fn long_lines() {
    let ten_megabytes = 10 << 20;
    assert_eq!(messages(&format!("x = [{}]", "1, ".repeat(ten_megabytes / 3))), [""; 0]);
    assert_eq!(messages(&format!("x = '{}'", "a".repeat(ten_megabytes))), [""; 0]);
    assert_eq!(messages(&format!("x = {}", "y".repeat(ten_megabytes))), [""; 0]);
    assert_eq!(messages(&format!("# {}", "y".repeat(ten_megabytes))), [""; 0]);
    assert!(messages(&format!("x = {}", "1".repeat(ten_megabytes)))[0].starts_with("Exceeds the limit"));
    assert_eq!(messages(&format!("x = 0x{}", "f".repeat(100_000))), [""; 0]);
    let text = format!("x = ({} $ 1)", "1, ".repeat(ten_megabytes / 3));
    let source = Source::new("x.py", &*text);
    for error in parse(&text).errors {
        assert!(render::render(&source, &error).len() < 1000);
    }
}

#[test]
fn many_errors_are_cut_off() {
    assert!(messages(&"x = = 1\n".repeat(MANY)).len() <= 100);
    assert!(messages(&"x = $\n".repeat(MANY)).len() <= 100);
    assert!(messages(&"if x\n    y = = 1\n".repeat(10_000)).len() <= 100);
    assert!(messages(&format!("class A:\n{}", "    x = = 1\n".repeat(MANY))).len() <= 100);
}

#[test]
fn odd_characters() {
    assert_eq!(messages("x = 1\0\n"), ["source code cannot contain null bytes"]);
    assert_eq!(messages("\0"), ["source code cannot contain null bytes"]);
    assert_eq!(messages("x = '\0'\n"), ["source code cannot contain null bytes"]);
    assert_eq!(messages("\u{FEFF}x = 1\n"), [""; 0]);
    assert_eq!(messages("x = 1\u{FEFF}\n"), ["invalid non-printable character U+FEFF"]);
    assert_eq!(messages("if x:\r    y\r\rz\r"), [""; 0]);
    assert_eq!(messages("if x:\r\n    y = \\\r\n  1\r\nz\r\n"), [""; 0]);
    assert_eq!(messages("if x:\n\x0C    y\n\x0Cz\n"), [""; 0]);
    assert_eq!(messages(""), [""; 0]);
    assert_eq!(messages("\n\n#\n"), [""; 0]);
    assert_eq!(messages("   \n\t\n"), [""; 0]);
    assert_eq!(messages("   # x"), [""; 0]);
    assert_eq!(messages("   # x \\\n"), [""; 0]);
    assert_eq!(messages("x = 1 \\\n"), ["unexpected EOF while parsing"]);
    assert_eq!(messages("x = 1 \\\r\n"), ["unexpected EOF while parsing"]);
    assert_eq!(messages("x = 1 \\\n\n"), [""; 0]);
    assert_eq!(messages("\\\n\n"), [""; 0]);
    assert_eq!(messages("été = ℌ = 𝔘𝔫𝔦 = 变量\n"), [""; 0]);
}

#[test]
fn invalid_utf8() {
    let (source, error) = Source::from_bytes("x.py", b"x = 1\ny = '\xff'\n").expect_err("not UTF-8");
    let place = source.location(error.span.start);
    assert_eq!((place.line, place.column), (2, 6));
    let message = "(unicode error) 'utf-8' codec can't decode byte 0xff in position 11: invalid start byte";
    assert_eq!(error.message, message);
    let (_, error) = Source::from_bytes("x.py", b"'\xe4\xbd").expect_err("not UTF-8");
    assert!(error.message.ends_with("unexpected end of data"));
    let (_, error) = Source::from_bytes("x.py", b"'\xe4('").expect_err("not UTF-8");
    assert!(error.message.ends_with("invalid continuation byte"));
}

/// Every prefix and many mutations of a program: no panic, and spans inside the text.
#[test]
fn truncated_and_damaged_programs() {
    let program = concat!(
        include_str!("../../../tests/syntax/ok/blocks.py"),
        include_str!("../../../tests/syntax/ok/patterns.py"),
        include_str!("../../../tests/syntax/ok/fstrings.py"),
        include_str!("../../../tests/syntax/ok/layout.py"),
        include_str!("../../../tests/syntax/ok/functions_and_classes.py"),
    );
    let check = |text: &str| {
        let source = Source::new("x.py", text);
        for error in parse(text).errors {
            assert!(error.span.start <= error.span.end && error.span.end as usize <= text.len(), "{error:?}");
            assert!(text.is_char_boundary(error.span.start as usize), "{error:?}");
            assert!(text.is_char_boundary(error.span.end as usize), "{error:?} in {text}");
            render::render(&source, &error);
        }
    };
    let step = (program.len() / 400).max(1);
    for end in (0..program.len()).step_by(step).filter(|&end| program.is_char_boundary(end)) {
        check(&program[..end]);
        check(&program[end..]);
        for damage in ["(", ")", "'", "\"\"\"", "{", ":", "\n", "    ", "\t", "\\", "if ", "f'", " = ", "é“", "match "]
        {
            let window_end = (end + 300).min(program.len());
            let window_end = program.floor_char_boundary(window_end);
            check(&format!(
                "{}{damage}{}",
                &program[program.floor_char_boundary(end.saturating_sub(300))..end],
                &program[end..window_end]
            ));
        }
    }
}
