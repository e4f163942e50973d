"""Values that several tests build on."""

import datetime

from schemas.documents import Article, DateBasis


def article(number: int = 1, *, position: int = 0, day: datetime.date | None = None, content: str = "c") -> Article:
    """Make an article; equal numbers and contents are one and the same article."""
    published = datetime.datetime.combine(day, datetime.time(), datetime.UTC) if day else None
    return Article(
        article_id=f"a{number}",
        content_id=content,
        input=f"in#{position}",
        position=position,
        text="The ministers promised to send help.",
        url=f"https://news.example/{number}",
        published_at=published,
        date_basis=DateBasis.SIDECAR if day else DateBasis.NONE,
        language="en",
    )
