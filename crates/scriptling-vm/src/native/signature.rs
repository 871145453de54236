//! Signatures of natives, written as text in the script's own syntax.
//!
//! `"get(key, default=None, /, *, timeout=None)"` is the one place that says what a native's parameters are: binding of
//! arguments, error messages, `help()` and generated docs derive from it. Defaults are literals (`None`, `True`, `False`,
//! numbers, strings, `()`), or `...` for "not given", which the native sees as an undefined value.
//!
//! There are many natives, and a program calls few of them: at start-up a [`Declaration`] is only scanned for what a plain
//! call needs. The [`Signature`] is made of it when somebody asks for more.

use std::borrow::Cow;
use std::sync::{Arc, OnceLock};

use smol_str::SmolStr;

/// A default value.
#[derive(Clone, Debug, PartialEq)]
pub enum DefaultValue {
    /// `...`: the native can tell that nothing was passed.
    NotGiven,
    /// `None`
    None,
    /// `True` or `False`
    Bool(bool),
    /// An int.
    Int(i64),
    /// A float.
    Float(f64),
    /// A string.
    Str(SmolStr),
    /// `()`
    EmptyTuple,
}

/// One parameter.
#[derive(Clone, Debug, PartialEq)]
pub struct Parameter {
    /// Its name.
    pub name: SmolStr,
    /// Its default, if it is optional.
    pub default: Option<DefaultValue>,
}

/// A parsed signature. The native's arguments come in this order: positional, keyword-only, `*args` as one tuple,
/// `**kwargs` as one dict.
#[derive(Clone, Debug, PartialEq)]
pub struct Signature {
    /// The function's name.
    pub name: SmolStr,
    /// The text it was parsed from, for help.
    pub text: SmolStr,
    /// What it does, for help.
    pub help: SmolStr,
    /// Positional parameters.
    pub positional: Vec<Parameter>,
    /// How many of them cannot be passed by keyword.
    pub positional_only: usize,
    /// Keyword-only parameters.
    pub keyword_only: Vec<Parameter>,
    /// The name of `*args`.
    pub star: Option<SmolStr>,
    /// The name of `**kwargs`.
    pub star_star: Option<SmolStr>,
    /// Positional parameters without a default.
    pub required: usize,
    /// The class whose method or constructor it is: the first parameter is then not counted in messages.
    pub owner: Option<SmolStr>,
}

impl Signature {
    /// Parses a signature.
    ///
    /// # Panics
    /// If the text is malformed: signatures are part of the program, and a test builds every module once.
    pub fn parse(text: &str, help: &str) -> Signature {
        let (name, parts) = parts(text);
        let mut signature = Signature {
            name: name.into(),
            text: text.into(),
            help: help.into(),
            positional: Vec::new(),
            positional_only: 0,
            keyword_only: Vec::new(),
            star: None,
            star_star: None,
            required: 0,
            owner: None,
        };
        let mut keyword_only = false;
        for part in parts {
            match part {
                Part::PositionalOnly => signature.positional_only = signature.positional.len(),
                Part::KeywordOnly => keyword_only = true,
                Part::Star(name) => {
                    signature.star = Some(name.into());
                    keyword_only = true;
                }
                Part::StarStar(name) => signature.star_star = Some(name.into()),
                Part::Parameter(name, default) => {
                    let default = default.map(|literal| parse_default(text, literal));
                    let parameter = Parameter { name: name.into(), default };
                    if keyword_only {
                        signature.keyword_only.push(parameter);
                    } else {
                        signature.positional.push(parameter);
                    }
                }
            }
        }
        signature.required = signature.positional.iter().filter(|parameter| parameter.default.is_none()).count();
        signature
    }

    /// Whether calling it is calling its class.
    pub fn is_constructor(&self) -> bool {
        self.owner.is_some() && (self.name == "__new__" || self.name == crate::library::MAKE)
    }

    /// The name in messages: the class's for constructors.
    pub fn shown_name(&self) -> &SmolStr {
        self.owner.as_ref().filter(|_| self.is_constructor()).unwrap_or(&self.name)
    }

    /// The name in messages with the class in front of a method's.
    pub fn qualified_name(&self) -> SmolStr {
        match &self.owner {
            Some(owner) if !self.is_constructor() => smol_str::format_smolstr!("{owner}.{}", self.name),
            _ => self.shown_name().clone(),
        }
    }

    /// Whether positional arguments alone can bind it.
    pub fn is_simple(&self) -> bool {
        let optional = self.keyword_only.iter().all(|parameter| parameter.default.is_some());
        optional && self.star.is_none() && self.star_star.is_none()
    }

    /// How many values the native gets.
    pub fn slots(&self) -> usize {
        self.positional.len()
            + self.keyword_only.len()
            + usize::from(self.star.is_some())
            + usize::from(self.star_star.is_some())
    }

    /// The first line of its help: `name(parameters) - text`.
    pub fn help_line(&self) -> String {
        if self.help.is_empty() { self.text.to_string() } else { format!("{} - {}", self.text, self.help) }
    }
}

/// What a native was registered with.
pub(crate) struct Declaration {
    text: Cow<'static, str>,
    help: Cow<'static, str>,
    owner: Option<SmolStr>,
    signature: OnceLock<Arc<Signature>>,
}

/// What a call that needs no binding looks at.
pub(crate) struct Outline {
    /// How many values the native gets.
    pub(crate) slots: usize,
    /// Positional parameters.
    pub(crate) positional: usize,
    /// Those of them without a default.
    pub(crate) required: usize,
    /// Whether positional arguments alone can bind it.
    pub(crate) simple: bool,
    /// Defaults of all parameters, in order, the last of which has one; `NotGiven` where there is none.
    pub(crate) defaults: Vec<DefaultValue>,
}

impl Declaration {
    /// A function's.
    pub(crate) fn new(text: impl Into<Cow<'static, str>>, help: impl Into<Cow<'static, str>>) -> Declaration {
        Declaration { text: text.into(), help: help.into(), owner: None, signature: OnceLock::new() }
    }

    /// The same as a method or constructor of a class.
    pub(crate) fn owned_by(self, class: &SmolStr) -> Declaration {
        Declaration { owner: Some(class.clone()), ..self }
    }

    /// The name.
    pub(crate) fn name(&self) -> &str {
        name_of(&self.text)
    }

    /// The name, to be kept.
    pub(crate) fn smol_name(&self) -> SmolStr {
        match &self.text {
            Cow::Borrowed(text) => SmolStr::new_static(name_of(text)),
            Cow::Owned(text) => SmolStr::new(name_of(text)),
        }
    }

    /// All of it.
    pub(crate) fn signature(&self) -> &Arc<Signature> {
        self.signature.get_or_init(|| {
            let parsed = Signature::parse(&self.text, &self.help);
            Arc::new(Signature { owner: self.owner.clone(), ..parsed })
        })
    }

    /// What start-up needs. Panics if the text is malformed.
    pub(crate) fn outline(&self) -> Outline {
        if let Some(positional) = count_plain(&self.text) {
            return Outline { slots: positional, positional, required: positional, simple: true, defaults: Vec::new() };
        }
        let mut outline = Outline { slots: 0, positional: 0, required: 0, simple: true, defaults: Vec::new() };
        let mut named = 0;
        let mut positional = 1;
        for part in parts(&self.text).1 {
            match part {
                Part::PositionalOnly => {}
                Part::KeywordOnly => positional = 0,
                Part::Star(_) | Part::StarStar(_) => {
                    positional = 0;
                    outline.simple = false;
                    outline.slots += 1;
                }
                Part::Parameter(_, default) => {
                    outline.positional += positional;
                    outline.simple &= positional == 1 || default.is_some();
                    match default {
                        Some(literal) => {
                            outline.defaults.resize(named, DefaultValue::NotGiven);
                            outline.defaults.push(parse_default(&self.text, literal));
                        }
                        None => outline.required += positional,
                    }
                    named += 1;
                }
            }
        }
        outline.slots += named;
        outline
    }
}

/// One part between commas.
enum Part<'a> {
    /// `/`
    PositionalOnly,
    /// `*`
    KeywordOnly,
    /// `*name`
    Star(&'a str),
    /// `**name`
    StarStar(&'a str),
    /// `name` or `name=default`
    Parameter(&'a str, Option<&'a str>),
}

/// The name in a signature. (Signatures are short, and all of them are scanned at each start-up: hence no searcher here.)
fn name_of(text: &str) -> &str {
    let end = text.bytes().position(|byte| byte == b'(').unwrap_or(text.len());
    text[..end].trim_ascii()
}

/// The name and the parts of a signature.
fn parts(text: &str) -> (&str, impl Iterator<Item = Part<'_>>) {
    let open = text.bytes().position(|byte| byte == b'(');
    let Some(inner) = open.and_then(|open| text[open + 1..].strip_suffix(')')) else {
        panic!("malformed native signature: {text}")
    };
    let name = name_of(text);
    let parts = split_commas(inner).map(|part| {
        if part == "/" {
            Part::PositionalOnly
        } else if let Some(rest) = part.strip_prefix('*') {
            match rest.strip_prefix('*') {
                Some(name) => Part::StarStar(name),
                None if rest.is_empty() => Part::KeywordOnly,
                None => Part::Star(rest),
            }
        } else {
            match part.bytes().position(|byte| byte == b'=') {
                Some(at) => Part::Parameter(part[..at].trim_ascii_end(), Some(part[at + 1..].trim_ascii_start())),
                None => Part::Parameter(part, None),
            }
        }
    });
    (name, parts)
}

/// How many parameters a signature has, if all are positional and have no defaults, as those of most natives. What is not
/// well formed is left to `parts`.
fn count_plain(text: &str) -> Option<usize> {
    let (mut commas, mut slashes, mut opening, mut others) = (0, 0, 0, 0);
    for byte in text.bytes() {
        commas += usize::from(byte == b',');
        slashes += usize::from(byte == b'/');
        opening += usize::from(byte == b'(');
        others += usize::from(matches!(byte, b'*' | b'='));
    }
    let is_plain = others == 0 && opening == 1 && slashes <= 1 && text.ends_with(')') && !text.ends_with("()");
    is_plain.then(|| commas + 1 - slashes)
}

/// Splits at commas that are not inside a string or parentheses.
fn split_commas(text: &str) -> impl Iterator<Item = &str> {
    let mut rest = text;
    let pieces = std::iter::from_fn(move || {
        if rest.is_empty() {
            return None;
        }
        let (mut quote, mut depth) = (0, 0_u32);
        let end = rest.bytes().position(|byte| {
            if !is_special(byte) {
                return false;
            }
            match byte {
                b'\'' | b'"' if quote == 0 => quote = byte,
                _ if byte == quote => quote = 0,
                b'(' if quote == 0 => depth += 1,
                b')' if quote == 0 => depth = depth.saturating_sub(1),
                b',' => return quote == 0 && depth == 0,
                _ => {}
            }
            false
        });
        let piece = &rest[..end.unwrap_or(rest.len())];
        rest = end.map_or("", |end| &rest[end + 1..]);
        Some(piece.trim_ascii())
    });
    pieces.filter(|part| !part.is_empty())
}

/// Whether a byte means something where a signature is split.
fn is_special(byte: u8) -> bool {
    const SPECIAL: u64 = 1 << b'"' | 1 << b'\'' | 1 << b'(' | 1 << b')' | 1 << b',';
    byte < 64 && SPECIAL >> byte & 1 != 0
}

fn parse_default(text: &str, literal: &str) -> DefaultValue {
    parse_literal(literal).unwrap_or_else(|| panic!("malformed native signature: {text}"))
}

fn parse_literal(text: &str) -> Option<DefaultValue> {
    Some(match text {
        "..." => DefaultValue::NotGiven,
        "None" => DefaultValue::None,
        "True" => DefaultValue::Bool(true),
        "False" => DefaultValue::Bool(false),
        "()" => DefaultValue::EmptyTuple,
        _ => {
            let quoted = ['\'', '"'].iter().find_map(|&quote| text.strip_prefix(quote)?.strip_suffix(quote));
            if let Some(inner) = quoted {
                DefaultValue::Str(inner.replace("\\n", "\n").into())
            } else if let Ok(int) = text.parse() {
                DefaultValue::Int(int)
            } else {
                DefaultValue::Float(text.parse().ok()?)
            }
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parses_every_parameter_kind() {
        let signature = Signature::parse("f(a, b=2, /, c='x,y', *rest, key, flag=True, **extra)", "Help.");
        assert_eq!(signature.name, "f");
        assert_eq!(signature.positional.len(), 3);
        assert_eq!(signature.positional_only, 2);
        assert_eq!(signature.positional[2].default, Some(DefaultValue::Str("x,y".into())));
        assert_eq!(signature.keyword_only.len(), 2);
        assert_eq!(signature.star.as_deref(), Some("rest"));
        assert_eq!(signature.star_star.as_deref(), Some("extra"));
        assert_eq!((signature.required, signature.slots()), (1, 7));
        assert_eq!(Signature::parse("g()", "").slots(), 0);
    }

    #[test]
    fn the_outline_agrees_with_the_signature() {
        let texts = [
            "f(a, b=2, /, c='x,y', *rest, key, flag=True, **extra)",
            "g()",
            "h(a, /, b, *, c=1)",
            "i(a=(), b=')', /)",
            "j(self, other, /)",
            "k(a)",
            "l(a, /, b, c)",
            "m(a, *, b, c=1)",
            "n(a=1, *, b=2, c=3)",
        ];
        for text in texts {
            let declaration = Declaration::new(text, "");
            let (outline, signature) = (declaration.outline(), declaration.signature());
            assert_eq!(declaration.name(), signature.name);
            assert_eq!(outline.slots, signature.slots(), "{text}");
            assert_eq!(outline.positional, signature.positional.len(), "{text}");
            assert_eq!(outline.required, signature.required, "{text}");
            assert_eq!(outline.simple, signature.is_simple(), "{text}");
            let parameters = signature.positional.iter().chain(&signature.keyword_only);
            for (at, parameter) in parameters.enumerate() {
                let known = outline.defaults.get(at).cloned().unwrap_or(DefaultValue::NotGiven);
                assert_eq!(known, parameter.default.clone().unwrap_or(DefaultValue::NotGiven), "{text}");
            }
        }
    }
}
