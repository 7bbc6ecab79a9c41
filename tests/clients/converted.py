"""What `stacklens convert` reads and writes, beside what botocore puts on the wire; nothing leaves the machine."""

import datetime
import json
import os
import subprocess

PROGRAM = os.environ.get("STACKLENS_PROGRAM", "stacklens")
ENVIRONMENT = {
    "AWS_ACCESS_KEY_ID": "demo",
    "AWS_SECRET_ACCESS_KEY": "demo",
    "AWS_DEFAULT_REGION": "us-east-1",
    "AWS_EC2_METADATA_DISABLED": "true",
    "AWS_CONFIG_FILE": os.devnull,
    "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
    "AWS_PAGER": "",
}
# What a client puts into a request without being asked: action, parameter, whether it adds or always sets it, the reason.
BY_THE_CLIENT = [
    ("*", "ClientToken", "adds", "botocore makes up a token, so that it can repeat the request"),
    ("CopySnapshot", "DestinationRegion", "sets", "botocore knows it from the client's region"),
    ("CopySnapshot", "PresignedUrl", "sets", "botocore signs a request to the other region into it"),
    ("DescribeSnapshots", "MaxResults", "adds", "the AWS CLI asks page by page"),
    ("DescribeVolumes", "MaxResults", "adds", "the AWS CLI asks page by page"),
]


class Sent(BaseException):
    """Stops the client in front of the network."""


def stopped(events):
    """A list that receives the body of every request in place of EC2."""
    sent = []

    def stop(params, **_):
        sent.append(params["body"])
        raise Sent

    events.register("before-call.ec2", stop)
    return sent


def convert(texts, *options):
    """What `stacklens convert --batch` says of many texts."""
    done = subprocess.run(
        [PROGRAM, "convert", "--batch", *options],
        input="".join(json.dumps(text) + "\n" for text in texts),
        capture_output=True, text=True, timeout=120, check=True,
    )
    answers = [json.loads(line) for line in done.stdout.splitlines()]
    assert len(answers) == len(texts)
    return answers


def plain(body):
    """Form parameters with one spelling each of moments, truth values and numbers."""
    result = {}
    for key, value in body.items():
        text = value.decode() if isinstance(value, bytes) else str(value)
        text = {"True": "true", "False": "false"}.get(text, text)
        result[key] = moment(text)
    return result


def moment(text):
    if len(text) < 10 or text[4:5] != "-" or not text[:4].isdigit():
        return text
    try:
        read = datetime.datetime.fromisoformat(text.replace("Z", "+00:00"))
    except ValueError:
        return text
    return read.replace(tzinfo=read.tzinfo or datetime.timezone.utc).astimezone(datetime.timezone.utc).isoformat()


def difference(ours, theirs):
    """Key, our value and the client's, where they differ without an explanation."""
    ours = plain(ours)
    keys = sorted(key for key in set(ours) | set(theirs) if ours.get(key) != theirs.get(key))
    rows = [(key, ours.get(key), theirs.get(key)) for key in keys]
    return [row for row in rows if not explained(theirs["Action"], *row)]


def explained(action, key, ours, theirs):
    return theirs is not None and any(
        who in (action, "*") and key.split(".")[-1] == member and (ours is None or how == "sets")
        for who, member, how, _ in BY_THE_CLIENT
    )
