"""What status and metrics tell of feeds."""

import datetime
import json

import pytest

from pipelines import cli
from pipelines.gathering import Glance
from pipelines.layout import Layout
from pipelines.metrics import Tallies, write_metrics
from schemas.documents import Feed, Link
from transforms.fetching.schedule import DAY, HOUR, Answer, Kind, new_feed, observe
from transforms.fetching.seen import sort_entries
from transforms.fetching.store import Changes, FeedStore, Watch
from warehouse.watched import feeds_section, monitoring_section

NOW = 1_800_000_000.0
GOOD, BAD, GONE, OLD, NEW = (f"http://{name}.example/feed" for name in ("good", "bad", "gone", "old", "new"))


def state(url, *answers):
    known = new_feed(Feed(url))
    for answer in answers:
        known = observe(known, answer)
    return known


@pytest.fixture
def layout(tmp_path):
    layout = Layout(tmp_path)
    layout.create()
    links = [Link(url=f"http://good.example/{number}", feed_url=GOOD) for number in range(14)]
    entries = sort_entries(links, {}, lambda _: False, GOOD, NOW - 2 * DAY).fresh
    states = (
        state(GOOD, Answer(NOW - 2 * DAY, Kind.CHANGED, "200: 14 new of 14", new=14)),
        state(BAD, Answer(NOW - HOUR, Kind.FAILED, "timeout: no answer", reason="timeout", retry_after=DAY)),
        state(GONE, Answer(NOW - DAY, Kind.GONE, "http_status: 410")),
        state(OLD, Answer(NOW - DAY, Kind.UNCHANGED, "304: not modified")),
    )
    with FeedStore(layout.state) as store:
        store.begin()
        watch = Watch(900.0, {GOOD: None, BAD: None, GONE: None, NEW: 7200.0}, "digest")
        store.save(Changes(states, entries, watch=watch))
    return layout


def rows(section):
    return {row[0]: dict(zip(section.head, row, strict=True)) for row in section.rows}


def test_every_feed_says_when_it_is_asked_next_and_why(layout):
    told = rows(feeds_section(layout, clock=lambda: NOW))
    assert told[GOOD]["answer"] == "200: 14 new of 14"
    assert told[GOOD]["entries_a_day"] == 7.0
    assert told[GOOD]["next"] < datetime.datetime.fromtimestamp(NOW, datetime.UTC)
    assert told[BAD]["why"] == "Retry-After asks for 1 d"
    assert told[BAD]["failures"] == 1
    assert (told[GONE]["next"], told[GONE]["why"]) == (None, "gone (410): never asked again")
    assert (told[OLD]["next"], told[OLD]["why"]) == (None, "not in the list any more")
    assert (told[NEW]["last_asked"], told[NEW]["why"]) == (None, "never asked: at once")


def test_the_whole_says_how_far_behind_it_is(layout):
    section = monitoring_section(layout, clock=lambda: NOW)
    (told,) = [dict(zip(section.head, row, strict=True)) for row in section.rows]
    assert {key: told[key] for key in ("feeds", "failing", "gone", "never_asked", "pages_waiting")} == {
        "feeds": 4,
        "failing": 1,
        "gone": 1,
        "never_asked": 1,
        "pages_waiting": 14,
    }
    assert told["lag"] == "2 d"
    assert "is `pledgeline monitor` at work?" in section.advice[0]


def test_the_command_tells_feeds_in_text_and_json(layout, capsys):
    assert cli.main(["status", str(layout.root)]) == 0
    assert "Retry-After asks for 1 d" in capsys.readouterr().out
    assert cli.main(["status", str(layout.root), "--format", "json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert [feed["feed"] for feed in told["feeds"]] == sorted([GOOD, BAD, GONE, OLD, NEW])
    assert told["monitoring"][0]["feeds"] == 4


def test_a_warehouse_that_no_monitor_knows_tells_nothing_of_feeds(tmp_path):
    layout = Layout(tmp_path)
    layout.create()
    assert feeds_section(layout) is None
    assert monitoring_section(layout) is None


def test_a_damaged_state_is_one_sentence(layout, capsys):
    layout.state.write_bytes(b"not a database, and long enough to be read as a header of one")
    assert cli.main(["status", str(layout.root)]) == 1
    assert "the next run of monitor rebuilds it" in capsys.readouterr().err


def test_metrics_are_counts_and_no_times_of_their_own(tmp_path):
    path = tmp_path / "metrics.prom"
    tallies = Tallies()
    tallies.ended["articles"] = 7
    write_metrics(path, Glance(feeds=5, failing=1, gone=1, polls={"unchanged": 9}), tallies, at=NOW)
    lines = [line for line in path.read_text().splitlines() if not line.startswith("#")]
    told = dict(line.rsplit(" ", 1) for line in lines)
    assert told['pledgeline_feeds{state="sound"}'] == "3.0"
    assert told['pledgeline_polls_total{outcome="unchanged"}'] == "9.0"
    assert told['pledgeline_records_total{end="articles"}'] == "7.0"
    assert float(told["pledgeline_written_timestamp_seconds"]) == NOW
    assert not [name for name in told if "created" in name]
    assert list(tmp_path.iterdir()) == [path]
