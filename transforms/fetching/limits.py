"""Limits: how long and how much of one fetch."""

import dataclasses

from schemas.exchanges import Accept


@dataclasses.dataclass(frozen=True, slots=True)
class Limits:
    """Seconds and bytes, as the fetcher's rules set them; tests set smaller ones.

    `connect_seconds` bounds the look-up of the name, and again the connection with its encryption;
    `first_byte_seconds` the wait for an answer after the request was sent, and every wait within an archive;
    `total_seconds` all hops of one fetch together. Archives, which are streamed to a file, have their own two.
    `wire_bytes` counts the body as it comes, with chunks and codings.
    """

    connect_seconds: float = 10.0
    first_byte_seconds: float = 20.0
    total_seconds: float = 60.0
    archive_seconds: float = 6 * 3600.0
    head_bytes: int = 256 * 1024
    wire_bytes: int = 10_000_000
    page_bytes: int = 20_000_000
    feed_bytes: int = 15_000_000
    # An archive of Common Crawl has one gigabyte.
    archive_bytes: int = 5_000_000_000
    # RFC 9309, section 2.5: at least so much of a robots.txt is read. What comes after is left.
    robots_bytes: int = 500 * 1024
    redirects: int = 5

    def body_bytes(self, accept: Accept) -> int:
        """Give the most that a body may have, decoded."""
        return self.feed_bytes if accept is Accept.FEED else self.page_bytes
