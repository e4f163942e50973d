import gzip
import io
import json
import random

import pytest

from schemas.documents import Page
from schemas.rejects import Reject
from transforms.reading.jsonl import read_jsonl, scan_jsonl
from transforms.reading.lines import MAX_LINE_BYTES
from transforms.reading.records import Skipped


def read(data: bytes, first: int = 0, last: int | None = None, offset: int | None = None) -> list:
    return list(read_jsonl(io.BytesIO(data), name="a.jsonl", first=first, last=last, offset=offset))


def line(**fields: object) -> bytes:
    return json.dumps(fields).encode() + b"\n"


def test_fields_travel_and_others_are_passed_over():
    (page,) = read(line(text="Hello", url="https://a.example/1", title="T", published="2025-09-04", author_count=3))
    assert (page.input, page.text, page.url, page.title, page.published) == (
        "a.jsonl#1",
        "Hello",
        "https://a.example/1",
        "T",
        "2025-09-04",
    )


@pytest.mark.parametrize(
    ("bad", "reason"),
    [
        (b"{no json\n", "malformed"),
        (b"[1]\n", "malformed"),
        (b'{"text": 5}\n', "malformed"),
        (b'{"title": "no text"}\n', "empty_body"),
        (b'{"url": "https://a.example/1"}\n', "content_type"),
        (b"[" * 100_000 + b"\n", "malformed"),
        (b"\xff\xfe\x00\x00\x01\x02\x00\x00" * 9 + b"\n", "malformed"),
    ],
)
def test_one_bad_line_is_one_reject_and_keeps_its_neighbours(bad, reason):
    before, refused, after = read(line(text="one") + bad + line(text="two"))
    assert (before.text, after.text, after.input, after.position) == ("one", "two", "a.jsonl#3", 2)
    assert (refused.reason, refused.input, refused.stage) == (reason, "a.jsonl#2", "read")
    assert refused.payload == (bad[:-1] if len(bad) <= 65_536 else None)


def test_a_mark_is_taken_off_and_escaped_control_characters_are_left_to_extraction():
    (page,) = read(b"\xef\xbb\xbf" + rb'{"text": "a\u0000b\ud800c", "url": null, "title": "a\u0000b\ud800c "}')
    assert (page.text, page.title) == ("a\x00b\ud800c", "abc")


def test_lone_surrogates_in_html_do_not_stop_it():
    (page,) = read(rb'{"html": "<p>a\ud800b</p>"}')
    assert (page.html, page.charset, page.text) == (b"<p>a?b</p>", "utf-8", None)


@pytest.mark.parametrize(
    "fields", [{"title": 5}, {"published": 1_700_000_000}, {"url": ["x"]}, {"authors": {"name": "A"}}, {"authors": [1]}]
)
def test_a_field_of_the_wrong_type_is_passed_over_with_a_warning(fields):
    (page,) = read(line(text="Hello", source="Wire", **fields))
    assert (page.text, page.source, page.warnings) == ("Hello", "Wire", ("fields_malformed",))
    assert (page.title, page.published, page.url, page.authors) == (None, None, None, ())


def test_authors_are_a_name_or_several():
    one, several = read(line(text="x", authors=" Ann ") + line(text="x", authors=["Ann", "Bo", ""]))
    assert (one.authors, several.authors) == (("Ann",), ("Ann", "Bo"))


def test_text_comes_before_html_unless_it_is_blank():
    both, blank, none = read(line(text="t", html="<p>h") + line(text=" ", html="<p>h") + line(text="", html=" \n"))
    assert (both.text, both.html) == ("t", None)
    assert (blank.text, blank.html) == (None, b"<p>h")
    assert none.reason == "empty_body"


def test_blank_lines_are_no_records_but_count_in_line_numbers():
    blank, page = read(b"\n" + line(text="x"))
    assert isinstance(blank, Skipped)
    assert page.input == "a.jsonl#2"


def test_a_range_is_the_same_whether_it_is_entered_by_offset_or_from_the_start():
    data = b"".join(line(text=f"document {number}") for number in range(20))
    units = list(scan_jsonl(io.BytesIO(data)))
    assert len(units) == 20
    assert read(data, 7, 11) == read(data, 7, 11, units[7].offset)
    assert [page.input for page in read(data, 7, 11)] == [f"a.jsonl#{number}" for number in range(8, 12)]


def test_a_line_that_is_too_long_is_measured_and_not_held():
    long = b'{"text": "' + b"x" * MAX_LINE_BYTES + b'"}\n'
    refused, page = read(long + line(text="next"))
    assert (refused.reason, refused.payload, refused.payload_ref) == ("too_large", None, "a.jsonl#1")
    assert page.text == "next"


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le"])
def test_utf_16_with_a_mark_is_read(encoding):
    mark = b"" if encoding == "utf-16" else b"\xff\xfe"
    data = mark + "".join(f'{{"text": "Köln {number}"}}\r\n' for number in range(3)).encode(encoding)
    assert [page.text for page in read(data)] == ["Köln 0", "Köln 1", "Köln 2"]
    assert [unit.offset for unit in scan_jsonl(io.BytesIO(data))] == [None] * 3


def test_a_bomb_is_given_up_and_the_next_member_read():
    bomb = gzip.compress(b'{"text": "' + bytes(60_000_000) + b'"}\n')
    before, refused, after = read(gzip.compress(line(text="a")) + bomb + gzip.compress(line(text="b")))
    assert (before.text, refused.reason, after.text) == ("a", "decompression_bomb", "b")


def test_lines_before_damage_in_a_gzip_stream_and_the_member_after_it_are_kept():
    lines = [line(text=f"{number} {random.Random(number).random()}") for number in range(500)]
    whole = gzip.compress(b"".join(lines))
    damaged = whole[: len(whole) // 2] + bytes(20) + whole[len(whole) // 2 + 20 :]
    *kept, last = read(damaged)
    assert (last.reason, last.input) == ("decode", f"a.jsonl#{len(kept) + 1}")
    # Damage shows some letters late: the last lines before it may be broken too.
    assert [page.text for page in kept[:240]] == [json.loads(text)["text"] for text in lines[:240]]
    assert len(kept) < 260
    again = read(damaged + gzip.compress(line(text="after")))
    assert again[-1].text == "after"


def test_a_cut_gzip_stream_keeps_what_came_before_and_is_one_reject():
    whole = gzip.compress(b"".join(line(text=f"{random.Random(n).random()}") for n in range(500)))
    *kept, last = read(whole[: len(whole) // 2])
    assert last.reason == "truncated"
    assert sum(isinstance(record, Page) for record in kept) > 100
    assert len(read(whole)) == 500


def test_concatenated_gzip_members_are_one_stream():
    assert len(read(gzip.compress(line(text="a")) + gzip.compress(line(text="b")))) == 2


def test_damage_never_raises_and_units_agree_with_records():
    chance = random.Random(1)
    whole = gzip.compress(b"".join(line(text=f"number {n}") for n in range(60)))
    for _ in range(200):
        damaged = bytearray(whole)
        damaged[chance.randrange(2, len(whole))] ^= 1 << chance.randrange(8)
        data = bytes(damaged[: chance.randrange(10, len(whole) + 1)])
        records = read(data)
        assert len(records) == len(list(scan_jsonl(io.BytesIO(data))))
        assert all(isinstance(record, Page | Reject | Skipped) for record in records)
