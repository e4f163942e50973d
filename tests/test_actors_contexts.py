"""Who is a party and who is only named: states as places and origins, private documents, bodies told by a noun."""

import datetime

import pytest
from spacy.language import Language

from tests.blank import actors_alone

SPRING_2007 = datetime.date(2007, 6, 1)


@pytest.fixture(scope="module")
def nlp() -> Language:
    return actors_alone()


def found(nlp: Language, text: str) -> dict[str, tuple[str, str | None]]:
    doc = nlp.make_doc(text)
    doc._.published = SPRING_2007
    for _, component in nlp.pipeline:
        doc = component(doc)
    return {span._.mention.name: (str(span._.mention.type), span._.mention.country) for span in doc.spans["actors"]}


@pytest.mark.parametrize(
    "text",
    [
        "The list has firms from Chile, Peru and Ghana.",
        "They are in third countries (Chile, Peru and Ghana).",
        "It sails to destinations including Chile, Peru and Ghana.",
        "Refugees from Chad need tents.",
        "Ships were seized off the coast of Somalia.",
        "Somalia's coast is rocky.",
        "The Iraq War was long.",
        "The troops were leaving Syria.",
        "It sold two hundred Thai and Malay and Peruvian shops.",
        "Several Kenyans were on board.",
        "A Chilean company makes them.",
        "Bridges in Niger fell.",
        "Such a union would have a Foreign Ministry.",
        "They met in the town of Jan Boldak and in Peter Novak district.",
    ],
)
def test_a_place_or_an_origin_is_no_party(nlp, text):
    assert found(nlp, text) == {}


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("It won permission from Chile.", {"Chile"}),
        ("The Kenyans agreed.", {"Kenya"}),
        ("Thai and Peruvian officials met.", {"Thailand", "Peru"}),
        ("The summit ended the Chilean-Peruvian talks.", {"Chile", "Peru"}),
        ("Iraq's army moved.", {"Iraq"}),
        ("Officials in Niger reported it.", {"Niger"}),
        ("Greece and its Democratic Left Party agreed.", {"Greece", "Democratic Left Party"}),
    ],
)
def test_a_party_is_one_beside_the_same_words(nlp, text, names):
    assert set(found(nlp, text)) == names


@pytest.mark.parametrize(
    ("text", "name", "sort", "country"),
    [
        ("The Polish daily Gazeta Nowa wrote so.", "Gazeta Nowa", "organisation", "POL"),
        ("A Saudi newspaper, al-Bayda, wrote so.", "al-Bayda", "organisation", "SAU"),
        ("The militant group Ansar Qasr fired.", "Ansar Qasr", "armed_group", None),
        ("They met Quorvex, a Dutch charity based in Delft.", "Quorvex", "organisation", "NLD"),
        ("Talks in Vienna ended, rebuffing a request from President Bush.", "George W. Bush", "person", "USA"),
        ("The Greek opposition party Nea Zoi agreed.", "Nea Zoi", "organisation", "GRC"),
    ],
)
def test_a_noun_beside_it_makes_a_name_a_body(nlp, text, name, sort, country):
    assert found(nlp, text)[name] == (sort, country)


@pytest.mark.parametrize("text", ["The party leader Ada Novak spoke.", "The company Friday fell."])
def test_other_words_after_such_a_noun_do_not(nlp, text):
    assert "organisation" not in {sort for sort, _ in found(nlp, text).values()}


def test_saints_are_no_parties_and_the_crowned_are(nlp):
    assert found(nlp, "The relics of Saint Boniface Orlov are old.") == {}
    assert set(found(nlp, "Patriarch Anthimos spoke.")) == {"Anthimos"}


def test_a_leaders_government_is_the_state(nlp):
    assert found(nlp, "The Kibaki government agreed.") == {"Kenya": ("state", "KEN")}


def test_a_double_name_goes_back_to_the_full_one(nlp):
    doc = "Finance minister Ellen Johnson-Sirleaf won. Mrs. Johnson-Sirleaf spoke."
    assert set(found(nlp, doc)) == {"Ellen Johnson Sirleaf"}


def test_an_armed_group_is_named_again_by_its_first_word(nlp):
    assert set(found(nlp, "The militant group Ansar Qasr fired. Ansar denied it.")) == {"Ansar Qasr"}


GUIDE = (
    "The island has long beaches and a warm sea. John Smith runs a bar near the pier, and Mary Jones rents boats. "
    "From Spain it is two hours by plane. Bring a hat, because the sun is strong, and good shoes for the hills. "
    "The soup of the old town is famous, and the bread is baked twice a day. Families like the quiet bays best. "
    "In spring the meadows are full of flowers, and the wind is soft. A bus goes round the island every hour, and the "
    "driver stops wherever you wave. At night there is music by the harbour, and the fish is fresh and cheap there."
)


def test_a_document_that_is_not_about_public_affairs_names_no_parties(nlp):
    assert found(nlp, GUIDE) == {}


def test_whoever_holds_office_is_a_party_even_there(nlp):
    assert set(found(nlp, GUIDE + " Tony Blair ate here once.")) == {"Tony Blair"}


def test_the_same_names_are_parties_where_the_rest_is_public(nlp):
    affairs = (
        " The government and parliament agreed on sanctions, and the minister met officials of the opposition party."
    )
    assert {"John Smith", "Mary Jones"} <= set(found(nlp, GUIDE + affairs))
