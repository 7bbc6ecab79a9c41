"""Sends EC2 requests for `stacklens conformance --through`, by boto3 or the AWS CLI.

    stacklens conformance --through "python tests/clients/sender.py boto3" …
    stacklens conformance --through "python tests/clients/sender.py aws" …

Reads a request a line, writes a reply a line: {"id", "as", "action", "parameters"} becomes {"id", "answer"} or {"id", "error"}.
Endpoint and credentials come from the environment.
"""

import base64
import json
import os
import re
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from pathlib import Path

import boto3
import botocore
import botocore.exceptions
from botocore import xform_name
from botocore.config import Config

TOGETHER = 32
# One for all clients, since each would read the whole model of EC2.
SESSION = boto3.session.Session()
TURN = threading.Lock()
# A command of the CLI is a process of its own.
TOGETHER_BY_COMMAND = 4


def keys_of_environment():
    keys = {"me": (os.environ["AWS_ACCESS_KEY_ID"], os.environ["AWS_SECRET_ACCESS_KEY"])}
    if "STACKLENS_OTHER_ACCESS" in os.environ:
        keys["other"] = (os.environ["STACKLENS_OTHER_ACCESS"], os.environ["STACKLENS_OTHER_SECRET"])
    return keys


def written(value):
    """An answer as JSON writes it: times as text, bytes as base64."""
    if isinstance(value, dict):
        return {name: written(item) for name, item in value.items() if name != "ResponseMetadata"}
    if isinstance(value, list):
        return [written(item) for item in value]
    if isinstance(value, datetime):
        return value.isoformat().replace("+00:00", "Z")
    if isinstance(value, bytes):
        return base64.b64encode(value).decode()
    return value


def encoded(action, answer):
    """botocore decodes the console's output; EC2 itself, and whoever sends without it, does not."""
    if action == "GetConsoleOutput" and isinstance(answer.get("Output"), str):
        answer["Output"] = base64.b64encode(answer["Output"].encode()).decode()
    return answer


def error(status, code, message):
    return {"error": {"status": status, "code": code, "message": message}}


class Boto3:
    together = TOGETHER

    def __init__(self, endpoint, region, keys):
        # What is wrong with a request is for the endpoint to say.
        config = Config(parameter_validation=False, retries={"max_attempts": 4}, max_pool_connections=TOGETHER, read_timeout=120)
        with TURN:
            self.clients = self.connected(endpoint, region, keys, config)
        self.name = f"boto3 {boto3.__version__}"

    @staticmethod
    def connected(endpoint, region, keys, config):
        return {
            who: SESSION.client(
                "ec2",
                endpoint_url=endpoint,
                region_name=region,
                aws_access_key_id=access,
                aws_secret_access_key=secret,
                aws_session_token=os.environ.get("AWS_SESSION_TOKEN") if who == "me" else None,
                config=config,
            )
            for who, (access, secret) in keys.items()
        }

    def send(self, request):
        client = self.clients[request["as"]]
        action = request["action"]
        try:
            shape = client.meta.service_model.operation_model(action).input_shape
        except botocore.exceptions.OperationNotFoundError:
            return {"unsendable": f"boto3 has no {action}"}
        try:
            parameters = {name: given(shape.members.get(name) if shape else None, value, action, name) for name, value in request["parameters"].items()}
            return {"answer": encoded(action, written(getattr(client, xform_name(action))(**parameters)))}
        except botocore.exceptions.ClientError as refused:
            said = refused.response
            return error(said["ResponseMetadata"]["HTTPStatusCode"], said["Error"]["Code"], said["Error"].get("Message", ""))
        except (botocore.exceptions.HTTPClientError, botocore.parsers.ResponseParserError) as broken:
            return {"broken": str(broken)}
        except (botocore.exceptions.BotoCoreError, TypeError, ValueError, AttributeError) as why:
            return {"unsendable": f"{type(why).__name__}: {why}"}


def given(shape, value, action, name):
    """A parameter as a user of boto3 writes it: boto3 itself makes base64 of bytes and of user data at launch."""
    if shape is None:
        return value
    if isinstance(value, dict) and shape.type_name == "structure":
        return {inner: given(shape.members.get(inner), item, action, inner) for inner, item in value.items()}
    if isinstance(value, list) and shape.type_name == "list":
        return [given(shape.member, item, action, name) for item in value]
    user_data = action == "RunInstances" and name == "UserData"
    if isinstance(value, str) and (shape.type_name == "blob" or user_data):
        try:
            return base64.b64decode(value, validate=True)
        except ValueError:
            if user_data:
                raise ValueError("boto3 makes base64 of user data, so it cannot send what is none") from None
            return value
    return value


class Aws:
    together = TOGETHER_BY_COMMAND

    def __init__(self, endpoint, region, keys):
        self.endpoint, self.region, self.keys = endpoint, region, keys
        self.program = Path(sys.executable).parent / "aws"
        said = subprocess.run([self.program, "--version"], capture_output=True, text=True, check=True)
        self.name = (said.stdout or said.stderr).split()[0].replace("/", " ")
        with TURN:
            self.model = SESSION._session.get_service_model("ec2")

    def send(self, request):
        access, secret = self.keys[request["as"]]
        words = request.get("command")
        if words is None:
            parameters = request["parameters"]
            if request["action"] not in self.model.operation_names:
                return {"unsendable": f"the AWS CLI has no {request['action']}"}
            shape = self.model.operation_model(request["action"]).input_shape
            if shape:
                parameters = {name: text(given(shape.members.get(name), value, request["action"], name)) for name, value in parameters.items()}
            words = [xform_name(request["action"], "-"), "--cli-input-json", json.dumps(parameters), "--no-paginate"]
        environment = {
            **os.environ,
            "AWS_ACCESS_KEY_ID": access,
            "AWS_SECRET_ACCESS_KEY": secret,
            "AWS_DEFAULT_REGION": self.region,
            "AWS_CONFIG_FILE": os.devnull,
            "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
        }
        command = [self.program, "--endpoint-url", self.endpoint, "--output", "json", "ec2", *words]
        done = subprocess.run(command, env=environment, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=120, check=False)
        if done.returncode == 0:
            return {"answer": encoded(request["action"], json.loads(done.stdout) if done.stdout.strip() else {})}
        refused = re.search(r"An error occurred \((?P<code>[^)]+)\) when calling the \w+ operation[^:]*: (?P<message>.*)", done.stderr, re.DOTALL)
        if refused:
            # The CLI does not say the status.
            return error(0, refused["code"], refused["message"].strip())
        return {"unsendable": done.stderr.strip()}


def text(value):
    """Bytes as the text that the AWS CLI takes for them."""
    if isinstance(value, dict):
        return {name: text(item) for name, item in value.items()}
    if isinstance(value, list):
        return [text(item) for item in value]
    return value.decode() if isinstance(value, bytes) else value


def main():
    kind = {"boto3": Boto3, "aws": Aws}[sys.argv[1] if len(sys.argv) > 1 else "boto3"]
    client = kind(os.environ["AWS_ENDPOINT_URL_EC2"], os.environ["AWS_DEFAULT_REGION"], keys_of_environment())
    turn = threading.Lock()

    def write(line):
        with turn:
            print(json.dumps(line), flush=True)

    def handle(line):
        request = json.loads(line)
        try:
            reply = client.send(request)
        except Exception as why:  # a request without a reply would be waited for
            reply = {"broken": f"{type(why).__name__}: {why}"}
        write({"id": request["id"], **reply})

    write({"client": client.name})
    with ThreadPoolExecutor(client.together) as threads:
        for line in sys.stdin:
            threads.submit(handle, line)


if __name__ == "__main__":
    main()
