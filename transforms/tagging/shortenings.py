"""Shortenings: organisations named again by an acronym, a first word or "the Council"."""

import bisect
import dataclasses
import re
from collections.abc import Iterator

from spacy.tokens import Doc

from schemas.tags import ActorType
from transforms.tagging import entities
from transforms.tagging.known import Found
from transforms.tagging.naming import Chunk, opens_sentence, organisation_heads, words
from transforms.tagging.survey import Survey

# Bodies that a bare "the Council" means in a text that speaks of the European Union.
_UNION_BODIES = {
    "Council": ("igo:CEU", "Council of the European Union"),
    "Commission": ("igo:EC", "European Commission"),
}
_NAMED_SHORT = (ActorType.ORGANISATION, ActorType.ARMED_GROUP)
# What an acronym may have been taken for before its long form was seen.
_GUESSED = ("entity_organisation", "organisation_head", "entity_person")


def read_short_names(known: Survey, found: list[Found], unread: list[Chunk]) -> Iterator[Found]:
    """Read "the Council" and "Mahan" as the organisation of the text whose name ends or starts so."""
    by_word: dict[str, list[Found]] = {}
    for one in found:
        if one.type not in _NAMED_SHORT or not one.actor_id.startswith(("org:", "igo:", "armed:")):
            continue
        parts = one.name.replace("-", " ").split()
        if len(parts) > 1:
            for word in {parts[0], parts[-1]}:
                by_word.setdefault(word, []).append(one)
    union = any(one.actor_id == "igo:EU" for one in found)
    for chunk in unread:
        if chunk.end - chunk.start != 1:
            continue
        word = known.doc[chunk.start].text
        bodies = by_word.get(word, [])
        if word in organisation_heads("last"):
            body = _body_before(known, chunk, bodies, union=union)
        else:
            body = _body_called(known, chunk, bodies)
        if body is not None:
            yield dataclasses.replace(body, start=chunk.start, end=chunk.end, rule="short_name")


def _body_before(known: Survey, chunk: Chunk, bodies: list[Found], *, union: bool) -> Found | None:
    """Find what "the Council" means: the body of that sort last named, else the European Union's in a text about it."""
    if chunk.start == 0 or known.doc[chunk.start - 1].lower_ != "the":
        return None
    place = bisect.bisect_left(bodies, chunk.start, key=lambda one: one.start)
    if place:
        return bodies[place - 1]
    word = known.doc[chunk.start].text
    if not union or word not in _UNION_BODIES:
        return None
    actor_id, name = _UNION_BODIES[word]
    return Found(chunk.start, chunk.end, actor_id, name, ActorType.ORGANISATION, None, None, "short_name")


def _body_called(known: Survey, chunk: Chunk, bodies: list[Found]) -> Found | None:
    """Find the one organisation whose name starts with a word that stands alone."""
    word = known.doc[chunk.start].text
    if not bodies or len(word) < 4 or word in words("creed"):
        return None
    if opens_sentence(known.doc, chunk.start) and not entities.acts(known.doc, chunk.start, chunk.end):
        return None
    single = all(one.actor_id == bodies[0].actor_id for one in bodies) and re.match(
        rf"{re.escape(word)}[ -]", bodies[0].name
    )
    return bodies[0] if single else None


def read_acronyms(doc: Doc, found: list[Found]) -> list[Found]:
    """Read "Long Name (LN)" and "LN (the Long Name)", and then LN wherever it stands."""
    aliases: dict[str, Found] = {}
    for one in found:
        if one.type in (ActorType.STATE, ActorType.PERSON):
            continue
        for place in _bracketed(doc, one):
            if place < len(doc) and _is_acronym(doc[place].text):
                aliases[doc[place].text] = one
    if not aliases:
        return found
    at = {one.start: one for one in found if one.end == one.start + 1}
    covered = {place for one in found for place in range(one.start, one.end)}
    read = [
        one
        for one in found
        if not (doc[one.start].text in aliases and at.get(one.start) is one and one.rule in _GUESSED)
    ]
    for token in doc:
        alias = aliases.get(token.text)
        if alias is not None and (token.i not in covered or (token.i in at and at[token.i].rule in _GUESSED)):
            read.append(dataclasses.replace(alias, start=token.i, end=token.i + 1, rule="acronym"))
    return sorted(read, key=lambda one: one.start)


def _bracketed(doc: Doc, found: Found) -> Iterator[int]:
    if found.end + 2 < len(doc) and doc[found.end].text == "(" and doc[found.end + 2].text == ")":
        yield found.end + 1
    before = found.start - 1
    before -= before > 0 and doc[before].lower_ == "the"
    if before > 0 and doc[before].text == "(":
        yield before - 1


def _is_acronym(text: str) -> bool:
    capitals = sum(char.isupper() for char in text)
    return 1 < len(text) < 12 and text[0].isupper() and text.isalnum() and (capitals > 1 or len(text) < 7)
