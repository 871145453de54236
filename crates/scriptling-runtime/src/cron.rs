//! Cron expressions: `minute hour day-of-month month day-of-week`, and the next moment that fits one.
//!
//! Each field is `*`, a number or name, a range `a-b`, or a list of these with commas; `/n` after `*` or a range takes
//! every n-th, and after a number every n-th from there. Months and days of the week have their English names (three letters);
//! Sunday is 0 or 7. As in cron, a day fits if day-of-month *or* day-of-week does when neither of them begins with `*`.
//! `@hourly`, `@daily`, `@weekly`, `@monthly` and `@yearly` are short forms.
//!
//! Times are civil times of a time zone. A time that does not exist because clocks are put forward is taken to be that much
//! later. Of an hour that clocks repeat the first one counts; but what is for every hour (`*`) goes on in both, so that "every
//! five minutes" stays that.

use jiff::Zoned;
use jiff::civil::{Date, Time};
use jiff::{Span, ToSpan, Unit};

/// Days after which a date that fits has come if there is one at all: 29 February on a given day of the week comes within
/// 28 years, and within 40 around a year like 2100.
const MAX_DAYS: usize = 41 * 366;

/// Minutes that clocks are put back at most: two hours, in Antarctica.
const LONGEST_REPEAT: i64 = 3 * 60;

/// What a field may be.
struct Field {
    name: &'static str,
    first: u8,
    last: u8,
    names: &'static [&'static str],
}

const MONTHS: &[&str] = &["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
const DAYS: &[&str] = &["sun", "mon", "tue", "wed", "thu", "fri", "sat"];

const FIELDS: [Field; 5] = [
    Field { name: "minute", first: 0, last: 59, names: &[] },
    Field { name: "hour", first: 0, last: 23, names: &[] },
    Field { name: "day of month", first: 1, last: 31, names: &[] },
    Field { name: "month", first: 1, last: 12, names: MONTHS },
    Field { name: "day of week", first: 0, last: 7, names: DAYS },
];

const SHORT_FORMS: &[(&str, &str)] = &[
    ("@hourly", "0 * * * *"),
    ("@daily", "0 0 * * *"),
    ("@weekly", "0 0 * * 0"),
    ("@monthly", "0 0 1 * *"),
    ("@yearly", "0 0 1 1 *"),
];

/// A parsed expression: for each field the set of numbers that fit, as bits.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Cron {
    minutes: u64,
    hours: u64,
    days: u64,
    months: u64,
    weekdays: u64,
    /// Whether it is for every hour.
    hourly: bool,
    /// Whether a day has to fit both of its fields: one of them begins with `*`.
    both: bool,
}

impl Cron {
    /// Parses an expression. The error is for the user.
    pub(crate) fn parse(text: &str) -> Result<Cron, String> {
        let wrong = |what: String| format!("cron expression '{text}': {what}");
        let trimmed = text.trim();
        let short = SHORT_FORMS.iter().find(|(name, _)| *name == trimmed);
        let fields: Vec<&str> = short.map_or(trimmed, |(_, long)| long).split_whitespace().collect();
        if short.is_none() && trimmed.starts_with('@') {
            let known: Vec<&str> = SHORT_FORMS.iter().map(|(name, _)| *name).collect();
            return Err(wrong(format!("unknown short form (there are {})", known.join(", "))));
        }
        if fields.len() != FIELDS.len() {
            let wanted = "expected 5 fields (minute, hour, day of month, month, day of week)";
            return Err(wrong(format!("{wanted}, found {}", fields.len())));
        }
        let mut sets = [0; 5];
        for ((set, field), text) in sets.iter_mut().zip(&FIELDS).zip(&fields) {
            *set = field.parse(text).map_err(|what| wrong(format!("{}: {what}", field.name)))?;
        }
        let [minutes, hours, days, months, weekdays] = sets;
        // Seven is Sunday, too.
        let weekdays = weekdays | (weekdays >> 7 & 1);
        let both = fields[2].starts_with('*') || fields[4].starts_with('*');
        let hourly = hours == (1 << 24) - 1;
        let cron = Cron { minutes, hours, days, months, weekdays, hourly, both };
        if !cron.has_a_date() {
            return Err(wrong("day of month: no month that fits has such a day".into()));
        }
        Ok(cron)
    }

    /// Whether some date of some year fits.
    fn has_a_date(&self) -> bool {
        const LONGEST: [u8; 12] = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
        let by_day = LONGEST
            .iter()
            .enumerate()
            .any(|(at, &longest)| has(self.months, at as i8 + 1) && (1..=longest as i8).any(|day| has(self.days, day)));
        by_day || !self.both
    }

    /// The first moment after `after` that fits, in its time zone. `None` at the end of the calendar.
    pub(crate) fn next(&self, after: &Zoned) -> Option<Zoned> {
        let next = self.next_civil(after)?;
        Some(self.in_repeated_hour(after, &next).unwrap_or(next))
    }

    /// A moment before `next` that fits, too, if clocks are or were put back and it is for every hour.
    fn in_repeated_hour(&self, after: &Zoned, next: &Zoned) -> Option<Zoned> {
        let before = after.checked_sub(LONGEST_REPEAT.minutes()).ok()?;
        if !self.hourly || next.offset() >= before.offset() {
            return None;
        }
        let back = after.time_zone().following(before.timestamp()).next()?.timestamp();
        let start = after.timestamp().max(back).to_zoned(after.time_zone().clone()).round(Unit::Minute).ok()?;
        (0..LONGEST_REPEAT)
            .map_while(|minutes| start.checked_add(minutes.minutes()).ok())
            .take_while(|moment| moment < next)
            .find(|moment| moment > after && self.fits(moment.date()) && has(self.minutes, moment.minute()))
    }

    /// The same if no clock is put back.
    fn next_civil(&self, after: &Zoned) -> Option<Zoned> {
        let now = after.datetime();
        let mut date = now.date();
        let mut time = Some(now.time());
        for _ in 0..MAX_DAYS {
            if self.fits(date) {
                while let Some(found) = self.time_after(time) {
                    let moment = date.to_datetime(found).to_zoned(after.time_zone().clone()).ok()?;
                    if moment > *after {
                        return Some(moment);
                    }
                    // In an hour that is repeated.
                    time = Some(found);
                }
            }
            date = date.checked_add(day()).ok()?;
            time = None;
        }
        None
    }

    fn fits(&self, date: Date) -> bool {
        if !has(self.months, date.month()) {
            return false;
        }
        let by_day = has(self.days, date.day());
        let by_weekday = has(self.weekdays, date.weekday().to_sunday_zero_offset());
        if self.both { by_day && by_weekday } else { by_day || by_weekday }
    }

    /// The first time of a day that fits and is after `after` (in a later minute).
    fn time_after(&self, after: Option<Time>) -> Option<Time> {
        let (hour, minute) = after.map_or((0, -1), |after| (after.hour(), after.minute()));
        for at in hour..24 {
            let from = if at == hour { minute + 1 } else { 0 };
            if has(self.hours, at)
                && let Some(minute) = (from..60).find(|minute| has(self.minutes, *minute))
            {
                return Time::new(at, minute, 0, 0).ok();
            }
        }
        None
    }
}

fn day() -> Span {
    1.day()
}

fn has(set: u64, number: i8) -> bool {
    set >> number & 1 == 1
}

impl Field {
    /// The set that a field's text stands for.
    fn parse(&self, text: &str) -> Result<u64, String> {
        let mut set = 0;
        for part in text.split(',') {
            let (range, step) = match part.split_once('/') {
                None => (part, None),
                Some((range, step)) => match step.parse::<u8>() {
                    Ok(step) if step > 0 => (range, Some(step)),
                    _ => return Err(format!("'{step}' is no step (in '{part}')")),
                },
            };
            // The second Sunday is for `5-7`; a star has each day once.
            let last = if self.last == 7 { 6 } else { self.last };
            let (from, to) = match range.split_once('-') {
                _ if range == "*" => (self.first, last),
                Some((from, to)) => (self.number(from)?, self.number(to)?),
                None => {
                    let from = self.number(range)?;
                    (from, if step.is_some() { last } else { from })
                }
            };
            if from > to {
                return Err(format!("the range '{range}' is empty"));
            }
            for number in (from..=to).step_by(step.unwrap_or(1).into()) {
                set |= 1 << number;
            }
        }
        Ok(set)
    }

    fn number(&self, text: &str) -> Result<u8, String> {
        let name = self.names.iter().position(|name| name.eq_ignore_ascii_case(text));
        if let Some(at) = name {
            return Ok(self.first + at as u8);
        }
        if text.is_empty() || !text.bytes().all(|byte| byte.is_ascii_digit()) {
            let names = if self.names.is_empty() { "" } else { " or name" };
            return Err(format!("'{text}' is no number{names}"));
        }
        match text.parse::<u8>() {
            Ok(number) if (self.first..=self.last).contains(&number) => Ok(number),
            _ => Err(format!("{text} is not between {} and {}", self.first, self.last)),
        }
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;
    use jiff::tz::{Offset, TimeZone};

    use super::*;

    /// The moments after 2024-02-27 22:58 UTC, a Tuesday.
    fn moments(text: &str, count: usize) -> Vec<String> {
        let cron = Cron::parse(text).expect("it is right");
        let mut at = date(2024, 2, 27).at(22, 58, 30, 0).to_zoned(TimeZone::fixed(Offset::UTC)).expect("it exists");
        let mut found = Vec::new();
        for _ in 0..count {
            at = cron.next(&at).expect("there is a next");
            found.push(at.strftime("%m-%d %H:%M").to_string());
        }
        found
    }

    #[test]
    fn the_next_moments_fit() {
        assert_eq!(moments("* * * * *", 2), ["02-27 22:59", "02-27 23:00"]);
        assert_eq!(moments("*/20 * * * *", 4), ["02-27 23:00", "02-27 23:20", "02-27 23:40", "02-28 00:00"]);
        assert_eq!(moments("5,10-12/2 3 * * *", 4), ["02-28 03:05", "02-28 03:10", "02-28 03:12", "02-29 03:05"]);
        assert_eq!(moments("50/5 22 * * *", 2), ["02-28 22:50", "02-28 22:55"]);
        assert_eq!(moments("0 12 29 feb *", 1), ["02-29 12:00"]);
        assert_eq!(moments("0 0 * * Mon-wed", 3), ["02-28 00:00", "03-04 00:00", "03-05 00:00"]);
        assert_eq!(moments("0 0 * * 7", 2), moments("@weekly", 2));
        assert_eq!(moments("0 0 1 * *", 1), moments("@monthly", 1));
        // Either, if neither is a star; both, if one begins with it.
        assert_eq!(moments("0 0 1 * fri", 3), ["03-01 00:00", "03-08 00:00", "03-15 00:00"]);
        assert_eq!(moments("0 0 */2 * fri", 2), ["03-01 00:00", "03-15 00:00"]);
    }

    #[test]
    fn rare_dates_are_found_and_dates_that_never_come_are_refused() {
        assert_eq!(moments("0 0 29 2 *", 2), ["02-29 00:00", "02-29 00:00"]);
        assert!(Cron::parse("0 0 31 4,6 *").is_err_and(|text| text.contains("no month that fits")));
        assert!(Cron::parse("0 0 31 4 mon").is_ok());
    }

    #[test]
    fn errors_name_the_field() {
        for (text, expected) in [
            ("* * * *", "cron expression '* * * *': expected 5 fields"),
            ("60 * * * *", "cron expression '60 * * * *': minute: 60 is not between 0 and 59"),
            ("* 5-2 * * *", "hour: the range '5-2' is empty"),
            ("* * 0 * *", "day of month: 0 is not between 1 and 31"),
            ("* * * foo *", "month: 'foo' is no number or name"),
            ("* * * * 1-", "day of week: '' is no number or name"),
            ("*/0 * * * *", "minute: '0' is no step (in '*/0')"),
            ("-1 * * * *", "minute: '' is no number"),
            ("@often", "unknown short form"),
        ] {
            let error = Cron::parse(text).expect_err("it is wrong");
            assert!(error.contains(expected), "{error}");
        }
    }

    #[test]
    fn clocks_that_are_put_forward_or_back() {
        let Ok(zone) = TimeZone::get("Europe/Berlin") else { return };
        let cron = Cron::parse("30 2 * * *").expect("it is right");
        let start = date(2024, 3, 30).at(12, 0, 0, 0).to_zoned(zone.clone()).expect("it exists");
        assert_eq!(cron.next(&start).map(|next| next.strftime("%d %H:%M").to_string()), Some("31 03:30".into()));
        let start = date(2024, 10, 26).at(12, 0, 0, 0).to_zoned(zone.clone()).expect("it exists");
        let first = cron.next(&start).expect("there is a next");
        let second = cron.next(&first).expect("there is a next");
        assert_eq!((first.day(), second.day()), (27, 28));
        let from = |hour, minute| date(2024, 10, 27).at(hour, minute, 0, 0).to_zoned(zone.clone()).expect("it exists");
        let moments = |text: &str, mut at: Zoned, count: usize| {
            let cron = Cron::parse(text).expect("it is right");
            let mut found = Vec::new();
            for _ in 0..count {
                at = cron.next(&at).expect("there is a next");
                found.push(at.strftime("%H:%M%z").to_string());
            }
            found
        };
        let both = ["02:30+0200", "02:00+0100", "02:30+0100", "03:00+0100"];
        assert_eq!(moments("*/30 * * * *", from(2, 0), 4), both);
        assert_eq!(moments("5 * * * *", from(1, 10), 3), ["02:05+0200", "02:05+0100", "03:05+0100"]);
        assert_eq!(moments("*/30 0-22 * * *", from(2, 0), 2), ["02:30+0200", "03:00+0100"]);
        assert_eq!(moments("0 * 28 * *", from(1, 0), 1), ["00:00+0100"]);
    }
}
