//! Tables: words, kinds of id, faults, and the actions that have no rule.

use serde_json::Value;

use super::call::{meaning_of, status_of};
use super::reader::Reader;
use crate::format::{ACTIONS, FAMILY, FAULT, FAULTS, KIND, KINDS, TABLE};
use crate::yaml::{Content, Yaml};
use crate::{FaultRow, FurtherAction, Kind, Meaning, Rules, Table};

impl Reader<'_> {
    pub(super) fn table(&mut self, yaml: &Yaml) -> Table {
        let fields = self.fields(yaml, &TABLE);
        let mut rows = Vec::new();
        let entries = match fields.get("rows") {
            Some(yaml) => self.entries(yaml, "rows"),
            None => &[],
        };
        for (key, value) in entries {
            match &value.content {
                Content::Map(inner) => {
                    for (second, value) in inner {
                        if let Content::Map(_) = value.content {
                            self.error(&value.at, "a table has one or two keys", "");
                        }
                        rows.push((
                            format!("{}/{}", key.text, second.text),
                            self.constant(value),
                            second.at.clone(),
                        ));
                    }
                }
                _ => rows.push((key.text.clone(), self.constant(value), key.at.clone())),
            }
        }
        if fields.get("rows").is_some() && rows.is_empty() {
            self.error(&yaml.at, "the table has no rows", "key: value");
        }
        Table {
            at: fields
                .get("table")
                .map_or_else(|| yaml.at.clone(), |name| name.at.clone()),
            name: self.required_words(&fields, "table"),
            rows,
            otherwise: fields.get("else").map(|value| self.constant(value)),
        }
    }

    pub(super) fn kinds(&mut self, yaml: &Yaml, rules: &mut Rules) {
        let fields = self.fields(yaml, &KINDS);
        if let Some(versions) = fields.get("microversions") {
            for (service, version) in self.entries(versions, "microversions") {
                let version = self.words(version);
                rules.microversions.insert(service.text.clone(), version);
            }
        }
        let entries = match fields.get("rows") {
            Some(rows) => self.entries(rows, "rows"),
            None => &[],
        };
        for (prefix, row) in entries {
            let fields = self.fields(row, &KIND);
            let tags_in = self.optional_words(&fields, "tags-in");
            if let (Some(place), Some(yaml)) = (&tags_in, fields.get("tags-in"))
                && !["metadata", "properties", "tags"].contains(&place.as_str())
            {
                self.error(
                    &yaml.at,
                    format!("tags cannot live in '{place}'"),
                    "metadata, properties or tags",
                );
            }
            let kind = Kind {
                at: prefix.at.clone(),
                prefix: prefix.text.clone(),
                resource_type: self.required_words(&fields, "resource-type"),
                service: self.required_words(&fields, "service"),
                path: self.required_words(&fields, "path"),
                not_found: self.required_words(&fields, "not-found"),
                missing: self.optional_words(&fields, "missing"),
                malformed: self.required_words(&fields, "malformed"),
                collection: self.optional_words(&fields, "collection"),
                tags_in,
                tag_prefix: self
                    .optional_words(&fields, "tag-prefix")
                    .unwrap_or_default(),
            };
            rules.kinds.insert(kind.prefix.clone(), kind);
        }
    }

    pub(super) fn fault_table(&mut self, yaml: &Yaml, rules: &mut Rules) {
        let fields = self.fields(yaml, &FAULTS);
        let entries = match fields.get("rows") {
            Some(rows) => self.list(rows, "rows"),
            None => &[],
        };
        for entry in entries {
            let fields = self.fields(entry, &FAULT);
            let status = fields.get("status").and_then(|yaml| {
                let value = self.constant(yaml);
                let status = status_of(&value);
                if status.is_none() {
                    self.error(
                        &yaml.at,
                        format!("{value} is no HTTP error status"),
                        "400 to 599, or 0 for no answer at all",
                    );
                }
                status
            });
            let mut meaning = meaning_of(self.required_words(&fields, "error"));
            let says = fields.get("says").map(|says| self.text(says));
            let why = self.optional_words(&fields, "gap");
            match &mut meaning {
                Meaning::Error { message, gap, .. } => (*message, *gap) = (says, why),
                _ if says.is_some() || why.is_some() => {
                    self.error(
                        &entry.at,
                        "'says' and 'gap' stand beside an EC2 code only",
                        "",
                    );
                }
                _ => {}
            }
            rules.faults.push(FaultRow {
                at: entry.at.clone(),
                service: self.optional_words(&fields, "service"),
                status,
                kind: self.optional_words(&fields, "type"),
                pattern: self.optional_words(&fields, "message"),
                meaning,
            });
        }
        rules.faults.sort_by_key(FaultRow::breadth);
    }

    pub(super) fn further_actions(&mut self, yaml: &Yaml, rules: &mut Rules) {
        let fields = self.fields(yaml, &ACTIONS);
        let families = match fields.get("families") {
            Some(families) => self.list(families, "families"),
            None => &[],
        };
        for family in families {
            let fields = self.fields(family, &FAMILY);
            let shared = FurtherAction {
                family: self.required_words(&fields, "family"),
                verdict: self.required_words(&fields, "verdict"),
                reason: self.optional_words(&fields, "reason").unwrap_or_default(),
                gap: self.optional_words(&fields, "gap"),
                ..FurtherAction::default()
            };
            let Some(list) = fields.get("actions") else {
                continue;
            };
            for action in self.list(list, "actions") {
                let name = match self.constant(action) {
                    Value::String(name) => name,
                    _ => {
                        self.error(&action.at, "the name of an EC2 action is expected here", "");
                        continue;
                    }
                };
                if rules.further.contains_key(&name) {
                    self.error(
                        &action.at,
                        format!("'{name}' is listed twice"),
                        "keep one of them",
                    );
                }
                let at = action.at.clone();
                rules.further.insert(
                    name.clone(),
                    FurtherAction {
                        at,
                        action: name,
                        ..shared.clone()
                    },
                );
            }
        }
    }
}
