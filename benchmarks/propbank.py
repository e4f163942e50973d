"""Roles of commissive predicates against PropBank's examples: who commits, and what is bound.

    python -m benchmarks.propbank

What is measured is the function that assigns roles, before any judgement of who counts as a party.
"""

import dataclasses
import json
import pathlib
from collections.abc import Iterator
from typing import Any

from spacy.tokens import Doc, Span, Token

from transforms.tagging.frames import assign_roles
from transforms.tagging.tagger import Tagger, make_tagger

PROPBANK = pathlib.Path(__file__).parents[2] / "shared" / "data" / "propbank"
# Of each commissive lemma, the arguments that hold who commits and what is bound: the first that an example has counts.
# PropBank numbers arguments verb by verb; what is committed to is ARG2, what is offered ARG1, the bound itself ARG1.
ROLES = {
    "promise": (("ARG0",), ("ARG2",)),
    "pledge": (("ARG0",), ("ARG2",)),
    "commit": (("ARG0", "ARG1"), ("ARG1", "ARG2")),
    "vow": (("ARG0",), ("ARG1",)),
    "swear": (("ARG0",), ("ARG1",)),
    "undertake": (("ARG0",), ("ARG1",)),
    "guarantee": (("ARG0",), ("ARG1",)),
    "assure": (("ARG0",), ("ARG2",)),
    "offer": (("ARG0",), ("ARG1",)),
    "agree": (("ARG0",), ("ARG1",)),
    "consent": (("ARG0",), ("ARG1",)),
    "refuse": (("ARG0",), ("ARG1",)),
    "reject": (("ARG0",), ("ARG1",)),
    "decline": (("ARG0",), ("ARG1",)),
    "threaten": (("ARG0",), ("ARG1",)),
    "propose": (("ARG0",), ("ARG1",)),
}
# Senses in which the words commit nobody to anything: what falls, and who is sworn in.
WITHOUT_ACT = frozenset({"decline.01", "swear.07"})
_MARKS = {"``": "“", "''": "”", "-LRB-": "(", "-RRB-": ")"}


@dataclasses.dataclass(frozen=True, slots=True)
class RoleFigures:
    """How many examples there are, how many name who commits and what is bound, and for how many the head is right."""

    examples: int
    committers: int
    committers_right: int
    acts: int
    acts_right: int


def measure_roles(tagger: Tagger, folder: pathlib.Path = PROPBANK) -> RoleFigures:
    """Measure on the examples in `derived_examples.jsonl`; heads are those of our own parse of the marked spans."""
    counts = [0, 0, 0, 0, 0]
    for example in _examples(folder):
        found = judge(example, tagger)
        counts[0] += 1
        for place, right in ((1, found[0]), (3, found[1])):
            counts[place] += right is not None
            counts[place + 1] += bool(right)
    return RoleFigures(*counts)


def judge(example: dict[str, Any], tagger: Tagger) -> tuple[bool | None, bool | None]:
    """Tell whether the heads of who commits and of what is bound are right; None where the example has no such span."""
    doc = _parse(example["text"].split(), tagger)
    trigger = doc[int(str(example["rel_loc"]).split()[-1])]
    committer_args, act_args = ROLES[_lemma(example)]
    marked = {argument["type"] for argument in example["args"]}
    if len(committer_args) > 1 and committer_args[0] not in marked:
        # "is committed to": ARG1 is who is bound, so that it cannot be what is.
        act_args = act_args[1:]
    act_args = () if example["roleset"] in WITHOUT_ACT else act_args
    spans = (_marked(doc, example, labels) for labels in (committer_args, act_args))
    committer, act = (
        None if span is None else head is not None and _heads(head, span)
        for span, head in zip(spans, assign_roles(trigger), strict=True)
    )
    return committer, act


def _heads(token: Token, span: Span) -> bool:
    """Tell whether the token is the span's head by our parse, or one of them where the parse takes the span apart.

    In ClearNLP's labels a preposition heads its phrase, and the noun under it is meant.
    """
    above = token.head if token.dep_ in ("pobj", "pcomp") else token
    return any(one in span and (one.head == one or one.head not in span) for one in (token, above))


def _marked(doc: Doc, example: dict[str, Any], wanted: tuple[str, ...]) -> Span | None:
    for label in wanted:
        for argument in example["args"]:
            if argument["type"] == label and str(argument["start"]).isdigit():
                return doc[int(argument["start"]) : int(argument["end"]) + 1]
    return None


def _parse(words: list[str], tagger: Tagger) -> Doc:
    doc = Doc(tagger.nlp.vocab, words=[_MARKS.get(word, word) for word in words])
    for component in tagger.read:
        doc = component(doc)
    return doc


def _lemma(example: dict[str, Any]) -> str:
    return str(example["roleset"]).partition(".")[0]


def _examples(folder: pathlib.Path) -> Iterator[dict[str, Any]]:
    with (folder / "derived_examples.jsonl").open(encoding="utf-8") as lines:
        for line in lines:
            example = json.loads(line)
            if _lemma(example) in ROLES:
                yield example


def main() -> None:
    """Print the figures."""
    figures = measure_roles(make_tagger())
    print(f"examples: {figures.examples}")
    print(f"head of who commits: {figures.committers_right} of {figures.committers}")
    print(f"head of what is bound: {figures.acts_right} of {figures.acts}")


if __name__ == "__main__":
    main()
