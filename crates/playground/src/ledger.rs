//! The account of a request's parameters, in a sentence and in order of weight.

use translator::trace::{LedgerRow, LedgerState};

/// Every state, in the order a reader asks for them.
pub const STATES: [LedgerState; 6] = [
    LedgerState::Mapped,
    LedgerState::Lossy,
    LedgerState::Ignored,
    LedgerState::Refused,
    LedgerState::Gap,
    LedgerState::Unknown,
];

/// The word for a state.
pub fn word(state: LedgerState) -> &'static str {
    match state {
        LedgerState::Mapped => "mapped",
        LedgerState::Lossy => "lossy",
        LedgerState::Ignored => "ignored",
        LedgerState::Refused => "refused",
        LedgerState::Gap => "gap",
        LedgerState::Unknown => "unknown",
    }
}

/// What a state means, for a reader who meets it first.
pub fn meaning(state: LedgerState) -> &'static str {
    match state {
        LedgerState::Mapped => "OpenStack is told, or the answer depends on it",
        LedgerState::Lossy => "told in part, or with another meaning",
        LedgerState::Ignored => "safe to leave out",
        LedgerState::Refused => "the request was refused because of it",
        LedgerState::Gap => "OpenStack has no such concept",
        LedgerState::Unknown => "no rule mentions it",
    }
}

/// The sign that stands before the word, so that a state is told by shape too.
pub fn sign(state: LedgerState) -> &'static str {
    match state {
        LedgerState::Mapped => "=",
        LedgerState::Lossy => "≈",
        LedgerState::Ignored => "–",
        LedgerState::Refused => "×",
        LedgerState::Gap => "∅",
        LedgerState::Unknown => "?",
    }
}

/// `14 parameters: 11 mapped, 2 lossy, 1 gap`.
pub fn sentence(rows: &[LedgerRow]) -> String {
    let counts: Vec<String> = STATES
        .iter()
        .map(|state| {
            (
                rows.iter().filter(|row| row.state == *state).count(),
                word(*state),
            )
        })
        .filter(|(count, _)| *count > 0)
        .map(|(count, word)| {
            if rows.len() == 1 {
                word.to_owned()
            } else {
                format!("{count} {word}")
            }
        })
        .collect();
    match rows.len() {
        0 => "No parameters".to_owned(),
        1 => format!("1 parameter: {}", counts.join(", ")),
        many => format!("{many} parameters: {}", counts.join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows(states: &[LedgerState]) -> Vec<LedgerRow> {
        states
            .iter()
            .map(|state| LedgerRow {
                pointer: None,
                key: "Key".into(),
                text: "v".into(),
                span: None,
                state: *state,
                reason: None,
                gap: None,
                rule: None,
            })
            .collect()
    }

    #[test]
    fn the_sentence_counts_every_row_once_and_names_no_empty_state() {
        use LedgerState::*;
        assert_eq!(
            sentence(&rows(&[Mapped, Gap, Mapped, Lossy])),
            "4 parameters: 2 mapped, 1 lossy, 1 gap"
        );
        assert_eq!(sentence(&rows(&[Unknown])), "1 parameter: unknown");
        assert_eq!(sentence(&[]), "No parameters");
        assert_eq!(
            sentence(&rows(&STATES)),
            "6 parameters: 1 mapped, 1 lossy, 1 ignored, 1 refused, 1 gap, 1 unknown"
        );
    }

    #[test]
    fn states_differ_in_word_and_in_sign() {
        for (index, state) in STATES.iter().enumerate() {
            for other in STATES.iter().skip(index + 1) {
                assert_ne!(word(*state), word(*other));
                assert_ne!(sign(*state), sign(*other));
                assert_ne!(meaning(*state), meaning(*other));
            }
        }
    }
}
