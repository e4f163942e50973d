"""Where a text may commit somebody: each place where a trigger stands in its commissive sense.

What the words say is judged here; who says it and who is bound is for `roles`.
"""

import dataclasses
from collections.abc import Iterator

from spacy.tokens import Span, Token

from schemas.tags import Kind
from transforms import grammar
from transforms.candidate import Candidate
from transforms.complements import FUTURES, Complement, find_complement
from transforms.futures import FUTURE_RULES, may_open_future
from transforms.places import quotation
from transforms.speech import attribution
from transforms.triggers import Entry, adjective_entries, in_class, noun_entries, particle_end, verb_entries

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
_ASSENTING = frozenset({"agree", "accept", "consent", "assent"})
# Clauses above the trigger that can make it a condition.
_MAX_STEPS = 12
# Tokens of the longest trigger that is shown whole.
_LONGEST_TRIGGER = 6
_NAMING = frozenset(
    {"toward", "towards", "of", "for", "from", "without", "before", "about", "to", "on", "in", "at", "against", "into"}
)
_OWNING = frozenset({"by", "between", "from", "among"})
_OPENNESS = frozenset({"ready", "willing", "prepared", "open", "amenable", "available"})


def find_candidates(sentence: Span) -> list[Candidate]:
    """Find the triggers of a sentence in text order; questions and hypotheses have none."""
    if sentence.text.rstrip(" \n\"”’')").endswith("?"):
        return []
    found: dict[int, Candidate] = {}
    for token in sentence:
        for candidate in _at(token) if may_trigger(token) else ():
            if not _is_hypothetical(candidate):
                rival = found.get(candidate.anchor.i)
                found[candidate.anchor.i] = candidate if rival is None else _stronger(rival, candidate)
    return _merged(sorted(found.values(), key=lambda candidate: candidate.start))


def _merged(found: list[Candidate]) -> list[Candidate]:
    """Read "announced plans to leave" and "ready and willing to help" as one trigger each."""
    by_anchor = {candidate.anchor.i: candidate for candidate in found}
    by_act: dict[int, Candidate] = {}
    kept: list[Candidate] = []
    dropped: set[int] = set()
    for candidate in found:
        if candidate.anchor.i in dropped:
            continue
        inner = by_anchor.get(candidate.act.i)
        if (
            "announce" in candidate.flags
            and inner is not None
            and inner.rule.startswith("noun")
            and inner is not candidate
        ):
            end = inner.end if inner.end - candidate.start <= _LONGEST_TRIGGER else candidate.end
            candidate = dataclasses.replace(candidate, end=end, complement=inner.complement)
            dropped.add(inner.anchor.i)
        twin = by_act.get(candidate.act.i) if candidate.act != candidate.anchor else None
        if twin is not None and twin.rule == candidate.rule and twin.kind is candidate.kind:
            kept[kept.index(twin)] = by_act[candidate.act.i] = dataclasses.replace(twin, end=candidate.end)
            continue
        by_act[candidate.act.i] = candidate
        kept.append(candidate)
    return kept


def _stronger(future: Candidate, lexical: Candidate) -> Candidate:
    """Of "will" and its verb, let the verb speak, unless it settles something that is yet to be signed or passed."""
    if not future.entry_id.startswith("g:"):
        future, lexical = lexical, future
    scheduled = lexical.kind is Kind.AGREEMENT and lexical.lemma not in _ASSENTING
    return future if scheduled else lexical


def may_trigger(token: Token) -> bool:
    """Tell by the form alone whether the token can be a trigger: cheap, so that most sentences need no grammar."""
    form = token.lower_
    return form in verb_entries() or form in noun_entries() or form in adjective_entries() or may_open_future(token)


def _at(token: Token) -> Iterator[Candidate]:
    """Yield at most one candidate: the first sense that fits."""
    for find in (_adjective, _verb, _noun, *FUTURE_RULES):
        candidate = find(token)
        if candidate is not None:
            yield candidate
            return


def _verb(token: Token) -> Candidate | None:
    if not grammar.is_verbal(token) and not _reads_as_verb(token):
        return None
    for entry in verb_entries().get(token.lower_, ()):
        particle = particle_end(token, entry.particle) if entry.particle else None
        if entry.particle and particle is None:
            continue
        complement = find_complement(token, entry.patterns, particle)
        if complement is None or not _is_asserted(token, entry) or _is_report_of(token, entry):
            continue
        kind = _negated_kind(entry.kind) if grammar.is_negated(token) else entry.kind
        start, end = _with_modal(token), (particle.i if particle is not None else token.i) + 1
        if kind is None:
            return None
        return Candidate(
            rule=f"verb-{complement.relation}",
            entry_id=entry.entry_id,
            lemma=_lemma(entry),
            kind=kind,
            anchor=token,
            start=start,
            end=end,
            complement=complement,
            holder=_verb_holder(token, entry, complement),
            flags=entry.flags,
        )
    return None


def _reads_as_verb(token: Token) -> bool:
    """ "Germany commits to send": a verb that the tagger took for a noun; an object or a subject shows it."""
    if grammar.own_subjects(token) or any(child.dep_ in grammar.OBJECTS for child in token.children):
        return True
    if token.tag_ != "NNS" or token.i == token.sent.start or token.i + 2 >= token.sent.end:
        return False
    before, to, verb = token.nbor(-1), token.nbor(1), token.nbor(2)
    before_it = ("compound", "nmod", "amod", "flat", "obl", "det", "advmod", "punct")
    named = before.pos_ == "PROPN" and all(grammar.base(child) in before_it for child in token.lefts)
    return named and to.lower_ == "to" and (verb.tag_ in ("VB", "VBG") or verb.pos_ == "ADV")


def _lemma(entry: Entry) -> str:
    return f"{entry.lemma} {entry.particle}".strip()


def _verb_holder(verb: Token, entry: Entry, complement: Complement) -> Token | None:
    if not grammar.is_verbal(verb):
        return verb.nbor(-1)
    if complement.relation == "obj" and complement.head.dep_ in grammar.SUBJECTS and not grammar.is_passive(verb):
        return None
    if not grammar.is_passive(verb):
        return _outside_quote(verb, grammar.subject(verb))
    if entry.lemma in ("commit", "recommit") and not grammar.agents(verb):
        return grammar.subject(verb)
    return next((phrase.head for phrase in grammar.agents(verb)), None)


def _outside_quote(verb: Token, subject: Token | None) -> Token | None:
    """ "We must act," she said, promising that ...": what stands outside of a quotation is done by who is quoted."""
    if subject is None or grammar.own_subjects(verb):
        return subject
    quote = quotation(subject)
    if quote is None or quote.start <= verb.i < quote.end:
        return subject
    found = attribution(subject.head)
    return found.source if found is not None else subject


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
    if verb.tag_ == "VBG" and not words and (grammar.base(verb) in ("xcomp", "ccomp") or _is_aim(verb)):
        if verb.head.lower_ not in _RAISING:
            return False
    if "active" in entry.flags and grammar.is_passive(verb):
        return False
    if "progressive" in entry.flags:
        return verb.tag_ == "VBG" and any(word in _BE for word in words)
    if "standing" in entry.flags:
        return verb.tag_ in ("VBZ", "VBP", "VBG") or _is_reported(verb)
    return True


def _is_aim(verb: Token) -> bool:
    """ "work toward finalizing", "thanked them for signing": an act that is named, not done."""
    marks = {child.lower_ for child in grammar.children(verb, "mark", "case") if child.i < verb.i}
    if verb.dep_ == "pcomp":
        marks.add(verb.head.lower_)
    return bool(marks & _NAMING)


def _is_report_of(verb: Token, entry: Entry) -> bool:
    """ "As the minister announced, ...": it tells who says another statement."""
    marks = {child.lower_ for child in grammar.children(verb, "mark", "advmod", "case") if child.i < verb.i}
    return "announce" in entry.flags and "as" in marks


def _in_list_of_acts(verb: Token) -> bool:
    return verb.dep_ == "ROOT" and verb.i == verb.sent.start


def _is_reported(verb: Token) -> bool:
    """ "said it planned to": the past tense of the report is the present of the plan."""
    return verb.dep_ == "ccomp" and not any(a.lower_ in _HAVE for a in grammar.auxiliaries(verb))


def _noun(token: Token) -> Candidate | None:
    if not token.tag_.startswith("NN") and not token.lower_.endswith(("ness", "ability")):
        return None
    for entry in noun_entries().get(token.lower_, ()):
        complement = find_complement(token, entry.patterns, None) or _predicated(token)
        if complement is None or _is_denied(token) or not _carries_act(token):
            continue
        return Candidate(
            rule=f"noun-{complement.relation}",
            entry_id=entry.entry_id,
            lemma=entry.lemma,
            kind=entry.kind,
            anchor=token,
            start=token.i,
            end=token.i + 1,
            complement=complement,
            holder=grammar.holder(token),
            flags=entry.flags,
        )
    return None


def _carries_act(noun: Token) -> bool:
    """Tell whether somebody is said to make, have or take the act: an owner, or a verb that does no more than that."""
    if grammar.possessor(noun) is not None or any(p.word in _OWNING for p in grammar.obliques(noun)):
        return True
    if any(
        child.pos_ == "PROPN" or child.tag_ == "NNP"
        for child in noun.lefts
        if grammar.base(child) in ("compound", "amod", "nmod")
    ):
        return True
    if noun.dep_ in grammar.SUBJECTS:
        return False
    if any(child.lower_ == "with" for child in grammar.children(noun, "case")) or noun.head.lower_ == "with":
        return True
    verb = grammar.governor(noun)
    if verb is None or (noun.head != verb and verb != noun):
        return False
    making = in_class(verb, "light", "verb") or in_class(verb, "speech", "verb") or verb.lower_ in _HAVE
    return verb == noun or making


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


def _is_hypothetical(candidate: Candidate) -> bool:
    """Tell whether the trigger stands in a condition or an indirect question.

    A clause with "will" and a subject of its own is no condition, whatever the parser hangs it on.
    """
    clause = candidate.anchor
    stands_alone = candidate.rule.startswith("future") and bool(grammar.own_subjects(clause))
    for _ in range(1 if stands_alone else _MAX_STEPS):
        marks = {child.lower_ for child in grammar.children(clause, "mark", "advmod") if child.i < candidate.anchor.i}
        if marks & _HYPOTHESES:
            return True
        if clause.head is clause:
            return False
        clause = clause.head
    return False
