//! `str.format` and `str.format_map`.
//!
//! The template is parsed into pieces. If Rust can look up, convert and format all fields, it does so; as soon as one needs
//! the language (an attribute, an index, a script's `__format__`), the pieces go to the prelude's `_str_format` as a whole.
//! Nothing has happened by then, so starting over is safe.

use smol_str::SmolStr;

use super::str_::text;
use crate::error::{ExcClass, Raise};
use crate::heap::{Dict, Gc};
use crate::native::{ClassBuilder, Cx, NativeResult, Outcome};
use crate::operate::format::format_native;
use crate::operate::repr::{escape_non_ascii, repr_native, str_native};
use crate::value::Value;

/// Adds the methods.
pub(super) fn define<'b, 'a>(builder: ClassBuilder<'b, 'a>) -> ClassBuilder<'b, 'a> {
    builder.raw("format(self, /, *args, **kwargs)", "A copy with the replacement fields filled in.", format).raw(
        "format_map(self, mapping, /)",
        "The same with fields from a mapping.",
        format_map,
    )
}

/// Part of a template.
#[derive(Debug, PartialEq)]
enum Piece {
    Literal(String),
    Field { argument: Argument, path: Vec<Step>, conversion: Option<char>, spec: Vec<Piece> },
}

/// What a field shows.
#[derive(Debug, PartialEq)]
enum Argument {
    Position(usize),
    Name(SmolStr),
}

/// How the field goes on from there.
#[derive(Debug, PartialEq)]
enum Step {
    Attribute(SmolStr),
    Index(usize),
    Key(SmolStr),
}

/// How fields are numbered: once one way was used, the other is an error.
#[derive(Clone, Copy, PartialEq, Debug)]
enum Numbering {
    Undecided,
    Automatic(usize),
    Manual,
}

struct Parser {
    numbering: Numbering,
}

impl Parser {
    /// Parses a template; `depth` counts down the levels of fields inside specs.
    fn template(&mut self, text: &str, depth: usize) -> Result<Vec<Piece>, Raise> {
        if depth == 0 {
            return Err(Raise::value_error("Max string recursion exceeded"));
        }
        let mut pieces = Vec::new();
        let mut literal = String::new();
        let mut rest = text;
        while let Some(at) = rest.find(['{', '}']) {
            literal.push_str(&rest[..at]);
            let brace = &rest[at..=at];
            rest = &rest[at + 1..];
            if let Some(after) = rest.strip_prefix(brace) {
                literal.push_str(brace);
                rest = after;
            } else if brace == "}" {
                return Err(Raise::value_error("Single '}' encountered in format string"));
            } else if rest.is_empty() {
                return Err(Raise::value_error("Single '{' encountered in format string"));
            } else {
                if !literal.is_empty() {
                    pieces.push(Piece::Literal(std::mem::take(&mut literal)));
                }
                let (field, after) = self.field(rest, depth)?;
                pieces.push(field);
                rest = after;
            }
        }
        literal.push_str(rest);
        if !literal.is_empty() {
            pieces.push(Piece::Literal(literal));
        }
        Ok(pieces)
    }

    /// Parses a field after its opening brace; returns what follows the closing one.
    fn field<'t>(&mut self, text: &'t str, depth: usize) -> Result<(Piece, &'t str), Raise> {
        let name_end = name_length(text)?;
        let name = &text[..name_end];
        let mut rest = &text[name_end..];
        let mut conversion = None;
        let mut spec = "";
        if let Some(after) = rest.strip_prefix('!') {
            let mut chars = after.chars();
            let Some(kind) = chars.next() else {
                return Err(Raise::value_error("end of string while looking for conversion specifier"));
            };
            rest = chars.as_str();
            if !matches!(rest.chars().next(), None | Some('}' | ':')) {
                return Err(Raise::value_error("expected ':' after conversion specifier"));
            }
            if rest.is_empty() {
                return Err(Raise::value_error("unmatched '{' in format spec"));
            }
            conversion = Some(kind);
        }
        if let Some(after) = rest.strip_prefix(':') {
            let end = spec_length(after)?;
            spec = &after[..end];
            rest = &after[end..];
        }
        let rest = rest.strip_prefix('}').ok_or_else(|| Raise::value_error("expected '}' before end of string"))?;
        let (argument, path) = self.name(name)?;
        if let Some(kind) = conversion.filter(|kind| !matches!(kind, 'r' | 's' | 'a')) {
            return Err(Raise::value_error(if kind > ' ' && kind.is_ascii() {
                format!("Unknown conversion specifier {kind}")
            } else {
                format!("Unknown conversion specifier \\x{:x}", kind as u32)
            }));
        }
        let spec = if spec.contains(['{', '}']) {
            self.template(spec, depth - 1)?
        } else if spec.is_empty() {
            Vec::new()
        } else {
            vec![Piece::Literal(spec.to_owned())]
        };
        Ok((Piece::Field { argument, path, conversion, spec }, rest))
    }

    fn name(&mut self, name: &str) -> Result<(Argument, Vec<Step>), Raise> {
        let first_end = name.find(['.', '[']).unwrap_or(name.len());
        let (first, path) = name.split_at(first_end);
        let argument = if first.is_empty() {
            let next = match self.numbering {
                Numbering::Undecided => 0,
                Numbering::Automatic(next) => next,
                Numbering::Manual => {
                    let message = "cannot switch from manual field specification to automatic field numbering";
                    return Err(Raise::value_error(message));
                }
            };
            self.numbering = Numbering::Automatic(next + 1);
            Argument::Position(next)
        } else if let Some(position) = number(first)? {
            if matches!(self.numbering, Numbering::Automatic(_)) {
                let message = "cannot switch from automatic field numbering to manual field specification";
                return Err(Raise::value_error(message));
            }
            self.numbering = Numbering::Manual;
            Argument::Position(position)
        } else {
            Argument::Name(first.into())
        };
        Ok((argument, steps(path)?))
    }
}

/// Where a field's name ends: at `!`, `:` or `}` outside brackets.
fn name_length(text: &str) -> Result<usize, Raise> {
    let mut in_brackets = false;
    for (offset, c) in text.char_indices() {
        match c {
            ']' if in_brackets => in_brackets = false,
            _ if in_brackets => {}
            '[' => in_brackets = true,
            '{' => return Err(Raise::value_error("unexpected '{' in field name")),
            '!' | ':' | '}' => return Ok(offset),
            _ => {}
        }
    }
    Err(Raise::value_error("expected '}' before end of string"))
}

/// Where a spec ends: at the brace that closes the field.
fn spec_length(text: &str) -> Result<usize, Raise> {
    let mut depth = 1;
    for (offset, c) in text.char_indices() {
        match c {
            '{' => depth += 1,
            '}' => depth -= 1,
            _ => {}
        }
        if depth == 0 {
            return Ok(offset);
        }
    }
    Err(Raise::value_error("unmatched '{' in format spec"))
}

/// The number that a name is, if it consists of digits.
fn number(text: &str) -> Result<Option<usize>, Raise> {
    if text.is_empty() || !text.bytes().all(|byte| byte.is_ascii_digit()) {
        return Ok(None);
    }
    match text.parse() {
        Ok(number) => Ok(Some(number)),
        Err(_) => Err(Raise::value_error("Too many decimal digits in format string")),
    }
}

fn steps(path: &str) -> Result<Vec<Step>, Raise> {
    let mut steps = Vec::new();
    let mut rest = path;
    while !rest.is_empty() {
        let name;
        if let Some(after) = rest.strip_prefix('.') {
            let end = after.find(['.', '[']).unwrap_or(after.len());
            (name, rest) = after.split_at(end);
            steps.push(Step::Attribute(name.into()));
        } else if let Some(after) = rest.strip_prefix('[') {
            let Some((key, after)) = after.split_once(']') else {
                return Err(Raise::value_error("Missing ']' in format string"));
            };
            (name, rest) = (key, after);
            steps.push(number(key)?.map_or_else(|| Step::Key(key.into()), Step::Index));
        } else {
            return Err(Raise::value_error("Only '.' or '[' may follow ']' in format field specifier"));
        }
        if name.is_empty() {
            return Err(Raise::value_error("Empty attribute in format string"));
        }
    }
    Ok(steps)
}

fn format(cx: &mut Cx<'_>, args: &[Value]) -> NativeResult {
    let template = text(cx, args, "format")?;
    let pieces = Parser { numbering: Numbering::Undecided }.template(&template, 2)?;
    let values = cx.sequence(args[1]).unwrap_or_default();
    check_positions(&pieces, values.len())?;
    run(cx, &pieces, &values, args[1], args[2])
}

fn format_map(cx: &mut Cx<'_>, args: &[Value]) -> NativeResult {
    let template = text(cx, args, "format_map")?;
    let mut parser = Parser { numbering: Numbering::Undecided };
    let pieces = parser.template(&template, 2)?;
    if parser.numbering != Numbering::Undecided {
        return Err(Raise::value_error("Format string contains positional fields"));
    }
    let none = cx.tuple(&[]);
    run(cx, &pieces, &[], none, args[1])
}

fn check_positions(pieces: &[Piece], count: usize) -> Result<(), Raise> {
    for piece in pieces {
        if let Piece::Field { argument, spec, .. } = piece {
            if let Argument::Position(position) = argument
                && *position >= count
            {
                let message = format!("Replacement index {position} out of range for positional args tuple");
                return Err(Raise::index_error(message));
            }
            check_positions(spec, count)?;
        }
    }
    Ok(())
}

fn run(cx: &mut Cx<'_>, pieces: &[Piece], values: &[Value], args: Value, keywords: Value) -> NativeResult {
    let mut out = String::new();
    let filler = Filler { values, keywords: keywords.as_gc() };
    if filler.fill(cx, pieces, &mut out)? {
        return Ok(Outcome::Return(cx.str(out)));
    }
    let pieces = pieces_value(cx, pieces);
    Ok(Outcome::tail_call(cx.prelude("_str_format"), &[pieces, args, keywords]))
}

struct Filler<'v> {
    values: &'v [Value],
    /// The keyword arguments, if they are a plain dict.
    keywords: Option<Gc<Dict>>,
}

impl Filler<'_> {
    /// Appends the pieces; false if the language is needed. Recursion is bounded by the parser's depth.
    fn fill(&self, cx: &mut Cx<'_>, pieces: &[Piece], out: &mut String) -> Result<bool, Raise> {
        for piece in pieces {
            match piece {
                Piece::Literal(text) => out.push_str(text),
                Piece::Field { argument, path, conversion, spec } => {
                    if !path.is_empty() {
                        return Ok(false);
                    }
                    let Some(value) = self.argument(cx, argument)? else { return Ok(false) };
                    let mut spec_text = String::new();
                    if !self.fill(cx, spec, &mut spec_text)? {
                        return Ok(false);
                    }
                    let Some(text) = shown(cx, value, *conversion, &spec_text)? else { return Ok(false) };
                    cx.reserve(out.len() + text.len())?;
                    out.push_str(&text);
                }
            }
        }
        Ok(true)
    }

    fn argument(&self, cx: &Cx<'_>, argument: &Argument) -> Result<Option<Value>, Raise> {
        match argument {
            Argument::Position(position) => Ok(self.values.get(*position).copied()),
            Argument::Name(name) => {
                let Some(keywords) = self.keywords else { return Ok(None) };
                match cx.dict_get_str(keywords, name) {
                    Some(value) => Ok(Some(value)),
                    None => Err(Raise::new(ExcClass::KeyError, name.as_str())),
                }
            }
        }
    }
}

/// A value converted and formatted; `None` if the language is needed.
fn shown(cx: &mut Cx<'_>, value: Value, conversion: Option<char>, spec: &str) -> Result<Option<SmolStr>, Raise> {
    let converted = match conversion {
        None => return format_native(cx, value, spec),
        Some('s') => str_native(cx, value)?,
        Some('r') => repr_native(cx, value)?,
        Some(_) => repr_native(cx, value)?.map(|text| escape_non_ascii(&text)),
    };
    match converted {
        Some(text) if spec.is_empty() => Ok(Some(text)),
        Some(text) => {
            let text = cx.str(text);
            format_native(cx, text, spec)
        }
        None => Ok(None),
    }
}

/// The pieces as the prelude takes them: strings, and tuples `(argument, path, conversion, spec pieces)`.
fn pieces_value(cx: &mut Cx<'_>, pieces: &[Piece]) -> Value {
    let values: Vec<Value> = pieces
        .iter()
        .map(|piece| match piece {
            Piece::Literal(text) => cx.str(text.as_str()),
            Piece::Field { argument, path, conversion, spec } => {
                let argument = match argument {
                    Argument::Position(position) => cx.int(*position),
                    Argument::Name(name) => cx.str(name.clone()),
                };
                let path: Vec<Value> = path.iter().map(|step| step_value(cx, step)).collect();
                let path = cx.tuple(&path);
                let conversion = match conversion {
                    Some(kind) => cx.str(SmolStr::from_iter([*kind])),
                    None => Value::NONE,
                };
                let spec = pieces_value(cx, spec);
                cx.tuple(&[argument, path, conversion, spec])
            }
        })
        .collect();
    cx.tuple(&values)
}

fn step_value(cx: &mut Cx<'_>, step: &Step) -> Value {
    let (is_attribute, name) = match step {
        Step::Attribute(name) => (true, cx.str(name.clone())),
        Step::Index(index) => (false, cx.int(*index)),
        Step::Key(key) => (false, cx.str(key.clone())),
    };
    cx.tuple(&[Value::bool(is_attribute), name])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(text: &str) -> Result<Vec<Piece>, String> {
        Parser { numbering: Numbering::Undecided }.template(text, 2).map_err(|raise| format!("{raise:?}"))
    }

    #[test]
    fn templates_parse_into_pieces() {
        let pieces = parse("a{{b{0.x[1][k]!r:>{w}}c").unwrap();
        let spec = vec![
            Piece::Literal(">".into()),
            Piece::Field { argument: Argument::Name("w".into()), path: vec![], conversion: None, spec: vec![] },
        ];
        let path = vec![Step::Attribute("x".into()), Step::Index(1), Step::Key("k".into())];
        let field = Piece::Field { argument: Argument::Position(0), path, conversion: Some('r'), spec };
        assert_eq!(pieces, [Piece::Literal("a{b".into()), field, Piece::Literal("c".into())]);
    }

    #[test]
    fn malformed_templates_are_value_errors() {
        for (text, message) in [
            ("{", "Single '{'"),
            ("}", "Single '}'"),
            ("{0}{}", "manual field specification to automatic"),
            ("{}{0}", "automatic field numbering to manual"),
            ("{0!r", "unmatched '{' in format spec"),
            ("{!}", "unmatched '{' in format spec"),
            ("{!rr}", "expected ':' after conversion specifier"),
            ("{!x}", "Unknown conversion specifier x"),
            ("{0[}", "expected '}' before end of string"),
            ("{0[]}", "Empty attribute"),
            ("{0.}", "Empty attribute"),
            ("{0[1]x}", "Only '.' or '[' may follow"),
            ("{:{:{}}}", "Max string recursion exceeded"),
        ] {
            let error = parse(text).unwrap_err();
            assert!(error.contains(message), "{text}: {error}");
        }
    }
}
