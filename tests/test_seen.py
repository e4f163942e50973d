import dataclasses

import pytest

from schemas.documents import Link
from transforms.fetching.schedule import DAY
from transforms.fetching.seen import MAX_TRIES, entry_key, finish, sort_entries, try_later

FEED = "http://e.org/feed"
START = 1_000_000_000.0


def link(number, **fields):
    return Link(**({"url": f"http://e.org/{number}", "feed_url": FEED, "guid": f"g{number}", "title": "A"} | fields))


def sort(links, known=(), *, at=START, held=()):
    return sort_entries(links, {entry.key: entry for entry in known}, set(held).__contains__, FEED, at)


def done(found):
    return [finish(entry) for entry in (*found.fresh, *found.others)]


def test_entries_that_were_never_shown_are_fetched_in_their_order():
    found = sort([link(1), link(2)])
    assert [entry.link for entry in found.fresh] == [link(1), link(2)]
    assert (found.others, found.duplicates) == ((), 0)


def test_entries_that_are_known_are_not_fetched_again():
    known = done(sort([link(1), link(2)]))
    assert sort([link(1), link(2)], known, at=START + 60) == sort([])


@pytest.mark.parametrize("change", [{"title": "B"}, {"modified": "2025-01-02"}, {"content": "<p>More</p>"}])
def test_an_entry_that_changed_is_fetched_again(change):
    known = done(sort([link(1)]))
    (entry,) = sort([link(1, **change)], known, at=START + 60).fresh
    assert entry.link == link(1, **change)
    assert (entry.first_at, entry.taken_at, entry.changes) == (START, START + 60, 1)


def test_an_entry_that_only_bears_another_date_of_publication_is_known():
    known = done(sort([link(1, published="today")]))
    assert sort([link(1, published="tomorrow")], known).fresh == ()


def test_an_entry_that_changes_all_the_time_is_fetched_once_a_day_in_the_end():
    known, taken = [], []
    for hour in range(72):
        found = sort([link(1, title=f"Title {hour}")], known, at=START + hour * 3600)
        taken += [hour] * len(found.fresh)
        known = done(found) or known
    assert taken == [0, 1, 2, 3, 27, 51]


def test_an_entry_that_changes_before_it_was_fetched_is_fetched_once_and_its_first_state_counted_as_duplicate():
    waiting = sort([link(1)]).fresh
    found = sort([link(1, title="B")], waiting, at=START + 60)
    assert (len(found.fresh), found.duplicates) == (1, 1)


def test_what_another_feed_has_is_a_duplicate_once():
    first = sort([link(1)], held=["e.org/1"])
    assert (first.fresh, first.duplicates) == ((), 1)
    assert sort([link(1)], first.others, held=["e.org/1"]) == sort([])


def test_the_same_page_twice_in_one_feed_is_a_duplicate_once():
    links = [link(1), link(1), link(2, url="https://www.e.org/1?utm_source=feed")]
    first = sort(links)
    assert (len(first.fresh), first.duplicates) == (1, 2)
    assert sort(links, done(first), held=["e.org/1"]) == sort([])


def test_one_guid_for_all_loses_no_entry():
    assert len(sort([link(1, guid="same"), link(2, guid="same")]).fresh) == 2


def test_entries_without_guid_and_link_are_told_apart_by_what_they_say():
    bare = [Link(title="A", content=f"<p>{words}</p>") for words in ("One", "Two", "One")]
    found = sort(bare)
    assert (len(found.fresh), found.duplicates) == (2, 1)


def test_a_key_follows_from_what_is_landed_of_a_link():
    assert entry_key(link(1, content="<p>More</p>")) == entry_key(link(1))


def test_an_entry_is_shown_to_the_day():
    known = done(sort([link(1)]))
    assert sort([link(1)], known, at=START + 60).others == ()
    (entry,) = sort([link(1)], known, at=START + DAY).others
    assert entry.shown_at == known[0].shown_at + DAY


def test_a_link_is_tried_again_with_a_growing_pause_and_not_for_ever():
    (entry,) = sort([link(1)]).fresh
    pauses = []
    while later := try_later(entry, START, pause=60.0, retry_after=None):
        pauses.append(later.due_at - START)
        entry = later
    assert pauses == [60.0, 120.0, 240.0]
    assert len(pauses) == MAX_TRIES - 1


def test_a_pause_is_as_long_as_the_server_asks_up_to_a_day():
    (entry,) = sort([link(1)]).fresh
    assert try_later(entry, START, pause=60.0, retry_after=500.0).due_at == START + 500
    assert try_later(entry, START, pause=60.0, retry_after=9 * DAY).due_at == START + DAY
    assert dataclasses.replace(entry, tries=1, due_at=START + 60) == try_later(
        entry, START, pause=60.0, retry_after=5.0
    )
