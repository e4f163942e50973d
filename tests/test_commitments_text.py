"""Commitments in sentences of our own, through the shipped model: the classes of the codebook, each with its traps."""

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


def parties(row: Commitment) -> list[str]:
    return [actor.name for actor in row.actors]


@pytest.mark.parametrize(
    ("text", "kind", "trigger", "bound"),
    [
        ("Sweden promised to double its aid to Moldova.", "pledge", "promised", ["Sweden"]),
        ("Canada will send 400 soldiers to Latvia next month.", "pledge", "will send", ["Canada"]),
        ("Turkey offered to host talks between the two sides.", "offer", "offered", ["Turkey"]),
        ("Brazil is ready to mediate, its foreign ministry said.", "offer", "ready", ["Brazil"]),
        ("Egypt and Sudan signed a water-sharing treaty in Cairo.", "agreement", "signed", ["Egypt", "Sudan"]),
        ("France proposed to create a joint fund with Germany.", "proposal", "proposed", ["France"]),
        ("India rejected a Chinese request for access to the port.", "refusal", "rejected", ["India"]),
        ("Vietnam will not join the alliance.", "refusal", "will not join", ["Vietnam"]),
        ("Peru ruled out sending troops to Haiti.", "refusal", "ruled out", ["Peru"]),
        ("Hungary withdrew from the treaty on Monday.", "withdrawal", "withdrew", ["Hungary"]),
        ("Iran threatened to close the strait if Israel attacks.", "threat", "threatened", ["Iran"]),
        ("The United States will impose tariffs on Chinese steel.", "threat", "will impose", ["United States"]),
        ("North Korea pledged not to test nuclear weapons.", "pledge", "pledged", ["North Korea"]),
        ("Chile has not ruled out sending police to Haiti.", "offer", "ruled out", ["Chile"]),
    ],
)
def test_each_kind_in_a_plain_sentence(tagger, text, kind, trigger, bound):
    assert [(str(row.kind), row.trigger, parties(row)) for row in tag(tagger, text)] == [(kind, trigger, bound)]


@pytest.mark.parametrize(
    "text",
    [
        "Poland urged Russia to withdraw its troops from Ukraine.",
        "Will Norway send more aid to Ukraine?",
        "Kenya may send police to Haiti.",
        "Analysts hope that China will cut tariffs.",
        "If Spain pledged more money, the fund would survive.",
        "The shares pledged as collateral fell, and results look promising.",
        "Italy committed a foul in the second half.",
        "The summit will open on Monday.",
        "The State Department declined to comment.",
        "Troops withdrew from the town of Goma.",
        "Ghana did not promise any help.",
    ],
)
def test_what_binds_nobody_gives_no_row(tagger, text):
    assert [(row.trigger, row.sentence) for row in tag(tagger, text)] == []


def test_a_speaker_is_named_beside_the_state_that_is_bound(tagger):
    [row] = tag(tagger, "“We will send doctors to Gaza,” Indonesian President Prabowo Subianto said.")
    assert parties(row) == ["Indonesia"]
    assert row.speaker is not None
    assert row.speaker.name == "Prabowo Subianto"


def test_we_of_an_official_statement_is_its_author(tagger):
    [row] = tag(tagger, "We will open the border on Monday.", title="Statement on trade", source="Government of Kenya")
    assert parties(row) == ["Kenya"]
    assert row.speaker is None


def test_those_who_share_a_stance_are_bound_too(tagger):
    [row] = tag(tagger, "Austria said it will not send soldiers, a position shared by Ireland and Malta.")
    assert parties(row) == ["Austria", "Ireland", "Malta"]
    assert row.action == "send soldiers"


def test_lines_of_a_list_hang_on_what_introduces_them(tagger):
    text = "Japan and Australia agreed to:\n\n- share data on storms;\n- train 200 pilots; and\n- build a port."
    rows = tag(tagger, text)
    assert [row.trigger for row in rows][-3:] == ["share", "train", "build"]
    assert all(parties(row) == ["Japan", "Australia"] for row in rows)


def test_deadline_amount_and_condition_are_those_of_the_act(tagger):
    [row] = tag(tagger, "Qatar said on Tuesday it will pay Lebanon 30 million euros by May 2026 if the truce holds.")
    assert (row.deadline, row.due_date) == ("by May 2026", datetime.date(2026, 5, 31))
    assert [(amount.value, amount.unit) for amount in row.amounts] == [(30_000_000, "EUR")]
    assert row.condition == "if the truce holds"


def test_coordinated_triggers_keep_their_own_acts_unless_they_share_one(tagger):
    two = tag(tagger, "Finland pledged 40 million euros for sensors and promised to share what they record.")
    assert [(c.trigger, c.action) for c in two] == [
        ("pledged", "40 million euros"),
        ("promised", "share what they record"),
    ]
    (one,) = tag(tagger, "Norway is ready and willing to help Ukraine.")
    assert (one.trigger, one.action) == ("ready and willing", "help Ukraine")
