"""Parses written by hand, each in both label schemes, so that rules are tested without a trained model.

A parse is a line of `form/TAG/label/head` for each token, heads counted from 1, the root with head 0. Parts of speech
follow from the tags, as both schemes use the same tags.
"""

import pathlib

import spacy
from spacy.tokens import Doc

# A bare Vocab knows no lower case of its words.
_VOCAB = spacy.blank("en").vocab
_PARTS = {
    "NNP": "PROPN", "NNPS": "PROPN", "PRP": "PRON", "PRP$": "PRON", "WDT": "PRON", "WP": "PRON", "EX": "PRON",
    "MD": "AUX", "IN": "ADP", "TO": "PART", "RB": "ADV", "DT": "DET", "CC": "CCONJ", "CD": "NUM", "POS": "PART",
    "RP": "ADP", ",": "PUNCT", ".": "PUNCT", "``": "PUNCT", "''": "PUNCT",
}  # fmt: skip
_FAMILIES = {"N": "NOUN", "V": "VERB", "J": "ADJ"}
_TIGHT = {",", ".", "'s", "n't", "”"}


def make_doc(parse: str) -> Doc:
    """Make a document of one sentence from a parse written by hand."""
    rows = [cell.rsplit("/", 3) for cell in parse.split()]
    words = [row[0] for row in rows]
    spaces = [following not in _TIGHT and word != "“" for word, following in zip(words, [*words[1:], "."], strict=True)]
    return Doc(
        _VOCAB,
        words=words,
        spaces=spaces,
        tags=[tag for _, tag, _, _ in rows],
        pos=["AUX" if label.startswith("aux") or label == "cop" else _part(tag) for _, tag, label, _ in rows],
        deps=["ROOT" if head == "0" else label for _, _, label, head in rows],
        heads=[int(head) - 1 if head != "0" else index for index, (_, _, _, head) in enumerate(rows)],
    )


def _part(tag: str) -> str:
    return _PARTS.get(tag) or _FAMILIES.get(tag[0], "X")


def _read() -> dict[str, tuple[str, str]]:
    lines = (pathlib.Path(__file__).parent / "parses.tsv").read_text(encoding="utf-8").splitlines()
    rows = [line.split("\t") for line in lines if not line.startswith("#")]
    return {name: (ud, clearnlp) for name, ud, clearnlp in rows}


# The same sentence twice: Universal Dependencies, then ClearNLP as in `en_core_web_*`.
PARSES = _read()
