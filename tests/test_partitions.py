import datetime

import pyarrow.parquet as pq
import pytest

from schemas.rejects import Malformed, reject
from schemas.tables import TABLES, reject_row
from transforms.partitions import (
    count_reasons,
    count_rows,
    partition_name,
    published_name,
    read_slice,
    staged_name,
    write_rows,
)


def rows(count: int) -> list:
    return [reject_row(reject(Malformed("no"), "read", place=f"a#{i}"), segment="ab") for i in range(count)]


def test_days_name_their_partition_and_an_unknown_day_has_hives_name():
    assert partition_name(datetime.date(2025, 9, 4)) == "date=2025-09-04"
    assert partition_name(None) == "date=__HIVE_DEFAULT_PARTITION__"


def test_a_staged_file_never_ends_in_parquet():
    staged = staged_name("rejects", None, "ab")
    assert not staged.endswith(".parquet")
    assert published_name(staged) == "rejects/date=__HIVE_DEFAULT_PARTITION__/part-ab.parquet"


def test_the_same_rows_in_any_order_give_the_same_bytes(tmp_path):
    write_rows(tmp_path / "a", "rejects", rows(5))
    write_rows(tmp_path / "b", "rejects", reversed(rows(5)))
    assert (tmp_path / "a").read_bytes() == (tmp_path / "b").read_bytes()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a", "b"]


def test_files_carry_the_schema_and_its_version(tmp_path):
    write_rows(tmp_path / "a", "rejects", rows(2))
    schema = pq.read_schema(tmp_path / "a")
    assert schema.equals(TABLES["rejects"])
    assert schema.metadata[b"schema_version"] == b"1.0"
    assert count_rows(tmp_path / "a") == 2
    assert count_reasons(tmp_path / "a", segment=rows(1)[0]["segment"]) == {"malformed": 2}


@pytest.mark.parametrize(("first", "last"), [(0, 200), (0, 64), (63, 65), (64, 128), (150, 170), (199, 300), (5, 5)])
def test_a_slice_is_those_rows_and_no_others(tmp_path, first, last):
    write_rows(tmp_path / "a", "rejects", rows(200))
    whole = pq.read_table(tmp_path / "a").to_pylist()
    assert list(read_slice(tmp_path / "a", first, last)) == whole[first:last]
