"""Many documents at once: sites side by side, each one at a time, every task with one outcome."""

import collections
import dataclasses
import itertools
import threading
import time

import pytest

from schemas.exchanges import Request
from schemas.rejects import DnsFailed, ForbiddenAddress, HttpStatus, NotAFeed, RateLimited, TimedOut
from tests.clocks import Clock
from tests.web import Web, answer, redirect
from tests.web.answers import in_turn, stalled
from tests.web.servers import PATIENT
from transforms.fetching.crew import Crew
from transforms.fetching.limits import Limits
from transforms.fetching.lines import Lines
from transforms.fetching.pace import Pace
from transforms.fetching.retries import is_passing, pause_after

PAGE = answer(b"<p>Page")


@pytest.fixture
def web():
    with Web() as web:
        yield web


def crew(fetcher, **settings):
    return Crew(fetcher, Request, **({"first_pause": 0.01, "hands": 8} | settings))


def outcomes(web, urls, *, pace=None, limits=None, **settings):
    given = {"pace": pace} if pace else {}
    given |= {"limits": limits} if limits else {}
    with web.fetcher(**given) as fetcher:
        return {outcome.task: outcome for outcome in crew(fetcher, **settings).fetch_all(urls)}


def reasons(found):
    return {url: outcome.refusal.reason if outcome.refusal else None for url, outcome in found.items()}


def test_every_task_has_one_outcome(web):
    one = web.add("one.example", {"/a": PAGE, "/b": answer(b"", 404)})
    two = web.add("two.example", {"/a": redirect(f"{one}/a")})
    urls = [f"{one}/a", f"{one}/b", f"{two}/a", "ftp://two.example/", "http://127.0.0.1/", "", "http://none.example/"]
    assert reasons(outcomes(web, urls)) == {
        f"{one}/a": None,
        f"{one}/b": "http_status",
        f"{two}/a": None,
        "ftp://two.example/": "url_scheme",
        "http://127.0.0.1/": "forbidden_address",
        "": "url_invalid",
        "http://none.example/": "dns",
    }


def test_the_same_task_twice_has_two_outcomes(web):
    site = web.add("one.example", {"/a": PAGE})
    with web.fetcher() as fetcher:
        assert [outcome.attempts for outcome in crew(fetcher).fetch_all([f"{site}/a"] * 3)] == [1, 1, 1]


def test_no_tasks_no_outcomes(web):
    assert outcomes(web, []) == {}


def test_fifty_sites_are_asked_at_the_same_time(web):
    """Each of them answers only when all are being asked."""
    all_here = threading.Barrier(50, timeout=20)

    def together(sock, asked):
        all_here.wait()
        sock.sendall(PAGE)

    urls = [web.add(f"site{number}.example", {"/": together}) for number in range(50)]
    found = outcomes(web, urls, hands=64, limits=Limits())
    assert set(reasons(found).values()) == {None}


def test_a_site_is_asked_one_at_a_time_and_with_pauses(web):
    times, under_way, most = [], [], []

    def serve(sock, asked):
        under_way.append(asked.path)
        most.append(len(under_way))
        times.append(time.monotonic())
        sock.sendall(PAGE)
        under_way.pop()

    one = web.add("one.example", {f"/{number}": serve for number in range(6)})
    two = web.add("www.one.example", {f"/{number}": serve for number in range(6)})
    urls = [f"{site}/{number}" for site in (one, two) for number in range(6)]
    found = outcomes(web, urls, pace=Pace(time.monotonic, interval=0.05))
    assert set(reasons(found).values()) == {None}
    assert max(most) == 1
    by_site = {asked.site: asked for asked in web.asked}
    assert len(by_site) == 2
    assert len(times) == 12
    assert min(later - earlier for earlier, later in itertools.pairwise(times[:6])) >= 0.05


def test_a_passing_fault_is_tried_again_and_the_wire_of_all_tries_kept(web):
    pages = {
        "/a": in_turn(answer(b"", 503), stalled(), PAGE),
        "/b": answer(b"", 500),
        "/c": answer(b"", 404),
    }
    site = web.add("one.example", pages)
    limits = dataclasses.replace(PATIENT, first_byte_seconds=1.0)
    found = outcomes(web, [f"{site}/{name}" for name in "abc"], limits=limits)
    assert reasons(found) == {f"{site}/a": None, f"{site}/b": "http_status", f"{site}/c": "http_status"}
    assert [found[f"{site}/{name}"].attempts for name in "abc"] == [3, 3, 1]
    assert [exchange.status for exchange in found[f"{site}/a"].exchanges if exchange.url.endswith("a")] == [
        503,
        None,
        200,
    ]
    assert collections.Counter(web.paths("one.example")) == {"/a": 3, "/b": 3, "/c": 1}


def test_who_asks_for_too_much_time_is_not_waited_for(web):
    site = web.add("one.example", {"/a": answer(b"", 429, "Retry-After: 3600"), "/b": PAGE})
    found = outcomes(web, [f"{site}/a", f"{site}/b"], pace=Pace(time.monotonic, interval=0.0))
    assert reasons(found) == {f"{site}/a": "rate_limited", f"{site}/b": "rate_limited"}
    assert web.paths("one.example") == ["/a"]
    assert 3500 < found[f"{site}/b"].refusal.retry_after <= 3600


def test_tasks_are_taken_as_there_is_room(web):
    site = web.add("one.example", {"/a": PAGE})
    taken = []

    def endless():
        for number in itertools.count():
            taken.append(number)
            yield f"{site}/a?{number}"

    with web.fetcher() as fetcher:
        begun = crew(fetcher).fetch_all(endless())
        assert next(begun).refusal.reason == "http_status"
        begun.close()
    assert 0 < len(taken) <= 10_001


def test_a_crew_stops_within_seconds(web):
    sites = [web.add(f"site{number}.example", {"/": stalled()}) for number in range(20)]
    quick = web.add("quick.example", {"/": PAGE})
    with web.fetcher(limits=Limits()) as fetcher:
        crowd = crew(fetcher, hands=16)
        found = []
        for outcome in crowd.fetch_all([quick, *sites]):
            found.append(outcome.task)
            begun = time.monotonic()
            crowd.stop()
    assert found == [quick]
    assert time.monotonic() - begun < 5
    assert not [thread for thread in crowd._threads if thread.is_alive()]


def test_a_fault_of_ours_ends_the_run(web):
    site = web.add("one.example", {"/": PAGE})

    def broken(request, **settings):
        raise MemoryError

    with web.fetcher() as fetcher, pytest.raises(MemoryError):
        fetcher.fetch = broken
        list(crew(fetcher).fetch_all([site]))


@pytest.mark.parametrize(
    ("error", "passing"),
    [
        (TimedOut(), True),
        (DnsFailed(), True),
        (RateLimited(), True),
        (HttpStatus(), False),
        (ForbiddenAddress(), False),
        (NotAFeed(), False),
    ],
)
def test_what_is_tried_again(error, passing):
    assert is_passing(error) is passing


def test_pauses_grow_and_are_not_shorter_than_the_server_asks():
    error = TimedOut()
    assert [pause_after(attempt, error) for attempt in (1, 2, 3)] == [5, 20, 80]
    error.retry_after = 30.0
    assert [pause_after(attempt, error) for attempt in (1, 3)] == [30, 80]


def test_lines_give_out_what_is_due_one_a_site():
    clock = Clock(0)
    lines = Lines(clock, {"b": 5.0, "a": 0.0, "c": 0.0}.__getitem__)
    for site, task, due in (("a", 1, 0.0), ("a", 2, 0.0), ("b", 3, 0.0), ("c", 4, 9.0)):
        lines.put(site, task, due=due)
    assert lines.take() == ("a", 1)
    clock.pass_by(6)
    assert lines.take() == ("b", 3)
    lines.done("a")
    assert lines.take() == ("a", 2)
    clock.pass_by(3)
    assert lines.take() == ("c", 4)
    lines.end()
    assert lines.take() is None
