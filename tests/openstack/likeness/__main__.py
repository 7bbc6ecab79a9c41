"""For work on sequences and on the simulated cloud: prints every difference, each kind once.

`python -m likeness REAL_AUTH_URL USER PASSWORD PROJECT SIMULATED_URL [PATTERN…]`, in `tests/openstack`, as an administrator; a pattern is part of
a sequence's name. What the real cloud answered is kept in the folder for temporary files, so that only changed sequences are sent to it again.
"""

import json
import sys
import tempfile
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from . import allowed, sequence
from .cloud import Cloud
from .compare import compare
from .run import comparable, transcript


def main(auth_url, user, password, project, simulated, *patterns):
    sequences = [one for one in sequence.every() if not patterns or any(p in one.name for p in patterns)]
    real = Cloud("real", auth_url, user, password, project)
    simulated = Cloud("simulated", f"{simulated.rstrip('/')}/openstack/identity/v3", "admin", "admin", "admin")
    with real, simulated:
        with ThreadPoolExecutor(4) as pool:
            runs = [(one, pool.submit(kept, real, one), pool.submit(transcript, simulated, one)) for one in sequences]
            known = allowed.every()
            steps, left = 0, []
            for one, first, second in runs:
                first, second = first.result(), second.result()
                spent = [sum(line["took"] for line in side["lines"] if "took" in line) for side in (first, second)]
                print(f"{one.name}: {len(first['lines'])} steps, {spent[0]:.1f} s and {spent[1]:.1f} s")
                first, second = comparable(one, first), comparable(one, second)
                steps += len(first)
                differences = compare(one, first, second)
                left += [each for each in differences if not any([entry.allows(each) for entry in known])]
    grouped = Counter((each.what, each.at, str(each.real), str(each.simulated)) if each.at != "status" else (each.place,) for each in left)
    shown = set()
    for each in left:
        key = (each.what, each.at, str(each.real), str(each.simulated)) if each.at != "status" else (each.place,)
        if key in shown:
            continue
        shown.add(key)
        print(each, f"({grouped[key]} times)" if grouped[key] > 1 else "")
    print(f"{steps} calls, {len(left)} differences not allowed, {sum(entry.used for entry in known)} allowed")
    for entry in known:
        if not entry.used and not patterns:
            print("no longer occurs:", entry.where, entry.call, entry.at)


def kept(real, one):
    """The real cloud's transcript, from the last run if the sequence is the same."""
    path = Path(tempfile.gettempdir()) / "stacklens-likeness" / f"{one.digest()}.json"
    if path.exists():
        return json.loads(path.read_text())
    lines = transcript(real, one)
    path.parent.mkdir(exist_ok=True)
    path.write_text(json.dumps(lines))
    return lines


main(*sys.argv[1:])
