//! The cloud as one value: state of every service, time, and the way of a call through it.

use openstack_wire::{Call, Reply};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::{
    block_storage::state::StorageState,
    clock::{Agenda, Event, Millis},
    compute::state::ComputeState,
    fault::{Fault, Service},
    identity::state::IdentityState,
    ids::Ids,
    image::state::ImageState,
    network::state::NetworkState,
    request::{Handled, Request, asked_version, header, segments, version},
};

/// The end of the year 9999: later times have no four-digit year.
const LATEST: Millis = 253_402_300_799_000;

/// The one availability zone.
pub(crate) const ZONE: &str = "nova";
/// The one region.
pub(crate) const REGION: &str = "RegionOne";

/// An OpenStack cloud in memory.
///
/// It can be cloned, and kept as text through `serde`: the copy goes on where the original was.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Cloud {
    pub(crate) base_url: String,
    pub(crate) now: Millis,
    pub(crate) ids: Ids,
    pub(crate) agenda: Agenda,
    pub(crate) standard_attributes: u64,
    pub(crate) identity: IdentityState,
    pub(crate) compute: ComputeState,
    pub(crate) network: NetworkState,
    pub(crate) storage: StorageState,
    pub(crate) images: ImageState,
}

/// Says in the headers which microversion was answered, and on what else the answer depends.
pub(crate) fn tell_version(service: Service, call: &Call, reply: &mut Reply) {
    let mut push = |name: &str, value: String| reply.headers.push((name.to_owned(), value));
    let agreed = match version(service, call) {
        Ok(agreed) => format!("{}.{}", agreed.0, agreed.1),
        Err(_) => match asked_version(service, call) {
            // Cinder does not know a major number that is not its own.
            Some(text)
                if text.contains('.')
                    && (service == Service::Compute || text.starts_with("3.")) =>
            {
                text.to_owned()
            }
            _ => return,
        },
    };
    match service {
        Service::Compute => {
            push("openstack-api-version", format!("compute {agreed}"));
            push("x-openstack-nova-api-version", agreed);
            push(
                "vary",
                "OpenStack-API-Version, X-OpenStack-Nova-API-Version".to_owned(),
            );
        }
        Service::BlockStorage => {
            push("openstack-api-version", format!("volume {agreed}"));
            push("vary", "OpenStack-API-Version".to_owned());
        }
        Service::Identity => push("vary", "X-Auth-Token".to_owned()),
        Service::Network | Service::Image => {}
    }
}

impl Cloud {
    /// A cloud with projects, users, flavors, images and networks to start with.
    ///
    /// The same `seed` and the same calls give the same ids. `now` is in milliseconds since 1970.
    pub fn new(seed: u64, now: i64) -> Self {
        let mut cloud = Self::empty(seed, now.clamp(0, LATEST));
        cloud.plant();
        cloud
    }

    pub(crate) fn empty(seed: u64, now: Millis) -> Self {
        Self {
            base_url: "http://127.0.0.1:8788/openstack".to_owned(),
            now,
            ids: Ids::new(seed),
            agenda: Agenda::default(),
            standard_attributes: 0,
            identity: IdentityState::default(),
            compute: ComputeState::default(),
            network: NetworkState::default(),
            storage: StorageState::default(),
            images: ImageState::default(),
        }
    }

    /// Sets the address that the catalogue and all links begin with: no slash at the end.
    ///
    /// The services are below it at `/identity`, `/compute`, `/network`, `/block-storage` and `/image`.
    pub fn set_base_url(&mut self, url: &str) {
        self.base_url = url.trim_end_matches('/').to_owned();
    }

    /// Answers a call at that time, in milliseconds since 1970. Time never goes back: an earlier `now` counts as the latest.
    ///
    /// A call without a token, or with one that is over, is refused with 401, except for those that get a token.
    pub fn handle(&mut self, call: &Call, now: i64) -> Reply {
        self.settle(now);
        let Some(service) = Service::named(&call.service) else {
            return Fault::new(
                404,
                format!("There is no service '{}' in the catalogue.", call.service),
            )
            .reply(Service::Identity, false);
        };
        let accept = header(call, "Accept").unwrap_or("application/json");
        let (mut reply, unknown) = match self.answer(service, call) {
            Ok(answer) => (answer.reply(), false),
            Err(fault) => (
                fault.reply(service, !accept.contains("json")),
                fault.status == 401 || fault.is_route(),
            ),
        };
        // What does not reach the service itself says nothing of versions.
        if !unknown || service == Service::Identity {
            tell_version(service, call, &mut reply);
        }
        reply
    }

    fn answer(&mut self, service: Service, call: &Call) -> Handled {
        let path = segments(service, &call.path);
        if service == Service::Identity
            && let Some(answer) = self.open_identity(call, &path)
        {
            return answer;
        }
        let open = path.is_empty();
        let caller = match self.caller(header(call, "X-Auth-Token")) {
            Ok(caller) => caller,
            // Version documents are for everybody.
            Err(_) if open => Default::default(),
            Err(fault) => return Err(fault),
        };
        let nothing = Value::Null;
        let request = Request {
            method: call.method,
            path,
            query: &call.query,
            body: call.body.as_ref().unwrap_or(&nothing),
            content_type: call
                .content_type
                .as_deref()
                .or_else(|| header(call, "Content-Type"))
                .unwrap_or("application/json"),
            version: version(service, call)?,
            endpoint: self.endpoint(service, &caller.project),
            caller,
        };
        if service != Service::Identity && request.caller.project.is_empty() && !open {
            return Err(Fault::unauthorized());
        }
        match service {
            Service::Identity => self.handle_identity(&request, call),
            Service::Compute => self.handle_compute(&request),
            Service::Network => self.handle_network(&request),
            Service::BlockStorage => self.handle_block_storage(&request),
            Service::Image => self.handle_image(&request),
        }
    }

    /// Brings the cloud to that time: everything that was due has happened.
    pub fn settle(&mut self, now: i64) {
        let now = now.clamp(0, LATEST).max(self.now);
        while let Some((at, event)) = self.agenda.pop(now) {
            self.now = self.now.max(at);
            self.happen(event, at);
        }
        self.now = now;
    }

    fn happen(&mut self, event: Event, at: Millis) {
        match event {
            Event::ServerResources(id) => self.make_server_resources(&id, at),
            Event::ServerBuilt(id) => self.server_built(&id, at),
            Event::ServerTask(id, task) => self.server_task(&id, &task, at),
            Event::ServerGone(id) => self.server_gone(&id, at),
            Event::ServerPurged(id) => {
                self.compute.servers.remove(&id);
            }
            Event::Volume(id, from, to) => self.set_volume_status_if(&id, &from, &to),
            Event::VolumeGone(id) => {
                self.storage.volumes.remove(&id);
            }
            Event::VolumeAttached(server, volume) => self.volume_attached(&server, &volume, at),
            Event::VolumeDetached(server, volume) => self.volume_detached(&server, &volume, at),
            Event::Snapshot(id, from, to) => {
                if let Some(snapshot) = self
                    .storage
                    .snapshots
                    .get_mut(&id)
                    .filter(|one| one.status == from)
                {
                    snapshot.status = to;
                    snapshot.updated = at;
                }
            }
            Event::SnapshotGone(id) => {
                self.storage.snapshots.remove(&id);
            }
            Event::ImageActive(id, from, size) => {
                if let Some(image) = self
                    .images
                    .images
                    .get_mut(&id)
                    .filter(|one| one.status == from)
                {
                    image.status = "active".to_owned();
                    image.size = Some(size);
                    image.updated = at;
                }
            }
            Event::ImageStatus(id, from, to) => {
                if let Some(image) = self
                    .images
                    .images
                    .get_mut(&id)
                    .filter(|one| one.status == from)
                {
                    image.status = to;
                    image.updated = at;
                }
            }
        }
    }

    /// A token for a user by name, or for the owner of an access key, in a project by name or id.
    ///
    /// An access key is bound to its project; `project` may be empty then. `None` if there is no such user, project or role.
    pub fn issue_token(
        &mut self,
        user_or_access_key: &str,
        project: &str,
        now: i64,
    ) -> Option<String> {
        self.settle(now);
        if let Some(known) = self.identity.credentials.get(user_or_access_key).cloned() {
            let wanted = self
                .identity
                .project_named(project)
                .map(|project| project.id.clone());
            if project.is_empty() || wanted.as_ref() == Some(&known.project) {
                return Some(self.new_token(&known.user, Some(&known.project), "ec2credential"));
            }
        }
        let user = self.identity.user_named(user_or_access_key)?;
        let project = self.identity.project_named(project)?;
        user.roles.get(&project.id)?;
        let (user, project) = (user.id.clone(), project.id.clone());
        Some(self.new_token(&user, Some(&project), "password"))
    }

    /// The secret of an access key.
    pub fn ec2_secret(&self, access: &str) -> Option<&str> {
        self.identity
            .credentials
            .get(access)
            .map(|one| one.secret.as_str())
    }

    /// The user id and the project id that an access key stands for.
    pub fn ec2_owner(&self, access: &str) -> Option<(String, String)> {
        self.identity
            .credentials
            .get(access)
            .map(|one| (one.user.clone(), one.project.clone()))
    }

    /// Id of a project by its name.
    pub fn project_id(&self, name: &str) -> Option<&str> {
        self.identity
            .project_named(name)
            .map(|project| project.id.as_str())
    }

    /// Sets a limit of a project as an administrator would; -1 is no limit. Unknown names are kept and have no effect.
    ///
    /// `service` is `compute`, `network` or `block-storage`, and `name` what that service calls the resource: `instances`, `floatingip`, `volumes`.
    pub fn set_quota(&mut self, project: &str, service: &str, name: &str, limit: i64) {
        let project = self.project_id(project).unwrap_or(project).to_owned();
        let quotas = match Service::named(service) {
            Some(Service::Compute) => &mut self.compute.quotas,
            Some(Service::Network) => &mut self.network.quotas,
            Some(Service::BlockStorage) => &mut self.storage.quotas,
            _ => return,
        };
        quotas
            .entry(project)
            .or_default()
            .insert(name.to_owned(), limit);
    }
}
