import base64
import gzip
import hashlib
import io
import random
import re
import zlib

import brotli
import pytest
import zstandard
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from schemas.documents import Page
from schemas.rejects import Reject
from transforms.reading.archives import read_archive, scan_archive
from transforms.reading.records import Skipped

HTML = b"<html><body><p>The council will rebuild the bridge by spring.</p></body></html>"


class Pipe(io.RawIOBase):
    """A stream that cannot seek and gives little at a time."""

    def __init__(self, data: bytes, step: int = 1 << 16) -> None:
        self._file, self._step = io.BytesIO(data), step

    def readable(self) -> bool:
        """Say that it can be read."""
        return True

    def read(self, size: int = -1) -> bytes:
        """Read at most a step."""
        return self._file.read(self._step if size < 0 else min(size, self._step))


def response(url, body=HTML, status="200 OK", headers=(("Content-Type", "text/html; charset=UTF-8"),)):
    return url, "response", body, StatusAndHeaders(status, list(headers), protocol="HTTP/1.1")


class Writer(WARCWriter):
    """The library's writer, which leaves its temporary files open."""

    @staticmethod
    def _create_temp_file():
        return io.BytesIO()


def archive(*records, packed=True, digests=True):
    written = []
    for number, (url, kind, body, http) in enumerate(records):
        buffer = io.BytesIO()
        writer = Writer(buffer, gzip=False)
        headers = {"WARC-Date": "2021-03-04T05:06:07Z", "WARC-Record-ID": f"<urn:x:{number}>"}
        writer.write_record(
            writer.create_warc_record(url, kind, payload=io.BytesIO(body), http_headers=http, warc_headers_dict=headers)
        )
        plain = buffer.getvalue()
        if not digests:
            plain = re.sub(rb"WARC-\w+-Digest: [^\r]*\r\n", b"", plain)
        written.append(gzip.compress(plain, mtime=0) if packed else plain)
    return b"".join(written)


def pages_archive(count=4, packed=True):
    return archive(
        *(response(f"http://example.org/{n}", HTML + b"<!-- %d -->" % n) for n in range(count)), packed=packed
    )


def read(data, first=0, last=None, offset=None, name="a.warc.gz"):
    return list(read_archive(io.BytesIO(data), name=name, first=first, last=last, offset=offset))


def scan(data):
    return list(scan_archive(io.BytesIO(data)))


def kinds(records):
    return [record.reason if isinstance(record, Reject) else type(record).__name__ for record in records]


def place(record):
    return record.place if isinstance(record, Skipped) else record.input


@pytest.mark.parametrize("packed", [True, False])
def test_a_response_of_html_becomes_a_page(packed):
    data = archive(
        ("http://example.org/", "warcinfo", b"software: x", None), response("http://example.org/1"), packed=packed
    )
    info, page = read(data)
    offset = scan(data)[1].offset
    assert isinstance(info, Skipped)
    assert isinstance(page, Page)
    assert page.html == HTML
    assert (page.url, page.charset, page.position) == ("http://example.org/1", "UTF-8", 1)
    assert page.input == f"a.warc.gz#{offset}"
    assert page.recorded_at.isoformat() == page.fetched_at.isoformat() == "2021-03-04T05:06:07+00:00"


@pytest.mark.parametrize("packed", [True, False])
def test_reading_can_start_at_any_record(packed):
    data = pages_archive(5, packed)
    whole = read(data)
    for index, unit in enumerate(scan(data)):
        parts = [record.input for record in read(data, index, index + 2, unit.offset)]
        assert parts == [record.input for record in whole[index : index + 2]]
        assert parts == [record.input for record in read(data, index, index + 2)]


def test_one_member_for_all_records_can_be_entered_at_its_start_only():
    data = gzip.compress(pages_archive(3, False))
    assert [unit.offset for unit in scan(data)] == [0, None, None]
    assert kinds(read(data)) == ["Page"] * 3
    assert len({record.input for record in read(data)}) == 3
    assert [record.url for record in read(data, 1, 2)] == ["http://example.org/1"]


def test_members_that_cut_records_anywhere():
    plain = pages_archive(6, False)
    data = b"".join(gzip.compress(plain[at : at + 300]) for at in range(0, len(plain), 300))
    assert kinds(read(data)) == ["Page"] * 6


def test_a_pipe_gives_the_same_as_a_file():
    data = pages_archive(5)
    pipe = list(read_archive(Pipe(data, 100), name="a", first=2, last=4, offset=scan(data)[2].offset))
    assert [(page.input, page.position) for page in pipe] == [
        (page.input, page.position) for page in read(data, 2, 4, name="a")
    ]


@pytest.mark.parametrize(
    ("record", "kind"),
    [
        (response("http://e.org/", status="404 Not Found"), "http_status"),
        (response("http://e.org/", status="503 Busy"), "http_status"),
        (response("http://e.org/", b"", status="404 Not Found", headers=[]), "http_status"),
        (response("http://e.org/", status="404 Not Found", headers=[("Content-Type", "image/png")]), "Skipped"),
        (response("http://e.org/", status="301 Moved"), "Skipped"),
        (response("http://e.org/", status="206 Partial Content"), "Skipped"),
        (response("http://e.org/", status="204 No Content", body=b""), "Skipped"),
        (response("http://e.org/", headers=[("Content-Type", "image/png")]), "Skipped"),
        (response("http://e.org/", headers=[("Content-Type", "Application/XHTML+xml")]), "Page"),
        (response("http://e.org/", headers=[]), "Page"),
        (response("http://e.org/", b"plain", headers=[]), "Skipped"),
        (response("http://e.org/", b""), "empty_body"),
        (response("http://e.org/", b" \n "), "empty_body"),
        (("http://e.org/", "resource", HTML, None), "Skipped"),
        (("http://e.org/", "metadata", b"fetchTimeMs: 3", None), "Skipped"),
        (("dns:e.org", "response", b"20210304 e.org 1.2.3.4", None), "Skipped"),
    ],
)
def test_what_becomes_of_a_record(record, kind):
    assert kinds(read(archive(record))) == [kind]


def chunk(body):
    return (
        b"".join(b"%x;q\r\n%s\r\n" % (len(body[at : at + 7]), body[at : at + 7]) for at in range(0, len(body), 7))
        + b"0\r\n\r\n"
    )


def raw_deflate(body):
    packer = zlib.compressobj(wbits=-15)
    return packer.compress(body) + packer.flush()


@pytest.mark.parametrize(
    ("encode", "content", "transfer"),
    [
        (gzip.compress, "gzip", None),
        (gzip.compress, "X-GZIP", None),
        (lambda body: gzip.compress(body[:9]) + gzip.compress(body[9:]), "gzip", None),
        (zlib.compress, "deflate", None),
        (raw_deflate, "deflate", None),
        (brotli.compress, "br", None),
        (zstandard.compress, "zstd", None),
        (lambda body: zstandard.compress(body[:9]) + zstandard.compress(body[9:]), "zstd", None),
        (chunk, None, "chunked"),
        (lambda body: chunk(gzip.compress(body)), "gzip", "chunked"),
        (lambda body: chunk(gzip.compress(body)), None, "gzip, chunked"),
        (lambda body: brotli.compress(gzip.compress(body)), "gzip, br", None),
        (bytes, "identity", "identity"),
        # The archive holds the body decoded, and the headers that came with it.
        (bytes, "gzip", "chunked"),
        (bytes, "br", None),
    ],
)
def test_codings_are_undone(encode, content, transfer):
    headers = [("Content-Type", "text/html"), ("Content-Encoding", content), ("Transfer-Encoding", transfer)]
    given = [(name, value) for name, value in headers if value]
    (page,) = read(archive(response("http://e.org/", encode(HTML), headers=given)))
    assert page.html == HTML


@pytest.mark.parametrize(
    ("body", "coding", "reason"),
    [
        (b"no gzip", "gzip", "decode"),
        (gzip.compress(HTML)[:-9], "gzip", "decode"),
        (brotli.compress(HTML)[:-3], "br", "decode"),
        (zstandard.compress(HTML)[:-3], "zstd", "decode"),
        (zlib.compress(HTML)[:-5], "deflate", "decode"),
        (HTML, "snappy", "decode"),
        (HTML, "gzip, gzip, gzip, gzip, gzip, gzip", "decode"),
        (gzip.compress(bytes(5_000_000)), "gzip", "decompression_bomb"),
        (brotli.compress(bytes(5_000_000)), "br", "decompression_bomb"),
        (zstandard.compress(bytes(5_000_000)), "zstd", "decompression_bomb"),
        (zlib.compress(bytes(5_000_000)), "deflate", "decompression_bomb"),
        (gzip.compress(gzip.compress(bytes(90_000_000))), "gzip, gzip", "decompression_bomb"),
        (gzip.compress(random.Random(1).randbytes(300_000) + bytes(20_000_000)), "gzip", "too_large"),
    ],
)
def test_bodies_that_cannot_be_decoded_within_limits(body, coding, reason):
    headers = [("Content-Type", "text/html"), ("Content-Encoding", coding)]
    after = response("http://e.org/after")
    assert kinds(read(archive(response("http://e.org/", body, headers=headers), after))) == [reason, "Page"]


def test_a_reject_says_where_when_and_what():
    data = archive(response("http://e.org/gone", status="410 Gone"))
    (refusal,) = read(data)
    assert (refusal.stage, refusal.url, refusal.input) == ("read", "http://e.org/gone", "a.warc.gz#0")
    assert str(refusal.day) == "2021-03-04"
    assert refusal.payload.startswith(b"WARC/1.0\r\n")
    assert refusal.payload.endswith(HTML)


@pytest.mark.parametrize("packed", [True, False])
def test_a_file_that_ends_within_a_record_keeps_those_before(packed):
    data = pages_archive(3, packed)
    last = scan(data)[2].offset
    for size in (last + 1, last + 30, last + 300, len(data) - 40):
        assert kinds(read(data[:size])) == ["Page", "Page", "truncated"]
        assert len(scan(data[:size])) == 3
    assert kinds(read(data[:last])) == ["Page", "Page"]


def test_a_flipped_bit_costs_one_member():
    data = pages_archive(4)
    begin, end = scan(data)[1].offset, scan(data)[2].offset
    for at in range(begin, end):
        if begin + 4 <= at < begin + 10:
            continue  # time stamp and the like: nothing of the content
        flipped = data[:at] + bytes([data[at] ^ 0x10]) + data[at + 1 :]
        records = read(flipped)
        # A changed last letter may leave the record whole and put something behind it.
        assert kinds(records) in (
            ["Page", "warc_corrupt", "Page", "Page"],
            ["Page", "Page", "warc_corrupt", "Page", "Page"],
        )
        assert [record.url for record in records if isinstance(record, Page)][-2:] == [
            "http://example.org/2",
            "http://example.org/3",
        ]
        assert len(scan(flipped)) == len(records)


@pytest.mark.parametrize("packed", [True, False])
@pytest.mark.parametrize("change", [-200, -20, -1, 1, 4, 20, 500, 19_000_000, 40_000_000])
def test_a_lying_length_costs_one_record(packed, change):
    records = [archive(response(f"http://e.org/{n}"), packed=False, digests=False) for n in range(4)]
    size = int(records[1].split(b"\r\nContent-Length: ")[1].split(b"\r\n")[0])
    records[1] = records[1].replace(b"Content-Length: %d" % size, b"Content-Length: %d" % (size + change))
    data = b"".join(gzip.compress(record) if packed else record for record in records)
    found = read(data)
    assert kinds(found) == ["Page", "size_mismatch", "Page", "Page"]
    assert found[1].url == "http://e.org/1"
    assert len(scan(data)) == 4


@pytest.mark.parametrize("length", [b"-5", b"many", b"", b"9" * 40])
def test_a_length_that_is_none(length):
    records = [archive(response(f"http://e.org/{n}"), packed=False, digests=False) for n in range(3)]
    size = records[1].split(b"\r\nContent-Length: ")[1].split(b"\r\n")[0]
    records[1] = records[1].replace(b"Content-Length: " + size, b"Content-Length: " + length)
    assert kinds(read(b"".join(records))) == ["Page", "size_mismatch", "Page"]


@pytest.mark.parametrize("name", ["WARC-Payload-Digest", "WARC-Block-Digest"])
def test_a_wrong_digest_is_refused(name):
    plain = pages_archive(2, False)
    at = plain.index(name.encode())
    value = plain.index(b"sha1:", at) + 5
    wrong = base64.b32encode(bytes(20))
    assert kinds(read(plain[:value] + wrong + plain[value + 32 :])) == ["size_mismatch", "Page"]


@pytest.mark.parametrize("digested", [HTML, gzip.compress(HTML, mtime=0), chunk(gzip.compress(HTML, mtime=0))])
def test_a_payload_digest_may_be_taken_of_any_state_of_the_body(digested):
    coded = chunk(gzip.compress(HTML, mtime=0))
    headers = [("Content-Type", "text/html"), ("Content-Encoding", "gzip"), ("Transfer-Encoding", "chunked")]
    plain = archive(response("http://e.org/", coded, headers=headers), packed=False, digests=False)
    value = hashlib.sha256(digested).hexdigest().upper().encode()
    assert kinds(read(plain.replace(b"\r\n", b"\r\nWARC-Payload-Digest: sha256:%s\r\n" % value, 1))) == ["Page"]


def test_a_body_that_the_crawler_cut_is_kept_with_a_warning():
    plain = archive(response("http://e.org/"), packed=False)
    plain = re.sub(rb"(WARC-Payload-Digest: sha1:).{8}", rb"\1AAAAAAAA", plain)
    (page,) = read(plain.replace(b"\r\n", b"\r\nWARC-Truncated: length\r\n", 1))
    assert page.warnings == ("truncated",)


@pytest.mark.parametrize(
    ("written", "read_as"),
    [
        ("2021-03-04T05:06:07.123456789Z", "2021-03-04T05:06:07.123456+00:00"),
        ("2021-03-04T05:06:07+02:00", "2021-03-04T03:06:07+00:00"),
        ("2021-03", "2021-03-01T00:00:00+00:00"),
        ("2021", "2021-01-01T00:00:00+00:00"),
        ("9999-12-31T23:59:59-05:00", None),
        ("soon", None),
    ],
)
def test_dates_of_records(written, read_as):
    plain = archive(response("http://e.org/"), packed=False)
    (page,) = read(plain.replace(b"2021-03-04T05:06:07Z", written.encode()))
    assert (page.recorded_at and page.recorded_at.isoformat()) == read_as


def test_a_stream_that_fails_raises():
    class Failing(Pipe):
        def read(self, size=-1):
            if self._file.tell() > 300:
                raise OSError("disk")
            return super().read(size)

    with pytest.raises(OSError, match="disk"):
        list(scan_archive(Failing(pages_archive(4), 100)))


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        (b" 200 OK", b" 300 OK", "size_mismatch"),
        (b"text/html;", b"text/hxml;", "size_mismatch"),
        (b"WARC-Type: response", b"WARC-Type: resqonse", "malformed"),
        (b"application/http;", b"applicathon/http;", "Page"),
    ],
)
def test_damage_in_headers_does_not_skip_a_page_without_a_word(old, new, reason):
    plain = pages_archive(2, False)
    assert kinds(read(plain.replace(old, new, 1))) == [reason, "Page"]


def test_records_without_digests_are_read():
    assert kinds(read(archive(response("http://e.org/"), digests=False))) == ["Page"]


def test_large_records_are_refused_by_their_headers_alone():
    body = b"<html>" + b"x" * 21_000_000
    image = response("http://e.org/i", body, headers=[("Content-Type", "image/png")])
    data = archive(response("http://e.org/"), response("http://e.org/l", body), image, response("http://e.org/b"))
    records = read(data)
    assert kinds(records) == ["Page", "too_large", "Skipped", "Page"]
    assert records[1].payload is None
    assert records[1].payload_ref == records[1].input


@pytest.mark.parametrize(
    "junk", [b"junk", b"\x1f\x8b\x08junk", b"WARC/1.0\r\n", gzip.compress(b"WARC/1.0\r\nA: b\r\n")]
)
def test_junk_at_the_end_is_one_refusal(junk):
    found = kinds(read(pages_archive(2) + junk))
    assert found[:2] == ["Page", "Page"]
    assert len(found) == 3


def test_padding_is_nothing():
    assert kinds(read(pages_archive(2) + bytes(1000))) == ["Page", "Page"]
    assert kinds(read(pages_archive(2, False) + b"\r\n\r\n")) == ["Page", "Page"]


def test_a_damaged_beginning():
    assert kinds(read(b"\x1f" + b"\0" + pages_archive(2)[2:])) == ["warc_corrupt", "Page"]
    assert kinds(read(b"XARC" + pages_archive(2, False)[4:])) == ["warc_corrupt", "Page"]


@pytest.mark.parametrize("data", [b"", gzip.compress(b""), b"\r\n"])
def test_an_archive_without_records_is_one_refusal(data):
    assert kinds(read(data)) == ["empty_body"]
    assert len(scan(data)) == 1


def arc(packed):
    def record(url, block, kind="text/html"):
        line = f"{url} 192.0.2.1 20070608091011 {kind} {len(block)}\n".encode() + block + b"\n"
        return gzip.compress(line) if packed else line

    http = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n" + HTML
    head = b"1 0 Example\nURL IP-address Archive-date Content-type Archive-length\n"
    return (
        record("filedesc://a.arc", head, "text/plain")
        + record("dns:e.org", b"20070608091011\ne.org 1.2.3.4", "text/dns")
        + record("http://e.org/1", http)
        + record("http://e.org/2", http.replace(b"200 OK", b"404 No"))
        + record("http://e.org/3", http)
    )


@pytest.mark.parametrize("packed", [True, False])
def test_arc(packed):
    data = arc(packed)
    records = read(data, name="a.arc")
    assert kinds(records) == ["Skipped", "Skipped", "Page", "http_status", "Page"]
    assert (records[2].url, records[2].html) == ("http://e.org/1", HTML)
    assert records[2].recorded_at.isoformat() == "2007-06-08T09:10:11+00:00"
    assert read(data, 4, None, scan(data)[4].offset, "a.arc")[0].input == records[4].input


@pytest.mark.parametrize("packed", [True, False])
def test_random_damage_never_raises_and_passes_agree(packed):
    random_ = random.Random(20240229)
    data = pages_archive(6, packed)
    units = scan(data)
    for _ in range(150):
        damaged = bytearray(data)
        places = sorted(random_.randrange(len(data)) for _ in range(random_.choice((1, 1, 3))))
        for at in places:
            damaged[at] ^= 1 << random_.randrange(8)
        if random_.random() < 0.3:
            places.append(random_.randrange(1, len(data)))
            del damaged[places[-1] :]
        stored = bytes(damaged)
        records, scanned = read(stored), scan(stored)
        assert len(records) == len(scanned)
        assert len(list(scan_archive(Pipe(stored, 37)))) == len(scanned)
        before = sum(unit.offset <= min(places) for unit in units) - 1
        assert kinds(records)[:before] == ["Page"] * before
        for index, unit in enumerate(scanned):
            if unit.offset is not None:
                assert place(read(stored, index, index + 1, unit.offset)[0]) == place(records[index])
