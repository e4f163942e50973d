import datetime

import pytest

from schemas.documents import Feed, Link
from schemas.exchanges import Exchange, Response
from schemas.rejects import ConnectFailed, ContentTypeRejected, HttpStatus, NotAFeed
from transforms.fetching.desk import Desk
from transforms.fetching.pace import TooSoon
from transforms.fetching.polls import Fetched, Polled, read_poll
from transforms.fetching.store import FeedStore
from transforms.reading.entries import Entry, ParsedFeed
from transforms.reading.history import LandedEnd

FEED = Feed("http://e.org/feed")
START = 1_000_000_000.0
MINUTE = 60.0
EMPTY = ParsedFeed()


def moment(at):
    return datetime.datetime.fromtimestamp(at, datetime.UTC)


END = LandedEnd(Link(url="http://e.org/1", guid="g1", feed_url=FEED.url), moment(START))


class Archive:
    """What was landed, in order."""

    def __init__(self):
        self.events = []

    def add_feed(self, feed_url, exchanges):
        self.events.append(("feed", exchanges[-1].status))

    def add_page(self, link, exchanges):
        self.events.append(("page", link.url))

    def add_entry(self, link, at, *, error=None):
        self.events.append(("entry", link.title, error and error.reason))

    def add_refusal(self, link, at, error, *, stage="fetch"):
        self.events.append(("refusal", link.url, stage, error.reason))

    def take(self):
        events, self.events = self.events, []
        return events


@pytest.fixture
def archive():
    return Archive()


@pytest.fixture
def store(tmp_path):
    with FeedStore(tmp_path / "state.sqlite") as store:
        store.begin()
        yield store


@pytest.fixture
def desk(store, archive):
    return make_desk(store, archive)


def make_desk(store, archive, *feeds, until=None):
    desk = Desk(
        store, archive, poll_interval=900.0, site_of=lambda u: u.split("/")[2], ready_at=lambda _: 0, until=until
    )
    desk.watch(feeds or [FEED])
    return desk


def exchange(status, at):
    return Exchange("http://e.org/", "192.0.2.1", moment(at), b"GET", b"answer", 0, status=status)


def response(at, status=200, body=b"1", headers=(), moved=None):
    made = (exchange(status, at),)
    return Response(
        "http://e.org/", status, tuple(headers), body, moment(at), exchanges=made, moved_permanently_to=moved
    )


def failed(error, at, status=None):
    error.exchanges = (exchange(status, at),) if status else ()
    return error


def entry(number, **fields):
    return Entry(**({"guid": f"g{number}", "link": f"http://e.org/{number}", "title": f"T{number}"} | fields))


def poll(desk, at, *entries, url=FEED.url, **fields):
    """Take the feed's task and settle it with a feed of these entries."""
    task = desk.take(at)
    assert task.feed.url == url
    parsed = ParsedFeed(entries=entries, **fields)
    settle(desk, task, response(at, body=repr(parsed).encode()), parsed)


def settle(desk, task, answer, parsed=EMPTY):
    at = answer.fetched_at.timestamp()
    desk.settle_poll(task, read_poll(desk.states[task.feed.url], answer, lambda _: parsed, at))


def settle_page(desk, at, error=None):
    task = desk.take(at)
    assert task.entry
    desk.settle_page(task, Fetched(at, error=error) if error else Fetched(at, response(at)))


def test_what_is_new_in_a_feed_is_landed_before_its_pages_are_asked_for(desk, archive):
    poll(desk, START, entry(1), entry(2))
    assert archive.take() == [("feed", 200)]
    settle_page(desk, START + 1)
    settle_page(desk, START + 2)
    assert archive.take() == [("page", "http://e.org/1"), ("page", "http://e.org/2")]
    assert desk.take(START + 3) is None


def test_what_is_known_is_not_asked_for_again_and_nothing_is_landed(desk, archive):
    poll(desk, START, entry(1))
    settle_page(desk, START + 1)
    archive.take()
    for number in (1, 2):
        task = desk.take(START + number * 1000)
        desk.settle_poll(task, Polled(START + number * 1000, response(START + number * 1000, 304, b"")))
    assert archive.take() == []
    # What brought nothing new goes with what does.
    poll(desk, START + 3000, entry(1), entry(2))
    assert archive.take() == [("feed", 304), ("feed", 304), ("feed", 200)]


def test_validators_follow_the_answers(desk):
    task = desk.take(START)
    headers = [("ETag", 'W/"\xe9"'), ("Last-Modified", "x"), ("Cache-Control", "max-age=7200")]
    desk.settle_poll(
        task, read_poll(desk.states[FEED.url], response(START, headers=headers), lambda _: ParsedFeed(), START)
    )
    assert (desk.states[FEED.url].etag, desk.states[FEED.url].last_modified) == ('W/"\xe9"', "x")
    assert desk.plan(FEED.url).at > START + 7200
    desk.settle_poll(desk.take(START + 8000), Polled(START + 8000, response(START + 8000, 304, b"")))
    assert desk.states[FEED.url].etag == 'W/"\xe9"'
    task = desk.take(START + 20_000)
    desk.settle_poll(
        task, read_poll(desk.states[FEED.url], response(START + 20_000), lambda _: ParsedFeed(), START + 20_000)
    )
    # The same bytes, and no validators any more.
    assert desk.states[FEED.url].etag is None
    assert desk.states[FEED.url].unchanged == 2


def test_entries_without_a_page_are_landed_at_once(store, archive):
    desk = make_desk(store, archive, Feed(FEED.url, full_text=False))
    poll(desk, START, entry(1, content="<p>a</p>"), entry(2), entry(3, link=None, content="<p>b</p>"))
    assert archive.take() == [("feed", 200), ("entry", "T1", None), ("entry", "T3", None)]
    assert desk.waiting == 1


def test_an_entry_with_nothing_in_it_is_refused(desk, archive):
    poll(desk, START, Entry(title="Nothing"))
    assert archive.take() == [("feed", 200), ("refusal", None, "read", "no_text")]


def test_a_page_that_fails_for_a_while_is_tried_again_and_becomes_one_reject(desk, archive):
    poll(desk, START, entry(1))
    archive.take()
    tries, now = 0, START
    while now < START + 86_400 and not archive.events:
        now += MINUTE
        task = desk.take(now)
        if task and task.entry:
            tries += 1
            desk.settle_page(task, Fetched(now, error=failed(ConnectFailed("refused"), now)))
        elif task:
            desk.settle_poll(task, Polled(now, response(now, 304, b"")))
    assert tries == 4
    assert [event for event in archive.take() if event[0] != "feed"] == [
        ("refusal", "http://e.org/1", "fetch", "connect")
    ]


@pytest.mark.parametrize(
    ("error", "status", "again"),
    [
        (HttpStatus("404"), 404, False),
        (HttpStatus("503"), 503, True),
        (ConnectFailed("refused"), None, True),
        (ContentTypeRejected("image/png"), 200, False),
    ],
)
def test_only_what_may_pass_is_tried_again(desk, archive, error, status, again):
    poll(desk, START, entry(1))
    archive.take()
    settle_page(desk, START + 1, failed(error, START, status))
    assert bool(archive.events) is not again
    assert desk.waiting == again


def test_a_page_that_cannot_be_had_is_stood_in_for_by_the_entry_s_own_words(desk, archive):
    poll(desk, START, entry(1, content="<p>Own words</p>"))
    archive.take()
    settle_page(desk, START + 1, failed(HttpStatus("404"), START, 404))
    assert archive.take() == [("entry", "T1", "http_status")]


def test_an_entry_that_changes_while_its_page_is_fetched_is_landed_once(desk, archive):
    desk.watch([FEED, Feed("http://other.example/feed")])
    poll(desk, START, entry(1))
    poll(desk, START, url="http://other.example/feed")
    task = desk.take(START + 1)
    parsed = ParsedFeed(entries=(entry(1, title="New"),))
    desk.replay_poll(Polled(START + 2, response(START + 2), "digest", parsed), FEED)
    desk.settle_page(task, Fetched(START + 3, response(START + 3)))
    assert [event for event in archive.take() if event[0] == "page"] == []
    settle_page(desk, START + 4)
    assert archive.take() == [("page", "http://e.org/1")]
    assert desk.states[FEED.url].duplicates == 1


def test_what_two_feeds_show_is_fetched_once_and_counted(store, archive):
    desk = make_desk(store, archive, FEED, Feed("http://other.example/feed"))
    poll(desk, START, entry(1))
    poll(desk, START, entry(9, link="https://www.e.org/1#top"), url="http://other.example/feed")
    assert desk.waiting == 1
    assert desk.states["http://other.example/feed"].duplicates == 1


def test_a_feed_that_cannot_be_read_is_one_reject_until_it_was_right_again(desk, archive):
    for number, error in enumerate([NotAFeed("no"), NotAFeed("no"), None, NotAFeed("no")]):
        at = START + number * 200_000
        parsed = ParsedFeed()
        polled = Polled(at, response(at, body=b"%d" % number), str(number), None if error else parsed, error)
        desk.settle_poll(desk.take(at), polled)
    assert [event[0] for event in archive.take()] == ["refusal", "feed", "feed", "refusal"]


def test_broken_grammar_and_too_many_entries_are_one_reject_each(desk, archive):
    poll(desk, START, entry(1), malformed="no end", overflow=3)
    poll(desk, START + 1000, entry(2), malformed="no end")
    refusals = [event[3] for event in archive.take() if event[0] == "refusal"]
    assert refusals == ["malformed", "item_limit"]


def test_a_feed_that_is_gone_or_no_longer_listed_is_not_asked(desk):
    desk.settle_poll(desk.take(START), Polled(START, error=failed(HttpStatus("410"), START, 410)))
    assert desk.take(START + 10_000_000) is None
    assert desk.plan(FEED.url).at is None


def test_a_list_that_changes_takes_effect_at_once(desk):
    desk.watch([Feed("http://new.example/feed")])
    assert desk.take(START).feed.url == "http://new.example/feed"
    assert desk.take(START + 10_000_000) is None
    desk.watch([FEED])
    assert desk.take(START).feed.url == FEED.url


def test_a_moved_feed_keeps_its_name(desk):
    there = "http://new.example/feed"
    for number in range(3):
        at = START + number * 2000
        desk.settle_poll(desk.take(at), Polled(at, response(at, 304, b"", moved=there)))
    task = desk.take(START + 9000)
    assert (task.feed.url, task.url, task.site) == (FEED.url, there, "new.example")


def test_a_round_ends_with_what_was_due_and_what_it_leads_to(store, archive):
    desk = make_desk(store, archive, until=START)
    poll(desk, START, entry(1), entry(2))
    settle_page(desk, START + 1)
    assert not desk.is_done
    settle_page(desk, START + 2, failed(ConnectFailed("refused"), START))
    assert desk.is_done
    store.save(desk.close_batch()[1])
    assert make_desk(store, archive, until=START + 10).is_done
    assert not make_desk(store, archive, until=START + 10_000).is_done


def test_what_the_pace_put_off_is_no_failure_and_no_try(desk, archive):
    task = desk.take(START)
    desk.settle_poll(task, Polled(START, error=TooSoon("e.org", 30.0)))
    assert desk.states[FEED.url].asked_at is None
    assert desk.take(START + 29) is None
    poll(desk, START + 30, entry(1))
    for number in range(9):
        settle_page(desk, START + 100 * (number + 1), TooSoon("e.org", 30.0))
    assert archive.take() == [("feed", 200)]
    settle_page(desk, START + 1000)
    assert archive.take() == [("page", "http://e.org/1")]


def test_a_desk_takes_up_where_another_left_off(store, archive, desk):
    poll(desk, START, entry(1), entry(2))
    settle_page(desk, START + 1)
    store.save(desk.close_batch()[1])
    again = make_desk(store, archive)
    assert again.states == desk.states
    assert again.take(START + 2).entry.link.url == "http://e.org/2"
    assert again.take(START + 2) is None


def test_replaying_what_is_known_changes_nothing(store, archive, desk):
    poll(desk, START, entry(1))
    settle_page(desk, START + 1)
    store.save(desk.close_batch()[1])
    parsed = ParsedFeed(entries=(entry(1, title="Old"),))
    again = make_desk(store, archive)
    again.replay_poll(Polled(START - 1, response(START - 1), "digest", parsed), FEED)
    again.replay_end(END, FEED)
    assert again.close_batch()[1].entries == ()


def test_a_fault_that_was_landed_is_not_landed_again(store, desk, archive):
    end = LandedEnd(Link(url=FEED.url, feed_url=FEED.url), moment(START - 1), reason="not_a_feed")
    desk.replay_end(end, FEED)
    store.save(desk.close_batch()[1])
    again = make_desk(store, archive)
    again.settle_poll(again.take(START), Polled(START, response(START), "digest", error=NotAFeed("no")))
    assert archive.take() == []


def test_replaying_an_archive_gives_what_the_first_desk_knew(store, archive, desk, tmp_path):
    parsed = ParsedFeed(entries=(entry(1), entry(2)))
    polled = read_poll(desk.states[FEED.url], response(START), lambda _: parsed, START)
    desk.settle_poll(desk.take(START), polled)
    settle_page(desk, START + 1)
    with FeedStore(tmp_path / "other.sqlite") as empty:
        empty.begin()
        other = make_desk(empty, Archive())
        other.replay_poll(polled, FEED)
        other.replay_end(END, FEED)
        assert other.close_batch()[1] == desk.close_batch()[1]
