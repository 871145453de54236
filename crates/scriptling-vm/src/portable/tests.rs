//! Values there and back, between isolates of one library.

use std::sync::Arc;

use super::*;
use crate::isolate::{Isolate, Limits, NoHost};
use crate::library::Library;

fn isolate(library: &Arc<Library>) -> Isolate {
    Isolate::new(library.clone(), Box::new(NoHost), Limits::default())
}

fn run(isolate: &mut Isolate, text: &str) -> Portable {
    isolate.run_source("test.py", text).unwrap_or_else(|error| panic!("{error:?}"))
}

/// Calls a portable function in a fresh isolate.
fn call(library: &Arc<Library>, function: &Portable, args: &[Portable]) -> Portable {
    let mut task = isolate(library);
    task.start_call(function, args, &[]).expect("it starts");
    task.set_gc_stress(true);
    task.run_to_end().unwrap_or_else(|error| panic!("{error:?}"))
}

/// What `text` evaluates to after the value was bound to `x` in another isolate.
fn look(library: &Arc<Library>, value: &Portable, text: &str) -> String {
    let mut other = isolate(library);
    let check = run(&mut other, &format!("def check(x):\n    return repr({text})\ncheck"));
    format!("{:?}", call(library, &check, std::slice::from_ref(value)))
}

#[test]
fn data_crosses_with_types_order_sharing_and_cycles() {
    let library = Library::builder().build();
    let mut main = isolate(&library);
    let value = run(
        &mut main,
        "[None, True, 7, 2**100, 1.5, 'é', b'\\0', (1, (2,)), {'z': 1, 'a': 2}, {3}, frozenset([4]), range(1, 9, 2)]",
    );
    assert_eq!(
        look(&library, &value, "x"),
        "\"[None, True, 7, 1267650600228229401496703205376, 1.5, 'é', b'\\\\x00', (1, (2,)), {'z': 1, 'a': 2}, {3}, \
         frozenset({4}), range(1, 9, 2)]\""
    );
    let value = run(&mut main, "inner = []\nloop = [inner, inner, (inner,)]\nloop.append(loop)\nloop");
    assert_eq!(look(&library, &value, "(x[0] is x[1] is x[2][0], x[3] is x)"), "\"(True, True)\"");
}

#[test]
fn a_long_chain_needs_no_stack() {
    let library = Library::builder().build();
    let mut main = isolate(&library);
    let text = "class Node:\n    def __init__(self, next):\n        self.next = next\n\nhead = None\nfor _ in range(100_000):\n    head = Node(head)\nhead";
    let chain = run(&mut main, text);
    let count = "def count(node):\n    n = 0\n    while node is not None:\n        node = node.next\n        n += 1\n    return n\ncount";
    let count = run(&mut isolate(&library), count);
    let mut task = isolate(&library);
    task.start_call(&count, &[chain], &[]).expect("it starts");
    assert_eq!(task.run_to_end().expect("it ends").as_int(), Some(100_000));
}

#[test]
fn what_cannot_cross_is_named_with_its_path() {
    let library = Library::builder().build();
    let mut main = isolate(&library);
    let cases = [
        ("[0, {'x': (n for n in [])}]", "list[1]: dict[\"x\"]: generator is not transferable"),
        ("(iter([]),)", "tuple[0]: list_iterator is not transferable"),
        ("class P: pass\np = P()\np.a = [{}.keys()]\np", "P.a: list[0]: dict_keys is not transferable"),
        (
            "def make():\n    g = (n for n in [])\n    return lambda: g\n[make()]",
            "list[0]: <lambda>() variable 'g': captured value: generator is not transferable",
        ),
    ];
    for (text, expected) in cases {
        let error = main.run_source("test.py", text).expect_err(text);
        assert_eq!((error.class(), error.message()), ("TypeError", expected));
    }
}

#[test]
fn functions_bring_what_they_reach_and_classes_keep_their_identity() {
    let library = Library::builder().build();
    let mut main = isolate(&library);
    let text = "
TABLE = {'a': [1, 2]}
BAD = (n for n in [])
class Base:
    def kind(self):
        return type(self).__name__
class Point(Base):
    count = 0
    def __init__(self, x):
        self.x = x
def helper(n):
    return n + TABLE['a'][1]
def work(p):
    return (helper(p.x), p.kind(), isinstance(p, Base), Point(5))
def touches():
    return BAD
";
    run(&mut main, text);
    let (work, point) = (run(&mut main, "work"), run(&mut main, "Point(40)"));
    let result = call(&library, &work, &[point]);
    let check = "def check(r):\n    return r[0] == 42 and r[1] == 'Point' and r[2] and type(r[3]) is Point and r[3].x == 5\ncheck(result)";
    // Back home the task's Point is our Point.
    main.with_cx(|cx| {
        let value = result.to_value(cx).expect("it fits");
        let module = cx.isolate.modules["__main__"];
        cx.isolate.set_module_attr(module, "result", value);
    });
    assert_eq!(run(&mut main, check).as_bool(), Some(true));

    let touches = run(&mut main, "touches");
    let mut task = isolate(&library);
    task.start_call(&touches, &[], &[]).expect("it starts");
    let error = task.run_to_end().expect_err("it cannot be there");
    assert_eq!(error.to_string(), "NameError: name 'BAD' is not available in this task: generator is not transferable");
}

#[test]
fn an_image_is_used_again_until_something_in_it_changes() {
    let library = Library::builder().build();
    let mut main = isolate(&library);
    run(&mut main, "state = [1]\nclass C:\n    level = 1\ndef f():\n    return state, C.level\n");
    let image = |main: &mut Isolate| run(main, "f").graph.and_then(|graph| graph.image.clone()).expect("f is by name");
    let first = image(&mut main);
    // Running a text adds a unit, which is a change: compare captures without one in between.
    let again = |main: &mut Isolate| {
        main.with_cx(|cx| {
            let function = cx.isolate.modules["__main__"].get(cx.heap()).get("f").expect("defined above");
            let portable = Portable::from_value(cx, function).expect("it crosses");
            portable.graph.and_then(|graph| graph.image.clone()).expect("f is by name")
        })
    };
    let (second, third) = (again(&mut main), again(&mut main));
    assert!(Arc::ptr_eq(&second, &third));
    drop(first);
    run(&mut main, "state.append(2)");
    let changed = again(&mut main);
    assert!(!Arc::ptr_eq(&second, &changed));
    run(&mut main, "C.level = 7");
    let f = run(&mut main, "f");
    assert_eq!(look(&library, &call(&library, &f, &[]), "x"), "\"([1, 2], 7)\"");
}

#[test]
fn exceptions_cross_with_class_attributes_and_cause() {
    let library = Library::builder().build();
    let mut main = isolate(&library);
    let text = "class E(Exception):\n    pass\ndef f():\n    try:\n        1 / 0\n    except ZeroDivisionError as z:\n        e = E('m', 2)\n        e.extra = [1]\n        raise e from z\nf";
    let f = run(&mut main, text);
    let mut task = isolate(&library);
    task.start_call(&f, &[], &[]).expect("it starts");
    let error = task.run_to_end().expect_err("it raises");
    let exception = error.exception().expect("it crosses");
    let checked = look(&library, exception, "(type(x).__name__, x.args, x.extra, type(x.__cause__).__name__)");
    assert_eq!(checked, "\"('E', ('m', 2), [1], 'ZeroDivisionError')\"");
}

#[test]
fn keys_that_hash_by_address_are_found_after_the_crossing() {
    let library = Library::builder().build();
    let mut main = isolate(&library);
    let value = run(&mut main, "class K: pass\nk = K()\n[k, {k: 1, (k, 2): 3, 'text': 4}, {k}, frozenset([k])]");
    let text = "(x[1][x[0]], x[1][(x[0], 2)], x[1]['text'], x[0] in x[2], x[0] in x[3])";
    assert_eq!(look(&library, &value, text), "\"(1, 3, 4, True, True)\"");
}

#[test]
fn builtins_of_another_library_are_refused() {
    let (one, two) = (Library::builder().build(), Library::builder().build());
    let value = run(&mut isolate(&one), "[len]");
    let message = isolate(&two).with_cx(|cx| value.to_value(cx).map(drop).map_err(|raise| raise.builtin_class()));
    assert_eq!(message, Err(Some(crate::error::ExcClass::TypeError)));
}
