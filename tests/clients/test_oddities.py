"""Odd but legal: what scripts written for EC2 do, and what EC2 would answer."""

import base64
import datetime
import hashlib
import hmac
import urllib.error
import urllib.parse
import urllib.request
from concurrent.futures import ThreadPoolExecutor

import boto3
import pytest
from botocore.exceptions import ClientError

from conftest import REGION, URL


@pytest.fixture
def resource():
    return boto3.resource("ec2", endpoint_url=URL, region_name=REGION, aws_access_key_id="demo", aws_secret_access_key="demo")


@pytest.fixture
def volume(ec2, patient):
    made = ec2.create_volume(Size=1, AvailabilityZone="nova")["VolumeId"]
    ec2.get_waiter("volume_available").wait(VolumeIds=[made], WaiterConfig=patient)
    yield made
    ec2.delete_volume(VolumeId=made)


@pytest.fixture
def group(ec2, name):
    made = ec2.create_security_group(GroupName=name, Description="odd")["GroupId"]
    yield made
    ec2.delete_security_group(GroupId=made)


def refused(call, **arguments):
    with pytest.raises(ClientError) as error:
        call(**arguments)
    return error.value.response["Error"]


def at_once(times, call):
    with ThreadPoolExecutor(times) as threads:
        return list(threads.map(lambda _: call(), range(times)))


def test_one_token_in_many_requests_at_once_makes_one_volume(ec2, name, patient):
    request = {"Size": 1, "AvailabilityZone": "nova", "ClientToken": name}
    made = set(at_once(8, lambda: ec2.create_volume(**request)["VolumeId"]))
    ec2.get_waiter("volume_available").wait(VolumeIds=list(made), WaiterConfig=patient)
    for volume in made:
        ec2.delete_volume(VolumeId=volume)
    assert len(made) == 1


def test_one_token_in_many_requests_at_once_makes_one_instance(ec2, image, name, patient):
    request = {"ImageId": image, "InstanceType": "m1.tiny", "MinCount": 1, "MaxCount": 1, "ClientToken": name}
    made = set(at_once(4, lambda: ec2.run_instances(**request)["Instances"][0]["InstanceId"]))
    ec2.terminate_instances(InstanceIds=list(made))
    ec2.get_waiter("instance_terminated").wait(InstanceIds=list(made), WaiterConfig=patient)
    assert len(made) == 1


@pytest.fixture
def subnet_of_other_project(other_project):
    vpc = other_project.create_vpc(CidrBlock="10.8.0.0/16")["Vpc"]["VpcId"]
    subnet = other_project.create_subnet(VpcId=vpc, CidrBlock="10.8.1.0/24")["Subnet"]["SubnetId"]
    yield subnet
    other_project.delete_subnet(SubnetId=subnet)
    other_project.delete_vpc(VpcId=vpc)


def test_the_quota_is_reached_and_free_again(other_project, subnet_of_other_project, image, patient):
    request = {"ImageId": image, "InstanceType": "m1.tiny", "MinCount": 1, "SubnetId": subnet_of_other_project}
    assert refused(other_project.run_instances, **{**request, "MinCount": 21, "MaxCount": 21})["Code"] == "InstanceLimitExceeded"
    made = [i["InstanceId"] for i in other_project.run_instances(**request, MaxCount=40)["Instances"]]
    assert 1 <= len(made) <= 20
    assert refused(other_project.run_instances, **request, MaxCount=1)["Code"] == "InstanceLimitExceeded"
    other_project.get_waiter("instance_running").wait(InstanceIds=made, WaiterConfig=patient)
    assert sum(len(r["Instances"]) for page in other_project.get_paginator("describe_instances").paginate(
        Filters=[{"Name": "instance-state-name", "Values": ["running"]}, {"Name": "instance-id", "Values": made}],
        PaginationConfig={"PageSize": 7}) for r in page["Reservations"]) == len(made)
    other_project.terminate_instances(InstanceIds=made)
    other_project.get_waiter("instance_terminated").wait(InstanceIds=made, WaiterConfig=patient)
    again = other_project.run_instances(**request, MaxCount=1)["Instances"][0]["InstanceId"]
    other_project.terminate_instances(InstanceIds=[again])
    other_project.get_waiter("instance_terminated").wait(InstanceIds=[again], WaiterConfig=patient)


def test_a_volume_goes_right_after_its_snapshot(ec2, patient):
    volume = ec2.create_volume(Size=1, AvailabilityZone="nova")["VolumeId"]
    ec2.get_waiter("volume_available").wait(VolumeIds=[volume], WaiterConfig=patient)
    snapshot = ec2.create_snapshot(VolumeId=volume)["SnapshotId"]
    ec2.get_waiter("snapshot_completed").wait(SnapshotIds=[snapshot], WaiterConfig=patient)
    assert refused(ec2.delete_volume, VolumeId=volume)["Code"] == "IncorrectState"
    ec2.delete_snapshot(SnapshotId=snapshot)
    ec2.delete_volume(VolumeId=volume)
    ec2.get_waiter("volume_deleted").wait(VolumeIds=[volume], WaiterConfig=patient)


def test_collections_of_the_resource_api(ec2, resource, volume):
    address = ec2.allocate_address()
    try:
        assert address["PublicIp"] in [a.public_ip for a in resource.vpc_addresses.all()]
        assert list(resource.classic_addresses.all()) == []
    finally:
        ec2.release_address(AllocationId=address["AllocationId"])
    resource.Volume(volume).create_tags(Tags=[{"Key": "via", "Value": "resource"}])
    assert resource.Volume(volume).tags == [{"Key": "via", "Value": "resource"}]


@pytest.mark.parametrize(
    ("method", "key", "name", "value"),
    [
        ("describe_vpcs", "Vpcs", "isDefault", "false"),
        ("describe_vpcs", "Vpcs", "cidr", "10.*"),
        ("describe_subnets", "Subnets", "availabilityZone", "nova"),
        ("describe_subnets", "Subnets", "cidrBlock", "10.*"),
        ("describe_subnets", "Subnets", "cidr", "10.*"),
        ("describe_subnets", "Subnets", "defaultForAz", "false"),
    ],
)
def test_second_names_of_filters(ec2, method, key, name, value):
    assert getattr(ec2, method)(Filters=[{"Name": name, "Values": [value]}])[key]


def test_the_public_address_is_that_of_the_primary_private_one(ec2, image, patient):
    request = {"DeviceIndex": 0, "SecondaryPrivateIpAddressCount": 1}
    instance = ec2.run_instances(ImageId=image, InstanceType="m1.tiny", MinCount=1, MaxCount=1, NetworkInterfaces=[request])["Instances"][0]["InstanceId"]
    ec2.get_waiter("instance_running").wait(InstanceIds=[instance], WaiterConfig=patient)

    def shown():
        return ec2.describe_instances(InstanceIds=[instance])["Reservations"][0]["Instances"][0]

    interface = shown()["NetworkInterfaces"][0]
    second = next(a["PrivateIpAddress"] for a in interface["PrivateIpAddresses"] if not a["Primary"])
    addresses = [ec2.allocate_address() for _ in range(2)]
    for address, private in zip(addresses, (second, interface["PrivateIpAddress"])):
        assert "PublicIpAddress" not in shown()
        ec2.associate_address(
            AllocationId=address["AllocationId"], NetworkInterfaceId=interface["NetworkInterfaceId"], PrivateIpAddress=private)
    after = shown()
    assert after["PublicIpAddress"] == after["NetworkInterfaces"][0]["Association"]["PublicIp"] == addresses[1]["PublicIp"]
    publics = {a["PrivateIpAddress"]: a["Association"]["PublicIp"] for a in after["NetworkInterfaces"][0]["PrivateIpAddresses"]}
    assert publics == {second: addresses[0]["PublicIp"], interface["PrivateIpAddress"]: addresses[1]["PublicIp"]}
    ec2.terminate_instances(InstanceIds=[instance])
    ec2.get_waiter("instance_terminated").wait(InstanceIds=[instance], WaiterConfig=patient)
    for address in addresses:
        ec2.release_address(AllocationId=address["AllocationId"])


@pytest.mark.parametrize(
    "wrong",
    [
        {"InstanceInitiatedShutdownBehavior": "explode"},
        {"Placement": {"Tenancy": "shared"}},
        {"TagSpecifications": [{"ResourceType": "vpc", "Tags": [{"Key": "a", "Value": "b"}]}]},
    ],
)
def test_launches_that_ec2_refuses(ec2, image, wrong):
    error = refused(ec2.run_instances, ImageId=image, InstanceType="m1.tiny", MinCount=1, MaxCount=1, **wrong)
    assert error["Code"] == "InvalidParameterValue"


def test_tags_of_all_kinds_of_text(ec2, volume):
    tags = {"Näme=:,/": "日本 語 ☃ a=b", "empty": "", "long": "v" * 200, " spaced ": "  "}
    ec2.create_tags(Resources=[volume], Tags=[{"Key": key, "Value": value} for key, value in tags.items()])
    shown = ec2.describe_tags(Filters=[{"Name": "resource-id", "Values": [volume]}])["Tags"]
    assert {tag["Key"]: tag["Value"] for tag in shown} == tags
    found = ec2.describe_volumes(Filters=[{"Name": "tag:Näme=:,/", "Values": ["日本*"]}, {"Name": "tag:empty", "Values": [""]}])
    assert [v["VolumeId"] for v in found["Volumes"]] == [volume]


@pytest.mark.parametrize(
    "tags",
    [
        [{"Key": "aws:mine", "Value": "x"}],
        [{"Key": "k" * 129, "Value": "x"}],
        [{"Key": "k", "Value": "v" * 257}],
        [{"Key": "k", "Value": "1"}, {"Key": "k", "Value": "2"}],
    ],
)
def test_tags_that_ec2_does_not_take(ec2, image, volume, tags):
    launch = {"ImageId": image, "InstanceType": "m1.tiny", "MinCount": 1, "MaxCount": 1}
    for call, arguments in [
        (ec2.create_tags, {"Resources": [volume], "Tags": tags}),
        (ec2.create_volume, {"Size": 1, "AvailabilityZone": "nova", "TagSpecifications": [{"ResourceType": "volume", "Tags": tags}]}),
        (ec2.create_vpc, {"CidrBlock": "10.0.0.0/16", "TagSpecifications": [{"ResourceType": "vpc", "Tags": tags}]}),
        (ec2.run_instances, {**launch, "TagSpecifications": [{"ResourceType": "instance", "Tags": tags}]}),
    ]:
        assert refused(call, **arguments)["Code"] == "InvalidParameterValue", arguments


def test_what_is_described_can_be_revoked(ec2, group):
    ec2.authorize_security_group_ingress(GroupId=group, IpProtocol="6", FromPort=22, ToPort=22, CidrIp="10.0.0.0/8")
    ec2.authorize_security_group_ingress(GroupId=group, IpPermissions=[
        {"IpProtocol": "icmp", "FromPort": 8, "ToPort": 0, "IpRanges": [{"CidrIp": "0.0.0.0/0", "Description": "ping"}]},
        {"IpProtocol": "58", "FromPort": 128, "ToPort": 0, "Ipv6Ranges": [{"CidrIpv6": "::/0"}]},
        {"IpProtocol": "50", "IpRanges": [{"CidrIp": "10.0.0.0/8"}]},
        {"IpProtocol": "tcp", "FromPort": 0, "ToPort": 65535, "IpRanges": [{"CidrIp": "10.9.0.0/16"}]},
        {"IpProtocol": "-1", "UserIdGroupPairs": [{"GroupId": group, "Description": "self"}]},
    ])
    shown = ec2.describe_security_groups(GroupIds=[group])["SecurityGroups"][0]
    assert len(shown["IpPermissions"]) == 6
    ec2.revoke_security_group_ingress(GroupId=group, IpPermissions=shown["IpPermissions"])
    ec2.revoke_security_group_egress(GroupId=group, IpPermissions=shown["IpPermissionsEgress"])
    left = ec2.describe_security_groups(GroupIds=[group])["SecurityGroups"][0]
    assert (left["IpPermissions"], left["IpPermissionsEgress"]) == ([], [])


@pytest.mark.parametrize(
    "permission",
    [
        {"IpRanges": [{"CidrIp": "::/0"}]},
        {"Ipv6Ranges": [{"CidrIpv6": "0.0.0.0/0"}]},
        {"IpRanges": [{"CidrIp": "nonsense"}]},
        {},
    ],
)
def test_permissions_that_ec2_does_not_take(ec2, group, permission):
    for call in (ec2.authorize_security_group_ingress, ec2.authorize_security_group_egress):
        error = refused(call, GroupId=group, IpPermissions=[{"IpProtocol": "tcp", "FromPort": 1, "ToPort": 1, **permission}])
        assert error["Code"] in ("InvalidParameterValue", "MissingParameter"), error


def answered(target, body=None):
    try:
        with urllib.request.urlopen(urllib.request.Request(target, data=body), timeout=30) as reply:
            return reply.status, reply.read().decode()
    except urllib.error.HTTPError as error:
        return error.code, error.read().decode()


def test_a_link_that_was_signed_beforehand(ec2):
    link = ec2.generate_presigned_url("describe_volumes", Params={"Filters": [{"Name": "tag:a b", "Values": ["ü/="]}]}, ExpiresIn=60, HttpMethod="GET")
    assert answered(link)[0] == 200
    status, text = answered(link.replace("DescribeVolumes", "DescribeVpcs"))
    assert status in (401, 403) and "<Code>" in text


@pytest.mark.parametrize("method", ["HmacSHA1", "HmacSHA256"])
@pytest.mark.parametrize("secret", ["demo", "wrong"])
def test_signature_version_2_as_old_tools_make_it(method, secret):
    now = datetime.datetime.now(datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")
    parameters = {
        "Action": "DescribeTags", "Filter.1.Name": "key", "Filter.1.Value.1": "a b/ü~*", "Version": "2014-02-01", "Timestamp": now,
        "AWSAccessKeyId": "demo", "SignatureMethod": method, "SignatureVersion": "2",
    }
    query = "&".join(f"{key}={urllib.parse.quote(value, safe='-_.~')}" for key, value in sorted(parameters.items()))
    text = f"GET\n{urllib.parse.urlsplit(URL).netloc}\n/\n{query}"
    digest = hmac.new(secret.encode(), text.encode(), hashlib.sha1 if method == "HmacSHA1" else hashlib.sha256).digest()
    status, _ = answered(f"{URL}/?{query}&Signature={urllib.parse.quote(base64.b64encode(digest), safe='')}")
    assert status == (200 if secret == "demo" else 401)
