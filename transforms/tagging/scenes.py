"""Scenes: whether a document is about public affairs at all, by how many of its words belong there."""

import enum

from spacy.tokens import Doc

from transforms.tagging.naming import words

# One word in so many that belongs to sports makes a document a report of sports.
_SPORT_SHARE = 34
# Distinct words of sports that a report of them has at least.
_SPORT_WORDS = 4
# One word in so many that belongs to public affairs: above are guides, lives, textbooks and talk; news has one in
# twenty to forty. Measured on the genres of GUM and on news, whose documents the border parts almost cleanly.
_AFFAIRS_SHARE = 100
# Tokens. Shorter texts say too little to judge them by.
_LONG_ENOUGH = 120


class Scene(enum.Enum):
    """What a document is about, as far as it bears on who in it is a party."""

    PUBLIC = "public"
    PRIVATE = "private"
    SPORT = "sport"


def read_scene(doc: Doc) -> Scene:
    """Tell a document of public affairs from a report of sports and from what is no news at all."""
    sport, affairs = words("sport"), words("affairs")
    of_sport = [token.lower_ for token in doc if token.lower_ in sport]
    if len(of_sport) * _SPORT_SHARE > len(doc) and len(set(of_sport)) >= _SPORT_WORDS:
        return Scene.SPORT
    if len(doc) < _LONG_ENOUGH:
        return Scene.PUBLIC
    letters = [token.lower_ for token in doc if token.is_alpha]
    if sum(word in affairs for word in letters) * _AFFAIRS_SHARE < len(letters):
        return Scene.PRIVATE
    return Scene.PUBLIC
