"""Scripts that the program writes run as they stand, and say what of the request their values come from."""

import os
import subprocess
import sys
import uuid
from pathlib import Path

import pytest
from conftest import OPENSTACK, PROGRAMS

ROOT = Path(__file__).resolve().parents[2]
PROGRAM = os.environ.get("STACKLENS_PROGRAM", str(ROOT / "target/debug/stacklens"))

ENVIRONMENT = {
    "PATH": f"{PROGRAMS}:{os.environ['PATH']}",
    "HOME": os.environ.get("HOME", "/"),
    **OPENSTACK,
}
RUNNER = {"curl": ["bash"], "openstack": ["bash"], "sdk": [sys.executable]}


def unique(text):
    return text.replace("NAME", f"s-{uuid.uuid4().hex[:10]}")


VOLUME = "aws ec2 create-volume --availability-zone nova --size 3 --tag-specifications 'ResourceType=volume,Tags=[{Key=Name,Value=NAME}]'"
VPC = "Action=CreateVpc&CidrBlock=10.77.0.0/16"
GROUP = "Action=CreateSecurityGroup&GroupName=NAME&GroupDescription=made-by-a-script"

# Form, request, a remark of its script, and what running it prints. The openstack command keeps ids and prints the rest.
SCRIPTS = [
    ("curl", VOLUME, "Size 3 is volume.size", "bootable"),
    ("openstack", VOLUME, "Size 3 is volume.size", "bootable"),
    ("sdk", VOLUME, "Size 3 is volume.size", "bootable"),
    ("curl", VPC, "CidrBlock 10.77.0.0/16 is subnetpool.prefixes.0", "router"),
    ("openstack", VPC, "CidrBlock 10.77.0.0/16 is subnetpool.prefixes.0", ""),
    ("sdk", GROUP, "GroupDescription made-by-a-script is security_group.description", "made-by-a-script"),
]


@pytest.mark.parametrize(("form", "request_text", "says", "prints"), SCRIPTS)
def test_a_script_runs_as_it_stands(tmp_path, form, request_text, says, prints):
    written = subprocess.run(
        [PROGRAM, "translate", "--format", form, unique(request_text)],
        capture_output=True, text=True, timeout=60, check=True,
    ).stdout
    assert f"#   {says}" in written, written
    file = tmp_path / "script"
    file.write_text(written)
    done = subprocess.run(
        [*RUNNER[form], str(file)], env=ENVIRONMENT, capture_output=True, text=True, timeout=60, check=False,
    )
    assert done.returncode == 0, f"{done.stderr}\n{written}"
    assert prints in done.stdout, f"{done.stdout}\n{written}"
