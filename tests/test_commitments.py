"""Commitments in hand-built parses: the same rows from both label schemes."""

import pytest
from spacy.tokens import Doc

from schemas.tags import ActorType, Commitment, Kind, Mention
from tests.parses import PARSES, make_doc
from transforms.tagging import actors
from transforms.tagging.commitments import find_commitments

assert actors.ACTORS == "actors"

SCHEMES = pytest.mark.parametrize("scheme", [0, 1], ids=["ud", "clearnlp"])
PERSONS = {"Rossi"}
STATES = {
    "Norway", "Kyiv", "Hanoi", "Chile", "Peru", "Oslo", "Ghana", "Brazil", "Kenya", "Japan", "Iran", "Israel", "Cuba",
    "Spain", "Malta", "Qatar", "Egypt",
}  # fmt: skip


def read(name: str, scheme: int) -> Doc:
    """Make a parse with the mentions that its names are, each an actor of its own."""
    doc = make_doc(PARSES[name][scheme])
    spans = []
    for token in doc:
        if token.text in STATES | PERSONS:
            kind = ActorType.PERSON if token.text in PERSONS else ActorType.STATE
            span = doc[token.i : token.i + 1]
            code = token.text[:3].upper()
            span._.mention = Mention(
                actor_id=f"{kind}:{code}", name=token.text, type=kind, country=code, role=None, surface=token.text,
                start=token.idx, end=token.idx + len(token), sentence=0, rule="test",
            )  # fmt: skip
            spans.append(span)
    doc.spans["actors"] = spans
    return doc


def rows(name: str, scheme: int) -> list[Commitment]:
    return [commitment for _, commitment in find_commitments(read(name, scheme))]


def names(parties: tuple) -> list[str]:
    return [actor.name for actor in parties]


@SCHEMES
@pytest.mark.parametrize(
    ("name", "kind", "trigger", "bound", "action"),
    [
        ("active", Kind.OFFER, "offered", ["Norway"], "twelve jets"),
        ("passive", Kind.REFUSAL, "rejected", ["Hanoi"], "The offer"),
        ("control", Kind.AGREEMENT, "agreed", ["Chile", "Peru"], "open the border"),
        ("report", Kind.REFUSAL, "would not send", ["Oslo"], "send troops"),
        ("adjective", Kind.OFFER, "ready", ["Ghana"], "host talks"),
        ("noun", Kind.PLEDGE, "commitment", ["Brazil"], "ending logging"),
        ("relative", Kind.PLEDGE, "pledged", ["Kenya"], "police"),
        ("particle", Kind.REFUSAL, "ruled out", ["Japan"], "sending ships"),
        ("condition", Kind.THREAT, "will retaliate", ["Iran"], "retaliate"),
        ("according", Kind.AGREEMENT, "agreed", ["Malta"], "help"),
        ("owner", Kind.REFUSAL, "refusal", ["Qatar"], "sell"),
    ],
)
def test_one_row_a_trigger(name, kind, trigger, bound, action, scheme):
    [row] = rows(name, scheme)
    assert (row.kind, row.trigger, names(row.actors), row.action) == (kind, trigger, bound, action)


@SCHEMES
def test_demand_on_another_is_none(scheme):
    assert rows("demand", scheme) == []


@SCHEMES
def test_counterparty_is_whom_it_is_offered(scheme):
    assert names(rows("active", scheme)[0].counterparties) == ["Kyiv"]


@SCHEMES
def test_condition_is_kept_to_the_letter(scheme):
    [row] = rows("condition", scheme)
    assert (row.conditional, row.condition) == (True, "if Israel attacks")
    assert names(row.counterparties) == ["Israel"]


@SCHEMES
def test_speaker_is_who_it_is_according_to(scheme):
    [row] = rows("according", scheme)
    assert row.speaker is not None
    assert row.speaker.name == "Rossi"


@SCHEMES
@pytest.mark.parametrize("name", sorted(PARSES))
def test_offsets_give_back_what_the_row_says(name, scheme):
    text = read(name, scheme).text
    for row in rows(name, scheme):
        assert text[row.trigger_start : row.trigger_end] == row.trigger
        assert text[row.sentence_start : row.sentence_end] == row.sentence
        assert row.action in row.sentence
        assert 0 <= row.confidence <= 1
        assert row.lexicon_entry


@pytest.mark.parametrize("name", sorted(PARSES))
def test_both_schemes_give_the_same_rows(name):
    assert rows(name, 0) == rows(name, 1)
