"""The house: imports point only to earlier rows, and each outside library has its room."""

import ast
import functools
import graphlib
import importlib.metadata
import pathlib
import re
import sys
import tomllib

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = pathlib.Path(__file__).parents[1]
# From what everything may import to what nothing may. `lexicons`, `models` and `seeds` are data.
ROWS = ("schemas", "data", "nouns", "verbs", "pipelines", "warehouse", "cli")
PACKAGES = ("schemas", "lexicons", "models", "seeds", "transforms", "pipelines", "warehouse")
DATA = ("lexicons", "models", "seeds")
# Modules that may import each outside library, as prefixes of their names. A library that is not here has no room.
ROOMS = {
    "apache_beam": ("transforms", "pipelines"),
    "brotli": ("transforms.reading.codings",),
    "charset_normalizer": ("transforms.reading.encodings",),
    "courlan": ("transforms.extraction.urls",),
    "dateutil": ("transforms.tagging.periods",),
    "deltalake": ("warehouse.delta",),
    "duckdb": ("warehouse.looks", "warehouse.session", "warehouse.views"),
    "fastwarc": ("transforms.reading.responses",),
    "feedparser": ("transforms.reading.feeds",),
    "idna": ("transforms.fetching.hosts",),
    "htmldate": ("transforms.extraction.html",),
    "icalendar": ("warehouse.calendar",),
    "jinja2": ("warehouse.report.page",),
    "lxml": (
        "transforms.extraction.html",
        "transforms.extraction.metadata",
        "transforms.fetching.outlines",
        "transforms.reading.sitemaps",
        "warehouse.atom",
    ),
    "py3langid": ("transforms.extraction.language",),
    "numpy": ("transforms.tagging.sentences",),
    "pyarrow": (
        "schemas.tables",
        "schemas.codebook",
        "schemas.ledger",
        "transforms.partitions",
        "transforms.merging",
        "warehouse.ddl",
        "warehouse.delta",
        "warehouse.dialects",
        "warehouse.export",
        "warehouse.iceberg",
        "warehouse.linking",
        "warehouse.output",
        "warehouse.query",
        "warehouse.records",
        "warehouse.session",
    ),
    "prompt_toolkit": ("warehouse.prompt",),
    "pyiceberg": ("warehouse.iceberg",),
    "pygments": ("warehouse.prompt",),
    "prometheus_client": ("pipelines.metrics",),
    "rich": ("warehouse.status", "pipelines.liveview", "pipelines.progress", "pipelines.summary"),
    "spacy": ("transforms.tagging",),
    "protego": ("transforms.fetching.robots",),
    "urllib3": ("transforms.fetching.conversation", "transforms.fetching.transport"),
    "trafilatura": ("transforms.extraction.html",),
    "w3lib": ("transforms.extraction.urls",),
    "yaml": ("warehouse.dbt",),
    "zstandard": ("transforms.reading.codings",),
}
# Installed for what they bring to others; not imported here.
NOT_IMPORTED = {"lxml-html-clean", "protobuf"}
# The most lines of a module; two hundred are the aim.
MAX_LINES = 300


@functools.cache
def sources() -> dict[str, pathlib.Path]:
    """Every module of the product by its dotted name."""
    paths = [path for package in PACKAGES for path in sorted((ROOT / package).rglob("*.py"))]
    return {".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__"): path for path in paths}


@functools.cache
def imports(module: str) -> frozenset[str]:
    """Every module that it imports, wherever in the file; `from a import b` counts as a.b where that is a module."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(sources()[module].read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{module}: relative import"
            names = {f"{node.module}.{alias.name}" for alias in node.names}
            found |= {name if name in sources() else str(node.module) for name in names}
    return frozenset(found)


def top(module: str) -> str:
    return module.split(".")[0]


def outside(module: str) -> set[str]:
    return {top(name) for name in imports(module)} - set(PACKAGES) - sys.stdlib_module_names


def row(module: str) -> int:
    package = top(module)
    if module == "pipelines.cli":
        return ROWS.index("cli")
    if package == "transforms":
        return ROWS.index("verbs" if "apache_beam" in imports(module) else "nouns")
    return ROWS.index("data" if package in DATA else package)


def test_the_rows_are_not_empty():
    assert {"schemas.tables", "transforms.segments", "transforms.read", "pipelines.spine"} <= set(sources())
    assert {ROWS[row(module)] for module in sources()} >= {"schemas", "data", "nouns", "verbs", "pipelines", "cli"}


@pytest.mark.parametrize("module", sources())
def test_imports_point_to_earlier_rows(module):
    later = {name for name in imports(module) if top(name) in PACKAGES and row(module_of(name)) > row(module)}
    assert not later


def module_of(name: str) -> str:
    assert name in sources(), f"no module {name}"
    return name


def test_imports_make_no_circle():
    inside = {module: {name for name in imports(module) - {module} if top(name) in PACKAGES} for module in sources()}
    assert list(graphlib.TopologicalSorter(inside).static_order())


@pytest.mark.parametrize("module", sources())
def test_outside_libraries_stay_in_their_rooms(module):
    for library in outside(module):
        assert library in ROOMS, f"{library} has no room: name one in ROOMS"
        assert module.startswith(ROOMS[library]), f"{library} belongs to {ROOMS[library]}"


def test_every_room_is_used():
    used = {library for module in sources() for library in outside(module)}
    assert set(ROOMS) == used


@pytest.mark.parametrize("module", sources())
def test_verbs_know_beam_alone(module):
    if ROWS[row(module)] == "verbs":
        assert outside(module) == {"apache_beam"}


def test_reading_and_extraction_do_not_load_the_tagger():
    reached, waiting = set(), ["transforms.read", "transforms.extract"]
    while waiting:
        module = waiting.pop()
        reached.add(module)
        waiting += [name for name in imports(module) if name in sources() and name not in reached]
    assert "transforms.segments" in reached
    assert not {module for module in reached if "spacy" in outside(module)}


def test_what_is_imported_is_what_is_installed():
    tree = ast.parse((ROOT / "setup.py").read_text(encoding="utf-8"))
    lists = {node.targets[0].id: node.value for node in tree.body if isinstance(node, ast.Assign)}
    lines = [line for name in ("REQUIRES", "DELTA", "ICEBERG") for line in ast.literal_eval(lists[name])]
    declared = {canonicalize_name(Requirement(line).name) for line in lines}
    owners = importlib.metadata.packages_distributions()
    imported = {canonicalize_name(owners[library][0]) for module in sources() for library in outside(module)}
    assert declared == imported | NOT_IMPORTED


def test_the_type_check_leaves_out_the_verbs_alone():
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["mypy"]
    left_out = re.compile("|".join(settings["exclude"]))
    paths = {module: sources()[module].relative_to(ROOT).as_posix() for module in sources()}
    assert {module for module, path in paths.items() if left_out.search(path)} == {
        module for module in sources() if ROWS[row(module)] == "verbs"
    }


@pytest.mark.parametrize("module", sources())
def test_annotations_are_not_postponed(module):
    """They would blind Beam's type checks."""
    assert "__future__" not in imports(module)


@pytest.mark.parametrize("module", sources())
def test_modules_are_small(module):
    lines = sources()[module].read_text(encoding="utf-8").count("\n")
    assert lines <= MAX_LINES


def test_what_looks_at_a_warehouse_does_not_load_the_tagger():
    """A question is answered in less time than spaCy takes to load."""
    reached, waiting = set(), ["warehouse.views", "pipelines.layout", "pipelines.exits"]
    while waiting:
        module = waiting.pop()
        reached.add(module)
        waiting += [name for name in imports(module) if name in sources() and name not in reached]
    assert not {module for module in reached if "spacy" in outside(module)}
