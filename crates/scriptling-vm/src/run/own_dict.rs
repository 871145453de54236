//! Attributes that scripts set on functions and exceptions: found in the object's own dict, by names hashed beforehand.

use super::cache::{Cache, CacheKind, key, own_dict_subject};
use crate::code;
use crate::error::Raise;
use crate::heap::class::Dunders;
use crate::heap::dict::find_text;
use crate::heap::{Dict, Exception, Function, Gc};
use crate::isolate::Isolate;
use crate::native::Cx;
use crate::operate::{attr, lookup};
use crate::value::Value;

impl Isolate {
    /// The attribute of an attribute site, from a function's or exception's own dict.
    pub(super) fn load_own_attr(&mut self, site: usize, object: Value) -> Option<Value> {
        let attrs = self.own_dict(object)?;
        let name = self.plain_name(site, object)?;
        let table = &attrs.get(&self.heap).table;
        find_text(table, &self.heap, name.hash, &name.text).map(|at| table.entry(at).value)
    }

    /// Sets it; false (and nothing is changed) if that takes more than storing it in the dict.
    pub(super) fn store_own_attr(&mut self, site: usize, object: Value, value: Value) -> Result<bool, Raise> {
        let Some(name) = self.plain_name(site, object) else { return Ok(false) };
        let attrs = match self.own_dict(object) {
            Some(attrs) => attrs,
            None => {
                let attrs = self.heap.alloc(Dict::default());
                if let Some(exception) = object.as_gc::<Exception>() {
                    exception.get_mut(&mut self.heap).attrs = Some(attrs);
                } else if let Some(function) = object.as_gc::<Function>().filter(|function| !function.is_frozen()) {
                    function.get_mut(&mut self.heap).attrs = Some(attrs);
                } else {
                    return Ok(false);
                }
                attrs
            }
        };
        // A string is compared with other keys without calling anything.
        lookup::dict_set_native(&mut Cx { isolate: self }, attrs, name.value, value)
    }

    fn own_dict(&self, object: Value) -> Option<Gc<Dict>> {
        match object.as_gc::<Exception>() {
            Some(exception) => exception.get(&self.heap).attrs,
            None => object.as_gc::<Function>()?.get(&self.heap).attrs,
        }
    }

    /// The name of an attribute site, if it is no attribute that the object's kind or class has a say in.
    fn plain_name(&mut self, site: usize, object: Value) -> Option<&'static code::Name> {
        let function = self.current_function();
        let code = function.get(&self.heap).code.get();
        let name = &code.names[code.cache_sites[site] as usize];
        let class = self.class_of(object);
        let subject = own_dict_subject(class);
        if function.get(&self.heap).caches.get().knows(site, key(CacheKind::OwnDict, subject)) {
            return Some(name);
        }
        // `args` and the dunder names are fields of the object.
        let reserved = name.text.starts_with("__") || name.text == "args";
        let hooks = Dunders::GETATTRIBUTE | Dunders::SETATTR;
        let found = attr::lookup(&self.heap, class, &name.text);
        if reserved
            || class.get(&self.heap).dunders.intersects(hooks)
            || found.is_some_and(|found| attr::is_data_descriptor(self, found))
        {
            return None;
        }
        self.remember(site, Cache::new(CacheKind::OwnDict, subject));
        Some(name)
    }
}
