"""How fast the tagger is beside its first version, and beside itself on articles ten times as long."""

import gzip
import itertools
import json
import os
import pathlib
import subprocess
import sys
import tempfile
from collections.abc import Iterator

from benchmarks.accuracy.figures import Figure

ROOT = pathlib.Path(__file__).parents[2]
TIMING = pathlib.Path(__file__).with_name("timing.py")
# The tree before the work on accuracy: the first version of the tagger with all of its components.
FIRST_VERSION = "ede09a1"
# Statements timed, and the least and most characters of one; ten of them make a long article.
STATEMENTS = 30
_LENGTHS = range(1_500, 6_000)
_FOLD = 10


def measure_speed(shared: pathlib.Path) -> Iterator[Figure]:
    """Time both trees, one after the other and again the other way round; the better of two counts for each."""
    with tempfile.TemporaryDirectory() as name:
        source, first = pathlib.Path(name) / "texts.json", pathlib.Path(name) / "first"
        source.write_text(json.dumps(_texts(shared)), encoding="utf-8")
        ours = _rates(ROOT, source)
        detail = "all components, processor time, statements"
        yield Figure("words a second", ours["short"], detail=detail)
        ratio = ours["long"] / ours["short"]
        yield Figure("the same on articles ten times as long, relative", ratio, 0.95, detail="below 1 is slower")
        if _check_out(first):
            theirs = [_rates(first, source), _rates(first, source)]
            again = _rates(ROOT, source)
            best = max(ours["short"], again["short"]) / max(rates["short"] for rates in theirs)
            yield Figure("speed beside the first version", best, 1, detail="ratio in the same run")


def _texts(shared: pathlib.Path) -> dict[str, list[str]]:
    with gzip.open(shared / "data" / "statements.jsonl.gz", "rt", encoding="utf-8") as lines:
        texts = (str(json.loads(line)["text"]) for line in lines)
        short = list(itertools.islice((text for text in texts if len(text) in _LENGTHS), STATEMENTS))
    long = ["\n\n".join(short[start : start + _FOLD]) for start in range(0, len(short), _FOLD)]
    return {"short": short, "long": long}


def _rates(tree: pathlib.Path, source: pathlib.Path) -> dict[str, float]:
    environment = {**os.environ, "PYTHONPATH": str(tree), "OMP_NUM_THREADS": "1"}
    timed = subprocess.run(
        [sys.executable, str(TIMING), str(source)],
        check=True,
        capture_output=True,
        text=True,
        env=environment,
        cwd=tree,
    )
    rates: dict[str, float] = json.loads(timed.stdout)
    return rates


def _check_out(target: pathlib.Path) -> bool:
    """Write the first version's tree to a folder; False where the history does not have it, as in a shallow clone."""
    archive = subprocess.run(["git", "archive", FIRST_VERSION], cwd=ROOT, capture_output=True)
    if archive.returncode:
        return False
    target.mkdir()
    subprocess.run(["tar", "-x", "-C", str(target)], input=archive.stdout, check=True)
    return True
