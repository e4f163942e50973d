"""Body text F1 and time of extraction, against bare trafilatura on the same pages in the same run.

    python -m benchmarks.extraction [--pages ../shared/data/pages] [--rounds 3]

The pages' own `evaluate.py` gives the F1 of both. Each page is extracted by both in turn, who goes first alternating.
"Bare" is `trafilatura.extract` on the page's bytes, in this process and without comments; ours includes the sandbox,
metadata, dates, language and ids. The sandbox is started before anything is timed.
"""

import argparse
import gzip
import json
import pathlib
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator

import trafilatura

from schemas.documents import Page
from schemas.rejects import Rejected
from transforms.extraction.pages import Extractor, extract_article

PAGES = pathlib.Path(__file__).parents[2] / "shared" / "data" / "pages"


def read_pages(folder: pathlib.Path) -> Iterator[Page]:
    """Give the pages of the benchmark, by their ids and with their addresses."""
    truth = json.loads((folder / "ground-truth.json").read_text(encoding="utf-8"))
    for position, (key, fields) in enumerate(truth.items()):
        html = gzip.decompress((folder / "html" / f"{key}.html.gz").read_bytes())
        yield Page(key, position, html=html, url=fields.get("url"))


def extract_bare(page: Page) -> str:
    """Give what trafilatura alone finds; empty where that is nothing."""
    return trafilatura.extract(page.html, url=page.url, include_comments=False) or ""


def extract_ours(page: Page, extractor: Extractor) -> str:
    """Give the article's text; empty where the page is refused."""
    try:
        return extract_article(page, extractor).text
    except Rejected as refusal:
        print(f"refused {page.url}: {refusal.reason}: {refusal}")
        return ""


def timed(extract: Callable[[Page], str], page: Page, texts: dict[str, str]) -> float:
    """Extract a page into `texts`; gives the seconds."""
    start = time.perf_counter()
    texts[page.input] = extract(page)
    return time.perf_counter() - start


def evaluate(folder: pathlib.Path, texts: dict[str, dict[str, str]]) -> None:
    """Print the verdict of the pages' own evaluation on texts by extractor and page."""
    with tempfile.TemporaryDirectory() as name:
        root = pathlib.Path(name)
        (root / "output").mkdir()
        (root / "ground-truth.json").symlink_to((folder / "ground-truth.json").resolve())
        for extractor, bodies in texts.items():
            output = {key: {"articleBody": body} for key, body in bodies.items()}
            (root / "output" / f"{extractor}.json").write_text(json.dumps(output), encoding="utf-8")
        subprocess.run([sys.executable, (folder / "evaluate.py").resolve()], cwd=root, check=True)


def main() -> None:
    """Measure, and print F1 and the ratio of the times."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--pages", type=pathlib.Path, default=PAGES)
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    pages = list(read_pages(options.pages))
    texts: dict[str, dict[str, str]] = {"trafilatura": {}, "pledgeline": {}}
    seconds: dict[str, list[float]] = {"trafilatura": [], "pledgeline": []}
    with Extractor() as extractor:
        extracts = {"trafilatura": extract_bare, "pledgeline": lambda page: extract_ours(page, extractor)}
        for extract in extracts.values():
            extract(pages[0])
        for number, page in enumerate(pages * options.rounds):
            for name in sorted(extracts, reverse=bool(number % 2)):
                seconds[name].append(timed(extracts[name], page, texts[name]))
    evaluate(options.pages, texts)
    for name, spent in seconds.items():
        print(
            f"{name:12} {1000 * statistics.mean(spent):6.2f} ms a page, median {1000 * statistics.median(spent):6.2f}"
        )
    pairs = [ours / bare for bare, ours in zip(seconds["trafilatura"], seconds["pledgeline"], strict=True)]
    whole = sum(seconds["pledgeline"]) / sum(seconds["trafilatura"])
    print(f"ratio of the times: {whole:.3f} over all, {statistics.median(pairs):.3f} median over {len(pairs)} pairs")


if __name__ == "__main__":
    main()
