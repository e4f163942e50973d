"""Documents and feed lists to start with; `python -m seeds` prints the folder, wherever the package is installed."""

import pathlib

# The folder of this package: `articles/` holds documents for a backfill, `feeds.opml` feeds for monitoring.
FOLDER = pathlib.Path(__file__).parent
