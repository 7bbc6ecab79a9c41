//! Addresses in replies: the embedded cloud does not know by which name its clients reach it.

use openstack_wire::service::canonical;
use openstack_wire::{Call, Reply};
use serde_json::Value;

/// Puts the address of the prefix into catalogues and paging links.
pub fn addresses(call: &Call, mut reply: Reply, base: &str) -> Reply {
    let is_catalogue = call.service == "identity" && call.path.starts_with("/auth/");
    if !is_catalogue && !reply.body.contains("_links\"") {
        return reply;
    }
    let Ok(mut body) = serde_json::from_str::<Value>(&reply.body) else {
        return reply;
    };
    if is_catalogue {
        for pointer in ["/token/catalog", "/catalog"] {
            if let Some(services) = body.pointer_mut(pointer).and_then(Value::as_array_mut) {
                services
                    .iter_mut()
                    .for_each(|service| rewrite_service(service, base));
            }
        }
    } else if let Some(members) = body.as_object_mut() {
        for (_, links) in members
            .iter_mut()
            .filter(|(name, _)| name.ends_with("_links"))
        {
            for link in links.as_array_mut().into_iter().flatten() {
                rewrite_link(link, call, base);
            }
        }
    }
    reply.body = body.to_string();
    reply
}

fn rewrite_service(service: &mut Value, base: &str) {
    let kind = service
        .get("type")
        .and_then(Value::as_str)
        .map(|kind| canonical(kind).to_owned());
    for endpoint in service
        .get_mut("endpoints")
        .and_then(Value::as_array_mut)
        .into_iter()
        .flatten()
    {
        let Some(url) = endpoint.get("url").and_then(Value::as_str) else {
            continue;
        };
        let new = match kind.as_deref() {
            Some("identity") => format!("{base}/identity/v3"),
            Some("compute") => format!("{base}/compute/v2.1"),
            Some("network") => format!("{base}/network"),
            Some("image") => format!("{base}/image"),
            Some("block-storage") => {
                // The project stands last, where the cloud has it in the address.
                let project = url.split_once("/v3/").map_or("", |(_, project)| project);
                format!("{base}/volume/v3/{project}")
                    .trim_end_matches('/')
                    .to_owned()
            }
            _ => continue,
        };
        endpoint["url"] = Value::from(new);
    }
}

fn rewrite_link(link: &mut Value, call: &Call, base: &str) {
    let Some(query) = link
        .get("href")
        .and_then(Value::as_str)
        .and_then(|href| href.split_once('?'))
        .map(|(_, query)| query.to_owned())
    else {
        return;
    };
    let place = match canonical(&call.service) {
        "compute" => "/compute/v2.1",
        "network" => "/network",
        "block-storage" => "/volume/v3",
        _ => return,
    };
    link["href"] = Value::from(format!("{base}{place}{}?{query}", call.path));
}

#[cfg(test)]
mod tests {
    use openstack_wire::Method;
    use serde_json::json;

    use super::*;

    fn rewritten(service: &str, path: &str, body: Value) -> Value {
        let call = Call::new(Method::Get, service, path);
        let reply = addresses(
            &call,
            Reply {
                status: 200,
                headers: vec![],
                body: body.to_string(),
            },
            "http://h/openstack",
        );
        serde_json::from_str(&reply.body).unwrap()
    }

    #[test]
    fn the_catalogue_names_this_server() {
        let endpoint = |url: &str| json!([{"url": url, "interface": "public"}]);
        let catalogue = |compute: &str, volume: &str, network: &str| {
            json!({"token": {"catalog": [
                {"type": "compute", "endpoints": endpoint(compute)},
                {"type": "volumev3", "endpoints": endpoint(volume)},
                {"type": "network", "endpoints": endpoint(network)},
                {"type": "dns", "endpoints": endpoint("http://dns")},
            ]}})
        };
        assert_eq!(
            rewritten(
                "identity",
                "/auth/tokens",
                catalogue("http://c/v2.1", "http://c/v3/p1", "http://c:9696")
            ),
            catalogue(
                "http://h/openstack/compute/v2.1",
                "http://h/openstack/volume/v3/p1",
                "http://h/openstack/network"
            )
        );
    }

    #[test]
    fn the_next_page_is_here_too() {
        let links =
            |href: &str| json!({"servers": [], "servers_links": [{"rel": "next", "href": href}]});
        assert_eq!(
            rewritten(
                "compute",
                "/servers/detail",
                links("http://c/v2.1/servers/detail?marker=a&limit=1")
            ),
            links("http://h/openstack/compute/v2.1/servers/detail?marker=a&limit=1")
        );
    }

    #[test]
    fn other_replies_stay_as_they_are() {
        for body in [json!({"servers": []}), json!({"odd_links": 3}), json!([1])] {
            assert_eq!(rewritten("compute", "/servers", body.clone()), body);
        }
    }
}
