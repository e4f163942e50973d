"""Sentences marked by hand: how they are drawn and read, how labels become places, and what is learned from them."""

import csv
import datetime
import gzip
import json
import lzma

import pytest

from training.draw import half_of, spread_of, zip_rounds
from training.logistic import Example, chance, fit
from training.marked import COMMITMENTS, DRAWN, Drawn, article_of
from training.marking import WrongLabel, sheet, take
from training.pairing import Said, alike, pair
from training.passages import BANK, Passage, Sentence, digest, print_words, read_bank, read_statements, read_treebank
from transforms.tagging.confidence import least_confidence
from transforms.tagging.tagger import make_tagger, tag_article, text_article


@pytest.mark.parametrize(
    ("words", "printed"),
    [
        (["Kenya", "'s", "navy", "sailed", "."], "Kenya's navy sailed."),
        (["It", "did", "n't", "pay", "$", "2", "(", "or", "more", ")", "."], "It didn't pay $2 (or more)."),
        (["He", "said", '"', "never", '"', ",", "then", '"', "soon", '"', "."], 'He said "never", then "soon".'),
    ],
)
def test_words_are_joined_as_they_are_printed(words, printed):
    assert print_words(words) == printed


def test_the_bank_is_read_in_runs_of_ten_numbers(tmp_path):
    path = tmp_path / "bank.csv.xz"
    rows = [("Sentence #", "Word", "POS", "Tag")]
    for number in (9, 10, 11):
        rows += [(f"Sentence: {number}", "Peru", "NNP", "B-geo"), ("", "pays~rent", "VBZ", "O"), ("", ".", ".", "O")]
    with lzma.open(path, "wt", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(rows)
    first, second = read_bank(path)
    assert (first.document, first.text) == ("run 0", "Peru pays rent. Peru pays rent.")
    assert [first.of(sentence) for sentence in first.sentences] == ["Peru pays rent."] * 2
    assert second.sentences == (Sentence("11", 0, 15),)


def test_treebanks_are_read_by_their_comments(tmp_path):
    path = tmp_path / "bank.conllu"
    lines = [
        "# newdoc id = d1",
        "# sent_id = d1-1",
        "# text = Hi there.",
        "1\tHi",
        "",
        "# sent_id = d1-2",
        "# text = Bye.",
    ]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    (passage,) = read_treebank(path, "bank.conllu")
    assert passage.text == "Hi there. Bye."
    assert passage.sentences == (Sentence("d1-1", 0, 9), Sentence("d1-2", 10, 14))


def test_statements_are_read_to_the_end_of_a_paragraph(tmp_path):
    path = tmp_path / "statements.jsonl.gz"
    record = {"url": "https://a.invalid/1", "title": "T", "published": "2024-05-06 10:00:00+00:00", "source": "S"}
    with gzip.open(path, "wt", encoding="utf-8") as file:
        file.write(json.dumps({**record, "text": "One is here. Two is long.\n\nThree is out."}) + "\n")
    (passage,) = read_statements(path, 5)
    assert passage.text == "One is here. Two is long."
    assert [(s.key, passage.of(s)) for s in passage.sentences] == [("0-12", "One is here."), ("13-25", "Two is long.")]
    assert article_of(passage).day == datetime.date(2024, 5, 6)


def drawn(text, *, key="1", before=""):
    start = len(before) + 1 if before else 0
    whole = f"{before} {text}" if before else text
    others = (Sentence("0", 0, len(before)),) if before else ()
    sentence = Sentence(key, start, len(whole))
    return Drawn(Passage("c", "d", whole, (*others, sentence)), sentence, "develop", "bank", "fired", 1.0, 1)


def test_a_sheet_shows_the_sentence_and_what_stands_before_it():
    assert list(sheet([drawn("It agreed.", before="Peru waited.")])) == ["1. [Peru waited.] It agreed."]


def test_labels_become_places():
    text = "Peru agreed, and Chile agreed to wait if Bolivia pays."
    first, second = take(["1|A|agreed|Peru", "1|A|agreed#2|Chile|c"], [drawn(text)])
    assert first == ("c", "d", "1", "agreement", "5", "11", "0-4", "")
    assert second == ("c", "d", "1", "agreement", "23", "29", "17-22", "c")


@pytest.mark.parametrize(
    "label", ["1|P|agrees|Peru", "1|P|agreed|Chile", "1|Z|agreed|Peru", "1|A|agreed#2|Peru", "1|A|gree|Peru"]
)
def test_labels_that_do_not_fit_are_refused(label):
    with pytest.raises(WrongLabel):
        list(take([label], [drawn("Peru agreed.")]))


def test_halves_keep_what_belongs_together():
    runs = [Passage(BANK, f"run {number}", "", ()) for number in range(100)]
    halves = [half_of(run) for run in runs]
    assert {halves[number] == halves[number - number % 5] for number in range(100)} == {True}
    assert set(halves) == {"develop", "test"}


def test_passages_are_taken_in_turn():
    statement = Passage(
        "statements.jsonl.gz", "https://a.invalid/briefing-room/remarks/2", "", (), datetime.date(2023, 1, 2)
    )
    assert spread_of(statement) == ("2023", "remarks")
    one, two, three = (Passage("c", name, "", ()) for name in "abc")
    assert list(zip_rounds([[one, two], [three]])) == [[one, three], [two]]


def test_every_mark_belongs_to_a_sentence_that_was_drawn():
    with DRAWN.open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file, delimiter="\t"))
    with COMMITMENTS.open(encoding="utf-8") as file:
        marks = list(csv.DictReader(file, delimiter="\t"))
    places = {(row["corpus"], row["document"], row["sentence"]) for row in rows}
    assert len(places) == len(rows) > 2_500
    assert {(row["corpus"], row["document"], row["sentence"]) for row in marks} <= places
    assert all(int(row["trigger_start"]) < int(row["trigger_end"]) for row in marks)
    halves = {}
    for row in rows:
        assert halves.setdefault((row["corpus"], row["document"]), row["half"]) == row["half"]


def test_pairs_prefer_the_same_kind_and_stay_one_to_one():
    text = "They pledged to pay and agreed to wait."
    marked = [Said("pledge", "pledged", text), Said("agreement", "agreed", text)]
    found = [Said("agreement", "agreed to", text), Said("pledge", "pledged", text), Said("offer", "pledged", text)]
    assert sorted(pair(marked, found)) == [(0, 1), (1, 0)]
    assert pair(marked, [Said("pledge", "pledged", "Another sentence altogether.")]) == []


@pytest.mark.parametrize(("one", "other", "f1"), [("", "", 1), ("a b", "A  b!", 1), ("a b c", "a", 0.5), ("a", "b", 0)])
def test_likeness_is_token_f1(one, other, f1):
    assert alike(one, other) == f1


def test_digests_tell_a_changed_sentence():
    assert digest("Peru agreed.") != digest("Peru agrees.")
    assert len(digest("")) == 12


def test_logistic_weights_follow_the_rows_and_rare_features_are_left_out():
    rows = [Example(frozenset({"bias", "good"}), True, str(place)) for place in range(8)]
    rows += [Example(frozenset({"bias", "bad"}), place == 0, str(place)) for place in range(8)]
    rows += [Example(frozenset({"bias", "rare"}), True, "x")]
    weights = fit(rows, penalty=0.1, least=2)
    assert set(weights) == {"bias", "good", "bad"}
    assert weights["good"] > 0 > weights["bad"]
    shares = [chance(weights, one.features) for one in rows]
    assert sum(shares) == pytest.approx(sum(one.is_right for one in rows), abs=1e-4)


@pytest.fixture(scope="module")
def tagger():
    return make_tagger()


def test_unlikely_rows_are_left_out_and_the_others_have_their_confidence(tagger):
    text = "Kenya pledged to send 200 troops to Haiti by March."
    (row,) = tag_article(text_article(text), tagger).commitments
    assert least_confidence() <= row.confidence < 1
