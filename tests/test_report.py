"""The report: what is read, how it is encoded, and the page around it."""

import base64
import datetime
import gzip
import hashlib
import html
import json
import re

import pytest

from schemas.tags import ActorType, Kind
from tests.statements import Statement, add_ledger, add_statements
from warehouse.looks import look
from warehouse.report import page as pages
from warehouse.report.columns import ID_DIGITS, figure_columns, history_columns, word_columns
from warehouse.report.command import main
from warehouse.report.page import pack, read_asset, render
from warehouse.report.rows import Selection, read_rows
from warehouse.views import connect

DAY = datetime.date(2025, 9, 4)
WHOLE = Selection()
TRAMS = Statement(
    "Borduria promised Syldavia 40 trams by May 2027 if the truce holds.",
    "promised",
    "40 trams",
    whom=("Syldavia",),
    condition="if the truce holds",
    deadline="by May 2027",
    due=datetime.date(2027, 5, 31),
)
TEA = Statement(
    "Syldavia refused to pour tea 🍵.", "refused", "pour tea", kind=Kind.REFUSAL, who=("Syldavia",), day=None
)


def columns(tmp_path, *statements, selection=WHOLE):
    add_statements(tmp_path, *statements)
    rows = read_rows(connect(tmp_path), selection)
    return figure_columns(rows), word_columns(rows)


def from_steps(steps):
    numbers = []
    for step in steps:
        numbers.append(max(numbers, default=-1) + 1 - step)
    return numbers


def cut(words, part, row=0):
    """Read a part by its offsets, as JavaScript does: in UTF-16 units."""
    start, end = words[part][row]
    units = words["sentences"][from_steps(words["sentence"])[row]].encode("utf-16-le")
    return units[2 * start : 2 * end].decode("utf-16-le")


def test_counted_columns_number_what_they_name(tmp_path):
    figures, words = columns(tmp_path, TEA, TRAMS)
    assert figures["day"] == [(DAY - datetime.date(1970, 1, 1)).days, None]
    assert figures["due"] == [(TRAMS.due - datetime.date(1970, 1, 1)).days, None]
    assert [figures["kinds"][kind] for kind in figures["kind"]] == ["pledge", "refusal"]
    assert [[figures["actors"]["name"][actor] for actor in who] for who in figures["who"]] == [
        ["Borduria"],
        ["Syldavia"],
    ]
    assert figures["whom"] == [figures["who"][1], []]
    assert figures["conditional"] == [1, 0]
    assert figures["confidence"] == [90, 90]
    assert len(words["id"]) == 2 * ID_DIGITS
    assert words["url"] == ["https://wire.example/1", "https://wire.example/0"]


@pytest.mark.parametrize("part", ["trigger", "action", "condition", "deadline"])
def test_parts_are_told_by_their_place_in_the_sentence(part, tmp_path):
    _, words = columns(tmp_path, TRAMS)
    assert cut(words, part) == getattr(TRAMS, part)


def test_offsets_count_as_javascript_does(tmp_path):
    words = columns(tmp_path, Statement("🍵🍵 Borduria promised tea.", "promised", "tea"))[1]
    assert (cut(words, "trigger"), cut(words, "action")) == ("promised", "tea")
    assert words["trigger"] == [[14, 22]]
    assert words["mentions"] == [[5, 13, 0]]


def test_a_part_that_stands_twice_is_the_one_behind_the_trigger(tmp_path):
    words = columns(tmp_path, Statement("On tea, Borduria promised tea.", "promised", "tea"))[1]
    assert words["action"] == [[26, 29]]


def test_a_part_that_is_not_in_the_sentence_is_kept_in_its_own_words(tmp_path):
    words = columns(tmp_path, Statement("Borduria promised tea.", "promised", "much coffee"))[1]
    (mark, number), *_ = words["action"]
    assert mark == -1
    assert words["loose"][number] == "much coffee"


def test_mentions_say_whose_they_are(tmp_path):
    sentence = "Bob said Borduria promised Syldavia tea."
    words = columns(tmp_path, Statement(sentence, "promised", "tea", whom=("Syldavia",), speaker="Bob"))[1]
    found = words["mentions"][0]
    marked = {sentence[found[at] : found[at + 1]]: found[at + 2] for at in range(0, len(found), 3)}
    assert marked == {"Borduria": 0, "Syldavia": 1, "Bob": 2}


def test_people_and_bodies_know_their_state(tmp_path):
    person = Statement(
        "Ann Lee promised tea.", "promised", "tea", who=("Ann Lee",), country="NOR", type=ActorType.PERSON
    )
    figures, _ = columns(tmp_path, person, TEA)
    actors = figures["actors"]
    state = actors["state"][actors["name"].index("Ann Lee")]
    assert (actors["actor_id"][state], actors["name"][state]) == ("state:NOR", "Norway")
    assert actors["state"][actors["name"].index("Syldavia")] == actors["name"].index("Syldavia")


def test_histories_are_of_the_rows_that_are_shown(tmp_path):
    add_statements(tmp_path, TRAMS, TEA)
    first, again = (0, "first_stated", "pledge"), (-1, "restated", "allocation")
    add_ledger(tmp_path, (first, again), (first,), (again, again), (again, (1, "refused", "withdrawn")))
    columns = history_columns(read_rows(connect(tmp_path), WHOLE))
    assert sorted(columns["rows"]) == [[0], [1]]
    assert columns["outside"] == [1, 1]
    told = zip(columns["events"], columns["statuses"], strict=True)
    assert {(columns["event_names"][event], columns["status_names"][status]) for (event,), (status,) in told} == {
        ("first_stated", "pledge"),
        ("refused", "withdrawn"),
    }


def test_equal_statements_share_a_number(tmp_path):
    figures, words = columns(tmp_path, TRAMS, TEA, TRAMS)
    assert from_steps(figures["statement"]) == from_steps(words["sentence"]) == [0, 0, 1]
    assert figures["statement"] == [0, 1, 0]
    assert len(words["sentences"]) == 2


@pytest.mark.parametrize(
    ("selection", "sentences"),
    [
        (Selection(), ["newer", "older", "undated"]),
        (Selection(start=DAY), ["newer"]),
        (Selection(end=DAY), ["older"]),
        (Selection(start=DAY + datetime.timedelta(1)), []),
        (Selection(max_rows=2), ["newer", "older"]),
    ],
)
def test_the_newest_of_the_period_are_shown(selection, sentences, tmp_path):
    days = {"older": DAY - datetime.timedelta(1), "undated": None, "newer": DAY}
    add_statements(tmp_path, *(Statement(name, name, name, who=(), day=day) for name, day in days.items()))
    rows = read_rows(connect(tmp_path), selection)
    assert [row["sentence"] for row in rows.commitments] == sentences
    assert rows.total == (3 if selection.max_rows == 2 else len(sentences))


def rendered(tmp_path, *statements, title="Title", selection=WHOLE):
    add_statements(tmp_path, *statements)
    return render(read_rows(connect(tmp_path), selection), title=title, selection=selection).decode()


def test_the_same_rows_give_the_same_page(tmp_path):
    assert rendered(tmp_path / "a", TRAMS, TEA) == rendered(tmp_path / "b", TRAMS, TEA)


def test_nothing_of_the_rows_is_markup(tmp_path):
    hostile = "</script><script>alert(1)</script><!-- \u2028"
    page = rendered(tmp_path, Statement(hostile, "script", hostile, who=(hostile,), title=hostile), title=hostile)
    assert "alert(1)</script>" not in page
    assert html.escape(hostile) in page
    assert page.count("<script") == 4
    packed = re.search(r'id="word-columns">([^<]*)<', page)[1]
    assert json.loads(gzip.decompress(base64.b64decode(packed)))["title"] == [hostile]


def test_the_policy_lets_these_very_scripts_run_and_no_other(tmp_path):
    page = rendered(tmp_path, TRAMS)
    policy = html.unescape(re.search(r'Content-Security-Policy" content="([^"]*)"', page)[1])
    inline = re.findall(r"<(script|style)(?: type=\"module\")?>(.*?)</\1>", page, re.DOTALL)
    assert [tag for tag, _ in inline] == ["style", "script", "script"]
    for tag, text in inline:
        digest = base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
        assert f"'sha256-{digest}'" in re.search(rf"{tag}-src ([^;]*);", policy)[1]
    assert policy.startswith("default-src 'none';")
    assert "unsafe" not in policy and "http" not in policy


def test_the_page_asks_for_nothing(tmp_path):
    page = rendered(
        tmp_path, Statement("Borduria promised tea.", "promised", "tea", url="ftp://a.example/", title=None)
    )
    own = page.replace("http://www.w3.org/2000/svg", "")
    assert not re.findall(r"https?://|@import|url\(", own)
    assert re.findall(r"(?:src|href)=\"([^\"]*)\"", own)[0].startswith("data:")


def test_scripts_make_nodes_of_text_alone():
    scripts = "".join(read_asset(f"{name}.js") for name in pages._SCRIPTS)
    assert not re.search(
        r"innerHTML|outerHTML|insertAdjacent|document\.write|\beval\b|new Function|setTimeout\(\"", scripts
    )


def test_every_asset_is_in_the_page():
    names = {path.name for path in pages._ASSETS.iterdir()}
    named = {f"{name}.css" for name in pages._STYLES} | {f"{name}.js" for name in (*pages._SCRIPTS, "early")}
    assert names == named | {"template.html.j2"}


def test_the_page_says_what_it_has_no_room_for(tmp_path):
    page = " ".join(rendered(tmp_path, TRAMS, TEA, selection=Selection(max_rows=1)).split())
    assert "holds 2 commitments; this page has room for the newest 1, back to 4 September 2025" in page


def test_rows_beyond_the_size_of_a_page_are_left_out(tmp_path, monkeypatch):
    noise = [
        Statement(f"Borduria promised {hashlib.sha512(bytes([n])).hexdigest()}.", "promised", "") for n in range(200)
    ]
    whole = len(rendered(tmp_path / "whole", *noise))
    monkeypatch.setattr(pages, "MAX_BYTES", whole - 5_000)
    page = rendered(tmp_path / "cut", *noise)
    assert whole - 15_000 < len(page) <= whole - 5_000
    assert "has room for the newest 1" in " ".join(page.split())


def test_packed_columns_are_themselves_again():
    given = {"a": [1, None, "é\u2028</script>"], "b": {"c": [[1, 2], []]}}
    assert json.loads(gzip.decompress(base64.b64decode(pack(given)))) == given


def test_the_command_writes_a_file(tmp_path, capsys):
    add_statements(tmp_path / "warehouse", TRAMS, TEA)
    target = tmp_path / "report.html"
    assert main([str(tmp_path / "warehouse"), "--html", str(target), "--title", "Trams & tea"]) == 0
    assert '<h1 dir="auto">Trams &amp; tea</h1>' in target.read_text()
    assert "2 commitments from 2 articles" in capsys.readouterr().out
    assert sorted(path.name for path in tmp_path.iterdir()) == ["report.html", "warehouse"]


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ([".", "--html", "x", "--start_date", "yesterday"], "is not a day"),
        ([".", "--html", "x", "--start_date", "2025-01-02", "--end_date", "2025-01-02"], "must be before"),
        ([".", "--html", "x", "--max_rows", "0"], "at least 1"),
    ],
)
def test_wrong_arguments_are_told(arguments, words, capsys, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(SystemExit) as left:
        main(arguments)
    assert left.value.code == 2
    assert words in capsys.readouterr().err


def test_a_folder_that_is_no_warehouse_is_told(tmp_path, capsys):
    assert main([str(tmp_path / "nowhere"), "--html", str(tmp_path / "x")]) == 2
    assert "nowhere" in capsys.readouterr().err


def test_a_file_that_goes_between_listing_and_reading_is_looked_for_again(tmp_path):
    add_statements(tmp_path, TRAMS, TEA)
    gone = next(tmp_path.glob("commitments/date=2025-09-04/*.parquet"))
    counts = []

    def read(warehouse):
        if not counts:
            gone.rename(gone.with_name("part-merged.parquet"))
        counts.append(0)
        counts[-1] = len(read_rows(warehouse, WHOLE).commitments)
        return counts[-1]

    assert look(tmp_path, read) == 2
    assert counts == [0, 2]


def test_a_file_that_cannot_be_read_is_a_failure(tmp_path, capsys):
    add_statements(tmp_path, TRAMS)
    next(tmp_path.glob("commitments/*/*.parquet")).write_bytes(b"PAR1 cut")
    assert main([str(tmp_path), "--html", str(tmp_path / "report.html")]) == 1
    assert "parquet" in capsys.readouterr().err
    assert not (tmp_path / "report.html").exists()


def test_a_file_that_cannot_be_written_is_a_failure(tmp_path, capsys):
    add_statements(tmp_path, TRAMS)
    assert main([str(tmp_path), "--html", str(tmp_path / "no" / "report.html")]) == 1
    assert "No such file" in capsys.readouterr().err
