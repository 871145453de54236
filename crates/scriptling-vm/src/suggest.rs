//! "Did you mean": the closest known name to a misspelt one.

/// Cost of inserting, deleting or replacing a character; exchanging upper and lower case costs half.
const MOVE_COST: usize = 2;
/// Longer names are not compared: nobody misspells those into each other, and the table is quadratic.
const MAX_LENGTH: usize = 40;

/// The known name closest to `name`, if one is close enough to be what was meant (CPython's rule: at most a third of the
/// characters of both differ).
pub fn closest<'a>(name: &str, known: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    let length = name.chars().count();
    if length > MAX_LENGTH {
        return None;
    }
    let mut best: Option<(usize, &str)> = None;
    for candidate in known {
        let candidate_length = candidate.chars().count();
        if candidate == name || candidate_length > MAX_LENGTH {
            continue;
        }
        let limit = (length + candidate_length + 3) * MOVE_COST / 6;
        let limit = best.map_or(limit, |(cost, _)| limit.min(cost - 1));
        let cost = distance(name, candidate);
        if cost <= limit && cost > 0 {
            best = Some((cost, candidate));
        }
    }
    best.map(|(_, candidate)| candidate)
}

/// Weighted edit distance.
fn distance(left: &str, right: &str) -> usize {
    let right: Vec<char> = right.chars().collect();
    let mut row: Vec<usize> = (0..=right.len()).map(|j| j * MOVE_COST).collect();
    for (i, a) in left.chars().enumerate() {
        let mut diagonal = std::mem::replace(&mut row[0], (i + 1) * MOVE_COST);
        for (j, &b) in right.iter().enumerate() {
            let replace = match a == b {
                true => 0,
                false if a.eq_ignore_ascii_case(&b) => 1,
                false => MOVE_COST,
            };
            let replaced = diagonal + replace;
            diagonal = row[j + 1];
            row[j + 1] = replaced.min(diagonal + MOVE_COST).min(row[j] + MOVE_COST);
        }
    }
    row[right.len()]
}

#[cfg(test)]
mod tests {
    use super::closest;

    #[test]
    fn finds_the_nearest_name_within_reason() {
        let known = ["append", "extend", "index"];
        assert_eq!(closest("apend", known.into_iter()), Some("append"));
        assert_eq!(closest("Index", known.into_iter()), Some("index"));
        assert_eq!(closest("zzz", known.into_iter()), None);
        assert_eq!(closest("i", ["x"].into_iter()), None);
    }
}
