import random

import pytest

from schemas.rejects import EncodingUnknown
from transforms.reading.encodings import clean, decode

GUESSED = ("encoding_guessed",)
POUNDS = "“£40 million”, it said, for the harbour and for no one else."
RUSSIAN = "Правительство объявило о новых мерах поддержки и обещало помощь. " * 5


@pytest.mark.parametrize(
    ("data", "declared", "text", "warnings"),
    [
        ("Köln".encode(), None, "Köln", ()),
        (b"\xef\xbb\xbf" + "Köln".encode(), None, "Köln", ()),
        ("Köln und Bonn".encode("utf-16"), None, "Köln und Bonn", ()),
        ("Köln und Bonn".encode("utf-16-le"), None, "Köln und Bonn", ("encoding_guessed",)),
        ("Köln und Bonn".encode("utf-16-be"), None, "Köln und Bonn", ("encoding_guessed",)),
        ("“Köln”".encode("cp1252"), "iso-8859-1", "“Köln”", ()),
        ("Köln".encode(), "iso-8859-1", "Köln", ()),
        ("Köln".encode("cp1252"), "utf-8", "Köln", ("encoding_guessed",)),
        ("Köln".encode("cp1252"), "no-such-charset", "Köln", ("encoding_guessed",)),
        (RUSSIAN.encode("cp1251"), None, RUSSIAN, ("encoding_guessed",)),
        (b'<meta charset="koi8-r">' + RUSSIAN.encode("koi8-r"), None, '<meta charset="koi8-r">' + RUSSIAN, ()),
        (b"a\x00b\r\nc\rd", None, "ab\nc\nd", ()),
        (b"", None, "", ()),
        ("Киев и Одесса".encode("utf-16-le"), None, "Киев и Одесса", ("encoding_guessed",)),
        ("Киев и Одесса".encode("utf-16-be"), None, "Киев и Одесса", ("encoding_guessed",)),
        ("“£40 million”, it said, for the harbour and for no one else.".encode("cp1252"), None, POUNDS, GUESSED),
        # One foreign byte among UTF-8, as where two sources were joined.
        ("Łódź, Köln, Malmö: ".encode() + b"\xa340", None, "Łódź, Köln, Malmö: \ufffd40", GUESSED),
        (b"page one\x0cpage two\x0bline", None, "page one\npage two\nline", ()),
        ("日本".encode("iso2022_jp"), "iso-2022-jp", "日本", ()),
    ],
)
def test_encodings_found_in_the_wild(data, declared, text, warnings):
    assert decode(data, declared=declared) == (text, warnings)


def test_binary_is_refused():
    with pytest.raises(EncodingUnknown, match="binary"):
        decode(bytes(range(256)) * 40 + b"\0\xff\0\0\xfe" * 100)


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize("size", [100, 5_000, 300_000])
def test_random_bytes_are_no_text(size, seed):
    with pytest.raises(EncodingUnknown):
        decode(b"\xff" + random.Random(seed).randbytes(size))


@pytest.mark.parametrize(
    "charset",
    "utf-7 utf-16 utf-32 idna punycode unicode_escape raw-unicode-escape undefined rot13 zlib hex a\0b é".split(" "),
)
def test_no_charset_is_believed_against_the_bytes(charset):
    plain, accented = b"a \\d +ADw- text of sixteen", b"caf\xe9 \\d +ADw-"
    assert decode(plain, declared=charset) == (plain.decode(), ())
    assert decode(accented, declared=charset) == (accented.decode("cp1252"), ("encoding_guessed",))
    assert decode(b'<meta charset="utf-16">' + plain) == ('<meta charset="utf-16">' + plain.decode(), ())


def test_lone_surrogates_are_taken_out():
    assert clean("a\ud800b") == "ab"
