"""Harm: whether an act hurts another, whether another is said to suffer it, and whom a measure hits in general."""

from collections.abc import Callable

from spacy.tokens import Token

from transforms.tagging import arguments, clauses, grammar
from transforms.tagging.triggers import in_class

# Whether a noun's head names a party other than the one that is bound.
NamesParty = Callable[[Token], bool]

_AGAINST = frozenset({"against", "on", "to", "from", "at"})
_ANY = frozenset({"any", "every", "all", "each", "those", "anyone", "anybody", "whoever", "everyone"})
_JUST = frozenset({"account", "accountable", "responsible", "justice"})
# What another is made to do who is made to regret something.
_RUEFUL = frozenset({"pay", "regret", "suffer", "leave", "answer"})


def is_harm(act: Token, names_party: NamesParty) -> bool:
    """Tell whether the act does another harm."""
    if in_class(act, "harm_strong", "verb"):
        return True
    objects = _objects(act)
    if in_class(act, "violent", "verb"):
        return not objects or any(_is_human(noun, names_party) for noun in objects)
    measures = any(in_class(noun, "harm") or _is_pressure(noun, act) for noun in objects)
    if in_class(act, "impose", "verb") and measures:
        return not any(child.lower_ == "only" for noun in (act, *objects) for child in noun.children)
    if in_class(act, "hold_to", "verb") and any(token.lower_ in _JUST for token in act.subtree):
        return True
    if in_class(act, "harm", "verb") and not measures:
        if any(child.lower_ == "back" and child.i == act.i + 1 for child in act.children):
            return True
        targets = [*objects, *(p.head for p in grammar.obliques(act) if p.word in _AGAINST)]
        if not objects and in_class(act, "fight", "verb") and not clauses.infinitives(act):
            return all(phrase.word == "until" for phrase in grammar.obliques(act))
        return any(names_party(noun) for target in targets for noun in within(target))
    if act.lower_ in ("take", "taking", "pursue") and any(p.word == "against" for p in _nested_obliques(act)):
        return True
    if act.lower_ in ("respond", "responding", "react", "answer"):
        return _strikes_back(act)
    if act.lower_ in ("make", "making"):
        return any(token.lower_ in _RUEFUL and token.i > act.i for token in grammar.children(act, "xcomp", "ccomp"))
    return grammar.is_nominal(act) and in_class(act, "harm")


def _is_human(noun: Token, names_party: NamesParty) -> bool:
    known = noun.pos_ == "PRON" or names_party(noun) or noun.pos_ == "PROPN"
    return known or any(in_class(noun, group) for group in ("people", "crowd", "folk", "captive"))


def _is_pressure(noun: Token, act: Token) -> bool:
    """Match "impose costs on Fiji", "raise the pressure"; to bring costs down hurts nobody."""
    if not in_class(noun, "cost"):
        return False
    if noun.lower_ in ("cost", "costs", "price", "prices"):
        return any(phrase.word == "on" for phrase in _nested_obliques(act))
    return True


def _objects(act: Token) -> list[Token]:
    verbs = grammar.conjuncts(act) if not arguments.objects(act) else [act]
    return [noun for verb in verbs for head in arguments.objects(verb) for noun in grammar.conjuncts(head)]


def within(head: Token) -> list[Token]:
    """Give the noun with its owner and the nouns before it: "Russian assets" are Russia's."""
    return [head, *(c for c in head.children if grammar.base(c) in ("nmod", "poss", "amod", "compound", "nmod:poss"))]


def _nested_obliques(act: Token) -> list[grammar.Phrase]:
    own = grammar.obliques(act)
    return [*own, *(phrase for noun in arguments.objects(act) for phrase in grammar.obliques(noun))]


def _strikes_back(verb: Token) -> bool:
    """Match "will respond in kind", "to any attack", or no more than "we will respond"; an answer is none."""
    phrases = grammar.obliques(verb)
    if any(in_class(child, "force", "adv") for child in verb.children):
        return True
    if any(p.word in ("in", "with") and p.head.lower_ in ("kind", "force", "strength") for p in phrases):
        return True
    answered = [noun for p in phrases if p.word == "to" for noun in grammar.conjuncts(p.head)]
    if answered:
        return any(in_class(noun, "aggression") for noun in answered)
    return not arguments.objects(verb) and not phrases and not clauses.infinitives(verb)


def is_victim(verb: Token) -> bool:
    """Match "will face consequences", "will pay a heavy price": the subject is who is hurt, and another threatens."""
    if not in_class(verb, "undergo", "verb") or grammar.is_negated(verb):
        return False
    objects = _objects(verb)
    if any(in_class(noun, "harm") or in_class(noun, "cost") or in_class(noun, "consequence") for noun in objects):
        return True
    return verb.lower_ == "pay" and any(child.lower_ in ("dearly", "heavily") for child in verb.children)


def hits_all(verb: Token) -> bool:
    """Match "is imposing tariffs on any country that buys oil": whom it hits hangs on what others do."""
    for phrase in _nested_obliques(verb):
        if phrase.word in ("on", "against", "from"):
            words = {child.lower_ for child in phrase.head.children} | {phrase.head.lower_}
            described = any(child.dep_ in grammar.ADNOMINAL for child in phrase.head.children)
            if words & _ANY or (described and in_class(phrase.head, "crowd")):
                return True
    return False
