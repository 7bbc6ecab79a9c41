"""The AWS CLI, and the openstack command at the same cloud."""


def test_the_aws_cli_launches_and_finds(aws, name):
    image = aws("describe-images", "--filters", "Name=name,Values=cirros*")["Images"][0]["ImageId"]
    launched = aws(
        "run-instances", "--image-id", image, "--instance-type", "t2.micro", "--count", "2",
        "--tag-specifications", f"ResourceType=instance,Tags=[{{Key=Name,Value={name}}}]",
        "--user-data", "#!/bin/sh",
    )
    ids = [instance["InstanceId"] for instance in launched["Instances"]]
    assert len(ids) == 2
    aws("wait", "instance-running", "--instance-ids", *ids)
    found = aws("describe-instances", "--filters", f"Name=tag:Name,Values={name}",
                "--query", "Reservations[].Instances[].[InstanceId,State.Name]")
    assert sorted(found) == sorted([instance, "running"] for instance in ids)
    aws("terminate-instances", "--instance-ids", *ids)
    aws("wait", "instance-terminated", "--instance-ids", *ids)


def test_the_cli_s_own_short_forms(aws, name):
    group = aws("create-security-group", "--group-name", name, "--description", "short")["GroupId"]
    aws("authorize-security-group-ingress", "--group-id", group, "--protocol", "tcp", "--port", "22-23", "--cidr", "10.0.0.0/8")
    shown = aws("describe-security-groups", "--group-ids", group)["SecurityGroups"][0]["IpPermissions"]
    assert [(p["FromPort"], p["ToPort"], p["IpRanges"][0]["CidrIp"]) for p in shown] == [(22, 23, "10.0.0.0/8")]
    aws("authorize-security-group-ingress", "--group-id", group, "--protocol", "tcp", "--port", "22-23", "--cidr", "10.0.0.0/8",
        fails="InvalidPermission.Duplicate")
    aws("revoke-security-group-ingress", "--group-id", group, "--protocol", "tcp", "--port", "22-23", "--cidr", "10.0.0.0/8")
    aws("delete-security-group", "--group-id", group)


def test_errors_reach_the_terminal(aws):
    aws("describe-instances", "--instance-ids", "i-0123456789abcdef0", fails="(InvalidInstanceID.NotFound)")


def test_the_openstack_command_sees_the_same_server(aws, openstack, name):
    image = aws("describe-images", "--filters", "Name=name,Values=cirros*")["Images"][0]["ImageId"]
    instance = aws("run-instances", "--image-id", image, "--instance-type", "m1.tiny", "--tag-specifications",
                   f"ResourceType=instance,Tags=[{{Key=Name,Value={name}}}]")["Instances"][0]["InstanceId"]
    servers = openstack("server", "list")
    mine = next(server for server in servers if server["ID"].replace("-", "") == instance.removeprefix("i-"))
    assert mine["Name"] == name
    shown = openstack("server", "show", mine["ID"])
    assert shown["properties"]["ec2:tag:Name"] == name
    assert {row["Name"] for row in openstack("network", "list")} >= {"private"}
    assert "cirros-0.6.2-x86_64" in {row["Name"] for row in openstack("image", "list")}
    assert isinstance(openstack("volume", "list"), list)
    aws("terminate-instances", "--instance-ids", instance)
