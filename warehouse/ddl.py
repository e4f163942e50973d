"""DDL: the tables as other warehouses declare them, made from the one schema.

`pledgeline ddl --dialect bigquery --location gs://bucket/warehouse` prints statements to run there.
"""

import argparse
import sys
from collections.abc import Callable, Iterator

import pyarrow as pa

from pipelines.exits import USAGE, NoWarehouse
from schemas.codebook import ROW_MEANINGS
from schemas.tables import DAY_MEANING, TABLES
from warehouse.dbt import dbt_sources
from warehouse.dialects import (
    backslashed,
    backtick,
    bigquery_type,
    duckdb_type,
    hive_type,
    literal,
    quote,
)
from warehouse.views import table_selects

# What rows are looked up by, most selective last: in this order BigQuery keeps them together.
CLUSTERING = {
    "articles": ("source", "article_id"),
    "actors": ("actor_id", "article_id"),
    "commitments": ("kind", "domain", "article_id"),
    "rejects": ("reason", "stage"),
}
_Make = Callable[[str, str], Iterator[str]]


def duckdb_external(schema: str, location: str) -> Iterator[str]:
    """Declare the files as views in DuckDB, distinct by id."""
    yield f"CREATE SCHEMA IF NOT EXISTS {quote(schema)}"
    for table, select in table_selects(location).items():
        yield f"CREATE OR REPLACE VIEW {quote(schema)}.{table} AS\n{select}"
        yield from _duckdb_comments(schema, table, "VIEW")


def duckdb_native(schema: str, location: str) -> Iterator[str]:
    """Copy the files into tables of DuckDB."""
    yield f"CREATE SCHEMA IF NOT EXISTS {quote(schema)}"
    for table, select in table_selects(location).items():
        columns = ",\n".join(
            f"  {quote(name)} {duckdb_type(kind)}{'' if nullable else ' NOT NULL'}"
            for name, kind, nullable, _ in _columns(table)
        )
        yield f"CREATE TABLE {quote(schema)}.{table} (\n{columns}\n)"
        yield from _duckdb_comments(schema, table, "TABLE")
        yield f"INSERT INTO {quote(schema)}.{table} BY NAME\n{select}"


def _duckdb_comments(schema: str, table: str, kind: str) -> Iterator[str]:
    yield f"COMMENT ON {kind} {quote(schema)}.{table} IS {literal(ROW_MEANINGS[table])}"
    for name, _, _, meaning in _columns(table):
        yield f"COMMENT ON COLUMN {quote(schema)}.{table}.{quote(name)} IS {literal(meaning)}"


def bigquery_external(schema: str, location: str) -> Iterator[str]:
    """Declare the files as external tables in BigQuery. They take no clustering; a day must be asked for."""
    yield f"CREATE SCHEMA IF NOT EXISTS {backtick(schema)}"
    for table in TABLES:
        columns = _bigquery_columns(table, native=False)
        options = (
            "format = 'PARQUET'",
            "enable_list_inference = TRUE",
            f"uris = [{backslashed(f'{location}/{table}/*')}]",
            f"hive_partition_uri_prefix = {backslashed(f'{location}/{table}')}",
            "require_hive_partition_filter = TRUE",
            f"description = {backslashed(ROW_MEANINGS[table])}",
        )
        yield (
            f"CREATE OR REPLACE EXTERNAL TABLE {backtick(schema)}.{backtick(table)} (\n{columns}\n)\n"
            f"WITH PARTITION COLUMNS (`date` DATE)\nOPTIONS (\n  " + ",\n  ".join(options) + "\n)"
        )


def bigquery_native(schema: str, location: str) -> Iterator[str]:
    """Load the files into tables of BigQuery, which are partitioned by day and clustered."""
    yield f"CREATE SCHEMA IF NOT EXISTS {backtick(schema)}"
    for table in TABLES:
        columns = _bigquery_columns(table, native=True)
        name = f"{backtick(schema)}.{backtick(table)}"
        clustering = ", ".join(map(backtick, CLUSTERING[table]))
        yield (
            f"CREATE TABLE IF NOT EXISTS {name} (\n{columns}\n)\n"
            f"PARTITION BY `date`\nCLUSTER BY {clustering}\n"
            f"OPTIONS (\n  require_partition_filter = TRUE,\n  description = {backslashed(ROW_MEANINGS[table])}\n)"
        )
        yield (
            f"LOAD DATA OVERWRITE {name}\nFROM FILES (\n  format = 'PARQUET',\n  enable_list_inference = TRUE,\n"
            f"  uris = [{backslashed(f'{location}/{table}/*')}],\n"
            f"  hive_partition_uri_prefix = {backslashed(f'{location}/{table}')}\n)\n"
            "WITH PARTITION COLUMNS (`date` DATE)"
        )


def _bigquery_columns(table: str, *, native: bool) -> str:
    lines = []
    for name, kind, nullable, meaning in _columns(table):
        # Of external tables the day is declared apart. They take no NOT NULL, and arrays are never null.
        if name == "date" and not native:
            continue
        required = " NOT NULL" if native and not nullable and not pa.types.is_list(kind) else ""
        lines.append(
            f"  {backtick(name)} {bigquery_type(kind)}{required} OPTIONS (description = {backslashed(meaning)})"
        )
    return ",\n".join(lines)


def athena_external(schema: str, location: str) -> Iterator[str]:
    """Declare the files as tables of Athena in the Glue catalogue."""
    yield f"CREATE DATABASE IF NOT EXISTS {backtick(schema)}"
    for table in TABLES:
        yield (
            f"CREATE EXTERNAL TABLE IF NOT EXISTS {backtick(schema)}.{backtick(table)} (\n{_hive_columns(table)}\n)\n"
            f"COMMENT {backslashed(ROW_MEANINGS[table])}\n"
            f"PARTITIONED BY (`date` date COMMENT {backslashed(DAY_MEANING)})\n"
            f"STORED AS PARQUET\nLOCATION {backslashed(f'{location}/{table}/')}"
        )
        # Not partition projection: it would pass over the rows of unknown day.
        yield f"MSCK REPAIR TABLE {backtick(schema)}.{backtick(table)}"


def spark_external(schema: str, location: str) -> Iterator[str]:
    """Declare the files as tables of Spark."""
    yield f"CREATE DATABASE IF NOT EXISTS {backtick(schema)}"
    for table in TABLES:
        columns = f"{_hive_columns(table)},\n  `date` date COMMENT {backslashed(DAY_MEANING)}"
        yield (
            f"CREATE TABLE IF NOT EXISTS {backtick(schema)}.{backtick(table)} (\n{columns}\n)\n"
            f"USING PARQUET\nPARTITIONED BY (`date`)\nCOMMENT {backslashed(ROW_MEANINGS[table])}\n"
            f"LOCATION {backslashed(f'{location}/{table}')}"
        )
        yield f"MSCK REPAIR TABLE {backtick(schema)}.{backtick(table)}"


def _hive_columns(table: str) -> str:
    return ",\n".join(
        f"  {backtick(name)} {hive_type(kind)} COMMENT {backslashed(meaning)}"
        for name, kind, _, meaning in _columns(table)
        if name != "date"
    )


def _columns(table: str) -> list[tuple[str, pa.DataType, bool, str]]:
    """Give name, type, whether it may be null, and meaning of each column, the day first."""
    own = [(field.name, field.type, field.nullable, field.metadata[b"description"].decode()) for field in TABLES[table]]
    return [("date", pa.date32(), True, DAY_MEANING), *own]


# By dialect: how files are declared where they lie, how they are loaded, and where they may lie.
DIALECTS: dict[str, tuple[_Make, _Make | None, str]] = {
    "duckdb": (duckdb_external, duckdb_native, "."),
    "bigquery": (bigquery_external, bigquery_native, "gs://BUCKET/warehouse"),
    "athena": (athena_external, None, "s3://BUCKET/warehouse"),
    "spark": (spark_external, None, "s3a://BUCKET/warehouse"),
}


def main(arguments: list[str]) -> int:
    """Print the statements that the command line asks for; gives the exit code."""
    options = _parse(arguments)
    if options.dialect == "dbt":
        print(dbt_sources(options.schema), end="")
        return 0
    external, native, place = DIALECTS[options.dialect]
    make = native if options.native and native else external
    try:
        statements = list(make(options.schema, (options.location or place).rstrip("/")))
    except NoWarehouse as error:
        print(f"pledgeline: {error}", file=sys.stderr)
        return USAGE
    print("\n\n".join(f"{statement};" for statement in statements))
    return 0


def _parse(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="pledgeline ddl", description="Print the tables' DDL for another warehouse.", allow_abbrev=False
    )
    add = parser.add_argument
    add("--dialect", required=True, choices=[*DIALECTS, "dbt"], help="whose SQL; dbt prints a sources.yml")
    add("--location", help="where the warehouse lies, such as gs://bucket/warehouse; for DuckDB also a folder")
    add("--schema", default="pledgeline", help="the schema, dataset or database of the tables (%(default)s)")
    add("--native", action="store_true", help="load the files into tables instead of reading them where they lie")
    options = parser.parse_args(arguments)
    if options.native and (options.dialect == "dbt" or DIALECTS[options.dialect][1] is None):
        parser.error(f"--native is not for {options.dialect}, which reads the files where they lie")
    if not options.schema.replace("_", "").isalnum():
        parser.error(f"--schema {options.schema}: letters, digits and underscores only")
    return options
