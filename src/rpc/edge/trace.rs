//! `traceparent` (W3C Trace Context): the name under which several services tell of one request.

use http::{HeaderMap, HeaderName, HeaderValue};
use ulid::Ulid;

/// Carried on by whoever calls; answered so that a client can report it.
pub const TRACEPARENT: HeaderName = HeaderName::from_static("traceparent");

/// The trace a request belongs to: the header of the answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Trace(String);

impl Trace {
    /// The caller's trace, or a new one where the header is missing or malformed; this service's part of it is new.
    pub fn of(headers: &HeaderMap) -> Self {
        let random = Ulid::generate().0;
        // The last digits of a ULID are the random ones.
        let span = random & u128::from(u64::MAX);
        let given = headers.get(TRACEPARENT).and_then(|value| value.to_str().ok()).and_then(parsed);
        Trace(match given {
            Some((id, flags)) => format!("00-{id}-{span:016x}-{flags}"),
            None => format!("00-{random:032x}-{span:016x}-00"),
        })
    }

    /// 32 hexadecimal digits.
    pub fn id(&self) -> &str {
        self.0.get(3..35).unwrap_or_default()
    }

    pub fn header(&self) -> Option<HeaderValue> {
        HeaderValue::from_str(&self.0).ok()
    }
}

fn parsed(text: &str) -> Option<(&str, &str)> {
    let mut parts = text.trim().split('-');
    let (version, id, parent, flags) = (parts.next()?, parts.next()?, parts.next()?, parts.next()?);
    let hex = |part: &str, length: usize| {
        part.len() == length && part.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'))
    };
    let zero = |part: &str| part.bytes().all(|byte| byte == b'0');
    // Later versions may have further parts; version ff is none.
    let sound = hex(version, 2) && version != "ff" && hex(id, 32) && !zero(id) && hex(parent, 16) && !zero(parent);
    let ends = version != "00" || parts.next().is_none();
    (sound && ends && hex(flags, 2)).then_some((id, flags))
}

#[cfg(test)]
mod tests {
    use super::*;

    const GIVEN: &str = "4bf92f3577b34da6a3ce929d0e0e4736";

    fn trace(header: &str) -> Trace {
        let mut headers = HeaderMap::new();
        headers.insert(TRACEPARENT, HeaderValue::from_str(header).unwrap());
        Trace::of(&headers)
    }

    #[test]
    fn a_callers_trace_is_carried_on_under_a_span_of_our_own() {
        for header in [format!("00-{GIVEN}-00f067aa0ba902b7-01"), format!("cc-{GIVEN}-00f067aa0ba902b7-01-what-comes")]
        {
            let trace = trace(&header);
            assert_eq!(trace.id(), GIVEN);
            let answered = trace.header().unwrap();
            let answered = answered.to_str().unwrap();
            assert!(answered.starts_with(&format!("00-{GIVEN}-")) && answered.ends_with("-01"), "{answered}");
            assert!(!answered.contains("00f067aa0ba902b7"));
        }
    }

    #[test]
    fn what_is_no_traceparent_begins_a_new_trace() {
        let bad = [
            String::new(),
            "00".to_owned(),
            format!("00-{GIVEN}-00f067aa0ba902b7"),
            format!("00-{GIVEN}-00f067aa0ba902b7-01-more"),
            format!("ff-{GIVEN}-00f067aa0ba902b7-01"),
            format!("00-{}-00f067aa0ba902b7-01", GIVEN.to_uppercase()),
            format!("00-{}-00f067aa0ba902b7-01", "0".repeat(32)),
            format!("00-{GIVEN}-0000000000000000-01"),
        ];
        for header in bad {
            let trace = trace(&header);
            assert_ne!(trace.id(), GIVEN, "{header}");
            assert!(parsed(trace.header().unwrap().to_str().unwrap()).is_some(), "{trace:?}");
        }
        assert_ne!(trace("").id(), trace("").id());
    }
}
