"""A proxy between a gateway and every service, in which calls can be lost, cut, held back or answered wrongly.

It stands in the catalogue as a region of its own, so only a gateway that is told this region meets it. With a TLS context it speaks TLS.
"""

import contextlib
import http.client
import os
import re
import socket
import threading
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import urlsplit

import yaml

REGION = "Faults"
# The entry of its clouds.yaml, with the gateway's own credential.
CLOUD = "faulty"
# Other names of a service in the catalogue; which one is listed first is chance.
ALIASES = {"volumev3": "block-storage", "volume": "block-storage"}
CHANGES = ("POST", "PUT", "PATCH", "DELETE")
# What is between two peers only, and what is counted anew.
OWN_HEADERS = {"connection", "keep-alive", "transfer-encoding", "content-length", "host"}


@dataclass
class Call:
    """A call that came through; status None when no answer was given back."""

    service: str
    method: str
    path: str
    token: str = ""
    status: int | None = None

    @property
    def changes(self):
        return self.method in CHANGES and self.service != "identity"

    def __str__(self):
        path = re.sub(r"[0-9a-f]{8}-?([0-9a-f]{4}-?){3}[0-9a-f]{12}", "{id}", self.path.split("?")[0])
        return f"{self.method} {self.service} {path}"


@dataclass
class Fault:
    """What happens to the calls it is about. `skip` of them pass before, `times` of them are hit."""

    how: str
    about: callable
    skip: int = 0
    times: int = 1 << 30
    answer: tuple = (503, "", {})
    hit: list = field(default_factory=list)
    over: threading.Event = field(default_factory=threading.Event)

    def takes(self, call):
        if not self.about(call):
            return False
        if self.skip:
            self.skip -= 1
            return False
        if len(self.hit) >= self.times:
            return False
        self.hit.append(call)
        return True


class FaultyCloud:
    """The proxies of all services."""

    def __init__(self, admin, folder, region=REGION, tls=None):
        self._admin, self._name, self._tls = admin, region, tls
        self._lock = threading.Lock()
        self._faults = []
        self.calls = []
        self._servers = []
        self._region()
        self.clouds_yaml = self._clouds_yaml(Path(folder))

    def _listen(self, service, target):
        """A proxy before a service; its address."""
        server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        server.daemon_threads = True
        server.cloud, server.service, server.target = self, service, target
        if self._tls:
            server.socket = self._tls.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
        threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
        self._servers.append(server)
        return f"127.0.0.1:{server.server_address[1]}"

    def _region(self):
        keystone = self._admin.identity
        self.remove_region()
        keystone.create_region(id=self._name)
        services = {service.id: service for service in keystone.services()}
        addresses = {}
        for endpoint in list(keystone.endpoints(interface="public", region_id=self._admin.config.region_name)):
            kind = services[endpoint.service_id].type
            kind, url = ALIASES.get(kind, kind), urlsplit(endpoint.url.replace("$(project_id)s", "PROJECT"))
            if kind == "identity":
                continue
            if url.netloc not in addresses:
                addresses[url.netloc] = self._listen(kind, url.netloc)
            # Otherwise the address is that of the service, seen through the proxy.
            address = endpoint.url.replace(f"http://{url.netloc}", f"{self._scheme}://{addresses[url.netloc]}")
            keystone.create_endpoint(service_id=endpoint.service_id, interface="public", region_id=self._name, url=address)

    @property
    def _scheme(self):
        return "https" if self._tls else "http"

    def remove_region(self):
        keystone = self._admin.identity
        for endpoint in list(keystone.endpoints(region_id=self._name)):
            keystone.delete_endpoint(endpoint)
        keystone.delete_region(self._name)

    def _clouds_yaml(self, folder):
        known = yaml.safe_load(Path(os.environ["OS_CLIENT_CONFIG_FILE"]).read_text())
        entry = known["clouds"][os.environ["STACKLENS_SERVICE_CLOUD"]]
        url = urlsplit(entry["auth"]["auth_url"])
        address = self._listen("identity", url.netloc)
        entry["auth"]["auth_url"] = f"{self._scheme}://{address}{url.path}"
        entry["region_name"] = self._name
        path = folder / "clouds.yaml"
        path.write_text(yaml.safe_dump({"clouds": {CLOUD: entry}}))
        return path

    def close(self):
        for server in self._servers:
            server.shutdown()
            server.server_close()
        self.remove_region()

    @contextlib.contextmanager
    def fault(self, how, service=None, changes=None, method=None, path="", **further):
        """Until the block ends, calls of this service, method and path meet a fault; gives it, with the calls it hit.

        refuse: the connection ends before the service hears of the call; lose: it ends after; cut: in the midst of the
        answer; hang: nothing happens until the block ends; hold: the service hears of it only then, and it is answered;
        answer: another answer, (status, body, headers).
        """

        def about(call):
            return (
                service in (None, call.service)
                and method in (None, call.method)
                and changes in (None, call.changes)
                and re.search(path, call.path) is not None
            )

        fault = Fault(how, about, **further)
        with self._lock:
            self._faults.append(fault)
        try:
            yield fault
        finally:
            with self._lock:
                self._faults.remove(fault)
            fault.over.set()

    def meet(self, call):
        """Notes a call; the fault that it meets."""
        with self._lock:
            self.calls.append(call)
            return next((fault for fault in self._faults if fault.takes(call)), None)

    @contextlib.contextmanager
    def record(self):
        """Gives the list of the calls that come in the block."""
        seen = []
        with self._lock:
            start = len(self.calls)
        yield seen
        with self._lock:
            seen.extend(self.calls[start:])


class Handler(BaseHTTPRequestHandler):
    """Hands calls on."""

    protocol_version = "HTTP/1.1"

    def handle_one_request(self):
        with contextlib.suppress(ConnectionError):
            super().handle_one_request()

    def pass_on(self):
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        call = Call(self.server.service, self.command, self.path, self.headers.get("X-Auth-Token", ""))
        fault = self.server.cloud.meet(call)
        how = fault.how if fault else "pass"
        if how in ("hang", "hold"):
            fault.over.wait()
        if how in ("refuse", "hang"):
            return self.hang_up()
        if how == "answer":
            status, text, headers = fault.answer
            return self.give(call, status, headers.items(), text.encode())
        try:
            status, headers, answer = self.ask(body)
        except OSError:
            # The service is down: so is this.
            return self.hang_up()
        if how == "lose":
            return self.hang_up()
        return self.give(call, status, headers, answer, cut=how == "cut")

    def ask(self, body):
        connection = http.client.HTTPConnection(self.server.target, timeout=300)
        headers = {name: value for name, value in self.headers.items() if name.lower() not in OWN_HEADERS}
        # Links in answers lead back to the proxy.
        headers["Host"] = self.headers["Host"]
        connection.request(self.command, self.path, body or None, headers)
        answer = connection.getresponse()
        content = answer.read()
        connection.close()
        return answer.status, answer.getheaders(), content

    def give(self, call, status, headers, body, cut=False):
        call.status = status
        self.send_response_only(status)
        for name, value in headers:
            if name.lower() not in OWN_HEADERS:
                self.send_header(name, value)
        if status != 204:
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body[: len(body) // 2] if cut else body)
        self.wfile.flush()
        if cut:
            self.hang_up()

    def hang_up(self):
        self.close_connection = True
        with contextlib.suppress(OSError):
            self.connection.shutdown(socket.SHUT_RDWR)

    do_GET = do_HEAD = do_POST = do_PUT = do_PATCH = do_DELETE = pass_on

    def log_message(self, *_):
        """Nothing: the tests look at `calls`."""
