"""What README and docs say is there is there, and their Python runs."""

import datetime
import os
import pathlib
import re

import pytest

from pipelines import cli, exits
from pipelines.options import parse_backfill
from schemas.tables import TABLES
from tests.test_tables import ROWS
from transforms.partitions import published_name, staged_name, write_rows

ROOT = pathlib.Path(__file__).parents[1]
DOCUMENTS = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/*.md"), ROOT / "seeds/README.md"])
README = (ROOT / "README.md").read_text(encoding="utf-8")
LINK = re.compile(r"\]\((?!https?://)([^)#]+)\)")


def blocks(path: pathlib.Path, language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```", path.read_text(encoding="utf-8"), re.DOTALL | re.MULTILINE)


def python_blocks() -> list[tuple[str, str]]:
    return [(path.name, block) for path in DOCUMENTS for block in blocks(path, "python")]


@pytest.fixture
def warehouse(tmp_path, monkeypatch):
    """A warehouse of one row a table under the name that the documents use; the test runs beside it."""
    for table, rows in ROWS.items():
        for day in (datetime.date(2025, 9, 4), None):
            write_rows(tmp_path / "warehouse-seeds" / published_name(staged_name(table, day, "s")), table, rows)
    monkeypatch.chdir(tmp_path)


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.name)
def test_links_lead_somewhere(path):
    broken = [link for link in LINK.findall(path.read_text(encoding="utf-8")) if not (path.parent / link).exists()]
    assert not broken


@pytest.mark.parametrize(("name", "code"), python_blocks(), ids=lambda value: value.split("\n")[0])
def test_python_in_documents_runs(name, code, warehouse):
    exec(compile(code, name, "exec"), {})


def test_there_is_python_to_run():
    assert {name for name, _ in python_blocks()} >= {"README.md", "querying.md"}


def test_make_targets_are_there():
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    targets = set(re.findall(r"^([a-z-]+):", makefile, re.MULTILINE))
    named = {name for path in DOCUMENTS for name in re.findall(r"^make ([a-z-]+)", path.read_text(), re.MULTILINE)}
    assert {"demo", "check"} <= named <= targets


def test_ci_runs_what_the_readme_says():
    gate = (ROOT / ".ci/run").read_text(encoding="utf-8")
    assert "\nmake check\n" in gate
    assert os.access(ROOT / ".ci/run", os.X_OK)


def test_the_readme_names_every_option_and_no_other(capsys):
    with pytest.raises(SystemExit):
        parse_backfill(["--help"])
    options = set(re.findall(r"--[a-z_]+", capsys.readouterr().out)) - {"--help"}
    section = re.search(r"^## Backfill\n(.*?)^## ", README, re.DOTALL | re.MULTILINE)
    assert section and set(re.findall(r"--[a-z_]+", section[1])) == options


def test_the_readme_names_every_command():
    section = re.search(r"^## Commands\n(.*?)^## ", README, re.DOTALL | re.MULTILINE)
    assert section and set(re.findall(r"`([a-z]+)`[,| ]", section[1])) == set(cli._COMMANDS)


def test_exit_codes_are_those_of_the_program():
    codes = dict(re.findall(r"(\d) ([a-z ]+)", re.search(r"Exit codes: (.*?)\.", " ".join(README.split()))[1]))
    assert {int(code): words.strip() for code, words in codes.items()} == {
        0: "all accounted for",
        exits.FAILED: "failed",
        exits.USAGE: "usage",
        exits.TOO_MANY_REJECTS: "too many rejects",
        exits.LOCKED: "another writer holds the lock",
    }


def test_every_table_is_introduced():
    assert all(f"`{table}`" in README for table in TABLES)


def test_folders_of_the_tree_are_there():
    tree = re.search(r"## The tree\n```\n(.*?)```", README, re.DOTALL)[1]
    folders = re.findall(r"(?:^|\s{2,})([a-z]+)/ ", tree, re.MULTILINE)
    assert len(folders) == 12
    assert all((ROOT / folder).is_dir() for folder in folders)
