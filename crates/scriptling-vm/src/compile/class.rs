//! Classes: the call of the class builder, and class bodies.
//!
//! A body is a function of one argument, the namespace dict, in which its names live. It returns the `__class__` cell if
//! a method uses it (the builder fills it), else `None`.

use scriptling_syntax::Span;
use scriptling_syntax::ast::{ClassDef, Name};

use super::constant::Const;
use super::scope::CLASS_CELL;
use super::stmt::split_docstring;
use super::{Compiler, Done};
use crate::code::{CodeKind, Params};
use crate::op::{Common, Op};

impl<'a> Compiler<'a> {
    pub(super) fn class_def(&mut self, def: &'a ClassDef, span: Span) -> Done {
        if let Some(parameter) = def.type_params.first() {
            return self.unsupported("type parameters are", parameter.span);
        }
        self.exprs(&def.decorators)?;
        self.state.emit.at(span);
        self.state.emit.op_a(Op::LoadCommon, Common::BuildClass as u32);
        let scope = self.scopes.of(def);
        let index = self.class_body(def, scope, span)?;
        self.make_function(index, scope, 0);
        self.text(&def.name.name);
        self.arguments(&def.bases, &def.keywords, 2, span)?;
        self.decorate(&def.decorators);
        self.store_name(&def.name.name, def.name.span)
    }

    fn class_body(&mut self, def: &'a ClassDef, scope: usize, span: Span) -> Result<usize, super::Stop> {
        let name = &def.name.name;
        let qualname = self.definition_qualname(name);
        let index = self.begin_code(CodeKind::Class, scope, name.clone(), qualname.clone(), span);
        self.state.emit.at(span);
        self.prologue(Params { positional: 1, ..Params::default() });
        let slot = self.global(&Name::new_static("__name__"));
        self.state.emit.op_ax(Op::LoadGlobal, slot);
        self.store_class_name("__module__");
        self.text(&qualname);
        self.store_class_name("__qualname__");
        if self.scope().has_annotations {
            self.state.emit.op_ax(Op::BuildDict, 0);
            self.store_class_name("__annotations__");
        }
        let (docstring, body) = split_docstring(&def.body, false);
        if let Some(text) = docstring {
            self.constant(&Const::text(text));
            self.store_class_name("__doc__");
        }
        self.stmts(body)?;
        if self.scope().cells.contains(&CLASS_CELL)
            && let Ok(slot) = self.scope().cell(&CLASS_CELL)
        {
            self.state.emit.op_ax(Op::LoadCellRef, slot);
            self.op(Op::Return);
        }
        self.return_none();
        self.end_code()?;
        Ok(index)
    }

    fn store_class_name(&mut self, name: &'static str) {
        let index = self.state.emit.name(&Name::new_static(name));
        self.state.emit.op_ax(Op::StoreName, index);
    }
}
