"""Where everything of the cloud is: folders, ports, addresses."""

import hashlib
import os
from pathlib import Path

SOURCE = Path(__file__).resolve().parents[1]
WORKSPACE = SOURCE.parents[1]
LOCK = SOURCE / "requirements.lock"
SEED = SOURCE / "seed.toml"
TEMPLATES = SOURCE / "templates"
STAND_INS = SOURCE / "stand_ins"

FOLDER_VARIABLE = "STACKLENS_OPENSTACK_DIR"
PORTS_VARIABLE = "STACKLENS_OPENSTACK_PORTS"
REGION = "RegionOne"
ZONE = "nova"
# A path of a Unix socket has 107 bytes at most; the longest below the folder needs 15.
LONGEST_FOLDER = 90

# Added to the base; RabbitMQ keeps off 25672, the port between nodes of a RabbitMQ beside this one.
PORTS = {
    "keystone": 5000,
    "nova-api": 8774,
    "cinder-api": 8776,
    "placement": 8778,
    "glance-api": 9292,
    "neutron-api": 9696,
    "rabbitmq": 5682,
    "rabbitmq-nodes": 5683,
    "epmd": 4369,
    "memcached": 11211,
}
BASE = 20000


class Trouble(Exception):
    """What a person can mend; the text says how."""


class Cannot(Trouble):
    """This machine cannot run the cloud at all."""


def chosen_folder():
    named = os.environ.get(FOLDER_VARIABLE)
    folder = Path(named).absolute() if named else WORKSPACE / "target" / "openstack"
    if len(os.fsencode(folder)) <= LONGEST_FOLDER:
        return folder
    if named:
        raise Trouble(
            f"{FOLDER_VARIABLE}={named} is too long for the database's socket: {LONGEST_FOLDER} bytes at most"
        )
    mark = hashlib.sha256(os.fsencode(folder)).hexdigest()[:12]
    return Path("/var/tmp") / f"stacklens-openstack-{mark}"


def chosen_base():
    text = os.environ.get(PORTS_VARIABLE, str(BASE))
    if not text.isdigit() or not 0 <= int(text) <= 65535 - max(PORTS.values()):
        raise Trouble(
            f"{PORTS_VARIABLE}={text}: give a number up to {65535 - max(PORTS.values())}; it is added to the usual ports"
        )
    return int(text)


class Layout:
    """The folders and addresses of one cloud."""

    def __init__(self):
        self.folder = chosen_folder()
        self.base = chosen_base()
        self.venv = self.folder / "venv"
        self.etc = self.folder / "etc"
        self.run = self.folder / "run"
        self.log = self.folder / "log"
        self.state = self.folder / "state"
        self.bin = self.folder / "bin"
        self.lib = self.folder / "lib"
        self.socket = self.run / "mysql.sock"
        self.clouds_yaml = self.folder / "clouds.yaml"

    def port(self, name):
        return self.base + PORTS[name]

    def url(self, name):
        return f"http://127.0.0.1:{self.port(name)}"

    @property
    def auth_url(self):
        return self.url("keystone") + "/v3"

    @property
    def transport_url(self):
        return f"rabbit://guest:guest@127.0.0.1:{self.port('rabbitmq')}/"

    def database(self, name):
        return f"mysql+pymysql://root@localhost/{name}?unix_socket={self.socket}&charset=utf8mb4"

    def python(self):
        return self.venv / "bin" / "python"

    def environment(self):
        """What every program of the cloud gets: nothing of the shell's own OpenStack or proxy."""
        kept = {
            name: value
            for name, value in os.environ.items()
            if not name.startswith(("OS_", "AWS_", "PYTHON", "GUNICORN", "RABBITMQ", "ERL_"))
            and not name.lower().endswith("_proxy")
        }
        paths = [self.venv / "bin", self.bin, "/usr/local/sbin", "/usr/sbin", "/sbin", kept.get("PATH", "/usr/bin:/bin")]
        return kept | {
            "PATH": ":".join(str(path) for path in paths),
            "VIRTUAL_ENV": str(self.venv),
            "PYTHONPATH": str(self.lib),
            "PYTHONWARNINGS": "ignore",
            "LC_ALL": "C.UTF-8",
            "OS_KEYSTONE_CONFIG_DIR": str(self.etc / "keystone"),
            "OS_PLACEMENT_CONFIG_DIR": str(self.etc / "placement"),
            "OS_GLANCE_CONFIG_DIR": str(self.etc / "glance"),
            "OS_NOVA_CONFIG_DIR": str(self.etc / "nova"),
            "OS_NOVA_CONFIG_FILES": "api-paste.ini;nova.conf;nova-db.conf",
            "OS_NEUTRON_CONFIG_DIR": str(self.etc / "neutron"),
            "OS_NEUTRON_CONFIG_FILES": "neutron.conf;ml2_conf.ini",
        }
