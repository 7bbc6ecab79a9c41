//! The cloud behind a web server: where clients look for version documents, and where the catalogue sends them.

use openstack_wire::{Method, Reply};
use serde_json::{Value, json};
use simcloud::Cloud;

const START: i64 = 1_795_341_600_000;

fn get(cloud: &mut Cloud, path: &str, headers: &[(&str, &str)]) -> Reply {
    let headers = headers
        .iter()
        .map(|(key, value)| ((*key).to_owned(), (*value).to_owned()))
        .collect();
    cloud.handle_http(Method::Get, path, vec![], headers, None, START)
}

fn body(reply: &Reply) -> Value {
    serde_json::from_str(&reply.body).expect("a JSON body")
}

#[test]
fn version_documents_are_where_clients_look() {
    let mut cloud = Cloud::new(1, START);
    cloud.set_base_url("http://cloud.example/");
    let cases = [
        ("/", 300, "/versions/values/0/id", "v3.14"),
        ("/identity", 300, "/versions/values/0/id", "v3.14"),
        (
            "/identity/v3/",
            200,
            "/version/links/0/href",
            "http://cloud.example/identity/v3/",
        ),
        ("/compute/", 200, "/versions/0/min_version", "2.1"),
        ("/compute/v2.1/", 200, "/version/version", "2.104"),
        ("/block-storage/v3/", 200, "/versions/0/version", "3.71"),
        (
            "/network/",
            200,
            "/versions/0/links/0/href",
            "http://cloud.example/network/v2.0/",
        ),
        ("/image/", 300, "/versions/0/status", "CURRENT"),
    ];
    for (path, status, field, wanted) in cases {
        let reply = get(&mut cloud, path, &[]);
        assert_eq!(reply.status, status, "{path}: {}", reply.body);
        assert_eq!(
            body(&reply).pointer(field),
            Some(&json!(wanted)),
            "{path}: {}",
            reply.body
        );
    }
}

#[test]
fn every_address_of_the_catalogue_leads_to_its_service() {
    let mut cloud = Cloud::new(1, START);
    cloud.set_base_url("");
    let token = cloud
        .issue_token("demo", "demo", START)
        .expect("the demo user exists");
    let headers = [
        ("X-Auth-Token", token.as_str()),
        ("OpenStack-API-Version", "compute 2.96, volume 3.59"),
    ];
    let catalogue = body(&get(&mut cloud, "/identity/v3/auth/catalog", &headers));
    let below = [
        ("identity", "/regions", "regions"),
        ("compute", "/servers/detail", "servers"),
        ("network", "/v2.0/ports", "ports"),
        ("block-storage", "/volumes/detail", "volumes"),
        ("volumev3", "/volumes/detail", "volumes"),
        ("image", "/v2/images", "images"),
    ];
    let entries = catalogue["catalog"].as_array().expect("a catalogue");
    assert_eq!(entries.len(), below.len());
    for (entry, (kind, path, list)) in entries.iter().zip(below) {
        assert_eq!(entry["type"], kind);
        let url = entry["endpoints"][0]["url"].as_str().expect("an address");
        let reply = get(&mut cloud, &format!("{url}{path}"), &headers);
        assert_eq!(reply.status, 200, "{url}{path}: {}", reply.body);
        assert!(body(&reply)[list].is_array(), "{url}{path}: {}", reply.body);
    }
}

#[test]
fn a_microversion_in_a_header_counts() {
    let mut cloud = Cloud::new(1, START);
    let token = cloud
        .issue_token("demo", "demo", START)
        .expect("the demo user exists");
    let flavor = |cloud: &mut Cloud, version: &str| {
        let headers = [
            ("x-auth-token", token.as_str()),
            ("openstack-api-version", version),
        ];
        body(&get(cloud, "/compute/v2.1/flavors/1", &headers))["flavor"].clone()
    };
    assert!(
        flavor(&mut cloud, "compute 2.61")
            .get("extra_specs")
            .is_some()
    );
    assert!(
        flavor(&mut cloud, "compute 2.60")
            .get("extra_specs")
            .is_none()
    );
    assert!(
        flavor(&mut cloud, "volume 3.59")
            .get("description")
            .is_none()
    );
}

#[test]
fn an_image_fault_is_a_page_for_a_browser_and_json_for_a_client() {
    let mut cloud = Cloud::new(1, START);
    let token = cloud
        .issue_token("demo", "demo", START)
        .expect("the demo user exists");
    let path = "/image/v2/images/11111111-1111-4111-8111-111111111111";
    let page = get(
        &mut cloud,
        path,
        &[("X-Auth-Token", &token), ("Accept", "text/html")],
    );
    assert!(
        page.status == 404 && page.body.starts_with("<html>"),
        "{}",
        page.body
    );
    let json = get(
        &mut cloud,
        path,
        &[("X-Auth-Token", &token), ("Accept", "application/json")],
    );
    assert_eq!(body(&json)["title"], "Not Found");
}

#[test]
fn the_same_seed_gives_the_same_cloud_and_time_never_goes_back() {
    let (mut a, mut b, c) = (
        Cloud::new(5, START),
        Cloud::new(5, START),
        Cloud::new(6, START),
    );
    assert_eq!(a.view(), b.view());
    assert_ne!(a.view(), c.view());
    let tokens = [&mut a, &mut b].map(|cloud| cloud.issue_token("demo", "demo", START + 10_000));
    assert_eq!(tokens[0], tokens[1]);
    let token = tokens[0].clone().expect("the demo user exists");
    // An hour after it was issued the token is over, and stays so for a clock that is set back.
    a.settle(START + 4_000_000);
    assert_eq!(
        get(&mut a, "/compute/v2.1/servers", &[("X-Auth-Token", &token)]).status,
        401
    );
}

#[test]
fn no_time_and_no_number_is_too_large() {
    for now in [i64::MIN, -1, 0, i64::MAX] {
        let mut cloud = Cloud::new(1, now);
        let token = cloud
            .issue_token("demo", "demo", now)
            .expect("the demo user exists");
        cloud.set_quota("demo", "compute", "instances", -1);
        cloud.set_quota("demo", "compute", "cores", -1);
        cloud.set_quota("demo", "compute", "ram", -1);
        let headers = vec![("X-Auth-Token".to_owned(), token)];
        let body = json!({"server": {"name": "a", "imageRef": "", "flavorRef": "1", "min_count": u64::MAX}});
        let reply = cloud.handle_http(
            Method::Post,
            "/compute/v2.1/servers",
            vec![],
            headers,
            Some(body),
            now,
        );
        assert!((400..500).contains(&reply.status), "{}", reply.body);
        cloud.settle(i64::MAX);
    }
}

#[test]
fn a_populated_cloud_is_read_page_by_page() {
    let mut cloud = Cloud::new(1, START);
    cloud.populate(2_500);
    let token = cloud
        .issue_token("demo", "demo", START)
        .expect("the demo user exists");
    let (mut seen, mut marker) = (std::collections::BTreeSet::new(), String::new());
    loop {
        let query = if marker.is_empty() {
            vec![]
        } else {
            vec![("marker".to_owned(), marker.clone())]
        };
        let headers = vec![("X-Auth-Token".to_owned(), token.clone())];
        let page = body(&cloud.handle_http(
            Method::Get,
            "/compute/v2.1/servers",
            query,
            headers,
            None,
            START,
        ));
        for server in page["servers"].as_array().expect("servers") {
            marker = server["id"].as_str().expect("an id").to_owned();
            assert!(seen.insert(marker.clone()), "{marker} came twice");
        }
        if page.get("servers_links").is_none() {
            break;
        }
    }
    assert_eq!(seen.len(), 2_500);
}
