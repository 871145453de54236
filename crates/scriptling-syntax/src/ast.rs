//! The syntax tree, shaped and named after CPython's `ast` module.
//!
//! Nodes are plain `Box`/`Vec` data without type parameters or interior links; every node carries its [`Span`].
//! There are no expression contexts (`Load`, `Store`, `Del`): the position of a node says which is meant.
//! Two shapes differ from CPython on purpose: `If` keeps its `elif` clauses in a flat list (a chain of
//! thousands must not become a deep tree), and `Dict` keeps key and value of an item together.
//!
//! Invariant: a tree that `parse` returns is never deeper than `MAX_EXPR_DEPTH` expressions inside
//! `MAX_INDENT` blocks, so recursive consumers (and `Drop`) need only bounded stack.

use num_bigint::BigInt;

use crate::span::Span;

/// The text of a name: inline when short, cheap to clone.
pub type Name = smol_str::SmolStr;

/// A name and where it stands, for names that are not expressions.
#[derive(Debug, Clone, PartialEq)]
pub struct Ident {
    /// The name, NFKC-normalised.
    pub name: Name,
    /// Where it was written.
    pub span: Span,
}

/// A whole source file.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Module {
    /// The statements, in order.
    pub body: Vec<Stmt>,
}

/// A statement and where it stands.
#[derive(Debug, Clone, PartialEq)]
pub struct Stmt {
    /// What kind of statement.
    pub kind: StmtKind,
    /// From the first token (decorators excluded, as in CPython) to the last.
    pub span: Span,
}

/// The kinds of statements.
#[derive(Debug, Clone, PartialEq)]
pub enum StmtKind {
    /// `def f(a): ...` and `async def f(a): ...`
    FunctionDef(Box<FunctionDef>),
    /// `class A(B): ...`
    ClassDef(Box<ClassDef>),
    /// `return value`
    Return(Option<Box<Expr>>),
    /// `del a, b[0]`
    Delete(Vec<Expr>),
    /// `a = b = value`
    Assign {
        /// The targets, leftmost first; evaluated after the value.
        targets: Vec<Expr>,
        /// The assigned value.
        value: Box<Expr>,
    },
    /// `type Name[T] = value`
    TypeAlias(Box<TypeAlias>),
    /// `a += 1`
    AugAssign {
        /// A name, attribute or subscript.
        target: Box<Expr>,
        /// The operator in front of the `=`.
        op: Operator,
        /// The right side.
        value: Box<Expr>,
    },
    /// `a: int = 1`
    AnnAssign {
        /// A name, attribute or subscript.
        target: Box<Expr>,
        /// The annotation.
        annotation: Box<Expr>,
        /// The value, if one is assigned.
        value: Option<Box<Expr>>,
        /// Whether the target is a name without parentheses.
        simple: bool,
    },
    /// `for a in b: ... else: ...` and `async for`
    For {
        /// What each item is assigned to.
        target: Box<Expr>,
        /// What is iterated.
        iter: Box<Expr>,
        /// The loop body.
        body: Vec<Stmt>,
        /// The `else` block; empty if there is none.
        orelse: Vec<Stmt>,
        /// Whether this is `async for`.
        is_async: bool,
    },
    /// `while a: ... else: ...`
    While {
        /// The condition.
        test: Box<Expr>,
        /// The loop body.
        body: Vec<Stmt>,
        /// The `else` block; empty if there is none.
        orelse: Vec<Stmt>,
    },
    /// `if a: ... elif b: ... else: ...`
    If {
        /// The `if` clause and the `elif` clauses, in order; never empty.
        branches: Vec<IfBranch>,
        /// The `else` block; empty if there is none.
        orelse: Vec<Stmt>,
    },
    /// `with a as b, c: ...` and `async with`
    With {
        /// The context managers, outermost first.
        items: Vec<WithItem>,
        /// The block.
        body: Vec<Stmt>,
        /// Whether this is `async with`.
        is_async: bool,
    },
    /// `match a: case b: ...`
    Match {
        /// The value that is matched.
        subject: Box<Expr>,
        /// The cases; never empty.
        cases: Vec<MatchCase>,
    },
    /// `raise exc from cause`
    Raise {
        /// The exception.
        exc: Option<Box<Expr>>,
        /// The cause behind `from`.
        cause: Option<Box<Expr>>,
    },
    /// `try: ... except E as e: ... else: ... finally: ...`
    Try(Box<Try>),
    /// `assert test, message`
    Assert {
        /// The condition.
        test: Box<Expr>,
        /// The message.
        msg: Option<Box<Expr>>,
    },
    /// `import a.b as c, d`
    Import(Vec<Alias>),
    /// `from ..a import b as c`; a name `*` imports everything
    ImportFrom {
        /// The dotted module name; `None` in `from . import a`.
        module: Option<Ident>,
        /// What is imported; a single alias named `*` for everything.
        names: Vec<Alias>,
        /// How many leading dots.
        level: u32,
    },
    /// `global a, b`
    Global(Vec<Ident>),
    /// `nonlocal a, b`
    Nonlocal(Vec<Ident>),
    /// An expression as a statement: `f()`
    Expr(Box<Expr>),
    /// `pass`
    Pass,
    /// `break`
    Break,
    /// `continue`
    Continue,
}

/// `def name[T](args) -> returns: body`
#[derive(Debug, Clone, PartialEq)]
pub struct FunctionDef {
    /// The function's name.
    pub name: Ident,
    /// The type parameters in brackets.
    pub type_params: Vec<TypeParam>,
    /// The parameters.
    pub args: Box<Arguments>,
    /// The body; never empty.
    pub body: Vec<Stmt>,
    /// The decorators, outermost (topmost) first.
    pub decorators: Vec<Expr>,
    /// The annotation behind `->`.
    pub returns: Option<Box<Expr>>,
    /// Whether this is `async def`.
    pub is_async: bool,
}

/// `class name[T](bases, key=value): body`
#[derive(Debug, Clone, PartialEq)]
pub struct ClassDef {
    /// The class's name.
    pub name: Ident,
    /// The type parameters in brackets.
    pub type_params: Vec<TypeParam>,
    /// The positional bases; may contain `Starred`.
    pub bases: Vec<Expr>,
    /// The keyword arguments, such as `metaclass=M`.
    pub keywords: Vec<Keyword>,
    /// The body; never empty.
    pub body: Vec<Stmt>,
    /// The decorators, outermost (topmost) first.
    pub decorators: Vec<Expr>,
}

/// `type name[T] = value`
#[derive(Debug, Clone, PartialEq)]
pub struct TypeAlias {
    /// The alias's name.
    pub name: Ident,
    /// The type parameters in brackets.
    pub type_params: Vec<TypeParam>,
    /// The aliased type.
    pub value: Expr,
}

/// One `if` or `elif` clause.
#[derive(Debug, Clone, PartialEq)]
pub struct IfBranch {
    /// The condition.
    pub test: Expr,
    /// The block; never empty.
    pub body: Vec<Stmt>,
}

/// One context manager of a `with` statement.
#[derive(Debug, Clone, PartialEq)]
pub struct WithItem {
    /// The context manager.
    pub context_expr: Expr,
    /// The target behind `as`.
    pub optional_vars: Option<Expr>,
}

/// `case pattern if guard: body`
#[derive(Debug, Clone, PartialEq)]
pub struct MatchCase {
    /// The pattern.
    pub pattern: Pattern,
    /// The condition behind `if`.
    pub guard: Option<Expr>,
    /// The block; never empty.
    pub body: Vec<Stmt>,
}

/// A pattern of a `case` and where it stands.
#[derive(Debug, Clone, PartialEq)]
pub struct Pattern {
    /// What kind of pattern.
    pub kind: PatternKind,
    /// Where it stands.
    pub span: Span,
}

/// The kinds of patterns.
#[derive(Debug, Clone, PartialEq)]
pub enum PatternKind {
    /// `case 1:` or `case a.b:`, compared with `==`
    MatchValue(Box<Expr>),
    /// `case None:`, compared with `is`; `None`, `True` or `False`
    MatchSingleton(Constant),
    /// `case [a, *b]:`
    MatchSequence(Vec<Pattern>),
    /// `case {"a": b, **rest}:`
    MatchMapping {
        /// The keys: literals or dotted names.
        keys: Vec<Expr>,
        /// The pattern of each key.
        patterns: Vec<Pattern>,
        /// The name behind `**`.
        rest: Option<Ident>,
    },
    /// `case Point(0, y=b):`
    MatchClass {
        /// The class: a dotted name.
        cls: Box<Expr>,
        /// The positional patterns.
        patterns: Vec<Pattern>,
        /// The names of the keyword patterns.
        kwd_attrs: Vec<Ident>,
        /// The keyword patterns.
        kwd_patterns: Vec<Pattern>,
    },
    /// `*rest` inside a sequence; `None` for `*_`
    MatchStar(Option<Ident>),
    /// `pattern as name`, `name` (no pattern), or `_` (neither)
    MatchAs {
        /// The pattern in front of `as`.
        pattern: Option<Box<Pattern>>,
        /// The captured name.
        name: Option<Ident>,
    },
    /// `a | b`
    MatchOr(Vec<Pattern>),
}

/// `try: body except ...: handlers else: orelse finally: finalbody`
#[derive(Debug, Clone, PartialEq)]
pub struct Try {
    /// The guarded block.
    pub body: Vec<Stmt>,
    /// The handlers, in order.
    pub handlers: Vec<ExceptHandler>,
    /// The `else` block; empty if there is none.
    pub orelse: Vec<Stmt>,
    /// The `finally` block; empty if there is none.
    pub finalbody: Vec<Stmt>,
    /// Whether the handlers are `except*`.
    pub is_star: bool,
}

/// `except type as name: body`
#[derive(Debug, Clone, PartialEq)]
pub struct ExceptHandler {
    /// The exception class or tuple of classes; `None` in a bare `except:`.
    pub typ: Option<Expr>,
    /// The name behind `as`.
    pub name: Option<Ident>,
    /// The block; never empty.
    pub body: Vec<Stmt>,
    /// Where it stands.
    pub span: Span,
}

/// `name as asname` in an import; the name may be dotted.
#[derive(Debug, Clone, PartialEq)]
pub struct Alias {
    /// The imported name, with dots in `import a.b`; `*` for everything.
    pub name: Ident,
    /// The name it is bound to.
    pub asname: Option<Ident>,
    /// Where it stands.
    pub span: Span,
}

/// The parameters of a function.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Arguments {
    /// Positional-only parameters (in front of `/`).
    pub posonlyargs: Vec<Arg>,
    /// Ordinary parameters.
    pub args: Vec<Arg>,
    /// `*args`
    pub vararg: Option<Arg>,
    /// Keyword-only parameters (behind `*`).
    pub kwonlyargs: Vec<Arg>,
    /// The default of each keyword-only parameter; as long as `kwonlyargs`.
    pub kw_defaults: Vec<Option<Expr>>,
    /// `**kwargs`
    pub kwarg: Option<Arg>,
    /// Defaults of the last `n` of `posonlyargs` followed by `args`.
    pub defaults: Vec<Expr>,
}

/// One parameter.
#[derive(Debug, Clone, PartialEq)]
pub struct Arg {
    /// The parameter's name.
    pub name: Ident,
    /// The annotation; may be `Starred` for `*args`.
    pub annotation: Option<Box<Expr>>,
    /// From the name to the end of the annotation.
    pub span: Span,
}

/// `name=value` or `**value` in a call.
#[derive(Debug, Clone, PartialEq)]
pub struct Keyword {
    /// The name; `None` for `**value`.
    pub arg: Option<Ident>,
    /// The value.
    pub value: Expr,
    /// Where it stands.
    pub span: Span,
}

/// A type parameter and where it stands.
#[derive(Debug, Clone, PartialEq)]
pub struct TypeParam {
    /// What kind of type parameter.
    pub kind: TypeParamKind,
    /// Where it stands.
    pub span: Span,
}

/// The kinds of type parameters.
#[derive(Debug, Clone, PartialEq)]
pub enum TypeParamKind {
    /// `T` or `T: bound`
    TypeVar {
        /// The parameter's name.
        name: Ident,
        /// The bound, or a tuple of constraints.
        bound: Option<Box<Expr>>,
    },
    /// `*Ts`
    TypeVarTuple(Ident),
    /// `**P`
    ParamSpec(Ident),
}

/// An expression and where it stands.
#[derive(Debug, Clone, PartialEq)]
pub struct Expr {
    /// What kind of expression.
    pub kind: ExprKind,
    /// Where it stands; parentheses around it are not included (those of a tuple are).
    pub span: Span,
    /// How many expressions deep this tree is; see `Expr::depth`.
    pub(crate) depth: u16,
}

impl Expr {
    /// How many expressions deep this tree is: 1 for a leaf, at most `MAX_EXPR_DEPTH`.
    pub fn depth(&self) -> u16 {
        self.depth
    }
}

/// The kinds of expressions.
#[derive(Debug, Clone, PartialEq)]
pub enum ExprKind {
    /// `a and b and c`; a chain of one operator is one node
    BoolOp {
        /// `and` or `or`.
        op: BoolOp,
        /// The operands; at least two.
        values: Vec<Expr>,
    },
    /// `name := value`
    NamedExpr {
        /// The assigned name.
        target: Ident,
        /// The value.
        value: Box<Expr>,
    },
    /// `a + b`
    BinOp {
        /// The left operand.
        left: Box<Expr>,
        /// The operator.
        op: Operator,
        /// The right operand.
        right: Box<Expr>,
    },
    /// `-a`
    UnaryOp {
        /// The operator.
        op: UnaryOp,
        /// The operand.
        operand: Box<Expr>,
    },
    /// `lambda a: b`
    Lambda {
        /// The parameters; never annotated.
        args: Box<Arguments>,
        /// The result.
        body: Box<Expr>,
    },
    /// `body if test else orelse`
    IfExp {
        /// The condition.
        test: Box<Expr>,
        /// The value if it holds.
        body: Box<Expr>,
        /// The value if it does not.
        orelse: Box<Expr>,
    },
    /// `{a: b, **c}`
    Dict(Vec<DictItem>),
    /// `{a, b}`
    Set(Vec<Expr>),
    /// `[a for b in c]`
    ListComp {
        /// The element.
        elt: Box<Expr>,
        /// The `for` clauses; never empty.
        generators: Vec<Comprehension>,
    },
    /// `{a for b in c}`
    SetComp {
        /// The element.
        elt: Box<Expr>,
        /// The `for` clauses; never empty.
        generators: Vec<Comprehension>,
    },
    /// `{a: b for c in d}`
    DictComp {
        /// The key.
        key: Box<Expr>,
        /// The value.
        value: Box<Expr>,
        /// The `for` clauses; never empty.
        generators: Vec<Comprehension>,
    },
    /// `(a for b in c)`
    GeneratorExp {
        /// The element.
        elt: Box<Expr>,
        /// The `for` clauses; never empty.
        generators: Vec<Comprehension>,
    },
    /// `await a`
    Await(Box<Expr>),
    /// `yield` or `yield a`
    Yield(Option<Box<Expr>>),
    /// `yield from a`
    YieldFrom(Box<Expr>),
    /// `a < b <= c`
    Compare {
        /// The first operand.
        left: Box<Expr>,
        /// Each operator with the operand behind it; never empty.
        rest: Vec<(CmpOp, Expr)>,
    },
    /// `f(a, *b, c=d, **e)`
    Call(Box<Call>),
    /// `{value!r:spec}` inside an f-string
    FormattedValue {
        /// The value.
        value: Box<Expr>,
        /// The conversion behind `!`.
        conversion: Option<Conversion>,
        /// The format: always a `JoinedStr`.
        format_spec: Option<Box<Expr>>,
    },
    /// `f"a{b}"`: string constants and `FormattedValue`s
    JoinedStr(Vec<Expr>),
    /// `1`, `"a"`, `None`
    Constant(Constant),
    /// `value.attr`
    Attribute {
        /// The object.
        value: Box<Expr>,
        /// The attribute's name.
        attr: Box<Ident>,
    },
    /// `value[slice]`
    Subscript {
        /// The container.
        value: Box<Expr>,
        /// The index: any expression, a `Slice`, or a `Tuple` that may contain them.
        slice: Box<Expr>,
    },
    /// `*a`
    Starred(Box<Expr>),
    /// `name`
    Name(Name),
    /// `[a, b]`
    List(Vec<Expr>),
    /// `a, b`
    Tuple(Vec<Expr>),
    /// `a:b:c` inside a subscript
    Slice {
        /// The start.
        lower: Option<Box<Expr>>,
        /// The end.
        upper: Option<Box<Expr>>,
        /// The step.
        step: Option<Box<Expr>>,
    },
}

/// `key: value` or `**value` in a dict display.
#[derive(Debug, Clone, PartialEq)]
pub struct DictItem {
    /// The key; `None` for `**value`.
    pub key: Option<Expr>,
    /// The value.
    pub value: Expr,
}

/// `func(args, keywords)`
#[derive(Debug, Clone, PartialEq)]
pub struct Call {
    /// What is called.
    pub func: Expr,
    /// The positional arguments; may contain `Starred`.
    pub args: Vec<Expr>,
    /// The keyword arguments and `**` mappings.
    pub keywords: Vec<Keyword>,
}

/// `for target in iter if cond` inside a comprehension.
#[derive(Debug, Clone, PartialEq)]
pub struct Comprehension {
    /// What each item is assigned to.
    pub target: Expr,
    /// What is iterated.
    pub iter: Expr,
    /// The conditions.
    pub ifs: Vec<Expr>,
    /// Whether this is `async for`.
    pub is_async: bool,
}

/// The value of a literal.
#[derive(Debug, Clone, PartialEq)]
pub enum Constant {
    /// `None`
    None,
    /// `True`
    True,
    /// `False`
    False,
    /// `...`
    Ellipsis,
    /// `1`
    Int(i64),
    /// An integer that does not fit 64 bits.
    BigInt(Box<BigInt>),
    /// `1.5`
    Float(f64),
    /// `2j`
    Imaginary(f64),
    /// `"text"`
    Str(Box<str>),
    /// `b"bytes"`
    Bytes(Box<[u8]>),
}

/// `and`, `or`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BoolOp {
    /// `and`
    And,
    /// `or`
    Or,
}

/// The binary operators.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Operator {
    /// `+`
    Add,
    /// `-`
    Sub,
    /// `*`
    Mult,
    /// `@`
    MatMult,
    /// `/`
    Div,
    /// `%`
    Mod,
    /// `**`
    Pow,
    /// `<<`
    LShift,
    /// `>>`
    RShift,
    /// `|`
    BitOr,
    /// `^`
    BitXor,
    /// `&`
    BitAnd,
    /// `//`
    FloorDiv,
}

/// The unary operators.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum UnaryOp {
    /// `~a`
    Invert,
    /// `not a`
    Not,
    /// `+a`
    UAdd,
    /// `-a`
    USub,
}

/// The comparison operators.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CmpOp {
    /// `==`
    Eq,
    /// `!=`
    NotEq,
    /// `<`
    Lt,
    /// `<=`
    LtE,
    /// `>`
    Gt,
    /// `>=`
    GtE,
    /// `is`
    Is,
    /// `is not`
    IsNot,
    /// `in`
    In,
    /// `not in`
    NotIn,
}

/// The conversion of an f-string field.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Conversion {
    /// `!s`
    Str,
    /// `!r`
    Repr,
    /// `!a`
    Ascii,
}
