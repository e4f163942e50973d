import dataclasses
import datetime
import subprocess
import sys

import pytest

from schemas.documents import DateBasis, Page
from schemas.rejects import ContentTypeRejected, EmptyBody, EncodingUnknown, NoText, ParserTimeout, TooLarge
from transforms.extraction.pages import Extractor, extract_article
from transforms.sandbox import Sandbox

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


@pytest.mark.parametrize("front", ["/", "https://news.example", "http://www.news.example/"])
def test_a_front_page_is_no_articles_address(extractor, front):
    article = extract_article(
        page(html(head=f'<link rel="canonical" href="{front}">'), url="https://news.example/a"), extractor
    )
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


RUSSIAN = "Правительство обещало отправить помощь в пограничные города до наступления зимы. "
CHINESE = "该部周一表示将向受灾山谷运送两百台发电机，并承诺在冬季到来之前提供医疗援助。"


@pytest.mark.parametrize(
    ("content", "refusal", "words"),
    [
        (NAVIGATION.encode(), NoText, "2 words"),
        (b" \n", EmptyBody, "empty"),
        (b"<p>" * 7_000_000, TooLarge, "21000000 bytes"),
        (b"<p>unclosed " * 400_000, TooLarge, "elements, limit 100000"),
        (b"<html>" + b"<div>" * 10_000 + BODY.encode() + b"</div>" * 10_000, NoText, "nested 256 deep"),
        (b"<html>" + b"<b>" * 1_700_000, NoText, "0 words"),
        (b"%PDF-1.7 " + bytes(range(32, 127)) * 20, ContentTypeRejected, "%PDF"),
        (b"%PDF-1.7 " + bytes(range(256)) * 20, EncodingUnknown, "control"),
        (b'{"text": "no page at all"}', ContentTypeRejected, "no HTML"),
    ],
    ids=["navigation", "blank", "huge", "unclosed", "deep", "open", "pdf", "binary pdf", "json"],
)
def test_a_page_without_an_article_is_refused_in_words(extractor, content, refusal, words):
    with pytest.raises(refusal, match=words):
        extract_article(page(content), extractor)


@pytest.mark.parametrize(
    ("content", "kept", "warnings"),
    [
        (html(body=BODY.replace("invented", "in\x00vented")), "invented republic", ()),
        (html(body=BODY.replace("invented", "in&#0;vented")), "in\ufffdvented republic", ()),
        (html(body=BODY.replace("invented", "in&#1;&#x1F;&#xfffe;vented")), "invented republic", ()),
        (html(body=BODY.replace("invented", "in&#13;vented")), "republic", ()),
        (html(body=BODY.replace("republic", "&#12345;&#x1f4a3;")), "\u3039\U0001f4a3", ()),
        (html(head=f'<script type="application/ld+json">{"[" * 50_000}</script>'), "republic", ()),
        (html(head=f'<script type="application/ld+json">{"[" * 900}{{}}{"]" * 900}</script>'), "republic", ()),
        (html().decode().encode("utf-16-le"), "republic", ("encoding_guessed",)),
        (html().decode().encode("utf-16-be"), "republic", ("encoding_guessed",)),
        (
            html(body=f"<p>{RUSSIAN * 5}</p>").decode().encode("cp1251"),
            "обещало",
            ("encoding_guessed", "language_untagged"),
        ),
        (html(body=f"<p>{CHINESE}</p>"), "发电机", ("language_untagged",)),
        (b'<?xml version="1.0" encoding="iso-8859-1"?>' + html(), "republic", ()),
        (html().replace(b"html>", b'html [<!ENTITY x SYSTEM "file:///etc/passwd">]>', 1) + b"&x;", "republic", ()),
    ],
    ids=[
        "nul", "nul reference", "control references", "return", "references", "deep json", "nested json",
        "utf-16-le", "utf-16-be", "cp1251", "short chinese", "xhtml", "external entity",
    ],
)  # fmt: skip
def test_a_hostile_or_odd_page_keeps_its_article(extractor, content, kept, warnings):
    article = extract_article(page(content), extractor)
    assert kept in article.text
    assert "root:" not in article.text
    assert not {character for character in article.text if character < " "} - {"\n", "\t"}
    assert article.warnings == warnings


@pytest.mark.parametrize(
    "fragment",
    [
        f"<p>{SENTENCE}</p>",
        f"<div><div>{SENTENCE}</div></div>",
        f"{SENTENCE}<br/>And more.",
        f"<!-- paragraph --><p>{SENTENCE}</p>",
        f'{SENTENCE} <a href="/more">More</a>',
        f"<span>{SENTENCE}</span>",
        f"<blockquote>{SENTENCE}</blockquote>",
        f"<div>{SENTENCE}</div><div>{SENTENCE}</div>",
    ],
)
def test_a_part_of_a_page_is_read_as_one(extractor, fragment):
    assert SENTENCE in extract_article(page(fragment.encode()), extractor).text


@pytest.mark.parametrize(
    "other",
    [
        '{"body": "<p>no page</p>"}',
        "<?xml version='1.0'?><rss><item><description>&lt;p> <p>no page</p></description></item></rss>",
        "%PDF-1.4 <p>no page</p>",
        "a < b and b > c: no markup in these words at all",
    ],
)
def test_what_is_of_another_kind_is_no_part_of_a_page(extractor, other):
    with pytest.raises(ContentTypeRejected, match="begins with"):
        extract_article(page(other.encode()), extractor)


def test_a_page_that_takes_too_long_is_refused_and_the_next_one_is_read():
    attributes = b" ".join(b"a%d=1" % number for number in range(300_000))
    with Extractor(Sandbox(time_limit=1.0)) as extractor:
        extract_article(page(), extractor)
        with pytest.raises(ParserTimeout, match="within 1 s"):
            extract_article(page(b"<html><body><p " + attributes + b">" + BODY.encode()), extractor)
        assert "republic" in extract_article(page(), extractor).text


def test_where_the_fast_pass_finds_little_the_slow_one_has_its_say(extractor):
    # The fast one falls back on a baseline here that keeps one of equal paragraphs.
    beside = f"<article><p>Short teaser of it here.</p></article><div>{f'<p>{SENTENCE}</p>' * 8}</div>"
    bare = f"<html><head><title>t</title></head><body>{beside}</body></html>"
    assert extract_article(page(bare.encode()), extractor).text.count(SENTENCE) == 8


@pytest.mark.parametrize(
    ("stated", "authors"),
    [
        (("By A. Writer", "A. Writer"), ("A. Writer",)),
        (
            ("by A. Writer @awriter 4 Sep 2025 • 2 min read", "Written by: B. Other | Example Media"),
            ("A. Writer", "B. Other"),
        ),
        (("Jean-Luc O'Neil-Smith", "Byron Bay"), ("Jean-Luc O'Neil-Smith", "Byron Bay")),
        (("https://news.example/w", "www.news.example", "a.writer@news.example", "admin", " ", "x" * 101), ()),
        (("A.\u0000 Wri\nter\r",), ("A. Wri ter",)),
    ],
)
def test_authors_are_names(extractor, stated, authors):
    assert extract_article(Page("in", 0, text="Norway promised help.", authors=stated), extractor).authors == authors


def test_an_address_is_no_source(extractor):
    named = html(head='<meta property="og:site_name" content="https://news.example">')
    assert extract_article(page(named, url="https://www.news.example/a"), extractor).source == "news.example"
    assert extract_article(page(named), extractor).source is None


def test_a_date_in_the_address_or_the_body_is_found_where_the_head_has_none(extractor):
    bare = html(head="<title>t</title>")
    assert extract_article(page(bare, url="https://news.example/2025/09/04/a"), extractor).published_at.day == 4
    dated = html(head="<title>t</title>", body="<p class=date>3 September 2025</p>" + BODY)
    assert extract_article(page(dated), extractor).published_at.day == 3
    assert extract_article(page(bare), extractor).date_basis is DateBasis.NONE


def test_what_a_page_is_dated_does_not_hang_on_the_day_of_the_run(extractor):
    # Later than any day on which this is run; the search for dates has today's for its end unless it is told.
    future = html(head="<title>t</title>", body="<div class=post-date>2091-09-03</div>" + BODY)
    assert extract_article(page(future), extractor).published_at.year == 2091
    fetched = datetime.datetime(2025, 9, 4, tzinfo=datetime.UTC)
    assert extract_article(page(future, fetched_at=fetched), extractor).date_basis is DateBasis.NONE


def test_parsers_stay_out_of_the_parent():
    parsers = "{'lxml', 'trafilatura', 'htmldate'}"
    script = f"import sys, transforms.extraction.pages; print(sorted({parsers} & sys.modules.keys()))"
    run = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert run.stdout == "[]\n"
