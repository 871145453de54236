//! Names of sync objects: one namespace per kind, per runtime. Asking for a name gets the object or creates it.

use std::any::Any;
use std::collections::HashMap;
use std::sync::Arc;

use smol_str::SmolStr;

use super::{Kind, Object};
use crate::primitives::Mutex;

type Names = Mutex<HashMap<SmolStr, Arc<dyn Object>>>;

/// All sync objects of a runtime.
pub struct Registry {
    /// By kind.
    names: Box<[Names]>,
}

impl Default for Registry {
    fn default() -> Self {
        Registry { names: Kind::ALL.iter().map(|_| Mutex::default()).collect() }
    }
}

impl Registry {
    fn of(&self, kind: Kind) -> &Names {
        &self.names[kind as usize]
    }

    /// The object of the name that `object` has: itself, unless there is one already. Objects of one kind are of one type.
    pub fn get_or_insert<T: Object>(&self, object: T) -> Arc<T> {
        let label = object.label();
        let (kind, name) = (label.kind(), label.name().clone());
        let mut names = self.of(kind).lock();
        if let Some(found) = names.get(&name) {
            return typed(found.clone());
        }
        let created = Arc::new(object);
        names.insert(name, created.clone());
        created
    }

    /// The object of that name, if there is one.
    pub fn get<T: Object>(&self, kind: Kind, name: &str) -> Option<Arc<T>> {
        let found = self.of(kind).lock().get(name).cloned();
        found.map(typed)
    }

    /// All of that kind, or of any, by kind and name.
    pub fn list(&self, kind: Option<Kind>) -> Vec<(Kind, SmolStr)> {
        let kinds = Kind::ALL.iter().copied().filter(|&known| kind.is_none_or(|kind| kind == known));
        let mut listed: Vec<(Kind, SmolStr)> = kinds
            .flat_map(|kind| self.of(kind).lock().keys().map(|name| (kind, name.clone())).collect::<Vec<_>>())
            .collect();
        listed.sort();
        listed
    }

    /// Forgets the name and ends the object; false if there is none.
    pub fn delete(&self, kind: Kind, name: &str) -> bool {
        let found = self.of(kind).lock().remove(name);
        found.inspect(|object| object.delete()).is_some()
    }

    /// Ends an object; false if that has been done before.
    pub fn delete_object(&self, object: &dyn Object) -> bool {
        let label = object.label();
        let mut names = self.of(label.kind()).lock();
        // The name may be another object's by now.
        let is_known = names.get(label.name()).is_some_and(|known| std::ptr::addr_eq(Arc::as_ptr(known), object));
        let removed = if is_known { names.remove(label.name()) } else { None };
        drop(names);
        removed.inspect(|object| object.delete()).is_some()
    }
}

fn typed<T: Object>(object: Arc<dyn Object>) -> Arc<T> {
    let object: Arc<dyn Any + Send + Sync> = object;
    object.downcast().expect("objects of one kind are of one type")
}
