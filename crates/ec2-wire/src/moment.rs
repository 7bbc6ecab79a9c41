//! Timestamps as EC2 writes and reads them.

use ::moment::Moment;

/// A moment that a client sent, as RFC 3339 text; `None` if the text is no moment.
///
/// Clients send `2021-09-29T11:04:43.305Z`, leave out the zone, send the day alone, or seconds since 1970.
pub(crate) fn read(text: &str) -> Option<String> {
    let trimmed = text.trim();
    if Moment::with_zone(trimmed).is_some() {
        return Some(trimmed.to_owned());
    }
    parse(trimmed).map(|moment| moment.to_string())
}

fn parse(text: &str) -> Option<Moment> {
    if let Some(moment) = Moment::with_zone(text) {
        return Some(moment);
    }
    if let Some(seconds) = crate::decimal::decimal(text) {
        return from_seconds(seconds);
    }
    Moment::without_zone(text)
}

/// Appends the moment as EC2 answers it, `2021-09-29T11:04:43.305Z`; a text that is no moment is appended as it is.
pub(crate) fn write(out: &mut String, text: &str) {
    if let Some(head) = plain_seconds(text) {
        out.push_str(head);
        out.push_str(".000Z");
    } else if is_exact(text) {
        out.push_str(text);
    } else if let Some(head) = plain_microseconds(text) {
        out.push_str(head);
        out.push('Z');
    } else if let Some(moment) = parse(text) {
        write_moment(out, moment);
    } else {
        crate::xml::escape_into(out, text);
    }
}

/// Appends a moment given in seconds since 1970.
pub(crate) fn write_seconds(out: &mut String, seconds: f64) {
    if let Some(moment) = from_seconds(seconds) {
        write_moment(out, moment);
    }
}

fn from_seconds(seconds: f64) -> Option<Moment> {
    let milliseconds = (seconds * 1000.0).round();
    // Beyond this the conversion below would saturate; the years 0 to 9999 are well within.
    if !(-1e15..1e15).contains(&milliseconds) {
        return None;
    }
    Moment::from_milliseconds(milliseconds as i64)
}

fn write_moment(out: &mut String, moment: Moment) {
    out.push_str(&moment.ec2());
}

/// The part before `Z` of a text of the form `2021-09-29T11:04:43Z`.
fn plain_seconds(text: &str) -> Option<&str> {
    let head = text.strip_suffix('Z')?;
    (head.len() == 19 && has_form(head, b"0000-00-00T00:00:00")).then_some(head)
}

/// The part up to the milliseconds of a text of the form `2021-09-29T11:04:43.305999`, as Nova and Cinder write it.
fn plain_microseconds(text: &str) -> Option<&str> {
    let head = text.strip_suffix('Z').unwrap_or(text);
    let form = b"0000-00-00T00:00:00.000000";
    let fits = head.len() == form.len() && has_form(head, form);
    fits.then(|| head.get(..23)).flatten()
}

fn is_exact(text: &str) -> bool {
    text.len() == 24 && has_form(text, b"0000-00-00T00:00:00.000Z")
}

fn has_form(text: &str, form: &[u8]) -> bool {
    text.bytes().zip(form).all(|(byte, want)| {
        if *want == b'0' {
            byte.is_ascii_digit()
        } else {
            byte == *want
        }
    })
}

#[cfg(test)]
mod tests {
    #[test]
    fn reads_what_clients_send() {
        let cases = [
            ("2021-09-29T11:04:43.305Z", Some("2021-09-29T11:04:43.305Z")),
            (
                "2021-09-29T11:04:43+02:00",
                Some("2021-09-29T11:04:43+02:00"),
            ),
            ("2021-09-29T11:04:43", Some("2021-09-29T11:04:43Z")),
            ("2021-09-29", Some("2021-09-29T00:00:00Z")),
            ("1632913483", Some("2021-09-29T11:04:43Z")),
            ("yesterday", None),
            ("", None),
            ("1e300", None),
            ("NaN", None),
        ];
        for (text, moment) in cases {
            assert_eq!(super::read(text).as_deref(), moment, "{text}");
        }
    }

    #[test]
    fn writes_milliseconds_and_z() {
        let cases = [
            ("2021-09-29T11:04:43Z", "2021-09-29T11:04:43.000Z"),
            ("2021-09-29T11:04:43.305Z", "2021-09-29T11:04:43.305Z"),
            (
                "2021-09-29T11:04:43.305999+00:00",
                "2021-09-29T11:04:43.305Z",
            ),
            ("2021-09-29T11:04:43.305999", "2021-09-29T11:04:43.305Z"),
            ("2021-09-29T11:04:43.305999Z", "2021-09-29T11:04:43.305Z"),
            ("2021-09-29T11:04:43.12", "2021-09-29T11:04:43.120Z"),
            ("2021-09-29T13:04:43+02:00", "2021-09-29T11:04:43.000Z"),
            ("soon <", "soon &lt;"),
        ];
        for (text, moment) in cases {
            let mut out = String::new();
            super::write(&mut out, text);
            assert_eq!(out, moment, "{text}");
        }
    }
}
