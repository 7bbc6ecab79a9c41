//! What the project may still make.

use std::collections::BTreeSet;

use serde_json::Value;

use super::finding::Finding;
use super::needs::Needs;
use super::{Patient, unread};

/// A quota: where it is read, and what it bounds.
struct Quota {
    service: &'static str,
    what: &'static str,
    /// Collections whose making it bounds.
    collections: &'static [&'static str],
    /// Pointers to the number used and to the most.
    used: &'static str,
    most: &'static str,
}

const fn quota(
    service: &'static str,
    what: &'static str,
    collections: &'static [&'static str],
    used: &'static str,
    most: &'static str,
) -> Quota {
    Quota {
        service,
        what,
        collections,
        used,
        most,
    }
}

const QUOTAS: [Quota; 13] = [
    quota(
        "compute",
        "instances",
        &["servers"],
        "/limits/absolute/totalInstancesUsed",
        "/limits/absolute/maxTotalInstances",
    ),
    quota(
        "compute",
        "cores",
        &["servers"],
        "/limits/absolute/totalCoresUsed",
        "/limits/absolute/maxTotalCores",
    ),
    quota(
        "compute",
        "MiB of memory",
        &["servers"],
        "/limits/absolute/totalRAMUsed",
        "/limits/absolute/maxTotalRAMSize",
    ),
    quota(
        "block-storage",
        "volumes",
        &["volumes"],
        "/limits/absolute/totalVolumesUsed",
        "/limits/absolute/maxTotalVolumes",
    ),
    quota(
        "block-storage",
        "snapshots",
        &["snapshots"],
        "/limits/absolute/totalSnapshotsUsed",
        "/limits/absolute/maxTotalSnapshots",
    ),
    quota(
        "block-storage",
        "GiB of volumes",
        &["volumes", "snapshots"],
        "/limits/absolute/totalGigabytesUsed",
        "/limits/absolute/maxTotalVolumeGigabytes",
    ),
    quota(
        "network",
        "networks",
        &["networks"],
        "/quota/network/used",
        "/quota/network/limit",
    ),
    quota(
        "network",
        "subnets",
        &["subnets"],
        "/quota/subnet/used",
        "/quota/subnet/limit",
    ),
    quota(
        "network",
        "routers",
        &["routers"],
        "/quota/router/used",
        "/quota/router/limit",
    ),
    quota(
        "network",
        "ports",
        &["ports"],
        "/quota/port/used",
        "/quota/port/limit",
    ),
    quota(
        "network",
        "floating IPs",
        &["floatingips"],
        "/quota/floatingip/used",
        "/quota/floatingip/limit",
    ),
    quota(
        "network",
        "security groups",
        &["security-groups"],
        "/quota/security_group/used",
        "/quota/security_group/limit",
    ),
    quota(
        "network",
        "security group rules",
        &["security-group-rules"],
        "/quota/security_group_rule/used",
        "/quota/security_group_rule/limit",
    ),
];

/// Checks.
pub async fn check(
    patient: &Patient,
    reached: &BTreeSet<&'static str>,
    needs: &Needs,
    findings: &mut Vec<Finding>,
) {
    let of_network = format!("/v2.0/quotas/{}/details", patient.caller.project_id);
    for (service, path) in [
        ("compute", "/limits"),
        ("block-storage", "/limits"),
        ("network", of_network.as_str()),
    ] {
        if !reached.contains(service) {
            continue;
        }
        match patient.read(service, path).await {
            Err(fault) => findings.push(unread(service, "quota", "the quota", &fault)),
            Ok(body) => findings.extend(judged(service, &body, needs)),
        }
    }
}

fn judged(service: &'static str, body: &Value, needs: &Needs) -> Vec<Finding> {
    let mut findings = Vec::new();
    for quota in QUOTAS.iter().filter(|quota| quota.service == service) {
        let number = |pointer: &str| body.pointer(pointer).and_then(Value::as_i64);
        let (Some(used), Some(most)) = (number(quota.used), number(quota.most)) else {
            continue;
        };
        let says = format!("Quota: {used} of {most} {}.", quota.what);
        // A negative number is no limit. A quota of zero is full as well.
        if most < 0 || used.saturating_mul(10) < most.saturating_mul(9) && used < most {
            continue;
        }
        let check = format!("quota-{}", quota.what.replace(' ', "-"));
        let finding = if used >= most {
            let makes = quota
                .collections
                .iter()
                .flat_map(|collection| needs.making(service, collection));
            Finding::missing(service, &check, says, makes.collect())
        } else {
            Finding::note(service, &check, says)
        };
        findings.push(finding.mend("delete what is not needed, or ask the operator for more"));
    }
    if findings.is_empty() {
        findings.push(Finding::fine(
            service,
            "quota",
            "No quota is near its limit.",
        ));
    }
    findings
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::doctor::finding::Status;

    #[test]
    fn a_quota_is_told_when_it_is_near() {
        let engine = translator::Engine::new(rules::Rules::built_in().clone());
        let needs = Needs::of(&engine);
        for (used, most, expected) in [
            (0, 10, Status::Fine),
            (8, 10, Status::Fine),
            (9, 10, Status::Note),
            (10, 10, Status::Missing),
            (0, 0, Status::Missing),
            (99, -1, Status::Fine),
        ] {
            let body = json!({"limits": {"absolute": {"totalVolumesUsed": used, "maxTotalVolumes": most}}});
            let findings = judged("block-storage", &body, &needs);
            assert_eq!(findings.len(), 1);
            assert_eq!(findings[0].status, expected, "{used} of {most}");
            assert_eq!(
                findings[0].actions.contains("CreateVolume"),
                expected == Status::Missing
            );
        }
    }
}
