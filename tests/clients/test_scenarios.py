"""The stories of tests/scenarios, told to the running server by boto3, and one by the AWS CLI."""

import json
import os
import subprocess
import sys
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


@pytest.mark.parametrize("expected", ["boot-from-a-volume", "quota-reached-and-recovered"])
def test_stories_are_listed(expected):
    assert expected in conformance("--list")
