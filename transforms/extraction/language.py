"""Language: which one a text is in."""

import re

from py3langid.langid import MODEL_FILE, LanguageIdentifier

UNTAGGED = "language_untagged"
# The one language that the tagger reads.
TAGGED_LANGUAGE = "en"
# Characters that are looked at: an identification is sure before, and costs time by length.
_SAMPLE = 1000
# Characters below which what the source says counts more than the letters.
_SHORT = 200
# Characters below which Latin letters tell nothing: "UN" would be Afrikaans, "NATO" Italian.
_TOO_SHORT = 20
# The end of Latin letters in Unicode, excluded.
_NO_LATIN = "\u0250"
_CODE = re.compile(r"^([A-Za-z]{2})(?:[-_].*)?$")


class LanguageReader:
    """Tells languages; holds the tables of the identifier, which take a second to load."""

    def __init__(self) -> None:
        """Load the tables, of the languages that ISO 639-1 has a code for."""
        self._identifier = LanguageIdentifier.from_model_file(MODEL_FILE)
        self._identifier.set_languages([label for label in self._identifier.labels if len(label) == 2])

    def identify(self, text: str, *, hint: str | None) -> str | None:
        """Give the ISO 639-1 code of a text's language.

        A text too short to tell is taken for what `hint`, a code or tag such as "en-GB", says. None where neither
        tells anything.
        """
        sample = text[:_SAMPLE]
        hinted = _CODE.match(hint.strip()) if hint else None
        letters = [character for character in sample if character.isalpha()]
        latin = sum(letter < _NO_LATIN for letter in letters)
        # Templates say "en" of any page: not of one in another script.
        if hinted and len(text) < _SHORT and (hinted[1].lower() != TAGGED_LANGUAGE or 2 * latin >= len(letters)):
            return hinted[1].lower()
        if not letters or (latin == len(letters) < _TOO_SHORT):
            return hinted[1].lower() if hinted else None
        if 2 * sum(map(str.isupper, letters)) > len(letters):
            # A memorandum's list of offices in capitals is taken for Igbo.
            sample = sample.lower()
        return str(self._identifier.classify(sample)[0])
