"""Linking: from known forms, titles and unknown names of a text to the actors that it speaks of."""

import dataclasses
import datetime
import re
from collections.abc import Iterator

from spacy.tokens import Doc

from schemas.tags import ActorType
from transforms.tagging import bodies, entities, memory
from transforms.tagging.belonging import country_beside
from transforms.tagging.contexts import Weight
from transforms.tagging.entities import Guess
from transforms.tagging.gazetteer import Gazetteer, Sense, bodies_flagged, fold, slugify, states
from transforms.tagging.known import Found, read_known
from transforms.tagging.leaders import Leader
from transforms.tagging.memory import Identity, Memory
from transforms.tagging.naming import Chunk, is_name_word, name_chunks, words
from transforms.tagging.reasons import refuse
from transforms.tagging.scenes import Scene, read_scene
from transforms.tagging.shortenings import read_acronyms, read_short_names
from transforms.tagging.survey import Survey, survey

# Names found by these are parties in any text.
_PUBLIC_RULES = frozenset({"leader", "gazetteer_seat", "administration"})

Reading = tuple[Chunk, Guess | None]


def read_names(doc: Doc, gazetteer: Gazetteer, day: datetime.date | None) -> list[Found]:
    """Find the mentions of a document in text order; none overlap. `day` is when it was published."""
    if not len(doc):
        return []
    known = survey(doc, gazetteer, day)
    people = Memory(day)
    found, leaders = read_known(known)
    found += _read_leaders(known, people, leaders)
    chunks = [part for chunk in name_chunks(doc, known.barriers) for part in _parts(known, chunk)]
    _meet_people(known, people, chunks)
    unread: list[Chunk] = []
    for chunk, guess in chunks:
        one = _read_chunk(known, people, chunk, guess)
        if one is None:
            unread.append(chunk)
            refuse(doc[chunk.start], "no-sign", end=chunk.end)
        else:
            found.append(one)
    found = [_administration(known, people, one) for one in _without_overlaps(found)]
    found += read_short_names(known, found, unread)
    return _settle(known, people, read_acronyms(doc, _without_overlaps(found)))


def name_words(text: str) -> tuple[str, ...]:
    """Give the words of a name as memory keeps them: folded, without dashes and middle initials."""
    parts = re.findall(r"[^\s\-‐‑–]+", fold(text))
    return tuple(part for place, part in enumerate(parts) if place == 0 or not re.fullmatch(r"[A-Z]\.?", part))


def _without_overlaps(found: list[Found]) -> list[Found]:
    """Sort mentions; of two that overlap the longer stays, and where a name has a state in it, the name."""
    kept: list[Found] = []
    for one in sorted(found, key=lambda one: (one.start, -one.end)):
        if not kept or one.start >= kept[-1].end:
            kept.append(one)
        elif one.end - one.start > kept[-1].end - kept[-1].start:
            kept[-1] = one
    return kept


# People


def _read_leaders(known: Survey, people: Memory, leaders: list[tuple[int, int, Leader]]) -> Iterator[Found]:
    for start, end, leader in leaders:
        identity = memory.leader_identity(leader, known.day)
        for form in (*leader.forms, *leader.families, known.doc[start:end].text):
            people.add(name_words(form), identity)
        yield _person(known, start, end, identity)


def _meet_people(known: Survey, people: Memory, chunks: list[Reading]) -> None:
    """Remember every full name before any short one is read."""
    for chunk, guess in chunks:
        if guess is not None and guess.type is ActorType.PERSON:
            name = _name(known, chunk)
            if len(name) > 1 and (guess.title is None or people.recall(name) is None):
                people.add(name, _identify(known, chunk, guess, name))


def _identify(known: Survey, chunk: Chunk, guess: Guess, name: tuple[str, ...]) -> Identity:
    leader = memory.named_leader(name)
    if leader is not None:
        return memory.leader_identity(leader, known.day)
    settled, country = country_beside(known.doc, chunk.start, chunk.end, known.anchors, known.titles)
    text = known.doc[chunk.start : chunk.end].text
    return memory.unknown_person(text, country, rule=guess.rule, settled=settled)


def _name(known: Survey, chunk: Chunk) -> tuple[str, ...]:
    return name_words(known.doc[chunk.start : chunk.end].text)


def _find_person(known: Survey, people: Memory, chunk: Chunk, guess: Guess | None) -> Identity | None:
    name = _name(known, chunk)
    if all(part in words("particle") for part in name):
        return None
    recalled = people.recall(name)
    if recalled is not None:
        return recalled
    title = guess.title if guess else None
    if len(name) == 1 or known.doc[chunk.start].text in words("particle"):
        office = None if title is None or title.rank == "honorific" else title.office
        after = known.doc[chunk.end].lower_ if chunk.end < len(known.doc) else ""
        addressed = title is not None or after in ("administration", "regime")
        leader = memory.known_leader(" ".join(name), known.day, office, addressed=addressed)
        if leader is not None and _may_serve(known, chunk, leader):
            identity = memory.leader_identity(leader, known.day)
            people.add(name, identity)
            return identity
    if guess is None or (len(name) == 1 and title is None and guess.rule != "entity_person"):
        return None
    identity = _identify(known, chunk, guess, name)
    people.add(name, identity)
    return identity


def _may_serve(known: Survey, chunk: Chunk, leader: Leader) -> bool:
    """Tell whether a leader can be meant beside the state that is named with the title: "the Polish president Bush"."""
    settled, country = country_beside(known.doc, chunk.start, chunk.end, known.anchors, known.titles)
    return not settled or country is None or any(term.country in (country, None) for term in leader.terms)


def _person(known: Survey, start: int, end: int, identity: Identity) -> Found:
    title = entities.title_before(known.doc, start, known.titles)
    role = known.doc[title.start : title.end].text if title and title.rank != "honorific" else None
    if role is None:
        role = entities.role_after(known.doc, start, end, known.titles)
    return Found(start, end, identity.actor_id, identity.name, identity.type, identity.country, role, identity.rule)


def _administration(known: Survey, people: Memory, one: Found) -> Found:
    """Read "the Bush administration" and "Maduro's regime" as the leader's state."""
    doc, end = known.doc, one.end
    if one.type is ActorType.ORGANISATION:
        if doc[end - 1].text not in ("Administration", "Regime", "Government") or end - one.start > 4:
            return one
        identity = _leader_called(known, doc[one.start].text) or people.recall(name_words(doc[one.start].text))
        country = identity.country if identity is not None else None
    else:
        end += end < len(doc) and doc[end].text in ("'s", "’s")
        if one.type is not ActorType.PERSON or end >= len(doc) or not _is_government(doc, one, end):
            return one
        country, end = one.country, end + 1
    state = states().get(country or "")
    if state is None:
        return one
    return Found(
        one.start, end, f"state:{state.iso3}", state.name, ActorType.STATE, state.country, None, "administration"
    )


def _is_government(doc: Doc, one: Found, place: int) -> bool:
    """Match "the Bush administration", "Maduro's regime", and of leaders "the Kibaki government" too."""
    word = doc[place].lower_
    return word in ("administration", "regime") or (word in ("government", "cabinet") and one.rule == "leader")


def _leader_called(known: Survey, family: str) -> Identity | None:
    leader = memory.known_leader(fold(family), known.day, None, addressed=True)
    return memory.leader_identity(leader, known.day) if leader is not None else None


# Unknown names


def _parts(known: Survey, chunk: Chunk) -> Iterator[Reading]:
    """Take a run as one organisation with a state in its name, or cut it at the states and read the parts."""
    chunk = entities.without_portfolio(known.doc, chunk, known.titles)
    inside = [place for place in range(chunk.start, chunk.end) if known.anchors[place] is not None]
    whole = len(inside) == chunk.end - chunk.start
    guess = None if whole else entities.guess(known.doc, chunk, known.titles, known.alone)
    if not inside or (guess is not None and guess.rule == "organisation_head"):
        yield chunk, guess
        return
    start = chunk.start
    for place in (*inside, chunk.end):
        end = place
        while start < end and not is_name_word(known.doc[end - 1]):
            end -= 1
        while start < end and not is_name_word(known.doc[start]):
            start += 1
        if start < end:
            part = Chunk(start, end)
            yield part, entities.guess(known.doc, part, known.titles, known.alone)
        start = place + 1


def _read_chunk(known: Survey, people: Memory, chunk: Chunk, guess: Guess | None) -> Found | None:
    name = _name(known, chunk)
    if not name:
        return None
    hinted = guess is not None and guess.rule == "entity_organisation"
    if guess is None or guess.type is ActorType.PERSON or (hinted and people.recall(name) is not None):
        identity = _find_person(known, people, chunk, guess)
        if identity is not None:
            return _person(known, chunk.start, chunk.end, identity)
    if guess is not None and guess.type is not ActorType.PERSON:
        return _organisation(known, chunk, guess)
    return None


def _organisation(known: Survey, chunk: Chunk, guess: Guess) -> Found:
    doc, start, end = known.doc, chunk.start, chunk.end
    inside = [anchor for anchor in known.anchors[start:end] if anchor is not None]
    name = " ".join(doc[start:end].text.split())
    if inside:
        country = inside[0].country
        name = _spell_out(known, chunk)
    else:
        settled, country = country_beside(doc, start, end, known.anchors, known.titles)
        if not settled and not bodies.is_international(doc, start, end):
            country = states()[known.main].country if known.main else None
    prefix = "armed" if guess.type is ActorType.ARMED_GROUP else "org"
    return Found(start, end, f"{prefix}:{slugify(name)}", name, guess.type, country, None, guess.rule)


def _spell_out(known: Survey, chunk: Chunk) -> str:
    """Give an organisation's name with its state's name in full: "U.S. Embassy" as "United States Embassy"."""
    parts = []
    for place in range(chunk.start, chunk.end):
        anchor, token = known.anchors[place], known.doc[place]
        short = (
            anchor is not None and anchor.sense is Sense.NAME and anchor.end - anchor.start == 1 and "." in token.text
        )
        short = short or (anchor is not None and anchor.sense is Sense.NAME and token.is_upper and len(token.text) < 4)
        state = states().get(anchor.country or "") if anchor is not None and short else None
        parts.append((state.name if state else token.text) + token.whitespace_)
    return " ".join("".join(parts).split())


# The end


def _settle(known: Survey, people: Memory, found: list[Found]) -> list[Found]:
    """Give unknown people their country, and tell parties from mere places."""
    best: dict[str, Weight] = {}
    for one in found:
        best[one.actor_id] = max(best.get(one.actor_id, Weight.NONE), one.weight)
    countries = people.countries()
    home = states()[known.main].country if known.main else None
    scene = read_scene(known.doc)
    settled = []
    for one in found:
        acts = best[one.actor_id] >= Weight.PARTY and one.weight > Weight.NONE
        if not acts:
            refuse(known.doc[one.start], "place", one.actor_id, end=one.end)
        if acts and scene is not Scene.PUBLIC and not _acts_here(known.doc, one, scene):
            refuse(known.doc[one.start], str(scene.value), one.actor_id, end=one.end)
            acts = False
        country = one.country
        if one.type is ActorType.PERSON and one.actor_id in countries:
            is_known, country = countries[one.actor_id]
            country = country if is_known else home
        settled.append(dataclasses.replace(one, acts=acts, country=country))
    return settled


def _acts_here(doc: Doc, one: Found, scene: Scene) -> bool:
    """Tell whether a name is a party in a text that is not about public affairs: those who hold office, and bodies."""
    if one.rule in _PUBLIC_RULES:
        return True
    if one.type is ActorType.STATE:
        return scene is Scene.PRIVATE and entities.acts(doc, one.start, one.end)
    if one.type is ActorType.PERSON:
        return scene is Scene.PRIVATE and one.rule == "title_office"
    if one.actor_id in bodies_flagged("sport"):
        return entities.acts(doc, one.start, one.end)
    return one.rule in ("gazetteer_name", "acronym", "short_name", "institution")
