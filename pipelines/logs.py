"""Logs: libraries are heard only where a user can act on what they say, which is where a run fails."""

import logging
import os


def quiet_logs() -> None:
    """Silence what libraries log; to be called before Beam is imported, which warns as it is.

    A run that fails says why itself, in one line. Beam would log the same as a traceback before it.
    """
    logging.getLogger().setLevel(logging.CRITICAL)
    for name in ("apache_beam", "trafilatura", "htmldate", "urllib3"):
        logging.getLogger(name).setLevel(logging.CRITICAL)
    os.environ.setdefault("GRPC_VERBOSITY", "NONE")
