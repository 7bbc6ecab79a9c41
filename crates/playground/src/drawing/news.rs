//! What became of the cloud between two looks at it.

use std::collections::BTreeSet;

use simcloud::View;

/// What is new, other and gone, by OpenStack id.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct News {
    /// Ids of what was not there before.
    pub new: BTreeSet<String>,
    /// Ids of what is not as it was.
    pub changed: BTreeSet<String>,
    /// What was there before: kind and name.
    pub gone: Vec<String>,
}

/// A list of things with an id and a name.
macro_rules! compare {
    ($news:ident, $old:ident, $view:ident, $list:ident, $kind:literal, $name:ident) => {
        for one in &$view.$list {
            match $old.$list.iter().find(|other| other.id == one.id) {
                None => drop($news.new.insert(one.id.clone())),
                Some(other) if other != one => drop($news.changed.insert(one.id.clone())),
                Some(_) => {}
            }
        }
        for one in &$old.$list {
            if !$view.$list.iter().any(|other| other.id == one.id) {
                let name = if one.$name.is_empty() {
                    &one.id
                } else {
                    &one.$name
                };
                $news.gone.push(format!("{} {name}", $kind));
            }
        }
    };
}

impl News {
    /// What happened between the two.
    pub fn between(old: &View, view: &View) -> Self {
        let mut news = Self::default();
        compare!(news, old, view, networks, "network", name);
        compare!(news, old, view, subnets, "subnet", cidr);
        compare!(news, old, view, routers, "router", name);
        compare!(news, old, view, servers, "server", name);
        compare!(news, old, view, volumes, "volume", name);
        compare!(news, old, view, floating_ips, "floating IP", address);
        compare!(news, old, view, security_groups, "security group", name);
        let free = |view: &View| -> Vec<String> {
            let ports = view.ports.iter().filter(|port| port.device.is_empty());
            ports.map(|port| port.id.clone()).collect()
        };
        let before = free(old);
        news.new
            .extend(free(view).into_iter().filter(|id| !before.contains(id)));
        news
    }

    /// In a sentence; empty if nothing happened.
    pub fn sentence(&self) -> String {
        let mut parts = Vec::new();
        if !self.new.is_empty() {
            parts.push(format!("{} new", self.new.len()));
        }
        if !self.changed.is_empty() {
            parts.push(format!("{} changed", self.changed.len()));
        }
        match self.gone.as_slice() {
            [] => {}
            [one] => parts.push(format!("gone: {one}")),
            [one, ..] => parts.push(format!("gone: {one} and {} more", self.gone.len() - 1)),
        }
        if parts.is_empty() {
            String::new()
        } else {
            format!("By the last request: {}.", parts.join(", "))
        }
    }

    /// The word beside a thing.
    pub fn word(&self, id: &str) -> Option<&'static str> {
        if self.new.contains(id) {
            Some("new")
        } else if self.changed.contains(id) {
            Some("changed")
        } else {
            None
        }
    }
}
