"""Actors: every mention of a party in an article, as a spaCy component that works behind any English pipeline."""

import datetime

from spacy.language import Language
from spacy.tokens import Doc, Span

from schemas.tags import Mention
from transforms.tagging.gazetteer import Gazetteer, build_gazetteer
from transforms.tagging.known import Found
from transforms.tagging.linking import read_names

# The group of spans with the mentions, in text order, none inside another.
ACTORS = "actors"
# The same with the names that stand only for places and origins here; resolving a phrase may still need them.
CANDIDATES = "actor_candidates"

if not Doc.has_extension("published"):
    Doc.set_extension("published", default=None)
if not Span.has_extension("mention"):
    Span.set_extension("mention", default=None)


@Language.factory("pledgeline_actors", assigns=["doc.spans", "span._.mention"])
def make_actors(nlp: Language, name: str) -> "ActorFinder":
    """Make the component; it belongs behind sentences, tags and entities, each of which it can do without."""
    return ActorFinder(build_gazetteer(nlp.tokenizer))


class ActorFinder:
    """Set `doc.spans["actors"]`; each span's `_.mention` is a Mention. Reads `doc._.published` to code by date."""

    def __init__(self, gazetteer: Gazetteer) -> None:
        self.gazetteer = gazetteer

    def __call__(self, doc: Doc) -> Doc:
        """Find and link the mentions of one document."""
        day: datetime.date | None = doc._.published
        numbers = _sentence_numbers(doc)
        acting: list[Span] = []
        candidates: list[Span] = []
        for found in read_names(doc, self.gazetteer, day):
            span = Span(doc, found.start, found.end, label=str(found.type))
            span._.mention = _mention(span, found, numbers[found.start])
            candidates.append(span)
            if found.acts:
                acting.append(span)
        doc.spans[ACTORS] = acting
        doc.spans[CANDIDATES] = candidates
        return doc


def _mention(span: Span, found: Found, sentence: int) -> Mention:
    return Mention(
        actor_id=found.actor_id,
        name=found.name,
        type=found.type,
        country=found.country,
        role=found.role,
        surface=span.text,
        start=span.start_char,
        end=span.end_char,
        sentence=sentence,
        rule=found.rule,
    )


def _sentence_numbers(doc: Doc) -> list[int]:
    """Give each token the index of its sentence; 0 throughout where no component has set bounds."""
    if not doc.has_annotation("SENT_START"):
        return [0] * len(doc)
    numbers, current = [], -1
    for token in doc:
        current += bool(token.is_sent_start) or token.i == 0
        numbers.append(current)
    return numbers
