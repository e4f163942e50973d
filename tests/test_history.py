import datetime

import pytest

from schemas.documents import Link
from schemas.exchanges import Exchange
from schemas.rejects import HttpStatus
from transforms.fetching.landing import Landing
from transforms.reading.history import LandedEnd, LandedPoll, read_history

NOW = datetime.datetime(2026, 1, 2, 3, 4, 5, 678, datetime.UTC)
FEED = "http://e.org/feed?a=%20b&ü"
LINK = Link(url="http://e.org/1", feed_url=FEED, guid="g1", title="One")


def exchange(url, status, *lines, body=b""):
    head = "\r\n".join((f"HTTP/1.1 {status} X", *lines, f"Content-Length: {len(body)}", "", "")).encode("latin-1")
    return Exchange(url, "192.0.2.1", NOW, b"GET / HTTP/1.1\r\n\r\n", head + body, len(head), status)


@pytest.fixture
def landing(tmp_path):
    (tmp_path / "aside").mkdir()
    (tmp_path / "landed").mkdir()
    return Landing(tmp_path / "aside", tmp_path / "landed", begun=NOW, run="a")


def history(landing):
    with open(landing.land(), "rb") as stream:
        return list(read_history(stream))


def test_a_poll_is_read_with_its_feed_s_own_name_and_validators_byte_for_byte(landing):
    landing.add_feed(FEED, [exchange(FEED, 200, 'ETag: W/"\xe9  1"', "Last-Modified: yesterday", body=b"<rss/>")])
    (poll,) = history(landing)
    assert isinstance(poll, LandedPoll)
    assert poll.feed_url == FEED
    assert (poll.response.status, poll.response.body, poll.response.fetched_at) == (200, b"<rss/>", NOW)
    assert poll.response.header("etag") == 'W/"\xe9  1"'
    assert poll.response.header("last-modified") == "yesterday"


def test_redirects_lead_to_one_poll_and_permanent_ones_are_told(landing):
    there = "http://other.example/feed"
    landing.add_feed(FEED, [exchange(FEED, 301), exchange(FEED, 308), exchange(there, 200)])
    landing.add_feed(FEED, [exchange(FEED, 301), exchange(FEED, 302), exchange(there, 304)])
    first, second = history(landing)
    assert (first.feed_url, first.response.url, first.response.moved_permanently_to) == (FEED, there, there)
    assert (second.response.status, second.response.moved_permanently_to) == (304, None)


def test_links_end_as_page_entry_or_refusal_and_tries_are_no_end(landing):
    error = HttpStatus("HTTP status 404")
    error.exchanges = (exchange(LINK.url, 404),)
    landing.add_feed(FEED, [exchange(FEED, 410)])
    landing.add_page(LINK, [exchange(LINK.url, 302), exchange("http://e.org/a", 200, body=b"<p>x</p>")])
    landing.add_entry(LINK, NOW)
    landing.add_refusal(LINK, NOW, error)
    gone, *ends = history(landing)
    assert gone.response.status == 410
    assert ends == [LandedEnd(LINK, NOW), LandedEnd(LINK, NOW), LandedEnd(LINK, NOW, reason="http_status")]
