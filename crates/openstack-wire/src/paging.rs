//! The next page of a list reply.
//!
//! Nova, Neutron and Cinder give a `next` link beside the list (`servers_links`), Glance a `next` path. Behind a
//! proxy the link may name a host that the client cannot reach, so only its query is taken: the resource is the same.

use std::collections::BTreeSet;

use percent_encoding::percent_decode_str;
use serde_json::Value;

use crate::Call;

/// The pages of one list, each visited once.
///
/// ```
/// use openstack_wire::{Call, Method, paging::Pages};
/// let first = Call::new(Method::Get, "compute", "/servers/detail");
/// let reply = serde_json::json!({
///     "servers": [{"id": "a"}],
///     "servers_links": [{"rel": "next", "href": "http://internal:8774/v2.1/servers/detail?limit=1&marker=a"}],
/// });
/// let mut pages = Pages::new(&first);
/// let second = pages.next(&first, &reply, "servers").unwrap().unwrap();
/// assert_eq!(second.path, "/servers/detail");
/// assert_eq!(second.query, [("limit".into(), "1".into()), ("marker".into(), "a".into())]);
/// // A service that links a page to itself would hold the client for ever.
/// assert!(pages.next(&second, &reply, "servers").is_err());
/// ```
#[derive(Clone, Debug, Default)]
pub struct Pages {
    visited: BTreeSet<Vec<(String, String)>>,
}

/// A `next` link that leads to a page already read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Loop {
    /// Path of the list.
    pub path: String,
}

impl std::fmt::Display for Loop {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(
            f,
            "the list {} links to a page that was already read",
            self.path
        )
    }
}

impl std::error::Error for Loop {}

impl Pages {
    /// Begins with the first page's call.
    pub fn new(first: &Call) -> Self {
        Self {
            visited: BTreeSet::from([first.query.clone()]),
        }
    }

    /// The call for the page after `call`, whose reply body is `body`; `None` on the last page.
    ///
    /// # Errors
    /// [`Loop`] when the link leads to a page this list has already read.
    pub fn next(&mut self, call: &Call, body: &Value, list: &str) -> Result<Option<Call>, Loop> {
        let Some(next) = next_page(call, body, list) else {
            return Ok(None);
        };
        if self.visited.insert(next.query.clone()) {
            Ok(Some(next))
        } else {
            Err(Loop {
                path: call.path.clone(),
            })
        }
    }
}

/// The call for the page after `call`, without regard to pages read before; `list` is the name of the list in the reply.
pub fn next_page(call: &Call, body: &Value, list: &str) -> Option<Call> {
    let link = link_beside(body, list).or_else(|| body.get("next").and_then(Value::as_str))?;
    let (_, query) = link.split_once('?')?;
    let query = query.split('#').next().unwrap_or_default();
    let pairs = query
        .split('&')
        .filter(|pair| !pair.is_empty())
        .map(|pair| {
            let (key, value) = pair.split_once('=').unwrap_or((pair, ""));
            (decoded(key), decoded(value))
        });
    Some(Call {
        query: pairs.collect(),
        ..call.clone()
    })
}

fn link_beside<'a>(body: &'a Value, list: &str) -> Option<&'a str> {
    let links = body.get(format!("{list}_links"))?.as_array()?;
    let next = links
        .iter()
        .find(|link| link.get("rel").and_then(Value::as_str) == Some("next"))?;
    next.get("href")?.as_str()
}

fn decoded(text: &str) -> String {
    percent_decode_str(&text.replace('+', " "))
        .decode_utf8_lossy()
        .into_owned()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::Method;

    fn query_of_next(path: &str, body: Value, list: &str) -> Option<Vec<(String, String)>> {
        let call = Call::new(Method::Get, "compute", path);
        next_page(&call, &body, list).map(|next| {
            assert_eq!(next.path, path, "the path stays the caller's");
            next.query
        })
    }

    #[test]
    fn links_of_every_service() {
        let next = |href: &str| json!([{"rel": "previous", "href": "http://h/x?page_reverse=True"}, {"rel": "next", "href": href}]);
        let pair = |k: &str, v: &str| (k.to_owned(), v.to_owned());
        let cases = [
            (
                "/servers/detail",
                json!({"servers_links": next("https://h/compute/v2.1/servers/detail?marker=a&limit=2")}),
                "servers",
                Some(vec![pair("marker", "a"), pair("limit", "2")]),
            ),
            (
                "/v2.0/ports",
                json!({"ports_links": next("http://h:9696/v2.0/ports?tags=a%2Cb+c&marker=p")}),
                "ports",
                Some(vec![pair("tags", "a,b c"), pair("marker", "p")]),
            ),
            (
                "/v2/images",
                json!({"next": "/v2/images?marker=i", "first": "/v2/images"}),
                "images",
                Some(vec![pair("marker", "i")]),
            ),
            ("/v2/images", json!({"first": "/v2/images"}), "images", None),
            (
                "/volumes/detail",
                json!({"volumes_links": []}),
                "volumes",
                None,
            ),
            (
                "/volumes/detail",
                json!({"volumes_links": [{"rel": "next"}]}),
                "volumes",
                None,
            ),
            (
                "/volumes/detail",
                json!({"volumes_links": "odd"}),
                "volumes",
                None,
            ),
            ("/volumes/detail", json!([]), "volumes", None),
            (
                "/servers",
                json!({"servers_links": next("http://h/servers")}),
                "servers",
                None,
            ),
            (
                "/servers",
                json!({"servers_links": next("?a&&b=%FF#x")}),
                "servers",
                Some(vec![pair("a", ""), pair("b", "\u{fffd}")]),
            ),
        ];
        for (path, body, list, expected) in cases {
            assert_eq!(query_of_next(path, body.clone(), list), expected, "{body}");
        }
    }

    #[test]
    fn a_longer_loop_ends() {
        let first = Call::new(Method::Get, "network", "/v2.0/ports");
        let page = |marker: &str| json!({"ports_links": [{"rel": "next", "href": format!("http://h/v2.0/ports?marker={marker}")}]});
        let mut pages = Pages::new(&first);
        let second = pages.next(&first, &page("a"), "ports").unwrap().unwrap();
        let third = pages.next(&second, &page("b"), "ports").unwrap().unwrap();
        let error = pages.next(&third, &page("a"), "ports").unwrap_err();
        assert_eq!(
            error.to_string(),
            "the list /v2.0/ports links to a page that was already read"
        );
    }
}
