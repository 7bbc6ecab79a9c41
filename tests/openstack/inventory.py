"""Everything that a project has, to see what a request left behind."""

from waiting import until

GONE = ("deleted", "soft_deleted", "deleting")


def of(cloud):
    """Pairs of kind and id."""
    nova, cinder, neutron, mine = cloud.compute, cloud.block_storage, cloud.network, {"project_id": cloud.current_project_id}
    listings = {
        "server": nova.servers(),
        "key pair": nova.keypairs(),
        "volume": cinder.volumes(),
        "snapshot": cinder.snapshots(),
        "network": neutron.networks(**mine),
        "subnet": neutron.subnets(**mine),
        "subnet pool": neutron.subnet_pools(**mine),
        "router": neutron.routers(**mine),
        "port": neutron.ports(**mine),
        "floating ip": neutron.ips(**mine),
        "security group": neutron.security_groups(**mine),
        "rule": neutron.security_group_rules(**mine),
    }
    return {
        (kind, thing.id)
        for kind, things in listings.items()
        for thing in things
        if (getattr(thing, "status", None) or "").lower() not in GONE
    }


def remove(cloud, left):
    """Deletes what `of` found, in an order in which nothing is in the way."""
    nova, cinder, neutron = cloud.compute, cloud.block_storage, cloud.network

    def router(id):
        for port in neutron.ports(device_id=id, device_owner="network:router_interface"):
            neutron.remove_interface_from_router(id, port_id=port.id)
        neutron.delete_router(id)

    def of_kind(kind, how):
        for id in (id for found, id in left if found == kind):
            how(id)

    of_kind("server", nova.delete_server)
    # Its volumes and ports go with it.
    until(lambda: not [one for one in left & of(cloud) if one[0] == "server"], "the servers are gone")
    for kind, how in (
        ("key pair", nova.delete_keypair),
        ("floating ip", neutron.delete_ip),
        ("snapshot", cinder.delete_snapshot),
        ("volume", cinder.delete_volume),
        ("port", neutron.delete_port),
        ("router", router),
        ("network", neutron.delete_network),
        ("subnet pool", neutron.delete_subnet_pool),
        ("security group", neutron.delete_security_group),
    ):
        of_kind(kind, how)
