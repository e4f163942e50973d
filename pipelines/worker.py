"""A worker process of the embedded runner: Beam's own, made quiet, and ended when its parent is gone."""

import os
import sys
import threading
import time

# Seconds between two looks for the parent.
_LOOK_INTERVAL = 1.0


def main() -> None:
    """Serve the runner whose address is in the environment until it closes the connection."""
    # What goes wrong in a worker reaches the driver over the connection; Beam would log it here once more.
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stderr.fileno())
    threading.Thread(target=_end_with_parent, args=(os.getppid(),), daemon=True).start()
    from apache_beam.runners.worker import sdk_worker_main

    sdk_worker_main.main(sys.argv)


def _end_with_parent(parent: int) -> None:
    while os.getppid() == parent:
        time.sleep(_LOOK_INTERVAL)
    os._exit(1)


if __name__ == "__main__":
    main()
