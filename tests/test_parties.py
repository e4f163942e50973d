"""Noun phrases resolve to the parties that they denote."""

import datetime

import pytest
from spacy.language import Language

from schemas.tags import Actor, ActorType
from tests.blank import actors_alone
from transforms.tagging.parties import resolve_party

DAY = datetime.date(2025, 9, 4)


@pytest.fixture(scope="module")
def nlp() -> Language:
    return actors_alone()


def resolve(nlp: Language, text: str, phrase: str, *, speaker: Actor | None = None) -> tuple[Actor, ...]:
    doc = nlp.make_doc(text)
    doc._.published = DAY
    for _, component in nlp.pipeline:
        doc = component(doc)
    start = text.rindex(phrase)
    span = doc.char_span(start, start + len(phrase))
    assert span is not None
    return resolve_party(span, speaker=speaker)


@pytest.mark.parametrize(
    ("text", "phrase", "expected"),
    [
        ("The Italian government agreed.", "The Italian government", ["state:ITA"]),
        ("The government of Chad agreed.", "The government of Chad", ["state:TCD"]),
        ("French President Emmanuel Macron agreed.", "French President Emmanuel Macron", ["person:emmanuel-macron"]),
        ("Italy, Germany and Poland agreed.", "Italy, Germany and Poland", ["state:ITA", "state:DEU", "state:POL"]),
        ("Russian troops left.", "Russian troops", ["state:RUS"]),
        ("Hamas fighters left.", "Hamas fighters", ["armed:hamas"]),
        ("Iran's parliament agreed.", "Iran's parliament", ["org:irn-parliament"]),
        ("The US president agreed.", "The US president", ["person:donald-trump"]),
        ("The Polish premier agreed.", "The Polish premier", ["person:donald-tusk"]),
        ("NATO met. The alliance agreed.", "The alliance", ["igo:NATO"]),
        ("The European Union met. The bloc agreed.", "The bloc", ["igo:EU"]),
        ("Gazprom met Ukraine. The company agreed.", "The company", ["org:gazprom"]),
        ("The Taliban met. The militants agreed.", "The militants", ["armed:taliban"]),
        ("Emmanuel Macron spoke. He agreed.", "He", ["person:emmanuel-macron"]),
        ("Japan spoke. It agreed.", "It", ["state:JPN"]),
        ("France and Britain spoke. They agreed.", "They", ["state:FRA", "state:GBR"]),
        ("Moscow agreed.", "Moscow", ["state:RUS"]),
        ("Spain spoke. The government agreed.", "The government", ["state:ESP"]),
        ("The summit opens.", "The summit", []),
        ("The fund will help.", "The fund", []),
        ("The storm passed.", "The storm", []),
        ("A government fell.", "A government", []),
    ],
)
def test_phrases_denote_parties(nlp, text, phrase, expected):
    assert [actor.actor_id for actor in resolve(nlp, text, phrase)] == expected


@pytest.mark.parametrize(
    ("phrase", "name", "count"),
    [
        ("26 countries", "26 countries", 26),
        ("a dozen states", "a dozen states", 12),
        ("the leaders", "the leaders", None),
        ("three European governments", "three European governments", 3),
    ],
)
def test_nameless_groups_keep_their_words_and_count(nlp, phrase, name, count):
    (group,) = resolve(nlp, f"On Friday {phrase} agreed.", phrase)
    assert (group.type, group.name, group.count, group.country) == (ActorType.GROUP, name, count, None)
    assert group.actor_id.startswith("group:")


@pytest.mark.parametrize(
    ("speaker", "expected"),
    [
        (Actor("person:emmanuel-macron", "Emmanuel Macron", ActorType.PERSON, "FRA"), "state:FRA"),
        (Actor("person:mark-rutte", "Mark Rutte", ActorType.PERSON, None), "igo:NATO"),
        (Actor("igo:EU", "European Union", ActorType.ORGANISATION), "igo:EU"),
        (None, "state:KEN"),
    ],
)
def test_we_binds_whom_the_speaker_speaks_for(nlp, speaker, expected):
    (actor,) = resolve(nlp, "Kenya is here. We will pay.", "We", speaker=speaker)
    assert actor.actor_id == expected


def test_a_title_goes_back_to_its_bearer_in_the_text(nlp):
    text = "Ghanaian Foreign Minister Ama Boateng spoke. Spain listened. The minister agreed."
    (actor,) = resolve(nlp, text, "The minister")
    assert (actor.name, actor.country) == ("Ama Boateng", "GHA")


def test_an_empty_phrase_denotes_nobody(nlp):
    doc = nlp("France agreed.")
    assert resolve_party(doc[0:0]) == ()


@pytest.mark.parametrize(
    ("text", "phrase", "expected"),
    [
        ("British Prime Minister Keir Starmer left. Giorgia Meloni spoke. The premier agreed.", "The premier", "ITA"),
        ("Nigeria's president agreed. Bola Tinubu left.", "Nigeria's president", "NGA"),
        ("Chad spoke. Mali's officials said the government agreed.", "the government", "MLI"),
    ],
)
def test_descriptions_look_to_the_table_and_the_sentence(nlp, text, phrase, expected):
    (actor,) = resolve(nlp, text, phrase)
    assert actor.country == expected


def test_a_list_after_its_head_gives_the_members(nlp):
    phrase = "The other states – Canada, Finland and Iceland"
    assert [actor.country for actor in resolve(nlp, f"{phrase} agreed.", phrase)] == ["CAN", "FIN", "ISL"]


def test_where_a_firm_is_from_is_not_the_party(nlp):
    assert resolve(nlp, "The Denmark-based firm agreed.", "Denmark") == ()
