"""Mark by hand: print the drawn sentences as a sheet, and turn a marker's labels into places.

    python -m training.marking sheet ROUND > sheet.txt
    python -m training.marking take ROUND labels.txt

A label is one line `number|kind|trigger|bound|c`: the number of the sentence on the sheet; the kind's letter (P pledge,
O offer, A agreement, X proposal, R refusal, W withdrawal, T threat); the trigger to the letter, `#2` after it where
the second of its kind is meant; the head words of those
who are bound, joined by `+`, or `-` where the sentence does not name them; and `c` where it hangs on a condition. A
sentence without a label commits nobody. The sheet tells neither the stratum of a sentence nor what the rules say.
"""

import argparse
import csv
import sys
from collections.abc import Iterator
from pathlib import Path

from schemas.tags import Kind
from training.draw import DEFAULT_SHARED
from training.marked import COMMITMENTS, LABEL_HEADER, Drawn, read_drawn, read_rows

KINDS = {
    "P": Kind.PLEDGE,
    "O": Kind.OFFER,
    "A": Kind.AGREEMENT,
    "X": Kind.PROPOSAL,
    "R": Kind.REFUSAL,
    "W": Kind.WITHDRAWAL,
    "T": Kind.THREAT,
}
# Characters of the sentence before that the sheet shows, for pronouns and answers.
_CONTEXT = 90


class WrongLabel(ValueError):
    """A label does not fit its sentence; the message says which and why."""


def sheet(drawn: list[Drawn]) -> Iterator[str]:
    """Yield one line a sentence: its number, the end of the sentence before it, itself."""
    for number, entry in enumerate(drawn, 1):
        passage, place = entry.passage, entry.passage.sentences.index(entry.sentence)
        before = passage.of(passage.sentences[place - 1])[-_CONTEXT:] if place else ""
        yield f"{number}. [{before}] {passage.of(entry.sentence)}".replace("\n", " ")


def take(lines: list[str], drawn: list[Drawn]) -> Iterator[tuple[str, ...]]:
    """Yield the rows of `commitments.tsv`.

    Raises:
        WrongLabel: The trigger or a bound word does not stand in the sentence, or the kind is unknown.
    """
    for line in lines:
        number, letter, trigger, bound, *flags = line.split("|")
        entry = drawn[int(number) - 1]
        text = entry.passage.of(entry.sentence).replace("\n", " ")
        start = _find(text, trigger, line)
        end = start + len(trigger.partition("#")[0])
        heads = [] if bound == "-" else [_find(text, head, line, near=start) for head in bound.split("+")]
        spans = [f"{head}-{head + len(word)}" for head, word in zip(heads, bound.split("+"), strict=False)]
        if letter not in KINDS:
            raise WrongLabel(f"{line}: no kind {letter}")
        place = (entry.passage.corpus, entry.passage.document, entry.sentence.key)
        yield (
            *place,
            str(KINDS[letter]),
            str(start),
            str(end),
            " ".join(spans),
            flags[0] if flags else "",
        )


def _find(text: str, words: str, line: str, near: int | None = None) -> int:
    """Find whole words: the place that `#` counts to, or the last one before `near`, else the first."""
    words, _, count = words.partition("#")
    places = [i for i in range(len(text)) if text.startswith(words, i) and _is_whole(text, i, words)]
    if len(places) < int(count or 1):
        raise WrongLabel(f"{line}: {words!r} does not stand in: {text}")
    before = [place for place in places if near is not None and place < near]
    return before[-1] if before else places[int(count or 1) - 1]


def _is_whole(text: str, start: int, words: str) -> bool:
    end = start + len(words)
    opens = start == 0 or not (text[start - 1].isalnum() and words[0].isalnum())
    return opens and (end == len(text) or not text[end].isalnum())


def main() -> None:
    """Print the sheet of a round, or write its labels to `commitments.tsv`."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("what", choices=("sheet", "take"))
    parser.add_argument("turn", type=int, metavar="ROUND")
    parser.add_argument("labels", nargs="*", type=Path)
    parser.add_argument("--shared", type=Path, default=DEFAULT_SHARED)
    options = parser.parse_args()
    drawn = [entry for entry in read_drawn(options.shared) if entry.turn == options.turn]
    if options.what == "sheet":
        sys.stdout.writelines(f"{line}\n" for line in sheet(drawn))
        return
    lines = [line for path in options.labels for line in path.read_text(encoding="utf-8").splitlines() if line]
    places = {(entry.passage.corpus, entry.passage.document, entry.sentence.key) for entry in drawn}
    before = [tuple(row.values()) for row in read_rows(COMMITMENTS)] if COMMITMENTS.exists() else []
    rows = [*(row for row in before if row[:3] not in places), *take(lines, drawn)]
    with COMMITMENTS.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, delimiter="\t", lineterminator="\n").writerows([LABEL_HEADER, *rows])
    print(f"{len(rows)} commitments in {len({row[:3] for row in rows})} sentences")


if __name__ == "__main__":
    main()
