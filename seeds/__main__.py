"""Print the folder of the seeds, for a command line: `pledgeline backfill --input "$(python -m seeds)/articles/*"`."""

from seeds import FOLDER

print(FOLDER)
