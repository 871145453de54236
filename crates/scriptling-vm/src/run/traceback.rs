//! Tracebacks as CPython 3.11 prints them: frames from the outermost in, source lines, carets, chained exceptions.

use std::fmt::Write as _;
use std::sync::Arc;

use scriptling_syntax::Source;

use crate::builtins::groups;
use crate::code::Code;
use crate::error::{Error, ExcClass, TracePoint, Traceback};
use crate::fiber::Fiber;
use crate::heap::{Exception, Gc, Str};
use crate::isolate::Isolate;
use crate::native::Cx;
use crate::operate;
use crate::operate::attr::HINT;
use crate::portable::Portable;
use crate::value::Value;

/// The prelude's source name; its frames are the implementation of builtins and are not shown.
pub(crate) const PRELUDE_NAME: &str = "<prelude>";
/// Hidden attribute of an uncaught exception: what its class's own `__str__` said.
const TEXT: &str = "(text)";
/// Identical consecutive entries beyond this many are counted instead of printed.
const REPEATS_SHOWN: usize = 3;
/// Exceptions of a group that are shown; the rest is counted.
const MAX_GROUP_WIDTH: usize = 15;
/// Groups within groups that are shown.
const MAX_GROUP_DEPTH: usize = 10;
/// No more members of groups are added to a report of this length: nested groups can share their members.
const LONG_REPORT: usize = 1 << 20;

impl Isolate {
    /// What an embedder gets for an uncaught exception.
    pub(crate) fn uncaught_error(&mut self, exception: Value) -> Error {
        self.ask_for_text(exception);
        let rendered = self.render_exception(exception);
        let class = Cx { isolate: self }.type_name(exception);
        let message = self.exception_text(exception);
        let exit_code = self.exit_code(exception);
        let copy = self.exception_copy(exception, &rendered);
        let error = Error::new(&class, message, rendered);
        let error = copy.into_iter().fold(error, Error::with_exception);
        match exit_code {
            Some(code) => error.with_exit_code(code),
            None => error,
        }
    }

    /// Runs a script's `__str__` of the exception while there still is an isolate to run it in, on an empty fiber and with
    /// little fuel; what it returns is kept in the exception.
    fn ask_for_text(&mut self, exception: Value) {
        if matches!(operate::str_native(&Cx { isolate: self }, exception), Ok(Some(_)) | Err(_)) {
            return;
        }
        let Some(to_text) = self.library.builtins.get("str").copied() else { return };
        let Some(text) = self.call_at_the_end(to_text, exception) else { return };
        let Some(data) = exception.as_gc::<Exception>() else { return };
        let mut cx = Cx { isolate: self };
        let attrs = data.get(cx.heap()).attrs;
        let attrs = attrs.unwrap_or_else(|| cx.dict());
        cx.dict_set_str(attrs, TEXT, text);
        data.get_mut(cx.heap_mut()).attrs = Some(attrs);
    }

    /// The exception, copied out with its traceback as text; `None` if something in it cannot cross.
    fn exception_copy(&mut self, exception: Value, rendered: &str) -> Option<Portable> {
        let gc = exception.as_gc::<Exception>()?;
        // Nobody in this isolate looks at it any more, so its traceback can become text in place.
        gc.get_mut(&mut self.heap).traceback =
            Traceback { points: Vec::new(), remote: Some(rendered.trim_end().into()) };
        Portable::from_value(&mut Cx { isolate: self }, exception).ok()
    }

    /// The exit code of a `SystemExit`.
    fn exit_code(&mut self, exception: Value) -> Option<i32> {
        let cx = Cx { isolate: self };
        if !cx.is_exception(exception, ExcClass::SystemExit) {
            return None;
        }
        let args = exception.as_gc::<Exception>().expect("an exception").get(cx.heap()).args;
        let code = cx.sequence(args).and_then(|args| args.first().copied()).unwrap_or(Value::NONE);
        Some(match (code.as_int().or(code.as_bool().map(i64::from)), code.is_none()) {
            (Some(code), _) => code as i32,
            (None, true) => 0,
            (None, false) => 1,
        })
    }

    /// `str(exception)` as far as it needs no script code.
    pub(crate) fn exception_text(&mut self, exception: Value) -> String {
        let cx = Cx { isolate: self };
        let attrs = exception.as_gc::<Exception>().and_then(|exception| exception.get(cx.heap()).attrs);
        let asked = attrs.and_then(|attrs| cx.dict_get_str(attrs, TEXT)).and_then(|text| cx.as_str(text));
        if let Some(text) = asked {
            return text.to_owned();
        }
        let cx = Cx { isolate: self };
        match operate::str_native(&cx, exception) {
            Ok(Some(text)) => text.to_string(),
            _ => String::from("<exception str() failed>"),
        }
    }

    /// The whole report: causes and contexts first, as CPython orders them.
    pub(crate) fn render_exception(&mut self, exception: Value) -> String {
        let mut report = Report::default();
        self.render_chain(exception, &mut report);
        report.text
    }

    fn render_chain(&mut self, exception: Value, report: &mut Report) {
        let mut chain = vec![(exception, None)];
        let mut current = exception;
        while let Some(data) = current.as_gc::<Exception>().map(|exception| exception.get(&self.heap)) {
            let (next, text) = if !data.cause.is_none() {
                (data.cause, "The above exception was the direct cause of the following exception:")
            } else if !data.context.is_none() && !data.suppress_context {
                (data.context, "During handling of the above exception, another exception occurred:")
            } else {
                break;
            };
            if chain.iter().any(|(seen, _)| seen.same(next)) || chain.len() > 100 {
                break;
            }
            chain.last_mut().expect("starts with one").1 = Some(text);
            chain.push((next, None));
            current = next;
        }
        for (index, (exception, text)) in chain.iter().enumerate().rev() {
            self.render_one(*exception, report);
            if index > 0 {
                let link = chain[index - 1].1.or(*text).unwrap_or_default();
                report.add(&format!("\n{link}\n\n"));
            }
        }
    }

    fn render_one(&mut self, exception: Value, report: &mut Report) {
        let Some(gc) = exception.as_gc::<Exception>() else { return };
        let members = groups::members(&Cx { isolate: self }, gc);
        if members.is_some() && report.depth > MAX_GROUP_DEPTH {
            return report.add(&format!("... (max_group_depth is {MAX_GROUP_DEPTH})\n"));
        }
        let traceback = gc.get(&self.heap).traceback.clone();
        if let Some(remote) = &traceback.remote {
            report.add(&format!("{}\n", remote.trim_end()));
            if traceback.points.is_empty() {
                // Nobody has raised it here: it is a member of a group, say.
                return;
            }
            report.add("The above exception was raised in a task; its result was asked for here:\n\n");
        }
        let outermost = members.is_some() && report.depth == 0;
        report.depth += usize::from(outermost);
        let mut entries: Vec<String> = Vec::with_capacity(traceback.points.len());
        for point in traceback.points.iter().rev() {
            if let Some(source) = self.source_of(point)
                && source.name() != PRELUDE_NAME
            {
                entries.push(render_point(point, &source));
            }
        }
        if !entries.is_empty() {
            match &members {
                Some(_) => report.add_with("Exception Group Traceback (most recent call last):\n", !outermost),
                None => report.add("Traceback (most recent call last):\n"),
            }
            let mut text = String::new();
            push_entries(&entries, &mut text);
            report.add(&text);
        }
        let line = self.exception_line(gc);
        report.add(&format!("{line}\n"));
        if let Some(members) = members {
            self.render_members(&members, report);
        }
        report.depth -= usize::from(outermost);
    }

    /// The exceptions of a group, each indented under a numbered rule.
    fn render_members(&mut self, members: &[Value], report: &mut Report) {
        let shown = members.len().min(MAX_GROUP_WIDTH + 1);
        report.wants_end = false;
        for (at, &member) in members.iter().take(shown).enumerate() {
            if report.text.len() > LONG_REPORT {
                return;
            }
            let last = at + 1 == shown;
            // A group inside that is the last closes the frame of this one, too.
            report.wants_end |= last;
            let title = if at < MAX_GROUP_WIDTH { (at + 1).to_string() } else { String::from("...") };
            let corner = if at == 0 { "+-" } else { "  " };
            report.rule(&format!("{corner}+---------------- {title} ----------------"));
            report.depth += 1;
            if at < MAX_GROUP_WIDTH {
                self.render_chain(member, report);
            } else {
                let more = members.len() - MAX_GROUP_WIDTH;
                let plural = if more == 1 { "" } else { "s" };
                report.add(&format!("and {more} more exception{plural}\n"));
            }
            if last && report.wants_end {
                report.rule("+------------------------------------");
                report.wants_end = false;
            }
            report.depth -= 1;
        }
    }

    /// `Class: message`, with the hint and the notes.
    fn exception_line(&mut self, exception: Gc<Exception>) -> String {
        let value = Value::obj(exception);
        let class = exception.get(&self.heap).class.get(&self.heap);
        let name = match class.module.as_str() {
            "builtins" | "__main__" => class.qualname.to_string(),
            module => format!("{module}.{}", class.qualname),
        };
        let text = self.exception_text(value);
        let cx = Cx { isolate: self };
        let attrs = exception.get(cx.heap()).attrs;
        let hint = attrs.and_then(|attrs| cx.dict_get_str(attrs, HINT)).and_then(|hint| cx.as_str(hint)).unwrap_or("");
        let mut line = if text.is_empty() { format!("{name}{hint}") } else { format!("{name}: {text}{hint}") };
        let notes = attrs.and_then(|attrs| cx.dict_get_str(attrs, "__notes__")).and_then(|notes| cx.sequence(notes));
        for note in notes.unwrap_or_default() {
            if let Some(note) = note.as_gc::<Str>() {
                let _ = write!(line, "\n{}", note.get(cx.heap()).as_str());
            }
        }
        line
    }

    /// Where a fiber stands: the lines of a traceback, without a heading.
    pub(super) fn stack_of(&self, fiber: &Fiber) -> String {
        let mut entries = Vec::with_capacity(fiber.frames.len());
        for frame in &fiber.frames {
            let point = TracePoint { code: frame.function.get(&self.heap).code, ip: self.frame_word(frame) };
            if let Some(source) = self.source_of(&point)
                && source.name() != PRELUDE_NAME
            {
                entries.push(render_point(&point, &source));
            }
        }
        let mut text = String::new();
        push_entries(&entries, &mut text);
        text
    }

    /// The source of the unit that a point's code belongs to.
    fn source_of(&self, point: &TracePoint) -> Option<Arc<Source>> {
        let code = point.code.as_ptr();
        let owns = |unit: &&Arc<crate::code::Unit>| unit.codes.as_ptr_range().contains(&code);
        let mut units = self.units.iter().chain(self.portable.units());
        let unit = units.find(owns).or_else(|| self.library.prelude.unit_of(code))?;
        Some(unit.source.clone())
    }
}

/// A report that grows; what belongs to a group has a margin.
#[derive(Default)]
struct Report {
    text: String,
    /// How many groups are around.
    depth: usize,
    /// Whether the frame of the innermost group has yet to be closed.
    wants_end: bool,
}

impl Report {
    fn add(&mut self, text: &str) {
        self.add_with(text, true);
    }

    /// Adds lines; the margin of the first line of an outermost group is a corner.
    fn add_with(&mut self, text: &str, plain_margin: bool) {
        if self.depth == 0 {
            return self.text.push_str(text);
        }
        for line in text.split_inclusive('\n') {
            self.indent();
            self.text.push_str(if plain_margin { "| " } else { "+ " });
            self.text.push_str(line);
        }
    }

    /// Adds a line without a margin.
    fn rule(&mut self, line: &str) {
        self.indent();
        self.text.push_str(line);
        self.text.push('\n');
    }

    fn indent(&mut self) {
        self.text.extend(std::iter::repeat_n("  ", self.depth));
    }
}

fn push_entries(entries: &[String], report: &mut String) {
    let mut at = 0;
    while at < entries.len() {
        let run = entries[at..].iter().take_while(|entry| **entry == entries[at]).count();
        for entry in &entries[at..at + run.min(REPEATS_SHOWN)] {
            report.push_str(entry);
        }
        if run > REPEATS_SHOWN {
            let more = run - REPEATS_SHOWN;
            let plural = if more == 1 { "" } else { "s" };
            let _ = writeln!(report, "  [Previous line repeated {more} more time{plural}]");
        }
        at += run;
    }
}

/// One frame: file, line, function, source line and carets.
fn render_point(point: &TracePoint, source: &Source) -> String {
    let code: &Code = point.code.get();
    let Some(entry) = code.span_at(point.ip) else {
        return format!("  File \"{}\", line {}, in {}\n", source.name(), code.first_line, code.name.text);
    };
    let line = source.line(entry.span.start);
    let mut text = format!("  File \"{}\", line {line}, in {}\n", source.name(), code.name.text);
    let full = source.line_text(line);
    let shown = full.trim();
    if shown.is_empty() {
        return text;
    }
    let _ = writeln!(text, "    {shown}");
    let indent = full.chars().take_while(|c| c.is_whitespace()).count();
    let width = shown.chars().count();
    let column = |offset: u32| (source.location(offset).column as usize - 1).saturating_sub(indent).min(width);
    let last_line = source.line(entry.span.end.max(entry.span.start + 1) - 1);
    let start = column(entry.span.start);
    let end = if last_line == line { column(entry.span.end) } else { width };
    let anchor = entry.anchor.filter(|anchor| source.line(anchor.start) == line && last_line == line);
    // CPython shows no carets when they would mark the whole line.
    if start == 0 && end >= width && anchor.is_none() {
        return text;
    }
    let marks: String = match anchor {
        None => "^".repeat(end.saturating_sub(start).max(1)),
        Some(anchor) => {
            let (from, to) = (column(anchor.start), column(anchor.end));
            (start..end).map(|at| if at >= from && at < to { '^' } else { '~' }).collect()
        }
    };
    let _ = writeln!(text, "    {}{marks}", " ".repeat(start));
    text
}
