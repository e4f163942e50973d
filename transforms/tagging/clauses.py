"""Clauses that complete a word: "to" clauses, clauses with a subject of their own, gerunds; in either label scheme."""

from spacy.tokens import Token

from transforms.tagging import grammar


def infinitives(token: Token) -> list[Token]:
    """Give the heads of "to" clauses that follow the token and hang on it, or open right after it."""
    found = [
        child
        for child in token.children
        if child.i > token.i
        and grammar.base(child) in ("xcomp", "ccomp", "advcl", "acl", "relcl", "dep", "csubj", "obl")
        if grammar.has_to(child) and child.tag_ != "VBG" and not grammar.own_subjects(child)
    ]
    return found or [phrase.head for phrase in grammar.adjacent(token, "to") if phrase.head.tag_ == "VB"]


def finite_clauses(token: Token) -> list[Token]:
    """Give the heads of clauses with a subject of their own that complete the token."""
    return [
        c
        for c in token.children
        if grammar.base(c) in ("ccomp", "acl", "parataxis") and (grammar.own_subjects(c) or _has_modal(c))
    ]


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
        if not grammar.children(child, "mark", "case") and not grammar.own_subjects(child)
    ]
