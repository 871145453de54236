//! Comprehensions without a frame: which they are, and where their names live.
//!
//! A list, set or dict comprehension is evaluated at once, so it can run in the frame around it, as long as its variables get
//! slots that nothing else uses: no function is made and called, and what it uses of the variables around it need not be
//! captured. A comprehension keeps a frame of its own in a class body (whose names it must not see), and if a function or
//! generator expression inside it captures one of its variables: each evaluation makes a new cell for it.

use scriptling_syntax::ast::Name;

use super::scope::{Binding, ScopeKind, Scopes, Symbol};

impl Scopes {
    /// Marks the comprehensions that run in the frame around them.
    pub(super) fn choose_inlined(&mut self) {
        for at in 0..self.scopes.len() {
            let scope = &self.scopes[at];
            let in_class = scope.parent.is_some_and(|parent| self.scopes[parent].kind == ScopeKind::Class);
            let inlined = scope.kind == ScopeKind::Comprehension && !scope.is_generator && !in_class;
            self.scopes[at].inlined = inlined;
        }
        // A comprehension that gets a frame may itself capture a variable of another one.
        while (0..self.scopes.len()).any(|at| self.keep_captured(at)) {}
    }

    /// Gives a frame to the comprehensions whose variables a scope with a frame uses from inside; whether there were any.
    fn keep_captured(&mut self, at: usize) -> bool {
        if self.scopes[at].inlined {
            return false;
        }
        let used =
            self.scopes[at].symbols.iter().filter(|(_, symbol)| !symbol.global && (symbol.nonlocal || !symbol.bound));
        let owners: Vec<usize> = used.filter_map(|(name, _)| self.inlined_owner(at, name)).collect();
        for &owner in &owners {
            self.scopes[owner].inlined = false;
        }
        !owners.is_empty()
    }

    /// The inlined comprehension whose variable a name of an inner scope means, if it does.
    fn inlined_owner(&self, at: usize, name: &Name) -> Option<usize> {
        let mut owner = self.scopes[at].parent;
        while let Some(candidate) = owner {
            let scope = &self.scopes[candidate];
            if scope.kind != ScopeKind::Class && scope.binds(name) {
                return scope.inlined.then_some(candidate);
            }
            owner = scope.parent;
        }
        None
    }

    /// Names that an inlined comprehension uses but does not bind are names of the scope around it.
    pub(super) fn pass_names_on(&mut self, at: usize) {
        let (true, Some(parent)) = (self.scopes[at].inlined, self.scopes[at].parent) else { return };
        let scope = &self.scopes[at];
        let names: Vec<Name> = scope.symbols.keys().filter(|name| !scope.binds(name)).cloned().collect();
        for name in names {
            self.scopes[parent].symbols.entry(name).or_default();
        }
    }

    /// The scope whose frame a scope's code runs in.
    pub(super) fn frame_of(&self, at: usize) -> usize {
        match self.scopes[at].parent {
            Some(parent) if self.scopes[at].inlined => self.frame_of(parent),
            _ => at,
        }
    }

    /// Gives slots to the variables of an inlined comprehension, and its names their meaning. Comprehensions around it have
    /// theirs already.
    pub(super) fn number_inlined(&mut self, at: usize) {
        let (true, Some(parent)) = (self.scopes[at].inlined, self.scopes[at].parent) else { return };
        let frame = self.frame_of(at);
        let names: Vec<Name> = self.scopes[at].symbols.keys().cloned().collect();
        for name in names {
            let binding = if self.scopes[at].binds(&name) {
                let slot = self.inline_slot(at, frame, &name);
                self.scopes[at].inline_slots.push(slot);
                Binding::Local(slot)
            } else {
                self.scopes[parent].binding(&name)
            };
            let symbol: &mut Symbol = self.scopes[at].symbols.entry(name).or_default();
            symbol.binding = Some(binding);
        }
    }

    /// A slot for a variable of that name: one that a comprehension used before, unless it is one around this.
    fn inline_slot(&mut self, at: usize, frame: usize, name: &Name) -> u32 {
        let first = self.scopes[frame].locals.len() as u32;
        let is_taken = |slot: u32| {
            let mut around = Some(at);
            while let Some(scope) = around.filter(|&scope| self.scopes[scope].inlined) {
                if self.scopes[scope].inline_slots.contains(&slot) {
                    return true;
                }
                around = self.scopes[scope].parent;
            }
            false
        };
        let known = self.scopes[frame].inline_locals.iter().zip(first..);
        let free = known.filter(|(local, _)| *local == name).map(|(_, slot)| slot).find(|&slot| !is_taken(slot));
        free.unwrap_or_else(|| {
            let locals = &mut self.scopes[frame].inline_locals;
            locals.push(name.clone());
            first + locals.len() as u32 - 1
        })
    }
}
