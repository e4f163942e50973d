"""Fit the confidence of rows on text marked one by one, and write it to `lexicons/confidence.tsv`.

    python -m training.confidence

Learned from are the develop half of the marked sentences and the open half of the gold set; the test half is not
looked at. What is printed is cross-validated: each row is judged by weights that never saw its document.
"""

import argparse
import hashlib
from collections.abc import Iterable, Sequence
from pathlib import Path

from training.draw import DEFAULT_SHARED
from training.judged import Judged, judge_drawn, judge_gold
from training.logistic import Example, chance, fit
from transforms.tagging.tagger import make_tagger

TABLE = Path(__file__).resolve().parent.parent / "lexicons" / "confidence.tsv"
# Tried were penalties of 1, 2, 4 and 8, with 3 and with 5 occurrences: log-likelihood on rows held out is best at 4 and
# flat around it; 4 occurrences lie between the two.
PENALTY = 4.0
LEAST_OCCURRENCES = 4
# Rows below are left out. Tried were 0.2 to 0.5: F1 on marked text rises by one to two points until 0.5; on the gold
# set, which the rules were written against, it falls by half a point at 0.3 and by more beyond.
THRESHOLD = 0.3
# Weights nearer to 0 than this are left out of the table.
_NEGLIGIBLE = 0.01
FOLDS = 8
_HEAD = """\
# Weights of the logistic confidence of commitments, fitted by `python -m training.confidence` on {rows} rows, of which
# {right} are right; ridge {penalty}, none on the bias. Rows with less confidence than `threshold` are left out.
feature	weight	source
"""


def examples_of(judged: Iterable[Judged]) -> list[Example]:
    """Make an example of each row that was judged."""
    return [Example(row.features, row.is_right, one.document) for one in judged for row in one.rows]


def cross_validate(examples: Sequence[Example]) -> list[float]:
    """Give each example the chance that weights give it which were fitted without its document."""
    folds = [int(hashlib.sha256(one.document.encode()).hexdigest(), 16) % FOLDS for one in examples]
    weights = [
        fit([one for one, fold in zip(examples, folds, strict=True) if fold != left], **_SETTINGS)
        for left in range(FOLDS)
    ]
    return [chance(weights[fold], one.features) for one, fold in zip(examples, folds, strict=True)]


_SETTINGS = {"penalty": PENALTY, "least": LEAST_OCCURRENCES}


def write_table(examples: Sequence[Example], table: Path) -> int:
    """Fit on all examples and write the weights; returns how many features have one."""
    weights = {name: weight for name, weight in fit(examples, **_SETTINGS).items() if abs(weight) >= _NEGLIGIBLE}
    head = _HEAD.format(rows=len(examples), right=sum(one.is_right for one in examples), penalty=PENALTY)
    lines = [f"{name}\t{weight:.3f}\tmarked\n" for name, weight in sorted(weights.items())]
    table.write_text(head + f"threshold\t{THRESHOLD}\tmarked\n" + "".join(lines), encoding="utf-8")
    return len(weights)


def report(name: str, judged: Sequence[Judged], chances: Sequence[float]) -> str:
    """Tell precision, recall and F1 of a set at several thresholds."""
    right = [row.is_right for one in judged for row in one.rows]
    marked = sum(len(one.marked) for one in judged)
    cells = []
    for threshold in (0.0, 0.2, 0.25, 0.3, 0.35, 0.4, 0.5):
        kept = [is_right for is_right, one in zip(right, chances, strict=True) if one >= threshold]
        hits = sum(kept)
        cells.append(
            f"{threshold:.2f}: P {hits / len(kept):.3f} R {hits / marked:.3f} F1 {2 * hits / (len(kept) + marked):.3f}"
        )
    return f"{name}, {len(right)} rows\n  " + "\n  ".join(cells)


def main() -> None:
    """Fit, print what cross-validation says, and write the table."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--shared", type=Path, default=DEFAULT_SHARED)
    parser.add_argument("--table", type=Path, default=TABLE)
    options = parser.parse_args()
    tagger = make_tagger()
    develop, gold = list(judge_drawn(tagger, options.shared, "develop")), list(judge_gold(tagger, options.shared))
    first = examples_of(develop)
    examples = [*first, *examples_of(gold)]
    chances = cross_validate(examples)
    print(report("develop half", develop, chances[: len(first)]))
    print(report("gold, open half", gold, chances[len(first) :]))
    print(f"{write_table(examples, options.table)} weights written to {options.table}")


if __name__ == "__main__":
    main()
