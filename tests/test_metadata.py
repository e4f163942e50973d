import json

import lxml.html
import pytest

from transforms.extraction.metadata import read_metadata


def read(*objects: object, head: str = "", body: str = "", root: str = ""):
    scripts = "".join(f'<script type="application/ld+json">{json.dumps(item)}</script>' for item in objects)
    page = f"<html {root}><head>{head}{scripts}</head><body><p>Text</p>{body}</body></html>"
    return read_metadata(lxml.html.document_fromstring(page))


def test_a_page_that_states_nothing():
    metadata = read()
    assert (metadata.title, metadata.authors, metadata.source, metadata.canonical_url) == (None, (), None, None)
    assert (metadata.language, metadata.published, metadata.modified) == (None, (), ())


def test_an_article_comes_before_the_page_and_a_video_says_nothing_of_it():
    video = {"@type": "VideoObject", "headline": "Film", "datePublished": "2025-01-01", "author": "Camera"}
    page = {"@type": "WebPage", "headline": "Page", "datePublished": "2025-02-02"}
    article = {"@type": ["NewsArticle"], "headline": "Article", "datePublished": "2025-09-04", "author": {"name": "A"}}
    metadata = read(video, {"@graph": [page, article]})
    assert (metadata.title, metadata.authors) == ("Article", ("A",))
    assert metadata.published == ("2025-09-04", "2025-02-02")


def test_a_check_of_a_claim_is_an_article():
    assert read({"@type": "ClaimReview", "author": {"name": "A"}, "datePublished": "2025-09-04"}).authors == ("A",)


def test_authors_come_from_the_most_trusted_source_alone():
    head = '<meta name="author" content="The Newsroom">'
    assert read({"@type": "NewsArticle", "author": [{"name": "A"}, "B", {"name": "A"}]}, head=head).authors == (
        "A",
        "B",
    )
    assert read({"@type": "NewsArticle", "author": {}}, head=head).authors == ("The Newsroom",)
    assert read(head=head + '<meta name="author" content="C">').authors == ("The Newsroom", "C")
    assert read(body="<a rel=author href=/a>A. Writer</a>").authors == ("A. Writer",)


def test_characters_that_were_escaped_twice():
    assert read({"@type": "NewsArticle", "headline": "A &#8216;B&#8217; &amp; C"}).title == "A ‘B’ & C"
    assert read(head="<meta property=og:title content='A &amp;#8211; B'>").title == "A – B"


def test_every_date_is_given_the_most_trusted_first():
    head = '<meta name="dc.date" content="2025-09-02"><meta property="article:published_time" content="2025-09-03">'
    metadata = read({"@type": "Article", "datePublished": "0001-01-01", "dateModified": "x"}, head=head)
    assert metadata.published == ("0001-01-01", "2025-09-03", "2025-09-02")
    assert metadata.modified == ("x",)


@pytest.mark.parametrize(
    ("body", "published"),
    [
        ("<time datetime=2025-09-04>4 Sept</time>", ("2025-09-04",)),
        ("<time datetime=2025-09-04>a</time><time datetime=2025-09-04>b</time>", ("2025-09-04",)),
        ("<time datetime=2025-09-04>a</time><time datetime=2025-09-01>teaser</time>", ()),
        ("<time pubdate datetime=2025-09-04>a</time><time datetime=2025-09-01>b</time>", ("2025-09-04",)),
        ("<time>yesterday</time>", ()),
    ],
)
def test_times_in_the_body(body, published):
    assert tuple(filter(None, read(body=body).published)) == published


@pytest.mark.parametrize("rel", ["canonical", "CANONICAL", "canonical nofollow"])
def test_the_canonical_address(rel):
    assert read(head=f'<link rel=canonical href=" "><link rel="{rel}" href=" /a ">').canonical_url == "/a"


def test_the_language():
    assert read(root="lang=en-GB").language == "en-GB"
    assert read(head="<meta property=og:locale content=de_DE>").language == "de_DE"


@pytest.mark.parametrize(
    "item",
    [None, 1, "x", [], [[]], [1, "x", None], {"@type": 1}, {"@type": []}, {"@type": [None]}, {"@graph": {"@graph": 3}},
     {"author": [[["A"]]], "headline": {"name": {"name": None}}, "datePublished": 2025}],
)  # fmt: skip
def test_json_of_any_shape_is_survived(item):
    assert read(item).title is None


@pytest.mark.parametrize(
    "text", ["", "{", "[" * 900 + "]" * 900, "[" * 100_000, '{"a":' * 900 + "1" + "}" * 900, "9" * 10_000]
)
def test_what_is_no_json_is_passed_over(text):
    head = f'<script type="application/ld+json">{text}</script><meta property=og:title content=T>'
    assert read(head=head).title == "T"
