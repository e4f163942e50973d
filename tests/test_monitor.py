"""The monitor as a whole: real publishers on loopback, real pace, real model and tables."""

import collections
import json
import pathlib
import shutil
import signal
import sqlite3
import subprocess
import sys
import time

import pytest

from pipelines import fetching, monitor
from pipelines.layout import Layout
from tests.newsroom import PORT, Newsroom
from tests.runs import marks, rows
from transforms.fetching.fetcher import Fetcher
from transforms.fetching.pace import Pace
from transforms.fetching.store import FeedStore

pytestmark = pytest.mark.usefixtures("models_loaded_once")

ROOT = pathlib.Path(__file__).parent.parent
AGENT = "pledgeline-tests/1.0 (+https://pledgeline.example/contact)"


@pytest.fixture(autouse=True)
def short_pace(monkeypatch):
    """Let monitors of this process ask a site again after a tenth of a second: these sites are all alike."""

    def make_fetcher(user_agent, **settings):
        return Fetcher(user_agent, pace=Pace(time.monotonic, interval=0.1), **settings)

    monkeypatch.setattr(fetching, "Fetcher", make_fetcher)


def arguments(folder, *flags):
    return [
        *("--feeds", str(folder / "feeds.opml"), "--output", str(folder / "out"), "--user_agent", AGENT),
        *("--allow_networks", "127.0.0.0/8", *flags),
    ]


def run(newsroom, folder, *flags, list_it=True):
    """Run a monitor in this process; gives its exit code."""
    if list_it:
        (folder / "feeds.opml").write_text(newsroom.opml())
    return monitor.main(arguments(folder, *flags))


def run_apart(folder, *flags):
    """Start a monitor as its user would, in a process of its own."""
    command = [sys.executable, "-m", "pipelines.cli", "monitor", *arguments(folder, *flags)]
    return subprocess.Popen(command, cwd=ROOT, stderr=subprocess.PIPE, stdout=subprocess.PIPE, text=True)


def wait_until(condition, process, seconds=60.0):
    """Wait until something is so while a process runs."""
    deadline = time.monotonic() + seconds
    while not condition():
        assert process.poll() is None, process.stderr.read()
        assert time.monotonic() < deadline
        time.sleep(0.02)


def states(folder):
    with FeedStore(Layout(folder / "out").state, read_only=True) as store:
        return store.feeds()


def snapshot(folder):
    """Give every file of the warehouse with its time and size, without the state and the locks."""
    paths = [path for path in (folder / "out").rglob("*") if path.is_file()]
    kept = [path for path in paths if path.name not in ("state.sqlite", "lock", "monitor.lock")]
    return {path: (path.stat().st_mtime_ns, path.stat().st_size) for path in kept}


def counts(folder):
    total = collections.Counter()
    for mark in marks(folder / "out"):
        total.update(mark.counts)
    return total


def titles(folder):
    return sorted(row["title"] for row in rows(folder / "out", "articles"))


def test_what_feeds_show_becomes_rows_and_every_entry_is_accounted_for(tmp_path):
    with Newsroom(6) as newsroom:
        plain, twin, gone, moved, broken, closed = newsroom.sites
        for number in range(3):
            plain.publish(number)
        missing = plain.publish(3)
        del plain.pages["/articles/3.html"]
        twin.entries = [(plain.entries[1][0] + "?utm_source=twin", "The same", "other-guid")]
        gone.answer = lambda asked: (410, [], b"")
        moved.answer = lambda asked: (301, [f"Location: {plain.url}"], b"")
        broken.answer = lambda asked: (200, ["Content-Type: text/xml"], b"<html>no feed</html>")
        closed.robots = b"User-agent: *\nDisallow: /\n"
        assert run(newsroom, tmp_path, "--once") == 0
        assert {request.user_agent for request in newsroom.requests} == {AGENT}

    assert len(rows(tmp_path / "out", "articles")) == 3
    assert {row["feed_url"] for row in rows(tmp_path / "out", "articles")} <= {plain.url, twin.url, moved.url}
    assert {row["date_basis"] for row in rows(tmp_path / "out", "articles")} == {"feed"}
    assert {row["url"]: row["reason"] for row in rows(tmp_path / "out", "rejects")} == {
        missing: "http_status",
        gone.url: "http_status",
        broken.url: "not_a_feed",
        closed.url: "robots_disallowed",
    }
    known = states(tmp_path)
    # Four articles in two feeds, one of them in a third: nine entries.
    assert sum(state.entries for state in known.values()) == 9
    assert sum(state.duplicates for state in known.values()) == 5
    assert counts(tmp_path)["articles"] + counts(tmp_path)["rejects"] == 4 + 3
    assert known[gone.url].gone_at is not None
    assert (known[moved.url].moved_to, known[moved.url].sights) == (plain.url, 1)
    assert known[closed.url].failed_for == "robots_disallowed"


def test_what_is_unchanged_is_asked_with_validators_and_nothing_is_written(tmp_path):
    with Newsroom(3) as newsroom:
        for site in newsroom.sites:
            site.publish(1)
        assert run(newsroom, tmp_path, "--once", "--poll_interval", "1s") == 0
        before = snapshot(tmp_path)
        asked = len(newsroom.requests)
        assert run(newsroom, tmp_path, "--duration", "4s", "--poll_interval", "1s") == 0
        again = [request for request in newsroom.requests[asked:] if request.path == "/feed.xml"]
    assert {request.status for request in again} == {304}
    # No sooner than once a second, with a tenth on top, and all of them.
    assert 6 <= len(again) <= 12
    assert snapshot(tmp_path) == before


@pytest.mark.slow
def test_new_articles_are_found_while_it_runs_and_the_list_is_read_again(tmp_path):
    with Newsroom(2) as newsroom:
        first, second = newsroom.sites
        first.publish(1)
        (tmp_path / "feeds.opml").write_text(first.url + "\n")
        process = run_apart(tmp_path, "--poll_interval", "1s", "--metrics_file", str(tmp_path / "metrics.prom"))
        try:
            wait_until(lambda: len(rows(tmp_path / "out", "articles")) == 1, process)
            first.publish(2)
            second.publish(3)
            (tmp_path / "feeds.opml").write_text(f"{first.url}\n{second.url}\nnonsense\n")
            wait_until(lambda: len(rows(tmp_path / "out", "articles")) == 3, process)
        finally:
            process.send_signal(signal.SIGTERM)
            _, said = process.communicate(timeout=20)
    assert process.returncode == 0
    assert "feeds.opml changed: 2 feeds" in said
    assert "feeds.opml, line 3" in said
    assert [row["reason"] for row in rows(tmp_path / "out", "rejects")] == ["url_invalid"]
    metrics = dict(
        line.rsplit(" ", 1) for line in (tmp_path / "metrics.prom").read_text().splitlines() if line[0] != "#"
    )
    assert metrics['pledgeline_records_total{end="articles"}'] == "3.0"
    assert metrics['pledgeline_feeds{state="sound"}'] == "2.0"
    assert float(metrics['pledgeline_polls_total{outcome="unchanged"}']) > 0


@pytest.mark.slow
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_it_within_five_seconds_while_it_fetches(tmp_path, number):
    with Newsroom(3) as newsroom:
        quick, slow, _ = newsroom.sites
        quick.publish(1)
        slow.delay = 30.0
        (tmp_path / "feeds.opml").write_text(newsroom.opml())
        process = run_apart(tmp_path, "--poll_interval", "10m")
        wait_until(lambda: any(request.path == "/articles/1.html" for request in newsroom.requests), process)
        start = time.monotonic()
        process.send_signal(number)
        _, said = process.communicate(timeout=20)
        assert time.monotonic() - start < 5.0
        assert process.returncode == 0, said
        layout = Layout(tmp_path / "out")
        assert list(layout.landing.iterdir()) == []
        assert list(layout.staging.iterdir()) == []
        slow.delay = 0.0
        assert run(newsroom, tmp_path, "--once") == 0
    assert len(rows(tmp_path / "out", "articles")) == 1


def test_a_second_monitor_of_one_warehouse_gives_up(tmp_path, capsys):
    layout = Layout(tmp_path / "out")
    layout.create()
    with Newsroom(1) as newsroom, layout.monitor_lock():
        assert run(newsroom, tmp_path, "--once") == 4
    assert "another monitor" in capsys.readouterr().err
    assert newsroom.requests == []


@pytest.mark.parametrize(
    "flags", [["--user_agent", "nobody/1.0"], ["--poll_interval", "soon"], ["--once", "--duration", "1m"], ["--what"]]
)
def test_wrong_usage_is_said_so(tmp_path, flags):
    with pytest.raises(SystemExit) as exit_:
        monitor.main([*arguments(tmp_path), *flags])
    assert exit_.value.code == 2


def test_a_user_agent_is_required(tmp_path, capsys):
    with pytest.raises(SystemExit):
        monitor.main(["--feeds", "feeds.opml", "--output", str(tmp_path / "out")])
    assert "--user_agent is required" in capsys.readouterr().err


def test_a_list_that_is_not_there_is_said_so(tmp_path, capsys):
    assert monitor.main(arguments(tmp_path)) == 2
    assert "feeds.opml" in capsys.readouterr().err


@pytest.fixture
def watched(tmp_path):
    """A warehouse after one round over two sites with two articles each, and the sites."""
    with Newsroom(2) as newsroom:
        for site in newsroom.sites:
            site.publish(1)
            site.publish(2)
        assert run(newsroom, tmp_path, "--once", "--poll_interval", "1s") == 0
        newsroom.requests.clear()
        yield newsroom


def damage(path):
    path.write_bytes(b"not a database, and long enough to be read as a header of one")


@pytest.mark.parametrize("lose", [pathlib.Path.unlink, damage])
def test_a_state_that_is_lost_is_rebuilt_from_what_was_landed(watched, tmp_path, capsys, lose):
    before = states(tmp_path)
    lose(Layout(tmp_path / "out").state)
    assert run(watched, tmp_path, "--once", "--poll_interval", "1s") == 0
    assert "it is rebuilt from" in capsys.readouterr().err
    assert {request.path for request in watched.requests} == {"/robots.txt", "/feed.xml"}
    assert watched.statuses() == {304: 2}
    after = states(tmp_path)
    assert {url: state.entries for url, state in after.items()} == {url: state.entries for url, state in before.items()}
    assert len(rows(tmp_path / "out", "articles")) == 4


def test_a_state_that_cannot_be_rebuilt_is_refused_with_advice(watched, tmp_path, capsys):
    layout = Layout(tmp_path / "out")
    layout.state.unlink()
    shutil.rmtree(layout.landed)
    assert run(watched, tmp_path, "--once", "--poll_interval", "1s") == 1
    assert "--accept_lost_state" in capsys.readouterr().err
    assert watched.requests == []
    assert run(watched, tmp_path, "--once", "--poll_interval", "1s", "--accept_lost_state") == 0
    assert len(rows(tmp_path / "out", "articles")) == 4
    assert counts(tmp_path)["duplicates"] == 4


def test_what_was_landed_gives_the_same_rows_in_an_empty_warehouse(watched, tmp_path):
    from pipelines import backfill

    landed = Layout(tmp_path / "out").landed
    assert backfill.main(["--input", f"{landed}/*", "--output", str(tmp_path / "again"), "--workers", "1"]) == 0
    for table in ("articles", "actors", "commitments"):
        assert rows(tmp_path / "again", table) == rows(tmp_path / "out", table)
    assert marks(tmp_path / "again")[0].segment == marks(tmp_path / "out")[0].segment


def test_validators_are_saved_after_the_rows(watched, tmp_path, monkeypatch):
    watched.sites[0].publish(3)
    before = states(tmp_path)

    def fail(*arguments):
        raise OSError("disk full")

    monkeypatch.setattr(monitor.FeedStore, "save", fail)
    assert run(watched, tmp_path, "--once", "--poll_interval", "1s") == 1
    assert states(tmp_path) == before
    assert len(rows(tmp_path / "out", "articles")) == 5
    monkeypatch.undo()
    watched.requests.clear()
    # What was landed is known of again before anything is asked; polls that brought nothing may be asked twice.
    # Long enough for every feed to be due, however soon after the first run this one starts.
    assert run(watched, tmp_path, "--duration", "3s", "--poll_interval", "1s") == 0
    assert {request.status for request in watched.requests if request.path != "/robots.txt"} == {304}
    assert states(tmp_path)[watched.sites[0].url].entries == 3
    assert len(rows(tmp_path / "out", "articles")) == 5


def test_a_link_that_fails_for_a_while_is_one_reject_in_the_end(tmp_path):
    with Newsroom(1) as newsroom:
        (site,) = newsroom.sites
        site.publish(1)
        site.pages["/articles/1.html"] = (503, ["Content-Type: text/html"], b"")
        for _ in range(3):
            assert run(newsroom, tmp_path, "--once", "--poll_interval", "1s") == 0
            with sqlite3.connect(Layout(tmp_path / "out").state) as connection:
                connection.execute("UPDATE entries SET due_at = 0")
            connection.close()
            assert rows(tmp_path / "out", "rejects") == []
        assert run(newsroom, tmp_path, "--once", "--poll_interval", "1s") == 0
        assert [request.status for request in newsroom.requests if "articles" in request.path] == [503] * 4
    (reject,) = rows(tmp_path / "out", "rejects")
    assert (reject["reason"], reject["stage"]) == ("http_status", "fetch")


def test_state_is_read_while_a_monitor_writes_it(watched, tmp_path):
    assert json.dumps(sorted(states(tmp_path))) == json.dumps(sorted(site.url for site in watched.sites))
    assert all(site.url.endswith(f":{PORT}/feed.xml") for site in watched.sites)
