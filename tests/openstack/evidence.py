"""Writes what a run on a real cloud saw to crates/rules/evidence/openstack.json. Run by `cargo xtask openstack evidence`.

    python evidence.py FOLDER        the reports of test_scenarios.py (scenarios-*.json) and of test_cases.py (cases.jsonl), without what is about
                                 cases and stories that were changed since

Each release has one run in the file; a later run takes the place of the earlier. A parameter was `asserted` where a scenario says so under
`shows`, or where the answer of a case has the value that was sent under the same name; else it was `sent`.
"""

import datetime
import hashlib
import json
import re
import sys
import threading
from importlib.metadata import version
from pathlib import Path

from case_files import all_cases

HERE = Path(__file__).resolve().parent
STORIES = HERE.parent / "scenarios"
FILE = HERE.parents[1] / "crates/rules/evidence/openstack.json"
SERVICES = ("cinder", "glance", "keystone", "neutron", "nova", "placement")
# Of those who saw something, so many are named.
NAMED = 3


def main(folder):
    run = {"actions": {}}
    reports = list(Reports(folder).current())
    for report in reports:
        of_scenarios(run["actions"], report)
    rows = Rows(folder).current(all_cases())
    of_cases(run["actions"], rows)
    lock = (HERE / "requirements.lock").read_text()
    clients = sorted({client for action in run["actions"].values() for client in action["action"]["clients"]})
    run = {
        "release": re.search(r"release (\d{4}\.\d)", lock)[1],
        # The first day, where a run was broken off and went on later.
        "date": min([row["date"] for row in rows] + [report["begun"][:10] for report in reports]),
        "services": {name: re.search(rf"^(?:openstack-)?{name}==(.+)$", lock, re.MULTILINE)[1] for name in SERVICES},
        "clients": {client: client_version(client) for client in clients},
        **run,
    }
    known = json.loads(FILE.read_text())["runs"] if FILE.exists() else []
    runs = sorted([other for other in known if other["release"] != run["release"]] + [run], key=lambda one: one["release"])
    FILE.write_text(written(runs))
    print(f"{len(run['actions'])} actions in {FILE}")


def stories():
    """Fingerprints of the files of all stories, by name."""
    return {file.stem: hashlib.sha256(file.read_bytes()).hexdigest() for file in sorted(STORIES.glob("*.yaml"))}


class Reports:
    """Reports on stories, with the files that they had then."""

    def __init__(self, folder):
        self.folder = Path(folder)

    def current(self):
        """Those parts of all reports that are about stories as they are today."""
        now = stories()
        for file in sorted(self.folder.glob("scenarios-*.json")):
            report = json.loads(file.read_text())
            report["scenarios"] = [told for told in report["scenarios"] if report["files"].get(told["name"]) == now.get(told["name"])]
            yield report

    def told(self, client, passed=True):
        """The last of each story that passed, or, of any outcome, by its name."""
        reports = [report for report in self.current() if report["client"].startswith(client)]
        last = sorted(reports, key=lambda report: report["begun"])
        return {told["name"]: told for report in last for told in report["scenarios"] if not passed or told["outcome"] == "passed"}

    def add(self, report):
        number = len(list(self.folder.glob("scenarios-*.json")))
        Path(self.folder, f"scenarios-{report['client'].split()[0]}-{number}.json").write_text(json.dumps({**report, "files": stories()}))


class Rows:
    """Cases that were as expected, with the file that they had then."""

    def __init__(self, folder):
        self.file, self.turn = Path(folder) / "cases.jsonl", threading.Lock()
        lines = self.file.read_text().splitlines() if self.file.exists() else []
        self.rows = {row["case"]: row for row in map(json.loads, lines)}

    def __contains__(self, case):
        return self.rows.get(case.name, {}).get("fingerprint") == case.fingerprint

    def told(self, case):
        row = self.rows[case.name]
        return row["request"], row["by"]

    def add(self, case, request, by):
        row = {
            "case": case.name, "fingerprint": case.fingerprint, "date": datetime.datetime.now(datetime.UTC).date().isoformat(), "request": request, "by": by,
            "expect": {key: case.expect[key] for key in ("answer", "error") if key in case.expect},
        }
        with self.turn, self.file.open("a") as out:
            out.write(json.dumps(row) + "\n")

    def current(self, cases):
        return [self.rows[case.name] for case in cases if case in self]


def client_version(client):
    return version({"aws-cli": "awscli", "query": "botocore"}.get(client, client))


def note(row, how, by, client):
    if how == "asserted" or "how" not in row:
        if row.get("how") != how:
            # Whoever only sent it says less than whoever looked.
            row.update(how=how, by=[], clients=row.get("clients", []))
    if row["how"] == how:
        row["by"].append(by)
    row["clients"].append(client)


def entry(actions, name):
    return actions.setdefault(name, {"action": {}, "parameters": {}, "filters": {}, "errors": {}})


def of_scenarios(actions, report):
    client = report["client"].split()[0]
    good = {told["name"] for told in report["scenarios"] if told["outcome"] == "passed"}
    for name, seen in report["actions"].items():
        stories = [f"scenario {story}" for story in seen["by"] if story in good]
        if not stories:
            continue
        row = entry(actions, name)
        for story in stories:
            note(row["action"], "asserted" if seen["asserted"] or seen["refused"] else "sent", story, client)
            for code in seen["refused"]:
                note(row["errors"].setdefault(code, {}), "asserted", story, client)
        for kind in ("parameters", "filters"):
            for part, found in seen[kind].items():
                lookers = [f"scenario {story}" for story in found.get("by", []) if story in good]
                for story in lookers or stories:
                    note(row[kind].setdefault(part, {}), "asserted" if lookers else "sent", story, client)


def of_cases(actions, rows):
    for told in rows:
        request, by, client = told["request"], told["case"], told["by"].replace("aws", "aws-cli")
        row = entry(actions, request["action"])
        if error := told["expect"].get("error"):
            note(row["errors"].setdefault(error["code"], {}), "asserted", by, client)
            note(row["action"], "sent", by, client)
            continue
        note(row["action"], "asserted", by, client)
        shown = scalars(told["expect"].get("answer") or {})
        for name, values in parameters(request["parameters"]).items():
            last = name.rsplit(".", 1)[-1]
            visible = values and all((last, value) in shown or (last.removesuffix("s"), value) in shown for value in values)
            note(row["parameters"].setdefault(name, {}), "asserted" if visible else "sent", by, client)
        for one in request["parameters"].get("Filters") or []:
            if isinstance(one.get("Name"), str):
                name = "tag:<key>" if one["Name"].startswith("tag:") else one["Name"]
                note(row["filters"].setdefault(name, {}), "sent", by, client)


def parameters(value, prefix=""):
    """Scalars by the name of their parameter."""
    found = {}
    for name, item in value.items():
        name = f"{prefix}{name}"
        rest = [item]
        found.setdefault(name, [])
        while rest:
            item = rest.pop()
            if isinstance(item, list):
                rest.extend(item)
            elif isinstance(item, dict):
                for inner, values in parameters(item, f"{name}.").items():
                    found.setdefault(inner, []).extend(values)
            else:
                found[name].append(json.dumps(item))
    return found


def scalars(value, name=""):
    if isinstance(value, dict):
        return set().union(*(scalars(item, key) for key, item in value.items()))
    if isinstance(value, list):
        return set().union(*(scalars(item, name) for item in value))
    return {(name, json.dumps(value))}


def written(runs):
    """A line for each thing that was seen, sorted, so that differences are read line by line."""
    out = ['{', '"written_by": "tests/openstack/evidence.py, as cargo xtask openstack evidence runs it; not by hand",', '"runs": [']
    for last, run in ((one is runs[-1], one) for one in runs):
        out += ['{']
        out += [f'"{key}": {json.dumps(run[key], sort_keys=True)},' for key in ("release", "date", "services", "clients")]
        out += ['"actions": {']
        names = sorted(run["actions"])
        for name in names:
            row = run["actions"][name]
            out += [f'"{name}": {{', f'  "action": {line(row["action"])}' + ("," if any(row[kind] for kind in ("parameters", "filters", "errors")) else "")]
            kinds = [kind for kind in ("parameters", "filters", "errors") if row[kind]]
            for kind in kinds:
                parts = [f'    {json.dumps(part)}: {line(seen)}' for part, seen in sorted(row[kind].items())]
                out += [f'  "{kind}": {{', ",\n".join(parts), "  }" + ("," if kind != kinds[-1] else "")]
            out += ["}" + ("," if name != names[-1] else "")]
        out += ["}", "}" + ("" if last else ",")]
    return "\n".join([*out, "]", "}"]) + "\n"


def line(seen):
    by = sorted(set(seen["by"]))
    return json.dumps({"how": seen["how"], "by": by[:NAMED], "clients": sorted(set(seen["clients"]))})


if __name__ == "__main__":
    main(Path(sys.argv[1]))
