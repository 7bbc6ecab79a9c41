//! How much a project may have: its own limit, else the standard one of the service.

use std::collections::BTreeMap;

/// Limits that projects were given, by project and name; -1 is no limit.
pub(crate) type Quotas = BTreeMap<String, BTreeMap<String, i64>>;

/// Names and defaults of a service.
pub(crate) type Standard = [(&'static str, i64)];

/// The limit of a project; a name that the service does not count has none.
pub(crate) fn limit(quotas: &Quotas, standard: &Standard, project: &str, name: &str) -> i64 {
    let own = quotas.get(project).and_then(|own| own.get(name)).copied();
    own.or_else(|| standard.iter().find(|row| row.0 == name).map(|row| row.1))
        .unwrap_or(-1)
}
