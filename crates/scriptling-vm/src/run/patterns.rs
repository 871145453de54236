//! The `match` statement's questions about its subject.

use crate::builtins::types::BuiltinType;
use crate::error::Raise;
use crate::heap::{Class, Dict, Kind, Tuple};
use crate::isolate::Isolate;
use crate::native::{Cx, Kept, NativeResult, Outcome};
use crate::operate;
use crate::value::Value;

impl Isolate {
    /// Lists, tuples, ranges: what sequence patterns match (never strings or bytes).
    pub(crate) fn is_pattern_sequence(&self, value: Value) -> bool {
        matches!(value.kind(), Some(Kind::List | Kind::Tuple | Kind::Range | Kind::BigRange))
            || self.wraps(value, &[BuiltinType::List, BuiltinType::Tuple])
    }

    /// Dicts: what mapping patterns match.
    pub(crate) fn is_pattern_mapping(&self, value: Value) -> bool {
        value.is::<Dict>() || self.wraps(value, &[BuiltinType::Dict])
    }

    fn wraps(&self, value: Value, types: &[BuiltinType]) -> bool {
        value.kind() == Some(Kind::Instance)
            && self.class_of(value).get(&self.heap).base_value.is_some_and(|base| types.contains(&base))
    }
}

/// The values under `keys` in a tuple, or `None` if one is missing.
pub(crate) fn match_keys(cx: &mut Cx<'_>, subject: Value, keys: Value) -> NativeResult {
    let keys = cx.sequence(keys).expect("the compiler passes a tuple");
    let subject = cx.keep(subject);
    let keys = keys.into_iter().map(|key| cx.keep(key)).collect();
    next_key(cx, subject, keys, Vec::new())
}

fn next_key(cx: &mut Cx<'_>, subject: Kept, keys: Vec<Kept>, mut found: Vec<Kept>) -> NativeResult {
    let Some(&key) = keys.get(found.len()) else {
        let values: Vec<Value> = found.iter().map(|&kept| cx.kept(kept)).collect();
        return Ok(Outcome::Return(cx.tuple(&values)));
    };
    let (mapping, key) = (cx.kept(subject), cx.kept(key));
    let get = cx.prelude("_match_key");
    Ok(Outcome::call(get, &[mapping, key], move |cx, result| {
        // A one-element tuple holds the value; `None` means missing.
        let result = result?;
        match result.as_gc::<Tuple>() {
            Some(value) => {
                let value = value.items(cx.heap())[0];
                found.push(cx.keep(value));
                next_key(cx, subject, keys, found)
            }
            None => Ok(Outcome::Return(Value::NONE)),
        }
    }))
}

/// The attributes that a class pattern binds, in a tuple, or `None` if the subject does not match.
pub(crate) fn match_class(
    cx: &mut Cx<'_>,
    subject: Value,
    class: Value,
    names: Value,
    positional: usize,
) -> NativeResult {
    let Some(class) = class.as_gc::<Class>() else {
        return Err(Raise::type_error("called match pattern must be a class"));
    };
    if !cx.is_subclass(cx.class_of(subject), class) {
        return Ok(Outcome::Return(Value::NONE));
    }
    if positional == 1
        && is_self_matching(cx, class)
        && operate::attr::lookup(cx.heap(), class, "__match_args__").is_none()
    {
        let rest = cx.prelude("_match_attributes");
        let subject_first = cx.tuple(&[subject]);
        return Ok(Outcome::tail_call(rest, &[subject, names, subject_first]));
    }
    let match_args = operate::attr::lookup(cx.heap(), class, "__match_args__");
    let available = match_args.and_then(|args| cx.sequence(args)).unwrap_or_default();
    if positional > available.len() {
        let name = class.get(cx.heap()).name.clone();
        let plural = if available.len() == 1 { "" } else { "s" };
        return Err(Raise::type_error(format!(
            "{name}() accepts {} positional sub-pattern{plural} ({positional} given)",
            available.len()
        )));
    }
    let mut all = available[..positional].to_vec();
    all.extend(cx.sequence(names).expect("the compiler passes a tuple"));
    let (all, none) = (cx.tuple(&all), cx.tuple(&[]));
    let get = cx.prelude("_match_attributes");
    Ok(Outcome::tail_call(get, &[subject, all, none]))
}

/// Builtin types whose single positional sub-pattern matches the subject itself.
fn is_self_matching(cx: &Cx<'_>, class: crate::heap::Gc<Class>) -> bool {
    use BuiltinType::{Bool, Bytes, Dict, Float, FrozenSet, Int, List, Set, Str, Tuple};
    [Bool, Bytes, Dict, Float, FrozenSet, Int, List, Set, Str, Tuple]
        .into_iter()
        .any(|builtin| cx.is_subclass(class, cx.builtin_class(builtin)))
}
