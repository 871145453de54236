//! Binding of call arguments to a native's signature.

use super::{Cx, Signature};
use crate::error::Raise;
use crate::heap::{Gc, NativeFunction, Str};
use crate::value::Value;

/// Binds positional and keyword arguments; the result has one value per signature slot.
///
/// `keywords` are name-value pairs with the names as strings. Messages are CPython's.
pub fn bind_native(
    cx: &mut Cx<'_>,
    native: Gc<NativeFunction>,
    positional: &[Value],
    keywords: &[(Value, Value)],
) -> Result<Vec<Value>, Raise> {
    let signature = native.get(cx.heap()).signature.clone();
    let defaults: Vec<Value> = native.get(cx.heap()).defaults.to_vec();
    let named = signature.positional.len() + signature.keyword_only.len();
    let mut bound: Vec<Option<Value>> = vec![None; named];
    let taken = positional.len().min(signature.positional.len());
    for (slot, &value) in bound.iter_mut().zip(&positional[..taken]) {
        *slot = Some(value);
    }
    if taken < positional.len() && signature.star.is_none() {
        return Err(too_many(&signature, positional.len()));
    }
    let extra = signature.star_star.is_some().then(|| cx.dict());
    for &(name, value) in keywords {
        let text = name.as_gc::<Str>().ok_or_else(|| Raise::type_error("keywords must be strings"))?;
        let text = text.get(cx.heap()).to_smol();
        match slot_of(&signature, &text) {
            Some(slot) if bound[slot].is_some() => {
                let message = format!("{}() got multiple values for argument '{text}'", signature.name);
                return Err(Raise::type_error(message));
            }
            Some(slot) => bound[slot] = Some(value),
            None => match extra {
                Some(dict) => cx.dict_set_str(dict, &text, value),
                None => return Err(unexpected(&signature, &text)),
            },
        }
    }
    let mut result = Vec::with_capacity(signature.slots());
    let parameters = signature.positional.iter().chain(&signature.keyword_only);
    for (index, (slot, parameter)) in bound.iter().zip(parameters).enumerate() {
        match slot {
            Some(value) => result.push(*value),
            None if parameter.default.is_some() => result.push(defaults[index]),
            None => return Err(missing(&signature, &bound)),
        }
    }
    if signature.star.is_some() {
        let rest = cx.tuple(&positional[taken..]);
        result.push(rest);
    }
    if let Some(extra) = extra {
        result.push(Value::obj(extra));
    }
    Ok(result)
}

fn slot_of(signature: &Signature, name: &str) -> Option<usize> {
    let parameters = signature.positional.iter().chain(&signature.keyword_only);
    let slot = parameters.into_iter().position(|parameter| parameter.name == name)?;
    (slot >= signature.positional_only).then_some(slot)
}

#[cold]
fn too_many(signature: &Signature, given: usize) -> Raise {
    let (most, least) = (signature.positional.len(), signature.required);
    let name = &signature.name;
    let message = if most == 0 {
        format!("{name}() takes no arguments ({given} given)")
    } else if most == least {
        let plural = if most == 1 { "exactly one argument".into() } else { format!("exactly {most} arguments") };
        format!("{name}() takes {plural} ({given} given)")
    } else {
        let plural = if most == 1 { "" } else { "s" };
        format!("{name} expected at most {most} argument{plural}, got {given}")
    };
    Raise::type_error(message)
}

#[cold]
fn missing(signature: &Signature, bound: &[Option<Value>]) -> Raise {
    let parameters = signature.positional.iter().chain(&signature.keyword_only);
    let names: Vec<&str> = bound
        .iter()
        .zip(parameters)
        .filter(|(slot, parameter)| slot.is_none() && parameter.default.is_none())
        .map(|(_, parameter)| parameter.name.as_str())
        .collect();
    let given = bound.iter().take(signature.positional.len()).filter(|slot| slot.is_some()).count();
    let name = &signature.name;
    if signature.positional_only >= signature.required && signature.required > 0 {
        let plural = if signature.required == 1 { "" } else { "s" };
        let least = if signature.positional.len() == signature.required { "" } else { "at least " };
        return Raise::type_error(format!("{name} expected {least}{} argument{plural}, got {given}", signature.required));
    }
    let list = names.iter().map(|name| format!("'{name}'")).collect::<Vec<_>>().join(" and ");
    let plural = if names.len() == 1 { "" } else { "s" };
    Raise::type_error(format!("{name}() missing {} required argument{plural}: {list}", names.len()))
}

#[cold]
fn unexpected(signature: &Signature, name: &str) -> Raise {
    if signature.positional.len() == signature.positional_only && signature.keyword_only.is_empty() {
        return Raise::type_error(format!("{}() takes no keyword arguments", signature.name));
    }
    let known = signature.positional[signature.positional_only..].iter().chain(&signature.keyword_only);
    let hint = crate::suggest::closest(name, known.map(|parameter| parameter.name.as_str()));
    let hint = hint.map_or(String::new(), |hint| format!(". Did you mean '{hint}'?"));
    Raise::type_error(format!("{}() got an unexpected keyword argument '{name}'{hint}", signature.name))
}
