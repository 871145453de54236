//! The op table: every instruction of the stack machine, once.
//!
//! From the table derive the [`Op`] enum, operand layouts, stack effects, the disassembler, the verifier's checks and
//! `docs/bytecode.md`. An instruction is one 32-bit word, `op` in the low byte, operands above it; instructions that
//! carry a jump together with other operands have a second word with the (signed) distance. Distances count words from
//! the end of the instruction. Adding an op is: one row here, one arm in `run`, one place in `compile` that emits it.
//!
//! Notation of a row: `Name [operands] (pops => pushes)`, where `a`, `b`, `c`, `ax` are the operand fields.

/// Which bits of an instruction hold an operand.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Field {
    /// Bits 8..16.
    A,
    /// Bits 16..24.
    B,
    /// Bits 24..32.
    C,
    /// Bits 16..32.
    Bx,
    /// Bits 8..32.
    Ax,
    /// The second word.
    Word,
}

/// What an operand means: how it is printed and what bounds it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Role {
    /// Index into the constants.
    Const,
    /// Index into the names.
    Name,
    /// A local slot.
    Local,
    /// Index into the captured variables.
    Free,
    /// A global slot of the module.
    Global,
    /// Index into the cache sites; the site names the attribute.
    Cache,
    /// Signed distance in words.
    Jump,
    /// Index into the unit's code objects.
    Code,
    /// A number of things.
    Count,
    /// A signed number.
    Int,
    /// A small set of cases, explained in the op's text.
    Flag,
    /// A [`BinaryOp`].
    Binary,
    /// A [`CompareOp`].
    Compare,
}

/// The table's row, as data.
#[derive(Debug)]
pub struct OpInfo {
    /// The op's name.
    pub name: &'static str,
    /// What it does.
    pub doc: &'static str,
    /// Its operands.
    pub operands: &'static [(Field, Role)],
}

macro_rules! ops {
    (|$a:ident, $b:ident, $ax:ident| $($(#[doc = $doc:literal])* $name:ident [$($field:ident $role:ident),*] ($pops:expr => $pushes:expr);)*) => {
        /// An instruction's operation.
        #[derive(Clone, Copy, PartialEq, Eq, Debug)]
        #[repr(u8)]
        pub enum Op {
            $($(#[doc = $doc])* $name,)*
        }

        /// All ops in order of their numbers.
        pub const ALL: &[Op] = &[$(Op::$name,)*];

        /// The rows, in order of the ops' numbers.
        pub const INFO: &[OpInfo] = &[$(OpInfo {
            name: stringify!($name),
            doc: concat!($($doc, "\n",)*),
            operands: &[$((Field::$field, Role::$role)),*],
        },)*];

        /// Operands popped and pushed on the fall-through path (jumps that differ say so in `jump_effect`).
        #[allow(unused_variables, reason = "most rows do not depend on operands")]
        pub fn stack_effect(instruction: Instruction) -> (u32, u32) {
            let ($a, $b, $ax) = (u32::from(instruction.a()), u32::from(instruction.b()), instruction.ax());
            match instruction.op() {
                $(Op::$name => ($pops, $pushes),)*
            }
        }
    };
}

ops! { |a, b, ax|
    /// Nothing.
    Nop [] (0 => 0);
    /// Push a constant.
    LoadConst [Ax Const] (0 => 1);
    /// Push `None`.
    LoadNone [] (0 => 1);
    /// Push a small int.
    LoadInt [Ax Int] (0 => 1);
    /// Push undefined (the absent bound of a method call).
    LoadUndefined [] (0 => 1);
    /// Push one of the values the compiler needs by itself: see [`Common`].
    LoadCommon [A Flag] (0 => 1);
    /// Drop the top.
    Pop [] (1 => 0);
    /// Push the top again.
    Dup [] (1 => 2);
    /// Push the two on top again, in order.
    Dup2 [] (2 => 4);
    /// Exchange the two on top.
    Swap [] (2 => 2);
    /// Move the top below the two under it.
    Rot3 [] (3 => 3);
    /// Move the top below the three under it.
    Rot4 [] (4 => 4);
    /// Push the value `a` below the top (0: the top).
    Copy [A Count] (a + 1 => a + 2);

    /// Push a local that is certainly bound.
    LoadLocal [Ax Local] (0 => 1);
    /// Push a local, or raise UnboundLocalError.
    LoadLocalCheck [Ax Local] (0 => 1);
    /// Push two certainly bound locals.
    LoadLocal2 [A Local, B Local] (0 => 2);
    /// Pop into a local.
    StoreLocal [Ax Local] (1 => 0);
    /// Copy certainly bound local `b` to local `a`.
    MoveLocal [A Local, B Local] (0 => 0);
    /// Unbind a local, or raise UnboundLocalError.
    DeleteLocal [Ax Local] (0 => 0);
    /// Unbind a local whether bound or not (end of `except E as name`).
    ClearLocal [Ax Local] (0 => 0);
    /// Put the local's value (or nothing) into a new cell in the same slot.
    MakeCell [Ax Local] (0 => 0);
    /// Push the value in the cell that the local slot holds, or raise.
    LoadCell [Ax Local] (0 => 1);
    /// Pop into the cell that the local slot holds.
    StoreCell [Ax Local] (1 => 0);
    /// Unbind the cell that the local slot holds, or raise.
    DeleteCell [Ax Local] (0 => 0);
    /// Push the cell itself (for a closure): local slot.
    LoadCellRef [Ax Local] (0 => 1);
    /// Push the value of a captured variable, or raise NameError.
    LoadFree [Ax Free] (0 => 1);
    /// Pop into a captured variable.
    StoreFree [Ax Free] (1 => 0);
    /// Unbind a captured variable, or raise.
    DeleteFree [Ax Free] (0 => 0);
    /// Push the captured cell itself.
    LoadFreeRef [Ax Free] (0 => 1);
    /// Push a global or builtin, or raise NameError.
    LoadGlobal [Ax Global] (0 => 1);
    /// Pop into a global.
    StoreGlobal [Ax Global] (1 => 0);
    /// Unbind a global, or raise.
    DeleteGlobal [Ax Global] (0 => 0);
    /// Class body: push a name from the namespace dict (local 0), globals or builtins.
    LoadName [Ax Name] (0 => 1);
    /// Class body: pop into the namespace dict.
    StoreName [Ax Name] (1 => 0);
    /// Class body: unbind in the namespace dict, or raise.
    DeleteName [Ax Name] (0 => 0);
    /// Class body: push a name from the namespace dict, else captured variable `a`.
    LoadNameOrFree [A Free, Bx Name] (0 => 1);

    /// `object.name`.
    LoadAttr [Ax Cache] (1 => 1);
    /// `local.name`, local certainly bound.
    LoadAttrLocal [A Local, Bx Cache] (0 => 1);
    /// `object.name = value`: value below object.
    StoreAttr [Ax Cache] (2 => 0);
    /// `local.name = value`.
    StoreAttrLocal [A Local, Bx Cache] (1 => 0);
    /// `del object.name`.
    DeleteAttr [Ax Name] (1 => 0);
    /// For `object.name(...)`: push function and receiver, or undefined and callable.
    LoadMethod [Ax Cache] (1 => 2);
    /// The same for a certainly bound local.
    LoadMethodLocal [A Local, Bx Cache] (0 => 2);
    /// Zero-argument `super().name` and friends go through the ordinary call; this pushes the `super` object's attribute.
    /// Stack: class, receiver. Push as `LoadMethod`.
    LoadSuperMethod [Ax Cache] (2 => 2);
    /// `object[key]`.
    LoadSubscript [] (2 => 1);
    /// `top[local b]`.
    LoadSubscriptLocal [B Local] (1 => 1);
    /// `local b[local c]`.
    LoadSubscriptLocals [B Local, C Local] (0 => 1);
    /// `top[int]`.
    LoadSubscriptInt [Ax Int] (1 => 1);
    /// `object[key] = value`: value below object below key.
    StoreSubscript [] (3 => 0);
    /// Pop a value; `local b[local c] = value`.
    StoreSubscriptLocals [B Local, C Local] (1 => 0);
    /// `del object[key]`.
    DeleteSubscript [] (2 => 0);

    /// `left + right`; `a` is 1 for `+=`.
    Add [A Flag] (2 => 1);
    /// `left - right`; `a` is 1 for `-=`.
    Sub [A Flag] (2 => 1);
    /// `left * right`; `a` is 1 for `*=`.
    Mul [A Flag] (2 => 1);
    /// `left / right`; `a` is 1 for `/=`.
    TrueDiv [A Flag] (2 => 1);
    /// `left // right`; `a` is 1 for `//=`.
    FloorDiv [A Flag] (2 => 1);
    /// `left % right`; `a` is 1 for `%=`.
    Mod [A Flag] (2 => 1);
    /// `top + local b`; `a` is 1 for `+=`.
    AddLocal [A Flag, B Local] (1 => 1);
    /// `top - local b`; `a` is 1 for `-=`.
    SubLocal [A Flag, B Local] (1 => 1);
    /// `top * local b`; `a` is 1 for `*=`.
    MulLocal [A Flag, B Local] (1 => 1);
    /// `top / local b`; `a` is 1 for `/=`.
    TrueDivLocal [A Flag, B Local] (1 => 1);
    /// `top // local b`; `a` is 1 for `//=`.
    FloorDivLocal [A Flag, B Local] (1 => 1);
    /// `top % local b`; `a` is 1 for `%=`.
    ModLocal [A Flag, B Local] (1 => 1);
    /// `top + constant`; `a` is 1 for `+=`.
    AddConst [A Flag, Bx Const] (1 => 1);
    /// `top - constant`; `a` is 1 for `-=`.
    SubConst [A Flag, Bx Const] (1 => 1);
    /// `top * constant`; `a` is 1 for `*=`.
    MulConst [A Flag, Bx Const] (1 => 1);
    /// `top / constant`; `a` is 1 for `/=`.
    TrueDivConst [A Flag, Bx Const] (1 => 1);
    /// `top // constant`; `a` is 1 for `//=`.
    FloorDivConst [A Flag, Bx Const] (1 => 1);
    /// `top % constant`; `a` is 1 for `%=`.
    ModConst [A Flag, Bx Const] (1 => 1);
    /// Any other binary operator `a`; `b` is 1 for the augmented form.
    Binary [A Binary, B Flag] (2 => 1);
    /// Push `local b + c`.
    AddLocalInt [B Local, C Int] (0 => 1);
    /// Push `local b - c`.
    SubLocalInt [B Local, C Int] (0 => 1);
    /// Push `local b * c`.
    MulLocalInt [B Local, C Int] (0 => 1);
    /// Push `local b + local c`.
    AddLocals [B Local, C Local] (0 => 1);
    /// Push `local b - local c`.
    SubLocals [B Local, C Local] (0 => 1);
    /// Push `local b * local c`.
    MulLocals [B Local, C Local] (0 => 1);
    /// `local a = local b + c`, never augmented.
    AddLocalIntStore [A Local, B Local, C Int] (0 => 0);
    /// `local a = local b - c`, never augmented.
    SubLocalIntStore [A Local, B Local, C Int] (0 => 0);
    /// `local a = local b + local c`, never augmented.
    AddLocalsStore [A Local, B Local, C Local] (0 => 0);
    /// `local a = local b - local c`, never augmented.
    SubLocalsStore [A Local, B Local, C Local] (0 => 0);
    /// `local a = local b * local c`, never augmented.
    MulLocalsStore [A Local, B Local, C Local] (0 => 0);
    /// `local a += local b`.
    AddAssign [A Local, B Local] (0 => 0);
    /// `local a -= local b`.
    SubAssign [A Local, B Local] (0 => 0);
    /// `local a *= local b`.
    MulAssign [A Local, B Local] (0 => 0);
    /// `local a += c`.
    AddIntAssign [A Local, C Int] (0 => 0);
    /// `local a -= c`.
    SubIntAssign [A Local, C Int] (0 => 0);
    /// `local a = left + right`; `b` is 1 for `+=`.
    AddStore [A Local, B Flag] (2 => 0);
    /// `local a = left - right`; `b` is 1 for `-=`.
    SubStore [A Local, B Flag] (2 => 0);
    /// `local a = left * right`; `b` is 1 for `*=`.
    MulStore [A Local, B Flag] (2 => 0);
    /// `-value`.
    Negate [] (1 => 1);
    /// `+value`.
    Positive [] (1 => 1);
    /// `~value`.
    Invert [] (1 => 1);
    /// `not value`.
    Not [] (1 => 1);

    /// A comparison [`CompareOp`] `a`, pushing the result (any value for `<` and its kin).
    Compare [A Compare] (2 => 1);
    /// `left is right`; `a` is 1 for `is not`.
    Is [A Flag] (2 => 1);
    /// `item in container`: item below container; `a` is 1 for `not in`.
    Contains [A Flag] (2 => 1);
    /// Jump if the truth of `left < right` is `a`.
    LtJump [A Flag, Word Jump] (2 => 0);
    /// Jump if the truth of `left <= right` is `a`.
    LeJump [A Flag, Word Jump] (2 => 0);
    /// Jump if the truth of `left > right` is `a`.
    GtJump [A Flag, Word Jump] (2 => 0);
    /// Jump if the truth of `left >= right` is `a`.
    GeJump [A Flag, Word Jump] (2 => 0);
    /// Jump if the truth of `left == right` is `a`.
    EqJump [A Flag, Word Jump] (2 => 0);
    /// Jump if the truth of `left != right` is `a`.
    NeJump [A Flag, Word Jump] (2 => 0);
    /// Jump if the truth of `local b < local c` is `a`.
    LtLocalsJump [A Flag, B Local, C Local, Word Jump] (0 => 0);
    /// Jump if the truth of `local b <= local c` is `a`.
    LeLocalsJump [A Flag, B Local, C Local, Word Jump] (0 => 0);
    /// Jump if the truth of `local b > local c` is `a`.
    GtLocalsJump [A Flag, B Local, C Local, Word Jump] (0 => 0);
    /// Jump if the truth of `local b >= local c` is `a`.
    GeLocalsJump [A Flag, B Local, C Local, Word Jump] (0 => 0);
    /// Jump if the truth of `local b == local c` is `a`.
    EqLocalsJump [A Flag, B Local, C Local, Word Jump] (0 => 0);
    /// Jump if the truth of `local b != local c` is `a`.
    NeLocalsJump [A Flag, B Local, C Local, Word Jump] (0 => 0);
    /// Jump if the truth of `local b < c` is `a`.
    LtLocalIntJump [A Flag, B Local, C Int, Word Jump] (0 => 0);
    /// Jump if the truth of `local b <= c` is `a`.
    LeLocalIntJump [A Flag, B Local, C Int, Word Jump] (0 => 0);
    /// Jump if the truth of `local b > c` is `a`.
    GtLocalIntJump [A Flag, B Local, C Int, Word Jump] (0 => 0);
    /// Jump if the truth of `local b >= c` is `a`.
    GeLocalIntJump [A Flag, B Local, C Int, Word Jump] (0 => 0);
    /// Jump if the truth of `local b == c` is `a`.
    EqLocalIntJump [A Flag, B Local, C Int, Word Jump] (0 => 0);
    /// Jump if the truth of `local b != c` is `a`.
    NeLocalIntJump [A Flag, B Local, C Int, Word Jump] (0 => 0);
    /// Jump if the truth of `top < c` is `a`.
    LtIntJump [A Flag, C Int, Word Jump] (1 => 0);
    /// Jump if the truth of `top <= c` is `a`.
    LeIntJump [A Flag, C Int, Word Jump] (1 => 0);
    /// Jump if the truth of `top > c` is `a`.
    GtIntJump [A Flag, C Int, Word Jump] (1 => 0);
    /// Jump if the truth of `top >= c` is `a`.
    GeIntJump [A Flag, C Int, Word Jump] (1 => 0);
    /// Jump if the truth of `top == c` is `a`.
    EqIntJump [A Flag, C Int, Word Jump] (1 => 0);
    /// Jump if the truth of `top != c` is `a`.
    NeIntJump [A Flag, C Int, Word Jump] (1 => 0);
    /// Jump if the truth of `top < constant` is `a`.
    LtConstJump [A Flag, Bx Const, Word Jump] (1 => 0);
    /// Jump if the truth of `top <= constant` is `a`.
    LeConstJump [A Flag, Bx Const, Word Jump] (1 => 0);
    /// Jump if the truth of `top > constant` is `a`.
    GtConstJump [A Flag, Bx Const, Word Jump] (1 => 0);
    /// Jump if the truth of `top >= constant` is `a`.
    GeConstJump [A Flag, Bx Const, Word Jump] (1 => 0);
    /// Jump if the truth of `top == constant` is `a`.
    EqConstJump [A Flag, Bx Const, Word Jump] (1 => 0);
    /// Jump if the truth of `top != constant` is `a`.
    NeConstJump [A Flag, Bx Const, Word Jump] (1 => 0);
    /// Jump if `local a == constant` is true.
    LocalEqConstJumpIfTrue [A Local, Bx Const, Word Jump] (0 => 0);
    /// Jump if `local a == constant` is false.
    LocalEqConstJumpIfFalse [A Local, Bx Const, Word Jump] (0 => 0);
    /// Jump if the truth of `top is None` is `a`.
    NoneJump [A Flag, Word Jump] (1 => 0);

    /// Jump if the truth of local `b` is `a`.
    LocalJump [A Flag, B Local, Word Jump] (0 => 0);
    /// Jump. Backwards: a safepoint that charges fuel (true of every jump that is taken backwards).
    Jump [Ax Jump] (0 => 0);
    /// A safepoint that charges fuel, before something that other tasks may notice. Only in code that was compiled with pauses.
    Pause [] (0 => 0);
    /// Jump back to a `ForIterStore`, and execute that at once.
    JumpFor [Ax Jump] (0 => 0);
    /// Pop; jump if false.
    JumpIfFalse [Ax Jump] (1 => 0);
    /// Pop; jump if true.
    JumpIfTrue [Ax Jump] (1 => 0);
    /// Jump if false and keep the value; else pop it.
    JumpIfFalseOrPop [Ax Jump] (1 => 0);
    /// Jump if true and keep the value; else pop it.
    JumpIfTrueOrPop [Ax Jump] (1 => 0);
    /// `iter(value)`.
    GetIter [] (1 => 1);
    /// Push the iterator's next value; at its end pop the iterator and jump.
    ForIter [Ax Jump] (1 => 2);
    /// `ForIter` whose value goes to local `a`. The next instruction is `StoreLocal a`: skipped when the value comes at
    /// once, run when it comes from a frame that this op had to enter.
    ForIterStore [A Local, Word Jump] (1 => 2);
    /// `ForIter` whose value is to be a pair. The next instruction is `UnpackSequence 2`: skipped, with both elements pushed,
    /// when they are at hand (`zip`, `enumerate`, dict items and so on, without making the tuple).
    ForIterPair [Ax Jump] (1 => 2);

    /// Pop `ax` values, push a list.
    BuildList [Ax Count] (ax => 1);
    /// Pop `ax` values, push a tuple.
    BuildTuple [Ax Count] (ax => 1);
    /// Pop `ax` values, push a set.
    BuildSet [Ax Count] (ax => 1);
    /// Pop `ax` key-value pairs, push a dict.
    BuildDict [Ax Count] (2 * ax => 1);
    /// Pop `ax` strings, push their concatenation.
    BuildString [Ax Count] (ax => 1);
    /// Pop start, stop, step (`a` = 3) or start, stop (`a` = 2), push a slice.
    BuildSlice [A Count] (a => 1);
    /// Pop a value and append it to the list `a` below the (then) top.
    ListAppend [A Count] (1 => 0);
    /// Pop a value and add it to the set `a` below the (then) top.
    SetAdd [A Count] (1 => 0);
    /// Pop value, pop key, and put them into the dict `a` below the (then) top.
    DictAdd [A Count] (2 => 0);
    /// Pop an iterable and extend the list below it. In the arguments of a call the callee is `a` below the list; in a display
    /// `a` is 0.
    ListExtend [A Count] (2 => 1);
    /// Pop an iterable and add its items to the set below it.
    SetUpdate [] (2 => 1);
    /// Pop a mapping and put its items into the dict below it.
    DictUpdate [] (2 => 1);
    /// `DictUpdate` for call arguments: a duplicate key is a TypeError. The callee is `a` below the dict.
    DictMerge [A Count] (2 => 1);
    /// Turn the list on top into a tuple.
    ListToTuple [] (1 => 1);
    /// Pop an iterable of exactly `ax` values; push them, the first on top.
    UnpackSequence [Ax Count] (1 => ax);
    /// Pop an iterable; push `a` values, a list of the rest, and `b` values, the first on top.
    UnpackStar [A Count, B Count] (1 => a + b + 1);
    /// Format for an f-string: conversion `a` (0 none, 1 `!s`, 2 `!r`, 3 `!a`); `b` is 1 if a format spec is on top.
    FormatValue [A Flag, B Flag] (1 + b => 1);

    /// Push a function with code `bx`. `a` is a bit set of what is popped: 8 closure tuple of cells (topmost), 4
    /// annotations dict, 2 dict of keyword defaults, 1 tuple of defaults.
    MakeFunction [A Flag, Bx Code] (a.count_ones() => 1);
    /// Call: callee below `a` positional arguments.
    Call [A Count] (a + 1 => 1);
    /// Call after `LoadMethod`: two words below `a` positional arguments.
    CallMethod [A Count] (a + 2 => 1);
    /// Call with keywords: callee below `a` arguments, the last of which are named by the constant tuple `bx`.
    CallKeywords [A Count, Bx Const] (a + 1 => 1);
    /// The same after `LoadMethod`.
    CallMethodKeywords [A Count, Bx Const] (a + 2 => 1);
    /// `f(*iterable)`: the callee is below the iterable; replace that by its elements, as a tuple or list.
    StarArguments [] (2 => 2);
    /// `f(**mapping)`: the callee is two below the mapping; replace that by a dict with strings as keys, itself if it is one.
    StarKeywords [] (3 => 3);
    /// Call with unpacked arguments: callee, a list or tuple, and if `a` is 1 a dict.
    CallUnpacked [A Flag] (2 + a => 1);
    /// Return the top.
    Return [] (1 => 0);
    /// Suspend the generator with the top; resumed, push what was sent. `a` is 1 inside `yield from`.
    YieldValue [A Flag] (1 => 1);
    /// One step of `yield from`: iterator below the value to send. Push what it yields; at its end replace both by its
    /// result and jump.
    Send [Ax Jump] (2 => 2);

    /// `raise` (`a` = 0: re-raise the handled one), `raise exc` (1), `raise exc from cause` (2).
    Raise [A Count] (a => 0);
    /// Pop an exception and go on raising it: no new context, no new traceback entry.
    Reraise [] (1 => 0);
    /// At a handler's start: exception on top becomes the handled one; the previous one goes below it.
    PushHandled [] (1 => 2);
    /// At a handler's end: pop the previously handled exception and make it the handled one again.
    PopHandled [] (1 => 0);
    /// Leaving a handler by an exception: pop the previously handled one from below the top and restore it.
    RestoreHandled [] (2 => 1);
    /// `except type`: exception below type; pop the type, push whether it matches.
    ExceptionMatches [] (2 => 2);
    /// Enter `with`: push `__exit__` bound, then the result of `__enter__()`.
    EnterWith [] (1 => 2);
    /// Call the `__exit__` that is two below the exception on top with the exception; push the result.
    ExitWith [] (3 => 4);

    /// `import name`: pop from-list (`None` or tuple) and, below it, level; push the module.
    ImportName [Ax Name] (2 => 1);
    /// `from module import name`: push the attribute or submodule; the module stays below.
    ImportFrom [Ax Name] (1 => 2);
    /// `from module import *`: pop the module.
    ImportStar [] (1 => 0);

    /// `match`: push the length of the top.
    MatchLength [] (1 => 2);
    /// `match`: push whether the top is a sequence for patterns.
    MatchSequence [] (1 => 2);
    /// `match`: push whether the top is a mapping for patterns.
    MatchMapping [] (1 => 2);
    /// `match`: subject below a tuple of keys; push a tuple of the values, or `None` if a key is missing.
    MatchKeys [] (2 => 3);
    /// `match`: subject, class, tuple of keyword names; replace all by a tuple of attributes, or `None`. `a` positionals.
    MatchClass [A Count] (3 => 1);
}

/// Values behind [`Op::LoadCommon`].
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[repr(u8)]
pub enum Common {
    /// The class `AssertionError`, whatever the name is bound to.
    AssertionError,
    /// The native that makes classes: `(body, name, *bases, **keywords)`.
    BuildClass,
    /// The module's `__annotations__` dict, created on first use.
    ModuleAnnotations,
}

/// Binary operators in [`Op::Binary`] and the slow paths of the others.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[repr(u8)]
pub enum BinaryOp {
    /// `+`
    Add,
    /// `-`
    Sub,
    /// `*`
    Mul,
    /// `/`
    TrueDiv,
    /// `//`
    FloorDiv,
    /// `%`
    Mod,
    /// `**`
    Pow,
    /// `<<`
    LShift,
    /// `>>`
    RShift,
    /// `&`
    BitAnd,
    /// `|`
    BitOr,
    /// `^`
    BitXor,
    /// `@`
    MatMul,
}

/// All binary operators, in order of their numbers.
pub const BINARY_OPS: [BinaryOp; 13] = [
    BinaryOp::Add,
    BinaryOp::Sub,
    BinaryOp::Mul,
    BinaryOp::TrueDiv,
    BinaryOp::FloorDiv,
    BinaryOp::Mod,
    BinaryOp::Pow,
    BinaryOp::LShift,
    BinaryOp::RShift,
    BinaryOp::BitAnd,
    BinaryOp::BitOr,
    BinaryOp::BitXor,
    BinaryOp::MatMul,
];

impl BinaryOp {
    /// `(symbol, __method__, __reflected__, __inplace__)`.
    pub const fn names(self) -> (&'static str, &'static str, &'static str, &'static str) {
        match self {
            BinaryOp::Add => ("+", "__add__", "__radd__", "__iadd__"),
            BinaryOp::Sub => ("-", "__sub__", "__rsub__", "__isub__"),
            BinaryOp::Mul => ("*", "__mul__", "__rmul__", "__imul__"),
            BinaryOp::TrueDiv => ("/", "__truediv__", "__rtruediv__", "__itruediv__"),
            BinaryOp::FloorDiv => ("//", "__floordiv__", "__rfloordiv__", "__ifloordiv__"),
            BinaryOp::Mod => ("%", "__mod__", "__rmod__", "__imod__"),
            BinaryOp::Pow => ("** or pow()", "__pow__", "__rpow__", "__ipow__"),
            BinaryOp::LShift => ("<<", "__lshift__", "__rlshift__", "__ilshift__"),
            BinaryOp::RShift => (">>", "__rshift__", "__rrshift__", "__irshift__"),
            BinaryOp::BitAnd => ("&", "__and__", "__rand__", "__iand__"),
            BinaryOp::BitOr => ("|", "__or__", "__ror__", "__ior__"),
            BinaryOp::BitXor => ("^", "__xor__", "__rxor__", "__ixor__"),
            BinaryOp::MatMul => ("@", "__matmul__", "__rmatmul__", "__imatmul__"),
        }
    }
}

/// Rich comparisons.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[repr(u8)]
pub enum CompareOp {
    /// `<`
    Lt,
    /// `<=`
    Le,
    /// `>`
    Gt,
    /// `>=`
    Ge,
    /// `==`
    Eq,
    /// `!=`
    Ne,
}

/// All comparisons, in order of their numbers.
pub const COMPARE_OPS: [CompareOp; 6] =
    [CompareOp::Lt, CompareOp::Le, CompareOp::Gt, CompareOp::Ge, CompareOp::Eq, CompareOp::Ne];

impl CompareOp {
    /// The symbol and the special method.
    pub const fn names(self) -> (&'static str, &'static str) {
        match self {
            CompareOp::Lt => ("<", "__lt__"),
            CompareOp::Le => ("<=", "__le__"),
            CompareOp::Gt => (">", "__gt__"),
            CompareOp::Ge => (">=", "__ge__"),
            CompareOp::Eq => ("==", "__eq__"),
            CompareOp::Ne => ("!=", "__ne__"),
        }
    }

    /// The same comparison with the sides exchanged.
    pub const fn swapped(self) -> CompareOp {
        match self {
            CompareOp::Lt => CompareOp::Gt,
            CompareOp::Le => CompareOp::Ge,
            CompareOp::Gt => CompareOp::Lt,
            CompareOp::Ge => CompareOp::Le,
            CompareOp::Eq => CompareOp::Eq,
            CompareOp::Ne => CompareOp::Ne,
        }
    }
}

/// One instruction word.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[repr(transparent)]
pub struct Instruction(pub u32);

impl Instruction {
    /// An op with operands `a`, `b`, `c`.
    pub const fn abc(op: Op, a: u8, b: u8, c: u8) -> Instruction {
        Instruction(op as u32 | (a as u32) << 8 | (b as u32) << 16 | (c as u32) << 24)
    }

    /// An op with operands `a` and a 16-bit `bx`.
    pub const fn abx(op: Op, a: u8, bx: u16) -> Instruction {
        Instruction(op as u32 | (a as u32) << 8 | (bx as u32) << 16)
    }

    /// An op with one 24-bit operand (the emitter checks the range).
    pub const fn with_ax(op: Op, ax: u32) -> Instruction {
        Instruction(op as u32 | ax << 8)
    }

    /// An op with one signed 24-bit operand.
    pub const fn with_sax(op: Op, sax: i32) -> Instruction {
        Instruction(op as u32 | (sax as u32) << 8)
    }

    /// The op.
    #[inline(always)]
    #[expect(unsafe_code, reason = "the run loop cannot afford a range check per instruction")]
    pub const fn op(self) -> Op {
        debug_assert!((self.0 as u8 as usize) < ALL.len());
        // SAFETY: instructions are made by the constructors above, from an `Op`; the verifier checks the words of each code
        // object on load.
        unsafe { std::mem::transmute::<u8, Op>(self.0 as u8) }
    }

    /// Bits 8..16.
    #[inline(always)]
    pub const fn a(self) -> u8 {
        (self.0 >> 8) as u8
    }

    /// Bits 16..24.
    #[inline(always)]
    pub const fn b(self) -> u8 {
        (self.0 >> 16) as u8
    }

    /// Bits 24..32.
    #[inline(always)]
    pub const fn c(self) -> u8 {
        (self.0 >> 24) as u8
    }

    /// Bits 24..32 as a signed number.
    #[inline(always)]
    pub const fn sc(self) -> i64 {
        (self.0 as i32 >> 24) as i64
    }

    /// Bits 16..32.
    #[inline(always)]
    pub const fn bx(self) -> u16 {
        (self.0 >> 16) as u16
    }

    /// Bits 8..32.
    #[inline(always)]
    pub const fn ax(self) -> u32 {
        self.0 >> 8
    }

    /// Bits 8..32 as a signed number.
    #[inline(always)]
    pub const fn sax(self) -> i32 {
        self.0 as i32 >> 8
    }
}

impl Op {
    /// The op's row.
    pub fn info(self) -> &'static OpInfo {
        &INFO[self as usize]
    }

    /// Words of an instruction: two if it has a jump word.
    pub fn words(self) -> usize {
        if self.info().operands.iter().any(|(field, _)| *field == Field::Word) { 2 } else { 1 }
    }

    /// Whether control never falls through to the next instruction.
    pub fn ends_flow(self) -> bool {
        matches!(self, Op::Jump | Op::JumpFor | Op::Return | Op::Raise | Op::Reraise)
    }
}

/// Change of the stack depth when the instruction's jump is taken.
pub fn jump_effect(instruction: Instruction) -> i64 {
    match instruction.op() {
        Op::ForIter | Op::ForIterStore | Op::ForIterPair | Op::Send => -1,
        Op::JumpIfFalseOrPop | Op::JumpIfTrueOrPop => 0,
        _ => {
            let (pops, pushes) = stack_effect(instruction);
            i64::from(pushes) - i64::from(pops)
        }
    }
}
