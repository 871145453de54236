//! Runs a script file with printing only: for working on the virtual machine.
use scriptling_vm::isolate::{Host, Isolate, Limits, ModuleSource, Stream};
use std::io::Write;
struct Console(std::path::PathBuf);
impl Host for Console {
    fn write(&mut self, stream: Stream, text: &str) {
        let _ = match stream {
            Stream::Out => std::io::stdout().write_all(text.as_bytes()),
            Stream::Err => std::io::stderr().write_all(text.as_bytes()),
        };
    }
    fn find_module(&mut self, name: &str) -> Result<Option<ModuleSource>, String> {
        let base = self.0.join(name.replace('.', "/"));
        for (path, is_package) in [(base.with_extension("py"), false), (base.join("__init__.py"), true)] {
            if let Ok(text) = std::fs::read_to_string(&path) {
                return Ok(Some(ModuleSource { file: path.display().to_string().into(), text, is_package }));
            }
        }
        Ok(None)
    }
}
fn main() {
    let path = std::env::args().nth(1).expect("a file");
    let text = std::fs::read_to_string(&path).expect("readable");
    let dir = std::path::Path::new(&path).parent().expect("a file has a folder").to_owned();
    let library = scriptling_vm::library::Library::builder().build();
    let mut isolate = Isolate::new(library, Box::new(Console(dir)), Limits::default());
    if std::env::var_os("GC_STRESS").is_some() {
        isolate.set_gc_stress(true);
    }
    let unit = match isolate.compile(&path, &text) {
        Ok(unit) => unit,
        Err(error) => {
            eprint!("{error:?}");
            std::process::exit(1)
        }
    };
    isolate.start_main(unit).expect("starts");
    if let Err(error) = isolate.run_to_end() {
        eprint!("{error:?}");
        std::process::exit(1);
    }
}
