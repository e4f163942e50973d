"""Join the two trained halves, syntax and entities, into the one pipeline that ships."""

import dataclasses
import os
import shutil
from pathlib import Path

import spacy
from spacy.language import Language
from spacy.util import load_model_from_config
from thinc.api import Config

from training import provenance

_DESCRIPTION = (
    "English news and statements: tags, parts of speech, Universal Dependencies and entities "
    "(PERSON ORG GPE LOC NORP DATE EVENT), small enough to ship."
)


def join_halves(syntax: Path, entities: Path) -> Language:
    """Join two trained pipelines into one whose `ner` has a tok2vec of its own.

    The result has a fresh vocabulary, so that no word list of a corpus is saved with it, and a configuration
    without paths or training settings.
    """
    nlp = spacy.load(syntax)
    names = spacy.load(entities)
    names.replace_listeners("tok2vec", "ner", ["model.tok2vec"])
    nlp.add_pipe("ner", source=names)
    kept = Config({"nlp": nlp.config["nlp"], "components": nlp.config["components"]})
    fresh = load_model_from_config(kept, auto_fill=True)
    fresh.from_bytes(nlp.to_bytes(), exclude=["config", "vocab", "meta"])
    for _, component in nlp.pipeline:
        for label in getattr(component, "labels", ()):
            fresh.vocab.strings.add(label)
    for string in _morphology(nlp):
        fresh.vocab.strings.add(string)
    fresh.meta.update(_meta())
    return fresh


def _morphology(nlp: Language) -> list[str]:
    labels = nlp.get_pipe("morphologizer").labels
    return sorted({part for label in labels for pair in label.split("|") for part in (pair, *pair.split("="))})


def _meta() -> dict[str, object]:
    major, minor, _ = spacy.__version__.split(".")
    return {
        "name": provenance.NAME,
        "version": provenance.VERSION,
        "description": _DESCRIPTION,
        "spacy_version": f">={major}.{minor}.0,<{major}.{int(minor) + 1}.0",
        "license": provenance.LICENSE,
        "author": "The Pledgeline authors",
        "sources": [dataclasses.asdict(source) for source in provenance.SOURCES],
        "performance": {},
    }


def save(nlp: Language, models: Path) -> Path:
    """Save a pipeline with licence and sources under `models`; return its folder.

    A forerunner there is replaced by renaming, once the new one is complete.
    """
    target = models / f"{nlp.lang}_{provenance.NAME}"
    aside = models / f".{target.name}.new"
    shutil.rmtree(aside, ignore_errors=True)
    nlp.to_disk(aside)
    (aside / "LICENSE").write_text(provenance.LICENSE_NOTICE, encoding="utf-8")
    (aside / "SOURCES.md").write_text(provenance.write_sources(), encoding="utf-8")
    if target.exists():
        old = models / f".{target.name}.old"
        os.replace(target, old)
        os.replace(aside, target)
        shutil.rmtree(old)
    else:
        os.replace(aside, target)
    return target
