"""The gold set's open half: a backfill of its documents, scored by the gold set's own scorer."""

import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.dataset as ds

from benchmarks.accuracy.figures import Figure
from transforms.tagging.sentences import sentence_bounds

# What the scorer calls it, what we call it, and its bar.
_SHARES = (
    ("commitment_detection", "commitments found, F1", 0.85),
    ("commitment_with_kind", "with the right kind, F1", 0.80),
    ("actors_of_commitment", "actors bound, F1", 0.85),
    ("counterparties_of_commitment", "counterparties, F1", 0.65),
    ("speaker_of_commitment", "speaker, F1", 0.75),
    ("conditional", "conditional, F1", 0.75),
    ("actors_in_document", "actors in the document, F1", 0.80),
)
_SPANS = (("action", 0.75), ("condition", None), ("deadline", 0.7), ("amount", 0.7))


def measure_gold(shared: Path) -> Iterator[Figure]:
    """Give the scorer's figures with their bars, and the share of sentences of empty documents that yield a row."""
    with tempfile.TemporaryDirectory() as name:
        output = Path(name)
        source = str(shared / "gold" / "dev.jsonl")
        _run("-m", "pipelines.cli", "backfill", "--input", source, "--output", str(output))
        scored = json.loads(
            _run(str(shared / "gold" / "score.py"), str(shared / "gold" / "dev"), str(output), "--json")
        )
        yield from _scored(scored)
        yield _negatives(shared, output)


def _run(*arguments: str) -> str:
    return subprocess.run([sys.executable, *arguments], check=True, capture_output=True, text=True).stdout


def _scored(scored: dict[str, Any]) -> Iterator[Figure]:
    for key, name, bar in _SHARES:
        share = scored[key]
        detail = f"P {share['p']:.2f} R {share['r']:.2f} of {share['gold']} marked, {share['pred']} found"
        yield Figure(name, share["f1"], bar, detail=detail)
    for kind, share in scored["per_kind"].items():
        yield Figure(f"kind {kind}, F1", share["f1"], detail=f"of {share['gold']} marked, {share['pred']} found")
    for span, bar in _SPANS:
        found = scored["span_f1"].get(span)
        if found:
            yield Figure(f"{span} span, token F1", found["mean"], bar, detail=f"of {found['n']}")
    yield Figure("actors' type, accuracy", scored["actor_type_accuracy"], 0.9)
    yield Figure("actors' country, accuracy", scored["actor_country_accuracy"], 0.9)
    yield Figure("rows with wrong offsets", scored["rows_with_wrong_offsets"], 0, below=True)


def _negatives(shared: Path, output: Path) -> Figure:
    """Count the sentences of documents in which the gold set marks nothing, and those of them that yield a row."""
    documents = [json.loads(path.read_text(encoding="utf-8")) for path in (shared / "gold" / "dev").glob("*.json")]
    empty = {document["url"]: document["text"] for document in documents if not document["commitments"]}
    hive = ds.partitioning(pa.schema([("date", pa.string())]), flavor="hive")
    table = ds.dataset(output / "commitments", format="parquet", partitioning=hive)
    rows = table.to_table(columns=["url", "sentence_start"]).to_pylist()
    yielding = {(row["url"], row["sentence_start"]) for row in rows if row["url"] in empty}
    sentences = sum(len(sentence_bounds(text)) for text in empty.values())
    detail = f"{len(yielding)} of {sentences} sentences in {len(empty)} documents without commitments"
    return Figure("sentences that yield one where none is", 100 * len(yielding) / sentences, 2, True, " %", detail)
