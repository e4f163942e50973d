"""Lists: feeds, or addresses of documents, as OPML, as CSV or one a line, with settings for each."""

import csv
import dataclasses
import enum
import io
import re
from collections.abc import Iterator, Mapping

from schemas.documents import Feed
from schemas.rejects import Malformed, Rejected, UrlInvalid
from transforms.fetching.outlines import Row, read_outlines
from transforms.reading.encodings import decode
from transforms.reading.formats import LIST_HEADER, URL_NAMES

_URL = re.compile(r"(?i)(?:https?|feed)://\S+|feed:https?://\S+")
_DELIMITERS = ",;\t"
_INTERVAL = re.compile(r"(?i)(\d+(?:\.\d+)?)\s*(s|sec|m|min|h|d)?")
_SECONDS = {"s": 1.0, "sec": 1.0, "m": 60.0, "min": 60.0, "h": 3600.0, "d": 86400.0}
_WORDS = {"1": True, "true": True, "yes": True, "on": True, "0": False, "false": False, "no": False, "off": False}
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(?:[-_][A-Za-z0-9]{2,8})*")


class ListKind(enum.StrEnum):
    """How a list is written."""

    OPML = "opml"
    CSV = "csv"
    PLAIN = "plain"


@dataclasses.dataclass(frozen=True, slots=True)
class ListFault:
    """What of a list cannot be used: its line, 0 where the list as a whole is meant; its address; and why."""

    line: int
    url: str | None
    error: Rejected

    def __str__(self) -> str:
        return f"line {self.line}: {self.error}" if self.line else str(self.error)


@dataclasses.dataclass(frozen=True, slots=True)
class FeedList:
    """What a list names, each address once, and what in it cannot be used.

    A feed whose setting cannot be used is there without the setting.
    """

    kind: ListKind
    feeds: tuple[Feed, ...]
    faults: tuple[ListFault, ...]


def read_list(data: bytes) -> FeedList:
    """Read a list of any kind.

    Raises:
        EncodingUnknown: It is text in no encoding.
        Malformed: It begins as OPML, and nothing in it can be read.
    """
    text, _ = decode(data)
    kind = _tell_kind(text)
    rows, broken = _READERS[kind](text)
    faults = [ListFault(0, None, Malformed(words)) for words in broken]
    feeds: dict[str, Feed] = {}
    for line, fields in rows:
        url = next((fields[name] for name in URL_NAMES if fields.get(name)), "")
        if not _URL.fullmatch(url):
            error = UrlInvalid(f"{url[:200]!r} is no address that begins with http:// or https://")
            faults.append(ListFault(line, url or None, error))
            continue
        faults += [ListFault(line, url, error) for error in _faulty_settings(fields)]
        feeds.setdefault(url, _make_feed(url, fields))
    return FeedList(kind, tuple(feeds.values()), tuple(faults))


def _tell_kind(text: str) -> ListKind:
    start = text.lstrip()
    if start.startswith("<"):
        return ListKind.OPML
    return ListKind.CSV if LIST_HEADER.fullmatch(start.partition("\n")[0].strip()) else ListKind.PLAIN


def _delimiter_of(line: str) -> str:
    return max(_DELIMITERS, key=line.count)


def _columns(line: str, delimiter: str) -> list[str]:
    return [name.strip().strip('"').lower() for name in line.split(delimiter)]


def _read_csv(text: str) -> tuple[list[Row], list[str]]:
    lines = text.lstrip().split("\n")
    delimiter = _delimiter_of(lines[0])
    names = _columns(lines[0], delimiter)
    reader = csv.reader(io.StringIO("\n".join(lines[1:])), delimiter=delimiter)
    first = text[: len(text) - len(text.lstrip())].count("\n") + 1
    rows: list[Row] = []
    try:
        for cells in reader:
            if any(cell.strip() for cell in cells) and not cells[0].startswith("#"):
                fields = {name: cell.strip() for name, cell in zip(names, cells, strict=False)}
                rows.append((first + reader.line_num, fields))
    except csv.Error as error:
        return rows, [f"CSV, line {first + reader.line_num}: {error}"]
    return rows, []


def _read_lines(text: str) -> tuple[list[Row], list[str]]:
    lines = [(number, line.split()) for number, line in enumerate(text.split("\n"), start=1)]
    # What stands behind the address is a comment, as in lists of other programs.
    return [(number, {"url": words[0]}) for number, words in lines if words and not words[0].startswith("#")], []


_READERS = {ListKind.OPML: read_outlines, ListKind.CSV: _read_csv, ListKind.PLAIN: _read_lines}


def _make_feed(url: str, fields: Mapping[str, str]) -> Feed:
    return Feed(
        url=url,
        title=fields.get("title") or fields.get("text") or None,
        source=fields.get("source") or None,
        language=_language(fields),
        interval=_interval(fields),
        full_text=_full_text(fields) is not False,
    )


def _language(fields: Mapping[str, str]) -> str | None:
    given = fields.get("language", "")
    return re.split("[-_]", given)[0].lower() if _LANGUAGE.fullmatch(given) else None


def _interval(fields: Mapping[str, str]) -> float | None:
    found = _INTERVAL.fullmatch(fields.get("interval", ""))
    return float(found[1]) * _SECONDS[(found[2] or "s").lower()] or None if found else None


def _full_text(fields: Mapping[str, str]) -> bool | None:
    return _WORDS.get(fields.get("full_text", "").lower())


def _faulty_settings(fields: Mapping[str, str]) -> Iterator[Rejected]:
    read = {"interval": _interval, "full_text": _full_text, "language": _language}
    examples = {"interval": "a time such as 30m", "full_text": "yes or no", "language": "a code such as en"}
    for name, reader in read.items():
        if fields.get(name) and reader(fields) is None:
            yield Malformed(f"{name}={fields[name][:80]!r} is not {examples[name]}; the feed is read without it")
