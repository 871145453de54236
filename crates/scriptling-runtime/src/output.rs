//! Standard output and error, shared by all tasks of a runtime: one write call is never torn by another.
//!
//! Standard output is buffered when it is not a terminal and flushed when the buffer is full, when asked, before anything
//! goes to standard error (so that the two read in order where they are one stream), and at the end.

use std::io::{IsTerminal, Write};

use crate::primitives::Mutex;

/// Bytes kept back before they are written: a pipe's capacity.
const BUFFER: usize = 64 * 1024;

/// Where the text of all tasks goes.
pub struct Output {
    out: Mutex<Out>,
    err: Mutex<Box<dyn Write + Send>>,
}

struct Out {
    sink: Box<dyn Write + Send>,
    buffer: Vec<u8>,
    /// Flush after each line (a terminal), or only when the buffer is full.
    by_line: bool,
}

impl Default for Output {
    fn default() -> Self {
        Output::standard()
    }
}

impl Output {
    /// The process's streams.
    pub fn standard() -> Output {
        let stdout = std::io::stdout();
        let by_line = stdout.is_terminal();
        // `Stdout` is line-buffered by itself; it gets whole buffers and is flushed after each.
        Output::new(Box::new(stdout), Box::new(std::io::stderr()), by_line)
    }

    /// Other sinks.
    pub fn new(out: Box<dyn Write + Send>, err: Box<dyn Write + Send>, by_line: bool) -> Output {
        Output { out: Mutex::new(Out { sink: out, buffer: Vec::new(), by_line }), err: Mutex::new(err) }
    }

    /// Writes to standard output. A sink that fails (a closed pipe) loses the text: nobody is left to read it.
    pub fn write(&self, text: &str) {
        let mut out = self.out.lock();
        out.buffer.extend_from_slice(text.as_bytes());
        if out.buffer.len() >= BUFFER || (out.by_line && text.ends_with('\n')) {
            out.flush();
        }
    }

    /// Writes to standard error, after what is pending on standard output.
    pub fn write_error(&self, text: &str) {
        self.flush();
        let mut err = self.err.lock();
        let _ = err.write_all(text.as_bytes()).and_then(|()| err.flush());
    }

    /// Writes out what is buffered.
    pub fn flush(&self) {
        self.out.lock().flush();
    }
}

impl Out {
    fn flush(&mut self) {
        if !self.buffer.is_empty() {
            let _ = self.sink.write_all(&self.buffer);
            self.buffer.clear();
        }
        let _ = self.sink.flush();
    }
}

impl Drop for Output {
    fn drop(&mut self) {
        self.flush();
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;

    #[derive(Clone, Default)]
    struct Sink(Arc<Mutex<Vec<u8>>>);

    impl Write for Sink {
        fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
            self.0.lock().extend_from_slice(bytes);
            Ok(bytes.len())
        }
        fn flush(&mut self) -> std::io::Result<()> {
            Ok(())
        }
    }

    #[test]
    fn output_is_buffered_and_written_before_errors() {
        let sink = Sink::default();
        let output = Output::new(Box::new(sink.clone()), Box::new(sink.clone()), false);
        output.write("one\n");
        assert!(sink.0.lock().is_empty());
        output.write_error("two\n");
        output.write("three\n");
        drop(output);
        assert_eq!(*sink.0.lock(), b"one\ntwo\nthree\n");
    }
}
