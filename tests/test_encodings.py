import pytest

from schemas.rejects import EncodingUnknown
from transforms.encodings import clean, decode

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
    ],
)
def test_encodings_found_in_the_wild(data, declared, text, warnings):
    assert decode(data, declared=declared) == (text, warnings)


def test_binary_is_refused():
    with pytest.raises(EncodingUnknown, match="binary"):
        decode(bytes(range(256)) * 40 + b"\0\xff\0\0\xfe" * 100)


def test_lone_surrogates_are_taken_out():
    assert clean("a\ud800b") == "ab"
