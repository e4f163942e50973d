"""One document from a real server on loopback, in all the ways in which servers answer and fail to."""

import contextlib
import dataclasses
import datetime
import errno
import gzip
import io
import ipaddress
import pathlib
import ssl
import threading
import time

import pytest

from schemas.exchanges import Accept, Request, Role
from schemas.rejects import ForbiddenAddress, Rejected
from tests.web import Web, answer, not_modified, redirect
from tests.web.answers import CODERS, chunked, coded, dripping, flood, in_turn, stalled
from tests.web.servers import PATIENT
from transforms.fetching.limits import Limits
from transforms.fetching.networks import Rules
from transforms.fetching.transport import Aborted

PAGE = b"<html><p>" + b"The council met and agreed. " * 200
NEVER = threading.Event()


@pytest.fixture
def web():
    with Web() as web:
        yield web


def fetch(web, url, accept=Accept.PAGE, etag=None, last_modified=None, sink=None, **settings):
    with web.fetcher(**settings) as fetcher:
        return fetcher.fetch(Request(url, accept, etag, last_modified), sink=sink)


def refused(web, url, **settings):
    with pytest.raises(Rejected) as refusal:
        fetch(web, url, **settings)
    return refusal.value


def test_a_page_comes_with_what_went_over_the_wire(web):
    given = answer(PAGE, 200, "X-Odd:  two  words ", kind="Text/HTML; charset=ISO-8859-2")
    site = web.add("news.example", {"/a?b=c": given})
    response = fetch(web, f"{site}/a?b=c#part")
    assert (response.status, response.body, response.url) == (200, PAGE, f"{site}/a?b=c")
    assert (response.content_type, response.charset) == ("text/html", "ISO-8859-2")
    assert response.header("x-odd") == "two  words"
    robots, document = response.exchanges
    assert (robots.role, robots.status, robots.url) == (Role.ROBOTS, 404, f"{site}/robots.txt")
    assert (document.role, document.address, document.truncated) == (Role.DOCUMENT, web.names["news.example"][0], None)
    assert document.response == given
    assert document.response[document.head_size :] == PAGE
    assert document.request == web.asked[-1].raw
    assert response.fetched_at == document.started_at
    assert abs(response.fetched_at - datetime.datetime.now(datetime.UTC)) < datetime.timedelta(minutes=1)


def test_what_is_said_to_a_server(web):
    site = web.add("news.example", {"/": answer(PAGE)})
    fetch(web, site)
    asked = web.asked[-1]
    assert asked.raw.startswith(b"GET / HTTP/1.1\r\nHost: news.example:")
    assert asked.headers["user-agent"] == "pledgeline-tests/1.0 (+https://pledgeline.example/contact)"
    assert asked.headers["accept-encoding"] == "gzip, deflate, zstd"
    assert asked.headers["connection"] == "close"
    assert "if-none-match" not in asked.headers


def test_the_name_is_looked_up_once_a_hop(web):
    site = web.add("news.example", {"/": answer(PAGE), "/robots.txt": answer(b"", kind="text/plain")})
    fetch(web, site)
    assert web.looked_up == ["news.example", "news.example"]


def test_a_name_that_rebinds_is_met_where_it_was_checked_or_not_at_all(web):
    site = web.add("news.example", {"/": answer(PAGE)})
    port, came = web.trap()
    answers = [["127.1.0.2"], ["127.2.0.1"]]
    web.add("trap.example", {})
    rules = Rules(web.rules.private_networks, web.rules.ports | {port})
    with web.fetcher(rules=rules, resolver=lambda name: web_addresses(answers.pop(0))) as fetcher:
        with pytest.raises(ForbiddenAddress, match=r"127\.2\.0\.1"):
            fetcher.fetch(Request(site))
    assert (answers, came) == ([], [])


def web_addresses(texts):
    return [ipaddress.ip_address(text) for text in texts]


@pytest.mark.parametrize("etag", ['"abc"', 'W/"weak"', '"sp ace\xe9"', "unquoted", '""'])
def test_validators_are_sent_back_to_the_letter(web, etag):
    day = "Tue, 04 Nov 2025 08:00:00 GMT"
    site = web.add("news.example", {"/feed": not_modified("<rss/>", etag, day)})
    first = fetch(web, f"{site}/feed", Accept.FEED)
    assert (first.status, first.body) == (200, b"<rss/>")
    second = fetch(web, f"{site}/feed", Accept.FEED, first.header("ETag"), first.header("Last-Modified"))
    assert (second.status, second.body) == (304, b"")
    assert (web.asked[-1].headers["if-none-match"], web.asked[-1].headers["if-modified-since"]) == (etag, day)


def test_a_validator_that_breaks_a_header_is_not_sent(web):
    site = web.add("news.example", {"/feed": not_modified("<rss/>", '"a"')})
    assert fetch(web, f"{site}/feed", Accept.FEED, '"a"\r\nX-Injected: 1').status == 200
    assert "x-injected" not in web.asked[-1].headers


def test_304_to_who_did_not_ask_for_it_is_an_error(web):
    site = web.add("news.example", {"/": answer(b"", 304)})
    assert (refused(web, site).reason, refused(web, site).status) == ("http_status", 304)


@pytest.mark.parametrize("coding", CODERS)
def test_one_coding_is_undone_and_kept_on_the_wire(web, coding):
    site = web.add("news.example", {"/": coded(PAGE, coding)})
    response = fetch(web, site)
    assert response.body == PAGE
    assert response.exchanges[-1].response.endswith(CODERS[coding](PAGE))


def test_chunks_are_undone_and_kept_on_the_wire(web):
    given = chunked(PAGE[:10], PAGE[10:], end=b"0\r\nX-Trailer: 1\r\n\r\n")
    site = web.add("news.example", {"/": given + b"HTTP/1.1 200 And more"})
    response = fetch(web, site)
    assert response.body == PAGE
    assert response.exchanges[-1].response == given


def test_a_body_without_length_goes_on_to_the_end(web):
    site = web.add("news.example", {"/": b"HTTP/1.0 200 OK\r\nContent-Type: text/html\r\n\r\n" + PAGE})
    assert fetch(web, site).body == PAGE


def test_an_interim_answer_is_passed_over(web):
    given = b"HTTP/1.1 100 Continue\r\n\r\n" + answer(PAGE, 200, "ETag: x")
    site = web.add("news.example", {"/": given})
    response = fetch(web, site)
    assert (response.body, response.header("etag"), response.exchanges[-1].response) == (PAGE, "x", given)


BOMB = bytes(30_000_000)


@pytest.mark.parametrize("coding", CODERS)
def test_bombs_are_refused(web, coding):
    site = web.add("news.example", {"/": coded(BOMB, coding)})
    assert refused(web, site).reason == "decompression_bomb"


def test_stacked_bombs_are_refused_unopened(web):
    body = gzip.compress(gzip.compress(BOMB))
    site = web.add("news.example", {"/": answer(body, 200, "Content-Encoding: gzip, gzip")})
    error = refused(web, site)
    assert (error.reason, str(error)) == ("decode", "2 codings on one another, limit 1: gzip, gzip")
    site = web.add("other.example", {"/": answer(body, 200, "Content-Encoding: gzip", "Content-Encoding: gzip")})
    assert refused(web, site).reason == "decode"


SMALL = dataclasses.replace(PATIENT, wire_bytes=50_000, page_bytes=60_000, feed_bytes=40_000)
BRIEF = dataclasses.replace(SMALL, first_byte_seconds=0.3, total_seconds=0.6)
HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n"


@pytest.mark.parametrize(
    ("reason", "given"),
    [
        ("too_large", answer(bytes(50_001))),
        ("too_large", coded(PAGE * 20, "gzip")),
        ("too_large", flood(HEAD + b"\r\n", bytes(10_000))),
        ("too_large", flood(HEAD + b"Transfer-Encoding: chunked\r\n\r\n", b"3e8\r\n" + bytes(1000) + b"\r\n")),
        ("too_large", flood(HEAD, b"X: " + b"x" * 1000 + b"\r\n")),
        ("too_large", flood(HEAD + b"X: ", b"x" * 10_000)),
        ("too_large", flood(b"", b"HTTP/1.1 100 Continue\r\n\r\n" * 100)),
        ("timeout", stalled()),
        ("timeout", stalled(b"HTTP/1.1 2")),
        ("timeout", stalled(HEAD + b"Content-Length: 10\r\n\r\nabc")),
        ("timeout", dripping(b"")),
        ("timeout", dripping(HEAD)),
        ("timeout", dripping(HEAD + b"\r\n")),
        ("timeout", dripping(HEAD + b"Transfer-Encoding: chunked\r\n\r\n", b"1\r\nx\r\n")),
        ("truncated", HEAD + b"Content-Length: 100\r\n\r\n<p>Half"),
        ("truncated", chunked(b"<p>Half", end=b"")),
        ("truncated", chunked(b"<p>Half", end=b"64\r\nless")),
        ("truncated", chunked(b"<p>Half", end=b"zz\r\n")),
        ("size_mismatch", HEAD + b"Content-Length: 4\r\n\r\n<p>More than stated"),
        ("size_mismatch", HEAD + b"Content-Length: 4\r\nContent-Length: 5\r\n\r\n<p>x"),
        ("size_mismatch", HEAD + b"Content-Length: four\r\n\r\n<p>x"),
        ("empty_body", answer(b"")),
        ("empty_body", answer(b" \n")),
        ("decode", answer(b"no gzip", 200, "Content-Encoding: gzip")),
        ("decode", answer(b"what", 200, "Content-Encoding: rot13")),
        ("decode", HEAD + b"Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n"),
        ("decode", HEAD + b"Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"),
        ("content_type", answer(b"x", kind="video/mp4")),
        ("content_type", answer(b"x", kind="application/pdf")),
        ("malformed", b"SSH-2.0-OpenSSH_9.6\r\n\r\n"),
        ("connect", b""),
        ("http_status", answer(b"gone", 410)),
        ("http_status", answer(b"x", 206)),
        ("http_status", answer(b"x", 302)),
        ("http_status", answer(b"x", 503)),
        ("rate_limited", answer(b"x", 503, "Retry-After: 5")),
        ("rate_limited", answer(b"x", 429)),
    ],
)
def test_faults_have_their_reason_and_their_exchange(web, reason, given):
    site = web.add("news.example", {"/": given})
    start = time.monotonic()
    error = refused(web, site, limits=BRIEF if reason == "timeout" else SMALL)
    assert error.reason == reason
    assert [exchange.role for exchange in error.exchanges] == [Role.ROBOTS, Role.DOCUMENT]
    assert time.monotonic() - start < 8


@pytest.mark.parametrize(
    ("given", "truncated"),
    [
        (answer(bytes(50_001)), "length"),
        (stalled(HEAD + b"Content-Length: 10\r\n\r\nabc"), "time"),
        (HEAD + b"Content-Length: 100\r\n\r\n<p>Half", "disconnect"),
        (answer(b"x" * 1000, kind="video/mp4"), "unspecified"),
        (answer(bytes(300_000), 404), "length"),
    ],
)
def test_what_is_kept_of_a_part_says_why_it_is_one(web, given, truncated):
    site = web.add("news.example", {"/": given})
    exchange = refused(web, site, limits=BRIEF if truncated == "time" else SMALL).exchanges[-1]
    assert exchange.truncated == truncated
    if truncated == "unspecified":
        assert exchange.response.endswith(b"\r\n\r\n")


def test_line_ends_behind_a_body_are_no_fault(web):
    site = web.add("news.example", {"/": answer(PAGE) + b"\r\n\r\n"})
    assert fetch(web, site).body == PAGE


def test_feeds_have_a_limit_and_types_of_their_own(web):
    feed = b"<rss>" + b"word " * 10_000
    pages = {"/": answer(feed, kind="application/rss+xml"), "/odd": answer(b"<rss/>", kind="application/odd+xml")}
    site = web.add("news.example", pages | {"/none": answer(b"<rss/>", kind=None)})
    assert refused(web, f"{site}/", limits=SMALL, accept=Accept.FEED).reason == "too_large"
    assert refused(web, f"{site}/odd").reason == "content_type"
    assert fetch(web, f"{site}/odd", Accept.FEED).body == b"<rss/>"
    assert fetch(web, f"{site}/none").body == b"<rss/>"


@pytest.mark.parametrize(
    ("header", "seconds"),
    [("120", 120.0), ("0", 0.0), ("999999999999", 86400.0), ("soon", None), ("-5", None)],
)
def test_retry_after_in_seconds(web, header, seconds):
    site = web.add("news.example", {"/": answer(b"", 429, f"Retry-After: {header}")})
    assert refused(web, site).retry_after == seconds


def test_retry_after_as_a_date(web):
    site = web.add("news.example", {"/": answer(b"", 503, "Retry-After: Tue, 04 Nov 2025 08:01:40 GMT")})
    now = datetime.datetime(2025, 11, 4, 8, 0, tzinfo=datetime.UTC)
    assert refused(web, site, now=lambda: now).retry_after == 100.0
    assert refused(web, site, now=lambda: now + datetime.timedelta(days=1)).retry_after == 0.0


def test_redirects_are_followed_and_permanent_ones_told(web):
    there = web.add("there.example", {"/c": answer(PAGE)})
    pages = {"/a": redirect("/b", 301), "/b": redirect(f"{there}/c#x", 308), "/t": redirect(f"{there}/c", 307)}
    pages |= {"/m": redirect("t", 301), "/u": redirect("/caf\xc3\xa9"), "/caf%C3%A9": answer(PAGE)}
    here = web.add("here.example", pages)
    response = fetch(web, f"{here}/a")
    assert (response.url, response.moved_permanently_to) == (f"{there}/c", f"{there}/c")
    assert [exchange.status for exchange in response.exchanges] == [404, 301, 308, 404, 200]
    assert fetch(web, f"{here}/t").moved_permanently_to is None
    assert fetch(web, f"{here}/m").moved_permanently_to == f"{here}/t"
    assert fetch(web, f"{here}/u").url == f"{here}/caf%C3%A9"


@pytest.mark.parametrize(
    ("reason", "location"),
    [
        ("forbidden_address", "http://169.254.169.254/latest/meta-data/"),
        ("forbidden_address", "http://[::]/"),
        ("forbidden_address", "//127.0.0.1/"),
        ("forbidden_address", "http://example.org:22/"),
        ("url_scheme", "file:///etc/passwd"),
        ("url_scheme", "data:text/html,hello"),
        ("url_invalid", "http://a:b@news.example/"),
        ("url_invalid", "http://[bad/"),
        ("dns", "http://nowhere.example/"),
    ],
)
def test_every_hop_is_judged(web, reason, location):
    site = web.add("news.example", {"/": redirect(location)})
    error = refused(web, site)
    assert (error.reason, error.exchanges[-1].status) == (reason, 302)


def test_nobody_connects_to_where_a_redirect_must_not_lead(web):
    port, came = web.trap()
    site = web.add(
        "news.example", {"/": redirect(f"http://127.2.0.1:{port}/"), "/n": redirect(f"http://in.example:{port}/")}
    )
    web.names["in.example"] = ["127.1.0.1", "127.2.0.1"]
    rules = Rules(web.rules.private_networks, web.rules.ports | {port})
    assert refused(web, f"{site}/", rules=rules).reason == "forbidden_address"
    assert refused(web, f"{site}/n", rules=rules).reason == "forbidden_address"
    assert came == []


def test_loops_and_long_chains_end(web):
    pages = {f"/{n}": redirect(f"/{n + 1}") for n in range(9)} | {"/x": redirect("/y"), "/y": redirect("/x")}
    site = web.add("news.example", pages | {"/self": redirect("/self"), "/4": answer(PAGE)})
    assert refused(web, f"{site}/x").reason == "redirect_loop"
    assert refused(web, f"{site}/self").reason == "redirect_loop"
    assert fetch(web, f"{site}/0").url.endswith("/4")
    assert refused(web, f"{site}/5", limits=Limits(redirects=2)).reason == "too_many_redirects"
    assert web.paths("news.example")[-3:] == ["/5", "/6", "/7"]


def test_encryption_is_checked(web):
    site = web.add("safe.example", {"/": answer(PAGE)}, tls=True)
    response = fetch(web, site)
    assert (response.body, response.url) == (PAGE, f"{site}/")
    assert response.exchanges[-1].request.startswith(b"GET / HTTP/1.1")
    assert refused(web, site, tls=ssl.create_default_context()).reason == "tls"
    web.names["other.example"] = web.names["safe.example"]
    error = refused(web, site.replace("safe", "other"))
    assert (error.reason, error.exchanges) == ("tls", ())


def test_encryption_that_stalls_is_given_up(web):
    site = web.add_raw("slow.example", lambda sock: NEVER.wait(60), tls=True)
    start = time.monotonic()
    error = refused(web, site, limits=Limits(connect_seconds=0.2))
    assert (error.reason, error.exchanges) == ("timeout", ())
    assert time.monotonic() - start < 5


def test_plain_text_where_encryption_is_due_is_refused(web):
    site = web.add_raw("plain.example", lambda sock: sock.sendall(answer(PAGE)), tls=True)
    assert refused(web, site).reason == "tls"


def test_nothing_listens(web):
    site = web.add("news.example", {})
    web.names["news.example"] = ["127.1.200.1"]
    assert refused(web, site).reason == "connect"


def test_the_next_address_is_tried(web):
    site = web.add("news.example", {"/": answer(PAGE)})
    web.names["news.example"].insert(0, "127.1.200.1")
    assert fetch(web, site).exchanges[-1].address != "127.1.200.1"


def test_addresses_of_ipv6_are_connected_to_and_judged(web):
    site = web.add("six.example", {"/": answer(PAGE)}, tls=True, address="::1")
    assert fetch(web, site).exchanges[-1].address == "::1"
    plain = web.add("plain.example", {"/": answer(PAGE)}, address="::1")
    literal = plain.replace("plain.example", "[::1]")
    assert fetch(web, literal).url == f"{literal}/"
    assert web.asked[-1].headers["host"] == literal.removeprefix("http://")
    assert refused(web, site, rules=Rules(ports=web.ports)).reason == "forbidden_address"


def test_a_look_up_that_never_ends(web):
    site = web.add("news.example", {"/": answer(PAGE)})
    error = refused(web, site, resolver=lambda name: NEVER.wait(60) or [], limits=Limits(connect_seconds=0.1))
    assert error.reason == "timeout"


def test_all_hops_share_the_time(web):
    def late(sock, asked):
        NEVER.wait(0.15)
        sock.sendall(redirect(asked.path + "a"))

    site = web.add("news.example", {f"/{'a' * n}": late for n in range(9)})
    limits = Limits(first_byte_seconds=1, total_seconds=0.4, redirects=9)
    error = refused(web, f"{site}/", limits=limits)
    assert (error.reason, len(error.exchanges) <= 5) == ("timeout", True)


def test_archives_are_streamed_to_a_file(web, tmp_path):
    body = gzip.compress(bytes(range(256)) * 1000)
    pages = {
        "/a": answer(body, kind="application/gzip"),
        "/b": chunked(body[:999], body[999:], kind="application/warc"),
    }
    site = web.add("archive.example", pages | {"/half": HEAD + b"Content-Length: 100\r\n\r\nhalf"})
    for path in ("/a", "/b"):
        with (tmp_path / "sink").open("wb") as sink:
            response = fetch(web, site + path, Accept.ARCHIVE, sink=sink)
        assert (tmp_path / "sink").read_bytes() == body
        exchange = response.exchanges[-1]
        assert (response.body, exchange.streamed) == (b"", len(body))
        assert exchange.response.endswith(b"\r\n\r\n")
    assert web.asked[-1].headers["accept-encoding"] == "identity"
    sink = io.BytesIO()
    assert refused(web, f"{site}/none", accept=Accept.ARCHIVE, sink=sink).status == 404
    assert sink.getvalue() == b""
    assert refused(web, f"{site}/half", accept=Accept.ARCHIVE, sink=sink).reason == "truncated"
    assert (
        refused(web, f"{site}/a", accept=Accept.ARCHIVE, sink=sink, limits=Limits(archive_bytes=99)).reason
        == "too_large"
    )


def test_a_full_disk_is_no_fault_of_the_archive(web):
    site = web.add("archive.example", {"/a": answer(bytes(10_000), kind="application/gzip")})
    with pathlib.Path("/dev/full").open("wb", buffering=0) as sink, pytest.raises(OSError, match="No space"):
        fetch(web, f"{site}/a", Accept.ARCHIVE, sink=sink)


def test_too_many_open_files_are_no_fault_of_the_site(web, monkeypatch):
    site = web.add("news.example", {"/": answer(PAGE)})

    def refuse(*_, **__):
        raise OSError(errno.EMFILE, "Too many open files")

    monkeypatch.setattr("socket.create_connection", refuse)
    with pytest.raises(OSError, match="open files"):
        fetch(web, site)


def test_a_fetch_under_way_can_be_cut(web):
    begun = threading.Event()

    def begin(sock, asked):
        begun.set()
        NEVER.wait(60)

    site = web.add("news.example", {"/": begin})
    fetcher = web.fetcher(limits=Limits())
    cutter = threading.Thread(target=lambda: begun.wait(10) and fetcher.abort())
    cutter.start()
    start = time.monotonic()
    with pytest.raises(Aborted):
        fetcher.fetch(Request(site))
    cutter.join()
    assert time.monotonic() - start < 5
    with pytest.raises(Aborted):
        fetcher.fetch(Request(site))


def test_connections_are_closed(web):
    """Those of the fetcher: a connection that is still open on this side has a site's address as its peer."""
    site = web.add("news.example", {"/": in_turn(answer(PAGE), answer(b"", 404), HEAD + b"Content-Length: 9\r\n\r\nx")})
    with web.fetcher() as fetcher:
        for _ in range(3):
            with contextlib.suppress(Rejected):
                fetcher.fetch(Request(site))
    web.add("safe.example", {"/": answer(PAGE)}, tls=True)
    assert not open_connections(web)


def open_connections(web):
    established = "01"
    rows = [line.split() for line in pathlib.Path("/proc/net/tcp").read_text().splitlines()[1:]]
    ports = {f"{port:04X}" for port in web.ports}
    return [row for row in rows if row[2].partition(":")[2] in ports and row[3] == established]


def ranged(body, etag, *, honoured=True):
    def script(sock, asked):
        wanted = asked.headers.get("range", "")
        first = int(wanted.removeprefix("bytes=").removesuffix("-")) if wanted else 0
        if honoured and first and asked.headers.get("if-range") == etag:
            place = f"Content-Range: bytes {first}-{len(body) - 1}/{len(body)}"
            sock.sendall(answer(body[first:], 206, f"ETag: {etag}", place, kind="application/gzip"))
        else:
            sock.sendall(answer(body, 200, f"ETag: {etag}", kind="application/gzip"))

    return script


@pytest.mark.parametrize(
    ("etag", "honoured", "begun", "whole"),
    [
        ('"a"', True, b"01234", b"0123456789"),
        # What is not what broke off comes anew, also from servers that know no ranges.
        ('"b"', True, b"abcde", b"0123456789"),
        ('"a"', False, b"abcde", b"0123456789"),
        # A weak validator does not speak of bytes.
        ('W/"a"', True, b"abcde", b"0123456789"),
    ],
)
def test_a_body_that_broke_off_is_gone_on_with(web, etag, honoured, begun, whole):
    site = web.add("news.example", {"/a": ranged(b"0123456789", '"a"', honoured=honoured)})
    sink = io.BytesIO(begun)
    sink.seek(0, io.SEEK_END)
    with web.fetcher() as fetcher:
        response = fetcher.fetch(Request(f"{site}/a", Accept.ARCHIVE, etag=etag, first_byte=5), sink=sink)
    assert sink.getvalue() == whole
    assert response.status == 200
    assert "if-none-match" not in web.asked[-1].headers


def test_a_range_that_was_not_asked_for_is_refused(web):
    odd = answer(b"3456789", 206, "Content-Range: bytes 3-9/10", kind="application/gzip")
    site = web.add("news.example", {"/a": odd})
    sink = io.BytesIO(b"01234")
    with web.fetcher() as fetcher, pytest.raises(Rejected) as refusal:
        fetcher.fetch(Request(f"{site}/a", Accept.ARCHIVE, etag='"a"', first_byte=5), sink=sink)
    assert refusal.value.reason == "size_mismatch"
    assert sink.getvalue() == b"01234"
    assert refused(web, f"{site}/a", accept=Accept.ARCHIVE, sink=io.BytesIO()).status == 206
