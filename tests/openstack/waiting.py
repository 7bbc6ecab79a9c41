"""Asking until something is so."""

import time

PAUSE = 0.2


def until(ask, what, limit=120):
    """Gives the first true answer; fails with `what` and the last answer at the limit. Errors are not swallowed."""
    deadline = time.monotonic() + limit
    while True:
        answer = ask()
        if answer:
            return answer
        assert time.monotonic() < deadline, f"{what}: not within {limit} s; the last answer was {answer!r}"
        time.sleep(PAUSE)
