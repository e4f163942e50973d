"""Who is bound, to whom, and who says so: parties for the phrases that the grammar points at."""

import dataclasses
import itertools

from spacy.tokens import Span, Token

from schemas.tags import Actor, ActorType
from transforms.tagging import arguments, grammar, speech
from transforms.tagging.antecedents import Parties, parties_of
from transforms.tagging.binding import bound_parties
from transforms.tagging.candidate import Candidate
from transforms.tagging.counterparties import find_counterparties
from transforms.tagging.gazetteer import slugify
from transforms.tagging.leaders import all_leaders
from transforms.tagging.places import mention_at, places_of
from transforms.tagging.reasons import refuse
from transforms.tagging.spans import noun_phrase
from transforms.tagging.triggers import in_class, word_class

_QUANTIFIERS = frozenset({"all", "many", "how", "no", "any", "every", "each", "most", "which", "what"})
# Whoever speaks without a name: shown in the words of the text.
_NAMELESS = frozenset(
    "official officials officer officers spokesman spokeswoman spokesperson spokesmen aide aides diplomat diplomats "
    "source sources lawmaker adviser advisor".split()
)


@dataclasses.dataclass(frozen=True, slots=True)
class Roles:
    """The parties of one commitment; each tuple in text order, without repeats."""

    actors: Parties
    counterparties: Parties
    speaker: Actor | None


def find_roles(candidate: Candidate, act: Span) -> Roles | None:
    """Find the parties of a candidate; None where no party is bound."""
    source = _source(candidate)
    voice = _voice(source, candidate.anchor)
    bound = bound_parties(candidate, voice)
    actors = tuple(actor for actor in bound if _is_public(actor, candidate))
    if not actors:
        reason, about = ("private-party", bound[0].name) if bound else ("nobody-bound", candidate.entry_id)
        refuse(candidate.anchor, reason, about)
        return None
    speaker = _speaker(candidate, source, voice, actors)
    if _predicts(candidate, source, speaker, actors):
        refuse(candidate.anchor, "prediction", candidate.entry_id)
        return None
    return Roles(
        actors,
        find_counterparties(candidate, act, () if source is None or _is_nameless(source.source) else voice, actors),
        speaker,
    )


def _is_public(actor: Actor, candidate: Candidate) -> bool:
    """Tell whether the party acts in public affairs.

    An unknown person without office or country is private; a bare crowd binds itself only in words of its own.
    """
    if actor.type is ActorType.GROUP:
        words = actor.name.split()
        heads = {words[-1].lower(), *(before.lower() for before, word in itertools.pairwise(words) if word == "of")}
        acting = not heads.isdisjoint(word_class("crowd", "noun") | word_class("folk", "noun")) or words[-1].istitle()
        return acting and words[0].lower() not in _QUANTIFIERS
    if actor.type is not ActorType.PERSON or actor.country is not None:
        return True
    spans = places_of(candidate.anchor.doc).mentions
    return any(s._.mention.role for s in spans if s._.mention.actor_id == actor.actor_id) or any(
        leader.actor_id == actor.actor_id for leader in all_leaders()
    )


def _speaker(candidate: Candidate, source: speech.Attribution | None, voice: Parties, actors: Parties) -> Actor | None:
    """Give who reports it, where that is not bound: a nameless official in the text's own words."""
    if source is None and "announce" in candidate.flags and candidate.holder is not None:
        announcing = parties_of(candidate.holder)
        return announcing[0] if announcing and not _same(announcing[0], actors) else None
    if (
        source is None
        or candidate.rule == "future-passive"
        or not voice
        or (_same(voice[0], actors) and len(actors) == 1 and not _is_nameless(source.source))
    ):
        return None
    if _is_nameless(source.source):
        phrase = noun_phrase(source.source)
        return Actor(f"group:{slugify(phrase.text)}", phrase.text, ActorType.GROUP, voice[0].country)
    return None if _same(voice[0], actors) else voice[0]


def _is_nameless(head: Token) -> bool:
    return head.lower_ in _NAMELESS and mention_at(head) is None


def _source(candidate: Candidate) -> speech.Attribution | None:
    found = _reaffirmed_by(candidate) or speech.attribution(candidate.anchor) or speech.quoted_source(candidate.anchor)
    if found is None or found.word == candidate.anchor:
        return None
    return _meant_by(found)


def _meant_by(found: speech.Attribution) -> speech.Attribution:
    """Put who spoke before in the place of "the statement said", and of "she said" after an official without a name."""
    if speech.is_document(found.source) and not parties_of(found.source):
        return speech.earlier_source(found.source) or found
    if found.source.lower_ in ("he", "she"):
        earlier = speech.earlier_source(found.source, sentences=1)
        if earlier is not None and _is_nameless(earlier.source):
            return earlier
    return found


def _reaffirmed_by(candidate: Candidate) -> speech.Attribution | None:
    """Match "the council reaffirmed the union's commitment": who says it of another."""
    verb, owner = grammar.governor(candidate.anchor), grammar.possessor(candidate.anchor)
    if not candidate.rule.startswith("noun") or verb is None or owner is None or owner.pos_ == "PRON":
        return None
    said = in_class(verb, "speech", "verb") or in_class(verb, "light", "verb")
    subject = (
        arguments.subject(verb) if said and candidate.anchor.head == verb and not grammar.is_passive(verb) else None
    )
    return speech.Attribution(subject, verb) if subject is not None else None


def _voice(source: speech.Attribution | None, anchor: Token) -> Parties:
    """Give who speaks: the source named, or the author of a document that speaks for itself."""
    if source is not None:
        return parties_of(source.source)
    return ()


def _predicts(candidate: Candidate, source: speech.Attribution | None, speaker: Actor | None, actors: Parties) -> bool:
    """Tell whether a speaker foretells what others will do, which binds nobody."""
    if not candidate.entry_id.startswith("g:") or speaker is None or source is None:
        return False
    if speaker.type is ActorType.GROUP or speaker.country is None:
        return False
    return all(actor.country is not None and actor.country != speaker.country for actor in actors)


def _same(speaker: Actor, actors: Parties) -> bool:
    return any(speaker.actor_id == actor.actor_id for actor in actors)
