//! From rule files to [`Rules`]: everything that can be read is read, everything wrong is reported.

mod call;
mod note;
mod reader;
mod replace;
mod rows;
mod scan;
mod tree;

use std::collections::BTreeMap;
use std::path::Path;

use crate::format::{ACTION, ALREADY, GAP, PAGING, REFUSAL, VIEW};
use crate::yaml::{self, Content, Yaml};
use crate::{
    ActionRule, Already, FilterTarget, Gap, NoteState, Paging, Problem, Refusal, Rules, ViewRule,
};
use reader::{Over, Reader};

impl Rules {
    /// Reads rule files, given as path below the rules folder and text. A rule with a problem is loaded as far as it
    /// can be; a place that cannot be read stands for null.
    ///
    /// ```
    /// use rules::Rules;
    /// let file = ("volume/DeleteVolume.yaml", "action: DeleteVolume\nansver: { Return: true }\n");
    /// let (rules, problems) = Rules::load([file]);
    /// assert!(rules.actions.contains_key("DeleteVolume"));
    /// assert_eq!(
    ///     problems[0].to_string(),
    ///     "volume/DeleteVolume.yaml:2:1: an action has no key 'ansver' (did you mean 'answer'?)",
    /// );
    /// ```
    pub fn load<P, T>(files: impl IntoIterator<Item = (P, T)>) -> (Rules, Vec<Problem>)
    where
        P: Into<String>,
        T: Into<String>,
    {
        let files: BTreeMap<String, String> = files
            .into_iter()
            .map(|(path, text)| (path.into().replace('\\', "/"), text.into()))
            .collect();
        let mut rules = Rules::default();
        let mut problems = Vec::new();
        for (path, text) in &files {
            let mut reader = Reader::new(path, text);
            match yaml::read(&reader.source) {
                Ok(yaml) => rules.add(path, &yaml, &mut reader),
                Err(problem) => reader.problems.push(problem),
            }
            problems.append(&mut reader.problems);
        }
        rules.files = files;
        rules.fill_reasons();
        rules.fill_reads();
        problems.sort_by(|a, b| {
            (&a.at.file, a.at.line, a.at.column).cmp(&(&b.at.file, b.at.line, b.at.column))
        });
        (rules, problems)
    }

    fn add(&mut self, path: &str, yaml: &Yaml, reader: &mut Reader<'_>) {
        let name = path.rsplit('/').next().unwrap_or(path);
        let stem = |ending: &str| name.strip_suffix(ending).unwrap_or(name).to_owned();
        let in_gaps = Path::new(path)
            .parent()
            .is_some_and(|folder| folder.ends_with("gaps"));
        if name == "kinds.table.yaml" {
            reader.kinds(yaml, self);
        } else if name == "faults.table.yaml" {
            reader.fault_table(yaml, self);
        } else if name == "actions.yaml" {
            reader.further_actions(yaml, self);
        } else if name.ends_with(".view.yaml") {
            let view = reader.view(yaml);
            reader.named_like_file(&view.at, &view.view, &stem(".view.yaml"));
            reader.once(
                &view.at,
                "view",
                &view.view,
                self.views.contains_key(&view.view),
            );
            self.views.entry(view.view.clone()).or_insert(view);
        } else if name.ends_with(".table.yaml") {
            let table = reader.table(yaml);
            reader.named_like_file(&table.at, &table.name, &stem(".table.yaml"));
            reader.once(
                &table.at,
                "table",
                &table.name,
                self.tables.contains_key(&table.name),
            );
            self.tables.entry(table.name.clone()).or_insert(table);
        } else if in_gaps {
            let gap = reader.gap(yaml);
            reader.named_like_file(&gap.at, &gap.gap, &stem(".yaml"));
            reader.once(&gap.at, "gap", &gap.gap, self.gaps.contains_key(&gap.gap));
            self.gaps.entry(gap.gap.clone()).or_insert(gap);
        } else if name.ends_with(".yaml") {
            let action = reader.action(yaml);
            reader.named_like_file(&action.at, &action.action, &stem(".yaml"));
            reader.once(
                &action.at,
                "action",
                &action.action,
                self.actions.contains_key(&action.action),
            );
            self.actions.entry(action.action.clone()).or_insert(action);
        } else {
            reader.error(
                &yaml.at,
                "a rule file ends in .yaml",
                "Action.yaml, Shape.view.yaml, name.table.yaml, gaps/name.yaml",
            );
        }
    }

    /// What an action reads depends on the views of other files.
    pub(super) fn fill_reads(&mut self) {
        let reads: Vec<Vec<String>> = self
            .actions
            .values()
            .map(|rule| crate::lint::reads(self, rule).into_iter().collect())
            .collect();
        for (rule, reads) in self.actions.values_mut().zip(reads) {
            rule.reads = reads;
        }
    }

    /// A gap without a sentence of its own is told by the gap's title.
    fn fill_reasons(&mut self) {
        let title = |gap: &Option<String>| {
            gap.as_ref()
                .and_then(|gap| self.gaps.get(gap))
                .map(|gap| gap.title.clone())
        };
        for action in self.actions.values_mut() {
            for note in action
                .parameters
                .iter_mut()
                .filter(|note| note.reason.is_empty())
            {
                note.reason = title(&note.gap).unwrap_or_default();
            }
        }
        let filters = self.actions.values_mut().map(|action| &mut action.filters);
        for filter in filters
            .chain(self.views.values_mut().map(|view| &mut view.filters))
            .flatten()
        {
            if let FilterTarget::Note {
                state: NoteState::Gap,
                reason,
                gap,
            } = &mut filter.target
                && reason.is_empty()
            {
                *reason = title(gap).unwrap_or_default();
            }
        }
        for other in self
            .further
            .values_mut()
            .filter(|other| other.reason.is_empty())
        {
            other.reason = title(&other.gap).unwrap_or_default();
        }
    }
}

impl Reader<'_> {
    fn named_like_file(&mut self, at: &crate::At, name: &str, stem: &str) {
        if !name.is_empty() && name != stem {
            self.error(
                at,
                format!("the file is named '{stem}' and holds '{name}'"),
                "give both the same name",
            );
        }
    }

    fn once(&mut self, at: &crate::At, what: &str, name: &str, present: bool) {
        if present {
            self.error(
                at,
                format!("the {what} '{name}' is written in another file too"),
                "keep one of them",
            );
        }
    }

    fn action(&mut self, yaml: &Yaml) -> ActionRule {
        let fields = self.fields(yaml, &ACTION);
        let answer = match fields.get("answer") {
            Some(answer) => self.structure(answer),
            None => crate::Tree::Object(vec![], fields.at.clone()),
        };
        ActionRule {
            at: fields
                .get("action")
                .map_or_else(|| yaml.at.clone(), |name| name.at.clone()),
            action: self.required_words(&fields, "action"),
            about: self.optional_words(&fields, "about"),
            defaults: self.constants(fields.get("defaults"), "defaults"),
            calls: self.calls(fields.get("calls")),
            lets: self.lets(fields.get("let")),
            refuse: self.refusals(fields.get("refuse")),
            already: fields.get("already").map(|already| self.already(already)),
            paging: fields.get("paging").map(|paging| self.paging(paging)),
            answer,
            parameters: self.parameters(fields.get("parameters")),
            filters: self.filters(fields.get("filters")),
            reads: Vec::new(),
        }
    }

    fn view(&mut self, yaml: &Yaml) -> ViewRule {
        let fields = self.fields(yaml, &VIEW);
        let shape = match fields.get("fields") {
            Some(shape) => self.structure(shape),
            None => crate::Tree::Object(vec![], fields.at.clone()),
        };
        let of = self.required_words(&fields, "of");
        if let Some(yaml) = fields.get("of")
            && !of.is_empty()
            && !tree::is_name(&of)
        {
            self.error(
                &yaml.at,
                format!("'{of}' is no name"),
                "letters, digits and _",
            );
        }
        ViewRule {
            at: fields
                .get("view")
                .map_or_else(|| yaml.at.clone(), |name| name.at.clone()),
            view: self.required_words(&fields, "view"),
            of,
            about: self.optional_words(&fields, "about"),
            uses: self.word_list(&fields, "uses"),
            calls: self.calls(fields.get("calls")),
            lets: self.lets(fields.get("let")),
            fields: shape,
            filters: self.filters(fields.get("filters")),
        }
    }

    fn refusals(&mut self, yaml: Option<&Yaml>) -> Vec<Refusal> {
        let Some(yaml) = yaml else { return vec![] };
        self.list(yaml, "refuse")
            .iter()
            .map(|entry| {
                let fields = self.fields(entry, &REFUSAL);
                Refusal {
                    at: entry.at.clone(),
                    when: self
                        .optional_expression(&fields, "when", Over::Scope)
                        .unwrap_or_else(|| crate::Expression {
                            text: String::new(),
                            at: entry.at.clone(),
                            root: crate::Node::Literal(serde_json::Value::Null),
                        }),
                    error: self.required_words(&fields, "error"),
                    message: fields.get("message").map(|message| self.text(message)),
                    gap: self.optional_words(&fields, "gap"),
                }
            })
            .collect()
    }

    fn already(&mut self, yaml: &Yaml) -> Already {
        let fields = self.fields(yaml, &ALREADY);
        Already {
            at: yaml.at.clone(),
            when: match fields.get("when") {
                Some(when) => self.expression(when, Over::Scope),
                None => self.missing(&fields.at),
            },
            using: self.lets(fields.get("use")),
        }
    }

    fn paging(&mut self, yaml: &Yaml) -> Paging {
        let fields = self.fields(yaml, &PAGING);
        let over = match fields.get("over") {
            Some(over) => self.expression(over, Over::Scope),
            None => self.missing(&fields.at),
        };
        if fields.get("over").is_some() && over.plain_name().is_none() {
            self.error(
                &over.at,
                "paging goes over a plain name",
                "name the list with let",
            );
        }
        Paging {
            at: yaml.at.clone(),
            over,
            by: self.expressions(&fields, "by", Over::Value),
        }
    }

    fn missing(&self, at: &crate::At) -> crate::Expression {
        crate::Expression {
            text: String::new(),
            at: at.clone(),
            root: crate::Node::Literal(serde_json::Value::Null),
        }
    }

    fn gap(&mut self, yaml: &Yaml) -> Gap {
        let fields = self.fields(yaml, &GAP);
        if let Some(affects) = fields.get("affects")
            && !matches!(&affects.content, Content::Scalar(scalar) if scalar.text == "computed")
        {
            self.error(
                &affects.at,
                "what a gap affects is computed from the rules",
                "affects: computed, or leave it out",
            );
        }
        Gap {
            at: fields
                .get("gap")
                .map_or_else(|| yaml.at.clone(), |name| name.at.clone()),
            gap: self.required_words(&fields, "gap"),
            title: self.required_words(&fields, "title"),
            services: self.word_list(&fields, "services"),
            what: self.required_words(&fields, "what"),
            today: self.required_words(&fields, "today"),
            would_need: self.required_words(&fields, "would-need"),
            upstream: self.word_list(&fields, "upstream"),
        }
    }
}
