//! Filters, and what becomes of parameters that are not plainly mapped.

use super::reader::{Over, Reader};
use crate::format::NOTE;
use crate::yaml::{Content, Yaml};
use crate::{At, FilterRule, FilterTarget, NoteState, ParameterNote};

impl Reader<'_> {
    pub(super) fn filters(&mut self, yaml: Option<&Yaml>) -> Vec<FilterRule> {
        let Some(yaml) = yaml else { return vec![] };
        self.entries(yaml, "filters")
            .iter()
            .map(|(key, value)| {
                let target = match &value.content {
                    Content::Map(_) => {
                        let (state, reason, gap) = self.note(value);
                        if state == NoteState::Lossy {
                            self.error(
                                &value.at,
                                "a filter is honoured or not",
                                "ignored, refused or gap",
                            );
                        }
                        FilterTarget::Note { state, reason, gap }
                    }
                    _ => FilterTarget::Path(self.expression(value, Over::Value)),
                };
                FilterRule {
                    at: key.at.clone(),
                    name: key.text.clone(),
                    target,
                }
            })
            .collect()
    }

    pub(super) fn parameters(&mut self, yaml: Option<&Yaml>) -> Vec<ParameterNote> {
        let Some(yaml) = yaml else { return vec![] };
        self.entries(yaml, "parameters")
            .iter()
            .map(|(key, value)| {
                let (state, reason, gap) = self.note(value);
                let when = match &value.content {
                    Content::Map(entries) => entries.iter().find(|(key, _)| key.text == "when"),
                    _ => None,
                };
                let when = when.map(|(_, when)| self.expression(when, Over::Scope));
                ParameterNote {
                    when,
                    at: key.at.clone(),
                    name: key.text.clone(),
                    state,
                    reason,
                    gap,
                }
            })
            .collect()
    }

    /// The state, the reason (empty for a gap without its own sentence) and the gap.
    fn note(&mut self, yaml: &Yaml) -> (NoteState, String, Option<String>) {
        let fields = self.fields(yaml, &NOTE);
        let gap = self.optional_words(&fields, "gap");
        let own = self.optional_words(&fields, "reason");
        let states = [
            ("lossy", NoteState::Lossy),
            ("ignored", NoteState::Ignored),
            ("refused", NoteState::Refused),
        ];
        let mut found: Vec<(NoteState, String, At)> = Vec::new();
        for (name, state) in states {
            if let Some(yaml) = fields.get(name) {
                found.push((state, self.words(yaml), yaml.at.clone()));
            }
        }
        if let Some((_, _, at)) = found.get(1) {
            self.error(
                at,
                "a parameter has one state",
                "keep the one that says most",
            );
        }
        match found.into_iter().next() {
            Some((state, reason, at)) => {
                if own.is_some() {
                    self.error(&at, "the reason is said twice", "remove the key reason");
                }
                (state, reason, gap)
            }
            None => {
                if gap.is_none() && matches!(yaml.content, Content::Map(_)) {
                    self.error(
                        &yaml.at,
                        "the note names no state",
                        "lossy, ignored, refused or gap, with the reason",
                    );
                }
                (NoteState::Gap, own.unwrap_or_default(), gap)
            }
        }
    }
}
