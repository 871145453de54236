//! Which handler each op has.

use super::arith::{
    Add, Assign, FloorDiv, IntAssign, LocalInt, LocalIntStore, Locals, LocalsStore, Mod, Mul, Stack, StackStore, Sub,
    TopConst, TopLocal, TrueDiv,
};
use super::attrs::{Local, LocalKey, StackKey, Top, TopSmall};
use super::compare::{Eq, Ge, Gt, IfFalse, IfTrue, Le, Lt, Ne, TopInt};
use super::{Handler, arith, attrs, build, calls, compare, iter, leave_general, stack};
use crate::op::{ALL, Op};

/// By the op's number. Numbers that are no op's do not occur in verified code; with an entry for every byte there is
/// no range to check.
pub(super) static HANDLERS: [Handler; 256] = {
    let mut table: [Handler; 256] = [leave_general; 256];
    let mut at = 0;
    while at < ALL.len() {
        table[at] = handler(ALL[at]);
        at += 1;
    }
    table
};

#[expect(clippy::too_many_lines, reason = "one line per op")]
const fn handler(op: Op) -> Handler {
    match op {
        Op::Nop => stack::nop,
        Op::Pause => stack::pause,
        Op::LoadConst => stack::load_const,
        Op::LoadNone => stack::load_none,
        Op::LoadInt => stack::load_int,
        Op::LoadUndefined => stack::load_undefined,
        Op::Pop => stack::pop,
        Op::Dup => stack::dup,
        Op::Dup2 => stack::dup2,
        Op::Swap => stack::swap,
        Op::Rot3 => stack::rot3,
        Op::Rot4 => stack::rot4,
        Op::Copy => stack::copy,
        Op::LoadLocal | Op::LoadCellRef => stack::load_local,
        Op::LoadLocalCheck => stack::load_local_check,
        Op::LoadLocal2 => stack::load_local2,
        Op::StoreLocal => stack::store_local,
        Op::MoveLocal => stack::move_local,
        Op::ClearLocal => stack::clear_local,
        Op::MakeCell => stack::make_cell,
        Op::LoadCell => stack::load_cell,
        Op::StoreCell => stack::store_cell,
        Op::LoadFree => stack::load_free,
        Op::LoadFreeRef => stack::load_free_ref,
        Op::StoreFree => stack::store_free,
        Op::LoadGlobal => stack::load_global,
        Op::StoreGlobal => stack::store_global,

        Op::LoadAttr => attrs::load_attr::<Top>,
        Op::LoadAttrLocal => attrs::load_attr::<Local>,
        Op::StoreAttr => attrs::store_attr::<Top>,
        Op::StoreAttrLocal => attrs::store_attr::<Local>,
        Op::LoadMethod => attrs::load_method::<Top>,
        Op::LoadMethodLocal => attrs::load_method::<Local>,
        Op::LoadSuperMethod => attrs::load_super_method,
        Op::LoadSubscript => attrs::load_subscript::<Stack>,
        Op::LoadSubscriptLocal => attrs::load_subscript::<TopLocal>,
        Op::LoadSubscriptLocals => attrs::load_subscript::<Locals>,
        Op::LoadSubscriptInt => attrs::load_subscript::<TopSmall>,
        Op::StoreSubscript => attrs::store_subscript::<StackKey>,
        Op::StoreSubscriptLocals => attrs::store_subscript::<LocalKey>,

        Op::Add => arith::arithmetic::<Add, Stack>,
        Op::AddLocal => arith::arithmetic::<Add, TopLocal>,
        Op::AddConst => arith::arithmetic::<Add, TopConst>,
        Op::Sub => arith::arithmetic::<Sub, Stack>,
        Op::SubLocal => arith::arithmetic::<Sub, TopLocal>,
        Op::SubConst => arith::arithmetic::<Sub, TopConst>,
        Op::Mul => arith::arithmetic::<Mul, Stack>,
        Op::MulLocal => arith::arithmetic::<Mul, TopLocal>,
        Op::MulConst => arith::arithmetic::<Mul, TopConst>,
        Op::TrueDiv => arith::division::<TrueDiv, Stack>,
        Op::TrueDivLocal => arith::division::<TrueDiv, TopLocal>,
        Op::TrueDivConst => arith::division::<TrueDiv, TopConst>,
        Op::FloorDiv => arith::division::<FloorDiv, Stack>,
        Op::FloorDivLocal => arith::division::<FloorDiv, TopLocal>,
        Op::FloorDivConst => arith::division::<FloorDiv, TopConst>,
        Op::Mod => arith::division::<Mod, Stack>,
        Op::ModLocal => arith::division::<Mod, TopLocal>,
        Op::ModConst => arith::division::<Mod, TopConst>,
        Op::AddLocalInt => arith::arithmetic::<Add, LocalInt>,
        Op::SubLocalInt => arith::arithmetic::<Sub, LocalInt>,
        Op::MulLocalInt => arith::arithmetic::<Mul, LocalInt>,
        Op::AddLocals => arith::arithmetic::<Add, Locals>,
        Op::SubLocals => arith::arithmetic::<Sub, Locals>,
        Op::MulLocals => arith::arithmetic::<Mul, Locals>,
        Op::AddLocalIntStore => arith::arithmetic::<Add, LocalIntStore>,
        Op::SubLocalIntStore => arith::arithmetic::<Sub, LocalIntStore>,
        Op::AddLocalsStore => arith::arithmetic::<Add, LocalsStore>,
        Op::SubLocalsStore => arith::arithmetic::<Sub, LocalsStore>,
        Op::MulLocalsStore => arith::arithmetic::<Mul, LocalsStore>,
        Op::AddAssign => arith::arithmetic::<Add, Assign>,
        Op::SubAssign => arith::arithmetic::<Sub, Assign>,
        Op::MulAssign => arith::arithmetic::<Mul, Assign>,
        Op::AddIntAssign => arith::arithmetic::<Add, IntAssign>,
        Op::SubIntAssign => arith::arithmetic::<Sub, IntAssign>,
        Op::AddStore => arith::arithmetic::<Add, StackStore>,
        Op::SubStore => arith::arithmetic::<Sub, StackStore>,
        Op::MulStore => arith::arithmetic::<Mul, StackStore>,
        Op::Binary => arith::binary,
        Op::Negate => arith::negate,

        Op::Not => compare::not,
        Op::Compare => compare::compare,
        Op::Contains => compare::contains,
        Op::Is => compare::is,
        Op::LtJump => compare::compare_jump::<Lt, Stack>,
        Op::LeJump => compare::compare_jump::<Le, Stack>,
        Op::GtJump => compare::compare_jump::<Gt, Stack>,
        Op::GeJump => compare::compare_jump::<Ge, Stack>,
        Op::EqJump => compare::compare_jump::<Eq, Stack>,
        Op::NeJump => compare::compare_jump::<Ne, Stack>,
        Op::LtLocalsJump => compare::compare_jump::<Lt, Locals>,
        Op::LeLocalsJump => compare::compare_jump::<Le, Locals>,
        Op::GtLocalsJump => compare::compare_jump::<Gt, Locals>,
        Op::GeLocalsJump => compare::compare_jump::<Ge, Locals>,
        Op::EqLocalsJump => compare::compare_jump::<Eq, Locals>,
        Op::NeLocalsJump => compare::compare_jump::<Ne, Locals>,
        Op::LtLocalIntJump => compare::compare_jump::<Lt, LocalInt>,
        Op::LeLocalIntJump => compare::compare_jump::<Le, LocalInt>,
        Op::GtLocalIntJump => compare::compare_jump::<Gt, LocalInt>,
        Op::GeLocalIntJump => compare::compare_jump::<Ge, LocalInt>,
        Op::EqLocalIntJump => compare::compare_jump::<Eq, LocalInt>,
        Op::NeLocalIntJump => compare::compare_jump::<Ne, LocalInt>,
        Op::LtIntJump => compare::compare_jump::<Lt, TopInt>,
        Op::LeIntJump => compare::compare_jump::<Le, TopInt>,
        Op::GtIntJump => compare::compare_jump::<Gt, TopInt>,
        Op::GeIntJump => compare::compare_jump::<Ge, TopInt>,
        Op::EqIntJump => compare::compare_jump::<Eq, TopInt>,
        Op::NeIntJump => compare::compare_jump::<Ne, TopInt>,
        Op::LtConstJump => compare::compare_jump::<Lt, TopConst>,
        Op::LeConstJump => compare::compare_jump::<Le, TopConst>,
        Op::GtConstJump => compare::compare_jump::<Gt, TopConst>,
        Op::GeConstJump => compare::compare_jump::<Ge, TopConst>,
        Op::EqConstJump => compare::compare_jump::<Eq, TopConst>,
        Op::NeConstJump => compare::compare_jump::<Ne, TopConst>,
        Op::LocalEqConstJumpIfTrue => compare::local_eq_jump::<IfTrue>,
        Op::LocalEqConstJumpIfFalse => compare::local_eq_jump::<IfFalse>,
        Op::NoneJump => compare::none_jump,
        Op::LocalJump => compare::local_jump,
        Op::Jump => compare::jump,
        Op::JumpIfFalse => compare::jump_if_false,
        Op::JumpIfTrue => compare::jump_if_true,
        Op::JumpIfFalseOrPop => compare::jump_if_false_or_pop,
        Op::JumpIfTrueOrPop => compare::jump_if_true_or_pop,

        Op::ForIter => iter::for_iter,
        Op::JumpFor => iter::jump_for,
        Op::ForIterStore => iter::for_iter_store,
        Op::ForIterPair => iter::for_iter_pair,
        Op::GetIter => iter::get_iter,
        Op::UnpackSequence => iter::unpack_sequence,
        Op::YieldValue => iter::yield_value,
        Op::Send => iter::send,

        Op::BuildList => build::build_list,
        Op::BuildTuple => build::build_tuple,
        Op::BuildDict => build::build_dict,
        Op::BuildSet => build::build_set,
        Op::BuildSlice => build::build_slice,
        Op::BuildString => build::build_string,
        Op::FormatValue => build::format_value,
        Op::ListAppend => build::list_append,
        Op::SetAdd => build::set_add,
        Op::DictAdd => build::dict_add,
        Op::PushHandled => build::push_handled,
        Op::PopHandled => build::pop_handled,
        Op::ExceptionMatches => build::exception_matches,

        Op::Call => calls::call,
        Op::CallMethod => calls::call_method,
        Op::CallKeywords | Op::CallMethodKeywords => calls::call_keywords,
        Op::Return => calls::return_value,

        // Always in general.
        Op::LoadCommon
        | Op::DeleteLocal
        | Op::DeleteCell
        | Op::DeleteFree
        | Op::DeleteGlobal
        | Op::LoadName
        | Op::StoreName
        | Op::DeleteName
        | Op::LoadNameOrFree
        | Op::DeleteAttr
        | Op::DeleteSubscript
        | Op::Positive
        | Op::Invert
        | Op::ListExtend
        | Op::SetUpdate
        | Op::DictUpdate
        | Op::DictMerge
        | Op::ListToTuple
        | Op::UnpackStar
        | Op::MakeFunction
        | Op::CallUnpacked
        | Op::StarArguments
        | Op::StarKeywords
        | Op::Raise
        | Op::Reraise
        | Op::RestoreHandled
        | Op::EnterWith
        | Op::ExitWith
        | Op::ImportName
        | Op::ImportFrom
        | Op::ImportStar
        | Op::MatchLength
        | Op::MatchSequence
        | Op::MatchMapping
        | Op::MatchKeys
        | Op::MatchClass => leave_general,
    }
}
