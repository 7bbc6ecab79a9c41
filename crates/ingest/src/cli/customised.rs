//! What the AWS CLI does for EC2 beyond the model.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use super::options::{Means, Option_};
use super::parameters::Parameters;
use super::run_instances;
use crate::node::{self, Node, Value};
use crate::word::Word;
use crate::{Desk, Span};

/// Takes an option that the model does not have.
pub(crate) fn take(
    parameters: &mut Parameters,
    option: &Option_,
    name: Span,
    words: &[Word],
    desk: &mut Desk,
) {
    if let Means::PublicAddress(truth) = option.means {
        let node = Node {
            span: name.clone(),
            value: Value::Bool(truth),
        };
        return interface(parameters, "AssociatePublicIpAddress", name, node);
    }
    let Some(word) = words.first() else { return };
    let text = word.text.as_str();
    let node = |text: &str| Node::bare(text, word.inside());
    match option.means {
        Means::Count => {
            let (least, most) = text.split_once(':').unwrap_or((text, text));
            if least.parse::<i32>().is_err() || most.parse::<i32>().is_err() {
                return desk.remarks.error(
                    word.span.clone(),
                    format!("{text:?} is no count."),
                    "Write a number, or 1:3 for at least 1 and at most 3.",
                );
            }
            let most_at = if text.contains(':') {
                least.len() + 1
            } else {
                0
            };
            node::set(
                &mut parameters.entries,
                "MinCount",
                name.clone(),
                Node::bare(least, word.source(0..least.len())),
            );
            node::set(
                &mut parameters.entries,
                "MaxCount",
                name,
                Node::bare(most, word.source(most_at..text.len())),
            );
        }
        Means::SecondaryAddresses => {
            let addresses = words.iter().map(|word| {
                let mut address = Node::map(word.inside());
                if let Some(entries) = address.entries() {
                    node::set(
                        entries,
                        "PrivateIpAddress",
                        name.clone(),
                        Node::bare(&word.text, word.inside()),
                    );
                    node::set(
                        entries,
                        "Primary",
                        name.clone(),
                        Node {
                            span: word.inside(),
                            value: Value::Bool(false),
                        },
                    );
                }
                address
            });
            let list = Node::list(word.span.clone(), addresses.collect());
            interface(parameters, "PrivateIpAddresses", name, list);
        }
        Means::SecondaryAddressCount => interface(
            parameters,
            "SecondaryPrivateIpAddressCount",
            name,
            node(text),
        ),
        Means::Protocol => {
            let number = text
                .parse::<i32>()
                .is_ok_and(|number| (-1..=255).contains(&number));
            if !number && !["tcp", "udp", "icmp", "icmpv6", "all"].contains(&text) {
                desk.remarks.error(
                    word.span.clone(),
                    format!("{text:?} is no protocol."),
                    "Write tcp, udp, icmp, all or a protocol number.",
                );
            }
            permission(
                parameters,
                "IpProtocol",
                name,
                node(if text == "all" { "-1" } else { text }),
            );
        }
        Means::Port => {
            let (from, to, to_at) = match text.char_indices().skip(1).find(|(_, c)| *c == '-') {
                _ if text == "all" || text == "-1" => ("-1", "-1", 0),
                Some((at, _)) => (
                    text.get(..at).unwrap_or(""),
                    text.get(at + 1..).unwrap_or(""),
                    at + 1,
                ),
                None => (text, text, 0),
            };
            if from.parse::<i32>().is_err() || to.parse::<i32>().is_err() {
                return desk.remarks.error(
                    word.span.clone(),
                    format!("{text:?} is no port or range of ports."),
                    "Write 22, or 22-25, or all.",
                );
            }
            let from_end = if to_at > 0 { to_at - 1 } else { text.len() };
            permission(
                parameters,
                "FromPort",
                name.clone(),
                Node::bare(from, word.source(0..from_end)),
            );
            permission(
                parameters,
                "ToPort",
                name,
                Node::bare(to, word.source(to_at..text.len())),
            );
        }
        Means::Cidr => {
            let mut range = Node::map(word.inside());
            if let Some(entries) = range.entries() {
                node::set(entries, "CidrIp", name.clone(), node(text));
            }
            permission(
                parameters,
                "IpRanges",
                name,
                Node::list(word.inside(), vec![range]),
            );
        }
        Means::SourceGroup => pair(
            parameters,
            if text.starts_with("sg-") {
                "GroupId"
            } else {
                "GroupName"
            },
            name,
            node(text),
        ),
        Means::GroupOwner => pair(parameters, "UserId", name, node(text)),
        Means::Bundle(member) => {
            let at = name.clone();
            let storage = child(&mut parameters.entries, "Storage", &at);
            if let Some(entries) = storage.and_then(|storage| child(storage, "S3", &at)) {
                node::set(entries, member, name, node(text));
            }
        }
        _ => {}
    }
}

/// The members of the map under a key, made if it is not there; `None` if something else is.
fn child<'n>(
    entries: &'n mut Vec<node::Entry>,
    key: &str,
    at: &Span,
) -> Option<&'n mut Vec<node::Entry>> {
    if !entries.iter().any(|entry| entry.key == key) {
        node::set(entries, key, at.clone(), Node::map(at.clone()));
    }
    entries
        .iter_mut()
        .find(|entry| entry.key == key)?
        .node
        .entries()
}

/// The members of the first map in the list under a key, made if it is not there.
pub(crate) fn first<'n>(
    entries: &'n mut Vec<node::Entry>,
    key: &str,
    at: &Span,
) -> Option<&'n mut Vec<node::Entry>> {
    if !entries.iter().any(|entry| entry.key == key) {
        node::set(
            entries,
            key,
            at.clone(),
            Node::list(at.clone(), vec![Node::map(at.clone())]),
        );
    }
    match &mut entries
        .iter_mut()
        .find(|entry| entry.key == key)?
        .node
        .value
    {
        Value::List(items) => items.first_mut()?.entries(),
        _ => None,
    }
}

fn interface(parameters: &mut Parameters, member: &str, name: Span, node: Node) {
    let fresh = !parameters
        .entries
        .iter()
        .any(|entry| entry.key == "NetworkInterfaces");
    if let Some(entries) = first(&mut parameters.entries, "NetworkInterfaces", &name) {
        if fresh {
            node::set(
                entries,
                "DeviceIndex",
                name.clone(),
                Node {
                    span: name.clone(),
                    value: Value::Number("0".into()),
                },
            );
        }
        node::set(entries, member, name, node);
    }
}

fn permission(parameters: &mut Parameters, member: &str, name: Span, node: Node) {
    if let Some(entries) = first(&mut parameters.entries, "IpPermissions", &name) {
        node::set(entries, member, name, node);
    }
}

fn pair(parameters: &mut Parameters, member: &str, name: Span, node: Node) {
    if let Some(permission) = first(&mut parameters.entries, "IpPermissions", &name)
        && let Some(entries) = first(permission, "UserIdGroupPairs", &name)
    {
        node::set(entries, member, name, node);
    }
}

/// What the client does once all options are read.
pub(crate) fn finish(parameters: &mut Parameters, place: &Span, desk: &mut Desk) {
    match parameters.action.name() {
        "RunInstances" => {
            run_instances::finish(parameters, place, desk);
            user_data(&mut parameters.entries, desk);
        }
        "CreateNetworkAclEntry" | "ReplaceNetworkAclEntry" => protocol_number(parameters),
        "AuthorizeSecurityGroupIngress"
        | "AuthorizeSecurityGroupEgress"
        | "RevokeSecurityGroupIngress"
        | "RevokeSecurityGroupEgress"
            if parameters.has("ip-permissions") =>
        {
            for option in ["protocol", "port", "cidr", "source-group", "group-owner"]
                .iter()
                .filter(|option| parameters.has(option))
            {
                desk.remarks.error(
                    place.clone(),
                    format!("--{option} cannot stand beside --ip-permissions."),
                    "Put the whole rule in --ip-permissions.",
                );
            }
        }
        _ => {}
    }
}

/// The client encodes the user data of RunInstances by itself, and only that.
fn user_data(entries: &mut [node::Entry], desk: &mut Desk) {
    let Some(entry) = entries.iter_mut().find(|entry| entry.key == "UserData") else {
        return;
    };
    if let Value::Bare(text) | Value::Text(text) = &mut entry.node.value {
        let compact = text.trim();
        let encoded =
            compact.len() >= 16 && STANDARD.decode(compact).is_ok_and(|bytes| bytes.is_ascii());
        if encoded {
            desk.remarks.warning(
                entry.node.span.clone(),
                "The user data looks like base64; the client encodes it once more.",
                "Write it as plain text.",
            );
        }
        *text = STANDARD.encode(text.as_bytes());
    }
}

fn protocol_number(parameters: &mut Parameters) {
    let entry = parameters
        .entries
        .iter_mut()
        .find(|entry| entry.key == "Protocol");
    if let Some(Value::Bare(text) | Value::Text(text)) = entry.map(|entry| &mut entry.node.value) {
        let number = match text.as_str() {
            "tcp" => "6",
            "udp" => "17",
            "icmp" => "1",
            "all" => "-1",
            other => other,
        };
        *text = number.to_owned();
    }
}
