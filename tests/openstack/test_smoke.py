"""Every fixture does what the README says, on this cloud."""


def test_members_see_their_own_things_by_every_client(ec2, other_ec2, cloud, aws, openstack, name):
    volume = ec2.create_volume(
        AvailabilityZone="nova", Size=1, TagSpecifications=[{"ResourceType": "volume", "Tags": [{"Key": "Name", "Value": name}]}]
    )["VolumeId"]
    try:
        of_this_name = [{"Name": "tag:Name", "Values": [name]}]
        assert [one["VolumeId"] for one in ec2.describe_volumes(Filters=of_this_name)["Volumes"]] == [volume]
        assert other_ec2.describe_volumes(Filters=of_this_name)["Volumes"] == []
        assert aws("describe-volumes", "--filters", f"Name=tag:Name,Values={name}")["Volumes"][0]["Size"] == 1
        assert "vol-" + cloud.block_storage.find_volume(name).id.replace("-", "") == volume
        assert [one["Name"] for one in openstack("volume", "list")] == [name]
    finally:
        ec2.get_waiter("volume_available").wait(VolumeIds=[volume], WaiterConfig={"Delay": 1})
        ec2.delete_volume(VolumeId=volume)


def test_a_reader_may_look_but_change_nothing(reader_ec2, aws):
    assert {vpc["State"] for vpc in reader_ec2.describe_vpcs()["Vpcs"]} == {"available"}
    aws("create-volume", "--availability-zone", "nova", "--size", "1", user="reader", fails="UnauthorizedOperation")


def test_an_instance_runs(launch, ec2, cloud):
    (instance,) = launch()
    found = ec2.describe_instances(InstanceIds=[instance])["Reservations"][0]["Instances"][0]
    assert found["State"]["Name"] == "running"
    assert [server.id.replace("-", "") for server in cloud.compute.servers()] == [instance.removeprefix("i-")]
