"""Build the shipped model from the corpora: `python -m training.build [--corpora FOLDER] [--work FOLDER]`.

A step whose result lies in the work folder is not done again; remove the folder to start afresh. Steps end by
count, never by the clock.
"""

import argparse
import os
import subprocess
import sys
from pathlib import Path

from training.assemble import join_halves, save
from training.corpora import write_entities, write_syntax
from training.statements import write_raw_text

ROOT = Path(__file__).resolve().parent.parent
RECIPE = Path(__file__).resolve().parent
DEFAULT_CORPORA = ROOT.parent / "shared" / "corpora"


def write_inputs(corpora: Path, statements: Path, work: Path) -> None:
    """Write the training files of all steps into the work folder."""
    work.mkdir(parents=True, exist_ok=True)
    if not (work / "raw.jsonl").exists():
        write_raw_text(corpora, statements, work / "raw.jsonl")
    if not (work / "syntax-dev.spacy").exists():
        write_syntax(corpora, work)
    if not (work / "entities-dev.spacy").exists():
        write_entities(corpora, work)


def pretrain(work: Path) -> None:
    """Teach the syntax half's tok2vec to foretell the letters of words: 12 minutes on one core."""
    if not (work / "pretrained" / "model0.bin").exists():
        raw_text = f"--paths.raw_text={work / 'raw.jsonl'}"
        _spacy("pretrain", str(RECIPE / "syntax.cfg"), str(work / "pretrained"), raw_text)


def train(work: Path, step: str, *, dev: str, **paths: Path) -> Path:
    """Train one step, "syntax", "refine" or "entities", with `<step>.cfg`; return the folder of the pipeline.

    The last state is taken: the rate has fallen by then, and the best on dev would be a matter of luck.

    Args:
        work: The folder with `<step>-train.spacy`, where the pipeline goes too.
        step: The name of the step.
        dev: The step whose dev file the log reports on.
        paths: Further paths of the configuration, by the names they have there.
    """
    last = work / step / "model-last"
    if not last.exists():
        files = {"train": work / f"{step}-train.spacy", "dev": work / f"{dev}-dev.spacy", **paths}
        overrides = [f"--paths.{name}={path}" for name, path in files.items()]
        _spacy("train", str(RECIPE / f"{step}.cfg"), "--output", str(work / step), *overrides)
    return last


def _spacy(*arguments: str) -> None:
    # One thread: with more, sums are added in another order and weights differ from run to run.
    environment = {**os.environ, "OMP_NUM_THREADS": "1"}
    subprocess.run([sys.executable, "-m", "spacy", *arguments], check=True, env=environment)


def main() -> None:
    """Run all steps and put the model into `models/`."""
    parser = argparse.ArgumentParser(description="Build the shipped language model.")
    parser.add_argument("--corpora", type=Path, default=DEFAULT_CORPORA)
    parser.add_argument("--statements", type=Path, default=DEFAULT_CORPORA.parent / "data" / "statements.jsonl.gz")
    parser.add_argument("--work", type=Path, default=ROOT / "build" / "training")
    parser.add_argument("--models", type=Path, default=ROOT / "models")
    arguments = parser.parse_args()
    work: Path = arguments.work
    write_inputs(arguments.corpora, arguments.statements, work)
    pretrain(work)
    start = work / "pretrained" / "model0.bin"
    syntax = train(work, "syntax", dev="syntax", raw_text=work / "raw.jsonl", init_tok2vec=start)
    refined = train(work, "refine", dev="syntax", syntax=syntax)
    entities = train(work, "entities", dev="entities")
    print(save(join_halves(refined, entities), arguments.models))


if __name__ == "__main__":
    main()
