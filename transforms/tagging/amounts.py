"""Amounts: money, people, things, shares and measures that an act is counted in."""

import dataclasses
import re
from collections.abc import Sequence

from schemas.tags import Amount
from transforms.tagging.numbers import Number, Token, TokenKind, read_number, tokenise
from transforms.tagging.units import DURATIONS, match_hyphenated, match_money, match_unit, money_of_symbol

# Phrases before a number that say how near it comes; they belong to the amount's surface.
_APPROXIMATIONS = tuple(
    tuple(phrase.split())
    for phrase in (
        "no more than|not more than|no less than|not less than|no fewer than|not fewer than|more than|less than|"
        "fewer than|greater than|as much as|as many as|as little as|as few as|well over|just over|just under|up to|"
        "at least|at most|close to|upwards of|in excess of|a minimum of|a maximum of|an estimated|estimated|about|"
        "around|nearly|almost|over|under|some|approximately|roughly|circa|exactly|only|~|>|<|≈|±"
    ).split("|")
)
_LAST_OF_APPROXIMATIONS = frozenset(phrase[-1] for phrase in _APPROXIMATIONS)
# A number after one of these is a name or a date and counts nothing.
_NAMING = re.compile(
    r"(?:article|section|chapter|resolution|no|nos|number|page|room|flight|group|figure|table|phase|level|tier|annex|"
    r"paragraph|clause|part|title|rule|type|leopard|challenger|boeing|airbus|mark|mk|typ|cop|stream|area|sector|route|"
    r"january|february|march|april|may|june|july|august|september|october|november|december|jan|feb|apr|aug|sept|oct|"
    r"nov|dec|#)$"
)
_DATING = frozenset("in since by until from during before after early late mid year fiscal fy of the".split())
_BEFORE_DURATION = frozenset("of for by additional another least".split())
_AFTER_AGE = frozenset("ago old later earlier before after from since".split())
_OUTPUT = re.compile(
    r"\s+of\s+(?:(?:its|their|the|our|his|national)\s+){0,2}"
    r"(?:GDP|GNI|GNP|gross domestic product|gross national income|national income|economic output)\b"
)


@dataclasses.dataclass(frozen=True, slots=True)
class FoundAmount:
    """An amount and where it stands: code-point offsets of its surface, end excluded."""

    start: int
    end: int
    amount: Amount


def find_amounts(text: str) -> tuple[FoundAmount, ...]:
    """Find the amounts in a text, in order and without overlap.

    The surface takes in the words of nearness before the number ("about", "up to") and the unit after it. Of a range
    ("10 to 20 million dollars", "between 5 and 8 per cent") the value is the lower end: no more than that is promised.
    Of a change ("from 25% to 18%") it is where the change leads. Dates, ages, ordinals and numbers of articles are no
    amounts; a duration is one only as a measure ("a ten-year pact", "for six months").
    """
    tokens = tokenise(text)
    found: list[FoundAmount] = []
    at = 0
    while at < len(tokens):
        parsed = _read_amount(text, tokens, at)
        if parsed is None or (found and tokens[parsed[0]].start < found[-1].end):
            at += 1
            continue
        first, after, value, unit = parsed
        # "pounds of" is one unit in the table, but the preposition is none of the amount's.
        start, end = tokens[first].start, tokens[after - 1 - (tokens[after - 1].low == "of")].end
        output = _OUTPUT.match(text, end, end + 80) if unit == "percent" else None
        end = output.end() if output else end
        found.append(FoundAmount(start, end, Amount(value, unit, text[start:end])))
        at = after
    return tuple(found)


def _read_amount(text: str, tokens: Sequence[Token], at: int) -> tuple[int, int, float, str] | None:
    """Read the amount whose number or symbol is at a token: its first token, the one after it, value and unit."""
    low = _read_bare(text, tokens, at)
    if low is None or _names_or_dates(tokens, at):
        return None
    number, unit, after = low
    first = _extend_left(tokens, at)
    high = _read_high_end(text, tokens, at, after, unit)
    value = number.value
    if high is not None:
        upper, upper_unit, after = high
        if number.magnitude == 1 and unit in (None, upper_unit) and number.value < 1000:
            value *= upper.magnitude
        led = tokens[at - 1].low if at else ""
        first = at - 1 if led in ("from", "between") else first
        value, unit = (upper.value if led == "from" else min(value, upper.value)), unit or upper_unit
    if unit is None or (unit in DURATIONS and not _measures(tokens, at, first, after)):
        return None
    return first, after, value, unit


def _read_bare(text: str, tokens: Sequence[Token], at: int) -> tuple[Number, str | None, int] | None:
    """Read a symbol, a number and a unit, the last of which may be wanting in the lower end of a range."""
    symbol = tokens[at].kind is TokenKind.SYMBOL
    number = read_number(tokens, at + symbol)
    if number is None:
        return None
    if symbol:
        return number, money_of_symbol(tokens[at].text), number.after
    if number.after >= len(tokens):
        return number, None, number.after
    money = match_money(text, tokens, number.after)
    unit = (
        match_hyphenated(text, tokens, number.after)
        or (money if money and not _is_weight(tokens, number, money[1]) else None)
        or match_unit(text, tokens, number.after, plural=number.value != 1)
    )
    return (number, unit[0], unit[1]) if unit else (number, None, number.after)


def _is_weight(tokens: Sequence[Token], number: Number, after: int) -> bool:
    """Tell whether "pounds" weigh: "500 pounds of explosives", where millions "of aid" are money."""
    of = after < len(tokens) and tokens[after].low == "of"
    return tokens[after - 1].low in ("pound", "pounds") and of and number.magnitude < 10**6


def _read_high_end(
    text: str, tokens: Sequence[Token], at: int, after: int, unit: str | None
) -> tuple[Number, str, int] | None:
    """Read the upper end of a range, from the token after the lower end."""
    if after + 1 >= len(tokens):
        return None
    link, led = tokens[after].low, tokens[at - 1].low if at else ""
    links = ("to", "-", "–", "or") if led != "between" else ("and",)
    if link not in links or (link == "to" and unit and led == "by"):
        return None
    high = _read_bare(text, tokens, after + 1)
    if high is None or (high[1] is None and unit is None) or (unit and high[1] not in (None, unit)):
        return None
    return high[0], high[1] or str(unit), high[2]


def _extend_left(tokens: Sequence[Token], at: int) -> int:
    """Give the index of the first token of the words of nearness before a number."""
    if at == 0 or tokens[at - 1].low not in _LAST_OF_APPROXIMATIONS:
        return at
    for phrase in _APPROXIMATIONS:
        begin = at - len(phrase)
        if begin >= 0 and all(tokens[begin + i].low == word for i, word in enumerate(phrase)):
            return begin
    return at


def _names_or_dates(tokens: Sequence[Token], at: int) -> bool:
    """Tell whether the number at a token is part of a name or a year."""
    if at == 0 or tokens[at].kind is not TokenKind.DIGITS:
        return False
    before = tokens[at - 1]
    if before.text == "." and at > 1:
        before = tokens[at - 2]
    if _NAMING.match(before.low):
        return not (before.low in ("may", "march", "mark", "no", "number") and before.text.islower())
    year = tokens[at].text.isdecimal() and len(tokens[at].text) == 4 and tokens[at].text[:2] in ("19", "20")
    return year and before.low in _DATING


def _measures(tokens: Sequence[Token], at: int, first: int, after: int) -> bool:
    """Tell whether a duration is what is promised, rather than when."""
    if after < len(tokens) and tokens[after].low in _AFTER_AGE:
        return False
    hyphenated = any(token.text == "-" for token in tokens[at:after])
    return hyphenated or (first > 0 and tokens[first - 1].low in _BEFORE_DURATION)
