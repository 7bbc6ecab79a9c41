//! The services that rules call: in the catalogue, reached, new enough.

use std::collections::BTreeSet;

use openstack_wire::Fault;

use super::Patient;
use super::finding::Finding;
use super::needs::Needs;
use crate::openstack::SERVICES;

/// A cheap read of each service, which every member may make.
const PROBES: [(&str, &str); 4] = [
    ("compute", "/limits"),
    ("network", "/v2.0/extensions"),
    ("block-storage", "/limits"),
    ("image", "/v2/schemas/image"),
];

/// Checks; gives the services that answered.
pub async fn check(
    patient: &Patient,
    needs: &Needs,
    findings: &mut Vec<Finding>,
) -> BTreeSet<&'static str> {
    let mut reached = BTreeSet::new();
    for service in SERVICES {
        let actions = needs.of_service(service);
        let Some(address) = patient.cloud.address(&patient.caller, service) else {
            findings.push(
                Finding::missing(
                    service,
                    "endpoint",
                    format!("The catalogue has no {service} service for this region and interface."),
                    actions,
                )
                .mend("check region_name and interface of the cloud's entry; openstack catalog list shows what there is"),
            );
            continue;
        };
        let path = PROBES
            .iter()
            .find(|(name, _)| *name == service)
            .map_or("/", |(_, path)| path);
        let reply = patient.get(service, path).await;
        match Fault::of(&reply) {
            None => {
                reached.insert(service);
                findings.push(Finding::fine(
                    service,
                    "endpoint",
                    format!("The {service} service answers at {address}."),
                ));
                findings.extend(version(patient, service, needs).await);
            }
            Some(fault) => {
                let why = match fault.status {
                    0 => format!("The {service} service does not answer at {address}."),
                    401 | 403 => format!(
                        "The {service} service at {address} refuses this project's member: {fault}"
                    ),
                    _ => format!("The {service} service at {address} does not work: {fault}"),
                };
                findings.push(Finding::missing(service, "endpoint", why, actions));
            }
        }
    }
    reached
}

/// The microversions, for services that have them.
async fn version(patient: &Patient, service: &'static str, needs: &Needs) -> Option<Finding> {
    let (least, asked) = needs.microversions(service)?;
    let check = "microversion";
    Some(match patient.cloud.offer(&patient.caller, service).await {
        None => Finding::unknown(
            service,
            check,
            format!("The {service} service does not say which microversions it has; {asked} is asked for."),
        ),
        Some(offer) if offer.most < least => Finding::missing(
            service,
            check,
            format!("Microversions {} to {}; the rules read what came with {least}.", offer.least, offer.most),
            needs.of_service(service),
        )
        .mend("some members of answers will lack, or requests will be refused, until the service is upgraded"),
        Some(offer) if offer.most < asked => Finding::note(
            service,
            check,
            format!("Microversions {} to {}; the rules are written for {asked} and get {}.", offer.least, offer.most, offer.most),
        ),
        Some(offer) => Finding::fine(
            service,
            check,
            format!("Microversions {} to {}; the rules ask for {asked}.", offer.least, offer.most),
        ),
    })
}
