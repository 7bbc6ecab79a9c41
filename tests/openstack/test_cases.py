"""Cases of tests/cases that a real control plane can do, on the real cloud and on the embedded one: each in projects of its own, several at a time.

A run tries those that the evidence names, so that what it says stays true, and the AWS CLI sends a sample of those that are written as commands; STACKLENS_CASES=all tries all, and
all commands by the AWS CLI. STACKLENS_CASES=REGEX chooses cases by name, STACKLENS_SAMPLE=4 has every fourth command sent by the AWS CLI. With STACKLENS_EVIDENCE=FOLDER, what was seen is written there for `evidence.py`,
case by case, and a case that was seen there as its file is today is not tried again: so a run that was broken off goes on.
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
from projects import Projects, connect_admin, connect_embedded

CHOSEN = os.environ.get("STACKLENS_CASES", "")
TOGETHER = int(os.environ.get("STACKLENS_TOGETHER", "6"))
# So many at most are tried in a run of the tests, so that it takes minutes.
MOST = 60
# Of the cases that are commands, every so many-th is sent by the AWS CLI, which takes seconds to start; the others by boto3.
SAMPLE = int(os.environ.get("STACKLENS_SAMPLE", "1" if CHOSEN == "all" else "12"))


def chosen():
    cases = all_cases()
    if CHOSEN == "all":
        return mixed(cases)
    if not CHOSEN:
        named = names_in(json.loads(evidence.FILE.read_text()))
        cases = [case for case in cases if case.name in named]
        return cases[:: len(cases) // MOST + 1]
    return [case for case in cases if re.search(CHOSEN, case.name)]


def mixed(cases):
    """In an order in which every folder has its turn, so that a run that is broken off has seen something of everything."""
    turns, order = {}, []
    for case in cases:
        folder = case.name.split("/")[0]
        turns[folder] = turns.get(folder, 0) + 1
        order.append((turns[folder], folder, case))
    return [case for _, _, case in sorted(order, key=lambda one: one[:2])]


def names_in(value):
    """Cases and scenarios that the evidence names."""
    if isinstance(value, dict):
        return set(value.get("by", [])).union(*map(names_in, value.values()))
    return set().union(*map(names_in, value)) if isinstance(value, list) else set()


@pytest.fixture(scope="module")
def real():
    """The cases to try, and which of them the AWS CLI sends."""
    cases = [case for case in chosen() if not case.unreal]
    commands = [case.name for case in cases if case.by_command]
    return cases, set(commands[::SAMPLE])


@pytest.fixture(scope="module")
def outcomes(real, start_gateway):
    """What became of every case on the real cloud."""
    cases, by_aws = real
    folder = os.environ.get("STACKLENS_EVIDENCE")
    seen = evidence.Rows(folder) if folder else None
    known = [case for case in cases if seen and case in seen]
    projects = Projects(connect_admin())
    gateways = gateways_of(cases, start_gateway)
    clouds = {fidelity: (gateway, projects) for fidelity, gateway in gateways.items()}
    done = try_twice([case for case in cases if case not in known], by_aws, clouds, seen.add if seen else None)
    projects.end()
    return done + [(case, None, *seen.told(case)) for case in known]


@pytest.fixture(scope="module")
def embedded_outcomes(real, start_gateway):
    """What differs in every case on the cloud that is embedded in the program, by name: each gateway has one of its own."""
    cases, _ = real
    gateways = gateways_of(cases, start_gateway, embedded=True)
    clouds = {fidelity: (gateway, Projects(connect_embedded(gateway))) for fidelity, gateway in gateways.items()}
    return {case.name: said for case, said, *_ in try_all(cases, set(), clouds)}


def gateways_of(cases, start_gateway, **settings):
    return {fidelity: start_gateway("--fidelity", fidelity, **settings) for fidelity in {case.fidelity for case in cases}}


def try_twice(cases, by_aws, clouds, keep=None):
    """As `try_all`; what differs is tried once more, since the services of a cloud have their moments."""
    done = try_all(cases, by_aws, clouds, keep)
    differing = [case for case, said, *_ in done if said]
    again = {row[0].name: row for row in try_all(differing, by_aws, clouds, keep)}
    return [again.get(row[0].name, row) for row in done]


def try_all(cases, by_aws, clouds, keep=None):
    """Case, what differs, the request, and who sent it. `clouds` has the gateway and the projects for a fidelity."""

    def one(case):
        by = "aws" if case.name in by_aws else "boto3"
        gateway, projects = clouds[case.fidelity]
        stage = Stage(projects, gateway.url, REGION, by)
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
        if keep and said is None:
            keep(case, request, by)
        return case, said, request, by

    with ThreadPoolExecutor(TOGETHER) as threads:
        return list(threads.map(one, cases))


def test_nearly_every_case_is_meant_for_a_real_cloud():
    unreal = [case for case in all_cases() if case.unreal]
    assert len(unreal) < 40, [case.name for case in unreal]
    assert all(len(case.unreal) > 10 for case in unreal)


def test_every_case_answers_as_its_file_says(outcomes):
    differing = [f"{case.name}: {said}" for case, said, _, _ in outcomes if said]
    assert not differing, f"{len(differing)} of {len(outcomes)} cases differ:\n" + "\n".join(differing)


def test_the_verdicts_on_the_embedded_cloud_are_the_same(outcomes, embedded_outcomes):
    pairs = [(case, said, embedded_outcomes[case.name]) for case, said, *_ in outcomes]
    differing = [f"{case.name}: real: {said or 'as expected'}; embedded: {other or 'as expected'}" for case, said, other in pairs if (said is None) != (other is None)]
    assert not differing, f"{len(differing)} of {len(outcomes)} verdicts differ:\n" + "\n".join(differing)


def test_some_were_sent_by_the_aws_cli(outcomes):
    senders = {by for _, _, _, by in outcomes}
    assert "boto3" in senders and ("aws" in senders or not any(case.by_command for case, *_ in outcomes))
