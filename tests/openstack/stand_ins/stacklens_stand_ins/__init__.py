"""What stands in for the hypervisor, the switch and the disks of a cloud that has none."""
