//! Replies that a call may get instead of the cloud's: each error that its rule, or the table of errors, has a meaning
//! for, and those that any service answers. All of it is read from the rules.

use rules::{FaultRow, Meaning, Rules};
use serde_json::{Value, json};
use translator::trace::TracedCall;

/// Errors that any service answers, with the words that it uses.
const ANY: [(u16, &str); 8] = [
    (401, "The request you have made requires authentication."),
    (403, "Policy doesn't allow this operation to be performed."),
    (404, "The resource could not be found."),
    (409, "The resource is in a state that does not allow this."),
    (413, "The request is too large, or the quota is used up."),
    (429, "Too many requests."),
    (
        500,
        "An unexpected error prevented the server from fulfilling your request.",
    ),
    (503, "The service is unavailable."),
];

/// One reply.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sample {
    /// What it is, for a menu: `409 OverQuota: AddressLimitExceeded`.
    pub label: String,
    /// HTTP status.
    pub status: u16,
    /// Body, as the service writes it.
    pub body: String,
}

/// Samples for a call: what its own rule says first.
pub fn of(rules: &Rules, call: &TracedCall) -> Vec<Sample> {
    let actions = rules.actions.values().flat_map(|action| &action.calls);
    let views = rules.views.values().flat_map(|view| &view.calls);
    let own = actions
        .chain(views)
        .find(|rule| *rule.at.file == *call.rule.file && rule.at.line == call.rule.line);
    let service = call.call.service.as_str();
    let own = own.map(|rule| rule.faults.as_slice()).unwrap_or_default();
    let of_service = rules
        .faults
        .iter()
        .filter(|row| row.service.as_deref() == Some(service));
    let mut samples: Vec<Sample> = own
        .iter()
        .chain(of_service)
        .filter_map(|row| from_row(service, row))
        .collect();
    samples.extend(ANY.iter().map(|(status, message)| Sample {
        label: format!("{status} from any service"),
        status: *status,
        body: body(service, *status, None, message),
    }));
    // Rows that differ only in what they mean to other calls make the same reply.
    let mut seen = Vec::new();
    samples.retain(|sample| {
        let new = !seen.contains(&(sample.status, sample.body.clone()));
        seen.push((sample.status, sample.body.clone()));
        new
    });
    samples
}

fn from_row(service: &str, row: &FaultRow) -> Option<Sample> {
    let status = row.status?;
    let message = match &row.pattern {
        Some(pattern) => pattern
            .replace('*', " ")
            .split_whitespace()
            .collect::<Vec<_>>()
            .join(" "),
        None => ANY
            .iter()
            .find(|(known, _)| *known == status)
            .map_or("The request cannot be fulfilled.", |(_, message)| message)
            .to_owned(),
    };
    let meaning = match &row.meaning {
        Meaning::Nothing => "taken as: there is none",
        Meaning::Fine => "taken as success",
        Meaning::NotFound => "not found",
        Meaning::Error { code, .. } => code,
    };
    let what = row.kind.as_deref().or(row.pattern.as_deref());
    let label = match what {
        Some(what) => format!("{status} {what}: {meaning}"),
        None => format!("{status}: {meaning}"),
    };
    // A pattern may want its words with anything between them: what does not match would be another sample.
    let message = match &row.pattern {
        Some(pattern) if !pattern.starts_with('*') && !pattern.ends_with('*') => {
            pattern.replace('*', " ")
        }
        _ => message,
    };
    Some(Sample {
        label,
        status,
        body: body(service, status, row.kind.as_deref(), &message),
    })
}

/// An error as a service writes it.
fn body(service: &str, status: u16, kind: Option<&str>, message: &str) -> String {
    let value: Value = match service {
        "network" => {
            let kind = kind.unwrap_or(match status {
                401 => "HTTPUnauthorized",
                403 => "PolicyNotAuthorized",
                404 => "HTTPNotFound",
                409 => "HTTPConflict",
                _ => "HTTPInternalServerError",
            });
            json!({ "NeutronError": { "type": kind, "message": message, "detail": "" } })
        }
        "identity" => json!({ "error": { "code": status, "message": message } }),
        "image" => json!({ "message": message, "code": status.to_string() }),
        _ => {
            let name = match status {
                400 => "badRequest",
                401 => "unauthorized",
                403 => "forbidden",
                404 => "itemNotFound",
                409 => "conflictingRequest",
                413 | 429 => "overLimit",
                503 => "serviceUnavailable",
                _ => "computeFault",
            };
            json!({ name: { "code": status, "message": message } })
        }
    };
    serde_json::to_string_pretty(&value).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use openstack_wire::{Call, Fault, Method, Reply};
    use translator::trace::{Phase, RuleLine};

    fn call(file: &str, name: &str, service: &str) -> TracedCall {
        let rules = Rules::built_in();
        let action = file.rsplit('/').next().unwrap().trim_end_matches(".yaml");
        let rule = rules.actions[action]
            .calls
            .iter()
            .find(|call| call.name == name)
            .unwrap();
        TracedCall {
            id: 0,
            name: name.into(),
            round: 0,
            phase: Phase::Change,
            call: Call::new(Method::Post, service, "/x"),
            reply: None,
            fault: None,
            links: vec![],
            rule: RuleLine {
                file: rule.at.file.to_string(),
                line: rule.at.line,
            },
        }
    }

    #[test]
    fn the_rules_own_errors_come_first_and_every_service_error_is_there() {
        let samples = of(
            Rules::built_in(),
            &call("volume/CreateVolume.yaml", "created", "block-storage"),
        );
        assert!(
            samples[0].label.contains("InvalidSnapshot.NotFound"),
            "{samples:?}"
        );
        for status in [401, 403, 404, 409, 413, 429, 500, 503] {
            assert!(
                samples.iter().any(|sample| sample.status == status),
                "{status}"
            );
        }
    }

    #[test]
    fn a_sample_is_read_as_the_error_that_it_shows() {
        let samples = of(
            Rules::built_in(),
            &call("address/AllocateAddress.yaml", "created", "network"),
        );
        let quota = samples
            .iter()
            .find(|sample| sample.label.contains("AddressLimitExceeded"))
            .unwrap();
        let fault = Fault::of(&Reply {
            status: quota.status,
            headers: vec![],
            body: quota.body.clone(),
        });
        assert_eq!(fault.unwrap().kind.as_deref(), Some("OverQuota"));
    }
}
