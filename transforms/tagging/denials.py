"""Refusals that no word of refusing makes: "cannot accept", "there will be no talks", "is out of the question"."""

from collections.abc import Callable

from spacy.tokens import Token

from schemas.tags import Kind
from transforms.tagging import arguments, grammar
from transforms.tagging.candidate import Candidate
from transforms.tagging.complements import FUTURES, Complement
from transforms.tagging.triggers import in_class

_CANNOT = frozenset({"can", "ca"})
_NOT = frozenset({"not", "n't", "n’t", "never"})
# Forms that a refusal without a word of refusing can start at, or turn on.
DENIAL_OPENERS = _CANNOT | frozenset({"there", "question", "option"})


def _cannot(modal: Token) -> Candidate | None:
    """Match "cannot accept the terms": what a party says that it cannot grant, it refuses."""
    verb = modal.head
    if modal.lower_ not in _CANNOT or grammar.base(modal) != "aux" or not in_class(verb, "grant", "verb"):
        return None
    denied = any(child.lower_ in _NOT and child.i < verb.i for child in verb.children)
    if not denied or grammar.is_passive(verb):
        return None
    return _refusal("cannot", modal.i, verb.i + 1, verb, Complement(verb, "self"), arguments.subject(verb))


def _there_will_be_no(there: Token) -> Candidate | None:
    """Match "there will be no talks with them": whoever says so refuses."""
    verb = there.head
    if there.dep_ != "expl" or not any(child.lower_ in FUTURES for child in verb.children):
        return None
    for noun in (child for child in verb.children if child.i > verb.i and in_class(child, "deniable")):
        denial = next((child for child in noun.lefts if child.lower_ == "no"), None)
        if denial is not None:
            return _refusal("no-such", there.i, denial.i + 1, noun, Complement(noun, "obj"), None)
    return None


def _out_of_question(word: Token) -> Candidate | None:
    """Match "a withdrawal is out of the question", "talks are not an option"."""
    doc = word.doc
    if word.lower_ == "question":
        start = word.i - 3
        fits = start >= word.sent.start and doc[start : word.i].text.lower() == "out of the"
    else:
        start = word.i
        fits = (
            word.lower_ == "option" and grammar.is_negated(word) and any(child.dep_ == "cop" for child in word.children)
        )
    subjects = [*grammar.own_subjects(word), *grammar.own_subjects(word.head)] if fits else []
    if not subjects:
        return None
    return _refusal("no-such", start, word.i + 1, subjects[0], Complement(subjects[0], "obj"), None)


def _refusal(rule: str, start: int, end: int, anchor: Token, complement: Complement, holder: Token | None) -> Candidate:
    return Candidate(rule, f"g:{rule}", anchor.lower_, Kind.REFUSAL, anchor, start, end, complement, holder)


DENIALS: tuple[Callable[[Token], Candidate | None], ...] = (_cannot, _there_will_be_no, _out_of_question)
