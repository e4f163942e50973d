"""The wheel, installed in an environment that holds only what its metadata asks for, and run from another folder."""

import importlib.metadata
import json
import os
import pathlib
import re
import runpy
import shutil
import subprocess
import sys

import duckdb
import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from schemas.tags import Kind

ROOT = pathlib.Path(__file__).parents[1]
LEFT_OUT = shutil.ignore_patterns(
    ".*", "build", "dist", "*.egg-info", "__pycache__", "warehouse-*", "tests", "training", "benchmarks"
)


def run(*command: object, cwd: pathlib.Path) -> str:
    clean = {name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "VIRTUAL_ENV"))}
    done = subprocess.run([str(part) for part in command], cwd=cwd, env=clean, capture_output=True, text=True)
    assert done.returncode == 0, f"{command}: exit {done.returncode}\n{done.stdout}\n{done.stderr}"
    return done.stdout


def build_wheel(folder: pathlib.Path) -> pathlib.Path:
    """Build from a copy, so that no earlier build's leftovers slip in."""
    shutil.copytree(ROOT, folder / "source", ignore=LEFT_OUT)
    pip = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--no-build-isolation", "--no-index"]
    run(*pip, "--wheel-dir", folder, folder / "source", cwd=folder)
    return next(folder.glob("pledgeline-*.whl"))


def closure(requirements: list[str]) -> set[str]:
    """Name the distributions that a list of requirements brings with it, by the metadata of those installed here."""
    names: set[str] = set()
    seen: set[str] = set()
    waiting = [(Requirement(line), "") for line in requirements]
    while waiting:
        requirement, extra = waiting.pop()
        if str(requirement) in seen or (requirement.marker and not requirement.marker.evaluate({"extra": extra})):
            continue
        seen.add(str(requirement))
        names.add(canonicalize_name(requirement.name))
        needed = importlib.metadata.requires(requirement.name) or []
        waiting += [(Requirement(line), asked) for line in needed for asked in ("", *requirement.extras)]
    return names


def link_distribution(name: str, site_packages: pathlib.Path) -> None:
    """Put a distribution that is installed here into another environment, file by file, without a download."""
    distribution = importlib.metadata.distribution(name)
    for file in distribution.files or []:
        if ".." in file.parts or "__pycache__" in file.parts:
            continue
        link = site_packages / file
        link.parent.mkdir(parents=True, exist_ok=True)
        link.symlink_to(pathlib.Path(str(distribution.locate_file(file))))


def install(wheel: pathlib.Path, folder: pathlib.Path) -> pathlib.Path:
    """Make an environment that holds the wheel, what it requires, and nothing else; gives its folder of programs."""
    run(sys.executable, "-m", "venv", "--without-pip", folder, cwd=wheel.parent)
    programs = folder / "bin"
    site_packages = pathlib.Path(
        run(programs / "python", "-c", "import sysconfig; print(sysconfig.get_path('purelib'))", cwd=folder).strip()
    )
    metadata = importlib.metadata.PathDistribution(unpack_metadata(wheel, folder / "metadata"))
    for name in closure(metadata.requires or []):
        link_distribution(name, site_packages)
    pip = [sys.executable, "-m", "pip", "--python", programs / "python"]
    # With no index to fetch from, this fails where a requirement is missing or has the wrong version.
    run(*pip, "install", "--quiet", "--no-index", wheel, cwd=folder)
    run(*pip, "check", cwd=folder)
    return programs


def unpack_metadata(wheel: pathlib.Path, folder: pathlib.Path) -> pathlib.Path:
    shutil.unpack_archive(wheel, folder, "zip")
    return next(folder.glob("*.dist-info"))


def shown(warehouse: pathlib.Path) -> set[tuple[str, ...]]:
    """Query what the demo shows."""
    query = runpy.run_path(str(ROOT / "docs/show.py"))["QUERY"]
    rows = duckdb.connect().execute(query, {"files": f"{warehouse}/commitments/*/*.parquet"}).fetchall()
    return {tuple(str(cell) for cell in row) for row in rows}


def readme_rows() -> set[tuple[str, ...]]:
    """Read the rows that the README shows as what comes out of the seeds."""
    lines = re.findall(r"^\| (\d{4}-.*) \|$", (ROOT / "README.md").read_text(encoding="utf-8"), re.MULTILINE)
    assert len(lines) >= len(Kind)
    return {tuple(cell.strip() for cell in line.split(" | ")) for line in lines}


@pytest.mark.slow
def test_a_wheel_runs_from_another_folder(tmp_path):
    wheel = build_wheel(tmp_path)
    programs = install(wheel, tmp_path / "environment")
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()

    components = ["pledgeline_sentences", "pledgeline_actors", "pledgeline_commitments"]
    code = f"import spacy; [spacy.blank('en').add_pipe(name) for name in {components}]"
    run(programs / "python", "-c", code, cwd=elsewhere)

    seeds = run(programs / "python", "-m", "seeds", cwd=elsewhere).strip()
    assert pathlib.Path(seeds).is_relative_to(tmp_path / "environment")
    run(programs / "pledgeline", "backfill", "--input", f"{seeds}/articles/*", "--output", "out", cwd=elsewhere)
    run(programs / "pledgeline", "report", "out", "--html", "report.html", cwd=elsewhere)
    assert "<title>Who commits to what</title>" in (elsewhere / "report.html").read_text()

    counts = [json.loads(mark.read_text())["counts"] for mark in (elsewhere / "out").glob("_pledgeline/segments/*")]
    assert sum(count["read"] for count in counts) >= 14
    commitments = shown(elsewhere / "out")
    assert {row[1] for row in commitments} == set(Kind)
    assert readme_rows() <= commitments
