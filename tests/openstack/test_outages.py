"""Services that are stopped, killed, paused and started again under a gateway that goes on running."""

import subprocess
import sys
import threading
import time
import uuid
from pathlib import Path

import pytest

from errors import error_of
from waiting import until

# Seconds that a request may take when a service is not there, and what its gateway is told.
SOON = 20
DEADLINE = 8

# A request that needs the service, for each that has an API.
NEEDS = {
    "nova-api": ("describe_instances", {}),
    "neutron-api": ("describe_subnets", {}),
    "cinder-api": ("describe_volumes", {}),
    "glance-api": ("describe_images", {}),
}


def harness(*words):
    """Runs `cargo xtask openstack …` without cargo."""
    done = subprocess.run(
        [sys.executable, "-m", "harness", *words],
        cwd=Path(__file__).parent, capture_output=True, text=True, check=False, timeout=400,
    )
    assert done.returncode == 0, done.stderr


@pytest.fixture(scope="module", autouse=True)
def whole_again():
    """Whatever a test leaves stopped is started for the ones after it."""
    yield
    harness("up")


@pytest.fixture(scope="module")
def own_gateways(start_gateway):
    """A hasty one and one with the usual deadline. They must outlive every outage; nothing here starts them again."""
    gateways = start_gateway("--deadline", str(DEADLINE)), start_gateway()
    yield gateways
    for gateway in gateways:
        assert gateway.running, gateway.log()


@pytest.fixture(scope="module")
def brittle(client_of, own_gateways):
    """EC2 that answers in time and does not retry."""
    return client_of("demo", endpoint=own_gateways[0].url)


@pytest.fixture(scope="module")
def patient(client_of, own_gateways):
    """EC2 with botocore's own retries, as many as an outage of a minute needs."""
    return client_of("demo", endpoint=own_gateways[1].url, retries={"mode": "standard", "total_max_attempts": 12})


def refused_soon(client, action, parameters):
    begun = time.monotonic()
    error = error_of(client, action, parameters)
    assert time.monotonic() - begun < SOON, error
    return error


def test_each_api_may_end_and_come_back(brittle):
    for action, parameters in NEEDS.values():
        getattr(brittle, action)(**parameters)
    harness("stop", "--kill", *NEEDS)
    for action, parameters in NEEDS.values():
        assert refused_soon(brittle, action, parameters)["Code"] == "Unavailable"
    harness("start", *NEEDS)
    # The first request already: connections to the killed ones are not used again.
    for action, parameters in NEEDS.values():
        getattr(brittle, action)(**parameters)


def test_keystone_may_end_and_come_back(brittle):
    brittle.describe_volumes()
    harness("stop", "--kill", "keystone")
    assert refused_soon(brittle, "describe_volumes", {})["Code"] == "Unavailable"
    harness("start", "keystone")
    brittle.describe_volumes()


def test_keystone_may_forget_every_token(brittle):
    """Memcached is where the services keep the tokens that they know."""
    brittle.describe_volumes()
    harness("restart", "memcached")
    brittle.describe_volumes()
    brittle.describe_instances()


def test_the_database_may_end_and_come_back(brittle):
    reads = {"identity": ("describe_volumes", {}), **NEEDS}
    harness("stop", "--kill", "mariadb")
    for action, parameters in reads.values():
        refused_soon(brittle, action, parameters)
    harness("start", "mariadb")
    for action, parameters in reads.values():
        # The services find out one broken connection at a time.
        until(lambda a=action, p=parameters: works(brittle, a, p), f"{action} after the database came back")


def works(client, action, parameters):
    try:
        getattr(client, action)(**parameters)
    except client.exceptions.ClientError:
        return False
    return True


@pytest.mark.parametrize("service", ["keystone", "cinder-api"])
def test_what_hangs_is_not_waited_for_past_the_deadline(brittle, service):
    harness("pause", service)
    try:
        begun = time.monotonic()
        assert error_of(brittle, "describe_volumes", {})["Code"] == "Unavailable"
        assert time.monotonic() - begun < DEADLINE + SOON / 2
    finally:
        harness("start", service)
    brittle.describe_volumes()


def test_a_client_with_retries_succeeds_across_a_restart(patient):
    harness("stop", "nova-api")
    restart = threading.Thread(target=harness, args=("start", "nova-api"))
    restart.start()
    patient.describe_instances()
    restart.join()


def test_one_token_makes_one_instance_across_an_outage(brittle, patient, cloud, image, waiter_pace):
    token = str(uuid.uuid4())
    wanted = {"ImageId": image, "InstanceType": "m1.nano", "MinCount": 1, "MaxCount": 1, "ClientToken": token}
    harness("stop", "--kill", "nova-api")
    refused_soon(brittle, "run_instances", wanted)
    harness("start", "nova-api")
    made = {patient.run_instances(**wanted)["Instances"][0]["InstanceId"] for _ in range(2)}
    assert len(made) == 1
    found = [server.id for server in cloud.compute.servers() if server.metadata.get("ec2:client-token") == token]
    assert ["i-" + id.replace("-", "") for id in found] == list(made)
    patient.get_waiter("instance_running").wait(InstanceIds=list(made), WaiterConfig=waiter_pace)
    patient.terminate_instances(InstanceIds=list(made))
    patient.get_waiter("instance_terminated").wait(InstanceIds=list(made), WaiterConfig=waiter_pace)
