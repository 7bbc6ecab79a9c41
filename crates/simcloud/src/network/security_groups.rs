//! Security groups, and the default one that every project has.

use openstack_wire::Method;
use serde_json::{Map, Value, json};

use super::{defaults, state::Object, unknown_in};
use crate::{cloud::Cloud, fault::Fault, request::Request};

impl Cloud {
    /// The id of the project's default group, which is made when it is first needed.
    pub(crate) fn ensure_default_group(&mut self, project: &str) -> String {
        let found = self
            .network
            .all("security_groups")
            .find(|group| group.project == project && group.text("name") == "default");
        if let Some(group) = found {
            return group.id.clone();
        }
        let mut body = defaults("security_groups");
        let id = self.stamp(&mut body, project);
        let mut group = Object {
            id: id.clone(),
            project: project.to_owned(),
            body,
        };
        group.set("name", "default");
        group.set("description", "Default security group");
        self.network.table("security_groups").insert(group);
        for ethertype in ["IPv4", "IPv6"] {
            self.default_rule(project, &id, ethertype, "egress", true);
            self.default_rule(project, &id, ethertype, "ingress", true);
        }
        id
    }

    fn default_rule(
        &mut self,
        project: &str,
        group: &str,
        ethertype: &str,
        direction: &str,
        default: bool,
    ) {
        let mut body = defaults("security_group_rules");
        let id = self.stamp(&mut body, project);
        let mut rule = Object {
            id,
            project: project.to_owned(),
            body,
        };
        rule.set("security_group_id", group);
        rule.set("ethertype", ethertype);
        rule.set("direction", direction);
        rule.set("belongs_to_default_sg", default);
        if direction == "ingress" {
            rule.set("remote_group_id", group);
        }
        self.number_rule(&mut rule);
        self.network.table("security_group_rules").insert(rule);
    }

    /// Gives a rule its running number.
    pub(super) fn number_rule(&mut self, rule: &mut Object) {
        self.standard_attributes += 1;
        rule.set("standard_attr_id", self.standard_attributes);
    }

    /// The rules of a group, as they are shown inside it.
    pub(super) fn rules_of(&self, request: &Request, group: &str) -> Value {
        let rules = self
            .network
            .all("security_group_rules")
            .filter(|rule| rule.text("security_group_id") == group);
        let inside = |rule: &Object| {
            let mut body = rule.body.clone();
            // Inside its group a rule is shown as the database has it; a list does not even ask whose group it is.
            if request.method == Method::Get && request.path.len() == 2 {
                body.insert("belongs_to_default_sg".to_owned(), Value::Null);
            }
            if rule.text("description").is_empty() {
                body.insert("description".to_owned(), Value::Null);
            }
            body.insert("tags".to_owned(), json!([]));
            Value::Object(body)
        };
        Value::Array(rules.map(inside).collect())
    }

    pub(super) fn create_security_group(&mut self, object: Object) -> Result<(), Fault> {
        if object.text("name").eq_ignore_ascii_case("default") {
            return Err(Fault::typed(
                409,
                "SecurityGroupDefaultAlreadyExists",
                "Default security group already exists.",
            ));
        }
        let (id, project) = (object.id.clone(), object.project.clone());
        self.ensure_default_group(&project);
        self.network.table("security_groups").insert(object);
        for ethertype in ["IPv4", "IPv6"] {
            self.default_rule(&project, &id, ethertype, "egress", false);
        }
        Ok(())
    }

    pub(super) fn update_security_group(
        &mut self,
        id: &str,
        changes: &Map<String, Value>,
    ) -> Result<(), Fault> {
        let group = self
            .network
            .get("security_groups", id)
            .ok_or_else(|| unknown_in("security_groups", id))?;
        if group.text("name") == "default" && changes.contains_key("name") {
            return Err(Fault::typed(
                409,
                "SecurityGroupCannotUpdateDefault",
                "Updating default security group not allowed.",
            ));
        }
        if changes.contains_key("stateful")
            && changes.get("stateful") != group.body.get("stateful")
            && self.group_in_use(id)
        {
            return Err(in_use(id));
        }
        Ok(())
    }

    fn group_in_use(&self, id: &str) -> bool {
        self.network
            .all("ports")
            .any(|port| port.list("security_groups").contains(&json!(id)))
    }

    pub(super) fn delete_security_group(
        &mut self,
        request: &Request,
        id: &str,
    ) -> Result<(), Fault> {
        let group = self
            .network
            .get("security_groups", id)
            .ok_or_else(|| unknown_in("security_groups", id))?;
        if group.text("name") == "default" && !request.caller.admin {
            return Err(Fault::typed(
                409,
                "SecurityGroupCannotRemoveDefault",
                "Insufficient rights for removing default security group.",
            ));
        }
        if self.group_in_use(id) {
            return Err(in_use(id));
        }
        let rules: Vec<String> = self
            .network
            .all("security_group_rules")
            .filter(|rule| {
                rule.text("security_group_id") == id || rule.text("remote_group_id") == id
            })
            .map(|rule| rule.id.clone())
            .collect();
        for rule in rules {
            self.network.remove("security_group_rules", &rule);
        }
        self.network.remove("security_groups", id);
        Ok(())
    }
}

fn in_use(id: &str) -> Fault {
    Fault::typed(
        409,
        "SecurityGroupInUse",
        format!("Security Group {id} in use."),
    )
}
