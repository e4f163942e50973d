"""Lists of acts: "The two countries agreed to:" and one act on each line that follows."""

import re

from spacy.tokens import Span, Token

from schemas.tags import Kind
from transforms.tagging import grammar
from transforms.tagging.candidate import Candidate
from transforms.tagging.candidates import find_candidates
from transforms.tagging.complements import Complement

_BULLET = re.compile(r"\s*(?:[-–—•*·▪‣◦]|\(?\d{1,2}[.)]|\(?[a-z][.)]|\(?[ivx]{1,4}[.)])\s+")
_INFINITIVE = re.compile(r"\s*to\s+\w+", re.IGNORECASE)
_OPENS_LIST = (Kind.PLEDGE, Kind.AGREEMENT, Kind.OFFER)
# Words into an item within which its verb stands, bullets and adverbs before it.
_REACH = 5


def list_intro(sentence: Span) -> Candidate | None:
    """Give the commitment that a list hangs on: the last trigger of a sentence that ends in a colon."""
    words = [token for token in sentence if token.is_alpha or token.text == ":"]
    if not words or words[-1].text != ":":
        return None
    fitting = [c for c in find_candidates(sentence) if c.kind in _OPENS_LIST]
    return fitting[-1] if fitting else None


def is_item(sentence: Span) -> bool:
    """Tell whether the sentence is a line of a list: a bullet, a number or "to" opens its line."""
    start = sentence.start
    while start > max(0, sentence.start - _REACH) and "\n" not in sentence.doc[start - 1].text:
        start -= 1
    if start > 0 and "\n" not in sentence.doc[start - 1].text:
        return False
    line = sentence.doc[start : sentence.end].text.lstrip()
    return _BULLET.match(line) is not None or _INFINITIVE.match(line) is not None


def item_candidates(sentence: Span, intro: Candidate) -> list[Candidate]:
    """Make the candidate of one line: its first verb, bound as the introduction binds.

    A line with a subject of its own is read by itself.
    """
    own = find_candidates(sentence)
    verb = _first_verb(sentence, bare=_leaves_open(intro.anchor.sent))
    if verb is None or grammar.own_subjects(verb):
        return own
    end = verb.i + 1
    for other in grammar.conjuncts(verb):
        if other.i == end + 1 and verb.doc[end].dep_ == "cc":
            end = other.i + 1
    return [
        Candidate(
            rule="list-item",
            entry_id=intro.entry_id,
            lemma=verb.lower_,
            kind=intro.kind,
            anchor=verb,
            start=verb.i,
            end=end,
            complement=Complement(verb, "self"),
            holder=intro.holder,
            flags=intro.flags,
        )
    ]


def _leaves_open(introduction: Span) -> bool:
    """Tell whether the introduction ends in "to:": each line then starts with an infinitive, whatever its tag."""
    words = [token.lower_ for token in introduction if token.is_alpha]
    return bool(words) and words[-1] == "to"


def _first_verb(sentence: Span, *, bare: bool) -> Token | None:
    for token in [t for t in sentence if t.is_alpha][:_REACH]:
        if token.tag_ in ("VB", "VBP", "VBG") and token.dep_ not in ("amod", "compound"):
            return token
        if bare and token.tag_ == "NN":
            return token
        if token.pos_ not in ("ADV", "PART", "ADP"):
            return None
    return None
