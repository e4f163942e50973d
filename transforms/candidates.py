"""Where a text may commit somebody: each place where a trigger stands in its commissive sense.

What the words say is judged here; who says it and who is bound is for `roles`.
"""

import dataclasses
import re
from collections.abc import Iterator

from spacy.tokens import Span, Token

from schemas.tags import Kind
from transforms import grammar
from transforms.complements import FUTURES, Complement, find_complement, is_future
from transforms.triggers import Entry, adjective_entries, noun_entries, particle_end, verb_entries

# Modals under which a commissive verb is a possibility, a duty or a wish and binds nobody.
_WEAK_MODALS = frozenset({"may", "might", "could", "can", "should", "must", "ought", "need", "ca"})
_HYPOTHESES = frozenset({"if", "whether", "unless", "until", "till", "lest", "once"})
# Verbs under which an infinitive or gerund still tells of what its subject does.
_RAISING = frozenset(
    "continue continues continued continuing keep keeps kept begin begins began begun start starts started seem seems "
    "seemed appear appears appeared proceed proceeds proceeded come comes came go goes went gone use used".split()
)
_HAVE = frozenset({"have", "has", "had", "having", "'ve", "’ve", "'s", "’s"})
_BE = frozenset({"am", "is", "are", "'m", "’m", "'s", "’s", "'re", "’re"})
_OPENNESS = frozenset({"ready", "willing", "prepared", "open", "amenable", "available"})
_FUTURE_FORMS = re.compile(r"will|shall|would|wo|'ll|’ll|'d|is|are|am|'re|’re|'s|’s|going|let", re.IGNORECASE)


@dataclasses.dataclass(frozen=True, slots=True)
class Candidate:
    """A trigger in its commissive sense. `start` and `end` are tokens of the document, end excluded.

    `anchor` is the trigger's head word; `act` the head of the bound act, the anchor itself after a modal.
    `holder` is the head of the phrase that names who is bound, None where the clause does not name it.
    """

    rule: str
    entry_id: str
    lemma: str
    kind: Kind
    anchor: Token
    start: int
    end: int
    complement: Complement
    holder: Token | None
    flags: frozenset[str] = frozenset()

    @property
    def act(self) -> Token:
        """The head of the bound act."""
        return self.complement.head


def find_candidates(sentence: Span) -> list[Candidate]:
    """Find the triggers of a sentence in text order; questions and hypotheses have none."""
    if sentence.text.rstrip(" \n\"”’')").endswith("?"):
        return []
    found: list[Candidate] = []
    for token in sentence:
        if may_trigger(token):
            found.extend(candidate for candidate in _at(token) if not _is_hypothetical(candidate.anchor))
    return found


def may_trigger(token: Token) -> bool:
    """Tell by the form alone whether the token can be a trigger: cheap, so that most sentences need no grammar."""
    form = token.lower_
    return (
        form in verb_entries()
        or form in noun_entries()
        or form in adjective_entries()
        or _FUTURE_FORMS.fullmatch(form) is not None
    )


def _at(token: Token) -> Iterator[Candidate]:
    """Yield at most one candidate: the first sense that fits."""
    for find in (_adjective, _verb, _noun, _future, _about_to):
        candidate = find(token)
        if candidate is not None:
            yield candidate
            return


def _verb(token: Token) -> Candidate | None:
    if not grammar.is_verbal(token):
        return None
    for entry in verb_entries().get(token.lower_, ()):
        particle = particle_end(token, entry.particle) if entry.particle else None
        if entry.particle and particle is None:
            continue
        complement = find_complement(token, entry.patterns, particle)
        if complement is None or not _is_asserted(token, entry):
            continue
        kind = _negated_kind(entry.kind) if grammar.is_negated(token) else entry.kind
        start, end = _with_modal(token), (particle.i if particle is not None else token.i) + 1
        if kind is None:
            return None
        return Candidate(
            f"verb-{complement.relation}",
            entry.entry_id,
            _lemma(entry),
            kind,
            token,
            start,
            end,
            complement,
            _verb_holder(token, entry),
            entry.flags,
        )
    return None


def _lemma(entry: Entry) -> str:
    return f"{entry.lemma} {entry.particle}".strip()


def _verb_holder(verb: Token, entry: Entry) -> Token | None:
    if not grammar.is_passive(verb):
        return grammar.subject(verb)
    if entry.lemma in ("commit", "recommit") and not grammar.agents(verb):
        return grammar.subject(verb)
    return next((phrase.head for phrase in grammar.agents(verb)), None)


def _negated_kind(kind: Kind) -> Kind | None:
    """ "did not promise" is none; openness in negated form ("does not refuse", "has not ruled out") is an offer."""
    return Kind.OFFER if kind is Kind.REFUSAL else None


def _with_modal(verb: Token) -> int:
    """Start the trigger at "will", so that "will agree" and "would offer" are shown whole."""
    modals = [a.i for a in grammar.auxiliaries(verb) if a.lower_ in FUTURES and a.i < verb.i]
    return modals[0] if modals and verb.i - modals[0] <= 4 else verb.i


def _is_asserted(verb: Token, entry: Entry) -> bool:
    """Tell whether the verb is said to be done, not wished, weighed, asked of others or over and done."""
    words = [token.lower_ for token in grammar.auxiliaries(verb)]
    if any(word in _WEAK_MODALS for word in words) or ("would" in words and "have" in words):
        return False
    if grammar.has_to(verb) or (verb.tag_ == "VB" and not words):
        if verb.head.lower_ not in _RAISING and not _in_list_of_acts(verb):
            return False
    if verb.tag_ == "VBG" and not words and grammar.base(verb) in ("xcomp", "ccomp"):
        if verb.head.lower_ not in _RAISING:
            return False
    if "active" in entry.flags and grammar.is_passive(verb):
        return False
    if "progressive" in entry.flags:
        return verb.tag_ == "VBG" and any(word in _BE for word in words)
    if "standing" in entry.flags:
        return verb.tag_ in ("VBZ", "VBP", "VBG") or _is_reported(verb)
    return True


def _in_list_of_acts(verb: Token) -> bool:
    return verb.dep_ == "ROOT" and verb.i == verb.sent.start


def _is_reported(verb: Token) -> bool:
    """ "said it planned to": the past tense of the report is the present of the plan."""
    return verb.dep_ == "ccomp" and not any(a.lower_ in _HAVE for a in grammar.auxiliaries(verb))


def _noun(token: Token) -> Candidate | None:
    if not token.tag_.startswith("NN"):
        return None
    for entry in noun_entries().get(token.lower_, ()):
        complement = find_complement(token, entry.patterns, None) or _predicated(token)
        if complement is None or _is_denied(token):
            continue
        return Candidate(
            f"noun-{complement.relation}",
            entry.entry_id,
            entry.lemma,
            entry.kind,
            token,
            token.i,
            token.i + 1,
            complement,
            grammar.holder(token),
            entry.flags,
        )
    return None


def _predicated(noun: Token) -> Complement | None:
    """ "their plan is to withdraw": the act is said of the noun."""
    head = noun.head
    if noun.dep_ in grammar.SUBJECTS and head.tag_ == "VB" and grammar.has_to(head):
        return Complement(head, "inf")
    return None


def _is_denied(noun: Token) -> bool:
    """Tell whether there is no such thing: "no plans to", "had not announced any plans", "the lack of a commitment"."""
    if any(child.lower_ in ("no", "any", "neither", "without") for child in noun.children):
        return True
    verb = grammar.governor(noun)
    return verb is not None and noun.dep_ in grammar.OBJECTS and grammar.is_negated(verb)


def _adjective(token: Token) -> Candidate | None:
    if token.lower_ not in adjective_entries() or not _is_predicate(token):
        return None
    for entry in adjective_entries()[token.lower_]:
        complement = find_complement(token, entry.patterns, None)
        if complement is None or _is_weak(token):
            continue
        kind: Kind | None = entry.kind
        if grammar.is_negated(token):
            kind = Kind.REFUSAL if entry.lemma in _OPENNESS else _negated_kind(entry.kind)
        if kind is None:
            return None
        return Candidate(
            f"adjective-{complement.relation}",
            entry.entry_id,
            entry.lemma,
            kind,
            token,
            token.i,
            token.i + 1,
            complement,
            grammar.subject(token),
            entry.flags,
        )
    return None


def _is_predicate(token: Token) -> bool:
    if token.pos_ == "ADJ" or token.tag_.startswith("JJ"):
        return token.dep_ != "amod" or bool(list(token.children))
    return token.tag_ in ("VBN", "VBD") and grammar.is_passive(token) and not grammar.agents(token)


def _is_weak(token: Token) -> bool:
    return any(a.lower_ in _WEAK_MODALS for a in grammar.auxiliaries(token))


def _future(modal: Token) -> Candidate | None:
    """ "will send", "would be leaving" in reported speech: the verb after the modal is trigger and act in one."""
    if modal.lower_ not in FUTURES or modal.tag_ not in ("MD", "VBD"):
        return None
    verb = _governed_verb(modal)
    if verb is None or (modal.lower_ in ("would", "'d") and not _speaks_of_future(verb)):
        return None
    return _future_candidate(modal, verb, "future")


def _governed_verb(modal: Token) -> Token | None:
    verb = modal.head
    if grammar.base(modal) == "aux" and verb.i > modal.i and is_future(verb):
        return None if verb.lower_ in verb_entries() and _verb(verb) is not None else verb
    return None


def _speaks_of_future(verb: Token) -> bool:
    """ "said US troops would leave": only a reported "would" is a future; with a condition it binds as well."""
    if "have" in {a.lower_ for a in grammar.auxiliaries(verb)}:
        return False
    token = verb
    while token.dep_ in ("conj", "xcomp"):
        token = token.head
    return grammar.base(token) in ("ccomp", "acl") or token.dep_ == "parataxis"


def _future_candidate(first: Token, verb: Token, rule: str) -> Candidate | None:
    negated = grammar.is_negated(verb)
    passive = grammar.is_passive(verb)
    holder = next((p.head for p in grammar.agents(verb)), None) if passive else grammar.subject(verb)
    kind = Kind.REFUSAL if negated else Kind.PLEDGE
    name = f"{rule}-passive" if passive else rule
    end = _trigger_end(verb)
    return Candidate(
        name, f"g:{rule}", verb.lower_, kind, verb, first.i, end, Complement(verb, "self", passive), holder
    )


def _trigger_end(verb: Token) -> int:
    """Take in verbs coordinated at once: "will eliminate or reduce"."""
    end = verb.i + 1
    for other in grammar.conjuncts(verb):
        if other.i == end + 1 and verb.doc[end].dep_ == "cc":
            end = other.i + 1
    return end


def _about_to(be: Token) -> Candidate | None:
    """ "is to hold talks", "is going to send", "is set to sign": the settled future without a modal."""
    if be.lower_ not in _BE:
        return None
    doc, index = be.doc, be.i + 1
    while index < be.sent.end and doc[index].pos_ == "ADV":
        index += 1
    if index < be.sent.end and doc[index].lower_ in ("set", "due", "going", "scheduled", "slated", "poised", "about"):
        index += 1
    if index + 1 >= be.sent.end or doc[index].lower_ != "to" or doc[index].dep_ not in ("mark", "aux"):
        return None
    verb = doc[index].head
    if verb.tag_ != "VB" or verb.i < index or grammar.is_passive(verb):
        return None
    holder = _subject_of_be(be, verb)
    if holder is None:
        return None
    return Candidate(
        "is-to", "g:is-to", verb.lower_, Kind.PLEDGE, verb, be.i, verb.i + 1, Complement(verb, "self"), holder
    )


def _subject_of_be(be: Token, verb: Token) -> Token | None:
    own = grammar.own_subjects(be) or grammar.own_subjects(verb)
    return grammar.antecedent(own[0]) if own else grammar.subject(verb)


def _is_hypothetical(token: Token) -> bool:
    """Tell whether the token stands in a condition or an indirect question."""
    clause = token
    for _ in range(12):
        marks = {child.lower_ for child in grammar.children(clause, "mark", "advmod") if child.i < token.i}
        if marks & _HYPOTHESES:
            return True
        if clause.head is clause:
            return False
        clause = clause.head
    return False
