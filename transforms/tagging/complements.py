"""What a trigger binds to: the infinitive, clause, gerund or noun that carries the act."""

import dataclasses
from collections.abc import Callable

from spacy.tokens import Token

from transforms.tagging import arguments, clauses, grammar
from transforms.tagging.triggers import Pattern, in_class, word_class

FUTURES = frozenset({"will", "'ll", "’ll", "wo", "shall", "would", "'d"})
_OBLIGING = frozenset({"should", "must", "could", "can"})
_SELF = frozenset({"it", "he", "she", "they", "we", "i"})
# Ends of adjectives and nouns that no verb has: "to peaceful means" is no infinitive.
_NOT_OF_VERBS = tuple(
    "ful al ive ous ic ible less ent ant ary ory ed ing ity ness tion sion ism ish fic ile rm er or".split()
)
# Tokens from one of two coordinated triggers to the other: "ready and willing", "ready, and fully willing".
_SIDE_BY_SIDE = 4


@dataclasses.dataclass(frozen=True, slots=True)
class Complement:
    """The head of the bound act; `finite` for a clause with its own subject, `marker` the token before it or None."""

    head: Token
    relation: str
    finite: bool = False


def find_complement(trigger: Token, patterns: tuple[Pattern, ...], particle: Token | None) -> Complement | None:
    """Find the first complement that one of the patterns allows; None where the trigger stands in another sense."""
    for pattern in patterns:
        finder = FINDERS.get(pattern.relation, _prepositional)
        found = finder(trigger, pattern, particle)
        if found is not None:
            return found
    return None


def _infinitive(trigger: Token, pattern: Pattern, _: Token | None) -> Complement | None:
    for head in clauses.infinitives(trigger):
        if not (pattern.excluded and pattern.noun_class and in_class(head, pattern.noun_class, "verb")):
            return Complement(head, "inf")
        return None
    for head in coordinated_infinitives(trigger):
        return Complement(head, "inf")
    return _infinitive_as_noun(trigger)


def _infinitive_as_noun(trigger: Token) -> Complement | None:
    """Match "offered to host talks" where the tagger takes "host" for a noun: no article stands after "to"."""
    for phrase in grammar.adjacent(trigger, "to"):
        first = trigger.doc[phrase.start + 1]
        if first == phrase.head and first.tag_ == "NN" and grammar.children(first, "compound:prt", "prt"):
            return Complement(first, "inf")
        fits = first.tag_ in ("VB", "NN", "JJ", "VBP", "RB", "JJR") and not first.lower_.endswith(_NOT_OF_VERBS)
        if first != phrase.head and fits and grammar.base(first) in ("compound", "amod", "advmod"):
            return Complement(phrase.head, "inf")
    return None


def coordinated_infinitives(trigger: Token) -> list[Token]:
    """Match "ready and willing to help": the infinitive hangs on either of the two, and they stand side by side.

    In "pledged 40 million and promised to help" each has an act of its own.
    """
    others = grammar.children(trigger, "conj")
    if trigger.dep_ == "conj" and trigger.head.pos_ == trigger.pos_:
        others = [trigger.head]
    beside = [other for other in others if abs(other.i - trigger.i) <= _SIDE_BY_SIDE]
    return [found for other in beside for found in clauses.infinitives(other)]


def is_future(verb: Token) -> bool:
    """Tell whether the clause of the verb speaks of what is to come; "would have" does not."""
    words = [token.lower_ for token in grammar.auxiliaries(verb)]
    if "would" in words and ("have" in words or "'ve" in words):
        return False
    return any(word in FUTURES for word in words) or ("going" in words)


def _is_bound(verb: Token) -> bool:
    words = [token.lower_ for token in grammar.auxiliaries(verb)]
    if "have" in words:
        return False
    return is_future(verb) or any(word in _OBLIGING for word in words) or verb.tag_ == "VB"


def _clauses(trigger: Token) -> list[Token]:
    return clauses.finite_clauses(trigger) or (clauses.told_clauses(trigger) if grammar.is_verbal(trigger) else [])


def _clause(trigger: Token, _: Pattern, __: Token | None) -> Complement | None:
    for head in _clauses(trigger):
        if head.i > trigger.i and _is_bound(head):
            return Complement(head, "that", finite=True)
    return None


def _future_clause(trigger: Token, _: Pattern, __: Token | None) -> Complement | None:
    for head in _clauses(trigger):
        if head.i > trigger.i and is_future(head):
            return Complement(head, "that", finite=True)
    return None


def _obliging_clause(trigger: Token, _: Pattern, __: Token | None) -> Complement | None:
    for head in clauses.finite_clauses(trigger):
        words = {token.lower_ for token in grammar.auxiliaries(head)}
        if head.i > trigger.i and (words & {"should", "could"} or (head.tag_ == "VB" and not words)):
            return Complement(head, "that", finite=True)
    return None


def _own_clause(trigger: Token, _: Pattern, __: Token | None) -> Complement | None:
    """Match "warned that it would retaliate": the clause is about the one who speaks."""
    for head in _clauses(trigger):
        about_self = any(subject.lower_ in _SELF for subject in grammar.own_subjects(head))
        if head.i > trigger.i and about_self and is_future(head):
            return Complement(head, "that", finite=True)
    return None


def _gerund(trigger: Token, _: Pattern, __: Token | None) -> Complement | None:
    return next((Complement(head, "ger") for head in clauses.gerunds(trigger)), None)


def _allowed(head: Token, pattern: Pattern) -> bool:
    if head.is_space or head.is_punct:
        return False
    if pattern.noun_class is None:
        return True
    if pattern.noun_class == "ger":
        return head.tag_ == "VBG"
    if pattern.excluded:
        return not in_class(head, pattern.noun_class)
    return any(in_class(noun, pattern.noun_class) for noun in grammar.conjuncts(head)) or _modified(head, pattern)


def _modified(head: Token, pattern: Pattern) -> bool:
    """Match "joint action", "regional efforts": an adjective can make an act common."""
    adjectives = word_class("joint", "adj") if pattern.noun_class == "joint" else {}
    return any(child.lower_ in adjectives for child in head.children)


def _object(trigger: Token, pattern: Pattern, _: Token | None) -> Complement | None:
    for head in arguments.objects(trigger):
        if any(child.lower_ in ("any", "no") for child in head.lefts):
            continue
        if head.pos_ == "PRON" and pattern.noun_class and not pattern.excluded:
            continue
        known = pattern.noun_class is not None and not pattern.excluded and pattern.noun_class != "ger"
        if (grammar.is_nominal(head) or known) and _allowed(head, pattern):
            return Complement(head, "obj")
    if (
        pattern.noun_class == "deal"
        and not arguments.objects(trigger)
        and not grammar.children(trigger, "ccomp", "xcomp")
    ):
        # "the agreement reached yesterday" parsed as a clause: what is settled cannot settle.
        return next((Complement(s, "obj") for s in grammar.own_subjects(trigger) if in_class(s, "deal")), None)
    return None


def _passive_object(trigger: Token, pattern: Pattern, particle: Token | None) -> Complement | None:
    return _object(trigger, pattern, particle) if grammar.is_passive(trigger) else None


def _prepositional(trigger: Token, pattern: Pattern, particle: Token | None) -> Complement | None:
    word = pattern.relation
    if particle is not None and particle.lower_ == word:
        head = grammar.governed(particle)
        return Complement(head, word) if head is not None and _allowed(head, pattern) else None
    for phrase in (*grammar.obliques(trigger), *grammar.adjacent(trigger, word)):
        if phrase.start > trigger.i and phrase.word == word and _allowed(phrase.head, pattern):
            return Complement(phrase.head, word)
    return None


def _for_somebody_to(trigger: Token, _: Pattern, __: Token | None) -> Complement | None:
    """Match "an agreement for the army to enter": the act of another is settled on."""
    for head in grammar.children(trigger, "acl", "advcl", "xcomp", "ccomp", "relcl"):
        if grammar.own_subjects(head) and grammar.has_to(head):
            return Complement(head, "forto", finite=True)
    return None


def _join_us(trigger: Token, _: Pattern, __: Token | None) -> Complement | None:
    """Match "called on partners to join us": a joint act is put forward."""
    for head in clauses.infinitives(trigger):
        if in_class(head, "join", "verb") and any(token.lower_ == "us" for token in head.subtree):
            return Complement(head, "inf")
    return None


def _own_body(trigger: Token, _: Pattern, __: Token | None) -> Complement | None:
    """Match "directed my team to draw up plans": a leader binds a body of his own."""
    if any(in_class(head, "own_body") for head in arguments.objects(trigger)):
        return next((Complement(head, "inf") for head in clauses.infinitives(trigger)), None)
    return None


def _bare(trigger: Token, _: Pattern, __: Token | None) -> Complement | None:
    """Match "Moscow has refused", "both agreed to:": the act was named before, or a list of acts follows."""
    following = [token.text for token in trigger.doc[trigger.i + 1 : trigger.i + 3]]
    clause_end = not following or trigger.nbor().is_punct or following == ["to", ":"]
    return Complement(trigger, "none") if clause_end and not arguments.objects(trigger) else None


def _itself(trigger: Token, _: Pattern, __: Token | None) -> Complement | None:
    """Match "issued an ultimatum": the word says enough."""
    return Complement(trigger, "itself")


FINDERS: dict[str, Callable[[Token, Pattern, Token | None], Complement | None]] = {
    "inf": _infinitive,
    "that": _clause,
    "thatwill": _future_clause,
    "thatshould": _obliging_clause,
    "selfthat": _own_clause,
    "ger": _gerund,
    "obj": _object,
    "pobj": _passive_object,
    "forto": _for_somebody_to,
    "joinus": _join_us,
    "bodyinf": _own_body,
    "none": _bare,
    "itself": _itself,
}
