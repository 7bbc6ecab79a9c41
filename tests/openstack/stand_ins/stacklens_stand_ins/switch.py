"""An ML2 mechanism driver that reports what the agents of a real network would: everything is plugged and up.

A port is bound to whatever host asks, router ports are active, and a floating IP is active while it is associated.
"""

from neutron_lib import constants, context
from neutron_lib.api.definitions import portbindings
from neutron_lib.callbacks import events, registry, resources
from neutron_lib.plugins import constants as plugins
from neutron_lib.plugins import directory
from neutron_lib.plugins.ml2 import api
from oslo_log import log as logging

LOG = logging.getLogger(__name__)

ROUTER_PORTS = (constants.DEVICE_OWNER_ROUTER_INTF, constants.DEVICE_OWNER_ROUTER_GW)
DETAILS = {
    portbindings.CAP_PORT_FILTER: True,
    portbindings.OVS_HYBRID_PLUG: False,
    portbindings.VIF_DETAILS_CONNECTIVITY: portbindings.CONNECTIVITY_L2,
    "bridge_name": "br-int",
    "datapath_type": "system",
}


class Switch(api.MechanismDriver):

    def initialize(self):
        for event in (events.AFTER_CREATE, events.AFTER_UPDATE):
            registry.subscribe(self._floating_ip_changed, resources.FLOATING_IP, event)

    @property
    def connectivity(self):
        return portbindings.CONNECTIVITY_L2

    def bind_port(self, context):
        segment = next(iter(context.segments_to_bind), None)
        if segment:
            context.set_binding(
                segment[api.ID], portbindings.VIF_TYPE_OVS, dict(DETAILS), status=constants.PORT_STATUS_ACTIVE
            )

    def create_port_postcommit(self, context):
        self._router_port_up(context.current)

    def update_port_postcommit(self, context):
        self._router_port_up(context.current)

    def _router_port_up(self, port):
        if port["device_owner"] in ROUTER_PORTS and port["status"] != constants.PORT_STATUS_ACTIVE:
            directory.get_plugin().update_port_status(
                context.get_admin_context(), port["id"], constants.PORT_STATUS_ACTIVE
            )

    def _floating_ip_changed(self, resource, event, trigger, payload=None):
        try:
            router = directory.get_plugin(plugins.L3)
            admin = context.get_admin_context()
            address = router.get_floatingip(admin, payload.resource_id or payload.states[-1]["id"])
            status = (
                constants.FLOATINGIP_STATUS_ACTIVE if address.get("port_id") else constants.FLOATINGIP_STATUS_DOWN
            )
            if address.get("status") != status:
                router.update_floatingip_status(admin, address["id"], status)
        except Exception:
            LOG.exception("the status of a floating IP stays as it is")
