"""Each question to a parse has the same answer in both label schemes."""

import pytest
from spacy.tokens import Doc, Token

from tests.parses import PARSES, make_doc
from transforms.tagging import arguments, clauses, grammar

SCHEMES = pytest.mark.parametrize("scheme", [0, 1], ids=["ud", "clearnlp"])


def read(name: str, scheme: int) -> Doc:
    return make_doc(PARSES[name][scheme])


def word(doc: Doc, text: str) -> Token:
    return next(token for token in doc if token.text == text)


@SCHEMES
@pytest.mark.parametrize(
    ("name", "verb", "expected"),
    [
        ("active", "offered", "Norway"),
        ("control", "agreed", "Chile"),
        ("control", "open", "Chile"),
        ("report", "send", "it"),
        ("adjective", "ready", "Ghana"),
        ("adjective", "host", "Ghana"),
        ("relative", "pledged", "Kenya"),
        ("particle", "sending", "Japan"),
        ("demand", "sign", "Spain"),
        ("owner", "sell", "Qatar"),
    ],
)
def test_subject_is_own_borrowed_or_antecedent(name, verb, expected, scheme):
    assert arguments.subject(word(read(name, scheme), verb)).text == expected


@SCHEMES
def test_conjuncts_are_given_in_order(scheme):
    doc = read("control", scheme)
    assert [token.text for token in grammar.conjuncts(word(doc, "Chile"))] == ["Chile", "Peru"]


@SCHEMES
def test_passive_swaps_agent_and_object(scheme):
    verb = word(read("passive", scheme), "rejected")
    assert grammar.is_passive(verb)
    assert [phrase.head.text for phrase in arguments.agents(verb)] == ["Hanoi"]
    assert [noun.text for noun in arguments.objects(verb)] == ["offer"]


@SCHEMES
def test_active_verb_has_object_and_recipient(scheme):
    verb = word(read("active", scheme), "offered")
    assert not grammar.is_passive(verb)
    assert [noun.text for noun in arguments.objects(verb)] == ["jets"]
    assert [noun.text for noun in arguments.recipients(verb)] == ["Kyiv"]
    assert [(phrase.word, phrase.head.text) for phrase in grammar.obliques(verb)] == [("in", "May")]


@SCHEMES
def test_complements_are_told_apart(scheme):
    assert [v.text for v in clauses.infinitives(word(read("control", scheme), "agreed"))] == ["open"]
    assert [v.text for v in clauses.gerunds(word(read("particle", scheme), "ruled"))] == ["sending"]
    assert [v.text for v in clauses.finite_clauses(word(read("report", scheme), "said"))] == ["send"]
    phrases = grammar.obliques(word(read("noun", scheme), "commitment"))
    assert [(phrase.word, phrase.head.text) for phrase in phrases] == [("to", "ending")]


@SCHEMES
def test_negation_bears_on_its_own_verb_only(scheme):
    doc = read("report", scheme)
    assert grammar.is_negated(word(doc, "send"))
    assert not grammar.is_negated(word(doc, "said"))


@SCHEMES
def test_auxiliaries_are_given_in_order(scheme):
    doc = read("report", scheme)
    assert [token.text for token in grammar.auxiliaries(word(doc, "send"))] == ["would"]


@SCHEMES
def test_holder_of_a_noun_is_its_owner_or_its_verbs_subject(scheme):
    assert arguments.holder(word(read("owner", scheme), "refusal")).text == "Qatar"
    assert arguments.holder(word(read("noun", scheme), "commitment")).text == "its"


@SCHEMES
def test_relative_pronoun_stands_for_its_noun(scheme):
    assert arguments.antecedent(word(read("relative", scheme), "which")).text == "Kenya"
