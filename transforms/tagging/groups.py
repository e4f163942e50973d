"""Groups: nameless parties, which stand as the text has them, with their count: "26 countries", "the leaders"."""

import functools

from spacy.tokens import Span, Token

from schemas.tags import Actor, ActorType
from transforms.tagging.gazetteer import slugify
from transforms.tagging.lexicon import read_table
from transforms.tagging.mentions import mentions_of

_NUMBERS = {
    word: number
    for number, word in enumerate(
        "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen "
        "seventeen eighteen nineteen twenty".split()
    )
} | {"dozen": 12, "thirty": 30, "forty": 40, "fifty": 50, "hundred": 100}


# Tokens from a head to the noun that it belongs to.
_LONGEST_OWNER = 6


@functools.cache
def heads(group: str) -> frozenset[str]:
    """Give the nouns of one class of the table `party_heads`."""
    return frozenset(row["word"] for row in read_table("party_heads") if row["class"] == group)


def is_plural(head: Token) -> bool:
    """Tell whether a noun is plural, by the model where it says, else by its form."""
    number = head.morph.get("Number", [])
    if number:
        return "Plur" in number
    return head.lower_ in heads("plural") and head.lower_.endswith(("s", "men", "people"))


def counted(span: Span) -> int | None:
    """Give the number that counts a phrase's head: 26 in "26 countries", 12 in "a dozen states"."""
    for token in span:
        text = token.text.replace(",", "")
        if text.isdigit() and not 1900 <= int(text) <= 2100:
            return int(text)
        if token.lower_ in _NUMBERS and token.lower_ != "one":
            return _NUMBERS[token.lower_]
    return None


def nameless_group(span: Span, head: Token) -> Actor:
    """Make a nameless group of the phrase up to its head, without a clause that follows."""
    doc = span.doc
    name = " ".join(doc[span.start : _end_of_name(head)].text.split())
    country = _country(doc[span.start : _end_of_name(head)])
    bare = name.split(" ", 1)[1] if name.lower().startswith(("the ", "a ", "an ")) and " " in name else name
    return Actor(f"group:{slugify(bare)}", name, ActorType.GROUP, country, counted(doc[span.start : head.i + 1]))


def _end_of_name(head: Token) -> int:
    """Take in whose heads or members they are: "the heads of other countries"."""
    doc, end = head.doc, head.i + 1
    if head.lower_ not in heads("relational") or end >= len(doc) or doc[end].lower_ != "of":
        return end
    owners = [child for child in head.children if child.i > end and any(c.i == end for c in child.children)]
    if not owners or owners[0].i - head.i > _LONGEST_OWNER:
        return end
    return owners[0].i + 1


def _country(phrase: Span) -> str | None:
    """Give the country of "the Fijian rebels": that of the one state in their name."""
    named = mentions_of(phrase.doc, "actor_candidates").within(phrase.start, phrase.end)
    found = {one._.mention.country for one in named if one._.mention.type is ActorType.STATE}
    return found.pop() if len(found) == 1 else None


def whole_of(head: Token) -> Token | None:
    """Give the plural of which a word is a part: the countries of "a range of countries"."""
    for child in head.children:
        opened = child.i > head.i + 1 and child.doc[head.i + 1].lower_ == "of"
        if opened and child.lower_ in heads("plural"):
            return child
        if child.lower_ == "of" and child.i == head.i + 1:
            return next((noun for noun in child.children if noun.lower_ in heads("plural")), None)
    return None
