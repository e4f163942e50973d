"""Forgotten: addresses that were taken down, and the tombstones that keep them from coming back."""

import dataclasses
import json

from schemas.documents import Article
from schemas.ids import stable_id
from schemas.rejects import Reject, UrlInvalid
from transforms.extraction.urls import article_key, canonicalize

# Ids of articles that were taken down.
Forgotten = frozenset[str]


@dataclasses.dataclass(frozen=True, slots=True)
class Tombstone:
    """The record of a takedown, named after the id: it holds no address. `forgotten_at` is ISO 8601 in UTC."""

    article_id: str
    forgotten_at: str


def encode_tombstone(tombstone: Tombstone) -> str:
    """Write a tombstone as JSON."""
    return json.dumps(dataclasses.asdict(tombstone), indent=1, sort_keys=True) + "\n"


def article_id_of(url: str) -> str:
    """Give the id of the article at an address.

    Raises:
        UrlInvalid: It is no address of a page.
    """
    return stable_id("article", article_key(canonicalize(url)))


def is_forgotten(url: str | None, forgotten: Forgotten) -> bool:
    """Say whether an address, in whatever form, is one that was taken down."""
    if not url or not forgotten:
        return False
    try:
        return article_id_of(url) in forgotten
    except UrlInvalid:
        return False


def admits_remembered(record: Article | Reject, forgotten: Forgotten) -> bool:
    """Say whether a record may be kept: its article, or the address that it came from, was not taken down."""
    if isinstance(record, Article) and record.article_id in forgotten:
        return False
    return not is_forgotten(record.url, forgotten)
