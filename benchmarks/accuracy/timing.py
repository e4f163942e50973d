"""Time the tagger of the tree that is on the path: run as a script, so that an older tree can be timed too.

    PYTHONPATH=TREE python benchmarks/accuracy/timing.py TEXTS.json

TEXTS.json holds named lists of texts; printed is, for each name, the best of two passes in words a second of
processor time, which other processes do not lengthen.
"""

import json
import sys
import time

from schemas.documents import Article, DateBasis
from transforms.tagging.tagger import make_tagger, tag_article

_PASSES = 2


def main() -> None:
    """Print the rates as JSON."""
    with open(sys.argv[1], encoding="utf-8") as file:
        texts: dict[str, list[str]] = json.load(file)
    tagger = make_tagger()
    rates = dict.fromkeys(texts, 0.0)
    for _ in range(_PASSES):
        for name, members in texts.items():
            start = time.process_time()
            for text in members:
                article = Article("id", "id", input="timing", position=0, text=text, date_basis=DateBasis.NONE)
                tag_article(article, tagger)
            words = sum(len(text.split()) for text in members)
            rates[name] = max(rates[name], words / (time.process_time() - start))
    print(json.dumps(rates))


if __name__ == "__main__":
    main()
