"""Projects of a test's own: a member with an EC2 key, a network, and nothing else; gone afterwards."""

import os
import threading
import uuid

import openstack as openstacksdk

from harness.wipe import KEPT, Project


class Projects:
    """Makes projects on the cloud of the admin's entry in clouds.yaml."""

    def __init__(self, admin):
        self.admin = admin
        self.role = admin.identity.find_role("member")
        self.auth_url = admin.config.get_auth_args()["auth_url"]
        self.region = admin.config.region_name
        [self.external] = list(admin.network.networks(is_router_external=True))
        self.free, self.turn = {"demo": [], "alt": []}, threading.Lock()

    def take(self, kind):
        """One that nobody uses now and nothing is left in; a new one, if there is none."""
        with self.turn:
            if self.free[kind]:
                return self.free[kind].pop()
        return self.make(kind)

    def give_back(self, made, untouched=False):
        """Empties it for others; one that was only looked at is as it was. What was terminated stays visible for an hour, so a project that had servers is not used again."""
        if untouched:
            with self.turn:
                self.free[made.kind].append(made)
        elif made.changed or any(made.cloud.compute.servers(details=False)) or deleted_servers(made.cloud):
            made.remove()
        elif not Project(made.cloud).wipe(made.name):
            with self.turn:
                self.free[made.kind].append(made)

    def end(self):
        for made in self.free["demo"] + self.free["alt"]:
            made.remove()

    def make(self, kind):
        """A project like the seed's `demo` (with a network of its own) or `alt` (without)."""
        name = f"t-{kind}-{uuid.uuid4().hex[:10]}"
        identity = self.admin.identity
        project = identity.create_project(name=name)
        user = identity.create_user(name=name, password=name, default_project_id=project.id)
        identity.assign_project_role_to_user(project, user, self.role)
        made = Made(self, project, user, kind)
        if kind == "demo":
            made.give_network()
        return made

    def connection(self, name):
        return openstacksdk.connect(
            auth={
                "auth_url": self.auth_url, "username": name, "password": name, "project_name": name,
                "user_domain_name": "Default", "project_domain_name": "Default",
            },
            region_name=self.region, identity_api_version="3", volume_api_version="3", load_envvars=False, load_yaml_config=False,
        )


class Made:
    """A project with its one user."""

    def __init__(self, projects, project, user, kind):
        self.kind, self.changed, self.senders = kind, False, {}
        self.projects, self.id, self.user_id, self.name = projects, project.id, user.id, project.name
        self.cloud = projects.connection(project.name)
        url = self.cloud.endpoint_for("identity").rstrip("/").removesuffix("/v3") + "/v3"
        reply = self.cloud.session.post(f"{url}/users/{user.id}/credentials/OS-EC2", json={"tenant_id": project.id})
        key = reply.json()["credential"]
        self.key = (key["access"], key["secret"])

    def give_network(self):
        neutron = self.cloud.network
        network = neutron.create_network(name="private")
        subnet = neutron.create_subnet(name="private-subnet", network_id=network.id, ip_version=4, cidr="10.0.0.0/24")
        router = neutron.create_router(name="router1", external_gateway_info={"network_id": self.projects.external.id})
        neutron.add_interface_to_router(router, subnet_id=subnet.id)

    def remove(self):
        """Everything in it, and itself."""
        left = Project(self.cloud).wipe(self.name)
        neutron, mine = self.cloud.network, {"project_id": self.id}
        for router in neutron.routers(**mine):
            for port in neutron.ports(device_id=router.id, device_owner="network:router_interface"):
                neutron.remove_interface_from_router(router, port_id=port.id)
            neutron.delete_router(router)
        for network in neutron.networks(**mine):
            if network.name in KEPT:
                neutron.delete_network(network)
        admin = self.projects.admin
        for group in admin.network.security_groups(**mine):
            admin.network.delete_security_group(group)
        admin.identity.delete_user(self.user_id)
        admin.identity.delete_project(self.id)
        return left


def deleted_servers(cloud):
    """Whether there ever were any."""
    return bool(cloud.compute.get("/servers?changes-since=1970-01-01T00:00:00Z").json()["servers"])


def connect_embedded(gateway):
    """The administrator of the cloud that is embedded in a gateway."""
    return openstacksdk.connect(
        auth={
            "auth_url": f"{gateway.url}/openstack/identity/v3", "username": "admin", "password": "admin", "project_name": "admin",
            "user_domain_name": "Default", "project_domain_name": "Default",
        },
        region_name="RegionOne", identity_api_version="3", volume_api_version="3", load_envvars=False, load_yaml_config=False,
    )


def connect_admin():
    return openstacksdk.connect(cloud=os.environ["STACKLENS_TEST_ADMIN_CLOUD"])
