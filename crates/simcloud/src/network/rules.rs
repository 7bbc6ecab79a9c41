//! Rules of security groups.

use ipnet::IpNet;
use serde_json::{Value, json};

use super::{state::Object, unknown_in};
use crate::{cloud::Cloud, fault::Fault, python, request::Request};

/// Protocols that Neutron knows by name, with their numbers.
const PROTOCOLS: &[(&str, u8)] = &[
    ("ah", 51),
    ("dccp", 33),
    ("egp", 8),
    ("esp", 50),
    ("gre", 47),
    ("hopopt", 0),
    ("icmp", 1),
    ("igmp", 2),
    ("ip", 0),
    ("ipip", 4),
    ("ipv6-encap", 41),
    ("ipv6-frag", 44),
    ("ipv6-icmp", 58),
    ("icmpv6", 58),
    ("ipv6-nonxt", 59),
    ("ipv6-opts", 60),
    ("ipv6-route", 43),
    ("ospf", 89),
    ("pgm", 113),
    ("rsvp", 46),
    ("sctp", 132),
    ("tcp", 6),
    ("udp", 17),
    ("udplite", 136),
    ("vrrp", 112),
];

/// What makes two rules the same: everything but the description.
const SAME: &[&str] = &[
    "security_group_id",
    "direction",
    "ethertype",
    "port_range_min",
    "port_range_max",
    "remote_ip_prefix",
    "remote_group_id",
    "remote_address_group_id",
];

fn protocol_number(protocol: &str) -> Option<u8> {
    protocol.parse().ok().or_else(|| {
        PROTOCOLS
            .iter()
            .find(|(name, _)| *name == protocol)
            .map(|(_, number)| *number)
    })
}

/// A value as rules are compared by it: a prefix of everybody is as good as none.
fn compared(value: Option<&Value>) -> Value {
    match value {
        Some(Value::String(prefix)) if prefix == "0.0.0.0/0" || prefix == "::/0" => Value::Null,
        Some(value) => value.clone(),
        None => Value::Null,
    }
}

/// Refuses a bulk request that names several groups or one rule twice.
pub(super) fn check_post(list: &[Value]) -> Result<(), Fault> {
    let rules: Vec<&Value> = list
        .iter()
        .map(|rule| rule.get("security_group_rule").unwrap_or(rule))
        .collect();
    let group = |rule: &Value| {
        rule.get("security_group_id")
            .cloned()
            .unwrap_or(Value::Null)
    };
    if rules
        .windows(2)
        .any(|pair| group(pair[0]) != group(pair[1]))
    {
        return Err(Fault::typed(
            400,
            "SecurityGroupNotSingleGroupRules",
            "Only allowed to update rules for one security profile at a time",
        ));
    }
    let key = |rule: &Value| {
        let mut key: Vec<Value> = SAME.iter().map(|name| compared(rule.get(*name))).collect();
        if key[2].is_null() {
            key[2] = json!("IPv4");
        }
        let protocol = rule
            .get("protocol")
            .map(python::text)
            .filter(|text| !matches!(text.as_str(), "None" | "any"));
        key.push(json!(protocol.map(|text| {
            protocol_number(&text.to_lowercase()).map_or(text, |n| n.to_string())
        })));
        key
    };
    let mut seen: Vec<Vec<Value>> = Vec::new();
    for rule in rules {
        let key = key(rule);
        if seen.contains(&key) {
            return Err(Fault::typed(
                409,
                "DuplicateSecurityGroupRuleInPost",
                "Duplicate Security Group Rule in POST.",
            ));
        }
        seen.push(key);
    }
    Ok(())
}

impl Cloud {
    pub(super) fn create_rule(&mut self, request: &Request, mut rule: Object) -> Result<(), Fault> {
        let group_id = rule.text("security_group_id").to_owned();
        let group = self
            .network
            .get("security_groups", &group_id)
            .ok_or_else(|| unknown_in("security_groups", &group_id))?;
        if !request.owns(&group.project) {
            return Err(Fault::typed(
                403,
                "PolicyNotAuthorized",
                "rule:create_security_group_rule is disallowed by policy",
            ));
        }
        let default = group.text("name") == "default";
        let project = group.project.clone();
        family(&mut rule)?;
        protocol(&mut rule)?;
        ports(&mut rule)?;
        self.remote(request, &mut rule)?;
        let key = |rule: &Object| -> Vec<Value> {
            SAME.iter()
                .map(|name| compared(rule.body.get(*name)))
                .collect()
        };
        let wanted = key(&rule);
        let number = |rule: &Object| protocol_number(rule.text("protocol"));
        let same = self
            .network
            .all("security_group_rules")
            .filter(|known| known.text("security_group_id") == group_id)
            .find(|known| key(known) == wanted && number(known) == number(&rule));
        if let Some(known) = same {
            return Err(Fault::typed(
                409,
                "SecurityGroupRuleExists",
                format!(
                    "Security group rule already exists. Rule id is {}.",
                    known.id
                ),
            ));
        }
        rule.set("belongs_to_default_sg", default);
        rule.project.clone_from(&project);
        rule.set("tenant_id", project.as_str());
        rule.set("project_id", project.as_str());
        self.number_rule(&mut rule);
        self.network.table("security_group_rules").insert(rule);
        self.touch("security_groups", &group_id);
        Ok(())
    }

    fn remote(&self, request: &Request, rule: &mut Object) -> Result<(), Fault> {
        let given = [
            "remote_ip_prefix",
            "remote_group_id",
            "remote_address_group_id",
        ];
        if given
            .iter()
            .filter(|key| rule.body.get(**key).is_some_and(|value| !value.is_null()))
            .count()
            > 1
        {
            return Err(Fault::typed(
                400,
                "SecurityGroupMultipleRemoteEntites",
                "Only one of remote_ip_prefix or remote_group_id or remote_address_group_id may be provided.",
            ));
        }
        for (key, many) in [
            ("remote_group_id", "security_groups"),
            ("remote_address_group_id", "address_groups"),
        ] {
            let id = rule.text(key);
            let known = || {
                self.network
                    .get(many, id)
                    .is_some_and(|group| request.owns(&group.project))
            };
            if !id.is_empty() && !known() {
                return Err(unknown_in(many, id));
            }
        }
        let family = rule.text("ethertype").to_owned();
        match rule
            .body
            .get("remote_ip_prefix")
            .cloned()
            .unwrap_or(Value::Null)
        {
            Value::Null => Ok(()),
            given => {
                let text = python::text(&given);
                let net = text
                    .parse::<IpNet>()
                    .ok()
                    .or_else(|| text.parse::<std::net::IpAddr>().ok().map(IpNet::from));
                let Some(net) = net else {
                    return Err(Fault::typed(
                        400,
                        "InvalidCIDR",
                        format!("Invalid CIDR {text} given as IP prefix."),
                    ));
                };
                if net.addr().is_ipv4() != (family == "IPv4") {
                    return Err(Fault::typed(
                        400,
                        "SecurityGroupRuleParameterConflict",
                        format!("Conflicting value ethertype {family} for CIDR {text}"),
                    ));
                }
                rule.set("remote_ip_prefix", net.to_string());
                rule.set("normalized_cidr", net.trunc().to_string());
                Ok(())
            }
        }
    }
}

fn family(rule: &mut Object) -> Result<(), Fault> {
    let given = rule.text("ethertype").to_owned();
    let family = match given.to_lowercase().as_str() {
        "ipv4" | "" => "IPv4",
        "ipv6" => "IPv6",
        _ => {
            return Err(Fault::typed(
                400,
                "SecurityGroupRuleInvalidEtherType",
                format!(
                    "Security group rule for ethertype '{given}' not supported. Allowed values are ['IPv4', 'IPv6']."
                ),
            ));
        }
    };
    rule.set("ethertype", family);
    Ok(())
}

fn protocol(rule: &mut Object) -> Result<(), Fault> {
    let given = rule.body.get("protocol").cloned().unwrap_or(Value::Null);
    let text = python::text(&given).to_lowercase();
    if given.is_null() || text == "any" {
        rule.set("protocol", Value::Null);
        return Ok(());
    }
    if protocol_number(&text).is_none() {
        let names: Vec<String> = PROTOCOLS
            .iter()
            .map(|(name, _)| format!("'{name}'"))
            .collect();
        return Err(Fault::typed(
            400,
            "SecurityGroupRuleInvalidProtocol",
            format!(
                "Security group rule protocol {text} not supported. Only protocol values (None, 'any', {}) and integer representations [0 to 255] are supported.",
                names.join(", ")
            ),
        ));
    }
    let v6 = rule.text("ethertype") == "IPv6";
    if !v6 && (text.starts_with("ipv6-") || text == "icmpv6") {
        return Err(Fault::typed(
            400,
            "SecurityGroupEthertypeConflictWithProtocol",
            format!("Invalid ethertype IPv4 for protocol {text}."),
        ));
    }
    rule.set(
        "protocol",
        if v6 && matches!(text.as_str(), "icmp" | "icmpv6") {
            "ipv6-icmp"
        } else {
            &text
        },
    );
    Ok(())
}

fn ports(rule: &mut Object) -> Result<(), Fault> {
    let number = |key: &str| -> Result<Option<i64>, Fault> {
        match rule.body.get(key).unwrap_or(&Value::Null) {
            Value::Null => Ok(None),
            value => value
                .as_i64()
                .or_else(|| value.as_str()?.parse().ok())
                .map(Some)
                .ok_or_else(|| bad_port(python::text(value))),
        }
    };
    let (low, high) = (number("port_range_min")?, number("port_range_max")?);
    let protocol = rule.text("protocol").to_owned();
    for port in [low, high].into_iter().flatten() {
        if !(0..=65_535).contains(&port) {
            return Err(bad_port(port));
        }
    }
    if low.is_none() && high.is_none() {
        return Ok(());
    }
    match protocol_number(&protocol) {
        None => {
            return Err(Fault::typed(
                400,
                "SecurityGroupProtocolRequiredWithPorts",
                "Must also specify protocol if port range is given.",
            ));
        }
        Some(1 | 58) => {
            for (field, name, value) in [
                ("port_range_min", "type", low),
                ("port_range_max", "code", high),
            ] {
                if let Some(value) = value.filter(|value| *value > 255) {
                    return Err(Fault::typed(
                        400,
                        "SecurityGroupInvalidIcmpValue",
                        format!(
                            "Invalid value for ICMP {name} ({field}) {value}. It must be 0 to 255."
                        ),
                    ));
                }
            }
            if let (None, Some(code)) = (low, high) {
                return Err(Fault::typed(
                    400,
                    "SecurityGroupMissingIcmpType",
                    format!(
                        "ICMP code (port-range-max) {code} is provided but ICMP type (port-range-min) is missing."
                    ),
                ));
            }
        }
        Some(6 | 17 | 33 | 132 | 136) => {
            if let Some(zero) = [low, high].into_iter().flatten().find(|port| *port == 0) {
                return Err(bad_port(zero));
            }
            if low.is_none() || high.is_none() || low > high {
                return Err(Fault::typed(
                    400,
                    "SecurityGroupInvalidPortRange",
                    "For TCP/UDP protocols, port_range_min must be <= port_range_max",
                ));
            }
        }
        Some(_) => {
            return Err(Fault::typed(
                400,
                "SecurityGroupInvalidProtocolForPort",
                format!(
                    "Ports cannot be specified for protocol {protocol}. Ports are only supported for DCCP, SCTP, TCP, UDP, UDPLITE."
                ),
            ));
        }
    }
    let whole = low == Some(1) && high == Some(65_535);
    rule.set("port_range_min", if whole { None } else { low });
    rule.set("port_range_max", if whole { None } else { high });
    Ok(())
}

fn bad_port(port: impl std::fmt::Display) -> Fault {
    Fault::typed(
        400,
        "SecurityGroupInvalidPortValue",
        format!("Invalid value for port {port}"),
    )
}
