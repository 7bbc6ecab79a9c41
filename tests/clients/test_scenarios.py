"""The stories of tests/scenarios, told to the running server by boto3, and one by the AWS CLI."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from conftest import REGION, URL

ROOT = Path(__file__).resolve().parents[2]
PROGRAM = os.environ.get("STACKLENS_PROGRAM", str(ROOT / "target/debug/stacklens"))
SENDER = Path(__file__).parent / "sender.py"


def conformance(*options, url=URL, secret="demo", expected=0):
    done = subprocess.run(
        [
            PROGRAM, "conformance", "--endpoint", url, "--region", REGION, "--access", "demo", "--secret", secret,
            "--other-access", "alt", "--other-secret", "alt", *options,
        ],
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert done.returncode == expected, done.stdout + done.stderr
    return done.stdout


def through(client):
    return f"{sys.executable} {SENDER} {client}"


def outcomes(report):
    return {told["name"]: told["outcome"] for told in report["scenarios"]}


def test_every_story_is_told_by_boto3_and_leaves_nothing():
    report = json.loads(conformance("--through", through("boto3"), "--parallel", "8", "--format", "json"))
    assert report["client"].startswith("boto3 ")
    assert len(report["scenarios"]) >= 20
    assert set(outcomes(report).values()) == {"passed"}
    assert not [left for told in report["scenarios"] for left in told.get("left", [])]
    assert "0 of 0 things" in conformance("--clean")


def test_a_story_is_told_by_the_aws_cli():
    report = json.loads(conformance("--through", through("aws"), "--scenario", "egress-rules", "--format", "json"))
    assert report["client"].startswith("aws-cli ")
    assert outcomes(report) == {"egress-rules": "passed"}


def test_the_program_itself_tells_stories_and_reports_for_jobs(tmp_path):
    file = tmp_path / "report.xml"
    said = conformance("--scenario", "errors", "--scenario", "subnets-that-overlap", "--format", "junit", "--output", str(file))
    assert "2 stories: 2 passed, 0 failed" in said
    assert '<testcase classname="scenarios" name="errors"' in file.read_text()


def test_a_wrong_secret_fails_and_what_cannot_be_run_ends_with_another_status():
    assert "AuthFailure" in conformance("--scenario", "errors", secret="wrong", expected=1)
    conformance("--scenario", "no-such-story", expected=2)
    conformance("--scenario", "errors", url="http://127.0.0.1:9", expected=2)


def start(*options):
    """A run that is under way: it has made something."""
    command = [
        PROGRAM, "conformance", "--endpoint", URL, "--region", REGION, "--access", "demo", "--secret", "demo", "--scenarios", str(SLOW), *options,
    ]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


SLOW = Path(__file__).parent / "slow-story"


def made(ec2):
    names = [{"Name": "tag:Name", "Values": ["stacklens-conformance-*"]}]
    return ec2.describe_volumes(Filters=names)["Volumes"]


def until(ask, what):
    end = time.monotonic() + 60
    while not ask():
        assert time.monotonic() < end, what
        time.sleep(0.1)


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM])
def test_who_ends_a_run_finds_nothing_left(ec2, how):
    run = start()
    until(lambda: made(ec2), "a volume is made")
    run.send_signal(how)
    out, complained = run.communicate(timeout=60)
    assert run.returncode == 1, out + complained
    assert "interrupted" in out and "what was made is taken away first" in complained
    assert not made(ec2)


def test_what_a_killed_run_left_is_taken_away_later(ec2):
    run = start()
    until(lambda: made(ec2), "a volume is made")
    run.kill()
    run.communicate(timeout=60)
    assert len(made(ec2)) == 1
    assert "1 of 1 things of earlier runs were taken away" in conformance("--clean")
    assert not made(ec2)


@pytest.mark.parametrize("expected", ["boot-from-a-volume", "quota-reached-and-recovered"])
def test_stories_are_listed(expected):
    assert expected in conformance("--list")
