//! Signatures of natives, written as text in the script's own syntax.
//!
//! `"get(key, default=None, /, *, timeout=None)"` is the one place that says what a native's parameters are: binding of
//! arguments, error messages, `help()` and generated docs derive from it. Defaults are literals (`None`, `True`, `False`,
//! numbers, strings, `()`), or `...` for "not given", which the native sees as an undefined value.

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
        let malformed = || -> ! { panic!("malformed native signature: {text}") };
        let Some((name, rest)) = text.split_once('(') else { malformed() };
        let Some(inner) = rest.strip_suffix(')') else { malformed() };
        let mut signature = Signature {
            name: name.trim().into(),
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
        for part in split_commas(inner) {
            if part == "/" {
                signature.positional_only = signature.positional.len();
            } else if part == "*" {
                keyword_only = true;
            } else if let Some(name) = part.strip_prefix("**") {
                signature.star_star = Some(name.into());
            } else if let Some(name) = part.strip_prefix('*') {
                signature.star = Some(name.into());
                keyword_only = true;
            } else {
                let (name, default) = match part.split_once('=') {
                    Some((name, literal)) => {
                        let Some(value) = parse_literal(literal.trim()) else { malformed() };
                        (name.trim(), Some(value))
                    }
                    None => (part, None),
                };
                let parameter = Parameter { name: name.into(), default };
                if keyword_only {
                    signature.keyword_only.push(parameter);
                } else {
                    signature.positional.push(parameter);
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
        self.keyword_only.is_empty() && self.star.is_none() && self.star_star.is_none()
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

/// Splits at commas that are not inside a string or parentheses.
fn split_commas(text: &str) -> impl Iterator<Item = &str> {
    let mut quote = None;
    let mut depth = 0;
    text.split(move |c: char| {
        match (quote, c) {
            (Some(open), c) if open == c => quote = None,
            (None, '\'' | '"') => quote = Some(c),
            (None, '(') => depth += 1,
            (None, ')') => depth -= 1,
            _ => {}
        }
        c == ',' && quote.is_none() && depth == 0
    })
    .map(str::trim)
    .filter(|part| !part.is_empty())
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
}
