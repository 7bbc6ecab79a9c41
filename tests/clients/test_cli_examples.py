"""The AWS CLI's own examples of EC2: each is read or refused with a reason, and read as what the AWS CLI sends.

The examples are those of the installed awscli package. A command that the AWS CLI cannot send as it stands, because a file
is missing or an option is gone, must at least be read or refused with a reason.
"""

import copy
import shlex
from collections import Counter
from pathlib import Path

import awscli
import pytest
from awscli.clidriver import create_clidriver

from converted import ENVIRONMENT, Sent, convert, difference, plain, stopped

EXAMPLES = Path(awscli.__file__).parent / "examples" / "ec2"
# The AWS CLI takes long to make a request, so only every so many examples are compared with it.
STEP = 4

# Options that the AWS CLI sends and that are refused nonetheless, with the reason.
REFUSED = {"--owner-sak": "signs a policy of that moment with a secret key"}


def commands():
    """Every command of the examples with its place."""
    found = []
    for path in sorted(EXAMPLES.glob("*.rst")):
        lines = path.read_text(encoding="utf-8").splitlines()
        for number, line in enumerate(lines):
            if not line.strip().startswith("aws ec2 ") or line == line.lstrip():
                continue
            text = [line.strip()]
            following = iter(lines[number + 1:])
            for more in following:
                open_quote = unbalanced("\n".join(text))
                if not open_quote and not text[-1].endswith("\\") and not more.strip().startswith("--"):
                    break
                text.append(more.strip() if not open_quote else more)
            found.append((f"{path.name}:{number + 1}", "\n".join(text)))
    return found


def unbalanced(text):
    try:
        shlex.split(text.rstrip("\\"))
    except ValueError:
        return True
    return False


@pytest.fixture(scope="module")
def examples():
    """Place, command and reading of each."""
    found = commands()
    assert len(found) > 800, "the package brings its examples"
    return [(place, command, reading) for (place, command), reading in zip(found, convert([command for _, command in found]))]


def errors_of(reading):
    return [remark["message"] for remark in reading["diagnostics"] if remark["severity"] == "error"]


def test_every_example_is_read_or_refused_with_a_reason(examples, capfd):
    outcomes = Counter()
    reasons = Counter()
    for place, command, reading in examples:
        errors = errors_of(reading)
        read = reading["written"] is not None
        outcomes["read" if read else "refused"] += 1
        reasons.update(errors)
        assert read or all(errors) and errors, f"{place}: refused without a reason\n{command}"
        assert reading["dialect"] == "cli", f"{place}: {command}"
    with capfd.disabled():
        print(f"\n{len(examples)} examples of the AWS CLI: {dict(outcomes)}; {reasons.most_common(5)}")
    assert outcomes["read"] > 800


def sent_by_the_cli(driver, sent, command):
    """The parameters on the wire, or None. The client leaves handlers behind; each command gets a fresh set."""
    sent.clear()
    events = driver.session._events
    handlers = events._emitter
    events._emitter = copy.copy(handlers)
    try:
        words = shlex.split(command.replace("\\\n", " ").replace("\n", " "), comments=True)
        driver.main(words[1:])
    except (Sent, SystemExit, ValueError):
        pass
    finally:
        events._emitter = handlers
    return plain(sent[0]) if sent else None


def test_what_is_read_is_what_the_cli_sends(examples, monkeypatch, capfd):
    for name, value in ENVIRONMENT.items():
        monkeypatch.setenv(name, value)
    driver = create_clidriver()
    sent = stopped(driver.session)
    outcomes = Counter()
    wrong = []
    for place, command, reading in examples[::STEP]:
        theirs = sent_by_the_cli(driver, sent, command)
        capfd.readouterr()
        errors = errors_of(reading)
        if theirs is None:
            outcomes["refused by both" if errors else "not sent by the AWS CLI"] += 1
        elif errors and any(option in command for option in REFUSED):
            outcomes["refused with reason"] += 1
        elif errors:
            wrong.append((place, command, errors))
        elif why := difference(reading["query"], theirs):
            wrong.append((place, command, why))
        else:
            outcomes["the same"] += 1
    with capfd.disabled():
        print(f"\n{len(examples[::STEP])} examples beside the AWS CLI: {dict(outcomes)}, {len(wrong)} differ")
    assert not wrong, "\n\n".join(f"{place}\n{command}\n{why}" for place, command, why in wrong)
    assert outcomes["the same"] > 180
