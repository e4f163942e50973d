"""The measures of accuracy: shares, bars, bins and the page, on rows of our own."""

import dataclasses
import xml.etree.ElementTree as ET

import pytest

from benchmarks.accuracy.__main__ import PAGE, fill, main
from benchmarks.accuracy.calibration import bins, calibration_error, plot
from benchmarks.accuracy.counts import count_marked
from benchmarks.accuracy.figures import Figure, Share
from benchmarks.accuracy.marked import count, errors, measure_marked, sentences_with_rows
from tests.test_tables import COMMITMENT
from training.judged import Judged, Row
from training.pairing import Said


@pytest.mark.parametrize(
    ("figure", "met"),
    [
        (Figure("a", 0.85, 0.85), True),
        (Figure("a", 0.849, 0.85), False),
        (Figure("a", 0.08, 0.08, below=True), True),
        (Figure("a", 0.081, 0.08, below=True), False),
        (Figure("a", 3.0), None),
    ],
)
def test_a_bar_is_met_from_its_side(figure, met):
    assert figure.is_met is met


def test_figures_are_rows_of_a_table():
    assert Figure("speed", 12345.6, 2, unit=" w/s").row() == "| speed | 12,346 w/s | ≥ 2 w/s | yes |  |"
    assert Figure("error", 0.1, 0.08, True, detail="9 rows").row() == "| error | 0.1 | ≤ 0.08 | **no** | 9 rows |"
    assert Figure("plain", 0.5).row() == "| plain | 0.5 |  |  |  |"


def test_shares_without_anything_are_nothing():
    assert (Share(0, 0, 0).f1, Share(4, 0, 0).precision, Share(4, 2, 1).f1) == (0, 0, pytest.approx(1 / 3))


def row(confidence, kind, *, found="pledge"):
    commitment = dataclasses.replace(COMMITMENT, confidence=confidence, kind=found, trigger="pledged")
    return Row(commitment, frozenset({"bias"}), kind)


def judged(rows, marked=(), missed=(), register="bank", weight=1.0):
    return Judged("d", register, "fired", "Peru pledged\nrice.", tuple(marked), tuple(rows), tuple(missed), weight)


SAID = Said("pledge", "pledged", "Peru pledged rice.")


def test_rows_below_the_threshold_do_not_count():
    sample = [judged([row(0.9, "pledge"), row(0.01, "offer")], [SAID, SAID]), judged([row(0.9, None)], weight=3)]
    assert count(sample, lambda one: 1.0, lambda one: one.is_right) == Share(2, 2, 1)
    assert count(sample, lambda one: one.weight, lambda one: one.is_right) == Share(2, 4, 1)
    first = next(iter(measure_marked(sample, "half")))
    assert (first.name, first.value) == ("half: commitments found, F1", 0.5)


def test_errors_tell_what_is_missed_spurious_and_of_the_wrong_kind():
    sample = [judged([row(0.9, "offer"), row(0.9, None), row(0.01, "pledge")], [SAID] * 3, [SAID])]
    assert [line.split()[0] for line in errors(sample)] == ["MISSED", "MISSED", "KIND", "SPURIOUS"]
    assert all("\n" not in line and line.endswith("Peru pledged rice.") for line in errors(sample))


def test_sentences_without_commitments_are_counted_by_register():
    sample = [judged([row(0.9, None)], register="other"), judged([], register="other"), judged([row(0.9, None)])]
    assert sentences_with_rows(sample, "other") == (2, 1)


def test_calibration_is_the_mean_gap_weighted_by_rows():
    found = bins([(0.95, True)] * 3 + [(0.95, False)] + [(0.25, False)] * 2 + [(1.0, True)])
    assert [one.rows for one in found] == [2, 5]
    assert calibration_error(found) == pytest.approx((2 * 0.25 + 5 * abs(0.96 - 0.8)) / 7)
    assert calibration_error(()) == 0


def test_the_plot_has_a_dot_for_each_bin():
    tree = ET.fromstring(plot(bins([(0.9, True), (0.2, False)]), "Title & more".replace("&", "and")))
    assert len(tree.findall(".//{http://www.w3.org/2000/svg}circle")) == 2


def test_marks_of_the_page_are_filled_and_kept():
    page = "a\n<!-- x -->\n<!-- end of x -->\nb"
    assert fill(page, "x", "new") == "a\n<!-- x -->\nnew\n<!-- end of x -->\nb"
    assert fill(fill(page, "x", r"\1"), "x", "new") == fill(page, "x", "new")
    with pytest.raises(ValueError, match="no marks of y"):
        fill(page, "y", "new")


def test_the_page_has_its_marks_and_the_counts_of_today():
    page = PAGE.read_text(encoding="utf-8")
    assert fill(page, "counts", count_marked()) == page
    assert "### " in page.partition("<!-- figures -->")[2].partition("<!-- end of figures -->")[0]


def test_without_the_shared_folder_nothing_is_measured(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr("sys.argv", ["accuracy", "--shared", str(tmp_path)])
    before = PAGE.read_text(encoding="utf-8")
    main()
    assert "nothing is measured" in capsys.readouterr().out
    assert PAGE.read_text(encoding="utf-8") == before
