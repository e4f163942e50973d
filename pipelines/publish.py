"""Publish: staged files become visible as a whole, and what a dead run left half published is completed."""

import contextlib
import dataclasses
import pathlib
import secrets
import shutil
import sqlite3
import sys
from collections.abc import Iterable, Iterator

from pipelines.changes import Change, apply_change, can_complete, complete, undo
from pipelines.holdings import Holdings, drop_segment
from pipelines.layout import Layout, dead_staging, staging_folder
from transforms.claims import Claim, ClaimIndex
from transforms.marks import Mark, PublishedFile, encode_mark
from transforms.outcomes import Outcome, decode_outcome
from transforms.partitions import STAGED_SUFFIX, count_rows, file_digest, published_name, read_claims
from transforms.write import OUTCOME_FILE

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
            for claim in read_claims(self.folder / (file.path + STAGED_SUFFIX), segment=self.folder.name)
        }


def read_staged(folder: pathlib.Path) -> Staged:
    """Look at what was staged for a segment; a run without records leaves nothing."""
    outcome_path = folder / OUTCOME_FILE
    outcome = decode_outcome(outcome_path.read_text(encoding="utf-8")) if outcome_path.exists() else Outcome()
    return Staged(folder, read_staged_files(folder), outcome)


def read_staged_files(folder: pathlib.Path) -> tuple[PublishedFile, ...]:
    """Look at the files staged below a folder, under the paths that they are to have in the warehouse."""
    return tuple(
        PublishedFile(
            path=published_name(path.relative_to(folder).as_posix()), rows=count_rows(path), sha256=file_digest(path)
        )
        for path in sorted(folder.rglob(f"*{STAGED_SUFFIX}"))
    )


def publish(layout: Layout, staged: Staged, mark: Mark) -> None:
    """Make a segment's files visible and mark it, in place of whatever rows it had before. To be called under the lock.

    Raises:
        OSError: The disk is full or may not be written. The next start completes what was begun.
    """
    earlier = layout.read_mark(mark.segment)
    kept = {file.path for file in staged.files}
    old = [file.path for file in earlier.files] if earlier else []
    without = drop_segment(layout, mark.segment, staged.folder)
    apply_change(
        layout,
        Change(
            name=mark.segment,
            folder=str(staged.folder.relative_to(layout.root)),
            moves=(*staged.files, *without.moves),
            removes=(*(path for path in old if path not in kept), *without.removes),
            records={layout.relative(layout.mark(mark.segment)): encode_mark(mark)} | without.records,
            undo=(*kept, *old, layout.relative(layout.mark(mark.segment)), *(file.path for file in without.moves)),
        ),
    )


def recover(layout: Layout) -> list[str]:
    """Complete or undo what dead runs were publishing, and clear their staging. To be called under the lock.

    Returns:
        A line for each thing done, for the log.
    """
    lines = []
    for note_path in sorted(layout.marks.glob("*.pending")):
        name = note_path.stem
        if can_complete(layout, note_path):
            complete(layout, note_path)
            lines.append(f"completed {name}, which a run left half published")
        else:
            undo(layout, note_path)
            lines.append(f"removed the files of {name}, which a run left half published; it is done again")
    for folder in dead_staging(layout):
        shutil.rmtree(folder, ignore_errors=True)
    for path in layout.private.glob("*/*.unfinished"):
        path.unlink(missing_ok=True)
    return lines


@contextlib.contextmanager
def opened_for_change(layout: Layout, lock_timeout: float) -> Iterator[pathlib.Path]:
    """Complete what dead runs left, and give a staging folder of this run's own; the lock is free again meanwhile.

    Raises:
        LockHeld: Another run was publishing for longer than `lock_timeout` seconds.
    """
    with contextlib.ExitStack() as stack:
        with layout.lock(lock_timeout):
            for line in recover(layout):
                print(line, file=sys.stderr)
            bring_state_up_to_date(layout)
            folder = stack.enter_context(staging_folder(layout, secrets.token_hex(8)))
        yield folder


def bring_state_up_to_date(layout: Layout) -> None:
    """Make the state say what marks and tables say, from nothing where it is damaged. To be called under the lock."""
    try:
        with ClaimIndex(layout.state, read_only=False) as claims:
            bring_claims_up_to_date(layout, claims)
    except sqlite3.OperationalError as error:
        raise OSError(f"{layout.state}: {error}") from error
    except sqlite3.DatabaseError:
        # All that is in it is repeated from marks, tables and inputs.
        layout.state.unlink(missing_ok=True)
        with ClaimIndex(layout.state, read_only=False) as claims:
            bring_claims_up_to_date(layout, claims)


def bring_claims_up_to_date(layout: Layout, claims: ClaimIndex) -> None:
    """Make the index of claims say what marks and tables say. To be called under the lock."""

    def load(segments: Iterable[str]) -> Iterator[tuple[str, Iterable[Claim]]]:
        holdings = Holdings(layout)
        marks = [mark for mark in map(layout.read_mark, segments) if mark]
        for mark in sorted(marks, key=lambda mark: mark.sequence):
            yield mark.segment, _claims_of(holdings, mark)

    claims.bring_up_to_date(layout.stamps(), load)


def _claims_of(holdings: Holdings, mark: Mark) -> Iterator[Claim]:
    for file in mark.files:
        if file.path.startswith(_CLAIMING):
            for path in holdings.find(mark.segment, file.path):
                yield from read_claims(path, segment=mark.segment)
