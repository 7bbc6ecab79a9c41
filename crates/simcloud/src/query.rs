//! Paging and sorting as Nova and Cinder do it.

use serde_json::{Value, json};

use crate::{fault::Fault, request::Request};

/// Nova and Cinder answer no more than this at once.
pub(crate) const MOST: usize = 1000;

/// The page size asked for, at most [`MOST`].
pub(crate) fn limit(request: &Request) -> Result<usize, Fault> {
    let Some(text) = request.param("limit") else {
        return Ok(MOST);
    };
    match text.parse::<i64>() {
        Ok(n) if n >= 0 => Ok(usize::try_from(n).unwrap_or(MOST).min(MOST)),
        Ok(_) if request.is_compute() => Err(not_digits(text)),
        Ok(_) => Err(Fault::bad("limit param must be positive")),
        Err(_) if !request.is_compute() => Err(Fault::bad("limit param must be an integer")),
        Err(_) => Err(not_digits(text)),
    }
}

fn not_digits(text: &str) -> Fault {
    Fault::bad(format!(
        "Invalid input for query parameters limit. Value: {text}. '{text}' does not match '^[0-9]*$'"
    ))
}

/// One page of rows in their order, and whether it is full: the services do not look whether more follow. `None` if the marker is not among them.
pub(crate) fn page<T>(
    rows: Vec<T>,
    marker: Option<&str>,
    limit: usize,
    id: impl Fn(&T) -> &str,
) -> Option<(Vec<T>, bool)> {
    let start = match marker {
        Some(marker) => rows.iter().position(|row| id(row) == marker)? + 1,
        None => 0,
    };
    let left = rows.len().saturating_sub(start);
    Some((
        rows.into_iter().skip(start).take(limit).collect(),
        left >= limit && limit > 0,
    ))
}

/// The link to the next page: the same query with another marker.
pub(crate) fn next_link(request: &Request, path: &str, marker: &str) -> Value {
    let mut query = request.query.to_vec();
    if request.is_compute() {
        // Nova writes its query in the order of the names, the marker in its place if there was one.
        query.sort();
        if let Some(place) = query.iter().position(|(key, _)| key == "marker") {
            query[place].1 = marker.to_owned();
            return json!([{"rel": "next", "href": format!("{}{path}?{}", request.endpoint, encoded(&query))}]);
        }
    }
    json!([{"rel": "next", "href": format!("{}{path}?{}", request.endpoint, with_marker(&query, marker))}])
}

/// The query text with its marker replaced.
pub(crate) fn with_marker(query: &[(String, String)], marker: &str) -> String {
    let mut query = query.to_vec();
    query.retain(|(key, _)| key != "marker");
    query.push(("marker".to_owned(), marker.to_owned()));
    encoded(&query)
}

/// A query as text.
pub(crate) fn encoded(query: &[(String, String)]) -> String {
    use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
    const QUOTED: &AsciiSet = &NON_ALPHANUMERIC
        .remove(b'_')
        .remove(b'-')
        .remove(b'.')
        .remove(b'~');
    let parts: Vec<String> = query
        .iter()
        .map(|(key, value)| {
            format!(
                "{}={}",
                utf8_percent_encode(key, QUOTED),
                utf8_percent_encode(value, QUOTED)
            )
        })
        .collect();
    parts.join("&")
}

/// `true`, `1`, `yes`, `on` and so on, as oslo reads a boolean.
pub(crate) fn truth(text: &str) -> Option<bool> {
    match text.to_ascii_lowercase().as_str() {
        "1" | "t" | "true" | "on" | "y" | "yes" => Some(true),
        "0" | "f" | "false" | "off" | "n" | "no" => Some(false),
        _ => None,
    }
}
