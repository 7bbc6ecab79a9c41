//! Commands of the identity service.

use super::builder::{Command, asks_nothing};
use crate::{Call, Method};

pub(super) fn commands(call: &Call, path: &[&str]) -> Option<Vec<Command>> {
    if !asks_nothing(call) {
        return None;
    }
    Some(vec![match (call.method, path) {
        (Method::Post, ["auth", "tokens"]) => Command::new("token issue"),
        (Method::Get, ["auth", "catalog"]) => Command::new("catalog list"),
        (Method::Get, ["auth", "projects"]) => Command::new("project list").flag("--my-projects"),
        (Method::Get, ["regions"]) => Command::new("region list"),
        (Method::Get, ["regions", id]) => Command::new("region show").positional(id),
        (Method::Get, ["projects"]) => Command::new("project list"),
        (Method::Get, ["projects", id]) => Command::new("project show").positional(id),
        (Method::Get, ["users", id]) => Command::new("user show").positional(id),
        (Method::Get, ["users", user, "credentials", "OS-EC2"]) => {
            let mut command = Command::new("ec2 credentials list").option("--user", user);
            command.lists = false;
            command
        }
        (Method::Post, ["users", user, "credentials", "OS-EC2"]) => {
            let project = call
                .body
                .as_ref()?
                .as_object()?
                .get("tenant_id")?
                .as_str()?;
            let mut command = Command::new("ec2 credentials create")
                .option("--user", user)
                .option("--project", project);
            command.makes_one = false;
            command
        }
        (Method::Get, ["users", user, "credentials", "OS-EC2", access]) => {
            Command::new("ec2 credentials show")
                .option("--user", user)
                .positional(access)
        }
        (Method::Delete, ["users", user, "credentials", "OS-EC2", access]) => {
            Command::new("ec2 credentials delete")
                .option("--user", user)
                .positional(access)
        }
        _ => return None,
    }])
}
