//! Attributes that builtin kinds have by nature: `__name__` of a function, `__self__` of a method, `__mro__` of a class...

use smol_str::SmolStr;

use crate::error::Raise;
use crate::heap::class::Dunders;
use crate::heap::{BoundMethod, Class, Dict, Exception, Function, Gc, Kind, Module, NativeFunction, Property, Str};
use crate::native::Cx;
use crate::value::Value;

/// The attribute, if the object's kind has it.
pub(crate) fn get(cx: &mut Cx<'_>, object: Value, name: &str) -> Option<Value> {
    if name == "__class__" {
        return Some(Value::obj(cx.class_of(object)));
    }
    match object.kind()? {
        Kind::Instance if name == "__dict__" => {
            // Instances of classes with `__slots__` have none.
            if cx.class_of(object).get(cx.heap()).dunders.contains(Dunders::SLOTS) {
                return None;
            }
            let instance = object.as_gc().expect("kind was tested");
            Some(Value::obj(cx.isolate.instance_dict(instance)))
        }
        Kind::Exception => get_exception(cx, object.as_gc().expect("kind was tested"), name),
        Kind::Function => get_function(cx, object.as_gc().expect("kind was tested"), name),
        Kind::NativeFunction => get_native(cx, object.as_gc().expect("kind was tested"), name),
        Kind::BoundMethod => {
            let method = object.as_gc::<BoundMethod>().expect("kind was tested").get(cx.heap());
            let (function, receiver) = (method.function, method.receiver);
            match name {
                "__self__" => Some(receiver),
                "__func__" => Some(function),
                _ => super::attr::own_attr(cx, function, name).or_else(|| get(cx, function, name)),
            }
        }
        Kind::Module => {
            let module = object.as_gc::<Module>().expect("kind was tested");
            match name {
                "__dict__" => Some(module_dict(cx, module)),
                "__doc__" => {
                    let doc = module.get(cx.heap()).info.doc.clone();
                    Some(doc.map_or(Value::NONE, |doc| cx.str(doc)))
                }
                _ => None,
            }
        }
        Kind::Property => {
            let property = object.as_gc::<Property>().expect("kind was tested").get(cx.heap());
            match name {
                "fget" => Some(property.get),
                "fset" => Some(property.set),
                "fdel" => Some(property.delete),
                "__doc__" => Some(property.doc),
                _ => None,
            }
        }
        Kind::StaticMethod => {
            let function =
                object.as_gc::<crate::heap::StaticMethod>().expect("kind was tested").get(cx.heap()).function;
            matches!(name, "__func__" | "__wrapped__").then_some(function)
        }
        Kind::ClassMethod => {
            let function = object.as_gc::<crate::heap::ClassMethod>().expect("kind was tested").get(cx.heap()).function;
            matches!(name, "__func__" | "__wrapped__").then_some(function)
        }
        Kind::Generator => {
            let generator = object.as_gc::<crate::heap::Generator>().expect("kind was tested").get(cx.heap());
            let function = Value::obj(generator.function);
            match name {
                _ if generator.adapter_type(cx.heap()).is_some() => None,
                "__name__" | "__qualname__" => get(cx, function, name),
                "gi_running" => Some(Value::bool(generator.state == crate::heap::generator::GeneratorState::Running)),
                _ => None,
            }
        }
        _ => None,
    }
}

fn get_exception(cx: &mut Cx<'_>, exception: Gc<Exception>, name: &str) -> Option<Value> {
    let data = exception.get(cx.heap());
    Some(match name {
        "args" => data.args,
        "__cause__" => data.cause,
        "__context__" => data.context,
        "__suppress_context__" => Value::bool(data.suppress_context),
        // Tracebacks are not objects: they are rendered when somebody looks.
        "__traceback__" => Value::NONE,
        "__dict__" => {
            let attrs = data.attrs;
            match attrs {
                Some(attrs) => Value::obj(attrs),
                None => {
                    let attrs = cx.dict();
                    exception.get_mut(cx.heap_mut()).attrs = Some(attrs);
                    Value::obj(attrs)
                }
            }
        }
        _ => return None,
    })
}

fn get_function(cx: &mut Cx<'_>, function: Gc<Function>, name: &str) -> Option<Value> {
    let data = function.get(cx.heap());
    let code = data.code.get();
    let own = |value: Value, default: Value| if value.is_undefined() { default } else { value };
    Some(match name {
        "__name__" => own(data.name, code.name.value),
        "__qualname__" => own(data.qualname, code.qualname.value),
        "__doc__" => own(data.doc, code.doc),
        "__module__" => {
            if data.module_name.is_undefined() {
                let globals = data.globals.get(cx.heap());
                globals.get("__name__").unwrap_or(Value::NONE)
            } else {
                data.module_name
            }
        }
        "__defaults__" => {
            let defaults = data.defaults.clone();
            if defaults.is_empty() { Value::NONE } else { cx.tuple(&defaults) }
        }
        "__kwdefaults__" => {
            let first = code.params.positional as usize;
            let pairs: Vec<(SmolStr, Value)> = data
                .kw_defaults
                .iter()
                .enumerate()
                .filter(|(_, value)| !value.is_undefined())
                .map(|(index, &value)| (code.locals[first + index].text.clone(), value))
                .collect();
            if pairs.is_empty() {
                return Some(Value::NONE);
            }
            let dict = cx.dict();
            pairs.iter().for_each(|(name, value)| cx.dict_set_str(dict, name, *value));
            Value::obj(dict)
        }
        "__annotations__" => match data.annotations {
            Some(annotations) => Value::obj(annotations),
            None => {
                let dict = cx.dict();
                if !function.is_frozen() {
                    function.get_mut(cx.heap_mut()).annotations = Some(dict);
                }
                Value::obj(dict)
            }
        },
        "__dict__" => match data.attrs {
            Some(attrs) => Value::obj(attrs),
            None => {
                let dict = cx.dict();
                if !function.is_frozen() {
                    function.get_mut(cx.heap_mut()).attrs = Some(dict);
                }
                Value::obj(dict)
            }
        },
        "__globals__" => {
            let globals = data.globals;
            module_dict(cx, globals)
        }
        _ => return None,
    })
}

fn get_native(cx: &mut Cx<'_>, native: Gc<NativeFunction>, name: &str) -> Option<Value> {
    let data = native.get(cx.heap());
    let signature = data.signature().clone();
    let module = data.module;
    match name {
        "__name__" | "__qualname__" => Some(cx.str(signature.name.clone())),
        "__doc__" => Some(cx.str(signature.help_line())),
        "__module__" => Some(cx.str(module)),
        _ => None,
    }
}

/// The attributes that every class has.
pub(crate) fn get_class(cx: &mut Cx<'_>, class: Gc<Class>, name: &str) -> Option<Value> {
    let data = class.get(cx.heap());
    Some(match name {
        "__name__" => {
            let name = data.name.clone();
            cx.str(name)
        }
        "__qualname__" => {
            let name = data.qualname.clone();
            cx.str(name)
        }
        "__module__" => {
            let name = data.module.clone();
            cx.str(name)
        }
        "__doc__" => data.attrs.get("__doc__").copied().unwrap_or(Value::NONE),
        "__mro__" => {
            let mro: Vec<Value> = data.mro.iter().map(|&class| Value::obj(class)).collect();
            cx.tuple(&mro)
        }
        "__bases__" => {
            let bases: Vec<Value> = data.bases.iter().map(|&class| Value::obj(class)).collect();
            cx.tuple(&bases)
        }
        "__base__" => data.bases.first().map_or(Value::NONE, |&base| Value::obj(base)),
        "__dict__" => {
            let attrs: Vec<(SmolStr, Value)> = data.attrs.iter().map(|(name, &value)| (name.clone(), value)).collect();
            let dict = cx.dict();
            attrs.iter().for_each(|(name, value)| cx.dict_set_str(dict, name, *value));
            Value::obj(dict)
        }
        "__class__" => Value::obj(cx.class_of(Value::obj(class))),
        _ => return None,
    })
}

/// A module's variables in a dict: a copy (writing to it does not change the module).
pub(crate) fn module_dict(cx: &mut Cx<'_>, module: Gc<Module>) -> Value {
    let all: Vec<(SmolStr, Value)> = module.get(cx.heap()).iter().map(|(name, value)| (name.clone(), value)).collect();
    let dict = cx.dict();
    all.iter().for_each(|(name, value)| cx.dict_set_str(dict, name, *value));
    Value::obj(dict)
}

/// Sets an attribute that the object's kind has or may have; false if it may not.
pub(crate) fn set(cx: &mut Cx<'_>, object: Value, name: &str, value: Value) -> Result<bool, Raise> {
    match object.kind() {
        Some(Kind::Function) => set_function(cx, object.as_gc().expect("kind was tested"), name, value),
        Some(Kind::Exception) => set_exception(cx, object.as_gc().expect("kind was tested"), name, value),
        _ => Ok(false),
    }
}

fn set_function(cx: &mut Cx<'_>, function: Gc<Function>, name: &str, value: Value) -> Result<bool, Raise> {
    if function.is_frozen() {
        return Ok(false);
    }
    let is_str = value.is::<Str>();
    let data = function.get_mut(cx.heap_mut());
    match name {
        "__name__" | "__qualname__" if !is_str => {
            return Err(Raise::type_error(format!("{name} must be set to a string object")));
        }
        "__name__" => data.name = value,
        "__qualname__" => data.qualname = value,
        "__doc__" => data.doc = value,
        "__module__" => data.module_name = value,
        "__annotations__" => data.annotations = value.as_gc::<Dict>(),
        _ => {
            let attrs = data.attrs;
            let attrs = attrs.unwrap_or_else(|| cx.dict());
            function.get_mut(cx.heap_mut()).attrs = Some(attrs);
            cx.dict_set_str(attrs, name, value);
        }
    }
    Ok(true)
}

fn set_exception(cx: &mut Cx<'_>, exception: Gc<Exception>, name: &str, value: Value) -> Result<bool, Raise> {
    let is_exception = value.is_none() || value.is::<Exception>();
    match name {
        "args" => {
            let Some(items) = cx.sequence(value) else {
                let class = cx.type_name(value);
                return Err(Raise::type_error(format!("'{class}' object is not iterable")));
            };
            let args = cx.tuple(&items);
            exception.get_mut(cx.heap_mut()).args = args;
        }
        "__cause__" | "__context__" if !is_exception => {
            let what = if name == "__cause__" { "cause" } else { "context" };
            return Err(Raise::type_error(format!("exception {what} must be None or derive from BaseException")));
        }
        "__cause__" => {
            let data = exception.get_mut(cx.heap_mut());
            data.cause = value;
            data.suppress_context = true;
        }
        "__context__" => exception.get_mut(cx.heap_mut()).context = value,
        "__suppress_context__" => {
            exception.get_mut(cx.heap_mut()).suppress_context = value.as_bool().unwrap_or(false);
        }
        "__traceback__" => {}
        _ => {
            let attrs = exception.get(cx.heap()).attrs;
            let attrs = attrs.unwrap_or_else(|| cx.dict());
            exception.get_mut(cx.heap_mut()).attrs = Some(attrs);
            cx.dict_set_str(attrs, name, value);
        }
    }
    Ok(true)
}

/// Removes a string key; false if it was not there.
pub(crate) fn delete_from(cx: &mut Cx<'_>, dict: Gc<Dict>, name: &str) -> bool {
    let hash = crate::heap::str::hash_text(name);
    let found = crate::heap::dict::find_text(&dict.get(cx.heap()).table, cx.heap(), hash, name);
    match found {
        Some(at) => {
            dict.get_mut(cx.heap_mut()).table.remove(at);
            true
        }
        None => false,
    }
}

/// Names of an object's own and class attributes, for `dir()` and "did you mean".
pub(crate) fn names(cx: &Cx<'_>, object: Value) -> Vec<SmolStr> {
    let heap = cx.heap();
    let mut names: Vec<SmolStr> = Vec::new();
    let dict_names = |dict: Gc<Dict>| -> Vec<SmolStr> {
        let keys = dict.get(heap).table.iter().filter_map(|entry| cx.as_str(entry.key)).map(SmolStr::new);
        keys.collect()
    };
    match object.kind() {
        Some(Kind::Module) => {
            let module = object.as_gc::<Module>().expect("kind was tested").get(heap);
            names.extend(module.iter().map(|(name, _)| name.clone()));
            return names;
        }
        Some(Kind::Instance) => {
            let instance = object.as_gc::<crate::heap::Instance>().expect("kind was tested");
            names.extend(cx.isolate.instance_names(instance));
        }
        Some(Kind::Exception) => {
            let attrs = object.as_gc::<Exception>().expect("kind was tested").get(heap).attrs;
            names.extend(attrs.map(dict_names).unwrap_or_default());
        }
        Some(Kind::Function) => {
            let attrs = object.as_gc::<Function>().expect("kind was tested").get(heap).attrs;
            names.extend(attrs.map(dict_names).unwrap_or_default());
        }
        Some(Kind::Class) => {
            let class = object.as_gc::<Class>().expect("kind was tested").get(heap);
            names.extend(class.mro.iter().flat_map(|owner| owner.get(heap).attrs.keys().cloned()));
        }
        _ => {}
    }
    let class = cx.class_of(object).get(heap);
    names.extend(class.mro.iter().flat_map(|owner| owner.get(heap).attrs.keys().cloned()));
    names.retain(|name| !name.starts_with('('));
    names
}
