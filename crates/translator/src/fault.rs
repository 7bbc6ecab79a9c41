//! What an HTTP error of OpenStack means to EC2.

use ec2_wire::Ec2Error;
use openstack_wire::Fault;
use rules::{FaultRow, Meaning, Rules};

use crate::eval::Eval;
use crate::filter::matches;
use crate::functions::not_found;
use crate::plan::{CallPlan, MeaningPlan};
use crate::value::Value;

/// The meaning that the rule, else the fault table, gives an error.
pub enum Found<'a> {
    /// A row of the rule.
    Rule(&'a MeaningPlan),
    /// A row of the table.
    Table(&'a Meaning),
    /// Nobody's.
    None,
}

/// How particular a row is: a type or a pattern before a status alone.
fn agrees(row: &FaultRow, service: &str, fault: &Fault) -> Option<u32> {
    let status = row.status.is_none_or(|status| status == fault.status);
    let kind = row
        .kind
        .as_ref()
        .is_none_or(|kind| Some(kind) == fault.kind.as_ref());
    let pattern = row
        .pattern
        .as_ref()
        .is_none_or(|pattern| matches(pattern, &fault.message));
    let of = row.service.as_ref().is_none_or(|of| of == service);
    let weight = u32::from(row.kind.is_some()) * 8
        + u32::from(row.pattern.is_some()) * 4
        + u32::from(row.status.is_some()) * 2
        + u32::from(row.service.is_some());
    (status && kind && pattern && of).then_some(weight)
}

/// The most particular row that agrees; of equals the first.
fn best<'a, T>(
    rows: impl Iterator<Item = (&'a FaultRow, T)>,
    service: &str,
    fault: &Fault,
) -> Option<T> {
    let mut found: Option<(u32, T)> = None;
    for (row, meaning) in rows {
        if let Some(weight) = agrees(row, service, fault)
            && found.as_ref().is_none_or(|(known, _)| weight > *known)
        {
            found = Some((weight, meaning));
        }
    }
    found.map(|(_, meaning)| meaning)
}

/// Finds the meaning of an error.
pub fn meaning<'a>(rules: &'a Rules, call: &'a CallPlan, fault: &Fault) -> Found<'a> {
    let service = &call.request.service;
    let own = call.faults.iter().map(|plan| (&plan.row, &plan.meaning));
    if let Some(found) = best(own, service, fault) {
        return Found::Rule(found);
    }
    if fault.status == 404 && !call.request.ids.is_empty() {
        return Found::Rule(&MeaningPlan::NotFound);
    }
    best(
        rules.faults.iter().map(|row| (row, &row.meaning)),
        service,
        fault,
    )
    .map_or(Found::None, Found::Table)
}

/// The EC2 error of a fault; loop slots of the item must be bound.
pub fn error<'a>(eval: &Eval<'a>, call: &'a CallPlan, fault: &Fault) -> Ec2Error {
    match meaning(eval.rules, call, fault) {
        Found::Rule(MeaningPlan::NotFound) => missing(eval, call, fault),
        Found::Rule(MeaningPlan::Error { code, message }) => {
            let message = message
                .as_ref()
                .map_or_else(|| fault.message.clone(), |message| eval.message(message));
            with_status(code, message)
        }
        Found::Table(Meaning::NotFound) => missing(eval, call, fault),
        Found::Table(Meaning::Error { code, message, .. }) => {
            let plain = message.as_ref().map(|text| {
                text.pieces
                    .iter()
                    .map(|piece| match piece {
                        rules::Piece::Literal(literal) => literal.as_str(),
                        rules::Piece::Expression(_) => fault.message.as_str(),
                    })
                    .collect::<String>()
            });
            with_status(code, plain.unwrap_or_else(|| fault.message.clone()))
        }
        Found::Rule(_) | Found::Table(_) | Found::None => {
            let code = if fault.status == 0 || fault.status >= 500 {
                "InternalError"
            } else {
                "InvalidParameterValue"
            };
            with_status(code, fault.message.clone())
        }
    }
}

fn missing<'a>(eval: &Eval<'a>, call: &'a CallPlan, fault: &Fault) -> Ec2Error {
    for id in &call.request.ids {
        let value = eval.ex(id, Value::NULL);
        let Some(text) = value.as_str() else { continue };
        if let Some(kind) = text
            .rsplit_once('-')
            .and_then(|(prefix, _)| eval.rules.kinds.get(prefix))
        {
            return not_found(kind, text);
        }
    }
    Ec2Error::client("InvalidParameterValue", fault.message.clone())
}

/// EC2's HTTP status of a code: what its SDKs decide by whether to try again.
pub fn with_status(code: &str, message: String) -> Ec2Error {
    let status = match code {
        "InternalError" | "InternalFailure" => 500,
        "Unavailable"
        | "ServiceUnavailable"
        | "RequestLimitExceeded"
        | "InsufficientInstanceCapacity" => 503,
        "UnauthorizedOperation" => 403,
        "AuthFailure" => 401,
        "DryRunOperation" => 412,
        _ => 400,
    };
    Ec2Error {
        status,
        code: code.to_owned(),
        message,
    }
}
