//! The page's files, embedded in the binary.

use std::borrow::Cow;

use axum::body::Body;
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use axum::response::{IntoResponse, Response};
use rust_embed::RustEmbed;

/// The built bundle; empty in a checkout where the page was not built.
#[derive(RustEmbed)]
#[folder = "../../www/dist"]
#[allow_missing = true]
struct Bundle;

/// What the page may load and run: its own files and nothing else.
const POLICY: &str = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; img-src 'self' data:; \
                      connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

const WITHOUT_BUNDLE: &str = "<!doctype html>\n<html lang=\"en\">\n<meta charset=\"utf-8\">\n<title>Stacklens</title>\n\
    <h1>Stacklens</h1>\n<p>The EC2 endpoint works, but this binary was built without the page. \
    Build both with <code>cargo xtask serve</code>.</p>\n</html>\n";

/// One file.
pub struct File {
    /// Its bytes.
    pub bytes: Cow<'static, [u8]>,
    /// SHA-256, for the entity tag.
    pub hash: [u8; 32],
}

fn embedded(name: &str) -> Option<File> {
    Bundle::get(name).map(|file| File {
        hash: file.metadata.sha256_hash(),
        bytes: file.data,
    })
}

/// Whether a path names a file of the page other than the page itself.
pub fn exists(path: &str) -> bool {
    file_name(path)
        .is_some_and(|name| name != "index.html" && !is_packed(name) && Bundle::get(name).is_some())
}

/// Whether a path is below a folder of the page, be there such a file or not.
pub fn within(path: &str) -> bool {
    below_a_folder(path, Bundle::iter())
}

fn below_a_folder<T: AsRef<str>>(path: &str, mut files: impl Iterator<Item = T>) -> bool {
    let folder = file_name(path).and_then(|name| name.split_once('/'));
    folder.is_some_and(|(folder, _)| {
        files.any(|file| {
            let rest = file.as_ref().strip_prefix(folder);
            rest.is_some_and(|rest| rest.starts_with('/'))
        })
    })
}

/// Answers a GET or HEAD request.
pub fn answer(method: &Method, path: &str, headers: &HeaderMap) -> Response {
    respond(method, path, headers, embedded)
}

/// The file that a path names; `None` for one that leaves the folder.
fn file_name(path: &str) -> Option<&str> {
    let name = path.strip_prefix('/')?;
    let name = if name.is_empty() { "index.html" } else { name };
    let sound = name
        .split('/')
        .all(|part| !part.is_empty() && part != "." && part != "..")
        && !name.contains(['\\', '\0']);
    sound.then_some(name)
}

fn is_packed(name: &str) -> bool {
    name.ends_with(".br") || name.ends_with(".gz")
}

fn respond(
    method: &Method,
    path: &str,
    headers: &HeaderMap,
    get: impl Fn(&str) -> Option<File>,
) -> Response {
    let name = file_name(path).filter(|name| !is_packed(name));
    let Some((name, plain)) = name.and_then(|name| Some((name, get(name)?))) else {
        return if path == "/" {
            page(WITHOUT_BUNDLE)
        } else {
            not_found(path)
        };
    };
    let (encoding, file) = ["br", "gzip"]
        .into_iter()
        .filter(|encoding| accepts(headers, encoding))
        .find_map(|encoding| {
            Some((
                Some(encoding),
                get(&format!(
                    "{name}.{}",
                    if encoding == "br" { "br" } else { "gz" }
                ))?,
            ))
        })
        .unwrap_or((None, plain));
    let tag: String = file
        .hash
        .iter()
        .take(12)
        .map(|byte| format!("{byte:02x}"))
        .collect();
    let tag = format!("\"{tag}\"");
    let known = headers
        .get_all(header::IF_NONE_MATCH)
        .iter()
        .filter_map(|value| value.to_str().ok());
    let unchanged = known
        .flat_map(|value| value.split(','))
        .any(|value| value.trim().trim_start_matches("W/") == tag);
    let mut response = if unchanged {
        StatusCode::NOT_MODIFIED.into_response()
    } else if *method == Method::HEAD {
        // The length belongs to the body that GET would send.
        let mut response = StatusCode::OK.into_response();
        response
            .headers_mut()
            .insert(header::CONTENT_LENGTH, HeaderValue::from(file.bytes.len()));
        response
    } else {
        Body::from(file.bytes.into_owned()).into_response()
    };
    let out = response.headers_mut();
    out.insert(
        header::CONTENT_TYPE,
        HeaderValue::from_static(media_type(name)),
    );
    out.insert(header::VARY, HeaderValue::from_static("accept-encoding"));
    if let Ok(tag) = HeaderValue::from_str(&tag) {
        out.insert(header::ETAG, tag);
    }
    if let Some(encoding) = encoding {
        out.insert(header::CONTENT_ENCODING, HeaderValue::from_static(encoding));
    }
    let lasting = if is_hashed(name) {
        "public, max-age=31536000, immutable"
    } else {
        "no-cache"
    };
    out.insert(header::CACHE_CONTROL, HeaderValue::from_static(lasting));
    secured(response)
}

fn secured(mut response: Response) -> Response {
    let headers = response.headers_mut();
    headers.insert(
        header::CONTENT_SECURITY_POLICY,
        HeaderValue::from_static(POLICY),
    );
    headers.insert(
        header::X_CONTENT_TYPE_OPTIONS,
        HeaderValue::from_static("nosniff"),
    );
    headers.insert(
        header::REFERRER_POLICY,
        HeaderValue::from_static("no-referrer"),
    );
    response
}

fn page(html: &'static str) -> Response {
    secured(
        (
            [
                (header::CONTENT_TYPE, "text/html; charset=utf-8"),
                (header::CACHE_CONTROL, "no-store"),
            ],
            html,
        )
            .into_response(),
    )
}

fn not_found(path: &str) -> Response {
    let text =
        format!("There is nothing at {path}. The page is at /, EC2 requests may go to any path.\n");
    secured(
        (
            StatusCode::NOT_FOUND,
            [(header::CONTENT_TYPE, "text/plain; charset=utf-8")],
            text,
        )
            .into_response(),
    )
}

/// Whether a client takes an encoding: named, or by `*`, and not with quality zero.
fn accepts(headers: &HeaderMap, encoding: &str) -> bool {
    let offers = headers
        .get_all(header::ACCEPT_ENCODING)
        .iter()
        .filter_map(|value| value.to_str().ok());
    let mut by_star = false;
    for offer in offers.flat_map(|value| value.split(',')) {
        let (name, parameters) = offer.split_once(';').unwrap_or((offer, ""));
        let quality = parameters
            .trim()
            .strip_prefix("q=")
            .and_then(|quality| quality.trim().parse::<f32>().ok());
        let wanted = quality.is_none_or(|quality| quality > 0.0);
        match name.trim() {
            name if name.eq_ignore_ascii_case(encoding) => return wanted,
            "*" => by_star = wanted,
            _ => {}
        }
    }
    by_star
}

/// Whether the name of a file or of its folder holds a hash of the content, as the bundle's names do: `app-0f3a9c1b2d.js`,
/// `texts-0f3a9c1b2d/index.html`.
fn is_hashed(name: &str) -> bool {
    name.split('/').any(|part| {
        let stem = part.split('.').next().unwrap_or(part);
        stem.rsplit_once('-')
            .is_some_and(|(_, hash)| hash.len() >= 8 && hash.bytes().all(|b| b.is_ascii_hexdigit()))
    })
}

fn media_type(name: &str) -> &'static str {
    match name.rsplit('.').next().unwrap_or_default() {
        "html" => "text/html; charset=utf-8",
        "js" | "mjs" => "text/javascript; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "wasm" => "application/wasm",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "ico" => "image/x-icon",
        "json" | "map" => "application/json",
        "webmanifest" => "application/manifest+json",
        "txt" => "text/plain; charset=utf-8",
        "woff2" => "font/woff2",
        _ => "application/octet-stream",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bundle(name: &str) -> Option<File> {
        let known = [
            "index.html",
            "app-0f3a9c1b.js",
            "app-0f3a9c1b.js.br",
            "app-0f3a9c1b.js.gz",
            "icon.svg",
        ];
        let position = known.iter().position(|known| *known == name)?;
        Some(File {
            bytes: name.as_bytes().to_vec().into(),
            hash: [position as u8; 32],
        })
    }

    fn get(path: &str, headers: &[(header::HeaderName, &str)]) -> Response {
        let headers = headers
            .iter()
            .map(|(name, value)| (name.clone(), value.parse().unwrap()))
            .collect();
        respond(&Method::GET, path, &headers, bundle)
    }

    #[test]
    fn a_missing_file_of_the_page_is_no_ec2_request() {
        let files = ["index.html", "texts/actions/RunInstances.json"];
        for (path, page) in [
            ("/texts/actions/Nothing.json", true),
            ("/texts/x", true),
            ("/texts", false),
            ("/services/Cloud", false),
            ("/", false),
            ("/texts/../x", false),
        ] {
            assert_eq!(below_a_folder(path, files.iter()), page, "{path}");
        }
    }

    #[test]
    fn the_best_encoding_is_sent() {
        let cases = [
            ("gzip, deflate, br", Some("br")),
            ("gzip", Some("gzip")),
            ("br;q=0, gzip;q=0.5", Some("gzip")),
            ("*", Some("br")),
            ("identity", None),
            ("br;q=0, *;q=0", None),
        ];
        for (accepted, expected) in cases {
            let response = get("/app-0f3a9c1b.js", &[(header::ACCEPT_ENCODING, accepted)]);
            let encoding = response
                .headers()
                .get(header::CONTENT_ENCODING)
                .map(|value| value.to_str().unwrap());
            assert_eq!(encoding, expected, "{accepted}");
            assert_eq!(
                response.headers()[header::CONTENT_TYPE],
                "text/javascript; charset=utf-8"
            );
            assert_eq!(response.headers()[header::VARY], "accept-encoding");
        }
    }

    #[test]
    fn only_hashed_names_last() {
        assert_eq!(
            get("/app-0f3a9c1b.js", &[]).headers()[header::CACHE_CONTROL],
            "public, max-age=31536000, immutable"
        );
        assert_eq!(get("/", &[]).headers()[header::CACHE_CONTROL], "no-cache");
        assert_eq!(
            get("/icon.svg", &[]).headers()[header::CACHE_CONTROL],
            "no-cache"
        );
        for (name, hashed) in [
            ("app_bg-5f2c9e8a1b.wasm", true),
            ("a/b-12345678.css", true),
            ("decorated.js", false),
            ("x-beef.js", false),
        ] {
            assert_eq!(is_hashed(name), hashed, "{name}");
        }
    }

    #[test]
    fn a_known_file_is_not_sent_again() {
        let first = get("/", &[]);
        let tag = first.headers()[header::ETAG].to_str().unwrap().to_owned();
        assert_eq!(
            get("/", &[(header::IF_NONE_MATCH, &tag)]).status(),
            StatusCode::NOT_MODIFIED
        );
        assert_eq!(
            get("/", &[(header::IF_NONE_MATCH, "\"other\"")]).status(),
            StatusCode::OK
        );
    }

    #[test]
    fn no_path_leaves_the_folder() {
        for path in [
            "/../Cargo.toml",
            "/a//b",
            "/./index.html",
            "/app-0f3a9c1b.js.br",
            "/nothing",
            "/\\x",
        ] {
            let response = get(path, &[]);
            assert_eq!(response.status(), StatusCode::NOT_FOUND, "{path}");
            assert!(
                response
                    .headers()
                    .contains_key(header::CONTENT_SECURITY_POLICY)
            );
        }
    }

    #[test]
    fn without_a_bundle_the_page_says_how_to_build_it() {
        let response = respond(&Method::GET, "/", &HeaderMap::new(), |_| None);
        assert_eq!(response.status(), StatusCode::OK);
        assert_eq!(response.headers()[header::CACHE_CONTROL], "no-store");
    }
}
