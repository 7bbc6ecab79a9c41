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
# Times that a sequence with a difference is sent again.
AGAIN = 2


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


def both(pool, real, simulated, sequences):
    """Sends sequences to both clouds; each with what they answered and where they differ."""
    runs = [(one, pool.submit(transcript, real, one), pool.submit(transcript, simulated, one)) for one in sequences]
    for one, first, second in runs:
        first, second = comparable(one, first.result()), comparable(one, second.result())
        yield one, first, compare(one, first, second)


def not_allowed(differences, known):
    # Each is asked of every entry, so that all that would allow it count as used.
    return [one for one in differences if not any([entry.allows(one) for entry in known])]


def test_the_simulated_cloud_answers_as_a_real_one(real, simulated):
    known = allowed.every()
    sequences = sequence.every()
    calls, kinds, found, suspects = 0, set(), 0, []
    with ThreadPoolExecutor(2 * TOGETHER) as pool:
        for one, first, differences in both(pool, real, simulated, sequences):
            calls += len(first)
            kinds |= {(step.template, line.get("status")) for step, line in zip(one.steps, first)}
            found += len(differences)
            if open_ones := not_allowed(differences, known):
                suspects.append((one, open_ones))
        # A real cloud has caches, queues and moments. What differs is what differs whenever it is asked.
        for _ in range(AGAIN):
            again = {one.name: differences for one, _, differences in both(pool, real, simulated, [one for one, _ in suspects])}
            places = {name: {(one.place, one.at) for one in not_allowed(differences, known)} for name, differences in again.items()}
            suspects = [(one, [each for each in before if (each.place, each.at) in places[one.name]]) for one, before in suspects]
            suspects = [(one, left) for one, left in suspects if left]
        if any(not entry.used and not entry.seed for entry in known):
            for _, _, differences in both(pool, real, simulated, sequences):
                not_allowed(differences, known)
    idle = [entry for entry in known if not entry.used and not entry.seed]
    print(f"\n{calls} calls in {len(sequences)} sequences, {len(kinds)} of different method, path and status; {found} differences, {len(known)} entries allow some")
    assert calls >= CALLS
    open_ones = [each for _, left in suspects for each in left]
    assert not open_ones, told(open_ones)
    assert not idle, "differences.yaml allows what no longer occurs; take it out:\n" + "\n".join(map(str, idle))


def told(differences):
    count = Counter(one.place for one in differences)
    lines = [f"{len(differences)} differences in {len(count)} places that differences.yaml does not allow:"]
    return "\n".join(lines + [str(one) for one in differences[:40]])
