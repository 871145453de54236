//! The native ABI as an embedder meets it: both faces, every outcome, under every way of running.
//!
//! Each script runs plainly, one step per slice, and with a collection at every safepoint; the result must be the same.
//! What must not compile is in `ui/`.

use std::any::Any;
use std::sync::Arc;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicI64, AtomicUsize, Ordering};
use std::task::{Poll, Wake, Waker};

use scriptling_vm::error::{Error, ExcClass, Raise};
use scriptling_vm::heap::data::HostData;
use scriptling_vm::heap::{Dict, Gc, HostObject, List};
use scriptling_vm::isolate::{Isolate, Limits, NoHost, Slice};
use scriptling_vm::library::Library;
use scriptling_vm::native::{
    CallRequest, Cx, GeneratorAction, GeneratorRequest, ModuleBuilder, NativeModule, NativeResult, Outcome, Rest, Wait,
};
use scriptling_vm::portable::{HostHandle, Portable};
use scriptling_vm::value::Value;

/// What scripts wait for and tests open.
#[derive(Default)]
struct Gate {
    open: AtomicBool,
    waker: Mutex<Option<Waker>>,
    polls: AtomicUsize,
    /// Waits that were dropped before they were ready.
    cancelled: AtomicUsize,
}

impl Gate {
    fn open(&self) {
        self.open.store(true, Ordering::SeqCst);
        if let Some(waker) = self.waker.lock().expect("no panic").take() {
            waker.wake();
        }
    }
}

/// Counts a wait that ends without having been ready.
struct Waiting {
    gate: Arc<Gate>,
    ready: bool,
}

impl Drop for Waiting {
    fn drop(&mut self) {
        if !self.ready {
            self.gate.cancelled.fetch_add(1, Ordering::SeqCst);
        }
    }
}

/// A wait that cannot be cut short.
struct Stubborn(Waiting);

impl Wait for Stubborn {
    fn poll(&mut self, _cx: &mut Cx<'_>, waker: &Waker) -> Poll<NativeResult> {
        let gate = &self.0.gate;
        *gate.waker.lock().expect("no panic") = Some(waker.clone());
        if !gate.open.load(Ordering::SeqCst) {
            return Poll::Pending;
        }
        self.0.ready = true;
        Poll::Ready(Ok(Outcome::Return(Value::NONE)))
    }

    fn interrupted(&mut self) -> bool {
        false
    }
}

struct Kit {
    gate: Arc<Gate>,
    total: Arc<AtomicI64>,
}

impl NativeModule for Kit {
    fn name(&self) -> &'static str {
        "kit"
    }

    fn doc(&self) -> &'static str {
        "Natives of every shape."
    }

    fn define(&self, module: &mut ModuleBuilder<'_>) {
        self.define_typed(module);
        self.define_waits(module);
        define_kernel(module);
        define_classes(module);
    }
}

impl Kit {
    /// The public face: plain functions with typed parameters.
    fn define_typed(&self, module: &mut ModuleBuilder<'_>) {
        let total = self.total.clone();
        module
            .constant("VERSION", "1.0")
            .constant("ANSWER", 42)
            .constant("HALF", 0.5)
            .constant("YES", true)
            .function("nothing()", "Returns None.", || ())
            .function("add(a, b=10)", "The sum.", |a: i64, b: i64| a.checked_add(b).ok_or_else(too_much))
            .function("scale(x, /, factor)", "A float.", |x: f64, factor: f64| x * factor)
            .function("repeat(s, n=2)", "Repeats.", |s: String, n: usize| s.repeat(n))
            .function("flag(on)", "The other one.", |on: bool| !on)
            .function("backwards(data)", "Bytes.", |mut data: Vec<u8>| {
                data.reverse();
                data
            })
            .function("optional(n=None)", "n + 1 or None.", |n: Option<i64>| n.map(|n| n + 1))
            .function("count(*values)", "How many.", |values: Rest| values.0.len())
            .function("named(a, *, b=2)", "Keyword-only.", |a: i64, b: i64| a * 100 + b)
            .function("required(*, key)", "Keyword-only, required.", |key: String| key)
            .function("options(**options)", "The keywords, sorted.", |cx: &mut Cx<'_>, options: Gc<Dict>| {
                let table = &options.get(cx.heap()).table;
                let mut names: Vec<String> =
                    table.iter().map(|entry| cx.as_str(entry.key).unwrap_or_default().to_owned()).collect();
                names.sort();
                names.join(",")
            })
            .function("first(items)", "The first element.", |cx: &mut Cx<'_>, items: Gc<List>| {
                items.get(cx.heap()).get(0).ok_or_else(|| Raise::index_error("no first element"))
            })
            .function("total(amount)", "Adds to a total behind the module.", move |amount: i64| {
                total.fetch_add(amount, Ordering::SeqCst) + amount
            })
            .function("fail(kind)", "Raises.", |kind: String| match kind.as_str() {
                "value" => Err::<(), _>(Raise::value_error("a bad value")),
                "key" => Err(Raise::new(ExcClass::KeyError, "missing")),
                "panic" => panic!("a native with a bug"),
                _ => Ok(()),
            });
    }

    /// What parks.
    fn define_waits(&self, module: &mut ModuleBuilder<'_>) {
        let gate = self.gate.clone();
        module.function(
            "pass_gate(value)",
            "Waits for the gate, then returns value.",
            move |cx: &mut Cx<'_>, value: Value| {
                let kept = cx.keep(value);
                let mut waiting = Waiting { gate: gate.clone(), ready: false };
                Outcome::wait(move |cx, waker| {
                    waiting.gate.polls.fetch_add(1, Ordering::SeqCst);
                    let mut slot = waiting.gate.waker.lock().expect("no panic");
                    if waiting.gate.open.load(Ordering::SeqCst) {
                        drop(slot);
                        waiting.ready = true;
                        return Poll::Ready(Ok(Outcome::Return(cx.kept(kept))));
                    }
                    *slot = Some(waker.clone());
                    Poll::Pending
                })
            },
        );
        let gate = self.gate.clone();
        module.function("leave_gate()", "Waits for the gate, also when it is interrupted.", move || {
            Outcome::Wait(Box::new(Stubborn(Waiting { gate: gate.clone(), ready: false })))
        });
        module.function("later(n)", "A future that is ready when polled again.", |n: i64| {
            let mut polled = false;
            Outcome::future(std::future::poll_fn(move |context| {
                if std::mem::replace(&mut polled, true) {
                    return Poll::Ready(if n < 0 {
                        Err(Raise::value_error("negative"))
                    } else {
                        Ok(Portable::list([Portable::int(n), Portable::str("later")]))
                    });
                }
                context.waker().wake_by_ref();
                Poll::Pending
            }))
        });
        module.raw("wait_call_wait(function, /)", "Waits, calls, waits again.", |cx, args| {
            let function = cx.keep(args[0]);
            let mut polls = 0;
            Ok(Outcome::wait(move |cx, waker| {
                polls += 1;
                if polls < 3 {
                    waker.wake_by_ref();
                    return Poll::Pending;
                }
                Poll::Ready(Ok(Outcome::call(cx.kept(function), &[Value::int(polls)], |cx, result| {
                    let answer = Portable::from_value(cx, result?)?;
                    Ok(Outcome::future(async move { Ok(answer) }))
                })))
            }))
        });
    }
}

fn too_much() -> Raise {
    Raise::overflow_error("that is too much")
}

/// The kernel: bound arguments in, what is next out.
fn define_kernel(module: &mut ModuleBuilder<'_>) {
    module
        .raw("apply(function, /, *args, **keywords)", "Calls it.", |cx, args| {
            let positional = cx.sequence(args[1]).unwrap_or_default();
            let keywords = args[2]
                .as_gc::<Dict>()
                .map(|dict| dict.get(cx.heap()).table.iter().map(|entry| (entry.key, entry.value)).collect());
            Ok(Outcome::Call(Box::new(CallRequest {
                callee: args[0],
                args: positional,
                keywords: keywords.unwrap_or_default(),
                then: None,
            })))
        })
        .raw(
            "collect_pairs(function, items, /)",
            "[(item, function(item)), ...], one call after the other.",
            |cx, args| {
                let result = cx.list(&[]);
                let state = [args[0], args[1], result].map(|value| cx.keep(value));
                next_pair(cx, state, 0)
            },
        )
        .raw("guarded(function, /)", "The result, or the name of the exception's class.", |_cx, args| {
            Ok(Outcome::call(args[0], &[], |cx, result| match result {
                Ok(value) => Ok(Outcome::Return(value)),
                Err(raise) => {
                    let name = match raise.existing() {
                        Some(exception) => cx.type_name(exception).to_string(),
                        None => String::from("new"),
                    };
                    Ok(Outcome::Return(cx.str(format!("caught {name}"))))
                }
            }))
        })
        .raw("again(function, value, /)", "function(function(value)) + 1, by and_then.", |cx, args| {
            let function = cx.keep(args[0]);
            Outcome::tail_call(args[0], &[args[1]]).and_then(cx, move |cx, once| {
                let function = cx.kept(function);
                Outcome::tail_call(function, &[once])
                    .and_then(cx, |cx, twice| Ok(Outcome::Return(cx.int(twice.as_int().unwrap_or(0) + 1))))
            })
        })
        .raw("resume(generator, value, /)", "generator.send(value), in a tuple.", |_cx, args| {
            resume(args[0], GeneratorAction::Send(args[1]))
        })
        .raw("throw_into(generator, message, /)", "generator.throw(ValueError(message)), in a tuple.", |cx, args| {
            let message = cx.as_str(args[1]).unwrap_or_default().to_owned();
            resume(args[0], GeneratorAction::Throw(Raise::value_error(message)))
        });
}

fn resume(generator: Value, action: GeneratorAction) -> NativeResult {
    let Some(generator) = generator.as_gc() else { return Err(Raise::type_error("a generator is needed")) };
    Ok(Outcome::Generator(Box::new(GeneratorRequest {
        generator,
        action,
        then: Some(Box::new(|cx: &mut Cx<'_>, result: Result<Value, Raise>| {
            let value = result?;
            Ok(Outcome::Return(cx.tuple(&[value])))
        })),
    })))
}

fn next_pair(cx: &mut Cx<'_>, state: [scriptling_vm::native::Kept; 3], at: usize) -> NativeResult {
    let [function, items, result] = state.map(|kept| cx.kept(kept));
    let items = cx.sequence(items).unwrap_or_default();
    let Some(&item) = items.get(at) else { return Ok(Outcome::Return(result)) };
    Ok(Outcome::call(function, &[item], move |cx, value| {
        let value = value?;
        let [_, items, result] = state.map(|kept| cx.kept(kept));
        let item = cx.sequence(items).and_then(|items| items.get(at).copied()).unwrap_or(Value::NONE);
        let pair = cx.tuple(&[item, value]);
        if let Some(result) = cx.as_list(result) {
            result.get_mut(cx.heap_mut()).push(pair);
        }
        next_pair(cx, state, at + 1)
    }))
}

/// Shared between isolates by reference.
struct Tally(AtomicI64);

impl HostHandle for Tally {
    fn class(&self) -> (&'static str, &'static str) {
        ("kit", "Tally")
    }

    fn as_any(&self) -> &dyn Any {
        self
    }
}

fn tally(cx: &Cx<'_>, value: Value) -> Result<Arc<dyn HostHandle>, Raise> {
    if let Some(object) = value.as_gc::<HostObject>()
        && let HostData::Shared(handle) = &object.get(cx.heap()).data
        && handle.as_any().is::<Tally>()
    {
        return Ok(handle.clone());
    }
    Err(Raise::type_error("a Tally is needed"))
}

/// Private to one isolate.
struct Notebook {
    lines: Vec<String>,
}

fn notebook<R>(cx: &mut Cx<'_>, value: Value, use_it: impl FnOnce(&mut Notebook) -> R) -> Result<R, Raise> {
    if let Some(object) = value.as_gc::<HostObject>()
        && let HostData::Local(data) = &mut object.get_mut(cx.heap_mut()).data
        && let Some(notebook) = data.downcast_mut::<Notebook>()
    {
        return Ok(use_it(notebook));
    }
    Err(Raise::type_error("a Notebook is needed"))
}

fn define_classes(module: &mut ModuleBuilder<'_>) {
    module
        .class("Tally", "Counts, for all isolates.")
        .raw_static("__new__(cls, start=0)", "A new one.", |cx, args| {
            let Some(class) = args[0].as_gc() else { return Err(Raise::type_error("a class is needed")) };
            let handle = Arc::new(Tally(AtomicI64::new(args[1].as_int().unwrap_or(0))));
            Ok(Outcome::Return(cx.heap_mut().value(HostObject { class, data: HostData::Shared(handle) })))
        })
        .raw("add(self, amount=1, /)", "Adds.", |cx, args| {
            let handle = tally(cx, args[0])?;
            let Some(tally) = handle.as_any().downcast_ref::<Tally>() else { return Err(too_much()) };
            let amount = args[1].as_int().unwrap_or(1);
            Ok(Outcome::Return(Value::int(tally.0.fetch_add(amount, Ordering::SeqCst) + amount)))
        })
        .raw_getter("value", "Its value.", |cx, args| {
            let handle = tally(cx, args[0])?;
            let value = handle.as_any().downcast_ref::<Tally>().map(|tally| tally.0.load(Ordering::SeqCst));
            Ok(Outcome::Return(Value::int(value.unwrap_or(0))))
        })
        .finish();
    module
        .class("Notebook", "Remembers lines.")
        .raw_static("__new__(cls)", "A new one.", |cx, args| {
            let Some(class) = args[0].as_gc() else { return Err(Raise::type_error("a class is needed")) };
            let data = HostData::Local(Box::new(Notebook { lines: Vec::new() }));
            Ok(Outcome::Return(cx.heap_mut().value(HostObject { class, data })))
        })
        .raw_class("of(cls, *lines)", "One with these lines.", |cx, args| {
            let lines = cx.sequence(args[1]).unwrap_or_default();
            let lines = lines.iter().filter_map(|&line| cx.as_str(line).map(str::to_owned)).collect();
            let Some(class) = args[0].as_gc() else { return Err(Raise::type_error("a class is needed")) };
            let data = HostData::Local(Box::new(Notebook { lines }));
            Ok(Outcome::Return(cx.heap_mut().value(HostObject { class, data })))
        })
        .method(
            "write(self, line, times=1)",
            "Adds a line.",
            |cx: &mut Cx<'_>, this: Value, line: String, times: usize| {
                notebook(cx, this, |notebook| notebook.lines.extend(std::iter::repeat_n(line, times)))
            },
        )
        .method("text(self)", "All lines.", |cx: &mut Cx<'_>, this: Value| {
            notebook(cx, this, |notebook| notebook.lines.join("|"))
        })
        .raw("__len__(self, /)", "", |cx, args| {
            let len = notebook(cx, args[0], |notebook| notebook.lines.len())?;
            Ok(Outcome::Return(cx.int(len)))
        })
        .finish();
    module.exception("KitError", "What the kit raises.", ExcClass::ValueError).finish();
}

struct Woken(AtomicBool);

impl Wake for Woken {
    fn wake(self: Arc<Self>) {
        self.0.store(true, Ordering::SeqCst);
    }
}

struct Fixture {
    gate: Arc<Gate>,
    isolate: Isolate,
    woken: Arc<Woken>,
}

impl Fixture {
    fn start(text: &str) -> Fixture {
        let gate = Arc::new(Gate::default());
        let kit = Kit { gate: gate.clone(), total: Arc::default() };
        let library = Library::builder().module(kit).build();
        let mut isolate = Isolate::new(library, Box::new(NoHost), Limits::default());
        let unit = isolate.compile("test.py", text).unwrap_or_else(|error| panic!("{}", error.rendered()));
        isolate.start_main(unit).unwrap_or_else(|error| panic!("{}", error.rendered()));
        Fixture { gate, isolate, woken: Arc::new(Woken(AtomicBool::new(false))) }
    }

    fn slice(&mut self, fuel: u64) -> Slice {
        self.isolate.run(fuel, &Waker::from(self.woken.clone()))
    }

    /// Runs until it ends or parks without having been woken.
    fn run(&mut self, fuel: u64) -> Slice {
        loop {
            match self.slice(fuel) {
                Slice::OutOfFuel => {}
                Slice::Parked if self.woken.0.swap(false, Ordering::SeqCst) => {}
                ended => return ended,
            }
        }
    }
}

/// What the script leaves in `result`, as text; the same in all ways of running.
fn eval(text: &str) -> String {
    outcome(text, "repr(result)")
}

/// What a script shows at its end; the same in all ways of running.
fn outcome(text: &str, shown: &str) -> String {
    let run = |fuel: u64, stress: bool| {
        // A failed assertion of the script would be an error; what it has to say is the message of its exception.
        let text = format!("import kit\n{text}\nraise RuntimeError({shown})\n");
        let mut fixture = Fixture::start(&text);
        fixture.isolate.set_gc_stress(stress);
        match fixture.run(fuel) {
            Slice::Failed(error) if error.class() == "RuntimeError" => error.message().to_owned(),
            Slice::Failed(error) => panic!("{}", error.rendered()),
            other => panic!("{other:?}"),
        }
    };
    let plain = run(1 << 20, false);
    assert_eq!(run(1, false), plain, "one step per slice");
    assert_eq!(run(1 << 20, true), plain, "a collection at every safepoint");
    assert_eq!(run(3, true), plain, "a collection at every safepoint, three steps per slice");
    plain
}

/// The message of the exception that evaluating an expression raises.
fn error(expression: &str) -> String {
    let text = format!(
        "try:\n    result = ({expression})\nexcept Exception as e:\n    result = type(e).__name__ + ': ' + str(e)"
    );
    outcome(&text, "result")
}

#[test]
fn typed_parameters_and_results() {
    assert_eq!(eval("result = (kit.nothing(), kit.add(1), kit.add(1, 2), kit.add(b=5, a=True))"), "(None, 11, 3, 6)");
    assert_eq!(eval("result = (kit.scale(3, 0.5), kit.scale(2.0, factor=True))"), "(1.5, 2.0)");
    assert_eq!(eval("result = (kit.repeat('ab'), kit.repeat('é', n=3), kit.flag(False))"), "('abab', 'ééé', True)");
    assert_eq!(
        eval("result = (kit.backwards(b'abc'), kit.optional(), kit.optional(None), kit.optional(1))"),
        "(b'cba', None, None, 2)"
    );
    assert_eq!(eval("result = (kit.count(), kit.count(1, 2, 3), kit.named(1), kit.named(1, b=3))"), "(0, 3, 102, 103)");
    assert_eq!(eval("result = (kit.options(), kit.options(z=1, a=2), kit.required(key='k'))"), "('', 'a,z', 'k')");
    assert_eq!(eval("result = (kit.first([7, 8]), kit.first(items=[[1]]))"), "(7, [1])");
    assert_eq!(eval("result = (kit.VERSION, kit.ANSWER, kit.HALF, kit.YES)"), "('1.0', 42, 0.5, True)");
    assert_eq!(eval("kit.total(2)\nresult = kit.total(40)"), "42");
}

#[test]
fn wrong_arguments_are_type_errors_that_name_them() {
    assert_eq!(error("kit.add('x')"), "TypeError: argument 1 must be int, not str");
    assert_eq!(error("kit.add(1, 2.5)"), "TypeError: argument 2 must be int, not float");
    assert_eq!(error("kit.repeat(b'x')"), "TypeError: argument 1 must be str, not bytes");
    assert_eq!(error("kit.repeat('x', -1)"), "ValueError: must not be negative");
    assert_eq!(error("kit.flag(1)"), "TypeError: argument 1 must be bool, not int");
    assert_eq!(error("kit.first((1,))"), "TypeError: argument 1 must be list, not tuple");
    assert_eq!(error("kit.add(2 ** 64)"), "OverflowError: int too large for this parameter (64 bits)");
    assert_eq!(error("kit.scale(10 ** 400, 1)"), "OverflowError: int too large to convert to float");
    assert_eq!(error("kit.add()"), "TypeError: add() missing required argument 'a' (pos 1)");
    assert_eq!(error("kit.add(1, 2, 3)"), "TypeError: add() takes at most 2 arguments (3 given)");
    assert_eq!(error("kit.add(1, a=2)"), "TypeError: add() got multiple values for argument 'a'");
    assert_eq!(error("kit.nothing(1)"), "TypeError: kit.nothing() takes no arguments (1 given)".replace("kit.", ""));
    assert_eq!(error("kit.required()"), "TypeError: required() missing required keyword-only argument: 'key'");
    assert_eq!(error("kit.required('k')"), "TypeError: required() takes no positional arguments");
}

#[test]
fn misspelled_names_get_a_hint() {
    assert_eq!(error("kit.named(1, c=2)"), "TypeError: named() got an unexpected keyword argument 'c'");
    assert_eq!(
        error("kit.required(keys='k')"),
        "TypeError: required() got an unexpected keyword argument 'keys'. Did you mean 'key'?"
    );
    assert_eq!(
        error("kit.scale(2, facter=1)"),
        "TypeError: scale() got an unexpected keyword argument 'facter'. Did you mean 'factor'?"
    );
    // What is positional-only is no keyword.
    assert_eq!(error("kit.scale(x=2, factor=1)"), "TypeError: scale() got an unexpected keyword argument 'x'");
}

#[test]
fn errors_of_natives_are_exceptions_of_the_script() {
    assert_eq!(error("kit.fail('value')"), "ValueError: a bad value");
    assert_eq!(error("kit.fail('key')"), "KeyError: 'missing'");
    assert_eq!(error("kit.first([])"), "IndexError: no first element");
    assert_eq!(error("kit.add(2 ** 62, 2 ** 62)"), "OverflowError: that is too much");
    assert_eq!(eval("result = (issubclass(kit.KitError, ValueError), str(kit.KitError('k')))"), "(True, 'k')");
}

#[test]
fn a_panic_ends_the_script_and_not_the_process() {
    let mut fixture = Fixture::start("import kit\ntry:\n    kit.fail('panic')\nexcept BaseException:\n    pass\n");
    let Slice::Failed(error) = fixture.run(1 << 20) else { panic!("it goes on") };
    assert_eq!(error.class(), "SystemError");
    assert!(error.message().contains("a native with a bug"), "{}", error.message());
}

#[test]
fn calls_with_every_kind_of_argument() {
    assert_eq!(
        eval("def f(*args, **keywords):\n    return (args, keywords)\nresult = kit.apply(f, 1, [2], a=3, b=(4,))"),
        "((1, [2]), {'a': 3, 'b': (4,)})"
    );
    assert_eq!(eval("result = kit.apply(len, 'four')"), "4");
    assert_eq!(eval("result = kit.apply(kit.apply, kit.add, 1, b=2)"), "3");
    assert_eq!(eval("class C:\n    def __init__(self, x):\n        self.x = x\nresult = kit.apply(C, x=5).x"), "5");
    assert_eq!(error("kit.apply(5)"), "TypeError: 'int' object is not callable");
}

#[test]
fn kept_values_survive_collections_between_calls() {
    assert_eq!(
        eval(
            "def f(x):\n    garbage = [[i] for i in range(20)]\n    return str(x) * 2\nresult = kit.collect_pairs(f, [1, 'b', (3,)])"
        ),
        "[(1, '11'), ('b', 'bb'), ((3,), '(3,)(3,)')]"
    );
    assert_eq!(
        eval(
            "def f(x):\n    return kit.collect_pairs(lambda y: [x, y], range(x)) if x else 0\nresult = kit.collect_pairs(lambda n: kit.collect_pairs(lambda m: [n, m], [n]), [1, 2])"
        ),
        "[(1, [(1, [1, 1])]), (2, [(2, [2, 2])])]"
    );
    assert_eq!(eval("result = kit.again(lambda x: x * 3, 2)"), "19");
}

#[test]
fn a_continuation_sees_the_exception() {
    assert_eq!(eval("result = kit.guarded(lambda: 1 / 0)"), "'caught ZeroDivisionError'");
    assert_eq!(eval("result = kit.guarded(lambda: [1])"), "[1]");
    assert_eq!(
        error("kit.collect_pairs(lambda x: 1 // x, [1, 0])"),
        "ZeroDivisionError: integer division or modulo by zero"
    );
}

#[test]
fn natives_do_not_nest_on_the_rust_stack() {
    // Deeper than any stack if each level used some: the limit that is met is the script's own.
    assert_eq!(
        error("(lambda f: f(f, 100_000))(lambda f, n: kit.apply(f, f, n - 1) if n else 0)"),
        "RecursionError: maximum recursion depth exceeded"
    );
}

#[test]
fn generators_are_resumed() {
    let generator = "def g():\n    got = yield 'first'\n    try:\n        yield [got]\n    except ValueError as e:\n        yield str(e)\nx = g()\n";
    assert_eq!(
        eval(&format!("{generator}result = [kit.resume(x, None), kit.resume(x, 5), kit.throw_into(x, 'oops')]")),
        "[('first',), ([5],), ('oops',)]"
    );
    assert_eq!(
        eval(&format!(
            "{generator}for _ in x:\n    pass\ntry:\n    kit.resume(x, None)\nexcept StopIteration:\n    result = 'end'"
        )),
        "'end'"
    );
    assert_eq!(error("kit.resume(5, None)"), "TypeError: a generator is needed");
}

#[test]
fn a_future_becomes_a_result() {
    assert_eq!(eval("result = (kit.later(1), kit.later(2))"), "([1, 'later'], [2, 'later'])");
    assert_eq!(error("kit.later(-1)"), "ValueError: negative");
    assert_eq!(
        eval("result = [kit.apply(kit.later, n) for n in range(3)]"),
        "[[0, 'later'], [1, 'later'], [2, 'later']]"
    );
}

#[test]
fn a_wait_may_end_in_a_call_and_that_in_a_wait() {
    assert_eq!(eval("result = kit.wait_call_wait(lambda n: [n, kit.later(n)])"), "[3, [3, 'later']]");
    assert_eq!(
        error("kit.wait_call_wait(lambda: 0)"),
        "TypeError: <lambda>() takes 0 positional arguments but 1 was given"
    );
}

#[test]
fn a_wait_parks_until_it_is_woken() {
    let mut fixture = Fixture::start("import kit\nx = kit.pass_gate(['kept', 1])\nraise RuntimeError(x)\n");
    fixture.isolate.set_gc_stress(true);
    assert!(matches!(fixture.run(1 << 20), Slice::Parked));
    assert_eq!(fixture.gate.polls.load(Ordering::SeqCst), 1);
    // Run again without having been woken: it parks again, and nothing is lost.
    assert!(matches!(fixture.run(1 << 20), Slice::Parked));
    fixture.gate.open();
    assert!(fixture.woken.0.load(Ordering::SeqCst));
    let Slice::Failed(error) = fixture.run(1 << 20) else { panic!("it goes on") };
    assert_eq!(error.message(), "['kept', 1]");
    assert_eq!(fixture.gate.cancelled.load(Ordering::SeqCst), 0);
}

#[test]
fn a_wait_that_is_ready_does_not_park() {
    let mut fixture = Fixture::start("import kit\nraise RuntimeError(kit.pass_gate(5))\n");
    fixture.gate.open();
    let Slice::Failed(error) = fixture.slice(1 << 20) else { panic!("it goes on") };
    assert_eq!((error.message(), fixture.gate.polls.load(Ordering::SeqCst)), ("5", 1));
}

#[test]
fn an_interrupt_cancels_what_is_waited_for() {
    let text = "import kit\ntry:\n    kit.pass_gate(1)\nexcept TimeoutError as e:\n    raise RuntimeError('cancelled: ' + str(e))\n";
    let mut fixture = Fixture::start(text);
    assert!(matches!(fixture.run(1 << 20), Slice::Parked));
    fixture.isolate.interrupt(ExcClass::TimeoutError, "too late");
    let Slice::Failed(error) = fixture.run(1 << 20) else { panic!("it goes on") };
    assert_eq!(error.message(), "cancelled: too late");
    assert_eq!(fixture.gate.cancelled.load(Ordering::SeqCst), 1);
}

#[test]
fn an_interrupt_waits_for_what_has_something_to_finish_but_a_limit_does_not() {
    let text = "import kit\ntry:\n    kit.leave_gate()\nexcept BaseException as e:\n    raise RuntimeError('then: ' + str(e))\n";
    let mut fixture = Fixture::start(text);
    assert!(matches!(fixture.run(1 << 20), Slice::Parked));
    fixture.isolate.interrupt(ExcClass::CancelledError, "cancelled");
    assert!(matches!(fixture.run(1 << 20), Slice::Parked));
    fixture.gate.open();
    let Slice::Failed(error) = fixture.run(1 << 20) else { panic!("it goes on") };
    assert_eq!((error.message(), fixture.gate.cancelled.load(Ordering::SeqCst)), ("then: cancelled", 0));

    let mut fixture = Fixture::start(text);
    assert!(matches!(fixture.run(1 << 20), Slice::Parked));
    fixture.isolate.interrupt(ExcClass::TimeLimitExceeded, "too long");
    let Slice::Failed(error) = fixture.run(1 << 20) else { panic!("it goes on") };
    assert_eq!((error.message(), fixture.gate.cancelled.load(Ordering::SeqCst)), ("then: too long", 1));
}

#[test]
fn dropping_a_parked_isolate_cancels_what_is_waited_for() {
    let mut fixture = Fixture::start("import kit\nkit.pass_gate([1])\n");
    assert!(matches!(fixture.run(1 << 20), Slice::Parked));
    let gate = fixture.gate.clone();
    drop(fixture);
    assert_eq!(gate.cancelled.load(Ordering::SeqCst), 1);
}

#[test]
fn a_parked_isolate_moves_to_another_thread() {
    let mut fixture =
        Fixture::start("import kit\nresult = [kit.pass_gate([n]) for n in range(3)]\nraise RuntimeError(result)\n");
    assert!(matches!(fixture.run(1 << 20), Slice::Parked));
    fixture.gate.open();
    let ended = std::thread::spawn(move || fixture.run(1)).join().expect("no panic");
    let Slice::Failed(error) = ended else { panic!("it goes on") };
    assert_eq!(error.message(), "[[0], [1], [2]]");
}

#[test]
fn host_types_have_methods() {
    assert_eq!(eval("t = kit.Tally(5)\nt.add()\nt.add(4)\nresult = (t.value, type(t).__name__)"), "(10, 'Tally')");
    assert_eq!(
        eval(
            "n = kit.Notebook.of('a')\nn.write('b')\nn.write(line='c', times=2)\nresult = (n.text(), len(n), bool(kit.Notebook()))"
        ),
        "('a|b|c|c', 4, False)"
    );
    assert_eq!(eval("n = kit.Notebook()\nwrite = n.write\nwrite('x')\nresult = kit.Notebook.text(n)"), "'x'");
    assert_eq!(error("kit.Notebook().wirte('x')"), "AttributeError: 'Notebook' object has no attribute 'wirte'");
    assert_eq!(error("kit.Notebook.text(5)"), "TypeError: a Notebook is needed");
    assert_eq!(error("kit.Notebook().write()"), "TypeError: write() missing required argument 'line' (pos 1)");
}

#[test]
fn tracebacks_hint_at_misspelled_methods() {
    let mut fixture = Fixture::start("import kit\nkit.Notebook().wirte('x')\n");
    let Slice::Failed(error) = fixture.run(1 << 20) else { panic!("it goes on") };
    assert!(error.rendered().ends_with("has no attribute 'wirte'. Did you mean: 'write'?\n"), "{}", error.rendered());
}

#[test]
fn shared_handles_cross_and_local_data_does_not() -> Result<(), Error> {
    let library = Library::builder().module(Kit { gate: Arc::default(), total: Arc::default() }).build();
    let new = || Isolate::new(library.clone(), Box::new(NoHost), Limits::default());
    let (mut one, mut other) = (new(), new());
    let tally = one.run_source("one.py", "import kit\ntally = kit.Tally(1)\ntally")?;
    other.run_source("other.py", "def add(tally):\n    return tally.add(10)\n")?;
    assert_eq!(other.call_function("add", std::slice::from_ref(&tally))?.as_int(), Some(11));
    assert_eq!(one.run_source("one.py", "tally.value")?.as_int(), Some(11));
    let error = one.run_source("one.py", "kit.Notebook()").expect_err("it cannot cross");
    assert_eq!(error.class(), "TypeError");
    Ok(())
}

#[test]
fn help_comes_from_the_signature() {
    assert_eq!(
        eval("result = (kit.add.__name__, kit.add.__doc__, kit.Tally.__doc__, kit.__doc__)"),
        "('add', 'add(a, b=10) - The sum.', 'Counts, for all isolates.', 'Natives of every shape.')"
    );
}

#[test]
#[should_panic(expected = "differ")]
fn a_signature_that_does_not_fit_its_function_is_refused_when_it_is_defined() {
    struct Wrong;
    impl NativeModule for Wrong {
        fn name(&self) -> &'static str {
            "wrong"
        }
        fn define(&self, module: &mut ModuleBuilder<'_>) {
            module.function("f(a, b)", "Two names, one parameter.", |a: i64| a);
        }
    }
    Library::builder().module(Wrong).build().define_modules();
}
