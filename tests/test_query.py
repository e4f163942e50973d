"""Questions in SQL: what is answered, in which form, and what is not allowed."""

import csv
import datetime
import io
import json
import pathlib

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from prompt_toolkit.application import create_app_session
from prompt_toolkit.input import create_pipe_input
from prompt_toolkit.output import DummyOutput

from pipelines import cli
from schemas.tables import TABLES
from tests.test_tables import NOON
from tests.warehouses import DAY, add_file, add_mark, row
from warehouse import session as sessions
from warehouse.output import guard_formula, unique_names, write_csv, write_json
from warehouse.prompt import is_complete, run_prompt
from warehouse.selects import derived_views
from warehouse.session import Answer, Session, Unanswerable, check_reading


@pytest.fixture
def root(tmp_path):
    """A warehouse of one row a table."""
    root = tmp_path / "warehouse"
    add_mark(root, *(add_file(root, table, row(table)) for table in TABLES))
    return root


@pytest.fixture
def ask(root, capsys):
    """Run the command; gives exit code, output and what it complained of."""

    def run(*arguments: str) -> tuple[int, str, str]:
        code = cli.main(["query", str(root), *arguments])
        printed = capsys.readouterr()
        return code, printed.out, printed.err

    return run


def rows(session, sql):
    return [tuple(found.values()) for batch in session.ask(sql).batches for found in batch.to_pylist()]


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT 1",
        "  -- who\nFROM commitments SELECT kind;",
        "WITH x AS (SELECT 1 AS a) SELECT a FROM x",
        "PIVOT (SELECT 1 AS kind, 2 AS n) ON kind USING sum(n)",
        "DESCRIBE articles",
        "SHOW TABLES",
        "SUMMARIZE SELECT kind FROM commitments",
        "EXPLAIN SELECT 1",
        "EXPLAIN ANALYZE SELECT 1",
        "SELECT 'COPY é' AS é -- COPY",
    ],
)
def test_what_reads_is_answered(sql, root):
    check_reading(sql)
    with Session(root) as session:
        assert rows(session, sql)


@pytest.mark.parametrize(
    "sql",
    [
        "COPY (SELECT 1) TO '{root}/stolen.csv'",
        "WITH x AS (COPY (SELECT 1) TO '{root}/stolen.csv') SELECT * FROM x",
        "SELECT 'é' AS é FROM (SELECT 1) WHERE EXISTS (WITH x AS (copy (SELECT 1) TO '{root}/s.csv') SELECT * FROM x)",
        "EXPLAIN ANALYZE COPY (SELECT 1) TO '{root}/stolen.csv'",
        "COPY (PIVOT (SELECT 1 AS a) ON a) TO '{root}/stolen.csv'",
        "EXPORT DATABASE '{root}/stolen'",
        "ATTACH '{root}/stolen.db'",
        "CREATE TABLE t AS SELECT 1",
        "DROP VIEW articles",
        "INSTALL httpfs",
        "LOAD httpfs",
        "SET threads = 1",
        "PRAGMA database_list",
        "SELECT 1; SELECT 2",
        "",
        "-- nothing",
        "SELEC 1",
        "SELECT * FROM read_text('/etc/hostname')",
        "SELECT * FROM read_csv('{root}/../beside.csv')",
        "SELECT * FROM glob('/*')",
        "SELECT * FROM nowhere",
        "SELECT nocolumn FROM articles",
        "SELECT 'twelve'::INTEGER",
    ],
)
def test_all_else_is_refused_in_a_sentence(sql, root, ask):
    (root.parent / "beside.csv").write_text("a\n1\n")
    before = sorted(root.rglob("*"))
    code, printed, complaint = ask(sql.format(root=root))
    assert (code, printed) == (2, "")
    assert complaint.startswith("pledgeline: ")
    assert complaint.count("\n") == 1
    assert sorted(root.rglob("*")) == before


def test_variables_of_python_are_no_tables(root):
    stolen = pa.table({"a": [1]})
    assert stolen.num_rows
    with Session(root) as session, pytest.raises(Unanswerable, match="stolen"):
        session.ask("SELECT * FROM stolen")


def test_a_folder_that_is_no_warehouse_is_refused(tmp_path, capsys):
    assert cli.main(["query", str(tmp_path / "missing"), "SELECT 1"]) == 2
    assert capsys.readouterr().err == f"pledgeline: {tmp_path / 'missing'} is not a folder\n"


def test_rows_come_before_the_last_of_them_is_made(root):
    with Session(root) as session:
        answer = session.ask("SELECT CASE WHEN range = 900000 THEN error('late') ELSE range END FROM range(1000000)")
        assert next(answer.batches).num_rows
        with pytest.raises(Unanswerable, match="late"):
            list(answer.batches)


def test_an_error_amid_the_rows_ends_with_a_sentence(ask):
    sql = "SELECT CASE WHEN range = 900000 THEN error('late') ELSE range END FROM range(1000000)"
    code, _, complaint = ask(sql, "--format", "csv")
    assert (code, complaint) == (2, "pledgeline: Invalid Input Error: late\n")


def test_files_that_move_meanwhile_are_looked_for_again(root, monkeypatch):
    """As when a day is compacted between the listing of files and their opening."""
    looked = []

    def move(*arguments, **options):
        sql = list_views(*arguments, **options)
        if not looked:
            path = next(root.glob("articles/*/*.parquet"))
            path.rename(path.with_name("merged-1.parquet"))
        looked.append(sql)
        return sql

    list_views = sessions.warehouse_views
    monkeypatch.setattr(sessions, "warehouse_views", move)
    with Session(root) as session:
        assert rows(session, "SELECT count(*) FROM articles") == [(1,)]
    assert len(looked) == 2


def test_what_was_published_since_is_seen(root):
    with Session(root) as session:
        assert rows(session, "SELECT count(*) FROM statements") == [(1,)]
        add_file(root, "commitments", row("commitments", statement_id="t", commitment_id="t"), day=None)
        assert rows(session, "SELECT count(*) FROM statements") == [(2,)]


def test_files_from_before_a_column_was_added_are_read(root):
    path = next(root.glob("commitments/*/*.parquet"))
    pq.write_table(pq.read_table(path, partitioning=None).drop_columns(["confidence"]), path)
    add_file(
        root, "commitments", row("commitments", commitment_id="new", confidence=0.5), day=datetime.date(2020, 1, 1)
    )
    with Session(root) as session:
        assert rows(session, "SELECT confidence FROM commitments ORDER BY date") == [(0.5,), (None,)]


def test_a_view_is_found_without_its_name(root):
    with Session(root) as session:
        assert rows(session, "SELECT count(*) FROM query_table('art' || 'icles')") == [(1,)]


def answer_of(**columns):
    table = pa.table(columns)
    return Answer(table.schema, iter(table.to_batches()))


def as_csv(answer):
    file = io.StringIO(newline="")
    write_csv(answer, file)
    return list(csv.reader(io.StringIO(file.getvalue(), newline="")))


@pytest.mark.parametrize(
    ("value", "cell", "plain"),
    [
        (None, "", None),
        (True, "true", True),
        (-5, "-5", -5),
        (0.25, "0.25", 0.25),
        (float("nan"), "", None),
        ("a,\n\"b\"", 'a,\n"b"', 'a,\n"b"'),
        (datetime.date(2025, 9, 4), "2025-09-04", "2025-09-04"),
        (NOON, "2025-09-04T12:00:00.000005+00:00", "2025-09-04T12:00:00.000005+00:00"),
        (b"na\xefve", "na\\xefve", "na\\xefve"),
        ([{"name": "é", "count": None}], '[{"name": "é", "count": null}]', [{"name": "é", "count": None}]),
    ],
)  # fmt: skip
def test_values_are_written_as_their_readers_know_them(value, cell, plain):
    assert as_csv(answer_of(column=[value])) == [["column"], [cell]]
    file = io.StringIO()
    write_json(answer_of(column=[value]), file)
    assert json.loads(file.getvalue()) == [{"column": plain}]


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@A1", "\t=1", "\r=1", "＝1", "＠A1"])
def test_formulae_are_guarded(text):
    assert guard_formula(text) == f"'{text}"
    assert as_csv(answer_of(**{text: [text]})) == [[f"'{text}"], [f"'{text}"]]


@pytest.mark.parametrize("text", ["", "plain", "5-1", " 1", "'=1"])
def test_other_text_is_left_alone(text):
    assert guard_formula(text) == text


def test_names_that_occur_twice_are_numbered():
    assert unique_names(["a", "b", "a", "a_1", "a"]) == ["a", "b", "a_1", "a_1_1", "a_2"]


def test_no_row_is_an_empty_array(ask):
    assert ask("SELECT 1 AS a WHERE false", "--format", "json") == (0, "[]\n", "")


@pytest.mark.parametrize("form", ["table", "csv", "json", "parquet"])
def test_answers_go_to_a_file_as_a_whole(form, root, ask):
    output = root.parent / "answer"
    sql = "SELECT date, kind, 'x' AS kind FROM commitments"
    assert ask(sql, "--format", form, "--output", str(output)) == (0, "", "")
    assert {
        "table": lambda: "2025-09-04 │ pledge" in output.read_text(),
        "csv": lambda: output.read_text() == "date,kind,kind\n2025-09-04,pledge,x\n",
        "json": lambda: json.loads(output.read_text()) == [{"date": "2025-09-04", "kind": "pledge", "kind_1": "x"}],
        "parquet": lambda: pq.read_table(output).to_pylist() == [{"date": DAY, "kind": "pledge", "kind_1": "x"}],
    }[form]()
    late = "SELECT CASE WHEN range = 900000 THEN error('late') ELSE range END AS a FROM range(1000000)"
    before = output.read_bytes()
    assert ask(late, "--format", form, "--output", str(output))[0] == 2
    assert output.read_bytes() == before
    assert [path.name for path in root.parent.iterdir() if path.is_file()] == ["answer"]


def test_parquet_that_cannot_hold_a_type_is_refused(root, ask):
    code, _, complaint = ask("SELECT INTERVAL 1 DAY AS a", "--format", "parquet", "--output", str(root.parent / "x"))
    assert code == 2
    assert "Parquet cannot hold this" in complaint


@pytest.mark.parametrize(
    "arguments",
    [["--format", "parquet"], ["--output", "{root}/x"], ["--output", "x"], ["--unknown"], ["--format", "x"]],
)
def test_wrong_usage_ends_with_2(arguments, root, monkeypatch):
    monkeypatch.setattr("sys.stdin", Terminal())
    sql = [] if arguments == ["--output", "x"] else ["SELECT 1"]
    with pytest.raises(SystemExit) as stopped:
        cli.main(["query", str(root), *sql, *(argument.format(root=root) for argument in arguments)])
    assert stopped.value.code == 2


class Terminal(io.StringIO):
    """A standard input that a person types into."""

    def isatty(self):
        """Say yes."""
        return True


@pytest.mark.parametrize("argument", [["-"], []])
def test_sql_comes_from_standard_input(argument, ask, monkeypatch):
    monkeypatch.setattr("sys.stdin", io.StringIO("SELECT 6 * 7 AS answer"))
    assert ask(*argument, "--format", "csv") == (0, "answer\n42\n", "")


def test_a_table_stops_at_the_rows_asked_for_and_says_so(ask):
    code, printed, _ = ask("FROM range(5000)", "--max_rows", "2")
    assert code == 0
    assert "│     1 │" in printed
    assert "│     2 │" not in printed
    assert printed.endswith("the first 2 rows; --max_rows 0 shows all\n")
    assert "│  4999 │" in ask("FROM range(5000)")[1]


def test_what_steers_a_terminal_is_shown_escaped(ask):
    printed = ask("SELECT chr(27) || '[31mred' AS title")[1]
    assert "\x1b" not in printed
    assert "[31mred" in printed


def test_explanations_are_shown_as_they_are(ask):
    printed = ask("EXPLAIN SELECT kind FROM commitments WHERE date = DATE '2025-09-04'")[1]
    assert printed.startswith("╭─ Read Parquet")


@pytest.mark.parametrize(
    ("text", "expected"),
    [("", True), (".help", True), ("SELECT 1;", True), ("SELECT 1; ", True), ("SELECT 1", False), ("SELECT\n", False)],
)
def test_a_statement_ends_with_a_semicolon(text, expected):
    assert is_complete(text) == expected


def test_the_prompt_answers_until_the_user_leaves(root, tmp_path):
    shown = []
    with create_pipe_input() as keys, create_app_session(input=keys, output=DummyOutput()), Session(root) as session:
        keys.send_text(
            "SELECT kind\nFROM commitments;\nSELECT nocolumn FROM articles;\n.views\n.help\n\nSELECT 2;\n.quit\n"
        )
        run_prompt(session, lambda answer: shown.append(next(answer.batches).to_pylist()), tmp_path / "history")
    assert shown == [[{"kind": "pledge"}], [{"2": 2}]]
    assert "+SELECT kind\n+FROM commitments;" in (tmp_path / "history").read_text()


def test_the_prompt_ends_with_the_input_and_drops_a_line(root, tmp_path):
    shown = []
    with create_pipe_input() as keys, create_app_session(input=keys, output=DummyOutput()), Session(root) as session:
        keys.send_text("SELECT 1\x03SELECT 2;\n\x04")
        run_prompt(session, lambda answer: shown.append(next(answer.batches).to_pylist()), tmp_path / "history")
    assert shown == [[{"2": 2}]]


def test_completion_knows_every_view(root):
    with Session(root) as session:
        columns = session.columns()
    assert set(columns) == {*TABLES, *derived_views(), "marks", "pledges"}
    assert columns["commitments"] == ["date", *TABLES["commitments"].names]


def test_the_help_names_every_view(capsys):
    with pytest.raises(SystemExit):
        cli.main(["query", "--help"])
    text = " ".join(capsys.readouterr().out.split())
    assert all(f" {view}" in text for view in (*TABLES, *derived_views()))


def test_views_are_printed_for_any_duckdb(root, capsys, monkeypatch):
    import duckdb

    monkeypatch.chdir(root)
    assert cli.main(["views"]) == 0
    printed = capsys.readouterr().out
    connection = duckdb.connect()
    connection.execute(printed)
    assert connection.execute("SELECT kind FROM statements").fetchall() == [("pledge",)]
    assert cli.main(["views", "s3://bucket/warehouse/"]) == 0
    printed = capsys.readouterr().out
    assert "['s3://bucket/warehouse/rejects/date=*/*.parquet']" in printed
    assert cli.main(["views", str(pathlib.Path("articles"))]) == 2
