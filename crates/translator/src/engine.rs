//! The rules with their plans, shared by all requests.

use std::collections::BTreeMap;
use std::sync::{Mutex, OnceLock};

use bumpalo::Bump;
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
    /// Arenas that a request has left: memory that is there already costs no page faults.
    arenas: Mutex<Vec<Bump>>,
}

/// Arenas kept, and the most that one may hold: a large answer of yesterday must not hold memory for ever.
const ARENAS: usize = 4;
const ARENA_BYTES: usize = 64 << 20;

impl Engine {
    /// Takes the rules over.
    pub fn new(rules: Rules) -> Self {
        let plans = rules
            .actions
            .keys()
            .map(|name| (name.clone(), OnceLock::new()))
            .collect();
        Self {
            rules,
            plans,
            arenas: Mutex::default(),
        }
    }

    /// Runs with an empty arena.
    pub(crate) fn with_arena<T>(&self, run: impl FnOnce(&Bump) -> T) -> T {
        let kept = self.arenas.lock().ok().and_then(|mut kept| kept.pop());
        let mut arena = kept.unwrap_or_default();
        let made = run(&arena);
        arena.reset();
        if arena.allocated_bytes() <= ARENA_BYTES
            && let Ok(mut kept) = self.arenas.lock()
            && kept.len() < ARENAS
        {
            kept.push(arena);
        }
        made
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
