"""The simulated cloud answers as a real one: the sequences of `tests/likeness` are sent to both. See its README."""

import os
import subprocess
import threading
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import openstack
import pytest

from gateways import program
from likeness import allowed, sequence
from likeness.cloud import Cloud
from likeness.compare import compare
from likeness.run import comparable, transcript

# Sequences at a time: they wait more than they work.
TOGETHER = 6
# The project promises so many.
CALLS = 300


@pytest.fixture(scope="module")
def simulated():
    process = subprocess.Popen(
        [program(), "serve", "--port", "0"],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        env={name: value for name, value in os.environ.items() if not name.startswith(("STACKLENS_", "AWS_", "OS_"))},
    )
    try:
        line = next((line for line in process.stdout if "listens on " in line), None)
        assert line, "the embedded cloud ended before it listened"
        address = line.split("listens on ")[1].split(",")[0].strip()
        threading.Thread(target=process.stdout.read, daemon=True).start()
        cloud = Cloud("simulated", f"http://{address}/openstack/identity/v3", "admin", "admin", "admin")
        with cloud:
            yield cloud
    finally:
        process.terminate()
        process.wait(20)


@pytest.fixture(scope="module")
def real():
    auth = openstack.config.OpenStackConfig().get_one(os.environ["STACKLENS_TEST_ADMIN_CLOUD"]).config["auth"]
    with Cloud("real", auth["auth_url"], auth["username"], auth["password"], auth["project_name"]) as cloud:
        yield cloud


def test_the_simulated_cloud_answers_as_a_real_one(real, simulated):
    known = allowed.every()
    sequences = sequence.every()
    calls, kinds, differences = 0, set(), []
    with ThreadPoolExecutor(2 * TOGETHER) as pool:
        runs = [(one, pool.submit(transcript, real, one), pool.submit(transcript, simulated, one)) for one in sequences]
        for one, first, second in runs:
            first, second = comparable(one, first.result()), comparable(one, second.result())
            calls += len(first)
            kinds |= {(step.template, line.get("status")) for step, line in zip(one.steps, first)}
            differences += compare(one, first, second)
    # Each is asked of every entry, so that all that would allow it count as used.
    open_ones = [one for one in differences if not any([entry.allows(one) for entry in known])]
    idle = [entry for entry in known if not entry.used and not entry.seed]
    print(
        f"\n{calls} calls in {len(sequences)} sequences, {len(kinds)} of different method, path and status; "
        f"{len(differences) - len(open_ones)} differences allowed by {len(known)} entries"
    )
    assert calls >= CALLS
    assert not open_ones, told(open_ones)
    assert not idle, "differences.yaml allows what no longer occurs; take it out:\n" + "\n".join(map(str, idle))


def told(differences):
    count = Counter(one.place for one in differences)
    lines = [f"{len(differences)} differences in {len(count)} places that differences.yaml does not allow:"]
    return "\n".join(lines + [str(one) for one in differences[:40]])
