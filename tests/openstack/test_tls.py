"""A cloud behind TLS with an authority of its own: what the gateway and the doctor need, and what they say without it."""

import os
import subprocess

import pytest
import yaml

from certificates import Authority
from faults import CLOUD, FaultyCloud
from gateways import program

READS = ("describe_key_pairs", "describe_security_groups", "describe_volumes", "describe_images")


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("tls")


@pytest.fixture(scope="module")
def authority(folder):
    return Authority(folder, "own-authority")


@pytest.fixture(scope="module")
def secure(admin_cloud, folder, authority):
    """The cloud behind TLS."""
    cloud = FaultyCloud(admin_cloud, folder, region="Secure", tls=authority.context(folder))
    yield cloud
    cloud.close()


@pytest.fixture
def surroundings(secure, tmp_path):
    """Variables by which the gateway finds the cloud, with further members of its entry."""

    def make(**entry):
        known = yaml.safe_load(secure.clouds_yaml.read_text())
        known["clouds"][CLOUD] |= entry
        file = tmp_path / "clouds.yaml"
        file.write_text(yaml.safe_dump(known))
        return {"OS_CLIENT_CONFIG_FILE": str(file), "STACKLENS_SERVICE_CLOUD": CLOUD}

    return make


def all_work(client_of, gateway):
    ec2 = client_of("demo", endpoint=gateway.url)
    for action in READS:
        getattr(ec2, action)()


def test_the_authority_may_be_named_in_clouds_yaml(surroundings, authority, start_gateway, client_of, secure):
    with secure.record() as calls:
        all_work(client_of, start_gateway(cloud=CLOUD, environment=surroundings(cacert=str(authority.file))))
    assert {call.service for call in calls} == {"identity", "compute", "network", "block-storage", "image"}


def test_the_authority_may_be_named_in_the_environment(surroundings, authority, start_gateway, client_of):
    all_work(client_of, start_gateway(cloud=CLOUD, environment={**surroundings(), "OS_CACERT": str(authority.file)}))


def test_nothing_may_be_verified(surroundings, start_gateway, client_of):
    all_work(client_of, start_gateway(cloud=CLOUD, environment=surroundings(verify=False)))


def complaint(command, environment):
    settings = {name: value for name, value in os.environ.items() if not name.startswith(("STACKLENS_", "AWS_", "OS_"))}
    done = subprocess.run(
        [program(), command, "--os-cloud", CLOUD], capture_output=True, text=True, timeout=60, env=settings | environment, check=False
    )
    assert done.returncode != 0
    return done.stdout + done.stderr


@pytest.mark.parametrize("command", ["serve", "doctor"])
def test_an_unknown_authority_is_told_with_the_mend(surroundings, folder, command):
    for entry in ({}, {"cacert": str(Authority(folder, "another").file)}):
        said = complaint(command, surroundings(**entry))
        assert "certificate is not trusted" in said and "cacert" in said and "OS_CACERT" in said, said


@pytest.mark.parametrize("command", ["serve", "doctor"])
def test_a_file_that_holds_no_authority_is_named(surroundings, tmp_path, command):
    empty = tmp_path / "empty.pem"
    empty.write_text("")
    for file, words in ((empty, "holds no PEM certificates"), (tmp_path / "none.pem", "cannot read")):
        said = complaint(command, surroundings(cacert=str(file)))
        assert str(file) in said and words in said, said
