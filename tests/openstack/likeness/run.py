"""Sends a sequence to a cloud and writes down what came of it."""

import hmac
import json
import re
import time
from base64 import b64encode
from datetime import UTC, datetime, timedelta
from urllib.parse import quote

import jmespath

from .normal import Normal

PATIENCE = 60
# The others say how long or by whom; these mean something to clients.
HEADERS = ("content-type", "location", "retry-after", "openstack-api-version", "x-openstack-nova-api-version",
           "x-openstack-request-id", "x-subject-token", "www-authenticate", "allow", "vary")
REFERENCE = re.compile(r"\$\{([^}]+)\}")


def signature(known):
    """Signature version 2 of the request that the sequence says was signed."""
    given = {"SignatureVersion": "2", "SignatureMethod": "HmacSHA256", "AWSAccessKeyId": known["access"],
             "Timestamp": known["time.zulu"]}
    query = "&".join(f"{name}={quote(value, safe='-_.~')}" for name, value in sorted(given.items()))
    text = f"GET\n127.0.0.1\n/\n{query}"
    return b64encode(hmac.digest(known["secret"].encode(), text.encode(), "sha256")).decode()


COMPUTED = {"signature.v2": signature}


def filled(value, known, place):
    """A value with its `${…}` replaced."""
    def known_value(name):
        if name in COMPUTED:
            return COMPUTED[name](known)
        if name not in known:
            raise LookupError(f"{place}: nothing was saved as ${{{name}}}")
        return known[name]

    if isinstance(value, str):
        whole = REFERENCE.fullmatch(value)
        if whole:
            return known_value(whole.group(1))
        return REFERENCE.sub(lambda found: str(known_value(found.group(1))), value)
    if isinstance(value, list):
        return [filled(one, known, place) for one in value]
    if isinstance(value, dict):
        return {filled(key, known, place): filled(one, known, place) for key, one in value.items()}
    return value


def transcript(cloud, sequence):
    """What the cloud answered to each step; a step that could not be sent says why, and the sequence ends there."""
    lines = []
    with cloud.projects(sequence.quotas, sequence.used()) as (member, other):
        callers = {"member": member, "other": other, "admin": cloud.admin, "nobody": member}
        known = {
            **cloud.facts,
            "project": member.project, "user": member.user, "token": member.token,
            "other.project": other.project, "other.user": other.user, "other.token": other.token,
            "user.name": cloud.users[0][1], "project.name": member.project_name,
            "other.project.name": other.project_name, "admin.project": cloud.admin.project, "admin.user": cloud.admin.user,
            "role.member": cloud.roles["member"],
            "time.zulu": moment(0), "time.before": moment(-3600),
        }
        for step in sequence.steps:
            begun = time.monotonic()
            try:
                line = take(callers[step.by], step, known)
                lines.append({**line, "took": time.monotonic() - begun})
            except LookupError as reason:
                lines.append({"place": step.place, "broken": str(reason)})
                break
        return {"project": member.project, "endpoints": member.endpoints, "known": known, "lines": lines}


def comparable(sequence, taken):
    """A transcript without what must differ between two clouds."""
    normal = Normal(taken["endpoints"], taken["project"], taken["known"], sequence.literal)
    return [normal.value(line) for line in taken["lines"]]


def moment(seconds):
    return (datetime.now(UTC) + timedelta(seconds=seconds)).strftime("%Y-%m-%dT%H:%M:%SZ")


def take(caller, step, known):
    """Sends one step, again and again if it says until when."""
    path = filled(step.path, known, step.place)
    body = filled(step.body, known, step.place)
    text = filled(step.text, known, step.place)
    headers = filled(step.headers, known, step.place)
    until = filled(step.until, known, step.place)
    deadline = time.monotonic() + PATIENCE
    pause = 0.1
    seen = []
    while True:
        answer = caller.send(
            step.method, step.service, path, body, text=text, kind=step.type, version=step.version, headers=headers,
            token=step.by != "nobody",
        )
        content = payload(answer)
        line = {
            "place": step.place,
            "status": answer.status_code,
            "headers": {name: value(name, answer.headers[name]) for name in HEADERS if name in answer.headers},
            "body": content,
        }
        if not until:
            break
        now = {
            member: answer.status_code if member == "answer" else jmespath.search(member, content)
            for member in until
        }
        if not seen or seen[-1] != now:
            seen.append(now)
        if all(now[member] in (wanted if isinstance(wanted, list) else [wanted]) for member, wanted in until.items()):
            line["passed"] = [one for one in seen[:-1] if not on_the_way(one, step)]
            break
        if time.monotonic() > deadline:
            line["broken"] = f"still {now} after {PATIENCE} s"
            break
        time.sleep(pause)
        pause = min(pause * 1.3, 0.5)
    for name, wanted in step.save.items():
        if wanted.startswith("header "):
            found = answer.headers.get(wanted.removeprefix("header "))
        else:
            found = jmespath.search(wanted, content)
        if found is None:
            line["broken"] = f"nothing to save as {name}: {answer.status_code} {answer.text[:300]}"
        else:
            known[name] = found
    return line


def on_the_way(seen, step):
    """Whether a state may be seen before the one that is waited for; a thing is there until it is gone."""
    (member, value), *_ = seen.items()
    return value in step.through or (member == "answer" and value == 200)


def value(name, text):
    """A header's value; what it says of the moment only is left out."""
    if name == "x-openstack-request-id":
        return "<request id>" if re.fullmatch(r"req-[0-9a-f-]{36}", text) else text
    if name == "x-subject-token":
        return "<token>"
    if name == "www-authenticate":
        return text.split("=")[0]
    return text


def payload(answer):
    """The body as JSON if it is that, else as text."""
    if not answer.content:
        return None
    try:
        return json.loads(answer.content)
    except ValueError:
        return answer.text
