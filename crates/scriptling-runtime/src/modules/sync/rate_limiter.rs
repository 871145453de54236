//! `RateLimiter` for scripts.

use std::time::Duration;

use scriptling_vm::error::Raise;
use scriptling_vm::native::{Cx, FromValue, ModuleBuilder, NativeResult, Outcome};
use scriptling_vm::value::Value;

use super::{
    bool, common, count, denied, get_or_create, handle, host_object, needed, optional, owner, park, repr, runtime_of,
    same, seconds, timed_out, using,
};
use crate::sync::{Kind, NotTaken, Object, RateLimiter, Take, Waiting};

pub(super) fn define(module: &mut ModuleBuilder<'_>) {
    let class = module
        .class(
            "RateLimiter",
            "A bucket of burst tokens (without burst: 1), full in the beginning, to which rate tokens are added each second.",
        )
        .raw_static("__new__(cls, name, rate=None, burst=None)", "Get or create the limiter of that name.", new)
        .raw(
            "acquire(self, /, n=1, timeout=None)",
            "Wait until n tokens are there and take them; returns True. TimeoutError at once, if they cannot be there in time.",
            acquire,
        )
        .raw("try_acquire(self, /, n=1)", "Take n tokens if they are there and nobody waits; whether it did.", |cx, args| {
            let limiter = using::<RateLimiter>(cx, args[0])?;
            let n = tokens(cx, &limiter, args[1])?;
            bool(limiter.try_take(n))
        })
        .raw("available(self, /)", "How many tokens there are.", |cx, args| {
            let tokens = using::<RateLimiter>(cx, args[0])?.tokens();
            Ok(Outcome::Return(cx.int(tokens)))
        })
        .raw_getter("rate", "Tokens per second.", |cx, args| {
            Ok(Outcome::Return(Value::float(handle::<RateLimiter>(cx, args[0])?.rate())))
        })
        .raw_getter("burst", "The most tokens that there are at once.", |cx, args| {
            let burst = handle::<RateLimiter>(cx, args[0])?.burst();
            Ok(Outcome::Return(cx.int(burst)))
        })
        .raw("__enter__(self, /)", "", |cx, args| {
            let itself = cx.keep(args[0]);
            take(cx, args[0], 1, None, move |cx| Ok(Outcome::Return(cx.kept(itself))))
        })
        .raw("__exit__(self, type, value, traceback, /)", "", |_, _| bool(false))
        .raw("__repr__(self, /)", "", |cx, args| {
            let limiter = handle::<RateLimiter>(cx, args[0])?;
            let (name, rate) = (limiter.label().name(), limiter.rate());
            repr(cx, &format!("<RateLimiter '{name}' rate={rate} burst={}>", limiter.burst()))
        });
    common::<RateLimiter>(class).finish();
}

fn rate(cx: &mut Cx<'_>, value: Value) -> Result<f64, Raise> {
    let Some(rate) = f64::from_value(cx, value)? else {
        return Err(Raise::type_error(format!("rate must be a number, not {}", cx.type_name(value))));
    };
    if !RateLimiter::RATES.contains(&rate) {
        return Err(Raise::value_error("rate must be between 1e-06 and 1e+09 per second"));
    }
    Ok(rate)
}

fn burst(cx: &mut Cx<'_>, value: Value) -> Result<u64, Raise> {
    let burst = count(cx, value, "burst", 1)?;
    if burst > RateLimiter::MAX_BURST {
        return Err(Raise::value_error(format!("burst must be at most {}", RateLimiter::MAX_BURST)));
    }
    Ok(burst)
}

fn new(cx: &mut Cx<'_>, args: &[Value]) -> NativeResult {
    let (rate, burst) = (optional(cx, args[2], rate)?, optional(cx, args[3], burst)?);
    let timer = runtime_of(cx)?.timer.clone();
    let limiter = get_or_create(cx, Kind::RateLimiter, args[1], |_, label| {
        let rate = needed(&label, "rate", rate)?;
        Ok(RateLimiter::new(label, rate, burst.unwrap_or(1), timer))
    })?;
    same(limiter.label(), "rate", limiter.rate(), rate)?;
    same(limiter.label(), "burst", limiter.burst(), burst)?;
    host_object(cx, args[0], limiter)
}

/// How many tokens are asked for.
fn tokens(cx: &mut Cx<'_>, limiter: &RateLimiter, value: Value) -> Result<u64, Raise> {
    let n = count(cx, value, "n", 1)?;
    let burst = limiter.burst();
    if n > burst {
        let label = limiter.label();
        return Err(Raise::value_error(format!("{label} never has {n} tokens at once: its burst is {burst}")));
    }
    Ok(n)
}

fn acquire(cx: &mut Cx<'_>, args: &[Value]) -> NativeResult {
    let limiter = using::<RateLimiter>(cx, args[0])?;
    let n = tokens(cx, &limiter, args[1])?;
    let timeout = seconds(cx, args[2], "timeout")?;
    take(cx, args[0], n, timeout, |_| bool(true))
}

fn take<F>(cx: &mut Cx<'_>, receiver: Value, n: u64, timeout: Option<Duration>, done: F) -> NativeResult
where
    F: FnOnce(&mut Cx<'_>) -> NativeResult + Send + 'static,
{
    let limiter = using::<RateLimiter>(cx, receiver)?;
    let take = Take::new(limiter.clone(), owner(cx)?, n).within(timeout);
    let what = take.describe();
    park(cx, timeout, take, move |cx, result| match result {
        Ok(()) => done(cx),
        Err(NotTaken::TooLate) => Err(timed_out(&what)),
        Err(NotTaken::Denied(why)) => Err(denied(cx, limiter.label(), why, "this task waits for tokens already")),
    })
}
