"""Columns of a report: its rows as lists of numbers over dictionaries of words, small enough to travel in the page."""

import datetime
from collections.abc import Hashable, Iterable
from typing import Any

from schemas.ledger import Event, Status
from schemas.tables import Row
from schemas.tags import ActorType, Domain, Kind
from transforms.tagging.lexicon import read_table
from warehouse.display import web_address
from warehouse.report.rows import Rows

# Hex digits of a commitment's id that travel: 40 bits tell 100,000 rows apart; the whole would be a fifth of the page.
ID_DIGITS = 10
# Whose mention it is, by number.
ACTOR, COUNTERPARTY, SPEAKER = range(3)

_EPOCH = datetime.date(1970, 1, 1)
_STATE = "state:"

# JSON to be.
Columns = dict[str, Any]


class Numbers:
    """Numbers for values, in the order in which they were met first."""

    def __init__(self, known: Iterable[Hashable] = ()) -> None:
        """Take values that have their numbers already."""
        self._numbers: dict[Hashable, int] = {value: number for number, value in enumerate(known)}

    def __call__(self, value: Hashable) -> int:
        """Give the value's number, a new one where it is met for the first time."""
        return self._numbers.setdefault(value, len(self._numbers))

    def values(self) -> list[Any]:
        """List the values by their numbers."""
        return list(self._numbers)


class ActorNumbers(Numbers):
    """Numbers for actors by their ids, with what is known of each."""

    def __init__(self) -> None:
        """Start with no actor."""
        super().__init__()
        self._structs: dict[str, Row] = {}

    def of(self, struct: Row) -> int:
        """Give an actor's number; the newest row's name and type are kept."""
        self._structs.setdefault(struct["actor_id"], struct)
        return self(struct["actor_id"])

    def columns(self) -> Columns:
        """Describe all actors; `state` is the number of the state that one is or belongs to, else its own."""
        names = {row["iso3"]: row["name"] for row in read_table("countries")}
        states = [self._state(struct, names) for struct in list(self._structs.values())]
        # What was added for people of states that are no actors themselves.
        states += range(len(states), len(self._structs))
        structs = [self._structs[actor_id] for actor_id in self.values()]
        return {"state": states} | {key: [struct[key] for struct in structs] for key in ("actor_id", "name", "type")}

    def _state(self, struct: Row, names: dict[str, str]) -> int:
        country = struct["country"]
        if country in names and struct["type"] != ActorType.STATE:
            return self.of({"actor_id": _STATE + country, "name": names[country], "type": ActorType.STATE.value})
        return self(struct["actor_id"])


def figure_columns(rows: Rows) -> Columns:
    """Encode what charts and filters count: days since 1970 (null where unknown), and numbers of words.

    `statement` and `article` are in steps.
    """
    actors, sources, articles, statements = ActorNumbers(), Numbers(), Numbers(), Numbers()
    kinds, domains = Numbers(map(str, Kind)), Numbers(map(str, Domain))
    commitments = rows.commitments
    columns = {
        "day": [_days(row["date"]) for row in commitments],
        "due": [_days(row["due_date"]) for row in commitments],
        "kind": [kinds(row["kind"]) for row in commitments],
        "domain": [domains(row["domain"]) for row in commitments],
        "who": [[actors.of(actor) for actor in row["actors"]] for row in commitments],
        "whom": [[actors.of(actor) for actor in row["counterparties"]] for row in commitments],
        "speaker": [actors.of(row["speaker"]) if row["speaker"] else None for row in commitments],
        "conditional": [int(row["conditional"]) for row in commitments],
        "confidence": [round(row["confidence"] * 100) for row in commitments],
        "statement": _steps([statements(row["statement_id"]) for row in commitments]),
        "article": _steps([articles(_article_key(row)) for row in commitments]),
    }
    columns["source"] = [sources(rows.articles[key]["source"]) for key in articles.values()]
    names = {"kinds": kinds.values(), "domains": domains.values(), "sources": sources.values()}
    return columns | names | {"actors": actors.columns()}


def history_columns(rows: Rows) -> Columns:
    """Encode the histories of pledges: the numbers of their rows, by day, and what each did.

    Statements that are not among the rows are counted in `outside`.
    """
    places = {row["commitment_id"]: number for number, row in enumerate(rows.commitments)}
    events, statuses = Numbers(map(str, Event)), Numbers(map(str, Status))
    columns: Columns = {"rows": [], "events": [], "statuses": [], "outside": []}
    for history in rows.histories:
        shown = [entry for entry in history if entry[0] in places]
        if shown:
            columns["rows"].append([places[commitment] for commitment, _, _ in shown])
            columns["events"].append([events(event) for _, event, _ in shown])
            columns["statuses"].append([statuses(status) for _, _, status in shown])
            columns["outside"].append(len(history) - len(shown))
    return columns | {"event_names": events.values(), "status_names": statuses.values()}


def word_columns(rows: Rows) -> Columns:
    """Encode what is read: sentences, where their parts stand, and articles.

    Spans are flat lists of start and end in UTF-16 units, as JavaScript counts; -1 and a number of `loose` where the
    words are not in the sentence; null where there are none. `sentence` is in steps.
    """
    sentences, loose = Numbers(), Numbers()
    commitments = rows.commitments
    # In the order in which `figure_columns` numbers them.
    articles = [rows.articles[key] for key in dict.fromkeys(map(_article_key, commitments))]
    spans = {part: [_span(row, part, loose) for row in commitments] for part in ("action", "condition", "deadline")}
    columns = {
        "id": "".join(row["commitment_id"][:ID_DIGITS].ljust(ID_DIGITS, "0") for row in commitments),
        "sentence": _steps([sentences(row["sentence"]) for row in commitments]),
        "trigger": [_units(row["sentence"], row["trigger_start"], row["trigger_end"]) for row in commitments],
        "mentions": [_mentions(row, rows.mentions.get(row["commitment_id"], ())) for row in commitments],
        "amounts": [[[a["value"], a["unit"], a["surface"]] for a in row["amounts"]] for row in commitments],
        "title": [article["title"] for article in articles],
        "url": [web_address(article["url"]) for article in articles],
    }
    return columns | spans | {"sentences": sentences.values(), "loose": loose.values()}


def _steps(numbers: Iterable[int]) -> list[int]:
    """Write numbers that were given in the order of their first use as how far they lie below the next new one.

    Most are new, and a run of zeros takes no room.
    """
    steps, following = [], 0
    for number in numbers:
        steps.append(following - number)
        following = max(following, number + 1)
    return steps


def _article_key(row: Row) -> tuple[str, str]:
    return row["article_id"], row["content_id"]


def _days(day: datetime.date | None) -> int | None:
    return (day - _EPOCH).days if day else None


def _span(row: Row, part: str, loose: Numbers) -> list[int] | None:
    """Find a part in its sentence: behind the trigger where it is there, else wherever it comes first."""
    words, sentence = row[part], row["sentence"]
    if words is None:
        return None
    start = sentence.find(words, row["trigger_end"])
    start = start if start >= 0 else sentence.find(words)
    return _units(sentence, start, start + len(words)) if start >= 0 else [-1, loose(words)]


def _units(text: str, start: int, end: int) -> list[int]:
    """Turn offsets in code points into offsets in UTF-16 units."""
    if text.isascii():
        return [start, end]
    return [len(text[:offset].encode("utf-16-le", "surrogatepass")) // 2 for offset in (start, end)]


def _mentions(row: Row, mentions: Iterable[tuple[int, int, str]]) -> list[int]:
    """Give start, end and role of each mention of a party, one after the other."""
    roles = dict.fromkeys((actor["actor_id"] for actor in (row["speaker"],) if actor), SPEAKER)
    roles |= dict.fromkeys((actor["actor_id"] for actor in row["counterparties"]), COUNTERPARTY)
    roles |= dict.fromkeys((actor["actor_id"] for actor in row["actors"]), ACTOR)
    sentence = row["sentence"]
    return [
        number
        for start, end, actor_id in mentions
        if actor_id in roles
        for number in (*_units(sentence, start, end), roles[actor_id])
    ]
