"""Dialects: how the types and names of the tables are written in each warehouse's SQL."""

from collections.abc import Callable

import pyarrow as pa


def quote(name: str) -> str:
    """Quote an identifier of DuckDB's SQL; columns such as `end` are words of the language."""
    return '"' + name.replace('"', '""') + '"'


def backtick(name: str) -> str:
    """Quote an identifier of BigQuery, Athena's DDL or Spark."""
    return f"`{name}`"


def literal(text: str) -> str:
    """Write a string of DuckDB's SQL."""
    return "'" + text.replace("'", "''") + "'"


def backslashed(text: str) -> str:
    """Write a string of BigQuery, Athena's DDL or Spark."""
    return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'"


def duckdb_type(kind: pa.DataType) -> str:
    """Name the type of a column in DuckDB's SQL."""
    return _name(kind, _DUCKDB, "{}[]".format, lambda name, of: f"{quote(name)} {of}", "STRUCT({})".format)


def bigquery_type(kind: pa.DataType) -> str:
    """Name the type of a column in BigQuery's SQL."""
    return _name(kind, _BIGQUERY, "ARRAY<{}>".format, lambda name, of: f"{backtick(name)} {of}", "STRUCT<{}>".format)


def hive_type(kind: pa.DataType) -> str:
    """Name the type of a column in the DDL of Athena and Spark, which is Hive's."""
    return _name(kind, _HIVE, "array<{}>".format, "{}:{}".format, "struct<{}>".format)


def _name(
    kind: pa.DataType,
    plain: dict[str, str],
    make_list: Callable[[str], str],
    make_field: Callable[[str, str], str],
    make_struct: Callable[[str], str],
) -> str:
    if pa.types.is_list(kind):
        return make_list(_name(kind.value_type, plain, make_list, make_field, make_struct))
    if pa.types.is_struct(kind):
        fields = (kind.field(index) for index in range(kind.num_fields))
        named = (
            make_field(field.name, _name(field.type, plain, make_list, make_field, make_struct)) for field in fields
        )
        return make_struct((", " if plain is not _HIVE else ",").join(named))
    return plain[str(kind)]


_DUCKDB = {
    "string": "VARCHAR",
    "int32": "INTEGER",
    "int64": "BIGINT",
    "float": "FLOAT",
    "double": "DOUBLE",
    "bool": "BOOLEAN",
    "date32[day]": "DATE",
    "timestamp[us, tz=UTC]": "TIMESTAMP WITH TIME ZONE",
    "binary": "BLOB",
}
_BIGQUERY = {
    "string": "STRING",
    "int32": "INT64",
    "int64": "INT64",
    "float": "FLOAT64",
    "double": "FLOAT64",
    "bool": "BOOL",
    "date32[day]": "DATE",
    "timestamp[us, tz=UTC]": "TIMESTAMP",
    "binary": "BYTES",
}
_HIVE = {
    "string": "string",
    "int32": "int",
    "int64": "bigint",
    "float": "float",
    "double": "double",
    "bool": "boolean",
    "date32[day]": "date",
    "timestamp[us, tz=UTC]": "timestamp",
    "binary": "binary",
}
