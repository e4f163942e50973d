"""Run every measure and write the figures into `docs/accuracy.md`: `python -m benchmarks.accuracy`, some five minutes.

Where the shared gold set and corpora are not beside the tree, it says so and changes nothing.
"""

import argparse
import re
import sys
from pathlib import Path

from benchmarks.accuracy.calibration import plot
from benchmarks.accuracy.counts import count_marked
from benchmarks.accuracy.figures import HEAD, Figure
from benchmarks.accuracy.measures import SIMPLE, measure_test_half
from training.draw import DEFAULT_SHARED
from transforms.tagging.tagger import make_tagger

DOCS = Path(__file__).resolve().parents[2] / "docs"
PAGE, PLOT = DOCS / "accuracy.md", DOCS / "reliability.svg"


def main() -> None:
    """Measure, and replace what stands between the page's marks."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--shared", type=Path, default=DEFAULT_SHARED)
    parser.add_argument("--only", help="measure what has this in its heading, and print it instead of writing")
    options = parser.parse_args()
    if not (options.shared / "gold").is_dir():
        print(f"No gold set and corpora in {options.shared}: nothing is measured, {PAGE} stays as it is.")
        return
    sections = _measure(options.shared, options.only)
    text = "\n\n".join("\n".join([f"### {heading}", HEAD, *(f.row() for f in rows)]) for heading, rows in sections)
    print(text)
    if options.only:
        return
    page = fill(fill(PAGE.read_text(encoding="utf-8"), "figures", text), "counts", count_marked())
    PAGE.write_text(page, encoding="utf-8")
    missed = [figure.name for _, figures in sections for figure in figures if figure.is_met is False]
    print(f"{PAGE} written; bars missed: {', '.join(missed) or 'none'}")


def _measure(shared: Path, only: str | None) -> list[tuple[str, list[Figure]]]:
    tagger, sections = make_tagger(), list[tuple[str, list[Figure]]]()
    for heading, measure in SIMPLE:
        if only is None or only in heading:
            print(f"{heading} ...", file=sys.stderr, flush=True)
            sections.append((heading, list(measure(tagger, shared))))
    heading = "Marked sentences, test half"
    if only is None or only in heading:
        print(f"{heading} ...", file=sys.stderr, flush=True)
        figures, found = measure_test_half(tagger, shared)
        sections.insert(min(1, len(sections)), (heading, figures))
        if only is None:
            PLOT.write_text(plot(found, "Reliability of confidence on marked text not trained on"), encoding="utf-8")
    return sections


def fill(page: str, name: str, text: str) -> str:
    """Replace what stands between the marks of a name, the marks kept.

    Raises:
        ValueError: The page has no such marks.
    """
    marks = re.compile(rf"(<!-- {name} -->\n).*?(<!-- end of {name} -->)", re.DOTALL)
    if not marks.search(page):
        raise ValueError(f"no marks of {name} in the page")
    return marks.sub(lambda found: f"{found[1]}{text}\n{found[2]}", page)


if __name__ == "__main__":
    main()
