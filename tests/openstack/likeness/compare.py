"""Two transcripts of one sequence: where they differ."""

import json
from dataclasses import dataclass


@dataclass
class Difference:
    """One place where the simulated cloud is not as the real one."""

    place: str
    call: str
    at: str
    what: str
    real: object
    simulated: object

    def __str__(self):
        real, simulated = (shown(one) for one in (self.real, self.simulated))
        return f"{self.place}\n  {self.call}\n  {self.what} at {self.at}\n    real      {real}\n    simulated {simulated}"


def shown(value):
    text = repr(value)
    return text if len(text) < 400 else text[:400] + " …"


def compare(sequence, real, simulated):
    """Every difference, in the order of the steps."""
    found = []
    for step, left, right in zip(sequence.steps, real, simulated):
        found += compare_step(step, left, right)
    for one in range(min(len(real), len(simulated)), max(len(real), len(simulated))):
        step = sequence.steps[one]
        found.append(Difference(step.place, step.call, "$", "sequence ended", one < len(real), one < len(simulated)))
    return found


def compare_step(step, real, simulated):
    def difference(at, what, left, right):
        return Difference(step.place, step.call, at, what, left, right)

    broken = [line.get("broken") for line in (real, simulated)]
    if any(broken):
        return [difference("$", "broken", broken[0], broken[1])]
    found = []
    if real["status"] != simulated["status"]:
        # Bodies of different answers have nothing to compare; shown is what they say.
        one = difference("status", "status", f"{real['status']} {short(real['body'])}",
                         f"{simulated['status']} {short(simulated['body'])}")
        return [one]
    for name in sorted(set(real["headers"]) | set(simulated["headers"])):
        left, right = real["headers"].get(name), simulated["headers"].get(name)
        # Of what kind nothing is, nobody asks.
        empty = name == "content-type" and real["body"] is None and simulated["body"] is None
        if left != right and not empty:
            found.append(difference(f"header {name}", "header", left, right))
    for side in (0, 1):
        passed = (real, simulated)[side].get("passed")
        if passed:
            found.append(difference("until", "state", *((passed, None) if side == 0 else (None, passed))))
    bodies = [line["body"] for line in (real, simulated)]
    for path in step.unordered:
        bodies = [sorted_at(body, path.split(".")) for body in bodies]
    walk(difference, "$", bodies[0], bodies[1], found)
    return found


def short(body):
    if isinstance(body, dict) and len(body) == 1:
        (inner,) = body.values()
        if isinstance(inner, dict):
            return inner.get("message", shown(body))
    return shown(body)


def sorted_at(body, path):
    """The body with the list at that path in the order of its text."""
    if isinstance(body, list):
        if not path:
            return sorted(body, key=lambda one: json.dumps(one, sort_keys=True))
        return [sorted_at(one, path) for one in body]
    if isinstance(body, dict) and path and path[0] in body:
        return {**body, path[0]: sorted_at(body[path[0]], path[1:])}
    return body


def walk(difference, at, real, simulated, found):
    if isinstance(real, dict) and isinstance(simulated, dict):
        for key in real:
            if key not in simulated:
                found.append(difference(f"{at}.{key}", "missing", real[key], None))
            else:
                walk(difference, f"{at}.{key}", real[key], simulated[key], found)
        for key in simulated:
            if key not in real:
                found.append(difference(f"{at}.{key}", "extra", None, simulated[key]))
    elif isinstance(real, list) and isinstance(simulated, list):
        if len(real) != len(simulated):
            found.append(difference(at, "length", f"{len(real)}: {shown(real)}", f"{len(simulated)}: {shown(simulated)}"))
            # The first of each still says whether rows look alike.
        for left, right in zip(real, simulated):
            walk(difference, f"{at}[]", left, right, found)
            if len(real) != len(simulated):
                break
    elif type(real) is not type(simulated):
        found.append(difference(at, "type", real, simulated))
    elif real != simulated:
        found.append(difference(at, "value", real, simulated))
