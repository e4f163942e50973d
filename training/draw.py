"""Draw the sentences to be marked one by one: `python -m training.draw ROUND`.

Whole passages are chosen by a digest of their names, spread over registers; in them sentences are drawn by stratum, so
that marking teaches: those where the rules of the day fire, those with the form of a trigger or a future where they do
not, and the rest. `weight` tells how many sentences of the passages a drawn one stands for. A round is drawn once,
before any of it is marked: drawn again with other rules it has other strata.
"""

import argparse
import csv
import hashlib
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

from spacy.tokens import Token

from training.marked import DRAWN, HEADER, article_of, read_rows
from training.passages import BANK, STATEMENTS, Passage, Sentence, digest, read_passages
from transforms.tagging.candidates import may_trigger
from transforms.tagging.tagger import Tagger, make_tagger, read_text, tag_article

ROOT = Path(__file__).resolve().parent.parent
DEFAULT_SHARED = ROOT.parent / "shared"
# Of each round: passages taken of each register, and sentences taken of each stratum in them.
PASSAGES = (
    {"bank": 300, "statement": 104, "register": 44, "other": 60},
    {"bank": 450, "statement": 160, "register": 60, "other": 50},
)
SENTENCES = (
    {
        "bank": {"fired": 230, "form": 190, "rest": 110},
        "statement": {"fired": 150, "form": 110, "rest": 60},
        "register": {"fired": 60, "form": 80, "rest": 40},
        "other": {"fired": 30, "form": 90, "rest": 80},
    },
    {
        "bank": {"fired": 330, "form": 260, "rest": 40},
        "statement": {"fired": 260, "form": 180, "rest": 40},
        "register": {"fired": 80, "form": 80, "rest": 20},
        "other": {"fired": 30, "form": 30, "rest": 20},
    },
)
_REGISTER = ("GUM_news", "GUM_interview", "GUM_speech", "weblog", "newsgroup")
_BE = frozenset({"am", "is", "are", "'m", "’m", "'s", "’s", "'re", "’re"})
# Characters. Shorter ones are headings and greetings, longer ones tables run together.
_LENGTHS = range(20, 601)


def register_of(passage: Passage) -> str:
    """Name the register that a passage counts for."""
    if passage.corpus == BANK:
        return "bank"
    if passage.corpus == STATEMENTS:
        return "statement"
    return "register" if passage.document.startswith(_REGISTER) else "other"


def spread_of(passage: Passage) -> tuple[str, str]:
    """Name what passages of one register are spread over: year and kind of a statement, genre of a treebank."""
    if passage.corpus == STATEMENTS:
        kind = next(part for part in passage.document.split("/")[3:] if part not in ("briefing-room", ""))
        return str(passage.published)[:4], kind
    return "", "" if passage.corpus == BANK else passage.document.replace("GUM_", "").split("_")[0].split("-")[0]


def rank(*parts: str) -> str:
    """Give a place in an order that is random and always the same."""
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()


def half_of(passage: Passage) -> str:
    """Tell the half: by document, for the meaning bank by fifty sentence numbers, so that few articles are in both."""
    name = str(int(passage.document.removeprefix("run ")) // 5) if passage.corpus == BANK else passage.document
    return "develop" if int(rank("half", passage.corpus, name), 16) % 2 else "test"


def choose_passages(passages: Iterator[Passage], turn: int) -> list[Passage]:
    """Choose the passages of a round of each register: in turn from each of the groups that it is spread over."""
    groups: dict[str, dict[tuple[str, str], list[Passage]]] = defaultdict(lambda: defaultdict(list))
    for passage in passages:
        groups[register_of(passage)][spread_of(passage)].append(passage)
    chosen: list[Passage] = []
    for register, spread in sorted(groups.items()):
        queues = [sorted(group, key=lambda p: rank(p.corpus, p.document)) for _, group in sorted(spread.items())]
        rounds = [passage for row in zip_rounds(queues) for passage in row]
        first = sum(earlier[register] for earlier in PASSAGES[:turn])
        chosen.extend(rounds[first : first + PASSAGES[turn][register]])
    return chosen


def zip_rounds(queues: list[list[Passage]]) -> Iterator[list[Passage]]:
    """Take one from each queue, round after round, until all are empty."""
    for place in range(max(map(len, queues))):
        yield [queue[place] for queue in queues if place < len(queue)]


def strata(passage: Passage, tagger: Tagger) -> Iterator[tuple[str, Sentence]]:
    """Yield the sentences of a passage with what the rules make of them."""
    fired = [row.trigger_start for row in tag_article(article_of(passage), tagger).commitments]
    forms = [token.idx for token in read_text(passage.text, tagger) if is_suspicious(token)]
    for sentence in passage.sentences:
        if sentence.end - sentence.start not in _LENGTHS:
            continue
        inside = range(sentence.start, sentence.end)
        name = "fired" if any(i in inside for i in fired) else "form" if any(i in inside for i in forms) else "rest"
        yield name, sentence


def is_suspicious(token: Token) -> bool:
    """Tell whether a token may open a commitment by its form; "is" alone, which opens "is to hold", is too common."""
    if token.lower_ in _BE:
        return any(other.lower_ == "to" for other in token.doc[token.i + 1 : token.i + 4])
    return may_trigger(token)


def draw(shared: Path, turn: int, seen: set[str]) -> Iterator[tuple[str, ...]]:
    """Yield the rows of a round for `sentences.tsv`; sentences with a digest in `seen` are drawn already."""
    tagger = make_tagger()
    pools: dict[tuple[str, str], list[tuple[str, Passage, Sentence]]] = defaultdict(list)
    for passage in choose_passages(read_passages(shared), turn):
        for name, sentence in strata(passage, tagger):
            code = digest(passage.of(sentence))
            if code not in seen:
                seen.add(code)
                pools[register_of(passage), name].append((code, passage, sentence))
    for (register, name), pool in sorted(pools.items()):
        taken = sorted(pool, key=lambda entry: rank(entry[0]))[: SENTENCES[turn][register][name]]
        for code, passage, sentence in taken:
            weight = f"{len(pool) / len(taken):.2f}"
            place = (passage.corpus, passage.document, sentence.key)
            yield (*place, code, half_of(passage), register, name, weight, str(turn + 1))


def main() -> None:
    """Add the places of a round to `sentences.tsv`."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("turn", type=int, choices=range(1, len(PASSAGES) + 1), metavar="ROUND")
    parser.add_argument("--shared", type=Path, default=DEFAULT_SHARED)
    options = parser.parse_args()
    before = [tuple(row.values()) for row in read_rows(DRAWN)] if options.turn > 1 else []
    rows = sorted(draw(options.shared, options.turn - 1, {row[HEADER.index("digest")] for row in before}))
    with DRAWN.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, delimiter="\t", lineterminator="\n").writerows([HEADER, *before, *rows])
    print(f"{len(rows)} sentences of {len({row[:2] for row in rows})} passages")


if __name__ == "__main__":
    main()
