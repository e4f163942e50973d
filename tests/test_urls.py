import pytest

from schemas.rejects import UrlInvalid
from transforms.extraction.urls import article_key, canonicalize, host_of, is_same_site


@pytest.mark.parametrize(
    ("url", "canonical"),
    [
        ("HTTP://News.Example:80/a/?utm_source=x&id=3&fbclid=9#top", "http://news.example/a/?id=3"),
        ("https://news.example/a;jsessionid=AB12?sid=7&b=2&a=1", "https://news.example/a?a=1&b=2"),
        ("https://news.example", "https://news.example/"),
        ("https://news.example:8443/a", "https://news.example:8443/a"),
        ("https://bücher.example/ü?q=ü", "https://xn--bcher-kva.example/%C3%BC?q=%C3%BC"),
        ("https://[2001:db8::1]/a", "https://[2001:db8::1]/a"),
        ("  https://news.example./a \n", "https://news.example/a"),
        ("https://news.example/a?utm%5Fsource=x&id=3", "https://news.example/a?id=3"),
        ("https://news.example/%7ea%2fb/../c d", "https://news.example/c%20d"),
        ("https://news.example/a?PHPSESSID=1&b&ref=x", "https://news.example/a?b=&ref=x"),
        ("https://192.0.2.1/a", "https://192.0.2.1/a"),
        ("https://www_2.news.example/a", "https://www_2.news.example/a"),
    ],
)
def test_what_was_hung_on_an_address_is_taken_off(url, canonical):
    assert canonicalize(url) == canonical
    assert canonicalize(canonical) == canonical


@pytest.mark.parametrize(
    "url",
    [
        "ftp://news.example/a",
        "javascript:alert(1)",
        "https://",
        "https://user:secret@news.example/",
        "https://news.example/\x00",
        "https://news.example\\@other.example/",
        "https://news.example:port/",
        "https://[broken/",
        "https://news.example/" + "a" * 5000,
        "//news.example/a",
        "https://news\u202e.example/",
        "https://news.example%00/",
        "https://%6eews.example/",
        "https://news..example/",
        "https://-/",
        "https://news.example/\ud800",
        "https://" + "a" * 64 + ".example/",
        "https://[::1",
        "",
    ],
)
def test_what_is_no_public_address_is_refused(url):
    with pytest.raises(UrlInvalid):
        canonicalize(url)


def test_scheme_www_and_a_closing_slash_make_no_other_article():
    forms = ["http://www.news.example/a", "https://news.example/a/", "https://news.example/a?utm_medium=rss"]
    assert {article_key(canonicalize(form)) for form in forms} == {"news.example/a"}


def test_a_site_is_a_registered_domain():
    assert is_same_site("https://news.bbc.co.uk/a", "https://www.bbc.co.uk/b")
    assert not is_same_site("https://a.co.uk/", "https://b.co.uk/")
    assert not is_same_site("https://alice.github.io/", "https://bob.github.io/")
    assert is_same_site("http://localhost/a", "http://localhost/b")
    assert not is_same_site("https://192.0.2.1/", "https://192.0.2.2/")


def test_hosts_come_without_www():
    assert host_of("https://www.news.example/a") == "news.example"
    assert host_of("https://[broken") is None
