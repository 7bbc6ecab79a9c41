//! Times as OpenStack writes them and as EC2 shows them. No clock: every time is an argument.

use moment::Moment;

/// `2026-11-22T10:00:00Z` of milliseconds since the epoch.
pub fn rfc3339_seconds(milliseconds: i64) -> String {
    let seconds = milliseconds.div_euclid(1000);
    Moment::from_seconds(seconds)
        .map(|time| time.to_string())
        .unwrap_or_default()
}

/// A time of any OpenStack service as EC2 shows it, `2026-11-22T10:00:00.000Z`; `None` if it is no time.
pub fn ec2_time(text: &str) -> Option<String> {
    let bytes = text.as_bytes();
    if bytes.len() < 19
        || bytes.get(4) != Some(&b'-')
        || !matches!(bytes.get(10), Some(b'T' | b' '))
    {
        return None;
    }
    // Cinder leaves the zone out; it means UTC.
    Moment::read(text).map(Moment::ec2)
}

/// Milliseconds since the epoch of a time of any OpenStack service; `None` if it is no time.
pub fn milliseconds(text: &str) -> Option<i64> {
    Moment::read(text).map(Moment::milliseconds)
}

#[cfg(test)]
mod tests {
    use super::{ec2_time, rfc3339_seconds};

    #[test]
    fn times_of_every_service_look_the_same_to_ec2() {
        for text in [
            "2026-11-22T10:00:00Z",
            "2026-11-22T10:00:00.000000",
            "2026-11-22 10:00:00",
            "2026-11-22T11:00:00+01:00",
        ] {
            assert_eq!(
                ec2_time(text).as_deref(),
                Some("2026-11-22T10:00:00.000Z"),
                "{text}"
            );
        }
        assert_eq!(ec2_time("web-1"), None);
        assert_eq!(rfc3339_seconds(1_795_341_600_123), "2026-11-22T10:00:00Z");
    }
}
