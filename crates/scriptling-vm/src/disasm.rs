//! Listings of code objects, and the reference of all ops.
//!
//! A listing shows nothing that shifts when unrelated code changes (no word addresses, no indices into tables): operands
//! appear as what they mean, jumps by the number of the label they go to, so snapshots of listings stay readable.
//!
//! ```text
//! code <module>
//!   1 | x = f(1)
//!         LoadGlobal f
//!         LoadInt 1
//!         Call 1
//!         StoreGlobal x
//! ```

use std::collections::BTreeMap;
use std::fmt::{self, Write};

use crate::code::{Code, Unit};
use crate::heap::{BigInteger, Bytes, Str, Tuple};
use crate::op::{self, BINARY_OPS, COMPARE_OPS, Field, Instruction, Op, Role};
use crate::value::{Tag, Value};

/// A listing of a whole unit.
pub fn disassemble(unit: &Unit) -> String {
    let listings: Vec<String> = (0..unit.codes.len()).map(|index| disassemble_code(unit, index)).collect();
    listings.join("\n")
}

/// A listing of one code object of a unit.
///
/// # Panics
/// If the unit has no such code object.
pub fn disassemble_code(unit: &Unit, index: usize) -> String {
    let mut text = String::new();
    let listing = Listing { unit, code: &unit.codes[index], labels: labels(&unit.codes[index]) };
    // Writing to a string does not fail.
    let _ = listing.write(&mut text);
    text
}

/// Numbers the jump targets in order of appearance.
fn labels(code: &Code) -> BTreeMap<u32, usize> {
    let mut targets: Vec<u32> =
        instructions(code).filter_map(|(at, instruction)| target(code, at, instruction)).collect();
    for handler in &code.handlers {
        targets.extend([handler.start, handler.end, handler.target]);
    }
    targets.sort_unstable();
    targets.dedup();
    targets.into_iter().enumerate().map(|(number, at)| (at, number + 1)).collect()
}

fn instructions(code: &Code) -> impl Iterator<Item = (u32, Instruction)> + '_ {
    let mut at = 0;
    std::iter::from_fn(move || {
        let instruction = Instruction(*code.ops.get(at as usize)?);
        let here = at;
        at += instruction.op().words() as u32;
        Some((here, instruction))
    })
}

/// Where an instruction jumps, if it does.
fn target(code: &Code, at: u32, instruction: Instruction) -> Option<u32> {
    let op = instruction.op();
    let (field, _) = *op.info().operands.iter().find(|(_, role)| *role == Role::Jump)?;
    let distance = if field == Field::Word { *code.ops.get(at as usize + 1)? as i32 } else { instruction.sax() };
    (at + op.words() as u32).checked_add_signed(distance)
}

struct Listing<'a> {
    unit: &'a Unit,
    code: &'a Code,
    labels: BTreeMap<u32, usize>,
}

impl Listing<'_> {
    fn write(&self, out: &mut String) -> fmt::Result {
        let code = self.code;
        writeln!(out, "code {}{}", code.qualname.text, if code.is_generator { " (generator)" } else { "" })?;
        let slots = code.params.slots() as usize;
        names(out, "params", code.locals.iter().take(slots).map(|name| name.text.as_str()))?;
        names(out, "locals", code.locals.iter().skip(slots).map(|name| name.text.as_str()))?;
        names(out, "free", code.free.iter().map(|name| name.text.as_str()))?;
        writeln!(out, "  stack {}", code.max_stack)?;
        let mut line = 0;
        for (at, instruction) in instructions(code) {
            let span = code.span_at(at).filter(|entry| entry.start == at);
            if let Some(entry) = span {
                let next = self.unit.source.line(entry.span.start);
                if next != line {
                    line = next;
                    writeln!(out, "{line:>4} | {}", self.unit.source.line_text(line).trim())?;
                }
            }
            let label = self.labels.get(&at).map(|number| format!("{number}>")).unwrap_or_default();
            write!(out, "{label:>8} {}", instruction.op().info().name)?;
            self.operands(out, at, instruction)?;
            out.push('\n');
        }
        for handler in &code.handlers {
            let [start, end, target] = [handler.start, handler.end, handler.target].map(|at| self.labels[&at]);
            writeln!(out, "  handler {start}>..{end}> -> {target}> keep {}", handler.depth)?;
        }
        Ok(())
    }

    fn operands(&self, out: &mut String, at: u32, instruction: Instruction) -> fmt::Result {
        let op = instruction.op();
        for &(field, role) in op.info().operands {
            out.push(' ');
            let value = match field {
                Field::A => u32::from(instruction.a()),
                Field::B => u32::from(instruction.b()),
                Field::C => u32::from(instruction.c()),
                Field::Bx => u32::from(instruction.bx()),
                Field::Ax => instruction.ax(),
                Field::Word => 0,
            };
            let index = value as usize;
            match role {
                Role::Const => out.push_str(&self.value(self.code.consts[index])),
                Role::Name => out.push_str(&self.code.names[index].text),
                Role::Local => out.push_str(&self.code.locals[index].text),
                Role::Free => out.push_str(&self.code.free[index].text),
                Role::Global => out.push_str(self.unit.global_names.get_index(index).map_or("?", |(name, ())| name)),
                Role::Cache => out.push_str(&self.code.names[self.code.cache_sites[index] as usize].text),
                Role::Code => out.push_str(&self.unit.codes[index].qualname.text),
                Role::Jump => match target(self.code, at, instruction) {
                    Some(target) => write!(out, "-> {}>", self.labels[&target])?,
                    None => out.push_str("-> ?"),
                },
                Role::Int if field == Field::Ax => write!(out, "{}", instruction.sax())?,
                Role::Int => write!(out, "{}", instruction.sc())?,
                Role::Binary => out.push_str(BINARY_OPS[index].names().0),
                Role::Compare => out.push_str(COMPARE_OPS[index].names().0),
                Role::Flag if op == Op::LoadCommon => {
                    out.push_str(["AssertionError", "BuildClass", "ModuleAnnotations"].get(index).unwrap_or(&"?"));
                }
                Role::Flag | Role::Count => write!(out, "{value}")?,
            }
        }
        Ok(())
    }

    /// A constant as the language would write it, cut if long.
    fn value(&self, value: Value) -> String {
        let heap = self.unit.frozen.heap();
        match value.tag() {
            Tag::Undefined => "undefined".into(),
            Tag::None => "None".into(),
            Tag::NotImplemented => "NotImplemented".into(),
            Tag::Ellipsis => "...".into(),
            Tag::Bool => if value.as_bool() == Some(true) { "True" } else { "False" }.into(),
            Tag::Int => value.as_int().unwrap_or_default().to_string(),
            Tag::Float => format!("{:?}", value.as_float().unwrap_or_default()),
            Tag::Obj => {
                if let Some(text) = value.as_gc::<Str>() {
                    format!("{:?}", text.get(heap).as_str().chars().take(60).collect::<String>())
                } else if let Some(items) = value.as_gc::<Tuple>() {
                    let items: Vec<String> = items.items(heap).iter().take(20).map(|&item| self.value(item)).collect();
                    format!("({})", items.join(", "))
                } else if let Some(number) = value.as_gc::<BigInteger>() {
                    number.get(heap).0.to_string()
                } else if let Some(bytes) = value.as_gc::<Bytes>() {
                    format!("b\"{}\"", bytes.get(heap).0.escape_ascii())
                } else {
                    "?".into()
                }
            }
        }
    }
}

/// A line with names, unless there are none.
fn names<'n>(out: &mut String, what: &str, names: impl Iterator<Item = &'n str>) -> fmt::Result {
    let names: Vec<&str> = names.collect();
    if names.is_empty() { Ok(()) } else { writeln!(out, "  {what} {}", names.join(" ")) }
}

/// The reference of all ops (`docs/bytecode.md`).
pub fn reference() -> String {
    let mut text = String::from(
        "# Bytecode\n\n\
         Generated from the op table in `crates/scriptling-vm/src/op.rs` by the test `bytecode_reference`; do not edit.\n\n\
         An instruction is one 32-bit word: the op in the low byte, operands `a`, `b`, `c` of one byte each, or `bx` (16 bits, in\n\
         place of `b` and `c`), or `ax` (24 bits). `word` is a second word. Jump distances count words from the end of the\n\
         instruction.\n\n\
         | op | operands | what it does |\n|---|---|---|\n",
    );
    for row in op::INFO {
        let operands: Vec<String> =
            row.operands.iter().map(|(field, role)| format!("{field:?}: {role:?}").to_lowercase()).collect();
        let doc = row.doc.split_whitespace().collect::<Vec<&str>>().join(" ").replace('|', "\\|");
        let _ = writeln!(text, "| `{}` | {} | {doc} |", row.name, operands.join(", "));
    }
    text
}
