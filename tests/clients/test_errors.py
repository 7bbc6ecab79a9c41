"""What a client is told when something is wrong."""

import http.client
import urllib.parse

import pytest
from botocore.exceptions import ClientError

from conftest import URL, client_of

MISSING = "0" * 31 + "1"


def code_of(call, **arguments):
    with pytest.raises(ClientError) as error:
        call(**arguments)
    response = error.value.response
    assert response["ResponseMetadata"].get("RequestId"), response
    return response["Error"]["Code"]


@pytest.mark.parametrize(
    ("method", "arguments", "code"),
    [
        ("describe_instances", {"InstanceIds": [f"i-{MISSING}"]}, "InvalidInstanceID.NotFound"),
        ("describe_instances", {"InstanceIds": ["i-0123456789abcdef0"]}, "InvalidInstanceID.NotFound"),
        ("describe_instances", {"InstanceIds": ["nonsense"]}, "InvalidInstanceID.Malformed"),
        ("describe_instances", {"InstanceIds": [f"vol-{MISSING}"]}, "InvalidParameterValue"),
        ("describe_instances", {"Filters": [{"Name": "nonsense", "Values": ["x"]}]}, "InvalidParameterValue"),
        ("terminate_instances", {"InstanceIds": [f"i-{MISSING}"]}, "InvalidInstanceID.NotFound"),
        ("stop_instances", {"InstanceIds": [f"i-{MISSING}"]}, "InvalidInstanceID.NotFound"),
        ("run_instances", {"ImageId": f"ami-{MISSING}", "MinCount": 1, "MaxCount": 1}, "InvalidAMIID.NotFound"),
        ("describe_images", {"ImageIds": [f"ami-{MISSING}"]}, "InvalidAMIID.NotFound"),
        ("describe_volumes", {"VolumeIds": [f"vol-{MISSING}"]}, "InvalidVolume.NotFound"),
        ("delete_volume", {"VolumeId": f"vol-{MISSING}"}, "InvalidVolume.NotFound"),
        ("delete_snapshot", {"SnapshotId": f"snap-{MISSING}"}, "InvalidSnapshot.NotFound"),
        ("describe_security_groups", {"GroupIds": [f"sg-{MISSING}"]}, "InvalidGroup.NotFound"),
        ("describe_key_pairs", {"KeyNames": ["no-such-key"]}, "InvalidKeyPair.NotFound"),
        ("describe_subnets", {"SubnetIds": [f"subnet-{MISSING}"]}, "InvalidSubnetID.NotFound"),
        ("release_address", {"AllocationId": f"eipalloc-{MISSING}"}, "InvalidAllocationID.NotFound"),
        ("create_vpc", {"CidrBlock": "10.0.0.0/8"}, "InvalidVpc.Range"),
        ("create_volume", {"Size": 1, "AvailabilityZone": "mars"}, "InvalidParameterValue"),
        ("describe_transit_gateways", {}, "UnsupportedOperation"),
    ],
)
def test_codes(ec2, method, arguments, code):
    found = code_of(getattr(ec2, method), **arguments)
    assert found == code or (method == "create_volume" and found == "InvalidZone.NotFound")


def test_a_wrong_secret_and_an_unknown_key(ec2):
    assert code_of(client_of("demo", "wrong").describe_regions) in ("AuthFailure", "SignatureDoesNotMatch")
    assert code_of(client_of("nobody").describe_regions) == "AuthFailure"


def raw(method, target, body=None, headers=None):
    host = urllib.parse.urlsplit(URL).netloc
    connection = http.client.HTTPConnection(host, timeout=30)
    connection.request(method, target, body, headers or {})
    response = connection.getresponse()
    return response.status, response.read().decode()


@pytest.mark.parametrize(
    ("method", "target", "body"),
    [
        ("POST", "/", "Action=DescribeRegions"),
        ("GET", "/?Action=DescribeRegions", None),
        ("POST", "/", "Action=%ff%fe&x=%zz"),
        ("POST", "/", "&&&===&"),
        ("POST", "/", "Action=Nonsense&Filter.99999999999999999999.Name=x"),
        ("POST", "/", "a" * 100_000),
    ],
)
def test_whatever_comes_unsigned_is_answered_with_the_error_document(method, target, body):
    headers = {"Content-Type": "application/x-www-form-urlencoded"} if body else {}
    status, text = raw(method, target, body, headers)
    assert 400 <= status < 500
    assert text.count("<Code>") == 1 and "<RequestID>" in text, text


def test_an_action_that_ec2_does_not_have(ec2):
    from botocore.auth import SigV4Auth
    from botocore.awsrequest import AWSRequest
    from botocore.credentials import Credentials

    request = AWSRequest("POST", URL + "/", data="Action=DescribeInstance&Version=2016-11-15",
                         headers={"Content-Type": "application/x-www-form-urlencoded; charset=utf-8"})
    SigV4Auth(Credentials("demo", "demo"), "ec2", "RegionOne").add_auth(request)
    prepared = request.prepare()
    status, text = raw("POST", "/", prepared.body, dict(prepared.headers))
    assert status == 400
    assert "<Code>InvalidAction</Code>" in text
