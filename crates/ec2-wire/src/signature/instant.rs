//! The three ways in which a signed request writes its time.

use ::moment::{Fields, Moment};

/// `20150830T123600Z` to milliseconds since 1970; exactly this shape.
pub(super) fn from_basic(text: &str) -> Option<i64> {
    let bytes = text.as_bytes();
    let digits = |range: std::ops::Range<usize>| {
        text.get(range)
            .filter(|part| part.bytes().all(|b| b.is_ascii_digit()))
    };
    if bytes.len() != 16 || bytes.get(8) != Some(&b'T') || bytes.get(15) != Some(&b'Z') {
        return None;
    }
    let (date, time) = (digits(0..8)?, digits(9..15)?);
    let number = |part: &str, range: std::ops::Range<usize>| part.get(range)?.parse::<i64>().ok();
    let second = number(time, 4..6)?;
    let moment = Moment::from_fields(Fields {
        year: number(date, 0..4)?,
        month: number(date, 4..6)?,
        day: number(date, 6..8)?,
        hour: number(time, 0..2)?,
        minute: number(time, 2..4)?,
        second,
    });
    // No signer writes leap seconds.
    moment.filter(|_| second < 60).map(Moment::milliseconds)
}

/// Milliseconds since 1970 to `20150830T123600Z`; a time outside the years 0 to 9999 becomes the beginning of 1970.
pub(super) fn to_basic(millis: i64) -> String {
    to_extended(millis)
        .chars()
        .filter(|c| !matches!(c, '-' | ':'))
        .collect()
}

/// Milliseconds since 1970 to `2015-08-30T12:36:00Z`.
pub(super) fn to_extended(millis: i64) -> String {
    let instant = Moment::from_milliseconds(millis).unwrap_or(Moment::EPOCH);
    format!("{}Z", instant.date_time())
}

/// ISO 8601 with dashes and colons, fraction optional; without an offset it is UTC, as Version 2 clients mean it.
pub(super) fn from_extended(text: &str) -> Option<i64> {
    Moment::read(text).map(Moment::milliseconds)
}

/// The value of an HTTP `Date` header, `Sun, 30 Aug 2015 12:36:00 GMT`.
pub(super) fn from_http_date(text: &str) -> Option<i64> {
    Some(
        jiff::fmt::rfc2822::parse(text)
            .ok()?
            .timestamp()
            .as_millisecond(),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_three_ways_name_the_same_instant() {
        let expected = Some(1_440_938_160_000);
        assert_eq!(from_basic("20150830T123600Z"), expected);
        assert_eq!(from_extended("2015-08-30T12:36:00"), expected);
        assert_eq!(from_extended("2015-08-30T12:36:00Z"), expected);
        assert_eq!(from_extended("2015-08-30T12:36:00.000Z"), expected);
        assert_eq!(from_extended("2015-08-30T14:36:00+02:00"), expected);
        assert_eq!(from_http_date("Sun, 30 Aug 2015 12:36:00 GMT"), expected);
        assert_eq!(to_basic(1_440_938_160_000), "20150830T123600Z");
        assert_eq!(to_extended(1_440_938_160_000), "2015-08-30T12:36:00Z");
    }

    #[test]
    fn impossible_times_are_none() {
        for text in [
            "",
            "20150830T123600",
            "2015083OT123600Z",
            "20151330T123600Z",
            "20150830t123600Z",
            "20150830T123６0Z",
        ] {
            assert_eq!(from_basic(text), None, "{text}");
        }
    }
}
