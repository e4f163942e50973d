"""The codebook as a whole: tables and codes from the schemas, words and ids from the lexicons.

`python -m warehouse.codebook > docs/codebook.md` writes it; a test holds the file to what is made here.
"""

import collections
from collections.abc import Iterable

from schemas.codebook import codebook, describe_struct, markdown_table, type_name
from schemas.ledger import HISTORY_STRUCT, PLEDGES, Event, Status
from schemas.tags import Kind
from transforms.tagging.lexicon import read_table

_TRIGGERS = {"verbs": "triggers_verbs", "nouns": "triggers_nouns", "adjectives": "triggers_adjectives"}
_ID_FORMS = (
    ("`state:ISO3`", "A state, by ISO 3166-1 alpha-3; `state:XKX` is Kosovo"),
    ("`igo:...`", "An international organisation of the register below"),
    ("`coalition:...`", "States that act together, of the register below"),
    ("`org:...`", "Any other organisation: of the register below, or a slug of its name as found"),
    ("`armed:...`", "An armed group: of the register below, or a slug of its name as found"),
    ("`person:...`", "A person: a slug of the full name, as the register of leaders has it or as found"),
    ("`group:...`", "A nameless group in a commitment, such as `group:26-countries`"),
)


def whole_codebook() -> str:
    """Make the whole document, with a newline at its end."""
    return "\n".join([codebook(), _describe_ledger(), _describe_triggers(), _describe_plover(), _describe_actors()])


def _describe_ledger() -> str:
    rows = [
        (
            f"`{field.name}`",
            type_name(field.type),
            "null" if field.nullable else "",
            field.metadata[b"description"].decode(),
        )
        for field in PLEDGES
    ]
    lead = """\
## pledges

One row for each pledge of the ledger, which `pledgeline ledger` makes of the commitments ([ledger.md](ledger.md)); by
the day on which it was first stated.
"""
    codes = f"`event`: {_codes(Event)}. `status`: {_codes(Status)}.\n"
    table = markdown_table(("column", "type", "null", "what"), rows)
    return "\n".join([lead, table, describe_struct("Of `history`:", HISTORY_STRUCT), codes])


def _codes(codes: Iterable[str]) -> str:
    return ", ".join(f"`{code}`" for code in codes)


def _describe_triggers() -> str:
    lead = """\
## Words

The forms that can open a commitment, by the kind that each has where nothing in its sentence says otherwise (a negation
or a condition may). "Will" and its like, with a party for a subject, are read by grammar and stand in no list.
"""
    rows = []
    for kind in Kind:
        for part, table in _TRIGGERS.items():
            lemmas = sorted({_headword(row) for row in read_table(table) if row["kind"] == kind.value})
            if lemmas:
                rows.append((f"`{kind}`", part, ", ".join(lemmas)))
    return lead + "\n" + markdown_table(("kind", "part of speech", "words"), rows)


def _headword(row: dict[str, str]) -> str:
    return " ".join(part for part in (row["lemma"], row.get("particle", "")) if part)


def _describe_plover() -> str:
    lead = """\
## PLOVER and CAMEO

The event type, mode and code of a commitment follow from its kind, the sort of its act (`lexicons/plover_acts.tsv`
tells it by the words of the action) and its domain; the first row that fits decides. `*` fits any. The ontology is
PLOVER 2.0, the codes are CAMEO 1.1b3, so that rows join with ICEWS, POLECAT and GDELT.
"""
    rows = [
        tuple(_cell(row[column]) for column in ("kind", "act", "domain", "event", "mode", "cameo"))
        for row in read_table("plover")
    ]
    return lead + "\n" + markdown_table(("kind", "act", "domain", "event", "mode", "CAMEO"), rows)


def _cell(text: str) -> str:
    return text.replace("|", ", ")


def _describe_actors() -> str:
    lead = """\
## Ids of actors

An id is the same in every article, run and version of the language model.
"""
    parts = [lead, markdown_table(("id", "what"), _ID_FORMS), _describe_states(), *_describe_registers()]
    return "\n".join(parts)


def _describe_states() -> str:
    states = read_table("countries")
    names = _listed(f"{row['name']} `{row['iso3']}`" for row in states)
    return f"### States and territories ({len(states)})\n\n{names}\n"


def _describe_registers() -> list[str]:
    by_type: dict[str, list[str]] = collections.defaultdict(list)
    for row in read_table("organisations"):
        by_type[row["type"]].append(f"{row['name']} `{row['actor_id']}`")
    parts = [
        f"### {kind.replace('_', ' ').capitalize()}s of the register ({len(names)})\n\n{_listed(names)}\n"
        for kind, names in sorted(by_type.items())
    ]
    leaders = read_table("leaders")
    people = len({row["name"] for row in leaders})
    offices = len(leaders)
    parts.append(
        f"### People of the register\n\n{people} people in {offices} terms of office since 1989, in "
        "`lexicons/leaders.tsv`, each with dates, Wikidata id and source: a surname alone is read by the article's "
        "date.\n"
    )
    return parts


def _listed(names: Iterable[str]) -> str:
    return "; ".join(sorted(names)) + "."


if __name__ == "__main__":
    print(whole_codebook(), end="")
