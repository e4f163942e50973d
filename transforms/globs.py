"""Globs: patterns over paths, where `**` stands for zero or more folders (Beam's own does not match zero)."""

import functools
import re

_WILDCARD = re.compile(r"[*?\[]")


def fixed_part(pattern: str) -> str:
    """Give the folder before the first wildcard, with its slash; for a plain path the folder that it lies in.

    Empty where the pattern begins with a wildcard or has no folder.
    """
    found = _WILDCARD.search(pattern)
    before = pattern[: found.start()] if found else pattern
    return before[: before.rfind("/") + 1]


def matches(pattern: str, path: str) -> bool:
    """Say whether a path matches: `*` and `?` stay within a folder, `[...]` is one character, `**` any folders."""
    return _compile(pattern).fullmatch(path) is not None


@functools.lru_cache(maxsize=256)
def _compile(pattern: str) -> re.Pattern[str]:
    expression, position = "", 0
    while position < len(pattern):
        if pattern.startswith("**/", position):
            expression, position = expression + "(?:.*/)?", position + 3
        elif pattern.startswith("**", position):
            expression, position = expression + ".*", position + 2
        elif pattern[position] == "[" and (end := pattern.find("]", position + 2)) > 0:
            expression, position = expression + _character_class(pattern[position + 1 : end]), end + 1
        else:
            expression, position = expression + _single(pattern[position]), position + 1
    return re.compile(expression, re.DOTALL)


def _single(character: str) -> str:
    return {"*": "[^/]*", "?": "[^/]"}.get(character, re.escape(character))


def _character_class(content: str) -> str:
    negated = content[0] in "!^"
    escaped = re.sub(r"([\\\[\]^&~|])", r"\\\1", content[1:] if negated else content)
    return f"[{'^/' if negated else ''}{escaped}]"
