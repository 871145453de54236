//! Operators of containers.

use crate::error::Raise;
use crate::native::{Cx, Outcome};
use crate::op::BinaryOp;
use crate::value::Value;

/// A binary operator with a builtin container on at least one side; `None` if it is not one of theirs.
pub fn binary(
    _cx: &mut Cx<'_>,
    _op: BinaryOp,
    _left: Value,
    _right: Value,
    _inplace: bool,
) -> Result<Option<Outcome>, Raise> {
    Ok(None)
}
