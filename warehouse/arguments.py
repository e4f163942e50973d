"""Arguments: what the commands over a warehouse read from their command lines alike."""

import argparse
import datetime
import os
import pathlib


def day(text: str) -> datetime.date:
    """Read a day as 2025-09-04."""
    try:
        return datetime.date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is not a day as 2025-09-04") from None


def count(text: str) -> int:
    """Read a whole number of at least 1."""
    try:
        number = int(text)
    except ValueError:
        number = 0
    if number < 1:
        raise argparse.ArgumentTypeError(f"{text!r} is not a whole number of at least 1")
    return number


def write_file(path: pathlib.Path, content: bytes) -> None:
    """Write a file as a whole or not at all.

    Raises:
        OSError: The disk is full or may not be written.
    """
    unfinished = path.with_name(f"{path.name}.{os.getpid()}")
    try:
        unfinished.write_bytes(content)
        os.replace(unfinished, path)
    finally:
        unfinished.unlink(missing_ok=True)
