import dataclasses

import pytest

from schemas.documents import DateBasis, Page
from schemas.rejects import EmptyBody, NoText, ParserCrash, ParserTimeout, TooLarge
from transforms.pages import Extractor, extract_article

SENTENCE = "the ministers of the invented republic said that they would meet again next week to talk."
BODY = "".join(f"<p>Paragraph {number}: {SENTENCE}</p>" for number in range(6))
HEAD = """<title>Ministers to meet</title><link rel="canonical" href="/ministers">
<meta property="article:published_time" content="2025-09-04T10:00:00+02:00">
<meta property="og:site_name" content="The Example">
<script type="application/ld+json">{"@graph": [{"@type": "NewsArticle", "headline": "Ministers to meet again",
"author": [{"name": "A. Writer"}, {"name": "https://news.example/writer"}], "dateModified": "2025-09-05"}]}</script>"""
NAVIGATION = "<html><body><nav><ul><li><a href='/'>Home</a><li><a href='/news'>News</a></ul></nav></body></html>"


@pytest.fixture(scope="module")
def extractor():
    with Extractor() as extractor:
        yield extractor


def html(head: str = HEAD, body: str = BODY) -> bytes:
    return f"<!doctype html><html lang='en'><head>{head}</head><body><article>{body}</article></body></html>".encode()


def page(content: bytes | None = None, **fields) -> Page:
    return Page("in", 0, html=html() if content is None else content, **fields)


def test_a_page_gives_its_text_and_what_it_states(extractor):
    article = extract_article(page(url="https://www.news.example/x?id=1"), extractor)
    assert article.text.startswith("Paragraph 0: the ministers")
    assert "Paragraph 5" in article.text
    assert (article.title, article.authors, article.source) == (
        "Ministers to meet again",
        ("A. Writer",),
        "The Example",
    )
    assert article.canonical_url == "https://www.news.example/ministers"
    assert (article.published_at.isoformat(), article.date_basis) == ("2025-09-04T08:00:00+00:00", DateBasis.PAGE)
    assert article.modified_at.day == 5
    assert (article.language, article.warnings) == ("en", ())


def test_what_is_given_beside_a_page_comes_before_what_it_states(extractor):
    given = page(title="Given", source="Agency", published="2025-09-01", authors=("B. Other",))
    article = extract_article(given, extractor)
    assert (article.title, article.source, article.authors) == ("Given", "Agency", ("B. Other",))
    assert (article.published_at.day, article.date_basis) == (1, DateBasis.SIDECAR)


def test_a_page_may_not_speak_for_another_site(extractor):
    elsewhere = html(head='<link rel="canonical" href="https://other.example/a">')
    article = extract_article(page(elsewhere, url="https://news.example/a"), extractor)
    assert article.canonical_url == "https://news.example/a"


def test_ids_hang_on_the_address_and_the_words(extractor):
    here, there = (
        extract_article(page(url=url), extractor) for url in ("https://a.example/1", "http://www.a.example/1/")
    )
    assert (here.article_id, here.content_id) == (there.article_id, there.content_id)
    text = Page("in", 0, text="The same  words.\n")
    assert (
        extract_article(text, extractor).content_id
        == extract_article(dataclasses.replace(text, text="The same words."), extractor).content_id
    )


def test_text_is_kept_to_the_letter(extractor):
    text = "  Norway promised help.\n\n\tFrance did not. "
    assert extract_article(Page("in", 0, text=text), extractor).text == text


def test_an_unusable_address_leaves_the_article_usable(extractor):
    article = extract_article(Page("in", 0, text="Norway promised help.", url="javascript:x"), extractor)
    assert (article.url, article.canonical_url, article.warnings) == (None, None, ("url_invalid",))


def test_another_language_is_told_and_warned_of(extractor):
    text = "Die Regierung hat angekündigt, dass sie im kommenden Jahr weitere Mittel bereitstellen wird. " * 4
    article = extract_article(Page("in", 0, text=text), extractor)
    assert (article.language, article.warnings) == ("de", ("language_untagged",))


@pytest.mark.parametrize(
    ("content", "refusal"),
    [
        (NAVIGATION.encode(), NoText),
        (b" \n", EmptyBody),
        (b"<p>" * 7_000_000, TooLarge),
        (b"%PDF-1.7 " + bytes(range(32, 127)) * 20, NoText),
    ],
)
def test_a_page_without_an_article_is_refused(extractor, content, refusal):
    with pytest.raises(refusal):
        extract_article(page(content), extractor)


@pytest.mark.parametrize(
    "content",
    [
        b"<div>" * 10_000 + BODY.encode() + b"</div>" * 10_000,
        b"<p>unclosed " * 400_000,
        html(body=BODY.replace("Paragraph", "Para\x00graph")),
        html(head='<script type="application/ld+json">' + "[" * 50_000 + "</script>"),
        html().decode().encode("utf-16-le"),
        b"<!DOCTYPE x [<!ENTITY a 'aaaaaaaaaa'><!ENTITY b '&a;&a;&a;&a;'>]>" + html(body=BODY + "&b;"),
    ],
    ids=["deep", "unclosed", "nul", "deep json", "utf-16 without mark", "entities"],
)
def test_hostile_pages_end_as_articles_or_refusals_and_the_next_one_is_read(extractor, content):
    try:
        article = extract_article(page(content), extractor)
    except (NoText, ParserCrash, ParserTimeout):
        article = None
    assert article is None or article.text.strip()
    assert extract_article(page(), extractor).text
