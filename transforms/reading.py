"""Reading names: from known forms, titles and unknown names of a text to the actors that it speaks of."""

import dataclasses
import datetime
import re
from collections import Counter
from collections.abc import Iterator

from spacy.tokens import Doc

from schemas.tags import ActorType
from transforms import contexts, entities, memory
from transforms.contexts import Anchor, Weight
from transforms.entities import Guess
from transforms.gazetteer import Entry, Gazetteer, Hit, Sense, fold, slugify, states
from transforms.memory import Identity, Memory
from transforms.naming import Chunk, Title, find_titles, is_name_word, name_chunks, opens_sentence, words

# Acronyms of two characters that mean what they say without their long form.
_PLAIN_PAIRS = frozenset({"UN", "EU", "US", "UK", "AP", "BP", "AU", "GM", "VW", "G7", "G8", "HP"})
_STATE_SENSES = (Sense.NAME, Sense.DEMONYM, Sense.CAPITAL, Sense.SEAT)


@dataclasses.dataclass(frozen=True, slots=True)
class Found:
    """One mention: tokens `start` to `end`, end excluded. `acts` is False for mere places and origins."""

    start: int
    end: int
    actor_id: str
    name: str
    type: ActorType
    country: str | None
    role: str | None
    rule: str
    weight: Weight = Weight.PARTY
    acts: bool = True


def read_names(doc: Doc, gazetteer: Gazetteer, day: datetime.date | None) -> list[Found]:
    """Find the mentions of a document in text order; none overlap. `day` is when it was published."""
    return _Reader(doc, gazetteer, day).read() if len(doc) else []


class _Reader:
    """The working state of one document's reading."""

    def __init__(self, doc: Doc, gazetteer: Gazetteer, day: datetime.date | None) -> None:
        self.doc, self.day = doc, day
        self.memory = Memory(day)
        self.titles: list[Title | None] = [None] * len(doc)
        self.anchors: list[Anchor | None] = [None] * len(doc)
        self.barriers = [False] * len(doc)
        self.found: list[Found] = []
        self.hits = self._plausible_hits(gazetteer.find(doc))
        self.main = self._main_state()

    def read(self) -> list[Found]:
        """Read in order: known names, unknown names, acronyms, and what of it acts."""
        self._mark()
        for hit in self.hits:
            self._read_hit(hit)
        chunks = [part for chunk in name_chunks(self.doc, self.barriers) for part in self._parts(chunk)]
        self._meet_people(chunks)
        for chunk, guess in chunks:
            self._read_chunk(chunk, guess)
        self._read_acronyms()
        return self._settle()

    # Known names

    def _plausible_hits(self, hits: list[Hit]) -> list[Hit]:
        lengths: dict[str, int] = {}
        for hit in hits:
            for entry in hit.entries:
                lengths[entry.actor_id] = max(lengths.get(entry.actor_id, 0), self._letters(hit))
        self._known_words = {self.doc[place].lower_ for hit in hits for place in range(hit.start, hit.end)}
        self._known_words |= {word for title in find_titles(self.doc) for word in self.doc[title.start:title.end].text.lower().split()}
        present = {self.doc[hit.start].text for hit in hits} | {
            hit.entry.country for hit in hits if hit.entry.sense is Sense.DEMONYM
        }
        return [hit for hit in hits if self._plausible(hit, lengths, present)]

    def _letters(self, hit: Hit) -> int:
        return sum(len(token.text) for token in self.doc[hit.start : hit.end])

    def _plausible(self, hit: Hit, lengths: dict[str, int], present: set[str | None]) -> bool:
        entry = hit.entry
        before = self.doc[hit.start - 1] if hit.start and not opens_sentence(self.doc, hit.start) else None
        after = self.doc[hit.end] if hit.end < len(self.doc) else None
        if hit.end - hit.start == 1 and entry.sense is not Sense.BLOCK:
            text = self.doc[hit.start].text
            if len(text) <= 2 and text not in _PLAIN_PAIRS and lengths[entry.actor_id] <= 2:
                return False
            if before is not None and is_name_word(before) and self._continues(hit, before.i):
                return False
            if text.isupper() and len(text) < 5 and self._shouting(hit.start) and entry.type is not ActorType.STATE:
                return False
        if (
            "given_name" in entry.flags
            and after is not None
            and is_name_word(after)
            and after.text not in words("opener")
        ):
            return False
        if "surname" in entry.flags and before is not None and is_name_word(before):
            return False
        if "ambiguous" in entry.flags and "Guernsey" not in present:
            return False
        if "us_state" in entry.flags and entry.sense is Sense.NAME:
            return bool(present & {"GEO", "Tbilisi", "Russia", "Armenia", "Azerbaijan", "Ukraine", "NATO", "Moldova"})
        return True

    def _continues(self, hit: Hit, before: int) -> bool:
        """Tell whether a known word ends a longer name: "Ali Alghasi Mehr", "Wikimedia Commons"."""
        text = self.doc[before].text
        if hit.entry.type in (ActorType.STATE, ActorType.PERSON) or hit.entry.sense is Sense.INSTITUTION:
            return False
        return not self.doc[hit.start].text.isupper() and text[0].isupper() and text.lower() not in self._known_words

    def _shouting(self, place: int) -> bool:
        """Tell whether the words on both sides are in capitals too, as in a headline."""
        around = [token for token in self.doc[max(0, place - 3) : place + 4] if token.is_alpha and token.i != place]
        return len(around) > 2 and all(token.is_upper for token in around)

    def _main_state(self) -> str | None:
        counts: Counter[str] = Counter()
        for hit in self.hits:
            if hit.entry.type is ActorType.STATE:
                counts[hit.entry.actor_id] += 1
        return counts.most_common(1)[0][0].removeprefix("state:") if counts else None

    def _mark(self) -> None:
        for title in find_titles(self.doc):
            self.titles[title.start : title.end] = [title] * (title.end - title.start)
            for place in range(title.start, title.end):
                self.barriers[place] = True
        for hit in self.hits:
            entry = hit.entry
            state = entry.type is ActorType.STATE
            for place in range(hit.start, hit.end):
                self.barriers[place] = not state
            if entry.sense in _STATE_SENSES and entry.type is not ActorType.PERSON:
                anchor = Anchor(hit.start, hit.end, entry.country, entry.sense, not state and entry.country is None)
                self.anchors[hit.start : hit.end] = [anchor] * (hit.end - hit.start)

    def _read_hit(self, hit: Hit) -> None:
        entry = self._choose(hit)
        if entry is None or entry.sense is Sense.BLOCK:
            return
        if entry.sense is Sense.LEADER:
            self._read_leader(hit)
        elif entry.sense is Sense.INSTITUTION:
            self._read_institution(hit, entry)
        elif entry.type is ActorType.STATE:
            weight = contexts.weigh_state(self.doc, self._anchor(hit), self.anchors)
            self._add(hit.start, hit.end, entry, f"gazetteer_{entry.sense}", weight=weight)
        else:
            self._add(self._with_state(hit, entry.country), hit.end, entry, "gazetteer_name")

    def _anchor(self, hit: Hit) -> Anchor:
        anchor = self.anchors[hit.start]
        assert anchor is not None
        return anchor

    def _choose(self, hit: Hit) -> Entry | None:
        """Prefer the institution of the state named beside a form that one state's body also has for its own."""
        generic = next((entry for entry in hit.entries if entry.sense is Sense.INSTITUTION), None)
        if generic is None:
            return hit.entry
        beside = self._state_beside(hit)
        own = next((entry for entry in hit.entries if entry.sense is not Sense.INSTITUTION), None)
        if own is not None and (beside is None or beside == own.country):
            return own
        return generic

    def _state_beside(self, hit: Hit) -> str | None:
        """Give the ISO code of the state right before ("Iranian", "Iran's") or after ("of Iran") a hit."""
        before = hit.start - 1
        if before > 0 and self.doc[before].text in ("'s", "’s"):
            before -= 1
        anchor = self.anchors[before] if before >= 0 and not opens_sentence(self.doc, hit.start) else None
        if anchor is not None and not anchor.international:
            return anchor.country
        after = self._after_of(hit)
        anchor = self.anchors[after] if after else None
        return anchor.country if anchor is not None else None

    def _after_of(self, hit: Hit) -> int:
        """Give the place after "of" or "of the", or 0."""
        place = hit.end
        if place + 1 < len(self.doc) and self.doc[place].text == "of":
            place += 1
            place += self.doc[place].lower_ == "the"
            return place if place < len(self.doc) else 0
        return 0

    def _with_state(self, hit: Hit, country: str | None) -> int:
        """Give the start of a hit with the demonym or name of its own state before it: "US State Department"."""
        before = self.anchors[hit.start - 1] if hit.start and not opens_sentence(self.doc, hit.start) else None
        if before is not None and before.country == country and country is not None:
            self._drop(before.start)
            return before.start
        return hit.start

    def _drop(self, start: int) -> None:
        self.found = [found for found in self.found if found.start != start]

    def _read_institution(self, hit: Hit, entry: Entry) -> None:
        country = self._state_beside(hit)
        lower = self.doc[hit.start].text[0].islower()
        if country is None and (lower or self.main is None):
            return
        state = states()[country or self.main or ""]
        start, end = hit.start, hit.end
        if country is not None:
            before = start - 1
            before -= before > 0 and self.doc[before].text in ("'s", "’s")
            anchor = self.anchors[before] if before >= 0 else None
            if anchor is not None:
                start = anchor.start
            else:
                after = self.anchors[self._after_of(hit)]
                end = after.end if after else end
            self._drop(start)
            self.found = [found for found in self.found if not (start <= found.start < end)]
        institution = dataclasses.replace(
            entry,
            actor_id=f"org:{state.iso3.lower()}-{entry.actor_id}",
            name=f"{state.demonym} {entry.name}",
            country=state.country,
        )
        self._add(start, end, institution, "institution")
        self.barriers[hit.start : end] = [True] * (end - hit.start)

    def _read_leader(self, hit: Hit) -> None:
        leaders = [entry.leader for entry in hit.entries if entry.leader is not None]
        leader = min(leaders, key=lambda one: one.term_on(self.day).distance(self.day) if self.day else 0)
        identity = memory.leader_identity(leader, self.day)
        for form in (*leader.forms, *leader.families, self.doc[hit.start : hit.end].text):
            self.memory.add(_words(form), identity)
        self._add_person(hit.start, hit.end, identity)

    # Unknown names

    def _parts(self, chunk: Chunk) -> Iterator[tuple[Chunk, Guess | None]]:
        """Take a run as one organisation with a state in its name, or cut it at the states and read the parts."""
        inside = [place for place in range(chunk.start, chunk.end) if self.anchors[place] is not None]
        guess = entities.guess(self.doc, chunk, self.titles) if len(inside) < chunk.end - chunk.start else None
        if not inside or (guess is not None and guess.rule == "organisation_head"):
            yield chunk, guess
            return
        start = chunk.start
        for place in (*inside, chunk.end):
            if place > start and is_name_word(self.doc[start]):
                end = place
                while not is_name_word(self.doc[end - 1]):
                    end -= 1
                part = Chunk(start, end)
                yield part, entities.guess(self.doc, part, self.titles)
            start = place + 1

    def _name(self, chunk: Chunk) -> tuple[str, ...]:
        return _words(self.doc[chunk.start : chunk.end].text)

    def _meet_people(self, chunks: list[tuple[Chunk, Guess | None]]) -> None:
        """Remember every full name before any short one is read."""
        people = [(chunk, guess) for chunk, guess in chunks if guess is not None and guess.type is ActorType.PERSON]
        for chunk, guess in people:
            name = self._name(chunk)
            if len(name) > 1:
                self.memory.add(name, self._identify(chunk, guess, name))

    def _identify(self, chunk: Chunk, guess: Guess, name: tuple[str, ...]) -> Identity:
        leader = memory.named_leader(name)
        if leader is not None:
            return memory.leader_identity(leader, self.day)
        start = guess.title.start if guess.title else chunk.start
        settled, country = contexts.country_beside(self.doc, chunk.start, chunk.end, self.anchors, self.titles)
        role = self.doc[start : guess.title.end].text if guess.title and guess.title.rank != "honorific" else None
        text = self.doc[chunk.start : chunk.end].text
        return memory.unknown_person(text, country, role=role, rule=guess.rule, settled=settled)

    def _read_chunk(self, chunk: Chunk, guess: Guess | None) -> None:
        name = self._name(chunk)
        if not name:
            return
        recalled = self.memory.recall(name) if guess is None or guess.rule == "entity_organisation" else None
        if guess is None or guess.type is ActorType.PERSON or recalled is not None:
            identity = self._person(chunk, guess, name)
            if identity is not None:
                self._add_person(chunk.start, chunk.end, identity)
                return
        if guess is not None and guess.type is not ActorType.PERSON:
            self._add_organisation(chunk, guess)

    def _person(self, chunk: Chunk, guess: Guess | None, name: tuple[str, ...]) -> Identity | None:
        known = self.memory.recall(name)
        if known is not None:
            return known
        if len(name) == 1 or self.doc[chunk.start].text in words("particle"):
            title = guess.title if guess else None
            if (
                guess is None
                and opens_sentence(self.doc, chunk.start)
                and chunk.start + 1 < len(self.doc)
                and self.doc[chunk.start].text in words("opener")
            ):
                return None
            office = None if title is None or title.rank == "honorific" else title.office
            leader = memory.known_leader(" ".join(name), self.day, office, addressed=title is not None)
            if leader is not None:
                identity = memory.leader_identity(leader, self.day)
                self.memory.add(name, identity)
                return identity
        if guess is None or (len(name) == 1 and guess.title is None and guess.rule != "entity_person"):
            return None
        identity = self._identify(chunk, guess, name)
        self.memory.add(name, identity)
        return identity

    def _add_organisation(self, chunk: Chunk, guess: Guess) -> None:
        start = chunk.start
        text = re.sub(r"\s+", " ", self.doc[start : chunk.end].text)
        inside = next(
            (self.anchors[place] for place in range(start, chunk.end) if self.anchors[place] is not None), None
        )
        if inside is not None:
            country = inside.country
            self.found = [found for found in self.found if not (start <= found.start < chunk.end)]
        else:
            settled, country = contexts.country_beside(self.doc, start, chunk.end, self.anchors, self.titles)
            if not settled and not entities.is_international(self.doc, start, chunk.end):
                country = states()[self.main].country if self.main else None
        prefix = "armed" if guess.type is ActorType.ARMED_GROUP else "org"
        self.found.append(
            Found(start, chunk.end, f"{prefix}:{slugify(text)}", text, guess.type, country, None, guess.rule)
        )

    # Acronyms and the end

    def _read_acronyms(self) -> None:
        """Read "Long Name (LN)" and "LN (the Long Name)", and then LN wherever it stands."""
        covered = {place for found in self.found for place in range(found.start, found.end)}
        aliases: dict[str, Found] = {}
        for found in self.found:
            if found.type in (ActorType.STATE, ActorType.PERSON):
                continue
            for place in self._bracketed(found):
                if place < len(self.doc) and _is_acronym(self.doc[place].text):
                    aliases[self.doc[place].text] = found
        for token in self.doc:
            alias = aliases.get(token.text)
            if alias is not None and token.i not in covered:
                self.found.append(dataclasses.replace(alias, start=token.i, end=token.i + 1, rule="acronym"))
            elif alias is not None:
                self.found = [
                    dataclasses.replace(alias, start=one.start, end=one.end, rule="acronym")
                    if one.start == token.i
                    and one.end == token.i + 1
                    and one.rule in ("entity_organisation", "organisation_head")
                    else one
                    for one in self.found
                ]

    def _bracketed(self, found: Found) -> Iterator[int]:
        doc = self.doc
        if found.end + 2 < len(doc) and doc[found.end].text == "(" and doc[found.end + 2].text == ")":
            yield found.end + 1
        before = found.start - 1
        before -= before > 0 and doc[before].lower_ == "the"
        if before > 0 and doc[before].text == "(":
            yield before - 1

    def _add(self, start: int, end: int, entry: Entry, rule: str, *, weight: Weight = Weight.PARTY) -> None:
        self.found.append(Found(start, end, entry.actor_id, entry.name, entry.type, entry.country, None, rule, weight))

    def _add_person(self, start: int, end: int, identity: Identity) -> None:
        role = identity.role
        title = entities.title_before(self.doc, start, self.titles)
        if title is not None and title.rank != "honorific":
            role = self.doc[title.start : title.end].text
        self.found.append(
            Found(start, end, identity.actor_id, identity.name, identity.type, identity.country, role, identity.rule)
        )

    def _settle(self) -> list[Found]:
        """Give unknown people their country, and tell parties from mere places."""
        best: dict[str, Weight] = {}
        for found in self.found:
            best[found.actor_id] = max(best.get(found.actor_id, Weight.NONE), found.weight)
        countries = self.memory.countries()
        home = states()[self.main].country if self.main else None
        settled: list[Found] = []
        for found in sorted(self.found, key=lambda one: (one.start, -one.end)):
            if settled and found.start < settled[-1].end:
                continue
            acts = best[found.actor_id] >= Weight.PARTY and found.weight > Weight.NONE
            country = found.country
            if found.type is ActorType.PERSON and found.actor_id in countries:
                known, country = countries[found.actor_id]
                country = country if known else home
            settled.append(dataclasses.replace(found, acts=acts, country=country))
        return settled


def _words(text: str) -> tuple[str, ...]:
    """Give the words of a name as memory keeps them: folded, without dashes and middle initials."""
    parts = re.findall(r"[^\s\-‐‑–]+", fold(text))
    return tuple(part for place, part in enumerate(parts) if place == 0 or not re.fullmatch(r"[A-Z]\.?", part))


def _is_acronym(text: str) -> bool:
    return (
        len(text) > 1
        and text[0].isupper()
        and (sum(char.isupper() for char in text) > 1 or len(text) < 7)
        and text.isalnum()
    )
