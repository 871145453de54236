//! Exceptions on their way: builtin classes, raising from Rust, tracebacks, and the error that embedders get.
//!
//! Three worlds, never mixed: `SyntaxError` (many per parse, spanned, in the syntax crate), [`Raise`] (a script exception
//! travelling through Rust code of this isolate), [`Error`] (what leaves the isolate: owned, `Send`, rendered). Natives
//! raise without a position; only the run loop, which has the instruction pointer, adds traceback entries.

use std::fmt;
use std::sync::Arc;

use smol_str::SmolStr;

use crate::code::CodeRef;
use crate::portable::Portable;
use crate::value::Value;

macro_rules! exception_classes {
    ($($name:ident < $parent:ident;)*) => {
        /// The builtin exception classes: the one table of the hierarchy.
        #[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
        #[repr(u8)]
        #[allow(missing_docs, reason = "the names are Python's")]
        pub enum ExcClass { BaseException, $($name,)* }

        /// All classes with their parents; parents come first.
        pub const EXCEPTIONS: &[(ExcClass, Option<ExcClass>)] =
            &[(ExcClass::BaseException, None), $((ExcClass::$name, Some(ExcClass::$parent)),)*];

        impl ExcClass {
            /// The class's name in scripts.
            pub const fn name(self) -> &'static str {
                match self {
                    ExcClass::BaseException => "BaseException",
                    $(ExcClass::$name => stringify!($name),)*
                }
            }
        }
    };
}

exception_classes! {
    Exception < BaseException;
    SystemExit < BaseException;
    KeyboardInterrupt < BaseException;
    GeneratorExit < BaseException;
    CancelledError < BaseException;
    // What a limit raises when a script must not go on: `except Exception` does not catch it.
    LimitExceeded < BaseException;
    FuelExhausted < LimitExceeded;
    TimeLimitExceeded < LimitExceeded;
    BaseExceptionGroup < BaseException;
    // Also an `Exception`; see `library::make_exceptions`.
    ExceptionGroup < BaseExceptionGroup;
    StopIteration < Exception;
    StopAsyncIteration < Exception;
    ArithmeticError < Exception;
    FloatingPointError < ArithmeticError;
    OverflowError < ArithmeticError;
    ZeroDivisionError < ArithmeticError;
    AssertionError < Exception;
    AttributeError < Exception;
    BufferError < Exception;
    EOFError < Exception;
    ImportError < Exception;
    ModuleNotFoundError < ImportError;
    LookupError < Exception;
    IndexError < LookupError;
    KeyError < LookupError;
    MemoryError < Exception;
    NameError < Exception;
    UnboundLocalError < NameError;
    OSError < Exception;
    BlockingIOError < OSError;
    ConnectionError < OSError;
    BrokenPipeError < ConnectionError;
    ConnectionAbortedError < ConnectionError;
    ConnectionRefusedError < ConnectionError;
    ConnectionResetError < ConnectionError;
    FileExistsError < OSError;
    FileNotFoundError < OSError;
    InterruptedError < OSError;
    IsADirectoryError < OSError;
    NotADirectoryError < OSError;
    PermissionError < OSError;
    ProcessLookupError < OSError;
    TimeoutError < OSError;
    ReferenceError < Exception;
    RuntimeError < Exception;
    NotImplementedError < RuntimeError;
    RecursionError < RuntimeError;
    SyntaxError < Exception;
    IndentationError < SyntaxError;
    TabError < IndentationError;
    SystemError < Exception;
    TypeError < Exception;
    ValueError < Exception;
    UnicodeError < ValueError;
    UnicodeDecodeError < UnicodeError;
    UnicodeEncodeError < UnicodeError;
    Warning < Exception;
    DeprecationWarning < Warning;
    RuntimeWarning < Warning;
    UserWarning < Warning;
}

/// A script exception travelling through Rust; one word, cheap to pass in a `Result`.
#[derive(Debug)]
pub struct Raise(pub(crate) Box<RaiseKind>);

/// What is being raised.
#[derive(Debug)]
pub(crate) enum RaiseKind {
    /// A builtin exception whose instance is made when the loop sees it.
    New {
        /// Its class.
        class: ExcClass,
        /// Its message (the sole argument), unless `argument` is set.
        message: String,
        /// Its sole argument when that is not a string (`KeyError(key)`, `StopIteration(value)`).
        argument: Option<Value>,
    },
    /// An existing exception instance.
    Instance(Value),
}

const _: () = assert!(size_of::<Raise>() == 8);

impl Raise {
    /// A builtin exception with a message.
    #[cold]
    pub fn new(class: ExcClass, message: impl Into<String>) -> Raise {
        Raise(Box::new(RaiseKind::New { class, message: message.into(), argument: None }))
    }

    /// A builtin exception whose sole argument is a value.
    #[cold]
    pub fn with_argument(class: ExcClass, argument: Value) -> Raise {
        Raise(Box::new(RaiseKind::New { class, message: String::new(), argument: Some(argument) }))
    }

    /// Raises an existing exception instance.
    #[cold]
    pub fn instance(exception: Value) -> Raise {
        Raise(Box::new(RaiseKind::Instance(exception)))
    }

    /// A TypeError.
    #[cold]
    pub fn type_error(message: impl Into<String>) -> Raise {
        Raise::new(ExcClass::TypeError, message)
    }

    /// A ValueError.
    #[cold]
    pub fn value_error(message: impl Into<String>) -> Raise {
        Raise::new(ExcClass::ValueError, message)
    }

    /// An IndexError.
    #[cold]
    pub fn index_error(message: impl Into<String>) -> Raise {
        Raise::new(ExcClass::IndexError, message)
    }

    /// An OverflowError.
    #[cold]
    pub fn overflow_error(message: impl Into<String>) -> Raise {
        Raise::new(ExcClass::OverflowError, message)
    }

    /// A RuntimeError.
    #[cold]
    pub fn runtime_error(message: impl Into<String>) -> Raise {
        Raise::new(ExcClass::RuntimeError, message)
    }

    /// An AttributeError.
    #[cold]
    pub fn attribute_error(message: impl Into<String>) -> Raise {
        Raise::new(ExcClass::AttributeError, message)
    }

    /// A MemoryError: an operation asked for more than the isolate may hold.
    #[cold]
    pub fn memory_error() -> Raise {
        Raise::new(ExcClass::MemoryError, "")
    }

    /// A RecursionError for nesting that Rust code walks recursively.
    #[cold]
    pub fn too_deep(what: &str) -> Raise {
        Raise::new(ExcClass::RecursionError, format!("maximum recursion depth exceeded {what}"))
    }

    /// The exception instance, if there is one already.
    pub fn existing(&self) -> Option<Value> {
        match &*self.0 {
            RaiseKind::New { .. } => None,
            RaiseKind::Instance(exception) => Some(*exception),
        }
    }

    /// The class, if this is a builtin exception not yet made into an instance.
    pub fn builtin_class(&self) -> Option<ExcClass> {
        match &*self.0 {
            RaiseKind::New { class, .. } => Some(*class),
            RaiseKind::Instance(_) => None,
        }
    }
}

/// A point that an exception passed: resolved to file and line only when somebody looks.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct TracePoint {
    /// The code.
    pub code: CodeRef,
    /// A word of the instruction.
    pub ip: u32,
}

/// Where an exception has passed.
#[derive(Clone, Default)]
pub struct Traceback {
    /// The points, innermost (the raising frame) first.
    pub points: Vec<TracePoint>,
    /// The rendered traceback of the task that the exception came out of, shown above.
    pub remote: Option<Arc<str>>,
}

impl Traceback {
    /// Bytes it owns, for the heap's accounting.
    pub fn size(&self) -> usize {
        self.points.capacity() * size_of::<TracePoint>()
    }
}

/// What an embedder gets when a script fails: owned, `Send`, independent of the isolate.
pub struct Error(Box<ErrorInner>);

struct ErrorInner {
    class: SmolStr,
    message: String,
    rendered: String,
    exit_code: Option<i32>,
    exception: Option<Portable>,
}

impl Error {
    /// An error with its class, message, and the full text that the command line would print.
    pub fn new(class: &str, message: String, rendered: String) -> Error {
        Error(Box::new(ErrorInner { class: class.into(), message, rendered, exit_code: None, exception: None }))
    }

    /// Marks the error as `SystemExit` with this exit code.
    #[must_use]
    pub fn with_exit_code(mut self, code: i32) -> Error {
        self.0.exit_code = Some(code);
        self
    }

    /// Adds the exception itself, to be raised again elsewhere.
    #[must_use]
    pub fn with_exception(mut self, exception: Portable) -> Error {
        self.0.exception = Some(exception);
        self
    }

    /// The exception, if it could be copied out of the isolate.
    pub fn exception(&self) -> Option<&Portable> {
        self.0.exception.as_ref()
    }

    /// The exception's class name.
    pub fn class(&self) -> &str {
        &self.0.class
    }

    /// `str(exception)`.
    pub fn message(&self) -> &str {
        &self.0.message
    }

    /// Traceback and message as CPython prints them.
    pub fn rendered(&self) -> &str {
        &self.0.rendered
    }

    /// The exit code, if this is `SystemExit`.
    pub fn exit_code(&self) -> Option<i32> {
        self.0.exit_code
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.message().is_empty() {
            f.write_str(self.class())
        } else {
            write!(f, "{}: {}", self.class(), self.message())
        }
    }
}

impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.rendered())
    }
}

impl std::error::Error for Error {}
