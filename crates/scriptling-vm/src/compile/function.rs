//! Functions: parameters, defaults, annotations, closures, decorators, lambdas.

use scriptling_syntax::Span;
use scriptling_syntax::ast::{Arg, Arguments, Expr, FunctionDef, Name};

use super::constant::Const;
use super::stmt::split_docstring;
use super::{Compiler, Done};
use crate::code::{CodeKind, Params};
use crate::op::Op;

/// Bits of [`Op::MakeFunction`].
const DEFAULTS: u32 = 1;
const KEYWORD_DEFAULTS: u32 = 2;
const ANNOTATIONS: u32 = 4;
const CLOSURE: u32 = 8;

impl<'a> Compiler<'a> {
    pub(super) fn function_def(&mut self, def: &'a FunctionDef, span: Span) -> Done {
        if def.is_async {
            return self.unsupported("'async def' is", span);
        }
        if let Some(parameter) = def.type_params.first() {
            return self.unsupported("type parameters are", parameter.span);
        }
        self.exprs(&def.decorators)?;
        self.state.emit.at(span);
        let flags = self.defaults(&def.args)? | self.annotations(&def.args, def.returns.as_deref())?;
        let scope = self.scopes.of(def);
        let name = &def.name.name;
        let qualname = self.definition_qualname(name);
        let index = self.begin_code(CodeKind::Function, scope, name.clone(), qualname, span);
        self.prologue(parameters(&def.args));
        let (docstring, body) = split_docstring(&def.body, false);
        if let Some(text) = docstring {
            self.state.doc = self.constants.value(&Const::text(text));
        }
        self.stmts(body)?;
        self.return_none();
        self.end_code()?;
        self.state.emit.at(span);
        self.make_function(index, scope, flags);
        self.decorate(&def.decorators);
        self.store_name(name, def.name.span)
    }

    pub(super) fn lambda(&mut self, expr: &'a Expr, args: &'a Arguments, body: &'a Expr) -> Done {
        let flags = self.defaults(args)?;
        let name = Name::new_static("<lambda>");
        let qualname = self.qualname(&name);
        let scope = self.scopes.of(expr);
        let index = self.begin_code(CodeKind::Function, scope, name, qualname, expr.span);
        self.prologue(parameters(args));
        self.expr(body)?;
        self.op(Op::Return);
        self.end_code()?;
        self.make_function(index, scope, flags);
        Ok(())
    }

    /// Applies the decorators below the function or class on the stack, innermost first.
    pub(super) fn decorate(&mut self, decorators: &[Expr]) {
        for decorator in decorators.iter().rev() {
            self.state.emit.at(decorator.span);
            self.state.emit.op_a(Op::Call, 1);
        }
    }

    /// The qualified name of a function or class defined here under a name that may be declared global.
    pub(super) fn definition_qualname(&self, name: &Name) -> Name {
        let is_global = self.scope().symbol(&self.mangle(name)).global;
        if is_global { name.clone() } else { self.qualname(name) }
    }

    fn defaults(&mut self, args: &'a Arguments) -> Result<u32, super::Stop> {
        let mut flags = 0;
        if !args.defaults.is_empty() {
            flags |= DEFAULTS;
            match Const::tuple(&args.defaults) {
                Some(constant) => self.constant(&constant),
                None => {
                    self.exprs(&args.defaults)?;
                    self.state.emit.op_ax(Op::BuildTuple, args.defaults.len() as u32);
                }
            }
        }
        let mut count = 0;
        for (arg, default) in args.kwonlyargs.iter().zip(&args.kw_defaults) {
            if let Some(default) = default {
                let name = self.mangle(&arg.name.name);
                self.text(&name);
                self.expr(default)?;
                count += 1;
            }
        }
        if count > 0 {
            flags |= KEYWORD_DEFAULTS;
            self.state.emit.op_ax(Op::BuildDict, count);
        }
        Ok(flags)
    }

    fn annotations(&mut self, args: &'a Arguments, returns: Option<&'a Expr>) -> Result<u32, super::Stop> {
        let mut count = 0;
        let plain = args.posonlyargs.iter().chain(&args.args);
        let all = plain.chain(&args.vararg).chain(&args.kwonlyargs).chain(&args.kwarg);
        let named =
            all.filter_map(|Arg { name, annotation, .. }| Some((self.mangle(&name.name), annotation.as_deref()?)));
        let mut annotated: Vec<(Name, &'a Expr)> = named.collect();
        annotated.extend(returns.map(|returns| (Name::new_static("return"), returns)));
        for (name, annotation) in annotated {
            self.text(&name);
            self.annotation(annotation)?;
            count += 1;
        }
        if count == 0 {
            return Ok(0);
        }
        self.state.emit.op_ax(Op::BuildDict, count);
        Ok(ANNOTATIONS)
    }

    /// Pushes the value of an annotation: its text under `from __future__ import annotations`.
    pub(super) fn annotation(&mut self, annotation: &'a Expr) -> Done {
        if self.text_annotations {
            let text = annotation.span.slice(self.source.text()).to_owned();
            self.constant(&Const::text(text));
            return Ok(());
        }
        match &annotation.kind {
            // `*args: *Ts`: the annotation is the sole item of what is unpacked.
            scriptling_syntax::ast::ExprKind::Starred(inner) => {
                self.expr(inner)?;
                self.state.emit.at(annotation.span);
                self.state.emit.op_ax(Op::UnpackSequence, 1);
                Ok(())
            }
            _ => self.expr(annotation),
        }
    }

    /// Pushes a function with code `index`, whose defaults and annotations are on the stack.
    pub(super) fn make_function(&mut self, index: usize, inner: usize, flags: u32) {
        let free = self.scopes.scopes[inner].free.len();
        for at in 0..free {
            let name = &self.scopes.scopes[inner].free[at];
            let cell = self.scopes.scopes[self.state.scope].cell(name);
            match cell {
                Ok(slot) => self.state.emit.op_ax(Op::LoadCellRef, slot),
                Err(index) => self.state.emit.op_ax(Op::LoadFreeRef, index),
            }
        }
        let mut flags = flags;
        if free > 0 {
            flags |= CLOSURE;
            self.state.emit.op_ax(Op::BuildTuple, free as u32);
        }
        self.state.emit.op_abx(Op::MakeFunction, flags, index as u32);
    }
}

/// The shape of a parameter list; the scope numbers the slots in the same order.
fn parameters(args: &Arguments) -> Params {
    Params {
        positional: (args.posonlyargs.len() + args.args.len()) as u32,
        positional_only: args.posonlyargs.len() as u32,
        keyword_only: args.kwonlyargs.len() as u32,
        star: args.vararg.is_some(),
        star_star: args.kwarg.is_some(),
    }
}
