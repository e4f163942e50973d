"""Tables of the lexicons are read whole or refused."""

import importlib.resources

import pytest

from transforms.tagging import lexicon


def test_split_cell_drops_empty_values():
    assert lexicon.split_cell(" a | b c ||") == ("a", "b c")
    assert lexicon.split_cell("") == ()


def test_missing_table_is_named():
    with pytest.raises(lexicon.LexiconError, match=r"no table nowhere\.tsv"):
        lexicon.read_table("nowhere")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "empty"),
        ("name\tsource\nFrance\n", "1 cells where the head has 2"),
        ("name\tsource\nFrance\t\n", "without source"),
    ],
)
def test_malformed_tables_are_refused(tmp_path, monkeypatch, text, message):
    (tmp_path / "broken.tsv").write_text(text, encoding="utf-8")
    monkeypatch.setattr(importlib.resources, "files", lambda package: tmp_path)
    with pytest.raises(lexicon.LexiconError, match=message):
        lexicon.read_table.__wrapped__("broken")


def test_comments_and_quotes_are_plain_text(tmp_path, monkeypatch):
    (tmp_path / "plain.tsv").write_text('# why\nname\tsource\n"Quoted" \tmade\n', encoding="utf-8")
    monkeypatch.setattr(importlib.resources, "files", lambda package: tmp_path)
    assert lexicon.read_table.__wrapped__("plain") == ({"name": '"Quoted"', "source": "made"},)


def shipped_tables() -> list[str]:
    folder = importlib.resources.files("lexicons")
    return sorted(entry.name for entry in folder.iterdir() if entry.name.endswith((".tsv", ".csv")))


@pytest.mark.parametrize("name", shipped_tables())
def test_every_shipped_table_reads_with_sources(name):
    rows = lexicon.read_table(name)
    assert len(rows) > 0
    assert all(row["source"] for row in rows)
