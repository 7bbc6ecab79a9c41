"""What may differ, as `tests/likeness/differences.yaml` lists it with reasons."""

import re
from dataclasses import dataclass

import yaml

from .sequence import FOLDER

KEYS = {"where", "call", "at", "what", "reason", "seed"}


@dataclass
class Allowed:
    """One entry; texts are patterns in which `*` stands for anything."""

    where: str
    call: list
    at: list
    what: list
    reason: str
    seed: bool
    used: int = 0

    def allows(self, difference):
        hits = (
            matches(self.where, difference.place)
            and any(matches(one, difference.call) for one in self.call)
            and any(matches(one, difference.at) for one in self.at)
            and (not self.what or difference.what in self.what)
        )
        self.used += hits
        return hits


def matches(pattern, text):
    return re.fullmatch(".*".join(re.escape(part) for part in pattern.split("*")), text, re.DOTALL) is not None


def texts(given):
    return given if isinstance(given, list) else [given]


def every():
    found = []
    for number, one in enumerate(yaml.safe_load((FOLDER / "differences.yaml").read_text())):
        if set(one) - KEYS or "reason" not in one or not ("call" in one or "at" in one):
            raise ValueError(f"differences.yaml, entry {number + 1}: needs call or at, and reason; knows {sorted(KEYS)}")
        found.append(Allowed(
            one.get("where", "*"), texts(one.get("call", "*")), texts(one.get("at", "*")), texts(one.get("what", [])),
            one["reason"], one.get("seed", False),
        ))
    return found
