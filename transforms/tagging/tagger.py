"""Tag articles: the language model over bounded chunks, then actors and commitments over the whole document."""

import dataclasses
import datetime
import re
from collections.abc import Callable, Iterator

from spacy.language import Language
from spacy.tokens import Doc

from schemas.documents import Article, DateBasis
from schemas.ids import stable_id
from schemas.rejects import TaggerCrash
from schemas.tags import Commitment, Mention, TaggedArticle
from transforms.tagging import actors, commitments
from transforms.tagging.authorship import find_author, find_sides, tells_of_sides
from transforms.tagging.model import describe_model, load_model
from transforms.tagging.reasons import ask_reasons
from transforms.tagging.sentences import open_after_labels, sentence_starts

# Of the rules and lexicons; raised when rows of the same text can change.
TAGGER_VERSION = "1.1"
# Characters that the parser sees at once: its memory and time stay bounded however long the article is.
MAX_CHUNK_CHARS = 5_000
# Tokens after which a sentence without end is cut for the parser. News and law stay below; tables and junk do not.
MAX_CHUNK_TOKENS = 2_000
# Components that rules do not need: lemmas and text categories cost a third of the time.
_UNUSED = (
    "lemmatizer",
    "textcat",
    "textcat_multilabel",
    "entity_linker",
    "pledgeline_actors",
    "pledgeline_commitments",
    "pledgeline_sentences",
)
# Characters without a space that no language has: the tokenizer takes the square of their length when they are
# punctuation (10,000 brackets: 24 s). They are read as one long word in their place.
_RUN = re.compile(r"\S{1000,}")
# Half a character, as broken JSON escapes leave it: spaCy's strings are UTF-8, which has none.
_LONE_SURROGATE = re.compile(r"[\ud800-\udfff]")
_FIRST_PERSON = re.compile(r"\b(?:we|our|us|I|my)\b", re.IGNORECASE)

Component = Callable[[Doc], Doc]


@dataclasses.dataclass(frozen=True, slots=True)
class Tagger:
    """A loaded pipeline: `read` runs on chunks, `find` on the whole document; `model` names it with its version."""

    nlp: Language
    read: tuple[Component, ...]
    find: tuple[Component, ...]
    model: str


def make_tagger(model: str | None = None) -> Tagger:
    """Load the language model and put the tagging components beside it; about a second, once a worker.

    Raises:
        ModelUnavailable: There is no such model, or it does not fit.
    """
    nlp = load_model(model)
    return Tagger(
        nlp=nlp,
        read=tuple(component for name, component in nlp.pipeline if name not in _UNUSED),
        find=(
            actors.make_actors(nlp, "pledgeline_actors"),
            commitments.make_commitments(nlp, "pledgeline_commitments"),
        ),
        model=describe_model(nlp),
    )


def tag_article(article: Article, tagger: Tagger) -> TaggedArticle:
    """Find the actors and commitments of an article; one in another language than English has none.

    Raises:
        TaggerCrash: The model or a component fails on the text.
    """
    empty = TaggedArticle(article, tagger_version=TAGGER_VERSION, model=tagger.model)
    if article.language not in (None, "en") or not article.text.strip():
        return empty
    try:
        doc = parse_article(article, tagger)
    except Exception as error:
        raise TaggerCrash(f"{type(error).__name__} on {len(article.text)} characters: {error}") from error
    return dataclasses.replace(
        empty, mentions=_mentions(doc, article.text), commitments=_commitments(doc, article.text)
    )


def text_article(text: str, *, published: datetime.date | None = None) -> Article:
    """Make an article of a text that came without an address; its ids come from the text."""
    noon = datetime.time(12, tzinfo=datetime.UTC)
    return Article(
        article_id=stable_id(text),
        content_id=stable_id(text),
        input="text",
        position=0,
        text=text,
        published_at=datetime.datetime.combine(published, noon) if published else None,
        date_basis=DateBasis.SIDECAR if published else DateBasis.NONE,
    )


def parse_article(article: Article, tagger: Tagger, *, explain: bool = False) -> Doc:
    """Parse an article and find its actors and commitments; with `explain`, the rules' reasons are kept with it."""
    doc = read_text(article.text, tagger)
    doc._.published = article.day
    if explain:
        ask_reasons(doc)
    if _FIRST_PERSON.search(article.text):
        title, publisher = (_name(part, article.day, tagger) for part in (article.title, article.source))
        doc.user_data["author"] = find_author(title, publisher)
    if article.title is not None and tells_of_sides(article.title):
        heading = _name(article.title, article.day, tagger)
        doc.user_data["sides"] = find_sides(heading) if heading is not None else ()
    for component in tagger.find:
        doc = component(doc)
    return doc


def _name(part: str | None, day: datetime.date | None, tagger: Tagger) -> Doc | None:
    """Read a title or a publisher's name for the actors in it."""
    if part is None or not part.strip():
        return None
    doc = read_text(part, tagger)
    doc._.published = day
    return tagger.find[0](doc)


def read_text(text: str, tagger: Tagger) -> Doc:
    """Parse a text in chunks that end where sentences do, and put them together again.

    The cut depends on the text alone, so that the same text is read alike in any batch and company.
    """
    # `nlp.make_doc` refuses texts beyond `nlp.max_length`, a guard for parsers that see the whole at once.
    whole = tagger.nlp.tokenizer(_LONE_SURROGATE.sub("\ufffd", _RUN.sub(_mask, text)))
    starts = open_after_labels(whole, sentence_starts(whole))
    chunks = []
    for start, end in _chunk_bounds(whole, starts):
        chunk = _chunk(whole, starts, start, end)
        for component in tagger.read:
            chunk = component(chunk)
        chunks.append(chunk)
    if len(chunks) == 1:
        return chunks[0]
    joined: Doc | None = Doc.from_docs(chunks, ensure_whitespace=False)
    return joined if joined is not None else whole


def _mask(run: re.Match[str]) -> str:
    return "x" * len(run[0])


def _chunk_bounds(doc: Doc, starts: list[bool]) -> Iterator[tuple[int, int]]:
    """Yield token bounds of chunks: whole sentences up to `MAX_CHUNK_CHARS`, a longer sentence by itself or cut."""
    start = 0
    cuts = [place for place, opens in enumerate(starts) if opens and place > 0]
    previous = 0
    for cut in [*cuts, len(doc)]:
        end_char = doc[cut - 1].idx + len(doc[cut - 1])
        if end_char - doc[start].idx > MAX_CHUNK_CHARS and previous > start:
            yield from _bounded(start, previous)
            start = previous
        previous = cut
    if len(doc):
        yield from _bounded(start, len(doc))


def _bounded(start: int, end: int) -> Iterator[tuple[int, int]]:
    for first in range(start, end, MAX_CHUNK_TOKENS):
        yield first, min(first + MAX_CHUNK_TOKENS, end)


def _chunk(doc: Doc, starts: list[bool], start: int, end: int) -> Doc:
    tokens = doc[start:end]
    return Doc(
        doc.vocab,
        words=[token.text for token in tokens],
        spaces=[bool(token.whitespace_) for token in tokens],
        sent_starts=[token.i == start or starts[token.i] for token in tokens],
    )


def _mentions(doc: Doc, text: str) -> tuple[Mention, ...]:
    mentions = (span._.mention for span in doc.spans.get("actors", []))
    return tuple(mention for mention in mentions if text[mention.start : mention.end] == mention.surface)


def _commitments(doc: Doc, text: str) -> tuple[Commitment, ...]:
    # A sentence with a masked run in it is not to the letter, and no evidence.
    commitments = (span._.commitment for span in doc.spans.get("commitments", []))
    return tuple(found for found in commitments if text[found.sentence_start : found.sentence_end] == found.sentence)
