"""A Nova driver whose guests exist by name only.

Nova's own fake driver leaves an image of a server queued for ever, forgets its guests when nova-compute ends, and does
not find its node again after that. This one uploads a little data for an image, takes its guests from the database at
the start, and shows a console with lines in it.
"""

import io

from nova import context, objects
from nova.compute import power_state
from nova.image import glance
from nova.virt import fake
from oslo_log import log as logging

LOG = logging.getLogger(__name__)

PRESENT = (power_state.RUNNING, power_state.SHUTDOWN, power_state.PAUSED, power_state.SUSPENDED)
IMAGE_BYTES = 1 << 20


class Hypervisor(fake.FakeDriverWithoutFakeNodes):

    def init_host(self, host):
        super().init_host(host)
        try:
            for server in objects.InstanceList.get_by_host(context.get_admin_context(), host):
                self._adopt(server)
        except Exception:
            LOG.exception("the guests of %s are not known again", host)

    def _adopt(self, server):
        if server.uuid in self.instances or server.power_state not in PRESENT:
            return
        self.instances[server.uuid] = fake.FakeInstance(server.name, server.power_state, server.uuid)
        self.resources.claim(
            vcpus=server.flavor.vcpus, mem=server.flavor.memory_mb, disk=server.flavor.root_gb
        )

    def snapshot(self, context, instance, image_id, update_task_state):
        super().snapshot(context, instance, image_id, update_task_state)
        images = glance.API()
        known = images.get(context, image_id)
        described = {
            "name": known.get("name"),
            "disk_format": known.get("disk_format") or "raw",
            "container_format": known.get("container_format") or "bare",
            "properties": {"instance_uuid": instance.uuid},
        }
        images.update(context, image_id, described, data=io.BytesIO(bytes(IMAGE_BYTES)), purge_props=False)

    def get_console_output(self, context, instance):
        lines = (
            "[    0.000000] Booting nothing at all",
            "[    0.000001] Command line: console=ttyS0",
            f"cloud-init: {instance.uuid}",
            f"{instance.hostname or 'guest'} login: ",
        )
        return "".join(line + "\n" for line in lines).encode()
