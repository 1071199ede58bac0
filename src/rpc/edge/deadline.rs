//! How long a caller waits: `grpc-timeout` and `Connect-Timeout-Ms`.

use std::time::Duration;

use http::HeaderMap;

/// No timeout is longer, so that adding it to a time cannot overflow.
const LONGEST: Duration = Duration::from_hours(365 * 24);

/// The timeout of a request; none where there is none, or it cannot be read.
pub fn timeout(headers: &HeaderMap) -> Option<Duration> {
    let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    let asked = text("grpc-timeout").and_then(grpc).or_else(|| text("connect-timeout-ms").and_then(connect));
    asked.map(|timeout| timeout.min(LONGEST))
}

/// At most eight digits and a unit.
fn grpc(text: &str) -> Option<Duration> {
    let (digits, unit) = text.split_at_checked(text.len().checked_sub(1)?)?;
    let number = number(digits, 8)?;
    match unit {
        "H" => number.checked_mul(3600).map(Duration::from_secs),
        "M" => number.checked_mul(60).map(Duration::from_secs),
        "S" => Some(Duration::from_secs(number)),
        "m" => Some(Duration::from_millis(number)),
        "u" => Some(Duration::from_micros(number)),
        "n" => Some(Duration::from_nanos(number)),
        _ => None,
    }
}

/// Milliseconds, at most ten digits.
fn connect(text: &str) -> Option<Duration> {
    number(text, 10).map(Duration::from_millis)
}

fn number(digits: &str, most: usize) -> Option<u64> {
    let plain = !digits.is_empty() && digits.len() <= most && digits.bytes().all(|byte| byte.is_ascii_digit());
    digits.parse().ok().filter(|_| plain)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn timeouts_are_read_as_the_protocols_write_them() {
        let cases = [
            ("grpc-timeout", "5S", Some(Duration::from_secs(5))),
            ("grpc-timeout", "100m", Some(Duration::from_millis(100))),
            ("grpc-timeout", "1H", Some(Duration::from_hours(1))),
            ("grpc-timeout", "2M", Some(Duration::from_mins(2))),
            ("grpc-timeout", "82u", Some(Duration::from_micros(82))),
            ("grpc-timeout", "99999999n", Some(Duration::from_nanos(99_999_999))),
            ("grpc-timeout", "99999999H", Some(LONGEST)),
            ("grpc-timeout", "0S", Some(Duration::ZERO)),
            ("grpc-timeout", "123456789S", None),
            ("grpc-timeout", "S", None),
            ("grpc-timeout", "", None),
            ("grpc-timeout", "5", None),
            ("grpc-timeout", "-5S", None),
            ("grpc-timeout", "+5S", None),
            ("grpc-timeout", "5s", None),
            ("grpc-timeout", "5秒", None),
            ("connect-timeout-ms", "1500", Some(Duration::from_millis(1500))),
            ("connect-timeout-ms", "9999999999", Some(Duration::from_millis(9_999_999_999))),
            ("connect-timeout-ms", "12345678901", None),
            ("connect-timeout-ms", "1.5", None),
        ];
        for (name, value, expected) in cases {
            let mut headers = HeaderMap::new();
            headers.insert(name, http::HeaderValue::from_bytes(value.as_bytes()).unwrap());
            assert_eq!(timeout(&headers), expected, "{name}: {value}");
        }
    }
}
