//! The address of a page within the page: what stands behind `#` in the browser's address.
//!
//! | fragment | page |
//! |---|---|
//! | nothing, `#/`, `#/?…` | the playground, with what the address says of its state |
//! | `#/action` | the actions with a rule |
//! | `#/action/RunInstances`, `…/parameters` | how an action is translated, a part of that |
//! | `#/learn`, `#/learn/first-call` | the course, one lesson of it |
//! | `#/live` | requests that pass through the gateway |

use percent_encoding::{AsciiSet, CONTROLS, percent_decode_str, utf8_percent_encode};

/// What a fragment must not hold as it stands; the rest of ASCII stays legible.
const HIDDEN: &AsciiSet = &CONTROLS
    .add(b' ')
    .add(b'"')
    .add(b'#')
    .add(b'%')
    .add(b'&')
    .add(b'+')
    .add(b'<')
    .add(b'>')
    .add(b'`');

/// One page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Route {
    /// The playground; pairs after the question mark, in order.
    Playground(Vec<(String, String)>),
    /// The list of documented actions.
    Actions,
    /// The documentation of an EC2 action, and the part of it to look at.
    Action(String, Option<String>),
    /// The course.
    Lessons,
    /// One lesson, by name.
    Lesson(String),
    /// The gateway's live view.
    Live,
    /// No page has this address.
    Unknown(String),
}

impl Route {
    /// The page of a fragment, with or without its `#`.
    pub fn read(fragment: &str) -> Self {
        let fragment = fragment.strip_prefix('#').unwrap_or(fragment);
        let (path, query) = fragment.split_once('?').unwrap_or((fragment, ""));
        let parts: Vec<String> = path
            .split('/')
            .filter(|part| !part.is_empty())
            .map(decoded)
            .collect();
        let parts: Vec<&str> = parts.iter().map(String::as_str).collect();
        match parts.as_slice() {
            [] => Self::Playground(pairs(query)),
            ["action"] => Self::Actions,
            ["action", name] => Self::Action((*name).to_owned(), None),
            ["action", name, part] => Self::Action((*name).to_owned(), Some((*part).to_owned())),
            ["learn"] => Self::Lessons,
            ["learn", name] => Self::Lesson((*name).to_owned()),
            ["live"] => Self::Live,
            _ => Self::Unknown(path.to_owned()),
        }
    }

    /// The fragment of the page, `#` included.
    pub fn written(&self) -> String {
        match self {
            Self::Playground(pairs) if pairs.is_empty() => "#/".into(),
            Self::Playground(pairs) => {
                let pairs = pairs.iter().map(|(name, value)| match value.as_str() {
                    "" => encoded(name),
                    value => format!("{}={}", encoded(name), encoded(value)),
                });
                format!("#/?{}", pairs.collect::<Vec<_>>().join("&"))
            }
            Self::Actions => "#/action".into(),
            Self::Action(name, None) => format!("#/action/{}", encoded(name)),
            Self::Action(name, Some(part)) => {
                format!("#/action/{}/{}", encoded(name), encoded(part))
            }
            Self::Lessons => "#/learn".into(),
            Self::Lesson(name) => format!("#/learn/{}", encoded(name)),
            Self::Live => "#/live".into(),
            Self::Unknown(path) => format!("#{path}"),
        }
    }

    /// The value of a pair of the playground's address.
    pub fn value(&self, name: &str) -> Option<&str> {
        match self {
            Self::Playground(pairs) => pairs
                .iter()
                .find(|(known, _)| known == name)
                .map(|(_, value)| value.as_str()),
            _ => None,
        }
    }

    /// Whether it is the playground, whatever its state.
    pub fn is_playground(&self) -> bool {
        matches!(self, Self::Playground(_))
    }
}

fn pairs(query: &str) -> Vec<(String, String)> {
    query
        .split('&')
        .filter(|pair| !pair.is_empty())
        .map(|pair| {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            (decoded(name), decoded(value))
        })
        .collect()
}

fn decoded(text: &str) -> String {
    // Mail programs and people write a space as `+`.
    let text = text.replace('+', " ");
    percent_decode_str(&text).decode_utf8_lossy().into_owned()
}

fn encoded(text: &str) -> String {
    utf8_percent_encode(text, HIDDEN).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pair(name: &str, value: &str) -> (String, String) {
        (name.into(), value.into())
    }

    #[test]
    fn every_page_has_its_address() {
        for (fragment, route) in [
            ("#/", Route::Playground(vec![])),
            ("#/?safe", Route::Playground(vec![pair("safe", "")])),
            (
                "#/?text=Action=DescribeVpcs%26X=a%2Bb%20c&as=query",
                Route::Playground(vec![
                    pair("text", "Action=DescribeVpcs&X=a+b c"),
                    pair("as", "query"),
                ]),
            ),
            (
                "#/action/RunInstances",
                Route::Action("RunInstances".into(), None),
            ),
            ("#/action", Route::Actions),
            (
                "#/action/RunInstances/gaps",
                Route::Action("RunInstances".into(), Some("gaps".into())),
            ),
            ("#/learn", Route::Lessons),
            ("#/learn/ports", Route::Lesson("ports".into())),
            ("#/live", Route::Live),
            ("#/nothing/here", Route::Unknown("/nothing/here".into())),
        ] {
            assert_eq!(Route::read(fragment), route, "{fragment}");
            assert_eq!(route.written(), fragment);
        }
    }

    #[test]
    fn an_address_is_read_as_people_write_it() {
        for fragment in ["", "#", "/", "#/", "#//"] {
            assert_eq!(
                Route::read(fragment),
                Route::Playground(vec![]),
                "{fragment}"
            );
        }
        assert_eq!(Route::read("#learn/"), Route::Lessons);
        assert_eq!(
            Route::read("#/?text=aws+ec2+describe-vpcs").value("text"),
            Some("aws ec2 describe-vpcs")
        );
        assert_eq!(Route::read("#/learn").value("text"), None);
    }

    proptest::proptest! {
        #[test]
        fn what_is_written_is_read_again(name in "[a-z]{1,4}", value in "\\PC{1,40}") {
            let route = Route::Playground(vec![(name, value)]);
            proptest::prop_assert_eq!(Route::read(&route.written()), route);
        }

        #[test]
        fn any_fragment_has_a_page(fragment in "\\PC{0,60}") {
            Route::read(&fragment).written();
        }
    }
}
