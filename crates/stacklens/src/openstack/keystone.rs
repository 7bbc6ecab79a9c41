//! Keystone, asked with the gateway's own credential: who signed a request, and is the credential enough to ask that.

use std::time::{Duration, Instant};

use anyhow::bail;
use ec2_wire::Ec2Error;
use ec2_wire::signature::{Ec2Credentials, Request};
use openstack_wire::auth::{Token, ec2tokens};
use openstack_wire::service::address;
use openstack_wire::{Call, Fault, Reply};
use serde_json::json;
use tokio::sync::Mutex;

use super::config::Config;
use super::http;

/// Longest wait for Keystone.
const PATIENCE: Duration = Duration::from_secs(20);
/// How long the gateway's own token is used; Keystone's shortest usual life is an hour.
const OWN_TOKEN: Duration = Duration::from_secs(30 * 60);

/// Keystone and a credential for it.
#[derive(Debug)]
pub struct Keystone {
    http: reqwest::Client,
    auth_url: String,
    log_in: Call,
    own: Mutex<Option<(Token, Instant)>>,
}

/// Whether a credential may ask Keystone to verify signatures.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verifies {
    /// It may.
    Yes,
    /// Keystone's policy forbids it.
    Forbidden,
    /// This Keystone has no `/v3/ec2tokens`.
    NoSuchCall,
    /// Keystone answered something else.
    Unknown(Fault),
}

impl Keystone {
    /// Keystone of one cloud with the credential of the same or another entry of `clouds.yaml`.
    ///
    /// # Errors
    /// What the entry lacks for a login.
    pub fn new(http: reqwest::Client, cloud: &Config, credential: &Config) -> anyhow::Result<Self> {
        Ok(Self {
            http,
            auth_url: cloud.auth_url.clone(),
            log_in: credential.log_in()?,
            own: Mutex::new(None),
        })
    }

    /// The same Keystone with the credential of another entry.
    ///
    /// # Errors
    /// What the entry lacks for a login.
    pub fn with(&self, credential: &Config) -> anyhow::Result<Self> {
        Ok(Self {
            http: self.http.clone(),
            auth_url: self.auth_url.clone(),
            log_in: credential.log_in()?,
            own: Mutex::new(None),
        })
    }

    /// A fresh token of our own. A fault with status 0 says why no answer came.
    pub async fn log_in(&self) -> Result<Token, Fault> {
        let token = Token::from_reply(&self.send(&self.log_in, None).await)?;
        *self.own.lock().await = Some((token.clone(), Instant::now()));
        Ok(token)
    }

    /// The time that Keystone's HTTP server gives, as it writes it.
    pub async fn date(&self) -> Option<String> {
        let reply = self
            .send(
                &Call::new(openstack_wire::Method::Get, "identity", ""),
                None,
            )
            .await;
        let (_, date) = reply
            .headers
            .into_iter()
            .find(|(name, _)| name.eq_ignore_ascii_case("date"))?;
        Some(date)
    }

    /// Makes a call of Keystone's API.
    pub async fn ask(&self, call: &Call, token: &Token) -> Reply {
        self.send(call, Some(&token.id)).await
    }

    /// Tries whether the credential may verify signatures: Keystone looks at the right before it looks at the signature,
    /// so an empty one tells.
    pub async fn verifies(&self, token: &Token) -> Verifies {
        let reply = self.send(&ec2tokens(&json!({})), Some(&token.id)).await;
        match Fault::of(&reply) {
            None => Verifies::Yes,
            Some(fault) => match fault.status {
                400 | 401 => Verifies::Yes,
                403 => Verifies::Forbidden,
                404 | 405 => Verifies::NoSuchCall,
                _ => Verifies::Unknown(fault),
            },
        }
    }

    /// Logs in and makes sure that signatures can be verified, so that a mistake shows at the start.
    ///
    /// # Errors
    /// What is wrong, in words, with the mend.
    pub async fn prove(&self, cloud: &Config, credential: &Config) -> anyhow::Result<Token> {
        let token = self
            .log_in()
            .await
            .map_err(|fault| anyhow::anyhow!(refused_login(&fault, cloud, credential)))?;
        match self.verifies(&token).await {
            Verifies::Yes => {}
            Verifies::Unknown(fault) => {
                tracing::warn!(%fault, "cannot tell whether the credential may verify EC2 requests");
            }
            Verifies::NoSuchCall => bail!(
                "the Keystone at {} has no POST /v3/ec2tokens, so nobody can verify EC2 signatures; \
                 its operator has to switch the EC2 credentials on",
                self.auth_url
            ),
            Verifies::Forbidden => bail!(missing_role(&token, credential)),
        }
        Ok(token)
    }

    /// Asks who signed a request.
    ///
    /// # Errors
    /// The EC2 error for the client.
    pub async fn caller(&self, request: &Request<'_>) -> Result<Token, Ec2Error> {
        let credentials = Ec2Credentials::of(request).map_err(|refusal| refusal.error())?;
        let call = ec2tokens(&credentials);
        let mut reply = self.send(&call, Some(&self.own_token(false).await?)).await;
        if reply.status == 401 {
            // Either the signature is wrong or our own token ended early; only a fresh one tells.
            reply = self.send(&call, Some(&self.own_token(true).await?)).await;
        }
        Token::from_reply(&reply).map_err(|fault| {
            tracing::warn!(access_key = credentials.access, %fault, "Keystone did not accept an EC2 request");
            match fault.status {
                400 | 401 | 404 => Ec2Error {
                    status: 401,
                    code: "AuthFailure".into(),
                    message: "The identity service did not accept the access key and signature.".into(),
                },
                403 => error(500, "InternalError", "The gateway's own credential may not verify EC2 requests; it needs the role service or admin."),
                _ => error(503, "Unavailable", "The identity service did not answer."),
            }
        })
    }

    async fn own_token(&self, fresh: bool) -> Result<String, Ec2Error> {
        let mut own = self.own.lock().await;
        let life = if fresh {
            Duration::from_secs(1)
        } else {
            OWN_TOKEN
        };
        if let Some((token, since)) = own.as_ref()
            && since.elapsed() < life
        {
            return Ok(token.id.clone());
        }
        let token = Token::from_reply(&self.send(&self.log_in, None).await).map_err(|fault| {
            tracing::error!(%fault, "the gateway's own credential was refused");
            error(
                503,
                "Unavailable",
                "The gateway cannot log in to the identity service.",
            )
        })?;
        let id = token.id.clone();
        *own = Some((token, Instant::now()));
        Ok(id)
    }

    async fn send(&self, call: &Call, token: Option<&str>) -> Reply {
        let url = address(&self.auth_url, None, call);
        match http::send(&self.http, call, &url, token, PATIENCE).await {
            Ok(reply) => reply,
            Err(error) => {
                let why = http::why(&error);
                tracing::warn!(url, why, "no answer");
                Reply {
                    status: 0,
                    headers: Vec::new(),
                    body: why,
                }
            }
        }
    }
}

/// Why nobody could log in, with the mend.
pub fn refused_login(fault: &Fault, cloud: &Config, credential: &Config) -> String {
    let (url, whose) = (&cloud.auth_url, &credential.name);
    match fault.status {
        0 => format!(
            "cannot reach Keystone at {url} (auth_url of the cloud {:?}): {}",
            cloud.name, fault.message
        ),
        401 => format!(
            "Keystone at {url} does not accept the credential of the cloud {whose:?}; check user, password, project and their domains. It says: {}",
            fault.message
        ),
        404 | 300 => format!(
            "there is no Keystone v3 at {url} (auth_url of the cloud {:?}); it says: {fault}",
            cloud.name
        ),
        _ => format!("cannot log in at {url} with the credential of the cloud {whose:?}: {fault}"),
    }
}

/// That the credential lacks the role, with the mend.
pub fn missing_role(token: &Token, credential: &Config) -> String {
    let project = token.project_name.as_deref().unwrap_or("no project");
    format!(
        "Keystone does not let the credential of the cloud {:?} verify EC2 signatures: the user {} has only the roles {} in the project {project}, and it takes service or admin. \
         Name another entry of clouds.yaml that has it with --service-os-cloud NAME (or STACKLENS_SERVICE_CLOUD=NAME); \
         or have an administrator run: openstack role add --user {} --project {} service",
        credential.name,
        token.user_name,
        token.roles.join(", "),
        token.user_id,
        token.project_id.as_deref().unwrap_or("PROJECT"),
    )
}

fn error(status: u16, code: &str, message: &str) -> Ec2Error {
    Ec2Error {
        status,
        code: code.into(),
        message: message.into(),
    }
}
