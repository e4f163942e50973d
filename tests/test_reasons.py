import pathlib
import re

import pytest

from tests.parses import PARSES, make_doc
from transforms.tagging.commitments import find_commitments
from transforms.tagging.reasons import ask_reasons, reasons_in_words, reasons_of, refuse

ROOT = pathlib.Path(__file__).parents[1]


def test_nothing_is_kept_where_nobody_has_asked():
    doc = make_doc("Oslo/NNP/nsubj/2 agreed/VBD/ROOT/0")
    refuse(doc[1], "no-act", "v:agree")
    assert reasons_of(doc) == ()


def test_what_was_refused_is_kept_in_order():
    doc = make_doc("Oslo/NNP/nsubj/2 agreed/VBD/ROOT/0")
    ask_reasons(doc)
    refuse(doc[1], "no-act", "v:agree")
    refuse(doc[0], "place", end=1)
    assert [(one.start, one.end, one.reason) for one in reasons_of(doc)] == [(1, 2, "no-act"), (0, 1, "place")]
    assert reasons_of(doc)[0].words.endswith("(v:agree)")


def test_every_reason_that_rules_give_is_told_in_words():
    given: set[str] = set()
    for path in (ROOT / "transforms" / "tagging").glob("*.py"):
        source = path.read_text(encoding="utf-8")
        given |= set(re.findall(r'refuse\([^"\n]*"([a-z-]+)"', source))
    assert {"question", "no-act", "nobody-bound", "no-sign"} <= given <= set(reasons_in_words())


@pytest.mark.parametrize("scheme", [0, 1])
@pytest.mark.parametrize(
    ("sentence", "word", "reason"),
    [
        ("demand", "sign", "named-not-done"),
        ("passive", "rejected", "nobody-bound"),  # Nobody has found the actors of these parses.
        ("owner", "refusal", "nobody-bound"),
    ],
)
def test_rules_say_what_they_refuse(scheme, sentence, word, reason):
    doc = make_doc(PARSES[sentence][scheme])
    ask_reasons(doc)
    assert find_commitments(doc) == []
    assert (word, reason) in [(doc[one.start].text, one.reason) for one in reasons_of(doc)]
