//! Neutron: extensions, external networks, subnets to start instances in.

use std::collections::BTreeSet;

use super::finding::Finding;
use super::needs::Needs;
use super::{Patient, list, text_of, unread};

const AREA: &str = "network";

/// Checks.
pub async fn check(patient: &Patient, needs: &Needs, findings: &mut Vec<Finding>) {
    match patient.read(AREA, "/v2.0/extensions").await {
        Err(fault) => findings.push(unread(AREA, "extensions", "Neutron's extensions", &fault)),
        Ok(body) => {
            let known: BTreeSet<&str> = list(&body, "extensions")
                .iter()
                .map(|extension| text_of(extension, "alias"))
                .collect();
            extensions(&known, needs, findings);
        }
    }
    match patient
        .read(AREA, "/v2.0/networks?router:external=true")
        .await
    {
        Err(fault) => findings.push(unread(
            AREA,
            "external-network",
            "the external networks",
            &fault,
        )),
        Ok(body) => {
            let names: Vec<String> = list(&body, "networks")
                .iter()
                .map(|network| format!("{} ({})", text_of(network, "name"), text_of(network, "id")))
                .collect();
            findings.push(external(&names, needs));
        }
    }
    match patient.read(AREA, "/v2.0/subnets").await {
        Err(fault) => findings.push(unread(AREA, "subnet", "the subnets", &fault)),
        Ok(body) => {
            let own = list(&body, "subnets")
                .iter()
                .filter(|subnet| text_of(subnet, "project_id") == patient.caller.project_id)
                .count();
            findings.push(match own {
                0 => Finding::note(AREA, "subnet", "The project has no subnet of its own yet; RunInstances needs one, or a shared network.")
                    .mend("aws ec2 create-vpc and create-subnet, or ask for a shared network"),
                count => Finding::fine(AREA, "subnet", format!("Subnets of the project: {count}.")),
            });
        }
    }
}

fn extensions(known: &BTreeSet<&str>, needs: &Needs, findings: &mut Vec<Finding>) {
    let wanted = needs.extensions();
    let there: Vec<&str> = wanted
        .keys()
        .copied()
        .filter(|name| known.contains(name))
        .collect();
    if !there.is_empty() {
        findings.push(Finding::fine(
            AREA,
            "extensions",
            format!("Neutron has the extensions {}.", there.join(", ")),
        ));
    }
    for (name, actions) in wanted {
        if known.contains(name) {
            continue;
        }
        let check = format!("extension-{name}");
        let says = format!("Neutron lacks the extension {name}.");
        let mend = "the cloud's operator can load it: openstack extension list --network shows what there is";
        findings.push(Finding::missing(AREA, &check, says, actions).mend(mend));
    }
}

fn external(names: &[String], needs: &Needs) -> Finding {
    let check = "external-network";
    match names {
        [] => Finding::missing(
            AREA,
            check,
            "There is no external network, so there are no public addresses.",
            needs.making(AREA, "floatingips"),
        )
        .mend("an administrator makes one: openstack network create --external NAME"),
        [one] => Finding::fine(AREA, check, format!("Public addresses come from {one}.")),
        [first, ..] => Finding::note(
            AREA,
            check,
            format!("There are several external networks ({}); public addresses come from the one whose id sorts first.", names.join(", ")),
        )
        .mend(format!("choose with --external-network ID, as of {first}")),
    }
}
