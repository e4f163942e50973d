"""Who is bound by a statement: the parties behind the phrase that holds it, and behind what stands for that phrase."""

from spacy.tokens import Doc, Span, Token

from schemas.tags import Actor, ActorType, Kind
from transforms.tagging import arguments, grammar, speech
from transforms.tagging.antecedents import Parties, distinct, last_together, named_by, parties_of, to_actor
from transforms.tagging.candidate import Candidate
from transforms.tagging.parties import resolve_party
from transforms.tagging.places import mention_at
from transforms.tagging.spans import noun_phrase
from transforms.tagging.triggers import in_class

# Relations of a subject that the parser did not take for one: "Spain, by law, will not send them back".
_BARE = frozenset({"obl:unmarked", "nmod:unmarked", "dep", "vocative", "dislocated", "npadvmod"})
_SINGULAR = frozenset({"i", "me", "my", "myself"})
_PERSONAL = frozenset({"he", "she", "his", "her"})
_POSSESSIVES = frozenset({"its", "their", "his", "her"})
_PRONOUNS = frozenset({"it", "they", "he", "she"})
_STANCES = frozenset(
    "stance position view decision move policy refusal approach pledge commitment promise step".split()
)
_SHARING = frozenset("shared echoed backed endorsed joined supported adopted followed taken".split())


def bound_parties(candidate: Candidate, voice: Parties) -> Parties:
    """Find the parties that a candidate binds, `voice` being who is said to say it; () where there are none."""
    holder = candidate.holder
    if candidate.rule == "let-us":
        return voice[:1]
    if "target" in candidate.flags or candidate.rule == "no-such":
        return _threatening(candidate, voice)
    if holder is None:
        return _unnamed(candidate, voice) or (_topic(candidate.anchor) if candidate.rule == "future" else ())
    if speech.is_first_person(holder):
        return _speaking(holder, voice or document_author(holder.doc)) or last_together(holder)
    if "announce" in candidate.flags and in_class(candidate.act, "deal"):
        between = [phrase.head for phrase in grammar.obliques(candidate.act) if phrase.word == "between"]
        if between:
            return distinct(actor for head in between for actor in parties_of(head))
    earlier = _earlier_subject(holder)
    if earlier is not None and not voice and holder.lower_ == "it" and _is_thing(earlier):
        return ()
    found = (
        _same_clause(candidate, holder, voice)
        or (_of_subject(holder, earlier) if earlier is not None else ())
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
        if mention is not None and (token.dep_ in grammar.SUBJECTS or token.dep_ in _BARE):
            return (to_actor(mention),)
    return ()


def _earlier_subject(pronoun: Token) -> Token | None:
    """Give the subject last named before "it" or "they" in the same sentence: what the pronoun likely stands for."""
    if pronoun.lower_ not in ("it", "they"):
        return None
    for token in reversed(pronoun.doc[pronoun.sent.start : pronoun.i]):
        if token.dep_ in grammar.SUBJECTS and token.pos_ != "PRON":
            several = len(grammar.conjuncts(token)) > 1
            return None if several and pronoun.lower_ == "it" else token
    return None


def _of_subject(pronoun: Token, subject: Token) -> Parties:
    return tuple(actor for actor in parties_of(subject) if _agrees(pronoun.lower_, actor))


def _is_thing(noun: Token) -> bool:
    """Tell whether a common noun is that of an event, a text or a step: "it" can stand for them."""
    return noun.pos_ == "NOUN" and (in_class(noun, "instrument") or in_class(noun, "thing")) and not parties_of(noun)


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
        if told is None and in_class(candidate.anchor, "programme", "verb"):
            return document_author(candidate.anchor.doc)
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
