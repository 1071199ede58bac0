//! Which web pages may call.
//!
//! A browser says whose page a call comes from. Pages of other sites are answered only when the operator named them
//! (`--allow-origin`); the console's own pages come from the address that they call. So a page that somebody opens
//! beside heng cannot read or store forms with the reader's access, nor can a name that was pointed at this machine.

use std::net::IpAddr;

use http::header::{HOST, ORIGIN};
use http::{HeaderMap, HeaderName, HeaderValue, Method, Uri};
use tower_http::cors::{AllowOrigin, CorsLayer};

use super::trace::TRACEPARENT;

/// Pages that may call besides our own: `https://bureau.example`.
#[derive(Debug, Clone, Default)]
pub struct Origins(Vec<HeaderValue>);

impl Origins {
    /// What a page may be named as: `https://HOST` or `http://HOST:PORT`; the first that is none is given back.
    pub fn parse(origins: &[String]) -> Result<Self, String> {
        let parsed = origins.iter().map(|origin| {
            let authority = origin.strip_prefix("https://").or_else(|| origin.strip_prefix("http://"));
            let plain = authority.is_some_and(|authority| !authority.is_empty() && !authority.contains(['/', '*']));
            HeaderValue::from_str(origin).ok().filter(|_| plain).ok_or_else(|| origin.clone())
        });
        parsed.collect::<Result<_, _>>().map(Origins)
    }

    /// Whether the page that a request comes from may call; a request that comes from no page may.
    pub fn admit(&self, headers: &HeaderMap, uri: &Uri) -> bool {
        let Some(origin) = headers.get(ORIGIN) else { return true };
        self.0.contains(origin) || is_own(origin, headers, uri)
    }

    /// What tells browsers about it; nothing where no page is named.
    pub fn layer(&self) -> Option<CorsLayer> {
        if self.0.is_empty() {
            return None;
        }
        let asked = ["content-type", "connect-protocol-version", "connect-timeout-ms", "grpc-timeout", "x-grpc-web"];
        let asked = asked.into_iter().map(HeaderName::from_static);
        let shown = ["grpc-status", "grpc-message", "grpc-status-details-bin"].map(HeaderName::from_static);
        let layer = CorsLayer::new()
            .allow_origin(AllowOrigin::list(self.0.clone()))
            .allow_methods([Method::POST])
            .allow_headers(asked.chain([HeaderName::from_static("x-user-agent"), TRACEPARENT]).collect::<Vec<_>>())
            .expose_headers(shown.into_iter().chain([TRACEPARENT]).collect::<Vec<_>>())
            .max_age(std::time::Duration::from_hours(2));
        Some(layer)
    }
}

/// A page that was served from the address it calls, by number or as localhost: a name could be anybody's.
fn is_own(origin: &HeaderValue, headers: &HeaderMap, uri: &Uri) -> bool {
    let called = uri.authority().map(http::uri::Authority::as_str);
    let called = called.or_else(|| headers.get(HOST)?.to_str().ok());
    let page = origin.to_str().ok().and_then(|origin| origin.split_once("://")).map(|(_, authority)| authority);
    let (Some(page), Some(called)) = (page, called) else { return false };
    let host = page.rsplit_once(':').filter(|(_, port)| port.bytes().all(|byte| byte.is_ascii_digit()));
    let host = host.map_or(page, |(host, _)| host);
    let numbered = host.trim_start_matches('[').trim_end_matches(']').parse::<IpAddr>().is_ok();
    page.eq_ignore_ascii_case(called) && (numbered || host.eq_ignore_ascii_case("localhost"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pages_of_others_may_not_call() {
        let origins = Origins::parse(&["https://bureau.example".to_owned()]).unwrap();
        let cases = [
            (None, "127.0.0.1:7878", true),
            (Some("https://bureau.example"), "127.0.0.1:7878", true),
            (Some("http://127.0.0.1:7878"), "127.0.0.1:7878", true),
            (Some("http://localhost:7878"), "localhost:7878", true),
            (Some("http://[::1]:7878"), "[::1]:7878", true),
            (Some("http://localhost:3000"), "localhost:7878", false),
            (Some("https://bureau.example.evil"), "127.0.0.1:7878", false),
            (Some("http://evil.example:7878"), "127.0.0.1:7878", false),
            // A name that was pointed at this machine.
            (Some("http://evil.example:7878"), "evil.example:7878", false),
            (Some("null"), "127.0.0.1:7878", false),
        ];
        for (origin, host, expected) in cases {
            let mut headers = HeaderMap::new();
            headers.insert(HOST, HeaderValue::from_static(host));
            if let Some(origin) = origin {
                headers.insert(ORIGIN, HeaderValue::from_static(origin));
            }
            assert_eq!(origins.admit(&headers, &Uri::from_static("/x")), expected, "{origin:?} at {host}");
        }
    }

    #[test]
    fn an_origin_is_a_scheme_and_a_host() {
        for good in ["https://bureau.example", "http://127.0.0.1:3000", "http://[::1]:3000"] {
            assert!(Origins::parse(&[good.to_owned()]).is_ok(), "{good}");
        }
        for bad in ["*", "bureau.example", "https://", "https://*.example", "https://bureau.example/", "http://a\nb"] {
            assert_eq!(Origins::parse(&[bad.to_owned()]).unwrap_err(), bad);
        }
    }
}
