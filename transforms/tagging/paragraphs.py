"""Paragraphs of a text: line breaks that end one, and line breaks that only wrap it."""

import itertools
import re
from collections.abc import Iterator

# Characters. Wrapped prose has lines of 60 to 100; a block with longer lines keeps one paragraph a line, and one
# whose longest is shorter is a list of names or headings.
MAX_WRAP_WIDTH = 130
MIN_WRAP_WIDTH = 50

_LINE = re.compile(r"[^\n\r\v\f\x85\u2028\u2029]+")
# Zero-width space, joiners and byte-order mark, which str.isspace does not know.
_INVISIBLE = "\u200b\u200c\u200d\u2060\ufeff"
_BULLET = re.compile(r"(?:[•●○▪■◦‣⁃∙*]|--?|[–—])[ \t\xa0]+|[•●▪■◦‣⁃]")
_NUMBERED = re.compile(r"(?:\d{1,2}[.)]|\(\d{1,2}\)|\(?[a-z]\)|\([ivx]{1,4}\))[ \t\xa0]+")
# Characters at the end of a line that are looked at: more than any word with its closing quotes and brackets.
_TAIL = 40
_COMPLETE = re.compile(r"(?:[.!?…:;][\"”’')\]»*_]*|; (?:and|or))$")
_WORD = re.compile(r"\S+")
# Words that no heading or item ends in: a break after one of them is a wrapped line.
_UNFINISHED = frozenset(
    "a an the of to in on at by for from with without and or but nor as than that which who whose when where "
    "while if is are was were be been has have had will would can could should may might must not no its their "
    "his her our your my this these those between into over under about against during after before since through "
    "per mr mrs ms dr".split()
)


def paragraph_bounds(text: str) -> Iterator[tuple[int, int]]:
    """Yield the bounds of each paragraph, heading and list item, in order.

    Code-point offsets, end excluded; white space and the marker of a list item ("- ", "3. ") are left out. A blank
    line always ends a paragraph. A single line break ends one where a list item follows, where the line is complete,
    or where the next word would have fitted on it; else it is taken for a wrapped line and stays inside.
    """
    for block in _blocks(text):
        width = max(end - start for start, end in block)
        first = block[0][0]
        for previous, line in itertools.pairwise(block):
            if not _wraps(text, previous, line, width):
                yield from _without_marker(text, first, previous[1])
                first = line[0]
        yield from _without_marker(text, first, block[-1][1])


def _blocks(text: str) -> Iterator[list[tuple[int, int]]]:
    """Yield runs of lines that no blank line parts, each line without the white space around it."""
    block: list[tuple[int, int]] = []
    previous_end = 0
    for line in _LINE.finditer(text):
        start, end = _strip(text, line.start(), line.end())
        breaks = line.start() - previous_end - text.count("\r\n", previous_end, line.start())
        previous_end = line.end()
        if block and (breaks > 1 or start == end):
            yield block
            block = []
        if start < end:
            block.append((start, end))
    if block:
        yield block


def _strip(text: str, start: int, end: int) -> tuple[int, int]:
    while start < end and (text[start].isspace() or text[start] in _INVISIBLE):
        start += 1
    while end > start and (text[end - 1].isspace() or text[end - 1] in _INVISIBLE):
        end -= 1
    return start, end


def _wraps(text: str, previous: tuple[int, int], line: tuple[int, int], width: int) -> bool:
    """Tell whether the line goes on with the sentence that the previous line broke off."""
    word = _WORD.match(text, line[0], line[0] + MAX_WRAP_WIDTH)
    full = word is not None and previous[1] - previous[0] + 1 + word.end() - word.start() > width
    wrapped_block = MIN_WRAP_WIDTH <= width <= MAX_WRAP_WIDTH
    tail = text[max(previous[0], previous[1] - _TAIL) : previous[1]]
    complete = _COMPLETE.search(tail) is not None
    small = text[line[0]].islower()
    if _BULLET.match(text, *line):
        after = _BULLET.sub("", text[line[0] : line[0] + _TAIL], count=1)
        dash = text[line[0]] in "–—" or (text[line[0]] == "-" and full and wrapped_block)
        return dash and after[:1].islower() and not complete
    if _NUMBERED.match(text, *line) and (complete or not full):
        return False
    if complete:
        # A stop before a wrapped line is judged with the words around it, as any stop within a line.
        return full and wrapped_block
    last_word = tail.split()[-1]
    return small or tail.endswith(",") or last_word in _UNFINISHED or (full and wrapped_block)


def _without_marker(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Yield the paragraph without the marker of a list item; nothing where the marker is all there is."""
    marker = _BULLET.match(text, start, end) or _NUMBERED.match(text, start, end)
    if marker:
        start, end = _strip(text, marker.end(), end)
    if start < end:
        yield start, end
