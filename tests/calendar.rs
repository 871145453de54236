//! `cron` end to end: a year of counted time, in time zones with and without clocks that are put forward and back.

use std::process::Command;

use scriptling_tests::process::run;

/// What every script here begins with: `collect(expressions, days)` is the minutes since 1970 in which each was due.
const PRELUDE: &str = "
import scriptling.runtime as runtime
import scriptling.runtime.sync as sync
import time
FIRST_DAY = 18262  # 2020-01-01, a Wednesday.
def note(kind):
    sync.Queue(kind).put(int(time.time()) // 60)
def collect(expressions, days):
    schedules = [runtime.cron(text, note, text, name=text) for text in expressions]
    runtime.sleep((FIRST_DAY + days) * 86400 - time.time())
    for schedule in schedules:
        schedule.cancel()
    return [[sync.Queue(s.name).get() for _ in range(s.runs)] for s in schedules]
";

/// Runs a script in a time zone, from the beginning of 2020 in UTC.
fn prints(zone: &str, script: &str, expected: &str) {
    let text = format!("{PRELUDE}{script}");
    let mut command = Command::new(env!("CARGO_BIN_EXE_scriptling"));
    let ran = run(command.env("TZ", zone).args(["--schedule-seed", "1", "-c", &text]), "");
    assert_eq!((ran.stdout.as_str(), ran.stderr.as_str(), ran.code), (expected, "", Some(0)));
}

#[test]
fn days_of_the_month_and_of_the_week_through_a_year() {
    let script = "
def calendar():
    weekday, number = 3, 0
    for month, length in enumerate([31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31], 1):
        for day in range(1, length + 1):
            yield number, month, day, weekday
            number, weekday = number + 1, (weekday + 1) % 7
cases = {
    '0 9 * * mon-fri': (9 * 60, lambda month, day, weekday: 1 <= weekday <= 5),
    '30 6 13 * fri': (6 * 60 + 30, lambda month, day, weekday: day == 13 or weekday == 5),
    '15 12 */10 * sun': (12 * 60 + 15, lambda month, day, weekday: day % 10 == 1 and weekday == 0),
    '59 23 29-31 1,feb *': (23 * 60 + 59, lambda month, day, weekday: day >= 29 and month <= 2),
    '1 0 29 2 1': (1, lambda month, day, weekday: (month, day) == (2, 29) or (month == 2 and weekday == 1)),
}
for text, found in zip(cases, collect(cases, 366)):
    minute, fits = cases[text]
    # The program begins at midnight.
    expected = [(FIRST_DAY + number) * 1440 + minute for number, *date in calendar() if fits(*date)]
    print(text, len(found), found == expected)
";
    let expected = "0 9 * * mon-fri 262 True\n30 6 13 * fri 62 True\n15 12 */10 * sun 5 True\n\
                    59 23 29-31 1,feb * 4 True\n1 0 29 2 1 5 True\n";
    prints("UTC", script, expected);
}

#[test]
fn clocks_that_are_put_forward_and_back() {
    let script = "
nightly, hourly = collect(['30 2 * * *', '0 * * * *'], 366)
print(len(nightly), sorted(set(moment // 1440 for moment in nightly)) == [FIRST_DAY + day for day in range(366)])
# In UTC: half past one in winter, half past midnight in summer; what the clocks skip comes an hour later by the clock.
changes = [(moment // 1440 - FIRST_DAY, moment % 1440) for moment in nightly]
print([changes[n] for n in range(1, 366) if changes[n][1] != changes[n - 1][1]])
print(len(hourly), all(b - a == 60 for a, b in zip(hourly, hourly[1:])))
";
    // The 30th of March is day 89, the 25th of October day 298: the first half past two of that night, in summer time.
    let expected = "366 True\n[(89, 30), (299, 90)]\n8784 True\n";
    prints("CET-1CEST,M3.5.0,M10.5.0/3", script, expected);
}

#[test]
fn a_schedule_ends_with_the_calendar() {
    let script = "
runtime.sleep(86400 * 2932894 - time.time())
last = runtime.cron('0 12 * * *', print, 'noon')
last.wait()
# The last run has begun.
while runtime.tasks()[1:]:
    yield_now()
print(last.runs, last.cancelled(), last.cancel())
";
    prints("UTC", script, "noon\nnoon\n2 True False\n");
}
