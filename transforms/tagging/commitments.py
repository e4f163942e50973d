"""Find commitments in a parsed article: the spaCy component `pledgeline_commitments`."""

import dataclasses
import datetime
from collections.abc import Iterator

from spacy.language import Language
from spacy.tokens import Doc, Span, Token

from schemas.tags import Actor, ActorType, Amount, Commitment, Kind
from transforms.tagging import grammar
from transforms.tagging.amounts import find_amounts
from transforms.tagging.candidate import Candidate
from transforms.tagging.candidates import find_candidates, may_trigger
from transforms.tagging.confidence import estimate_confidence, least_confidence
from transforms.tagging.counterparties import names_party, nearest_other
from transforms.tagging.deadlines import find_deadlines, resolve_deadline
from transforms.tagging.foreign import converses, is_foreign
from transforms.tagging.kinds import decide_kind
from transforms.tagging.lists import is_item, item_candidates, list_intro
from transforms.tagging.places import read_places
from transforms.tagging.plover import code_event, domain_of
from transforms.tagging.reasons import refuse
from transforms.tagging.roles import Roles, find_roles
from transforms.tagging.sentences import sentence_bounds
from transforms.tagging.spans import act_span, condition_of, trim, verb_start

# Words that open a term rather than a date: "by Friday", "within a year".
_NOW = frozenset({"today", "now", "tonight", "this week", "yesterday"})
_DUE = frozenset({"by", "within", "until", "before", "over", "for", "next", "later", "from", "after"})
# Kinds that answer somebody, whom the sentence need not name again.
_ANSWERING = (Kind.THREAT, Kind.REFUSAL)
SPANS_KEY = "commitments"
# Longer "sentences" are tables and lists run together: what governs what in them is chance.
MAX_SENTENCE_TOKENS = 400


@Language.factory("pledgeline_commitments", assigns=["doc.spans"], requires=["token.dep", "doc.sents"])
def make_commitments(nlp: Language, name: str) -> "CommitmentFinder":
    """Make the component that writes `doc.spans["commitments"]`."""
    return CommitmentFinder()


class CommitmentFinder:
    """Writes the triggers of commitments to `doc.spans["commitments"]`, each span with `span._.commitment`.

    Needs a parse, sentence starts and `doc.spans["actors"]`; reads the article's day from `doc._.published`.
    """

    def __init__(self) -> None:
        if not Span.has_extension("commitment"):
            Span.set_extension("commitment", default=None)
        if not Doc.has_extension("published"):
            Doc.set_extension("published", default=None)

    def __call__(self, doc: Doc) -> Doc:
        """Tag one document; the commitments come in text order."""
        spans = []
        for candidate, commitment in find_commitments(doc):
            span = doc[candidate.start : candidate.end]
            span._.commitment = commitment
            spans.append(span)
        doc.spans[SPANS_KEY] = spans
        return doc


def find_commitments(doc: Doc, *, least: float | None = None) -> list[tuple[Candidate, Commitment]]:
    """Find the commitments of a document with the candidates that they were made from, in text order.

    Args:
        doc: A parse with sentence starts and `doc.spans["actors"]`.
        least: The confidence that a row needs; what `confidence.tsv` says if None.
    """
    found: list[tuple[Candidate, Commitment]] = []
    read_places(doc)
    intro: Candidate | None = None
    for sentence, bounds in _with_evidence(doc):
        if len(sentence) > MAX_SENTENCE_TOKENS:
            refuse(sentence[0], "table", f"{len(sentence)} tokens, limit {MAX_SENTENCE_TOKENS}")
            continue
        intro = list_intro(sentence) or (intro if is_item(sentence) else None)
        if intro is not None and is_item(sentence):
            if found and found[-1][0].anchor == intro.anchor:
                refuse(intro.anchor, "list-head", intro.entry_id)
            found = [pair for pair in found if pair[0].anchor != intro.anchor]
            found.extend(_judged(item_candidates(sentence, intro), bounds))
        elif any(may_trigger(token) for token in sentence):
            found.extend(_without_repeats(list(_judged(find_candidates(sentence), bounds))))
    return list(_likely(found, least_confidence() if least is None else least))


def _likely(found: list[tuple[Candidate, Commitment]], least: float) -> Iterator[tuple[Candidate, Commitment]]:
    """Give each row its confidence, and leave out those with less than `least`."""
    for candidate, row in found:
        confidence = estimate_confidence(candidate, row)
        if confidence < least:
            refuse(candidate.anchor, "unlikely", f"{confidence:.2f} of at least {least:.2f}")
        else:
            yield candidate, dataclasses.replace(row, confidence=confidence)


def _with_evidence(doc: Doc) -> Iterator[tuple[Span, tuple[int, int]]]:
    """Yield each sentence of the parse with its bounds by the text: without white space and markers of list items.

    A sentence too long for the parser comes in pieces, each its own evidence.
    """
    bounds, place = sentence_bounds(doc.text), 0
    for sentence in doc.sents:
        start, end = sentence.start_char, sentence.end_char
        while place < len(bounds) and bounds[place][1] <= start:
            place += 1
        last = place
        while last + 1 < len(bounds) and bounds[last + 1][0] < end:
            last += 1
        if place < len(bounds) and bounds[place][0] < end:
            yield sentence, (max(start, bounds[place][0]), min(end, bounds[last][1]))


def _judged(candidates: list[Candidate], bounds: tuple[int, int]) -> Iterator[tuple[Candidate, Commitment]]:
    for candidate in candidates:
        if is_foreign(candidate) or converses(candidate):
            refuse(candidate.anchor, "foreign-act", candidate.entry_id)
            continue
        condition = condition_of(candidate.act, candidate.anchor)
        act = _act(candidate, condition)
        roles = find_roles(candidate, act)
        if roles is None:
            continue
        parties = names_party(actor.actor_id for actor in roles.actors)
        kind = decide_kind(candidate, actors=len(roles.actors), conditional=condition is not None, names_party=parties)
        if kind in _ANSWERING and not roles.counterparties:
            roles = dataclasses.replace(roles, counterparties=nearest_other(candidate, roles.actors))
        if kind is None:
            refuse(candidate.anchor, "no-kind", candidate.entry_id)
        else:
            yield candidate, _commitment(candidate, kind, roles, act, condition, bounds)


def _act(candidate: Candidate, condition: Span | None) -> Span:
    head, relation = candidate.act, candidate.complement.relation
    if candidate.rule == "list-item":
        return trim(head.doc, candidate.start, head.sent.end)
    if relation == "none":
        return candidate.anchor.doc[candidate.start : candidate.end]
    if grammar.is_verbal(head) and not candidate.complement.finite:
        return act_span(head, first=verb_start(head), barred=condition)
    if candidate.complement.finite:
        return _without_that(act_span(head, barred=condition))
    return act_span(head, first=_noun_start(head), barred=condition)


def _noun_start(head: Token) -> int:
    lead = [c for c in head.lefts if c.dep_ in ("case", "mark", "prep", "cc")]
    return max((c.right_edge.i + 1 for c in lead), default=head.left_edge.i)


def _without_that(act: Span) -> Span:
    return act[1:] if len(act) > 1 and act[0].lower_ == "that" else act


def _without_repeats(found: list[tuple[Candidate, Commitment]]) -> list[tuple[Candidate, Commitment]]:
    """Keep the outermost of triggers that govern each other for one party: "agreed to commit"."""
    outer = {c.act.i: (c, row) for c, row in found if c.act != c.anchor}
    inner = {c.anchor.i: row for c, row in found if c.anchor.i in outer}
    kept: list[tuple[Candidate, Commitment]] = []
    for candidate, row in found:
        above = outer.get(candidate.anchor.i)
        if above is not None and (above[0].complement.finite or _overlap(above[1], row)):
            refuse(candidate.anchor, "governed", above[0].entry_id)
            continue
        below = inner.get(candidate.act.i) if candidate.complement.finite else None
        kept.append((candidate, _with_bodies(row, below.actors) if below is not None else row))
    return kept


def _with_bodies(row: Commitment, actors: tuple[Actor, ...]) -> Commitment:
    """Bind the body in whose name it is said: "the president announced that Chad would leave"."""
    known = {actor.actor_id for actor in row.actors}
    bodies = tuple(a for a in actors if a.actor_id not in known and a.type in (ActorType.STATE, ActorType.ORGANISATION))
    others = tuple(a for a in row.counterparties if a.actor_id not in {b.actor_id for b in bodies})
    return dataclasses.replace(row, actors=row.actors + bodies, counterparties=others)


def _overlap(one: Commitment, other: Commitment) -> bool:
    return bool({actor.actor_id for actor in one.actors} & {actor.actor_id for actor in other.actors})


def _commitment(
    candidate: Candidate, kind: Kind, roles: Roles, act: Span, condition: Span | None, bounds: tuple[int, int]
) -> Commitment:
    evidence, (start, end) = _evidence(candidate.anchor.sent, bounds), bounds
    act, condition = _inside(act, bounds), _inside(condition, bounds) if condition is not None else None
    trigger = act.doc[candidate.start : candidate.end]
    domain = domain_of(act.text, evidence)
    code = code_event(kind, act.text, domain, condition is not None, trigger=trigger.text)
    published: datetime.date | None = act.doc._.published
    deadline = _deadline(candidate, bounds, act, published)
    return Commitment(
        kind=kind,
        plover_event=code.event,
        plover_mode=code.mode,
        cameo_code=code.cameo,
        domain=domain,
        actors=roles.actors,
        counterparties=roles.counterparties,
        speaker=roles.speaker,
        trigger=trigger.text,
        trigger_lemma=candidate.lemma,
        trigger_start=trigger.start_char,
        trigger_end=trigger.end_char,
        action=act.text,
        condition=condition.text if condition is not None else None,
        deadline=deadline,
        due_date=resolve_deadline(deadline, published) if deadline else None,
        conditional=condition is not None,
        amounts=_amounts(act),
        sentence=evidence,
        sentence_start=start,
        sentence_end=end,
        confidence=1.0,
        rule=candidate.rule,
        lexicon_entry=candidate.entry_id,
    )


def _amounts(act: Span) -> tuple[Amount, ...]:
    return tuple(found.amount for found in find_amounts(act.text))


def _evidence(sentence: Span, bounds: tuple[int, int]) -> str:
    start, end = bounds
    return str(sentence.text)[start - sentence.start_char : end - sentence.start_char]


def _inside(span: Span, bounds: tuple[int, int]) -> Span:
    """Cut what reaches past the evidence, such as the marker of the next list item."""
    start, end = span.start, span.end
    while end > start + 1 and span.doc[end - 1].idx + len(span.doc[end - 1]) > bounds[1]:
        end -= 1
    return span.doc[start:end]


def _deadline(candidate: Candidate, bounds: tuple[int, int], act: Span, published: datetime.date | None) -> str | None:
    """Give the time that falls to the act: the first after its head, or one that opens its clause.

    A time before the article's day, or beside a noun that was signed or rejected, tells when it was said.
    """
    doc, base = act.doc, bounds[0]
    evidence = _evidence(candidate.anchor.sent, bounds)
    for first, last in sorted(find_deadlines(evidence), key=lambda s: (base + s[0] < candidate.act.idx, s)):
        span = doc.char_span(base + first, base + last, alignment_mode="expand")
        if span is None or not _falls_to(candidate, span, act):
            continue
        if span.text.lower() in _NOW and not candidate.entry_id.startswith("g:"):
            continue
        due = resolve_deadline(span.text, published)
        if due is None or published is None or due >= published:
            return evidence[first:last]
    return None


def _falls_to(candidate: Candidate, span: Span, act: Span) -> bool:
    if not grammar.is_verbal(candidate.act) and candidate.act != candidate.anchor:
        return act.start <= span.start and span[0].lower_ in _DUE
    if act.start <= span.start and span.end <= act.end:
        return True
    above = span.root
    while above.dep_ in ("pobj", "pcomp", "prep", "nmod", "compound") and above.head is not above:
        above = above.head
    return above.head == candidate.act or (
        above.head == candidate.anchor and candidate.anchor.tag_ in ("VB", "VBZ", "VBP")
    )
