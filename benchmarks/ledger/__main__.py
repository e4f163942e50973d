"""Join the statements of the marked documents, and say how many marked pairs come out right.

python -m benchmarks.ledger [--errors]
"""

import argparse
import collections
import csv
import gzip
import json
import pathlib
import sys
import tempfile
from collections.abc import Iterator

from pipelines import backfill
from schemas.ledger import Statement
from transforms.ledger.joining import group_statements, lead_actor
from warehouse.statements import read_statements

HERE = pathlib.Path(__file__).parent
STATEMENTS = HERE.parents[1].parent / "shared/data/statements.jsonl.gz"
# Characters between a marked trigger and the one that today's rules find in its place.
_NEAR = 60


def read_pairs() -> list[dict[str, str]]:
    """Read the marked pairs."""
    lines = [line for line in (HERE / "pairs.tsv").read_text(encoding="utf-8").splitlines() if line[0] != "#"]
    return list(csv.DictReader(lines, delimiter="\t"))


def write_documents(pairs: list[dict[str, str]], target: pathlib.Path) -> None:
    """Write the documents of the pairs as an input of a backfill."""
    wanted = {pair[column] for pair in pairs for column in ("url", "other_url")}
    with gzip.open(STATEMENTS, "rt", encoding="utf-8") as lines, target.open("w", encoding="utf-8") as file:
        file.writelines(line for line in lines if json.loads(line)["url"] in wanted)


def measure(warehouse: pathlib.Path, pairs: list[dict[str, str]], *, show: bool = False) -> dict[str, float]:
    """Join the statements of a warehouse and compare with the marks; a pair whose trigger is gone counts as apart."""
    statements = list(read_statements(warehouse, min_confidence=0.0))
    pledge_of = {s.commitment_id: number for number, p in enumerate(_join(statements)) for s in p}
    at = collections.defaultdict(list)
    for statement in statements:
        at[statement.url].append(statement)
    counts = collections.Counter()
    for pair in pairs:
        one, other = _find(at, pair["url"], pair["start"]), _find(at, pair["other_url"], pair["other_start"])
        counts["gone"] += one is None or other is None
        joined = one and other and pledge_of[one.commitment_id] == pledge_of[other.commitment_id]
        counts[(pair["same"], bool(joined))] += 1
        if show and one and other and bool(joined) != (pair["same"] == "1"):
            print("joined" if joined else "apart", "|", one.action, "|", other.action)
    hits, spurious, missed = counts[("1", True)], counts[("0", True)], counts[("1", False)]
    return {
        "pairs": len(pairs),
        "gone": counts["gone"],
        "precision": hits / max(hits + spurious, 1),
        "recall": hits / max(hits + missed, 1),
        "f1": 2 * hits / max(2 * hits + spurious + missed, 1),
    }


def _join(statements: list[Statement]) -> Iterator[list[Statement]]:
    by_actor = collections.defaultdict(list)
    for statement in statements:
        by_actor[lead_actor(statement)].append(statement)
    for group in by_actor.values():
        yield from group_statements(group)


def _find(at: dict[str | None, list[Statement]], url: str, start: str) -> Statement | None:
    near = [statement for statement in at[url] if abs(statement.trigger_start - int(start)) <= _NEAR]
    return min(near, key=lambda statement: abs(statement.trigger_start - int(start)), default=None)


def main() -> int:
    """Measure; gives the exit code."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--errors", action="store_true", help="show the pairs that come out wrong")
    known = parser.parse_args()
    if not STATEMENTS.exists():
        print(f"{STATEMENTS} is not there: nothing to measure on")
        return 0
    pairs = read_pairs()
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        write_documents(pairs, folder / "documents.jsonl")
        code = backfill.main(["--input", str(folder / "documents.jsonl"), "--output", str(folder / "out")])
        if code == 0:
            for what, figure in measure(folder / "out", pairs, show=known.errors).items():
                print(f"{what:10} {figure:.3f}" if isinstance(figure, float) else f"{what:10} {figure}")
    return code


if __name__ == "__main__":
    sys.exit(main())
