"""Feeds: new statements as Atom, and the days on which they fall due as a calendar, read back by other libraries."""

import calendar
import datetime
import uuid

import feedparser
import icalendar
import pytest
from lxml import etree

from schemas.tags import Domain, Kind
from tests.statements import Statement, add_statements
from tests.warehouses import add_mark
from warehouse.feed import main

DAY = datetime.date(2025, 9, 4)
DUE = datetime.date(2027, 5, 31)
TRAMS = Statement(
    "Borduria promised Syldavia 40 trams by May 2027, if it rains.",
    "promised",
    "40 trams",
    whom=("Syldavia",),
    condition="if it rains",
    deadline="by May 2027",
    due=DUE,
    day=DAY,
)
TEA = Statement(
    "Syldavia refused Borduria tea.",
    "refused",
    "tea",
    Kind.REFUSAL,
    ("Syldavia",),
    ("Borduria",),
    day=datetime.date(2025, 9, 1),
)
FISH = Statement(
    "Norway offered fish.", "offered", "fish", Kind.OFFER, ("Norway",), country="NOR", day=None, domain=Domain.OTHER
)
HOSTILE = "<script>alert(1)</script> & \x00\x1b \u202e ]]> \r\nBEGIN:VEVENT"
LOADED = datetime.datetime(2026, 1, 2, 3, 4, 5, 6, datetime.UTC)


def write(tmp_path, *arguments, name="out"):
    assert main([str(tmp_path), "--output", str(tmp_path / name), *arguments]) == 0
    return (tmp_path / name).read_bytes()


def atom(tmp_path, *arguments):
    content = write(tmp_path, "--format", "atom", *arguments)
    feed = feedparser.parse(content)
    assert not feed.bozo
    return feed


def events(tmp_path, *arguments):
    return icalendar.Calendar.from_ical(write(tmp_path, "--format", "ical", *arguments)).events


def test_a_statement_is_an_entry_with_all_that_the_standard_asks_for(tmp_path):
    add_statements(tmp_path, TRAMS)
    feed = atom(tmp_path)
    (entry,) = feed.entries
    assert entry.title == "Pledge by Borduria to Syldavia: 40 trams"
    assert entry.link == "https://wire.example/0"
    assert entry.author == "Invented Wire"
    assert [tag.term for tag in entry.tags] == ["pledge", "trade"]
    assert entry.summary.split("\n") == [TRAMS.sentence, "Condition: if it rains", "Deadline: by May 2027 (2027-05-31)"]
    assert entry.updated == entry.published == feed.feed.updated == "2025-09-04T09:00:00Z"
    assert uuid.UUID(entry.id.removeprefix("urn:uuid:"))
    assert feed.feed.title == "Pledgeline: commitments"
    assert feed.version == "atom10"


def test_entries_are_newest_first_and_the_unknown_day_is_that_of_loading(tmp_path):
    add_statements(tmp_path, TEA, TRAMS, FISH)
    feed = atom(tmp_path)
    assert [entry.title.split(":")[1].strip() for entry in feed.entries] == ["fish", "40 trams", "tea"]
    assert calendar.timegm(feed.entries[0].updated_parsed) == int(LOADED.timestamp())


def test_a_statement_of_several_articles_is_one_entry_with_the_same_id(tmp_path):
    add_statements(tmp_path / "one", TRAMS)
    add_statements(tmp_path / "two", FISH, TRAMS, TRAMS)
    (alone,) = atom(tmp_path / "one").entries
    repeated = [entry for entry in atom(tmp_path / "two").entries if "trams" in entry.title]
    assert [entry.id for entry in repeated] == [alone.id]


@pytest.mark.parametrize(
    ("arguments", "found"),
    [
        (["--actor", "borduria"], ["40 trams"]),
        (["--actor", "state:NOR", "--actor", "Borduria"], ["fish", "40 trams"]),
        (["--actor", "Syldavia", "--counterparty", "Borduria"], ["tea"]),
        (["--actor", "Borduria", "--counterparty", "Borduria"], []),
        (["--kind", "offer,refusal"], ["fish", "tea"]),
        (["--since", "2025-09-04"], ["fish", "40 trams"]),
        (["--limit", "1"], ["fish"]),
    ],
)
def test_entries_are_those_that_were_asked_for(arguments, found, tmp_path):
    add_statements(tmp_path, TRAMS, TEA, FISH)
    assert [entry.title.split(": ")[1] for entry in atom(tmp_path, *arguments).entries] == found


def test_feeds_of_different_interests_are_different_feeds(tmp_path):
    add_statements(tmp_path, TRAMS)
    ids = {atom(tmp_path, *arguments).feed.id for arguments in ([], ["--actor", "Borduria"], ["--kind", "threat"])}
    assert len(ids) == 3
    assert atom(tmp_path, "--limit", "1").feed.id in ids


def test_the_same_warehouse_gives_the_same_bytes(tmp_path):
    add_statements(tmp_path, TRAMS, TEA, FISH)
    for form in ("atom", "ical"):
        assert write(tmp_path, "--format", form, name="a") == write(tmp_path, "--format", form, name="b")


def test_a_feed_of_nothing_changed_when_something_was_last_loaded(tmp_path):
    add_mark(tmp_path)
    feed = atom(tmp_path)
    assert not feed.entries
    assert feed.feed.updated == "2026-01-02T03:04:05.000006Z"


def test_hostile_words_stay_words(tmp_path):
    url = "javascript:alert(1)"
    add_statements(tmp_path, Statement(HOSTILE, "script", HOSTILE, who=(HOSTILE,), title=HOSTILE, url=url, due=DUE))
    content = write(tmp_path, "--format", "atom", "--actor", HOSTILE)
    root = etree.fromstring(content)
    assert {etree.QName(node).localname for node in root.iter()} <= {
        *("feed", "id", "title", "updated", "generator", "entry", "published", "author", "name", "category", "summary")
    }
    (summary,) = root.iterfind(".//{*}summary")
    assert summary.text == "<script>alert(1)</script> & ]]> BEGIN:VEVENT"
    (event,) = events(tmp_path)
    assert "url" not in event
    assert event["summary"].count("BEGIN:VEVENT") == 2


def test_a_deadline_is_a_whole_day(tmp_path):
    add_statements(tmp_path, TRAMS, TEA, FISH)
    (event,) = events(tmp_path)
    assert (event["dtstart"].dt, event["dtend"].dt) == (DUE, DUE + datetime.timedelta(1))
    assert event["summary"] == "Due: Pledge by Borduria to Syldavia: 40 trams"
    assert event["url"] == "https://wire.example/0"
    assert event["transp"] == "TRANSPARENT"
    assert event["dtstamp"].dt == datetime.datetime(2025, 9, 4, 9, tzinfo=datetime.UTC)
    assert event["description"].startswith(TRAMS.sentence)
    assert uuid.UUID(event["uid"])


@pytest.mark.parametrize(("since", "number"), [("2027-05-31", 1), ("2027-06-01", 0)])
def test_deadlines_are_told_from_a_day_on(since, number, tmp_path):
    add_statements(tmp_path, TRAMS)
    assert len(events(tmp_path, "--since", since)) == number


def test_the_last_of_all_days_is_no_hindrance(tmp_path):
    add_statements(tmp_path, Statement("Borduria promised tea.", "promised", "tea", due=datetime.date.max))
    (event,) = events(tmp_path)
    assert event["dtstart"].dt == datetime.date.max


def test_a_calendar_of_nothing_is_still_one(tmp_path):
    add_statements(tmp_path, TEA)
    assert events(tmp_path) == []


@pytest.mark.parametrize(
    "arguments", [["--kind", "promise"], ["--since", "soon"], ["--limit", "0"], ["--format", "rss"]]
)
def test_wrong_arguments_are_told(arguments, tmp_path):
    with pytest.raises(SystemExit) as left:
        main([str(tmp_path), "--output", "x", "--format", "atom", *arguments])
    assert left.value.code == 2


def test_a_folder_that_is_no_warehouse_is_told(tmp_path, capsys):
    assert main([str(tmp_path), "--output", str(tmp_path / "x"), "--format", "atom"]) == 2
    assert "none of the tables" in capsys.readouterr().err
