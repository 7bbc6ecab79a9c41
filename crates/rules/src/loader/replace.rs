//! Another text for one file of rules that are loaded.

use std::collections::BTreeMap;

use super::reader::Reader;
use crate::{Problem, Rules, yaml};

impl Rules {
    /// Gives one file another text: the same as loading all files anew, and much faster for actions, views and tables.
    /// What the file cannot say any more is gone; problems of other files are not told again.
    ///
    /// ```
    /// use rules::Rules;
    /// let mut rules = Rules::built_in().clone();
    /// let problems = rules.replace("volume/DeleteVolume.yaml", "action: DeleteVolume\nansver: { Return: true }\n");
    /// assert_eq!(problems[0].mend.as_deref(), Some("did you mean 'answer'?"));
    /// ```
    pub fn replace(&mut self, path: &str, text: &str) -> Vec<Problem> {
        let gives_one = path.contains('/') && !path.contains("/gaps/");
        let gives_one = gives_one || path.ends_with(".table.yaml");
        if !gives_one || ["kinds.table.yaml", "faults.table.yaml"].contains(&path) {
            // Their rows go into what other files are read with.
            let mut files: BTreeMap<String, String> = std::mem::take(&mut self.files);
            files.insert(path.to_owned(), text.to_owned());
            let (rules, problems) = Rules::load(files);
            *self = rules;
            return problems
                .into_iter()
                .filter(|problem| *problem.at.file == *path)
                .collect();
        }
        self.actions.retain(|_, rule| *rule.at.file != *path);
        self.views.retain(|_, rule| *rule.at.file != *path);
        self.tables.retain(|_, table| *table.at.file != *path);
        self.files.insert(path.to_owned(), text.to_owned());
        let mut reader = Reader::new(path, text);
        match yaml::read(&reader.source) {
            Ok(yaml) => self.add(path, &yaml, &mut reader),
            Err(problem) => reader.problems.push(problem),
        }
        let mut problems = std::mem::take(&mut reader.problems);
        drop(reader);
        self.fill_reasons();
        self.fill_reads();
        problems.sort_by_key(|problem| (problem.at.line, problem.at.column));
        problems
    }
}
