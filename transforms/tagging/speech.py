"""Who says it: the speech verb or "according to" that a statement stands under, and the quotation it stands in."""

import dataclasses
from collections.abc import Iterator

from spacy.tokens import Span, Token

from schemas.tags import ActorType
from transforms.tagging import arguments, grammar
from transforms.tagging.places import mention_at, quotation
from transforms.tagging.triggers import in_class

# Words of a report: "the statement said" names no party, its author does.
_SOURCES = frozenset({"statement", "letter", "report", "tweet", "speech", "post", "release", "communique", "memo"})
_QUOTE_ENDS = ("”", '"', "''", ",")
_SPEAKING = (ActorType.PERSON, ActorType.ORGANISATION, ActorType.STATE)
# Tokens between a quotation mark and the verb of saying.
_QUOTE_REACH = 6
# Sentences back to the one that names who is quoted; a longer quotation has its speaker named anew.
_MAX_SENTENCES_BACK = 6


@dataclasses.dataclass(frozen=True, slots=True)
class Attribution:
    """Who is said to say it: the head of the phrase that names the source, and the verb or preposition of saying."""

    source: Token
    word: Token


def attribution(token: Token) -> Attribution | None:
    """Find who says what the token is part of, in the token's own sentence: the nearest source above it."""
    clause, seen = token, {token.i}
    while True:
        found = _beside(clause) or _above(clause)
        if found is not None:
            return found
        if clause.head is clause or clause.head.i in seen or clause.head.sent != token.sent:
            return _according_to(token.sent)
        clause = clause.head
        seen.add(clause.i)


def quoted_source(token: Token) -> Attribution | None:
    """Find who is quoted where the token's own sentence does not say: the last source named in or before the quote."""
    quote = quotation(token)
    if quote is None:
        return _block_source(token.sent)
    beside = _beside_quote(quote)
    if beside is not None:
        return beside
    for sentence in _sentences_back(token.sent):
        for word in sentence:
            if (
                in_class(word, "speech", "verb")
                and grammar.is_verbal(word)
                and word.i not in range(quote.start, quote.end)
            ):
                source = arguments.subject(word)
                if source is not None and not grammar.is_passive(word):
                    return Attribution(source, word)
        found = _according_to(sentence)
        if found is not None:
            return found
    return _leading_in(quote)


def earlier_source(token: Token, *, sentences: int = _MAX_SENTENCES_BACK) -> Attribution | None:
    """Find who spoke last in the sentences before the token's own, for "the statement said" and "she said"."""
    for sentence in list(_sentences_back(token.sent))[1 : sentences + 1]:
        for word in sentence:
            found = _attribute(word) if _says(word) else None
            if found is not None and found.source.lower_ not in _SOURCES:
                return found
    return None


def is_document(source: Token) -> bool:
    """Tell whether what speaks is a text, behind which its author stands."""
    return source.lower_ in _SOURCES


def _leading_in(quote: Span) -> Attribution | None:
    """Match 'The premier defended the plan, "We will go on."': a party acts right before the words are quoted."""
    opening = quote[0].sent
    for token in opening:
        if token.i < quote.start and token.dep_ in grammar.SUBJECTS:
            mention = mention_at(token)
            if mention is not None and mention._.mention.type in _SPEAKING:
                return Attribution(token, token.head)
    return None


def _beside_quote(quote: Span) -> Attribution | None:
    """Read "...," the minister said and said the minister: "..." off the words next to the marks."""
    doc = quote.doc
    for first, last in ((quote.end, quote.end + _QUOTE_REACH), (quote.start - _QUOTE_REACH, quote.start)):
        near = doc[max(first, 0) : min(last, len(doc))]
        verb = next((token for token in near if in_class(token, "speech", "verb") and quotation(token) is None), None)
        if verb is None or any("\n" in token.text for token in near if token.i < verb.i):
            continue
        mentions = [m for m in map(mention_at, doc[max(verb.i - 4, 0) : verb.i + 5]) if m is not None]
        outside = [m for m in mentions if m.end <= quote.start or m.start >= quote.end]
        if outside:
            return Attribution(outside[0].root, verb)
    return None


def _block_source(sentence: Span) -> Attribution | None:
    """Match "The minister said:" and what follows without marks: the statement goes on for some paragraphs."""
    previous = list(_sentences_back(sentence))[1:]
    for before in previous:
        words = [token for token in before if not token.is_space]
        if words and words[-1].text == ":":
            verbs = [token for token in words if _says(token)]
            return _attribute(verbs[-1]) if verbs else None
    return None


def _sentences_back(sentence: Span) -> Iterator[Span]:
    current = sentence
    for _ in range(_MAX_SENTENCES_BACK):
        yield current
        if current.start == 0:
            return
        current = current.doc[current.start - 1].sent


def _above(clause: Token) -> Attribution | None:
    """The clause is what a verb of saying says."""
    verb = clause.head
    further = grammar.base(clause) == "conj" and any(c.lower_ == "that" for c in grammar.children(clause, "mark"))
    if verb is clause or not (grammar.base(clause) in ("ccomp", "parataxis") or further) or not _says(verb):
        return None
    return _attribute(verb)


def _beside(clause: Token) -> Attribution | None:
    """Match "Chad will, he said, ..." and "As he announced, ...": the verb of saying hangs on what is said."""
    for child in clause.children:
        inserted = grammar.base(child) == "parataxis" or (
            grammar.base(child) in ("advcl", "ccomp")
            and any(c.lower_ == "as" for c in grammar.children(child, "mark", "advmod", "case"))
        )
        if inserted and _says(child) and grammar.own_subjects(child):
            return _attribute(child)
    return _according_to_under(clause)


def _says(verb: Token) -> bool:
    return in_class(verb, "speech", "verb") and grammar.is_verbal(verb)


def sayer(verb: Token) -> Token | None:
    """Give the subject of a verb; what stands outside of a quotation is done by who is quoted, not by its "we".

    So in "We must act," she said, promising that help would come.
    """
    subject = arguments.subject(verb)
    if subject is None and verb.i > verb.sent.start and verb.nbor(-1).head == verb and verb.nbor(-1).tag_ == "NNP":
        # A name hung on a verb that the tagger took for a noun.
        return verb.nbor(-1)
    if subject is None and verb.i > verb.sent.start and verb.nbor(-1).text in _QUOTE_ENDS:
        # "We will pay," vows the mayor: who speaks is taken for what is said.
        return next((noun for noun in arguments.objects(verb) if noun.i > verb.i), None)
    if subject is None or grammar.own_subjects(verb):
        return subject
    quote = quotation(subject)
    if quote is None or quote.start <= verb.i < quote.end:
        return subject
    found = quoted_source(subject)
    return found.source if found is not None else subject


def _attribute(verb: Token) -> Attribution | None:
    source = sayer(verb)
    if source is None or grammar.is_passive(verb) or is_first_person(source):
        return None
    if source.lower_ in _SOURCES:
        source = grammar.possessor(source) or next(
            (p.head for p in grammar.obliques(source) if p.word in ("by", "from", "of")), source
        )
    return Attribution(source, verb)


def _according_to_under(clause: Token) -> Attribution | None:
    for phrase in grammar.obliques(clause):
        if phrase.word == "according to":
            return Attribution(phrase.head, clause.doc[phrase.start])
    return None


def _according_to(sentence: Span) -> Attribution | None:
    """Match "According to the host, ...": it covers the sentence wherever the parser hangs it."""
    for token in sentence:
        if token.lower_ == "according" and token.i + 2 < sentence.end and token.nbor().lower_ == "to":
            source = grammar.governed(token.nbor()) or grammar.governed(token)
            if source is not None:
                return Attribution(source, token)
    return None


def is_first_person(token: Token) -> bool:
    """Tell whether the token is a pronoun of whoever speaks."""
    return token.lower_ in ("i", "we", "us", "me", "our", "my", "ourselves", "myself")
