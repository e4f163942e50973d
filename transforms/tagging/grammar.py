"""Questions to a dependency parse, answered alike over Universal Dependencies and ClearNLP labels.

No question asks for the scheme first: the labels of the two do not clash, so each question looks for either
structure. Where UD puts a preposition under its noun (`case`), ClearNLP puts the noun under the preposition
(`pobj`); where UD makes an adjective the head of its copula, ClearNLP does the opposite. Lemmas are not used.
"""

import dataclasses
from collections.abc import Iterator

from spacy.tokens import Token

SUBJECTS = frozenset({"nsubj", "nsubj:pass", "nsubjpass", "nsubj:outer", "csubj", "csubj:pass", "csubjpass"})
PASSIVE_SUBJECTS = frozenset({"nsubj:pass", "nsubjpass", "csubj:pass", "csubjpass"})
OBJECTS = frozenset({"obj", "dobj"})
AUXILIARIES = frozenset({"aux", "aux:pass", "auxpass", "cop"})
RELATIVE = frozenset({"acl:relcl", "relcl"})
ADNOMINAL = frozenset({"acl", "acl:relcl", "relcl"})
DAYS = frozenset("today yesterday tomorrow monday tuesday wednesday thursday friday saturday sunday".split())
_PREDICATIVE = frozenset({"acomp", "attr", "oprd", "xcomp"})
_OBLIQUE = frozenset({"obl", "nmod", "advcl", "acl", "xcomp", "obj", "ccomp", "advmod", "dep", "conj"})
_MARKERS = frozenset({"case", "mark"})
NEGATIONS = frozenset({"not", "’t", "n't", "n’t", "never", "no", "nor", "neither", "hardly", "without"})
_COPULAS = frozenset({"be", "am", "is", "are", "was", "were", "been", "being", "'s", "’s", "'re", "’re", "'m", "’m"})


@dataclasses.dataclass(frozen=True, slots=True)
class Phrase:
    """A noun or gerund with the preposition before it; `word` is the preposition in lower case, `start` its token."""

    word: str
    start: int
    head: Token


def base(token: Token) -> str:
    """Give the relation without its subtype: `nmod` for `nmod:poss`."""
    return token.dep_.partition(":")[0]


def children(token: Token, *labels: str) -> list[Token]:
    """Give the dependents under one of the labels, in text order; a plain label takes its subtypes too."""
    return [child for child in token.children if child.dep_ in labels or base(child) in labels]


def conjuncts(head: Token) -> list[Token]:
    """Give the head and all that is coordinated with it, in text order; verbs joined to a noun are left out."""
    found, queue = [head], [head]
    while queue:
        one = queue.pop()
        for child in (*children(one, "conj"), *_joined_elsewhere(one)):
            if is_verbal(child) == is_verbal(head) and child not in found:
                found.append(child)
                queue.append(child)
    return sorted(found, key=lambda token: token.i)


def _joined_elsewhere(noun: Token) -> list[Token]:
    """Give nouns that parsers hang beside the first of a coordination: "Peru" and "and Chile" as two subjects.

    So in "by Chancellor Jane Roe and Premier John Doe" with the second name as an apposition, and in "the EU, Iceland
    and Norway" with the one in the middle.
    """
    if not is_nominal(noun):
        return []
    found = [child for child in noun.children if child.dep_ == "appos" and _is_joined(child, noun)]
    if noun.dep_ in SUBJECTS:
        others = [child for child in noun.head.children if child.dep_ in SUBJECTS and child.i > noun.i]
        found.extend(other for other in others if _opens_with_and(other))
    return found


def _opens_with_and(noun: Token) -> bool:
    first = noun.left_edge
    listed = any(child.dep_ == "conj" for child in noun.children) and noun.doc[first.i - 1].text == ","
    return listed or any(child.dep_ == "cc" and child.i < noun.i for child in noun.children) or first.lower_ == "and"


def _is_joined(apposition: Token, noun: Token) -> bool:
    if any(child.dep_ == "cc" and child.i < apposition.i for child in apposition.subtree):
        return True
    later = any(child.dep_ == "conj" and child.i > apposition.i for child in noun.children)
    bare = all(child.lower_ == "the" or base(child) in ("compound", "amod", "punct") for child in apposition.lefts)
    return later and bare and apposition.pos_ == "PROPN" and noun.pos_ == "PROPN"


def is_verbal(token: Token) -> bool:
    """Tell whether the token is a verb by its tag or part of speech."""
    return token.pos_ in ("VERB", "AUX") or token.tag_.startswith("VB") or token.tag_ == "MD"


def is_nominal(token: Token) -> bool:
    """Tell whether the token can head a noun phrase."""
    return token.pos_ in ("NOUN", "PROPN", "PRON", "NUM", "SYM", "DET", "X") or token.tag_[:2] in ("NN", "PR", "CD")


def copula_host(token: Token) -> Token:
    """Give the token that carries subject and auxiliaries of a predicate: its copula in ClearNLP, itself in UD."""
    head = token.head
    return head if head is not token and token.dep_ in _PREDICATIVE and head.lower_ in _COPULAS else token


def own_subjects(verb: Token) -> list[Token]:
    """Give the heads of the verb's own subjects, without conjuncts; a day is never meant, but the name before it."""
    # A clause that follows is no subject where "it" stands before: so "it is willing to leave" is parsed at times.
    found: list[Token] = []
    follows = any(child.dep_ == "csubj" and child.i > verb.i for child in verb.children)
    for child in verb.children:
        if child.dep_ in SUBJECTS and child.lower_ in DAYS:
            found.extend(name for name in child.lefts if name.pos_ == "PROPN" and name.lower_ not in DAYS)
        elif child.dep_ == "expl" and child.lower_ == "it" and follows:
            found.append(child)
        elif child.dep_ in SUBJECTS and not (child.dep_ == "csubj" and child.i > verb.i):
            found.append(child)
    return found


def is_passive(verb: Token) -> bool:
    """Tell whether the verb is passive: by its subject, its auxiliary, or as a bare participle after a noun."""
    if any(c.dep_ in PASSIVE_SUBJECTS or c.dep_ in ("aux:pass", "auxpass") for c in verb.children):
        return True
    if any(c.dep_ in ("agent", "obl:agent") for c in verb.children) and not _is_perfect(verb):
        return True
    reduced = verb.dep_ == "acl" and verb.tag_ in ("VBN", "VBD") and not own_subjects(verb)
    if verb.dep_ == "conj" and is_verbal(verb.head) and not own_subjects(verb) and verb.tag_ == "VBN":
        return not children(verb, "obj", "dobj") and is_passive(verb.head)
    return reduced


def _is_perfect(verb: Token) -> bool:
    """Match "has agreed to a sale by the bank": the last auxiliary is "have", so that whatever follows is no agent."""
    helpers = [child.lower_ for child in verb.children if child.dep_ in AUXILIARIES and child.i < verb.i]
    return bool(helpers) and helpers[-1] in ("has", "have", "had", "having", "'ve", "’ve")


def governor(token: Token) -> Token | None:
    """Give the nearest verb above the token, or the copular predicate that it is itself."""
    if any(child.dep_ == "cop" for child in token.children):
        return token
    for ancestor in token.ancestors:
        if is_verbal(ancestor) or any(child.dep_ == "cop" for child in ancestor.children):
            return ancestor
    return None


def obliques(token: Token) -> list[Phrase]:
    """Give the prepositional phrases that hang on the token, with nouns or gerunds, in text order.

    A phrase with "to" right after the token is its own wherever the parser hangs it: "commitment to ending".
    """
    found = list(_obliques(token))
    if all(phrase.word != "to" for phrase in found):
        found.extend(phrase for phrase in adjacent(token, "to") if phrase.head.tag_ != "VB")
    return sorted(found, key=lambda phrase: phrase.start)


def adjacent(token: Token, word: str) -> Iterator[Phrase]:
    """Give the phrase that the preposition right after the token opens, across an adverb."""
    following = list(token.doc[token.i + 1 : min(token.i + 3, token.sent.end)])
    if following and following[0].pos_ == "ADV":
        following = following[1:]
    if following and following[0].lower_ == word:
        head = governed(following[0])
        if head is not None and head != token:
            yield Phrase(word, following[0].i, head)


def _obliques(token: Token) -> Iterator[Phrase]:
    for child in token.children:
        if child.dep_ in ("prep", "agent", "dative") and not is_nominal(child):
            yield from _prepositional(child, child.lower_, child.i)
        elif base(child) in _OBLIQUE and child.dep_ not in ("nmod:poss",):
            words = [c for c in child.children if c.dep_ in _MARKERS and c.i < child.i and c.tag_ != "TO"]
            words += [c for c in child.children if c.dep_ in _MARKERS and c.lower_ == "to" and child.tag_ != "VB"]
            words = sorted(set(words), key=lambda t: t.i)
            if words and (is_nominal(child) or child.tag_ == "VBG" or _is_passive_gerund(child)):
                fixed = [part for word in words for part in (word, *children(word, "fixed"))]
                yield Phrase(" ".join(part.lower_ for part in fixed), words[0].i, child)


def _is_passive_gerund(verb: Token) -> bool:
    return verb.tag_ == "VBN" and any(child.lower_ in ("being", "having") for child in verb.children)


def _prepositional(preposition: Token, words: str, start: int) -> Iterator[Phrase]:
    for child in preposition.children:
        if child.dep_ in ("pobj", "pcomp"):
            yield Phrase(words, start, child)
        elif child.dep_ == "prep":
            yield from _prepositional(child, f"{words} {child.lower_}", start)


def has_to(verb: Token) -> bool:
    """Tell whether the verb is marked with "to"."""
    return any(child.lower_ == "to" and child.i < verb.i for child in children(verb, "mark", "aux"))


def governed(preposition: Token) -> Token | None:
    """Give the noun or gerund that a preposition introduces, in either scheme."""
    for child in preposition.children:
        if child.dep_ in ("pobj", "pcomp") or (child.i > preposition.i and is_nominal(child)):
            return child
    head = preposition.head
    marks = preposition.dep_ in _MARKERS or (preposition.dep_ == "aux" and preposition.tag_ == "TO")
    return head if marks and head.i > preposition.i else None


def is_negated(token: Token) -> bool:
    """Tell whether a negation bears on the verb, noun or adjective itself."""
    host = copula_host(token)
    near = [*token.children, *(host.children if host is not token else ())]
    before = token.doc[max(token.i - 3, token.sent.start) : token.i].text.lower()
    negations = (child for child in near if child.lower_ in NEGATIONS)
    return "no longer" in before or any(child.i < token.i or child.dep_ == "neg" for child in negations)


def auxiliaries(verb: Token) -> list[Token]:
    """Give the auxiliaries and modals of a verb or copular predicate, in text order."""
    host = copula_host(verb)
    own = [child for child in verb.children if child.dep_ in AUXILIARIES]
    return own if host is verb else [*(c for c in host.children if c.dep_ in AUXILIARIES), host, *own]


def possessor(noun: Token) -> Token | None:
    """Give the head of the noun's possessive, if it has one."""
    return next((child for child in noun.children if child.dep_ in ("nmod:poss", "poss")), None)
