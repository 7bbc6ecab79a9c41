"""Runs a case on a cloud: what goes before it, the request itself, and how its answer differs from the file's."""

import itertools
import sys
import time
import urllib.request
from pathlib import Path
from urllib.error import HTTPError
from urllib.parse import quote, urlencode
from xml.etree import ElementTree

from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

from case_files import read_request, resolved, words_of
from same_answer import difference

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "clients"))
from sender import Aws, Boto3  # noqa: E402

# A cloud that is asked to wait settles: nothing is on its way to another state.
SETTLED = 180
UNSETTLED_SERVERS = {"BUILD", "REBOOT", "HARD_REBOOT", "RESIZE", "VERIFY_RESIZE"}
UNSETTLED_VOLUMES = {"creating", "attaching", "detaching", "deleting", "downloading", "uploading", "extending"}


class Stage:
    """The projects of one case, made when they are first named."""

    def __init__(self, projects, endpoint, region, by="boto3"):
        self.projects, self.endpoint, self.region, self.by = projects, endpoint, region, by
        self.made, self.untouched = {}, True

    def project(self, name):
        if name not in self.made:
            self.made[name] = self.projects.take(name)
        return self.made[name]

    def connection(self, name):
        if name != "admin":
            return self.project(name).cloud
        # An administrator changes what the project may.
        self.untouched = False
        self.project("demo").changed = True
        return self.projects.admin

    def send(self, project, text, by):
        """The reply as `sender` writes it, the request, and who sent it."""
        request = read_request(text)
        self.untouched &= request["action"].startswith(("Describe", "Get"))
        unknown = any(leaf["pointer"] is None for leaf in request["leaves"])
        if unknown or by == "query":
            return self.raw(project, request), request, "query"
        made = self.project(project)
        if (by, self.endpoint) not in made.senders:
            kind = {"boto3": Boto3, "aws": Aws}[by]
            made.senders[by, self.endpoint] = kind(self.endpoint, self.region, {"me": made.key})
        line = {"as": "me", "action": request["action"], "parameters": request["parameters"]}
        if by == "aws":
            line["command"] = words_of(text)
        reply = made.senders[by, self.endpoint].send(line)
        if "unsendable" in reply:
            # No client of EC2 writes such a request, but somebody's own may.
            return self.raw(project, request), request, "query"
        return reply, request, by

    def raw(self, project, request):
        pairs = [("Action", request["action"]), ("Version", "2016-11-15")]
        body = urlencode(pairs + [(leaf["key"], leaf["text"]) for leaf in request["leaves"]], quote_via=quote)
        headers = {"Content-Type": "application/x-www-form-urlencoded; charset=utf-8"}
        signed = AWSRequest("POST", self.endpoint + "/", headers=headers, data=body)
        SigV4Auth(Credentials(*self.project(project).key), "ec2", self.region).add_auth(signed)
        try:
            with urllib.request.urlopen(urllib.request.Request(self.endpoint + "/", body.encode(), dict(signed.headers)), timeout=180):
                return {"answered": True}
        except HTTPError as refused:
            error = ElementTree.fromstring(refused.read()).find("Errors/Error")
            return {"error": {"status": refused.code, "code": error.findtext("Code"), "message": error.findtext("Message")}}

    def settle(self):
        end = time.monotonic() + SETTLED
        for made in self.made.values():
            while unsettled(made.cloud):
                assert time.monotonic() < end, f"{made.name} does not settle"
                time.sleep(0.5)

    def end(self):
        for made in self.made.values():
            self.projects.give_back(made, self.untouched)


def unsettled(cloud):
    servers = list(cloud.compute.servers())
    if any(server.status in UNSETTLED_SERVERS or server.task_state for server in servers):
        return True
    storage = itertools.chain(cloud.block_storage.volumes(), cloud.block_storage.snapshots())
    return any(thing.status in UNSETTLED_VOLUMES for thing in storage)


def native(stage, project, call, answers, simulated):
    """A call of OpenStack's own."""
    connection = stage.connection(project)
    stage.untouched = False
    call = resolved(call, answers)
    path = own_project(call["path"], simulated, stage)
    service = call["service"]
    endpoint = connection.endpoint_for({"block-storage": "block-storage"}.get(service, service))
    if service == "block-storage":
        endpoint = connection.block_storage.get_endpoint()
    elif service == "network":
        endpoint = endpoint.rstrip("/").removesuffix("/v2.0")
    elif service == "image":
        endpoint = endpoint.rstrip("/").removesuffix("/v2")
    body = call.get("body")
    reply = connection.session.request(
        endpoint.rstrip("/") + path, call["method"], json=own_project(body, simulated, stage) if body is not None else None,
        microversion=call.get("microversion"), endpoint_filter={"service_type": service}, raise_exc=False,
    )
    assert reply.status_code < 400, f"{call['method']} {path} answers {reply.status_code} {reply.text[:300]}"
    return reply.json() if reply.text.startswith(("{", "[")) else None


def own_project(value, simulated, stage):
    """With the project of this run in the place of the simulated one."""
    if isinstance(value, str):
        return value.replace(simulated, stage.project("demo").id) if simulated in value else value
    if isinstance(value, list):
        return [own_project(item, simulated, stage) for item in value]
    if isinstance(value, dict):
        return {name: own_project(item, simulated, stage) for name, item in value.items()}
    return value


def run(case, stage):
    """What differs from the file, in words (none: nothing), the request, and who sent it."""
    answers = {}
    for number, step in enumerate(case.given, 1):
        project = step.get("project", case.project)
        if "wait" in step:
            stage.settle()
            continue
        if "openstack" in step:
            answer = native(stage, project, step["openstack"], answers, case.simulated_project)
        else:
            text = own_project(resolved(step["request"], answers), case.simulated_project, stage)
            reply, request, _ = stage.send(project, text, "boto3")
            assert "answer" in reply or "answered" in reply, f"step {number}: {request['action']}: {reply}"
            answer = reply.get("answer")
        if "name" in step:
            answers[step["name"]] = answer
    text = own_project(resolved(case.request, answers), case.simulated_project, stage)
    by = "aws" if stage.by == "aws" and case.by_command else "boto3"
    reply, request, by = stage.send(case.project, text, by)
    return told(case.expect, reply), request, by


def told(expect, reply):
    wanted, error = expect.get("error"), reply.get("error")
    if wanted:
        if not error:
            return f"was answered, expected {wanted['code']}: {reply}"[:600]
        # The AWS CLI does not say the status.
        same = error["code"] == wanted["code"] and error["status"] in (0, wanted["status"])
        return None if same else f"expected {wanted['status']} {wanted['code']}, found {error}"
    if error or "broken" in reply:
        return f"expected an answer, found {reply}"
    return None if "answered" in reply else difference(expect.get("answer") or {}, reply["answer"])
