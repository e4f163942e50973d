"""The sentences marked one by one (training/marked): what is found in them, and what of it is right.

    python -m benchmarks.accuracy.marked            figures on the develop half
    python -m benchmarks.accuracy.marked --errors   and each row that is missed, spurious or of the wrong kind

The test half is for the figures of `docs/accuracy.md` alone: nothing shows its errors.
"""

import argparse
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from benchmarks.accuracy.figures import HEAD, Figure, Share
from training.draw import DEFAULT_SHARED
from training.judged import Judged, Row, judge_drawn
from transforms.tagging.confidence import least_confidence
from transforms.tagging.tagger import make_tagger


def measure_marked(judged: Sequence[Judged], name: str) -> Iterator[Figure]:
    """Give the figures of a half: on the drawn sentences as they are, and weighted back to running text."""
    drawn = count(judged, lambda one: 1.0, lambda row: row.is_right)
    yield Figure(f"{name}: commitments found, F1", drawn.f1, detail=drawn.words())
    kinds = count(judged, lambda one: 1.0, lambda row: row.kind == row.commitment.kind)
    yield Figure(f"{name}: with the right kind, F1", kinds.f1, detail=kinds.words())
    running = count(judged, lambda one: one.weight, lambda row: row.is_right)
    detail = f"P {running.precision:.2f} R {running.recall:.2f}; a few rare sentences weigh much"
    yield Figure(f"{name}: weighted to running text, F1", running.f1, detail=detail)
    for register in sorted({one.register for one in judged}):
        members = [one for one in judged if one.register == register]
        part = count(members, lambda one: 1.0, lambda row: row.is_right)
        yield Figure(f"{name}: {register}, F1", part.f1, detail=part.words())


def count(judged: Sequence[Judged], weight: Callable[[Judged], float], is_right: Callable[[Row], bool]) -> Share:
    """Count what is marked, found and both, over rows that are likely enough to be kept."""
    marked = sum(weight(one) * len(one.marked) for one in judged)
    kept = [(weight(one), row) for one in judged for row in one.rows if row.commitment.confidence >= least_confidence()]
    return Share(marked, sum(each for each, _ in kept), sum(each for each, row in kept if is_right(row)))


def sentences_with_rows(judged: Sequence[Judged], register: str) -> tuple[int, int]:
    """Count the drawn sentences of a register in which nothing is marked, and those of them that yield a row."""
    empty = [one for one in judged if one.register == register and not one.marked]
    return len(empty), sum(any(_is_kept(row) for row in one.rows) for one in empty)


def _is_kept(row: Row) -> bool:
    return row.commitment.confidence >= least_confidence()


def errors(judged: Sequence[Judged]) -> Iterator[str]:
    """Yield a line for each commitment missed, row spurious, and row of the wrong kind."""
    for one in judged:
        text = " ".join(one.text.split())
        unlikely = [row for row in one.rows if row.is_right and not _is_kept(row)]
        for said in one.missed:
            yield f"MISSED   {one.register} [{said.kind}] <{said.trigger}> {text}"
        for row in unlikely:
            yield f"MISSED   {one.register} [{row.kind}] <{row.commitment.trigger}> (unlikely) {text}"
        for row in filter(_is_kept, one.rows):
            found = row.commitment
            shown = f"<{found.trigger}> {found.rule} {found.confidence:.2f} {text}"
            if not row.is_right:
                yield f"SPURIOUS {one.register} [{found.kind}] {shown}"
            elif row.kind != found.kind:
                yield f"KIND     {one.register} marked {row.kind} got {found.kind} {shown}"


def main() -> None:
    """Print the develop half's figures, and its errors on request."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--shared", type=Path, default=DEFAULT_SHARED)
    parser.add_argument("--errors", action="store_true")
    options = parser.parse_args()
    judged = list(judge_drawn(make_tagger(), options.shared, "develop"))
    if options.errors:
        print("\n".join(errors(judged)))
    print(HEAD, *(figure.row() for figure in measure_marked(judged, "develop half")), sep="\n")


if __name__ == "__main__":
    main()
