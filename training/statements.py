"""Plain text to pretrain on: White House statements and the words of the Groningen Meaning Bank."""

import gzip
import json
import random
import re
from collections.abc import Iterator
from pathlib import Path

from training.tables import read_gmb

# Words of statements taken. With the bank's 0.9 M one pass lasts 12 minutes on one core; see README.md.
STATEMENT_WORDS = 2_000_000

# Words a paragraph. Shorter ones are headings and signatures, longer ones lists run together.
_LENGTHS = range(6, 301)
_MARKUP = re.compile(r"[*#_]{2,}")


def read_statements(path: Path) -> Iterator[str]:
    """Yield the paragraphs of a `.jsonl.gz` of documents with a `text` each, markup taken out."""
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        for line in lines:
            for paragraph in json.loads(line)["text"].split("\n"):
                plain = _MARKUP.sub("", paragraph).strip()
                if len(plain.split()) in _LENGTHS:
                    yield plain


def write_raw_text(corpora: Path, statements: Path, target: Path) -> int:
    """Write the text to pretrain on as JSON lines in a fixed shuffled order; return its whitespace words.

    The shuffle matters: `spacy pretrain` reads the file in order, and an average over its last steps
    should have seen both registers.
    """
    paragraphs = list(read_statements(statements))
    shuffled = random.Random(0)
    shuffled.shuffle(paragraphs)
    chosen = [" ".join(sentence.words) for sentence in read_gmb(corpora)]
    taken = 0
    for paragraph in paragraphs:
        if taken >= STATEMENT_WORDS:
            break
        chosen.append(paragraph)
        taken += len(paragraph.split())
    shuffled.shuffle(chosen)
    with target.open("w", encoding="utf-8", newline="\n") as lines:
        for text in chosen:
            lines.write(json.dumps({"text": text}) + "\n")
    return sum(len(text.split()) for text in chosen)
