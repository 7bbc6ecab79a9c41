//! Points in time as ISO 8601 text, in UTC.
//!
//! The services of both sides write plain times of years 0 to 9999. A full calendar library would be a twentieth of the
//! page, for zones and formats that nobody sends; the tests compare this one with such a library.
#![deny(missing_docs)]
#![deny(clippy::disallowed_methods, clippy::disallowed_types)]

mod read;

use std::fmt;

const SECONDS_OF_DAY: i64 = 86_400;
/// 0000-01-01T00:00:00Z and 9999-12-31T23:59:59Z in seconds since 1970.
const RANGE: std::ops::RangeInclusive<i64> = -62_167_219_200..=253_402_300_799;

/// A point in time of the years 0 to 9999, exact to the nanosecond.
///
/// ```
/// use moment::Moment;
///
/// let moment = Moment::with_zone("2026-11-22T11:00:00.5+01:00").unwrap();
/// assert_eq!(moment.to_string(), "2026-11-22T10:00:00.5Z");
/// assert_eq!(moment.date_time(), "2026-11-22T10:00:00");
/// assert_eq!(moment.milliseconds(), 1_795_341_600_500);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Moment {
    seconds: i64,
    nanoseconds: u32,
}

/// The fields of a calendar and a clock in UTC.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Fields {
    /// 0 to 9999.
    pub year: i64,
    /// 1 to 12.
    pub month: i64,
    /// 1 to 31.
    pub day: i64,
    /// 0 to 23.
    pub hour: i64,
    /// 0 to 59.
    pub minute: i64,
    /// 0 to 59.
    pub second: i64,
}

impl Moment {
    /// The beginning of 1970.
    pub const EPOCH: Self = Self {
        seconds: 0,
        nanoseconds: 0,
    };

    /// From seconds since 1970; `None` outside the years 0 to 9999.
    pub fn from_seconds(seconds: i64) -> Option<Self> {
        Self::new(seconds, 0)
    }

    /// From milliseconds since 1970; `None` outside the years 0 to 9999.
    pub fn from_milliseconds(milliseconds: i64) -> Option<Self> {
        let rest = milliseconds.rem_euclid(1000) as u32;
        Self::new(milliseconds.div_euclid(1000), rest * 1_000_000)
    }

    /// From a calendar and a clock; `None` if there is no such day or time. A leap second is the second before it.
    pub fn from_fields(fields: Fields) -> Option<Self> {
        let Fields {
            year,
            month,
            day,
            hour,
            minute,
            second,
        } = fields;
        let sound = (0..=9999).contains(&year)
            && (1..=12).contains(&month)
            && (1..=days_of_month(year, month)).contains(&day)
            && (0..24).contains(&hour)
            && (0..60).contains(&minute)
            && (0..=60).contains(&second);
        let time = hour * 3600 + minute * 60 + second.min(59);
        sound
            .then(|| days_since_epoch(year, month, day) * SECONDS_OF_DAY + time)
            .and_then(Self::from_seconds)
    }

    fn new(seconds: i64, nanoseconds: u32) -> Option<Self> {
        RANGE.contains(&seconds).then_some(Self {
            seconds,
            nanoseconds,
        })
    }

    /// Reads a date and a time with `Z` or an offset from UTC, such as `2026-11-22T10:00:00Z`.
    pub fn with_zone(text: &str) -> Option<Self> {
        read::with_zone(text)
    }

    /// Reads a date and a time without a zone as UTC, such as `2026-11-22 10:00:00.5`, or a date alone.
    pub fn without_zone(text: &str) -> Option<Self> {
        read::without_zone(text)
    }

    /// Reads any of the forms of [`with_zone`](Self::with_zone) and [`without_zone`](Self::without_zone).
    pub fn read(text: &str) -> Option<Self> {
        Self::with_zone(text).or_else(|| Self::without_zone(text))
    }

    /// Milliseconds since 1970, a fraction cut off.
    pub fn milliseconds(self) -> i64 {
        self.seconds * 1000 + i64::from(self.nanoseconds / 1_000_000)
    }

    /// The calendar and the clock, in UTC.
    pub fn fields(self) -> Fields {
        let time = self.seconds.rem_euclid(SECONDS_OF_DAY);
        let (year, month, day) = date(self.seconds.div_euclid(SECONDS_OF_DAY));
        Fields {
            year,
            month,
            day,
            hour: time / 3600,
            minute: time / 60 % 60,
            second: time % 60,
        }
    }

    /// `2026-11-22T10:00:00`.
    pub fn date_time(self) -> String {
        let f = self.fields();
        format!(
            "{:04}-{:02}-{:02}T{:02}:{:02}:{:02}",
            f.year, f.month, f.day, f.hour, f.minute, f.second
        )
    }

    /// `2026-11-22T10:00:00.000Z`, as EC2 writes times; digits after the milliseconds are cut off.
    pub fn ec2(self) -> String {
        format!("{}.{:03}Z", self.date_time(), self.nanoseconds / 1_000_000)
    }
}

/// `2026-11-22T10:00:00Z`, with as many digits after the second as it needs.
impl fmt::Display for Moment {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.date_time())?;
        if self.nanoseconds > 0 {
            let digits = format!("{:09}", self.nanoseconds);
            write!(out, ".{}", digits.trim_end_matches('0'))?;
        }
        out.write_str("Z")
    }
}

fn is_leap(year: i64) -> bool {
    year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
}

fn days_of_month(year: i64, month: i64) -> i64 {
    match month {
        2 if is_leap(year) => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

/// Days of a year before its month, when years begin in March and the leap day is the last.
fn days_before(month: i64) -> i64 {
    (153 * ((month + 9) % 12) + 2) / 5
}

fn days_since_epoch(year: i64, month: i64, day: i64) -> i64 {
    let year = if month <= 2 { year - 1 } else { year };
    let leaps = year.div_euclid(4) - year.div_euclid(100) + year.div_euclid(400);
    // 719 469 days lie between the first of March of year 0 and 1970, the day itself counted.
    year * 365 + leaps + days_before(month) + day - 719_469
}

fn date(days: i64) -> (i64, i64, i64) {
    // A guess by the mean length of a year that is never too late, made exact.
    let mut year = (days * 400).div_euclid(146_097) + 1969;
    while days_since_epoch(year + 1, 1, 1) <= days {
        year += 1;
    }
    let mut month = 1;
    while month < 12 && days_since_epoch(year, month + 1, 1) <= days {
        month += 1;
    }
    (year, month, days - days_since_epoch(year, month, 1) + 1)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn library(text: &str) -> Option<i128> {
        let zoned = text.parse::<jiff::Timestamp>();
        let plain = |_| {
            let civil = text.parse::<jiff::civil::DateTime>()?;
            jiff::tz::Offset::UTC.to_timestamp(civil)
        };
        zoned.or_else(plain).ok().map(|at| at.as_nanosecond())
    }

    fn ours(text: &str) -> Option<i128> {
        let at = Moment::read(text)?;
        Some(i128::from(at.seconds) * 1_000_000_000 + i128::from(at.nanoseconds))
    }

    #[test]
    fn every_day_has_its_date_and_every_date_its_day() {
        let first = RANGE.start() / SECONDS_OF_DAY;
        let mut expected = (0, 1, 1);
        for days in first..=RANGE.end() / SECONDS_OF_DAY {
            assert_eq!(date(days), expected, "{days}");
            let (year, month, day) = expected;
            assert_eq!(days_since_epoch(year, month, day), days);
            expected = if day < days_of_month(year, month) {
                (year, month, day + 1)
            } else if month < 12 {
                (year, month + 1, 1)
            } else {
                (year + 1, 1, 1)
            };
        }
        assert_eq!(expected, (10_000, 1, 1));
    }

    #[test]
    fn texts_mean_what_a_calendar_library_says() {
        for text in [
            "2026-11-22T10:00:00Z",
            "2026-11-22t10:00:00z",
            "2026-11-22 10:00:00.000000",
            "2026-11-22T10:00:00,5Z",
            "2026-11-22T10:00Z",
            "2026-11-22T10Z",
            "2026-11-22",
            "20261122T100000Z",
            "20261122",
            "2026-11-22T11:00:00+01:00",
            "2026-11-22T11:00:00-0130",
            "2026-11-22T11:00:00+01",
            "2026-11-22T11:00:00+01:00:30",
            "2026-11-22T23:59:60Z",
            "2024-02-29",
            "2026-02-29",
            "2026-13-01",
            "2026-11-31",
            "2026-11-22T24:00:00",
            "2026-11-22T10:60:00",
            "2026-11-22T10:00:61",
            "2026-11-22T10:00:00.",
            "2026-11-22T10:00:00.1234567890Z",
            "2026-11-22T10:00:00+26:00",
            "2026-11-22T10:00:00+01:60",
            "2026-11-22T10:00:00 Z",
            "2026-11-22T",
            "2026-11-22T10:00:00Zz",
            "2026-1-2",
            "2026-11-2２",
            "１026-11-22",
            "",
            "yesterday",
        ] {
            assert_eq!(ours(text), library(text), "{text}");
        }
    }

    proptest! {
        #[test]
        fn writing_and_reading_agree_with_a_calendar_library(
            // The library ends a day earlier than the last year does.
            nanoseconds in -62_167_219_200_000_000_000_i128..253_402_200_000_000_000_000
        ) {
            let at = jiff::Timestamp::from_nanosecond(nanoseconds).unwrap();
            let text = at.to_string();
            prop_assert_eq!(ours(&text), Some(nanoseconds));
            let moment = Moment::read(&text).unwrap();
            prop_assert_eq!(moment.to_string(), text);
            prop_assert_eq!(moment.ec2(), at.strftime("%Y-%m-%dT%H:%M:%S.%3fZ").to_string());
            let milliseconds = nanoseconds.div_euclid(1_000_000) as i64;
            prop_assert_eq!(moment.milliseconds(), milliseconds);
            let whole = Moment::from_milliseconds(milliseconds).unwrap();
            prop_assert_eq!(whole.milliseconds(), milliseconds);
            prop_assert_eq!(Moment::from_fields(moment.fields()).unwrap().date_time(), moment.date_time());
        }

        #[test]
        fn no_text_is_too_strange(text in "[0-9T:+Z .-]{0,30}|\\PC{0,20}") {
            if let Some(moment) = Moment::read(&text) {
                prop_assert_eq!(Moment::read(&moment.to_string()), Some(moment));
            }
        }
    }
}
