//! Address ranges.

use std::collections::BTreeSet;
use std::net::IpAddr;

use ipnet::IpNet;

use super::jmespath::items;
use crate::eval::Eval;
use crate::value::{Data, Value};

/// `prefix_length(cidr)`: 16 of `10.0.0.0/16`; null if it is no CIDR.
pub fn prefix_length<'a>(eval: &Eval<'a>, args: &[Value<'a>]) -> Value<'a> {
    let network = args
        .first()
        .and_then(Value::as_str)
        .and_then(|text| text.parse::<IpNet>().ok());
    network.map_or(Value::NULL, |network| {
        eval.made(Data::Int(network.prefix_len().into()).into(), args)
    })
}

/// `canonical_cidr(cidr)`: `10.0.0.0/16` of `10.0.3.4/16`; null if it is no CIDR.
pub fn canonical_cidr<'a>(eval: &Eval<'a>, args: &[Value<'a>]) -> Value<'a> {
    let network = args
        .first()
        .and_then(Value::as_str)
        .and_then(|text| text.parse::<IpNet>().ok());
    network.map_or(Value::NULL, |network| {
        eval.made(eval.text(&network.trunc().to_string()), args)
    })
}

/// `host_name(name)`: a name of the DNS without the dot that ends it.
pub fn host_name<'a>(eval: &Eval<'a>, args: &[Value<'a>]) -> Value<'a> {
    let name = args.first().and_then(Value::as_str);
    name.map_or(Value::NULL, |name| {
        eval.made(eval.text(name.trim_end_matches('.')), args)
    })
}

/// `is_ascii(text)`: whether a host name can be made of the text without losing letters.
pub fn is_ascii<'a>(eval: &Eval<'a>, args: &[Value<'a>]) -> Value<'a> {
    let text = args.first().and_then(Value::as_str);
    text.map_or(Value::NULL, |text| {
        eval.made(Data::Bool(text.is_ascii()).into(), args)
    })
}

/// `within(cidr, ranges)`: whether the block lies inside one of the ranges.
pub fn within<'a>(eval: &Eval<'a>, args: &[Value<'a>]) -> Value<'a> {
    let [cidr, ranges] = args else {
        return Value::NULL;
    };
    let Some(block) = cidr.as_str().and_then(|text| text.parse::<IpNet>().ok()) else {
        return Value::NULL;
    };
    let inside = items(*ranges)
        .filter_map(|range| range.as_str()?.parse::<IpNet>().ok())
        .any(|range| range.contains(&block));
    eval.made(Data::Bool(inside).into(), &[*cidr])
}

/// An address as a number; both families in one order would mix them up, so a range has to be of one.
fn number(value: Value<'_>) -> Option<(bool, u128)> {
    match value.as_str()?.parse::<IpAddr>().ok()? {
        IpAddr::V4(v4) => Some((false, u32::from(v4).into())),
        IpAddr::V6(v6) => Some((true, v6.into())),
    }
}

/// `free_addresses(pools, used)`: how many addresses of Neutron's allocation pools are not used.
pub fn free_addresses<'a>(eval: &Eval<'a>, args: &[Value<'a>]) -> Value<'a> {
    let [pools, used] = args else {
        return Value::NULL;
    };
    if pools.as_list().is_none() {
        return Value::NULL;
    }
    let used: BTreeSet<(bool, u128)> = items(*used).filter_map(number).collect();
    let mut free: u128 = 0;
    for pool in items(*pools) {
        let (Some(start), Some(end)) = (
            number(eval.member(pool, "start")),
            number(eval.member(pool, "end")),
        ) else {
            continue;
        };
        if start.0 == end.0 && start.1 <= end.1 {
            let taken = used.range(start..=end).count() as u128;
            free = free.saturating_add((end.1 - start.1).saturating_add(1).saturating_sub(taken));
        }
    }
    // EC2 counts in 32 bits.
    let free = i64::try_from(free)
        .unwrap_or(i64::MAX)
        .min(i64::from(i32::MAX));
    eval.made(Data::Int(free).into(), &[*pools])
}
