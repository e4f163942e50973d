"""Globs: patterns over paths, where `**` stands for zero or more folders (Beam's own does not match zero)."""

import functools
import re

_WILDCARD = re.compile(r"[*?\[]")
# A set of characters as the shell writes it: `]` is in the set where it comes first, `!` or `^` negates.
_SET = re.compile(r"\[([!^]?)(\]?[^\]]*)\]")
_MEMBER = re.compile(r"(.)-(.)|(.)", re.DOTALL)
_NOTHING = "(?!)"


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
        # Only between slashes: `a**` is `a*`, as in the shell.
        starts_folder = position == 0 or pattern[position - 1] == "/"
        if starts_folder and pattern.startswith("**/", position):
            expression, position = expression + "(?:.*/)?", position + 3
        elif starts_folder and pattern[position:] == "**":
            expression, position = expression + ".*", position + 2
        elif (found := _SET.match(pattern, position)) and found[2]:
            expression, position = expression + _one_of(found[2], negated=bool(found[1])), found.end()
        else:
            expression, position = expression + _single(pattern[position]), position + 1
    return re.compile(expression, re.DOTALL)


def _single(character: str) -> str:
    return {"*": "[^/]*", "?": "[^/]"}.get(character, re.escape(character))


def _one_of(members: str, *, negated: bool) -> str:
    """Give a set as an expression; a range that runs backwards is empty."""
    alternatives = []
    for first, last, single in _MEMBER.findall(members):
        if single:
            alternatives.append(re.escape(single))
        elif first <= last:
            alternatives.append(f"[{re.escape(first)}-{re.escape(last)}]")
    one = "|".join(alternatives) or _NOTHING
    return f"(?!{one})[^/]" if negated else f"(?:{one})"
