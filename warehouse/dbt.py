"""dbt: the tables as sources of a dbt project, with tests and freshness."""

from typing import Any

import yaml

from schemas.codebook import REMEDIES, ROW_MEANINGS
from schemas.documents import DateBasis
from schemas.tables import DAY_MEANING, ROW_IDS, TABLES
from schemas.tags import ActorType, Domain, Kind

_Yaml = dict[str, Any]

# The codes that a column may hold.
CODES: dict[tuple[str, str], list[str]] = {
    ("articles", "date_basis"): [str(basis) for basis in DateBasis],
    ("actors", "type"): [str(kind) for kind in ActorType if kind is not ActorType.GROUP],
    ("commitments", "kind"): [str(kind) for kind in Kind],
    ("commitments", "domain"): [str(domain) for domain in Domain],
    ("rejects", "stage"): ["read", "fetch", "extract", "tag"],
    ("rejects", "reason"): sorted(refusal.reason for refusal in REMEDIES),
}
# What tells when the newest row came in; tables that follow the articles are as fresh as those.
_LOADED_AT = "coalesce(fetched_at, published_at)"
_FRESHNESS = {"warn_after": {"count": 2, "period": "day"}, "error_after": {"count": 7, "period": "day"}}
_HEAD = """\
# Sources of a dbt project (dbt 1.10.5 or later), made by `pledgeline ddl --dialect dbt`. Put it into models/.
# A table that has no file yet (rejects, where nothing was rejected) is to be taken out.
"""


def dbt_sources(schema: str) -> str:
    """Write the sources.yml of the tables in a schema."""
    tables = [_table(table) for table in TABLES]
    source = {"name": "pledgeline", "schema": schema, "description": "Who commits to what", "tables": tables}
    text: str = yaml.safe_dump(
        {"version": 2, "sources": [source]}, sort_keys=False, allow_unicode=True, width=120, default_flow_style=False
    )
    return _HEAD + text


def _table(table: str) -> _Yaml:
    entry: _Yaml = {"name": table, "description": ROW_MEANINGS[table]}
    if table == "articles":
        entry["config"] = {"loaded_at_field": _LOADED_AT, "freshness": _FRESHNESS}
    if len(ROW_IDS[table]) > 1:
        together = " || '-' || ".join(ROW_IDS[table])
        entry["data_tests"] = [{"unique": {"arguments": {"column_name": together}}}]
    entry["columns"] = [{"name": "date", "description": DAY_MEANING}]
    entry["columns"] += [_column(table, name) for name in TABLES[table].names]
    return entry


def _column(table: str, name: str) -> _Yaml:
    field = TABLES[table].field(name)
    tests: list[Any] = [] if field.nullable else ["not_null"]
    if ROW_IDS[table] == (name,):
        tests.append("unique")
    if codes := CODES.get((table, name)):
        tests.append({"accepted_values": {"arguments": {"values": codes}}})
    if name == "article_id" and table != "articles":
        to = "source('pledgeline', 'articles')"
        tests.append({"relationships": {"arguments": {"to": to, "field": "article_id"}}})
    entry: _Yaml = {"name": name, "description": field.metadata[b"description"].decode()}
    return entry | ({"data_tests": tests} if tests else {})
