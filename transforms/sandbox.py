"""Sandbox: a child process for functions that may loop, allocate without end or crash, and its end when they do."""

import gc
import importlib
import json
import os
import pickle
import resource
import select
import signal
import struct
import subprocess
import sys
import time
from typing import Any, Self

from schemas.rejects import ParserCrash, ParserTimeout, Rejected

# Seconds for one call, ten times the slowest of the 181 pages of the extraction benchmark.
TIME_LIMIT = 20.0
# Bytes of address space. A page of 19 MB, near the largest that is parsed, takes 0.7 GB.
MEMORY_LIMIT = 1_500_000_000
# Seconds that a new child has more for its first call: it imports the libraries.
_START_SECONDS = 30.0
# Seconds after which the parent kills a child that its own timer did not end.
_GRACE_SECONDS = 1.0
_LENGTH = struct.Struct(">Q")
# An interrupt from the terminal goes to the whole group of processes: the parent alone answers it.
_BOOT = """import signal
signal.signal(signal.SIGINT, signal.SIG_IGN)
import json, sys
sys.path[:] = json.loads(sys.argv[1])
from transforms.sandbox import serve
serve(*sys.argv[2:])
"""


class Sandbox:
    """A child process that runs functions by name; a call that does not come back costs its record, not the run.

    The child is started with the first call, and anew after one that killed it. It is never forked from here: the
    parent may hold threads. It ends when the parent does, and in the middle of a call at the time limit at the
    latest, by a timer of its own that the kernel enforces (Linux's signal at a parent's death would not do: it comes
    with the end of the thread that started the child, and a runner ends its threads). For one thread at a time.
    """

    def __init__(self, *, time_limit: float = TIME_LIMIT, memory_limit: int = MEMORY_LIMIT) -> None:
        """Set the limits: seconds for one call, bytes of the child's address space."""
        self._time_limit, self._memory_limit = time_limit, memory_limit
        self._child: subprocess.Popen[bytes] | None = None
        self._fresh = True

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def call(self, function: str, *arguments: object) -> Any:
        """Run a function in the child and give its result.

        Args:
            function: Its place, as "package.module:name".
            arguments: What it takes; it and its result must be picklable.

        Raises:
            ParserTimeout: It took longer than the time limit.
            ParserCrash: The child died, or the function failed in a way that is no refusal.
            Rejected: The function itself refused.
        """
        child = self._child or self._start()
        deadline = time.monotonic() + self._time_limit + _GRACE_SECONDS + (_START_SECONDS if self._fresh else 0)
        try:
            _send(child, pickle.dumps((function, arguments)), deadline)
            outcome, value = pickle.loads(_receive(child, deadline))
        except (TimeoutError, EOFError, BrokenPipeError) as error:
            raise self._verdict(function, error) from error
        except BaseException:
            # Interrupted half way: the child's answer must not be taken for the next call's.
            self.close()
            raise
        self._fresh = False
        if outcome == "refused":
            raise value
        if outcome == "failed":
            raise ParserCrash(f"{function} failed: {value}")
        return value

    def close(self) -> None:
        """End the child."""
        if self._child:
            self._child.kill()
            self._reap(self._child)

    def _start(self) -> subprocess.Popen[bytes]:
        command = [sys.executable, "-c", _BOOT, json.dumps(sys.path), str(self._time_limit), str(self._memory_limit)]
        child = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, bufsize=0
        )
        for pipe in (child.stdin, child.stdout):
            assert pipe is not None
            os.set_blocking(pipe.fileno(), False)
        self._child, self._fresh = child, True
        return child

    def _verdict(self, function: str, error: BaseException) -> Rejected:
        child = self._child
        assert child is not None
        if isinstance(error, TimeoutError):
            child.kill()
        code = self._reap(child)
        if isinstance(error, TimeoutError) or code == -signal.SIGALRM:
            return ParserTimeout(f"{function} did not finish within {self._time_limit:g} s")
        died = signal.Signals(-code).name if code < 0 else f"exit code {code}"
        return ParserCrash(f"{function} killed its process ({died})")

    def _reap(self, child: subprocess.Popen[bytes]) -> int:
        self._child = None
        with child:
            return child.wait()


def _send(child: subprocess.Popen[bytes], message: bytes, deadline: float) -> None:
    assert child.stdin is not None
    descriptor = child.stdin.fileno()
    left = memoryview(_LENGTH.pack(len(message)) + message)
    while left:
        _wait(descriptor, select.POLLOUT, deadline)
        left = left[os.write(descriptor, left) :]


def _receive(child: subprocess.Popen[bytes], deadline: float) -> bytes:
    (length,) = _LENGTH.unpack(_receive_exactly(child, _LENGTH.size, deadline))
    return _receive_exactly(child, length, deadline)


def _receive_exactly(child: subprocess.Popen[bytes], length: int, deadline: float) -> bytes:
    assert child.stdout is not None
    chunks, left = [], length
    while left:
        _wait(child.stdout.fileno(), select.POLLIN, deadline)
        chunk = os.read(child.stdout.fileno(), min(left, 1 << 20))
        if not chunk:
            raise EOFError
        chunks.append(chunk)
        left -= len(chunk)
    return b"".join(chunks)


def _wait(descriptor: int, event: int, deadline: float) -> None:
    poll = select.poll()
    poll.register(descriptor, event)
    if not poll.poll(max(deadline - time.monotonic(), 0) * 1000):
        raise TimeoutError


def serve(time_limit: str, memory_limit: str) -> None:
    """Run calls until standard input ends: the child's side of `Sandbox`."""
    resource.setrlimit(resource.RLIMIT_AS, (int(memory_limit), int(memory_limit)))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    answers = os.fdopen(os.dup(1), "wb")
    # What a library prints must not end up among the answers.
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    while header := sys.stdin.buffer.read(_LENGTH.size):
        (length,) = _LENGTH.unpack(header)
        answer = pickle.dumps(_answer(sys.stdin.buffer.read(length), float(time_limit)))
        answers.write(_LENGTH.pack(len(answer)) + answer)
        answers.flush()


def _load(module: str, name: str) -> Any:
    known = module in sys.modules
    found = getattr(importlib.import_module(module), name)
    if not known:
        # The libraries stay: the collector need not walk them again and again (a sixth of a page's time).
        gc.freeze()
    return found


def _answer(message: bytes, time_limit: float) -> tuple[str, Any]:
    try:
        function, arguments = pickle.loads(message)
        module, _, name = function.partition(":")
        run = _load(module, name)
        # SIGALRM is left to its default, which ends the process even inside compiled code.
        signal.setitimer(signal.ITIMER_REAL, time_limit)
        try:
            return "done", run(*arguments)
        finally:
            signal.setitimer(signal.ITIMER_REAL, 0)
    except Rejected as error:
        return "refused", error
    except Exception as error:
        return "failed", f"{type(error).__name__}: {error}"[:1000]
