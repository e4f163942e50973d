import gzip
import io
import json
import random

import pytest

from schemas.documents import Page
from schemas.rejects import ParserTimeout, Reject
from transforms.reading.containers import Container, is_sidecar, read_records, scan, sidecar_name, sniff

RSS = b'<?xml version="1.0"?><rss version="2.0"><channel><title>T</title></channel></rss>'


@pytest.mark.parametrize(
    ("head", "name", "container"),
    [
        (b"Plain words of a document.", "a.txt", Container.TEXT),
        (b"Plain words of a document.", "README", Container.TEXT),
        (b"Plain words of a document.", "a.csv", Container.UNKNOWN),
        (b"<!DOCTYPE html><p>Hello", "a.txt", Container.HTML),
        (b"<p>A fragment", "a.html", Container.HTML),
        ("<html><p>Grüße".encode("utf-16-le"), "a.html", Container.HTML),
        (b'{"text": "one"}\n{"text": "two"}\n', "a.txt", Container.JSONL),
        (b"{broken\n", "a.jsonl.gz", Container.JSONL),
        (b'{\n "a": 1\n}', "a.json", Container.UNKNOWN),
        (gzip.compress(b'{"text": "one"}\n'), "a", Container.JSONL),
        (b"WARC/1.1\r\n", "a.txt", Container.WARC),
        (gzip.compress(b"WARC/1.1\r\n"), "a.gz", Container.WARC),
        (RSS, "a.txt", Container.FEED),
        (b'{"version": "https://jsonfeed.org/version/1.1", "items": []}', "a.json", Container.FEED),
        (b"https://a.example/1\nhttps://a.example/2\n", "urls.txt", Container.LINKS),
        (b'<?xml version="1.0"?><opml version="2.0"></opml>', "a.opml", Container.LINKS),
        (b"title,url\nA,https://a.example/1\n", "a.csv", Container.LINKS),
        (b"URL;interval\nhttps://a.example/1;15m\nfeed://a.example/2;\n", "a.txt", Container.LINKS),
        (b"link\nto the past\n", "a.txt", Container.TEXT),
        (b"crawl-data/CC-NEWS/2024/01/CC-NEWS-1.warc.gz\n" * 2, "warc.paths", Container.PATHS),
        (gzip.compress(b"crawl-data/CC-NEWS/2024/01/CC-NEWS-1.warc.gz\n" * 2), "warc.paths.gz", Container.PATHS),
        (b"%PDF-1.7 ...", "a.txt", Container.UNKNOWN),
        (b"", "a.txt", Container.EMPTY),
        (b" \n\n", "a.html", Container.EMPTY),
        (gzip.compress(b""), "a.txt.gz", Container.EMPTY),
        (b"\n" * 65_536, "a.txt", Container.TEXT),
        # Damaged beginnings: the name decides.
        (b"XARC/1.0\r\nWARC-Type: response\r\n\r\n<html><p>x", "a.warc", Container.WARC),
        (b"\x1f\x8b" + bytes(100), "in/a.warc.gz", Container.WARC),
        (b"\x1f\x8b" + bytes(100), "a.arc.gz", Container.WARC),
        (b"\x1f\x8b" + bytes(100), "a.jsonl.gz", Container.JSONL),
        (b"\x1f\x8b" + bytes(100), "a.bin", Container.UNKNOWN),
        (random.Random(1).randbytes(5000), "a.bin", Container.UNKNOWN),
        (random.Random(1).randbytes(5000), "a.txt", Container.TEXT),
        (b'{broken\n{"text": "two"}\n', "a.txt", Container.JSONL),
        (b"{curly words}\nof a text", "a.txt", Container.TEXT),
        (b'{"text": "' + b"x" * 65_526, "a", Container.JSONL),
        # A head may end amid a character.
        (("a" + "ż" * 40_000).encode()[:65_536], "a.txt", Container.TEXT),
        (b"A text that speaks of the <body > tag.", "a.txt", Container.TEXT),
        (b"RIFFs and rifts in the council", "a.txt", Container.TEXT),
        (b"\x28\xb5\x2f\xfd" + bytes(9), "a.warc.zst", Container.UNKNOWN),
        (b'[{"text": "one"}]', "a.json", Container.UNKNOWN),
    ],
)
def test_content_tells_what_a_file_is_before_its_name(head, name, container):
    assert sniff(head, name) is container


def no_feed(data: bytes):
    raise ParserTimeout("20 s")


def read(data: bytes, container: Container, name: str = "a", sidecar: bytes | None = None) -> list:
    return list(
        read_records(
            io.BytesIO(data),
            container,
            name=name,
            sidecar=sidecar,
            first=0,
            last=None,
            offset=None,
            parse_feed=no_feed,
        )
    )


def test_a_sidecar_says_what_a_document_does_not():
    sidecar = json.dumps({"url": "https://a.example/1", "published": "2025-09-04", "title": None}).encode()
    (page,) = read("Grüße aus Köln".encode("cp1252"), Container.TEXT, sidecar=sidecar)
    assert (page.text, page.url, page.published, page.title) == (
        "Grüße aus Köln",
        "https://a.example/1",
        "2025-09-04",
        None,
    )
    assert page.warnings == ("encoding_guessed",)


def test_a_sidecar_with_one_odd_field_gives_the_others():
    (page,) = read(b"text", Container.TEXT, sidecar=b'{"url": 5, "source": " Wire\\u0000 ", "authors": ["Ann"]}')
    assert (page.url, page.source, page.authors, page.warnings) == (None, "Wire", ("Ann",), ("sidecar_malformed",))


@pytest.mark.parametrize("sidecar", [b"", b"{", b"[]", b'{"url": 5}', b"[" * 100_000, bytes(range(256)) * 9])
def test_a_broken_sidecar_is_a_warning(sidecar):
    (page,) = read(b"text", Container.TEXT, sidecar=sidecar)
    assert isinstance(page, Page)
    assert page.warnings == ("sidecar_malformed",)


@pytest.mark.parametrize(
    ("data", "container", "reason"),
    [
        (b"%PDF", Container.UNKNOWN, "content_type"),
        (b"https://a.example", Container.LINKS, "content_type"),
        (b"", Container.EMPTY, "empty_body"),
        (gzip.compress(b"text" * 100)[:-9], Container.TEXT, "truncated"),
        (gzip.compress(b"0" * 9_000_000), Container.TEXT, "decompression_bomb"),
        (b"a" * 20_000_001, Container.HTML, "too_large"),
        (RSS, Container.FEED, "parser_timeout"),
        (b"PK\x03\x04" + bytes(30_000_000), Container.UNKNOWN, "content_type"),
        (gzip.compress(b"text " * 50)[:40] + b"?" * 40, Container.TEXT, "decode"),
        (random.Random(1).randbytes(5000), Container.TEXT, "encoding"),
    ],
)
def test_what_cannot_be_used_is_one_reject(data, container, reason):
    (refused,) = read(data, container)
    assert isinstance(refused, Reject)
    assert refused.reason == reason


def test_members_of_a_gzip_file_are_one_document():
    (page,) = read(gzip.compress(b"one ") + gzip.compress(b"two"), Container.TEXT)
    assert page.text == "one two"


def test_a_whole_file_is_one_unit():
    (unit,) = scan(io.BytesIO(b"text"), Container.TEXT)
    assert (unit.size, unit.offset) == (4, 0)


def test_sidecars_are_no_inputs_of_their_own():
    assert sidecar_name("in/a.b.txt") == "in/a.b.json"
    assert sidecar_name("in.d/a.txt.gz") == sidecar_name("in.d/a") == "in.d/a.json"
    assert is_sidecar("in/a.json", {"in/a.json", "in/a.txt"})
    assert is_sidecar("in/a.json", {"in/a.json", "in/a.xhtml.gz"})
    assert not is_sidecar("in/a.json", {"in/a.json", "in/a.jsonl"})
    assert not is_sidecar("in/a.json", {"in/a.json", "in/b.txt"})
