"""Reasons: what refused a trigger or a name, kept with the document where somebody has asked, for nothing otherwise.

Each reason is a row of `lexicons/reasons.tsv`, which says it in words.
"""

import dataclasses
import functools

from spacy.tokens import Doc, Token

from transforms.tagging.lexicon import read_table

_KEY = "pledgeline_reasons"


@dataclasses.dataclass(frozen=True, slots=True)
class Reason:
    """Why tokens `start` to `end`, end excluded, are no trigger or no actor.

    `about` is the entry, rule or word that the refusal turned on.
    """

    start: int
    end: int
    reason: str
    about: str

    @property
    def words(self) -> str:
        """The reason in a sentence, with what it turned on."""
        told = reasons_in_words()[self.reason]
        return f"{told} ({self.about})" if self.about else told


@functools.cache
def reasons_in_words() -> dict[str, str]:
    """Give every reason with the sentence that tells it."""
    return {row["reason"]: row["words"] for row in read_table("reasons")}


def ask_reasons(doc: Doc) -> None:
    """Have the reasons of this document kept, from here on."""
    doc.user_data[_KEY] = []


def refuse(token: Token, reason: str, about: str = "", *, end: int | None = None) -> None:
    """Note why a token is no trigger, or a name up to the token `end` no actor; a look-up where nobody has asked."""
    kept: list[Reason] | None = token.doc.user_data.get(_KEY)
    if kept is not None:
        kept.append(Reason(token.i, end or token.i + 1, reason, about))


def reasons_of(doc: Doc) -> tuple[Reason, ...]:
    """Give the reasons kept, in the order in which they were met."""
    return tuple(doc.user_data.get(_KEY, ()))
