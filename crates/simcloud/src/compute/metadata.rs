//! `/servers/{id}/metadata`.

use openstack_wire::Method;
use serde_json::json;

use super::{check_lock, check_state, create::pairs, schemas};
use crate::{
    cloud::Cloud,
    fault::Fault,
    request::{Answer, Handled, Request},
    schema,
};

impl Cloud {
    /// Refuses more pairs than the project may give one server.
    pub(super) fn check_items(&self, project: &str, pairs: usize) -> Result<(), Fault> {
        let most = self.compute_limit(project, "metadata_items");
        if usize::try_from(most).is_ok_and(|most| pairs > most) {
            return Err(Fault::forbidden(format!(
                "Maximum number of metadata items exceeds {most}"
            )));
        }
        Ok(())
    }

    pub(super) fn server_metadata(
        &mut self,
        request: &Request,
        id: &str,
        rest: &[&str],
    ) -> Handled {
        let server = self.server(request, id)?;
        let mut metadata = server.metadata.clone();
        match (request.method, rest) {
            (Method::Get, []) => return Ok(Answer::ok(json!({"metadata": metadata}))),
            (Method::Get, [key]) => {
                return match metadata.get(*key) {
                    Some(value) => Ok(Answer::ok(json!({"meta": {*key: value}}))),
                    None => Err(Fault::missing("Metadata item was not found")),
                };
            }
            (Method::Put | Method::Post, []) => {
                schema::check(&schemas::METADATA, request.body)?;
                if request.method == Method::Put {
                    metadata.clear();
                }
                metadata.extend(pairs(request.body.get("metadata")));
            }
            (Method::Put, [key]) => {
                schema::check(&schemas::META, request.body)?;
                let given = pairs(request.body.get("meta"));
                let Some(value) = given.get(*key).filter(|_| given.len() == 1) else {
                    return Err(Fault::bad(if given.len() == 1 {
                        "Request body and URI mismatch"
                    } else {
                        "Request body contains too many items"
                    }));
                };
                metadata.insert((*key).to_owned(), value.clone());
            }
            (Method::Delete, [key]) => {
                if metadata.shift_remove(*key).is_none() {
                    return Err(Fault::missing("Metadata item was not found"));
                }
            }
            (_, [] | [_]) => return Err(Fault::no_method()),
            _ => return Err(Fault::no_route()),
        }
        check_lock(request, server)?;
        let action = if request.method == Method::Delete {
            "delete metadata"
        } else {
            "update metadata"
        };
        check_state(action, server)?;
        self.check_items(&server.project, metadata.len())?;
        let answer = match rest {
            _ if request.method == Method::Delete => Answer::empty(204),
            [key] => Answer::ok(json!({"meta": {*key: metadata.get(*key)}})),
            _ => Answer::ok(json!({"metadata": metadata})),
        };
        self.change_server(id, |server| server.metadata = metadata);
        Ok(answer)
    }
}
