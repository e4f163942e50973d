"""The lexicon of triggers is whole: every class that a pattern names is there, every row can be found by its forms."""

import pytest

from transforms.tagging import complements, triggers
from transforms.tagging.lexicon import read_table, split_cell

ENTRIES = {
    entry.entry_id: entry
    for index in (triggers.verb_entries(), triggers.noun_entries(), triggers.adjective_entries())
    for entries in index.values()
    for entry in entries
}
FLAGS = {"active", "addressee", "announce", "exit", "plural-agreement", "progressive", "standing"}


@pytest.mark.parametrize("entry_id", sorted(ENTRIES))
def test_patterns_name_classes_that_exist(entry_id):
    for pattern in ENTRIES[entry_id].patterns:
        finder = complements.FINDERS.get(pattern.relation)
        assert finder is not None or pattern.relation.isalpha()
        if pattern.noun_class not in (None, "ger"):
            pos = "verb" if pattern.relation == "inf" else "noun"
            assert triggers.word_class(pattern.noun_class, pos)


def test_flags_are_those_that_the_rules_know():
    assert {flag for entry in ENTRIES.values() for flag in entry.flags} <= FLAGS


@pytest.mark.parametrize("table", ["triggers_verbs", "triggers_nouns", "triggers_adjectives"])
def test_ids_are_unique_and_forms_in_lower_case(table):
    rows = read_table(table)
    assert len({row["id"] for row in rows}) == len(rows)
    for row in rows:
        forms = split_cell(row.get("forms", ""))
        assert all(form == form.lower() for form in forms)
        assert not forms or row["lemma"] in forms


@pytest.mark.parametrize(
    "lemma",
    "pledge promise vow commit undertake swear threaten volunteer consent offer agree decline refuse accept reject "
    "propose renege withdraw veto ratify guarantee assure".split(),
)
def test_commissive_verbs_of_framenet_and_propbank_are_there(lemma):
    assert any(entry.lemma == lemma for entry in ENTRIES.values() if entry.pos == "verb")


def test_longer_particles_are_tried_first():
    particles = [entry.particle for entry in triggers.verb_entries()["pull"]]
    assert particles == sorted(particles, key=len, reverse=True)


def test_unknown_class_is_an_error():
    with pytest.raises(KeyError, match="no class nonsense of noun"):
        triggers.word_class("nonsense", "noun")
