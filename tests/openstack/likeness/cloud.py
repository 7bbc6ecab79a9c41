"""A cloud under comparison: its tokens, its endpoints, and projects made for one sequence."""

import json
import threading
import time
import uuid
from contextlib import contextmanager

import jmespath
import requests

PASSWORD = "Likeness-7f3a"
# What sequences need and clouds name differently: looked up, never written into a sequence.
FACTS = {
    "image": ("image", "/v2/images?visibility=public&sort=name:asc&status=active", "images[0].id"),
    "flavor": ("compute", "/flavors/detail", "sort_by(flavors, &ram)[?name=='m1.nano'].id | [0]"),
    "larger": ("compute", "/flavors/detail", "flavors[?name=='m1.tiny'].id | [0]"),
    "public": ("network", "/v2.0/networks?router:external=true", "networks[0].id"),
    "public_subnet": ("network", "/v2.0/networks?router:external=true", "networks[0].subnets[0]"),
    "type": ("block-storage", "/types/default", "volume_type.name"),
}


class Cloud:
    """One of the two, reached by HTTP with an administrator's password."""

    def __init__(self, name, auth_url, username, password, project):
        self.name = name
        self.auth_url = auth_url.rstrip("/")
        self.local = threading.local()
        scope = {"project": {"name": project, "domain": {"id": "default"}}}
        token, body = self.authenticate(username, password, scope)
        self.admin = Caller(self, token, body)
        self.roles = {
            role["name"]: role["id"] for role in self.admin.get("identity", "/roles")["roles"]
        }
        self.users = []
        self.facts = {}

    def __enter__(self):
        self.open()
        return self

    def __exit__(self, *_):
        self.close()

    def http(self):
        if not hasattr(self.local, "session"):
            self.local.session = requests.Session()
        return self.local.session

    def authenticate(self, user, password, scope=None):
        user = {"name": user, "password": password, "domain": {"id": "default"}}
        auth = {"identity": {"methods": ["password"], "password": {"user": user}}}
        if scope:
            auth["scope"] = scope
        return self.issue(auth)

    def issue(self, auth):
        answer = self.http().post(f"{self.auth_url}/auth/tokens", json={"auth": auth}, timeout=60)
        answer.raise_for_status()
        return answer.headers["x-subject-token"], answer.json()["token"]

    def open(self):
        """Makes the two users that every sequence acts as."""
        for part in ("a", "b"):
            name = f"likeness-{part}-{uuid.uuid4().hex[:6]}"
            user = self.admin.post("identity", "/users", {"user": {"name": name, "password": PASSWORD}})["user"]
            token, _ = self.authenticate(name, PASSWORD)
            self.users.append((user["id"], name, token))
        for name, (service, path, wanted) in FACTS.items():
            self.facts[name] = jmespath.search(wanted, self.admin.get(service, path))
            if self.facts[name] is None:
                raise LookupError(f"The {self.name} cloud has nothing for ${{{name}}}: {path}")

    def close(self):
        for user, _, _ in self.users:
            self.admin.send("DELETE", "identity", f"/users/{user}")
        self.users = []

    @contextmanager
    def projects(self, quotas, used):
        """Two fresh projects and a caller in each; what is left in them is deleted in the end.

        `used` says by which member which services were asked to make things: `{"member": {"compute"}}`.
        """
        made = []
        try:
            for user, _, token in self.users:
                name = f"likeness-{uuid.uuid4().hex[:10]}"
                project = self.admin.post("identity", "/projects", {"project": {"name": name, "domain_id": "default"}})
                project = project["project"]["id"]
                made.append((project, user, token))
                path = f"/projects/{project}/users/{user}/roles/{self.roles['member']}"
                self.admin.send("PUT", "identity", path)
            callers = []
            for project, _, token in made:
                identity = {"methods": ["token"], "token": {"id": token}}
                callers.append(Caller(self, *self.issue({"identity": identity, "scope": {"project": {"id": project}}})))
            for service, limits in quotas.items():
                self.limit(callers[0].project, service, limits)
            yield callers
        finally:
            for (project, user, token), services in zip(made, (used["member"], used["other"])):
                identity = {"methods": ["token"], "token": {"id": token}}
                for service, path in (("compute", "os-quota-sets"), ("block-storage", "os-quota-sets"), ("network", "v2.0/quotas")):
                    if service in quotas and project == made[0][0]:
                        self.admin.send("DELETE", service, f"/{path}/{project}")
                try:
                    if services:
                        scope = {"project": {"id": project}}
                        Purge(Caller(self, *self.issue({"identity": identity, "scope": scope}))).of(services)
                finally:
                    self.admin.send("DELETE", "identity", f"/projects/{project}")

    def limit(self, project, service, limits):
        path, key = {
            "compute": (f"/os-quota-sets/{project}", "quota_set"),
            "block-storage": (f"/os-quota-sets/{project}", "quota_set"),
            "network": (f"/v2.0/quotas/{project}", "quota"),
        }[service]
        answer = self.admin.send("PUT", service, path, {key: limits})
        if answer.status_code != 200:
            raise RuntimeError(f"{self.name}: {service} quotas: {answer.text}")


class Caller:
    """A user in a project."""

    def __init__(self, cloud, token, body):
        self.cloud = cloud
        self.token = token
        self.user = body["user"]["id"]
        self.project = body["project"]["id"]
        self.project_name = body["project"]["name"]
        self.endpoints = {
            entry["type"]: end["url"].rstrip("/")
            for entry in body["catalog"]
            for end in entry["endpoints"]
            if end["interface"] == "public"
        }
        if "block-storage" not in self.endpoints:
            self.endpoints["block-storage"] = self.endpoints["volumev3"]
        if not self.endpoints["block-storage"].endswith(self.project):
            self.endpoints["block-storage"] += f"/{self.project}"
        self.endpoints["identity"] = cloud.auth_url

    def send(self, method, service, path, body=None, *, text=None, kind="application/json", version=None,
             headers=None, token=True):
        headers = {"Accept": "application/json", **(headers or {})}
        if token:
            headers.setdefault("X-Auth-Token", self.token)
        if version and service in ("compute", "block-storage"):
            name = "volume" if service == "block-storage" else service
            headers.setdefault("OpenStack-API-Version", f"{name} {version}")
        data = None
        if text is not None:
            data = text.encode()
        elif body is not None:
            data = json.dumps(body).encode()
        if data is not None:
            headers.setdefault("Content-Type", kind)
        url = self.endpoints[service] + path
        return self.cloud.http().request(method, url, data=data, headers=headers, timeout=60, allow_redirects=False)

    def get(self, service, path, **more):
        answer = self.send("GET", service, path, **more)
        answer.raise_for_status()
        return answer.json()

    def post(self, service, path, body, **more):
        answer = self.send("POST", service, path, body, **more)
        if answer.status_code >= 300:
            raise RuntimeError(f"{self.cloud.name}: {path}: {answer.status_code} {answer.text}")
        return answer.json()


class Purge:
    """Takes a project's things away."""

    def __init__(self, caller):
        self.caller = caller
        self.own = f"?tenant_id={caller.project}"

    def of(self, services):
        if "compute" in services:
            self.servers()
        if services & {"compute", "network"}:
            self.networks()
        if services & {"compute", "image"}:
            self.images()
        if services & {"compute", "block-storage"}:
            self.volumes()

    def rows(self, service, path, key):
        answer = self.caller.send("GET", service, path)
        rows = answer.json().get(key, []) if answer.status_code == 200 else []
        project = self.caller.project
        return [row for row in rows if row.get("tenant_id", row.get("owner", project)) == project]

    def delete(self, service, path, key, by=None):
        for row in self.rows(service, path, key):
            (by or self.caller).send("DELETE", service, f"{path.split('?')[0]}/{row['id']}")

    def gone(self, service, path, key):
        deadline = time.monotonic() + 60
        while self.rows(service, path, key) and time.monotonic() < deadline:
            time.sleep(0.3)

    def servers(self):
        for server in self.rows("compute", "/servers", "servers"):
            self.caller.send("POST", "compute", f"/servers/{server['id']}/action", {"unlock": None})
            self.caller.send("DELETE", "compute", f"/servers/{server['id']}")
        self.gone("compute", "/servers", "servers")
        self.delete("compute", "/os-server-groups", "server_groups")

    def networks(self):
        send = self.caller.send
        self.delete("network", f"/v2.0/floatingips{self.own}", "floatingips")
        for router in self.rows("network", f"/v2.0/routers{self.own}", "routers"):
            path = f"/v2.0/routers/{router['id']}"
            send("PUT", "network", path, {"router": {"routes": []}})
            for port in self.rows("network", f"/v2.0/ports?device_id={router['id']}", "ports"):
                send("PUT", "network", f"{path}/remove_router_interface", {"port_id": port["id"]})
            send("DELETE", "network", path)
        for kind in ("ports", "networks", "subnetpools", "address-groups"):
            self.delete("network", f"/v2.0/{kind}{self.own}", kind.replace("-", "_"))
        # Only an administrator may take away the group that every project has.
        self.delete("network", f"/v2.0/security-groups{self.own}", "security_groups", self.caller.cloud.admin)

    def images(self):
        for image in self.rows("image", f"/v2/images?owner={self.caller.project}", "images"):
            if image.get("protected"):
                patch = json.dumps([{"op": "replace", "path": "/protected", "value": False}])
                self.caller.send("PATCH", "image", f"/v2/images/{image['id']}", text=patch,
                                 kind="application/openstack-images-v2.1-json-patch")
        self.delete("image", f"/v2/images?owner={self.caller.project}", "images")

    def volumes(self):
        for kind in ("snapshots", "volumes"):
            self.delete("block-storage", f"/{kind}", kind)
            self.gone("block-storage", f"/{kind}", kind)
