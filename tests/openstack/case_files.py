"""The files of tests/cases, read as the crate `cases` reads them."""

import hashlib
import json
import re
import shlex
import subprocess
from pathlib import Path

import yaml

from gateways import program

FOLDER = Path(__file__).resolve().parents[1] / "cases"
REFERENCE = re.compile(r"\$\{([^}]*)\}")


class Case:
    def __init__(self, path):
        self.name = str(path.relative_to(FOLDER).with_suffix(""))
        text = path.read_text()
        # The file holds the calls and the answer, so it changes when a rule does otherwise than it did.
        self.fingerprint = hashlib.sha256(text.encode()).hexdigest()
        told = yaml.load(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
        self.title = told["title"]
        self.given = told.get("given", [])
        self.request = told["request"]
        self.project = told.get("project", "demo")
        self.fidelity = told.get("fidelity", "warn")
        self.expect = told["expect"]
        real = told.get("real") or {}
        # Older YAML, which this reader knows, takes the word for a truth value.
        self.unreal = real.get("no", real.get(False))

    @property
    def simulated_project(self):
        return self.expect["context"]["project_id"]

    @property
    def by_command(self):
        return self.request.strip().startswith("aws ")


def all_cases():
    return [Case(path) for path in sorted(FOLDER.rglob("*.yaml"))]


def resolved(value, answers):
    """With `${name.path[0].member}` replaced by values of earlier answers."""
    if isinstance(value, str):
        return REFERENCE.sub(lambda found: plain(look_up(found[1], answers)), value)
    if isinstance(value, list):
        return [resolved(item, answers) for item in value]
    if isinstance(value, dict):
        return {name: resolved(item, answers) for name, item in value.items()}
    return value


def look_up(path, answers):
    value = answers
    for name, index in re.findall(r"([^.\[\]]+)|\[(\d+)\]", path):
        value = value[name] if name else value[int(index)]
    return value


def plain(value):
    return value if isinstance(value, str) else json.dumps(value)


def read_request(text):
    """Action, parameters and leaves of a request in any dialect."""
    said = subprocess.run(
        [program(), "translate", "--format", "json", "-"], input=text, capture_output=True, text=True, check=False
    )
    assert said.stdout.startswith("{"), f"{text}\n{said.stdout}{said.stderr}"
    return json.loads(said.stdout)["request"]


def words_of(text):
    """The words after `aws ec2` of a command line."""
    words = shlex.split(text)
    return words[words.index("ec2") + 1:]
