"""A place where a text may commit somebody: the value that rules make and judges take."""

import dataclasses

from spacy.tokens import Token

from schemas.tags import Kind
from transforms.tagging.complements import Complement


@dataclasses.dataclass(frozen=True, slots=True)
class Candidate:
    """A trigger in its commissive sense. `start` and `end` are tokens of the document, end excluded.

    `anchor` is the trigger's head word; `act` the head of the bound act, the anchor itself after a modal.
    `holder` is the head of the phrase that names who is bound, None where the clause does not name it.
    """

    rule: str
    entry_id: str
    lemma: str
    kind: Kind
    anchor: Token
    start: int
    end: int
    complement: Complement
    holder: Token | None
    flags: frozenset[str] = frozenset()

    @property
    def act(self) -> Token:
        """The head of the bound act."""
        return self.complement.head
