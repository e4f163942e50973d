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
# Relations under which a clause borrows the subject of the clause that it hangs on.
BORROWING = frozenset({"xcomp", "advcl", "conj", "pcomp", "parataxis", "dep", "ccomp", "acomp", "attr", "oprd"})

_DAYS = frozenset("today yesterday tomorrow monday tuesday wednesday thursday friday saturday sunday".split())
_FINITE = frozenset({"VBD", "VBZ", "VBP"})
_PREDICATIVE = frozenset({"acomp", "attr", "oprd", "xcomp"})
_OBLIQUE = frozenset({"obl", "nmod", "advcl", "acl", "xcomp", "obj", "ccomp", "advmod", "dep", "conj"})
_MARKERS = frozenset({"case", "mark"})
_RELATIVE_PRONOUNS = frozenset({"who", "which", "that", "whom", "whose"})
NEGATIONS = frozenset({"not", "’t", "n't", "n’t", "never", "no", "nor", "neither", "hardly", "without"})
_COPULAS = frozenset({"be", "am", "is", "are", "was", "were", "been", "being", "'s", "’s", "'re", "’re", "'m", "’m"})
# Steps up a tree that are tried for a borrowed subject; longer chains are misparses.
_MAX_STEPS = 6


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
        for child in children(queue.pop(), "conj"):
            if is_verbal(child) == is_verbal(head) and child not in found:
                found.append(child)
                queue.append(child)
    return sorted(found, key=lambda token: token.i)


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
        if child.dep_ in SUBJECTS and child.lower_ in _DAYS:
            found.extend(name for name in child.lefts if name.pos_ == "PROPN" and name.lower_ not in _DAYS)
        elif child.dep_ == "expl" and child.lower_ == "it" and follows:
            found.append(child)
        elif child.dep_ in SUBJECTS and not (child.dep_ == "csubj" and child.i > verb.i):
            found.append(child)
    return found


def is_passive(verb: Token) -> bool:
    """Tell whether the verb is passive: by its subject, its auxiliary, or as a bare participle after a noun."""
    if any(
        c.dep_ in PASSIVE_SUBJECTS or c.dep_ in ("aux:pass", "auxpass", "agent", "obl:agent") for c in verb.children
    ):
        return True
    reduced = verb.dep_ == "acl" and verb.tag_ in ("VBN", "VBD") and not own_subjects(verb)
    if verb.dep_ == "conj" and is_verbal(verb.head) and not own_subjects(verb) and verb.tag_ == "VBN":
        return not children(verb, "obj", "dobj") and is_passive(verb.head)
    return reduced


def subject(verb: Token) -> Token | None:
    """Give the head of the subject, the verb's own or a borrowed one, with relative pronouns replaced.

    Infinitives and participles take the subject of the clause they hang on, coordinated verbs that of the first,
    relative clauses the noun they describe, clauses after "urge somebody to" the somebody.
    """
    token = copula_host(verb)
    if (
        token.tag_ in _FINITE
        and token.dep_ in ("ccomp", "advcl")
        and not own_subjects(token)
        and token.i > token.sent.start
    ):
        # "after Russia pledged" with Russia hung on "after": a finite verb has a subject, mostly right before it.
        before = token.nbor(-1)
        if is_nominal(before) and before.lower_ not in _DAYS:
            return antecedent(before)
    for _ in range(_MAX_STEPS):
        own = own_subjects(token)
        if own:
            return antecedent(own[0])
        if token.dep_ in ADNOMINAL:
            return _adnominal_subject(token)
        if token.dep_ not in BORROWING and base(token) not in BORROWING:
            return None
        controller = _object_control(token)
        if controller is not None:
            return controller
        if token.head is token:
            return None
        token = token.head
        if token.pos_ == "ADP" and token.head is not token:
            token = token.head
    return None


def antecedent(pronoun: Token) -> Token:
    """Give the noun that a relative pronoun stands for; any other token is returned as it is."""
    if pronoun.lower_ not in _RELATIVE_PRONOUNS:
        return pronoun
    clause: Token = pronoun.head
    for _ in range(_MAX_STEPS):
        if clause.dep_ in RELATIVE:
            return clause.head
        if clause.dep_ not in ("conj", "xcomp", "ccomp") or clause.head is clause:
            return pronoun
        clause = clause.head
    return pronoun


def _adnominal_subject(token: Token) -> Token | None:
    """A participle's noun does it; an infinitive's noun ("plans to cut") has its owner or its verb's subject do it."""
    noun = token.head
    if token.tag_ in ("VBG", "VBN") or token.dep_ in RELATIVE:
        return antecedent(noun)
    return holder(noun)


def _object_control(token: Token) -> Token | None:
    if token.dep_ not in ("xcomp", "ccomp") or not is_verbal(token.head) or not has_to(token):
        return None
    objects = [c for c in token.head.children if c.dep_ in OBJECTS or c.dep_ in ("iobj", "dative")]
    return objects[0] if objects and is_nominal(objects[0]) else None


def holder(noun: Token) -> Token | None:
    """Give who holds what a noun of action names: its possessor, its "of" or "by" phrase, or its verb's subject."""
    for child in noun.children:
        if child.dep_ in ("nmod:poss", "poss"):
            return child
    for phrase in obliques(noun):
        if phrase.word in ("by", "from", "between", "among"):
            return phrase.head
    verb = governor(noun)
    if verb is None or is_passive(verb):
        return next((p.head for p in agents(verb)), None) if verb is not None else None
    return subject(verb)


def governor(token: Token) -> Token | None:
    """Give the nearest verb above the token, or the copular predicate that it is itself."""
    if any(child.dep_ == "cop" for child in token.children):
        return token
    for ancestor in token.ancestors:
        if is_verbal(ancestor) or any(child.dep_ == "cop" for child in ancestor.children):
            return ancestor
    return None


def agents(verb: Token) -> list[Phrase]:
    """Give the "by" phrases of a passive verb."""
    found = [phrase for phrase in obliques(verb) if phrase.word == "by" and is_nominal(phrase.head)]
    return found or [phrase for phrase in adjacent(verb, "by") if is_nominal(phrase.head)]


def objects(verb: Token) -> list[Token]:
    """Give the heads of what the verb acts on: direct objects, the subject of a passive, the noun of a participle."""
    direct = [child for child in verb.children if child.dep_ in OBJECTS]
    if direct:
        return direct
    if is_passive(verb):
        noun = subject(verb)
        return [noun] if noun is not None else []
    if verb.dep_ in RELATIVE and own_subjects(verb):
        relative = [t for t in verb.children if t.lower_ in _RELATIVE_PRONOUNS and t.dep_ not in SUBJECTS]
        gap = not any(antecedent(s) is not s for s in own_subjects(verb))
        return [verb.head] if relative or gap else []
    return []


def recipients(verb: Token) -> list[Token]:
    """Give the heads of indirect objects ("offer Kyiv help")."""
    return [child for child in verb.children if child.dep_ in ("iobj", "dative") and is_nominal(child)]


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
            if words and (is_nominal(child) or child.tag_ == "VBG"):
                fixed = [part for word in words for part in (word, *children(word, "fixed"))]
                yield Phrase(" ".join(part.lower_ for part in fixed), words[0].i, child)


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
