"""The doctor on a real cloud: what it finds, what it says when something is missing, and how it is misused."""

import json
import os
import subprocess

import pytest

from gateways import program


@pytest.fixture(scope="module")
def doctor():
    """Runs `stacklens doctor`; gives exit status, what it printed, and what it complained of."""

    def call(*options, service="", environment=None):
        settings = {name: value for name, value in os.environ.items() if not name.startswith(("STACKLENS_", "AWS_", "OS_"))}
        settings["OS_CLIENT_CONFIG_FILE"] = os.environ["OS_CLIENT_CONFIG_FILE"]
        settings |= {"STACKLENS_SERVICE_CLOUD": service} | (environment or {})
        done = subprocess.run(
            [program(), "doctor", *options], capture_output=True, text=True, timeout=120, env=settings, check=False
        )
        return done.returncode, done.stdout, done.stderr

    return call


def findings(printed):
    report = json.loads(printed)
    return report, {one["check"]: one for one in report["findings"]}


MEMBER = os.environ.get("STACKLENS_TEST_CLOUD", "")
SERVICE = os.environ.get("STACKLENS_SERVICE_CLOUD", "")


def test_a_members_cloud_with_the_service_credential_is_fine(doctor):
    status, printed, complained = doctor("--os-cloud", MEMBER, "--format", "json", service=SERVICE)
    report, by_check = findings(printed)
    assert (status, report["verdict"], report["affected"]) == (0, "fine", []), printed
    assert complained == ""
    for check in ("keystone", "clock", "login", "login-service", "ec2tokens", "extensions", "external-network", "flavors", "images"):
        assert by_check[check]["status"] == "fine", by_check[check]
    assert not [one for one in report["findings"] if one["status"] in ("missing", "unknown")]


def test_a_member_alone_may_not_verify_and_is_told_the_mend(doctor):
    status, printed, _ = doctor("--os-cloud", MEMBER)
    assert status == 1
    assert "it takes service or admin" in printed and "--service-os-cloud NAME" in printed
    assert "affects: all " in printed


def test_a_used_up_quota_names_the_actions(doctor, admin_cloud, cloud):
    project = cloud.current_project_id
    before = admin_cloud.network.get_quota(project).routers
    # Neutron takes no limit below what is used.
    used = len(list(cloud.network.routers(project_id=project)))
    admin_cloud.network.update_quota(project, router=used)
    try:
        status, printed, _ = doctor("--os-cloud", MEMBER, "--format", "json", service=SERVICE)
    finally:
        admin_cloud.network.update_quota(project, router=before)
    report, by_check = findings(printed)
    assert (status, report["affected"]) == (1, ["CreateVpc"]), printed
    assert by_check["quota-routers"]["status"] == "missing"


@pytest.mark.parametrize(
    ("options", "environment", "said"),
    [
        ((), {}, "which cloud? Give --os-cloud NAME"),
        (("--os-cloud", "nowhere"), {}, 'no cloud is named "nowhere"; there are: '),
        (("--os-cloud", MEMBER), {"STACKLENS_SERVICE_CLOUD": "nowhere"}, "STACKLENS_SERVICE_CLOUD: "),
        (("--os-cloud", MEMBER, "--region", "Mars"), {}, 'has no region "Mars"; there are: '),
        ((), {"OS_AUTH_URL": "http://127.0.0.1:9", "OS_USERNAME": "u", "OS_PASSWORD": "p", "OS_PROJECT_NAME": "p"}, "cannot reach Keystone at http://127.0.0.1:9"),
        ((), {"OS_AUTH_URL": "http://127.0.0.1:9", "OS_USERNAME": "u"}, "lacks auth.password"),
    ],
)
def test_misuse_is_told(doctor, options, environment, said):
    status, printed, complained = doctor(*options, environment=environment)
    assert status == 2
    assert said in printed + complained


def test_it_leaves_nothing_behind(doctor, cloud):
    def everything():
        return sorted(one.id for proxy in (cloud.compute.servers(), cloud.network.ports(), cloud.block_storage.volumes()) for one in proxy)

    before = everything()
    doctor("--os-cloud", MEMBER, service=SERVICE)
    assert everything() == before
