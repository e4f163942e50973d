"""What the headers of a response say."""

import datetime

import pytest

from schemas.exchanges import Accept
from schemas.rejects import Rejected
from transforms.fetching.heads import (
    check_length,
    content_coding,
    field,
    is_allowed,
    media_type,
    read_fields,
    retry_after,
    transfer_coding,
)

NOW = datetime.datetime(2025, 11, 4, 8, 0, tzinfo=datetime.UTC)


@pytest.mark.parametrize(
    ("head", "fields"),
    [
        (b"HTTP/1.1 200 OK\r\nA: 1\r\nb:2 \r\n\r\n", (("A", "1"), ("b", "2"))),
        (b"HTTP/1.1 200 OK\nA: x: y\n\n", (("A", "x: y"),)),
        (b"HTTP/1.1 200 OK\r\nA: one\r\n  two\r\n\r\n", (("A", "one two"),)),
        (b"HTTP/1.1 103 Hints\r\nA: 1\r\n\r\nHTTP/1.1 200 OK\r\nB: 2\r\n\r\n", (("B", "2"),)),
        (
            b"HTTP/1.1 200 OK\r\nA: 1\r\nHTTP/1.1 404 No: x\r\nB: 2\r\n\r\n",
            (("A", "1"), ("HTTP/1.1 404 No", "x"), ("B", "2")),
        ),
        (b'HTTP/1.1 200 OK\r\nnonsense\r\nE: "\xe9"\r\n\r\n', (("E", '"é"'),)),
        (b"HTTP/1.1 200 OK\r\n\r\n", ()),
    ],
)
def test_fields_are_read_to_the_letter(head, fields):
    assert read_fields(head) == fields


def test_the_first_field_of_a_name_counts():
    assert field((("X-a", "1"), ("x-A", "2")), "x-a") == "1"
    assert field((), "x-a") is None


@pytest.mark.parametrize(
    ("value", "kind", "charset"),
    [
        ("text/html", "text/html", None),
        ("Text/HTML;Charset = 'UTF-8' ; x=y", "text/html", "UTF-8"),
        (' application/rss+xml; charset="iso-8859-1"', "application/rss+xml", "iso-8859-1"),
        ("html", None, None),
        ("", None, None),
    ],
)
def test_the_type_of_content(value, kind, charset):
    assert media_type((("Content-Type", value),)) == (kind, charset)


@pytest.mark.parametrize(
    ("kind", "page", "feed", "archive"),
    [
        (None, True, True, True),
        ("text/html", True, True, True),
        ("application/rss+xml", False, True, True),
        ("application/odd+xml", False, True, True),
        ("application/json", False, True, True),
        ("application/x-gzip", False, True, True),
        ("application/warc", False, False, True),
        ("application/pdf", False, False, False),
        ("image/svg", False, False, False),
        ("video/mp4", False, False, False),
    ],
)
def test_types_are_taken_by_what_is_asked_for(kind, page, feed, archive):
    assert [is_allowed(kind, accept) for accept in Accept] == [feed, page, archive]


@pytest.mark.parametrize(
    ("values", "coding"),
    [
        ([], ""),
        (["gzip"], "gzip"),
        (["identity"], ""),
        (["identity, BR"], "br"),
        (["gzip, br"], None),
        (["br", "br"], None),
    ],
)
def test_there_is_one_coding_at_most(values, coding):
    fields = tuple(("Content-Encoding", value) for value in values)
    if coding is None:
        with pytest.raises(Rejected):
            content_coding(fields)
    else:
        assert content_coding(fields) == coding


@pytest.mark.parametrize(
    ("values", "coding"),
    [([], ""), (["Chunked"], "chunked"), (["identity"], ""), (["gzip, chunked"], None), (["chunked", "chunked"], None)],
)
def test_chunks_are_the_only_coding_of_the_way(values, coding):
    fields = tuple(("Transfer-Encoding", value) for value in values)
    if coding is None:
        with pytest.raises(Rejected):
            transfer_coding(fields)
    else:
        assert transfer_coding(fields) == coding


@pytest.mark.parametrize(
    ("values", "fine"),
    [
        ([], True),
        (["12"], True),
        (["12", "12"], True),
        (["12, 12"], True),
        (["12", "13"], False),
        (["-1"], False),
        ([""], False),
    ],
)
def test_stated_lengths_agree(values, fine):
    fields = tuple(("Content-Length", value) for value in values)
    if fine:
        check_length(fields)
    else:
        with pytest.raises(Rejected):
            check_length(fields)


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        (None, None),
        ("", None),
        ("120", 120.0),
        ("1e3", None),
        ("99999999999999999999", 86_400.0),
        ("Tue, 04 Nov 2025 08:02:00 GMT", 120.0),
        ("Tue, 04 Nov 2025 09:00:00 +0100", 0.0),
        ("Tue, 04 Nov 2025 07:00:00 GMT", 0.0),
        ("Fri, 04 Nov 2039 08:00:00 GMT", 86_400.0),
        ("Tue, 04 Nov 99999 08:00:00 GMT", None),
        ("tomorrow", None),
        ("١٢", None),
    ],
)
def test_how_long_to_leave_alone(value, seconds):
    fields = (("Retry-After", value),) if value is not None else ()
    assert retry_after(fields, NOW) == seconds
