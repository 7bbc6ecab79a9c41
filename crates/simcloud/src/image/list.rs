//! The list of images.

use serde_json::{Value, json};

use super::{state::Image, view};
use crate::{
    clock,
    cloud::Cloud,
    fault::Fault,
    order, python,
    query::{page, truth, with_marker},
    request::{Answer, Handled, Request},
};

const USUAL: usize = 25;

impl Cloud {
    pub(super) fn list_images(&self, request: &Request) -> Handled {
        let limit = match request
            .param("limit")
            .map(|text| (text, text.parse::<i64>()))
        {
            None => USUAL,
            Some((_, Ok(n))) if n >= 0 => {
                usize::try_from(n).unwrap_or(USUAL).min(crate::query::MOST)
            }
            Some((_, Ok(_))) => return Err(Fault::bad("limit param must be positive")),
            Some((_, Err(_))) => return Err(Fault::bad("limit param must be an integer")),
        };
        let member_status = request.param("member_status").unwrap_or("accepted");
        if !matches!(member_status, "pending" | "accepted" | "rejected" | "all") {
            return Err(Fault::bad(format!("Invalid status: {member_status}")));
        }
        if let Some(visibility) = request.param("visibility")
            && !matches!(
                visibility,
                "community" | "public" | "private" | "shared" | "all"
            )
        {
            return Err(Fault::bad(format!(
                "Invalid visibility value: {visibility}"
            )));
        }
        if request.query.iter().any(|(key, value)| {
            matches!(key.as_str(), "size_min" | "size_max") && value.parse::<u64>().is_err()
        }) {
            return Err(Fault::bad(
                "Unable to filter on a range with a non-numeric value.",
            ));
        }
        let mut rows: Vec<&Image> = self
            .images
            .images
            .iter()
            .rev()
            .filter(|image| self.listed(request, image, member_status))
            .filter(|image| {
                request
                    .query
                    .iter()
                    .all(|(key, value)| keeps(image, key, value))
            })
            .collect();
        sort(request, &mut rows)?;
        let marker = request.param("marker");
        let (rows, more) = page(rows, marker, limit, |image| &image.id).ok_or_else(|| {
            Fault::bad(format!("No image found with ID {}", marker.unwrap_or("")))
        })?;
        let shown: Vec<Value> = rows.iter().map(|image| view::image(image)).collect();
        let first: Vec<(String, String)> = request
            .query
            .iter()
            .filter(|(key, _)| key != "marker")
            .cloned()
            .collect();
        let text = with_marker(&first, "");
        let text = text.trim_end_matches("marker=").trim_end_matches('&');
        let mut body = json!({
            "images": shown,
            "first": if text.is_empty() { "/v2/images".to_owned() } else { format!("/v2/images?{text}") },
            "schema": "/v2/schemas/images",
        });
        if more && let Some(last) = rows.last() {
            body["next"] = json!(format!(
                "/v2/images?{}",
                with_marker(request.query, &last.id)
            ));
        }
        Ok(Answer::ok(body))
    }

    /// Whether the image is in the caller's list; community images only when they are asked for.
    fn listed(&self, request: &Request, image: &Image, member_status: &str) -> bool {
        let own = image.owner == request.caller.project;
        let asked = request.param("visibility");
        let member = image
            .members
            .iter()
            .find(|member| member.project == request.caller.project);
        let shared = image.visibility == "shared"
            && member
                .is_some_and(|member| member_status == "all" || member.status == member_status);
        // Hidden images are in no list that does not ask for them.
        if image.hidden && request.param("os_hidden").is_none() {
            return false;
        }
        match image.visibility.as_str() {
            "public" => true,
            "community" => own || asked == Some("community") || asked == Some("all"),
            _ => own || shared || request.caller.admin,
        }
    }
}

fn keeps(image: &Image, key: &str, value: &str) -> bool {
    let any = |held: &str| match value.strip_prefix("in:") {
        Some(list) => list.split(',').any(|one| one.trim_matches('"') == held),
        None => value == held,
    };
    let time = |at: i64| {
        let (operator, text) = value
            .split_once(':')
            .filter(|(op, _)| matches!(*op, "gt" | "gte" | "eq" | "neq" | "lt" | "lte"))
            .unwrap_or(("eq", value));
        let Some(then) = clock::parse(text) else {
            return false;
        };
        match operator {
            "gt" => at > then,
            "gte" => at >= then,
            "lt" => at < then,
            "lte" => at <= then,
            "neq" => at / 1000 != then / 1000,
            _ => at / 1000 == then / 1000,
        }
    };
    match key {
        "limit" | "marker" | "sort" | "sort_key" | "sort_dir" | "member_status" => true,
        "visibility" => value == "all" || image.visibility == value,
        "os_hidden" => truth(value) == Some(image.hidden),
        "protected" => truth(value) == Some(image.protected),
        "tag" => image.tags.iter().any(|tag| tag == value),
        "size_min" => value
            .parse::<u64>()
            .is_ok_and(|least| image.size.unwrap_or(0) >= least),
        "size_max" => value
            .parse::<u64>()
            .is_ok_and(|most| image.size.unwrap_or(0) <= most),
        "created_at" => time(image.created),
        "updated_at" => time(image.updated),
        "id" => any(&image.id),
        "name" => any(&image.name),
        "status" => any(&image.status),
        "owner" => any(&image.owner),
        "disk_format" => image.disk_format.as_deref().is_some_and(any),
        "container_format" => image.container_format.as_deref().is_some_and(any),
        "min_disk" => any(&image.min_disk.to_string()),
        "min_ram" => any(&image.min_ram.to_string()),
        "size" => any(&image.size.unwrap_or(0).to_string()),
        property => image
            .properties
            .get(property)
            .is_some_and(|held| held == value),
    }
}

fn sort(request: &Request, rows: &mut [&Image]) -> Result<(), Fault> {
    let mut order: Vec<(&str, &str)> = match request.param("sort") {
        Some(sort) => sort
            .split(',')
            .map(|one| one.split_once(':').unwrap_or((one, "desc")))
            .collect(),
        None => {
            let dirs = request.params("sort_dir");
            let keys = request.params("sort_key");
            keys.into_iter()
                .enumerate()
                .map(|(n, key)| (key, dirs.get(n).or(dirs.last()).copied().unwrap_or("desc")))
                .collect()
        }
    };
    order.reverse();
    for (key, dir) in order {
        if !matches!(
            key,
            "name"
                | "status"
                | "container_format"
                | "disk_format"
                | "size"
                | "id"
                | "created_at"
                | "updated_at"
        ) {
            return Err(Fault::bad(format!(
                "Invalid sort key: {key}. It must be one of the following: name, status, container_format, disk_format, size, id, created_at, updated_at."
            )));
        }
        if !matches!(dir, "asc" | "desc") {
            return Err(Fault::bad(format!("Invalid sort direction: {dir}")));
        }
        match key {
            "size" => order::by_key(rows, |image| image.size),
            "created_at" => order::by_key(rows, |image| image.created),
            "updated_at" => order::by_key(rows, |image| image.updated),
            _ => order::by_key(rows, |row| view::image(row).get(key).map(python::text)),
        }
        if dir == "desc" {
            rows.reverse();
        }
    }
    Ok(())
}
