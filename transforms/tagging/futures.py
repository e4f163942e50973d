"""The settled future as a commissive: "will send", "is to hold", "said it would leave", "could ... if", "let us"."""

from collections.abc import Callable

from spacy.tokens import Token

from schemas.tags import Kind
from transforms.tagging import arguments, grammar
from transforms.tagging.candidate import Candidate
from transforms.tagging.complements import FUTURES, Complement, is_future
from transforms.tagging.harms import is_victim
from transforms.tagging.reasons import refuse
from transforms.tagging.spans import condition_of
from transforms.tagging.triggers import in_class, noun_entries

_REPORTS = frozenset({"announcement", "statement", "news", "word", "assertion", "declaration"})
# Subjects of "is to" that are aims and no parties: "their duty is to protect".
_AIMS = frozenset(
    "duty aim goal purpose task job objective mission role idea way solution problem question priority plan intention "
    "target it this that challenge hope point".split()
)
_BE = frozenset({"am", "is", "are", "'m", "’m", "'s", "’s", "'re", "’re"})
_SETTLED = frozenset({"set", "due", "going", "scheduled", "slated", "poised", "about"})
# Forms that a future can start at.
FUTURE_OPENERS = FUTURES | _BE | {"could", "let"}
_PASSIVE_REFUSALS = frozenset({"tolerated", "accepted", "allowed", "permitted", "granted", "recognized", "recognised"})


def _future(modal: Token) -> Candidate | None:
    """Match "will send", "would be leaving" in reported speech: the verb after the modal is trigger and act in one."""
    if modal.lower_ not in FUTURES or modal.tag_ not in ("MD", "VBD"):
        return None
    verb = _governed_verb(modal)
    objection = "no-future" if verb is None else _objection(modal, verb)
    if verb is None or objection is not None:
        refuse(modal, objection or "no-future", "g:future")
        return None
    negated, passive = grammar.is_negated(verb), grammar.is_passive(verb)
    holder = next((p.head for p in arguments.agents(verb)), None) if passive else arguments.subject(verb)
    refuses = negated and (not passive or verb.lower_ in _PASSIVE_REFUSALS)
    flags = frozenset({"target"}) if not passive and is_victim(verb) else frozenset[str]()
    return Candidate(
        rule="future-passive" if passive and holder is None else "future",
        entry_id="g:future",
        lemma=verb.lower_,
        kind=Kind.REFUSAL if refuses else Kind.PLEDGE,
        anchor=verb,
        start=modal.i,
        end=_trigger_end(verb),
        complement=Complement(verb, "self", passive),
        holder=holder,
        flags=flags,
    )


def _objection(modal: Token, verb: Token) -> str | None:
    """Give the reason why "will" settles nothing here; None where it does."""
    if modal.lower_ in ("would", "'d") and not _is_reported(verb):
        return "unreported-would"
    if _is_guessed(verb):
        return "guessed"
    if _is_either(verb) or _is_doubted(verb) or _is_unreal(modal, verb):
        return "guessed"
    return "inverted" if _is_inverted(modal, verb) else None


def _governed_verb(modal: Token) -> Token | None:
    verb = modal.head
    if grammar.base(modal) != "aux" or verb.i < modal.i or not is_future(verb):
        return None
    return verb


def _is_reported(verb: Token) -> bool:
    """Match "said US troops would leave": only a reported "would" is a future."""
    token = verb
    while token.dep_ in ("conj", "xcomp") and token.head is not token:
        token = token.head
    if token.dep_ == "acl":
        return token.head.lower_ in noun_entries() or token.head.lower_ in _REPORTS
    return grammar.base(token) in ("ccomp", "parataxis")


def _is_inverted(modal: Token, verb: Token) -> bool:
    """Match "how long will it take": a question, also inside a sentence; "nor will it pay" is none."""
    subjects = grammar.own_subjects(verb)
    before = modal.nbor(-1).lower_ if modal.i else ""
    return (
        bool(subjects)
        and modal.i < subjects[0].i
        and before not in ("nor", "neither", "never", "only", "circumstances")
    )


def _is_guessed(verb: Token) -> bool:
    """Match "hopes that it will", "ensure that they will", "what they will say": nothing settled."""
    if (
        any(child.tag_ in ("WRB", "WP") and child.i < verb.i for child in verb.children)
        and verb.dep_ not in grammar.RELATIVE
    ):
        return True
    clause = verb
    if grammar.base(clause) == "acl" and verb.dep_ not in grammar.RELATIVE and grammar.own_subjects(verb):
        return verb.head.lower_ not in noun_entries() and verb.head.lower_ not in _REPORTS
    while clause.dep_ == "conj" and clause.head is not clause and not grammar.children(clause, "mark"):
        clause = clause.head
    return grammar.base(clause) == "ccomp" and in_class(clause.head, "attitude", "verb")


def _is_doubted(verb: Token) -> bool:
    """Match "optimism that Peru will sign", wherever the parser hangs the clause: a feeling stands right before it."""
    first = verb.left_edge
    before = first.doc[max(first.i - 2, verb.sent.start) : first.i + 1]
    return any(in_class(token, "attitude") for token in before)


def _is_unreal(modal: Token, verb: Token) -> bool:
    """Match "it would be cheaper if donors had paid": what did not come about."""
    condition = condition_of(verb) if modal.lower_ in ("would", "'d") else None
    return condition is not None and any(token.lower_ == "had" and token.dep_ == "aux" for token in condition)


def _is_either(verb: Token) -> bool:
    """Match "Either Peru or Chile will host it": which of them is open."""
    subjects = grammar.own_subjects(verb)
    return any(
        child.lower_ in ("either", "or") for subject in subjects for child in subject.subtree if child.dep_ == "cc"
    )


def _trigger_end(verb: Token) -> int:
    """Take in verbs coordinated at once: "will eliminate or reduce"."""
    end: int = verb.i + 1
    for other in grammar.conjuncts(verb):
        if other.i == end + 1 and verb.doc[end].dep_ == "cc":
            end = other.i + 1
    return end


def _about_to(be: Token) -> Candidate | None:
    """Match "is to hold talks", "is going to send", "is set to sign": the settled future without a modal."""
    if be.lower_ not in _BE:
        return None
    doc, index, end = be.doc, be.i + 1, be.sent.end
    while index < end and doc[index].pos_ == "ADV" and not doc[index].lower_.startswith("no"):
        index += 1
    if index < end and doc[index].lower_ in _SETTLED:
        index += 1
    if index + 1 >= end or doc[index].lower_ != "to" or doc[index].dep_ not in ("mark", "aux"):
        return None
    verb = doc[index].head
    if verb.tag_ != "VB" or verb.i < index or grammar.is_passive(verb):
        return None
    own = grammar.own_subjects(be) or grammar.own_subjects(verb)
    holder = (
        arguments.antecedent(own[0]) if own else arguments.subject(verb) if "conj" in (be.dep_, verb.dep_) else None
    )
    if holder is None or any(subject.lower_ in _AIMS for subject in (*grammar.own_subjects(be), holder)):
        refuse(verb, "nobody-bound" if holder is None else "aim", "g:is-to")
        return None
    return Candidate(
        "is-to", "g:is-to", verb.lower_, Kind.PLEDGE, verb, be.i, verb.i + 1, Complement(verb, "self"), holder
    )


def _could_if(modal: Token) -> Candidate | None:
    """Match "signaled it could ease the blockade if attacks stop": openness under a condition."""
    verb = modal.head
    if (
        modal.lower_ != "could"
        or grammar.base(modal) != "aux"
        or grammar.base(verb) != "ccomp"
        or grammar.is_negated(verb)
    ):
        return None
    report, own = verb.head, grammar.own_subjects(verb)
    if not in_class(report, "speech", "verb") or not own or own[0].pos_ != "PRON" or condition_of(verb) is None:
        return None
    return Candidate(
        "could-if", "g:could-if", verb.lower_, Kind.OFFER, verb, modal.i, verb.i + 1, Complement(verb, "self"), own[0]
    )


def _let_us(let: Token) -> Candidate | None:
    """Match "Let us discuss this": the speaker puts a joint act forward."""
    if let.lower_ != "let" or let.i + 2 >= len(let.doc) or let.nbor().lower_ not in ("us", "'s", "’s"):
        return None
    verb = next((c for c in let.children if c.i > let.i and c.tag_ == "VB"), None)
    if (
        verb is None
        or let.tag_ != "VB"
        or verb.lower_ in ("be", "remember", "see", "say", "hope", "face", "recall", "look", "not")
    ):
        return None
    return Candidate(
        "let-us", "g:let-us", verb.lower_, Kind.PROPOSAL, verb, let.i, verb.i + 1, Complement(verb, "self"), let.nbor()
    )


# Tried in this order at each token.
FUTURE_RULES: tuple[Callable[[Token], Candidate | None], ...] = (_future, _about_to, _could_if, _let_us)
