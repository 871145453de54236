//! Key patterns, as Redis has them: `*` (also over `/`), `?`, `[abc]`, `[a-z]`, `[^a]`, and `\` to take the next literally.
//!
//! Matching never backtracks further than the last `*`, so it is at worst quadratic, whatever the pattern.

/// A compiled pattern.
#[derive(Debug, Clone)]
pub struct Glob {
    parts: Vec<Part>,
}

#[derive(Debug, Clone)]
enum Part {
    Star,
    Any,
    Literal(char),
    Class { negated: bool, ranges: Vec<(char, char)> },
}

impl Glob {
    /// Compiles a pattern. Every text is one: an unclosed `[` runs to the end, as in Redis.
    pub fn new(pattern: &str) -> Glob {
        let mut chars = pattern.chars().peekable();
        let mut parts = Vec::new();
        while let Some(c) = chars.next() {
            parts.push(match c {
                '*' => {
                    if matches!(parts.last(), Some(Part::Star)) {
                        continue;
                    }
                    Part::Star
                }
                '?' => Part::Any,
                '[' => class(&mut chars),
                '\\' => Part::Literal(chars.next().unwrap_or('\\')),
                c => Part::Literal(c),
            });
        }
        Glob { parts }
    }

    /// Whether every key matches.
    pub fn is_all(&self) -> bool {
        matches!(self.parts[..], [Part::Star])
    }

    /// The literal text that every match starts with.
    pub fn prefix(&self) -> String {
        self.parts.iter().map_while(|part| if let Part::Literal(c) = part { Some(*c) } else { None }).collect()
    }

    /// Whether the whole key matches.
    pub fn matches(&self, key: &str) -> bool {
        let (mut part, mut rest) = (0, key.chars());
        // Where to go on when the parts after the last star fail: one more character for the star.
        let mut retry: Option<(usize, std::str::Chars<'_>)> = None;
        loop {
            if let Some(Part::Star) = self.parts.get(part) {
                part += 1;
                retry = Some((part, rest.clone()));
                continue;
            }
            let mut after = rest.clone();
            let next = after.next();
            match (self.parts.get(part), next) {
                (None, None) => return true,
                (Some(wanted), Some(c)) if wanted.accepts(c) => {
                    part += 1;
                    rest = after;
                }
                _ => {
                    let Some((at, from)) = &mut retry else { return false };
                    if from.next().is_none() {
                        return false;
                    }
                    (part, rest) = (*at, from.clone());
                }
            }
        }
    }
}

impl Part {
    fn accepts(&self, c: char) -> bool {
        match self {
            Part::Star => false,
            Part::Any => true,
            Part::Literal(literal) => *literal == c,
            Part::Class { negated, ranges } => ranges.iter().any(|&(low, high)| low <= c && c <= high) != *negated,
        }
    }
}

fn class(chars: &mut std::iter::Peekable<std::str::Chars<'_>>) -> Part {
    let negated = chars.next_if_eq(&'^').is_some();
    let mut ranges = Vec::new();
    while let Some(c) = chars.next() {
        let low = match c {
            ']' => break,
            '\\' => chars.next().unwrap_or('\\'),
            c => c,
        };
        let mut ahead = chars.clone();
        let high = if ahead.next() == Some('-') && ahead.peek().is_some_and(|&c| c != ']') {
            chars.next();
            match chars.next() {
                Some('\\') => chars.next().unwrap_or('\\'),
                high => high.unwrap_or(low),
            }
        } else {
            low
        };
        ranges.push((low.min(high), low.max(high)));
    }
    Part::Class { negated, ranges }
}

#[cfg(test)]
mod tests {
    use super::Glob;

    #[test]
    fn patterns_match_as_in_redis() {
        let cases = [
            ("*", "a/b", true),
            ("", "", true),
            ("", "a", false),
            ("user:*", "user:1/x", true),
            ("user:?", "user:10", false),
            ("h[ae]llo", "hallo", true),
            ("h[^e]llo", "hello", false),
            ("h[a-c]llo", "hbllo", true),
            ("h[c-a]llo", "hbllo", true),
            ("a\\*b", "a*b", true),
            ("a\\*b", "axb", false),
            ("[ab", "b", true),
            ("[!1]", "!", true),
            ("*a*b*c", "xaxxbxxc", true),
            ("*a*b*c", "xaxxcxxb", false),
            ("é?", "éü", true),
            ("[a-]", "-", true),
        ];
        for (pattern, key, expected) in cases {
            assert_eq!(Glob::new(pattern).matches(key), expected, "{pattern} against {key}");
        }
    }

    #[test]
    fn many_stars_do_not_explode() {
        let glob = Glob::new(&"*a".repeat(50));
        assert!(!glob.matches(&"a".repeat(49)));
        assert!(!glob.matches(&format!("{}b", "a".repeat(5000))));
        assert!(glob.matches(&"a".repeat(5000)));
    }
}
