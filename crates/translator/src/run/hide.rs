//! Secrets pass through once and stand in no trace.

use ec2_model::Shape;
use openstack_wire::Reply;
use serde_json::Value;

use crate::plan::Plan;
use crate::trace::Answer;

/// What stands in the place of a secret.
pub const HIDDEN: &str = "(hidden)";

/// A reply without the members that a rule hides.
pub fn reply(reply: &Reply, hide: &[String]) -> Reply {
    if hide.is_empty() {
        return reply.clone();
    }
    let body = match serde_json::from_str::<Value>(&reply.body) {
        Ok(mut body) => {
            blank(&mut body, hide);
            body.to_string()
        }
        Err(_) => HIDDEN.to_owned(),
    };
    Reply {
        body,
        ..reply.clone()
    }
}

fn blank(value: &mut Value, hide: &[String]) {
    match value {
        Value::Object(members) => {
            for (key, member) in members {
                if hide.iter().any(|name| name == key) && !member.is_null() {
                    *member = HIDDEN.into();
                } else {
                    blank(member, hide);
                }
            }
        }
        Value::Array(items) => items.iter_mut().for_each(|item| blank(item, hide)),
        _ => {}
    }
}

/// An answer without the text of members that EC2's model marks as sensitive.
pub fn answer(plan: Option<&Plan>, mut answer: Answer) -> Answer {
    let Some(plan) = plan else { return answer };
    let mut removed = 0_isize;
    for leaf in &mut answer.leaves {
        let shifted = |at: usize| at.saturating_add_signed(removed);
        leaf.span = shifted(leaf.span.start)..shifted(leaf.span.end);
        if sensitive(plan.action.output(), &leaf.pointer)
            && answer.xml.get(leaf.span.clone()).is_some()
        {
            let old = leaf.span.len() as isize;
            answer.xml.replace_range(leaf.span.clone(), HIDDEN);
            leaf.span.end = leaf.span.start + HIDDEN.len();
            removed += HIDDEN.len() as isize - old;
        }
    }
    answer
}

/// Whether a pointer leads to a member that the model marks.
pub fn sensitive(shape: Shape, pointer: &str) -> bool {
    shape.sensitive_at(pointer)
}
