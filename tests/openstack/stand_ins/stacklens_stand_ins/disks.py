"""A Cinder driver whose volumes are sparse files in a folder. Copies are real; an attachment reaches nobody."""

import os
import shutil

from cinder import exception
from cinder.image import image_utils
from cinder.volume import driver, volume_utils
from oslo_concurrency import processutils
from oslo_config import cfg

OPTIONS = [cfg.StrOpt("stand_in_folder", help="Where the files of the volumes are.")]
GIB = 30


class Files(driver.VolumeDriver):
    VERSION = "1"
    CI_WIKI_NAME = "none"

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.configuration.append_config_values(OPTIONS)
        self.folder = self.configuration.stand_in_folder

    def do_setup(self, context):
        os.makedirs(self.folder, exist_ok=True)

    def check_for_setup_error(self):
        if not os.access(self.folder, os.W_OK):
            raise exception.VolumeBackendAPIException(data=f"{self.folder} cannot be written")

    def _update_volume_stats(self):
        self._stats = {
            "volume_backend_name": self.configuration.safe_get("volume_backend_name"),
            "vendor_name": "stacklens",
            "driver_version": self.VERSION,
            "storage_protocol": "file",
            "total_capacity_gb": 100_000,
            "free_capacity_gb": 90_000,
            "provisioned_capacity_gb": 0,
            "reserved_percentage": 0,
            "max_over_subscription_ratio": "20.0",
            "thin_provisioning_support": True,
            "multiattach": True,
            "online_extend_support": True,
            "QoS_support": False,
        }

    def local_path(self, thing):
        return os.path.join(self.folder, thing.name)

    def _grow(self, volume, gibibytes):
        with open(self.local_path(volume), "ab") as file:
            file.truncate(gibibytes << GIB)

    def _copy(self, source, target):
        processutils.execute(
            "cp", "--reflink=auto", "--sparse=always", self.local_path(source), self.local_path(target)
        )

    def _remove(self, thing):
        try:
            os.unlink(self.local_path(thing))
        except FileNotFoundError:
            pass

    def create_volume(self, volume):
        self._grow(volume, volume.size)

    def delete_volume(self, volume):
        self._remove(volume)

    def extend_volume(self, volume, new_size):
        self._grow(volume, new_size)

    def create_snapshot(self, snapshot):
        self._copy(snapshot.volume, snapshot)

    def delete_snapshot(self, snapshot):
        self._remove(snapshot)

    def create_volume_from_snapshot(self, volume, snapshot):
        self._copy(snapshot, volume)
        self._grow(volume, volume.size)

    def create_cloned_volume(self, volume, src_vref):
        self._copy(src_vref, volume)
        self._grow(volume, volume.size)

    def revert_to_snapshot(self, context, volume, snapshot):
        shutil.copyfile(self.local_path(snapshot), self.local_path(volume))
        self._grow(volume, volume.size)

    def copy_image_to_volume(self, context, volume, image_service, image_id, disable_sparse=False):
        image_utils.fetch_to_raw(
            context, image_service, image_id, self.local_path(volume),
            self.configuration.volume_dd_blocksize, size=volume.size, run_as_root=False,
        )
        self._grow(volume, volume.size)

    def copy_volume_to_image(self, context, volume, image_service, image_meta):
        volume_utils.upload_volume(
            context, image_service, image_meta, self.local_path(volume), volume, run_as_root=False
        )

    def ensure_export(self, context, volume):
        pass

    def create_export(self, context, volume, connector):
        pass

    def remove_export(self, context, volume):
        pass

    def initialize_connection(self, volume, connector):
        return {
            "driver_volume_type": "local",
            "data": {"device_path": self.local_path(volume), "volume_id": volume.id},
        }

    def terminate_connection(self, volume, connector, **kwargs):
        pass
