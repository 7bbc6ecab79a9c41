"""Things made by OpenStack's own clients: they appear sensibly through EC2, can be tagged, attached and deleted there, and
nothing that EC2 does overwrites their names, metadata or tags."""

import contextlib

import openstack as openstacksdk
import pytest
from botocore.exceptions import ClientError


def ec2_id(prefix, uuid):
    return f"{prefix}-{uuid.replace('-', '')}"


@pytest.fixture
def made(wait_until):
    """Deletes at the end, last first: `made(delete, *arguments)` gives the first argument."""
    stack = []

    def remember(delete, one):
        stack.append((delete, one))
        return one

    yield remember
    for delete, one in reversed(stack):
        def gone():
            with contextlib.suppress(openstacksdk.exceptions.NotFoundException):
                try:
                    delete(one)
                except openstacksdk.exceptions.HttpException as error:
                    # What held it may still be going.
                    if error.status_code in (400, 409):
                        return False
                    raise
            return True

        wait_until(gone, f"{one} is deleted", limit=90)


def delete_server(cloud, wait_until):
    def delete(server):
        cloud.compute.delete_server(server.id)
        wait_until(lambda: cloud.compute.find_server(server.id) is None, "the server is gone", limit=90)

    return delete


@pytest.fixture
def networked(cloud, made, name):
    """A network without a pool, a subnet and a router, as Horizon makes them."""
    network = made(cloud.network.delete_network, cloud.network.create_network(name=f"Netz {name} ü", description="von Hand"))
    subnet = made(
        cloud.network.delete_subnet,
        cloud.network.create_subnet(network_id=network.id, name="sub net", cidr="10.213.7.0/24", ip_version=4),
    )
    router = made(cloud.network.delete_router, cloud.network.create_router(name="Router/1", description="by hand"))
    cloud.network.add_interface_to_router(router, subnet.id)
    made(lambda one: cloud.network.remove_interface_from_router(one, subnet.id), router)
    return network, subnet, router


@pytest.fixture
def server(cloud, networked, made, wait_until):
    """A server as Horizon makes it: a name with spaces and letters, metadata, no EC2 tags."""
    image = next(one for one in cloud.image.images() if one.name.startswith(("cirros", "lab")))
    flavor = cloud.compute.find_flavor("m1.nano")
    one = cloud.compute.create_server(
        name="Web Server (by hand) #1",
        image_id=image.id,
        flavor_id=flavor.id,
        networks=[{"uuid": networked[0].id}],
        metadata={"owner": "horizon", "ec2": "not ours"},
        description="made by hand",
    )
    made(delete_server(cloud, wait_until), one)
    return cloud.compute.wait_for_server(one, wait=120)


def described(ec2, server):
    reservations = ec2.describe_instances(InstanceIds=[ec2_id("i", server.id)])["Reservations"]
    return reservations[0]["Instances"][0]


def test_a_server_is_described_tagged_and_keeps_what_is_its_own(ec2, cloud, server, networked):
    network, subnet, router = networked
    seen = described(ec2, server)
    assert seen["State"]["Name"] == "running"
    assert seen["InstanceType"] == "m1.nano"
    assert seen["Placement"]["AvailabilityZone"] == "nova"
    assert seen["PrivateIpAddress"].startswith("10.213.7.")
    assert (seen["SubnetId"], seen["VpcId"]) == (ec2_id("subnet", subnet.id), ec2_id("vpc", router.id))
    assert seen["Tags"] == []
    assert seen["NetworkInterfaces"][0]["PrivateIpAddress"] == seen["PrivateIpAddress"]

    instance = seen["InstanceId"]
    ec2.create_tags(Resources=[instance], Tags=[{"Key": "Name", "Value": "renamed?"}, {"Key": "a/b", "Value": "ü="}])
    assert {tag["Key"]: tag["Value"] for tag in described(ec2, server)["Tags"]} == {"Name": "renamed?", "a/b": "ü="}
    ec2.delete_tags(Resources=[instance], Tags=[{"Key": "Name"}, {"Key": "a/b"}])
    ec2.modify_instance_attribute(InstanceId=instance, DisableApiTermination={"Value": True})
    ec2.modify_instance_attribute(InstanceId=instance, DisableApiTermination={"Value": False})
    ec2.modify_instance_attribute(InstanceId=instance, SourceDestCheck={"Value": False})
    ec2.modify_instance_attribute(InstanceId=instance, SourceDestCheck={"Value": True})
    after = cloud.compute.get_server(server.id)
    assert (after.name, after.metadata, after.description) == (server.name, server.metadata, "made by hand")
    assert cloud.network.get_network(network.id).name == network.name
    assert cloud.compute.get(f"/servers/{server.id}/tags", microversion="2.26").json()["tags"] == []


@pytest.mark.parametrize(
    ("change", "status", "state"),
    [
        ("pause_server", "PAUSED", "stopped"),
        ("suspend_server", "SUSPENDED", "stopped"),
        ("shelve_server", "SHELVED_OFFLOADED", "stopped"),
        ("stop_server", "SHUTOFF", "stopped"),
        ("lock_server", "ACTIVE", "running"),
    ],
)
def test_a_server_in_a_state_that_ec2_has_no_word_for(ec2, cloud, server, wait_until, change, status, state):
    getattr(cloud.compute, change)(server)
    wait_until(lambda: cloud.compute.get_server(server.id).status in (status, "SHELVED" if "SHELVED" in status else status), status)
    seen = described(ec2, server)
    assert seen["State"]["Name"] == state, seen["State"]
    health = ec2.describe_instance_status(InstanceIds=[seen["InstanceId"]], IncludeAllInstances=True)["InstanceStatuses"]
    assert health[0]["InstanceState"]["Name"] == state
    if change == "lock_server":
        with pytest.raises(ClientError) as refused:
            ec2.terminate_instances(InstanceIds=[seen["InstanceId"]])
        assert refused.value.response["Error"]["Code"] == "OperationNotPermitted"
        cloud.compute.unlock_server(server)
    ec2.terminate_instances(InstanceIds=[seen["InstanceId"]])
    wait_until(lambda: described(ec2, server)["State"]["Name"] == "terminated", "terminated through EC2")


def test_a_resized_server_and_one_that_failed(ec2, cloud, admin_cloud, server, networked, made, wait_until):
    cloud.compute.resize_server(server, cloud.compute.find_flavor("m1.tiny").id)
    cloud.compute.wait_for_server(server, status="VERIFY_RESIZE", wait=120)
    seen = described(ec2, server)
    assert (seen["State"]["Name"], seen["InstanceType"]) == ("running", "m1.tiny")
    ec2.modify_instance_attribute(InstanceId=ec2_id("i", server.id), InstanceType={"Value": "m1.tiny"})
    wait_until(lambda: cloud.compute.get_server(server.id).status in ("ACTIVE", "SHUTOFF"), "the resize is confirmed")

    admin_cloud.compute.reset_server_state(server.id, "error")
    seen = described(ec2, server)
    assert seen["State"]["Name"] in ("terminated", "stopped", "running"), seen["State"]
    assert seen["StateTransitionReason"] is not None
    ec2.terminate_instances(InstanceIds=[seen["InstanceId"]])
    wait_until(lambda: cloud.compute.find_server(server.id) is None, "a failed server is deleted through EC2")


def test_a_server_that_boots_from_a_volume(ec2, cloud, networked, made, wait_until, name):
    image = next(one for one in cloud.image.images() if one.name.startswith(("cirros", "lab")))
    volume = made(
        cloud.block_storage.delete_volume,
        cloud.block_storage.create_volume(size=1, name=f"root {name}", image_id=image.id, metadata={"mine": "yes"}),
    )
    cloud.block_storage.wait_for_status(volume, status="available", failures=["error"], wait=120)
    server = cloud.compute.create_server(
        name="boots from a volume",
        flavor_id=cloud.compute.find_flavor("m1.nano").id,
        networks=[{"uuid": networked[0].id}],
        block_device_mapping=[{"boot_index": 0, "uuid": volume.id, "source_type": "volume", "destination_type": "volume", "delete_on_termination": False}],
    )
    made(delete_server(cloud, wait_until), server)
    server = cloud.compute.wait_for_server(server, wait=120)
    seen = described(ec2, server)
    assert seen["RootDeviceType"] == "ebs"
    assert seen["ImageId"] == ec2_id("ami", image.id)
    root = [one for one in seen["BlockDeviceMappings"] if one["DeviceName"] == seen["RootDeviceName"]]
    assert [one["Ebs"]["VolumeId"] for one in root] == [ec2_id("vol", volume.id)]
    assert root[0]["Ebs"]["DeleteOnTermination"] is False
    with pytest.raises(ClientError) as refused:
        ec2.detach_volume(VolumeId=ec2_id("vol", volume.id))
    assert refused.value.response["Error"]["Code"] in ("OperationNotPermitted", "IncorrectState")
    ec2.terminate_instances(InstanceIds=[seen["InstanceId"]])
    wait_until(lambda: cloud.block_storage.get_volume(volume.id).status == "available", "the root volume stays")
    after = cloud.block_storage.get_volume(volume.id)
    assert (after.name, after.metadata) == (f"root {name}", {"mine": "yes"})


def test_a_volume_and_a_snapshot(ec2, cloud, server, made, wait_until, name):
    types = [one.name for one in cloud.block_storage.types() if not one.name.startswith("__")]
    volume = made(
        cloud.block_storage.delete_volume,
        cloud.block_storage.create_volume(size=1, name=name, description="Daten", volume_type=types[0], metadata={"key": "value", "a/b": "c"}),
    )
    cloud.block_storage.wait_for_status(volume, status="available", failures=["error"], wait=60)
    volume_id, instance = ec2_id("vol", volume.id), ec2_id("i", server.id)
    seen = ec2.describe_volumes(VolumeIds=[volume_id])["Volumes"][0]
    assert (seen["Size"], seen["State"], seen["Tags"]) == (1, "available", [])

    ec2.create_tags(Resources=[volume_id], Tags=[{"Key": "Name", "Value": "from EC2"}])
    ec2.attach_volume(VolumeId=volume_id, InstanceId=instance, Device="/dev/sdf")
    wait_until(lambda: ec2.describe_volumes(VolumeIds=[volume_id])["Volumes"][0]["State"] == "in-use", "attached")
    disks = described(ec2, server)["BlockDeviceMappings"]
    assert ("/dev/sdf", volume_id) in [(one["DeviceName"], one["Ebs"]["VolumeId"]) for one in disks]
    ec2.detach_volume(VolumeId=volume_id, InstanceId=instance)
    wait_until(lambda: ec2.describe_volumes(VolumeIds=[volume_id])["Volumes"][0]["State"] == "available", "detached")

    # Attached by Nova's own clients: the device is Nova's.
    cloud.compute.create_volume_attachment(server, volume_id=volume.id)
    wait_until(lambda: ec2.describe_volumes(VolumeIds=[volume_id])["Volumes"][0]["State"] == "in-use", "attached natively")
    attachment = ec2.describe_volumes(VolumeIds=[volume_id])["Volumes"][0]["Attachments"][0]
    assert attachment["InstanceId"] == instance and attachment["Device"].startswith("/dev/")
    ec2.detach_volume(VolumeId=volume_id)
    wait_until(lambda: cloud.block_storage.get_volume(volume.id).status == "available", "detached through EC2")

    snapshot = cloud.block_storage.create_snapshot(volume_id=volume.id, name="Sicherung 1", metadata={"kind": "nightly"})
    cloud.block_storage.wait_for_status(snapshot, status="available", failures=["error"], wait=60)
    snapshot_id = ec2_id("snap", snapshot.id)
    seen = ec2.describe_snapshots(SnapshotIds=[snapshot_id])["Snapshots"][0]
    assert (seen["State"], seen["VolumeId"], seen["VolumeSize"]) == ("completed", volume_id, 1)
    ec2.create_tags(Resources=[snapshot_id], Tags=[{"Key": "k", "Value": "v"}])
    kept = cloud.block_storage.get_snapshot(snapshot.id)
    assert kept.name == "Sicherung 1" and kept.metadata["kind"] == "nightly"
    ec2.delete_snapshot(SnapshotId=snapshot_id)
    wait_until(lambda: cloud.block_storage.find_snapshot(snapshot.id) is None, "the snapshot is gone")

    after = cloud.block_storage.get_volume(volume.id)
    assert (after.name, after.description) == (name, "Daten")
    assert {key: after.metadata.get(key) for key in ("key", "a/b")} == {"key": "value", "a/b": "c"}
    ec2.delete_volume(VolumeId=volume_id)
    wait_until(lambda: cloud.block_storage.find_volume(volume.id) is None, "the volume is gone")


def test_networks_without_pools_and_routers_are_subnets_and_vpcs(ec2, cloud, networked):
    network, subnet, router = networked
    vpc_id, subnet_id = ec2_id("vpc", router.id), ec2_id("subnet", subnet.id)
    seen = ec2.describe_subnets(SubnetIds=[subnet_id])["Subnets"][0]
    assert (seen["CidrBlock"], seen["VpcId"], seen["State"]) == ("10.213.7.0/24", vpc_id, "available")
    assert seen["AvailabilityZone"] == "nova"
    vpc = ec2.describe_vpcs(VpcIds=[vpc_id])["Vpcs"][0]
    assert vpc["State"] == "available" and vpc["CidrBlock"]

    ec2.create_tags(Resources=[vpc_id, subnet_id], Tags=[{"Key": "Name", "Value": "EC2's name"}])
    more = ec2.create_subnet(VpcId=vpc_id, CidrBlock="10.213.8.0/24")["Subnet"]["SubnetId"]
    ec2.delete_subnet(SubnetId=more)
    ec2.delete_tags(Resources=[vpc_id, subnet_id])
    for code, refused in (
        ("DependencyViolation", lambda: ec2.delete_vpc(VpcId=vpc_id)),
        ("InvalidSubnet.Conflict", lambda: ec2.create_subnet(VpcId=vpc_id, CidrBlock="10.213.7.128/25")),
    ):
        with pytest.raises(ClientError) as error:
            refused()
        assert error.value.response["Error"]["Code"] == code
    after = cloud.network.get_router(router.id)
    assert (after.name, after.description, after.tags) == ("Router/1", "by hand", [])
    assert cloud.network.get_subnet(subnet.id).name == "sub net"
    assert cloud.network.get_network(network.id).description == "von Hand"


def test_a_shared_network_can_be_used_and_an_external_one_is_no_subnet(ec2, cloud, admin_cloud, made, name):
    shared = made(admin_cloud.network.delete_network, admin_cloud.network.create_network(name=f"shared {name}", is_shared=True))
    subnet = made(
        admin_cloud.network.delete_subnet,
        admin_cloud.network.create_subnet(network_id=shared.id, cidr="10.214.0.0/24", ip_version=4),
    )
    seen = ec2.describe_subnets()["Subnets"]
    ids = [one["SubnetId"] for one in seen]
    assert ec2_id("subnet", subnet.id) in ids
    external = [one for network in cloud.network.networks(is_router_external=True) for one in network.subnet_ids]
    assert external and not {ec2_id("subnet", one) for one in external} & set(ids)
    assert all(one["AvailabilityZone"] for one in seen)
    owner = next(one for one in seen if one["SubnetId"] == ec2_id("subnet", subnet.id))["OwnerId"]
    assert owner == shared.project_id
    with pytest.raises(ClientError) as refused:
        ec2.delete_subnet(SubnetId=ec2_id("subnet", subnet.id))
    assert refused.value.response["Error"]["Code"] in ("UnauthorizedOperation", "DependencyViolation", "OperationNotPermitted")
    assert admin_cloud.network.find_subnet(subnet.id) is not None


def test_a_port_without_device_and_a_floating_ip(ec2, cloud, networked, server, made):
    network, subnet, router = networked
    port = made(cloud.network.delete_port, cloud.network.create_port(network_id=network.id, name="loser Port", description="frei"))
    eni = ec2_id("eni", port.id)
    ec2.create_tags(Resources=[eni], Tags=[{"Key": "use", "Value": "later"}])
    assert [tag["Value"] for tag in ec2.describe_tags(Filters=[{"Name": "resource-id", "Values": [eni]}])["Tags"]] == ["later"]
    kept = cloud.network.get_port(port.id)
    assert (kept.name, kept.description, kept.device_id) == ("loser Port", "frei", "")

    external = next(cloud.network.networks(is_router_external=True))
    cloud.network.update_router(router, external_gateway_info={"network_id": external.id})
    made(lambda one: cloud.network.update_router(one, external_gateway_info={}), router)
    address = made(cloud.network.delete_ip, cloud.network.create_ip(floating_network_id=external.id, description="öffentlich"))
    allocation = ec2_id("eipalloc", address.id)
    seen = ec2.describe_addresses(AllocationIds=[allocation])["Addresses"][0]
    assert seen["PublicIp"] == address.floating_ip_address and "InstanceId" not in seen
    association = ec2.associate_address(AllocationId=allocation, InstanceId=ec2_id("i", server.id))["AssociationId"]
    assert described(ec2, server)["PublicIpAddress"] == address.floating_ip_address
    ec2.disassociate_address(AssociationId=association)
    after = cloud.network.get_ip(address.id)
    assert (after.description, after.port_id) == ("öffentlich", None)
    # The gateway was somebody's own: no address that goes takes it along.
    assert cloud.network.get_router(router.id).external_gateway_info["network_id"] == external.id
    ec2.release_address(AllocationId=allocation)
    assert cloud.network.find_ip(address.id) is None


def test_security_groups_with_any_name_and_rules_that_ec2_has_no_form_for(ec2, cloud, made, server, name):
    group = made(
        cloud.network.delete_security_group,
        cloud.network.create_security_group(name=f"Büro & Gäste {name}", description="ö" * 40),
    )
    for rule in (
        {"protocol": "tcp", "port_range_min": 22, "port_range_max": 22, "remote_ip_prefix": "10.0.0.0/8"},
        {"protocol": "vrrp"},
        {"protocol": "icmp", "port_range_min": 8, "port_range_max": 0},
        {"protocol": "udp", "remote_group_id": group.id},
        {},
    ):
        cloud.network.create_security_group_rule(security_group_id=group.id, direction="ingress", ethertype="IPv4", **rule)
    group_id = ec2_id("sg", group.id)
    seen = ec2.describe_security_groups(GroupIds=[group_id])["SecurityGroups"][0]
    assert (seen["GroupName"], seen["Description"]) == (group.name, "ö" * 40)
    protocols = {one["IpProtocol"] for one in seen["IpPermissions"]}
    assert {"tcp", "udp", "icmp", "-1", "112"} <= protocols, protocols
    assert len(ec2.describe_security_group_rules(Filters=[{"Name": "group-id", "Values": [group_id]}])["SecurityGroupRules"]) == 7

    ec2.authorize_security_group_ingress(GroupId=group_id, IpProtocol="tcp", FromPort=443, ToPort=443, CidrIp="0.0.0.0/0")
    ec2.revoke_security_group_ingress(GroupId=group_id, IpProtocol="tcp", FromPort=22, ToPort=22, CidrIp="10.0.0.0/8")
    ec2.create_tags(Resources=[group_id], Tags=[{"Key": "Name", "Value": "n"}])
    ec2.modify_instance_attribute(InstanceId=ec2_id("i", server.id), Groups=[group_id])
    assert [one["GroupName"] for one in described(ec2, server)["SecurityGroups"]] == [group.name]
    after = cloud.network.get_security_group(group.id)
    assert (after.name, after.description) == (group.name, "ö" * 40)
    default = cloud.network.find_security_group("default", project_id=cloud.current_project_id)
    ec2.modify_instance_attribute(InstanceId=ec2_id("i", server.id), Groups=[ec2_id("sg", default.id)])
    ec2.delete_security_group(GroupId=group_id)
    assert cloud.network.find_security_group(group.id) is None


def test_an_image_with_odd_properties(ec2, cloud, made, name):
    image = made(
        cloud.image.delete_image,
        cloud.image.create_image(
            name=f"Abbild „{name}“", disk_format="raw", container_format="bare", data=b"\0" * 1024, allow_duplicates=True,
            min_disk=1, **{"os_distro": "plan9", "hw_firmware_type": "uefi", "weird/key": "a=b", "architecture": "riscv64"},
        ),
    )
    image_id = ec2_id("ami", image.id)
    seen = ec2.describe_images(ImageIds=[image_id])["Images"][0]
    assert (seen["Name"], seen["State"], seen["Public"]) == (image.name, "available", False)
    assert image_id in [one["ImageId"] for one in ec2.describe_images(Owners=["self"])["Images"]]
    ec2.create_tags(Resources=[image_id], Tags=[{"Key": "weird/key", "Value": "mine"}, {"Key": "Name", "Value": "other"}])
    tags = {tag["Key"]: tag["Value"] for tag in ec2.describe_images(ImageIds=[image_id])["Images"][0]["Tags"]}
    assert tags == {"weird/key": "mine", "Name": "other"}
    ec2.delete_tags(Resources=[image_id])
    after = cloud.image.get_image(image.id)
    assert after.name == image.name and after.properties["weird/key"] == "a=b"


def test_a_server_group_is_a_placement_group(ec2, cloud, networked, made, wait_until, name):
    group = made(cloud.compute.delete_server_group, cloud.compute.create_server_group(name=f"spread {name}", policy="soft-anti-affinity"))
    image = next(one for one in cloud.image.images() if one.name.startswith(("cirros", "lab")))
    ran = ec2.run_instances(
        ImageId=ec2_id("ami", image.id), InstanceType="m1.nano", MinCount=1, MaxCount=1,
        SubnetId=ec2_id("subnet", networked[1].id), Placement={"GroupName": group.name},
    )["Instances"][0]
    try:
        wait_until(lambda: ec2.describe_instances(InstanceIds=[ran["InstanceId"]])["Reservations"][0]["Instances"][0]["State"]["Name"] == "running", "running")
        seen = ec2.describe_instances(InstanceIds=[ran["InstanceId"]])["Reservations"][0]["Instances"][0]
        assert seen["Placement"]["GroupName"] == group.name
    finally:
        ec2.terminate_instances(InstanceIds=[ran["InstanceId"]])
    wait_until(lambda: not [one for one in cloud.compute.servers() if ec2_id("i", one.id) == ran["InstanceId"]], "gone")
    assert cloud.compute.find_server_group(group.id) is not None
