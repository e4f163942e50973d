"""Publish: staged files become visible as a whole, and what a dead run left half published is completed.

The order is: files synced in staging, a `.pending` note that names every move and holds the mark to be, renames,
removal of files that the segment no longer fills, the mark, removal of the note. Each step can be done again, so a
start after a crash goes on where the note says; only where staged files are gone does it undo instead.
"""

import dataclasses
import json
import os
import pathlib
import shutil
import sqlite3
from collections.abc import Iterable, Iterator

from pipelines.layout import Layout, dead_staging
from transforms.claims import Claim, ClaimIndex
from transforms.marks import Mark, PublishedFile, decode_mark, encode_mark
from transforms.outcomes import Outcome, decode_outcome
from transforms.partitions import STAGED_SUFFIX, count_rows, file_digest, published_name, read_claims
from transforms.write import OUTCOME_FILE

# Above this many files one sync of the whole filesystem is cheaper than one for each.
_SYNC_EACH = 64
# Tables whose rows are claimed by one segment; those of the others follow their article's.
_CLAIMING = ("articles/", "rejects/")


@dataclasses.dataclass(frozen=True, slots=True)
class Staged:
    """What a bounded run left in a segment's staging folder."""

    folder: pathlib.Path
    files: tuple[PublishedFile, ...]
    outcome: Outcome

    def rows(self, table: str) -> int:
        """Count the rows staged for a table."""
        return sum(file.rows for file in self.files if file.path.startswith(f"{table}/"))

    @property
    def counts(self) -> dict[str, int]:
        """Give the counts of the mark."""
        outcome = self.outcome
        return {
            "read": outcome.read,
            "articles": self.rows("articles"),
            "rejects": self.rows("rejects"),
            "duplicates": outcome.duplicates,
            "filtered": outcome.filtered,
            "skipped": outcome.skipped,
        }

    def claims(self) -> set[Claim]:
        """Read the claims that the staged articles make."""
        return {
            claim
            for file in self.files
            if file.path.startswith(_CLAIMING)
            for claim in read_claims(self.folder / (file.path + STAGED_SUFFIX))
        }


def read_staged(folder: pathlib.Path) -> Staged:
    """Look at what was staged for a segment; a run without records leaves nothing."""
    paths = sorted(folder.rglob(f"*{STAGED_SUFFIX}"))
    files = tuple(
        PublishedFile(
            path=published_name(path.relative_to(folder).as_posix()), rows=count_rows(path), sha256=file_digest(path)
        )
        for path in paths
    )
    outcome_path = folder / OUTCOME_FILE
    outcome = decode_outcome(outcome_path.read_text(encoding="utf-8")) if outcome_path.exists() else Outcome()
    return Staged(folder, files, outcome)


def publish(layout: Layout, staged: Staged, mark: Mark, *, replaces: Mark | None) -> None:
    """Make a segment's files visible and mark it. To be called under the lock.

    Args:
        layout: Where.
        staged: The files, in staging.
        mark: The mark to be.
        replaces: The segment's mark so far, whose files give way.

    Raises:
        OSError: The disk is full or may not be written. The next start completes what was begun.
    """
    kept = {file.path for file in staged.files}
    removes = [file.path for file in replaces.files if file.path not in kept] if replaces else []
    _sync([staged.folder / (file.path + STAGED_SUFFIX) for file in staged.files])
    note = {"folder": str(staged.folder.relative_to(layout.root)), "removes": removes, "mark": encode_mark(mark)}
    _write(layout.note(mark.segment), json.dumps(note))
    _complete(layout, layout.note(mark.segment))


def _complete(layout: Layout, note_path: pathlib.Path) -> None:
    note = json.loads(note_path.read_text(encoding="utf-8"))
    mark = decode_mark(note["mark"])
    folders = set()
    for file in mark.files:
        target = layout.root / file.path
        target.parent.mkdir(parents=True, exist_ok=True)
        staged = layout.root / note["folder"] / (file.path + STAGED_SUFFIX)
        if staged.exists():
            os.replace(staged, target)
        folders.add(target.parent)
    _sync(sorted(folders))
    for path in note["removes"]:
        _remove(layout.root / path)
    _write(layout.mark(mark.segment), note["mark"])
    note_path.unlink()


def recover(layout: Layout) -> list[str]:
    """Complete or undo what dead runs were publishing, and clear their staging. To be called under the lock.

    Returns:
        A line for each thing done, for the log.
    """
    lines = []
    for note_path in sorted(layout.marks.glob("*.pending")):
        segment = note_path.stem
        if _can_complete(layout, note_path):
            _complete(layout, note_path)
            lines.append(f"completed segment {segment}, which a run left half published")
        else:
            _undo(layout, note_path)
            lines.append(f"removed the files of segment {segment}, which a run left half published; it is done again")
    for folder in dead_staging(layout):
        shutil.rmtree(folder, ignore_errors=True)
    for path in layout.marks.glob("*.unfinished"):
        _remove(path)
    return lines


def _can_complete(layout: Layout, note_path: pathlib.Path) -> bool:
    note = json.loads(note_path.read_text(encoding="utf-8"))
    folder = layout.root / note["folder"]
    return all(_is_at_hand(layout, folder, file) for file in decode_mark(note["mark"]).files)


def _is_at_hand(layout: Layout, folder: pathlib.Path, file: PublishedFile) -> bool:
    if (folder / (file.path + STAGED_SUFFIX)).exists():
        return True
    target = layout.root / file.path
    return target.exists() and file_digest(target) == file.sha256


def _undo(layout: Layout, note_path: pathlib.Path) -> None:
    mark = decode_mark(json.loads(note_path.read_text(encoding="utf-8"))["mark"])
    earlier = layout.read_mark(mark.segment)
    for file in (*mark.files, *(earlier.files if earlier else ())):
        _remove(layout.root / file.path)
    _remove(layout.mark(mark.segment))
    note_path.unlink()


def bring_state_up_to_date(layout: Layout) -> None:
    """Make the state say what marks and tables say, from nothing where it is damaged. To be called under the lock."""
    try:
        with ClaimIndex(layout.state, read_only=False) as claims:
            bring_claims_up_to_date(layout, claims)
    except sqlite3.OperationalError as error:
        raise OSError(f"{layout.state}: {error}") from error
    except sqlite3.DatabaseError:
        # All that is in it is repeated from marks, tables and inputs.
        _remove(layout.state)
        with ClaimIndex(layout.state, read_only=False) as claims:
            bring_claims_up_to_date(layout, claims)


def bring_claims_up_to_date(layout: Layout, claims: ClaimIndex) -> None:
    """Make the index of claims say what marks and tables say. To be called under the lock."""

    def load(segments: Iterable[str]) -> Iterator[tuple[str, Iterable[Claim]]]:
        marks = [mark for mark in map(layout.read_mark, segments) if mark]
        for mark in sorted(marks, key=lambda mark: mark.sequence):
            yield mark.segment, _claims_of(layout, mark)

    claims.bring_up_to_date(layout.stamps(), load)


def _claims_of(layout: Layout, mark: Mark) -> Iterator[Claim]:
    for file in mark.files:
        if file.path.startswith(_CLAIMING):
            yield from read_claims(layout.root / file.path)


def _write(path: pathlib.Path, text: str) -> None:
    unfinished = path.with_name(path.name + ".unfinished")
    unfinished.write_text(text, encoding="utf-8")
    _sync([unfinished])
    os.replace(unfinished, path)
    _sync([path.parent])


def _sync(paths: list[pathlib.Path]) -> None:
    if len(paths) > _SYNC_EACH:
        os.sync()
        return
    for path in paths:
        descriptor = os.open(path, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def _remove(path: pathlib.Path) -> None:
    path.unlink(missing_ok=True)
