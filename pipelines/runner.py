"""Runner: start a bounded pipeline on a named engine, and notice when it can never end."""

import contextlib
import shlex
import sys
import threading
import time
from collections.abc import Callable, Iterator

import apache_beam as beam
from apache_beam.options.pipeline_options import PipelineOptions
from apache_beam.portability.api import beam_provision_api_pb2
from apache_beam.runners.portability.fn_api_runner.fn_runner import ExtendedProvisionInfo, FnApiRunner
from apache_beam.runners.portability.portable_runner import JobServiceHandle
from apache_beam.runners.runner import PipelineRunner
from apache_beam.transforms.environments import SubprocessSDKEnvironment

from pipelines.exits import RunFailed

LOCAL_RUNNER = "FnApiRunner"
# Seconds between two looks at a run.
_LOOK_INTERVAL = 0.1


def make_pipeline(runner: str, *, workers: int, flags: list[str]) -> beam.Pipeline:
    """Make an empty pipeline.

    Args:
        runner: `FnApiRunner`, embedded here, or the name of any runner that Beam knows.
        workers: Processes of the embedded runner; 1 runs in this process.
        flags: Options for Beam, as on its command line.
    """
    if runner != LOCAL_RUNNER:
        return beam.Pipeline(options=PipelineOptions([f"--runner={runner}", *flags]))
    options = PipelineOptions([*flags, f"--direct_num_workers={workers}"])
    return beam.Pipeline(runner=_local_runner(options, workers), options=options)


def _local_runner(options: PipelineOptions, workers: int) -> PipelineRunner:
    # Without provision info the runner's worker processes are given no pipeline options at all.
    encoded = JobServiceHandle.encode_pipeline_options(options.get_all_options())
    provision = ExtendedProvisionInfo(beam_provision_api_pb2.ProvisionInfo(pipeline_options=encoded))
    if workers == 1:
        return FnApiRunner(provision_info=provision)
    # In place of `--direct_running_mode=multi_processing`, which starts Beam's worker with its logs on our stderr.
    command = f"exec {shlex.quote(sys.executable)} -m pipelines.worker"
    return FnApiRunner(SubprocessSDKEnvironment.from_command_string(command), provision_info=provision)


def run_to_end(pipeline: beam.Pipeline, *, stall_timeout: float, ticks: Callable[[], int]) -> None:
    """Run a bounded pipeline until it has ended well.

    The embedded runner waits for ever for a worker process that died or hangs, so it runs in a thread of its own
    that is left behind when a worker is seen to die, or when nothing has ticked for `stall_timeout` seconds.

    Raises:
        RunFailed: It ended badly, or never will.
    """
    failures: list[BaseException] = []

    def run() -> None:
        try:
            pipeline.run().wait_until_finish()
        except BaseException as error:
            failures.append(error)

    thread = threading.Thread(target=run, name="pipeline", daemon=True)
    with _worker_deaths(failures):
        thread.start()
        seen, since = ticks(), time.monotonic()
        while thread.is_alive() and not failures:
            thread.join(_LOOK_INTERVAL)
            now, count = time.monotonic(), ticks()
            if count != seen:
                seen, since = count, now
            if now - since > stall_timeout:
                raise RunFailed(f"nothing moved for {stall_timeout:g} s (--stall_timeout): a worker hangs")
    if failures:
        raise RunFailed(last_words(failures[0])) from failures[0]


@contextlib.contextmanager
def _worker_deaths(failures: list[BaseException]) -> Iterator[None]:
    before = threading.excepthook

    def note(details: threading.ExceptHookArgs) -> None:
        if details.thread and details.thread.name == "run_worker" and details.exc_value:
            failures.append(details.exc_value)
        else:
            before(details)

    threading.excepthook = note
    try:
        yield
    finally:
        threading.excepthook = before


def last_words(error: BaseException) -> str:
    """Give the line of an engine's error that says what happened: workers send whole tracebacks as text."""
    lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    telling = [line for line in lines if "Error" in line or "Errno" in line or "Fault" in line]
    words = telling[-1] if telling else lines[-1] if lines else type(error).__name__
    return words.removeprefix("RuntimeError: ")
