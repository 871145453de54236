//! `map` and `retry`: thin natives over functions in the language (`tasks.py`), which do what runs the caller's code.

use std::sync::Arc;

use scriptling_vm::error::{ExcClass, Raise};
use scriptling_vm::heap::HostObject;
use scriptling_vm::heap::data::HostData;
use scriptling_vm::native::{Cx, FromValue, ModuleBuilder, NativeResult, Outcome};
use scriptling_vm::portable::Portable;
use scriptling_vm::value::Value;

use super::super::{own_task, raise_failure, runtime_of, seconds, wait};
use super::{INTERNAL, MODULE, hand_over, handler_name, use_threads, with_handler};
use crate::batch::{Batch, Feeder, Next};

/// The class of what the generator holds.
const BATCH: &str = "Batch";
/// The native that gives a number between 0 and 1.
const CHANCE: &str = "chance";

/// The most tasks of one `map` at work at once.
const MAX_WORKERS: i64 = 1 << 20;

pub(super) fn define_internal(module: &mut ModuleBuilder<'_>) {
    module
        .class(BATCH, "The tasks of a map.")
        .raw("full(self, /)", "", |cx, args| Ok(Outcome::Return(Value::bool(batch_of(cx, args[0])?.is_full()))))
        .raw("size(self, /)", "", |cx, args| Ok(Outcome::Return(Value::int(batch_of(cx, args[0])?.len() as i64))))
        .raw("feed(self, item, /)", "", feed)
        .raw("take(self, /)", "", take)
        .raw("close(self, /)", "", |cx, args| {
            batch_of(cx, args[0])?.close();
            Ok(Outcome::Return(Value::NONE))
        })
        .finish();
    module.raw("chance()", "", |cx, _| Ok(Outcome::Return(Value::float(runtime_of(cx)?.chance()))));
}

pub(super) fn define(module: &mut ModuleBuilder<'_>) {
    module
        .raw(
            "map(fn, iterable, *, workers=None, ordered=True)",
            "Call fn(item) for each item, each in a task, so many at once (one per thread, if not given); an iterator of the \
             results, in order or, with ordered=False, as they come. Takes items from the iterable as results are taken, at \
             most 2 * workers ahead. What a task raises is raised in its place, and ends the iterator. An iterator that is \
             closed or dropped cancels the rest.",
            map,
        )
        .raw(
            "retry(fn, attempts=3, backoff=0.1, on=..., max_backoff=30.0)",
            "Call fn() until it does not raise `on` (a class or a tuple of classes; Exception, if not given), at most \
             attempts times; its result. Sleeps in between: backoff seconds, then twice as long each time, up to \
             max_backoff, each time between half of that and all. The last exception is raised.",
            retry,
        );
}

fn batch_of(cx: &Cx<'_>, value: Value) -> Result<Arc<Batch>, Raise> {
    if let Some(object) = value.as_gc::<HostObject>()
        && let HostData::Local(local) = &object.get(cx.heap()).data
        && let Some(feeder) = local.downcast_ref::<Feeder>()
    {
        return Ok(feeder.0.clone());
    }
    Err(Raise::type_error("this belongs to an iterator of runtime.map()"))
}

fn map(cx: &mut Cx<'_>, args: &[Value]) -> NativeResult {
    let workers = match args[2] {
        none if none.is_none() => runtime_of(cx)?.pool.workers(),
        value => match i64::from_value(cx, value)? {
            Some(workers @ 1..=MAX_WORKERS) => workers as usize,
            Some(_) => return Err(Raise::value_error("workers must be at least 1 and not absurdly many")),
            None => {
                let found = cx.type_name(value);
                return Err(Raise::type_error(format!("workers must be an int or None, not {found}")));
            }
        },
    };
    let Some(ordered) = args[3].as_bool() else { return Err(Raise::type_error("ordered must be a bool")) };
    let iterable = cx.keep(args[1]);
    with_handler(cx, args[0], move |cx, function, path| {
        let name = path.unwrap_or_else(|| handler_name(cx, function));
        let function = Portable::from_argument(cx, function, &|| "map function".into())?;
        let (runtime, owner) = (runtime_of(cx)?, own_task(cx)?);
        let batch = Arc::new(Batch::new(runtime, owner, function, name, workers, ordered));
        let class = cx.library_class(INTERNAL, BATCH).ok_or_else(|| Raise::runtime_error("there is no map"))?;
        let data = HostData::Local(Box::new(Feeder(batch)));
        let batch = cx.heap_mut().value(HostObject { class, data });
        let iterable = cx.kept(iterable);
        Ok(Outcome::tail_call(cx.prelude("_runtime_map"), &[batch, iterable]))
    })
}

fn feed(cx: &mut Cx<'_>, args: &[Value]) -> NativeResult {
    let batch = batch_of(cx, args[0])?;
    let item = Portable::from_argument(cx, args[1], &|| "map item".into())?;
    use_threads(cx)?;
    batch.feed(item);
    hand_over(cx, |_| Ok(Outcome::Return(Value::NONE)))
}

fn take(cx: &mut Cx<'_>, args: &[Value]) -> NativeResult {
    let batch = batch_of(cx, args[0])?;
    let what = batch.clone();
    let what = move || format!("a result of map('{}')", what.name());
    let mut next = Next::new(batch);
    wait(cx, None, what, move |cx, waker| {
        next.poll(waker).map(|task| match task.result() {
            Some(Ok(value)) => Ok(Outcome::Return(value.to_value(cx)?)),
            Some(Err(failure)) => Err(raise_failure(cx, &failure)),
            None => Err(Raise::new(ExcClass::SystemError, "a task has not ended after all")),
        })
    })
}

fn retry(cx: &mut Cx<'_>, args: &[Value]) -> NativeResult {
    super::check_callable(cx, args[0], "fn")?;
    match i64::from_value(cx, args[1])? {
        Some(1..) => {}
        Some(_) => return Err(Raise::value_error("attempts must be at least 1")),
        None => return Err(Raise::type_error(format!("attempts must be an int, not {}", cx.type_name(args[1])))),
    }
    let mut sleeps = [Value::NONE; 2];
    for ((place, value), what) in sleeps.iter_mut().zip([args[2], args[4]]).zip(["backoff", "max_backoff"]) {
        let Some(sleep) = seconds(cx, value, what)? else {
            return Err(Raise::type_error(format!("{what} must be a number of seconds, not NoneType")));
        };
        *place = Value::float(sleep.as_secs_f64());
    }
    let [backoff, longest] = sleeps;
    let on = if args[3].is_undefined() { Value::obj(cx.exception_class(ExcClass::Exception)) } else { args[3] };
    let member = |cx: &Cx<'_>, module: &str, name: &str| {
        cx.library_member(module, name).ok_or_else(|| Raise::runtime_error("the runtime module is incomplete"))
    };
    let (sleep, chance) = (member(cx, MODULE, "sleep")?, member(cx, INTERNAL, CHANCE)?);
    Ok(Outcome::tail_call(cx.prelude("_runtime_retry"), &[args[0], args[1], backoff, longest, on, sleep, chance]))
}
