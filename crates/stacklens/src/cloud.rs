//! The cloud behind the gateway: the embedded one, or a real one.

use std::sync::Arc;

use ec2_wire::Ec2Error;
use ec2_wire::signature::{Expectation, Request, verify};
use translator::{Context, Engine, Tracing};

use crate::clock;
use crate::driver::{self, Finished};
use crate::embedded::{self, Embedded};
use crate::openstack::{self, OpenStack};

/// The cloud.
#[derive(Debug)]
pub enum Cloud {
    /// In the program's own memory.
    Embedded(Box<Embedded>),
    /// Over HTTP.
    OpenStack(Arc<OpenStack>),
}

/// Somebody who proved who they are.
#[derive(Clone, Debug)]
pub enum Caller {
    /// To the embedded cloud.
    Embedded(embedded::Caller),
    /// To Keystone.
    OpenStack(openstack::Caller),
}

impl Caller {
    /// Keystone user and project.
    pub fn ids(&self) -> (&str, &str) {
        match self {
            Self::Embedded(caller) => (&caller.user_id, &caller.project_id),
            Self::OpenStack(caller) => (&caller.user_id, &caller.project_id),
        }
    }
}

impl Caller {
    /// The Keystone token that calls are made with.
    pub fn token(&self) -> &str {
        match self {
            Self::Embedded(caller) => caller.token(),
            Self::OpenStack(caller) => caller.token(),
        }
    }
}

impl Cloud {
    /// Finds out who signed a request.
    ///
    /// Any region may be signed for: the endpoint is told by its address, and old scripts name a region of their own.
    pub async fn caller(&self, request: &Request<'_>) -> Result<Caller, Ec2Error> {
        match self {
            Self::OpenStack(cloud) => cloud.caller(request).await.map(Caller::OpenStack),
            Self::Embedded(cloud) => {
                let now = clock::now();
                let verified = verify(request, now, &Expectation::ec2(None), |access_key| {
                    cloud.secret(access_key)
                })
                .map_err(|refusal| {
                    tracing::debug!(?refusal, "signature refused");
                    refusal.error()
                })?;
                cloud
                    .caller(&verified.access_key)
                    .map(Caller::Embedded)
                    .ok_or_else(|| Ec2Error {
                        status: 500,
                        code: "InternalError".into(),
                        message: "The credential vanished while the request was checked.".into(),
                    })
            }
        }
    }

    /// Translates a request of a caller. A caller of another cloud is a fault of the program and gets nothing.
    pub async fn run(
        &self,
        engine: &Engine,
        request: ec2_wire::Ec2Request,
        context: Context,
        tracing: Tracing,
        caller: &Caller,
        client: driver::Client,
    ) -> Option<Finished> {
        match (self, caller) {
            (Self::Embedded(cloud), Caller::Embedded(caller)) => Some(
                driver::run(
                    engine,
                    request,
                    context,
                    tracing,
                    &embedded::As { cloud, caller },
                    client,
                )
                .await,
            ),
            (Self::OpenStack(cloud), Caller::OpenStack(caller)) => Some(
                driver::run(
                    engine,
                    request,
                    context,
                    tracing,
                    &openstack::As { cloud, caller },
                    client,
                )
                .await,
            ),
            _ => None,
        }
    }
}
