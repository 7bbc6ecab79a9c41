"""What runs, and how to reach it."""

import shlex

from .bootstrap import load_seed
from .heartbeats import COMPUTE, STORAGE
from .layout import PORTS, REGION, Trouble
from .processes import Processes
from .services import heartbeats, table

PREFIX = "stacklens-"
DAEMONS = (*COMPUTE, *STORAGE)
GATEWAY_URL = "http://127.0.0.1:8788"


def write_clouds_yaml(layout):
    """An entry for every user of the seed, and one for each application credential."""
    lines = ["clouds:"]
    for row in load_seed()["users"]:
        name = row["name"]
        lines += entry(layout, name, {
            "username": name, "password": name, "project_name": row["project"],
            "user_domain_name": "Default", "project_domain_name": "Default",
        })
        if "application_credential" in row:
            credential = row["application_credential"]
            lines += entry(layout, credential, {
                "application_credential_name": credential, "application_credential_secret": credential,
                "username": name, "user_domain_name": "Default",
            }, kind="v3applicationcredential")
    fresh = layout.clouds_yaml.with_suffix(".new")
    fresh.write_text("\n".join(lines) + "\n")
    fresh.replace(layout.clouds_yaml)


def entry(layout, name, auth, kind=None):
    lines = [f"  {PREFIX}{name}:"]
    if kind:
        lines.append(f"    auth_type: {kind}")
    lines += ["    auth:", f"      auth_url: {layout.auth_url}"]
    lines += [f"      {key}: {value}" for key, value in auth.items()]
    return [*lines, f"    region_name: {REGION}", "    identity_api_version: 3", "    volume_api_version: 3"]


def variables(layout):
    """What a shell needs for the gateway, for EC2 clients and for OpenStack clients."""
    return {
        "OS_CLIENT_CONFIG_FILE": layout.clouds_yaml,
        "STACKLENS_SERVICE_CLOUD": PREFIX + "gateway",
        "STACKLENS_TEST_CLOUD": PREFIX + "demo",
        "STACKLENS_TEST_OTHER_CLOUD": PREFIX + "alt",
        "STACKLENS_TEST_READER_CLOUD": PREFIX + "reader",
        "STACKLENS_TEST_APPLICATION_CLOUD": PREFIX + "demo-application",
        "STACKLENS_TEST_ADMIN_CLOUD": PREFIX + "admin",
        "AWS_ACCESS_KEY_ID": "demo",
        "AWS_SECRET_ACCESS_KEY": "demo",
        "STACKLENS_TEST_OTHER_ACCESS_KEY_ID": "alt",
        "STACKLENS_TEST_OTHER_SECRET_ACCESS_KEY": "alt",
        "STACKLENS_TEST_READER_ACCESS_KEY_ID": "reader",
        "STACKLENS_TEST_READER_SECRET_ACCESS_KEY": "reader",
        "AWS_DEFAULT_REGION": REGION,
        "AWS_ENDPOINT_URL_EC2": GATEWAY_URL,
    }


def as_env(layout):
    if not is_up(layout):
        raise Trouble("the cloud is not up: cargo xtask openstack up")
    for name, value in variables(layout).items():
        print(f"export {name}={shlex.quote(str(value))}")


def is_up(layout):
    processes = Processes(layout)
    return layout.clouds_yaml.exists() and all(processes.pid(name) for name in table(layout))


def as_text(layout):
    """A line for each service; whether all run and are ready."""
    processes = Processes(layout)
    whole = True
    heard = heartbeats(layout)
    for name, service in table(layout).items():
        pid = processes.pid(name)
        ready = bool(pid) and (name in heard if name in DAEMONS else service.ready())
        whole = whole and ready
        state = "ready" if ready else "not ready" if pid else "not running"
        port = f"port {layout.port(name)}" if name in PORTS else ""
        print(f"{name:<17} {state:<12} {f'pid {pid}' if pid else '':<12} {port}".rstrip())
    print(f"folder {layout.folder}")
    return whole

