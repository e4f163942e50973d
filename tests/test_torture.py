import pathlib
import re
import subprocess
import sys

import pytest


def torture(*flags: str, module: str = "tests.torture") -> int:
    """Run a torture in a process of its own, since it forks; gives how many runs were killed."""
    command = [sys.executable, "-m", module, *flags]
    ended = subprocess.run(command, cwd=pathlib.Path(__file__).parent.parent, capture_output=True, text=True)
    assert ended.returncode == 0, ended.stderr[-2000:]
    return int(re.match(r"(\d+) runs killed", ended.stdout)[1])


@pytest.mark.slow
def test_a_run_killed_before_any_rename_or_commit_can_be_started_again():
    # Two segments of four tables over several days: fewer kills would mean that the counting had come loose.
    assert torture() > 20


@pytest.mark.slow
def test_a_run_whose_parent_alone_is_killed_can_be_started_again():
    assert torture("--random", "2", "--workers", "2", "--seed", "5") >= 1


@pytest.mark.slow
def test_a_monitor_killed_before_any_rename_or_commit_loses_and_doubles_nothing():
    # Landing, tables of two days, marks and the state: fewer kills would mean that the counting had come loose.
    assert torture(module="tests.torture_monitor") > 12
