"""The ledger: statements of one act become one pledge, whose history says what each of them did to it."""

import dataclasses
import datetime
import itertools
import json
import random
import shutil
import signal

import pyarrow.parquet as pq
import pytest

from pipelines.layout import Layout
from schemas.ledger import PLEDGES, Event, Statement, Status, pledge_row
from schemas.tags import Actor, ActorType, Amount, Kind
from tests.runs import document, run
from tests.torture import Killer, fork, wait
from transforms.ledger.buckets import join_bucket, write_buckets
from transforms.ledger.history import status_of, tell_history
from transforms.ledger.joining import join_statements
from transforms.ledger.words import Weights, content_words, stem
from warehouse import ledger
from warehouse.views import connect

NORWAY = Actor("state:NOR", "Norway", ActorType.STATE, "NOR")
KENYA = Actor("state:KEN", "Kenya", ActorType.STATE, "KEN")
CHAD = Actor("state:TCD", "Chad", ActorType.STATE, "TCD")
_NUMBERS = itertools.count()


def stated(action="send six patrol boats to Kenya", day=1, **changes):
    """Make a statement of a day of January 2025, or of no day."""
    number = next(_NUMBERS)
    fields = {
        "commitment_id": f"c{number:04}",
        "statement_id": f"s{number:04}",
        "article_id": f"a{number:04}",
        "content_id": "t",
        "url": f"https://news.example/{number}",
        "source": "News",
        "day": datetime.date(2025, 1, day) if day else None,
        "kind": Kind.PLEDGE,
        "domain": "military",
        "plover_event": "AID",
        "actors": (NORWAY,),
        "counterparties": (KENYA,),
        "trigger": "promised",
        "trigger_lemma": "promise",
        "trigger_start": 7,
        "action": action,
        "condition": None,
        "deadline": None,
        "due_date": None,
        "amounts": (),
        "sentence": f"Norway promised to {action}.",
        "confidence": 0.9,
    }
    return Statement(**fields | changes)


def joined(*statements):
    """Give the actions of each pledge."""
    return [[entry.statement.action for entry in pledge.history] for pledge in join_statements(statements)]


def million(value):
    return (Amount(value * 1e6, "EUR", f"{value} million euros"),)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ({}, {"action": "deliver the six patrol boats"}),
        ({}, {"kind": Kind.OFFER}),
        ({"counterparties": ()}, {}),
        ({"action": "lend 40 million euros for wells", "amounts": million(40)},
         {"action": "lend 40 million euros for the wells by May", "amounts": million(40)}),
        ({}, {"kind": Kind.WITHDRAWAL, "action": "its patrol boats for Kenya"}),
    ],
)  # fmt: skip
def test_statements_of_one_act_are_one_pledge(one, other):
    assert len(joined(stated(**one), stated(day=2, **other))) == 1


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ({}, {"action": "train teachers in Kenya", "domain": "other"}),
        ({}, {"counterparties": (CHAD,), "action": "send six patrol boats to Chad"}),
        ({}, {"kind": Kind.THREAT}),
        ({}, {"actors": (CHAD,)}),
        ({"actors": (NORWAY, KENYA)}, {"actors": (NORWAY, CHAD)}),
        ({"action": "another package of artillery"}, {"action": "another package of artillery"}),
        ({"action": "lend 40 million euros for wells", "amounts": million(40)},
         {"action": "lend 90 million euros for schools", "amounts": million(90)}),
        ({"article_id": "a", "sentence": "S"}, {"article_id": "a", "sentence": "S"}),
        ({}, {"day": None, "action": "host a summit on fish"}),
    ],
)  # fmt: skip
def test_statements_of_different_acts_are_different_pledges(one, other):
    second = {"day": 20} | other
    by_actor = [stated(**one)], [stated(**second)]
    if one.get("actors", (NORWAY,))[0] == other.get("actors", (NORWAY,))[0]:
        by_actor = ([*by_actor[0], *by_actor[1]],)
    assert sum(len(joined(*statements)) for statements in by_actor) == 2


def test_a_pledge_that_nobody_spoke_of_for_years_is_another_one():
    later = datetime.date(2031, 1, 1)
    assert len(joined(stated(), dataclasses.replace(stated(day=1), day=later))) == 2


def test_the_order_in_which_statements_come_does_not_count():
    statements = [stated(day=day) for day in (3, 1, 2)] + [stated(f"build {n} schools", day=n) for n in (4, 5)]
    expected = list(join_statements(statements))
    for seed in range(5):
        random.Random(seed).shuffle(statements)
        assert list(join_statements(statements)) == expected


def test_the_same_commitment_twice_counts_once():
    statement = stated()
    (pledge,) = join_statements([statement, statement])
    assert len(pledge.history) == 1


@pytest.mark.parametrize(
    ("before", "now", "event"),
    [
        ({}, {}, Event.RESTATED),
        ({"amounts": million(40)}, {"amounts": million(60)}, Event.STRENGTHENED),
        ({"amounts": million(40)}, {"amounts": million(10)}, Event.WEAKENED),
        ({"amounts": million(40)}, {"amounts": million(41)}, Event.RESTATED),
        ({"amounts": million(40)}, {}, Event.RESTATED),
        ({}, {"condition": "if the port is safe"}, Event.WEAKENED),
        ({"condition": "if the port is safe"}, {}, Event.RESTATED),
        ({"kind": Kind.OFFER}, {}, Event.STRENGTHENED),
        ({"kind": Kind.AGREEMENT}, {}, Event.RESTATED),
        ({"due_date": datetime.date(2026, 1, 1)}, {"due_date": datetime.date(2025, 6, 1)}, Event.STRENGTHENED),
        ({"due_date": datetime.date(2026, 1, 1)}, {"due_date": datetime.date(2027, 6, 1)}, Event.WEAKENED),
        ({}, {"trigger": "allocated"}, Event.STRENGTHENED),
        ({}, {"kind": Kind.WITHDRAWAL}, Event.WITHDRAWN),
        ({}, {"kind": Kind.REFUSAL}, Event.REFUSED),
        ({"kind": Kind.WITHDRAWAL}, {}, Event.STRENGTHENED),
    ],
)
def test_what_a_statement_does_to_a_pledge(before, now, event):
    first, second = tell_history([stated(**before), stated(day=2, **now)])
    assert first.event in (Event.FIRST_STATED, Event.WITHDRAWN)
    assert second.event is event


def test_what_an_article_repeats_is_left_out_and_what_it_changes_is_kept():
    same = [stated(article_id="a"), stated(article_id="a"), stated(article_id="a", amounts=million(5))]
    assert len(tell_history(same)) == 1
    changed = [stated(article_id="a", amounts=million(5)), stated(article_id="a", amounts=million(9))]
    assert [entry.event for entry in tell_history(changed)] == [Event.FIRST_STATED, Event.STRENGTHENED]


@pytest.mark.parametrize(
    ("trigger", "sentence", "status"),
    [
        ("promised", "Norway promised boats.", Status.PLEDGE),
        ("signed", "Norway signed the treaty.", Status.COMMITMENT),
        ("allocated", "Norway allocated 3 million.", Status.ALLOCATION),
        ("will send", "The money has been earmarked, and Norway will send it.", Status.ALLOCATION),
        ("pledge", "Norway has delivered on its pledge.", Status.DELIVERED),
        ("promise", "Norway fulfilled its promise to lend.", Status.DELIVERED),
        ("promised", "Norway promised what it has not delivered.", Status.PLEDGE),
    ],
)
def test_the_words_tell_how_far_a_pledge_has_come(trigger, sentence, status):
    assert status_of(stated(trigger=trigger, sentence=sentence)) is status


def test_a_status_does_not_fall_until_the_pledge_is_withdrawn():
    kinds = (Kind.PLEDGE, Kind.WITHDRAWAL, Kind.PLEDGE)
    later = [stated(day=day, kind=kind) for day, kind in enumerate(kinds, 2)]
    history = tell_history([stated(trigger="allocated"), *later])
    assert [entry.status for entry in history] == [
        Status.ALLOCATION, Status.ALLOCATION, Status.WITHDRAWN, Status.PLEDGE,
    ]  # fmt: skip


@pytest.mark.parametrize(("one", "other"), [("boats", "boat"), ("funding", "funded"), ("deliveries", "delivery")])
def test_forms_of_a_word_meet_in_one_stem(one, other):
    assert stem(one) == stem(other)


def test_words_that_say_nothing_are_left_out():
    assert content_words("continue to provide the most significant measures to its partners") == frozenset()


def test_rare_words_tell_more():
    weights = Weights([frozenset({"boat", "port"}), frozenset({"boat", "ship"}), frozenset({"boat"})])
    assert weights.of("port") > weights.of("boat") > 0


def test_a_row_has_the_columns_of_the_schema():
    (pledge,) = join_statements([stated(), stated(day=2, amounts=million(3))])
    row = pledge_row(pledge)
    assert list(row) == PLEDGES.names
    assert (row["statements"], row["articles"], row["sources"]) == (2, 2, 1)
    assert row["first_stated"] == datetime.date(2025, 1, 1)


def test_buckets_give_statements_back_as_they_were(tmp_path):
    statements = [stated(day=None), stated(amounts=million(3), due_date=datetime.date(2026, 1, 1))]
    paths, count = write_buckets(statements, tmp_path / "buckets", buckets=4)
    assert count == 2
    assert [pledge for path in paths for pledge in join_bucket(path)] == list(join_statements(statements))


@pytest.fixture(scope="module")
def made(tmp_path_factory, models_loaded_once):
    folder = tmp_path_factory.mktemp("made")
    sentences = [
        "Norway promised to lend Kenya 40 million euros for the wells.",
        "Norway promised to lend Kenya 60 million euros for the wells.",
        "Norway withdrew its offer to lend Kenya money for the wells.",
        "Chad offered to host the summit.",
    ]
    for number, text in enumerate(sentences, 1):
        url = f"https://news.example/{number}"
        source = f"Paper {number % 2}"
        document(folder / "in", str(number), text, published=f"2025-03-0{number}", url=url, source=source)
    assert run(folder / "in", folder / "out") == 0
    return folder


@pytest.fixture
def warehouse(made, tmp_path):
    shutil.copytree(made / "out", tmp_path / "out")
    return tmp_path / "out"


def pledges(output):
    with connect(output) as connection:
        rows = connection.execute("SELECT * FROM pledges ORDER BY first_stated, pledge_id")
        names = [column[0] for column in rows.description]
        return [dict(zip(names, row, strict=True)) for row in rows.fetchall()]


def make(output):
    return ledger.main([str(output), "--workers", "1", "--min_confidence", "0"])


def test_a_ledger_tells_how_a_pledge_fared(warehouse, capsys):
    assert make(warehouse) == 0
    assert "4 commitments make 2 pledges" in capsys.readouterr().out
    loan, summit = pledges(warehouse)
    assert [entry["event"] for entry in loan["history"]] == ["first_stated", "strengthened", "withdrawn"]
    assert (loan["status"], loan["sources"], loan["date"]) == ("withdrawn", 2, datetime.date(2025, 3, 1))
    assert [actor["name"] for actor in summit["actors"]] == ["Chad"]


def test_files_have_the_schema_with_its_version(warehouse):
    make(warehouse)
    for path in (warehouse / "pledges").rglob("*.parquet"):
        assert pq.read_schema(path).equals(PLEDGES)
        assert b"schema_version" in pq.read_schema(path).metadata


def test_a_ledger_is_made_anew_where_something_is_new_and_only_there(warehouse, tmp_path, capsys):
    make(warehouse)
    first = {path: path.read_bytes() for path in (warehouse / "pledges").rglob("*.parquet")}
    make(warehouse)
    assert "nothing is new" in capsys.readouterr().out
    text = "Norway promised to lend Kenya 70 million euros for the wells."
    document(tmp_path / "in", "5", text, published="2025-03-06")
    assert run(tmp_path / "in", warehouse) == 0
    make(warehouse)
    assert len(pledges(warehouse)[0]["history"]) == 4
    assert not any(path.exists() for path in first)


def test_without_a_ledger_the_view_is_there_and_empty(warehouse):
    assert pledges(warehouse) == []


def test_a_damaged_record_is_one_sentence(warehouse, capsys):
    make(warehouse)
    Layout(warehouse).ledger.write_text("{")
    assert make(warehouse) == 1
    assert "is not the record of a ledger" in capsys.readouterr().err


def test_a_ledger_killed_while_it_is_published_is_whole_after_the_next_start(made, warehouse, tmp_path):
    make(warehouse)
    expected = pledges(warehouse)
    for countdown in itertools.count(1):
        copy = shutil.copytree(made / "out", tmp_path / str(countdown))
        staged = shutil.copytree(warehouse / "pledges", Layout(copy).staging / "run" / "pledges")
        for path in staged.rglob("*.parquet"):
            path.rename(f"{path}.staged")

        def attempt(copy=copy, countdown=countdown):
            Killer(countdown).watch()
            record = json.loads(Layout(warehouse).ledger.read_text())
            ledger._publish(Layout(copy), Layout(copy).staging / "run", record)
            return 0

        code = wait(fork(attempt))
        assert make(copy) == 0
        assert pledges(copy) == expected
        if code == 0:
            break
        assert code == -signal.SIGKILL
    assert countdown > 3
