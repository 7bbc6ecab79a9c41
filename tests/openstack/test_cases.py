"""Cases of tests/cases that a real control plane can do, on the real cloud: each in projects of its own, several at a time.

A run tries those that the evidence names, so that what it says stays true, and the AWS CLI sends a sample of those that are written as commands; STACKLENS_CASES=all tries all, and
all commands by the AWS CLI. STACKLENS_CASES=REGEX chooses cases by name. With STACKLENS_EVIDENCE=FOLDER, what was seen is written there for `evidence.py`.
"""

import json
import os
import re
import traceback
from concurrent.futures import ThreadPoolExecutor

import pytest

import evidence
from case_files import all_cases
from case_runs import Stage, run
from conftest import REGION
from projects import Projects, connect_admin

CHOSEN = os.environ.get("STACKLENS_CASES", "")
TOGETHER = int(os.environ.get("STACKLENS_TOGETHER", "6"))
# So many at most are tried in a run of the tests, so that it takes minutes.
MOST = 60
# Of the cases that are commands, every so many-th is sent by the AWS CLI, which takes seconds to start.
SAMPLE = 12


def chosen():
    cases = all_cases()
    if CHOSEN == "all":
        return cases
    if not CHOSEN:
        named = names_in(json.loads(evidence.FILE.read_text()))
        cases = [case for case in cases if case.name in named]
        return cases[:: len(cases) // MOST + 1]
    return [case for case in cases if re.search(CHOSEN, case.name)]


def names_in(value):
    """Cases and scenarios that the evidence names."""
    if isinstance(value, dict):
        return set(value.get("by", [])).union(*map(names_in, value.values()))
    return set().union(*map(names_in, value)) if isinstance(value, list) else set()


@pytest.fixture(scope="module")
def outcomes(start_gateway):
    """What became of every case: differences, request and client by its name."""
    projects = Projects(connect_admin())
    gateways = {"warn": start_gateway()}
    real = [case for case in chosen() if not case.unreal]
    for case in real:
        if case.fidelity not in gateways:
            gateways[case.fidelity] = start_gateway("--fidelity", case.fidelity)
    commands = [case.name for case in real if case.by_command]
    by_aws = set(commands if CHOSEN == "all" else commands[::SAMPLE])

    def one(case):
        by = "aws" if case.name in by_aws else "boto3"
        stage = Stage(projects, gateways[case.fidelity].url, REGION, by)
        try:
            said, request, by = run(case, stage)
        except Exception as why:
            last = traceback.extract_tb(why.__traceback__)[-1]
            said, request = f"{type(why).__name__}: {str(why)[:600]} ({last.name}, line {last.lineno})", None
        finally:
            try:
                stage.end()
            except Exception as why:  # the next case has other projects
                print(f"{case.name}: not all was removed: {why}")
        print(f"{case.name} by {by}: {said or 'as expected'}", flush=True)
        return case, said, request, by

    with ThreadPoolExecutor(TOGETHER) as threads:
        done = list(threads.map(one, real))
    if file := os.environ.get("STACKLENS_EVIDENCE"):
        rows = [
            {"case": case.name, "request": request, "by": by, "expect": {key: case.expect[key] for key in ("answer", "error") if key in case.expect}}
            for case, said, request, by in done if said is None
        ]
        with open(os.path.join(file, "cases.json"), "w") as out:
            json.dump(rows, out)
    projects.end()
    return done


def test_nearly_every_case_is_meant_for_a_real_cloud():
    unreal = [case for case in all_cases() if case.unreal]
    assert len(unreal) < 40, [case.name for case in unreal]
    assert all(len(case.unreal) > 10 for case in unreal)


def test_every_case_answers_as_its_file_says(outcomes):
    differing = [f"{case.name}: {said}" for case, said, _, _ in outcomes if said]
    assert not differing, f"{len(differing)} of {len(outcomes)} cases differ:\n" + "\n".join(differing)


def test_some_were_sent_by_the_aws_cli(outcomes):
    senders = {by for _, _, _, by in outcomes}
    assert "boto3" in senders and ("aws" in senders or not any(case.by_command for case, *_ in outcomes))
