"""Exits: how a run can end, as exceptions for those who call it and as exit codes for those who run it."""

import os
import pathlib
import signal
import sqlite3
import sys
from collections.abc import Callable

from transforms.tagging.unavailable import ModelUnavailable

FAILED = 1
USAGE = 2
TOO_MANY_REJECTS = 3
LOCKED = 4


class NoInput(Exception):
    """A pattern matched no file."""


class NoWarehouse(Exception):
    """A command that needs a warehouse was given a folder that is none."""


class FetchNeeded(Exception):
    """The inputs name what is at a distance, and the run was not told to fetch it."""


class LockHeld(Exception):
    """Another run was publishing for longer than this one was told to wait."""


class RunFailed(Exception):
    """The engine gave up, or can never end; the message is its last words."""


class CountBroken(Exception):
    """A segment's records are not all accounted for; nothing of it was published."""


class InputChanged(Exception):
    """A file changed between being planned and being published."""


class WarehouseDamaged(Exception):
    """A file of the private folder does not say what it should; the message tells what to do."""


def exit_code(run: Callable[[], int]) -> int:
    """Run to the end and give the exit code; what went wrong is one line on stderr."""
    try:
        return run()
    except (NoInput, FetchNeeded, NoWarehouse, ModelUnavailable) as error:
        return _say(error, USAGE)
    except LockHeld as error:
        return _say(error, LOCKED)
    except (CountBroken, InputChanged, WarehouseDamaged, OSError, sqlite3.OperationalError) as error:
        return _say(error, FAILED)
    except (RunFailed, KeyboardInterrupt) as error:
        _say(error if str(error) else "interrupted", FAILED)
        print("what was published stays; the same command goes on from there", file=sys.stderr)
        leave(FAILED)


def _say(error: BaseException | str, code: int) -> int:
    print(f"pledgeline: {error}", file=sys.stderr)
    return code


def leave(code: int) -> None:
    """End the process with its workers: the engine's threads would wait for ever for one that hangs or died."""
    for listing in pathlib.Path("/proc/self/task").glob("*/children"):
        for child in listing.read_text().split():
            os.kill(int(child), signal.SIGKILL)
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code)
