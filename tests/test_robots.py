"""What robots.txt allows, and what is concluded where there is none."""

import dataclasses

import pytest

from schemas.exchanges import Request, Role
from schemas.rejects import Rejected, RobotsDisallowed, RobotsUnreachable
from tests.clocks import Clock
from tests.web import Web, answer, redirect
from tests.web.answers import chunked, coded, in_turn, stalled
from tests.web.servers import PATIENT, QUICK
from transforms.fetching.pace import Pace
from transforms.fetching.robots import RobotsMemory, RobotsRules, judge_robots, product_of

PAGE = answer(b"<p>Page")
AGENT = "pledgeline"


def allows(text, path, status=200):
    rules = judge_robots(status, text.encode(), AGENT)
    try:
        rules.check(f"http://news.example{path}")
    except RobotsDisallowed:
        return False
    return True


@pytest.mark.parametrize(
    ("text", "path", "allowed"),
    [
        ("", "/a", True),
        ("User-agent: *\nDisallow: /a", "/ab", False),
        ("User-agent: *\nDisallow: /a", "/b", True),
        ("User-agent: *\nDisallow:", "/a", True),
        ("User-agent: *\nDisallow: /\nUser-agent: Pledgeline\nAllow: /", "/a", True),
        ("User-agent: pledgeline\nUser-agent: other\nDisallow: /a\n\nUser-agent: *\nAllow: /", "/a", False),
        ("User-agent: *\nDisallow: /a\nAllow: /a/b", "/a/b/c", True),
        ("User-agent: *\nAllow: /a\nDisallow: /a", "/a", True),
        ("User-agent: *\nDisallow: /*.pdf$", "/x/y.pdf", False),
        ("User-agent: *\nDisallow: /*.pdf$", "/x/y.pdf?z", True),
        ("User-agent: *\nDisallow: /caf%C3%A9", "/caf%c3%a9/x", False),
        ("User-agent: *\nDisallow: /", "/robots.txt", True),
        ("\ufeffUser-agent: *\r\nDisallow: /a # why\r\n", "/a", False),
        ("<html>Not found</html>", "/a", True),
        ("Disallow: /a", "/a", True),
    ],
)
def test_rules_are_read_as_rfc_9309_has_them(text, path, allowed):
    assert allows(text, path) is allowed


@pytest.mark.parametrize("status", [400, 401, 403, 404, 410, 429, 451, 304])
def test_without_a_file_everything_is_allowed(status):
    assert allows("User-agent: *\nDisallow: /", "/a", status=status)


@pytest.mark.parametrize("status", [500, 502, 503, 599, None])
def test_where_the_server_fails_nothing_is(status):
    with pytest.raises(RobotsUnreachable):
        judge_robots(status, b"", AGENT)


@pytest.mark.parametrize(
    ("text", "delay"),
    [
        ("User-agent: *\nCrawl-delay: 2.5", 2.5),
        ("User-agent: *\nCrawl-delay: 3\nUser-agent: pledgeline\nCrawl-delay: 9", 9),
        ("User-agent: *\nCrawl-delay: soon", 0),
        ("User-agent: *\nCrawl-delay: inf", 0),
        ("", 0),
    ],
)
def test_crawl_delay_is_read(text, delay):
    assert judge_robots(200, text.encode(), AGENT).crawl_delay == delay


def test_a_file_of_many_agents_and_rules_takes_no_memory():
    """Each pair of an agent and a rule is kept: this one has sixty million."""
    agents = "".join(f"User-agent: bot{number}\n" for number in range(8000))
    rules = "".join(f"Disallow: /{number}\n" for number in range(8000))
    assert allows("User-agent: *\nDisallow: /a\n" + agents + rules, "/a") is False
    assert allows("User-agent: *\n" + agents + rules, "/0") is False


@pytest.mark.parametrize(
    ("agent", "product"), [("pledgeline/1.0 (+https://a.org)", "pledgeline"), ("News-Bot", "News-Bot")]
)
def test_robots_are_read_for_the_name_of_the_agent(agent, product):
    assert product_of(agent) == product


def test_an_agent_without_a_name_is_no_setting():
    with pytest.raises(ValueError, match="starts with a name"):
        product_of("(nobody)")


def test_rules_are_remembered_for_a_day_and_failures_for_a_minute():
    clock = Clock()
    memory = RobotsMemory(clock)
    asked = []

    def ask():
        asked.append(clock())
        if len(asked) == 1:
            raise RobotsUnreachable("status 503")
        return RobotsRules(AGENT)

    for pause, count in ((0, 1), (59, 1), (2, 2), (86_399, 2), (2, 3)):
        clock.pass_by(pause)
        try:
            memory.find("http://a.org", ask)
        except RobotsUnreachable as error:
            assert 0 < (error.retry_after or 0) <= 60
            assert count == 1
        assert len(asked) == count


@pytest.fixture
def web():
    with Web() as web:
        yield web


def fetch(web, url, **settings):
    with web.fetcher(**settings) as fetcher:
        return fetcher.fetch(Request(url))


def refused(web, url, **settings):
    with pytest.raises(Rejected) as refusal:
        fetch(web, url, **settings)
    return refusal.value


def robots(text):
    return answer(text, kind="text/plain")


def test_what_is_disallowed_is_not_asked_for(web):
    site = web.add("news.example", {"/robots.txt": robots("User-agent: *\nDisallow: /a"), "/a": PAGE, "/b": PAGE})
    error = refused(web, f"{site}/a")
    assert (error.reason, error.exchanges[0].role) == ("robots_disallowed", Role.ROBOTS)
    assert fetch(web, f"{site}/b").status == 200
    assert web.paths("news.example") == ["/b"]


def test_robots_are_asked_once_for_an_origin(web):
    one = web.add("one.example", {"/robots.txt": robots(""), "/a": PAGE, "/b": PAGE})
    two = web.add("two.example", {"/a": PAGE})
    with web.fetcher() as fetcher:
        for url in (f"{one}/a", f"{one}/b", f"{two}/a", f"{one}/a"):
            fetcher.fetch(Request(url))
    assert [asked.path for asked in web.asked if asked.site == "one.example"] == ["/robots.txt", "/a", "/b", "/a"]


def test_a_redirect_is_held_against_the_robots_of_where_it_leads(web):
    there = web.add("there.example", {"/robots.txt": robots("User-agent: *\nDisallow: /"), "/x": PAGE})
    here = web.add("here.example", {"/a": redirect(f"{there}/x")})
    assert refused(web, f"{here}/a").reason == "robots_disallowed"
    assert web.paths("there.example") == []


DISALLOW = "User-agent: *\nDisallow: /\n"


@pytest.mark.parametrize(
    ("reason", "given"),
    [
        (None, answer(b"", 404)),
        (None, answer(b"", 403)),
        (None, answer(b"", 429)),
        (None, redirect("/robots.txt")),
        (None, robots("# " + "x" * 600_000 + "\n" + DISALLOW)),
        ("robots_disallowed", robots(DISALLOW + "# " + "x" * 600_000)),
        ("robots_disallowed", chunked(DISALLOW.encode(), kind="text/plain")),
        ("robots_disallowed", coded(DISALLOW.encode(), "gzip")),
        ("robots_disallowed", answer(DISALLOW, kind="video/mp4")),
        ("robots_unreachable", answer(b"", 500)),
        ("robots_unreachable", answer(b"", 503)),
        ("robots_unreachable", stalled(b"HTTP/1.1 200 OK\r\n")),
        ("robots_unreachable", b"HTTP/1.1 200 OK\r\nContent-Length: 50\r\n\r\nhalf"),
        ("robots_unreachable", b""),
        ("robots_unreachable", redirect("http://169.254.169.254/robots.txt")),
        ("robots_unreachable", redirect("http://nowhere.example/robots.txt")),
    ],
)
def test_robots_of_every_kind(web, reason, given):
    site = web.add("news.example", {"/robots.txt": given, "/a": PAGE})
    if reason:
        assert refused(web, f"{site}/a", limits=QUICK if callable(given) else PATIENT).reason == reason
    else:
        assert fetch(web, f"{site}/a").status == 200
    assert web.paths("news.example") == ([] if reason else ["/a"])


def test_robots_may_lead_elsewhere(web):
    there = web.add("there.example", {"/r": robots(DISALLOW)})
    here = web.add("here.example", {"/robots.txt": redirect(f"{there}/r", 301), "/a": PAGE})
    assert refused(web, f"{here}/a").reason == "robots_disallowed"


@pytest.mark.parametrize(
    ("reason", "addresses"), [("dns", None), ("connect", ["127.1.200.1"]), ("forbidden_address", ["10.0.0.1"])]
)
def test_a_site_that_cannot_be_reached_is_refused_for_that(web, reason, addresses):
    site = web.add("news.example", {})
    web.names["news.example"] = addresses
    assert refused(web, f"{site}/a").reason == reason


def test_crawl_delay_sets_the_pace(web):
    clock = Clock()
    site = web.add("news.example", {"/robots.txt": robots("User-agent: *\nCrawl-delay: 30"), "/a": PAGE})
    pace = Pace(clock, interval=0.0)
    with web.fetcher(pace=pace) as fetcher:
        with pytest.raises(Rejected) as refusal:
            fetcher.fetch(Request(f"{site}/a"), patience=5)
        assert (refusal.value.retry_after, web.paths("news.example")) == (30, [])
        clock.pass_by(30)
        assert fetcher.fetch(Request(f"{site}/a"), patience=5).status == 200


def test_answers_under_strain_slow_the_pace(web):
    clock = Clock()
    pages = {"/a": in_turn(answer(b"", 503), answer(b"", 429, "Retry-After: 90"), stalled()), "/robots.txt": robots("")}
    site = web.add("news.example", pages)
    with web.fetcher(pace=Pace(clock), limits=dataclasses.replace(PATIENT, first_byte_seconds=1.0)) as fetcher:
        with pytest.raises(Rejected):
            fetcher.fetch(Request(f"{site}/a"), patience=0)
        for pause in (1, 2, 90, 8):
            clock.pass_by(pause)
            with pytest.raises(Rejected):
                fetcher.fetch(Request(f"{site}/a"), patience=0)
        assert pace_left(fetcher, clock) == 16
    assert web.paths("news.example") == ["/a"] * 4


def pace_left(fetcher, clock):
    return fetcher.pace.ready_at("news.example") - clock()
