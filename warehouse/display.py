"""Display: what of strangers' words and addresses may be shown to readers, and how."""

import re
import urllib.parse

from schemas.rejects import mask_url

# Marks that turn the direction of what follows: with them a name can be made to look like another.
_TURNING = re.compile(r"[\u202a-\u202e\u2066-\u2069]")
# Controls, and what no XML may hold.
_UNPRINTABLE = re.compile(r"[\x00-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")


def plain_text(text: str) -> str:
    """Write text on one line without what is not for reading: controls, lone surrogates, marks that turn direction."""
    return " ".join(_UNPRINTABLE.sub(" ", _TURNING.sub("", text)).split())


def web_address(url: str | None) -> str | None:
    """Give an address that is safe to follow from a page or a feed, else None.

    Only http and https are: `javascript:` and the like would run. One that holds credentials or secrets is none either,
    for it must not be passed on.
    """
    url = (url or "").strip(" ").replace(" ", "%20")
    if _UNPRINTABLE.search(url) or mask_url(url) != url:
        return None
    try:
        parts = urllib.parse.urlsplit(url)
    except ValueError:
        return None
    return url if parts.scheme in ("http", "https") and parts.hostname else None
