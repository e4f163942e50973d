"""The frame of a trigger by grammar alone: who commits, and what is bound, whatever is thought of either."""

from spacy.tokens import Token

from transforms.tagging import arguments, clauses, grammar
from transforms.tagging.complements import coordinated_infinitives
from transforms.tagging.speech import sayer

# Verbs whose passive speaks of the subject as the one who commits: "is committed to".
_SELF_BINDING = frozenset({"commit", "recommit"})
_MODIFIERS = ("compound", "nmod", "amod")
# Prepositions that lead to what is bound; "to" and "for" may as well lead to the other party.
_BOUND_BY, _BOUND_TO = ("of", "on", "over", "about", "against"), ("to", "for")


def assign_roles(trigger: Token) -> tuple[Token | None, Token | None]:
    """Give the head of the phrase that names who commits, and the head of what is bound."""
    if trigger.tag_.startswith("JJ"):
        return arguments.subject(trigger), _bound_by_verb(trigger)
    determined = trigger.i > trigger.sent.start and trigger.nbor(-1).tag_ in ("PRP$", "DT", "POS")
    if (grammar.is_verbal(trigger) and not determined) or grammar.own_subjects(trigger):
        lemma = "commit" if trigger.lower_.startswith("commit") else ""
        return verb_holder(trigger, lemma, clausal=False), _bound_by_verb(trigger)
    return arguments.noun_holder(trigger), _bound_by_noun(trigger)


def verb_holder(verb: Token, lemma: str, *, clausal: bool) -> Token | None:
    """Give who does what a verb says; `clausal` where the act is an infinitive or a clause of its own."""
    if not grammar.is_passive(verb):
        return sayer(verb)
    reduced = verb.dep_ == "acl" and not grammar.auxiliaries(verb) and not arguments.agents(verb)
    if reduced and clausal:
        # "EU ministers agreed to pay" taken for "ministers who were agreed": such passives have no act of their own.
        return verb.head
    if lemma in _SELF_BINDING and not arguments.agents(verb):
        return arguments.subject(verb)
    return next((phrase.head for phrase in arguments.agents(verb)), None)


def _bound_by_verb(verb: Token) -> Token | None:
    phrases = grammar.obliques(verb)
    own = {"to"} if verb.lower_.startswith("commit") else set()
    gerunds = [p.head for p in phrases if grammar.is_verbal(p.head) and p.word in ("to", "of", "on", "against")]
    objects = [noun for noun in arguments.objects(verb) if not noun.lower_.endswith(("self", "selves"))]
    found = [
        *clauses.infinitives(verb),
        *coordinated_infinitives(verb),
        *(clause for clause in clauses.finite_clauses(verb) if clause.i > verb.i or _is_quoted_before(clause, verb)),
        *clauses.gerunds(verb),
        *gerunds,
        *(p.head for p in phrases if p.word in own and grammar.is_passive(verb)),
        *objects,
        *clauses.told_clauses(verb),
        *(p.head for word in (*_BOUND_BY, *_BOUND_TO) for p in phrases if p.word == word),
    ]
    return next(iter(found), None)


def _is_quoted_before(clause: Token, verb: Token) -> bool:
    """Match "We will not pay," vowed the mayor."""
    return verb.i > verb.sent.start and (verb.nbor(-1).is_quote or verb.nbor(-1).text == ",") and clause.i < verb.i


def _bound_by_noun(noun: Token) -> Token | None:
    phrases = grammar.obliques(noun)
    found = [
        *clauses.infinitives(noun),
        *clauses.finite_clauses(noun),
        *(p.head for word in _BOUND_BY for p in phrases if p.word == word),
        *(child for child in noun.lefts if grammar.base(child) in _MODIFIERS and child.pos_ == "NOUN"),
        *(p.head for word in _BOUND_TO for p in phrases if p.word == word),
    ]
    return next(iter(found), None)
