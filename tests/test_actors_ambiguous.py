"""Names that mean several: states and people, states and rivers, one Georgia and another."""

import datetime

import pytest
from spacy.language import Language

from tests.blank import actors_alone


@pytest.fixture(scope="module")
def nlp() -> Language:
    return actors_alone()


def ids(nlp: Language, text: str) -> list[str]:
    doc = nlp.make_doc(text)
    doc._.published = datetime.date(2015, 6, 1)
    for _, component in nlp.pipeline:
        doc = component(doc)
    return [span._.mention.actor_id for span in doc.spans["actors"]]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Washington agreed.", ["state:USA"]),
        ("George Washington crossed the river. Washington agreed.", []),
        ("George Washington slept here. The United States and Washington agreed.", ["state:USA", "state:USA"]),
        ("Jordan agreed.", ["state:JOR"]),
        ("Michael Jordan spoke. Jordan agreed.", ["person:michael-jordan", "person:michael-jordan"]),
        ("Mr. Israel agreed.", ["person:israel"]),
        ("Chad agreed.", ["state:TCD"]),
        ("Chad Smith agreed.", ["person:chad-smith"]),
        ("The turkey was roasted.", []),
        ("Turkey agreed.", ["state:TUR"]),
        ("The china broke.", []),
        ("Niger agreed.", ["state:NER"]),
        ("Nigeria agreed.", ["state:NGA"]),
        ("The Niger Delta is wet and the Niger River long.", []),
        ("Guinea agreed.", ["state:GIN"]),
        ("Equatorial Guinea agreed.", ["state:GNQ"]),
        ("Guinea-Bissau agreed.", ["state:GNB"]),
        ("Papua New Guinea agreed.", ["state:PNG"]),
        ("New Guinea is an island.", []),
        ("Congo agreed.", ["state:COD"]),
        ("Congo-Brazzaville agreed.", ["state:COG"]),
        ("The Republic of the Congo agreed.", ["state:COG"]),
        ("The Democratic Republic of Congo agreed.", ["state:COD"]),
        ("North Korea agreed.", ["state:PRK"]),
        ("Korea agreed.", ["state:KOR"]),
        ("The Korean Peninsula is calm.", []),
        ("Ireland agreed.", ["state:IRL"]),
        ("Northern Ireland is green.", []),
        ("Taiwan's Republic of China agreed.", ["state:TWN", "state:TWN"]),
        ("The People's Republic of China agreed.", ["state:CHN"]),
        ("Georgia agreed with Russia.", ["state:GEO", "state:RUS"]),
        ("Georgia and its Abkhazia agreed.", ["state:GEO"]),
        ("Georgia and Moscow agreed in Atlanta.", ["state:RUS"]),
        ("Dominica agreed.", ["state:DMA"]),
        ("The Dominican Republic agreed.", ["state:DOM"]),
        ("Mali agreed and so did Malawi.", ["state:MLI", "state:MWI"]),
    ],
)
def test_names_that_mean_several(nlp, text, found):
    assert ids(nlp, text) == found
