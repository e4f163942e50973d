"""How names look: titles, and runs of capitalised words that may name a person or an organisation."""

import dataclasses
import functools
from collections.abc import Iterator

from spacy.tokens import Doc, Span, Token

from transforms.tagging.lexicon import read_table

# Words between the parts of an organisation's name: "Center for Biological Diversity", "Bank of the South".
_LINKS = frozenset({"of", "for", "on", "against", "in"})
_DASHES = frozenset({"-", "‐", "‑", "–"})
# What may stand before a possessive inside a name: "People's Party", "Children's Hospital".
_OWNERS = frozenset("People Peoples Children Women Men Workers Veterans Farmers Lord Teachers Writers Lawyers".split())


@dataclasses.dataclass(frozen=True, slots=True)
class Title:
    """A title in a text: tokens `start` to `end`, end excluded. `rank` is honorific, office or role."""

    start: int
    end: int
    office: str
    rank: str


@dataclasses.dataclass(frozen=True, slots=True)
class Chunk:
    """A run of name-like tokens, `start` to `end`, end excluded."""

    start: int
    end: int


@functools.cache
def words(group: str) -> frozenset[str]:
    """Give the words of one class of the table `name_words`."""
    return frozenset(row["word"] for row in read_table("name_words") if row["class"] == group)


@functools.cache
def given_names() -> frozenset[str]:
    """Give the given names on record."""
    return frozenset(row["name"] for row in read_table("given_names"))


@functools.cache
def organisation_heads(place: str) -> dict[str, str]:
    """Give the words that make a name an organisation's when they stand "first" or "last" in it, with its type."""
    return {row["word"]: row["type"] for row in read_table("organisation_heads") if row["place"] == place}


@functools.cache
def _titles_by_first() -> dict[str, tuple[tuple[tuple[str, ...], str, str], ...]]:
    table: dict[str, list[tuple[tuple[str, ...], str, str]]] = {}
    for row in read_table("titles"):
        key = tuple(row["form"].replace("-", " - ").split())
        table.setdefault(key[0], []).append((key, row["office"], row["class"]))
    return {first: tuple(sorted(rows, key=lambda row: -len(row[0]))) for first, rows in table.items()}


def find_titles(doc: Doc | Span) -> list[Title]:
    """Find titles of any case, the longest first, from left to right; places count from the start of what is given."""
    table = _titles_by_first()
    lower = [token.lower_ for token in doc]
    found: list[Title] = []
    place = 0
    while place < len(lower):
        title = None
        for key, office, rank in table.get(lower[place], ()):
            if tuple(lower[place : place + len(key)]) == key:
                title = Title(place, place + len(key), office, rank)
                break
        if title:
            found.append(title)
        place = title.end if title else place + 1
    return found


def is_name_word(token: Token) -> bool:
    """Tell whether a token can be part of a name: a capital and letters, no day or month."""
    text = token.text
    return text[0].isupper() and any(char.isalpha() for char in text) and text not in words("calendar")


def is_initial(token: Token) -> bool:
    """Tell whether a token is an initial, as the J. in "Donald J. Trump"."""
    text = token.text
    return text[0].isupper() and (
        len(text) == 1 or (len(text) <= 4 and text.endswith(".") and text.count(".") * 2 == len(text))
    )


def name_chunks(doc: Doc, barriers: list[bool]) -> Iterator[Chunk]:
    """Yield the runs of name words between barriers; a run keeps to its sentence and takes what links its parts."""
    place = 0
    size = len(doc)
    while place < size:
        if barriers[place] or not _may_open(doc[place]):
            place += 1
            continue
        end = run_end(doc, barriers, place)
        end = _link(doc, barriers, place, end)
        start = _skip_openers(doc, place, end)
        if start < end:
            yield Chunk(start, end)
        place = end


def _may_open(token: Token) -> bool:
    if is_name_word(token):
        return True
    following = token.doc[token.i + 1] if token.i + 1 < len(token.doc) else None
    if following is None or token.text not in words("particle") or token.text in ("e", "y", "i", "af"):
        return False
    if following.text in _DASHES and token.i + 2 < len(token.doc):
        return is_name_word(token.doc[token.i + 2])
    return is_name_word(following) and token.text not in ("do", "den", "a", "el")


def run_end(doc: Doc, barriers: list[bool], start: int, *, crossing: int = 0) -> int:
    """Find the end of a plain run: name words, initials, particles and dashes between them.

    Barriers before `crossing` do not count.
    """
    end = max(start + 1, crossing)
    while end < len(doc):
        if barriers[end] or opens_sentence(doc, end):
            break
        if is_name_word(doc[end]):
            end += 1
        elif (bridge := _bridge(doc, barriers, end)) > end:
            end = bridge
        else:
            break
    return end


def _bridge(doc: Doc, barriers: list[bool], place: int) -> int:
    """Give the place after particles, dashes, "&" or "'s" that join two name words; `place` where nothing joins."""
    end = place
    while end < len(doc) and end - place < 4 and not barriers[end]:
        token = doc[end]
        if end > place and is_name_word(token):
            return end + 1
        if end > place and doc[end - 1].text in _DASHES and token.text.isalpha():
            return end + 1
        if token.text in _DASHES:
            if doc[end - 1].whitespace_ or token.whitespace_:
                return place
        elif token.text == "&":
            pass
        elif token.text in ("'s", "’s"):
            if doc[end - 1].text not in _OWNERS:
                return place
        elif token.text not in words("particle") or token.text in ("a", "do"):
            return place
        end += 1
    return place


def _link(doc: Doc, barriers: list[bool], start: int, end: int) -> int:
    """Extend a run that has an organisation's head over "of ...", "for the ...", "X and Y ..."."""
    while end + 1 < len(doc) and not barriers[end]:
        head_first = any(
            token.text in organisation_heads("first") or token.text in organisation_heads("last")
            for token in doc[start:end]
        )
        place = end + 1
        if (
            doc[end].text in _LINKS
            and head_first
            and (doc[end].text != "in" or doc[end - 1].text in ("Embassy", "Consulate", "Mission"))
        ):
            if doc[place].text == "the" and place + 1 < len(doc):
                place += 1
        elif doc[end].text not in ("and", "&") or not _closes_with_head(doc, barriers, place):
            if not (doc[end].text == "and" and head_first and _lists_subjects(doc, start, end)):
                break
        if barriers[place] or not is_name_word(doc[place]) or opens_sentence(doc, place):
            break
        end = run_end(doc, barriers, place)
    return end


def _lists_subjects(doc: Doc, start: int, end: int) -> bool:
    """Tell whether a run has a link and names subjects, as "Centre for Disarmament" before "and Non-Proliferation"."""
    rest = doc[end + 1 : end + 4]
    linked = any(token.text in ("of", "for") for token in doc[start:end])
    body = any(token.text in organisation_heads("last") or token.text in organisation_heads("first") for token in rest)
    return linked and not body and doc[end - 1].ent_type_ not in ("GPE", "PERSON")


def _closes_with_head(doc: Doc, barriers: list[bool], place: int) -> bool:
    """Tell whether the run at `place` ends with a head that "X and" belongs to: "Science and Technology Laboratory"."""
    if place >= len(doc) or barriers[place] or not is_name_word(doc[place]):
        return False
    end = run_end(doc, barriers, place)
    return end - place > 1 and doc[end - 1].text in organisation_heads("last")


def _skip_openers(doc: Doc, start: int, end: int) -> int:
    while start < end:
        token = doc[start]
        if token.text not in words("opener") and (is_name_word(token) or token.text in words("particle")):
            break
        start += 1
    return start


def opens_sentence(doc: Doc, place: int) -> bool:
    """Tell whether a token opens a sentence; where nothing has set bounds, a stop or a line's end before it does."""
    if place == 0:
        return True
    token, before = doc[place], doc[place - 1]
    if token.is_sent_start is not None and doc.has_annotation("SENT_START"):
        return bool(token.is_sent_start)
    return before.text in (".", "!", "?", "…", ":") or "\n" in before.text
