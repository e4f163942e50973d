"""Precision and recall from raw text: what counts as a hit is a range of characters, so tokenizations may differ."""

import dataclasses
from collections.abc import Hashable, Iterable, Iterator

from spacy.language import Language
from spacy.tokens import Doc

from training.labels import raw_spans
from training.tables import Tagged
from training.treebanks import Parsed

# Verbs of speech and commitment whose arguments the product reads; lemmas. 495 uses in PUD.
VERBS = frozenset(
    "say tell announce promise pledge vow agree commit guarantee offer propose plan intend aim seek refuse decline "
    "reject accept approve support back oppose demand ask request urge call warn threaten declare state claim argue "
    "suggest insist stress note add explain report reveal confirm deny admit believe think hope expect want decide "
    "choose try continue begin start stop allow let help give provide send pay sign join leave meet discuss negotiate "
    "order require force encourage invite accuse blame criticize condemn praise welcome thank work ensure protect "
    "build create make increase reduce cut raise end launch introduce adopt implement".split()
)
RELATIONS = ("nsubj", "obj", "xcomp", "ccomp")

# PUD does not tell agents from other obliques; the treebanks trained on do.
_UNMARKED = {"obl:agent": "obl"}

_TO_PLAIN = {"PERSON": "PER", "ORG": "ORG", "GPE": "LOC", "LOC": "LOC", "EVENT": "EVENT"}
_GOLD_TO_PLAIN = {
    **{label: label for label in ("PER", "ORG", "LOC")},
    **{"person": "PER", "politician": "PER", "organisation": "ORG", "politicalparty": "ORG"},
    **{"country": "LOC", "location": "LOC", "election": "EVENT", "event": "EVENT"},
}


@dataclasses.dataclass(slots=True)
class Tally:
    """Hits, and how many were predicted and how many were there."""

    hits: int = 0
    predicted: int = 0
    gold: int = 0

    def add(self, predicted: Iterable[Hashable], gold: Iterable[Hashable]) -> None:
        """Count two sets of things that are equal where the prediction is right."""
        ours, theirs = set(predicted), set(gold)
        self.hits += len(ours & theirs)
        self.predicted += len(ours)
        self.gold += len(theirs)

    @property
    def precision(self) -> float:
        """Return hits among predictions, in percent."""
        return 100 * self.hits / max(1, self.predicted)

    @property
    def recall(self) -> float:
        """Return hits among what was there, in percent."""
        return 100 * self.hits / max(1, self.gold)

    @property
    def f(self) -> float:
        """Return the harmonic mean of precision and recall, in percent."""
        return 200 * self.hits / max(1, self.predicted + self.gold)


def parse_raw(nlp: Language, golds: Iterable[Doc], *, bounds: bool) -> Iterator[tuple[Doc, Doc]]:
    """Parse the text of gold documents; yield (prediction, gold).

    Args:
        nlp: The pipeline.
        golds: Gold documents; only their text is read, and their sentence bounds with `bounds`.
        bounds: Preset sentence bounds from gold where a token begins there, as the product's splitter does;
            else the parser finds them.
    """
    kept = list(golds)
    made = [nlp.make_doc(gold.text) for gold in kept]
    for gold, doc in zip(kept, made, strict=True):
        if bounds:
            starts = {token.idx for token in gold if token.is_sent_start}
            for token in doc:
                token.is_sent_start = token.idx in starts
    yield from zip(nlp.pipe(made), kept, strict=True)


def arcs(doc: Doc, *, labels: bool) -> set[tuple[Hashable, ...]]:
    """List a parse's arcs, punctuation left out: (word, head, label) by characters, a root's head being itself."""
    found: set[tuple[Hashable, ...]] = set()
    for token in doc:
        if token.dep_ != "punct":
            head = token.head
            arc = (token.idx, len(token), head.idx, len(head))
            found.add((*arc, _UNMARKED.get(token.dep_, token.dep_)) if labels else arc)
    return found


def score_parses(pairs: Iterable[tuple[Doc, Doc]]) -> dict[str, Tally]:
    """Score parses: `uas`, `las` (subtypes count), and `tag` and `pos` by word."""
    tallies = {name: Tally() for name in ("uas", "las", "tag", "pos")}
    for doc, gold in pairs:
        # Punctuation is what gold calls so: a word wrongly labelled punct must count as a miss.
        skipped = {token.idx for token in gold if token.dep_ == "punct"}
        for name, labels in (("uas", False), ("las", True)):
            ours = {arc for arc in arcs(doc, labels=labels) if arc[0] not in skipped}
            tallies[name].add(ours, arcs(gold, labels=labels))
        tallies["tag"].add({(t.idx, len(t), t.tag_) for t in doc}, {(t.idx, len(t), t.tag_) for t in gold})
        tallies["pos"].add({(t.idx, len(t), t.pos_) for t in doc}, {(t.idx, len(t), t.pos_) for t in gold})
    return tallies


def score_relations(pairs: Iterable[tuple[Doc, Doc]], runs: Iterable[tuple[Parsed, ...]]) -> dict[str, Tally]:
    """Score the arguments of the speech and commitment verbs; the number of such verbs is `verbs.gold`."""
    tallies = {name: Tally() for name in (*RELATIONS, "verbs")}
    for (doc, gold), run in zip(pairs, runs, strict=True):
        lemmas = [lemma for sentence in run for lemma in sentence.lemmas]
        verbs = {t.idx for t, lemma in zip(gold, lemmas, strict=True) if t.pos_ == "VERB" and lemma in VERBS}
        tallies["verbs"].gold += len(verbs)
        for label in RELATIONS:
            tallies[label].add(_arguments(doc, verbs, label), _arguments(gold, verbs, label))
    return tallies


def _arguments(doc: Doc, verbs: set[int], label: str) -> set[tuple[int, int]]:
    return {(t.head.idx, t.idx) for t in doc if t.dep_ == label and t.head.idx in verbs}


def score_entities(nlp: Language, runs: Iterable[tuple[Tagged, ...]], labels: frozenset[str]) -> dict[str, Tally]:
    """Score entities on the text of runs of sentences, by label and together under `all`.

    GPE and LOC count as LOC. Only gold and predicted spans with one of `labels` count.
    """
    tallies = {name: Tally() for name in (*sorted(labels), "all")}
    kept = list(runs)
    texts = (" ".join(sentence.text for sentence in run) for run in kept)
    for doc, run in zip(nlp.pipe(texts), kept, strict=True):
        ours = {(e.start_char, e.end_char, _TO_PLAIN.get(e.label_, "")) for e in doc.ents}
        theirs = set(_gold_ranges(run))
        for label in labels:
            tallies[label].add({s for s in ours if s[2] == label}, {s for s in theirs if s[2] == label})
        tallies["all"].add({s for s in ours if s[2] in labels}, {s for s in theirs if s[2] in labels})
    return tallies


def _gold_ranges(run: tuple[Tagged, ...]) -> Iterator[tuple[int, int, str]]:
    offset = 0
    for sentence in run:
        starts: list[int] = []
        position = 0
        for word in sentence.words:
            position = max(sentence.text.find(word, position), position)
            starts.append(offset + position)
            position += len(word)
        for first, last, raw in raw_spans(sentence.tags):
            yield starts[first], starts[last - 1] + len(sentence.words[last - 1]), _GOLD_TO_PLAIN.get(raw, "")
        offset += len(sentence.text) + 1
