"""What sort of commissive a statement is, by its trigger and by what is bound: harm, departure, forbearance."""

from spacy.tokens import Span, Token

from schemas.tags import Kind
from transforms.tagging import arguments, clauses, grammar
from transforms.tagging.candidate import Candidate
from transforms.tagging.harms import NamesParty, is_harm, within
from transforms.tagging.triggers import in_class

# Bodies that pass a plan of their own bind themselves to it.
_PASSING = frozenset({"approve", "adopt", "endorse"})
# Tokens.
_PRONOUN_REACH = 40
_DISOWNED = frozenset({"plan", "intention", "intent"})
_ORDERING = frozenset({"order", "direct", "instruct", "authorize", "authorise"})


def decide_kind(candidate: Candidate, *, actors: int, conditional: bool, names_party: NamesParty) -> Kind | None:
    """Decide the kind; None where what is said binds nobody.

    Args:
        candidate: The trigger with the kind that its word has by itself.
        actors: How many parties are bound.
        conditional: Whether the act hangs on a condition.
        names_party: Tells parties, so that "hit back at Moscow" is harm and "hit the target" is none.

    Source: the codebook's rulings on what is hard (docs/codebook.md).
    """
    act = inner_act(candidate.act)
    if candidate.entry_id.startswith("g:"):
        return _future_kind(candidate, act, conditional, names_party)
    if conditional and candidate.kind is Kind.AGREEMENT and candidate.start < candidate.anchor.i:
        return Kind.OFFER
    if candidate.rule == "verb-inf" and candidate.lemma in _ORDERING and _is_addressed(candidate.anchor, names_party):
        return None
    if candidate.kind is Kind.OFFER and candidate.rule == "adjective-inf" and is_harm(act, names_party):
        return Kind.THREAT
    if "announce" in candidate.flags:
        return _announced_kind(candidate, act, names_party)
    if candidate.kind is Kind.PLEDGE:
        if "plural-agreement" in candidate.flags and actors > 1:
            return Kind.AGREEMENT
        return _pledged_kind(candidate, act, names_party)
    if candidate.kind is Kind.REFUSAL and candidate.rule.startswith("noun") and candidate.lemma in _DISOWNED:
        return Kind.PLEDGE if in_class(act, "forsworn", "verb") or in_class(act, "leave", "verb") else Kind.REFUSAL
    if candidate.lemma in _PASSING and actors == 1 and clauses.infinitives(candidate.act):
        return _pledged_kind(candidate, inner_act(clauses.infinitives(candidate.act)[0]), names_party)
    return candidate.kind


def inner_act(verb: Token) -> Token:
    """Look through verbs that only say how an act goes on: "continue to impose", "help to end", "seek to"."""
    if verb.lower_ in _ASPECT:
        for child in (*clauses.infinitives(verb), *clauses.gerunds(verb)):
            return inner_act(child)
    return verb


_ASPECT = frozenset(
    "continue continuing begin beginning start starting keep keeping proceed try trying seek seeking "
    "work working move moving help helping act acts acting go".split()
)


def is_departure(act: Token) -> bool:
    """Tell whether the act ends a presence or a membership: troops leave, a base closes, a treaty is quit."""
    if not in_class(act, "leave", "verb"):
        return grammar.is_nominal(act) and in_class(act, "withdrawal")
    if act.lower_.startswith(("withdr", "pull", "quit", "evict", "exit", "vacat")):
        return True
    objects = arguments.objects(act)
    if act.lower_.startswith(("clos", "suspend")):
        named = [*objects, *(before for noun in objects if noun.lower_ == "it" for before in _words_before(noun))]
        return any(
            in_class(noun, "site") or in_class(noun, "participation") or in_class(noun, "deal") for noun in named
        )
    holder = arguments.subject(act)
    if any(phrase.word == "for" for phrase in grammar.obliques(act)):
        return False
    return any(in_class(noun, "deal") or in_class(noun, "forum") for noun in objects) or (
        holder is not None and in_class(holder, "force")
    )


def _words_before(pronoun: Token) -> Span:
    """Give the words in which the thing that "it" stands for was named."""
    return pronoun.doc[max(0, pronoun.i - _PRONOUN_REACH) : pronoun.i]


def _is_addressed(verb: Token, names_party: NamesParty) -> bool:
    """Match "ordered U.S. forces to leave": a demand on another."""
    return any(names_party(token) for noun in arguments.objects(verb) for token in within(noun))


def _future_kind(candidate: Candidate, act: Token, conditional: bool, names_party: NamesParty) -> Kind | None:
    verb = candidate.anchor
    if candidate.rule == "could-if":
        return Kind.THREAT if is_harm(act, names_party) else Kind.OFFER
    if candidate.rule == "let-us":
        return Kind.PROPOSAL
    if "target" in candidate.flags:
        return Kind.THREAT
    if candidate.rule in ("cannot", "no-such"):
        return Kind.REFUSAL
    if conditional and verb.lower_ == "take" and any(in_class(noun, "steps") for noun in arguments.objects(verb)):
        return Kind.THREAT
    if candidate.kind is Kind.REFUSAL:
        if in_class(verb, "persist", "verb"):
            deeper = next(iter(clauses.infinitives(verb)), verb)
            harm = is_harm(deeper, names_party) or (verb.lower_ == "hesitate" and _takes_action(deeper))
            if not harm and verb.lower_ == "surrender" and arguments.objects(verb):
                return Kind.REFUSAL
            return Kind.THREAT if harm else Kind.PLEDGE
        return Kind.PLEDGE if in_class(act, "forsworn", "verb") else Kind.REFUSAL
    if is_departure(act):
        return Kind.WITHDRAWAL
    if grammar.is_negated(act):
        return Kind.PLEDGE
    return Kind.THREAT if is_harm(act, names_party) else Kind.PLEDGE


def _takes_action(verb: Token) -> bool:
    return verb.lower_ in ("take", "act", "use", "respond") or in_class(verb, "harm", "verb")


def _pledged_kind(candidate: Candidate, act: Token, names_party: NamesParty) -> Kind:
    if grammar.is_negated(act):
        return Kind.PLEDGE if in_class(act, "forsworn", "verb") else _negative_pledge(candidate)
    if is_harm(act, names_party):
        return Kind.THREAT
    if is_departure(act) and candidate.lemma in ("plan", "intend", "decide", "decision", "intention"):
        return Kind.WITHDRAWAL
    return Kind.PLEDGE


def _negative_pledge(candidate: Candidate) -> Kind:
    """Match "decided not to sign" turns something down; "promised not to interfere" forswears."""
    return Kind.REFUSAL if candidate.lemma in ("decide", "vote", "opt", "elect", "decision") else Kind.PLEDGE


def _announced_kind(candidate: Candidate, act: Token, names_party: NamesParty) -> Kind | None:
    if candidate.complement.relation != "obj":
        if is_departure(act):
            return Kind.WITHDRAWAL
        return Kind.THREAT if is_harm(act, names_party) else Kind.PLEDGE
    if is_departure(act) or any(is_departure(inner) for inner in clauses.infinitives(act)):
        return Kind.WITHDRAWAL
    if in_class(act, "deal") and not in_class(act, "truce"):
        return Kind.AGREEMENT
    if any(is_harm(inner, names_party) for inner in clauses.infinitives(act)):
        return Kind.THREAT
    return Kind.PROPOSAL if in_class(act, "proposal") and not in_class(act, "plans") else Kind.PLEDGE
