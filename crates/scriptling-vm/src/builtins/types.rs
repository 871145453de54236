//! The builtin types: the one list, and which of them a value is of.

use crate::heap::dict::ViewKind;
use crate::heap::{Iter, Kind};
use crate::value::{Tag, Value};

macro_rules! builtin_types {
    ($($name:ident $text:literal;)*) => {
        /// A builtin type.
        #[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
        #[repr(u8)]
        #[allow(missing_docs, reason = "the names are Python's")]
        pub enum BuiltinType { $($name,)* }

        /// All of them, in order of their numbers.
        pub const BUILTIN_TYPES: &[BuiltinType] = &[$(BuiltinType::$name,)*];

        impl BuiltinType {
            /// The type's name in scripts.
            pub const fn name(self) -> &'static str {
                match self { $(BuiltinType::$name => $text,)* }
            }
        }
    };
}

builtin_types! {
    Object "object";
    Type "type";
    NoneType "NoneType";
    NotImplementedType "NotImplementedType";
    Ellipsis "ellipsis";
    Int "int";
    Bool "bool";
    Float "float";
    Str "str";
    Bytes "bytes";
    List "list";
    Tuple "tuple";
    Dict "dict";
    DictKeys "dict_keys";
    DictValues "dict_values";
    DictItems "dict_items";
    Set "set";
    FrozenSet "frozenset";
    Range "range";
    Slice "slice";
    RangeIterator "range_iterator";
    LongRangeIterator "longrange_iterator";
    ListIterator "list_iterator";
    Iterator "iterator";
    ListReverseIterator "list_reverseiterator";
    TupleIterator "tuple_iterator";
    StrIterator "str_ascii_iterator";
    BytesIterator "bytes_iterator";
    DictKeyIterator "dict_keyiterator";
    DictValueIterator "dict_valueiterator";
    DictItemIterator "dict_itemiterator";
    DictReverseIterator "dict_reversekeyiterator";
    SetIterator "set_iterator";
    Enumerate "enumerate";
    Zip "zip";
    Map "map";
    Filter "filter";
    CallableIterator "callable_iterator";
    Cell "cell";
    Function "function";
    NativeFunction "builtin_function_or_method";
    Method "method";
    StaticMethod "staticmethod";
    ClassMethod "classmethod";
    Property "property";
    Super "super";
    Module "module";
    Generator "generator";
}

/// The types of native iterators.
pub(crate) const ITERATOR_TYPES: &[BuiltinType] = &[
    BuiltinType::RangeIterator,
    BuiltinType::LongRangeIterator,
    BuiltinType::ListIterator,
    BuiltinType::Iterator,
    BuiltinType::ListReverseIterator,
    BuiltinType::TupleIterator,
    BuiltinType::StrIterator,
    BuiltinType::BytesIterator,
    BuiltinType::DictKeyIterator,
    BuiltinType::DictValueIterator,
    BuiltinType::DictItemIterator,
    BuiltinType::DictReverseIterator,
    BuiltinType::SetIterator,
    BuiltinType::Enumerate,
    BuiltinType::Zip,
    BuiltinType::Map,
    BuiltinType::Filter,
    BuiltinType::CallableIterator,
];

impl BuiltinType {
    /// The type of a native iterator.
    pub(crate) fn of_iterator(iterator: &Iter) -> BuiltinType {
        match iterator {
            Iter::Tuple { .. } => BuiltinType::TupleIterator,
            Iter::Str { .. } => BuiltinType::StrIterator,
            Iter::Bytes { .. } => BuiltinType::BytesIterator,
            Iter::Dict { show: ViewKind::Keys, .. } => BuiltinType::DictKeyIterator,
            Iter::Dict { show: ViewKind::Values, .. } => BuiltinType::DictValueIterator,
            Iter::Dict { show: ViewKind::Items, .. } => BuiltinType::DictItemIterator,
            Iter::DictReversed { .. } => BuiltinType::DictReverseIterator,
            Iter::Set { .. } | Iter::FrozenSet { .. } => BuiltinType::SetIterator,
            Iter::ListReversed { .. } => BuiltinType::ListReverseIterator,
            Iter::BigRange(_) => BuiltinType::LongRangeIterator,
            Iter::Enumerate { .. } => BuiltinType::Enumerate,
            Iter::Zip { .. } => BuiltinType::Zip,
            // What an exhausted iterator was over is forgotten.
            Iter::Values { .. } | Iter::Done => BuiltinType::Iterator,
        }
    }

    /// The type of what a generator function of the prelude makes, if it is to be an iterator and not a generator.
    pub(crate) fn of_adapter(function: &str) -> Option<BuiltinType> {
        Some(match function {
            "_enumerate" => BuiltinType::Enumerate,
            "_zip" | "_zip_two" | "_zip_strict" => BuiltinType::Zip,
            "_map" | "_map_many" => BuiltinType::Map,
            "_filter" | "_filter_true" => BuiltinType::Filter,
            "_call_until" => BuiltinType::CallableIterator,
            _ => return None,
        })
    }

    /// The type of a value, unless its class is in the value itself (instances, exceptions, host objects, classes with a
    /// metaclass): then `None`.
    pub fn of(value: Value) -> Option<BuiltinType> {
        Some(match value.tag() {
            Tag::Undefined | Tag::None => BuiltinType::NoneType,
            Tag::NotImplemented => BuiltinType::NotImplementedType,
            Tag::Ellipsis => BuiltinType::Ellipsis,
            Tag::Bool => BuiltinType::Bool,
            Tag::Int => BuiltinType::Int,
            Tag::Float => BuiltinType::Float,
            Tag::Obj => match value.kind()? {
                Kind::Free | Kind::Instance | Kind::Exception | Kind::HostObject | Kind::Class => return None,
                Kind::DictView | Kind::Iter | Kind::Generator => return None,
                Kind::Str => BuiltinType::Str,
                Kind::Bytes => BuiltinType::Bytes,
                Kind::BigInteger => BuiltinType::Int,
                Kind::List => BuiltinType::List,
                Kind::Tuple => BuiltinType::Tuple,
                Kind::Dict => BuiltinType::Dict,
                Kind::Set => BuiltinType::Set,
                Kind::FrozenSet => BuiltinType::FrozenSet,
                Kind::Range | Kind::BigRange => BuiltinType::Range,
                Kind::Slice => BuiltinType::Slice,
                Kind::RangeIter => BuiltinType::RangeIterator,
                Kind::ListIter => BuiltinType::ListIterator,
                Kind::CellBox => BuiltinType::Cell,
                Kind::Function => BuiltinType::Function,
                Kind::NativeFunction => BuiltinType::NativeFunction,
                Kind::BoundMethod => BuiltinType::Method,
                Kind::StaticMethod => BuiltinType::StaticMethod,
                Kind::ClassMethod => BuiltinType::ClassMethod,
                Kind::Property => BuiltinType::Property,
                Kind::Super => BuiltinType::Super,
                Kind::Module => BuiltinType::Module,
            },
        })
    }
}
