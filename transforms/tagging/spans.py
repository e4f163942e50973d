"""Stretches of text: noun phrases, bound acts, conditions, to the letter and no longer than need be."""

from spacy.tokens import Doc, Span, Token

from transforms.tagging import grammar
from transforms.tagging.places import quotation

_CONDITIONS = frozenset({"if", "unless", "until", "till", "once", "provided", "lest"})
_CONDITION_PHRASES = (
    "as long as",
    "so long as",
    "on condition that",
    "provided that",
    "on the condition that",
    "in the event that",
    "in case",
    "in return for",
    "in exchange for",
    "only if",
    "unless and until",
)
_TRAILING_CLAUSES = frozenset(
    {
        "if",
        "unless",
        "until",
        "once",
        "provided",
        "because",
        "although",
        "though",
        "while",
        "whereas",
        "as",
        "since",
        "saying",
        "after",
        "before",
    }
)
_RELATIVES = frozenset({"which", "who", "where", "whose"})
_COMMENTS = frozenset({"stance", "position", "move", "step", "decision", "condition", "pledge", "view"})
# Adverbs that bear on the statement and not on the act.
_NO_PART = grammar.NEGATIONS | {"to", "also", "then", "now", "already", "reportedly", "therefore", "longer"}
_PASSING = frozenset({"now", "also", "then", "meanwhile", "today", "yesterday", "however", "even", "only", "so"})
_PUNCTUATION = frozenset(" \t\n,;:.–—-\"“”'‘’)]!…")
_OPENING = frozenset(" \t\n,;:.–—-\"“”'‘’([•*")


def subtree_bounds(head: Token) -> tuple[int, int]:
    """Give the first token of the head's subtree and the one after its last."""
    return head.left_edge.i, head.right_edge.i + 1


def noun_phrase(head: Token) -> Span:
    """Give the phrase that names a thing: without what is coordinated with it and without clauses that describe it."""
    start, end = head.left_edge.i, head.i + 1
    for child in head.children:
        if child.i < head.i:
            continue
        relation = grammar.base(child)
        if relation in ("flat", "compound", "fixed", "nmod", "prep", "goeswith", "nummod", "appos", "amod"):
            if relation == "appos" and child.i > end + 1:
                break
            edge = child.right_edge.i + 1 if relation != "appos" else end
            end = max(end, edge)
        elif relation not in ("punct", "case", "det"):
            break
    for child in head.lefts:
        if child.lower_ in _PASSING and child.i == start:
            start = child.i + 1
        elif grammar.base(child) in ("cc", "punct", "case", "mark", "prep", "advmod") and child.i == start:
            start = child.right_edge.i + 1
    return trim(head.doc, min(start, head.i), end)


def trim(doc: Doc, start: int, end: int) -> Span:
    """Cut white space, quotes and stops off both ends; what closes what opened inside stays."""
    while start < end - 1 and _is_edge(doc[start].text, _OPENING):
        start += 1
    while end > start + 1 and _is_edge(doc[end - 1].text, _PUNCTUATION) and not _closes(doc, start, end):
        end -= 1
    return doc[start:end]


def _is_edge(text: str, characters: frozenset[str]) -> bool:
    return all(character in characters for character in text)


def _closes(doc: Doc, start: int, end: int) -> bool:
    last = doc[end - 1].text
    inside = [token.text for token in doc[start : end - 1]]
    pairs = {")": "(", "]": "[", "”": "“", "’": "‘", '"': '"'}
    opening = pairs.get(last)
    return (
        opening is not None
        and inside.count(opening) > (inside.count(last) if opening != last else 0)
        and (opening != last or inside.count(opening) % 2 == 1)
    )


def act_span(head: Token, *, first: int | None = None, barred: Span | None = None) -> Span:
    """Give the bound act: from its first word to the end of its clause, less what only frames it.

    Args:
        head: The verb or noun of the act.
        first: Where the act starts if its head says too little ("will not send": after the modal).
        barred: A condition, left out where it stands at an end.
    """
    start, end = subtree_bounds(head)
    if first is not None:
        start = first
    start = min(max(start, head.sent.start), head.i)
    end = min(_without_tail(head, end), head.sent.end)
    if barred is not None:
        if start < barred.start < end <= barred.end + 1 and barred.start > head.i:
            end = barred.start
        if barred.start <= start < barred.end <= head.i:
            start = barred.end
    end = _before_comment(head, end)
    quote = quotation(head)
    if quote is not None and quote.start <= start:
        end = min(end, quote.end)
    return trim(head.doc, start, max(end, head.i + 1))


def _before_comment(head: Token, end: int) -> int:
    """Leave out what is said of the act beside it: "will not send troops, a stance shared by Peru"."""
    for token in head.doc[head.i + 1 : end]:
        if token.lower_ in _RELATIVES and token.nbor(-1).text == ",":
            return token.i - 1
        if token.lower_ in _COMMENTS and token.i >= head.i + 3:
            lead = token.doc[token.i - 3 : token.i]
            comma = next((t.i for t in lead if t.text == ","), None)
            if comma is not None and any(t.lower_ in ("a", "an", "the") for t in lead):
                return comma
    return end


def verb_start(verb: Token) -> int:
    """Give where a verb's own phrase starts: after "to" and modals, with adverbs right before it."""
    start = verb.i
    while start > verb.sent.start:
        before = verb.doc[start - 1]
        if (
            before.head != verb
            or grammar.base(before) != "advmod"
            or before.lower_ in ("not", "n't", "to", "also", "then", "never")
        ):
            break
        start -= 1
    return start


def _without_tail(head: Token, end: int) -> int:
    """Cut clauses after the act that tell why, when or what came of it."""
    for child in head.rights:
        relation = grammar.base(child)
        comma = child.left_edge.i > 0 and head.doc[child.left_edge.i - 1].text in (",", ";", "–", "—")
        marks = {c.lower_ for c in grammar.children(child, "mark", "advmod", "case") if c.i < child.i} | {
            child.left_edge.lower_
        }
        if relation == "advcl" and (marks & _TRAILING_CLAUSES or (comma and child.tag_ in ("VBG", "VBN"))):
            if child.left_edge.i > head.i and child.left_edge.lower_ != "including":
                return child.left_edge.i
        if relation == "parataxis" or (relation == "conj" and (grammar.own_subjects(child) or _has_modal(child))):
            return _before_conjunction(child)
    return end


def _has_modal(verb: Token) -> bool:
    return any(child.tag_ == "MD" for child in grammar.children(verb, "aux"))


def _before_conjunction(clause: Token) -> int:
    start: int = clause.left_edge.i
    return start - 1 if clause.doc[start - 1].dep_ == "cc" and start > 0 else start


def condition_of(*heads: Token) -> Span | None:
    """Find the clause that an act hangs on, among the clauses that depend on one of the heads or stand above them."""
    for head in heads:
        token = head
        for _ in range(6):
            found = _condition_under(token)
            if found is not None:
                return found
            if token.head is token or token.dep_ in grammar.RELATIVE:
                break
            above = _condition_above(token)
            if above is not None:
                return above
            token = token.head
    return _condition_phrase(heads[0])


def _condition_phrase(head: Token) -> Span | None:
    """Find "as long as ...", "on condition that ..." after the act, which parsers hang anywhere."""
    words = [token.lower_ for token in head.doc[head.i : head.sent.end]]
    for phrase in _CONDITION_PHRASES:
        wanted = phrase.split()
        for place in range(1, len(words) - len(wanted)):
            if words[place : place + len(wanted)] == wanted:
                last = head.doc[head.i + place + len(wanted) - 1]
                ends = [t.right_edge.i for t in (last.head, grammar.governed(last)) if t is not None and t.i > last.i]
                return trim(head.doc, head.i + place, max([head.right_edge.i, *ends]) + 1)
    return None


def _condition_above(clause: Token) -> Span | None:
    """Match "If talks fail, we will act" with the second clause hung on the first."""
    marks = [c for c in grammar.children(clause.head, "mark") if c.lower_ in _CONDITIONS and c.i < clause.head.i]
    if not marks or not grammar.own_subjects(clause) or clause.left_edge.i < clause.head.i:
        return None
    end = min(t.left_edge.i for t in clause.children if t.i < clause.i) if list(clause.lefts) else clause.i
    return trim(clause.doc, marks[0].i, max(end, clause.head.i + 1))


def _condition_under(token: Token) -> Span | None:
    for child in token.children:
        if grammar.base(child) not in ("advcl", "ccomp", "dep", "parataxis", "acl", "csubj", "obl", "prep", "conj"):
            continue
        start, end = subtree_bounds(child)
        words = [t.lower_ for t in child.doc[start : start + 6] if not t.is_punct]
        first = [t for t in child.doc[start : child.i + 1] if not t.is_punct and not t.is_space][:2]
        text = " ".join(words)
        if any(t.lower_ in _CONDITIONS for t in first[:1]) or any(text.startswith(p) for p in _CONDITION_PHRASES):
            return trim(child.doc, start, min(end, child.sent.end))
        if first and first[0].text == "Should" and first[0].head == child:
            return trim(child.doc, start, end)
    return None
