//! What a script says about itself, in comments. `tests/scripts/README.md` is the description.

/// The directives of one script.
#[derive(Debug, Default, PartialEq)]
pub struct Directives {
    /// Standard output, line by line.
    pub stdout: Vec<String>,
    /// The uncaught exception and the line it is raised on.
    pub raises: Option<(String, usize)>,
    /// Lines of standard error, in order.
    pub stderr: Vec<String>,
    /// The exit code.
    pub exit: i32,
    /// Arguments of the script.
    pub args: Vec<String>,
    /// Options for `scriptling`.
    pub flags: Vec<String>,
    /// Why it is not run.
    pub skip: Option<String>,
    /// Why it is left out of the runner matrix.
    pub skip_matrix: Option<String>,
    /// Why it is not run under many schedules.
    pub skip_schedules: Option<String>,
}

impl Directives {
    /// Reads the directives of a script.
    ///
    /// # Panics
    /// If one is malformed: a mistake in the script.
    pub fn parse(text: &str) -> Directives {
        let mut directives = Directives::default();
        let mut exit = None;
        let header = text.lines().take_while(|line| line.starts_with('#')).count();
        for (index, line) in text.lines().enumerate() {
            if index < header {
                directives.header(line);
            }
            let Some(start) = line.rfind("# expect") else { continue };
            let comment = &line[start + "# expect".len()..];
            if let Some(text) = comment.strip_prefix(':') {
                directives.stdout.push(text.trim().to_owned());
            } else if let Some(text) = comment.strip_prefix(" raises:") {
                directives.raises = Some((text.trim().to_owned(), index + 1));
            } else if let Some(text) = comment.strip_prefix(" stderr:") {
                directives.stderr.push(text.trim().to_owned());
            } else if let Some(code) = comment.strip_prefix(" exit:") {
                let code = code.trim().parse();
                exit = Some(code.unwrap_or_else(|_| panic!("line {}: an exit code is a number", index + 1)));
            }
        }
        directives.exit = exit.unwrap_or_else(|| i32::from(directives.raises.is_some()));
        directives
    }

    fn header(&mut self, line: &str) {
        let words = |text: &str| text.split_whitespace().map(str::to_owned).collect();
        if let Some(text) = line.strip_prefix("# args:") {
            self.args = words(text);
        } else if let Some(text) = line.strip_prefix("# flags:") {
            self.flags = words(text);
        } else if let Some(text) = line.strip_prefix("# skip:") {
            self.skip = Some(text.trim().to_owned());
        } else if let Some(text) = line.strip_prefix("# matrix: skip") {
            self.skip_matrix = Some(text.trim().to_owned());
        } else if let Some(text) = line.strip_prefix("# schedules: skip") {
            self.skip_schedules = Some(text.trim().to_owned());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_directives_are_read() {
        let text = "# flags: --seconds 2\n# args: a b\nprint(1)  # expect: 1\n# expect: two words \n\
                    raise X  # expect raises: X: y\n# expect stderr: part...\n";
        let directives = Directives::parse(text);
        assert_eq!(directives.stdout, ["1", "two words"]);
        assert_eq!(directives.raises, Some(("X: y".into(), 5)));
        assert_eq!(directives.stderr, ["part..."]);
        assert_eq!(directives.exit, 1);
        assert_eq!(directives.args, ["a", "b"]);
        assert_eq!(directives.flags, ["--seconds", "2"]);
        assert_eq!(Directives::parse("pass  # expect exit: 3").exit, 3);
        assert_eq!(Directives::parse("pass").exit, 0);
    }
}
