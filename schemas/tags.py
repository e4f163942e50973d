"""What tagging finds in an article: actors, and commitments with their parts."""

import dataclasses
import datetime
import enum

from schemas.documents import Article


class ActorType(enum.StrEnum):
    """What sort of party an actor is; GROUP is for nameless ones and stands only in commitments."""

    STATE = "state"
    PERSON = "person"
    ORGANISATION = "organisation"
    COALITION = "coalition"
    ARMED_GROUP = "armed_group"
    GROUP = "group"


class Kind(enum.StrEnum):
    """What sort of commissive a commitment is; docs/codebook.md defines each."""

    PLEDGE = "pledge"
    OFFER = "offer"
    AGREEMENT = "agreement"
    PROPOSAL = "proposal"
    REFUSAL = "refusal"
    WITHDRAWAL = "withdrawal"
    THREAT = "threat"


class Domain(enum.StrEnum):
    """The field of policy that the bound act belongs to."""

    MILITARY = "military"
    PEACEKEEPING = "peacekeeping"
    HUMANITARIAN = "humanitarian"
    FINANCIAL = "financial"
    TRADE = "trade"
    SANCTIONS = "sanctions"
    ENERGY = "energy"
    CLIMATE = "climate"
    DIPLOMATIC = "diplomatic"
    LEGAL = "legal"
    MIGRATION = "migration"
    HEALTH = "health"
    OTHER = "other"


@dataclasses.dataclass(frozen=True, slots=True)
class Actor:
    """A party to a commitment. `count` is the number of a counted group ("26 countries"), else None."""

    actor_id: str
    name: str
    type: ActorType
    country: str | None = None
    count: int | None = None


@dataclasses.dataclass(frozen=True, slots=True)
class Mention:
    """One place where a text names an actor. `start` and `end` are code-point offsets into the text, end excluded.

    `sentence` is the index of the sentence from 0; `rule` names what found and linked the mention.
    """

    actor_id: str
    name: str
    type: ActorType
    country: str | None
    role: str | None
    surface: str
    start: int
    end: int
    sentence: int
    rule: str


@dataclasses.dataclass(frozen=True, slots=True)
class Amount:
    """A quantity of the bound act: `value` in `unit` (ISO 4217 code, `troops`, `percent`, `items:tanks`, ...)."""

    value: float
    unit: str
    surface: str


@dataclasses.dataclass(frozen=True, slots=True)
class Commitment:
    """One commissive trigger in one sentence, with who is bound to what; the columns of `commitments` say the rest.

    Offsets are code points into the article's text, ends excluded. `action`, `condition` and `deadline` are
    substrings of `sentence`. `confidence` is in [0, 1].
    """

    kind: Kind
    plover_event: str
    plover_mode: str | None
    cameo_code: str | None
    domain: Domain
    actors: tuple[Actor, ...]
    counterparties: tuple[Actor, ...]
    speaker: Actor | None
    trigger: str
    trigger_lemma: str
    trigger_start: int
    trigger_end: int
    action: str
    condition: str | None
    deadline: str | None
    due_date: datetime.date | None
    conditional: bool
    amounts: tuple[Amount, ...]
    sentence: str
    sentence_start: int
    sentence_end: int
    confidence: float
    rule: str
    lexicon_entry: str


@dataclasses.dataclass(frozen=True, slots=True)
class TaggedArticle:
    """An article with all that was tagged in it, in text order, and the versions that did it."""

    article: Article
    mentions: tuple[Mention, ...] = ()
    commitments: tuple[Commitment, ...] = ()
    tagger_version: str = ""
    model: str = ""
