"""Whether two clouds gave the same answer, up to what each cloud chooses by itself.

Ids, addresses and names that a cloud makes are matched one to one: where the expected answer names the same thing twice, so must the other.
Times need only be times. Lists may come in another order. What may differ besides stands in `differences.yaml`.
"""

import re
from pathlib import Path

import yaml

ALLOWED = [
    (re.compile(row["at"]), row.get("expected"), row.get("found"))
    for row in yaml.safe_load((Path(__file__).parent / "differences.yaml").read_text())
]

CHOSEN = re.compile(
    r"""(?P<time>\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|\+00:00)?)
      |(?P<uuid>[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})
      |(?P<mac>(?:[0-9a-f]{2}:){5}[0-9a-f]{2})
      |(?P<hex>(?<![0-9a-f])[0-9a-f]{17,64}(?![0-9a-f]))
      |(?P<address>(?<![\d.])(?:10|203\.0)\.\d+\.\d+(?:\.\d+)?(?![\d.]|/\d))
      |(?P<reservation>(?<=r-)[0-9a-z]{8}(?![0-9a-z]))""",
    re.VERBOSE,
)


class Match:
    """Pairs of what two clouds chose."""

    def __init__(self):
        self.there, self.back = {}, {}

    def pair(self, kind, left, right):
        if kind == "time":
            return True
        return self.there.setdefault((kind, left), right) == right and self.back.setdefault((kind, right), left) == left

    def copy(self):
        other = Match()
        other.there, other.back = dict(self.there), dict(self.back)
        return other


def difference(expected, found, match=None, at=""):
    """The first difference in words; none if the answers are the same."""
    match = match if match is not None else Match()
    if any(place.fullmatch(at) and fits(left, expected) and fits(right, found) for place, left, right in ALLOWED):
        return None
    if isinstance(expected, dict) and isinstance(found, dict):
        for name in expected.keys() | found.keys():
            if said := difference(expected.get(name), found.get(name), match, f"{at}.{name}" if at else name):
                return said
        return None
    if isinstance(expected, list) and isinstance(found, list):
        return lists(expected, found, match, at)
    if isinstance(expected, str) and isinstance(found, str):
        if texts(expected, found, match):
            return None
    elif empty(expected) and empty(found) or (type(expected) is type(found) and expected == found):
        return None
    return f"{at}: expected {expected!r}, found {found!r}"


def fits(pattern, value):
    return pattern is None or re.fullmatch(pattern, str(value)) is not None


def empty(value):
    return value is None or value == [] or value == {}


def texts(expected, found, match):
    if expected == found and not CHOSEN.search(expected):
        return True
    left, right = list(CHOSEN.finditer(expected)), list(CHOSEN.finditer(found))
    if CHOSEN.sub("*", expected) != CHOSEN.sub("*", found) or len(left) != len(right):
        return False
    return all(a.lastgroup == b.lastgroup and match.pair(a.lastgroup, a[0], b[0]) for a, b in zip(left, right))


def lists(expected, found, match, at):
    if len(expected) != len(found):
        return f"{at}: expected {len(expected)} items, found {len(found)}: {found!r}"[:600]
    rest, said = list(found), None
    for item in expected:
        for index, other in enumerate(rest):
            attempt = match.copy()
            said = difference(item, other, attempt, f"{at}[]")
            if said is None:
                match.there, match.back = attempt.there, attempt.back
                del rest[index]
                break
        else:
            return said
    return None
