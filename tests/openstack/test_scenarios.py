"""The stories of tests/scenarios, told by boto3 and the AWS CLI through the gateway to the real cloud and to the embedded one, in projects of their own."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

import evidence
from conftest import REGION
from gateways import program
from projects import Projects, connect_admin, connect_embedded

STORIES = evidence.STORIES
SENDER = Path(__file__).resolve().parents[1] / "clients/sender.py"
ADDRESSES = 8


@pytest.fixture(scope="module")
def pair():
    yield from pair_on(connect_admin())


@pytest.fixture(scope="module")
def embedded(start_gateway):
    return start_gateway(embedded=True)


@pytest.fixture(scope="module")
def embedded_pair(embedded):
    yield from pair_on(connect_embedded(embedded))


def pair_on(admin):
    projects = Projects(admin)
    me, other = projects.make("demo"), projects.make("alt")
    # A quota that a story can reach soon.
    admin.network.update_quota(me.id, floating_ips=ADDRESSES)
    yield me, other
    me.remove()
    other.remove()


def tell(gateway, pair, client, *options):
    (access, secret), (other_access, other_secret) = (made.key for made in pair)
    done = subprocess.run(
        [
            program(), "conformance", "--endpoint", gateway.url, "--region", REGION, "--access", access, "--secret", secret,
            "--other-access", other_access, "--other-secret", other_secret, "--through", f"{sys.executable} {SENDER} {client}",
            "--format", "json", "--scenarios", str(STORIES), *options,
        ],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stdout.startswith("{"), done.stderr
    return json.loads(done.stdout)


def tell_twice(gateway, pair, client, *options):
    """As `tell`; a story that went wrong is told once more, since the services of a cloud have their moments."""
    report = tell(gateway, pair, client, *options)
    wrong = [told["name"] for told in report["scenarios"] if not fine(told)]
    if wrong:
        print(f"told once more: {wrong}", flush=True)
        again = tell(gateway, pair, client, *(word for name in wrong for word in ("--scenario", name)))
        new = {told["name"]: told for told in again["scenarios"]}
        report["scenarios"] = [new.get(told["name"], told) for told in report["scenarios"]]
    return report


@pytest.fixture(scope="module")
def by_boto3(gateway, pair):
    """What became of every story on the real cloud."""
    return on_real(gateway, pair, "boto3", "--parallel", "6")


def on_real(gateway, pair, client, *options):
    """The stories; for evidence those that were not told as they are today, beside the reports of those that were."""
    folder = os.environ.get("STACKLENS_EVIDENCE")
    if not folder:
        return tell_twice(gateway, pair, client, *options)
    kept = evidence.Reports(folder)
    known = kept.told(client)
    missing = [name for name in evidence.stories() if name not in known]
    if missing:
        kept.add(tell(gateway, pair, client, *options, *(word for name in missing for word in ("--scenario", name))))
    return {"scenarios": list(kept.told(client, passed=False).values())}


def faults(report):
    return [f"{told['name']}: {told['outcome']}: {told.get('why')} {told.get('left', '')}" for told in report["scenarios"] if not fine(told)]


def fine(told):
    # The AWS CLI refuses by itself to send what is wrong on purpose; everything else of such a story was as expected.
    unsendable = [said["why"] for said in told.get("deviations", []) if said["kind"] == "lacking" and said["why"].startswith("the client cannot send")]
    return told["outcome"] == "passed" or len(unsendable) == len(told["deviations"]) and not told.get("left")


def test_every_story_is_told_by_boto3(by_boto3):
    assert len(by_boto3["scenarios"]) >= 20
    assert not faults(by_boto3), "\n".join(faults(by_boto3))


def test_stories_are_told_by_the_aws_cli(gateway, pair):
    # Each command takes a second or two to start; for evidence that is worth it.
    names = () if "STACKLENS_EVIDENCE" in os.environ else ("egress-rules",)
    report = on_real(gateway, pair, "aws", "--parallel", "3", *(word for name in names for word in ("--scenario", name)))
    assert not faults(report), "\n".join(faults(report))


def verdicts(report):
    """What a story says of its endpoint, without what differs from run to run."""
    told = report["scenarios"]
    return {one["name"]: (one["outcome"], [said["step"] for said in one.get("deviations", [])], len(one.get("lacks", [])), bool(one.get("left"))) for one in told}


def test_the_verdicts_on_the_embedded_cloud_are_the_same(by_boto3, embedded, embedded_pair):
    report = tell(embedded, embedded_pair, "boto3", "--parallel", "6")
    assert verdicts(report) == verdicts(by_boto3), "\n".join(faults(report))
