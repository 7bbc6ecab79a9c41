//! How a call that changes something is taken back when a later one fails, in words.

use rules::{CallRule, Piece, Rules, Undo};
use translator::trace::{Phase, TracedCall};

/// What the rule says of a change; nothing for a call that changes nothing.
pub fn words(rules: &Rules, call: &TracedCall) -> Option<String> {
    if call.phase != Phase::Change {
        return None;
    }
    let of_actions = rules.actions.values().flat_map(|rule| &rule.calls);
    let of_views = rules.views.values().flat_map(|rule| &rule.calls);
    let is_it = |rule: &&CallRule| {
        rule.name == call.name && *rule.at.file == *call.rule.file && rule.at.line == call.rule.line
    };
    let rule = of_actions.chain(of_views).find(is_it)?;
    Some(match rule.undo.as_ref()? {
        Undo::None => "If a later call fails, this one is not taken back.".into(),
        Undo::Request { request, .. } => {
            let path: String = request
                .path
                .pieces
                .iter()
                .map(|piece| match piece {
                    Piece::Literal(text) => text.as_str(),
                    _ => "…",
                })
                .collect();
            format!(
                "If a later call fails, it is taken back: {} {} {path}.",
                request.method, request.service
            )
        }
    })
}

#[cfg(test)]
mod tests {
    use std::rc::Rc;

    use super::*;
    use crate::session::Session;

    #[test]
    fn a_change_says_how_it_is_taken_back() {
        let now = 1_768_478_400_000;
        let engine = translator::Engine::new(rules::Rules::built_in().clone());
        let session = Session::new(Rc::new(engine), now);
        let text = "Action=CreateVpc&CidrBlock=10.3.0.0/16";
        let result = session.preview(text, None, now, None).result.unwrap();
        let told: Vec<String> = result
            .calls
            .iter()
            .filter_map(|call| words(session.engine().rules(), call))
            .collect();
        assert!(
            told.contains(
                &"If a later call fails, it is taken back: DELETE network /v2.0/routers/…."
                    .to_owned()
            ),
            "{told:?}"
        );
        let reads = result.calls.iter().filter(|call| call.phase == Phase::Read);
        assert!(
            reads
                .into_iter()
                .all(|call| words(session.engine().rules(), call).is_none())
        );
    }
}
