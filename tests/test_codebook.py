import pathlib
import re

import pyarrow as pa
import pytest

from schemas import rejects
from schemas.codebook import (
    BASIS_MEANINGS,
    KIND_MEANINGS,
    REMEDIES,
    TYPE_MEANINGS,
    WARNING_MEANINGS,
    codebook,
    markdown_table,
    type_name,
)
from schemas.documents import DateBasis
from schemas.ledger import Event
from schemas.tables import TABLES
from schemas.tags import ActorType, Kind
from warehouse.codebook import whole_codebook

ROOT = pathlib.Path(__file__).parents[1]
DOCS = ROOT / "docs"


def test_the_file_is_what_schemas_and_lexicons_make():
    assert (DOCS / "codebook.md").read_text(encoding="utf-8") == whole_codebook(), "run `make codebook`"


def test_words_events_and_ids_are_those_of_the_lexicons():
    whole = whole_codebook()
    for word in ("vow", "back out", "unwilling"):
        assert word in whole
    assert "Kenya `KEN`" in whole and "`igo:NATO`" in whole
    assert all(f"`{event}`" in whole for event in Event)
    assert len(re.findall(r"^\| (?:\S+, )*threat\b", whole, re.MULTILINE)) > 10


def test_every_column_has_a_row():
    for schema in TABLES.values():
        for field in schema:
            assert f"| `{field.name}` | {type_name(field.type)} |" in codebook()


@pytest.mark.parametrize(
    ("codes", "meanings"), [(Kind, KIND_MEANINGS), (ActorType, TYPE_MEANINGS), (DateBasis, BASIS_MEANINGS)]
)
def test_every_code_has_a_meaning(codes, meanings):
    assert list(meanings) == list(codes)


def test_every_warning_that_is_described_is_given():
    source = "".join(path.read_text(encoding="utf-8") for path in (ROOT / "transforms").rglob("*.py"))
    assert not [code for code in WARNING_MEANINGS if f'"{code}"' not in source]


def test_every_refusal_has_a_remedy():
    refusals = [kind for kind in rejects.Rejected.__subclasses__() if kind.__module__ == rejects.__name__]
    assert set(REMEDIES) == set(refusals)


def test_reasons_are_codes_of_their_own():
    reasons = [refusal.reason for refusal in REMEDIES]
    assert len(set(reasons)) == len(reasons)
    assert all(reason.replace("_", "").isalpha() and reason.islower() for reason in reasons)


@pytest.mark.parametrize(
    ("kind", "name"),
    [
        (pa.string(), "string"),
        (pa.date32(), "date"),
        (pa.timestamp("us", tz="UTC"), "timestamp[us, UTC]"),
        (pa.list_(pa.string()), "list<string>"),
        (pa.list_(pa.struct([("value", pa.float64())])), "list<struct>"),
    ],
)
def test_types_are_named_for_people(kind, name):
    assert type_name(kind) == name


def test_bars_in_cells_do_not_break_a_table():
    assert markdown_table(("a",), [("x|y",)]) == "| a |\n| --- |\n| x\\|y |\n"
