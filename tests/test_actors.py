"""The actors component finds who a text names, links it and leaves places and things out."""

import datetime

import pytest
import spacy
from spacy.language import Language
from spacy.tokens import Doc, Span

from schemas.tags import Mention
from tests.blank import actors_alone

AUTUMN_2025 = datetime.date(2025, 9, 4)


@pytest.fixture(scope="module")
def nlp() -> Language:
    return actors_alone()


def read(
    nlp: Language, text: str, day: datetime.date | None = AUTUMN_2025, ents: tuple[tuple[str, str], ...] = ()
) -> Doc:
    doc = nlp.make_doc(text)
    doc._.published = day
    spans = []
    for form, label in ents:
        start = text.index(form)
        span = doc.char_span(start, start + len(form), label=label)
        assert isinstance(span, Span)
        spans.append(span)
    doc.set_ents(spans)
    for _, component in nlp.pipeline:
        doc = component(doc)
    return doc


def mentions(doc: Doc) -> list[Mention]:
    return [span._.mention for span in doc.spans["actors"]]


def names(doc: Doc) -> list[tuple[str, str]]:
    return [(span.text, span._.mention.name) for span in doc.spans["actors"]]


def ids(doc: Doc) -> set[str]:
    return {span._.mention.actor_id for span in doc.spans["actors"]}


@pytest.mark.parametrize(
    ("text", "actor_id"),
    [
        ("The United States will act.", "state:USA"),
        ("The U.S. will act.", "state:USA"),
        ("Washington will act.", "state:USA"),
        ("The Kremlin will act.", "state:RUS"),
        ("Türkiye will act.", "state:TUR"),
        ("The Italians will act.", "state:ITA"),
        ("Swiss officials will act.", "state:CHE"),
        ("NATO will act.", "igo:NATO"),
        ("The U.N. Security Council will act.", "igo:UNSC"),
        ("The Pentagon will act.", "org:us-department-of-defense"),
        ("Hezbollah will act.", "armed:hezbollah"),
        ("Al-Qaeda will act.", "armed:al-qaeda"),
        ("The Coalition of the Willing will act.", "coalition:coalition-of-the-willing"),
        ("Hong Kong will act.", "state:HKG"),
    ],
)
def test_known_names_are_linked(nlp, text, actor_id):
    assert ids(read(nlp, text)) == {actor_id}


@pytest.mark.parametrize(
    "text",
    [
        "They met in Paris on Friday.",
        "The Paris Agreement holds.",
        "She flew to Vienna.",
        "He was born in northern Iraq.",
        "Trade in the South China Sea grew.",
        "Flights to Spain, Greece and Portugal were full.",
        "A Danish pastry was eaten.",
        "The chair was empty.",
    ],
)
def test_places_and_things_are_no_actors(nlp, text):
    assert names(read(nlp, text)) == []


def test_a_place_is_kept_where_its_state_also_acts(nlp):
    doc = read(nlp, "Iraq agreed to the plan. Fighting in Iraq went on.")
    assert [span.start_char for span in doc.spans["actors"]] == [0, 37]


@pytest.mark.parametrize(
    ("day", "name", "country"),
    [
        (datetime.date(2006, 5, 1), "George W. Bush", "USA"),
        (datetime.date(1991, 5, 1), "George H. W. Bush", "USA"),
    ],
)
def test_a_leader_is_coded_by_the_day(nlp, day, name, country):
    mention = mentions(read(nlp, "President Bush spoke.", day))[0]
    assert (mention.name, mention.country, mention.role) == (name, country, "President")


def test_a_leader_of_a_body_belongs_to_no_state_while_in_office(nlp):
    text = "Jens Stoltenberg spoke."
    countries = [mentions(read(nlp, text, datetime.date(year, 6, 1)))[0].country for year in (2010, 2020)]
    assert countries == ["NOR", None]


def test_a_family_name_goes_back_to_the_full_name(nlp):
    doc = read(nlp, "Polish minister Zofia Kowalczyk spoke. Later Kowalczyk left.")
    assert names(doc) == [
        ("Polish", "Poland"),
        ("Zofia Kowalczyk", "Zofia Kowalczyk"),
        ("Kowalczyk", "Zofia Kowalczyk"),
    ]
    assert doc.spans["actors"][2]._.mention.country == "POL"


@pytest.mark.parametrize(
    ("text", "country"),
    [
        ("Kenyan President Ada Wanjiru spoke.", "KEN"),
        ("Ada Wanjiru, the Kenyan foreign minister, spoke.", "KEN"),
        ("France met Ada Wanjiru, president of Kenya, on Friday.", "KEN"),
        ("State Department spokeswoman Ada Wanjiru spoke.", "USA"),
        ("UN envoy Ada Wanjiru spoke to Kenya.", None),
        ("Kenya and Kenya's rival agreed. Ada Wanjiru said so.", "KEN"),
    ],
)
def test_the_words_around_give_a_person_its_country(nlp, text, country):
    found = {mention.name: mention.country for mention in mentions(read(nlp, text))}
    assert found["Ada Wanjiru"] == country


def test_middle_initials_and_honorifics_stay_out_of_names(nlp):
    doc = read(nlp, "Senator Mary Q. Holloway and Mr. Holloway spoke.")
    assert [name for _, name in names(doc)] == ["Mary Holloway", "Mary Holloway"]


def test_acronyms_in_brackets_name_their_organisation(nlp):
    doc = read(nlp, "The Harbour Safety Agency (HSA) met. HSA agreed.")
    assert names(doc) == [
        ("Harbour Safety Agency", "Harbour Safety Agency"),
        ("HSA", "Harbour Safety Agency"),
        ("HSA", "Harbour Safety Agency"),
    ]


@pytest.mark.parametrize(
    ("text", "surface", "actor_id", "country"),
    [
        ("The Peruvian Foreign Ministry agreed.", "Peruvian Foreign Ministry", "org:per-foreign-ministry", "PER"),
        ("The Parliament of Ghana agreed.", "Parliament of Ghana", "org:gha-parliament", "GHA"),
        ("Malta's central bank agreed.", "Malta's central bank", "org:mlt-central-bank", "MLT"),
        ("The US State Department agreed.", "US State Department", "org:us-department-of-state", "USA"),
        ("The Senate agreed.", "Senate", "org:us-senate", "USA"),
        ("The Polish Senate agreed.", "Polish Senate", "org:pol-senate", "POL"),
    ],
)
def test_institutions_belong_to_the_state_beside_them(nlp, text, surface, actor_id, country):
    mention = mentions(read(nlp, text))[0]
    assert (mention.surface, mention.actor_id, mention.country) == (surface, actor_id, country)


def test_entities_are_taken_as_hints(nlp):
    doc = read(nlp, "Quorvex said it agreed.", ents=(("Quorvex", "ORG"),))
    assert ids(doc) == {"org:quorvex"}


def test_a_report_of_sports_names_no_athletes(nlp):
    text = (
        "Sweden scored two goals. Striker John Smith hit a penalty past the goalkeeper. "
        "The coach praised his players after the tournament match in the stadium."
    )
    assert names(read(nlp, text)) == []


def test_headlines_in_capitals_are_read(nlp):
    doc = read(nlp, "UNITED STATES AND GERMANY AGREE WHO WILL PAY US")
    assert ids(doc) == {"state:USA", "state:DEU"}


def test_georgia_is_the_state_only_beside_its_neighbours(nlp):
    assert ids(read(nlp, "Georgia agreed with Armenia.")) == {"state:GEO", "state:ARM"}
    assert ids(read(nlp, "Georgia agreed with Alabama.")) == set()


def test_spans_carry_offsets_sentences_and_rules(nlp):
    text = "Nobody spoke. Emmanuel Macron and France agreed."
    doc = read(nlp, text)
    for span in doc.spans["actors"]:
        mention = span._.mention
        assert text[mention.start : mention.end] == mention.surface
        assert mention.sentence == 1
        assert mention.rule != ""


@pytest.mark.parametrize(
    "text",
    [
        "",
        " \n\n ",
        "😀🇫🇷",
        "(((",
        "A" * 5000,
        "FRANCE " * 500,
        "\u202eIran\u202c",
        "President " * 300,
        "People's " * 300,
    ],
)
def test_odd_texts_are_survived(nlp, text):
    doc = read(nlp, text)
    assert all(doc.text[s._.mention.start : s._.mention.end] == s.text for s in doc.spans["actors"])


def test_without_sentences_every_mention_is_in_the_first():
    blank = spacy.blank("en")
    blank.add_pipe("pledgeline_actors")
    doc = blank("France agreed. Spain agreed.")
    assert [span._.mention.sentence for span in doc.spans["actors"]] == [0, 0]


def test_a_longer_name_around_a_leader_is_not_the_leader(nlp):
    assert "person:bill-clinton" not in ids(read(nlp, "The Bill Clinton School of Law agreed."))


@pytest.mark.parametrize("text", ["The Bush administration agreed.", "The Bush Administration agreed."])
def test_an_administration_is_its_state(nlp, text):
    assert ids(read(nlp, text, datetime.date(2005, 5, 1))) == {"state:USA"}


def test_a_longer_name_is_no_bare_institution(nlp):
    doc = read(nlp, "France agreed. The National Council on Harbours agreed.")
    assert "org:national-council-on-harbours" in ids(doc)
