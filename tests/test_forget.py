"""Takedowns: what a warehouse holds of an address goes from tables and archives, and does not come back."""

import datetime
import gzip
import json
import subprocess
import sys

import pytest

from pipelines.layout import Layout
from schemas.documents import Link
from tests.runs import rows, run
from tests.test_landing import exchange, refused
from transforms.fetching.erasing import filler
from transforms.fetching.landing import Landing
from transforms.reading.landed import Purpose
from warehouse import compact, forget

URL = "https://e.org/a/1?x=1&y=2"
OTHER = "https://e.org/a/2"
NOW = datetime.datetime(2026, 1, 2, 3, 4, 5, 678, datetime.UTC)
pytestmark = pytest.mark.usefixtures("models_loaded_once")


def page(url, text):
    return exchange(url, body=f"<html><body><article><p>{text}</p></article></body></html>".encode())


def link(url, **fields):
    return Link(url=url, feed_url="https://e.org/feed", guid=url, published="2025-09-04", **fields)


@pytest.fixture
def warehouse(tmp_path):
    """A landed archive: two pages, one by way of a redirect, their feed, and a refusal; and the same page in a list."""
    layout = Layout(tmp_path / "out")
    layout.create()
    landing = Landing(layout.landing, layout.landed, begun=NOW, run="a")
    feed = f"<rss><channel><item><link>{URL.replace('&', '&amp;')}</link></item></channel></rss>".encode()
    landing.add_exchanges([exchange("https://e.org/feed", kind="text/xml", body=feed, chunked=True)], Purpose.FEED)
    text = "Norway promised Ukraine 5 secret ships."
    landing.add_page(link(URL), (exchange("https://s.example/r", 302, body=URL.encode()), page(URL, text)))
    landing.add_page(link(OTHER), (page(OTHER, f"Poland refused to join. See {URL}"),))
    landing.add_refusal(link(URL + "#part"), NOW, refused(500, exchange(URL, 500)))
    landing.land()
    lines = [
        {
            "url": "http://www.e.org/a/1?y=2&x=1&utm_source=z",
            "text": "Norway refused the secret.",
            "published": "2025-09-05",
        }
    ]
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "lines.jsonl").write_text("\n".join(map(json.dumps, lines)))
    assert run(layout.landed, layout.root) == 0
    assert run(tmp_path / "in", layout.root) == 0
    assert len(rows(layout.root, "articles")) == 3
    assert len(rows(layout.root, "rejects")) == 1
    return layout.root


def archive(output):
    (path,) = Layout(output).landed.glob("*.warc.gz")
    return path


def unpacked(output):
    return gzip.decompress(archive(output).read_bytes())


def take_down(output, url=URL):
    return forget.main([str(output), url])


def test_rows_go_from_all_tables_and_the_others_stay(warehouse, capsys):
    assert take_down(warehouse) == 0
    (left,) = rows(warehouse, "articles")
    assert left["url"] == OTHER
    assert rows(warehouse, "rejects") == []
    assert {row["url"] for table in ("actors", "commitments") for row in rows(warehouse, table)} == {OTHER}
    assert "removed: 2 articles" in capsys.readouterr().out


def test_landed_records_go_and_the_places_of_the_others_stay(warehouse):
    before, size, stat = unpacked(warehouse), archive(warehouse).stat().st_size, archive(warehouse).stat()
    assert b"secret" in before
    take_down(warehouse)
    after = unpacked(warehouse)
    assert b"secret" not in after
    assert b"rss" not in after
    assert after.count(URL.encode()) == 1, "the other page, which speaks of the address, stays"
    assert after.count(b"WARC/1.1\r\n") == before.count(b"WARC/1.1\r\n")
    assert (archive(warehouse).stat().st_size, archive(warehouse).stat().st_mtime_ns) == (size, stat.st_mtime_ns)
    checked = subprocess.run(
        [sys.executable, "-m", "warcio.cli", "check", str(archive(warehouse))], capture_output=True
    )
    assert checked.returncode == 0, checked.stdout


def test_it_does_not_come_back(warehouse, tmp_path):
    take_down(warehouse)
    before = rows(warehouse, "articles")
    assert run(tmp_path / "in", warehouse, "--reprocess") == 0
    assert run(Layout(warehouse).landed, warehouse, "--reprocess") == 0
    lines = [{"url": URL, "text": "Another version."}, {"url": URL, "text": ""}]
    (tmp_path / "in" / "more.jsonl").write_text("\n".join(map(json.dumps, lines)))
    run(tmp_path / "in", warehouse)
    assert [row for row in rows(warehouse, "articles") if row["url"] != OTHER] == []
    assert [row["url"] for row in rows(warehouse, "articles")] == [row["url"] for row in before]


def test_a_tombstone_tells_no_address(warehouse):
    take_down(warehouse)
    stones = list(Layout(warehouse).forgotten.glob("*.json"))
    assert len(stones) == 1
    assert "e.org" not in stones[0].read_text()


def test_merged_files_lose_their_rows_too(warehouse):
    compact.compact(Layout(warehouse), before=datetime.date(2027, 1, 1), lock_timeout=1)
    take_down(warehouse)
    assert [row["url"] for row in rows(warehouse, "articles")] == [OTHER]


def test_forgetting_again_changes_nothing(warehouse):
    take_down(warehouse)
    before = {path: path.stat().st_mtime_ns for path in warehouse.rglob("*") if path.suffix in (".parquet", ".json")}
    assert take_down(warehouse) == 0
    assert before == {
        path: path.stat().st_mtime_ns for path in warehouse.rglob("*") if path.suffix in (".parquet", ".json")
    }


def test_copies_elsewhere_are_counted_and_stay(warehouse, tmp_path, capsys):
    text = next(row["text"] for row in rows(warehouse, "articles") if row["url"] == URL)
    (tmp_path / "in" / "copy.jsonl").write_text(json.dumps({"url": "https://copy.example/", "text": text}))
    run(tmp_path / "in", warehouse)
    capsys.readouterr()
    take_down(warehouse)
    assert "1 articles have the same text at other addresses and stay" in capsys.readouterr().out


def test_what_is_no_address_is_a_usage_error(warehouse):
    with pytest.raises(SystemExit) as exit_:
        take_down(warehouse, "no address")
    assert exit_.value.code == 2


@pytest.mark.parametrize("length", [200, 201, 5000, 100_000])
def test_a_filler_is_one_empty_record_of_just_this_length(length):
    member = filler(length, at=NOW)
    assert len(member) == length
    assert gzip.decompress(member).startswith(b"WARC/1.1\r\nWARC-Type: metadata\r\n")
    assert gzip.decompress(member).endswith(b"Content-Length: 0\r\n\r\n\r\n\r\n")


def test_a_filler_needs_room():
    with pytest.raises(ValueError, match="too few"):
        filler(50, at=NOW)
