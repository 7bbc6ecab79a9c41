"""Calls that are lost, cut, answered wrongly or not at all: what EC2's client sees, and what is left in the cloud."""

import time
import uuid

import pytest

import inventory
from errors import error_of
from faults import CLOUD, FaultyCloud
from projects import Projects
from waiting import until

# Seconds: more than any answer here takes, and less than any limit of the gateway's own.
SOON = 15

READS = {
    "compute": ("describe_key_pairs", {}),
    "network": ("describe_security_groups", {}),
    "block-storage": ("describe_volumes", {}),
    "image": ("describe_images", {}),
    "identity": ("describe_volumes", {}),
}


@pytest.fixture(scope="module")
def project(admin_cloud):
    """Nobody else makes anything in it."""
    made = Projects(admin_cloud).make("demo")
    yield made
    made.remove()


@pytest.fixture(scope="module")
def cloud(project):
    """OpenStack itself as the same member as the EC2 clients here."""
    return project.cloud


@pytest.fixture(scope="module")
def faulty(admin_cloud, tmp_path_factory):
    cloud = FaultyCloud(admin_cloud, tmp_path_factory.mktemp("faulty"))
    yield cloud
    cloud.close()


@pytest.fixture(scope="module")
def faulty_gateway(faulty, start_gateway):
    found = {"OS_CLIENT_CONFIG_FILE": str(faulty.clouds_yaml), "STACKLENS_SERVICE_CLOUD": CLOUD}
    return start_gateway(cloud=CLOUD, environment=found)


@pytest.fixture(scope="module")
def shaky(client_of, faulty_gateway, project):
    """EC2 through the gateway that meets the faults. It does not retry."""
    return client_of(own_key=project.key, endpoint=faulty_gateway.url)


@pytest.fixture(scope="module")
def patient(client_of, faulty_gateway, project):
    """The same with the retries that botocore has by itself."""
    return client_of(own_key=project.key, endpoint=faulty_gateway.url, retries={"mode": "standard"})


@pytest.mark.parametrize("how", ["refuse", "lose", "cut"])
@pytest.mark.parametrize("service", READS)
def test_a_lost_call_is_unavailable_and_the_next_request_succeeds(faulty, shaky, service, how):
    action, parameters = READS[service]
    with faulty.fault(how, service) as fault:
        begun = time.monotonic()
        assert error_of(shaky, action, parameters)["Code"] == "Unavailable"
        assert time.monotonic() - begun < SOON
    assert fault.hit
    getattr(shaky, action)(**parameters)


ANSWERS = [
    (500, '{"computeFault": {"code": 500, "message": "Unexpected API Error."}}', "InternalError"),
    (502, "<html><h1>502 Bad Gateway</h1></html>", "Unavailable"),
    (503, '{"error": "no server is available"}', "Unavailable"),
    (504, "<html><h1>504 Gateway Time-out</h1></html>", "Unavailable"),
    (429, '{"overLimit": {"code": 429, "message": "slow down"}}', "RequestLimitExceeded"),
    (200, "<html>a page where JSON should be</html>", "Unavailable"),
    (200, '{"volumes": [{"id"', "Unavailable"),
]


@pytest.mark.parametrize("service", ["compute", "network", "block-storage", "image"])
@pytest.mark.parametrize("status, body, code", ANSWERS)
def test_what_a_service_or_a_balancer_answers_instead_is_no_refusal(faulty, shaky, service, status, body, code):
    action, parameters = READS[service]
    with faulty.fault("answer", service, answer=(status, body, {"Content-Type": "text/html"})):
        assert error_of(shaky, action, parameters)["Code"] == code
    getattr(shaky, action)(**parameters)


@pytest.mark.parametrize("status", [500, 502, 503, 504, 429])
def test_trouble_of_keystone_is_not_the_callers_fault(faulty, shaky, status):
    with faulty.fault("answer", "identity", answer=(status, "<html></html>", {})):
        error_of(shaky, "describe_volumes", {})
    shaky.describe_volumes()


def test_the_gateway_logs_in_again_when_keystone_took_its_token_back(faulty, shaky, admin_cloud):
    with faulty.record() as calls:
        shaky.describe_volumes()
    (own,) = {call.token for call in calls if call.path == "/v3/ec2tokens"}
    of_gateway, keystone = {"X-Subject-Token": own}, admin_cloud.identity
    keystone.delete("/auth/tokens", headers=of_gateway)
    until(lambda: keystone.get("/auth/tokens", headers=of_gateway).status_code == 404, "the token is void")

    def logs_in_again():
        with faulty.record() as calls:
            shaky.describe_volumes()
        return "/v3/auth/tokens" in [call.path for call in calls]

    # Keystone may take a token for valid a moment longer.
    until(logs_in_again, "the gateway logs in again", limit=30)


def test_what_is_taken_back_may_itself_meet_a_restart(faulty, shaky, left_behind, image, name):
    with faulty.fault("refuse", "compute", method="POST", path="/servers$") as broken:
        with faulty.fault("refuse", "network", method="DELETE", times=2) as restarting:
            error_of(shaky, "run_instances", with_own_port(image))
    assert len(broken.hit) == 1 and len(restarting.hit) == 2
    assert not left_behind()


def test_what_cannot_be_taken_back_is_named(faulty, shaky, left_behind, image):
    with faulty.fault("refuse", "compute", method="POST", path="/servers$"):
        with faulty.fault("refuse", "network", method="DELETE"):
            error = error_of(shaky, "run_instances", with_own_port(image))
    left = left_behind()
    assert {kind for kind, _ in left} == {"port", "floating ip"}
    assert all(id in error["Message"] for _, id in left), error


def test_a_client_with_retries_does_not_notice_one_lost_call(faulty, patient):
    for service, (action, parameters) in READS.items():
        with faulty.fault("refuse", service, times=1) as fault:
            getattr(patient, action)(**parameters)
        assert fault.hit


def with_own_port(image):
    """Instances whose ports, address and disk are made before or with them."""
    return {
        "ImageId": image,
        "InstanceType": "m1.nano",
        "MinCount": 1,
        "MaxCount": 1,
        "NetworkInterfaces": [{"DeviceIndex": 0, "AssociatePublicIpAddress": True, "Description": "of a test"}],
        "BlockDeviceMappings": [{"DeviceName": "/dev/vdb", "Ebs": {"VolumeSize": 1}}],
    }


def tagged(kind, name):
    return {"TagSpecifications": [{"ResourceType": kind, "Tags": [{"Key": "Name", "Value": name}]}]}


# Requests of several changes: a name, the action, its parameters, and how many changes it makes at least.
SEQUENCES = {
    "instance": ("run_instances", lambda name, image: with_own_port(image), 4),
    "vpc": ("create_vpc", lambda name, image: {"CidrBlock": "10.90.0.0/16", **tagged("vpc", name)}, 3),
    "address": ("allocate_address", lambda name, image: tagged("elastic-ip", name), 2),
    "group": (
        "create_security_group",
        lambda name, image: {"GroupName": name, "Description": "of a test", **tagged("security-group", name)},
        2,
    ),
    "volume": ("create_volume", lambda name, image: {"AvailabilityZone": "nova", "Size": 1, **tagged("volume", name)}, 1),
}


@pytest.fixture
def left_behind(cloud):
    """Gives what is in the project that was not there when the test began; removed at its end."""
    before = inventory.of(cloud)
    yield lambda: inventory.of(cloud) - before
    inventory.remove(cloud, inventory.of(cloud) - before)


@pytest.fixture(scope="module")
def changes_of(faulty, shaky, cloud, image):
    """The changes that a sequence makes when nothing fails; what it made is removed."""
    known = {}

    def changes(sequence):
        if sequence not in known:
            action, parameters, least = SEQUENCES[sequence]
            before = inventory.of(cloud)
            with faulty.record() as calls:
                getattr(shaky, action)(**parameters(f"t-{uuid.uuid4().hex[:8]}", image))
            made = inventory.of(cloud) - before
            assert made
            until(lambda: settled(cloud, made), "what was made is ready")
            inventory.remove(cloud, inventory.of(cloud) - before)
            known[sequence] = [str(call) for call in calls if call.changes]
            assert len(known[sequence]) >= least, known[sequence]
        return known[sequence]

    return changes


def settled(cloud, made):
    """Whether nothing of it is on its way any more; what is cannot be deleted."""
    ids = {id for _, id in made}
    things = [*cloud.compute.servers(), *cloud.block_storage.volumes()]
    return not any(thing.status in ("BUILD", "creating", "attaching") for thing in things if thing.id in ids)


@pytest.mark.parametrize("sequence, how", [*((sequence, "refuse") for sequence in SEQUENCES), ("instance", "answer")])
def test_nothing_is_left_of_a_request_that_fails_midway(
    faulty, shaky, changes_of, left_behind, image, name, sequence, how
):
    action, parameters, _ = SEQUENCES[sequence]
    for number, change in enumerate(changes_of(sequence)):
        with faulty.fault(how, changes=True, skip=number, times=1) as fault:
            error = error_of(shaky, action, parameters(f"{name}-{number}", image))
        assert [str(call) for call in fault.hit] == [change]
        assert not left_behind(), f"after {change}: {error}"


@pytest.mark.parametrize("sequence", SEQUENCES)
def test_no_more_is_left_than_what_a_lost_answer_may_have_made(
    faulty, shaky, changes_of, left_behind, cloud, image, name, sequence
):
    action, parameters, _ = SEQUENCES[sequence]
    for number, change in enumerate(changes_of(sequence)):
        with faulty.fault("lose", changes=True, skip=number, times=1):
            error = error_of(shaky, action, parameters(f"{name}-{number}", image))
        left = left_behind()
        own = {one for one in left if one[0] in MADE_BY.get(change, ())}
        assert left == own, f"after {change}: {error}"
        # What cannot be known for the request's own is named, and what is made with it goes with it.
        assert not left or any(id in error["Message"] for _, id in left), f"after {change}: {left} {error}"
        assert "servers" not in change or not left, f"a server is known by its reservation: {left} {error}"
        until(lambda left=left: settled(cloud, left), "what was made is ready")
        inventory.remove(cloud, left)


# Seconds after which the gateway of these tests tells its client that it has to ask again.
DEADLINE = 6


@pytest.fixture(scope="module")
def hasty(faulty, start_gateway, client_of, project):
    """EC2 through a gateway that meets the faults and does not wait for long."""
    found = {"OS_CLIENT_CONFIG_FILE": str(faulty.clouds_yaml), "STACKLENS_SERVICE_CLOUD": CLOUD}
    gateway = start_gateway("--deadline", str(DEADLINE), cloud=CLOUD, environment=found)
    return client_of(own_key=project.key, endpoint=gateway.url)


def given_up(client, action, parameters):
    begun = time.monotonic()
    error = error_of(client, action, parameters)
    assert error["Code"] == "Unavailable" and time.monotonic() - begun < DEADLINE + SOON / 2
    return error


def test_a_token_finds_the_instance_that_was_finished_after_its_client_was_told(faulty, hasty, cloud, left_behind, image):
    wanted = {"ImageId": image, "InstanceType": "m1.nano", "MinCount": 1, "MaxCount": 1, "ClientToken": str(uuid.uuid4())}
    with faulty.fault("hold", "compute", method="POST", path="/servers$", times=1) as held:
        given_up(hasty, "run_instances", wanted)
        assert len(held.hit) == 1
        # Nobody makes a second one while nobody knows what becomes of the first.
        given_up(hasty, "run_instances", wanted)
        assert len(held.hit) == 1
    [instance] = hasty.run_instances(**wanted)["Instances"]
    assert {("i-" + id.replace("-", "")) for kind, id in left_behind() if kind == "server"} == {instance["InstanceId"]}
    until(lambda: settled(cloud, left_behind()), "the instance runs")


def test_what_is_finished_after_its_client_was_told_is_taken_back_where_no_token_finds_it(faulty, hasty, left_behind):
    before = len(faulty.calls)
    with faulty.fault("hold", "network", method="POST", path="/floatingips$", times=1) as held:
        given_up(hasty, "allocate_address", {})
    [made] = held.hit
    # The call goes on only now; it has been carried out when it is answered.
    until(lambda: [call for call in faulty.calls[before:] if call.method == "DELETE" and "/floatingips/" in call.path and call.status == 204], "it is taken back")
    assert made.status == 201
    assert not left_behind()


def test_a_subnet_whose_door_does_not_open_in_time_is_taken_back(faulty, hasty, left_behind):
    vpc = hasty.create_vpc(CidrBlock="10.91.0.0/16")["Vpc"]["VpcId"]
    try:
        before = left_behind()
        with faulty.fault("hang", "network", method="PUT", path="/add_router_interface$", times=1) as hung:
            given_up(hasty, "create_subnet", {"VpcId": vpc, "CidrBlock": "10.91.1.0/24"})
        assert len(hung.hit) == 1
        until(lambda: left_behind() == before, "the subnet and its network are gone")
    finally:
        hasty.delete_vpc(VpcId=vpc)


def test_a_port_that_is_held_for_a_moment_is_taken_back_all_the_same(faulty, shaky, left_behind, image):
    in_use = '{"NeutronError": {"type": "PortInUse", "message": "Port is in use", "detail": ""}}'
    with faulty.fault("answer", "compute", method="POST", path="/servers$", answer=(500, "{}", {})):
        with faulty.fault("answer", "network", method="DELETE", path="/ports/", times=3, answer=(409, in_use, {})) as held:
            error_of(shaky, "run_instances", with_own_port(image))
    assert len(held.hit) == 3
    assert not left_behind()


# What one call makes at once.
MADE_BY = {
    "POST compute /v2.1/servers": ("server", "volume", "port"),
    "POST block-storage /v3/{id}/volumes": ("volume",),
    "POST network /v2.0/ports": ("port",),
    "POST network /v2.0/floatingips": ("floating ip",),
    "POST network /v2.0/subnetpools": ("subnet pool",),
    "POST network /v2.0/routers": ("router",),
    "POST network /v2.0/security-groups": ("security group", "rule"),
}
