"""The parts that talk to the cloud; they run in the services' own Python, which has openstacksdk."""

import sys

import openstack

from . import bootstrap, heartbeats, wipe
from .layout import REGION, Layout


def connect(layout, name, project=None):
    """A connection as one of the seed's users."""
    return openstack.connection.Connection(
        auth={
            "auth_url": layout.auth_url,
            "username": name,
            "password": name,
            "project_name": project or name,
            "user_domain_name": "Default",
            "project_domain_name": "Default",
        },
        region_name=REGION,
        identity_api_version="3",
    )


def main(words):
    layout = Layout()
    match words:
        case ["identity"]:
            bootstrap.identity(layout, connect)
        case ["resources"]:
            bootstrap.resources(layout, connect)
        case ["heartbeats"]:
            print(" ".join(heartbeats.heard(layout, connect(layout, "admin"))))
        case ["wipe"]:
            return wipe.wipe(layout, connect)
        case _:
            sys.exit(f"no such part: {' '.join(words)}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
