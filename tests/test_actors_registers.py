"""The registers of states, organisations and leaders are whole and consistent."""

import datetime

import pytest
import spacy

from transforms.tagging.gazetteer import Sense, build_gazetteer, fold, slugify, states
from transforms.tagging.leaders import all_leaders, family_names, holders, leaders_named
from transforms.tagging.lexicon import read_table


def test_codes_of_states_are_distinct_and_leave_bodies_out():
    rows = read_table("countries")
    codes = [row["iso3"] for row in rows]
    assert len(codes) == len(set(codes)) > 225
    assert not {"EU", "UN", "EZ", "QO"} & {row["iso2"] for row in rows}
    assert all(row["belongs"] in ("", *codes) for row in rows)


def test_organisations_have_distinct_ids_of_their_type():
    rows = read_table("organisations")
    identities = [row["actor_id"] for row in rows]
    assert len(identities) == len(set(identities)) > 300
    kinds = {"igo": "organisation", "org": "organisation", "coalition": "coalition", "armed": "armed_group"}
    assert all(kinds[row["actor_id"].split(":")[0]] == row["type"] for row in rows)
    countries = {row["country"] for row in rows} - {""}
    assert countries <= set(states())


def test_terms_of_leaders_end_after_they_start():
    people = all_leaders()
    assert len(people) > 300
    terms = [term for leader in people for term in leader.terms]
    assert all(term.end is None or term.start < term.end for term in terms)
    assert {term.country for term in terms} - {None} <= set(states())


@pytest.mark.parametrize(
    ("office", "country", "day", "name"),
    [
        ("president", "USA", (2006, 1, 1), "George W. Bush"),
        ("president", "USA", (2025, 9, 4), "Donald Trump"),
        ("president", "FRA", (2025, 9, 4), "Emmanuel Macron"),
        ("prime minister", "GBR", (2001, 9, 12), "Tony Blair"),
        ("chancellor", "DEU", (2015, 9, 1), "Angela Merkel"),
        ("secretary-general of nato", None, (2022, 3, 1), "Jens Stoltenberg"),
    ],
)
def test_one_holds_an_office_on_a_day(office, country, day, name):
    assert [leader.name for leader in holders(office, country, datetime.date(*day))] == [name]


def test_whoever_holds_office_on_the_day_comes_first():
    names = [leader.name for leader in leaders_named("Clinton", datetime.date(1999, 1, 1))]
    assert names[0] == "Bill Clinton"
    assert leaders_named("Merkel", datetime.date(1950, 1, 1)) == ()


@pytest.mark.parametrize(
    ("name", "country", "families"),
    [
        ("Bashar al-Assad", "SYR", ("al-Assad", "Assad")),
        ("Ursula von der Leyen", "DEU", ("von der Leyen", "Leyen")),
        ("Xi Jinping", "CHN", ("Xi",)),
        ("Ferdinand Marcos Jr.", "PHL", ("Marcos",)),
        ("Lula", "BRA", ("Lula",)),
    ],
)
def test_family_names(name, country, families):
    assert family_names(name, country) == families


@pytest.mark.parametrize(
    ("text", "folded"), [("Erdoğan", "Erdogan"), ("Da’esh", "Da'esh"), ("Łódź", "Lodz"), ("US", "US")]
)
def test_fold(text, folded):
    assert fold(text) == folded


def test_slugs_are_plain():
    assert slugify("Évariste Galois & Co.") == "evariste-galois-co"


def test_the_longest_form_is_found_and_blocks_shorter_ones():
    nlp = spacy.blank("en")
    gazetteer = build_gazetteer(nlp.tokenizer)
    hits = gazetteer.find(nlp("The South China Sea and the Republic of Korea"))
    assert [(hit.start, hit.end, hit.entry.sense) for hit in hits] == [(1, 4, Sense.BLOCK), (6, 9, Sense.NAME)]
    assert hits[1].entry.actor_id == "state:KOR"
