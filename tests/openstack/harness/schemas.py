"""The database server's files, Keystone's keys, and the schemas by the services' own migrations."""

import base64
import os
import shutil
import time

from .layout import REGION, Trouble
from .processes import PAUSE
from .services import sql

LIMIT = 600


def prepare_database(layout, processes):
    """The files of an empty database server."""
    data = layout.state / "mysql/data"
    if data.exists():
        return
    fresh = layout.state / "mysql/fresh"
    shutil.rmtree(fresh, ignore_errors=True)
    job = [
        "/usr/bin/mariadb-install-db", f"--defaults-file={layout.etc / 'my.cnf'}", f"--datadir={fresh}", "--user=root",
        "--auth-root-authentication-method=normal", "--skip-test-db",
    ]
    run_jobs(layout, processes, {"database-files": [job]})
    fresh.rename(data)


def prepare_keys(layout):
    """Two keys each for tokens and stored credentials."""
    for kind in ("fernet", "credential"):
        for number in ("0", "1"):
            path = layout.state / "keystone" / kind / number
            if not path.exists():
                fresh = path.with_name(f".{number}")
                fresh.write_bytes(base64.urlsafe_b64encode(os.urandom(32)))
                fresh.chmod(0o600)
                fresh.rename(path)


def migrate(layout, processes):
    """Every schema that is not whole yet. One that was interrupted is made anew: MariaDB cannot take half of it back."""
    chains = {name: chain for name, chain in plans(layout).items() if not done(layout, name).exists()}
    for name in chains:
        processes.end([f"schemas-{name}"])
        for database in DATABASES[name]:
            if not sql(layout, f"drop database if exists {database}; create database {database}"):
                raise Trouble(f"the database {database} could not be made; see {processes.why_ended('mariadb')}")
    run_jobs(layout, processes, {f"schemas-{name}": chain for name, chain in chains.items()})
    for name in chains:
        done(layout, name).touch()
    return bool(chains)


DATABASES = {
    "neutron": ["neutron"],
    "nova": ["nova_api", "nova_cell0", "nova_cell1"],
    "cinder": ["cinder"],
    "glance": ["glance"],
    "keystone": ["keystone"],
    "placement": ["placement"],
}


def done(layout, name):
    return layout.state / f"schemas-{name}.done"


def plans(layout):
    """What makes each schema, the longest first."""
    binaries, etc = layout.venv / "bin", layout.etc
    nova = [binaries / "nova-manage", "--config-file", etc / "nova/nova.conf", "--config-file", etc / "nova/nova-db.conf"]
    keystone = [binaries / "keystone-manage", "--config-file", etc / "keystone/keystone.conf"]
    url = layout.auth_url + "/"
    return {
        "neutron": [
            [binaries / "neutron-db-manage", "--config-file", etc / "neutron/neutron.conf",
             "--config-file", etc / "neutron/ml2_conf.ini", "upgrade", "heads"],
        ],
        "nova": [
            [*nova, "api_db", "sync"],
            [*nova, "cell_v2", "map_cell0", "--database_connection", layout.database("nova_cell0")],
            [*nova, "cell_v2", "create_cell", "--name", "cell1", "--database_connection",
             layout.database("nova_cell1"), "--transport-url", layout.transport_url],
            [*nova, "db", "sync"],
        ],
        "cinder": [[binaries / "cinder-manage", "--config-file", etc / "cinder/cinder.conf", "db", "sync"]],
        "glance": [[binaries / "glance-manage", "--config-file", etc / "glance/glance-api.conf", "db_sync"]],
        "keystone": [
            [*keystone, "db_sync"],
            [*keystone, "bootstrap", "--bootstrap-password", "admin", "--bootstrap-public-url", url,
             "--bootstrap-internal-url", url, "--bootstrap-admin-url", url, "--bootstrap-region-id", REGION],
        ],
        "placement": [
            [binaries / "placement-manage", "--config-file", etc / "placement/placement.conf", "db", "sync"],
        ],
    }


def run_jobs(layout, processes, chains):
    """Runs chains of programs side by side."""
    environment = layout.environment()
    running = {}
    waiting = {name: list(chain) for name, chain in chains.items()}
    deadline = time.monotonic() + LIMIT
    try:
        while waiting or running:
            for name in [name for name in waiting if name not in running]:
                commands = waiting[name]
                if commands:
                    running[name] = processes.start(name, commands.pop(0), environment)
                else:
                    del waiting[name]
            for name, child in list(running.items()):
                status = child.poll()
                if status is None:
                    continue
                del running[name]
                processes.record(name).unlink(missing_ok=True)
                if status:
                    raise Trouble(f"{name} failed with status {status}; see {processes.output(name)}")
            if time.monotonic() > deadline:
                raise Trouble(f"{', '.join(running)} not done after {LIMIT} s; see {layout.log}")
            time.sleep(PAUSE)
    finally:
        processes.end(list(running))
