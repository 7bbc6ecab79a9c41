//! What instances and volumes are made of: flavors, images, volume types, zones.

use std::collections::BTreeSet;

use serde_json::Value;

use super::finding::Finding;
use super::needs::Needs;
use super::{Patient, list, text_of, unread};

/// Checks.
pub async fn check(
    patient: &Patient,
    reached: &BTreeSet<&'static str>,
    needs: &Needs,
    findings: &mut Vec<Finding>,
) {
    let servers = || needs.making("compute", "servers");
    if reached.contains("compute") {
        match patient.read("compute", "/flavors/detail").await {
            Err(fault) => findings.push(unread("compute", "flavors", "the flavors", &fault)),
            Ok(body) => findings.extend(flavors(list(&body, "flavors"), servers())),
        }
        match patient.read("compute", "/os-availability-zone").await {
            Err(fault) => findings.push(unread("compute", "zones", "the zones", &fault)),
            Ok(body) => findings.push(zones(list(&body, "availabilityZoneInfo"), servers())),
        }
    }
    if reached.contains("image") {
        match patient
            .read("image", "/v2/images?status=active&limit=100")
            .await
        {
            Err(fault) => findings.push(unread("image", "images", "the images", &fault)),
            Ok(body) => findings.push(match list(&body, "images").len() {
                0 => Finding::missing(
                    "image",
                    "images",
                    "There is no image to start an instance from.",
                    servers(),
                )
                .mend("openstack image create --file FILE --disk-format qcow2 NAME"),
                100 => Finding::fine("image", "images", "There are 100 images or more."),
                count => Finding::fine(
                    "image",
                    "images",
                    format!("Images that can be started: {count}."),
                ),
            }),
        }
    }
    if reached.contains("block-storage") {
        match patient.read("block-storage", "/types").await {
            Err(fault) => {
                findings.push(unread("block-storage", "types", "the volume types", &fault))
            }
            Ok(body) => {
                let names: Vec<&str> = list(&body, "volume_types")
                    .iter()
                    .map(|one| text_of(one, "name"))
                    .collect();
                findings.push(if names.is_empty() {
                    Finding::note(
                        "block-storage",
                        "types",
                        "Cinder has no volume types; every volume is of the same kind.",
                    )
                } else {
                    Finding::fine(
                        "block-storage",
                        "types",
                        format!("Volume types: {}.", names.join(", ")),
                    )
                });
            }
        }
    }
}

fn flavors(flavors: &[Value], affected: BTreeSet<String>) -> Vec<Finding> {
    let names: Vec<&str> = flavors.iter().map(|one| text_of(one, "name")).collect();
    if names.is_empty() {
        return vec![
            Finding::missing("compute", "flavors", "There are no flavors, so no instance types.", affected)
                .mend("an administrator makes one: openstack flavor create --ram 2048 --vcpus 1 --disk 20 m1.small"),
        ];
    }
    let usual = translator::DEFAULT_INSTANCE_TYPE;
    let mut findings = vec![Finding::fine(
        "compute",
        "flavors",
        format!("Flavors: {}.", names.len()),
    )];
    if !names.contains(&usual) {
        findings.push(
            Finding::note(
                "compute",
                "default-flavor",
                format!(
                    "No flavor is named {usual}, which RunInstances without InstanceType means."
                ),
            )
            .mend("serve with --default-instance-type FLAVOR"),
        );
    }
    findings
}

fn zones(zones: &[Value], affected: BTreeSet<String>) -> Finding {
    let open: Vec<&str> = zones
        .iter()
        .filter(|zone| zone.pointer("/zoneState/available") == Some(&Value::Bool(true)))
        .map(|zone| text_of(zone, "zoneName"))
        .collect();
    if open.is_empty() {
        Finding::missing(
            "compute",
            "zones",
            "No availability zone is open, so no instance can be started.",
            affected,
        )
    } else {
        Finding::fine(
            "compute",
            "zones",
            format!("Availability zones: {}.", open.join(", ")),
        )
    }
}
