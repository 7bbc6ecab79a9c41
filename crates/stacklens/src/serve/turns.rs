//! One after the other for requests that carry the same idempotency token.
//!
//! A client that hears nothing repeats its request while the first is still being worked on. Both would look for what an
//! earlier one made and find nothing, so both would make it: the second has to wait until the first has ended.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError, Weak};

use ec2_wire::Ec2Request;
use tokio::sync::OwnedMutexGuard;

/// Whose turn it is, by project, action and token.
#[derive(Debug, Default)]
pub struct Turns {
    lanes: Mutex<HashMap<Lane, Weak<tokio::sync::Mutex<()>>>>,
}

/// Project, action, token.
type Lane = (String, String, String);

impl Turns {
    /// Waits until no other request has the turn. It ends when what is given is dropped; a request without a token needs none.
    pub async fn take(&self, project: &str, request: &Ec2Request) -> Option<OwnedMutexGuard<()>> {
        let token = token(request)?;
        let lane = self.lane((project.to_owned(), request.action.clone(), token.to_owned()));
        Some(lane.lock_owned().await)
    }

    fn lane(&self, lane: Lane) -> Arc<tokio::sync::Mutex<()>> {
        let mut lanes = self.lanes.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(taken) = lanes.get(&lane).and_then(Weak::upgrade) {
            return taken;
        }
        lanes.retain(|_, taken| taken.strong_count() > 0);
        let new = Arc::default();
        lanes.insert(lane, Arc::downgrade(&new));
        new
    }
}

/// The token of a request, by what the model says of its members.
fn token(request: &Ec2Request) -> Option<&str> {
    let member = ec2_model::action(&request.action)?
        .input()
        .members()
        .find(|member| member.idempotency_token())?;
    request.parameters.get(member.name())?.as_str()
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    fn request(query: &str) -> Ec2Request {
        ec2_wire::decode_pairs(ec2_wire::split_query(query))
            .strict()
            .unwrap()
    }

    #[tokio::test]
    async fn only_the_same_request_again_has_to_wait() {
        let turns = Turns::default();
        let first = request("Action=RunInstances&ClientToken=a");
        let held = turns.take("p", &first).await;
        assert!(held.is_some());
        for (project, other, waits) in [
            ("p", "Action=RunInstances&ClientToken=a", true),
            ("q", "Action=RunInstances&ClientToken=a", false),
            ("p", "Action=RunInstances&ClientToken=b", false),
            ("p", "Action=CreateVolume&ClientToken=a", false),
            ("p", "Action=RunInstances", false),
            ("p", "Action=DescribeVpcs", false),
        ] {
            let other = request(other);
            let taken = tokio::time::timeout(Duration::ZERO, turns.take(project, &other)).await;
            assert_eq!(taken.is_err(), waits, "{project} {other:?}");
        }
        drop(held);
        assert!(turns.take("p", &first).await.is_some());
    }

    #[tokio::test]
    async fn what_has_ended_is_forgotten() {
        let turns = Turns::default();
        for n in 0..100 {
            drop(
                turns
                    .take(
                        "p",
                        &request(&format!("Action=RunInstances&ClientToken={n}")),
                    )
                    .await,
            );
        }
        assert_eq!(turns.lanes.lock().unwrap().len(), 1);
    }
}
