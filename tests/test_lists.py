import pathlib

import pytest

from schemas.documents import Feed
from schemas.rejects import EncodingUnknown, Malformed
from transforms.fetching.lists import ListKind, read_list

FEEDS = pathlib.Path(__file__).parents[1] / "seeds/feeds.opml"


def opml(*outlines, head='<?xml version="1.0" encoding="UTF-8"?>'):
    return (
        head + '<opml version="2.0"><head><title>T</title></head><body>' + "".join(outlines) + "</body></opml>"
    ).encode()


def named(data):
    found = read_list(data)
    assert found.faults == ()
    return found.feeds


def test_opml_is_read_through_its_groups():
    (feed, other) = named(
        opml(
            '<outline text="A"><outline text="B"><outline type="rss" text="Town" xmlUrl="https://e.org/a"/></outline></outline>',
            '<outline title="C &lt;i&gt;" xmlUrl=" https://e.org/b "/>',
            '<outline text="a page" url="https://e.org/page"/>',
        )
    )
    assert (feed, other) == (Feed("https://e.org/a", title="Town"), Feed("https://e.org/b", title="C <i>"))


def test_settings_of_a_group_hold_for_what_says_nothing_itself():
    feeds = named(
        opml(
            '<outline text="G" interval="30m" source="Town" full_text="no"><outline text="H" interval="2 h">',
            '<outline xmlUrl="https://e.org/1"/><outline xmlUrl="https://e.org/2" interval="1d" full_text="yes"/>',
            '</outline><outline xmlUrl="https://e.org/3" language="en-GB"/></outline>',
        )
    )
    assert feeds == (
        Feed("https://e.org/1", source="Town", interval=7200, full_text=False),
        Feed("https://e.org/2", source="Town", interval=86400, full_text=True),
        Feed("https://e.org/3", source="Town", interval=1800, full_text=False, language="en"),
    )


@pytest.mark.parametrize("prefix", ["", "p:"])
def test_settings_may_stand_in_a_namespace_as_the_standard_wants(prefix):
    (feed,) = named(opml(f'<outline xmlns:p="urn:x" xmlURL="https://e.org/1" {prefix}interval="90"/>'))
    assert feed.interval == 90


def test_a_prefix_that_is_declared_nowhere_does_no_harm():
    found = read_list(opml('<outline xmlUrl="https://e.org/1" p:interval="90"/>'))
    assert [(feed.url, feed.interval) for feed in found.feeds] == [("https://e.org/1", 90)]
    with pytest.raises(Malformed):
        read_list(b"<p:list><outline/></p:list>")


def test_bare_ampersands_stay_what_they_are():
    (feed,) = named(opml('<outline text="A & B" xmlUrl="https://e.org/?a=1&b=2&amp;c=3&lt=4"/>'))
    assert feed == Feed("https://e.org/?a=1&b=2&c=3&lt=4", title="A & B")


@pytest.mark.parametrize(
    "head",
    [
        '<!DOCTYPE opml [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;">]>',
        '<!DOCTYPE opml [<!ENTITY b SYSTEM "file:///etc/passwd">]>',
    ],
)
def test_entities_stay_letters(head):
    (feed,) = named(opml('<outline text="&b;" xmlUrl="https://e.org/1"/>', head=head))
    assert feed.title == "&b;"


def test_broken_opml_gives_what_can_be_read_and_says_so():
    found = read_list(
        opml('<outline xmlUrl="https://e.org/1"/><outline', '<outline xmlUrl="https://e.org/2"/>'),
    )
    assert found.feeds[0].url == "https://e.org/1"
    assert [fault.error.reason for fault in found.faults] == ["malformed"]
    deep = read_list(b"<opml>" + b"<outline>" * 10_000)
    assert (deep.feeds, [fault.error.reason for fault in deep.faults]) == ((), ["malformed"])


@pytest.mark.parametrize(("data", "error"), [(b"<html></html>", Malformed), (b"\xff\x01\x02" * 99, EncodingUnknown)])
def test_what_is_no_list(data, error):
    with pytest.raises(error):
        read_list(data)


def test_csv_by_its_header():
    found = read_list(
        b'\xef\xbb\xbf"Title";URL;Interval;language;full_text\r\n'
        b'"Town; Country";https://e.org/1;15m;de;no\r\n\r\n;;;;\r\n#;https://e.org/not\r\nC;feed://e.org/2\r\n',
    )
    assert found.kind is ListKind.CSV
    assert found.feeds == (
        Feed("https://e.org/1", title="Town; Country", interval=900, language="de", full_text=False),
        Feed("feed://e.org/2", title="C"),
    )
    assert found.faults == ()


def test_plain_addresses():
    found = read_list(b"# mine\n\nhttps://e.org/1\n  https://e.org/2#part  a comment\nhttps://e.org/1\n")
    assert found.kind is ListKind.PLAIN
    assert [feed.url for feed in found.feeds] == ["https://e.org/1", "https://e.org/2#part"]


@pytest.mark.parametrize(
    ("data", "line", "reason"),
    [
        (b"https://e.org/1\n\ne.org/2\n", 3, "url_invalid"),
        (b"https://e.org/1\nfile:///etc/passwd", 2, "url_invalid"),
        (b"url,interval\nhttps://e.org/1,often\n", 2, "malformed"),
        (b"url,full_text\nhttps://e.org/1,perhaps\n", 2, "malformed"),
        (b"\n\nurl,title\nhttps://e.org/1,A\n,B\n", 5, "url_invalid"),
        (b'<opml>\n<outline xmlUrl="https://e.org/1"/>\n<outline xmlUrl="javascript:1"/></opml>', 3, "url_invalid"),
        (b'<opml>\n<outline xmlUrl="https://e.org/1" language="plain English"/></opml>', 2, "malformed"),
    ],
)
def test_what_cannot_be_used_is_said_with_its_place_and_the_rest_is_kept(data, line, reason):
    found = read_list(data)
    assert [feed.url for feed in found.feeds] == ["https://e.org/1"]
    assert found.feeds[0].interval is None and found.feeds[0].full_text and found.feeds[0].language is None
    assert [(fault.line, fault.error.reason) for fault in found.faults] == [(line, reason)]


def test_a_cell_larger_than_any_is_said_and_what_came_before_is_kept():
    found = read_list(b"url,title\nhttps://e.org/1,A\nhttps://e.org/2," + b"x" * 200_000 + b"\n")
    assert [feed.url for feed in found.feeds] == ["https://e.org/1"]
    assert [str(fault.error)[:11] for fault in found.faults] == ["CSV, line 3"]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "latin-1"])
def test_encodings(encoding):
    head = f'<?xml version="1.0" encoding="{encoding.removesuffix("-sig")}"?>'
    data = opml('<outline text="Österreich" xmlUrl="https://e.org/1"/>', head=head)
    (feed,) = named(data.decode().encode(encoding))
    assert feed.title == "Österreich"


def test_the_seeds_are_a_list_that_holds():
    feeds = named(FEEDS.read_bytes())
    assert len(feeds) > 50
    assert all(feed.url.startswith(("http://", "https://")) and feed.title for feed in feeds)
