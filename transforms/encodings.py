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
# C0 controls but tab, line feed and carriage return, and lone halves of surrogate pairs: no text holds them.
_UNWANTED = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")
# What browsers take these labels for (WHATWG Encoding Standard).
_ALIASES = {"iso-8859-1": "cp1252", "latin-1": "cp1252", "latin1": "cp1252", "ascii": "cp1252", "us-ascii": "cp1252"}


def decode(data: bytes, *, declared: str | None = None) -> tuple[str, tuple[str, ...]]:
    """Decode bytes as text, by mark, declaration, UTF-8, and guess, in this order.

    Args:
        data: The bytes of a whole document.
        declared: The charset that a protocol names; one named inside HTML or XML is found here.

    Returns:
        The text, with line ends as line feeds and without control characters; and `encoding_guessed` where nothing
        named the encoding and it is not UTF-8.

    Raises:
        EncodingUnknown: The bytes are text in no encoding.
    """
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return clean(data[len(mark) :].decode(encoding, "replace")), ()
    wide = _wide_encoding(data)
    if wide:
        return clean(data.decode(wide, "replace")), (GUESSED,)
    for candidate in (declared, _declared_inside(data), "utf-8"):
        text = _decode_as(data, candidate)
        if text is not None:
            return clean(text), ()
    return clean(_guess(data)), (GUESSED,)


def clean(text: str) -> str:
    """Make line ends line feeds, and take out control characters and lone surrogates."""
    return _UNWANTED.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))


def _declared_inside(data: bytes) -> str | None:
    head = data[:_DECLARATION_BYTES]
    found = _DECLARATION.search(head) if b"<" in head else None
    return found[1].decode("ascii") if found else None


def _decode_as(data: bytes, encoding: str | None) -> str | None:
    if not encoding:
        return None
    name = _ALIASES.get(encoding.lower(), encoding)
    try:
        # A declared single-byte charset fits any bytes: what is UTF-8 all through is UTF-8, whatever it says.
        if name.lower() not in ("utf-8", "utf8") and not data.isascii():
            return data.decode("utf-8")
    except UnicodeDecodeError:
        pass
    try:
        return data.decode(name)
    except (LookupError, UnicodeError, ValueError):
        return None


def _wide_encoding(data: bytes) -> str | None:
    """Tell UTF-16 without a mark by its zeros: Latin text has one in every pair of bytes."""
    head = data[:_DECLARATION_BYTES]
    half = len(head) // 2
    if half < 4:
        return None
    if head[1::2].count(0) > 0.4 * half and head[0::2].count(0) < 0.05 * half:
        return "utf-16-le"
    if head[0::2].count(0) > 0.4 * half and head[1::2].count(0) < 0.05 * half:
        return "utf-16-be"
    return None


def _guess(data: bytes) -> str:
    head = data[:_GUESS_BYTES]
    if head.count(0) > len(head) // 100:
        raise EncodingUnknown(f"{len(data)} bytes with NUL bytes among them: binary, or an unknown encoding")
    best = charset_normalizer.from_bytes(head).best() if len(head) >= _GUESSABLE_BYTES else None
    encoding = best.encoding if best else "cp1252"
    try:
        return data.decode(encoding, "replace")
    except (LookupError, ValueError) as error:
        raise EncodingUnknown(f"{len(data)} bytes in no known encoding") from error
