//! What the client does to the parameters of RunInstances once all options are read.

use super::customised::first;
use super::parameters::Parameters;
use crate::node::{self, Node, Value};
use crate::{Desk, Span};

/// One instance if no count is given; options of the first interface move into it.
pub(crate) fn finish(parameters: &mut Parameters, place: &Span, desk: &mut Desk) {
    let simple = [
        "secondary-private-ip-addresses",
        "secondary-private-ip-address-count",
        "associate-public-ip-address",
        "no-associate-public-ip-address",
    ];
    let simple_used = simple.iter().any(|option| parameters.has(option));
    if parameters.has("network-interfaces") && simple_used {
        desk.remarks.error(
            place.clone(),
            "--network-interfaces cannot stand beside the simple options for addresses.",
            "Put the addresses in --network-interfaces.",
        );
    }
    for count in ["MinCount", "MaxCount"] {
        if !parameters.entries.iter().any(|entry| entry.key == count) {
            node::set(
                &mut parameters.entries,
                count,
                place.clone(),
                Node {
                    span: place.clone(),
                    value: Value::Number("1".into()),
                },
            );
        }
    }
    let moves = first_interface_has(
        &parameters.entries,
        &[
            "PrivateIpAddresses",
            "SecondaryPrivateIpAddressCount",
            "AssociatePublicIpAddress",
        ],
    );
    if !moves {
        return;
    }
    let moved = [
        ("SubnetId", "SubnetId"),
        ("SecurityGroupIds", "Groups"),
        ("PrivateIpAddress", "PrivateIpAddresses"),
        ("Ipv6AddressCount", "Ipv6AddressCount"),
        ("Ipv6Addresses", "Ipv6Addresses"),
        ("EnablePrimaryIpv6", "PrimaryIpv6"),
    ];
    for (from, to) in moved {
        let Some(entry) = node::remove(&mut parameters.entries, from) else {
            continue;
        };
        let mut node = entry.node;
        if from == "PrivateIpAddress" {
            let mut address = Node::map(node.span.clone());
            let span = node.span.clone();
            if let Some(entries) = address.entries() {
                node::set(entries, from, entry.key_span.clone(), node);
                node::set(
                    entries,
                    "Primary",
                    entry.key_span.clone(),
                    Node {
                        span: span.clone(),
                        value: Value::Bool(true),
                    },
                );
            }
            node = Node::list(span, vec![address]);
        }
        if let Some(entries) = first(&mut parameters.entries, "NetworkInterfaces", place) {
            node::set(entries, to, entry.key_span, node);
        }
    }
}

fn first_interface_has(entries: &[node::Entry], members: &[&str]) -> bool {
    let interfaces = entries
        .iter()
        .find(|entry| entry.key == "NetworkInterfaces")
        .map(|entry| &entry.node.value);
    let Some(Value::List(items)) = interfaces else {
        return false;
    };
    match items.first().map(|item| &item.value) {
        Some(Value::Map(entries)) => entries
            .iter()
            .any(|entry| members.contains(&entry.key.as_str())),
        _ => false,
    }
}
