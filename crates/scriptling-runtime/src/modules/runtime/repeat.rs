//! `every` and `cron`: schedules, and what a script holds of one.

use std::sync::Arc;

use scriptling_vm::error::Raise;
use scriptling_vm::native::{Cx, FromValue, ModuleBuilder, NativeResult, Outcome};
use scriptling_vm::portable::{HostHandle, Portable};
use scriptling_vm::value::Value;

use super::super::{own_task, receiver, runtime_of, seconds, text, wait};
use super::{MODULE, copy_arguments, hand_over, handler_name, use_threads, with_handler};
use crate::cron::Cron;
use crate::repeat::{End, Plan, Schedule};

impl HostHandle for Schedule {
    fn class(&self) -> (&'static str, &'static str) {
        (MODULE, "Schedule")
    }

    fn as_any(&self) -> &dyn std::any::Any {
        self
    }
}

pub(super) fn define(module: &mut ModuleBuilder<'_>) {
    module
        .class("Schedule", "A function that is run again and again; made by every() and cron().")
        .raw("cancel(self, /)", "End it; a run that is under way goes on. Whether it had not ended.", |cx, args| {
            Ok(Outcome::Return(Value::bool(schedule_of(cx, args[0])?.cancel())))
        })
        .raw("cancelled(self, /)", "Whether it has ended.", |cx, args| {
            Ok(Outcome::Return(Value::bool(schedule_of(cx, args[0])?.has_ended())))
        })
        .raw("wait(self, /, timeout=None)", "Wait until it is cancelled.", wait_for_end)
        .raw("__repr__(self, /)", "", repr)
        .raw_getter("name", "Its name, which is that of its runs.", |cx, args| {
            let name = schedule_of(cx, args[0])?.name().clone();
            Ok(Outcome::Return(cx.str(name)))
        })
        .raw_getter("runs", "How many runs were started.", |cx, args| {
            let runs = schedule_of(cx, args[0])?.counts().0;
            Ok(Outcome::Return(cx.int(runs)))
        })
        .raw_getter("skipped", "How many runs were skipped because others were under way.", |cx, args| {
            let skipped = schedule_of(cx, args[0])?.counts().1;
            Ok(Outcome::Return(cx.int(skipped)))
        })
        .finish();
    module
        .raw(
            "every(seconds, handler, /, *args, name=None, jitter=0, max_overlap=1)",
            "Run handler(*args) as a task every so many seconds, each time up to jitter seconds later; at most max_overlap \
             at once, others are skipped. Returns a Schedule. It ends with the main program.",
            every,
        )
        .raw(
            "cron(expression, handler, /, *args, name=None, max_overlap=1)",
            "Run handler(*args) as a task at local times: minute, hour, day of month, month, day of week, as '*/5 * * * *' \
             or '0 9 * * mon-fri'. Returns a Schedule. It ends with the main program.",
            cron,
        );
}

fn schedule_of(cx: &Cx<'_>, value: Value) -> Result<Arc<Schedule>, Raise> {
    receiver(cx, value, "Schedule")
}

fn every(cx: &mut Cx<'_>, args: &[Value]) -> NativeResult {
    let &[interval, handler, name, jitter, max_overlap, ref rest @ ..] = args else {
        return Err(Raise::type_error("every() takes seconds and a handler"));
    };
    let period = match seconds(cx, interval, "every() seconds")? {
        Some(period) if !period.is_zero() => period,
        _ => return Err(Raise::value_error("every() seconds must be more than 0")),
    };
    let jitter = seconds(cx, jitter, "jitter")?.unwrap_or_default();
    if jitter >= period {
        return Err(Raise::value_error("jitter must be less than the seconds between two runs"));
    }
    start(cx, Plan::Every { period, jitter }, handler, name, max_overlap, rest)
}

fn cron(cx: &mut Cx<'_>, args: &[Value]) -> NativeResult {
    let &[expression, handler, name, max_overlap, ref rest @ ..] = args else {
        return Err(Raise::type_error("cron() takes an expression and a handler"));
    };
    let expression = text(cx, expression, "cron() expression")?;
    let plan = Cron::parse(&expression).map_err(Raise::value_error)?;
    start(cx, Plan::Cron(plan), handler, name, max_overlap, rest)
}

fn start(cx: &mut Cx<'_>, plan: Plan, handler: Value, name: Value, max_overlap: Value, rest: &[Value]) -> NativeResult {
    let name = if name.is_none() { None } else { Some(text(cx, name, "name")?) };
    let max_overlap = match i64::from_value(cx, max_overlap)? {
        Some(count @ 1..) => count as usize,
        Some(_) => return Err(Raise::value_error("max_overlap must be at least 1")),
        None => {
            let found = cx.type_name(max_overlap);
            return Err(Raise::type_error(format!("max_overlap must be an int, not {found}")));
        }
    };
    let args = match rest.first() {
        Some(&args) => copy_arguments(cx, args)?,
        None => Vec::new(),
    };
    with_handler(cx, handler, move |cx, function, path| {
        let name = name.or(path).unwrap_or_else(|| handler_name(cx, function));
        let function = Portable::from_argument(cx, function, &|| "background handler".into())?;
        use_threads(cx)?;
        let (runtime, owner) = (runtime_of(cx)?, own_task(cx)?);
        let schedule = Schedule::start(&runtime, owner, name, plan, (function, args), max_overlap);
        hand_over(cx, move |cx| {
            let class = cx.library_class(MODULE, "Schedule");
            let class = class.ok_or_else(|| Raise::runtime_error("there are no schedules"))?;
            host_object_of(cx, class, schedule.clone())
        })
    })
}

fn host_object_of(
    cx: &mut Cx<'_>,
    class: scriptling_vm::heap::Gc<scriptling_vm::heap::Class>,
    schedule: Arc<Schedule>,
) -> NativeResult {
    super::super::host_object(cx, Value::obj(class), schedule)
}

fn wait_for_end(cx: &mut Cx<'_>, args: &[Value]) -> NativeResult {
    let schedule = schedule_of(cx, args[0])?;
    let timeout = seconds(cx, args[1], "timeout")?;
    let what = schedule.clone();
    let what = move || format!("schedule '{}'", what.name());
    let mut end = End::new(schedule);
    wait(cx, timeout, what, move |_, waker| end.poll(waker).map(|()| Ok(Outcome::Return(Value::NONE))))
}

fn repr(cx: &mut Cx<'_>, args: &[Value]) -> NativeResult {
    let schedule = schedule_of(cx, args[0])?;
    let ((runs, skipped), state) = (schedule.counts(), if schedule.has_ended() { " cancelled" } else { "" });
    let text = format!("<Schedule '{}' runs={runs} skipped={skipped}{state}>", schedule.name());
    Ok(Outcome::Return(cx.str(text)))
}
