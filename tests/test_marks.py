import pytest

from transforms.marks import LostClaim, Mark, PublishedFile, decode_mark, encode_mark, is_balanced
from transforms.segments import Part

COUNTS = {"read": 5, "articles": 2, "rejects": 1, "duplicates": 1, "filtered": 1, "skipped": 7}


def test_a_mark_comes_back_as_it_was():
    mark = Mark(
        segment="ab",
        sequence=3,
        inputs=(Part("/in/a.txt", "a.txt", "text", None, "1:2", 0, 1, 0, None),),
        filters="{}",
        counts=COUNTS,
        files=(PublishedFile("articles/date=2025-09-04/part-ab.parquet", 2, "00"),),
        claims_lost=(LostClaim("x", "y", "cd"),),
        versions={"pipeline": "1"},
        finished_at="2026-01-01T00:00:00+00:00",
    )
    assert decode_mark(encode_mark(mark)) == mark


@pytest.mark.parametrize("text", ["", "{", "[]", '{"segment": "ab"}'])
def test_what_is_no_mark_is_refused(text):
    with pytest.raises((ValueError, KeyError, TypeError)):
        decode_mark(text)


def test_skipped_records_stand_outside_the_sum():
    assert is_balanced(COUNTS)
    assert not is_balanced(COUNTS | {"read": 6})
