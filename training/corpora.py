"""The corpora as spaCy reads them: `.spacy` files for syntax and for entities, always in the same order."""

import random
from collections.abc import Iterable, Iterator
from itertools import chain
from pathlib import Path
from typing import TypeVar

import spacy
from spacy.tokens import Doc, DocBin
from spacy.vocab import Vocab

from training.labels import Census, label_gmb, label_gold, take_census
from training.mentions import label_gum
from training.quotes import compose_quotes
from training.tables import Tagged, read_columns, read_gmb, read_uner
from training.treebanks import SENTENCES_A_DOCUMENT, build_doc, documents, read_conllu
from training.variation import Marked, gather_pools, vary

EWT_TRAIN = "ud_english_ewt/en_ewt-train.from-sources.conllu.xz"
EWT_DEV = "ud_english_ewt/en_ewt-ud-dev.conllu.xz"
GUM_TRAIN = "gum_permitted/gum_permitted-train.conllu.xz"
GUM_DEV = "gum_permitted/gum_permitted-dev.conllu.xz"

# Test only: never read by the functions below.
PUD = "ud_english_pud/en_pud-ud-test.conllu.xz"
UNER_PUD = "uner_pud/en_pud-ud-test.iob2.xz"
UNER_EWT_TEST = "uner_ewt_devtest/en_ewt-ud-test.iob2.xz"
EUROPARL = "europarl_ner/en-europarl.test.conll02"
CROSSNER_TEST = "crossner_politics/test.txt"

# Sentences of reported speech composed for syntax: 5 % of what is trained on.
QUOTES = 900

# Times each corpus of gold quality is repeated beside the silver one: +1 to +4 F, see README.md.
GOLD_REPEATS = 4

# Every n-th run of silver sentences is kept to watch training by.
SILVER_DEV_EVERY = 60


def write_syntax(corpora: Path, target: Path) -> dict[str, int]:
    """Write `syntax-train.spacy`, `refine-train.spacy` and `syntax-dev.spacy`; return the documents in each.

    What refines is what trains and composed reported speech after it.
    """
    vocab = spacy.blank("en").vocab
    train = _flat(read_conllu(corpora / file) for file in (EWT_TRAIN, GUM_TRAIN))
    refine = [*train, *compose_quotes(train, QUOTES, random.Random(0))]
    dev = _flat(read_conllu(corpora / file) for file in (EWT_DEV, GUM_DEV))
    return {
        name: _write((build_doc(vocab, run) for run in documents(sentences)), target / f"{name}.spacy")
        for name, sentences in (("syntax-train", train), ("refine-train", refine), ("syntax-dev", dev))
    }


def write_entities(corpora: Path, target: Path) -> dict[str, int]:
    """Write `entities-train.spacy` and `entities-dev.spacy`; return the documents in each.

    Silver sentences stand there once, gold ones `GOLD_REPEATS` times; all but one copy of gold are varied.
    """
    vocab = spacy.blank("en").vocab
    dice = random.Random(0)
    census = take_census(read_gmb(corpora))
    silver = list(silver_runs(corpora, census))
    gold = list(gold_runs(corpora, census))
    pools = gather_pools(chain.from_iterable(gold), chain.from_iterable(silver))
    kept = [run for index, run in enumerate(silver) if index % SILVER_DEV_EVERY]
    varied = [[vary(sentence, pools, dice) for sentence in run] for run in kept + gold * (GOLD_REPEATS - 1)]
    dev = [*silver[::SILVER_DEV_EVERY], *gum_runs(corpora / GUM_DEV, census)]
    return {
        "entities-train": _write((entity_doc(vocab, run) for run in gold + varied), target / "entities-train.spacy"),
        "entities-dev": _write((entity_doc(vocab, run) for run in dev), target / "entities-dev.spacy"),
    }


def silver_runs(corpora: Path, census: Census) -> Iterator[list[Marked]]:
    """Mark the sentences of GMB, noise smoothed, in runs that make a document."""
    for run in sentence_runs(read_gmb(corpora)):
        yield [_marked(sentence, label_gmb(sentence, census)) for sentence in run]


def gold_runs(corpora: Path, census: Census) -> Iterator[list[Marked]]:
    """Mark the sentences of wikigold, CrossNER train and dev, UNER EWT dev and GUM train, in runs."""
    sources = (
        read_columns(corpora / "wikigold/wikigold.conll.txt", separator=" "),
        read_columns(corpora / "crossner_politics/train.txt", separator="\t"),
        read_columns(corpora / "crossner_politics/dev.txt", separator="\t"),
        read_uner(corpora / "uner_ewt_devtest/en_ewt-ud-dev.iob2.xz"),
    )
    for source in sources:
        for run in sentence_runs(source):
            yield [_marked(sentence, label_gold(sentence, census)) for sentence in run]
    yield from gum_runs(corpora / GUM_TRAIN, census)


def gum_runs(path: Path, census: Census) -> Iterator[list[Marked]]:
    """Mark the named ones among the mentions of a GUM file, in runs."""
    for run in documents(read_conllu(path)):
        yield [Marked(s.words, s.spaces, tuple(label_gum(s, census))) for s in run]


def entity_doc(vocab: Vocab, run: Iterable[Marked]) -> Doc:
    """Make one gold Doc of a run of marked sentences."""
    kept = list(run)
    words, spaces, tags = (_flat(parts) for parts in zip(*((s.words, s.spaces, s.tags) for s in kept), strict=True))
    return Doc(vocab, words=words, spaces=spaces, ents=tags)


def _marked(sentence: Tagged, tags: list[str]) -> Marked:
    return Marked(sentence.words, tuple(_spaces(sentence)), tuple(tags))


def _spaces(sentence: Tagged) -> list[bool]:
    found: list[bool] = []
    end = 0
    for word in sentence.words:
        start = sentence.text.find(word, end)
        end = (start if start >= 0 else end) + len(word)
        found.append(end >= len(sentence.text) or sentence.text[end].isspace())
    return found


def sentence_runs(sentences: Iterable[Tagged]) -> Iterator[tuple[Tagged, ...]]:
    """Group sentences into runs of at most `SENTENCES_A_DOCUMENT` that stay within one document."""
    run: list[Tagged] = []
    for sentence in sentences:
        if run and (len(run) == SENTENCES_A_DOCUMENT or sentence.document != run[-1].document):
            yield tuple(run)
            run = []
        run.append(sentence)
    if run:
        yield tuple(run)


_T = TypeVar("_T")


def _flat(parts: Iterable[Iterable[_T]]) -> list[_T]:
    return list(chain.from_iterable(parts))


def _write(docs: Iterable[Doc], path: Path) -> int:
    binned = DocBin(docs=docs)
    binned.to_disk(path)
    return len(binned)
