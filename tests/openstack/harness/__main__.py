"""The command line: python3 -m harness up|down|status|restart|stop|start|pause|wipe|check."""

import argparse
import sys

from . import install, status
from .cloud import Cloud
from .layout import Cannot, Layout, Trouble

# The exit status that says: not a failure, this machine cannot.
CANNOT = 3


def arguments():
    parser = argparse.ArgumentParser(prog="cargo xtask openstack", description="A real OpenStack on loopback.")
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    up = commands.add_parser("up", help="install what is missing, start what does not run; returns when all is ready")
    up.add_argument("--fresh", action="store_true", help="drop everything that the cloud holds first")
    commands.add_parser("down", help="end what was started; what the cloud holds stays")
    state = commands.add_parser("status", help="what runs; exit status 0 when everything does")
    state.add_argument("--format", choices=("text", "env"), default="text", help="env: variables for a shell")
    stop = commands.add_parser("stop", help="end services")
    stop.add_argument("--kill", action="store_true", help="without letting them finish")
    for name, text in (("start", "start services, or let paused ones go on"), ("restart", "stop and start services"),
                       ("pause", "let services hang until they are started again")):
        commands.add_parser(name, help=text)
    for name in ("stop", "start", "restart", "pause"):
        commands.choices[name].add_argument("services", nargs="+", metavar="SERVICE")
    commands.add_parser("wipe", help="delete what tests left in the projects")
    commands.add_parser("check", help=f"exit status {CANNOT} when this machine cannot run the cloud")
    return parser.parse_args()


def run(given):
    layout = Layout()
    match given.command:
        case "check":
            install.check()
            return True
        case "status" if given.format == "env":
            status.as_env(layout)
            return True
        case "status":
            return status.as_text(layout)
    cloud = Cloud(layout)
    with cloud.alone():
        match given.command:
            case "up":
                cloud.up(given.fresh)
            case "down":
                cloud.down()
            case "stop":
                cloud.stop(given.services, given.kill)
            case "start":
                cloud.resume(given.services)
            case "restart":
                cloud.stop(given.services)
                cloud.resume(given.services)
            case "pause":
                cloud.pause(given.services)
            case "wipe":
                cloud.wipe()
    return True


def main():
    try:
        return 0 if run(arguments()) else 1
    except Cannot as trouble:
        print(f"OpenStack cannot run here: {trouble}", file=sys.stderr)
        return CANNOT
    except Trouble as trouble:
        print(f"openstack: {trouble}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("openstack: interrupted; the same command goes on from here", file=sys.stderr)
        return 130


if __name__ == "__main__":
    sys.exit(main())
