"""The tables as other warehouses declare them: what can run here is run, the rest is parsed."""

import datetime
import importlib.util
import shutil

import duckdb
import pytest
import sqlglot
import yaml
from sqlglot import exp

from pipelines import cli
from schemas.codebook import ROW_MEANINGS
from schemas.tables import ROW_IDS, TABLES
from tests.warehouses import DAY, add_file, row
from warehouse.dbt import CODES, dbt_sources
from warehouse.ddl import CLUSTERING, DIALECTS, duckdb_external, duckdb_native
from warehouse.views import connect

WITH_DAY = "WITH PARTITION COLUMNS (`date` DATE)"


@pytest.fixture
def root(tmp_path):
    """A warehouse with two days of each table, one unknown."""
    root = tmp_path / "it's a warehouse"
    for table in TABLES:
        ids = dict.fromkeys(ROW_IDS[table], "other")
        add_file(root, table, row(table), day=None)
        add_file(root, table, row(table, **ids), day=DAY)
    return root


def statements(capsys, *arguments):
    """Run the command; gives its statements."""
    assert cli.main(["ddl", *arguments]) == 0
    return [sql for sql in capsys.readouterr().out.split(";\n") if sql.strip()]


def expected(root, table):
    return connect(root).execute(f"SELECT * FROM {table} ORDER BY ALL").fetchall()


@pytest.mark.parametrize("make", [duckdb_external, duckdb_native])
def test_duckdb_reads_the_tables_by_its_ddl(make, root):
    connection = duckdb.connect()
    connection.execute("SET TimeZone = 'UTC'")
    for statement in make("news", str(root)):
        connection.execute(statement)
    for table in TABLES:
        assert len(expected(root, table)) == 2
        assert connection.execute(f"SELECT * FROM news.{table} ORDER BY ALL").fetchall() == expected(root, table)
        comments = connection.execute(
            "SELECT column_name, comment FROM duckdb_columns() WHERE table_name = ? ORDER BY column_index", [table]
        ).fetchall()
        assert comments[1:] == [(field.name, field.metadata[b"description"].decode()) for field in TABLES[table]]


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore")
def test_spark_reads_the_tables_by_its_ddl(root, tmp_path, capsys):
    if not importlib.util.find_spec("pyspark"):
        pytest.skip("pyspark is not installed: pip install 'pledgeline[spark]'")
    if not shutil.which("java"):
        pytest.skip("Spark needs Java 17")
    spark = start_spark(tmp_path)
    try:
        for statement in statements(capsys, "--dialect", "spark", "--location", str(root), "--schema", "news"):
            spark.sql(statement)
        for table in TABLES:
            columns = ["date", *TABLES[table].names]
            found = spark.table(f"news.{table}").select(*columns).collect()
            assert [tuple(map(plain, line)) for line in sorted(found, key=by_day)] == [
                tuple(map(plain, line)) for line in sorted(expected(root, table), key=by_day)
            ]
        one_day = spark.sql(f"SELECT * FROM news.articles WHERE `date` = DATE '{DAY}'")
        assert one_day.count() == 1
        assert "PartitionFilters: [isnotnull(date" in one_day._jdf.queryExecution().toString()
    finally:
        spark.stop()


def start_spark(folder):
    """Start the smallest Spark there is."""
    from pyspark.sql import SparkSession

    settings = {
        "spark.driver.bindAddress": "127.0.0.1",
        "spark.driver.host": "127.0.0.1",
        "spark.driver.memory": "512m",
        "spark.sql.session.timeZone": "UTC",
        "spark.sql.shuffle.partitions": "1",
        "spark.sql.warehouse.dir": str(folder / "spark"),
        "spark.ui.enabled": "false",
        "spark.ui.showConsoleProgress": "false",
    }
    builder = SparkSession.builder.master("local[1]").appName("pledgeline")
    for name, value in settings.items():
        builder = builder.config(name, value)
    return builder.getOrCreate()


def by_day(line):
    return str(line[0])


def plain(value):
    """Bring what Spark and DuckDB make of one value to the same form."""
    if isinstance(value, datetime.datetime):
        return value.replace(tzinfo=None)
    if isinstance(value, bytearray):
        return bytes(value)
    if hasattr(value, "asDict"):
        return value.asDict(recursive=True)
    return [plain(part) for part in value] if isinstance(value, list) else value


def parsed(dialect, sql):
    """Parse a statement as a whole; what the parser gives up on is no Create."""
    found = sqlglot.parse_one(sql, dialect=dialect)
    assert isinstance(found, exp.Create), sql
    return found


def declared(dialect, create):
    """Give the columns that a statement declares: name, type and description."""
    found = []
    for column in create.this.expressions:
        comments = [part.args["this"] for part in column.find_all(exp.CommentColumnConstraint)]
        comments += [part.args["value"] for part in column.find_all(exp.Property) if part.name == "description"]
        assert len(comments) == 1, column.sql()
        # The DDL of Athena is Hive's.
        found.append((column.name, column.kind.sql(dialect.replace("athena", "hive")), comments[0].name))
    return found


def described(table):
    return {field.name: field.metadata[b"description"].decode() for field in TABLES[table]}


@pytest.mark.parametrize(
    ("dialect", "flags"), [("bigquery", []), ("bigquery", ["--native"]), ("athena", []), ("spark", [])]
)
def test_every_column_is_declared_with_its_description(dialect, flags, capsys):
    found = statements(capsys, "--dialect", dialect, *flags)
    tables = [sql.replace(WITH_DAY, "") for sql in found if (" TABLE " in sql and "COMMENT" in sql) or "OPTIONS" in sql]
    assert len(tables) == len(TABLES)
    for table, sql in zip(TABLES, tables, strict=True):
        create = parsed(dialect, sql)
        assert (create.this.this.db, create.this.this.name) == ("pledgeline", table)
        columns = {name: meaning for name, _, meaning in declared(dialect, create) if name != "date"}
        assert columns == described(table)
        assert ROW_MEANINGS[table] in sql


@pytest.mark.parametrize(
    ("dialect", "types"),
    [
        (
            "bigquery",
            {
                "published_at": "TIMESTAMP",
                "word_count": "INT64",
                "authors": "ARRAY<STRING>",
                "due_date": "DATE",
                "conditional": "BOOL",
                "confidence": "FLOAT64",
                "payload": "BYTES",
                "amounts": "ARRAY<STRUCT<`value` FLOAT64, `unit` STRING, `surface` STRING>>",
            },
        ),
        (
            "athena",
            {
                "published_at": "TIMESTAMP",
                "word_count": "INT",
                "authors": "ARRAY<STRING>",
                "due_date": "DATE",
                "conditional": "BOOLEAN",
                "confidence": "FLOAT",
                "payload": "BINARY",
                "amounts": "ARRAY<STRUCT<value:DOUBLE,unit:STRING,surface:STRING>>",
            },
        ),
    ],
)
def test_types_are_those_of_the_dialect(dialect, types, capsys):
    found = {}
    for sql in statements(capsys, "--dialect", dialect):
        if " TABLE " in sql and "MSCK" not in sql:
            create = parsed(dialect, sql.replace(WITH_DAY, ""))
            found |= {name: kind for name, kind, _ in declared(dialect, create)}
    squeezed = {name: kind.replace(": ", ":").replace(", ", ",") for name, kind in found.items()}
    assert {name: squeezed[name] for name in types} == {name: kind.replace(", ", ",") for name, kind in types.items()}


def test_bigquery_asks_for_a_day_and_prunes_by_it(capsys):
    external = statements(capsys, "--dialect", "bigquery", "--location", "gs://b/w/")
    assert sum("require_hive_partition_filter = TRUE" in sql and WITH_DAY in sql for sql in external) == len(TABLES)
    assert any("uris = ['gs://b/w/rejects/*']" in sql for sql in external)
    native = statements(capsys, "--dialect", "bigquery", "--location", "gs://b/w/", "--native")
    creates = [sql for sql in native if "CREATE TABLE" in sql]
    for table, sql in zip(TABLES, creates, strict=True):
        assert "require_partition_filter = TRUE" in sql
        assert "PARTITION BY `date`" in sql
        clustering = parsed("bigquery", sql).find(exp.ClusterProperty)
        assert tuple(part.name for part in clustering.expressions) == CLUSTERING[table]
        assert set(CLUSTERING[table]) <= set(TABLES[table].names)
    assert [sql.strip().split("\n")[0] for sql in native if "LOAD DATA" in sql] == [
        f"LOAD DATA OVERWRITE `pledgeline`.`{table}`" for table in TABLES
    ]


def test_athena_finds_every_partition(capsys):
    found = statements(capsys, "--dialect", "athena", "--location", "s3://b/w", "--schema", "news")
    assert sum(sql.strip().startswith("MSCK REPAIR TABLE `news`.") for sql in found) == len(TABLES)
    locations = [parsed("athena", sql).find(exp.LocationProperty).name for sql in found if "LOCATION" in sql]
    assert locations == [f"s3://b/w/{table}/" for table in TABLES]


@pytest.mark.parametrize(
    "arguments",
    [
        [],
        ["--dialect", "oracle"],
        ["--dialect", "spark", "--native"],
        ["--dialect", "dbt", "--native"],
        ["--dialect", "spark", "--schema", "a`; DROP"],
    ],
)
def test_wrong_usage_ends_with_2(arguments):
    with pytest.raises(SystemExit) as stopped:
        cli.main(["ddl", *arguments])
    assert stopped.value.code == 2


def test_duckdb_needs_a_warehouse_to_look_at(tmp_path, capsys):
    assert cli.main(["ddl", "--dialect", "duckdb", "--location", str(tmp_path)]) == 2
    assert "holds none of the tables" in capsys.readouterr().err
    assert "duckdb" in DIALECTS


@pytest.fixture
def sources():
    """The tables of the sources.yml by name."""
    source = yaml.safe_load(dbt_sources("news"))["sources"][0]
    assert source["schema"] == "news"
    return {table["name"]: table for table in source["tables"]}


def failures(connection, table, column, test):
    """Count the rows that fail a test of dbt's, by the definition that dbt gives of it."""
    name, given = (test, {}) if isinstance(test, str) else next(iter(test.items()))
    given = given.get("arguments", {})
    column = given.get("column_name", column)
    sql = {
        "not_null": f"SELECT count(*) FROM {table} WHERE {column} IS NULL",
        "unique": f"SELECT count(*) FROM (SELECT 1 FROM {table} GROUP BY {column} HAVING count(*) > 1)",
        "accepted_values": f"SELECT count(*) FROM {table} WHERE {column} NOT IN {tuple(given.get('values', '.'))}",
        "relationships": f"SELECT count(*) FROM {table} c ANTI JOIN articles p ON c.{column} = p.{given.get('field')}",
    }[name]
    return connection.execute(sql).fetchone()[0]


def failing(sources, connection):
    """Run every test of the sources; gives how many there are, and those that fail by table and column."""
    cases = []
    for table, entry in sources.items():
        cases += [(table, "", test) for test in entry.get("data_tests", ())]
        for column in entry["columns"]:
            cases += [(table, f'"{column["name"]}"', test) for test in column.get("data_tests", ())]
    return len(cases), [case[:2] for case in cases if failures(connection, *case)]


def test_dbt_knows_every_column(sources):
    for table, entry in sources.items():
        assert [column["name"] for column in entry["columns"]] == ["date", *TABLES[table].names]


def test_dbt_finds_what_is_wrong_and_nothing_else(sources, root):
    count, wrong = failing(sources, connect(root))
    assert count > 40
    assert wrong == []
    lost = row("actors", mention_id="lost", article_id="nowhere", type="planet")
    again = row("commitments", kind="hope")
    add_file(root, "actors", lost, day=datetime.date(2020, 1, 1))
    add_file(root, "commitments", again, day=datetime.date(2020, 1, 1))
    assert failing(sources, connect(root))[1] == [
        ("actors", '"article_id"'),
        ("actors", '"type"'),
        ("commitments", '"commitment_id"'),
        ("commitments", '"kind"'),
    ]


def test_dbt_measures_freshness_by_a_time_that_is_there(sources, root):
    settings = sources["articles"]["config"]
    newest = connect(root).execute(f"SELECT max({settings['loaded_at_field']}) FROM articles").fetchone()[0]
    assert newest.date() == DAY
    assert settings["freshness"]["warn_after"] == {"count": 2, "period": "day"}


def test_codes_name_columns_that_are_there():
    assert all(column in TABLES[table].names and values for (table, column), values in CODES.items())
