"""Explain: why a sentence gives the rows that it gives, and why it gives no others."""

import argparse
import dataclasses
import datetime
import json
import sys
from collections.abc import Iterator

from pipelines.exits import exit_code
from schemas.tables import Row, commitment_rows
from schemas.tags import Mention, TaggedArticle
from schemas.version import VERSION
from transforms.tagging.explain import Explained, Name, Trigger, Word, explain_sentences
from transforms.tagging.tagger import TAGGER_VERSION, Tagger, make_tagger, parse_article, text_article

# What of a row is shown first, and what is not shown: ids and places that say nothing to a reader.
_HIDDEN = ("commitment_id", "statement_id", "article_id", "content_id", "url", "sentence", "segment", "tagger_version")
_HIDDEN += ("model", "trigger_start", "trigger_end", "sentence_start", "sentence_end")


@dataclasses.dataclass(frozen=True, slots=True)
class ExplainOptions:
    """What to explain and how to show it."""

    text: str
    published: datetime.date | None
    form: str
    model: str | None


def run_explain(options: ExplainOptions) -> int:
    """Print the explanation; gives 0."""
    tagger = make_tagger(options.model)
    sentences, rows = explain_text(options.text, tagger, published=options.published)
    if options.form == "json":
        print(json.dumps(_as_json(sentences, rows, tagger), indent=2, ensure_ascii=False, default=str))
    else:
        print("\n\n".join("\n".join(_lines(sentence, rows)) for sentence in sentences))
        day = f", read as of {options.published}" if options.published else ""
        print(f"\npledgeline {VERSION}, tagger {TAGGER_VERSION}, model {tagger.model}{day}")
    return 0


def explain_text(
    text: str, tagger: Tagger, *, published: datetime.date | None
) -> tuple[tuple[Explained, ...], list[Row]]:
    """Explain each sentence of a text, and give the rows of `commitments` that the text makes."""
    article = text_article(text, published=published)
    sentences = explain_sentences(parse_article(article, tagger, explain=True))
    found = tuple(commitment for sentence in sentences for commitment in sentence.commitments)
    tagged = TaggedArticle(article, commitments=found, tagger_version=TAGGER_VERSION, model=tagger.model)
    return sentences, commitment_rows(tagged, segment="explain")


def _as_json(sentences: tuple[Explained, ...], rows: list[Row], tagger: Tagger) -> dict[str, object]:
    explained = [dataclasses.asdict(sentence) for sentence in sentences]
    for one in explained:
        del one["commitments"]  # The rows tell the same.
    return {"tagger_version": TAGGER_VERSION, "model": tagger.model, "sentences": explained, "commitments": rows}


def _lines(explained: Explained, rows: list[Row]) -> Iterator[str]:
    yield explained.sentence
    yield "  parse"
    width = max((len(word.text) for word in explained.words), default=0)
    yield from (f"    {_word(word, width)}" for word in explained.words)
    yield "  names"
    yield from (f"    {_name(name)}" for name in explained.names)
    yield "  triggers"
    yield from (f"    {line}" for trigger in explained.triggers for line in _trigger(trigger))
    if not explained.triggers:
        yield "    none: no word of the sentence is in the lexicon of triggers, and none is a future"
    starts = {commitment.trigger_start for commitment in explained.commitments}
    for row in (row for row in rows if row["trigger_start"] in starts):
        yield "  commitment"
        yield from (f"    {column:16} {_cell(value)}" for column, value in row.items() if column not in _HIDDEN)


def _word(word: Word, width: int) -> str:
    shown = f"{word.text:{width}}  {word.tag:5} {word.relation:12} of {word.head}"
    return f"{shown}  [{word.entity}]" if word.entity else shown


def _name(name: Name) -> str:
    if name.actor is None:
        return f"{name.surface}: no actor; {name.why}"
    return f"{name.surface}: {_actor(name.actor)}; {name.why}"


def _actor(mention: Mention) -> str:
    country = f", {mention.country}" if mention.country else ""
    role = f", {mention.role}" if mention.role else ""
    return f"{mention.name} ({mention.actor_id}, {mention.type}{country}{role})"


def _trigger(trigger: Trigger) -> Iterator[str]:
    yield f"{trigger.surface}: {'taken' if trigger.taken else 'refused'}"
    yield from (f"  entry {entry}" for entry in trigger.entries)
    yield from (f"  because {why}" for why in trigger.why)


def _cell(value: object) -> str:
    """Show a cell as a line: parties by name and id, amounts as they stand, what is absent as a dash."""
    if value is None or value == []:
        return "-"
    if isinstance(value, list):
        return "; ".join(_cell(item) for item in value)
    if isinstance(value, dict):
        if "actor_id" in value:
            return f"{value['name']} ({value['actor_id']})"
        return f"{value['value']:g} {value['unit']} ({value['surface']})"
    return str(value)


def parse_explain(arguments: list[str]) -> ExplainOptions:
    """Read the command line of `explain`; exits with code 2 where it is wrong."""
    parser = argparse.ArgumentParser(
        prog="pledgeline explain",
        description="Show why a sentence gives the rows that it gives: parse, names, triggers taken and refused, rows.",
        allow_abbrev=False,
    )
    parser.add_argument("text", nargs="?", help="the sentence, or a whole text; read from standard input where absent")
    parser.add_argument("--published", type=_day, metavar="DAY", help="the day that names and deadlines are read by")
    parser.add_argument("--format", choices=("text", "json"), default="text", help="default: %(default)s")
    parser.add_argument("--model", metavar="NAME", help="an installed English spaCy pipeline; default: the bundled one")
    known = parser.parse_args(arguments)
    text = known.text if known.text is not None else sys.stdin.read()
    if not text.strip():
        parser.error("there is no text to explain")
    return ExplainOptions(text, known.published, known.format, known.model)


def _day(text: str) -> datetime.date:
    try:
        return datetime.date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is not a day as 2025-09-04") from None


def main(arguments: list[str] | None = None) -> int:
    """Run `pledgeline explain` with the given arguments, or those of the process; gives the exit code."""
    options = parse_explain(sys.argv[1:] if arguments is None else arguments)
    return exit_code(lambda: run_explain(options))


if __name__ == "__main__":
    sys.exit(main())
