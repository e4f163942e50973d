"""Articles through the shipped model: what is found, what is left alone, and that nothing brings it down."""

import datetime
import time

import pytest

from schemas.documents import Article
from schemas.rejects import TaggerCrash
from schemas.tags import Kind
from transforms.tagging import tagger as tagging
from transforms.tagging.tagger import MAX_CHUNK_CHARS, TAGGER_VERSION, Tagger, make_tagger, read_text, tag_article

TEXT = (
    "The foreign minister of Norway said on Tuesday that Norway will send 12 tanks to Ukraine by June. "
    "Hungary refused to join the plan.\n\n"
    "“We are ready to host talks if both sides stop firing,” Swiss President Karin Keller-Sutter said."
)


@pytest.fixture(scope="module")
def tagger() -> Tagger:
    return make_tagger()


def article(text: str, language: str | None = "en") -> Article:
    published = datetime.datetime(2025, 3, 4, tzinfo=datetime.UTC)
    return Article("a" * 32, "c" * 32, "test.txt", 0, text, language=language, published_at=published)


def test_an_article_gives_actors_and_commitments(tagger):
    tagged = tag_article(article(TEXT), tagger)
    assert [(c.kind, c.trigger) for c in tagged.commitments] == [
        (Kind.PLEDGE, "will send"),
        (Kind.REFUSAL, "refused"),
        (Kind.OFFER, "ready"),
    ]
    pledge, refusal, offer = tagged.commitments
    assert [actor.name for actor in pledge.actors] == ["Norway"]
    assert [actor.name for actor in pledge.counterparties] == ["Ukraine"]
    assert pledge.due_date == datetime.date(2025, 6, 30)
    assert [amount.surface for amount in pledge.amounts] == ["12 tanks"]
    assert [actor.name for actor in refusal.actors] == ["Hungary"]
    assert offer.condition == "if both sides stop firing"
    assert tagged.tagger_version == TAGGER_VERSION
    assert tagged.model.startswith("en_")


def test_offsets_point_into_the_text(tagger):
    tagged = tag_article(article(TEXT), tagger)
    for mention in tagged.mentions:
        assert TEXT[mention.start : mention.end] == mention.surface
    for row in tagged.commitments:
        assert TEXT[row.trigger_start : row.trigger_end] == row.trigger
        assert TEXT[row.sentence_start : row.sentence_end] == row.sentence


@pytest.mark.parametrize("language", ["de", "fr", "und"])
def test_other_languages_have_no_tags(tagger, language):
    tagged = tag_article(article(TEXT, language), tagger)
    assert (tagged.mentions, tagged.commitments) == ((), ())


def test_unknown_language_is_read_as_english(tagger):
    assert tag_article(article(TEXT, None), tagger).commitments


def test_the_same_text_gives_the_same_tags_after_any_other(tagger):
    first = tag_article(article(TEXT), tagger)
    tag_article(article("Brazil and Chile signed a treaty. " * 50), tagger)
    assert tag_article(article(TEXT), tagger) == first


def test_long_texts_are_read_in_chunks_and_put_together(tagger):
    text = ("Poland pledged to give Latvia 20 million euros. The weather was fine on the coast. " * 200).strip()
    assert len(text) > 3 * MAX_CHUNK_CHARS
    doc = read_text(text, tagger)
    assert doc.text == text
    assert sum(1 for _ in doc.sents) == 400
    assert len(tag_article(article(text), tagger).commitments) == 200


@pytest.mark.parametrize(
    "text",
    [
        "",
        " \n\t ",
        "WE WILL SEND TROOPS TO MALI, PRESIDENT SAYS",
        "\u202eWe will \u2066send\u2069 aid\u202c 🙂🇺🇦👩‍👩‍👧 to Kyiv.",
        "x" * 20_000,
        "will " * 3_000,
        "\x00\x01 will\ufeff pledge \u200b to \ud7ff",
        "“““ Spain said “ it will ” ” send , , , ; : — aid",
        "France pledged to " + "help and " * 4_000 + "stop.",
    ],
    ids=["empty", "blank", "capitals", "bidi", "one word", "modals", "control", "quotes", "endless sentence"],
)
def test_odd_texts_do_not_break_it(tagger, text):
    tagged = tag_article(article(text), tagger)
    assert all(text[m.start : m.end] == m.surface for m in tagged.mentions)
    assert all(text[c.sentence_start : c.sentence_end] == c.sentence for c in tagged.commitments)


def test_a_failing_component_is_a_refusal(tagger, monkeypatch):
    def fail(*_: object) -> None:
        raise MemoryError("no room")

    monkeypatch.setattr(tagging, "read_text", fail)
    with pytest.raises(TaggerCrash, match="MemoryError on 4 characters: no room"):
        tag_article(article("Text"), tagger)


def test_junk_without_spaces_costs_no_time_and_no_row(tagger):
    plain = "Norway promised to send ten ships to Ukraine."
    start = time.monotonic()
    tagged = tag_article(article(f"{plain} {'(' * 20_000} France promised nothing. {plain}"), tagger)
    assert time.monotonic() - start < 10
    assert tagged.commitments
    for commitment in tagged.commitments:
        assert tagged.article.text[commitment.sentence_start : commitment.sentence_end] == commitment.sentence


@pytest.mark.parametrize(
    "text",
    [
        "NORWAY AGREED TO SEND TROOPS TO UKRAINE. " * 50,
        "😀🇫🇷 France agreed to pay 🎉. " * 50,
        "\u202eIran\u202c \u2066agreed\u2069 to pay. " * 50,
        " \n\n \t ",
        "?!.,;:()[]“”—" * 100,
        "Norway\x00 agreed to\x00 pay.\x00 " * 50,
        "Norway \ud800 agreed to pay \udfff. France agreed to pay. " * 50,
        "Norway agreed to send aid and " * 400 + "left.",
        "Oslo\t12\t3.4\t5%\n" * 500,
    ],
    ids=["capitals", "emoji", "bidi", "empty", "marks", "nul", "surrogates", "endless", "table"],
)
def test_no_text_crashes_the_tagger(tagger, text):
    tagged = tag_article(article(text), tagger)
    assert all(text[m.start : m.end] == m.surface for m in tagged.mentions)
    assert all(text[c.sentence_start : c.sentence_end] == c.sentence for c in tagged.commitments)
