//! The compiler's output, as listings, and that what it makes of whole programs passes the verifier.

use std::path::Path;
use std::sync::Arc;

use scriptling_syntax::Source;
use scriptling_vm::code::Unit;
use scriptling_vm::compile::{CompileOptions, compile};
use scriptling_vm::disasm::disassemble;

fn unit(text: &str) -> Result<Unit, String> {
    let parse = scriptling_syntax::parse(text);
    if let Some(error) = parse.errors.first() {
        return Err(format!("{error}"));
    }
    let source = Arc::new(Source::new("<test>", text));
    compile(source, &parse.module, &CompileOptions::default()).map_err(|errors| errors[0].message.clone())
}

fn listing(text: &str) -> String {
    match unit(text) {
        Ok(unit) => disassemble(&unit),
        Err(message) => format!("error: {message}"),
    }
}

/// For a look at one file: `SHOW=file cargo test -p scriptling-vm --test compile show`.
#[test]
fn show() {
    if let Ok(path) = std::env::var("SHOW") {
        panic!("{}", listing(&std::fs::read_to_string(path).expect("a readable file")));
    }
}

fn scripts(folder: &Path, found: &mut Vec<std::path::PathBuf>) {
    for entry in std::fs::read_dir(folder).expect("a readable folder").flatten() {
        let path = entry.path();
        if path.is_dir() {
            scripts(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "py") {
            found.push(path);
        }
    }
}

/// Everything that parses compiles, and `compile` itself verifies it.
#[test]
fn conformance_scripts_compile() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/scripts");
    let mut found = Vec::new();
    scripts(&root, &mut found);
    assert!(!found.is_empty());
    let mut failures = Vec::new();
    for path in found {
        let text = std::fs::read_to_string(&path).expect("a readable file");
        let parse = scriptling_syntax::parse(&text);
        if parse.errors.is_empty()
            && let Err(message) = unit(&text)
            && !message.contains("not supported yet")
        {
            failures.push(format!("{}: {message}", path.display()));
        }
    }
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

/// Runs on a stack of 2 MiB, which is what threads of a pool have.
fn on_small_stack(test: impl FnOnce() + Send + 'static) {
    let thread = std::thread::Builder::new().stack_size(2 << 20).spawn(test).expect("a thread");
    thread.join().expect("the test passes");
}

#[test]
fn deep_trees_need_little_stack() {
    let nested = |open: &str, middle: &str, close: &str, times: usize| {
        format!("{}{middle}{}", open.repeat(times), close.repeat(times))
    };
    let texts = [
        nested("", "a", " + a", 998),
        nested("not ", "a", "", 990),
        nested("", "a", ".b", 990),
        nested("", "a", ".b()", 490),
        nested("", "a", "[0]", 990),
        nested("", "a", "(0)", 990),
        nested("lambda: ", "a", "", 990),
        nested("a if a else ", "a", "", 990),
        nested("f(", "a", ")", 190),
        nested("f(*a, b=", "a", ")", 190),
        nested("[", "a", "]", 190),
        nested("[a for a in ", "a", "]", 190),
        nested("[", "a", " for a in b]", 190),
        nested("{a: ", "a", "}", 190),
        nested("(a and not ", "a", ")", 190),
        nested("(a < b < ", "a", ")", 190),
        nested("a ** -", "a", "", 490),
        nested("(a := ", "a", ")", 190),
        nested("f'{", "a", "}'", 10),
        (0..99).map(|depth| format!("{}if a:\n", " ".repeat(depth))).collect::<String>() + &" ".repeat(99) + "pass",
        (0..99).map(|depth| format!("{}def f():\n", " ".repeat(depth))).collect::<String>() + &" ".repeat(99) + "pass",
        (0..99).map(|depth| format!("{}class f:\n", " ".repeat(depth))).collect::<String>() + &" ".repeat(99) + "pass",
        format!("match a:\n case {}: pass", nested("[", "a", "]", 190)),
    ];
    on_small_stack(move || {
        for text in texts {
            let text = text + "\n";
            if let Err(message) = unit(&text) {
                panic!("{message}: {}", text.chars().take(50).collect::<String>());
            }
        }
    });
}

#[test]
fn nested_finally_does_not_explode() {
    let mut text = String::new();
    for depth in 0..19 {
        let indent = " ".repeat(depth);
        text += &format!("{indent}try: a\n{indent}finally:\n");
    }
    text += &" ".repeat(19);
    text += "b\n";
    match unit(&text) {
        Ok(unit) => assert!(unit.codes[0].ops.len() < 1 << 23),
        Err(message) => assert_eq!(message, "code too large"),
    }
}

#[test]
fn bytecode_reference() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/bytecode.md");
    let expected = scriptling_vm::disasm::reference();
    if std::env::var_os("UPDATE_DOCS").is_some() {
        std::fs::write(&path, &expected).expect("docs/ can be written");
    }
    let found = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(found == expected, "docs/bytecode.md is stale: run this test with UPDATE_DOCS=1");
}

/// One listing per construct: what is emitted is decided on purpose, so a change of it should be seen.
#[test]
fn listings() {
    let cases = [
        (
            "fused_arithmetic",
            "def f(a, b):\n    c = a + 1\n    c += 1\n    c = c + 1\n    c = a * b\n    c -= a\n    c = a / b\n    a = b\n    return a - b\n",
        ),
        (
            "fused_conditions",
            "def f(a, b):\n    if a < b and b >= 3 or not a == b: return 1\n    if a.b > 2: return 2\n    if a is not None and a not in (1, 2): return 3\n    if 0 < a <= b: return 4\n",
        ),
        (
            "loops",
            "def f(n):\n    i = 0\n    while i < n:\n        i += 1\n        if i == 3: continue\n        if n: break\n    else:\n        n()\n    for x in n:\n        x()\n    while True:\n        n()\n",
        ),
        (
            "attributes",
            "def f(self, x):\n    self.a = x\n    self.b.c = self.d\n    self.n += 1\n    x().n += 1\n    self.m(1)\n    x.y.m(a=1)\n    x[1] += 2\n    x[1:2], x[::3]\n",
        ),
        (
            "assignment",
            "def f(a, b):\n    a, b = b, a\n    c = d = a\n    (c, *d), e = a\n    a.x, b[0] = 1, 2\n    del a.x, b[0], c\n",
        ),
        (
            "bound",
            "def f(a):\n    if a: b = 1\n    b\n    b\n    try: c = a()\n    except: pass\n    c\n    del a\n    a\n",
        ),
        (
            "try_except",
            "def f():\n    try:\n        a()\n    except (B, C) as e:\n        return e\n    except D:\n        b()\n    else:\n        c()\n",
        ),
        (
            "try_finally",
            "def f():\n    for x in a:\n        try:\n            if x: break\n            return x\n        finally:\n            b()\n",
        ),
        ("with_", "def f():\n    with a as b, c:\n        return b\n"),
        ("calls", "f(1, *a, 2, x=3, **b, y=4)\nf(a=1)\nf(*a)\nf(**a)\n"),
        (
            "functions",
            "@d\ndef f(a, b=1, *c, k, m=2, **e) -> int:\n    'doc'\n    def g():\n        nonlocal b\n        b += a\n        return lambda x: x + b\n    return g\n",
        ),
        (
            "class_",
            "class A(B, metaclass=M):\n    'doc'\n    x: int = 1\n    def f(self):\n        self.__y = 1\n        self.z = super().f()\n        return __class__\n",
        ),
        (
            "comprehensions",
            "def f(a):\n    return [x for x in a if x], {x: y for x, y in a}, (a + x for x in a for y in x)\n",
        ),
        ("generators", "def f(a):\n    x = yield a\n    yield\n    return (yield from a)\n"),
        ("fstrings", "f'a{b!r:>{c}}{d=}'\n"),
        (
            "match_",
            "def f(a):\n    match a:\n        case [1, x, *_] | {'k': x} if x: return x\n        case P(0, y=None) as q: return q\n        case _: pass\n",
        ),
        ("imports", "import a.b, c.d as e\nfrom ..f import g as h\nfrom i import *\n"),
        (
            "constants",
            "x = -1\ny = 2 ** 70\nz = (1, 'a', (2.5, None))\nw = [1, 2, 3]\nfor i in [1, 2]: pass\n'a' 'b' * 2\nif x in {1, 2}: assert x, 'no'\n",
        ),
        ("displays", "[1, *a, b]\n{*a, b}\n{**a, 'b': c}\n(*a,)\n"),
        ("chains", "def f(a, b, c):\n    x = a < b < c\n    y = a and b or c\n    return a if b else c\n"),
    ];
    for (name, text) in cases {
        insta::assert_snapshot!(name, format!("{text}\n{}", listing(text)));
    }
}
