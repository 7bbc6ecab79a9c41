"""Programs of the system, and the services' own Python environment."""

import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

from .layout import LOCK, STAND_INS, Cannot, Trouble

# A program and the Debian package that brings it.
PROGRAMS = {
    "/usr/lib/rabbitmq/bin/rabbitmq-server": "rabbitmq-server",
    "/usr/sbin/mariadbd": "mariadb-server-core",
    "/usr/bin/mariadb": "mariadb-client-core",
    "/usr/bin/memcached": "memcached",
    "/usr/bin/qemu-img": "qemu-utils",
}
POLICY = Path("/usr/sbin/policy-rc.d")
# apt asks this program whether a package may start its daemon. The comment tells ours from an administrator's.
REFUSE_DAEMONS = "#!/bin/sh\n# stacklens tests: no daemon of a package starts by itself\nexit 101\n"
PYTHON = (3, 11)


def missing_packages():
    return [package for program, package in PROGRAMS.items() if not os.access(program, os.X_OK)]


def check():
    """Raises `Cannot` with the reason when this machine cannot run the cloud."""
    if not sys.platform.startswith("linux"):
        raise Cannot("the services need Linux")
    if os.geteuid() != 0:
        raise Cannot("the services run as root, and this user is not root")
    if missing_packages() and not shutil.which("apt-get"):
        raise Cannot(f"there is no apt-get, and these are not installed: {', '.join(missing_packages())}")
    if not find_python():
        raise Cannot("the services are pinned for Python 3.11 with its module venv; on Debian 12: apt-get install python3-venv")


def find_python():
    ask = f"import sys, venv, ensurepip; sys.exit(sys.version_info[:2] != {PYTHON})"
    for name in (sys.executable, "python3.11", "/usr/bin/python3.11", "python3"):
        path = shutil.which(name)
        if path and subprocess.run([path, "-c", ask], capture_output=True, check=False).returncode == 0:
            return path
    return None


def install(layout, say):
    """Brings everything that is not there yet. The environment is kept as long as the lock stays the same."""
    packages = missing_packages()
    if packages:
        say(f"installing the Debian packages {' '.join(packages)}")
        apt(layout, packages)
    wanted = hashlib.sha256(LOCK.read_bytes()).hexdigest()
    mark = layout.venv / "lock.sha256"
    if not mark.exists() or mark.read_text() != wanted:
        say(f"installing the services' Python packages into {layout.venv}")
        mark.unlink(missing_ok=True)
        log = layout.log / "pip.log"
        logged([find_python(), "-m", "venv", "--clear", layout.venv], log)
        # The lock is whole, and the services' own bounds on each other's versions are narrower than what works.
        logged(
            [layout.python(), "-m", "pip", "install", "--no-deps", "--no-compile", "--no-input", "--quiet",
             "--disable-pip-version-check", "--requirement", LOCK],
            log,
        )
        mark.write_text(wanted)
    stand_ins(layout)


def apt(layout, packages):
    log = layout.log / "apt.log"
    environment = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    ours = not POLICY.exists() or POLICY.read_text() == REFUSE_DAEMONS
    if ours:
        POLICY.write_text(REFUSE_DAEMONS)
        POLICY.chmod(0o755)
    try:
        logged(["apt-get", "update", "--quiet"], log, environment)
        logged(["apt-get", "install", "--yes", "--quiet", "--no-install-recommends", *packages], log, environment)
    finally:
        if ours:
            POLICY.unlink(missing_ok=True)


def stand_ins(layout):
    """Puts the drivers that stand in for hypervisor, switch and disks where the services find them."""
    shutil.copytree(STAND_INS, layout.lib, dirs_exist_ok=True, ignore=shutil.ignore_patterns("__pycache__"))
    about = layout.lib / "stacklens_stand_ins-1.dist-info"
    about.mkdir(exist_ok=True)
    (about / "METADATA").write_text("Metadata-Version: 2.1\nName: stacklens-stand-ins\nVersion: 1\n")
    (about / "entry_points.txt").write_text(
        "[neutron.ml2.mechanism_drivers]\nstand_in = stacklens_stand_ins.switch:Switch\n"
    )
    # Nova takes its driver from below nova.virt only.
    shim = layout.venv / "lib/python3.11/site-packages/nova/virt/stand_in.py"
    shim.write_text("from stacklens_stand_ins.hypervisor import Hypervisor  # noqa: F401\n")
    # Cinder runs its commands by sudo; the services are root already.
    sudo = layout.bin / "sudo"
    sudo.write_text('#!/bin/sh\nwhile [ "${1#-}" != "$1" ]; do shift; done\nexec "$@"\n')
    sudo.chmod(0o755)


def logged(command, log, environment=None):
    with open(log, "ab") as output:
        status = subprocess.run(
            [str(word) for word in command],
            stdin=subprocess.DEVNULL, stdout=output, stderr=output, env=environment, check=False,
        ).returncode
    if status:
        raise Trouble(f"{' '.join(str(word) for word in command[:3])} … failed with status {status}; see {log}")
