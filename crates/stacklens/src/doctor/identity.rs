//! Keystone: reached, logged in, allowed to verify signatures, clocks alike, keys there.

use std::collections::BTreeSet;
use std::time::SystemTime;

use openstack_wire::auth::Token;
use openstack_wire::{Call, Fault, Method};
use serde_json::Value;

use super::finding::Finding;
use super::needs::Needs;
use super::{list, text_of};
use crate::openstack::config::Config;
use crate::openstack::keystone::{Keystone, Verifies, missing_role, refused_login};
use crate::openstack::{Caller, OpenStack};

const AREA: &str = "identity";
/// Clocks may differ so much, in seconds, before it is worth a word; signatures are refused after 15 minutes.
const SKEW: u64 = 60;
/// And so much before requests fail now and then.
const LARGE_SKEW: u64 = 10 * 60;

/// Checks; gives whoever the rest is looked at as, if anybody could log in.
pub async fn check(
    cloud: &mut OpenStack,
    own: &Config,
    service: Option<&Config>,
    needs: &Needs,
    findings: &mut Vec<Finding>,
) -> anyhow::Result<Option<Caller>> {
    let credential = service.unwrap_or(own);
    let verifier = match cloud.keystone().log_in().await {
        Ok(token) => token,
        Err(fault) => {
            findings.push(Finding::missing(
                AREA,
                "login",
                refused_login(&fault, own, credential),
                needs.all(),
            ));
            return Ok(None);
        }
    };
    findings.push(Finding::fine(
        AREA,
        "keystone",
        format!("Keystone answers at {}.", own.auth_url),
    ));
    clock(cloud.keystone(), needs, findings).await;
    findings.push(logged_in("login-service", credential, &verifier));
    verification(cloud, credential, &verifier, needs, findings).await;

    let member = match service {
        None => verifier,
        Some(_) => member(cloud, own, verifier, findings).await?,
    };
    keys(cloud.keystone(), &member, needs, findings).await;
    if let Err(error) = cloud.settle_region(&member) {
        findings.push(Finding::missing(
            AREA,
            "region",
            error.to_string(),
            needs.all(),
        ));
        return Ok(None);
    }
    let caller = Caller::of(member);
    if caller.is_none() {
        findings.push(Finding::missing(
            AREA,
            "project",
            format!("The credential of {:?} is for no project.", own.name),
            needs.all(),
        ));
    }
    Ok(caller)
}

fn logged_in(check: &str, credential: &Config, token: &Token) -> Finding {
    Finding::fine(
        AREA,
        check,
        format!(
            "The credential of the cloud {:?} works: user {}, project {}, roles {}.",
            credential.name,
            token.user_name,
            token.project_name.as_deref().unwrap_or("none"),
            token.roles.join(", ")
        ),
    )
}

/// The token of the cloud's own entry, or the service's if that cannot log in.
async fn member(
    cloud: &OpenStack,
    own: &Config,
    verifier: Token,
    findings: &mut Vec<Finding>,
) -> anyhow::Result<Token> {
    let without = "What follows is what the service credential sees.";
    let Ok(keystone) = cloud.keystone().with(own) else {
        findings.push(Finding::note(
            AREA,
            "login",
            format!(
                "The entry {:?} has no credential of its own, and needs none to be served. {without}",
                own.name
            ),
        ));
        return Ok(verifier);
    };
    match keystone.log_in().await {
        Ok(token) => {
            findings.push(logged_in("login", own, &token));
            Ok(token)
        }
        Err(fault) => {
            findings.push(Finding::note(
                AREA,
                "login",
                format!("{}. {without}", refused_login(&fault, own, own)),
            ));
            Ok(verifier)
        }
    }
}

async fn clock(keystone: &Keystone, needs: &Needs, findings: &mut Vec<Finding>) {
    let date = keystone.date().await;
    let Some(theirs) = date.and_then(|date| httpdate::parse_http_date(&date).ok()) else {
        findings.push(Finding::unknown(
            AREA,
            "clock",
            "Keystone does not tell its time, so the clocks cannot be compared.",
        ));
        return;
    };
    let ours = SystemTime::now();
    let apart = ours
        .duration_since(theirs)
        .or_else(|_| theirs.duration_since(ours))
        .unwrap_or_default()
        .as_secs();
    let says = format!("The clocks here and at Keystone differ by {apart} s.");
    let mend = "set both by NTP; signatures are refused when the clocks differ by 15 minutes";
    findings.push(match apart {
        0..SKEW => Finding::fine(AREA, "clock", says),
        SKEW..LARGE_SKEW => Finding::note(AREA, "clock", says).mend(mend),
        _ => Finding::missing(AREA, "clock", says, needs.all()).mend(mend),
    });
}

async fn verification(
    cloud: &OpenStack,
    credential: &Config,
    token: &Token,
    needs: &Needs,
    findings: &mut Vec<Finding>,
) {
    let check = "ec2tokens";
    findings.push(match cloud.keystone().verifies(token).await {
        Verifies::Yes => Finding::fine(
            AREA,
            check,
            format!(
                "The credential of the cloud {:?} may verify EC2 signatures.",
                credential.name
            ),
        ),
        Verifies::Forbidden => {
            Finding::missing(AREA, check, missing_role(token, credential), needs.all())
        }
        Verifies::NoSuchCall => Finding::missing(
            AREA,
            check,
            "This Keystone has no POST /v3/ec2tokens.",
            needs.all(),
        )
        .mend("its operator has to switch the EC2 credentials on"),
        Verifies::Unknown(fault) => Finding::unknown(
            AREA,
            check,
            format!("Whether signatures can be verified is unclear: {fault}"),
        ),
    });
}

/// The keys with which the user can sign.
async fn keys(keystone: &Keystone, token: &Token, needs: &Needs, findings: &mut Vec<Finding>) {
    let path = format!("/users/{}/credentials/OS-EC2", token.user_id);
    let reply = keystone
        .ask(&Call::new(Method::Get, "identity", path), token)
        .await;
    let check = "ec2-credentials";
    let mend = "openstack ec2 credentials create";
    findings.push(match Fault::of(&reply) {
        Some(fault) if fault.status == 404 => Finding::missing(
            AREA,
            check,
            "This Keystone has no EC2 credentials, so nobody has a key to sign with.",
            needs.all(),
        ),
        // An application credential may not make or read others.
        Some(fault) if matches!(fault.status, 401 | 403) => Finding::note(
            AREA,
            check,
            format!(
                "Whether {} has EC2 keys cannot be seen with this credential.",
                token.user_name
            ),
        ),
        Some(fault) => super::unread(AREA, check, "the EC2 keys", &fault),
        None => {
            let body: Value = serde_json::from_str(&reply.body).unwrap_or_default();
            let here: BTreeSet<&str> = list(&body, "credentials")
                .iter()
                .filter(|key| Some(text_of(key, "tenant_id")) == token.project_id.as_deref())
                .map(|key| text_of(key, "access"))
                .collect();
            match here.len() {
                0 => Finding::note(
                    AREA,
                    check,
                    format!("{} has no EC2 key in this project yet.", token.user_name),
                )
                .mend(mend),
                count => Finding::fine(
                    AREA,
                    check,
                    format!("EC2 keys of {} in this project: {count}.", token.user_name),
                ),
            }
        }
    });
}
