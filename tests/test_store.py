import dataclasses
import sqlite3

import pytest

from schemas.documents import Feed, Link
from transforms.claims import ClaimIndex
from transforms.fetching.schedule import DAY, Answer, Kind, new_feed, observe
from transforms.fetching.seen import TIME_TO_LIVE, finish, sort_entries
from transforms.fetching.store import Changes, FeedStore, StateDamaged
from transforms.fetching.unsaved import Unsaved

FEED = "http://e.org/feed"
START = 1_000_000_000.0
STATE = observe(
    new_feed(Feed(FEED, title="Ü")),
    Answer(START, Kind.CHANGED, "200", etag='W/"\xe9 1"', last_modified="x", digest="d", new=2),
)


def entries(*numbers, at=START):
    links = [Link(url=f"http://e.org/{n}", feed_url=FEED, guid=f"g{n}", authors=("A", "B")) for n in numbers]
    return sort_entries(links, {}, lambda _: False, FEED, at).fresh


@pytest.fixture
def path(tmp_path):
    return tmp_path / "state.sqlite"


@pytest.fixture
def store(path):
    with FeedStore(path) as store:
        store.begin()
        yield store


def test_what_is_saved_comes_back_to_the_letter(store, path):
    store.save(Changes((STATE,), entries(1, 2), ("a.warc.gz",)))
    with FeedStore(path, read_only=True) as again:
        assert again.feeds() == {FEED: STATE}
        assert again.entries(FEED) == {entry.key: entry for entry in entries(1, 2)}
        assert again.entry(FEED, entries(1)[0].key) == entries(1)[0]
        assert again.archives() == {"a.warc.gz"}
        assert again.recent_entries(START) == {FEED: 2}


def test_entries_wait_until_they_are_finished_and_their_addresses_are_held(store):
    store.save(Changes(entries=entries(1, 2)))
    store.save(Changes(entries=(finish(entries(1)[0]),)))
    assert store.waiting() == list(entries(2))
    assert store.holds("e.org/1")
    assert not store.holds("e.org/3")


def test_a_save_that_fails_changes_nothing(store):
    with pytest.raises(sqlite3.IntegrityError):
        store.save(Changes((STATE,), (dataclasses.replace(entries(1)[0], key=None),)))
    assert store.feeds() == {}


def test_entries_are_forgotten_when_their_time_is_over_unless_they_wait(store):
    one, two = entries(1, 2)
    store.save(Changes(entries=(finish(one), two)))
    assert store.forget(START + TIME_TO_LIVE) == 0
    assert store.forget(START + TIME_TO_LIVE + DAY) == 1
    assert store.entries(FEED) == {two.key: two}


def test_a_file_without_feeds_says_so(path):
    ClaimIndex(path, read_only=False).close()
    with FeedStore(path) as store:
        assert not store.exists()
        store.begin()
        assert store.exists()


def test_tables_that_were_begun_and_not_completed_do_not_count(path):
    with FeedStore(path) as store:
        store.clear()
        store.save(Changes((STATE,)))
    with FeedStore(path) as store:
        assert not store.exists()
        store.clear()
        store.begin()
        assert store.exists()
        assert store.feeds() == {}


def test_a_damaged_file_is_said_so(store, path):
    store.save(Changes((STATE,), entries(*range(2000))))
    size = path.stat().st_size
    with path.open("r+b") as file:
        file.seek(size // 2)
        file.write(b"\xff" * 8192)
    with pytest.raises(StateDamaged):
        FeedStore(path)
    path.write_bytes(b"not a database, and long enough to be read as a header of one")
    with pytest.raises(StateDamaged):
        FeedStore(path)


def test_a_file_of_another_version_is_said_so(store, path):
    with sqlite3.connect(path) as connection:
        connection.execute("UPDATE monitoring SET value = '99' WHERE key = 'version'")
    connection.close()
    with pytest.raises(StateDamaged, match="version 99"):
        FeedStore(path)


def test_what_is_unsaved_lies_over_what_is_saved_until_its_batch_is(store):
    unsaved = Unsaved(store)
    one, two = entries(1, 2)
    unsaved.put([one])
    assert unsaved.close_batch() == (0, (one,))
    unsaved.put([finish(one), two])
    assert unsaved.entry(FEED, one.key) == finish(one)
    store.save(Changes(entries=(one,)))
    unsaved.saved(0)
    assert unsaved.entries(FEED) == {one.key: finish(one), two.key: two}
    batch, changed = unsaved.close_batch()
    assert set(changed) == {finish(one), two}
    store.save(Changes(entries=changed))
    unsaved.saved(batch)
    assert unsaved.entries(FEED) == store.entries(FEED)
    assert unsaved.holds("e.org/2")
