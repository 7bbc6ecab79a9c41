"""The main story: a tagged instance with a key, a group, a volume and an address in a new VPC, and all of it gone again."""

import base64

import pytest
from botocore.exceptions import ClientError


def tags_of(tags):
    return {tag["Key"]: tag["Value"] for tag in tags}


def test_launch_describe_and_take_down(ec2, image, name, patient):
    vpc = ec2.create_vpc(
        CidrBlock="10.7.0.0/16",
        TagSpecifications=[{"ResourceType": "vpc", "Tags": [{"Key": "Name", "Value": name}]}],
    )["Vpc"]
    assert (vpc["CidrBlock"], vpc["State"], tags_of(vpc["Tags"])) == ("10.7.0.0/16", "available", {"Name": name})
    ec2.get_waiter("vpc_available").wait(VpcIds=[vpc["VpcId"]], WaiterConfig=patient)
    subnet = ec2.create_subnet(VpcId=vpc["VpcId"], CidrBlock="10.7.1.0/24")["Subnet"]
    assert (subnet["VpcId"], subnet["CidrBlock"]) == (vpc["VpcId"], "10.7.1.0/24")
    ec2.get_waiter("subnet_available").wait(SubnetIds=[subnet["SubnetId"]], WaiterConfig=patient)

    key = ec2.create_key_pair(KeyName=name)
    assert key["KeyMaterial"].startswith("-----BEGIN RSA PRIVATE KEY-----")
    group = ec2.create_security_group(GroupName=name, Description="web", VpcId=vpc["VpcId"])["GroupId"]
    ec2.authorize_security_group_ingress(
        GroupId=group,
        IpPermissions=[
            {"IpProtocol": "tcp", "FromPort": 80, "ToPort": 80, "IpRanges": [{"CidrIp": "0.0.0.0/0"}, {"CidrIp": "10.0.0.0/8"}]},
            {"IpProtocol": "-1", "UserIdGroupPairs": [{"GroupId": group}]},
        ],
    )
    permissions = ec2.describe_security_groups(GroupIds=[group])["SecurityGroups"][0]["IpPermissions"]
    web = next(p for p in permissions if p["IpProtocol"] == "tcp")
    assert sorted(r["CidrIp"] for r in web["IpRanges"]) == ["0.0.0.0/0", "10.0.0.0/8"]

    launch = ec2.run_instances(
        ImageId=image,
        InstanceType="t3.micro",
        MinCount=1,
        MaxCount=3,
        KeyName=name,
        SecurityGroupIds=[group],
        SubnetId=subnet["SubnetId"],
        UserData="#!/bin/sh\necho hello\n",
        BlockDeviceMappings=[{"DeviceName": "/dev/sdf", "Ebs": {"VolumeSize": 1}}],
        TagSpecifications=[{"ResourceType": "instance", "Tags": [{"Key": "Name", "Value": name}, {"Key": "a/b=c", "Value": "x,y:z"}]}],
    )
    ids = [instance["InstanceId"] for instance in launch["Instances"]]
    assert len(set(ids)) == 3
    assert [instance["AmiLaunchIndex"] for instance in launch["Instances"]] == [0, 1, 2]
    ec2.get_waiter("instance_exists").wait(InstanceIds=ids, WaiterConfig=patient)
    ec2.get_waiter("instance_running").wait(InstanceIds=ids, WaiterConfig=patient)
    ec2.get_waiter("instance_status_ok").wait(InstanceIds=ids, WaiterConfig=patient)

    reservations = ec2.describe_instances(Filters=[{"Name": "tag:Name", "Values": [name]}])["Reservations"]
    assert [r["ReservationId"] for r in reservations] == [launch["ReservationId"]]
    instance = next(i for i in reservations[0]["Instances"] if i["InstanceId"] == ids[0])
    assert instance["ImageId"] == image
    assert instance["InstanceType"] == "t3.micro"
    assert instance["KeyName"] == name
    assert instance["VpcId"] == vpc["VpcId"]
    assert instance["SubnetId"] == subnet["SubnetId"]
    assert instance["PrivateIpAddress"].startswith("10.7.1.")
    assert [g["GroupName"] for g in instance["SecurityGroups"]] == [name]
    assert tags_of(instance["Tags"]) == {"Name": name, "a/b=c": "x,y:z"}
    assert [m["DeviceName"] for m in instance["BlockDeviceMappings"]] == ["/dev/sdf"]
    data = ec2.describe_instance_attribute(InstanceId=ids[0], Attribute="instanceType")
    assert data["InstanceType"]["Value"] == "t3.micro"
    assert base64.b64decode(ec2.get_console_output(InstanceId=ids[0], Latest=True)["Output"] or "") is not None

    volume = ec2.create_volume(Size=2, AvailabilityZone="nova")["VolumeId"]
    ec2.get_waiter("volume_available").wait(VolumeIds=[volume], WaiterConfig=patient)
    ec2.attach_volume(VolumeId=volume, InstanceId=ids[0], Device="/dev/sdg")
    ec2.get_waiter("volume_in_use").wait(VolumeIds=[volume], WaiterConfig=patient)

    address = ec2.allocate_address(Domain="vpc")
    association = ec2.associate_address(AllocationId=address["AllocationId"], InstanceId=ids[0])["AssociationId"]
    shown = ec2.describe_instances(InstanceIds=[ids[0]])["Reservations"][0]["Instances"][0]
    assert shown["PublicIpAddress"] == address["PublicIp"]
    assert ec2.describe_addresses(AllocationIds=[address["AllocationId"]])["Addresses"][0]["InstanceId"] == ids[0]

    with pytest.raises(ClientError) as refused:
        ec2.delete_subnet(SubnetId=subnet["SubnetId"])
    assert refused.value.response["Error"]["Code"] == "DependencyViolation"

    ec2.disassociate_address(AssociationId=association)
    ec2.release_address(AllocationId=address["AllocationId"])
    ec2.detach_volume(VolumeId=volume)
    ec2.get_waiter("volume_available").wait(VolumeIds=[volume], WaiterConfig=patient)
    ec2.delete_volume(VolumeId=volume)
    ec2.get_waiter("volume_deleted").wait(VolumeIds=[volume], WaiterConfig=patient)
    gone = ec2.terminate_instances(InstanceIds=ids)["TerminatingInstances"]
    assert {state["PreviousState"]["Name"] for state in gone} == {"running"}
    ec2.get_waiter("instance_terminated").wait(InstanceIds=ids, WaiterConfig=patient)
    ec2.delete_security_group(GroupId=group)
    ec2.delete_subnet(SubnetId=subnet["SubnetId"])
    ec2.delete_vpc(VpcId=vpc["VpcId"])
    ec2.delete_key_pair(KeyName=name)
    with pytest.raises(ClientError) as missing:
        ec2.describe_vpcs(VpcIds=[vpc["VpcId"]])
    assert missing.value.response["Error"]["Code"] == "InvalidVpcID.NotFound"


def test_stop_and_start_answer_both_states(ec2, image, patient):
    instance = ec2.run_instances(ImageId=image, InstanceType="m1.tiny", MinCount=1, MaxCount=1)["Instances"][0]["InstanceId"]
    ec2.get_waiter("instance_running").wait(InstanceIds=[instance], WaiterConfig=patient)
    stopping = ec2.stop_instances(InstanceIds=[instance])["StoppingInstances"][0]
    assert (stopping["PreviousState"]["Name"], stopping["CurrentState"]["Name"]) == ("running", "stopping")
    ec2.get_waiter("instance_stopped").wait(InstanceIds=[instance], WaiterConfig=patient)
    again = ec2.stop_instances(InstanceIds=[instance])["StoppingInstances"][0]
    assert again["CurrentState"]["Name"] == "stopped"
    starting = ec2.start_instances(InstanceIds=[instance])["StartingInstances"][0]
    assert (starting["PreviousState"]["Name"], starting["CurrentState"]["Name"]) == ("stopped", "pending")
    ec2.get_waiter("instance_running").wait(InstanceIds=[instance], WaiterConfig=patient)
    ec2.modify_instance_attribute(InstanceId=instance, DisableApiTermination={"Value": True})
    with pytest.raises(ClientError) as refused:
        ec2.terminate_instances(InstanceIds=[instance])
    assert refused.value.response["Error"]["Code"] == "OperationNotPermitted"
    ec2.modify_instance_attribute(InstanceId=instance, DisableApiTermination={"Value": False})
    ec2.terminate_instances(InstanceIds=[instance])
    ec2.get_waiter("instance_terminated").wait(InstanceIds=[instance], WaiterConfig=patient)


def test_a_repeated_launch_with_a_token_launches_once(ec2, image, name, patient):
    request = dict(ImageId=image, InstanceType="m1.tiny", MinCount=1, MaxCount=1, ClientToken=name)
    first = ec2.run_instances(**request)
    second = ec2.run_instances(**request)
    ids = [instance["InstanceId"] for instance in first["Instances"]]
    assert ids == [instance["InstanceId"] for instance in second["Instances"]]
    with pytest.raises(ClientError) as mismatch:
        ec2.run_instances(**{**request, "InstanceType": "m1.small"})
    assert mismatch.value.response["Error"]["Code"] == "IdempotentParameterMismatch"
    ec2.terminate_instances(InstanceIds=ids)
    ec2.get_waiter("instance_terminated").wait(InstanceIds=ids, WaiterConfig=patient)


def test_pages_join_to_the_whole(ec2, name):
    made = [ec2.create_volume(Size=1, AvailabilityZone="nova", TagSpecifications=[
        {"ResourceType": "volume", "Tags": [{"Key": "batch", "Value": name}]}])["VolumeId"] for _ in range(7)]
    pages = ec2.get_paginator("describe_volumes").paginate(
        Filters=[{"Name": "tag:batch", "Values": [name]}], PaginationConfig={"PageSize": 5})
    sizes, seen = [], []
    for page in pages:
        sizes.append(len(page["Volumes"]))
        seen += [volume["VolumeId"] for volume in page["Volumes"]]
    assert (sizes, sorted(seen)) == ([5, 2], sorted(made))
    ec2.get_waiter("volume_available").wait(VolumeIds=made, WaiterConfig={"Delay": 1, "MaxAttempts": 30})
    for volume in made:
        ec2.delete_volume(VolumeId=volume)


def test_a_snapshot_becomes_a_volume(ec2, patient):
    volume = ec2.create_volume(Size=1, AvailabilityZone="nova")["VolumeId"]
    ec2.get_waiter("volume_available").wait(VolumeIds=[volume], WaiterConfig=patient)
    snapshot = ec2.create_snapshot(VolumeId=volume, Description="before")["SnapshotId"]
    ec2.get_waiter("snapshot_completed").wait(SnapshotIds=[snapshot], WaiterConfig=patient)
    shown = ec2.describe_snapshots(SnapshotIds=[snapshot])["Snapshots"][0]
    assert (shown["VolumeId"], shown["VolumeSize"], shown["Description"], shown["State"]) == (volume, 1, "before", "completed")
    copy = ec2.create_volume(SnapshotId=snapshot, AvailabilityZone="nova")
    assert copy["SnapshotId"] == snapshot
    ec2.get_waiter("volume_available").wait(VolumeIds=[copy["VolumeId"]], WaiterConfig=patient)
    ec2.delete_volume(VolumeId=copy["VolumeId"])
    ec2.delete_snapshot(SnapshotId=snapshot)


def test_projects_do_not_see_each_other(ec2, other_project, name):
    volume = ec2.create_volume(Size=1, AvailabilityZone="nova")["VolumeId"]
    with pytest.raises(ClientError) as hidden:
        other_project.describe_volumes(VolumeIds=[volume])
    assert hidden.value.response["Error"]["Code"] == "InvalidVolume.NotFound"
    ec2.get_waiter("volume_available").wait(VolumeIds=[volume], WaiterConfig={"Delay": 1, "MaxAttempts": 30})
    ec2.delete_volume(VolumeId=volume)


def test_dry_run_changes_nothing(ec2, name):
    with pytest.raises(ClientError) as dry:
        ec2.create_key_pair(KeyName=name, DryRun=True)
    assert dry.value.response["Error"]["Code"] == "DryRunOperation"
    assert name not in [key["KeyName"] for key in ec2.describe_key_pairs()["KeyPairs"]]
