"""Explanations: how a text was parsed, which names and triggers were taken or refused, by what, and the rows of it."""

import dataclasses
import datetime
import functools

from spacy.tokens import Doc, Span, Token

from schemas.tags import ActorType, Commitment, Mention
from transforms.tagging.candidates import may_trigger
from transforms.tagging.leaders import leader_called
from transforms.tagging.lexicon import read_table
from transforms.tagging.reasons import Reason, reasons_of
from transforms.tagging.triggers import Entry, adjective_entries, noun_entries, verb_entries


@dataclasses.dataclass(frozen=True, slots=True)
class Word:
    """One token of the parse: its tag, its relation, and the word that it hangs on (itself at the root)."""

    text: str
    tag: str
    relation: str
    head: str
    entity: str


@dataclasses.dataclass(frozen=True, slots=True)
class Name:
    """A name that was read. `actor` is None where it was refused; `why` says by what it was found, or refused."""

    surface: str
    actor: Mention | None
    why: str


@dataclasses.dataclass(frozen=True, slots=True)
class Trigger:
    """A word that can bind a party, with the entries of the lexicon that have it: taken for a commitment, or refused.

    `why` tells what refused it; several where several entries or rules looked at it.
    """

    surface: str
    entries: tuple[str, ...]
    taken: bool
    why: tuple[str, ...]


@dataclasses.dataclass(frozen=True, slots=True)
class Explained:
    """One sentence, explained."""

    sentence: str
    words: tuple[Word, ...]
    names: tuple[Name, ...]
    triggers: tuple[Trigger, ...]
    commitments: tuple[Commitment, ...]


def explain_sentences(doc: Doc) -> tuple[Explained, ...]:
    """Explain a document that has been tagged with its reasons asked for (`reasons.ask_reasons`)."""
    reasons: dict[int, list[Reason]] = {}
    for reason in dict.fromkeys(reasons_of(doc)):
        reasons.setdefault(reason.start, []).append(reason)
    return tuple(_explain(sentence, reasons) for sentence in doc.sents if sentence.text.strip())


def _explain(sentence: Span, reasons: dict[int, list[Reason]]) -> Explained:
    doc = sentence.doc
    found = [span for span in doc.spans.get("commitments", []) if sentence.start <= span.start < sentence.end]
    return Explained(
        sentence=sentence.text.strip(),
        words=tuple(_word(token) for token in sentence if not token.is_space),
        names=tuple(_names(sentence, reasons)),
        triggers=tuple(filter(None, (_trigger(token, found, reasons.get(token.i, [])) for token in sentence))),
        commitments=tuple(span._.commitment for span in found),
    )


def _word(token: Token) -> Word:
    return Word(token.text, token.tag_, token.dep_, token.head.text, token.ent_type_)


def _names(sentence: Span, reasons: dict[int, list[Reason]]) -> list[Name]:
    doc = sentence.doc
    taken = {span.start: span for span in doc.spans.get("actors", []) if sentence.start <= span.start < sentence.end}
    covered = {place for span in taken.values() for place in range(span.start, span.end)}
    names = [(place, Name(span.text, span._.mention, _origin(span._.mention, doc))) for place, span in taken.items()]
    for place in range(sentence.start, sentence.end):
        refused = next((one for one in reasons.get(place, ()) if one.reason in _OF_NAMES), None)
        if refused is not None and place not in covered:
            names.append((place, Name(doc[refused.start : refused.end].text, None, refused.words)))
    return [name for _, name in sorted(names, key=lambda row: row[0])]


# Reasons that refuse names; all others refuse triggers.
_OF_NAMES = frozenset({"place", "private", "sport", "ambiguous-form", "thing", "no-sign"})


def _origin(mention: Mention, doc: Doc) -> str:
    """Say what found a mention: the rule in words, and the row of the registers that it rests on."""
    day: datetime.date | None = doc._.published
    leader = leader_called(mention.actor_id)
    if leader is not None:
        term = leader.term_on(day)
        held = f"{term.start:%Y-%m} to {f'{term.end:%Y-%m}' if term.end else 'now'}"
        row = f"leaders.tsv: {leader.name}, {term.office} {term.country or ''}".rstrip() + f", {held}"
    elif mention.rule.startswith("gazetteer") and mention.type is ActorType.STATE:
        row = f"countries.tsv: {mention.name}"
    elif mention.rule == "gazetteer_name":
        row = f"organisations.tsv: {mention.actor_id}"
    else:
        row = ""
    told = f"{mention.rule}: {_rules_in_words()[mention.rule]}"
    return f"{told} ({row})" if row else told


@functools.cache
def _rules_in_words() -> dict[str, str]:
    return {row["rule"]: row["words"] for row in read_table("actor_rules")}


def _trigger(token: Token, found: list[Span], reasons: list[Reason]) -> Trigger | None:
    """Tell what became of a word; None where it is no trigger by any entry or rule, and no rule looked at it."""
    taken = next((span for span in found if span.start <= token.i < span.end), None)
    entries = _entries(token)
    if taken is not None:
        return Trigger(taken.text, tuple(map(_show, entries)), True, ()) if taken.start == token.i else None
    # A verb whose particle is elsewhere is another word.
    entries = tuple(entry for entry in entries if _reason(entry, reasons) != "particle-missing")
    told = [one for one in reasons if one.reason not in _OF_NAMES and one.reason != "particle-missing"]
    if not may_trigger(token) or not (entries or told):
        return None
    why = tuple(dict.fromkeys(one.words for one in told))
    unclaimed = f"no rule makes a trigger of it as it is parsed here ({token.tag_}, {token.dep_})"
    return Trigger(token.text, tuple(map(_show, entries)), False, why or (unclaimed,))


def _reason(entry: Entry, reasons: list[Reason]) -> str | None:
    return next((one.reason for one in reasons if one.about == entry.entry_id), None)


def _entries(token: Token) -> tuple[Entry, ...]:
    form = token.lower_
    return (*verb_entries().get(form, ()), *noun_entries().get(form, ()), *adjective_entries().get(form, ()))


def _show(entry: Entry) -> str:
    """Show an entry with what may carry its act: "v:agree inf, to:-person"."""
    takes = [
        pattern.relation + (f":{'-' if pattern.excluded else ''}{pattern.noun_class}" if pattern.noun_class else "")
        for pattern in entry.patterns
    ]
    return f"{entry.entry_id} takes {', '.join(takes)}"
