//! The builtin types: the one list, and which of them a value is of.

use crate::heap::Kind;
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
    ListIterator "list_iterator";
    Iterator "iterator";
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

impl BuiltinType {
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
                Kind::Free | Kind::Instance | Kind::Exception | Kind::HostObject | Kind::Class | Kind::DictView => return None,
                Kind::Str => BuiltinType::Str,
                Kind::Bytes => BuiltinType::Bytes,
                Kind::BigInteger => BuiltinType::Int,
                Kind::List => BuiltinType::List,
                Kind::Tuple => BuiltinType::Tuple,
                Kind::Dict => BuiltinType::Dict,
                Kind::Set => BuiltinType::Set,
                Kind::FrozenSet => BuiltinType::FrozenSet,
                Kind::Range => BuiltinType::Range,
                Kind::Slice => BuiltinType::Slice,
                Kind::RangeIter => BuiltinType::RangeIterator,
                Kind::ListIter => BuiltinType::ListIterator,
                Kind::Iter => BuiltinType::Iterator,
                Kind::CellBox => BuiltinType::Cell,
                Kind::Function => BuiltinType::Function,
                Kind::NativeFunction => BuiltinType::NativeFunction,
                Kind::BoundMethod => BuiltinType::Method,
                Kind::StaticMethod => BuiltinType::StaticMethod,
                Kind::ClassMethod => BuiltinType::ClassMethod,
                Kind::Property => BuiltinType::Property,
                Kind::Super => BuiltinType::Super,
                Kind::Module => BuiltinType::Module,
                Kind::Generator => BuiltinType::Generator,
            },
        })
    }
}
