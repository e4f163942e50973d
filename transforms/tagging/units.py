"""Units: what an amount is counted in, from the words that follow a number."""

import functools
import re
from collections.abc import Sequence

from transforms.tagging.lexicon import read_table, split_cell
from transforms.tagging.numbers import Token, TokenKind, tokenise

# Tokens. The longest unit in the table ("metric tons of carbon dioxide") and the most modifiers before a noun.
_LONGEST_UNIT = 6
_MOST_MODIFIERS = 4

DURATIONS = frozenset(("years", "months", "weeks", "days", "hours", "decades"))

_ADJECTIVE = re.compile(r"\w+(?:al|ic|ive|ous|ary|ful|less|able|ible|ed|ing|ish|ese|an|ern|ish)$")
_MODEL = re.compile(r"[A-Z][\w-]*\d[A-Z]?s$")
_PLAIN_MODIFIERS = frozenset(
    "aid air american-made anti army artillery asylum battle bed big border care cash child climate coal coast "
    "combat crack cruise defence defense different drone election elite extra female food fresh front full "
    "further gas ground guard guest health heavy high hospital humanitarian junior key land large light local "
    "long low main major male medical medium metric modern more naval navy new nuclear old opposition other party "
    "patrol peace police poor power range refugee relief rescue reserve school sea security self-propelled senior "
    "separate short small so-called such surface-to-air surface-to-surface top trade troop ukraine used vaccine "
    "war wind women world young".split()
)
_NO_MODIFIERS = frozenset(
    "A According An And April At August But By December February Friday He His In It Its January July June March "
    "May Monday November October On Or Our Saturday September She Sunday The Their They Thursday Tuesday We "
    "Wednesday".split()
)
_AFTER_HYPHEN = {"strong": "people", "member": "people", "man": "people", "person": "people", "nation": "countries"}
_MILITARY_AFTER = frozenset("force contingent army brigade battalion corps military garrison army mission unit".split())


def match_money(text: str, tokens: Sequence[Token], at: int) -> tuple[str, int] | None:
    """Match the name, code or symbol of a currency at a token: its ISO 4217 code and the index after it."""
    for size in range(min(4, len(tokens) - at), 0, -1):
        unit = _money_names().get(_joined(text, tokens, at, size))
        if unit is None and size == 1:
            unit = _money_signs().get(tokens[at].text)
        if unit is not None:
            return unit, at + size
    return None


def money_of_symbol(symbol: str) -> str:
    """Give the ISO 4217 code of a symbol or code that stands before a figure."""
    return _money_signs()[symbol]


def match_unit(text: str, tokens: Sequence[Token], at: int, *, plural: bool) -> tuple[str, int] | None:
    """Match what is counted, from the token after a number: its unit and the index after it.

    Modifiers may come before the noun ("new F-16 fighter jets"), and of two nouns side by side the last one counts
    ("police stations"). After a `plural` number the noun must stand in the plural.
    """
    for skipped in range(_MOST_MODIFIERS + 1):
        place = at + skipped
        if place >= len(tokens):
            return None
        found = _head(text, tokens, place, plural=plural) or (_nationals(tokens[place]) if plural else None, place + 1)
        if found[0] is not None:
            return _last_noun(text, tokens, (found[0], found[1]), plural=plural)
        if not _is_modifier(tokens[place]):
            return None
    return None


def match_hyphenated(text: str, tokens: Sequence[Token], at: int) -> tuple[str, int] | None:
    """Match the unit in "10-year", "5,000-strong force", "50-megawatt", from the hyphen after the number."""
    if at + 1 >= len(tokens) or tokens[at].text != "-" or tokens[at].start != tokens[at - 1].end:
        return None
    word = tokens[at + 1].low
    if word in _AFTER_HYPHEN:
        soldiers = at + 2 < len(tokens) and tokens[at + 2].low in _MILITARY_AFTER
        return ("troops" if soldiers else _AFTER_HYPHEN[word]), at + 2
    unit = _money_names().get(word) or _singulars().get(word) or _plurals().get(word)
    old = at + 3 < len(tokens) and tokens[at + 2].text == "-" and tokens[at + 3].low.startswith("old")
    return None if unit is None or old or word.endswith("-old") else (unit, at + 2)


def _head(text: str, tokens: Sequence[Token], at: int, *, plural: bool) -> tuple[str, int] | None:
    table = _plurals() if plural else _singulars()
    longest = min(_LONGEST_UNIT, len(tokens) - at) if tokens[at].low in _first_words() else 0
    for size in range(longest, 0, -1):
        unit = table.get(_joined(text, tokens, at, size))
        if unit is not None:
            return unit, at + size
    if plural and _MODEL.match(tokens[at].text):
        return f"items:{tokens[at].text}", at + 1
    return None


def _last_noun(text: str, tokens: Sequence[Token], found: tuple[str, int], *, plural: bool) -> tuple[str, int]:
    """Go on to a noun that follows at once and is the head ("police stations")."""
    following = _head(text, tokens, found[1], plural=plural) if found[1] < len(tokens) else None
    measure = found[0] == "percent" or not found[0].islower()
    return found if following is None or measure or following[0] in DURATIONS else following


def _nationals(token: Token) -> str | None:
    """Give the unit of a people's name in the plural ("500 Palestinians")."""
    return "people" if token.text in _demonyms() else None


def _is_modifier(token: Token) -> bool:
    if token.kind is TokenKind.DIGITS:
        return False
    if token.text[0].isupper():
        return token.text not in _NO_MODIFIERS
    return bool(
        token.low in _PLAIN_MODIFIERS
        or token.low in _singulars()
        or "-" in token.low[1:]
        or _ADJECTIVE.match(token.low)
    )


def _joined(text: str, tokens: Sequence[Token], at: int, size: int) -> str:
    """Give some tokens as one string in lower case, with single spaces where the text has white space."""
    return " ".join(text[tokens[at].start : tokens[at + size - 1].end].lower().split())


@functools.cache
def _plurals() -> dict[str, str]:
    return {row["plural"].lower(): row["unit"] for row in read_table("units")}


@functools.cache
def _singulars() -> dict[str, str]:
    return {row["form"].lower(): row["unit"] for row in read_table("units")}


@functools.cache
def _first_words() -> frozenset[str]:
    """The first tokens of all units; what begins with none of them need not be looked up."""
    return frozenset(tokenise(form)[0].low for form in _plurals() | _singulars())


@functools.cache
def _money_names() -> dict[str, str]:
    places = ("name", "code")
    return {row["form"].lower(): row["unit"] for row in read_table("units_currencies") if row["place"] in places}


@functools.cache
def _money_signs() -> dict[str, str]:
    return {row["form"]: row["unit"] for row in reversed(read_table("units_currencies")) if row["place"] != "name"}


@functools.cache
def _demonyms() -> frozenset[str]:
    """All peoples' names in the plural; those in -ese, -ish and -ch are their own plural."""
    names = [name for row in read_table("countries") for name in split_cell(row["demonyms"])]
    return frozenset(name if name.endswith(("ese", "ish", "ch", "s")) else f"{name}s" for name in names)
