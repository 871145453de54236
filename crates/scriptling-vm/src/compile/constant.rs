//! Constants: their identity at compile time, folding, and their values in the unit's frozen heap.
//!
//! Folding is bottom-up on small trees only and never raises: what would be an error at run time is left to run time.
//! Results are bounded, so that `'a' * 10**9` does not make a constant of a gigabyte.

use num_bigint::BigInt;
use num_integer::Integer;
use num_traits::{Signed, ToPrimitive, Zero};
use rustc_hash::FxHashMap;
use scriptling_syntax::ast::{self, Expr, ExprKind, Operator, UnaryOp};

use crate::code;
use crate::heap::{BigInteger, Bytes, Heap, Str};
use crate::native::frozen_str;
use crate::value::Value;

/// A constant's content; equal contents (of one type) are one value.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub(super) enum Const {
    None,
    Ellipsis,
    Bool(bool),
    Int(i64),
    Big(Box<BigInt>),
    /// The bits: `0.0` and `-0.0` differ, NaN equals itself.
    Float(u64),
    Str(Box<str>),
    Bytes(Box<[u8]>),
    Tuple(Vec<Const>),
}

/// Deeper trees are not folded: folding looks at a whole subtree at each of its levels.
const MAX_FOLD_DEPTH: u16 = 12;
/// Bits of a folded int, CPython's bound.
const MAX_FOLD_BITS: u64 = 128;
/// Bytes of a folded string, CPython's bound.
const MAX_FOLD_TEXT: usize = 4096;
/// Items of a folded tuple made by `*`, CPython's bound.
const MAX_FOLD_ITEMS: usize = 256;

impl Const {
    /// The constant that an expression certainly is.
    pub(super) fn of(expr: &Expr) -> Option<Const> {
        if expr.depth() > MAX_FOLD_DEPTH {
            return None;
        }
        match &expr.kind {
            ExprKind::Constant(constant) => Const::literal(constant),
            ExprKind::UnaryOp { op, operand } => fold_unary(*op, Const::of(operand)?),
            // The right side first: in a chain it is the shallow one.
            ExprKind::BinOp { left, op, right } => {
                let right = Const::of(right)?;
                fold_binary(*op, Const::of(left)?, right)
            }
            ExprKind::Tuple(items) => Const::tuple(items),
            _ => None,
        }
    }

    /// A tuple constant of these items, if all are constant.
    pub(super) fn tuple(items: &[Expr]) -> Option<Const> {
        items.iter().map(Const::of).collect::<Option<Vec<Const>>>().map(Const::Tuple)
    }

    /// A literal's content; `None` for complex numbers, which the compiler refuses.
    pub(super) fn literal(constant: &ast::Constant) -> Option<Const> {
        Some(match constant {
            ast::Constant::None => Const::None,
            ast::Constant::True => Const::Bool(true),
            ast::Constant::False => Const::Bool(false),
            ast::Constant::Ellipsis => Const::Ellipsis,
            ast::Constant::Int(value) => Const::Int(*value),
            ast::Constant::BigInt(value) => Const::int((**value).clone()),
            ast::Constant::Float(value) => Const::Float(value.to_bits()),
            ast::Constant::Imaginary(_) => return None,
            ast::Constant::Str(text) => Const::Str(text.clone()),
            ast::Constant::Bytes(bytes) => Const::Bytes(bytes.clone()),
        })
    }

    fn int(value: BigInt) -> Const {
        value.to_i64().map_or_else(|| Const::Big(Box::new(value)), Const::Int)
    }

    /// A string constant.
    pub(super) fn text(text: impl Into<Box<str>>) -> Const {
        Const::Str(text.into())
    }

    /// Its truth.
    pub(super) fn truth(&self) -> bool {
        match self {
            Const::None => false,
            Const::Ellipsis | Const::Big(_) => true,
            Const::Bool(value) => *value,
            Const::Int(value) => *value != 0,
            Const::Float(bits) => f64::from_bits(*bits) != 0.0,
            Const::Str(text) => !text.is_empty(),
            Const::Bytes(bytes) => !bytes.is_empty(),
            Const::Tuple(items) => !items.is_empty(),
        }
    }

    fn as_int(&self) -> Option<BigInt> {
        match self {
            Const::Bool(value) => Some(BigInt::from(u8::from(*value))),
            Const::Int(value) => Some(BigInt::from(*value)),
            Const::Big(value) => Some((**value).clone()),
            _ => None,
        }
    }

    /// The number as a float, if the conversion is exact.
    fn as_exact_float(&self) -> Option<f64> {
        match self {
            Const::Float(bits) => Some(f64::from_bits(*bits)),
            Const::Int(value) if value.unsigned_abs() <= 1 << 53 => Some(*value as f64),
            _ => None,
        }
    }
}

fn fold_unary(op: UnaryOp, operand: Const) -> Option<Const> {
    Some(match (op, operand) {
        (UnaryOp::Not, operand) => Const::Bool(!operand.truth()),
        (UnaryOp::USub, Const::Float(bits)) => Const::Float((-f64::from_bits(bits)).to_bits()),
        (UnaryOp::UAdd, Const::Float(bits)) => Const::Float(bits),
        (UnaryOp::USub, operand) => Const::int(-operand.as_int()?),
        (UnaryOp::UAdd, operand) => Const::int(operand.as_int()?),
        (UnaryOp::Invert, operand) => Const::int(!operand.as_int()?),
    })
}

fn fold_binary(op: Operator, left: Const, right: Const) -> Option<Const> {
    if let (Const::Bool(left), Const::Bool(right)) = (&left, &right) {
        // Of two bools these are bools, not ints.
        match op {
            Operator::BitAnd => return Some(Const::Bool(left & right)),
            Operator::BitOr => return Some(Const::Bool(left | right)),
            Operator::BitXor => return Some(Const::Bool(left ^ right)),
            _ => {}
        }
    }
    if let (Some(left), Some(right)) = (left.as_int(), right.as_int())
        && op != Operator::Div
    {
        return fold_ints(op, &left, &right);
    }
    match (op, &left, &right) {
        (Operator::Add, Const::Str(a), Const::Str(b)) if a.len() + b.len() <= MAX_FOLD_TEXT => {
            Some(Const::text(format!("{a}{b}")))
        }
        (Operator::Mult, Const::Str(text), Const::Int(count))
        | (Operator::Mult, Const::Int(count), Const::Str(text)) => {
            let count = usize::try_from(*count).unwrap_or(0);
            (text.len().saturating_mul(count) <= MAX_FOLD_TEXT).then(|| Const::text(text.repeat(count)))
        }
        (Operator::Add, Const::Tuple(a), Const::Tuple(b)) if a.len() + b.len() <= MAX_FOLD_ITEMS => {
            Some(Const::Tuple(a.iter().chain(b).cloned().collect()))
        }
        _ => fold_floats(op, left.as_exact_float()?, right.as_exact_float()?),
    }
}

fn fold_ints(op: Operator, left: &BigInt, right: &BigInt) -> Option<Const> {
    let small_count = || right.to_u32().filter(|&count| u64::from(count) <= MAX_FOLD_BITS);
    let result = match op {
        Operator::Add => left + right,
        Operator::Sub => left - right,
        Operator::Mult if left.bits() + right.bits() <= MAX_FOLD_BITS => left * right,
        Operator::FloorDiv if !right.is_zero() => left.div_floor(right),
        Operator::Mod if !right.is_zero() => left.mod_floor(right),
        Operator::Pow => {
            let exponent = small_count()?;
            if left.bits() * u64::from(exponent) > MAX_FOLD_BITS {
                return None;
            }
            left.pow(exponent)
        }
        Operator::LShift => {
            let count = small_count()?;
            if left.bits() + u64::from(count) > MAX_FOLD_BITS {
                return None;
            }
            left << count
        }
        Operator::RShift if !right.is_negative() => left >> small_count()?,
        Operator::BitOr => left | right,
        Operator::BitXor => left ^ right,
        Operator::BitAnd => left & right,
        _ => return None,
    };
    Some(Const::int(result))
}

fn fold_floats(op: Operator, left: f64, right: f64) -> Option<Const> {
    let result = match op {
        Operator::Add => left + right,
        Operator::Sub => left - right,
        Operator::Mult => left * right,
        Operator::Div if right != 0.0 => left / right,
        _ => return None,
    };
    Some(Const::Float(result.to_bits()))
}

/// The unit's constants and names, each content once.
pub(super) struct Constants {
    heap: Heap,
    values: FxHashMap<Const, Value>,
    names: FxHashMap<ast::Name, code::Name>,
}

impl Constants {
    pub(super) fn new() -> Constants {
        // The size of the source bounds what is put here.
        Constants { heap: Heap::new(usize::MAX), values: FxHashMap::default(), names: FxHashMap::default() }
    }

    /// The value with this content.
    pub(super) fn value(&mut self, constant: &Const) -> Value {
        match constant {
            Const::None => return Value::NONE,
            Const::Ellipsis => return Value::ELLIPSIS,
            Const::Bool(value) => return Value::bool(*value),
            Const::Int(value) => return Value::int(*value),
            Const::Float(bits) => return Value::float(f64::from_bits(*bits)),
            // Names and string constants of the same text are one string.
            Const::Str(text) => return self.name(&ast::Name::new(text)).value,
            _ => {}
        }
        if let Some(value) = self.values.get(constant) {
            return *value;
        }
        let value = match constant {
            Const::Big(value) => self.heap.value(BigInteger((**value).clone())),
            Const::Bytes(bytes) => self.heap.value(Bytes(bytes.clone().into())),
            Const::Tuple(items) => {
                let items: Vec<Value> = items.iter().map(|item| self.value(item)).collect();
                self.heap.tuple(&items)
            }
            _ => Value::NONE,
        };
        self.values.insert(constant.clone(), value);
        value
    }

    /// A name: text, frozen string, hash.
    pub(super) fn name(&mut self, text: &ast::Name) -> code::Name {
        if let Some(name) = self.names.get(text) {
            return name.clone();
        }
        let value = frozen_str(&mut self.heap, text);
        let hash = value.as_gc::<Str>().expect("just made").get(&self.heap).hash();
        let name = code::Name { text: text.clone(), value, hash };
        self.names.insert(text.clone(), name.clone());
        name
    }

    /// The heap, complete.
    pub(super) fn into_heap(self) -> Heap {
        self.heap
    }
}
