"""Clients of the running server that STACKLENS_URL names."""

import json
import os
import subprocess
import sys
import uuid
from pathlib import Path

import boto3
import pytest
from botocore.config import Config

URL = os.environ.get("STACKLENS_URL", "http://127.0.0.1:8788").rstrip("/")
REGION = "RegionOne"
PROGRAMS = Path(sys.executable).parent
# What OpenStack's own clients need to reach the same cloud.
OPENSTACK = {
    "OS_AUTH_URL": f"{URL}/openstack/identity/v3",
    "OS_USERNAME": "demo",
    "OS_PASSWORD": "demo",
    "OS_PROJECT_NAME": "demo",
    "OS_USER_DOMAIN_ID": "default",
    "OS_PROJECT_DOMAIN_ID": "default",
    "OS_REGION_NAME": REGION,
    "OS_IDENTITY_API_VERSION": "3",
}


def client_of(access_key, secret_key=None, **config):
    return boto3.client(
        "ec2",
        endpoint_url=URL,
        region_name=REGION,
        aws_access_key_id=access_key,
        aws_secret_access_key=secret_key or access_key,
        config=Config(retries={"max_attempts": 1}, **config),
    )


@pytest.fixture
def ec2():
    return client_of("demo")


@pytest.fixture
def other_project():
    return client_of("alt")


@pytest.fixture
def name():
    """A name that no other test uses."""
    return f"t-{uuid.uuid4().hex[:12]}"


@pytest.fixture
def image(ec2):
    images = ec2.describe_images(Filters=[{"Name": "name", "Values": ["cirros*"]}])["Images"]
    return images[0]["ImageId"]


@pytest.fixture
def patient():
    """How often waiters ask: the embedded cloud is quick."""
    return {"Delay": 1, "MaxAttempts": 30}


def run(program, *arguments, environment):
    done = subprocess.run(
        [str(PROGRAMS / program), *arguments],
        env={"PATH": os.environ["PATH"], "HOME": os.environ.get("HOME", "/"), **environment},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    return done


@pytest.fixture
def aws():
    """Runs `aws ec2 …`; gives what it prints, or fails with what it said."""

    def call(*arguments, fails=None):
        done = run(
            "aws", "--endpoint-url", URL, "--region", REGION, "--output", "json", "ec2", *arguments,
            environment={"AWS_ACCESS_KEY_ID": "demo", "AWS_SECRET_ACCESS_KEY": "demo", "AWS_MAX_ATTEMPTS": "1"},
        )
        if fails:
            assert done.returncode != 0 and fails in done.stderr, done.stderr
            return None
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout) if done.stdout.strip() else None

    return call


@pytest.fixture
def openstack():
    """Runs `openstack …` against the same cloud."""

    def call(*arguments):
        done = run(
            "openstack", *arguments, "--format", "json",
            environment=OPENSTACK,
        )
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout) if done.stdout.strip() else None

    return call
