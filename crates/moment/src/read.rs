//! The forms of ISO 8601 that are read, with separators and without.

use crate::{Fields, Moment};

/// What is left of a text.
struct Rest<'a>(&'a [u8]);

impl Rest<'_> {
    fn peek(&self) -> Option<u8> {
        self.0.first().copied()
    }

    /// Takes one byte if it is one of these.
    fn take(&mut self, any: &[u8]) -> Option<u8> {
        let byte = self.peek().filter(|byte| any.contains(byte))?;
        self.0 = self.0.get(1..)?;
        Some(byte)
    }

    fn digit(&mut self) -> Option<i64> {
        self.take(b"0123456789")
            .map(|byte| i64::from(byte.wrapping_sub(b'0')))
    }

    fn number(&mut self, digits: usize) -> Option<i64> {
        (0..digits).try_fold(0, |number, _| Some(number * 10 + self.digit()?))
    }

    /// The second and third number of two digits each, with the separator before each or before none; the third may be missing.
    fn two_more(&mut self) -> Option<(i64, Option<i64>)> {
        let apart = self.take(b":").is_some();
        let second = self.number(2)?;
        let more = if apart {
            self.take(b":").is_some()
        } else {
            self.peek().is_some_and(|byte| byte.is_ascii_digit())
        };
        let third = if more { Some(self.number(2)?) } else { None };
        Some((second, third))
    }

    fn has_two_more(&self) -> bool {
        self.peek()
            .is_some_and(|byte| byte == b':' || byte.is_ascii_digit())
    }

    fn date(&mut self) -> Option<(i64, i64, i64)> {
        let year = self.number(4)?;
        let apart = self.take(b"-").is_some();
        let month = self.number(2)?;
        if apart {
            self.take(b"-")?;
        }
        Some((year, month, self.number(2)?))
    }

    /// Nanoseconds of one to nine digits after a point or comma.
    fn fraction(&mut self) -> Option<u32> {
        if self.take(b".,").is_none() {
            return Some(0);
        }
        let mut nanoseconds = u32::try_from(self.digit()?).ok()?;
        for _ in 1..9 {
            let digit = self.digit().and_then(|digit| u32::try_from(digit).ok());
            // Digits that are missing count as zeros.
            nanoseconds = nanoseconds * 10 + digit.unwrap_or(0);
        }
        Some(nanoseconds)
    }

    /// Seconds east of UTC.
    fn offset(&mut self) -> Option<i64> {
        if self.take(b"Zz").is_some() {
            return Some(0);
        }
        let west = self.take(b"+-")? == b'-';
        let hours = self.number(2)?;
        let (minutes, seconds) = if self.has_two_more() {
            self.two_more()?
        } else {
            (0, None)
        };
        let seconds = seconds.unwrap_or(0);
        let sound = hours <= 25 && minutes < 60 && seconds < 60;
        let east = hours * 3600 + minutes * 60 + seconds;
        sound.then_some(if west { -east } else { east })
    }
}

/// The moment in UTC as far as the zone, and whether there was a time of day.
fn local(rest: &mut Rest) -> Option<(Moment, bool)> {
    let (year, month, day) = rest.date()?;
    let mut fields = Fields {
        year,
        month,
        day,
        hour: 0,
        minute: 0,
        second: 0,
    };
    if rest.take(b"Tt ").is_none() {
        return Some((Moment::from_fields(fields)?, false));
    }
    fields.hour = rest.number(2)?;
    let mut nanoseconds = 0;
    if rest.has_two_more() {
        let (minute, second) = rest.two_more()?;
        fields.minute = minute;
        if let Some(second) = second {
            fields.second = second;
            nanoseconds = rest.fraction()?;
        }
    }
    let whole = Moment::from_fields(fields)?;
    Some((
        Moment {
            nanoseconds,
            ..whole
        },
        true,
    ))
}

pub(crate) fn with_zone(text: &str) -> Option<Moment> {
    let mut rest = Rest(text.as_bytes());
    let (moment, timed) = local(&mut rest)?;
    let offset = rest.offset()?;
    let seconds = moment.seconds.checked_sub(offset)?;
    let moment = Moment::new(seconds, moment.nanoseconds)?;
    (timed && rest.0.is_empty()).then_some(moment)
}

pub(crate) fn without_zone(text: &str) -> Option<Moment> {
    let mut rest = Rest(text.as_bytes());
    let (moment, _) = local(&mut rest)?;
    rest.0.is_empty().then_some(moment)
}
