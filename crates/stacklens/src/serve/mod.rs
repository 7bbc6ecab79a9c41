//! One port for everything: EC2 requests, the page, and the embedded OpenStack over HTTP.

mod assets;
mod banner;
mod body;
mod ec2_answer;
mod gateway;
mod live;
mod openstack;
mod turns;

use std::io::{IsTerminal, Write};
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context as _;
use axum::Router;
use axum::extract::{Request, State};
use axum::http::{HeaderMap, Method, StatusCode, header};
use axum::response::{IntoResponse, Response};
use tokio::net::TcpListener;
use tracing_subscriber::EnvFilter;

use crate::arguments::{LogFormat, Serve, Watching};
use crate::clock::Chance;
use crate::cloud::Cloud;
use crate::embedded::{self, Embedded};
use crate::openstack::OpenStack;
use crate::openstack::config::Config;

/// How long open requests may take to end after the server was told to stop.
const FAREWELL: Duration = Duration::from_secs(10);

/// What every request shares.
pub struct Host {
    cloud: Cloud,
    engine: translator::Engine,
    region: String,
    fidelity: translator::Fidelity,
    default_instance_type: String,
    deadline: Duration,
    external_network: Option<String>,
    chance: Chance,
    turns: turns::Turns,
    live: live::Live,
    /// Address of the embedded OpenStack, as it knows itself.
    base_url: String,
}

/// Serves until told to stop.
pub async fn run(options: Serve) -> anyhow::Result<()> {
    log_to_stderr(&options)?;
    let listener = TcpListener::bind((options.host, options.port))
        .await
        .with_context(|| {
            format!(
                "cannot listen on {}:{}; is another server there? Choose a port with --port",
                options.host, options.port
            )
        })?;
    let address = listener.local_addr()?;
    let credentials = &options.credentials;
    let (cloud, region) = cloud(&options).await?;
    let base_url = format!("{}{}", banner::url(address), openstack::PREFIX);
    if let Cloud::Embedded(embedded) = &cloud {
        embedded.set_base_url(&base_url);
    }
    let host = Arc::new(Host {
        cloud,
        engine: translator::Engine::new(rules::Rules::built_in().clone()),
        region: region.clone(),
        fidelity: options.fidelity.into(),
        default_instance_type: options.default_instance_type,
        deadline: Duration::from_secs(options.deadline),
        external_network: options.external_network,
        chance: Chance::default(),
        turns: turns::Turns::default(),
        live: live::Live::new(watching(options.live, address)),
        base_url,
    });
    let stop = stop_signal().context("cannot listen for signals")?;
    let mut out = std::io::stdout().lock();
    out.write_all(
        banner::text(credentials, &region, options.os_cloud.as_deref(), address).as_bytes(),
    )?;
    out.flush()?;
    drop(out);
    let app = Router::new().fallback(dispatch).with_state(host.clone());
    let (told, mut hears) = tokio::sync::watch::channel(false);
    let server = axum::serve(listener, app).with_graceful_shutdown(async move {
        stop.await;
        tracing::info!("stopping: waiting for open requests");
        host.live.close();
        let _ = told.send(true);
    });
    tokio::select! {
        ended = server.into_future() => ended?,
        () = async {
            // An error means that the sender is gone, so the server has ended by itself.
            if hears.wait_for(|told| *told).await.is_ok() {
                tokio::time::sleep(FAREWELL).await;
            }
        } => tracing::warn!("some requests did not end in time"),
    }
    Ok(())
}

/// Who may watch the requests of a server that listens on an address.
fn watching(wish: Watching, address: std::net::SocketAddr) -> live::Access {
    match wish {
        Watching::Off => live::Access::Nobody,
        Watching::On => live::Access::SameOrigin,
        Watching::Auto if address.ip().is_loopback() => live::Access::Loopback,
        Watching::Auto => live::Access::Nobody,
    }
}

/// The cloud that the options choose, and its region.
async fn cloud(options: &Serve) -> anyhow::Result<(Cloud, String)> {
    let credentials = &options.credentials;
    let given = credentials.region.clone();
    let Some(name) = &options.os_cloud else {
        let embedded = Embedded::new(&credentials.access_key, &credentials.secret_key);
        return Ok((
            Cloud::Embedded(Box::new(embedded)),
            given.unwrap_or_else(|| embedded::REGION.to_owned()),
        ));
    };
    let mut config = Config::find(name)?;
    config.region = given.or(config.region);
    let service = Config::find_service(options.service_os_cloud.as_deref())?;
    let real = OpenStack::connect(config, service).await?;
    let region = real.region().unwrap_or(embedded::REGION).to_owned();
    Ok((Cloud::OpenStack(Arc::new(real)), region))
}

fn log_to_stderr(options: &Serve) -> anyhow::Result<()> {
    let filter = EnvFilter::try_new(&options.log).with_context(|| {
        format!(
            "--log {:?} is no list of levels; write `debug` or `info,stacklens=debug`",
            options.log
        )
    })?;
    let subscriber = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr)
        .with_ansi(std::io::stderr().is_terminal())
        .with_target(false);
    match options.log_format {
        LogFormat::Text => subscriber.init(),
        LogFormat::Json => subscriber.json().flatten_event(true).init(),
    }
    Ok(())
}

/// Ends when the process is told to stop. The signals are taken from the call on, not from the first poll: who reads the
/// address and stops the server at once must be heard.
fn stop_signal() -> anyhow::Result<impl Future<Output = ()>> {
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        let (mut interrupt, mut terminate) = (
            signal(SignalKind::interrupt())?,
            signal(SignalKind::terminate())?,
        );
        Ok(async move {
            tokio::select! { _ = interrupt.recv() => {}, _ = terminate.recv() => {} }
        })
    }
    #[cfg(not(unix))]
    Ok(async {
        // Without the handler the default action stops the process, which is stopping as well.
        if tokio::signal::ctrl_c().await.is_err() {
            std::future::pending::<()>().await;
        }
    })
}

/// Who answers a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Door {
    Health,
    OpenStack,
    Live,
    Page,
    Ec2,
}

/// A signed request or one that names an action is for EC2 on any path, since old clients were given endpoints like
/// `/services/Cloud`; a browser gets the page.
fn door(method: &Method, path: &str, query: &str, headers: &HeaderMap) -> Door {
    if path == openstack::PREFIX
        || path
            .strip_prefix(openstack::PREFIX)
            .is_some_and(|rest| rest.starts_with('/'))
    {
        return Door::OpenStack;
    }
    let reads = matches!(*method, Method::GET | Method::HEAD);
    if reads && path == "/healthz" {
        return Door::Health;
    }
    let names_action = ec2_wire::split_query(query).any(|pair| {
        matches!(
            pair.key.as_ref(),
            "Action" | "X-Amz-Algorithm" | "AWSAccessKeyId" | "Signature"
        )
    });
    let signed = headers
        .get(header::AUTHORIZATION)
        .is_some_and(|value| value.as_bytes().starts_with(b"AWS"));
    if !reads || names_action || signed {
        return Door::Ec2;
    }
    if path.starts_with(live::PREFIX) {
        return Door::Live;
    }
    let for_people = headers
        .get(header::ACCEPT)
        .is_some_and(|accept| accept.to_str().unwrap_or_default().contains("text/html"));
    if for_people || assets::exists(path) || assets::within(path) {
        Door::Page
    } else {
        Door::Ec2
    }
}

async fn dispatch(State(host): State<Arc<Host>>, request: Request) -> Response {
    let uri = request.uri();
    match door(
        request.method(),
        uri.path(),
        uri.query().unwrap_or_default(),
        request.headers(),
    ) {
        Door::Health => (
            StatusCode::OK,
            [(header::CACHE_CONTROL, "no-store")],
            "ok\n",
        )
            .into_response(),
        Door::OpenStack => openstack::answer(&host, request).await,
        Door::Live => live::answer(&host, &request),
        Door::Page => assets::answer(request.method(), request.uri().path(), request.headers()),
        Door::Ec2 => gateway::answer(host, request).await,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_request_finds_its_door() {
        let html = ("accept", "text/html,application/xhtml+xml");
        let any = ("accept", "*/*");
        let signed = ("authorization", "AWS4-HMAC-SHA256 Credential=demo/x");
        let cases = [
            ("GET", "/", html, Door::Page),
            ("GET", "/", any, Door::Ec2),
            ("GET", "/?Action=DescribeVpcs", html, Door::Ec2),
            ("GET", "/?x=1", html, Door::Page),
            ("GET", "/", signed, Door::Ec2),
            ("GET", "/?AWSAccessKeyId=demo", any, Door::Ec2),
            ("POST", "/", any, Door::Ec2),
            ("POST", "/services/Cloud", html, Door::Ec2),
            ("PUT", "/", any, Door::Ec2),
            ("GET", "/nothing.js", html, Door::Page),
            ("GET", "/healthz", any, Door::Health),
            ("HEAD", "/healthz", any, Door::Health),
            ("POST", "/healthz", any, Door::Ec2),
            ("GET", "/openstack", any, Door::OpenStack),
            (
                "POST",
                "/openstack/identity/v3/auth/tokens",
                any,
                Door::OpenStack,
            ),
            ("GET", "/openstackish", any, Door::Ec2),
            ("GET", "/live/events", any, Door::Live),
            ("GET", "/live/7", html, Door::Live),
            ("POST", "/live/events", any, Door::Ec2),
            ("GET", "/live/events", signed, Door::Ec2),
        ];
        for (method, target, (name, value), expected) in cases {
            let (path, query) = target.split_once('?').unwrap_or((target, ""));
            let headers = HeaderMap::from_iter([(name.parse().unwrap(), value.parse().unwrap())]);
            assert_eq!(
                door(&method.parse().unwrap(), path, query, &headers),
                expected,
                "{method} {target} {value}"
            );
        }
    }
}
