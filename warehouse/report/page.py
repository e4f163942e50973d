"""The page of a report: template, styles, scripts and data in one file that loads nothing and runs nothing else."""

import base64
import collections
import datetime
import gzip
import hashlib
import importlib.resources
import json
from collections.abc import Iterable

import jinja2

from schemas.codebook import KIND_MEANINGS
from schemas.tables import Row
from schemas.version import VERSION
from warehouse.report.columns import Columns, figure_columns, history_columns, word_columns
from warehouse.report.rows import Rows, Selection

# Bytes. What a browser still opens at once and a mailbox still takes.
MAX_BYTES = 15_000_000

_ASSETS = importlib.resources.files("warehouse.report").joinpath("assets")
# Later ones build on earlier ones.
_STYLES = ("base", "filters", "charts", "lists", "histories", "table", "evidence", "print")
_SCRIPTS = (
    *("dom", "data", "state", "tally", "timeline", "bars", "matrix", "lists", "histories", "table", "evidence"),
    *("filters", "csv", "main"),
)


def render(rows: Rows, *, title: str, selection: Selection) -> bytes:
    """Make the page, of fewer of the newest rows where all of them would take more than `MAX_BYTES`."""
    page = _render(rows, title, selection)
    while len(page) > MAX_BYTES:
        rows = rows.newest(int(len(rows.commitments) * 0.97 * MAX_BYTES / len(page)))
        page = _render(rows, title, selection)
    return page


def _render(rows: Rows, title: str, selection: Selection) -> bytes:
    styles = "".join(read_asset(f"{name}.css") for name in _STYLES)
    early, scripts = read_asset("early.js"), "".join(read_asset(f"{name}.js") for name in _SCRIPTS)
    environment = jinja2.Environment(autoescape=True, undefined=jinja2.StrictUndefined, trim_blocks=True)
    template = environment.from_string(read_asset("template.html.j2"))
    meanings = {"meanings": {str(kind): meaning for kind, (meaning, _) in KIND_MEANINGS.items()}}
    page = template.render(
        styles=styles,
        early=early,
        scripts=scripts,
        policy=_policy(styles, early, scripts),
        figures=pack(figure_columns(rows) | meanings | {"histories": history_columns(rows)}),
        words=pack(word_columns(rows)),
        title=title,
        version=VERSION,
        **_summary(rows, selection),
    )
    return page.encode("utf-8", "replace")


def read_asset(name: str) -> str:
    """Read a file of the page as text."""
    return _ASSETS.joinpath(name).read_text(encoding="utf-8")


def pack(columns: Columns) -> str:
    """Encode columns as gzipped JSON in base64, whose letters mean nothing in HTML; the same columns, the same text."""
    text = json.dumps(columns, ensure_ascii=False, separators=(",", ":"))
    return base64.b64encode(gzip.compress(text.encode("utf-8", "surrogatepass"), 9, mtime=0)).decode("ascii")


def _policy(style: str, *scripts: str) -> str:
    """Write the content security policy: these very scripts and styles, and nothing from anywhere."""
    allowed = " ".join(map(_source_hash, scripts))
    return (
        f"default-src 'none'; script-src {allowed}; style-src {_source_hash(style)}; img-src data:; base-uri 'none'; "
        "form-action 'none'; require-trusted-types-for 'script'; trusted-types 'none'"
    )


def _source_hash(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode('ascii')}'"


def _summary(rows: Rows, selection: Selection) -> dict[str, object]:
    """Say in words what can be read before any script runs."""
    commitments = rows.commitments
    kinds = collections.Counter(row["kind"] for row in commitments)
    return {
        "total": f"{rows.total:,}",
        "shown": f"{len(commitments):,}",
        "cut": len(commitments) < rows.total,
        "oldest": _day_name(commitments[-1]["date"]) if commitments else "",
        "period": _period(selection),
        "by_kind": [(kind, f"{kinds[kind]:,}") for kind in sorted(kinds, key=lambda kind: (-kinds[kind], kind))],
        "taggers": _names(commitments, "tagger_version"),
        "models": _names(commitments, "model"),
    }


def _names(rows: Iterable[Row], column: str) -> str:
    return ", ".join(sorted({row[column] for row in rows}))


def _period(selection: Selection) -> str:
    parts = [f"from {_day_name(selection.start)}"] if selection.start else []
    parts += [f"before {_day_name(selection.end)}"] if selection.end else []
    return " ".join(parts)


def _day_name(day: datetime.date | None) -> str:
    return f"{day.day} {day:%B %Y}" if day else ""
