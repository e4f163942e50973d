"""Named entities of GUM, read from the `Entity=` bridges of its last column.

GUM marks every mention, "the mayor" and "it" as well. A mention counts here where its head is a proper noun,
and is cut to the run of name words around that head.
"""

import re

from training import names
from training.labels import Census, Span, add_by_form, write_iob
from training.treebanks import Parsed

_BRACKETS = re.compile(r"\((?P<one>[^()]+)\)|\((?P<opened>[^()]+)|(?P<closed>[^()]+)\)")
_LABELS = {"person": "PERSON", "organization": "ORG", "place": "PLACE", "event": "EVENT", "time": "DATE"}
_PROPER = frozenset({"NNP", "NNPS"})
# May stand inside a name with name words on both sides.
_JOINTS = frozenset({"of", "the", "and", "for", "&", "-", "'s", "\u2019s", "de", "la", "du", "von", "van", "al"})
# Words. Longer stretches marked as times are clauses.
_LONGEST_DATE = 5


def read_mentions(sentence: Parsed) -> list[tuple[int, int, str, int]]:
    """Read a sentence's mentions as (first word, end excluded, type, head word); types outside ours are left out.

    A mention that goes on in the next sentence is left out.
    """
    found: list[tuple[int, int, str, int]] = []
    opened: dict[str, list[tuple[int, list[str]]]] = {}
    for index, misc in enumerate(sentence.misc):
        for value in misc.split("|"):
            if not value.startswith("Entity="):
                continue
            for match in _BRACKETS.finditer(value.removeprefix("Entity=")):
                fields = (match["one"] or match["opened"] or match["closed"]).split("-")
                if match["opened"]:
                    opened.setdefault(fields[0], []).append((index, fields))
                    continue
                start = index
                if match["closed"]:
                    if not opened.get(fields[0]):
                        continue
                    start, fields = opened[fields[0]].pop()
                if len(fields) > 1 and fields[1] in _LABELS:
                    found.append((start, index + 1, fields[1], _head(sentence, start, index + 1)))
    return found


def _head(sentence: Parsed, start: int, end: int) -> int:
    inside = range(start, end)
    return next((i for i in inside if sentence.heads[i] not in inside or sentence.heads[i] == i), start)


def label_gum(sentence: Parsed, census: Census) -> list[str]:
    """Label a sentence of GUM: named mentions, dates, and names of peoples by form."""
    words = sentence.words
    chosen: list[Span] = []
    missing = {index for index, word in enumerate(words) if names.is_time_word(word)}
    for start, end, kind, head in read_mentions(sentence):
        if kind == "time":
            if names.holds_date(words[start:end]) and end - start <= _LONGEST_DATE:
                chosen.append((start, end, "DATE"))
        elif sentence.tags[head] in _PROPER:
            start, end = _name_around(sentence, start, end, head)
            if kind == "person":
                start = names.untitled(words, start, end)
            if start < end:
                label = names.place_label(words[start:end]) if kind == "place" else _LABELS[kind]
                chosen.append((start, end, label))
    spans: list[Span] = []
    taken: set[int] = set()
    for span in sorted(chosen, key=lambda span: (span[0] - span[1], span)):
        if not taken.intersection(range(span[0], span[1])):
            taken.update(range(span[0], span[1]))
            spans.append(span)
    single = {w for w in words if w in census.peoples or names.is_community(w)}
    spans = [s for s in spans if not (s[1] - s[0] == 1 and words[s[0]] in single)]
    return write_iob(len(words), add_by_form(words, spans, census), missing)


def _name_around(sentence: Parsed, start: int, end: int, head: int) -> tuple[int, int]:
    def proper(index: int) -> bool:
        return sentence.tags[index] in _PROPER

    def joint(index: int) -> bool:
        return sentence.words[index] in _JOINTS

    first = last = head
    while first > start:
        back = first - 1
        while back > start and joint(back) and first - back < 3:
            back -= 1
        if not proper(back):
            break
        first = back
    while last + 1 < end:
        ahead = last + 1
        while ahead + 1 < end and joint(ahead) and ahead - last < 3:
            ahead += 1
        if not proper(ahead):
            break
        last = ahead
    return first, last + 1
