//! The verifier: what lets the run loop trust code objects without checking each instruction.
//!
//! Every word decodes, every operand is within its table, jumps land on instructions, the stack depth at each instruction
//! is the same on all ways to it and never below zero or above `max_stack`, handlers keep no more operands than there
//! are, closures have the cells that the inner code expects, cell ops touch cell slots only. It runs on every unit that
//! is compiled. Linear in the size of the code (times the nesting depth of handlers).
//!
//! It does not prove that certainly-bound locals are bound: reading an unbound one is wrong, but not unsound.

use std::fmt;

use crate::code::{Code, Handler, Unit};
use crate::heap::Tuple;
use crate::op::{self, Field, Instruction, Op, Role, jump_effect, stack_effect};

/// What is wrong with a unit, and where.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct VerifyError {
    /// Index of the code object.
    pub code: usize,
    /// The word.
    pub at: u32,
    /// What is wrong.
    pub message: String,
}

impl fmt::Display for VerifyError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "code {}, word {}: {}", self.code, self.at, self.message)
    }
}

impl std::error::Error for VerifyError {}

/// Checks all code objects of a unit.
pub fn verify(unit: &Unit) -> Result<(), VerifyError> {
    if unit.global_builtins.len() != unit.global_names.len() {
        return Err(VerifyError { code: 0, at: 0, message: "globals and their builtins differ in number".into() });
    }
    for (index, code) in unit.codes.iter().enumerate() {
        let mut verifier = Verifier { unit, code, starts: vec![false; code.ops.len() + 1], cells: Vec::new() };
        verifier.run().map_err(|(at, message)| VerifyError { code: index, at, message })?;
    }
    Ok(())
}

type Check = Result<(), (u32, String)>;

struct Verifier<'a> {
    unit: &'a Unit,
    code: &'a Code,
    /// Which words begin an instruction.
    starts: Vec<bool>,
    /// Which locals hold cells.
    cells: Vec<bool>,
}

fn fail<T>(at: u32, message: impl Into<String>) -> Result<T, (u32, String)> {
    Err((at, message.into()))
}

impl Verifier<'_> {
    fn run(&mut self) -> Check {
        self.decode()?;
        self.find_cells();
        let code = self.code;
        if code.params.slots() as usize > code.locals.len() {
            return fail(0, "fewer locals than parameters");
        }
        if code.cache_sites.iter().any(|&name| name as usize >= code.names.len()) {
            return fail(0, "a cache site has no name");
        }
        let mut at = 0;
        while (at as usize) < code.ops.len() {
            let instruction = self.instruction(at);
            self.operands(at, instruction)?;
            self.special(at, instruction)?;
            at += instruction.op().words() as u32;
        }
        let depths = self.flow()?;
        code.handlers.iter().try_for_each(|handler| self.handler(handler, &depths))
    }

    fn instruction(&self, at: u32) -> Instruction {
        Instruction(self.code.ops[at as usize])
    }

    /// Finds where instructions begin.
    fn decode(&mut self) -> Check {
        let ops = &self.code.ops;
        let mut at = 0;
        while at < ops.len() {
            if (ops[at] & 0xff) as usize >= op::ALL.len() {
                return fail(at as u32, "no such op");
            }
            self.starts[at] = true;
            at += Instruction(ops[at]).op().words();
        }
        if at != ops.len() {
            return fail(at as u32, "the last instruction is cut off");
        }
        Ok(())
    }

    /// The slots that the code's beginning turns into cells.
    fn find_cells(&mut self) {
        self.cells = vec![false; self.code.locals.len()];
        for &word in &self.code.ops {
            let instruction = Instruction(word);
            if instruction.op() != Op::MakeCell {
                break;
            }
            if let Some(cell) = self.cells.get_mut(instruction.ax() as usize) {
                *cell = true;
            }
        }
    }

    fn operands(&self, at: u32, instruction: Instruction) -> Check {
        let op = instruction.op();
        let touches_cell = matches!(op, Op::MakeCell | Op::LoadCell | Op::StoreCell | Op::DeleteCell | Op::LoadCellRef);
        for &(field, role) in op.info().operands {
            let value = match field {
                Field::A => u32::from(instruction.a()),
                Field::B => u32::from(instruction.b()),
                Field::C => u32::from(instruction.c()),
                Field::Bx => u32::from(instruction.bx()),
                Field::Ax => instruction.ax(),
                Field::Word => self.code.ops[at as usize + 1],
            };
            let bound = match role {
                Role::Const => self.code.consts.len(),
                Role::Name => self.code.names.len(),
                Role::Local => self.code.locals.len(),
                Role::Free => self.code.free.len(),
                Role::Global => self.unit.global_names.len(),
                Role::Cache => self.code.cache_sites.len(),
                Role::Code => self.unit.codes.len(),
                Role::Binary => op::BINARY_OPS.len(),
                Role::Compare => op::COMPARE_OPS.len(),
                Role::Flag if op == Op::LoadCommon => 3,
                Role::Flag if op == Op::MakeFunction => 16,
                Role::Flag if op == Op::FormatValue => 4,
                Role::Flag => 2,
                Role::Count | Role::Int | Role::Jump => continue,
            };
            if value as usize >= bound {
                return fail(at, format!("{}: {role:?} {value} out of range", op.info().name));
            }
            if role == Role::Local && self.cells[value as usize] != touches_cell {
                return fail(at, format!("{}: local {value} is used both as a cell and as a value", op.info().name));
            }
        }
        Ok(())
    }

    /// Rules of single ops that the table does not express.
    fn special(&self, at: u32, instruction: Instruction) -> Check {
        match instruction.op() {
            Op::MakeCell if at > 0 && self.instruction(at - 1).op() != Op::MakeCell => {
                fail(at, "MakeCell behind the beginning")
            }
            Op::ForIterStore => {
                let next = self.code.ops.get(at as usize + 2).map(|&word| Instruction(word));
                let expected = Instruction::with_ax(Op::StoreLocal, u32::from(instruction.a()));
                if next == Some(expected) { Ok(()) } else { fail(at, "ForIterStore without its StoreLocal") }
            }
            Op::ForIterPair => {
                let next = self.code.ops.get(at as usize + 1).map(|&word| Instruction(word));
                let expected = Instruction::with_ax(Op::UnpackSequence, 2);
                if next == Some(expected) { Ok(()) } else { fail(at, "ForIterPair without its UnpackSequence") }
            }
            Op::JumpFor => {
                let target = i64::from(at) + 1 + i64::from(instruction.sax());
                let target =
                    usize::try_from(target).ok().filter(|&target| target <= at as usize && self.starts[target]);
                match target.map(|target| self.instruction(target as u32).op()) {
                    Some(Op::ForIterStore) => Ok(()),
                    _ => fail(at, "JumpFor to something else than a ForIterStore before it"),
                }
            }
            Op::CallKeywords | Op::CallMethodKeywords => {
                let names = self.code.consts[instruction.bx() as usize].as_gc::<Tuple>();
                match names.map(|names| names.items(self.unit.frozen.heap())) {
                    Some(names) if names.len() <= usize::from(instruction.a()) => Ok(()),
                    _ => fail(at, "keyword names are no tuple, or longer than the arguments"),
                }
            }
            Op::BuildSlice if !(2..=3).contains(&instruction.a()) => fail(at, "a slice of other than 2 or 3 parts"),
            Op::Raise if instruction.a() > 2 => fail(at, "raise with more than 2 operands"),
            Op::MakeFunction => self.closure(at, instruction),
            _ => Ok(()),
        }
    }

    /// A function with captured variables is made right behind a tuple of as many cells.
    fn closure(&self, at: u32, instruction: Instruction) -> Check {
        let wanted = self.unit.codes[instruction.bx() as usize].free.len();
        let has_closure = instruction.a() & 8 != 0;
        if !has_closure {
            return if wanted == 0 { Ok(()) } else { fail(at, "a function without its captured variables") };
        }
        let first = (at as usize).checked_sub(wanted + 1);
        let cells = first.and_then(|first| self.code.ops.get(first..at as usize - 1));
        let all_cells = cells.is_some_and(|cells| {
            cells.iter().all(|&word| matches!(Instruction(word).op(), Op::LoadCellRef | Op::LoadFreeRef))
        });
        let build = Instruction::with_ax(Op::BuildTuple, wanted as u32);
        if wanted > 0 && all_cells && self.instruction(at - 1) == build {
            Ok(())
        } else {
            fail(at, "the captured variables are not what the function expects")
        }
    }

    /// Follows all paths; returns the depth before each instruction, -1 where no path leads.
    fn flow(&self) -> Result<Vec<i64>, (u32, String)> {
        let mut depths = vec![-1; self.code.ops.len()];
        let mut pending = vec![(0, 0)];
        // A handler is entered from anywhere in its range.
        pending.extend(self.code.handlers.iter().map(|handler| (handler.target, i64::from(handler.depth) + 1)));
        while let Some((mut at, mut depth)) = pending.pop() {
            loop {
                if at as usize >= depths.len() || !self.starts[at as usize] {
                    return fail(at, "control leaves the code or lands inside an instruction");
                }
                let known = depths[at as usize];
                if known == depth {
                    break;
                }
                if known >= 0 {
                    return fail(at, format!("stack depth {depth} here, {known} on another path"));
                }
                depths[at as usize] = depth;
                let instruction = self.instruction(at);
                let op = instruction.op();
                let (pops, pushes) = stack_effect(instruction);
                if i64::from(pops) > depth {
                    return fail(at, format!("{} pops {pops} of {depth} operands", op.info().name));
                }
                let next = at + op.words() as u32;
                if let Some(distance) = self.distance(at, instruction) {
                    let Ok(target) = u32::try_from(i64::from(next) + distance) else {
                        return fail(at, "a jump to before the code");
                    };
                    pending.push((target, depth + jump_effect(instruction)));
                }
                // Depth on arrival too: a handler's is not the outcome of an instruction.
                if depth + jump_effect(instruction).max(0) > i64::from(self.code.max_stack) {
                    return fail(at, "max_stack is too small");
                }
                depth += i64::from(pushes) - i64::from(pops);
                if depth > i64::from(self.code.max_stack) {
                    return fail(at, "max_stack is too small");
                }
                if op.ends_flow() {
                    break;
                }
                at = next;
            }
        }
        Ok(depths)
    }

    fn distance(&self, at: u32, instruction: Instruction) -> Option<i64> {
        let (field, _) = *instruction.op().info().operands.iter().find(|(_, role)| *role == Role::Jump)?;
        Some(match field {
            Field::Word => i64::from(self.code.ops[at as usize + 1] as i32),
            _ => i64::from(instruction.sax()),
        })
    }

    fn handler(&self, handler: &Handler, depths: &[i64]) -> Check {
        let Handler { start, end, target, depth } = *handler;
        let is_edge = |at: u32| at as usize == depths.len() || self.starts[at as usize];
        if start >= end || end as usize > depths.len() || !is_edge(start) || !is_edge(end) {
            return fail(start, "a handler's range is not a range of instructions");
        }
        if target as usize >= depths.len() || !self.starts[target as usize] {
            return fail(target, "a handler is not an instruction");
        }
        for at in start..end {
            if (0..i64::from(depth)).contains(&depths[at as usize]) {
                return fail(at, "a handler keeps more operands than there are");
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::compile::{CompileOptions, compile};
    use scriptling_syntax::Source;

    const TEXT: &str = "\
def f(a, b):
    def g():
        return a
    try:
        for x in b:
            g(x, key=1)
    except ValueError:
        pass
    return a if b < 3 else [a, b]
";

    fn unit() -> Unit {
        let parse = scriptling_syntax::parse(TEXT);
        compile(Arc::new(Source::new("<test>", TEXT)), &parse.module, &CompileOptions::default()).expect("a good text")
    }

    /// Changes code object `index` and returns what the verifier says.
    fn broken(index: usize, change: impl FnOnce(&mut Code)) -> String {
        let mut unit = unit();
        change(&mut unit.codes[index]);
        verify(&unit).expect_err("the verifier accepts broken code").message
    }

    fn position(code: &Code, op: Op) -> usize {
        code.ops.iter().position(|&word| Instruction(word).op() == op).expect("the text contains it")
    }

    fn replace(op: Op, with: Instruction) -> impl FnOnce(&mut Code) {
        move |code| {
            let at = position(code, op);
            code.ops[at] = with.0;
        }
    }

    #[test]
    fn accepts_what_the_compiler_makes() {
        assert_eq!(verify(&unit()), Ok(()));
    }

    #[test]
    fn rejects_bad_words() {
        assert_eq!(broken(1, |code| code.ops[0] = 0xff), "no such op");
        let cut = |code: &mut Code| code.ops = [Instruction::abc(Op::LtJump, 0, 0, 0).0].into();
        assert_eq!(broken(1, cut), "the last instruction is cut off");
    }

    #[test]
    fn rejects_operands_out_of_range() {
        let message = broken(1, replace(Op::GetIter, Instruction::with_ax(Op::LoadConst, 99)));
        assert_eq!(message, "LoadConst: Const 99 out of range");
        let message = broken(1, replace(Op::GetIter, Instruction::abc(Op::Binary, 99, 0, 0)));
        assert_eq!(message, "Binary: Binary 99 out of range");
        let message = broken(1, replace(Op::LoadCell, Instruction::with_ax(Op::LoadFree, 0)));
        assert_eq!(message, "LoadFree: Free 0 out of range");
    }

    #[test]
    fn rejects_wrong_depths() {
        assert!(broken(1, replace(Op::GetIter, Instruction::with_ax(Op::Pop, 0))).contains("ForIterStore pops 1 of 0"));
        let message = broken(1, |code| {
            code.max_stack += 9;
            replace(Op::GetIter, Instruction::with_ax(Op::LoadNone, 0))(code);
        });
        assert!(message.contains("on another path"), "{message}");
        assert!(broken(1, replace(Op::BuildList, Instruction::with_ax(Op::BuildList, 9))).contains("pops 9 of 2"));
        assert_eq!(broken(1, |code| code.max_stack = 0), "max_stack is too small");
    }

    #[test]
    fn rejects_wild_jumps() {
        let message = broken(1, replace(Op::JumpFor, Instruction::with_sax(Op::Jump, -1000)));
        assert_eq!(message, "a jump to before the code");
        let message = broken(1, replace(Op::JumpFor, Instruction::with_sax(Op::Jump, 1000)));
        assert!(message.contains("leaves the code"));
        for distance in [-1000, -1, 1000] {
            let message = broken(1, replace(Op::JumpFor, Instruction::with_sax(Op::JumpFor, distance)));
            assert!(message.contains("than a ForIterStore"), "{message}");
        }
        let end = |code: &mut Code| *code.ops.last_mut().expect("not empty") = Instruction::with_ax(Op::Nop, 0).0;
        assert!(broken(0, end).contains("leaves the code"));
    }

    #[test]
    fn rejects_bad_handlers() {
        assert!(broken(1, |code| code.handlers[0].end = 9999).contains("not a range"));
        assert!(broken(1, |code| code.handlers[0].target = 9999).contains("leaves the code"));
        assert!(broken(1, |code| code.handlers[0].depth = 7).contains("max_stack"));
        assert!(broken(1, |code| code.handlers[0].depth = 1).contains("depth"));
    }

    #[test]
    fn rejects_confused_cells_and_closures() {
        assert!(broken(1, replace(Op::LoadCell, Instruction::with_ax(Op::LoadLocal, 0))).contains("as a cell"));
        assert!(
            broken(1, replace(Op::LoadCellRef, Instruction::with_ax(Op::LoadNone, 0))).contains("captured variables")
        );
        assert!(broken(1, replace(Op::MakeCell, Instruction::with_ax(Op::Nop, 0))).contains("as a cell"));
    }

    #[test]
    fn rejects_broken_pairs() {
        let message = broken(1, |code| {
            let at = position(code, Op::ForIterStore);
            code.ops[at + 2] = Instruction::with_ax(Op::Pop, 0).0;
        });
        assert_eq!(message, "ForIterStore without its StoreLocal");
        let message = broken(1, replace(Op::ForIterStore, Instruction::with_ax(Op::ForIterPair, 0)));
        assert_eq!(message, "ForIterPair without its UnpackSequence");
        let names = |code: &mut Code| code.consts.fill(crate::value::Value::NONE);
        assert!(broken(1, names).contains("keyword names"));
    }
}
