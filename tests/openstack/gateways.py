"""Gateways of the tests' own: `stacklens serve` on a free port."""

import os
import subprocess
import tempfile
import threading
from pathlib import Path

WORKSPACE = Path(__file__).resolve().parents[2]


def program():
    """The binary that STACKLENS_PROGRAM names, else the one that cargo built last for development."""
    named = os.environ.get("STACKLENS_PROGRAM")
    target = Path(os.environ.get("CARGO_TARGET_DIR", WORKSPACE / "target"))
    path = Path(named) if named else target / "debug/stacklens"
    assert path.is_file(), f"there is no {path}; cargo build, or name the program in STACKLENS_PROGRAM"
    return path


class Gateway:
    """A running gateway on the test cloud, or on an embedded one of its own. `cloud` is the entry of clouds.yaml that says where the cloud is."""

    def __init__(self, *options, cloud=None, embedded=False, environment=None):
        behind = [] if embedded else ["--os-cloud", cloud or os.environ["STACKLENS_TEST_CLOUD"]]
        # What a shell says of gateways and clients is no business of this one.
        settings = {
            name: value for name, value in os.environ.items() if not name.startswith(("STACKLENS_", "AWS_", "OS_"))
        }
        for name in ("OS_CLIENT_CONFIG_FILE", "STACKLENS_SERVICE_CLOUD"):
            settings[name] = os.environ[name]
        settings |= environment or {}
        self._log = tempfile.NamedTemporaryFile("w", suffix=".log")
        self._process = subprocess.Popen(
            [program(), "serve", *behind, "--port", "0", "--log", "info", *options],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=self._log,
            text=True,
            env=settings,
        )
        for line in self._process.stdout:
            if "listens on " in line:
                address = line.split("listens on ")[1].split(",")[0].strip()
                self.url = f"http://{address}"
                break
        else:
            self._process.wait()
            raise AssertionError(f"the gateway ended before it listened:\n{self.log()}")
        # The rest must be read, or a full pipe would stop the gateway.
        threading.Thread(target=self._process.stdout.read, daemon=True).start()

    def log(self):
        """What it logged so far."""
        return Path(self._log.name).read_text()

    @property
    def running(self):
        return self._process.poll() is None

    def end(self):
        self._process.terminate()
        try:
            self._process.wait(20)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._log.close()
