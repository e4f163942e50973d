"""Backfills that fetch: from real servers on loopback into a warehouse, and again from what was landed."""

import dataclasses
import gzip
import json
import pathlib
import socket

import pytest

from pipelines import backfill
from pipelines.downloads import FILES, download, file_name
from pipelines.exits import LockHeld
from pipelines.layout import Layout
from pipelines.options import FetchOptions, parse_backfill
from pipelines.planning import find_inputs, scan_inputs
from pipelines.publish import opened_for_change
from pipelines.retrieval import is_address, retrieve
from schemas.documents import Link, Page
from schemas.exchanges import Exchange, Request
from schemas.rejects import Reject, Rejected
from tests.runs import rows
from tests.web import Web, answer, redirect
from tests.web.answers import in_turn
from transforms.fetching.crew import Crew
from transforms.fetching.fetcher import utc_now
from transforms.fetching.landing import Landing
from transforms.forgotten import article_id_of
from transforms.read import read_part
from transforms.sandbox import Sandbox
from transforms.scans import ScanCache
from transforms.segments import cut_segments

pytestmark = pytest.mark.usefixtures("models_loaded_once")

WORDS = "The ministers of Finland promised to send sensors to Estonia before the winter. " * 12


@pytest.fixture
def web():
    with Web() as web:
        yield web


def page(number):
    head, words = f"<head><title>Page {number}</title></head>", f"<article><p>{number}. {WORDS}</p></article>"
    return answer(f"<html>{head}<body>{words}</body></html>")


def rss(*items, home="/"):
    channel = f"<title>Town</title><link>{home}</link>{''.join(items)}"
    return f'<rss version="2.0"><channel>{channel}</channel></rss>'


def item(link, number, content=""):
    said = f"<description>{content}</description>" if content else ""
    date = f"<pubDate>Thu, 0{number} Sep 2025 10:00:00 GMT</pubDate>"
    return f"<item><guid>g{number}</guid><title>Entry {number}</title><link>{link}</link>{date}{said}</item>"


def feed(*items, **fields):
    return answer(rss(*items, **fields), kind="application/rss+xml")


def opml(*urls, settings=""):
    outlines = "".join(f'<outline xmlUrl="{url}" {settings}/>' for url in urls)
    return f'<opml version="2.0"><body>{outlines}</body></opml>'


def run(web, output, *inputs, flags=("--fetch",)):
    arguments = [part for given in inputs for part in ("--input", str(given))]
    options = parse_backfill([*arguments, "--output", str(output), "--workers", "1", *flags])
    fetching = FetchOptions(web.fetcher, options.fetching.common_crawl) if options.fetching else None
    return backfill.run_backfill(dataclasses.replace(options, fetching=fetching))


def retrieved(web, output, *inputs, prefix="https://crawl.example/"):
    """Fetch what inputs name, and read what came of it: pages by their titles or places, reasons of refusals."""
    layout = Layout(output)
    layout.create()
    addresses = [str(given) for given in inputs if is_address(str(given))]
    files = find_inputs(str(given) for given in inputs if str(given) not in addresses)
    with ScanCache(layout.state) as scans, web.fetcher() as fetcher, Sandbox() as sandbox:
        sources = scan_inputs(files, scans)
        batches = list(retrieve(sources, addresses, layout, fetcher, scans, prefix=prefix))
        parts = [part for batch in batches for segment in cut_segments(batch, filters="") for part in segment.parts]
        records = [record for part in parts for record in read_part(part, sandbox)]
    pages = {record.title or record.url or record.input: record for record in records if isinstance(record, Page)}
    return pages, sorted((record.stage, record.reason) for record in records if isinstance(record, Reject))


def tables(output):
    return {table: sorted(rows(output, table), key=repr) for table in ("articles", "actors", "commitments", "rejects")}


def reasons(output):
    return sorted((row["stage"], row["reason"]) for row in rows(output, "rejects"))


def test_feeds_of_a_list_are_fetched_with_what_is_behind_their_entries_and_landed_once(web, tmp_path):
    site = web.add("news.example", {"/1": page(1), "/2": redirect("/two"), "/two": page(2)})
    other = web.add("other.example", {"/3": page(3), "/gone": answer("gone", 410)})
    items = [item("/1", 1), item("/2", 2), item(f"{other}/3", 3), item(f"{other}/gone", 4)]
    own = item(f"{other}/none", 5, f"Own. {WORDS}")
    feeds = web.add("feeds.example", {"/feed": feed(*items, own, home=site), "/none": answer("<html>no feed</html>")})
    (tmp_path / "list.opml").write_text(opml(f"{feeds}/feed", f"{feeds}/none", "nowhere"))
    assert run(web, tmp_path / "out", tmp_path / "list.opml") == 0
    found = tables(tmp_path / "out")
    articles = {row["title"]: row for row in found["articles"]}
    assert sorted(articles) == ["Entry 1", "Entry 2", "Entry 3", "Entry 5"]
    assert articles["Entry 2"]["url"] == f"{site}/two"
    assert articles["Entry 5"]["warnings"] == ["page_refused"]
    assert {row["date_basis"] for row in found["articles"]} == {"feed"}
    assert {row["feed_url"] for row in found["articles"]} == {f"{feeds}/feed"}
    assert reasons(tmp_path / "out") == [("fetch", "http_status"), ("read", "not_a_feed"), ("read", "url_invalid")]
    assert found["commitments"]
    asked = len(web.asked)
    assert run(web, tmp_path / "out", tmp_path / "list.opml") == 0
    assert tables(tmp_path / "out") == found
    assert run(web, tmp_path / "again", Layout(tmp_path / "out").landed, flags=()) == 0
    assert tables(tmp_path / "again") == found
    assert len(web.asked) == asked


def test_lists_of_addresses_and_feed_files_lead_to_pages(web, tmp_path):
    site = web.add("news.example", {f"/{number}": page(number) for number in range(1, 5)})
    folder = tmp_path / "in"
    folder.mkdir()
    (folder / "urls.txt").write_text(f"# mine\n{site}/1\n\n{site}/1?utm_source=x\n")
    (folder / "urls.csv").write_text(f"url;title;source\n{site}/2;Named;The Town\n")
    (folder / "feed.xml").write_text(rss(item(f"{site}/3", 3), item("", 4)))
    (folder / "notes.txt").write_text(f"Here. {WORDS}")
    pages, refused = retrieved(web, tmp_path / "out", folder, f"{site}/4")
    assert sorted(pages) == sorted(["notes.txt", f"{site}/1", "Named", "Entry 3", f"{site}/4"])
    assert pages["Named"].source == "The Town"
    assert refused == [("read", "no_text")]
    assert sorted(web.paths("news.example")) == ["/1", "/2", "/3", "/4"]


@pytest.mark.parametrize("kind", ["application/rss+xml", "text/xml", "text/html"])
def test_an_address_that_leads_to_a_feed_is_read_as_one(web, tmp_path, kind):
    given = {"/1": page(1), "/index": None}
    site = web.add("news.example", given)
    given["/index"] = answer(rss(item("/1", 1), home=site), kind=kind)
    (tmp_path / "urls.csv").write_text(f"url,source\n{site}/index,The Town\n")
    pages, refused = retrieved(web, tmp_path / "out", tmp_path / "urls.csv")
    assert [(title, found.source, found.feed_url) for title, found in pages.items()] == [
        ("Entry 1", "The Town", f"{site}/index")
    ]
    assert refused == []
    asked = len(web.asked)
    assert retrieved(web, tmp_path / "out", tmp_path / "urls.csv") == (pages, refused)
    assert len(web.asked) == asked


def test_full_text_is_not_fetched_where_a_list_says_so(web, tmp_path):
    site = web.add("news.example", {"/feed": feed(item("/1", 1, WORDS), item("/2", 2)), "/2": page(2)})
    (tmp_path / "list.opml").write_text(opml(f"{site}/feed", settings='full_text="no" source="The Town"'))
    pages, refused = retrieved(web, tmp_path / "out", tmp_path / "list.opml")
    assert web.paths("news.example") == ["/feed", "/2"]
    assert [(title, pages[title].source, pages[title].warnings) for title in sorted(pages)] == [
        ("Entry 1", "The Town", ()),
        ("Entry 2", "The Town", ()),
    ]
    assert refused == []


def test_sitemaps_are_fetched_through_their_index(web, tmp_path):
    one = "<urlset><url><loc>{}/1</loc></url></urlset>"
    index = "<sitemap><loc>{0}/a.xml</loc></sitemap><sitemap><loc>{0}/b.xml.gz</loc></sitemap>"
    given = {"/1": page(1), "/2": page(2)}
    site = web.add("news.example", given)
    given["/index.xml"] = answer(f"<sitemapindex>{index.format(site)}</sitemapindex>", kind="text/xml")
    given["/a.xml"] = answer(one.format(site), kind="text/xml")
    given["/b.xml.gz"] = answer(gzip.compress(one.format(site).replace("/1", "/2").encode()), kind="application/xml")
    pages, refused = retrieved(web, tmp_path / "out", f"{site}/index.xml")
    assert (sorted(pages), refused) == ([f"{site}/1", f"{site}/2"], [])


def test_what_may_be_better_later_is_asked_again_and_what_is_refused_for_good_is_not(web, tmp_path, monkeypatch):
    monkeypatch.setattr("pipelines.retrieval.Crew", lambda *given: Crew(*given, attempts=2, first_pause=0.01))
    busy = in_turn(*[answer("busy", 500)] * 2, page(1))
    site = web.add("news.example", {"/1": busy, "/2": answer("gone", 404)})
    (tmp_path / "urls.txt").write_text(f"{site}/1\n{site}/2\n")
    assert retrieved(web, tmp_path / "out", tmp_path / "urls.txt") == ({}, [("fetch", "http_status")] * 2)
    pages, _ = retrieved(web, tmp_path / "out", tmp_path / "urls.txt")
    assert list(pages) == [f"{site}/1"]
    assert sorted(web.paths("news.example")) == ["/1", "/1", "/1", "/2"]


def test_what_was_taken_down_is_not_asked_for_again(web, tmp_path):
    site = web.add("news.example", {"/1": page(1), "/2": page(2)})
    (tmp_path / "urls.txt").write_text(f"{site}/1?utm_source=x\n{site}/2\n")
    layout = Layout(tmp_path / "out")
    layout.create()
    layout.forgotten.mkdir(exist_ok=True)
    (layout.forgotten / f"{article_id_of(f'{site}/1')}.json").write_text("{}")
    pages, refused = retrieved(web, tmp_path / "out", tmp_path / "urls.txt")
    assert (list(pages), refused) == ([f"{site}/2"], [])
    assert web.paths("news.example") == ["/2"]


def test_a_run_that_died_amid_a_feed_goes_on_with_its_pages(web, tmp_path):
    site = web.add("news.example", {"/1": page(1), "/2": page(2)})
    layout = Layout(tmp_path / "out")
    layout.create()
    landing = Landing(layout.landing, layout.landed, begun=utc_now(), run="dead")
    head = b"HTTP/1.1 200 OK\r\nContent-Type: text/xml\r\n\r\n"
    answered = head + rss(item("/1", 1), item("/2", 2), item("", 3), home=site).encode()
    url = f"{site}/feed"
    landing.add_feed(url, [Exchange(url, "127.1.0.1", utc_now(), b"GET / HTTP/1.1\r\n\r\n", answered, len(head), 200)])
    landing.add_page(Link(url=f"{site}/1", feed_url=url, title="Entry 1"), web_page(web, f"{site}/1"))
    # Neither landed nor closed by its process.
    landing._file.close()
    (tmp_path / "list.opml").write_text(opml(url))
    with opened_for_change(layout, 1.0):
        pages, refused = retrieved(web, tmp_path / "out", tmp_path / "list.opml")
    assert (sorted(pages), refused) == (["Entry 1", "Entry 2"], [("read", "no_text")])
    assert web.paths("news.example") == ["/1", "/2"]


def web_page(web, url):
    with web.fetcher() as fetcher:
        return fetcher.fetch(Request(url)).exchanges


def lines(*numbers):
    said = [{"url": f"https://e.org/{number}", "title": f"Line {number}", "text": WORDS} for number in numbers]
    return b"".join(json.dumps(line).encode() + b"\n" for line in said)


def test_files_at_a_distance_are_landed_and_read_as_files_are(web, tmp_path):
    given = {
        "/data/lines.jsonl": answer(lines(1, 2), kind="application/x-ndjson"),
        "/data/more.jsonl.gz": answer(gzip.compress(lines(3)), kind="application/gzip"),
        "/1": page(1),
    }
    site = web.add("data.example", given)
    given["/list.opml"] = answer(opml(f"{site}/feed"), kind="text/x-opml")
    given["/feed"] = feed(item("/1", 4), home=site)
    inputs = [f"{site}/data/lines.jsonl", f"{site}/data/more.jsonl.gz", f"{site}/data/none.jsonl", f"{site}/list.opml"]
    pages, refused = retrieved(web, tmp_path / "out", *inputs)
    assert sorted(pages) == ["Entry 4", "Line 1", "Line 2", "Line 3"]
    assert refused == [("fetch", "http_status")]
    name = file_name(inputs[0])
    assert name.endswith("-lines.jsonl")
    assert pages["Line 2"].input == f"{FILES}/{name}#2"
    assert (Layout(tmp_path / "out").landed / FILES / name).read_bytes() == lines(1, 2)
    asked = web.paths("data.example")
    assert retrieved(web, tmp_path / "out", *inputs) == (pages, refused)
    assert web.paths("data.example") == asked


@pytest.mark.parametrize("pack", [bytes, gzip.compress])
def test_archives_of_common_crawl_are_fetched_by_their_list(web, tmp_path, pack):
    archive = (pathlib.Path(__file__).parents[1] / "seeds/articles/004-crawl.warc.gz").read_bytes()
    path = "/crawl-data/CC-NEWS/2025/09/CC-NEWS-1.warc.gz"
    site = web.add("crawl.example", {path: answer(archive, kind="application/octet-stream")})
    (tmp_path / "warc.paths").write_bytes(pack(f"{path[1:]}\n".encode()))
    pages, refused = retrieved(web, tmp_path / "out", tmp_path / "warc.paths", prefix=f"{site}/")
    (tmp_path / "a.warc.gz").write_bytes(archive)
    there, refused_there = retrieved(web, tmp_path / "other", tmp_path / "a.warc.gz")
    assert (list(pages), refused) == (list(there), refused_there)
    assert pages


def broken(body, etag, at):
    """Break off at some byte, but for who goes on from there with the right validator."""

    def script(sock, asked):
        tag = f"ETag: {etag}" if etag else "X: y"
        first = asked.headers.get("range", "").removeprefix("bytes=").removesuffix("-")
        if first and asked.headers.get("if-range") == etag:
            place = f"Content-Range: bytes {first}-{len(body) - 1}/{len(body)}"
            sock.sendall(answer(body[int(first) :], 206, tag, place, kind="application/gzip"))
        else:
            whole = answer(body, 200, tag, kind="application/gzip")
            sock.sendall(whole[: len(whole) - len(body) + at])

    return script


def test_a_file_that_broke_off_is_gone_on_with_also_by_a_later_run(web, tmp_path):
    body = bytes(range(256)) * 4000
    script = broken(body, '"v1"', 700_000)
    site = web.add("data.example", {"/a.warc.gz": script, "/b.warc.gz": in_turn(script, answer("busy", 500))})
    layout = Layout(tmp_path)
    layout.create()
    waits = []
    with web.fetcher() as fetcher:
        path = download(f"{site}/a.warc.gz", layout, fetcher, wait=waits.append)
        assert path.read_bytes() == body
        assert waits == [5.0]
        with pytest.raises(Rejected):
            download(f"{site}/b.warc.gz", layout, fetcher, wait=waits.append)
    assert sorted(path.suffix for path in layout.landing.iterdir()) == [".note", ".part"]
    assert [asked.headers.get("range") for asked in web.asked if asked.path == "/a.warc.gz"] == [None, "bytes=700000-"]


def test_a_file_is_fetched_by_one_run_at_a_time(web, tmp_path):
    layout = Layout(tmp_path)
    layout.create()
    refusals = []

    def script(sock, asked):
        with web.fetcher() as other, pytest.raises(LockHeld) as refusal:
            download(f"{site}/a.jsonl", layout, other, wait=lambda seconds: None)
        refusals.append(str(refusal.value))
        sock.sendall(answer(b"{}\n", kind="application/x-ndjson"))

    site = web.add("data.example", {"/a.jsonl": script})
    with web.fetcher() as fetcher:
        assert download(f"{site}/a.jsonl", layout, fetcher, wait=lambda seconds: None).read_bytes() == b"{}\n"
    assert refusals == [f"another run is fetching {site}/a.jsonl"]


def test_a_file_that_is_refused_leaves_nothing(web, tmp_path):
    site = web.add("data.example", {"/a.jsonl": answer("gone", 410)})
    layout = Layout(tmp_path)
    layout.create()
    with web.fetcher() as fetcher, pytest.raises(Rejected):
        download(f"{site}/a.jsonl", layout, fetcher, wait=lambda seconds: None)
    assert list(layout.landing.iterdir()) == []


def test_a_file_of_no_known_version_is_begun_anew(web, tmp_path):
    body = bytes(range(256)) * 400
    site = web.add(
        "data.example", {"/a.warc.gz": in_turn(broken(body, None, 9), answer(body, kind="application/gzip"))}
    )
    layout = Layout(tmp_path)
    layout.create()
    with web.fetcher() as fetcher:
        path = download(f"{site}/a.warc.gz", layout, fetcher, wait=lambda seconds: None)
    assert path.read_bytes() == body
    assert not any("range" in asked.headers for asked in web.asked)
    assert list(layout.landing.iterdir()) == []


@pytest.mark.parametrize("given", ["https://e.org/a.warc.gz", "{}/urls.txt", "{}/list.opml", "{}/warc.paths"])
def test_nothing_is_fetched_unless_it_is_asked_for(tmp_path, given, monkeypatch, capsys):
    monkeypatch.setattr(socket, "socket", None)
    (tmp_path / "urls.txt").write_text("https://e.org/1\n")
    (tmp_path / "list.opml").write_text(opml("https://e.org/feed"))
    (tmp_path / "warc.paths").write_text("crawl-data/CC-NEWS/a.warc.gz\n")
    assert backfill.main(["--input", given.format(tmp_path), "--output", str(tmp_path / "out")]) == 2
    assert "--fetch" in capsys.readouterr().err


def test_a_list_beside_documents_is_one_reject(web, tmp_path):
    folder = tmp_path / "in"
    folder.mkdir()
    (folder / "a.txt").write_text(WORDS)
    (folder / "list.opml").write_text(opml("https://e.org/feed"))
    assert run(web, tmp_path / "out", folder, flags=()) == 0
    assert reasons(tmp_path / "out") == [("read", "content_type")]
    assert "--fetch" in rows(tmp_path / "out", "rejects")[0]["detail"]


def test_a_full_disk_fails_the_run_and_the_next_one_completes(web, tmp_path, monkeypatch):
    site = web.add("news.example", {"/1": page(1), "/2": page(2)})
    (tmp_path / "urls.txt").write_text(f"{site}/1\n{site}/2\n")
    add_page, calls = Landing.add_page, []

    def add_once(self, link, exchanges):
        calls.append(link)
        if len(calls) == 2:
            raise OSError(28, "No space left on device")
        add_page(self, link, exchanges)

    monkeypatch.setattr(Landing, "add_page", add_once)
    with pytest.raises(OSError, match="No space"):
        run(web, tmp_path / "out", tmp_path / "urls.txt")
    assert run(web, tmp_path / "out", tmp_path / "urls.txt") == 0
    assert sorted(row["title"] for row in rows(tmp_path / "out", "articles")) == ["Page 1", "Page 2"]
    assert len(web.paths("news.example")) == 3
