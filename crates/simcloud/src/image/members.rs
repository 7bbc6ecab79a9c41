//! Sharing of images.

use openstack_wire::Method;
use serde_json::{Value, json};

use super::state::Member;
use crate::{
    clock::zulu,
    cloud::Cloud,
    fault::Fault,
    request::{Answer, Handled, Request},
};

const MOST: usize = 128;

fn shown(image: &str, member: &Member) -> Value {
    json!({
        "created_at": zulu(member.created),
        "image_id": image,
        "member_id": member.project,
        "schema": "/v2/schemas/member",
        "status": member.status,
        "updated_at": zulu(member.updated),
    })
}

impl Cloud {
    pub(super) fn image_members(&mut self, request: &Request, id: &str, rest: &[&str]) -> Handled {
        let image = self.image(request, id)?;
        let own = request.owns(&image.owner);
        let missing = |member: &str| {
            Fault::missing(format!(
                "{member} not found in the member list of the image {id}."
            ))
        };
        let found = |member: &str| image.members.iter().find(|one| one.project == member);
        if image.visibility != "shared" && !matches!(request.method, Method::Get) {
            return Err(Fault::forbidden(format!(
                "Not allowed to create members for image {id}."
            )));
        }
        let now = self.now;
        match (request.method, rest) {
            (Method::Get, []) => {
                if image.visibility != "shared" {
                    return Err(Fault::forbidden("Only shared images have members."));
                }
                let seen = image
                    .members
                    .iter()
                    .filter(|member| own || member.project == request.caller.project);
                let list: Vec<Value> = seen.map(|member| shown(id, member)).collect();
                Ok(Answer::ok(
                    json!({"members": list, "schema": "/v2/schemas/members"}),
                ))
            }
            (Method::Get, [member]) => {
                let known = found(member)
                    .filter(|one| own || one.project == request.caller.project)
                    .ok_or_else(|| missing(member))?;
                Ok(Answer::ok(shown(id, known)))
            }
            (Method::Post, []) => {
                if !own {
                    return Err(super::not_yours("add_member"));
                }
                let project = request
                    .body
                    .get("member")
                    .and_then(Value::as_str)
                    .filter(|text| !text.is_empty());
                let project =
                    project.ok_or_else(|| Fault::bad("Member to be added not specified"))?;
                if found(project).is_some() {
                    return Err(Fault::conflict(format!(
                        "Member {project} is duplicated for image {id}"
                    )));
                }
                if image.members.len() >= MOST {
                    return Err(Fault::new(
                        413,
                        format!(
                            "The limit has been exceeded on the number of allowed image members for this image. Attempted: {}, Maximum: {MOST}",
                            MOST + 1
                        ),
                    ));
                }
                let member = Member {
                    project: project.to_owned(),
                    status: "pending".to_owned(),
                    created: now,
                    updated: now,
                };
                let body = shown(id, &member);
                self.change_image(id, |image| image.members.push(member));
                Ok(Answer::ok(body))
            }
            (Method::Put, [member]) => {
                found(member).ok_or_else(|| missing(member))?;
                if request.caller.project != *member && !request.caller.admin {
                    return Err(super::not_yours("modify_member"));
                }
                let status = request
                    .body
                    .get("status")
                    .and_then(Value::as_str)
                    .unwrap_or("");
                if !matches!(status, "pending" | "accepted" | "rejected") {
                    return Err(Fault::bad(
                        "Incorrect request: Status must be \"pending\", \"accepted\" or \"rejected\".",
                    ));
                }
                let mut body = Value::Null;
                self.change_image(id, |image| {
                    if let Some(known) = image.members.iter_mut().find(|one| one.project == *member)
                    {
                        known.status = status.to_owned();
                        known.updated = now;
                        body = shown(id, known);
                    }
                });
                Ok(Answer::ok(body))
            }
            (Method::Delete, [member]) => {
                if !own {
                    return Err(super::not_yours("delete_member"));
                }
                found(member).ok_or_else(|| missing(member))?;
                self.change_image(id, |image| {
                    image.members.retain(|one| one.project != *member)
                });
                Ok(Answer::empty(204))
            }
            (_, [] | [_]) => Err(Fault::no_method()),
            _ => Err(Fault::no_route()),
        }
    }
}
