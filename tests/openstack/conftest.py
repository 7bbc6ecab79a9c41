"""Fixtures for tests on a real cloud, found by what `cargo xtask openstack status --format env` prints. See README.md."""

import json
import os
import subprocess
import sys
import uuid
from pathlib import Path

import boto3
import openstack as openstacksdk
import pytest
from botocore.config import Config

from gateways import Gateway
from waiting import until

PROGRAMS = Path(sys.executable).parent
REGION = os.environ.get("AWS_DEFAULT_REGION", "RegionOne")
NEEDED = ("OS_CLIENT_CONFIG_FILE", "STACKLENS_TEST_CLOUD", "STACKLENS_SERVICE_CLOUD", "AWS_ACCESS_KEY_ID")


def pytest_configure(config):
    missing = [name for name in NEEDED if not os.environ.get(name)]
    if missing:
        raise pytest.UsageError(
            f"{', '.join(missing)} not set; bring the cloud up and run: "
            'eval "$(cargo xtask openstack status --format env)"'
        )


def key(prefix):
    """The access key and secret whose variables begin so."""
    return os.environ[f"{prefix}ACCESS_KEY_ID"], os.environ[f"{prefix}SECRET_ACCESS_KEY"]


KEYS = {"demo": "AWS_", "alt": "STACKLENS_TEST_OTHER_", "reader": "STACKLENS_TEST_READER_"}
CLOUDS = {
    "demo": "STACKLENS_TEST_CLOUD",
    "alt": "STACKLENS_TEST_OTHER_CLOUD",
    "reader": "STACKLENS_TEST_READER_CLOUD",
    "admin": "STACKLENS_TEST_ADMIN_CLOUD",
}


@pytest.fixture(scope="session")
def start_gateway():
    """Starts a gateway with further options: `start_gateway("--fidelity", "strict", cloud=..., environment={...})`."""
    started = []

    def start(*options, **settings):
        started.append(Gateway(*options, **settings))
        return started[-1]

    yield start
    for gateway in started:
        gateway.end()


@pytest.fixture(scope="session")
def gateway(start_gateway):
    """The gateway of all tests that need no special one; `gateway.url`, `gateway.log()`."""
    return start_gateway()


@pytest.fixture(scope="session")
def client_of(gateway):
    """An EC2 client: `client_of("alt", endpoint=other.url, retries={...})`, or with a key of one's own. It does not retry unless told to."""

    def make(user="demo", endpoint=None, own_key=None, **config):
        access, secret = own_key or key(KEYS[user])
        config.setdefault("retries", {"total_max_attempts": 1, "mode": "standard"})
        return boto3.client(
            "ec2",
            endpoint_url=endpoint or gateway.url,
            region_name=REGION,
            aws_access_key_id=access,
            aws_secret_access_key=secret,
            config=Config(**config),
        )

    return make


@pytest.fixture(scope="session")
def ec2(client_of):
    """EC2 as a member of the project demo."""
    return client_of("demo")


@pytest.fixture(scope="session")
def other_ec2(client_of):
    """EC2 as a member of the project alt."""
    return client_of("alt")


@pytest.fixture(scope="session")
def reader_ec2(client_of):
    """EC2 as a user who may look at the project demo and change nothing."""
    return client_of("reader")


@pytest.fixture(scope="session")
def cloud_of():
    """An openstacksdk connection of a user of the seed: `cloud_of("admin")`."""
    made = {}

    def connect(user="demo"):
        if user not in made:
            made[user] = openstacksdk.connect(cloud=os.environ[CLOUDS[user]])
        return made[user]

    return connect


@pytest.fixture(scope="session")
def cloud(cloud_of):
    """OpenStack itself as the same member as `ec2`."""
    return cloud_of("demo")


@pytest.fixture(scope="session")
def other_cloud(cloud_of):
    """OpenStack itself as the same member as `other_ec2`."""
    return cloud_of("alt")


@pytest.fixture(scope="session")
def admin_cloud(cloud_of):
    """OpenStack itself as its administrator."""
    return cloud_of("admin")


@pytest.fixture
def name():
    """A name that no other test uses."""
    return f"t-{uuid.uuid4().hex[:12]}"


@pytest.fixture(scope="session")
def image(ec2):
    """The id of an image that any flavor holds."""
    return ec2.describe_images(Filters=[{"Name": "name", "Values": ["cirros*"]}])["Images"][0]["ImageId"]


@pytest.fixture(scope="session")
def waiter_pace():
    """For boto3's waiters: `waiter.wait(..., WaiterConfig=waiter_pace)`."""
    return {"Delay": 1, "MaxAttempts": 120}


@pytest.fixture(scope="session")
def wait_until():
    """`wait_until(ask, "what")` asks until the answer is true and gives it."""
    return until


@pytest.fixture
def launch(ec2, image, waiter_pace):
    """Runs instances, waits until they run, and terminates them at the end: `launch(InstanceType="m1.tiny")`."""
    launched = []

    def run(**wanted):
        request = {"ImageId": image, "InstanceType": "m1.nano", "MinCount": 1, "MaxCount": 1} | wanted
        ids = [one["InstanceId"] for one in ec2.run_instances(**request)["Instances"]]
        launched.extend(ids)
        ec2.get_waiter("instance_running").wait(InstanceIds=ids, WaiterConfig=waiter_pace)
        return ids

    yield run
    if launched:
        ec2.terminate_instances(InstanceIds=launched)
        ec2.get_waiter("instance_terminated").wait(InstanceIds=launched, WaiterConfig=waiter_pace)


@pytest.fixture(scope="session")
def aws(gateway):
    """Runs `aws ec2 …`; gives what it prints, or fails with what it said. `fails="Code"` expects that error."""

    def call(*arguments, user="demo", fails=None):
        access, secret = key(KEYS[user])
        done = run_program(
            "aws", "--endpoint-url", gateway.url, "--region", REGION, "--output", "json", "ec2", *arguments,
            environment={"AWS_ACCESS_KEY_ID": access, "AWS_SECRET_ACCESS_KEY": secret, "AWS_MAX_ATTEMPTS": "1"},
        )
        if fails:
            assert done.returncode != 0 and fails in done.stderr, done.stderr
            return None
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout) if done.stdout.strip() else None

    return call


@pytest.fixture(scope="session")
def openstack():
    """Runs `openstack …` against the cloud itself; gives what it prints."""

    def call(*arguments, user="demo"):
        done = run_program(
            "openstack", "--os-cloud", os.environ[CLOUDS[user]], *arguments, "--format", "json",
            environment={"OS_CLIENT_CONFIG_FILE": os.environ["OS_CLIENT_CONFIG_FILE"]},
        )
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout) if done.stdout.strip() else None

    return call


def run_program(program, *arguments, environment):
    return subprocess.run(
        [str(PROGRAMS / program), *arguments],
        env={"PATH": os.environ["PATH"], "HOME": os.environ.get("HOME", "/"), **environment},
        capture_output=True,
        text=True,
        timeout=180,
        check=False,
    )
