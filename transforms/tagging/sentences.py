"""Sentences: where each starts and ends, told from the text alone, so that no model moves them."""

import functools
import re
from collections.abc import Iterator

import numpy
from spacy.attrs import SENT_START
from spacy.language import Language
from spacy.tokens import Doc

from transforms.tagging.lexicon import read_table
from transforms.tagging.paragraphs import paragraph_bounds

# Characters looked at on either side of a stop; longer than any abbreviation, name of a speaker or run of quotes.
_WINDOW = 64

# Tokens of a label in capitals before a colon.
_LONGEST_LABEL = 10

# A run of stops with the quotes, brackets, footnote marks and emphasis that close after it.
_STOP = re.compile(r"[.!?…]+(?:[\"”’'»)\]]|\*\*| ?\[\d{1,3}\])*")
_LAST_WORD = re.compile(r"[\w.’'&-]+$")
_NEXT = re.compile(r"(?P<open>[\"“‘'«(\[*_¿¡]{0,4})(?P<word>[\w’']*)(?P<after>\.?)")
_INITIALS = re.compile(r"(?:[^\W\d_]\.-?)*[^\W\d_]$")
_GLUED = re.compile(r"[a-z]{3}[.!?…]+[”’)\]]*(?=[“‘(]?[A-Z][a-z’']*[\s,])")
_ATTRIBUTION = re.compile(
    r"(?:(?:the|a) )?(?:[^\W\d_a-z][\w’'.-]*\s+){1,4}"
    r"(?:said|says|asked|asks|added|wrote|told|tweeted|replied|cried|shouted)\b"
)
_NOT_AFTER_CLOCK = frozenset(
    "ET EST EDT CT CST CDT MT MST MDT PT PST PDT GMT BST CET CEST UTC IST JST AST Eastern Central Mountain "
    "Pacific Greenwich Moscow Monday Tuesday Wednesday Thursday Friday Saturday Sunday January February March "
    "April May June July August September October November December".split()
)
# Capitalised, these mostly open a sentence; after "U.S." or "Inc." they tell its end from a name that goes on.
_STARTERS = frozenset(
    "The A An This That These Those It Its He She They We I You His Her Their Our My Your There Here In On At By "
    "For From With Without To As If When While Where Why How What Who But And Or So Yet Nor However Although "
    "Though Because Since After Before During Under Over Despite Meanwhile Moreover Furthermore Also Then Thus "
    "Now Today Yesterday Tomorrow Earlier Later Last Next Both Some Many Most Several Other Others Each Every No "
    "Not Only Once Until Unless According Asked It’s It's He’s He's She's We’re We're That’s That's There’s "
    "There's I’m I'm Let Please Should Would Could Will Instead Still Even Such Speaking Critics Experts "
    "Following Among".split()
)


# What spaCy's arrays, which are unsigned, hold for "no sentence starts here": -1.
_NO_START = 2**64 - 1


def sentence_bounds(text: str) -> tuple[tuple[int, int], ...]:
    """Find the bounds of each sentence, heading and list item, in order.

    Code-point offsets, end excluded; white space and the markers of list items lie outside of every sentence. The
    same text has the same bounds with any model. Time grows with the length alone.
    """
    return tuple(bounds for start, end in paragraph_bounds(text) for bounds in _split(text, start, end))


@Language.factory("pledgeline_sentences", assigns=["token.is_sent_start"])
def make_sentences(nlp: Language, name: str) -> "SentenceSetter":
    """Make the component that sets sentence bounds; it belongs before the parser, which then keeps to them."""
    return SentenceSetter()


class SentenceSetter:
    """Set `is_sent_start` of every token, to True or False, from `sentence_bounds`."""

    def __call__(self, doc: Doc) -> Doc:
        """Set the starts as `sentence_starts` finds them."""
        marks = numpy.array([[1 if opens else _NO_START] for opens in sentence_starts(doc)], dtype="uint64")
        # All at once: each single `token.is_sent_start = ...` looks through the whole document.
        doc.from_array([SENT_START], marks.reshape(len(doc), 1))  # type: ignore[arg-type]
        return doc


def sentence_starts(doc: Doc) -> list[bool]:
    """Tell of each token whether it opens a sentence: the first that begins at or after a sentence's start does.

    Tokens between two sentences, and one that straddles a bound, go with the earlier.
    """
    bounds = [start for start, _ in sentence_bounds(doc.text)]
    opens, opened = [], 1
    for token in doc:
        past = _count_opened(bounds, opened, token.idx)
        opens.append(token.i == 0 or past > opened)
        opened = past
    return opens


def doc_sentence_bounds(doc: Doc) -> tuple[tuple[int, int], ...]:
    """Find the bounds of each of `doc.sents`, as `SentenceSetter` set them, without white space and list markers.

    They are those of `sentence_bounds`, one for one, unless several sentences start inside of one token: those are one
    here. Where a token straddles a bound, the bound stands and the token is counted to the earlier sentence.
    """
    bounds = sentence_bounds(doc.text)
    starts = [start for start, _ in bounds]
    found: list[tuple[int, int]] = []
    opened = 0
    for sent in doc.sents if bounds else ():
        past = max(opened + 1, _count_opened(starts, opened, sent.start_char))
        found.append((bounds[opened][0], bounds[past - 1][1]))
        opened = past
    return tuple(found)


def _count_opened(starts: list[int], opened: int, place: int) -> int:
    """Count the sentences that start at or before a place, `opened` of which were counted before."""
    while opened < len(starts) and starts[opened] <= place:
        opened += 1
    return opened


def _split(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Yield the sentences of one paragraph."""
    first = start
    for stop in _STOP.finditer(text, start, end):
        cut = stop.end()
        if cut >= end or not _ends_sentence(text, stop, start, end):
            continue
        yield first, cut
        first = _skip_space(text, cut)
    yield first, end


def _ends_sentence(text: str, stop: re.Match[str], start: int, end: int) -> bool:
    """Tell whether a run of stops inside a paragraph ends a sentence; there is text after it."""
    cut = stop.end()
    if not text[cut].isspace():
        before = max(start, stop.start() - 3)
        return _GLUED.match(text, before, min(end, cut + _WINDOW)) is not None and not _in_address(text, before, start)
    if stop.start() > start and text[stop.start() - 1] in "[(":
        return False  # "[...]" stands for words left out.
    place = _skip_space(text, cut)
    following = _NEXT.match(text, place, min(end, place + _WINDOW))
    assert following is not None  # Every part of the pattern may be empty.
    opening = text[following.end("open") : following.end("open") + 1]
    if opening.islower() or opening in ",;:.!?)-–—]%":
        return False
    marks = stop.group()
    if marks[0] != "." or marks.startswith(".."):
        return len(marks) == 1 or not _ATTRIBUTION.match(text, place, min(end, place + _WINDOW))
    word = _LAST_WORD.search(text[max(start, stop.start() - _WINDOW) : stop.start()])
    return len(marks) > 1 or word is None or _ends_after(word.group(), following)


def _skip_space(text: str, place: int) -> int:
    while text[place].isspace():
        place += 1
    return place


def _in_address(text: str, place: int, start: int) -> bool:
    """Tell whether the word at a place is part of a web address or e-mail address."""
    word = text[max(start, place - _WINDOW) : place + 1].split()
    return bool(word) and any(mark in word[-1] for mark in "./@")


def _ends_after(word: str, following: re.Match[str]) -> bool:
    """Tell whether a full stop after a word ends the sentence, from the word and what follows."""
    follower = following["word"]
    ends = _abbreviations().get(word) or _abbreviations().get(word.capitalize() if word.isupper() else word.lower())
    if ends is None and _INITIALS.match(word) and (len(word) > 1 or word.isupper()):
        ends = "starter"
    if ends == "never":
        return False
    if ends == "number":
        return not follower[:1].isdigit()
    if ends == "clock":
        return follower not in _NOT_AFTER_CLOCK
    if ends == "starter":
        return follower in _STARTERS and not following["after"]
    return True


@functools.cache
def _abbreviations() -> dict[str, str]:
    return {row["form"]: row["ends"] for row in read_table("abbreviations")}


def open_after_labels(doc: Doc, starts: list[bool]) -> list[bool]:
    """Have the parser begin anew after "OPENING THE PORTS:" and "THE PRESIDENT:", which are no part of the clause.

    The evidence of a statement then begins after the label.
    """
    opened, first, capitals = list(starts), 0, 0
    for token in doc[:-1]:
        if starts[token.i]:
            first, capitals = token.i, 0
        if token.text == ":" and capitals and token.i - first <= _LONGEST_LABEL:
            opened[token.i + 1] = not doc[token.i + 1].is_space
            capitals = 0
        elif token.is_alpha and not token.is_upper:
            first = token.i - _LONGEST_LABEL - 1
        capitals += token.is_upper and len(token) > 2
    return opened
