import dataclasses
import itertools
import random

import pytest

from schemas.documents import Feed
from transforms.fetching.schedule import (
    DAY,
    DEFAULT_INTERVAL,
    FASTEST,
    HOUR,
    MINUTE,
    SLOWEST,
    Answer,
    Kind,
    in_words,
    new_feed,
    observe,
    plan,
)

URL = "https://news.example/feed"
START = 1_000_000.0


def polled(*answers, url=URL):
    state = new_feed(Feed(url))
    for answer in answers:
        state = observe(state, answer)
    return state


def changed(at, new=1, **fields):
    return Answer(at, Kind.CHANGED, "200", new=new, **fields)


def unchanged(at, **fields):
    return Answer(at, Kind.UNCHANGED, "304", **fields)


def failed(at, reason="timeout", **fields):
    return Answer(at, Kind.FAILED, reason, reason=reason, **fields)


def interval(state, poll_interval=DEFAULT_INTERVAL, least=None):
    planned = plan(state, poll_interval, least)
    return planned.at - state.asked_at


def test_a_feed_that_was_never_asked_is_asked_at_once():
    planned = plan(polled(), DEFAULT_INTERVAL)
    assert planned.at == 0.0
    assert "at once" in planned.why


def test_a_feed_of_unknown_habits_is_asked_at_the_interval_given():
    state = polled(changed(START, new=20))
    assert DEFAULT_INTERVAL <= interval(state) <= 1.1 * DEFAULT_INTERVAL
    assert 2.0 <= interval(state, 2.0) <= 2.2


@pytest.mark.parametrize(
    ("gap", "expected"),
    [(2 * MINUTE, FASTEST), (20 * MINUTE, FASTEST), (HOUR, 15 * MINUTE), (4 * HOUR, HOUR), (10 * DAY, SLOWEST)],
)
def test_the_interval_follows_how_often_a_feed_changes(gap, expected):
    state = polled(*(changed(START + number * gap) for number in range(9)))
    assert 0.9 * expected <= interval(state) <= min(1.1 * expected, SLOWEST)


def test_many_entries_at_once_count_as_many_changes():
    assert interval(polled(changed(START), changed(START + 3 * HOUR, new=30))) < 1.1 * FASTEST


def test_a_feed_that_falls_silent_is_asked_more_and_more_rarely():
    state, waits = polled(changed(START)), []
    for _ in range(60):
        waits.append(interval(state))
        state = observe(state, unchanged(plan(state, DEFAULT_INTERVAL).at))
    assert waits[-1] > 5 * waits[0]
    # Jitter apart, never less than before.
    assert all(later > 0.9 * earlier for earlier, later in itertools.pairwise(waits))
    assert "nothing new for" in plan(state, DEFAULT_INTERVAL).why


@pytest.mark.parametrize("gap", [MINUTE, HOUR, DAY, 30 * DAY])
def test_the_one_knob_works_for_every_feed(gap):
    state = polled(*(changed(START + number * gap) for number in range(5)))
    waits = [interval(state, knob) for knob in (MINUTE, 10 * MINUTE, HOUR, 6 * HOUR)]
    assert waits == sorted(waits)
    assert waits[0] < waits[-1]


@pytest.mark.parametrize("knob", [2.0, 60.0, DEFAULT_INTERVAL, 2 * DAY])
def test_no_feed_is_asked_sooner_than_the_least_of_the_knob_and_five_minutes(knob):
    lively = polled(*(changed(START + number, new=50) for number in range(20)))
    assert interval(lively, knob) >= min(knob, FASTEST)


def test_what_the_server_asks_for_raises_the_interval_and_never_lowers_it():
    raised = polled(changed(START, fresh_for=2 * HOUR, fresh_by="Cache-Control"))
    assert 2 * HOUR < interval(raised) < 2 * HOUR + 5
    assert plan(raised, DEFAULT_INTERVAL).why == "Cache-Control asks for 2 h"
    assert interval(polled(changed(START, fresh_for=10.0, fresh_by="Expires"))) >= DEFAULT_INTERVAL
    assert interval(polled(changed(START, fresh_for=90 * DAY, fresh_by="Expires"))) == DAY


def test_an_answer_without_wishes_takes_back_those_of_the_one_before():
    assert interval(polled(changed(START, fresh_for=DAY), unchanged(START + DAY))) < 30 * DAY / 24


def test_the_list_s_own_interval_raises_too():
    state = polled(changed(START))
    assert 6 * HOUR <= interval(state, least=6 * HOUR) <= 6.6 * HOUR
    assert "list" in plan(state, DEFAULT_INTERVAL, 6 * HOUR).why
    assert interval(state, least=1.0) >= DEFAULT_INTERVAL


def test_failures_double_the_pause_up_to_a_day_and_success_ends_it():
    failures = [failed(START + number * 2 * DAY) for number in range(12)]
    waits = [interval(polled(*failures[: number + 1])) for number in range(12)]
    assert DEFAULT_INTERVAL <= waits[0] <= 1.1 * DEFAULT_INTERVAL
    assert 8 * DEFAULT_INTERVAL <= waits[3] <= 8.8 * DEFAULT_INTERVAL
    assert max(waits) <= DAY
    assert plan(polled(*failures), DEFAULT_INTERVAL).why.startswith("failed 12 times in a row (timeout)")
    assert polled(*failures, unchanged(START + 30 * DAY)).failures == 0


def test_retry_after_is_obeyed_up_to_a_day():
    assert 5 * HOUR < interval(polled(failed(START, "rate_limited", retry_after=5 * HOUR))) < 5 * HOUR + 5
    assert interval(polled(failed(START, "rate_limited", retry_after=50 * DAY))) == DAY
    assert interval(polled(failed(START, "rate_limited", retry_after=1.0))) >= DEFAULT_INTERVAL


def test_what_only_a_person_can_mend_is_looked_at_once_a_day():
    state = polled(failed(START, "robots_disallowed"))
    assert 0.9 * DAY <= interval(state) <= DAY


def test_failures_keep_the_validators():
    state = polled(changed(START, etag='W/"1"', last_modified="Tue, 1 Apr 2025 00:00:00 GMT"), failed(START + 1))
    assert (state.etag, state.last_modified) == ('W/"1"', "Tue, 1 Apr 2025 00:00:00 GMT")


def test_a_feed_that_is_gone_is_never_asked_again():
    state = polled(changed(START), Answer(START + 1, Kind.GONE, "410"))
    assert plan(state, 1.0).at is None
    assert "410" in plan(state, 1.0).why


def test_a_permanent_redirect_moves_a_feed_at_its_third_sight():
    there = "https://other.example/feed"
    moves = [unchanged(START + number, moved_to=there) for number in range(3)]
    assert polled(*moves[:2]).address == URL
    assert polled(*moves).address == there
    assert polled(*moves).url == URL


def test_redirects_that_are_interrupted_or_differ_do_not_add_up():
    there, elsewhere = "https://other.example/feed", "https://third.example/feed"
    assert polled(*(unchanged(START + n, moved_to=there if n != 1 else None) for n in range(3))).address == URL
    assert polled(*(unchanged(START + n, moved_to=there if n % 2 else elsewhere) for n in range(9))).address == URL


def test_answers_can_be_replayed_without_effect():
    answers = [changed(START), failed(START + 1), changed(START + 2, etag='"x"')]
    state = polled(*answers)
    for answer in answers:
        state = observe(state, answer)
    assert state == polled(*answers)


def test_jitter_is_a_feed_s_own_and_parts_feeds_that_began_together():
    states = [polled(changed(START), url=f"https://news.example/{number}") for number in range(200)]
    waits = [interval(state) for state in states]
    assert waits == [interval(state) for state in states]
    assert len(set(waits)) == 200
    assert max(waits) - min(waits) > 0.08 * DEFAULT_INTERVAL


def test_every_plan_says_why():
    numbers = random.Random(7)
    state = polled()
    for number in range(300):
        kind = numbers.choice([changed, unchanged, failed])
        state = observe(state, kind(START + number * numbers.uniform(1, 2 * DAY)))
        planned = plan(state, DEFAULT_INTERVAL)
        assert planned.why
        assert planned.at <= state.asked_at + DAY


def test_a_plan_follows_from_the_state_alone():
    state = polled(changed(START), unchanged(START + HOUR))
    assert plan(state, DEFAULT_INTERVAL) == plan(dataclasses.replace(state), DEFAULT_INTERVAL)


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(2, "2 s"), (2.25, "2.2 s"), (45, "45 s"), (90, "1.5 min"), (900, "15 min"), (5400, "1.5 h"), (86400, "1 d")],
)
def test_lengths_of_time_are_said_with_two_digits(seconds, words):
    assert in_words(seconds) == words
