"""Futures that bind nobody to an act: states, fates, journeys, consequences, and how a talk goes on."""

from spacy.tokens import Token

from schemas.tags import Kind
from transforms.tagging import arguments, clauses, grammar
from transforms.tagging.candidate import Candidate
from transforms.tagging.kinds import inner_act
from transforms.tagging.speech import is_first_person
from transforms.tagging.triggers import in_class

_SETTLED = frozenset({"future", "is-to"})


def is_foreign(candidate: Candidate) -> bool:
    """Tell whether the act is nothing that a party binds itself to: a state, a fate, a journey."""
    if not candidate.entry_id.startswith("g:"):
        return False
    act = inner_act(candidate.act)
    if "target" in candidate.flags:
        return False
    if candidate.rule in ("future", "future-passive"):
        if not grammar.is_verbal(act) or any(child.dep_ == "cop" for child in act.children):
            return True
    if candidate.rule == "future-passive" and in_class(act, "hold_event", "verb"):
        return True
    if any(noun.lower_ in ("place", "effect", "shape") for noun in arguments.objects(act)):
        return True
    if candidate.kind is Kind.REFUSAL and in_class(act, "persist", "verb"):
        return False
    if candidate.kind is not Kind.REFUSAL and in_class(act, "destination", "verb") and _goes_to_place(act):
        return True
    if candidate.kind is Kind.REFUSAL and in_class(act, "volition", "verb"):
        return False
    return (
        in_class(act, "passive_stance", "verb") or _leads_to(act) or (candidate.rule in _SETTLED and _only_speaks(act))
    )


def _only_speaks(verb: Token) -> bool:
    """Match "will talk about jobs", "will deliver a speech", "will urge Peru to sign": words, and no act."""
    if in_class(verb, "urging", "verb"):
        asked = any(phrase.word in ("on", "upon", "for") for phrase in grammar.obliques(verb))
        return bool(clauses.infinitives(verb)) or (asked and verb.lower_.startswith("call"))
    if in_class(verb, "oratory", "verb"):
        return all(phrase.word != "with" for phrase in grammar.obliques(verb))
    return any(in_class(noun, "speech") for noun in arguments.objects(verb))


def converses(candidate: Candidate) -> bool:
    """Match "I'll take your questions", "we'll get back to you on that": how a talk goes on."""
    act, holder = candidate.act, candidate.holder
    if candidate.entry_id != "g:future" or candidate.kind is Kind.REFUSAL or holder is None:
        return False
    if not is_first_person(holder):
        return False
    told = arguments.objects(act)
    return in_class(act, "talk", "verb") and all(noun.pos_ == "PRON" or in_class(noun, "talk") for noun in told)


def _leads_to(verb: Token) -> bool:
    """Match "it will lead to war": what comes of something, and no act."""
    phrases = grammar.obliques(verb)
    return (
        verb.lower_ in ("lead", "contribute") and not arguments.objects(verb) and any(p.word == "to" for p in phrases)
    )


def _goes_to_place(verb: Token) -> bool:
    """Match "will return to the Gulf": a journey; "will return to the talks" is none."""
    return any(phrase.head.ent_type_ in ("GPE", "LOC", "FAC") for phrase in grammar.obliques(verb))
