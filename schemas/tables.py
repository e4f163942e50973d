"""The tables: one pyarrow schema each, the only source of columns, codebook and DDL; and rows made from values."""

import dataclasses
import datetime
from typing import Any

import pyarrow as pa

from schemas.documents import Article, DateBasis
from schemas.ids import stable_id
from schemas.rejects import Reject, reject_id
from schemas.tags import Actor, Commitment, Mention, TaggedArticle

SCHEMA_VERSION = "1.0"
ONTOLOGY_VERSION = "PLOVER-2.0"

# What a row is, by column: a value of one of the schemas below. Never leaves this module but to pyarrow.
Row = dict[str, Any]

_TIME = pa.timestamp("us", tz="UTC")


def column(name: str, kind: pa.DataType, description: str, *, nullable: bool = False) -> pa.Field:
    """Define a column that has a value in every row, with what the codebook says of it."""
    return pa.field(name, kind, nullable=nullable, metadata={"description": description})


def maybe(name: str, kind: pa.DataType, description: str) -> pa.Field:
    """Define a column that may be null."""
    return column(name, kind, description, nullable=True)


def list_of(kind: pa.DataType) -> pa.DataType:
    """Define a list without nulls, under the name for its elements that Parquet wants."""
    return pa.list_(pa.field("element", kind, nullable=False))


def _table(name: str, *columns: pa.Field) -> pa.Schema:
    return pa.schema(columns, metadata={"schema_version": SCHEMA_VERSION, "table": name})


_STRING, _INT = pa.string(), pa.int32()

ACTOR_STRUCT = pa.struct(
    [
        pa.field("actor_id", _STRING, nullable=False),
        pa.field("name", _STRING, nullable=False),
        pa.field("type", _STRING, nullable=False),
        pa.field("country", _STRING),
        pa.field("count", _INT),
    ]
)
AMOUNT_STRUCT = pa.struct(
    [
        pa.field("value", pa.float64(), nullable=False),
        pa.field("unit", _STRING, nullable=False),
        pa.field("surface", _STRING, nullable=False),
    ]
)
_SEGMENT = column("segment", _STRING, "Id of the segment of input that the row was made from")
_ARTICLE_KEY = (
    column("article_id", _STRING, "The article's id; with content_id the key into articles"),
    column("content_id", _STRING, "Id of the version of the text that the offsets point into"),
    maybe("url", _STRING, "The article's address as given"),
)

ARTICLES = _table(
    "articles",
    column(
        "article_id",
        _STRING,
        "From the canonical URL without scheme and www., or from the content where there is no URL",
    ),
    column("content_id", _STRING, "From the normalised text: equal for a verbatim copy at another URL"),
    maybe("url", _STRING, "The address as given"),
    maybe("canonical_url", _STRING, "The address cleaned of tracking, fragments and session ids"),
    maybe("source", _STRING, "The publisher's name, or the host"),
    maybe("feed_url", _STRING, "The feed that led to the article"),
    column(
        "input",
        _STRING,
        "Where it came from, relative to the fixed part of the input pattern: file, file#line or file#offset",
    ),
    maybe("title", _STRING, "The headline"),
    column("authors", list_of(_STRING), "The authors' names, in the order given"),
    maybe("language", _STRING, "ISO 639-1 code of the text's language"),
    maybe("published_at", _TIME, "When it was published"),
    column(
        "date_basis",
        _STRING,
        "What published_at was taken from: feed, page, sidecar (or the fields of a JSONL line), "
        "record (WARC-Date) or none",
    ),
    maybe("modified_at", _TIME, "When it was last changed, where the page or feed says so"),
    maybe("fetched_at", _TIME, "When it was fetched; null for files"),
    column("text", _STRING, "The full text; nothing cut"),
    column("word_count", _INT, "Words in text, split at white space"),
    column(
        "warnings",
        list_of(_STRING),
        "Faults that left the article usable, such as date_out_of_range, encoding_guessed, language_untagged",
    ),
    _SEGMENT,
    column("pipeline_version", _STRING, "The version of Pledgeline that made the row"),
)

ACTORS = _table(
    "actors",
    column("mention_id", _STRING, "From article_id, content_id, start and end"),
    *_ARTICLE_KEY,
    column(
        "actor_id", _STRING, "Stable over articles: state:UKR, igo:NATO, person:..., coalition:..., org:..., armed:..."
    ),
    column("name", _STRING, "The actor's canonical name"),
    column("type", _STRING, "state, person, organisation, coalition or armed_group"),
    maybe(
        "country", _STRING, "ISO 3166-1 alpha-3 of the state it is, belongs to or governs; null for international ones"
    ),
    maybe("role", _STRING, "The office or title as found"),
    column("surface", _STRING, "The mention to the letter"),
    column("start", _INT, "Offset of the surface in articles.text, in characters"),
    column("end", _INT, "Where the surface ends; exclusive"),
    column("sentence", _INT, "Index of the sentence, from 0"),
    column("rule", _STRING, "What found and linked the mention"),
    column("tagger_version", _STRING, "The version of the rules and lexicons"),
    column("model", _STRING, "The language model and its version"),
    _SEGMENT,
)

COMMITMENTS = _table(
    "commitments",
    column("commitment_id", _STRING, "From article_id, content_id, trigger_start and trigger_end"),
    *_ARTICLE_KEY,
    column(
        "statement_id",
        _STRING,
        "From the normalised sentence, the trigger and the actors' ids: equal for the same statement in other articles",
    ),
    column("kind", _STRING, "pledge, offer, agreement, proposal, refusal, withdrawal or threat"),
    column("plover_event", _STRING, "PLOVER event type"),
    maybe("plover_mode", _STRING, "PLOVER mode, where the event type has modes and one fits"),
    column("ontology_version", _STRING, "The version of the PLOVER ontology"),
    maybe("cameo_code", _STRING, "CAMEO code, where one fits"),
    column("domain", _STRING, "The field of policy of the bound act"),
    column("actors", list_of(ACTOR_STRUCT), "Who is bound; nameless groups have type group and their count"),
    column("counterparties", list_of(ACTOR_STRUCT), "To whom it is made, or at whom it is aimed"),
    maybe("speaker", ACTOR_STRUCT, "Who reports it, where that is not an actor of it"),
    column("trigger", _STRING, "The words that express it"),
    column("trigger_lemma", _STRING, "The trigger's dictionary form"),
    column("trigger_start", _INT, "Offset of the trigger in articles.text, in characters"),
    column("trigger_end", _INT, "Where the trigger ends; exclusive"),
    column("action", _STRING, "The bound act, to the letter, from the sentence"),
    maybe("condition", _STRING, "What it hangs on, to the letter, from the sentence"),
    maybe("deadline", _STRING, "By when or when the act falls due, to the letter, from the sentence"),
    maybe("due_date", pa.date32(), "The last day of the deadline, resolved against the article's date"),
    column("conditional", pa.bool_(), "Whether it hangs on a condition"),
    column(
        "amounts",
        list_of(AMOUNT_STRUCT),
        "Money (ISO 4217 code as unit), troops, equipment, counts and percentages of the act",
    ),
    column("sentence", _STRING, "The evidence"),
    column("sentence_start", _INT, "Offset of the sentence in articles.text, in characters"),
    column("sentence_end", _INT, "Where the sentence ends; exclusive"),
    column("confidence", pa.float32(), "How likely the row is right, from 0 to 1, three decimals"),
    column("rule", _STRING, "The rule that found it"),
    column("lexicon_entry", _STRING, "The row of the lexicon that the trigger matched"),
    column("tagger_version", _STRING, "The version of the rules and lexicons"),
    column("model", _STRING, "The language model and its version"),
    _SEGMENT,
)

REJECTS = _table(
    "rejects",
    column("reject_id", _STRING, "From the input, its place and the reason"),
    column("stage", _STRING, "Where it was refused: read, fetch, extract or tag"),
    maybe("input", _STRING, "Where it came from, as in articles"),
    maybe("url", _STRING, "Its address, secrets masked"),
    column("reason", _STRING, "A code of the closed list"),
    column("detail", _STRING, "The error in words that a person can act on"),
    maybe("payload", pa.binary(), "The record whole, where it has at most 64 KiB"),
    maybe("payload_ref", _STRING, "Where the record lies, where it is larger"),
    maybe("occurred_at", _TIME, "When it was fetched; null for files"),
    _SEGMENT,
)

TABLES: dict[str, pa.Schema] = {
    "articles": ARTICLES,
    "actors": ACTORS,
    "commitments": COMMITMENTS,
    "rejects": REJECTS,
}
# Of the partition `date`, which is in no file.
DAY_MEANING = "The UTC day of publication, of rejects that of the record or of fetching; the partition"
# The columns that a row of a table is known by.
ROW_IDS: dict[str, tuple[str, ...]] = {
    "articles": ("article_id", "content_id"),
    "actors": ("mention_id",),
    "commitments": ("commitment_id",),
    "rejects": ("reject_id",),
}
# The columns that rows of a file are sorted by; together they are unique within a table.
SORT_KEYS: dict[str, tuple[str, ...]] = {
    "articles": ("article_id", "content_id"),
    "actors": ("article_id", "content_id", "start", "end", "mention_id"),
    "commitments": ("article_id", "content_id", "trigger_start", "trigger_end"),
    "rejects": ("input", "reject_id"),
}


def article_row(article: Article, *, segment: str, pipeline_version: str) -> Row:
    """Make the row of an article."""
    row = {field.name: getattr(article, field.name) for field in dataclasses.fields(article)}
    del row["position"]
    row["authors"], row["warnings"] = list(article.authors), list(article.warnings)
    row["date_basis"] = str(article.date_basis)
    return row | {
        "word_count": len(article.text.split()),
        "segment": segment,
        "pipeline_version": pipeline_version,
    }


def article_of_row(row: Row) -> Article:
    """Make the article of a row of `articles` again; its position in its segment is not kept and comes out as 0."""
    fields = {field.name: row[field.name] for field in dataclasses.fields(Article) if field.name != "position"}
    lists = {"authors": tuple(row["authors"]), "warnings": tuple(row["warnings"])}
    return Article(**fields | lists | {"position": 0, "date_basis": DateBasis(row["date_basis"])})


def actor_rows(tagged: TaggedArticle, *, segment: str) -> list[Row]:
    """Make one row for each mention."""
    return [_actor_row(mention, tagged, segment) for mention in tagged.mentions]


def commitment_rows(tagged: TaggedArticle, *, segment: str) -> list[Row]:
    """Make one row for each commitment."""
    return [_commitment_row(commitment, tagged, segment) for commitment in tagged.commitments]


def reject_row(reject: Reject, *, segment: str) -> Row:
    """Make the row of a reject; its day is the partition's and not in the row."""
    row = {field.name: getattr(reject, field.name) for field in dataclasses.fields(reject)}
    del row["day"]
    return {"reject_id": reject_id(reject)} | row | {"segment": segment}


def reject_day(reject: Reject) -> datetime.date | None:
    """Give the day of a reject's partition: the record's own, else the day it was fetched."""
    return reject.day or (reject.occurred_at.date() if reject.occurred_at else None)


def _key(tagged: TaggedArticle) -> Row:
    article = tagged.article
    return {"article_id": article.article_id, "content_id": article.content_id, "url": article.url}


def _versions(tagged: TaggedArticle, segment: str) -> Row:
    return {"tagger_version": tagged.tagger_version, "model": tagged.model, "segment": segment}


def _actor_row(mention: Mention, tagged: TaggedArticle, segment: str) -> Row:
    key = _key(tagged)
    mention_id = stable_id(key["article_id"], key["content_id"], mention.start, mention.end)
    row = {field.name: getattr(mention, field.name) for field in dataclasses.fields(mention)}
    return {"mention_id": mention_id} | key | row | {"type": str(mention.type)} | _versions(tagged, segment)


def _commitment_row(commitment: Commitment, tagged: TaggedArticle, segment: str) -> Row:
    key = _key(tagged)
    row = {field.name: getattr(commitment, field.name) for field in dataclasses.fields(commitment)}
    ids = {
        "commitment_id": stable_id(
            key["article_id"], key["content_id"], commitment.trigger_start, commitment.trigger_end
        ),
        "statement_id": statement_id(commitment),
    }
    plain = {
        "kind": str(commitment.kind),
        "domain": str(commitment.domain),
        "actors": [_actor_struct(actor) for actor in commitment.actors],
        "counterparties": [_actor_struct(actor) for actor in commitment.counterparties],
        "speaker": _actor_struct(commitment.speaker) if commitment.speaker else None,
        "amounts": [dataclasses.asdict(amount) for amount in commitment.amounts],
        "confidence": round(commitment.confidence, 3),
        "ontology_version": ONTOLOGY_VERSION,
    }
    return ids | key | row | plain | _versions(tagged, segment)


def statement_id(commitment: Commitment) -> str:
    """Identify a statement over articles: white space and case of its sentence and trigger do not count."""
    actor_ids = sorted(actor.actor_id for actor in commitment.actors)
    sentence = " ".join(commitment.sentence.casefold().split())
    return stable_id(sentence, commitment.trigger.casefold(), *actor_ids)


def _actor_struct(actor: Actor) -> Row:
    return dataclasses.asdict(actor) | {"type": str(actor.type)}
