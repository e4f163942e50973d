"""Links: which addresses may be shown as one."""

import urllib.parse

from schemas.rejects import mask_url


def web_address(url: str | None) -> str | None:
    """Give an address that is safe to follow from a page or a feed, else None.

    Only http and https are: `javascript:` and the like would run. One that holds credentials or secrets is none either,
    for it must not be passed on.
    """
    if url is None or mask_url(url) != url:
        return None
    try:
        parts = urllib.parse.urlsplit(url)
    except ValueError:
        return None
    return url if parts.scheme in ("http", "https") and parts.hostname else None
