"""The values that travel and the tables they are written to: neither may have what the other lacks."""

import dataclasses
import datetime
import types
import typing

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from schemas.documents import Article, DateBasis
from schemas.ids import ID_LENGTH, stable_id
from schemas.rejects import Reject
from schemas.tables import (
    ACTOR_STRUCT,
    AMOUNT_STRUCT,
    SCHEMA_VERSION,
    SORT_KEYS,
    TABLES,
    actor_rows,
    article_of_row,
    article_row,
    commitment_rows,
    reject_day,
    reject_row,
    statement_id,
)
from schemas.tags import Actor, ActorType, Amount, Commitment, Domain, Kind, Mention, TaggedArticle

NOON = datetime.datetime(2025, 9, 4, 12, 0, 0, 5, tzinfo=datetime.UTC)
KYIV = Actor("state:UKR", "Ukraine", ActorType.STATE, "UKR")
GROUP = Actor("group:26-countries", "26 countries", ActorType.GROUP, count=26)
ARTICLE = Article(
    article_id="a" * ID_LENGTH,
    content_id="c" * ID_LENGTH,
    input="news.jsonl#3",
    position=7,
    text="26 countries pledged 5,000 troops to Ukraine by 2027.",
    url="https://example.org/1",
    authors=("A. Writer",),
    language="en",
    published_at=NOON,
    date_basis=DateBasis.FEED,
    warnings=("encoding_guessed",),
)
MENTION = Mention("state:UKR", "Ukraine", ActorType.STATE, "UKR", None, "Ukraine", 37, 44, 0, "gazetteer")
COMMITMENT = Commitment(
    kind=Kind.PLEDGE,
    plover_event="SUPPORT",
    plover_mode=None,
    cameo_code=None,
    domain=Domain.MILITARY,
    actors=(GROUP,),
    counterparties=(KYIV,),
    speaker=KYIV,
    trigger="pledged",
    trigger_lemma="pledge",
    trigger_start=13,
    trigger_end=20,
    action="5,000 troops to Ukraine",
    condition=None,
    deadline="by 2027",
    due_date=datetime.date(2027, 12, 31),
    conditional=False,
    amounts=(Amount(5000.0, "troops", "5,000 troops"),),
    sentence=ARTICLE.text,
    sentence_start=0,
    sentence_end=len(ARTICLE.text),
    confidence=0.87654,
    rule="verb",
    lexicon_entry="pledge.v",
)
TAGGED = TaggedArticle(ARTICLE, (MENTION,), (COMMITMENT,), "0.1", "model 1")
REJECT = Reject("read", "malformed", "not JSON", "news.jsonl#4", payload=b"{", day=NOON.date())
ROWS = {
    "articles": [article_row(ARTICLE, segment="s", pipeline_version="0.1")],
    "actors": actor_rows(TAGGED, segment="s"),
    "commitments": commitment_rows(TAGGED, segment="s"),
    "rejects": [reject_row(REJECT, segment="s")],
}
# The value behind each table and struct, and its fields that are no columns.
VALUES = {"articles": (Article, {"position"}), "actors": (Mention, set()), "rejects": (Reject, {"day"})}
VALUES |= {"commitments": (Commitment, set())}
STRUCTS = [(ACTOR_STRUCT, Actor), (AMOUNT_STRUCT, Amount)]


def may_be_none(annotation: object) -> bool:
    return isinstance(annotation, types.UnionType) and types.NoneType in typing.get_args(annotation)


@pytest.mark.parametrize("name", TABLES)
def test_rows_fill_every_column_and_no_other(name):
    assert [set(row) for row in ROWS[name]] == [set(TABLES[name].names)]


@pytest.mark.parametrize("name", TABLES)
def test_rows_survive_parquet(name, tmp_path):
    pq.write_table(pa.Table.from_pylist(ROWS[name], schema=TABLES[name]), tmp_path / "part.parquet")
    written = pq.read_table(tmp_path / "part.parquet")
    assert written.schema.remove_metadata() == TABLES[name].remove_metadata()
    assert written.schema.metadata[b"schema_version"].decode() == SCHEMA_VERSION
    kept = [{key: round(v, 3) if isinstance(v, float) else v for key, v in row.items()} for row in written.to_pylist()]
    assert kept == ROWS[name]


@pytest.mark.parametrize("name", TABLES)
def test_every_column_is_described_and_typed(name):
    for field in TABLES[name]:
        assert field.metadata[b"description"].strip(), field.name
        assert not pa.types.is_null(field.type)
    assert set(SORT_KEYS[name]) <= set(TABLES[name].names)
    assert "date" not in TABLES[name].names


@pytest.mark.parametrize("name", TABLES)
def test_columns_are_nullable_where_values_are_optional(name):
    value, inward = VALUES[name]
    annotations = typing.get_type_hints(value)
    assert set(annotations) - inward <= set(TABLES[name].names)
    for column in set(annotations) - inward:
        assert TABLES[name].field(column).nullable == may_be_none(annotations[column]), column


@pytest.mark.parametrize(("struct", "value"), STRUCTS)
def test_structs_have_the_fields_of_their_values(struct, value):
    fields = {struct.field(index).name: struct.field(index).nullable for index in range(struct.num_fields)}
    assert fields == {name: may_be_none(kind) for name, kind in typing.get_type_hints(value).items()}


def test_rounds_confidence_to_three_decimals():
    assert ROWS["commitments"][0]["confidence"] == 0.877


def test_ids_are_stable_hashes_of_their_parts():
    assert stable_id("a", 1, None) == "f00f5a1dc95737f1882cd2cc52342467"
    assert len({stable_id("ab", "c"), stable_id("a", "bc"), stable_id("abc"), stable_id("abc", None)}) == 4


@pytest.mark.parametrize(
    "change",
    [
        {"kind": Kind.OFFER},
        {"actors": (KYIV,)},
        {"confidence": 0.1},
        {"rule": "other"},
        {"trigger_lemma": "x"},
        {"domain": Domain.OTHER},
    ],
)
def test_commitment_ids_hang_on_the_place_alone(change):
    changed = dataclasses.replace(TAGGED, commitments=(dataclasses.replace(COMMITMENT, **change),), model="model 2")
    assert commitment_rows(changed, segment="t")[0]["commitment_id"] == ROWS["commitments"][0]["commitment_id"]


def test_commitment_ids_differ_by_trigger():
    moved = dataclasses.replace(TAGGED, commitments=(dataclasses.replace(COMMITMENT, trigger_start=12),))
    assert commitment_rows(moved, segment="s")[0]["commitment_id"] != ROWS["commitments"][0]["commitment_id"]


def test_statement_ids_are_equal_over_articles():
    elsewhere = dataclasses.replace(
        COMMITMENT,
        sentence="26 Countries  pledged 5,000 troops\nto Ukraine by 2027.",
        sentence_start=400,
        sentence_end=453,
        trigger_start=413,
        trigger_end=420,
        confidence=0.5,
    )
    assert statement_id(elsewhere) == statement_id(COMMITMENT)


@pytest.mark.parametrize("change", [{"sentence": "Other."}, {"trigger": "promised"}, {"actors": (KYIV,)}])
def test_statement_ids_differ_by_what_is_stated(change):
    assert statement_id(dataclasses.replace(COMMITMENT, **change)) != statement_id(COMMITMENT)


def test_statement_ids_ignore_the_order_of_actors():
    both = dataclasses.replace(COMMITMENT, actors=(GROUP, KYIV))
    assert statement_id(both) == statement_id(dataclasses.replace(both, actors=(KYIV, GROUP)))


@pytest.mark.parametrize(
    ("day", "occurred_at", "expected"),
    [
        (NOON.date(), None, NOON.date()),
        (None, NOON, NOON.date()),
        (datetime.date(2024, 1, 1), NOON, datetime.date(2024, 1, 1)),
        (None, None, None),
    ],
)
def test_rejects_go_to_their_own_day_or_that_of_fetching(day, occurred_at, expected):
    assert reject_day(dataclasses.replace(REJECT, day=day, occurred_at=occurred_at)) == expected


def test_an_article_comes_back_from_its_row_as_it_was(tmp_path):
    row = article_row(ARTICLE, segment="ab", pipeline_version="1")
    pq.write_table(pa.Table.from_pylist([row], schema=TABLES["articles"]), tmp_path / "a.parquet")
    (read,) = pq.read_table(tmp_path / "a.parquet").to_pylist()
    assert article_of_row(read) == dataclasses.replace(ARTICLE, position=0)
