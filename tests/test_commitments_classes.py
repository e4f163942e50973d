"""Classes of statements that grew out of reading real news, in sentences of our own, through the shipped model."""

import datetime

import pytest

from schemas.documents import Article
from schemas.tags import Commitment
from transforms.tagging.tagger import Tagger, make_tagger, tag_article


@pytest.fixture(scope="module")
def tagger() -> Tagger:
    return make_tagger()


def tag(tagger: Tagger, text: str, *, title: str | None = None, source: str | None = None) -> tuple[Commitment, ...]:
    published = datetime.datetime(2025, 3, 4, tzinfo=datetime.UTC)
    article = Article("a", "c", "i", 0, text, language="en", published_at=published, title=title, source=source)
    return tag_article(article, tagger).commitments


def names(actors) -> list[str]:
    return [actor.name for actor in actors]


@pytest.mark.parametrize(
    ("text", "kind", "bound", "towards"),
    [
        ("Peru will respond to any attack on its ships.", "threat", ["Peru"], []),
        ("Any country that arms the rebels will face severe consequences, Chad warned.", "threat", ["Chad"], None),
        ("Anyone who attacks the convoy will pay a heavy price, Kenya said.", "threat", ["Kenya"], None),
        ("Kenya is committed to acting with others to increase pressure on Eritrea.", "threat", ["Kenya"], ["Eritrea"]),
        ("Several clerics have threatened to boycott the vote in Chad.", "threat", ["Several clerics"], None),
        ("Norway cannot accept the Danish demand.", "refusal", ["Norway"], ["Denmark"]),
        ("There will be no talks with the rebels, Chad said.", "refusal", ["Chad"], ["the rebels"]),
        ("Chad said that a withdrawal was out of the question.", "refusal", ["Chad"], None),
        ("Sweden has no plans to send troops to Mali.", "refusal", ["Sweden"], ["Mali"]),
        ("Peru has no intention of leaving the bloc.", "pledge", ["Peru"], None),
        ("Fiji closed a deal with Tonga on fishing.", "agreement", ["Fiji", "Tonga"], []),
        ("Fiji announced a new agreement with Tonga to share its ports.", "agreement", ["Fiji"], None),
        ("The Kenyan government took office pledging to halve fuel taxes.", "pledge", ["Kenya"], None),
        ("Gabon threatened to halt oil deliveries to Benin.", "threat", ["Gabon"], ["Benin"]),
        ("A range of countries will use the new register.", "pledge", ["A range of countries"], []),
    ],
)
def test_kinds_told_by_what_the_words_do(tagger, text, kind, bound, towards):
    (row,) = tag(tagger, text)
    assert (str(row.kind), names(row.actors)) == (kind, bound)
    if towards is not None:
        assert names(row.counterparties) == towards


@pytest.mark.parametrize(
    "text",
    [
        "Chad received a demand that Sudan withdraw its troops from the border.",
        "Officials of the Norwegian ministry were not available to comment.",
        "We will take your questions after the break, and I will turn it over to the general.",
        "The sale would amount to a monopoly, Peru said.",
        "Peru said that it will lead to more hunger in the region.",
        "Peru and Chile struck a deal that will open new markets.",
        "Chad will face Togo in the final on Sunday.",
        "Some Norwegians hope that the commitment to peace and prosperity will last.",
    ],
)
def test_what_binds_nobody(tagger, text):
    found = [(str(row.kind), row.trigger) for row in tag(tagger, text)]
    assert found == ([("agreement", "struck")] if "struck" in text else [])


@pytest.mark.parametrize(
    ("text", "bound"),
    [
        (
            "The plan was seconded by German Chancellor Jane Roe and British Prime Minister John Doe.",
            ["Jane Roe", "John Doe"],
        ),
        ("Israel and some Palestinian militant groups say they are willing to stop.", 2),
        ("Japan said it would join the talks and vowed to pay its share.", ["Japan"]),
    ],
)
def test_coordinations_that_parsers_take_apart(tagger, text, bound):
    row = tag(tagger, text)[-1]
    assert (len(row.actors) if isinstance(bound, int) else names(row.actors)) == bound


def test_what_one_side_promises_is_for_the_other_side_of_the_headline(tagger):
    text = "Norway will lower its tariffs on fish. Both sides welcomed the text."
    (row,) = tag(tagger, text, title="Joint Statement on the Norway-Peru Fisheries Agreement")
    assert names(row.counterparties) == ["Peru"]
    (row,) = tag(tagger, text, title="Kenya Welcomes the Agreement of Norway")
    assert names(row.counterparties) == []
