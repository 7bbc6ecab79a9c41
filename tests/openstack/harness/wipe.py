"""Deletes what tests left in the seed's projects; what the bootstrap made stays."""

import time

import openstack.exceptions

from .bootstrap import load_seed

KEPT = {"private", "private-subnet", "router1", "default"}
ATTEMPTS = 40
PAUSE = 0.5


def wipe(layout, connect):
    """Says what was deleted; the number of things that could not be."""
    projects = sorted({row["project"] for row in load_seed()["users"] if "member" in row["roles"]})
    return sum(Project(connect(layout, name)).wipe(name) for name in projects)


class Project:
    """A project that is emptied by its own member."""

    def __init__(self, connection):
        self.connection = connection
        self.id = connection.current_project_id
        self.left = 0
        self.deleted = {}

    def wipe(self, name):
        self.compute_and_storage()
        self.network()
        said = ", ".join(f"{number} {kind}" for kind, number in self.deleted.items()) or "nothing"
        print(f"{name}: deleted {said}")
        return self.left

    def delete(self, kind, things, how):
        for thing in list(things):
            for attempt in range(ATTEMPTS):
                try:
                    how(thing)
                    self.deleted[kind] = self.deleted.get(kind, 0) + 1
                    break
                except openstack.exceptions.NotFoundException:
                    break
                except openstack.exceptions.SDKException as error:
                    # Something is still on its way to another state.
                    trouble = error
                    time.sleep(PAUSE)
            else:
                self.left += 1
                print(f"left {kind} {thing.id}: {trouble}")

    def gone(self, listing):
        for _ in range(4 * ATTEMPTS):
            if not list(listing()):
                return
            time.sleep(PAUSE)

    def compute_and_storage(self):
        nova, cinder, glance = self.connection.compute, self.connection.block_storage, self.connection.image
        for server in nova.servers():
            if server.is_locked:
                nova.unlock_server(server)
        self.delete("servers", nova.servers(), nova.delete_server)
        self.gone(nova.servers)
        self.delete("key pairs", nova.keypairs(), nova.delete_keypair)
        self.delete("server groups", nova.server_groups(), nova.delete_server_group)
        self.delete("snapshots", cinder.snapshots(), cinder.delete_snapshot)
        self.gone(cinder.snapshots)
        self.delete("volumes", cinder.volumes(), cinder.delete_volume)
        self.gone(cinder.volumes)
        for image in glance.images(owner=self.id):
            if image.owner == self.id:
                if image.is_protected:
                    glance.update_image(image, is_protected=False)
                self.delete("images", [image], glance.delete_image)

    def network(self):
        neutron, mine = self.connection.network, {"project_id": self.id}
        self.delete("floating IPs", neutron.ips(**mine), neutron.delete_ip)
        free = [port for port in neutron.ports(**mine) if not port.device_owner.startswith(("network:", "compute:"))]
        self.delete("ports", free, neutron.delete_port)
        routers = [router for router in neutron.routers(**mine) if router.name not in KEPT]
        for router in routers:
            if router.routes:
                neutron.update_router(router, routes=[])
            for port in neutron.ports(device_id=router.id, device_owner="network:router_interface"):
                neutron.remove_interface_from_router(router, port_id=port.id)
        self.delete("routers", routers, neutron.delete_router)
        other = lambda things: [thing for thing in things if thing.name not in KEPT]  # noqa: E731
        self.delete("networks", other(neutron.networks(**mine)), neutron.delete_network)
        self.delete("subnets", other(neutron.subnets(**mine)), neutron.delete_subnet)
        self.delete("subnet pools", other(neutron.subnet_pools(**mine)), neutron.delete_subnet_pool)
        self.delete("security groups", other(neutron.security_groups(**mine)), neutron.delete_security_group)
        self.delete("address groups", other(neutron.address_groups(**mine)), neutron.delete_address_group)
        self.delete("address scopes", other(neutron.address_scopes(**mine)), neutron.delete_address_scope)
        self.default_group(neutron)

    def default_group(self, neutron):
        """The default group's rules are put back to those of a new one: all out, all in from the group."""
        for group in neutron.security_groups(project_id=self.id, name="default"):
            rules = list(neutron.security_group_rules(security_group_id=group.id))
            kept = [rule for rule in rules if is_default(rule, group)]
            self.delete(
                "rules", [rule for rule in rules if rule not in kept], neutron.delete_security_group_rule
            )
            there = {(rule.direction, rule.ether_type) for rule in kept}
            for direction in ("egress", "ingress"):
                for ether_type in ("IPv4", "IPv6"):
                    if (direction, ether_type) not in there:
                        source = {"remote_group_id": group.id} if direction == "ingress" else {}
                        neutron.create_security_group_rule(
                            security_group_id=group.id, direction=direction, ether_type=ether_type, **source
                        )


def is_default(rule, group):
    source = group.id if rule.direction == "ingress" else None
    return rule.remote_group_id == source and not (
        rule.protocol or rule.port_range_min or rule.port_range_max or rule.remote_ip_prefix
        or rule.remote_address_group_id
    )
