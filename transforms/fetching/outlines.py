"""Outlines: OPML, where settings stand at a feed or at any group about it.

Not read with listparser: it keeps titles, tags and categories of a feed, and drops the attributes that settings are.
"""

import re
from collections.abc import Mapping

from lxml import etree

from schemas.rejects import Malformed

# A line's number and what stands in it, by the names of attributes or columns.
Row = tuple[int, Mapping[str, str]]

_DECLARATION = re.compile(r"\A\s*<\?xml[^>]{0,500}\?>")
# An ampersand that begins none of the references that XML knows: addresses are copied into lists as they are. Those
# of a list's own entities are letters too, then, and expand to nothing.
_BARE = re.compile(r"&(?!(?:amp|lt|gt|quot|apos|#[0-9]{1,7}|#x[0-9A-Fa-f]{1,6});)")
# What a feed takes from the groups about it where it says nothing itself.
_INHERITED = ("interval", "source", "language", "full_text")


def read_outlines(text: str) -> tuple[list[Row], list[str]]:
    """Read the outlines that name a feed.

    Args:
        text: The document.

    Returns:
        For each its line and its attributes, without prefixes and in lower case, settings of its groups included; and
        what the document's grammar breaks, where not all of it may have been read.

    Raises:
        Malformed: It is no OPML, or nothing of it can be read.
    """
    # Lists are written by hand: what one line breaks must not cost the rest. Nothing is loaded.
    parser = etree.XMLParser(recover=True, resolve_entities=False, no_network=True, huge_tree=False)
    try:
        root = etree.fromstring(_BARE.sub("&amp;", _DECLARATION.sub("", text, count=1)).encode("utf-8"), parser)
    except etree.XMLSyntaxError as error:
        raise Malformed(f"OPML: {error}") from error
    if root is None or _local(root.tag) != "opml":
        raise Malformed("no OPML: the root element is another")
    found: list[Row] = []
    for outline in root.iter("{*}outline"):
        attributes = _attributes(outline)
        if "xmlurl" in attributes:
            found.append((outline.sourceline or 0, attributes | _inherited(outline, attributes)))
    faults = [f"OPML, line {error.line}: {error.message}" for error in parser.error_log]
    return found, faults[:1]


def _inherited(outline: etree._Element, own: Mapping[str, str]) -> dict[str, str]:
    groups = [_attributes(group) for group in outline.iterancestors("{*}outline")]
    wanted = [name for name in _INHERITED if not own.get(name)]
    return {
        name: next(group[name] for group in groups if group.get(name))
        for name in wanted
        if any(group.get(name) for group in groups)
    }


def _attributes(outline: etree._Element) -> dict[str, str]:
    return {_local(name): value.strip() for name, value in outline.attrib.items()}


def _local(name: object) -> str:
    # By hand: the library refuses a prefix that is declared nowhere, and its own recovery leaves such names.
    return re.split("[}:]", name)[-1].lower() if isinstance(name, str) else ""
