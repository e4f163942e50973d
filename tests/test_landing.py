import dataclasses
import datetime
import gzip
import pathlib
import subprocess
import sys

import pytest

from schemas.documents import DateBasis, Link, Page
from schemas.exchanges import Exchange, Role
from schemas.rejects import HttpStatus, NoText, Reject
from transforms.fetching.landing import SUFFIX, UNFINISHED, Landing, recover_landings
from transforms.reading.archives import read_archive
from transforms.reading.containers import Container, Skipped, sniff
from transforms.reading.landed import Purpose

NOW = datetime.datetime(2026, 1, 2, 3, 4, 5, 678, datetime.UTC)
HTML = b"<html><body><article><p>Finland pledged sensors.</p></article></body></html>"
LINK = Link(
    url="http://e.org/1",
    feed_url="http://e.org/feed",
    guid="g1",
    title="Über Sensoren",
    authors=("Ann Weaver", "Ben"),
    source="Town",
    language="en",
    published="Thu, 04 Sep 2025 10:00:00 +0200",
    modified="2025-09-05",
    content="<p>Own words.</p>",
)


def exchange(url, status=200, *, kind="text/html; charset=utf-8", body=HTML, role=Role.DOCUMENT, chunked=False):
    coding = f"Content-Length: {len(body)}"
    if chunked:
        packed = gzip.compress(body, mtime=0)
        body, coding = (
            b"%x\r\n%s\r\n0\r\n\r\n" % (len(packed), packed),
            "Content-Encoding: gzip\r\nTransfer-Encoding: chunked",
        )
    head = f"HTTP/1.1 {status} X\r\nContent-Type: {kind}\r\n{coding}\r\n\r\n".encode()
    request = f"GET {url} HTTP/1.1\r\nHost: e.org\r\n\r\n".encode()
    return Exchange(url, "192.0.2.1", NOW, request, head + body, len(head), status, role=role)


def refused(status, *exchanges):
    error = HttpStatus(f"HTTP status {status}")
    error.exchanges = exchanges
    return error


@pytest.fixture
def landing(tmp_path):
    (tmp_path / "aside").mkdir()
    (tmp_path / "landed").mkdir()
    return Landing(tmp_path / "aside", tmp_path / "landed", begun=NOW, run="a")


def records(path, **between):
    with open(path, "rb") as stream:
        return list(read_archive(stream, name="a", **{"first": 0, "last": None, "offset": None} | between))


def kept(path):
    return [record for record in records(path) if not isinstance(record, Skipped)]


def test_a_page_gets_what_its_link_says(landing):
    redirect = exchange("http://e.org/1", 302)
    landing.add_page(LINK, (redirect, exchange("http://e.org/a/1", chunked=True)))
    (page,) = kept(landing.land())
    assert page == Page(
        input=page.input,
        position=page.position,
        html=HTML,
        charset="utf-8",
        url="http://e.org/a/1",
        title="Über Sensoren",
        authors=("Ann Weaver", "Ben"),
        source="Town",
        language="en",
        feed_url="http://e.org/feed",
        published="Thu, 04 Sep 2025 10:00:00 +0200",
        modified="2025-09-05",
        given_basis=DateBasis.FEED,
        recorded_at=NOW,
        fetched_at=NOW,
    )


def test_plain_text_is_a_document_and_other_types_are_refused(landing):
    landing.add_page(
        LINK, [exchange("http://e.org/1", kind="text/plain; charset=cp1252", body="Fünf".encode("cp1252"))]
    )
    landing.add_page(LINK, [exchange("http://e.org/2", kind="application/pdf", body=b"%PDF-1.7")])
    landing.add_page(LINK, [exchange("http://e.org/3", body=b"")])
    landing.add_page(LINK, [exchange("http://e.org/4", kind="text/xml", body=b"<?xml version='1.0'?>" + HTML)])
    text, pdf, empty, xml = kept(landing.land())
    assert (text.text, text.html, text.title) == ("Fünf", None, LINK.title)
    assert xml.html.endswith(HTML)
    assert (pdf.reason, empty.reason) == ("content_type", "empty_body")


def test_exchanges_that_brought_no_document_are_skipped(landing):
    landing.add_exchanges([exchange("http://e.org/robots.txt", 404, role=Role.ROBOTS)], Purpose.FEED)
    landing.add_exchanges([exchange("http://e.org/feed")], Purpose.FEED)
    landing.add_exchanges([exchange("http://e.org/1", 503)], Purpose.ATTEMPT)
    path = landing.land()
    assert len(records(path)) == 7
    assert kept(path) == []
    purposes = [line for line in gzip.decompress(path.read_bytes()).splitlines() if line.startswith(b"Pledgeline-")]
    assert purposes == [b"Pledgeline-Purpose: " + name for name in (b"robots", b"feed", b"attempt")]


def test_an_entry_of_its_own_is_a_page(landing):
    landing.add_entry(LINK, NOW)
    landing.add_entry(LINK, NOW, error=refused(404, exchange("http://e.org/1", 404)))
    own, instead = kept(landing.land())
    assert own.html == b"<html><body><article><p>Own words.</p></article></body></html>"
    assert (own.url, own.published, own.given_basis) == (LINK.url, LINK.published, DateBasis.FEED)
    assert (own.warnings, instead.warnings) == ((), ("page_refused",))


def test_a_feed_s_title_is_the_source_of_its_entries_and_not_of_pages(landing):
    link = dataclasses.replace(LINK, source=None, feed_title="Town")
    landing.add_entry(link, NOW)
    landing.add_page(link, [exchange("http://e.org/1")])
    own, page = kept(landing.land())
    assert (own.source, page.source) == ("Town", None)


def test_a_refusal_is_one_reject_whatever_was_tried(landing):
    landing.add_refusal(LINK, NOW, refused(503, exchange("http://e.org/1", 302), exchange("http://e.org/2", 503)))
    landing.add_refusal(Link(title="A"), NOW, NoText("neither"), stage="read")
    failed, bare = kept(landing.land())
    assert failed == Reject(
        stage="fetch",
        reason="http_status",
        detail="HTTP status 503",
        input=failed.input,
        url="http://e.org/1",
        payload=failed.payload,
        day=NOW.date(),
        occurred_at=NOW,
    )
    assert b"Own words" not in failed.payload
    assert (bare.stage, bare.reason, bare.url) == ("read", "no_text", None)


def test_a_connection_without_an_answer_is_kept_too(landing):
    silent = Exchange("http://e.org/1", "192.0.2.1", NOW, b"GET / HTTP/1.1\r\n\r\n", b"", 0)
    broken = Exchange(
        "http://e.org/1", "192.0.2.1", NOW, b"GET / HTTP/1.1\r\n\r\n", b"HTTP/1.1 2", 0, None, "disconnect"
    )
    landing.add_refusal(LINK, NOW, refused(0, silent, broken))
    path = landing.land()
    assert [type(record) for record in records(path)] == [Skipped] * 4 + [Reject]
    assert b"WARC-Truncated: disconnect\r\n" in gzip.decompress(path.read_bytes())


def test_reading_can_begin_and_end_between_a_page_and_its_link(landing):
    for number in range(3):
        landing.add_page(LINK, [exchange(f"http://e.org/{number}")])
    path = landing.land()
    whole = records(path)
    pieces = [record for index in range(len(whole)) for record in records(path, first=index, last=index + 1)]
    pages = [record for record in pieces if isinstance(record, Page)]
    assert [page.title for page in pages] == [LINK.title] * 3
    assert [type(piece) for piece in pieces] == [type(record) for record in whole]


def test_other_tools_read_it(landing):
    landing.add_exchanges([exchange("http://e.org/feed", chunked=True)], Purpose.FEED)
    landing.add_page(LINK, [exchange("http://e.org/ü b", chunked=True)])
    landing.add_entry(LINK, NOW)
    landing.add_refusal(LINK, NOW, refused(404, exchange("http://e.org/1", 404)))
    path = landing.land()
    check = [sys.executable, "-m", "warcio.cli", "check", "-v", str(path)]
    found = subprocess.run(check, capture_output=True, text=True)
    assert found.returncode == 0
    assert found.stdout.count("digest pass") == len(records(path))


def test_an_archive_is_told_to_be_ours(landing):
    landing.add_entry(LINK, NOW)
    path = landing.land()
    assert sniff(path.read_bytes(), path.name) is Container.LANDED
    assert path.name == f"20260102T030405000678Z-a{SUFFIX}"


def test_nothing_fetched_leaves_nothing(landing, tmp_path):
    landing.add_exchanges([], Purpose.FEED)
    assert landing.land() is None
    assert list(tmp_path.rglob("*.gz*")) == []


def test_equal_events_give_equal_bytes(tmp_path):
    archives = []
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
        landing = Landing(tmp_path / name, tmp_path / name, begun=NOW, run="a")
        landing.add_page(LINK, [exchange("http://e.org/1")])
        archives.append(landing.land().read_bytes())
    assert archives[0] == archives[1]


def cut_at(tmp_path, data):
    for folder in ("cut-aside", "cut-landed"):
        (tmp_path / folder).mkdir(exist_ok=True)
    unfinished = tmp_path / "cut-aside" / f"x{SUFFIX}{UNFINISHED}"
    unfinished.write_bytes(data)
    recovered = recover_landings(tmp_path / "cut-aside", tmp_path / "cut-landed")
    assert not unfinished.exists()
    return recovered


def test_a_cut_file_is_landed_to_its_last_whole_event(landing, tmp_path):
    sizes = []
    for number in range(3):
        landing.add_page(LINK, [exchange(f"http://e.org/{number}")])
        sizes.append(landing.size)
    landing.add_refusal(LINK, NOW, refused(404))
    sizes.append(landing.size)
    data = landing.land().read_bytes()
    assert sizes[-1] == len(data)
    for size in range(0, len(data) + 1, 23):
        recovered = cut_at(tmp_path, data[:size])
        found = kept(recovered[0]) if recovered else []
        assert len(found) == sum(size >= end for end in sizes)
        assert all(isinstance(record, Reject) or record.title == LINK.title for record in found)


def test_an_archive_that_is_still_written_is_left_alone(landing, tmp_path):
    landing.add_entry(LINK, NOW)
    assert recover_landings(tmp_path / "aside", tmp_path / "landed") == []
    path = landing.land()
    assert isinstance(path, pathlib.Path)
    assert len(kept(path)) == 1


@pytest.mark.parametrize(
    "said", [b"no JSON", b"[]", b'{"link": 7}', b'{"link": {}, "refusal": {"reason": "bored"}}', b'{"link": {}}']
)
def test_what_others_write_as_refusals_is_malformed(landing, said):
    landing.add_refusal(LINK, NOW, refused(404))
    path = landing.land()
    data = gzip.decompress(path.read_bytes())
    start = data.index(b'{"link"')
    data = data[:start] + said.ljust(len(data) - start - 4) + b"\r\n\r\n"
    data = data.replace(b"WARC-Block-Digest", b"X-Block-Digest")
    path.write_bytes(gzip.compress(data))
    assert [record.reason for record in kept(path)] == ["malformed"]
