//! A real OpenStack cloud, reached over HTTP.
//!
//! The gateway has a credential of its own, with which it asks Keystone to verify each EC2 request; the token that
//! Keystone answers acts for the caller. No request reaches the cloud without a signature that Keystone accepted.

mod clouds_yaml;
pub mod config;
pub mod environment;
mod http;
pub mod keystone;
mod microversions;

use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context as _, bail};
use ec2_wire::Ec2Error;
use ec2_wire::signature::Request;
use openstack_wire::auth::Token;
use openstack_wire::microversion::Offer;
use openstack_wire::service::{Catalog, address};
use openstack_wire::{Call, Reply};
use tokio::task::JoinSet;

use crate::driver::Answerer;
use config::Config;
use keystone::Keystone;
use microversions::Microversions;

/// Most calls under way at once for one request.
const TOGETHER: usize = 16;
/// The services that rules call.
pub const SERVICES: [&str; 4] = ["compute", "network", "block-storage", "image"];

/// A cloud and the gateway's credential for it.
#[derive(Debug)]
pub struct OpenStack {
    http: reqwest::Client,
    config: Config,
    keystone: Keystone,
    region: Option<String>,
    microversions: Microversions,
}

/// Somebody for whom Keystone vouched.
#[derive(Clone, Debug)]
pub struct Caller {
    token: String,
    catalog: Catalog,
    /// Keystone user.
    pub user_id: String,
    /// Keystone project.
    pub project_id: String,
}

impl Caller {
    /// The owner of a token; `None` if it is for no project.
    pub fn of(token: Token) -> Option<Self> {
        Some(Self {
            project_id: token.project_id?,
            token: token.id,
            catalog: token.catalog,
            user_id: token.user_id,
        })
    }

    /// Keystone token.
    pub fn token(&self) -> &str {
        &self.token
    }
}

impl OpenStack {
    /// A cloud, not reached yet. The credential is that of `service`, or of the cloud's own entry.
    ///
    /// # Errors
    /// What the entries lack, or a file of certificates that cannot be used.
    pub fn new(config: Config, service: Option<&Config>) -> anyhow::Result<Self> {
        let http =
            http::client(&config.tls).with_context(|| format!("the cloud {:?}", config.name))?;
        Ok(Self {
            keystone: Keystone::new(http.clone(), &config, service.unwrap_or(&config))?,
            http,
            region: config.region.clone(),
            microversions: Microversions::default(),
            config,
        })
    }

    /// Reaches the cloud and proves the gateway's own credential, so that a mistake shows at the start.
    ///
    /// # Errors
    /// What is wrong, in words, with the mend.
    pub async fn connect(config: Config, service: Option<Config>) -> anyhow::Result<Self> {
        let mut cloud = Self::new(config, service.as_ref())?;
        let credential = service.as_ref().unwrap_or(&cloud.config);
        let token = cloud.keystone.prove(&cloud.config, credential).await?;
        cloud.settle_region(&token)?;
        for service in SERVICES {
            if cloud.endpoint(&token.catalog, service).is_none() {
                tracing::warn!(
                    service,
                    region = cloud.region,
                    interface = cloud.config.interface,
                    "the catalogue has no such service; what needs it will fail"
                );
            }
        }
        Ok(cloud)
    }

    /// Takes the catalogue's first region if none was named.
    ///
    /// # Errors
    /// The catalogue has no region of the name.
    pub fn settle_region(&mut self, token: &Token) -> anyhow::Result<()> {
        let regions = token.catalog.regions();
        match &self.region {
            Some(region) if !regions.is_empty() && !regions.contains(&region.as_str()) => bail!(
                "the cloud {:?} has no region {region:?}; there are: {}",
                self.config.name,
                regions.join(", ")
            ),
            Some(_) => {}
            None => self.region = regions.first().map(|region| (*region).to_owned()),
        }
        Ok(())
    }

    /// The region that the configuration names, or the catalogue's first.
    pub fn region(&self) -> Option<&str> {
        self.region.as_deref()
    }

    /// Asks Keystone who signed a request.
    pub async fn caller(&self, request: &Request<'_>) -> Result<Caller, Ec2Error> {
        let token = self.keystone.caller(request).await?;
        Caller::of(token).ok_or_else(|| Ec2Error {
            status: 401,
            code: "AuthFailure".into(),
            message: "The credential belongs to no project.".into(),
        })
    }

    /// Keystone, with the gateway's own credential.
    pub fn keystone(&self) -> &Keystone {
        &self.keystone
    }

    /// What a service offers, by its address.
    pub async fn offer(&self, caller: &Caller, service: &str) -> Option<Offer> {
        let endpoint = self.endpoint(&caller.catalog, service)?;
        self.microversions
            .offer(&self.http, endpoint, service, &caller.token)
            .await
    }

    /// Address of a service for a caller.
    pub fn address(&self, caller: &Caller, service: &str) -> Option<String> {
        self.endpoint(&caller.catalog, service).map(str::to_owned)
    }

    /// Address of a service: the configuration's own, or the catalogue's.
    fn endpoint<'a>(&'a self, catalog: &'a Catalog, service: &str) -> Option<&'a str> {
        self.config
            .endpoints
            .get(service)
            .map(String::as_str)
            .or_else(|| catalog.url(service, self.region.as_deref(), &self.config.interface))
    }

    /// Makes one call for a caller. A reply with status 0 says that none came.
    pub async fn answer(&self, caller: &Caller, mut call: Call, patience: Duration) -> Reply {
        let Some(endpoint) = self.endpoint(&caller.catalog, &call.service) else {
            let message = format!(
                "The cloud's catalogue has no {} service here.",
                call.service
            );
            return Reply::unsent(message);
        };
        self.microversions
            .negotiate(&self.http, endpoint, &caller.token, &mut call)
            .await;
        let url = address(endpoint, Some(&caller.project_id), &call);
        match http::send(&self.http, &call, &url, Some(&caller.token), patience).await {
            Ok(reply) if unreadable(&reply) => {
                // Something before the service answered; as JSON it would be an empty list.
                tracing::warn!(url, status = reply.status, "the answer is not JSON");
                no_answer(&call.service)
            }
            Ok(reply) => {
                tracing::debug!(method = %call.method, url, status = reply.status, "openstack");
                reply
            }
            Err(error) => {
                // The address is for the operator's log, not for the client.
                tracing::warn!(url, why = http::why(&error), "no answer");
                if http::never_sent(&error) {
                    Reply::unsent(no_answer(&call.service).body)
                } else {
                    no_answer(&call.service)
                }
            }
        }
    }
}

/// Whether a success has a body that no service would send.
fn unreadable(reply: &Reply) -> bool {
    (200..300).contains(&reply.status)
        && !reply.body.is_empty()
        && serde_json::from_str::<serde::de::IgnoredAny>(&reply.body).is_err()
}

fn no_answer(service: &str) -> Reply {
    Reply::lost(format!("The {service} service did not answer."))
}

/// The cloud as one caller sees it.
#[derive(Clone, Copy, Debug)]
pub struct As<'a> {
    /// The cloud.
    pub cloud: &'a Arc<OpenStack>,
    /// The caller.
    pub caller: &'a Caller,
}

impl Answerer for As<'_> {
    async fn answer_all(&self, calls: Vec<Call>, patience: Duration) -> Vec<Reply> {
        if calls.len() == 1 {
            let mut replies = Vec::new();
            for call in calls {
                replies.push(self.cloud.answer(self.caller, call, patience).await);
            }
            return replies;
        }
        let mut replies: Vec<Reply> = calls.iter().map(|call| no_answer(&call.service)).collect();
        let mut waiting = calls.into_iter().enumerate();
        let mut running = JoinSet::new();
        loop {
            while running.len() < TOGETHER
                && let Some((position, call)) = waiting.next()
            {
                let (cloud, caller) = (self.cloud.clone(), self.caller.clone());
                running
                    .spawn(async move { (position, cloud.answer(&caller, call, patience).await) });
            }
            match running.join_next().await {
                None => return replies,
                // A task that panicked leaves "did not answer" in its place.
                Some(Err(error)) => tracing::error!(%error, "a call failed inside the gateway"),
                Some(Ok((position, reply))) => {
                    if let Some(place) = replies.get_mut(position) {
                        *place = reply;
                    }
                }
            }
        }
    }
}
