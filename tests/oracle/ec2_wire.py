#!/usr/bin/env python3
"""Writes ec2_wire.jsonl: what botocore sends for given parameters, and what it reads from given answers.

    tests/.venv/bin/python tests/oracle/ec2_wire.py

The values are drawn at random from the service model with a fixed seed; crates/ec2-wire/tests/botocore.rs holds
the codec against them. Each line is {"action", "parameters", "body"} or {"action", "value", "xml"}.
"""

import base64
import datetime
import json
import pathlib
import random
import string
import urllib.parse
from xml.sax.saxutils import escape

import botocore.loaders
import botocore.model
import botocore.parsers
import botocore.serialize

NAMESPACE = "http://ec2.amazonaws.com/doc/2016-11-15/"
ALWAYS = """RunInstances DescribeInstances DescribeInstanceStatus DescribeInstanceTypes ModifyInstanceAttribute
    DescribeInstanceAttribute GetConsoleOutput DescribeImages ImportKeyPair DescribeKeyPairs CreateVolume DescribeVolumes
    DescribeSnapshots CreateSecurityGroup AuthorizeSecurityGroupIngress RevokeSecurityGroupEgress DescribeSecurityGroups
    DescribeSecurityGroupRules AllocateAddress DescribeAddresses AssociateAddress CreateTags DescribeTags DescribeRegions
    DescribeAvailabilityZones CreateVpc DescribeVpcs CreateSubnet DescribeSubnets CreateNetworkInterface ImportImage
    RequestSpotInstances CreateLaunchTemplate CreateFleet""".split()

random.seed(20161115)
service = botocore.model.ServiceModel(botocore.loaders.Loader().load_service_model("ec2", "service-2"), "ec2")
serializer = botocore.serialize.create_serializer("ec2", include_validation=False)
parsers = botocore.parsers.ResponseParserFactory()
parsers.set_parser_defaults(timestamp_parser=lambda text: text)
parser = parsers.create_parser("ec2")


def text():
    pool = string.ascii_letters + string.digits + " -_.~/+&=%<>\"'é漢"
    return "".join(random.choice(pool) for _ in range(random.randint(1, 9)))


def scalar(shape):
    kind = shape.type_name
    if kind == "string":
        return random.choice(shape.enum) if shape.enum else text()
    if kind == "integer":
        return random.randint(-(2**31), 2**31 - 1)
    if kind == "long":
        return random.randint(-(2**63), 2**63 - 1)
    if kind in ("float", "double"):
        return random.randint(-1000, 1000) / 8
    if kind == "boolean":
        return random.random() < 0.5
    if kind == "timestamp":
        return datetime.datetime(2000, 1, 1, tzinfo=datetime.timezone.utc) + datetime.timedelta(
            seconds=random.randint(0, 10**9)
        )
    if kind == "blob":
        return random.randbytes(random.randint(1, 8))
    raise ValueError(kind)


def value(shape, depth=0):
    if shape.type_name == "structure":
        names = list(shape.members)
        wanted = max(1, 4 - depth)
        chosen = sorted(random.sample(range(len(names)), min(len(names), wanted)))
        members = ((names[at], value(shape.members[names[at]], depth + 1)) for at in chosen)
        return {name: member for name, member in members if member not in ({}, [])}
    if shape.type_name == "list":
        items = (value(shape.member, depth + 1) for _ in range(random.randint(1, 2)))
        return [item for item in items if item not in ({}, [])]
    return scalar(shape)


def as_json(thing, milliseconds=""):
    if isinstance(thing, dict):
        return {name: as_json(member, milliseconds) for name, member in thing.items()}
    if isinstance(thing, list):
        return [as_json(item, milliseconds) for item in thing]
    if isinstance(thing, datetime.datetime):
        return thing.strftime(f"%Y-%m-%dT%H:%M:%S{milliseconds}Z")
    if isinstance(thing, bytes):
        return base64.b64encode(thing).decode()
    return thing


def xml(element, shape, thing):
    if shape.type_name == "structure":
        inner = "".join(
            xml(shape.members[name].serialization.get("name", name), shape.members[name], member)
            for name, member in thing.items()
        )
    elif shape.type_name == "list":
        item = shape.member.serialization.get("name", "member")
        inner = "".join(xml(item, shape.member, member) for member in thing)
    elif isinstance(thing, bool):
        inner = "true" if thing else "false"
    elif isinstance(thing, float):
        inner = repr(thing).removesuffix(".0")
    else:
        inner = escape(str(as_json(thing, ".000")), {'"': "&quot;"})
    return f"<{element}>{inner}</{element}>"


def answer(name, shape, thing):
    inner = xml("x", shape, thing)[3:-4]
    return f'<{name}Response xmlns="{NAMESPACE}"><requestId>r</requestId>{inner}</{name}Response>'


def lines():
    names = ALWAYS + sorted(random.sample(sorted(set(service.operation_names) - set(ALWAYS)), 150))
    for name in names:
        operation = service.operation_model(name)
        parameters = value(operation.input_shape)
        sent = serializer.serialize_to_request(parameters, operation)["body"]
        yield {"action": name, "parameters": as_json(parameters), "body": urllib.parse.urlencode(sent)}
        if operation.output_shape is None or not operation.output_shape.members:
            continue
        given = value(operation.output_shape)
        if "Return" in operation.output_shape.members:
            given["Return"] = True if operation.output_shape.members["Return"].type_name == "boolean" else "true"
        document = answer(name, operation.output_shape, given)
        response = {"status_code": 200, "headers": {}, "body": document.encode()}
        read = parser.parse(response, operation.output_shape)
        del read["ResponseMetadata"]
        assert as_json(read) == as_json(given, ".000"), (name, read, given)
        yield {"action": name, "value": as_json(read), "xml": document}


out = pathlib.Path(__file__).with_name("ec2_wire.jsonl")
with out.open("w", encoding="utf-8") as file:
    for line in lines():
        file.write(json.dumps(line, ensure_ascii=False, separators=(",", ":")) + "\n")
print(f"wrote {out}: {out.stat().st_size} bytes")
