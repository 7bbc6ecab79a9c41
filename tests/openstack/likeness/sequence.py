"""The sequences of calls in `tests/likeness`: read, and checked for misspellings."""

import hashlib
import re
from dataclasses import dataclass, field
from pathlib import Path

import yaml

FOLDER = Path(__file__).resolve().parents[2] / "likeness"
SERVICES = ("identity", "compute", "network", "block-storage", "image")
# What the rules are written for; `version: none` sends no microversion.
VERSIONS = {"compute": "2.96", "block-storage": "3.59"}
MEMBERS = ("member", "other", "admin", "nobody")


@dataclass
class Step:
    """One call."""

    place: str
    method: str
    service: str
    path: str
    version: str | None = None
    body: object = None
    text: str | None = None
    type: str = "application/json"
    headers: dict = field(default_factory=dict)
    by: str = "member"
    save: dict = field(default_factory=dict)
    until: dict = field(default_factory=dict)
    through: list = field(default_factory=list)
    unordered: list = field(default_factory=list)
    about: str = ""

    @property
    def call(self):
        return f"{self.method} {self.service} {self.path}"

    @property
    def template(self):
        """The call without its query and ids."""
        return re.sub(r"\$\{[^}]+\}|[0-9a-f-]{36}", "{}", self.call.split("?")[0])


@dataclass
class Sequence:
    """Calls that belong together; each sequence has two fresh projects of its own."""

    name: str
    about: str
    quotas: dict
    steps: list
    literal: str

    def __str__(self):
        return self.name

    def used(self):
        """The services in which each caller asks for new things."""
        by = {caller: set() for caller in MEMBERS}
        for step in self.steps:
            if step.method in ("POST", "PUT"):
                by[step.by].add(step.service)
        return by

    def digest(self):
        """Tells whether a transcript is of this sequence as it stands."""
        return hashlib.sha256(self.literal.encode()).hexdigest()[:16]


def read(path):
    """The sequences of one file."""
    documents = yaml.safe_load(path.read_text())
    theme = path.relative_to(FOLDER).with_suffix("").as_posix()
    found = []
    for number, one in enumerate(documents):
        unknown = set(one) - {"name", "about", "quotas", "steps"}
        if unknown:
            raise ValueError(f"{path}, sequence {number + 1}: unknown keys {sorted(unknown)}")
        name = f"{theme}: {one['name']}"
        steps = [
            step(f"{name}, step {place + 1}", given)
            for place, given in enumerate(one["steps"])
        ]
        found.append(Sequence(name, one.get("about", ""), one.get("quotas", {}), steps, str(one)))
    return found


def step(place, given):
    """A step; `call` is `METHOD service /path`, the rest is named."""
    given = dict(given)
    try:
        method, service, path = given.pop("call").split(" ", 2)
    except (KeyError, ValueError) as mistake:
        raise ValueError(f"{place}: write call: METHOD service /path") from mistake
    path = "" if path == '""' else path
    if "as" in given:
        given["by"] = given.pop("as")
    unknown = set(given) - {name for name in Step.__dataclass_fields__}
    if unknown or service not in SERVICES or given.get("by", "member") not in MEMBERS:
        raise ValueError(f"{place}: unknown key, service or caller: {sorted(unknown)} {service} {given.get('by')}")
    version = given.pop("version", VERSIONS.get(service))
    given["version"] = None if version == "none" else version
    return Step(place, method, service, path, **given)


def every():
    """All sequences, in the order of their files."""
    files = sorted(path for path in FOLDER.rglob("*.yaml") if path.name != "differences.yaml")
    return [one for path in files for one in read(path)]
