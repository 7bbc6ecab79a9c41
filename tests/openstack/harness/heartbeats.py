"""Whether the services' daemons were heard of since they started."""

import datetime

from .processes import Processes

COMPUTE = ("nova-conductor", "nova-scheduler", "nova-compute")
STORAGE = ("cinder-scheduler", "cinder-volume")


def heard(layout, admin):
    """The daemons that were. A heartbeat from before a process started is of an earlier one."""
    processes = Processes(layout)
    began = {name: processes.since(name) for name in (*COMPUTE, *STORAGE) if processes.pid(name)}
    services = [*admin.compute.services(), *admin.block_storage.services()]
    return {
        service.binary
        for service in services
        if service.state == "up" and seconds(service.updated_at) >= began.get(service.binary, float("inf"))
    }


def seconds(text):
    if not text:
        return 0
    return datetime.datetime.fromisoformat(text).replace(tzinfo=datetime.timezone.utc).timestamp()
