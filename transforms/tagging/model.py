"""The language model: which pipeline reads an article, where it is found, and what makes one unfit.

The shipped pipeline lies in the package `models`. Any other English spaCy pipeline that has a parser, entities and
part-of-speech tags can stand in for it, by the name of an installed package or by a path.
"""

import importlib.resources
import json
import warnings
from pathlib import Path

import spacy
from spacy.about import __version__ as spacy_version
from spacy.language import Language
from spacy.tokenizer import Tokenizer
from spacy.util import compile_infix_regex, is_compatible_version, is_package

from transforms.tagging.unavailable import ModelUnavailable

# The pipeline shipped in `models/`; its recipe is in `training/`.
DEFAULT_MODEL = "en_pledgeline_news"

# What reading an article needs. One of the two tags parts of speech; `attribute_ruler` serves `en_core_web_*`.
_REQUIRED = ("parser", "ner")
_TAGGERS = ("tagger", "morphologizer")


def load_model(name: str | None = None) -> Language:
    """Load an English pipeline with parser, entities and tags.

    Args:
        name: The shipped pipeline's name, the name of an installed spaCy pipeline, or the path of a pipeline's
            folder; the shipped pipeline if None.

    Raises:
        ModelUnavailable: There is no such pipeline, it is made for another version of spaCy, cannot be read, is not
            English, or lacks a component that tagging needs.
    """
    wanted = name or DEFAULT_MODEL
    source = _find(wanted)
    if isinstance(source, Path):
        _check_version(wanted, source)
    nlp = _read(wanted, source)
    _check_fitness(wanted, nlp)
    _split_after_stops(nlp)
    return nlp


def _split_after_stops(nlp: Language) -> None:
    """Cut "U.S.-China" at its hyphen, as spaCy cuts "France-China": it looks for letters on both sides."""
    if not isinstance(nlp.tokenizer, Tokenizer):
        return
    infixes = [*(nlp.Defaults.infixes or ()), r"(?<=[A-Z]\.)[-–](?=[A-Za-z])"]
    nlp.tokenizer.infix_finditer = compile_infix_regex(infixes).finditer


def describe_model(nlp: Language) -> str:
    """Name a pipeline with its version, as the `model` column has it: "en_pledgeline_news-1.0.0"."""
    name = str(nlp.meta["name"])
    language = f"{nlp.lang}_"
    full = name if name.startswith(language) else language + name
    return f"{full}-{nlp.meta['version']}"


def _find(name: str) -> Path | str:
    """Find a pipeline: a folder's path, or the name of an installed package."""
    if name == DEFAULT_MODEL:
        shipped = _shipped_folder(name)
        if shipped is not None:
            return shipped
    if is_package(name):
        return name
    if (Path(name) / "meta.json").is_file():
        return Path(name)
    if name == DEFAULT_MODEL:
        raise ModelUnavailable(f'The shipped model "{name}" is missing from "models": install the wheel anew.')
    raise ModelUnavailable(
        f'No model "{name}" is installed or lies at that path: install it, or leave the name out '
        f'for the shipped "{DEFAULT_MODEL}".'
    )


def _shipped_folder(name: str) -> Path | None:
    try:
        package = importlib.resources.files("models")
    except ModuleNotFoundError:
        return None
    folder = Path(str(package)) / name
    return folder if (folder / "meta.json").is_file() else None


def _check_version(name: str, folder: Path) -> None:
    try:
        meta = json.loads((folder / "meta.json").read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise ModelUnavailable(f'The model "{name}" has no readable meta.json: install it anew ({error}).') from error
    wanted = str(meta.get("spacy_version", ""))
    if is_compatible_version(spacy_version, wanted) is False:
        raise ModelUnavailable(
            f'The model "{name}" is made for spaCy {wanted} and spaCy {spacy_version} is installed: '
            "install a version of one that fits the other."
        )


def _read(name: str, source: Path | str) -> Language:
    try:
        with warnings.catch_warnings():
            # spaCy only warns of a pipeline made for another minor version; that is a refusal here.
            warnings.filterwarnings("error", message=r"\[W09[45]\]", category=UserWarning)
            return spacy.load(source)
    except Exception as error:
        raise ModelUnavailable(
            f'The model "{name}" cannot be loaded by spaCy {spacy_version}: install it anew or choose another '
            f"({type(error).__name__}: {' '.join(str(error).split())[:200]})."
        ) from error


def _check_fitness(name: str, nlp: Language) -> None:
    if nlp.lang != "en":
        raise ModelUnavailable(f'The model "{name}" is for the language "{nlp.lang}": choose an English one.')
    missing = [component for component in _REQUIRED if component not in nlp.pipe_names]
    if not any(component in nlp.pipe_names for component in _TAGGERS):
        missing.append("tagger")
    if missing:
        raise ModelUnavailable(
            f'The model "{name}" lacks {" and ".join(missing)}: choose one with a parser, a tagger and named entities.'
        )
