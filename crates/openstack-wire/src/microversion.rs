//! Microversions: what a service offers, and which of them a call takes.

use serde_json::Value;

use crate::Reply;

/// A microversion, `2.96`. It sorts by number, not by text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Microversion {
    /// The part before the dot.
    pub major: u32,
    /// The part after the dot.
    pub minor: u32,
}

impl Microversion {
    /// Reads `2.96`; `None` for anything else.
    ///
    /// ```
    /// use openstack_wire::microversion::Microversion;
    /// let read = |text| Microversion::read(text).unwrap();
    /// assert!(read("2.9") < read("2.10"));
    /// assert_eq!(Microversion::read("latest"), None);
    /// ```
    pub fn read(text: &str) -> Option<Self> {
        let (major, minor) = text.trim().split_once('.')?;
        Some(Self {
            major: major.parse().ok()?,
            minor: minor.parse().ok()?,
        })
    }
}

impl std::fmt::Display for Microversion {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}.{}", self.major, self.minor)
    }
}

/// What a service offers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Offer {
    /// The oldest.
    pub least: Microversion,
    /// The newest.
    pub most: Microversion,
}

impl Offer {
    /// Reads a version document: of one version, `{"version": {…}}`, or a list, `{"versions": […]}`. In a list the newest
    /// version that has microversions counts. `None` if the reply is an error or names no microversions.
    pub fn from_reply(reply: &Reply) -> Option<Self> {
        // A list of several versions comes with status 300.
        if !(200..=300).contains(&reply.status) {
            return None;
        }
        let body: Value = serde_json::from_str(&reply.body).ok()?;
        let one = |entry: &Value| {
            let read = |name: &str| Microversion::read(entry.get(name)?.as_str()?);
            Some(Self {
                least: read("min_version")?,
                most: read("version").or_else(|| read("max_version"))?,
            })
        };
        match body.get("version") {
            Some(entry) => one(entry),
            None => body
                .get("versions")?
                .as_array()?
                .iter()
                .filter_map(one)
                .max_by_key(|offer| offer.most),
        }
    }

    /// The microversion for a call that was written for `wanted`: that one, or the newest where the service is older.
    pub fn nearest(&self, wanted: Microversion) -> Microversion {
        if wanted.major == self.most.major {
            wanted.min(self.most)
        } else {
            wanted
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn offer(status: u16, body: &str) -> Option<(String, String)> {
        let reply = Reply {
            status,
            headers: vec![],
            body: body.into(),
        };
        Offer::from_reply(&reply).map(|offer| (offer.least.to_string(), offer.most.to_string()))
    }

    #[test]
    fn version_documents_are_read() {
        let nova =
            r#"{"version": {"id": "v2.1", "version": "2.104", "min_version": "2.1", "links": []}}"#;
        let cinder = r#"{"versions": [
            {"id": "v2.0", "version": "", "min_version": ""},
            {"id": "v3.0", "version": "3.71", "min_version": "3.0"}
        ]}"#;
        let cases = [
            (200, nova, Some(("2.1", "2.104"))),
            (200, cinder, Some(("3.0", "3.71"))),
            (300, cinder, Some(("3.0", "3.71"))),
            (401, nova, None),
            (200, r#"{"versions": [{"id": "v2.0"}]}"#, None),
            (200, r#"{"versions": {}}"#, None),
            (200, "<html>", None),
            (200, "[]", None),
        ];
        for (status, body, expected) in cases {
            let expected = expected.map(|(least, most)| (least.to_owned(), most.to_owned()));
            assert_eq!(offer(status, body), expected, "{status} {body}");
        }
    }

    #[test]
    fn an_older_service_is_asked_for_its_newest() {
        let read = |text| Microversion::read(text).expect("a microversion");
        let offer = Offer {
            least: read("2.1"),
            most: read("2.90"),
        };
        for (wanted, expected) in [("2.96", "2.90"), ("2.47", "2.47"), ("3.59", "3.59")] {
            assert_eq!(offer.nearest(read(wanted)).to_string(), expected);
        }
    }
}
