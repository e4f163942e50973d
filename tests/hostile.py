"""Functions that a sandbox must survive."""

import ctypes
import os
import time

from schemas.rejects import NoText


def double(number: int) -> int:
    """Behave."""
    print("this must not get among the answers")
    return 2 * number


def loop() -> None:
    """Never end, in Python."""
    while True:
        pass


def sleep() -> None:
    """Never end, inside a system call."""
    time.sleep(3600)


def allocate() -> list[bytes]:
    """Take memory without end."""
    return [bytes(50_000_000) for _ in range(10_000)]


def crash() -> None:
    """Read at address zero."""
    ctypes.string_at(0)


def leave() -> None:
    """End the process."""
    os._exit(3)


def refuse() -> None:
    """Refuse the record."""
    raise NoText("nothing here")


def fail() -> None:
    """Fail as a parser with a fault does."""
    raise KeyError("attribute")


def parent() -> int:
    """Give the process id of the sandbox's owner."""
    return os.getppid()


def pid() -> int:
    """Give the process id."""
    return os.getpid()
