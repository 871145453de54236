//! `Cx`: what a native sees of the isolate during one call.

use num_bigint::BigInt;
use smol_str::SmolStr;

use crate::builtins::types::BuiltinType;
use crate::error::{ExcClass, Raise};
use crate::heap::dict::ViewKind;
use crate::heap::text::Text;
use crate::heap::{
    BigInteger, Bytes, Class, Dict, DictView, Exception, FrozenSet, Gc, Generator, Heap, HostObject, Kind, List, Set,
    Str,
};
use crate::isolate::{Host, Isolate};
use crate::value::Value;

/// A value kept across a suspension: an index, so that it is `Send`.
#[derive(Clone, Copy, Debug)]
pub struct Kept(pub(crate) u32);

/// The isolate, as a native may use it: values, the heap, the host; never a way to run script code.
pub struct Cx<'a> {
    pub(crate) isolate: &'a mut Isolate,
}

impl Cx<'_> {
    /// The heap, to read objects.
    #[inline(always)]
    pub fn heap(&self) -> &Heap {
        &self.isolate.heap
    }

    /// The heap, to change or allocate objects.
    #[inline(always)]
    pub fn heap_mut(&mut self) -> &mut Heap {
        &mut self.isolate.heap
    }

    /// What the embedder provides: output, modules, extensions.
    pub fn host(&mut self) -> &mut dyn Host {
        &mut *self.isolate.host
    }

    /// Keeps a value alive and reachable until this native has returned for good.
    pub fn keep(&mut self, value: Value) -> Kept {
        self.isolate.fiber.keep(value)
    }

    /// A kept value.
    pub fn kept(&self, kept: Kept) -> Value {
        self.isolate.fiber.kept(kept)
    }

    /// Changes a kept value.
    pub fn set_kept(&mut self, kept: Kept, value: Value) {
        self.isolate.fiber.set_kept(kept, value);
    }

    // --- making values ---

    /// A string.
    pub fn str<'t>(&mut self, text: impl Into<Text<'t>>) -> Value {
        self.heap_mut().str(text)
    }

    /// A string of one character; ASCII ones are the library's own.
    pub fn char(&mut self, c: char) -> Value {
        match self.isolate.library.ascii.get(c as usize) {
            Some(&known) => known,
            None => self.heap_mut().char_str(c),
        }
    }

    /// An int of any size.
    pub fn int(&mut self, value: impl Into<BigInt>) -> Value {
        let big: BigInt = value.into();
        match i64::try_from(&big) {
            Ok(small) => Value::int(small),
            Err(_) => self.heap_mut().value(BigInteger(big)),
        }
    }

    /// Bytes.
    pub fn bytes(&mut self, bytes: &[u8]) -> Value {
        self.heap_mut().value(Bytes(bytes.into()))
    }

    /// A list.
    pub fn list(&mut self, values: &[Value]) -> Value {
        self.heap_mut().list(values)
    }

    /// A tuple.
    pub fn tuple(&mut self, values: &[Value]) -> Value {
        self.heap_mut().tuple(values)
    }

    /// An empty dict.
    pub fn dict(&mut self) -> Gc<Dict> {
        self.heap_mut().alloc(Dict::default())
    }

    /// Puts a string key into a dict.
    pub fn dict_set_str(&mut self, dict: Gc<Dict>, key: &str, value: Value) {
        let hash = crate::heap::str::hash_text(key);
        match crate::heap::dict::find_text(&dict.get(self.heap()).table, self.heap(), hash, key) {
            Some(at) => *dict.get_mut(self.heap_mut()).table.value_mut(at) = value,
            None => {
                let key = self.str(key);
                dict.get_mut(self.heap_mut()).table.insert_new(hash, key, value);
            }
        }
    }

    /// The value under a string key of a dict.
    pub fn dict_get_str(&self, dict: Gc<Dict>, key: &str) -> Option<Value> {
        let table = &dict.get(self.heap()).table;
        crate::heap::dict::find_text(table, self.heap(), crate::heap::str::hash_text(key), key)
            .map(|at| table.entry(at).value)
    }

    // --- reading values ---

    /// The text, if `value` is a `str` (or an instance of a subclass of it).
    pub fn as_str(&self, value: Value) -> Option<&str> {
        value.as_gc::<Str>().map(|text| text.get(self.heap()).as_str())
    }

    /// The bytes, if `value` is `bytes`.
    pub fn as_bytes(&self, value: Value) -> Option<&[u8]> {
        value.as_gc::<Bytes>().map(|bytes| &*bytes.get(self.heap()).0)
    }

    /// The list, if it is one.
    pub fn as_list(&self, value: Value) -> Option<Gc<List>> {
        value.as_gc()
    }

    /// The dict, if it is one.
    pub fn as_dict(&self, value: Value) -> Option<Gc<Dict>> {
        value.as_gc()
    }

    /// The big integer behind an int that is not inline.
    pub fn as_big(&self, value: Value) -> Option<&BigInt> {
        value.as_gc::<BigInteger>().map(|big| &big.get(self.heap()).0)
    }

    /// Any int (bools included) as a big integer.
    pub fn to_big(&self, value: Value) -> Option<BigInt> {
        if let Some(small) = value.as_int().or(value.as_bool().map(i64::from)) {
            return Some(BigInt::from(small));
        }
        self.as_big(value).cloned()
    }

    /// The elements of a list or tuple, copied out.
    pub fn sequence(&self, value: Value) -> Option<Vec<Value>> {
        if let Some(list) = value.as_gc::<List>() {
            return Some(list.get(self.heap()).to_values());
        }
        value.as_gc::<crate::heap::Tuple>().map(|tuple| tuple.items(self.heap()).to_vec())
    }

    /// The class of a value.
    pub fn class_of(&self, value: Value) -> Gc<Class> {
        self.isolate.class_of(value)
    }

    /// The class object of a builtin type.
    pub fn builtin_class(&self, builtin: BuiltinType) -> Gc<Class> {
        self.isolate.library.types[builtin as usize]
    }

    /// The class object of a builtin exception.
    pub fn exception_class(&self, class: ExcClass) -> Gc<Class> {
        self.isolate.library.exceptions[class as usize]
    }

    /// `type(value).__name__`.
    pub fn type_name(&self, value: Value) -> SmolStr {
        self.class_of(value).get(self.heap()).name.clone()
    }

    /// Whether `value` is an instance of a builtin exception class (or a subclass).
    pub fn is_exception(&self, value: Value, class: ExcClass) -> bool {
        self.is_subclass(self.class_of(value), self.exception_class(class))
    }

    /// Whether `class` is `ancestor` or inherits from it.
    pub fn is_subclass(&self, class: Gc<Class>, ancestor: Gc<Class>) -> bool {
        class == ancestor || class.get(self.heap()).mro.contains(&ancestor)
    }

    /// A function or class of the prelude by name.
    ///
    /// # Panics
    /// If the prelude has none: names in the program, checked by the tests.
    pub fn prelude(&self, name: &str) -> Value {
        self.isolate.library.prelude_item(name)
    }

    // --- bounds ---

    /// Asks for memory before allocating in proportion to an argument.
    pub fn reserve(&mut self, bytes: usize) -> Result<(), Raise> {
        if self.heap().has_room(bytes) { Ok(()) } else { Err(Raise::memory_error()) }
    }

    /// Charges bulk work: `words` elements or words touched.
    pub fn charge_work(&mut self, words: usize) {
        self.heap_mut().consume_fuel((words / crate::limits::BULK_PER_FUEL) as u64);
    }
}

impl Isolate {
    /// The class of a value.
    pub(crate) fn class_of(&self, value: Value) -> Gc<Class> {
        let builtin = match BuiltinType::of(value) {
            Some(builtin) => builtin,
            None => match value.kind() {
                Some(Kind::Instance) => {
                    return self.instance_class(value.as_gc().expect("kind was checked"));
                }
                Some(Kind::Exception) => {
                    return value.as_gc::<Exception>().expect("kind was checked").get(&self.heap).class;
                }
                Some(Kind::HostObject) => {
                    return value.as_gc::<HostObject>().expect("kind was checked").get(&self.heap).class;
                }
                Some(Kind::Class) => {
                    let class = value.as_gc::<Class>().expect("kind was checked");
                    match class.get(&self.heap).metaclass {
                        Some(metaclass) => return metaclass,
                        None => BuiltinType::Type,
                    }
                }
                Some(Kind::DictView) => match value.as_gc::<DictView>().expect("kind was checked").get(&self.heap).show
                {
                    ViewKind::Keys => BuiltinType::DictKeys,
                    ViewKind::Values => BuiltinType::DictValues,
                    ViewKind::Items => BuiltinType::DictItems,
                },
                Some(Kind::Generator) => {
                    let generator = value.as_gc::<Generator>().expect("kind was checked").get(&self.heap);
                    generator.adapter_type(&self.heap).unwrap_or(BuiltinType::Generator)
                }
                Some(Kind::Iter) => BuiltinType::of_iterator(
                    value.as_gc::<crate::heap::Iter>().expect("kind was checked").get(&self.heap),
                ),
                _ => BuiltinType::NoneType,
            },
        };
        self.library.types[builtin as usize]
    }
}

/// The elements' table of a set or frozenset.
pub(crate) fn set_table(heap: &Heap, value: Value) -> Option<&crate::heap::dict::Table<()>> {
    if let Some(set) = value.as_gc::<Set>() {
        return Some(&set.get(heap).table);
    }
    value.as_gc::<FrozenSet>().map(|set| &set.get(heap).table)
}
