"""Tagging in a notebook or a script: a text in, actors and commitments out, without files and without Beam."""

import dataclasses
import datetime
import functools

from schemas.tables import Row, actor_rows, commitment_rows
from schemas.tags import TaggedArticle
from transforms.tagging.tagger import Tagger, make_tagger, tag_article, text_article


def tag_text(
    text: str,
    *,
    published: datetime.date | str | None = None,
    title: str | None = None,
    source: str | None = None,
    model: str | None = None,
) -> TaggedArticle:
    """Tag a text; the first call loads the language model, which takes about a second.

    Args:
        text: Plain English text of any length.
        published: The day that deadlines and names are read by, as a date or as "2025-03-04".
        title: The headline; it tells whom an official statement's "we" stands for.
        source: The publisher's name; it does the same.
        model: An installed English spaCy pipeline; None is the bundled one.

    Raises:
        ValueError: `published` is no day of the calendar.
        ModelUnavailable: There is no such model, or it does not fit.
        TaggerCrash: The model or a component fails on the text.
    """
    day = datetime.date.fromisoformat(published) if isinstance(published, str) else published
    article = dataclasses.replace(text_article(text, published=day), title=title, source=source)
    return tag_article(article, _tagger(model))


def rows_of(tagged: TaggedArticle) -> dict[str, list[Row]]:
    """Give the rows of the tables `actors` and `commitments` as a backfill would write them, for a data frame."""
    return {
        "actors": actor_rows(tagged, segment="notebook"),
        "commitments": commitment_rows(tagged, segment="notebook"),
    }


@functools.cache
def _tagger(model: str | None) -> Tagger:
    return make_tagger(model)
