import sqlite3

import pytest

from transforms.claims import ClaimIndex

A, B, C = ("a", "1"), ("b", "1"), ("c", "1")


def loader(claims):
    return lambda segments: [(segment, claims[segment]) for segment in sorted(segments)]


@pytest.fixture
def index(tmp_path):
    with ClaimIndex(tmp_path / "state.sqlite", read_only=False) as index:
        yield index


def test_the_holder_of_a_claim_is_its_segment_and_never_the_asker(index):
    index.bring_up_to_date({"s1": "1"}, loader({"s1": [A, B]}))
    assert index.holder(A, but_not="s2") == "s1"
    assert index.holder(A, but_not="s1") is None
    assert index.holder(C, but_not="s2") is None
    assert index.claims_of("s1") == {A, B}


def test_a_changed_mark_replaces_its_claims_and_a_missing_one_drops_them(index):
    index.bring_up_to_date({"s1": "1", "s2": "1"}, loader({"s1": [A], "s2": [B]}))
    index.bring_up_to_date({"s1": "2"}, loader({"s1": [C]}))
    assert index.claims_of("s1") == {C}
    assert index.claims_of("s2") == set()


def test_of_two_marks_with_one_article_the_one_loaded_first_holds_it(index):
    index.bring_up_to_date({"s1": "1", "s2": "1"}, loader({"s1": [A], "s2": [A]}))
    assert index.holder(A, but_not="") == "s1"


def test_marks_that_did_not_change_are_not_loaded_again(index):
    index.bring_up_to_date({"s1": "1"}, loader({"s1": [A]}))
    index.bring_up_to_date({"s1": "1"}, loader({}))
    assert index.claims_of("s1") == {A}


def test_a_file_that_is_no_database_is_said_so(tmp_path):
    (tmp_path / "state.sqlite").write_text("not a database, but long enough to be taken for one? no.")
    with pytest.raises(sqlite3.DatabaseError):
        ClaimIndex(tmp_path / "state.sqlite", read_only=False)
