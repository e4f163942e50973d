"""The codebook: what every table, column and code means, as Markdown made from the schemas.

`warehouse.codebook` adds what follows from the lexicons, and writes `docs/codebook.md`.
"""

from collections.abc import Iterable, Sequence

import pyarrow as pa

from schemas import rejects
from schemas.documents import DateBasis
from schemas.tables import ACTOR_STRUCT, AMOUNT_STRUCT, SCHEMA_VERSION, SORT_KEYS, TABLES
from schemas.tags import ActorType, Domain, Kind

ROW_MEANINGS = {
    "articles": "One row for each distinct version of an article.",
    "actors": "One row for each mention of an actor.",
    "commitments": "One row for each commissive trigger in a sentence, with who is bound to what.",
    "rejects": "One row for each record that could not be used, and why.",
}

# Each with an example. What counts and what does not is set out at length for the annotators of the gold set.
KIND_MEANINGS = {
    Kind.PLEDGE: ("The party says that it will act, or is bound to", "Finland pledged 40 million euros for sensors"),
    Kind.OFFER: (
        "The party is willing; the act waits for another to accept",
        "Kenya has offered to host the secretariat",
    ),
    Kind.AGREEMENT: (
        "Two or more parties settle on an act, or one accepts what another asked for",
        "Estonia and Finland agreed to set up a joint patrol",
    ),
    Kind.PROPOSAL: ("The party puts a joint act forward for others to take up", "The minister proposed a joint fund"),
    Kind.REFUSAL: (
        "The party says that it will not act, or turns a request or an offer down",
        "Denmark declined to join the patrol",
    ),
    Kind.WITHDRAWAL: (
        "The party takes an earlier commitment back, or stops honouring it",
        "Norway has suspended its contribution",
    ),
    Kind.THREAT: (
        "The party says that it will do another harm, mostly under a condition",
        "The bloc threatened to impose duties unless the ban is lifted",
    ),
}

TYPE_MEANINGS = {
    ActorType.STATE: "A state, its government or capital; a seat of power that stands for it",
    ActorType.PERSON: "A person who acts or speaks in public affairs",
    ActorType.ORGANISATION: "International organisation, ministry, agency, party, company, NGO, newsroom",
    ActorType.COALITION: "States that act together without an organisation of their own",
    ActorType.ARMED_GROUP: "An armed group that is no state's army",
    ActorType.GROUP: "A nameless group in a commitment ('26 countries'); it has no row in `actors`",
}

BASIS_MEANINGS = {
    DateBasis.FEED: "The entry of the feed",
    DateBasis.PAGE: "The page's own metadata or text",
    DateBasis.SIDECAR: "The sidecar, or the fields of a JSONL line",
    DateBasis.RECORD: "The WARC-Date of the record: when it was archived, not when it was published",
    DateBasis.NONE: "Nothing: the day is unknown",
}

WARNING_MEANINGS = {
    "date_out_of_range": "A date before 1990 or in the future was passed over",
    "date_unparsed": "What stood for a date is none, and was passed over",
    "encoding_guessed": "Nothing said in which encoding the text is, and it is not UTF-8",
    "fields_malformed": "A field of the JSONL line has the wrong type, and was left out",
    "language_untagged": "The text is not English: there are no rows of actors and commitments",
    "page_refused": "The text is the feed's own: the page behind the entry's link could not be fetched",
    "sidecar_malformed": "The sidecar, or a field of it, cannot be read, and was left out",
    "truncated": "The archive holds only the beginning of the page",
    "url_invalid": "The address cannot be read, and was left out",
}

# What a person can do about a reject, by its class.
REMEDIES: dict[type[rejects.Rejected], str] = {
    rejects.UrlInvalid: "Correct the address in the list, feed or sidecar",
    rejects.UrlScheme: "Correct the address in the list, feed or sidecar; other schemes are not fetched",
    rejects.ForbiddenAddress: "Nothing, or where it is meant: `--allow_private_networks`, `--allow_ports`",
    rejects.DnsFailed: "Correct the name; where it is right, ask again later",
    rejects.RobotsDisallowed: "Nothing: the site does not want it fetched",
    rejects.RobotsUnreachable: "Nothing: it is asked again later",
    rejects.ConnectFailed: "Nothing: it is asked again later",
    rejects.TlsFailed: "Look at the site in a browser; a certificate that has run out is the publisher's to renew",
    rejects.TimedOut: "Nothing: it is asked again later",
    rejects.RateLimited: "Ask less often: `--poll_interval`",
    rejects.RedirectLoop: "Correct the address; some sites redirect without end who keeps no cookies",
    rejects.TooManyRedirects: "Give the address that the redirects lead to",
    rejects.ContentTypeRejected: "Convert it to a format that is read, or leave it out of the pattern",
    rejects.NotAFeed: "Name the feed's own address; a web page about it is none",
    rejects.Malformed: "Correct the record at the place that `input` names",
    rejects.ItemLimit: "Split the container",
    rejects.Truncated: "Fetch or copy the file again; records before the cut are kept",
    rejects.WarcCorrupt: "Fetch or copy the archive again; records before and after the damage are kept",
    rejects.SizeMismatch: "Fetch or copy the archive again; the writer of the record may be at fault",
    rejects.HttpStatus: "Nothing, where the page is gone; else crawl it again",
    rejects.TooLarge: "Split the record, or take the text out of it first",
    rejects.DecompressionBomb: "Nothing: such content is made to exhaust its reader",
    rejects.Undecodable: "Fetch the record again; its coding is broken or not what its headers say",
    rejects.EncodingUnknown: "Save the file as UTF-8",
    rejects.EmptyBody: "Nothing, or fetch the record again",
    rejects.ParserTimeout: "Look at the payload; pages that defeat the parser are worth a report",
    rejects.ParserCrash: "Look at the payload; pages that defeat the parser are worth a report",
    rejects.NoText: "Nothing: the page is a menu, a gallery or an application",
    rejects.TaggerCrash: "Report it with the payload; the article can be tagged again with a later version",
}

_HEAD = f"""# Codebook

Made from `schemas/` and `lexicons/` by `make codebook`; do not edit. Schema version {SCHEMA_VERSION}, in the metadata
of every file. How to query the tables is in [querying.md](querying.md).

The tables are Parquet files in Hive layout, `OUTPUT/<table>/date=YYYY-MM-DD/part-<segment>.parquet`. `date` is the UTC
day of publication (for `rejects` the record's own day, else the day it was fetched); it is in the path and not in the
files. Rows of unknown day are under `date=__HIVE_DEFAULT_PARTITION__`. Times are UTC. Ids are lower-case hex of a
stable hash: the same input gives the same id on any machine and day. Offsets count characters (code points) of
`articles.text` from 0, ends excluded. Quotations are to the letter. "Null" says where a value may be missing.
"""


def codebook() -> str:
    """Make the whole document, with a newline at its end."""
    parts = [_HEAD, *(_describe_table(name, schema) for name, schema in TABLES.items())]
    parts.append("## Structs\n")
    parts.append(describe_struct("Of `actors`, `counterparties` and `speaker`:", ACTOR_STRUCT))
    parts.append(describe_struct("Of `amounts`:", AMOUNT_STRUCT))
    parts.append("## Codes\n")
    parts.append(_describe_kinds())
    parts.append("### Types of actors\n\n" + _code_table("type", TYPE_MEANINGS.items()))
    parts.append("### Domains\n\n" + ", ".join(f"`{domain}`" for domain in Domain) + ".\n")
    parts.append("### What a date comes from\n\n" + _code_table("date_basis", BASIS_MEANINGS.items()))
    parts.append("### Warnings of articles\n\n" + _code_table("warning", WARNING_MEANINGS.items()))
    parts.append(_describe_reasons())
    return "\n".join(parts)


def type_name(kind: pa.DataType) -> str:
    """Name a column's type as the documentation does: `list<struct>` for a list of structs, described apart."""
    if pa.types.is_list(kind):
        return f"list<{type_name(kind.value_type)}>"
    if pa.types.is_struct(kind):
        return "struct"
    if pa.types.is_timestamp(kind):
        return f"timestamp[{kind.unit}, {kind.tz}]"
    if pa.types.is_date32(kind):
        return "date"
    return str(kind)


def markdown_table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Lay cells out as a Markdown table; bars inside cells are escaped."""
    lines = [head, ["---"] * len(head), *rows]
    return "".join("| " + " | ".join(cell.replace("|", r"\|") for cell in line) + " |\n" for line in lines)


def _describe_table(name: str, schema: pa.Schema) -> str:
    rows = [
        (f"`{field.name}`", type_name(field.type), "null" if field.nullable else "", _description(field))
        for field in schema
    ]
    keys = ", ".join(f"`{key}`" for key in SORT_KEYS[name])
    table = markdown_table(("column", "type", "null", "what"), rows)
    return f"## {name}\n\n{ROW_MEANINGS[name]} Rows of a file are sorted by {keys}.\n\n{table}"


def _description(field: pa.Field) -> str:
    description: bytes = field.metadata[b"description"]
    return description.decode()


def describe_struct(lead: str, struct: pa.StructType) -> str:
    """Lay out the fields of a struct below a line that says whose they are."""
    fields = (struct.field(index) for index in range(struct.num_fields))
    rows = [(f"`{field.name}`", type_name(field.type), "null" if field.nullable else "") for field in fields]
    return f"{lead}\n\n" + markdown_table(("field", "type", "null"), rows)


def _describe_kinds() -> str:
    rows = [(f"`{kind}`", meaning, f"“{example}”") for kind, (meaning, example) in KIND_MEANINGS.items()]
    lead = """\
A commitment is a statement, reported as made or as standing, by which a party that can act in public affairs binds,
offers, declines, takes back or threatens an act of its own, or joins in or puts forward a common one. Demands on
others alone, hopes, opinions, forecasts and deeds already done are none.
"""
    return f"### Kinds of commitments\n\n{lead}\n" + markdown_table(("kind", "what", "for example"), rows)


def _code_table(head: str, meanings: Iterable[tuple[str, str]]) -> str:
    return markdown_table((head, "what"), ((f"`{code}`", meaning) for code, meaning in meanings))


def _describe_reasons() -> str:
    rows = [
        (f"`{refusal.reason}`", (refusal.__doc__ or "").rstrip("."), remedy) for refusal, remedy in REMEDIES.items()
    ]
    lead = (
        f"A record of at most {rejects.MAX_PAYLOAD_BYTES // 1024} KiB is kept whole in `payload`; of a larger one "
        "`payload_ref` says where it lies.\n"
    )
    return f"### Reasons of rejects\n\n{lead}\n" + markdown_table(("reason", "what", "what to do"), rows)
