//! What is said of call arguments that do not fit a native's signature. Messages are CPython's.

use super::Signature;
use crate::error::Raise;
use crate::run::bind::Misfit;
use crate::value::Value;

/// The TypeError of a call whose arguments do not fit. `bound` are the values of the named parameters, for what is missing.
#[cold]
pub(crate) fn argument_error(signature: &Signature, misfit: Misfit, bound: &[Value]) -> Raise {
    match misfit {
        Misfit::Multiple(name) => {
            Raise::type_error(format!("{}() got multiple values for argument '{name}'", signature.name))
        }
        Misfit::Unexpected(name) => unexpected(signature, &name),
        Misfit::TooMany(given) => too_many(signature, given),
        Misfit::Missing => missing(signature, bound),
    }
}

/// What errors about the number of arguments say: CPython's three wordings, by how the parameters can be passed.
struct Wording<'a> {
    signature: &'a Signature,
    /// Arguments given, without the receiver.
    given: usize,
    /// The most positional arguments, without the receiver.
    most: usize,
    /// The fewest.
    least: usize,
}

impl Wording<'_> {
    fn new(signature: &Signature, given: usize) -> Wording<'_> {
        let implicit = usize::from(signature.owner.is_some());
        Wording {
            signature,
            given: given.saturating_sub(implicit),
            most: signature.positional.len().saturating_sub(implicit),
            least: signature.required.saturating_sub(implicit),
        }
    }

    /// Whether no positional argument can be passed by keyword.
    fn positional_only(&self) -> bool {
        self.signature.positional_only == self.signature.positional.len()
    }

    /// The wording for natives of no or one argument, if it is one.
    fn fixed(&self) -> Option<String> {
        let variable = self.signature.star.is_some() || !self.signature.keyword_only.is_empty();
        if !self.positional_only() || variable || self.most > 1 || self.least != self.most {
            return None;
        }
        let name = self.signature.qualified_name();
        let takes = if self.most == 0 { "no arguments" } else { "exactly one argument" };
        Some(format!("{name}() takes {takes} ({} given)", self.given))
    }
}

#[cold]
fn too_many(signature: &Signature, given: usize) -> Raise {
    let wording = Wording::new(signature, given);
    let (name, given, most) = (signature.shown_name(), wording.given, wording.most);
    let plural = if most == 1 { "" } else { "s" };
    Raise::type_error(match wording.fixed() {
        Some(text) => text,
        None if most == 0 => format!("{name}() takes no positional arguments"),
        None if wording.positional_only() => {
            let limit = if most == wording.least { "" } else { "at most " };
            format!("{name} expected {limit}{most} argument{plural}, got {given}")
        }
        None => {
            let limit = if most == wording.least { "exactly" } else { "at most" };
            format!("{name}() takes {limit} {most} argument{plural} ({given} given)")
        }
    })
}

#[cold]
fn missing(signature: &Signature, bound: &[Value]) -> Raise {
    let given = bound.iter().take(signature.positional.len()).filter(|slot| !slot.is_undefined()).count();
    if given == 0 && signature.owner.is_some() && !signature.is_constructor() {
        let name = signature.qualified_name();
        return Raise::type_error(format!("unbound method {name}() needs an argument"));
    }
    let wording = Wording::new(signature, given);
    if let Some(text) = wording.fixed() {
        return Raise::type_error(text);
    }
    let (name, least) = (signature.shown_name(), wording.least);
    if signature.positional_only >= signature.required && least > 0 {
        let plural = if least == 1 { "" } else { "s" };
        let limit = if wording.most == least && signature.star.is_none() { "" } else { "at least " };
        return Raise::type_error(format!("{name} expected {limit}{least} argument{plural}, got {}", wording.given));
    }
    let parameters = signature.positional.iter().chain(&signature.keyword_only);
    let absent =
        bound.iter().zip(parameters).position(|(slot, parameter)| slot.is_undefined() && parameter.default.is_none());
    let at = absent.unwrap_or(0);
    let all = signature.positional.iter().chain(&signature.keyword_only);
    let parameter = all.map(|parameter| parameter.name.as_str()).nth(at).unwrap_or_default();
    if at >= signature.positional.len() {
        return Raise::type_error(format!("{name}() missing required keyword-only argument: '{parameter}'"));
    }
    let position = at + 1 - usize::from(signature.owner.is_some());
    Raise::type_error(format!("{name}() missing required argument '{parameter}' (pos {position})"))
}

#[cold]
fn unexpected(signature: &Signature, name: &str) -> Raise {
    if signature.positional.len() == signature.positional_only && signature.keyword_only.is_empty() {
        return Raise::type_error(format!("{}() takes no keyword arguments", signature.qualified_name()));
    }
    let known = signature.positional[signature.positional_only..].iter().chain(&signature.keyword_only);
    let hint = crate::suggest::closest(name, known.map(|parameter| parameter.name.as_str()));
    let hint = hint.map_or(String::new(), |hint| format!(". Did you mean '{hint}'?"));
    Raise::type_error(format!("{}() got an unexpected keyword argument '{name}'{hint}", signature.name))
}
