"""The programs of the cloud: how each is started, and how it shows that it is ready."""

import socket
import subprocess
import urllib.error
import urllib.request
from dataclasses import dataclass, field
from typing import Callable

from .layout import FOLDER_VARIABLE, PORTS_VARIABLE, SOURCE


@dataclass(frozen=True)
class Service:
    """A program that runs as long as the cloud."""

    name: str
    command: list
    ready: Callable[[], bool]
    settings: dict = field(default_factory=dict)
    limit: int = 240


def table(layout):
    """Every service by name, in the order of starting."""
    binaries = layout.venv / "bin"
    nova = ["--config-file", layout.etc / "nova/nova.conf"]
    nova_database = [*nova, "--config-file", layout.etc / "nova/nova-db.conf"]
    cinder = ["--config-file", layout.etc / "cinder/cinder.conf"]

    def api(name, module, arguments=()):
        settings = {
            "API_MODULE": module,
            "API_PORT": str(layout.port(name)),
            "API_ARGUMENTS": " ".join(str(word) for word in (name, *arguments)),
        }
        command = [binaries / "gunicorn", "--config", layout.etc / "gunicorn.py"]
        return Service(name, command, lambda: answers(layout.url(name)), settings)

    def daemon(name, options, ready=None):
        log = layout.log / f"{name}.log"
        command = [binaries / name, *options, "--log-file", log]
        return Service(name, command, ready or (lambda: name in heartbeats(layout)))

    conductor_log = layout.log / "nova-conductor.log"
    rabbit = {
        "HOME": str(layout.state / "rabbitmq"),
        "ERL_EPMD_ADDRESS": "127.0.0.1",
        "ERL_EPMD_PORT": str(layout.port("epmd")),
        "RABBITMQ_CONF_ENV_FILE": "/dev/null",
        "RABBITMQ_NODENAME": "stacklens@localhost",
        "RABBITMQ_DIST_PORT": str(layout.port("rabbitmq-nodes")),
        "RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS": "-kernel inet_dist_use_interface {127,0,0,1}",
        "RABBITMQ_MNESIA_BASE": str(layout.state / "rabbitmq/mnesia"),
        "RABBITMQ_LOG_BASE": str(layout.log),
        "RABBITMQ_PID_FILE": str(layout.run / "rabbitmq.own"),
        "RABBITMQ_CONFIG_FILE": str(layout.etc / "rabbitmq.conf"),
        "RABBITMQ_ENABLED_PLUGINS_FILE": str(layout.etc / "rabbitmq-plugins"),
    }
    services = [
        Service(
            "mariadb",
            ["/usr/sbin/mariadbd", f"--defaults-file={layout.etc / 'my.cnf'}", "--user=root"],
            lambda: sql(layout, "select 1"),
        ),
        Service(
            "memcached",
            ["/usr/bin/memcached", "-u", "root", "-l", "127.0.0.1", "-p", layout.port("memcached"), "-U", "0", "-m", "128"],
            lambda: says(layout.port("memcached"), b"version\r\n", b"VERSION"),
        ),
        Service(
            "epmd",
            ["/usr/bin/epmd", "-port", layout.port("epmd")],
            lambda: listens(layout.port("epmd")),
            {"ERL_EPMD_ADDRESS": "127.0.0.1"},
        ),
        Service(
            "rabbitmq",
            ["/usr/lib/rabbitmq/bin/rabbitmq-server"],
            lambda: says(layout.port("rabbitmq"), b"AMQP\x00\x00\x09\x01", b""),
            rabbit,
        ),
        api("keystone", "keystone.wsgi.api:application"),
        api("placement", "placement.wsgi.api:application"),
        daemon("nova-conductor", nova_database, lambda: holds(conductor_log, b"Starting conductor node")),
        daemon("nova-scheduler", nova_database),
        api("neutron-api", "neutron.wsgi.api:application"),
        api("nova-api", "nova.wsgi.osapi_compute:application"),
        api("glance-api", "glance.wsgi.api:application"),
        api("cinder-api", "cinder.wsgi.api:application", cinder),
        daemon("cinder-scheduler", cinder),
        daemon("cinder-volume", cinder),
        daemon("nova-compute", nova),
    ]
    return {service.name: service for service in services}


def answers(url):
    """Whether an API answers with anything but a failure of its own."""
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        opener.open(url + "/", timeout=20).close()
    except urllib.error.HTTPError as error:
        return error.code < 500
    except OSError:
        return False
    return True


def says(port, hello, prefix):
    try:
        with socket.create_connection(("127.0.0.1", port), 2) as peer:
            peer.settimeout(2)
            peer.sendall(hello)
            heard = peer.recv(64)
    except OSError:
        return False
    return bool(heard) and heard.startswith(prefix)


def listens(port):
    try:
        socket.create_connection(("127.0.0.1", port), 2).close()
    except OSError:
        return False
    return True


def holds(log, text):
    try:
        return text in log.read_bytes()
    except OSError:
        return False


def sql(layout, statement):
    """Runs SQL as the database's root; whether that worked."""
    client = ["/usr/bin/mariadb", "--no-defaults", "-uroot", f"--socket={layout.socket}", "-e", statement]
    return subprocess.run(client, capture_output=True, check=False).returncode == 0


def heartbeats(layout):
    """The daemons that were heard of since their processes started."""
    done = inside(layout, "heartbeats")
    return set(done.stdout.split()) if done.returncode == 0 else set()


def inside(layout, *words, **options):
    """Runs a part of the harness in the services' own Python, which has openstacksdk."""
    environment = layout.environment() | {
        "PYTHONPATH": str(SOURCE),
        "PYTHONDONTWRITEBYTECODE": "1",
        FOLDER_VARIABLE: str(layout.folder),
        PORTS_VARIABLE: str(layout.base),
    }
    command = [layout.python(), "-m", "harness.inside", *words]
    return subprocess.run(
        command, cwd=layout.folder, env=environment, check=False, stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, **options,
    )
