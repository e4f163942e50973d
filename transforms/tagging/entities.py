"""Unknown names: whether a run of capitalised words names a person or an organisation, by grammar, heads and hints."""

import dataclasses
from collections.abc import Mapping, Sequence

from spacy.tokens import Doc

from schemas.tags import ActorType
from transforms.tagging import bodies
from transforms.tagging.bodies import NO_APPOSITION
from transforms.tagging.naming import (
    Chunk,
    Title,
    given_names,
    is_initial,
    is_name_word,
    opens_sentence,
    organisation_heads,
    words,
)
from transforms.tagging.reasons import refuse

_SPEECH = frozenset(
    "said says say told tells added adds announced warned urged called stated states wrote tweeted argued insisted "
    "denied confirmed explained noted declared claimed criticized criticised described condemned accused vowed pledged "
    "promised rejected welcomed expressed reported suggested believes thinks commented replied responded asked praised "
    "met visited agreed refused offered proposed threatened has had is was will would".split()
)
# Those who are called by one name.
_CROWNED = frozenset("king queen prince princess pope patriarch emperor emir sultan sheikh imam ayatollah".split())


@dataclasses.dataclass(frozen=True, slots=True)
class Guess:
    """What a chunk is taken for. `title` is the one that stands before a person's name; `rule` says why."""

    start: int
    end: int
    type: ActorType
    rule: str
    title: Title | None = None


def guess(doc: Doc, chunk: Chunk, titles: Sequence[Title | None], alone: Mapping[str, int]) -> Guess | None:
    """Decide what a chunk names, by the strongest sign that it has; None where it names no party.

    `alone` counts the words of the text that stand after no other name word.
    """
    title = title_before(doc, chunk.start, titles)
    headed = bodies.sort_by_head(doc, chunk)
    if headed is not None:
        return Guess(chunk.start, chunk.end, headed, "organisation_head")
    if (
        bodies.is_thing(doc, chunk)
        or bodies.is_located(doc, chunk)
        or all(token.text in words("creed") for token in doc[chunk.start : chunk.end])
    ):
        refuse(doc[chunk.start], "thing", end=chunk.end)
        return None
    described = bodies.sort_by_noun(doc, chunk)
    if described is not None:
        return Guess(chunk.start, chunk.end, described, "organisation_noun")
    personal = _is_personal(doc, chunk)
    if title is not None and personal and not _is_post(doc, chunk, title):
        return Guess(chunk.start, chunk.end, ActorType.PERSON, f"title_{title.rank}", title)
    label = hint(doc, chunk.start, chunk.end)
    if label != "ORG" and personal and _has_given_name(doc, chunk):
        return Guess(chunk.start, chunk.end, ActorType.PERSON, "given_name")
    beside = _followed_by_title(doc, chunk, titles) or _follows_office(doc, chunk, titles)
    if personal and chunk.end - chunk.start > 1 and beside:
        return Guess(chunk.start, chunk.end, ActorType.PERSON, "apposition")
    if label == "PERSON" and personal and _is_supported(doc, chunk, alone):
        return Guess(chunk.start, chunk.end, ActorType.PERSON, "entity_person")
    if label == "ORG" and _is_settled(doc, chunk) and not _is_portfolio(doc, chunk, titles):
        return Guess(chunk.start, chunk.end, ActorType.ORGANISATION, "entity_organisation")
    return None


def _is_post(doc: Doc, chunk: Chunk, title: Title) -> bool:
    """Tell whether a word after a title only goes on naming the post: "Chief Counsel", "Ambassador Extraordinary".

    One word is a name where the entities say so; where nothing has marked entities, it is taken for one.
    """
    if chunk.end - chunk.start > 1 or title.rank == "honorific" or title.office in _CROWNED:
        return False
    if hint(doc, chunk.start, chunk.end) == "PERSON":
        return False
    # Not `doc.ents`, which makes all spans of a document anew at each look.
    return doc.has_annotation("ENT_IOB") and any(token.ent_type for token in doc)


def title_before(doc: Doc, start: int, titles: Sequence[Title | None]) -> Title | None:
    """Give the title that ends right before a name, or before its "for ..." or comma-less name of an office."""
    if start == 0 or opens_sentence(doc, start):
        return None
    return titles[start - 1]


def role_after(doc: Doc, start: int, end: int, titles: Sequence[Title | None]) -> str | None:
    """Give the office or calling that an apposition adds: "Ms. Rathke, the department's spokeswoman"."""
    if end + 1 >= len(doc) or doc[end].text != ",":
        return None
    if start > 1 and doc[start - 1].lower_ == "to" and doc[start - 2].lower_ == "according":
        return None  # What follows the comma is the report, not more about its source.
    for place in range(end + 1, min(end + 7, len(doc))):
        title = titles[place]
        if title is not None and title.rank != "honorific":
            listed = title.end < len(doc) and is_name_word(doc[title.end])  # The title of the next in a list.
            return None if listed else doc[title.start : title.end].text
        ends = doc[place].lower_ in NO_APPOSITION or opens_sentence(doc, place)
        if ends or not (doc[place].is_alpha or doc[place].text in ("'s", "’s", "-")):
            return None
    return None


def hint(doc: Doc, start: int, end: int) -> str:
    """Give the entity label of most tokens of a span, as PERSON, ORG, place or nothing."""
    labels = [doc[place].ent_type_ for place in range(start, end)]
    counted = max(set(labels), key=lambda label: (labels.count(label), label)) if labels else ""
    return {"PER": "PERSON", "LOC": "GPE", "FAC": "GPE", "NORP": "NORP"}.get(counted, counted)


def _is_personal(doc: Doc, chunk: Chunk) -> bool:
    names = [doc[place] for place in range(chunk.start, chunk.end)]
    if len(names) > 9 or any(token.like_num or token.text in ("of", "and", "&", "for", "on") for token in names):
        return False
    if len(names) == 1 and (names[0].is_upper or names[0].text in organisation_heads("last")):
        return False
    return any(
        (token.text.isalpha() and len(token.text) > 1 and not token.is_upper) or token.text.isupper() for token in names
    )


def _has_given_name(doc: Doc, chunk: Chunk) -> bool:
    tokens = [token for token in doc[chunk.start : chunk.end] if is_name_word(token)]
    if len(tokens) < 2 or tokens[0].text not in given_names() or not _is_personal(doc, chunk):
        return False
    return all(
        token.text[1:].islower() or is_initial(token) or "'" in token.text or "’" in token.text or not token.is_upper
        for token in tokens
    )


def acts(doc: Doc, start: int, end: int) -> bool:
    """Tell whether a verb that parties do, or a possessive, stands beside a name."""
    after = doc[end].lower_ if end < len(doc) else ""
    before = doc[start - 1].lower_ if start else ""
    return after in _SPEECH or before in _SPEECH or after in ("'s", "’s")


def _is_supported(doc: Doc, chunk: Chunk, alone: Mapping[str, int]) -> bool:
    """Tell whether a person that only the entities know has a second sign: an act, or the family name alone."""
    if _speaks(doc, chunk):
        return True
    if chunk.end - chunk.start == 1:
        return False
    return acts(doc, chunk.start, chunk.end) or alone.get(doc[chunk.end - 1].text, 0) > 0


def without_portfolio(doc: Doc, chunk: Chunk, titles: Sequence[Title | None]) -> Chunk:
    """Cut what an office is for off the name behind it: "Assistant Secretary of Education Ada Wanjiru"."""
    if not _is_portfolio(doc, chunk, titles):
        return chunk
    for place in range(chunk.start + 1, chunk.end - 1):
        if doc[place].text in given_names() and is_name_word(doc[place + 1]):
            return Chunk(place, chunk.end)
    return chunk


def _is_portfolio(doc: Doc, chunk: Chunk, titles: Sequence[Title | None]) -> bool:
    """Tell whether a name is what an office is for: "High Representative for Foreign Affairs"."""
    return chunk.start > 1 and doc[chunk.start - 1].text in ("for", "of") and titles[chunk.start - 2] is not None


def _is_settled(doc: Doc, chunk: Chunk) -> bool:
    """Tell whether an organisation that only the entities know has more than one sign: words, repeats, or an act."""
    if chunk.end - chunk.start > 1:
        return True
    word = doc[chunk.start].text
    if len(word) < 2 or word in words("opener"):
        return False
    return _speaks(doc, chunk) or (acts(doc, chunk.start, chunk.end) and any(char.isupper() for char in word[1:]))


def _speaks(doc: Doc, chunk: Chunk) -> bool:
    """Tell whether a verb of speech stands beside a name."""
    after = doc[chunk.end].lower_ if chunk.end < len(doc) else ""
    before = doc[chunk.start - 1].lower_ if chunk.start else ""
    return after in words("speech") or before in words("speech")


def _follows_office(doc: Doc, chunk: Chunk, titles: Sequence[Title | None]) -> bool:
    """Tell whether an office and a comma stand before a name: "the mayor of Nairobi, Ada Wanjiru"."""
    place = chunk.start - 2
    if place < 1 or doc[place + 1].text != "," or opens_sentence(doc, chunk.start):
        return False
    for before in range(place, max(-1, place - 6), -1):
        title = titles[before]
        if title is not None:
            return title.rank != "honorific"
        linking = doc[before].lower_ in ("of", "for", "in", "the", "to") or is_name_word(doc[before])
        if not linking or opens_sentence(doc, before):
            return False
    return False


def _followed_by_title(doc: Doc, chunk: Chunk, titles: Sequence[Title | None]) -> bool:
    """Tell whether a comma and a title follow: "Ali Alghasi Mehr, the prosecutor general"."""
    place = chunk.end
    if place + 1 >= len(doc) or doc[place].text != ",":
        return False
    if doc[place + 1].lower_ in ("who", "whose", "whom"):
        return True
    for ahead in range(place + 1, min(place + 7, len(doc))):
        if titles[ahead] is not None:
            return True
        if not (doc[ahead].is_alpha or doc[ahead].text in ("'s", "’s", "-", "U.S.", "U.N.")):
            return False
    return False
