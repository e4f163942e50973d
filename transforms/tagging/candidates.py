"""Where a text may commit somebody: each place where a trigger stands in its commissive sense.

What the words say is judged here; who says it and who is bound is for `roles`.
"""

import dataclasses
import functools
from collections.abc import Iterator

from spacy.tokens import Span, Token

from schemas.tags import Kind
from transforms.tagging import arguments, grammar
from transforms.tagging.assertion import (
    carries_act,
    has_none,
    is_bare,
    is_denied,
    is_hypothetical,
    is_predicate,
    is_weak,
    objection_to,
)
from transforms.tagging.candidate import Candidate
from transforms.tagging.complements import FUTURES, Complement, find_complement
from transforms.tagging.denials import DENIAL_OPENERS, DENIALS
from transforms.tagging.frames import verb_holder
from transforms.tagging.futures import FUTURE_OPENERS, FUTURE_RULES
from transforms.tagging.reasons import refuse
from transforms.tagging.triggers import Entry, adjective_entries, noun_entries, particle_end, verb_entries

_ASSENTING = frozenset({"agree", "accept", "consent", "assent"})
# Tokens of the longest trigger that is shown whole.
_LONGEST_TRIGGER = 6
# What a party refuses by having none: "has no plans to withdraw".
_DISOWNED = frozenset({"plan", "intention", "intent"})
_OPENNESS = frozenset({"ready", "willing", "prepared", "open", "amenable", "available"})


def find_candidates(sentence: Span) -> list[Candidate]:
    """Find the triggers of a sentence in text order; questions and hypotheses have none."""
    if sentence.text.rstrip(" \n\"”’')").endswith("?"):
        for token in filter(may_trigger, sentence):
            refuse(token, "question")
        return []
    found: dict[int, Candidate] = {}
    for token in sentence:
        for candidate in _at(token) if may_trigger(token) else ():
            if is_hypothetical(candidate):
                refuse(token, "hypothesis", candidate.entry_id)
                continue
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
            refuse(candidate.anchor, "part-of-trigger", candidate.entry_id)
            continue
        inner = by_anchor.get(candidate.act.i)
        if (
            "announce" in candidate.flags
            and inner is not None
            and inner.rule.startswith("noun")
            and inner is not candidate
        ):
            end = inner.end if inner.end - candidate.start <= _LONGEST_TRIGGER else candidate.end
            candidate = _announced(candidate, inner, end)
            dropped.add(inner.anchor.i)
        twin = by_act.get(candidate.act.i) if candidate.act != candidate.anchor else None
        if twin is not None and twin.rule == candidate.rule and twin.kind is candidate.kind:
            refuse(candidate.anchor, "part-of-trigger", candidate.entry_id)
            kept[kept.index(twin)] = by_act[candidate.act.i] = dataclasses.replace(twin, end=candidate.end)
            continue
        by_act[candidate.act.i] = candidate
        kept.append(candidate)
    return kept


def _announced(announcing: Candidate, inner: Candidate, end: int) -> Candidate:
    """Read "announced plans to leave" as announcing to leave, "announced an agreement to trade" as the agreement."""
    merged = dataclasses.replace(announcing, end=end, complement=inner.complement)
    if inner.kind is Kind.PLEDGE:
        return merged
    return dataclasses.replace(merged, kind=inner.kind, flags=announcing.flags - {"announce"})


def _stronger(future: Candidate, lexical: Candidate) -> Candidate:
    """Of "will" and its verb, let the verb speak, unless it settles something that is yet to be signed or passed."""
    if not future.entry_id.startswith("g:"):
        future, lexical = lexical, future
    scheduled = lexical.kind is Kind.AGREEMENT and lexical.lemma not in _ASSENTING
    stronger, weaker = (future, lexical) if scheduled else (lexical, future)
    refuse(weaker.anchor, "weaker-reading", weaker.entry_id)
    return stronger


def may_trigger(token: Token) -> bool:
    """Tell by the form alone whether the token can be a trigger: cheap, so that most sentences need no grammar."""
    return token.lower_ in _forms()


@functools.cache
def _forms() -> frozenset[str]:
    lexical = (*verb_entries(), *noun_entries(), *adjective_entries())
    return frozenset(lexical) | FUTURE_OPENERS | DENIAL_OPENERS


def _at(token: Token) -> Iterator[Candidate]:
    """Yield at most one candidate: the first sense that fits."""
    for find in (_adjective, _verb, _noun, *FUTURE_RULES, *DENIALS):
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
            refuse(token, "particle-missing", entry.entry_id)
            continue
        complement = find_complement(token, entry.patterns, particle)
        objection = "no-act" if complement is None else objection_to(token, entry)
        if complement is None or objection is not None:
            refuse(token, objection or "no-act", entry.entry_id)
            continue
        kind = _negated_kind(entry.kind) if grammar.is_negated(token) else entry.kind
        start, end = _with_modal(token), (particle.i if particle is not None else token.i) + 1
        if kind is None:
            refuse(token, "negated", entry.entry_id)
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
    """Match "Germany commits to send": a verb that the tagger took for a noun; an object or a subject shows it."""
    if grammar.own_subjects(token) or any(child.dep_ in grammar.OBJECTS for child in token.children):
        return True
    if token.i == token.sent.start or token.i + 2 >= token.sent.end:
        return False
    before, to, verb = token.nbor(-1), token.nbor(1), token.nbor(2)
    acts = to.lower_ == "to" and (verb.tag_ in ("VB", "VBG") or verb.pos_ == "ADV")
    if _is_participle(token):
        return acts and verb.tag_ == "VB"
    if token.tag_ == "NN":
        return acts and _is_only_verb(token)
    if token.tag_ != "NNS":
        return False
    before_it = ("compound", "nmod", "amod", "flat", "obl", "det", "advmod", "punct")
    named = before.pos_ == "PROPN" and all(grammar.base(child) in before_it for child in token.lefts)
    return acts and (named or (token.dep_ == "ROOT" and grammar.base(before) == "compound"))


def _is_only_verb(noun: Token) -> bool:
    """Match "The rebels plan to sign" with "plan" for a noun: else the sentence would have no verb."""
    root = noun.sent.root
    others = (token for token in noun.sent if token.tag_ in ("VBD", "VBZ", "VBP", "MD"))
    return root.i < noun.i and grammar.is_nominal(root) and next(others, None) is None


def _is_participle(token: Token) -> bool:
    """Match "took office pledging to cut taxes" with the participle taken for a noun."""
    return token.lower_.endswith("ing") and not grammar.is_verbal(token)


def _lemma(entry: Entry) -> str:
    return f"{entry.lemma} {entry.particle}".strip()


def _verb_holder(verb: Token, entry: Entry, complement: Complement) -> Token | None:
    if not grammar.is_verbal(verb):
        if grammar.own_subjects(verb):
            return arguments.subject(verb)
        if verb.tag_ == "NN" and not _is_participle(verb):
            return verb.sent.root
        above = grammar.governor(verb) if _is_participle(verb) else None
        return arguments.subject(above) if above is not None else verb.nbor(-1)
    if complement.relation == "obj" and complement.head.dep_ in grammar.SUBJECTS and not grammar.is_passive(verb):
        return None
    return verb_holder(verb, entry.lemma, clausal=complement.relation in ("inf", "that"))


def _negated_kind(kind: Kind) -> Kind | None:
    """Give an offer for openness ("has not ruled out"); what was not promised is none."""
    return Kind.OFFER if kind is Kind.REFUSAL else None


def _with_modal(verb: Token) -> int:
    """Start the trigger at "will", so that "will agree" and "would offer" are shown whole."""
    modals = [a.i for a in grammar.auxiliaries(verb) if a.lower_ in FUTURES and a.i < verb.i]
    return modals[0] if modals and verb.i - modals[0] <= 4 else verb.i


def _noun(token: Token) -> Candidate | None:
    named = token.tag_.startswith("NN") or token.lower_.endswith(("ness", "ability"))
    if not named and not (token.tag_ == "JJ" and (token.dep_ in grammar.OBJECTS or token.dep_ in grammar.SUBJECTS)):
        return None
    for entry in noun_entries().get(token.lower_, ()):
        complement = find_complement(token, entry.patterns, None) or _predicated(token)
        denied = is_denied(token)
        disowned = denied and entry.lemma in _DISOWNED and has_none(token)
        if complement is None or (denied and not disowned) or not (disowned or carries_act(token)):
            refuse(token, _noun_objection(token, complement), entry.entry_id)
            continue
        return Candidate(
            rule=f"noun-{complement.relation}",
            entry_id=entry.entry_id,
            lemma=entry.lemma,
            kind=Kind.REFUSAL if disowned else entry.kind,
            anchor=token,
            start=token.i,
            end=token.i + 1,
            complement=complement,
            holder=arguments.holder(token),
            flags=entry.flags,
        )
    return None


def _noun_objection(noun: Token, complement: Complement | None) -> str:
    if complement is None:
        return "no-act"
    return "denied" if is_denied(noun) else "bare-noun"


def _predicated(noun: Token) -> Complement | None:
    """Match "their plan is to withdraw": the act is said of the noun."""
    head = noun.head
    if noun.dep_ in grammar.SUBJECTS and head.tag_ == "VB" and grammar.has_to(head):
        return Complement(head, "inf")
    return None


def _adjective(token: Token) -> Candidate | None:
    if token.lower_ not in adjective_entries():
        return None
    if not is_predicate(token):
        refuse(token, "attribute")
        return None
    for entry in adjective_entries()[token.lower_]:
        complement = find_complement(token, entry.patterns, None)
        if complement is None or is_weak(token) or is_bare(token):
            refuse(token, "no-act" if complement is None else "weak-modal", entry.entry_id)
            continue
        kind: Kind | None = entry.kind
        if grammar.is_negated(token):
            kind = Kind.REFUSAL if entry.lemma in _OPENNESS else _negated_kind(entry.kind)
        if kind is None:
            refuse(token, "negated", entry.entry_id)
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
            arguments.subject(token),
            entry.flags,
        )
    return None
