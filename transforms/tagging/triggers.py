"""The lexicon of commissive triggers: which words can bind a party, in what forms, with what complements.

Flags of verbs in `triggers_verbs.tsv`:
    active: the passive is another sense ("was resolved", "was settled").
    addressee: its object is the person promised to, where an act follows ("assured Kyiv that ...").
    announce: the kind is decided by what is announced.
    exit: commits when the subject takes back what it had bound itself to.
    plural-agreement: an agreement where several parties do it together ("the two leaders decided").
    progressive: commits in the progressive only ("is preparing a third round").
    standing: an intention; the past tense is over and done ("planned").
"""

import dataclasses
import functools
from collections.abc import Iterator

from spacy.tokens import Token

from schemas.tags import Kind
from transforms.tagging.lexicon import read_table, split_cell

# Tokens after a verb within which its particle is looked for ("turn the offer down").
_PARTICLE_REACH = 6


@dataclasses.dataclass(frozen=True, slots=True)
class Pattern:
    """One complement that carries the act: `relation` says where it is, `noun_class` what its head may be.

    `noun_class` is a class of `triggers_classes.tsv`, None for any head; `excluded` turns the class into a bar.
    """

    relation: str
    noun_class: str | None = None
    excluded: bool = False


@dataclasses.dataclass(frozen=True, slots=True)
class Entry:
    """One row of the lexicon. `entry_id` is what `lexicon_entry` shows; `particle` is "" or words in lower case."""

    entry_id: str
    lemma: str
    particle: str
    pos: str
    kind: Kind
    patterns: tuple[Pattern, ...]
    flags: frozenset[str] = frozenset()


@functools.cache
def verb_entries() -> dict[str, tuple[Entry, ...]]:
    """Give the verbs by form in lower case; those with particles come first, so that "rule out" is not "rule"."""
    return _index("triggers_verbs", "verb")


@functools.cache
def noun_entries() -> dict[str, tuple[Entry, ...]]:
    """Give the nouns by form in lower case."""
    return _index("triggers_nouns", "noun")


@functools.cache
def adjective_entries() -> dict[str, tuple[Entry, ...]]:
    """Give the adjectives by form in lower case."""
    return _index("triggers_adjectives", "adjective")


@functools.cache
def word_class(name: str, pos: str) -> dict[str, str]:
    """Give the forms of a class of words with their dictionary forms.

    Raises:
        KeyError: The lexicon has no such class.
    """
    rows = [row for row in read_table("triggers_classes") if (row["class"], row["pos"]) == (name, pos)]
    if not rows:
        raise KeyError(f"no class {name} of {pos} in triggers_classes.tsv")
    return {form: row["lemma"] for row in rows for form in split_cell(row["forms"])}


def in_class(token: Token, name: str, pos: str = "noun") -> bool:
    """Tell whether the token is a form of a word of the class."""
    return token.lower_ in word_class(name, pos)


def particle_end(verb: Token, particle: str) -> Token | None:
    """Find the last word of the particle that belongs to the verb, next to it or after its object; else None."""
    words = particle.split()
    sentence_end = verb.sent.end
    for index in range(verb.i + 1, min(verb.i + 1 + _PARTICLE_REACH, sentence_end - len(words) + 1)):
        found = [verb.doc[index + offset] for offset in range(len(words))]
        if [token.lower_ for token in found] == words and (index == verb.i + 1 or _hangs_on(found[0], verb)):
            return found[-1]
        if verb.doc[index].is_punct:
            return None
    return None


def _hangs_on(particle: Token, verb: Token) -> bool:
    return particle.head == verb and particle.dep_ in ("compound:prt", "prt", "advmod", "prep", "obl")


def _index(table: str, pos: str) -> dict[str, tuple[Entry, ...]]:
    forms: dict[str, list[Entry]] = {}
    for form, entry in _entries(table, pos):
        forms.setdefault(form, []).append(entry)
    return {form: tuple(sorted(entries, key=_longest_particle)) for form, entries in forms.items()}


def _longest_particle(entry: Entry) -> tuple[int, str]:
    return -len(entry.particle), entry.entry_id


def _entries(table: str, pos: str) -> Iterator[tuple[str, Entry]]:
    for row in read_table(table):
        entry = Entry(
            entry_id=row["id"],
            lemma=row["lemma"],
            particle=row.get("particle", ""),
            pos=pos,
            kind=Kind(row["kind"]),
            patterns=tuple(_pattern(cell) for cell in split_cell(row["takes"])),
            flags=frozenset(split_cell(row.get("flags", ""))),
        )
        for form in split_cell(row.get("forms", "")) or (row["lemma"],):
            yield form, entry


def _pattern(cell: str) -> Pattern:
    relation, _, wanted = cell.partition(":")
    return Pattern(relation, wanted.removeprefix("-") or None, wanted.startswith("-"))
