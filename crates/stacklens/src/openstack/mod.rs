//! A real OpenStack cloud, reached over HTTP.
//!
//! The gateway has a credential of its own, with which it asks Keystone to verify each EC2 request; the token that
//! Keystone answers acts for the caller. No request reaches the cloud without a signature that Keystone accepted.

pub mod config;

use std::time::{Duration, Instant};

use anyhow::Context as _;
use ec2_wire::Ec2Error;
use ec2_wire::signature::{Ec2Credentials, Request};
use openstack_wire::auth::{Token, ec2tokens};
use openstack_wire::service::{Catalog, address, microversion_headers};
use openstack_wire::{Call, Fault, Method, Reply};
use tokio::sync::Mutex;
use tokio::task::JoinSet;

use crate::driver::Answerer;
use config::Config;

/// Longest wait for Keystone.
const KEYSTONE: Duration = Duration::from_secs(20);
/// How long the gateway's own token is used; Keystone's shortest usual life is an hour.
const OWN_TOKEN: Duration = Duration::from_secs(30 * 60);
/// Largest reply that is read, in bytes.
const LARGEST: usize = 64 << 20;
/// Most calls under way at once for one request.
const TOGETHER: usize = 16;

/// A cloud and the gateway's credential for it.
#[derive(Debug)]
pub struct OpenStack {
    http: reqwest::Client,
    config: Config,
    own: Mutex<Option<(Token, Instant)>>,
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

impl OpenStack {
    /// Reaches the cloud and proves the gateway's own credential, so that a mistake shows at the start.
    pub async fn connect(config: Config) -> anyhow::Result<Self> {
        let mut builder = reqwest::Client::builder()
            .user_agent(concat!("stacklens/", env!("CARGO_PKG_VERSION")))
            .connect_timeout(Duration::from_secs(10))
            // A redirect would carry the token to wherever it points.
            .redirect(reqwest::redirect::Policy::none());
        if !config.verify {
            builder = builder.tls_danger_accept_invalid_certs(true);
        }
        if let Some(path) = &config.cacert {
            let pem = std::fs::read(path)
                .with_context(|| format!("cannot read the certificate file {}", path.display()))?;
            let certificates = reqwest::Certificate::from_pem_bundle(&pem)
                .with_context(|| format!("{} holds no PEM certificates", path.display()))?;
            builder = builder.tls_certs_merge(certificates);
        }
        let cloud = Self {
            http: builder.build().context("cannot prepare TLS")?,
            config,
            own: Mutex::new(None),
        };
        let token = cloud.log_in().await.map_err(|fault| {
            anyhow::anyhow!(
                "cannot log in to the cloud {:?} at {}: {fault}",
                cloud.config.name,
                cloud.config.auth_url
            )
        })?;
        *cloud.own.lock().await = Some((token, Instant::now()));
        Ok(cloud)
    }

    /// The region that the configuration names, or the catalogue's first.
    pub async fn region(&self) -> Option<String> {
        if let Some(region) = &self.config.region {
            return Some(region.clone());
        }
        let own = self.own.lock().await;
        own.as_ref().and_then(|(token, _)| {
            token
                .catalog
                .regions()
                .first()
                .map(|region| (*region).to_owned())
        })
    }

    /// Asks Keystone who signed a request.
    pub async fn caller(&self, request: &Request<'_>) -> Result<Caller, Ec2Error> {
        let credentials = Ec2Credentials::of(request).map_err(|refusal| refusal.error())?;
        let call = ec2tokens(&credentials);
        let mut reply = self
            .identity(&call, Some(&self.own_token(false).await?))
            .await;
        if reply.status == 401 {
            // Either the signature is wrong or our own token ended early; only a fresh one tells.
            reply = self
                .identity(&call, Some(&self.own_token(true).await?))
                .await;
        }
        let token = Token::from_reply(&reply).map_err(|fault| {
            tracing::warn!(access_key = credentials.access, %fault, "Keystone did not accept an EC2 request");
            match fault.status {
                400 | 401 | 404 => Ec2Error {
                    status: 401,
                    code: "AuthFailure".into(),
                    message: "The identity service did not accept the access key and signature.".into(),
                },
                403 => unavailable(500, "InternalError", "The gateway's own credential may not verify EC2 requests; it needs the role service or admin."),
                _ => unavailable(503, "Unavailable", "The identity service did not answer."),
            }
        })?;
        let project_id = token.project_id.ok_or_else(|| {
            unavailable(
                500,
                "InternalError",
                "The credential belongs to no project.",
            )
        })?;
        Ok(Caller {
            token: token.id,
            catalog: token.catalog,
            user_id: token.user_id,
            project_id,
        })
    }

    async fn own_token(&self, fresh: bool) -> Result<String, Ec2Error> {
        let mut own = self.own.lock().await;
        if let Some((token, since)) = own.as_ref()
            && since.elapsed()
                < if fresh {
                    Duration::from_secs(1)
                } else {
                    OWN_TOKEN
                }
        {
            return Ok(token.id.clone());
        }
        let token = self.log_in().await.map_err(|fault| {
            tracing::error!(%fault, "the gateway's own credential was refused");
            unavailable(
                503,
                "Unavailable",
                "The gateway cannot log in to the identity service.",
            )
        })?;
        let id = token.id.clone();
        *own = Some((token, Instant::now()));
        Ok(id)
    }

    async fn log_in(&self) -> Result<Token, Fault> {
        Token::from_reply(&self.identity(&self.config.log_in(), None).await)
    }

    async fn identity(&self, call: &Call, token: Option<&str>) -> Reply {
        self.send(
            call,
            &address(&self.config.auth_url, None, call),
            token,
            KEYSTONE,
        )
        .await
    }

    async fn send(&self, call: &Call, url: &str, token: Option<&str>, patience: Duration) -> Reply {
        match self.try_send(call, url, token, patience).await {
            Ok(reply) => reply,
            Err(error) => {
                // The address is for the operator's log, not for the client.
                tracing::warn!(url, %error, "no answer");
                no_answer(&call.service)
            }
        }
    }

    async fn try_send(
        &self,
        call: &Call,
        url: &str,
        token: Option<&str>,
        patience: Duration,
    ) -> anyhow::Result<Reply> {
        let method = match call.method {
            Method::Get => reqwest::Method::GET,
            Method::Head => reqwest::Method::HEAD,
            Method::Post => reqwest::Method::POST,
            Method::Put => reqwest::Method::PUT,
            Method::Patch => reqwest::Method::PATCH,
            Method::Delete => reqwest::Method::DELETE,
        };
        let mut request = self
            .http
            .request(method, url)
            .timeout(patience)
            .header("Accept", "application/json");
        if let Some(token) = token {
            request = request.header("X-Auth-Token", token);
        }
        for (name, value) in microversion_headers(call) {
            request = request.header(name, value);
        }
        for (name, value) in &call.headers {
            request = request.header(name, value);
        }
        if let (Some(body), Some(kind)) = (&call.body, call.body_type()) {
            request = request.header("Content-Type", kind).body(body.to_string());
        }
        let mut response = request.send().await?;
        let headers = response.headers().iter().map(|(name, value)| {
            (
                name.as_str().to_owned(),
                String::from_utf8_lossy(value.as_bytes()).into_owned(),
            )
        });
        let (status, headers) = (response.status().as_u16(), headers.collect());
        let mut bytes = Vec::new();
        while let Some(chunk) = response.chunk().await? {
            anyhow::ensure!(
                bytes.len() + chunk.len() <= LARGEST,
                "the reply is larger than {LARGEST} bytes"
            );
            bytes.extend_from_slice(&chunk);
        }
        Ok(Reply {
            status,
            headers,
            body: String::from_utf8_lossy(&bytes).into_owned(),
        })
    }

    async fn answer(&self, caller: &Caller, call: Call, patience: Duration) -> Reply {
        let Some(endpoint) = caller.catalog.url(
            &call.service,
            self.config.region.as_deref(),
            &self.config.interface,
        ) else {
            let message = format!(
                "The cloud's catalogue has no {} service here.",
                call.service
            );
            return Reply {
                status: 0,
                headers: Vec::new(),
                body: message,
            };
        };
        let url = address(endpoint, Some(&caller.project_id), &call);
        let reply = self.send(&call, &url, Some(&caller.token), patience).await;
        tracing::debug!(method = %call.method, url, status = reply.status, "openstack");
        reply
    }
}

fn unavailable(status: u16, code: &str, message: &str) -> Ec2Error {
    Ec2Error {
        status,
        code: code.into(),
        message: message.into(),
    }
}

fn no_answer(service: &str) -> Reply {
    Reply {
        status: 0,
        headers: Vec::new(),
        body: format!("The {service} service did not answer."),
    }
}

/// The cloud as one caller sees it.
#[derive(Clone, Copy, Debug)]
pub struct As<'a> {
    /// The cloud.
    pub cloud: &'a std::sync::Arc<OpenStack>,
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
