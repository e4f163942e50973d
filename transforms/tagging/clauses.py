"""Clauses that complete a word: "to" clauses, clauses with a subject of their own, gerunds; in either label scheme."""

from spacy.tokens import Token

from transforms.tagging import arguments, grammar


def infinitives(token: Token) -> list[Token]:
    """Give the heads of "to" clauses that follow the token and hang on it, or open right after it."""
    found = [
        child
        for child in token.children
        if child.i > token.i
        and grammar.base(child) in ("xcomp", "ccomp", "advcl", "acl", "relcl", "dep", "csubj", "obl")
        if grammar.has_to(child) and child.tag_ != "VBG" and not grammar.own_subjects(child) and not _is_open(child)
    ]
    found = found or [phrase.head for phrase in grammar.adjacent(token, "to") if phrase.head.tag_ == "VB"]
    return found or _across_agent(token)


def _is_open(infinitive: Token) -> bool:
    """Match "decide whether to stay": what is not decided yet."""
    return any(child.lower_ in ("whether", "how", "when", "where") for child in infinitive.children)


def _across_agent(noun: Token) -> list[Token]:
    """Match "a promise by Peru to sign": the clause hangs on who promises."""
    if not grammar.is_nominal(noun):
        return []
    makers = [phrase.head for phrase in grammar.obliques(noun) if phrase.word in ("by", "from")]
    return [
        child
        for maker in makers
        for child in grammar.children(maker, "acl", "advcl", "xcomp", "ccomp")
        if child.i > maker.i and child.tag_ == "VB" and grammar.has_to(child)
    ]


def finite_clauses(token: Token) -> list[Token]:
    """Give the heads of clauses with a subject of their own that complete the token."""
    return [
        c
        for c in token.children
        if grammar.base(c) in ("ccomp", "acl", "parataxis") and (grammar.own_subjects(c) or _has_modal(c))
    ]


def told_clauses(verb: Token) -> list[Token]:
    """Give the heads of clauses that hang on those who are told: "promised the voters that it would end"."""
    told = [*arguments.recipients(verb), *arguments.objects(verb)]
    told += [phrase.head for phrase in grammar.obliques(verb) if phrase.word == "to"]
    return [
        child
        for noun in told
        for child in noun.children
        if child.i > noun.i > verb.i and grammar.base(child) in ("acl", "relcl", "ccomp", "advcl") and _is_told(child)
    ]


def _is_told(clause: Token) -> bool:
    """Tell whether "that" opens a clause with a subject of its own, and is no relative pronoun."""
    return bool(grammar.own_subjects(clause)) and any(c.lower_ == "that" for c in grammar.children(clause, "mark"))


def _has_modal(clause: Token) -> bool:
    """Match "agreed our aim must be peace": a clause whose subject the parser took for the verb's object."""
    return clause.dep_ == "ccomp" and any(c.tag_ == "MD" for c in grammar.children(clause, "aux"))


def gerunds(verb: Token) -> list[Token]:
    """Give the gerunds that complete the verb without a preposition ("rule out sending")."""
    return [
        child
        for child in verb.children
        if child.tag_ == "VBG"
        and grammar.base(child) in ("xcomp", "ccomp", "obj", "dobj", "advcl")
        and child.i > verb.i
        and not (grammar.base(child) == "advcl" and verb.doc[child.left_edge.i - 1].text == ",")
        if not grammar.children(child, "mark", "case") and not grammar.own_subjects(child)
    ]
