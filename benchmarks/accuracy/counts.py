"""How much text is marked one by one, counted from the tables of `training/marked`."""

from collections import Counter

from schemas.tags import Kind
from training.marked import COMMITMENTS, DRAWN, read_rows

REGISTERS = ("bank", "statement", "register", "other")


def count_marked() -> str:
    """Show the counts of sentences and commitments as two Markdown tables."""
    drawn, marks = read_rows(DRAWN), read_rows(COMMITMENTS)
    places = {(row["corpus"], row["document"], row["sentence"]): row for row in drawn}
    of = [places[row["corpus"], row["document"], row["sentence"]] for row in marks]
    sentences = Counter((row["register"], row["half"]) for row in drawn)
    commitments = Counter((row["register"], row["half"]) for row in of)
    lines = ["| register | sentences, develop | test | commitments, develop | test |", "|---|---|---|---|---|"]
    for register in REGISTERS:
        cells = [counted[register, half] for counted in (sentences, commitments) for half in ("develop", "test")]
        lines.append(f"| {register} | " + " | ".join(map(str, cells)) + " |")
    kinds = Counter(row["kind"] for row in marks)
    lines += [
        f"| together | {_sum(sentences, 'develop')} | {_sum(sentences, 'test')} "
        f"| {_sum(commitments, 'develop')} | {_sum(commitments, 'test')} |",
        "",
        "| " + " | ".join(Kind) + " |",
        "|" + "---|" * len(Kind),
        "| " + " | ".join(str(kinds[kind]) for kind in Kind) + " |",
    ]
    return "\n".join(lines)


def _sum(counted: Counter[tuple[str, str]], half: str) -> int:
    return sum(count for (_, own), count in counted.items() if own == half)
