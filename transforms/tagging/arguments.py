"""Who does it, to whom and to what: the arguments of verbs and of nouns of action, borrowed ones too."""

from spacy.tokens import Token

from transforms.tagging import grammar

# Relations under which a clause borrows the subject of the clause that it hangs on.
BORROWING = frozenset({"xcomp", "advcl", "conj", "pcomp", "parataxis", "dep", "ccomp", "acomp", "attr", "oprd"})
_FINITE = frozenset({"VBD", "VBZ", "VBP"})
_RELATIVE_PRONOUNS = frozenset({"who", "which", "that", "whom", "whose"})
# Verbs whose object does what the infinitive says, which parsers hang on the object at times.
_CONTROLLING = frozenset(
    "persuade persuades persuaded persuading urge urges urged urging ask asks asked asking tell tells told "
    "telling order orders ordered ordering convince convinces convinced convincing invite invites invited "
    "inviting allow allows allowed allowing permit permits permitted permitting force forces forced forcing press "
    "presses pressed pressing enable enables enabled enabling encourage encourages encouraged encouraging push "
    "pushes pushed pushing get gets got getting direct directs directed directing instruct instructs instructed "
    "instructing authorize authorizes authorized authorizing compel compels compelled compelling".split()
)
_TIMES = frozenset("day week month year night morning".split()) | grammar.DAYS
# Steps up a tree that are tried for a borrowed subject; longer chains are misparses.
_MAX_STEPS = 6
_UNDER_NOUNS = frozenset("nmod conj pobj prep flat compound obl obl:agent agent acl appos".split())
_MODIFYING = ("compound", "nmod", "amod")


def subject(verb: Token) -> Token | None:
    """Give the head of the subject, the verb's own or a borrowed one, with relative pronouns replaced.

    Infinitives and participles take the subject of the clause they hang on, coordinated verbs that of the first,
    relative clauses the noun they describe, clauses after "urge somebody to" the somebody.
    """
    token = grammar.copula_host(verb)
    if (
        token.tag_ in _FINITE
        and token.dep_ in ("ccomp", "advcl")
        and not grammar.own_subjects(token)
        and token.i > token.sent.start
    ):
        # "after Russia pledged" with Russia hung on "after": a finite verb has a subject, mostly right before it.
        before = token.nbor(-1)
        if grammar.is_nominal(before) and before.lower_ not in grammar.DAYS:
            return antecedent(before)
    for _ in range(_MAX_STEPS):
        own = grammar.own_subjects(token)
        if own:
            return antecedent(own[0])
        if token.dep_ in grammar.ADNOMINAL:
            return _adnominal_subject(token)
        if token.dep_ not in BORROWING and grammar.base(token) not in BORROWING:
            return None
        if token.tag_ in _FINITE and token.dep_ == "conj" and _joins_noun(token):
            # "computers and trading threatens to" with the verb joined to the noun that is its subject.
            return antecedent(token.head)
        if token.tag_ == "VBD" and token.dep_ == "conj" and _is_told(token.head):
            # "he said it would end and vowed to stay": the second verb of telling is joined to what is told.
            token = token.head
        controller = _object_control(token)
        if controller is not None:
            return controller
        if token.head is token:
            return None
        token = token.head
        if token.pos_ == "ADP" and token.head is not token:
            token = token.head
    return None


def _is_told(verb: Token) -> bool:
    modal = any(child.tag_ == "MD" for child in verb.children)
    return modal and verb.dep_ == "ccomp" and verb.head.tag_ in ("VBD", "VBN")


def _joins_noun(verb: Token) -> bool:
    return grammar.is_verbal(verb) and grammar.is_nominal(verb.head)


def antecedent(pronoun: Token) -> Token:
    """Give the noun that a relative pronoun stands for; any other token is returned as it is."""
    if pronoun.lower_ not in _RELATIVE_PRONOUNS:
        return pronoun
    clause: Token = pronoun.head
    for _ in range(_MAX_STEPS):
        if clause.dep_ in grammar.RELATIVE and pronoun.lower_ == "that" and clause.head.pos_ == "PROPN":
            return _thing_above(clause.head)
        if clause.dep_ in grammar.RELATIVE:
            return clause.head.head if pronoun.lower_ == "who" and clause.head.lower_ in _TIMES else clause.head
        if clause.dep_ not in ("conj", "xcomp", "ccomp") or clause.head is clause:
            return pronoun
        clause = clause.head
    return pronoun


def _thing_above(name: Token) -> Token:
    """Match "a deal between Peru and Chile that will open ...": "that" is said of things and not of names."""
    noun = name
    while noun.dep_ in _UNDER_NOUNS and noun.head is not noun:
        noun = noun.head
        if noun.pos_ == "NOUN":
            return noun
    return name


def _adnominal_subject(token: Token) -> Token | None:
    """A participle's noun does it; an infinitive's noun ("plans to cut") has its owner or its verb's subject do it."""
    noun = token.head
    if token.tag_ in ("VBG", "VBN") or token.dep_ in grammar.RELATIVE:
        return antecedent(noun)
    if noun.dep_ in grammar.OBJECTS and noun.head.lower_ in _CONTROLLING:
        return noun
    return noun_holder(noun)


def noun_holder(noun: Token) -> Token | None:
    """Give who holds what a noun of action names, as `holder` does; a name right before it counts: "a U.S. promise"."""
    if grammar.possessor(noun) is None:
        named = [child for child in noun.lefts if child.pos_ == "PROPN" and grammar.base(child) in _MODIFYING]
        if named:
            return named[0]
    return holder(noun)


def _object_control(token: Token) -> Token | None:
    """Match "urged Peru to sign", "accused Peru of breaking its word": the object does it."""
    marks = [token.head] if token.dep_ == "pcomp" else grammar.children(token, "mark", "case")
    verb, named = (token.head.head if token.dep_ == "pcomp" else token.head), {mark.lower_ for mark in marks}
    infinitive = token.dep_ in ("xcomp", "ccomp") and grammar.has_to(token)
    gerund = token.tag_ == "VBG" and token.dep_ in ("advcl", "pcomp") and bool(named & {"of", "from"})
    if not grammar.is_verbal(verb) or not (infinitive or gerund):
        return None
    objects = [c for c in verb.children if c.dep_ in grammar.OBJECTS or c.dep_ in ("iobj", "dative")]
    return objects[0] if objects and grammar.is_nominal(objects[0]) else None


def holder(noun: Token) -> Token | None:
    """Give who holds what a noun of action names: its possessor, its "of" or "by" phrase, or its verb's subject."""
    for child in noun.children:
        if child.dep_ in ("nmod:poss", "poss"):
            return child
    for phrase in grammar.obliques(noun):
        if phrase.word in ("by", "from", "between", "among"):
            return phrase.head
    verb = grammar.governor(noun)
    if verb is None or grammar.is_passive(verb):
        return next((p.head for p in agents(verb)), None) if verb is not None else None
    return subject(verb)


def agents(verb: Token) -> list[grammar.Phrase]:
    """Give the "by" phrases of a passive verb."""
    found = [phrase for phrase in grammar.obliques(verb) if phrase.word == "by" and grammar.is_nominal(phrase.head)]
    return found or [phrase for phrase in grammar.adjacent(verb, "by") if grammar.is_nominal(phrase.head)]


def objects(verb: Token) -> list[Token]:
    """Give the heads of what the verb acts on: direct objects, the subject of a passive, the noun of a participle."""
    direct = [child for child in verb.children if child.dep_ in grammar.OBJECTS]
    if verb.dep_ in grammar.RELATIVE and grammar.own_subjects(verb) and all(child.tag_ == "PRP" for child in direct):
        # "the aid that they promised us": whoever receives it is taken for what is given.
        direct = []
    if direct:
        return direct
    if grammar.is_passive(verb):
        noun = subject(verb)
        return [noun] if noun is not None else []
    if verb.dep_ in grammar.RELATIVE and grammar.own_subjects(verb):
        relative = [t for t in verb.children if t.lower_ in _RELATIVE_PRONOUNS and t.dep_ not in grammar.SUBJECTS]
        gap = not any(antecedent(s) is not s for s in grammar.own_subjects(verb))
        return [verb.head] if relative or gap else []
    return []


def recipients(verb: Token) -> list[Token]:
    """Give the heads of indirect objects ("offer Kyiv help")."""
    return [child for child in verb.children if child.dep_ in ("iobj", "dative") and grammar.is_nominal(child)]
