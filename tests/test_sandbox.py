import os
import pathlib
import pickle
import signal
import subprocess
import sys
import time

import pytest

from schemas.rejects import NoText, ParserCrash, ParserTimeout
from transforms.sandbox import Sandbox


@pytest.fixture(scope="module")
def sandbox():
    with Sandbox(time_limit=0.5, memory_limit=1_000_000_000) as sandbox:
        yield sandbox


def test_results_come_back_and_the_child_stays(sandbox):
    assert sandbox.call("tests.hostile:double", 21) == 42
    assert sandbox.call("tests.hostile:pid") == sandbox.call("tests.hostile:pid") != os.getpid()


def test_large_arguments_and_results_pass(sandbox):
    assert sandbox.call("builtins:len", b"x" * 20_000_000) == 20_000_000
    assert len(sandbox.call("builtins:bytes", 20_000_000)) == 20_000_000


@pytest.mark.parametrize("name", ["loop", "sleep"])
def test_what_does_not_end_is_ended_in_time(sandbox, name):
    sandbox.call("tests.hostile:double", 1)
    start = time.monotonic()
    with pytest.raises(ParserTimeout, match=r"within 0\.5 s"):
        sandbox.call(f"tests.hostile:{name}")
    assert time.monotonic() - start < 2.5
    assert sandbox.call("tests.hostile:double", 2) == 4


@pytest.mark.parametrize(
    ("name", "words"),
    [("crash", "SIGSEGV"), ("leave", "exit code 3"), ("allocate", "MemoryError"), ("fail", "KeyError")],
)
def test_a_crash_costs_one_call(sandbox, name, words):
    with pytest.raises(ParserCrash, match=words):
        sandbox.call(f"tests.hostile:{name}")
    assert sandbox.call("tests.hostile:double", 3) == 6


def test_a_refusal_comes_back_as_it_was(sandbox):
    with pytest.raises(NoText, match="nothing here"):
        sandbox.call("tests.hostile:refuse")


def test_an_interrupted_call_leaves_no_answer_for_the_next(sandbox):
    class Interrupted(BaseException):
        pass

    def interrupt(*_):
        raise Interrupted

    sandbox.call("tests.hostile:double", 1)
    before = signal.signal(signal.SIGALRM, interrupt)
    try:
        signal.setitimer(signal.ITIMER_REAL, 0.1)
        with pytest.raises(Interrupted):
            sandbox.call("time:sleep", 0.3)
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
    assert sandbox.call("tests.hostile:double", 4) == 8


def test_what_cannot_be_sent_leaves_the_sandbox_usable(sandbox):
    with pytest.raises((TypeError, AttributeError, pickle.PicklingError)):
        sandbox.call("builtins:len", lambda: None)
    with pytest.raises(ParserCrash):
        sandbox.call("builtins:open", "/dev/null")
    assert sandbox.call("tests.hostile:double", 5) == 10


def test_a_child_is_found_its_modules_from_another_folder(tmp_path):
    root = pathlib.Path(__file__).parent.parent
    script = (
        f"import sys; sys.path.insert(0, {str(root)!r}); from transforms.sandbox import Sandbox\n"
        "with Sandbox() as s: print(s.call('tests.hostile:double', 21))"
    )
    ended = subprocess.run(
        [sys.executable, "-I", "-c", script], cwd=tmp_path, capture_output=True, text=True, check=True
    )
    assert ended.stdout == "42\n"


def test_a_child_in_an_endless_call_dies_when_its_parent_was_killed(tmp_path):
    script = (
        "import os, signal, threading, time; from transforms.sandbox import Sandbox; s = Sandbox(time_limit=1.0);"
        "print(s.call('tests.hostile:pid'), flush=True);"
        "threading.Timer(0.2, os.kill, (os.getpid(), signal.SIGKILL)).start(); s.call('tests.hostile:loop')"
    )
    root = pathlib.Path(__file__).parent.parent
    ended = subprocess.run([sys.executable, "-c", script], cwd=root, capture_output=True, text=True)
    child = pathlib.Path("/proc") / ended.stdout.strip()
    deadline = time.monotonic() + 5
    while child.exists() and "Z" not in (child / "stat").read_text().split()[2] and time.monotonic() < deadline:
        time.sleep(0.05)
    assert time.monotonic() < deadline
