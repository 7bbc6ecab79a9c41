//! A session as a link, and back. Everything stands behind `#`, which browsers send to nobody.
//!
//! `#/?s=1.…` holds a whole session: the version of the format, then JSON, deflated, as Base64 for addresses. Beside it, or
//! alone, plain pairs may stand, which people and documents can write: `text`, `as` (dialect), `calls` (how they are
//! written), `at` (a place), `open` (a call's number), `part`.
//!
//! A link that once worked works for ever: readers of old versions stay, members get no new meaning, and unknown ones are
//! passed over. `tests/browser/frozen-links.json` holds links of every version.

use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD as BASE64;
use ingest::Dialect;
use miniz_oxide::deflate::compress_to_vec;
use miniz_oxide::inflate::decompress_to_vec_with_limit;
use openstack_wire::render::Style;

use crate::keep::Kept;
use crate::part::Part;
use crate::route::Route;

/// The version that is written.
const VERSION: &str = "1";
/// Compression, 0 to 10: links are short, so the best.
const LEVEL: u8 = 9;
/// Most bytes that a link may unfold to.
const LARGEST: usize = 4 << 20;

/// The address of a session, below a page's own address.
pub fn written(kept: &Kept) -> String {
    let json = serde_json::to_vec(kept).unwrap_or_default();
    let packed = BASE64.encode(compress_to_vec(&json, LEVEL));
    format!("#/?s={VERSION}.{packed}")
}

/// The session that an address names; `None` if it names none, a sentence if it cannot be read.
pub fn read(route: &Route) -> Option<Result<Kept, String>> {
    let Route::Playground(pairs) = route else {
        return None;
    };
    let mut kept = match route.value("s") {
        Some(packed) => match unpacked(packed) {
            Ok(kept) => kept,
            Err(sentence) => return Some(Err(sentence)),
        },
        None if route.value("text").is_some() => Kept::default(),
        None => return None,
    };
    for (name, value) in pairs {
        match name.as_str() {
            "text" => kept.text.clone_from(value),
            "as" => kept.dialect = named::<Dialect>(value),
            "ids" => kept.wish.as_given = value == "given",
            "calls" => kept.style = named::<Style>(value),
            "at" => kept.focus = Some(value.clone()),
            "open" => kept.opened.extend(
                value
                    .split(',')
                    .filter_map(|number| Some((number.parse::<u32>().ok()?.checked_sub(1)?, true))),
            ),
            "part" => kept.part = named::<Part>(value).unwrap_or_default(),
            _ => {}
        }
    }
    Some(Ok(kept))
}

/// A name as links write it.
fn named<T: serde::de::DeserializeOwned>(name: &str) -> Option<T> {
    serde_json::from_value(name.into()).ok()
}

fn unpacked(packed: &str) -> Result<Kept, String> {
    let damaged = || "This link is damaged: a part of it is missing or changed. Ask for it again, or copy it whole.";
    let (version, packed) = packed.split_once('.').ok_or_else(damaged)?;
    if version != VERSION {
        return Err(match version.parse::<u32>() {
            Ok(_) => format!(
                "This link is of version {version}; this page reads version {VERSION}. Open it with a newer page."
            ),
            Err(_) => damaged().into(),
        });
    }
    // Programs that break long lines leave blanks behind.
    let packed: String = packed.split_whitespace().collect();
    let bytes = BASE64
        .decode(packed.trim_end_matches('='))
        .map_err(|_| damaged())?;
    let json = decompress_to_vec_with_limit(&bytes, LARGEST).map_err(|_| damaged())?;
    let json = String::from_utf8(json).map_err(|_| damaged())?;
    Kept::read(&json).ok_or_else(|| damaged().into())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::keep::Sent;

    fn kept() -> Kept {
        Kept {
            text: "aws ec2 describe-vpcs".into(),
            dialect: Some(Dialect::Cli),
            style: Some(Style::Curl),
            focus: Some("a/Vpcs/0/VpcId".into()),
            part: Part::Answer,
            opened: [(1, true)].into(),
            started: 1_795_000_000_000,
            sent: vec![Sent {
                text: "Action=CreateVpc&CidrBlock=10.0.0.0/16".into(),
                ..Sent::default()
            }],
            ..Kept::default()
        }
    }

    #[test]
    fn a_link_says_everything_again() {
        let link = written(&kept());
        assert_eq!(read(&Route::read(&link)), Some(Ok(kept())), "{link}");
        assert!(link.starts_with("#/?s=1.") && link.len() < 500, "{link}");
    }

    #[test]
    fn plain_pairs_are_read_alone_and_over_a_session() {
        let plain = "#/?text=Action=DescribeVpcs%26MaxResults=5&as=query&calls=openstacksdk&at=q/MaxResults&open=1,3&part=calls";
        let read_plain = read(&Route::read(plain)).unwrap().unwrap();
        assert_eq!(read_plain.text, "Action=DescribeVpcs&MaxResults=5");
        assert_eq!(read_plain.dialect, Some(Dialect::Query));
        assert_eq!(read_plain.opened, [(0, true), (2, true)].into());
        assert_eq!(read_plain.part, Part::Calls);
        let over = format!("{}&part=cloud&at=q/X", written(&kept()));
        let over = read(&Route::read(&over)).unwrap().unwrap();
        assert_eq!(
            (over.part, over.focus.as_deref()),
            (Part::Cloud, Some("q/X"))
        );
        assert_eq!(over.text, kept().text);
        for none in ["#/", "#/?safe", "#/learn", "#/?part=calls"] {
            assert_eq!(read(&Route::read(none)), None, "{none}");
        }
    }

    #[test]
    fn what_cannot_be_read_is_said() {
        let link = written(&kept());
        let cut = &link[..link.len() - 9];
        for (link, says) in [
            (cut.to_owned(), "damaged"),
            ("#/?s=1.AAAA".to_owned(), "damaged"),
            ("#/?s=nothing".to_owned(), "damaged"),
            (link.replacen("s=1.", "s=2.", 1), "newer page"),
        ] {
            let said = read(&Route::read(&link)).unwrap().unwrap_err();
            assert!(said.contains(says), "{link}: {said}");
        }
        // Wrapped by a mail program.
        let wrapped = format!("{}%20%0A{}", &link[..40], &link[40..]);
        assert_eq!(read(&Route::read(&wrapped)), Some(Ok(kept())));
    }

    #[test]
    fn a_link_cannot_unfold_without_end() {
        let bomb = BASE64.encode(compress_to_vec(&vec![b' '; LARGEST + 10], 9));
        let said = read(&Route::read(&format!("#/?s=1.{bomb}")));
        assert!(said.unwrap().is_err());
    }

    proptest::proptest! {
        #[test]
        fn any_text_comes_back(text in "\\PC{0,300}") {
            let session = Kept { text, ..kept() };
            proptest::prop_assert_eq!(read(&Route::read(&written(&session))), Some(Ok(session)));
        }

        #[test]
        fn any_address_is_read_without_harm(packed in "[A-Za-z0-9_.%-]{0,80}") {
            let _ = read(&Route::read(&format!("#/?s=1.{packed}")));
        }
    }
}
