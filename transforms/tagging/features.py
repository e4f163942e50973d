"""What speaks for and against a row: features, each a name that the row has or has not.

None of them tells the label schemes of parsers apart.
"""

from collections.abc import Iterator

from spacy.tokens import Doc, Token

from schemas.tags import ActorType, Commitment
from transforms.tagging import arguments, grammar
from transforms.tagging.candidate import Candidate
from transforms.tagging.kinds import inner_act
from transforms.tagging.naming import words
from transforms.tagging.places import places_of, quotation
from transforms.tagging.triggers import in_class

# Tokens. Longer sentences are parsed worse; shorter ones are headings, asides and turns of talk.
_LONG_SENTENCE = 45
_SHORT_SENTENCE = 12
_VERB_CLASSES = (
    "attitude speech harm harm_strong impose leave light passive_stance persist travel volition join forsworn comment "
    "decide destination"
).split()
_NOUN_CLASSES = (
    "deal plan proposal request resource measure sanction value quality meeting bill harm instrument joint own_body "
    "force withdrawal claim expression cost forum"
).split()
_CLAUSES = frozenset({"ccomp", "advcl", "acl", "parataxis", "relcl", "csubj", "ROOT"})
_PRONOUNS = frozenset("i we he she it they this that these those who which you".split())
_FIRST = frozenset("i we us our my me".split())
_SECOND = frozenset({"you", "your"})
_STATES = frozenset({"be", "have", "remain", "become"})
_DOUBTFUL = frozenset("likely probably possibly perhaps may might eventually soon never always just then again".split())
_HYPOTHETICAL = frozenset({"if", "unless", "would", "could"})
_KEY = "pledgeline_features"


def row_features(candidate: Candidate, row: Commitment) -> Iterator[str]:
    """Yield the names of the features that a row has, some of them twice; `bias` is one of every row."""
    yield "bias"
    yield f"rule:{candidate.rule}"
    yield f"rule:{candidate.rule.partition('-')[0]}"
    yield f"kind:{row.kind}"
    yield f"entry:{candidate.entry_id}"
    for name, held in (("conditional", row.conditional), ("deadline", row.deadline), ("amounts", row.amounts)):
        if held:
            yield name
    yield from _parties(row)
    yield from _holder(candidate.holder)
    yield from _act(inner_act(candidate.act), candidate.act)
    yield from _trigger(candidate)
    yield from _clause(candidate.anchor)
    yield from _sentence(candidate.anchor)
    yield from _document(candidate.anchor.doc)


def _parties(row: Commitment) -> Iterator[str]:
    for actor_type in sorted({actor.type for actor in row.actors}):
        yield f"actor:{actor_type}"
    if all(actor.type is ActorType.GROUP for actor in row.actors):
        yield "actors:nameless"
    yield "actors:many" if len(row.actors) > 1 else "actors:one"
    if all(actor.country is None for actor in row.actors):
        yield "actors:no-country"
    if row.counterparties:
        yield "counterparties"
    if row.speaker is not None:
        yield "speaker"


def _holder(holder: Token | None) -> Iterator[str]:
    """Yield what sort of word names who is bound."""
    if holder is None:
        yield "holder:none"
        return
    yield f"holder:{holder.lower_}" if holder.lower_ in _PRONOUNS else f"holder:{holder.pos_}"
    for name in ("crowd", "instrument", "forum", "expression", "value", "plan", "deal"):
        if in_class(holder, name):
            yield f"holder:{name}"


def _act(act: Token, outer: Token) -> Iterator[str]:
    """Yield what is bound: the verb or noun that carries the act, looked at through "continue to"."""
    yield f"act:{act.pos_}"
    yield f"act={act.lower_}"
    if act != outer:
        yield "act:aspect"
    verbal = grammar.is_verbal(act)
    for name in _VERB_CLASSES if verbal else _NOUN_CLASSES:
        if in_class(act, name, "verb" if verbal else "noun"):
            yield f"act:{name}"
    if not verbal:
        return
    if any(child.dep_ == "cop" for child in act.children) or act.lower_ in _STATES:
        yield "act:state"
    things = arguments.objects(act)
    yield "object" if things else "object:none"
    for thing in things[:1]:
        yield f"object={thing.lower_}"
        for name in _NOUN_CLASSES:
            if in_class(thing, name):
                yield f"object:{name}"


def _trigger(candidate: Candidate) -> Iterator[str]:
    anchor = candidate.anchor
    yield f"trigger:{anchor.tag_}"
    yield f"first:{anchor.doc[candidate.start].lower_}"
    if grammar.is_negated(anchor):
        yield "negated"
    if grammar.is_verbal(anchor) and grammar.is_passive(anchor):
        yield "passive"
    for child in anchor.children:
        if child.lower_ in _DOUBTFUL:
            yield f"adverb:{child.lower_}"
    if anchor.tag_.startswith("NN"):
        yield from _noun(anchor)


def _noun(noun: Token) -> Iterator[str]:
    """Yield how a noun stands: whose it is, and what is done with it."""
    above = grammar.governor(noun)
    if above is not None:
        yield f"over={above.lower_}"
    if noun.dep_ in grammar.OBJECTS or noun.dep_ in grammar.SUBJECTS:
        yield "noun:object" if noun.dep_ in grammar.OBJECTS else "noun:subject"
    article = next((child.lower_ for child in noun.lefts if child.pos_ == "DET"), "bare")
    yield "noun:owned" if grammar.possessor(noun) is not None else f"noun:{article}"
    yield "noun:plural" if noun.tag_.endswith("S") else "noun:single"


def _clause(anchor: Token) -> Iterator[str]:
    """Yield what the clause of the trigger hangs on."""
    clause = grammar.copula_host(anchor)
    while grammar.base(clause) not in _CLAUSES and clause.head != clause:
        clause = clause.head
    yield f"clause:{'relative' if clause.dep_ in grammar.RELATIVE else grammar.base(clause)}"
    before = [child for child in clause.children if child.i < anchor.i]
    for mark in before:
        if grammar.base(mark) in ("mark", "advmod") and mark.tag_ in ("IN", "WRB"):
            yield f"mark:{mark.lower_}"
    if any(child.tag_ in ("WP", "WDT", "WRB") for child in before):
        yield "clause:wh"
    if clause.head != clause:
        yield from _above(clause.head)


def _above(word: Token) -> Iterator[str]:
    yield f"above={word.lower_}"
    for name in ("speech", "attitude", "comment", "light", "volition"):
        if in_class(word, name, "verb"):
            yield f"above:{name}"
    if grammar.is_verbal(word):
        yield f"above:{word.tag_}"
    if grammar.is_negated(word):
        yield "above:negated"


def _sentence(anchor: Token) -> Iterator[str]:
    if quotation(anchor) is not None:
        yield "quoted"
    if len(anchor.sent) > _LONG_SENTENCE:
        yield "sentence:long"
    if len(anchor.sent) < _SHORT_SENTENCE:
        yield "sentence:short"
    if any(token.lower_ in _HYPOTHETICAL for token in anchor.sent):
        yield "sentence:hypothetical"


def _document(doc: Doc) -> tuple[str, ...]:
    """Give the features that all rows of a document share, read once: who speaks in it, and of what."""
    kept: tuple[str, ...] | None = doc.user_data.get(_KEY)
    if kept is None:
        kept = doc.user_data[_KEY] = tuple(_read_document(doc))
    return kept


def _read_document(doc: Doc) -> Iterator[str]:
    if doc.user_data.get("author"):
        yield "document:official"
    forms = [token.lower_ for token in doc if token.is_alpha]
    for name, counted, bounds in (
        ("affairs", words("affairs"), (0.01, 0.025, 0.04)),
        ("first", _FIRST, (0.002, 0.01, 0.03)),
        ("second", _SECOND, (0.002, 0.01)),
    ):
        share = sum(form in counted for form in forms) / max(1, len(forms))
        yield f"document:{name}-{sum(share >= bound for bound in bounds)}"
    share = len(places_of(doc).mentions) / max(1, len(forms))
    yield f"document:actors-{sum(share >= bound for bound in (0.02, 0.05, 0.1))}"
