//! Calls: of functions, of methods without making a bound method, with keywords, with unpacking, and of `super()`.

use scriptling_syntax::Span;
use scriptling_syntax::ast::{Call, Expr, ExprKind, Ident, Keyword, Name};

use super::constant::Const;
use super::expr::has_star;
use super::scope::{Binding, CLASS_CELL, ScopeKind};
use super::{Compiler, Done};
use crate::op::Op;

/// Arguments of an ordinary call: the operand is one byte.
const MAX_ARGUMENTS: usize = 255;

impl<'a> Compiler<'a> {
    pub(super) fn call(&mut self, call: &'a Call, span: Span) -> Done {
        if let ExprKind::Attribute { value, attr } = &call.func.kind
            && fits(&call.args, &call.keywords)
        {
            return self.call_method(call, value, attr, span);
        }
        if let Some(class) = self.implicit_super(call) {
            self.load_name(&Name::new_static("super"), call.func.span)?;
            self.super_arguments(class, span);
            self.state.emit.at(span);
            self.state.emit.op_a(Op::Call, 2);
            return Ok(());
        }
        self.expr(&call.func)?;
        self.arguments(&call.args, &call.keywords, 0, span)
    }

    fn call_method(&mut self, call: &'a Call, value: &'a Expr, attr: &'a Ident, span: Span) -> Done {
        let name = self.mangle(&attr.name);
        let place = self.attribute_span(call.func.span, attr);
        if let ExprKind::Call(inner) = &value.kind
            && let Some(class) = self.implicit_super(inner)
        {
            self.super_arguments(class, value.span);
            self.state.emit.at(place);
            let site = self.state.emit.cache_site(&name);
            self.state.emit.op_ax(Op::LoadSuperMethod, site);
        } else {
            let receiver = self.fusable(value);
            if receiver.is_none() {
                self.expr(value)?;
            }
            self.state.emit.at(place);
            self.attribute_op(receiver, Op::LoadMethodLocal, Op::LoadMethod, &name);
        }
        self.plain_arguments(&call.args, &call.keywords)?;
        self.state.emit.at(Span::new(place.start, span.end));
        self.plain_call(call.args.len(), &call.keywords, Op::CallMethod, Op::CallMethodKeywords);
        Ok(())
    }

    /// Arguments of the callee on the stack, and the call. `extra` positional arguments are on the stack already.
    pub(super) fn arguments(&mut self, args: &'a [Expr], keywords: &'a [Keyword], extra: usize, span: Span) -> Done {
        if fits(args, keywords) && args.len() + keywords.len() + extra <= MAX_ARGUMENTS {
            self.plain_arguments(args, keywords)?;
            self.state.emit.at(span);
            self.plain_call(args.len() + extra, keywords, Op::Call, Op::CallKeywords);
            return Ok(());
        }
        if extra > 0 {
            self.state.emit.op_ax(Op::BuildList, extra as u32);
            self.extend_list(args, 1, span)?;
        } else if let [Expr { kind: ExprKind::Starred(inner), .. }] = args {
            self.expr(inner)?;
            self.state.emit.at(span);
            self.op(Op::StarArguments);
        } else if has_star(args) || args.len() > MAX_ARGUMENTS {
            self.list_pieces(args, 1, span)?;
        } else {
            self.exprs(args)?;
            self.state.emit.op_ax(Op::BuildTuple, args.len() as u32);
        }
        match keywords {
            [] => {}
            [Keyword { arg: None, value, .. }] => {
                self.expr(value)?;
                self.state.emit.at(span);
                self.op(Op::StarKeywords);
            }
            _ => self.keyword_dict(keywords, span)?,
        }
        self.state.emit.at(span);
        self.state.emit.op_a(Op::CallUnpacked, u32::from(!keywords.is_empty()));
        Ok(())
    }

    fn plain_arguments(&mut self, args: &'a [Expr], keywords: &'a [Keyword]) -> Done {
        self.exprs(args)?;
        keywords.iter().try_for_each(|keyword| self.expr(&keyword.value))
    }

    fn plain_call(&mut self, positional: usize, keywords: &[Keyword], plain: Op, with_keywords: Op) {
        if keywords.is_empty() {
            return self.state.emit.op_a(plain, positional as u32);
        }
        let names = keywords.iter().filter_map(|keyword| keyword.arg.as_ref());
        let names = Const::Tuple(names.map(|name| Const::text(name.name.as_str())).collect());
        let names = self.constants.value(&names);
        let index = self.state.emit.constant(names);
        self.state.emit.op_abx(with_keywords, (positional + keywords.len()) as u32, index);
    }

    /// The dict of keyword arguments. Named ones behind a `**mapping` are merged too: either may repeat a name.
    fn keyword_dict(&mut self, keywords: &'a [Keyword], span: Span) -> Done {
        let named = keywords.iter().take_while(|keyword| keyword.arg.is_some()).count().min(MAX_ARGUMENTS);
        for keyword in &keywords[..named] {
            self.keyword(keyword)?;
        }
        self.state.emit.op_ax(Op::BuildDict, named as u32);
        for keyword in &keywords[named..] {
            self.keyword(keyword)?;
            if keyword.arg.is_some() {
                self.state.emit.op_ax(Op::BuildDict, 1);
            }
            self.state.emit.at(span);
            // The argument list is between the callee and the dict.
            self.state.emit.op_a(Op::DictMerge, 2);
        }
        Ok(())
    }

    fn keyword(&mut self, keyword: &'a Keyword) -> Done {
        if let Some(name) = &keyword.arg {
            self.text(&name.name);
        }
        self.expr(&keyword.value)
    }

    /// If this is `super()` in a method, and `super` cannot be anything but the builtin as far as the module's text says:
    /// where the class is captured.
    fn implicit_super(&self, call: &Call) -> Option<u32> {
        let ExprKind::Name(name) = &call.func.kind else { return None };
        let scope = self.scope();
        let is_builtin = || scope.binding(name) == Binding::Global && !self.scopes.module_binds("super");
        if name != "super" || !call.args.is_empty() || !call.keywords.is_empty() || !is_builtin() {
            return None;
        }
        match scope.binding(&CLASS_CELL) {
            Binding::Free(index) if scope.kind == ScopeKind::Function && self.state.params.positional > 0 => {
                Some(index)
            }
            _ => None,
        }
    }

    /// What `super()` means: the class and the first parameter.
    fn super_arguments(&mut self, class: u32, span: Span) {
        self.state.emit.at(span);
        self.state.emit.op_ax(Op::LoadFree, class);
        let scope = self.scope();
        let first = scope.locals.first().map(|name| scope.binding(name));
        match first {
            Some(Binding::Cell(slot)) => self.state.emit.op_ax(Op::LoadCell, slot),
            _ => self.state.emit.load_local(0),
        }
    }
}

/// Whether arguments can be passed on the stack.
fn fits(args: &[Expr], keywords: &[Keyword]) -> bool {
    args.len() + keywords.len() <= MAX_ARGUMENTS
        && !has_star(args)
        && keywords.iter().all(|keyword| keyword.arg.is_some())
}
