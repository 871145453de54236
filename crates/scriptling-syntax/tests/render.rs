//! Rendered errors: layout, tabs, wide characters, long lines, and text that cannot be decoded.

use scriptling_syntax::{Source, parse, render::render};

fn rendered(text: &str) -> String {
    let source = Source::new("x.py", text);
    parse(text).errors.iter().map(|error| render(&source, error)).collect()
}

#[test]
fn unclosed_bracket() {
    let wanted = r#"  File "x.py", line 3
    print("a"
         ^
SyntaxError: '(' was never closed
"#;
    assert_eq!(rendered("if x:\n    pass\n    print(\"a\"\n"), wanted);
}

#[test]
fn tabs_become_spaces() {
    let wanted = "  File \"x.py\", line 2\n    x = a b\n          ^\nSyntaxError: invalid syntax\n";
    assert_eq!(rendered("if x:\n\tx =\ta b\n"), wanted);
}

#[test]
fn wide_characters_take_two_columns() {
    let wanted = "  File \"x.py\", line 1\n    x = '变量' + 1 1\n                   ^\nSyntaxError: invalid syntax\n";
    assert_eq!(rendered("x = '变量' + 1 1\n"), wanted);
}

#[test]
fn end_of_line_and_end_of_file() {
    let wanted = "  File \"x.py\", line 1\n    x = 1 +\n           ^\nSyntaxError: invalid syntax\n";
    assert_eq!(rendered("x = 1 +\n"), wanted);
    assert_eq!(rendered("x = 1 +"), wanted);
    assert_eq!(rendered("x = 1 +\r\ny = 2\r\n"), wanted);
}

#[test]
fn several_errors_in_order() {
    let wanted = r#"  File "x.py", line 1
    def f()
           ^
SyntaxError: expected ':'
  File "x.py", line 2
    return = 1
           ^
SyntaxError: invalid syntax
  File "x.py", line 3
    break
    ^^^^^
SyntaxError: 'break' outside loop
"#;
    assert_eq!(rendered("def f()\n    return = 1\nbreak\n"), wanted);
}

#[test]
fn long_lines_are_cut_around_the_fault() {
    let text = format!("x = [{}2 3]\n", "1, ".repeat(10_000));
    let out = rendered(&text);
    assert!(out.len() < 700, "{out}");
    assert!(out.contains("2 3]\n"), "{out}");
    assert!(out.contains("^^^\n"), "{out}");
}

#[test]
fn undecodable_text() {
    let (source, error) = Source::from_bytes("x.py", b"x = 1\ny = '\xff'\n").expect_err("not UTF-8");
    let wanted = "  File \"x.py\", line 2\n    y = '\u{FFFD}'\n         ^\nSyntaxError: (unicode error) 'utf-8' \
                  codec can't decode byte 0xff in position 11: invalid start byte\n";
    assert_eq!(render(&source, &error), wanted);
}
