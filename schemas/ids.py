"""Stable identifiers: the same parts give the same id on any machine, runner and day."""

import hashlib

# Hex digits. 128 bits: no collision is to be expected below 10^18 rows.
ID_LENGTH = 32


def stable_id(*parts: str | int | None) -> str:
    """Hash the parts into lower-case hex of `ID_LENGTH` digits.

    Parts are joined by U+001F, so that ("ab", "c") and ("a", "bc") differ; `None` differs from the empty string.
    """
    joined = "\x1f".join("\x00" if part is None else str(part) for part in parts)
    return hashlib.sha256(joined.encode("utf-8", "surrogatepass")).hexdigest()[:ID_LENGTH]
