"""Whether a trigger is said to be so: not wished, weighed, asked of others, denied or put as a condition."""

from spacy.tokens import Token

from transforms.tagging import arguments, grammar
from transforms.tagging.candidate import Candidate
from transforms.tagging.triggers import Entry, in_class

# Modals under which a commissive verb is a possibility, a duty or a wish and binds nobody.
_WEAK_MODALS = frozenset({"may", "might", "could", "can", "should", "must", "ought", "need", "ca"})
_HYPOTHESES = frozenset({"if", "whether", "unless", "until", "till", "lest", "once"})
# Verbs under which an infinitive or gerund still tells of what its subject does.
_RAISING = frozenset(
    "continue continues continued continuing keep keeps kept begin begins began begun start starts started seem seems "
    "seemed appear appears appeared proceed proceeds proceeded come comes came go goes went gone use used".split()
)
_HAVE = frozenset({"have", "has", "had", "having", "'ve", "’ve", "'s", "’s"})
_HAVING = frozenset({"have", "has", "had", "having"})
_SETTLING = frozenset({"will", "'ll", "’ll", "wo", "would", "'d", "’d", "shall", "going"})
_BE = frozenset({"am", "is", "are", "'m", "’m", "'s", "’s", "'re", "’re"})
_NAMING = frozenset(
    {"toward", "towards", "of", "for", "from", "without", "before", "about", "to", "on", "in", "at", "against", "into"}
)
_OWNING = frozenset({"by", "between", "from", "among"})
# Clauses above the trigger that can make it a condition.
_MAX_STEPS = 12


def objection_to(verb: Token, entry: Entry) -> str | None:
    """Give the reason why the verb is not said to be done: wished, weighed, asked of others or over; None if it is."""
    words = [token.lower_ for token in grammar.auxiliaries(verb)]
    if any(word in _WEAK_MODALS for word in words):
        return "weak-modal"
    if "would" in words and "have" in words:
        return "unreal"
    if grammar.has_to(verb) or (verb.tag_ == "VB" and not words):
        if verb.head.lower_ not in _RAISING and not _in_list_of_acts(verb):
            return "named-not-done"
    if verb.tag_ in ("VB", "VBP") and not words and _is_demanded(verb):
        return "named-not-done"
    if verb.tag_ == "VBG" and not words and verb.dep_ in grammar.SUBJECTS:
        return "named-not-done"
    if verb.tag_ == "VBG" and not words and (grammar.base(verb) in ("xcomp", "ccomp") or _is_aim(verb)):
        if verb.head.lower_ not in _RAISING and not _goes_with(verb):
            return "named-not-done"
    if "active" in entry.flags and grammar.is_passive(verb):
        return "passive-sense"
    if "progressive" in entry.flags:
        return None if verb.tag_ == "VBG" and any(word in _BE for word in words) else "not-progressive"
    if "standing" in entry.flags:
        return None if verb.tag_ in ("VBZ", "VBP", "VBG") or _is_reported(verb) else "past-intention"
    return "report-of-another" if _is_report_of(verb, entry) else None


def _goes_with(participle: Token) -> bool:
    """Match "took office pledging reform": what was done at once, beside an object of the verb above."""
    verb = participle.head
    before = any(child.dep_ in grammar.OBJECTS and child.i < participle.i for child in verb.children)
    return before and grammar.base(participle) == "xcomp" and not in_class(verb, "perceive", "verb")


def _is_demanded(verb: Token) -> bool:
    """Match "their demand that Italy withdraw its troops": the bare form under what is asked of another."""
    head = verb.head
    if grammar.base(verb) not in ("ccomp", "acl", "relcl", "advcl") or not grammar.own_subjects(verb):
        return False
    return in_class(head, "demand", "verb") or in_class(head, "demand")


def _is_aim(verb: Token) -> bool:
    """Match "work toward finalizing", "thanked them for signing": an act that is named, not done."""
    marks = {child.lower_ for child in grammar.children(verb, "mark", "case") if child.i < verb.i}
    if verb.dep_ == "pcomp":
        marks.add(verb.head.lower_)
    return bool(marks & _NAMING)


def _is_report_of(verb: Token, entry: Entry) -> bool:
    """Match "As the minister announced, ...": it tells who says another statement."""
    marks = {child.lower_ for child in grammar.children(verb, "mark", "advmod", "case") if child.i < verb.i}
    return "announce" in entry.flags and "as" in marks


def _in_list_of_acts(verb: Token) -> bool:
    return verb.dep_ == "ROOT" and verb.i == verb.sent.start


def _is_reported(verb: Token) -> bool:
    """Match "said it planned to": the past tense of the report is the present of the plan."""
    return verb.dep_ == "ccomp" and not any(a.lower_ in _HAVE for a in grammar.auxiliaries(verb))


def is_denied(noun: Token) -> bool:
    """Tell whether there is no such thing: "no plans to", "had not announced any plans", "the lack of a commitment"."""
    if any(child.lower_ in ("no", "any", "neither", "without") for child in noun.children):
        return True
    verb = grammar.governor(noun)
    return verb is not None and noun.dep_ in grammar.OBJECTS and grammar.is_negated(verb)


def has_none(noun: Token) -> bool:
    """Match "has no plans to", "does not have any intention of": who has it not is said."""
    verb = grammar.governor(noun)
    return verb is not None and verb.lower_ in _HAVING and noun.dep_ in grammar.OBJECTS and noun.head == verb


def carries_act(noun: Token) -> bool:
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
    if noun.left_edge.i > noun.sent.start and _is_making(_before_quotes(noun.left_edge)):
        return True
    verb = grammar.governor(noun)
    if verb is None or (noun.head != verb and verb != noun):
        return False
    return verb == noun or _is_making(verb)


def _is_making(verb: Token) -> bool:
    """Tell whether the verb does no more than make, have or state what its object names."""
    return in_class(verb, "light", "verb") or in_class(verb, "speech", "verb") or verb.lower_ in _HAVE


def _before_quotes(token: Token) -> Token:
    """Give the word before a phrase, across a quotation mark."""
    before = token.nbor(-1)
    return before.nbor(-1) if before.is_quote and before.i > token.sent.start else before


def is_predicate(token: Token) -> bool:
    """Tell whether an adjective or participle is said of somebody, and not a mere attribute."""
    if token.pos_ == "ADJ" or token.tag_.startswith("JJ"):
        return token.dep_ != "amod" or bool(list(token.children))
    return token.tag_ in ("VBN", "VBD") and grammar.is_passive(token) and not arguments.agents(token)


def is_bare(token: Token) -> bool:
    """Tell whether an adjective is only named: "to be ready", "help them be prepared"."""
    words = {helper.lower_ for helper in grammar.auxiliaries(token)}
    return "be" in words and words.isdisjoint(_SETTLING)


def is_weak(token: Token) -> bool:
    """Tell whether a modal makes it a possibility or a duty: "could be ready"."""
    return any(a.lower_ in _WEAK_MODALS for a in grammar.auxiliaries(token))


def is_hypothetical(candidate: Candidate) -> bool:
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
