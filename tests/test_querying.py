"""The questions of docs/querying.md, asked of the seeds: what stands below each is what comes out."""

import importlib.resources
import pathlib
import runpy

import pytest

from pipelines import backfill
from schemas.tables import TABLES
from warehouse.selects import derived_views
from warehouse.session import Session
from warehouse.views import connect

DOCUMENT = pathlib.Path(__file__).parents[1] / "docs/querying.md"
TEXT = DOCUMENT.read_text(encoding="utf-8")
ANSWERS = runpy.run_path(str(DOCUMENT.parent / "answer.py"))


@pytest.fixture(scope="module")
def seeds(tmp_path_factory, models_loaded_once):
    """The warehouse of `make demo`."""
    output = tmp_path_factory.mktemp("seeds") / "warehouse-seeds"
    articles = importlib.resources.files("seeds") / "articles"
    assert backfill.main(["--input", f"{articles}/*", "--output", str(output), "--workers", "1"]) == 0
    return output


def test_the_answers_are_those_of_the_seeds(seeds):
    """Where this fails after a change of tagging, `make answers` writes them anew: look at what changed."""
    with connect(seeds) as connection:
        assert ANSWERS["answer_all"](connection, TEXT) == TEXT


def test_the_questions_are_allowed_and_answered(seeds):
    questions = [found["sql"] for found in ANSWERS["QUESTION"].finditer(TEXT)]
    assert len(questions) >= 5
    with Session(seeds) as session:
        for sql in questions:
            assert sum(batch.num_rows for batch in session.ask(sql).batches), sql


def test_every_view_is_introduced():
    assert all(f"`{view}`" in TEXT for view in (*TABLES, *derived_views(), "marks"))
