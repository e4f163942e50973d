"""Which state a name belongs to, by the words beside it: "Polish Prime Minister X", "X, the Greek foreign minister"."""

from collections.abc import Sequence

from spacy.tokens import Doc

from transforms.tagging.contexts import Anchor
from transforms.tagging.naming import Title, opens_sentence, words

# Tokens looked at before a name, and after the comma that follows it, for the state it belongs to.
_BEFORE, _AFTER = 7, 12
# Words behind which another phrase begins: the state before them is not the one that an office belongs to.
_LEAVING = frozenset("from at against into over about during under between since until because while".split())
_STOPS = frozenset('.;:!?()[]"“”—')


def country_beside(
    doc: Doc, start: int, end: int, anchors: Sequence[Anchor | None], titles: Sequence[Title | None]
) -> tuple[bool, str | None]:
    """Find the state that the words beside a name give it: "Polish Prime Minister X", "X, the Greek foreign minister".

    Returns:
        Whether anything was found, and the country: None with True for one who serves an international body.
    """
    found = _before(doc, start, anchors, titles)
    if found is None:
        found = _after(doc, end, anchors, titles)
    return (False, None) if found is None else (True, None if found.international else found.country)


def _before(doc: Doc, start: int, anchors: Sequence[Anchor | None], titles: Sequence[Title | None]) -> Anchor | None:
    place, seen_title = start - 1, False
    nearest: Anchor | None = None
    while place >= 0 and start - place <= _BEFORE + 4:
        token = doc[place]
        beside = place == start - 1 and (doc[place - 1].lower_ in words("body_noun") or titles[place - 1] is not None)
        if token.text in _STOPS or (token.text == "," and not beside) or token.lower_ in _LEAVING:
            break
        title, anchor = titles[place], anchors[place]
        if title is not None:
            seen_title, place = True, title.start - 1
        elif token.lower_ in words("body_noun"):
            seen_title, place = True, place - 1
        elif anchor is not None:
            if seen_title or place == start - 1:
                nearest = anchor
                if doc[anchor.start - 1].lower_ not in ("for", "to", "on"):
                    return anchor
            place = anchor.start - 1
        elif token.lower_ in ("said", "says", "told", "and", "with", "by", "that", "after", "when", "but", "as"):
            break
        else:
            place -= 1
        if opens_sentence(doc, place + 1):
            break
    return nearest


def _after(doc: Doc, end: int, anchors: Sequence[Anchor | None], titles: Sequence[Title | None]) -> Anchor | None:
    if end >= len(doc):
        return None
    opener = doc[end].text
    if opener in ("of", "from") and end + 2 < len(doc):
        start = end + 2 if doc[end + 1].lower_ == "the" else end + 1
        return anchors[start]
    if opener not in (",", "(", "-", "–", "—"):
        return None
    place, seen_title = end + 1, False
    first: Anchor | None = None
    while place < len(doc) and place - end <= _AFTER and not opens_sentence(doc, place):
        if doc[place].text in _STOPS or (doc[place].text == "," and place > end + 1):
            break
        title, anchor = titles[place], anchors[place]
        if title is not None or doc[place].lower_ in words("body_noun"):
            seen_title = True
        if anchor is not None and first is None:
            first = anchor
        place = anchor.end if anchor else title.end if title else place + 1
    only = first is not None and first.start == end + 1 and place == first.end
    return first if seen_title or only else None
