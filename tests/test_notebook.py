import datetime

import pytest

from pipelines import notebook
from schemas.tables import TABLES
from tests.torture import loaded_tagger

TEXT = "Kenya vowed to leave the court by Friday."


@pytest.fixture(autouse=True)
def tagger(monkeypatch):
    monkeypatch.setattr(notebook, "_tagger", loaded_tagger)


@pytest.mark.parametrize("published", ["2025-03-04", datetime.date(2025, 3, 4)])
def test_a_text_is_tagged_as_of_a_day(published):
    tagged = notebook.tag_text(TEXT, published=published)
    assert [(c.trigger, c.due_date) for c in tagged.commitments] == [("vowed", datetime.date(2025, 3, 7))]
    assert [mention.surface for mention in tagged.mentions] == ["Kenya"]


def test_without_a_day_nothing_is_resolved():
    assert [c.due_date for c in notebook.tag_text(TEXT).commitments] == [None]


def test_a_title_says_who_we_are():
    tagged = notebook.tag_text("We will send tents.", title="Statement by the Government of Norway")
    assert [actor.name for c in tagged.commitments for actor in c.actors] == ["Norway"]


def test_rows_have_the_columns_of_the_tables():
    rows = notebook.rows_of(notebook.tag_text(TEXT, published="2025-03-04"))
    assert set(rows) == {"actors", "commitments"}
    for table, of_it in rows.items():
        assert of_it and all(set(row) == set(TABLES[table].names) for row in of_it)


def test_a_day_that_no_calendar_has_is_refused():
    with pytest.raises(ValueError, match="day is out of range"):
        notebook.tag_text(TEXT, published="2025-02-30")
