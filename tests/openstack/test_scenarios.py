"""The stories of tests/scenarios, told through the gateway to the real cloud by boto3, in projects of their own."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from conftest import REGION
from gateways import program
from projects import Projects, connect_admin

SENDER = Path(__file__).resolve().parents[1] / "clients/sender.py"
ADDRESSES = 8


@pytest.fixture(scope="module")
def pair():
    projects = Projects(connect_admin())
    me, other = projects.make("demo"), projects.make("alt")
    # A quota that a story can reach soon.
    projects.admin.network.update_quota(me.id, floating_ips=ADDRESSES)
    yield me, other
    me.remove()
    other.remove()


def tell(gateway, pair, client, *options):
    (access, secret), (other_access, other_secret) = (made.key for made in pair)
    done = subprocess.run(
        [
            program(), "conformance", "--endpoint", gateway.url, "--region", REGION, "--access", access, "--secret", secret,
            "--other-access", other_access, "--other-secret", other_secret, "--through", f"{sys.executable} {SENDER} {client}",
            "--format", "json", *options,
        ],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stdout.startswith("{"), done.stderr
    report = json.loads(done.stdout)
    if folder := os.environ.get("STACKLENS_EVIDENCE"):
        Path(folder, f"scenarios-{client}.json").write_text(done.stdout)
    return report


def faults(report):
    return [f"{told['name']}: {told['outcome']}: {told.get('why')} {told.get('left', '')}" for told in report["scenarios"] if told["outcome"] != "passed"]


def test_every_story_is_told_by_boto3(gateway, pair):
    report = tell(gateway, pair, "boto3", "--parallel", "6")
    assert len(report["scenarios"]) >= 20
    assert not faults(report), "\n".join(faults(report))


def test_stories_are_told_by_the_aws_cli(gateway, pair):
    # Each command takes a second or two to start; for evidence that is worth it.
    more = ("web-tier-in-a-new-vpc", "tags-and-filters", "key-pairs", "dry-run") if "STACKLENS_EVIDENCE" in os.environ else ()
    names = ("egress-rules", *more)
    report = tell(gateway, pair, "aws", *(word for name in names for word in ("--scenario", name)))
    assert not faults(report), "\n".join(faults(report))
