"""The services' configuration files, from the templates."""

import shutil
from string import Template

from .layout import PORTS, REGION, TEMPLATES, ZONE

# Where each template goes below `etc`; the user of the service's own calls is named as the folder.
FILES = {
    "keystone/keystone.conf": "keystone.conf",
    "glance/glance-api.conf": "glance-api.conf",
    "placement/placement.conf": "placement.conf",
    "nova/nova.conf": "nova.conf",
    "nova/nova-db.conf": "nova-db.conf",
    "neutron/neutron.conf": "neutron.conf",
    "neutron/ml2_conf.ini": "ml2_conf.ini",
    "cinder/cinder.conf": "cinder.conf",
    "gunicorn.py": "gunicorn.py",
    "rabbitmq.conf": "rabbitmq.conf",
    "my.cnf": "my.cnf",
}
# Files of the packages that are used as they are, below the environment's own `etc`.
FROM_PACKAGES = ("nova/api-paste.ini", "nova/rootwrap.conf")
FOLDERS = (
    "mysql", "rabbitmq", "keystone/fernet", "keystone/credential", "glance/images", "glance/staging",
    "glance/tasks", "nova", "neutron", "cinder/volumes", "cinder/conversion", "locks",
)


def write(layout, seed):
    """Writes every file and makes the folders that they name."""
    for folder in FOLDERS:
        (layout.state / folder).mkdir(parents=True, exist_ok=True)
    for folder in ("keystone", "keystone/fernet", "keystone/credential"):
        (layout.state / folder).chmod(0o700)
    for target, name in FILES.items():
        path = layout.etc / target
        path.parent.mkdir(parents=True, exist_ok=True)
        text = fill(name, values(layout, seed, path.parent.name))
        path.write_text(text)
    (layout.etc / "rabbitmq-plugins").write_text("[].\n")
    for name in FROM_PACKAGES:
        shutil.copy(layout.venv / "etc" / name, layout.etc / name)


def fill(name, known):
    return Template((TEMPLATES / name).read_text()).substitute(known)


def values(layout, seed, service):
    known = {
        "folder": layout.folder,
        "etc": layout.etc,
        "log": layout.log,
        "run": layout.run,
        "socket": layout.socket,
        "state": layout.state,
        "venv": layout.venv,
        "auth_url": layout.auth_url,
        "transport_url": layout.transport_url,
        "region": REGION,
        "zone": ZONE,
        "service": service,
        "password": seed["services"]["password"],
        "default_volume_type": seed["default_volume_type"],
    }
    for name in PORTS:
        key = name.replace("-", "_")
        known[f"{key}_port"] = layout.port(name)
        known[f"{key}_url"] = layout.url(name)
    for name in ("keystone", "glance", "placement", "nova_api", "nova_cell1", "neutron", "cinder"):
        known[f"{name}_database"] = layout.database(name)
    for group, limits in seed["quotas"].items():
        known[f"{group}_quotas"] = "\n".join(f"{name} = {limit}" for name, limit in limits.items())
    known["credential"] = fill("credential.part", known)
    known["pool"] = fill("pool.part", known)
    known["common"] = fill("common.part", known)
    known["authtoken"] = fill("authtoken.part", known)
    return known
