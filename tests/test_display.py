"""What of strangers' words and addresses is shown, and how."""

import pytest

from warehouse.display import plain_text, web_address


@pytest.mark.parametrize(
    "url",
    [
        *("javascript:alert(1)", "\x01javascript:x", "https://a/\r\nX: y", "data:text/html,x", "file:///etc/passwd"),
        *("//host/a", "https:", "http://[", "", None, "https://user:word@host/a", "https://host/a?token=1"),
    ],
)
def test_addresses_that_are_no_links(url):
    assert web_address(url) is None


@pytest.mark.parametrize("url", ["https://host.example/a?b=c#d", "HTTP://host.example/", "http://host.example:81/ä"])
def test_addresses_that_are_links(url):
    assert web_address(url) == url


def test_blanks_of_an_address_are_written_as_an_address_has_them():
    assert web_address(" https://host.example/a b ") == "https://host.example/a%20b"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("a  b\n\tc", "a b c"),
        ("a\x00b\x1b[31mc", "a b [31mc"),
        ("\u202egnp.exe", "gnp.exe"),
        ("a\u2028b\u009fc\U0001fae9", "a b c\U0001fae9"),
        ("\u2066a\u2069\ud800b\uffff", "a b"),
        ("é 🍵 \u200d بالشاي", "é 🍵 \u200d بالشاي"),
    ],
)
def test_text_is_made_plain(text, shown):
    assert plain_text(text) == shown
