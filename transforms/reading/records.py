"""Records: what the passes over a container yield, beside pages and rejects."""

import dataclasses


@dataclasses.dataclass(frozen=True, slots=True)
class Scanned:
    """One unit of a file, as the pass over its bytes saw it: a whole document or feed, a line, a WARC record.

    `digest` is the SHA-256 of its bytes, `size` counts decoded bytes. `offset` is where reading can start in the
    stored file, None where it cannot be entered there, as inside a gzip stream.
    """

    digest: bytes
    size: int
    offset: int | None


@dataclasses.dataclass(frozen=True, slots=True)
class Skipped:
    """A record of an archive that is no document (a request, an image, a redirect), outside the count of records."""

    place: str
