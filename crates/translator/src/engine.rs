//! The rules with their plans, shared by all requests.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use rules::Rules;

use crate::plan::{Plan, link};

/// A plan, or why there is none.
type Linked = Result<Box<Plan>, Vec<String>>;

/// Rules ready to translate with; cheap to share, linked action by action at first use.
///
/// ```
/// let engine = translator::Engine::new(rules::Rules::built_in().clone());
/// assert!(engine.knows("DescribeInstances"));
/// ```
pub struct Engine {
    rules: Rules,
    plans: BTreeMap<String, OnceLock<Linked>>,
}

impl Engine {
    /// Takes the rules over.
    pub fn new(rules: Rules) -> Self {
        let plans = rules
            .actions
            .keys()
            .map(|name| (name.clone(), OnceLock::new()))
            .collect();
        Self { rules, plans }
    }

    /// The rules.
    pub fn rules(&self) -> &Rules {
        &self.rules
    }

    /// Whether the action has a rule.
    pub fn knows(&self, action: &str) -> bool {
        self.plans.contains_key(action)
    }

    /// Links every action, so that no request pays for it; gives the problems found.
    pub fn link_all(&self) -> Vec<String> {
        self.rules
            .actions
            .keys()
            .filter_map(|name| self.plan(name)?.err())
            .flatten()
            .cloned()
            .collect()
    }

    /// The plan of an action; `None` if it has no rule.
    pub(crate) fn plan(&self, action: &str) -> Option<Result<&Plan, &Vec<String>>> {
        let rule = self.rules.actions.get(action)?;
        let linked = self
            .plans
            .get(action)?
            .get_or_init(|| link(&self.rules, rule).map(Box::new));
        Some(linked.as_ref().map(|plan| &**plan))
    }
}

#[cfg(test)]
mod tests {
    /// A gateway translates on several threads and keeps requests across waits.
    #[test]
    fn engines_are_shared_and_translations_sent_between_threads() {
        fn shared<T: Send + Sync>() {}
        fn sent<T: Send>() {}
        shared::<super::Engine>();
        sent::<crate::Translation<'_>>();
    }
}
