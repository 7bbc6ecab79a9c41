//! Security group permissions: EC2 nests ranges in a permission, Neutron has one rule per range.

use super::jmespath::items;
use crate::eval::Eval;
use crate::value::{Data, Value};

/// `permissions(request)`: both EC2 forms as flat rules.
///
/// Each has `ethertype`, `protocol`, `from`, `to`, and one of `cidr`, `group_id`, `group_name`, `prefix_list_id`, with
/// `description` and `user_id`. Ports are Neutron's: null is any, for ICMP they are type and code.
pub fn permissions<'a>(eval: &Eval<'a>, args: &[Value<'a>]) -> Value<'a> {
    let Some(request) = args.first() else {
        return Value::NULL;
    };
    let get = |of: Value<'a>, name: &str| eval.member(of, name);
    let mut rules = Vec::new();
    for permission in items(get(*request, "IpPermissions")) {
        let base = Base::read(
            eval,
            get(permission, "IpProtocol"),
            get(permission, "FromPort"),
            get(permission, "ToPort"),
        );
        for range in items(get(permission, "IpRanges")) {
            rules.push(base.rule(
                eval,
                "IPv4",
                &[
                    ("cidr", get(range, "CidrIp")),
                    ("description", get(range, "Description")),
                ],
            ));
        }
        for range in items(get(permission, "Ipv6Ranges")) {
            rules.push(base.rule(
                eval,
                "IPv6",
                &[
                    ("cidr", get(range, "CidrIpv6")),
                    ("description", get(range, "Description")),
                ],
            ));
        }
        for pair in items(get(permission, "UserIdGroupPairs")) {
            let members = [
                ("group_id", get(pair, "GroupId")),
                ("group_name", get(pair, "GroupName")),
                ("user_id", get(pair, "UserId")),
                ("description", get(pair, "Description")),
            ];
            rules.push(base.rule(eval, base.group_ethertype, &members));
        }
        for list in items(get(permission, "PrefixListIds")) {
            let members = [
                ("prefix_list_id", get(list, "PrefixListId")),
                ("description", get(list, "Description")),
            ];
            rules.push(base.rule(eval, base.group_ethertype, &members));
        }
    }
    let (protocol, cidr) = (get(*request, "IpProtocol"), get(*request, "CidrIp"));
    let (group, owner) = (
        get(*request, "SourceSecurityGroupName"),
        get(*request, "SourceSecurityGroupOwnerId"),
    );
    let base = Base::read(
        eval,
        protocol,
        get(*request, "FromPort"),
        get(*request, "ToPort"),
    );
    if !cidr.is_null() {
        let ethertype = if cidr.as_str().is_some_and(|cidr| cidr.contains(':')) {
            "IPv6"
        } else {
            "IPv4"
        };
        rules.push(base.rule(eval, ethertype, &[("cidr", cidr)]));
    }
    if !group.is_null() {
        rules.push(base.rule(
            eval,
            base.group_ethertype,
            &[("group_name", group), ("user_id", owner)],
        ));
    }
    eval.list(rules)
}

/// Protocol and ports of a permission, as Neutron wants them.
struct Base<'a> {
    protocol: Value<'a>,
    from: Value<'a>,
    to: Value<'a>,
    icmp: bool,
    group_ethertype: &'static str,
}

impl<'a> Base<'a> {
    fn read(eval: &Eval<'a>, protocol: Value<'a>, from: Value<'a>, to: Value<'a>) -> Self {
        let text = protocol
            .scalar_text()
            .unwrap_or_default()
            .to_ascii_lowercase();
        let name = match text.as_str() {
            "-1" | "all" | "any" | "" => None,
            "6" => Some("tcp"),
            "17" => Some("udp"),
            "1" => Some("icmp"),
            "58" | "icmpv6" | "ipv6-icmp" => Some("ipv6-icmp"),
            "tcp" => Some("tcp"),
            "udp" => Some("udp"),
            "icmp" => Some("icmp"),
            other => Some(&*eval.arena.alloc_str(other)),
        };
        let icmp = matches!(name, Some("icmp" | "ipv6-icmp"));
        let ported = matches!(name, Some("tcp" | "udp" | "sctp" | "dccp" | "udplite"));
        let (low, high) = (from.as_int(), to.as_int());
        let (least, most) = match (low, high) {
            // ICMP: type and code, -1 is any.
            (low, high) if icmp => (
                low.filter(|low| *low >= 0),
                high.filter(|high| low.is_some_and(|l| l >= 0) && *high >= 0),
            ),
            (Some(low), Some(high)) if ported && low <= 0 && !(0..65_535).contains(&high) => {
                (None, None)
            }
            // Neutron has no port 0.
            (Some(0), Some(high)) if ported && high > 0 => (Some(1), Some(high)),
            (low, high) if ported => (low, high),
            _ => (None, None),
        };
        let int = |value: Option<i64>, of: Value<'a>| {
            value.map_or(Value::NULL, |value| {
                eval.made(Data::Int(value).into(), &[of])
            })
        };
        Self {
            protocol: name.map_or(Value::NULL, |name| {
                eval.made(Data::Str(name).into(), &[protocol])
            }),
            from: int(least, from),
            to: int(most, to),
            icmp,
            group_ethertype: if name == Some("ipv6-icmp") {
                "IPv6"
            } else {
                "IPv4"
            },
        }
    }

    fn rule(
        &self,
        eval: &Eval<'a>,
        ethertype: &'static str,
        members: &[(&'static str, Value<'a>)],
    ) -> Value<'a> {
        let protocol = match self.protocol.as_str() {
            Some("icmp") if self.icmp && ethertype == "IPv6" => Value {
                data: Data::Str("ipv6-icmp"),
                ..self.protocol
            },
            _ => self.protocol,
        };
        let head = [
            ("ethertype", Data::Str(ethertype).into()),
            ("protocol", protocol),
            ("from", self.from),
            ("to", self.to),
        ];
        eval.object(
            head.into_iter()
                .chain(members.iter().copied())
                .filter(|(_, value)| !value.is_null()),
        )
    }
}

/// `match_rules(rules, permissions)`: for each permission `{wanted, rule}`, the rule null where none agrees.
pub fn match_rules<'a>(eval: &Eval<'a>, args: &[Value<'a>]) -> Value<'a> {
    let [rules, wanted] = args else {
        return Value::NULL;
    };
    eval.list(
        items(*wanted)
            .map(|wanted| {
                let rule = items(*rules)
                    .find(|rule| agree(eval, *rule, wanted))
                    .unwrap_or(Value::NULL);
                eval.object([("wanted", wanted), ("rule", eval.made(rule, &[wanted]))])
            })
            .collect::<Vec<_>>(),
    )
}

fn agree<'a>(eval: &Eval<'a>, rule: Value<'a>, wanted: Value<'a>) -> bool {
    let (rule, wanted) = (
        |name: &str| eval.member(rule, name),
        |name: &str| eval.member(wanted, name),
    );
    let group = wanted("group_id").as_str().map(|id| {
        id.rsplit_once('-')
            .map_or(id, |(_, digits)| digits)
            .to_owned()
    });
    let remote = rule("remote_group_id")
        .as_str()
        .map(|uuid| uuid.replace('-', ""));
    let prefix_list = wanted("prefix_list_id").as_str().map(|id| {
        id.rsplit_once('-')
            .map_or(id, |(_, digits)| digits)
            .to_owned()
    });
    let address_group = rule("remote_address_group_id")
        .as_str()
        .map(|uuid| uuid.replace('-', ""));
    let ethertype = wanted("ethertype");
    let cidr = |value: Value<'a>| {
        value
            .as_str()
            .and_then(|text| text.parse::<ipnet::IpNet>().ok())
            .map(|net| net.trunc())
    };
    let everywhere = || {
        if ethertype.as_str() == Some("IPv6") {
            "::/0"
        } else {
            "0.0.0.0/0"
        }
        .parse::<ipnet::IpNet>()
        .ok()
    };
    let asked = cidr(wanted("cidr"));
    let present = cidr(rule("normalized_cidr")).or_else(|| cidr(rule("remote_ip_prefix")));
    let same_range = match (asked, present) {
        (None, None) => true,
        (Some(asked), None) => {
            remote.is_none() && address_group.is_none() && Some(asked) == everywhere()
        }
        (asked, present) => asked == present,
    };
    let same_protocol = {
        let name = |value: Value<'a>| match value.as_str() {
            None | Some("any" | "0") => None,
            Some("icmpv6" | "58") => Some("ipv6-icmp"),
            Some("6") => Some("tcp"),
            Some("17") => Some("udp"),
            Some("1") => Some("icmp"),
            other => other,
        };
        name(rule("protocol")) == name(wanted("protocol"))
    };
    let port = |value: Value<'a>| value.as_int();
    rule("ethertype").same(&ethertype)
        && same_protocol
        && port(rule("port_range_min")) == port(wanted("from"))
        && port(rule("port_range_max")) == port(wanted("to"))
        && group == remote
        && prefix_list == address_group
        && same_range
}

/// `ec2_port(side, rule)`: a rule's port as EC2 shows it: all ports of TCP are 0 to 65535, all of ICMP is -1.
pub fn ec2_port<'a>(eval: &Eval<'a>, args: &[Value<'a>]) -> Value<'a> {
    let [side, rule] = args else {
        return Value::NULL;
    };
    let from = side.as_str() == Some("from");
    let port = eval.member(
        *rule,
        if from {
            "port_range_min"
        } else {
            "port_range_max"
        },
    );
    if !port.is_null() {
        return port;
    }
    let protocol = eval.member(*rule, "protocol");
    match protocol.as_str() {
        Some("tcp" | "udp" | "6" | "17" | "sctp" | "dccp" | "udplite") => {
            eval.made(Data::Int(if from { 0 } else { 65_535 }).into(), &[protocol])
        }
        Some("icmp" | "1" | "ipv6-icmp" | "icmpv6" | "58") => {
            eval.made(Data::Int(-1).into(), &[protocol])
        }
        _ => Value::NULL,
    }
}
