"""Fills a new cloud with what the seed says. Looks before it makes, so that it can be interrupted."""

import json
import subprocess
import time

import tomllib

from . import heartbeats
from .layout import REGION, SEED

PAUSE = 0.3
LIMIT = 150

CATALOGUE = (
    ("compute", "nova", "nova-api", "/v2.1"),
    ("network", "neutron", "neutron-api", ""),
    ("image", "glance", "glance-api", ""),
    ("placement", "placement", "placement", ""),
    ("block-storage", "cinder", "cinder-api", "/v3"),
    ("volumev3", "cinderv3", "cinder-api", "/v3/$(project_id)s"),
)


def load_seed():
    return tomllib.loads(SEED.read_text())


def until(what, ask):
    """Asks until the answer is true; services that have just started refuse at first."""
    deadline = time.monotonic() + LIMIT
    while True:
        try:
            answer = ask()
            if answer:
                return answer
            trouble = "no"
        except Exception as error:
            trouble = error
        if time.monotonic() > deadline:
            raise SystemExit(f"{what}: {trouble}")
        time.sleep(PAUSE)


def identity(layout, connect):
    """Projects, users with their roles and keys, and the catalogue."""
    seed = load_seed()
    admin = connect(layout, "admin")
    until("logging in to Keystone", admin.authorize)
    keystone = admin.identity
    roles = {role.name: role for role in keystone.roles()}
    for name in ("admin", "member", "reader", "service"):
        roles[name] = roles.get(name) or keystone.create_role(name=name)

    def user(name, password, project, granted):
        place = keystone.find_project(project) or keystone.create_project(name=project, domain_id="default")
        found = keystone.find_user(name) or keystone.create_user(
            name=name, password=password, domain_id="default", default_project_id=place.id
        )
        for role in granted:
            keystone.assign_project_role_to_user(place, found, roles[role])
        return found, place

    for name in seed["services"]["users"]:
        user(name, seed["services"]["password"], "service", ("admin", "service"))
    for row in seed["users"]:
        made = user(row["name"], row["name"], row["project"], row["roles"])
        if "ec2_key" in row:
            ec2_key(keystone, row["ec2_key"], *made)
        if "application_credential" in row:
            application_credential(connect(layout, row["name"], row["project"]), row["application_credential"])
    catalogue(layout, keystone)
    (layout.state / "identity.done").touch()


def ec2_key(keystone, access, user, project):
    """An EC2 key of our own choice, which only an administrator may make."""
    if any(json.loads(known.blob)["access"] == access for known in keystone.credentials(user_id=user.id, type="ec2")):
        return
    keystone.create_credential(
        type="ec2", user_id=user.id, project_id=project.id, blob=json.dumps({"access": access, "secret": access})
    )


def application_credential(connection, name):
    user = connection.current_user_id
    if not connection.identity.find_application_credential(user, name):
        connection.identity.create_application_credential(user, name=name, secret=name)


def catalogue(layout, keystone):
    services = {service.type: service for service in keystone.services()}
    known = {(endpoint.service_id, endpoint.interface) for endpoint in keystone.endpoints()}
    for kind, name, program, path in CATALOGUE:
        service = services.get(kind) or keystone.create_service(type=kind, name=name)
        for interface in ("public", "internal", "admin"):
            if (service.id, interface) not in known:
                keystone.create_endpoint(
                    service_id=service.id, interface=interface, url=layout.url(program) + path, region_id=REGION
                )


def resources(layout, connect):
    """Waits for the daemons; then flavors, volume types, images, networks."""
    seed = load_seed()
    admin = connect(layout, "admin")
    daemons = {*heartbeats.COMPUTE, *heartbeats.STORAGE}
    until(f"waiting for heartbeats of {', '.join(daemons)}", lambda: daemons <= heartbeats.heard(layout, admin))
    done = layout.state / "resources.done"
    if done.exists():
        return
    flavors(admin, seed["flavors"])
    volume_types(admin, seed)
    images(layout, admin, seed["images"])
    networks(admin, connect(layout, "demo"))
    # A project has its default group from the first look at its groups.
    for name in ("admin", "demo", "alt"):
        list(connect(layout, name).network.security_groups())
    done.touch()


def flavors(admin, rows):
    known = {flavor.name for flavor in admin.compute.flavors()}
    for row in rows:
        if row["name"] in known:
            continue
        given = {"flavorid": row["id"]} if "id" in row else {}
        made = admin.compute.create_flavor(
            name=row["name"], vcpus=row["vcpus"], ram=row["ram"], disk=row["disk"], **given
        )
        if "extra_specs" in row:
            admin.compute.create_flavor_extra_specs(made, row["extra_specs"])


def volume_types(admin, seed):
    known = {kind.name: kind for kind in admin.block_storage.types()}
    for row in seed["volume_types"]:
        if row["name"] not in known:
            admin.block_storage.create_type(name=row["name"], description=row["description"], is_public=True)
    if "__DEFAULT__" in known:
        admin.block_storage.delete_type(known["__DEFAULT__"])


def images(layout, admin, rows):
    disk = layout.state / "empty.qcow2"
    subprocess.run(["qemu-img", "create", "-q", "-f", "qcow2", disk, "16M"], check=True)
    for row in rows:
        old = list(admin.image.images(name=row["name"]))
        if any(image.status == "active" for image in old):
            continue
        for image in old:
            admin.image.delete_image(image)
        admin.create_image(
            row["name"], filename=str(disk), disk_format="qcow2", container_format="bare", visibility="public",
            min_disk=row["min_disk"], min_ram=0, meta=row["properties"], wait=True,
        )


def networks(admin, demo):
    public = admin.network.find_network("public") or admin.network.create_network(
        name="public", is_router_external=True, provider_network_type="flat", provider_physical_network="public"
    )
    if not list(admin.network.subnets(network_id=public.id)):
        admin.network.create_subnet(
            name="public-subnet", network_id=public.id, ip_version=4, cidr="203.0.113.0/24", is_dhcp_enabled=False
        )
    private = demo.network.find_network("private") or demo.network.create_network(name="private")
    subnet = next(iter(demo.network.subnets(network_id=private.id)), None) or demo.network.create_subnet(
        name="private-subnet", network_id=private.id, ip_version=4, cidr="10.0.0.0/24"
    )
    router = demo.network.find_router("router1") or demo.network.create_router(
        name="router1", external_gateway_info={"network_id": public.id}
    )
    if not list(demo.network.ports(device_id=router.id, device_owner="network:router_interface")):
        demo.network.add_interface_to_router(router, subnet_id=subnet.id)
