"""Dialects: how the types and names of the tables are written in SQL."""

import pyarrow as pa


def quote(name: str) -> str:
    """Quote an identifier of DuckDB's SQL; columns such as `end` are words of the language."""
    return '"' + name.replace('"', '""') + '"'


def literal(text: str) -> str:
    """Write a string of DuckDB's SQL."""
    return "'" + text.replace("'", "''") + "'"


def duckdb_type(kind: pa.DataType) -> str:
    """Name the type of a column in DuckDB's SQL."""
    if pa.types.is_list(kind):
        return f"{duckdb_type(kind.value_type)}[]"
    if pa.types.is_struct(kind):
        fields = (kind.field(index) for index in range(kind.num_fields))
        return f"STRUCT({', '.join(f'{quote(field.name)} {duckdb_type(field.type)}' for field in fields)})"
    return _DUCKDB[str(kind)]


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
