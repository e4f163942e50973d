"""PLOVER: the event type, mode and CAMEO code of a commitment, and the field of policy that its act belongs to."""

import dataclasses
import functools
import re
from collections.abc import Iterator

from schemas.tags import Domain, Kind
from transforms.tagging.lexicon import read_table, split_cell
from transforms.tagging.vocabulary import Vocabulary, make_vocabulary, weigh

ONTOLOGY_VERSION = "PLOVER 2.0"

# Characters. Acts are a clause; what stands past this is none of it, and every pattern's time is bounded by it.
_MAX_ACT_LENGTH = 600
# Going back on one's word is no concession to anybody.
_REVERSED = re.compile(r"(?i)\b(?:reneg|backtrack|(?:go|went|gone|going|goes) back on|back(?:s|ed|ing)? out|brok)")
# Weights. Of the act itself a hint is enough; of the words around it only what tells.
_LEAST_WEIGHT = 1.0
_LEAST_WEIGHT_AROUND = 3.0


@dataclasses.dataclass(frozen=True, slots=True)
class PloverCode:
    """An event type of PLOVER 2.0, a mode that it admits, and the CAMEO 1.1b3 code that says most of it."""

    event: str
    mode: str | None
    cameo: str | None


@dataclasses.dataclass(frozen=True, slots=True)
class _Rule:
    kinds: frozenset[str]
    act: str
    domains: frozenset[str]
    code: PloverCode


def domain_of(text: str, context: str = "") -> Domain:
    """Tell the field of policy of an act by its words; of fields that weigh the same, the first in `Domain` counts.

    Args:
        text: The act.
        context: Words around it, such as its sentence, which decide where the act itself tells nothing.
    """
    for words, least in ((text, _LEAST_WEIGHT), (context, _LEAST_WEIGHT_AROUND)):
        weights = weigh(words[:_MAX_ACT_LENGTH], _domains())
        if weights and max(weights.values()) >= least:
            return next(domain for domain in Domain if weights.get(domain) == max(weights.values()))
    return Domain.OTHER


def code_event(kind: Kind, action: str, domain: Domain, conditional: bool, *, trigger: str = "") -> PloverCode:
    """Code a commitment by its kind, the words of its act, its domain and whether it hangs on a condition.

    What a party says that it will do to another's good is AGREE, whatever the act is made of: troops promised to an
    ally are no threat. AID and SUPPORT are for help and backing under way that a party confirms. A withdrawal under a
    condition is THREATEN, save of troops, which yields. Of the `trigger`, "vetoed" and "signed" say more than a kind.

    Source: docs/codebook.md; event types and modes after the PLOVER reference, CAMEO codes after CAMEO2PLOVER-2021.
    """
    acts = tuple(_acts_in(action))
    if kind is Kind.REFUSAL and re.match(r"(?i)veto", trigger):
        acts = ("veto", *acts)
    code = _first_fit(kind, acts, domain)
    if kind is Kind.WITHDRAWAL and conditional and code.event == "REJECT":
        return _first_fit(Kind.THREAT, acts, domain)
    if kind is Kind.WITHDRAWAL and _REVERSED.search(trigger):
        return dataclasses.replace(code, event="REJECT", mode=None)
    if kind is Kind.AGREEMENT and re.search(r"(?i)\bsign(?:ed|s|ing)?\b", trigger):
        return dataclasses.replace(code, cameo="057")
    return code


def _first_fit(kind: Kind, acts: tuple[str, ...], domain: Domain) -> PloverCode:
    for act in (*acts, "*"):
        for rule in _rules():
            if kind in rule.kinds and rule.act == act and (domain in rule.domains or "*" in rule.domains):
                return rule.code
    raise AssertionError(f"plover.tsv has no row for {kind} that fits any act")


def _acts_in(action: str) -> Iterator[str]:
    """Yield the sorts of acts whose patterns match, the most telling first."""
    words = " ".join(action[:_MAX_ACT_LENGTH].split())
    for act, pattern in _acts():
        if pattern.search(words):
            yield act


@functools.cache
def _acts() -> tuple[tuple[str, re.Pattern[str]], ...]:
    return tuple((row["act"], re.compile(row["pattern"], re.IGNORECASE)) for row in read_table("plover_acts"))


@functools.cache
def _rules() -> tuple[_Rule, ...]:
    return tuple(
        _Rule(
            frozenset(split_cell(row["kind"])),
            row["act"],
            frozenset(split_cell(row["domain"])),
            PloverCode(row["event"], row["mode"] or None, row["cameo"] or None),
        )
        for row in read_table("plover")
    )


@functools.cache
def _domains() -> Vocabulary:
    return make_vocabulary((row["term"], row["domain"], float(row["weight"])) for row in read_table("domains"))
