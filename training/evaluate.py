"""Measure a pipeline: the table of figures in README.md.

Run as `python -m training.evaluate [model] [--corpora FOLDER]`. Everything starts from raw text. The corpora used
here are for testing only and are never trained on.
"""

import argparse
import dataclasses
import time
from collections.abc import Iterable, Iterator
from itertools import groupby
from pathlib import Path

from spacy.language import Language

from training.corpora import CROSSNER_TEST, EUROPARL, PUD, UNER_EWT_TEST, UNER_PUD, sentence_runs
from training.scoring import RELATIONS, Tally, parse_raw, score_entities, score_parses, score_relations
from training.tables import Tagged, read_columns, read_uner
from training.treebanks import build_doc, documents, read_conllu
from transforms.tagging.model import describe_model, load_model

PLACES_AND_ACTORS = frozenset({"PER", "ORG", "LOC"})
ROOT = Path(__file__).resolve().parent.parent
DEFAULT_CORPORA = ROOT.parent / "shared" / "corpora"


@dataclasses.dataclass(frozen=True, slots=True)
class Figure:
    """One line of the table; `value` is a percentage unless `unit` says otherwise."""

    test: str
    value: float
    detail: str = ""
    unit: str = "%"


def measure_syntax(nlp: Language, corpora: Path, *, bounds: bool) -> Iterator[Figure]:
    """Measure parse and tags on PUD, document by document, with preset sentence bounds or the parser's own."""
    runs = list(documents(read_conllu(corpora / PUD)))
    pairs = list(parse_raw(nlp, [build_doc(nlp.vocab, run) for run in runs], bounds=bounds))
    how = "bounds preset" if bounds else "own bounds"
    for name, tally in score_parses(pairs).items():
        yield Figure(f"PUD {name.upper()}, {how}", tally.f)
    if bounds:
        relations = score_relations(pairs, runs)
        for label in RELATIONS:
            detail = f"of {relations['verbs'].gold} verbs, {how}; {_precision_recall(relations[label])}"
            yield Figure(f"PUD {label}", relations[label].f, detail)


def measure_entities(nlp: Language, corpora: Path) -> Iterator[Figure]:
    """Measure entities on UNER-PUD, Europarl, CrossNER test and UNER-EWT test."""
    sources: dict[str, tuple[Iterable[Tagged], frozenset[str]]] = {
        "UNER-PUD": (read_uner(corpora / UNER_PUD), PLACES_AND_ACTORS),
        "Europarl": (read_columns(corpora / EUROPARL, separator="\t"), PLACES_AND_ACTORS),
        "CrossNER": (read_columns(corpora / CROSSNER_TEST, separator="\t"), PLACES_AND_ACTORS | {"EVENT"}),
        "UNER-EWT": (read_uner(corpora / UNER_EWT_TEST), PLACES_AND_ACTORS),
    }
    for name, (sentences, labels) in sources.items():
        tallies = score_entities(nlp, sentence_runs(sentences), labels)
        each = ", ".join(f"{label} {tally.f:.1f}" for label, tally in tallies.items() if label != "all")
        yield Figure(f"{name} entities", tallies["all"].f, f"{_precision_recall(tallies['all'])}; {each}")


def measure_speed(nlp: Language, corpora: Path, *, repeats: int = 3) -> Figure:
    """Measure words a second over PUD's text on one core, the best of `repeats` passes, with what `nlp` runs."""
    runs = groupby(read_conllu(corpora / PUD), key=lambda sentence: sentence.document)
    texts = [build_doc(nlp.vocab, tuple(members)).text for _, members in runs]
    best = 0.0
    for _ in range(repeats):
        start = time.perf_counter()
        words = sum(len(doc) for doc in nlp.pipe(texts))
        best = max(best, words / (time.perf_counter() - start))
    return Figure("Speed", best, ", ".join(nlp.pipe_names), "words/s")


def measure(nlp: Language, corpora: Path) -> Iterator[Figure]:
    """Yield the whole table, figure by figure."""
    yield from measure_syntax(nlp, corpora, bounds=True)
    yield from measure_syntax(nlp, corpora, bounds=False)
    yield from measure_entities(nlp, corpora)
    yield measure_speed(nlp, corpora)
    if nlp.path is not None:
        size = sum(file.stat().st_size for file in nlp.path.rglob("*") if file.is_file())
        yield Figure("Size", size / 1e6, "", "MB")


def _precision_recall(tally: Tally) -> str:
    return f"P {tally.precision:.1f} R {tally.recall:.1f}"


def main() -> None:
    """Print the table as Markdown."""
    parser = argparse.ArgumentParser(description="Measure a pipeline on the test corpora.")
    parser.add_argument("model", nargs="?", default=None, help="folder or installed pipeline; default: the shipped one")
    parser.add_argument("--corpora", type=Path, default=DEFAULT_CORPORA)
    arguments = parser.parse_args()
    nlp = load_model(arguments.model)
    print(f"| {describe_model(nlp)} | figure | detail |\n|---|---|---|")
    for figure in measure(nlp, arguments.corpora):
        print(f"| {figure.test} | {figure.value:,.1f} {figure.unit} | {figure.detail} |", flush=True)


if __name__ == "__main__":
    main()
