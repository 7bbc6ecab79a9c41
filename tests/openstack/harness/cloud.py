"""Up, down, and single services."""

import contextlib
import fcntl
import hashlib
import os
import shutil
import signal
import sys
import time

from . import configuration, install, schemas, status
from .bootstrap import load_seed
from .layout import LOCK, PORTS, PORTS_VARIABLE, SEED, SOURCE, Trouble
from .processes import Processes, wait
from .services import inside, listens, table

# These end last: the others say goodbye to them.
GROUND = ("rabbitmq", "memcached", "mariadb", "epmd")


class Cloud:
    """One cloud in one folder."""

    def __init__(self, layout):
        self.layout = layout
        self.processes = Processes(layout)
        self.services = table(layout)
        self.begun = time.monotonic()

    def say(self, text):
        print(f"[{time.monotonic() - self.begun:4.0f} s] {text}", file=sys.stderr, flush=True)

    @contextlib.contextmanager
    def alone(self):
        """Refuses a second harness in the same folder. The lock ends with the process, however it ends."""
        self.layout.folder.mkdir(parents=True, exist_ok=True)
        with open(self.layout.folder / "lock", "a+", encoding="utf-8") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                lock.seek(0)
                raise Trouble(f"another command is at work in {self.layout.folder}: pid {lock.read()}") from None
            lock.truncate(0)
            lock.write(str(os.getpid()))
            lock.flush()
            yield

    def up(self, fresh=False):
        """Installs what is missing, starts what does not run, fills what is empty."""
        install.check()
        if fresh or self.outdated():
            self.down()
            self.drop()
        for folder in ("etc", "run", "log", "state", "bin", "lib"):
            (self.layout.folder / folder).mkdir(exist_ok=True)
        self.layout.folder.chmod(0o755)
        install.install(self.layout, self.say)
        self.configure()
        self.ground()
        self.start_all(["keystone", "placement"])
        if not (self.layout.state / "identity.done").exists():
            self.fill("identity")
        self.rest()
        self.fill("resources")
        self.map_host()
        status.write_clouds_yaml(self.layout)
        self.say(f"up; for a shell: eval \"$(cargo xtask openstack status --format env)\"")

    def configure(self):
        before = digest(self.layout.etc.rglob("*"))
        configuration.write(self.layout, load_seed())
        mark = self.layout.state / "made-for"
        if not mark.exists():
            mark.write_text(self.made_for())
        if before != digest(self.layout.etc.rglob("*")) and self.running():
            self.say("the configuration changed: what runs is started again")
            self.down()

    def made_for(self):
        """What the state depends on; with another one it has to be made anew."""
        parts = [SEED.read_bytes(), LOCK.read_bytes(), (SOURCE / "harness/bootstrap.py").read_bytes(), str(self.layout.base).encode()]
        return hashlib.sha256(b"\0".join(parts)).hexdigest()

    def outdated(self):
        mark = self.layout.state / "made-for"
        outdated = mark.exists() and mark.read_text() != self.made_for()
        if outdated:
            self.say("the cloud was made from another seed, lock or for other ports: it is made anew")
        return outdated

    def drop(self):
        """Everything but what was installed."""
        for folder in ("etc", "log", "state"):
            shutil.rmtree(self.layout.folder / folder, ignore_errors=True)

    def ground(self):
        """Database, queue and cache, with all schemas."""
        schemas.prepare_database(self.layout, self.processes)
        schemas.prepare_keys(self.layout)
        for name in ("mariadb", "memcached", "epmd"):
            self.start(name)
        self.start_all(["mariadb", "memcached", "epmd"])
        self.start("rabbitmq")
        if schemas.migrate(self.layout, self.processes):
            self.say("schemas made")
        self.start_all(["rabbitmq"])

    def rest(self):
        """Everything else. nova-compute waits long for a conductor that is not there yet, so it comes last."""
        later = [name for name in self.services if not self.processes.pid(name) and name != "nova-compute"]
        for name in later:
            self.start(name)
        self.start_all(["nova-conductor"])
        self.start("nova-compute")
        self.start_all([name for name in self.services if name.endswith("-api")])

    def start(self, name):
        service = self.services[name]
        if self.processes.pid(name):
            return
        if name in PORTS and listens(self.layout.port(name)):
            raise Trouble(
                f"port {self.layout.port(name)} of {name} is taken by another program; "
                f"{PORTS_VARIABLE} moves all ports"
            )
        self.processes.start(name, service.command, self.layout.environment() | service.settings)

    def start_all(self, names):
        """Starts services and waits until they are ready."""
        for name in names:
            self.start(name)
        for name in names:
            service = self.services[name]
            wait(
                name, service.ready, lambda name=name: self.processes.pid(name), service.limit,
                lambda name=name: self.processes.why_ended(name),
            )
        self.say(f"ready: {', '.join(names)}")

    def fill(self, part):
        done = inside(self.layout, part)
        if done.returncode:
            log = self.layout.log / f"bootstrap-{part}.log"
            log.write_text(done.stdout)
            raise Trouble(f"the bootstrap failed: {done.stdout.strip().splitlines()[-1:]}; see {log} and the logs beside it")

    def map_host(self):
        mark = self.layout.state / "host-mapped.done"
        if not mark.exists():
            nova = self.layout.etc / "nova"
            command = [
                self.layout.venv / "bin/nova-manage", "--config-file", nova / "nova.conf",
                "--config-file", nova / "nova-db.conf", "cell_v2", "discover_hosts",
            ]
            schemas.run_jobs(self.layout, self.processes, {"discover-hosts": [command]})
            mark.touch()

    def running(self):
        return [name for name in self.services if self.processes.pid(name)]

    def down(self):
        """Ends everything that was started here, the services before what they stand on."""
        if not self.layout.run.exists():
            return
        ended = self.processes.end([name for name in self.processes.names() if name not in GROUND])
        ended += self.processes.end([name for name in GROUND if name != "epmd"])
        ended += self.processes.end(["epmd"])
        self.say(f"down; {len(ended)} services were ended" if ended else "nothing was running")

    def chosen(self, names):
        unknown = [name for name in names if name not in self.services]
        if unknown:
            raise Trouble(f"no service {', '.join(unknown)}; there are: {', '.join(self.services)}")
        return names

    def stop(self, names, kill=False):
        self.processes.end(self.chosen(names), kill=kill)

    def resume(self, names):
        """Starts services, or lets them go on after a pause."""
        if not (self.layout.state / "made-for").exists():
            raise Trouble("there is no cloud yet: cargo xtask openstack up")
        for name in self.chosen(names):
            self.processes.signal(name, signal.SIGCONT)
        self.start_all(names)

    def pause(self, names):
        """Stops services without ending them: connections stay open and nothing answers."""
        for name in self.chosen(names):
            if not self.processes.signal(name, signal.SIGSTOP):
                raise Trouble(f"{name} does not run")

    def wipe(self):
        done = inside(self.layout, "wipe")
        print(done.stdout, end="")
        if done.returncode:
            raise Trouble("not everything could be deleted")


def digest(paths):
    known = hashlib.sha256()
    for path in sorted(paths):
        if path.is_file():
            known.update(str(path).encode() + b"\0" + path.read_bytes() + b"\0")
    return known.hexdigest()
