"""Bytes of a report, and seconds until a reader sees it, for a warehouse of many commitments.

    python -m benchmarks.report [--commitments 100000] [--chromium /usr/bin/chromium]

The warehouse is invented: words of made-up syllables, as often as words of a language are (Zipf), which compress worse
than real statements do. A second run in the same browser tells what its own start costs.
"""

import argparse
import datetime
import itertools
import pathlib
import random
import resource
import tempfile
import time
from collections.abc import Iterator

from playwright.sync_api import Page, sync_playwright

from schemas.ids import stable_id
from schemas.tables import TABLES, Row
from schemas.tags import Domain, Kind
from transforms.partitions import published_name, staged_name, write_rows
from warehouse.report.command import main as report

FLAGS = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"]
FLAGS += ["--disable-background-networking", "--disable-component-update", "--disable-sync"]
# As in real news: characters of a sentence about 180, commitments of an article 4, actors of the whole in thousands.
SENTENCE_WORDS, ARTICLE_COMMITMENTS, ACTORS, VOCABULARY, DAYS = 30, 4, 8_000, 15_000, 1_000
SECONDS_ALLOWED, BYTES_ALLOWED = 3, 15_000_000


class Language:
    """Made-up words, the common ones short and frequent."""

    def __init__(self, chance: random.Random) -> None:
        """Invent the vocabulary."""
        self._chance = chance
        syllables = [a + b for a in "bdfgklmnprstvz" for b in "aeiou"]
        sizes = (min(4, 1 + rank // 60) if rank < 240 else chance.randint(2, 5) for rank in range(VOCABULARY))
        self._words = ["".join(chance.choices(syllables, k=size)) for size in sizes]
        self._weights = list(itertools.accumulate(1 / (rank + 3) for rank in range(VOCABULARY)))

    def words(self, count: int) -> list[str]:
        """Say so many words."""
        return self._chance.choices(self._words, cum_weights=self._weights, k=count)


def write_warehouse(root: pathlib.Path, commitments: int) -> None:
    """Write a warehouse of articles on consecutive days."""
    chance = random.Random(7)
    language = Language(chance)
    names = [" ".join(language.words(2)).title() for _ in range(ACTORS)]
    shares = list(itertools.accumulate(1 / (rank + 1) for rank in range(ACTORS)))
    numbers = iter(range(commitments // ARTICLE_COMMITMENTS))
    for day in range(DAYS):
        tables: dict[str, list[Row]] = {"articles": [], "commitments": [], "actors": []}
        for number in itertools.islice(numbers, -(-commitments // ARTICLE_COMMITMENTS // DAYS)):
            _add_article(tables, number, language, chance, names, shares)
        for table, rows in tables.items():
            name = published_name(staged_name(table, datetime.date(2023, 1, 1) + datetime.timedelta(day), "s"))
            write_rows(root / name, table, rows)


def _add_article(tables: dict[str, list[Row]], number: int, language: Language, chance: random.Random, names, shares):
    key = {"article_id": stable_id(number), "content_id": stable_id("c", number)}
    key["url"] = f"https://news.example/{'/'.join(language.words(2))}/{'-'.join(language.words(7))}-{number}"
    blank = dict.fromkeys(TABLES["articles"].names)
    words = {"title": " ".join(language.words(9)), "source": f"wire {chance.randrange(80)}", "input": "-", "text": "-"}
    given = {"authors": [], "warnings": [], "date_basis": "feed", "word_count": 1, "segment": "s"}
    tables["articles"].append(blank | key | words | given | {"pipeline_version": "-"})
    for place in range(ARTICLE_COMMITMENTS):
        who, whom = chance.choices(range(ACTORS), cum_weights=shares, k=2)
        _add_commitment(tables, key, place, language, chance, (names[who], names[whom]))


def _add_commitment(tables, key: Row, place: int, language: Language, chance: random.Random, parties: tuple[str, str]):
    said = language.words(SENTENCE_WORDS)
    trigger_at, action_at, action_end = 2, 5, 5 + chance.randint(3, 14)
    said[:1], said[4:5] = [parties[0]], [parties[1]]
    starts = [0, *itertools.accumulate(len(word) + 1 for word in said)]
    start, trigger = place * 1000, said[trigger_at]
    structs = [
        {"actor_id": f"org:{name}", "name": name, "type": "organisation", "country": None, "count": None}
        for name in parties
    ]
    row = dict.fromkeys(TABLES["commitments"].names) | key | {
        "commitment_id": stable_id(key["article_id"], place), "statement_id": stable_id(*said),
        "kind": str(chance.choice(list(Kind))), "domain": str(chance.choice(list(Domain))),
        "actors": structs[:1], "counterparties": structs[1:], "trigger": trigger, "trigger_lemma": trigger,
        "trigger_start": start + starts[trigger_at], "trigger_end": start + starts[trigger_at] + len(trigger),
        "action": " ".join(said[action_at:action_end]), "conditional": False, "amounts": [],
        "condition": " ".join(said[20:26]) if chance.random() < 0.1 else None,
        "due_date": datetime.date.fromordinal(739_700 + chance.randrange(900)) if chance.random() < 0.1 else None,
        "sentence": " ".join(said), "sentence_start": start, "sentence_end": start + len(" ".join(said)),
        "confidence": round(chance.random(), 3), "plover_event": "-", "ontology_version": "-", "rule": "-",
        "lexicon_entry": "-", "tagger_version": "-", "model": "-", "segment": "s",
    }  # fmt: skip
    tables["commitments"].append(row)
    for struct, at in zip(structs, (0, 4), strict=True):
        mention = dict.fromkeys(TABLES["actors"].names) | key | struct | {
            "mention_id": stable_id(row["commitment_id"], at), "surface": said[at], "start": start + starts[at],
            "end": start + starts[at] + len(said[at]), "sentence": place, "rule": "-", "tagger_version": "-",
            "model": "-", "segment": "s",
        }  # fmt: skip
        tables["actors"].append({name: mention[name] for name in TABLES["actors"].names})


def measure_page(page: Page, address: str) -> Iterator[tuple[str, float]]:
    """Time what a reader waits for, each until the browser has painted it."""
    painted = "new Promise((done) => requestAnimationFrame(() => setTimeout(done)))"

    def timed(what: str, action) -> tuple[str, float]:
        started = time.perf_counter()
        action()
        page.evaluate(painted)
        return what, time.perf_counter() - started

    def show() -> None:
        page.goto(address, wait_until="commit")
        page.wait_for_selector("html[data-ready]")

    yield timed("first view", show)
    yield timed("filter by kind", lambda: page.click("[data-kind=threat]"))
    yield timed("sort by who", lambda: page.click("[data-sort=who]"))
    yield timed("open evidence", lambda: page.click("#table .open >> nth=0"))
    page.keyboard.press("Escape")

    def search() -> None:
        page.fill("[name=q]", "bado")
        page.wait_for_function("() => location.hash.includes('q=bado')")

    yield timed("first search", search)


def main() -> None:
    """Make the warehouse and the report, open it twice, print what was measured against the bars."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--commitments", type=int, default=100_000)
    parser.add_argument("--chromium", default="/usr/bin/chromium")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as driver:
        root, html = pathlib.Path(folder) / "warehouse", pathlib.Path(folder) / "report.html"
        write_warehouse(root, options.commitments)
        started = time.perf_counter()
        report([str(root), "--html", str(html)])
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        print(f"made in {time.perf_counter() - started:.1f} s, at most {peak:.0f} MB")
        print(f"{html.stat().st_size:,} bytes, allowed {BYTES_ALLOWED:,}")
        browser = driver.chromium.launch(executable_path=options.chromium, args=FLAGS)
        for opening in ("first", "second"):
            page = browser.new_context(viewport={"width": 1400, "height": 900}).new_page()
            for what, seconds in measure_page(page, html.as_uri()):
                allowed = f", allowed {SECONDS_ALLOWED}" if what == "first view" else ""
                print(f"{opening} opening: {what} {seconds:.2f} s{allowed}")
        browser.close()


if __name__ == "__main__":
    main()
