//! Requests whose cost must grow with the number of things and no faster.

use std::fmt::Write as _;

use openstack_wire::Call;
use translator::{Engine, Tracing};

use super::cloud::{Cloud, list, uuid};
use super::{alternate, run, timed};

/// One kind of request: its name, how many things, the request and the replies for so many.
struct Case {
    name: &'static str,
    most: usize,
    query: fn(usize) -> String,
    reply: fn(usize, &Call) -> String,
}

const CASES: &[Case] = &[
    Case {
        name: "DescribeVolumes",
        most: 10_000,
        query: |_| "Action=DescribeVolumes".into(),
        reply: instances,
    },
    Case {
        name: "DescribeInstances, a page of 1,000",
        most: 10_000,
        query: |_| "Action=DescribeInstances&MaxResults=1000".into(),
        reply: instances,
    },
    Case {
        name: "DescribeInstances, a filter of 200 values",
        most: 2_000,
        query: |_| {
            let mut query = "Action=DescribeInstances&Filter.1.Name=private-ip-address".to_owned();
            for n in 1..=200 {
                let _ = write!(query, "&Filter.1.Value.{n}=10.0.{}.*", n + 50);
            }
            query
        },
        reply: instances,
    },
    Case {
        name: "DescribeSecurityGroups, 4 rules each",
        most: 5_000,
        query: |_| "Action=DescribeSecurityGroups".into(),
        reply: |count, _| list("security_groups", count, security_group),
    },
    Case {
        name: "DescribeTags, 2 on each server",
        most: 10_000,
        query: |_| {
            "Action=DescribeTags&Filter.1.Name=resource-type&Filter.1.Value.1=instance".into()
        },
        reply: instances,
    },
    Case {
        name: "DescribeSubnets, 4 ports each",
        most: 2_000,
        query: |_| "Action=DescribeSubnets".into(),
        reply: subnets,
    },
    Case {
        name: "CreateTags",
        most: 1_000,
        query: |count| {
            let mut query = "Action=CreateTags&Tag.1.Key=team&Tag.1.Value=blue".to_owned();
            for n in 1..=count {
                let id = uuid(6, n).replace('-', "");
                let _ = write!(query, "&ResourceId.{n}=subnet-{id}");
            }
            query
        },
        reply: |_, _| r#"{"tags": ["ec2:tag:Name=web"]}"#.into(),
    },
];

fn instances(count: usize, call: &Call) -> String {
    Cloud::new(count).hand_out(call)
}

fn security_group(n: usize) -> String {
    let group = uuid(5, n);
    let rules: Vec<String> = (0..4)
        .map(|rule| {
            format!(
                r#"{{"id": "{}", "security_group_id": "{group}", "direction": "{}", "ethertype": "IPv4", "protocol": "tcp", "port_range_min": {port}, "port_range_max": {port}, "remote_ip_prefix": "10.0.0.0/8", "remote_group_id": null, "description": ""}}"#,
                uuid(12, n * 4 + rule),
                if rule < 3 { "ingress" } else { "egress" },
                port = 80 + rule,
            )
        })
        .collect();
    format!(
        r#"{{"id": "{group}", "name": "group-{n}", "description": "", "project_id": "{}", "tags": ["ec2:tag:Name=g"], "security_group_rules": [{}]}}"#,
        "p".repeat(32),
        rules.join(", "),
    )
}

fn subnets(count: usize, call: &Call) -> String {
    match call.path.as_str() {
        "/v2.0/subnets" => list("subnets", count, |n| {
            format!(
                r#"{{"id": "{}", "network_id": "{}", "name": "", "ip_version": 4, "cidr": "10.{hi}.{lo}.0/24", "allocation_pools": [{{"start": "10.{hi}.{lo}.2", "end": "10.{hi}.{lo}.254"}}], "project_id": "p", "tags": [], "created_at": "2026-11-20T10:00:02Z"}}"#,
                uuid(6, n),
                uuid(8, n),
                hi = n / 250,
                lo = n % 250,
            )
        }),
        "/v2.0/networks" => list("networks", count, |n| {
            format!(
                r#"{{"id": "{}", "status": "ACTIVE", "availability_zones": ["nova"], "availability_zone_hints": []}}"#,
                uuid(8, n)
            )
        }),
        _ => list("ports", count * 4, |n| {
            format!(
                r#"{{"id": "{}", "device_id": "{}", "device_owner": "compute:nova", "fixed_ips": [{{"subnet_id": "{}", "ip_address": "10.{}.{}.{}"}}]}}"#,
                uuid(2, n),
                uuid(1, n),
                uuid(6, n / 4),
                n / 1_000,
                n / 4 % 250,
                n % 4 + 10,
            )
        }),
    }
}

/// Prints the cost of a thing at a tenth of the number and at the whole of it.
pub fn table(engine: &Engine) {
    println!();
    println!(
        "{:<44} {:>8} {:>16} {:>18} {:>8}",
        "cost per thing", "things", "µs at a tenth", "µs at all of them", "growth"
    );
    for case in CASES {
        let [tenth, whole] = [case.most / 10, case.most].map(|count| {
            let query = (case.query)(count);
            let mut once = || {
                let mut bodies = Vec::new();
                run(engine, &query, Tracing::Off, |call| {
                    bodies.push((case.reply)(count, call));
                    bodies.last().cloned().unwrap_or_default()
                });
                let mut bodies = bodies.into_iter();
                timed(|| {
                    run(engine, &query, Tracing::Off, |_| {
                        bodies.next().unwrap_or_default()
                    })
                })
            };
            let [time] = alternate(5, [&mut once]);
            time * 1e3 / count as f64
        });
        println!(
            "{:<44} {:>8} {tenth:>16.2} {whole:>18.2} {:>7.2}x",
            case.name,
            case.most,
            whole / tenth
        );
    }
}
