"""Put the answers of a warehouse under the questions of a document.

`python docs/answer.py warehouse-seeds docs/querying.md` runs each block of SQL and writes its rows below it, in the
place of those that were there.
"""

import pathlib
import re
import sys

from warehouse.views import Connection, connect

# A block of SQL, and the table that follows it, if one does.
QUESTION = re.compile(r"^```sql\n(?P<sql>.*?)^```\n(?:\n(?P<answer>(?:\|[^\n]*\n)+))?\n*", re.MULTILINE | re.DOTALL)


def answer(connection: Connection, sql: str) -> str:
    """Write the rows of a question as a Markdown table."""
    found = connection.execute(sql)
    head = [column[0] for column in found.description or ()]
    lines = [head, ["---"] * len(head), *([cell(value) for value in row] for row in found.fetchall())]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


def cell(value: object) -> str:
    """Write a value into a cell."""
    if isinstance(value, list):
        return ", ".join(map(cell, value))
    return "" if value is None else " ".join(str(value).replace("|", r"\|").split())


def answer_all(connection: Connection, text: str) -> str:
    """Give a document with an answer below each of its questions."""

    def put(found: re.Match[str]) -> str:
        return f"```sql\n{found['sql']}```\n\n{answer(connection, found['sql'])}\n"

    return QUESTION.sub(put, text)


if __name__ == "__main__":
    warehouse, *names = sys.argv[1:]
    with connect(warehouse) as opened:
        for path in map(pathlib.Path, names):
            path.write_text(answer_all(opened, path.read_text(encoding="utf-8")), encoding="utf-8")
