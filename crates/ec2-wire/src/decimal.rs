//! Decimal numbers as clients write them.

mod nearest;

/// A number such as `1.5`, `+.5`, `2.` or `1e-05`; `None` for what is none.
///
/// Rounded to the nearest number there is, so that what is written again is what was read.
///
/// ```
/// assert_eq!(ec2_wire::decimal("+.5e1"), Some(5.0));
/// assert_eq!(ec2_wire::decimal("five"), None);
/// ```
#[must_use]
pub fn decimal(text: &str) -> Option<f64> {
    let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    let (negative, unsigned) = match text.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, text.strip_prefix('+').unwrap_or(text)),
    };
    let (mantissa, exponent) = unsigned.split_once(['e', 'E']).unwrap_or((unsigned, "0"));
    let (whole, part) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    if whole.len() + part.len() == 0 || !digits(whole) || !digits(part) {
        return None;
    }
    let (below_one, size) = match exponent.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, exponent.strip_prefix('+').unwrap_or(exponent)),
    };
    if size.is_empty() || !digits(size) {
        return None;
    }
    // Whoever writes a larger one means nothing that there is.
    let size: i64 = size.parse().unwrap_or(i64::MAX / 4);
    let exponent = if below_one { -size } else { size };
    let number = nearest::nearest(
        whole.bytes().chain(part.bytes()).map(|byte| byte - b'0'),
        exponent.saturating_sub(part.len() as i64),
    )?;
    Some(if negative { -number } else { number })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_read_as_the_standard_library_reads_them() {
        for text in [
            "0",
            "1",
            "-1",
            "+1",
            "007",
            "1.5",
            ".5",
            "-.5",
            "2.",
            "1e3",
            "1E3",
            "1e-05",
            "1.25e+2",
            "-0",
            "1700000000.123",
            "0.1",
            "123456.789",
            "000",
            "00.10",
        ] {
            assert_eq!(decimal(text), text.parse().ok(), "{text}");
        }
    }

    #[test]
    fn what_is_no_finite_number_is_refused() {
        for text in [
            "", ".", "-", "+", "e5", ".e5", "1e", "1e+", "1.2.3", "0x10", "1_000", " 1", "1 ",
            "--1", "+-1", "inf", "NaN", "1e999", "1e5.0", "\u{0661}",
        ] {
            assert_eq!(decimal(text), None, "{text}");
        }
    }
}
