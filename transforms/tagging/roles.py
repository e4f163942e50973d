"""Who is bound, to whom, and who says so: parties for the phrases that the grammar points at."""

import dataclasses
import itertools

from spacy.tokens import Doc, Span, Token

from schemas.tags import Actor, ActorType, Kind
from transforms.tagging import arguments, grammar, speech
from transforms.tagging.antecedents import Parties, distinct, last_together, named_by, parties_of, to_actor
from transforms.tagging.candidate import Candidate
from transforms.tagging.counterparties import find_counterparties
from transforms.tagging.gazetteer import slugify
from transforms.tagging.leaders import all_leaders
from transforms.tagging.parties import resolve_party
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
_SINGULAR = frozenset({"i", "me", "my", "myself"})
_PERSONAL = frozenset({"he", "she", "his", "her"})
_POSSESSIVES = frozenset({"its", "their", "his", "her"})
_PRONOUNS = frozenset({"it", "they", "he", "she"})
_STANCES = frozenset(
    "stance position view decision move policy refusal approach pledge commitment promise step".split()
)
_SHARING = frozenset("shared echoed backed endorsed joined supported adopted followed taken".split())


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
    bound = _bound(candidate, voice)
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


def _bound(candidate: Candidate, voice: Parties) -> Parties:
    holder = candidate.holder
    if candidate.rule == "let-us":
        return voice[:1]
    if "target" in candidate.flags or candidate.rule == "no-such":
        return _threatening(candidate, voice)
    if holder is None:
        return _unnamed(candidate, voice)
    if speech.is_first_person(holder):
        return _speaking(holder, voice or document_author(holder.doc)) or last_together(holder)
    if "announce" in candidate.flags and in_class(candidate.act, "deal"):
        between = [phrase.head for phrase in grammar.obliques(candidate.act) if phrase.word == "between"]
        if between:
            return distinct(actor for head in between for actor in parties_of(head))
    found = (
        _same_clause(candidate, holder, voice)
        or _qualifier(candidate)
        or parties_of(holder, voice[0] if voice else None)
    )
    if not found and not grammar.own_subjects(candidate.anchor) and candidate.rule.startswith("verb"):
        found = _topic(candidate.anchor)
    others = (*_taken_along(candidate), *_partners(candidate), *_sharers(candidate.anchor.sent))
    return distinct([*found, *others]) if found else ()


def _threatening(candidate: Candidate, voice: Parties) -> Parties:
    """Give who says that others "will face consequences", or that there "will be no talks": a party with means."""
    speakers = voice or document_author(candidate.anchor.doc)
    able = [one for one in speakers if one.country is not None or one.type is not ActorType.PERSON]
    hurt = {actor.actor_id for actor in parties_of(candidate.holder)} if candidate.holder is not None else set()
    return tuple(one for one in able[:1] if one.type is not ActorType.GROUP and one.actor_id not in hurt)


def _topic(verb: Token) -> Parties:
    """Give the party that opens the sentence, where the parse has lost the subject of a later verb."""
    for token in verb.doc[verb.sent.start : min(verb.sent.start + 4, verb.i)]:
        mention = mention_at(token)
        if mention is not None and token.dep_ in grammar.SUBJECTS:
            return (to_actor(mention),)
    return ()


def _partners(candidate: Candidate) -> Parties:
    """Match "entered into an agreement with Peru": what is signed with another binds both."""
    if candidate.kind is not Kind.AGREEMENT or not in_class(candidate.act, "deal"):
        return ()
    tokens = dict.fromkeys((candidate.anchor, candidate.act))
    heads = [
        phrase.head
        for token in tokens
        for phrase in grammar.obliques(token)
        if phrase.word == "with" and token.doc[phrase.start - 1].text != ","
    ]
    return distinct(actor for head in heads for actor in parties_of(head))


def _taken_along(candidate: Candidate) -> Parties:
    """Match "withdrew Britain from the treaty": the state that a leader takes out is bound as he is."""
    if "exit" not in candidate.flags:
        return ()
    named = [
        actor
        for head in arguments.objects(candidate.anchor)
        for actor in named_by(head)
        if mention_at(head) is not None
    ]
    return tuple(actor for actor in named if actor.type is ActorType.STATE)


def _same_clause(candidate: Candidate, pronoun: Token, voice: Parties) -> Parties:
    """Read a pronoun by grammar where it can be: "Poland kept its promise", "Hanoi said it would sign"."""
    word = pronoun.lower_
    if word in _POSSESSIVES:
        verb = grammar.governor(pronoun.head)
        owner = arguments.subject(verb) if verb is not None else None
        if owner is not None and owner != pronoun:
            own = () if speech.is_first_person(owner) else parties_of(owner)
            return tuple(actor for actor in own if _agrees(word, actor))
    if word in _PRONOUNS and voice and speech.attribution(candidate.anchor) is not None:
        return tuple(actor for actor in voice if _agrees(word, actor))
    return ()


def _agrees(pronoun: str, actor: Actor) -> bool:
    personal = actor.type is ActorType.PERSON
    return personal if pronoun in _PERSONAL else not personal or pronoun in ("they", "their")


def _qualifier(candidate: Candidate) -> Parties:
    """Match "the U.S. commitment", "the readiness of both to talk": who is bound stands beside the noun."""
    if not candidate.rule.startswith("noun") or grammar.possessor(candidate.anchor) is not None:
        return ()
    if candidate.complement.relation in ("inf", "that"):
        owners = [phrase.head for phrase in grammar.obliques(candidate.anchor) if phrase.word == "of"]
        named = distinct(actor for owner in owners for actor in parties_of(owner))
        if named:
            return named
    before = [child for child in candidate.anchor.lefts if grammar.base(child) in ("compound", "amod", "nmod")]
    mentions = [mention_at(child) for child in before]
    return tuple(to_actor(m) for m in mentions if m is not None)


def _unnamed(candidate: Candidate, voice: Parties) -> Parties:
    """Match "Officials say every claim will be assessed": an official's passive binds the body that he speaks for."""
    if candidate.rule.endswith("passive"):
        told = speech.attribution(candidate.anchor)
        direct = told is not None and candidate.anchor.head == told.word
        return voice if direct else ()
    if candidate.kind is Kind.AGREEMENT:
        return _settled_between(candidate, voice)
    return ()


def _settled_between(candidate: Candidate, voice: Parties) -> Parties:
    """Match "the agreement reached between A and B", "a deal has been reached with A": who settled it."""
    found: list[Actor] = []
    for token in (candidate.anchor, candidate.act):
        for phrase in grammar.obliques(token):
            if phrase.word in ("between", "among"):
                found.extend(parties_of(phrase.head))
            elif phrase.word == "with":
                found.extend([*voice, *parties_of(phrase.head)])
    return distinct(found) or last_together(candidate.anchor)


def _speaking(pronoun: Token, voice: Parties) -> Parties:
    """Match "We" binds the state or body that the speaker speaks for, "I" the speaker."""
    if pronoun.lower_ in _SINGULAR:
        return voice[:1]
    phrase = noun_phrase(pronoun)
    return distinct(actor for party in voice for actor in resolve_party(phrase, speaker=party))


def document_author(doc: Doc) -> Parties:
    """Give whom the document speaks for, as the reader set it beforehand (`doc.user_data["author"]`)."""
    found: Parties = doc.user_data.get("author", ())
    return found


def _sharers(sentence: Span) -> Parties:
    """Match "..., a stance also shared by Italy and Poland": who is bound to the same."""
    found: list[Actor] = []
    for token in sentence:
        if (
            token.lower_ in _SHARING
            and token.head.lower_ in _STANCES
            and grammar.base(token) in ("acl", "amod", "relcl")
        ):
            for phrase in arguments.agents(token):
                found.extend(parties_of(phrase.head))
    return distinct(found)


def _predicts(candidate: Candidate, source: speech.Attribution | None, speaker: Actor | None, actors: Parties) -> bool:
    """Tell whether a speaker foretells what others will do, which binds nobody."""
    if not candidate.entry_id.startswith("g:") or speaker is None or source is None:
        return False
    if speaker.type is ActorType.GROUP or speaker.country is None:
        return False
    return all(actor.country is not None and actor.country != speaker.country for actor in actors)


def _same(speaker: Actor, actors: Parties) -> bool:
    return any(speaker.actor_id == actor.actor_id for actor in actors)
