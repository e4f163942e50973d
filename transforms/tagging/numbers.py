"""Numbers in running text: figures, words, magnitudes and what they come to."""

import dataclasses
import enum
import functools
import re
from collections.abc import Sequence

from transforms.tagging.lexicon import read_table


class TokenKind(enum.Enum):
    """What a token is to the reader of numbers."""

    DIGITS = "digits"
    WORD = "word"
    SYMBOL = "symbol"
    OTHER = "other"


@dataclasses.dataclass(frozen=True, slots=True)
class Token:
    """A word, figure, currency symbol before a figure, or single other character; `low` is its text in lower case."""

    kind: TokenKind
    start: int
    end: int
    text: str
    low: str


@dataclasses.dataclass(frozen=True, slots=True)
class Number:
    """A number phrase: `value`, the index of the token after it, and the magnitude that it was multiplied by."""

    value: float
    after: int
    magnitude: float = 1


def tokenise(text: str) -> tuple[Token, ...]:
    """Cut a text into the tokens that numbers and their units are read from. White space is dropped."""
    return tuple(
        Token(TokenKind(str(found.lastgroup)), found.start(), found.end(), found.group(), found.group().lower())
        for found in _tokens().finditer(text)
    )


def read_number(tokens: Sequence[Token], at: int) -> Number | None:
    """Read the number phrase that begins at a token: "1.5 billion", "2bn", "half a million", "twenty-five", "a dozen".

    None where no number begins there; "dozens", "several" and the like have no value and are none.
    """
    if at >= len(tokens):
        return None
    token = tokens[at]
    if token.kind is TokenKind.DIGITS:
        return _magnified(tokens, at + 1, _figure(token.text))
    if token.low == "half" and _low(tokens, at + 1) in ("a", "an"):
        return _magnified(tokens, at + 2, 0.5, required=True)
    if token.low in ("a", "an"):
        if _low(tokens, at + 1) == "half":
            return _magnified(tokens, at + 2, 0.5, required=True)
        if _low(tokens, at + 1) == "couple" and _low(tokens, at + 2) == "of":
            return Number(2, at + 3)
        return _magnified(tokens, at + 1, 1, required=True)
    return _read_words(tokens, at)


def _low(tokens: Sequence[Token], at: int) -> str:
    return tokens[at].low if at < len(tokens) else ""


def _figure(figure: str) -> float:
    if re.fullmatch(r"\d+,\d{1,2}", figure):
        return float(figure.replace(",", "."))  # A decimal comma: no grouping has one or two digits.
    return float(re.sub(r"[^\d.]", "", figure))


def _magnified(tokens: Sequence[Token], at: int, value: float, *, required: bool = False) -> Number | None:
    """Multiply a value by the magnitudes that follow; None where one is required and none follows."""
    magnitude = 1.0
    half = _low(tokens, at) == "and" and _low(tokens, at + 1) in ("a", "one") and _low(tokens, at + 2) == "half"
    if half:
        value, at = value + 0.5, at + 3
    while at < len(tokens):
        word = at + 1 if tokens[at].text == "-" and _low(tokens, at + 1) in _numerals("magnitude") else at
        factor = _numerals("magnitude").get(tokens[word].low) or _numerals("short").get(tokens[word].low)
        if factor is None and at and tokens[at].start == tokens[at - 1].end:
            factor = _numerals("glued").get(tokens[at].low)
        if factor is None:
            break
        magnitude, at = magnitude * factor, word + 1
    return None if required and magnitude == 1 else Number(value * magnitude, at, magnitude)


def _read_words(tokens: Sequence[Token], at: int) -> Number | None:
    """Read a number in words, by adding below a thousand and multiplying above."""
    total = current = 0.0
    first = at
    while at < len(tokens):
        values = [_numerals("word").get(part) for part in tokens[at].low.split("-")]
        if all(values) and _may_add(current, sum(filter(None, values))):
            current, at = current + sum(filter(None, values)), at + 1
        elif tokens[at].low == "hundred" and 0 < current < 100:
            current, at = current * 100, at + 1
        elif tokens[at].low == "thousand" and 0 < current < 1000:
            total, current, at = total + current * 1000, 0, at + 1
        elif tokens[at].low == "and" and at > first and _low(tokens, at - 1) in ("hundred", "thousand"):
            if _low(tokens, at + 1).split("-")[0] not in _numerals("word"):
                break
            at += 1
        else:
            break
    return _magnified(tokens, at, total + current) if at > first else None


def _may_add(current: float, value: float) -> bool:
    """Tell whether a word of number goes on with the one before: "twenty" "five" does, "two" "three" does not."""
    return current % 100 == 0 or (current % 100 >= 20 and current % 10 == 0 and value < 10)


@functools.cache
def _numerals(role: str) -> dict[str, float]:
    return {row["form"]: float(row["value"]) for row in read_table("units_numbers") if row["role"] == role}


@functools.cache
def _tokens() -> re.Pattern[str]:
    """Make the pattern of tokens; currency symbols count as such only right before a figure."""
    places = ("symbol", "code")
    symbols = [row["form"] for row in read_table("units_currencies") if row["place"] in places]
    either = "|".join(re.escape(symbol) for symbol in sorted(symbols, key=len, reverse=True))
    words = "|".join(_numerals("word"))
    numerals = f"{words}|{'|'.join(_numerals('magnitude'))}"
    figure = (
        r"\d{1,3}(?:[, \xa0\u202f]\d{3})+(?![\d,])(?:\.\d+)?"  # 20,000 and 20 000
        r"|\d{1,3}(?:,\d{2})*,\d{3}"  # 5,00,000
        r"|\d+[.,]\d+|\d+"
    )
    # A number before a hyphen is a word of its own in "five-year", and part of one in "twenty-five".
    numeral = rf"(?i:\b(?:{numerals})(?=-(?!(?:{words})\b)[a-z]))"
    return re.compile(
        rf"(?P<symbol>(?<![^\W_])(?:{either})(?=[ \xa0]?\d))"
        rf"|(?P<digits>(?<![^\W_])(?:{figure}))"
        rf"|(?P<word>{numeral}|(?:[^\W\d_]\.){{2,}}|[^\W\d_]\w*(?:[-’'][^\W_]\w*)*)"
        r"|(?P<other>\S)"
    )
