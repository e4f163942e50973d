"""When a site may be asked next, in a time that the tests make pass."""

import threading

import pytest

from tests.clocks import Clock
from transforms.extraction.urls import site_of
from transforms.fetching.pace import Pace, TooSoon


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def pace(clock):
    return Pace(clock)


def ask(pace, clock, seconds=0.5, **answer):
    assert pace.start("a.org")
    clock.pass_by(seconds)
    pace.finish("a.org", **answer)
    return pace.ready_at("a.org") - clock()


def test_requests_are_a_second_apart_from_the_end_of_one_to_the_start_of_the_next(pace, clock):
    assert ask(pace, clock, seconds=7) == 1
    assert not pace.start("a.org")
    clock.pass_by(0.9)
    assert not pace.start("a.org")
    clock.pass_by(0.1)
    assert pace.start("a.org")


def test_sites_are_asked_apart_and_each_one_at_a_time(pace):
    assert pace.start("a.org")
    assert pace.start("b.org")
    assert not pace.start("a.org")
    assert pace.ready_at("a.org") == 0


def test_strain_doubles_the_pause_and_its_end_restores_it(pace, clock):
    pauses = []
    for strained in (True, True, True, False, True):
        pauses.append(ask(pace, clock, strained=strained))
        clock.pass_by(pauses[-1])
    assert pauses == [2, 4, 8, 1, 2]


def test_doubling_ends_within_the_hour(pace, clock):
    for _ in range(30):
        pause = ask(pace, clock, strained=True)
        clock.pass_by(pause)
    assert pause == 3600


def test_a_site_is_left_alone_for_as_long_as_it_asks(pace, clock):
    assert ask(pace, clock, strained=True, retry_after=90.0) == 90
    clock.pass_by(90)
    assert ask(pace, clock, retry_after=0.1) == 1


@pytest.mark.parametrize(("stated", "kept"), [(5, 5), (0.2, 1), (500, 120), (0, 1), (-3, 1)])
def test_crawl_delay_is_kept_to_within_bounds(pace, clock, stated, kept):
    pace.set_crawl_delay("a.org", "http://a.org", stated)
    assert ask(pace, clock) == kept


def test_crawl_delay_counts_from_the_request_that_told_it(pace, clock):
    ask(pace, clock)
    pace.set_crawl_delay("a.org", "http://a.org", 10)
    assert pace.ready_at("a.org") - clock() == 10
    pace.set_crawl_delay("a.org", "http://a.org", 10)
    assert pace.ready_at("a.org") - clock() == 10


def test_the_slowest_origin_of_a_site_sets_its_pace(pace, clock):
    pace.set_crawl_delay("a.org", "http://www.a.org", 30)
    pace.set_crawl_delay("a.org", "http://a.org", 0)
    assert ask(pace, clock) == 30
    pace.set_crawl_delay("a.org", "http://www.a.org", 0)
    clock.pass_by(30)
    assert ask(pace, clock) == 1


def test_a_turn_is_ended_once(pace, clock):
    """Another may have it already when the first is done with what comes after it."""
    with pace.turn("a.org", patience=0):
        pace.finish("a.org")
        clock.pass_by(1)
        assert pace.start("a.org")
    assert not pace.start("a.org")


def test_a_turn_that_is_too_far_off_is_not_waited_for(pace, clock):
    ask(pace, clock, retry_after=90.0)
    with pytest.raises(TooSoon) as refusal, pace.turn("a.org", patience=60):
        pass
    assert (refusal.value.retry_after, refusal.value.reason) == (90, "rate_limited")


def test_a_turn_that_fails_is_given_back(pace):
    with pytest.raises(ZeroDivisionError), pace.turn("a.org", patience=0):
        raise ZeroDivisionError
    assert pace.start("a.org")


def test_turns_are_taken_one_after_the_other():
    """In real time, without pause: two threads are never in one turn together."""
    clock = Clock()
    pace = Pace(clock, interval=0.0)
    inside, most, lock = [], [], threading.Lock()

    def take():
        for _ in range(50):
            with pace.turn("a.org", patience=10):
                inside.append(1)
                most.append(len(inside))
                inside.pop()
                pace.finish("a.org")

    threads = [threading.Thread(target=take) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (len(most), max(most), lock.locked()) == (400, 1, False)


def test_sites_that_nothing_holds_back_are_forgotten(pace, clock):
    assert ask(pace, clock, strained=True, retry_after=86_400.0) == 86_400
    for number in range(10_500):
        assert pace.start(f"{number}.org")
        pace.finish(f"{number}.org")
        clock.pass_by(2)
    assert len(pace._sites) < 10_010
    assert not pace.start("a.org")
    clock.pass_by(2 * 86_400)
    for number in range(10_500):
        assert pace.start(f"{number}.net")
        pace.finish(f"{number}.net")
        clock.pass_by(2)
    assert "a.org" not in pace._sites


@pytest.mark.parametrize(
    ("url", "site"),
    [
        ("https://www.news.co.uk/a", "news.co.uk"),
        ("http://feeds.news.org:8080/", "news.org"),
        ("http://someone.github.io/", "someone.github.io"),
        ("http://news.example/", "news.example"),
        ("http://127.1.0.5:8080/", "127.1.0.5"),
        ("http://[2606::1]/", "2606::1"),
        ("nonsense", ""),
    ],
)
def test_a_site_is_a_registered_domain(url, site):
    assert site_of(url) == site
