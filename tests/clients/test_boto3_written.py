"""What `stacklens convert --to boto3` writes sends what was read: requests of the cases, and of actions drawn from botocore's model."""

import ast
import json
import random
from pathlib import Path

import botocore.session
from botocore.config import Config

from converted import ENVIRONMENT, Sent, convert, difference, plain, stopped

CASES = Path(__file__).parent.parent / "cases"
DRAWN = 400


def request_texts():
    """The requests of the cases."""
    texts = []
    for path in sorted(CASES.rglob("*.yaml")):
        lines = path.read_text(encoding="utf-8").splitlines()
        for number, line in enumerate(lines):
            if line == "request: |":
                block = []
                for more in lines[number + 1:]:
                    if more.strip() and not more.startswith("  "):
                        break
                    block.append(more[2:])
                texts.append("\n".join(block).strip())
            elif line.startswith('request: "'):
                texts.append(json.loads(line.removeprefix("request: ")))
    return texts


def random_requests(count):
    """Requests made from botocore's model, always the same ones."""
    chance = random.Random(20260131)
    service = botocore.session.get_session().get_service_model("ec2")
    texts = []
    for _ in range(count):
        operation = service.operation_model(chance.choice(service.operation_names))
        value = sample(chance, operation.input_shape, 0) if operation.input_shape else {}
        texts.append(json.dumps({"Action": operation.name, **value}))
    return texts


def sample(chance, shape, depth):
    kind = shape.type_name
    if kind == "structure":
        return {
            name: sample(chance, member, depth + 1)
            for name, member in shape.members.items()
            if (name in shape.required_members or chance.random() < 0.5 / (depth + 1)) and depth < 6
        }
    if kind == "list":
        return [sample(chance, shape.member, depth + 1) for _ in range(chance.randint(1, 2))]
    if kind == "boolean":
        return chance.random() < 0.5
    if kind in ("integer", "long"):
        return chance.randint(0, 4000)
    if kind in ("double", "float"):
        return chance.choice([0.5, 1.25, 8.0])
    if kind == "timestamp":
        return "2026-01-31T12:00:00Z"
    if kind == "blob":
        return "AAH/"
    if shape.metadata.get("enum"):
        return chance.choice(shape.metadata["enum"])
    return chance.choice(["x", "a b", "it's", 'say "a"', "a,b=c", "é 😀", "line\nline", "\\", "true", "-1", "aGVsbG8="])


def test_what_is_written_for_boto3_sends_the_same(monkeypatch, capfd):
    for name, value in ENVIRONMENT.items():
        monkeypatch.setenv(name, value)
    readings = [reading for reading in convert(request_texts() + random_requests(DRAWN), "--to", "boto3") if reading["written"]]
    assert len(readings) > 450
    client = botocore.session.get_session().create_client(
        "ec2", region_name="us-east-1", config=Config(parameter_validation=False)
    )
    sent = stopped(client.meta.events)
    wrong = []
    compared = 0
    for reading in readings:
        if "# boto3 cannot say" in reading["written"] or any(d["severity"] == "warning" for d in reading["diagnostics"]):
            continue
        call = next(
            node for node in ast.walk(ast.parse(reading["written"]))
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and getattr(node.func.value, "id", "") == "ec2"
        )
        arguments = {keyword.arg: ast.literal_eval(keyword.value) for keyword in call.keywords}
        sent.clear()
        try:
            getattr(client, call.func.attr)(**arguments)
        except Sent:
            pass
        compared += 1
        if why := difference(reading["query"], plain(sent[0])):
            wrong.append((reading["written"], why))
    with capfd.disabled():
        print(f"\n{compared} requests written for boto3")
    assert compared > 400
    assert not wrong, "\n\n".join(f"{written}\n{why}" for written, why in wrong[:20])
