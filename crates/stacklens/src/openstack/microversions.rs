//! Which microversion a service is asked for: the one that a rule was written for, or the newest that the service has.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use openstack_wire::microversion::{Microversion, Offer};
use openstack_wire::service::version_document;
use openstack_wire::{Call, Method};

use super::http;

/// Longest wait for a version document; the call itself waits for it.
const PATIENCE: Duration = Duration::from_secs(5);

/// What the services offer, by the address of their version document. Asked once.
#[derive(Debug, Default)]
pub struct Microversions {
    known: Mutex<HashMap<String, Option<Offer>>>,
}

impl Microversions {
    /// Pins the microversion that a call takes at an endpoint.
    pub async fn negotiate(
        &self,
        http: &reqwest::Client,
        endpoint: &str,
        token: &str,
        call: &mut Call,
    ) {
        let Some(wanted) = call.microversion.as_deref().and_then(Microversion::read) else {
            return;
        };
        if let Some(offer) = self.offer(http, endpoint, &call.service, token).await {
            call.microversion = Some(offer.nearest(wanted).to_string());
        }
    }

    /// What a service offers; `None` if it does not say.
    pub async fn offer(
        &self,
        http: &reqwest::Client,
        endpoint: &str,
        service: &str,
        token: &str,
    ) -> Option<Offer> {
        let url = version_document(endpoint, service);
        if let Some(known) = self.lock().get(&url) {
            return *known;
        }
        let call = Call::new(Method::Get, service, "/");
        let reply = http::send(http, &call, &url, Some(token), PATIENCE)
            .await
            .ok()?;
        let offer = Offer::from_reply(&reply);
        // What a service that is down or overloaded said is no lasting answer.
        if offer.is_some() || reply.status < 500 {
            self.lock().insert(url, offer);
        }
        offer
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, HashMap<String, Option<Offer>>> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
