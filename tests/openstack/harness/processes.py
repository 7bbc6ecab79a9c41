"""Processes that are known by pid and start time, so that only what was started here is ever ended."""

import json
import os
import signal
import subprocess
import time

from .layout import Trouble

PAUSE = 0.1


def started_at(pid):
    """The kernel's start time of a running process; None when there is none."""
    try:
        with open(f"/proc/{pid}/stat", encoding="utf-8", errors="replace") as stat:
            fields = stat.read().rpartition(")")[2].split()
    except OSError:
        return None
    return None if fields[0] in "ZX" else int(fields[19])


class Processes:
    """The processes of one cloud: records in its `run`, output in its `log`."""

    def __init__(self, layout):
        self.layout = layout

    def record(self, name):
        return self.layout.run / f"{name}.pid"

    def output(self, name):
        return self.layout.log / f"{name}.out"

    def pid(self, name):
        """The pid of a process that runs and was started here."""
        try:
            known = json.loads(self.record(name).read_text())
        except (OSError, ValueError):
            return None
        return known["pid"] if started_at(known["pid"]) == known["started"] else None

    def since(self, name):
        """When it was started, in seconds of the wall clock."""
        return self.record(name).stat().st_mtime

    def names(self):
        return [path.stem for path in self.layout.run.glob("*.pid")]

    def start(self, name, command, environment):
        """Starts a program in a session of its own, unless it runs. The record is written before the program begins."""
        if self.pid(name):
            return None
        for old in (self.output(name), self.layout.log / f"{name}.log"):
            if old.exists() and old.stat().st_size:
                old.replace(old.with_suffix(old.suffix + ".1"))
        record = self.record(name)

        def remember():
            own = os.getpid()
            fresh = record.with_suffix(".new")
            fresh.write_text(json.dumps({"pid": own, "started": started_at(own)}))
            fresh.replace(record)

        with open(self.output(name), "ab") as output:
            return subprocess.Popen(
                [str(word) for word in command],
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                env=environment,
                cwd=self.layout.folder,
                start_new_session=True,
                preexec_fn=remember,
            )

    def end(self, names, patience=8.0, kill=False):
        """Ends processes of these names: asks, waits, then kills. Nothing happens to those that do not run."""
        names = [name for name in names if self.record(name).exists()]
        running = [name for name in names if self.pid(name)]
        left = [process for name in running for process in session(self.pid(name))]
        for process in left:
            # One that was stopped hears nothing else.
            send(process, signal.SIGCONT)
            send(process, signal.SIGKILL if kill else signal.SIGTERM)
        deadline = time.monotonic() + patience
        while left := [(pid, started) for pid, started in left if started_at(pid) == started]:
            if time.monotonic() > deadline:
                for process in left:
                    send(process, signal.SIGKILL)
                deadline += patience
            time.sleep(PAUSE)
        for name in names:
            self.record(name).unlink(missing_ok=True)
        return running

    def signal(self, name, number):
        """Sends a signal to a process and its session; whether it ran."""
        pid = self.pid(name)
        for process in session(pid) if pid else ():
            send(process, number)
        return pid is not None

    def why_ended(self, name):
        """Where to read why a process is gone."""
        places = [self.output(name), self.layout.log / f"{name}.log"]
        return " and ".join(str(path) for path in places if path.exists())


def session(leader):
    """The processes of a session with their start times, the leader first."""
    found = [(leader, started_at(leader))]
    for entry in os.listdir("/proc"):
        if entry.isdigit() and int(entry) != leader:
            try:
                if os.getsid(int(entry)) == leader:
                    found.append((int(entry), started_at(int(entry))))
            except ProcessLookupError:
                pass
    return found


def send(process, number):
    pid, started = process
    if started is not None and started_at(pid) == started:
        try:
            os.kill(pid, number)
        except ProcessLookupError:
            pass


def wait(what, ready, alive, limit, where):
    """Asks until it is ready; says where to read why it is not."""
    deadline = time.monotonic() + limit
    while not ready():
        if not alive():
            raise Trouble(f"{what} ended; see {where()}")
        if time.monotonic() > deadline:
            raise Trouble(f"{what} was not ready after {limit} s; see {where()}")
        time.sleep(PAUSE)
