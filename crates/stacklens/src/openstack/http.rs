//! Calls over HTTP.

use std::time::Duration;

use anyhow::Context as _;
use openstack_wire::service::microversion_headers;
use openstack_wire::{Call, Method, Reply};

use super::config::Tls;

/// Largest reply that is read, in bytes.
const LARGEST: usize = 64 << 20;

/// A client with the trust and the certificate that a cloud asks for.
pub fn client(tls: &Tls) -> anyhow::Result<reqwest::Client> {
    let mut builder = reqwest::Client::builder()
        .user_agent(concat!("stacklens/", env!("CARGO_PKG_VERSION")))
        .connect_timeout(Duration::from_secs(10))
        // A redirect would carry the token to wherever it points.
        .redirect(reqwest::redirect::Policy::none());
    if !tls.verify {
        builder = builder.tls_danger_accept_invalid_certs(true);
    }
    if let Some(path) = &tls.cacert {
        let pem = std::fs::read(path)
            .with_context(|| format!("cannot read the certificate file {}", path.display()))?;
        let certificates = reqwest::Certificate::from_pem_bundle(&pem)
            .ok()
            .filter(|certificates| !certificates.is_empty())
            .with_context(|| format!("{} (cacert) holds no PEM certificates", path.display()))?;
        builder = builder.tls_certs_merge(certificates);
    }
    if let Some(path) = &tls.cert {
        let mut pem = std::fs::read(path)
            .with_context(|| format!("cannot read the certificate file {}", path.display()))?;
        if let Some(path) = &tls.key {
            pem.push(b'\n');
            pem.extend(
                std::fs::read(path)
                    .with_context(|| format!("cannot read the key file {}", path.display()))?,
            );
        }
        let identity = reqwest::Identity::from_pem(&pem).with_context(|| {
            format!(
                "{} (cert) holds no PEM certificate with a key; name the key's file as `key`",
                path.display()
            )
        })?;
        builder = builder.identity(identity);
    }
    builder.build().context("cannot prepare TLS")
}

/// Issues a call.
///
/// # Errors
/// No answer came; the error's chain says why.
pub async fn send(
    http: &reqwest::Client,
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
    let mut request = http
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

/// Whether the service never heard of a call.
pub fn never_sent(error: &anyhow::Error) -> bool {
    error
        .downcast_ref::<reqwest::Error>()
        .is_some_and(reqwest::Error::is_connect)
}

/// Why no answer came, in words for whoever started the program.
pub fn why(error: &anyhow::Error) -> String {
    let chain: Vec<String> = error.chain().map(ToString::to_string).collect();
    let said = chain.join(": ");
    let timed_out = error
        .downcast_ref::<reqwest::Error>()
        .is_some_and(reqwest::Error::is_timeout);
    let lower = said.to_ascii_lowercase();
    if timed_out {
        "no answer in time".to_owned()
    } else if lower.contains("certificate") || lower.contains("unknownissuer") {
        format!(
            "its certificate is not trusted ({}); name the authority's file as `cacert` in clouds.yaml or OS_CACERT, \
             or, only for a try, `verify: false`",
            chain.last().map_or("", String::as_str)
        )
    } else {
        // The outermost sentences only repeat the address.
        chain.last().cloned().unwrap_or(said)
    }
}
