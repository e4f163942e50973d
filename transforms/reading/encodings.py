"""Encodings: bytes found in the wild become text."""

import codecs
import re

import charset_normalizer

from schemas.rejects import EncodingUnknown

GUESSED = "encoding_guessed"
# Bytes that a guess looks at: enough to tell an encoding, and a guess costs time by length.
_GUESS_BYTES = 64 * 1024
# Bytes below which a guess is no better than the most common encoding.
_GUESSABLE_BYTES = 64
# Share of bytes beyond ASCII up to which text is taken for English with typographic quotes and names in
# windows-1252: of 1,000 short English texts a guess took "£" for "Ł" in most.
_WESTERN_SHARE = 0.03
# Share of control characters from which bytes are no text; random bytes have 0.1.
_BINARY_SHARE = 0.02
# Bytes of a document in which HTML and XML must declare their charset (HTML standard: 1024; XML's comes first).
_DECLARATION_BYTES = 4096
# The longer marks first: UTF-32's begins with UTF-16's.
_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_DECLARATION = re.compile(rb"""(?:charset|encoding)\s*=\s*["']?\s*([A-Za-z0-9_.:-]{2,40})""", re.IGNORECASE)
# C0 controls but tab and line ends: no text holds them. Vertical tabs and form feeds separate lines and pages.
_UNWANTED = bytes({*range(32), 127} - {*b"\t\n\v\f"})
_LINE_ENDS = bytes.maketrans(b"\v\f", b"\n\n")
_CONTROLS = bytes({*range(32), 127} - {*b"\t\n\v\f\r\x1b"})
# Bytes that windows-1252 leaves open.
_NOT_WESTERN = re.compile(rb"[\x81\x8d\x8f\x90\x9d]")
# What browsers take these labels for (WHATWG Encoding Standard).
_ALIASES = {"iso-8859-1": "cp1252", "latin-1": "cp1252", "latin1": "cp1252", "ascii": "cp1252", "us-ascii": "cp1252"}
# Encodings that write all text in bytes of ASCII: their bytes are valid UTF-8 too, and mean something else.
_SEVEN_BIT = ("iso2022", "hz")
# Python's codecs that no document is written in, and the wide ones, which are told by their zeros.
_UNTRUSTED = ("utf-7", "utf-16", "utf-32", "idna", "punycode", "unicode-escape", "raw-unicode-escape", "undefined")


def decode(data: bytes, *, declared: str | None = None) -> tuple[str, tuple[str, ...]]:
    """Decode bytes as text: by mark, as UTF-8 where all of it is, by declaration, and else by guess.

    Args:
        data: The bytes of a whole document.
        declared: The charset that a protocol names; one named inside HTML or XML is found here.

    Returns:
        The text, with line ends as line feeds and without control characters; and `encoding_guessed` where it is not
        UTF-8 and nothing true named the encoding.

    Raises:
        EncodingUnknown: The bytes are text in no encoding.
    """
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return clean(data[len(mark) :].decode(encoding, "replace")), ()
    wide = _wide_encoding(data)
    if wide:
        return clean(data.decode(wide, "replace")), (GUESSED,)
    named = [name for name in (_trusted(declared), _trusted(_declared_inside(data))) if name]
    seven_bit = [name for name in named if name.startswith(_SEVEN_BIT)]
    # A declared single-byte charset fits any bytes: what is UTF-8 all through is UTF-8, whatever it says.
    for candidate in (*seven_bit, "utf-8", *named):
        try:
            return clean(data.decode(candidate)), ()
        except (LookupError, UnicodeError):
            # Python knows codecs, such as rot13, that are no encodings of text.
            continue
    return clean(_decode_mostly(data) or _guess(data)), (GUESSED,)


def clean(text: str) -> str:
    """Make line ends and form feeds line feeds, and take out control characters and lone surrogates."""
    # By bytes: five times as fast as an expression on text, and this runs over every document.
    data = text.encode("utf-8", "ignore").replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    return data.translate(_LINE_ENDS, _UNWANTED).decode("utf-8")


def _declared_inside(data: bytes) -> str | None:
    head = data[:_DECLARATION_BYTES]
    found = _DECLARATION.search(head) if b"<" in head else None
    return found[1].decode("ascii") if found else None


def _trusted(label: str | None) -> str | None:
    """Give Python's name of an encoding; None where there is none of that name, or none that documents have."""
    try:
        name = codecs.lookup(_ALIASES.get(label.strip().lower(), label)).name if label else None
    except (LookupError, ValueError):
        return None
    return None if name is None or name.startswith(_UNTRUSTED) else name


def _wide_encoding(data: bytes) -> str | None:
    """Tell UTF-16 without a mark: one byte of each pair is that of an alphabet, Latin to Arabic, hence below 7."""
    head = data[:_DECLARATION_BYTES]
    half = len(head) // 2
    if half < 4 or 0 not in head:
        return None
    evens, odds = (len(side) - len(side.translate(None, bytes(range(7)))) for side in (head[0::2], head[1::2]))
    if odds > 0.9 * half and evens < 0.3 * half:
        encoding = "utf-16-le"
    elif evens > 0.9 * half and odds < 0.3 * half:
        encoding = "utf-16-be"
    else:
        return None
    text = head[: 2 * half].decode(encoding, "replace")
    odd = sum(not (character.isprintable() or character.isspace()) for character in text)
    return encoding if odd <= _BINARY_SHARE * half else None


def _decode_mostly(data: bytes) -> str | None:
    """Decode what is UTF-8 but for a few bytes, as joined from several sources; None where it is not."""
    text = data.decode("utf-8", "replace")
    broken = text.count("\ufffd")
    beyond = len(text) - len(text.encode("ascii", "ignore"))
    return text if beyond > 5 * broken else None


def _guess(data: bytes) -> str:
    head = data[:_GUESS_BYTES]
    controls = len(head) - len(head.translate(None, _CONTROLS))
    if controls > _BINARY_SHARE * len(head):
        raise EncodingUnknown(f"{len(data)} bytes with {controls} control characters: binary, or no known encoding")
    beyond = sum(byte > 127 for byte in head)
    is_western = beyond <= _WESTERN_SHARE * len(head) and not _NOT_WESTERN.search(head)
    if is_western or len(head) < _GUESSABLE_BYTES:
        return data.decode("cp1252", "replace")
    best = charset_normalizer.from_bytes(head).best()
    return data.decode(best.encoding if best else "cp1252", "replace")
