//! Why a request is refused, and what errors of OpenStack become.

use rules::{ActionRule, FaultRow, Meaning, Rules, ViewRule};
use serde::Serialize;

use crate::{calls, written};

/// A reason to say no before anything is changed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Refused {
    /// EC2 code.
    pub code: String,
    /// The condition, as the rule writes it.
    pub when: String,
    /// Message; expressions stand in braces.
    pub message: Option<String>,
    /// Gap that explains it.
    pub gap: Option<String>,
    /// 1-based line in the rule.
    pub line: u32,
}

/// What one error of OpenStack becomes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Fault {
    /// The call that may answer so; `None`: any call.
    pub call: Option<String>,
    /// HTTP status, Neutron's type, pattern on the message.
    pub error: String,
    /// EC2 code, or what else is made of it.
    pub becomes: String,
    /// Message, if it is not OpenStack's own.
    pub message: Option<String>,
    /// Gap that explains it.
    pub gap: Option<String>,
}

/// The rule's refusals, in the order in which they are looked at.
pub fn refused(rule: &ActionRule) -> Vec<Refused> {
    let each = rule.refuse.iter();
    each.map(|refusal| Refused {
        code: refusal.error.clone(),
        when: refusal.when.text.clone(),
        message: refusal.message.as_ref().map(written::text),
        gap: refusal.gap.clone(),
        line: refusal.at.line,
    })
    .collect()
}

/// The faults of the rule's own calls and of its views' calls, then those of the table for the services that it calls.
pub fn faults(rules: &Rules, rule: &ActionRule, views: &[&ViewRule]) -> Vec<Fault> {
    let own = calls::of(rule, views).flat_map(|(call, _)| {
        let rows = call.faults.iter();
        rows.map(|row| fault(row, Some(&call.name)))
    });
    let called =
        |service: &str| calls::of(rule, views).any(|(call, _)| call.request.service == service);
    let general = rules
        .faults
        .iter()
        .filter(|row| row.service.as_deref().is_none_or(called));
    own.chain(general.map(|row| fault(row, None))).collect()
}

fn fault(row: &FaultRow, call: Option<&str>) -> Fault {
    let mut parts = Vec::new();
    parts.extend(row.service.clone());
    parts.push(
        row.status
            .map_or("any status".to_owned(), |status| status.to_string()),
    );
    parts.extend(row.kind.clone());
    parts.extend(row.pattern.as_ref().map(|pattern| format!("\"{pattern}\"")));
    let (message, gap) = match &row.meaning {
        Meaning::Error { message, gap, .. } => (message.as_ref().map(written::text), gap.clone()),
        _ => (None, None),
    };
    Fault {
        call: call.map(str::to_owned),
        error: parts.join(" "),
        becomes: calls::meaning(&row.meaning),
        message,
        gap,
    }
}
