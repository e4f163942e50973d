"""Changes: files become visible, give way and are recorded as one, and what a dead run left half done is completed.

The order is: files synced in staging, a `.pending` note that says all that follows, moves, removals, records (marks
and the like), removal of the note. New files are in place before old ones go, so that a reader of a folder may for a
moment see a row twice and never misses one. Each step can be done again, so a start after a crash goes on where the
note says; only where staged files are gone does it undo instead.
"""

import dataclasses
import json
import os
import pathlib
from typing import Any

from pipelines.layout import Layout
from transforms.marks import PublishedFile
from transforms.partitions import STAGED_SUFFIX, file_digest

# Above this many files one sync of the whole filesystem is cheaper than one for each.
_SYNC_EACH = 64


@dataclasses.dataclass(frozen=True, slots=True)
class Change:
    """What one publication does. All paths but `folder` are relative to the warehouse.

    `name` is the note's; `folder` holds the staged `moves`, each under its path and the suffix of staged files;
    `removes` are files that give way, `records` the texts of private files written at the end. `undo` names what is
    removed where the staged files are lost before all of them were in place.
    """

    name: str
    folder: str
    moves: tuple[PublishedFile, ...]
    removes: tuple[str, ...]
    records: dict[str, str]
    undo: tuple[str, ...]


def apply_change(layout: Layout, change: Change) -> None:
    """Make a change. To be called under the lock.

    Raises:
        OSError: The disk is full or may not be written. The next start completes what was begun.
    """
    folder = layout.root / change.folder
    sync([folder / (file.path + STAGED_SUFFIX) for file in change.moves])
    write_record(layout.note(change.name), json.dumps(dataclasses.asdict(change)))
    complete(layout, layout.note(change.name))


def complete(layout: Layout, note_path: pathlib.Path) -> None:
    """Do what a note says, whatever of it is done already."""
    change = _read_note(note_path)
    folders = set()
    for file in change.moves:
        target = layout.root / file.path
        target.parent.mkdir(parents=True, exist_ok=True)
        staged = layout.root / change.folder / (file.path + STAGED_SUFFIX)
        if staged.exists():
            os.replace(staged, target)
        folders.add(target.parent)
    sync(sorted(folders))
    for path in change.removes:
        (layout.root / path).unlink(missing_ok=True)
    for path, text in change.records.items():
        write_record(layout.root / path, text)
    note_path.unlink()


def can_complete(layout: Layout, note_path: pathlib.Path) -> bool:
    """Say whether every file that a note moves is at hand, staged or in place."""
    change = _read_note(note_path)
    return all(_is_at_hand(layout, layout.root / change.folder, file) for file in change.moves)


def _is_at_hand(layout: Layout, folder: pathlib.Path, file: PublishedFile) -> bool:
    if (folder / (file.path + STAGED_SUFFIX)).exists():
        return True
    target = layout.root / file.path
    return target.exists() and file_digest(target) == file.sha256


def undo(layout: Layout, note_path: pathlib.Path) -> None:
    """Take back what a note began and cannot be completed."""
    for path in _read_note(note_path).undo:
        (layout.root / path).unlink(missing_ok=True)
    note_path.unlink()


def _read_note(path: pathlib.Path) -> Change:
    data: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    lists = {name: tuple(data[name]) for name in ("removes", "undo")}
    return Change(**data | lists | {"moves": tuple(PublishedFile(**file) for file in data["moves"])})


def write_record(path: pathlib.Path, text: str) -> None:
    """Write a private file as a whole or not at all, and see to it that it stays."""
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_name(path.name + ".unfinished")
    unfinished.write_text(text, encoding="utf-8")
    sync([unfinished])
    os.replace(unfinished, path)
    sync([path.parent])


def sync(paths: list[pathlib.Path]) -> None:
    """Bring files or folders to the disk."""
    if len(paths) > _SYNC_EACH:
        os.sync()
        return
    for path in paths:
        descriptor = os.open(path, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
